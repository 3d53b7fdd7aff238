"""Constraint families, one class each (R11). :data:`FAMILIES` is the whole programme in reading order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.case.accounts import Accounts
from planner.case.case import Case
from planner.language import Words
from planner.limits.family import Family, Lever, Step
from planner.limits.links import Distinct, Reliability, Shortage, Sources
from planner.limits.means import Flow, Funds, Stock, Teams
from planner.limits.relations import Apart, Exclusive, Rivals, Together
from planner.limits.rules import Rules, TermBounds, Totals
from planner.limits.selection import SIGNED, Admission, MustInclude, Once, Schedule
from planner.limits.sequence import Before, Implies
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
    Totals(),
    Before(),
    Implies(),
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
    """:meth:`~planner.limits.family.Family.lever_words` of the lever's family."""
    return _family(lever).lever_words(case, lever.key)


def step_of(case: Case, accounts: Accounts, lever: Lever) -> Step:
    """:meth:`~planner.limits.family.Family.step` of the lever's family."""
    return replace(_family(lever).step(case, accounts, lever.key), family=lever.family)


def _family(lever: Lever) -> Family:
    return FAMILY[MustInclude.name if lever.family == SIGNED else lever.family]
