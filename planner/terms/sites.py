r"""Terms of where and when: the bureau's own score with what a site adds, parks that firms prefer, early signing.

.. math::
    \sum (s_i + s_{ik})\, x_{ik}, \qquad \sum_{k \text{ preferred by } i} x_{ik}, \qquad \sum_t \frac{T - t}{T}\, x_{it}\ (t = 0, 1, \dots)
"""

from __future__ import annotations

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chosen import Chosen
from planner.language import Words
from planner.layout.columns import Layout
from planner.terms.term import Term, largest_versions, on_offer


class Score(Term):
    """The bureau's own score; normalised by the largest that each project could reach."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        at = layout.placements
        return at, case.score()[layout.candidate[at], layout.park[at]], 0.0

    def normaliser(self, case: Case) -> float:
        extra = np.zeros(len(case.candidates))
        np.maximum.at(extra, case.pairs.candidate, np.abs(case.pairs.score))
        return on_offer(case, np.abs(case.candidates["score"].to_numpy(float)) + extra)

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        return case.score()[accounts.choice.candidate, accounts.choice.park]

    def parts(self, chosen: Chosen) -> list[float]:
        added = chosen.site_scores
        return [row["score"] + added.get((row["position"], row["park"]), 0.0) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        site: dict[int, float] = {}
        for i, score in zip(case.pairs.candidate.tolist(), case.pairs.score.tolist(), strict=True):
            site[i] = max(site.get(i, 0.0), abs(score))
        scores = case.candidates["score"].tolist()
        return largest_versions(case, (abs(score) + site.get(i, 0.0) for i, score in enumerate(scores)))


class Preferred(Term):
    """Candidates in a park that they prefer; normalised by those that prefer some park."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        at = layout.placements
        return at, case.preferred[layout.candidate[at], layout.park[at]].astype(float), 0.0

    def normaliser(self, case: Case) -> float:
        return float(case.preferred.any(axis=1).sum())

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        return case.preferred[accounts.choice.candidate, accounts.choice.park].astype(float)

    def parts(self, chosen: Chosen) -> list[float]:
        return [float(chosen.case.preferred[row["position"], row["park"]]) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        return float(sum(any(row) for row in case.preferred.tolist()))


class Early(Term):
    """Projects by the share of the horizon that is left when they sign; normalised by all projects."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        at, horizon = layout.schedules, len(case.quarters)
        return at, (horizon - layout.quarter[at]) / horizon, 0.0

    def normaliser(self, case: Case) -> float:
        return float(case.projects)

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        share: Floats = (len(case.quarters) - accounts.choice.quarter) / len(case.quarters)
        return share

    def parts(self, chosen: Chosen) -> list[float]:
        return [1.0 - row["quarter"] / len(chosen.case.quarters) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        return float(len(set(case.project_of.tolist())))


SCORE = Score("score", Words("评分", "score"))
PREFERRED = Preferred("preferred", Words("意向园区", "preferred parks"))
EARLY = Early("early", Words("尽早签约", "early signing"))
