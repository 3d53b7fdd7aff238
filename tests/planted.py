"""Faults to plant in the rows, one line each: what is broken, and who has to notice.

``CHECK`` faults let through what is not allowed or promise what is not so: verification must refuse the plan. ``WORSE`` faults
only make the plan worse, which no check of a plan can see: the optimum over all choices does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from planner.case import eligibility as entry
from planner.case import rules
from planner.case.case import Case
from planner.case.eligibility import CODE, Eligibility
from planner.layout import Rows
from planner.limits import FAMILIES, means
from planner.limits import rules as limits
from planner.settings.filters import amount_parts
from planner.tables.facts import ColumnFacts
from planner.terms import projects

CHECK, WORSE = "check", "worse"


@dataclass(frozen=True)
class Fault:
    """Who notices it, and what it does: to a family's rows, to the facts, to what may go where, or to a function."""

    by: str
    family: str = ""
    rows: Callable[[Rows], Rows] | None = None
    case: Callable[[Case], Case] = lambda case: case
    eligible: Callable[[Eligibility], Eligibility] = lambda eligible: eligible
    code: tuple[Any, str, Callable[..., Any]] | None = None


# Rows


def drop(part: Rows) -> Rows:
    """No row of it."""
    return Rows(csr_array((0, part.matrix.shape[1])), np.zeros(0), np.zeros(0), {})


def free(part: Rows, first: int = 0, every: int = 2) -> Rows:
    """Some of its rows hold nothing."""
    lower, upper = part.lower.copy(), part.upper.copy()
    lower[first::every], upper[first::every] = -np.inf, np.inf
    return replace(part, lower=lower, upper=upper)


def times(factor: float) -> Callable[[Rows], Rows]:
    """All its coefficients multiplied, its sides not."""
    return lambda part: replace(part, matrix=part.matrix * factor)


def sides(lower: float = 0.0, upper: float = 0.0) -> Callable[[Rows], Rows]:
    """Its sides moved."""
    return lambda part: replace(part, lower=part.lower + lower, upper=part.upper + upper)


# ColumnFacts


def frame(table: str, **columns: Any) -> Callable[[Case], Case]:
    """A table with columns that are functions of the table, or one value."""

    def change(case: Case) -> Case:
        old = getattr(case, table)
        return replace(case, **{table: old.assign(**columns)})

    return change


def part(name: str, **fields: Callable[[Any], Any]) -> Callable[[Case], Case]:
    """Some fields of a part of the case changed."""

    def change(case: Case) -> Case:
        old = getattr(case, name)
        if name == "resources":
            return replace(case, resources=tuple(replace(one, **{key: to(one) for key, to in fields.items()}) for one in old))
        return replace(case, **{name: replace(old, **{key: to(old) for key, to in fields.items()})})

    return change


def setting(section: str, **values: Any) -> Callable[[Case], Case]:
    """Some settings of a section changed."""

    def change(case: Case) -> Case:
        told = getattr(case.settings, section).model_copy(update=values)
        return replace(case, settings=case.settings.model_copy(update={section: told}))

    return change


def each_rule(change: Callable[[Any], dict[str, Any]]) -> Callable[[Case], Case]:
    """Every rule changed."""

    def apply(case: Case) -> Case:
        rules = tuple(rule.model_copy(update=change(rule)) for rule in case.settings.rules)
        return replace(case, settings=case.settings.model_copy(update={"rules": rules}))

    return apply


def ratio(rule: Any, form: str, **values: Any) -> dict[str, Any]:
    """The share or mean of a rule changed, if it has one."""
    told = getattr(rule, form)
    return {form: told.model_copy(update=values)} if told is not None else {}


def nothing_counted(layout: Any, rows: Any) -> Any:
    """No column is counted by a rule on a ratio."""
    group, at, value = _COUNTED(layout, rows)
    return group, at, value * (rows.base is None)


_COUNTED = limits.rule_columns


def groups(kind: str, **values: Any) -> Callable[[Case], Case]:
    """Every group of a relation changed."""

    def change(case: Case) -> Case:
        told = tuple(one.model_copy(update=values) for one in getattr(case.settings.relations, kind))
        return setting("relations", **{kind: told})(case)

    return change


