"""A plan file solved, or explained where there is no plan; and a run from checking to publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from planner.echo.echo import echo
from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened, beside, open_plan
from planner.plan.proof import write_proof
from planner.plan.reference.nearness import Near
from planner.plan.reference.report import change_report
from planner.plan.reopen import run_settings
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, solve_plan
from planner.plan.stored import SETTINGS_FILE, Earlier, earlier_plan
from planner.plan.whole_folder import RUN, default_folder, look_at
from planner.problems import Problem
from planner.programme.build import Programme, build
from planner.publish.changed import changes_text
from planner.publish.echo import echo_text
from planner.publish.proof import nearness_words, quality
from planner.publish.run_folder import refuse_faults, write_run
from planner.questions.explain.arithmetic import at_once
from planner.questions.explain.ask import explain
from planner.questions.explain.text import infeasible
from planner.settings.write import resolved_yaml
from planner.solvers.caller import called
from planner.solvers.process import start_ahead
from planner.solvers.protocol import Listener, Progress, StopSign, never

_LOOKING = Words("没有可行计划，正在查找原因和放宽办法 …", "there is no plan; looking for the conflict and for repairs …")


def solve(
    opened: Opened,
    listen: Listener = silent,
    programme: Programme | None = None,
    start: Plan | Earlier | str | Path | None = None,
    tell: Teller = quiet,
    stop: StopSign = never,
    near: Near = Near(),
) -> Plan:
    """The best plan found within the limits of the settings, verified.

    Args:
        start: an earlier plan to begin from: the plan, its run folder or its ``plan.json`` (a relative path from the
            working directory); in place of ``solve.start``. The plan is never worse than what of it still fits.
        tell: hears in words what became of the start.
        stop: asked now and then, such as ``threading.Event().is_set``; once it says True the solve ends within seconds with the
            best plan so far (``plan.status.reason`` is ``interrupted``) or, where there is none yet, NoPlan.
        near: which of plans equally good.

    Raises:
        planner.problems.InputError: ``start`` names no run that can be read.
        Infeasible: no plan exists.
        NoPlan: none was found in time, or the solver failed.
    """
    programme = programme or build(opened.case, opened.eligible)

    def raise_if_infeasible(known: bool) -> None:
        tell(_LOOKING)
        explanation = explain(opened, programme=programme, known=known)
        if not explanation.feasible:  # a plan that meets every limit outweighs any claim
            raise infeasible(explanation) from None

    with called(stop):
        if at_once(programme):
            raise_if_infeasible(known=False)
        try:
            return solve_plan(opened, programme, start, listen, tell, near=near)
        except NoPlan as none:
            if none.solution.termination.reason == "infeasible":
                raise_if_infeasible(known=True)
            raise


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
    start: Plan | Earlier | str | Path | None = None,
    tell: Teller = quiet,
    scenario: str | None = None,
    home: str | Path | None = None,
    stop: StopSign = never,
    status: str | Path | None = None,
    on: str | date | None = None,
    begun: Callable[[Opened], None] = lambda opened: None,
    finish: Callable[[Opened, Plan], Plan] = lambda opened, plan: plan,
    near: Near = Near(),
) -> Outcome:
    """Check, diagnose, solve, verify and publish into the folder ``out`` (None: one of ``runs/`` beside the plan file).

    ``say`` hears the name of each phase; ``start``, ``tell``, ``stop`` and ``near`` are those of :func:`solve`, ``scenario`` that of
    :func:`planner.plan.open.open_plan`, ``status`` and ``on`` those of :func:`planner.plan.open.with_events`; ``home`` is where the folder will
    stand if it is to be moved; ``begun`` may refuse what was opened, ``finish`` may add to the plan before it is published.

    Raises:
        planner.problems.InputError, Infeasible, NoPlan: as the steps do; nothing is written then. That ``out`` can be
            written is tried before anything else; once there is a plan, no output that fails takes it away.
    """
    target = look_at(default_folder(Path(path)) if out is None else Path(out), RUN, out is not None)
    seconds: dict[str, float] = {}
    log: list[str] = []

    @contextmanager
    def phase(name: str) -> Iterator[None]:
        say(name)
        began = perf_counter()
        yield
        seconds[name] = perf_counter() - began
        log.append(f"{name}: {seconds[name]:.2f} s")

    def heard(progress: Progress) -> None:
        columns = "" if progress.columns is None else f"  columns {progress.columns}"
        log.append(
            f"  {progress.seconds:8.1f} s  {progress.phase}  value {progress.value}  bound {progress.bound}{columns}  {progress.note}".rstrip()
        )
        listen(progress)

    def logged(words: Words) -> None:
        log.append(words.say(settings.language))
        tell(words)

    start_ahead()
    with phase("check"):
        if isinstance(start, (str, Path)):
            overrides = {**(overrides or {}), "solve.start": beside(Path(start), Path(path))}
        opened = open_plan(Path(path), overrides, scenario, status=status, on=on)
        begun(opened)
        settings = opened.loaded.settings
        refuse_faults(settings.publish.outputs, opened)
        written = resolved_yaml(run_settings(opened, Path(home or target.real)), settings.language)
    with phase("build"):
        programme = build(opened.case, opened.eligible)
        rows, columns = programme.matrix.rows.shape
        log.append(f"{rows} rows, {columns} columns, {programme.matrix.rows.nnz} nonzeros")
        for warning in echo(programme, opened.loaded.place).warnings:
            tell(warning.words)
    with phase("solve"):
        tell(announced(max(len(programme.levels), 1), settings.solve.time_limit))
        plan = solve(opened, heard, programme, start if isinstance(start, (Plan, Earlier)) else None, logged, stop, near)
        earlier = start if isinstance(start, Earlier) else earlier_plan(start) if isinstance(start, Plan) else opened.start
        if earlier is not None:
            plan = plan.model_copy(update={"change_report": change_report(programme, earlier, plan)})
        plan = finish(opened, plan)
    with phase("publish"):
        log.append(quality(plan).say(settings.language))
        if kept_near := nearness_words(plan):
            log.append(kept_near.say(settings.language))
        if changed := changes_text(plan, settings.language):
            log += changed.splitlines()
        if plan.status.work is not None:
            log.append(f"work: {plan.status.work} of {settings.solve.work}, solver {plan.status.solver}")
        log += [notice.zh if settings.language == "zh" else notice.en for notice in plan.notices]
        log += echo_text(plan.echo, settings.language).splitlines()
        texts = {SETTINGS_FILE: written, "run.log": "\n".join(log) + "\n"}
        kept = write_run(plan, target, settings.publish.outputs, texts, opened)
        write_proof(kept.folder, programme, kept.plan)
    return Outcome(kept.plan, kept.folder, seconds, kept.failed)
