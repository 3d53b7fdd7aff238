"""Coordinate systems, distances and boundaries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box, shape

from planner.geography.boundaries import BORDER_LINE, country_outline, divisions, near_regions, read_boundary, region_boundary
from planner.geography.coordinates import bd09_of_gcj02, gcj02_of_wgs84, kilometres, to_wgs84
from planner.problems import InputError
from tests.sweep import sweep

# Tiananmen as Baidu's maps give it, and what public converters make of it when told that it is another system.
LON, LAT = 116.404, 39.915

CHINA_LON = st.floats(73.6, 134.7)
CHINA_LAT = st.floats(3.9, 53.5)


def test_gcj02_agrees_with_public_converters() -> None:
    assert to_wgs84(116.41024449916938, 39.91640428150164, "GCJ-02") == pytest.approx((LON, LAT), abs=1e-9)
    assert gcj02_of_wgs84(LON, LAT) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)


def test_bd09_agrees_with_public_converters() -> None:
    assert bd09_of_gcj02(LON, LAT) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    # They invert in one step, which is off by some 5e-7 degrees; the iteration here is not.
    lon, lat = to_wgs84(116.39762729119315, 39.90865673957631, "GCJ-02")
    assert to_wgs84(LON, LAT, "BD-09") == pytest.approx((float(lon), float(lat)), abs=1e-6)


def test_a_point_that_baidu_gives_lies_more_than_a_kilometre_from_its_true_place() -> None:
    lon, lat = to_wgs84(LON, LAT, "BD-09")
    assert 1.0 < float(kilometres(LON, LAT, lon, lat)) < 1.5


@given(CHINA_LON, CHINA_LAT)
@settings(max_examples=100)
def test_there_and_back_is_the_same_point(lon: float, lat: float) -> None:
    shifted = gcj02_of_wgs84(lon, lat)
    assert to_wgs84(*shifted, "GCJ-02") == pytest.approx((lon, lat), abs=1e-9)
    assert to_wgs84(*bd09_of_gcj02(*shifted), "BD-09") == pytest.approx((lon, lat), abs=1e-9)
    assert gcj02_of_wgs84(*to_wgs84(lon, lat, "GCJ-02")) == pytest.approx((lon, lat), abs=1e-9)


@given(CHINA_LON, CHINA_LAT)
@settings(max_examples=100)
def test_the_shift_is_some_hundred_metres(lon: float, lat: float) -> None:
    assert 0.0 < float(kilometres(lon, lat, *gcj02_of_wgs84(lon, lat))) < 1.2


@pytest.mark.parametrize("system", ["WGS84", "CGCS2000", "GCJ-02", "BD-09"])
def test_points_abroad_stay_where_they_are(system: str) -> None:
    lon, lat = np.array([139.69, -0.13, -74.0, -179.9]), np.array([35.69, 51.5, 40.7, -89.0])
    assert np.array_equal(to_wgs84(lon, lat, system), (lon, lat))  # type: ignore[arg-type]


def test_arrays_keep_their_shape_and_an_unknown_point_stays_unknown() -> None:
    lon, lat = to_wgs84(np.array([[117.2, np.nan], [139.7, 104.0]]), np.array([[31.8, 31.8], [35.7, np.nan]]), "GCJ-02")
    assert lon.shape == (2, 2)
    assert np.isnan(lon[0, 1])
    assert np.isnan(lat[1, 1])
    assert (lon[1, 0], lat[1, 0]) == (139.7, 35.7)
    assert lon[0, 0] == to_wgs84(117.2, 31.8, "GCJ-02")[0]


def test_an_unknown_coordinate_system_is_refused() -> None:
    with pytest.raises(ValueError, match="GCJ-03"):
        to_wgs84(LON, LAT, "GCJ-03")  # type: ignore[arg-type]


def test_one_degree_along_a_meridian() -> None:
    # 6371.0088 km · π ÷ 180
    assert float(kilometres(117.0, 31.0, 117.0, 32.0)) == pytest.approx(111.1951, abs=1e-3)


def test_one_degree_along_a_parallel_shrinks_with_the_cosine() -> None:
    # 111.1951 km · cos 60° = 55.5975 km along the parallel; the great circle cuts the corner by 0.0004 km.
    assert float(kilometres(10.0, 60.0, 11.0, 60.0)) == pytest.approx(55.597, abs=2e-3)


def test_half_way_round_the_world() -> None:
    assert float(kilometres(0.0, 0.0, 180.0, 0.0)) == pytest.approx(np.pi * 6371.0088)


def test_distances_run_both_ways_alike_and_nowhere_is_at_no_distance() -> None:
    lon, lat = np.array([117.0, 117.5, np.nan]), np.full(3, 31.0)
    matrix = kilometres(lon[:, None], lat[:, None], lon, lat)
    assert matrix[0, 1] == matrix[1, 0] == pytest.approx(47.66, abs=0.01)  # 0.5° · 111.195 km · cos 31°
    assert matrix[0, 0] == 0.0
    assert np.isnan(matrix[0, 2])


@given(CHINA_LON, CHINA_LAT, CHINA_LON, CHINA_LAT, CHINA_LON, CHINA_LAT)
@settings(max_examples=100)
def test_no_detour_is_shorter(x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> None:
    direct = float(kilometres(x1, y1, x3, y3))
    assert direct <= float(kilometres(x1, y1, x2, y2)) + float(kilometres(x2, y2, x3, y3)) + 1e-6


@pytest.fixture(scope="module")
def country() -> dict[str, list[dict]]:
    features = country_outline()["features"]
    layers: dict[str, list[dict]] = {}
    for feature in features:
        layers.setdefault(feature["properties"]["layer"], []).append(feature)
    return layers


@pytest.mark.parametrize(
    ("city", "lon", "lat"),
    [("台北", 121.52, 25.04), ("海口", 110.33, 20.02), ("漠河", 122.5, 53.0), ("喀什", 76.0, 39.5), ("错那", 91.96, 28.0)],
)
def test_the_country_is_whole(country: dict[str, list[dict]], city: str, lon: float, lat: float) -> None:
    assert shape(country["country"][0]["geometry"]).contains(Point(lon, lat)), city


def test_every_border_line_of_the_source_is_drawn(country: dict[str, list[dict]]) -> None:
    lines = [shape(feature["geometry"]) for feature in country["border"]]
    assert len(lines) == 8
    assert all(feature["properties"]["name"] == BORDER_LINE for feature in country["border"])
    south_china_sea = max(lines, key=lambda line: line.bounds[3] - line.bounds[1])
    assert south_china_sea.bounds[1] < 4.0
    assert len(south_china_sea.geoms) >= 9


def test_the_country_is_light(country: dict[str, list[dict]]) -> None:
    assert len(json.dumps(country)) < 400_000


def test_a_province_comes_with_its_cities_and_districts() -> None:
    found = region_boundary("安徽省")
    assert found is not None
    count = Counter(feature["properties"]["layer"] for feature in found["features"])
    assert count == {"region": 1, "city": 16, "district": 104}
    assert len(json.dumps(found)) < 700_000


def test_the_lines_of_a_region_coincide_with_those_of_its_districts() -> None:
    found = region_boundary("合肥市")
    assert found is not None
    outline, *districts = (shape(feature["geometry"]) for feature in found["features"])
    assert len(districts) == 9
    assert sum(district.area for district in districts) == pytest.approx(outline.area, rel=1e-4)
    assert outline.contains(Point(117.23, 31.82))


@pytest.mark.parametrize(("name", "districts"), sweep([("重庆市", 38), ("济源市", 0), ("东莞市", 0), ("肥西县", 0)], 1))
def test_municipalities_and_divisions_without_districts(name: str, districts: int) -> None:
    found = region_boundary(name)
    assert found is not None
    layers = Counter(feature["properties"]["layer"] for feature in found["features"])
    assert (layers["region"], layers["district"]) == (1, districts)


def test_a_district_whose_name_is_not_the_only_one_goes_by_its_city_too() -> None:
    assert region_boundary("新城区") is None
    found = region_boundary("西安市新城区")
    assert found is not None
    assert shape(found["features"][0]["geometry"]).contains(Point(108.97, 34.27))
    assert set(near_regions("新城区")) >= {"西安市新城区", "呼和浩特市新城区"}


def test_an_unknown_name_has_near_ones() -> None:
    assert region_boundary("安徵省") is None
    assert region_boundary(BORDER_LINE) is None
    assert near_regions("安徵省")[0] == "安徽省"
    assert near_regions("") == ()


def test_names_are_told_apart() -> None:
    assert len(divisions()) > 3000
    assert len(set(divisions().values())) == len(divisions())
    assert BORDER_LINE not in divisions()


def _city(tmp_path: Path) -> Path:
    path = tmp_path / "边界.gpkg"
    counties = gpd.GeoDataFrame(
        {"名称": ["东县", "西县"]}, geometry=[box(117.2, 31, 117.4, 31.2), box(117, 31, 117.2, 31.2)], crs=4490
    )
    counties.to_crs(4549).to_file(path, layer="县界", engine="pyogrio")
    outline = gpd.GeoDataFrame({"名称": ["小城"]}, geometry=[box(117, 31, 117.4, 31.2)], crs=4490)
    outline.to_file(path, layer="市界", engine="pyogrio")
    return path


def test_an_own_file_with_layers_in_metres_is_read_in_degrees(tmp_path: Path) -> None:
    features = read_boundary(_city(tmp_path))["features"]
    read = {(feature["properties"]["layer"], feature["properties"]["name"]): feature for feature in features}
    assert set(read) == {("县界", "东县"), ("县界", "西县"), ("市界", "小城")}
    assert shape(read["县界", "东县"]["geometry"]).bounds == pytest.approx((117.2, 31, 117.4, 31.2), abs=2e-5)


def test_an_own_geojson_names_its_layers_by_feature(tmp_path: Path) -> None:
    path = tmp_path / "city.geojson"
    shapes = [box(117, 31, 117.4, 31.2), LineString([(117.2, 31), (117.2, 31.2)]), Point(117.1, 31.1)]
    frame = gpd.GeoDataFrame({"name": ["小城", None, "点"], "layer": ["市界", None, None]}, geometry=shapes, crs=4326)
    frame.to_file(path, driver="GeoJSON", engine="pyogrio")
    told = [feature["properties"] for feature in read_boundary(path)["features"]]
    assert told == [{"name": "小城", "layer": "市界"}, {"name": "city", "layer": "city"}]


def _points(path: Path) -> None:
    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(117, 31)], crs=4490).to_file(path, engine="pyogrio")


@pytest.mark.parametrize(
    ("name", "write", "code", "says"),
    [
        ("没有.gpkg", Path.exists, "G101", "找不到"),
        ("边界.shp", lambda path: path.write_bytes(b""), "G102", ".gpkg"),
        ("坏.gpkg", lambda path: path.write_text("not a database"), "G102", "可读"),
        ("坏.geojson", lambda path: path.write_text('{"type": "Feature'), "G102", "可读"),
        ("点.gpkg", _points, "G104", "没有面也没有线"),
    ],
)
def test_a_file_that_cannot_bound_anything_is_refused(
    tmp_path: Path, name: str, write: Callable[[Path], object], code: str, says: str
) -> None:
    write(tmp_path / name)
    with pytest.raises(InputError) as refused:
        read_boundary(tmp_path / name)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert says in problem.say("zh")
    assert str(tmp_path) not in problem.say("zh")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_coordinate_system_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "边界.gpkg"
    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[box(0, 0, 1, 1)]).to_file(path, layer="县界", engine="pyogrio")
    with pytest.raises(InputError) as refused:
        read_boundary(path)
    assert refused.value.problems[0].code == "G103"
    assert "县界" in refused.value.problems[0].say("zh")
