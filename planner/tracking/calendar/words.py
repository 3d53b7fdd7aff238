"""What the calendar says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.tracking.calendar.days import NEAR, Source
from planner.tracking.calendar.record import Event

MEETINGS: Mapping[str, Words] = {
    "weekly_bulletin": Words("一周一通报", "weekly bulletin"),
    "monthly_dispatch": Words("一月一调度", "monthly dispatch"),
    "quarterly_review": Words("一季一讲评", "quarterly review"),
    "half_year_assessment": Words("半年一考核", "half-year assessment"),
    "yearly_tour": Words("一年一观摩", "yearly tour"),
    "alliance_day": Words("产业联盟活动日", "alliance day"),
    "quarterly_meeting": Words("季度专题会议", "quarterly meeting"),
    "half_year_meeting": Words("半年全体会议", "half-yearly meeting"),
}
"""Names of the rules that come with the planner."""
FIXED, SIGN, PLANNED = "fixed", "sign", "planned"
KINDS: Mapping[str, Words] = {
    FIXED: Words("定期会议（calendar 表）", "fixed meetings (table calendar)"),
    SIGN: Words("计划签约季度末", "ends of signing quarters"),
    PLANNED: Words("项目计划日期", "planned dates of projects"),
}
"""Kinds of events that no rule makes."""
SOURCES: Mapping[Source, Words] = {
    "bureau": Words("本单位 calendar 表", "the bureau's table calendar"),
    "official": Words("国务院办公厅放假安排", "official arrangement of holidays"),
    "statutory": Words("法定节假日推算", "reckoned from the law"),
    "week": Words("只按周末", "weekends only"),
}
OF_YEAR: Mapping[Source, Words] = {
    "official": Words(
        "{year} 年放假与调休按国务院办公厅公布的安排（holidays 库收录）；calendar 表中的日子以表为准。",
        "The holidays of {year}, with the weekends that are worked, are those officially published (as the library holidays has them); "
        "the table calendar rules for the days that it has.",
    ),
    "statutory": Words(
        "{year} 年的放假调休安排尚未收录：只有按法律推算的节日与周末，不知道哪些周末调为上班。节日前后 {near} 天内的日子标 *，可能变动；"
        "安排公布后填入 calendar 表，并在 plan.yaml 写 calendar: {{settled: [{year}]}}。",
        "The official arrangement of {year} is not known yet: there are the holidays reckoned from the law, and weekends, but not the "
        "weekends that will be worked. Dates within {near} days of a holiday bear a * and may change; once it is published enter it in "
        "the table calendar and write calendar: {{settled: [{year}]}} in plan.yaml.",
    ),
    "week": Words(
        "{year} 年的节假日不在 holidays 库的范围内：只知道周末，全部日子标 *。请把节假日填入 calendar 表，并写 calendar: {{settled: [{year}]}}。",
        "The library holidays does not know {year}: only weekends are known, and every date bears a *. Enter the holidays in the table "
        "calendar and write calendar: {{settled: [{year}]}}.",
    ),
}
SETTLED = Words(
    "{year} 年的放假调休以 calendar 表为准（plan.yaml 写明该年已填全）；表中没有的日子按法定节假日与周末。",
    "The holidays of {year} are those of the table calendar, which plan.yaml says is complete; days that it does not have go by the law "
    "and the week.",
)
OWN = Words("calendar 表写明了其中 {days} 天。", "The table calendar states {days} of its days.")
SIGN_TITLE = Words("签约期限：{name}（{park}）", "to sign by today: {name} ({park})")
PLANNED_TITLE = Words("计划日期：{name}（现为{stage}）", "planned date: {name} (now {stage})")
PROVISIONAL = Words(
    "* 当年放假调休安排尚未公布或填全，日期可能变动", "* the arrangement of holidays is not known yet; the date may change"
)
_REST = Words("原定 {nominal} 是休息日", "{nominal}, its own day, is one of rest")
_TAKEN = Words("那个半天已有“{other}”", "that half day is taken by {other}")
HALVES: Mapping[str, Words] = {"morning": Words("上午", "morning"), "afternoon": Words("下午", "afternoon")}
WHOLE_DAY = Words("全天", "all day")
WEEKDAYS = tuple(
    Words(f"周{zh}", en) for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
_PERIODS: Mapping[str, Words] = {
    "W": Words("{year} 年第 {n} 周", "week {n} of {year}"),
    "Q": Words("{year} 年第 {n} 季度", "quarter {n} of {year}"),
    "H": Words("{year} 年第 {n} 半年", "half {n} of {year}"),
    "-": Words("{year} 年 {n} 月", "month {n} of {year}"),
}


def period_words(period: str) -> Words:
    """A period's id in words: ``2027-W05``, ``2027-03``, ``2027Q1``, ``2027H1``, ``2027``."""
    year, rest = period[:4], period[4:].removeprefix("-W")
    if not rest:
        return Words(f"{year} 年", year)
    if len(period) > len("2027-W05"):  # a day
        return Words(period, period)
    sign = "W" if period[4:].startswith("-W") else rest[0]
    return _PERIODS[sign].fill(year=year, n=int(rest.lstrip("QH-")))


def source_words(source: Source, year: int, settled: bool, own: int) -> Words:
    """What the days of a year rest on."""
    said = (SETTLED if settled and source != "official" else OF_YEAR[source]).fill(year=year, near=NEAR)
    if not own:
        return said
    more = OWN.fill(days=own)
    return Words(said.zh + more.zh, f"{said.en} {more.en}")


def moved_words(event: Event) -> Words:
    """Why an event is not on the day, or in the half day, that its rule says."""
    why = [_REST.fill(nominal=event.nominal)] if event.rest else []
    if event.beside is not None:
        why.append(_TAKEN.fill(other=event.beside))
    return Words("；".join(one.zh for one in why), "; ".join(one.en for one in why))
