"""How candidates stand to each other: rivals, groups that exclude each other, belong together, keep apart, wait or draw each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import AfterValidator, BeforeValidator, ConfigDict, TypeAdapter, create_model, model_validator

from planner.language import Words
from planner.settings.base import Kilometres, Members, RefusedError, Section, Whole, note
from planner.settings.filters import Where


class Filtered(Section):
    """The candidates that a filter takes."""

    where: Where = note("筛选，写法同规则的 where；列为候选项目及其环节、产业链、资金池的列")
    """The filter, as that of a rule, by columns of candidates, their links, chains and funds."""


_NAMED: TypeAdapter[tuple[str, ...]] = TypeAdapter(Members, config=ConfigDict(coerce_numbers_to_str=True))


def _group(value: object) -> object:
    """The one branch of :data:`Group` that the value's shape asks for, so that only that branch complains."""
    if isinstance(value, (Mapping, Filtered)):
        return Filtered.model_validate(value)
    named = _NAMED.validate_python(value)
    if not named:
        raise RefusedError(
            Words("一个项目也没有写", "no candidate is named"), Words("写出项目，或删去这一项", "name some, or remove it")
        )
    return named


def _several(group: tuple[str, ...] | Filtered) -> tuple[str, ...] | Filtered:
    if isinstance(group, tuple) and len(group) < 2:
        raise RefusedError(
            Words("至少写两个项目", "at least two candidates are needed"), Words("补足，或删去这一项", "add some, or remove it")
        )
    return group


Group = Annotated[tuple[str, ...] | Filtered, BeforeValidator(_group)]
"""Candidates: ids and names, or a filter."""
Several = Annotated[Group, AfterValidator(_several)]
"""The same, of two at least."""


def written(group: tuple[str, ...] | Filtered) -> Words:
    """A group as plan.yaml has it, in short."""
    if isinstance(group, Filtered):
        return Words.listed([f"{name}: {_short(wanted)}" for name, wanted in group.where.items()] or ["{}"])
    return Words.listed(group)


def _short(wanted: object) -> str:
    if isinstance(wanted, Section):
        return "{" + ", ".join(f"{name}: {_short(value)}" for name, value in wanted.model_dump(exclude_defaults=True).items()) + "}"
    if isinstance(wanted, Mapping):
        return "{" + ", ".join(f"{name}: {_short(value)}" for name, value in wanted.items()) + "}"
    if isinstance(wanted, (tuple, list)):
        return "[" + ", ".join(map(_short, wanted)) + "]"
    return str(wanted).lower() if isinstance(wanted, bool) else str(wanted)


class Exclusive(Section):
    """At most some of these candidates."""

    name: str | None = note("名称", default=None)
    """Shown wherever the rule is spoken of."""
    candidates: Several = note("项目：编号或不重名的名称，至少两个；或 {where: 筛选}")
    """Candidates, by id or unambiguous name, two at least; or ``{where: filter}``."""
    max: Whole = note("至多几个", "projects", default=1, ge=1)
    """How many of them at most."""


class Neighbours(Section):
    """Candidates that belong together or must keep apart."""

    name: str | None = note("名称", default=None)
    """Shown wherever the rule is spoken of."""
    candidates: Several = note("项目：编号或不重名的名称，至少两个；或 {where: 筛选}；对其中每两个成立")
    """Candidates, by id or unambiguous name, or ``{where: filter}``; the rule holds for each pair of them."""
    km: Kilometres = note("距离；0 表示同一园区；可带单位", "km", default=0.0, ge=0)
    """Distance between parks; 0: the same park; may carry its unit."""


class Together(Neighbours):
    """Placed in the same park, or within a distance of each other."""

    all_or_none: bool = note("true 时还要么都选要么都不选；false 时只约束都选中的", default=False)
    """All of them or none, besides; false: binds only those that are selected."""


