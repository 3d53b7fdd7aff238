"""Minimal conflicts: limits that cannot all hold, while any one fewer can (deletion filter; Chinneck & Dravnieks, ORSA J.
Comput. 3, 1991).

First a small set of limits is found that cannot hold together. Where the linear relaxation has no solution, those with a
price in its cheapest way out are one (Farkas), and are thinned with linear programmes. Otherwise the set is grown: what the
cheapest way out of the limits outside the set breaks joins it. Then limits are taken out, half of them at a time and then fewer, as long as the rest still cannot hold. After
one conflict the next is looked for among the limits that it left, so that independent conflicts are all found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from planner.limits.selection import SIGNED
from planner.questions.explain.elastic import relax, relaxation
from planner.questions.explain.sides import Sides
from planner.solvers.lp import has_solution, row_duals
from planner.solvers.protocol import Bools, Ints, Stopping

MOST = 5
"""Conflicts that are looked for."""


@dataclass(frozen=True, eq=False)
class Clash:
    """``levers`` (positions) that cannot hold together; ``minimal`` when each is proved to be needed for that."""

    levers: Ints
    minimal: bool


def clashes(sides: Sides, involved: Ints, stopping: Stopping, seconds: float) -> tuple[Clash, ...]:
    """Conflicts that share no limit, beginning with those ``involved`` in the first repair."""
    end = monotonic() + seconds
    allowed = np.ones(len(sides.levers), dtype=bool)
    found: list[Clash] = []
    for _ in range(MOST):
        grown = _grown(sides, allowed, involved, stopping, end)
        if grown is None:
            break
        clash = _shrunk(sides, grown, involved, end)
        found.append(clash)
        allowed[clash.levers] = False
    return tuple(found)


def _grown(sides: Sides, allowed: Bools, involved: Ints, stopping: Stopping, end: float) -> Bools | None:
    """Some of the ``allowed`` limits that cannot hold together; None when they can, or time is up."""
    priced = _priced(sides, allowed, involved, end)
    if priced is not None:
        return priced
    locked = np.array([one.family in {"must_include", SIGNED} for one in sides.levers], dtype=bool)
    firm: Bools = allowed & locked
    firm[involved] |= allowed[involved]
    while (left := end - monotonic()) > 0.05:
        if _possible(sides, firm, left) is False:
            return firm
        # Everything outside may give way, at whatever its price; what is not allowed is gone.
        kept = np.flatnonzero(np.append(allowed, True)[sides.lever])
        some = replace(sides, rows=sides.rows[kept], lower=sides.lower[kept], upper=sides.upper[kept], lever=sides.lever[kept])
        found = relax(some, ~firm, replace(stopping, time_limit=min(left, stopping.time_limit), gap=0.05))
        if found.values is None:
            return allowed.copy() if found.impossible else None
        broken = (found.broken > 0) & allowed
        if not broken.any() or not (broken & ~firm).any():
            return None
        firm |= broken
    return None


def _priced(sides: Sides, allowed: Bools, involved: Ints, end: float) -> Bools | None:
    """Limits that already the linear relaxation cannot hold together; None when it can, or time is up."""
    left = end - monotonic()
    if left < 0.1:
        return None
    matrix, lever = relaxation(sides, allowed)
    duals = row_duals(matrix, left / 3)
    if duals is None:
        return None
    core = np.zeros(len(allowed), dtype=bool)
    core[lever[(np.abs(duals) > 1e-9) & (lever >= 0)]] = True
    core &= allowed
    if not core.any() or _possible(sides, core, max((end - monotonic()) / 4, 0.05), integers=False) is not False:
        return None
    return _thinned(sides, core, involved, monotonic() + (end - monotonic()) / 3, integers=False)[0]


def _possible(sides: Sides, kept: Bools, seconds: float, integers: bool = True) -> bool | None:
    matrix = sides.feasibility(kept)
    if not integers:
        matrix = replace(matrix, integer=np.zeros_like(matrix.integer))
    if not matrix.rows.shape[0]:
        return True
    if not matrix.rows.shape[1]:
        return not bool((matrix.row_upper < 0).any())
    return has_solution(matrix, max(seconds, 0.05))


def _shrunk(sides: Sides, grown: Bools, involved: Ints, end: float) -> Clash:
    kept, complete = _thinned(sides, grown, involved, end)
    return Clash(np.flatnonzero(kept), complete)


def _thinned(sides: Sides, grown: Bools, involved: Ints, end: float, integers: bool = True) -> tuple[Bools, bool]:
    """The set less all that it does not need, and whether that is proved of the rest; limits of the repair are tried last, so
    that they stay."""
    kept = grown.copy()
    last = np.isin(np.arange(len(kept)), involved)
    order = np.concatenate([np.flatnonzero(kept & ~last), np.flatnonzero(kept & last)])
    size = max(len(order) // 2, 1)
    while True:
        complete = True
        for start in range(0, len(order), size):
            some = order[start : start + size]
            left = end - monotonic()
            if size > 1 and left <= 0:
                break
            trial = kept.copy()
            trial[some] = False
            answer = _possible(sides, trial, left / 4, integers) if left > 0.05 else None
            if answer is False:
                kept = trial
            complete = complete and answer is not None
        order = order[kept[order]]
        if size == 1:
            return kept, complete
        size = max(size // 4, 1)
