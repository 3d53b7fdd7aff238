r"""Rivals, exclusive groups, projects that belong together, projects that keep apart.

For a pair (a, b) and the set :math:`N_k` of parks within the distance of park k:

.. math::
    \text{together: } y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1 \ \forall k,\qquad
    \text{apart: } y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1 \ \forall k .
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from planner.geography.distances import kilometres
from planner.language import Words
from planner.programme.blocks import Block, Family, block, empty, number, stack
from planner.programme.layout import Layout
from planner.settings.schema import Neighbours, Together
from planner.tables.case import Bools, Case


def _rivals(case: Case, columns: Layout) -> Block:
    rivals = case.settings.relations.rivals
    at = columns.placements
    link = case.candidates["link"].to_numpy(np.int64)[columns.candidate[at]]
    at, link = at[link >= 0], link[link >= 0]
    parts = []
    if rivals.per_link is not None:
        row, links = number(link)
        parts.append(
            block(
                (len(links), columns.columns),
                row,
                at,
                np.ones(len(at)),
                -np.inf,
                float(rivals.per_link),
                {"link": links, "park": np.full(len(links), -1)},
            )
        )
    if rivals.per_park_link is not None:
        size = len(case.links)
        row, keys = number(columns.park[at] * size + link)
        parts.append(
            block(
                (len(keys), columns.columns),
                row,
                at,
                np.ones(len(at)),
                -np.inf,
                float(rivals.per_park_link),
                {"link": keys % size, "park": keys // size},
            )
        )
    return stack(parts, columns.columns)


def _positions(case: Case, names: tuple[str, ...]) -> list[int]:
    ids = {str(name): position for position, name in enumerate(case.candidates["candidate_id"])}
    return [ids[name] for name in names]


def _exclusive(case: Case, columns: Layout) -> Block:
    parts = []
    for position, group in enumerate(case.settings.relations.exclusive):
        at = columns.placements[np.isin(columns.candidate[columns.placements], _positions(case, group.candidates))]
        parts.append(
            block(
                (1, columns.columns),
                np.zeros(len(at), dtype=np.int64),
                at,
                np.ones(len(at)),
                -np.inf,
                float(group.max),
                {"other": np.array([position])},
            )
        )
    return stack(parts, columns.columns)


def near_parks(case: Case, km: float, unknown: bool) -> Bools:
    """(K, K): the same park, or parks within ``km`` of each other by great circle; ``unknown`` where a coordinate is."""
    same = np.eye(len(case.parks), dtype=bool)
    if km <= 0:
        return same
    lon, lat = case.parks["lon"].to_numpy(float), case.parks["lat"].to_numpy(float)
    distance = kilometres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    near: Bools = same | np.where(np.isnan(distance), unknown, distance <= km)
    return near


def _conflicts(columns: Layout, a: int, b: int, clash: Bools, position: int) -> Block:
    """y_ak + Σ over clashing parks of y_bk' ≤ 1, for every park k of a that clashes with a park of b."""
    at = columns.placements
    of_a, of_b = at[columns.candidate[at] == a], at[columns.candidate[at] == b]
    row, parks = number(columns.park[of_a])
    pair_row, pair_b = np.nonzero(clash[np.ix_(parks, columns.park[of_b])])
    rows = np.concatenate([row, pair_row])
    entries = np.concatenate([of_a, of_b[pair_b]])
    size = len(parks)
    made = block(
        (size, columns.columns),
        rows,
        entries,
        np.ones(len(entries)),
        -np.inf,
        1.0,
        {"candidate": np.full(size, a), "other": np.full(size, position)},
    )
    kept = np.unique(pair_row)
    return Block(made.rows[kept], made.lower[kept], made.upper[kept], {key: v[kept] for key, v in made.about.items()})


def _all_or_none(columns: Layout, a: int, b: int, position: int) -> Block:
    at = columns.placements
    of_a, of_b = at[columns.candidate[at] == a], at[columns.candidate[at] == b]
    entries = np.concatenate([of_a, of_b])
    sign = np.concatenate([np.ones(len(of_a)), -np.ones(len(of_b))])
    return block(
        (1, columns.columns),
        np.zeros(len(entries), dtype=np.int64),
        entries,
        sign,
        0.0,
        0.0,
        {"candidate": np.array([a]), "other": np.array([position])},
    )


def _neighbours(case: Case, columns: Layout, groups: tuple[Neighbours, ...], clash_when_near: bool) -> Block:
    parts = []
    for position, group in enumerate(groups):
        near = near_parks(case, group.km, unknown=clash_when_near)  # what is not known is neither near nor far: a clash
        members: list[int] = _positions(case, group.candidates)
        for a, b in combinations(members, 2):
            parts.append(_conflicts(columns, a, b, near if clash_when_near else ~near, position))
            if isinstance(group, Together) and group.all_or_none:
                parts.append(_all_or_none(columns, a, b, position))
    return stack(parts, columns.columns) if parts else empty(columns.columns)


def group_name(case: Case, kind: str, position: int) -> str:
    """The group's own name, or its candidates."""
    group = getattr(case.settings.relations, kind)[position]
    return group.name or "、".join(group.candidates)


RIVALS = Family(
    "rivals",
    Words("同类项目上限", "rivals"),
    r"\sum_{i\in l} x_i \le N,\quad \sum_{i\in l} x_{ik} \le N'",
    Words("{place}环节“{link}”至多 {amount} 个新项目", "at most {amount} new projects at {link} {place}"),
    _rivals,
)
EXCLUSIVE = Family(
    "exclusive",
    Words("互斥项目", "exclusive projects"),
    r"\sum_{i\in G} x_i \le N_G",
    Words("互斥组“{exclusive}”至多选 {amount} 个", "at most {amount} of {exclusive}"),
    _exclusive,
)
TOGETHER = Family(
    "together",
    Words("须在一起的项目", "projects together"),
    r"y_{ak} + \sum_{k'\notin N_k} y_{bk'} \le 1",
    Words("“{together}”须落在一起", "{together} settle together"),
    lambda case, columns: _neighbours(case, columns, case.settings.relations.together, clash_when_near=False),
)
APART = Family(
    "apart",
    Words("须分开的项目", "projects apart"),
    r"y_{ak} + \sum_{k'\in N_k} y_{bk'} \le 1",
    Words("“{apart}”须分开", "{apart} keep apart"),
    lambda case, columns: _neighbours(case, columns, case.settings.relations.apart, clash_when_near=True),
)
