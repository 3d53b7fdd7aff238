"""Parts of a model solved side by side, each in a process of its own that is kept for the next part.

A part is proposed from the best plan at the time; when another part has changed that plan meanwhile, the part's result is laid
over the newer plan, and if both together break a limit, over the plan it was made for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool
from time import monotonic

from planner.programme.matrix import Floats, Matrix
from planner.solvers.check import sound, value_of
from planner.solvers.highs import Highs
from planner.solvers.neighbourhoods import Neighbourhoods, Part, merge
from planner.solvers.protocol import Limits

PRECISION = 1e-4
"""Relative gap at which a part is solved well enough."""
TICK = 0.02
"""Seconds between two looks at the lanes."""
PATIENCE = 3.0
"""A lane may take so many times its time limit before it is given up."""

Result = tuple[Floats | None, bool, float]
"""Values of the part's columns, whether it was searched to its end, seconds."""


def solve_part(model: Matrix, start: Floats, seconds: float, seed: int) -> Result:
    """What a lane does."""
    began = monotonic()
    found = Highs().solve(model, Limits(seconds, PRECISION, 1, seed), lambda _: None, start)
    return found.values, found.termination.reason in ("optimal", "gap_reached", "infeasible"), monotonic() - began


@dataclass(frozen=True, eq=False)
class _Running:
    part: Part
    plan: Floats
    result: AsyncResult[Result]
    last: float
    """When to give it up."""


class Lanes:
    """A pool of processes that improve one plan; leave it with :meth:`close`."""

    def __init__(self, matrix: Matrix, most: int) -> None:
        self._matrix = matrix
        self._pool: Pool = get_context("spawn").Pool(most)
        self._running: list[_Running] = []
        self._number = 0

    def close(self) -> None:
        """End all processes."""
        self._pool.terminate()

    def improve(
        self, hoods: Neighbourhoods, best: Floats, lanes: Callable[[], int], seed: int, left: Callable[[], float],
        better: Callable[[Floats, float], None], over: Callable[[], bool],
    ) -> Floats:  # fmt: skip
        """Improve ``best`` until ``over``; ``lanes`` says how many parts may run at a time. ``better`` hears of every better
        plan, checked, with its value. Returns the best one."""
        value = value_of(self._matrix, best)
        while not over():
            while len(self._running) < lanes():
                self._start(hoods, best, seed, left())
            ended = [one for one in self._running if one.result.ready()]
            stuck = [one for one in self._running if one not in ended and monotonic() > one.last]
            if not ended and not stuck:
                self._running[0].result.wait(TICK)
                continue
            self._running = [one for one in self._running if one not in ended and one not in stuck]
            for one in stuck:
                hoods.feed(one.part, 0.0, False, one.part.seconds)
            for one in ended:
                values, proved, seconds = one.result.get()
                plan, now = self._merged(one, best, values, value)
                hoods.feed(one.part, now - value, proved, seconds)
                if plan is not None:
                    best, value = plan, now
                    better(best, value)
        return best

    def _start(self, hoods: Neighbourhoods, best: Floats, seed: int, left: float) -> None:
        part = hoods.propose(best)
        model = hoods.model(part, best)
        self._number += 1
        seconds = max(min(part.seconds, left), 0.1)
        job = (model, best[part.columns], seconds, (seed + self._number) % 2_000_000_000)
        last = monotonic() + PATIENCE * seconds + 10.0
        self._running.append(_Running(part, best, self._pool.apply_async(solve_part, job), last))

    def _merged(self, one: _Running, best: Floats, values: Floats | None, value: float) -> tuple[Floats | None, float]:
        """The better plan that a result makes, and its value; else None and the old value."""
        if values is None:
            return None, value
        for plan in (best, one.plan) if one.plan is not best else (best,):
            made = merge(plan, one.part, values)
            new = value_of(self._matrix, made)
            if new > value + 1e-12:
                checked = sound(self._matrix, made)
                if checked is not None:
                    return checked, value_of(self._matrix, checked)
        return None, value
