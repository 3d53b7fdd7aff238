"""When no plan exists: what stands against what, and the cheapest ways in which limits can give way.

Three answers, in this order: contradictions that adding up shows (:mod:`planner.questions.explain.arithmetic`); up to some different
repairs, each a list of changes of the input, applied in memory and verified before it is shown, and minimal conflicts
(:mod:`planner.questions.explain.elastic`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from itertools import takewhile
from operator import getitem
from pathlib import Path
from time import monotonic
from typing import Any, cast

import numpy as np
from pydantic import BaseModel

from planner.case.case import Case, Choice
from planner.case.eligibility import CODE, Eligibility, eligibility, within_window
from planner.language import Words
from planner.layout import choice_of
from planner.limits import FAMILIES, RELAXABLE, lever_words, step_of
from planner.limits.selection import SIGNED
from planner.plan.open import Opened, open_plan
from planner.plan.solving import stopping_of
from planner.plan.verify import broken, held
from planner.problems import InputError, Place
from planner.programme.build import Programme, build
from planner.questions.codes import refusal
from planner.questions.conflict import Conflict, Explanation, Keys, Repair
from planner.questions.explain.arithmetic import at_once, reasons
from planner.questions.explain.elastic import Relaxed, clashes, relax
from planner.questions.explain.sides import Sides, sides_of
from planner.questions.variant import heard
from planner.settings.schema import Settings
from planner.settings.shape import plain_data
from planner.settings.write import flow, scalar
from planner.solvers.caller import Caller
from planner.solvers.lp import has_solution
from planner.solvers.protocol import Listener, Stopping, StopSign, never
from planner.terms.registry import reckon

WRITTEN = Words(
    "由 planner explain --apply 写出：在原计划之上放宽以下各项，使其可行。原文件未动，改原文件仍然有效。",
    "Written by planner explain --apply: the plan below with what must give way. The old file stays as it is.",
)
FIRST, OTHERS = 0.5, 0.3
"""Shares of the time for the first repair and for each other; conflicts have what is left."""
FAR = 5.0
"""A further repair that is not proved to be the cheapest of its kind and costs so many times the first says nothing."""
OPENED_BY = ("forbidden_pair", "chain_not_allowed", "investment_intensity", "tax_intensity")
"""Reasons that an analyst can lift; a firm's refusal and a fixed park are not among them."""
ROUNDING = 1e-6
"""A bound below this part of the largest price may be rounding, and proves nothing."""


@heard
def explain(
    plan: Opened | str | Path,
    time_limit: float | None = None,
    programme: Programme | None = None,
    known: bool = False,
    listen: Listener = Caller.listen,
    stop: StopSign = never,
) -> Explanation:
    """Whether a plan exists, and if none does: what stands against what, and up to some different repairs.

    Args:
        plan: a plan file, or one that is open.
        time_limit: seconds for all of it; None: ``explain.time_limit`` of the settings.
        programme: that of the plan, if it is built already.
        known: a solve has proved that there is none.

    Raises:
        planner.problems.InputError: the plan file cannot be used.
    """
    opened = plan if isinstance(plan, Opened) else open_plan(Path(plan))
    wanted = opened.loaded.settings.explain
    end = monotonic() + (wanted.time_limit if time_limit is None else time_limit)
    programme = programme or build(opened.case, opened.eligible)
    weights = {kind: wanted.price(kind) for kind in RELAXABLE}
    facts = at_once(programme)
    sides = _widened(opened.case, opened.eligible)
    stopping = replace(stopping_of(opened), gap=0.0, work=None)
    first = relax(sides, sides.every, _within(stopping, end, FIRST))
    if first.values is not None and not first.used.size:
        choice = choice_of(sides.programme.layout, first.values)
        if is_plan(opened.case, choice):  # held against every limit: whatever was claimed, there is a plan
            return Explanation(True, len(choice.candidate), (), (), (), weights)
    own = sides_of(programme)
    sure = known or bool(facts) or first.bound > ROUNDING * max(weights.values())
    if not sure:  # a solver shows it where the prices are too small for a bound to show it
        sure = has_solution(own.feasibility(own.every), max(OTHERS * (end - monotonic()), 0.2)) is False
    repairs = _repairs(opened, sides, first, stopping, end)
    conflicts = _conflicts(programme, own, sides, first, stopping, end) if sure else ()
    return Explanation(False if sure else None, 0, facts, conflicts, repairs, weights)


