"""What is said of a list: limits broken, value by term, distance to the proved bound, fewest changes, best swaps."""

from __future__ import annotations

from typing import Literal

from planner.language import Language, Words
from planner.plan.diff import Named
from planner.plan.records import Ended, Kpis, Record, Term
from planner.questions.items import Difference


class ListFile(Record):
    """The list as it was read."""

    file: str
    sheet: str | None
    sha256: str
    rows: int


class ListRow(Record):
    """One project of the list."""

    row: int
    """Where it stands in the file, from 1; 0 where it came from none."""
    candidate_id: str
    name: str
    park_id: str
    park_name: str
    quarter: str
    completed: tuple[Literal["park", "quarter"], ...] = ()
    """What the list left open and the planner has filled in."""


class RowPart(Record):
    """A row of the list that a broken limit comes from."""

    row: int
    candidate_id: str
    name: str
    park_id: str
    park_name: str
    quarter: str
    part: float | None
    """What would be gone of the excess without it; None where its need is not known."""


class When(Record):
    """A quarter in which a limit is broken."""

    quarter: str
    used: float | None
    allowed: float | None
    excess: float | None


class BrokenLimit(Record):
    """A limit that the list breaks; of one that holds quarter by quarter the figures of its worst quarter."""

    family: str
    ids: tuple[str, ...] = ()
    """Of what is limited: resource and place; fund; team and its chain; firm and park; rule, group and side …"""
    reason: str = ""
    """Of an entry condition or a lock: its code, as ``Exclusion.code``."""
    limit: Words
    """What it speaks of: a resource, a fund, a rule, a firm …"""
    place: Words | None
    other: str = ""
    """What a lock says instead: a park, or a quarter."""
    quarter: str | None
    least: bool
    """A least that is not reached: ``used`` is then what there is and ``allowed`` what is asked for."""
    used: float | None
    allowed: float | None
    excess: float | None
    """By how much; None where it is not known."""
    unit: str
    ratio: float | None = None
    """Of a rule on a share (a part of 1) or a mean: what it is; the figures above are then of its upper sum. ``bound``: what the
    rule asks for."""
    bound: float | None = None
    ratio_unit: str = ""
    quarters: tuple[When, ...] = ()
    rows: tuple[RowPart, ...]
    """The largest part first; none of a least, of which too little came."""


class LevelValue(Record):
    """The value of the list at one level of the objective; ``mode: weighted`` has one."""

    value: float
    best: float | None
    """Of the best plan that was found."""
    bound: float | None
    """No plan that keeps every limit has more."""
    distance: float | None
    """bound − value; below 0 only where the list breaks limits. None: not known, as of levels after one that differs."""


class TermValue(Record):
    """One term of the objective, of the list and of the best plan."""

    name: str
    list: Term
    best: Term | None


class SoftRule(Record):
    """A soft rule that the list violates, and its price."""

    name: str
    group: str | None
    violation: float
    price: float


class Move(Record):
    """A project in another park or quarter than the list has it."""

    candidate_id: str
    name: str
    park_before: str
    park_after: str
    quarter_before: str
    quarter_after: str


class Repair(Record):
    """The fewest changes that make the list keep every limit; removals, additions, moves to a park and to a quarter count alike."""

    dropped: tuple[Named, ...]
    added: tuple[Named, ...]
    moved: tuple[Move, ...]
    placed: tuple[Move, ...] = ()
    """Where the planner puts additions."""
    changes: int
    least: int
    """No plan that keeps every limit changes less."""
    proved: bool
    value: tuple[float, ...]
    """Of the list so changed, by level: the best that was found with so few changes."""


class Swap(Record):
    """The best plan with at most so many projects of the list exchanged."""

    number: int
    dropped: tuple[Named, ...]
    added: tuple[Named, ...]
    moved: tuple[Move, ...]
    difference: Difference
    """Against the list, or the list repaired."""
    bound: float | None
    """Of the level that is told: no plan with so many swaps has more."""
    proved: bool
    reason: Ended


class Assessment(Record):
    """The answer."""

    schema_version: int = 1
    plan: str
    language: Language
    list: ListFile
    rows: tuple[ListRow, ...]
    notices: tuple[Words, ...]
    feasible: bool
    """The list keeps every limit."""
    broken: tuple[BrokenLimit, ...]
    levels: tuple[LevelValue, ...]
    terms: tuple[TermValue, ...]
    penalties: float
    """The price of soft rules that the list violates, taken off its value."""
    soft: tuple[SoftRule, ...]
    kpis: Kpis
    best_kpis: Kpis | None
    best_seal: str | None
    """Of the plan that the bound is from; None where no plan was found."""
    against: str | None
    """The run that the bound is from; None: it was solved for this answer."""
    best_reason: Ended | None
    best_proved: bool
    impossible: bool = False
    """No plan keeps every limit."""
    repair: Repair | None
    swaps: tuple[Swap, ...]
    settled: bool
    """One swap more than those told is proved to bring nothing."""
