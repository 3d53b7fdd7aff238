"""Lists and days without progress of histories of chance, against a plain reckoning row by row."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from planner.case.history import COLUMNS, History
from planner.settings.following import Ledger, Lights
from planner.tracking.counts import clocked, on_list, reached, reaches
from tests.sweep import sweep


def history_of(rows: Sequence[tuple[int, dt.date, str]]) -> History:
    frame = pd.DataFrame({name: [""] * len(rows) for name in COLUMNS})
    frame["candidate"] = [row[0] for row in rows]
    for name in ("date", "planned_date", "due", "closes"):
        frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    frame["date"] = pd.to_datetime([row[1] for row in rows]).astype("datetime64[s]")
    frame["stage"], frame["park"], frame["row"] = [row[2] for row in rows], -1, np.arange(len(rows))
    return History.of(frame, None)


def by_chance(seed: int) -> list[tuple[int, dt.date, str]]:
    random = np.random.default_rng(seed)
    ways = ("lead", "talks", "intent", "signed", "started", "finished", "producing", "full")
    rows: list[tuple[int, dt.date, str]] = []
    for i in range(12):
        at, day = int(random.integers(0, 4)), dt.date(2027, 1, 1) + dt.timedelta(days=int(random.integers(0, 90)))
        gone = False
        while day.year == 2027 and len(rows) < 400:
            rows.append((i, day, ways[at] if not gone else "lost"))
            day += dt.timedelta(days=int(random.integers(1, 60)))
            if gone:
                at, gone = int(random.integers(0, 2)), False
            elif random.random() < 0.12:
                gone = True
            else:
                at = min(at + int(random.integers(0, 3)), 7)
    return rows


def plainly(
    rows: Sequence[tuple[int, dt.date, str]], stage: str, first: dt.date, last: dt.date, on: dt.date
) -> set[tuple[int, dt.date]]:
    """One project after the other, row by row."""
    ways = ("lead", "talks", "intent", "signed", "started", "finished", "producing", "full")
    found: dict[int, dt.date] = {}
    for i, day, said in rows:
        if day > on:
            continue
        if said == "lost":
            found.pop(i, None)
        elif ways.index(said) >= ways.index(stage):
            found.setdefault(i, day)
    return {(i, day) for i, day in found.items() if first <= day <= last}


@pytest.mark.parametrize("seed", sweep(range(40), first=3))
def test_lists_of_chance_are_those_of_a_plain_reckoning_and_periods_share_out_the_year(seed: int) -> None:
    rows = by_chance(seed)
    history, on = history_of(rows), dt.date(2027, 12, 31)
    cuts = sorted({dt.date(2027, 1, 1) + dt.timedelta(days=int(n)) for n in np.random.default_rng(seed).integers(1, 364, 9)})
    edges, known = [dt.date(2027, 1, 1), *cuts, dt.date(2028, 1, 1)], reaches(history, on)
    for stage in ("signed", "started", "finished", "producing", "full"):
        whole = reached(known, stage, dt.date(2027, 1, 1), on)
        pairs = {(int(i), day.date()) for i, day in zip(whole["candidate"], whole["date"], strict=True)}
        assert pairs == plainly(rows, stage, dt.date(2027, 1, 1), on, on)
        parts = [reached(known, stage, a, b - dt.timedelta(days=1))["candidate"].tolist() for a, b in itertools.pairwise(edges)]
        assert sorted(i for part in parts for i in part) == sorted(whole["candidate"])
    rules = Ledger(lights=Lights(yellow=20, red=40, out=80))
    told = clocked(history, on, rules)
    lit = [len(on_list(history, lamp, None, on, rules)) for lamp in ("yellow", "red", "out")]
    assert sum(lit) == int(told["light"].isin(["yellow", "red", "out"]).sum())


def paused_by_chance(seed: int) -> tuple[list[tuple[int, dt.date, str]], list[dt.date | None]]:
    """Signed projects that go on hold now and then, and for each row the day until which, where one is planned."""
    random = np.random.default_rng(1000 + seed)
    rows: list[tuple[int, dt.date, str]] = []
    planned: list[dt.date | None] = []
    for i in range(8):
        day, stage = dt.date(2027, 1, 1) + dt.timedelta(days=int(random.integers(0, 60))), 3
        for _ in range(int(random.integers(1, 6))):
            hold = random.random() < 0.5
            rows.append((i, day, "paused" if hold else ("signed", "started")[stage - 3]))
            if not hold and random.random() < 0.3:
                stage = 4
            planned.append(day + dt.timedelta(days=int(random.integers(1, 90))) if hold and random.random() < 0.7 else None)
            day += dt.timedelta(days=int(random.integers(1, 50)))
    return rows, planned


@pytest.mark.parametrize("seed", sweep(range(40), first=3))
def test_days_without_progress_are_those_counted_one_by_one(seed: int) -> None:
    rows, planned = paused_by_chance(seed)
    history = history_of(rows)
    days = pd.Series(pd.to_datetime([None if day is None else day.isoformat() for day in planned]).astype("datetime64[s]"))
    history = History.of(history.events.assign(planned_date=days.iloc[history.events["row"]].to_numpy()), None)
    on = dt.date(2027, 6, 30)
    told = clocked(history, on, Ledger()).set_index("candidate")
    for i in sorted({row[0] for row in rows}):
        own = [(day, said, until) for (who, day, said), until in zip(rows, planned, strict=True) if who == i and day <= on]
        best, progress, until, count = -1, own[0][0], None, 0
        for day, said, _ in own:
            rank = {"paused": -1, "signed": 3, "started": 4}[said]
            if rank > best:
                best, progress = rank, day
        day = progress
        while day < on:
            newest = [one for one in own if one[0] <= day]
            if newest[-1][1] != "paused":
                until = None
            else:
                stretch = [one for n, one in enumerate(newest) if all(later[1] == "paused" for later in newest[n:])]
                until = next((one[2] for one in reversed(stretch) if one[2] is not None), None)
            count += until is None or day >= until
            day += dt.timedelta(days=1)
        assert (i, told["days"][i]) == (i, count)
