r"""Which candidate may go to which park, and for every pair that may not, why (a code that outputs put into words).

The filter comes first: a column of the programme exists only for an eligible pair. It is one small-integer matrix I × K;
the cube with quarters is never built. When several reasons rule out a pair the first in the order of :data:`CODES` is
kept, from the firm's own will to the park's limits.

Gates: investment intensity is :math:`\text{investment}_i / n_{ik,\text{land}}` and tax intensity
:math:`\text{tax}_i / n_{ik,\text{land}}`, 万元/亩 whatever the unit that the plan counts land in; a project that needs no land
passes. Signed deals pass gates, chain lists and the quarters in which a project may be signed: they are promised already; those that the table ``status`` says have
signed also pass what the firm or the site options say against the park. Need
above capacity: the project alone needs more than the place has from the last quarter on in which it may be signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.case.case import Bools, Case, Floats
from planner.case.columns import Columns, Findings, of_refused_links
from planner.case.members import are_known, members
from planner.language import Words
from planner.reading.table import RESOURCES, Rests
from planner.tables.spec import TABLES
from planner.tables.units import UnitError, allowed_units, scale
from planner.tolerances import rounding

CODES = (
    "eligible",
    "excluded",
    "lost",
    "paused",
    "earliest_quarter",
    "latest_quarter",
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
    """Which candidate may come where and when."""

    reason: NDArray[np.int8]
    """Shape (I, K): position in :data:`CODES`, 0 for eligible."""
    resource: NDArray[np.int8]
    """Shape (I, K): which resource is too short where the reason is ``need_above_capacity``, −1 elsewhere."""
    quarter: Bools
    """Shape (I, T): quarters open to the candidate."""

    @cached_property
    def pairs(self) -> Bools:
        """Eligible pairs, shape (I, K)."""
        return np.equal(self.reason, 0)

    @cached_property
    def candidates(self) -> Bools:
        """Candidates with a park and a quarter, shape (I,)."""
        return np.asarray(self.pairs.any(axis=1) & self.quarter.any(axis=1))


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

    rule_out(frame["exclude"].to_numpy(bool)[:, None], "excluded")
    rule_out((frame["status"] == "lost").to_numpy(bool)[:, None], "lost")
    rule_out(case.standing.waiting[:, None] & ~signed[:, None], "paused")
    rule_out((case.window[:, 0] >= len(case.quarters))[:, None] & ~signed[:, None], "earliest_quarter")
    rule_out((case.window[:, 1] < case.window[:, 0])[:, None] & ~signed[:, None], "latest_quarter")
    rule_out((fixed >= 0)[:, None] & (np.arange(parks) != fixed[:, None]), "fixed_elsewhere")
    promised = case.standing.promised[:, None] & (np.arange(parks) == fixed[:, None])
    rule_out(case.refused & ~promised, "refused_park")
    rule_out(_forbidden(case) & ~promised, "forbidden_pair")
    takes = np.hstack([case.chain_allowed, np.ones((parks, 1), dtype=bool)])[:, chain].T
    rule_out(~takes & ~signed[:, None], "chain_not_allowed")
    for column in ("investment", "tax"):
        rule_out(_below_gate(case, column) & ~signed[:, None], f"{column}_intensity")
    quarters = within_window(case)
    at = frame["fixed_quarter"].to_numpy(np.int64)
    quarters[at >= 0] &= np.arange(len(case.quarters))[None, :] == at[at >= 0, None]
    for r in range(len(case.resources)):
        short = _too_large(case, r, quarters) & (reason == 0)
        resource[short] = r
        rule_out(short, "need_above_capacity")
    return Eligibility(reason, resource, quarters)


def within_window(case: Case) -> Bools:
    """The quarters from a candidate's earliest to its latest, shape (I, T); of a signed deal all."""
    quarter, (first, last) = np.arange(len(case.quarters)), case.window.T
    signed = (case.candidates["status"] == "signed").to_numpy(bool)
    return np.asarray(signed[:, None] | ((first[:, None] <= quarter) & (quarter <= last[:, None])))


