"""A plan file opened: settings, tables and case, with every problem of all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from planner.case.case import Case, Floats
from planner.case.codes import problem
from planner.case.columns import Findings
from planner.case.eligibility import Eligibility, check_eligibility, eligibility
from planner.case.link import link_tables
from planner.case.names import ModelNames
from planner.geography.boundaries import near_regions, region_boundary
from planner.geography.boundary_file import read_boundary
from planner.geography.coordinates import to_wgs84
from planner.limits import RELAXABLE
from planner.plan.earlier import Earlier, read_earlier, share_nothing
from planner.problems import InputError, Problem, errors
from planner.reading.changes import change_tables
from planner.reading.read import read_tables
from planner.reading.table import Tables
from planner.settings.changes import CellChange
from planner.settings.load import Loaded, load_settings
from planner.settings.rules import Rule
from planner.settings.schema import CoordinateSystem, Objective
from planner.solvers.registry import check_solver, check_work
from planner.terms.registry import TERMS

READ_BY = ("tables", "resources", "region")
"""Sections of the settings that say how tables are read."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A plan file that can be planned."""

    loaded: Loaded
    case: Case
    eligible: Eligibility
    warnings: tuple[Problem, ...]
    start: Earlier | None = None
    """The earlier plan that ``solve.start`` names, when it has a project in common."""

    def changed(self, changes: Sequence[CellChange]) -> Opened:
        """The same plan file with further cells changed, as if ``changes`` stood at the end of its own; no file is read.

        Raises:
            InputError: with every problem of the changes and of what they lead to.
        """
        settings = self.loaded.settings
        every = (*settings.changes, *changes)
        loaded = replace(self.loaded, settings=settings.model_copy(update={"changes": every}))
        tables, problems = change_tables(self.case.tables, changes, lambda *keys: loaded.place("changes"))
        return _linked(loaded, tables, problems, {str(one) for one in self.warnings}, self.start)

    def pursuing(self, objective: Objective, rules: tuple[Rule, ...]) -> Opened:
        """The same data under another objective, with these rules; no file is read.

        Raises:
            InputError: the objective speaks of what the data do not know.
        """
        loaded = replace(self.loaded, settings=self.loaded.settings.model_copy(update={"objective": objective, "rules": rules}))
        return _linked(loaded, self.case.tables, (), {str(one) for one in self.warnings}, self.start)


def open_plan(
    path: Path, overrides: Mapping[str, object] | None = None, scenario: str | None = None, count: int | None = None
) -> Opened:
    """Read and check everything that ``plan.yaml`` names.

    Args:
        scenario: the scenario to lay over the plan, by name; ``count``: only the first so many of its overrides.

    Raises:
        InputError: with every problem, warnings too, in reading order.
    """
    loaded = load_settings(path, overrides)
    if scenario is not None:
        loaded = loaded.under(scenario, count)
    return _opened(loaded, *read_tables(loaded.settings, loaded.folder, loaded.place))


def open_with_scenarios(path: Path, overrides: Mapping[str, object] | None = None) -> Opened:
    """The plan itself, every scenario checked with it.

    Raises:
        InputError: with every problem of the plan and of each scenario; a scenario's bear its name and stand at its place.
    """
    loaded = load_settings(path, overrides)
    tables, found = read_tables(loaded.settings, loaded.folder, loaded.place)
    opened, problems = _tried(loaded, tables, found)
    known = set(problems)
    for name in (scenario.name for scenario in loaded.settings.scenarios):
        try:
            own = loaded.under(name)
        except InputError as error:  # under the command line's values
            problems += error.problems
            continue
        same = all(getattr(own.settings, key) == getattr(loaded.settings, key) for key in READ_BY)
        read = (tables, found) if same else read_tables(own.settings, own.folder, own.place)
        problems += [own.under_place(one, name) for one in _tried(own, *read)[1] if one not in known]
    if opened is None or errors(problems):
        raise InputError(problems)
    return replace(opened, warnings=tuple(problems))


