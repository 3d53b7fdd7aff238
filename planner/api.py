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

from planner.case.chains import Diagnosis
from planner.case.chains import diagnose as diagnose_case
from planner.insight import why as answering
from planner.insight.alternatives import alternatives as find_alternatives
from planner.insight.comparison import Comparison
from planner.insight.frontier import frontier as find_frontier
from planner.insight.importance import importance as rank_firms
from planner.insight.infeasible import Explanation, at_once
from planner.insight.infeasible import explain as explain_conflict
from planner.insight.question import question as ask
from planner.insight.repair import write_repaired
from planner.insight.scenarios import Done, Job, compare_folders, compare_plan
from planner.insight.sensitivity import sensitivity as find_sensitivity
from planner.language import Words
from planner.plan.insights.alternatives import Alternatives
from planner.plan.insights.frontier import Frontier
from planner.plan.insights.importance import Importance
from planner.plan.insights.kept import Answer
from planner.plan.insights.sensitivity import Sensitivity
from planner.plan.insights.why import Why
from planner.plan.model import Plan
from planner.plan.model import read_plan as read_bare_plan
from planner.plan.open import Opened, open_with_scenarios
from planner.plan.open import open_plan as open_file
from planner.plan.reopen import Run, open_run, run_settings
from planner.plan.solving import NoPlan, Teller, announced, limits_of, quiet, silent, solve_plan
from planner.plan.stored import SEAL_FILE, SETTINGS_FILE, read_run, read_sealed
from planner.plan.whole_folder import COMPARISON, FRONTIER, RUN, Target, Whole, default_folder, look_at, whole_folder
from planner.problems import InputError, NotAllWritten, Place, Problem, errors
from planner.programme.build import Programme, build
from planner.publish.comparison import write_comparison
from planner.publish.console import conflict_text, no_plan_text
from planner.publish.frontier_folder import write_frontier
from planner.publish.proof import quality
from planner.publish.run_folder import keep_answers, moved_aside, write_run
from planner.settings.write import resolved_yaml
from planner.solvers.caller import called
from planner.solvers.protocol import Listener, Progress, StopSign, never

__all__ = [
    "Infeasible",
    "NoPlan",
    "NotAllWritten",
    "Opened",
    "Outcome",
    "alternatives",
    "build_programme",
    "check",
    "compare",
    "compare_runs",
    "diagnose",
    "explain",
    "frontier",
    "importance",
    "open_plan",
    "open_run",
    "open_with_scenarios",
    "publish",
    "read_plan",
    "repair",
    "run",
    "sensitivity",
    "solve",
    "why",
    "why_all",
]


_LOOKING = Words(
    "没有可行计划，正在查找原因和放宽办法 …", "there is no plan; looking for the conflict and for repairs …"
)


class Infeasible(Exception):  # noqa: N818  an outcome, not a fault
    """No plan exists; ``conflict`` says which limits stand against each other and what would help."""

    def __init__(self, conflict: Explanation) -> None:
        self.conflict = conflict
        super().__init__(conflict_text(conflict, "en"))


def open_plan(
    path: str | Path,
    overrides: Mapping[str, object] | None = None,
    scenario: str | None = None,
    count: int | None = None,
) -> Opened:
    """Read and check a plan file; ``overrides`` are settings by dotted key, ``{"solve.time_limit": 30}``.

    Args:
        scenario: the name of a scenario of the plan to lay over it; ``count``: only the first so many of its overrides.

    Raises:
        planner.problems.InputError: with every problem at once.
    """
    return open_file(Path(path), overrides, scenario, count)


def check(path: str | Path) -> tuple[Problem, ...]:
    """Every warning of a plan file that can be used, its scenarios too.

    Raises:
        planner.problems.InputError: it cannot, or one of its scenarios cannot.
    """
    return open_with_scenarios(Path(path)).warnings


def diagnose(opened: Opened) -> Diagnosis:
    """Demand, supply, shortage, sources and grade of each link; completeness of each chain."""
    return diagnose_case(opened.case, opened.eligible.candidates)


