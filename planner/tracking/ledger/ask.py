"""What :mod:`planner.api` offers of the ledgers: made, and written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.whole_folder import LEDGER, cannot_write, look_at, whole_folder
from planner.problems import InputError, NotAllWritten, Problem
from planner.publish.run_folder import moved_aside
from planner.tracking.codes import refusal
from planner.tracking.ledger.make import ledgers_of
from planner.tracking.ledger.period import day_of, period_of
from planner.tracking.ledger.record import Ledgers
from planner.tracking.plans import of_other_projects, plan_if_any

BOOK, PAGE, RECORD = "ledger.xlsx", "bulletin.html", "ledger.json"
"""The files that are written."""


def ledger(
    opened: Opened, run: str | Path | Plan | None = None, period: str | None = None, against: str | dt.date | None = None
) -> Ledgers:
    """The ledgers of a plan file on the day up to which its table ``status`` counts.

    Args:
        run: the plan that is held against the facts, or its run folder; None: the newest approved one, if there is one.
        period: of the lists: ``week`` (the seven days up to the day), ``month``, ``quarter``, ``year``, ``2027-03-01..2027-03-31``,
            ``2027Q1``, ``2027-03``, ``2027``; None: since ``against``, else the week.
        against: an earlier day; what changed since then is told.

    Raises:
        planner.problems.InputError: there are no events, a day or period is not one, or the plan cannot be read; all at once.
    """
    case, loaded = opened.case, opened.loaded
    on = case.history.on
    if on is None or case.tables.get("status") is None:
        raise refusal("B101", loaded.place("tables", "status"), "status")
    problems: list[Problem] = []
    then, first, last, plan = None, on, on, None
    try:
        then = day_of("--against", against) if isinstance(against, str) else against
        if then is not None and then >= on:
            raise refusal("B105", None, "--against", then.isoformat(), on=on)
    except InputError as error:
        problems += error.problems
        then = None
    try:
        first, last = period_of(period, on, then)
    except InputError as error:
        problems += error.problems
    try:
        plan = run if isinstance(run, Plan) else plan_if_any(loaded.path, loaded.settings.name, None if run is None else Path(run))
        problems += of_other_projects(plan, case)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return ledgers_of(case, on, first, last, then, plan)


def write_ledger(found: Ledgers, folder: str | Path) -> Path:
    """Write the workbook, the bulletin and the record into a folder, in place of earlier ledgers there, whole or not at all. Raises
    InputError: something else stands there (B107), or it cannot be written; NotAllWritten: it stands
    beside the folder, which could not be replaced."""
    from planner.tracking.ledger.bulletin import write_bulletin
    from planner.tracking.ledger.workbook import write_book

    target = look_at(Path(folder), LEDGER)
    try:
        with whole_folder(target) as whole:
            write_book(found, whole.fresh / BOOK)
            write_bulletin(found, whole.fresh / PAGE)
            (whole.fresh / RECORD).write_text(found.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    except OSError as error:
        raise cannot_write(target.folder, error) from error
    if elsewhere := moved_aside(target, whole):
        raise NotAllWritten(whole.place, elsewhere)
    return whole.place
