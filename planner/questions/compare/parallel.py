"""The plans of a comparison as jobs: many at once, by processes of this machine or a Dask cluster, with the same code.

A job is plain data; results come as they are done. One job at a time goes to each process: solver libraries share state within
one. A process of this machine ends with its parent, however that ends. Each worker of a cluster is asked first whether it is
fit, and the unfit are named and left out. No machine of a cluster has to see another one's disk: the input files go along as
bytes, the run folder comes back as bytes, and there all stand in the same places to each other, so that every relative path in
the settings, and so every byte of the result, is as at home.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path, PurePath
from platform import python_version
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from planner import __version__
from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.proof import PROOF_FILE
from planner.plan.solving import NoPlan, Teller, quiet, silent, solve_plan
from planner.plan.stored import PLAN_FILE, SEAL_FILE, SETTINGS_FILE, earlier_plan, read_run
from planner.problems import InputError, Place, errors
from planner.publish.console import no_plan_text
from planner.questions.codes import refusal
from planner.questions.compare.record import Outcome
from planner.questions.conflict import Infeasible
from planner.questions.plans import run
from planner.questions.variant import BRIEF
from planner.settings.load import Loaded
from planner.settings.questions import Compare
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener

Given = TypeVar("Given")
Result = TypeVar("Result")
PATHS = ("path", "start", "folder", "home")
"""Fields of a job that are absolute paths of this machine, or None."""
STARTS = (PLAN_FILE, SETTINGS_FILE, SEAL_FILE, PROOF_FILE)
"""What a run is read from as a start, and what it has proved."""
CONNECT = 20.0
"""Seconds within which a cluster has to answer, to have a worker, and each worker to say what it has."""
TICK = 0.05
"""Seconds between two looks at the jobs."""
LOOK = 2.0
"""Seconds between two looks at who is still there."""
TRIES = 2
"""Workers that a job may take with it before the comparison is given up."""
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by our own workers: a terminal sends Ctrl-C to all processes, and it is the caller's to hear."""
LIBRARIES = ("highspy", "ortools", "numpy", "scipy")
"""Their versions decide what a solve comes to."""
QUESTION = (
    "(__import__('planner.api').__version__, __import__('platform').python_version(), "
    f"*map(__import__('importlib.metadata', fromlist=['version']).version, {LIBRARIES!r}))"
)
"""Asked of every worker: text, so that one without the program can answer that it has none."""


@dataclass(frozen=True)
class Job:
    """One plan to be solved, in whatever process: plain data."""

    path: str
    """The plan file."""
    overrides: Mapping[str, object]
    """The command line's settings."""
    scenario: str | None = None
    count: int | None = None
    """Only so many of the scenario's overrides."""
    start: str | None = None
    """The ``plan.json`` to begin from."""
    folder: str | None = None
    """Where to write the run; None: nowhere."""
    home: str | None = None
    """Where the run folder will stand in the end."""


@dataclass(frozen=True)
class Done:
    """What came of it: the text of ``plan.json``, which travels between processes, or ``words`` on why there is none."""

    outcome: Outcome
    text: str | None = None
    words: Words | None = None

    @cached_property
    def plan(self) -> Plan | None:
        """The plan, if there is one."""
        return None if self.text is None else Plan.model_validate_json(self.text)

    @property
    def interrupted(self) -> bool:
        """The user pressed Ctrl-C before it was done, or while it was."""
        return self.outcome == "interrupted" or (self.plan is not None and self.plan.status.reason == "interrupted")


Parcel = tuple[Job, Mapping[str, bytes]]
"""A job with the files that it reads, all paths written without a root."""


def solve_job(job: Job, listen: Listener = silent, tell: Teller = quiet) -> Done:
    """One plan of a comparison, solved in whatever process; every way it can end is a result."""
    try:
        folder = None if job.start is None else Path(job.start).parent
        start = None if folder is None else earlier_plan(read_run(folder), folder)
        if job.folder is not None:
            limits: dict[str, Any] = {"start": start, "scenario": job.scenario, "home": job.home, "near": BRIEF}
            plan = run(job.path, job.folder, job.overrides, listen, tell=tell, **limits).plan
        else:
            plan = solve_plan(open_plan(Path(job.path), job.overrides, job.scenario, job.count), start=start, near=BRIEF)
    except InputError as error:
        wrong = errors(error.problems)
        said = Words("\n".join(problem.say("zh") for problem in wrong), "\n".join(problem.say("en") for problem in wrong))
        return Done("refused", words=said)
    except Infeasible as none:
        return Done("infeasible", words=none.words)
    except NoPlan as none:
        ended = none.solution.termination
        if ended.reason == "infeasible":
            return Done("infeasible")
        said = Words(no_plan_text(ended, "zh"), no_plan_text(ended, "en"))
        return Done("interrupted" if ended.reason == "interrupted" else "no_plan", words=said)
    return Done("plan", plan.to_json())


def input_files(loaded: Loaded) -> tuple[Path, ...]:
    """Every file that a plan or one of its scenarios reads. Files of the shipped content are on every machine."""
    every = [loaded, *(loaded.under(scenario.name) for scenario in loaded.settings.scenarios)]
    paths = {absolute(path) for plan in every for path in (*plan.files, *_data_files(plan))}
    return tuple(sorted(filter(Path.is_file, paths)))


