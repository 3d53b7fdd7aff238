"""The independent check that every plan passes before anything is written (formulation.md, Solving, 7).

It sees a choice and the case, and nothing of the programme: every family's own check holds its limits against the tables, and
the objective is added up anew and compared with what the plan and the solver say.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isnan

from planner.case.accounts import Accounts
from planner.case.case import Case
from planner.limits import FAMILIES
from planner.limits.family import Held
from planner.plan.records import Check, Verification
from planner.terms.registry import worth
from planner.tolerances import AGREEMENT


class VerificationError(RuntimeError):
    """A plan that breaks a limit or whose objective is not what the solver said: a bug, said with its family."""


def held(case: Case, accounts: Accounts) -> tuple[Check, ...]:
    """Every family of limits held against the tables; never raises for a limit that is broken."""
    return tuple(_check(family.name, family.check(case, accounts)) for family in FAMILIES)


def _check(family: str, limits: Iterable[Held]) -> Check:
    """Count the limits that are broken by more than rounding; ``worst`` is the largest excess, rounding or not."""
    checked, violated, worst = 0, 0, 0.0
    for limit in limits:
        checked += 1
        worst = inf if isnan(limit.excess) else max(worst, limit.excess)
        violated += limit.broken
    return Check(family=family, checked=checked, violated=violated, worst=round(worst, 9))


def broken(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The families of which a limit is broken, with how many and by how much at the worst."""
    return tuple(check for check in checks if check.violated)


def examine(case: Case, accounts: Accounts, value: float, claimed: float, bound: float | None, level: int = 0) -> Verification:
    """Hold every limit and the objective. ``value`` is what the plan will say, ``claimed`` what the solver said, both of the
    objective's ``level``. What is broken is told in ``checks``, the objective as a family of that name."""
    own, size = worth(accounts.chosen, accounts.penalties, level)
    # A solver may leave a shortage column above the shortage when the objective is indifferent: more value is no harm.
    over = [abs(own - value), claimed - own] + ([own - bound] if bound is not None else [])
    room = AGREEMENT * max(size, abs(claimed))
    violated = sum(not excess <= room for excess in over)
    objective = Check(family="objective", checked=len(over), violated=violated, worst=round(max(0.0, *over), 9))
    checks = (*held(case, accounts), objective)
    return Verification(passed=not broken(checks), checks=checks, value=own, difference=abs(own - claimed) / (size or 1.0))


def verify(case: Case, accounts: Accounts, value: float, claimed: float, bound: float | None, level: int = 0) -> Verification:
    """As :func:`examine`, for a plan that is to be written. Raises VerificationError: a limit is broken, or the objective is
    not what the plan or the solver says."""
    result = examine(case, accounts, value, claimed, bound, level)
    if not result.passed:
        failed = broken(result.checks)
        limits = ", ".join(f"{check.family} ({check.violated} of {check.checked}, by {check.worst:g})" for check in failed)
        values = f"worth {result.value:.9g} by the tables; the plan says {value:.9g}, the solver {claimed:.9g}, at most {bound}"
        raise VerificationError(f"the plan breaks: {limits}; it is {values}")
    return result
