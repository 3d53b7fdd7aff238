"""Each constraint family by itself (R11): a city in which it binds, and in which its removal is noticed.

``with_`` and ``without`` are the optimum with all families and with all but this one; they must differ, and removing a limit
never lowers an optimum. The guard at the end counts that no family goes without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from planner.limits import FAMILIES
from tests.city import EARLY, PLAN, SCORE, TABLES, WIDE, added, changed, wide, wide_candidates, write_city
from tests.solving import optimum, planned


@dataclass(frozen=True)
class Binding:
    """A city in which a family binds, with its optimum by hand; ``without`` None: unbounded or meaningless without it."""

    tables: Mapping[str, list[dict[str, Any]]]
    with_: float
    without: float | None
    plan: str = SCORE
    more: str = field(default="")


BACKUP = PLAN.replace("gap: 1.0", "backup: 1.0, subsidy: -0.001")
TWIN = {**TABLES["candidates"][0], "candidate_id": "A2", "name": "甲公司", "subsidy": 1}

CASES: dict[str, Binding] = {
    # C and D are variants of one project: only the better one, D = 4, with A 1 and B 2. Without, all come to both parks.
    "once": Binding(wide_candidates((2, {"variant_group": "V"}), (3, {"variant_group": "V"})), 7, 20),
    # A must come though its score is −5.
    "must_include": Binding(wide_candidates((0, {"score": -5, "must_include": "是"})), 4, 9),
    # One person-month a quarter: B and D. Without its schedule a placement costs no effort.
    "schedule": Binding({**wide(), "teams": [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 1}]}, 6, 10),
    # Land 80 + 40 keeps A out (see test_tiny_city); without land everything comes.
    "stock": Binding({**wide(), "parks": [{**row, "power": 1000} for row in TABLES["parks"]]}, 9, 10),
    # Power 3 + 6: D fills P2, A and B (3) fill P1: 7; C (4) fits only in P2: 6.
    "flow": Binding(
        {**wide(), "parks": [{**row, "land": 1000, "power": p} for row, p in zip(TABLES["parks"], (3, 6), strict=True)]}, 7, 10
    ),
    # 140 of money: C 80 + D 50 = 130 → 7; B 60 + C 80 = 140 → 5; B + D = 110 → 6.
    "funds": Binding({**wide(), "funds": [{"fund_id": "FUND", "quarter": "2027Q1", "amount": 140}]}, 7, 10),
    # One person-month a quarter: B and D, 6.
    "teams": Binding({**wide(), "teams": [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 1}]}, 6, 10),
    # A alone: 2 · 600 less the 60 of FOAM it needs. Without the family shortage is 0 for nothing: 2 · 800 + 500.
    "shortage": Binding({**wide(), "candidates": TABLES["candidates"][:1]}, 2 * 600 - 60, 2 * 800 + 500, PLAN),
    # SEAT (weight 2) wants 4 sources, has 1; only A and B may come: no backup. Without the family it costs nothing.
    "sources": Binding({**wide(), "links": [{**TABLES["links"][0], "min_sources": 4}, TABLES["links"][1]]}, 0, 2, BACKUP),
    # One more source is enough in number, but B alone lands with 0.5 < 0.8; A (π = 1) costs 100 instead of 60.
    "reliability": Binding(wide(), 2 - 0.1, 2 - 0.06, BACKUP + "backup: {reliability: 0.8}\n"),
    # 3 sources wanted, 1 here: A and its twin are one firm, so B is needed with the twin (1): 61. Without, two columns s
    # are free.
    "distinct": Binding(
        {**wide_candidates(extra=(TWIN,)), "links": [{**TABLES["links"][0], "min_sources": 3}, TABLES["links"][1]]},
        2 - 0.061,
        2 - 0.06,
        BACKUP,
    ),
    # One new project a link: B 2 + D 4.
    "rivals": Binding(wide(), 6, 10, SCORE + "relations: {rivals: {per_link: 1}}\n"),
    "exclusive": Binding(wide(), 7, 10, SCORE + "relations: {exclusive: [{candidates: [C, D]}]}\n"),
    # C and D together: neither park has power for both (10 > 6, and land 70 > 40 in P2): D with A and B, 7; with C, A and B 6.
    "together": Binding(TABLES, 7, 9, SCORE + "relations: {together: [{candidates: [C, D]}]}\n"),
    # One park only takes both C and D; apart they cannot both come.
    "apart": Binding(
        {**wide(), "parks": [{**TABLES["parks"][0], **WIDE}]}, 7, 10, SCORE + "relations: {apart: [{candidates: [C, D]}]}\n"
    ),
    # A a quarter before D: D gives up half a point for coming later, 10 + 3 + 1/2.
    "before": Binding(wide(), 13.5, 14, EARLY + "relations: {before: [{first: [A], then: [D], quarters: 1}]}\n"),
    # D asks for A, which is worth −5: neither comes, B 2 + C 3.
    "implies": Binding(wide_candidates((0, {"score": -5})), 5, 9, SCORE + "relations: {implies: [{if: [D], then: [A]}]}\n"),
    # At most two projects: C 3 + D 4.
    "rules": Binding(wide(), 7, 10, SCORE + "rules: [{name: 至多两个, count: {max: 2}}]\n"),
    # No link has more than 55 % of the money. A 100 and B 60 at SEAT, C 80 and D 50 at FOAM: all four 55.2 %, B with D 54.5 %,
    # any other pair or three more. Without the rows of the total it may be all that is asked, 290: 159.5 keeps only A with B out.
    "rule_totals": Binding(wide(), 6, 9, SCORE + "rules: [{name: r, per: link, share: {of: subsidy, max: 55 %}}]\n"),
    # No more than 130 of subsidy, although no weight speaks of it: C 80 + D 50 = 130.
    "term_bounds": Binding(wide(), 7, 10, SCORE.replace("  weights:", "  ceilings: {subsidy: 130}\n  weights:")),
}


@pytest.mark.parametrize("family", CASES)
def test_family_binds_by_hand(tmp_path: Path, family: str) -> None:
    case = CASES[family]
    assert optimum(write_city(tmp_path, case.plan, case.tables)) == pytest.approx(case.with_)


@pytest.mark.parametrize("family", CASES)
def test_removing_the_family_is_noticed(tmp_path: Path, family: str) -> None:
    case = CASES[family]
    rest = [one for one in FAMILIES if one.name != family]
    assert optimum(write_city(tmp_path, case.plan, case.tables), rest) == pytest.approx(case.without)


def test_no_family_goes_without_a_case() -> None:
    """Admission has no rows: its pairs are filtered out, which tests of eligibility cover."""
    assert {family.name for family in FAMILIES} == set(CASES) | {"admission"}


def test_phased_capacity_times_the_park(tmp_path: Path) -> None:
    """P1 has 30 亩 in Q1 and 80 from Q2 on: B or D in Q1, the rest later; the team of 3 a quarter still fits all."""
    phases = [
        {"resource_id": "land", "scope_id": "P1", "quarter": "2027Q1", "amount": 30},
        {"resource_id": "land", "scope_id": "P1", "quarter": "2027Q2", "amount": 80},
    ]
    opened, programme, plan = planned(write_city(tmp_path, SCORE, {**TABLES, "capacities": phases}))
    assert programme.layout.timed.tolist() == [True, False]
    early = [one for one in plan.selected if one.park_id == "P1" and one.quarter == "2027Q1"]
    assert sum(one.needs["land"] for one in early) <= 30
    assert plan.objective.value == pytest.approx(9)
    assert opened.case.resources[0].amount.tolist() == [[30, 80], [40, 40]]


def test_more_capacity_later_lets_a_larger_project_come_later_only(tmp_path: Path) -> None:
    phases = [{"resource_id": "land", "scope_id": "P1", "quarter": "2027Q2", "amount": 80}]
    parks = [{**TABLES["parks"][0], "land": ""}]
    tables = {**TABLES, "parks": parks, "capacities": phases, "incumbents": []}
    tables.pop("incumbents")
    _, _, plan = planned(write_city(tmp_path, SCORE, tables))
    assert plan.selected
    assert {one.quarter for one in plan.selected} == {"2027Q2"}


def test_soft_rule_pays_its_price(tmp_path: Path) -> None:
    """At most one project, 1.5 a piece above: D alone 4; C too: 7 − 1.5; B too: 9 − 3; A too 10 − 4.5 = 5.5."""
    plan_text = SCORE + "rules: [{name: 只要一个, count: {max: 1}, soft: 1.5}]\n"
    _, _, plan = planned(write_city(tmp_path, plan_text, wide()))
    assert plan.objective.value == pytest.approx(6.0)
    assert plan.objective.penalties == pytest.approx(3.0)
    assert [rule.violation for rule in plan.rules] == [2.0]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{name: r, where: {county: 东县}, count: {max: 1}}", 10),  # the other park takes three
        ("{name: r, where: {park.name: [一号园, 二号园]}, count: {max: 2}}", 7),
        ("{name: r, per: park, count: {max: 1}}", 7),
        ("{name: r, per: link, count: {equal: 1}}", 6),
        ("{name: r, per: quarter, count: {max: 1}}", 7),
        ("{name: r, where: {quarter: 2027Q1}, count: {max: 0}}", 10),
        ("{name: r, per: quarter, where: {county: 东县}, count: {min: 2}}", 10),
        ("{name: r, sum: land, max: 90}", 7),  # A + B + D = 90 and C + D = 70 are both worth 7; B + C + D = 100
        ("{name: r, sum: investment, max: 1300}", 7),  # C 700 + D 300
        ("{name: r, where: {capacity: {min: 450}}, count: {max: 0}}", 6),
        ("{name: r, where: {bottleneck: false}, count: {max: 3}}", 9),
        ("{name: r, where: {chain_id: CAR}, sum: subsidy, min: 250}", 10),
    ],
)
def test_rules_by_hand(tmp_path: Path, rule: str, value: float) -> None:
    path = write_city(tmp_path, SCORE + f"rules: [{rule}]\n", wide())
    _, _, plan = planned(path)
    assert plan.objective.value == pytest.approx(value)
    assert all(one.violation == 0 for one in plan.rules)


def test_site_options_replace_needs_add_score_and_forbid(tmp_path: Path) -> None:
    options = [
        {"candidate_id": "D", "park_id": "P1", "allowed": "是", "score": 5, "land": 80, "power": 0},
        {"candidate_id": "D", "park_id": "P2", "allowed": "否"},
        {"candidate_id": "C", "park_id": "P1", "allowed": "是", "land": 5},
    ]
    opened, _, plan = planned(write_city(tmp_path, SCORE, {**TABLES, "site_options": options}))
    # D only in P1 with all of its land: 4 + 5; then C's 5 亩 no longer fit there, P2 (40 亩) takes A or B: 9 + 2.
    # Or C (5) + A + B in P1 (75 亩, 7 MW > 6): C + B 5 and A in P2: 6.
    assert plan.objective.value == pytest.approx(11)
    firm = next(one for one in plan.selected if one.candidate_id == "D")
    assert (firm.park_id, firm.needs["land"], firm.needs["power"], firm.score) == ("P1", 80, 0, 9)
    assert opened.eligible.reason[3, 1] != 0


def test_signed_deals_stay_where_and_when_they_are(tmp_path: Path) -> None:
    tables = changed("candidates", 0, status="signed", fixed_park="P2", fixed_quarter="2027Q2")
    _, _, plan = planned(write_city(tmp_path, SCORE, tables))
    firm = next(one for one in plan.selected if one.candidate_id == "A")
    assert (firm.park_id, firm.quarter) == ("P2", "2027Q2")


def test_lexicographic_levels(tmp_path: Path) -> None:
    """First as many projects as possible by score within 10 %, then the least money: C 3 + D 4 + B 2 = 9 → at least 8.1."""
    text = PLAN.replace(
        "  weights: {gap: 1.0}",
        "  mode: priorities\n  levels:\n    - {weights: {score: 1.0}, tolerance: 0.25}\n    - {weights: {subsidy: -1.0}}",
    )
    from planner import api

    plan = api.solve(api.open_plan(write_city(tmp_path, text, added("candidates"))))
    # 9 · 0.75 = 6.75: C + D = 7 for 130 is the cheapest way to have at least that; B + C + D costs 190, A + B + D 210.
    assert {one.candidate_id for one in plan.selected} == {"C", "D"}
    assert plan.status.proved


def test_a_term_that_only_a_later_level_weighs_counts(tmp_path: Path) -> None:
    """A weight of 0 at the first level does not take the term out of the second."""
    text = PLAN.replace(
        "  weights: {gap: 1.0}",
        "  mode: priorities\n  levels:\n    - {weights: {score: 1.0, subsidy: 0.0}, tolerance: 0.25}\n    - {weights: {subsidy: -1.0}}",
    )
    from planner import api

    plan = api.solve(api.open_plan(write_city(tmp_path, text, added("candidates"))))
    assert {one.candidate_id for one in plan.selected} == {"C", "D"}
