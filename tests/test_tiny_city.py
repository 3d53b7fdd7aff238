"""The tiny city by hand: see tests/city.py for its figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.case.case import Choice
from planner.plan.model import Plan, read_plan
from planner.plan.open import open_plan
from planner.plan.reasons import limits_of
from planner.programme.build import build
from planner.terms.registry import reckon
from tests import brute
from tests.city import BEST, PLAN, TABLES, added, changed, without, write_city
from tests.solving import optimum, planned


def test_optimum_by_hand(tmp_path: Path) -> None:
    _, _, plan = planned(write_city(tmp_path))
    assert plan.objective.value == pytest.approx(BEST)
    assert plan.status.proved
    assert {one.candidate_id for one in plan.selected} == {"A", "B", "D"}
    assert plan.verification.passed


@pytest.mark.slow
def test_brute_force_finds_the_same(tmp_path: Path) -> None:
    value, choice = brute.best(open_plan(write_city(tmp_path)))
    assert value == pytest.approx(BEST)
    assert choice is not None
    assert choice.candidate.tolist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("table", "row", "cells", "value"),
    [
        # 20 more money lets C (400, 80) replace D (300, 50): FOAM 500 + 100 − 400 = 200 → 300.
        ("funds", 1, {"amount": 120}, 1900.0),
        # Without money only in Q1: A alone (100 of 120): 2 · 600 − 60 = 1140; B and D 110 → 400 − 40 + 300 = 660.
        ("funds", 1, {"amount": 0}, 1140.0),
        # One person-month a quarter: only B and D, one each: 2 · 200 + 300 − 40 = 660.
        ("teams", 0, {"effort": 1}, 660.0),
        # B certain: A + B supply 1000 ≥ 800; the gap cannot be closed twice.
        ("candidates", 1, {"landing_probability": 1.0}, BEST),
        # D needs 11 MW, more than any park has: A + C cost 180 ≤ 220: 2 · 600 − 60 + 400 = 1540; A + B only 1500.
        ("candidates", 3, {"power": 11}, 1540.0),
        # SEAT's existing supply covers its demand: only FOAM is worth anything; C and D need 130 ≤ 220: min(700, 500).
        ("links", 0, {"supply": 1000}, 500.0),
        # A is a version of something that is called like project B, and B is no version of it.
        ("candidates", 0, {"variant_group": "B"}, BEST),
    ],
)
def test_siblings_by_hand(tmp_path: Path, table: str, row: int, cells: dict[str, object], value: float) -> None:
    assert optimum(write_city(tmp_path, tables=changed(table, row, **cells))) == pytest.approx(value)


def test_money_that_does_not_carry_over(tmp_path: Path) -> None:
    """A (100) alone in one quarter and B + D (110) in the other: 120 and 105 will do, 120 and 95 will not."""
    for second, value in ((105, BEST), (95, 2 * 600 - 60 + 400)):  # A and C: 100 ≤ 120, 80 ≤ 95
        tables = changed("funds", 0, carry_over="否")
        tables["funds"][1].update(carry_over="否", amount=second)
        assert optimum(write_city(tmp_path, tables=tables)) == pytest.approx(value)


def test_plan_accounts_by_hand(tmp_path: Path) -> None:
    _, _, plan = planned(write_city(tmp_path))
    seat = next(link for link in plan.links if link.link_id == "SEAT")
    foam = next(link for link in plan.links if link.link_id == "FOAM")
    assert (seat.shortage_before, seat.shortage_after) == (800, 0)
    assert (foam.shortage_before, foam.demand_after, foam.shortage_after) == (500, 600, 300)
    assert (seat.sources_before, seat.sources_after, seat.backed_up) == (1, 3, True)
    assert plan.kpis.investment == 900 + 500 + 300
    assert plan.kpis.expected_output == 600 + 200 + 300
    assert plan.kpis.links_closed == 1
    paid = {use.quarter: use.used for use in plan.funds}
    assert sum(paid.values()) == 210
    assert paid["2027Q1"] <= 120
    assert sum(use.used for use in plan.teams) == 2 + 1 + 1
    land = {
        park.park_id: next(u.used for u in park.use if u.resource_id == "land" and u.quarter == "2027Q2") for park in plan.parks
    }
    assert sum(land.values()) == 40 + 30 + 20


def test_contributions_sum_to_the_terms(tmp_path: Path) -> None:
    text = PLAN.replace("{gap: 1.0}", "{gap: 1.0, backup: 50, output: 0.1, score: 2, subsidy: -0.5, land: -1, early: 3}")
    _, _, plan = planned(write_city(tmp_path, text))
    for name, term in plan.objective.terms.items():
        shared = sum(firm.contribution[name] for firm in plan.selected)
        assert shared == pytest.approx(term.contribution), name
    assert [firm.rank for firm in plan.selected] == list(range(1, len(plan.selected) + 1))


def test_every_unselected_firm_has_a_reason(tmp_path: Path) -> None:
    tables = added("candidates", {**TABLES["candidates"][0], "candidate_id": "E", "name": "戊公司", "land": 500})
    _, _, plan = planned(write_city(tmp_path, tables=tables))
    reasons = {one.candidate_id: one for one in plan.not_selected}
    assert set(reasons) == {"C", "E"}
    excluded = reasons["E"].exclusions[0]
    assert (reasons["E"].reason, excluded.code, excluded.found, excluded.allowed) == ("excluded", "need_above_capacity", 500, 80)
    # C would close 300 more of FOAM (what is left), but 220 − 210 of money is too little for its 80.
    assert reasons["C"].reason == "not_worth_it"
    assert reasons["C"].gain == pytest.approx(300)
    assert any(limit.startswith("funds:FUND") for limit in reasons["C"].binding)


def test_a_plan_reads_back_equal(tmp_path: Path) -> None:
    _, _, plan = planned(write_city(tmp_path))
    path = tmp_path / "plan.json"
    path.write_text(plan.to_json(), encoding="utf-8")
    assert read_plan(path) == plan
    assert isinstance(plan, Plan)


def test_rows_are_limits_and_columns_have_names(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path))
    programme = build(opened.case, opened.eligible)
    rows, columns = programme.matrix.rows.shape
    nobody = np.zeros(0, dtype=np.int64)
    limits = limits_of(programme, reckon(opened.case, Choice(nobody, nobody, nobody)), range(rows)).values()
    assert len({limit.limit_id for limit in limits}) == rows
    assert any((limit.place, limit.amount, limit.unit, limit.used) == ("一号园", 80, "亩", 0) for limit in limits)
    named = programme.named()
    assert len(set(named.row_names)) == rows
    assert len(set(named.column_names)) == columns
    assert all(name.isascii() for name in (*named.row_names, *named.column_names))


def test_parks_and_candidates_alone_are_a_plan(tmp_path: Path) -> None:
    tables = without("links", "link_edges", "funds", "teams", "incumbents")
    text = PLAN.replace("gap: 1.0", "score: 1.0")
    _, _, plan = planned(write_city(tmp_path, text, tables))
    # Land 80 + 40 takes all but one: A 40, B 30, C 50, D 20 = 140 > 120; power of D (6) and C (4) keep them apart.
    # Best: B (2) + C (3) + D (4) = 9, C and B in P1 (80 亩, 5 MW), D in P2; A (40) then fits nowhere.
    assert plan.objective.value == pytest.approx(9)
    assert {link.link_id for link in plan.links} == {"SEAT", "FOAM"}
    assert all(link.demand_before == 0 for link in plan.links)
