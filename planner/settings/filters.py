"""The one filter of a plan: what rules, relations, changes, scenarios and list sets say of the rows that they mean.

A filter is a mapping of columns to what is asked of them, all of which must hold; ``any`` takes a list of filters of which one is
enough. It is typed YAML and no language of strings. What a column name means is said where the tables are known
(:mod:`planner.case.filters`, :mod:`planner.reading.changes`); how a column answers stands in :mod:`planner.tables.facts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BeforeValidator, TypeAdapter, create_model, model_validator
from typing_extensions import TypeAliasType

from planner.language import Words
from planner.settings.base import Quarter, RefusedError, Section, normal_quarter, note, sensible
from planner.spelling import half_width

ANY = "any"
"""The key of a filter under which alternatives stand; a column of that name is written with its table: ``park.any``."""
_AMOUNT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\D.*|%)")
_AMOUNT_RULE = Words("须为数，或带单位的数，如 2 亿元", "a number, or one with its unit such as 2 亿元")


def amount_of(text: str) -> str | None:
    """A text of a number and its unit with one blank between them; None where it is none."""
    match = _AMOUNT.fullmatch(half_width(text).strip())
    return None if match is None else f"{match[1]} {match[2].strip()}"


def as_amount(value: object) -> float | str:
    """What :data:`Amount` makes of a value. Raises RefusedError: it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return sensible(float(value))
    if isinstance(value, str) and (amount := amount_of(value)) is not None:
        sensible(float(amount_parts(amount)[0]))
        return amount
    remedy = Words(
        "不带单位时直接写数，不加引号和千分位", "without a unit write the number alone: no quotes, no thousands separator"
    )
    raise RefusedError(_AMOUNT_RULE, remedy)


Amount = Annotated[float | str, BeforeValidator(as_amount)]
"""A number in the canonical unit of what it is held against, or a text of a number, a blank and its unit: ``2 亿元``."""


def amount_parts(amount: float | str) -> tuple[str, str]:
    """The number of an amount, as it is written, and its unit; the unit is empty where none is written."""
    if isinstance(amount, str):
        number, _, unit = amount.partition(" ")
        return number, unit
    return repr(amount), ""


def in_order(low: float | str | None, high: float | str | None) -> None:
    """Refuses a lower bound above the upper one, where both are numbers (those with units are compared once columns are known)."""
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        rule = Words(f"min {low:g} 大于 max {high:g}", f"min {low:g} is above max {high:g}")
        raise RefusedError(rule, Words("改其中一个", "change one of them"))


def scalar(value: object, *, at: tuple[int | str, ...] = ()) -> str | bool | int | float:
    """A text, a truth value or a finite number, as itself: a union of the three would answer with three complaints."""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)) and isfinite(value):
        return int(value) if isinstance(value, int) else float(value)
    rule = Words("值须为文字、有限的数或 true、false", "a value is text, a finite number, true or false")
    raise RefusedError(rule, at=at)


Scalar = Annotated[str | bool | int | float, BeforeValidator(scalar)]
_EMPTY = Words("值列表为空，什么也筛不出", "an empty list of values selects nothing")


def _texts(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts, json_schema_input_type=str | tuple[str, ...])]

if TYPE_CHECKING:
    _Since = Section
else:
    # ``from`` is a word of Python, so a class body cannot name the field that plan.yaml calls so.
    _SINCE = (Quarter | None, note("不早于此季度", "quarter", default=None, description="Not before this quarter."))
    _Since = create_model("_Since", __base__=Section, __module__=__name__, **{"from": _SINCE})


class Condition(_Since):
    """What is asked of one column: a range, quarters, values that it must not have, a part of its text, whether it is blank.

    All that is written must hold.
    """

    until: Quarter | None = note("不晚于此季度", "quarter", default=None)
    """Not after this quarter."""
    min: Amount | None = note("不小于；可带单位", default=None)
    """Not below; may carry its unit."""
    max: Amount | None = note("不大于；可带单位", default=None)
    """Not above; may carry its unit."""
    exclude: tuple[Scalar, ...] = note("不是这些值", default=())
    """None of these values."""
    contains: Texts = note("文字中含有其一", default=())
    """A text, or a list of texts of which the column holds at least one as a part; case and width do not matter."""
    blank: bool | None = note("true 只要空白的；false 只要填了的", default=None)
    """True: only blank cells; false: only filled ones."""

    @property
    def since(self) -> str | None:
        """The quarter under ``from``."""
        return cast("str | None", getattr(self, "from"))

    @property
    def bounded(self) -> bool:
        """Whether it asks for numbers."""
        return self.min is not None or self.max is not None

    @property
    def in_quarters(self) -> str:
        """A range of numbers as one of quarters is written."""
        said = []
        for key, bound in (("from", self.min), ("until", self.max)):
            try:
                quarter = normal_quarter(str(bound))
            except RefusedError:  # no quarter at all: an example of one
                quarter = "2027Q1"
            said += [f"{key}: {quarter}"] if bound is not None else []
        return "{" + ", ".join(said) + "}"

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        spans = self.since is not None or self.until is not None
        if not (spans or self.bounded or self.exclude or self.contains) and self.blank is None:
            names = "min、max、from、until、exclude、contains、blank"
            raise RefusedError(Words(f"须写 {names} 之一", f"one of {names.replace('、', ', ')} is needed"))
        if self.blank and (spans or self.bounded or self.exclude or self.contains):
            rule = Words("空白的没有别的可筛", "a blank cell has nothing else to be filtered by")
            raise RefusedError(rule, Words("空白或其他两可时写 any", "for blank or something else write any"))
        if spans and self.bounded:
            raise RefusedError(Words("from、until 是季度，min、max 是数", "from and until are quarters, min and max numbers"))
        if self.since is not None and self.until is not None and self.since > self.until:
            rule = Words(f"from {self.since} 晚于 until {self.until}", f"from {self.since} is after until {self.until}")
            raise RefusedError(rule)
        in_order(self.min, self.max)
        return self


