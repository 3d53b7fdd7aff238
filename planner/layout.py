r"""What columns are: the choices, then the blocks that constraint families declare; what rows are; why few choices need a quarter.

A selected candidate is placed once and scheduled once. Resources of a park whose capacity does not change over the horizon
bind only at its end, so nothing couples *which park* with *which quarter* there. Instead of :math:`x_{ikt}` for each park
and quarter such a park needs only a placement :math:`y_{ik}` and a schedule :math:`z_{it}`, each 0 or 1, with

.. math:: \sum_k y_{ik} = \sum_t z_{it}.

This is exact, and its linear relaxation is as strong: given fractional :math:`y, z` with equal sums :math:`s`,
:math:`x_{ikt} = y_{ik} z_{it} / s` meets every row that speaks of parks alone or of quarters alone. It saves a factor near
T in columns and all of the symmetry between quarters. Parks whose capacity comes in binding phases, or that a rule ties to
a quarter, are *timed* and keep :math:`x_{ikt}`. With one quarter every park is timed and there is nothing to schedule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.case.case import Bools, Case, Choice, Floats, Ints
from planner.case.eligibility import Eligibility, above
from planner.case.filters import Selection, Side
from planner.case.groups import Groups
from planner.case.rules import RuleRows, rule_rows
from planner.solvers.memory import require


@dataclass(frozen=True, eq=False)
class ColumnBlock:
    """m columns that one family declares beside the choices, each at least 0."""

    name: str
    symbol: str
    """First letter of the ASCII names (R4)."""
    about: Mapping[str, Ints]
    """What each column speaks of, positions by kind as for rows; shape (m,) each."""
    upper: Floats
    """Shape (m,)."""
    whole: bool = False
    price: Floats | None = None
    """What one of each costs the first level of the objective; shape (m,)."""
    members: tuple[Ints, ...] = ()
    """Candidates that each column stands for, where it stands for several."""

    @property
    def size(self) -> int:
        """m."""
        return len(self.upper)


@dataclass(frozen=True, eq=False)
class Choices:
    """Which candidate, park and quarter each choice column stands for. −1 in ``park`` marks a schedule z, −1 in ``quarter`` a
    placement y, and x has both. Shape (c,) each."""

    candidate: Ints
    park: Ints
    quarter: Ints
    timed: Bools
    """Parks in which the quarter matters, shape (K,)."""
    rules: tuple[RuleRows, ...]

    @property
    def choices(self) -> int:
        """How many choice columns."""
        return len(self.candidate)

    @cached_property
    def placements(self) -> Ints:
        """Columns with a park: each selected candidate has exactly one."""
        return np.flatnonzero(self.park >= 0)

    @cached_property
    def schedules(self) -> Ints:
        """Columns with a quarter: each selected candidate has exactly one."""
        return np.flatnonzero(self.quarter >= 0)

    @property
    def chosen(self) -> Ints:
        """Columns of which each selected candidate has exactly one: placements or schedules, whichever are fewer. For rows that
        ask neither where nor when: the same sums from a fraction of the coefficients."""
        return min(self.placements, self.schedules, key=len)


@dataclass(frozen=True, eq=False)
class Layout(Choices):
    """All n columns: the choices, then ``blocks`` in the order in which the families declare them."""

    blocks: tuple[ColumnBlock, ...] = field(default=())

    @property
    def columns(self) -> int:
        """n."""
        return self.choices + sum(block.size for block in self.blocks)

    @property
    def prices(self) -> Floats:
        """What one of each column costs the first level beside the terms; shape (n,)."""
        declared = (np.zeros(block.size) if block.price is None else block.price for block in self.blocks)
        return np.concatenate([np.zeros(self.choices), *declared])

    def block(self, name: str) -> ColumnBlock:
        """The block of that name."""
        return next(block for block in self.blocks if block.name == name)

    def at(self, name: str) -> slice:
        """Where the block of that name stands."""
        before = self.blocks[: [block.name for block in self.blocks].index(name)]
        start = self.choices + sum(block.size for block in before)
        return slice(start, start + self.block(name).size)

    def positions(self, name: str) -> Ints:
        """The columns of the block of that name."""
        at = self.at(name)
        return np.arange(at.start, at.stop)


def needed_quarters(amount: Floats) -> Bools:
    """Which capacity rows can bind: use only grows, so a quarter with no less later never does. Shape (P, T)."""
    later = np.full(amount.shape, np.inf)
    if amount.shape[1] > 1:
        later[:, :-1] = np.minimum.accumulate(amount[:, :0:-1], axis=1)[:, ::-1]
    return (amount < later) & np.isfinite(amount)


def _timed_parks(case: Case, rules: tuple[RuleRows, ...]) -> Bools:
    """Parks in which the quarter matters; see the module's words."""
    timed = np.full(len(case.parks), len(case.quarters) == 1 or any(rows.uses_park and rows.uses_quarter for rows in rules))
    for r, supply in enumerate(case.resources):
        early: Bools = np.any(needed_quarters(supply.amount)[:, :-1], axis=1)
        if supply.scope == "region" and np.isnan(case.pairs.needs[:, r]).all():
            continue  # needs do not depend on the park: its rows are held over the schedules alone
        timed |= early[supply.place_of_park]
    return timed


