"""What must hold whatever the figures (formulation.md, "What must hold"), and solvers against brute force."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from planner.limits import FAMILIES
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.registry import make_solver
from planner.terms.registry import term_of
from tests import brute
from tests.city import write_city
from tests.random_city import Tables, random_tables, write_random
from tests.solving import optimum, planned, solve_programme
from tests.sweep import sweep

SEEDS = pytest.mark.parametrize("seed", sweep(range(1000, 1020), 2))
NEVER = float("-inf")


def value(plan: str, tables: Tables) -> float:
    """The optimum; −∞ when infeasible, so that "never lowers" reads as ≥."""
    with tempfile.TemporaryDirectory() as folder:
        found = optimum(write_city(Path(folder), plan, tables))
    return NEVER if found is None else found


def raw(plan: str) -> str:
    """Without normalising: a longer list of candidates changes what is on offer."""
    return plan.replace("normalise: true", "normalise: false")


@pytest.mark.parametrize("seed", sweep(range(20), 1))
def test_brute_force_agrees(tmp_path: Path, seed: int) -> None:
    path = write_random(tmp_path, seed, later=seed % 2)
    by_hand, _ = brute.best(open_plan(path))
    found = optimum(path)
    assert (found is None) == (by_hand is None)
    if found is not None:
        assert found == pytest.approx(by_hand, abs=1e-7)


@pytest.mark.parametrize("seed", sweep(range(100, 120), 2))
def test_four_solvers_agree(tmp_path: Path, seed: int) -> None:
    opened = open_plan(write_random(tmp_path, seed, candidates=5, parks=3, later=seed % 2))
    programme = build(opened.case, opened.eligible)
    ends = [solve_programme(programme, make_solver(name)).termination for name in ("highs", "scip", "cpsat", "cbc")]
    if ends[0].reason == "infeasible":
        assert {ended.reason for ended in ends} == {"infeasible"}
        return
    # CP-SAT works on whole numbers: the bound it can publish is within its grid of the value, not always equal to it.
    assert {ended.reason for ended in ends} <= {"optimal", "gap_reached"}, ends
    assert [ended.value for ended in ends] == pytest.approx([ends[0].value] * 4, abs=1e-6)
    for ended in ends:
        assert ended.value is not None
        assert ended.bound is not None
        assert ended.bound - ended.value <= 1e-6 * max(1.0, abs(ended.value)), ended


def more(table: str, column: str) -> Callable[[Tables, Random], None]:
    """Raise a column of a table, somewhere."""

    def change(tables: Tables, dice: Random) -> None:
        for row in tables.get(table, []):
            if row.get(column) not in (None, ""):
                row[column] += dice.randint(0, 40)

    return change


LARGER = {
    "funds": more("funds", "amount"),
    "land": more("parks", "land"),
    "power": more("parks", "power"),
    "teams": more("teams", "effort"),
    "phases": more("capacities", "amount"),
}


@pytest.mark.parametrize("limit", LARGER)
@SEEDS
def test_a_larger_limit_never_lowers_the_optimum(limit: str, seed: int) -> None:
    plan, tables = random_tables(seed)
    before = value(plan, tables)
    LARGER[limit](tables, Random(seed))
    assert value(plan, tables) >= before - 1e-7


@SEEDS
def test_a_longer_list_never_lowers_the_optimum(seed: int) -> None:
    plan, tables = random_tables(seed, candidates=4)
    shorter: Tables = {**tables, "candidates": tables["candidates"][:3]}
    assert value(raw(plan), tables) >= value(raw(plan), shorter) - 1e-7


@pytest.mark.parametrize("normalise", ["true", "false"])
def test_one_more_candidate_that_cannot_come_lowers_a_share_and_no_raw_figure(normalise: str, tmp_path: Path) -> None:
    plan = "name: 短\nresources: {land: {unit: 亩}}\nobjective: {normalise: %s, weights: {output: 1}}\n" % normalise  # noqa: UP031
    firms = [{"candidate_id": "A", "output": 1, "land": 1, "exclude": "否"}]
    firms += [{"candidate_id": "B", "output": 9, "land": 1, "exclude": "是"}]
    found = []
    for size in (1, 2):
        path = write_city(tmp_path / str(size), plan, {"candidates": firms[:size], "parks": [{"park_id": "P", "land": 5}]})
        _, _, made = planned(path)
        found.append((made.objective.value, made.objective.terms["output"].raw))
    assert [one for _, one in found] == [1.0, 1.0]
    assert [share for share, _ in found] == pytest.approx([1.0, 0.1] if normalise == "true" else [1.0, 1.0])


@pytest.mark.parametrize("seed", sweep(range(6), 2))
def test_of_one_normalised_term_a_longer_list_never_lowers_the_raw_figure(seed: int, tmp_path: Path) -> None:
    plan, tables = random_tables(seed, candidates=4)
    plan = re.sub(r"normalise: .*\n  weights: .*", "normalise: true\n  weights: {output: 1.0}", plan)
    plan = "\n".join(line for line in plan.splitlines() if "soft:" not in line) + "\n"
    best = []
    for size in (3, 4):
        path = write_city(tmp_path / str(size), plan, {**tables, "candidates": tables["candidates"][:size]})
        found = optimum(path)
        best.append(NEVER if found is None else found * term_of(open_plan(path).case, "output").scale(open_plan(path).case))
    assert best[1] >= best[0] - 1e-6


@SEEDS
def test_reordering_rows_changes_nothing(seed: int) -> None:
    plan, tables = random_tables(seed)
    shuffled = {name: Random(seed).sample(rows, len(rows)) for name, rows in tables.items()}
    results = []
    for each in (tables, shuffled):
        with tempfile.TemporaryDirectory() as folder:
            path = write_city(Path(folder), plan, each)
            opened = open_plan(path)
            if solve_programme(build(opened.case, opened.eligible)).values is None:
                results.append(None)
                continue
            found = planned(path)[2]
            results.append((found.selected, found.objective, found.links, found.parks, found.funds))
    assert results[0] == results[1]


@SEEDS
def test_renaming_changes_no_value(seed: int) -> None:
    plan, tables = random_tables(seed)
    before = value(plan, tables)
    names = {f"K{n}": f"项目-{9 - n}" for n in range(3)}

    def renamed(entry: Any) -> Any:
        return names.get(entry, entry)

    changed = {name: [{key: renamed(cell) for key, cell in row.items()} for row in rows] for name, rows in tables.items()}
    for old, new in names.items():
        plan = plan.replace(old, new)
    assert value(plan, changed) == pytest.approx(before, abs=1e-7)


@SEEDS
def test_the_money_unit_changes_nothing(seed: int) -> None:
    plan, tables = random_tables(seed)
    money = {
        "links": ("demand", "supply"),
        "candidates": ("capacity", "output", "investment", "tax", "subsidy"),
        "funds": ("amount",),
    }
    # 万元 ÷ 10,000 = 亿元: four decimals, exact in text.
    inyi: Tables = {
        name: [
            {
                (f"{key}(亿元)" if key in money.get(name, ()) else key): (
                    f"{cell / 10_000:.4f}" if key in money.get(name, ()) else cell
                )
                for key, cell in row.items()
            }
            for row in rows
        ]
        for name, rows in tables.items()
    }
    assert value(plan, inyi) == value(plan, tables)


@SEEDS
def test_removing_a_family_never_lowers_the_optimum(seed: int) -> None:
    business = [family.name for family in FAMILIES if family.business]
    family = business[seed % len(business)]
    plan, tables = random_tables(seed)
    if "soft" in plan:
        plan = plan.replace(", soft: 3", "")  # a soft rule's price goes with its rows
    with tempfile.TemporaryDirectory() as folder:
        path = write_city(Path(folder), plan, tables)
        full = optimum(path)
        less = optimum(path, [one for one in FAMILIES if one.name != family])
    assert (NEVER if less is None else less) >= (NEVER if full is None else full) - 1e-7


@SEEDS
def test_the_bound_is_never_below_the_value(seed: int) -> None:
    plan, tables = random_tables(seed, candidates=6, parks=3)
    with tempfile.TemporaryDirectory() as folder:
        path = write_city(Path(folder), plan, tables)
        opened = open_plan(path)
        solution = solve_programme(build(opened.case, opened.eligible))
        if solution.values is None:
            return
        found = planned(path)[2]
    assert found.objective.bound is not None
    assert found.objective.bound >= found.objective.value
    assert found.verification.passed


@SEEDS
def test_timing_a_park_changes_no_value(seed: int) -> None:
    """A phase that takes nothing away forces x_ikt instead of y_ik and z_it: the same optimum either way (layout.py)."""
    plan, tables = random_tables(seed)
    tables.pop("capacities", None)
    before = value(plan, tables)
    last = "2027Q2"
    for park in tables["parks"]:
        tables.setdefault("capacities", []).append(
            {"resource_id": "land", "scope_id": park["park_id"], "quarter": last, "amount": park["land"] + 1e-6}
        )
    assert value(plan, tables) == pytest.approx(before, abs=1e-3)
