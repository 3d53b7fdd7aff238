"""``planner alternatives``: plans that are nearly as good and really different."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from planner.commands.common import (
    BAD_INPUT,
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
from planner.language import Language, Words


def alternatives(
    folder: RunFolder,
    within: Annotated[
        str, typer.Option("--within", metavar="E", help="目标值至多低多少，如 1% / how much less, e.g. 1%")
    ] = "1%",
    differ: Annotated[
        int, typer.Option("--differ", metavar="D", help="彼此至少相差几个项目 / least difference in projects")
    ] = 5,
    count: Annotated[int, typer.Option("--count", metavar="N", help="要几个 / how many")] = 5,
    plan: DataOf = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.001, help="每次求解的秒数 / seconds of each solve"),
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """差不多同样好、却真正不同的计划 / plans nearly as good and really different."""
    language = language_at(plan or folder / "settings.yaml")
    share = _share(within, language)

    def work() -> Any:
        from planner import api

        with progress_view(language) as view:
            run = api.open_run(folder, plan)
            return api.alternatives(run, share, differ, count, time_limit, view.progress, view.tell)

    found = guarded(language, work)
    from planner.publish.exploring import alternatives_text

    say(alternatives_text(found, language))
    ended(folder=folder)


def _share(text: str, language: Language) -> float:
    """``1%``, ``1％`` or ``0.01``."""
    written = text.strip().replace("％", "%")
    try:
        return float(written[:-1]) / 100 if written.endswith("%") else float(written)
    except ValueError:
        rule = Words("--within {text}：写成 1% 或 0.01", "--within {text}: write 1% or 0.01")
        say(rule.say(language, text=text), problem=True)
        raise typer.Exit(BAD_INPUT) from None
