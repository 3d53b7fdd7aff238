"""The names of the solvers, and what stands behind each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

from planner.language import Words
from planner.problems import InputError, Place, Problem, nearest
from planner.solvers.protocol import Solver
from planner.solvers.work import COUNTING

OURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "auto": ("planner.solvers.search.auto", "Auto"),
        "highs": ("planner.solvers.adapters.highs", "Highs"),
        "scip": ("planner.solvers.adapters.scip", "Scip"),
        "cpsat": ("planner.solvers.adapters.cpsat", "CpSat"),
        "cbc": ("planner.solvers.adapters.cbc", "Cbc"),
    }
)
"""Module and class of each solver of ours; imported when it is asked for."""

CBC_OF_PULP = ("PULP_CBC_CMD", "COIN_CMD")
"""PuLP's names for CBC: run by our own way to it, which knows a bound."""


def make_solver(name: str) -> Solver:
    """The solver of that name. Raises ImportError when its library is missing."""
    module, maker = OURS.get("cbc" if name in CBC_OF_PULP else name, ("planner.solvers.adapters.pulp", "PulpSolver"))
    kind = getattr(import_module(module), maker)
    return cast(Solver, kind() if name in OURS or name in CBC_OF_PULP else kind(name))


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
        remedy = Words(f"请安装它，或改用：{'、'.join(ours)}", f"install it, or use one of: {', '.join(ours)}")
        raise InputError([Problem("S202", place, subject, name, rule, remedy)])
    every = (*OURS, *known)
    near = tuple(one for one in every if one.casefold() == name.casefold()) or nearest(name, every) or tuple(OURS)
    rule = Words("没有叫这个名字的求解器", "there is no solver of this name")
    remedy = Words(f"可用：{'、'.join(near)}", f"use one of: {', '.join(near)}")
    raise InputError([Problem("S201", place, subject, name, rule, remedy)])


def check_work(name: str, work: int | None, place: Place | None = None) -> None:
    """Raises InputError (S203) when work is to be limited and that solver cannot count it."""
    if work is None or name in COUNTING or name in CBC_OF_PULP:
        return
    rule = Words(
        f"求解器 {name} 不能按工作量停止，只能按时间，因而不可复现",
        f"the solver {name} cannot stop after counted work, only by the clock, and so not repeatably",
    )
    choice = "、".join(COUNTING), ", ".join(COUNTING)
    remedy = Words(f"删去 work，或改用：{choice[0]}", f"leave work out, or use one of: {choice[1]}")
    raise InputError([Problem("S203", place, "solve.work", str(work), rule, remedy)])
