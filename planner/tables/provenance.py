"""Columns that every table may have and no plan uses: where a row's facts come from, of which day they are, how sure they are.

They are read like any column that no table declares, so that rules may speak of them under their own headers; here is by which
headers they are recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from planner.language import Words
from planner.spelling import fold
from planner.tables.column import Column

SOURCE = Column(name="source", kind="text", zh="数据来源", en="source of the facts", aliases=("来源", "资料来源"))
AS_OF = Column(
    name="as_of",
    kind="text",
    zh="数据日期",
    en="as of",
    aliases=("数据更新日期", "更新日期", "更新时间", "统计日期", "数据时间", "日期", "date"),
    note=Words("这一行的数据是哪一天的，写作 2026-09-30", "the day of which the row's facts are, as 2026-09-30"),
)
CONFIDENCE = Column(
    name="confidence",
    kind="text",
    zh="可信度",
    en="confidence",
    aliases=("置信度", "可信程度"),
    note=Words("如 高、中、低，随数据列出", "such as high, medium, low; told with the facts"),
)
PROVENANCE: Mapping[str, Column] = MappingProxyType({column.name: column for column in (SOURCE, AS_OF, CONFIDENCE)})
"""The three by canonical name."""


def provenance_column(meaning: str, columns: Iterable[str]) -> str | None:
    """Which of a table's columns tells ``meaning`` (source, as_of, confidence); None where none does."""
    folded: dict[str, str] = {}
    for column in columns:
        folded.setdefault(fold(column), column)
    return next((folded[fold(name)] for name in PROVENANCE[meaning].known_as if fold(name) in folded), None)
