"""The one filter, read against a case: what its column names mean, and which candidates, parks and quarters it takes.

A column belongs to a candidate, to its link, chain or fund, to the park it is placed in, or is the quarter or a resource. What
belongs to a candidate's link, chain or fund is a fact of the candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Ints
from planner.settings.filters import conditions, is_alternatives
from planner.tables.facts import ColumnFacts, facts_of, names_of, plain
from planner.tables.spec import TABLES

_QUARTER = TABLES["funds"].column("quarter")
Owner = Literal["candidate", "link", "chain", "fund", "park", "quarter", "resource"]
Side = Literal["candidate", "park", "quarter", "pair"]
SIDES: Mapping[Owner, Side] = {
    **dict.fromkeys(("candidate", "link", "chain", "fund"), "candidate"),
    "park": "park",
    "quarter": "quarter",
    "resource": "pair",
}
"""Whose rows the facts of an owner are: a resource's need is one of a candidate in a park."""
TABLE_OF: Mapping[Owner, str] = {"candidate": "candidates", "link": "links", "chain": "chains", "fund": "funds", "park": "parks"}
"""The table of each owner's facts."""
_POSITIONS = frozenset({"row", "link", "chain", "geometry", "quarter"})
"""Columns that are positions, or what :data:`quarter` is."""
_BY_QUARTER = frozenset({"quarter", "amount"})
"""Columns of funds that are not one fact of a fund."""


KEPT = 2_000
"""Conditions of which it is kept who meets them: thousands of rules ask the same few again and again."""


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column that a filter names: whose it is, and what it is called there."""

    owner: Owner
    column: str

    @property
    def side(self) -> Side:
        """Whose rows its facts are."""
        return SIDES[self.owner]

    def __str__(self) -> str:
        return f"{self.owner}.{self.column}"


@dataclass(frozen=True, eq=False)
class _Known:
    """What is looked up once for a case."""

    frames: Mapping[Owner, pd.DataFrame]
    names: Mapping[str, list[NamedColumn]]
    facts: dict[NamedColumn, ColumnFacts]
    passing: dict[tuple[NamedColumn, str], Bools]


_KNOWN: WeakKeyDictionary[Case, _Known] = WeakKeyDictionary()


def _known(case: Case) -> _Known:
    if case not in _KNOWN:
        frames = _frames(case)
        _KNOWN[case] = _Known(frames, _names(case, frames), {}, {})
    return _KNOWN[case]


def _frames(case: Case) -> dict[Owner, pd.DataFrame]:
    """The facts of each owner, one row each in the order of the case."""
    candidates = case.candidates.drop(columns=["team", "fixed_park", "fixed_quarter"])
    parks = [*case.parks["park_id"].astype(object), ""]
    candidates["fixed_park"] = np.array(parks, dtype=object)[case.candidates["fixed_park"].to_numpy(np.int64)]
    quarters = np.array([*case.quarters, ""], dtype=object)
    candidates["fixed_quarter"] = quarters[case.candidates["fixed_quarter"].to_numpy(np.int64)]
    teams = np.array([*case.teams.ids, ""], dtype=object)
    candidates["team"] = teams[case.candidates["team"].to_numpy(np.int64)]
    chain_ids = np.array([*case.chains["chain_id"], ""], dtype=object)
    links = case.links.assign(chain_id=chain_ids[case.links["chain"].to_numpy(np.int64)])
    funds = pd.DataFrame({"fund_id": pd.Series(case.funds.ids, dtype=object), "carry_over": case.funds.carry_over})
    frames: dict[Owner, pd.DataFrame] = {"candidate": candidates, "link": links, "chain": case.chains, "fund": funds}
    for owner in ("link", "chain", "fund"):
        frames[owner] = _with_further(case, owner, frames[owner])
    return {owner: _with_absent(owner, frame) for owner, frame in {**frames, "park": case.parks}.items()}


def _with_absent(owner: Owner, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns that nobody has filled in and whose blanks say something."""
    absent = [
        column for column in TABLES[TABLE_OF[owner]].columns if column.blank_says != "gap" and column.name not in frame.columns
    ]
    return frame.assign(**{column.name: pd.Series([column.blank] * len(frame), dtype=object) for column in absent})


