"""A repair applied: in memory, where a plan must be found before it is shown, and as a plan file beside the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import takewhile
from operator import getitem
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from planner.case.case import Case, Choice
from planner.language import Words
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
WRITTEN = Words(
    "由 planner explain --apply 写出：在原计划之上放宽以下各项，使其可行。原文件未动，改原文件仍然有效。",
    "Written by planner explain --apply: the plan below with what must give way. The old file stays as it is.",
)


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
        return tuple(setting for step in self.steps for setting in step.settings)


def changed_settings(settings: Settings, changes: Sequence[tuple[Keys, Any]]) -> Settings:
    """The settings with values laid in by key path; None takes an entry out."""
    data = plain_data(settings)
    gone = [keys for keys, value in changes if value is None and isinstance(keys[-1], int)]
    for keys, value in changes:
        if keys not in gone:
            reduce(getitem, keys[:-1], data)[keys[-1]] = value
    for keys in sorted(gone, key=lambda keys: -int(keys[-1])):  # from the end on, so that positions stay what they were
        del reduce(getitem, keys[:-1], data)[keys[-1]]
    return Settings.model_validate(data)


def applied(opened: Opened, repair: Repair) -> Opened:
    """The plan file with the repair, in memory.

    Raises:
        InputError: the changes contradict the rest of the input.
    """
    settings = changed_settings(opened.loaded.settings, repair.settings)
    return replace(opened, loaded=replace(opened.loaded, settings=settings)).changed(repair.cells)


def is_plan(case: Case, choice: Choice) -> bool:
    """Whether the choice breaks no limit: by sums over the tables, no matrix."""
    return not broken(held(case, reckon(case, choice)))


def confirm(opened: Opened, repair: Repair, choice: Choice) -> Repair:
    """The repair, ``confirmed`` when ``choice`` is a plan of the changed input."""
    try:
        return replace(repair, confirmed=is_plan(applied(opened, repair).case, choice))
    except InputError:
        return replace(repair, confirmed=False)


def write_repaired(opened: Opened, repair: Repair) -> Path:
    """Write ``<plan>.repaired.yaml`` beside the plan file (or the next free name): it extends the old file, which stays as it
    is, and holds only what differs.

    Raises:
        OSError: the folder cannot be written.
    """
    path, text = opened.loaded.path, repaired_yaml(opened, repair)
    for number in range(1, 1000):
        target = path.with_name(f"{path.stem}.repaired{'' if number == 1 else f'-{number}'}{path.suffix}")
        try:
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            continue
        return target
    raise FileExistsError(path.with_name(f"{path.stem}.repaired{path.suffix}"))


def repaired_yaml(opened: Opened, repair: Repair) -> str:
    """The text of the repaired plan file, in the language of the plan."""
    settings, name = opened.loaded.settings, opened.loaded.path.name
    texts = [step.text.say(settings.language) for step in repair.steps]
    lines = [f"# {WRITTEN.say(settings.language)}", *(f"#   · {' '.join(text.split())}" for text in texts)]
    lines += [f"extends: {scalar(name if name.endswith(('.yaml', '.yml')) else f'./{name}')}"]
    lines += [f"language: {settings.language}"] if settings.language != "zh" else []
    if repair.cells:
        entries = [_plain(cell) for cell in settings.changes]
        entries += [{**_plain(cell), "reason": text} for text, step in zip(texts, repair.steps, strict=True) for cell in step.cells]
        lines += ["", "changes:", *(f"  - {flow(entry)}" for entry in entries)]
    for key, value in _changed(settings, repair.settings).items():
        listed = isinstance(value, list) and value
        lines += ["", f"{scalar(key)}:" if listed else f"{scalar(key)}: {flow(value)}"]
        lines += [f"  - {flow(entry)}" for entry in value] if listed else []
    return "\n".join(lines) + "\n"


def _changed(settings: Settings, changes: Sequence[tuple[Keys, Any]]) -> dict[str, Any]:
    """The changed settings: lists are replaced whole by an upper layer, so they are written whole."""
    new, tree = changed_settings(settings, changes), dict[str, Any]()
    for keys, _ in changes:
        path = [str(key) for key in takewhile(lambda key: isinstance(key, str), keys)]
        value = reduce(lambda at, key: at[key] if isinstance(at, Mapping) else getattr(at, key), path, cast("Any", new))
        reduce(lambda at, key: at.setdefault(key, {}), path[:-1], tree)[path[-1]] = _plain(value)
    return tree


def _plain(value: Any) -> Any:
    """Settings without what stands at its default."""
    if isinstance(value, BaseModel):
        return {key: _plain(entry) for key, entry in value.model_dump(exclude_defaults=True).items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items() if entry is not None and entry != ()}
    return [_plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value