def later_by_one(case: Case) -> Case:
    """A quarter more between those that are signed one before the other."""
    told = tuple(one.model_copy(update={"quarters": one.quarters + 1}) for one in case.settings.relations.before)
    return setting("relations", before=told)(case)


def opened_up(code: str) -> Callable[[Eligibility], Eligibility]:
    """A reason that rules out nothing any more."""
    return lambda one: replace(one, reason=np.where(one.reason == CODE[code], 0, one.reason).astype(np.int8))


def any_quarter(one: Eligibility) -> Eligibility:
    """Fixed quarters are forgotten."""
    return replace(one, quarter=np.ones_like(one.quarter))


def any_time(side: int) -> Callable[[Case], Case]:
    """Earliest (0) or latest (1) quarters are forgotten."""

    def change(case: Case) -> Case:
        window = case.window.copy()
        window[:, side] = (0, len(case.quarters) - 1)[side]
        return replace(case, window=window)

    return change


def spread_later(columns: Any, at: Any, amount: Any, shares: Any) -> Any:
    """Payments and effort one quarter late."""
    quarter, column, value = _SPREAD(columns, at, amount, shares)
    kept = quarter < quarter.max(initial=0)
    return quarter[kept] + 1, column[kept], value[kept]


def spread_first(columns: Any, at: Any, amount: Any, shares: Any) -> Any:
    """Only the first share is seen."""
    return _SPREAD(columns, at, amount, shares[:, :1])


def free_later(case: Case) -> Case:
    """No fund and no team has a limit after the horizon."""
    after = np.arange(len(case.calendar)) >= len(case.quarters)
    funds = replace(case.funds, amount=np.where(after, np.inf, case.funds.amount))
    return replace(case, funds=funds, teams=replace(case.teams, effort=np.where(after, np.inf, case.teams.effort)))


_SPREAD = means._spread


def inverted(column: ColumnFacts, wanted: Any) -> Any:
    """A filter that keeps what it should leave out."""
    return ~_PASSES(column, wanted)


def everything(column: ColumnFacts, wanted: Any) -> Any:
    """A filter that keeps all."""
    return np.ones(column.size, dtype=bool)


_PASSES = ColumnFacts.passes

EARLY = part("resources", amount=lambda one: np.hstack([one.amount[:, 1:], one.amount[:, -1:]]))
SWAPPED = part("resources", place_of_park=lambda one: one.place_of_park[::-1].copy())

