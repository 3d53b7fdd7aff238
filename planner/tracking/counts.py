"""What ledgers and assessments count in the events: which projects are on which list, each at most once, and which problems are open.

A project has reached a stage on the first day on which a row says that stage or a later one, since it was last opened: who is told to
be producing has been finished as well. One that was lost counts nowhere but among the lost: the loss takes back what it had reached.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from planner.case.case import Case, Ints
from planner.case.history import RANK, SIGNED, STAGES, History
from planner.plan.model import Plan
from planner.settings.appraisal import REACHED
from planner.settings.following import LAMPS, Ledger

STARTED = STAGES.index("started")
FULL = STAGES.index("full")


def parks_of(case: Case, on: dt.date, plan: Plan | None) -> Ints:
    """The park of each candidate on a day: as an event says, as its own row fixes it, as the plan has it; −1: not known; shape (I,)."""
    parks = np.full(len(case.candidates), -1, dtype=np.int64)
    candidate_at = {str(name): at for at, name in enumerate(case.candidates["candidate_id"])}
    park_at = {str(name): at for at, name in enumerate(case.parks["park_id"])}
    for firm in () if plan is None else plan.selected:
        if firm.candidate_id in candidate_at:
            parks[candidate_at[firm.candidate_id]] = park_at.get(firm.park_id, -1)
    fixed = case.candidates["fixed_park"].to_numpy(np.int64)
    parks = np.where(fixed >= 0, fixed, parks)
    standing = case.history.standing(on)
    said = standing[standing["park"] >= 0]
    parks[said["candidate"].to_numpy(np.int64)] = said["park"].to_numpy(np.int64)
    return parks


def on_list(history: History, listed: str, first: dt.date | None, last: dt.date, rules: Ledger) -> pd.DataFrame:
    """The projects on a list at the end of the day ``last``: ``candidate``, the ``date`` that put each there and its ``row`` of the table,
    by candidate. A list of those that reached a stage has, with ``first``, only those that did so on that day or later."""
    if listed in REACHED:
        return reached(reaches(history, last), listed, first, last)[["candidate", "date", "row"]]
    if listed in {"problems", "late_problems"}:
        found = problems(history, last)
        found = found[found["open"] & (found["overdue"] | (listed == "problems"))]
        return found.loc[~found["candidate"].duplicated(), ["candidate", "date", "row"]].reset_index(drop=True)
    told = clocked(history, last, rules)
    if listed == "unstarted":
        held = told["unstarted"]
    elif listed in LAMPS:
        held = told["light"] == listed
    elif listed == "overdue":
        held = told["overdue"]
    else:
        held = told["stage"] == listed
    return told.loc[held, ["candidate", "since", "row"]].rename(columns={"since": "date"}).reset_index(drop=True)


def reaches(history: History, known: dt.date) -> pd.DataFrame:
    """When each project reached each stage, as it is known on a day: ``candidate``, ``stage``, ``date``, ``row``, and what that row
    ``said``, which may be a later stage; by candidate and stage."""
    along = history.along[history.along["date"] <= np.datetime64(known)]
    newest = along["run"] == along.groupby("candidate")["run"].transform("max")
    lost = along.loc[~along["candidate"].duplicated(keep="last") & (along["stage"] == "lost"), "candidate"]
    steps = along[newest & (along["rank"] > along["before"]) & ~along["candidate"].isin(lost)]
    columns = {"candidate": "candidate", "date": "date", "row": "row", "stage": "said", "rank": "rank", "before": "before"}
    steps = steps[list(columns)].rename(columns=columns)
    steps["stage"] = [list(STAGES[before + 1 : rank + 1]) for before, rank in zip(steps["before"], steps["rank"], strict=True)]
    return steps.explode("stage")[["candidate", "stage", "date", "row", "said"]].reset_index(drop=True)


def reached(found: pd.DataFrame, stage: str, first: dt.date | None, last: dt.date) -> pd.DataFrame:
    """Of :func:`reaches` the rows of one stage from ``first`` (None: ever) to ``last``."""
    within = (found["stage"] == stage) & (found["date"] <= np.datetime64(last))
    if first is not None:
        within &= found["date"] >= np.datetime64(first)
    return found[within].reset_index(drop=True)


def clocked(history: History, on: dt.date, rules: Ledger) -> pd.DataFrame:
    """How each project stands (:meth:`planner.case.history.History.standing`), and how long it has stood still.

    ``progress`` is the day of its last progress, at first that on which it was opened, ``days`` those since then without the days of planned pauses, ``light`` one of ``green``,
    ``yellow``, ``red``, ``out``, or ``""`` of one that is lost, done, or paused until a day that is still to come; ``unstarted``: signed and
    not started; ``overdue``: the day planned for its next step, or for the end of its pause, is past.
    """
    day = np.datetime64(on)
    told = history.standing(on).copy()
    along = history.along[history.along["date"] <= day]
    events = history.until(on)
    counts = (along["rank"] > along["before"]) | along["run"].ne(along["run"].shift()) | (rules.progress == "any")
    newest = along["run"] == along.groupby("candidate")["run"].transform("max")
    progress = along["date"].where(counts & newest).groupby(along["candidate"]).max()
    told["progress"] = progress.reindex(told["candidate"]).to_numpy()
    paused = pd.DataFrame({"candidate": along["candidate"], "date": along["date"], "planned": along["planned_date"]})
    paused["until"] = along["date"].groupby(along["candidate"]).shift(-1).fillna(pd.Timestamp(on))
    paused = paused[(events["stage"].to_numpy() == "paused") & paused["planned"].notna()]
    ends = np.minimum(paused["until"].to_numpy("datetime64[D]"), paused["planned"].to_numpy("datetime64[D]"))
    rest = np.maximum((ends - paused["date"].to_numpy("datetime64[D]")).astype(np.int64), 0)
    rest = rest * (paused["date"] >= progress.reindex(paused["candidate"]).to_numpy())
    idle = pd.Series(rest, index=paused.index, dtype=np.int64).groupby(paused["candidate"]).sum()
    still = (day.astype("datetime64[D]") - told["progress"].to_numpy("datetime64[D]")).astype(np.int64)
    told["days"] = still - idle.reindex(told["candidate"]).fillna(0).to_numpy(np.int64)
    going = told["stage"] != "lost"
    told["waits"] = (told["stage"] == "paused") & (told["planned_date"] >= day)
    lit = going & ~told["waits"] & (told["reached"] < RANK[rules.done])
    told["light"] = [
        _light(days, STAGES[max(stage, 0)], rules) if shines else ""
        for days, stage, shines in zip(told["days"].tolist(), told["reached"].tolist(), lit.tolist(), strict=True)
    ]
    told["unstarted"] = going & (told["reached"] >= SIGNED) & (told["reached"] < STARTED)
    told["overdue"] = going & (told["reached"] < FULL) & (told["planned_date"] < day)
    return told


def _light(days: int, stage: str, rules: Ledger) -> str:
    lights = rules.lights_at(stage)
    return next((lamp for lamp in reversed(LAMPS) if days >= getattr(lights, lamp)), "green")


def problems(history: History, on: dt.date) -> pd.DataFrame:
    """Every problem that was raised up to a day: ``candidate``, ``date``, ``row``, ``problem``, ``owner``, ``due``; ``closed`` (the day on
    which a row closed it, NaT) and ``closed_row`` (−1); ``dropped``: its project is lost and nobody closed it; ``open``; ``overdue``: open
    and past its due day; by candidate and day."""
    events, standing = history.until(on), history.standing(on)
    raised = events[events["problem"] != ""].copy()
    return _settled(raised, events, standing, on)[
        ["candidate", "date", "row", "problem", "owner", "due", "closed", "closed_row", "dropped", "open", "overdue"]
    ]


def orders(history: History, on: dt.date) -> pd.DataFrame:
    """Every order that was given up to a day: as :func:`problems`, with ``dispatch`` in place of the problem, and ``about``: the day of the
    row with the problem that it is about (that which its own row closes, or raises; NaT: none). An order is settled with its problem,
    or by a row that closes its own day."""
    events, standing = history.until(on), history.standing(on)
    given = events[events["dispatch"] != ""].copy()
    given["about"] = given["closes"].where(given["closes"].notna(), given["date"].where(given["problem"] != ""))
    found = _settled(given, events, standing, on)
    own = found["closes"].notna()
    found["closed"], found["closed_row"] = (
        found[name].where(~own, found[at]) for name, at in (("closed", "date"), ("closed_row", "row"))
    )
    found["open"] &= ~own
    found["dropped"] &= ~own
    found["overdue"] &= ~own
    columns = [
        "candidate",
        "date",
        "row",
        "dispatch",
        "owner",
        "due",
        "about",
        "closed",
        "closed_row",
        "dropped",
        "open",
        "overdue",
    ]
    return found[columns]


def _settled(rows: pd.DataFrame, events: pd.DataFrame, standing: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Rows with the first row that closes their day."""
    closing = events.loc[events["closes"].notna(), ["candidate", "closes", "date", "row"]]
    closing = closing.drop_duplicates(["candidate", "closes"]).rename(
        columns={"closes": "date", "date": "closed", "row": "closed_row"}
    )
    found = rows.merge(closing, how="left", on=["candidate", "date"], validate="many_to_one")
    found["closed_row"] = found["closed_row"].fillna(-1).astype(np.int64)
    lost = found["candidate"].isin(standing.loc[standing["stage"] == "lost", "candidate"])
    found["dropped"] = found["closed"].isna() & lost
    found["open"] = found["closed"].isna() & ~lost
    found["overdue"] = found["open"] & (found["due"] < np.datetime64(on))
    return found
