"""From read tables to a :class:`~planner.case.case.Case`: links between tables, quarters, money, teams, resources.

Every rule that concerns more than one table, or a table and the settings, is here, in :mod:`planner.case.names` and in
:mod:`planner.case.eligibility`; codes ``C2xx``. Nothing is guessed: what the plan uses and the input does not say is a
problem.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints, Pairs
from planner.case.columns import Columns, Findings, columns_of
from planner.case.eligibility import check_locks
from planner.case.following.act import Earlier, act, day_of, read_history
from planner.case.following.contradictions import check_deals, check_history
from planner.case.following.days import link_days
from planner.case.following.people import Named, check_owners, link_people
from planner.case.following.targets import link_targets
from planner.case.history import Standing
from planner.case.means import CHAIN, calendar_of, link_funds, link_payers, link_resources, link_teams, team_of
from planner.case.names import ModelNames, check_names
from planner.case.rules import sums
from planner.case.schedule import link_shares
from planner.case.seasons import with_seasons
from planner.language import Words
from planner.problems import Problem
from planner.reading.checks import listed
from planner.reading.table import Tables, with_empty
from planner.settings.base import quarter_range
from planner.settings.filters import named_in
from planner.settings.schema import Settings

NUMBERS: dict[str, float] = {
    **dict.fromkeys(("output", "investment", "tax", "jobs", "score", "subsidy", "effort"), 0.0),
    "landing_probability": 1.0,
}
"""Numbers of candidates: what each is in a file without such a column. Blank cells are problems where the plan uses the column."""

LINK, PARK, CANDIDATE = Words("环节", "link"), Words("园区", "park"), Words("项目", "candidate")

_Read = Mapping[str, Columns]
"""Each table by its canonical name."""
ToWgs84 = Callable[[Floats, Floats, str], tuple[Floats, Floats]]
"""(lon, lat, coordinate system) → (lon, lat) in WGS84 degrees."""


def link_tables(
    settings: Settings,
    tables: Tables,
    known: ModelNames,
    findings: Findings,
    to_wgs84: ToWgs84,
    earlier: Earlier = MappingProxyType({}),
) -> Case:
    """The case. A table that everything hangs on and that could not be read has no rows in it.

    ``known`` are the names of terms and limits that settings may use; ``findings`` hears what is wrong, with what
    is not known of the input; ``to_wgs84`` converts coordinates; ``earlier``: park and quarter of each project in the plan that this one
    follows, by ids. A case is returned beside errors, so that more can be checked in the same run (R2); it is
    planned only without any.
    """
    tables = with_empty(tables, ("candidates", "parks"))
    read = {name: columns_of(tables.get(name), key, findings) for name, key in _KEYS.items()}
    quarters = quarter_range(settings.quarters.start, settings.quarters.count)
    links, chains = _links_and_chains(read)
    parks = _parks(read["parks"])
    chain_at, link_at, park_at = map(_positions, (chains["chain_id"], links["link_id"], parks["park_id"]))
    candidates = _candidates(read, links, (chain_at, link_at, park_at), quarters, _used_columns(settings, read))
    on = day_of(settings.on, tables.get("status"), quarters[-1])
    history = read_history(read["status"], _positions(candidates["candidate_id"]), park_at, on)
    standing = act(history, candidates, read["candidates"], quarters, park_at, earlier)
    check_history(history, read["status"], quarters, settings.on)
    declared = {name: resource for name, resource in tables.resources.items() if name not in known.terms}
    supplies, needs, pair_needs = link_resources(declared, settings.language, read, parks, quarters)
    payers = link_payers(read["funds"], read["candidates"], candidates)
    paid, spent = link_shares(settings.schedule, read, candidates, payers.of_candidate, payers.of_row)
    calendar = calendar_of(quarters, paid, spent, read["funds"])
    teams = link_teams(read["teams"], chain_at, calendar)
    candidates["team"] = team_of(read["candidates"], candidates, teams)
    incumbents = _incumbents(read, link_at, park_at)
    _local_supply(links, incumbents, read["links"])
    people = link_people(read["people"], settings, Named(chains, links, parks, candidates))
    check_owners(read["candidates"], people)
    case = Case(
        settings=settings if on is None else settings.model_copy(update={"on": on.isoformat()}),
        tables=tables,
        quarters=quarters,
        calendar=calendar.all,
        chains=chains,
        links=links,
        candidates=candidates,
        project_of=_project_of(read["candidates"].texts("variant_group"), candidates["candidate_id"].tolist()),
        window=_window(candidates, read["candidates"], standing, quarters),
        parks=parks,
        chain_allowed=_chain_allowed(read["parks"], chain_at),
        preferred=read["candidates"].listed("preferred_parks", park_at, PARK),
        refused=read["candidates"].listed("refused_parks", park_at, PARK),
        resources=supplies,
        needs=needs,
        pairs=_pairs(read["site_options"], _positions(candidates["candidate_id"]), park_at, pair_needs),
        funds=link_funds(read["funds"], payers, candidates["subsidy"].to_numpy(float), calendar),
        teams=teams,
        paid_shares=paid,
        spent_shares=spent,
        edges=_edges(read["link_edges"], link_at),
        incumbents=incumbents,
        history=history,
        standing=standing,
        people=people,
        days=link_days(read["calendar"], settings.calendar),
        targets=link_targets(read["targets"], chains, parks, teams.ids, quarters),
    )
    for name, frame in (("candidates", candidates), ("parks", parks), ("incumbents", incumbents)):
        table = tables.get(name)
        if table is not None and table.coordinates not in {"WGS84", "CGCS2000"}:
            frame["lon"], frame["lat"] = to_wgs84(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float), table.coordinates)
    case = with_seasons(case, findings)
    check_locks(case, read["candidates"], findings)
    check_deals(case, findings)
    check_names(case, known, findings)
    return case


def _used_columns(settings: Settings, read: _Read) -> set[str]:
    """Columns of candidates that this plan reads, so that a blank among them is a problem and a blank elsewhere is not."""
    columns = {"landing_probability", *settings.objective.counted_terms}
    columns |= {name for rule in settings.rules for name in (*named_in(rule.where), *sums(rule)) if name}
    columns |= {column for column in ("investment", "tax") if read["parks"].has(f"min_{column}_intensity")}
    return columns | {column for column, name in (("subsidy", "funds"), ("effort", "teams")) if read[name].table is not None}


def by_column(problems: Sequence[Problem], tables: Tables) -> tuple[Problem, ...]:
    """The problems column by column, each once and many of one kind cut short (:func:`planner.reading.checks.listed`).

    Those of cells that were refused already are left out: they are blank here only because of that.
    """
    refused = {str(table.place(*cell)) for table in tables.tables.values() for cell in table.refused} if problems else set()
    first = {(problem.code, str(problem.place), problem.subject, problem.found): problem for problem in reversed(problems)}
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in reversed(first.values()):
        if str(problem.place) not in refused:
            table = (problem.place.file, problem.place.sheet) if problem.place is not None else ()
            groups.setdefault((problem.subject, problem.severity, *table), []).append(problem)
    return tuple(shown for group in groups.values() for shown in listed(group, group[0].subject))


_KEYS: Mapping[str, tuple[str, ...]] = {
    "chains": ("chain_id",),
    "links": ("link_id",),
    "candidates": ("candidate_id",),
    "parks": ("park_id",),
    "site_options": ("candidate_id", "park_id"),
    "capacities": ("resource_id", "scope_id", "quarter"),
    "funds": ("fund_id", "quarter"),
    "teams": ("team_id", "chain_id", "quarter"),
    "link_edges": ("from_link", "to_link"),
    "incumbents": ("link_id", "name"),
    "status": ("candidate_id", "date"),
    "people": ("person", "role", "chain_id", "scope"),
    "calendar": ("date", "kind", "name", "half_day"),
    "targets": ("stage", "quarter", "chain_id", "county", "team_id"),
}


def _positions(ids: pd.Series[str]) -> dict[str, int]:
    return {str(name): position for position, name in enumerate(ids)}


def _links_and_chains(read: _Read) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Links and chains; what has no table of its own is what the tables that name it say."""
    rows, chain_rows, named = read["links"], read["chains"], read["candidates"]
    link_ids, own_chains = rows.texts("link_id"), rows.texts("chain_id")
    if rows.table is None:
        own = _named_links(named)
        link_ids, own_chains = own["link_id"].tolist(), own["chain_id"].tolist()
    chain_ids = chain_rows.texts("chain_id")
    if chain_rows.table is None:
        chain_ids = sorted({*own_chains, *named.texts("chain_id")} - {""})
        chain_rows = Columns(None, np.arange(len(chain_ids)), rows.findings)
    chains = chain_rows.made(
        {
            "chain_id": chain_rows.objects(chain_ids),
            "name": chain_rows.names(chain_ids),
            "weight": chain_rows.number("weight", 1.0),
            **chain_rows.told(("chief", "lead_office", "anchor_firm")),
        }
    )
    at = {str(name): position for position, name in enumerate(chain_ids)}
    if rows.table is None:
        rows = Columns(None, np.arange(len(link_ids)), named.findings)
        chain = np.array([at.get(name, -1) for name in own_chains], dtype=np.int64)
    else:
        chain = rows.locate("chain_id", at, CHAIN)
    links = {
        "link_id": rows.objects(link_ids),
        "chain": chain,
        "name": rows.names(link_ids),
        **rows.told(("tier",)),
        "weight": rows.number("weight", 1.0) * np.append(chains["weight"].to_numpy(float), 1.0)[chain],
        "demand": rows.number("demand", 0.0),
        "supply": rows.number("supply", np.nan, rows.has("demand")),
        **rows.told((), ("sources",)),
        "min_sources": np.nan_to_num(rows.number("min_sources", 0.0, used=False)),
        "bottleneck": rows.flag("bottleneck"),
    }
    return rows.made(links), chains


