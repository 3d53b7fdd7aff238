"""What the analyst says in a typed vocabulary, not in a language of strings: own limits, by bounds, filters and rules; and single
facts changed for one plan (what changes do is :mod:`planner.reading.changes`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from planner.language import Words
from planner.settings.base import Number, RefusedError, Section, note

Grouping = Literal["plan", "chain", "link", "park", "county", "zone", "quarter"]


class Bounds(Section):
    """At least, at most, or exactly."""

    min: Number | None = note("至少", default=None)
    """At least."""
    max: Number | None = note("至多", default=None)
    """At most."""
    equal: Number | None = note("恰好", default=None)
    """Exactly; not together with min or max."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min is self.max is self.equal is None:
            raise RefusedError(Words("须给出 min、max 或 equal", "min, max or equal is needed"))
        return self._agree()

    def _agree(self) -> Self:
        if self.equal is not None and (self.min is not None or self.max is not None):
            raise RefusedError(Words("equal 不能与 min、max 同用", "equal does not go with min or max"))
        _in_order(self.min, self.max)
        return self


def _in_order(low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        raise RefusedError(Words(f"min {low:g} 大于 max {high:g}", f"min {low:g} is above max {high:g}"))


def _scalar(value: object, *, at: tuple[int, ...] = ()) -> str | bool | int | float:
    """A text, a truth value or a finite number, as itself: a union of the three would answer with three complaints."""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)) and isfinite(value):
        return int(value) if isinstance(value, int) else float(value)
    rule = Words("筛选值须为文字、有限的数或 true、false", "a filter value is text, a finite number, true or false")
    raise RefusedError(rule, at=at)


def value_or_values(value: object, empty: Words) -> object:
    """A text, truth value or finite number, or a list of them as a tuple.

    Raises:
        RefusedError: it is something else, or (``empty``) a list of nothing.
    """
    if not isinstance(value, (list, tuple)):
        return _scalar(value)
    if not value:
        raise RefusedError(empty)
    return tuple(_scalar(entry, at=(position,)) for position, entry in enumerate(value))


Scalar = Annotated[str | bool | int | float, BeforeValidator(_scalar)]


class Range(Section):
    """A filter on a number or on absence."""

    min: Number | None = note("不小于", default=None)
    """Not below."""
    max: Number | None = note("不大于", default=None)
    """Not above."""
    exclude: tuple[Scalar, ...] = note("不是这些值", default=())
    """None of these values."""

    @model_validator(mode="after")
    def _says_something(self) -> Range:
        if self.min is self.max is None and not self.exclude:
            raise RefusedError(Words("须给出 min、max 或 exclude", "min, max or exclude is needed"))
        _in_order(self.min, self.max)
        return self


def _filter(value: object) -> object:
    """The one branch of :data:`Filter` that the value's shape asks for, so that only that branch complains."""
    if isinstance(value, (Mapping, Range)):
        return Range.model_validate(value)
    return value_or_values(value, Words("值列表为空，什么也筛不出", "an empty list of values selects nothing"))


Filter = Annotated[Scalar | tuple[Scalar, ...] | Range, BeforeValidator(_filter)]


class Rule(Bounds):
    """The analyst's own limit: a count of projects or the sum of a column, over a filter, per group.

    Give ``count: {min: 2}``, or ``sum: land`` with ``min``, ``max`` or ``equal`` beside it.
    """

    name: str = note("规则名称，出现在所有说明中", min_length=1)
    """Shown wherever the rule is spoken of."""
    where: Mapping[str, Filter] = note(
        '列名: 值、值列表或 {min, max, exclude}；候选项目、环节和园区的列都可用；空白处须填写，或写明 ""', default_factory=dict
    )
    """Column: value, values, or ``{min, max, exclude}``. Columns of candidates, links, parks; quarter. Blank is named: ``""``."""
    count: Bounds | None = note("项目数", "projects", default=None)
    """Bounds on the number of projects."""
    sum: str | None = note("求和的列或资源", default=None)
    """Column or resource that is summed; bounds stand beside it, in that column's unit."""
    per: Grouping = note("在何范围内计：plan 全部，或每条产业链、环节、园区、区县、分区、季度", default="plan")
    """Over the whole plan, or in each chain, link, park, county, zone or quarter."""
    soft: Number | None = note("违反一个单位的代价（目标值）；省略即为硬约束", "objective per unit", default=None, ge=0)
    """Price in objective value for each unit of violation; left out: the rule is hard."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        """In place of the rule for bare bounds, which here may stand inside ``count``."""
        beside = not (self.min is self.max is self.equal is None)
        if (self.count is None) == (self.sum is None):
            remedy = Words("如 count: {min: 2}，或 sum: land 配 max: 600", "e.g. count: {min: 2}, or sum: land with max: 600")
            raise RefusedError(Words("count 与 sum 须且只能写一个", "exactly one of count and sum is needed"), remedy)
        if self.count is not None and beside:
            rule = Words("count 的界限写在 count 之内", "bounds of a count stand inside count")
            raise RefusedError(rule, Words("如 count: {min: 2}", "e.g. count: {min: 2}"))
        if self.sum is not None and not beside:
            raise RefusedError(Words("sum 须配 min、max 或 equal", "sum needs min, max or equal beside it"))
        return self._agree()

    @property
    def bounds(self) -> Bounds:
        """The bounds, wherever they stand."""
        return self.count if self.count is not None else Bounds(min=self.min, max=self.max, equal=self.equal)


_Planned = Literal["chains", "links", "candidates", "parks", "site_options"]
_Given = Literal["resources", "capacities", "funds", "teams", "link_edges", "incumbents"]
TableName = Literal[_Planned, _Given]


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
