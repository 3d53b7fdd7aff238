"""A list made by hand, held against the limits and the proof."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from planner.plan.broken import broken_limits
from planner.plan.open import open_plan
from planner.problems import InputError
from tests.city import write_city
from tests.evaluator import Evaluator
from tests.rich_city import rich_city
from tests.sweep import sweep
from tests.test_evaluator import positions
from tests.test_verification import choice

EVALUATOR = {"open": "admission", "must": "must_include", "floor": "term_bounds", "ceiling": "term_bounds"}
"""What the evaluator calls a family, where the planner says it otherwise."""
EACH = {"must_include", "exclusive", "rules", "term_bounds", "stock", "flow"}
"""Families of which both sides tell each limit, quarter by quarter; the evaluator also tells of quarters after all in which money falls due."""


def test_broken_limits_tell_where_by_how_much_and_who(tmp_path: Path) -> None:
    """A 40 亩 and C 50 in P2, which has 40; A 100 and C 80 of money in the first quarter, which has 120."""
    case = open_plan(write_city(tmp_path)).case
    land, money, effort = broken_limits(case, choice((0, 1, 0), (2, 1, 0)))
    assert (land.family.name, land.subject.ids, land.subject.unit, land.held.excess) == ("stock", ("land", "P2"), "亩", 50)
    assert dict(land.parts) == {1: 50, 0: 40}
    assert [quarter for quarter, _ in land.quarters] == [0, 1]
    assert (money.family.name, money.quarter, money.held.excess, dict(money.parts)) == ("funds", 0, 60, {0: 100, 1: 80})
    assert (effort.family.name, effort.held.excess, dict(effort.parts)) == ("teams", 1, {0: 2, 1: 2})


def breaks(folder: Path, seed: int) -> list[str]:
    """What the planner and the evaluator say differently about what random choices of one city break."""
    plan, tables = rich_city(seed)
    own, dice, found = Evaluator(plan, tables), Random(seed), list[str]()
    try:
        opened = open_plan(write_city(folder, json.dumps(plan, ensure_ascii=False), tables))
    except InputError:
        return []
    kinds = {name: str(told["kind"]) for name, told in plan["resources"].items()}
    for _ in range(4):
        named = {i: (dice.choice(list(own.parks)), dice.choice(own.quarters)) for i in own.candidates if dice.random() < 0.6}
        says = Counter(EVALUATOR.get(name, kinds.get(name, name)) for name in own.broken(named))
        told = Counter[str]()
        for limit in broken_limits(opened.case, positions(opened, named)):
            told[limit.family.name] += max(len(limit.quarters), 1)
        if set(says) != set(told) or any(says[name] != told[name] for name in EACH):
            found.append(f"{seed} {named}: the evaluator says {says}, the planner {told}")
    return found


@pytest.mark.parametrize("seeds", sweep([range(4), range(4, 100)], 1))
def test_what_random_lists_break_is_what_the_evaluator_says(seeds: range, tmp_path: Path) -> None:
    assert [told for seed in seeds for told in breaks(tmp_path / str(seed), seed)] == []
