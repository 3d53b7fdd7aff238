"""The n columns of the programme: the choices, then the blocks of further columns that constraint families declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from planner.case.case import Bools, Choice, Floats, Ints
from planner.case.rules import RuleRows
from planner.language import Words


@dataclass(frozen=True, eq=False)
class ColumnBlock:
    """m columns that one family declares beside the choices, each at least 0."""

    name: str
    symbol: str
    """First letter of the ASCII names (R4)."""
    words: Words
    """What one of them is; ``{link}`` is filled in where ``about`` knows a link."""
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
    """Which candidate, park and quarter each choice column stands for.

    −1 in ``park`` marks a schedule z, −1 in ``quarter`` a placement y, and x has both. Shape (c,) each.
    """

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
        """Columns of which each selected candidate has exactly one: placements or schedules, whichever are fewer.

        For rows that ask neither where nor when: the same sums from a fraction of the coefficients.
        """
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
        start = self.choices
        for block in self.blocks:
            if block.name == name:
                return slice(start, start + block.size)
            start += block.size
        raise KeyError(name)

    def positions(self, name: str) -> Ints:
        """The columns of the block of that name."""
        at = self.at(name)
        return np.arange(at.start, at.stop)


def choice_of(layout: Choices, values: Floats) -> Choice:
    """Read a choice off column values.

    Raises:
        ValueError: a candidate has a park and no quarter, two parks, or two quarters: not a solution of the programme.
    """
    on = values[: layout.choices] > 0.5
    placed = np.flatnonzero(on & (layout.park >= 0))
    scheduled = np.flatnonzero(on & (layout.quarter >= 0))
    candidate = layout.candidate[placed]
    if len(np.unique(candidate)) != len(candidate) or not np.array_equal(candidate, layout.candidate[scheduled]):
        raise ValueError("the values place and schedule different candidates")
    return Choice(candidate, layout.park[placed], layout.quarter[scheduled])


def column_names(layout: Layout) -> tuple[str, ...]:
    """ASCII names: ``y_i_k`` placement, ``z_i_t`` schedule, ``x_i_k_t`` both; numbers are positions in the sorted tables."""
    names = []
    for i, k, t in zip(layout.candidate.tolist(), layout.park.tolist(), layout.quarter.tolist(), strict=True):
        names.append(f"z_{i}_{t}" if k < 0 else f"y_{i}_{k}" if t < 0 else f"x_{i}_{k}_{t}")
    for block in layout.blocks:
        distinct = "link" in block.about and not block.members
        numbers = block.about["link"].tolist() if distinct else range(block.size)
        names += [f"{block.symbol}_{number}" for number in numbers]
    return tuple(names)
