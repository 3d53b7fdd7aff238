"""What a sheet says beside its cells, told where it may change what a row or a number means (R1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.language import Words
from planner.problems import Problem
from planner.reading.table import Broken, Grid, column_letter, filled
from planner.reading.workbooks.formats import shown_divisor, shows_percent
from planner.tables.codes import problem

_FIRST = 5
"""Places that a warning about many rows names."""


def unseen(grid: Grid, body: Sequence[int], columns: Mapping[str, int]) -> list[Problem]:
    """Rows of the ``body`` (positions in the grid) that are hidden or struck out, and hidden ``columns`` (name: position) that
    hold anything: warnings."""
    problems = []
    for code, marked in (("T202", grid.hidden), ("T203", grid.struck)):
        rows = [row for row in body if row in marked]
        if rows:
            first = [str(row + 1) for row in rows[:_FIRST]]
            more = Words(" 等", " and others") if len(rows) > _FIRST else Words("", "")
            shown = Words("、".join(first) + more.zh, ", ".join(first) + more.en)
            problems.append(problem(code, grid.place(rows[0]), grid.sheet or grid.file, count=len(rows), rows=shown))
    return problems + [
        problem("T204", grid.place(None, at), column_letter(at))
        for at in sorted(grid.hidden_columns.intersection(columns.values()))
        if any(at < len(grid.rows[row]) and filled(grid.rows[row][at]) for row in body)
    ]


def broken_headers(grid: Grid, header: int) -> list[Problem]:
    """Formulas in or above the header row whose result is an error or was never saved: what a column is, or its unit, is not
    known. Above the header they are warnings."""
    return [
        replace(
            problem(cell.code, grid.place(row, at), column_letter(at), cell.text), severity="error" if row == header else "warning"
        )
        for row, cells in enumerate(grid.rows[: header + 1])
        for at, cell in enumerate(cells)
        if isinstance(cell, Broken) and cell.code in ("T140", "T141")
    ]


def scaled(grid: Grid, body: Sequence[int], column: int, header: str, share: bool) -> list[tuple[int, Problem]]:
    """Numbers of a column whose format shows another number than the one that is held, with their places in the ``body``. A ``share`` may be shown as a percentage."""
    if not grid.formats:
        return []
    found = []
    for number, row in enumerate(body):
        code = grid.formats.get((row, column), "")
        percent = not share and shows_percent(code)
        if code and ((divisor := shown_divisor(code)) != 1 or percent) and grid.rows[row][column]:
            held, place = str(grid.rows[row][column]), grid.place(row, column)
            times = (
                Words("100 倍（%）", "100 times it (%)") if percent else Words(f"{divisor:,} 分之一", f"one {divisor:,}th of it")
            )
            found.append((number, problem("T205", place, header, held, format=code, held=held, times=times)))
    return found
