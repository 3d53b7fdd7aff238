"""Which candidate is asked about, and which changes of the tables force it: the question before any solve."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from planner.case.case import Case
from planner.language import Words
from planner.plan.build import make_plan
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import Run
from planner.plan.solving import solve_plan
from planner.problems import InputError, Problem, nearest
from planner.programme.build import Programme
from planner.questions.codes import problem, refusal
from planner.questions.nearby import forced
from planner.settings.changes import CellChange
from planner.solvers.protocol import Listener, Solution, Stopping, Termination

Asked = Literal["in", "out", "elsewhere"]
"""Forced in (into a park or quarter, where one was named), forced out, or forced out of its own park."""
LOCKS = ("C230", "C231", "C232", "C233", "C234")
"""Codes of locks that contradict each other: the forced candidate and another that must come, for example."""
MOST_SECONDS, NEAREST, LEAST = 10.0, 0.3, 0.5
"""Seconds, and share of the time, for a plan near the run's, at the most; share for the solve that begins from it, at the least."""
SHOWN = 5
"""Names that a message lists at most."""


@dataclass(frozen=True)
class Question:
    """One candidate, and what is to be forced; positions in the case's tables."""

    candidate: int
    candidate_id: str
    name: str
    asked: Asked
    park: int | None
    quarter: int | None
    changes: tuple[CellChange, ...]
    withdrawn: Literal["must_include", "signed"] | None = None

    @property
    def restricts(self) -> bool:
        """Forcing is one limit more and takes none away."""
        return self.withdrawn is None


def question(run: Run, candidate: str, park: str | None = None, quarter: str | None = None) -> Question:
    """What to force: a selected candidate out (or to another park or quarter), another one in.

    Args:
        candidate: id, or the exact name of one candidate.
        park: id or exact name: force it there; its own park: force it elsewhere.

    Raises:
        InputError: unknown or ambiguous candidate (R121, R122), park (R123) or quarter (R124); it is in that very quarter
            already (R125). All at once.
    """
    case, problems = run.opened.case, list[Problem]()
    i = _candidate(case, candidate, problems)
    k = None if park is None else _park(case, park, problems)
    t = None if quarter is None else _quarter(case, quarter, problems)
    selected = {firm.candidate_id: firm for firm in run.plan.selected}
    if problems or i is None:
        raise InputError(problems)
    frame = case.candidates
    name, title = str(frame["candidate_id"].iloc[i]), str(frame["name"].iloc[i])
    firm = selected.get(name)
    here = firm is not None and k is not None and str(case.parks["park_id"].iloc[k]) == firm.park_id
    then = firm is not None and t is not None and case.quarters[t] == firm.quarter
    if firm is None or ((k is not None and not here) or (t is not None and not then)):
        return Question(i, name, title, "in", k, t, forced_in(case, i, k, t))
    if t is not None:
        raise refusal("R125", None, "--quarter", f"{name} {quarter}")
    withdrawn: Literal["must_include", "signed"] | None = (
        "signed" if firm.status == "signed" else "must_include" if firm.must_include and k is None else None
    )
    if k is not None:
        fixed = bool(frame["fixed_park"].iloc[i] >= 0)
        changes = forced_elsewhere(case, i, k, signed=firm.status == "signed")
        return Question(i, name, title, "elsewhere", k, None, changes, withdrawn or ("must_include" if fixed else None))
    return Question(i, name, title, "out", None, None, forced_out(firm), withdrawn)


def clash(error: InputError) -> tuple[Problem, ...]:
    """The locks that what is forced contradicts, where nothing else is wrong; otherwise the error itself is raised."""
    if not all(problem.code in LOCKS for problem in error.problems if problem.severity == "error"):
        raise error
    return tuple(problem for problem in error.problems if problem.code in LOCKS)


def solve_forced(run: Run, opened: Opened, programme: Programme, candidate: int, stopping: Stopping, listen: Listener) -> Plan:
    """The plan of ``opened``, which is the run's plan file with ``candidate`` forced, begun from a plan near the run's.

    Raises:
        NoPlan: there is none, none was found in time, or the solver failed.
    """
    begun = time.monotonic()
    start = run.plan
    values = forced(programme, run.plan, candidate, min(MOST_SECONDS, NEAREST * stopping.time_limit))
    if values is not None:
        ended = Termination("time_limit", None, None, 0.0, "nearby")
        start = make_plan(programme, Solution(values, ended), opened.warnings, opened.loaded.folder)
    left = max(stopping.time_limit - (time.monotonic() - begun), LEAST * stopping.time_limit)
    return solve_plan(opened, programme, start, listen, limits=replace(stopping, time_limit=left))


