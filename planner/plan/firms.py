"""Records of the firms: selected, with what each adds, and not selected, with why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case
from planner.case.chains import new_sources
from planner.plan.facts import Marks, facts_of, known, stated_in, text
from planner.plan.firm_records import Exclusion, Fills, NotSelected, Selected
from planner.plan.limit_records import Limit
from planner.plan.reasons import exclusions, left_out, limits_of, tight_rows
from planner.programme.build import Programme
from planner.terms.registry import contributions

NAMED = ("link_id", "link_name", "chain_id", "chain_name")


FROM_EVENTS: Mapping[str, str] = {"status": "stage", "fixed_park": "park_id", "fixed_quarter": "quarter"}
"""Columns of the candidates that a signature settles: the column of the event."""


@dataclass(frozen=True, eq=False)
class Stages:
    """How far each candidate has come, and which of its marks of assumption hold all the same."""

    case: Case
    marks: Marks

    @cached_property
    def rows(self) -> Mapping[int, Mapping[Any, Any]]:
        """The standing of each candidate with events, by its position."""
        if self.case.history.on is None:
            return {}
        return {int(row["candidate"]): dict(row) for row in self.case.history.standing().to_dict("records")}

    def of(self, i: int) -> dict[str, Any]:
        """Fields of a record: stage, since when, and the cell that says so."""
        row = self.rows.get(i)
        if row is None:
            return {}
        place = str(self.case.tables["status"].place(int(row["first_row"]), "stage"))
        return {"stage": row["stage"], "stage_since": row["since"].date().isoformat(), "stage_place": place}

    def assumed(self, i: int, row: int) -> tuple[str, ...]:
        """Columns of a candidate (``row``: as its file has it) that rest on an assumption: of a deal that events settle those that the
        events mark, whatever the candidates' own cells bear."""
        own = self.marks.of_row("candidates", row)
        if not self.case.standing.promised[i]:
            return own
        told = self.rows[i]
        said = {
            name: int(told[f"{at}_row"])
            for name, at in (("status", "signed"), ("fixed_park", "park"), ("fixed_quarter", "quarter"))
        }
        marked = {name for name, at in said.items() if at >= 0 and FROM_EVENTS[name] in self.marks.of_row("status", at)}
        return tuple(sorted({*own} - {name for name, at in said.items() if at >= 0} | marked))


def _named(case: Case) -> tuple[list[dict[str, Any]], ...]:
    """Of links and of chains the id and name of each row as fields of a record; last, where −1 finds them, those of no row."""
    return tuple(
        [dict(zip(fields, map(str, row), strict=True)) for row in zip(frame[fields[0]], frame["name"], strict=True)]
        + [dict.fromkeys(fields)]
        for fields, frame in ((NAMED[:2], case.links), (NAMED[2:], case.chains))
    )


