"""Which rules keep a candidate out of a park, each with its figure and the change of the tables that would meet it.

Eligibility keeps the first rule that speaks against a pair. The next one is found by meeting the first: its change is made
in the tables and the filter asked again, so that the changes told are known to be enough together.
"""

from __future__ import annotations

import numpy as np

from planner.case.case import Case
from planner.case.eligibility import CODES
from planner.plan.open import Opened
from planner.problems import InputError
from planner.questions.forcing import cell, written
from planner.questions.why.record import Ruling
from planner.settings.changes import CellChange

MOST = 12
"""Rules followed one after the other; there are fewer kinds of them."""
WHOLE = frozenset({"excluded", "lost"})
"""Rules that speak of the candidate alone."""


def rulings(opened: Opened, candidate: int, park: int | None, quarter: int | None) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """What keeps the candidate out of the park and quarter (None: of all): rules one after the other, and what then stands in
    the way park by park; none when nothing does."""
    rules: list[Ruling] = []
    for _ in range(MOST):
        rule = _next(opened, candidate, park, quarter)
        if rule is None:
            closed = park is None and not opened.eligible.pairs[candidate].any()
            return tuple(rules), _each_park(opened, candidate) if closed else ()
        rules.append(rule)
        try:
            opened = opened.changed([CellChange.model_validate(rule.change)])
        except InputError:  # the change clashes with another fact: it is told, and what comes after it is not known
            break
    return tuple(rules), ()


def _next(opened: Opened, i: int, park: int | None, quarter: int | None) -> Ruling | None:
    """The first rule in the way; None where the way is free, or each park has its own."""
    eligible, case = opened.eligible, opened.case
    codes = {CODES[number] for number in np.unique(eligible.reason[i]).tolist()}
    if codes and codes <= WHOLE:
        return _ruling(opened, i, 0, next(iter(codes)), None)
    if park is not None and (number := int(eligible.reason[i, park])):
        return _ruling(opened, i, park, CODES[number], quarter)
    if quarter is not None and eligible.pairs[i].any() and not eligible.quarter[i, quarter]:
        change = cell(str(case.candidates["candidate_id"].iloc[i]), "fixed_quarter", case.quarters[quarter])
        fixed = case.quarters[int(case.candidates["fixed_quarter"].iloc[i])]
        return Ruling(code="other_quarter", other=fixed, change=written([change])[0])
    return None


def _each_park(opened: Opened, i: int) -> tuple[Ruling, ...]:
    """For each rule the first park that it closes, those that close most parks first."""
    numbers, first, counts = np.unique(opened.eligible.reason[i], return_index=True, return_counts=True)
    return tuple(
        _ruling(opened, i, int(first[n]), CODES[int(numbers[n])], None).model_copy(update={"parks": int(counts[n])})
        for n in np.lexsort((numbers, -counts)).tolist()
    )


def _ruling(opened: Opened, i: int, k: int, code: str, quarter: int | None) -> Ruling:
    case = opened.case
    row, parks = case.candidates.iloc[i], case.parks["park_id"].astype(str)
    name, park_id = str(row["candidate_id"]), str(parks.iloc[k])
    if code in WHOLE:
        change = cell(name, "exclude", value=False) if code == "excluded" else cell(name, "status", "prospect")
        return Ruling(code=code, parks=len(parks), change=written([change])[0])
    figures: dict[str, object] = {}
    if code == "fixed_elsewhere":
        change, figures = cell(name, "fixed_park", park_id), {"other": str(parks.iloc[int(row["fixed_park"])])}
    elif code == "refused_park":
        change = cell(name, "refused_parks", ";".join(park for park in parks[case.refused[i]] if park != park_id))
    elif code == "forbidden_pair":
        change = CellChange(table="site_options", where={"candidate_id": name, "park_id": park_id}, column="allowed", set=True)
    elif code == "chain_not_allowed":
        chains = case.chains["chain_id"].astype(str)
        takes = [*chains[case.chain_allowed[k]], str(chains.iloc[int(row["chain"])])]
        change = CellChange(table="parks", where={"park_id": park_id}, column="allowed_chains", set=";".join(takes))
    elif code in {"investment_intensity", "tax_intensity"}:
        column = code.removesuffix("_intensity")
        land, gate = _need(case, i, k, case.resource(case.settings.gates.land)), float(case.parks[f"min_{code}"].iloc[k])
        figures = {"found": float(row[column]) / land, "allowed": gate, "needed": gate * land}
        change = CellChange(table="candidates", where={"candidate_id": name}, column=column, set=gate * land)
    else:  # a need above what the place ever has from the quarter of signing on
        r = int(opened.eligible.resource[i, k])
        supply, fixed = case.resources[r], int(row["fixed_quarter"]) if quarter is None else quarter
        lasting = np.minimum.accumulate(supply.amount[int(supply.place_of_park[k]), ::-1])[::-1]
        most = float(lasting[fixed if fixed >= 0 else -1])
        figures = {"found": _need(case, i, k, r), "allowed": most, "needed": most, "resource_id": supply.resource_id}
        pair = int(case.own_rows(np.array([i]), np.array([k]))[0])
        if pair >= 0 and not np.isnan(case.pairs.needs[pair, r]):
            where = {"candidate_id": name, "park_id": park_id}
            change = CellChange(table="site_options", where=where, column=supply.resource_id, set=most)
        else:
            change = CellChange(table="candidates", where={"candidate_id": name}, column=supply.resource_id, set=most)
    return Ruling.model_validate({"code": code, "park_id": park_id, "change": written([change])[0], **figures})


def _need(case: Case, i: int, k: int, r: int) -> float:
    return float(case.need_in(r, np.array([i]), np.array([k]))[0])
