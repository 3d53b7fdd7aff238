"""Reading CBC's log: how it ended, and which bound it proves.

The file that CBC is given minimises, so its "Lower bound" and "best possible" are bounds from below, and nothing turns
on its idea of maximising. Numbers in the log are rounded; a bound is taken at the far end of what may have been printed
so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.solvers.protocol import Reason

NUMBER = r"([-+]?\d+\.?\d*(?:[eE][-+]?\d+)?)"
SOLUTION = re.compile(rf"Integer solution of {NUMBER} found")
POSSIBLE = (re.compile(rf"best possible {NUMBER}"), 1e-7, 0.0)
RELAXED = (re.compile(rf"Continuous objective value is {NUMBER}"), 1e-5, 0.0)
LOWER = (re.compile(rf"^Lower bound:\s+{NUMBER}"), 0.0, 1e-3)
OBJECTIVE = (re.compile(rf"^Optimal - objective value {NUMBER}"), 0.0, 1e-8)
"""Where a bound is printed, and how far the true number may lie below: relative (so many digits) and absolute."""

FINISHED = ("Result - Optimal solution found", "Optimal objective ")
UNFINISHED = ("Exiting on", "Exiting as integer gap", "within gap tolerance", "Partial search", "Result - Stopped", "ctrl-c")
OUT_OF_NODES = "Stopped on node limit"
NODES = re.compile(r"^Enumerated nodes:\s+(\d+)")
INCREMENT = 1e-5
"""CBC does not look for plans that are better by less."""
HUGE = 1e40
"""CBC prints 1e+50 while it has nothing."""

HEADS: tuple[tuple[str, Reason], ...] = (
    ("Optimal (within gap tolerance)", "gap_reached"),
    ("Optimal", "optimal"),
    ("Infeasible", "infeasible"),
    ("Integer infeasible", "infeasible"),
    ("Unbounded", "unbounded"),
    ("Stopped on time", "time_limit"),
    ("Stopped on iterations", "time_limit"),
    ("Stopped on ctrl-c", "time_limit"),
)
"""First words of CBC's solution file; any other is ``failed``."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the log says; of the minimisation."""

    value: float | None
    bound: float | None


def read_line(line: str) -> Line:
    """Value and bound in a line printed while CBC runs."""
    value = _number(SOLUTION, line)
    bound = _least(POSSIBLE, line)
    return Line(value, _least(RELAXED, line) if bound is None else bound)


def reason_of(head: str) -> Reason:
    """The reason in the first line of the solution file."""
    for words, reason in HEADS:
        if head.startswith(words + " "):
            return reason
    return "failed"


def out_of_nodes(head: str, log: list[str]) -> bool:
    """Whether CBC ended because it had used the nodes that it was given, as solution file and log both say."""
    return head.startswith("Stopped on iterations") and any(OUT_OF_NODES in line for line in log)


def nodes_of(log: list[str]) -> int | None:
    """The nodes that CBC searched; None when it does not say."""
    return next((int(found[1]) for line in log if (found := NODES.match(line))), None)


def unclear(log: list[str]) -> bool:
    """Whether CBC says "infeasible or unbounded" without knowing which."""
    return any("infeasible or unbounded" in line.lower() or "infeasible! (or unbounded)" in line for line in log)


def proved_bound(head: str, log: list[str]) -> float | None:
    """The lower bound on the minimisation that CBC proves; None when it proves none.

    The objective value itself is a bound only if both the solution file and the log say that the search was finished.
    """
    said = any(words in line for line in log for words in FINISHED)
    if said and reason_of(head) == "optimal" and not any(words in line for line in log for words in UNFINISHED):
        value = _least(OBJECTIVE, head)
        return None if value is None else value - INCREMENT
    stated = [bound for line in log if (bound := _least(LOWER, line)) is not None]
    running = [bound for line in log if (bound := read_line(line).bound) is not None]
    return max(stated + running, default=None)


def _number(pattern: re.Pattern[str], line: str) -> float | None:
    """The number that a pattern finds; None also for CBC's stand-ins for infinity."""
    found = pattern.search(line)
    return None if found is None or abs(float(found[1])) > HUGE else float(found[1])


def _least(printed: tuple[re.Pattern[str], float, float], line: str) -> float | None:
    """The least number that may have been printed so."""
    pattern, relative, absolute = printed
    number = _number(pattern, line)
    return None if number is None else number - relative * abs(number) - absolute
