"""An earlier plan as the start of a solve: carried over whole where it still fits, and as far as it fits where not.

What fits is decided by the programme itself. The columns of the earlier plan's projects are a small model of their own;
solved for a few seconds, first with each project where and when it was, then with any park and quarter open to them, it
gives the best plan that they still allow. Nothing here can make a solve worse: the start is a checked point, or nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from planner.case.case import Case
from planner.language import Words
from planner.layout import Layout, choice_of
from planner.plan.model import Plan
from planner.plan.records import StartUse
from planner.plan.stored import Earlier, places_of
from planner.programme.build import Programme
from planner.solvers.check import TOLERANCE, sound, value_of
from planner.solvers.lp import complete
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Progress, Reason, Stopping
from planner.solvers.registry import solve

MOST_SECONDS, SHARE = 10.0, 0.15
"""Seconds, and share of the time limit, that carrying over may take: the lesser of the two. So with units of work."""
LEAST_SECONDS = 0.05
"""A model is not begun with less."""
GAP = 1e-3
"""The small model of the old places needs no finer proof than this: the solve itself goes on from its plan."""
COARSE = 1e-2
"""The same of those of all places, which are not soon proved: the solve is ahead of them within seconds (docs/trials.md)."""
FIRST, SECOND, LAST = 0.2, 0.7, 1.0
"""Share of the time left for each small model: the old places; all places; more new projects, if there is no plan yet."""
POLISH = 0.3
"""Share for all places when the old ones gave a plan: on large regions five seconds more gained nothing when measured."""
HELPERS = 20
"""New projects that may help with one row which the earlier projects alone cannot fill."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where a solve begins. ``values`` is a solution of the programme, None when nothing could be carried over."""

    values: Floats | None
    use: StartUse
    name: str
    seconds: float
    """Wall clock used; it counts against the time limit."""
    interrupted: bool = False
    """The user pressed Ctrl-C meanwhile."""

    def words(self) -> Words:
        """What was carried over, for the user."""
        use = self.use
        nothing = Words(
            "{name} 的 {projects} 个项目在现有数据与限制下没有找到可行的起点，从头求解",
            "no feasible start was found for the {projects:project} of {name} within today's data and limits; solving from nothing",
        )
        text = Words(
            "沿用 {name} 的 {projects} 个项目中的 {carried} 个作为起点，目标值 {value:,.6g}",
            "starting from {carried} of the {projects:project} of {name}, value {value:,.6g}",
        )
        return (nothing if use.value is None else text).fill(name=self.name, **use.model_dump())


def carry_over(programme: Programme, earlier: Earlier, stopping: Stopping, listen: Listener) -> Start:
    """The earlier plan as a point of the programme, for its first level. If all projects that are still candidates fit in as
    they were, that is the start; otherwise the best plan of the small models is, new projects coming in only where a row demands
    more than the earlier ones give. ``listen`` hears of it in the phase ``start``."""
    began = time.monotonic()
    layout, matrix = programme.layout, programme.matrix
    wanted = wanted_places(programme.case, earlier.plan)
    mapped = columns_of(layout, wanted)
    point = plan_point(programme, mapped.loc[mapped["same"], "column"].to_numpy(np.int64))
    if stopping.work is None:
        share = replace(stopping, time_limit=min(MOST_SECONDS, SHARE * stopping.time_limit))
    else:  # the clock is then for the whole solve (R8)
        share = replace(stopping, work=ceil(min(MOST_SECONDS, SHARE * stopping.work)))
    values = complete_point(matrix, point, max(share.time_limit, LEAST_SECONDS))
    interrupted = False
    if values is None or mapped.loc[mapped["same"], "candidate"].nunique() < len(wanted):
        values, interrupted = _fitted(programme, mapped, point, values, share, listen, began)
    use = _use(programme, earlier, wanted, values)
    return Start(values, use, earlier.name, time.monotonic() - began, interrupted)


def wanted_places(case: Case, plan: Plan) -> pd.DataFrame:
    """candidate, park, quarter of the plan's projects that are candidates still, as positions; −1: there is none now."""
    return places_of(case, plan).frame


def columns_of(layout: Layout, wanted: pd.DataFrame) -> pd.DataFrame:
    """All choice columns of the wanted projects: column, candidate, and two flags. ``same``: the project is placed and
    scheduled as it was by these columns. ``near``: these are as close as it still gets to that: as it was; otherwise its park
    in any quarter; otherwise any park."""
    columns = {"candidate": layout.candidate, "k": layout.park, "t": layout.quarter}
    every = pd.DataFrame({"column": np.arange(layout.choices), **columns}).merge(wanted, on="candidate")
    here, then = every["k"] == every["park"], every["t"] == every["quarter"]
    park = here | (every["k"] < 0)
    timed = pd.Series(np.append(layout.timed, False)[every["park"].to_numpy(np.int64)])
    same = (here & then).where(timed, (here & (every["t"] < 0)) | (then & (every["k"] < 0)))
    settled = _whole(every, same)
    every["same"] = same & settled
    every["near"] = same.where(settled, park.where(_whole(every, park), True))
    return every


def _whole(every: pd.DataFrame, flag: pd.Series[bool]) -> pd.Series[bool]:
    """For each column: the flagged columns of its project include a park and a quarter."""
    placed = (flag & (every["k"] >= 0)).groupby(every["candidate"]).transform("any")
    scheduled = (flag & (every["t"] >= 0)).groupby(every["candidate"]).transform("any")
    return (placed & scheduled).astype(bool)


