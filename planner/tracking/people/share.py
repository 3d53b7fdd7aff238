"""Who owns which project: every selected project has one owner if it can, whom it fits best, and loads are even."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.case.case import Bools, Case, Ints
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.solvers.assignment import NOBODY, assign
from planner.spelling import fold_name
from planner.tracking.people.posts import chain_posts, chiefs_of, name_or_none
from planner.tracking.people.record import FITS, Cause, Gap, Load, Owned, Responsibility


def responsibility(case: Case, plan: Plan, earlier: Responsibility | None = None) -> Responsibility:
    """The responsibility of a plan's projects, by the tables ``people``, ``candidates`` and ``status`` of the case; ``earlier`` tells who
    owned what before where the tables do not.

    Who states a capacity may own projects of the chains and parks that his or her rows serve. The assignment is that of
    :func:`planner.solvers.assignment.assign`: the most projects have an owner; then the most keep the owner whom they had; then the
    sum of lacking fit (the position in :data:`FITS`) is least; then loads are as even as can be.
    """
    projects = sorted(plan.selected, key=lambda one: one.candidate_id)
    served = _Served.of(case, projects)
    owners = _owners(case)
    before = {} if earlier is None else {one.candidate_id: one.owner for one in earlier.projects}
    had = [_had(case, one.candidate_id) or before.get(one.candidate_id) for one in projects]
    able, lacks = served.of_owners(case, projects, owners)
    n = len(projects)
    room = np.array([min(owner.capacity, n) for owner in owners.values()], dtype=np.int64)
    position = {person: j for j, person in enumerate(owners)}
    kept = np.zeros(able.shape, dtype=np.int64)
    for i, person in enumerate(had):
        if (j := position.get(person or "")) is not None and able[i, j]:
            kept[i] = 1
            kept[i, j] = 0
    taken = assign(able, room, (kept, lacks))
    names = list(owners)
    loads = [
        Load(
            person=name,
            roles=owner.roles,
            capacity=None if np.isinf(owner.capacity) else int(owner.capacity),
            projects=tuple(one.candidate_id for one, j in zip(projects, taken.tolist(), strict=True) if j == position[name]),
        )
        for name, owner in owners.items()
    ]
    every = [owner.rows for owner in owners.values()]
    owned = [
        Owned(
            candidate_id=one.candidate_id,
            name=one.name,
            chain_id=one.chain_id,
            chain_name=one.chain_name,
            link_name=one.link_name,
            park_id=one.park_id,
            park_name=one.park_name,
            quarter=one.quarter,
            owner=None if j == NOBODY else names[j],
            fit=None if j == NOBODY else FITS[lacks[i, j]],
            had=had[i],
            not_kept=_not_kept(served, i, had[i], None if j == NOBODY else names[j], owners),
            upward=chiefs_of(case, served.rows[i]),
        )
        for i, (one, j) in enumerate(zip(projects, taken.tolist(), strict=True))
    ]
    gaps = [
        Gap(
            candidate_id=one.candidate_id,
            name=one.name,
            chain_name=one.chain_name,
            park_name=one.park_name,
            cause=_cause(served, i, every),
            full=tuple(names[j] for j in np.flatnonzero(able[i]).tolist()),
        )
        for i, one in enumerate(projects)
        if taken[i] == NOBODY
    ]
    return Responsibility(
        plan=plan.plan.name,
        seal=plan.seal,
        language=plan.plan.language,
        chains=chain_posts(case),
        projects=tuple(owned),
        loads=tuple(loads),
        gaps=tuple(gaps),
    )


@dataclass(frozen=True)
class _Owner:
    """Somebody who may own projects, with the rows by which."""

    rows: Ints
    roles: tuple[str, ...]
    capacity: float


def _owners(case: Case) -> Mapping[str, _Owner]:
    """Everybody with a capacity above 0, by name."""
    people = case.people
    able = np.flatnonzero(np.nan_to_num(people.capacity, nan=0.0) > 0)
    names = people.frame["person"].to_numpy(object)
    roles = people.frame["role"].to_numpy(object)
    return {
        str(person): _Owner(rows, tuple(dict.fromkeys(map(str, roles[rows]))), float(people.capacity[rows].max()))
        for person in sorted(set(names[able]))
        for rows in [able[names[able] == person]]
    }


def _had(case: Case, candidate_id: str) -> str | None:
    """The owner whom the tables name: the newest that the table ``status`` tells who is among the people, else the candidate's."""
    found = np.flatnonzero((case.candidates["candidate_id"] == candidate_id).to_numpy(bool))
    if not len(found):
        return None
    known = set(case.people.frame["person"])
    of_status = name_or_none(_owner_of_status(case, int(found[0])))
    if of_status in known:
        return of_status
    return name_or_none(case.candidates["owner"].iloc[found[0]]) if "owner" in case.candidates.columns else None


