r"""The second stage of a solve that has a reference: among plans as good as the best that was found, the one that changes least.

Of plans worth at least :math:`v^* - \tau` (every level of priorities kept), minimise

.. math::
    \sum_{i\in A} p_d (1 - s_i) + \sum_{i\notin A} p_a s_i + \sum_{i\in A} p_k (s_i - y_{i a_i}) + \sum_{i\in A} p_q (s_i - z_{i q_i}),

A, :math:`a_i, q_i` being the reference's projects with their park and quarter (:mod:`planner.terms.changes`). :math:`\tau` is 0 where
the plan is proved the best, otherwise what the limit of the gap leaves open, or what the settings say.

First the model of the plan's own columns and those of the reference as it was is solved: what of the change was needed at all? Then
more of the reference's columns are set free and, where the model is small enough, all columns: that solve proves the least.
Among plans with equally few changes the tie is broken by what the firms are, never by rows or names.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import ceil, floor, gcd, isfinite, lcm
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from planner.case.case import Case, Reference
from planner.layout import Layout
from planner.plan.model import Plan
from planner.plan.reference.records import ChangeCounts, Nearness
from planner.plan.stored import Earlier, places_of
from planner.programme.build import Programme
from planner.settings.questions import Nearness as Wanted
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Progress, Solution, Stopping, Termination, relative_gap
from planner.solvers.registry import solve_as_tree
from planner.terms.changes import KINDS, change_vector

FULL = 3_000_000
"""Nonzeros of a model up to which all columns are searched, and the least is proved."""
EXACT = 1e-9
"""Relative room of a kept value against rounding."""
KEPT_SIZE = 1_000.0
"""What the kept value is in its row: a library's tolerance on rows, 1e-6, is then a billionth of it."""
TIE = 0.4
"""Of the smallest difference of two sums of changes: what all tie-breaks together come to at most."""
LEAST_SECONDS = 0.2
BRIEF, BRIEF_LEAST = 0.1, 1.0
"""Of the seconds of the first stage, and seconds at the least, for a second stage that is to be brief: the demo's questions found their
nearest plan in one second, and nothing more in eight."""
NEAR_SHARE = 0.7
"""Share of the time for the plan's own columns and the reference's, at the most: where they are not searched to the end in that, all
columns would find nothing better in the rest (a prefecture: 49 changes left of 93; with 0.3 of the time all 93)."""


@dataclass(frozen=True, eq=False)
class Near:
    """What a solve is to stay near to. ``plan`` None: the plan it begins from; ``folder``: of its run, if it is of one; ``sought`` False: nothing is looked for.

    ``firms_first``: which firms come counts before where and when they do, whatever the settings' prices are. ``brief``: in
    proportion to the solve, for questions whose answer is about something else: the firms of both plans, wherever and whenever, before
    all others.
    """

    plan: Plan | None = None
    folder: Path | None = None
    sought: bool = True
    firms_first: bool = False
    brief: bool = False

    def limits(self, most: Stopping, seconds: float) -> Stopping:
        """Those of a second stage that may have ``most``, after a first one of so many ``seconds``. Where work is counted no clock may
        have a say (R8)."""
        if not self.brief or most.work is not None:
            return most
        return replace(most, time_limit=min(most.time_limit, max(BRIEF_LEAST, BRIEF * seconds)))

    def prices(self, wanted: Wanted, projects: int) -> dict[str, float]:
        """What a change of each kind counts, in a plan of about so many ``projects``."""
        if not self.firms_first:
            return wanted.prices
        moves = 2.0 * projects + 1.0  # more than all that stay can move
        return {"dropped": moves, "added": moves, "park_moves": 1.0, "quarter_moves": 1.0}


@dataclass(frozen=True, eq=False)
class Distance:
    """Changes as a linear function of the columns: ``costs``·x + ``constant``."""

    costs: Floats
    constant: float

    def of(self, values: Floats) -> float:
        """Of a point."""
        return float(self.costs @ values) + self.constant


def distance(layout: Layout, reference: Reference, prices: Mapping[str, float]) -> Distance:
    """Changes against a reference, each kind at its price."""
    costs, constant = np.zeros(layout.columns), 0.0
    for kind, price in prices.items():
        columns, values, offset = change_vector(layout, reference, kind)
        costs[columns] += price * values
        constant += price * offset
    return Distance(costs, constant)


def counts(layout: Layout, reference: Reference, values: Floats) -> ChangeCounts:
    """How many changes of each kind a point has."""
    kinds = {kind: round(distance(layout, reference, {kind: 1.0}).of(values)) for kind in KINDS}
    return ChangeCounts(fallen=len(reference.gone) + int(reference.fallen.sum()), **kinds)