def repair(opened: Opened, found: Explanation, number: int = 1) -> Path:
    """Write the repair of that number as ``<plan>.repaired.yaml`` beside the plan file (or under the next free name): it extends
    the old file, which stays as it is, and holds only what differs. Returns the new plan file.

    Raises:
        planner.problems.InputError: there is no repair of that number (R140), or the file cannot be written (R141).
    """
    shown = Place(opened.loaded.path.name)
    if not 1 <= number <= len(found.repairs):
        raise refusal("R140", shown, "--apply", str(number), count=len(found.repairs))
    path, text = opened.loaded.path, repaired_yaml(opened, found.repairs[number - 1])
    try:
        for free in range(1, 1000):
            target = path.with_name(f"{path.stem}.repaired{'' if free == 1 else f'-{free}'}{path.suffix}")
            with suppress(FileExistsError), target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                return target
        raise FileExistsError(path.with_name(f"{path.stem}.repaired{path.suffix}"))
    except OSError as error:
        raise refusal("R141", shown, "--apply", str(error)) from error


def _within(stopping: Stopping, end: float, share: float) -> Stopping:
    return replace(stopping, time_limit=max(share * (end - monotonic()), 0.2))


def _widened(case: Case, eligible: Eligibility) -> Sides:
    """The limits over a wider programme: with the pairs that more capacity, or another entry rule, would open. It is built with so
    much more of every resource, the same everywhere, that no single need is too large; then its rows get their true amounts."""
    needs = [case.need(r) for r in range(len(case.resources))]
    plenty = [float(np.nan_to_num(np.nanmax(need, initial=0.0))) + 1.0 for need in needs]
    raised = [replace(supply, amount=supply.amount + more) for supply, more in zip(case.resources, plenty, strict=True)]
    must = (case.candidates["must_include"] & (case.candidates["status"] != "signed")).to_numpy(bool)
    any_time = np.where(must[:, None], [0, len(case.quarters) - 1], case.window)
    rich = replace(case, resources=tuple(raised), window=any_time)
    wider = eligibility(rich)
    early_or_late = np.argwhere(wider.quarter & must[:, None] & ~within_window(case))
    unknown = np.any([np.isnan(need) for need in needs], axis=0)
    reason = np.where((wider.reason == 0) & (eligible.reason != 0) & unknown, eligible.reason, wider.reason)
    homeless = must & ~(reason == 0).any(axis=1)
    liftable = np.isin(reason, [CODE[code] for code in OPENED_BY]) & homeless[:, None] & ~unknown
    reason[liftable] = 0
    bounded = case.settings.objective.floors or case.settings.objective.ceilings
    families = tuple(family for family in FAMILIES if bounded or not family.worth_only)
    made = build(rich, replace(wider, reason=reason), families)
    rows = []
    for part in made.rows:
        if "resource" in part.about:
            at = zip(*(part.about[key].tolist() for key in ("resource", "place", "quarter")), strict=True)
            part = replace(part, upper=np.array([case.resources[r].amount[place, t] for r, place, t in at], dtype=float))
        rows.append(part)
    return sides_of(replace(made, case=case, rows=tuple(rows)), np.argwhere(liftable), early_or_late)


