"""How an input sheet of ours is written: its headers, and the line above them that states its one convention.

The line is text in the first cell, so that it outlives every program that saves the sheet in another format.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from planner.language import Language, Words
from planner.tables.column import Column
from planner.tables.spec import OF_RESOURCE
from planner.tables.units import parse_header

MARK = Words("补链输入表", "Bulian input sheet")
HELP = Words("补链输入模板", "Bulian input template")
"""How a sheet begins that only helps to fill in the others; no table is read from it."""
BANNER = Words(
    "补链输入表：{table}。从下一行的表头之下填起；红色表头必填；整列不填等于没有这一列；数值后加 * 表示假设。",
    "Bulian input sheet: {table}. Fill in below the header in the next row; red headers are required; a column left wholly blank "
    "counts as absent; a * after a value marks an assumption.",
)
"""What stands above the header of such a sheet."""
_UNSAID = frozenset({"", "1", "分", "degree", OF_RESOURCE})
"""Units that a header need not state: there is only this one."""


def header_of(column: Column, language: Language, assumed: bool = False) -> str:
    """``计划投资额(万元)``, with the mark of an assumption ``计划投资额*(万元)``: a header that is read as this column in its own
    unit. Where the name itself would be misread, the canonical name."""
    name, unit = (column.zh if language == "zh" else column.en), ("" if column.unit in _UNSAID else column.unit)
    mark, space = "*" if assumed else "", "" if language == "zh" else " "
    brackets = f"{space}({unit})" if unit else ""
    parsed = parse_header(f"{name}{brackets}")
    plain = name if (parsed.name, parsed.unit or "") == (unicodedata.normalize("NFKC", name), unit) else column.name
    return f"{plain}{mark}{brackets if plain == name else ''}"


def is_help(rows: Sequence[Sequence[object]]) -> bool:
    """Whether a sheet only helps to fill in the others."""
    first = rows[0][0] if rows and rows[0] else None
    return isinstance(first, str) and first.startswith((HELP.zh, HELP.en))


def is_form(rows_above: Iterable[Sequence[object]]) -> bool:
    """Whether the rows above a header say that the sheet is one of ours."""
    texts = (cell.strip() for row in rows_above for cell in row if isinstance(cell, str))
    return any(text.startswith((MARK.zh, MARK.en)) for text in texts)
