"""An earlier plan to begin from: found, read, and refused in words when it cannot be used (R2).

What becomes of it in the programme is :mod:`planner.plan.start`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from planner.case.case import Case
from planner.language import Words
from planner.plan.codes import problem
from planner.plan.model import Plan
from planner.plan.stored import PLAN_FILE, read_sealed
from planner.plan.whole_folder import tidy
from planner.problems import InputError, Place, Problem, did_you_mean, nearest

SUBJECT = "solve.start"
FOREIGN = "S304"
"""The code of the warning that an earlier plan has no project in common with this one."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """A plan, what it is called, and the fingerprint of its ``plan.json``."""

    plan: Plan
    run: str
    """Its path as the settings write it; the plan's name when it came as an object."""
    name: str
    """What messages call it: the name of the run folder or file, or the plan's."""
    sha256: str


def earlier_plan(plan: Plan) -> Earlier:
    """A plan in memory as one to begin from."""
    return Earlier(plan, plan.plan.name, plan.plan.name, plan.seal)


def read_earlier(written: str, folder: Path, place: Place | None) -> Earlier:
    """The plan of a run.

    Args:
        written: the run's folder or its ``plan.json``, as a person wrote it.
        folder: what a relative path starts from.
        place: where it is written.

    Raises:
        InputError: there is nothing (S301), no run (S302), or a plan that is not as it was written (S303).
    """
    target = folder / written
    for place_of_runs in (target.parent, target.parent.parent):
        tidy(place_of_runs)
    path = target / PLAN_FILE if target.is_dir() else target
    if not path.is_file():
        raise InputError([_missing(written, target, place)])
    try:
        name = path.absolute().parent.name if path.name == PLAN_FILE else path.name
        plan = read_sealed(path)
    except InputError as error:
        raise InputError([_unreadable(written, place, one) for one in error.problems]) from error
    return Earlier(plan, written, name, plan.seal)


def share_nothing(earlier: Earlier, case: Case, place: Place | None) -> Problem | None:
    """A warning when none of the earlier plan's projects is a candidate any more: most likely another city's plan."""
    ids = {firm.candidate_id for firm in earlier.plan.selected}
    if case.candidates["candidate_id"].isin(ids).any():
        return None
    return problem(FOREIGN, place, SUBJECT, earlier.run, count=len(ids))


def _missing(written: str, target: Path, place: Place | None) -> Problem:
    shown = os.path.abspath(target)  # noqa: PTH100  without .., and no link followed
    if target.is_dir():
        return problem("S302", place, SUBJECT, written, folder=shown)
    remedy = Words(
        "给出 planner run 写出的目录，或其中的 plan.json；不需要起点时删去",
        "name a folder that planner run has written, or its plan.json; or leave it out",
    )
    remedy = did_you_mean(nearest(target.name, _runs_in(target.parent), 1), remedy)
    return problem("S301", place, SUBJECT, written, folder=shown, remedy=remedy)


def _unreadable(written: str, place: Place | None, why: Problem) -> Problem:
    """The problem of the run, as one of the setting that names it."""
    return problem("S303", place, SUBJECT, written, why=why.rule, found=why.found, code=why.code)


def _runs_in(folder: Path) -> list[str]:
    """Run folders in a folder, for a hint."""
    try:
        return sorted(path.name for path in folder.iterdir() if (path / PLAN_FILE).is_file())
    except OSError:
        return []
