"""Online base maps: none by default, exactly their own hosts where a plan asks for one, and everything drawn in their system."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from planner.geography.coordinates import from_wgs84, kilometres, to_wgs84
from planner.plan.model import Plan
from planner.publish.map.base import BASES, in_system
from planner.publish.map.page import page_of, sheet_of
from planner.publish.offline import NotOfflineError, assert_offline
from planner.settings.base import RefusedError
from planner.settings.schema import MapSettings
from tests.example_plan import example_plan


def asking(**said: Any) -> Plan:
    plan = example_plan()
    return plan.model_copy(update={"plan": plan.plan.model_copy(update={"settings": {**plan.plan.settings, "map": said}})})


def test_by_default_no_host_is_named() -> None:
    sheet = sheet_of(example_plan())
    assert sheet.view["base"] is None
    assert_offline(page_of(sheet))


@pytest.mark.parametrize("kind", sorted(BASES))
def test_the_page_names_the_hosts_of_its_base_map_and_no_others(kind: str) -> None:
    page, hosts = page_of(sheet_of(asking(base=kind, key="K"))), BASES[kind].hosts
    assert_offline(page, hosts=hosts)
    assert set(re.findall(r"https://([\w.-]+)", page)) == set(hosts)
    for wrong in ((), hosts[1:], (*hosts, "tiles.example.org")):
        with pytest.raises(NotOfflineError):
            assert_offline(page, hosts=wrong)
    with pytest.raises(NotOfflineError):
        assert_offline(page.replace("</body>", f"<p>https://{hosts[0]}/other</p></body>"), hosts=hosts)


def test_a_key_is_text() -> None:
    hostile = '"><script>alert(1)</script>&x={z}'
    page = page_of(sheet_of(asking(base="tianditu", key=hostile)))
    assert "<script>alert(1)" not in page
    (path, _) = json.loads(re.search(r'"paths":(\[.*?\])', page)[1])  # type: ignore[index]
    assert path.endswith("&tk=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26x%3D%7Bz%7D")


def test_tianditu_needs_a_key() -> None:
    with pytest.raises(ValueError, match="天地图须有密钥") as refused:
        MapSettings.model_validate({"base": "tianditu"})
    assert isinstance(refused.value.errors()[0]["ctx"]["error"], RefusedError)  # type: ignore[attr-defined]
    assert MapSettings.model_validate({"base": "tianditu", "key": "K"}).key == "K"


def points_of(view: Any, key: str = "") -> list[tuple[float, float]]:
    """Every place of a view, as longitude and latitude, in the order of the view."""
    if key == "coordinates":
        return [(float(lon), float(lat)) for lon, lat in np.array(flat(view)).reshape(-1, 2).tolist()]
    if key in ("at", "bounds", "names"):
        pairs = {"at": lambda: [view], "bounds": lambda: view, "names": lambda: [spot for spots, *_ in view for spot in spots]}[
            key
        ]()
        return [(lon, lat) for lat, lon in pairs] if view else []
    if isinstance(view, dict):
        return [point for name, part in view.items() for point in points_of(part, name)]
    return [point for part in view for point in points_of(part)] if isinstance(view, (list, tuple)) else []


def flat(nested: Any) -> list[float]:
    return [float(nested)] if isinstance(nested, (int, float)) else [value for part in nested for value in flat(part)]


def test_everything_drawn_lies_where_the_base_map_has_it() -> None:
    view = sheet_of(asking(base="amap")).view
    there = points_of(sheet_of(example_plan()).view)
    here = points_of(view)
    assert len(here) == len(there) > 5000
    lon, lat = np.array(there).T
    wanted = np.column_stack(from_wgs84(lon, lat, "GCJ-02"))
    assert np.abs(np.array(here) - wanted).max() < 1e-6
    assert 0.3 < float(np.median(kilometres(lon, lat, *np.array(here).T))) < 0.9  # km that it is moved
    again = in_system(example_plan(), sheet_of(example_plan()).view)
    assert points_of(again) == there


def test_points_abroad_stay_where_they_are_and_others_come_back() -> None:
    lon, lat = np.array([2.35, 139.7, 117.2, 121.5]), np.array([48.85, 35.7, 31.8, 25.0])
    there = from_wgs84(lon, lat, "GCJ-02")
    assert (there[0][:2] == lon[:2]).all()
    assert (there[1][:2] == lat[:2]).all()
    assert (np.abs(there[0][2:] - lon[2:]) > 0.001).all()
    assert np.abs(np.array(to_wgs84(*there, "GCJ-02")) - (lon, lat)).max() < 1e-8
