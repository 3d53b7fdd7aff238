"""A plan and its scenarios solved and held against each other, and finished runs: into ``compare.json`` and ``compare.xlsx``.

The base is solved first; then every scenario, and every step on the way to a scenario of several overrides, from the
base's plan on, all at once and independent of each other: how many go at once changes nothing in the result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from planner import __version__
from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened, open_with_scenarios
from planner.plan.solving import Teller, announced, quiet, silent
from planner.plan.stored import PLAN_FILE, read_run
from planner.plan.whole_folder import COMPARISON, Target, Whole, look_at, whole_folder
from planner.problems import InputError, NotAllWritten, Place, Problem
from planner.publish.run_folder import moved_aside, write_each
from planner.questions.codes import problem, refusal
from planner.questions.compare import parallel
from planner.questions.compare.parallel import Done, Job
from planner.questions.compare.record import Attribution, Comparison, Entry
from planner.questions.compare.text import OUTCOMES, override_words
from planner.questions.compare.two_plans import difference, effect, share_candidates
from planner.settings.questions import Compare, slug
from planner.solvers.caller import called, caller
from planner.solvers.process import ctrl_c
from planner.solvers.protocol import Listener, StopSign, never

BOOK_FILE, RUNS, BASE_RUN = "compare.xlsx", "runs", "00-base"
BASE = Words("基准", "base")
NOT_SOLVED = Done("interrupted")


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
        stop: as in :func:`planner.api.solve`; what is not solved by then is left out.

    Raises:
        planner.problems.InputError: with every problem of the plan and of its scenarios; no such scenario (S305), none at all
            (S310), no such backend (S308, S309). A scenario without a plan does not raise: its entry says why.
    """
    target = look_at(Path(out), COMPARISON)
    with whole_folder(target) as whole, called(stop):
        opened, flags = open_with_scenarios(Path(path), overrides), dict(overrides or {})
        comparison, plans = _compare_plan(opened, whole.fresh, target.real, only, flags, listen, tell)
        failed = _write(comparison, plans, whole.fresh)
    _all_written(target, whole, failed)
    return comparison


def compare_runs(folders: Sequence[str | Path], out: str | Path | None = None) -> Comparison:
    """Hold finished runs of one plan against the first of them; their data need not be there. ``out`` as in :func:`compare`.

    Raises:
        planner.problems.InputError: a folder is no run or was edited, there is one alone (R110), or the runs are of different
            plans (R111).
    """
    comparison, plans = _compare_folders([Path(folder) for folder in folders])
    if out is not None:
        target = look_at(Path(out), COMPARISON)
        with whole_folder(target) as whole:
            failed = _write(comparison, plans, whole.fresh)
        _all_written(target, whole, failed)
    return comparison


