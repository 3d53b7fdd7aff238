"""The plan that a command speaks of: that of a run it is told, or the one in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.problems import Problem
from planner.tracking.codes import problem

if TYPE_CHECKING:
    from planner.case.case import Case
    from planner.plan.model import Plan

FromRun = Annotated[
    Path | None,
    typer.Option("--from", metavar="RUN", help="运行目录；省略即最新批准的计划 / a run folder; left out: the newest approved plan"),
]


def plan_in_force(path: Path, name: str, run: Path | None) -> Plan:
    """The plan of the folder ``run`` or, where none is told, the newest approved one of that name beside the plan file, with what was
    signed of it. Raises InputError: neither is there, or it cannot be read."""
    from planner.plan.versions import approved_run, read_version

    return (read_version(run) if run is not None else approved_run(path, name)).signed


def plan_if_any(path: Path, name: str, run: Path | None) -> Plan | None:
    """The same; None where no run is told and no plan is approved. Raises InputError: it cannot be read."""
    from planner.plan.versions import approved, read_version

    version = read_version(run) if run is not None else approved(path, name)
    return None if version is None else version.signed


def of_other_projects(plan: Plan | None, case: Case) -> list[Problem]:
    """What is wrong with a plan that selects projects of which none is a candidate of the case: nothing here is about it (B106)."""
    chosen = set() if plan is None else {firm.candidate_id for firm in plan.selected}
    return (
        [problem("B106", None, "--from", plan.short_seal)]
        if plan and chosen.isdisjoint(case.candidates["candidate_id"]) and chosen
        else []
    )


def begun_from(path: Path, run: Path | None) -> dict[str, object]:
    """Overrides of a plan file that let the plan say where a deal has signed that no row places: the folder ``run`` or, where none is told,
    that of the newest approved plan of its name, as the earlier plan. Raises InputError: what somebody signed cannot be read."""
    from planner.plan.open import beside
    from planner.plan.versions import approved
    from planner.settings.load import read_settings

    if run is None:
        version = approved(path, read_settings(path).settings.name)
        run = None if version is None else version.folder
    return {} if run is None else {"solve.start": beside(run, path)}
