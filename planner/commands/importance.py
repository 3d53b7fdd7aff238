"""``planner importance``: what it would cost to do without each selected firm."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from planner.commands.common import (
    DataOf,
    ProgressAs,
    RunFolder,
    ShowProgress,
    ended,
    guarded,
    language_at,
    progress_view,
    say,
)


def importance(
    folder: RunFolder,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.0, help="每家企业的求解秒数 / seconds for each firm"),
    ] = None,
    total: Annotated[
        float, typer.Option("--total", metavar="S", min=0.0, help="全部求解的秒数 / seconds for all of them")
    ] = 300.0,
    quick: Annotated[bool, typer.Option("--quick", help="不重新求解，只给“至多” / no solves, only “at most”")] = False,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """每家入选企业的替换代价：没有它，目标值损失多少 / replacement cost of every selected firm."""
    language = language_at(plan or folder / "settings.yaml")

    def work() -> Any:
        from planner import api

        with progress_view(language) as view:
            run = api.open_run(folder, plan)
            return run.plan, api.importance(run, time_limit, total, quick, view.tell, view.progress)

    asked, found = guarded(language, work)
    from planner.publish.importance import importance_text

    say(importance_text(asked, found, asked.plan.language))
    ended(folder=folder)
