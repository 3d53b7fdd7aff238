"""``plan.yaml`` read, laid over its model and checked: settings, or every problem at once with its place (R2).

The one line of precedence: **command line > scenario > plan > model > schema default**.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from planner.language import Language
from planner.problems import InputError, Place, Problem, errors
from planner.settings.codes import problem
from planner.settings.complaints import CLASH, MISSING, complaints, standing
from planner.settings.document import UNREADABLE, Keys, Spot, dotted
from planner.settings.layers import Stack, override, read_stack
from planner.settings.overlay import (
    SCENARIOS,
    Override,
    below_value,
    label,
    lay_scenario,
    names_of,
    number_of,
    overrides_of,
    own_problems,
    value_above,
)
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
    scenario: str | None = None
    """The scenario that is laid over the plan."""
    stack: Stack | None = field(default=None, compare=False, repr=False)
    """The plan and its models, without scenario and command line."""
    flags: Mapping[str, object] = field(default_factory=dict)
    """The command line's values by dotted key."""

    @property
    def folder(self) -> Path:
        """The plan file's folder, against which its tables resolve."""
        return self.path.parent

    def place(self, *keys: str | int) -> Place:
        """Where a key path stands, in the plan, its model or a flag; if absent, where its nearest parent stands."""
        return self.spots[standing(keys, self.spots)].value

    def scenario_place(self, name: str) -> Place:
        """Where a scenario stands."""
        stack = self._files()
        return stack.spots[SCENARIOS, number_of(stack, name)].value

    def overrides(self, name: str) -> tuple[Override, ...]:
        """What a scenario changes, one by one; InputError (S305) when there is none of that name."""
        stack = self._files()
        return overrides_of(stack, number_of(stack, name))

    def under(self, name: str, count: int | None = None) -> Loaded:
        """The plan with a scenario laid over it, or only its first ``count`` overrides.

        Raises:
            InputError: there is no such scenario (S305), or the settings do not go together.
        """
        stack = self._files()
        number = number_of(stack, name)
        settings, found, laid = _validated(stack, self.flags, number, count)
        if settings is None or errors(found):
            raise InputError(found)
        return Loaded(settings, self.path, self.files, (*self.warnings, *found), laid.spots, name, stack, self.flags)

    def under_place(self, problem: Problem, name: str) -> Problem:
        """A problem of the plan under a scenario, told as one of the scenario: where it stands, and its name."""
        stack = self._files()
        return _told_of(problem, stack, number_of(stack, name))

    def _files(self) -> Stack:
        assert self.stack is not None, "these settings were not read from a plan file"
        return self.stack


def load_settings(path: Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """The settings of one plan file.

    Args:
        path: the plan file.
        overrides: values from the command line by dotted key, ``{"solve.time_limit": 30}``; messages name the flag
            after the last key, ``--time-limit``.

    Raises:
        InputError: with every problem found in the plan, its models and the overrides.
    """
    plain, flags = read_stack(path), overrides or {}
    stack = override(plain, flags)
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
    found += [
        below_value(tuple(name.split(".")), Place(f"--{name}"), name)
        for name in flags
        if value_above(tuple(name.split("."))) is not None
    ]
    found += _scenario_problems(plain, flags, found)
    found.sort(key=lambda problem: _reading_order(problem, stack))
    if settings is None or errors(found):
        raise InputError(found)
    return Loaded(settings, path, stack.files, tuple(found), stack.spots, stack=plain, flags=flags)


def _scenario_problems(stack: Stack, flags: Mapping[str, object], known: list[Problem]) -> list[Problem]:
    """What is wrong with the scenarios' settings and is not wrong with the plan already."""
    found = list(own_problems(stack))
    said = {(problem.code, problem.place) for problem in known}
    for number in range(len(names_of(stack))):
        _, own, _ = _validated(stack, flags, number)
        found += [problem for problem in own if (problem.code, problem.place) not in said]
    return found


def _validated(
    stack: Stack, flags: Mapping[str, object], number: int, count: int | None = None
) -> tuple[Settings | None, list[Problem], Stack]:
    """The settings under a scenario, what is wrong with them as the scenario's problems, and the layers."""
    laid = override(lay_scenario(stack, number, count), flags)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(laid.data)
        found = _unused_weights(settings, laid)
    except ValidationError as error:
        found = _news(complaints(error, laid.spots), laid)
    return settings, [_told_of(problem, stack, number) for problem in found], laid


def _told_of(problem: Problem, stack: Stack, number: int) -> Problem:
    """The problem with the scenario's name, at its own place within the scenario or else at the scenario."""
    own = {spot.value for keys, spot in stack.spots.items() if keys[:2] == (SCENARIOS, number)}
    own |= {spot.key for keys, spot in stack.spots.items() if keys[:2] == (SCENARIOS, number)}
    if problem.place in own:
        return replace(problem, subject=f"{label(stack, number)} {problem.subject}".strip())
    subject = " ".join(part for part in (label(stack, number), str(problem.place or ""), problem.subject) if part)
    return replace(problem, subject=subject, place=stack.spots[SCENARIOS, number].value)


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
    """Weights that ask for nothing, and weights beside levels: only the levels count."""
    objective = settings.objective
    levels = [level.weights for level in objective.levels] or [objective.weights]
    bounded = objective.floors or objective.ceilings or any(rule.soft for rule in settings.rules)
    if not bounded and not any(weight for weights in levels for weight in weights.values()):
        at: Keys = ("objective", "levels" if objective.levels else "weights")
        spot = stack.spots[standing(at, stack.spots)]
        return [problem("S123", spot.key, dotted(at))]
    keys = ("objective", "weights")
    if objective.mode != "priorities" or keys not in stack.spots:
        return []
    spot = stack.spots[keys]
    return [problem("S119", spot.key, dotted(keys))] if spot.key.file == stack.order[0] else []


def _reading_order(problem: Problem, stack: Stack) -> tuple[int, int, int]:
    """Flags first, then the plan, then its models; each from top to bottom."""
    place = problem.place
    file = stack.order.index(place.file) if place is not None and place.file in stack.order else -1
    return file, (place.line or 0) if place else 0, (place.column or 0) if place else 0