def plan_point(programme: Programme, chosen: Ints) -> Floats:
    """The point in which these choice columns are 1, with the firms and backups that follow; continuous columns are 0. A firm
    counts where one of its projects is chosen, a backup where all of its rows allow it."""
    layout, matrix = programme.layout, programme.matrix
    values = np.zeros(layout.columns)
    values[chosen] = 1.0
    firms, backup = layout.block("firms"), layout.at("backup")
    if firms.members:
        firm = np.repeat(np.arange(firms.size), [len(members) for members in firms.members])
        comes = np.isin(np.concatenate(firms.members), layout.candidate[chosen])
        values[layout.at("firms")] = np.bincount(firm, comes, firms.size) > 0
    rows = coo_array(matrix.rows[:, backup])
    activity = (matrix.rows @ values)[rows.row] + rows.data
    slack = TOLERANCE * np.maximum(1.0, np.abs(rows.data))
    broken = (activity < matrix.row_lower[rows.row] - slack) | (activity > matrix.row_upper[rows.row] + slack)
    values[backup] = np.bincount(rows.col, broken, backup.stop - backup.start) == 0
    return values


def complete_point(matrix: Matrix, point: Floats, seconds: float = MOST_SECONDS) -> Floats | None:
    """The point with its continuous columns at their best; None when it is no plan."""
    return sound(matrix, point if matrix.integer.all() else complete(matrix, point, seconds))


def _fitted(
    programme: Programme,
    mapped: pd.DataFrame,
    point: Floats,
    values: Floats | None,
    stopping: Stopping,
    listen: Listener,
    began: float,
) -> tuple[Floats | None, bool]:
    """(best plan of the small models, or ``values``; whether the user interrupted). A model has some choice columns, all of its
    helpers', and every column that is no choice."""
    layout, own = programme.layout, mapped["column"].to_numpy(np.int64)
    near = mapped.loc[mapped["near"], "column"].to_numpy(np.int64)
    needed = _helpers(programme, point)
    every = _helpers(programme, np.zeros_like(point))
    models = [(FIRST, GAP, near, needed), (SECOND, COARSE, own, needed), (LAST, COARSE, own, every)]
    for share, gap, columns, helpers in models:
        left = stopping.time_limit - (time.monotonic() - began)
        if left < LEAST_SECONDS or (share == LAST and values is not None):
            break
        share = share if values is None else min(share, POLISH)
        seconds, work = (share * left, None) if stopping.work is None else (left, ceil(share * stopping.work))
        until = replace(stopping, time_limit=seconds, gap=max(stopping.gap, gap), work=work)
        keep = np.arange(layout.columns) >= layout.choices
        keep[: layout.choices] = np.isin(layout.candidate, helpers)
        keep[columns] = True
        reason, values = _part(programme.matrix, np.flatnonzero(keep), values, until, listen, began)
        if reason == "interrupted":
            return values, True
    return values, False


def _helpers(programme: Programme, point: Floats) -> Ints:
    """Candidates that can lift rows of choices which the point leaves short: for each row those of the best objective."""
    layout, matrix = programme.layout, programme.matrix
    rows = matrix.rows
    short = matrix.row_lower - rows @ point > TOLERANCE * np.maximum(1.0, np.abs(matrix.row_lower))
    # Rows with columns of other kinds (a shortage, a soft rule's slack) can always be met.
    short &= np.diff(rows[:, layout.choices :].indptr) == 0
    part = coo_array(rows[np.flatnonzero(short)])
    lifts = part.data > 0
    row, column = part.row[lifts], part.col[lifts]
    entries = pd.DataFrame({"row": row, "candidate": layout.candidate[column], "worth": matrix.objective[column]})
    ranked = entries.sort_values(["worth", "candidate"], ascending=[False, True], kind="stable")
    best = ranked.drop_duplicates(["row", "candidate"]).groupby("row").head(HELPERS)
    return np.unique(best["candidate"].to_numpy(np.int64))


def _part(
    matrix: Matrix, columns: Ints, values: Floats | None, stopping: Stopping, listen: Listener, began: float
) -> tuple[Reason, Floats | None]:
    """Solve the model of these columns, the others 0; (how it ended, the better of its plan and ``values``)."""
    rows = csr_array(matrix.rows[:, columns])
    used = (np.diff(rows.indptr) > 0) | (matrix.row_lower > 0) | (matrix.row_upper < 0)
    small = matrix.part(columns, np.flatnonzero(used), rows[used])

    def hear(progress: Progress) -> None:
        # The bound is the small model's and says nothing of the whole.
        listen(Progress("start", time.monotonic() - began, progress.value, None))

    solution = solve(small, "highs", stopping, hear, None if values is None else values[columns])
    if solution.values is None:
        return solution.termination.reason, values
    whole = np.zeros(len(matrix.objective))
    whole[columns] = solution.values
    better = sound(matrix, whole)
    if better is None or (values is not None and value_of(matrix, values) >= value_of(matrix, better)):
        better = values
    return solution.termination.reason, better


def _use(programme: Programme, earlier: Earlier, wanted: pd.DataFrame, values: Floats | None) -> StartUse:
    """The record of it for ``plan.json``."""
    projects = len({firm.candidate_id for firm in earlier.plan.selected})
    use = StartUse(run=earlier.run, sha256=earlier.sha256, projects=projects, carried=0, unchanged=0, value=None)
    if values is None:
        return use
    choice = choice_of(programme.layout, values)
    now = pd.DataFrame({"candidate": choice.candidate, "k": choice.park, "t": choice.quarter})
    both = wanted.merge(now, on="candidate", how="inner")
    unchanged = int(((both["park"] == both["k"]) & (both["quarter"] == both["t"])).sum())
    return use.model_copy(update={"carried": len(both), "unchanged": unchanged, "value": value_of(programme.matrix, values)})