def _forbidden(case: Case) -> Bools:
    """Pairs that ``site_options`` rule out, shape (I, K)."""
    forbidden = np.zeros_like(case.refused)
    forbidden[case.pairs.candidate[~case.pairs.allowed], case.pairs.park[~case.pairs.allowed]] = True
    return forbidden


def mu_of(case: Case) -> float:
    """How many 亩 make one unit of the resource that gates divide by; NaN where it is not counted in a unit of land."""
    try:
        return float(scale(case.resources[case.resource(case.settings.gates.land)].unit, "亩"))
    except UnitError:
        return np.nan


def above(need: Floats, has: Floats) -> Bools:
    """A need that does not fit into what there is by more than rounding; one that is not known is not above."""
    found = np.asarray(need > has)
    if found.any():  # only there can it be by more
        needed, held = (np.broadcast_to(side, found.shape)[found] for side in (need, has))
        found[found] = needed > held + rounding(np.maximum(np.abs(needed), np.where(np.isfinite(held), np.abs(held), 0.0)))
    return found


def _below_gate(case: Case, column: str) -> Bools:
    floor = case.parks[f"min_{column}_intensity"].to_numpy(float)
    if not floor.any() or case.settings.gates.land not in {supply.resource_id for supply in case.resources}:
        return np.zeros((len(case.candidates), len(case.parks)), dtype=bool)
    land = case.need(case.resource(case.settings.gates.land)) * mu_of(case)
    return above(floor[None, :] * land, case.candidates[column].to_numpy(float)[:, None]) & (floor > 0)[None, :]


def _too_large(case: Case, r: int, open_: Bools) -> Bools:
    """The need is above what the place has from the quarter of signing on, at the last of the open quarters (I, T): there the
    stretch to the end of the horizon is shortest."""
    supply = case.resources[r]
    return above(case.need(r), supply.lasting[supply.place_of_park[None, :], last_open(open_)[:, None]])


def last_open(open_: Bools) -> NDArray[np.int64]:
    """The last quarter open to each candidate, shape (I,); the last of all where none is."""
    return np.asarray(open_.shape[1] - 1 - open_[:, ::-1].argmax(axis=1), dtype=np.int64)


def check_eligibility(case: Case, eligible: Eligibility, findings: Findings) -> None:
    """Facts that an eligible pair needs and the input does not say (R1)."""
    gated = any(case.parks[gate].to_numpy(float).any() for gate in ("min_investment_intensity", "min_tax_intensity"))
    land = case.settings.gates.land
    if gated and land not in {supply.resource_id for supply in case.resources}:
        findings.at("C214", ("gates", "land"), land, rests=RESOURCES)
    elif gated and np.isnan(mu_of(case)):
        unit, areas = case.resources[case.resource(land)].unit, Words.listed(allowed_units("亩"))
        findings.at("C235", ("resources", land, "unit"), unit, rests=[("gates", "land")], units=areas)
    _check_absent(case, findings)
    surely = _surely(case, eligible, findings)
    _check_chains(case, surely, findings)
    _check_distances(case, surely, findings)
    table, options = case.tables["candidates"], case.tables.get("site_options")
    ids, row_of = case.candidates["candidate_id"].to_numpy(object), case.candidates["row"].to_numpy(np.int64)
    for r, supply in enumerate(case.resources):
        name = supply.resource_id
        unknown = np.flatnonzero(np.any(np.isnan(case.need(r)) & surely, axis=1))
        rows = [
            (at, row) for at, row in zip(unknown, row_of[unknown].tolist(), strict=True) if not findings.refused(table, row, name)
        ]
        column = name if name in table.frame.columns else "candidate_id"
        names = [str(ids[at]) for at, _ in rows]
        of_pairs = findings.doubts.absent("site_options", name) or (options is not None and name in options.frame.columns)
        rests: Rests = [("resources", name), *(["site_options.*"] if of_pairs else [])]
        findings.rows("C213", table, column, [row for _, row in rows], names, rests=rests, resource=supply.name)


