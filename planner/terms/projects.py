r"""Terms that add up what each selected project is worth by itself, where and when it comes.

.. math::
    \sum (s_i + s_{ik})\, x_{ik}, \quad \sum_{k \text{ preferred by } i} x_{ik}, \quad
    \sum_t \frac{T - t}{T}\, x_{it}\ (t = 0, 1, \dots), \quad \sum \pi_i v_i\, x_i, \quad \sum n_{ikr}\, x_{ik}
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.case.accounts import Accounts, Chosen
from planner.case.case import Case, Floats, Ints
from planner.language import Words
from planner.layout import Layout
from planner.terms.term import Term, largest_versions, on_offer


@dataclass(frozen=True)
class ProjectSum(Term):
    """A sum over projects; ``timed``: what each adds depends on its quarter and not on its park."""

    timed: ClassVar[bool] = False

    @abstractmethod
    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        """What projects add in the park, or in the quarter, beside them; positions, one shape."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        at = layout.schedules if self.timed else layout.placements
        return at, self.each(case, layout.candidate[at], layout.park[at], layout.quarter[at]), 0.0

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        return self.each(case, accounts.choice.candidate, accounts.choice.park, accounts.choice.quarter)


class Score(ProjectSum):
    """The bureau's own score with what a site adds; normalised by the largest that each project could reach."""

    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        return case.score()[candidate, park]

    def normaliser(self, case: Case) -> float:
        extra = np.zeros(len(case.candidates))
        np.maximum.at(extra, case.pairs.candidate, np.abs(case.pairs.score))
        return on_offer(case, np.abs(case.candidates["score"].to_numpy(float)) + extra)

    def parts(self, chosen: Chosen) -> list[float]:
        added = chosen.site_scores
        return [row["score"] + added.get((row["position"], row["park"]), 0.0) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        site: dict[int, float] = {}
        for i, score in zip(case.pairs.candidate.tolist(), case.pairs.score.tolist(), strict=True):
            site[i] = max(site.get(i, 0.0), abs(score))
        scores = case.candidates["score"].tolist()
        return largest_versions(case, (abs(score) + site.get(i, 0.0) for i, score in enumerate(scores)))


class Preferred(ProjectSum):
    """Candidates in a park that they prefer; normalised by those that prefer some park."""

    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        return case.preferred[candidate, park].astype(float)

    def normaliser(self, case: Case) -> float:
        return float(case.preferred.any(axis=1).sum())

    def parts(self, chosen: Chosen) -> list[float]:
        return [float(chosen.case.preferred[row["position"], row["park"]]) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        return float(sum(any(row) for row in case.preferred.tolist()))


class Early(ProjectSum):
    """Projects by the share of the horizon that is left when they sign; normalised by all projects."""

    timed = True

    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        left: Floats = (len(case.quarters) - quarter) / len(case.quarters)
        return left

    def normaliser(self, case: Case) -> float:
        return float(case.projects)

    def parts(self, chosen: Chosen) -> list[float]:
        return [1.0 - row["quarter"] / len(chosen.case.quarters) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        return float(len(set(case.project_of.tolist())))


@dataclass(frozen=True)
class Total(ProjectSum):
    """The sum of the column that has the term's name; ``expected``: times the landing probability, for what only comes if the
    firm lands."""

    expected: bool = False

    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        lands = case.candidates["landing_probability"] if self.expected else 1.0
        return (case.candidates[self.name] * lands).to_numpy(float)[candidate]

    def normaliser(self, case: Case) -> float:
        every = np.arange(len(case.candidates))
        return on_offer(case, self.each(case, every, every, every))

    def parts(self, chosen: Chosen) -> list[float]:
        return [row[self.name] * (row["landing_probability"] if self.expected else 1.0) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        lands = case.candidates["landing_probability"].tolist() if self.expected else np.ones(len(case.candidates))
        return largest_versions(case, (v * p for v, p in zip(case.candidates[self.name].tolist(), lands, strict=True)))


class Use(ProjectSum):
    """What the plan uses of one resource, a term by the resource's own name; normalised by largest needs."""

    def each(self, case: Case, candidate: Ints, park: Ints, quarter: Ints) -> Floats:
        return case.need_in(case.resource(self.name), candidate, park)

    def normaliser(self, case: Case) -> float:
        r = case.resource(self.name)
        largest = case.needs[:, r].copy()
        np.fmax.at(largest, case.pairs.candidate, case.pairs.needs[:, r])
        return on_offer(case, largest)

    def parts(self, chosen: Chosen) -> list[float]:
        return [float(need) for need in chosen.needs[:, _position(chosen.case, self.name)]]

    def offered(self, case: Case) -> float:
        r = _position(case, self.name)
        most = case.needs[:, r].tolist()
        for i, need in zip(case.pairs.candidate.tolist(), case.pairs.needs[:, r].tolist(), strict=True):
            if need == need:
                most[i] = max(most[i], need) if most[i] == most[i] else need
        return largest_versions(case, most)


def _position(case: Case, name: str) -> int:
    return [supply.resource_id for supply in case.resources].index(name)


def use_of(case: Case, name: str) -> Use:
    """The term of a resource."""
    supply = case.resources[case.resource(name)]
    return Use(name, Words(supply.name, supply.name), supply.unit, cost=True)
