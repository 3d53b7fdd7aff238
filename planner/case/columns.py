"""Taking columns out of a read table for the :class:`~planner.case.case.Case`, with a problem for each gap that matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints
from planner.case.codes import CODES, problem
from planner.language import Words
from planner.problems import Place, Problem, listed_at_most, nearest
from planner.reading.phrases import whole_ids
from planner.reading.table import Doubts, Rests, Table
from planner.settings.document import dotted

SHOWN = 20
"""Problems of one kind that are listed one by one; the rest are counted in one line."""
BLANK_REMEDY = Words("填写数值；确实没有就写 0", "write the number; write 0 when there is none")


@dataclass(frozen=True)
class Findings:
    """Problems gathered while tables are linked; ``setting`` gives the place of a key path in plan.yaml. A problem of which something that
    it ``rests`` on is in ``doubts`` is not noted."""

    setting: Callable[..., Place | None]
    doubts: Doubts = field(default_factory=Doubts)
    problems: list[Problem] = field(default_factory=list)
    cells: set[tuple[str, int, str]] = field(default_factory=set)
    """Table, row and column of cells that were refused here: of them, too, nothing is known from then on."""

    def add(self, code: str, place: Place | None, subject: str, found: str = "", /, rests: Rests = (), **values: object) -> None:
        """Note one."""
        if not self.doubts.any_of(rests):
            self.problems.append(problem(code, place, subject, found, **values))

    def at(self, code: str, keys: Sequence[str | int], found: str, /, rests: Rests = (), **values: object) -> None:
        """One of the setting at a key path, where that is not refused itself."""
        if not self.doubts.settings.whole(*keys):
            place = self.setting(*keys, key=found == keys[-1])  # what is wrong may be the name itself
            self.add(code, place, dotted(tuple(keys)), found, rests=rests, **values)

    def refused(self, table: Table, row: int, *columns: str) -> bool:
        """Whether one of these cells of a row was refused, on reading or here."""
        return any((row, column) in table.refused or (table.name, row, column) in self.cells for column in columns)

    def rows(
        self,
        code: str,
        table: Table,
        column: str,
        rows: Sequence[int],
        found: Sequence[str] = (),
        /,
        each: Sequence[Mapping[str, Any]] = (),
        **values: Any,
    ) -> None:
        """One for each row, the first :data:`SHOWN` singly and the rest counted; ``found``: what each holds, if anything; ``each``: what
        fills the message of each, beside ``values``."""
        subject, most = table.headers.get(column, column), min(len(rows), listed_at_most(SHOWN))
        if CODES.entries[code].severity == "error":
            self.cells.update((table.name, row, column) for row in rows)
        own = each or [{}] * (most + 1)
        for row, text, filled in zip(rows[:most], found[:most] or [""] * most, own, strict=False):
            self.add(code, table.place(row, column), subject, text, **{**values, **filled})
        if len(rows) > most:
            self.add(code, table.place(rows[most], column), subject, "", **{**values, **own[most]})
            more, last = len(rows) - most, self.problems[-1]
            rule = Words(f"同类问题另有 {more} 处：{last.rule.zh}", f"{more} more of this kind: {last.rule.en}")
            self.problems[-1] = replace(last, rule=rule)


@dataclass(frozen=True)
class Columns:
    """One table, its rows in the order of the case; ``table`` None stands for an absent table of no rows."""

    table: Table | None
    order: Ints
    findings: Findings

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.order)

    def has(self, column: str) -> bool:
        """The file has the column."""
        return self.table is not None and column in self.table.frame.columns

    @cached_property
    def index(self) -> pd.RangeIndex:
        """The index of every column in case order: one object, as pandas compares different ones label by label."""
        return pd.RangeIndex(self.rows)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Every column of the file in case order, to be read only; there is a table."""
        assert self.table is not None
        return self.table.frame.take(self.order).set_axis(self.index)

    def series(self, column: str) -> pd.Series[Any]:
        """The column in case order; the caller has asked :meth:`has`."""
        return self.frame[column]

    def texts(self, column: str, default: Any = "") -> list[Any]:
        """What each cell says, ``default`` where blank or absent."""
        if not self.has(column):
            return [default] * self.rows
        return [default if value is None or value != value or value == "" else value for value in self.series(column).tolist()]

    def text(self, column: str, default: str | None = "") -> pd.Series[Any]:
        """The same as a column of objects."""
        return self.objects(self.texts(column, default))

    def objects(self, values: Sequence[Any]) -> pd.Series[Any]:
        """A value for each row, as a column of objects."""
        return pd.Series(values, index=self.index, dtype=object)

    def number(self, column: str, absent: float, used: bool = True) -> Floats:
        """Numbers; ``absent`` throughout when there is no such column. Blank cells are problems when ``used``."""
        if not self.has(column):
            return np.full(self.rows, absent, dtype=np.float64)
        values: Floats = np.asarray(self.series(column), dtype=np.float64)
        if used and self.table is not None:
            blank = [row for row in self.order[np.isnan(values)].tolist() if (row, column) not in self.table.refused]
            self.findings.rows("C201", self.table, column, blank, remedy=BLANK_REMEDY)
        return values

    def flag(self, column: str) -> Bools:
        """True where the cell says so; False where blank or absent."""
        return np.asarray(self.series(column).to_numpy() == 1, dtype=bool) if self.has(column) else np.zeros(self.rows, dtype=bool)

    def names(self, ids: Sequence[Any]) -> pd.Series[Any]:
        """The column ``name``, the id where it is blank or absent."""
        return self.objects([name if own is None else own for own, name in zip(self.texts("name", None), ids, strict=True)])

    def lists(self, column: str) -> list[tuple[str, ...]]:
        """Each cell's entries."""
        if not self.has(column):
            return [()] * self.rows
        return [tuple(value) if isinstance(value, (tuple, list)) else () for value in self.series(column)]

    def listed(self, column: str, known: dict[str, int], what: Words) -> Bools:
        """Which of the ``known`` names each cell lists, shape (rows, known); an unknown name is a problem."""
        listed = np.zeros((self.rows, len(known)), dtype=bool)
        for position, names in enumerate(whole_ids(self.lists(column), known)):
            for name in names:
                if name in known:
                    listed[position, known[name]] = True
                elif name:
                    self.unknown(position, column, name, known, what)
        return listed

    def told(self, texts: Sequence[str], numbers: Sequence[str] = ()) -> dict[str, Any]:
        """Columns that the plan only tells: texts, None where blank, and numbers, NaN where blank."""
        return {
            **{column: self.text(column, None) for column in texts},
            **{column: self.number(column, np.nan, used=False) for column in numbers},
        }

    def made(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        """A frame of such columns, and of arrays."""
        return pd.DataFrame(columns, index=self.index)

    def place(self, position: int, column: str) -> Place | None:
        """Where the cell of a case row is."""
        return self.table.place(int(self.order[position]), column) if self.table is not None else None

    def header(self, column: str) -> str:
        """The column's name as the file has it."""
        return self.table.headers.get(column, column) if self.table is not None else column

    def report(self, code: str, position: int, column: str, found: str = "", /, beside: Sequence[str] = (), **values: Any) -> None:
        """A problem of the cell of a case row, that rests on the cells ``beside`` it too."""
        if not self.refused(position, column, *beside):
            self.findings.add(code, self.place(position, column), self.header(column), found, **values)
            if self.table is not None and CODES.entries[code].severity == "error":
                self.findings.cells.add((self.table.name, int(self.order[position]), column))

    def refused(self, position: int, *columns: str) -> bool:
        """Whether one of these cells of a case row was refused."""
        return self.table is not None and self.findings.refused(self.table, int(self.order[position]), *columns)

    def locate(self, column: str, known: dict[str, int], what: Words) -> Ints:
        """Position of each cell's name in ``known``, −1 for blank; an unknown name is a problem with the nearest ones."""
        names = list(map(str, self.texts(column)))
        for position, name in enumerate(names):
            if name and name not in known:
                self.unknown(position, column, name, known, what)
        return np.array([known.get(name, -1) for name in names], dtype=np.int64)

    def unknown(self, position: int, column: str, name: str, known: Iterable[str], what: Words, rests: Rests = ()) -> None:
        """A name that stands nowhere; no word of a cell that was refused already."""
        if self.refused(position, column):
            return
        remedy = Words(f"请先在{what.zh}表中登记", f"enter it in the table of {what.en}s first")
        if near := "、".join(nearest(name, known)):
            remedy = Words(f"最接近的是：{near}", f"nearest: {near}")
        self.report("C202", position, column, name, rests=rests, what=what, remedy=remedy)


def of_refused_links(case: Case) -> set[int]:
    """Rows of candidates that have no chain only because a cell that was refused would name it: their link, or its chain."""
    own, table = case.tables["candidates"], case.tables.get("links")
    rows = {row for row, column in own.refused if column == "link_id"}
    if table is None or "link_id" not in own.frame.columns:
        return rows
    links = table.frame["link_id"].iloc[[row for row, column in table.refused if column == "chain_id"]]
    return rows | set(np.flatnonzero(own.frame["link_id"].isin(links)).tolist())


def columns_of(table: Table | None, key: Sequence[str], findings: Findings) -> Columns:
    """The table with its rows sorted by ``key`` (as text), so that row order never matters (R8)."""
    if table is None:
        return Columns(None, np.zeros(0, dtype=np.int64), findings)
    present = [column for column in key if column in table.frame.columns]
    texts = ([_as_text(value) for value in table.frame[column].tolist()] for column in present)
    keys = list(zip(*texts, strict=True)) if present else [()] * len(table)
    return Columns(table, np.array(sorted(range(len(table)), key=keys.__getitem__), dtype=np.int64), findings)


def _as_text(value: object) -> str:
    return "" if value is None or value != value else str(value)