def _all_written(target: Target, whole: Whole, failed: Sequence[Problem]) -> None:
    """Raises NotAllWritten if anything failed, or the folder stands elsewhere than asked."""
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def _write(comparison: Comparison, plans: Sequence[Plan], folder: Path) -> tuple[Problem, ...]:
    """Both files into a folder (without any plan there is nothing to fill a workbook with); that the workbook failed, if so."""
    from planner.questions.compare.sheet import write_comparison_book

    (folder / COMPARISON.file).write_text(comparison.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    return write_each({BOOK_FILE: partial(write_comparison_book, comparison, plans)} if plans else {}, folder)


def _compare_plan(
    opened: Opened, fresh: Path, home: Path, only: Sequence[str], flags: Mapping[str, object], listen: Listener, tell: Teller
) -> tuple[Comparison, tuple[Plan, ...]]:
    """The plan and its scenarios, each solved into a folder of ``fresh``, which will be ``home``; the plans, the base first."""
    loaded, settings = opened.loaded, opened.loaded.settings
    names = _wanted(opened, only)
    parallel.check_backend(settings.compare, loaded.place("compare"))
    folders = {name: f"{number:02d}-{slug(name)}" for number, name in enumerate(names, start=1)}

    def into(folder: str) -> dict[str, Any]:
        return {"folder": str(fresh.absolute() / RUNS / folder), "home": str(home.absolute() / RUNS / folder)}

    overrides = {name: loaded.overrides(name) for name in names}
    traced = names if settings.compare.attribute else []
    steps = [(name, count) for name in traced for count in range(1, len(overrides[name]))]
    solves = len(names) + len(steps)
    told = parallel.settled(settings.compare, settings.solve.threads, solves)
    own = {key: value for key, value in flags.items() if not key.startswith("compare.")}
    blank = Job(str(parallel.absolute(loaded.path)), {**own, "solve.threads": told.threads})
    rounds = 1 + math.ceil(solves / parallel.at_once(told))
    tell(announced(1 + solves, settings.solve.time_limit * rounds))
    base = parallel.solve_job(replace(blank, overrides=own, **into(BASE_RUN)), listen, tell)  # alone, so on all its threads
    start = None if base.plan is None else str(fresh.absolute() / RUNS / BASE_RUN / PLAN_FILE)
    jobs = [replace(blank, scenario=name, start=start, **into(folders[name])) for name in names]
    jobs += [replace(blank, scenario=name, start=start, count=count) for name, count in steps]
    solved: dict[tuple[str | None, int | None], Done] = {}
    finished = not base.interrupted and _solve_all(opened, told, jobs, solved, tell)
    entries, plans = [_entry(BASE.say(settings.language), f"{RUNS}/{BASE_RUN}", base, base.plan, None)], [base.plan]
    for name, several in overrides.items():
        done = solved.get((name, None), NOT_SOLVED)
        chain = [*(solved.get((name, count), NOT_SOLVED) for count in range(1, len(several))), done][: len(several)]
        causes = None if base.plan is None or done.plan is None else _causes(base.plan, chain)
        said = tuple(override_words(opened, override) for override in several)
        entry = _entry(name, f"{RUNS}/{folders[name]}", done, done.plan, base.plan)
        entries.append(entry.model_copy(update={"overrides": said, "attribution": causes}))
        plans.append(done.plan)
    comparison = Comparison(
        kind="scenarios",
        name=settings.name,
        language=settings.language,
        planner_version=__version__,
        entries=tuple(entries),
        interrupted=not finished,
    )
    return comparison, tuple(plan for plan in plans if plan is not None)


def _solve_all(
    opened: Opened, told: Compare, jobs: Sequence[Job], solved: dict[tuple[str | None, int | None], Done], tell: Teller
) -> bool:
    """Put each result into ``solved`` by its scenario and number of overrides, as it comes; whether all came before Ctrl-C."""
    scenarios = sum(job.count is None for job in jobs)
    where = Words("Dask 集群", "on a Dask cluster")
    if told.backend == "joblib":
        where = Words(f"同时 {parallel.at_once(told)} 个", f"{parallel.at_once(told)} at once")
    begin = Words("{scenarios} 个情景，共 {solves} 次求解，{where}", "{scenarios} scenarios, {solves} solves, {where}")
    around = caller().stop
    # A press is noted and asked about: as an exception it may be raised where a library of the pool swallows it, and be lost.
    with ctrl_c() as presses, called(stop=lambda: bool(presses) or around()):
        tell(begin.fill(scenarios=scenarios, solves=len(jobs), where=where))
        for number, done in _results(opened, told, jobs, tell):
            job = jobs[number]
            solved[job.scenario, job.count] = done
            if job.count is None:
                ended = OUTCOMES[done.outcome]
                if done.plan is not None:
                    value, selected = f"{done.plan.objective.value:,.6g}", done.plan.kpis.selected
                    ended = Words(f"目标值 {value}，{selected} 个项目", f"value {value}, {selected} projects")
                tell(Words(f"情景“{job.scenario}”：{ended.zh}", f"scenario “{job.scenario}”: {ended.en}"))
            if done.interrupted:
                return False
    return len(solved) == len(jobs)


def _results(opened: Opened, told: Compare, jobs: Sequence[Job], tell: Teller) -> Iterator[tuple[int, Done]]:
    """Each job's position and result as it is done; on a cluster, its files brought there and back."""
    loaded = opened.loaded
    place = loaded.place("compare")
    if told.backend != "dask":
        yield from parallel.run_jobs(parallel.solve_job, jobs, told, place, tell)
        return
    files = {path: path.read_bytes() for path in parallel.input_files(loaded)}
    for number, (done, returned) in parallel.run_jobs(
        parallel.carry_out, [parallel.pack(job, files) for job in jobs], told, place, tell
    ):
        if (folder := jobs[number].folder) is not None:
            parallel.unpack(returned, Path(folder))
        yield number, done


def _wanted(opened: Opened, only: Sequence[str]) -> list[str]:
    names = [scenario.name for scenario in opened.loaded.settings.scenarios]
    problems: list[Problem] = []
    for name in only:
        try:
            opened.loaded.overrides(name)
        except InputError as error:
            problems += error.problems
    if not names:
        problems.append(problem("S310", opened.loaded.place("scenarios"), "scenarios"))
    if problems:
        raise InputError(problems)
    return [name for name in names if not only or name in only]


def _causes(base: Plan, chain: Sequence[Done]) -> Attribution:
    """What each override brings; ``chain`` is what came of the first alone, of the first two, and so on to the scenario."""
    effects, before, waiting = [], base, list[int]()
    for position, done in enumerate(chain):
        waiting.append(position)
        if done.plan is not None:  # what leads to no plan by itself is taken with what comes after it
            effects.append(effect(base, before, done.plan, waiting))
            before, waiting = done.plan, []
    return Attribution(effects=tuple(effects), complete=not any(done.interrupted for done in chain[:-1]))


def _compare_folders(folders: Sequence[Path]) -> tuple[Comparison, tuple[Plan, ...]]:
    """Finished runs, the first of them the base; their data need not be there."""
    problems: list[Problem] = []
    plans: list[Plan] = []
    for folder in folders:
        try:
            plans.append(read_run(folder))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if len(plans) < 2:
        raise refusal("R110", Place(str(folders[0])), "RUN", folders[0].name)
    base = plans[0]
    problems += [
        problem("R111", Place(str(folder)), "RUN", plan.plan.name, base=base.plan.name)
        for folder, plan in zip(folders, plans, strict=True)
        if plan is not base and not share_candidates(base, plan)
    ]
    if problems:
        raise InputError(problems)
    names = [folder.absolute().name for folder in folders]
    if len(set(names)) < len(names):
        names = [folder.as_posix() for folder in folders]
    entries = tuple(
        _entry(name, folder.as_posix(), Done("plan"), plan, None if plan is base else base)
        for name, folder, plan in zip(names, folders, plans, strict=True)
    )
    head = base.plan
    comparison = Comparison(kind="runs", name=head.name, language=head.language, planner_version=__version__, entries=entries)
    return comparison, tuple(plans)


def _entry(name: str, run: str, done: Done, plan: Plan | None, base: Plan | None) -> Entry:
    """One plan, or why there is none, against the base (None: it is the base, or that has no plan)."""
    if plan is None:
        return Entry(name=name, run=None, outcome=done.outcome, explanation=done.words)
    proof = {key: getattr(plan.objective, key) for key in ("value", "bound", "gap", "level", "levels", "terms")}
    against = None if base is None else difference(base, plan)
    own: dict[str, Any] = {"seal": plan.seal, "status": plan.status, "kpis": plan.kpis, **proof}
    return Entry(name=name, run=run, outcome="plan", difference=against, **own)
