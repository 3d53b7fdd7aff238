"""Records of links, chains, parks, funds, teams and rules before and after a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats
from planner.case.chains import completeness
from planner.case.groups import measure, parks_of_groups
from planner.case.rules import rule_unit, sums
from planner.geography.geojson import geojson_geometry
from planner.plan import records
from planner.plan.facts import Marks, facts_of, known, stated_in, text
from planner.plan.firm_records import Incumbent
from planner.plan.limit_records import RuleResult
from planner.plan.means_records import FundUse, TeamUse
from planner.programme.build import Programme
from planner.terms.registry import soft_price
from planner.terms.term import Term

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

ROUND = 9
"""Decimals kept of a sum: what binary addition leaves behind beyond them is noise."""


def links(programme: Programme, accounts: Accounts, marks: Marks) -> Iterator[records.LinkResult]:
    """Every link, by id."""
    case = programme.case
    size = len(case.links)
    link_of = case.candidates["link"].to_numpy(np.int64)
    able = link_of[programme.eligible.candidates & (link_of >= 0)]
    chosen = link_of[accounts.choice.candidate]
    possible, selected = np.bincount(able, minlength=size), np.bincount(chosen[chosen >= 0], minlength=size)
    chain_ids = np.append(case.chains["chain_id"].to_numpy(object), "")
    before, after = accounts.before, accounts.after
    facts = facts_of(records.LinkResult, case, "links", case.links.columns, but=("chain_id",))
    line = _lines(case, "links", "link_id")
    for n, row in enumerate(case.links.to_dict("records")):
        yield records.LinkResult(
            **facts(row),
            chain_id=str(chain_ids[row["chain"]]),
            demand_before=float(before.demand[n]),
            demand_after=round(float(after.demand[n]), ROUND),
            supply_before=float(before.supply[n]),
            supply_after=round(float(after.supply[n]), ROUND),
            shortage_before=float(before.shortage[n]),
            shortage_after=round(float(after.shortage[n]), ROUND),
            sources_before=int(before.sources[n]),
            sources_after=int(after.sources[n]),
            backed_up=bool(after.backed_up[n]),
            grade_before=before.grade[n],  # type: ignore[arg-type]
            grade_after=after.grade[n],  # type: ignore[arg-type]
            candidates=int(possible[n]),
            selected=int(selected[n]),
            assumed=marks.of_row("links", line.get((row["link_id"],), -1)),
        )


def edges(case: Case, marks: Marks) -> Iterator[records.LinkEdge]:
    """Every supply edge between links, as the tables list them, with where it is from."""
    ids = case.links["link_id"].astype(str).to_numpy(object)
    line = _lines(case, "link_edges", "from_link", "to_link")
    rows = zip(*(case.edges[name].tolist() for name in ("from_link", "to_link", "coefficient")), strict=True)
    for supplier, buyer, coefficient in rows:
        row = line[ids[supplier], ids[buyer]]
        yield records.LinkEdge(
            from_link=ids[supplier],
            to_link=ids[buyer],
            coefficient=float(coefficient),
            source=marks.source("link_edges", row),
            assumed=marks.of_row("link_edges", row),
        )


def _lines(case: Case, table: str, *key: str) -> dict[tuple[str, ...], int]:
    """Key → the row of the table as its file has it: a case has them in another order."""
    read = case.tables.get(table)
    if read is None:
        return {}
    return {tuple(map(str, values)): n for n, values in enumerate(zip(*(read.frame[name] for name in key), strict=True))}


def resources(case: Case) -> Iterator[records.Resource]:
    """Every resource, in the order of the settings."""
    facts = ("resource_id", "name", "unit", "kind", "scope")
    return (records.Resource(**{name: getattr(supply, name) for name in facts}) for supply in case.resources)


def chains(case: Case, accounts: Accounts) -> Iterator[records.ChainResult]:
    """Every chain, by id."""
    _, before = completeness(case, accounts.before)
    _, after = completeness(case, accounts.after)
    chain_of_link = case.links["chain"].to_numpy(np.int64)
    chosen = case.candidates.iloc[accounts.choice.candidate]
    facts = facts_of(records.ChainResult, case, "chains", case.chains.columns)
    for n, row in enumerate(case.chains.to_dict("records")):
        own, firms = chain_of_link == n, chosen[chosen["chain"] == n]
        yield records.ChainResult(
            **facts(row),
            links=int(own.sum()),
            completeness_before=before[n],
            completeness_after=after[n],
            shortage_before=float(accounts.before.shortage[own].sum()),
            shortage_after=round(float(accounts.after.shortage[own].sum()), ROUND),
            selected=len(firms),
            investment=invested(case, firms["investment"].to_numpy(float)),
        )


def invested(case: Case, amounts: Floats) -> float | None:
    """A total, known only when the table states it of every firm (R1)."""
    return known(amounts.sum()) if stated_in(case, "investment", "candidates") else None


def _uses(case: Case, accounts: Accounts, scope: str, place: int) -> Iterator[records.Use]:
    for r, supply in enumerate(case.resources):
        if supply.scope != scope or place >= len(supply.places):
            continue
        for t, quarter in enumerate(case.quarters):
            used, capacity = round(float(accounts.used[r][place, t]), ROUND), float(supply.amount[place, t])
            share = used / capacity if math.isfinite(capacity) and capacity > 0 else None
            yield records.Use(resource_id=supply.resource_id, quarter=quarter, used=used, capacity=known(capacity), share=share)


def parks(case: Case, accounts: Accounts, marks: Marks) -> Iterator[records.ParkResult]:
    """Every park, by id."""
    chosen = case.candidates.iloc[accounts.choice.candidate]
    chain_names = case.chains["chain_id"].astype(str).to_numpy(object)
    facts = facts_of(records.ParkResult, case, "parks", case.parks.columns, but=("lon", "lat"))
    for k, row in enumerate(case.parks.to_dict("records")):
        here = accounts.choice.park == k
        use = tuple(_uses(case, accounts, "park", k))
        shares = [at_end.share for at_end in use if at_end.quarter == case.quarters[-1] and at_end.share is not None]
        takes = case.chain_allowed[k]
        yield records.ParkResult(
            **facts(row),
            lon=known(row["lon"]),
            lat=known(row["lat"]),
            geometry=_geometry(row.get("geometry")),
            allowed_chains=() if takes.all() else tuple(chain_names[takes].tolist()),
            use=use,
            fullness=max(shares) if shares else None,
            selected=int(here.sum()),
            investment=invested(case, chosen["investment"].to_numpy(float)[here]),
            assumed=marks.of_row("parks", int(row["row"])),
        )


def _geometry(shape: object) -> Mapping[str, Any] | None:
    """GeoJSON of a park's area, coordinates to about a metre; points are told by lon and lat already."""
    area = getattr(shape, "geom_type", "")
    return geojson_geometry(cast("BaseGeometry", shape), 5) if area in {"Polygon", "MultiPolygon"} else None


