r"""How the value of a plan divides among the firms it selects; the parts sum to the value exactly.

Terms that are sums over firms divide by themselves. The gap term is shared: at each link the shortage that new supply
closes, :math:`\max(0, D_l - s_l) - u_l`, goes to the suppliers by expected supply; the shortage that new demand opens,
:math:`\max(0, D_l - s_l) - u^0_l`, is charged to the firms that bring the demand, by amount. A backup that the plan completes is shared
equally among the new sources; one that stood before belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.chains.diagnosis import new_sources
from planner.plan.accounts import Accounts
from planner.programme.terms import TermVector
from planner.tables.case import Case, Floats


def raw_shares(case: Case, accounts: Accounts, term: str) -> Floats:
    """Each selected firm's part of a term's raw figure, shape (N,)."""
    choice = accounts.choice
    chosen = case.candidates.iloc[choice.candidate]
    if term == "gap":
        return _gap(case, accounts)
    if term == "backup":
        return _backup(case, accounts)
    if term in {"output", "tax", "jobs"}:
        return (chosen[term] * chosen["landing_probability"]).to_numpy(float)
    if term in {"investment", "subsidy"}:
        return chosen[term].to_numpy(float)
    if term == "score":
        return case.score()[choice.candidate, choice.park]
    if term == "preferred":
        return case.preferred[choice.candidate, choice.park].astype(float)
    if term == "early":
        share: Floats = (len(case.quarters) - choice.quarter) / len(case.quarters)
        return share
    own: Floats = accounts.needs[:, case.resource(term)]
    return own


def contributions(
    case: Case, accounts: Accounts, terms: tuple[TermVector, ...], weights: Mapping[str, float]
) -> dict[str, Floats]:
    """Term → what each selected firm adds to the value, weight × raw share ÷ normaliser; shape (N,) each."""
    return {
        term.name: raw_shares(case, accounts, term.name) * (weights.get(term.name, 0.0) / term.normaliser)
        for term in terms
    }


def _gap(case: Case, accounts: Accounts) -> Floats:
    chosen = case.candidates.iloc[accounts.choice.candidate]
    link = chosen["link"].to_numpy(np.int64)
    weight = np.append(case.links["weight"].to_numpy(float), 0.0)
    output = chosen["capacity"].to_numpy(float)
    expected = np.where(link >= 0, output * chosen["landing_probability"].to_numpy(float), 0.0)
    size = len(case.links)
    open_now = np.maximum(accounts.after.demand - case.links["supply"].to_numpy(float), 0.0)
    closed = np.append(open_now - accounts.after.shortage, 0.0)
    supplied = np.append(np.bincount(link[link >= 0], expected[link >= 0], size), 0.0)
    share = (
        weight[link] * closed[link] * np.divide(expected, supplied[link], out=np.zeros(len(link)), where=expected > 0)
    )
    opened = open_now - accounts.before.shortage
    brought = accounts.after.demand - accounts.before.demand
    price = np.divide(weight[:-1] * opened, brought, out=np.zeros(size), where=brought > 0)
    to, source = case.edges["to_link"].to_numpy(np.int64), case.edges["from_link"].to_numpy(np.int64)
    charge = np.append(np.bincount(to, case.edges["coefficient"].to_numpy(float) * price[source], size), 0.0)
    charged: Floats = share - charge[link] * output
    return charged


def _backup(case: Case, accounts: Accounts) -> Floats:
    completed = accounts.after.backed_up & ~accounts.before.backed_up
    new = new_sources(case, accounts.choice.candidate)
    new = new[completed[new["link"].to_numpy(np.int64)]]
    firms = new.groupby(["link", "firm"]).ngroup()
    each = 1.0 / new.groupby("link")["firm"].transform("nunique") / new.groupby(firms)["firm"].transform("size")
    share = np.zeros(len(case.candidates))
    share[new["candidate"].to_numpy(np.int64)] = case.links["weight"].to_numpy(float)[
        new["link"].to_numpy(np.int64)
    ] * each.to_numpy(float)
    return share[accounts.choice.candidate]