def _surely(case: Case, eligible: Eligibility, findings: Findings) -> Bools:
    """Pairs that are eligible whatever the cells that were refused may say, shape (I, K)."""
    own, parks = case.tables["candidates"], case.tables["parks"]
    settle = ("exclude", "status", "fixed_park", "refused_parks", "link_id", "chain_id", "fixed_quarter")
    chainless = of_refused_links(case)
    of_firms = [row in chainless or findings.refused(own, row, *settle) for row in case.candidates["row"].tolist()]
    admit = ("park_id", "allowed_chains", "min_investment_intensity", "min_tax_intensity")
    of_parks = [findings.refused(parks, row, *admit) for row in case.parks["row"].tolist()]
    return np.asarray(eligible.pairs & ~np.array(of_firms, dtype=bool)[:, None] & ~np.array(of_parks, dtype=bool))


def _check_absent(case: Case, findings: Findings) -> None:
    """Columns of candidates that a gate, the funds or the teams read and that are not there at all."""
    table, parks = case.tables["candidates"], case.tables["parks"]
    for column in ("investment", "tax"):
        gate = f"min_{column}_intensity"
        if findings.doubts.absent("candidates", column):
            continue
        if column not in table.frame.columns and (case.parks[gate].to_numpy(float) > 0).any():
            findings.add("C247", parks.place(None, gate), parks.headers[gate], column=_name_of(column))
    for column, name in (("subsidy", "funds"), ("effort", "teams")):
        if name in case.tables and column not in table.frame.columns and not findings.doubts.absent("candidates", column):
            findings.add("C248", table.place(), column, table=Words(TABLES[name].zh, TABLES[name].en), column=_name_of(column))


def _name_of(column: str) -> Words:
    declared = TABLES["candidates"].column(column)
    return Words(declared.zh, declared.en)


def _check_chains(case: Case, pairs: Bools, findings: Findings) -> None:
    """A project of unknown chain, in a park that takes only some chains (signed deals are promised already); ``pairs`` (I, K) are
    eligible."""
    listing: Bools = ~np.all(case.chain_allowed, axis=1)
    unknown = (case.candidates["chain"].to_numpy(np.int64) < 0) & (case.candidates["status"] != "signed").to_numpy(bool)
    at = np.flatnonzero(unknown & (pairs & listing[None, :]).any(axis=1))
    parks = case.parks["park_id"].astype(str).to_numpy(object)
    choosy = ["、".join(parks[pairs[candidate] & listing][:5]) for candidate in at]
    findings.rows("C242", case.tables["candidates"], "chain_id", case.candidates["row"].iloc[at].tolist(), choosy)


def _check_distances(case: Case, pairs: Bools, findings: Findings) -> None:
    """Relations by distance need the coordinates of every park that their projects may go to, by eligible ``pairs`` (I, K)."""
    unknown = np.isnan(case.parks["lon"].to_numpy(float)) | np.isnan(case.parks["lat"].to_numpy(float))
    table, rows = case.tables["parks"], case.parks["row"].tolist()
    unknown = unknown & np.array([not findings.refused(table, row, "lon", "lat") for row in rows], dtype=bool)
    parks = case.parks["park_id"].astype(str).to_numpy(object)
    for kind in ("together", "apart"):
        for position, group in enumerate(getattr(case.settings.relations, kind)):
            if not are_known(case, group.candidates) or findings.doubts.settings.part("relations", kind, position):
                continue
            open_ = pairs[members(case, group.candidates)].any(axis=0)
            lacking = parks[open_ & unknown]
            if group.km > 0 and open_.sum() > 1 and lacking.size:
                place = findings.setting("relations", kind, position, "km")
                names = "、".join(lacking[:10]) + ("…" if lacking.size > 10 else "")
                findings.add("C243", place, f"relations.{kind}[{position}].km", names)


