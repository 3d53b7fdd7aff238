"""One thing changed and solved again: what every question about a plan is answered from (never from a score).

The change is made in the tables, so that "what if" is exactly what a fresh run with that table would give. A candidate is forced in
or out by such changes, too. A plan close to another, in which some candidates may come or go and all others stay, is found by a
small model, solved exactly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from typing import Literal, ParamSpec, TypeVar

import numpy as np

from planner.case.case import Case
from planner.case.members import meant_by
from planner.language import Words
from planner.layout import choice_of
from planner.plan.build import make_plan
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Near
from planner.plan.reopen import Run
from planner.plan.solving import silent, solve_plan, stopping_of
from planner.plan.start import columns_of, wanted_places
from planner.plan.stored import earlier_plan
from planner.problems import InputError, Place, Problem, errors, nearest
from planner.programme.build import Programme, build
from planner.questions.codes import problem, refusal
from planner.settings.changes import Change
from planner.solvers.adapters.highs import Highs
from planner.solvers.caller import called, stopped
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Bools, Floats, Ints, Listener, Matrix, Solution, Stopping, Termination

P = ParamSpec("P")
R = TypeVar("R")
Asked = Literal["in", "out", "elsewhere"]
"""Forced in (into a park or quarter, where one was named), forced out, or forced out of its own park."""
Withdrawn = Literal["must_include", "signed"] | None
"""The lock that holds a candidate in the plan and is withdrawn to answer."""
LOCKS = ("C230", "C231", "C232", "C233", "C234", "C365")
"""Codes of locks that contradict each other: the forced candidate and another that must come, for example."""
BRIEF = Near(brief=True)
"""Of plans equally good one near the run's: what is asked about is what the plan is worth."""
MOST_SECONDS, NEAREST, LEAST = 10.0, 0.3, 0.5
"""Seconds, and share of the time, for a plan near the run's, at the most; share for the solve that begins from it, at the least."""
SHOWN = 5
"""Names that a message lists at most."""
MOST, GAP = 3_000, 1e-4
"""Columns of choices that are set free in a small model (the best of the objective are kept), and the gap that ends it."""


def heard(ask: Callable[P, R]) -> Callable[P, R]:
    """The question, whose arguments ``stop`` and ``listen`` hold for every solve within it."""

    @wraps(ask)
    def asked(*given: P.args, **named: P.kwargs) -> R:
        bound = signature(ask).bind(*given, **named)
        bound.apply_defaults()
        with called(bound.arguments["stop"], bound.arguments["listen"]):
            return ask(*given, **named)

    return asked


def stopping_within(opened: Opened, time_limit: float | None) -> Stopping:
    """The limits that the settings give a solve, with another time limit where one was asked for."""
    stopping = stopping_of(opened)
    return stopping if time_limit is None else replace(stopping, time_limit=time_limit)


def solve_changed(run: Run, changes: Sequence[Change], stopping: Stopping, listen: Listener) -> Plan:
    """The plan of the run's plan file with ``changes``, solved from the run's plan on. Raises ``InputError`` where the changes
    contradict each other or the rest of the input, ``NoPlan`` where no plan exists or none was found."""
    opened = run.opened.changed(changes)
    return solve_plan(
        opened, build(opened.case, opened.eligible), earlier_plan(run.plan, run.folder), listen, stopping=stopping, near=BRIEF
    )


@dataclass(frozen=True)
class Forcing:
    """One candidate, and what is to be forced; positions in the case's tables."""

    candidate: int
    candidate_id: str
    name: str
    asked: Asked
    park: int | None
    quarter: int | None
    changes: tuple[Change, ...]
    withdrawn: Withdrawn = None

    @property
    def restricts(self) -> bool:
        """Forcing is one limit more and takes none away."""
        return self.withdrawn is None


