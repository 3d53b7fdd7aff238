"""Layers and coordinates: shapes, systems of coordinates and points that contradict each other; encodings of text files."""

from __future__ import annotations

import json
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import Polygon, box, from_wkt
from shapely.geometry import Point, shape

from planner import api
from planner.geography.coordinates import bd09_of_gcj02, gcj02_of_wgs84
from planner.settings.sources import TableSource
from tests.city import TABLES, write_city
from tests.sweep import sweep
from tests.table_files import read, said, write_csv, write_layer

HEADER = ("park_id", "name")
PARKS = (HEADER, ("P1", "东区"), ("P2", "西区"))
SQUARES = (box(117.2, 31.8, 117.3, 31.9), box(117.4, 31.8, 117.5, 31.9))


def shifted(area: Polygon, system: str) -> Polygon:
    """The area as a map service in that system has it."""
    lon, lat = gcj02_of_wgs84(*np.array(area.exterior.coords).T)
    return Polygon(np.column_stack((lon, lat) if system == "GCJ-02" else bd09_of_gcj02(lon, lat)))


# --- systems of coordinates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
@pytest.mark.parametrize("crs", [4326, 4490, 3857])
def test_outline_and_point_of_a_declared_system_come_to_the_same_ground(tmp_path: Path, system: str, crs: int) -> None:
    import geopandas

    shapes = geopandas.GeoSeries([shifted(square, system) for square in SQUARES], crs=4326).to_crs(crs)
    file = write_layer(tmp_path / "p.gpkg", "p", PARKS, shapes, crs)
    tables, problems = read(tmp_path, parks={"file": file.name, "coordinates": system})
    frame = tables["parks"].frame
    assert not problems
    for square, outline, lon, lat in zip(SQUARES, frame["geometry"], frame["lon"], frame["lat"], strict=True):
        assert outline.hausdorff_distance(square) < 1e-7
        assert Point(lon, lat).within(square)
    assert tables["parks"].coordinates == "WGS84"


def test_a_published_outline_lies_around_its_point(tmp_path: Path) -> None:
    rows = [[*TABLES["parks"][0]], *([*row.values()] for row in TABLES["parks"])]
    keep = [at for at, name in enumerate(rows[0]) if name not in ("lon", "lat")]
    square = box(117.0, 31.0, 117.01, 31.01)
    plan = write_city(tmp_path)
    table = [[row[at] for at in keep] for row in rows]
    write_layer(tmp_path / "p.gpkg", "p", table, [shifted(square, "GCJ-02")] * 2)
    text = plan.read_text("utf-8") + "\ntables: {parks: {file: p.gpkg, coordinates: GCJ-02}, candidates: data/candidates.csv}\n"
    plan.write_text(text, "utf-8")
    park = api.solve(api.open_plan(plan)).parks[0]
    assert park.geometry is not None
    assert shape(dict(park.geometry)).hausdorff_distance(square) < 2e-5
    assert Point(park.lon or 0, park.lat or 0).within(square)


def test_a_surveyed_layer_is_in_no_system_of_map_services(tmp_path: Path) -> None:
    import geopandas

    surveyed = geopandas.GeoSeries(SQUARES, crs=4326).to_crs(4548)
    write_layer(tmp_path / "p.gpkg", "p", PARKS, surveyed, 4548)
    assert said(read(tmp_path, parks={"file": "p.gpkg", "coordinates": "GCJ-02"})[1]) == ["T233 p.gpkg[p]"]
    tables, problems = read(tmp_path, parks="p.gpkg")
    assert not problems
    assert tables["parks"].frame["geometry"][0].hausdorff_distance(SQUARES[0]) < 1e-6


