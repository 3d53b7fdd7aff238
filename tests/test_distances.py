"""Distances: what the table states goes before the great circle, both ways, by the narrowest name."""

from __future__ import annotations

import pytest

from planner.publish.distances import Distances, Spot
from planner.publish.stated import Stated

PARK, TOWN = Spot(("P1", "一号园", "示例市"), 117.0, 31.0), Spot(("甲公司", "宁波市"), 118.0, 31.0)


def rows(*cells: tuple[str, str, str, float | None]) -> Distances:
    return Distances(Stated(dict(zip(("from_place", "to_place", "mode", "km"), row, strict=True)), "交通局") for row in cells)


def test_without_a_table_it_is_the_great_circle() -> None:
    way = Distances(()).between(PARK, TOWN)
    assert way is not None
    assert way.km == pytest.approx(95.3, abs=0.1)  # a degree of longitude at 31° north: 111.2 km × cos 31°
    assert not way.stated


def test_nothing_is_guessed_where_neither_tells() -> None:
    assert rows(("上海市", "示例市", "", 480.0)).between(PARK, Spot(("宁波市",))) is None


def test_the_table_rules_and_one_row_holds_both_ways() -> None:
    known = rows(("宁波市", "示例市", "", 465.0))
    for pair in ((PARK, TOWN), (TOWN, PARK)):
        way = known.between(*pair)
        assert way is not None
        assert (way.km, way.stated, way.source) == (465.0, True, "交通局")


def test_a_way_that_is_written_both_ways_may_differ() -> None:
    known = rows(("宁波市", "示例市", "", 465.0), ("示例市", "宁波市", "", 470.0))
    there, back = known.between(TOWN, PARK), known.between(PARK, TOWN)
    assert there is not None
    assert back is not None
    assert (there.km, back.km) == (465.0, 470.0)


def test_the_narrowest_name_and_the_mode_asked_for_go_first() -> None:
    known = rows(("宁波市", "示例市", "公路", 465.0), ("宁波市", "一号园", "公路", 440.0), ("宁波市", "一号园", "铁路", 510.0))
    road, rail = known.between(TOWN, PARK), known.between(TOWN, PARK, "铁路")
    assert road is not None
    assert rail is not None
    assert (road.km, rail.km) == (440.0, 510.0)


def test_a_row_without_kilometres_tells_no_distance() -> None:
    way = rows(("宁波市", "示例市", "", None)).between(TOWN, PARK)
    assert way is not None
    assert not way.stated
