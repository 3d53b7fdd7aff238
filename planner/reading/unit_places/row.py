"""A row right under the header that is no row of the table: one of units, or one more of the header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from planner.reading.headers import Layout
from planner.reading.table import Grid, filled
from planner.spelling import fold
from planner.tables.column import Column, TableSpec
from planner.tables.unit_words import stated_in
from planner.tables.units import fold_unit, known_unit, usual_label

UNIT_WORDS = frozenset({"单位", "計量單位", "单位名称", "计量单位", "數量單位", "單位", "unit", "units"})
_NOTHING = frozenset({"-", "—", "–", "/", "\\", "无", "無", "*"})


@dataclass(frozen=True)
class Under:
    """A row right under the header that is no row of the table: it states units, by column, or continues the header."""

    row: int
    units: Mapping[str, str]


@lru_cache(maxsize=4096, typed=True)
def unit_label(cell: object) -> str:
    """The unit that a cell holds, without brackets and 单位; ``""`` where it holds none."""
    if not isinstance(cell, str):
        return str(cell) if filled(cell) else ""
    text = re.sub(r"^(?:计量)?单位\s*[:：]?\s*", "", cell.strip().strip("()（）[]【】*＊ "))
    return "" if text in _NOTHING or fold(text) in UNIT_WORDS else text


def under_header(grid: Grid, layout: Layout, spec: TableSpec) -> Under | None:
    """The first row under the header, if it is no row of the table. One with anything where a row of the table is named, or
    with any number, is one."""
    row = next((at for at in range(layout.row + 1, len(grid.rows)) if any(map(filled, grid.rows[at]))), None)
    if grid.layer or row is None:
        return None
    cells = grid.rows[row]
    named = {at for name, at in layout.columns.items() if spec.column(name).required or name in spec.key}
    named -= {at for name, at in layout.columns.items() if spec.column(name).numeric}
    at_of = {name: at for name, at in layout.columns.items() if spec.column(name).numeric and at < len(cells)}
    if any(map(_is_record, cells)):
        return None
    if not named or any(at < len(cells) and unit_label(cells[at]) for at in named):
        return None
    texts = {name: unit_label(cells[at]) for name, at in at_of.items() if unit_label(cells[at])}
    labels = {name: _usual(text) for name, text in texts.items() if _is_unit(text, spec.column(name))}
    if texts and len(labels) == len(texts):
        return Under(row, labels)
    written = {at for name, at in layout.columns.items() if not spec.column(name).numeric}
    blank = not any(at < len(cells) and unit_label(cells[at]) for at in written)
    several = bool(texts) or sum(bool(unit_label(cell)) for cell in cells) > 1
    return Under(row, {}) if several and blank else None


def _is_record(cell: object) -> bool:
    """Whether a cell holds what a row of units or headers does not: anything but text, or a number in a text."""
    if not isinstance(cell, str):
        return filled(cell)
    return bool(re.search(r"\d", re.sub(r"m[23]", "", cell))) and known_unit(unit_label(cell)) is None


def _is_unit(text: str, column: Column) -> bool:
    return known_unit(text) is not None or fold_unit(text) == fold_unit(column.unit) or len(_words(text)) == 1


def _words(text: str) -> set[str]:
    return {word.label for word in stated_in(text)}


def _usual(text: str) -> str:
    """The unit of a cell in a row of units as plan.yaml would say it."""
    words = _words(text)
    return usual_label(text if known_unit(text) is not None or len(words) != 1 else words.pop())
