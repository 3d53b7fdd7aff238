"""Why candidates are ruled out, park by park: the codes of eligibility with their figures, counted over parks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.case.case import Floats, Ints
from planner.case.eligibility import CODE
from planner.plan.firm_records import Exclusion
from planner.programme.build import Programme

WHOLE = frozenset({"excluded", "lost"})
"""Reasons that speak of the candidate alone, so that no park is an example of them."""


def exclusions(programme: Programme, candidates: Ints) -> tuple[tuple[Exclusion, ...], ...]:
    """For each candidate the reasons for every park that is ruled out, most parks first; ties in the order of codes."""
    reasons = programme.eligible.reason[candidates]
    found: list[list[tuple[int, int, Exclusion]]] = [[] for _ in range(len(candidates))]
    for code, number in CODE.items():
        if not number or number not in reasons:
            continue
        held = reasons == number
        counts, first = held.sum(axis=1), held.argmax(axis=1)
        at = np.flatnonzero(counts)
        figures = _figures(programme, candidates[at], first[at], code)
        ids = programme.case.parks["park_id"].astype(str).to_numpy(object)[first[at]].tolist()
        for n, count, park_id, told in zip(at.tolist(), counts[at].tolist(), ids, figures, strict=True):
            example = None if code in WHOLE else park_id
            one = Exclusion.model_validate({"code": code, "parks": count, "example_park_id": example, **told})
            found[n].append((-count, number, one))
    return tuple(tuple(one for _, _, one in sorted(rows, key=lambda entry: entry[:2])) for rows in found)


def _figures(programme: Programme, candidate: Ints, park: Ints, code: str) -> list[Mapping[str, Any]]:
    """What each candidate has or needs in its example park, and what the park allows."""
    case = programme.case
    if code in {"investment_intensity", "tax_intensity"}:
        have = case.candidates[code.removesuffix("_intensity")].to_numpy(float)[candidate]
        found = have / case.need_in(case.resource(case.settings.gates.land), candidate, park)
        allowed = case.parks[f"min_{code}"].to_numpy(float)[park]
        return [{"found": f, "allowed": a} for f, a in zip(found.tolist(), allowed.tolist(), strict=True)]
    if code != "need_above_capacity":
        return [{}] * len(candidate)
    short = programme.eligible.resource[candidate, park].astype(np.int64)
    needed, most = np.zeros(len(candidate)), np.zeros(len(candidate))
    for r, supply in enumerate(case.resources):
        at = np.flatnonzero(short == r)
        ever: Floats = supply.amount.max(axis=1)
        needed[at], most[at] = case.need_in(r, candidate[at], park[at]), ever[supply.place_of_park[park[at]]]
    names = [case.resources[r].resource_id for r in short.tolist()]
    return [
        {"found": f, "allowed": a, "resource_id": name} for f, a, name in zip(needed.tolist(), most.tolist(), names, strict=True)
    ]
