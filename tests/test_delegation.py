"""``planner delegation``: days worked out by hand, whom it visits and whom not, and everything that is taken along."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import vobject
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError
from planner.publish.delegation.ask import end_of
from planner.publish.delegation.places import mode_of, reckoned
from planner.publish.delegation.write import pack_name
from planner.publish.desk import Desk, open_desk
from planner.publish.offline import assert_offline
from planner.settings.base import RefusedError
from planner.settings.following import Travel, hours_of
from tests.city import PLAN, write_table
from tests.quick import finished

HOSTILE = "=1+1 <script>alert(1)</script> #let $x$ {{ y }}"
SECRET, CONTACT = "13900000000", "张三 13800000000"
MONDAY = "2027-03-08"


def firm(key: str, name: str, link: str, city: str, lon: Any = "", lat: Any = "", **cells: Any) -> dict[str, Any]:
    needs = {"land": 1, "power": 0, "effort": 1, "subsidy": 0, "investment": 10, "output": 100}
    more = {"visiting_hours": "", "contact_note": "", "consent": "", "questions": "", "address": ""}
    where = {"city": city, "lon": lon, "lat": lat}
    return {
        "candidate_id": key,
        "name": name,
        "link_id": link,
        "capacity": 100,
        "landing_probability": 1.0,
        **needs,
        **where,
        **more,
        **cells,
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "links": [
        {"link_id": "SEAT", "chain_id": "CAR", "name": "座椅", "weight": 1, "demand": 9000, "supply": 0, "min_sources": 0},
        {"link_id": "DRUG", "chain_id": "BIO", "name": "原料药", "weight": 1, "demand": 9000, "supply": 0, "min_sources": 0},
    ],
    "candidates": [
        firm("A", "甲公司", "SEAT", "深圳市", 114.00, 22.60, capacity=900, address="深圳市宝安区一路 1 号"),
        firm(
            "B", "乙公司", "SEAT", "深圳市", 114.10, 22.60, capacity=800, contact_note=CONTACT, consent="是", questions="是否扩产"
        ),
        firm("C", "丙公司", "DRUG", "深圳市", capacity=300, contact_note=SECRET),
        firm("D", "丁公司", "DRUG", "广州市", 113.30, 23.10, capacity=700, visiting_hours="周三 14:00-15:00"),
        firm("E", "戊公司", "SEAT", "深圳市", 114.05, 22.55, capacity=400),
        firm("E2", "戊公司", "DRUG", "深圳市", 114.05, 22.55, capacity=200),
        firm("F", "己公司", "DRUG", "深圳市", 114.06, 22.56, land=5000),
        firm("H", HOSTILE, "SEAT", "上海市", 121.47, 31.23, capacity=150),
        firm("K", "庚公司", "SEAT", "成都市", 104.06, 30.66, visiting_hours="09:00-09:30"),
    ],
    "parks": [{"park_id": "P1", "name": "一号园", "county": "东县", "lon": 117.0, "lat": 31.0, "land": 800, "power": 6}],
    "teams": [
        {"team_id": "车队", "chain_id": "CAR", "quarter": "", "effort": 90},
        {"team_id": "药队", "chain_id": "BIO", "quarter": "", "effort": 90},
    ],
}
STATED = [
    {"from_place": "A", "to_place": "B", "mode": "出租", "hours": 0.5, "km": ""},
    {"from_place": "酒店", "to_place": "甲公司", "mode": "出租", "hours": 0.3, "km": ""},
    {"from_place": "酒店", "to_place": "乙公司", "mode": "出租", "hours": 0.3, "km": ""},
]
HOTEL = "酒店=114.05,22.60"


def desk(folder: Path, distances: list[dict[str, Any]] | None = None, settings: str = "", **tables: Any) -> Desk:
    """The city's run; distances and settings of delegations may change after it."""
    run = finished(folder, PLAN, tables={**TABLES, **tables})
    if distances is not None:
        write_table(folder / "data" / "distances.csv", distances)
    (folder / "plan.yaml").write_text(PLAN + settings, encoding="utf-8")
    return open_desk(run, folder / "plan.yaml")


