"""Changes of the tables: amounts with units, rows put in and taken out, every fault at its key. The laws: a row put in is as if the
file had it, a row taken out as if it had not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner import api
from planner.plan.changes import changes_made
from planner.problems import InputError
from tests.changed_city import CITY, column, filled, less, opened, refused, same_model
from tests.city import PLAN, TABLES, write_city

IN: list[dict[str, tuple[int, ...]]] = [
    {"candidates": (3,), "site_options": (1,)},
    {"candidates": (1, 2)},
    {"parks": (1,), "site_options": (1,), "incumbents": (1,), "capacities": (2,)},
    {"funds": (1,)},
    {"funds": (0, 1)},
    {"teams": (1,)},
    {"capacities": (1,)},
    {"capacities": (0, 1, 2)},
    {"site_options": (0, 1)},
    {"link_edges": (0,)},
    {"link_edges": (0, 1), "links": (2,)},
    {"incumbents": (0, 1)},
    {"chains": (1,), "links": (2,)},
]
"""Rows by table that are held out of the files; all of a table's: the plan has no such table."""


@pytest.mark.parametrize("rows", IN, ids=str)
def test_a_row_put_in_is_as_if_the_file_had_it(tmp_path: Path, rows: dict[str, tuple[int, ...]]) -> None:
    tables = {name: [row for at, row in enumerate(own) if at not in rows.get(name, ())] for name, own in CITY.items()}
    missing = {name: [filled(CITY[name][at]) for at in own] for name, own in rows.items()}
    changes = [{"table": name, "insert": own if len(own) > 1 else own[0]} for name, own in missing.items()]
    whole = opened(tmp_path / "whole")
    changed = opened(tmp_path / "in", *changes, tables={name: own for name, own in tables.items() if own})
    same_model(whole, changed)
    for name, own in rows.items():
        read = changed.case.tables[name]
        assert {row for row, _ in read.assumed_cells} == set(range(len(read) - len(own), len(read)))
        assert read.place(len(read) - 1, next(iter(missing[name][0]))).file == "plan.yaml"


OUT = [
    ({"table": "candidates", "where": {"candidate_id": "D"}}, {"candidates": (3,), "site_options": (1,)}),
    ({"table": "candidates", "where": {"name": {"contains": "甲"}}}, {"candidates": (0,), "site_options": (0,)}),
    ({"table": "funds", "where": {"quarter": {"from": "2027Q2"}}}, {"funds": (1,)}),
    ({"table": "teams", "where": {"quarter": {"blank": False}}}, {"teams": (1,)}),
    ({"table": "capacities", "where": {"scope_id": "一号园", "amount": {"min": "8000 kW"}}}, {"capacities": (1,)}),
    ({"table": "capacities", "where": {"amount": {"min": 0}}}, {"capacities": (0, 1, 2)}),
    ({"table": "site_options", "where": {"candidate.link.name": "x", "candidate_id": "丁公司"}}, None),
    ({"table": "site_options", "where": {"candidate_id": "丁公司"}}, {"site_options": (1,)}),
    ({"table": "site_options", "where": {"link.name": "泡棉"}}, {"site_options": (1,)}),
    ({"table": "link_edges", "where": {"from_link.chain_id": "CAR", "coefficient": {"max": "2 %"}}}, {"link_edges": (1,)}),
    ({"table": "incumbents", "where": {"chain.name": "汽车", "park.county": "西县"}}, {"incumbents": (1,)}),
    ({"table": "links", "where": {"link_id": "BODY"}}, {"links": (2,)}),
]
"""Removals, and the rows of the files that are gone with them; None: there is no such column."""


@pytest.mark.parametrize(("change", "rows"), OUT)
def test_a_row_taken_out_is_as_if_the_file_had_it_not(
    tmp_path: Path, change: dict[str, Any], rows: dict[str, tuple[int, ...]] | None
) -> None:
    taken = {**change, "remove": True}
    if rows is None:
        assert refused(tmp_path, taken) == {"changes[0].where.candidate.link.name": "T172"}
        return
    tables = dict(CITY)
    for name, gone in rows.items():
        tables[name] = less(name, *gone).get(name, [])
    same_model(
        opened(tmp_path / "out", taken), opened(tmp_path / "less", tables={name: own for name, own in tables.items() if own})
    )


