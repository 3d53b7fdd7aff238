r"""Floors and ceilings of objective terms: a hard limit on what one term comes to, whatever its weight.

.. math:: f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau

It is what an ε-constraint between two terms is made of (Mavrotas 2009), and what an analyst writes as "no more than so much
subsidy" or "close at least so much of the gaps". The columns of shortages and backups only ever understate what a plan does
(:math:`u_l` is at least the shortage, :math:`b_l` at most the backup), so a floor is exact for gap and backup too; a ceiling
would be met by overstating shortage and is refused (C228).
"""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block, stack
from planner.programme.layout import Layout
from planner.programme.terms import term_vector
from planner.tables.case import Case
from planner.tables.vocabulary import bounded_terms


def _term_bounds(case: Case, columns: Layout) -> Block:
    objective, parts = case.settings.objective, []
    for position, name in enumerate(bounded_terms(case.settings)):
        term = term_vector(case, columns, name)
        at = np.flatnonzero(term.coefficients)
        for low, high in ((objective.floors.get(name), None), (None, objective.ceilings.get(name))):
            if low is None and high is None:
                continue
            parts.append(
                block(
                    (1, columns.columns),
                    np.zeros(len(at), dtype=np.int64),
                    at,
                    term.coefficients[at],
                    -np.inf if low is None else low - term.constant,
                    np.inf if high is None else high - term.constant,
                    {"term": np.array([position])},
                )
            )
    return stack(parts, columns.columns)


TERM_BOUNDS = Family(
    "term_bounds",
    Words("目标项的界限", "bounds of objective terms"),
    r"f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau",
    Words("目标项“{term}”{sense} {amount}", "{term} {sense} {amount}"),
    _term_bounds,
)
