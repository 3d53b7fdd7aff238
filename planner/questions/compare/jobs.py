"""One plan of a comparison as a job for whatever process, of this machine or of another one.

To another machine its input files go along as bytes, and the run folder comes back as bytes: no machine of a cluster has to see
another one's disk. There the files stand under a folder of their own in the same places to each other, so that every relative
path in the settings, and so every byte of the result, is as at home.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.solving import NoPlan, Teller, quiet, silent, solve_plan
from planner.plan.stored import PLAN_FILE, SEAL_FILE, SETTINGS_FILE, read_run
from planner.problems import InputError, errors
from planner.publish.console import no_plan_text
from planner.questions.compare.record import Outcome
from planner.questions.plans import run
from planner.questions.variant import Infeasible
from planner.settings.load import Loaded
from planner.solvers.protocol import Listener

PATHS = ("path", "start", "folder", "home")
"""Fields of a job that are absolute paths of this machine, or None."""
SEALED = (PLAN_FILE, SETTINGS_FILE, SEAL_FILE)
"""What a run is read from as a start."""


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
    """What came of it."""

    outcome: Outcome
    text: str | None = None
    """``plan.json``, which is what travels between processes."""
    words: Words | None = None
    """Why there is no plan."""

    @cached_property
    def plan(self) -> Plan | None:
        """The plan, if there is one."""
        return None if self.text is None else Plan.model_validate_json(self.text)

    @property
    def interrupted(self) -> bool:
        """The user pressed Ctrl-C before it was done, or while it was."""
        return self.outcome == "interrupted" or (self.plan is not None and self.plan.status.reason == "interrupted")


@dataclass(frozen=True)
class Parcel:
    """A job with the files that it reads, all paths written without a root."""

    job: Job
    files: Mapping[str, bytes]


def solve_job(job: Job, listen: Listener = silent, tell: Teller = quiet) -> Done:
    """One plan of a comparison, solved in whatever process; every way it can end is a result."""
    try:
        start = None if job.start is None else read_run(Path(job.start).parent)
        if job.folder is not None:
            plan = run(
                job.path, job.folder, job.overrides, listen, start=start, tell=tell, scenario=job.scenario, home=job.home
            ).plan
        else:
            plan = solve_plan(open_plan(Path(job.path), job.overrides, job.scenario, job.count), start=start)
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
    return tuple(sorted(path for path in paths if path.is_file()))


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
        yield from (start, *(place / name for place in (start, start.parent) for name in SEALED))


def pack(job: Job, files: Mapping[Path, bytes]) -> Parcel:
    """A job with the files it reads, and the plan that it begins from."""
    own = dict(files)
    if job.start is not None:
        begun = (Path(job.start).parent / name for name in SEALED)
        own |= {path: path.read_bytes() for path in begun if path.is_file()}
    paths: dict[str, Any] = {name: None if (path := getattr(job, name)) is None else _rootless(path) for name in PATHS}
    return Parcel(replace(job, **paths), {_rootless(path): content for path, content in own.items()})


def carry_out(parcel: Parcel) -> tuple[Done, Mapping[str, bytes]]:
    """Do the job on whatever machine: its result, and the files of its run folder."""
    with TemporaryDirectory(prefix="planner-job-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        unpack(parcel.files, root)
        paths: dict[str, Any] = {name: None if (path := getattr(parcel.job, name)) is None else str(root / path) for name in PATHS}
        job = replace(parcel.job, **paths)
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