def test_stacked_files_in_several_systems_come_to_one(tmp_path: Path) -> None:
    lon, lat = gcj02_of_wgs84(np.array([117.25]), np.array([31.85]))
    write_csv(tmp_path / "a.csv", [["park_id", "lon", "lat"], ["P1", float(lon[0]), float(lat[0])]])
    write_csv(tmp_path / "b.csv", [["park_id", "lon", "lat"], ["P2", 117.25, 31.85]])
    write_layer(tmp_path / "c.gpkg", "c", (("park_id",), ("P3",)), [shifted(SQUARES[0], "GCJ-02")])
    sources = [
        {"file": "a.csv", "coordinates": "GCJ-02"},
        {"file": "b.csv", "below": True},
        {"file": "c.gpkg", "coordinates": "GCJ-02", "below": True},
    ]
    tables, problems = read(tmp_path, parks=sources)
    assert not problems
    assert tables["parks"].coordinates == "WGS84"
    assert tables["parks"].frame["lon"].tolist() == pytest.approx([117.25] * 3, abs=1e-3)
    assert tables["parks"].frame["lon"].tolist()[:2] == pytest.approx([117.25] * 2, abs=1e-9)
    for order in (sources[:1], [*sources[:1], {"file": "d.csv", "below": True}]):
        write_csv(tmp_path / "d.csv", [["park_id", "name"], ["P4", "x"]])
        assert read(tmp_path, parks=order)[0]["parks"].coordinates == "GCJ-02"


@pytest.mark.parametrize("srs", [0, -1, 99999])
def test_a_layer_that_does_not_say_where_it_is_is_refused(tmp_path: Path, srs: int) -> None:
    write_layer(tmp_path / "p.gpkg", "p", PARKS, SQUARES)
    with sqlite3.connect(tmp_path / "p.gpkg") as base:
        base.execute("update gpkg_geometry_columns set srs_id=?", (srs,))
    assert said(read(tmp_path, parks="p.gpkg")[1]) == ["T108 p.gpkg[p]"]


SPEAKING = (
    "经度_GCJ02",
    "经度（GCJ-02）",
    "GCJ02经度",
    "高德经度",
    "经度(高德)",
    "火星坐标经度",
    "lon_gcj02",
    "百度经度",
    "经度[BD-09]",
    "bd09_lng",
    "lng_bd",
)


@pytest.mark.parametrize("lon", SPEAKING)
def test_a_header_that_names_a_shifted_system_is_never_read_as_wgs84(tmp_path: Path, lon: str) -> None:
    lat = lon.replace("经度", "纬度").replace("lon", "lat").replace("lng", "lat")
    rows = [["园区编号", lon, lat], ["P1", 117.2, 31.8], ["P2", 117.4, 31.8]]
    write_csv(tmp_path / "p.csv", rows)
    assert said(read(tmp_path, parks="p.csv")[1]) == ["T184 p.csv!B1", "T184 p.csv!C1"]
    system = "BD-09" if "bd" in lon.lower() or "百度" in lon else "GCJ-02"
    tables, problems = read(tmp_path, parks={"file": "p.csv", "coordinates": system})
    assert not problems
    assert tables["parks"].coordinates == system
    assert tables["parks"].frame["lon"].tolist() == [117.2, 117.4]


@pytest.mark.parametrize(
    "note", ["坐标系：GCJ-02", "注：坐标取自高德地图", "坐标为火星坐标", "坐标来源：百度地图", "Coordinates: BD09"]
)
@pytest.mark.parametrize("above", [True, False])
def test_a_note_beside_the_rows_names_the_system(tmp_path: Path, note: str, above: bool) -> None:
    from planner.reading.headers import match_headers
    from planner.reading.systems import check_system
    from planner.reading.table import Grid
    from planner.tables.spec import TABLES as SPECS

    rows = [["园区编号", "经度", "纬度"], ["P1", "117.2", "31.8"]]
    grid = Grid("p.csv", None, [[note, "", ""], *rows] if above else [*rows, [note, "", ""]], "")
    source, spec = TableSource(file="p.csv"), SPECS["parks"]
    layout = match_headers(grid, int(above), spec, source)[0]
    assert said(check_system(grid, layout, False, [1 + above])) == [f"T184 p.csv!A{1 if above else 3}"]
    assert not check_system(grid, layout, True, [1 + above])