def test_a_park_takes_its_site_options_and_capacities_with_it(tmp_path: Path) -> None:
    """What names it beside that must be changed too, before or after."""
    out = {"table": "parks", "where": {"park_id": "P1"}, "remove": True}
    assert refused(tmp_path / "named", out) == {"changes[0].where": "T365"}
    moved = {"table": "incumbents", "where": {"park_id": "P1"}, "column": "park_id", "set": "二号园"}
    for number, changes in enumerate([(out, moved), (moved, out)]):
        plan = opened(tmp_path / str(number), *changes)
        assert column(plan, "capacities", "scope_id") == ["P2"]
        assert column(plan, "site_options", "candidate_id") == ["D"]
        assert plan.case.tables.made[number if number else 0].key == f"changes[{number if number else 0}]"
    gone = next(made for made in plan.case.tables.made if made.change.remove)
    assert {row.table for row in gone.rows} == {"parks", "capacities", "site_options"}
    assert gone.count == len(gone.rows) == 4


def test_a_list_loses_what_is_gone_unless_it_would_then_say_something_else(tmp_path: Path) -> None:
    tables = {**CITY, "candidates": [dict(row) for row in CITY["candidates"]], "incumbents": []}
    tables = {name: own for name, own in tables.items() if own}
    for at, (preferred, refuses) in enumerate([("P1;P2", "P1"), ("P2", ""), ("", "P1;P2"), ("", "")]):
        tables["candidates"][at] |= {"preferred_parks": preferred, "refused_parks": refuses}
    out = {"table": "parks", "where": {"park_id": "P1"}, "remove": True}
    plan = opened(tmp_path / "kept", out, tables=tables)
    assert column(plan, "candidates", "preferred_parks") == [("P2",), ("P2",), (), ()]
    assert column(plan, "candidates", "refused_parks") == [(), (), ("P2",), ()]
    assert plan.case.tables["candidates"].assumed_cells == {(0, "preferred_parks"), (0, "refused_parks"), (2, "refused_parks")}
    tables["candidates"][1]["preferred_parks"] = "P1"  # a wish for a park that is gone falls away
    plan = opened(tmp_path / "wish", out, tables=tables)
    assert column(plan, "candidates", "preferred_parks") == [("P2",), (), (), ()]
    assert (1, "preferred_parks") in plan.case.tables["candidates"].assumed_cells
    (made,) = plan.case.tables.made
    assert [row.words.zh for row in made.rows if row.column] == [
        "A（甲公司）的 preferred_parks",
        "B（乙公司）的 preferred_parks",
        "A（甲公司）的 refused_parks",
        "C（丙公司）的 refused_parks",
    ]
    assert made.count == len(made.rows) - 4  # no row of theirs is gone
    (line,) = (line for line in api.echo(plan).lines if line.kind == "change")
    assert "A（甲公司）的 preferred_parks、B（乙公司）的 preferred_parks" in line.zh
    assert "preferred_parks of A (甲公司), preferred_parks of B (乙公司)" in line.en
    assert changes_made(plan.case.tables.made)[0].rows[-1].column == "refused_parks"
    tables["candidates"][1]["fixed_park"] = "P1"  # a promise does not
    assert refused(tmp_path / "promise", out, tables=tables) == {"changes[0].where": "T365"}


def test_amounts_carry_their_units_exactly(tmp_path: Path) -> None:
    plan = opened(
        tmp_path,
        {"table": "funds", "where": {"quarter": "2027年一季度"}, "column": "amount", "set": "1.1 亿元"},
        {"table": "parks", "where": {"park_id": "P1"}, "column": "power", "add": "100 kW"},
        {"table": "parks", "column": "land", "times": "5/7"},
        {"table": "candidates", "where": {"candidate_id": "B"}, "column": "landing_probability", "set": "35 %"},
        {"table": "candidates", "where": {"investment": {"min": "0.07 亿元", "max": 900}}, "column": "投资额", "times": "110 %"},
        {"table": "capacities", "where": {"resource_id": "power"}, "column": "amount", "set": "500 kW"},
        {"table": "capacities", "where": {"amount": {"min": "3 公顷"}}, "column": "amount", "add": "1 公顷"},
    )
    assert column(plan, "funds", "amount") == [11000.0, 100.0]
    assert column(plan, "parks", "power") == [6.1, 10.0]
    assert column(plan, "parks", "land") == [80 * 5 / 7, 40 * 5 / 7]
    assert column(plan, "candidates", "landing_probability") == [1.0, 0.35, 0.8, 1.0]
    assert column(plan, "candidates", "investment") == [990.0, 500.0, 770.0, 300.0]
    assert column(plan, "capacities", "amount") == [0.5, 0.5, 75.0]


