"""From read tables to a :class:`~planner.case.case.Case`: links between tables, quarters, money, teams, resources.

Every rule that concerns more than one table, or a table and the settings, is here and in :mod:`planner.case.locks`
and :mod:`planner.case.names`; codes ``C2xx``. Nothing is guessed: what the plan uses and the input does not say is
a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Case, Floats, Ints, Pairs
from planner.case.columns import Columns, Findings, columns_of
from planner.case.funds_teams import CHAIN, link_funds, link_teams, team_of
from planner.case.locks import check_locks
from planner.case.names import ModelNames, check_names
from planner.case.resources import link_resources
from planner.case.uses import UsedFacts, used_facts
from planner.language import Words
from planner.problems import Place, Problem, errors
from planner.reading.cells import whole_ids
from planner.reading.checks import listed
from planner.reading.table import Tables
from planner.settings.quarters import quarter_range
from planner.settings.schema import Settings

NUMBERS: dict[str, float] = {
    **dict.fromkeys(("output", "investment", "tax", "jobs", "score", "subsidy", "effort"), 0.0),
    "landing_probability": 1.0,
}
"""Numbers of candidates: what each is in a file without such a column. Blank cells are problems where the plan uses the column."""

LINK = Words("环节", "link")
PARK = Words("园区", "park")
CANDIDATE = Words("项目", "candidate")


ToWgs84 = Callable[[Floats, Floats, str], tuple[Floats, Floats]]
"""(lon, lat, coordinate system) → (lon, lat) in WGS84 degrees."""


def link_tables(
    settings: Settings, tables: Tables, known: ModelNames, setting: Callable[..., Place | None], to_wgs84: ToWgs84
) -> tuple[Case | None, tuple[Problem, ...]]:
    """The case, and what is wrong with it. None when a table that everything hangs on is missing.

    ``known`` are the names of terms and limits that settings may use; ``setting`` gives the place of a key path of plan.yaml;
    ``to_wgs84`` converts coordinates. A case is returned beside errors, so that more can be checked in the same run (R2); it is
    planned only without any.
    """
    findings = Findings(setting)
    if tables.get("candidates") is None or tables.get("parks") is None:
        return None, ()
    read = {name: columns_of(tables.get(name), key, findings) for name, key in _KEYS.items()}
    quarters = quarter_range(settings.quarters.start, settings.quarters.count)
    uses = used_facts(settings, tables)
    links, chains = _links_and_chains(read, uses)
    chain_at = _positions(chains["chain_id"])
    link_at = _positions(links["link_id"])
    parks = _parks(read["parks"])
    park_at = _positions(parks["park_id"])
    candidates = _candidates(read["candidates"], links, chain_at, link_at, park_at, quarters, uses)
    candidate_at = _positions(candidates["candidate_id"])
    declared = {name: one for name, one in tables.resources.items() if name not in known.terms}
    supplies, needs, pair_needs = link_resources(declared, settings.language, read, parks, quarters)
    teams = link_teams(read["teams"], chain_at, quarters)
    candidates["team"] = team_of(read["candidates"], candidates, teams, uses)
    incumbents = _incumbents(read["incumbents"], link_at, park_at, uses)
    _local_supply(links, incumbents, read["links"])
    case = Case(
        settings=settings,
        tables=tables,
        quarters=quarters,
        chains=chains,
        links=links,
        candidates=candidates,
        project_of=_project_of(read["candidates"], candidates["candidate_id"]),
        parks=parks,
        chain_allowed=_chain_allowed(read["parks"], chain_at),
        preferred=_park_lists(read["candidates"], "preferred_parks", park_at),
        refused=_park_lists(read["candidates"], "refused_parks", park_at),
        resources=supplies,
        needs=needs,
        pairs=_pairs(read["site_options"], candidate_at, park_at, pair_needs),
        funds=link_funds(read["funds"], read["candidates"], candidates, quarters),
        teams=teams,
        edges=_edges(read["link_edges"], link_at),
        incumbents=incumbents,
        warnings=(),
    )
    for name, frame in (("candidates", candidates), ("parks", parks), ("incumbents", incumbents)):
        _to_degrees(tables, name, frame, to_wgs84)
    check_names(case, known, findings)
    if not errors(findings.problems):
        check_locks(case, read["candidates"], findings)
    return case, _listed(_news(findings.problems, tables))


def _news(problems: Sequence[Problem], tables: Tables) -> list[Problem]:
    """The problems less those of cells that were refused already: they are blank here only because of that."""
    if not problems:
        return []
    refused = {str(table.place(*cell)) for table in tables.tables.values() for cell in table.refused}
    first = {(one.code, str(one.place), one.subject, one.found): one for one in reversed(problems)}
    return [one for one in reversed(first.values()) if str(one.place) not in refused]


def _listed(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems column by column, many of one kind cut short (:func:`planner.reading.checks.listed`)."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for one in problems:
        at = (one.place.file, one.place.sheet) if one.place is not None else ()
        groups.setdefault((one.subject, one.severity, *at), []).append(one)
    return tuple(told for group in groups.values() for told in listed(group, group[0].subject))


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
}


def _to_degrees(tables: Tables, name: str, frame: pd.DataFrame, to_wgs84: ToWgs84) -> None:
    """Coordinates of a table in WGS84, whatever its source uses."""
    table = tables.get(name)
    if table is not None and table.coordinates not in {"WGS84", "CGCS2000"}:
        lon, lat = to_wgs84(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float), table.coordinates)
        frame["lon"], frame["lat"] = lon, lat


def _positions(ids: pd.Series[str]) -> dict[str, int]:
    return {str(name): position for position, name in enumerate(ids)}


def _links_and_chains(read: Mapping[str, Columns], uses: UsedFacts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Links and chains; what has no table of its own is what the tables that name it say."""
    rows, named = read["links"], read["candidates"]
    if rows.table is not None:
        own = pd.DataFrame({"link_id": rows.text("link_id"), "chain_id": rows.text("chain_id")})
    else:
        own = _named_links(named)
    chain_rows = read["chains"]
    chain_ids = chain_rows.text("chain_id").tolist() if chain_rows.table is not None else []
    if chain_rows.table is None:
        chain_ids = sorted({*own["chain_id"], *named.text("chain_id")} - {""})
        chain_rows = Columns(None, np.arange(len(chain_ids)), rows.findings)
    chains = pd.DataFrame({"chain_id": pd.Series(chain_ids, dtype=object)})
    chains["name"] = chain_rows.text("name", None).where(lambda names: names.notna(), chains["chain_id"])
    chains["weight"] = chain_rows.number("weight", 1.0)
    for column in ("chief", "lead_office", "anchor_firm"):
        chains[column] = chain_rows.text(column, None)
    at = _positions(chains["chain_id"])
    if rows.table is None:
        rows = Columns(None, np.arange(len(own)), named.findings)
        chain = np.array([at.get(name, -1) for name in own["chain_id"]], dtype=np.int64)
    else:
        chain = rows.locate("chain_id", own["chain_id"].tolist(), at, CHAIN)
    links = pd.DataFrame({"link_id": own["link_id"].astype(object), "chain": chain})
    links["name"] = rows.text("name", None).where(lambda names: names.notna(), links["link_id"])
    links["tier"] = rows.text("tier", None)
    chain_weight = np.append(chains["weight"].to_numpy(float), 1.0)[chain]
    links["weight"] = rows.number("weight", 1.0) * chain_weight
    links["demand"] = rows.number("demand", 0.0, uses.links)
    links["supply"] = rows.number("supply", np.nan, uses.links)
    links["sources"] = rows.number("sources", np.nan, used=False)
    links["min_sources"] = np.nan_to_num(rows.number("min_sources", 0.0, used=False))
    links["bottleneck"] = rows.flag("bottleneck")
    return links, chains


