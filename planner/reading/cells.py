"""From the raw cells of one column to its typed values: nothing is guessed, every refusal is a :class:`Fault`.

Numbers may have thousands separators, full-width digits and a ``%`` where the column is a share; everything else that
is not a number is text in a number. A trailing ``*`` marks one cell as an assumption and is taken off.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite, isnan, nan
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from planner.language import Words
from planner.problems import nearest
from planner.reading.amounts import ANY_WORDS, DITTO, Reading, plain, read_amount, says_nothing
from planner.reading.phrases import FALSE_WORDS, TRUE_WORDS, clear_day, read_date, read_flag, read_quarter, read_status, split_list
from planner.reading.points import read_degrees
from planner.reading.table import Broken
from planner.settings.base import RefusedError, normal_quarter
from planner.spelling import half_width
from planner.tables.codes import nearest_words
from planner.tables.column import LEAST, NUMERIC, Column
from planner.tables.spec import STATUSES
from planner.tables.units import UnitError, scale, scaled

ERROR_TEXTS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"})
UNLIMITED_WORDS = frozenset({"不限", "无限", "无限制", "unlimited", "inf"})
_PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?").fullmatch
_GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch
_DECIMAL_COMMA = re.compile(r"\s*[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)\s*[*%]?\s*").fullmatch
_EITHER = re.compile(r"\s*[+-]?[1-9]\d{0,2}[,.]\d{3}\s*[*%]?\s*").fullmatch
_HALF = re.compile("[\ud800-\udfff]")
_LONG = 1e15
_WANTED: Mapping[str, Words] = MappingProxyType(
    {**dict.fromkeys(NUMERIC, Words("数字", "a number")), "quarter": Words("季度（如 2027Q1）", "a quarter (2027Q1)")}
)
_PERCENT = Fraction(1, 100)
FEW = 6
"""Choices of which a message says every word; of more the first of each."""


def has_decimal_comma(cell: object) -> bool:
    """Whether a text can only be a number with a decimal comma: 10,5."""
    return type(cell) is str and "," in cell and _DECIMAL_COMMA(cell) is not None


def doubtful_comma(cell: object, points: bool) -> object:
    """A cell beside such numbers: 1,234 may be 1234 there or 1¼, and so may 1.234 with ``points``: refused (``T183``)."""
    doubtful = type(cell) is str and ("," in cell or points) and _EITHER(cell)
    return Broken(cell.strip(), "T183") if isinstance(cell, str) and doubtful else cell


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is refused: its row in the column, the code, what it holds, what fills the message."""

    row: int
    code: str
    found: str
    values: Mapping[str, object] = field(default_factory=dict)


TEXT = pd.StringDtype(na_value=np.nan)
"""What "str" names; named by a text it is looked up for every column."""


@dataclass(frozen=True)
class Converted:
    """A column's values: float64 for numeric kinds, ``bool`` for flags, else a list of objects. Refused cells hold what
    a blank one does. ``blank`` are rows without a value, ``assumed`` those marked with ``*``."""

    values: Any
    blank: np.ndarray[tuple[int], np.dtype[np.bool_]]
    assumed: tuple[int, ...]
    faults: tuple[Fault, ...]

    @property
    def array(self) -> Any:
        """The values as a frame holds them: ids and text as ``str``, lists as objects."""
        if not isinstance(self.values, list):
            return self.values
        tuples = bool(self.values) and isinstance(self.values[0], tuple)
        return pd.Series(self.values, dtype=object).array if tuples else pd.array(self.values, dtype=TEXT)


def shown(cell: object) -> str:
    """A cell as a message quotes it: text in quotation marks, numbers as they are."""
    if isinstance(cell, str):
        return f'"{cell}"'
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{int(cell)}" if cell.is_integer() and abs(cell) < _LONG else repr(cell)
    return str(cell)


_NEVER_FAULTY = {float, int, type(None)}


def _clean(cells: Sequence[Any], wanted: Words | None) -> tuple[list[Any], list[int], list[Fault]]:
    """Cells stripped, blanks as None; rows with a mark, which is taken off; and faults: formula errors, and dates where
    something else is ``wanted``."""
    cleaned: list[object] = []
    assumed: list[int] = []
    faults: list[Fault] = []
    if {*map(type, cells)} <= _NEVER_FAULTY:
        return [cell if cell == cell else None for cell in cells], assumed, faults
    for row, cell in enumerate(cells):
        kind = type(cell)
        if kind is float or cell is None:
            cell = cell if cell == cell else None
        elif kind is str:
            cell = _clean_text(row, cell, assumed, faults)
        elif isinstance(cell, Broken):
            faults.append(Fault(row, cell.code, cell.text))
            cell = None
        elif isinstance(cell, (dt.date, dt.time, dt.timedelta)):
            cell = str(cell).removesuffix(" 00:00:00")
            if wanted is not None:
                faults.append(Fault(row, "T133", cell, {"what": wanted}))
                cell = None
        elif isinstance(cell, np.generic):
            cell = cell.item()
        cleaned.append(cell)
    return cleaned, assumed, faults


