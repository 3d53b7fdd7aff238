"""What each of several ways has lately paid for its time, and a draw among them by that (a bandit)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

Way = TypeVar("Way", bound=str)
LEAST = 1e-3
"""Seconds that a try counts for at the least."""


@dataclass(frozen=True)
class PayParameters:
    """What is known of a way, and how much it counts."""

    memory: float = 0.95
    """Weight of the past after each try of any way: all pay less and less, and so what one paid long ago is not compared with what another
    pays now."""
    prior: float = 2.0
    """Seconds for which a way is taken to pay what all together do: one that was hardly tried lately is neither good nor bad."""
    explore: float = 0.15
    """Share of the draws that does not ask what has paid."""


@dataclass
class Pays:
    """The root of each gain counts: one large one does not outweigh many that are worth as much together."""

    parameters: PayParameters
    had: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Of each that was tried: roots of its gains, its seconds, and how often."""

    def count(self, way: str, gain: float, seconds: float) -> None:
        """What came of a try: value gained (0: nothing), and the seconds that it took."""
        memory = self.parameters.memory
        kept = {name: (memory * paid, memory * spent, memory * tries) for name, (paid, spent, tries) in self.had.items()}
        paid, spent, tries = kept.get(way, (0.0, 0.0, 0.0))
        self.had = kept | {way: (paid + gain**0.5, spent + max(seconds, LEAST), tries + 1.0)}

    def has_paid(self, way: str) -> bool:
        """Whether it has ever given anything."""
        return way in self.had and self.had[way][0] > 0.0

    def draw(self, ways: Sequence[Way], dice: np.random.Generator) -> Way:
        """One of these: one that was never tried, or by what each has paid in a second, now and then any; and so much more seldom as it takes
        longer, so that it is time which goes to what pays."""
        untried = [way for way in ways if way not in self.had]
        if untried:
            return untried[int(dice.integers(len(untried)))]
        paid, spent, tries = np.array([self.had[way] for way in ways]).T
        mean, usual, prior = paid.sum() / spent.sum(), spent.sum() / tries.sum(), self.parameters.prior
        rates = (paid + prior * mean) / (spent + prior)
        if dice.random() < self.parameters.explore or rates.sum() <= 0:
            rates = np.ones(len(ways))
        share = rates * (tries + prior / usual) / (spent + prior)
        return ways[int(dice.choice(len(ways), p=share / share.sum()))]
