"""``planner sensitivity``: what more of each fund, resource and team is worth."""

from __future__ import annotations

from planner.questions.commands import AskedOfRun, DataOf, ProgressAs, RunFolder, SecondsOfEachSolve, ShowProgress


def sensitivity(
    folder: RunFolder, plan: DataOf = None, time_limit: SecondsOfEachSolve = None, progress: ShowProgress = ProgressAs.text
) -> AskedOfRun:
    """多给一点资金、土地、电力、人手值多少 / what more of each fund, resource and team is worth."""
    return AskedOfRun(folder, plan, "sensitivity", {"time_limit": time_limit})
