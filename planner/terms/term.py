"""What a term of the objective is: coefficients over the columns, how it divides among firms, the same from the tables alone.

A normaliser is what is *on offer* in the tables — for a sum over candidates, the total over all candidates listed, a
project with versions counted by its largest; for the gap, all gaps of today — and nothing of the plan's limits enters it.
So a weight reads "per 100 % of what is on offer" and does not change when a limit changes: a larger budget or park never
lowers an optimum, and plans stay comparable across scenarios (not so for "eligible candidates": whether a pair is eligible
depends on capacities; see models/FORMULATION.md). ``parts`` and ``offered`` are the independent side: plain sums, project by project, that share no code with
``coefficients`` and ``normaliser``, so that a wrong coefficient or divisor shows as a difference in value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

import numpy as np

from planner.case.accounts import Accounts, Chosen
from planner.case.case import Case, Floats, Ints
from planner.language import Words
from planner.layout import Layout


@dataclass(frozen=True, eq=False)
class TermVector:
    """``raw = coefficients · x + constant``; shape (n,). ``unit`` is the raw figure's."""

    name: str
    coefficients: Floats
    constant: float
    normaliser: float
    unit: str


@dataclass(frozen=True)
class Term(ABC):
    """One objective term; ``cost``: it is to be small where no weight says otherwise."""

    name: str
    words: Words
    unit: str = ""
    cost: bool = False

    @abstractmethod
    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        """(columns, coefficient of each, constant) of the raw figure."""

    @abstractmethod
    def normaliser(self, case: Case) -> float:
        """What there is on offer."""

    @abstractmethod
    def shares(self, case: Case, accounts: Accounts) -> Floats:
        """Each selected firm's part of the raw figure, shape (N,)."""

    @abstractmethod
    def parts(self, chosen: Chosen) -> list[float]:
        """What each project, or each link, adds to the raw figure: from the tables alone."""

    @abstractmethod
    def offered(self, case: Case) -> float:
        """What there is on offer: from the tables alone."""

    def scale(self, case: Case) -> float:
        """What the raw figure is divided by: 1 where nothing is on offer, and with ``normalise: false``."""
        scale = self.normaliser(case) if case.settings.objective.normalise else 1.0
        return scale if scale > 0 else 1.0

    def vector(self, case: Case, layout: Layout) -> TermVector:
        """The term over all columns."""
        at, values, constant = self.coefficients(case, layout)
        coefficients = np.zeros(layout.columns)
        coefficients[at] = values
        return TermVector(self.name, coefficients, constant, self.scale(case), self.unit)


def on_offer(case: Case, value: Floats) -> float:
    """Total of a value per candidate over all projects listed, versions of one counted by the largest."""
    total = np.zeros(case.projects)
    np.maximum.at(total, case.project_of, np.nan_to_num(value))
    return float(total.sum())


def largest_versions(case: Case, values: Iterable[float]) -> float:
    """The sum over projects, each by its largest version; what is not known counts nothing. The independent side's."""
    most: dict[int, float] = {}
    for project, value in zip(case.project_of.tolist(), values, strict=True):
        most[project] = max(most.get(project, 0.0), value if value == value else 0.0)
    return fsum(most.values())
