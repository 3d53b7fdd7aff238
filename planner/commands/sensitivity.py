"""``planner sensitivity``: what more of each fund, resource and team is worth."""

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


def sensitivity(
    folder: RunFolder,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.001, help="每次求解的秒数 / seconds of each solve"),
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """多给一点资金、土地、电力、人手值多少 / what more of each fund, resource and team is worth."""
    language = language_at(plan or folder / "settings.yaml")

    def work() -> Any:
        from planner import api

        with progress_view(language) as view:
            run = api.open_run(folder, plan)
            return run.plan.plan.quarters, api.sensitivity(run, time_limit, view.progress, view.tell)

    quarters, found = guarded(language, work)
    from planner.publish.exploring import sensitivity_text

    say(sensitivity_text(found, quarters, language))
    ended(folder=folder)
