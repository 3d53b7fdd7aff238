r"""What a plan changes of an earlier one, the reference: projects that leave or come, parks and quarters that differ.

With A the reference's projects (those that facts took away left out), :math:`a_i, q_i` their park and quarter there and
:math:`s_i = \sum_k y_{ik} = \sum_t z_{it}`:

.. math::
    \sum_{i\in A} (1 - s_i), \quad \sum_{i\notin A} s_i, \quad \sum_{i\in A} (s_i - y_{i a_i}), \quad \sum_{i\in A} (s_i - z_{i q_i}).

As terms of the objective they are prices in its own unit, as ceilings they are caps; nothing divides them. Without a reference
nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.case.accounts import Accounts, Chosen
from planner.case.case import Case, Floats, Ints, Reference
from planner.language import Words
from planner.layout import Layout
from planner.terms.term import Term

KINDS: Mapping[str, Words] = {
    "dropped": Words("退出的项目", "projects dropped"),
    "added": Words("新增的项目", "projects added"),
    "park_moves": Words("换园区的项目", "projects in another park"),
    "quarter_moves": Words("换季度的项目", "projects in another quarter"),
}
"""Kinds of changes, in the order in which outputs have them."""


def change_vector(layout: Layout, reference: Reference, kind: str) -> tuple[Ints, Floats, float]:
    """(choice columns, coefficient of each, constant) of the count of one kind of change. The fallen do not count."""
    standing = reference.standing
    at = np.full(int(max(layout.candidate.max(initial=-1), standing.candidate.max(initial=-1))) + 1, -1)
    at[standing.candidate] = np.arange(len(standing.candidate))
    place = at[layout.candidate]
    own = place >= 0
    placed = layout.park >= 0
    if kind == "dropped":
        columns = np.flatnonzero(placed & own)
        return columns, -np.ones(len(columns)), float(len(standing.candidate))
    if kind == "added":
        columns = np.flatnonzero(placed & ~own)
        return columns, np.ones(len(columns)), 0.0
    wanted, actual = (standing.park, layout.park) if kind == "park_moves" else (standing.quarter, layout.quarter)
    kept = own & (actual >= 0)
    kept[kept] = actual[kept] == wanted[place[kept]]
    values = (placed & own).astype(float) - kept
    columns = np.flatnonzero(values)
    return columns, values[columns], 0.0


@dataclass(frozen=True)
class Changes(Term):
    """Changes of some kinds, counted."""

    kinds: tuple[str, ...] = ()

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        if case.reference is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0), 0.0
        values, constant = np.zeros(layout.choices), 0.0
        for kind in self.kinds:
            columns, figures, offset = change_vector(layout, case.reference, kind)
            values[columns] += figures
            constant += offset
        columns = np.flatnonzero(values)
        return columns, values[columns], constant

    def normaliser(self, case: Case) -> float:
        return 1.0

    def offered(self, case: Case) -> float:
        return 1.0

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        """A project that stays has what its leaving would have cost as its part."""
        choice, shares = accounts.choice, np.zeros(len(accounts.choice.candidate))
        if case.reference is None:
            return shares
        old = case.reference.standing
        at = np.full(len(case.candidates), -1)
        at[old.candidate] = np.arange(len(old.candidate))
        place = at[choice.candidate]
        own = place >= 0
        figures = {
            "dropped": np.where(own, -1.0, 0.0),
            "added": np.where(own, 0.0, 1.0),
            "park_moves": np.where(own & (np.append(old.park, -1)[place] != choice.park), 1.0, 0.0),
            "quarter_moves": np.where(own & (np.append(old.quarter, -1)[place] != choice.quarter), 1.0, 0.0),
        }
        return np.asarray(sum((figures[kind] for kind in self.kinds), shares))

    def parts(self, chosen: Chosen) -> list[float]:
        """One for each change, from the reference's places one by one."""
        old = chosen.case.reference
        if old is None:
            return []
        now = {row["position"]: (row["park"], row["quarter"]) for row in chosen.rows}
        listed = zip(old.candidate.tolist(), old.park.tolist(), old.quarter.tolist(), old.fallen.tolist(), strict=True)
        then = {candidate: (park, quarter) for candidate, park, quarter, fallen in listed if not fallen}
        both = [(then[candidate], now[candidate]) for candidate in then if candidate in now]
        counted = {
            "dropped": sum(candidate not in now for candidate in then),
            "added": sum(candidate not in then for candidate in now),
            "park_moves": sum(was[0] != stands[0] for was, stands in both),
            "quarter_moves": sum(was[1] != stands[1] for was, stands in both),
        }
        return [float(counted[kind]) for kind in self.kinds]


CHANGE_TERMS: tuple[Changes, ...] = (
    *(Changes(kind, words, "个", cost=True, kinds=(kind,)) for kind, words in KINDS.items()),
    Changes("changes", Words("全部变动", "changes in all"), "个", cost=True, kinds=tuple(KINDS)),
)
COUNTED = tuple(term.name for term in CHANGE_TERMS)
"""Names of the terms that count changes."""
