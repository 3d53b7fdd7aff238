"""The days of meetings: counts, days of rest, collisions, and what a plan changes of the rules."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from planner.settings.meetings import nominal
from planner.settings.schema import Settings
from planner.tracking.calendar.days import Named, days_of
from planner.tracking.calendar.schedule import Placed, schedule


def placed(year: int, meetings: dict[str, Any] | None = None, own: tuple[Named, ...] = (), fixed: Any = None) -> list[Placed]:
    rules = Settings.model_validate({"calendar": {"meetings": meetings or {}}}).calendar.meetings
    return schedule(days_of(year, own), rules, fixed or {})


@pytest.mark.parametrize("year", range(2023, 2033))
def test_a_year_has_its_meetings_on_working_days_each_in_a_half_day_of_its_own(year: int) -> None:
    meetings = placed(year)
    mondays = sum((dt.date(year, 1, 1) + dt.timedelta(n)).weekday() == 0 for n in range(365 + (year % 4 == 0)))
    assert Counter(one.rule for one in meetings) == {
        "weekly_bulletin": mondays,
        "monthly_dispatch": 12,
        "quarterly_review": 4,
        "half_year_assessment": 2,
        "yearly_tour": 1,
        "alliance_day": 12,
    }
    assert mondays in (52, 53)
    days = days_of(year)
    assert all(days.working(one.date) for one in meetings)
    assert len({(one.date, one.half) for one in meetings}) == len(meetings)
    assert len({(one.rule, one.period.name) for one in meetings}) == len(meetings)
    assert len({(one.rule, one.date) for one in meetings}) == len(meetings)


def test_spring_festival_of_2026() -> None:
    """15 to 23 February 2026 were days of rest: the bulletins of two Mondays go to the two working days behind them, not to one."""
    bulletins = {one.period.name: one.date for one in placed(2026) if one.rule == "weekly_bulletin"}
    assert bulletins["2026-W07"] == dt.date(2026, 2, 9)
    assert bulletins["2026-W08"] == dt.date(2026, 2, 24)
    assert bulletins["2026-W09"] == dt.date(2026, 2, 25)
    # Labour Day: Monday and Tuesday 4 and 5 May were days of rest; 9 May, a Saturday, was worked.
    assert bulletins["2026-W19"] == dt.date(2026, 5, 6)
    assert days_of(2026).working(dt.date(2026, 5, 9))


def test_two_quarterly_kinds_on_one_day_take_its_two_halves() -> None:
    """The last working day but two of March 2026 is Friday the 27th: reviews keep the morning, the meetings go to the afternoon."""
    same = {"quarterly_meeting": {"held": True, "month": 3, "day": "workday -3", "half_day": "morning"}}
    of = {one.rule: one for one in placed(2026, same) if one.period.name == "2026Q1"}
    review, meeting = of["quarterly_review"], of["quarterly_meeting"]
    assert (review.date, review.half, review.moved) == (dt.date(2026, 3, 27), "morning", False)
    assert (meeting.date, meeting.half, meeting.beside) == (dt.date(2026, 3, 27), "afternoon", "quarterly_review")


def test_a_third_one_goes_to_the_next_working_day_by_its_rule() -> None:
    third = {"every": "quarter", "month": 3, "day": "workday -3"}
    rules = {
        "quarterly_meeting": {"held": True, "month": 3, "day": "workday -3"},
        "next": third,
        "previous": {**third, "moves": "previous"},
    }
    of = {one.rule: one.date for one in placed(2026, rules) if one.period.name == "2026Q1"}
    assert of["next"] == dt.date(2026, 3, 30)  # 28 and 29 March are a weekend
    assert of["previous"] == dt.date(2026, 3, 26)


def test_what_a_plan_writes_of_a_rule_leaves_the_others_as_they_are() -> None:
    dispatches = {
        one.period.name: one.date
        for one in placed(2026, {"monthly_dispatch": {"day": "tuesday 1"}})
        if one.rule == "monthly_dispatch"
    }
    assert dispatches["2026-03"] == dt.date(2026, 3, 3)
    assert dispatches["2026-07"] == dt.date(2026, 7, 7)
    assert len(placed(2026, {"monthly_dispatch": {"day": "tuesday 1"}})) == len(placed(2026))
    assert len(placed(2026, {"monthly_dispatch": {"held": False}})) == len(placed(2026)) - 12


def test_the_bureaus_own_days_rule() -> None:
    monday = dt.date(2027, 3, 1)
    first = next(one for one in placed(2027) if one.rule == "weekly_bulletin" and one.period.nominal == monday)
    assert first.date == monday
    resting = placed(2027, own=(Named(monday, False, "调休"),))
    moved = next(one for one in resting if one.rule == "weekly_bulletin" and one.period.nominal == monday)
    assert (moved.date, moved.rest) == (dt.date(2027, 3, 2), True)


def test_fixed_meetings_keep_their_half_days() -> None:
    monday = dt.date(2026, 3, 2)
    fixed = {(monday, "morning"): "全会", (monday, "afternoon"): "全会"}
    moved = next(one for one in placed(2026, fixed=fixed) if one.rule == "weekly_bulletin" and one.period.nominal == monday)
    assert (moved.date, moved.beside) == (dt.date(2026, 3, 3), "全会")


def test_on_what_the_days_of_a_year_rest() -> None:
    """Of 2026 the arrangement is published; of a year far off the law is known; of one before the law, weekends."""
    official, law, week = days_of(2026), days_of(2040), days_of(1940)
    assert (official.source, law.source, week.source) == ("official", "statutory", "week")
    national = dt.date(2026, 10, 1)
    assert not official.provisional(national)
    assert law.provisional(dt.date(2040, 9, 25))
    assert not law.provisional(dt.date(2040, 8, 1))
    assert week.provisional(dt.date(1940, 8, 1))
    assert not days_of(2040, settled=(2040,)).provisional(dt.date(2040, 9, 25))


@pytest.mark.parametrize("text", ["", "workday", "0", "workday 0", "32", "-1", "fooday 1", "monday 6", "周八", "workday 16"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="workday 3"):
        nominal(text)


@pytest.mark.parametrize(
    ("text", "normal"), [("工作日 3", "workday 3"), ("周五 3", "friday 3"), ("星期天", "sunday"), ("１５", "15")]
)
def test_days_in_chinese(text: str, normal: str) -> None:
    assert nominal(text).text == normal


@pytest.mark.parametrize(
    "rule",
    [
        {"every": "month"},
        {"day": "workday 1"},
        {"every": "week", "day": "workday 1"},
        {"every": "month", "day": "monday"},
        {"every": "month", "day": "workday 1", "month": 2},
        {"every": "month", "day": "workday 1", "hours": 0},
        {"every": "month", "day": "workday 1", "who": ["链长", "链长"]},
        {"every": "fortnight", "day": "monday"},
        {"every": "month", "day": "workday 1", "moves": "up"},
        {"every": "month", "day": "workday 1", "days": 2},
    ],
)
def test_rules_that_are_none(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"calendar\.meetings"):
        Settings.model_validate({"calendar": {"meetings": {"ours": rule}}})
