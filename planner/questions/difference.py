r"""Two plans of the same tables compared exactly: by term, by firm, by link, by limit.

With values :math:`V=\sum_j w_j r_j/n_j-\sum_g p_g v_g` (weight, raw figure and normaliser of each term, price and violation
of each soft rule), the difference divides by term and rule as it stands. It divides by firm because each value does
(:mod:`planner.terms`): what the firms' parts leave over is the price of soft rules alone, since a backup that
stands without the plan is in both values. Both sums are held against the difference; a mismatch is a bug, never an output.

The difference of the two *optima* lies in

.. math:: [\,v_{\text{after}}-b_{\text{before}},\; b_{\text{after}}-v_{\text{before}}\,],

value and bound being those of each solve; where forcing only restricts the plan, it is not above 0 either.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from planner.plan.diff import PROVED, Level, by_id, least_difference, level_changes, levels
from planner.plan.firm_records import Selected
from planner.plan.limit_records import Limit, RuleResult
from planner.plan.model import Plan
from planner.plan.records import LinkResult
from planner.questions.items import Difference, FirmChange, LinkChange, Part, Verdict

SUMS = 1e-9
"""Items sum to the difference within this, relative to the largest figure."""
Pairs = Sequence[tuple[Level, Level]]
"""The levels of the two plans."""


class ItemsError(RuntimeError):
    """Items that do not sum to the difference they are said to make up: a bug."""


def difference(before: Plan, after: Plan, asked: str | None = None, restricts: bool = True) -> Difference:
    """What ``after`` adds to the value of ``before``, item by item.

    Args:
        asked: id of the candidate in question.
        restricts: ``after`` is a plan under ``before``'s limits and one more, so that its optimum is not higher.

    Raises:
        ItemsError: the items do not sum to the difference.
    """
    pairs = tuple(zip(levels(before), levels(after), strict=False))
    parts = (*_terms(before, after, pairs), *_rules(before, after, pairs))
    firms, links = _firms(before, after, pairs, asked), _links(before, after, pairs)
    changes = level_changes(before, after, restricts)
    nobody = tuple(math.fsum(part.values[n] for part in parts if part.kind == "rule") for n in range(len(pairs)))
    for n, level in enumerate(changes):
        common = [part.values[n] for part in parts if part.kind == "term" and part.name in {"gap", "backup"}]
        # Violations and shortages are rounded to nine decimals in the records, terms are not.
        rounding = 1e-9 * sum(abs(rule.soft or 0.0) for rule in before.rules) + 1e-9 * len(links)
        for what, items, total in (
            ("terms and rules", [part.values[n] for part in parts], level.difference),
            ("firms", [*(firm.values[n] for firm in firms), nobody[n]], level.difference),
            ("links", [link.values[n] for link in links], math.fsum(common)),
        ):
            scale = max([1.0, abs(level.before), abs(level.after), *map(abs, items)])
            if abs(math.fsum(items) - total) > SUMS * scale + rounding:
                raise ItemsError(f"{what} sum to {math.fsum(items):.12g} instead of {total:.12g}")
    bound, freed = _new(after.limits, before.limits), _new(before.limits, after.limits)
    return Difference(levels=changes, parts=parts, firms=firms, nobody=nobody, links=links, bound=bound, freed=freed)


def _terms(before: Plan, after: Plan, pairs: Pairs) -> Iterable[Part]:
    for name, was in before.objective.terms.items():
        now = after.objective.terms[name]
        values = tuple(level.weights.get(name, 0.0) * (now.normalised - was.normalised) for level, _ in pairs)
        yield Part(kind="term", name=name, unit=was.unit, before=was.raw, after=now.raw, values=values)


def _rules(before: Plan, after: Plan, pairs: Pairs) -> Iterable[Part]:
    """Soft rules that are violated otherwise."""
    now = _numbered(after.rules)
    for key, was in _numbered(before.rules).items():
        price, violation = was.soft or 0.0, now[key].violation if key in now else 0.0
        if price and violation != was.violation:
            values = tuple(-price * (violation - was.violation) if level.penalised else 0.0 for level, _ in pairs)
            yield Part(kind="rule", name=was.name, group=was.group, before=was.violation, after=violation, values=values)


def _numbered(rules: Iterable[RuleResult]) -> dict[tuple[str, str | None, int], RuleResult]:
    """Rules by name and group; two of one name are told apart by their order."""
    seen: Counter[tuple[str, str | None]] = Counter()
    numbered = {}
    for rule in rules:
        seen[(rule.name, rule.group)] += 1
        numbered[(rule.name, rule.group, seen[(rule.name, rule.group)])] = rule
    return numbered


def _shares(plan: Plan, firm: Selected | None, levels: Sequence[Level]) -> tuple[float, ...]:
    """What a firm contributes to each level; a term that is only bounded contributes nothing."""
    terms = plan.objective.terms
    parts = {} if firm is None else {name: part for name, part in firm.contribution.items() if terms[name].weight}
    return tuple(
        math.fsum(part * level.weights.get(name, 0.0) / terms[name].weight for name, part in parts.items()) for level in levels
    )


def _firms(before: Plan, after: Plan, pairs: Pairs, asked: str | None) -> tuple[FirmChange, ...]:
    """Firms of either plan whose contribution, park or quarter differs: the one asked for, then by what they lose or gain."""
    old, new = by_id(before), by_id(after)
    changes = []
    for candidate_id in sorted({*old, *new}):
        was, now = old.get(candidate_id), new.get(candidate_id)
        a, b = _shares(before, was, [pair[0] for pair in pairs]), _shares(after, now, [pair[1] for pair in pairs])
        values = tuple(y - x for x, y in zip(a, b, strict=True))
        here, there = (((firm.park_id, firm.quarter) if firm else (None, None)) for firm in (was, now))
        change = "comes" if was is None else "leaves" if now is None else "moves" if here != there else "shares"
        if candidate_id == asked:
            change = "asked"
        if change == "shares" and not any(values):
            continue
        name = (new.get(candidate_id) or old[candidate_id]).name
        places = {"park_before": here[0], "park_after": there[0], "quarter_before": here[1], "quarter_after": there[1]}
        figures = {"before": a, "after": b, "values": values}
        firm = {"candidate_id": candidate_id, "name": name, "change": change}
        changes.append(FirmChange.model_validate({**firm, **places, **figures}))
    order = ("asked", "leaves", "comes", "moves", "shares")
    return tuple(sorted(changes, key=lambda firm: (order.index(firm.change), [-abs(v) for v in firm.values], firm.candidate_id)))


def _links(before: Plan, after: Plan, pairs: Pairs) -> tuple[LinkChange, ...]:
    """Links whose shortage, sources, backup or grade differ, the largest change of the value first."""
    terms, changes = before.objective.terms, []
    for was, now in zip(before.links, after.links, strict=True):
        old, new = _state(was), _state(now)
        if old == new:
            continue
        backup = int(now.backed_up) - int(was.backed_up) if was.min_sources > 0 else 0
        gains = {"gap": was.shortage_after - now.shortage_after, "backup": backup}
        kept = [name for name in gains if name in terms]
        scales = [{name: level.weights.get(name, 0.0) / terms[name].normaliser for name in kept} for level, _ in pairs]
        values = [sum((scale[name] * was.weight * gains[name] for name in kept), 0.0) for scale in scales]
        states = {f"{name}_{when}": figure for when, state in (("before", old), ("after", new)) for name, figure in state.items()}
        changes.append(LinkChange.model_validate({"link_id": was.link_id, "name": was.name, "values": values, **states}))
    return tuple(sorted(changes, key=lambda link: ([-abs(v) for v in link.values], link.link_id)))


def _state(link: LinkResult) -> Mapping[str, object]:
    return {"shortage": link.shortage_after, "sources": link.sources_after, "backed_up": link.backed_up, "grade": link.grade_after}


def _new(limits: Sequence[Limit], known: Sequence[Limit]) -> tuple[Limit, ...]:
    """Those of ``limits`` that have nothing left and are not among the ``known`` that have nothing left."""
    held = {limit.limit_id for limit in known if _full(limit)}
    return tuple(limit for limit in limits if _full(limit) and limit.limit_id not in held)


def _full(limit: Limit) -> bool:
    return limit.amount - limit.used <= PROVED * max(1.0, abs(limit.amount))


def better(plan: Plan, other: Plan) -> bool:
    """Whether a plan is worth more than another, by the first level that differs."""
    for now, then in zip(levels(plan), levels(other), strict=False):
        if abs(now.value - then.value) > least_difference(now.value, then.value):
            return now.value > then.value
    return False


def verdict(before: Plan, after: Plan, found: Difference, restricts: bool) -> Verdict:
    """What is proved of the difference, by the first level that settles it."""
    for level, was, now in zip(found.levels, levels(before), levels(after), strict=False):
        least = least_difference(level.before, level.after)
        if restricts and was.best is not None and now.best is not None and now.best > was.best + least:
            return "improvable"
        if level.highest is not None and level.highest < -least:
            return "costs"
        if level.lowest is not None and level.lowest > least:
            return "gains"
        if level.lowest is None or level.highest is None or level.lowest < -least or level.highest > least:
            return "uncertain"
    return "free"