def _owner_of_status(case: Case, candidate: int) -> object:
    standing = case.history.standing()
    return next(iter(standing["owner"][standing["candidate"] == candidate]), None)


@dataclass(frozen=True)
class _Served:
    """For N projects which rows of people serve their chain, and which serve chain and park; shape (N, R)."""

    chain: Bools
    rows: Bools

    @classmethod
    def of(cls, case: Case, projects: Sequence[Selected]) -> _Served:
        people = case.people
        chain_at = {str(name): c for c, name in enumerate(case.chains["chain_id"])}
        park_at = {str(name): k for k, name in enumerate(case.parks["park_id"])}
        chain = np.zeros((len(projects), len(people.frame)), dtype=bool)
        park = np.zeros_like(chain)
        for i, one in enumerate(projects):
            # What the tables do not know any more is served by those who serve everything.
            c, k = chain_at.get(one.chain_id or ""), park_at.get(one.park_id)
            chain[i] = people.chains[:, c] if c is not None else ~people.of_chain
            park[i] = people.parks[:, k] if k is not None else people.parks.all(axis=1)
        return cls(chain, chain & park)

    def of_owners(self, case: Case, projects: Sequence[Selected], owners: Mapping[str, _Owner]) -> tuple[Bools, Ints]:
        """Who may own which project, and the lack of fit where they may: shape (N, owners) each."""
        able = np.zeros((len(projects), len(owners)), dtype=bool)
        lacks = np.zeros(able.shape, dtype=np.int64)
        lack = _lack_of_rows(case, projects)
        for j, owner in enumerate(owners.values()):
            rows = self.rows[:, owner.rows]
            able[:, j] = rows.any(axis=1)
            lacks[:, j] = np.where(rows, lack[:, owner.rows], len(FITS) - 1).min(axis=1, initial=len(FITS) - 1)
        return able, lacks


def _lack_of_rows(case: Case, projects: Sequence[Selected]) -> Ints:
    """Position in :data:`FITS` of each row of people for each project, wherever it serves: shape (N, R)."""
    people = case.people
    lack = np.tile(np.where(people.of_chain, FITS.index("served"), FITS.index("any")), (len(projects), 1))
    words = [[fold_name(word) for word in told] for told in people.frame["expertise"]]
    for i, one in enumerate(projects):
        own = {fold_name(text) for text in (one.candidate_id, one.name, one.link_id, one.link_name) if text}
        chain = {fold_name(text) for text in (one.chain_id, one.chain_name) if text}
        names = [fold_name(text) for text in (one.name, one.link_name) if text]
        for r, told in enumerate(words):
            if own.intersection(told):
                lack[i, r] = FITS.index("project")
            elif any(word in name for word in told for name in names):
                lack[i, r] = FITS.index("name")
            elif chain.intersection(told):
                lack[i, r] = FITS.index("chain")
    return lack.astype(np.int64)


def _not_kept(served: _Served, i: int, had: str | None, owner: str | None, owners: Mapping[str, _Owner]) -> Cause | None:
    """Why project ``i`` does not keep the owner whom it had; None: it does, or had none."""
    if had is None or had == owner:
        return None
    return _cause(served, i, [owners[had].rows]) if had in owners else "unknown"


def _cause(served: _Served, i: int, rows: Sequence[Ints]) -> Cause:
    """Why none of the owners with these rows owns project ``i``."""
    if not len(rows):
        return "nobody"
    own = np.concatenate(rows)
    return "full" if served.rows[i, own].any() else "place" if served.chain[i, own].any() else "chain"
