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

from planner.solvers.protocol import Floats, Stopping, StopSign
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.kinds import Part
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.parts.solving import PRECISION, Order, Result, ordered, solved, take_over


@dataclass(frozen=True)
class LaneParameters:
    """How long lanes are waited for."""

    tick: float = 0.02
    """Seconds between two looks at the lanes."""
    busy: float = 6.0
    """Seconds by the clock for each of the processor that a part may take."""
    patience: float = 3.0
    """A lane may take so many times its time limit before it is given up."""
    deaths: int = 5
    """Processes that may die in one search; more are not begun, since a machine without memory has none for the next either."""


GRACE = 1.0
"""Seconds to wait for a killed process to be gone."""


def serve(pipe: Connection) -> None:
    """What a lane does: solve the parts that come through the pipe until it is closed; the first word is that it listens."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send(None)
        while True:
            pipe.send(solved(pipe.recv()))


class _Lane:
    """One process and its pipe."""

    part: Part | None = None
    """What it works at; None: nothing."""
    plan: Floats
    """That ``part`` was cut from."""
    state: Incumbent
    """Whose plan that was."""
    last: float
    """When to give ``part`` up."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.listens = False

    def give(self, part: Part, plan: Floats, state: Incumbent, order: Order, last: float) -> None:
        """Hand over a part; a process that has died meanwhile is found out when its answer is asked for."""
        self.part, self.plan, self.state, self.last = part, plan, state, last
        with contextlib.suppress(OSError):
            self.pipe.send(order)

    def answer(self) -> Result | None:
        """What came through the pipe; None: only that the process listens. Raises EOFError when the process has died."""
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

    def __init__(self, most: int, parameters: LaneParameters = LaneParameters()) -> None:
        self._parameters, self._most = parameters, most
        self._lanes = [_Lane()]
        """The others are begun when there is room for them: each takes a second of the processor to start."""
        self._number = 0
        self._deaths = 0

    def close(self) -> None:
        """End all processes."""
        for lane in self._lanes:
            lane.close()

    def improve(self, hoods: Neighbourhoods, best: Incumbent, over: Callable[[], bool], apart: bool = False) -> None:
        """Improve the plan of ``best`` until ``over``, as many parts at a time as it has free threads. ``apart``: what comes of a part that
        was cut from another state's plan belongs to that one."""
        while not over():
            room = best.free_threads() - sum(lane.part is not None for lane in self._lanes)
            if (
                room > sum(lane.part is None for lane in self._lanes)
                and len(self._lanes) < self._most
                and self._deaths <= self._parameters.deaths
            ):
                self._lanes.append(_Lane())
            idle = [lane for lane in self._lanes if lane.listens and lane.part is None]
            for lane in idle[: max(room, 0)]:
                self._start(lane, hoods, best)
            ready = wait([lane.pipe for lane in self._lanes], self._parameters.tick)
            for lane in list(self._lanes):
                if lane.pipe in ready:
                    part = lane.part
                    try:
                        result = lane.answer()
                    except EOFError:
                        self._deaths += 1
                        self._again(lane, hoods)
                        continue
                    if part is None or result is None:
                        continue
                    lane.part = None
                    take_over(lane.state if apart else best, hoods, part, lane.plan, result)
                elif lane.part is not None and monotonic() > lane.last:
                    self._again(lane, hoods)

    def overtake(self, hoods: Neighbourhoods, best: Incumbent, plan: Floats | None, seconds: float, over: StopSign) -> None:
        """Improve a plan by itself until it is better than the best one, and make it that; for so many seconds at the most, and once the best
        one has had the parts that it begins with. The other of the two is crossed with it. Where a search begins decides where it ends: from
        what chains take at prices a region with full parks comes to 0.952, from a plan that is built by value, and is the better of the two, to
        0.925 in twice the time."""
        if best.adopt(plan, by="first plan") or plan is None:
            return
        alone, until = best.beside(over), monotonic() + seconds
        if not alone.adopt(plan):
            return

        def late() -> bool:
            return alone.over() or monotonic() > until

        self.improve(hoods, best, lambda: late() or not hoods.begins, apart=True)
        hoods.begin_with("exchanges")
        self.improve(hoods, alone, lambda: late() or (alone.value is not None and best.beaten_by(alone.value)), apart=True)
        before = best.values
        other = before if best.adopt(alone.values, by="first plan") else alone.values
        if other is not None:
            hoods.offer(other, "first plan")

    def _again(self, lane: _Lane, hoods: Neighbourhoods) -> None:
        """A new process for one that has died or does not come to an end."""
        if lane.part is not None:
            hoods.feed(lane.part, 0.0, False, lane.part.seconds)
        lane.close()
        self._lanes.remove(lane)
        if self._deaths <= self._parameters.deaths:
            self._lanes.append(_Lane())

    def _start(self, lane: _Lane, hoods: Neighbourhoods, best: Incumbent) -> None:
        plan = best.values
        assert plan is not None
        part = hoods.propose(plan)
        self._number += 1
        seconds = max(min(self._parameters.busy * part.seconds, best.left()), 0.1)
        stopping = Stopping(seconds, PRECISION, 1, best.stopping.other_seed(self._number))
        last = monotonic() + self._parameters.patience * seconds + 10.0
        order = ordered(hoods, part, plan, stopping)
        lane.give(part, plan, best, order, last)
