"""Seasons laid over what there is of a resource: the quarters and places that each touches, and what is left there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod

import numpy as np

from planner.case.case import Bools, Case, Ints, Supply
from planner.case.columns import Findings
from planner.case.filter_names import check_where, near_names
from planner.case.filters import Side, named_columns, parks_meeting
from planner.case.rule_names import check_blanks
from planner.language import Words
from planner.reading.table import RESOURCES
from planner.settings.document import Keys
from planner.settings.filters import conditions
from planner.settings.rules import Count, Rule
from planner.settings.seasons import Season

OF_PARKS: tuple[Side, ...] = ("park",)
"""What the filter of a season may look at."""
SHOWN = 5
"""Places that a message lists at most."""


def with_seasons(case: Case, findings: Findings) -> Case:
    """The case with its seasons in the amounts of its resources, and what is wrong with them."""
    touched = [np.zeros((len(case.settings.seasons), *supply.amount.shape), dtype=bool) for supply in case.resources]
    for number, season in enumerate(case.settings.seasons):
        keys: Keys = ("seasons", number)
        if findings.doubts.settings.part(*keys):
            continue
        if (r := _resource(case, season, keys, findings)) is None:
            check_where(case, season.where, (*keys, "where"), findings, OF_PARKS)
            continue
        inside = np.array([season.holds_in(quarter) for quarter in case.quarters])
        if not inside.any():
            horizon = f"{case.quarters[0]}–{case.quarters[-1]}"
            findings.at("C290", (*keys, "quarter"), season.title, rests=[("quarters",)], horizon=horizon)
        if (places := _places(case, season, case.resources[r], keys, findings)) is not None:
            touched[r][number] = places[:, None] & inside
            _tell(case, case.resources[r], touched[r], number, findings)
    laid = (_laid(case, supply, seasons) for supply, seasons in zip(case.resources, touched, strict=True))
    return replace(case, resources=tuple(laid))


def _laid(case: Case, supply: Supply, touched: Bools) -> Supply:
    """The supply with what seasons leave of it, to the last digit what the product of the written figures is."""
    amount = supply.stated.copy()
    for place, quarter in np.argwhere(touched.any(axis=0) & np.isfinite(supply.stated)).tolist():
        factor = product_of(case, touched[:, place, quarter])
        amount[place, quarter] = float(Fraction(amount[place, quarter]) * factor)
    return replace(supply, amount=amount, seasons=touched)


def product_of(case: Case, seasons: Bools) -> Fraction:
    """The product of some seasons, given as a mask of shape (S,)."""
    return prod((season.factor for season, held in zip(case.settings.seasons, seasons, strict=True) if held), start=Fraction(1))


def seasons_at(case: Case, supply: Supply, place: int) -> str:
    """The seasons of a place, each with its factor; empty where there are none."""
    held = np.flatnonzero(np.any(supply.seasons[:, place], axis=1))
    return "；".join(case.settings.seasons[n].title for n in held.tolist())


def _resource(case: Case, season: Season, keys: Keys, findings: Findings) -> int | None:
    """The flow resource that a season is of."""
    known = {supply.name: r for r, supply in enumerate(case.resources)}
    known |= {supply.resource_id: r for r, supply in enumerate(case.resources)}
    r = known.get(season.resource)
    if r is None:
        findings.at("C286", (*keys, "resource"), season.resource, rests=RESOURCES, near=near_names(season.resource, known))
    elif case.resources[r].kind == "stock":
        findings.at("C287", (*keys, "resource"), season.resource, rests=[("resources", case.resources[r].resource_id)])
        return None
    return r


def _places(case: Case, season: Season, supply: Supply, keys: Keys, findings: Findings) -> Bools | None:
    """The places that a season touches: those all of whose parks meet its filter, shape (P,)."""
    readable = all(len(named_columns(case).get(name, [])) == 1 for _, name, _ in conditions(season.where))
    if not check_where(case, season.where, (*keys, "where"), findings, OF_PARKS) or not readable:
        return None
    check_blanks(case, [Rule(name=season.title, where=season.where, count=Count(min=0))], findings)
    parks, count = parks_meeting(case, season.where), len(supply.places)
    meeting, all_ = (np.bincount(supply.place_of_park, held, count) for held in (parks, np.ones(len(parks))))
    if not parks.any():
        findings.at("C288", (*keys, "where"), season.title, rests=["parks.*"])
    elif (split := np.flatnonzero((meeting > 0) & (meeting < all_))).size:
        findings.at("C289", (*keys, "where"), _listed(supply, split), rests=["parks.*"], resource=supply.name)
    return np.asarray(meeting == all_)


def _tell(case: Case, supply: Supply, touched: Bools, number: int, findings: Findings) -> None:
    """Where seasons multiply, and where there is no amount that one could lessen."""
    own, keys = touched[number], ("seasons", number)
    place, quarter = np.nonzero(own & (touched[:number].any(axis=0)))
    if len(place):
        held = touched[:, place[0], quarter[0]]
        titles = Words.listed(season.title for season, here in zip(case.settings.seasons, held, strict=True) if here)
        where = f"{supply.name} {_listed(supply, np.unique(place))} {case.quarters[quarter[0]]}"
        findings.at("C291", keys, where, count=len(place), seasons=titles, product=str(product_of(case, held)))
    unlimited = np.flatnonzero((own & np.isinf(supply.stated)).any(axis=1))
    if unlimited.size:
        findings.at("C292", keys, f"{supply.name} {_listed(supply, unlimited)}")


def _listed(supply: Supply, places: Ints) -> str:
    names = [supply.places[place] for place in places.tolist()]
    return "、".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")
