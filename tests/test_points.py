"""Both coordinates in one column, degrees and minutes: read as the plan says, or refused with the line to write; never left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.reading.amounts import Reading
from planner.reading.points import read_degrees, read_pair
from tests.table_files import Rows, read, said, write_csv

WRITTEN = [
    "117.25,31.85",
    "117.25 31.85",
    "31.85, 117.25",
    "（31.85，117.25）",
    "[117.25;31.85]",
    "东经117.25 北纬31.85",
    "北纬31.85°，东经117.25°",
    "纬度：31.85 经度：117.25",
    "117°15′0″E, 31°51′N",
    "N31°51'0\" E117°15'",
    "31°51'N117°15'E",
    "东经117度15分，北纬31度51分0秒",
    "POINT(117.25 31.85)",
    "lat=31.85,lng=117.25",
    "１１７．２５，３１．８５",
]
UNCLEAR = [
    "117,25",
    "117.25",
    "48.1, 11.6",
    "118.1 119.2",
    "117.25,31.85,12",
    "东经117.25 东经31.85",
    "117°75′E 31°51′N",
    "长江路1号",
]


def parks(*cells: str, header: str = "经纬度") -> Rows:
    return [("园区编号", "园区名称", header), *((f"P{n}", f"园区{n}", cell) for n, cell in enumerate(cells))]


@pytest.mark.parametrize("cell", WRITTEN)
def test_a_pair_is_told_apart_by_words_and_size_and_never_by_order(cell: str) -> None:
    found = read_pair(cell)
    assert isinstance(found, Reading)
    assert found.value == pytest.approx((117.25, 31.85), abs=1e-9)


@pytest.mark.parametrize("cell", UNCLEAR)
def test_what_is_not_clearly_a_pair_is_not_read(cell: str) -> None:
    assert not isinstance(read_pair(cell), Reading)


def test_places_abroad_are_read_where_the_cell_says_which_is_which() -> None:
    assert [read_pair(cell).value for cell in ("48.1N, 11.6E", "-33.9, 151.2", "西经71.1 北纬42.4")] == [  # type: ignore[union-attr]
        (11.6, 48.1),
        (151.2, -33.9),
        (-71.1, 42.4),
    ]
    assert not isinstance(read_degrees("E117.25", "lat"), Reading)


@pytest.mark.parametrize("header", ["经纬度", "坐标", "位置", "经度", "lon/lat"])
def test_a_column_of_pairs_is_never_left_out_in_silence(tmp_path: Path, header: str) -> None:
    write_csv(tmp_path / "p.csv", parks("117.25,31.85", "", "31.9 117.3", header=header))
    found = read(tmp_path, parks="p.csv")[1]
    assert "T309 p.csv!C1" in said(found)
    remedy = next(problem for problem in found if problem.code == "T309").remedy.en
    assert f"columns: {{lon: {header}, lat: {header}}}" in remedy
    tables, problems = read(tmp_path, parks={"file": "p.csv", "columns": {"lon": header, "lat": header}})
    assert said(problems) == ["T311 p.csv!C"]
    frame = tables["parks"].frame
    assert frame[["lon", "lat"]].fillna(0).to_numpy().tolist() == [[117.25, 31.85], [0, 0], [117.3, 31.9]]
    assert str(tables["parks"].place(2, "lat")) == "p.csv!C4"
    if header != "经度":
        assert said(read(tmp_path, parks={"file": "p.csv", "columns": {header: header}})[1]) == []


def test_a_cell_that_is_no_pair_is_an_error_once_and_the_others_are_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", parks("117.25,31.85", "117,31", "117.3,31.9*"))
    tables, problems = read(tmp_path, parks={"file": "p.csv", "columns": {"lon": "经纬度", "lat": "经纬度"}})
    assert said(problems) == ["T311 p.csv!C", "T310 p.csv!C3"]
    assert tables["parks"].assumed_cells == {(2, "lon"), (2, "lat")}
    assert tables["parks"].refused == {(1, "lon"), (1, "lat")}


def test_addresses_and_columns_beside_two_of_coordinates_are_left_alone(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", parks("长江路1号", "黄山路2-3号", header="坐标"))
    assert said(read(tmp_path, parks="p.csv")[1]) == []
    write_csv(tmp_path / "p.csv", [("园区编号", "经度", "纬度", "坐标"), ("P1", 117.25, 31.85, "117.25,31.85")])
    assert said(read(tmp_path, parks="p.csv")[1]) == []


@pytest.mark.parametrize("cell", ["117.25, 31.85, 20", '{"lng":117.25}', "东经117.25度", "117.25，31.85（高德）"])
def test_a_column_called_coordinates_is_not_left_out_whatever_it_holds(tmp_path: Path, cell: str) -> None:
    write_csv(tmp_path / "p.csv", parks(cell, header="坐标"))
    assert said(read(tmp_path, parks="p.csv")[1]) == ["T309 p.csv!C1"]
    told = {"file": "p.csv", "columns": {"lon": "坐标", "lat": "坐标"}}
    assert said(read(tmp_path, parks=told)[1]) == ["T310 p.csv!C2"]


def test_degrees_and_minutes_in_a_column_of_one_coordinate_say_what_to_write(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [("园区编号", "经度", "纬度"), ("P1", "117°15′E", "31.85")])
    (problem, *_) = read(tmp_path, parks="p.csv")[1]
    assert (problem.code, "117.25" in problem.remedy.zh) == ("T132", True)


def test_an_intake_reads_a_column_of_pairs_and_records_it(tmp_path: Path) -> None:
    rows = [
        ("园区编号", "园区名称", "可供用地(亩)", "经纬度"),
        ("P1", "东区", 50, "117.25,31.85"),
        ("P2", "西区", 60, "北纬31°54′ 东经117°18′"),
    ]
    taken = api.intake([write_csv(tmp_path / "园区.csv", rows)], tmp_path / "new")
    assert [(row.values["lon"], row.values["lat"]) for row in taken.rows] == [(117.25, 31.85), (117.3, 31.9)]
    assert all("经度与纬度" in note.rule.zh for row in taken.rows for note in row.notes)
