"""The filter of a change against an evaluator written from its documentation alone: row by row, over the cells as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.problems import errors
from planner.reading.changes import change_tables
from planner.reading.table import Tables
from planner.settings.changes import Change
from tests.changed_city import opened
from tests.city import PLAN

FILTERED: dict[str, list[dict[str, Any]]] = {
    "links": [
        {"link_id": "SEAT", "name": "座椅", "chain_id": "CAR", "tier": "上游", "demand": 10},
        {"link_id": "FOAM", "name": "泡棉", "chain_id": "CAR", "tier": "下游", "demand": 20},
    ],
    "candidates": [
        {
            "candidate_id": f"K{at}",
            "name": f"{'甲乙丙'[at % 3]}{'电池' if at % 4 else '锂业'}{at}",
            "link_id": ("SEAT", "FOAM", "")[at % 3],
            "chain_id": "CAR" if at % 3 == 2 else "",
            "investment": (100, 2000, 30000, "")[at % 4],
            "fixed_quarter": ("2027Q1", "2027Q2", "", "")[at * 7 % 4],
            "preferred_parks": ("P1", "P1;P2", "")[at % 3],
            "land": 1,
            "city": ("合肥市", "", "Wuhu")[at * 5 % 3],
        }
        for at in range(12)
    ],
    "parks": [{"park_id": "P1", "name": "一号园", "land": 9}, {"park_id": "P2", "name": "二号园", "land": 9}],
}
QUARTER = st.sampled_from(["2027Q1", "2027Q2", "2027Q3"])
BOUND = st.sampled_from([(100, 100.0), ("0.2 亿元", 2000.0), ("3000 万元", 3000.0), (2001, 2001.0), ("3 亿元", 30000.0)])


def known_values(name: str) -> list[str]:
    cells = {entry for row in FILTERED["candidates"] for entry in str(row[name]).split(";")}
    return sorted(cells)


def one_of(name: str) -> st.SearchStrategy[tuple[Any, Any]]:
    """What is asked of one column of candidates, and whether a row (as written above) meets it, from the documentation alone."""
    entries = {one["link_id"]: one for one in FILTERED["links"]}

    def texts(row: Mapping[str, Any]) -> list[str]:
        if name == "link.tier":
            return [entries.get(row["link_id"], {"tier": ""})["tier"]]
        return str(row[name]).split(";") if name == "preferred_parks" else [str(row[name])]

    values = ["上游", "下游"] if name == "link.tier" else known_values(name)
    some = st.lists(st.sampled_from(values), min_size=1, max_size=3)
    kinds = [
        st.sampled_from(values).map(lambda value: (value, lambda row: value in texts(row))),
        some.map(lambda several: (several, lambda row: any(text in several for text in texts(row)))),
        some.map(lambda several: ({"exclude": several}, lambda row: not any(text in several for text in texts(row)))),
        st.booleans().map(lambda blank: ({"blank": blank}, lambda row: (texts(row) == [""]) == blank)),
        st.sampled_from(["电池", "p1", "上", "K1", "HU"]).map(
            lambda part: ({"contains": part}, lambda row: any(part.lower() in text.lower() for text in texts(row)))
        ),
    ]
    return st.one_of(kinds).map(lambda asked: ({name: asked[0]}, asked[1]))


def held(low: float, high: float, row: Mapping[str, Any]) -> bool:
    return row["investment"] != "" and low <= row["investment"] <= high


TESTS = st.one_of(
    *map(one_of, ("candidate_id", "name", "link_id", "city", "preferred_parks", "link.tier")),
    BOUND.map(lambda bound: ({"investment": {"min": bound[0]}}, lambda row: held(bound[1], 1e9, row))),
    st.tuples(BOUND, BOUND)
    .filter(lambda both: both[0][1] <= both[1][1])
    .map(lambda both: ({"investment": {"min": both[0][0], "max": both[1][0]}}, lambda row: held(both[0][1], both[1][1], row))),
    BOUND.map(lambda amount: ({"investment": ["100 万元", amount[0]]}, lambda row: row["investment"] in (100, amount[1]))).filter(
        lambda drawn: drawn[0]["investment"][1] in ("0.2 亿元", "3 亿元")
    ),
    st.just(({"investment": {"exclude": ["0.2 亿元", "1000000 元"]}}, lambda row: row["investment"] not in (100, 2000))),
    QUARTER.map(lambda first: ({"fixed_quarter": {"from": first}}, lambda row: row["fixed_quarter"] >= first)),
    QUARTER.map(lambda last: ({"fixed_quarter": {"until": last}}, lambda row: "" < row["fixed_quarter"] <= last)),
    st.sampled_from(["座椅", "泡棉"]).map(
        lambda name: ({"link_id": name}, lambda row: row["link_id"] == {"座椅": "SEAT", "泡棉": "FOAM"}[name])
    ),
    st.just(({"chain_id": "CAR"}, lambda row: True)),
    st.sampled_from([5, 15]).map(
        lambda least: ({"demand": {"min": least}}, lambda row: {"SEAT": 10, "FOAM": 20}.get(row["link_id"], 0) >= least)
    ),
)


@st.composite
def filters(draw: st.DrawFn) -> tuple[dict[str, Any], Any]:
    """A filter of one to three columns, perhaps with alternatives, and whether it takes a row."""
    tests = draw(st.lists(TESTS, min_size=1, max_size=3))
    where: dict[str, Any] = {}
    holds = []
    for asked, test in tests:
        if not asked.keys() & where.keys():
            where |= asked
            holds.append(test)
    either = draw(st.lists(TESTS, min_size=0, max_size=3))
    if either:
        where["any"] = [asked for asked, _ in either]
    return where, lambda row: all(test(row) for test in holds) and (not either or any(test(row) for _, test in either))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    plan = PLAN.replace("  power: {unit: MW, kind: flow, scope: park}\n", "").replace("gap: 1.0", "score: 1.0")
    return opened(tmp_path_factory.mktemp("filtered"), tables=FILTERED, plan=plan).case.tables


def check(read: Tables, drawn: tuple[dict[str, Any], Any]) -> None:
    where, takes = drawn
    expected = [row["candidate_id"] for row in FILTERED["candidates"] if takes(row)]
    change = Change.model_validate({"table": "candidates", "where": where, "column": "jobs", "set": 1})
    changed, found = change_tables(read, [change], lambda *keys: None)
    problems = errors(found)
    if not expected:
        assert [one.code for one in problems] == ["T174"], where
        return
    assert not problems, where
    frame = changed["candidates"].frame
    assert frame["candidate_id"][frame["jobs"] == 1].tolist() == expected, where
    assert {row for row, _ in changed["candidates"].assumed_cells} == {int(name[1:]) for name in expected}
    if len(expected) < len(frame):
        left, _ = change_tables(read, [change.model_copy(update={"column": None, "set": None, "remove": True})], lambda *keys: None)
        assert left["candidates"].frame["candidate_id"].tolist() == [one for one in frame["candidate_id"] if one not in expected]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(filters())
def test_a_filter_takes_the_rows_that_its_words_say(read: Tables, drawn: tuple[dict[str, Any], Any]) -> None:
    check(read, drawn)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(filters())
def test_many_filters_take_the_rows_that_their_words_say(read: Tables, drawn: tuple[dict[str, Any], Any]) -> None:
    check(read, drawn)
