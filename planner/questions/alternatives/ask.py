r"""Really different plans of nearly the same value, one after the other, each the best that differs enough from all before.

Let :math:`s_i` be 1 when candidate i is selected (the sum of its columns). A plan differs from the set A by

.. math:: \sum_{i\notin A} s_i + \sum_{i\in A} (1 - s_i) \ge d,

one row for the run's plan and one for each alternative found. The programme with these rows is maximised for its own
objective, so the k-th alternative is the most valuable plan that differs from all before by d or more. When its bound falls
below (1 − ε) of the run's value, there is no further one: that is a proof. When the time ends with neither, nothing is claimed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.language import Words
from planner.plan.build import make_plan
from planner.plan.diff import Named, by_id, came, levels, named
from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.solving import Teller, announced, quiet, silent, stopping_of
from planner.problems import InputError
from planner.problems import Place as Where
from planner.programme.build import Programme
from planner.questions.alternatives.record import Alternative, Alternatives, Choice, Place, Stopped
from planner.questions.codes import problem
from planner.questions.variant import heard, nearby
from planner.solvers.check import value_of
from planner.solvers.protocol import Floats, Listener, Matrix, StopSign, never
from planner.solvers.registry import solve

SAME = 1e-9
"""Relative room of "at least (1 − ε) of the value" against rounding."""
START = 0.3
"""Seconds for a start, as a share of the time limit."""
CHAINS = 6
"""The largest chains are tried for one."""


@heard
def alternatives(
    run: Run,
    within: float = 0.01,
    differ: int = 5,
    count: int = 5,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Alternatives:
    """Up to ``count`` plans of at least (1 − ``within``) of the run's value, any two of them ``differ`` or more apart.

    Args:
        time_limit: seconds of each solve; None: that of the run's settings.

    Raises:
        InputError: an argument out of range (R131).
    """
    stopping = stopping_of(run.opened)
    seconds = time_limit or stopping.time_limit
    tell(announced(count, count * seconds))
    _check(within, differ, count)
    # A gap wider than the search itself would end every search at its first plan.
    stopping = replace(stopping, time_limit=seconds, gap=min(stopping.gap, within / 4))
    value, unavoidable, prioritised = levels(run.plan)[0].value, run.plan.objective.unavoidable, bool(run.plan.objective.levels)
    # Measured as the gap is: a price that no plan avoids is nothing that an alternative could give up.
    floor = value - within * abs(value + unavoidable)
    least = floor - SAME * max(1.0, abs(floor))
    plans, found = [run.plan], list[Alternative]()
    stopped: Stopped = "enough"
    matrix, last = replace(run.programme.matrix, reference=-unavoidable), run.values
    while len(found) < count:
        matrix = _apart(run.programme, matrix, plans[-1], differ)
        tell(Words("第 {n}/{all} 个", "{n}/{all}").fill(n=len(found) + 1, all=count))
        start = _start(run.programme, matrix, last, START * seconds)
        solution = solve(matrix, run.opened.loaded.settings.solve.solver, stopping, listen, start)
        ended = solution.termination
        if ended.reason == "infeasible" or (ended.bound is not None and ended.bound < least):
            stopped = "none_left"
            break
        if solution.values is None or ended.value is None or ended.value < least:
            stopped = "interrupted" if ended.reason == "interrupted" else "out_of_time"
            break
        ends = (ended,) if prioritised else ()
        plan = make_plan(
            run.programme, solution, run.opened.warnings, run.opened.loaded.folder, ends, setting=run.opened.loaded.place
        )
        found.append(_alternative(plans, plan, ended.bound))
        plans.append(plan)
        last = solution.values
        if ended.reason == "interrupted":
            stopped = "interrupted"
            break
    core, choices = _shared(plans)
    return Alternatives(
        within=within,
        differ=differ,
        count=count,
        value=value,
        floor=floor,
        level=1 if prioritised else None,
        plans=tuple(found),
        stopped=stopped,
        core=core,
        choices=choices,
    )


def _check(within: float, differ: int, count: int) -> None:
    wanted = (
        ("within", within, 0, 1, Words("须为 0 至 100%，如 5% 或 0.05", "must be 0 to 100 %, such as 5% or 0.05")),
        ("differ", differ, 1, math.inf, Words("至少 1 个项目", "must be 1 or more")),
        ("count", count, 1, 100, Words("须为 1 至 100", "must be 1 to 100")),
    )
    problems = [
        problem("R131", Where(f"--{name}"), name, f"{value:g}", rule=rule, remedy=Words("核对参数", "check the option"))
        for name, value, lowest, highest, rule in wanted
        if not lowest <= value <= highest
    ]
    if problems:
        raise InputError(problems)


def _apart(programme: Programme, matrix: Matrix, plan: Plan, differ: int) -> Matrix:
    """The matrix with a row that keeps ``differ`` candidates' distance from a plan."""
    columns, periods = programme.layout, matrix.periods
    chosen = programme.case.candidates["candidate_id"].astype(str).isin(list(by_id(plan))).to_numpy(bool)
    row: Floats = np.zeros(columns.columns)
    row[columns.chosen] = np.where(chosen[columns.candidate[columns.chosen]], -1.0, 1.0)
    return replace(
        matrix,
        rows=csr_array(vstack([matrix.rows, csr_array(row[np.newaxis, :])], format="csr")),
        row_lower=np.append(matrix.row_lower, float(differ - chosen.sum())),
        row_upper=np.append(matrix.row_upper, np.inf),
        # The new row stands alone in its period.
        periods=None if periods is None else replace(periods, row=np.append(periods.row, -1)),
        row_names=(),
        column_names=(),
    )


