"""Solves of one question that do not wait for each other, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from typing import TypeVar

from planner.plan.solving import silent
from planner.solvers.caller import stopped
from planner.solvers.process import apart, ctrl_c
from planner.solvers.protocol import Listener, Matrix, Stopping
from planner.solvers.registry import several_at_once

R = TypeVar("R")
TICK = 0.2
"""Seconds between two looks at whether the caller has had enough."""


def lanes_of(matrix: Matrix, solver: str, stopping: Stopping, count: int) -> tuple[int, Stopping]:
    """How many of ``count`` models about like this one are solved at a time, and the limits of each. Where the caller has solves run
    somewhere, he has one after the other."""
    lanes = min(stopping.threads, count)
    if lanes < 2 or not apart() or not several_at_once(solver, matrix, stopping):
        return 1, stopping
    # Counted work means the same threads, whoever is beside (R8).
    return lanes, stopping if stopping.work is not None else replace(stopping, threads=stopping.threads // lanes)


def side_by_side(
    tasks: Sequence[Callable[[Listener], R]], lanes: int, listen: Listener, begin: Callable[[int], None]
) -> Iterator[tuple[int, R]]:
    """The number and result of each task as it is done. ``begin`` hears the number of each that begins, ``listen`` of the solves of
    one at a time. After Ctrl-C, or once the caller asks to stop, none begins, and those under way end with what they have."""
    waiting, running = deque(enumerate(tasks)), dict[Future[R], int]()
    loud: Future[R] | None = None
    with ctrl_c() as presses, ThreadPoolExecutor(lanes, "solve") as pool:

        def next_one() -> bool:
            return bool(waiting) and not presses and not stopped()

        while running or next_one():
            while len(running) < lanes and next_one():
                number, task = waiting.popleft()
                begin(number)
                heard = loud is None
                future = pool.submit(copy_context().run, task, listen if heard else silent)
                running[future] = number
                loud = future if heard else loud
            for future in wait(running, TICK, FIRST_COMPLETED).done:
                loud = None if future is loud else loud
                yield running.pop(future), future.result()
