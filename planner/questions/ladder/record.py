"""A ladder: plans for growing shares of some limits, each containing the one before; what the order costs and the next share buys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planner.language import Language, Words
from planner.plan.diff import Named
from planner.plan.records import Ended, Record, Term
from planner.questions.items import Difference

Way = Literal["joint", "down", "up"]
"""All plans at once; each the best within the one above; each the best that contains the one below."""
Missing = Literal["infeasible", "none_nested", "not_found"]
"""No plan exists at this share; plans exist, but none that the order allows; none was found in time."""


class Amount(Record):
    """A named limit at one share."""

    id: str
    name: Words
    unit: str
    amount: float
    """All money of a fund; of a resource what is there in the end."""
    need: float
    """What the plan's firms take of it in all; money that is paid after the horizon counts, too."""


class RungLevel(Record):
    """One level of the objective at one share; ``mode: weighted`` has one. None: not known."""

    value: float | None
    """V(P_s): of the plan of the ladder."""
    nested_bound: float | None
    """No plan that the order allows has more; with ``joint`` only the sum is bounded."""
    best: float | None
    """Of the best plan that is known when the order does not matter; no less than ``value``."""
    bound: float | None
    """No plan at this share has more."""
    cost_least: float | None
    cost_most: float | None
    """V* − V(P_s), the cost of nesting, lies between these; never below 0."""


class Rung(Record):
    """The plan at one share."""

    share: float
    folder: str | None
    """Its run folder, relative to the ladder's; None: there is no plan."""
    seal: str | None
    missing: Missing | None
    why: Words | None
    """In words why there is no plan."""
    amounts: tuple[Amount, ...]
    levels: tuple[RungLevel, ...]
    terms: Mapping[str, Term]
    selected: int | None
    investment: float | None
    links_closed: int | None
    verified: bool
    """By the independent check, under the tables of this share."""
    nested_proved: bool
    """No plan that the order allows is better."""
    best_proved: bool
    reason: Ended | None
    """How the separate solve ended."""
    came: tuple[Named, ...] = ()
    left: tuple[Named, ...] = ()
    """Whom the best plan without the order has beside those of the ladder, and whom it has not."""


class Next(Record):
    """A firm that a share brings."""

    candidate_id: str
    name: str
    park_id: str
    park_name: str
    quarter: str
    investment: float | None
    needs: Mapping[str, float]
    """Limit (``Amount.id``) → what it takes of it."""
    contribution: Mapping[str, float]
    """Objective term → its part of the value of the larger plan."""


class Step(Record):
    """What the plan of one share has beyond that of the share before; of the first: all of it."""

    share_from: float | None
    share_to: float
    firms: tuple[Next, ...]
    investment: float | None
    gained: float
    """By how much the value grows; of priorities that of the first level."""
    more: Mapping[str, float]
    """Unit → how much more of the named limits there is; funds and resources of one unit are added up."""
    marginal: float | None
    """``gained`` ÷ ``more``, where all named limits have one unit."""
    tenth: float
    """``gained`` for each 10 % of the shares."""
    difference: Difference | None
    """Item by item; None of the first."""


class Joint(Record):
    """Outcome of the joint model: the sum of weighted values, and what no ladder exceeds."""

    value: float
    bound: float | None
    proved: bool


class Ladder(Record):
    """The answer; rungs and steps from the smallest share on."""

    schema_version: int = 1
    plan: str
    language: Language
    way: Way
    weights: tuple[float, ...]
    binaries: int
    """Of the joint model, counted: up to ``ladder.joint`` of them the way ``auto`` is joint."""
    rungs: tuple[Rung, ...]
    steps: tuple[Step, ...]
    joint: Joint | None
    notices: tuple[Words, ...]
    interrupted: bool
