"""``planner assess``: the bureau's own list held against every limit and against the proof."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.plan.whole_folder import default_folder
from planner.questions import commands


def assess(
    path: commands.PlanFile,
    listing: Annotated[
        Path, typer.Option("--list", metavar="FILE", help="名单：xlsx、csv；项目、园区、季度 / the list: candidate, park, quarter")
    ],
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="名单在哪张表 / the sheet of the list")] = None,
    swaps: Annotated[int, typer.Option("--swaps", metavar="N", min=0, help="最多换几项，0 为不换 / swaps at most, 0 for none")] = 3,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="RUN", help="上界取自这个运行，不再求解 / take the bound of this run, do not solve"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="结果目录 / folder for the answer")] = None,
    time_limit: commands.SecondsOfEachSolve = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> None:
    """核对手工名单：违反哪些限制、值多少、离上界多远、最少怎么改、换谁更好 / a list made by hand against limits and proof."""
    path = commands.plan_path(path)
    language = commands.language_at(path)
    target = out or default_folder(path, "assess_")

    def work() -> str:
        from planner.plan.open import open_plan
        from planner.questions.assess.ask import assessed
        from planner.questions.assess.text import text_of

        with commands.solving(language) as view:
            opened = open_plan(path)
            answer, plan = assessed(opened, listing, swaps, sheet, against, target, time_limit, view.progress, view.tell)
        resources = {supply.resource_id: supply.name for supply in opened.case.resources}
        return text_of(answer, plan, swaps, resources, language)

    commands.say(commands.guarded(language, work))
    commands.say(str(target))
    commands.ended(folder=target)
