"""``planner ladder``: plans that contain each other for less and more money, land or power."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.plan.whole_folder import default_folder
from planner.questions import commands


def ladder(
    path: commands.PlanFile,
    shares: Annotated[
        str | None, typer.Option("--shares", metavar="A,B,…", help="份额，从小到大，如 0.7,0.8,0.9,1 / shares, from small to large")
    ] = None,
    of: Annotated[
        list[str] | None,
        typer.Option(
            "--of", metavar="LIMIT", help="资金池、资源、园区/资源，可重复；省略即全部资金池 / funds, resources, PLACE/RESOURCE"
        ),
    ] = None,
    way: Annotated[str | None, typer.Option("--way", metavar="WAY", help="auto、joint、down、up")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="结果目录 / folder for the answer")] = None,
    time_limit: commands.SecondsOfEachSolve = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> None:
    """分级计划：钱、地、电多一成，接着引入谁 / nested plans: what goes first, and what the next money, land or power buys."""
    path = commands.plan_path(path)
    language = commands.language_at(path)
    target = out or default_folder(path, "ladder_")

    def listed(text: str) -> list[str]:
        return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]

    def work() -> str:
        from planner.plan.open import open_plan
        from planner.questions.ladder.ask import ladder as ask
        from planner.questions.ladder.text import text_of

        with commands.solving(language) as view:
            opened = open_plan(path)
            wanted = None if shares is None else listed(shares)
            limits = None if of is None else [name for one in of for name in listed(one)]
            answer, plans = ask(opened, wanted, limits, way, target, time_limit, view.progress, view.tell)
        return text_of(answer, plans, language)

    commands.say(commands.guarded(language, work))
    commands.say(str(target))
    commands.ended(folder=target)