def _clean_text(row: int, cell: str, assumed: list[int], faults: list[Fault]) -> str | None:
    text = cell.strip().strip("\ufeff\u200b")
    if text.endswith(("*", "＊")):
        assumed.append(row)
        text = text[:-1].rstrip()
    half = not text.isprintable() and _HALF.search(text)
    if half or text in ERROR_TEXTS:
        faults.append(Fault(row, "T178" if half else "T140", text))
        return None
    return text or None


def convert(column: Column, cells: Sequence[object], unit: str | None = None, power_factor: float | None = None) -> Converted:
    """The column's values; numbers are converted from ``unit``, in which the file has them (None: the column's own), kVA by
    the ``power_factor``. UnitError where the column cannot have that unit."""
    unit = column.unit if unit is None else unit
    cleaned, assumed, faults = _clean(cells, None if column.kind == "date" else _WANTED.get(column.kind, Words("文字", "text")))
    if column.kind in ("id", "list") or column.name in GROUPED:
        cleaned = _without_placeholders(column, cleaned, faults)
    blank = np.fromiter((cell is None for cell in cleaned), dtype=bool, count=len(cleaned))
    if column.numeric:
        values: Any = _numbers(column, cleaned, unit, scale(unit, column.unit, power_factor), faults)
        _check_range(column, values, cells, faults)
        if column.unit == "1" and scale(unit, "1") == _PERCENT:
            _check_percent(column, values, cells, faults)
    else:
        read = _READERS[column.kind]
        values = [column.blank if cell is None else read(row, cell, column, faults) for row, cell in enumerate(cleaned)]
        if column.kind == "flag":
            values = np.array(values, dtype=bool)
    return Converted(values, blank, tuple(assumed), tuple(faults))


GROUPED = frozenset({"province", "city", "county", "tier"})
"""Text columns whose values make groups, as those of ids do."""


def _without_placeholders(column: Column, cells: list[Any], faults: list[Fault]) -> list[Any]:
    """无, —, /, N/A … are no ids: blanks, told once, where a blank may stand; errors where none may. Read as an id they would
    make one chain, link or group of rows that have nothing in common."""
    words = {cell: plain(cell).casefold() for cell in {cell for cell in cells if type(cell) is str}}
    meant = {cell: "T224" for cell, word in words.items() if word in DITTO}
    meant |= {cell: "T225" for cell, word in words.items() if word in ANY_WORDS and column.kind == "list"}
    if meant:
        faults.extend(Fault(row, meant[cell], shown(cell)) for row, cell in enumerate(cells) if type(cell) is str and cell in meant)
        cells = [None if type(cell) is str and cell in meant else cell for cell in cells]
    signs = {cell for cell in words.keys() - meant.keys() if says_nothing(cell)}
    rows = [row for row, cell in enumerate(cells) if type(cell) is str and cell in signs] if signs else []
    if column.required:
        faults.extend(Fault(row, "T220", shown(cells[row])) for row in rows)
    elif rows:
        faults.append(Fault(rows[0], "T219", shown(cells[rows[0]]), {"count": len(rows)}))
    return [None if type(cell) is str and cell in signs else cell for cell in cells] if rows else cells


def _numbers(column: Column, cells: Sequence[Any], unit: str, factor: Fraction, faults: list[Fault]) -> Any:
    values = np.full(len(cells), column.blank, dtype=float)
    if factor == 1 and {*map(type, cells)} <= _NEVER_FAULTY:
        there = [row for row, cell in enumerate(cells) if cell is not None]
        own = np.array([cells[row] for row in there], dtype=float)
        if np.isfinite(own).all():
            values[there] = own
            return values
    for row, cell in enumerate(cells):
        if cell is not None:
            values[row] = value = _number(cell, column, factor)
            if isnan(value):
                faults.append(_text_in_number(row, cell, unit, column.name))
    return values


def _number(cell: Any, column: Column, factor: Fraction) -> float:
    """A cell as it is, or with full-width digits, thousands separators, a percentage, 不限; ``nan`` for anything else."""
    if isinstance(cell, str) and not _PLAIN_NUMBER(cell):
        cell = half_width(cell).replace("−", "-").strip()
        if column.unlimited and cell.lower() in UNLIMITED_WORDS:
            return inf
        if cell.endswith("%"):
            try:
                cell, factor = cell[:-1].rstrip(), scale("%", column.unit)
            except UnitError:
                return nan
        cell = cell.replace(",", "") if _GROUPED_NUMBER(cell) else cell
        if not _PLAIN_NUMBER(cell):
            return nan
    elif type(cell) not in (str, float, int):
        return nan
    value = scaled(cell, factor) if factor != 1 else float(cell)
    return value if isfinite(value) else nan  # 1e400 is no way to write 不限


