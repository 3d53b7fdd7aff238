"""A plan file opened: settings, tables and case, with every problem of all of them at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from string import ascii_uppercase
from typing import ParamSpec, TypeVar, cast

from planner.case.case import Case, Floats
from planner.case.codes import problem
from planner.case.columns import Findings
from planner.case.eligibility import Eligibility, check_eligibility, eligibility
from planner.case.link import by_column, link_tables
from planner.case.names import ModelNames
from planner.geography.boundaries import near_regions, read_boundary, region_boundary
from planner.geography.coordinates import to_wgs84
from planner.limits import RELAXABLE
from planner.plan.codes import problem as of_runs
from planner.plan.stored import Earlier, places_of, read_earlier, share_nothing
from planner.problems import InputError, Place, Problem, errors
from planner.reading.changes import change_tables
from planner.reading.read import read_tables
from planner.reading.table import Doubts, Tables
from planner.settings.changes import Change
from planner.settings.load import Loaded, read_settings
from planner.settings.rules import Rule
from planner.settings.schema import Objective
from planner.settings.sources import CoordinateSystem
from planner.solvers.registry import check_solver, check_work
from planner.terms.changes import COUNTED
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

    def changed(self, changes: Sequence[Change]) -> Opened:
        """The same plan file with further cells changed, as if ``changes`` stood at the end of its own; no file is read. Raises
        InputError: with every problem of the changes and of what they lead to."""
        settings = self.loaded.settings
        loaded = replace(self.loaded, settings=settings.model_copy(update={"changes": (*settings.changes, *changes)}))
        tables, refused = change_tables(self.case.tables, changes, lambda *keys: loaded.place("changes"), settings.region)
        return self._again(loaded, tables, refused)

    def pursuing(self, objective: Objective, rules: tuple[Rule, ...]) -> Opened:
        """The same data under another objective, with these rules; no file is read. Raises InputError: the objective speaks of
        what the data do not know."""
        loaded = replace(self.loaded, settings=self.loaded.settings.model_copy(update={"objective": objective, "rules": rules}))
        return self._again(loaded, self.case.tables, ())

    def _again(self, loaded: Loaded, tables: Tables, refused: Sequence[Problem]) -> Opened:
        known = {str(warning) for warning in self.warnings}
        case, eligible, linked, _ = _linked(loaded, tables, earlier=self.start)
        case = against(case, self.start)
        problems = [*refused, *linked]
        if errors(problems):
            raise InputError(problem for problem in problems if str(problem) not in known)
        return Opened(replace(loaded, settings=case.settings), case, eligible, tuple(problems), self.start)


@dataclass(frozen=True, eq=False)
class Examined:
    """All that was found in a plan file. ``opened`` is None where an error stands in the way; ``tables`` are as they were read, the
    cells in which linking them found an error refused."""

    opened: Opened | None
    tables: Tables
    problems: tuple[Problem, ...]
    scenarios: tuple[Opened, ...] = ()
    """The plan under each scenario that was asked for, where no error stands in the way."""


def open_plan(
    path: str | Path,
    overrides: Mapping[str, object] | None = None,
    scenario: str | None = None,
    count: int | None = None,
    status: str | Path | None = None,
    on: str | date | None = None,
) -> Opened:
    """Read and check a plan file and everything it names; ``overrides`` are settings by dotted key, ``{"solve.time_limit": 30}``;
    ``scenario`` is laid over the plan, by its name, or only the first ``count`` of its overrides; ``status`` and ``on`` are those of
    :func:`with_events`.

    Raises:
        planner.problems.InputError: with every problem, warnings too, in reading order.
    """
    loaded = read_settings(Path(path), with_events(path, status, on, overrides))
    if scenario is not None:
        loaded = loaded.under(scenario, count)
    return _usable(_examined(loaded, *read_tables(loaded.settings, loaded.folder, loaded.place, loaded.refused)))


def beside(path: Path, plan_file: Path) -> str:
    """A path as ``plan.yaml`` writes it: relative to the plan file, so that the settings of a run can be moved with it."""
    try:
        return Path(os.path.relpath(path, plan_file.parent)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.absolute().as_posix()


_SHEET = re.compile(r"(?P<file>.+\.\w+)\[(?P<sheet>[^\[\]]+)\]").fullmatch


def with_events(
    path: str | Path, status: str | Path | None, on: str | date | None, overrides: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Overrides of a plan file, and that its table ``status`` is the file ``status`` (a path from the working directory; ``book.xlsx[sheet]``
    names a sheet) and that events count up to the day ``on``; None leaves either as the plan has it."""
    asked = dict(overrides or {})
    if status is not None:
        match = None if Path(status).is_file() else _SHEET(str(status))
        file, sheet = (match["file"], match["sheet"]) if match is not None else (str(status), None)
        source: dict[str, object] = {"file": beside(Path(file), Path(path))}
        asked["tables.status"] = [source if sheet is None else {**source, "sheet": sheet}]
    if on is not None:
        asked["on"] = on.isoformat() if isinstance(on, date) else on
    return asked


def open_with_scenarios(path: str | Path, overrides: Mapping[str, object] | None = None) -> Opened:
    """The plan itself, every scenario checked with it. Raises InputError: with every problem of the plan and of each scenario;
    a scenario's bear its name and stand at its place."""
    return _usable(examine(path, overrides))


