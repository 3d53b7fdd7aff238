"""What a bureau keeps from one quarter to the next beside the plan itself: ledgers, responsibility, the year's meetings, assessments.

Nothing here chooses firms. A folder each, as with :mod:`planner.questions`: what is worked out (pure functions over a case and a
plan), how it is written, and ``command.py``, whose function bears the folder's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

FOLDERS: tuple[str, ...] = ("approve", "versions", "people", "calendar", "ledger", "appraise", "delegation")
"""In the order in which the help has them."""


def commands() -> Iterator[tuple[str, Callable[..., None]]]:
    """Name and function of the command of each folder."""
    for name in FOLDERS:
        yield name, getattr(import_module(f"{__name__}.{name}.command"), name)