def _tried(loaded: Loaded, tables: Tables, found: Sequence[Problem]) -> tuple[Opened | None, list[Problem]]:
    """The plan opened, if that can be, and what was said about it."""
    try:
        opened = _opened(loaded, tables, found)
    except InputError as error:
        return None, list(error.problems)
    return opened, list(opened.warnings)


def _opened(loaded: Loaded, tables: Tables, found: Sequence[Problem]) -> Opened:
    """Tables as read for these settings, with what was found in them, made a plan that can be planned."""
    start, start_problems = _start(loaded)
    problems = [*loaded.warnings, *found, *_boundary_problems(loaded), *_solver_problems(loaded), *start_problems]
    tables, refused = change_tables(tables, loaded.settings.changes, loaded.place, loaded.settings.region)
    problems += refused
    case, linked = link_tables(loaded.settings, tables, _known(), loaded.place, _degrees)
    said = {str(problem.place) for problem in (*found, *refused) if problem.severity == "error"}
    # A refused cell is blank to the linking: what it says of that cell, and its warnings, would only be echoes.
    problems += [problem for problem in linked if str(problem.place) not in said and not (said and problem.severity == "warning")]
    if case is None or errors(problems):
        raise InputError(problems)
    eligible, unplaced = _eligible(case, loaded)
    problems += unplaced
    if errors(problems):
        raise InputError(problems)
    if start is not None and (warning := share_nothing(start, case, loaded.place("solve", "start"))):
        problems.append(warning)
        start = None
    return Opened(loaded, case, eligible, tuple(problems), start)


def _linked(loaded: Loaded, tables: Tables, problems: Sequence[Problem], known: set[str], start: Earlier | None) -> Opened:
    """Tables in memory as an opened plan; ``known`` are warnings that were given already and are kept."""
    case, linked = link_tables(loaded.settings, tables, _known(), loaded.place, _degrees)
    said = {str(one.place) for one in problems}
    found = [*problems, *(one for one in linked if str(one.place) not in said)]
    if case is None or errors(found):
        raise InputError([one for one in found if str(one) not in known])
    eligible, unplaced = _eligible(case, loaded)
    if errors(unplaced):
        raise InputError([one for one in (*found, *unplaced) if str(one) not in known])
    return Opened(loaded, case, eligible, (*found, *unplaced), start)


def _eligible(case: Case, loaded: Loaded) -> tuple[Eligibility, tuple[Problem, ...]]:
    """Which pairs are eligible, and what is wrong with that."""
    eligible = eligibility(case)
    findings = Findings(loaded.place)
    check_eligibility(case, eligible, findings)
    return eligible, tuple(findings.problems)


def _known() -> ModelNames:
    """Names of terms and limits that settings may use."""
    return ModelNames(tuple(TERMS), tuple(RELAXABLE))


def _degrees(lon: Floats, lat: Floats, system: str) -> tuple[Floats, Floats]:
    return to_wgs84(lon, lat, cast("CoordinateSystem", system))


def _solver_problems(loaded: Loaded) -> tuple[Problem, ...]:
    solve = loaded.settings.solve
    try:
        check_solver(solve.solver, loaded.place("solve", "solver"))
        check_work(solve.solver, solve.work, loaded.place("solve", "work"))
    except InputError as error:
        return error.problems
    return ()


def _start(loaded: Loaded) -> tuple[Earlier | None, tuple[Problem, ...]]:
    """The earlier plan that ``solve.start`` names, if any, and what is wrong with it."""
    written = loaded.settings.solve.start
    if written is None:
        return None, ()
    try:
        return read_earlier(written, loaded.folder, loaded.place("solve", "start")), ()
    except InputError as error:
        return None, error.problems


def _boundary_problems(loaded: Loaded) -> list[Problem]:
    """The map's boundaries: checked before hours are spent on a plan that cannot be drawn."""
    region = loaded.settings.region
    if region.boundary is not None:
        try:
            read_boundary(loaded.folder / region.boundary)
        except InputError as error:
            return list(error.problems)
    elif region.name is not None and region_boundary(region.name) is None:
        near = "、".join(near_regions(region.name))
        return [problem("C240", loaded.place("region", "name"), "region.name", region.name, near=near)]
    return []
