"""List sets read and checked: every fault of every file at once, each with its line and column (R2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.content import content_folder
from planner.language import Words
from planner.plan.open import Opened
from planner.problems import Place, Problem, did_you_mean, nearest
from planner.publish.lists.check import faults
from planner.publish.lists.codes import problem
from planner.publish.lists.schema import ListSet
from planner.reading.table import Tables
from planner.settings.base import is_path, path_fault
from planner.settings.complaints import complaints
from planner.settings.document import NOT_KNOWN, read_document
from planner.settings.load import Loaded
from planner.settings.partial import accepted_as

KEY = "lists"
_CHECK_PATH = Words("检查路径", "check the path")


@dataclass(frozen=True)
class Chosen:
    """A list set that a plan asks for."""

    name: str
    """The file's name without its ending: that of its folder."""
    path: Path
    shown: str
    """What messages call the file."""
    content: ListSet


def shipped() -> tuple[str, ...]:
    """The list sets that come with the planner, by name."""
    return tuple(sorted(path.stem for path in (content_folder("models") / KEY).glob("*.yaml")))


def read_set(path: Path, shown: str, tables: Tables | None = None) -> tuple[ListSet | None, list[Problem]]:
    """A list set, as far as it can be read, and all that is wrong with it. ``tables``: those of a plan, with columns of its own."""
    document = read_document(path, shown)
    if () not in document.spots:
        return None, list(document.problems)
    content, details, refused = accepted_as(ListSet, document.data)
    unread = {one.place for one in document.problems if one.code in NOT_KNOWN}
    found = [one for one in complaints(details, document.spots, ListSet) if one.place not in unread]
    found = [*document.problems, *found, *faults(content, document.spots, refused, tables)]
    return content, sorted(found, key=_in_reading_order)


def _in_reading_order(one: Problem) -> tuple[int, int]:
    return (one.place.line or 0, one.place.column or 0) if one.place is not None else (0, 0)


def chosen_sets(loaded: Loaded, tables: Tables | None = None) -> tuple[tuple[Chosen, ...], list[Problem]]:
    """The list sets that a plan asks for, those that come with the planner where it names none, and all that is wrong with them."""
    sets: list[Chosen] = []
    problems: list[Problem] = []
    for where, shown in _files(loaded):
        if isinstance(where, Problem):
            problems.append(where)
            continue
        content, found = read_set(where, shown, tables)
        problems += found
        if content is not None and not any(where == one.path for one in sets):
            sets.append(Chosen(where.stem, where, shown, content))
    return tuple(sets), problems


def _files(loaded: Loaded) -> Iterator[tuple[Path | Problem, str]]:
    """For each set its file, and what messages call it; or what is wrong with its name."""
    folder, names = content_folder("models") / KEY, shipped()
    asked = loaded.settings.lists
    for name in () if asked else names:
        yield folder / f"{name}.yaml", f"{KEY}/{name}.yaml"
    for number, name in enumerate(asked):
        place = loaded.place(KEY, number)
        if is_path(name):
            path = loaded.folder / name.replace("\\", "/")
            fault = path_fault(name) or (
                None
                if path.is_file()
                else Words("没有这个文件（路径相对于计划文件）", "there is no such file, relative to the plan")
            )
            yield (path if fault is None else _unknown(place, number, name, fault, _CHECK_PATH)), name
        elif name in names:
            yield folder / f"{name}.yaml", f"{KEY}/{name}.yaml"
        else:
            rule = Words("没有这个清单集；随附的有：{names}", "there is no such list set; there are: {names}")
            path_too = Words("或写文件路径，如 lists/本市.yaml", "or write a path, e.g. lists/ours.yaml")
            remedy = did_you_mean(nearest(name, names), path_too)
            yield _unknown(place, number, name, rule.fill(names=Words.listed(names)), remedy), name


def _unknown(place: Place, number: int, name: str, rule: Words, remedy: Words) -> Problem:
    return problem("H101", place, f"{KEY}[{number}]", name, rule=rule, remedy=remedy)


def check_lists(opened: Opened) -> list[Problem]:
    """All that is wrong with the list sets of a plan that can be opened."""
    return chosen_sets(opened.loaded, opened.case.tables)[1]