def areas(case: Case, accounts: Accounts) -> Iterator[records.AreaResult]:
    """Zones and the region, where they have resources of their own."""
    scopes: tuple[Literal["zone", "region"], ...] = ("zone", "region")
    for scope in scopes:
        names = next((supply.places for supply in case.resources if supply.scope == scope), ())
        for place, name in enumerate(names):
            yield records.AreaResult(scope=scope, area_id=name, use=tuple(_uses(case, accounts, scope, place)))


def _told_quarters(case: Case, amounts: Floats, used: Floats) -> Iterator[tuple[dict[str, Any], float | None, float]]:
    """Each quarter to tell, with the amount (None: nothing limits) and the use of an owner; both of shape (C,)."""
    for t, (quarter, amount, due) in enumerate(zip(case.calendar, amounts.tolist(), used.tolist(), strict=True)):
        later = t >= len(case.quarters)
        if not later or math.isfinite(amount) or round(due, ROUND):
            yield {"quarter": quarter, "after_horizon": later, "used": round(due, ROUND)}, known(amount), due


def funds(case: Case, accounts: Accounts, marks: Marks) -> Iterator[FundUse]:
    """Each fund in each quarter of the horizon, and of those after it where it matters."""
    assumed = marks.column("funds", "amount") or marks.column("funds", "fund_id")
    for f, name in enumerate(case.funds.ids):
        kept = 0.0
        for told, amount, used in _told_quarters(case, case.funds.amount[f], accounts.paid[f]):
            available = (amount or 0.0) + (kept if case.funds.carry_over[f] else 0.0)
            kept = available - used
            t = case.calendar.index(told["quarter"])
            if not case.funds.unlimited[f, t]:
                # Without an amount of its own a quarter may use up to what the next amount that carries over brings.
                following = case.funds.amount[f, t:]
                coming = 0.0 if amount is not None else float(following[np.isfinite(following)][0])
                told |= {"available": round(available + coming, ROUND), "left": round(kept + coming, ROUND)}
            yield FundUse(fund_id=name, amount=amount, assumed=assumed, **told)