def test_every_fault_of_every_change_is_told_at_its_key(tmp_path: Path) -> None:
    tables = {**CITY, "parks": [{**row, "power": "不限" if at else 6} for at, row in enumerate(CITY["parks"])]}
    found = refused(
        tmp_path,
        {"table": "candidates", "where": {"investment": {"min": "2 公顷"}, "colour": 3}, "column": "jobs", "set": 1},
        {"table": "candidates", "where": {"name": {"min": 3}, "weight": 1}, "column": "landd", "set": 1},
        {"table": "candidates", "where": {"any": [{"link_id": "座椅"}, {"link_id": "桌子"}]}, "column": "jobs", "set": "三十"},
        {"table": "candidates", "where": {"investment": {"min": "1 亿元", "max": "2 万元"}}, "column": "investment", "add": "3 亩"},
        {"table": "parks", "where": {"land": {"from": "2027Q1"}}, "column": "park_id", "set": "X"},
        {"table": "parks", "column": "power", "times": 0},
        {"table": "funds", "where": {"amount": {"min": 1000000}}, "remove": True},
        {"table": "resources", "column": "kind", "set": "flow"},
        tables=tables,
    )
    assert found == {
        "changes[0].where.investment.min": "T356",
        "changes[0].where.colour": "T172",
        "changes[1].where.name": "T357",
        "changes[1].where.weight": "T367",
        "changes[1].column": "T172",
        "changes[2].where.any[1].link_id": "T182",
        "changes[2].set": "T177",
        "changes[3].where.investment": "T359",
        "changes[3].add": "T356",
        "changes[4].where.land": "T358",
        "changes[4].column": "T173",
        "changes[5].times": "T361",
        "changes[6].where": "T174",
        "changes[7].table": "T366",
    }


def test_an_amount_is_a_value_like_a_bound(tmp_path: Path) -> None:
    """Of capacities it takes the rows to whose unit it converts: 9 MW are 9000 kW, and no 亩."""
    plan = opened(tmp_path, {"table": "capacities", "where": {"amount": ["9000 kW", "4 公顷"]}, "column": "amount", "times": 2})
    assert column(plan, "capacities", "amount") == [6.0, 18.0, 120.0]
    found = refused(
        tmp_path / "wrong",
        {"table": "capacities", "where": {"amount": "9 万元"}, "column": "amount", "times": 2},
        {"table": "candidates", "where": {"investment": ["500 万元", "777 万元"]}, "column": "jobs", "set": 1},
        {"table": "candidates", "where": {"any": [{"investment": "5 公顷"}]}, "column": "jobs", "set": 1},
        {"table": "funds", "where": {"quarter": {"min": "2027Q1"}}, "column": "amount", "set": 1},
        {"table": "candidates", "where": {"investment": {"min": 9, "max": 5}}, "column": "jobs", "set": 1},
    )
    assert found == {
        "changes[4].where.investment": "S118",
        "changes[0].where.amount": "T356",
        "changes[1].where.investment": "T182",
        "changes[2].where.any[0].investment": "T356",
        "changes[3].where.quarter": "T380",
    }