def selected_firms(programme: Programme, accounts: Accounts, weights: Mapping[str, float], marks: Marks) -> tuple[Selected, ...]:
    """The selected firms, the largest contribution first: of priorities to the first level, then to the next; ties by id."""
    case, choice = programme.case, accounts.choice
    parts = contributions(case, accounts, programme.terms, weights)
    levels = [level.weights for level in case.settings.objective.levels] or [weights]
    nothing = np.zeros(len(choice.candidate))
    totals = [
        sum((part * (level.get(term, 0.0) / weights[term]) for term, part in parts.items() if weights.get(term)), start=nothing)
        for level in levels
    ]
    ids = case.candidates["candidate_id"].astype(str).to_numpy(object)[choice.candidate]
    order = np.lexsort((ids, *(-np.round(total, 12) for total in reversed(totals))))
    counts = set(new_sources(case, choice.candidate)["candidate"].tolist())
    rows = case.candidates.iloc[choice.candidate].to_dict("records")
    open_parks = programme.eligible.pairs.sum(axis=1)
    scores = case.score()[choice.candidate, choice.park]
    links, chains = _named(case)
    stages = Stages(case, marks)
    reckoned = (
        *NAMED,
        "capacity",
        "score",
        "fixed_park",
        "fixed_quarter",
        "fund_id",
        "lon",
        "lat",
        "source",
        "as_of",
        "confidence",
    )
    facts = facts_of(Selected, case, "candidates", case.candidates.columns, reckoned)
    scored = stated_in(case, "score", "candidates", "site_options")
    names = [supply.resource_id for supply in case.resources]
    needed = [(r, name) for r, name in enumerate(names) if stated_in(case, name, "candidates", "site_options")]
    has_capacity = any(stated_in(case, column, "candidates") for column in ("capacity", "output"))
    firms = []
    for rank, n in enumerate(order.tolist(), start=1):
        row, i, k = rows[n], int(choice.candidate[n]), int(choice.park[n])
        link, team = int(row["link"]), int(row["team"])
        paying = np.flatnonzero(case.funds.asks[i] > 0)
        firm = Selected(
            **facts(row),
            rank=rank,
            park_id=str(case.parks["park_id"].iloc[k]),
            park_name=str(case.parks["name"].iloc[k]),
            quarter=case.quarters[int(choice.quarter[n])],
            **links[link],
            **chains[int(row["chain"])],
            team_id=case.teams.ids[team] if team >= 0 else None,
            fund_id=case.funds.ids[int(paying[0])] if len(paying) else None,
            capacity=known(row["capacity"]) if has_capacity else None,
            score=known(scores[n]) if scored else None,
            needs={name: float(accounts.needs[n, r]) for r, name in needed},
            fixed_park=row["fixed_park"] >= 0,
            fixed_quarter=row["fixed_quarter"] >= 0,
            preferred_park=bool(case.preferred[i, k]),
            lon=known(row["lon"]),
            lat=known(row["lat"]),
            fills=_fills(case, accounts, link, float(row["capacity"]) * float(row["landing_probability"])),
            source_counts=i in counts,
            contribution={term: float(values[n]) for term, values in parts.items()},
            parks_possible=int(open_parks[i]),
            source=text(row["source"]) or marks.source("candidates", int(row["row"])),
            assumed=stages.assumed(i, int(row["row"])),
            **marks.day_and_confidence("candidates", int(row["row"])),
            **stages.of(i),
        )
        firms.append(firm)
    return tuple(firms)


def _fills(case: Case, accounts: Accounts, link: int, expected: float) -> Fills | None:
    if link < 0:
        return None
    before, after = float(accounts.before.shortage[link]), float(accounts.after.shortage[link])
    link_id = str(case.links["link_id"].iloc[link])
    return Fills(link_id=link_id, shortage_before=before, shortage_after=after, expected_supply=expected)


def unselected_firms(programme: Programme, accounts: Accounts, marks: Marks) -> tuple[tuple[NotSelected, ...], tuple[Limit, ...]]:
    """Firms that the plan leaves out, by id; and the limits that keep them out or have nothing left."""
    case = programme.case
    could_come = left_out(programme, accounts)
    binding = {row for _, _, rows in could_come.values() for row in rows}
    limits = limits_of(programme, accounts, binding.union(tight_rows(programme, accounts)))
    projects = case.project_of.tolist()
    ids = case.candidates["candidate_id"].astype(str).to_numpy(object)
    variant = {projects[i]: str(ids[i]) for i in accounts.choice.candidate.tolist()}
    absent = np.setdiff1d(np.arange(len(ids)), accounts.choice.candidate)
    columns = [*(name for name in case.candidates.columns if name in NotSelected.model_fields), "link", "chain", "row"]
    rows = case.candidates[columns].iloc[absent].to_dict("records")
    facts = facts_of(NotSelected, case, "candidates", columns, NAMED)
    links, chains = _named(case)
    stages = Stages(case, marks)
    parks = case.parks["park_id"].astype(str).tolist()
    firms = []
    for i, row, reasons in zip(absent.tolist(), rows, exclusions(programme, absent), strict=True):
        other, (gain, park, in_the_way) = variant.get(projects[i]), could_come.get(i, (None, None, ()))
        if other is not None:
            reasons = (Exclusion(code="variant_chosen", parks=len(parks), other_id=other), *reasons)
            gain, park = None, None
        firm = NotSelected(
            **facts(row),
            **links[int(row["link"])],
            **chains[int(row["chain"])],
            reason="excluded" if gain is None else "not_worth_it",
            exclusions=reasons,
            gain=gain,
            best_park_id=None if park is None else parks[park],
            binding=tuple(limits[number].limit_id for number in in_the_way) if gain is not None and gain > 0 else (),
            assumed=stages.assumed(i, int(row["row"])),
            **stages.of(i),
        )
        firms.append(firm)
    return tuple(firms), tuple(limits.values())
