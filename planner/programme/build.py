"""``Programme``: the sparse matrix of one case, which knows the limit that each row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.case.case import Case, Floats, Ints
from planner.case.eligibility import Eligibility
from planner.layout import Layout, Rows, choices_of, column_names
from planner.limits import FAMILIES
from planner.limits.family import Family
from planner.solvers.protocol import Bools, Matrix, Periods
from planner.terms.registry import terms_of
from planner.terms.term import TermVector


@dataclass(frozen=True, eq=False)
class Level:
    """One objective to be maximised: c·x + offset; ``tolerance`` is what the next level may give up of it, relatively."""

    objective: Floats
    offset: float
    tolerance: float


@dataclass(frozen=True, eq=False)
class Programme:
    """The programme of a case: its columns, its rows family by family, its objective term by term."""

    case: Case
    eligible: Eligibility
    layout: Layout
    families: tuple[Family, ...]
    rows: tuple[Rows, ...]
    """Rows of each of ``families``, in the same order."""
    terms: tuple[TermVector, ...]
    levels: tuple[Level, ...]
    """One for ``mode: weighted``."""
    matrix: Matrix
    """For the first level; without names."""

    @cached_property
    def family_of_row(self) -> Ints:
        """Position in ``families`` of each row of the matrix."""
        return np.repeat(np.arange(len(self.rows)), [part.size for part in self.rows])

    @cached_property
    def hard_rows(self) -> Bools:
        """Which rows of the matrix have no price."""
        hard = [family.hard(self.case, part) for family, part in zip(self.families, self.rows, strict=True) if part.size]
        return np.concatenate([np.zeros(0, dtype=bool), *hard])

    @cached_property
    def business_rows(self) -> Bools:
        """Which rows of the matrix are rules that somebody made."""
        return np.array([family.business for family in self.families], dtype=bool)[self.family_of_row]

    def row(self, number: int) -> tuple[Family, Rows, int]:
        """The family of a row of the matrix, the family's rows, and which of them it is."""
        family = int(self.family_of_row[number])
        first = sum(part.size for part in self.rows[:family])
        return self.families[family], self.rows[family], number - first

    def named(self) -> Matrix:
        """The matrix with ASCII names (R4), for export."""
        families = zip(self.families, self.rows, strict=True)
        names = tuple(f"{family.name}_{row}" for family, part in families for row in range(part.size))
        return replace(self.matrix, row_names=names, column_names=column_names(self.layout))


def build(case: Case, eligible: Eligibility, families: Sequence[Family] = FAMILIES) -> Programme:
    """The whole programme. ``families`` may leave some out: for tests of each, and for explanations."""
    made = choices_of(case, eligible)
    # The columns are all there, whichever families have rows.
    blocks = tuple(block for family in FAMILIES for block in family.columns(case, made))
    layout = Layout(made.candidate, made.park, made.quarter, made.timed, made.rules, blocks)
    rows = tuple(family.rows(case, layout) for family in families)
    terms = terms_of(case, layout)
    levels = _levels(case, layout, terms)
    filled = [part.matrix for part in rows if part.size]
    matrix = Matrix(
        objective=levels[0].objective,
        offset=levels[0].offset,
        rows=csr_array(vstack(filled, format="csr")) if filled else csr_array((0, layout.columns)),
        row_lower=np.concatenate([np.zeros(0), *(part.lower for part in rows)]),
        row_upper=np.concatenate([np.zeros(0), *(part.upper for part in rows)]),
        lower=np.zeros(layout.columns),
        upper=np.concatenate([np.ones(layout.choices), *(block.upper for block in blocks)]),
        integer=np.concatenate([np.ones(layout.choices, dtype=bool), *(np.full(block.size, block.whole) for block in blocks)]),
        periods=_periods(case, layout, families, rows),
    )
    return Programme(case, eligible, layout, tuple(families), rows, terms, levels, matrix)


def _periods(case: Case, layout: Layout, families: Sequence[Family], rows: Sequence[Rows]) -> Periods:
    """Columns that differ in their quarter alone, and rows that limit the same thing in each quarter."""
    pair = layout.candidate * (int(layout.park.max(initial=0)) + 2) + layout.park + 1
    _, group = np.unique(pair, return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    alone = layout.columns - layout.choices
    scheduled = np.isin(layout.candidate, layout.candidate[layout.park < 0])
    relaxed = np.zeros(groups + alone, dtype=bool)
    relaxed[group[scheduled & (layout.park >= 0)]] = True
    # The chain of each column's candidate or link; −1 for columns that belong to none.
    of_link, of_candidate = (frame["chain"].to_numpy(np.int64) for frame in (case.links, case.candidates))
    chains = [of_link[block.about["link"]] if "link" in block.about else np.full(block.size, -1) for block in layout.blocks]
    numbers, count = [np.zeros(0, dtype=np.int64)], 0
    for family, part in zip(families, rows, strict=True):
        subject = part.about.get(family.each_quarter) if family.each_quarter is not None else None
        numbered = np.full(part.size, -1, dtype=np.int64)
        if subject is not None:
            numbered = np.unique(subject, return_inverse=True)[1] + count
            count = int(numbered.max(initial=count - 1)) + 1
        numbers.append(numbered)
    return Periods(
        column=np.concatenate([group, groups + np.arange(alone)]).astype(np.int64),
        row=np.concatenate(numbers).astype(np.int64),
        block=np.concatenate([layout.candidate, np.full(alone, -1)]).astype(np.int64),
        relaxed=relaxed,
        cluster=np.concatenate([of_candidate[layout.candidate], *chains]),
        period=np.concatenate([layout.quarter, np.full(alone, -1)]).astype(np.int64),
    )


def _levels(case: Case, layout: Layout, terms: tuple[TermVector, ...]) -> tuple[Level, ...]:
    """Weighted sums of the terms; what the declared columns cost belongs to the first."""
    objective = case.settings.objective
    asked = [(level.weights, level.tolerance) for level in objective.levels] or [(objective.weights, 0.0)]
    levels = []
    for position, (weights, tolerance) in enumerate(asked):
        vector, offset = -layout.prices if position == 0 else np.zeros(layout.columns), 0.0
        for term in terms:
            weight = weights.get(term.name, 0.0) / term.normaliser
            vector = vector + weight * term.coefficients
            offset += weight * term.constant
        levels.append(Level(vector, offset, tolerance))
    return tuple(levels)
