"""Plans that try a map: one in which every name is hostile, one of the size of a province, one to be worked out by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.plan.reference.records import ChangeReport, ProjectChange
from tests.example_plan import example_plan

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "\"quotes' and `backticks` ${alert(3)}",
    "{{7*7}} {% for x in y %} {#",
    "😀 一家公司 \u2028 & http://example.org/x?a=1",
    "=1+1 -->",
)


def changed_plan() -> Plan:
    """The first firm has moved from the third park, and one that a fact took was in the second."""
    plan = example_plan()
    first, parks = plan.selected[0], [park.park_id for park in plan.parks]
    moved = ProjectChange(
        candidate_id=first.candidate_id,
        name=first.name,
        kind="moved",
        park_before=parks[2],
        park_after=first.park_id,
        quarter_before=first.quarter,
        quarter_after=first.quarter,
        cause="better",
        why=Words("更好", "better"),
    )
    hostile = Words(HOSTILE[0], HOSTILE[0])
    places = {"park_before": parks[1], "quarter_before": first.quarter}
    gone = ProjectChange(candidate_id="Z", name=HOSTILE[1], kind="fallen", cause="fact", why=hostile, **places)
    report = ChangeReport(run="../runs/q1", sha256="0" * 64, on="2027-03-31", changes=(gone, moved), value=1.0, kept_value=None)
    return plan.model_copy(update={"change_report": report})


def hostile_plan() -> Plan:
    """Every name that the input gives is hostile."""
    plan = example_plan()
    firms = [
        plan.selected[at % 3].model_copy(update={"candidate_id": f"H{at}", "name": name, "city": name, "source": name})
        for at, name in enumerate(HOSTILE)
    ]
    parks = [park.model_copy(update={"name": HOSTILE[at], "county": HOSTILE[at + 3]}) for at, park in enumerate(plan.parks)]
    chains = [chain.model_copy(update={"name": HOSTILE[at]}) for at, chain in enumerate(plan.chains)]
    links = [link.model_copy(update={"name": HOSTILE[at]}) for at, link in enumerate(plan.links)]
    local = [firm.model_copy(update={"name": HOSTILE[at]}) for at, firm in enumerate(plan.incumbents)]
    inputs = [entry.model_copy(update={"source": HOSTILE[at]}) for at, entry in enumerate(plan.inputs[:6])]
    boundary = json.loads(json.dumps(plan.plan.boundary))
    boundary["features"][0]["properties"]["name"] = HOSTILE[0]
    return plan.model_copy(
        update={
            "plan": plan.plan.model_copy(
                update={"name": HOSTILE[1] + HOSTILE[3], "boundary": boundary, "map_approval": HOSTILE[4]}
            ),
            "selected": tuple(firms),
            "parks": tuple(parks),
            "chains": tuple(chains),
            "links": tuple(links),
            "incumbents": tuple(local),
            "inputs": tuple(inputs),
        }
    )


def province(firms: int) -> Plan:
    """A province's plan: 111 parks, as many firms as asked for, boundary of Anhui."""
    plan, random = example_plan(), np.random.default_rng(1)
    lon, lat = random.uniform(115.5, 118.9, 111), random.uniform(29.8, 33.9, 111)
    parks: list[ParkResult] = [
        plan.parks[1].model_copy(update={"park_id": f"P{k}", "name": f"第{k}经济开发区", "lon": lon[k], "lat": lat[k]})
        for k in range(111)
    ]
    at, quarter = random.integers(111, size=firms), random.integers(4, size=firms)
    selected: list[Selected] = [
        plan.selected[i % 3].model_copy(
            update={
                "candidate_id": f"K{i:05}",
                "name": f"第{i}号新材料科技股份有限公司",
                "park_id": f"P{at[i]}",
                "park_name": f"第{at[i]}经济开发区",
                "quarter": plan.plan.quarters[quarter[i]],
                "city": f"城{i % 90}",
                "lon": 100.0 + i % 90 / 5,
                "lat": 25.0 + i % 90 / 9,
            }
        )
        for i in range(firms)
    ]
    head = plan.plan.model_copy(update={"boundary": None, "region_name": "安徽省"})
    return plan.model_copy(update={"plan": head, "parks": tuple(parks), "selected": tuple(selected)})


