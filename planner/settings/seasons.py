"""What some quarters of a year have of a resource, as a factor on what there is otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import BeforeValidator, create_model, model_validator

from planner.language import Words
from planner.settings.base import Factor, Quarter, RefusedError, Section, factor_of, normal_quarter, note
from planner.settings.filters import Where

if TYPE_CHECKING:
    _From = Section
else:
    # ``from`` is a word of Python, so a class body cannot name the field that plan.yaml calls so.
    _FROM = (Quarter | None, note("自此季度起", "quarter", default=None, description="From this quarter on."))
    _From = create_model("_From", __base__=Section, __module__=__name__, **{"from": _FROM})


class Span(_From):
    """Quarters from one to another; either may be left out."""

    until: Quarter | None = note("至此季度止", "quarter", default=None)
    """Until this quarter, with it."""

    @property
    def since(self) -> str | None:
        """The quarter under ``from``."""
        return cast("str | None", getattr(self, "from"))

    @model_validator(mode="after")
    def _says_something(self) -> Span:
        if self.since is self.until is None:
            raise RefusedError(
                Words("须写 from 或 until", "from or until is needed"), Words("如 {from: 2027Q3}", "e.g. {from: 2027Q3}")
            )
        if self.since is not None and self.until is not None and self.since > self.until:
            rule = Words(f"from {self.since} 晚于 until {self.until}", f"from {self.since} is after until {self.until}")
            raise RefusedError(rule, Words("对调", "change them over"))
        return self


def _quarters(value: object) -> object:
    if isinstance(value, (Mapping, Span)):
        return Span.model_validate(value)
    several = value if isinstance(value, (list, tuple)) else (value,)
    if not several:
        raise RefusedError(Words("一个季度也没有写", "no quarter is named"), Words("如 2027Q3", "e.g. 2027Q3"))
    return tuple(normal_quarter(str(one)) for one in several)


class Season(Section):
    """A factor on what there is of a flow resource in some quarters, in some places: ``times: 5/7`` in a dry season."""

    resource: str = note("流量资源：编号或名称", min_length=1)
    """A flow resource, by id or name."""
    quarter: Annotated[tuple[str, ...] | Span, BeforeValidator(_quarters, json_schema_input_type=str | tuple[str, ...] | Span)] = (
        note("季度、季度列表，或 {from, until}", "quarter")
    )
    """A quarter, a list of them, or ``{from, until}``."""
    times: Factor = note("能力乘以此数：数、分数如 5/7，或百分数；同一处有几条时相乘")
    """What there is times this: a number, a fraction such as 5/7, a percentage; several of one place and quarter multiply."""
    where: Where = note("筛选园区（分区与全域须其中园区都符合），写法同规则的 where；省略即各处", default_factory=dict)
    """Filter on parks, as that of a rule (a zone or the region: all of its parks meet it); left out: everywhere."""
    name: str | None = note("名称", default=None)
    """Shown wherever the season is spoken of."""
    reason: str | None = note("依据，随假设进入成果", default=None)
    """Why; travels with the assumption that it is."""

    @property
    def factor(self) -> Fraction:
        """Exactly what is written: 0.1 is a tenth."""
        return factor_of(self.times)

    @property
    def title(self) -> str:
        """Its name, or else its quarters, with the factor: ``迎峰度夏 × 5/7``."""
        named = (
            "+".join(self.quarter) if isinstance(self.quarter, tuple) else f"{self.quarter.since or ''}–{self.quarter.until or ''}"
        )
        return f"{self.name or named} × {self.times if isinstance(self.times, str) else f'{self.times:g}'}"

    def holds_in(self, quarter: str) -> bool:
        """Whether it is of that quarter."""
        if isinstance(self.quarter, tuple):
            return quarter in self.quarter
        return (self.quarter.since or quarter) <= quarter <= (self.quarter.until or quarter)