def choices_of(case: Case, eligible: Eligibility) -> Choices:
    """The choice columns, from eligible pairs and open quarters, in the order of ids."""
    rules = tuple(rule_rows(case, position) for position in range(len(case.settings.rules)))
    timed = _timed_parks(case, rules)
    open_pairs = eligible.pairs & np.any(eligible.quarter, axis=1)[:, None]
    asked = sum(_entries_of_rule(rows, eligible, open_pairs, timed) for rows in rules)
    require(_entries(case, eligible, open_pairs, timed) + asked)
    placed_i, placed_k = np.nonzero(open_pairs & ~timed)
    x_i, x_k, x_t = _timed_columns(case, eligible, *np.nonzero(open_pairs & timed))
    scheduled = np.zeros(len(case.candidates), dtype=bool)
    scheduled[placed_i] = True
    z_i, z_t = np.nonzero(eligible.quarter & scheduled[:, None])
    candidate = np.concatenate([placed_i, x_i, z_i])
    park = np.concatenate([placed_k, x_k, np.full(len(z_i), -1)])
    quarter = np.concatenate([np.full(len(placed_i), -1), x_t, z_t])
    order = np.lexsort((quarter, park, candidate))
    return Choices(candidate[order], park[order], quarter[order], timed, rules)


def _entries(case: Case, eligible: Eligibility, pairs: Bools, timed: Bools) -> int:
    """About how many entries the matrix will have without the rows of rules, before anything of its size is made."""
    quarters = eligible.quarter.sum(axis=1)
    placed, scheduled = pairs[:, ~timed].sum(axis=1), quarters * pairs[:, ~timed].any(axis=1)
    both = pairs[:, timed].sum(axis=1) * quarters
    # A choice stands in the rows of its candidate and of what it uses: of a resource in each quarter that binds from its own on.
    binding = [needed_quarters(supply.amount).sum(axis=1).max(initial=0) for supply in case.resources]
    carried = len(case.calendar) / 2 if bool(case.funds.carry_over.any()) else 1.0
    means = carried * case.paid_shares.shape[1] + case.spent_shares.shape[1]
    links = 3  # shortage, input, backup; of placements or schedules, whichever are fewer
    each = placed * (2 + len(binding)) + scheduled * (1 + means) + np.minimum(placed, scheduled) * links
    return int((each + both * (1 + links + means + sum((1 + count) / 2 for count in binding))).sum())


def _entries_of_rule(rows: RuleRows, eligible: Eligibility, pairs: Bools, timed: Bools) -> int:
    """About how many entries the rows of a rule will have: its columns as if every candidate that it takes stood in every park and
    quarter that it takes. Alternatives that speak of several of these are left out, so that it is rather too many."""

    def columns(taken: Selection, groups: Groups | None) -> int:
        i, k, t = (_taken(taken, groups, side, size) for side, size in sizes)
        quarters = eligible.quarter[:, t].sum(axis=1)[i]
        standing = pairs[np.ix_(i, k)] if len(k) < len(timed) or len(i) < len(pairs) else pairs
        once = standing[:, ~timed[k]]
        return int(
            (quarters * once.any(axis=1) if rows.uses_quarter else once.sum(axis=1)).sum()
            + quarters @ standing[:, timed[k]].sum(axis=1)
        )

    sizes: tuple[tuple[Side, int], ...] = (("candidate", len(pairs)), ("park", len(timed)), ("quarter", eligible.quarter.shape[1]))
    upper = columns(rows.taken, rows.groups)
    if rows.base is None:
        return upper
    sides = int(np.isfinite(rows.low).any()) + int(np.isfinite(rows.high).any())
    return sides * upper + columns(rows.whole, None) if rows.shared else sides * columns(rows.whole, rows.groups)


def _taken(taken: Selection, groups: Groups | None, side: Side, size: int) -> Ints:
    """Positions of one side that a filter takes and that have a group."""
    every = np.arange(size)
    tests = [mask for of, mask in taken.tests if of == side]
    tests += [label >= 0 for of, label, _ in (groups.parts if groups is not None else ()) if of == side]
    for entries in taken.either:
        if all(entry.sides <= {side} for entry in entries):
            tests.append(np.any([entry.takes(every, every, every) for entry in entries], axis=0))
    return np.flatnonzero(np.logical_and.reduce([np.ones(size, dtype=bool), *tests]))


