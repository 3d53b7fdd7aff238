"""``planner people``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.questions.commands import OnDay, PlanFile, StatusFile, guarded, language_at, plan_path, print_problems, say
from planner.tracking.plans import FromRun


def people(
    path: PlanFile,
    run: FromRun = None,
    status: StatusFile = None,
    on: OnDay = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="DIR",
            help="以前的责任表，其责任人在规则之内保留 / an earlier answer, whose owners stay within the rules",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="写到此目录；省略即计划旁的 people/ / left out: people/ beside the plan"),
    ] = None,
) -> None:
    """责任表：每条产业链各级各角色，每个选中项目一个责任人，负荷均衡 / who answers for each chain and each project, loads balanced."""
    from planner.plan.open import open_plan
    from planner.tracking.people import ask
    from planner.tracking.people.record import Responsibility
    from planner.tracking.people.text import people_text

    path = plan_path(path)
    language = language_at(path)

    def work() -> tuple[Responsibility, tuple[Path, Path]]:
        opened = open_plan(path, status=status, on=on)
        print_problems(opened.warnings, language)
        found = ask.people(opened, run, keep)
        return found, ask.write_people(found, path.parent / "people" if out is None else out, language)

    found, written = guarded(language, work)
    say(people_text(found, language))
    for file in written:
        say(str(file))