def unchangeable(layout: Layout, reference: Reference, prices: Mapping[str, float]) -> float:
    """What no plan avoids: each project of the reference at the cheapest of all that is open to it by itself."""
    standing = reference.standing
    size = int(max(layout.candidate.max(initial=-1), standing.candidate.max(initial=-1))) + 1
    least = {}
    for name, position, wanted in (("park_moves", layout.park, standing.park), ("quarter_moves", layout.quarter, standing.quarter)):
        target = np.full(size, -2)
        target[standing.candidate] = wanted
        as_it_was = np.zeros(size, dtype=bool)
        as_it_was[layout.candidate[(position == target[layout.candidate]) & (position >= 0)]] = True
        least[name] = np.where(as_it_was[standing.candidate], 0.0, prices[name])
    possible = np.isin(standing.candidate, layout.candidate)
    stays = np.where(possible, least["park_moves"] + least["quarter_moves"], np.inf)
    return float(np.minimum(stays, prices["dropped"]).sum())


def grain(prices: Mapping[str, float]) -> float:
    """What two different sums of changes differ by at least; 0 where all prices are."""
    parts = [Fraction(repr(price)) for price in prices.values() if price > 0]
    if not parts:
        return 0.0
    below = lcm(*(part.denominator for part in parts))
    return gcd(*(int(part * below) for part in parts)) / below


def room(programme: Programme, solution: Solution, wanted: Wanted, gap: float, value: float) -> float:
    """τ: what may be given up of the value. Levels of priorities give up nothing."""
    if len(programme.levels) > 1:
        return 0.0
    ended = solution.termination
    size = abs(value - ended.reference)
    if wanted.tolerance is not None:
        return wanted.tolerance * size
    if ended.bound is None or ended.reason == "optimal":
        return 0.0
    if (relative_gap(value, ended.bound, ended.reference) or 0.0) <= gap:  # down to where the gap is the limit itself
        return max(value - ended.reference - (ended.bound - ended.reference) / (1.0 + gap), 0.0)
    return min(ended.bound - value, gap * size)


@dataclass(frozen=True, eq=False)
class Nearest:
    """The outcome of the second stage: a solution as good as the first stage's, and what is to be said of it."""

    values: Floats
    value: float
    """By the last level."""
    record: Nearness

    def concluded(self, solution: Solution, ends: tuple[Termination, ...]) -> tuple[Solution, tuple[Termination, ...]]:
        """The first stage's solution and the ends of its levels, with these values."""
        ended = replace(solution.termination, value=self.value)
        last = [replace(end, value=self.value) for end in ends[-1:]]
        return replace(solution, values=self.values, termination=ended), (*ends[:-1], *last)


def nearest_plan(
    programme: Programme, solution: Solution, earlier: Earlier, near: Near, stopping: Stopping, gap: float, listen: Listener
) -> Nearest:
    """The point of the second stage, no worse than ``solution`` by more than τ.

    Args:
        earlier: the reference; ``near`` says by which prices it is kept.
        stopping: the second stage's own share of time and work.
        gap: that the first stage was to reach.
        listen: hears of it in the phase ``nearness``, with the cost of the changes as a negative value.
    """
    assert solution.values is not None
    wanted, began = programme.case.settings.nearness, time.monotonic()
    layout, reference = programme.layout, places_of(programme.case, earlier.plan)
    prices = near.prices(wanted, len(reference.candidate))
    value, first = value_of(programme.matrix, solution.values), solution.values
    tolerance = room(programme, solution, wanted, gap, value)
    costs, step = distance(layout, reference, prices), grain(prices)
    best, least = first, min(unchangeable(layout, reference, prices), costs.of(first))
    search = _Search(programme, reference, costs, step, _kept(programme, first, tolerance), stopping, listen, began, near.brief)
    for columns, share in search.models(first) if step else []:
        if costs.of(best) < step / 2 or (columns is not None and costs.of(best) <= least + step / 2):
            break
        best, bound = search.solved(columns, share, best)
        least = max(least, bound)
        if search.interrupted:
            break
    cost, lost = costs.of(best), value - value_of(programme.matrix, best)
    record = Nearness(
        run=earlier.run,
        sha256=earlier.sha256,
        prices=prices,
        tolerance=tolerance,
        given_up=lost if lost > 10.0 * EXACT * abs(value) else 0.0,
        changes=counts(layout, reference, best),
        before=counts(layout, reference, first),
        cost=cost,
        least=min(least, cost),
        proved=cost <= least + step / 2,
    )
    last = programme.levels[-1]
    return Nearest(best, float(last.objective @ best) + last.offset, record)


def _kept(programme: Programme, values: Floats, tolerance: float) -> Matrix:
    """The programme whose solutions are worth what ``values`` is at every level, but for τ."""
    matrix, rows, floors = programme.matrix, [], []
    for level in programme.levels:
        worth = float(level.objective @ values)
        whole = worth + level.offset
        size = max(abs(whole), 1e-12) if whole else max(float(np.abs(level.objective).max(initial=0.0)), 1e-12)
        scale = KEPT_SIZE / size
        rows.append(level.objective * scale)
        floors.append((worth - tolerance - EXACT * abs(whole)) * scale)
    return matrix.with_rows(csr_array(np.array(rows)), np.array(floors), np.full(len(floors), np.inf))


