"""What is said in English: no full-width punctuation but that of the data, and one of a thing in the singular."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from planner import api
from planner.problems import InputError
from planner.publish.echo import echo_text
from planner.publish.figures import figure
from planner.publish.stages import stages_text
from tests.city import PLAN, TABLES, write_city
from tests.quick import finished

FULL_WIDTH = re.compile(r"[，。；：（）、！？【】《》]")
NOUNS = "projects|candidates|rows|groups|firms|parks|quarters|links|pairs|places|cells|columns|changes|problems|errors|warnings|settings|lines|others"
ONE_OF_MANY = re.compile(
    rf"(?<![\d.,/–-])1 (?:new |more |different )?(?:{NOUNS})\b|\b(?:row|change|setting|line|cell|problem)\(s\)"
)
NAMES = {
    "甲公司": "Alpha",
    "乙公司": "Beta",
    "丙公司": "Gamma",
    "丁公司": "Delta",
    "老座椅厂": "Old Seats",
    "座椅": "seats",
    "泡棉": "foam",
    "一号园": "North Park",
    "二号园": "South Park",
    "东县": "East",
    "西县": "West",
    "北区": "Zone N",
}


def in_english(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The tables with names that have nothing of full width."""
    return {
        name: [{key: NAMES.get(str(value), value) for key, value in row.items()} for row in rows] for name, rows in tables.items()
    }


def city() -> dict[str, list[dict[str, Any]]]:
    """The tiny city in English, where much is asked for and little holds."""
    tables = in_english({name: [dict(row) for row in rows] for name, rows in TABLES.items()})
    tables["candidates"][0] |= {"preferred_parks": "P1;P2", "refused_parks": "", "must_include": "yes"}
    tables["candidates"][1] |= {"refused_parks": "P1", "earliest_quarter": "2027Q2"}
    tables["candidates"][3] |= {"exclude": "yes"}
    tables["parks"][0] |= {"allowed_chains": "CAR", "min_investment_intensity": 25}
    third = {"park_id": "P3", "name": "West Park", "county": "West", "zone": "Zone N", "land": 1, "power": 1}
    tables["parks"].append(third)
    tables["candidates"][2]["preferred_parks"] = "P3"
    return tables


ASKED = (
    PLAN.replace("zh", "en").replace("小城", "Small City")
    + """changes:
  - {table: parks, where: {park.name: West Park}, remove: true, reason: flooded}
  - {table: candidates, where: {name: Alpha}, column: subsidy, add: 0.001 亿元}
rules:
  - {name: one of two, where: {investment: [500 万元, 0.09 亿元]}, count: {max: 1}}
  - {name: by group, count: {max: 9}, per: [county, quarter], by_group: [{county: East, quarter: 2027Q1, min: 0}], soft: 0.001}
  - {name: one firm, where: {candidate.name: {contains: [Al, Be]}, link_id: {exclude: [foam]}}, count: {min: 1}, soft: 0.1}
  - {name: share, where: {any: [{link_id: seats}, {score: {min: 2}}]}, share: {of: subsidy, min: 10 %}, soft: 0.01}
relations:
  exclusive: [{candidates: [Alpha, Beta], max: 1}]
  apart: [{candidates: [A, B, C]}]
  before: [{first: [Alpha], then: [B, C], quarters: 1}, {first: [C], then: [B], needed: true}]
  implies: [{if: [B], then: [A, C]}]
  rivals: {per_link: 1}
seasons:
  - {resource: power, quarter: [2027Q1, 2027Q2], times: 5/7, where: {county: East}, reason: dry}
"""
)


def faults(said: list[str]) -> list[str]:
    return [text for text in said if FULL_WIDTH.search(text) or ONE_OF_MANY.search(text)]


def test_the_echo_and_its_warnings(tmp_path: Path) -> None:
    opened = api.open_plan(write_city(tmp_path, ASKED, city()))
    found = api.echo(opened)
    said = [*echo_text(found.lines, "en").splitlines(), found.refusals.en]
    said += [part.en for one in (*found.warnings, *opened.warnings) for part in (one.rule, one.remedy)]
    assert len(found.lines) > 15
    assert not faults(said), "\n".join(faults(said))


