"""Scenarios laid over a plan's layers: **command line > scenario > plan > model > schema default**.

A scenario's overrides are single things, each with its place: a cell change, or one setting. The first few of them alone
make a plan too: that is how an effect is traced to the override that caused it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from planner.language import Words
from planner.problems import InputError, Place, Problem, did_you_mean, nearest
from planner.settings.codes import problem
from planner.settings.document import Keys, Spot, dotted
from planner.settings.layers import REPLACED_WHOLE, Stack, lay_over
from planner.settings.scenarios import FORBIDDEN
from planner.settings.shape import at, keys_of, takes_keys

SCENARIOS, CHANGES, SETTINGS = "scenarios", "changes", "settings"


@dataclass(frozen=True, slots=True)
class Override:
    """One thing that a scenario changes: a setting by its keys, or (``keys`` are ``("changes",)``) cells of a table."""

    keys: Keys
    value: object
    origin: Keys
    """Where it stands in the plan file."""


def names_of(stack: Stack) -> tuple[str, ...]:
    """The scenarios' names as written, in order; empty for an entry that has none."""
    return tuple(str(entry.get("name") or "") for entry in _entries(stack))


def number_of(stack: Stack, name: str) -> int:
    """Position of the scenario of that name.

    Raises:
        InputError: there is none (S305).
    """
    names = names_of(stack)
    if name in names:
        return names.index(name)
    near = nearest(name, names)
    rule = Words("没有这个情景；有：{names}", "there is no such scenario; there are: {names}").fill(names=Words.listed(names))
    if not names:
        rule = Words("计划中没有写 scenarios", "the plan has no scenarios")
    remedy = did_you_mean(near[:1], Words("核对名称", "check the name"))
    raise InputError([problem("S305", Place("--scenario"), SCENARIOS, name, rule=rule, remedy=remedy)])


def overrides_of(stack: Stack, number: int) -> tuple[Override, ...]:
    """What a scenario changes, in the order written; keys that it cannot set are left out."""
    return tuple(_overrides(stack, number))


def lay_scenario(stack: Stack, number: int, count: int | None = None) -> Stack:
    """The stack under the first ``count`` overrides of a scenario (None: all); scenarios themselves are gone from it."""
    chosen = overrides_of(stack, number)[:count]
    data: Mapping[str, object] = {key: value for key, value in stack.data.items() if key != SCENARIOS}
    spots: Mapping[Keys, Spot] = {keys: spot for keys, spot in stack.spots.items() if keys[:1] != (SCENARIOS,)}
    # Settings first: a list of changes among them replaces the plan's own, after which the scenario's come.
    for one in chosen:
        if one.keys != (CHANGES,) or one.origin[2] == SETTINGS:
            data, spots = _laid(data, spots, one, stack.spots)
    for one in chosen:
        if one.keys == (CHANGES,) and one.origin[2] == CHANGES:
            data, spots = _appended(data, spots, one, stack.spots)
    return replace(stack, data=data, spots=spots)


def own_problems(stack: Stack) -> Iterator[Problem]:
    """Names that several scenarios share (S306), and keys that a scenario cannot set or sets twice (S307)."""
    seen: dict[str, int] = {}
    for number, entry in enumerate(_entries(stack)):
        name = str(entry.get("name") or "")
        spot = stack.spots.get((SCENARIOS, number, "name"))
        if name in seen and spot is not None:
            first = stack.spots[SCENARIOS, seen[name], "name"].value.line
            yield problem("S306", spot.value, f"{SCENARIOS}[{number}].name", name, line=first)
        seen.setdefault(name, number)
        yield from _refused_keys(stack, number, entry)


def value_above(keys: Keys) -> Keys | None:
    """The setting above ``keys`` that is one value and so holds no further keys; None when there is none."""
    for size in range(1, len(keys)):
        annotation, field = at(keys[:size])
        if field is not None and not takes_keys(annotation):
            return keys[:size]
    return None


def below_value(keys: Keys, place: Place | None, subject: str) -> Problem:
    """A key below a setting that is one value: nothing would ever read it."""
    return problem("S312", place, subject, above=dotted(value_above(keys) or keys))


def label(stack: Stack, number: int) -> str:
    """What messages call a scenario."""
    return f"{SCENARIOS}[{names_of(stack)[number] or number}]"


def _entries(stack: Stack) -> tuple[Mapping[str, object], ...]:
    written = stack.data.get(SCENARIOS)
    entries = written if isinstance(written, (list, tuple)) else ()
    return tuple(entry if isinstance(entry, Mapping) else {} for entry in entries)


def _overrides(stack: Stack, number: int) -> Iterator[Override]:
    for key, value in _entries(stack)[number].items():
        origin: Keys = (SCENARIOS, number, key)
        if key == CHANGES and isinstance(value, (list, tuple)):
            yield from (Override((CHANGES,), one, (*origin, n)) for n, one in enumerate(value))
        elif key == SETTINGS and isinstance(value, Mapping):
            for name, inner in value.items():
                keys = keys_of(name)
                if keys[0] not in FORBIDDEN:
                    yield from _leaves(keys, inner, (*origin, name))


