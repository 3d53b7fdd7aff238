"""``planner calendar``: the file as an independent parser reads it, UIDs that stay, milestones, the bureau's table and its faults."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import vobject
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.stored import read_run
from planner.problems import InputError, Problem
from planner.tracking.calendar.days import days_of
from planner.tracking.calendar.ics import ics_bytes
from tests.city import PLAN, TABLES, settled, write_city
from tests.quick import finished


def city(folder: Path, *days: dict[str, Any], plan: str = PLAN, **tables: Any) -> Path:
    """The tiny city with these rows in the table ``calendar``."""
    return write_city(folder, plan, {**TABLES, **({"calendar": list(days)} if days else {}), **tables})


def day(date: str, kind: str, name: str = "", **cells: Any) -> dict[str, Any]:
    return {"date": date, "kind": kind, "name": name, "until": "", "half_day": "", "who": "", "place": "", **cells}


def made(folder: Path, *days: dict[str, Any], year: int | None = None, run: Any = None, **more: Any) -> api.Calendar:
    return api.calendar(api.open_plan(city(folder, *days, **more)), year, run)


def parsed(found: api.Calendar) -> list[Any]:
    """The events of the file, by a parser that shares nothing with the writer."""
    return list(vobject.readOne(ics_bytes(found, found.language).decode()).vevent_list)


def faults(folder: Path, *days: dict[str, Any], plan: str = PLAN) -> tuple[Problem, ...]:
    try:
        return api.open_plan(city(folder, *days, plan=plan)).warnings
    except InputError as error:
        return error.problems


@pytest.mark.parametrize("year", [2024, 2026, 2027])
def test_another_parser_reads_the_years_meetings_none_on_a_day_of_rest(tmp_path: Path, year: int) -> None:
    found = made(tmp_path, year=year)
    events = parsed(found)
    counts = Counter(event.uid.value.partition("-")[0] for event in events)
    weeks = counts.pop("weekly_bulletin")
    assert weeks in (52, 53)
    assert counts == {
        "monthly_dispatch": 12,
        "quarterly_review": 4,
        "half_year_assessment": 2,
        "yearly_tour": 1,
        "alliance_day": 12,
    }
    days = days_of(year)
    assert all(days.working(event.dtstart.value.date()) for event in events)
    assert all(event.dtstart.value.utcoffset() == dt.timedelta(hours=8) for event in events)
    assert len({event.uid.value for event in events}) == len(events)
    assert len({event.dtstart.value for event in events}) == len(events)
    assert {event.dtstamp.value for event in events} == {dt.datetime(year, 1, 1, tzinfo=dt.UTC)}


def test_the_file_keeps_to_the_rules_of_its_kind(tmp_path: Path) -> None:
    """CRLF, lines of at most 75 octets that begin and end with whole characters, commas and line breaks escaped, and read back."""
    name = "季度专题会议，由总链长主持; 地点\\另行通知, " + "很长" * 60
    plan = PLAN + f"calendar: {{meetings: {{quarterly_meeting: {{held: true, name: '{name}'}}}}}}\n"
    people = [{"person": f"某单位{n}", "role": "链长", "level": "市"} for n in range(20)]
    found = made(tmp_path, plan=plan, people=people)
    data = ics_bytes(found, "zh")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") or True for line in lines)
    meeting = next(event for event in parsed(found) if event.uid.value.startswith("quarterly_meeting-2027Q1"))
    assert meeting.summary.value.rstrip("*") == name
    assert "某单位19" in meeting.description.value
    assert "\n" in meeting.description.value


def test_text_of_the_input_makes_no_line_of_the_file(tmp_path: Path) -> None:
    table = day("2026-03-03", "会", "甲\x0b会", place="一号楼;二层,\\END:VEVENT")
    found = made(tmp_path, table, year=2026)
    event = next(one for one in parsed(found) if one.uid.value.startswith("fixed"))
    assert event.summary.value == "甲\\x0b会"
    assert event.location.value == "一号楼;二层,\\END:VEVENT"
    broken = found.model_copy(
        update={"events": tuple(one.model_copy(update={"title": "甲\r\nEND:VCALENDAR"}) for one in found.events)}
    )
    assert len(parsed(broken)) == len(found.events)


def test_made_again_it_is_the_same_bytes_and_uids_stay_when_days_change(tmp_path: Path) -> None:
    first = made(tmp_path / "a")
    assert ics_bytes(first, "zh") == ics_bytes(made(tmp_path / "b"), "zh")
    other = "calendar: {meetings: {weekly_bulletin: {day: friday, half_day: afternoon}, monthly_dispatch: {day: 20}}, afternoon: '15:00'}\n"
    moved = made(tmp_path / "c", day("2027-03-01", "休", "调休"), plan=PLAN + other)
    kinds = {"monthly_dispatch", "quarterly_review", "alliance_day"}
    assert {event.uid for event in first.events if event.kind in kinds} == {
        event.uid for event in moved.events if event.kind in kinds
    }
    days = {event.uid: event.date for event in first.events}
    changed = [event for event in moved.events if days.get(event.uid, event.date) != event.date]
    assert len(changed) > 50
    weeks = {event.uid for event in moved.events if event.kind == "weekly_bulletin"}
    assert len(weeks & {event.uid for event in first.events}) >= 51


def test_milestones_of_the_plan(tmp_path: Path) -> None:
    """A signs in 2027Q1, whose last day is a Wednesday, B and D in Q2; of D it is known that it has signed; B is to go on on a Saturday."""
    candidates = settled(TABLES["candidates"])
    run = finished(tmp_path, tables={**TABLES, "candidates": candidates})
    status = [
        {"candidate_id": "D", "date": "2027-01-20", "stage": "签约", "park_id": "P2", "quarter": "2027Q2", "planned_date": ""},
        {"candidate_id": "B", "date": "2027-01-20", "stage": "在谈", "park_id": "", "quarter": "", "planned_date": "2027-03-20"},
    ]
    found = api.calendar(api.open_plan(city(tmp_path, candidates=candidates, status=status), on="2027-02-01"), run=run)
    marks = {(event.kind, event.period): event for event in found.events if event.kind in {"sign", "planned"}}
    assert {key: str(event.date) for key, event in marks.items()} == {
        ("sign", "2027Q1"): "2027-03-31",
        ("sign", "2027Q2"): "2027-06-30",
        ("planned", "2027-03-20"): "2027-03-19",
    }
    assert "甲公司" in marks["sign", "2027Q1"].title
    whole = [event for event in parsed(found) if not isinstance(event.dtstart.value, dt.datetime)]
    assert sorted(str(event.dtstart.value) for event in whole) == ["2027-03-19", "2027-03-31", "2027-06-30"]


def test_without_a_plan_in_force_there_are_meetings_and_no_milestones(tmp_path: Path) -> None:
    finished(tmp_path)
    assert {event.kind for event in made(tmp_path).events} & {"sign", "planned"} == set()


def test_what_the_table_says_of_days_rules(tmp_path: Path) -> None:
    """The arrangement of 2027, as a bureau may enter it: the week of the festival is off, Saturday 20 February is worked."""
    table = (day("2027-02-06", "放假", "春节", until="2027-02-14"), day("2027-02-20", "班", "春节调休"))
    plan = PLAN + "calendar: {settled: [2027]}\n"
    found = made(tmp_path, *table, plan=plan)
    assert found.settled
    assert not any(event.provisional for event in found.events)
    bulletins = {event.period: event for event in found.events if event.kind == "weekly_bulletin"}
    assert str(bulletins["2027-W06"].date) == "2027-02-15"  # the whole week is off
    assert str(bulletins["2027-W07"].date) == "2027-02-16"  # the day before is taken by a bulletin
    own = {str(one.date): one.working for one in found.days if one.source == "bureau"}
    assert (own["2027-02-20"], own["2027-02-10"], len(own)) == (True, False, 10)


def test_days_whose_arrangement_is_not_known_bear_a_mark(tmp_path: Path) -> None:
    found = made(tmp_path, year=2040)
    assert found.source == "statutory"
    marked = {event.uid for event in found.events if event.provisional}
    summaries = {event.uid.value: event.summary.value for event in parsed(found)}
    assert marked
    assert marked == {uid for uid, text in summaries.items() if text.endswith("*")}
    assert not any(event.provisional for event in made(tmp_path, year=2026).events)


def test_fixed_meetings_are_in_the_calendar_and_others_give_way(tmp_path: Path) -> None:
    people = [{"person": "某市长", "role": "总链长"}]
    found = made(tmp_path, day("2026-03-02", "会议", "全会", half_day="上午", who="总链长", place="礼堂"), year=2026, people=people)
    (fixed,) = (event for event in found.events if event.kind == "fixed")
    assert (fixed.title, fixed.half, fixed.people, fixed.place) == ("全会", "morning", ("某市长",), "礼堂")
    bulletin = next(event for event in found.events if str(event.nominal) == "2026-03-02" and event.kind == "weekly_bulletin")
    assert (str(bulletin.date), bulletin.half, bulletin.beside) == ("2026-03-02", "afternoon", "全会")


def test_a_fixed_meeting_on_a_day_of_rest_is_refused_at_its_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        made(tmp_path, day("2026-10-01", "会", "调度会"), day("2026-03-02", "会", "全会"), year=2026)
    (found,) = refused.value.problems
    assert (found.code, found.place.cell if found.place else "") == ("L160", "A2")
    assert "国庆节" in found.found


CALENDAR_FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    (day("", "休", "甲"), "T151 A{n}"),
    (day("2027-02-30", "休", "乙"), "T385 A{n}"),
    (day("03/04/27", "休", "丙"), "T385 A{n}"),
    (day("2027-03-01", "", "丁"), "T151 B{n}"),
    (day("2027-03-02", "歇", "戊"), "T136 B{n}"),
    (day("2027-03-05", "休", "己", until="2027-03-04"), "L151 D{n}"),
    (day("2027-03-08", "会", "庚", until="2027-03-09"), "L152 D{n}"),
    (day("2027-05-01", "班", "辛"), "L153 B{n}"),
    (day("2027-03-10", "会", ""), "L154 C{n}"),
    (day("2027-06-01", "休", "壬", until="2028-06-01"), "L155 D{n}"),
    (day("2027-03-11", "会", "癸", half_day="晚上"), "T136 E{n}"),
    (day("2027-05-01", "休", "劳动节"), "T152 A{n}"),
    (day("2027-03-12", "会", "#N/A"), "T140 C{n}"),
)


def test_all_faults_of_the_table_are_told_at_once_at_their_cells(tmp_path: Path) -> None:
    rows = [day("2027-05-01", "休", "劳动节"), *(told for told, _ in CALENDAR_FAULTS)]
    wanted = [place.format(n=n) for n, (_, place) in enumerate(CALENDAR_FAULTS, start=3)]
    found = [f"{one.code} {one.place.cell}" for one in faults(tmp_path, *rows) if one.place and one.severity == "error"]
    assert sorted(found) == sorted(wanted)


def test_fixed_meetings_that_meet_are_told_and_a_year_that_is_not_there_is_refused(tmp_path: Path) -> None:
    both = (day("2027-03-01", "会", "甲会", half_day="上午"), day("2027-03-01", "会", "乙会"))
    found = faults(tmp_path, *both, plan=PLAN + "calendar: {settled: [2027, 2028]}\n")
    assert sorted((one.code, one.severity) for one in found) == [("L156", "warning"), ("L157", "error"), ("L157", "error")]


@pytest.mark.parametrize(("options", "code"), [(["--year", "1900"], "L161"), (["--out", "x.txt"], "L163")])
def test_what_the_command_refuses(tmp_path: Path, options: list[str], code: str) -> None:
    told = CliRunner().invoke(app, ["calendar", str(city(tmp_path)), *options])
    assert (told.exit_code, code in told.output) == (2, True)


def test_more_meetings_than_half_days_are_refused(tmp_path: Path) -> None:
    rule = "{every: week, day: monday}"
    rules = ", ".join(f"m{n}: {rule}" for n in range(12))
    with pytest.raises(InputError, match="L162"):
        made(tmp_path, plan=PLAN + f"calendar: {{meetings: {{{rules}}}}}\n")


def test_the_command_writes_the_file_and_a_workbook(tmp_path: Path) -> None:
    run = finished(tmp_path)
    out = tmp_path / "out" / "year.ics"
    told = CliRunner().invoke(app, ["calendar", str(city(tmp_path)), "--year", "2027", "--from", str(run), "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "一周一通报 52" in told.output
    assert len(list(vobject.readOne(out.read_bytes().decode()).vevent_list)) == 83 + len(read_run(run).selected)
    book = openpyxl.load_workbook(out.with_suffix(".xlsx"))
    assert book.sheetnames == ["全年日程", "休息与上班"]
    dates = [cell.value for cell in book["全年日程"]["A"] if isinstance(cell.value, dt.datetime)]
    assert len(dates) == 83 + len(read_run(run).selected)
    assert dates == sorted(dates)


def test_in_english(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        app, ["calendar", str(city(tmp_path, plan=PLAN.replace("language: zh", "language: en"))), "--year", "2026"]
    )
    assert "52 × weekly bulletin" in told.output
    assert "as the library holidays has them" in told.output
    book = openpyxl.load_workbook(tmp_path / "calendar-2026.xlsx")
    assert book.sheetnames == ["Events", "Days"]
