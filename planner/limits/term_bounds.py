r"""Floors and ceilings of objective terms: a hard limit on what one term comes to, whatever its weight.

.. math:: f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau

It is what an ε-constraint between two terms is made of (Mavrotas 2009), and what an analyst writes as "no more than so much
subsidy" or "close at least so much of the gaps". The columns of shortages and backups only ever understate what a plan does
(:math:`u_l` is at least the shortage, :math:`b_l` at most the backup), so a floor is exact for gap and backup too; a ceiling
would be met by overstating shortage and is refused (C228).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Ints
from planner.case.uses import bounded_terms
from planner.language import Words
from planner.layout.columns import Layout
from planner.layout.rows import Rows, rows_of, stack
from planner.limits.family import HIGH, LOW, Family, Held, Lever, Step, Subject, enough, full_text, moved
from planner.terms.registry import term_of


class TermBounds(Family):
    """Floors and ceilings of objective terms."""

    name = "term_bounds"
    title = Words("目标项的界限", "bounds of objective terms")
    formula = r"f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau"
    sentence = Words("目标项“{subject}”{sense} {amount}", "{subject} {sense} {amount}")

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, name in enumerate(bounded_terms(case.settings)):
            at, values, constant = term_of(case, name).coefficients(case, layout)
            entries, about = (np.zeros(len(at), dtype=np.int64), at, values), {"term": np.array([position])}
            for side in (LOW, HIGH):
                bound = _bound(case, name, side)
                if bound is not None:
                    sides = {"lower" if side == LOW else "upper": bound - constant}
                    parts.append(rows_of(layout, entries, about, **sides))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for sign, bounds in ((-1.0, case.settings.objective.floors), (1.0, case.settings.objective.ceilings)):
            for name, bound in bounds.items():
                size = fsum(map(abs, term_of(case, name).parts(accounts.chosen)))
                if name == "gap":  # a difference of larger amounts
                    size += fsum(link.demand + link.supply for link in accounts.chosen.after)
                yield Held(sign * accounts.raw[name], sign * bound, size)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = bounded_terms(case.settings)[about["term"]]
        term = term_of(case, name)
        constant = term.coefficients(case, layout)[2]
        return Subject(term.words, (name,), unit=term.unit, constant=constant)

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return np.stack([about["term"], np.full(len(about["term"]), side)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        present = _bound(case, bounded_terms(case.settings)[key[0]], side) or 0.0
        return Lever(self.name, key, self.price(case), abs(present) or 1.0)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, low = bounded_terms(case.settings)[key[0]], key[1] == LOW
        words, present = term_of(case, name).words, full_text(_bound(case, name, key[1]) or 0.0)
        return Words(
            f"目标项“{words.zh}”{'不低于' if low else '不高于'} {present}",
            f"{words.en} {'at least' if low else 'at most'} {present}",
        )

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        name, side = bounded_terms(case.settings)[key[0]], key[1]
        words, now, value = term_of(case, name).words, _bound(case, name, side) or 0.0, accounts.raw[name]
        short = enough(now - value if side == LOW else value - now)
        new = moved(now, -short if side == LOW else short)
        text = Words(
            f"目标项“{words.zh}”的{'下限' if side == LOW else '上限'}由 {full_text(now)} 改为 {full_text(new)}",
            f"{'floor' if side == LOW else 'ceiling'} of {words.en}: {full_text(new)} instead of {full_text(now)}",
        )
        keys = ("objective", "floors" if side == LOW else "ceilings", name)
        return Step(text, short, settings=((keys, new),))


def _bound(case: Case, name: str, side: int) -> float | None:
    objective = case.settings.objective
    bound = (objective.floors if side == LOW else objective.ceilings).get(name)
    return None if bound is None else float(bound)