def _named_links(candidates: Columns) -> pd.DataFrame:
    """The links that candidates name, when there is no table of links; one link in two chains is a problem."""
    named = pd.DataFrame({"link_id": candidates.text("link_id"), "chain_id": candidates.text("chain_id")})
    named = named[named["link_id"] != ""]
    for link, group in named.groupby("link_id"):
        if group["chain_id"].nunique() > 1:
            place = candidates.place(int(group.index[-1]), "chain_id")
            candidates.findings.add("C203", place, str(link), "、".join(sorted(set(group["chain_id"]))), rests=["links.*"])
    return named.drop_duplicates("link_id").sort_values("link_id", kind="stable").reset_index(drop=True)


def _own_columns(rows: Columns, key: str) -> dict[str, Any]:
    """Every column of the file, extra ones too: rules may speak of any of them; with a name for each row."""
    columns = dict(rows.frame.items())
    return columns | {"name": rows.names(columns[key].tolist())}


def _parks(rows: Columns) -> pd.DataFrame:
    parks = _own_columns(rows, "park_id") | rows.told(("city", "county", "zone"), ("lon", "lat"))
    for column in ("min_investment_intensity", "min_tax_intensity"):
        # A blank gate is "no gate": the only blank whose meaning product.md fixes as the absence of a limit.
        parks[column] = np.nan_to_num(rows.number(column, 0.0, used=False))
    return rows.made(parks | {"row": rows.order})


