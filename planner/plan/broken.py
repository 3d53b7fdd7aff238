"""The limits that a choice breaks: which, where, when, by how much, and what each selected project adds to that.

Any choice can be asked about, also one that no column of the programme stands for. The limits are those of each family's own
check, from the tables alone. What a project adds to a broken limit is what is gone of the excess when it alone is left out,
reckoned by the same check: of a sum that is its own amount, of two that must not meet all of it on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from planner.case.case import Case, Choice
from planner.limits import FAMILIES
from planner.limits.family import Family, Held, Subject
from planner.terms.registry import reckon

ROUND = 9
"""Decimals of parts and excesses: what binary sums leave over is nothing."""
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Broken:
    """One limit that a choice breaks; of one that holds quarter by quarter the worst of them."""

    family: Family
    about: Mapping[str, Any]
    subject: Subject
    held: Held
    quarters: tuple[tuple[int, Held], ...]
    """Every quarter of the calendar in which it is broken, where it holds quarter by quarter."""
    parts: Mapping[int, float]
    """Position among the selected projects → its part of the excess, the largest first; NaN where that is not known. Of a least
    nobody has a part: too little came."""

    @property
    def quarter(self) -> int | None:
        """The quarter of the calendar in which it is broken most."""
        return self.about.get("quarter")


def broken_limits(case: Case, choice: Choice) -> tuple[Broken, ...]:
    """What a choice breaks, family by family in the order of the programme."""
    accounts = reckon(case, choice)
    limits: dict[Family, dict[Key, list[Held]]] = {}
    for family in (family for family in FAMILIES if not family.worth_only):
        for limit in family.check(case, accounts):
            if limit.broken:
                limits.setdefault(family, {}).setdefault(_key(limit.about, "quarter"), []).append(limit)
    worst = {(family, key): max(held, key=_order) for family, own in limits.items() for key, held in own.items()}
    parts = _parts(case, choice, limits, worst)
    found = []
    for (family, key), limit in worst.items():
        when = tuple((held.about["quarter"], held) for held in limits[family][key] if "quarter" in held.about)
        subject = family.limit(case, limit.about) if limit.about else Subject(family.title, ())
        ordered = dict(sorted(parts[family, key].items(), key=lambda part: (-part[1], part[0])))
        found.append(Broken(family, limit.about, subject, limit, when, ordered))
    return tuple(found)


def _order(limit: Held) -> tuple[bool, float]:
    return isnan(limit.excess), limit.excess


def _parts(
    case: Case, choice: Choice, families: Iterable[Family], worst: Mapping[tuple[Family, Key], Held]
) -> dict[tuple[Family, Key], dict[int, float]]:
    """Of each broken limit the part of each selected project, those that have one."""
    parts: dict[tuple[Family, Key], dict[int, float]] = {which: {} for which in worst}
    for n in range(len(choice.candidate) if worst else 0):
        others = np.arange(len(choice.candidate)) != n
        left = reckon(case, Choice(choice.candidate[others], choice.park[others], choice.quarter[others]))
        without = {(family, _key(limit.about)): limit for family in families for limit in family.check(case, left)}
        for (family, key), limit in worst.items():
            rest = without.get((family, _key(limit.about)))
            gone = limit.excess - (0.0 if rest is None else rest.excess)
            if isnan(gone) or round(gone, ROUND) > 0:
                parts[family, key][n] = round(gone, ROUND)
    return parts


def _key(about: Mapping[str, Any], but: str = "") -> Key:
    return tuple(sorted((kind, value) for kind, value in about.items() if kind != but))
