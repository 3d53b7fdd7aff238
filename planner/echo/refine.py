r"""What all other limits together leave of the least and the most of sums: the linear relaxation of the whole programme, where it is cheap.

For each sum :math:`v^\top x` of a hard rule, of a soft one, or of an objective term with a floor or ceiling, over the relaxation
:math:`P` of all hard limits less the sum's own,

.. math:: \min_{x\in P} v^\top x \;\le\; v^\top x \;\le\; \max_{x\in P} v^\top x ,

as far as row duals prove it (:mod:`planner.solvers.bounds.maxima`). Own rows are left out, or every rule would seem to hold always.
Ratios keep what is known of them: in most plans a relaxation may take a sliver of the best project alone, and would say no more.
What is cheap is counted, in columns, nonzeros and iterations × nonzeros, so that every machine says the same (R8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from planner.case.case import Bools, Floats, Ints
from planner.echo.reach import MOST_GROUPS, Reached, in_steps
from planner.echo.words import joined
from planner.language import Words
from planner.limits.family import HIGH, LOW
from planner.programme.build import Programme, build
from planner.solvers.bounds.maxima import Maxima

MOST_COLUMNS = 60_000
MOST_NONZEROS = 500_000
"""Rules whose rows would make more of them are left out, those with most first: what is left is a relaxation too."""
WORK = 2e9
"""Iterations × nonzeros, about two seconds."""
SHOWN = 4
"""Limits of a contradiction that a sentence names."""


@dataclass(frozen=True, eq=False)
class Refined:
    """What is known when all limits were looked at together."""

    reached: tuple[Reached, ...]
    contradiction: Words
    """Limits that no plan keeps together, not even one that splits projects, proved; empty where nothing is."""


_KNOWN: WeakKeyDictionary[Programme, Refined] = WeakKeyDictionary()
"""A run asks twice: before the solve, and for its plan."""


def refined(programme: Programme, sums: Sequence[Reached]) -> Refined:
    """The sums, ratios among them, of all rules and bounded terms of a programme, within its other limits."""
    if programme not in _KNOWN:
        _KNOWN[programme] = _refined(programme, sums)
    return _KNOWN[programme]


def _refined(programme: Programme, sums: Sequence[Reached]) -> Refined:
    as_they_are = Refined(tuple(sums), Words("", ""))
    columns, rules = programme.layout.columns, programme.layout.rules
    if not sums or columns > MOST_COLUMNS or columns * (1 + len(rules)) > 20 * MOST_NONZEROS:
        return as_they_are
    whole = programme if programme.rows else build(programme.case, programme.eligible)
    rows = _rows(whole)
    matrix = whole.matrix.part(rows=rows)
    idle = np.isinf(matrix.upper)  # slacks of soft rules, whose rows are no limits
    matrix = replace(matrix, upper=np.where(idle, 0.0, matrix.upper))
    if matrix.rows.nnz > MOST_NONZEROS or idle[matrix.rows.indices].any():
        return as_they_are
    maxima = Maxima(matrix, WORK)
    found = list(sums)
    for at in sorted(range(len(sums)), key=lambda at: int(sums[at].asked.sum())):
        if sums[at].rows is not None and 0 < sums[at].asked.sum() <= MOST_GROUPS:
            found[at] = _within(whole, maxima, sums[at], np.flatnonzero(_own(whole, sums[at])[rows]))
    return Refined(tuple(found), _contradiction(whole, rows, maxima.contradiction))


def _rows(programme: Programme) -> Ints:
    """The hard rows, less those of the rules with most nonzeros where all would be too many; those that say what a choice is worth
    only where a term is bounded."""
    limits = programme.hard_rows
    if not programme.case.settings.objective.bounded_terms:
        limits = limits & ~np.array([family.worth_only for family in programme.families], dtype=bool)[programme.family_of_row]
    rule = np.concatenate([np.zeros(0, np.int64), *(part.about.get("rule", np.full(part.size, -1)) for part in programme.rows)])
    size = np.diff(programme.matrix.rows.indptr) * limits
    each = np.bincount(rule[rule >= 0], size[rule >= 0], len(programme.layout.rules))
    order = np.argsort(each, kind="stable")
    fits = np.zeros(len(each) + 1, dtype=bool)  # the last: rows of no rule
    fits[order], fits[-1] = size[rule < 0].sum() + np.cumsum(each[order]) <= MOST_NONZEROS, True
    return np.flatnonzero(limits & fits[rule])


def _own(programme: Programme, one: Reached) -> Bools:
    """The rows of the matrix by which the sum itself is bounded."""
    assert one.rows is not None
    name, kind, position = one.rows
    held = [
        part.about[kind] == position if family.name == name and part.size else np.zeros(part.size, dtype=bool)
        for family, part in zip(programme.families, programme.rows, strict=True)
    ]
    return np.concatenate([np.zeros(0, dtype=bool), *held])


def _within(programme: Programme, maxima: Maxima, one: Reached, own: Ints) -> Reached:
    """A sum within the other limits."""
    group, column, value = one.entries
    ends = one.least.copy(), one.most.copy()
    with maxima.without(own):
        for at in np.flatnonzero(one.asked & (one.least < one.most)).tolist():
            mine: Floats = np.zeros(programme.layout.columns)
            np.add.at(mine, column[group == at], value[group == at])
            ends[1][at] = maxima.most(mine, float(one.most[at]))
            ends[0][at] = -maxima.most(-mine, -float(one.least[at]))
    return one.narrowed(*in_steps(programme, one.entries, *ends))


def _contradiction(programme: Programme, rows: Ints, duals: Floats | None) -> Words:
    """The limits whose rows prove that there is no plan, each as it stands."""
    if duals is None:
        return Words("", "")
    said: dict[Words, None] = {}
    for at in np.flatnonzero(duals):
        family, part, number = programme.row(int(rows[at]))
        if family.business:
            about = {kind: values[[number]] for kind, values in part.about.items()}
            key = family.keys(programme.case, about, HIGH if duals[at] > 0 else LOW)[0]
            said[family.lever_words(programme.case, tuple(int(part) for part in key))] = None
    if not said:
        return Words("", "")
    named, more = joined(list(said)[:SHOWN], Words("；", "; ")), len(said) - SHOWN
    tail = Words(f" 等 {len(said)} 条", f" and {more} more") if more > 0 else Words("", "")
    return Words(
        f"{named.zh}{tail.zh}：没有一个计划都做得到，项目可以拆开也不行",
        f"{named.en}{tail.en}: no plan keeps them all, not even one that could split projects",
    )