def _candidates(
    read: _Read, links: pd.DataFrame, positions: Sequence[dict[str, int]], quarters: tuple[str, ...], used: set[str]
) -> pd.DataFrame:
    """``positions``: those of chains, links and parks by id; ``used``: columns whose blanks are problems."""
    rows, (chain_at, link_at, park_at) = read["candidates"], positions
    frame = _own_columns(rows, "candidate_id")
    link = frame["link"] = rows.locate("link_id", link_at, LINK)
    own_chain = rows.locate("chain_id", chain_at, CHAIN)
    of_link = np.append(links["chain"].to_numpy(np.int64), -1)[link]
    for at in np.flatnonzero((own_chain >= 0) & (of_link >= 0) & (own_chain != of_link)).tolist():
        rows.report("C204", at, "chain_id", str(frame["candidate_id"].iloc[at]))
    frame["chain"] = np.where(of_link >= 0, of_link, own_chain)
    for column, absent in NUMBERS.items():
        frame[column] = rows.number(column, absent, column in used)
    # Documented in the data dictionary: without a capacity column the yearly output is what it supplies at its link.
    frame["capacity"] = rows.number("capacity" if rows.has("capacity") else "output", 0.0, read["links"].has("demand"))
    for column in ("must_include", "exclude"):
        frame[column] = rows.flag(column)
    frame["status"] = rows.text("status", "prospect")
    frame["fixed_park"] = rows.locate("fixed_park", park_at, PARK)
    fixed = rows.texts("fixed_quarter")
    for at in (at for at, quarter in enumerate(fixed) if quarter not in ("", *quarters)):
        horizon = f"{quarters[0]}–{quarters[-1]}"
        rows.report("C205", at, "fixed_quarter", str(fixed[at]), rests=[("quarters",)], horizon=horizon)
    known = {quarter: position for position, quarter in enumerate(quarters)}
    frame["fixed_quarter"] = np.array([known.get(quarter, -1) for quarter in fixed], dtype=np.int64)
    frame |= rows.told(("earliest_quarter", "latest_quarter", "province", "city", "owner", "source"), ("lon", "lat"))
    return rows.made(frame | {"row": rows.order})


