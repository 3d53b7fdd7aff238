"""Rows of the programme as limits that a plan can name: an id, what, where, when, how much."""

from __future__ import annotations

from collections.abc import Iterable

from planner.case.accounts import Accounts
from planner.plan.reasons import full_values
from planner.plan.records import Limit
from planner.programme.build import Programme
from planner.programme.words import row_facts


def limits_of(programme: Programme, accounts: Accounts, rows: Iterable[int]) -> dict[int, Limit]:
    """The given rows of the matrix as limits, by row."""
    activity = programme.matrix.rows @ full_values(programme, accounts)
    language = programme.case.settings.language
    found = {}
    for row in sorted(rows):
        facts = row_facts(programme, row)
        subject = facts.subject
        ids = (facts.family, *subject.ids)
        parts = (*ids, facts.quarter) if facts.quarter is not None else ids
        found[row] = Limit(
            limit_id=":".join(part.replace("\\", "\\\\").replace(":", "\\:") for part in parts),
            ids=ids,
            family=facts.family,
            subject=subject.name.say(language),
            place=subject.place.say(language) if subject.place is not None else None,
            quarter=facts.quarter,
            used=float(activity[row]) + subject.constant,
            amount=facts.bound,
            unit=subject.unit,
        )
    return found