def test_a_column_of_systems_is_heard_and_two_systems_are_refused(tmp_path: Path) -> None:
    header = ["园区编号", "经度", "纬度", "坐标系"]
    write_csv(tmp_path / "p.csv", [header, ["P1", 117.2, 31.8, "GCJ02"], ["P2", 117.4, 31.8, "GCJ02"]])
    assert said(read(tmp_path, parks="p.csv")[1]) == ["T184 p.csv!D2"]
    write_csv(tmp_path / "q.csv", [header, ["P1", 117.2, 31.8, "WGS84"], ["P2", 117.4, 31.8, "高德"]])
    assert said(read(tmp_path, parks={"file": "q.csv", "coordinates": "GCJ-02"})[1]) == ["T236 q.csv!D3"]
    write_csv(tmp_path / "r.csv", [["园区编号", "经度（WGS84）", "纬度_GCJ02"], ["P1", 117.2, 31.8], ["P2", 117.4, 31.8]])
    assert said(read(tmp_path, parks={"file": "r.csv", "coordinates": "WGS84"})[1]) == ["T236 r.csv!C1"]
    write_csv(tmp_path / "s.csv", [["园区编号", "经度（WGS84）", "纬度（CGCS2000）"], ["P1", 117.2, 31.8], ["P2", 117.4, 31.8]])
    assert not read(tmp_path, parks="s.csv")[1]


@pytest.mark.parametrize("name", ["园区_gcj02", "parks_BD09", "高德坐标"])
def test_a_file_or_layer_named_after_a_system_is_asked_about(tmp_path: Path, name: str) -> None:
    write_layer(tmp_path / "p.gpkg", name, PARKS, SQUARES)
    assert said(read(tmp_path, parks="p.gpkg")[1]) == [f"T184 p.gpkg[{name}]"]
    write_csv(tmp_path / f"{name}.csv", [["园区编号", "经度", "纬度"], ["P1", 117.2, 31.8], ["P2", 117.4, 31.8]])
    assert said(read(tmp_path, parks=f"{name}.csv")[1]) == [f"T184 {name}.csv"]


def test_firms_of_map_services_are_no_system(tmp_path: Path) -> None:
    rows = [["项目编号", "企业名称", "经度", "纬度"], ["A", "高德软件", 116.4, 39.9], ["B", "百度在线", 116.3, 40.0]]
    write_csv(tmp_path / "高德百度.csv", rows)
    assert not read(tmp_path, candidates="高德百度.csv")[1]


# --- points and shapes ---------------------------------------------------------------------------------------------------


def located(points: list[list[float]]) -> list[list[Any]]:
    return [["park_id", "lon", "lat"], *([name, *point] for name, point in zip(("P1", "P2"), points, strict=True))]


INSIDE = [117.45, 31.85]


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ([117.25, 31.85], []),
        ([117.3005, 31.85], []),
        ([117.305, 31.85], ["T235"]),
        ([117.45, 31.85], ["T234"]),
        ([120.0, 30.0], ["T234"]),
        ([31.85, 117.25], ["T161", "T234"]),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_columns_that_contradict_the_shape_are_told(tmp_path: Path, point: list[float], expected: list[str], apart: bool) -> None:
    rows = located([point, INSIDE])
    if apart:
        write_csv(tmp_path / "points.csv", rows)
        write_layer(tmp_path / "p.gpkg", "p", PARKS, SQUARES)
        for files in (["points.csv", "p.gpkg"], ["p.gpkg", "points.csv"]):
            tables, problems = read(tmp_path, parks=files)
            assert [(one.code, one.place and one.place.file) for one in problems] == [(code, "points.csv") for code in expected]
            assert tables["parks"].frame["lon"].tolist() == [point[0], INSIDE[0]]
    else:
        write_layer(tmp_path / "p.gpkg", "p", rows, SQUARES)
        assert said(read(tmp_path, parks="p.gpkg")[1]) == [f"{code} p.gpkg[p]:1" for code in expected]


def test_a_point_in_another_system_than_its_shape_is_told_which(tmp_path: Path) -> None:
    small = (box(117.2, 31.8, 117.201, 31.801), SQUARES[1])
    lon, lat = gcj02_of_wgs84(np.array([117.2005]), np.array([31.8005]))
    write_layer(tmp_path / "p.gpkg", "p", located([[float(lon[0]), float(lat[0])], INSIDE]), small)
    (problem,) = read(tmp_path, parks="p.gpkg")[1]
    assert (problem.code, problem.severity) == ("T235", "warning")
    assert "GCJ-02" in problem.remedy.zh


def test_an_outline_with_one_corner_far_away_is_refused(tmp_path: Path) -> None:
    wild = Polygon([(117.2, 31.8), (117.3, 31.8), (117.3, 31.9), (0.0, 31.85)])
    write_layer(tmp_path / "p.gpkg", "p", PARKS, (wild, SQUARES[1]))
    assert said(read(tmp_path, parks="p.gpkg")[1]) == ["T232 p.gpkg[p]:1"]


