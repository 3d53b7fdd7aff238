"""Minimal conflicts: limits that cannot all hold, while any one fewer can (deletion filter; Chinneck & Dravnieks, ORSA J.
Comput. 3, 1991).

First a small set of limits is found that cannot hold together. Where the linear relaxation has no solution, those with a
price in its cheapest way out are one (Farkas), and are thinned with linear programmes. Otherwise the set is grown: what the
cheapest way out of the limits outside the set breaks joins it. Then limits are taken out, half of them at a time and then fewer, as long as the rest still cannot hold. After
one conflict the next is looked for among the limits that it left, so that independent conflicts are all found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import numpy as np

from planner.limits.selection import SIGNED
from planner.questions.explain.elastic import relax, relaxation
from planner.questions.explain.sides import Sides
from planner.solvers.lp import has_solution, row_duals
from planner.solvers.protocol import Bools, Ints, Stopping

MOST = 5
"""Conflicts that are looked for."""


def clashes(sides: Sides, involved: Ints, stopping: Stopping, seconds: float) -> Iterator[tuple[Ints, bool]]:
    """Conflicts that share no limit, beginning with those ``involved`` in the first repair: positions of levers that cannot hold
    together, and whether each is proved to be needed for that."""
    end = monotonic() + seconds
    allowed = sides.every.copy()
    for _ in range(MOST):
        grown = _grown(sides, allowed, involved, stopping, end)
        if grown is None:
            return
        kept, minimal = _thinned(sides, grown, involved, end)
        allowed &= ~kept
        yield np.flatnonzero(kept), minimal


def _grown(sides: Sides, allowed: Bools, involved: Ints, stopping: Stopping, end: float) -> Bools | None:
    """Some of the ``allowed`` limits that cannot hold together; None when they can, or time is up."""
    priced = _priced(sides, allowed, involved, end)
    if priced is not None:
        return priced
    firm: Bools = allowed & np.array([lever.family in {"must_include", SIGNED} for lever in sides.levers], dtype=bool)
    firm[involved] |= allowed[involved]
    while (left := end - monotonic()) > 0.05:
        if _possible(sides, firm, left) is False:
            return firm
        # Everything outside may give way, at whatever its price; what is not allowed is gone.
        kept = np.flatnonzero(np.append(allowed, True)[sides.lever])
        some = replace(sides, rows=sides.rows[kept], lower=sides.lower[kept], upper=sides.upper[kept], lever=sides.lever[kept])
        way = relax(some, ~firm, replace(stopping, time_limit=min(left, stopping.time_limit), gap=0.05))
        if way.values is None:
            return allowed.copy() if way.impossible else None
        broken = (way.broken > 0) & allowed
        if not (broken & ~firm).any():
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
    core = allowed & np.isin(np.arange(len(allowed)), lever[np.abs(duals) > 1e-9])
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
