"""Taking columns out of a read table for the :class:`~planner.case.case.Case`, with a problem for each gap that matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Floats, Ints
from planner.case.codes import problem
from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.table import Table

SHOWN = 20
"""Problems of one kind that are listed one by one; the rest are counted in one line."""

BLANK_REMEDY = Words("填写数值；确实没有就写 0", "write the number; write 0 when there is none")


@dataclass(frozen=True)
class Findings:
    """Problems gathered while tables are linked; ``setting`` gives the place of a key in plan.yaml."""

    setting: Callable[..., Place | None]
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: Place | None, subject: str, found: str = "", /, **values: object) -> None:
        """Note one."""
        self.problems.append(problem(code, place, subject, found, **values))

    def at(self, code: str, keys: Sequence[str | int], found: str, /, **values: object) -> None:
        """One of the setting at a key path."""
        self.add(code, self.setting(*keys), ".".join(map(str, keys)), found, **values)

    def rows(
        self, code: str, table: Table, column: str, rows: Sequence[int], found: Sequence[str] = (), /, **values: object
    ) -> None:
        """One for each row, the first :data:`SHOWN` singly and the rest counted; ``found``: what each holds, if anything."""
        subject = table.headers.get(column, column)
        for row, text in list(zip(rows, found or [""] * len(rows), strict=True))[:SHOWN]:
            self.add(code, table.place(int(row), column), subject, text, **values)
        if len(rows) > SHOWN:
            more = Words("同类问题另有 {more} 处：", "{more} more of this kind: ").fill(more=len(rows) - SHOWN)
            self.add(code, table.place(int(rows[SHOWN]), column), subject, "", **values)
            rule = self.problems[-1].rule
            self.problems[-1] = replace(self.problems[-1], rule=Words(more.zh + rule.zh, more.en + rule.en))


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

    def series(self, column: str) -> pd.Series[Any]:
        """The column in case order; the caller has asked :meth:`has`."""
        assert self.table is not None
        return self.table.frame[column].iloc[self.order].reset_index(drop=True)

    def text(self, column: str, default: str | None = "") -> pd.Series[Any]:
        """Text with ``default`` where blank or absent."""
        if not self.has(column):
            return pd.Series([default] * self.rows, dtype=object)
        values = self.series(column).astype(object)
        return values.where(values.notna() & (values != ""), default)

    def number(self, column: str, absent: float, used: bool = True) -> Floats:
        """Numbers; ``absent`` throughout when there is no such column. Blank cells are problems when ``used``."""
        if not self.has(column):
            return np.full(self.rows, absent, dtype=np.float64)
        values: Floats = np.asarray(self.series(column), dtype=np.float64)
        blank = np.flatnonzero(np.isnan(values))
        if self.table is not None and self.table.refused:  # reported already, for what the cell says
            blank = np.array([n for n in blank if (int(self.order[n]), column) not in self.table.refused], dtype=np.int64)
        if used and blank.size and self.table is not None:
            self.findings.rows("C201", self.table, column, list(self.order[blank]), remedy=BLANK_REMEDY)
        return values

    def flag(self, column: str) -> Bools:
        """True where the cell says so; False where blank or absent."""
        if not self.has(column):
            return np.zeros(self.rows, dtype=bool)
        return self.series(column).map(lambda value: value is True or value is np.True_ or value == 1).to_numpy(dtype=bool)

    def lists(self, column: str) -> list[tuple[str, ...]]:
        """Each cell's entries."""
        if not self.has(column):
            return [()] * self.rows
        return [tuple(value) if isinstance(value, (tuple, list)) else () for value in self.series(column)]

    def place(self, position: int, column: str) -> Place | None:
        """Where the cell of a case row is."""
        return self.table.place(int(self.order[position]), column) if self.table is not None else None

    def header(self, column: str) -> str:
        """The column's name as the file has it."""
        return self.table.headers.get(column, column) if self.table is not None else column

    def report(self, code: str, position: int, column: str, found: str = "", /, **values: object) -> None:
        """A problem of the cell of a case row."""
        self.findings.add(code, self.place(position, column), self.header(column), found, **values)

    def locate(self, column: str, names: Sequence[object], known: dict[str, int], what: Words) -> Ints:
        """Positions of ``names`` in ``known``, −1 for blank; an unknown name is a problem with the nearest ones."""
        found = np.full(len(names), -1, dtype=np.int64)
        for position, name in enumerate(names):
            if name is None or name == "":
                continue
            at = known.get(str(name))
            if at is None:
                self.unknown(position, column, str(name), known, what)
            else:
                found[position] = at
        return found

    def unknown(self, position: int, column: str, name: str, known: Iterable[str], what: Words) -> None:
        """A name that stands nowhere; no word of a cell that was refused already."""
        if self.table is not None and (int(self.order[position]), column) in self.table.refused:
            return
        near = "、".join(nearest(name, known))
        remedy = Words(f"最接近的是：{near}", f"nearest: {near}")
        if not near:
            remedy = Words(f"请先在{what.zh}表中登记", f"enter it in the table of {what.en}s first")
        self.report("C202", position, column, name, what=what, remedy=remedy)


def columns_of(table: Table | None, key: Sequence[str], findings: Findings) -> Columns:
    """The table with its rows sorted by ``key`` (as text), so that row order never matters (R8)."""
    if table is None:
        return Columns(None, np.zeros(0, dtype=np.int64), findings)
    present = [column for column in key if column in table.frame.columns]
    keys = table.frame[present].astype(object).map(lambda value: "" if value is None or value != value else str(value))
    order = keys.sort_values(present, kind="stable").index.to_numpy(dtype=np.int64) if present else np.arange(len(keys))
    return Columns(table, order, findings)