def _timed_columns(case: Case, eligible: Eligibility, i: Ints, k: Ints) -> tuple[Ints, Ints, Ints]:
    """(i, k, t) for pairs in timed parks, without the quarters from which on the project alone does not fit."""
    open_ = eligible.quarter[i].copy()
    for r, supply in enumerate(case.resources):
        need = case.need(r)[i, k]
        open_ &= ~above(need[:, None], supply.lasting[supply.place_of_park[k]])
    pair, t = np.nonzero(open_)
    return i[pair], k[pair], t


def choice_of(layout: Choices, values: Floats) -> Choice:
    """Read a choice off column values. Raises ValueError: a candidate has a park and no quarter, two parks, or two quarters:
    not a solution of the programme."""
    on = values[: layout.choices] > 0.5
    placed = np.flatnonzero(on & (layout.park >= 0))
    scheduled = np.flatnonzero(on & (layout.quarter >= 0))
    candidate = layout.candidate[placed]
    if len(np.unique(candidate)) != len(candidate) or not np.array_equal(candidate, layout.candidate[scheduled]):
        raise ValueError("the values place and schedule different candidates")
    return Choice(candidate, layout.park[placed], layout.quarter[scheduled])


def column_names(layout: Layout) -> tuple[str, ...]:
    """ASCII names: ``y_i_k`` placement, ``z_i_t`` schedule, ``x_i_k_t`` both; numbers are positions in the sorted tables."""
    choices = zip(layout.candidate.tolist(), layout.park.tolist(), layout.quarter.tolist(), strict=True)
    names = [f"z_{i}_{t}" if k < 0 else f"y_{i}_{k}" if t < 0 else f"x_{i}_{k}_{t}" for i, k, t in choices]
    for block in layout.blocks:
        distinct = "link" in block.about and not block.members
        numbers = block.about["link"].tolist() if distinct else range(block.size)
        names += [f"{block.symbol}_{number}" for number in numbers]
    return tuple(names)


@dataclass(frozen=True, eq=False)
class Rows:
    """m rows over all n columns: ``lower ≤ matrix · x ≤ upper``. ``about`` says what each row speaks of: positions by kind
    (``candidate``, ``park``, ``link``, ``quarter``, ``resource``, ``place``, ``fund``, ``team``, ``rule``, ``group``,
    ``term``), each of shape (m,)."""

    matrix: csr_array
    lower: Floats
    upper: Floats
    about: Mapping[str, Ints]

    @property
    def size(self) -> int:
        """m."""
        return len(self.lower)

    def only(self, kept: Ints) -> Rows:
        """Some of the rows."""
        about = {key: values[kept] for key, values in self.about.items()}
        return Rows(csr_array(self.matrix[kept]), self.lower[kept], self.upper[kept], about)


def rows_of(
    layout: Layout,
    entries: tuple[Ints, Ints, Floats],
    about: Mapping[str, Ints],
    lower: Floats | float = -np.inf,
    upper: Floats | float = np.inf,
) -> Rows:
    """As many rows as ``about`` speaks of, from entries (row, column, value); zeros are dropped, repeated ones add up."""
    row, column, value = entries
    m, keep = len(next(iter(about.values()))), value != 0
    matrix = csr_array((value[keep], (row[keep], column[keep])), shape=(m, layout.columns))
    matrix.sum_duplicates()
    low, high = (np.broadcast_to(np.asarray(side, dtype=float), m).copy() for side in (lower, upper))
    return Rows(matrix, low, high, about)


def number(groups: Ints) -> tuple[Ints, Ints]:
    """Rows numbered by the distinct values of ``groups``: (row of each entry, value of each row)."""
    values, row = np.unique(groups, return_inverse=True)
    return row.astype(np.int64), values.astype(np.int64)


def numbering(positions: Ints, size: int) -> Ints:
    """The row of each position where ``positions`` have the rows 0, 1, …; −1 elsewhere and at the end; shape (size + 1,)."""
    row_of = np.full(size + 1, -1, dtype=np.int64)
    row_of[positions] = np.arange(len(positions))
    return row_of


def stack(layout: Layout, parts: Sequence[Rows]) -> Rows:
    """Rows of one family laid under each other; they speak of the same kinds of things. None is no rows."""
    filled = [part for part in parts if part.size]
    if not filled:
        return Rows(csr_array((0, layout.columns)), np.zeros(0), np.zeros(0), {})
    return Rows(
        csr_array(vstack([part.matrix for part in filled], format="csr")),
        np.concatenate([part.lower for part in filled]),
        np.concatenate([part.upper for part in filled]),
        {key: np.concatenate([part.about[key] for part in filled]) for key in filled[0].about},
    )
