"""``planner compare``: a plan and its scenarios, or finished runs, side by side."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.plan.whole_folder import default_folder
from planner.questions import commands

if TYPE_CHECKING:
    from planner.questions.compare.record import Comparison


class Backend(StrEnum):
    """Where scenarios are solved."""

    joblib = "joblib"
    dask = "dask"


def compare(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PLAN | RUN RUN…", help="计划文件，或几个运行目录 / a plan file, or finished runs")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="输出目录 / output folder")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help="只比较这些情景 / only these scenarios")] = None,
    backend: Annotated[Backend | None, typer.Option("--backend", help="本机多进程或 Dask 集群 / processes or Dask")] = None,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help="同时求解几个 / how many at once")] = None,
    attribute: Annotated[
        bool | None, typer.Option("--attribute/--no-attribute", help="逐处改动算影响 / trace effects to each override")
    ] = None,
    time_limit: Annotated[float | None, typer.Option("--time-limit", metavar="S", help="每次求解秒数 / seconds each")] = None,
    work: Annotated[int | None, typer.Option("--work", metavar="N", help="每次工作量上限，可复现 / work limit each")] = None,
    gap: Annotated[float | None, typer.Option("--gap", metavar="G", help="相对差距 / relative gap")] = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> None:
    """比较情景或运行：指标并排、改了什么、由哪处改动引起 / scenarios or runs side by side, and which change caused what."""
    from planner.questions.compare.ask import compare as ask
    from planner.questions.compare.ask import compare_runs
    from planner.questions.compare.text import comparison_text

    if len(paths) > 1 or (paths[0] / "plan.json").is_file():
        comparison = commands.guarded(commands.language_at(paths[0] / "settings.yaml"), partial(compare_runs, paths, out))
        commands.say(comparison_text(comparison, out))
        return
    path = commands.plan_path(paths[0])
    given = {
        "compare.backend": backend.value if backend else None,
        "compare.workers": workers,
        "compare.attribute": attribute,
        "solve.time_limit": time_limit,
        "solve.work": work,
        "solve.gap": gap,
    }
    overrides: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    target, language = out or default_folder(path, "compare_"), commands.language_at(path)

    def solve() -> Comparison:
        with commands.progress_view(language) as view:
            return ask(path, target, overrides, only or (), view.progress, view.tell)

    comparison = commands.guarded(language, solve)
    commands.say(comparison_text(comparison, target))
    code = {"infeasible": commands.INFEASIBLE, "no_plan": commands.NO_PLAN}.get(comparison.entries[0].outcome, commands.DONE)
    commands.ended(code, target)
    if code != commands.DONE:
        raise typer.Exit(code)
