"""A folder is put in its place whole or not at all (R7), and what a killed process left behind is mended.

Everything is made in a hidden *workplace* beside its target: ``owner``, locked for as long as the process lives; ``new``, the
folder that is made; and, between the two renames that put it in place, ``old``, the folder that stood there. Whoever comes
next and finds a workplace whose lock is free puts ``old`` back if its place is empty, and removes the rest.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO

from planner.language import Words
from planner.plan.codes import refusal
from planner.problems import InputError, Place

PREFIX = ".bulian-"
OWNER, NEW, OLD = "owner", "new", "old"
MARK = b"bulian\n"
"""Begins every ``owner``; the name of the target follows. Without it a folder is none of ours."""
APPROVALS = "approvals.jsonl"
"""A folder in which such a file stands anywhere holds a plan that was submitted or approved: it is never replaced."""
LEAST_FREE = 16 * 2**20
"""Bytes: outputs of a small city with its map are 3 MB, and a disk with less room than this is as good as full."""
LONGEST_FILE = "x" * 40
"""Longer than the name of any file in such a folder."""

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], wait: bool = False) -> bool:
        file.seek(2**30)  # far behind the text, which others may then read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def _lock(file: IO[bytes], wait: bool = False) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False
        return True


@dataclass(frozen=True)
class Kind:
    """A kind of folder that a command writes and may replace."""

    file: str
    """The file that marks it."""
    code: str
    what: Words


RUN = Kind("plan.json", "R101", Words("计划运行目录", "a run folder"))
COMPARISON = Kind("compare.json", "R112", Words("比较结果的目录", "a comparison"))
ASSESSMENT = Kind("assess.json", "R151", Words("名单评估的目录", "an assessment's folder"))
LEDGER = Kind("ledger.json", "B107", Words("台账的目录", "a folder of ledgers"))
DELEGATION = Kind("delegation.json", "J113", Words("小分队资料的目录", "a delegation's pack"))
LADDER = Kind("ladder.json", "R174", Words("分级计划的目录", "a ladder's folder"))
FRONTIER = Kind("frontier.json", "R135", Words("取舍边界的目录", "a frontier's folder"))


@dataclass(frozen=True)
class Target:
    """A place for a folder that was tried out."""

    folder: Path
    """As the user named it."""
    real: Path
    """Absolute, links followed: what is replaced is what a link leads to."""
    replaces: bool
    """A folder of its kind stands there. If none did, what has come there since is another's and is left alone."""
    named: bool
    """The user asked for this very folder; otherwise one beside it will do as well."""


@dataclass
class Whole:
    """A folder that is being made."""

    fresh: Path
    """Where to write."""
    place: Path
    """Where it stands once the block has ended: beside its target, where that was taken or could not be replaced."""


def default_folder(plan_file: Path, kind: str = "") -> Path:
    """Where a command writes that was not told where: ``runs/`` beside the plan file, by the clock."""
    return plan_file.parent / "runs" / datetime.now().strftime(f"{kind}%Y-%m-%d_%H%M%S")


def look_at(folder: Path, kind: Kind, named: bool = True) -> Target:
    """Try out, before the work begins, whether a folder can be put there. Raises InputError: something else stands there (the
    kind's code), the command runs inside it (R117), or it cannot be written (R116)."""
    try:
        real = Path(os.path.realpath(folder))
        if folder.is_symlink() and not real.exists():
            raise NotADirectoryError(f"{folder} → {os.readlink(folder)}")  # noqa: PTH115  a dangling link
        for parent in (real.parent, real):
            tidy(parent)
        # A folder is empty where nothing is in it but what others are trying out.
        empty = real.is_dir() and all(path.name.startswith(PREFIX) for path in real.iterdir())
        stands = real.exists() and not empty
        if stands and not (real / kind.file).is_file():
            raise _refused(kind.code, folder, real.name, what=kind.what)
        if stands and _kept(real):
            raise _refused("V109", folder, real.name)
        here = Path.cwd()
        if real == here or real in here.parents:
            raise _refused("R117", folder, str(real))
        _try_out(real)
    except (OSError, ValueError) as error:  # ValueError: a null character
        raise cannot_write(folder, error) from error
    return Target(folder, real, stands, named)


def _kept(real: Path) -> bool:
    """Whether a plan in the folder has been submitted or approved."""
    return next(real.rglob(APPROVALS), None) is not None


def _try_out(real: Path) -> None:
    """Make the folder, where it is not there, and a file in it and beside it; leave nothing."""
    made = [path for path in (real, *real.parents) if not path.exists()]
    try:
        real.mkdir(parents=True, exist_ok=True)
        for folder in (real.parent, real):
            with workplace(folder) as trial:
                (trial / LONGEST_FILE).write_bytes(b"0" * 65536)
        free = shutil.disk_usage(real).free
        if free < LEAST_FREE:
            raise OSError(f"free: {free / 2**20:.1f} MB < {LEAST_FREE / 2**20:.0f} MB")
    finally:
        for path in made:
            with suppress(OSError):
                path.rmdir()


