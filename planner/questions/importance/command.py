"""``planner importance``: what it would cost to do without each selected firm."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.questions.commands import AskedOfRun, DataOf, ProgressAs, RunFolder, ShowProgress


def importance(
    folder: RunFolder,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", min=0.0, help="每家企业的求解秒数 / seconds for each firm")
    ] = None,
    total: Annotated[float, typer.Option("--total", metavar="S", min=0.0, help="全部求解的秒数 / seconds for all of them")] = 300.0,
    quick: Annotated[bool, typer.Option("--quick", help="不重新求解，只给“至多” / no solves, only “at most”")] = False,
    progress: ShowProgress = ProgressAs.text,
) -> AskedOfRun:
    """每家入选企业的替换代价：没有它，目标值损失多少 / replacement cost of every selected firm."""
    return AskedOfRun(folder, plan, "importance", {"time_limit": time_limit, "total": total, "quick": quick})