def read_plan(path: str | Path) -> Plan:
    """The plan in a ``plan.json``, held against the seal beside it, where there is one; without its answers.

    Raises:
        planner.problems.InputError: it was edited, or cannot be read.
        FileNotFoundError, pydantic.ValidationError: a file without a seal that is none, or no plan.
    """
    path = Path(path)
    return read_sealed(path) if path.with_name(SEAL_FILE).is_file() else read_bare_plan(path)


def build_programme(opened: Opened) -> Programme:
    """The mixed-integer programme."""
    return build(opened.case, opened.eligible)


def solve(
    opened: Opened,
    listen: Listener = silent,
    programme: Programme | None = None,
    start: Plan | str | Path | None = None,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Plan:
    """The best plan found within the limits of the settings, verified.

    Args:
        start: an earlier plan to begin from: the plan, its run folder or its ``plan.json`` (a relative path from the
            working directory); in place of ``solve.start``. The plan is never worse than what of it still fits.
        tell: hears in words what became of the start.
        stop: asked now and then, such as ``threading.Event().is_set``; once it says True the solve ends within seconds, as
            after Ctrl-C, with the best plan so far (``plan.status.reason`` is ``interrupted``) or, where there is none yet,
            NoPlan. The same everywhere here; no process is left behind.

    Raises:
        planner.problems.InputError: ``start`` names no run that can be read.
        Infeasible: no plan exists.
        NoPlan: none was found in time, or the solver failed.
    """
    programme = programme or build_programme(opened)
    with called(stop):
        if at_once(programme):
            tell(_LOOKING)
            found = explain(opened, programme=programme)
            if not found.feasible:  # a plan that meets every limit outweighs any claim
                raise Infeasible(found)
        try:
            return solve_plan(opened, programme, start, listen, tell)
        except NoPlan as none:
            if none.solution.termination.reason == "infeasible":
                tell(_LOOKING)
                found = explain(opened, programme=programme, known=True)
                if not found.feasible:
                    raise Infeasible(found) from None
            raise


def explain(
    plan: Opened | str | Path,
    time_limit: float | None = None,
    programme: Programme | None = None,
    known: bool = False,
    listen: Listener = silent,
    stop: StopSign = never,
) -> Explanation:
    """Whether a plan exists, and if none does: what stands against what, and up to some different repairs.

    Args:
        plan: a plan file, or one that is open.
        time_limit: seconds for all of it; None: ``explain.time_limit`` of the settings.
        programme: that of the plan, if it is built already.
        known: a solve has proved that there is none.

    Raises:
        planner.problems.InputError: the plan file cannot be used.
    """
    opened = plan if isinstance(plan, Opened) else open_plan(plan)
    with called(stop, listen):
        return explain_conflict(opened, programme, known, time_limit)


def repair(opened: Opened, found: Explanation, number: int = 1) -> Path:
    """Write the repair of that number beside the plan file, which stays as it is; returns the new plan file.

    Raises:
        planner.problems.InputError: there is no repair of that number (R140), or the file cannot be written (R141).
    """
    shown = Place(opened.loaded.path.name)
    if not 1 <= number <= len(found.repairs):
        rule = Words(f"有 {len(found.repairs)} 个放宽方案", f"there are {len(found.repairs)} repairs")
        raise InputError([Problem("R140", shown, "--apply", str(number), rule, Words("", ""))])
    try:
        return write_repaired(opened, found.repairs[number - 1], opened.loaded.settings.language)
    except OSError as error:
        rule = Words("无法在计划文件旁写出新文件", "no file can be written beside the plan file")
        remedy = Words(
            "检查目录权限，或把工作区复制到别处", "check the folder's permissions, or copy the workspace elsewhere"
        )
        raise InputError([Problem("R141", shown, "--apply", str(error), rule, remedy)]) from error


def publish(
    plan: Plan, folder: str | Path, outputs: Sequence[str] | None = None, texts: Mapping[str, str] | None = None
) -> Path:
    """Write a run folder, whole or not at all; ``texts`` are further files, name → content.

    Raises:
        planner.problems.InputError: something else stands there, or nothing can be written there.
        planner.problems.NotAllWritten: the plan is kept, but some output could not be written.
    """
    wanted = plan.plan.settings["publish"]["outputs"] if outputs is None else outputs
    written = write_run(plan, Path(folder), tuple(wanted), texts or {})
    if written.failed:
        raise NotAllWritten(written.folder, written.failed)
    return written.folder


@dataclass(frozen=True)
class Outcome:
    """What :func:`run` leaves: the plan, where it stands, and how long each part took in seconds."""

    plan: Plan
    folder: Path
    seconds: Mapping[str, float]
    failed: tuple[Problem, ...] = ()
    """Outputs that could not be written, and that ``folder`` is not the one asked for; the plan is kept all the same."""


def run(
    path: str | Path,
    out: str | Path | None = None,
    overrides: Mapping[str, object] | None = None,
    listen: Listener = silent,
    say: Callable[[str], None] = lambda phase: None,
    start: Plan | str | Path | None = None,
    tell: Teller = quiet,
    scenario: str | None = None,
    home: str | Path | None = None,
    stop: StopSign = never,
) -> Outcome:
    """Check, diagnose, solve, verify and publish into the folder ``out`` (None: one of ``runs/`` beside the plan file). ``say`` hears the name of each phase;
    ``start``, ``tell`` and ``stop`` are those of :func:`solve`, a path standing in the settings of the run from then on.
    ``scenario`` is that of :func:`open_plan`; ``home`` is where the folder will stand if it is to be moved.

    Raises:
        planner.problems.InputError, Infeasible, NoPlan: as the steps do; nothing is written then. That ``out`` can be
            written is tried before anything else; once there is a plan, no output that fails takes it away.
    """
    target = look_at(default_folder(Path(path)) if out is None else Path(out), RUN, out is not None)
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
    opened = open_plan(path, overrides, scenario)
    settings = opened.loaded.settings
    written = resolved_yaml(run_settings(opened, Path(home or target.real)), settings.language)
    at = timed("check", at)
    say("build")
    programme = build_programme(opened)
    rows, columns = programme.matrix.rows.shape
    log.append(f"{rows} rows, {columns} columns, {programme.matrix.rows.nnz} nonzeros")
    at = timed("build", at)
    say("solve")
    tell(announced(max(len(programme.levels), 1), opened.loaded.settings.solve.time_limit))
    plan = solve(opened, heard, programme, start if isinstance(start, Plan) else None, told, stop)
    at = timed("solve", at)
    say("publish")
    log.append(quality(plan).say(settings.language))
    if plan.status.work is not None:
        log.append(f"work: {plan.status.work} of {settings.solve.work}, solver {plan.status.solver}")
    log += [problem.say(settings.language) for problem in opened.warnings]
    texts = {SETTINGS_FILE: written, "run.log": "\n".join(log) + "\n"}
    kept = write_run(plan, target, settings.publish.outputs, texts)
    timed("publish", at)
    return Outcome(kept.plan, kept.folder, seconds, kept.failed)


def _beside(path: Path, plan_file: Path) -> str:
    """A path as ``plan.yaml`` writes it: relative to the plan file, so that the settings of the run can be moved with it."""
    try:
        return Path(os.path.relpath(path, plan_file.parent)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.absolute().as_posix()


def compare(
    path: str | Path,
    out: str | Path,
    overrides: Mapping[str, object] | None = None,
    only: Sequence[str] = (),
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Comparison:
    """Solve a plan and its scenarios, each from the plan's own result on, and hold them against it, into the folder ``out``:
    ``compare.json``, ``compare.xlsx`` and ``runs/``, a run folder for each.

    Args:
        overrides: settings by dotted key, such as ``{"compare.workers": 4, "compare.backend": "dask"}``.
        only: names of the scenarios wanted; empty: all. ``listen`` hears the base's progress, ``tell`` each result.
        stop: as in :func:`solve`; what is not solved by then is left out.

    Raises:
        planner.problems.InputError: with every problem of the plan and of its scenarios. A scenario without a plan does not
            raise: its entry says why there is none.
    """
    target = look_at(Path(out), COMPARISON)
    with whole_folder(target) as whole, called(stop):
        opened, flags = open_with_scenarios(Path(path), overrides), dict(overrides or {})
        found, plans = compare_plan(
            opened, solve_job, whole.fresh, target.real, only, flags, lambda job: solve_job(job, listen, tell), tell
        )
        failed = write_comparison(found, plans, whole.fresh)
    _all_written(target, whole, failed)
    return found


def _all_written(target: Target, whole: Whole, failed: Sequence[Problem]) -> None:
    """Raises NotAllWritten if anything failed, or the folder stands elsewhere than asked."""
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def compare_runs(folders: Sequence[str | Path], out: str | Path | None = None) -> Comparison:
    """Hold finished runs of one plan against the first of them; their data need not be there. ``out`` as in :func:`compare`.

    Raises:
        planner.problems.InputError: a folder is no run or was edited, or the runs are of different plans.
    """
    found, plans = compare_folders([Path(folder) for folder in folders])
    if out is not None:
        target = look_at(Path(out), COMPARISON)
        with whole_folder(target) as whole:
            failed = write_comparison(found, plans, whole.fresh)
        _all_written(target, whole, failed)
    return found


def solve_job(job: Job, listen: Listener = silent, tell: Teller = quiet) -> Done:
    """One plan of a comparison, solved in whatever process; every way it can end is a result."""
    try:
        start = None if job.start is None else read_run(Path(job.start).parent).plan
        if job.folder is not None:
            done = run(
                job.path,
                job.folder,
                job.overrides,
                listen,
                start=start,
                tell=tell,
                scenario=job.scenario,
                home=job.home,
            )
            plan = done.plan
        else:
            plan = solve_plan(open_plan(job.path, job.overrides, job.scenario, job.count), start=start)
    except InputError as error:
        wrong = errors(error.problems)
        said = Words("\n".join(one.say("zh") for one in wrong), "\n".join(one.say("en") for one in wrong))
        return Done("refused", None, said)
    except Infeasible as found:
        return Done("infeasible", None, Words(conflict_text(found.conflict, "zh"), conflict_text(found.conflict, "en")))
    except NoPlan as found:
        ended = found.solution.termination
        if ended.reason == "infeasible":
            return Done("infeasible")
        said = Words(no_plan_text(ended, "zh"), no_plan_text(ended, "en"))
        return Done("interrupted" if ended.reason == "interrupted" else "no_plan", None, said)
    return Done("plan", plan.to_json())


def why(
    run: Run,
    candidate: str,
    park: str | None = None,
    quarter: str | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    out: str | Path | None = None,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Why:
    """Why a candidate is in the plan of a run or what it would cost to force it in, kept in the run folder.

    Args:
        run: from :func:`open_run`.
        candidate: id or exact name; ``park`` (id or name) and ``quarter`` say where and when it is to be forced.
        time_limit: seconds; None: that of the run's settings.
        out: write the forced plan there as a run folder of its own.
        tell: hears what could not be written.

    Raises:
        planner.problems.InputError: no such candidate, park or quarter, or nothing can be written to ``out``.
        NoPlan: no plan was found in time.
    """
    target = None if out is None else look_at(Path(out), RUN)
    limits = answering.with_time(limits_of(run.opened), time_limit)
    tell(announced(1, limits.time_limit))
    with called(stop, listen):
        found = answering.answer(run, ask(run, candidate, park, quarter), limits, listen)
    _keep(run, (found.why,), tell)
    if target is not None and found.plan is not None and found.opened is not None:
        settings = resolved_yaml(run_settings(found.opened, target.real), found.plan.plan.language)
        wanted = found.plan.plan.settings["publish"]["outputs"]
        _told(write_run(found.plan, target, wanted, {SETTINGS_FILE: settings}).failed, tell)
    return found.why


def why_all(
    run: Run, time_limit: float | None = None, tell: Teller = quiet, listen: Listener = silent, stop: StopSign = never
) -> tuple[Why, ...]:
    """:func:`why` for every candidate that is not selected, ``time_limit`` seconds each; kept in the run folder.

    One for which no plan was found in time is left out. ``tell`` hears how far it is.
    """
    limits = answering.with_time(limits_of(run.opened), time_limit)
    count, answers = len(run.plan.not_selected), list[Why]()
    tell(announced(count, count * limits.time_limit))
    try:
        with called(stop, listen):
            for found in answering.why_all(run, limits, listen=listen):
                answers.append(found)
                tell(
                    Words(
                        f"{len(answers)}/{count} {found.candidate_id}", f"{len(answers)}/{count} {found.candidate_id}"
                    )
                )
    finally:  # what is answered is kept, also when Ctrl-C ends the rest
        _keep(run, answers, tell)
    return tuple(answers)


def importance(
    run: Run,
    time_limit: float | None = None,
    total: float | None = None,
    quick: bool = False,
    tell: Teller = quiet,
    listen: Listener = silent,
    stop: StopSign = never,
) -> Importance:
    """What it would cost to do without each selected firm, or bounds on it; kept in the run folder.

    Args:
        time_limit: seconds for each firm; None: that of the run's settings. ``total``: for all of them.
        quick: no firm is planned without anew; the figures are then upper bounds.
    """

    def heard(done: int, of: int, name: str) -> None:
        tell(Words(f"{done}/{of} {name}", f"{done}/{of} {name}"))

    limits, count = answering.with_time(limits_of(run.opened), time_limit), len(run.plan.selected)
    if not quick:
        most = count * limits.time_limit
        tell(announced(count, most if total is None else min(total, most)))
    with called(stop, listen):
        found = rank_firms(run, limits, total, quick, heard, listen)
    _keep(run, (found,), tell)
    return found


def _keep(run: Run, answers: Sequence[Answer], tell: Teller) -> None:
    """The answers in the run folder; what could not be kept is told."""
    _told(keep_answers(run.folder, run.plan, answers), tell)


def _told(problems: Sequence[Problem], tell: Teller) -> None:
    for problem in problems:
        tell(Words(problem.say("zh"), problem.say("en")))


def sensitivity(
    run: Run, time_limit: float | None = None, listen: Listener = silent, tell: Teller = quiet, stop: StopSign = never
) -> Sensitivity:
    """What more of each fund, resource and team is worth, by solving the promising ones; kept in the run folder.

    Args:
        run: from :func:`open_run`; how much more, and how many are solved, say its settings (``sensitivity``).
        time_limit: seconds of each solve; None: ``sensitivity.time_limit``.
        tell: hears which one is being solved.
    """
    asked = run.opened.loaded.settings.sensitivity
    # The run's own plan is solved once more where it was not proved.
    count = asked.most + (not run.plan.status.proved)
    tell(announced(count, count * (time_limit or asked.time_limit)))
    with called(stop, listen):
        found = find_sensitivity(run, time_limit, listen, tell)
    _keep(run, (found,), tell)
    return found


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
    """Up to ``count`` plans worth at least (1 − ``within``) of the run's, any two ``differ`` or more projects apart; kept in the
    run folder.

    Raises:
        planner.problems.InputError: an argument out of range.
    """
    tell(announced(count, count * (time_limit or limits_of(run.opened).time_limit)))
    with called(stop, listen):
        found = find_alternatives(run, within, differ, count, time_limit, listen, tell)
    _keep(run, (found,), tell)
    return found


def frontier(
    opened: Opened,
    terms: Sequence[str],
    points: int = 9,
    out: str | Path | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> tuple[Frontier, tuple[Plan, ...]]:
    """The frontier between two objective terms and the plan of each of its points.

    Args:
        points: how many to look for, the two ends counted.
        out: a folder for ``frontier.json``, ``frontier.xlsx`` and a run folder of each point; None: nothing is written.
        time_limit: seconds of each solve; None: that of the settings.

    Raises:
        planner.problems.InputError: no such terms, a number of points that means nothing, or ``out`` holds something else.
        Infeasible: no plan exists.
        NoPlan: the ends were not found in time.
    """
    target = None if out is None else look_at(Path(out), FRONTIER)
    # Each end has two levels, and the first may be solved once more.
    tell(announced(points + 1, (points + 4) * (time_limit or limits_of(opened).time_limit)))
    try:
        with called(stop, listen):
            told, found = find_frontier(opened, terms, points, time_limit, listen, tell)
    except NoPlan as none:
        if none.solution.termination.reason == "infeasible":
            raise Infeasible(explain(opened, known=True)) from None
        raise
    if target is not None:
        folder, failed = write_frontier(told, [(one.opened, one.plan) for one in found], target)
        if failed:
            raise NotAllWritten(folder, failed)
    return told, tuple(one.plan for one in found)