FAULTS: dict[str, Fault] = {
    # Rows dropped, freed, scaled, shifted
    **{f"{family.name}: no rows": Fault(CHECK, family.name, drop) for family in FAMILIES if family.name != "admission"},
    **{
        f"{name}: every other row holds nothing": Fault(CHECK, name, free)
        for name in ("once", "must_include", "stock", "flow", "funds", "teams", "shortage", "rules", "rivals")
    },
    **{f"{name}: coefficients halved": Fault(CHECK, name, times(0.5)) for name in ("stock", "flow", "funds", "teams", "rules")},
    **{f"{name}: coefficients doubled": Fault(WORSE, name, times(2.0)) for name in ("stock", "flow", "funds", "teams", "once")},
    **{
        f"{name}: wrong sign": Fault(CHECK, name, times(-1.0))
        for name in ("stock", "flow", "funds", "teams", "together", "apart", "exclusive")
    },
    **{
        f"{name}: one more allowed": Fault(CHECK, name, sides(upper=1))
        for name in ("once", "rivals", "exclusive", "apart", "rules")
    },
    "must_include: none needed": Fault(CHECK, "must_include", sides(lower=-1)),
    "stock: 30 more than there is": Fault(CHECK, "stock", sides(upper=30)),
    "flow: 3 more than there is": Fault(CHECK, "flow", sides(upper=3)),
    "flow: 3 less than there is": Fault(WORSE, "flow", sides(upper=-3)),
    "funds: 40 more than there is": Fault(CHECK, "funds", sides(upper=40)),
    "teams: 1 less than there is": Fault(WORSE, "teams", sides(upper=-1)),
    "term_bounds: 100 more allowed": Fault(CHECK, "term_bounds", sides(lower=-100, upper=100)),
    "shortage: 100 less of it": Fault(CHECK, "shortage", sides(lower=-100)),
    "shortage: 100 more of it": Fault(WORSE, "shortage", sides(lower=100)),
    "sources: one fewer is enough": Fault(CHECK, "sources", sides(lower=-1)),
    "reliability: half of it is enough": Fault(CHECK, "reliability", sides(lower=-1.0)),
    # ColumnFacts misread
    "variants are not grouped": Fault(CHECK, case=lambda case: replace(case, project_of=np.arange(len(case.candidates)))),
    "signed and required projects may stay away": Fault(CHECK, case=frame("candidates", must_include=False, status="prospect")),
    "every landing is certain": Fault(CHECK, case=frame("candidates", landing_probability=1.0)),
    "a firm that is here counts as a new source": Fault(CHECK, case=frame("incumbents", name="nobody")),
    "two projects of one firm are two sources": Fault(CHECK, case=frame("candidates", name=lambda f: f["candidate_id"])),
    "demand of newcomers is ignored": Fault(CHECK, case=frame("edges", coefficient=0.0)),
    "demand of newcomers falls on their own link": Fault(CHECK, case=frame("edges", from_link=lambda f: f["to_link"])),
    "supply at links is doubled": Fault(CHECK, case=frame("candidates", capacity=lambda f: 2 * f["capacity"])),
    "weights of links are 1": Fault(CHECK, case=frame("links", weight=1.0)),
    "sources here are one more": Fault(CHECK, case=frame("links", sources=lambda f: f["sources"] + 1)),
    "seasons are forgotten": Fault(CHECK, case=part("resources", amount=lambda one: one.stated)),
    "phases come a quarter early": Fault(CHECK, case=EARLY),
    "parks in the wrong place": Fault(CHECK, case=SWAPPED),
    "phases: the most there ever is": Fault(
        CHECK, case=part("resources", amount=lambda one: np.repeat(one.amount.max(1)[:, None], one.amount.shape[1], 1))
    ),
    "needs in 公顷 against 亩": Fault(CHECK, case=lambda case: replace(case, needs=case.needs / 15)),
    "site options do not change needs": Fault(CHECK, case=part("pairs", needs=lambda one: one.needs * np.nan)),
    "site options do not change scores": Fault(CHECK, case=part("pairs", score=lambda one: one.score * 0)),
    "carry-over is turned round": Fault(CHECK, case=part("funds", carry_over=lambda one: ~one.carry_over)),
    "every fund carries over": Fault(CHECK, case=part("funds", carry_over=lambda one: one.carry_over | True)),
    "the next quarter's money": Fault(CHECK, case=part("funds", amount=lambda one: one.amount[:, ::-1].copy())),
    "money asked of the wrong fund": Fault(CHECK, case=part("funds", asks=lambda one: one.asks[:, ::-1].copy())),
    "teams of other chains": Fault(CHECK, case=part("teams", effort=lambda one: one.effort[::-1].copy())),
    "shares of payment reversed": Fault(CHECK, case=lambda case: replace(case, paid_shares=case.paid_shares[:, ::-1])),
    "shares of effort reversed": Fault(CHECK, case=lambda case: replace(case, spent_shares=case.spent_shares[:, ::-1])),
    "one candidate's profile for another": Fault(CHECK, case=lambda case: replace(case, paid_shares=case.paid_shares[::-1])),
    "no limit after the horizon": Fault(CHECK, case=free_later),
    "effort a quarter late": Fault(CHECK, code=(means, "_spread", spread_later)),
    "only the first share is held": Fault(CHECK, code=(means, "_spread", spread_first)),
    "preferred parks are the others": Fault(CHECK, case=lambda case: replace(case, preferred=~case.preferred)),
    # Filters, lists, gates
    **{
        f"no gate: {code}": Fault(CHECK, eligible=opened_up(code))
        for code in (
            "excluded",
            "lost",
            "fixed_elsewhere",
            "refused_park",
            "forbidden_pair",
            "chain_not_allowed",
            "investment_intensity",
            "tax_intensity",
        )
    },
    "fixed quarters are forgotten": Fault(CHECK, eligible=any_quarter),
    **{
        f"{names} of projects are forgotten": Fault(CHECK, case=any_time(side))
        for side, names in enumerate(("earliest quarters", "latest quarters"))
    },
    "gates per unit of land instead of per 亩": Fault(CHECK, code=(entry, "mu_of", lambda case: 1.0)),
    "a rule's filter is inverted": Fault(CHECK, code=(ColumnFacts, "passes", inverted)),
    "a rule's filter keeps all": Fault(CHECK, code=(ColumnFacts, "passes", everything)),
    "rules hold for the whole plan": Fault(CHECK, case=each_rule(lambda rule: {"per": ("plan",), "by_group": ()})),
    "rules by park instead of by county": Fault(
        CHECK, case=each_rule(lambda rule: {"per": ("park",)} if rule.per[0] in {"county", "zone"} else {})
    ),
    "rules have no filter": Fault(CHECK, case=each_rule(lambda rule: {"where": {}})),
    "rules sum land instead": Fault(CHECK, case=each_rule(lambda rule: {"sum": "land"} if rule.sum and not rule.by_group else {})),
    "rules: bounds by group are forgotten": Fault(CHECK, "rules", case=each_rule(lambda rule: {"by_group": ()})),
    "rules: units of bounds are not converted": Fault(
        CHECK, "rules", code=(rules, "amount_in", lambda amount, unit: float(amount_parts(amount)[0]))
    ),
    "rule_totals: 100 more": Fault(CHECK, "rule_totals", sides(lower=-100, upper=-100)),
    "rule_totals: 1000 less": Fault(WORSE, "rule_totals", sides(lower=1000, upper=1000)),
    "a share is one of projects": Fault(CHECK, "rules", case=each_rule(lambda rule: ratio(rule, "share", of="count"))),
    "a share is one of everything": Fault(CHECK, "rules", case=each_rule(lambda rule: ratio(rule, "share", among={}))),
    "a share's whole is its group": Fault(WORSE, "rule_totals", case=each_rule(lambda rule: ratio(rule, "share", within="group"))),
    "a mean is one of projects": Fault(CHECK, "rules", case=each_rule(lambda rule: ratio(rule, "mean", over="count"))),
    "a ratio has no upper sum": Fault(CHECK, "rules", code=(limits, "rule_columns", nothing_counted)),
    "soft rules cost nothing": Fault(CHECK, case=each_rule(lambda rule: {"soft": rule.soft and 0.0})),
    "soft rules cost half": Fault(CHECK, case=each_rule(lambda rule: {"soft": rule.soft and rule.soft / 2})),
    "hard rules are soft": Fault(CHECK, case=each_rule(lambda rule: {"soft": rule.soft or 0.001})),
    # Relations, terms
    "together within 1000 km": Fault(CHECK, case=groups("together", km=1000.0)),
    "apart by 0 km": Fault(CHECK, case=groups("apart", km=0.0)),
    "no quarters between first and then": Fault(CHECK, case=groups("before", quarters=0)),
    "a quarter more between first and then": Fault(WORSE, case=later_by_one),
    "who is needed first is only first if it comes": Fault(CHECK, case=groups("before", needed=False)),
    "one first is enough": Fault(CHECK, case=groups("before", count=1)),
    "one more is here already": Fault(CHECK, case=groups("before", existing=1)),
    "one of those asked for is enough": Fault(CHECK, case=groups("implies", at_least=1)),
    "all of those asked for must come": Fault(WORSE, case=groups("implies", at_least="all")),
    "together need not be all or none": Fault(CHECK, case=groups("together", all_or_none=False)),
    "no reliability is asked for": Fault(CHECK, case=setting("backup", reliability=None)),
    "terms are normalised where they should not be, and the other way": Fault(
        CHECK, case=lambda case: setting("objective", normalise=not case.settings.objective.normalise)(case)
    ),
    "divisors count every version": Fault(CHECK, code=(projects, "on_offer", lambda case, value: float(np.nansum(value)) or 1.0)),
    "floors and ceilings are forgotten": Fault(CHECK, case=setting("objective", floors={}, ceilings={})),
    "weights have the wrong sign": Fault(
        CHECK,
        case=lambda case: setting("objective", weights={term: -weight for term, weight in case.settings.objective.weights.items()})(
            case
        ),
    ),
}
