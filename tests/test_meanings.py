"""What tables mean where two readings are possible, as FORMULATION.md states it under "stated choices"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.case.case import Case
from planner.case.chains import new_sources, state
from planner.case.rules import rule_rows
from planner.plan.open import open_plan
from planner.terms.registry import term_of
from tests.city import PLAN, TABLES, write_city

Row = dict[str, Any]


def divisor(case: Case, name: str) -> float:
    """What a term is divided by."""
    return term_of(case, name).normaliser(case)


def case_of(folder: Path, plan: str = PLAN, firms: list[Row] | None = None, **tables: list[Row]) -> Case:
    """The tiny city with columns added to its projects A, B, C, D and tables replaced."""
    rows = [{**row, **(firms or [{}] * 4)[n]} for n, row in enumerate(TABLES["candidates"])]
    return open_plan(write_city(folder, plan, {**TABLES, "candidates": rows, **tables})).case


def test_reliability_is_asked_only_where_sources_are_missing(tmp_path: Path) -> None:
    links = [{**row, "min_sources": 1} for row in TABLES["links"]]
    case = case_of(tmp_path, PLAN + "backup: {reliability: 0.99}\n", links=links)
    at = case.links["link_id"].tolist()
    assert state(case).backed_up.tolist() == [name == "SEAT" for name in at]  # SEAT has its incumbent
    c = case.candidates["candidate_id"].tolist().index("C")  # π 0.8 is below 0.99
    assert not state(case, np.array([c])).backed_up[at.index("FOAM")]


def test_without_a_gap_today_the_divisor_is_what_candidates_would_supply(tmp_path: Path) -> None:
    links = [{**row, "supply": row["demand"]} for row in TABLES["links"]]
    assert divisor(case_of(tmp_path, links=links), "gap") == pytest.approx(2 * (600 + 400 * 0.5) + 500 * 0.8 + 300)


def test_preferences_are_counted_by_candidate(tmp_path: Path) -> None:
    firms: list[Row] = [{"preferred_parks": "P1", "variant_group": group} for group in ("V", "V", "", "")]
    assert divisor(case_of(tmp_path, firms=firms), "preferred") == 4


def test_a_need_that_every_park_replaces_still_counts_in_the_divisor(tmp_path: Path) -> None:
    options = [{"candidate_id": "A", "park_id": park, "land": 1} for park in ("P1", "P2")]
    assert divisor(case_of(tmp_path, site_options=options), "land") == 40 + 30 + 50 + 20


def test_inputs_are_drawn_in_full_and_supply_is_expected(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    seat, foam = (case.links["link_id"].tolist().index(name) for name in ("SEAT", "FOAM"))
    b = case.candidates["candidate_id"].tolist().index("B")
    after = state(case, np.array([b]))
    assert after.supply[seat] == 200 + 400 * 0.5
    assert after.demand[foam] == 500 + 0.1 * 400


def test_a_rule_sums_the_candidates_own_score(tmp_path: Path) -> None:
    options = [{"candidate_id": "A", "park_id": "P1", "score": 7}]
    case = case_of(tmp_path, PLAN + "rules: [{name: r, sum: score, max: 99}]\n", site_options=options)
    assert sorted(rule_rows(case, 0).measure.values.tolist()) == [1, 2, 3, 4]
    assert case.score().max() == 8


def test_a_zone_has_what_its_parks_have_until_its_first_phase(tmp_path: Path) -> None:
    plan = PLAN.replace("kind: flow, scope: park", "kind: flow, scope: zone")
    phase = [{"resource_id": "power", "scope_id": "北区", "quarter": "2027Q2", "amount": 30}]
    case = case_of(tmp_path, plan, capacities=phase)
    assert case.resources[case.resource("power")].amount.tolist() == [[16, 30]]


def test_a_team_has_its_quarters_first_and_each_chain_its_own_effort(tmp_path: Path) -> None:
    links = [TABLES["links"][0], {**TABLES["links"][1], "chain_id": "FOAMS"}]
    rows = [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 3}]
    rows += [{"team_id": "T", "chain_id": "CAR", "quarter": "2027Q2", "effort": 5}]
    rows += [{"team_id": "T", "chain_id": "FOAMS", "quarter": "", "effort": 2}]
    case = case_of(tmp_path, links=links, teams=rows)
    assert sorted(case.teams.effort.tolist()) == [[2, 2], [3, 5]]
    assert len(set(case.candidates["team"])) == 2


def test_a_candidate_named_like_a_firm_at_its_link_is_no_new_source(tmp_path: Path) -> None:
    case = case_of(tmp_path, firms=[{"name": "老座椅厂"}, {}, {}, {}])
    everyone = np.arange(len(case.candidates))
    assert len(new_sources(case, everyone)) == 3
    a = case.candidates["candidate_id"].tolist().index("A")
    seat = case.links["link_id"].tolist().index("SEAT")
    assert state(case, np.array([a])).sources[seat] == state(case).sources[seat] == 1
    assert state(case, np.array([a])).supply[seat] == 800
