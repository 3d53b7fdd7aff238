"""What a notebook uses: open a plan file, check it, diagnose its chains, solve it, publish the result.

from planner import api

opened = api.open_plan("data/demo/plan.yaml")
print(api.diagnose(opened).links)
plan = api.solve(opened)
api.publish(plan, "runs/demo")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from planner.chains.diagnosis import Diagnosis
from planner.chains.diagnosis import diagnose as diagnose_case
from planner.insight.infeasible import Conflict
from planner.insight.infeasible import explain as explain_conflict
from planner.plan.build import make_plan
from planner.plan.model import Plan, read_plan
from planner.plan.open import Opened
from planner.plan.open import open_plan as open_file
from planner.problems import Problem
from planner.programme.build import Programme, build
from planner.programme.matrix import Floats, Matrix
from planner.publish.run_folder import check_target, write_run
from planner.settings.write import resolved_yaml
from planner.solvers.levels import solve_levels
from planner.solvers.protocol import Limits, Listener, Progress, Solution, Termination
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


class NoPlan(Exception):  # noqa: N818  an outcome, not a fault
    """The solver ended without a plan; ``solution`` says why."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        super().__init__(f"{solution.termination.reason}: {solution.termination.detail}")


def silent(_: Progress) -> None:
    """A listener that does nothing."""


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


def solve(opened: Opened, listen: Listener = silent, programme: Programme | None = None) -> Plan:
    """The best plan found within the limits of the settings, verified.

    Raises:
        Infeasible: no plan exists.
        NoPlan: none was found in time, or the solver failed.
    """
    told = opened.loaded.settings.solve
    limits = Limits(told.time_limit, told.gap, told.threads, told.seed)
    programme = programme or build_programme(opened)
    ends: tuple[Termination, ...]
    if opened.case.settings.objective.levels:
        levels = [(level.objective, level.offset, level.tolerance) for level in programme.levels]
        solution, ends = solve_levels(programme.matrix, levels, told.solver, limits, listen)
    else:
        ends = ()
        solution = run_solver(programme.matrix, told.solver, limits, listen)
    if solution.termination.reason == "infeasible":
        raise Infeasible(explain_conflict(programme, _exactly, limits))
    if solution.values is None:
        raise NoPlan(solution)
    return make_plan(programme, solution, opened.warnings, opened.loaded.folder, ends)


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
    say: Callable[[str], None] = lambda phase: None,
) -> Outcome:  # fmt: skip
    """Check, diagnose, solve, verify and publish into the folder ``out``. ``say`` hears the name of each phase.

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
        log.append(f"  {progress.seconds:8.1f} s  {progress.phase}  value {progress.value}  bound {progress.bound}")
        listen(progress)

    say("check")
    at = perf_counter()
    opened = open_plan(path, overrides)
    at = timed("check", at)
    say("build")
    programme = build_programme(opened)
    rows, columns = programme.matrix.rows.shape
    log.append(f"{rows} rows, {columns} columns, {programme.matrix.rows.nnz} nonzeros")
    at = timed("build", at)
    say("solve")
    plan = solve(opened, heard, programme)
    at = timed("solve", at)
    say("publish")
    settings = opened.loaded.settings
    log += [problem.say(settings.language) for problem in opened.warnings]
    texts = {"settings.yaml": resolved_yaml(settings, settings.language), "run.log": "\n".join(log) + "\n"}
    folder = publish(plan, out, texts=texts)
    timed("publish", at)
    return Outcome(plan, folder, seconds)
