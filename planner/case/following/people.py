"""The table ``people``: who has which role, for which chains and which parks, and how many projects each may own; codes ``L10x``.

A blank restricts nothing: who names no chain serves every chain, who names no place every place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Floats, People
from planner.case.columns import Columns
from planner.language import Words
from planner.problems import nearest
from planner.settings.following import People as PeopleSettings
from planner.settings.schema import Settings
from planner.spelling import fold_name

CHAIN = Words("产业链", "chain")
EVERYWHERE = frozenset({"全部", "全域", "全市", "全省", "全区", "全县", "各地", "region", "all"})
"""Scopes that restrict nothing."""
_PLACES = ("park_id", "name", "zone", "county", "city")
"""Columns of parks whose values name places."""


@dataclass(frozen=True, eq=False)
class Named:
    """What the plan has a name for."""

    chains: pd.DataFrame
    links: pd.DataFrame
    parks: pd.DataFrame
    candidates: pd.DataFrame


_TEXTS = ("person", "role", "level", "contact")
_NOBODY = pd.DataFrame({name: pd.Series([], dtype=object) for name in (*_TEXTS, "scope", "expertise")}).assign(
    row=np.zeros(0, dtype=np.int64)
)


@dataclass
class _Scopes:
    """What a scope can name: spelled alike → chains and parks, one entry for each meaning."""

    chains: dict[str, set[int]] = field(default_factory=dict)
    parks: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, chains: pd.DataFrame, parks: pd.DataFrame) -> _Scopes:
        found = cls()
        for column in ("chain_id", "name"):
            for position, name in enumerate(chains[column]):
                found.chains.setdefault(found.key(name), set()).add(position)
        for column in (name for name in _PLACES if name in parks.columns):
            for position, name in enumerate(parks[column]):
                if isinstance(name, str) and name:
                    found.parks.setdefault(found.key(name), {}).setdefault(column, set()).add(position)
        return found

    def key(self, name: object) -> str:
        folded = fold_name(str(name))
        self.written.setdefault(folded, str(name))
        return folded


def link_people(rows: Columns, settings: Settings, case: Named) -> People:
    """The people; what they name that the plan does not have is a problem at its cell."""
    chains, parks = case.chains, case.parks
    if rows.table is None:
        nobody = np.zeros(0, dtype=bool)
        return People(_NOBODY, np.zeros((0, len(chains)), dtype=bool), np.zeros((0, len(parks)), dtype=bool), nobody, np.zeros(0))
    frame = rows.made({name: rows.text(name) for name in _TEXTS})
    known = {str(name): position for position, name in enumerate(chains["chain_id"])}
    of_chains, of_parks = rows.listed("chain_id", known, CHAIN), np.zeros((rows.rows, len(parks)), dtype=bool)
    scopes, placed = _Scopes.of(chains, parks), np.zeros(rows.rows, dtype=bool)
    lists = rows.lists("scope")
    for at, names in enumerate(lists):
        for name in names:
            if name in EVERYWHERE or name == settings.region.name:
                continue
            chain, places = scopes.chains.get(fold_name(name)), scopes.parks.get(fold_name(name), {})
            meanings = [*([chain] if chain else []), *_different(places)]
            if len(meanings) > 1:
                rows.report("L102", at, "scope", name, both=Words.listed([*(["chains"] if chain else []), *places]))
            elif chain:
                of_chains[at, list(chain)] = True
            elif places:
                of_parks[at, list(next(iter(places.values())))] = True
                placed[at] = True
            else:
                near = nearest(name, scopes.written.values())
                remedy = Words("最接近的是：{near}", "nearest: {near}").fill(near=Words.listed(near)) if near else _CHECK
                rests = ["chains.*", "parks.*", "candidates.chain_id"]
                rows.report("L101", at, "scope", name, rests=rests, remedy=remedy)
    frame["scope"] = ["、".join(names) for names in lists]
    frame["expertise"] = rows.lists("expertise")
    frame["row"] = rows.order
    _check_expertise(rows, frame["expertise"].tolist(), case)
    of_chain = np.asarray(of_chains.any(axis=1))
    of_chains[~of_chain] = True
    of_parks[~placed] = True
    capacity = _capacity(rows, frame, settings.people)
    return People(frame, of_chains, of_parks, of_chain, capacity)


_ENTER = Words("先在 people 表中登记", "enter the person in the table people first")
_WORD = Words("核对写法；计划以外的专长可不理会", "check how it is written; never mind what lies outside this plan")
_CHECK = Words(
    "写园区、分区、区县、市或产业链的名称；不限定就留空",
    "write the name of a park, zone, county, city or chain; blank for everywhere",
)


def _check_expertise(rows: Columns, words: Sequence[tuple[str, ...]], case: Named) -> None:
    """Words that no chain, link or project of the plan has in its name are told: they make nobody fit anything."""
    ids = {"chains": "chain_id", "links": "link_id", "candidates": "candidate_id"}
    names = {str(name) for table, key in ids.items() for column in (key, "name") for name in getattr(case, table)[column]}
    folded, text = {fold_name(name) for name in names}, "\0".join(map(fold_name, sorted(names)))
    for at, told in enumerate(words):
        for word in told:
            if (plain := fold_name(word)) not in folded and plain not in text:
                near = nearest(word, names)
                remedy = Words("最接近的是：{near}", "nearest: {near}").fill(near=Words.listed(near)) if near else _WORD
                rests = ["chains.*", "links.*", "candidates.*"]
                rows.report("L107", at, "expertise", word, rests=rests, remedy=remedy)


def check_owners(rows: Columns, people: People) -> None:
    """Owners of candidates who are not among the people are told."""
    known = set(people.frame["person"])
    if not known:
        return
    for at, owner in enumerate(rows.texts("owner")):
        if owner and owner not in known:
            near = nearest(str(owner), known)
            remedy = Words("最接近的是：{near}", "nearest: {near}").fill(near=Words.listed(near)) if near else _ENTER
            rows.report("L106", at, "owner", str(owner), rests=["people.person"], remedy=remedy)


def _different(places: Mapping[str, set[int]]) -> list[set[int]]:
    """Sets of parks that one name means; a county that is a city too, with the same parks, is one meaning."""
    return [parks for n, parks in enumerate(places.values()) if parks not in list(places.values())[:n]]


def _capacity(rows: Columns, frame: pd.DataFrame, settings: PeopleSettings) -> Floats:
    """Projects that each row may own: as it states or, of a role that ``people.owners`` names, as another row of the person does."""
    own = rows.number("capacity", np.nan, used=False).copy()
    able = np.ones(rows.rows, dtype=bool)
    if settings.owners and rows.rows:
        able = frame["role"].isin(settings.owners).to_numpy(bool)
        for n, role in enumerate(settings.owners):
            if not (frame["role"] == role).any():
                near = nearest(role, frame["role"])
                remedy = Words.listed(near) if near else Words("核对角色的写法", "check how the role is written")
                rows.findings.at("L105", ("people", "owners", n), role, rests=["people.role"], remedy=remedy)
    for person, group in frame.assign(capacity=own).groupby("person", sort=False):
        stated = group.sort_values("row")["capacity"].dropna()
        others = stated[stated != stated.iloc[0]] if len(stated) else stated
        for at in others.index.tolist():
            first = rows.place(int(stated.index[0]), "capacity")
            rows.report("L103", at, "capacity", str(person), other=str(first))
        if len(stated) and settings.owners:
            own[group.index] = stated.iloc[0]
        elif settings.owners:
            for at in group.index[able[group.index]].tolist()[:1]:
                if rows.has("capacity"):
                    rows.report("L104", at, "capacity", str(person))
                else:
                    rows.report("L104", at, "role", str(person))
    return np.where(able, own, np.nan)


def in_order(names: Sequence[Any], first: Sequence[str]) -> list[str]:
    """Names each once, those that are ``first`` in that order, then the others as they come."""
    known = dict.fromkeys(str(name) for name in names)
    return [*(name for name in first if name in known), *(name for name in known if name not in first)]
