"""What every solver takes and gives (R3): a matrix in, values and a termination of our own out. No firm, no table (R4).

The model is always

    max  c·x + offset    s.t.  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper,  x_j integer where ``integer[j]``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.signedinteger[Any]]
"""Positions, as scipy gives them too."""


@dataclass(frozen=True, eq=False)
class Periods:
    """How a model repeats itself over periods; what a solver may know of its structure. Numbers, no names. The columns of one group
    differ in their period alone, and at most one of them is not 0: together they are at most the largest of their upper bounds."""

    column: Ints
    """Group of each column, shape (n,), from 0 on without gaps."""
    row: Ints
    """Shape (m,): rows of one number limit the same thing, each in a period of its own; −1: no such row."""
    block: Ints
    """Shape (n,): columns of one number are one choice (of a project: where and when); −1: none."""
    relaxed: NDArray[np.bool_]
    """Shape of the groups: those that need not be whole once the periods are gone, since others decide the choice."""
    cluster: Ints
    """Shape (n,): columns of one number hang together closely (of one chain) and with others through few rows; −1: of none.
    A block lies in one cluster."""
    period: Ints
    """Shape (n,): the period that each column stands in; −1: in none."""

    def part(self, columns: Indices | slice, rows: Indices | slice) -> Periods:
        """What is known of some columns and rows; blocks and clusters keep their numbers."""
        groups, column = np.unique(self.column[columns], return_inverse=True)
        of = self.block[columns], self.relaxed[groups], self.cluster[columns], self.period[columns]
        return Periods(column, self.row[rows], *of)


@dataclass(frozen=True, eq=False)
class Matrix:
    """A mixed-integer programme as arrays; n columns, m rows. Names are ASCII (R4)."""

    objective: Floats
    """c, shape (n,); to be maximised."""
    offset: float
    rows: csr_array
    """A, shape (m, n)."""
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    periods: Periods | None = None
    """Structure for solvers that use it; None: not known."""
    row_names: tuple[str, ...] = ()
    """ASCII, unique; empty: r0, r1 …"""
    column_names: tuple[str, ...] = ()
    """ASCII, unique; empty: c0, c1 …"""
    reference: float = 0.0
    """The value that relative gaps are measured from: that of a loss which no solution avoids."""

    @property
    def block(self) -> Ints:
        """The choice that each column belongs to, shape (n,); −1: none, or not known."""
        return np.full(len(self.objective), -1) if self.periods is None else self.periods.block

    def column_name(self, index: int | np.integer[Any]) -> str:
        """ASCII."""
        return self.column_names[index] if self.column_names else f"c{index}"

    def part(
        self,
        columns: Indices | slice = slice(None),
        rows: Indices | slice = slice(None),
        table: csr_array | None = None,
        known: bool = False,
    ) -> Matrix:
        """Some columns, the others being 0, in some rows; without names. ``table``: their entries, if at hand; ``known``: with what is known
        of their structure."""
        if table is None:
            table = csr_array(self.rows[rows])
            table = table if isinstance(columns, slice) else csr_array(table[:, columns])
        return Matrix(
            objective=self.objective[columns],
            offset=self.offset,
            rows=csr_array(table),
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            lower=self.lower[columns],
            upper=self.upper[columns],
            integer=self.integer[columns],
            periods=self.periods.part(columns, rows) if known and self.periods is not None else None,
        )

    def with_columns(self, entries: csr_array, objective: Floats, lower: Floats, upper: Floats) -> Matrix:
        """With further columns, continuous; without names of columns and periods."""
        return replace(
            self,
            objective=np.append(self.objective, objective),
            rows=csr_array(hstack([self.rows, entries], format="csr")),
            lower=np.append(self.lower, lower),
            upper=np.append(self.upper, upper),
            integer=np.append(self.integer, np.zeros(len(objective), dtype=bool)),
            periods=None,
            column_names=(),
        )

    def with_rows(self, rows: csr_array, lower: Floats, upper: Floats) -> Matrix:
        """With further rows, each alone in its period; without names of rows."""
        periods = self.periods
        return replace(
            self,
            rows=csr_array(vstack([self.rows, rows], format="csr")),
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
            periods=periods and replace(periods, row=np.append(periods.row, np.full(len(lower), -1))),
            row_names=(),
        )


Reason = Literal["optimal", "gap_reached", "work_limit", "time_limit", "interrupted", "infeasible", "unbounded", "failed"]


NO_MEMORY = "the solver ran out of memory"
"""What is said of one that "failed" so."""


LEAST_SECONDS = 0.1
"""What is left of a time limit at the least."""


SEEDS = 2_000_000_001
"""How many different ones there are, from 0 on: as many as a plan may ask for."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """When to stop, and with what."""

    time_limit: float
    """Seconds of wall clock."""
    gap: float
    """Relative, as :func:`relative_gap` measures it: stop when (bound − value) ≤ gap · max(|value − reference|, 1e-10)."""
    threads: int
    seed: int
    work: int | None = None
    """Units of work (:mod:`planner.solvers.work`) after which to stop, ≥ 1: counted and not timed, so that the same model,
    seed and threads come to the same end on every machine. ``time_limit`` stays as a safety net. None: the clock alone."""

    def after(self, seconds: float) -> Stopping:
        """The same when so many seconds of it are gone; a little is always left, since a library takes no 0 for a limit."""
        return replace(self, time_limit=max(self.time_limit - seconds, LEAST_SECONDS))

    def other_seed(self, number: int) -> int:
        """Dice of their own for the search of that number, one of several inside a solve; one that libraries take for a seed."""
        return (self.seed + number) % SEEDS


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a solve. ``value`` and ``bound`` include the offset; None while there is none."""

    phase: str
    """``start``, ``search`` or ``finish``."""
    seconds: float
    value: float | None
    bound: float | None
    values: Floats | None = field(default=None, compare=False, repr=False)
    """The plan behind ``value``, where the library shows it; not checked yet."""
    columns: int | None = None
    """Columns still in play; None: not told."""
    reference: float = 0.0
    """That of the matrix."""
    note: str = field(default="", compare=False)
    """For the log."""

    @property
    def gap(self) -> float | None:
        """Relative distance of value and bound; None while either is missing."""
        return relative_gap(self.value, self.bound, self.reference)


