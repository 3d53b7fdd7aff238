"""Random rules of every form: the same value and verdict from the documents, from the check of a plan, and from the matrix's rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from planner.case.case import Choice
from planner.case.rule_values import RuleValue
from planner.layout import choice_of
from planner.plan.open import Opened, open_plan
from planner.plan.reasons import _blocked
from planner.programme.build import Programme, build
from planner.terms.registry import reckon
from tests.brute import positions
from tests.city import write_city
from tests.raw_city import Choice as Named
from tests.rule_city import FORMS, rule_city
from tests.rule_evaluator import Rules, Verdict, plain
from tests.solving import solve_programme
from tests.sweep import sweep

CITIES = 110
"""Two rules of each form in each."""
SMALL = 400
"""One or two rules in each, as many of each form."""


def opened(folder: Path, own: Rules) -> Opened:
    """The city, read."""
    return open_plan(write_city(folder, json.dumps(own.plan, ensure_ascii=False), own.tables))


def by_check(values: tuple[RuleValue, ...], position: int) -> dict[tuple[object, ...], Verdict]:
    """What the check of a plan says of a rule."""
    mine = [value for value in values if value.rule == position]
    label = [tuple(map(plain, value.group.split(" / "))) if value.group else () for value in mine]
    return {group: Verdict(one.value if one.known else None, one.violation) for group, one in zip(label, mine, strict=True)}


def point(programme: Programme, choice: Choice) -> np.ndarray:
    """The choice columns of a plan, and totals as their rows define them."""
    layout, matrix = programme.layout, programme.matrix
    values = np.zeros(layout.columns)
    for i, k, t in zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), strict=True):
        mine = layout.candidate == i
        own = (mine & (layout.park == k) & (layout.quarter == t)) | (mine & (layout.park == k) & (layout.quarter < 0))
        own |= mine & (layout.park < 0) & (layout.quarter == t)
        values[: layout.choices] += own
    for family, rows in zip(programme.families, programme.rows, strict=True):
        if family.name == "rule_totals" and rows.size:
            at = layout.positions("totals")
            values[at] = (rows.matrix @ values - rows.lower) / -rows.matrix[:, at].diagonal()
            assert np.allclose(rows.matrix @ values, rows.lower)
            assert (values[at] <= matrix.upper[at] + 1e-9).all()
    return values


def by_rows(programme: Programme, choice: Choice, position: int) -> dict[tuple[object, ...], float]:
    """By how much a plan breaks each group's rows; slacks of that size, and no less, mend them."""
    layout = programme.layout
    rows = next(rows for family, rows in zip(programme.families, programme.rows, strict=True) if family.name == "rules")
    values, slack = point(programme, choice), layout.at("slack")
    broken: dict[tuple[object, ...], float] = {}
    activity = rows.matrix @ values
    for row in np.flatnonzero(rows.about["rule"] == position).tolist():
        group = int(rows.about["group"][row])
        label = tuple(map(plain, layout.rules[position].groups.labels[group]))
        short, beyond = max(0.0, rows.lower[row] - activity[row]), max(0.0, activity[row] - rows.upper[row])
        broken[label] = max(broken.get(label, 0.0), short, beyond)
        own = rows.matrix[[row]].toarray()[0][slack]
        if layout.rules[position].rule.soft is None:
            assert not own.any()
            continue
        for sign, size in ((1.0, short), (-1.0, beyond)):
            if size:
                (at,) = np.flatnonzero(own == sign)
                about = layout.block("slack").about
                assert (about["rule"][at], about["group"][at]) == (position, group)
                mended = activity[row] + sign * size
                assert rows.lower[row] - 1e-6 <= mended <= rows.upper[row] + 1e-6
    return broken


def differences(folder: Path, seed: int) -> list[str]:
    """What the three say differently about the rules of one city."""
    own, tried = rule_city(seed, FORMS * 2)
    case = opened(folder, own)
    programme = build(case.case, case.eligible)
    found: list[str] = []
    for choice in tried:
        found += told(programme, own, choice)
    return found


def told(programme: Programme, own: Rules, choice: Named) -> list[str]:
    """The same of one plan."""
    at = positions_of(programme, choice)
    values = reckon(programme.case, at).rules
    found = []
    for position, rule in enumerate(own.plan["rules"]):
        said, checked, rows = own.verdicts(rule, choice), by_check(values, position), by_rows(programme, at, position)
        if set(said) != set(checked) or set(said) != set(rows):
            found.append(f"{rule}: groups {sorted(said)}; check {sorted(checked)}; rows {sorted(rows)}")
            continue
        for group, verdict in said.items():
            close = pytest.approx(verdict.violation, rel=1e-7, abs=1e-6)
            same = checked[group].value == (verdict.value if verdict.value is None else pytest.approx(verdict.value, rel=1e-9))
            if not (same and checked[group].violation == close and rows[group] == close):
                found.append(f"{rule} {group} of {choice}: {verdict}; check {checked[group]}; rows {rows[group]}")
    return found


