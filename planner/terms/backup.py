r"""Backup sources: :math:`\sum_l w_l b_l`; normalised by the weights of all links that ask for a number of sources.

A backup that the plan completes is shared equally among the new sources; one that stood before belongs to nobody.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chains import new_sources
from planner.case.chosen import Chosen
from planner.language import Words
from planner.layout.columns import Layout
from planner.terms.term import Term


class Backup(Term):
    """Links with as many sources as they ask for, by weight."""

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        links = layout.block("backup").about["link"]
        return layout.positions("backup"), case.links["weight"].to_numpy(float)[links], 0.0

    def normaliser(self, case: Case) -> float:
        asked = case.links["min_sources"].to_numpy(float) > 0
        return float(case.links["weight"].to_numpy(float)[asked].sum())

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        completed = accounts.after.backed_up & ~accounts.before.backed_up
        new = new_sources(case, accounts.choice.candidate)
        new = new[completed[new["link"].to_numpy(np.int64)]]
        firms = new.groupby(["link", "firm"]).ngroup()
        each = 1.0 / new.groupby("link")["firm"].transform("nunique") / new.groupby(firms)["firm"].transform("size")
        weight = case.links["weight"].to_numpy(float)[new["link"].to_numpy(np.int64)]
        share = np.zeros(len(case.candidates))
        share[new["candidate"].to_numpy(np.int64)] = weight * each.to_numpy(float)
        return share[accounts.choice.candidate]

    def parts(self, chosen: Chosen) -> list[float]:
        reliability = chosen.case.settings.backup.reliability
        links = zip(chosen.case.links["weight"].tolist(), chosen.after, strict=True)
        return [w for w, link in links if link.needed > 0 and link.backed_up(reliability)]

    def offered(self, case: Case) -> float:
        links = zip(case.links["weight"].tolist(), case.links["min_sources"].tolist(), strict=True)
        return fsum(w for w, needed in links if needed > 0)


BACKUP = Backup("backup", Words("备份来源", "backup sources"))
