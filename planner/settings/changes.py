"""Single facts changed for one plan: which cells of which table, and how. What they do is :mod:`planner.reading.changes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from planner.language import Words
from planner.settings.base import Number, RefusedError, Section, note
from planner.settings.rules import Scalar, value_or_values

TableName = Literal[
    "chains",
    "links",
    "candidates",
    "parks",
    "site_options",
    "resources",
    "capacities",
    "funds",
    "teams",
    "link_edges",
    "incumbents",
]


def _wanted(value: object) -> object:
    return value_or_values(value, Words("值列表为空，什么也选不出", "an empty list of values selects nothing"))


Wanted = Annotated[Scalar | tuple[Scalar, ...], BeforeValidator(_wanted)]


class CellChange(Section):
    """One column changed in some rows of a table; every changed cell counts as an assumption."""

    table: TableName = note("表的规范名")
    """Canonical name of the table."""
    where: Mapping[str, Wanted] = note("列名: 值或值列表；须有符合的行；省略即所有行", default_factory=dict)
    """Column: value or list of values; some row must match; left out: every row."""
    column: str = note("要改的列（规范名）", min_length=1)
    """Column that is changed, by its canonical name."""
    set: Scalar | None = note("改为此值，数值用规范单位", default=None)
    """New value; a number in the column's canonical unit."""
    add: Number | None = note("加上此数（可为负）", default=None)
    """Added to what stands there; may be negative."""
    times: Number | None = note("乘以此数", default=None, ge=0)
    """Multiplied with what stands there."""
    reason: str | None = note("为何这样改，随改动进入成果", default=None)
    """Why; travels with the change."""

    @model_validator(mode="after")
    def _one_way(self) -> CellChange:
        if sum(way is not None for way in (self.set, self.add, self.times)) != 1:
            rule = Words("set、add、times 须且只能写一个", "exactly one of set, add and times is needed")
            raise RefusedError(rule, Words("如 add: 20，或 set: 是", "e.g. add: 20, or set: true"))
        return self
