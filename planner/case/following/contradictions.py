"""What the rows of the table ``status`` contradict: each other, their day, what parks have and take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Ints
from planner.case.columns import Columns, Findings
from planner.case.following.act import NAMED, today
from planner.case.history import ASIDE, SIGNED, STAGE_WORDS, History, carried
from planner.language import Words
from planner.reading.table import Rests, Table
from planner.settings.base import last_day
from planner.tolerances import rounding

OF_DAY: Rests = (("on",), ("quarters",))
"""What the day up to which events count rests on."""
OF_ROOM = frozenset({"candidates", "parks", "capacities", "site_options"})
"""Tables whose changes may make too little of a park for what has signed: what would be if, and no contradiction."""


def check_history(history: History, rows: Columns, quarters: tuple[str, ...], given: str | None) -> None:
    """What the rows contradict among themselves, and the day up to which they count: the one that is ``given`` by the plan, or taken."""
    on, table, findings = history.on, rows.table, rows.findings
    if table is None and given is not None:
        findings.at("C369", ("on",), given, rests=["status.*"])
    if on is None or table is None:
        return
    end = last_day(quarters[-1])
    if end <= on:
        findings.at("C367", ("on",), on.isoformat(), rests=[("quarters",)], last=quarters[-1])
    _Rows(history, table, findings).check(on, end, given is not None)


class _Rows:
    """The events with their rows, and what is told of them."""

    def __init__(self, history: History, table: Table, findings: Findings) -> None:
        self.table, self.findings = table, findings
        self.events, self.along = history.events, history.along
        self.row: Ints = self.along["row"].to_numpy(np.int64)
        self.day = self.along["date"].to_numpy("datetime64[D]")
        self.stage = self.along["stage"].to_numpy(object)

    def check(self, on: date, end: date, given: bool) -> None:
        """All of them."""
        counted = self.day <= np.datetime64(on)
        future = self.day > np.datetime64(max(on, end))
        self._tell("C353", future, "date", on=on.isoformat(), end=end.isoformat(), rests=OF_DAY)
        self._days(~counted & ~future, on, given)
        clash = self._same_day()
        self._order(~clash)
        for column in ("planned_date", "due"):
            self._tell("C356", self.events[column].to_numpy("datetime64[D]") < self.day, column)
        self._changed(counted)
        self._solved()

    def _tell(self, code: str, which: Bools, column: str, other: Ints | None = None, **values: object) -> None:
        """A problem for each of these events, at its cell of ``column``; ``other``: for each event the one that it is held against."""
        at = np.flatnonzero(which).tolist()
        each: list[Mapping[str, Any]] = []
        if other is not None:
            for n in at:
                held = int(other[n])
                words = {"stage": STAGE_WORDS[self.stage[n]], "other": STAGE_WORDS[self.stage[held]]}
                each.append({**words, "cell": self.table.place(int(self.row[held]), column).cell or ""})
        ids = self.table.frame["candidate_id"].astype(str).to_numpy(object)[self.row[at]].tolist()
        self.findings.rows(code, self.table, column, self.row[at].tolist(), ids, each=each, **values)

    def _days(self, later: Bools, on: date, given: bool) -> None:
        """One remark on the rows that come later than the day, or on the day where it was taken from the newest of them."""
        header = self.table.headers.get("date", "date")
        if not given and on > today():
            # In the table: the row that has the day may be one of which something else was refused.
            newest = max(n for n, day in enumerate(self.table.frame["date"].tolist()) if day == on.isoformat())
            self.findings.add("C355", self.table.place(newest, "date"), header, on.isoformat(), rests=OF_DAY)
        rows = sorted(self.row[later].tolist())
        if rows:
            cells = [self.table.place(row, "date").cell or "" for row in rows[:NAMED]]
            listed = Words.listed([*cells, *(["…"] if len(rows) > NAMED else [])])
            self.findings.add(
                "C354", self.table.place(rows[0], "date"), header, rests=OF_DAY, count=len(rows), cells=listed, on=on.isoformat()
            )

    def _same_day(self) -> Bools:
        """Rows that say of one project and day that it stands aside, and something else."""
        keys = [self.along["candidate"], self.along["date"]]
        stages = self.along["stage"].groupby(keys).transform("nunique") if len(self.along) else self.along["rank"]
        aside = self.along["stage"].isin(ASIDE).groupby(keys).transform("any") if len(self.along) else self.along["rank"]
        clash = np.asarray((stages > 1) & (aside > 0), dtype=bool)
        again = np.append(False, clash[1:] & clash[:-1] & (self.day[1:] == self.day[:-1]) & self._same_project())
        self._tell("C352", again, "stage", np.arange(len(clash)) - 1)
        return clash

    def _same_project(self) -> Bools:
        candidate = self.along["candidate"].to_numpy(np.int64)
        return np.asarray(candidate[1:] == candidate[:-1], dtype=bool)

    def _order(self, clear: Bools) -> None:
        """A stage behind one that was reached, and what follows a loss."""
        along, size = self.along, len(self.along)
        rank, before = along["rank"].to_numpy(np.int64), along["before"].to_numpy(np.int64)
        opened = np.append(True, along["run"].to_numpy(np.int64)[1:] != along["run"].to_numpy(np.int64)[:-1])[:size]
        previous = along["previous"].to_numpy(object)
        after_loss = ~opened & (previous == "lost") & (self.stage != "lost")
        reached = along["reached"].to_numpy(np.int64)
        broken = opened & (previous == "paused") & (np.append(-1, reached)[:size] >= SIGNED)
        back = (rank >= 0) & ~opened & (rank < before) & ~after_loss
        # The newest event before that had come as far as the project had.
        high = pd.Series((rank >= 0) & (rank == reached))
        highest = carried(pd.Series(np.arange(size)), high, along["candidate"])
        highest_before = np.append(-1, highest[:-1])[:size]
        self._tell("C350", (back | broken) & clear, "stage", highest_before)
        self._tell("C351", after_loss & clear, "stage", np.arange(size) - 1)

    def _changed(self, counted: Bools) -> None:
        """Another park or quarter than a row from 签约 on had named before."""
        run = self.along["run"]
        since_signing = self.along["reached"] >= SIGNED
        quarter = pd.Series(pd.factorize(self.events["quarter"])[0]).where(self.events["quarter"] != "", -1)
        for column, values in (("park_id", self.events["park"]), ("quarter", quarter)):
            named = (values >= 0) & since_signing
            at = pd.Series(carried(pd.Series(np.arange(len(values))), named, run)).groupby(run.to_numpy()).shift(fill_value=-1)
            other = at.to_numpy(np.int64)
            was = np.append(values.to_numpy(np.int64), -1)[other]
            changed = (named & (other >= 0) & (was != values)).to_numpy(bool) & counted
            self._tell("C360", changed, column, other)

    def _solved(self) -> None:
        """A row that says of which day the problem or the order is that it settles: there is one."""
        solved = self.events["closes"].to_numpy("datetime64[D]")
        at = np.flatnonzero(~np.isnat(solved))
        raised = self.events[(self.events["problem"] != "") | (self.events["dispatch"] != "")]
        days = raised["date"].dt.strftime("%Y-%m-%d").groupby(raised["candidate"]).agg(list).to_dict()
        who = self.events["candidate"].to_numpy(np.int64)
        wrong = [n for n in at.tolist() if str(solved[n]) not in days.get(who[n], ()) or solved[n] > self.day[n]]
        each = [{"days": Words.listed(days.get(who[n], ())[-NAMED:] or ["—"])} for n in wrong]
        rows = self.row[wrong].tolist()
        found = [str(solved[n]) for n in wrong]
        self.findings.rows("C366", self.table, "closes", rows, found, each=each, days="")


def check_deals(case: Case, findings: Findings) -> None:
    """Deals that events say have signed, where their park cannot hold or does not take them."""
    table = case.tables.get("status")
    if table is None or not case.standing.promised.any():
        return
    told = case.history.standing().set_index("candidate")
    cells = {int(i): int(row) for i, row in zip(told.index, told["signed_row"], strict=True)}
    park = case.candidates["fixed_park"].to_numpy(np.int64)
    who = np.flatnonzero(case.standing.promised & (park >= 0))
    closed = np.zeros_like(case.refused)
    closed[case.pairs.candidate[~case.pairs.allowed], case.pairs.park[~case.pairs.allowed]] = True
    chain = case.candidates["chain"].to_numpy(np.int64)
    takes = np.hstack([case.chain_allowed, np.ones((len(case.parks), 1), dtype=bool)])
    against = who[case.refused[who, park[who]] | closed[who, park[who]] | ~takes[park[who], chain[who]]]
    names = [f"{_name(case, i)} → {case.parks['park_id'].iloc[park[i]]}" for i in against.tolist()]
    findings.rows("C362", table, table.either("park_id", "stage"), [cells[i] for i in against.tolist()], names)
    if not any(made.change.table in OF_ROOM for made in case.tables.made):
        _check_room(case, findings, table, cells)


def _name(case: Case, i: int) -> str:
    return str(case.candidates["candidate_id"].iloc[i])


def _check_room(case: Case, findings: Findings, table: Table, cells: Mapping[int, int]) -> None:
    """The sum of what has signed in a place, above what it has in some quarter: the firms, and by how much."""
    park, quarter = (case.candidates[name].to_numpy(np.int64) for name in ("fixed_park", "fixed_quarter"))
    signed = np.flatnonzero((case.candidates["status"] == "signed").to_numpy(bool) & (park >= 0) & (quarter >= 0))
    for r, supply in enumerate(case.resources):
        need, place = case.need_in(r, signed, park[signed]), supply.place_of_park[park[signed]]
        used = np.zeros(supply.amount.shape)
        np.add.at(used, (place, quarter[signed]), np.nan_to_num(need))
        used = used.cumsum(axis=1)
        over = used - supply.amount
        most = np.where(np.isfinite(supply.amount), np.maximum(used, np.abs(supply.amount)), 0.0)
        for p in np.flatnonzero((over > rounding(most)).any(axis=1)).tolist():
            t = int(np.argmax(over[p]))
            here = signed[(place == p) & (quarter[signed] <= t)]
            there = [i for i in here.tolist() if case.standing.promised[i]]
            if not there:
                continue
            newest = max(there, key=lambda i: (quarter[i], cells[i]))
            column = table.either("park_id", "stage")
            unit = f" {supply.unit}" if supply.unit else ""
            findings.add(
                "C361",
                table.place(cells[newest], column),
                table.headers.get(column, column),
                supply.places[p],
                rests=[
                    ("resources", supply.resource_id),
                    "parks.*",
                    "capacities.*",
                    f"candidates.{supply.resource_id}",
                    "site_options.*",
                ],
                resource=supply.name,
                quarter=case.quarters[t],
                firms=Words.listed([*(_name(case, i) for i in here[:20].tolist()), *(["…"] if len(here) > 20 else [])]),
                used=f"{used[p, t]:.10g}{unit}",
                has=f"{supply.amount[p, t]:.10g}{unit}",
                excess=f"{over[p, t]:.10g}{unit}",
            )
