"""What a notebook uses: open a plan file, check it, diagnose its chains, solve it, publish the result, ask about it.

from planner import api

opened = api.open_plan("data/demo/plan.yaml")
print(api.diagnose(opened).links)
plan = api.solve(opened)
api.publish(plan, "runs/demo")
print(api.sensitivity(api.open_run("runs/demo")).additions)

The functions of the questions (``why``, ``importance``, …) come from :mod:`planner.questions.registry`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.case.chains import Diagnosis
from planner.case.chains import diagnose as diagnose_case
from planner.echo.echo import echo as echo_of
from planner.echo.lines import Echo
from planner.echo.scenarios import ScenarioEcho, scenario_echo
from planner.language import Language
from planner.plan.inspection import OLD, Inspection
from planner.plan.inspection import inspect as inspect_plan
from planner.plan.model import Plan
from planner.plan.model import read_plan as read_bare_plan
from planner.plan.open import Opened, open_plan, open_with_scenarios, with_events
from planner.plan.reopen import Run, open_run
from planner.plan.solving import NoPlan, Teller, quiet, silent
from planner.plan.stored import SEAL_FILE, read_sealed
from planner.plan.versions import Version, approved_run, versions
from planner.problems import NotAllWritten, Problem, errors, every_problem
from planner.programme.build import Programme, build
from planner.publish.delegation.record import Delegation
from planner.publish.dossiers import make_dossiers
from planner.publish.forms.report import write_report
from planner.publish.forms.template import write_template
from planner.publish.run_folder import output_faults, refuse_faults, write_run
from planner.questions.conflict import Infeasible
from planner.questions.keeping import functions
from planner.questions.plans import Outcome, run, solve
from planner.reading.changes.words import short
from planner.reading.provenance import facts_frame
from planner.settings.document import dotted
from planner.solvers.protocol import Listener, StopSign, never
from planner.tracking.appraise.appraise import appraise
from planner.tracking.approve.approve import approve
from planner.tracking.calendar.ask import calendar, write_calendar
from planner.tracking.calendar.record import Calendar
from planner.tracking.delegation.ask import delegation, write_delegation
from planner.tracking.ledger.ask import ledger, write_ledger
from planner.tracking.ledger.record import Ledgers
from planner.tracking.people.ask import people, write_people
from planner.tracking.people.record import Responsibility

__all__ = [
    "Calendar",
    "Delegation",
    "Infeasible",
    "Ledgers",
    "NoPlan",
    "NotAllWritten",
    "Opened",
    "Outcome",
    "Responsibility",
    "Version",
    "alternatives",
    "appraise",
    "approve",
    "approved_run",
    "assess",
    "build_programme",
    "calendar",
    "check",
    "compare",
    "compare_runs",
    "concede",
    "conversions",
    "delegation",
    "diagnose",
    "dossier",
    "explain",
    "facts",
    "frontier",
    "importance",
    "inspect",
    "intake",
    "ladder",
    "ledger",
    "match",
    "needs",
    "open_plan",
    "open_run",
    "open_with_scenarios",
    "people",
    "publish",
    "read_plan",
    "repair",
    "report",
    "run",
    "scenario_echoes",
    "sensitivity",
    "solve",
    "template",
    "versions",
    "why",
    "why_all",
    "write_calendar",
    "write_delegation",
    "write_ledger",
    "write_people",
]

if TYPE_CHECKING:
    import pandas as pd

    from planner.intake.matching.match import Matches
    from planner.intake.matching.needs import Needs
    from planner.intake.take import Intake
    from planner.questions.alternatives.ask import alternatives
    from planner.questions.assess.ask import assess
    from planner.questions.compare.ask import compare, compare_runs
    from planner.questions.concede.ask import concede
    from planner.questions.explain.ask import explain, repair
    from planner.questions.frontier.ask import frontier
    from planner.questions.importance.ask import importance
    from planner.questions.ladder.ask import ladder
    from planner.questions.sensitivity.ask import sensitivity
    from planner.questions.why.ask import why
    from planner.questions.why.record import Why

    def why_all(
        run: Run, time_limit: float | None = None, tell: Teller = quiet, listen: Listener = silent, stop: StopSign = never
    ) -> tuple[Why, ...]:
        """See :func:`planner.questions.why.ask.why_all`, of which this keeps the answers."""


else:

    def __getattr__(name: str) -> Any:
        """A function of a question; where it asks about a run, the answer is kept in the run folder."""
        offered = functions()
        if name not in offered:
            raise AttributeError(name)
        return offered[name]


def check(path: str | Path, status: str | Path | None = None, on: str | date | None = None) -> tuple[Problem, ...]:
    """Every warning of a plan file that can be used, its scenarios too; raises InputError where one cannot. ``status`` and ``on``:
    see :func:`planner.plan.open.with_events`."""
    opened = open_with_scenarios(path, with_events(path, status, on))
    refuse_faults(_told_of(opened), opened)
    return opened.warnings


def _told_of(opened: Opened) -> tuple[str, ...]:
    """Outputs of which the plan file says something."""
    settings = opened.loaded.settings
    return (*settings.publish.outputs, *(("lists",) if settings.lists and "lists" not in settings.publish.outputs else ()))


def inspect(
    path: str | Path,
    as_of: date | None = None,
    older_than: int = OLD,
    every: bool = True,
    scenario: str | None = None,
    status: str | Path | None = None,
    on: str | date | None = None,
) -> Inspection:
    """Every problem of a plan file and its scenarios (``scenario``: of that one alone), with the cells of every file that was read, and
    the plan under each scenario; raises nothing for bad input. With ``as_of`` also
    the facts that are more than ``older_than`` days old on that day. Without ``every`` each kind is cut short, as on a screen.
    ``status`` and ``on``: see :func:`planner.plan.open.with_events`."""
    from planner.intake.firms import MOST, check_firms, firms_of

    found = inspect_plan(Path(path), as_of, older_than, every, scenario, with_events(path, status, on))
    tables = found.tables if found.opened is None else found.opened.case.tables
    with every_problem() if every else nullcontext():
        of_firms = [] if tables is None else check_firms(firms_of(tables), MOST)
    of_outputs = () if found.opened is None else output_faults(_told_of(found.opened), found.opened)
    opened = None if errors(of_outputs) else found.opened
    return replace(found, opened=opened, problems=(*found.problems, *of_firms, *of_outputs))


def facts(opened: Opened) -> pd.DataFrame:
    """Every value of the plan's tables: table, key, column, header, value, unit, place (file, sheet, cell), source, as_of, confidence,
    and whether it is assumed."""
    return facts_frame(opened.case.tables)


def report(found: Inspection, path: str | Path, language: Language = "zh") -> Path:
    """The data-quality workbook of an inspection: copies of the sheets with the faulty cells coloured and commented, and a list.
    InputError: it is no .xlsx, something other than a report stands there, or it cannot be written."""
    return write_report(Path(path), found, language)


def template(path: str | Path, language: Language = "zh", opened: Opened | None = None) -> Path:
    """An input workbook with every table: drop-downs, units, notes, an example of each; with the rows of ``opened``, if given. It
    is read back without a map. InputError: it is no .xlsx, something stands there, or it cannot be written."""
    if opened is None:
        return write_template(Path(path), language)
    return write_template(Path(path), language, opened.case.tables, opened.case.quarters, opened.loaded.folder)


def intake(files: Sequence[str | Path], into: str | Path, language: Language = "zh") -> Intake:
    """Take messy workbooks into a workspace: see :func:`planner.intake.take.take_in`."""
    from planner.intake.take import take_in

    return take_in([Path(file) for file in files], Path(into), language)


def match(path: str | Path, columns: Sequence[str] = (), top: int = 3) -> Matches:
    """Links suggested for each firm of a plan file: see :func:`planner.intake.matching.match.match`."""
    from planner.intake.matching import match as matching

    return matching.match(path, columns, top)


def needs(path: str | Path, bom: str | Path, count: int = 1) -> Needs:
    """What a list of parts needs of each link: see :func:`planner.intake.matching.needs.explode`."""
    from planner.intake.matching.needs import explode

    return explode(path, bom, count)


def diagnose(opened: Opened) -> Diagnosis:
    """Demand, supply, shortage, sources and grade of each link; completeness of each chain."""
    return diagnose_case(opened.case, opened.eligible.candidates)


def read_plan(path: str | Path) -> Plan:
    """The plan in a ``plan.json``, held against the seal beside it, where there is one.

    Raises:
        planner.problems.InputError: it was edited, or cannot be read.
        FileNotFoundError, pydantic.ValidationError: a file without a seal that is none, or no plan.
    """
    path = Path(path)
    return read_sealed(path) if path.with_name(SEAL_FILE).is_file() else read_bare_plan(path)


def conversions(opened: Opened, on: date | None = None) -> pd.DataFrame:
    """How many projects came from stage to stage, and in how many days: see :meth:`planner.case.history.History.conversions`."""
    return opened.case.history.conversions(on)


def echo(opened: Opened) -> Echo:
    """What the plan file asks for, in words: each rule, relation, lock, gate and bound with what it touches, the least and most that it can
    come to, and warnings of what is surely not meant. Nothing is solved."""
    # Its columns are enough: what rows would say is added up.
    return echo_of(build(opened.case, opened.eligible, ()), opened.loaded.place)


def scenario_echoes(found: Inspection, plan: Echo | None = None) -> tuple[ScenarioEcho, ...]:
    """What each scenario of an inspected plan file changes: rows, settings, and the lines of :func:`echo` that are others under it.
    ``plan``: the echo of the plan itself, where it is at hand."""
    if found.opened is None:
        return ()
    whole, made, echoes = plan or echo(found.opened), found.opened.case.tables.made, []
    for under in found.scenarios:
        name, loaded = str(under.loaded.scenario), under.loaded
        number = loaded.stack.number_of(name)
        settings = tuple(f"{dotted(one.keys)}: {short(one.value)}" for one in loaded.overrides(name) if one.keys != ("changes",))
        said = scenario_echo(name, whole, echo(under), (made, under.case.tables.made), number, settings)
        echoes.append(replace(said, warnings=tuple(loaded.under_place(one, number) for one in said.warnings)))
    return tuple(echoes)


def build_programme(opened: Opened) -> Programme:
    """The mixed-integer programme."""
    return build(opened.case, opened.eligible)


def dossier(
    run: str | Path,
    candidates: Sequence[str] = (),
    out: str | Path | None = None,
    kinds: Collection[str] = ("pdf", "docx"),
    plan_file: str | Path | None = None,
) -> list[Path]:
    """One page on each of these candidates, selected or not: see :func:`planner.publish.dossiers.make_dossiers`."""
    return make_dossiers(run, candidates, out, kinds, plan_file)


def publish(
    plan: Plan,
    folder: str | Path,
    outputs: Sequence[str] | None = None,
    texts: Mapping[str, str] | None = None,
    opened: Opened | None = None,
) -> Path:
    """Write a run folder, whole or not at all; ``texts`` are further files, name → content. Outputs that are folders (charts, …) need
    the tables, ``opened``.

    Raises:
        planner.problems.InputError: something else stands there, or nothing can be written there.
        planner.problems.NotAllWritten: the plan is kept, but some output could not be written.
    """
    wanted = plan.plan.settings["publish"]["outputs"] if outputs is None else outputs
    written = write_run(plan, Path(folder), tuple(wanted), texts or {}, opened)
    if written.failed:
        raise NotAllWritten(written.folder, written.failed)
    return written.folder
