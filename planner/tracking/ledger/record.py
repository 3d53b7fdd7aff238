"""What the ledgers say, as plain data. Money in 万元; days are calendar days; None where something is not known."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from planner.language import Language
from planner.plan.records import Record

LISTS = ("signed", "started", "unstarted", "finished", "producing", "full")
"""The six lists (六张清单), in their order."""
Light = Literal["", "green", "yellow", "red", "out"]
"""``""``: the project has no light."""
State = Literal["open", "overdue", "closed", "dropped"]
"""Of a problem or an order; ``dropped``: its project is lost."""


class Project(Record):
    """What every ledger says of a project."""

    candidate_id: str
    name: str
    chain_id: str
    chain_name: str
    link_name: str
    park_id: str
    park_name: str
    county: str
    team: str
    owner: str
    """The newest that its events name, else its own."""
    investment: float | None
    assumed: tuple[str, ...]
    """Columns of the candidate and of its events that rest on an assumption."""
    source: str
    """Where the facts of the candidate come from."""


class Listed(Record):
    """A project on one of the six lists."""

    project: Project
    date: dt.date
    """The day that puts it there; of 未开工 that on which it signed."""
    said: str
    """The stage that the row of that day says, which may be a later one."""
    place: str
    """That row."""
    days: int
    """Since then."""
    planned: dt.date | None
    """The day planned for its next step."""
    overdue: bool
    """That day is past."""
    paused: bool


class Progress(Record):
    """A project in the progress ledger."""

    project: Project
    stage: str
    since: dt.date
    next: str | None
    """The stage that comes next; None: nothing more."""
    planned: dt.date | None
    overdue: bool
    progress: dt.date
    """The day of its last progress."""
    days: int
    """Without progress, planned pauses left out."""
    light: Light
    place: str
    note: str


class Matter(Record):
    """A problem, or an order."""

    project: Project
    text: str
    date: dt.date
    owner: str
    """Of its own row, else the project's."""
    due: dt.date | None
    state: State
    closed: dt.date | None
    days: int
    """From its day to the day that closed it, or to the day of the ledger."""
    place: str
    closed_place: str
    about: dt.date | None = None
    """Of an order: the day of the problem that it is about."""
    orders: tuple[str, ...] = ()
    """Of a problem: the orders about it."""


class Conversion(Record):
    """How many projects came from a stage to a later one (:meth:`planner.case.history.History.conversions`)."""

    stage: str
    projects: int
    next: int
    share: float | None
    days: float | None
    lost: int
    paused: int


class Sums(Record):
    """Projects that reached a stage, and what they invest."""

    projects: int
    investment: float
    """Of those whose investment is known."""
    unknown: int
    """Projects whose investment is not known."""
    assumed: bool


class Reached(Record):
    """Projects that reached a stage: within the period, since the first of its year, ever."""

    stage: str
    period: Sums
    year: Sums
    ever: Sums


class Group(Record):
    """Projects of a chain, county or team that reached a stage since the first of the year."""

    kind: Literal["chain", "county", "team"]
    name: str
    """``""``: of none, or not known."""
    stage: str
    sums: Sums


class Target(Record):
    """A row of the table ``targets`` against what was reached."""

    stage: str
    chain_name: str
    county: str
    team: str
    quarter: str
    """``""``: the whole horizon."""
    first: dt.date
    last: dt.date
    elapsed: float
    """Share of its days that are over."""
    projects: float | None
    investment: float | None
    reached: Sums
    unplaced: int
    """Projects of which it is not known whether they belong to it: they have no known park."""
    place: str
    assumed: tuple[str, ...]


class Planned(Record):
    """A project of the plan, or one that signed without being in it, against what happened."""

    project: Project
    quarter: str
    """``""``: it is not in the plan."""
    park_name: str
    """The park of the plan."""
    signed: dt.date | None
    state: Literal["signed", "early", "late", "due", "overdue", "lost", "unplanned"]
    """``due``: its quarter is not over; ``overdue``: it is, and the project has not signed."""
    moved: bool
    """It signed into another park."""


Kind = Literal[
    "new",
    "moved",
    "paused",
    "resumed",
    "lost",
    "reopened",
    "light",
    "late",
    "raised",
    "closed",
    "problem_late",
    "ordered",
    "order_late",
    "dropped",
]
"""What changed: of projects; of the day planned for the next step (``late``: past now); of problems and orders."""


class Change(Record):
    """One thing that is another than on the earlier day."""

    kind: Kind
    candidate_id: str
    name: str
    before: str
    """A stage, a light, or ``""``."""
    after: str
    text: str
    """The problem or order."""
    date: dt.date | None
    """The day on which it happened."""
    place: str


class Source(Record):
    """A file, and what it says of where its facts come from."""

    file: str
    source: str


class Ledgers(Record):
    """Everything, on one day."""

    plan: str
    language: Language
    on: dt.date
    first: dt.date
    last: dt.date
    """The period of the lists, both included."""
    against: dt.date | None
    seal: str | None
    """Of the plan that is held against the facts."""
    rules: dict[str, object]
    """The settings of the lights."""
    lists: dict[str, tuple[Listed, ...]]
    progress: tuple[Progress, ...]
    problems: tuple[Matter, ...]
    orders: tuple[Matter, ...]
    conversions: tuple[Conversion, ...]
    reached: tuple[Reached, ...]
    groups: tuple[Group, ...]
    targets: tuple[Target, ...]
    planned: tuple[Planned, ...]
    changes: tuple[Change, ...]
    untold: tuple[str, ...]
    """Projects that are signed in the table of candidates and of which no event tells: they are on no list."""
    sources: tuple[Source, ...]
    """The files of events and targets."""
