"""The independent check that every plan passes before anything is written (formulation.md, Solving, 7).

It sees a choice and the case, and nothing of the programme: every limit is held against the tables family by family
(:mod:`planner.plan.checks`), and the objective is added up anew (:mod:`planner.plan.worth`) and compared with what the plan
and the solver say. A plan that fails is an internal error, never an output.
"""

from __future__ import annotations

from planner.plan.accounts import Accounts
from planner.plan.checks import CHECKS, check
from planner.plan.records import Check, Verification
from planner.plan.worth import worth
from planner.tables.case import Case
from planner.tolerances import AGREEMENT


class VerificationError(RuntimeError):
    """A plan that breaks a limit or whose objective is not what the solver said: a bug, said with its family."""


def held(case: Case, accounts: Accounts) -> tuple[Check, ...]:
    """Every family of limits held against the tables; never raises for a limit that is broken."""
    return tuple(check(family, limits(case, accounts)) for family, limits in CHECKS.items())


def broken(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The families of which a limit is broken, with how many and by how much at the worst."""
    return tuple(one for one in checks if one.violated)


def examine(
    case: Case, accounts: Accounts, value: float, claimed: float, bound: float | None, level: int = 0
) -> Verification:
    """Hold every limit and the objective. ``value`` is what the plan will say, ``claimed`` what the solver said, both of the
    objective's ``level``. What is broken is told in ``checks``, the objective as a family of that name."""
    own, size = worth(accounts.chosen, accounts.penalties, level)
    # A solver may leave a shortage column above the shortage when the objective is indifferent: more value is no harm.
    over = [abs(own - value), claimed - own] + ([own - bound] if bound is not None else [])
    room = AGREEMENT * max(size, abs(claimed))
    objective = Check(
        family="objective",
        checked=len(over),
        violated=sum(not excess <= room for excess in over),
        worst=round(max(0.0, *over), 9),
    )
    checks = (*held(case, accounts), objective)
    return Verification(
        passed=not broken(checks), checks=checks, value=own, difference=abs(own - claimed) / (size or 1.0)
    )


def verify(
    case: Case, accounts: Accounts, value: float, claimed: float, bound: float | None, level: int = 0
) -> Verification:
    """As :func:`examine`, for a plan that is to be written.

    Raises:
        VerificationError: a limit is broken, or the objective is not what the plan or the solver says.
    """
    found = examine(case, accounts, value, claimed, bound, level)
    if not found.passed:
        said = ", ".join(
            f"{one.family} ({one.violated} of {one.checked}, by {one.worst:g})" for one in broken(found.checks)
        )
        told = f"worth {found.value:.9g} by the tables; the plan says {value:.9g}, the solver {claimed:.9g}, at most {bound}"
        raise VerificationError(f"the plan breaks: {said}; it is {told}")
    return found
