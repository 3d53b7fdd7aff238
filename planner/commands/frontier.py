"""``planner frontier``: what one objective term costs in the other, as plans that can each be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from planner.commands.common import (
    INFEASIBLE,
    NO_PLAN,
    PlanFile,
    ProgressAs,
    ShowProgress,
    ended,
    guarded,
    language_at,
    leave,
    plan_path,
    progress_view,
    say,
)
from planner.plan.whole_folder import default_folder


def frontier(
    path: PlanFile,
    terms: Annotated[
        str, typer.Option("--terms", metavar="A,B", help="两个目标项，如 gap,subsidy / two objective terms")
    ],
    points: Annotated[int, typer.Option("--points", metavar="N", help="几个点，含两端 / points, the ends counted")] = 9,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="目录：表、图与每个点的运行目录 / folder for it")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.001, help="每次求解的秒数 / seconds of each solve"),
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """两个目标项之间的取舍边界，每个点都是核验过的计划 / the frontier between two terms, each point a verified plan."""
    path = plan_path(path)
    language = language_at(path)
    target = out or default_folder(path, "frontier_")
    names = [name.strip() for name in terms.replace("，", ",").split(",") if name.strip()]

    def work() -> Any:
        from planner import api
        from planner.publish.console import conflict_text, no_plan_text

        with progress_view(language) as view:
            try:
                opened = api.open_plan(path)
                found, _ = api.frontier(opened, names, points, target, time_limit, view.progress, view.tell)
                return found, {one.resource_id: one.name for one in opened.case.resources}
            except api.Infeasible as error:
                view.close()
                raise leave(INFEASIBLE, conflict_text(error.conflict, language)) from None
            except api.NoPlan as error:
                view.close()
                raise leave(NO_PLAN, no_plan_text(error.solution.termination, language)) from None

    found, resources = guarded(language, work)
    from planner.publish.exploring import frontier_text

    say(frontier_text(found, resources, language))
    say(str(target))
    ended(folder=target)
