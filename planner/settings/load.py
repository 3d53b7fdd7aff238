"""``plan.yaml`` read, laid over its model and checked: settings, or every problem at once with its place (R2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.language import Language
from planner.problems import InputError, Place, Problem, errors
from planner.settings import layers
from planner.settings.codes import problem
from planner.settings.complaints import CLASH, MISSING, complaints, standing
from planner.settings.document import NOT_KNOWN, TWICE, Keys, Spot, dotted
from planner.settings.layers import SCENARIOS, Override, Stack, below_value
from planner.settings.partial import Refused, accepted
from planner.settings.schema import Settings

_LANGUAGE = re.compile(r"^[ \t]*language[ \t]*[:：][ \t]*[\"']?(zh|en)\b", re.MULTILINE)


@dataclass(frozen=True)
class Loaded:
    """A plan's settings and where each of them stands."""

    settings: Settings
    """As far as they can be used: of what is ``refused`` nothing is known."""
    path: Path
    """The plan file."""
    problems: tuple[Problem, ...]
    """What is wrong with the settings, in reading order."""
    refused: Refused
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

    def place(self, *keys: str | int, key: bool = False) -> Place:
        """Where the value at a key path stands, or its ``key``, in the plan, its model or a flag; if absent, where its nearest parent
        stands."""
        spot = self.spots[standing(keys, self.spots)]
        return spot.key if key else spot.value

    def overrides(self, name: str) -> tuple[Override, ...]:
        """What a scenario changes, one by one; InputError (S305) when there is none of that name."""
        return layers.overrides_of(self.stack, self.stack.number_of(name))

    def under(self, scenario: str | int, count: int | None = None) -> Loaded:
        """The plan with a scenario (its name or position) laid over it, or only its first ``count`` overrides; its problems are
        those of the plan and then its own. InputError (S305) when there is none of that name."""
        number = self.stack.number_of(scenario) if isinstance(scenario, str) else scenario
        laid = layers.override(layers.lay_scenario(self.stack, number, count), self.flags)
        settings, found, refused = _validated(laid)
        told = {(problem.code, problem.place) for problem in self.problems}
        own = [_of_scenario(problem, self.stack, number) for problem in found if (problem.code, problem.place) not in told]
        problems = tuple(dict.fromkeys((*self.problems, *own)))
        name = self.stack.names[number]
        return replace(self, settings=settings, problems=problems, refused=refused, spots=laid.spots, scenario=name)

    def holds(self, problem: Problem) -> bool:
        """Whether the problem stands in the plan file or a model."""
        return problem.place is not None and problem.place.file in self.stack.order

    def reading_order(self, problem: Problem) -> tuple[int, int, int]:
        """By file, then from top to bottom."""
        return _reading_order(problem, self.stack.order)

    def under_place(self, problem: Problem, number: int) -> Problem:
        """A problem of the plan under a scenario, told as one of the scenario: where it stands, and its name."""
        return _of_scenario(problem, self.stack, number)


def load_settings(path: Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """The settings of one plan file, as :func:`read_settings` gives them.

    Raises:
        InputError: with every problem found in the plan, its models and the overrides.
    """
    loaded = read_settings(path, overrides)
    if errors(loaded.problems):
        raise InputError(loaded.problems)
    return loaded


def read_settings(path: Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """The settings of one plan file as far as they can be used, with every problem of them and of every scenario.

    Args:
        path: the plan file.
        overrides: values from the command line by dotted key, ``{"solve.time_limit": 30}``; messages name the flag
            after the last key, ``--time-limit``.

    Raises:
        InputError: nothing can be read of it.
    """
    plain, flags = layers.read_stack(path), overrides or {}
    stack = layers.override(plain, flags)
    if () not in stack.spots:
        raise InputError(stack.problems)
    settings, found, refused = _validated(stack)
    unread = (below_value(tuple(name.split(".")), Place(f"--{name}"), name) for name in flags)
    problems = [*stack.problems, *found, *(problem for problem in unread if problem is not None)]
    loaded = Loaded(settings, path, tuple(problems), refused, stack.spots, plain, flags)
    problems += layers.scenario_faults(plain)
    for number in range(len(plain.scenarios)):
        problems += loaded.under(number).problems[len(loaded.problems) :]
    problems.sort(key=lambda problem: _reading_order(problem, stack.order))
    return replace(loaded, problems=tuple(problems))


def _validated(stack: Stack) -> tuple[Settings, list[Problem], Refused]:
    """The settings, what is wrong with them, and what of them is not known.

    What only follows from a fault of the files is left out: a value that could not be read is refused once, where it
    stands; and what a model that could not be read would have given is not missing from the plan.
    """
    settings, details, refused = accepted(stack.data, None if stack.complete else stack.spots.keys())
    unread = {problem.place for problem in stack.problems if problem.code in NOT_KNOWN}
    doubtful = () if stack.complete else (MISSING, CLASH)
    twice = {(problem.place.file, problem.subject) for problem in stack.problems if problem.code == TWICE and problem.place}
    refused = refused.and_(
        keys
        for keys, spot in stack.spots.items()
        if keys and (unread & {spot.key, spot.value} or (spot.text and (spot.key.file, dotted(keys)) in twice))
    )
    found = [one for one in complaints(details, stack.spots) if one.place not in unread and one.code not in doubtful]
    return settings, found + _unused_weights(settings, refused, stack), refused


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


def _unused_weights(settings: Settings, refused: Refused, stack: Stack) -> list[Problem]:
    """Weights that ask for nothing, and weights beside levels: only the levels count."""
    objective = settings.objective
    if refused.part("objective"):
        return []
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


def _reading_order(problem: Problem, order: Sequence[str]) -> tuple[int, int, int]:
    """Flags first, then the plan, then its models; each from top to bottom."""
    place = problem.place
    file = order.index(place.file) if place is not None and place.file in order else -1
    return file, (place.line or 0) if place else 0, (place.column or 0) if place else 0
