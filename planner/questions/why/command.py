"""``planner why``: why a candidate is in the plan, or what it would cost to force it in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.language import Words
from planner.questions.commands import BAD_INPUT, AskedOfRun, DataOf, ProgressAs, RunFolder, ShowProgress, language_at, leave


def why(
    folder: RunFolder,
    candidate: Annotated[str | None, typer.Argument(metavar="CANDIDATE", help="项目编号或名称 / id or exact name")] = None,
    park: Annotated[str | None, typer.Option("--park", metavar="P", help="落在这个园区 / in this park")] = None,
    quarter: Annotated[str | None, typer.Option("--quarter", metavar="Q", help="在这个季度签约 / in this quarter")] = None,
    every: Annotated[bool, typer.Option("--all", help="每个未选项目 / every candidate not selected")] = False,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", min=0.0, help="每个问题的求解秒数 / seconds for each question")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="把强制后的计划写成运行目录 / write the forced plan as a run")
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> AskedOfRun:
    """为何选它、为何不选它：强制后重新求解，逐项列出差额 / why in, why not: solved again, the difference itemised."""
    if every == (candidate is not None) or (every and (park or quarter or out)):
        rule = Words("给出一个项目，或只写 --all", "name one candidate, or give --all and neither --park, --quarter nor --out")
        raise leave(BAD_INPUT, rule.say(language_at(plan or folder / "settings.yaml")))
    if candidate is None:
        return AskedOfRun(folder, plan, "why_all", {"time_limit": time_limit})
    options = {"candidate": candidate, "park": park, "quarter": quarter, "time_limit": time_limit, "out": out}
    return AskedOfRun(folder, plan, "why", options, lambda found: None if found.difference is None else out)
