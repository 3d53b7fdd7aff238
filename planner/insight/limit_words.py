"""A limit as it stands, in words with its figures: one line of a conflict."""

from __future__ import annotations

from planner.insight.sides import LOW, Limit, team_rows
from planner.insight.steps import amount, firm
from planner.language import Words
from planner.programme.families.relations import group_name
from planner.programme.words import place_name, term_name
from planner.tables.case import Case, Floats
from planner.tables.vocabulary import bounded_terms


def limit_words(case: Case, limit: Limit) -> Words:
    """The limit as it stands, with its figures: one line of a conflict."""
    kind, key = limit.kind, limit.key
    if kind in {"must_include", "signed"}:
        name = firm(case, key[0])
        return (
            Words(f"必选项目 {name}", f"{name} must come")
            if kind == "must_include"
            else Words(f"已签约项目 {name}", f"{name} is signed")
        )
    if kind in {"stock", "flow"}:
        supply, where = case.resources[key[0]], place_name(case, key[0], key[1])
        amounts = supply.amount[key[1]]
        told = amount(float(amounts[-1])) if (amounts == amounts[-1]).all() else _phases(case, amounts)
        return Words(
            f"{where.zh}的{supply.name} {told} {supply.unit}".strip(),
            f"{supply.name} of {where.en}: {told} {supply.unit}".strip(),
        )
    if kind == "funds":
        name, money = case.funds.ids[key[0]], case.funds.amount[key[0]]
        if case.funds.carry_over[key[0]]:
            return Words(
                f"资金“{name}”共 {amount(float(money.sum()))} 万元（{_phases(case, money)}，可结转）",
                f"fund {name}: {amount(float(money.sum()))} 万元 in all ({_phases(case, money)}, carried over)",
            )
        told = amount(float(money[key[1]]))
        return Words(
            f"资金“{name}”{case.quarters[key[1]]} {told} 万元", f"fund {name} in {case.quarters[key[1]]}: {told} 万元"
        )
    if kind == "teams":
        name, effort = case.teams.ids[key[0]], case.teams.effort[key[0]]
        if key[1] < 0:
            told = amount(float(effort[~team_rows(case)[key[0]]].min()))
            return Words(f"专班“{name}”每季 {told} 人月", f"team {name}: {told} person-months a quarter")
        told = amount(float(effort[key[1]]))
        return Words(
            f"专班“{name}”{case.quarters[key[1]]} {told} 人月",
            f"team {name} in {case.quarters[key[1]]}: {told} person-months",
        )
    return _relation_words(case, limit)


def _phases(case: Case, amounts: Floats) -> str:
    return "、".join(f"{quarter} {amount(float(value))}" for quarter, value in zip(case.quarters, amounts, strict=True))


def _relation_words(case: Case, limit: Limit) -> Words:
    kind, key = limit.kind, limit.key
    relations = case.settings.relations
    if kind == "rivals":
        if key[0]:
            return Words(
                f"同一园区同一环节至多 {relations.rivals.per_park_link} 个新项目",
                f"at most {relations.rivals.per_park_link} new projects at one link in one park",
            )
        return Words(
            f"同一环节至多 {relations.rivals.per_link} 个新项目",
            f"at most {relations.rivals.per_link} new projects at one link",
        )
    if kind == "exclusive":
        name = group_name(case, kind, key[0])
        most = relations.exclusive[key[0]].max
        return Words(f"互斥组“{name}”至多选 {most} 个", f"at most {most} of {name}")
    if kind in {"together", "apart"}:
        name = group_name(case, kind, key[0])
        return (
            Words(f"“{name}”须在一起", f"{name} settle together")
            if kind == "together"
            else Words(f"“{name}”须分开", f"{name} keep apart")
        )
    if kind == "rules":
        rule, low = case.settings.rules[key[0]], key[1] == LOW
        bounds = rule.bounds
        told = amount(float((bounds.equal if bounds.equal is not None else bounds.min if low else bounds.max) or 0.0))
        return Words(
            f"规则“{rule.name}”{'不少于' if low else '不超过'} {told}",
            f"rule “{rule.name}”: {'at least' if low else 'at most'} {told}",
        )
    if kind == "term_bounds":
        name = bounded_terms(case.settings)[key[0]]
        low, said = key[1] == LOW, term_name(case, name)
        told = amount(float(getattr(case.settings.objective, "floors" if low else "ceilings")[name]))
        return Words(
            f"目标项“{said.zh}”{'不低于' if low else '不高于'} {told}",
            f"{said.en} {'at least' if low else 'at most'} {told}",
        )
    park = case.parks["name"].iloc[key[0]]
    return Words(f"“{park}”的准入条件", f"what {park} asks of who settles there")
