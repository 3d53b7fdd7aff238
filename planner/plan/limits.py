"""Rows of the programme as limits that a plan can name: an id, what, where, when, how much."""

from __future__ import annotations

import math

from planner.plan.accounts import Accounts
from planner.plan.reasons import full_values
from planner.plan.records import Limit
from planner.programme.build import Programme
from planner.programme.families.relations import group_name
from planner.programme.words import place_name, term_name
from planner.tables.vocabulary import bounded_terms


def limits_of(programme: Programme, accounts: Accounts, rows: set[int]) -> dict[int, Limit]:
    """The given rows of the matrix as limits, by row."""
    activity = programme.matrix.rows @ full_values(programme, accounts)
    starts, first = [], 0
    for part in programme.blocks:
        starts.append(first)
        first += part.size
    found = {}
    for row in sorted(rows):
        number = int(programme.family_of_row[row])
        found[row] = _limit(programme, number, row - starts[number], float(activity[row]))
    return found


def _limit(programme: Programme, number: int, row: int, used: float) -> Limit:
    case, family, part = programme.case, programme.families[number], programme.blocks[number]
    about = {key: int(values[row]) for key, values in part.about.items()}
    upper, lower = float(part.upper[row]), float(part.lower[row])
    subject, place, unit = family.title.say(case.settings.language), None, ""
    quarter = case.quarters[about["quarter"]] if "quarter" in about else None
    ids: list[str] = [family.name]
    if "resource" in about:
        supply = case.resources[about["resource"]]
        subject, unit = supply.name, supply.unit
        place = place_name(case, about["resource"], about["place"]).say(case.settings.language)
        ids += [supply.resource_id, supply.places[about["place"]]]
    elif "fund" in about:
        subject, unit = case.funds.ids[about["fund"]], "万元"
        ids.append(subject)
    elif "team" in about:
        subject, unit = case.teams.ids[about["team"]], "人月"
        chain = int(case.teams.chain[about["team"]])
        ids += [subject] + ([str(case.chains["chain_id"].iloc[chain])] if chain >= 0 else [])
    elif "rule" in about:
        subject = case.settings.rules[about["rule"]].name
        place = (
            next(rows.groups[about["group"]] for rows in programme.layout.rules if rows.position == about["rule"])
            or None
        )
        ids += [subject] + ([place] if place else [])
    elif "term" in about:
        term = next(one for one in programme.terms if one.name == bounded_terms(case.settings)[about["term"]])
        subject, unit = term_name(case, term.name).say(case.settings.language), term.unit
        used, upper, lower = used + term.constant, upper + term.constant, lower + term.constant
        ids.append(term.name)
    elif "other" in about:
        subject = group_name(case, family.name, about["other"])
        ids += [subject] + (
            [str(case.candidates["candidate_id"].iloc[about["candidate"]])] if "candidate" in about else []
        )
    elif "link" in about:
        subject = str(case.links["name"].iloc[about["link"]])
        ids.append(str(case.links["link_id"].iloc[about["link"]]))
        if about.get("park", -1) >= 0:
            place = str(case.parks["name"].iloc[about["park"]])
            ids.append(str(case.parks["park_id"].iloc[about["park"]]))
    elif "candidate" in about:
        subject = str(case.candidates["name"].iloc[about["candidate"]])
        ids.append(str(case.candidates["candidate_id"].iloc[about["candidate"]]))
    return Limit(
        limit_id=":".join(
            one.replace("\\", "\\\\").replace(":", "\\:") for one in (*ids, *([quarter] if quarter else []))
        ),
        ids=tuple(ids),
        family=family.name,
        subject=subject,
        place=place,
        quarter=quarter,
        used=used,
        amount=upper if math.isfinite(upper) else lower,
        unit=unit,
    )