def _with_further(case: Case, owner: Owner, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns of the owner's table that the case has no use for; of a table with several rows for one owner
    those that say one thing of each."""
    table, key = case.tables.get(TABLE_OF[owner]), f"{owner}_id"
    if table is None:
        return frame
    unknown = {*frame.columns, *_POSITIONS, *_BY_QUARTER, "chain_id"}
    further = [name for name in table.frame.columns if name not in unknown]
    rows = table.frame[[key, *further]].astype({key: str})
    first = rows.drop_duplicates(key).set_index(key).reindex(frame[key].astype(str))
    if owner == "fund":
        several = {name for name in further if (rows.astype({name: str}).groupby(key)[name].nunique() > 1).any()}
        further = [name for name in further if name not in several]
    return frame.assign(**{name: first[name].to_numpy() for name in further})


def _names(case: Case, frames: Mapping[Owner, pd.DataFrame]) -> dict[str, list[NamedColumn]]:
    """Every name a filter may use, with what it may mean; ``park.city`` says which when several tables have a column.

    A name alone means a column of candidates, links or parks; one of chains or funds, or a further one of links, where no other
    table has it. A column that a table does not have is nobody's, unless its absence says something.
    """
    names: dict[str, list[NamedColumn]] = {"quarter": [NamedColumn("quarter", "quarter")]}
    names |= {supply.resource_id: [NamedColumn("resource", supply.resource_id)] for supply in case.resources}
    resources = set(names) - {"quarter"}
    further: dict[str, list[NamedColumn]] = {}
    written: list[NamedColumn] = []
    for owner, frame in frames.items():
        table = case.tables.get(TABLE_OF[owner])
        for column in (str(column) for column in frame.columns if column not in _POSITIONS):
            named = NamedColumn(owner, column)
            if table is not None and column in table.frame.columns:
                written.append(named)
            elif not _says_blank(owner, column) and not any(plain(value) for value in frame[column].unique()):
                continue
            names.setdefault(f"{owner}.{column}", [named])
            if column in resources or (column in {"link_id", "chain_id", "fund_id"} and owner != column[:-3]):
                continue  # a candidate's link is the link itself
            own = owner in {"candidate", "park"} or (owner == "link" and column in case.links.columns)
            (names if own else further).setdefault(column, []).append(named)
    for name, meant in further.items():
        names.setdefault(name, meant)
    names = {name: [named for named in meant if named in written] or meant for name, meant in names.items()}
    names["link_id"], names["chain_id"] = [NamedColumn("link", "link_id")], [NamedColumn("chain", "chain_id")]
    if case.funds.ids:
        names["fund_id"] = [NamedColumn("fund", "fund_id")]
    return names


def _says_blank(owner: Owner, column: str) -> bool:
    spec = TABLES[TABLE_OF[owner]]
    return spec.has(column) and spec.column(column).blank_says != "gap"


def named_columns(case: Case) -> Mapping[str, list[NamedColumn]]:
    """Every name that filters and groups may use, with what it may mean."""
    return _known(case).names


def meant(case: Case, name: str) -> NamedColumn:
    """The column of that name; it has been checked that it is one."""
    return named_columns(case)[name][0]


def owner_frame(case: Case, owner: Owner) -> pd.DataFrame:
    """The facts of each link, chain, fund, park or candidate, one row each in the order of the case."""
    return _known(case).frames[owner]


def position_of(case: Case, owner: Owner) -> Ints:
    """For each candidate the row of its link, chain or fund, −1 for none; shape (I,)."""
    if owner == "candidate":
        return np.arange(len(case.candidates))
    if owner == "fund":
        if len(case.funds.ids) < 2 or "fund_id" not in case.candidates.columns:
            return np.full(len(case.candidates), 0 if len(case.funds.ids) == 1 else -1)
        return pd.Index(case.funds.ids).get_indexer(pd.Index(case.candidates["fund_id"].astype(str))).astype(np.int64)
    return case.candidates[owner].to_numpy(np.int64)


def column_unit(case: Case, named: NamedColumn) -> str:
    """The unit of a column's numbers; empty where none is known."""
    if named.owner == "resource":
        return case.resources[case.resource(named.column)].unit
    if named.owner == "quarter":
        return ""
    spec, table = TABLES[TABLE_OF[named.owner]], case.tables.get(TABLE_OF[named.owner])
    if spec.has(named.column):
        return spec.column(named.column).unit
    return str(table.units.get(named.column, "")) if table is not None else ""


def raw_facts(case: Case, named: NamedColumn) -> ColumnFacts:
    """The named column, one entry for each row of its own table; kept as long as the case is."""
    facts = _known(case).facts
    if named not in facts:
        if named.owner == "quarter":
            facts[named] = facts_of(pd.Series(case.quarters, dtype=object), column=_QUARTER)
        else:
            facts[named] = _column_facts(case, named)
    return facts[named]


def _column_facts(case: Case, named: NamedColumn) -> ColumnFacts:
    frame, spec = owner_frame(case, named.owner), TABLES[TABLE_OF[named.owner]]
    column = spec.column(named.column) if spec.has(named.column) else None
    owner = named.column.removesuffix("_id")
    of: Any = {"preferred_parks": "park", "refused_parks": "park", "fixed_park": "park", "allowed_chains": "chain"}.get(
        named.column, owner
    )
    names: Mapping[str, tuple[str, ...]] = {}
    if of in {"candidate", "link", "chain", "park"} and (named.column.endswith("_id") or of != owner):
        table = owner_frame(case, of)
        names = names_of(table[f"{of}_id"].tolist(), table["name"].tolist())
    return facts_of(frame[named.column], column_unit(case, named), column, names)


def need_facts(case: Case, named: NamedColumn) -> ColumnFacts:
    """What each candidate needs of a resource in each park, as rows I·K."""
    return facts_of(pd.Series(case.need(case.resource(named.column)).ravel()), column_unit(case, named))


def passing(case: Case, named: NamedColumn, wanted: object) -> Bools:
    """Rows of the column's side that meet what is asked: (I,), (K,), (T,), or (I, K) for a resource."""
    if named.owner == "resource":
        return need_facts(case, named).passes(wanted).reshape(len(case.candidates), len(case.parks))
    known, key = _known(case).passing, (named, repr(wanted))
    if key not in known:
        facts = raw_facts(case, named)
        held = facts.passes(wanted)
        if named.owner in {"link", "chain", "fund"}:
            # A candidate without a link has blank facts of it.
            none = facts_of([None], facts.unit).passes(wanted)
            held = np.append(held, none)[position_of(case, named.owner)]
        held.setflags(write=False)
        if len(known) >= KEPT:
            known.clear()
        known[key] = held
    return known[key]


@dataclass(frozen=True, eq=False)
class Selection:
    """A filter read against a case: tests that must all hold, and alternatives of which, in each tuple, one must."""

    tests: tuple[tuple[Side, Bools], ...]
    either: tuple[tuple[Selection, ...], ...]

    @property
    def sides(self) -> frozenset[Side]:
        """What it looks at."""
        own = {side for side, _ in self.tests}
        return frozenset(own.union(*(entry.sides for entries in self.either for entry in entries)))

    @property
    def uses_park(self) -> bool:
        """Whether it must know the park."""
        return bool(self.sides & {"park", "pair"})

    @property
    def uses_quarter(self) -> bool:
        """Whether it must know the quarter."""
        return "quarter" in self.sides

    def takes(self, candidate: Ints, park: Ints, quarter: Ints) -> Bools:
        """Whether it takes each candidate in the park and quarter beside it; positions of one shape. Where it does not look at
        parks or quarters their positions may be anything."""
        held = np.ones(len(candidate), dtype=bool)
        for side, mask in self.tests:
            if side == "pair":
                held &= mask[candidate, park]
            else:
                held &= mask[{"candidate": candidate, "park": park, "quarter": quarter}[side]]
        for entries in self.either:
            held &= np.any([entry.takes(candidate, park, quarter) for entry in entries], axis=0)
        return held


def selection(case: Case, where: Mapping[str, Any]) -> Selection:
    """Read a filter whose names have been checked (:mod:`planner.case.names`)."""
    tests, either = [], []
    for name, wanted in where.items():
        if is_alternatives(wanted):
            either.append(tuple(selection(case, entry) for entry in wanted))
        else:
            named = meant(case, name)
            tests.append((named.side, passing(case, named, wanted)))
    return Selection(tuple(tests), tuple(either))


def candidates_meeting(case: Case, where: Mapping[str, Any]) -> Bools:
    """Candidates that a filter takes which looks at nothing but candidates, their links, chains and funds; shape (I,)."""
    every = np.arange(len(case.candidates))
    return selection(case, where).takes(every, every, every)


def parks_meeting(case: Case, where: Mapping[str, Any]) -> Bools:
    """Parks that a filter takes which looks at nothing but parks; shape (K,)."""
    every = np.arange(len(case.parks))
    return selection(case, where).takes(every, every, every)


def sides_named(case: Case, where: Mapping[str, Any]) -> frozenset[Side]:
    """What the columns of a filter belong to."""
    return frozenset(meant(case, name).side for _, name, _ in conditions(where))
