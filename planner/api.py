"""What a notebook uses: open a plan file, check it, diagnose its chains, solve it, publish the result.

from planner import api

opened = api.open_plan("data/demo/plan.yaml")
print(api.diagnose(opened).links)
plan = api.solve(opened)
api.publish(plan, "runs/demo")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from planner.chains.diagnosis import Diagnosis
from planner.chains.diagnosis import diagnose as diagnose_case
from planner.insight.infeasible import Conflict
from planner.insight.infeasible import explain as explain_conflict
from planner.language import Words
from planner.plan.model import Plan, read_plan
from planner.plan.open import Opened
from planner.plan.open import open_plan as open_file
from planner.plan.reopen import SETTINGS_FILE, run_settings
from planner.plan.solving import NoPlan, Teller, limits_of, quiet, silent, solve_plan
from planner.problems import Problem
from planner.programme.build import Programme, build
from planner.programme.matrix import Floats, Matrix
from planner.publish.run_folder import check_target, write_run
from planner.publish.sentences import quality
from planner.settings.write import resolved_yaml
from planner.solvers.protocol import Limits, Listener, Progress, Solution
from planner.solvers.run import solve as run_solver

__all__ = [
    "Infeasible", "NoPlan", "Opened", "Outcome", "build_programme", "check", "diagnose", "open_plan", "publish",
    "read_plan", "run", "solve",
]  # fmt: skip


class Infeasible(Exception):  # noqa: N818  an outcome, not a fault
    """No plan exists; ``conflict`` says which limits stand against each other."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        super().__init__("; ".join(words.en for words in conflict.repairs) or "infeasible")


def open_plan(path: str | Path, overrides: Mapping[str, object] | None = None) -> Opened:
    """Read and check a plan file; ``overrides`` are settings by dotted key, ``{"solve.time_limit": 30}``.

    Raises:
        planner.problems.InputError: with every problem at once.
    """
    return open_file(Path(path), overrides)


def check(path: str | Path) -> tuple[Problem, ...]:
    """Every warning of a plan file that can be used.

    Raises:
        planner.problems.InputError: it cannot.
    """
    return open_plan(path).warnings


def diagnose(opened: Opened) -> Diagnosis:
    """Demand, supply, shortage, sources and grade of each link; completeness of each chain."""
    return diagnose_case(opened.case, opened.eligible.candidates)


def build_programme(opened: Opened) -> Programme:
    """The mixed-integer programme."""
    return build(opened.case, opened.eligible)


def solve(
    opened: Opened, listen: Listener = silent, programme: Programme | None = None, start: Plan | str | Path | None = None,
    tell: Teller = quiet,
) -> Plan:  # fmt: skip
    """The best plan found within the limits of the settings, verified.

    Args:
        start: an earlier plan to begin from: the plan, its run folder or its ``plan.json`` (a relative path from the
            working directory); in place of ``solve.start``. The plan is never worse than what of it still fits.
        tell: hears in words what became of the start.

    Raises:
        planner.problems.InputError: ``start`` names no run that can be read.
        Infeasible: no plan exists.
        NoPlan: none was found in time, or the solver failed.
    """
    programme = programme or build_programme(opened)
    try:
        return solve_plan(opened, programme, start, listen, tell)
    except NoPlan as found:
        if found.solution.termination.reason == "infeasible":
            raise Infeasible(explain_conflict(programme, _exactly, limits_of(opened))) from None
        raise


def _exactly(matrix: Matrix, limits: Limits, start: Floats | None) -> Solution:
    return run_solver(matrix, "highs", limits, silent, start)


def publish(
    plan: Plan, folder: str | Path, outputs: Sequence[str] | None = None, texts: Mapping[str, str] | None = None
) -> Path:
    """Write a run folder, whole or not at all; ``texts`` are further files, name → content."""
    wanted = plan.plan.settings["publish"]["outputs"] if outputs is None else outputs
    target = Path(folder)
    write_run(plan, target, tuple(wanted), dict(texts or {}))
    return target


@dataclass(frozen=True)
class Outcome:
    """What :func:`run` leaves: the plan, where it stands, and how long each part took in seconds."""

    plan: Plan
    folder: Path
    seconds: Mapping[str, float]


def run(
    path: str | Path, out: str | Path, overrides: Mapping[str, object] | None = None, listen: Listener = silent,
    say: Callable[[str], None] = lambda phase: None, start: Plan | str | Path | None = None, tell: Teller = quiet,
) -> Outcome:  # fmt: skip
    """Check, diagnose, solve, verify and publish into the folder ``out``. ``say`` hears the name of each phase;
    ``start`` and ``tell`` are those of :func:`solve`, a path standing in the settings of the run from then on.

    Raises:
        planner.problems.InputError, Infeasible, NoPlan: as the steps do; nothing is written then.
    """
    check_target(Path(out))
    seconds: dict[str, float] = {}
    log: list[str] = []

    def timed(phase: str, since: float) -> float:
        now = perf_counter()
        seconds[phase] = now - since
        log.append(f"{phase}: {seconds[phase]:.2f} s")
        return now

    def heard(progress: Progress) -> None:
        columns = "" if progress.columns is None else f"  columns {progress.columns}"
        log.append(
            f"  {progress.seconds:8.1f} s  {progress.phase}  value {progress.value}  bound {progress.bound}{columns}"
        )
        listen(progress)

    def told(words: Words) -> None:
        log.append(words.say(opened.loaded.settings.language))
        tell(words)

    say("check")
    at = perf_counter()
    if isinstance(start, (str, Path)):
        overrides = {**(overrides or {}), "solve.start": _beside(Path(start), Path(path))}
    opened = open_plan(path, overrides)
    at = timed("check", at)
    say("build")
    programme = build_programme(opened)
    rows, columns = programme.matrix.rows.shape
    log.append(f"{rows} rows, {columns} columns, {programme.matrix.rows.nnz} nonzeros")
    at = timed("build", at)
    say("solve")
    plan = solve(opened, heard, programme, start if isinstance(start, Plan) else None, told)
    at = timed("solve", at)
    say("publish")
    settings = opened.loaded.settings
    log.append(quality(plan).say(settings.language))
    if plan.status.work is not None:
        log.append(f"work: {plan.status.work} of {settings.solve.work}, solver {plan.status.solver}")
    log += [problem.say(settings.language) for problem in opened.warnings]
    written = resolved_yaml(run_settings(opened, Path(out)), settings.language)
    texts = {SETTINGS_FILE: written, "run.log": "\n".join(log) + "\n"}
    folder = publish(plan, out, texts=texts)
    timed("publish", at)
    return Outcome(plan, folder, seconds)


def _beside(path: Path, plan_file: Path) -> str:
    """A path as ``plan.yaml`` writes it: relative to the plan file, so that the settings of the run can be moved with it."""
    try:
        return Path(os.path.relpath(path, plan_file.parent)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.absolute().as_posix()
