r"""Terms of the objective, each as raw coefficients over the columns, with the total it is normalised by.

A normaliser is what is *on offer* in the tables — for a sum over candidates, the total over all candidates listed, a
project with variants counted by its largest; for the gap, all gaps of today — and nothing of the plan's limits enters it.
So a weight reads "per 100 % of what is on offer" and does not change when a limit changes: a larger budget or park never
lowers an optimum, and plans stay comparable across scenarios. (formulation.md says "eligible candidates"; whether a pair
is eligible depends on capacities, so that would break the law; see models/FORMULATION.md.)

==============  =============================================  ==========================================
term            raw                                            normaliser
==============  =============================================  ==========================================
gap             Σ w_l (u⁰_l − u_l), 万元                        Σ w_l u⁰_l
backup          Σ w_l b_l                                      Σ w_l over links with a minimum of sources
output tax jobs Σ π_i v_i x_i                                  Σ π_i v_i
score           Σ (score_i + score_ik) x_ik                    Σ (|score_i| + max_k |score_ik|)
preferred       Σ x_ik over preferred parks                    candidates that prefer some park
early           Σ (T − t) ÷ T · x_it, t from 0                 all projects
investment      Σ v_i x_i                                      Σ v_i
subsidy         Σ p_i x_i                                      Σ p_i
a resource      Σ n_ikr x_ik                                   Σ of the largest need of each candidate
==============  =============================================  ==========================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.programme.layout import Layout
from planner.tables.case import Case, Floats
from planner.tables.vocabulary import terms_told


@dataclass(frozen=True, eq=False)
class TermVector:
    """``raw = coefficients · x + constant``; shape (n,). ``unit`` is the raw figure's."""

    name: str
    coefficients: Floats
    constant: float
    normaliser: float
    unit: str


EXPECTED = {"output": "万元", "tax": "万元", "jobs": "人"}
"""Terms that count with the landing probability."""
PLAIN = {"investment": "万元", "subsidy": "万元"}


def on_offer(case: Case, value: Floats) -> float:
    """Total of a value per candidate over all projects listed, variants of one counted by the largest."""
    total = np.zeros(case.families)
    np.maximum.at(total, case.candidates["family"].to_numpy(np.int64), np.nan_to_num(value))
    return float(total.sum())


def normaliser(case: Case, term: str) -> float:
    """What ``term`` is divided by when ``normalise: true``; 1 where nothing is on offer. See the table above."""
    weight = case.links["weight"].to_numpy(float)
    frame = case.candidates
    if term == "gap":
        gap = np.maximum(case.links["demand"].to_numpy(float) - case.links["supply"].to_numpy(float), 0)
        total = float((weight * gap).sum())
        if total <= 0:  # no gap today: what candidates could supply is the scale
            at = frame["link"].to_numpy(np.int64)
            expected = (frame["capacity"] * frame["landing_probability"]).to_numpy(float)
            total = on_offer(case, np.append(weight, 0.0)[at] * expected)
    elif term == "backup":
        total = float(weight[case.links["min_sources"].to_numpy(float) > 0].sum())
    elif term in EXPECTED:
        total = on_offer(case, (frame[term] * frame["landing_probability"]).to_numpy(float))
    elif term in PLAIN:
        total = on_offer(case, frame[term].to_numpy(float))
    elif term == "score":
        extra = np.zeros(len(frame))
        np.maximum.at(extra, case.pairs.candidate, np.abs(case.pairs.score))
        total = on_offer(case, np.abs(frame["score"].to_numpy(float)) + extra)
    elif term == "preferred":
        total = float(case.preferred.any(axis=1).sum())
    elif term == "early":
        total = float(case.families)
    else:
        r = case.resource(term)
        largest = case.needs[:, r].copy()
        np.fmax.at(largest, case.pairs.candidate, case.pairs.needs[:, r])
        total = on_offer(case, largest)
    return total if total > 0 else 1.0


def term_vector(case: Case, columns: Layout, term: str) -> TermVector:
    """The term over the layout's columns."""
    frame = case.candidates
    coefficients, constant, unit = np.zeros(columns.columns), 0.0, ""
    at = columns.placements
    candidate, park = columns.candidate[at], columns.park[at]
    if term == "gap":
        weight = case.links["weight"].to_numpy(float)[columns.short_links]
        gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)[columns.short_links]
        coefficients[columns.shortage] = -weight
        constant, unit = float((weight * np.maximum(gap, 0)).sum()), "万元"
    elif term == "backup":
        coefficients[columns.backup] = case.links["weight"].to_numpy(float)[columns.backup_links]
    elif term in EXPECTED:
        coefficients[at] = (frame[term] * frame["landing_probability"]).to_numpy(float)[candidate]
        unit = EXPECTED[term]
    elif term in PLAIN:
        coefficients[at] = frame[term].to_numpy(float)[candidate]
        unit = PLAIN[term]
    elif term == "score":
        coefficients[at] = case.score()[candidate, park]
    elif term == "preferred":
        coefficients[at] = case.preferred[candidate, park]
    elif term == "early":
        at = columns.schedules
        horizon = len(case.quarters)
        coefficients[at] = (horizon - columns.quarter[at]) / horizon
    else:
        r = case.resource(term)
        coefficients[at] = case.need(r)[candidate, park]
        unit = case.resources[r].unit
    scale = normaliser(case, term) if case.settings.objective.normalise else 1.0
    return TermVector(term, coefficients, constant, scale, unit)


def terms_of(case: Case, columns: Layout) -> tuple[TermVector, ...]:
    """Every term that the objective weighs, in the order it is written, then those that it only bounds."""
    return tuple(term_vector(case, columns, term) for term in terms_told(case.settings))


def penalty_vector(columns: Layout) -> Floats:
    """Price of each column: soft rules' slacks; shape (n,)."""
    prices = np.zeros(columns.columns)
    at = columns.slack.start
    for rows in columns.rules:
        if rows.rule.soft is not None:
            prices[at : at + 2 * len(rows.groups)] = rows.rule.soft
            at += 2 * len(rows.groups)
    return prices