def _named_links(candidates: Columns) -> pd.DataFrame:
    """The links that candidates name, when there is no table of links; one link in two chains is a problem."""
    named = pd.DataFrame({"link_id": candidates.text("link_id"), "chain_id": candidates.text("chain_id")})
    named["at"] = np.arange(len(named))
    named = named[named["link_id"] != ""]
    for link, group in named.groupby("link_id"):
        if group["chain_id"].nunique() > 1:
            at = int(group["at"].iloc[-1])
            both = "、".join(sorted(set(group["chain_id"])))
            candidates.findings.add("C203", candidates.place(at, "chain_id"), str(link), both)
    first = named.drop_duplicates("link_id").sort_values("link_id", kind="stable")
    return first[["link_id", "chain_id"]].reset_index(drop=True)


def _parks(rows: Columns) -> pd.DataFrame:
    parks = _all_columns(rows)
    parks["name"] = rows.text("name", None).where(lambda names: names.notna(), parks["park_id"])
    for column in ("city", "county", "zone"):
        parks[column] = rows.text(column, None)
    for column in ("lon", "lat"):
        parks[column] = rows.number(column, np.nan, used=False)
    for column in ("min_investment_intensity", "min_tax_intensity"):
        # A blank gate is "no gate": the only blank whose meaning product.md fixes as the absence of a limit.
        parks[column] = np.nan_to_num(rows.number(column, 0.0, used=False))
    parks["row"] = rows.order
    return parks


