"""What more of each fund, resource and team is worth: every figure is a solved plan against a solved plan.

``worth`` is the difference of the two plans in hand; that of the optima lies in ``[lowest, highest]`` and is never below 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from planner.plan.diff import Named
from planner.plan.records import Record
from planner.questions.kept import Answer

Asked = Literal["solved", "worthless", "not_asked"]
"""``worthless``: proved without solving, because all that could ever be asked for fits already. ``not_asked``: nothing is claimed."""


class Addition(Record):
    """More of one fund, one team, or one resource in one place, and what that buys."""

    kind: Literal["fund", "resource", "team"]
    id: str
    """Of the fund, resource or team."""
    name: str
    place_id: str | None = None
    """Park, zone or ``region`` of a resource; the chain that a team serves, where several are called alike."""
    place: str | None = None
    seasons: str = ""
    """Seasons of the plan that leave only a part of it in some quarters, each with its factor."""
    step: float
    """x: how much more, in ``unit``."""
    unit: str
    quarters: tuple[str, ...]
    """In which quarters the amount rises by x; a fund that carries over gets its x once, in the first of them."""
    once: bool = False
    """The x is given once and carried over; otherwise in each of ``quarters``."""
    present: float
    """What there is today: the largest amount of a quarter; of a fund that carries over the total."""
    changes: tuple[Mapping[str, Any], ...]
    """The cells that are changed, as ``changes`` of a plan file takes them: a run with them is this plan."""
    price: float | None = None
    """Value per unit by the linear relaxation; a guide to what is solved first, nothing more. None: not found."""
    binds: bool
    """The run's plan has nothing, or too little, of it left."""
    asked: Asked
    value: float | None = None
    bound: float | None = None
    worth: float | None = None
    lowest: float | None = None
    highest: float | None = None
    """None: no bound is known."""
    reason: str | None = None
    """How its solve ended."""
    came: tuple[Named, ...] = ()
    left: tuple[Named, ...] = ()
    moved: tuple[Named, ...] = ()
    """In another park or quarter."""
    closed: tuple[Named, ...] = ()
    """Links whose shortage is closed by it."""
    opened: tuple[Named, ...] = ()
    """Links that were closed and are not any more."""
    investment: float | None = None
    """Change, 万元; None: not known."""
    shortage: float | None = None
    """Change of the shortage of all links, 万元 a year."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, id and place."""
        return self.kind, self.id, self.place_id or ""


class Sensitivity(Answer):
    """The answer, the most valuable first; then what is proved worthless, then what was not asked."""

    additions: tuple[Addition, ...]
    level: int | None = None
    """With ``mode: priorities`` all values are those of this level, 1; None: of the weighted sum."""
    value: float
    """Of the plan that the additions are held against."""
    bound: float | None
    better: float | None = None
    """What solving again without any addition gained over the run's plan, which was not proved optimal; None: nothing."""
    most: int
    """How many were to be solved at most."""
    time_limit: float
    """Seconds of each solve."""
    share: float
    """Addition as a share of what there is, for what the settings do not name."""
    interrupted: bool = False
