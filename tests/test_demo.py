"""The shipped demo: it is what its maker writes, it opens without a complaint, it says that it is fiction, its limits bite."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.demo import firms, ground, projects, tables
from benchmarks.make_demo import SEED, sums, write_demo
from planner import api
from planner.content import content_folder

DEMO = content_folder("data") / "demo"


@pytest.fixture(scope="module")
def opened() -> api.Opened:
    return api.open_plan(DEMO / "plan.yaml")


@pytest.fixture(scope="module")
def candidates() -> pd.DataFrame:
    return projects.candidates(SEED)


def _content(path: Path) -> dict[str, pd.DataFrame]:
    """The tables of a file, whatever bytes hold them."""
    import geopandas
    import pyogrio
    import shapely

    if path.suffix == ".csv":
        return {"": pd.read_csv(path, encoding="utf-8-sig")}
    if path.suffix == ".xlsx":
        return pd.read_excel(path, sheet_name=None, engine="calamine")
    layers = pyogrio.list_layers(path)[:, 0]
    frames = {layer: geopandas.read_file(path, layer=layer) for layer in layers}
    return {
        name: pd.DataFrame(frame.drop(columns="geometry")).assign(
            geometry=shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=5)
        )
        for name, frame in frames.items()
    }


def test_the_shipped_tables_are_what_the_maker_writes(tmp_path: Path) -> None:
    write_demo(tmp_path)
    shipped = sorted((DEMO / "data").iterdir())
    assert [path.name for path in shipped] == sorted(path.name for path in tmp_path.iterdir())
    for path in shipped:
        ours, theirs = _content(path), _content(tmp_path / path.name)
        assert list(ours) == list(theirs)
        for name, frame in ours.items():
            pd.testing.assert_frame_equal(frame, theirs[name], obj=f"{path.name} {name}")


def test_the_demo_opens_without_a_single_remark(opened: api.Opened) -> None:
    assert opened.warnings == ()
    assert len(opened.case.chains) == 3
    assert len(opened.case.parks) == 8
    assert len(opened.case.quarters) == 4
    assert len(opened.case.candidates) >= 120
    assert opened.case.projects >= 100


def test_everything_says_that_it_is_fiction(opened: api.Opened, candidates: pd.DataFrame) -> None:
    assert "虚构" in opened.case.settings.name
    assert all(source.source == firms.SOURCE for table in opened.case.settings.tables.values() for source in table)
    assert set(candidates["企业名称"].str[0]) <= {first for first, _ in firms.FIRST}
    assert set(opened.case.incumbents["name"].str[0]) <= {first for first, _ in firms.FIRST_HERE}
    assert (opened.case.candidates["source"] == firms.SOURCE).all()


def test_names_of_different_projects_differ(candidates: pd.DataFrame) -> None:
    of_project = candidates.groupby(candidates[projects.GROUP].fillna(candidates[projects.ID]))["企业名称"].first()
    assert of_project.is_unique


def test_there_is_less_of_everything_than_is_asked() -> None:
    share = sums().set_index("limit")["share"]
    assert share.between(0.3, 0.8).all()
    assert share[projects.SUBSIDY] == pytest.approx(0.40, abs=0.05)
    assert share[projects.LAND] == pytest.approx(0.45, abs=0.05)
    assert share[projects.EFFORT] == pytest.approx(0.40, abs=0.05)


def test_counties_tile_the_city_and_hold_their_parks() -> None:
    import geopandas

    city, counties = ground.counties(SEED)
    shapes = geopandas.GeoSeries(list(counties.values()), index=list(counties), crs=ground.CRS).to_crs(32650)
    whole = geopandas.GeoSeries([city], crs=ground.CRS).to_crs(32650)
    assert shapes.area.sum() == pytest.approx(whole.area.iloc[0], rel=1e-9)
    assert shapes.union_all().symmetric_difference(whole.iloc[0]).area == pytest.approx(0, abs=1)
    for park in ground.PARKS:
        outline = ground.outline(park, SEED)
        assert counties[park.county].contains(outline)
        area = geopandas.GeoSeries([outline], crs=ground.CRS).to_crs(32650).area.iloc[0] / 1e6
        assert area == pytest.approx(park.area, rel=0.01)
        assert 3 <= area <= 15


def test_parks_have_a_point_from_their_outline(opened: api.Opened) -> None:
    places = opened.case.parks.set_index("park_id")
    for park in ground.PARKS:
        assert places.loc[park.park_id, "lon"] == pytest.approx(park.lon, abs=0.03)
        assert places.loc[park.park_id, "lat"] == pytest.approx(park.lat, abs=0.03)


def test_what_is_here_supplies_the_links(opened: api.Opened) -> None:
    case = opened.case
    here = np.bincount(case.incumbents["link"], case.incumbents["capacity"], len(case.links))
    assert here == pytest.approx(case.links["supply"].to_numpy(float), abs=200)  # rounding of 0.01 亿元 a firm


def test_projects_are_heavy_tailed_and_some_come_in_sizes(candidates: pd.DataFrame) -> None:
    investment = tables.asked(candidates, projects.INVESTMENT).sort_values(ascending=False)
    assert investment.head(len(investment) // 10).sum() > 0.3 * investment.sum()
    sizes = candidates.dropna(subset=[projects.GROUP]).groupby(projects.GROUP)[projects.INVESTMENT]
    assert set(sizes.size()) == {2, 3}
    assert sizes.apply(lambda group: group.is_monotonic_increasing).all()


def test_the_demo_is_small() -> None:
    assert (
        sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file() and "runs" not in path.relative_to(DEMO).parts)
        < 1_000_000
    )
