"""An assessment as a record: what a list breaks and is worth, row by row, from the tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from planner.case.accounts import Accounts
from planner.case.case import Case
from planner.case.rules import rule_unit
from planner.language import Words
from planner.limits.family import LOW, Held
from planner.plan.broken import ROUND, Broken, broken_limits
from planner.plan.build import kpis_of, term_results
from planner.plan.diff import Named, by_id, came, least_difference, levels, moved, named
from planner.plan.facts import known
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.programme.build import Programme
from planner.questions.assess import record
from planner.questions.assess.listing import FREE, Listed, Listing
from planner.questions.difference import difference
from planner.terms.registry import reckon, soft_price, worth
from planner.terms.term import Term


@dataclass(frozen=True, eq=False)
class Standing:
    """A list that says where and when, and what it comes to."""

    opened: Opened
    listing: Listing
    programme: Programme

    @cached_property
    def accounts(self) -> Accounts:
        return reckon(self.opened.case, self.listing.choice, [term.name for term in self.programme.terms])

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        return broken_limits(self.opened.case, self.listing.choice)

    @property
    def values(self) -> list[float]:
        """Its value at each level of the objective."""
        count = max(len(self.programme.case.settings.objective.levels), 1)
        return [worth(self.accounts.chosen, self.accounts.penalties, level)[0] for level in range(count)]


def assessment(
    as_read: Listing,
    standing: Standing,
    best: Plan | None,
    against: str | None,
    impossible: bool,
    repair: record.Repair | None,
    swaps: Sequence[record.Swap],
    settled: bool,
) -> record.Assessment:
    """The answer; ``as_read`` is the list before it was completed."""
    opened, case, accounts = standing.opened, standing.opened.case, standing.accounts
    terms = term_results(standing.programme, accounts, case.settings.objective.term_weights)
    of_best = {} if best is None else best.objective.terms
    return record.Assessment(
        plan=opened.loaded.settings.name,
        language=opened.loaded.settings.language,
        list=record.ListFile(file=as_read.file, sheet=as_read.sheet, sha256=as_read.sha256, rows=len(as_read.rows)),
        rows=tuple(_rows(case, as_read, standing.listing)),
        notices=as_read.notices,
        feasible=not standing.broken,
        broken=tuple(_limit(case, accounts, standing.listing, limit) for limit in standing.broken),
        levels=tuple(_levels(standing.values, best)),
        terms=tuple(record.TermValue(name=name, list=term, best=of_best.get(name)) for name, term in terms.items()),
        penalties=accounts.penalties,
        soft=tuple(_soft(case, accounts)),
        kpis=kpis_of(case, accounts),
        best_kpis=None if best is None else best.kpis,
        best_seal=None if best is None else best.seal,
        against=against,
        best_reason=None if best is None else best.status.reason,
        best_proved=best is not None and best.status.proved,
        impossible=impossible,
        repair=repair,
        swaps=tuple(swaps),
        settled=settled,
    )


def _soft(case: Case, accounts: Accounts) -> Iterator[record.SoftRule]:
    for value in accounts.rules:
        rule = case.settings.rules[value.rule]
        if rule.soft is not None and value.violation > 0:
            price = soft_price(case, rule, Term.scale) * value.violation
            violation = round(value.violation, ROUND)
            yield record.SoftRule(name=rule.name, group=value.group or None, violation=violation, price=price)


def _rows(case: Case, as_read: Listing, listing: Listing) -> Iterator[record.ListRow]:
    for then, row in sorted(zip(as_read.rows, listing.rows, strict=True), key=lambda pair: pair[1].row):
        open_: tuple[tuple[Literal["park", "quarter"], int], ...] = (("park", then.park), ("quarter", then.quarter))
        yield record.ListRow(row=row.row, **_where(case, row), completed=tuple(name for name, at in open_ if at == FREE))


def _where(case: Case, row: Listed) -> dict[str, Any]:
    firm, park = case.candidates.iloc[row.candidate], case.parks.iloc[row.park]
    return {
        "candidate_id": str(firm["candidate_id"]),
        "name": str(firm["name"]),
        "park_id": str(park["park_id"]),
        "park_name": str(park["name"]),
        "quarter": case.quarters[row.quarter],
    }


def _limit(case: Case, accounts: Accounts, listing: Listing, limit: Broken) -> record.BrokenLimit:
    least = limit.about.get("side") == LOW
    parts = ((listing.rows[n], part) for n, part in limit.parts.items())
    return record.BrokenLimit(
        family=limit.family.name,
        ids=limit.subject.ids,
        reason=str(limit.about.get("reason", "")),
        limit=limit.subject.name,
        place=None if limit.subject.place is None else _named(case, limit.subject.place),
        other=_other(case, limit),
        quarter=None if limit.quarter is None else case.calendar[limit.quarter],
        least=least,
        **_figures(limit.held, least),
        unit=limit.subject.unit,
        **_ratio(case, accounts, limit),
        quarters=tuple(record.When(quarter=case.calendar[t], **_figures(held, least)) for t, held in limit.quarters),
        rows=tuple(record.RowPart(row=row.row, **_where(case, row), part=known(part)) for row, part in parts),
    )


def _ratio(case: Case, accounts: Accounts, limit: Broken) -> dict[str, Any]:
    """What a rule on a share or a mean comes to, and its bound."""
    if "rule" not in limit.about or (rule := case.settings.rules[limit.about["rule"]]).share is rule.mean is None:
        return {}
    value = accounts.rule_at[limit.about["rule"], limit.about["group"]]
    bound = value.low if limit.about["side"] == LOW else value.high
    return {"ratio": known(value.value), "bound": bound, "ratio_unit": rule_unit(case, rule)}


def _named(case: Case, place: Words) -> Words:
    """A place whose ids are told by name: rules name their groups by id."""
    names = {
        str(row[0]): str(row[1])
        for frame, id_ in (
            (case.chains, "chain_id"),
            (case.links, "link_id"),
            (case.parks, "park_id"),
            (case.candidates, "candidate_id"),
        )
        for row in zip(frame[id_], frame["name"], strict=True)
    }
    return Words(*(" / ".join(names.get(part, part) for part in text.split(" / ")) for text in (place.zh, place.en)))


def _other(case: Case, limit: Broken) -> str:
    """What a lock says instead: a park's name or a quarter."""
    if (reason := limit.about.get("reason")) is None:
        return ""
    row = case.candidates.iloc[limit.about["candidate"]]
    if reason == "fixed_elsewhere":
        return str(case.parks["name"].iloc[int(row["fixed_park"])])
    if reason == "other_quarter":
        return case.quarters[int(row["fixed_quarter"])]
    return str(row[reason]) if reason in ("earliest_quarter", "latest_quarter") else ""