def _start(programme: Programme, matrix: Matrix, values: Floats, seconds: float) -> Floats | None:
    """A plan that differs enough, near ``values``: one chain after the other is chosen anew, all others held; the best."""
    columns = programme.layout
    chain = programme.case.candidates["chain"].to_numpy(np.int64)[columns.candidate]
    sizes = np.bincount(chain[chain >= 0])
    chains = np.argsort(-sizes, kind="stable")[:CHAINS]
    chosen = values[: columns.choices] > 0.5
    found = (nearby(matrix, chosen, chain == anew, seconds / len(chains)) for anew in chains.tolist() if sizes[anew])
    return max((near for near in found if near is not None), key=lambda near: value_of(matrix, near), default=None)


def _alternative(before: Sequence[Plan], plan: Plan, bound: float | None) -> Alternative:
    """The plan held against the run's and the alternatives ``before`` it, in that order."""
    run, firms = before[0], by_id(plan)
    value, mine = levels(run)[0].value, levels(plan)[0].value
    distances = [len(firms.keys() ^ by_id(other).keys()) for other in before]
    return Alternative(
        number=len(before),
        value=mine,
        bound=bound,
        reason=plan.status.reason,
        loss=(value - mine) / max(abs(value), 1e-10),
        differs=distances[0],
        nearest=min(distances),
        selected=tuple(
            Place(id=name, name=firm.name, park_id=firm.park_id, park=firm.park_name, quarter=firm.quarter)
            for name, firm in sorted(firms.items())
        ),
        came=named(came(run, plan)),
        left=named(came(plan, run)),
        investment=plan.kpis.investment,
        subsidy=plan.kpis.subsidy,
        shortage=plan.kpis.shortage_after,
    )


def _shared(plans: Sequence[Plan]) -> tuple[tuple[Named, ...], tuple[Choice, ...]]:
    """Who is in all of the plans, and who is in some of them: how often."""
    times = Counter(firm for plan in plans for firm in by_id(plan))
    names = {firm.candidate_id: firm.name for plan in plans for firm in plan.selected}
    core = tuple(Named(id=firm, name=names[firm]) for firm in sorted(times) if times[firm] == len(plans))
    some = sorted((firm for firm in times if times[firm] < len(plans)), key=lambda firm: (-times[firm], firm))
    own = by_id(plans[0])
    return core, tuple(Choice(id=firm, name=names[firm], times=times[firm], in_run=firm in own) for firm in some)
