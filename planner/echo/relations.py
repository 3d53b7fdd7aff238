"""Relations between projects, said back; pairs that must share a park, or be near, and that nothing holds together."""

from __future__ import annotations

from collections.abc import Iterator

from planner.echo.lines import EchoLine
from planner.programme.build import Programme


def relation_lines(programme: Programme) -> Iterator[tuple[tuple[str | int, ...], EchoLine]]:
    """(key path of plan.yaml, line) of each relation."""
    yield from ()
