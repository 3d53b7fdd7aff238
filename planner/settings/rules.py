"""What the analyst says in a typed vocabulary, not in a language of strings: own limits, by bounds, filters and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ValidationError, model_validator

from planner.language import Words
from planner.settings.base import Number, RefusedError, Section, note
from planner.settings.filters import Amount, Scalar, Texts, Where, in_order


class Bounds(Section):
    """At least, at most, or exactly."""

    min: Amount | None = note("至少；可带单位", default=None)
    """At least; may carry its unit."""
    max: Amount | None = note("至多；可带单位", default=None)
    """At most; may carry its unit."""
    equal: Amount | None = note("恰好；可带单位", default=None)
    """Exactly; not together with min or max; may carry its unit."""

    @property
    def present(self) -> bool:
        """Whether a bound is written."""
        return not (self.min is self.max is self.equal is None)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.present:
            raise RefusedError(Words("须给出 min、max 或 equal", "min, max or equal is needed"))
        return self._agree()

    def _agree(self) -> Self:
        if self.equal is not None and (self.min is not None or self.max is not None):
            raise RefusedError(Words("equal 不能与 min、max 同用", "equal does not go with min or max"))
        in_order(self.min, self.max)
        return self


class _Nested(Bounds):
    """Bounds under a key of their own, which may be left to the rows of ``by_group``."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        return self._agree()


class Count(_Nested):
    """How many projects."""


class Share(_Nested):
    """What part of a sum falls on the projects that the rule's filter takes: ``{of: subsidy, min: 20 %}``."""

    of: str = note("count 为项目数；或求和的列、资源", default="count")
    """``count`` for projects, or the column or resource that is summed."""
    among: Where = note("分母所含的项目，另加筛选；省略即全部入选项目", default_factory=dict)
    """Projects that the whole is taken over, by a filter; left out: all that are selected."""
    within: Literal["plan", "group"] = note("分母：plan 全部；group 同一组内", default="plan")
    """The whole is that of the ``plan``, or that of the same ``group``."""


class Mean(_Nested):
    """A ratio of two sums: ``{of: investment, over: land, min: 300}`` is an average investment of 300 万元 for each 亩."""

    of: str = note("分子：求和的列或资源")
    """Column or resource whose sum is divided."""
    over: str = note("分母：count 为项目数；或求和的列、资源", default="count")
    """``count`` for the mean of each project, or the column or resource whose sum it is divided by."""


class Price(Section):
    """What one unit of violation costs, in money; a term of the objective says what money is worth there."""

    money: Amount = note("违反一个单位的代价，万元；可带单位", "10,000 yuan")
    """Cost of one unit of violation, 万元; may carry its unit."""
    term: str | None = note("按哪个金额目标项折算；省略时须只有一个有权重的金额项", default=None)
    """The term of the objective, in money, by whose weight it is converted; left out: the only one with a weight."""


def _soft(value: object) -> object:
    return {"money": value} if isinstance(value, str) else value


