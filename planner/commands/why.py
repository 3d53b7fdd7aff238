"""``planner why``: why a candidate is in the plan, or what it would cost to force it in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from planner.commands.common import (
    BAD_INPUT,
    NO_PLAN,
    DataOf,
    ProgressAs,
    RunFolder,
    ShowProgress,
    ended,
    guarded,
    language_at,
    leave,
    progress_view,
    say,
)
from planner.language import Words


def why(
    folder: RunFolder,
    candidate: Annotated[
        str | None, typer.Argument(metavar="CANDIDATE", help="项目编号或名称 / id or exact name")
    ] = None,
    park: Annotated[str | None, typer.Option("--park", metavar="P", help="落在这个园区 / in this park")] = None,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="Q", help="在这个季度签约 / in this quarter")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="每个未选项目 / every candidate not selected")] = False,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.0, help="每个问题的求解秒数 / seconds for each question"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="把强制后的计划写成运行目录 / write the forced plan as a run"),
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """为何选它、为何不选它：强制后重新求解，逐项列出差额 / why in, why not: solved again, the difference itemised."""
    settings = plan or folder / "settings.yaml"
    language = language_at(settings)
    if every == (candidate is not None) or (every and (park or quarter or out)):
        rule = Words(
            "给出一个项目，或只写 --all", "name one candidate, or give --all and neither --park, --quarter nor --out"
        )
        raise leave(BAD_INPUT, rule.say(language))

    def work() -> Any:
        from planner import api
        from planner.publish.console import no_plan_text

        with progress_view(language) as view:
            run = api.open_run(folder, plan)
            try:
                if candidate is None:
                    return run.plan, api.why_all(run, time_limit, view.tell, view.progress)
                return run.plan, [api.why(run, candidate, park, quarter, time_limit, view.progress, out, view.tell)]
            except api.NoPlan as found:
                view.close()
                raise leave(NO_PLAN, no_plan_text(found.solution.termination, language)) from None

    asked, answers = guarded(language, work)
    from planner.publish.answers import Answers

    told = Answers(asked, asked.plan.language)
    for one in answers:
        say("\n".join(told.lines(one) if candidate is not None else told.short(one)))
    if out is not None and answers[0].difference is not None:
        say(str(out))
    ended(folder=out or folder)