def test_the_workbook(tmp_path: Path) -> None:
    run = finished(tmp_path, ASKED, ("workbook",), city())
    book = load_workbook(next(run.glob("*.xlsx")), read_only=True)
    cells = {str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell is not None}
    assert len(cells) > 200
    assert not faults(sorted(cells)), "\n".join(faults(sorted(cells)))


WRONG = """rules:
  - {name: a, where: {contry: East}, count: {max: 1}}
  - {name: b, where: {county: Eas}, count: {max: 1}}
  - {name: c, where: {name: Alpha}, count: {max: 1}}
  - {name: d, where: {county: {min: 1}}, count: {max: 1}}
  - {name: e, where: {investment: 5 亩}, count: {max: 1}}
  - {name: f, per: county, count: {}, by_group: [{county: South, max: 2}]}
  - {name: g, count: {max: 1}, soft: 5 万元}
  - {name: h, per: county, count: {}, by_group: [{cnty: East, max: 2}]}
relations:
  apart: [{candidates: [A, Bet], km: 0}]
  before: [{first: [Alpha, Beta], then: [Beta, Alpha]}]
seasons: [{resource: pwer, quarter: 2027Q1, times: 1}]
objective: {weights: {gp: 1}}
schedule: {profiles: {slow: {milestones: {m: {share: 1, column: whn}}}}}
explain: {weights: {befor: 2}}
changes:
  - {table: candidates, where: {candidate_id: X}, column: lnd, set: 1}
  - {table: candidates, where: {name: {min: 1}}, column: land, set: 1}
"""


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        api.open_plan(write_city(tmp_path, PLAN.split("objective")[0].replace("zh", "en") + WRONG, city()))
    problems = refused.value.problems
    assert len(problems) >= 15
    assert not faults([text for one in problems for text in (one.rule.en, one.remedy.en)]), "\n".join(
        faults([text for one in problems for text in (one.rule.en, one.remedy.en)])
    )


def test_names_that_are_not_there(tmp_path: Path) -> None:
    """What is offered instead is listed with commas, each name in brackets beside its id."""
    listed = tmp_path / "list.csv"
    listed.write_text("firm,park,quarter\nAlpa,P1,2027Q1\nB,P9,2028Q1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        api.assess(api.open_plan(write_city(tmp_path, PLAN.replace("zh", "en"), city())), listed)
    said = {one.code: one.say("en") for one in refused.value.problems}
    assert set(said) == {"R121", "R123", "R124"}
    assert "A (Alpha)" in said["R121"]
    assert "P1 (North Park), P2 (South Park)" in said["R123"]
    assert "2027Q1, 2027Q2" in said["R124"]
    assert not [text for text in said.values() if "、" in text or faults([text])], said


def test_the_rates_from_stage_to_stage(tmp_path: Path) -> None:
    tables = city()
    tables["status"] = [
        {"candidate_id": "C", "date": "2027-01-04", "stage": "talks"},
        {"candidate_id": "C", "date": "2027-02-04", "stage": "lost"},
    ]
    opened = api.open_plan(write_city(tmp_path, PLAN.replace("zh", "en"), tables), on="2027-03-01")
    said = stages_text(opened.case, "en")
    assert "talks: 1 project came to it" in said
    assert not faults(said.splitlines()), said


def test_a_name_where_an_id_belongs_is_told_with_the_id(tmp_path: Path) -> None:
    tables = city()
    tables["status"] = [{"candidate_id": "Gamma", "date": "2027-01-04", "stage": "signed", "park_id": "South Park"}]
    with pytest.raises(InputError) as refused:
        api.open_plan(write_city(tmp_path, PLAN.replace("zh", "en"), tables), on="2027-03-01")
    assert [(one.code, one.rule.en, one.remedy.en) for one in refused.value.problems] == [
        ("T153", "is not in the table candidates", "did you mean: C"),
        ("T153", "is not in the table parks", "did you mean: P2"),
    ]


def test_nothing_has_no_sign() -> None:
    assert [figure(value) for value in (-1e-9, -0.0, 4e-7, -0.0123, 0.000001)] == ["0", "0", "0", "-0.0123", "0.000001"]
