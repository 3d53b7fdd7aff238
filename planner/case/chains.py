r"""What a region's chains lack: demand, supply, shortage, sources and grade of each link, completeness of each chain.

With :math:`x_i\in\{0,1\}` for the selected candidates (none for the diagnosis of today), 万元 a year:

.. math::
    D_l = d_l + \sum_{(l,m)\in E} a_{lm} \sum_{i\in m} g_i x_i,\qquad
    S_l = s_l + \sum_{i\in l} \pi_i g_i x_i,\qquad
    u_l = \max(0, D_l - S_l).

Demand is endogenous: a firm that comes brings demand for its inputs, in full, while its own supply counts only with
its landing probability :math:`\pi_i`. Source: formulation.md, families 5 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints

NONE = np.zeros(0, dtype=np.int64)
TOLERANCE = 1e-6
"""万元: a shortage below this is none."""


@dataclass(frozen=True, eq=False)
class LinkState:
    """Every link at one moment; all arrays have shape (L,)."""

    demand: Floats
    supply: Floats
    shortage: Floats
    sources: Ints
    backed_up: Bools
    """Sources suffice; True also where no minimum is asked for."""
    grade: tuple[str, ...]


def drawing(case: Case, link: Ints) -> tuple[Ints, Ints]:
    """Who draws on which edge: positions in ``link``, which is the link of each of some candidates, and of edges, one by one."""
    to = case.edges["to_link"].to_numpy(np.int64)
    order = np.argsort(to, kind="stable")
    first, after = (np.searchsorted(to[order], link, side) for side in ("left", "right"))
    count = after - first
    drawer = np.repeat(np.arange(len(link)), count)
    return drawer, order[np.arange(len(drawer)) - np.repeat(np.cumsum(count) - count - first, count)]


def new_sources(case: Case, candidates: Ints) -> pd.DataFrame:
    """Which of ``candidates`` would be a new, distinct source of its link: rows of link, firm (name), candidate.

    Two projects of one firm are one source, and a firm that is at the link already is none.
    """
    link = case.candidates["link"].to_numpy(np.int64)[candidates]
    firm = case.candidates["name"].to_numpy(object)[candidates]
    here = set(zip(case.incumbents["link"].tolist(), map(str, case.incumbents["name"].tolist()), strict=True))
    new = np.array([at >= 0 and (at, str(name)) not in here for at, name in zip(link.tolist(), firm, strict=True)], dtype=bool)
    return pd.DataFrame({"link": link[new], "firm": firm[new], "candidate": candidates[new]})


def reliability_weight(probability: Floats, reliability: float) -> Floats:
    """−ln(1 − π), capped at −ln(1 − α): one certain landing is enough, and infinity never enters a matrix."""
    return np.asarray(np.minimum(-np.log1p(-np.minimum(probability, 1 - 1e-15)), -np.log1p(-reliability)))


def state(case: Case, selected: Ints = NONE) -> LinkState:
    """The links once ``selected`` (positions of candidates) have come; without any, as they are today."""
    links, size = case.links, len(case.links)
    chosen = case.candidates
    link = chosen["link"].to_numpy(np.int64)[selected]
    placed = link >= 0
    output = chosen["capacity"].to_numpy(float)[selected][placed]
    expected = output * chosen["landing_probability"].to_numpy(float)[selected][placed]
    at_link = np.bincount(link[placed], output, size)
    pulled = at_link[case.edges["to_link"].to_numpy(np.int64)] * case.edges["coefficient"].to_numpy(float)
    drawn = np.bincount(case.edges["from_link"].to_numpy(np.int64), pulled, size)
    demand: Floats = np.asarray(links["demand"], dtype=np.float64) + drawn
    supply: Floats = np.asarray(links["supply"], dtype=np.float64) + np.bincount(link[placed], expected, size)
    shortage = np.maximum(demand - supply, 0.0)
    shortage[shortage < TOLERANCE] = 0.0
    new = new_sources(case, selected)
    existing = links["sources"].to_numpy(float).astype(np.int64)
    distinct = set(zip(new["link"].tolist(), new["firm"].tolist(), strict=True))
    sources = existing + np.bincount(np.array([at for at, _ in distinct], dtype=np.int64), minlength=size)
    needed = links["min_sources"].to_numpy(float)
    backed_up = sources >= needed
    reliability = case.settings.backup.reliability
    if reliability is not None:
        weight = reliability_weight(case.candidates["landing_probability"].to_numpy(float), reliability)
        gathered = np.bincount(new["link"].to_numpy(np.int64), weight[new["candidate"].to_numpy(np.int64)], size)
        backed_up &= (existing >= needed) | (gathered >= -np.log1p(-reliability) - 1e-9)
    return LinkState(demand, supply, shortage, sources, backed_up, _grades(case, demand, supply, sources, needed))


def _grades(case: Case, demand: Floats, supply: Floats, sources: Ints, needed: Floats) -> tuple[str, ...]:
    """Grades by the thresholds of the settings; strong needs enough sources as well."""
    limits = case.settings.grades
    coverage = np.divide(supply, demand, out=np.full(len(demand), np.inf), where=demand > 0)
    not_strong = (coverage < limits.strong) | (sources < np.maximum(needed, 1))
    below = [demand <= 0, coverage < limits.weak, coverage < limits.adequate, not_strong]
    return tuple(np.select(below, ["no_demand", "missing", "weak", "adequate"], "strong").tolist())


def completeness(case: Case, moment: LinkState) -> tuple[float | None, tuple[float | None, ...]]:
    """Share of weighted demand that is served: of the whole region, and of each chain; None where there is no demand."""
    weight, chain = case.links["weight"].to_numpy(float), case.links["chain"].to_numpy(np.int64)
    asked, served = weight * moment.demand, weight * np.minimum(moment.supply, moment.demand)
    known = chain >= 0
    total, done = (np.bincount(chain[known], amount[known], len(case.chains)) for amount in (asked, served))
    each = tuple(float(done[c] / total[c]) if total[c] > 0 else None for c in range(len(case.chains)))
    return (float(served.sum() / asked.sum()) if asked.sum() > 0 else None), each


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Today's chains. ``links``: link_id, name, chain_id, chain, tier, demand, supply, shortage, coverage, sources,
    min_sources, single_source, bottleneck, grade, candidates. ``chains``: chain_id, name, links, demand, supply,
    shortage, completeness, missing, weak, adequate, strong, single_source, candidates."""

    links: pd.DataFrame
    chains: pd.DataFrame
    completeness: float | None