def positions_of(programme: Programme, choice: Named) -> Choice:
    """A choice by ids as positions."""
    return positions(programme, choice)  # type: ignore[arg-type]


@pytest.mark.parametrize("seeds", sweep([range(3), range(3, CITIES)], 1))
def test_documents_check_and_rows_say_the_same(seeds: range, tmp_path: Path) -> None:
    found = {seed: differences(tmp_path / str(seed), seed) for seed in seeds}
    assert {seed: told for seed, told in found.items() if told} == {}


def optimum_of(folder: Path, seed: int) -> tuple[float | None, float | None, list[str]]:
    """What the programme's optimum is and what it is by enumeration; and what the documents say against the optimum's plan."""
    own, _ = rule_city(seed, (FORMS * 2)[seed % 4 : seed % 4 + 1 + seed % 3 // 2], small=True)
    case = opened(folder, own)
    programme = build(case.case, case.eligible)
    solution, best = solve_programme(programme), own.best()
    if solution.values is None:
        return None, best, []
    choice = choice_of(programme.layout, solution.values)
    ids, parks = case.case.candidates["candidate_id"].tolist(), case.case.parks["park_id"].tolist()
    rows = zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), strict=True)
    named = {ids[i]: (parks[k], case.case.quarters[t]) for i, k, t in rows}
    worth = own.worth(named)
    said = [] if worth is not None and best is not None and worth == pytest.approx(best, abs=1e-6) else [f"{named}: {worth}"]
    return solution.termination.value, best, said


@pytest.mark.parametrize("seeds", sweep([range(12), range(12, SMALL)], 1))
def test_the_optimum_with_rules_is_that_of_all_plans(seeds: range, tmp_path: Path) -> None:
    found = {seed: optimum_of(tmp_path / str(seed), seed) for seed in seeds}
    wrong = {
        seed: one
        for seed, one in found.items()
        if one[2] or one[0] != (one[1] if one[1] is None else pytest.approx(one[1], abs=1e-6))
    }
    assert wrong == {}
    assert {best is None for _, best, _ in found.values()} == {True, False}


def misnamed(folder: Path, seed: int) -> tuple[int, list[str]]:
    """Newcomers that rules keep out, of plans that keep the rules; and where they are said to be kept out by other rules."""
    own, tried = rule_city(seed, ("share", "count", "share", "mean"))
    for rule in own.plan["rules"]:
        rule.pop("soft", None)
    case = opened(folder, own)
    programme = build(case.case, case.eligible)
    layout, found, kept_out = programme.layout, [], 0
    rule_of = np.full(len(programme.family_of_row), -1)
    for number, (family, rows) in enumerate(zip(programme.families, programme.rows, strict=True)):
        if family.name == "rules" and rows.size:
            rule_of[programme.family_of_row == number] = rows.about["rule"]

    def broken(choice: Named) -> set[int]:
        told = enumerate(own.verdicts(rule, choice).values() for rule in own.plan["rules"])
        return {position for position, groups in told if any(group.violation > 1e-7 for group in groups)}

    for choice in tried:
        if broken(choice):
            continue
        accounts = reckon(case.case, positions_of(programme, choice))
        for i in set(own.candidates) - set(choice):
            place = next(iter(own.parks)), own.quarters[-1]
            new = positions_of(programme, {i: place})
            at = np.flatnonzero(point(programme, new)[: layout.choices])
            blocked = _blocked(programme, accounts, at)
            says = set(rule_of[blocked.tocoo().row].tolist()) - {-1}
            really = broken({**choice, i: place})
            kept_out += bool(really)
            if says != really:
                found.append(f"{own.plan['rules']} {choice} and {i} {place}: {says}, not {really}")
    return kept_out, found


@pytest.mark.slow
@pytest.mark.parametrize("seeds", sweep([range(8), range(8, 150)], 1))
def test_a_newcomer_is_kept_out_by_the_rules_that_it_would_break(seeds: range, tmp_path: Path) -> None:
    told = {seed: misnamed(tmp_path / str(seed), seed) for seed in seeds}
    assert {seed: found for seed, (_, found) in told.items() if found} == {}
    assert sum(kept_out for kept_out, _ in told.values()) > len(told) / 4