@dataclass(eq=False)
class _Search:
    """The models of a second stage, one after the other."""

    programme: Programme
    reference: Reference
    distance: Distance
    step: float
    kept: Matrix
    stopping: Stopping
    listen: Listener
    began: float
    brief: bool
    interrupted: bool = False
    spent: int = 0
    late: float = 0.0
    """Seconds that a model took beyond its limit, to begin and to end: the next is given so much less."""

    def models(self, first: Floats) -> list[tuple[Ints | None, float]]:
        """(columns, None for all; share of the time that is left) of each model."""
        layout, reference = self.programme.layout, self.reference.standing
        choices = np.arange(layout.columns) >= layout.choices
        size = len(self.programme.case.candidates)
        park, quarter = np.full(size, -2), np.full(size, -2)
        park[reference.candidate], quarter[reference.candidate] = reference.park, reference.quarter
        same = ((layout.park < 0) | (layout.park == park[layout.candidate])) & (
            (layout.quarter < 0) | (layout.quarter == quarter[layout.candidate])
        )
        chosen = first[: layout.choices] > 0.5
        own = np.zeros(size, dtype=bool)
        own[layout.candidate[chosen]] = True
        own[reference.candidate] = True
        narrow, wide = choices.copy(), choices.copy()
        narrow[: layout.choices] = chosen | same
        wide[: layout.choices] = own[layout.candidate]
        full = self.kept.rows.nnz <= FULL
        models: list[tuple[Ints | None, float]] = [(np.flatnonzero(narrow), NEAR_SHARE)]
        models += [(np.flatnonzero(wide), NEAR_SHARE if full else 1.0)] if self.brief or not full else []
        return [*models, (None, 1.0)] if full else models

    def solved(self, columns: Ints | None, share: float, best: Floats) -> tuple[Floats, float]:
        """(the better of ``best`` and the model's plan, what no plan goes below: −inf for some columns alone)."""
        began = time.monotonic()
        left = self.stopping.time_limit - (began - self.began) - self.late
        work = None if self.stopping.work is None else max(int(share * (self.stopping.work - self.spent)), 1)
        if left < LEAST_SECONDS:
            return best, -np.inf
        costs, constant = self.distance.costs.copy(), self.distance.constant
        if columns is None:
            extra, more = self._ties(best)
            costs[: len(extra)] += extra
            constant += more
        model = replace(self.kept, objective=-costs, offset=-constant, reference=0.0)
        at = np.arange(len(costs)) if columns is None else columns
        model = model if columns is None else model.part(columns, known=True)
        seconds = share * left if work is None else left
        until = replace(self.stopping, time_limit=max(seconds, LEAST_SECONDS), gap=0.0, work=work)
        done = solve_as_tree(model, until, partial(self._hear, whole=columns is None), best[at])
        ended = done.termination
        self.spent += ended.work or 0
        self.late = max(self.late, time.monotonic() - began - until.time_limit)
        self.interrupted = ended.reason == "interrupted"
        bound = -np.inf
        if columns is None and ended.bound is not None:
            bound = self._least(ended.bound)
        if done.values is None:
            return best, bound
        values = np.zeros(len(costs))
        values[at] = done.values
        better = sound(self.programme.matrix, sound(self.kept, values))  # what only makes up for a row has its price again
        return (best if better is None or costs @ better > costs @ best else better), bound

    def _least(self, bound: float) -> float:
        """What changes count at the least by a bound of the model of all columns, tie-breaks taken off."""
        return ceil((-bound - TIE * self.step) / self.step - 1e-6) * self.step

    def _hear(self, progress: Progress, whole: bool) -> None:
        """The cost of the changes without tie-breaks; the bound of some columns says nothing of all plans."""
        cost, least = (figure if figure is not None and isfinite(figure) else None for figure in (progress.value, progress.bound))
        value = None if cost is None else -floor(-cost / self.step + 1e-6) * self.step
        bound = None if least is None or not whole else -max(self._least(least), 0.0)
        self.listen(Progress("nearness", time.monotonic() - self.began, value, bound))

    def _ties(self, best: Floats) -> tuple[Floats, float]:
        """(what each choice column costs besides, constant), so that of plans with equally few changes those firms stay, or come, that
        promise most. In plans with no more changes than ``best`` it never comes to one change, and it is never negative."""
        layout, rank = self.programme.layout, content_rank(self.programme.case)
        unit = TIE * self.step / max(self.distance.of(best) / self.step, 1.0) / len(rank)
        own = np.zeros(len(rank), dtype=bool)
        own[self.reference.standing.candidate] = True
        leaves = np.where(own, len(rank) - rank, 0) * unit
        each = np.where(own, -leaves, (rank + 1) * unit)
        return np.where(layout.park >= 0, each[layout.candidate], 0.0), float(leaves.sum())


def content_rank(case: Case) -> Ints:
    """Shape (I,): 0 for the firm that promises most: by landing probability, output, investment, and only then by id (R8)."""
    frame = case.candidates
    keys = [frame["candidate_id"].astype(str).to_numpy()]
    keys += [-np.nan_to_num(frame[name].to_numpy(float), nan=-np.inf) for name in ("investment", "output", "landing_probability")]
    rank = np.empty(len(frame), dtype=np.int64)
    rank[np.lexsort(keys)] = np.arange(len(frame))
    return rank