@contextmanager
def whole_folder(target: Target) -> Iterator[Whole]:
    """A fresh folder that takes the target's place when the block ends well, and is gone otherwise. Raises OSError: it can be
    put nowhere."""
    with workplace(target.real.parent, target.real.name) as own:
        whole = Whole(own / NEW, target.folder)
        whole.fresh.mkdir()
        yield whole
        if (stands := _put(own, target)) != target.real:
            whole.place = stands


def _put(own: Path, target: Target) -> Path:
    """Rename ``new`` to the target, or to a free name beside it; returns where it stands."""
    real, old = target.real, own / OLD
    with suppress(OSError):
        real.rmdir()  # an empty folder only; Windows renames onto nothing that is there
    if target.replaces and os.path.lexists(real) and not _kept(real):  # approved since the work began
        try:
            real.rename(old)
            (own / NEW).rename(real)
            return real
        except OSError:  # a file of it is open in Excel on Windows, say
            _put_back(own, real.name)
    for number in count(1):
        beside = real if number == 1 else real.with_name(f"{real.name}-{number}")
        if os.path.lexists(beside):
            continue
        try:
            (own / NEW).rename(beside)
            return beside
        except OSError:
            if not os.path.lexists(beside):  # not taken meanwhile: it cannot be
                raise
    raise AssertionError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write a file that takes its place, whatever stands there, when the block ends well, and is gone otherwise. Raises
    InputError: it cannot be written (R116)."""
    try:
        with workplace(path.parent) as own:
            fresh = own / path.name
            yield fresh
            fresh.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within, no other process is in a block of the same ``path``: a file that is there and stays as it is. Raises OSError: it cannot be
    opened for writing, or another process does not leave."""
    with path.open("r+b") as file:
        if not _lock(file, wait=True):
            raise OSError(str(path))
        yield


@contextmanager
def workplace(parent: Path, target: str = "") -> Iterator[Path]:
    """A hidden folder of our own in ``parent``, gone at the end however the block ends. ``target`` is the name in ``parent`` of
    the folder that ``old`` was, if there comes to be one."""
    parent.mkdir(parents=True, exist_ok=True)
    tidy(parent)
    own, owner = _claimed(parent, target)
    try:
        with owner:
            try:
                yield own
            finally:
                with suppress(OSError):
                    _put_back(own, target)
    finally:
        _remove(own, target)


def _claimed(parent: Path, target: str) -> tuple[Path, IO[bytes]]:
    """A new workplace and its owner, locked and marked; made again where another process took it for one left behind."""
    while True:
        own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with suppress(FileNotFoundError):
            owner = (own / OWNER).open("xb")
            _lock(owner, wait=True)
            owner.write(MARK + os.fsencode(target))
            owner.flush()
            if (own / OWNER).exists():
                return own, owner
            owner.close()


def tidy(parent: Path) -> None:
    """Put back and remove what killed processes left in ``parent``; what a living one works in is left alone."""
    left: list[Path] = []
    with suppress(OSError):
        left = [Path(entry.path) for entry in os.scandir(parent) if entry.name.startswith(PREFIX)]
    for own in left:
        with suppress(OSError):
            _tidy(own)


def _tidy(own: Path) -> None:
    if not (own / OWNER).exists():
        own.rmdir()  # its process died as it was made; it is empty, or none of ours
        return
    with (own / OWNER).open("r+b") as owner:
        if not _lock(owner):
            return
        text = owner.read()
        if text and not text.startswith(MARK):
            return
        target = os.fsdecode(text.removeprefix(MARK))
        _put_back(own, target)
    _remove(own, target)


def _put_back(own: Path, target: str) -> None:
    """``old`` to its place if that is empty; a name that leads elsewhere is no name of ours."""
    if target and Path(target).name == target and (own / OLD).exists() and not os.path.lexists(own.parent / target):
        (own / OLD).rename(own.parent / target)


def _remove(own: Path, target: str) -> None:
    """Take a workplace away, its mark last; not while ``old`` is in it and could not be put back."""
    if (own / OLD).exists() and not os.path.lexists(own.parent / target):
        return
    with suppress(OSError):
        if (own / OLD).exists():
            (own / OLD).rename(own / "past")  # half of it is never put back
        for path in own.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != OWNER:
                path.unlink()
        (own / OWNER).unlink()
        own.rmdir()


def cannot_write(path: Path, error: Exception) -> InputError:
    """That the operating system refuses to write there (R116)."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return _refused("R116", path, reason)


def _refused(code: str, folder: Path, found: str, **values: Words) -> InputError:
    return refusal(code, Place(str(folder)), "--out", found, **values)
