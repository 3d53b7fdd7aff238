"""One plan out of several layers: **command line > scenario > plan > model > schema default**.

Mappings merge deeply; lists and scalars replace. So does ``objective.weights``: a weight left over from a model, which
the plan's author did not see, would steer the plan in silence. What a scenario overrides are single things, each with its
place: a cell change, or one setting. The first few of them alone make a plan too: that is how an effect is traced to the
override that caused it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner.content import content_folder, model_names
from planner.language import Words
from planner.problems import Place, Problem, did_you_mean, nearest
from planner.settings.base import is_path, path_fault
from planner.settings.codes import CODES, problem
from planner.settings.document import Document, Keys, Spot, dotted, read_document
from planner.settings.questions import FORBIDDEN
from planner.settings.shape import at, keys_of, takes_keys

EXTENDS, SCENARIOS, CHANGES, SETTINGS = "extends", "scenarios", "changes", "settings"
REPLACED_WHOLE: frozenset[Keys] = frozenset({("objective", "weights")})
"""Mappings that an upper layer replaces and does not merge with."""

_CHECK_PATH = Words("检查路径", "check the path")


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

    @property
    def scenarios(self) -> tuple[Mapping[str, object], ...]:
        """The entries of ``scenarios`` as written; empty for one that is no mapping."""
        entries = self.data.get(SCENARIOS)
        return tuple(entry if isinstance(entry, Mapping) else {} for entry in entries) if isinstance(entries, (list, tuple)) else ()

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names; empty for one that has none."""
        return tuple(str(entry.get("name") or "") for entry in self.scenarios)

    def label(self, number: int) -> str:
        """What messages call a scenario."""
        return f"{SCENARIOS}[{self.names[number] or number}]"

    def number_of(self, name: str) -> int:
        """Position of the scenario of that name.

        Raises:
            InputError: there is none (S305).
        """
        if name in self.names:
            return self.names.index(name)
        rule = Words("计划中没有写 scenarios", "the plan has no scenarios")
        if self.names:
            rule = Words("没有这个情景；有：{names}", "there is no such scenario; there are: {names}")
        remedy = did_you_mean(nearest(name, self.names), Words("核对名称", "check the name"))
        rule = rule.fill(names=Words.listed(self.names))
        raise CODES.refusal("S305", Place("--scenario"), SCENARIOS, name, rule=rule, remedy=remedy)


def read_stack(path: Path) -> Stack:
    """The plan file with every model below it. Problems are gathered, not raised."""
    layers: list[tuple[Path, str, Document]] = []
    model: tuple[Path, str] | Problem | None = (path, path.name)
    while isinstance(model, tuple):
        layers.append((*model, read_document(*model)))
        model = _model_below(layers[-1][2], [file for file, _, _ in layers])
    files, order, documents = zip(*layers, strict=True)
    problems = [problem for document in documents for problem in document.problems]
    problems += [] if model is None else [model]
    data: Mapping[str, object] = {}
    spots: Mapping[Keys, Spot] = {}
    for document in reversed(documents):
        own = {key: value for key, value in document.data.items() if key != EXTENDS}
        data, spots = lay_over(own, document.spots, data, spots)
    complete = model is None and all(() in document.spots for document in documents)
    return Stack(data, spots, tuple(problems), files, order, complete)


def _model_below(document: Document, seen: list[Path]) -> tuple[Path, str] | Problem | None:
    """The file that ``extends`` names and what messages call it; what is wrong with it; or that there is none.

    ``seen``: the files so far, that of the document last."""
    if EXTENDS not in document.data:
        return None
    name, spot = document.data[EXTENDS], document.spots[(EXTENDS,)]

    def wrong(rule: Words, remedy: Words) -> Problem:
        return problem("S108", spot.value, EXTENDS, spot.text, rule=rule, remedy=remedy)

    if not isinstance(name, str) or not name:
        example = Words("如 base 或 models/本市.yaml", "e.g. base or models/ours.yaml")
        return wrong(Words("须为模型名称，或文件路径", "the name of a model, or a path"), example)
    if (fault := path_fault(name)) is not None:
        return wrong(fault, _CHECK_PATH)
    if is_path(name):
        target, shown = seen[-1].parent / name.replace("\\", "/"), name
        if not target.is_file():
            return wrong(Words("没有这个文件（路径相对于本文件）", "there is no such file, relative to this one"), _CHECK_PATH)
    else:
        target, shown, known = content_folder("models") / f"{name}.yaml", f"models/{name}.yaml", model_names()
        if name not in known:
            rule = Words("没有这个模型；可用：{names}", "there is no such model; there are: {names}")
            path = Words("或写文件路径，如 models/本市.yaml", "or write a path, e.g. models/ours.yaml")
            return wrong(rule.fill(names=Words.listed(known)), did_you_mean(nearest(name, known), path))
    if any(target.resolve() == file.resolve() for file in seen):
        way = " → ".join(file.name for file in (*seen, target))
        return problem("S109", spot.value, EXTENDS, spot.text, way=way)
    return target, shown