def _leaves(keys: Keys, value: object, origin: Keys) -> Iterator[Override]:
    """Single settings: mappings merge and so are taken apart, lists and ``objective.weights`` replace and are one thing."""
    if isinstance(value, Mapping) and value and keys not in REPLACED_WHOLE:
        for name, inner in value.items():
            yield from _leaves((*keys, name), inner, (*origin, name))
    else:
        yield Override(keys, value, origin)


def _refused_keys(stack: Stack, number: int, entry: Mapping[str, object]) -> Iterator[Problem]:
    written = entry.get(SETTINGS)
    for name in written if isinstance(written, Mapping) else ():
        if name.split(".")[0] in FORBIDDEN:
            spot = stack.spots[SCENARIOS, number, SETTINGS, name]
            rule = Words(f"情景中不能改 {name.split('.')[0]}", f"a scenario cannot change {name.split('.')[0]}")
            remedy = Words(
                "另写一个计划文件；单元格的改动写在 changes", "write another plan file; changes of cells go into `changes`"
            )
            yield problem("S307", spot.key, f"{label(stack, number)} {name}", rule=rule, remedy=remedy)
    taken: dict[Keys, Override] = {}
    for one in overrides_of(stack, number):
        if one.origin[2] == SETTINGS and value_above(one.keys) is not None:
            yield below_value(one.keys, stack.spots[one.origin].key, f"{label(stack, number)} {dotted(one.keys)}")
            continue
        before = next((way for way in taken if way == one.keys[: len(way)] or one.keys == way[: len(one.keys)]), None)
        if before is not None and one.origin[2] == SETTINGS:
            spot, other = stack.spots[one.origin], stack.spots[taken[before].origin].key.line
            subject = f"{label(stack, number)} {'.'.join(map(str, one.keys))}"
            rule = Words(f"同一设置写了两次，第 {other} 行已有", f"the setting is written twice; it stands on line {other} already")
            remedy = Words("删去一处", "remove one")
            yield problem("S307", spot.key, subject, spot.text, rule=rule, remedy=remedy)
        elif one.origin[2] == SETTINGS:
            taken[one.keys] = one


def _laid(
    data: Mapping[str, object], spots: Mapping[Keys, Spot], one: Override, written: Mapping[Keys, Spot]
) -> tuple[Mapping[str, object], Mapping[Keys, Spot]]:
    """A setting laid over; a single weight by its dotted key leaves the other weights as they are."""
    here: object = data
    for key in one.keys[:-1]:
        here = here.get(str(key), {}) if isinstance(here, Mapping) else here
    if not isinstance(here, Mapping):
        return data, spots  # the plan is wrong there, and its own error must not vanish
    whole = [one.keys[:length] for length in range(1, len(one.keys)) if one.keys[:length] in REPLACED_WHOLE]
    nested: Mapping[str, object] = {str(one.keys[-1]): one.value}
    for depth in range(len(one.keys) - 1, 0, -1):
        above = one.keys[:depth]
        nested = {str(above[-1]): {**_at(data, above), **nested} if above in whole else nested}
    ways = [one.keys[:length] for length in range(1, len(one.keys) + 1)]
    new = {keys: spot for keys, spot in spots.items() if any(keys[: len(way)] == way for way in whole)}
    new |= {way: written[one.origin] for way in ways if way == one.keys or way not in spots}
    new |= _moved(written, one.origin, one.keys)
    return lay_over(nested, new, data, spots)


def _at(data: Mapping[str, object], keys: Keys) -> Mapping[str, object]:
    here: object = data
    for key in keys:
        here = here.get(str(key), {}) if isinstance(here, Mapping) else {}
    return here if isinstance(here, Mapping) else {}


def _appended(
    data: Mapping[str, object], spots: Mapping[Keys, Spot], one: Override, written: Mapping[Keys, Spot]
) -> tuple[Mapping[str, object], Mapping[Keys, Spot]]:
    """A cell change at the end of the plan's own."""
    before = data.get(CHANGES, [])
    if not isinstance(before, (list, tuple)):
        return data, spots
    way: Keys = (CHANGES, len(before))
    new = {(CHANGES,): spots.get((CHANGES,), written[one.origin[:3]]), **_moved(written, one.origin, way)}
    return {**data, CHANGES: [*before, one.value]}, {**spots, **new}


def _moved(spots: Mapping[Keys, Spot], origin: Keys, way: Keys) -> dict[Keys, Spot]:
    """The spots from ``origin`` on, as if they stood at ``way``."""
    size = len(origin)
    return {(*way, *keys[size:]): spot for keys, spot in spots.items() if keys[:size] == origin}
