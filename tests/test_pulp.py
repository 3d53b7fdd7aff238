"""Solvers through PuLP: the plan and the bound that the solver itself holds count, whatever word PuLP says for it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pulp
import pytest

from planner.problems import InputError
from planner.publish.console import no_plan_text
from planner.solvers.adapters import pulp as pulp_any
from planner.solvers.adapters.pulp import NATIVE, Native, PulpSolver
from planner.solvers.lp import objective_unit
from planner.solvers.protocol import Matrix, Solution, Stopping, Termination
from planner.solvers.registry import check_solver
from tests.matrices import matrix_of

LIMITS = Stopping(time_limit=5.0, gap=1e-6, threads=1, seed=1)


def twelve() -> Matrix:
    """Take one of the first two and one of the last two of twelve; the best is columns 1 and 11: 9 + 20, and 100 beside.

    Twelve columns, so that an order by name (c1, c10, c11, c2) is not the order of the columns. Halves are better in the
    relaxation: 3 of the middle columns fill 2·x ≤ 3 with one and a half, worth 1 each.
    """
    worth = [8.0, 9.0, *[1.0] * 3, *[0.0] * 5, 19.0, 20.0]
    rows = [[1.0, 1.0, *[0.0] * 10], [*[0.0] * 10, 1.0, 1.0], [0.0, 0.0, 2.0, 2.0, 2.0, *[0.0] * 7]]
    return matrix_of(worth, rows, upper=[1, 1, 3], offset=100.0)


BEST = np.zeros(12)
BEST[[1, 2, 11]] = 1.0
GOOD = np.zeros(12)
GOOD[[0, 11]] = 1.0
BEST_VALUE, GOOD_VALUE = 130.0, 128.0


class Fake(pulp.LpSolver):
    """A solver that ends with the word, the native model and the bound that a test gives it."""

    name = "FAKE"
    plan: Any = BEST
    bound: float = BEST_VALUE
    status = pulp.LpStatusNotSolved
    trouble: Exception | None = None

    def available(self) -> bool:
        return True

    def actualSolve(self, problem: Any) -> int:  # noqa: N802  PuLP calls it so
        if self.trouble is not None:
            raise self.trouble
        order = [int(one.name[1:]) for one in problem.variables()]
        minimised = -(self.bound - 100.0) / objective_unit(twelve().objective)
        held = None if self.plan is None else self.plan[order]
        problem.solverModel = SimpleNamespace(held=held, lowest=minimised)
        problem.assignStatus(self.status)
        return self.status


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Solution]:
    """Solve :func:`twelve` with a fake of those properties."""

    def solve(**properties: object) -> Solution:
        for name, value in properties.items():
            monkeypatch.setattr(Fake, name, value)
        return PulpSolver("FAKE").solve(twelve(), LIMITS, lambda _: None)

    monkeypatch.setattr(pulp_any, "pulp_kinds", lambda: {"FAKE": Fake})
    monkeypatch.setattr(pulp, "getSolver", lambda _name, **known: Fake(**known))
    monkeypatch.setattr(pulp_any, "NATIVE", {"FAKE": Native(lambda model: model.lowest, lambda model: model.held.tolist())})
    return solve


@pytest.mark.parametrize("status", [pulp.LpStatusNotSolved, pulp.LpStatusUndefined, pulp.LpStatusInfeasible])
def test_a_plan_counts_whatever_the_word(fake: Callable[..., Solution], status: int) -> None:
    found = fake(status=status, plan=GOOD, bound=131.0)
    assert found.values is not None
    assert found.values.tolist() == GOOD.tolist()
    assert (found.termination.value, found.termination.bound) == (GOOD_VALUE, pytest.approx(130.0))  # 130.5, and worths are whole
    assert found.termination.reason != "infeasible"


def test_the_native_bound_proves(fake: Callable[..., Solution]) -> None:
    found = fake(status=pulp.LpStatusOptimal).termination
    assert (found.reason, found.value, found.bound) == ("optimal", BEST_VALUE, pytest.approx(BEST_VALUE))


def test_optimal_is_not_believed_against_the_bound(fake: Callable[..., Solution]) -> None:
    found = fake(status=pulp.LpStatusOptimal, plan=GOOD).termination
    assert (found.reason, found.value, found.bound) == ("time_limit", GOOD_VALUE, pytest.approx(BEST_VALUE))


def test_a_bound_below_a_checked_plan_is_no_bound(fake: Callable[..., Solution]) -> None:
    found = fake(status=pulp.LpStatusOptimal, bound=120.0).termination
    assert (found.value, found.bound) == (BEST_VALUE, None)
    assert found.reason != "optimal"


def test_a_plan_that_fails_the_check_is_dropped(fake: Callable[..., Solution]) -> None:
    found = fake(status=pulp.LpStatusOptimal, plan=np.ones(12), bound=131.0)
    assert (found.values, found.termination.reason) == (None, "failed")


def test_a_licence_too_small_is_what_is_told(fake: Callable[..., Solution]) -> None:
    found = fake(trouble=RuntimeError("Model too large for size-limited license"))
    assert (found.termination.reason, found.values) == ("failed", None)
    for language, first in (("zh", "求解器没有给出计划：FAKE: Model too large"), ("en", "the solver gave no plan: FAKE:")):
        said = no_plan_text(found.termination, language)  # type: ignore[arg-type]
        assert said.startswith(first)
        assert "memory" not in said
        assert "内存" not in said


def test_memory_is_named_where_it_was_memory() -> None:
    ended = Termination("failed", None, None, 1.0, "highs", "the solver ran out of memory\nTraceback …")
    assert "--threads 1" in no_plan_text(ended, "zh")
    assert "Traceback" not in no_plan_text(ended, "en")


def test_one_solver_named_is_the_only_one_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: object) -> bool:
        raise AssertionError("asked")

    for kind in pulp_any.pulp_kinds().values():
        if kind.name != "HiGHS":
            monkeypatch.setattr(kind, "available", never)
    check_solver("HiGHS")
    check_solver("highs")
    with pytest.raises(InputError, match="S201"):
        check_solver("higs")


def test_why_a_solver_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def expired(self: object) -> bool:
        raise RuntimeError("the licence ended in May")

    monkeypatch.setattr(pulp.apis.HiGHS, "available", expired)
    with pytest.raises(InputError, match=r"the licence ended in May.*S202"):
        check_solver("HiGHS")


@pytest.mark.parametrize("name", ["HiGHS", *sorted(set(NATIVE) - {"HiGHS"})])
def test_native_solvers_that_are_there(name: str) -> None:
    if pulp_any.missing(name) is not None:
        pytest.skip(f"PuLP finds no {name} here")
    found = PulpSolver(name).solve(twelve(), LIMITS, lambda _: None)
    assert found.values is not None
    assert (found.termination.reason, found.termination.value) == ("optimal", BEST_VALUE)
    assert found.termination.bound == pytest.approx(BEST_VALUE)