@dataclass(frozen=True, slots=True)
class Termination:
    """Why a solve ended, and what is known: our own words, never a library's (R3).

    ``reason`` is ``optimal`` only when ``bound`` proves it, and ``gap_reached`` only when the gap is within the limit,
    or so small (1e-5) that a library which searched to its end could do no better. ``work_limit`` is like ``time_limit``, but
    repeatable: the clock has had no part in it. Either also covers a library that stopped of its own accord without a proof.
    ``failed`` may come with the best plan that was known when the solver broke down. ``value`` is None when there is no solution;
    ``bound`` is an upper bound on every solution, None when there is none. ``detail`` is what the library or the machine said, for
    the log only; ``work`` the units done, where they are counted.
    """

    reason: Reason
    value: float | None
    bound: float | None
    seconds: float
    solver: str
    detail: str = ""
    work: int | None = None
    reference: float = 0.0
    """That of the matrix."""

    @property
    def gap(self) -> float | None:
        """As :func:`relative_gap` measures it; None while value or bound is missing."""
        return relative_gap(self.value, self.bound, self.reference)


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of all columns (None: no solution was found), and how the solve ended."""

    values: Floats | None
    termination: Termination
    rejected: Floats | None = None
    """A plan that was claimed and breaks the model by more than rounding; None: there was none."""


Listener = Callable[[Progress], None]
"""Hears of progress; may be called from another thread than the caller's, and must not raise."""

StopSign = Callable[[], bool]
"""Asked now and then by a solver: True means end soon and hand over the best plan."""


def never() -> bool:
    """The stop sign of a solve that nobody interrupts."""
    return False


Hint = Callable[[], Floats | None]
"""Asked now and then: a better plan of the same model, found elsewhere since it was last asked; None: there is none."""


def no_plan() -> Floats | None:
    """The hint where nobody else searches."""
    return None


class Solver(Protocol):
    """Anything that solves a :class:`Matrix`. Runs in the calling process; :mod:`planner.solvers.process` wraps it."""

    @property
    def name(self) -> str:
        """What a termination calls it."""
        ...

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise. ``start`` is a feasible point to begin from, where the library takes one; the solution is never worse than it."""
        ...


@dataclass(frozen=True)
class Signs:
    """How a solve that runs elsewhere is led while it runs; each is asked again and again."""

    hold: StopSign = never
    """While it says so the solve stands still, and its time runs on."""
    hint: Hint = no_plan
    """A plan that the solve may go on from, if it can; None: nothing new."""
    finish: StopSign = never
    """The solve ends as soon as it has handed over its best plan."""


class Runner(Protocol):
    """What a search has others solve for it: in a process of its own (:mod:`planner.solvers.process`), or here in tests."""

    def __call__(
        self,
        matrix: Matrix,
        solver: Solver,
        stopping: Stopping,
        listen: Listener,
        start: Floats | None = None,
        stop: StopSign = never,
        signs: Signs = Signs(),
    ) -> Solution:
        """Maximise, led by ``signs``; ``stop`` ends it at once."""
        ...


Search = Callable[[Matrix, Stopping, Listener, Floats | None], Solution]
"""A search for plans of a model, from a start or from none, by a solver that is settled."""


def size_of(value: float, reference: float) -> float:
    """What a relative gap is measured by: max(|value − reference|, 1e-10)."""
    return max(abs(value - reference), 1e-10)


def relative_gap(value: float | None, bound: float | None, reference: float = 0.0) -> float | None:
    """(bound − value) ÷ max(|value − reference|, 1e-10), not below 0; None while either is missing. ``reference`` is a loss that no
    solution avoids (the price of a soft rule that nobody can meet): measured with it, a large price would make any plan look good,
    for all that is still to be won is small beside it."""
    if value is None or bound is None:
        return None
    return max(bound - value, 0.0) / size_of(value, reference)