def _text_in_number(row: int, cell: object, unit: str, name: str) -> Fault:
    """What a clerk is told; where the text is clearly one amount, what it would be in the unit of the header."""
    hint = Words("改为数字，不带文字；没有数据就留空", "enter a number without words; blank when it is not known")
    low, high = (read_amount(cell, unit, ranges=end) for end in ("low", "high")) if isinstance(cell, str) else (None, None)
    if unit == "degree" and isinstance(point := read_degrees(cell, "lon" if name == "lon" else "lat"), Reading):
        hint = Words("只写小数的度：{value}", "write degrees with decimals alone: {value}").fill(value=f"{point.value:.9g}")
    elif isinstance(low, Reading) and isinstance(high, Reading) and isfinite(low.value):
        least, most = (figure(end.value) + ("" if unit in ("", "1") else f" {unit}") for end in (low, high))
        if least == most:
            hint = Words(f"若确为 {least}，请写 {figure(low.value)}", f"if {least} is meant, write {figure(low.value)}")
        else:
            ends = Words(f"{figure(low.value)} 至 {most}", f"{figure(low.value)} to {most}")
            hint = Words(
                "像区间（{ends}）：只写一个数，以 * 标为假设", "looks like a range ({ends}): write one figure, marked with *"
            ).fill(ends=ends)
    return Fault(row, "T132", shown(cell), {"unit": in_brackets(unit), "hint": hint})


def figure(value: float) -> str:
    """A number in plain digits: 30000, 7.5."""
    return f"{Decimal(repr(value)).normalize():f}"


def _if_meant(read: object, word: str, otherwise: Words) -> Words:
    """The remedy that names what the cell seems to say; ``otherwise`` where it says nothing clear."""
    return (
        Words(f"若指 {word}，请写 {word}", f"if {word} is meant, write {word}") if isinstance(read, Reading) and word else otherwise
    )


def in_brackets(unit: str) -> Words:
    """A unit as it follows a number's rule; nothing for plain shares and numbers without one."""
    return Words("", "") if unit in ("", "1") else Words(f"（{unit}）", f" ({unit})")


def _check_range(column: Column, values: Any, cells: Sequence[object], faults: list[Fault]) -> None:
    if column.kind in ("lon", "lat"):
        return
    low, above, high = column.minimum, column.above, column.maximum
    with np.errstate(invalid="ignore"):
        size = np.abs(values)
        absurd = (np.isfinite(values) & (size > column.sense)) | ((size > 0) & (size < LEAST))
        outside = np.zeros(len(values), dtype=bool) if low is None else values < low
        outside |= False if above is None else values <= above
        outside |= False if high is None else values > high
        broken = np.isfinite(values) & (values != np.round(values)) & (column.kind == "integer")
    sensible = Words(f"为 0 或大小在 {LEAST:g} 与 {column.sense:g} 之间", f"0 or of a size between {LEAST:g} and {column.sense:g}")
    for wrong, allowed in ((outside, _range_words(column)), (absurd & ~outside, sensible)):
        said = {"unit": in_brackets(column.unit), "range": allowed}
        faults.extend(Fault(row, "T138", shown(cells[row]), said) for row in np.flatnonzero(wrong).tolist())
    faults.extend(Fault(row, "T137", shown(cells[row])) for row in np.flatnonzero(broken).tolist())


def _range_words(column: Column) -> Words:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Words(f"在 {low:g} 与 {high:g} 之间", f"between {low:g} and {high:g}")
    if low is not None:
        return Words(f"不小于 {low:g}", f"at least {low:g}")
    return Words(f"大于 {column.above or 0:g}", f"above {column.above or 0:g}")


def _check_percent(column: Column, values: Any, cells: Sequence[object], faults: list[Fault]) -> None:
    """Excel keeps 35 % as 0.35: under a header that says %, a value of at most 1 may be either. For a probability each
    such cell is doubtful, for other shares only a column that has no larger one."""
    with np.errstate(invalid="ignore"):
        small = (values != 0) & (np.abs(values) <= float(_PERCENT))
    written = [isinstance(cell, str) and cell.strip().rstrip("*＊ ").endswith(("%", "％")) for cell in cells]
    small &= ~np.array(written, dtype=bool)
    if column.maximum is None and not small[np.nan_to_num(values) != 0].all():
        return
    quoted = ((row, shown(cells[row])) for row in np.flatnonzero(small).tolist())
    faults.extend(Fault(row, "T143", text, {"value": text.strip('"')}) for row, text in quoted)


