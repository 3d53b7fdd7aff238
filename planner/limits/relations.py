r"""Rivals, exclusive groups, projects that belong together, projects that keep apart.

For a pair (a, b) and the set :math:`N_k` of parks within the distance of park k:

.. math::
    \text{together: } y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1 \ \forall k,\qquad
    \text{apart: } y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1 \ \forall k .
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from math import asin, cos, isnan, nan, radians, sin, sqrt

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Ints
from planner.geography.coordinates import kilometres
from planner.language import Words
from planner.layout.columns import Layout
from planner.layout.rows import Rows, number, rows_of, stack
from planner.limits.family import Family, Held, Lever, Step, Subject, same
from planner.limits.names import group_name, link_subject
from planner.settings.schema import Neighbours
from planner.settings.schema import Together as TogetherGroup
from planner.tolerances import rounding


class Rivals(Family):
    """New projects at one link, and at one link in one park."""

    name = "rivals"
    title = Words("同类项目上限", "rivals")
    formula = r"\sum_{i\in l} x_i \le N,\quad \sum_{i\in l} x_{ik} \le N'"
    sentence = Words("{place}环节“{subject}”至多 {amount} 个新项目", "at most {amount} new projects at {subject} {place}")

    def rows(self, case: Case, layout: Layout) -> Rows:
        rivals, size = case.settings.relations.rivals, len(case.links)
        at = layout.placements
        link = case.candidates["link"].to_numpy(np.int64)[layout.candidate[at]]
        at, link = at[link >= 0], link[link >= 0]
        parts = []
        if rivals.per_link is not None:
            row, links = number(link)
            about = {"link": links, "park": np.full(len(links), -1)}
            parts.append(rows_of(layout, (row, at, np.ones(len(at))), about, upper=float(rivals.per_link)))
        if rivals.per_park_link is not None:
            row, keys = number(layout.park[at] * size + link)
            about = {"link": keys % size, "park": keys // size}
            parts.append(rows_of(layout, (row, at, np.ones(len(at))), about, upper=float(rivals.per_park_link)))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        most = case.settings.relations.rivals
        at = [(row["link"], row["park"]) for row in accounts.chosen.rows if row["link"] >= 0]
        if most.per_link is not None:
            yield from (Held(n, most.per_link) for n in Counter(link for link, _ in at).values())
        if most.per_park_link is not None:
            yield from (Held(n, most.per_park_link) for n in Counter(at).values())

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return link_subject(case, about)

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return (about["park"] >= 0).astype(np.int64)[:, None]

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        return Lever(self.name, key, self.price(case), abs(bound) or 1.0, counted=True)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        most = getattr(case.settings.relations.rivals, _setting(key))
        zh, en = ("同一园区", " in one park") if key[0] else ("", "")
        return Words(f"{zh}同一环节至多 {most} 个新项目", f"at most {most} new projects at one link{en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        now = getattr(case.settings.relations.rivals, _setting(key))
        link = case.candidates["link"].to_numpy(np.int64)[accounts.choice.candidate]
        group = np.where(link >= 0, accounts.choice.park * len(case.links) + link, -1) if key[0] else link
        most = int(np.unique(group[group >= 0], return_counts=True)[1].max(initial=0))
        zh, en = ("同一园区", " in one park") if key[0] else ("", "")
        text = Words(
            f"{zh}同一环节的新项目上限由 {now} 个放宽到 {most} 个", f"new projects at one link{en}: {most} instead of {now} at most"
        )
        return Step(text, float(most - now), "个", settings=((("relations", "rivals", _setting(key)), most),))


def _setting(key: tuple[int, ...]) -> str:
    return "per_park_link" if key[0] else "per_link"


class _Group(Family):
    """A named group of candidates under ``relations``."""

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = group_name(case, self.name, about["other"])
        pair = (str(case.candidates["candidate_id"].iloc[about["candidate"]]),) if "candidate" in about else ()
        return Subject(same(name), (name, *pair))

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return about["other"][:, None]


class Exclusive(_Group):
    """Of a group at most so many."""

    name = "exclusive"
    title = Words("互斥项目", "exclusive projects")
    formula = r"\sum_{i\in G} x_i \le N_G"
    sentence = Words("互斥组“{subject}”至多选 {amount} 个", "at most {amount} of {subject}")

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, group in enumerate(case.settings.relations.exclusive):
            at = layout.placements[np.isin(layout.candidate[layout.placements], _positions(case, group.candidates))]
            entries = (np.zeros(len(at), dtype=np.int64), at, np.ones(len(at)))
            parts.append(rows_of(layout, entries, {"other": np.array([position])}, upper=float(group.max)))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for group in case.settings.relations.exclusive:
            yield Held(sum(name in park_of for name in set(group.candidates)), group.max)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        return Lever(self.name, key, self.price(case), abs(bound) or 1.0, counted=True)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, most = group_name(case, self.name, key[0]), case.settings.relations.exclusive[key[0]].max
        return Words(f"互斥组“{name}”至多选 {most} 个", f"at most {most} of {name}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        group, name = case.settings.relations.exclusive[key[0]], group_name(case, self.name, key[0])
        chosen = set(case.candidates["candidate_id"].astype(str).iloc[accounts.choice.candidate])
        most = sum(name in chosen for name in group.candidates)
        text = Words(
            f"互斥组“{name}”的上限由 {group.max} 个放宽到 {most} 个", f"exclusive group {name}: {most} instead of {group.max}"
        )
        keys = ("relations", self.name, key[0], "max")
        return Step(text, float(most - group.max), "个", settings=((keys, most),))


class _Neighbours(_Group):
    """Pairs of a group that stand near each other, or do not."""

    required: Words
    """What the group does, in words."""

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        return Lever(self.name, key, self.price(case), 1.0, whole=True)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name = group_name(case, self.name, key[0])
        return Words(f"“{name}”{self.required.zh}", f"{name} {self.required.en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        name = group_name(case, self.name, key[0])
        text = Words(f"取消“{name}”{self.required.zh}的要求", f"drop that {name} {self.required.en}")
        return Step(text, settings=((("relations", self.name, key[0]), None),))


class Together(_Neighbours):
    """All or none, if so asked, and each two of them in one park or within the distance."""

    name = "together"
    title = Words("须在一起的项目", "projects together")
    formula = r"y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1"
    required = Words("须在一起", "settle together")
    sentence = Words("“{subject}”须落在一起", "{subject} settle together")

    def rows(self, case: Case, layout: Layout) -> Rows:
        return _pairs(case, layout, case.settings.relations.together, clash_when_near=False)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for group in case.settings.relations.together:
            coming = [name for name in group.candidates if name in park_of]
            if group.all_or_none:
                yield Held(0.0 if len(coming) in (0, len(group.candidates)) else 1.0, 0.0)
            for a, b in combinations(coming, 2):
                yield Held(0.0 if park_of[a] == park_of[b] else _distance(case, park_of[a], park_of[b]), group.km)

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        group, name = case.settings.relations.together[key[0]], group_name(case, self.name, key[0])
        ids = case.candidates["candidate_id"].astype(str).iloc[accounts.choice.candidate]
        parks = np.unique(accounts.choice.park[ids.isin(group.candidates).to_numpy(bool)])
        if not group.all_or_none or not near_parks(case, group.km, unknown=False)[np.ix_(parks, parks)].all():
            return super().step(case, accounts, key)
        text = Words(f"“{name}”不再要求同进同退（只约束都选中的）", f"{name}: no longer all or none, only together if both come")
        return Step(text, settings=((("relations", self.name, key[0], "all_or_none"), False),))


class Apart(_Neighbours):
    """Each two of them in different parks, further from each other than the distance."""

    name = "apart"
    title = Words("须分开的项目", "projects apart")
    formula = r"y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1"
    required = Words("须分开", "keep apart")
    sentence = Words("“{subject}”须分开", "{subject} keep apart")

    def rows(self, case: Case, layout: Layout) -> Rows:
        return _pairs(case, layout, case.settings.relations.apart, clash_when_near=True)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        park_of = accounts.chosen.park_of
        for group in case.settings.relations.apart:
            for a, b in combinations([name for name in group.candidates if name in park_of], 2):
                if park_of[a] == park_of[b]:
                    yield Held(1.0, 0.0)
                elif group.km > 0:
                    far = _distance(case, park_of[a], park_of[b]) > group.km - rounding(group.km)
                    yield Held(0.0 if far else 1.0, 0.0)


def _positions(case: Case, names: tuple[str, ...]) -> list[int]:
    ids = {str(name): position for position, name in enumerate(case.candidates["candidate_id"])}
    return [ids[name] for name in names]


def near_parks(case: Case, km: float, unknown: bool) -> Bools:
    """(K, K): the same park, or parks within ``km`` of each other by great circle; ``unknown`` where a coordinate is."""
    same_park = np.eye(len(case.parks), dtype=bool)
    if km <= 0:
        return same_park
    lon, lat = case.parks["lon"].to_numpy(float), case.parks["lat"].to_numpy(float)
    distance = kilometres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    near: Bools = same_park | np.where(np.isnan(distance), unknown, distance <= km)
    return near


def _pairs(case: Case, layout: Layout, groups: tuple[Neighbours, ...], clash_when_near: bool) -> Rows:
    parts = []
    for position, group in enumerate(groups):
        near = near_parks(case, group.km, unknown=clash_when_near)  # what is not known is neither near nor far: a clash
        for a, b in combinations(_positions(case, group.candidates), 2):
            parts.append(_conflicts(layout, a, b, near if clash_when_near else ~near, position))
            if isinstance(group, TogetherGroup) and group.all_or_none:
                parts.append(_all_or_none(layout, a, b, position))
    return stack(layout, parts)


def _conflicts(layout: Layout, a: int, b: int, clash: Bools, position: int) -> Rows:
    """y_ak + Σ over clashing parks of y_bk' ≤ 1, for every park k of a that clashes with a park of b."""
    at = layout.placements
    of_a, of_b = at[layout.candidate[at] == a], at[layout.candidate[at] == b]
    row, parks = number(layout.park[of_a])
    pair_row, pair_b = np.nonzero(clash[np.ix_(parks, layout.park[of_b])])
    column = np.concatenate([of_a, of_b[pair_b]])
    about = {"candidate": np.full(len(parks), a), "other": np.full(len(parks), position)}
    entries = (np.concatenate([row, pair_row]), column, np.ones(len(column)))
    return rows_of(layout, entries, about, upper=1.0).only(np.unique(pair_row))


def _all_or_none(layout: Layout, a: int, b: int, position: int) -> Rows:
    at = layout.placements
    of_a, of_b = at[layout.candidate[at] == a], at[layout.candidate[at] == b]
    column = np.concatenate([of_a, of_b])
    sign = np.concatenate([np.ones(len(of_a)), -np.ones(len(of_b))])
    about = {"candidate": np.array([a]), "other": np.array([position])}
    return rows_of(layout, (np.zeros(len(column), dtype=np.int64), column, sign), about, 0.0, 0.0)


def _distance(case: Case, first: int, second: int) -> float:
    """Great-circle kilometres between two parks; NaN where a coordinate is not known."""
    (x1, y1), (x2, y2) = (
        (radians(float(case.parks["lon"].iloc[k])), radians(float(case.parks["lat"].iloc[k]))) for k in (first, second)
    )
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return nan if isnan(half) else 2 * 6371.0088 * asin(min(1.0, sqrt(half)))
