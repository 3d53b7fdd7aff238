"""Two plans held against each other: figures, settings, inputs, projects, links, limits, and how sure the difference is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.plan.diff import PROVED, came, interval, levels, moved
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import Kpis, LinkResult
from planner.questions.compare.record import (
    Attribution,
    BindingLimit,
    Certainty,
    Difference,
    Effect,
    Figure,
    InputChange,
    Limits,
    LinkChange,
    Measure,
    Move,
    Placement,
    Projects,
    SettingChange,
)

NOT_OF_THE_PLAN = ("scenarios", "compare", "publish")
"""Sections of the settings that do not steer a plan."""
SAME = 1e-9
"""Relative difference of two figures that are the same."""


def difference(base: Plan, here: Plan) -> Difference:
    """How ``here`` differs from ``base``."""
    return Difference(
        figures=figures(base, here),
        settings=setting_changes(base.plan.settings, here.plan.settings),
        inputs=_inputs(base, here),
        projects=_projects(base, here),
        links=_links(base, here),
        limits=_limits(base, here),
        certainty=certainty(base, here),
    )


def attribution(plans: Sequence[Plan], steps: Sequence[Sequence[int]], complete: bool) -> Attribution:
    """What each step of a chain of plans brings.

    Args:
        plans: the base, then the plan after each step.
        steps: the overrides that each step makes, by position.
        complete: every override that could be made alone was made alone.
    """
    effects = tuple(
        Effect(
            overrides=tuple(made),
            gap=after.objective.gap,
            certainty=certainty(before, after),
            figures={name: figure.difference for name, figure in figures(before, after, plans[0]).items()},
        )
        for before, after, made in zip(plans[:-1], plans[1:], steps, strict=True)
    )
    return Attribution(effects=effects, complete=complete)


def figures(base: Plan, here: Plan, measure: Plan | None = None) -> dict[str, Figure]:
    """Every figure of the two side by side; ``measure`` is whose weights ``value_by_base`` takes (None: the base's)."""
    by = measure or base
    one, other = _values(base), _values(here)
    found = {name: _figure(one.get(name), other.get(name)) for name in dict.fromkeys(("value", *one, *other))}
    found["value_by_base"] = _figure(value_by(by, base), value_by(by, here))
    found |= {name: _figure(getattr(base.kpis, name), getattr(here.kpis, name)) for name in Kpis.model_fields}
    names = dict.fromkeys((*base.objective.terms, *here.objective.terms))
    found |= {f"term:{name}": _figure(_raw(base, name), _raw(here, name)) for name in names}
    return found


def _values(plan: Plan) -> dict[str, float]:
    """``value``, or that of each level: they are never added, nor one level held against another."""
    told = plan.objective
    return {f"level:{n}": one.value for n, one in enumerate(told.levels, start=1)} or {"value": told.value}


def value_by(measure: Plan, plan: Plan) -> float | None:
    """The plan's value by the weights, divisors and prices of another; None when it does not know one of the terms.

    A soft rule's price is the plan's own: what it costs to break a rule is part of what was asked of that plan.
    """
    terms = {name: term for name, term in measure.objective.terms.items() if term.weight}
    if measure.objective.mode != "weighted" or any(name not in plan.objective.terms for name in terms):
        return None
    raw = {name: plan.objective.terms[name].raw for name in terms}
    return sum(term.weight * raw[name] / term.normaliser for name, term in terms.items()) - plan.objective.penalties


def certainty(base: Plan, here: Plan) -> Certainty:
    """What the bounds prove of the difference of the two optima; of priorities at the first level that tells them apart."""
    differs = _differs(base, here)
    found = Certainty(comparable=not differs, differs=differs, least=None, most=None, sure=None)
    if differs:
        return found
    for number, (low, high) in enumerate(zip(levels(base), levels(here), strict=False), start=1):
        level = number if base.objective.levels else None
        least, most = interval(low, high)
        if least is None or most is None:
            return found.model_copy(update={"level": level})
        nothing = PROVED * max(abs(low.best or 0.0), abs(high.best or 0.0), 1e-10)
        alike = most <= 2 * nothing and least >= -2 * nothing
        sure = least > nothing or most < -nothing or alike
        found = found.model_copy(update={"least": least, "most": most, "sure": sure, "level": level})
        if not alike or low.tolerance != high.tolerance:
            return found
    return found


def setting_changes(base: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[SettingChange, ...]:
    """Settings that differ, by dotted key; paths of files are left out, for a file is known by its contents."""
    one, other = dict(_flat(base)), dict(_flat(here))
    keys = [key for key in dict.fromkeys((*one, *other)) if not _beside_the_point(key)]
    return tuple(SettingChange(key=key, base=one.get(key), here=other.get(key)) for key in keys if one.get(key) != other.get(key))


def share_candidates(one: Plan, other: Plan) -> bool:
    """Whether the two choose among some candidate in common."""
    return not _candidates(one).isdisjoint(_candidates(other))


def _candidates(plan: Plan) -> set[str]:
    return {firm.candidate_id for firm in plan.selected} | {firm.candidate_id for firm in plan.not_selected}


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys; an entry of a list stands by its name where all entries have one of their own, else by its position.

    A change of cells is one thing. What is empty says nothing.
    """
    if key.startswith("changes[") and isinstance(value, Mapping):
        yield key, {name: inner for name, inner in value.items() if inner not in (None, {})}
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, (list, tuple)) and all(isinstance(one, Mapping) for one in value):
        names = [one.get("name") for one in value]
        named = all(names) and len(set(names)) == len(names)
        for position, inner in enumerate(value):
            yield from _flat(inner, f"{key}[{names[position] if named else position}]")
    else:
        yield key, list(value) if isinstance(value, tuple) else value


def _beside_the_point(key: str) -> bool:
    return key.split(".")[0].split("[")[0] in NOT_OF_THE_PLAN or (key.startswith("tables.") and key.endswith(".file"))


def _figure(base: float | None, here: float | None) -> Figure:
    return Figure(base=base, here=here, difference=None if base is None or here is None else here - base)


def _raw(plan: Plan, name: str) -> float | None:
    term = plan.objective.terms.get(name)
    return None if term is None else term.raw


def _differs(base: Plan, here: Plan) -> tuple[Measure, ...]:
    """What the two values are not reckoned alike by."""
    one, other = base.objective, here.objective
    if one.mode != other.mode:
        return ("mode",)
    if len(one.levels) != len(other.levels):
        return ("levels",)
    weights = [tuple(map(_weights, (a, b))) for a, b in zip(_asked(base), _asked(here), strict=True)]
    alike: dict[Measure, bool] = {
        "weights": all(_close(a, b) for a, b in weights),
        "divisors": _close(*({name: term.normaliser for name, term in told.terms.items()} for told in (one, other))),
        "prices": _prices(base) == _prices(here),
    }
    return tuple(name for name, same in alike.items() if not same)


def _asked(plan: Plan) -> list[Mapping[str, float]]:
    """The weights of each level; of the one sum there is without priorities."""
    told = plan.objective
    return [one.weights for one in told.levels] or [{name: term.weight for name, term in told.terms.items()}]


def _weights(level: Mapping[str, float]) -> dict[str, float]:
    return {name: weight for name, weight in level.items() if weight}


def _close(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """The same names with the same figures but for rounding."""
    return one.keys() == other.keys() and all(
        abs(value - other[name]) <= SAME * max(1.0, abs(value)) for name, value in one.items()
    )


def _prices(plan: Plan) -> list[tuple[str, float]]:
    """Soft rules and their prices."""
    return sorted({(rule.name, rule.soft) for rule in plan.rules if rule.soft is not None})


def _inputs(base: Plan, here: Plan) -> tuple[InputChange, ...]:
    def known(plan: Plan) -> dict[str, tuple[str, str]]:
        files: dict[str, list[tuple[str, str]]] = {}
        for one in plan.inputs:
            files.setdefault(one.table, []).append((one.file, one.sha256))
        return {name: (found[0][0], "+".join(digest for _, digest in found)) for name, found in files.items()}

    one, other = known(base), known(here)
    nothing: tuple[str | None, str | None] = (None, None)
    return tuple(
        InputChange(
            table=name,
            file=str((other.get(name) or one[name])[0]),
            base=one.get(name, nothing)[1],
            here=other.get(name, nothing)[1],
        )
        for name in dict.fromkeys((*one, *other))
        if one.get(name, nothing)[1] != other.get(name, nothing)[1]
    )


def _placement(firm: Selected) -> Placement:
    return Placement(
        candidate_id=firm.candidate_id, name=firm.name, park_id=firm.park_id, park=firm.park_name, quarter=firm.quarter
    )


def _projects(base: Plan, here: Plan) -> Projects:
    moves = moved(base, here)
    leave = came(here, base)
    return Projects(
        come=tuple(map(_placement, came(base, here))),
        leave=tuple(map(_placement, leave)),
        move=tuple(Move(base=_placement(before), here=_placement(after)) for before, after in moves),
        same=len(base.selected) - len(leave) - len(moves),
    )


def _links(base: Plan, here: Plan) -> tuple[LinkChange, ...]:
    one = {link.link_id: link for link in base.links}
    other = {link.link_id: link for link in here.links}
    found = []
    for name in dict.fromkeys((*one, *other)):
        change = _link(one.get(name), other.get(name))
        states = (change.grade_base, change.backed_up_base), (change.grade_here, change.backed_up_here)
        moved = change.shortage.difference is None or abs(change.shortage.difference) > SAME * max(1.0, change.shortage.base or 0.0)
        if moved or states[0] != states[1]:
            found.append(change)
    return tuple(sorted(found, key=lambda link: (-abs(link.shortage.difference or 0.0), link.link_id)))


def _link(base: LinkResult | None, here: LinkResult | None) -> LinkChange:
    either = base or here
    assert either is not None
    return LinkChange(
        link_id=either.link_id,
        name=either.name,
        shortage=_figure(base.shortage_after if base else None, here.shortage_after if here else None),
        grade_base=base.grade_after if base else None,
        grade_here=here.grade_after if here else None,
        backed_up_base=base.backed_up if base else None,
        backed_up_here=here.backed_up if here else None,
    )


def _limits(base: Plan, here: Plan) -> Limits:
    one, other = _binding(base), _binding(here)
    return Limits(
        only_here=tuple(other[name] for name in sorted(other.keys() - one.keys())),
        only_base=tuple(one[name] for name in sorted(one.keys() - other.keys())),
        both=len(one.keys() & other.keys()),
    )


def _binding(plan: Plan) -> dict[str, BindingLimit]:
    names = {chain.chain_id: chain.name for chain in plan.chains} | {link.link_id: link.name for link in plan.links}
    names |= {park.park_id: park.name for park in plan.parks}
    return {
        one.limit_id: BindingLimit(
            limit_id=one.limit_id,
            family=one.family,
            subject=one.subject,
            place=names.get(one.place or "", one.place),
            quarter=one.quarter,
            used=one.used,
            amount=one.amount,
            unit=one.unit,
        )
        for one in plan.limits
    }
