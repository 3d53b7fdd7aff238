"""Every objective term by its name, and what several of them come to together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import fsum

from planner.case.accounts import Accounts, Chosen, account
from planner.case.case import Case, Choice, Floats
from planner.case.rules import first_weights, money_term
from planner.language import Words
from planner.layout import Layout
from planner.settings.rules import Price, Rule
from planner.tables.facts import amount_in
from planner.terms.changes import CHANGE_TERMS
from planner.terms.links import Backup, Gap
from planner.terms.projects import Early, Preferred, Score, Total, use_of
from planner.terms.term import Term, TermVector

TERMS: Mapping[str, Term] = {
    term.name: term
    for term in (
        Gap("gap", Words("补齐缺口", "gap closed"), "万元"),
        Backup("backup", Words("备份来源", "backup sources")),
        Total("output", Words("预期产值", "expected output"), "万元", expected=True),
        Total("tax", Words("预期税收", "expected tax"), "万元", expected=True),
        Total("jobs", Words("预期就业", "expected jobs"), "人", expected=True),
        Score("score", Words("评分", "score")),
        Preferred("preferred", Words("意向园区", "preferred parks")),
        Early("early", Words("尽早签约", "early signing")),
        Total("investment", Words("投资额", "investment"), "万元", cost=True),
        Total("subsidy", Words("奖补诉求", "subsidy asked"), "万元", cost=True),
        *CHANGE_TERMS,
    )
}
"""Terms that exist in every plan; each resource of a plan is one more (its use)."""
MONEY_TERMS = tuple(name for name, term in TERMS.items() if term.unit == "万元" and name != "gap")
"""Terms that add up money, by which a price in money can be converted; a gap is demand and no money."""
TERM_WORDS: Mapping[str, Words] = {name: term.words for name, term in TERMS.items()}


def term_of(case: Case, name: str) -> Term:
    """The term of that name."""
    return TERMS[name] if name in TERMS else use_of(case, name)


def terms_of(case: Case, layout: Layout) -> tuple[TermVector, ...]:
    """Every term that the objective weighs, in the order it is written, then those that it only bounds."""
    return tuple(term_of(case, name).vector(case, layout) for name in case.settings.objective.counted_terms)


def _offered(term: Term, case: Case) -> float:
    """What a raw figure is divided by, from the tables alone."""
    offered = term.offered(case) if case.settings.objective.normalise else 1.0
    return offered if offered > 0 else 1.0


def exchange(case: Case, name: str, scale: Callable[[Term, Case], float]) -> float:
    """What 万元 of a term that adds up money is worth to the first level of the objective: |weight| ÷ ``scale``."""
    return abs(first_weights(case)[name]) / scale(term_of(case, name), case)


def soft_price(case: Case, rule: Rule, scale: Callable[[Term, Case], float]) -> float:
    """What one unit of a rule's violation costs the objective; 0 for a hard rule. A price in money is what as much money is worth
    in its term (:func:`exchange`)."""
    if isinstance(rule.soft, Price):
        name = money_term(case, rule, MONEY_TERMS)
        assert name is not None, "checked with the names"
        return amount_in(rule.soft.money, "万元") * exchange(case, name, scale)
    return rule.soft or 0.0


def reckon(case: Case, choice: Choice, names: Sequence[str] = ()) -> Accounts:
    """All sums of a choice, with the raw figures of the terms named and of those that have a bound."""
    accounts = account(case, choice)
    priced = ((soft_price(case, case.settings.rules[value.rule], _offered), value.violation) for value in accounts.rules)
    accounts = replace(accounts, penalties=fsum(price * violation for price, violation in priced))
    asked = dict.fromkeys([*names, *case.settings.objective.bounded_terms])
    return replace(accounts, raw={name: fsum(term_of(case, name).parts(accounts.chosen)) for name in asked})


def contributions(case: Case, accounts: Accounts, terms: Sequence[TermVector], weights: Mapping[str, float]) -> dict[str, Floats]:
    """Term → what each selected firm adds to the value, weight × raw share ÷ normaliser; shape (N,) each. The parts of a level
    sum to its value exactly, soft rules and what belongs to nobody apart."""
    scales = {term.name: weights.get(term.name, 0.0) / term.normaliser for term in terms}
    return {name: term_of(case, name).shares(case, accounts) * scale for name, scale in scales.items()}


def worth(chosen: Chosen, penalties: float, level: int = 0) -> tuple[float, float]:
    """The value of a choice at one level of the objective from the tables alone, and the sum of its absolute parts.
    ``penalties``, the price of soft rules, belongs to the first level."""
    case, objective = chosen.case, chosen.case.settings.objective
    weights = objective.levels[level].weights if objective.levels else objective.weights
    parts = [-penalties] if level == 0 else []
    for name, weight in weights.items():
        if weight:
            term = term_of(case, name)
            scale = weight / _offered(term, case)
            parts += [scale * part for part in term.parts(chosen)]
    return fsum(parts), fsum(map(abs, parts))
