"""A job that travels: its input files go along as bytes, and the run folder comes back as bytes.

No machine of a cluster has to see another one's disk. On the worker the files stand under a folder of their own in the same
places to each other, so that every relative path in the settings, and so every byte of the result, is as at home.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from planner.plan.stored import PLAN_FILE, SEAL_FILE, SETTINGS_FILE
from planner.settings.load import Loaded

Result = TypeVar("Result")
PATHS = ("path", "start", "folder", "home")
"""Fields of a job that are paths of this machine."""
SEALED = (PLAN_FILE, SETTINGS_FILE, SEAL_FILE)
"""What a run is read from as a start."""


@dataclass(frozen=True)
class Parcel(Generic[Result]):
    """A job with what it reads, its paths written without a root."""

    task: Callable[..., Result]
    job: Any
    """A frozen dataclass with the fields ``PATHS``, each absolute or None."""
    files: Mapping[str, bytes]


def input_files(loaded: Loaded) -> tuple[Path, ...]:
    """Every file that a plan or one of its scenarios reads. Files of the shipped content are on every machine."""
    every = [loaded, *(loaded.under(one.name) for one in loaded.settings.scenarios)]
    found = {path for one in every for path in (*one.files, *_data_files(one))}
    return tuple(sorted(path for path in map(_absolute, found) if path.is_file()))


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


def pack(task: Callable[..., Result], job: Any, files: Mapping[Path, bytes]) -> Parcel[Result]:
    """A job with the files it reads, and the plan that it begins from."""
    own = dict(files)
    if job.start is not None:
        own |= {one: one.read_bytes() for name in SEALED if (one := Path(job.start).parent / name).is_file()}
    paths = {name: None if (path := getattr(job, name)) is None else _rootless(path) for name in PATHS}
    return Parcel(task, replace(job, **paths), {_rootless(path): data for path, data in own.items()})


def carry_out(parcel: Parcel[Result]) -> tuple[Result, Mapping[str, bytes]]:
    """Do the job on whatever machine: its result, and the files of its run folder."""
    with TemporaryDirectory(prefix="planner-job-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        for path, data in parcel.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        given = {field: getattr(parcel.job, field) for field in PATHS}
        paths = {field: None if path is None else str(root / path) for field, path in given.items()}
        result = parcel.task(replace(parcel.job, **paths))
        if paths["folder"] is None:
            return result, {}
        folder = Path(paths["folder"])
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return result, {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def unpack(files: Mapping[str, bytes], folder: Path) -> None:
    """The run folder that came back."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  no link followed: tables stand beside the link


def _rootless(path: str | PurePath) -> str:
    """An absolute path as one below any folder: without its root, its drive as a folder."""
    whole = PurePath(path)
    drive = whole.drive.strip("\\/").replace(":", "").replace("\\", "/")
    return "/".join(part for part in (drive, *whole.parts[1:]) if part)
