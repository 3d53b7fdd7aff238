"""What is said of a delegation, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from planner.language import Language, Words
from planner.publish.delegation.record import Call, DayPlan, Delegation, Firm, HelpKind, Way, Why
from planner.publish.figures import figure
from planner.publish.words import UNKNOWN
from planner.settings.following import Delegation as Settings

TITLE = Words("{cities}招商行程", "Journey to {cities}")
SPAN = Words("{first} 至 {last}", "{first} to {last}")
BASE = Words("{city}住处（待定）", "hotel in {city} (to be chosen)")
SUBJECT = Words("{chain} · {link}", "{chain} · {link}")
SUBJECT_WITH_PARK = Words("{chain} · {link}，拟落户{park}", "{chain} · {link}, to settle in {park}")
WEEKDAYS = tuple(
    Words(f"周{zh}", en) for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
WHYS: Mapping[Why, Words] = {
    "no_coordinates": Words("没有坐标，也查不到所在城市", "it has no coordinates, and its city is not known"),
    "outside_hours": Words("可拜访时段放不下一次拜访", "no hours in which it receives are long enough for a visit"),
    "too_far": Words("当天来不及往返", "too far to go and come back within its hours"),
    "no_time": Words("时间不够", "not enough time"),
    "other_team": Words("归未出行的专班", "of a team that does not travel"),
}
HELPS: Mapping[HelpKind, Words] = {
    "day": Words("多一天，可访 {n} 家（加上{more}）", "one day more: {n:visit} (with {more})"),
    "hours": Words("下午延长一小时，可访 {n} 家（加上{more}）", "an hour later in the afternoon: {n:visit} (with {more})"),
    "visit": Words("每次拜访缩短一刻钟，可访 {n} 家（加上{more}）", "visits a quarter of an hour shorter: {n:visit} (with {more})"),
}
ALSO = Words("增补拜访", "added visit")
PROVED = Words(
    "已证明：没有别的行程能访到更要紧的企业，或同样要紧而路上更省时间。",
    "Proved: no other journey visits firms that matter more, or as much with less time on the way.",
)
OPEN = Words("企业多、拜访短，未证明没有更好的行程。", "With so many short visits it is not proved that no journey is better.")
DAY = Words("{date} {weekday}", "{weekday}, {date}")
DAY_OF_GROUP = Words("{date} {weekday}　{group}", "{weekday}, {date}: {group}")
LUNCH = Words("午餐", "lunch")
DRIVE = Words("前往{goal}", "to {goal}")
RETURN = Words("返回{goal}", "back to {goal}")
VISIT = Words("拜访{name}", "visit {name}")
ASK = Words("拟问：{questions}", "to ask: {questions}")
WAY = Words("{mode}，约 {minutes} 分钟", "{mode}, about {minutes} min")
WAY_KM = Words("{mode}，约 {km} 公里，{minutes} 分钟", "{mode}, about {km} km, {minutes} min")
ONLY_CITY = Words("{city}，地址待问明", "{city}, address to be asked for")
RECKONED = Words(
    "路上时间按直线距离与设定速度估算，不含堵车：市内 {city} 公里/小时，公路 {road}，铁路 {rail}，航空 {air}；"
    "只知道城市的，市内一程按 {unplaced} 分钟。有里程表（distances）的以表为准。",
    "Times on the way are reckoned from great circles and stated speeds, without traffic: {city} km/h in cities, {road} by road, {rail} by rail, "
    "{air} by air; {unplaced} min within a city of which no more is known. The table distances wins where it has a row.",
)
USUAL = Words(
    "通常接待时段 {hours}，一次拜访 {visit} 分钟；另有约定的以客商库为准。",
    "Usual hours {hours}, {visit} min a visit; agreed hours of a firm win.",
)
NEAR = Words("{base}：住处未定，暂按{firm}附近计。", "{base}: no hotel is named; it is reckoned to be near {firm}.")
PROVISIONAL = Words("{dates}：放假安排未公布，日期可能变动。", "{dates}: the arrangement of holidays is still to come.")
NO_START = Words(
    "没有写起始日期，从规划期的首个工作日排起。", "No first day was given: it begins on the first working day of the plan."
)
MOVED = Words("{asked} 是休息日，从 {first} 开始。", "{asked} is a day of rest: it begins on {first}.")
NO_TRIP = Words(
    "没有写起点或终点的，本市与目的地之间的路程没有排入。",
    "The way from home, or back, is not part of it where no place was given for the beginning or the end.",
)
ELSEWHERE = Words("另有 {n} 个入选项目的企业不在这些城市。", "{n} selected projects have their home elsewhere.")
MARKED = Words("* 为估算或假设。", "* reckoned or assumed.")


def title(found: Delegation) -> str:
    """``深圳、广州招商行程``."""
    return TITLE.say(found.language, cities=Words.listed(found.cities))


def span(found: Delegation) -> str:
    """From the first day to the last."""
    first, last = found.dates[0], found.dates[-1]
    return str(first) if first == last else SPAN.say(found.language, first=first, last=last)


def day_heading(found: Delegation, day: DayPlan) -> str:
    """The day, and the team where several travel."""
    words = DAY_OF_GROUP if day.group else DAY
    return words.say(found.language, date=day.date, weekday=WEEKDAYS[day.date.weekday()], group=day.group)


def way_text(way: Way, language: Language) -> str:
    """How one gets there."""
    words = WAY if way.km is None else WAY_KM
    return words.say(language, mode=way.mode, minutes=way.minutes, km="" if way.km is None else figure(way.km))


def hours_text(begins: dt.time, ends: dt.time) -> str:
    """``09:00–10:00``."""
    return f"{begins:%H:%M}–{ends:%H:%M}"


def where(firm: Firm, language: Language) -> str:
    """Its address, else its city, and that no more is known."""
    city = firm.city or UNKNOWN.say(language)
    if firm.address:
        return firm.address if firm.city in firm.address else f"{firm.city} {firm.address}".strip()
    return ONLY_CITY.say(language, city=city) if firm.only_city else city


def matters(call: Call, language: Language) -> str:
    """What is talked about, and what we ask."""
    firm = call.firm
    lines = [*firm.subjects, *([ASK.say(language, questions=firm.questions)] if firm.questions else [])]
    return "\n".join([*([ALSO.say(language)] if firm.also else []), *lines])


def remarks(found: Delegation, settings: Settings) -> Iterator[Words]:
    """What the journey rests on."""
    travel = settings.travel
    speeds = {mode: figure(getattr(travel, mode).speed) for mode in ("city", "road", "rail", "air")}
    yield USUAL.fill(hours=Words.listed(found.hours), visit=found.visit_minutes)
    if found.asked_start is None:
        yield NO_START
    elif found.asked_start != found.dates[0]:
        yield MOVED.fill(asked=found.asked_start, first=found.dates[0])
    if found.provisional:
        yield PROVISIONAL.fill(dates=Words.listed(found.provisional))
    yield from (NEAR.fill(base=base.name, firm=base.near) for base in found.bases if base.near)
    if any(way.assumed for day in found.days for way in (*(call.way for call in day.calls), day.back)):
        yield RECKONED.fill(**speeds, unplaced=travel.unplaced)
    if not all(found.ends):
        yield NO_TRIP
    yield PROVED if found.proved else OPEN
