"""What a row or a column of the programme is, in the user's words."""

from __future__ import annotations

import math

from planner.language import Language, Words
from planner.programme.blocks import Block, Family
from planner.programme.build import Programme
from planner.programme.families.relations import group_name
from planner.settings.terms import TERM_WORDS
from planner.tables.case import REGION, Case
from planner.tables.vocabulary import bounded_terms

EVERYWHERE = Words("全域", "the region")
AT_LEAST, AT_MOST = Words("不低于", "at least"), Words("不高于", "at most")


def amount_text(value: float) -> str:
    """A figure for a sentence."""
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.4g}"


def place_name(case: Case, resource: int, place: int) -> Words:
    """A park's name, a zone, or the whole region."""
    supply = case.resources[resource]
    if supply.scope == "park":
        name = str(case.parks["name"].iloc[place])
        return Words(name, name)
    name = supply.places[place]
    return EVERYWHERE if name == REGION else Words(name, name)


def term_name(case: Case, term: str) -> Words:
    """An objective term in words; a resource by its own name."""
    if term in TERM_WORDS:
        return TERM_WORDS[term]
    name = case.resources[case.resource(term)].name
    return Words(name, name)


def term_bound(case: Case, part: Block, row: int) -> float:
    """The bound that a row of ``term_bounds`` holds, as the settings write it: without the term's constant."""
    objective, name = case.settings.objective, bounded_terms(case.settings)[int(part.about["term"][row])]
    return objective.ceilings[name] if math.isfinite(part.upper[row]) else objective.floors[name]


def row_words(case: Case, family: Family, part: Block, row: int) -> Words:
    """The row in words; ``row`` counts within its family."""
    about = {key: int(values[row]) for key, values in part.about.items()}
    bound = part.upper[row] if math.isfinite(part.upper[row]) else part.lower[row]
    names: dict[str, Words] = {}

    def plain(name: str, text: object) -> None:
        names[name] = Words(str(text), str(text))

    plain("amount", amount_text(float(bound)))
    plain("place", "")
    plain("group", "")
    if "candidate" in about:
        plain("candidate", case.candidates["name"].iloc[about["candidate"]])
    if "link" in about:
        plain("link", case.links["name"].iloc[about["link"]])
    if about.get("park", -1) >= 0:
        plain("place", case.parks["name"].iloc[about["park"]])
    if "quarter" in about:
        plain("quarter", case.quarters[about["quarter"]])
    if "resource" in about:
        supply = case.resources[about["resource"]]
        plain("resource", supply.name)
        names["place"] = place_name(case, about["resource"], about["place"])
        plain("amount", amount_text(float(bound)) + supply.unit)
    if "fund" in about:
        plain("fund", case.funds.ids[about["fund"]])
    if "team" in about:
        plain("team", case.teams.ids[about["team"]])
    if "other" in about:
        plain(family.name, group_name(case, family.name, about["other"]))
    if "term" in about:
        names["term"] = term_name(case, bounded_terms(case.settings)[about["term"]])
        names["sense"] = AT_MOST if math.isfinite(part.upper[row]) else AT_LEAST
        plain("amount", amount_text(term_bound(case, part, row)))
    if "rule" in about:
        rule = case.settings.rules[about["rule"]]
        plain("rule", rule.name)
    return Words(
        family.row.zh.format(**{key: words.zh for key, words in names.items()}).strip(),
        family.row.en.format(**{key: words.en for key, words in names.items()}).strip(),
    )


def describe_row(programme: Programme, row: int, language: Language) -> str:
    """Row ``row`` of the matrix in words."""
    family = int(programme.family_of_row[row])
    first = sum(part.size for part in programme.blocks[:family])
    return row_words(programme.case, programme.families[family], programme.blocks[family], row - first).say(language)


def describe_column(programme: Programme, column: int, language: Language) -> str:
    """Column ``column`` of the matrix in words."""
    columns, case = programme.layout, programme.case
    if column < columns.choices:
        firm = case.candidates["name"].iloc[columns.candidate[column]]
        park, quarter = int(columns.park[column]), int(columns.quarter[column])
        at = str(case.parks["name"].iloc[park]) if park >= 0 else ""
        when = case.quarters[quarter] if quarter >= 0 else ""
        return Words(f"“{firm}”选在 {at}{when}", f"{firm} chosen for {at} {when}").say(language)
    for part, what, links in (
        (columns.shortage, Words("缺口", "shortage"), columns.short_links),
        (columns.backup, Words("备份", "backup"), columns.backup_links),
        (columns.firms, Words("同一企业计一次", "one firm counted once"), columns.shared_link),
    ):
        if part.start <= column < part.stop:
            return f"{what.say(language)} {case.links['name'].iloc[links[column - part.start]]}"
    return Words("软规则的违反量", "violation of a soft rule").say(language)