def examine(path: str | Path, overrides: Mapping[str, object] | None = None, scenario: str | None = None) -> Examined:
    """Settings, tables, references, rules and scenarios (``scenario``: that one alone) in one run: whatever else is wrong, as far as
    each can be judged, each problem once and none that only follows from another.

    Raises:
        planner.problems.InputError: the plan file itself cannot be read, or there is no such scenario.
    """
    loaded = read_settings(Path(path), overrides)
    tables, of_tables = read_tables(loaded.settings, loaded.folder, loaded.place, loaded.refused)
    whole = _examined(loaded, tables, of_tables)
    problems, known = list(whole.problems), set(whole.problems)
    chosen = range(len(loaded.settings.scenarios)) if scenario is None else [loaded.stack.number_of(scenario)]
    scenarios = []
    for number in chosen:
        own = loaded.under(number)  # under the command line's values
        same = all(getattr(own.settings, key) == getattr(loaded.settings, key) for key in READ_BY)
        read = (whole.tables, of_tables) if same else read_tables(own.settings, own.folder, own.place, own.refused)
        under = _examined(own, *read)
        problems += [own.under_place(problem, number) for problem in under.problems if problem not in known | {*own.problems}]
        scenarios += [] if under.opened is None else [under.opened]
    return replace(whole, problems=tuple(dict.fromkeys(problems)), scenarios=tuple(scenarios))


def _usable(found: Examined) -> Opened:
    """The plan, with every warning; InputError with every problem where it cannot be planned."""
    if found.opened is None or errors(found.problems):
        raise InputError(found.problems)
    return replace(found.opened, warnings=found.problems)


def _tried(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T | None, list[Problem]]:
    """What ``read`` gives, if it can, and otherwise what is wrong with its input."""
    try:
        return read(*args, **kwargs), []
    except InputError as error:
        return None, list(error.problems)


def _examined(loaded: Loaded, tables: Tables, of_tables: Sequence[Problem]) -> Examined:
    """Tables as read for these settings, with the problems ``of_tables``, and all that is found when a plan is made of them."""
    solve, region, place = loaded.settings.solve, loaded.settings.region, loaded.place("solve", "start")
    start, start_problems = (None, []) if solve.start is None else _tried(read_earlier, solve.start, loaded.folder, place)
    solver_problems = (
        _tried(check_solver, solve.solver, loaded.place("solve", "solver"))[1]
        or _tried(check_work, solve.solver, solve.work, loaded.place("solve", "work"))[1]
    )
    of_settings = [*loaded.problems, *_boundary_problems(loaded), *solver_problems, *start_problems]
    changed, of_changes = change_tables(tables, loaded.settings.changes, loaded.place, region, loaded.refused)
    case, eligible, linked, cells = _linked(loaded, changed, [*of_tables, *of_changes], start)
    told = sorted([*of_changes, *linked], key=lambda problem: loaded.reading_order(problem) if loaded.holds(problem) else ())
    problems = [*of_settings, *of_tables, *told]
    opened = None
    if not errors(problems):
        warning = None if start is None else share_nothing(start, case, place)
        problems += [] if warning is None else [warning]
        start = start if warning is None else None
        problems += [] if start is not None else _counted_in_vain(loaded)
        loaded = replace(loaded, settings=case.settings)
        opened = Opened(loaded, against(case, start), eligible, tuple(problems), start)
    return Examined(opened, tables.refusing(_as_read(cells, tables, changed)), tuple(problems))


def _counted_in_vain(loaded: Loaded) -> list[Problem]:
    """A warning where the objective counts changes of an earlier plan, and there is none."""
    names = [name for name in loaded.settings.objective.counted_terms if name in COUNTED]
    found = "、".join(names)
    return [of_runs("R191", loaded.place("objective"), "objective", found, names=found)] if names else []


def against(case: Case, earlier: Earlier | None) -> Case:
    """The case with the earlier plan as what changes are counted against."""
    return case if earlier is None else replace(case, reference=places_of(case, earlier.plan))


def _as_read(cells: Iterable[tuple[str, int, str]], tables: Tables, changed: Tables) -> list[tuple[str, int, str]]:
    """Of cells of changed tables, by table, row and column, those that stand in the same row of the tables as they were read."""
    taken = [made for made in changed.made if made.change.remove]
    moved = {row.table for made in taken for row in made.rows if not row.column} | {made.change.table for made in taken}
    return [cell for cell in cells if cell[0] in tables and cell[0] not in moved and cell[1] < len(tables[cell[0]])]


def _linked(
    loaded: Loaded, tables: Tables, before: Sequence[Problem] = (), earlier: Earlier | None = None
) -> tuple[Case, Eligibility, list[Problem], Collection[tuple[str, int, str]]]:
    """Tables as a case, which pairs are eligible, what is wrong with that and in which cells of which tables, apart from what was
    found ``before`` and only echoes: a cell, or a row, that was refused is no second problem. What the events leave open is as the
    ``earlier`` plan has it: the park of a deal, and the quarter, though it is over, of a project that no event speaks of."""
    findings = Findings(loaded.place, Doubts(loaded.refused, tables))
    places = {} if earlier is None else {firm.candidate_id: (firm.park_id, firm.quarter) for firm in earlier.plan.selected}
    names = ModelNames(tuple(TERMS), tuple(RELAXABLE), MONEY_TERMS)
    case = link_tables(loaded.settings, tables, names, findings, _degrees, places)
    eligible = eligibility(case)
    check_eligibility(case, eligible, findings)
    refused = {where for problem in errors(before) if problem.place is not None for where in _cell_and_row(problem.place)[:1]}
    heard = [
        problem
        for problem in by_column(findings.problems, tables)
        if problem.place is None or refused.isdisjoint(_cell_and_row(problem.place))
    ]
    return case, eligible, heard, findings.cells


def _cell_and_row(place: Place) -> tuple[Place, Place]:
    """The place, and that of the row it is in."""
    row = (place.cell or "").lstrip(ascii_uppercase)
    return place, replace(place, cell=row) if row else place


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
