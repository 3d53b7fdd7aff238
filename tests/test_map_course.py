"""What the map shows quarter by quarter and county by county: worked out by hand, and never more than the plan itself says."""

from __future__ import annotations

import pytest

from planner.plan.model import Plan
from planner.publish.map.course import course_of, heat_of
from planner.publish.map.palette import read_palette
from planner.publish.map.places import ground_of, incumbent_groups, park_point
from planner.publish.map.view import view_of
from tests.example_plan import example_plan
from tests.map_plans import province, small_plan


def heat_by_name(plan: Plan) -> dict[tuple[str, int], tuple[float, ...]]:
    points = [park_point(park) for park in plan.parks]
    groups, _ = incumbent_groups(plan.incumbents, {park.park_id: at for at, park in enumerate(plan.parks)}, points)
    region = ground_of(plan).region
    heat = heat_of(plan, course_of(plan), region, groups, points)
    assert heat is not None
    return {(region[heat.counties[county]]["properties"]["name"], link): values for county, link, values in heat.rows}


def test_links_fill_up_from_quarter_to_quarter() -> None:
    course = course_of(small_plan())
    assert course.demand[0].tolist()[:3] == [1000, 1000, 1200]  # X needs 0.5 × 400
    assert course.supply[0].tolist()[:3] == [200, 350, 350]  # Y: half of 300
    assert course.shortage[0].tolist() == [800, 650, 850, 850, 850][: course.shortage.shape[1]]


def test_a_county_is_short_of_what_its_firms_need_and_cannot_get() -> None:
    short = heat_by_name(small_plan())
    # Of 1000 asked for, 800 are missing: 东县 needs 0.5 × 600 and misses four fifths of it; the firm in neither county is left over.
    assert short[("东县", 0)][:3] == pytest.approx([240, 300 * 0.65, 300 * 850 / 1200], abs=0.06)
    assert short[("西县", 0)][:3] == pytest.approx([80, 100 * 0.65, 300 * 850 / 1200], abs=0.06)
    assert set(short) == {("东县", 0), ("西县", 0)}


def test_needs_beyond_demand_are_cut_alike() -> None:
    plan = small_plan()
    edge = plan.link_edges[0].model_copy(update={"coefficient": 5.0})
    links = (plan.links[0].model_copy(update={"demand_before": 1000.0}), plan.links[1])
    short = heat_by_name(plan.model_copy(update={"link_edges": (edge,), "links": links}))
    assert short[("东县", 0)][0] == pytest.approx(800 * 600 / 800)  # needs 3000 and 1000: of 1000 there are, three quarters
    assert short[("东县", 0)][0] + short[("西县", 0)][0] == pytest.approx(800)


def test_without_edges_a_shortage_is_spread_over_todays_capacity_of_its_chain() -> None:
    short = heat_by_name(small_plan(edges=False))
    assert short[("东县", 0)][:2] == pytest.approx([600, 600 / 800 * 650])
    assert short[("西县", 0)][0] == pytest.approx(200)


def test_no_county_no_heat() -> None:
    plan = small_plan()
    nowhere = plan.model_copy(update={"plan": plan.plan.model_copy(update={"boundary": None, "region_name": None})})
    assert view_of(nowhere, ground_of(nowhere), read_palette())["heat"] is None
    empty = plan.model_copy(update={"incumbents": (), "selected": ()})
    assert view_of(empty, ground_of(empty), read_palette())["heat"] is None


@pytest.mark.parametrize("plan", [example_plan(), small_plan(), province(40)])
def test_the_counties_are_never_short_of_more_than_the_plan(plan: Plan) -> None:
    view = view_of(plan, ground_of(plan), read_palette())
    for link in plan.links:
        assert (
            view["links"][plan.links.index(link)]["short"][0],
            view["links"][plan.links.index(link)]["short"][-1],
        ) == pytest.approx((link.shortage_before, link.shortage_after), abs=0.1)
    for at, link in enumerate(view["links"]):
        rows = [values for _, position, values in (view["heat"] or {"rows": []})["rows"] if position == at]
        for step, whole in enumerate(link["short"]):
            assert sum(values[step] for values in rows) <= whole + 0.2