def _repairs(opened: Opened, sides: Sides, first: Relaxed, stopping: Stopping, end: float) -> tuple[Repair, ...]:
    """Different repairs, the cheapest first: another must leave a kind of limit alone that each earlier one has used, or,
    where no such repair exists, a single limit."""
    kinds = np.array([lever.family for lever in sides.levers])
    ways: list[Relaxed] = []
    way = first
    while way.used.size and not any(np.isin(earlier.used, way.used).all() for earlier in ways):
        if ways and not way.cheapest and way.cost > FAR * ways[0].cost:
            break
        ways.append(way)
        if len(ways) == opened.loaded.settings.explain.repairs or end - monotonic() < 0.1:
            break
        by_kind = [[np.flatnonzero(kinds == kind) for kind in np.unique(kinds[earlier.used])] for earlier in ways]
        way = relax(sides, sides.every, _within(stopping, end, OTHERS), by_kind)
        if not way.used.size:
            way = relax(sides, sides.every, _within(stopping, end, OTHERS), [list(earlier.used[:, None]) for earlier in ways])
    found, repairs = [_repair(opened, sides, way) for way in ways], list[Repair]()
    order = sorted(range(len(found)), key=lambda n: found[n].cost)
    for place, n in enumerate(order):
        # "The cheapest that differs from those before" is so of one that was sought beside those found earlier when they all stand
        # before it, and none that may be no repair is cheaper.
        sure = set(range(n)) <= set(order[:place]) and all(found[m].confirmed for m in order[: place + 1])
        repairs.append(replace(found[n], cheapest=found[n].cheapest and sure))
    return tuple(repairs)


def _repair(opened: Opened, sides: Sides, way: Relaxed) -> Repair:
    assert way.values is not None
    choice = choice_of(sides.programme.layout, way.values)
    accounts = reckon(opened.case, choice)
    steps = tuple(step_of(opened.case, accounts, sides.levers[n]) for n in way.used.tolist())
    repair = Repair(steps, way.cost, way.bound, way.cheapest, confirmed=False)
    try:
        return replace(repair, confirmed=is_plan(applied(opened, repair).case, choice))
    except InputError:
        return repair


def _conflicts(
    programme: Programme, own: Sides, wide: Sides, first: Relaxed, stopping: Stopping, end: float
) -> tuple[Conflict, ...]:
    """Minimal conflicts of the plan file as it stands."""
    used = {(wide.levers[n].family, wide.levers[n].key) for n in first.used.tolist()}
    involved = np.array([n for n, lever in enumerate(own.levers) if (lever.family, lever.key) in used], dtype=np.int64)
    found = []
    for at, minimal in clashes(own, involved, _within(stopping, end, OTHERS), end - monotonic()):
        levers = [own.levers[n] for n in at.tolist()]
        limits = [lever_words(programme.case, lever) for lever in levers]
        must = [lever.key[0] for lever in levers if lever.family in {"must_include", SIGNED}]
        if len(levers) == 1 and must and not programme.eligible.candidates[must[0]]:  # it cannot come: why no park is open to it
            why, limit = reasons(programme, must[0]), limits[0]
            limits = [Words(f"{limit.zh}，而它进不了任何园区：{why.zh}", f"{limit.en}, and no park is open to it: {why.en}")]
        found.append(Conflict(tuple(limits), tuple(sorted({lever.family for lever in levers})), minimal))
    return tuple(found)


def changed_settings(settings: Settings, changes: Sequence[tuple[Keys, Any]]) -> Settings:
    """The settings with values laid in by key path; None takes an entry out."""
    data = plain_data(settings)
    gone = [keys for keys, value in changes if value is None and isinstance(keys[-1], int)]
    for keys, value in changes:
        if value is None and keys not in gone:
            reduce(getitem, keys[:-1], data).pop(keys[-1], None)
        elif keys not in gone:
            reduce(getitem, keys[:-1], data)[keys[-1]] = value
    for keys in sorted(gone, key=lambda keys: -int(keys[-1])):  # from the end on, so that positions stay what they were
        del reduce(getitem, keys[:-1], data)[keys[-1]]
    return Settings.model_validate(data)


def applied(opened: Opened, repair: Repair) -> Opened:
    """The plan file with the repair, in memory; raises ``InputError`` where the changes contradict the rest of the input."""
    settings = changed_settings(opened.loaded.settings, repair.settings)
    return replace(opened, loaded=replace(opened.loaded, settings=settings)).changed(repair.cells)


def is_plan(case: Case, choice: Choice) -> bool:
    """Whether the choice breaks no limit: by sums over the tables, no matrix."""
    return not broken(held(case, reckon(case, choice)))


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
