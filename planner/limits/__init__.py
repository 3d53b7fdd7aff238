"""Constraint families, one class each (R11). :data:`FAMILIES` is the whole programme in reading order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.case.accounts import Accounts
from planner.case.case import Case
from planner.language import Words
from planner.limits.admission import Admission
from planner.limits.backup import Distinct, Reliability, Sources
from planner.limits.family import Family, Lever, Step
from planner.limits.means import Funds, Teams
from planner.limits.relations import Apart, Exclusive, Rivals, Together
from planner.limits.resources import Flow, Stock
from planner.limits.rules import Rules
from planner.limits.selection import SIGNED, MustInclude, Once, Schedule
from planner.limits.shortage import Shortage
from planner.limits.term_bounds import TermBounds
from planner.settings.questions import MINIMUMS

FAMILIES: tuple[Family, ...] = (
    Once(),
    MustInclude(),
    Schedule(),
    Admission(),
    Stock(),
    Flow(),
    Funds(),
    Teams(),
    Shortage(),
    Sources(),
    Reliability(),
    Distinct(),
    Rivals(),
    Exclusive(),
    Together(),
    Apart(),
    Rules(),
    TermBounds(),
)
FAMILY: Mapping[str, Family] = {family.name: family for family in FAMILIES}
FAMILY_WORDS: Mapping[str, Words] = {family.name: family.title for family in FAMILIES}
RELAXABLE: Mapping[str, Words] = {
    **{family.name: family.title for family in FAMILIES if family.business},
    MINIMUMS: Words("规则的下限", "lower sides of rules"),
}
"""Kinds of limits that may give way, as ``explain.weights`` names them."""


def lever_words(case: Case, lever: Lever) -> Words:
    """The lever as it stands, with its figures: one line of a conflict."""
    return _family(lever).lever_words(case, lever.key)


def step_of(case: Case, accounts: Accounts, lever: Lever) -> Step:
    """What of the input must change for ``lever`` so that the plan in ``accounts`` holds."""
    return replace(_family(lever).step(case, accounts, lever.key), family=lever.family)


def _family(lever: Lever) -> Family:
    return FAMILY[MustInclude.name if lever.family == SIGNED else lever.family]
