"""Choices by hand and every one there is, judged by the accounts and the checker alone: no matrix, no solver."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from planner.case.case import Choice
from planner.plan.open import Opened
from planner.plan.verify import broken, held
from planner.terms.registry import reckon, term_of
from tests.raw_city import Choice as Named


def choice(*places: tuple[int, int, int]) -> Choice:
    """(candidate, park, quarter) of each selected project."""
    table = np.array(places, dtype=np.int64).reshape(-1, 3)
    return Choice(table[:, 0], table[:, 1], table[:, 2])


def positions(opened: Opened, named: Named) -> Choice:
    """A choice by ids as positions of the case."""
    case = opened.case
    ids = case.candidates["candidate_id"].tolist()
    parks = case.parks["park_id"].tolist()
    return choice(*sorted((ids.index(i), parks.index(k), case.quarters.index(q)) for i, (k, q) in named.items()))


def value_of(opened: Opened, choice: Choice) -> float | None:
    """The objective of a choice; None when it breaks a limit."""
    case = opened.case
    weights = {term: weight for term, weight in case.settings.objective.term_weights.items() if weight}
    accounts = reckon(case, choice, tuple(weights))
    scale = {term: term_of(case, term).scale(case) for term in weights}
    value = sum(weights[term] * accounts.raw[term] / scale[term] for term in weights) - accounts.penalties
    return None if broken(held(case, accounts)) else value


def every_choice(opened: Opened) -> Iterator[Choice]:
    """Every way of placing and scheduling some of the candidates, whether it keeps the limits or not."""
    case = opened.case
    places = [None, *product(range(len(case.parks)), range(len(case.quarters)))]
    for assignment in product(places, repeat=len(case.candidates)):
        chosen = [(i, *place) for i, place in enumerate(assignment) if place is not None]
        yield choice(*chosen)


def best(opened: Opened) -> tuple[float | None, Choice | None]:
    """The best value over all choices (None: none is feasible), and a choice that has it."""
    found: tuple[float | None, Choice | None] = (None, None)
    for choice in every_choice(opened):
        value = value_of(opened, choice)
        if value is not None and (found[0] is None or value > found[0] + 1e-12):
            found = (value, choice)
    return found
