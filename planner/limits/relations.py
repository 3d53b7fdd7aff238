r"""Rivals, exclusive groups, projects that belong together, projects that keep apart.

For a pair (a, b) and the set :math:`N_k` of parks within the distance of park k:

.. math::
    \text{together: } y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1 \ \forall k,\qquad
    \text{apart: } y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1 \ \forall k .

Where apart means in different parks and no distance, each two of a group G say the same as :math:`\sum_{i\in G} y_{ik} \le 1` for
every park, which is tighter and has one row for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import asin, cos, isnan, nan, radians, sin, sqrt
from typing import Any

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Ints
from planner.case.members import members
from planner.geography.coordinates import kilometres
from planner.language import Words
from planner.language import counted as plural
from planner.layout import Layout, Rows, number, rows_of, stack
from planner.limits.family import Family, Held, Step, Subject, same
from planner.settings.relations import GROUPS, Neighbours, written
from planner.settings.relations import Together as TogetherGroup
from planner.tolerances import rounding

SCOPES = (("per_link", Words("", "")), ("per_park_link", Words("同一园区", " in one park")))
"""The two limits of rivals: their setting, and where they hold."""


class Rivals(Family):
    """New projects at one link, and at one link in one park."""

    name = "rivals"
    title = Words("同类项目上限", "rivals")
    formula = r"\sum_{i\in l} x_i \le N,\quad \sum_{i\in l} x_{ik} \le N'"
    counted = True

    def rows(self, case: Case, layout: Layout) -> Rows:
        rivals, size, at = case.settings.relations.rivals, len(case.links), layout.placements
        link = _rival_links(case)[layout.candidate[at]]
        at, link = at[link >= 0], link[link >= 0]
        parts = []
        for most, park in ((rivals.per_link, np.full(len(at), -1)), (rivals.per_park_link, layout.park[at])):
            if most is not None:
                row, keys = number((park + 1) * size + link)
                about = {"link": keys % size, "park": keys // size - 1}
                parts.append(rows_of(layout, (row, at, np.ones(len(at))), about, upper=float(most)))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        most = case.settings.relations.rivals
        counted = accounts.chosen.park_of if most.candidates is None else set(accounts.chosen.named(most.candidates))
        rows = (row for row in accounts.chosen.rows if row["link"] >= 0 and row["candidate_id"] in counted)
        at = [(row["link"], row["park"]) for row in rows]
        if most.per_link is not None:
            counts = Counter(link for link, _ in at)
            yield from (Held(n, most.per_link, about={"link": link}) for link, n in counts.items())
        if most.per_park_link is not None:
            most_here = most.per_park_link
            yield from (Held(n, most_here, about={"link": link, "park": park}) for (link, park), n in Counter(at).items())

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return (about["park"] >= 0).astype(np.int64)[:, None]

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        setting, where = SCOPES[key[0]]
        most = getattr(case.settings.relations.rivals, setting)
        return Words(f"{where.zh}同一环节至多 {most} 个新项目", f"at most {plural(most, 'new project')} at one link{where.en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        setting, where = SCOPES[key[0]]
        now = getattr(case.settings.relations.rivals, setting)
        link = _rival_links(case)[accounts.choice.candidate]
        group = np.where(link >= 0, accounts.choice.park * len(case.links) + link, -1) if key[0] else link
        most = int(np.unique(group[group >= 0], return_counts=True)[1].max(initial=0))
        text = Words(
            f"{where.zh}同一环节的新项目上限由 {now} 个放宽到 {most} 个",
            f"new projects at one link{where.en}: {most} instead of {now} at most",
        )
        return Step(text, float(most - now), "个", settings=((("relations", "rivals", setting), most),))


def _rival_links(case: Case) -> Ints:
    """The link of each candidate that counts as a rival, −1 of the others; shape (I,)."""
    link, counted = case.candidates["link"].to_numpy(np.int64), case.settings.relations.rivals.candidates
    return link if counted is None else np.where(np.isin(np.arange(len(link)), members(case, counted)), link, -1)


class Group(Family):
    """A named group of candidates under ``relations``."""

    lever_of = ("other",)

    def group(self, case: Case, position: int) -> tuple[Any, Words]:
        """A relation of the settings, and its name, or else its candidates."""
        group = getattr(case.settings.relations, self.name)[position]
        sides = [written(getattr(group, key)) for key in GROUPS[self.name]]
        return group, same(group.name) if group.name else Words(
            " → ".join(one.zh for one in sides), " → ".join(one.en for one in sides)
        )

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        _, name = self.group(case, about["other"])
        pair = (str(case.candidates["candidate_id"].iloc[about["candidate"]]),) if "candidate" in about else ()
        return Subject(name, (name.zh, *pair))


class Exclusive(Group):
    """Of a group at most so many."""

    name = "exclusive"
    title = Words("互斥项目", "exclusive projects")
    formula = r"\sum_{i\in G} x_i \le N_G"
    counted = True

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, group in enumerate(case.settings.relations.exclusive):
            at = columns_of(layout, layout.placements, members(case, group.candidates))
            entries = (np.zeros(len(at), dtype=np.int64), at, np.ones(len(at)))
            parts.append(rows_of(layout, entries, of_each(1, other=position), upper=float(group.max)))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for position, group in enumerate(case.settings.relations.exclusive):
            coming = sum(name in park_of for name in accounts.chosen.named(group.candidates))
            yield Held(coming, group.max, about={"other": position})

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        group, name = self.group(case, key[0])
        return Words(f"互斥组“{name.zh}”至多选 {group.max} 个", f"at most {group.max} of {name.en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        group, name = self.group(case, key[0])
        most = sum(candidate in accounts.chosen.park_of for candidate in accounts.chosen.named(group.candidates))
        zh, en = (
            f"互斥组“{name.zh}”的上限由 {group.max} 个放宽到 {most} 个",
            f"exclusive group {name.en}: {most} instead of {group.max}",
        )
        return Step(Words(zh, en), float(most - group.max), "个", settings=((("relations", self.name, key[0], "max"), most),))


class _Neighbours(Group):
    """Pairs of a group that stand near each other, or do not."""

    fills = False
    required: Words
    """What the group does, in words."""

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        _, name = self.group(case, key[0])
        return Words(f"“{name.zh}”{self.required.zh}", f"{name.en} {self.required.en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        _, name = self.group(case, key[0])
        text = Words(f"取消“{name.zh}”{self.required.zh}的要求", f"drop that {name.en} {self.required.en}")
        return Step(text, settings=((("relations", self.name, key[0]), None),))


class Together(_Neighbours):
    """All or none, if so asked, and each two of them in one park or within the distance."""

    name = "together"
    title = Words("须在一起的项目", "projects together")
    formula = r"y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1"
    required = Words("须在一起", "settle together")

    def rows(self, case: Case, layout: Layout) -> Rows:
        return stack(layout, _pairs(case, layout, list(enumerate(case.settings.relations.together)), clash_when_near=False))

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for position, group in enumerate(case.settings.relations.together):
            named = accounts.chosen.named(group.candidates)
            coming = [name for name in named if name in park_of]
            if group.all_or_none:
                yield Held(0.0 if len(coming) in (0, len(named)) else 1.0, 0.0, about={"other": position})
            for a, b in combinations(coming, 2):
                apart = 0.0 if park_of[a] == park_of[b] else _distance(case, park_of[a], park_of[b])
                yield Held(apart, group.km, about={"other": position, "pair": (a, b)})

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        group, name = self.group(case, key[0])
        parks = np.unique(accounts.choice.park[np.isin(accounts.choice.candidate, members(case, group.candidates))])
        if not group.all_or_none or not near_parks(case, group.km, unknown=False)[np.ix_(parks, parks)].all():
            return super().step(case, accounts, key)
        text = Words(
            f"“{name.zh}”不再要求同进同退（只约束都选中的）", f"{name.en}: no longer all or none, only together if both come"
        )
        return Step(text, settings=((("relations", self.name, key[0], "all_or_none"), False),))


class Apart(_Neighbours):
    """Each two of them in different parks, further from each other than the distance."""

    name = "apart"
    title = Words("须分开的项目", "projects apart")
    formula = r"y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1"
    required = Words("须分开", "keep apart")

    def rows(self, case: Case, layout: Layout) -> Rows:
        groups = list(enumerate(case.settings.relations.apart))
        by_park = [_one_in_a_park(case, layout, position, group) for position, group in groups if group.km <= 0]
        by_distance = [(position, group) for position, group in groups if group.km > 0]
        return stack(layout, [*by_park, *_pairs(case, layout, by_distance, clash_when_near=True)])

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for position, group in enumerate(case.settings.relations.apart):
            for a, b in combinations([name for name in accounts.chosen.named(group.candidates) if name in park_of], 2):
                about = {"other": position, "pair": (a, b)}
                if park_of[a] == park_of[b]:
                    yield Held(1.0, 0.0, about=about)
                elif group.km > 0:
                    far = _distance(case, park_of[a], park_of[b]) > group.km - rounding(group.km)
                    yield Held(0.0 if far else 1.0, 0.0, about=about)


def columns_of(layout: Layout, among: Ints, candidates: Ints) -> Ints:
    """Those of some columns that belong to some candidates."""
    return among[np.isin(layout.candidate[among], candidates)]


def of_each(rows: int, **positions: int) -> dict[str, Ints]:
    """What each of so many rows speaks of, where it is the same for all."""
    return {name: np.full(rows, position, dtype=np.int64) for name, position in positions.items()}


def near_parks(case: Case, km: float, unknown: bool) -> Bools:
    """(K, K): the same park, or parks within ``km`` of each other by great circle; ``unknown`` where a coordinate is."""
    same_park = np.eye(len(case.parks), dtype=bool)
    if km <= 0:
        return same_park
    lon, lat = case.parks["lon"].to_numpy(float), case.parks["lat"].to_numpy(float)
    distance = kilometres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    near: Bools = same_park | np.where(np.isnan(distance), unknown, distance <= km)
    return near


def _one_in_a_park(case: Case, layout: Layout, position: int, group: Neighbours) -> Rows:
    """At most one of a group in each park: what keeping each two of it in different parks comes to."""
    candidates = members(case, group.candidates)
    at = columns_of(layout, layout.placements, candidates)
    row, parks = number(layout.park[at])
    return rows_of(layout, (row, at, np.ones(len(at))), of_each(len(parks), candidate=candidates[0], other=position), upper=1.0)


def _pairs(case: Case, layout: Layout, groups: Sequence[tuple[int, Neighbours]], clash_when_near: bool) -> list[Rows]:
    """For each two of a group the parks that clash; of all or none, that both come or neither."""
    parts, at = [], layout.placements
    for position, group in groups:
        near = near_parks(case, group.km, unknown=clash_when_near)  # what is not known is neither near nor far: a clash
        clash = near if clash_when_near else ~near
        own = {i: at[layout.candidate[at] == i] for i in members(case, group.candidates).tolist()}
        for a, b in combinations(own, 2):
            parts.append(_conflicts(layout, own[a], own[b], clash, a, position))
            if isinstance(group, TogetherGroup) and group.all_or_none:
                column, sign = np.concatenate([own[a], own[b]]), np.repeat([1.0, -1.0], [len(own[a]), len(own[b])])
                entries = (np.zeros(len(column), dtype=np.int64), column, sign)
                parts.append(rows_of(layout, entries, of_each(1, candidate=a, other=position), 0.0, 0.0))
    return parts


def _conflicts(layout: Layout, of_a: Ints, of_b: Ints, clash: Bools, candidate: int, position: int) -> Rows:
    """y_ak + Σ over clashing parks of y_bk' ≤ 1, for every park k of a that clashes with a park of b."""
    row, parks = number(layout.park[of_a])
    pair_row, pair_b = np.nonzero(clash[np.ix_(parks, layout.park[of_b])])
    entries = np.concatenate([row, pair_row]), np.concatenate([of_a, of_b[pair_b]]), np.ones(len(row) + len(pair_row))
    return rows_of(layout, entries, of_each(len(parks), candidate=candidate, other=position), upper=1.0).only(np.unique(pair_row))


def _distance(case: Case, first: int, second: int) -> float:
    """Great-circle kilometres between two parks; NaN where a coordinate is not known."""
    x1, y1, x2, y2 = (radians(float(case.parks[axis].iloc[k])) for k in (first, second) for axis in ("lon", "lat"))
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return nan if isnan(half) else 2 * 6371.0088 * asin(min(1.0, sqrt(half)))