def test_a_reckoned_value_that_cannot_be_names_the_rows_that_it_is_of(tmp_path: Path) -> None:
    """Twice a probability is none: told once, with the rows and what each would have."""
    path = write_city(
        tmp_path,
        PLAN
        + """changes:
  - {table: candidates, column: landing_probability, times: 2}
  - {table: capacities, where: {resource_id: power}, column: amount, add: -7}
  - {table: parks, where: {park_id: P2}, column: lon, add: 90}
""",
        CITY,
    )
    with pytest.raises(InputError) as found:
        api.open_plan(path)
    told = [(one.subject, one.found, one.rule.en) for one in found.value.problems if one.code == "T177"]
    assert [subject for subject, _, _ in told] == ["changes[0].times", "changes[1].add", "changes[2].add"]
    assert told[0][2].endswith("; A (甲公司) 2, C (丙公司) 1.6, D (丁公司) 2")
    assert told[1][2].endswith("; power / P1 / 2027Q1 -1")
    assert told[2][2].endswith("; parks.csv!E3")


def test_rows_put_in_pass_every_check_of_a_file(tmp_path: Path) -> None:
    good = {
        "capacity": 300,
        "output": 300,
        "investment": 500,
        "subsidy": 50,
        "effort": 1,
        "landing_probability": 1,
        "land": 20,
        "power": 1,
    }
    found = refused(
        tmp_path,
        {"table": "candidates", "insert": [{"candidate_id": "A", "link_id": "SEAT", **good}]},
        {"table": "candidates", "insert": [{"candidate_id": "X", "link_id": "桌子", **good, "capacity": -1, "investment": "三十"}]},
        {"table": "candidates", "insert": [{"link_id": "SEAT", **good, "colour": 1, "jobs": 1.5, "用工": 2}]},
        {"table": "candidates", "insert": [{"candidate_id": "Y", **good}, {"candidate_id": "Y", **good, "land": "3 MW"}]},
        {"table": "capacities", "insert": {"resource_id": "power", "scope_id": "P9", "quarter": "2027Q5", "amount": "3 亩"}},
        {"table": "funds", "insert": {"fund_id": "FUND", "quarter": "2027Q3"}},
    )
    assert found == {
        "changes[0].insert[0]": "T152",
        "changes[1].insert[0].link_id": "T153",
        "changes[1].insert[0].capacity": "T177",
        "changes[1].insert[0].investment": "T177",
        "changes[2].insert[0].colour": "T172",
        "changes[2].insert[0].用工": "T363",
        "changes[2].insert[0]": "T362",
        "changes[3].insert[1]": "T152",
        "changes[3].insert[1].land": "T356",
        "changes[4].insert[0].quarter": "T177",
        "changes[4].insert[0].amount": "T356",
        "changes[5].insert[0]": "T362",
        "scope_id": "C202",
    }


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"table": "candidates", "insert": {}}, "changes[0].insert"),
        ({"table": "candidates", "insert": [{"candidate_id": "X"}, {}]}, "changes[0].insert[1]"),
        ({"table": "candidates", "insert": []}, "changes[0].insert"),
        ({"table": "candidates", "insert": {"candidate_id": "X"}, "where": {"candidate_id": "A"}}, "changes[0].where"),
        ({"table": "candidates", "insert": {"candidate_id": "X"}, "column": "land"}, "changes[0].column"),
        ({"table": "candidates", "remove": True}, "changes[0]"),
        ({"table": "candidates", "where": {"candidate_id": "A"}, "remove": False}, "changes[0]"),
        ({"table": "candidates", "where": {"candidate_id": "A"}, "remove": True, "set": 1}, "changes[0]"),
        ({"table": "parks", "set": 1}, "changes[0]"),
        ({"table": "parks", "column": "land", "times": "5/0"}, "changes[0].times"),
        ({"table": "parks", "column": "land", "times": -1}, "changes[0].times"),
        ({"table": "parks", "column": "land", "add": "20"}, "changes[0].add"),
    ],
)
def test_a_change_that_says_nothing_or_two_things(tmp_path: Path, change: dict[str, Any], at: str) -> None:
    assert list(refused(tmp_path, change)) == [at]


def test_no_number_is_no_amount_and_hides_nothing_else(tmp_path: Path) -> None:
    """What stands beside it is judged all the same, and that the cell is then blank is not told."""
    row = "{candidate_id: X, link_id: 桌子, capacity: 1, output: 1, subsidy: 1, effort: 1, landing_probability: 1, power: 1, land: .nan}"
    path = write_city(tmp_path, PLAN + f"changes: [{{table: candidates, insert: {row}}}]\n", CITY)
    with pytest.raises(InputError) as found:
        api.open_plan(path)
    errors = {one.subject: one.code for one in found.value.problems if one.severity == "error"}
    assert errors == {"changes[0].insert.land": "S116", "changes[0].insert[0].link_id": "T153"}


