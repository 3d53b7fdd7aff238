"""What the table ``status`` does to a plan: signed deals are kept where and when they signed, the lost leave, the paused wait, and nobody
signs in a quarter that is over.

These are facts and no assumptions: each stands on its row of the table. A cell of the candidates that a change of the plan has written
goes before: it asks what would be if. What the rows contradict, among themselves or elsewhere, is told at their cells; codes ``C35x``
and ``C36x``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.case.case import Bools, Ints
from planner.case.columns import Columns, Findings
from planner.case.history import SIGNED, History, Standing
from planner.language import Words
from planner.reading.table import Table
from planner.settings.base import last_day, quarter_of, quarter_range

STATUS_OF = {"lead": "prospect", "talks": "negotiating", "intent": "negotiating", "paused": "", "lost": "lost"}
"""Status of a candidate by the stage of its project, where it has not signed; a pause says nothing of it."""
NAMED = 8
"""Cells that one remark names."""
Positions = dict[str, int]
Earlier = Mapping[str, tuple[str, str]]
"""Park and quarter of each project in the plan that this one follows, by ids."""
NOWHERE = ("", "")


def today() -> date:
    """The day up to which events count where the plan names none."""
    return date.today()


def day_of(on: str | None, table: Table | None, last_quarter: str) -> date | None:
    """The day up to which events count: the one that is given; else today, or the newest day of the table that is later and not after
    the horizon; None where there is no table, or no row and no day given."""
    if table is None:
        return None
    if on is not None:
        return date.fromisoformat(on)
    days = [day for day in table.frame["date"].tolist() if day] if "date" in table.frame.columns else []
    now, end = today(), last_day(last_quarter).isoformat()
    planned = [day for day in days if now.isoformat() < day <= end]
    return (date.fromisoformat(max(planned)) if planned else now) if days else None


def read_history(rows: Columns, candidate_at: Positions, park_at: Positions, on: date | None) -> History:
    """The events whose project and day are known; of the others a problem has been told."""
    if rows.table is None:
        return replace(History.empty(), on=on)
    known = rows.locate("candidate_id", candidate_at, Words("项目", "candidate"))
    frame = pd.DataFrame({"candidate": known, "park": rows.locate("park_id", park_at, Words("园区", "park"))})
    for name in ("date", "planned_date", "due", "closes"):
        frame[name] = pd.to_datetime(rows.text(name), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    for name in ("stage", "quarter", "problem", "owner", "dispatch", "note"):
        frame[name] = rows.text(name)
    frame["row"] = rows.order
    return History.of(frame[(known >= 0) & frame["date"].notna() & (frame["stage"] != "")], on)


def act(
    history: History, candidates: pd.DataFrame, rows: Columns, quarters: tuple[str, ...], parks: Positions, earlier: Earlier
) -> Standing:
    """Write what the events say into ``candidates``: status, fixed_park, fixed_quarter and earliest_quarter; ``rows`` are those of the
    table of candidates, ``earlier`` what the plan says that this one follows. A project that it has in a quarter that is over, and that
    no event speaks of, may stay there: that nobody wrote it down does not say that it did not sign."""
    size, on, findings = len(candidates), history.on, rows.findings
    if on is None:
        return Standing.nothing(size)
    over = sum(last_day(quarter) <= on for quarter in quarters)
    table, standing = findings.doubts.tables.get("status"), history.standing()
    changed = _Changed(rows, size)
    at = standing["candidate"].to_numpy(np.int64)
    stage, reached = standing["stage"].to_numpy(object), standing["reached"].to_numpy(np.int64)
    signed = (reached >= SIGNED) & (stage != "lost")
    told = np.where(signed, "signed", [STATUS_OF.get(code, "signed") for code in stage])
    if table is not None:
        _remarks(standing, signed, told, rows, table, changed)
    writes = (told != "") & ~changed.column("status")[at]
    candidates.loc[at[writes], "status"] = told[writes]
    promised = np.zeros(size, dtype=bool)
    promised[at[signed & writes]] = True
    if table is not None:
        deals = _Deals(standing[signed].reset_index(drop=True), table, findings)
        park = deals.parks(candidates, parks, earlier)
        own = changed.column("fixed_park")[deals.who]
        candidates.loc[deals.who[~own], "fixed_park"] = park[~own]
        promised[deals.who[own]] = False
        quarter = deals.quarters(quarters)
        own = changed.column("fixed_quarter")[deals.who]
        candidates.loc[deals.who[~own], "fixed_quarter"] = quarter[~own]
    paused = (stage == "paused") & ~signed & ~changed.column("earliest_quarter")[at]
    resumes = standing["planned_date"].to_numpy("datetime64[D]")
    waiting = np.zeros(size, dtype=bool)
    waiting[at[paused & np.isnat(resumes)]] = True
    earliest = candidates["earliest_quarter"].to_numpy(object).copy()
    for n in np.flatnonzero(paused & ~np.isnat(resumes)).tolist():
        earliest[at[n]] = max(earliest[at[n]] or "", quarter_of(resumes[n].item()))
    free = ~(candidates["status"] == "signed").to_numpy(bool)
    free[at[signed]] = False
    if over:
        _tell_missed(candidates, free, over, rows, quarters, on)
        first_open = quarter_range(quarters[0], over + 1)[-1]
        silent = _silent(candidates, free, at, over, quarters, earlier)
        if silent:
            listed = Words.listed([*list(silent.values())[:NAMED], *(["…"] if len(silent) > NAMED else [])])
            findings.add("C370", None, "status", rests=[("quarters",)], count=len(silent), firms=listed)
        for i in np.flatnonzero(free).tolist():
            opens = earlier[silent[i]][1] if i in silent else first_open
            earliest[i] = max(earliest[i] or "", opens)
    candidates["earliest_quarter"] = pd.Series(earliest, index=candidates.index, dtype=object)
    if table is not None:
        at_pause = standing["first_row"][paused & np.isnat(resumes)].tolist()
        findings.rows("C363", table, table.either("planned_date", "stage"), at_pause, _ids(table, at_pause))
        held = standing["row"][(stage == "paused") & signed].tolist()
        findings.rows("C368", table, "stage", held, _ids(table, held))
    return Standing(promised, waiting, over)


def _silent(
    candidates: pd.DataFrame, free: Bools, told: Ints, over: int, quarters: tuple[str, ...], earlier: Earlier
) -> dict[int, str]:
    """Projects, by position and id, that the earlier plan has in a quarter that is over and of which no event tells anything."""
    past, heard = set(quarters[:over]), set(told.tolist())
    ids = candidates["candidate_id"].astype(str).tolist()
    gone = (candidates["status"] == "lost").to_numpy(bool) | candidates["exclude"].to_numpy(bool)
    return {i: ids[i] for i in np.flatnonzero(free & ~gone).tolist() if i not in heard and earlier.get(ids[i], NOWHERE)[1] in past}


def _tell_missed(candidates: pd.DataFrame, free: Bools, over: int, rows: Columns, quarters: tuple[str, ...], on: date) -> None:
    """Projects that were to sign in a quarter that is over, and of which no event says that they did."""
    fixed = candidates["fixed_quarter"].to_numpy(np.int64)
    gone = (candidates["status"] == "lost").to_numpy(bool) | candidates["exclude"].to_numpy(bool)
    for i in np.flatnonzero(free & ~gone & (fixed >= 0) & (fixed < over)).tolist():
        rows.report("C365", i, "fixed_quarter", quarters[fixed[i]], on=on.isoformat())


class _Changed:
    """Which cells of the candidates a change of the plan has written."""

    def __init__(self, rows: Columns, size: int) -> None:
        self.cells = frozenset() if rows.table is None else rows.table.changed
        self.order, self.size = rows.order, size

    def column(self, name: str) -> Bools:
        """Of one column, shape (I,)."""
        written = [row for row, column in self.cells if column == name]
        return np.isin(self.order, written) if written else np.zeros(self.size, dtype=bool)


def _ids(table: Table, rows: Sequence[int]) -> list[str]:
    return [str(name) for name in table.frame["candidate_id"].iloc[list(rows)]]


def _cell(table: Table, row: int, column: str) -> str:
    """A cell as a message elsewhere names it: with its file, since it stands in another table."""
    return str(table.place(row, column))


class _Deals:
    """Projects that have signed: rows of a standing, their park and quarter."""

    def __init__(self, standing: pd.DataFrame, table: Table, findings: Findings) -> None:
        self.standing, self.table, self.findings = standing, table, findings
        self.who: Ints = standing["candidate"].to_numpy(np.int64)

    def parks(self, candidates: pd.DataFrame, parks: Positions, earlier: Earlier) -> Ints:
        """The park of each: the newest that a row names, else the candidate's own, else that of the earlier plan; −1, and a problem,
        where none says it."""
        park = self.standing["park"].to_numpy(np.int64).copy()
        own = candidates["fixed_park"].to_numpy(np.int64)[self.who]
        park = np.where(park >= 0, park, own)
        ids = candidates["candidate_id"].astype(str).to_numpy(object)[self.who]
        for n in np.flatnonzero(park < 0).tolist():
            park[n] = parks.get(earlier.get(ids[n], NOWHERE)[0], -1)
        lacking = [row for row in self.standing["signed_row"][park < 0].tolist() if (row, "park_id") not in self.table.refused]
        self.findings.rows("C357", self.table, self.table.either("park_id", "stage"), lacking, _ids(self.table, lacking))
        return park

    def quarters(self, quarters: tuple[str, ...]) -> Ints:
        """The quarter of each: the newest that a row names, else that of the day of signing; the first for an earlier one, told."""
        said = self.standing["quarter"].to_numpy(object)
        days = self.standing["signed_on"].to_numpy("datetime64[D]")
        names = [quarter or quarter_of(day.item()) for quarter, day in zip(said, days, strict=True)]
        known = {quarter: position for position, quarter in enumerate(quarters)}
        rows = np.where(said != "", self.standing["quarter_row"], self.standing["signed_row"])
        columns = np.where(said != "", "quarter", "date")
        early = [int(row) for row, quarter in zip(rows, names, strict=True) if quarter < quarters[0]]
        if early:
            listed = Words.listed([*dict.fromkeys(_ids(self.table, early[:NAMED])), *(["…"] if len(early) > NAMED else [])])
            place, header = self.table.place(early[0], "date"), self.table.headers.get("date", "date")
            self.findings.add("C359", place, header, rests=[("quarters",)], count=len(early), firms=listed, first=quarters[0])
        for row, column, quarter in zip(rows.tolist(), columns.tolist(), names, strict=True):
            if quarter > quarters[-1]:
                place, header = self.table.place(row, column), self.table.headers.get(column, column)
                self.findings.add("C358", place, header, quarter, rests=[("quarters",)], horizon=f"{quarters[0]}–{quarters[-1]}")
        return np.array([known.get(quarter, 0 if quarter < quarters[0] else -1) for quarter in names], dtype=np.int64)


def _remarks(
    standing: pd.DataFrame, signed: Bools, told: NDArray[np.object_], rows: Columns, table: Table, changed: _Changed
) -> None:
    """What the candidates' own cells say otherwise than the newest event, in one remark a column: the event rules. A project that they
    have for a prospect, as a blank does, has only come further."""
    if rows.table is None:
        return
    at = standing["candidate"].to_numpy(np.int64)
    own = rows.text("status").to_numpy(object)[at]
    parks, named = rows.text("fixed_park").to_numpy(object)[at], standing["park"].to_numpy(np.int64)
    written = table.frame["park_id"].astype(object).to_numpy() if "park_id" in table.frame.columns else np.array([], dtype=object)
    of_event = np.array([written[row] if row >= 0 else "" for row in standing["park_row"].tolist()], dtype=object)
    differ = {
        "status": (np.flatnonzero((own != "") & (own != "prospect") & (told != "") & (own != told)), "stage", standing["row"]),
        "fixed_park": (
            np.flatnonzero(signed & (parks != "") & (named >= 0) & (parks != of_event)),
            "park_id",
            standing["park_row"],
        ),
    }
    for column, (where, other, event_rows) in differ.items():
        written_over = changed.column(column)[at]
        told_of = [n for n in where.tolist() if not written_over[n] and not rows.refused(int(at[n]), column)]
        if not told_of:
            continue
        cells = [
            f"{_cell(rows.table, int(rows.order[at[n]]), column)} × {_cell(table, int(event_rows.iloc[n]), other)}"
            for n in told_of[:NAMED]
        ]
        listed = Words.listed([*cells, *(["…"] if len(told_of) > NAMED else [])])
        rows.findings.add("C364", rows.place(int(at[told_of[0]]), column), rows.header(column), count=len(told_of), cells=listed)
