r"""Totals of a column of candidates: :math:`\sum_i v_i x_i`, or :math:`\sum_i \pi_i v_i x_i` for what only comes if the firm lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chosen import Chosen
from planner.language import Words
from planner.layout.columns import Layout
from planner.terms.term import Term, largest_versions, on_offer


@dataclass(frozen=True)
class Total(Term):
    """The sum of the column that has the term's name; ``expected``: times the landing probability."""

    expected: bool = False

    def _values(self, case: Case) -> Floats:
        values = case.candidates[self.name]
        expected = values * case.candidates["landing_probability"] if self.expected else values
        return expected.to_numpy(float)

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        return layout.placements, self._values(case)[layout.candidate[layout.placements]], 0.0

    def normaliser(self, case: Case) -> float:
        return on_offer(case, self._values(case))

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        return self._values(case)[accounts.choice.candidate]

    def parts(self, chosen: Chosen) -> list[float]:
        return [row[self.name] * (row["landing_probability"] if self.expected else 1.0) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        lands = case.candidates["landing_probability"].tolist() if self.expected else np.ones(len(case.candidates))
        return largest_versions(case, (v * p for v, p in zip(case.candidates[self.name].tolist(), lands, strict=True)))


OUTPUT = Total("output", Words("预期产值", "expected output"), "万元", expected=True)
TAX = Total("tax", Words("预期税收", "expected tax"), "万元", expected=True)
JOBS = Total("jobs", Words("预期就业", "expected jobs"), "人", expected=True)
INVESTMENT = Total("investment", Words("投资额", "investment"), "万元", cost=True)
SUBSIDY = Total("subsidy", Words("奖补诉求", "subsidy asked"), "万元", cost=True)
