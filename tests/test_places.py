"""Cities and districts by name or code: what a cell names, points outside of it, one place under two names, points from names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from planner.geography.boundaries import BORDER_LINE, _rows, region_boundary
from planner.geography.coordinates import to_wgs84
from planner.geography.divisions import LEVELS, areas, find
from tests.table_files import read, said, write_csv

HEADER = ["园区编号", "所在市", "区县", "经度", "纬度"]
SHUSHAN = (117.2, 31.85)


@pytest.mark.parametrize(
    ("text", "column", "within", "codes"),
    [
        ("合肥市", "city", "", ["340100"]),
        ("合肥", "city", "", ["340100"]),
        ("340100", "city", "", ["340100"]),
        ("3401", "city", "", ["340100"]),
        ("340100000000", "city", "", ["340100"]),
        ("３４０１００", "city", "", ["340100"]),
        ("安徽省合肥市", "city", "", ["340100"]),
        ("安徽 合肥", "city", "", ["340100"]),
        ("北京", "city", "", ["110000"]),
        ("昆山", "city", "", ["320583"]),
        ("济源市", "city", "", ["419001"]),
        ("延边", "city", "", ["222400"]),
        ("恩施", "city", "", ["422800"]),
        ("内蒙古", "province", "", ["150000"]),
        ("广西", "province", "", ["450000"]),
        ("合肥市蜀山区", "county", "", ["340104"]),
        ("蜀山", "county", "3401", ["340104"]),
        ("肥西", "county", "3401", ["340123"]),
        ("东莞市", "county", "", ["441900"]),
        ("鼓楼区", "county", "3201", ["320106"]),
        ("鼓楼区", "county", "", ["320106", "320302", "350102", "410204"]),
        ("吉林", "city", "", ["220000", "220200"]),
        ("吉林", "city", "22", ["220200"]),
        ("朝阳", "city", "", ["211300"]),
        ("340199", "city", "", []),
        ("高新区", "county", "", []),
        ("Tokyo", "city", "", []),
    ],
)
def test_a_cell_names_one_place_several_or_none(text: str, column: str, within: str, codes: list[str]) -> None:
    assert sorted(one.code for one in find(text, column, within)) == codes


@pytest.mark.parametrize("level", LEVELS[:2])
def test_names_and_areas_are_those_of_the_boundaries(level: Any) -> None:
    rows = [row for row in _rows(level) if row.name != BORDER_LINE]
    found = {one.code: one for row in rows for one in find(row.code[3:], level)}
    assert {code: one.name for code, one in found.items() if one.level == level} == {
        row.code[3:]: row.name for row in rows if found[row.code[3:]].level == level
    }
    shape = areas([found["340000" if level == "province" else "340100"]])
    assert next(iter(shape.values())).contains(Point(SHUSHAN))


def parks(folder: Path, *rows: list[Any], **source: Any) -> tuple[Any, list[str]]:
    write_csv(folder / "p.csv", [HEADER[: len(rows[0])], *rows])
    tables, problems = read(folder, parks={"file": "p.csv", **source})
    return tables["parks"], said(problems)


def test_a_point_outside_of_its_city_or_district_is_told(tmp_path: Path) -> None:
    rows = (
        ["P1", "合肥", "蜀山", *SHUSHAN],
        ["P2", "合肥市", "肥西县", *SHUSHAN],
        ["P3", "芜湖市", "", *SHUSHAN],
        ["P4", "东京", "高新区", *SHUSHAN],
        ["P5", "芜湖市", "蜀山区", *SHUSHAN],
        ["P6", "", "鼓楼区", *SHUSHAN],
    )
    expected = ["T239 p.csv!B2", "T239 p.csv!C2", "T238 p.csv!D3", "T238 p.csv!D4", "T238 p.csv!C6"]
    assert parks(tmp_path, *rows)[1] == expected


def test_the_point_is_compared_where_it_is_in_wgs84(tmp_path: Path) -> None:
    lon, lat = to_wgs84(*SHUSHAN, "BD-09")
    assert find("蜀山区", "county")
    assert (
        parks(tmp_path, ["P1", "合肥市", "蜀山区", float(lon), float(lat)], ["P2", "", "", 117, 31], coordinates="BD-09")[1] == []
    )


def test_codes_are_read_as_names_and_checked(tmp_path: Path) -> None:
    table, problems = parks(tmp_path, ["P1", "340100", "340104"], ["P2", "340100", "340123"])
    assert problems == []
    assert table.frame["city"].tolist() == ["合肥市", "合肥市"]
    assert table.frame["county"].tolist() == ["蜀山区", "肥西县"]
    assert parks(tmp_path, ["P1", "340199", ""], ["P2", "340200", "340104"])[1] == ["T237 p.csv!B2", "T238 p.csv!C3"]


def test_one_place_under_two_names_is_one(tmp_path: Path) -> None:
    table, problems = parks(tmp_path, ["P1", "合肥市", "蜀山区"], ["P2", "合肥", "蜀山区"], ["P3", "合肥市", "包河区"])
    assert problems == ["T239 p.csv!B3"]
    assert table.frame["city"].tolist() == ["合肥市"] * 3
    table, problems = parks(tmp_path, ["P1", "合肥", "蜀山"], ["P2", "合肥", "包河"])
    assert problems == []
    assert table.frame["city"].tolist() == ["合肥", "合肥"]
    same = parks(tmp_path, ["P1", "南京市", "鼓楼区"], ["P2", "徐州市", "鼓楼区"])
    assert same[1] == []


@pytest.mark.parametrize("system", ["WGS84", "GCJ-02"])
def test_points_from_names_where_the_plan_asks_for_them(tmp_path: Path, system: Any) -> None:
    rows = (
        ["P1", "合肥市", "蜀山", "", ""],
        ["P2", "合肥市", "蜀山", *SHUSHAN],
        ["P3", "", "鼓楼区", "", ""],
        ["P4", "东京", "", "", ""],
    )
    table, problems = parks(tmp_path, *rows)
    assert problems == []
    assert table.frame["lon"].isna().tolist() == [True, False, True, True]
    table, problems = parks(tmp_path, *rows, points_from_names=True, coordinates=system)
    assert problems == ["T237 p.csv!C4", "T237 p.csv!B5"]
    assert table.assumed_cells == {(0, "lon"), (0, "lat")}
    lon, lat = to_wgs84(table.frame["lon"][0], table.frame["lat"][0], system)
    (area,) = areas(find("蜀山区", "county")).values()
    assert area.contains(Point(float(lon), float(lat)))
    assert (table.frame["lon"][1], table.frame["lat"][1]) == SHUSHAN


def test_points_from_names_without_columns_of_coordinates(tmp_path: Path) -> None:
    table, problems = parks(tmp_path, ["P1", "合肥市", "蜀山区"], ["P2", "合肥市", "肥西县"], points_from_names=True)
    assert problems == []
    assert table.frame[["lon", "lat"]].notna().all(axis=None)
    assert len(table.assumed_cells) == 4


@pytest.mark.slow
def test_a_region_goes_by_its_short_name_and_its_code() -> None:
    full = region_boundary("合肥市")
    assert full is not None
    for name in ("合肥", "340100"):
        found = region_boundary(name)
        assert found is not None
        assert found["features"][0]["geometry"] == full["features"][0]["geometry"]
    assert region_boundary("鼓楼区") is None
