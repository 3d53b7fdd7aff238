"""``planner replan``: the next quarter's plan, which keeps its word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.questions import commands

if TYPE_CHECKING:
    from planner.questions.plans import Outcome


def replan(
    path: commands.PlanFile,
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="RUN", help="原计划的运行目录，省略即最近批准的 / the earlier run; left out: the newest approved"
        ),
    ] = None,
    status: commands.StatusFile = None,
    on: commands.OnDay = None,
    max_changes: Annotated[
        int | None,
        typer.Option("--max-changes", metavar="N", min=0, help="最多变动几项（事实造成的不计）/ changes at most, facts apart"),
    ] = None,
    each: Annotated[
        int,
        typer.Option(
            "--each", metavar="N", min=0, help="逐项算出至多 N 项变动单独照旧的代价 / what undoing each of N changes costs"
        ),
    ] = 0,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="运行目录 / folder of the run")] = None,
    time_limit: commands.SecondsOfEachSolve = None,
    gap: Annotated[float | None, typer.Option("--gap", metavar="G", help="相对差距达到即停 / relative gap to stop at")] = None,
    threads: Annotated[int | None, typer.Option("--threads", metavar="N", help="线程数 / threads")] = None,
    solver: Annotated[str | None, typer.Option("--solver", metavar="NAME", help="求解器 / solver")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="随机种子 / random seed")] = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> None:
    """下一季度的计划：已签的不动，流失的退出，其余能不动就不动；逐项说明原因和代价 / next quarter's plan that keeps its word."""
    path = commands.plan_path(path)
    language = commands.language_at(path)
    given = {"time_limit": time_limit, "gap": gap, "threads": threads, "solver": solver, "seed": seed}
    overrides: dict[str, object] = {f"solve.{key}": value for key, value in given.items() if value is not None}

    def steps() -> Outcome:
        from planner.questions.replan.ask import replan as asked

        with commands.solving(language) as view:
            return asked(path, earlier, status, on, max_changes, each, out, overrides, view.progress, view.phase, view.tell)

    outcome = commands.guarded(language, steps)
    from planner.publish.changed import changes_text
    from planner.publish.console import outcome_text

    commands.say(changes_text(outcome.plan, language))
    commands.say(outcome_text(outcome.plan, outcome.folder, outcome.seconds, language))
    commands.ended(commands.left_out(outcome.failed), outcome.folder, outcome.plan)
    commands.not_written(outcome.failed, language)
