"""The frontier between two terms against every plan there is, and the bounds of terms it is made of."""

from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.case.case import Choice
from planner.cli import app
from planner.plan.open import Opened, open_plan
from planner.plan.reopen import open_run
from planner.plan.verify import VerificationError, broken, held, verify
from planner.problems import InputError
from planner.questions.frontier.ask import DELTA, frontier
from planner.questions.frontier.record import Frontier
from planner.terms.registry import reckon
from tests.city import PLAN, write_city
from tests.random_city import write_random
from tests.solving import optimum
from tests.sweep import sweep

BOUNDED = PLAN.replace("  weights:", "  BOUNDS\n  weights:")


def everything(opened: Opened, terms: tuple[str, str]) -> set[tuple[float, float]]:
    """Raw figures of the two terms over all plans that keep every limit: no matrix, no solver."""
    case = opened.case
    places = [None, *product(range(len(case.parks)), range(len(case.quarters)))]
    found = set()
    for assignment in product(places, repeat=len(case.candidates)):
        chosen = [(i, *place) for i, place in enumerate(assignment) if place is not None]
        table = np.array(chosen, dtype=np.int64).reshape(-1, 3)
        accounts = reckon(case, Choice(table[:, 0], table[:, 1], table[:, 2]), terms)
        if broken(held(case, accounts)):
            continue
        found.add((round(accounts.raw[terms[0]], 7), round(accounts.raw[terms[1]], 7)))
    return found


def efficient(every: set[tuple[float, float]], signs: tuple[int, int]) -> set[tuple[float, float]]:
    """Those that no other dominates."""
    return {
        a
        for a in every
        if not any(b != a and all(sign * (y - x) >= 0 for sign, x, y in zip(signs, a, b, strict=True)) for b in every)
    }


def test_the_tiny_city_by_hand(tmp_path: Path) -> None:
    """Gap closed against subsidy: A, B, D 1800 for 210 (nothing more fits in the money); nobody 0 for 0. Between them A, D: 1200 −
    60 + 300 = 1440 for 150, and A alone: 1140 for 100, the point furthest above the line from (0, 0) to (210, 1800)."""
    told, found = frontier(open_plan(write_city(tmp_path)), ("gap", "subsidy"), 9)
    points = [(one.first, one.second) for one in told.points]
    assert points[0] == pytest.approx((1800, 210))
    assert points[-1] == pytest.approx((0, 0))
    assert any(one == pytest.approx((1440, 150)) for one in points)
    knee = next(one for one in told.points if one.knee)
    assert (knee.first, knee.second) == pytest.approx((1140, 100))
    assert knee.above == pytest.approx((1140 / 1800 + 1 - 100 / 210 - 1) / 2**0.5)
    assert sum(one.knee for one in told.points) == 1
    assert (told.first.maximise, told.second.maximise) == (True, False)
    assert all(one.proved and one.room is None for one in told.points)
    assert len(found) == len(points)


@pytest.mark.parametrize(
    ("seed", "terms"),
    sweep(
        [
            (2, ("gap", "subsidy")),
            (12, ("gap", "subsidy")),
            (3, ("output", "land")),
            (0, ("subsidy", "tax")),
            (1, ("score", "backup")),
        ],
        1,
    ),
)
def test_every_point_is_efficient_among_all_plans_there_are(tmp_path: Path, seed: int, terms: tuple[str, str]) -> None:
    path = write_random(tmp_path, seed)
    opened = open_plan(path)
    told, plans = frontier(opened, terms, 7)
    signs = (1 if told.first.maximise else -1, 1 if told.second.maximise else -1)
    every = everything(opened, terms)
    best = efficient(every, signs)
    points = [(round(one.first, 7), round(one.second, 7)) for one in told.points]
    assert set(points) <= best
    # Monotone: what one term gains along the frontier the other loses.
    for a, b in pairwise(points):
        assert signs[0] * (b[0] - a[0]) < 0 < signs[1] * (b[1] - a[1])
    # The ends are the best there is of each term.
    assert points[0][0] == max(best, key=lambda one: signs[0] * one[0])[0]
    assert points[-1][1] == max(best, key=lambda one: signs[1] * one[1])[1]
    # Each ε leaves nothing better in the first term, but for what δ trades.
    reach = abs(told.first.best - told.first.worst)
    for one, plan in zip(told.points, plans, strict=True):
        assert plan.verification.passed
        if one.limit is not None:
            rest = [a for a, b in every if signs[1] * (b - one.limit) >= -1e-7]
            assert signs[0] * (max(rest, key=lambda a: signs[0] * a) - one.first) <= DELTA * reach + 1e-6


def test_each_point_is_a_run_that_anybody_can_repeat_and_stands_in_the_sheet(tmp_path: Path) -> None:
    opened = api.open_plan(write_city(tmp_path))
    told, plans = api.frontier(opened, ["gap", "subsidy"], 4, tmp_path / "f")
    assert Frontier.model_validate_json((tmp_path / "f" / "frontier.json").read_text(encoding="utf-8")) == told
    for one, plan in zip(told.points, plans, strict=True):
        folder = tmp_path / "f" / one.folder
        run = open_run(folder)
        assert run.plan == plan
        assert (run.plan.objective.terms["gap"].raw, run.plan.objective.terms["subsidy"].raw) == (one.first, one.second)
        if one.limit is not None:
            assert optimum(folder / "settings.yaml") == pytest.approx(one.value)
    page = load_workbook(tmp_path / "f" / "frontier.xlsx").worksheets[0]
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row]
    assert {one.second for one in told.points} <= set(cells)
    assert "●" in cells
    assert len(page._charts) == 1
    # Written again over itself, but never over anything else.
    api.frontier(opened, ["gap", "subsidy"], 3, tmp_path / "f")
    with pytest.raises(InputError, match="R135"):
        api.frontier(opened, ["gap", "subsidy"], 3, tmp_path / "data")