def question(run: Run, candidate: str, park: str | None = None, quarter: str | None = None) -> Forcing:
    """What to force: a selected candidate out (or to another park or quarter), another one in.

    Args:
        candidate: id, or the exact name of one candidate.
        park: id or exact name: force it there; its own park: force it elsewhere.

    Raises:
        InputError: unknown or ambiguous candidate (R121, R122), park (R123) or quarter (R124); it is in that very quarter
            already (R125). All at once.
    """
    case, problems = run.opened.case, list[Problem]()
    i = candidate_called(case, candidate, problems)
    k = None if park is None else park_called(case, park, problems)
    if quarter is not None and quarter not in case.quarters:
        problems.append(problem("R124", None, "--quarter", quarter, listed=Words.listed(case.quarters)))
    if problems or i is None:
        raise InputError(problems)
    t = None if quarter is None else case.quarters.index(quarter)
    row, parks = case.candidates.iloc[i], case.parks["park_id"].astype(str)
    name, title = str(row["candidate_id"]), str(row["name"])
    firm = next((firm for firm in run.plan.selected if firm.candidate_id == name), None)
    if firm is None or (k is not None and parks.iloc[k] != firm.park_id) or (t is not None and case.quarters[t] != firm.quarter):
        changes = [cell(name, "must_include", value=True)]
        changes += [] if k is None else [cell(name, "fixed_park", parks.iloc[k])]
        changes += [] if t is None else [cell(name, "fixed_quarter", case.quarters[t])]
        return Forcing(i, name, title, "in", k, t, tuple(changes))
    if t is not None:
        raise refusal("R125", None, "--quarter", f"{name} {quarter}")
    signed = firm.status == "signed"
    locked = firm.must_include if k is None else bool(row["fixed_park"] >= 0)
    withdrawn: Withdrawn = "signed" if signed else "must_include" if locked else None
    unsigned = [cell(name, "status", "negotiating")] if signed else []
    if k is None:
        unlocked = [cell(name, "must_include", value=False)] if firm.must_include else []
        return Forcing(i, name, title, "out", None, None, (*unlocked, *unsigned, cell(name, "exclude", value=True)), withdrawn)
    # The park among those that the firm refuses; where it was fixed there, that is withdrawn.
    here, preferred = parks.iloc[k], parks[case.preferred[i]]
    changes = [*unsigned, cell(name, "refused_parks", ";".join([*parks[case.refused[i]], here]))]
    changes += [cell(name, "preferred_parks", ";".join(preferred[preferred != here]))] if case.preferred[i, k] else []
    changes += [cell(name, "fixed_park", "")] if locked else []
    return Forcing(i, name, title, "elsewhere", k, None, tuple(changes), withdrawn)


def clash(error: InputError) -> tuple[Problem, ...]:
    """The locks that what is forced contradicts, where nothing else is wrong; otherwise the error itself is raised."""
    if any(problem.code not in LOCKS for problem in errors(error.problems)):
        raise error
    return tuple(problem for problem in error.problems if problem.code in LOCKS)


def solve_forced(run: Run, opened: Opened, programme: Programme, candidate: int, stopping: Stopping, listen: Listener) -> Plan:
    """The plan of ``opened``, the run's plan file with ``candidate`` forced, begun from a plan near the run's, and of plans equally good the one with the fewest other firms. Raises ``NoPlan`` where
    there is none, none was found in time, or the solver failed."""
    begun, start = time.monotonic(), run.plan
    values = forced(programme, run.plan, candidate, min(MOST_SECONDS, NEAREST * stopping.time_limit))
    if values is not None:
        ended = Termination("time_limit", None, None, 0.0, "nearby")
        start = make_plan(programme, Solution(values, ended), opened.warnings, opened.loaded.folder, setting=opened.loaded.place)
    left = max(stopping.time_limit - (time.monotonic() - begun), LEAST * stopping.time_limit)
    near = Near(run.plan, run.folder, firms_first=True, brief=True)
    return solve_plan(opened, programme, start, listen, stopping=replace(stopping, time_limit=left), near=near)


def forced(programme: Programme, plan: Plan, candidate: int, seconds: float) -> Floats | None:
    """A plan of a programme in which ``candidate`` is forced (in, out, elsewhere), near the best and near ``plan``; None: none found.

    First the firms of ``plan`` stay, others of the candidate's chain may come, and it goes wherever it may. If that gives no
    plan, they may leave, too, and those of its chain may move; then more may move. Last, all of its chain and of the links
    concerned, and those that the room lost or won is open to, may come or go.
    """
    case, columns, matrix = programme.case, programme.layout, programme.matrix
    wanted = wanted_places(case, plan)
    mapped = columns_of(columns, wanted)
    selected = np.isin(columns.candidate, wanted["candidate"])
    own = np.zeros(columns.choices, dtype=bool)
    own[mapped.loc[mapped["same"], "column"].to_numpy(np.int64)] = True
    chain = case.candidates["chain"].to_numpy(np.int64)
    mates = (chain == chain[candidate])[columns.candidate]
    asked = columns.candidate == candidate
    # Where it leaves, its room can be filled with all others held; where it comes, room must be made.
    values = nearby(matrix, own & ~asked, asked | (~selected & mates), seconds / 3)
    for movable in (mates, columns.park < 0, True):
        if values is None:
            values = nearby(matrix, np.zeros_like(own), own | asked | (selected & movable), seconds / 3)
    if values is None:
        return None
    now = choice_of(columns, values)
    moved = np.append(np.setdiff1d(wanted["candidate"].to_numpy(np.int64), now.candidate), candidate)
    parks = np.append(now.park[now.candidate == candidate], wanted.loc[wanted["candidate"].isin(moved), "park"])
    free = rivals(programme, now.candidate, moved, parks) | (chain == chain[candidate])
    better = nearby(matrix, values[: columns.choices] > 0.5, free[columns.candidate], seconds / 3, values)
    return values if better is None or value_of(matrix, better) < value_of(matrix, values) else better


