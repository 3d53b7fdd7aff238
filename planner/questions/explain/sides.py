r"""The levers of a programme, and every row as one side of one of them.

A lever (:class:`~planner.limits.family.Lever`) is what one change of the input moves: the land of a park (all quarters of
it), one fund, one team's effort, one rule's lower side, one project that must come. All rows become :math:`a x \le b`, lower
sides negated, so that giving way is always :math:`a x \le b + r_l\,\sigma_l` with :math:`r_l` the size of the lever ("100 %")
and :math:`\sigma_l \ge 0`.

A candidate that no row asks for can stay away without breaking any, so feasibility needs only the columns of those that are
asked for (:meth:`Sides.part`): at scale, a handful of locked projects and not all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from planner.case.case import Case
from planner.layout import Layout, Rows
from planner.limits import FAMILY
from planner.limits.family import HIGH, LOW, Family, Lever
from planner.limits.selection import entry_cells, window_cells
from planner.programme.build import Programme
from planner.solvers.protocol import Bools, Floats, Ints, Matrix
from planner.tolerances import FITS, rounding

NOBODY: Ints = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Sides:
    """m one-sided rows over all n columns of a programme (identities keep both sides)."""

    programme: Programme
    rows: csr_array
    lower: Floats
    upper: Floats
    lever: Ints
    """Shape (m,): position in ``levers``, −1 for what the model is."""
    levers: tuple[Lever, ...]
    wide: bool
    """Some row speaks of shortages or backups, so that no column can be left out."""

    @cached_property
    def every(self) -> Bools:
        """All levers, as ``kept`` or ``giving`` of them are named elsewhere."""
        return np.ones(len(self.levers), dtype=bool)

    @cached_property
    def matrix(self) -> Matrix:
        """All sides, with nothing to optimise."""
        whole = self.programme.matrix
        nothing = np.zeros_like(whole.objective)
        return replace(whole, objective=nothing, offset=0.0, rows=self.rows, row_lower=self.lower, row_upper=self.upper)

    @cached_property
    def prices(self) -> Floats:
        """Of each lever; inf where it never gives way."""
        return np.array([np.inf if lever.price is None else lever.price for lever in self.levers])

    def broken(self, values: Floats) -> Floats:
        """How much each lever has to give way for the plan, shape of ``levers``; what is rounding counts as 0."""
        over = np.asarray(self.rows @ values) - self.upper
        size = np.maximum(abs(self.rows) @ np.abs(values), np.abs(self.upper))
        derived = np.diff(self.rows[:, self.programme.layout.choices :].indptr) > 0
        over[over <= np.where(derived, FITS * np.maximum(1.0, size), rounding(size))] = 0.0
        return self.worst(over)

    def worst(self, amounts: Floats) -> Floats:
        """The largest amount of the rows of each lever, and at least 0."""
        most, held = np.zeros(len(self.levers)), self.lever >= 0
        np.maximum.at(most, self.lever[held], amounts[held])
        return most

    def part(self, kept: Bools) -> tuple[Ints, Ints]:
        """(rows, columns) that decide whether the ``kept`` limits can hold together."""
        held = np.append(kept, True)[self.lever]
        layout = self.programme.layout
        if self.wide:
            return np.flatnonzero(held), np.arange(layout.columns)
        asking = self.rows[np.flatnonzero(held & (self.lever >= 0))]
        asked = np.unique(asking.indices[asking.data < 0])
        wanted = np.unique(layout.candidate[asked[asked < layout.choices]])
        some = np.flatnonzero(np.isin(layout.candidate, wanted))
        touched = np.diff(self.rows[:, some].indptr) > 0
        return np.flatnonzero(held & (touched | (self.upper < 0))), some

    def feasibility(self, kept: Bools) -> Matrix:
        """The ``kept`` limits alone, with nothing to optimise."""
        rows, columns = self.part(kept)
        return self.matrix.part(columns, rows)


def sides_of(programme: Programme, admitted: Ints = NOBODY, early_or_late: Ints = NOBODY) -> Sides:
    """The programme's rows as sides; soft rules are left out, since they always give way. ``admitted`` (n, 2): pairs (candidate, park)
    that an entry rule closes: each stands for the price of every cell that would have to change (family ``admission``), and pairs
    that need one cell share it. ``early_or_late`` (n, 2): the same of pairs (candidate, quarter) outside the candidate's window."""
    case, layout = programme.case, programme.layout
    levers: dict[tuple[str, tuple[int, ...]], tuple[int, Lever]] = {}
    sides: list[tuple[csr_array, Floats, Floats, Ints]] = []

    def add(rows: csr_array, upper: Floats, moved_by: Sequence[Lever], which: Ints) -> None:
        entries = [levers.setdefault((lever.family, lever.key), (len(levers), lever)) for lever in moved_by]
        numbers = np.array([number for number, _ in entries], dtype=np.int64)
        sides.append((csr_array(rows), np.full(len(upper), -np.inf), upper, numbers[which]))

    parts = [(family, part) for family, part in zip(programme.families, programme.rows, strict=True) if part.size]
    limits = [part.matrix[np.flatnonzero(family.hard(case, part))] for family, part in parts if family.business]
    wide = any(rows[:, layout.choices :].nnz > 0 for rows in limits)
    for family, part in parts:
        if not family.business:
            if wide or not family.worth_only:
                sides.append((part.matrix, part.lower, part.upper, np.full(part.size, -1, dtype=np.int64)))
            continue
        for side in family.levered:
            bound, sign = (part.lower, -1.0) if side == LOW else (part.upper, 1.0)
            at = np.flatnonzero(np.isfinite(bound) & family.hard(case, part))
            if at.size:
                add(part.matrix[at] * sign, bound[at] * sign, *_levers(case, family, part, at, side))
    if len(admitted):
        i, k = admitted.T
        pair, cells = entry_cells(case, i, k)
        family = FAMILY["admission"]
        moved_by = [family.lever(case, tuple(cell), 0.0, HIGH) for cell in cells.tolist()]
        placed = (layout.placements, layout.park, len(case.parks))
        add(_pairs(layout, placed, i[pair], k[pair]), np.zeros(len(pair)), moved_by, np.arange(len(pair)))
    if len(early_or_late):
        i, t = early_or_late.T
        moved_by = [FAMILY["admission"].lever(case, tuple(cell), 0.0, HIGH) for cell in window_cells(case, i, t).tolist()]
        scheduled = (layout.schedules, layout.quarter, len(case.quarters))
        add(_pairs(layout, scheduled, i, t), np.zeros(len(i)), moved_by, np.arange(len(i)))
    nothing = (csr_array((0, layout.columns)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    rows, lower, upper, lever = zip(nothing, *sides, strict=True)
    return Sides(
        programme,
        csr_array(vstack(rows, format="csr")),
        np.concatenate(lower),
        np.concatenate(upper),
        np.concatenate(lever),
        tuple(lever for _, lever in levers.values()),
        wide,
    )


def _levers(case: Case, family: Family, part: Rows, at: Ints, side: int) -> tuple[list[Lever], Ints]:
    """The levers of these rows, and which of them moves each row."""
    about = {key: values[at] for key, values in part.about.items()}
    bound = (part.lower if side == LOW else part.upper)[at]
    keys, first, which = np.unique(family.keys(case, about, side), axis=0, return_index=True, return_inverse=True)
    levers = [family.lever(case, tuple(key), b, side) for key, b in zip(keys.tolist(), bound[first].tolist(), strict=True)]
    return levers, which.ravel().astype(np.int64)


def _pairs(layout: Layout, among: tuple[Ints, Ints, int], i: Ints, k: Ints) -> csr_array:
    """One row for each pair of a candidate and a park (or quarter): its columns ``among`` some, with the park (or quarter) of every
    column, and how many of those there are."""
    at, of_column, size = among
    pairs = pd.DataFrame({"code": i * size + k, "row": np.arange(len(i))})
    known = pd.DataFrame({"code": layout.candidate[at] * size + of_column[at], "column": at})
    row, column = pairs.merge(known, on="code")[["row", "column"]].to_numpy(np.int64).T
    return csr_array((np.ones(len(row)), (row, column)), shape=(len(i), layout.columns))
