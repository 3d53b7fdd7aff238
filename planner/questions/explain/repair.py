"""A repair applied: in memory, where a plan must be found before it is shown, and as a plan file beside the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner.case.case import Choice
from planner.language import Language, Words
from planner.limits.family import Step
from planner.plan.open import Opened
from planner.plan.verify import broken, held
from planner.problems import InputError
from planner.settings.changes import CellChange
from planner.settings.schema import Settings
from planner.settings.shape import plain_data
from planner.settings.write import flow, scalar
from planner.terms.registry import reckon

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Repair:
    """One way out. ``cost`` is in the prices of ``explain.weights``."""

    steps: tuple[Step, ...]
    cost: float
    bound: float
    """No repair (that differs like this from those before it) costs less than this; ≥ 0."""
    cheapest: bool
    """It is proved that no repair (after the first: none that is different in this way) is cheaper."""
    confirmed: bool
    """Applied to the input, a plan exists: one was found and verified against the changed tables."""

    @property
    def cells(self) -> tuple[CellChange, ...]:
        """Every cell that changes."""
        return tuple(cell for step in self.steps for cell in step.cells)

    @property
    def settings(self) -> tuple[tuple[Keys, Any], ...]:
        """Every setting that changes."""
        return tuple(one for step in self.steps for one in step.settings)


def changed_settings(settings: Settings, changes: Sequence[tuple[Keys, Any]]) -> Settings:
    """The settings with values laid in by key path; None takes an entry out."""
    data = plain_data(settings)
    for keys, value in changes:
        if value is not None:
            _at(data, keys[:-1])[keys[-1]] = value
    gone = [keys for keys, value in changes if value is None]
    for keys in gone:
        if not isinstance(keys[-1], int):
            _at(data, keys[:-1])[keys[-1]] = None
    # Entries of lists from the end on, so that positions stay what they were.
    for keys in sorted((keys for keys in gone if isinstance(keys[-1], int)), key=lambda keys: -int(keys[-1])):
        del _at(data, keys[:-1])[keys[-1]]
    return Settings.model_validate(data)


def _at(data: Any, keys: Keys) -> Any:
    for key in keys:
        data = data[key]
    return data


def applied(opened: Opened, repair: Repair) -> Opened:
    """The plan file with the repair, in memory.

    Raises:
        InputError: the changes contradict the rest of the input.
    """
    settings = changed_settings(opened.loaded.settings, repair.settings)
    return replace(opened, loaded=replace(opened.loaded, settings=settings)).changed(repair.cells)


def confirm(opened: Opened, repair: Repair, choice: Choice) -> Repair:
    """The repair, ``confirmed`` when ``choice`` is a plan of the changed input: by sums over its tables, no matrix."""
    try:
        case = applied(opened, repair).case
    except InputError:
        return replace(repair, confirmed=False)
    return replace(repair, confirmed=not broken(held(case, reckon(case, choice))))


def write_repaired(opened: Opened, repair: Repair, language: Language) -> Path:
    """Write ``<plan>.repaired.yaml`` beside the plan file (or the next free name): it extends the old file, which stays as it
    is, and holds only what differs.

    Raises:
        OSError: the folder cannot be written.
    """
    path = opened.loaded.path
    text = repaired_yaml(opened, repair, language)
    for number in range(1, 1000):
        target = path.with_name(f"{path.stem}.repaired{'' if number == 1 else f'-{number}'}{path.suffix}")
        try:
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            continue
        return target
    raise FileExistsError(path.with_name(f"{path.stem}.repaired{path.suffix}"))


def repaired_yaml(opened: Opened, repair: Repair, language: Language) -> str:
    """The text of the repaired plan file."""
    head = Words(
        "由 planner explain --apply 写出：在原计划之上放宽以下各项，使其可行。原文件未动，改原文件仍然有效。",
        "Written by planner explain --apply: the plan below with what must give way. The old file stays as it is.",
    )
    lines = [f"# {head.say(language)}"]
    lines += [f"#   · {_one_line(step.text.say(language))}" for step in repair.steps]
    name = opened.loaded.path.name
    lines += [f"extends: {scalar(name if name.endswith(('.yaml', '.yml')) else f'./{name}')}"]
    settings = opened.loaded.settings
    lines += [f"language: {settings.language}"] if settings.language != "zh" else []
    if repair.cells:
        reasons = [(cell, step.text.say(language)) for step in repair.steps for cell in step.cells]
        entries = [_bare(plain_data(cell)) for cell in settings.changes]
        entries += [{**_bare(plain_data(cell)), "reason": reason} for cell, reason in reasons]
        lines += ["", "changes:", *(f"  - {flow(entry)}" for entry in entries)]
    lines += _settings_lines(settings, repair.settings)
    return "\n".join(lines) + "\n"


def _settings_lines(settings: Settings, changes: Sequence[tuple[Keys, Any]]) -> list[str]:
    """The changed settings: lists are replaced whole by an upper layer, so they are written whole."""
    if not changes:
        return []
    new = changed_settings(settings, changes)
    tops: dict[str, Any] = {}
    for keys, _ in changes:
        depth = next((n for n, key in enumerate(keys) if isinstance(key, int)), len(keys))
        value: Any = new
        for key in keys[:depth]:
            value = value[key] if isinstance(value, Mapping) else getattr(value, str(key))
        _lay(tops, keys[:depth], _written(value))
    lines = []
    for name, value in tops.items():
        if isinstance(value, list) and value:
            lines += ["", f"{scalar(name)}:", *(f"  - {flow(entry)}" for entry in value)]
        else:
            lines += ["", f"{scalar(name)}: {flow(value)}"]
    return lines


def _lay(tree: dict[str, Any], keys: Keys, value: Any) -> None:
    for key in keys[:-1]:
        tree = tree.setdefault(str(key), {})
    tree[str(keys[-1])] = value


def _written(value: Any) -> Any:
    """Settings without what stands at its default."""
    if isinstance(value, tuple):
        return [_written(entry) for entry in value]
    if hasattr(value, "model_dump"):
        kept = value.model_dump(exclude_defaults=True)
        return {key: _plain(entry) for key, entry in kept.items()}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items() if entry is not None and entry != ()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def _bare(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and value != {}}


def _one_line(text: str) -> str:
    return " ".join(text.split())