class Before(Section):
    """Who is signed before whom."""

    name: str | None = note("名称", default=None)
    """Shown wherever the rule is spoken of."""
    first: Group = note("在先的项目：编号或不重名的名称，或 {where: 筛选}；两方都有的只算这一方")
    """Candidates signed first, by id or unambiguous name, or ``{where: filter}``; who stands on both sides stands here alone."""
    then: Group = note("在后的项目，写法同上")
    """Candidates that are signed then."""
    quarters: Whole = note("至少早几个季度；0 即不晚于", "quarters", default=0, ge=0)
    """How many quarters before, at the least; 0: no later than."""
    needed: bool = note(
        "false：都来时，在先的每个须早于在后的每个；true：在先的至少签约 count 个之后，在后的才能签约", default=False
    )
    """False: of those that come, ``first`` before ``then``. True: ``then`` is signed only when ``count`` of ``first`` were."""
    count: Whole = note("needed 时须先签约几个", "projects", default=1, ge=1)
    """How many must be signed first, where ``needed``."""
    existing: Whole = note("needed 时本地已有几个，计入 count", "projects", default=0, ge=0)
    """How many are here already and count as well, where ``needed``."""

    @model_validator(mode="after")
    def _counts_where_needed(self) -> Before:
        told = {"count": self.count != 1, "existing": self.existing != 0}
        if not self.needed and any(told.values()):
            rule = Words("count、existing 只与 needed: true 同用", "count and existing go with needed: true")
            key = next(name for name, differs in told.items() if differs)
            raise RefusedError(rule, Words("加上 needed: true，或删去", "add needed: true, or remove it"), at=(key,))
        return self


def _at_least(value: object) -> object:
    if value == "all" or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise RefusedError(
        Words("须为不小于 1 的整数或 all", "a whole number from 1 on, or all"), Words("如 1 或 all", "e.g. 1 or all")
    )


if TYPE_CHECKING:
    _If = Section
else:
    # ``if`` is a word of Python, so a class body cannot name the field that plan.yaml calls so.
    _WHO = (
        Group,
        note("来了就有要求的项目：编号或不重名的名称，或 {where: 筛选}", description="Candidates whose coming asks for others."),
    )
    _If = create_model("_If", __base__=Section, __module__=__name__, **{"if": _WHO})


class Implies(_If):
    """If one comes, others come too; not the other way round."""

    then: Group = note("随之须来的项目，写法同上")
    """Candidates that then come, too."""
    at_least: Annotated[Whole | Literal["all"], BeforeValidator(_at_least)] = note(
        "其中至少来几个；all 即全部", "projects", default=1
    )
    """How many of them at least; all: every one."""
    name: str | None = note("名称", default=None)
    """Shown wherever the rule is spoken of."""

    @property
    def who(self) -> tuple[str, ...] | Filtered:
        """The candidates under ``if``."""
        return cast("tuple[str, ...] | Filtered", getattr(self, "if"))


class Rivals(Section):
    """How many competitors a place takes."""

    per_link: Whole | None = note("每个环节至多几个新项目", "projects", default=None, ge=1)
    """At most so many new projects at one link."""
    per_park_link: Whole | None = note("每个园区每个环节至多几个新项目", "projects", default=None, ge=1)
    """At most so many new projects at one link in one park."""
    candidates: Group | None = note("只数这些项目：编号或不重名的名称，或 {where: 筛选}；省略即全部", default=None)
    """Only these count, by id or unambiguous name, or ``{where: filter}``; left out: all."""


class Relations(Section):
    """How candidates stand to each other."""

    rivals: Rivals = note("同类项目上限", default_factory=Rivals)
    """Limits on competitors."""
    exclusive: tuple[Exclusive, ...] = note("互斥项目", default=())
    """Groups of which at most some come."""
    together: tuple[Together, ...] = note("须在一起的项目", default=())
    """Groups that settle together."""
    apart: tuple[Neighbours, ...] = note("须分开的项目", default=())
    """Groups that must not share a park, or must keep a distance."""
    before: tuple[Before, ...] = note("签约先后", default=())
    """Who is signed before whom."""
    implies: tuple[Implies, ...] = note("来了就须有别的项目来", default=())
    """Whose coming asks for others."""


GROUPS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("exclusive", "together", "apart"), ("candidates",)),
    "before": ("first", "then"),
    "implies": ("if", "then"),
}
"""Relation: its keys that name candidates."""
