"""Tables of documents from the catalogues of :mod:`planner.publish.fields`: the same headings, values and marks as in every output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum
from typing import Any

from planner.language import Words
from planner.publish.book.text import widest_word, width
from planner.publish.documents.model import Align, Column, Table, Value
from planner.publish.field import Catalogue, Field, R
from planner.publish.figures import figure, percent
from planner.publish.view import View
from planner.publish.words import UNKNOWN

YES, NO = Words("是", "yes"), Words("否", "no")
SUM = Words("合计", "Total")
PAGE_COLUMNS, EDGES = 96, 3.5
"""Columns of text across a page, a Chinese character two, and those that the edges of a cell take."""
RIGHT = frozenset({"number", "mixed", "points", "share", "count"})


def cell(view: View, field: Field[R], record: R) -> Value:
    """What a field says of a record, as text with its mark; what is not known is a dash (R1)."""
    value = field.value(view, record)
    if value is None:
        return Value(UNKNOWN.say(view.language))
    return Value(_said(view, field, value), field.is_assumed(view, record))


def _said(view: View, field: Field[Any], value: Any) -> str:
    if field.kind in ("flag", "tick"):
        return (YES if value else NO).say(view.language) if value or field.kind == "flag" else ""
    if isinstance(value, str):
        return value
    if field.kind == "share":
        return percent(value)
    return figure(value)


def table_of(
    view: View,
    catalogue: Catalogue[R],
    records: Sequence[R],
    columns: Sequence[tuple[str, float]],
    caption: str = "",
    total: bool = False,
) -> Table:
    """A table of records: ``columns`` are names of fields with the share of the width that each takes.

    With ``total`` the last row sums the columns that the catalogue sums; a sum of which a part is not known is a dash.
    """
    by_name = {field.name: field for entry in catalogue.entries for field in ([entry] if isinstance(entry, Field) else entry(view))}
    fields = [by_name[name] for name, _ in columns]
    rows = [tuple(cell(view, field, record) for field in fields) for record in records]
    if total and records:
        rows.append(tuple(_total(view, field, records, first=at == 0) for at, field in enumerate(fields)))
    heads = [Column(_heading(view, field), _align(field), share) for field, (_, share) in zip(fields, columns, strict=True)]
    return Table(_wide_enough(heads, rows), tuple(rows), caption, total=total and bool(records))


def _wide_enough(heads: Sequence[Column], rows: Sequence[Sequence[Value]]) -> tuple[Column, ...]:
    """The columns with shares in which no word and no figure has to be broken, as far as the page has room."""
    of_all = sum(head.share for head in heads) / PAGE_COLUMNS
    needed = []
    for at, head in enumerate(heads):
        measure = width if head.align == "right" else widest_word
        needed.append((max([widest_word(head.heading), *(measure(row[at].marked) for row in rows)]) + EDGES) * of_all)
    return tuple(replace(head, share=max(head.share, least)) for head, least in zip(heads, needed, strict=True))


def _heading(view: View, field: Field[Any]) -> str:
    return field.full_heading.say(view.language)


def _align(field: Field[Any]) -> Align:
    return "right" if field.kind in RIGHT else "left"


def _total(view: View, field: Field[R], records: Sequence[R], first: bool) -> Value:
    if first:
        return Value(SUM.say(view.language))
    if not field.total:
        return Value("")
    values = [field.value(view, record) for record in records]
    if any(value is None for value in values):
        return Value(UNKNOWN.say(view.language))
    return Value(figure(fsum(values)), any(field.is_assumed(view, record) for record in records))
