"""Which projects are on which list of an assessment: each at most once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.case.history import RANK, SIGNED, STAGES, History
from planner.settings.appraisal import REACHED

LIGHTS: Mapping[str, tuple[int, float]] = {"yellow": (60, 90), "red": (90, 180), "out": (180, np.inf)}
"""Days without progress from which, and below which, a light is on."""
STARTED = STAGES.index("started")


def on_list(history: History, listed: str, first: dt.date | None, last: dt.date) -> pd.DataFrame:
    """The projects on a list at the end of the day ``last``: ``candidate``, the ``date`` that put each there and its ``row`` of the table,
    by candidate.

    A project counts for a stage on the first day on which it had reached it, or a later one, since it was last opened; with ``first``
    only where that is not before it. One that is lost by the last day counts nowhere but among the lost.
    """
    standing = history.standing(last)
    if listed in REACHED:
        return _reached(history, standing, RANK[listed], first, last)
    stage, rank = standing["stage"], standing["rank"]
    going = (rank >= 0) & (stage != "full")
    days = (np.datetime64(last, "D") - standing["since"].to_numpy("datetime64[D]")).astype(np.int64)
    if listed == "unstarted":
        held = (standing["reached"] >= SIGNED) & (standing["reached"] < STARTED) & (stage != "lost")
    elif listed in {"paused", "lost"}:
        held = stage == listed
    elif listed == "overdue":
        held = going & (standing["planned_date"] < np.datetime64(last))
    elif listed in LIGHTS:
        least, below = LIGHTS[listed]
        held = going & (days >= least) & (days < below)
    else:
        return _problems(history, standing, listed == "late_problems", last)
    return standing.loc[held, ["candidate", "since", "row"]].rename(columns={"since": "date"}).reset_index(drop=True)


def _reached(history: History, standing: pd.DataFrame, rank: int, first: dt.date | None, last: dt.date) -> pd.DataFrame:
    along = history.along[history.along["date"] <= np.datetime64(last)]
    newest = along.groupby("candidate")["run"].transform("max")
    there = along[(along["run"] == newest) & (along["rank"] >= rank) & (along["before"] < rank)]
    lost = standing.loc[standing["stage"] == "lost", "candidate"]
    there = there[~there["candidate"].isin(lost) & ~there["candidate"].duplicated()]
    if first is not None:
        there = there[there["date"] >= np.datetime64(first)]
    return there[["candidate", "date", "row"]].reset_index(drop=True)


def _problems(history: History, standing: pd.DataFrame, late: bool, last: dt.date) -> pd.DataFrame:
    """Projects with a problem that no row has closed, the oldest of each; ``late``: past its due day."""
    events = history.until(last)
    closed = set(zip(events["candidate"], events["closes"], strict=True))
    raised = events[events["problem"] != ""]
    still = [at not in closed for at in zip(raised["candidate"], raised["date"], strict=True)]
    raised = raised[np.array(still, dtype=bool)]
    if late:
        raised = raised[raised["due"] < np.datetime64(last)]
    gone = standing.loc[standing["stage"] == "lost", "candidate"]
    raised = raised[~raised["candidate"].isin(gone) & ~raised["candidate"].duplicated()]
    return raised[["candidate", "date", "row"]].reset_index(drop=True)
