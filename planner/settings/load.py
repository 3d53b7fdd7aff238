"""``plan.yaml`` read, laid over its model and checked: settings, or every problem at once with its place (R2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from planner.language import Language
from planner.problems import InputError, Place, Problem, errors
from planner.settings import layers
from planner.settings.codes import problem
from planner.settings.complaints import CLASH, MISSING, complaints, standing
from planner.settings.document import UNREADABLE, Keys, Spot, dotted
from planner.settings.layers import SCENARIOS, Override, Stack, below_value
from planner.settings.schema import Settings

_LANGUAGE = re.compile(r"^[ \t]*language[ \t]*[:：][ \t]*[\"']?(zh|en)\b", re.MULTILINE)


@dataclass(frozen=True)
class Loaded:
    """A plan's settings and where each of them stands."""

    settings: Settings
    path: Path
    """The plan file."""
    warnings: tuple[Problem, ...]
    spots: Mapping[Keys, Spot]
    stack: Stack = field(compare=False, repr=False)
    """The plan and its models, without scenario and command line."""
    flags: Mapping[str, object]
    """The command line's values by dotted key."""
    scenario: str | None = None
    """The scenario that is laid over the plan."""

    @property
    def folder(self) -> Path:
        """The plan file's folder, against which its tables resolve."""
        return self.path.parent

    @property
    def files(self) -> tuple[Path, ...]:
        """The plan file and the models below it, nearest first."""
        return self.stack.files

    def place(self, *keys: str | int) -> Place:
        """Where a key path stands, in the plan, its model or a flag; if absent, where its nearest parent stands."""
        return self.spots[standing(keys, self.spots)].value

    def overrides(self, name: str) -> tuple[Override, ...]:
        """What a scenario changes, one by one; InputError (S305) when there is none of that name."""
        return layers.overrides_of(self.stack, self.stack.number_of(name))

    def under(self, name: str, count: int | None = None) -> Loaded:
        """The plan with a scenario laid over it, or only its first ``count`` overrides.

        Raises:
            InputError: there is no such scenario (S305), or the settings do not go together.
        """
        settings, problems, laid = _under_scenario(self.stack, self.flags, self.stack.number_of(name), count)
        if settings is None or errors(problems):
            raise InputError(problems)
        return replace(self, settings=settings, warnings=(*self.warnings, *problems), spots=laid.spots, scenario=name)

    def under_place(self, problem: Problem, name: str) -> Problem:
        """A problem of the plan under a scenario, told as one of the scenario: where it stands, and its name."""
        return _of_scenario(problem, self.stack, self.stack.number_of(name))


def load_settings(path: Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """The settings of one plan file.

    Args:
        path: the plan file.
        overrides: values from the command line by dotted key, ``{"solve.time_limit": 30}``; messages name the flag
            after the last key, ``--time-limit``.

    Raises:
        InputError: with every problem found in the plan, its models and the overrides.
    """
    plain, flags = layers.read_stack(path), overrides or {}
    stack = layers.override(plain, flags)
    if () not in stack.spots:
        raise InputError(stack.problems)
    settings, refused = _validated(stack)
    unread = (below_value(tuple(name.split(".")), Place(f"--{name}"), name) for name in flags)
    problems = [*stack.problems, *refused, *(problem for problem in unread if problem is not None)]
    known = {(problem.code, problem.place) for problem in problems}
    problems += layers.scenario_faults(plain)
    for number in range(len(plain.scenarios)):
        under_it = _under_scenario(plain, flags, number)[1]
        problems += [problem for problem in under_it if (problem.code, problem.place) not in known]
    problems.sort(key=lambda problem: _reading_order(problem, stack))
    if settings is None or errors(problems):
        raise InputError(problems)
    return Loaded(settings, path, tuple(problems), stack.spots, plain, flags)


def _validated(stack: Stack) -> tuple[Settings | None, list[Problem]]:
    """The settings, None where the schema refuses them, and what is wrong with them.

    What only follows from a fault of the files is left out: a value that could not be read is refused once, where it
    stands; and what a model that could not be read would have given is not missing from the plan.
    """
    try:
        settings = Settings.model_validate(stack.data)
    except ValidationError as error:
        unread = {problem.place for problem in stack.problems if problem.code == UNREADABLE}
        doubtful = () if stack.complete else (MISSING, CLASH)
        refused = complaints(error, stack.spots)
        return None, [problem for problem in refused if problem.place not in unread and problem.code not in doubtful]
    return settings, _unused_weights(settings, stack)


def _under_scenario(
    stack: Stack, flags: Mapping[str, object], number: int, count: int | None = None
) -> tuple[Settings | None, list[Problem], Stack]:
    """The settings under a scenario, what is wrong with them as the scenario's problems, and the layers."""
    laid = layers.override(layers.lay_scenario(stack, number, count), flags)
    settings, problems = _validated(laid)
    return settings, [_of_scenario(problem, stack, number) for problem in problems], laid


def _of_scenario(problem: Problem, stack: Stack, number: int) -> Problem:
    """The problem with the scenario's name, at its own place within the scenario or else at the scenario."""
    label = stack.label(number)
    inside = [spot for keys, spot in stack.spots.items() if keys[:2] == (SCENARIOS, number)]
    if any(problem.place in (spot.key, spot.value) for spot in inside):
        return replace(problem, subject=f"{label} {problem.subject}".strip())
    subject = " ".join(part for part in (label, str(problem.place or ""), problem.subject) if part)
    return replace(problem, subject=subject, place=stack.spots[SCENARIOS, number].value)


def language_of(path: Path) -> Language:
    """The language a plan file asks for, read from its raw text so that even errors in the file can be said in it."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "zh"
    match = _LANGUAGE.search(text)
    return "en" if match is not None and match[1] == "en" else "zh"


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
