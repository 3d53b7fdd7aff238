"""The posts of a bureau: which roles each chain has at which level, who has them, who stands above a project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from planner.case.case import Bools, Case
from planner.case.following.people import in_order
from planner.tracking.people.record import ChainPosts, Post

OF_CHAINS = {"chief": "链长", "lead_office": "牵头部门", "anchor_firm": "链主"}
"""Columns of the table ``chains`` that name a post, and its role: they stand in where the table ``people`` has nobody of that role."""


def name_or_none(value: object) -> str | None:
    """A name as text; None for a blank cell."""
    return value if isinstance(value, str) and value else None


def chain_posts(case: Case) -> tuple[ChainPosts, ...]:
    """Every role that a chain is to have, at every level, with those who have it: those of ``people.needed``, or else every role and
    level that some chain has by name; and those who serve every chain."""
    frame, people = case.people.frame, case.people
    roles, levels = _order(case)
    pairs = dict.fromkeys(zip(frame["role"], frame["level"], strict=True))
    by_name = set(zip(frame["role"][people.of_chain], frame["level"][people.of_chain], strict=True))
    needed = case.settings.people.needed
    wanted = {pair for pair in by_name if pair[0] in needed} if needed else by_name
    wanted |= {(role, "") for role in needed if role not in {told for told, _ in wanted}}
    found: list[ChainPosts] = []
    for c, chain in enumerate(case.chains.to_dict("records")):
        of_table = {role: name for column, role in OF_CHAINS.items() if (name := name_or_none(chain[column]))}
        held = {pair: _posts(case, np.flatnonzero(people.chains[:, c] & _has(case, *pair))) for pair in pairs}
        taken = {role for (role, _), posts in held.items() if posts}
        rest = {
            (role, ""): (Post(role=role, level="", person=name, scope="", contact=""),)
            for role, name in of_table.items()
            if role not in taken
        }
        held = {pair: posts for pair, posts in held.items() if posts} | rest
        # A level of a role that only the table of chains names is not vacant beside it.
        vacant = {pair: () for pair in wanted if pair not in held and (pair[0], "") not in rest}
        every = held | vacant
        for role, level in sorted(
            every, key=lambda pair: (roles.index(pair[0]) if pair[0] in roles else len(roles), levels.index(pair[1]))
        ):
            posts = every[role, level]
            found.append(
                ChainPosts(chain_id=str(chain["chain_id"]), chain_name=str(chain["name"]), role=role, level=level, posts=posts)
            )
    return tuple(found)


def chiefs_of(case: Case, serving: Bools) -> tuple[Post, ...]:
    """Who stands above a project, the nearest first: of the rows that serve it those of ``people.chiefs``."""
    roles, levels = _order(case)
    frame = case.people.frame
    rows = np.flatnonzero(serving & frame["role"].isin(case.settings.people.chiefs).to_numpy(bool))
    height = {r: (levels.index(frame["level"].iloc[r]), roles.index(frame["role"].iloc[r])) for r in rows.tolist()}
    return _posts(case, sorted(height, key=height.__getitem__, reverse=True))


def _order(case: Case) -> tuple[Sequence[str], Sequence[str]]:
    """Roles and levels from the highest down; no level comes before any."""
    settings, frame = case.settings.people, case.people.frame
    roles = in_order([*frame["role"], *OF_CHAINS.values(), *settings.needed], settings.roles)
    return roles, ["", *(level for level in in_order(frame["level"].tolist(), settings.levels) if level)]


def _has(case: Case, role: str, level: str) -> Bools:
    frame = case.people.frame
    return ((frame["role"] == role) & (frame["level"] == level)).to_numpy(bool)


def _posts(case: Case, rows: Iterable[int]) -> tuple[Post, ...]:
    frame, people = case.people.frame, case.people
    names = case.chains["name"].to_numpy(object)
    told = []
    for r in rows:
        chains = "、".join(map(str, names[people.chains[r]])) if people.of_chain[r] else ""
        one = frame.iloc[r]
        places = "" if people.parks[r].all() else one["scope"]
        scope = "；".join(text for text in (chains, places) if text)
        told.append(Post(role=one["role"], level=one["level"], person=one["person"], scope=scope, contact=one["contact"]))
    return tuple(told)