def crowded(places: int) -> Plan:
    """A province's plan of few firms among many that are here already: two at each of so many places."""
    plan, random = province(60), np.random.default_rng(2)
    lon, lat = random.uniform(115.5, 118.9, places), random.uniform(29.8, 33.9, places)
    local = [
        plan.incumbents[0].model_copy(
            update={
                "name": f"第{at}号老厂{half}",
                "park_id": None,
                "lon": round(lon[at], 5),
                "lat": round(lat[at], 5),
                "chain_id": plan.chains[0].chain_id,
            }
        )
        for at in range(places)
        for half in "甲乙"
    ]
    return plan.model_copy(update={"incumbents": tuple(local)})


def two_counties() -> dict[str, Any]:
    """Two counties of a degree each, side by side."""
    features = []
    for name, west in {"东县": 117.0, "西县": 118.0}.items():
        ring = [[west, 31.0], [west + 1, 31.0], [west + 1, 32.0], [west, 32.0], [west, 31.0]]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name, "layer": "县界"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def small_plan(edges: bool = True) -> Plan:
    """Link 0 lacks 800 of 1000; 0.5 of it goes into each unit of link 1. At link 1 stand 600 in 东县 and 200 in 西县, and a firm of 400
    comes to 西县 in the second quarter; at link 0 a firm of 300 comes with a chance of one half in the first."""
    plan = example_plan()
    parks = [
        plan.parks[at].model_copy(update={"park_id": f"P{at}", "lon": lon, "lat": 31.5, "geometry": None})
        for at, lon in enumerate((117.5, 118.5))
    ]
    facts = {"weight": 1.0, "bottleneck": False, "chain_id": "C"}
    course = [f"{what}_{when}" for what in ("demand", "supply", "shortage") for when in ("before", "after")]
    amounts = {"A": (1000.0, 1200.0, 200.0, 350.0, 800.0, 850.0), "B": (0.0, 0.0, 800.0, 1200.0, 0.0, 0.0)}
    links = [
        link.model_copy(update={"link_id": name, "name": name, **facts, **dict(zip(course, amounts[name], strict=True))})
        for name, link in zip("AB", plan.links, strict=False)
    ]
    here = [
        plan.incumbents[0].model_copy(
            update={
                "name": f"厂{at}",
                "link_id": "B",
                "chain_id": "C",
                "capacity": capacity,
                "park_id": None,
                "lon": lon,
                "lat": 31.6,
            }
        )
        for at, (lon, capacity) in enumerate(((117.2, 600.0), (118.2, 200.0), (121.0, 1000.0)))
    ]
    quarters = plan.plan.quarters
    firm = plan.selected[0]
    come = [
        firm.model_copy(
            update={
                "candidate_id": "X",
                "park_id": "P1",
                "link_id": "B",
                "chain_id": "C",
                "capacity": 400.0,
                "quarter": quarters[1],
                "landing_probability": 1.0,
            }
        ),
        firm.model_copy(
            update={
                "candidate_id": "Y",
                "park_id": "P0",
                "link_id": "A",
                "chain_id": "C",
                "capacity": 300.0,
                "quarter": quarters[0],
                "landing_probability": 0.5,
            }
        ),
    ]
    edge = plan.link_edges[0].model_copy(update={"from_link": "A", "to_link": "B", "coefficient": 0.5})
    chain = plan.chains[0].model_copy(update={"chain_id": "C"})
    head = plan.plan.model_copy(update={"boundary": two_counties()})
    return plan.model_copy(
        update={
            "plan": head,
            "parks": tuple(parks),
            "links": tuple(links),
            "chains": (chain,),
            "link_edges": (edge,) if edges else (),
            "incumbents": tuple(here),
            "selected": tuple(come),
            "rules": (),
        }
    )