EMPTY = ("POLYGON EMPTY", "MULTIPOLYGON EMPTY", "POINT EMPTY", "GEOMETRYCOLLECTION EMPTY")
ODD = (
    "POLYGON Z ((117.2 31.8 1, 117.3 31.8 1, 117.3 31.9 1, 117.2 31.8 1))",
    "POLYGON ((117.2 31.8, 117.3 31.9, 117.3 31.8, 117.2 31.9, 117.2 31.8))",
    "MULTIPOLYGON (((117.2 31.8, 117.3 31.8, 117.3 31.9, 117.2 31.8)), EMPTY)",
    "LINESTRING (117.2 31.8, 117.3 31.8)",
    "GEOMETRYCOLLECTION (POINT (117.2 31.8), POLYGON ((117.2 31.8, 117.3 31.8, 117.3 31.9, 117.2 31.8)))",
)


@pytest.mark.parametrize("wkt", sweep([*ODD[2:], *ODD[:2], *EMPTY], 1))
def test_any_shape_is_planned_with_and_published(tmp_path: Path, wkt: str) -> None:
    plan = write_city(tmp_path)
    rows = [[*TABLES["parks"][0]], *([*row.values()] for row in TABLES["parks"])]
    table = [[value for name, value in zip(rows[0], row, strict=True) if name not in ("lon", "lat")] for row in rows]
    write_layer(tmp_path / "p.gpkg", "p", table, (from_wkt(wkt), SQUARES[1]))
    text = "\ntables: {parks: p.gpkg, candidates: data/candidates.csv}\n"
    plan.write_text(plan.read_text("utf-8") + text, "utf-8")
    solved = api.solve(api.open_plan(plan))
    assert (solved.parks[0].lon is None) == (wkt in EMPTY)
    api.publish(solved, tmp_path / "run")
    stored = json.loads((tmp_path / "run" / "plan.json").read_text("utf-8"))
    assert (stored["parks"][0]["geometry"] is None) == ("POLYGON" not in wkt or wkt in EMPTY or "COLLECTION" in wkt)


@pytest.mark.parametrize("kind", ["TIN", "POLYHEDRALSURFACE"])
def test_a_surface_is_refused_with_its_number(tmp_path: Path, kind: str) -> None:
    write_layer(tmp_path / "p.gpkg", "p", PARKS, SQUARES)
    number, inner = (16, 17) if kind == "TIN" else (15, 3)
    ring = np.array([[117.2, 31.8], [117.3, 31.8], [117.3, 31.9], [117.2, 31.8]]).astype("<f8").tobytes()
    part = b"\x01" + inner.to_bytes(4, "little") + (1).to_bytes(4, "little") + (4).to_bytes(4, "little") + ring
    surface = (
        b"GP\x00\x01" + (4326).to_bytes(4, "little") + b"\x01" + number.to_bytes(4, "little") + (1).to_bytes(4, "little") + part
    )
    with sqlite3.connect(tmp_path / "p.gpkg") as base:
        for (name,) in base.execute("select name from sqlite_master where type='trigger'").fetchall():
            base.execute(f'drop trigger "{name}"')
        base.execute("update p set geom=? where park_id='P2'", (surface,))
    assert said(read(tmp_path, parks="p.gpkg")[1]) == ["T180 p.gpkg[p]:2"]


BROKEN_BLOBS = (
    b"\x00\x01\x02",
    b"GP\x00\x01" + (4326).to_bytes(4, "little") + SQUARES[1].wkb[:40],
    b"GP\x00\x01" + bytes(4) + b"\x01\x63" + bytes(3),
)


@pytest.mark.parametrize("blob", [None, *BROKEN_BLOBS])
def test_a_shape_that_is_cut_short_or_of_no_kind_is_refused_and_none_is_none(tmp_path: Path, blob: bytes | None) -> None:
    write_layer(tmp_path / "p.gpkg", "p", (HEADER, ("P0", "北区"), *PARKS[1:]), (SQUARES[0], *SQUARES))
    with sqlite3.connect(tmp_path / "p.gpkg") as base:
        for (name,) in base.execute("select name from sqlite_master where type='trigger'").fetchall():
            base.execute(f'drop trigger "{name}"')
        base.execute("update p set geom=? where park_id='P2'", (blob,))
        base.execute("delete from p where park_id='P0'")
        base.execute("update gpkg_ogr_contents set feature_count=2")
    assert said(read(tmp_path, parks="p.gpkg")[1]) == ([] if blob is None else ["T180 p.gpkg[p]:2"])


