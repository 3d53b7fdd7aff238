"""Coordinates on an old or local datum are never taken for WGS84 in silence: asked about, or told with how far off they may be."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
from shapely import box

from planner import api
from planner.geography.named_systems import system_named, without_system
from tests.table_files import PARKS, read, said, write_csv, write_layer, write_xlsx

SQUARES = (box(117.2, 31.8, 117.3, 31.9), box(117.4, 31.8, 117.5, 31.9))
POINT = [("P1", "东区", 117.25, 31.85)]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("经度（西安80）", "Xian 1980"),
        ("X_1980西安坐标系", "Xian 1980"),
        ("西安1980坐标系", "Xian 1980"),
        ("Xian_1980_3_Degree_GK_CM_117E", "Xian 1980"),
        ("北京54坐标", "Beijing 1954"),
        ("1954年北京坐标系", "Beijing 1954"),
        ("Beijing 1954 / 3-degree Gauss-Kruger zone 39", "Beijing 1954"),
        ("BJ54纬度", "Beijing 1954"),
        ("合肥独立坐标系", "a local system"),
        ("西安80转CGCS2000", "CGCS2000"),
        ("北京54坐标转2000", "CGCS2000"),
        ("火星坐標", "GCJ-02"),
        ("西安高新区经度", None),
        ("北京经度", None),
    ],
)
def test_old_systems_are_known_by_their_names(text: str, system: str | None) -> None:
    assert system_named(text) == system


def test_a_header_is_known_beside_the_system_it_names() -> None:
    assert [without_system(text) for text in ("经度（西安80）", "北京54_纬度", "經度（1980西安坐标系）")] == [
        "经度",
        "_纬度",
        "经度",
    ]


@pytest.mark.parametrize("where", ["header", "column", "note", "file"])
@pytest.mark.parametrize("name", ["西安80", "北京54", "地方坐标系"])
def test_a_table_that_speaks_of_an_old_system_is_asked_about(tmp_path: Path, name: str, where: str) -> None:
    header = ["园区编号", "园区名称", "经度", "纬度"]
    rows: list[object] = [header, *map(list, POINT)]
    file = f"园区_{name}.csv" if where == "file" else "p.csv"
    if where == "header":
        rows = [["园区编号", "园区名称", f"经度（{name}）", f"纬度（{name}）"], *POINT]
    if where == "column":
        rows = [[*header, "坐标系"], [*POINT[0], name]]
    if where == "note":
        rows = [["注：坐标为" + name, "", "", ""], header, *POINT]
    write_csv(tmp_path / file, rows)  # type: ignore[arg-type]
    codes = {problem.code for problem in read(tmp_path, parks=file)[1]}
    assert codes == {"T312"}
    tables, problems = read(tmp_path, parks={"file": file, "coordinates": "WGS84"})
    assert {problem.code for problem in problems} == {"T313"}
    assert tables["parks"].frame[["lon", "lat"]].to_numpy().tolist() == [[117.25, 31.85]]


@pytest.mark.parametrize(
    ("crs", "alone", "stated"),
    [
        (4610, ["T312"], ["T313"]),
        (2414, ["T312"], ["T313"]),
        (2367, ["T312"], ["T313"]),
        (4555, ["T312"], ["T313"]),
        (4301, ["T313"], ["T313"]),
        (4490, [], []),
        (4547, [], []),
        (32650, [], []),
        (3857, [], []),
    ],
)
def test_a_layer_on_another_datum_says_how_far_off_it_may_be(tmp_path: Path, crs: int, alone: list[str], stated: list[str]) -> None:
    shapes = geopandas.GeoSeries(SQUARES, crs=4326).to_crs(crs)
    write_layer(tmp_path / "p.gpkg", "p", PARKS, shapes, crs)
    assert [problem.code for problem in read(tmp_path, parks="p.gpkg")[1]] == alone
    assert [problem.code for problem in read(tmp_path, parks={"file": "p.gpkg", "coordinates": "WGS84"})[1]] == stated


def test_an_intake_does_not_take_such_coordinates(tmp_path: Path) -> None:
    rows = [["园区编号", "园区名称", "可供用地(亩)", "经度（西安80）", "纬度（西安80）"], ["P1", "东区", 50, 117.25, 31.85]]
    taken = api.intake([write_xlsx(tmp_path / "园区.xlsx", {"园区": rows})], tmp_path / "new")
    assert "T312" in {problem.code for problem in taken.problems}
    assert [row.values.get("lon") for row in taken.rows] == [None]


def test_files_without_a_word_of_it_are_read_as_they_were(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [("园区编号", "园区名称", "经度", "纬度", "地址"), (*POINT[0], "西安路80号")])
    assert said(read(tmp_path, parks="p.csv")[1]) == []