def _text(row: int, cell: Any, column: Column, faults: list[Fault]) -> object:
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if column.kind == "id" and isinstance(cell, float) and abs(cell) >= _LONG:
        faults.append(Fault(row, "T139", shown(cell)))
    return whole(cell)


def whole(number: object) -> str:
    """A number as an id or text: 111.0 is ``111``."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _flag(row: int, cell: object, column: Column, faults: list[Fault]) -> object:
    word = whole(cell).lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    read = read_flag(cell)
    meant = {True: "是", False: "否"}.get(read.value, "") if isinstance(read, Reading) and read.value is not None else ""
    nothing = Words("没有数据就留空，否则写 是 或 否", "leave it blank if it is not known, else write yes or no")
    faults.append(Fault(row, "T135", shown(cell), {"hint": _if_meant(read, meant, nothing)}))
    return column.blank


def _list(row: int, cell: object, column: Column, faults: list[Fault]) -> object:
    return split_list(str(_text(row, cell, column, faults)))


def _quarter(row: int, cell: object, column: Column, faults: list[Fault]) -> object:
    try:
        return normal_quarter(whole(cell))
    except ValueError:
        read = read_quarter(cell)
        form = Words("写作“年份Q季度”，如 2027Q1", "write the year, Q and 1 to 4, as in 2027Q1")
        hint = _if_meant(read, read.value if isinstance(read, Reading) else "", form)
        faults.append(Fault(row, "T134", shown(cell), {"hint": hint}))
        return column.blank


def _date(row: int, cell: object, column: Column, faults: list[Fault]) -> object:
    try:
        return clear_day(cell)
    except RefusedError as refused:
        day = getattr(read_date(cell), "value", None)
        form = Words("写作 年-月-日，如 2027-03-01", "write year, month and day, as in 2027-03-01")
        hint = form if day is None else _if_meant(read_date(cell), day.isoformat(), form)
        faults.append(Fault(row, "T385", shown(cell), {"why": refused.rule, "hint": hint}))
        return column.blank


def _choice(row: int, cell: object, column: Column, faults: list[Fault]) -> object:
    choices = column.choices or {}
    word = str(cell).lower()
    for name, words in choices.items():
        if word == name or cell in words or word in words:
            return name
    words_of = {name: words if len(choices) <= FEW else words[:1] for name, words in choices.items()}
    allowed = Words("；".join(f"{name}（{'、'.join(words)}）" for name, words in words_of.items()), "; ".join(choices))
    known = [known for name, words in choices.items() for known in (name, *words)]
    near = nearest_words(nearest(str(cell), known), Words("改为其中一个", "use one of these"))
    if choices is STATUSES and isinstance(read := read_status(cell), Reading) and read.value:
        near = _if_meant(read, choices[read.value][0], near)
    faults.append(Fault(row, "T136", shown(cell), {"allowed": allowed, "nearest": near}))
    return column.blank


_READERS: Mapping[str, Callable[[int, object, Column, list[Fault]], object]] = MappingProxyType(
    {"id": _text, "text": _text, "flag": _flag, "list": _list, "quarter": _quarter, "date": _date, "choice": _choice}
)


def extra_column(cells: Sequence[object]) -> Converted:
    """Values of a column that no table declares: float64 when every cell that is not blank is a number, else text. Signs for
    nothing among numbers are blanks, so that a rule that reads the column names the cell."""
    cleaned, assumed, faults = _clean(cells, None)
    signs = [row for row, cell in enumerate(cleaned) if type(cell) is str and not _is_number(cell)]
    if len(signs) < sum(cell is not None for cell in cleaned) and signs and all(says_nothing(cleaned[row]) for row in signs):
        faults.append(Fault(signs[0], "T219", shown(cells[signs[0]]), {"count": len(signs)}))
        cleaned = [None if type(cell) is str and not _is_number(cell) else cell for cell in cleaned]
    blank = np.array([cell is None for cell in cleaned], dtype=bool)
    if not blank.all() and all(cell is None or _is_number(cell) for cell in cleaned):
        values: Any = np.array([nan if cell is None else float(cell) for cell in cleaned])
    else:
        values = ["" if cell is None else str(cell) if isinstance(cell, bool) else whole(cell) for cell in cleaned]
    return Converted(values, blank, tuple(assumed), tuple(faults))


def _is_number(cell: object) -> bool:
    """Whether a cell of an extra column counts as a number: 0111 and ids of many digits are text."""
    if not isinstance(cell, str):
        return isinstance(cell, float) or (type(cell) is int and abs(cell) < _LONG)
    digits = cell.lstrip("+-")
    plain = len(digits) <= 15 and not (digits.startswith("0") and digits[1:2].isdigit())
    return plain and _PLAIN_NUMBER(cell) is not None and isfinite(float(cell))
