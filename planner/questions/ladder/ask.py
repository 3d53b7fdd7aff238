r"""Nested plans :math:`P_1 \subset P_2 \subset \dots \subset P_n` for shares :math:`\alpha_1 < \dots < \alpha_n` of some limits.

Each :math:`P_s` keeps every limit of the tables in which the named ones are multiplied by :math:`\alpha_s`; whoever is in it is in
:math:`P_{s+1}` in the same park and quarter. Downwards, :math:`P_n` is the best plan at :math:`\alpha_n` and each :math:`P_s` the best
within :math:`P_{s+1}`; upwards, each is the best that contains the one below; jointly, :math:`\sum_s \omega_s V(P_s)` is largest.
The cost of nesting at s is :math:`V^*(\alpha_s) - V(P_s)`, with :math:`V^*` from a solve that begins from :math:`P_s`. A plan at a
share is one at every larger share, so the values of the separate solves never fall and their bounds hold downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from pathlib import Path

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.solving import Teller, quiet, silent
from planner.plan.whole_folder import LADDER, look_at
from planner.problems import InputError, Problem
from planner.questions.codes import problem, refusal
from planner.questions.ladder.climb import Climb, Level
from planner.questions.ladder.limits import Limit, limits_of
from planner.questions.ladder.record import Ladder
from planner.questions.ladder.sheet import write_ladder
from planner.questions.ladder.told import answer_of
from planner.questions.variant import heard, stopping_within
from planner.settings.base import factor_of
from planner.settings.questions import share_fault
from planner.solvers.protocol import Listener, StopSign, never

WAYS = ("auto", "joint", "down", "up")


@heard
def ladder(
    opened: Opened,
    shares: Sequence[float | str] | None = None,
    of: Sequence[str] | None = None,
    way: str | None = None,
    out: str | Path | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> tuple[Ladder, tuple[Plan | None, ...]]:
    """Nested plans for growing shares of some limits, and the plan of each share (None: there is none).

    Args:
        shares: from small to large, above 0 and at most 1; None: those of the settings, as of the other two.
        of: funds, resources (everywhere) or ``place/resource``, by id or name; none: every fund.
        way: ``auto``, ``joint``, ``down`` or ``up``.
        out: a folder for ``ladder.json``, ``ladder.xlsx`` and a run folder for each plan.
        time_limit: seconds of each solve; None: that of the settings.

    Raises:
        planner.problems.InputError: shares, limits or the way cannot be used (R170–R177); ``out`` holds something else.
        Infeasible, NoPlan: there is no plan at any share; none was found in time.
        planner.problems.NotAllWritten: something could not be written to ``out``.
    """
    target = None if out is None else look_at(Path(out), LADDER)
    wanted = opened.loaded.settings.ladder
    asked, limits = _asked(opened, wanted.shares if shares is None else shares, wanted.of if of is None else of, way or wanted.way)
    weights = wanted.weights or (1.0,) * len(asked)
    if len(weights) != len(asked) and (way or wanted.way) in ("auto", "joint"):
        raise refusal("R175", opened.loaded.place("ladder", "weights"), "ladder.weights", str(len(weights)), shares=len(asked))
    stopping = stopping_within(opened, time_limit)
    climb = Climb(opened, limits, [Level(share) for share in asked], weights, stopping, listen, tell)
    used = climb.made(way or wanted.way, wanted.joint)
    found = climb.levels
    if all(level.separate is None for level in found):
        raise next(
            (level.error for level in reversed(found) if level.error is not None), RuntimeError("a ladder without an outcome")
        )
    answer, plans = answer_of(opened, climb, used)
    if target is not None:
        write_ladder(answer, [(level.opened, plan) for level, plan in zip(found, plans, strict=True)], target)
    return answer, plans


def _asked(opened: Opened, shares: Sequence[float | str], of: Sequence[str], way: str) -> tuple[list[float], tuple[Limit, ...]]:
    """Shares and limits; InputError with everything that is wrong with them and the way."""
    problems, numbers, limits = list[Problem](), list[float](), tuple[Limit, ...]()
    for share in shares:
        if (number := _number(share)) is None:
            rule = Words("份额须是数，如 0.8、80 %、4/5", "a share is a number: 0.8, 80 %, 4/5")
            problems.append(problem("R170", None, "--shares", str(share), rule=rule))
        else:
            numbers.append(number)
    if not problems and (fault := share_fault(numbers)) is not None:
        problems.append(problem("R170", None, "--shares", ", ".join(map(str, shares)), rule=fault))
    try:
        limits = limits_of(opened.case, of)
    except InputError as error:
        problems += error.problems
    if way not in WAYS:
        problems.append(problem("R177", None, "--way", way))
    if way == "joint" and opened.case.settings.objective.levels:
        problems.append(problem("R176", None, "--way", way))
    if problems:
        raise InputError(problems)
    return numbers, limits


def _number(share: float | str) -> float | None:
    """A share as a number; None where it is none."""
    try:
        if isinstance(share, str):
            text = share.strip().replace("％", "%")
            number = float(factor_of(text) if set(text) & set("%/") else Fraction(text))
        else:
            number = float(share)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) and not isinstance(share, bool) else None
