"""The names that settings may use — terms, columns in rules, candidates in relations — held against the tables (R1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from planner.case.case import Case
from planner.case.columns import Findings
from planner.case.facts import Named, Vocabulary, plain, vocabulary_of
from planner.case.rule_blanks import check_blanks
from planner.language import Words
from planner.problems import nearest
from planner.reading.table import Tables
from planner.settings.base import LARGEST
from planner.settings.schema import Range, Rule, Settings
from planner.tables.codes import problem


@dataclass(frozen=True, slots=True)
class Uses:
    """Which facts the plan uses, so that a blank among them is a problem and a blank elsewhere is not."""

    columns: frozenset[str]
    """Columns of candidates."""
    links: bool
    """Demand, supply and capacity at links."""
    incumbent_capacity: bool
    """Supply of links is taken from the firms that are here."""


def term_weights(settings: Settings) -> dict[str, float]:
    """Every term that carries weight somewhere in the objective (for levels: at the first level that weighs it)."""
    weights: dict[str, float] = {}
    for level in [level.weights for level in settings.objective.levels] or [settings.objective.weights]:
        for term, weight in level.items():
            weights[term] = weights.get(term) or weight
    return weights


def bounded_terms(settings: Settings) -> tuple[str, ...]:
    """Terms whose raw figure has a floor or a ceiling, in the order of their names."""
    return tuple(sorted({*settings.objective.floors, *settings.objective.ceilings}))


def terms_told(settings: Settings) -> tuple[str, ...]:
    """Every term that a plan counts: those that carry weight, as they are written, then those that are only bounded."""
    weighed = [term for term, weight in term_weights(settings).items() if weight]
    return tuple(dict.fromkeys([*weighed, *bounded_terms(settings)]))


def uses_of(settings: Settings, tables: Tables) -> Uses:
    """What this plan, with these tables, reads."""
    columns = {"landing_probability"} | set(terms_told(settings))
    for rule in settings.rules:
        columns |= set(rule.where) | ({rule.sum} if rule.sum else set())
    parks, links = tables.get("parks"), tables.get("links")
    has = set() if parks is None else set(parks.frame.columns)
    columns |= {"investment"} if "min_investment_intensity" in has else set()
    columns |= {"tax"} if "min_tax_intensity" in has else set()
    columns |= {"subsidy"} if tables.get("funds") is not None else set()
    columns |= {"effort"} if tables.get("teams") is not None else set()
    demand = links is not None and "demand" in links.frame.columns
    supply = links is not None and "supply" in links.frame.columns
    return Uses(frozenset(columns), demand, demand and not supply)


@dataclass(frozen=True, slots=True)
class Known:
    """What the programme has a name for: objective terms beside the use of resources, and limits that may give way."""

    terms: tuple[str, ...]
    relaxable: tuple[str, ...]


def check_vocabulary(case: Case, known_names: Known, findings: Findings) -> None:
    """Unknown terms, limits, columns, values and candidates in the settings."""
    _check_terms(case, known_names.terms, findings)
    for supply in case.resources:
        if (name := supply.resource_id) in known_names.terms:
            place = findings.setting("resources", name)
            findings.problems.append(problem("T179", place, f"resources.{name}", name, name=name))
    for kind in case.settings.explain.weights:
        if kind not in known_names.relaxable:
            reason = Words("没有这类限制", "no such kind of limit")
            _unknown(findings, ("explain", "weights", kind), kind, known_names.relaxable, reason, "C246")
    _check_steps(case, findings)
    vocabulary = vocabulary_of(case)
    before = len(findings.problems)
    for position, rule in enumerate(case.settings.rules):
        for name in rule.where:
            _check_filter(case, rule, name, vocabulary, ("rules", position, "where", name), findings)
        if rule.sum is not None:
            _check_sum(case, rule.sum, vocabulary, ("rules", position, "sum"), findings)
    if len(findings.problems) == before:
        check_blanks(case, vocabulary, findings)
    known = {str(name) for name in case.candidates["candidate_id"]}
    relations = case.settings.relations
    for kind in ("exclusive", "together", "apart"):
        for position, group in enumerate(getattr(relations, kind)):
            for at, name in enumerate(group.candidates):
                if name not in known:
                    _unknown(
                        findings,
                        ("relations", kind, position, "candidates", at),
                        name,
                        known,
                        Words("没有这个项目编号", "no such candidate id"),
                        "C221",
                    )


def _unknown(
    findings: Findings, keys: tuple[str | int, ...], name: str, known: Iterable[str], rule: Words, code: str
) -> None:
    known = sorted(known)
    near = nearest(name, known) or tuple(known[:12])
    shown = "、".join(near)
    findings.add(
        code,
        findings.setting(*keys),
        ".".join(str(key) for key in keys),
        name,
        rule,
        Words(f"可用的（最接近者）：{shown}", f"use one of (nearest first): {shown}"),
    )


def _check_terms(case: Case, terms: Iterable[str], findings: Findings) -> None:
    known = [*terms, *(supply.resource_id for supply in case.resources)]
    objective = case.settings.objective
    places: list[tuple[tuple[str | int, ...], str, float]] = [
        (("objective", "weights", term), term, weight) for term, weight in objective.weights.items()
    ]
    for position, level in enumerate(objective.levels):
        places += [(("objective", "levels", position, "weights", t), t, w) for t, w in level.weights.items()]
    for keys, term, weight in places:
        if term not in known:
            _unknown(findings, keys, term, known, Words("没有这个目标项", "no such objective term"), "C222")
        elif term in {"gap", "backup"} and weight < 0:
            findings.add(
                "C223",
                findings.setting(*keys),
                ".".join(map(str, keys)),
                f"{weight:g}",
                Words(
                    "缺口与备份的权重不能为负：那会奖励缺口", "this weight cannot be negative: it would reward shortage"
                ),
                Words("写 0 或正数", "write 0 or more"),
            )
    bounded = [(side, term) for side in ("floors", "ceilings") for term in getattr(objective, side)]
    for side, term in bounded:
        if term not in known:
            _unknown(
                findings,
                ("objective", side, term),
                term,
                known,
                Words("没有这个目标项", "no such objective term"),
                "C222",
            )
        elif side == "ceilings" and term in {"gap", "backup"}:
            findings.add(
                "C228",
                findings.setting("objective", side, term),
                f"objective.ceilings.{term}",
                f"{objective.ceilings[term]:g}",
                Words(
                    "补齐的缺口与备份不能设上限：那是要求留下缺口",
                    "gap and backup take no ceiling: it would ask for shortage",
                ),
                Words("改用 floors，或删去", "use floors, or remove it"),
            )


def _check_steps(case: Case, findings: Findings) -> None:
    """What ``sensitivity.steps`` names: resources, funds, teams, or all funds or teams by a word."""
    known = (
        {supply.resource_id for supply in case.resources} | set(case.funds.ids) | set(case.teams.ids) | {"fund", "team"}
    )
    for name in case.settings.sensitivity.steps:
        if name not in known:
            _unknown(
                findings,
                ("sensitivity", "steps", name),
                name,
                known,
                Words("没有这个资源、资金池或专班", "no such resource, fund or team"),
                "C229",
            )


def _check_filter(
    case: Case, rule: Rule, name: str, vocabulary: Vocabulary, keys: tuple[str | int, ...], findings: Findings
) -> None:
    named = _one(name, vocabulary.names, keys, findings)
    if named is None:
        return
    wanted = rule.where[name]
    if named.owner == "resource":
        if not isinstance(wanted, Range):
            findings.add(
                "C225",
                findings.setting(*keys),
                name,
                str(wanted),
                Words("资源只能按 {min, max} 筛选", "a resource is filtered by {min, max}"),
                Words("改写", "rewrite it"),
            )
        return
    facts = vocabulary.facts(case, named)
    if isinstance(wanted, Range) and not (wanted.min is wanted.max is None) and facts.words:
        findings.add(
            "C224",
            findings.setting(*keys),
            name,
            "、".join(facts.words[:5]),
            Words(
                "这一列中有文字，不能按 min、max 筛选", "the column holds text and cannot be filtered by min and max"
            ),
            Words("把这些单元格改为数，或改按值筛选", "make these cells numbers, or filter by values"),
        )
    listed = wanted.exclude if isinstance(wanted, Range) else wanted if isinstance(wanted, tuple) else (wanted,)
    for value in listed:
        if plain(value) not in facts.at:
            _unknown(
                findings,
                keys,
                str(value),
                {entry for entry in facts.at if entry},
                Words("这一列没有这个值", "no row has this value in the column"),
                "C224",
            )


def _check_sum(case: Case, name: str, vocabulary: Vocabulary, keys: tuple[str | int, ...], findings: Findings) -> None:
    named = _one(name, vocabulary.names, keys, findings)
    if named is None or named.owner == "resource":
        return
    if named.owner != "candidate" or not pd.api.types.is_numeric_dtype(case.candidates[named.column]):
        findings.add(
            "C226",
            findings.setting(*keys),
            ".".join(map(str, keys)),
            name,
            Words("不是项目的数值列，不能求和", "is not a number column of candidates and cannot be summed"),
            Words("换成数值列或资源", "use a number column or a resource"),
        )
    elif (largest := float(vocabulary.facts(case, named).largest)) > LARGEST:
        findings.add(
            "C226",
            findings.setting(*keys),
            ".".join(map(str, keys)),
            f"{name}: {largest:g}",
            Words(
                f"列中有大于 {LARGEST:g} 的数，不能求和",
                f"the column has a number above {LARGEST:g} and cannot be summed",
            ),
            Words("核对这一列的位数", "check the digits in the column"),
        )


def _one(name: str, names: dict[str, list[Named]], keys: tuple[str | int, ...], findings: Findings) -> Named | None:
    found = names.get(name, [])
    if len(found) == 1:
        return found[0]
    if not found:
        _unknown(findings, keys, name, names, Words("没有这一列", "no such column"), "C220")
        return None
    both = "、".join(f"{named.owner}.{named.column}" for named in found)
    findings.add(
        "C227",
        findings.setting(*keys),
        ".".join(map(str, keys)),
        name,
        Words("多张表都有这一列", "several tables have this column"),
        Words(f"写明是哪一个：{both}", f"say which: {both}"),
    )
    return None
