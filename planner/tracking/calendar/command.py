"""``planner calendar``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.questions.commands import OnDay, PlanFile, StatusFile, guarded, language_at, plan_path, print_problems, say
from planner.tracking.plans import FromRun


def calendar(
    path: PlanFile,
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", help="哪一年；省略即规划期首年 / left out: that of the first quarter")
    ] = None,
    run: FromRun = None,
    status: StatusFile = None,
    on: OnDay = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.ics", help="写到此文件，旁边另有 .xlsx / the file; an .xlsx is written beside it"),
    ] = None,
) -> None:
    """全年日程：通报、调度、讲评、考核、观摩、联盟日、项目期限，.ics 与表格 / the year's meetings and deadlines: .ics and workbook."""
    from planner.plan.open import open_plan
    from planner.tracking.calendar import ask
    from planner.tracking.calendar.record import Calendar
    from planner.tracking.calendar.text import calendar_text

    path = plan_path(path)
    language = language_at(path)

    def work() -> tuple[Calendar, tuple[Path, Path]]:
        opened = open_plan(path, status=status, on=on)
        print_problems(opened.warnings, language)
        found = ask.calendar(opened, year, run)
        return found, ask.write_calendar(found, out or path.parent / f"calendar-{found.year}.ics", language)

    found, written = guarded(language, work)
    say(calendar_text(found, language))
    for file in written:
        say(str(file))
