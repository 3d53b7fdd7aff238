"""What each of several ways has lately paid for its time, and a draw among them by that (a bandit)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

Way = TypeVar("Way", bound=str)


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
    had: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Of each that was tried: roots of its gains, and its seconds."""

    def count(self, way: str, gain: float, seconds: float) -> None:
        """What came of a try: value gained (0: nothing), and the seconds that it took."""
        memory = self.parameters.memory
        kept = {name: (memory * paid, memory * spent) for name, (paid, spent) in self.had.items()}
        paid, spent = kept.get(way, (0.0, 0.0))
        self.had = kept | {way: (paid + gain**0.5, spent + max(seconds, 1e-3))}

    def has_paid(self, way: str) -> bool:
        """Whether it has ever given anything."""
        return self.had.get(way, (0.0, 0.0))[0] > 0.0

    def draw(self, ways: Sequence[Way], dice: np.random.Generator) -> Way:
        """One of these: one that was never tried, or by what each has paid in a second, now and then any."""
        untried = [way for way in ways if way not in self.had]
        paid, spent = np.array([self.had.get(way, (0.0, 0.0)) for way in ways]).T
        mean, prior = paid.sum() / max(spent.sum(), 1e-3), self.parameters.prior
        rates = (paid + prior * mean) / (spent + prior)
        if untried or dice.random() < self.parameters.explore or rates.sum() <= 0:
            among = untried or ways
            return among[int(dice.integers(len(among)))]
        return ways[int(dice.choice(len(ways), p=rates / rates.sum()))]