def diagnose(case: Case, eligible: Bools) -> Diagnosis:
    """The table of links and the table of chains; ``eligible`` (I,) says which candidates could come somewhere."""
    now = state(case)
    links = case.links
    chain, link_of = links["chain"].to_numpy(np.int64), case.candidates["link"].to_numpy(np.int64)
    ids, names = (np.array([*case.chains[column], None], dtype=object) for column in ("chain_id", "name"))
    table = pd.DataFrame(
        {
            "link_id": links["link_id"],
            "name": links["name"],
            "chain_id": ids[chain],
            "chain": names[chain],
            "tier": links["tier"],
            "demand": now.demand,
            "supply": now.supply,
            "shortage": now.shortage,
            "coverage": np.divide(now.supply, now.demand, out=np.full(len(links), np.nan), where=now.demand > 0),
            "sources": now.sources,
            "min_sources": links["min_sources"].astype(int),
            "single_source": (now.sources == 1) & (now.demand > 0),
            "bottleneck": links["bottleneck"],
            "grade": now.grade,
            "candidates": np.bincount(link_of[eligible & (link_of >= 0)], minlength=len(links)),
        }
    )
    whole, each = completeness(case, now)
    chains = pd.DataFrame({"chain_id": case.chains["chain_id"], "name": case.chains["name"]})
    grouped = table.groupby("chain_id")
    chains["links"] = chains["chain_id"].map(grouped.size()).fillna(0).astype(int)
    for column in ("demand", "supply", "shortage", "single_source", "candidates"):
        chains[column] = chains["chain_id"].map(grouped[column].sum()).fillna(0)
    chains["completeness"] = pd.Series(each, dtype=float)
    for grade in ("missing", "weak", "adequate", "strong"):
        counts = table[table["grade"] == grade].groupby("chain_id").size()
        chains[grade] = chains["chain_id"].map(counts).fillna(0).astype(int)
    return Diagnosis(table, chains, whole)
