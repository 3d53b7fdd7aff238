"""The names of the solvers, what stands behind each, and a solve by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, nearest
from planner.solvers import process
from planner.solvers.caller import caller
from planner.solvers.codes import refusal
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Solver, Stopping, StopSign, never
from planner.solvers.work import COUNTING


def _auto() -> Solver:
    from planner.solvers.search.auto import Auto

    return Auto(process.solve)


def _highs() -> Solver:
    from planner.solvers.adapters.highs import Highs

    return Highs()


def _scip() -> Solver:
    from planner.solvers.adapters.scip import Scip

    return Scip()


def _cpsat() -> Solver:
    from planner.solvers.adapters.cpsat import CpSat

    return CpSat()


def _cbc() -> Solver:
    from planner.solvers.adapters.cbc import Cbc

    return Cbc()


OURS: Mapping[str, Callable[[], Solver]] = MappingProxyType(
    {"auto": _auto, "highs": _highs, "scip": _scip, "cpsat": _cpsat, "cbc": _cbc}
)
"""What makes each solver of ours."""

CBC_OF_PULP = ("PULP_CBC_CMD", "COIN_CMD")
"""PuLP's names for CBC: run by our own way to it, which knows a bound."""


def make_solver(name: str) -> Solver:
    """The solver of that name; its library is not imported yet."""
    if name in OURS or name in CBC_OF_PULP:
        return OURS.get(name, _cbc)()
    from planner.solvers.adapters.pulp import PulpSolver

    return PulpSolver(name)


def solve(
    matrix: Matrix, solver: str, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
) -> Solution:
    """Maximise with the solver of that name, where the caller has solves run (:mod:`planner.solvers.caller`): otherwise in a
    process of its own, as :func:`planner.solvers.process.solve` says.

    Raises InputError for a solver that does not exist (S201) or is not there (S202).
    """
    check_solver(solver)
    found = (caller().run or process.solve)(matrix, make_solver(solver), stopping, listen, start, stop)
    return replace(found, termination=replace(found.termination, solver=solver))


def solver_names() -> tuple[str, ...]:
    """Every name that can be used on this machine: ours, then PuLP's. Asks each of PuLP's, which may start it."""
    from planner.solvers.adapters.pulp import missing, pulp_kinds

    return (*OURS, *(name for name in pulp_kinds() if missing(name) is None))


def check_solver(name: str, place: Place | None = None) -> None:
    """Raises InputError when no solver has that name (S201) or its library is not there (S202). Only that one is asked."""
    if name in OURS and name != "cbc":
        return
    from planner.solvers.adapters.cbc import find_cbc
    from planner.solvers.adapters.pulp import missing, pulp_kinds

    subject, known = "solve.solver", tuple(pulp_kinds())
    if name in known or name == "cbc":
        cause = (None if find_cbc() else "") if name == "cbc" else missing(name)
        if cause is None:
            return
        rule = Words("这台机器上没有安装该求解器", "this solver is not installed on this machine")
        if cause:
            rule = Words(f"该求解器用不了：{cause}", f"this solver cannot be used: {cause}")
        ours = [one for one in OURS if one != name]
        raise refusal("S202", place, subject, name, rule=rule, solvers=Words.listed(ours))
    every = (*OURS, *known)
    near = tuple(one for one in every if one.casefold() == name.casefold()) or nearest(name, every) or tuple(OURS)
    raise refusal("S201", place, subject, name, solvers=Words.listed(near))


def check_work(name: str, work: int | None, place: Place | None = None) -> None:
    """Raises InputError (S203) when work is to be limited and that solver cannot count it."""
    if work is None or name in COUNTING or name in CBC_OF_PULP:
        return
    raise refusal("S203", place, "solve.work", str(work), name=name, solvers=Words.listed(COUNTING))
