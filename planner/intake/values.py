"""One cell of one column, read: by the rules of :mod:`planner.reading.amounts` and :mod:`planner.reading.phrases`, by the words
of the map, and with stray blanks taken out. Nothing is guessed; what cannot be read says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan, nan
from types import MappingProxyType
from typing import Any

from planner.intake.mapping import ColumnMap, IntakeMap
from planner.language import Words
from planner.reading.amounts import OfRange, Reading, Unread, plain, read_amount, says_nothing
from planner.reading.cells import UNLIMITED_WORDS, convert, whole
from planner.reading.phrases import read_flag, read_quarter, read_status, split_list
from planner.reading.points import read_degrees
from planner.reading.table import Broken
from planner.spelling import UNSEEN, half_width
from planner.tables.codes import CODES as TABLE_CODES
from planner.tables.column import Column
from planner.tables.units import UnitError, allowed_units, scale, scaled

RULES: Mapping[str, Words] = MappingProxyType(
    {
        "blanks": Words("去掉多余的空白", "stray blanks taken out"),
        "words": Words("按映射中的用词", "by the words of the map"),
        "inferred": Words("没有写单位，按推定的单位", "no unit is stated: the inferred one"),
        "unit": Words("按本列单位换算", "converted from the unit of the column"),
        "width": Words("全角改半角", "full-width forms made plain"),
    }
)
UNCLEAR = "?"
"""Stands for the unit of a cell that several columns of units may be about."""
NO_UNIT = Words("没有写明单位", "no unit is stated")
"""Why a plain number cannot be read."""
LONG = 1e15
"""Numbers from which the last digits of an id are lost."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
_CJK = r"[⺀-鿿豈-﫿︰-﹏＀-￯、-〿]"
_BESIDE_CJK = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})")


@dataclass(frozen=True)
class Reader:
    """How the cells of one column are read."""

    column: Column
    told: ColumnMap
    unit: str | None
    """Of cells that state none; None where nobody said."""
    unit_assumed: bool
    header_assumed: bool
    settings: IntakeMap

    def read(self, cells: Sequence[object], units: Sequence[str] = ()) -> list[Reading[Any] | Unread]:
        """The value of each cell: float, ``bool`` or text; None where nothing is known. ``units`` are those that the sheet states
        for single cells, ``""`` where it states none and ``?`` where that is not clear."""
        each = list(zip(map(type, cells), cells, units or [""] * len(cells), strict=True))  # 1 is True, and not the same cell
        once = {told: self._one(*told[1:]) for told in dict.fromkeys(each)}
        read = [once[told] for told in each]
        known = [at for at, one in enumerate(read) if isinstance(one, Reading) and one.value is not None]
        if self.column.kind != "list":
            for fault in convert(self.column, [read[at].value for at in known]).faults:  # type: ignore[union-attr]
                rule = TABLE_CODES.entries[fault.code].rule.fill(**{"": "", **fault.values})
                read[known[fault.row]] = Unread(cells[known[fault.row]], rule)
        return read

    def _one(self, cell: object, unit: str) -> Reading[Any] | Unread:
        if unit:
            own = replace(self, unit=None if unit == UNCLEAR else unit, unit_assumed=False)
            return own._one(cell, "")
        if isinstance(cell, Broken):
            return Unread(cell.text, TABLE_CODES.entries[cell.code].rule)
        read = self._word(cell) or _READERS.get(self.column.kind, _text)(self, cell)
        if isinstance(read, Unread) or not (read.value == "" or read.value != read.value):
            return read
        return replace(read, value=None)

    def _word(self, cell: object) -> Reading[Any] | None:
        """What the map says that the cell means."""
        if not self.told.words:
            return None
        text = plain(cell)
        value = next((value for word, value in self.told.words.items() if text and plain(word) == text), None)
        return None if value is None else Reading(cell, value.rstrip("*"), (RULES["words"],), value.endswith("*"))


def tidy(text: str) -> str:
    """A text without what nobody sees, blanks at its ends, or blanks beside Chinese characters."""
    return _BESIDE_CJK.sub("", re.sub(r"\s+", " ", _UNSEEN.sub("", text)).strip())


def _text(reader: Reader, cell: object) -> Reading[Any] | Unread:
    if isinstance(cell, float) and abs(cell) >= LONG:
        return Unread(cell, TABLE_CODES.entries["T139"].rule)
    return read_text(cell, ids=reader.column.kind == "id")


def read_text(cell: object, ids: bool = False) -> Reading[str]:
    """A text or id as it stands, but for blanks; the full-width digits and letters of an id are made plain."""
    if cell is None or cell != cell:
        return Reading(cell, "")
    raw = whole(cell).removesuffix(" 00:00:00")
    marked = isinstance(cell, str) and raw.rstrip().endswith(("*", "＊")) and len(raw.strip()) > 1
    text = tidy(raw.rstrip().rstrip("*＊") if marked else raw)
    rules: tuple[Words, ...] = (RULES["blanks"],) if marked is False and text != raw else ()
    if ids:
        folded = half_width(text)
        rules += (RULES["width"],) if folded != text else ()
        text = folded
        if text and says_nothing(text):
            text = ""
    return Reading(cell, text, rules, marked)