def test_soft_rules_cost_nothing_here(tmp_path: Path) -> None:
    """A price of 100 a project above none would make nobody the best plan; it is no part of the two terms."""
    soft = "rules: [{name: 一个也不要, count: {max: 0}, soft: 10000}]\n"
    plain, _ = frontier(open_plan(write_city(tmp_path / "a")), ("gap", "subsidy"), 3)
    priced, _ = frontier(open_plan(write_city(tmp_path / "b", PLAN + soft)), ("gap", "subsidy"), 3)
    assert [(a.first, a.second) for a in plain.points] == [(b.first, b.second) for b in priced.points]
    assert (plain.soft_rules, priced.soft_rules) == (False, True)


def test_the_command_prints_the_points_and_refuses_bad_terms(tmp_path: Path) -> None:
    write_city(tmp_path)
    out = tmp_path / "f"
    done = CliRunner().invoke(app, ["frontier", str(tmp_path), "--terms", "gap,subsidy", "--points", "3", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "1,800" in done.stdout
    assert json.loads((out / "frontier.json").read_text(encoding="utf-8"))["asked"] == 3
    for words, code in (
        (["--terms", "gpa,subsidy"], "R132"),
        (["--terms", "gap"], "R133"),
        (["--terms", "gap,gap"], "R133"),
        (["--terms", "gap,tax", "--points", "2"], "R134"),
    ):
        done = CliRunner().invoke(app, ["frontier", str(tmp_path), *words, "--out", str(tmp_path / "g")])
        assert done.exit_code == 2
        assert code in done.stderr
        assert not (tmp_path / "g").exists()


@pytest.mark.parametrize(
    ("bounds", "value"),
    [
        ("ceilings: {subsidy: 150}", 1440.0),  # A + D
        # Only B + C + D have 8 or more: SEAT 2 · 200; FOAM 540 short with B's 40, 700 supplied: all of today's 500 closed.
        ("floors: {score: 8}", 2 * 200 + 500.0),
        ("floors: {gap: 1800}", 1800.0),
        ("ceilings: {land: 60}", 1440.0),  # A 40 + D 20
    ],
)
def test_bounds_of_terms_by_hand(tmp_path: Path, bounds: str, value: float) -> None:
    path = write_city(tmp_path, BOUNDED.replace("BOUNDS", bounds))
    assert optimum(path) == pytest.approx(value)


def test_a_floor_nobody_can_meet_is_named(tmp_path: Path) -> None:
    path = write_city(tmp_path, BOUNDED.replace("BOUNDS", "floors: {gap: 2100}"))
    with pytest.raises(api.Infeasible) as error:
        api.solve(api.open_plan(path))
    assert "gap closed" in str(error.value)


@pytest.mark.parametrize(
    ("bounds", "code"),
    [("ceilings: {gap: 100}", "C228"), ("floors: {gpa: 100}", "C222"), ("floors: {tax: 5}\n  ceilings: {tax: 4}", "S118")],
)
def test_bounds_that_mean_nothing_are_refused(tmp_path: Path, bounds: str, code: str) -> None:
    text = BOUNDED.replace("BOUNDS", bounds)
    with pytest.raises(InputError) as error:
        open_plan(write_city(tmp_path, text))
    assert code in {one.code for one in error.value.problems}


def test_the_checker_holds_bounds_by_itself(tmp_path: Path) -> None:
    """A, B and D ask for 210 of subsidy: with a ceiling of 200 the checker refuses what no matrix was asked about."""
    choice = Choice(np.array([0, 1, 3]), np.array([0, 0, 1]), np.array([0, 1, 1]))
    for ceiling, passes in ((210, True), (200, False)):
        path = write_city(tmp_path / str(ceiling), BOUNDED.replace("BOUNDS", f"ceilings: {{subsidy: {ceiling}}}"))
        case = open_plan(path).case
        accounts = reckon(case, choice, ("gap",))
        if passes:
            assert verify(case, accounts, 1800.0, 1800.0, None).passed
        else:
            with pytest.raises(VerificationError, match="term_bounds"):
                verify(case, accounts, 1800.0, 1800.0, None)


def test_a_bound_that_binds_is_told_among_the_limits(tmp_path: Path) -> None:
    plan = api.solve(api.open_plan(write_city(tmp_path, BOUNDED.replace("BOUNDS", "ceilings: {subsidy: 150}"))))
    limit = next(one for one in plan.limits if one.family == "term_bounds")
    assert (limit.subject, limit.used, limit.amount, limit.unit) == ("奖补诉求", 150, 150, "万元")
    assert plan.objective.terms["subsidy"].weight == 0
    assert plan.objective.terms["subsidy"].raw == 150