def test_what_cannot_do_without_rows_keeps_some(tmp_path: Path) -> None:
    every = {"table": "candidates", "where": {"candidate_id": {"blank": False}}, "remove": True}
    assert refused(tmp_path, every) == {"changes[0].where": "T364"}


def test_rows_put_in_may_be_named_before_they_come(tmp_path: Path) -> None:
    """References are held against the tables when every change is made; a park that is replaced is one park."""
    site = {"candidate_id": "A", "park_id": "P3", "allowed": True}
    plan = opened(
        tmp_path,
        {"table": "site_options", "insert": site},
        {
            "table": "parks",
            "insert": {"park_id": "P3", "name": "三号园", "county": "东县", "zone": "北区", "land": 1, "power": "2 MW"},
        },
        {"table": "incumbents", "where": {"park_id": "二号园"}, "column": "park_id", "set": "三号园"},
    )
    assert column(plan, "incumbents", "park_id") == ["P1", "P3"]
    assert column(plan, "parks", "lon")[:2] == [117.0, 117.5]
    assert np.isnan(column(plan, "parks", "lon")[2])


def test_a_name_of_several_is_no_id(tmp_path: Path) -> None:
    tables = {**CITY, "parks": [{**row, "name": "园"} for row in CITY["parks"]]}
    change = {"table": "site_options", "where": {"park_id": "园"}, "column": "score", "set": 1}
    into = {"table": "site_options", "insert": {"candidate_id": "B", "park_id": "园"}}
    assert refused(tmp_path, change, into, tables=tables) == {
        "changes[0].where.park_id": "T355",
        "changes[1].insert[0].park_id": "T355",
    }


def test_a_bound_in_the_wrong_unit_is_pointed_out(tmp_path: Path) -> None:
    """2 is meant as 亿元 and read as 万元: every firm has more. With its unit it is as meant, and says nothing."""
    change = {"table": "candidates", "column": "jobs", "set": 1}
    plan = opened(tmp_path / "slip", {**change, "where": {"investment": {"min": 2}}})
    assert [one.subject for one in plan.warnings if one.code == "T368"] == ["changes[0].where.investment"]
    (line,) = [line for line in api.echo(plan).lines if line.kind == "change"]
    assert (line.name, line.zh.endswith("：4 行（A（甲公司）、B（乙公司）、C（丙公司）、D（丁公司））")) == ("changes[0]", True)
    meant = opened(tmp_path / "meant", {**change, "where": {"investment": {"min": "0.06 亿元"}}})
    assert "T368" not in {one.code for one in meant.warnings}
    assert column(meant, "candidates", "jobs")[1:] == [pytest.approx(np.nan, nan_ok=True), 1.0, pytest.approx(np.nan, nan_ok=True)]


def test_faults_of_rows_put_in_are_told_once_for_the_plan_and_its_scenarios(tmp_path: Path) -> None:
    """A table that the files do not have, and rows that are numbered otherwise than in the file."""
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    tables["candidates"][3]["land"] = ""
    plan = """changes:
  - {table: capacities, insert: {resource_id: power, scope_id: nowhere, amount: 3}}
  - {table: candidates, where: {candidate_id: A}, remove: true}
scenarios:
  - {name: 情景, changes: [{table: candidates, where: {candidate_id: B}, remove: true}]}
"""
    with pytest.raises(InputError) as found:
        api.open_with_scenarios(write_city(tmp_path, PLAN + plan, tables))
    told = [(one.code, str(one.place)) for one in found.value.problems if one.severity == "error"]
    assert told == [("C213", "candidates.csv!H5"), ("C202", "plan.yaml:12:64")]


def test_names_stand_for_ids_in_keys_too(tmp_path: Path) -> None:
    plan = opened(tmp_path, {"table": "site_options", "insert": {"candidate_id": "乙公司", "park_id": "二号园", "score": 3}})
    assert (column(plan, "site_options", "candidate_id")[-1], column(plan, "site_options", "park_id")[-1]) == ("B", "P2")
