"""``planner concede``: how much more can be given to a firm before the plan prefers the next best."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.questions.commands import AskedOfRun, DataOf, ProgressAs, RunFolder, SecondsOfEachSolve, ShowProgress


def concede(
    folder: RunFolder,
    candidate: Annotated[
        str, typer.Argument(metavar="CANDIDATE", help="入选企业的编号或名称 / id or exact name of a selected firm")
    ],
    of: Annotated[
        str | None, typer.Option("--of", metavar="WHAT,…", help="subsidy 和资源编号，用逗号分隔 / subsidy and ids of resources")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, max=20, help="每一项求解几次 / solves for each of them")] = 6,
    plan: DataOf = None,
    time_limit: SecondsOfEachSolve = None,
    progress: ShowProgress = ProgressAs.text,
) -> AskedOfRun:
    """底线表（内部）：再让多少，计划就改选次优 / how much more to concede before the plan prefers the next best."""
    wanted = tuple(filter(None, (name.strip() for name in (of or "").replace("，", ",").split(","))))
    return AskedOfRun(folder, plan, "concede", {"candidate": candidate, "of": wanted, "time_limit": time_limit, "steps": steps})
