"""The year's meetings: rules by which their days are reckoned, and how the bureau changes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from planner.language import Words
from planner.settings.base import Cut, Members, Number, RefusedError, Section, Whole, note
from planner.spelling import half_width

Every = Literal["week", "month", "quarter", "half", "year"]
MONTHS: Mapping[Every, int] = {"week": 1, "month": 1, "quarter": 3, "half": 6, "year": 12}
"""Months of a period, in which its day may be; 1 of a week."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")


def _time(value: str) -> str:
    match = _TIME.fullmatch(half_width(value).strip())
    if match is None:
        raise RefusedError(Words("时刻须写作 09:00", "a time is written 09:00"), Words("加引号写", "write it in quotes"))
    return f"{int(match[1]):02}:{match[2]}"


Time = Annotated[str, AfterValidator(_time)]
"""A time of the day, read into normal form: ``09:00``."""


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_WEEKDAYS = "一二三四五六日"
_DAY = re.compile(r"(?:(workday|工作日)|([a-z]+day)|(?:周|星期|礼拜)([一二三四五六日天]))? *([+-]?[0-9]+)?")
LAST_OF = {"workday": 15, "weekday": 5, "date": 31}
"""The greatest number that each way of naming a day takes."""


@dataclass(frozen=True, slots=True)
class Nominal:
    """A day of a month, or (``number`` None) of a week, before days of rest are looked at: a working day or a weekday counted from 1,
    from the month's end with −1, or a date."""

    kind: Literal["workday", "weekday", "date"]
    number: int | None
    weekday: int | None = None
    """0 for Monday."""

    @property
    def text(self) -> str:
        """As a plan file has it: ``workday -3``, ``friday 3``, ``monday``, ``15``."""
        words = ("workday" if self.kind == "workday" else "") if self.weekday is None else _WEEKDAYS[self.weekday]
        return " ".join(part for part in (words, "" if self.number is None else str(self.number)) if part)


def nominal(text: str) -> Nominal:
    """A day as a plan file writes it. RefusedError: it is written otherwise."""
    match = _DAY.fullmatch(half_width(text).strip().lower().replace("−", "-"))
    told = None
    if match is not None and not (match[2] and match[2] not in _WEEKDAYS):
        number = None if match[4] is None else int(match[4])
        if match[1] or not (match[2] or match[3]):
            told = None if number is None else Nominal("workday" if match[1] else "date", number)
        else:
            weekday = _WEEKDAYS.index(match[2]) if match[2] else _CHINESE_WEEKDAYS.index(match[3].replace("天", "日"))
            told = Nominal("weekday", number, weekday)
    if told is not None and (
        told.number is None or 1 <= (told.number if told.kind == "date" else abs(told.number)) <= LAST_OF[told.kind]
    ):
        return told
    rule = Words(
        "须写作 workday 3（第 3 个工作日）、workday -1（最后一个）、friday 3（第 3 个星期五）、15（15 日），每周的写 monday",
        "is written workday 3, workday -1 (the last), friday 3 (the third one), 15 (the date); of a week monday",
    )
    raise RefusedError(rule, Words("改写", "write it so"))