def _all_columns(rows: Columns) -> pd.DataFrame:
    """Every column of the file, extra ones too: rules may speak of any of them."""
    assert rows.table is not None
    return rows.table.frame.iloc[rows.order].reset_index(drop=True).copy()


def _candidates(
    rows: Columns,
    links: pd.DataFrame,
    chain_at: dict[str, int],
    link_at: dict[str, int],
    park_at: dict[str, int],
    quarters: tuple[str, ...],
    uses: UsedFacts,
) -> pd.DataFrame:
    frame = _all_columns(rows)
    frame["name"] = rows.text("name", None).where(lambda names: names.notna(), frame["candidate_id"])
    frame["link"] = rows.locate("link_id", rows.text("link_id").tolist(), link_at, LINK)
    own_chain = rows.locate("chain_id", rows.text("chain_id").tolist(), chain_at, CHAIN)
    of_link = np.append(links["chain"].to_numpy(np.int64), -1)[frame["link"]]
    for at in np.flatnonzero((own_chain >= 0) & (of_link >= 0) & (own_chain != of_link)):
        rows.report("C204", int(at), "chain_id", str(frame["candidate_id"].iloc[at]))
    frame["chain"] = np.where(of_link >= 0, of_link, own_chain)
    for column, absent in NUMBERS.items():
        frame[column] = rows.number(column, absent, column in uses.columns)
    # Documented in the data dictionary: without a capacity column the yearly output is what it supplies at its link.
    frame["capacity"] = rows.number("capacity" if rows.has("capacity") else "output", 0.0, uses.links)
    for column in ("must_include", "exclude"):
        frame[column] = rows.flag(column)
    frame["status"] = rows.text("status", "prospect")
    frame["fixed_park"] = rows.locate("fixed_park", rows.text("fixed_park").tolist(), park_at, PARK)
    frame["fixed_quarter"] = _fixed_quarters(rows, quarters)
    for column in ("province", "city", "source"):
        frame[column] = rows.text(column, None)
    for column in ("lon", "lat"):
        frame[column] = rows.number(column, np.nan, used=False)
    frame["row"] = rows.order
    return frame


def _project_of(rows: Columns, ids: pd.Series[Any]) -> Ints:
    """A number for each project; rows of one variant group are versions of one, a row without a group is one by itself."""
    group = rows.text("variant_group")
    return pd.factorize(group.where(group != "", "\0" + ids.astype(str)), sort=True)[0]


