"""Maps that are handed out: one chain or one delegation, with nothing on them that is the house's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from planner.plan.model import Plan
from planner.problems import InputError
from planner.publish.map import write_handout_map, write_handouts
from planner.publish.map.page import page_of, sheet_of
from planner.publish.offline import assert_offline, html_text
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, hostile_plan

MARK = 87654321.0
"""Instead of every figure of a plan: a page that says any of them says this."""
PLACES = {"lon", "lat", "geometry", "boundary", "rank", "schema_version"}


def marked(record: Any, names: set[str] = PLACES) -> Any:
    """A plan with the mark in place of all its figures but coordinates."""
    if isinstance(record, BaseModel):
        values = {name: marked(getattr(record, name)) for name in type(record).model_fields if name not in names}
        return record.model_copy(update=values)
    if isinstance(record, tuple):
        return tuple(marked(entry) for entry in record)
    if isinstance(record, dict):
        return {key: value if key in ("geometry", "settings") else marked(value) for key, value in record.items()}
    return MARK if isinstance(record, float) else record


def data_of(page: str) -> dict[str, Any]:
    return json.loads(re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]


def handout(plan: Plan, tmp_path: Path, **asked: Any) -> str:
    write_handout_map(plan, tmp_path / "handout.html", **asked)
    page = (tmp_path / "handout.html").read_text("utf-8")
    assert_offline(page)
    return page


def test_no_figure_of_the_plan_is_handed_out(tmp_path: Path) -> None:
    plan = marked(example_plan())
    digits = re.compile("87654321|876543|8765432")
    assert digits.search(json.dumps(data_of(page_of(sheet_of(plan)))).replace(",", ""))  # the plan's own map does say it
    for asked in ({}, {"chain_id": plan.selected[0].chain_id}, {"candidates": [plan.selected[0].candidate_id]}):
        page = handout(plan, tmp_path, **asked)
        assert not digits.search(page.replace(",", ""))
        data = data_of(page)
        assert (data["quarters"], data["changes"], data["notes"]) == ([], [], [])
        assert {tuple(park["levels"]) for park in data["parks"]} == {(0,)}
        assert not any(link["short"] for link in data["links"])
        assert (data["heat"], data["sizes"]) == (None, None)
        assert not any(park["use"] or park["rules"] for park in data["parks"])


def test_only_the_firms_of_a_chain_or_those_asked_for(tmp_path: Path) -> None:
    plan = example_plan()
    first = plan.selected[0]
    chain = data_of(handout(plan, tmp_path, chain_id=first.chain_id))
    assert {firm["name"] for firm in chain["firms"]} == {firm.name for firm in plan.selected if firm.chain_id == first.chain_id}
    assert {link["name"] for link in chain["links"]} == {link.name for link in plan.links if link.chain_id == first.chain_id}
    one = data_of(handout(plan, tmp_path, candidates=[first.candidate_id, plan.not_selected[0].candidate_id]))
    assert [firm["name"] for firm in one["firms"]] == [first.name]
    assert plan.selected[1].name not in json.dumps(one, ensure_ascii=False)
    rows = {one["labels"][row[0]]: row[1] for row in one["firms"][0]["facts"]}
    assert set(rows) <= {"园区", "来源"}


def test_a_journey_is_shown_stop_by_stop_and_is_plain_text(tmp_path: Path) -> None:
    route = [(HOSTILE[0], 114.05, 22.54, "9 月 1 日", "09:00", "11:00"), ("乙厂", 114.3, 22.7, None, None, None)]
    page = handout(hostile_plan(), tmp_path, route=route, title=HOSTILE[3])
    stops = data_of(page)["route"]
    assert [(stop["name"], stop["day"], stop["arrival"]) for stop in stops] == [
        (HOSTILE[0], "9 月 1 日", "09:00"),
        ("乙厂", None, None),
    ]
    assert stops[0]["at"] == [22.54, 114.05]
    south, north = data_of(page)["ground"]["bounds"]
    assert south[0] < 22.54 < 22.7 < north[0] < 23
    assert "<script>alert(1)" not in page
    assert {"深圳市", "坪山区", "龙岗区"} & {name for _, name, _ in data_of(page)["ground"]["names"]}


def test_each_chain_has_its_map_to_be_handed_out(tmp_path: Path) -> None:
    plan = example_plan()
    write_handouts(SimpleNamespace(plan=plan), tmp_path)  # type: ignore[arg-type]
    titles = [re.search("<title>(.*?)</title>", file.read_text("utf-8"))[1] for file in sorted(tmp_path.glob("*.html"))]  # type: ignore[index]
    assert titles == [f"{html_text(chain.name)}产业链招商地图" for chain in plan.chains]


def test_the_same_plan_gives_the_same_handout_and_a_wrong_name_is_refused(tmp_path: Path) -> None:
    plan = example_plan()
    assert handout(plan, tmp_path) == handout(plan, tmp_path)
    for asked in ({"chain_id": "没有"}, {"candidates": ["没有"]}):
        with pytest.raises(InputError) as refused:
            write_handout_map(plan, tmp_path / "none.html", **asked)  # type: ignore[arg-type]
        assert refused.value.problems[0].code == "M101"
    assert not (tmp_path / "none.html").exists()