def _data_files(loaded: Loaded) -> Iterator[Path]:
    settings, folder = loaded.settings, loaded.folder
    for sources in settings.tables.values():
        for source in sources:
            yield folder / source.file
    if not settings.tables:  # then tables are found by their names, and names that are nearly right are warned of
        yield from (folder / "data").glob("*")
    if settings.region.boundary is not None:
        boundary = folder / settings.region.boundary
        yield from boundary.parent.glob(f"{boundary.stem}.*")  # a shapefile is several files
    if settings.solve.start is not None:
        start = folder / settings.solve.start
        yield from (start, *(place / name for place in (start, start.parent) for name in STARTS))


def pack(job: Job, files: Mapping[Path, bytes]) -> Parcel:
    """A job with the files it reads, and the plan that it begins from."""
    own = dict(files)
    if job.start is not None:
        begun = (Path(job.start).parent / name for name in STARTS)
        own |= {path: path.read_bytes() for path in begun if path.is_file()}
    paths: dict[str, Any] = {name: None if (path := getattr(job, name)) is None else _rootless(path) for name in PATHS}
    return replace(job, **paths), {_rootless(path): content for path, content in own.items()}


def carry_out(parcel: Parcel) -> tuple[Done, Mapping[str, bytes]]:
    """Do the job on whatever machine: its result, and the files of its run folder."""
    with TemporaryDirectory(prefix="planner-job-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        sent, files = parcel
        unpack(files, root)
        paths: dict[str, Any] = {name: None if (path := getattr(sent, name)) is None else str(root / path) for name in PATHS}
        job = replace(sent, **paths)
        done = solve_job(job)
        if job.folder is None:
            return done, {}
        written = sorted(path for path in Path(job.folder).rglob("*") if path.is_file())
        return done, {path.relative_to(job.folder).as_posix(): path.read_bytes() for path in written}


def unpack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their paths below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def absolute(path: Path) -> Path:
    """The path from the root, no link followed: tables stand beside the link."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _rootless(path: str | PurePath) -> str:
    """An absolute path as one below any folder: without its root, its drive as a folder."""
    whole = PurePath(path)
    drive = whole.drive.strip("\\/").replace(":", "").replace("\\", "/")
    return "/".join(part for part in (drive, *whole.parts[1:]) if part)


def check_backend(told: Compare, place: Place | None) -> None:
    """Raises InputError where the backend asked for is not installed (S308)."""
    if told.backend == "dask" and (find_spec("dask") is None or find_spec("distributed") is None):
        raise refusal("S308", place, "compare.backend", "dask")


def settled(told: Compare, most: int, jobs: int) -> Compare:
    """With the threads of a scenario, and how many of ``jobs`` go at once on this machine. Where the plan does not say: two threads and no more
    than the ``most`` that its own solve has, and no more scenarios than have cores of their own. Those that share cores each have less than
    the base has had, and take longer than one after the other (docs/benchmarks.md, Questions of a run)."""
    threads = told.threads or min(2, most)
    workers = told.workers or (os.cpu_count() or 1) // threads
    return told.model_copy(update={"threads": threads, "workers": max(1, min(workers, jobs))})


def at_once(told: Compare) -> int:
    """How many jobs go at once on this machine."""
    return told.workers or 1


@dataclass(frozen=True)
class _Crew:
    """Who works, each at one job: ``give`` hands one over and returns its future."""

    lanes: tuple[Any, ...]
    give: Callable[..., Any]
    present: Callable[[], frozenset[Any]]
    """Which lanes are still there."""


def run_jobs(
    task: Callable[[Given], Result], jobs: Sequence[Given], told: Compare, place: Place | None = None, tell: Teller = quiet
) -> Iterator[tuple[int, Result]]:
    """The position and result of each job as it is done, until the caller asks to stop; closing the iterator, or Ctrl-C, ends
    those that are not. ``told`` is :func:`settled`.

    Raises:
        InputError: the cluster does not answer (S309), has no worker (S321) or none that is fit (S311); processes died (S322).
    """
    if not jobs:
        return
    start = _processes if told.backend == "joblib" else _cluster
    with start(told, place, tell) as crew:
        waiting, lanes, tries = deque(range(len(jobs))), set(crew.lanes), dict.fromkeys(range(len(jobs)), 0)
        running: dict[Any, tuple[Any, int]] = {}
        looked = time.monotonic()
        while (waiting or running) and not stopped():
            for lane in sorted(lanes - running.keys()):
                if waiting:
                    number = waiting.popleft()
                    tries[number] += 1
                    running[lane] = crew.give(lane, task, jobs[number]), number
            lost = set[Any]()
            if time.monotonic() - looked > LOOK:
                looked, lost = time.monotonic(), lanes - crew.present()
            for lane, (future, number) in list(running.items()):
                if future.done() and getattr(future, "status", "") not in ("cancelled", "lost"):
                    del running[lane]
                    yield number, _result(future, place)
                elif lane in lost or future.done():
                    lost.add(lane)
                    del running[lane]
                    waiting.append(number)
            lanes -= lost
            if waiting and (not lanes or max(tries[number] for number in waiting) > TRIES):
                raise refusal("S322", place, "compare.workers", "、".join(map(str, sorted(lost))))
            time.sleep(TICK)


def _result(future: Any, place: Place | None) -> Any:
    try:
        return future.result()
    except Exception as error:
        if type(error).__name__ in ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker"):
            raise refusal("S322", place, "compare.workers", str(error).split("\n", 1)[0]) from error
        raise


@contextmanager
def _processes(told: Compare, place: Place | None, tell: Teller) -> Iterator[_Crew]:
    """Processes of this machine, gone when the block is left."""
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.backend import get_context

    count = at_once(told)
    pool = ProcessPoolExecutor(count, context=get_context("loky"), initializer=_serve, initargs=(os.getpid(),))
    lanes, finished = tuple(range(count)), False
    try:
        yield _Crew(lanes, lambda lane, task, job: pool.submit(task, job), lambda: frozenset(lanes))
        finished = not stopped()
    finally:
        pool.shutdown(wait=True, kill_workers=not finished)


def _serve(caller: int) -> None:
    """What a process of ours does first. Ctrl-C is the caller's to hear; a solve under way ends with this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(caller,), name="caller", daemon=True).start()


def _end_with(caller: int) -> None:
    """End this process as soon as the one that started it is gone, also when it was killed."""
    if sys.platform == "win32":
        import ctypes

        synchronise, forever = 0x00100000, 0xFFFFFFFF
        handle = ctypes.windll.kernel32.OpenProcess(synchronise, False, caller)
        ctypes.windll.kernel32.WaitForSingleObject(handle, forever)
    else:
        while os.getppid() == caller:
            time.sleep(0.5)
    os._exit(1)


@contextmanager
def _cluster(told: Compare, place: Place | None, tell: Teller) -> Iterator[_Crew]:
    """The workers of the cluster that are fit."""
    from distributed import Client, LocalCluster

    address = told.dask.scheduler
    shown = str(address)
    with ExitStack() as stack:  # what is of our own ends with the block
        cluster: Any = address
        if address is None:
            own = {"n_workers": at_once(told), "threads_per_worker": 1, "processes": True, "preload": DEAF}
            cluster = stack.enter_context(LocalCluster(**own, dashboard_address=":0", silence_logs=50))
        try:
            client = stack.enter_context(Client(cluster, timeout=CONNECT, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise refusal("S309", place, "compare.dask.scheduler", shown) from error
        try:
            client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError as error:
            raise refusal("S321", place, "compare.dask.scheduler", shown, seconds=f"{CONNECT:.0f}") from error
        unfit = {worker: why for worker, answer in _asked(client).items() if (why := unfitness(answer))}
        fit = tuple(worker for worker in client.nthreads() if worker not in unfit)
        for worker, why in unfit.items():
            tell(Words(f"不用工作进程 {worker}：{why.zh}", f"worker {worker} is left out: {why.en}"))
        if not fit:
            causes = "; ".join(f"{worker}: {why.en}" for worker, why in unfit.items())
            raise refusal("S311", place, "compare.dask", causes)
        tell(Words(f"Dask 集群：{len(fit)} 个工作进程合用", f"Dask cluster: {len(fit)} workers are fit"))

        def give(lane: str, task: Callable[[Any], Any], job: Any) -> Any:
            return client.submit(task, job, workers=[lane], allow_other_workers=False, pure=False, retries=0)

        yield _Crew(fit, give, lambda: frozenset(client.nthreads()))


def _asked(client: Any) -> Mapping[str, object]:
    """What each worker says to the question: a tuple, the error it ran into, or None when it says nothing in time."""
    there = {"allow_other_workers": False, "pure": False}
    asked = {worker: client.submit(eval, QUESTION, workers=[worker], **there) for worker in client.nthreads()}
    end = time.monotonic() + CONNECT
    while time.monotonic() < end and not all(future.done() for future in asked.values()):
        time.sleep(TICK)
    return {
        worker: None if not future.done() else future.exception() if future.status == "error" else future.result()
        for worker, future in asked.items()
    }


def unfitness(answer: object) -> Words | None:
    """Why a worker that answers so cannot be used; None when it can: the same program and libraries as here."""
    if answer is None:
        return Words(f"{CONNECT:.0f} 秒内没有回答", f"no answer within {CONNECT:.0f} seconds")
    if not isinstance(answer, tuple):
        return Words(f"不能运行 planner：{answer}", f"it cannot run planner: {answer}")
    names = ("planner", "python", *LIBRARIES)
    here = (__version__, python_version(), *map(version, LIBRARIES))
    other = [
        f"{name} {theirs} ≠ {ours}"
        for name, theirs, ours in zip(names, answer, here, strict=True)
        if (theirs.split(".")[:2] != ours.split(".")[:2] if name == "python" else theirs != ours)
    ]
    return Words("版本不同：" + "，".join(other), "other versions: " + ", ".join(other)) if other else None
