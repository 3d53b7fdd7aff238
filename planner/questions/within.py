"""Plans that are held near to, inside or around given choices: rows of one question alone, and a given choice as a verified plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.case.accounts import Accounts
from planner.case.case import Case, Choice
from planner.language import Words
from planner.layout import Layout, Rows, rows_of, stack
from planner.limits.family import Family, Held
from planner.plan.build import make_plan
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Distance
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.programme.build import Programme
from planner.solvers.protocol import Floats, Solution, Termination


@dataclass(frozen=True)
class Kept:
    """A linear function of the columns between two bounds."""

    distance: Distance
    low: float
    high: float


class Within(Family):
    """Rows of one question alone: how far from a given choice a plan may be."""

    name = "within"
    title = Words("与给定的选择相近", "near a given choice")
    formula = r"\text{changes} \le N"
    business = False

    def __init__(self, kept: Sequence[Kept]) -> None:
        self.kept = kept

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for number, one in enumerate(self.kept):
            at = np.flatnonzero(one.distance.costs)
            entries = (np.zeros(len(at), dtype=np.int64), at, one.distance.costs[at])
            low, high = one.low - one.distance.constant, one.high - one.distance.constant
            parts.append(rows_of(layout, entries, {"number": np.array([number])}, low, high))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        """Whoever asks counts the changes of what is found by itself."""
        yield from ()


def extended(programme: Programme, family: Family) -> Programme:
    """The programme with the rows of one family more."""
    rows = family.rows(programme.case, programme.layout)
    families, parts = (*programme.families, family), (*programme.rows, rows)
    matrix = programme.matrix.with_rows(rows.matrix, rows.lower, rows.upper)
    return replace(programme, families=families, rows=parts, matrix=matrix)


def point_at(programme: Programme, choice: Choice) -> Floats | None:
    """A choice as a solution of the programme; None where it has no columns or breaks a row."""
    wanted = pd.DataFrame({"candidate": choice.candidate, "park": choice.park, "quarter": choice.quarter})
    mapped = columns_of(programme.layout, wanted)
    chosen = mapped.loc[mapped["same"], "column"].to_numpy(np.int64)
    if mapped.loc[mapped["same"], "candidate"].nunique() < len(wanted):
        return None
    return complete_point(programme.matrix, plan_point(programme, chosen))


def plan_at(opened: Opened, programme: Programme, choice: Choice, ends: Sequence[Termination] = ()) -> Plan | None:
    """A choice as a verified plan, without a bound unless ``ends`` tell one; None where :func:`point_at` is."""
    values = point_at(programme, choice)
    return None if values is None else plan_of(opened, programme, values, ends)


def choice_in(case: Case, plan: Plan) -> Choice:
    """What a plan chooses of the candidates of a case."""
    frame = wanted_places(case, plan)
    return Choice(*(frame[name].to_numpy(np.int64) for name in ("candidate", "park", "quarter")))


def plan_of(opened: Opened, programme: Programme, values: Floats, ends: Sequence[Termination] = ()) -> Plan:
    """A solution as a verified plan; ``ends`` as of :func:`planner.plan.build.make_plan`, or else nothing is known of its bound."""
    unknown = Termination("time_limit", None, None, 0.0, "given")
    ends = ends or [unknown] * max(len(programme.case.settings.objective.levels), 1)
    return make_plan(
        programme, Solution(values, ends[-1]), opened.warnings, opened.loaded.folder, ends, setting=opened.loaded.place
    )
