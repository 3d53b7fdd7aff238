"""What a scenario changes, said back beside the plan itself: the rows of its changes, and what of the echo is another under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.echo.lines import Echo, EchoLine
from planner.problems import Problem
from planner.reading.table import Made


@dataclass(frozen=True)
class Differing:
    """A line of the echo that is another under a scenario."""

    line: EchoLine | None
    """Under the scenario; None where it has none such."""
    before: EchoLine | None
    """Of the plan itself; None where it has none such."""


@dataclass(frozen=True)
class ScenarioEcho:
    """One scenario beside the plan itself."""

    name: str
    rows: int
    """How many rows its own changes of tables were made in."""
    changes: tuple[EchoLine, ...]
    """Its own changes of tables."""
    settings: tuple[str, ...]
    """Settings that it changes, ``key: value``."""
    differing: tuple[Differing, ...]
    """Rules, relations, locks, gates, seasons and bounds that are others, in their order."""
    warnings: tuple[Problem, ...]
    """Those that the plan itself does not have."""
    whole: Echo
    """The whole echo under the scenario."""
    plan: Echo
    """That of the plan itself."""


def scenario_echo(
    name: str, plan: Echo, under: Echo, made: tuple[Sequence[Made], Sequence[Made]], number: int, settings: tuple[str, ...]
) -> ScenarioEcho:
    """The scenario at position ``number`` beside the plan. ``made``: the changes of the plan's tables, and of the scenario's, of which
    those that both have stand first."""
    base, all_ = made
    shared = next((n for n, (one, other) in enumerate(zip(base, all_, strict=False)) if one.change != other.change), len(base))
    own = [line for line in under.lines if line.kind == "change"][shared:]
    named = [line.model_copy(update={"name": f"scenarios[{number}].changes[{n}]"}) for n, line in enumerate(own)]
    told = {(warning.code, warning.subject) for warning in plan.warnings}
    news = tuple(one for one in under.warnings if (one.code, one.subject) not in told)
    rows, differing = sum(one.count for one in all_[shared:]), tuple(_differing(plan, under))
    return ScenarioEcho(name, rows, tuple(named), settings, differing, news, under, plan)


def _differing(plan: Echo, under: Echo) -> Iterator[Differing]:
    """Lines that are not the same in both; those of one kind and name go together in their order."""
    before, now = _by_name(plan), _by_name(under)
    for key in dict.fromkeys((*now, *before)):
        if now.get(key) != before.get(key):
            yield Differing(now.get(key), before.get(key))


def _by_name(echo: Echo) -> dict[tuple[str, str, int], EchoLine]:
    seen: Counter[tuple[str, str]] = Counter()
    lines: dict[tuple[str, str, int], EchoLine] = {}
    for line in echo.lines:
        if line.kind != "change":
            lines[line.kind, line.name, seen[line.kind, line.name]] = line
            seen[line.kind, line.name] += 1
    return lines