def lay_over(
    upper: Mapping[str, object], upper_spots: Mapping[Keys, Spot], lower: Mapping[str, object], lower_spots: Mapping[Keys, Spot]
) -> tuple[dict[str, object], dict[Keys, Spot]]:
    """``upper`` over ``lower``, with the spots of what remains of each."""
    joined: set[Keys] = {()}
    replaced: set[Keys] = set()

    def join(above: Keys, upper: Mapping[str, object], lower: Mapping[str, object]) -> dict[str, object]:
        data = dict(lower)
        for key, value in upper.items():
            way, below = (*above, key), data.get(key)
            if isinstance(value, Mapping) and isinstance(below, Mapping) and way not in REPLACED_WHOLE:
                joined.add(way)
                data[key] = join(way, value, below)
            else:
                replaced.add(way)
                data[key] = value
        return data

    def is_replaced(keys: Keys) -> bool:
        return any(keys[:size] in replaced for size in range(1, len(keys) + 1))

    data = join((), upper, lower)
    spots = {keys: spot for keys, spot in lower_spots.items() if not is_replaced(keys)}
    spots |= {keys: spot for keys, spot in upper_spots.items() if keys in joined or is_replaced(keys)}
    return data, spots


def _put(stack: Stack, keys: tuple[str, ...], value: Any, own: Mapping[Keys, Spot], kept: frozenset[Keys] = frozenset()) -> Stack:
    """The stack with one setting replaced, which stands where ``own`` says.

    ``kept``: mappings on the way whose other entries stay although an upper layer replaces such a mapping whole."""
    on_the_way = [stack.data]
    for key in keys[:-1]:
        below = on_the_way[-1].get(key, {})
        if not isinstance(below, Mapping):
            return stack  # the plan is wrong there, and its own error must not vanish
        on_the_way.append(below)
    for depth in range(len(keys) - 1, -1, -1):
        value = {**(on_the_way[depth] if keys[:depth] in kept else {}), keys[depth]: value}
    above = {keys[:size] for size in range(1, len(keys))}
    spots = {way: spot for way, spot in stack.spots.items() if any(way[: len(mapping)] == mapping for mapping in kept & above)}
    spots |= {way: own[keys] for way in above if way not in stack.spots}
    data, spots = lay_over(value, {**spots, **own}, stack.data, stack.spots)
    return replace(stack, data=data, spots=spots)


def override(stack: Stack, overrides: Mapping[str, object]) -> Stack:
    """The stack under the command line's values; ``solve.time_limit`` stands at its flag, ``--time-limit``."""
    for name, value in overrides.items():
        keys = tuple(name.split("."))
        place = Place("--" + keys[-1].replace("_", "-"))
        stack = _put(stack, keys, value, {keys: Spot(place, place, str(value))})
    return stack


@dataclass(frozen=True, slots=True)
class Override:
    """One thing that a scenario changes: a setting by its keys, or (``keys`` are ``("changes",)``) cells of a table."""

    keys: tuple[str, ...]
    value: object
    origin: Keys
    """Where it stands in the plan file."""


def overrides_of(stack: Stack, number: int) -> tuple[Override, ...]:
    """What a scenario changes, in the order written; keys that it cannot set are left out."""
    overrides: list[Override] = []
    for key, value in stack.scenarios[number].items():
        origin: Keys = (SCENARIOS, number, key)
        if key == CHANGES and isinstance(value, (list, tuple)):
            overrides += [Override((CHANGES,), change, (*origin, n)) for n, change in enumerate(value)]
        elif key == SETTINGS and isinstance(value, Mapping):
            for name, inner in value.items():
                keys = keys_of(name)
                if keys[0] not in FORBIDDEN:
                    overrides += _leaves(keys, inner, (*origin, name))
    return tuple(overrides)