def _fixed_quarters(rows: Columns, quarters: tuple[str, ...]) -> Ints:
    known = {quarter: position for position, quarter in enumerate(quarters)}
    names = rows.text("fixed_quarter").tolist()
    found = np.full(len(names), -1, dtype=np.int64)
    for position, name in enumerate(names):
        if name in known:
            found[position] = known[str(name)]
        elif name != "":
            rows.report("C205", position, "fixed_quarter", str(name), horizon=f"{quarters[0]}–{quarters[-1]}")
    return found


def _chain_allowed(rows: Columns, chain_at: dict[str, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which chains each park takes; a blank cell, or no column, takes every chain."""
    allowed = np.zeros((rows.rows, len(chain_at)), dtype=bool)
    for park, names in enumerate(whole_ids(rows.lists("allowed_chains"), chain_at)):
        if not names:
            allowed[park] = True
        for name in names:
            if name in chain_at:
                allowed[park, chain_at[name]] = True
            elif name:
                rows.unknown(park, "allowed_chains", name, chain_at, CHAIN)
    return allowed


def _park_lists(rows: Columns, column: str, park_at: dict[str, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    listed = np.zeros((rows.rows, len(park_at)), dtype=bool)
    for position, names in enumerate(whole_ids(rows.lists(column), park_at)):
        for name in names:
            if name in park_at:
                listed[position, park_at[name]] = True
            elif name:
                rows.unknown(position, column, name, park_at, PARK)
    return listed


def _pairs(rows: Columns, candidate_at: dict[str, int], park_at: dict[str, int], needs: Floats) -> Pairs:
    candidate = rows.locate("candidate_id", rows.text("candidate_id").tolist(), candidate_at, CANDIDATE)
    park = rows.locate("park_id", rows.text("park_id").tolist(), park_at, PARK)
    keep = (candidate >= 0) & (park >= 0)
    allowed = rows.flag("allowed") if rows.has("allowed") else np.ones(rows.rows, dtype=bool)
    score = np.nan_to_num(rows.number("score", 0.0, used=False))
    return Pairs(candidate[keep], park[keep], allowed[keep], score[keep], needs[keep])


def _edges(rows: Columns, link_at: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from_link": rows.locate("from_link", rows.text("from_link").tolist(), link_at, LINK),
            "to_link": rows.locate("to_link", rows.text("to_link").tolist(), link_at, LINK),
            "coefficient": rows.number("coefficient", 0.0),
        }
    )


def _incumbents(rows: Columns, link_at: dict[str, int], park_at: dict[str, int], uses: UsedFacts) -> pd.DataFrame:
    frame = pd.DataFrame({"name": rows.text("name"), "row": rows.order})
    frame["link"] = rows.locate("link_id", rows.text("link_id").tolist(), link_at, LINK)
    frame["capacity"] = rows.number("capacity", np.nan, used=uses.incumbent_capacity)
    frame["park"] = rows.locate("park_id", rows.text("park_id").tolist(), park_at, PARK)
    for column in ("city", "source"):
        frame[column] = rows.text(column, None)
    for column in ("lon", "lat"):
        frame[column] = rows.number(column, np.nan, used=False)
    return frame


def _local_supply(links: pd.DataFrame, incumbents: pd.DataFrame, rows: Columns) -> None:
    """Supply and sources of links, where their table does not state them, from the firms that are here."""
    here = incumbents[incumbents["link"] >= 0]
    if not rows.has("supply"):
        links["supply"] = np.bincount(here["link"], np.nan_to_num(here["capacity"].to_numpy(float)), len(links))
    counted = np.bincount(here.drop_duplicates(["link", "name"])["link"], minlength=len(links)).astype(float)
    # Supply without a named firm has at least one source; its name is only not known.
    counted = np.where((counted == 0) & (links["supply"] > 0), 1.0, counted)
    links["sources"] = links["sources"].where(links["sources"].notna(), counted)
