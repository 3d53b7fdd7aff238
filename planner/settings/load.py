"""``plan.yaml`` read, laid over its model and checked: settings, or every problem at once with its place (R2).

The one line of precedence: **command line > plan > model > schema default**.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from planner.language import Language, Words
from planner.problems import InputError, Place, Problem, errors
from planner.settings.complaints import CLASH, MISSING, complaints, standing
from planner.settings.document import UNREADABLE, Keys, Spot, dotted
from planner.settings.layers import Stack, override, read_stack
from planner.settings.schema import Settings
from planner.settings.write import resolved_yaml

__all__ = ["Loaded", "language_of", "load_settings", "resolved_yaml"]

_LANGUAGE = re.compile(r"^[ \t]*language[ \t]*[:：][ \t]*[\"']?(zh|en)\b", re.MULTILINE)


@dataclass(frozen=True)
class Loaded:
    """A plan's settings and where each of them stands."""

    settings: Settings
    path: Path
    """The plan file."""
    files: tuple[Path, ...]
    """The plan file and the models below it, nearest first."""
    warnings: tuple[Problem, ...]
    spots: Mapping[Keys, Spot]

    @property
    def folder(self) -> Path:
        """The plan file's folder, against which its tables resolve."""
        return self.path.parent

    def place(self, *keys: str | int) -> Place:
        """Where a key path stands, in the plan, its model or a flag; if absent, where its nearest parent stands."""
        return self.spots[standing(keys, self.spots)].value


def load_settings(path: Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """The settings of one plan file.

    Args:
        path: the plan file.
        overrides: values from the command line by dotted key, ``{"solve.time_limit": 30}``; messages name the flag
            after the last key, ``--time-limit``.

    Raises:
        InputError: with every problem found in the plan, its models and the overrides.
    """
    stack = override(read_stack(path), overrides or {})
    if () not in stack.spots:
        raise InputError(stack.problems)
    found = list(stack.problems)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(stack.data)
    except ValidationError as error:
        found += _news(complaints(error, stack.spots), stack)
    if settings is not None:
        found += _unused_weights(settings, stack)
    found.sort(key=lambda problem: _reading_order(problem, stack))
    if settings is None or errors(found):
        raise InputError(found)
    return Loaded(settings, path, stack.files, tuple(found), stack.spots)


def language_of(path: Path) -> Language:
    """The language a plan file asks for, read from its raw text so that even errors in the file can be said in it."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "zh"
    match = _LANGUAGE.search(text)
    return "en" if match is not None and match[1] == "en" else "zh"


def _news(refused: list[Problem], stack: Stack) -> list[Problem]:
    """What the schema refuses, less what only follows from a fault of the files.

    A value that could not be read is refused once, where it stands; and what a model that could not be read would have
    given is not missing from the plan.
    """
    unread = {problem.place for problem in stack.problems if problem.code == UNREADABLE}
    doubtful = () if stack.complete else (MISSING, CLASH)
    return [problem for problem in refused if problem.place not in unread and problem.code not in doubtful]


def _unused_weights(settings: Settings, stack: Stack) -> list[Problem]:
    """A plan that sets weights beside levels expects them to count; only the levels do."""
    keys = ("objective", "weights")
    if settings.objective.mode != "priorities" or keys not in stack.spots:
        return []
    spot = stack.spots[keys]
    if spot.key.file != stack.order[0]:
        return []
    rule = Words(
        "mode: priorities 只用 levels，这里的权重不起作用", "with mode: priorities only levels count, not these weights"
    )
    remedy = Words("把权重写进 levels，或删去", "move them into levels, or remove them")
    return [Problem("S119", spot.key, dotted(keys), "", rule, remedy, "warning")]


def _reading_order(problem: Problem, stack: Stack) -> tuple[int, int, int]:
    """Flags first, then the plan, then its models; each from top to bottom."""
    place = problem.place
    file = stack.order.index(place.file) if place is not None and place.file in stack.order else -1
    return file, (place.line or 0) if place else 0, (place.column or 0) if place else 0
