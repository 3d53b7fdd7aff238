"""A plan and its scenarios solved and held against each other; and finished runs held against each other.

The base is solved first; then every scenario, and every step on the way to a scenario of several overrides, from the
base's plan on, all at once and independent of each other: how many go at once changes nothing in the result.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from planner import __version__
from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.solving import Teller, announced
from planner.plan.stored import PLAN_FILE, read_run
from planner.problems import InputError, Place, Problem
from planner.questions.codes import problem, refusal
from planner.questions.compare.jobs import Done, Job, Solved, solve_job
from planner.questions.compare.parallel import check_backend, run_jobs, workers_of
from planner.questions.compare.parcel import carry_out, input_files, pack, unpack
from planner.questions.compare.record import Attribution, Comparison, Entry
from planner.questions.compare.two_plans import attribution, difference, share_candidates
from planner.questions.compare.words import OUTCOMES, override_words
from planner.questions.words import Said
from planner.settings.scenarios import slug
from planner.solvers.protocol import Listener

BASE = Words("基准", "base")
RUNS = "runs"


NOT_SOLVED = Solved(Done("interrupted"), None)


def compare_plan(
    opened: Opened, fresh: Path, home: Path, only: Sequence[str], overrides: Mapping[str, object], listen: Listener, tell: Teller
) -> tuple[Comparison, tuple[Plan, ...]]:
    """Solve the plan and its scenarios, each into a run folder of its own.

    Args:
        opened: the plan itself, all scenarios checked.
        fresh: the folder to write into; ``home`` is what it will be renamed to.
        only: the scenarios wanted; empty: all.
        overrides: the command line's settings.
        listen: hears of the solve of the base, which is done in this process; ``tell`` of each plan as it is done.

    Returns:
        The comparison, and the plans there are, the base first.

    Raises:
        InputError: no such scenario (S305), none at all (S310), or the backend cannot be used (S308, S309).
    """
    loaded = opened.loaded
    told, place = loaded.settings.compare, loaded.place("compare")
    names = _wanted(opened, only)
    check_backend(told, place)
    path = os.path.abspath(loaded.path)  # noqa: PTH100  no link followed: tables stand beside the link
    flags = {key: value for key, value in overrides.items() if not key.startswith("compare.")}
    blank = Job(path, {**flags, "solve.threads": told.threads})
    folders = {name: f"{number:02d}-{slug(name)}" for number, name in enumerate(names, start=1)}

    def into(job: Job, folder: str) -> Job:
        return replace(job, folder=str(fresh.absolute() / RUNS / folder), home=str(home.absolute() / RUNS / folder))

    steps = [(name, count) for name in names for count in _steps(opened, name)]
    solves, seconds = len(names) + len(steps), loaded.settings.solve.time_limit
    tell(announced(1 + solves, seconds * (1 + math.ceil(solves / workers_of(told, solves)))))
    base = solve_job(into(blank, "00-base"), listen, tell).read()
    start = None if base.plan is None else str(fresh.absolute() / RUNS / "00-base" / PLAN_FILE)
    jobs = [replace(into(blank, folders[name]), scenario=name, start=start) for name in names]
    jobs += [replace(blank, scenario=name, count=count, start=start) for name, count in steps]
    found: dict[int, Solved] = {}
    stopped = base.interrupted
    if not stopped:
        found, stopped = _solved(opened, jobs, names, tell)
    partial = {step: found.get(len(names) + number, NOT_SOLVED) for number, step in enumerate(steps)}
    settings = loaded.settings
    results: list[tuple[str, str, Solved, tuple[Words, ...]]] = [(BASE.say(settings.language), "00-base", base, ())]
    for number, name in enumerate(names):
        said = tuple(override_words(opened, one) for one in loaded.overrides(name))
        results.append((name, folders[name], found.get(number, NOT_SOLVED), said))
    entries = [
        _entry(name, f"{RUNS}/{folder}", one, None if one is base else base.plan, said, _between(partial, name))
        for name, folder, one, said in results
    ]
    comparison = Comparison(
        kind="scenarios",
        name=settings.name,
        language=settings.language,
        planner_version=__version__,
        entries=tuple(entries),
        interrupted=stopped,
    )
    return comparison, tuple(one.plan for _, _, one, _ in results if one.plan is not None)


def _solved(opened: Opened, jobs: Sequence[Job], names: Sequence[str], tell: Teller) -> tuple[dict[int, Solved], bool]:
    """The results by position, as far as they came before Ctrl-C; and whether it was pressed. The first are of ``names``."""
    found: dict[int, Solved] = {}
    told = opened.loaded.settings.compare
    try:
        tell(_begin(len(names), len(jobs), workers_of(told, len(jobs)), told.backend))
        for number, done in _finished(opened, jobs, tell):
            one = done.read()
            found[number] = one
            if number < len(names):
                tell(_word(names[number], one))
            if one.interrupted:
                return found, True
    except KeyboardInterrupt:
        return found, True
    return found, len(found) < len(jobs)


def _finished(opened: Opened, jobs: Sequence[Job], tell: Teller) -> Iterator[tuple[int, Done]]:
    """Each job's position and result as it is done; on a cluster, its files brought there and back."""
    loaded = opened.loaded
    told, place = loaded.settings.compare, loaded.place("compare")
    if told.backend != "dask":
        yield from run_jobs(solve_job, jobs, told, place, tell)
        return
    files = {path: path.read_bytes() for path in input_files(loaded)}
    parcels = [pack(solve_job, job, files) for job in jobs]
    for number, (done, returned) in run_jobs(carry_out, parcels, told, place, tell):
        folder = jobs[number].folder
        if folder is not None:
            unpack(returned, Path(folder))
        yield number, done


