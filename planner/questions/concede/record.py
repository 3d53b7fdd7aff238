"""How much more a selected firm can be given before the best plan is one without it. Internal: this never stands in a handout."""

from __future__ import annotations

from typing import Literal

from planner.plan.diff import Named
from planner.plan.records import Record
from planner.questions.kept import Answer

Turn = Literal["kept", "seems_kept", "open", "seems_lost", "lost", "no_room", "no_plan"]
"""With so much more the plan keeps the firm or prefers the next best: proved (``kept``, ``lost``); so by the plans found (``seems_…``), the
bounds not yet apart; no plan with the firm exists (``no_room``); none was found in time (``no_plan``)."""
KEPT: frozenset[Turn] = frozenset({"kept", "seems_kept"})
LOST: frozenset[Turn] = frozenset({"lost", "seems_lost", "no_room"})


class Probe(Record):
    """So much more was given, and everything planned anew with the firm in the plan."""

    more: float
    """Above what the tables say, in the unit of the concession."""
    turn: Turn
    low: float | None
    """Value of the best plan found that has the firm; None: none."""
    high: float | None
    """No plan with the firm is worth more; None: not known."""


class Room(Record):
    """What is left of a fund or a resource where the plan has the firm, from its quarter on: so much can be given and no other firm gives way."""

    name: str
    quarter: str
    """The tightest quarter from that of signing on."""
    left: float


class Lawful(Record):
    """What the table of policies allows to promise the firm, as its dossier screens it."""

    most: float
    """万元: what the offers that are lawful, in force and meant for it give at the most, those whose money is known."""
    offers: tuple[str, ...]
    unpriced: tuple[str, ...]
    """Offers of which no money is stated."""
    under_review: int
    """Set apart, and not counted."""


class Concession(Record):
    """One thing that can be conceded."""

    id: str
    """``subsidy``, or a resource."""
    name: str
    unit: str
    asked: float
    """What the tables say of the firm, in its park."""
    most: float
    """The most that was tried: all that there is."""
    kept: float
    """The largest addition tried at which the plan keeps the firm; 0: none above nothing."""
    kept_proved: bool
    lost: float | None
    """The smallest addition tried at which the plan is better without it, or has no room for it; None: there was none."""
    lost_proved: bool
    why_lost: Turn | None = None
    room: tuple[Room, ...] = ()
    lawful: Lawful | None = None
    """Of the subsidy; None: the plan has no table of policies."""
    probes: tuple[Probe, ...]
    """By size."""


class Concessions(Answer):
    """The concessions to one firm. Values are of the objective's first level."""

    candidate_id: str
    name: str
    park_id: str
    quarter: str
    value: float
    """Of the plan."""
    bound: float | None
    without_low: float | None
    """Value of the best plan found without the firm; None: there is none, or none was found."""
    without_high: float | None
    """No plan without the firm is worth more."""
    irreplaceable: bool = False
    """It is proved that no plan exists without it."""
    locked: bool = False
    """It is required or signed: the plan without it withdraws that."""
    next_best: tuple[Named, ...] = ()
    """Firms of the plan without it that the plan does not have."""
    gone_too: tuple[Named, ...] = ()
    """Firms of the plan that leave with it."""
    moved: int = 0
    concessions: tuple[Concession, ...]
    unknown: tuple[str, ...] = ()
    """What was not asked: the tables do not say what the firm asks of it, or nothing limits it. Names of resources, or ``subsidy``."""
    time_limit: float

    @property
    def key(self) -> str:
        """One answer a firm."""
        return self.candidate_id
