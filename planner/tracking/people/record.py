"""Who answers for what: chains with their posts, projects with their owners, loads, gaps."""

from __future__ import annotations

from typing import Literal

from planner.language import Language
from planner.plan.records import Record

Fit = Literal["project", "name", "chain", "served", "any"]
"""Why somebody fits a project, the best first: expertise in its link or in itself; in a word of its name; in its chain; serves its chain
by name; serves every chain."""
FITS: tuple[Fit, ...] = ("project", "name", "chain", "served", "any")
Cause = Literal["nobody", "chain", "place", "full", "unknown"]
"""Why somebody does not own a project: there is no owner at all; none who serves its chain; none who serves its park too; all who do are
full; (of an owner it had) the person is not in the table, or owns no projects."""


class Post(Record):
    """A person or office in a role."""

    role: str
    level: str
    person: str
    scope: str
    """Chains and places that it is for; empty: all of them."""
    contact: str


class ChainPosts(Record):
    """A role of a chain at a level, and who has it; nobody: it is vacant."""

    chain_id: str
    chain_name: str
    role: str
    level: str
    posts: tuple[Post, ...]


class Owned(Record):
    """A selected project and who owns it."""

    candidate_id: str
    name: str
    chain_id: str | None
    chain_name: str | None
    link_name: str | None
    park_id: str
    park_name: str
    quarter: str
    owner: str | None
    """None: nobody; the gap says why."""
    fit: Fit | None
    had: str | None
    """The owner that the tables name, or else the earlier record."""
    not_kept: Cause | None
    """Why that one does not own it; None: does, or there was none."""
    upward: tuple[Post, ...]
    """Who stands above, the nearest first."""


class Gap(Record):
    """A project without an owner; ``full`` are those who could have it, had they not as many as they can."""

    candidate_id: str
    name: str
    chain_name: str | None
    park_name: str
    cause: Cause
    full: tuple[str, ...]


class Load(Record):
    """Somebody who may own projects; ``capacity`` None: any number."""

    person: str
    roles: tuple[str, ...]
    capacity: int | None
    projects: tuple[str, ...]

    @property
    def load(self) -> int:
        """Projects owned."""
        return len(self.projects)


class Responsibility(Record):
    """Everything that the command tells of one plan."""

    plan: str
    seal: str
    language: Language
    chains: tuple[ChainPosts, ...]
    projects: tuple[Owned, ...]
    loads: tuple[Load, ...]
    gaps: tuple[Gap, ...]

    @property
    def vacant(self) -> tuple[ChainPosts, ...]:
        """Posts of chains that nobody has."""
        return tuple(one for one in self.chains if not one.posts)
