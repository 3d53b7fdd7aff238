"""What became of each project, day by day: the events of the table ``status``, and how each project stands on any day.

Rows of one day follow the order of the stages. A project that was lost, or put on hold before it signed, is opened again by a row of
线索 or 在谈: what it had reached before counts no more. Everything is worked out along the events, so that a day tells what the rows up
to it tell, whatever comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.tables.following import ASIDE, SIGNED, STAGE_WORDS, STAGES

__all__ = ["ASIDE", "ENOUGH", "SIGNED", "STAGES", "STAGE_WORDS", "History", "Standing"]

ENOUGH = 5
"""Projects from which a rate is offered; of fewer it says nothing."""
RANK = {**{code: position for position, code in enumerate(STAGES)}, **dict.fromkeys(ASIDE, -1)}
"""Position of a stage on its way; −1 of those aside."""
OPENS = ("lead", "talks")
"""Stages by which a project that was lost or on hold is opened again."""
COLUMNS = (
    "candidate",
    "date",
    "stage",
    "park",
    "quarter",
    "planned_date",
    "problem",
    "owner",
    "due",
    "dispatch",
    "closes",
    "note",
    "row",
)


@dataclass(frozen=True, eq=False)
class History:
    """E events in the order of candidate, day and stage.

    ``events`` has ``candidate`` and ``park`` (positions in the case; −1: no park), ``date``, ``planned_date``, ``due``, ``closes``
    (datetime64, NaT where blank), ``stage`` (a code of :data:`STAGES` or :data:`ASIDE`), ``quarter``, ``problem``, ``owner``,
    ``dispatch``, ``note`` (texts, ``""`` where blank) and ``row`` (row of the table). ``on`` is the day up to which they count in this
    plan; None: there is no table, or one without rows and without a day.
    """

    events: pd.DataFrame
    on: date | None = None

    @classmethod
    def empty(cls) -> History:
        """Of a plan without the table."""
        return cls(pd.DataFrame({name: np.zeros(0, dtype=_DTYPES.get(name, object)) for name in COLUMNS}))

    @classmethod
    def of(cls, events: pd.DataFrame, on: date | None) -> History:
        """From events in any order."""
        rank = _ranks(events)
        order = np.lexsort((events["row"], rank, events["date"], events["candidate"]))
        return cls(events.iloc[order].reset_index(drop=True), on)

    def standing(self, on: date | None = None) -> pd.DataFrame:
        """How each project with events up to the day ``on`` (None: that of the plan) stands: one row each, by candidate.

        ``stage``; ``rank`` (its position, −1 aside); ``since`` (first day of the rows that said this stage without a break); ``date``
        and ``row`` of the newest event; ``first_row`` (of that first day); ``reached`` (the highest rank since it was opened, −1: none);
        ``signed_on`` (day of the first row of 签约 or later since it was opened, NaT: none) and ``signed_row``; ``park`` (the newest that
        a row named since it was opened, −1) and ``park_row``; ``quarter`` (the newest that a row from 签约 on named, ``""``) and
        ``quarter_row``; ``planned_date`` (the newest of this stage, NaT) and ``owner``. Rows are −1 where there is none.
        """
        until = on or self.on
        told = self.along if until is None else self.along[self.along["date"] <= np.datetime64(until)]
        return told[~told["candidate"].duplicated(keep="last")].drop(columns=["run", "before", "previous"]).reset_index(drop=True)

    def until(self, on: date | None = None) -> pd.DataFrame:
        """The events up to the day ``on`` (None: that of the plan)."""
        day = on or self.on
        return self.events if day is None else self.events[self.events["date"] <= np.datetime64(day)].reset_index(drop=True)

    @cached_property
    def along(self) -> pd.DataFrame:
        """How the project of each event stands with it, in the order of ``events``: the columns of :meth:`standing`, and ``run``, which
        numbers the stretches from one opening to the next, ``before`` (``reached`` before the event, −1 at the first of a run) and
        ``previous`` (the stage before it, ``""`` at the first)."""
        events = self.events
        candidate, stage = events["candidate"], events["stage"]
        rank: pd.Series[int] = pd.Series(_ranks(events), index=events.index)
        new = candidate.ne(candidate.shift())
        previous = stage.shift().where(~new, "")
        opened = new | (previous.isin(ASIDE) & stage.isin(OPENS))
        run = opened.cumsum()
        reached = rank.groupby(run).cummax()
        signed = rank >= SIGNED
        first_signed = signed & ~signed.groupby(run).cummax().groupby(run).shift(fill_value=False).astype(bool)
        segment = (opened | stage.ne(previous)).cumsum()
        told = pd.DataFrame({"candidate": candidate, "stage": stage, "rank": rank, "date": events["date"], "row": events["row"]})
        told["since"] = events["date"].groupby(segment).transform("first")
        told["first_row"] = events["row"].groupby(segment).transform("first")
        told["reached"] = reached
        told["before"] = reached.groupby(run).shift(fill_value=-1)
        told["previous"], told["run"] = previous, run
        told["signed_on"] = events["date"].where(first_signed).groupby(run).ffill()
        told["signed_row"] = carried(events["row"], first_signed, run)
        named = events["park"] >= 0
        told["park"], told["park_row"] = carried(events["park"], named, run), carried(events["row"], named, run)
        when = (events["quarter"] != "") & (reached >= SIGNED)
        told["quarter"] = events["quarter"].where(when).groupby(run).ffill().fillna("")
        told["quarter_row"] = carried(events["row"], when, run)
        told["planned_date"] = events["planned_date"].groupby(segment).ffill()
        told["owner"] = events["owner"].where(events["owner"] != "").groupby(run).ffill().fillna("")
        return told

    def conversions(self, on: date | None = None) -> pd.DataFrame:
        """Of the projects that are known to have come through each stage up to the day ``on``, how many came further.

        One row for each of :data:`STAGES`: ``stage``; ``projects`` that came through it (a row said it, or one before and one behind
        it: a project that is first heard of when it signs tells nothing of how many talks end so); ``next`` and ``signed``: how
        many of them reached a later stage, and a signature; ``lost`` and ``paused``: how many stand so;
        ``open``: neither that nor signed yet; ``share_next`` and ``share_signed`` (NaN without projects); ``days_next`` and
        ``days_signed``: the median of the days from its own row to the first row of the next stage and of 签约 or later, NaN where no
        project has both.
        """
        events = self.until(on)
        rank = _ranks(events)
        own = events.assign(rank=rank)[rank >= 0]
        spans = own.groupby("candidate")["rank"].agg(["min", "max"])
        now = self.standing(on).set_index("candidate")["stage"].reindex(spans.index).fillna("")
        first = [own[own["rank"] == r].groupby("candidate")["date"].min() for r in range(len(STAGES) + 1)]
        signing = own[own["rank"] >= SIGNED].groupby("candidate")["date"].min()
        rows = []
        for r, code in enumerate(STAGES):
            through = (spans["min"] <= r) & (spans["max"] >= r)
            here, stand = spans[through], now[through]
            signed = here["max"] >= SIGNED
            aside = {name: int((stand == name).sum()) for name in ASIDE}
            size, onward = len(here), here["max"] > r
            rows.append(
                {
                    "stage": code,
                    "projects": size,
                    "next": int(onward.sum()),
                    "signed": int(signed.sum()),
                    **aside,
                    "open": int((~signed & ~stand.isin(ASIDE)).sum()),
                    "share_next": onward.mean() if size else np.nan,
                    "share_signed": signed.mean() if size else np.nan,
                    "days_next": _median(first[r], first[r + 1]),
                    "days_signed": _median(first[r], signing) if r < SIGNED else np.nan,
                }
            )
        return pd.DataFrame(rows)


@dataclass(frozen=True, eq=False)
class Standing:
    """What the events do to each of I candidates on the day of the plan."""

    promised: NDArray[np.bool_]
    """Signed by an event, in the park that is settled; shape (I,)."""
    waiting: NDArray[np.bool_]
    """On hold, and no day is known on which it goes on; shape (I,)."""
    over: int
    """So many quarters of the horizon are over on the day."""

    @classmethod
    def nothing(cls, size: int) -> Standing:
        """Of a plan without events."""
        return cls(np.zeros(size, dtype=bool), np.zeros(size, dtype=bool), 0)


_DTYPES: dict[str, Any] = {
    **dict.fromkeys(("candidate", "park", "row"), np.int64),
    **dict.fromkeys(("date", "planned_date", "due", "closes"), "datetime64[s]"),
}


def _ranks(events: pd.DataFrame) -> NDArray[np.int64]:
    """The position of each event's stage on its way, −1 of those aside."""
    return np.array([RANK[code] for code in events["stage"].tolist()], dtype=np.int64)


def carried(values: pd.Series[Any], named: pd.Series[Any], run: pd.Series[Any]) -> NDArray[np.int64]:
    """With each event the newest value of each run where ``named``, −1 before there is one."""
    return values.where(named).groupby(run).ffill().fillna(-1).to_numpy(np.int64)


def _median(begin: pd.Series[Any], end: pd.Series[Any]) -> float:
    """The median of the days between two days that both are known."""
    days = (end - begin).dt.days
    days = days[days >= 0]
    return float(days.median()) if len(days) else float("nan")
