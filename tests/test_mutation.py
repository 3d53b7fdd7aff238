"""Faults planted in the rows, one line each: the check from the tables, or the enumerated optimum, notices every one.

The programme is built from a broken family, broken facts or a broken function (``tests/planted.py``); the check sees the true tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

import numpy as np
import pytest

from planner.case.case import Case
from planner.case.eligibility import eligibility
from planner.layout import Rows, choice_of
from planner.limits import FAMILIES
from planner.limits.family import Family
from planner.plan.open import open_plan
from planner.plan.verify import examine
from planner.problems import InputError
from planner.programme.build import Programme, build
from planner.terms.registry import reckon
from tests.city import EARLY, SCORE, TABLES, wide, wide_candidates, write_city
from tests.evaluator import Evaluator
from tests.planted import CHECK, FAULTS, WORSE, Fault
from tests.rich_city import rich_city
from tests.solving import solve_programme
from tests.sweep import sweep
from tests.test_families import BACKUP, CASES, Binding

SEEDS = range(150)


B = TABLES["candidates"][1]
HERE, THERE = {"name": "老座椅厂"}, {"name": "甲公司"}
MONEY = [{"fund_id": "FUND", "quarter": q, "amount": m, "carry_over": "否"} for q, m in (("2027Q1", 12), ("2027Q2", 48))]
LATER = {**MONEY[0], "quarter": "2027Q3", "amount": 29}
WORK = [{"team_id": "T", "chain_id": "CAR", "quarter": q, "effort": e} for q, e in (("2027Q1", 0.25), ("2027Q2", 0.75))]

PHASES = [{"resource_id": "land", "scope_id": "P1", "quarter": q, "amount": a} for q, a in (("2027Q1", 30), ("2027Q2", 80))]

MORE: dict[str, Binding] = {
    # 30 亩 and then 80: D (20) at once, C (50) later: 3 + 4 + 1 + 1/2.
    "phases": Binding({**wide(), "parks": [{**TABLES["parks"][0], "power": 100}], "capacities": PHASES}, 8.5, None, EARLY),
    # The parks are 48 km from each other: C and D cannot both come.
    "60 km apart": Binding(wide(), 7, None, SCORE + "relations: {apart: [{candidates: [C, D], km: 60}]}\n"),
    # D may be signed before the horizon alone, C after it: 1 + 2.
    "quarters": Binding(wide_candidates((3, {"latest_quarter": "2026Q4"}), (2, {"earliest_quarter": "2027Q3"})), 3, None),
    # C and D together need more power than either park has, and all or none: neither, 1 + 2.
    "all or none": Binding(TABLES, 3, None, SCORE + "relations: {together: [{candidates: [C, D], all_or_none: true}]}\n"),
    # The others wait until A was signed, a quarter before: A −1 + 1, the others 9 + 3/2.
    "anchor first": Binding(
        wide_candidates((0, {"score": -1})),
        10.5,
        None,
        EARLY + "relations: {before: [{first: [A], then: [B, C, D], needed: true, quarters: 1}]}\n",
    ),
    # D comes only when two of A, B and C were signed a quarter before, one of them here already: 10 + 3 + 1/2.
    "two first": Binding(
        wide(),
        13.5,
        None,
        EARLY + "relations: {before: [{first: [A, B, C], then: [D], needed: true, quarters: 1, count: 2, existing: 1}]}\n",
    ),
    # D asks for A and for B, which are worth −3 and −2: only C.
    "both asked for": Binding(
        wide_candidates((0, {"score": -3}), (1, {"score": -2})),
        3,
        None,
        SCORE + "relations: {implies: [{if: [D], then: [A, B], at_least: all}]}\n",
    ),
    # D asks for A or B; B is worth 2 and A −3: all but A.
    "one of two asked for": Binding(
        wide_candidates((0, {"score": -3})), 9, None, SCORE + "relations: {implies: [{if: [D], then: [A, B]}]}\n"
    ),
    # One more source is asked for; the only two projects are of the firm that is here.
    "a firm that is here": Binding(wide_candidates((0, HERE), (1, HERE)), 0, None, BACKUP),
    # Two more are asked for; the only two projects are of one firm.
    "one firm twice": Binding(
        {**wide_candidates((0, THERE), (1, THERE)), "links": [{**TABLES["links"][0], "min_sources": 3}, TABLES["links"][1]]},
        0,
        None,
        BACKUP,
    ),
    # B's 60 come as 48 and 12, of 12 and 48: only in the second quarter, 2 + 1/2.
    "payment": Binding({**wide(), "candidates": [B], "funds": MONEY}, 2.5, None, EARLY + "schedule: {payout: [0.8, 0.2]}\n"),
    # Half of B's 60 falls due in the second quarter or, after the horizon, in the third: 30 are too much in the first and the third.
    "payment after the horizon": Binding(
        {**wide(), "candidates": [B], "funds": [*(row | {"amount": 30 * n} for n, row in enumerate(MONEY)), LATER]},
        0,
        None,
        EARLY + "schedule: {payout: [0.5, 0.5]}\n",
    ),
    # C ÷ (A, B, C) is 700 ÷ 2100 with all; without A 700 ÷ 1200.
    "a share among some": Binding(
        wide(),
        9,
        None,
        SCORE + "rules: [{name: r, where: {link_id: FOAM}, "
        "share: {of: investment, min: 35 %, among: {candidate.score: {max: 3}}}}]\n",
    ),
    # 800 万元 of 泡棉: D (300) and not C (700).
    "a bound by group": Binding(
        wide(),
        7,
        None,
        SCORE + "rules: [{name: r, sum: investment, max: 2 亿元, per: link, by_group: [{link: 泡棉, max: 8000000 元}]}]\n",
    ),
    # 18 万元/亩: all have 2400 ÷ 140, A, B and D 1700 ÷ 90.
    "a mean": Binding(wide(), 7, None, SCORE + "rules: [{name: r, mean: {of: investment, over: land, min: 18}}]\n"),
    # A has 900 万元 on 40 公顷, 1.5 万元/亩, B 500 on 30, 1.1; C 0.93 and D 1 pass the gate only where a 公顷 is taken for a 亩.
    "gates in 公顷": Binding(
        {**wide(), "parks": [{**row, "min_investment_intensity": 1.05} for row in wide()["parks"]]},
        3,
        None,
        SCORE.replace("land: {unit: 亩,", "land: {unit: 公顷,"),
    ),
    "effort": Binding({**wide(), "candidates": [B], "teams": WORK}, 2.5, None, EARLY + "schedule: {effort: [0.75, 0.25]}\n"),
}


@dataclass(frozen=True)
class City:
    """A case with its enumerated optimum; None: there is no plan."""

    programme: Programme
    best: float | None
    family: str = ""
    """The family that binds in it, where it was made for one."""

    @property
    def case(self) -> Case:
        """The true facts."""
        return self.programme.case


def same(one: Programme, other: Programme) -> bool:
    """Nothing differs that a solver sees."""
    a, b = one.matrix, other.matrix
    if a.rows.shape != b.rows.shape or one.layout.choices != other.layout.choices:
        return False
    arrays = ("objective", "row_lower", "row_upper", "upper")
    return (
        all(np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays)
        and all(np.array_equal(getattr(one.layout, name), getattr(other.layout, name)) for name in _COLUMNS)
        and (a.rows != b.rows).nnz == 0
        and a.offset == b.offset
        and [term.normaliser for term in one.terms] == [term.normaliser for term in other.terms]
    )


_COLUMNS = ("candidate", "park", "quarter")


def notices(city: City, fault: Fault, patch: pytest.MonkeyPatch) -> str | None:
    """Who notices the fault in this city, if it changes anything there."""
    case = fault.case(city.case)
    families = [broken(family, fault.rows) if family.name == fault.family and fault.rows else family for family in FAMILIES]
    with patch.context() as patched:
        if fault.code is not None:
            patched.setattr(*fault.code)
        programme = build(case, fault.eligible(eligibility(case)), families)
    return None if same(programme, city.programme) else judged(city, programme)


def broken(family: Family, change: Callable[[Rows], Rows]) -> Family:
    """The family with its rows changed."""
    kind = type(family)
    own = {"rows": lambda self, case, layout: change(kind.rows(self, case, layout))}
    return cast(Family, type(kind.__name__, (kind,), own)())


def judged(city: City, programme: Programme) -> str | None:
    """Who notices that the programme is not the city's: the check, or the comparison with the best there is."""
    solution = solve_programme(programme)
    if solution.values is None:
        return WORSE if city.best is not None else None
    try:
        choice = choice_of(programme.layout, solution.values)
    except ValueError:
        return CHECK
    accounts = reckon(city.case, choice, [term.name for term in programme.terms])
    weights = city.case.settings.objective.term_weights
    value = sum(weights.get(one.name, 0.0) * accounts.raw[one.name] / one.normaliser for one in programme.terms)
    ended = solution.termination
    assert ended.value is not None
    found = examine(city.case, accounts, value - accounts.penalties, ended.value, ended.bound)
    if not found.passed:
        return CHECK
    assert city.best is not None, "the check lets a plan pass where there is none"
    return WORSE if found.value < city.best - 1e-6 else None


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Iterator[City]]:
    """The cities made for each family by hand, that of the family first, then random ones, opened as they are asked for."""
    folder, known = tmp_path_factory.mktemp("cities"), {}
    made = []
    for family, one in (CASES | MORE).items():
        by_hand = open_plan(write_city(folder / family, one.plan, one.tables))
        made.append(City(build(by_hand.case, by_hand.eligible), one.with_, family))

    def random(seed: int) -> City | None:
        plan, tables = rich_city(seed)
        try:
            found = open_plan(write_city(folder / str(seed), json.dumps(plan, ensure_ascii=False), tables))
        except InputError:
            return None
        return City(build(found.case, found.eligible), Evaluator(plan, tables).best()[0])

    def every(family: str) -> Iterator[City]:
        yield from sorted(made, key=lambda city: city.family != family)
        for seed in SEEDS:
            if seed not in known:
                known[seed] = random(seed)
            if known[seed] is not None:
                yield known[seed]

    return every


def test_enough_faults_in_every_family() -> None:
    assert len(FAULTS) >= 60
    assert {fault.family for fault in FAULTS.values()} >= {family.name for family in FAMILIES} - {"admission"}


FIRST = {fault.family: name for name, fault in reversed(FAULTS.items())}.values()
"""One fault of each family."""


@pytest.mark.parametrize("name", sweep(sorted(FAULTS, key=lambda name: name not in FIRST), len(FIRST)))
def test_the_fault_is_noticed(name: str, cities: Callable[[str], Iterator[City]], monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    assert any(notices(city, fault, monkeypatch) == fault.by for city in cities(fault.family))


def test_without_a_fault_nothing_is_noticed(cities: Callable[[str], Iterator[City]]) -> None:
    assert [judged(city, city.programme) for city in islice(cities(""), 20)] == [None] * 20
