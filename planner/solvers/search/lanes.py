"""Parts of a model solved side by side, each in a process of its own that is kept for the next part.

A part is proposed from the best plan at the time; when another part has changed that plan meanwhile, the part's result is laid
over the newer plan, and if both together break a limit, over the plan it was made for.

Each process has a pipe of its own and nothing is shared: a process that is killed, or dies for lack of memory, can hold no lock
that others wait for (``multiprocessing.Pool`` can; under load its ``terminate`` was seen to wait for ever).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic

from planner.solvers.adapters.highs import Highs
from planner.solvers.check import sound, value_of
from planner.solvers.matrix import Floats, Matrix
from planner.solvers.protocol import Stopping
from planner.solvers.search.neighbourhoods import Neighbourhoods, Part, merge

PRECISION = 1e-4
"""Relative gap at which a part is solved well enough."""
TICK = 0.02
"""Seconds between two looks at the lanes."""
PATIENCE = 3.0
"""A lane may take so many times its time limit before it is given up."""
DEATHS = 5
"""Processes that may die in one search; more are not begun, since a machine without memory has none for the next either."""
GRACE = 1.0
"""Seconds to wait for a killed process to be gone."""

Job = tuple[Matrix, Floats, float, int]
"""Part, start, seconds, seed."""
Result = tuple[Floats | None, bool, float]
"""Values of the part's columns, whether it was searched to its end, seconds."""


def solve_part(model: Matrix, start: Floats, seconds: float, seed: int) -> Result:
    """What a lane does."""
    began = monotonic()
    found = Highs().solve(model, Stopping(seconds, PRECISION, 1, seed), lambda _: None, start)
    return found.values, found.termination.reason in ("optimal", "gap_reached", "infeasible"), monotonic() - began


def serve(pipe: Connection) -> None:
    """Solve what comes through the pipe until it is closed; the first word is that it listens."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send(None)
        while True:
            job: Job = pipe.recv()
            pipe.send(solve_part(*job))


@dataclass(frozen=True, eq=False)
class _Running:
    part: Part
    plan: Floats
    last: float
    """When to give it up."""


class _Lane:
    """One process and its pipe. ``running`` is None while it has nothing to do."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.running: _Running | None = None
        self.listens = False

    def give(self, job: Job, running: _Running) -> None:
        """Hand over a part; a process that has died meanwhile is found out when its answer is asked for."""
        self.running = running
        with contextlib.suppress(OSError):
            self.pipe.send(job)

    def answer(self) -> Result | None:
        """What came through the pipe; None: only that the process listens.

        Raises:
            EOFError: the process has died.
        """
        try:
            result: Result | None = self.pipe.recv()
        except OSError as error:
            raise EOFError from error
        self.listens = True
        return result

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join(GRACE)
        self.pipe.close()


class Lanes:
    """Processes that improve one plan; leave it with :meth:`close`."""

    def __init__(self, matrix: Matrix, most: int) -> None:
        self._matrix = matrix
        self._lanes = [_Lane() for _ in range(most)]
        self._number = 0
        self._deaths = 0

    def close(self) -> None:
        """End all processes."""
        for lane in self._lanes:
            lane.close()

    def improve(
        self,
        hoods: Neighbourhoods,
        best: Floats,
        lanes: Callable[[], int],
        seed: int,
        left: Callable[[], float],
        better: Callable[[Floats, float], None],
        over: Callable[[], bool],
    ) -> Floats:
        """Improve ``best`` until ``over``; ``lanes`` says how many parts may run at a time. ``better`` hears of every better
        plan, checked, with its value. Returns the best one."""
        value = value_of(self._matrix, best)
        while not over():
            room = lanes() - sum(lane.running is not None for lane in self._lanes)
            idle = [lane for lane in self._lanes if lane.listens and lane.running is None]
            for lane in idle[: max(room, 0)]:
                self._start(lane, hoods, best, seed, left())
            ready = wait([lane.pipe for lane in self._lanes], TICK)
            for lane in list(self._lanes):
                if lane.pipe in ready:
                    one = lane.running
                    try:
                        result = lane.answer()
                    except EOFError:
                        self._deaths += 1
                        self._again(lane, hoods)
                        continue
                    if one is None or result is None:
                        continue
                    lane.running = None
                    values, proved, seconds = result
                    plan, now = self._merged(one, best, values, value)
                    hoods.feed(one.part, now - value, proved, seconds)
                    if plan is not None:
                        best, value = plan, now
                        better(best, value)
                elif lane.running is not None and monotonic() > lane.running.last:
                    self._again(lane, hoods)
        return best

    def _again(self, lane: _Lane, hoods: Neighbourhoods) -> None:
        """A new process for one that has died or does not come to an end."""
        if lane.running is not None:
            hoods.feed(lane.running.part, 0.0, False, lane.running.part.seconds)
        lane.close()
        self._lanes.remove(lane)
        if self._deaths <= DEATHS:
            self._lanes.append(_Lane())

    def _start(self, lane: _Lane, hoods: Neighbourhoods, best: Floats, seed: int, left: float) -> None:
        part = hoods.propose(best)
        model = hoods.model(part, best)
        self._number += 1
        seconds = max(min(part.seconds, left), 0.1)
        last = monotonic() + PATIENCE * seconds + 10.0
        job = (model, best[part.columns], seconds, (seed + self._number) % 2_000_000_000)
        lane.give(job, _Running(part, best, last))

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
