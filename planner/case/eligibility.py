r"""Which candidate may go to which park, and for every pair that may not, why (a code that outputs put into words).

The filter comes first: a column of the programme exists only for an eligible pair. It is one small-integer matrix I × K;
the cube with quarters is never built. When several reasons rule out a pair the first in the order of :data:`CODES` is
kept, from the firm's own will to the park's limits.

Gates: investment intensity is :math:`\text{investment}_i / n_{ik,\text{land}}` and tax intensity
:math:`\text{tax}_i / n_{ik,\text{land}}`, 万元/亩 whatever the unit that the plan counts land in; a project that needs no land
passes. Signed deals pass gates and chain
lists: they are promised already. Need above capacity: the project alone needs more than the place ever has from the
quarter of signing on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.case.case import Bools, Case, Floats
from planner.case.columns import Findings
from planner.language import Words
from planner.tables.units import UnitError, allowed_units, scale
from planner.tolerances import rounding

CODES = (
    "eligible",
    "excluded",
    "lost",
    "fixed_elsewhere",
    "refused_park",
    "forbidden_pair",
    "chain_not_allowed",
    "investment_intensity",
    "tax_intensity",
    "need_above_capacity",
)
CODE = {name: number for number, name in enumerate(CODES)}


@dataclass(frozen=True, eq=False)
class Eligibility:
    """``reason`` (I, K): position in :data:`CODES`, 0 for eligible. ``resource`` (I, K): which resource is too short where
    the reason is ``need_above_capacity``, −1 elsewhere. ``quarter`` (I, T): quarters open to the candidate."""

    reason: NDArray[np.int8]
    resource: NDArray[np.int8]
    quarter: Bools

    @property
    def pairs(self) -> Bools:
        """Eligible pairs, shape (I, K)."""
        eligible: Bools = self.reason == 0
        return eligible

    @property
    def candidates(self) -> Bools:
        """Candidates with a park and a quarter, shape (I,)."""
        found: Bools = np.any(self.pairs, axis=1) & np.any(self.quarter, axis=1)
        return found


def eligibility(case: Case) -> Eligibility:
    """The filter, vectorised over candidates × parks."""
    frame, size, parks = case.candidates, len(case.candidates), len(case.parks)
    signed = (frame["status"] == "signed").to_numpy(bool)
    fixed = frame["fixed_park"].to_numpy(np.int64)
    chain = frame["chain"].to_numpy(np.int64)
    reason = np.zeros((size, parks), dtype=np.int8)
    resource = np.full((size, parks), -1, dtype=np.int8)

    def rule_out(mask: Bools, code: str) -> None:
        reason[mask & (reason == 0)] = CODE[code]

    def wide(mask: Bools) -> Bools:
        return np.broadcast_to(mask[:, None], reason.shape)

    rule_out(wide(frame["exclude"].to_numpy(bool)), "excluded")
    rule_out(wide((frame["status"] == "lost").to_numpy(bool)), "lost")
    rule_out(wide(fixed >= 0) & (np.arange(parks)[None, :] != fixed[:, None]), "fixed_elsewhere")
    rule_out(case.refused, "refused_park")
    forbidden = np.zeros_like(case.refused)
    forbidden[case.pairs.candidate[~case.pairs.allowed], case.pairs.park[~case.pairs.allowed]] = True
    rule_out(forbidden, "forbidden_pair")
    takes = np.hstack([case.chain_allowed, np.ones((parks, 1), dtype=bool)])[:, chain].T
    rule_out(~takes & ~signed[:, None], "chain_not_allowed")
    for column, gate, code in (
        ("investment", "min_investment_intensity", "investment_intensity"),
        ("tax", "min_tax_intensity", "tax_intensity"),
    ):
        rule_out(_below_gate(case, column, gate) & ~signed[:, None], code)
    for r in range(len(case.resources)):
        short = _too_large(case, r) & (reason == 0)
        resource[short] = r
        rule_out(short, "need_above_capacity")
    quarters = np.ones((size, len(case.quarters)), dtype=bool)
    at = frame["fixed_quarter"].to_numpy(np.int64)
    quarters[at >= 0] = np.arange(len(case.quarters))[None, :] == at[at >= 0, None]
    return Eligibility(reason, resource, quarters)


def intensity(case: Case, column: str) -> Floats:
    """``column`` ÷ land need, 万元/亩, shape (I, K); inf where no land is needed, NaN where its unit is not one of land."""
    land = case.need(case.resource(case.settings.gates.land)) * mu_of(case)
    value = np.repeat(case.candidates[column].to_numpy(float)[:, None], land.shape[1], axis=1)
    ratio: Floats = np.divide(value, land, out=np.full(land.shape, np.inf), where=land > 0)
    return ratio


def mu_of(case: Case) -> float:
    """How many 亩 make one unit of the resource that gates divide by; NaN where it is not counted in a unit of land."""
    try:
        return float(scale(case.resources[case.resource(case.settings.gates.land)].unit, "亩"))
    except UnitError:
        return np.nan


def above(need: Floats, has: Floats) -> Bools:
    """A need that does not fit into what there is by more than rounding; one that is not known is not above."""
    found: Bools = need > has + rounding(np.maximum(np.abs(need), np.where(np.isfinite(has), np.abs(has), 0.0)))
    return found


def _below_gate(case: Case, column: str, gate: str) -> Bools:
    floor = case.parks[gate].to_numpy(float)
    if not floor.any() or case.settings.gates.land not in {supply.resource_id for supply in case.resources}:
        return np.zeros((len(case.candidates), len(case.parks)), dtype=bool)
    land = case.need(case.resource(case.settings.gates.land)) * mu_of(case)
    return above(floor[None, :] * land, case.candidates[column].to_numpy(float)[:, None]) & (floor > 0)[None, :]


def _too_large(case: Case, r: int) -> Bools:
    """The need is above what the place has from the quarter of signing on, at the best open quarter."""
    supply = case.resources[r]
    from_then_on = np.minimum.accumulate(supply.amount[:, ::-1], axis=1)[:, ::-1]
    quarter = case.candidates["fixed_quarter"].to_numpy(np.int64)
    latest = np.where(quarter >= 0, quarter, len(case.quarters) - 1)
    has = from_then_on[supply.place_of_park[None, :], latest[:, None]]
    return above(case.need(r), has)


def check_eligibility(case: Case, eligible: Eligibility, findings: Findings) -> None:
    """Facts that an eligible pair needs and the input does not say (R1)."""
    gated = case.parks[["min_investment_intensity", "min_tax_intensity"]].to_numpy(float).any()
    land = case.settings.gates.land
    if gated and land not in {supply.resource_id for supply in case.resources}:
        findings.at("C214", ("gates", "land"), land)
    elif gated and np.isnan(mu_of(case)):
        unit, areas = case.resources[case.resource(land)].unit, Words.listed(allowed_units("亩"))
        findings.at("C235", ("resources", land, "unit"), unit, units=areas)
    table = case.tables.get("candidates")
    rows = case.candidates["row"].to_numpy(np.int64)
    _check_chains(case, eligible, findings)
    _check_distances(case, eligible, findings)
    for r, supply in enumerate(case.resources):
        unknown = np.flatnonzero(np.any(np.isnan(case.need(r)) & eligible.pairs, axis=1))
        if not unknown.size or table is None:
            continue
        column = supply.resource_id if supply.resource_id in table.frame.columns else "candidate_id"
        names = case.candidates["candidate_id"].iloc[unknown].astype(str).tolist()
        findings.rows("C213", table, column, rows[unknown].tolist(), names, resource=supply.name)


def _check_chains(case: Case, eligible: Eligibility, findings: Findings) -> None:
    """A project of unknown chain, in a park that takes only some chains (signed deals are promised already)."""
    listing: Bools = ~np.all(case.chain_allowed, axis=1)
    unknown = (case.candidates["chain"].to_numpy(np.int64) < 0) & (case.candidates["status"] != "signed").to_numpy(bool)
    at = np.flatnonzero(unknown & (eligible.pairs & listing[None, :]).any(axis=1))
    if (table := case.tables.get("candidates")) is None or not at.size:
        return
    parks = case.parks["park_id"].astype(str).to_numpy(object)
    rows = case.candidates["row"].to_numpy(np.int64)[at].tolist()
    choosy = ["、".join(parks[eligible.pairs[candidate] & listing][:5]) for candidate in at]
    findings.rows("C242", table, "chain_id", rows, choosy)


def _check_distances(case: Case, eligible: Eligibility, findings: Findings) -> None:
    """Relations by distance need the coordinates of every park that their projects may go to."""
    at = {str(name): position for position, name in enumerate(case.candidates["candidate_id"])}
    unknown = case.parks[["lon", "lat"]].isna().any(axis=1).to_numpy(bool)
    parks = case.parks["park_id"].astype(str).to_numpy(object)
    for kind in ("together", "apart"):
        for position, group in enumerate(getattr(case.settings.relations, kind)):
            members = [at[name] for name in group.candidates]
            open_ = eligible.pairs[members].any(axis=0)
            lacking = parks[open_ & unknown]
            if group.km > 0 and open_.sum() > 1 and lacking.size:
                place = findings.setting("relations", kind, position, "km")
                names = "、".join(lacking[:10]) + ("…" if lacking.size > 10 else "")
                findings.add("C243", place, f"relations.{kind}[{position}].km", names)
