"""What :mod:`planner.api` offers of the calendar: a year's calendar worked out, and written."""

from __future__ import annotations

from pathlib import Path

from planner.language import Language
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.problems import InputError, Place
from planner.tracking.calendar.make import calendar_of
from planner.tracking.calendar.record import Calendar
from planner.tracking.codes import refusal
from planner.tracking.plans import of_other_projects, plan_if_any


def calendar(opened: Opened, year: int | None = None, run: str | Path | Plan | None = None) -> Calendar:
    """The year's meetings and the milestones of projects; ``year`` None: that of the plan's first quarter. ``run``: the plan whose
    projects are to sign, or its run folder; None: the newest approved one, if any. Raises InputError: it cannot be read or is of other projects (B106), or the calendar
    cannot be made (:func:`planner.tracking.calendar.make.calendar_of`)."""
    loaded = opened.loaded
    plan = run if isinstance(run, Plan) else plan_if_any(loaded.path, loaded.settings.name, None if run is None else Path(run))
    if found := of_other_projects(plan, opened.case):
        raise InputError(found)
    return calendar_of(opened.case, int(opened.case.quarters[0][:4]) if year is None else year, plan)


def write_calendar(found: Calendar, path: str | Path, language: Language = "zh") -> tuple[Path, Path]:
    """Write a calendar as an .ics file and as a workbook beside it. Raises InputError: the name ends otherwise (L163), or they cannot be
    written."""
    from planner.tracking.calendar.ics import write_ics
    from planner.tracking.calendar.sheet import write_book

    file = Path(path)
    if file.suffix.lower() != ".ics":
        raise refusal("L163", Place(str(file)), "--out", file.name)
    book = file.with_suffix(".xlsx")
    write_ics(found, file, language)
    write_book(found, book, language)
    return file, book
