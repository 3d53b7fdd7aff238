r"""Really different plans of nearly the same value, one after the other, each the best that differs enough from all before.

Let :math:`s_i` be 1 when candidate i is selected (the sum of its columns). A plan differs from the set A by

.. math:: \sum_{i\notin A} s_i + \sum_{i\in A} (1 - s_i) \ge d,

one row for the run's plan and one for each alternative found. The programme with these rows is maximised for its own
objective, so the k-th alternative is the most valuable plan that differs from all before by d or more. When its bound falls
below (1 − ε) of the run's value, there is no further one: that is a proof. When the time ends with neither, nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.language import Words
from planner.plan.build import make_plan
from planner.plan.diff import Named, came, named
from planner.plan.firm_records import Selected
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
CHECK = Words("核对参数", "check the option")


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
    limits = stopping_of(run.opened)
    tell(announced(count, count * (time_limit or limits.time_limit)))
    _check(within, differ, count)
    # A gap wider than the search itself would end every search at its first plan.
    limits = replace(limits, time_limit=time_limit or limits.time_limit, gap=min(limits.gap, within / 4))
    value = _value(run.plan)
    # Measured as the gap is: a price that no plan avoids is nothing that an alternative could give up.
    floor = value - within * abs(value + run.plan.objective.unavoidable)
    chosen = [_ids(run.plan)]
    found: list[tuple[Plan, float | None]] = []
    stopped: Stopped = "enough"
    matrix, last = replace(run.programme.matrix, reference=-run.plan.objective.unavoidable), run.values
    while len(found) < count:
        matrix = _apart(run.programme, matrix, chosen[-1], differ)
        tell(Words("第 {n}/{all} 个", "{n}/{all}").fill(n=len(found) + 1, all=count))
        start = _start(run.programme, matrix, last, START * limits.time_limit)
        solution = solve(matrix, run.opened.loaded.settings.solve.solver, limits, listen, start)
        ended = solution.termination
        least = floor - SAME * max(1.0, abs(floor))
        if ended.reason == "infeasible" or (ended.bound is not None and ended.bound < least):
            stopped = "none_left"
            break
        if solution.values is None or ended.value is None or ended.value < least:
            stopped = "interrupted" if ended.reason == "interrupted" else "out_of_time"
            break
        ends = (ended,) if run.plan.objective.levels else ()
        plan = make_plan(run.programme, solution, run.opened.warnings, run.opened.loaded.folder, ends)
        found.append((plan, ended.bound))
        last = solution.values
        chosen.append(_ids(plan))
        if ended.reason == "interrupted":
            stopped = "interrupted"
            break
    plans = tuple(_told(run.plan, chosen, n, plan, bound, value) for n, (plan, bound) in enumerate(found, start=1))
    core, choices = _shared([run.plan, *(plan for plan, _ in found)])
    return Alternatives(
        within=within,
        differ=differ,
        count=count,
        value=value,
        floor=floor,
        level=1 if run.plan.objective.levels else None,
        plans=plans,
        stopped=stopped,
        core=core,
        choices=choices,
    )


def _check(within: float, differ: int, count: int) -> None:
    problems = [
        problem("R131", Where(f"--{name}"), name, f"{value:g}", rule=rule, remedy=CHECK)
        for name, value, wrong, rule in (
            (
                "within",
                within,
                not 0 <= within <= 1,
                Words("须为 0 至 100%，如 5% 或 0.05", "must be 0 to 100 %, such as 5% or 0.05"),
            ),
            ("differ", differ, differ < 1, Words("至少 1 个项目", "must be 1 or more")),
            ("count", count, not 1 <= count <= 100, Words("须为 1 至 100", "must be 1 to 100")),
        )
        if wrong
    ]
    if problems:
        raise InputError(problems)


def _value(plan: Plan) -> float:
    """What is compared: with several levels the first one's value of this plan."""
    told = plan.objective
    return told.levels[0].value if told.levels else told.value


def _ids(plan: Plan) -> frozenset[str]:
    return frozenset(firm.candidate_id for firm in plan.selected)


def _apart(programme: Programme, matrix: Matrix, chosen: frozenset[str], differ: int) -> Matrix:
    """The matrix with a row that keeps ``differ`` candidates' distance from ``chosen``."""
    columns = programme.layout
    ids = programme.case.candidates["candidate_id"].astype(str).isin(chosen).to_numpy(bool)
    at = columns.chosen
    row: Floats = np.zeros(columns.columns)
    row[at] = np.where(ids[columns.candidate[at]], -1.0, 1.0)
    periods = matrix.periods
    return replace(
        matrix,
        rows=csr_array(vstack([matrix.rows, csr_array(row[np.newaxis, :])], format="csr")),
        row_lower=np.append(matrix.row_lower, float(differ - ids.sum())),
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
    found = [nearby(matrix, chosen, chain == one, seconds / len(chains)) for one in chains.tolist() if sizes[one]]
    return max((one for one in found if one is not None), key=lambda one: value_of(matrix, one), default=None)


def _told(run: Plan, chosen: Sequence[frozenset[str]], number: int, plan: Plan, bound: float | None, value: float) -> Alternative:
    own, base = chosen[number], chosen[0]
    mine = _value(plan)
    return Alternative(
        number=number,
        value=mine,
        bound=bound,
        reason=plan.status.reason,
        loss=(value - mine) / max(abs(value), 1e-10),
        differs=len(own ^ base),
        nearest=min(len(own ^ other) for other in chosen[:number]),
        selected=tuple(_place(firm) for firm in sorted(plan.selected, key=lambda firm: firm.candidate_id)),
        came=named(came(run, plan)),
        left=named(came(plan, run)),
        investment=plan.kpis.investment,
        subsidy=plan.kpis.subsidy,
        shortage=plan.kpis.shortage_after,
    )


def _place(firm: Selected) -> Place:
    return Place(id=firm.candidate_id, name=firm.name, park_id=firm.park_id, park=firm.park_name, quarter=firm.quarter)


def _shared(plans: Sequence[Plan]) -> tuple[tuple[Named, ...], tuple[Choice, ...]]:
    """Who is in all of the plans, and who is in some of them: how often."""
    times = Counter(firm for plan in plans for firm in _ids(plan))
    names = {firm.candidate_id: firm.name for plan in plans for firm in plan.selected}
    own = _ids(plans[0])
    core = tuple(Named(id=one, name=names[one]) for one in sorted(times) if times[one] == len(plans))
    some = sorted((one for one in times if times[one] < len(plans)), key=lambda one: (-times[one], one))
    return core, tuple(Choice(id=one, name=names[one], times=times[one], in_run=one in own) for one in some)