def _figures(held: Held, least: bool) -> dict[str, Any]:
    used, allowed = (held.allowed, held.used) if least else (held.used, held.allowed)
    return {
        "used": None if known(used) is None else round(used, ROUND),
        "allowed": None if known(allowed) is None else round(allowed, ROUND),
        "excess": None if known(held.excess) is None else round(held.excess, ROUND),
    }


def _levels(values: Sequence[float], best: Plan | None) -> Iterator[record.LevelValue]:
    """Value, and distance to the bound as long as the levels before leave none."""
    told = [None] * len(values) if best is None else [*levels(best)]
    comparable = True
    for value, level in zip(values, told, strict=False):
        bound = None if level is None else level.bound
        distance = None if bound is None or not comparable else bound - value
        if distance is not None and abs(distance) <= least_difference(value, bound or 0.0):
            distance = 0.0
        yield record.LevelValue(value=value, best=None if level is None else level.value, bound=bound, distance=distance)
        comparable &= distance == 0.0


def repair_of(case: Case, listing: Listing, repaired: Plan, changes: int, least: int) -> record.Repair:
    """The changes that lead from a list to a plan, by name."""
    places = {(place := _where(case, row))["candidate_id"]: place for row in listing.rows}
    now = by_id(repaired)
    new = [firm for name, firm in sorted(now.items()) if name not in places]
    both = [(now[name], place) for name, place in places.items() if name in now]
    return record.Repair(
        dropped=tuple(Named(id=name, name=place["name"]) for name, place in places.items() if name not in now),
        added=named(new),
        moved=tuple(_move(f, then) for f, then in both if (f.park_id, f.quarter) != (then["park_id"], then["quarter"])),
        placed=tuple(_move(firm, {"park_name": "", "quarter": ""}) for firm in new),
        changes=changes,
        least=least,
        proved=changes == least,
        value=tuple(level.value for level in levels(repaired)),
    )


def _move(firm: Selected, then: dict[str, Any]) -> record.Move:
    return record.Move(
        candidate_id=firm.candidate_id,
        name=firm.name,
        park_before=then["park_name"],
        park_after=firm.park_name,
        quarter_before=then["quarter"],
        quarter_after=firm.quarter,
    )


def swap_of(number: int, base: Plan, plan: Plan) -> record.Swap:
    """What a plan exchanges of another, item by item."""
    return record.Swap(
        number=number,
        dropped=named(came(plan, base)),
        added=named(came(base, plan)),
        moved=tuple(_move(now, {"park_name": then.park_name, "quarter": then.quarter}) for then, now in moved(base, plan)),
        difference=difference(base, plan, restricts=False),
        bound=plan.objective.bound,
        proved=plan.status.proved,
        reason=plan.status.reason,
    )
