"""Which rules keep a candidate out of a park, each with its figure and the change of the tables that would meet it.

Eligibility keeps the first rule that speaks against a pair. The next one is found by meeting the first: its change is made
in the tables and the filter asked again, so that the changes told are known to be enough together.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Rulings:
    """Rules one after the other, and what then stands in the way park by park."""

    rules: tuple[Ruling, ...]
    choices: tuple[Ruling, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything stands in the way."""
        return bool(self.rules or self.choices)


def rulings(opened: Opened, candidate: int, park: int | None, quarter: int | None) -> Rulings:
    """What keeps the candidate out of the park and quarter (None: of all); no rules when nothing does."""
    found: list[Ruling] = []
    for _ in range(MOST):
        rule, change = _next(opened, candidate, park, quarter)
        if rule is None and park is None and not opened.eligible.pairs[candidate].any():
            return Rulings(tuple(found), _each_park(opened, candidate))
        if rule is None:
            break
        found.append(rule)
        if change is None:
            break
        try:
            opened = opened.changed([change])
        except InputError:  # the change clashes with another fact: it is told, and what comes after it is not known
            break
    return Rulings(tuple(found))


def _next(opened: Opened, i: int, park: int | None, quarter: int | None) -> tuple[Ruling | None, CellChange | None]:
    """The first rule in the way and the change that meets it; no rule where the way is free, or each park has its own."""
    codes = {CODES[number] for number in np.unique(opened.eligible.reason[i]).tolist()}
    if codes <= WHOLE and (park is not None or codes):
        return _ruling(opened, i, 0, next(iter(codes)), None)
    if park is not None and (number := int(opened.eligible.reason[i, park])):
        return _ruling(opened, i, park, CODES[number], quarter)
    if quarter is not None and opened.eligible.pairs[i].any() and not opened.eligible.quarter[i, quarter]:
        case = opened.case
        fixed = int(case.candidates["fixed_quarter"].iloc[i])
        change = cell(str(case.candidates["candidate_id"].iloc[i]), "fixed_quarter", case.quarters[quarter])
        told = Ruling(code="other_quarter", other=case.quarters[fixed], change=_written(change))
        return told, change
    return None, None


def _each_park(opened: Opened, i: int) -> tuple[Ruling, ...]:
    """For each rule the first park that it closes, those that close most parks first."""
    reasons = opened.eligible.reason[i]
    numbers, first, counts = np.unique(reasons, return_index=True, return_counts=True)
    order = np.lexsort((numbers, -counts))
    return tuple(
        _ruling(opened, i, int(first[n]), CODES[int(numbers[n])], None)[0].model_copy(update={"parks": int(counts[n])})
        for n in order.tolist()
    )


def _ruling(opened: Opened, i: int, k: int, code: str, quarter: int | None) -> tuple[Ruling, CellChange | None]:
    case = opened.case
    row, park_id = case.candidates.iloc[i], str(case.parks["park_id"].iloc[k])
    name, parks = str(row["candidate_id"]), case.parks["park_id"].astype(str)
    if code in WHOLE:
        change = cell(name, "exclude", value=False) if code == "excluded" else cell(name, "status", "prospect")
        return Ruling(code=code, parks=len(parks), change=_written(change)), change
    known: dict[str, object] = {}
    if code == "fixed_elsewhere":
        change = cell(name, "fixed_park", park_id)
        known = {"other": str(parks.iloc[int(row["fixed_park"])])}
    elif code == "refused_park":
        change = cell(name, "refused_parks", ";".join(one for one in parks[case.refused[i]] if one != park_id))
    elif code == "forbidden_pair":
        change = CellChange(table="site_options", where={"candidate_id": name, "park_id": park_id}, column="allowed", set=True)
    elif code == "chain_not_allowed":
        chains = case.chains["chain_id"].astype(str)
        takes = [*chains[case.chain_allowed[k]], str(chains.iloc[int(row["chain"])])]
        change = CellChange(table="parks", where={"park_id": park_id}, column="allowed_chains", set=";".join(takes))
    elif code in {"investment_intensity", "tax_intensity"}:
        column = code.removesuffix("_intensity")
        land = _need(case, i, k, case.resource(case.settings.gates.land))
        gate, have = float(case.parks[f"min_{code}"].iloc[k]), float(row[column])
        known = {"found": have / land, "allowed": gate, "needed": gate * land}
        change = CellChange(table="candidates", where={"candidate_id": name}, column=column, set=gate * land)
    else:
        r = int(opened.eligible.resource[i, k])
        known, change = _too_much(case, i, k, r, quarter)
    told = Ruling.model_validate({"code": code, "park_id": park_id, "change": _written(change), **known})
    return told, change


def _too_much(case: Case, i: int, k: int, r: int, quarter: int | None) -> tuple[dict[str, object], CellChange]:
    """A need above what the place ever has from the quarter of signing on."""
    supply, name = case.resources[r], str(case.candidates["candidate_id"].iloc[i])
    fixed = int(case.candidates["fixed_quarter"].iloc[i]) if quarter is None else quarter
    lasting = np.minimum.accumulate(supply.amount[int(supply.place_of_park[k]), ::-1])[::-1]
    most = float(lasting[fixed if fixed >= 0 else -1])
    row = int(case.own_rows(np.array([i]), np.array([k]))[0])
    own = row >= 0 and not np.isnan(case.pairs.needs[row, r])
    where = {"candidate_id": name, **({"park_id": str(case.parks["park_id"].iloc[k])} if own else {})}
    change = CellChange(table="site_options" if own else "candidates", where=where, column=supply.resource_id, set=most)
    return {"found": _need(case, i, k, r), "allowed": most, "needed": most, "resource_id": supply.resource_id}, change


def _need(case: Case, i: int, k: int, r: int) -> float:
    return float(case.need_in(r, np.array([i]), np.array([k]))[0])


def _written(change: CellChange) -> dict[str, object]:
    """The change as plan.yaml would have it."""
    return written([change])[0]
