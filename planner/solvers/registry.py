"""The names of the solvers, what stands behind each, and a solve by name."""

from __future__ import annotations

from dataclasses import replace

from planner.language import Words
from planner.problems import Place, nearest
from planner.solvers import process
from planner.solvers.caller import caller
from planner.solvers.codes import refusal
from planner.solvers.explicit import ByChoice
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Solver, Stopping, StopSign, never
from planner.solvers.search.narrowed import ENTRIES, solve_narrowed
from planner.solvers.work import COUNTING

OURS = ("auto", "highs", "scip", "cpsat", "cbc")
"""Solvers of ours."""

CBC_OF_PULP = ("PULP_CBC_CMD", "COIN_CMD")
"""PuLP's names for CBC: run by our own way to it, which knows a bound."""


def make_solver(name: str) -> Solver:
    """The solver of that name; no other one's module is imported, and no library yet."""
    match name:
        case "auto":
            from planner.solvers.search.auto import Auto

            return Auto(process.solve)
        case "highs":
            from planner.solvers.adapters.highs import Highs

            return Highs()
        case "scip":
            from planner.solvers.adapters.scip import Scip

            return Scip()
        case "cpsat":
            from planner.solvers.adapters.cpsat import CpSat

            return CpSat()
    if name == "cbc" or name in CBC_OF_PULP:
        from planner.solvers.adapters.cbc import Cbc

        return Cbc()
    from planner.solvers.adapters.pulp import PulpSolver

    return PulpSolver(name)


def solve(
    matrix: Matrix, solver: str, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
) -> Solution:
    """Maximise with the solver of that name, where the caller has solves run (:mod:`planner.solvers.caller`): otherwise in a
    process of its own, as :func:`planner.solvers.process.solve` says. Raises InputError for a solver that does not exist (S201) or
    is not there (S202)."""
    check_solver(solver)
    run, made = caller().run or process.solve, make_solver(solver)
    if solver == "auto" and matrix.rows.nnz > ENTRIES:
        found = solve_narrowed(matrix, made, stopping, listen, start, stop, run)
    else:
        found = run(matrix, made, stopping, listen, start, stop)
    return replace(found, termination=replace(found.termination, solver=solver))


def solve_as_tree(matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None) -> Solution:
    """Maximise with HiGHS alone, which is told of the choices (:mod:`planner.solvers.explicit`), where the caller has solves run: for small
    questions beside a plan."""
    from planner.solvers.adapters.highs import Highs

    return (caller().run or process.solve)(matrix, ByChoice(Highs()), stopping, listen, start)


def several_at_once(name: str, matrix: Matrix, stopping: Stopping) -> bool:
    """Whether of many models like this one as many at once as there are threads, each on one of them, are done sooner than one after
    the other on all: where the search itself makes little of a second thread, or counts its work on one."""
    if name in CBC_OF_PULP or name in ("highs", "scip", "cbc"):
        return True
    if name != "auto":
        return False
    from planner.solvers.search.auto import AutoParameters

    return stopping.work is not None or int(matrix.integer.sum()) <= AutoParameters().middle * AutoParameters().small


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
        absent = Words("这台机器上没有安装该求解器", "this solver is not installed on this machine")
        rule = Words(f"该求解器用不了：{cause}", f"this solver cannot be used: {cause}") if cause else absent
        others = Words.listed([ours for ours in OURS if ours != name])
        raise refusal("S202", place, subject, name, rule=rule, solvers=others)
    every = (*OURS, *known)
    near = tuple(other for other in every if other.casefold() == name.casefold()) or nearest(name, every) or OURS
    raise refusal("S201", place, subject, name, solvers=Words.listed(near))


def check_work(name: str, work: int | None, place: Place | None = None) -> None:
    """Raises InputError (S203) when work is to be limited and that solver cannot count it."""
    if work is None or name in COUNTING or name in CBC_OF_PULP:
        return
    raise refusal("S203", place, "solve.work", str(work), name=name, solvers=Words.listed(COUNTING))