def written(changes: Sequence[CellChange]) -> list[dict[str, object]]:
    """Changes as ``changes`` of plan.yaml takes them."""
    return [one.model_dump(mode="json", exclude_none=True) for one in changes]


def cell(candidate_id: str, column: str, value: str | bool) -> CellChange:
    """One cell of one candidate."""
    return CellChange(table="candidates", where={"candidate_id": candidate_id}, column=column, set=value)


def forced_in(case: Case, i: int, park: int | None = None, quarter: int | None = None) -> tuple[CellChange, ...]:
    """``must_include``, and the park and quarter where they are named."""
    name = str(case.candidates["candidate_id"].iloc[i])
    changes = [cell(name, "must_include", value=True)]
    if park is not None:
        changes.append(cell(name, "fixed_park", str(case.parks["park_id"].iloc[park])))
    if quarter is not None:
        changes.append(cell(name, "fixed_quarter", case.quarters[quarter]))
    return tuple(changes)


def forced_out(firm: Selected) -> tuple[CellChange, ...]:
    """``exclude``, with the lock that holds the firm in the plan withdrawn."""
    return (
        *_unlocked(firm.candidate_id, firm.must_include, firm.status == "signed"),
        cell(firm.candidate_id, "exclude", value=True),
    )


def forced_elsewhere(case: Case, i: int, park: int, signed: bool) -> tuple[CellChange, ...]:
    """The park among those that the firm refuses; where it was fixed there, that is withdrawn."""
    row = case.candidates.iloc[i]
    name, ids = str(row["candidate_id"]), case.parks["park_id"].astype(str)
    refused = [*ids[case.refused[i]], str(ids.iloc[park])]
    preferred = [one for one in ids[case.preferred[i]] if one != str(ids.iloc[park])]
    changes = [*_unlocked(name, must=False, signed=signed), cell(name, "refused_parks", ";".join(refused))]
    if case.preferred[i, park]:
        changes.append(cell(name, "preferred_parks", ";".join(preferred)))
    if row["fixed_park"] >= 0:
        changes.append(cell(name, "fixed_park", ""))
    return tuple(changes)


def _unlocked(name: str, must: bool, signed: bool) -> list[CellChange]:
    return [
        *([cell(name, "must_include", value=False)] if must else []),
        *([cell(name, "status", "negotiating")] if signed else []),
    ]


def _candidate(case: Case, wanted: str, problems: list[Problem]) -> int | None:
    """Position of the candidate of that id, or of the only one of that name."""
    ids = case.candidates["candidate_id"].astype(str).tolist()
    names = case.candidates["name"].astype(str).tolist()
    if wanted in ids:
        return ids.index(wanted)
    found = [i for i, name in enumerate(names) if name == wanted]
    if len(found) == 1:
        return found[0]
    told = [f"{ids[i]}（{names[i]}）" for i in (found or _near(wanted, ids, names))]
    listed = "、".join(told[:SHOWN]) + (" …" if len(told) > SHOWN else "")
    if found:
        problems.append(problem("R122", None, "CANDIDATE", wanted, count=len(found), listed=listed))
    else:
        remedy = Words(f"最接近的是：{listed}", f"nearest: {listed}")
        if not told:
            remedy = Words("请用客商库中的项目编号", "give an id of the table of candidates")
        problems.append(problem("R121", None, "CANDIDATE", wanted, remedy=remedy))
    return None


def _near(wanted: str, ids: Sequence[str], names: Sequence[str]) -> list[int]:
    """Candidates whose id or name is near, then those whose name contains what was asked for; each once."""
    close = [ids.index(one) for one in nearest(wanted, ids)] + [names.index(one) for one in nearest(wanted, names)]
    within = [i for i, name in enumerate(names) if wanted and wanted in name]
    return list(dict.fromkeys([*close, *within]))


def _park(case: Case, wanted: str, problems: list[Problem]) -> int | None:
    ids, names = case.parks["park_id"].astype(str).tolist(), case.parks["name"].astype(str).tolist()
    for known in (ids, names):
        if known.count(wanted) == 1:
            return known.index(wanted)
    listed = "、".join(
        f"{one}（{name}）"
        for one, name in zip(ids, names, strict=True)
        if len(ids) <= 2 * SHOWN or one in nearest(wanted, ids) or name in nearest(wanted, names)
    )
    remedy = Words(f"可用：{listed}", f"there are: {listed}") if listed else Words("请用园区编号", "give the id of a park")
    problems.append(problem("R123", None, "--park", wanted, remedy=remedy))
    return None


def _quarter(case: Case, wanted: str, problems: list[Problem]) -> int | None:
    if wanted in case.quarters:
        return case.quarters.index(wanted)
    problems.append(problem("R124", None, "--quarter", wanted, listed="、".join(case.quarters)))
    return None