def _window(candidates: pd.DataFrame, rows: Columns, standing: Standing, quarters: tuple[str, ...]) -> Ints:
    """:attr:`~planner.case.case.Case.window`; an earliest quarter of the table after the latest is a problem."""
    window = np.tile([0, len(quarters) - 1], (rows.rows, 1))
    for at, (first, last) in enumerate(zip(rows.texts("earliest_quarter"), rows.texts("latest_quarter"), strict=True)):
        if last and first > last:
            rows.report("C285", at, "latest_quarter", last, earliest=first)
    for at, (first, last) in enumerate(zip(candidates["earliest_quarter"], candidates["latest_quarter"], strict=True)):
        if first or last:
            window[at] = bisect_left(quarters, first or ""), bisect_right(quarters, last or quarters[-1]) - 1
    window[standing.waiting, 0] = len(quarters)
    return window.astype(np.int64)


def _project_of(groups: Sequence[str], ids: Sequence[Any]) -> Ints:
    """A number for each project; rows of one variant group are versions of one, a row without a group is one by itself."""
    names = [(group or str(own), not group) for group, own in zip(groups, ids, strict=True)]  # a group may be called like a project
    number = {name: position for position, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], dtype=np.int64)


def _chain_allowed(rows: Columns, chain_at: dict[str, int]) -> Bools:
    """Which chains each park takes; a blank cell, or no column, takes every chain."""
    allowed = rows.listed("allowed_chains", chain_at, CHAIN)
    allowed[[not names for names in rows.lists("allowed_chains")]] = True
    return allowed


def _pairs(rows: Columns, candidate_at: dict[str, int], park_at: dict[str, int], needs: Floats) -> Pairs:
    candidate, park = rows.locate("candidate_id", candidate_at, CANDIDATE), rows.locate("park_id", park_at, PARK)
    keep = (candidate >= 0) & (park >= 0)
    allowed = rows.flag("allowed") if rows.has("allowed") else np.ones(rows.rows, dtype=bool)
    score = np.nan_to_num(rows.number("score", 0.0, used=False))
    return Pairs(candidate[keep], park[keep], allowed[keep], score[keep], needs[keep])


def _edges(rows: Columns, link_at: dict[str, int]) -> pd.DataFrame:
    edges: dict[str, Any] = {column: rows.locate(column, link_at, LINK) for column in ("from_link", "to_link")}
    return rows.made(edges | {"coefficient": rows.number("coefficient", 0.0)})


def _incumbents(read: _Read, link_at: dict[str, int], park_at: dict[str, int]) -> pd.DataFrame:
    rows, links = read["incumbents"], read["links"]
    of_links = links.has("supply") or links.findings.doubts.absent("links", "supply")
    columns = {
        "name": rows.text("name"),
        "row": rows.order,
        "link": rows.locate("link_id", link_at, LINK),
        "capacity": rows.number("capacity", np.nan, used=links.has("demand") and not of_links),
        "park": rows.locate("park_id", park_at, PARK),
    }
    return rows.made(columns | rows.told(("city", "source"), ("lon", "lat")))


def _local_supply(links: pd.DataFrame, incumbents: pd.DataFrame, rows: Columns) -> None:
    """Supply and sources of links, where their table does not state them, from the firms that are here."""
    link = incumbents["link"].to_numpy(np.int64)
    here = link >= 0
    if not rows.has("supply"):
        capacity = np.nan_to_num(incumbents["capacity"].to_numpy(float))
        links["supply"] = np.bincount(link[here], capacity[here], len(links))
    firms = {firm for firm in zip(link.tolist(), incumbents["name"].tolist(), strict=True) if firm[0] >= 0}
    counted = np.bincount(np.array([at for at, _ in firms], dtype=np.int64), minlength=len(links)).astype(float)
    # Supply without a named firm has at least one source; its name is only not known.
    counted = np.where((counted == 0) & (links["supply"].to_numpy(float) > 0), 1.0, counted)
    stated = links["sources"].to_numpy(float)
    links["sources"] = np.where(np.isnan(stated), counted, stated)
