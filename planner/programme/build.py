"""``Programme``: the sparse matrix of one case, with every row and column able to say what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.programme.blocks import Block, Family
from planner.programme.eligibility import Eligibility
from planner.programme.families import FAMILIES
from planner.programme.layout import Layout, layout
from planner.programme.matrix import Matrix, Periods
from planner.programme.terms import TermVector, penalty_vector, terms_of
from planner.tables.case import Case, Floats, Ints

ROOM = 1e-6
"""Share by which a bound that no plan needs to exceed is wider than that: the presolve of HiGHS 1.16 has lost optima that lie
on such a bound to the last digit, and proved others."""


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
    blocks: tuple[Block, ...]
    """Rows of each of ``families``, in the same order."""
    terms: tuple[TermVector, ...]
    levels: tuple[Level, ...]
    """One for ``mode: weighted``."""
    matrix: Matrix
    """For the first level; without names."""

    @cached_property
    def family_of_row(self) -> Ints:
        """Position in ``families`` of each row."""
        return np.repeat(np.arange(len(self.blocks)), [part.size for part in self.blocks])

    def named(self) -> Matrix:
        """The matrix with ASCII names (R4), for export."""
        names = []
        for family, part in zip(self.families, self.blocks, strict=True):
            names += [f"{family.name}_{row}" for row in range(part.size)]
        return replace(self.matrix, row_names=tuple(names), column_names=column_names(self.layout))


def build(case: Case, eligible: Eligibility, families: Sequence[Family] = FAMILIES) -> Programme:
    """The whole programme. ``families`` may leave some out: for tests of each, and for explanations."""
    columns = layout(case, eligible)
    blocks = tuple(family.build(case, columns) for family in families)
    terms = terms_of(case, columns)
    levels = _levels(case, columns, terms)
    filled = [part.rows for part in blocks if part.size]
    rows = csr_array(vstack(filled, format="csr")) if filled else csr_array((0, columns.columns))
    lower, upper, integer = _bounds(case, columns)
    matrix = Matrix(
        objective=levels[0].objective,
        offset=levels[0].offset,
        rows=rows,
        row_lower=np.concatenate([part.lower for part in blocks]) if blocks else np.zeros(0),
        row_upper=np.concatenate([part.upper for part in blocks]) if blocks else np.zeros(0),
        lower=lower,
        upper=upper,
        integer=integer,
        periods=_periods(case, columns, blocks),
    )
    return Programme(case, eligible, columns, tuple(families), blocks, terms, levels, matrix)


def _periods(case: Case, columns: Layout, blocks: Sequence[Block]) -> Periods:
    """Columns that differ in their quarter alone, and rows that limit the same thing in each quarter."""
    pair = columns.candidate * (int(columns.park.max(initial=0)) + 2) + columns.park + 1
    _, group = np.unique(pair, return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    alone = columns.columns - columns.choices
    scheduled = np.zeros(int(columns.candidate.max(initial=-1)) + 1, dtype=bool)
    scheduled[columns.candidate[columns.park < 0]] = True
    relaxed = np.zeros(groups + alone, dtype=bool)
    placed = columns.park >= 0
    relaxed[group[placed]] = scheduled[columns.candidate[placed]]
    rows, count = [], 0
    for part in blocks:
        numbers = np.full(part.size, -1, dtype=np.int64)
        subject = next((part.about[name] for name in ("team", "fund") if name in part.about), None)
        if subject is not None:
            _, numbers = np.unique(subject, return_inverse=True)
            numbers = numbers + count
            count = int(numbers.max(initial=count - 1)) + 1
        rows.append(numbers)
    return Periods(
        column=np.concatenate([group, groups + np.arange(alone)]).astype(np.int64),
        row=np.concatenate(rows).astype(np.int64) if rows else np.zeros(0, dtype=np.int64),
        block=np.concatenate([columns.candidate, np.full(alone, -1)]).astype(np.int64),
        relaxed=relaxed,
        cluster=_clusters(case, columns),
    )


def _clusters(case: Case, columns: Layout) -> Ints:
    """The chain of each column's candidate or link."""
    of_link = case.links["chain"].to_numpy(np.int64)
    links = [columns.short_links, columns.backup_links, columns.shared_link]
    slacks = np.full(columns.slack.stop - columns.slack.start, -1, dtype=np.int64)
    of_candidate = case.candidates["chain"].to_numpy(np.int64)[columns.candidate]
    return np.concatenate([of_candidate, *(of_link[one] for one in links), slacks])


def _levels(case: Case, columns: Layout, terms: tuple[TermVector, ...]) -> tuple[Level, ...]:
    """Weighted sums of the terms; penalties of soft rules belong to the first."""
    objective = case.settings.objective
    asked = [(level.weights, level.tolerance) for level in objective.levels] or [(objective.weights, 0.0)]
    levels = []
    for position, (weights, tolerance) in enumerate(asked):
        vector = -penalty_vector(columns) if position == 0 else np.zeros(columns.columns)
        offset = 0.0
        for term in terms:
            weight = weights.get(term.name, 0.0) / term.normaliser
            vector = vector + weight * term.coefficients
            offset += weight * term.constant
        levels.append(Level(vector, offset, tolerance))
    return tuple(levels)


def _bounds(case: Case, columns: Layout) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Choices, backups and firms are 0 or 1 (a firm's column needs no integrality: its rows make it so); the rest ≥ 0."""
    lower, upper = np.zeros(columns.columns), np.ones(columns.columns)
    integer = np.zeros(columns.columns, dtype=bool)
    integer[: columns.choices] = True
    integer[columns.backup] = True
    upper[columns.shortage] = _largest_shortage(case, columns)
    upper[columns.slack] = np.inf
    return lower, upper, integer


def _largest_shortage(case: Case, columns: Layout) -> Floats:
    """A finite upper bound of each shortage: today's, plus all the demand that candidates could bring."""
    frame = case.candidates
    link = frame["link"].to_numpy(np.int64)
    able = np.isin(np.arange(len(frame)), columns.candidate) & (link >= 0)
    output = np.bincount(link[able], frame["capacity"].to_numpy(float)[able], len(case.links))
    edges = case.edges
    drawn = output[edges["to_link"].to_numpy(np.int64)] * np.maximum(edges["coefficient"].to_numpy(float), 0)
    most = np.bincount(edges["from_link"].to_numpy(np.int64), drawn, len(case.links))
    gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)
    bound: Floats = np.maximum(gap + most, 0.0)[columns.short_links] * (1.0 + ROOM)
    return bound


def column_names(columns: Layout) -> tuple[str, ...]:
    """ASCII names: ``y_i_k`` placement, ``z_i_t`` schedule, ``x_i_k_t`` both; numbers are positions in the sorted tables."""
    names = []
    for i, k, t in zip(columns.candidate.tolist(), columns.park.tolist(), columns.quarter.tolist(), strict=True):
        names.append(f"z_{i}_{t}" if k < 0 else f"y_{i}_{k}" if t < 0 else f"x_{i}_{k}_{t}")
    names += [f"u_{link}" for link in columns.short_links.tolist()]
    names += [f"b_{link}" for link in columns.backup_links.tolist()]
    names += [f"s_{firm}" for firm in range(len(columns.shared_firms))]
    names += [f"v_{slack}" for slack in range(columns.slack.stop - columns.slack.start)]
    return tuple(names)