def _filter(value: object) -> object:
    """The one branch of :data:`Filter` that the value's shape asks for, so that only that branch complains."""
    if isinstance(value, (Mapping, Condition)):
        return Condition.model_validate(value)
    if isinstance(value, (list, tuple)) and value and all(isinstance(entry, Mapping) for entry in value):
        return tuple(_ALTERNATIVES.validate_python(value))
    if not isinstance(value, (list, tuple)):
        return scalar(value)
    if not value:
        raise RefusedError(_EMPTY)
    return tuple(scalar(entry, at=(position,)) for position, entry in enumerate(value))


Filter = Annotated[Scalar | tuple[Scalar, ...] | Condition | tuple[Mapping[str, Any], ...], BeforeValidator(_filter)]
"""What is asked of one column; under :data:`ANY` a list of filters."""


def _alternatives(where: object) -> object:
    for name, wanted in where.items() if isinstance(where, Mapping) else ():
        if (name == ANY) != is_alternatives(wanted):
            rule = Words("any 之下须为筛选的列表", "any takes a list of filters")
            remedy = Words("如 any: [{county: 东县}, {tier: 上游}]", "e.g. any: [{county: 东县}, {tier: 上游}]")
            if name != ANY:
                rule = Words("列名之下不能是筛选的列表", "a column takes no list of filters")
                remedy = Words("两可的条件写在 any 之下", "alternatives stand under any")
            raise RefusedError(rule, remedy, at=(str(name),))
    return where


def is_alternatives(wanted: object) -> bool:
    """Whether it is a list of filters of which one is enough."""
    return isinstance(wanted, (tuple, list)) and bool(wanted) and all(isinstance(entry, Mapping) for entry in wanted)


Written = TypeAliasType("Written", "Mapping[str, Scalar | tuple[Scalar, ...] | Condition | tuple[Written, ...]]")
"""A filter as editors are told of it: alternatives are filters again."""
Where = Annotated[Mapping[str, Filter], BeforeValidator(_alternatives, json_schema_input_type=Written)]
"""A filter: what is asked of each column, and alternatives under ``any``. An empty one takes every row."""
_ALTERNATIVES: TypeAdapter[tuple[Mapping[str, Any], ...]] = TypeAdapter(tuple[Where, ...])


def conditions(where: Mapping[str, Any], keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    """Every column that a filter names, with the way to it below ``keys`` and what is asked of it; alternatives too."""
    for name, wanted in where.items():
        if is_alternatives(wanted):
            for position, entry in enumerate(wanted):
                yield from conditions(entry, (*keys, name, position))
        else:
            yield (*keys, name), name, wanted


def named_in(where: Mapping[str, Any]) -> frozenset[str]:
    """Every column that a filter names, without its table."""
    return frozenset(name.removeprefix("candidate.") for _, name, _ in conditions(where))


def values_of(wanted: Any) -> tuple[object, ...]:
    """The values that one column is asked for, or must not have."""
    return wanted.exclude if isinstance(wanted, Condition) else wanted if isinstance(wanted, tuple) else (wanted,)


def bounds_of(wanted: Any) -> tuple[float | str, ...]:
    """The bounds within which the numbers of one column are to lie."""
    return tuple(bound for bound in (wanted.min, wanted.max) if bound is not None) if isinstance(wanted, Condition) else ()


def asks_of_blanks(wanted: Any) -> bool:
    """Whether it says what becomes of blank cells: ``""`` among its values, or ``blank``."""
    return (isinstance(wanted, Condition) and wanted.blank is not None) or "" in values_of(wanted)
