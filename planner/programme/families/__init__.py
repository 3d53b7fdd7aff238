"""Constraint families, one file for each concept. :data:`FAMILIES` is the whole programme in reading order (R11)."""

from __future__ import annotations

from planner.programme.blocks import Family
from planner.programme.families.backup import DISTINCT, RELIABILITY, SOURCES
from planner.programme.families.money import FUNDS, TEAMS
from planner.programme.families.relations import APART, EXCLUSIVE, RIVALS, TOGETHER
from planner.programme.families.resources import FLOW, STOCK
from planner.programme.families.rules import RULES
from planner.programme.families.selection import MUST, ONCE, SCHEDULE
from planner.programme.families.shortage import SHORTAGE
from planner.programme.families.term_bounds import TERM_BOUNDS

FAMILIES: tuple[Family, ...] = (
    ONCE,
    MUST,
    SCHEDULE,
    STOCK,
    FLOW,
    FUNDS,
    TEAMS,
    SHORTAGE,
    SOURCES,
    RELIABILITY,
    DISTINCT,
    RIVALS,
    EXCLUSIVE,
    TOGETHER,
    APART,
    RULES,
    TERM_BOUNDS,
)
