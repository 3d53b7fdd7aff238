"""An intake keeps what a sheet says of the system of its coordinates."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.intake.mapping import MAP_FILE
from planner.intake.take import take_in
from planner.settings.load import load_settings
from tests.table_files import Rows, write_xlsx

HEADER = ("园区编号", "园区名称", "可供用地（亩）")


def parks(lon: str, lat: str, *above: tuple[str, ...]) -> Rows:
    return [*above, (*HEADER, lon, lat), ("P1", "一园", 100, 117.2, 31.8), ("P2", "二园", 100, 117.3, 31.8)]


@pytest.mark.parametrize(
    ("rows", "system"),
    [
        (parks("经度", "纬度"), "WGS84"),
        (parks("经度（WGS84）", "纬度（WGS84）"), "WGS84"),
        (parks("高德经度", "高德纬度"), "GCJ-02"),
        (parks("经度（BD-09）", "纬度（BD-09）"), "BD-09"),
        (parks("经度", "纬度", ("园区一览表（坐标系：GCJ-02）",)), "GCJ-02"),
    ],
)
def test_the_plan_of_an_intake_says_the_system(tmp_path: Path, rows: Rows, system: str) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", {"园区": rows})
    done = take_in([file], tmp_path / "w")
    assert not [found for found in done.problems if found.severity == "error"]
    (source,) = load_settings(tmp_path / "w" / "plan.yaml").settings.tables["parks"]
    assert source.coordinates == system


def test_a_map_that_does_not_say_the_system_takes_no_coordinates(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", {"园区": parks("高德经度", "高德纬度")})
    take_in([file], tmp_path / "w")
    told = tmp_path / "w" / MAP_FILE
    told.write_text("".join(line for line in told.open(encoding="utf-8") if "coordinates:" not in line), "utf-8")
    done = take_in([file], tmp_path / "w")
    assert {found.code for found in done.problems if found.severity == "error"} == {"T184"}
    assert not any("lon" in sheet.columns for sheet in done.sheets)


def test_sheets_of_two_systems_are_not_mixed(tmp_path: Path) -> None:
    sheets = {"甲园区": parks("高德经度", "高德纬度"), "乙园区": [(*HEADER, "经度", "纬度"), ("P3", "三园", 100, 117.4, 31.8)]}
    done = take_in([write_xlsx(tmp_path / "a.xlsx", sheets)], tmp_path / "w")
    assert [(found.code, str(found.place)) for found in done.problems if found.severity == "error"] == [
        ("T236", "a.xlsx[乙园区]!D2")
    ]
    (source,) = load_settings(tmp_path / "w" / "plan.yaml").settings.tables["parks"]
    assert source.coordinates == "GCJ-02"
