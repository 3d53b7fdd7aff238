"""When a plan of the relaxation is looked at, and for how long: by what looks have given.

The model over what such a plan takes and what the best one does is small, and where quarters and parks say little the best plan of all is among
these; elsewhere a tree finds nothing in it for seconds, in which parts of the plan stand still.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LookParameters:
    """How often, and how long."""

    share: float = 0.25
    """Of the longest look, that the first one has, and any after one that gave nothing."""
    grow: float = 2.0
    """By what it is multiplied after one that gave something."""
    pause: float = 10.0
    """Seconds between two looks, where plans do not know the places."""
    vain: float = 4.0
    """And as a multiple of what looks have taken since one gave something."""


@dataclass
class Looks:
    """What has come of them."""

    parameters: LookParameters
    seen: int = 0
    """The newest plan that was looked at."""
    length: float = field(init=False)
    """Of the next one, as a share of the longest."""
    ended: float = -math.inf
    """When the last one did."""
    vain: float = 0.0
    """Seconds of those that have given nothing, since one last gave something."""

    def __post_init__(self) -> None:
        self.length = self.parameters.share

    def due(self, plan: int, now: float, soon: bool) -> bool:
        """Whether ``plan``, the number of the newest, is looked at now; ``soon``: as plans come, as long as they give something."""
        pause = max(0.0 if soon else self.parameters.pause, self.parameters.vain * self.vain)
        return plan > self.seen and now - self.ended > pause

    def had(self, plan: int, began: float, now: float, gave: bool) -> None:
        """What came of a look."""
        self.seen, self.ended = plan, now
        self.length = min(self.length * self.parameters.grow, 1.0) if gave else self.parameters.share
        self.vain = 0.0 if gave else self.vain + now - began