def rivals(programme: Programme, selected: Ints, candidates: Ints, parks: Ints) -> Bools:
    """Candidates that could take the place of ``candidates``: those of their links, and those that are not ``selected``
    and that one of ``parks`` is open to; shape (I,)."""
    columns = programme.layout
    link = programme.case.candidates["link"].to_numpy(np.int64)
    there = np.zeros(len(link), dtype=bool)
    there[columns.candidate[np.isin(columns.park, parks)]] = True
    there[selected] = False
    return np.asarray((np.isin(link, link[candidates]) & (link >= 0)) | there)


def nearby(matrix: Matrix, chosen: Bools, open_: Bools, seconds: float, start: Floats | None = None) -> Floats | None:
    """The best solution in which only ``open_`` choice columns may differ from ``chosen``; both of shape (choices,). ``start`` is a
    solution with these choices, if one is known."""
    choices = len(chosen)
    if int(open_.sum()) > MOST:
        worth = np.where(open_, matrix.objective[:choices], -np.inf) + np.where(open_ & chosen, np.inf, 0.0)
        open_ = np.zeros_like(open_)
        open_[np.argsort(-worth, kind="stable")[:MOST]] = True
    held = np.zeros(matrix.objective.shape)
    held[:choices] = chosen & ~open_
    keep = np.concatenate([np.flatnonzero(open_), np.arange(choices, len(held))])
    shift = matrix.rows @ held
    small = replace(
        matrix.part(keep),
        offset=value_of(matrix, held),
        row_lower=matrix.row_lower - shift,
        row_upper=matrix.row_upper - shift,
        reference=matrix.reference,
    )
    solution = Highs().solve(small, Stopping(seconds, GAP, 1, 1), silent, None if start is None else start[keep], stopped)
    if solution.values is None:
        return None
    held[keep] = solution.values
    return sound(matrix, held)


def written(changes: Sequence[Change]) -> list[dict[str, object]]:
    """Changes as ``changes`` of plan.yaml takes them."""
    return [change.model_dump(mode="json", exclude_none=True) for change in changes]


def cell(candidate_id: str, column: str, value: str | bool | float) -> Change:
    """One cell of one candidate."""
    return Change(table="candidates", where={"candidate_id": candidate_id}, column=column, set=value)


Called = Callable[[Case, str, list[Problem], Place | None, str], int | None]


def _named(id_: str, name: str) -> Words:
    """An id with what it is called, each language in its own brackets."""
    return Words("{id}（{name}）", "{id} ({name})").fill(id=id_, name=name)


def candidate_called(
    case: Case, wanted: str, problems: list[Problem], place: Place | None = None, subject: str = "CANDIDATE"
) -> int | None:
    """Position of the candidate of that id, or of the only one of that name; None, and why, where there is none."""
    ids, names = (case.candidates[column].astype(str).tolist() for column in ("candidate_id", "name"))
    of_name = meant_by(case, wanted).tolist()
    if len(of_name) == 1:
        return int(of_name[0])
    # Otherwise those whose id or name is near, then those whose name contains what was asked for; each once.
    near = [ids.index(name) for name in nearest(wanted, ids)] + [names.index(name) for name in nearest(wanted, names)]
    near += [i for i, name in enumerate(names) if wanted and wanted in name]
    shown = [_named(ids[i], names[i]) for i in (of_name or dict.fromkeys(near))]
    listed = Words.listed(shown, SHOWN)
    if of_name:
        problems.append(problem("R122", place, subject, wanted, count=len(of_name), listed=listed))
    else:
        otherwise = Words("请用客商库中的项目编号", "give an id of the table of candidates")
        remedy = Words("最接近的是：{listed}", "nearest: {listed}").fill(listed=listed) if shown else otherwise
        problems.append(problem("R121", place, subject, wanted, remedy=remedy))
    return None


def park_called(
    case: Case, wanted: str, problems: list[Problem], place: Place | None = None, subject: str = "--park"
) -> int | None:
    """Position of the park of that id, or of the only one of that name; None, and why, where there is none."""
    ids, names = (case.parks[column].astype(str).tolist() for column in ("park_id", "name"))
    meant = meant_by(case, wanted, "park")
    if len(meant) == 1:
        return int(meant[0])
    near = {*nearest(wanted, ids), *nearest(wanted, names)}
    shown = [_named(i, name) for i, name in zip(ids, names, strict=True) if len(ids) <= 2 * SHOWN or near & {i, name}]
    there = Words("可用：{listed}", "there are: {listed}").fill(listed=Words.listed(shown))
    remedy = there if shown else Words("请用园区编号", "give the id of a park")
    problems.append(problem("R123", place, subject, wanted, remedy=remedy))
    return None
