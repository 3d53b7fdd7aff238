"""``planner ledger``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.questions.commands import OnDay, PlanFile, StatusFile, guarded, language_at, plan_path, print_problems, say
from planner.tracking.plans import FromRun, begun_from


def ledger(
    path: PlanFile,
    on: OnDay = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="DATE", help="与这一天相比有何变化 / what changed since that day")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="清单的时期：week（默认，截至当日的七天）、month、quarter、year，或 2027Q1、2027-03、2027-03-01..2027-03-31 / of the lists",
        ),
    ] = None,
    run: FromRun = None,
    status: StatusFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="写到此目录；省略即计划旁的 runs/ledger / left out: runs/ledger beside the plan"),
    ] = None,
) -> None:
    """六张清单、三本台账、红黄灯、目标完成与变化，工作簿与一页快报 / six lists, three ledgers, lights, targets, changes, a bulletin."""
    from planner.plan.open import open_plan
    from planner.tracking.ledger import ask
    from planner.tracking.ledger.record import Ledgers
    from planner.tracking.ledger.text import ledger_text

    path = plan_path(path)
    language = language_at(path)

    def work() -> tuple[Ledgers, Path]:
        opened = open_plan(path, begun_from(path, run), status=status, on=on)
        print_problems(opened.warnings, language)
        found = ask.ledger(opened, run, period, against)
        say(ledger_text(found, language))
        return found, ask.write_ledger(found, path.parent / "runs" / "ledger" if out is None else out)

    _, written = guarded(language, work)
    for file in (ask.BOOK, ask.PAGE, ask.RECORD):
        say(str(written / file))
