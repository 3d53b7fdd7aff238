"""``planner alternatives``: plans that are nearly as good and really different."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.language import Language, Words
from planner.questions import commands


def alternatives(
    folder: commands.RunFolder,
    within: Annotated[str, typer.Option("--within", metavar="E", help="目标值至多低多少，如 1% / how much less, e.g. 1%")] = "1%",
    differ: Annotated[int, typer.Option("--differ", metavar="D", help="彼此至少相差几个项目 / least difference in projects")] = 5,
    count: Annotated[int, typer.Option("--count", metavar="N", help="要几个 / how many")] = 5,
    plan: commands.DataOf = None,
    time_limit: commands.SecondsOfEachSolve = None,
    progress: commands.ShowProgress = commands.ProgressAs.text,
) -> commands.AskedOfRun:
    """差不多同样好、却真正不同的计划 / plans nearly as good and really different."""
    share = _share(within, commands.language_at(plan or folder / "settings.yaml"))
    options = {"within": share, "differ": differ, "count": count, "time_limit": time_limit}
    return commands.AskedOfRun(folder, plan, "alternatives", options)


def _share(text: str, language: Language) -> float:
    """``1%``, ``1％`` or ``0.01``."""
    written = text.strip().replace("％", "%")
    try:
        return float(written[:-1]) / 100 if written.endswith("%") else float(written)
    except ValueError:
        rule = Words("--within {text}：写成 1% 或 0.01", "--within {text}: write 1% or 0.01")
        raise commands.leave(commands.BAD_INPUT, rule.say(language, text=text)) from None
