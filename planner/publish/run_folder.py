"""A run on disk: the plan under its seal first, then every output by itself, so that none that fails takes the plan with it.

How a folder is put in its place whole or not at all (R7) is :mod:`planner.plan.whole_folder`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from types import MappingProxyType, ModuleType
from typing import Any

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.stored import PLAN_FILE, SEAL_FILE, SETTINGS_FILE, seal_text
from planner.plan.whole_folder import RUN, Target, Whole, look_at, whole_folder, workplace
from planner.problems import InputError, NotAllWritten, Place, Problem, errors
from planner.publish.codes import problem
from planner.publish.desk import Desk
from planner.settings.outputs import FOLDERS, MODULES, OUTPUTS

Writer = Callable[..., None]
"""Takes the plan and the file, that of a folder the desk and the folder; those that show answers take these too."""
Files = Mapping[str, Callable[[Path], None]]
"""File or folder → what writes it."""
Further = Mapping[str, Callable[[], Any]]
"""Output → what makes a further argument of its writer."""


@dataclass(frozen=True)
class Written:
    """A run as it was written."""

    plan: Plan
    folder: Path
    failed: tuple[Problem, ...]
    """Outputs that could not be written (R118), and that the folder stands elsewhere than asked (R119)."""


def _module(output: str) -> ModuleType:
    return import_module(f"planner.publish.{MODULES.get(output, output)}")


def writer_of(output: str) -> Writer:
    """What writes an output. Its libraries are slow to load, and large: only those of this one are."""
    write: Writer = getattr(_module(output), f"write_{output}")
    return write


def output_faults(outputs: Sequence[str], opened: Opened) -> tuple[Problem, ...]:
    """What is wrong with what a plan file says of these outputs, by ``check_x(opened)`` of the modules that have it: told before
    hours are spent on a plan."""
    checks = (getattr(_module(output), f"check_{output}", None) for output in outputs if output in FOLDERS)
    return tuple(problem for check in checks if check is not None for problem in check(opened))


def refuse_faults(outputs: Sequence[str], opened: Opened) -> None:
    """Raises InputError: with every fault of :func:`output_faults`."""
    if errors(found := output_faults(outputs, opened)):
        raise InputError(found)


def write_run(
    plan: Plan, folder: Path | Target, outputs: Sequence[str], texts: Mapping[str, str], opened: Opened | None = None
) -> Written:
    """Write the plan with its seal, further texts (file name → content) and the outputs; those that are folders need the tables,
    ``opened``.

    An output that fails, or is not done when Ctrl-C is pressed, is left out and named. Where the folder cannot be written at
    all any more, the plan is written to the system's folder for temporary files.

    Raises:
        InputError: ``folder`` holds something that is not a run, or cannot be written.
        OSError: the plan can be written nowhere.
    """
    target = folder if isinstance(folder, Target) else look_at(folder, RUN)
    try:
        plan = plan.storable()
        return _write_run(plan, target, _rendered(plan, outputs, opened), texts)
    except KeyboardInterrupt:  # not at an output, but before or after: once more, without them
        return _write_run(plan.storable(), target, {OUTPUTS[output]: _interrupt for output in outputs}, texts)


def _interrupt(path: Path) -> None:
    raise KeyboardInterrupt


def _rendered(plan: Plan, outputs: Sequence[str], opened: Opened | None, more: Further = MappingProxyType({})) -> Files:
    """The library of an output is loaded when it is written: only then is the plan itself safe."""
    plan = plan if plan.signatures is not None else plan.model_copy(update={"signatures": ()})
    desk = None if opened is None else Desk(plan, opened)

    def write(output: str, path: Path) -> None:
        writer = writer_of(output)
        if output not in FOLDERS:
            writer(plan, path, *([more[output]()] if output in more else []))
            return
        if desk is None:
            raise ValueError("opened=")  # of the Python interface alone
        path.mkdir()
        writer(desk, path, *([more[output]()] if output in more else []))

    return {OUTPUTS[output]: partial(write, output) for output in outputs}


def _write_run(plan: Plan, target: Target, files: Files, texts: Mapping[str, str]) -> Written:
    try:
        with whole_folder(target) as whole:
            _write_sealed(plan, texts, whole.fresh)
            failed = write_each(files, whole.fresh)
    except OSError as error:
        spare = Path(tempfile.mkdtemp(prefix="planner-run-"))
        _write_sealed(plan, texts, spare)
        return Written(plan, spare, (_elsewhere(target.folder, spare, str(error)),))
    return Written(plan, whole.place, (*failed, *moved_aside(target, whole)))


def moved_aside(target: Target, whole: Whole) -> tuple[Problem, ...]:
    """That a folder stands elsewhere than asked (R119), if so."""
    return () if whole.place == target.folder or not target.named else (_elsewhere(target.folder, whole.place, ""),)


def _write_sealed(plan: Plan, texts: Mapping[str, str], folder: Path) -> None:
    contents = {PLAN_FILE: plan.to_json(), **texts}
    written = {name: text.encode("utf-8", "replace") for name, text in contents.items()}
    sealed = {name: content for name, content in written.items() if name in {PLAN_FILE, SETTINGS_FILE}}
    for name, content in {**written, SEAL_FILE: seal_text(sealed).encode("utf-8")}.items():
        (folder / name).write_bytes(content)


def write_each(files: Files, fresh: Path, folder: Path | None = None) -> tuple[Problem, ...]:
    """Write files one by one, each whole or not at all; returns the problems of those that could not be written (R118).

    They are written to ``fresh`` and each is then put into ``folder``, in place of an earlier one; None: they stay.
    """
    failed: list[Problem] = []
    stopped = False
    for name, write in files.items():
        found = ""
        try:
            if not stopped:
                write(fresh / name)
                if folder is not None:
                    _replace(fresh / name, folder / name)
                continue
        except KeyboardInterrupt:
            stopped = True
        except NotAllWritten as partly:  # of many files: the others stand
            failed.extend(partly.problems)
            if folder is not None:
                _replace(fresh / name, folder / name)
            continue
        except InputError as error:  # of documents: said in full, in the words of each
            failed.extend(error.problems)
        except Exception as error:
            found = f"{type(error).__name__}: {str(error)[:300]}"
        with suppress(OSError):
            _remove(fresh / name)
        rule = Words("已中断，没有写出", "interrupted, not written") if stopped else Words("没有写出", "not written")
        failed.append(problem("R118", Place(name), "", found, rule=rule))
    return tuple(failed)


def _replace(made: Path, place: Path) -> None:
    """Put a file or folder in its place, whole; a folder that stands there is first set aside, and put back where that fails."""
    if not made.is_dir():
        os.replace(made, place)  # noqa: PTH105  replaces on Windows too
        return
    aside = made.with_name(f"{made.name}.old")
    if place.exists():
        place.rename(aside)
    try:
        made.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _elsewhere(asked: Path, folder: Path, found: str) -> Problem:
    return problem("R119", Place(str(asked)), "--out", found, folder=folder)


def render_again(
    folder: Path, plan: Plan, outputs: Sequence[str], more: Further, opened: Opened | None = None
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Render outputs of a finished run again, each file or folder replaced whole; what was written, and what could not be written."""
    files = _rendered(plan, outputs, opened, more)
    with workplace(folder) as fresh:
        failed = write_each(files, fresh, folder)
    lost = {str(problem.place) for problem in failed}
    return tuple(folder / name for name in files if name not in lost), failed
