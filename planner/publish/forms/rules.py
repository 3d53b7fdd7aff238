"""Drop-downs, limits of what may be typed, and colours for what is missing or does not fit, on the sheets of a template.

None of them forbids anything: 不限, 12* and pasted text must remain possible. What counts is ``planner check``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from planner.language import Words
from planner.publish.book.book import TONES, Page
from planner.publish.forms.cells import NO, YES, choice_words
from planner.tables.column import Column, TableSpec
from planner.tables.spec import TABLES

COUNTED = 3000
"""Rows up to which ids are counted by formulas, which takes a time that grows with the square."""
_CHECK = Words("请核对", "please check")
_IN_LIST = Words("不在下拉列表中。确实要这样填，选“是”。", "not in the list. Choose yes if it is meant.")
_NUMBER = Words(
    "这里应是数字（{range}）。假设值可写成 12*。确实要这样填，选“是”。",
    "a number is expected ({range}); 12* marks an assumption. Choose yes if it is meant.",
)


@dataclass(frozen=True)
class Bounds:
    """Where the entries of a table stand: rows from ``first`` to ``last`` (from 0) of a sheet, columns by canonical name."""

    sheet: str
    first: int
    last: int
    at: Mapping[str, int]

    def cells(self, column: str, named: bool = True) -> str:
        """The range of a column: ``园区!$A$3:$A$1002``."""
        letter = xl_col_to_name(self.at[column])
        sheet = f"{quote_sheetname(self.sheet)}!" if named else ""
        return f"{sheet}${letter}${self.first + 1}:${letter}${self.last + 1}"


def restrict(page: Page, column: Column, at: int, own: Bounds, every: Mapping[str, Bounds], quarters: Sequence[str]) -> None:
    """The drop-down or the range of numbers of a column."""
    language, rule = page.language, dict[str, Any]()
    words = _IN_LIST.say(language)
    if column.kind == "flag":
        rule = {"validate": "list", "source": [YES.say(language), NO.say(language)]}
    elif column.choices is not None:
        rule = {"validate": "list", "source": list(choice_words(column, language).values())}
    elif column.kind == "quarter" and quarters:
        rule = {"validate": "list", "source": list(quarters)[:30]}
    elif column.reference is not None:
        cells = every[column.reference].cells(TABLES[column.reference].key[0])
        start = cells.partition(":")[0]
        rule = {"validate": "list", "source": f"=OFFSET({start},0,0,MAX(1,COUNTA({cells})),1)"}
    elif column.numeric:
        low, high = column.minimum if column.minimum is not None else column.above, column.maximum
        rule = {"validate": "decimal", **_criteria(low, high)}
        words = _NUMBER.say(language, range=f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}")
    if rule:
        told = {"error_title": _CHECK.say(language), "error_message": words, "error_type": "warning"}
        shown = {"show_error": column.kind != "list"}
        page.sheet.data_validation(own.first, at, own.last, at, {**rule, **told, **shown})


def _criteria(low: float | None, high: float | None) -> dict[str, Any]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": low, "maximum": high}
    return {"criteria": ">=", "value": -1e15 if low is None else low}


def colour(page: Page, spec: TableSpec, own: Bounds, every: Mapping[str, Bounds]) -> None:
    """Blanks in required columns of rows that are begun are errors; ids that stand twice or nowhere are in doubt."""
    first, last = own.first, own.last
    right = xl_col_to_name(len(spec.columns) - 1)
    begun = f"COUNTA($A{first + 1}:${right}{first + 1})>0"
    for column in spec.columns:
        at = own.at[column.name]
        cell = f"${xl_col_to_name(at)}{first + 1}"
        rules = []
        if column.required:
            rules.append((f"=AND({begun},LEN(TRIM({cell}))=0)", "error"))
        if last < COUNTED:
            if spec.key == (column.name,):
                rules.append((f'=AND({cell}<>"",COUNTIF({own.cells(column.name, named=False)},{cell})>1)', "warning"))
            if column.reference is not None and column.kind != "list":
                ids = every[column.reference].cells(TABLES[column.reference].key[0])
                rules.append((f'=AND({cell}<>"",COUNTA({ids})>0,COUNTIF({ids},{cell})=0)', "warning"))
        for formula, tone in rules:
            look = {"type": "formula", "criteria": formula, "format": page.book.bare_style(**TONES[tone])}
            page.sheet.conditional_format(first, at, last, at, look)
