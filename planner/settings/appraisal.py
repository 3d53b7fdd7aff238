"""How chains, counties, teams are assessed (考核): weighted formulas over what happened to projects, with caps, deductions and bonuses.

A formula's points in a group are ``weight × min(cap, max(floor, (amount − base) ÷ (target − base)))``, less its deductions, plus its
bonuses. An amount adds up counts of projects and sums of a column over them; with ``over`` it is a ratio of two such amounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast, get_args

from pydantic import AfterValidator, BeforeValidator, create_model, model_validator

from planner.language import Words
from planner.settings.base import Cut, Day, Number, RefusedError, Section, note
from planner.settings.filters import Amount, Scalar, Where, as_amount

Listed = Literal[
    "lead",
    "talks",
    "intent",
    "signed",
    "started",
    "finished",
    "producing",
    "full",
    "unstarted",
    "paused",
    "lost",
    "overdue",
    "yellow",
    "red",
    "out",
    "problems",
    "late_problems",
]
REACHED: tuple[str, ...] = get_args(Listed)[:8]
"""Lists of projects that reached a stage in the period; the others are of those that stand so at its end."""
PLANNED = "plan"
"""In place of a target: what the plan itself wanted."""
EVERYONE = "plan"
"""``per`` of an assessment of the plan as a whole."""
OWNER = "owner"
"""``per`` of an assessment of those whom the events name as responsible."""
LISTS = (
    "签约、开工等为本期内到达该阶段的项目；其余按期末状况：unstarted 已签约未开工，paused 暂缓，lost 流失，overdue 超过计划日期，"
    "yellow、red、out 亮黄灯、红灯、出库，problems 未办结的问题，late_problems 超期未办结的问题"
)
LISTS_EN = (
    "A stage: projects that reached it in the period. Else as it stands at its end: ``unstarted`` signed and not started, ``paused``, ``lost``, "
    "``overdue`` its planned date is past, lights ``yellow``, ``red``, ``out``, ``problems`` not solved, ``late_problems`` of these past due."
)

if TYPE_CHECKING:
    _From = Section
else:
    # ``from`` is a word of Python, so a class body cannot name the field that plan.yaml calls so.
    _FIRST = (Day | None, note("首日；省略即年初", default=None, description="First day; left out: the first of the year."))
    _From = create_model("_From", __base__=Section, __module__=__name__, **{"from": _FIRST})


class Period(_From):
    """The days that are assessed, both included; of what happens after the day of the ledgers nothing is counted."""

    until: Day | None = note("末日；省略即项目进展所算到的那一天", default=None)
    """Last day; left out: the day up to which the table ``status`` counts."""

    @property
    def first(self) -> str | None:
        """The day under ``from``."""
        return cast("str | None", getattr(self, "from"))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first is not None and self.until is not None and self.first > self.until:
            rule = Words(f"from {self.first} 晚于 until {self.until}", f"from {self.first} is after until {self.until}")
            raise RefusedError(rule)
        return self


class Tally(Section):
    """A number of projects, or a sum of a column over them."""

    count: Listed | None = note(f"数项目：{LISTS}", "projects", default=None, description=f"Counts projects. {LISTS_EN}")
    sum: str | None = note("求和的列或资源；哪些项目由 of 说明", default=None)
    """Column or resource that is summed, over the projects of ``of``."""
    of: Listed | None = note("sum 对哪些项目求和，同 count", default=None)
    """The projects that ``sum`` is taken over, as for ``count``."""
    where: Where = note("只算这些项目：与规则相同的筛选", default_factory=dict)
    """Of these only the projects that the filter takes, as in rules."""
    times: Number = note("折算系数，如意向按 0.5 计", default=1.0)
    """Counted so many times: 0.5 for a letter of intent, say."""
    ever: bool = note("自始至期末，不只本期", default=False)
    """Since the beginning, not in the period alone."""

    @property
    def listed(self) -> str:
        """The projects."""
        return self.count or self.of or ""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.count is None) == (self.sum is None):
            remedy = Words(
                "如 {count: signed} 或 {sum: investment, of: signed}", "e.g. {count: signed} or {sum: investment, of: signed}"
            )
            raise RefusedError(Words("count、sum 须且只能写一个", "exactly one of count and sum is needed"), remedy)
        if (self.sum is None) != (self.of is None):
            rule = Words("sum 与 of 须同时写，count 不写 of", "sum goes with of, and count without it")
            raise RefusedError(rule, Words("如 {sum: investment, of: signed}", "e.g. {sum: investment, of: signed}"))
        if self.ever and self.listed not in REACHED:
            raise RefusedError(Words("ever 只用于到达某阶段的项目", "ever is for projects that reached a stage"), at=("ever",))
        return self


class Extra(Section):
    """Points for each project on a list, taken off or added."""

    name: str | None = note("名称；省略即以清单为名", default=None, min_length=1)
    """Shown wherever it is spoken of; left out: the list."""
    count: Listed = note(f"每个项目计一次：{LISTS}", "projects", description=f"Once for each project. {LISTS_EN}")
    points: Number = note("每个项目的分值", "points", gt=0)
    """Points for each."""
    most: Number | None = note("至多多少分", "points", default=None, gt=0)
    """At most so many."""
    where: Where = note("只算这些项目", default_factory=dict)
    """Of these only the projects that the filter takes."""

    @property
    def tally(self) -> Tally:
        """What is counted."""
        return Tally(count=self.count, where=self.where)


def _target(value: object) -> float | str:
    return PLANNED if value == PLANNED else as_amount(value)


Target = Annotated[float | str, BeforeValidator(_target)]
"""An amount, or :data:`PLANNED`."""


Aim = tuple[float | str | None, float | str]
"""Target and base."""
AIM = ("target", "base")
_AT_BASE = Words("目标等于基数，完成率要除以 0", "the target equals the base: the ratio would be divided by 0")
_OFF_BASE = Words("改目标；目标本来就是 0 的，写起点为 base", "change the target; where it is 0 write where it starts as base")


def divides(target: object, base: object, at: tuple[str | int, ...] = ()) -> None:
    """Refuses a target that is the base, at ``target`` below the keys ``at``."""
    if target is not None and target == base:
        raise RefusedError(_AT_BASE, _OFF_BASE, at=(*at, "target"))


def _several(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


Tallies = Annotated[tuple[Tally, ...], BeforeValidator(_several, json_schema_input_type=Tally | tuple[Tally, ...])]


def _row(value: object) -> object:
    """A row of targets by group: each value by itself, so that every faulty one is told."""
    if not isinstance(value, Mapping) or (isinstance(value, Cut) and (value.gone or value.clash)):
        return value
    if not any(key in value for key in AIM):
        raise RefusedError(Words("须写 target 或 base", "target or base is needed"))
    for key, read in (("target", _target), ("base", as_amount)):
        try:
            read(value[key]) if key in value else None
        except RefusedError as error:
            raise RefusedError(error.rule, error.remedy, at=(key,)) from error
    return value


Row = Annotated[Mapping[str, Scalar], BeforeValidator(_row)]


class Formula(Section):
    """One line of the assessment."""

    name: str = note("名称", min_length=1)
    """Shown wherever it is spoken of."""
    item: Tallies = note("数什么：一项或几项相加；省略即满分起扣", default=())
    """What is counted, one thing or several added up; left out: the full weight, less deductions."""
    over: Tallies = note("除以什么；写了就是比率", default=())
    """What that is divided by; the amount is then a ratio."""
    target: Target | None = note("目标值，可带单位；plan 即计划本期所定", default=None)
    """What is to be reached; may carry its unit; ``plan``: what the plan has for the period."""
    base: Amount = note("基数：完成率 =（数值 − 基数）÷（目标 − 基数）", default=0.0)
    """Where counting begins: the ratio is (amount − base) ÷ (target − base)."""
    weight: Number = note("满分", "points", ge=0)
    """Points for reaching the target."""
    cap: Number = note("完成率至多按多少计，1.2 即 120 %", "ratio", default=1.0, gt=0)
    """The ratio counts at most so much."""
    floor: Number = note("完成率至少按多少计", "ratio", default=0.0)
    """The ratio counts at least so much."""
    without: Literal["skip", "zero", "full"] = note(
        "算不出时（分母为 0、该组没有目标）：skip 该组不考核这一项，zero 记 0 分，full 记满分", default="skip"
    )
    """Where there is nothing to divide by, or no target: ``skip`` the group is not assessed by it, ``zero`` points, or ``full``."""
    by_group: tuple[Row, ...] = note("各组自己的 target、base：每行写组（per 的列）与二者", default=())
    """Targets and bases of single groups: each row names a group by the column of ``per``."""
    deduct: tuple[Extra, ...] = note("扣分", default=())
    """What is taken off."""
    bonus: tuple[Extra, ...] = note("加分", default=())
    """What is added."""
    negative: bool = note("true 可扣成负分；false 扣完为止", default=False)
    """Deductions may go below 0; otherwise they end there."""

    def aim(self, row: Mapping[str, Any]) -> Aim:
        """What a row of ``by_group`` asks of its group."""
        target, base = self.target, self.base
        return _target(row["target"]) if "target" in row else target, as_amount(row["base"]) if "base" in row else base

    @property
    def tallies(self) -> tuple[tuple[tuple[str | int, ...], Tally], ...]:
        """Everything that is counted, with the keys it stands at."""
        of_items = [((key, at), one) for key in ("item", "over") for at, one in enumerate(getattr(self, key))]
        return (*of_items, *(((key, at), one.tally) for key in ("deduct", "bonus") for at, one in enumerate(getattr(self, key))))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.item and (self.over or self.target is not None or self.by_group):
            raise RefusedError(Words("没有 item，不写 over、target、by_group", "without item there is no over, target or by_group"))
        if not self.item and not self.deduct and not self.bonus:
            raise RefusedError(Words("须写 item、deduct 或 bonus", "item, deduct or bonus is needed"))
        if self.item and self.target is None and not any("target" in row for row in self.by_group):
            rule = Words("须写 target，或在 by_group 中逐组写", "a target is needed, here or by group")
            raise RefusedError(rule, Words("如 target: 10、target: 50 亿元、target: plan", "e.g. target: 10, 50 亿元 or plan"))
        divides(self.target, self.base)
        for position, row in enumerate(self.by_group):
            divides(*self.aim(row), ("by_group", position))
        if self.floor >= self.cap:
            raise RefusedError(Words(f"floor 须低于 cap {self.cap:g}", f"floor is below cap, {self.cap:g}"), at=("floor",))
        return self


class Assessment(Section):
    """Weighted formulas for each chain, county, team, park or person responsible."""

    name: str = note("名称", default="考核", min_length=1)
    """Shown wherever it is spoken of."""
    per: str = note(
        "考核谁：chain、county、team、park、owner（进展表的责任人）、任一列，或 plan 全部", default=EVERYONE, min_length=1
    )
    """Who is assessed: each chain, county, team, park, owner (of the table ``status``), value of any column, or the ``plan`` as a whole."""
    period: Period = note("考核期", default_factory=Period)
    """The days that are assessed."""
    formulas: tuple[Formula, ...] = note("各项指标", min_length=1)
    """The lines of the assessment."""
    deduct: tuple[Extra, ...] = note("从总分中扣", default=())
    """What is taken off the total."""
    bonus: tuple[Extra, ...] = note("加到总分上", default=())
    """What is added to the total."""
    most: Number | None = note("总分至多", "points", default=None, gt=0)
    """The total is at most so much."""
    negative: bool = note("true 总分可为负", default=False)
    """The total may go below 0."""

    @property
    def tallies(self) -> tuple[tuple[tuple[str | int, ...], Tally], ...]:
        """Everything that is counted, with the keys it stands at."""
        own = [((key, at), one.tally) for key in ("deduct", "bonus") for at, one in enumerate(getattr(self, key))]
        return (*(((("formulas", n, *keys)), one) for n, f in enumerate(self.formulas) for keys, one in f.tallies), *own)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        distinct([vars(formula).get("name") for formula in self.formulas], ("formulas",))
        return self


def distinct(names: Sequence[str | None], keys: tuple[str | int, ...]) -> None:
    """Refuses the second of two entries of one name; None is no name."""
    for at, name in enumerate(names):
        if name is not None and name in names[:at]:
            rule = Words(f"“{name}”写了两次", f"“{name}” stands twice")
            raise RefusedError(rule, Words("改其中一个的名称", "rename one of them"), at=(*keys, at, "name"))


def _assessments(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


def _named(value: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
    distinct([vars(one).get("name") for one in value], ())
    return value


Assessments = Annotated[
    tuple[Assessment, ...],
    BeforeValidator(_assessments, json_schema_input_type=Assessment | tuple[Assessment, ...]),
    AfterValidator(_named),
]
"""One assessment, or several."""
