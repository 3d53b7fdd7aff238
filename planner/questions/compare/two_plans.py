"""Two plans held against each other: figures, settings, inputs, projects, links, limits, and how sure the difference is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.plan.diff import PROVED, by_id, came, interval, levels, moved
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.questions.compare import record

NOT_OF_THE_PLAN = ("scenarios", "compare", "publish")
"""Sections of the settings that do not steer a plan."""
SAME = 1e-9
"""Relative difference of two figures that are the same."""


def difference(base: Plan, here: Plan) -> record.Difference:
    """How ``here`` differs from ``base``."""
    return record.Difference(
        figures=figures(base, here),
        settings=setting_changes(base.plan.settings, here.plan.settings),
        inputs=_inputs(base, here),
        projects=_projects(base, here),
        links=_links(base, here),
        limits=_limits(base, here),
        certainty=certainty(base, here),
    )


def effect(base: Plan, before: Plan, after: Plan, overrides: Sequence[int]) -> record.Effect:
    """What the overrides at these positions bring between two plans on the way from ``base`` to a scenario."""
    changes = {name: figure.difference for name, figure in figures(before, after, base).items()}
    sure = certainty(before, after)
    return record.Effect(overrides=tuple(overrides), gap=after.objective.gap, certainty=sure, figures=changes)


def figures(base: Plan, here: Plan, measure: Plan | None = None) -> dict[str, record.Figure]:
    """Every figure of the two side by side; ``measure`` is whose weights ``value_by_base`` takes (None: the base's)."""
    old, new = _figures_of(base, measure or base), _figures_of(here, measure or base)
    # The values of both come first: one may have levels where the other has none.
    names = sorted(_paired(old, new), key=lambda name: name != "value" and not name.startswith("level:"))
    return {name: _figure(old.get(name), new.get(name)) for name in ("value", *names)}


def _figures_of(plan: Plan, measure: Plan) -> dict[str, float | None]:
    """``value``, or that of each level (they are never added, nor one level held against another), and every other figure."""
    objective = plan.objective
    values = {f"level:{n}": level.value for n, level in enumerate(objective.levels, start=1)} or {"value": objective.value}
    terms = {f"term:{name}": term.raw for name, term in objective.terms.items()}
    return {**values, "value_by_base": value_by(measure, plan), **dict(plan.kpis), **terms}


def value_by(measure: Plan, plan: Plan) -> float | None:
    """The plan's value by the weights and divisors of another; None when it does not know one of the terms."""
    terms = {name: term for name, term in measure.objective.terms.items() if term.weight}
    if measure.objective.mode != "weighted" or any(name not in plan.objective.terms for name in terms):
        return None
    raw = {name: plan.objective.terms[name].raw for name in terms}
    # A soft rule's price is the plan's own: what it costs to break a rule is part of what was asked of that plan.
    return sum(term.weight * raw[name] / term.normaliser for name, term in terms.items()) - plan.objective.penalties


def certainty(base: Plan, here: Plan) -> record.Certainty:
    """What the bounds prove of the difference of the two optima; of priorities at the first level that tells them apart."""
    differs = _differs(base, here)
    known = record.Certainty(comparable=not differs, differs=differs, least=None, most=None, sure=None)
    if differs:
        return known
    for number, (low, high) in enumerate(zip(levels(base), levels(here), strict=False), start=1):
        level = number if base.objective.levels else None
        least, most = interval(low, high)
        if least is None or most is None:
            return known.model_copy(update={"level": level})
        nothing = PROVED * max(abs(low.best or 0.0), abs(high.best or 0.0), 1e-10)
        alike = most <= 2 * nothing and least >= -2 * nothing
        sure = least > nothing or most < -nothing or alike
        known = known.model_copy(update={"least": least, "most": most, "sure": sure, "level": level})
        if not alike or low.tolerance != high.tolerance:
            return known
    return known


def setting_changes(base: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[record.SettingChange, ...]:
    """Settings that differ, by dotted key; paths of files are left out, for a file is known by its contents."""
    old, new = dict(_flat(base)), dict(_flat(here))
    keys = [key for key in _paired(old, new) if not key.startswith("tables.") or not key.endswith(".file")]
    changes = (record.SettingChange(key=key, base=old.get(key), here=new.get(key)) for key in keys)
    return tuple(change for change in changes if change.base != change.here)


def share_candidates(base: Plan, here: Plan) -> bool:
    """Whether the two choose among some candidate in common."""
    old, new = _candidates(base), _candidates(here)
    return not old.isdisjoint(new)


def _candidates(plan: Plan) -> set[str]:
    """Everyone whom a plan could select."""
    return {*by_id(plan), *(firm.candidate_id for firm in plan.not_selected)}


def _paired(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The names of either, each once."""
    return list(dict.fromkeys((*old, *new)))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys; an entry of a list stands by its name where all entries have one of their own, else by its position.

    A change of cells is one thing. What is empty says nothing.
    """
    if key.startswith("changes[") and isinstance(value, Mapping):
        yield key, {name: inner for name, inner in value.items() if inner not in (None, {})}
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if key or name not in NOT_OF_THE_PLAN:
                yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, (list, tuple)) and all(isinstance(entry, Mapping) for entry in value):
        names = [entry.get("name") for entry in value]
        named = all(names) and len(set(names)) == len(names)
        for position, inner in enumerate(value):
            yield from _flat(inner, f"{key}[{names[position] if named else position}]")
    else:
        yield key, list(value) if isinstance(value, tuple) else value


def _figure(base: float | None, here: float | None) -> record.Figure:
    return record.Figure(base=base, here=here, difference=None if base is None or here is None else here - base)


def _differs(base: Plan, here: Plan) -> tuple[record.Measure, ...]:
    """What the two values are not reckoned alike by."""
    old, new = base.objective, here.objective
    if old.mode != new.mode:
        return ("mode",)
    if len(old.levels) != len(new.levels):
        return ("levels",)
    prices = [{(rule.name, rule.soft) for rule in plan.rules if rule.soft is not None} for plan in (base, here)]
    alike: dict[record.Measure, bool] = {
        "weights": all(_close(_weights(a.weights), _weights(b.weights)) for a, b in zip(levels(base), levels(here), strict=True)),
        "divisors": _close(*({name: term.normaliser for name, term in told.terms.items()} for told in (old, new))),
        "prices": prices[0] == prices[1],
    }
    return tuple(name for name, same in alike.items() if not same)


def _weights(level: Mapping[str, float]) -> dict[str, float]:
    return {name: weight for name, weight in level.items() if weight}


def _close(old: Mapping[str, float], new: Mapping[str, float]) -> bool:
    """The same names with the same figures but for rounding."""
    return old.keys() == new.keys() and all(abs(value - new[name]) <= SAME * max(1.0, abs(value)) for name, value in old.items())


def _inputs(base: Plan, here: Plan) -> tuple[record.InputChange, ...]:
    """Tables of other contents, each by the first of its files."""
    old, new = _digests(base), _digests(here)
    files = {read.table: read.file for read in (*reversed(base.inputs), *reversed(here.inputs))}
    changes = (
        record.InputChange(table=name, file=files[name], base=old.get(name), here=new.get(name)) for name in _paired(old, new)
    )
    return tuple(change for change in changes if change.base != change.here)


def _digests(plan: Plan) -> dict[str, str]:
    """Table → the SHA-256 of all its files."""
    digests: dict[str, str] = {}
    for read in plan.inputs:
        digests[read.table] = f"{digests[read.table]}+{read.sha256}" if read.table in digests else read.sha256
    return digests


def _placement(firm: Selected) -> record.Placement:
    return record.Placement(
        candidate_id=firm.candidate_id, name=firm.name, park_id=firm.park_id, park=firm.park_name, quarter=firm.quarter
    )


def _projects(base: Plan, here: Plan) -> record.Projects:
    moves, leave = moved(base, here), came(here, base)
    old, new = _candidates(base), _candidates(here)
    return record.Projects(
        come=tuple(map(_placement, came(base, here))),
        leave=tuple(map(_placement, leave)),
        move=tuple(record.Move(base=_placement(before), here=_placement(after)) for before, after in moves),
        same=len(base.selected) - len(leave) - len(moves),
        only_here=tuple(sorted(new - old)),
        only_base=tuple(sorted(old - new)),
    )


def _links(base: Plan, here: Plan) -> tuple[record.LinkChange, ...]:
    """Links that the two leave in different states, the largest change of shortage first."""
    old, new = ({link.link_id: link for link in plan.links} for plan in (base, here))
    changes = []
    for name in _paired(old, new):
        sides = (old.get(name), new.get(name))
        shortage = _figure(*(side.shortage_after if side else None for side in sides))
        grades = [side.grade_after if side else None for side in sides]
        backed_up = [side.backed_up if side else None for side in sides]
        change = record.LinkChange(
            link_id=name,
            name=(old.get(name) or new[name]).name,
            shortage=shortage,
            grade_base=grades[0],
            grade_here=grades[1],
            backed_up_base=backed_up[0],
            backed_up_here=backed_up[1],
        )
        unlike = grades[0] != grades[1] or backed_up[0] != backed_up[1]
        if unlike or shortage.difference is None or abs(shortage.difference) > SAME * max(1.0, shortage.base or 0.0):
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: (-abs(change.shortage.difference or 0.0), change.link_id)))


def _limits(base: Plan, here: Plan) -> record.Limits:
    old, new = _binding(base), _binding(here)
    return record.Limits(
        only_here=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        only_base=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        both=len(old.keys() & new.keys()),
    )


def _binding(plan: Plan) -> dict[str, record.BindingLimit]:
    names = {chain.chain_id: chain.name for chain in plan.chains} | {link.link_id: link.name for link in plan.links}
    names |= {park.park_id: park.name for park in plan.parks}
    told = {limit.limit_id: limit.model_dump(exclude={"ids"}) for limit in plan.limits}
    return {
        name: record.BindingLimit(**{**limit, "place": names.get(limit["place"] or "", limit["place"])})
        for name, limit in told.items()
    }