def _between(partial: Mapping[tuple[str, int], Solved], name: str) -> dict[int, Solved]:
    """The steps on the way to a scenario, by their number of overrides."""
    return {count: one for (scenario, count), one in partial.items() if scenario == name}


def compare_folders(folders: Sequence[Path]) -> tuple[Comparison, tuple[Plan, ...]]:
    """Finished runs, the first of them the base; their data need not be there.

    Raises:
        InputError: one is no run, or was edited (see :func:`planner.plan.stored.read_run`); fewer than two (R110); runs of different plans (R111).
    """
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
    for folder, plan in zip(folders[1:], plans[1:], strict=True):
        if not share_candidates(base, plan):
            problems.append(problem("R111", Place(str(folder)), "RUN", plan.plan.name, base=base.plan.name))
    if problems:
        raise InputError(problems)
    entries = [
        _entry(name, folder.as_posix(), Solved(Done("plan"), plan), None if plan is base else base, (), None)
        for name, folder, plan in zip(_folder_names(folders), folders, plans, strict=True)
    ]
    comparison = Comparison(
        kind="runs", name=base.plan.name, language=base.plan.language, planner_version=__version__, entries=tuple(entries)
    )
    return comparison, tuple(plans)


def _folder_names(folders: Sequence[Path]) -> list[str]:
    """The folders' own names; as they were given where these are not unique."""
    names = [folder.absolute().name for folder in folders]
    return names if len(set(names)) == len(names) else [folder.as_posix() for folder in folders]


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


def _steps(opened: Opened, name: str) -> Iterable[int]:
    """How many overrides each step between the base and the scenario has."""
    return range(1, len(opened.loaded.overrides(name)) if opened.loaded.settings.compare.attribute else 1)


def _chain(base: Plan, last: Plan, size: int, between: Mapping[int, Solved]) -> Attribution:
    """The chain base → … → scenario; overrides that lead to no plan by themselves are taken with the ones after them."""
    plans, steps, waiting = [base], [], list[int]()
    for position in range(size):
        waiting.append(position)
        plan = last if position == size - 1 else between.get(position + 1, NOT_SOLVED).plan
        if plan is not None:
            plans.append(plan)
            steps.append(waiting)
            waiting = []
    complete = not any(between.get(count, NOT_SOLVED).interrupted for count in range(1, size))
    return attribution(plans, steps, complete)


def _entry(
    name: str, run: str, one: Solved, base: Plan | None, said: Sequence[Words], between: Mapping[int, Solved] | None
) -> Entry:
    """One plan; ``between`` are the steps that lead to it from the base, None for a finished run."""
    plan, overrides = one.plan, tuple(Said.of(words) for words in said)
    if plan is None:
        explanation = None if one.done.words is None else Said.of(one.done.words)
        return Entry(name=name, run=None, outcome=one.done.outcome, explanation=explanation, overrides=overrides)
    told = plan.objective
    return Entry(
        name=name,
        run=run,
        seal=plan.seal,
        outcome="plan",
        overrides=overrides,
        status=plan.status,
        value=told.value,
        bound=told.bound,
        gap=told.gap,
        level=told.level,
        levels=told.levels,
        kpis=plan.kpis,
        terms=told.terms,
        difference=None if base is None else difference(base, plan),
        attribution=_chain(base, plan, len(said), between) if base is not None and between is not None else None,
    )


def _begin(scenarios: int, solves: int, workers: int, backend: str) -> Words:
    return Words(
        f"{scenarios} 个情景，共 {solves} 次求解，{f'同时 {workers} 个' if backend == 'joblib' else 'Dask 集群'}",
        f"{scenarios} scenarios, {solves} solves, {f'{workers} at once' if backend == 'joblib' else 'on a Dask cluster'}",
    )


def _word(name: str, one: Solved) -> Words:
    plan = one.plan
    if plan is None:
        ended = OUTCOMES[one.done.outcome]
        return Words(f"情景“{name}”：{ended.zh}", f"scenario “{name}”: {ended.en}")
    value, count = f"{plan.objective.value:,.6g}", plan.kpis.selected
    return Words(f"情景“{name}”：目标值 {value}，{count} 个项目", f"scenario “{name}”: value {value}, {count} projects")
