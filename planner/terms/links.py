r"""Terms of links: gap closed, :math:`\sum_l w_l (u^0_l - u_l)` in 万元 a year, and backup sources, :math:`\sum_l w_l b_l`."""

from __future__ import annotations

from math import fsum

import numpy as np

from planner.case.accounts import Accounts, Chosen
from planner.case.case import Case, Floats, Ints
from planner.case.chains import new_sources
from planner.layout import Layout
from planner.terms.term import Term, largest_versions, on_offer


class Gap(Term):
    r"""Shortage that the plan closes, weighted by link; normalised by all gaps of today, weighted.

    Among firms it is shared: at each link the shortage that new supply closes, :math:`\max(0, D_l - s_l) - u_l`, goes to the
    suppliers by expected supply; the shortage that new demand opens, :math:`\max(0, D_l - s_l) - u^0_l`, is charged to the
    firms that bring the demand, by amount.
    """

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        links = layout.block("shortage").about["link"]
        weight = case.links["weight"].to_numpy(float)[links]
        gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)[links]
        return layout.positions("shortage"), -weight, float((weight * np.maximum(gap, 0)).sum())

    def normaliser(self, case: Case) -> float:
        weight, frame = case.links["weight"].to_numpy(float), case.candidates
        gap = np.maximum(case.links["demand"].to_numpy(float) - case.links["supply"].to_numpy(float), 0)
        total = float((weight * gap).sum())
        if total > 0:
            return total
        # No gap today: what candidates could supply is the scale.
        expected = (frame["capacity"] * frame["landing_probability"]).to_numpy(float)
        return on_offer(case, np.append(weight, 0.0)[frame["link"].to_numpy(np.int64)] * expected)

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        chosen = case.candidates.iloc[accounts.choice.candidate]
        link = chosen["link"].to_numpy(np.int64)
        weight = np.append(case.links["weight"].to_numpy(float), 0.0)
        output = chosen["capacity"].to_numpy(float)
        expected = np.where(link >= 0, output * chosen["landing_probability"].to_numpy(float), 0.0)
        size = len(case.links)
        open_now = np.maximum(accounts.after.demand - case.links["supply"].to_numpy(float), 0.0)
        closed = np.append(open_now - accounts.after.shortage, 0.0)
        supplied = np.append(np.bincount(link[link >= 0], expected[link >= 0], size), 0.0)
        part = np.divide(expected, supplied[link], out=np.zeros(len(link)), where=expected > 0)
        share = weight[link] * closed[link] * part
        opened = open_now - accounts.before.shortage
        brought = accounts.after.demand - accounts.before.demand
        price = np.divide(weight[:-1] * opened, brought, out=np.zeros(size), where=brought > 0)
        to, source = case.edges["to_link"].to_numpy(np.int64), case.edges["from_link"].to_numpy(np.int64)
        charge = np.append(np.bincount(to, case.edges["coefficient"].to_numpy(float) * price[source], size), 0.0)
        charged: Floats = share - charge[link] * output
        return charged

    def parts(self, chosen: Chosen) -> list[float]:
        moments = zip(chosen.case.links["weight"].tolist(), chosen.before, chosen.after, strict=True)
        return [part for w, was, now in moments for part in (w * was.shortage, -w * now.shortage)]

    def offered(self, case: Case) -> float:
        links = list(zip(*(case.links[name].tolist() for name in ("weight", "demand", "supply")), strict=True))
        total = fsum(w * max(0.0, demand - supply) for w, demand, supply in links)
        if total > 0:
            return total
        names = ("link", "capacity", "landing_probability")
        rows = zip(*(case.candidates[name].tolist() for name in names), strict=True)
        return largest_versions(case, ((links[at][0] if at >= 0 else 0.0) * made * lands for at, made, lands in rows))


class Backup(Term):
    """Links with as many sources as they ask for, by weight; normalised by the weights of all links that ask for some. A backup
    that the plan completes is shared equally among the new sources; one that stood before belongs to nobody."""

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
