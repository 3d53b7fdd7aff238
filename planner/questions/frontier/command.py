"""``planner frontier``: what one objective term costs in the other, as plans that can each be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.plan.whole_folder import default_folder
from planner.questions import commands


def frontier(
    path: commands.PlanFile,
    terms: Annotated[str, typer.Option("--terms", metavar="A,B", help="两个目标项，如 gap,subsidy / two objective terms")],
    points: Annotated[int, typer.Option("--points", metavar="N", help="几个点，含两端 / points, the ends counted")] = 9,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="目录：表、图与每个点的运行目录 / folder for it")] = None,
    time_limit: commands.SecondsOfEachSolve = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> None:
    """两个目标项之间的取舍边界，每个点都是核验过的计划 / the frontier between two terms, each point a verified plan."""
    path = commands.plan_path(path)
    language = commands.language_at(path)
    target = out or default_folder(path, "frontier_")
    names = [name.strip() for name in terms.replace("，", ",").split(",") if name.strip()]

    def work() -> str:
        from planner.plan.open import open_plan
        from planner.questions.frontier.ask import frontier as ask
        from planner.questions.frontier.text import frontier_text

        with commands.solving(language) as view:
            opened = open_plan(path)
            found, _ = ask(opened, names, points, target, time_limit, view.progress, view.tell)
        return frontier_text(found, {supply.resource_id: supply.name for supply in opened.case.resources}, language)

    commands.say(commands.guarded(language, work))
    commands.say(str(target))
    commands.ended(folder=target)
