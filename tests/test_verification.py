"""The check from the tables: a family each, units, distances, groups of rules, and one tolerance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pytest

from planner.limits import FAMILIES
from planner.limits.family import Family, Held
from planner.limits.relations import Together, near_parks
from planner.plan.open import Opened, open_plan
from planner.plan.verify import VerificationError, _check, broken, examine, held, verify
from planner.problems import InputError
from planner.terms.registry import TERMS, reckon
from planner.terms.term import Term
from tests.brute import choice
from tests.city import PLAN, SCORE, TABLES, changed, write_city
from tests.solving import optimum, planned


def breaks(opened: Opened, *places: tuple[int, int, int]) -> list[str]:
    """Families that a choice breaks."""
    return [one.family for one in broken(held(opened.case, reckon(opened.case, choice(*places))))]


def reached(method: Callable[..., object]) -> set[str]:
    """Our own functions that a method calls by name, directly or through others."""
    found: set[str] = set()
    waiting: list[Any] = [method]
    while waiting:
        function = waiting.pop()
        codes = [function.__code__]
        while codes:
            code = codes.pop()
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            for name in code.co_names:
                other = function.__globals__.get(name)
                if isinstance(other, FunctionType) and other.__module__.startswith("planner."):
                    key = f"{other.__module__}.{other.__qualname__}"
                    if key not in found:
                        found.add(key)
                        waiting.append(other)
    return found


NEUTRAL = {"planner.tolerances.rounding", "planner.terms.registry.term_of", "planner.terms.projects.use_of"}
"""What both sides may call: a tolerance, and which term a name means."""


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_check_shares_no_code_with_its_rows(family: Family) -> None:
    cls = type(family)
    assert reached(cls.check).isdisjoint((reached(cls.rows) | reached(cls.columns)) - NEUTRAL)


@pytest.mark.parametrize("term", TERMS.values(), ids=lambda term: term.name)
def test_a_term_is_added_up_without_its_coefficients(term: Term) -> None:
    cls = type(term)
    programme = reached(cls.coefficients) | reached(cls.normaliser)
    assert (reached(cls.parts) | reached(cls.offered)).isdisjoint(programme)


def test_shared_code_would_be_noticed() -> None:
    """The two tests above can fail: rows and steps of groups do share a function."""
    assert not reached(Together.step).isdisjoint(reached(Together.rows))


def test_broken_families_are_told_with_amounts_and_only_the_gate_raises(tmp_path: Path) -> None:
    """A 40 亩, C 50 in P2 of 40: 50 too much; A 100 and C 80 of money in the first quarter, which has 120."""
    case = open_plan(write_city(tmp_path)).case
    accounts = reckon(case, choice((0, 1, 0), (2, 1, 0)), ("gap",))
    found = {one.family: one for one in examine(case, accounts, 0.0, 0.0, None).checks}
    assert (found["stock"].violated, found["stock"].worst) == (2, 50)
    assert (found["funds"].violated, found["funds"].worst) == (1, 60)
    with pytest.raises(VerificationError, match=r"stock \(2 of 4, by 50\), funds \(1 of 2, by 60\)"):
        verify(case, accounts, 0.0, 0.0, None)


@pytest.mark.parametrize(
    ("used", "allowed", "kept"),
    [
        (0.1 + 0.2, 0.3, True),
        (100.00002, 100.0, False),
        (1_000_000.5, 1_000_000.0, False),
        (1e9 + 0.5, 1e9, False),
        (1e9 + 1e-4, 1e9, True),
        (float("nan"), 1.0, False),
        (float("nan"), float("inf"), False),
    ],
)
def test_what_counts_as_rounding(used: float, allowed: float, kept: bool) -> None:
    """Rounding is told and kept; a step of the tables is not, however large the sum; what is not known keeps no limit."""
    found = _check("stock", [Held(used, allowed)])
    assert (found.violated == 0) == kept
    if used == used and used > allowed + 1e-9:
        assert found.worst == pytest.approx(used - allowed, rel=1e-3)


def gated(land_unit: str, floor: float, gate: str, header: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """One project on one hectare, in a park with a gate."""
    firm = {"candidate_id": "K", "name": "甲", "score": 1, header: 1, "investment": 3000, "tax": 60}
    park = {"park_id": "P", "name": "园", header: 10, gate: floor}
    plan = SCORE.replace("land: {unit: 亩", f"land: {{unit: {land_unit}").replace(
        "  power: {unit: MW, kind: flow, scope: park}\n", ""
    )
    return plan, {"candidates": [firm], "parks": [park]}


@pytest.mark.parametrize("land_unit", ["公顷", "平方米", "亩"])
@pytest.mark.parametrize(("gate", "passes", "fails"), [("min_investment_intensity", 200, 201), ("min_tax_intensity", 4, 4.01)])
def test_gates_are_per_mu_whatever_land_is_counted_in(
    tmp_path: Path, land_unit: str, gate: str, passes: float, fails: float
) -> None:
    """3000 万元 and a tax of 60 on one hectare, 15 亩: 200 and 4 万元/亩. Rows and check refuse the same."""
    for floor, selected in ((passes, 1), (fails, 0)):
        path = write_city(tmp_path / str(floor), *gated(land_unit, floor, gate, "land(公顷)"))
        assert optimum(path) == selected
        assert breaks(open_plan(path), (0, 0, 0)) == ([] if selected else ["admission"])


def test_gates_need_land_counted_in_a_unit_of_area(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path, *gated("''", 200, "min_investment_intensity", "land")))
    assert [one.code for one in refused.value.problems if one.severity == "error"] == ["C235"]


@pytest.mark.parametrize("kind", ["together", "apart"])
def test_an_unknown_distance_is_neither_near_nor_far(tmp_path: Path, kind: str) -> None:
    """P2 has no coordinates: B and D may share a park, if they shall be together, and no two parks are known to be apart."""
    path = write_city(tmp_path, SCORE + f"relations: {{{kind}: [{{candidates: [B, D], km: 5}}]}}\n", TABLES)
    case = open_plan(path).case
    case.parks.loc[1, "lon"] = np.nan
    clash = near_parks(case, 5, unknown=kind == "apart")
    assert clash[0, 1] == (kind == "apart")
    found = {one.family for one in broken(held(case, reckon(case, choice((1, 0, 0), (3, 1, 1)))))}
    assert kind in found


CHAINS = changed("candidates", 0)
CHAINS["chains"] = [{"chain_id": "CAR", "name": "汽车"}, {"chain_id": "CHIP", "name": "芯片"}]
CHAINS["links"].append(
    {"link_id": "CHIPS", "chain_id": "CHIP", "name": "芯片", "weight": 1, "demand": 1, "supply": 0, "min_sources": 0}
)
EXCLUDED = {**TABLES["candidates"][0], "candidate_id": "E", "name": "戊", "link_id": "CHIPS", "exclude": "是"}


@pytest.mark.parametrize("per", ["chain", "link"])
@pytest.mark.parametrize("excluded", [False, True])
def test_a_chain_without_candidates_still_counts(tmp_path: Path, per: str, excluded: bool) -> None:
    """At least one in each: nobody comes for chips, so no plan does it, whether or not the list names one who may not come."""
    tables = {**CHAINS, "candidates": [*CHAINS["candidates"], *([EXCLUDED] if excluded else [])]}
    path = write_city(tmp_path, SCORE + f"rules: [{{name: 各一个, per: {per}, count: {{min: 1}}}}]\n", tables)
    assert optimum(path) is None
    assert breaks(open_plan(path), (1, 0, 0), (3, 1, 1)) == ["rules"]


def test_a_rule_on_one_chain_asks_nothing_of_the_others(tmp_path: Path) -> None:
    rule = "rules: [{name: 各一个, where: {chain_id: CAR}, per: link, count: {min: 1}}]\n"
    path = write_city(tmp_path, SCORE + rule, CHAINS)
    assert optimum(path) == 9
    assert breaks(open_plan(path), (1, 0, 0), (3, 1, 1)) == []


def test_a_plan_of_priorities_without_their_ends_is_one_of_the_first(tmp_path: Path) -> None:
    """Terms of different levels are never added up: B 2, C 3 and D 4 by score, whatever their subsidy."""
    levels = "mode: priorities\n  levels: [{weights: {score: 1.0}}, {weights: {subsidy: -1.0}}]"
    _, _, plan = planned(write_city(tmp_path, PLAN.replace("weights: {gap: 1.0}", levels)))
    assert plan.objective.value == 9
    assert plan.verification.passed