# --- attributes ----------------------------------------------------------------------------------------------------------


def geojson(path: Path, *properties: dict[str, Any]) -> Path:
    features = [
        {"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [117.2, 31.8]}} for one in properties
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_a_geojson_that_names_its_system_is_heard(tmp_path: Path) -> None:
    file = geojson(tmp_path / "p.geojson", {"park_id": "P1"}, {"park_id": "P2"})
    text = file.read_text("utf-8")
    for name, expected in (("GCJ02", ["T184 p.geojson[p]"]), ("urn:ogc:def:crs:OGC:1.3:CRS84", [])):
        crs = json.dumps({"type": "name", "properties": {"name": name}})
        file.write_text(text[:-1] + f', "crs": {crs}' + "}", "utf-8")
        assert said(read(tmp_path, parks="p.geojson")[1]) == expected
    file.write_bytes(text.replace("P2", "园").encode("gbk"))  # two bytes that are UTF-8 too
    (problem,) = read(tmp_path, parks="p.geojson")[1]
    assert (problem.code, "UTF-8" in problem.rule.zh) == ("T102", True)


@pytest.mark.parametrize("kind", ["TIN", "PolyhedralSurface", "Nonsense"])
def test_a_shape_that_the_library_drops_from_a_geojson_is_refused(tmp_path: Path, kind: str) -> None:
    file = geojson(tmp_path / "p.geojson", {"park_id": "P1"}, {"park_id": "P2"})
    content = json.loads(file.read_text("utf-8"))
    content["features"][1]["geometry"] = {"type": kind, "coordinates": [[[[117.2, 31.8], [117.3, 31.8], [117.3, 31.9]]]]}
    file.write_text(json.dumps(content), "utf-8")
    assert said(read(tmp_path, parks="p.geojson")[1]) == ["T180 p.geojson[p]:2"]


def test_long_whole_numbers_of_a_layer_are_exact_also_beside_blanks(tmp_path: Path) -> None:
    code = 341226199003071234
    geojson(tmp_path / "p.geojson", {"park_id": code, "zone": code + 1, "证号": code}, {"park_id": 5, "zone": None, "证号": None})
    tables, problems = read(tmp_path, parks="p.geojson")
    assert not problems
    assert tables["parks"].frame["park_id"].tolist() == [str(code), "5"]
    assert tables["parks"].frame["zone"].tolist() == [str(code + 1), ""]
    assert tables["parks"].frame["证号"].tolist() == [str(code), ""]
    geojson(tmp_path / "q.geojson", {"park_id": 12345678901234567890123}, {"park_id": 5})
    assert said(read(tmp_path, parks="q.geojson")[1]) == ["T139 q.geojson[q]:1"]


def test_mixed_kinds_and_lists_are_read_without_a_warning_of_a_library(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    rows = ({"park_id": "P1", "land": 100, "allowed_chains": ["A", "B"]}, {"park_id": "P2", "land": "不限", "allowed_chains": None})
    geojson(tmp_path / "p.geojson", *rows)
    warnings.simplefilter("always")
    tables, problems = read(tmp_path, resources={"land": {"unit": "亩"}}, parks="p.geojson")
    assert not problems
    assert tables["parks"].frame["land"].tolist() == [100.0, np.inf]
    assert tables["parks"].frame["allowed_chains"].tolist() == [("A", "B"), ()]
    assert not [one for one in recwarn if "pyogrio" in one.filename or issubclass(one.category, RuntimeWarning)]
    assert capfd.readouterr().err == ""


def test_a_number_of_single_precision_is_the_one_that_is_written(tmp_path: Path) -> None:
    import geopandas

    data = geopandas.GeoDataFrame({"park_id": ["P1", "P2"], "land": np.array([0.1, 3.3], dtype="float32")}, geometry=list(SQUARES))
    data.set_crs(4326).to_file(tmp_path / "p.gpkg", layer="p", engine="pyogrio")
    assert read(tmp_path, resources={"land": {"unit": "亩"}}, parks="p.gpkg")[0]["parks"].frame["land"].tolist() == [0.1, 3.3]


# --- shapefiles ----------------------------------------------------------------------------------------------------------


def shapefile(folder: Path, encoding: str, names: tuple[str, str] = ("东区", "西区")) -> Path:
    import geopandas

    file = folder / "园区.shp"
    data = geopandas.GeoDataFrame({"park_id": ["P1", "P2"], "name": names}, geometry=list(SQUARES), crs=4326)
    data.to_file(file, engine="pyogrio", encoding=encoding)
    return file


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_a_shapefile_is_asked_for_its_encoding_unless_it_says_it(tmp_path: Path, encoding: str) -> None:
    names = ("東區工業園", "西區工業園")
    file = shapefile(tmp_path, encoding, names)
    tables, problems = read(tmp_path, parks=file.name)
    assert not problems
    assert tables["parks"].frame["name"].tolist() == list(names)
    assert tables["parks"].inputs[0].encoding == encoding
    file.with_suffix(".cpg").unlink()
    data = bytearray(file.with_suffix(".dbf").read_bytes())
    data[29] = 0
    file.with_suffix(".dbf").write_bytes(data)
    (problem,) = read(tmp_path, parks=file.name)[1]
    assert (problem.code, str(problem.place)) == ("T231", file.name)
    assert f"encoding: {encoding}" in problem.remedy.zh
    tables, problems = read(tmp_path, parks={"file": file.name, "encoding": encoding.upper()})
    assert not problems
    assert tables["parks"].frame["name"].tolist() == list(names)


def test_a_shapefile_of_plain_texts_needs_no_encoding_but_all_its_parts(tmp_path: Path) -> None:
    file = shapefile(tmp_path, "utf-8", ("east", "west"))
    file.with_suffix(".cpg").unlink()
    assert not read(tmp_path, parks=file.name)[1]
    for suffix, expected in ((".prj", "T108 园区.shp[园区]"), (".dbf", "T102 园区.shp")):
        file.with_suffix(suffix).unlink()
        assert said(read(tmp_path, parks=file.name)[1]) == [expected]


# --- encodings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding", "stated"),
    [
        ("臺灣積體電路", "cp950", "big5"),
        ("友達", "cp950", "big5"),
        ("株式会社日立製作所", "cp932", "shift_jis"),
        ("ローム", "cp932", "shift_jis"),
        ("日立製作所ﾊﾟｰｸ", "cp932", "shift_jis"),
        ("Müller", "cp1252", "windows-1252"),
        ("一园", "gbk", "gbk"),
    ],
)
def test_text_that_reads_better_in_another_encoding_is_asked_about(tmp_path: Path, name: str, encoding: str, stated: str) -> None:
    write_csv(tmp_path / "c.csv", [("candidate_id", "name"), ("A", name), ("B", "x")], encoding)
    (problem,) = read(tmp_path, candidates="c.csv")[1]
    assert (problem.code, str(problem.place)) == ("T230", "c.csv:2")
    assert name[:2] in problem.rule.zh.replace("üller", "Müller")
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "encoding": stated})
    assert not problems
    assert tables["candidates"].frame["name"][0] == name


@pytest.mark.parametrize(
    "name", ["合肥长鑫存储", "鴻海精密", "比亚迪", "𠮷野家", "Société Générale", "Müller", "ローム", "鑫鑫", "Ёлка"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_usual_encodings_is_read_as_it_is(tmp_path: Path, name: str, encoding: str) -> None:
    write_csv(tmp_path / "c.csv", [("项目编号", "企业名称"), ("A", name), ("B", "乙")], encoding)
    tables, problems = read(tmp_path, candidates="c.csv")
    assert not problems
    assert tables["candidates"].frame["name"][0] == name
    assert tables["candidates"].inputs[0].encoding == encoding.removesuffix("-sig")


def test_check_says_the_encoding_of_each_file(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from planner.cli import app

    plan = write_city(tmp_path)
    file = tmp_path / "data" / "parks.csv"
    file.write_bytes(file.read_text("utf-8-sig").replace("park_id", "园区编号").encode("gb18030"))
    output = CliRunner().invoke(app, ["check", str(plan)]).stdout
    assert "data/candidates.csv utf-8" in output
    assert "data/parks.csv gb18030" in output
