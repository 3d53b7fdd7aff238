r"""The use of a resource, a term by the resource's own name: :math:`\sum n_{ikr} x_{ik}`; normalised by largest needs."""

from __future__ import annotations

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chosen import Chosen
from planner.language import Words
from planner.layout.columns import Layout
from planner.terms.term import Term, largest_versions, on_offer


class Use(Term):
    """What the plan uses of one resource."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        at = layout.placements
        return at, case.need(case.resource(self.name))[layout.candidate[at], layout.park[at]], 0.0

    def normaliser(self, case: Case) -> float:
        r = case.resource(self.name)
        largest = case.needs[:, r].copy()
        np.fmax.at(largest, case.pairs.candidate, case.pairs.needs[:, r])
        return on_offer(case, largest)

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        own: Floats = accounts.needs[:, case.resource(self.name)]
        return own

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