def _leaves(keys: tuple[str, ...], value: object, origin: Keys) -> Iterator[Override]:
    """Single settings: mappings merge and so are taken apart, lists and ``objective.weights`` replace and are one thing."""
    if isinstance(value, Mapping) and value and keys not in REPLACED_WHOLE:
        for name, inner in value.items():
            yield from _leaves((*keys, name), inner, (*origin, name))
    else:
        yield Override(keys, value, origin)


def lay_scenario(stack: Stack, number: int, count: int | None = None) -> Stack:
    """The stack under the first ``count`` overrides of a scenario (None: all); scenarios themselves are gone from it.

    A single weight by its dotted key leaves the other weights as they are."""

    def spots_of(origin: Keys, way: Keys) -> dict[Keys, Spot]:
        """The spots of an override, as if it stood at ``way``."""
        size = len(origin)
        return {(*way, *keys[size:]): spot for keys, spot in stack.spots.items() if keys[:size] == origin}

    data = {key: value for key, value in stack.data.items() if key != SCENARIOS}
    laid = replace(stack, data=data, spots={keys: spot for keys, spot in stack.spots.items() if keys[:1] != (SCENARIOS,)})
    chosen = overrides_of(stack, number)[:count]
    # Settings first: a list of changes among them replaces the plan's own, after which the scenario's come.
    for setting in (entry for entry in chosen if entry.origin[2] == SETTINGS):
        laid = _put(laid, setting.keys, setting.value, spots_of(setting.origin, setting.keys), kept=REPLACED_WHOLE)
    for change in (entry for entry in chosen if entry.origin[2] == CHANGES):
        before = laid.data.get(CHANGES, [])
        if isinstance(before, (list, tuple)):
            listed = {(CHANGES,): stack.spots[change.origin[:3]], **laid.spots, **spots_of(change.origin, (CHANGES, len(before)))}
            laid = replace(laid, data={**laid.data, CHANGES: [*before, change.value]}, spots=listed)
    return laid


def scenario_faults(stack: Stack) -> Iterator[Problem]:
    """Names that several scenarios share (S306), and keys that a scenario cannot set (S307, S312) or sets twice (S307)."""
    for number, (name, entry) in enumerate(zip(stack.names, stack.scenarios, strict=True)):
        spot, first = (stack.spots.get((SCENARIOS, n, "name")) for n in (number, stack.names.index(name)))
        if spot is not None and first is not None and first is not spot:
            yield problem("S306", spot.value, f"{SCENARIOS}[{number}].name", name, line=first.value.line)
        written = entry.get(SETTINGS)
        for key in written if isinstance(written, Mapping) else ():
            if (top := key.split(".")[0]) in FORBIDDEN:
                rule = Words(f"情景中不能改 {top}", f"a scenario cannot change {top}")
                remedy = Words(
                    "另写一个计划文件；单元格的改动写在 changes", "write another plan file; changes of cells go into `changes`"
                )
                place = stack.spots[SCENARIOS, number, SETTINGS, key].key
                yield problem("S307", place, f"{stack.label(number)} {key}", rule=rule, remedy=remedy)
        yield from _set_in_vain(stack, number)


def _set_in_vain(stack: Stack, number: int) -> Iterator[Problem]:
    """Settings below one that is a single value, and settings that the scenario has set already."""
    taken: dict[Keys, Spot] = {}
    for setting in (entry for entry in overrides_of(stack, number) if entry.origin[2] == SETTINGS):
        keys, spot = setting.keys, stack.spots[setting.origin]
        before = next((other for way, other in taken.items() if way == keys[: len(way)] or keys == way[: len(keys)]), None)
        subject = f"{stack.label(number)} {dotted(keys)}"
        if (unread := below_value(keys, spot.key, subject)) is not None:
            yield unread
        elif before is not None:
            line = before.key.line
            rule = Words(f"同一设置写了两次，第 {line} 行已有", f"the setting is written twice; it stands on line {line} already")
            yield problem("S307", spot.key, subject, spot.text, rule=rule, remedy=Words("删去一处", "remove one"))
        else:
            taken[keys] = spot


def below_value(keys: tuple[str, ...], place: Place, subject: str) -> Problem | None:
    """That a key stands below a setting that is one value, where nothing would ever read it; None where it does not."""
    for size in range(1, len(keys)):
        annotation, field = at(keys[:size])
        if field is not None and not takes_keys(annotation):
            return problem("S312", place, subject, above=dotted(keys[:size]))
    return None
