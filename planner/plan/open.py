"""A plan file opened: settings, tables and case, with every problem of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from planner.case.case import Case, Floats
from planner.case.codes import problem
from planner.case.columns import Findings
from planner.case.eligibility import Eligibility, check_eligibility, eligibility
from planner.case.link import link_tables
from planner.case.names import ModelNames
from planner.geography.boundaries import near_regions, read_boundary, region_boundary
from planner.geography.coordinates import to_wgs84
from planner.limits import RELAXABLE
from planner.plan.stored import Earlier, read_earlier, share_nothing
from planner.problems import InputError, Problem, errors
from planner.reading.changes import change_tables
from planner.reading.read import read_tables
from planner.reading.table import Tables
from planner.settings.load import Loaded, load_settings
from planner.settings.rules import CellChange, Rule
from planner.settings.schema import Objective
from planner.settings.sources import CoordinateSystem
from planner.solvers.registry import check_solver, check_work
from planner.terms.registry import MONEY_TERMS, TERMS

P = ParamSpec("P")
T = TypeVar("T")
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
        """The same plan file with further cells changed, as if ``changes`` stood at the end of its own; no file is read. Raises
        InputError: with every problem of the changes and of what they lead to."""
        settings = self.loaded.settings
        loaded = replace(self.loaded, settings=settings.model_copy(update={"changes": (*settings.changes, *changes)}))
        tables, refused = change_tables(self.case.tables, changes, lambda *keys: loaded.place("changes"))
        return self._again(loaded, tables, refused)

    def pursuing(self, objective: Objective, rules: tuple[Rule, ...]) -> Opened:
        """The same data under another objective, with these rules; no file is read. Raises InputError: the objective speaks of
        what the data do not know."""
        loaded = replace(self.loaded, settings=self.loaded.settings.model_copy(update={"objective": objective, "rules": rules}))
        return self._again(loaded, self.case.tables, ())

    def _again(self, loaded: Loaded, tables: Tables, refused: Sequence[Problem]) -> Opened:
        known = {str(warning) for warning in self.warnings}
        case, eligible, problems = _linked(loaded, tables, refused, refused, known)
        return Opened(loaded, case, eligible, tuple(problems), self.start)


def open_plan(
    path: str | Path, overrides: Mapping[str, object] | None = None, scenario: str | None = None, count: int | None = None
) -> Opened:
    """Read and check a plan file and everything it names; ``overrides`` are settings by dotted key, ``{"solve.time_limit": 30}``;
    ``scenario`` is laid over the plan, by its name, or only the first ``count`` of its overrides.

    Raises:
        planner.problems.InputError: with every problem, warnings too, in reading order.
    """
    loaded = load_settings(Path(path), overrides)
    if scenario is not None:
        loaded = loaded.under(scenario, count)
    return _opened(loaded, *read_tables(loaded.settings, loaded.folder, loaded.place))


def open_with_scenarios(path: str | Path, overrides: Mapping[str, object] | None = None) -> Opened:
    """The plan itself, every scenario checked with it. Raises InputError: with every problem of the plan and of each scenario;
    a scenario's bear its name and stand at its place."""
    loaded = load_settings(Path(path), overrides)
    tables, of_tables = read_tables(loaded.settings, loaded.folder, loaded.place)
    opened, problems = _tried(_opened, loaded, tables, of_tables)
    problems += opened.warnings if opened is not None else ()
    known = set(problems)
    for name in (scenario.name for scenario in loaded.settings.scenarios):
        own, refused = _tried(loaded.under, name)  # under the command line's values
        problems += refused
        if own is None:
            continue
        same = all(getattr(own.settings, key) == getattr(loaded.settings, key) for key in READ_BY)
        read = (tables, of_tables) if same else read_tables(own.settings, own.folder, own.place)
        under, wrong = _tried(_opened, own, *read)
        wrong += under.warnings if under is not None else ()
        problems += [own.under_place(problem, name) for problem in wrong if problem not in known]
    if opened is None or errors(problems):
        raise InputError(problems)
    return replace(opened, warnings=tuple(problems))


def _tried(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T | None, list[Problem]]:
    """What ``read`` gives, if it can, and otherwise what is wrong with its input."""
    try:
        return read(*args, **kwargs), []
    except InputError as error:
        return None, list(error.problems)


def _opened(loaded: Loaded, tables: Tables, of_tables: Sequence[Problem]) -> Opened:
    """Tables as read for these settings, with the problems ``of_tables``, made a plan that can be planned."""
    solve, region, place = loaded.settings.solve, loaded.settings.region, loaded.place("solve", "start")
    start, start_problems = (None, []) if solve.start is None else _tried(read_earlier, solve.start, loaded.folder, place)
    solver_problems = (
        _tried(check_solver, solve.solver, loaded.place("solve", "solver"))[1]
        or _tried(check_work, solve.solver, solve.work, loaded.place("solve", "work"))[1]
    )
    before = [*loaded.warnings, *of_tables, *_boundary_problems(loaded), *solver_problems, *start_problems]
    tables, refused = change_tables(tables, loaded.settings.changes, loaded.place, region)
    case, eligible, problems = _linked(loaded, tables, [*before, *refused], [*of_tables, *refused])
    if start is not None and (warning := share_nothing(start, case, place)):
        return Opened(loaded, case, eligible, (*problems, warning))
    return Opened(loaded, case, eligible, tuple(problems), start)


def _linked(
    loaded: Loaded, tables: Tables, before: Sequence[Problem], of_tables: Sequence[Problem], known: Collection[str] = ()
) -> tuple[Case, Eligibility, list[Problem]]:
    """Tables as a case, which pairs are eligible, and the problems ``before`` with what is wrong with that. ``of_tables`` are
    problems of the cells; ``known`` are warnings that were given already, which a refusal leaves out."""
    case, linked = link_tables(
        loaded.settings, tables, ModelNames(tuple(TERMS), tuple(RELAXABLE), MONEY_TERMS), loaded.place, _degrees
    )
    refused = {str(problem.place) for problem in of_tables if problem.severity == "error"}
    # A refused cell is blank to the linking: what it says of that cell, and its warnings, would only be echoes.
    heard = [problem for problem in linked if str(problem.place) not in refused and not (refused and problem.severity == "warning")]
    problems = [*before, *heard]
    if case is not None and not errors(problems):
        eligible, findings = eligibility(case), Findings(loaded.place)
        check_eligibility(case, eligible, findings)
        problems += findings.problems
        if not errors(problems):
            return case, eligible, problems
    raise InputError(problem for problem in problems if str(problem) not in known)


def _degrees(lon: Floats, lat: Floats, system: str) -> tuple[Floats, Floats]:
    return to_wgs84(lon, lat, cast("CoordinateSystem", system))


def _boundary_problems(loaded: Loaded) -> list[Problem]:
    """The map's boundaries: checked before hours are spent on a plan that cannot be drawn."""
    region = loaded.settings.region
    if region.boundary is not None:
        return _tried(read_boundary, loaded.folder / region.boundary)[1]
    if region.name is None or region_boundary(region.name) is not None:
        return []
    near = "、".join(near_regions(region.name))
    return [problem("C240", loaded.place("region", "name"), "region.name", region.name, near=near)]
