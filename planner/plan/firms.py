"""Records of the firms: selected, with what each adds, and not selected, with why."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from planner.chains.diagnosis import new_sources
from planner.plan.accounts import Accounts
from planner.plan.contributions import contributions
from planner.plan.firm_records import Fills, NotSelected, Selected
from planner.plan.limits import limits_of
from planner.plan.marks import Marks
from planner.plan.reasons import exclusions, left_out
from planner.plan.records import Limit
from planner.programme.build import Programme
from planner.tables.case import Case


def known(value: Any) -> float | None:
    """A number, or None where it is not known (R1)."""
    number = float(value)
    return number if math.isfinite(number) else None


def text(value: object) -> str | None:
    """A text, or None where there is none."""
    return None if value is None or value != value or value == "" else str(value)


def name_of(case: Case, table: str, position: int, column: str) -> str | None:
    """A cell of links or chains, None for position −1."""
    frame = {"link": case.links, "chain": case.chains}[table]
    return None if position < 0 else str(frame[column].iloc[position])


def selected_firms(
    programme: Programme, accounts: Accounts, weights: Mapping[str, float], marks: Marks
) -> tuple[Selected, ...]:
    """The selected firms, the largest contribution first; ties by id."""
    case, choice = programme.case, accounts.choice
    parts = contributions(case, accounts, programme.terms, weights)
    total = np.sum(list(parts.values()), axis=0) if parts else np.zeros(len(choice.candidate))
    ids = case.candidates["candidate_id"].astype(str).to_numpy(object)[choice.candidate]
    order = np.lexsort((ids, -np.round(total, 12)))
    counts = set(new_sources(case, choice.candidate)["candidate"].tolist())
    rows = case.candidates.iloc[choice.candidate].to_dict("records")
    open_parks = programme.eligible.pairs.sum(axis=1)
    scores = case.score()[choice.candidate, choice.park]
    found = []
    for rank, n in enumerate(order.tolist(), start=1):
        row, i, k = rows[n], int(choice.candidate[n]), int(choice.park[n])
        link, team = int(row["link"]), int(row["team"])
        paying = np.flatnonzero(case.funds.asks[i] > 0)
        found.append(Selected(
            rank=rank, candidate_id=str(row["candidate_id"]), name=str(row["name"]),
            park_id=str(case.parks["park_id"].iloc[k]), park_name=str(case.parks["name"].iloc[k]),
            quarter=case.quarters[int(choice.quarter[n])], **_of_link(case, link, int(row["chain"])),
            team_id=case.teams.ids[team] if team >= 0 else None,
            fund_id=case.funds.ids[int(paying[0])] if len(paying) else None,
            **_facts(case, row), score=known(scores[n]), landing_probability=float(row["landing_probability"]),
            needs={supply.resource_id: float(accounts.needs[n, r]) for r, supply in enumerate(case.resources)},
            status=str(row["status"]), must_include=bool(row["must_include"]), fixed_park=row["fixed_park"] >= 0,
            fixed_quarter=row["fixed_quarter"] >= 0, preferred_park=bool(case.preferred[i, k]),
            province=text(row["province"]), city=text(row["city"]), lon=known(row["lon"]), lat=known(row["lat"]),
            fills=_fills(case, accounts, link, float(row["capacity"]) * float(row["landing_probability"])),
            source_counts=i in counts, contribution={term: float(values[n]) for term, values in parts.items()},
            parks_possible=int(open_parks[i]), source=text(row["source"]) or marks.source("candidates"),
            assumed=marks.of_row("candidates", int(row["row"])),
        ))  # fmt: skip
    return tuple(found)


def _of_link(case: Case, link: int, chain: int) -> dict[str, Any]:
    return {
        "link_id": name_of(case, "link", link, "link_id"), "link_name": name_of(case, "link", link, "name"),
        "chain_id": name_of(case, "chain", chain, "chain_id"), "chain_name": name_of(case, "chain", chain, "name"),
    }  # fmt: skip


def _facts(case: Case, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Facts of a candidate that the tables state; a column that is absent is not known, whatever the model assumes."""
    table = case.tables.get("candidates")
    has = set() if table is None else set(table.frame.columns)
    facts = {
        c: known(row[c]) if c in has else None for c in ("investment", "output", "tax", "jobs", "subsidy", "effort")
    }
    return {**facts, "capacity": known(row["capacity"]) if has & {"capacity", "output"} else None}


def _fills(case: Case, accounts: Accounts, link: int, expected: float) -> Fills | None:
    if link < 0:
        return None
    return Fills(
        link_id=str(case.links["link_id"].iloc[link]), shortage_before=float(accounts.before.shortage[link]),
        shortage_after=float(accounts.after.shortage[link]), expected_supply=expected,
    )  # fmt: skip


def unselected_firms(
    programme: Programme, accounts: Accounts, marks: Marks, tight: Iterable[int]
) -> tuple[tuple[NotSelected, ...], tuple[Limit, ...]]:
    """Firms that the plan leaves out, by id; and the limits that they and the rows ``tight`` speak of."""
    case = programme.case
    left = left_out(programme, accounts)
    limits = limits_of(programme, accounts, {row for rows in left.binding for row in rows} | set(tight))
    at = {int(i): position for position, i in enumerate(left.candidate)}
    chosen = set(accounts.choice.candidate.tolist())
    families = case.candidates["family"].to_numpy(np.int64)
    variant = {int(families[i]): str(case.candidates["candidate_id"].iloc[i]) for i in chosen}
    rows = case.candidates.to_dict("records")
    found = []
    for i, row in enumerate(rows):
        if i in chosen:
            continue
        other = variant.get(int(families[i]))
        position = at.get(i)
        out = position is None or other is not None
        facts = _facts(case, row)
        gain, park = None, None
        binding: tuple[str, ...] = ()
        if not out and position is not None:
            gain = float(left.gain[position])
            park = str(case.parks["park_id"].iloc[left.best_park[position]])
            binding = tuple(limits[number].limit_id for number in left.binding[position]) if gain > 0 else ()
        found.append(NotSelected(
            candidate_id=str(row["candidate_id"]), name=str(row["name"]), **_of_link(case, int(row["link"]), int(row["chain"])),
            city=text(row["city"]), investment=facts["investment"], subsidy=facts["subsidy"],
            reason="excluded" if out else "not_worth_it",
            exclusions=exclusions(case, programme, i, {} if other is None else {int(families[i]): other}),
            gain=gain, best_park_id=park, binding=binding, assumed=marks.of_row("candidates", int(row["row"])),
        ))  # fmt: skip
    return tuple(found), tuple(limits.values())
