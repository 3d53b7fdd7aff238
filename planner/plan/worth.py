"""What a choice is worth, term by term, from the tables: the objective without the programme's coefficients.

The terms and what normalises them stand in a table in the programme's documentation; here they are added up once more, project by
project, so that a wrong coefficient or divisor there shows as a difference in value.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

from planner.plan.chosen import Chosen
from planner.tables.case import Case

EXPECTED = frozenset({"output", "tax", "jobs"})
"""Terms that count with the landing probability."""


def term_parts(chosen: Chosen, term: str) -> list[float]:
    """What each project, or each link, adds to a term's raw figure."""
    case, rows = chosen.case, chosen.rows
    if term == "gap":
        weight = case.links["weight"].tolist()
        moments = zip(weight, chosen.before, chosen.after, strict=True)
        return [part for w, was, now in moments for part in (w * was.shortage, -w * now.shortage)]
    if term == "backup":
        reliability = case.settings.backup.reliability
        links = zip(case.links["weight"].tolist(), chosen.after, strict=True)
        return [w for w, link in links if link.needed > 0 and link.backed_up(reliability)]
    if term in EXPECTED:
        return [row[term] * row["landing_probability"] for row in rows]
    if term in {"investment", "subsidy"}:
        return [row[term] for row in rows]
    if term == "score":
        return [row["score"] + chosen.site_scores.get((row["position"], row["park"]), 0.0) for row in rows]
    if term == "preferred":
        return [float(case.preferred[row["position"], row["park"]]) for row in rows]
    if term == "early":
        return [1.0 - row["quarter"] / len(case.quarters) for row in rows]
    ids = [supply.resource_id for supply in case.resources]
    return [float(need) for need in chosen.needs[:, ids.index(term)]]


def offered(case: Case, term: str) -> float:
    """What a term is divided by when ``normalise: true``: all there is of it in the tables; 1 where there is none."""
    columns = {
        name: case.candidates[name].tolist() for name in case.candidates.columns if name in _SUMMED or name == term
    }
    size = range(len(case.candidates))
    total = 0.0
    if term == "gap":
        names = ("weight", "demand", "supply")
        links = list(zip(*(case.links[name].tolist() for name in names), strict=True))
        total = fsum(w * max(0.0, demand - supply) for w, demand, supply in links)
        if total <= 0:
            at = columns["link"]
            weight = [links[at[i]][0] if at[i] >= 0 else 0.0 for i in size]
            made = (weight[i] * columns["capacity"][i] * columns["landing_probability"][i] for i in size)
            total = _largest_versions(case, made)
    elif term == "backup":
        asked = zip(case.links["weight"].tolist(), case.links["min_sources"].tolist(), strict=True)
        total = fsum(w for w, needed in asked if needed > 0)
    elif term == "score":
        site: dict[int, float] = {}
        for i, score in zip(case.pairs.candidate.tolist(), case.pairs.score.tolist(), strict=True):
            site[i] = max(site.get(i, 0.0), abs(score))
        total = _largest_versions(case, (abs(columns["score"][i]) + site.get(i, 0.0) for i in size))
    elif term == "preferred":
        total = float(sum(any(row) for row in case.preferred.tolist()))
    elif term == "early":
        total = float(len(set(columns["family"])))
    elif term in EXPECTED:
        total = _largest_versions(case, (columns[term][i] * columns["landing_probability"][i] for i in size))
    elif term in {"investment", "subsidy"}:
        total = _largest_versions(case, columns[term])
    else:
        r = [supply.resource_id for supply in case.resources].index(term)
        most = case.needs[:, r].tolist()
        for i, need in zip(case.pairs.candidate.tolist(), case.pairs.needs[:, r].tolist(), strict=True):
            if need == need:
                most[i] = max(most[i], need) if most[i] == most[i] else need
        total = _largest_versions(case, most)
    return total if total > 0 else 1.0


_SUMMED = frozenset({"link", "family", "capacity", "landing_probability"})


def _largest_versions(case: Case, values: Iterable[float]) -> float:
    """The sum over projects, each by its largest version; what is not known counts nothing."""
    most: dict[int, float] = {}
    for family, value in zip(case.candidates["family"].tolist(), values, strict=True):
        most[family] = max(most.get(family, 0.0), value if value == value else 0.0)
    return fsum(most.values())


def worth(chosen: Chosen, penalties: float, level: int = 0) -> tuple[float, float]:
    """The value of a choice at one level of the objective, and the sum of its absolute parts.

    ``penalties``, the price of soft rules, belongs to the first level.
    """
    objective = chosen.case.settings.objective
    weights = objective.levels[level].weights if objective.levels else objective.weights
    parts = [-penalties] if level == 0 else []
    for term, weight in weights.items():
        if weight:
            share = weight / (offered(chosen.case, term) if objective.normalise else 1.0)
            parts += [share * part for part in term_parts(chosen, term)]
    return fsum(parts), fsum(map(abs, parts))