class Rule(Bounds):
    """The analyst's own limit over a filter, for each group: a count, a sum, a share or a mean of what is selected.

    Give ``count: {min: 2}``, ``sum: land`` with ``min``, ``max`` or ``equal`` beside it, ``share: {of: subsidy, max: 30 %}`` or
    ``mean: {of: investment, over: land, min: 300}``.
    """

    name: str = note("规则名称，出现在所有说明中", min_length=1)
    """Shown wherever the rule is spoken of."""
    where: Where = note(
        "筛选，列名: 值、值列表或 {min, max, from, until, exclude, contains, blank}；any: 几个筛选之一；"
        '候选项目、环节、产业链、园区的列与 quarter 都可用；空白处须填写，或写明 ""',
        default_factory=dict,
    )
    """The filter. Column: value, values, or ``{min, max, from, until, exclude, contains, blank}``; ``any``: a list of filters.
    Columns of candidates, links, chains, parks; quarter. Blank is named: ``""``."""
    count: Count | None = note("项目数", "projects", default=None)
    """Bounds on the number of projects."""
    sum: str | None = note("求和的列或资源", default=None)
    """Column or resource that is summed; bounds stand beside it, in that column's unit."""
    share: Share | None = note("占比", default=None)
    """Bounds on a share of a count or sum."""
    mean: Mean | None = note("均值，两个合计之比", default=None)
    """Bounds on a ratio of two sums."""
    per: Texts = note(
        "在何范围内计：plan 全部，或每个 chain、link、park、county、zone、quarter、candidate，或任一列；可为列表，如 [park, quarter]",
        default=("plan",),
        min_length=1,
    )
    """Over the whole ``plan``, or in each chain, link, park, county, zone, quarter, candidate, or value of any column; a list
    of these for each combination."""
    by_group: tuple[Mapping[str, Scalar], ...] = note(
        "各组自己的界限：每行写组（per 的各列）与 min、max 或 equal；未列出的组用规则自己的界限，没有就不限", default=()
    )
    """Bounds of single groups: each row names a group by the columns of ``per``, and has min, max or equal. Other groups have
    the rule's own bounds, or none."""
    soft: Annotated[Number | Price, BeforeValidator(_soft, json_schema_input_type=Number | str | Price)] | None = note(
        "违反一个单位的代价：目标值，或金额如 50 万元；省略即为硬约束", "objective per unit", default=None
    )
    """Price of each unit of violation: objective value, or money such as 50 万元; left out: the rule is hard."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        """In place of the rule for bare bounds, which here may stand inside the form."""
        forms = [form for form in ("count", "sum", "share", "mean") if getattr(self, form) is not None]
        if len(forms) != 1:
            remedy = Words("如 count: {min: 2}，或 sum: land 配 max: 600", "e.g. count: {min: 2}, or sum: land with max: 600")
            rule = Words("count、sum、share、mean 须且只能写一个", "exactly one of count, sum, share and mean is needed")
            raise RefusedError(rule, remedy)
        if self.sum is None and self.present:
            rule = Words(f"界限写在 {forms[0]} 之内", f"bounds of a {forms[0]} stand inside {forms[0]}")
            raise RefusedError(rule, Words(f"如 {forms[0]}: {{min: 2}}", f"e.g. {forms[0]}: {{min: 2}}"))
        if not self.by_group and not self.limits.present:
            rule = Words("须给出 min、max 或 equal", "min, max or equal is needed")
            raise RefusedError(rule, at=() if self.sum is not None else (forms[0],))
        if isinstance(self.soft, float) and self.soft < 0:
            raise RefusedError(Words("代价不能为负", "a price is not negative"), at=("soft",))
        self._check_groups()
        return self._agree()

    def _check_groups(self) -> None:
        columns = tuple(name for name in self.per if name != PLAN)
        if PLAN in self.per and columns:
            raise RefusedError(Words("plan 不与别的并用", "plan does not go with others"), at=("per",))
        for position, row in enumerate(self.by_group):
            stray = [name for name in row if name not in columns and name not in BOUNDS]
            if stray or any(name not in row for name in columns) or not columns:
                listed = Words.listed((*columns, *BOUNDS))
                rule = Words(f"每行须写 per 的各列与界限：{listed.zh}", f"each row has the columns of per and bounds: {listed.en}")
                raise RefusedError(rule, at=("by_group", position, *stray[:1]))
            try:
                Bounds.model_validate({name: row[name] for name in BOUNDS if name in row})
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                refused = first["ctx"]["error"]
                raise RefusedError(refused.rule, refused.remedy, ("by_group", position, *first["loc"], *refused.at)) from error

    @property
    def limits(self) -> Bounds:
        """The rule's own bounds, wherever they stand."""
        return self.count or self.share or self.mean or self


PLAN = "plan"
"""The one group of a rule over everything."""
BOUNDS = ("min", "max", "equal")
"""The keys of :class:`Bounds`."""
