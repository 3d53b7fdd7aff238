"""Plans that are nearly as good as the run's and really different: the core they all share, and what is open to choice.

The *difference* of two plans: candidates that one selects and the other does not; where and when does not count.
"""

from __future__ import annotations

from typing import Literal

from planner.plan.diff import Named
from planner.plan.records import Ended, Record
from planner.questions.kept import Answer

Stopped = Literal["enough", "none_left", "out_of_time", "interrupted"]
"""``none_left``: it is proved that no further plan differs enough and is good enough. ``out_of_time``: nothing is claimed."""


class Place(Named):
    """A selected candidate with its park and quarter."""

    park_id: str
    park: str
    quarter: str


class Alternative(Record):
    """One verified plan beside the run's."""

    number: int
    value: float
    bound: float | None
    """No plan that differs enough from the run's and those before this one has more."""
    reason: Ended
    loss: float
    """(value of the run − value) ÷ |value of the run|; below 0 when it is better."""
    differs: int
    """From the run's plan."""
    nearest: int
    """From the nearest of the run's plan and the alternatives before it."""
    selected: tuple[Place, ...]
    came: tuple[Named, ...]
    left: tuple[Named, ...]
    investment: float | None
    subsidy: float | None
    shortage: float
    """Left at all links, 万元 a year."""


class Choice(Named):
    """A candidate that is in some of the plans and not in all."""

    times: int
    """In how many of the plans, the run's counted."""
    in_run: bool


class Alternatives(Answer):
    """The answer; plans are told by falling value as they were found."""

    within: float
    """ε: each plan has at least (1 − ε) of the run's value."""
    differ: int
    """Least difference of any two of the plans."""
    count: int
    """How many were asked for."""
    value: float
    """Of the run; with ``mode: priorities`` by its first level, which is then what ``within`` speaks of."""
    floor: float
    """Least value of an alternative."""
    level: int | None = None
    plans: tuple[Alternative, ...]
    stopped: Stopped
    core: tuple[Named, ...]
    """In the run's plan and in all alternatives."""
    choices: tuple[Choice, ...]
    """In some; those in most plans first."""