def check_locks(case: Case, rows: Columns, findings: Findings) -> None:
    """Locks on one candidate, or on variants of one project, that cannot all hold: said before any solve, with both sides (R1)."""
    frame = case.candidates
    ids = frame["candidate_id"].astype(str).tolist()
    must, exclude = frame["must_include"].to_numpy(bool), frame["exclude"].to_numpy(bool)
    signed, lost = ((frame["status"] == status).to_numpy(bool) for status in ("signed", "lost"))
    park, quarter = frame["fixed_park"].to_numpy(np.int64), frame["fixed_quarter"].to_numpy(np.int64)
    promised, over = case.standing.promised, case.standing.over
    refused_fixed = np.pad(case.refused, ((0, 0), (0, 1)))[np.arange(len(frame)), park] & ~promised
    on_both_lists = np.any(case.preferred & case.refused, axis=1)
    nowhere = (must | signed) & ~promised & case.refused.all(axis=1) & (not findings.doubts.values("parks", "park_id"))
    free, (first, last) = (quarter >= 0) & ~signed, case.window.T
    clashes: tuple[tuple[Any, str, str, Words], ...] = (
        (must & exclude, "must_include", "exclude", Words("既必选又排除", "is both must_include and exclude")),
        (must & lost, "must_include", "status", Words("必选，但状态为已流失", "is must_include, but its status is lost")),
        (signed & exclude, "status", "exclude", Words("已签约，但又排除", "is signed, but also exclude")),
        (refused_fixed, "fixed_park", "refused_parks", Words("固定的园区正是其拒绝的园区", "its fixed park is one it refuses")),
        (
            on_both_lists,
            "preferred_parks",
            "refused_parks",
            Words("同一园区既在意向又在拒绝之列", "one park is both preferred and refused"),
        ),
        (nowhere, "must_include", "refused_parks", Words("必须落地，但拒绝了所有园区", "must come, but refuses every park")),
        (
            free & (quarter < first) & (quarter >= over),
            "fixed_quarter",
            "earliest_quarter",
            Words("固定的季度早于最早季度", "its fixed quarter is before its earliest"),
        ),
        (
            free & (quarter > last),
            "fixed_quarter",
            "latest_quarter",
            Words("固定的季度晚于最晚季度", "its fixed quarter is after its latest"),
        ),
    )
    of_time = dict.fromkeys(("earliest_quarter", "latest_quarter"), (("quarters",),))
    for clash, column, other, what in clashes:
        for at in np.flatnonzero(clash).tolist():
            both, second = f"{rows.header(column)} × {rows.header(other)}", rows.place(at, other)
            if second is not None and second.cell is not None:
                both += f"（{second.cell}）"
            findings.add("C230", rows.place(at, column), both, ids[at], rests=of_time.get(other, ()), what=what)
    for at in np.flatnonzero(signed & ~promised & ((park < 0) | (quarter < 0))).tolist():
        column = "fixed_park" if park[at] < 0 else "fixed_quarter"
        rests: Rests = [("quarters",)] if column == "fixed_quarter" else []
        rows.report("C231", at, "status", ids[at], beside=[column], rests=rests, column=column)
    locked = must | signed
    for project in np.flatnonzero(np.bincount(case.project_of[locked]) > 1):
        versions = np.flatnonzero(locked & (case.project_of == project)).tolist()
        names = "、".join(ids[at] for at in versions)
        findings.add("C232", rows.place(versions[1], "must_include"), rows.header("variant_group"), names)
    chain, forbidden = frame["chain"].to_numpy(np.int64), _forbidden(case)
    for at in np.flatnonzero((park >= 0) & ~promised).tolist():
        both = f"{ids[at]} → {case.parks['park_id'].iloc[park[at]]}"
        if forbidden[at, park[at]]:
            rows.report("C233", at, "fixed_park", both)
        if chain[at] >= 0 and not case.chain_allowed[park[at], chain[at]]:
            chain_name = str(case.chains["name"].iloc[chain[at]])
            rows.report("C234", at, "fixed_park", both, rests=["parks.allowed_chains"], chain=chain_name)