def _nominal_text(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return nominal(str(value)).text if whole or isinstance(value, str) else value


NominalText = Annotated[str, BeforeValidator(_nominal_text, json_schema_input_type=str | int)]
"""A day as a plan file writes it, read into normal form."""


class Meeting(Section):
    """A rule: what comes again and again, on which day of its period, and who takes part."""

    name: str | None = note("名称；省略时用规则自带的名称，或规则编号", default=None, min_length=1)
    """Name; left out: that which the rule has of its own, or its id."""
    held: bool = note("false 即不开", default=True)
    """false: it is not held."""
    every: Every | None = note("周期：每周 week、每月 month、每季 quarter、每半年 half、每年 year；自带的规则可省略", default=None)
    """Its period: each week, month, quarter, half year or year; may be left out of a rule that comes with the planner."""
    day: NominalText | None = note(
        "哪一天：workday 3 第 3 个工作日，workday -1 最后一个，friday 3 第 3 个星期五，15 即 15 日；每周的写 monday；自带的规则可省略",
        default=None,
    )
    """The day: workday 3, workday -1 (the last), friday 3 (the third one), 15 (the date, or the last of a shorter month); of a week monday."""
    month: Whole = note("day 在周期中的第几个月", default=1, ge=1, le=12)
    """In which month of the period the day is."""
    moves: Literal["next", "previous"] = note("逢休息日，或半天已被占用，移到后一个 next 或前一个 previous 工作日", default="next")
    """Where it goes from a day of rest, or from half days that are taken: to the next or the previous working day."""
    half_day: Literal["morning", "afternoon"] = note("上午 morning 或下午 afternoon", default="morning")
    """Morning or afternoon."""
    hours: Number = note("时长", "hours", default=2.0, gt=0, le=4)
    """How long it takes."""
    who: Members = note("参加的角色，写法同 people 表的 role", default=())
    """Roles that take part, as in the table ``people``."""

    @model_validator(mode="after")
    def _names_one_day(self) -> Meeting:
        if self.every is None or self.day is None:
            raise RefusedError(
                Words("新规则须写 every 与 day", "a new rule says every and day"),
                Words("如 every: month, day: workday 3", "e.g. every: month, day: workday 3"),
            )
        when = nominal(self.day)
        if (self.every == "week") != (when.number is None):
            rule = Words(
                "每周的只写星期几，其他周期须写第几个", "of a week the day is a weekday alone; of other periods it is counted"
            )
            raise RefusedError(rule, Words("每周写 monday，其他写 monday 1", "monday of a week, else monday 1"), at=("day",))
        if self.month > MONTHS[self.every]:
            raise RefusedError(Words(f"周期中没有第 {self.month} 个月", f"the period has no month {self.month}"), at=("month",))
        return self

    @property
    def period(self) -> Every:
        """What ``every`` says."""
        assert self.every is not None
        return self.every

    @property
    def when(self) -> Nominal:
        """What ``day`` says."""
        assert self.day is not None
        return nominal(self.day)


OWN: Mapping[str, Mapping[str, Any]] = {
    "weekly_bulletin": {"every": "week", "day": "monday", "hours": 0.5, "who": ("链长办", "专班负责人")},
    "monthly_dispatch": {
        "every": "month",
        "day": "workday 3",
        "who": ("链长", "副链长", "链长办", "牵头部门", "牵头园区", "专班负责人"),
    },
    "quarterly_review": {
        "every": "quarter",
        "month": 3,
        "day": "workday -3",
        "moves": "previous",
        "who": ("总链长", "副总链长", "链长", "链长办", "牵头部门", "牵头园区", "专班负责人"),
    },
    "half_year_assessment": {
        "every": "half",
        "month": 6,
        "day": "workday -2",
        "moves": "previous",
        "hours": 4.0,
        "who": ("总链长", "副总链长", "链长办", "牵头部门"),
    },
    "yearly_tour": {
        "every": "year",
        "month": 11,
        "day": "workday 8",
        "hours": 4.0,
        "who": ("总链长", "副总链长", "链长", "副链长", "盟长", "校长", "行长", "链长办", "牵头部门", "牵头园区"),
    },
    "alliance_day": {"every": "month", "day": "friday 3", "half_day": "afternoon", "hours": 3.0, "who": ("盟长", "链长办", "专家")},
    "quarterly_meeting": {
        "held": False,
        "every": "quarter",
        "day": "workday 5",
        "who": ("总链长", "副总链长", "链长", "链长办", "牵头部门"),
    },
    "half_year_meeting": {
        "held": False,
        "every": "half",
        "day": "workday 10",
        "who": ("总链长", "副总链长", "总群链长", "群长", "链长", "链长办", "牵头部门"),
    },
}
"""The rules that come with the planner, by id. The last two are not held unless a bureau asks for them."""


def _completed(value: Any) -> Any:
    """What a plan writes of a rule that comes with the planner is laid over it; its other rules stay."""
    if not isinstance(value, Mapping):
        return value
    rules: dict[str, Any] = dict(OWN)
    for name, told in value.items():
        if name not in OWN or not isinstance(told, Mapping):
            rules[name] = told
            continue
        rules[name] = Cut({**OWN[name], **told}) if isinstance(told, Cut) else {**OWN[name], **told}
        if isinstance(told, Cut):
            rules[name].gone, rules[name].clash = told.gone, told.clash
    return rules


def _domain(value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}", value) is None:
        rule = Words("须为字母、数字、点和连字符，至多 100 个", "letters, digits, dots and hyphens, at most 100")
        raise RefusedError(rule, Words("如 zhaoshang.shili", "e.g. bureau.example"))
    return value


Domain = Annotated[str, AfterValidator(_domain)]
"""What tells the events of one bureau from those of others."""


class Calendar(Section):
    """The year's meetings; days of rest and fixed meetings are in the table ``calendar``."""

    meetings: Annotated[Mapping[str, Meeting], BeforeValidator(_completed)] = note(
        "会议规则，按编号；自带的规则只写要改的键，新的规则另起编号", default=OWN
    )
    """Rules by id: of one that comes with the planner only what is to be other, of a new one everything."""
    morning: Time = note("上午几点开始", default="09:00")
    """When a morning begins."""
    afternoon: Time = note("下午几点开始", default="14:30")
    """When an afternoon begins."""
    settled: tuple[Whole, ...] = note("这些年的放假调休已全部填入 calendar 表", default=())
    """Years of which the table ``calendar`` has the whole official arrangement of holidays."""
    uid: Domain = note("日程编号（UID）的后缀，一个单位一个", default="bulian")
    """What the UIDs of events end in, one for each bureau."""