def teams(case: Case, accounts: Accounts, marks: Marks) -> Iterator[TeamUse]:
    """Each team in each quarter of the horizon, and of those after it where it matters."""
    assumed = marks.column("teams", "effort")
    for s, name in enumerate(case.teams.ids):
        chain = int(case.teams.chain[s])
        chain_id = str(case.chains["chain_id"].iloc[chain]) if chain >= 0 else None
        for told, effort, used in _told_quarters(case, case.teams.effort[s], accounts.spent[s]):
            left = None if effort is None else round(effort - used, ROUND)
            yield TeamUse(team_id=name, chain_id=chain_id, effort=effort, left=left, assumed=assumed, **told)


def rules(case: Case, accounts: Accounts) -> Iterator[RuleResult]:
    """Each own rule in each of its groups."""
    missed_in = (measure(case, sums(rule)[0]).unit for rule in case.settings.rules)
    units = [
        ("%" if rule.share else rule_unit(case, rule), unit) for rule, unit in zip(case.settings.rules, missed_in, strict=True)
    ]
    parks = [parks_of_groups(case, rule) for rule in case.settings.rules]
    prices = [None if rule.soft is None else soft_price(case, rule, Term.scale) for rule in case.settings.rules]
    for value in accounts.rules:
        rule, (unit, missed) = case.settings.rules[value.rule], units[value.rule]
        yield RuleResult(
            name=rule.name,
            group=value.group or None,
            parks=None if (held := parks[value.rule]) is None else held.get(value.group, ()),
            value=round(value.value, ROUND) if value.known else None,
            minimum=value.low,
            maximum=value.high,
            soft=prices[value.rule],
            violation=round(value.violation, ROUND),
            unit=unit,
            violation_unit=missed,
        )


def incumbents(case: Case, marks: Marks) -> Iterator[Incumbent]:
    """Firms that are here already; one at a park without coordinates of its own stands at the park."""
    ids, names = case.links["link_id"].to_numpy(object), case.links["name"].to_numpy(object)
    chain_ids, chain_of = [*case.chains["chain_id"], None], case.links["chain"].to_numpy(np.int64)
    reckoned = ("link_id", "link_name", "chain_id", "capacity", "park_id", "lon", "lat", "source", "as_of", "confidence")
    facts = facts_of(Incumbent, case, "incumbents", case.incumbents.columns, reckoned)
    for row in case.incumbents.to_dict("records"):
        link, park = int(row["link"]), int(row["park"])
        lon, lat = known(row["lon"]), known(row["lat"])
        if park >= 0 and lon is None:
            lon, lat = known(case.parks["lon"].iloc[park]), known(case.parks["lat"].iloc[park])
        yield Incumbent(
            **facts(row),
            link_id=str(ids[link]) if link >= 0 else None,
            link_name=str(names[link]) if link >= 0 else None,
            chain_id=text(chain_ids[chain_of[link]]) if link >= 0 else None,
            capacity=known(row["capacity"]),
            park_id=str(case.parks["park_id"].iloc[park]) if park >= 0 else None,
            lon=lon,
            lat=lat,
            assumed=marks.of_row("incumbents", int(row["row"])),
            source=text(row["source"]) or marks.source("incumbents", int(row["row"])),
            **marks.day_and_confidence("incumbents", int(row["row"])),
        )
