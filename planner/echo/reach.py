r"""The least and the most that a sum over selected projects can come to, from above and below: never narrower than what a plan can do.

A project is selected once, in one of its versions, or not at all unless it is locked; so with :math:`v_{ij}` what a choice :math:`j` of
version :math:`i` adds,

.. math:: \sum_p \min(0, \min_{i\in p, j} v_{ij}) \le \sum v x \le \sum_p \max(0, \max_{i\in p, j} v_{ij}),

without the 0 for a locked project. The upper end is also held against the money, the effort and the resources of the whole region by the
fractional knapsack (:mod:`planner.echo.carry`); both ends then against all other limits together (:mod:`planner.echo.refine`). A ratio :math:`V/W` of sums is between the least and greatest :math:`v/w` of single
projects (the mediant), and a share between what locked projects leave open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from planner.case.case import Bools, Case, Floats, Ints
from planner.echo.carry import carrying
from planner.limits.rules import Entries
from planner.programme.build import Programme
from planner.solvers.lp import decimal_steps
from planner.tolerances import rounding

MOST_GROUPS = 60
"""Groups of one rule for which the means of the region are asked too; in more, sums alone."""


@dataclass(frozen=True, eq=False)
class Reached:
    """What a sum, or a ratio of sums, can come to in each of G groups, and what it touches."""

    least: Floats
    most: Floats
    entries: Entries
    sure: Bools
    """Groups that hold something in every plan, shape (G,): a ratio of nothing to nothing keeps every bound. All, for no ratio."""
    asked: Bools
    """Groups of which the ends matter, shape (G,)."""
    rows: tuple[str, str, int] | None = None
    """Its own rows, for a sum: their family, and a position in what they speak of. None: a ratio."""
    alone: tuple[Floats, Floats] | None = None
    """(least, most) before the other limits were asked; None: they were not."""

    def narrowed(self, least: Floats, most: Floats) -> Reached:
        """With what the other limits leave of it."""
        return replace(self, least=least, most=most, alone=(self.least, self.most))

    @property
    def by_itself(self) -> Reached:
        """As it is without the other limits."""
        return self if self.alone is None else replace(self, least=self.alone[0], most=self.alone[1], alone=None)


@dataclass(frozen=True, eq=False)
class Contributions:
    """What each candidate adds to each of G groups: E entries."""

    group: Ints
    candidate: Ints
    low: Floats
    """At the least over its choices, 0 where a choice adds nothing."""
    high: Floats
    groups: int

    def of(self, group: int) -> Contributions:
        """Those to one group."""
        at = self.group == group
        return Contributions(np.zeros(int(at.sum()), np.int64), self.candidate[at], self.low[at], self.high[at], 1)


_LOCKED: WeakKeyDictionary[Case, Bools] = WeakKeyDictionary()


def locked_candidates(case: Case) -> Bools:
    """Who must come, shape (I,); asked for each group of each rule."""
    if case not in _LOCKED:
        _LOCKED[case] = (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)
    return _LOCKED[case]


def contributions(programme: Programme, entries: Entries, groups: int, counted_only: bool = False) -> Contributions:
    """What candidates add, from coefficients of choice columns: of a candidate's placements exactly one is chosen, of its schedules
    exactly one; a sum speaks of the one or the other. ``counted_only``: by the choices that count, not 0 by those that do not."""
    layout = programme.layout
    group, column, value = entries
    size = len(programme.case.candidates)
    key = group * size + layout.candidate[column]
    known, entry = np.unique(key, return_inverse=True)
    low, high = np.full(len(known), np.inf), np.full(len(known), -np.inf)
    np.minimum.at(low, entry, value)
    np.maximum.at(high, entry, value)
    candidate = known % size if len(known) else known
    by_quarter = np.zeros(len(known), dtype=bool)
    by_quarter[entry[layout.park[column] < 0]] = True
    placed = np.bincount(layout.candidate[layout.placements], minlength=size)
    timed = np.bincount(layout.candidate[layout.schedules], minlength=size)
    ways = np.where(by_quarter, timed[candidate], placed[candidate])
    # Where not every choice of a candidate counts, one that does not adds nothing.
    some = (np.bincount(entry, minlength=len(known)) < ways) & (not counted_only)
    low, high = np.where(some, np.minimum(low, 0.0), low), np.where(some, np.maximum(high, 0.0), high)
    return Contributions(known // max(size, 1), candidate, low, high, groups)


def reach(programme: Programme, each: Contributions) -> tuple[Floats, Floats]:
    """(least, most) of each group, shape (G,)."""
    case = programme.case
    locked = locked_candidates(case)
    locked_project = np.zeros(case.projects, dtype=bool)
    locked_project[case.project_of[locked]] = True
    project = case.project_of[each.candidate]
    mine = locked[each.candidate]
    # A version of a locked project that is not the locked one never comes.
    counted = mine | ~locked_project[project]
    key = each.group[counted] * max(case.projects, 1) + project[counted]
    known, entry = np.unique(key, return_inverse=True)
    low, high = np.full(len(known), np.inf), np.full(len(known), -np.inf)
    np.minimum.at(low, entry, each.low[counted])
    np.maximum.at(high, entry, each.high[counted])
    free = ~locked_project[known % max(case.projects, 1)] if len(known) else np.zeros(0, dtype=bool)
    low, high = np.where(free, np.minimum(low, 0.0), low), np.where(free, np.maximum(high, 0.0), high)
    group = known // max(case.projects, 1)
    least: Floats = np.bincount(group, low, each.groups).astype(float)
    most: Floats = np.bincount(group, high, each.groups).astype(float)
    return least, most


def in_steps(programme: Programme, entries: Entries, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """The ends, each moved inwards to what a sum of whole projects can be: a multiple of the step 10⁻ᵈ that all coefficients of a
    group are multiples of."""
    group, column, value = entries
    step = decimal_steps(group, value, len(least))
    step[group[~programme.matrix.integer[column]]] = np.inf

    def moved(ends: Floats) -> Floats:
        """Downwards."""
        doubt = rounding(np.maximum(np.abs(ends), 1.0))
        per = np.rint(1.0 / step)  # exact, as the step is not
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = np.floor((ends + doubt) * per) / per
        return np.where(np.isfinite(step) & np.isfinite(ends) & (inside <= ends + doubt), inside, ends)

    return 0.0 - moved(-least), moved(most)  # 0 has no sign


def within_means(programme: Programme, each: Contributions, most: Floats, parks_of: Callable[[int], Bools] | None = None) -> Floats:
    """``most`` of each group, cut down to what money, effort and resources carry: those of the whole region, or of the parks in which
    alone a group counts."""
    if each.groups > MOST_GROUPS:
        return most
    cut = most.copy()
    for group in range(each.groups):
        own = each.of(group)
        gives = own.high > 0
        below = float(np.minimum(own.low, 0.0).sum())
        if gives.any() and below == 0.0:
            parks = None if parks_of is None else parks_of(group)
            carried = (amount for _, _, amount in carrying(programme, own.candidate[gives], own.high[gives], parks))
            cut[group] = min([float(most[group]), *carried])
    return cut


def share_reach(programme: Programme, part: Contributions, whole: Contributions, shared: bool) -> tuple[Floats, Floats]:
    """(least, most) of the share of ``part`` in ``whole``, both not negative, where a plan selects anything of the whole."""
    part_low, part_high = reach(programme, part)
    whole_low, whole_high = reach(programme, whole)
    if shared:
        whole_low, whole_high = np.resize(whole_low, part.groups), np.resize(whole_high, part.groups)
    # What must come of the whole beside the part, and the most that can; a choice in the part is one of the whole.
    most = np.where(part_high > 0, 1.0, 0.0)
    beside_low = np.maximum(whole_low - part_high, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where((part_high > 0) & (beside_low > 0), part_high / (part_high + beside_low), most)
        beside_high = np.maximum(whole_high - part_low, 0.0)
        least = np.where(part_low > 0, part_low / (part_low + beside_high), 0.0)
    return least, most


def mean_reach(upper: Contributions, lower: Contributions) -> tuple[Floats, Floats]:
    """(least, most) of the ratio of two sums over the same projects: those of single projects."""
    least, most = np.full(upper.groups, np.inf), np.full(upper.groups, -np.inf)
    size = int(max(upper.candidate.max(initial=-1), lower.candidate.max(initial=-1))) + 1
    of_lower = {key: at for at, key in enumerate((lower.group * size + lower.candidate).tolist())}
    for at, key in enumerate((upper.group * size + upper.candidate).tolist()):
        other = of_lower.get(key)
        low, high = (0.0, 0.0) if other is None else (float(lower.low[other]), float(lower.high[other]))
        group = int(upper.group[at])
        with np.errstate(divide="ignore", invalid="ignore"):
            values = [upper.low[at], upper.high[at]]
            ratios = [value / base for value in values for base in (low, high) if base > 0]
        if low <= 0 and upper.high[at] > 0:
            ratios.append(np.inf)
        if low <= 0 and upper.low[at] < 0:
            ratios.append(-np.inf)
        if ratios:
            least[group], most[group] = min(least[group], *ratios), max(most[group], *ratios)
    nothing = least > most
    return np.where(nothing, 0.0, least), np.where(nothing, 0.0, most)
