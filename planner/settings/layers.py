"""One plan out of several layers: the plan file, the models it extends, the command line.

Mappings merge deeply; lists and scalars replace. So does ``objective.weights``: a weight left over from a model, which
the plan's author did not see, would steer the plan in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.content import content_folder, model_names
from planner.language import Words
from planner.problems import Place, Problem, did_you_mean, nearest
from planner.settings.base import path_fault
from planner.settings.codes import problem
from planner.settings.document import Document, Keys, Spot, read_document

EXTENDS = "extends"
REPLACED_WHOLE: frozenset[Keys] = frozenset({("objective", "weights")})
"""Mappings that an upper layer replaces and does not merge with."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The files of one plan, laid over each other."""

    data: Mapping[str, object]
    spots: Mapping[Keys, Spot]
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]
    """The plan, then its model, the model of that, and so on."""
    order: tuple[str, ...]
    """What messages call these files, in the same order."""
    complete: bool
    """False when a file is missing from the stack, so that an absent key proves nothing."""


def read_stack(path: Path) -> Stack:
    """The plan file with every model below it. Problems are gathered, not raised."""
    documents: list[Document] = []
    problems: list[Problem] = []
    files: list[Path] = []
    order: list[str] = []
    following: tuple[Path, str] | None = (path, path.name)
    complete = True
    while following is not None:
        file, shown = following
        document = read_document(file, shown)
        documents.append(document)
        problems += document.problems
        files.append(file)
        order.append(shown)
        complete = complete and () in document.spots
        found = _model_below(document, file, files)
        following = None if isinstance(found, Problem) else found
        if isinstance(found, Problem):
            problems.append(found)
            complete = False
    data: Mapping[str, object] = {}
    spots: Mapping[Keys, Spot] = {}
    for document in reversed(documents):
        own = {key: value for key, value in document.data.items() if key != EXTENDS}
        data, spots = lay_over(own, document.spots, data, spots)
    return Stack(data, spots, tuple(problems), tuple(files), tuple(order), complete)


def lay_over(
    upper: Mapping[str, object], upper_spots: Mapping[Keys, Spot], lower: Mapping[str, object], lower_spots: Mapping[Keys, Spot]
) -> tuple[dict[str, object], dict[Keys, Spot]]:
    """``upper`` over ``lower``, with the spots of what remains of each."""
    joined: set[Keys] = {()}
    replaced: set[Keys] = set()
    data = _joined(upper, lower, (), joined, replaced)

    def is_replaced(keys: Keys) -> bool:
        return any(keys[:size] in replaced for size in range(1, len(keys) + 1))

    spots = {keys: spot for keys, spot in lower_spots.items() if not is_replaced(keys)}
    spots |= {keys: spot for keys, spot in upper_spots.items() if keys in joined or is_replaced(keys)}
    return data, spots


def _joined(
    upper: Mapping[str, object], lower: Mapping[str, object], above: Keys, joined: set[Keys], replaced: set[Keys]
) -> dict[str, object]:
    """The data of :func:`lay_over`; notes which mappings were ``joined`` and which keys were ``replaced`` whole."""
    data = dict(lower)
    for key, value in upper.items():
        way, below = (*above, key), data.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping) and way not in REPLACED_WHOLE:
            joined.add(way)
            data[key] = _joined(value, below, way, joined, replaced)
        else:
            replaced.add(way)
            data[key] = value
    return data


def override(stack: Stack, overrides: Mapping[str, object]) -> Stack:
    """The stack under the command line's values; ``solve.time_limit`` stands at its flag, ``--time-limit``."""
    data, spots = dict(stack.data), dict(stack.spots)
    for name, value in overrides.items():
        *parents, last = name.split(".")
        keys: Keys = (*parents, last)
        if _not_a_mapping(data, parents):
            continue  # the plan is wrong there, and its own error must not vanish under the flag
        place = Place("--" + last.replace("_", "-"))
        nested = {last: value}
        for key in reversed(parents):
            nested = {key: nested}
        ways = [keys[:length] for length in range(1, len(keys) + 1)]
        new = {way: Spot(place, place, str(value)) for way in ways if way == keys or way not in spots}
        data, spots = lay_over(nested, new, data, spots)
    return Stack(data, spots, stack.problems, stack.files, stack.order, stack.complete)


def _not_a_mapping(data: Mapping[str, object], keys: list[str]) -> bool:
    """Whether something other than a mapping stands on the way."""
    here: object = data
    for key in keys:
        here = here.get(key, {}) if isinstance(here, Mapping) else here
    return not isinstance(here, Mapping)


def _model_below(document: Document, file: Path, seen: list[Path]) -> tuple[Path, str] | Problem | None:
    """The file that ``extends`` names and what messages call it; what is wrong with it; or that there is none."""
    if EXTENDS not in document.data:
        return None
    name, spot = document.data[EXTENDS], document.spots[(EXTENDS,)]
    if not isinstance(name, str) or not name:
        return _wrong(spot, Words("须为模型名称，或文件路径", "the name of a model, or a path"), _FOR_EXAMPLE)
    if (fault := path_fault(name)) is not None:
        return _wrong(spot, fault, _CHECK_PATH)
    if "/" in name or "\\" in name or name.endswith((".yaml", ".yml")):
        target, shown = file.parent / name.replace("\\", "/"), name
        if not target.is_file():
            rule = Words("没有这个文件（路径相对于本文件）", "there is no such file, relative to this one")
            return _wrong(spot, rule, _CHECK_PATH)
    else:
        target, shown = content_folder("models") / f"{name}.yaml", f"models/{name}.yaml"
        if name not in model_names():
            return _unknown_model(name, spot)
    if any(target.resolve() == other.resolve() for other in seen):
        way = " → ".join(path.name for path in (*seen, target))
        return problem("S109", spot.value, EXTENDS, spot.text, way=way)
    return target, shown


def _unknown_model(name: str, spot: Spot) -> Problem:
    names = model_names()
    near = nearest(name, names)
    rule = Words("没有这个模型；可用：{names}", "there is no such model; there are: {names}").fill(names=Words.listed(names))
    remedy = did_you_mean(near, Words("或写文件路径，如 models/本市.yaml", "or write a path, e.g. models/ours.yaml"))
    return _wrong(spot, rule, remedy)


def _wrong(spot: Spot, rule: Words, remedy: Words) -> Problem:
    return problem("S108", spot.value, EXTENDS, spot.text, rule=rule, remedy=remedy)


_CHECK_PATH = Words("检查路径", "check the path")
_FOR_EXAMPLE = Words("如 base 或 models/本市.yaml", "e.g. base or models/ours.yaml")