def _amount(reader: Reader, cell: object) -> Reading[Any] | Unread:
    column, unit = reader.column, reader.unit
    if column.unlimited and plain(cell).lower() in UNLIMITED_WORDS:
        return Reading(cell, "不限")
    why = NO_UNIT
    if unit is not None and column.unit and not _converts(unit, column.unit, 1.0):
        why = Words(f"“{unit}”不能换算成 {column.unit}", f"'{unit}' does not convert to {column.unit}")
        unit = None
    if unit is not None and column.unit == "1" and 0 < _number(cell) <= 1 and scale(unit, "1") < 1:
        return Unread(cell, TABLE_CODES.entries["T143"].rule.fill(value=cell))
    if isinstance(cell, (int, float)) and type(cell) is not bool and unit is not None and _converts(unit, column.unit):
        value = scaled(cell, scale(unit, column.unit)) if cell == cell else nan
        read = Reading(cell, value)
    else:
        told = column.unit, unit or column.unit, reader.settings.ranges, reader.settings.power_factor
        found, own = _of_text(cell, *told) if isinstance(cell, str) else (read_amount(cell, *told), False)
        if own or isinstance(found, Unread) or isnan(found.value) or found.value == 0:
            return replace(found, raw=cell)
        read = found
    if isnan(read.value) or (unit is None and not column.unit):
        return read
    if unit is None:
        return Unread(cell, why)
    if reader.unit_assumed:
        return Reading(cell, read.value, (RULES["inferred"], *read.rules), True)
    return Reading(cell, read.value, read.rules if unit == column.unit else (RULES["unit"], *read.rules), read.assumed)


def _number(cell: object) -> float:
    """A cell that is a plain number; 0 for any other."""
    try:
        return float(cell) if isinstance(cell, (int, float, str)) else 0.0
    except ValueError:
        return 0.0


@lru_cache(maxsize=4096)
def _converts(unit: str, target: str, power_factor: float | None = None) -> bool:
    """Whether the unit converts, by itself or with a power factor."""
    try:
        scale(unit, target, power_factor)
    except UnitError:
        return False
    return True


@lru_cache(maxsize=16384)
def _of_text(
    text: str, target: str, stated: str, ranges: OfRange, power_factor: float | None
) -> tuple[Reading[float] | Unread, bool]:
    """The amount in a text, and whether the text states its own unit: it is then the same whatever the column's."""
    read = read_amount(text, target, stated, ranges, power_factor)
    other = _another(stated, target)
    if other == stated or isinstance(read, Unread):
        return read, False
    again = read_amount(text, target, other, ranges, power_factor)
    return read, isinstance(again, Reading) and again.value == read.value


@lru_cache(maxsize=256)
def _another(unit: str, target: str) -> str:
    """A unit of another size; the same where there is none."""
    sizes = {label: scale(label, target, 1.0) for label in (unit, *allowed_units(target))}
    return next((label for label, size in sizes.items() if size != sizes[unit]), unit)


def _point(reader: Reader, cell: object) -> Reading[Any] | Unread:
    """A longitude or latitude: a number, or nothing."""
    if says_nothing(cell):
        return Reading(cell, nan)
    found = convert(reader.column, [cell])
    if found.faults and isinstance(read := read_degrees(cell, "lon" if reader.column.kind == "lon" else "lat"), Reading):
        return read
    if found.faults:
        return Unread(cell, TABLE_CODES.entries["T132"].rule.fill(unit=""))
    return Reading(cell, float(found.values[0]), (), bool(found.assumed))


def _flag(reader: Reader, cell: object) -> Reading[Any] | Unread:
    return read_flag(cell)


def _quarter(reader: Reader, cell: object) -> Reading[Any] | Unread:
    return read_quarter(cell)


def _choice(reader: Reader, cell: object) -> Reading[Any] | Unread:
    if reader.column.name == "status":
        return read_status(cell)
    return read_text(cell)


def _list(reader: Reader, cell: object) -> Reading[Any] | Unread:
    text = read_text(cell)
    if isinstance(text.value, str) and says_nothing(text.value):
        return Reading(cell, "")
    parts = split_list(text.value)
    return Reading(cell, "、".join(parts), text.rules, text.assumed)


_READERS: Mapping[str, Callable[[Reader, object], Reading[Any] | Unread]] = MappingProxyType(
    {
        **dict.fromkeys(("number", "integer"), _amount),
        **dict.fromkeys(("lon", "lat"), _point),
        "flag": _flag,
        "quarter": _quarter,
        "choice": _choice,
        "list": _list,
    }
)
