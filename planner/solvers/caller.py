"""Who asked for a piece of work of many solves: hears of them, may ask all to end, however deep they lie, and says where they run.
In place of three more arguments on every function between a question and its solves; each thread has a context of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from planner.solvers.protocol import Listener, Runner, StopSign, never


@dataclass(frozen=True)
class Caller:
    """What the caller wants to hear, and whether it has had enough."""

    stop: StopSign = never
    listen: Listener = lambda progress: None
    """Hears of solves that no listener of their own was given for."""
    run: Runner | None = None
    """Where solves run; None: each in a process of its own."""


_CALLER: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039  frozen


@contextmanager
def called(stop: StopSign = never, listen: Listener = Caller.listen, run: Runner | None = None) -> Iterator[None]:
    """Within the block solves end soon once ``stop`` says so, each with the best plan it has; none begins after. What is left
    out is as the block around says."""
    around = _CALLER.get()
    own = Caller(around.stop if stop is never else stop, around.listen if listen is Caller.listen else listen, run or around.run)
    token = _CALLER.set(own)
    try:
        yield
    finally:
        _CALLER.reset(token)


def caller() -> Caller:
    """Who asked for what this thread does."""
    return _CALLER.get()


def stopped() -> bool:
    """Whether the caller has asked for the end."""
    return caller().stop()
