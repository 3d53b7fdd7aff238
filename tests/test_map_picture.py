"""The map as a picture for documents: an SVG of its size, in which no name touches another and no text is markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from shapely.geometry import Point

from planner.geography.coordinates import kilometres
from planner.publish.map.frame import frame_of
from planner.publish.map.labels import Wanted, place_labels, text_width, touches
from planner.publish.map.picture import map_svg
from planner.publish.map.places import park_point, spots_inside, stops_of
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, hostile_plan

SVG = "{http://www.w3.org/2000/svg}"
ROUTE = [("甲厂", 117.30, 31.80, "第一天", "09:00", "11:00"), ("乙厂 <b>", 117.10, 31.90, 2, None, None)]


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_has_its_size_and_says_where_it_is_from() -> None:
    plan = example_plan()
    svg = map_svg(plan, width_mm=120, height_mm=90, language="zh")
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("120mm", "90mm", "0 0 120 90")
    said = "".join(texts(svg))
    for part in ("GS(2024)0650号", "无审图号", "本图未送审", "WGS84", "Web 墨卡托", plan.short_seal, "km", "北", "东城经开区"):
        assert part in said
    assert svg == map_svg(plan, width_mm=120, height_mm=90, language="zh")
    assert "map not examined" in "".join(texts(map_svg(plan, width_mm=120, height_mm=90, language="en")))


def test_every_firm_is_drawn_or_those_of_a_chain_or_those_asked_for() -> None:
    plan = example_plan()

    def symbols(**asked: object) -> int:
        svg = map_svg(plan, width_mm=150, height_mm=110, language="zh", **asked)  # type: ignore[arg-type]
        return len(re.findall(r'<path transform="translate\([-\d.]+ [-\d.]+\) scale\(0\.1437\)"', svg))

    chains = {firm.chain_id for firm in plan.selected}
    legend = len(chains)
    assert symbols() == len(plan.selected) + legend
    first = plan.selected[0]
    of_chain = sum(firm.chain_id == first.chain_id for firm in plan.selected)
    assert symbols(chain_id=first.chain_id) == of_chain + 1
    assert symbols(candidates=[first.candidate_id]) == 1 + 1
    assert symbols(candidates=[]) == 0


def test_stops_are_numbered_along_their_way_and_nothing_becomes_markup() -> None:
    svg = map_svg(example_plan(), width_mm=120, height_mm=90, route=ROUTE, language="zh")
    said = texts(svg)
    assert {"1", "2", "甲厂", "乙厂 <b>"} <= set(said)
    assert len(ElementTree.fromstring(svg).findall(f".//{SVG}polyline")) == 1
    hostile = map_svg(hostile_plan(), width_mm=180, height_mm=130, language="zh")
    assert HOSTILE[0] in texts(hostile)
    assert not ElementTree.fromstring(hostile).findall(f".//{SVG}script")


def test_a_character_that_xml_cannot_hold_is_shown_and_spoils_no_picture() -> None:
    plan = example_plan()
    parks = tuple(park.model_copy(update={"name": f"东\x07园{at}\uffff"}) for at, park in enumerate(plan.parks))
    chains = tuple(chain.model_copy(update={"name": f"汽\x1b车{at}"}) for at, chain in enumerate(plan.chains))
    svg = map_svg(plan.model_copy(update={"parks": parks, "chains": chains}), width_mm=180, height_mm=130, language="zh")
    said = texts(svg)
    assert {"东\\x07园0\ufffd", "汽\\x1b车0"} <= set(said)


def test_a_journey_across_the_country_shows_the_whole_country() -> None:
    plan, stops = example_plan(), stops_of([("京", 116.4, 39.9), ("深", 114.0, 22.5), ("东京", 139.7, 35.7)])
    frame = frame_of(plan, [], stops, 120, 90)
    for lat, lon in ((3.9, 112.0), (53.4, 123.0), (39.0, 73.6), (48.3, 134.7), (35.7, 139.7)):
        assert frame.holds(lat, lon)
    near = frame_of(plan, [], stops[:1], 120, 90)
    assert near.holds(39.9, 116.4)
    assert not near.holds(39.0, 116.4)


def test_a_plan_without_places_still_has_its_picture() -> None:
    plan = example_plan()
    parks = tuple(park.model_copy(update={"lon": None, "lat": None, "geometry": None}) for park in plan.parks)
    head = plan.plan.model_copy(update={"boundary": None, "region_name": None})
    svg = map_svg(plan.model_copy(update={"parks": parks, "plan": head}), width_mm=60, height_mm=45, language="zh")
    assert "GS(2024)0650号" in "".join(texts(svg))


def test_the_name_of_an_area_stands_within_it() -> None:
    """A crescent: its middle is not its own."""
    whole = Point(0, 0).buffer(3)
    crescent = whole.difference(Point(1, 0).buffer(2.6))
    spots = spots_inside(crescent)
    assert len(spots) > 5
    assert all(crescent.contains(Point(spot)) for spot in spots)
    (label,) = place_labels([Wanted("湾", *spots[0], 0.4, 0, "district", tuple(spots))], [(-2.9, -0.9, -0.9, 0.9)], (-9, -9, 9, 9))
    assert crescent.contains(Point(label.x, (label.box[1] + label.box[3]) / 2))


@pytest.mark.parametrize("crowd", [0.4, 1.0, 4.0])
def test_no_name_touches_another_or_a_symbol(crowd: float) -> None:
    wanted = [Wanted(f"第{at}高新区", 60 + at % 6 * crowd, 40 + at // 6 * crowd, 2.4, 1.2, "park") for at in range(30)]
    symbols = [(name.x - 1, name.y - 1, name.x + 1, name.y + 1) for name in wanted]
    placed = place_labels(wanted, symbols, (0, 0, 120, 90))
    assert placed
    for at, label in enumerate(placed):
        others = [other.box for other in placed[:at]]
        assert not touches(label.box, [*others, *symbols])
        assert label.box[2] - label.box[0] >= text_width(label.text, label.size)
        assert label.box[0] >= 0
        assert label.box[3] <= 90


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    plan = example_plan()
    frame = frame_of(plan, [park_point(park) for park in plan.parks], stops_of(None), 120, 90)
    said, length = frame.scale_bar(30.0)
    assert 6 < length <= 30
    (x, y), (east, _) = frame.at(31.8, 117.2), frame.at(31.8, 117.3)
    assert frame.holds(31.8, 117.2)
    true = float(kilometres(117.2, 31.8, 117.3, 31.8))
    assert (east - x) / length * said == pytest.approx(true, rel=0.01)
    assert y > frame.at(31.9, 117.2)[1]