def refused(call: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        call()
    (problem,) = error.value.problems
    return problem.code, problem.say("zh")


def told(found: api.Delegation) -> list[tuple[str, str, str]]:
    """Day, hour and firm of each visit."""
    return [(str(day.date), f"{call.begins:%H:%M}", call.firm.candidate_ids[0]) for day in found.days for call in day.calls]


def test_a_day_by_hand_from_the_table_of_distances(tmp_path: Path) -> None:
    """18 minutes are 20, from the hotel; 30 between the two firms: one at 09:00, one at 10:30; lunch; then the other two."""
    only = [row for row in TABLES["candidates"] if row["candidate_id"] in "AB"]
    found = api.delegation(desk(tmp_path, STATED, candidates=only), "深圳", 1, start=[MONDAY], bases=[HOTEL])
    assert told(found) in ([(MONDAY, "09:00", "A"), (MONDAY, "10:30", "B")], [(MONDAY, "09:00", "B"), (MONDAY, "10:30", "A")])
    (day,) = found.days
    assert [way.minutes for way in (*(call.way for call in day.calls), day.back)] == [20, 30, 20]
    assert not any(call.way.assumed for call in day.calls)
    assert (day.calls[0].way.leaves, day.back.arrives) == (dt.time(8, 40), dt.time(11, 50))
    assert found.travel == 70
    assert found.proved
    assert found.left_out == found.helps == ()


def test_a_way_by_hand() -> None:
    """10 km in a city: 10 + 10 × 1.4 ÷ 25 h = 43.6 min, in fives 45. 100 km between cities: by road 20 + 97.5 min; 1,000 km: by air."""
    travel = Travel()
    near, road, far = (reckoned(travel, km, km == 10, exact=True, language="zh") for km in (10, 100, 1000))
    assert [(leg.minutes, leg.mode, leg.assumed) for leg in (near, road, far)] == [
        (45, "市内", True),
        (120, "公路", True),
        (305, "航空", True),
    ]
    assert reckoned(travel, 0.0, within=True, exact=False, language="zh").minutes == travel.unplaced
    assert (mode_of("高铁"), mode_of("汽车"), mode_of("骆驼")) == ("rail", "road", None)


def test_between_cities_the_table_names_cities_with_or_without_their_kind(tmp_path: Path) -> None:
    stated = [{"from_place": "深圳", "to_place": "广州市", "mode": "高铁", "hours": 1.5, "km": ""}]
    found = api.delegation(desk(tmp_path, stated), ["深圳", "广州"], 3, start=[MONDAY])
    between = [way for day in found.days for way in (*(call.way for call in day.calls), day.back) if way.mode == "高铁"]
    assert [way.minutes for way in between]
    assert {way.minutes for way in between} == {90}


def test_hours_of_a_firm_and_days_of_rest_are_kept(tmp_path: Path) -> None:
    """丁 receives on Wednesdays from 14:00 to 15:00; New Year's Day is a Friday, Saturday and Sunday follow."""
    at = desk(tmp_path)
    found = api.delegation(at, ["广州"], 3, start=["2027-01-01"])
    assert told(found) == [("2027-01-06", "14:00", "D")]
    assert [str(date) for date in found.dates] == ["2027-01-04", "2027-01-05", "2027-01-06"]
    assert found.asked_start == dt.date(2027, 1, 1)
    code, text = refused(lambda: api.delegation(at, ["广州"], 2, start=[MONDAY]))
    assert code == "J109"
    assert "丁公司" in text
    assert "多一天" in text


def test_a_journey_from_home_and_back(tmp_path: Path) -> None:
    """The way from 合肥 is by air or rail, and is the first of the day; it is back within the day."""
    found = api.delegation(desk(tmp_path), "深圳", 2, start=[MONDAY, "合肥=117.2,31.8"], end=["合肥=117.2,31.8"])
    assert found.ends == ("合肥", "合肥")
    assert (found.days[0].start, found.days[-1].end) == ("合肥", "合肥")
    assert found.days[-1].back.arrives <= dt.time(20)
    assert found.days[0].calls[0].way.km > 900
    assert all(dt.time(9) <= call.begins and call.ends <= dt.time(17) for call in found.calls)


def test_what_matters_is_visited_and_what_would_help_is_tried(tmp_path: Path) -> None:
    """In an afternoon from 15:10 to 17:00 one visit of an hour fits with the way, that of the firm that brings most; with another day all do."""
    at = desk(tmp_path)
    found = api.delegation(at, ["深圳"], 1, start=[MONDAY, "15:10"])
    assert [key for _, _, key in told(found)] == ["A"]
    assert {one.why for one in found.left_out} == {"no_time"}
    assert {one.name for one in found.left_out} == {"乙公司", "丙公司", "戊公司"}
    assert {one.kind: one.visits for one in found.helps}["day"] == 4
    assert found.elsewhere == 3


def test_a_firm_of_two_projects_is_visited_once_and_one_without_coordinates_at_its_city(tmp_path: Path) -> None:
    found = api.delegation(desk(tmp_path), "深圳", 3, start=[MONDAY])
    firms = {call.firm.name: call.firm for call in found.calls}
    assert set(firms) == {"甲公司", "乙公司", "丙公司", "戊公司"}
    assert len(found.calls) == 4
    assert set(firms["戊公司"].candidate_ids) == {"E", "E2"}
    assert [firms[name].only_city for name in ("甲公司", "丙公司")] == [False, True]
    assert 113.7 < firms["丙公司"].lon < 114.7


def test_each_team_visits_its_own(tmp_path: Path) -> None:
    at = desk(tmp_path)
    both = api.delegation(at, "深圳", 2, ["车队", "药队"], start=[MONDAY])
    assert {(day.group, call.firm.name) for day in both.days for call in day.calls} >= {("车队", "甲公司"), ("药队", "丙公司")}
    assert all(call.firm.name != "丙公司" for day in both.days if day.group == "车队" for call in day.calls)
    one = api.delegation(at, "深圳", 2, ["药队"], start=[MONDAY])
    assert {firm.name: firm.why for firm in one.left_out} == {"甲公司": "other_team", "乙公司": "other_team"}
    assert refused(lambda: api.delegation(at, "深圳", 2, ["飞虎队"]))[0] == "J103"


def test_what_the_plan_leaves_out_is_visited_when_asked_and_said_to_be_so(tmp_path: Path) -> None:
    at = desk(tmp_path)
    found = api.delegation(at, "深圳", 3, also=["F"], start=[MONDAY])
    assert [call.firm.also for call in found.calls if call.firm.name == "己公司"] == [True]
    assert sum(call.firm.also for call in found.calls) == 1
    assert refused(lambda: api.delegation(at, "深圳", also=["A"]))[0] == "J106"


@pytest.mark.parametrize(
    ("call", "code", "says"),
    [
        ({"cities": ["拉萨"]}, "J101", ["深圳市 5", "广州市 1"]),
        ({"cities": ["深川"]}, "J101", ["是否指 深圳"]),
        ({"cities": [" , "]}, "J101", ["深圳市 5"]),
        ({"cities": ["深圳"], "days": 0}, "J108", ["15"]),
        ({"cities": ["深圳"], "start": ["宝安机场"]}, "J104", ["名称=经度,纬度"]),
        ({"cities": ["深圳"], "start": ["22.6,114.0"]}, "J105", ["经度在前"]),
        ({"cities": ["深圳"], "start": [MONDAY, "2027-03-09"]}, "J107", []),
        ({"cities": ["深圳"], "start": ["20:00"]}, "J111", ["08:00", "20:00"]),
        ({"cities": ["成都"], "start": [MONDAY]}, "J109", ["庚公司", "时段"]),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(tmp_path: Path, call: dict[str, Any], code: str, says: list[str]) -> None:
    found, text = refused(lambda: api.delegation(desk(tmp_path), **call))
    assert found == code
    assert [word for word in says if word not in text] == []


def test_hours_that_nobody_can_read_name_the_cell(tmp_path: Path) -> None:
    rows = [{**row, "visiting_hours": "下午都行"} if row["candidate_id"] == "A" else row for row in TABLES["candidates"]]
    code, text = refused(lambda: api.delegation(desk(tmp_path, candidates=rows), "深圳", start=[MONDAY]))
    assert code == "J110"
    assert "candidates.csv" in text


def test_hours_and_ends_are_read_as_they_are_written() -> None:
    wednesday = dt.date(2027, 3, 10)
    assert hours_of("９：００—11:30；周三 14:00-15:00; 周四 8:00-9:00;2027-3-10 16:00~17:00", wednesday) == (
        (540, 690),
        (840, 900),
        (960, 1020),
    )
    for wrong in ("11:30-09:00", "上午", "周八 09:00-10:00", "2027-13-01 09:00-10:00"):
        with pytest.raises(RefusedError):
            hours_of(wrong, wednesday)
    for said in (["2027-03-08 13:30", "机场=1,2"], ["机场=1,2", "13:30", "2027年3月8日"], ["2027-03-08T13:30", "机场=1,2"]):
        end = end_of(said, "--start")
        assert (end.date, end.minute, end.place) == (dt.date(2027, 3, 8), 810, "机场=1,2")
    for wrong in ("2027-13-07", "2027/2/30", "2027-03-08 25:00", "24:30", "2027年3月32日"):
        with pytest.raises(InputError, match="J112"):
            end_of([wrong], "--start")


def test_packs_of_many_cities_are_told_apart_by_their_day() -> None:
    cities = tuple(f"第{n}个城市" for n in range(20))
    names = {pack_name(SimpleNamespace(cities=cities, dates=(dt.date(2027, 3, day),))) for day in (8, 9)}  # type: ignore[arg-type]
    assert len(names) == 2
    assert max(len(name.encode()) for name in names) < 200


def test_usual_hours_and_length_come_from_the_settings(tmp_path: Path) -> None:
    settings = "delegation: {hours: ['14:00-17:00'], visit: 120, lunch: 0}\n"
    found = api.delegation(desk(tmp_path, settings=settings), "深圳", 2, start=[MONDAY])
    assert [hour for _, hour, _ in told(found)] == ["14:00", "14:00"]
    assert {call.ends for call in found.calls} == {dt.time(16)}


def texts_of(folder: Path) -> dict[str, str]:
    """Every text that a pack holds, by file."""
    texts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".ics", ".json"):
            texts[path.name] = path.read_text("utf-8").replace("\n ", "").replace("\r\n ", "")
        elif path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as parts:
                texts[path.name] = "".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml"))
    return texts


def test_everything_that_is_taken_along(tmp_path: Path) -> None:
    few = [row for row in TABLES["candidates"] if row["candidate_id"] in "BCH"]
    at, out = desk(tmp_path, candidates=few), tmp_path / "pack"
    found = api.delegation(at, ["深圳", "上海"], 4, start=[MONDAY])
    assert HOSTILE in {call.firm.name for call in found.calls}
    assert api.write_delegation(at, found, out) == out
    texts = texts_of(out)
    for name in ("schedule.docx", "summary.xlsx", "visits.ics", "index.html", "delegation.json"):
        assert CONTACT.split()[1] in texts[name], name
        assert "是否扩产" in texts[name], name
    assert [name for name, text in texts.items() if SECRET in text] == []
    assert [name for name, text in texts.items() if "底线" in text or "contribution" in text or "priority" in text] == []
    assert [name for name, text in texts.items() if name.endswith("html") and "<script>alert" in text] == []
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert_offline((out / "index.html").read_text("utf-8"), files)
    assert {"schedule.pdf", "schedule.docx", "route.html", "summary.xlsx", "visits.ics", "index.html"} <= files
    dossiers = {path.name.partition("_")[0] for path in (out / "dossiers").glob("*.pdf")}
    assert dossiers == {key for call in found.calls for key in call.firm.candidate_ids}
    assert (out / "schedule.pdf").read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(out / "summary.xlsx")
    cells = [cell.value for row in book["行程"].iter_rows() for cell in row]
    assert HOSTILE in cells
    assert [cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert api.Delegation.model_validate_json((out / "delegation.json").read_text("utf-8")) == found


@pytest.mark.slow
def test_the_same_journey_gives_the_same_bytes(tmp_path: Path) -> None:
    at = desk(tmp_path)
    found = api.delegation(at, ["深圳", "上海"], 4, start=[MONDAY])
    one, other = (api.write_delegation(at, found, tmp_path / name) for name in ("one", "other"))
    files = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()]
    assert len(files) > 10
    assert [name for name in files if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_another_parser_reads_the_calendar_file(tmp_path: Path) -> None:
    from planner.publish.delegation.ics import ics_bytes

    found = api.delegation(desk(tmp_path), ["深圳"], 2, start=[MONDAY])
    events = list(vobject.readOne(ics_bytes(found, "example.org").decode()).vevent_list)
    said = {(event.dtstart.value.replace(tzinfo=None), event.summary.value) for event in events}
    assert said == {
        (dt.datetime.combine(day.date, call.begins), f"拜访{call.firm.name}") for day in found.days for call in day.calls
    }
    assert all(event.dtstart.value.utcoffset() == dt.timedelta(hours=8) for event in events)
    assert len({event.uid.value for event in events}) == len(events)


@pytest.mark.slow
def test_the_command_writes_into_the_run_and_says_what_it_left_out(tmp_path: Path) -> None:
    run = finished(tmp_path, PLAN, tables=TABLES)
    result = CliRunner().invoke(app, ["delegation", str(run), "--city", "深圳", "--days", "1", "--start", f"{MONDAY} 15:10"])
    assert result.exit_code == 0, result.output
    folder = run / "delegations" / f"深圳_{MONDAY}"
    assert (folder / "index.html").is_file()
    assert "乙公司（深圳市）：时间不够" in result.output
    assert json.loads((folder / "delegation.json").read_text("utf-8"))["proved"] is True


def test_the_command_refuses_what_cannot_be_done(tmp_path: Path) -> None:
    run = finished(tmp_path, PLAN, tables=TABLES)
    wrong = CliRunner().invoke(app, ["delegation", str(run), "--city", "拉萨"])
    assert wrong.exit_code == 2
    assert "J101" in wrong.output
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.txt").write_text("kept")
    taken = CliRunner().invoke(app, ["delegation", str(run), "--city", "深圳", "--out", str(tmp_path / "own")])
    assert (taken.exit_code, "J113" in taken.output) == (2, True)


@pytest.mark.slow
def test_english(tmp_path: Path) -> None:
    run = finished(tmp_path, PLAN.replace("language: zh", "language: en"), tables=TABLES)
    at = open_desk(run)
    found = api.delegation(at, "深圳", 1, start=[MONDAY])
    api.write_delegation(at, found, tmp_path / "pack")
    page = (tmp_path / "pack" / "index.html").read_text("utf-8")
    assert "Journey to 深圳" in page
    assert "in the city" in page
    assert "前往" not in page
