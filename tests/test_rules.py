"""What rules and their filters name, held against the tables; every form by hand, judged, refused, explained and asked about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from planner.case import rule_names
from planner.plan.open import open_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.questions.explain.ask import explain
from planner.questions.explain.ask import repair as repaired
from tests.city import PLAN, TABLES, changed, write_city
from tests.solving import planned

Tables = Mapping[str, list[dict[str, Any]]]


def rules(*written: str) -> str:
    """plan.yaml with these rules."""
    return PLAN + "rules:\n" + "".join(f"- {{name: r{n}, {rule}}}\n" for n, rule in enumerate(written))


def told(folder: Path, plan: str, tables: Tables = TABLES) -> list[tuple[str, str]]:
    """Code and object, or place in a table, of every problem."""
    try:
        open_plan(write_city(folder, plan, tables))
    except InputError as error:
        return [(one.code, str(one.place) if ".csv" in str(one.place) else one.subject) for one in error.problems]
    return []


def own(table: str, column: str, *values: object) -> dict[str, list[dict[str, Any]]]:
    """The tables with one more column."""
    tables = changed(table, 0)
    for row, value in zip(tables[table], values, strict=True):
        row[column] = value
    return tables


def without_link(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """A is of the chain, and of no link."""
    tables["candidates"][0].update(link_id="", chain_id="CAR")
    return tables


# --- names, units, blanks ---------------------------------------------------------------------------------------------


def test_everything_that_rules_name_wrongly_is_said_at_once_at_its_key(tmp_path: Path) -> None:
    wrong = {
        "sum: lnd, max: 1": [("C220", "rules[0].sum")],
        "where: {any: [{land: {min: 3}}, {contry: 东县}]}, count: {max: 1}": [("C220", "rules[1].where.any[1].contry")],
        "where: {any: [{land: {min: 3}}, {any: [{county: 东}]}]}, count: {max: 1}": [
            ("C224", "rules[2].where.any[1].any[0].county")
        ],
        "per: [park, cnty], count: {max: 1}": [("C220", "rules[3].per[1]")],
        "mean: {of: ivestment, over: lad, max: 3}": [("C220", "rules[4].mean.of"), ("C220", "rules[4].mean.over")],
        "share: {max: 1, among: {any: [{x: 1}]}}": [("C220", "rules[5].share.among.any[0].x")],
        "per: county, count: {}, by_group: [{county: 南县, max: 2}]": [("C316", "rules[6].by_group[0].county")],
        "where: {land: 3}, count: {max: 2}": [("C225", "")],
        "where: {county: {from: 2027Q1}}, count: {max: 1}": [("C313", "rules[8].where.county")],
        "where: {county: {min: 1}}, count: {max: 1}": [("C224", "")],
        "per: land, count: {max: 1}": [("C315", "rules[10].per")],
        "count: {max: 1}, soft: 5 万元": [("C317", "rules[11].soft")],
        "sum: land, max: 3 亿元": [("C311", "rules[12].max")],
        "where: {any: [{zone: 北区}, {investment: {min: 3 亩}}]}, count: {max: 1}": [
            ("C311", "rules[13].where.any[1].investment.min")
        ],
        "mean: {of: investment, over: land, min: 3 亩}": [("C311", "rules[14].mean.min")],
        "share: {max: 3 亿元}": [("C311", "rules[15].share.max")],
        "count: {max: 1}, per: county, by_group: [{county: 东县, max: 2 亩}]": [("C311", "rules[16].by_group[0].max")],
        "sum: investment, min: 1 亿元, max: 300": [("C312", "rules[17]")],
        "where: {any: [{investment: {min: 3 亿元, max: 5}}]}, count: {max: 1}": [("C312", "rules[18].where.any[0].investment")],
        "share: {min: 0.5, max: 30 %}": [("C312", "rules[19].share")],
        "per: county, sum: land, by_group: [{county: 东县, min: 2 公顷, max: 3}]": [("C312", "rules[20].by_group[0]")],
        "where: {name: 甲公司}, count: {max: 1}": [("C227", "rules[21].where.name")],
        "where: {county: 东县}, per: county, count: {}, by_group: [{county: 西县, max: 2}]": [("C316", "rules[22].by_group[0]")],
        "per: county, count: {}, by_group: [{county: 西县, max: 2}, {county: 西县, max: 3}]": [("C319", "rules[23].by_group[1]")],
        # One cause, one message: bounds that are found to clash where the file is read are not held against the column again.
        "where: {investment: {min: 900, max: 500}}, count: {max: 1}": [("S118", "rules[24].where.investment")],
        "where: {any: [{land: {min: 9, max: 5}}]}, sum: tax, min: 9, max: 5": [
            ("S118", "rules[25]"),
            ("S118", "rules[25].where.any[0].land"),
        ],
        "per: county, count: {}, by_group: [{county: 东县, min: 2}, {county: 西县, min: 5, max: 3}]": [
            ("S118", "rules[26].by_group[1]")
        ],
        # Amounts as values: converted as those of ranges are.
        "where: {investment: 500 亩}, count: {max: 1}": [("C311", "rules[27].where.investment")],
        "where: {investment: [0.05 亿元, 777 万元]}, count: {max: 1}": [("C224", "rules[28].where.investment")],
        "where: {investment: {exclude: [500 MW]}}, count: {max: 1}": [("C311", "rules[29].where.investment")],
        # Quarters have from and until.
        "where: {quarter: {min: 2027Q1}}, count: {max: 1}": [("C334", "rules[30].where.quarter")],
        "where: {any: [{fixed_quarter: {max: 3}}]}, count: {max: 1}": [("C334", "rules[31].where.any[0].fixed_quarter")],
        # A part of a whole.
        "share: {of: subsidy, min: 120 %}": [("C333", "rules[32].share.min")],
        "share: {max: 1.2}": [("C333", "rules[33].share.max")],
        "share: {equal: -1 %}": [("C333", "rules[34].share.equal")],
        "share: {}, per: county, by_group: [{county: 东县, min: 30}]": [("C333", "rules[35].by_group[0].min")],
        "share: {of: nothing, min: 1001 ‰}": [("C220", "rules[36].share.of"), ("C333", "rules[36].share.min")],
    }
    found = told(tmp_path, rules(*wrong))
    expected = [one for problems in wrong.values() for one in problems]
    # What the settings alone are wrong in comes first.
    expected.sort(key=lambda one: not one[0].startswith("S"))
    assert [code for code, _ in found] == [code for code, _ in expected]
    assert [(code, way) for (code, way), (_, wanted) in zip(found, expected, strict=True) if wanted and way != wanted] == []


def said(folder: Path, plan: str, tables: Tables = TABLES) -> tuple[str, str]:
    """What a plan is refused for, and how to mend it, in English."""
    with pytest.raises(InputError) as refused:
        open_plan(write_city(folder, plan, tables))
    (one,) = refused.value.problems
    return one.rule.en, one.remedy.en


@pytest.mark.parametrize(
    ("rule", "told", "remedy"),
    [
        (
            "where: {quarter: {min: 2027Q1, max: 2027年二季度}}, count: {max: 1}",
            "from and until",
            "write {from: 2027Q1, until: 2027Q2}",
        ),
        ("where: {quarter: {max: 4}}, count: {max: 1}", "from and until", "write {until: 2027Q1}"),
        ("share: {of: subsidy, max: 3 亿元}", "a share is in %", ""),
        ("where: {landing_probability: {min: 3 亩}}, count: {max: 1}", "landing_probability is in %", ""),
        ("share: {min: 30}", "is 3000 %", "if 30 % is meant, write 30 % or 0.3"),
        ("share: {min: 1.2}", "is 120 %", "if 1.2 % is meant, write 1.2 % or 0.012"),
        ("share: {min: 120}", "is 12000 %", "use a number between 0 % and 100 %"),
    ],
)
def test_a_refusal_speaks_of_what_was_meant(tmp_path: Path, rule: str, told: str, remedy: str) -> None:
    rule_said, remedy_said = said(tmp_path, rules(rule))
    assert told in rule_said
    assert remedy_said == remedy or not remedy


@pytest.mark.parametrize("bound", ["0", "1", "100 %", "0 %", "1000 ‰", "0.3"])
def test_a_part_of_a_whole_is_anything_from_none_to_all(tmp_path: Path, bound: str) -> None:
    assert told(tmp_path, rules(f"share: {{max: {bound}}}")) == []


FILTERED = "where: {{{where}}}, count: {{max: 1}}"


@pytest.mark.parametrize(
    ("column", "amount", "taken"),
    [
        ("investment", "500 万元", "B"),
        ("investment", "0.05亿元", "B"),
        ("investment", "[５００万元, 9000000 元]", "AB"),
        ("investment", "{exclude: [500 万元, 0.03 亿元]}", "AC"),
        ("landing_probability", "[80 %, 500‰]", "BC"),
        ("星级", "[1, 3]", "AC"),  # a column without a unit
    ],
)
def test_a_value_with_a_unit_is_what_a_range_of_it_takes(tmp_path: Path, column: str, amount: str, taken: str) -> None:
    opened = open_plan(
        write_city(tmp_path, rules(FILTERED.format(where=f"{column}: {amount}")), own("candidates", "星级", 1, 2, 3, 4))
    )
    rows = build(opened.case, opened.eligible).layout.rules[0]
    every = opened.case.candidates.index.to_numpy()
    ids = opened.case.candidates["candidate_id"].to_numpy()
    assert "".join(ids[rows.taken.takes(every, every, every)]) == taken


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("preferred_parks: {blank: true}", "BCD"),
        ("preferred_parks: ''", "BCD"),
        ("preferred_parks: ['', 一号园]", "ABCD"),
        ("preferred_parks: P1", "A"),
        ("preferred_parks: {exclude: [P1]}", "BCD"),
        ("preferred_parks: {blank: false}", "A"),
        # Nobody has one: the table need not have the column.
        ("refused_parks: {blank: true}", "ABCD"),
        ("refused_parks: {blank: false}", ""),
        ("fixed_park: {blank: true}", "ABCD"),
        ("fixed_quarter: ''", "ABCD"),
        ("variant_group: {blank: true}", "ABCD"),
        ("earliest_quarter: {blank: true}", "ABCD"),
    ],
)
def test_a_blank_that_says_that_there_is_none_is_no_gap(tmp_path: Path, asked: str, taken: str) -> None:
    tables = changed("candidates", 0, preferred_parks="P1")
    opened = open_plan(write_city(tmp_path, rules(FILTERED.format(where=asked)), tables))
    rows = build(opened.case, opened.eligible).layout.rules[0]
    every = opened.case.candidates.index.to_numpy()
    ids = opened.case.candidates["candidate_id"].to_numpy()
    assert "".join(ids[rows.taken.takes(every, every, every)]) == taken


def test_a_park_that_takes_every_chain_is_no_park_without_one(tmp_path: Path) -> None:
    """Blank means every chain: who asks for parks of one chain says what becomes of these."""
    tables = changed("parks", 0, allowed_chains="CAR")
    assert told(tmp_path, rules(FILTERED.format(where="allowed_chains: CAR")), tables) == [("C201", "parks.csv!I3")]
    assert told(tmp_path, rules(FILTERED.format(where="allowed_chains: [CAR, '']")), tables) == []


@pytest.mark.parametrize(
    ("rule", "tables", "found"),
    [
        ("sum: 难度, max: 9", without_link(own("links", "难度", 1, 2)), [("C201", "candidates.csv!C2")]),
        ("sum: 难度, max: 9, where: {link_id: {blank: false}}", without_link(own("links", "难度", 1, 2)), []),
        (
            "mean: {of: tax, over: link.weight, max: 9}",
            without_link(own("candidates", "tax", 1, 2, 3, 4)),
            [("C201", "candidates.csv!C2")],
        ),
        ("mean: {of: chain.weight, max: 3}", without_link(own("candidates", "tax", 1, 2, 3, 4)), []),
        # What is divided by are projects that the rule's own filter leaves out, too.
        (
            "share: {of: 星级, max: 0.5}, where: {candidate_id: [A, B]}",
            own("candidates", "星级", 1, 2, "", 3),
            [("C201", "candidates.csv!M4")],
        ),
        ("share: {of: 星级, max: 0.5, among: {candidate_id: [A, B]}}", own("candidates", "星级", 1, 2, "", 3), []),
        (
            "share: {max: 0.5, among: {备: a}}, where: {candidate_id: [A, B]}",
            own("candidates", "备", "a", "b", "", "a"),
            [("C201", "candidates.csv!M4")],
        ),
        ("share: {max: 0.5, among: {candidate_id: [A, B]}}, where: {备: a}", own("candidates", "备", "a", "b", "", "a"), []),
        (
            "share: {max: 0.5, within: group}, where: {candidate_id: [A, B]}, per: 备",
            own("candidates", "备", "a", "b", "", "a"),
            [("C241", "candidates.csv!M4")],
        ),
        ("share: {max: 0.5}, where: {candidate_id: [A, B]}, per: 备", own("candidates", "备", "a", "b", "", "a"), []),
        # A project without a link is in no group of links; what is asked of its link it does not meet.
        ("count: {max: 1}, where: {link.tier: 上游}, per: link", without_link(own("links", "tier", "上游", "下游")), []),
        ("count: {max: 1}, where: {tier: 上游}, per: tier", own("links", "tier", "上游", ""), [("C201", "links.csv!H3")]),
    ],
)
def test_a_rule_reads_no_blank_of_what_it_adds_up_divides_by_or_groups_by(
    tmp_path: Path, rule: str, tables: Tables, found: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, rules(rule), tables) == found


@pytest.mark.parametrize(
    "rule",
    [
        # Only the table of parks has the column.
        "count: {max: 1}, per: city",
        "count: {max: 1}, where: {city: 甲市}",
        # Choices and flags are known whether or not a row has them; so are their words.
        "count: {max: 1}, where: {status: {exclude: [lost]}}",
        "count: {max: 1}, where: {status: 已签约}",
        "count: {max: 1}, where: {must_include: true}",
        "count: {max: 1}, where: {must_include: 是}",
        "count: {max: 1}, where: {carry_over: 否}",
    ],
)
def test_a_name_that_can_mean_one_thing_only_is_taken(tmp_path: Path, rule: str) -> None:
    assert told(tmp_path, rules(rule), own("parks", "city", "甲市", "乙市")) == []


@pytest.mark.parametrize(("most", "found"), [(7, [("C318", "rules[0].per")]), (8, [])])
def test_a_rule_has_at_most_so_many_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, found: list[tuple[str, str]]
) -> None:
    """Four projects in two parks; the columns county and park are one side's and make two groups, not four."""
    monkeypatch.setattr(rule_names, "MOST_GROUPS", most)
    assert told(tmp_path, rules("count: {max: 1}, per: [candidate, park, county]")) == found


@pytest.mark.slow
def test_a_name_is_taken_for_an_id_exactly_where_one_id_has_it(tmp_path: Path) -> None:
    for seed in range(12):
        dice = Random(seed)
        tables = changed("parks", 0)
        called = [dice.choice(["一号园", "二号园", "P2"]) for _ in tables["parks"]]
        for row, name in zip(tables["parks"], called, strict=True):
            row["name"] = name
        tables["candidates"][0]["fixed_park"] = "P1"
        name = dice.choice(called)
        ids = ["P2"] if name == "P2" else [row["park_id"] for row in tables["parks"] if row["name"] == name]
        found = told(tmp_path / str(seed), rules(f"where: {{park.park_id: {name}}}, count: {{max: 1}}"), tables)
        named = [one for one in found if one[1].startswith("rules")]
        assert named == ([] if len(ids) == 1 else [("C314", "rules[0].where.park.park_id")])
        if len(ids) == 1:
            # No row of the column has the other park, whether it is called by its id or by its name.
            fixed = rules(f"where: {{fixed_park: [{name}, '']}}, count: {{max: 1}}")
            assert told(tmp_path / f"fixed {seed}", fixed, tables)[-1:] == (
                [] if ids == ["P1"] else [("C224", "rules[0].where.fixed_park")]
            )


def test_the_only_fund_pays_also_who_asks_for_nothing(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path, rules("count: {max: 3}, per: fund_id"), changed("candidates", 0, subsidy=0)))
    rows = build(opened.case, opened.eligible).layout.rules[0]
    every = opened.case.candidates.index.to_numpy()
    assert rows.groups.of(every, every, every).tolist() == [0, 0, 0, 0]


# --- what a contradiction says, and its repair --------------------------------------------------------------------------

BOTH = PLAN.replace("gap: 1.0", "gap: 1.0, score: 1.0")
COME = "where: {link_id: SEAT}, count: {min: 2}"


@pytest.mark.parametrize(
    ("written", "said", "repair"),
    [
        # A and B ask 160 of 210 with D, the cheapest of FOAM: 76.19 %.
        (
            ("where: {link_id: SEAT}, share: {of: subsidy, min: 90 %, max: 100 %}", "where: {link_id: FOAM}, count: {min: 1}"),
            ["规则“r0”不少于 90 %", "规则“r1”不少于 1 个"],
            "规则“r0”的下限由 90 % 降到 76.19 %",
        ),
        # (900 + 500) ÷ (40 + 30).
        (
            ("mean: {of: investment, over: land}, per: link, by_group: [{link: 座椅, min: 0.375 亿元/公顷}]", COME),
            ["规则“r0”（座椅）不少于 250 万元/亩", "规则“r1”不少于 2 个"],
            "规则“r0”（座椅）的下限由 250 万元/亩 降到 20 万元/亩",
        ),
        # 900 of the two stand in one county whatever is done.
        (
            ("where: {link_id: SEAT}, sum: investment, max: 0.08 亿元, per: county", COME),
            ["规则“r0”（每个 county）不超过 800 万元", "规则“r1”不少于 2 个"],
            "规则“r0”（每个 county）的上限由 800 万元 放宽到 900 万元",
        ),
        # All together are 2400; with the fund and the parks 1400 is the nearest to 5000 within 80 亩 and 6 MW.
        (
            ("sum: investment, per: county, by_group: [{county: 东县, equal: 0.5 亿元}]",),
            ["规则“r0”（东县）不少于 5,000 万元"],
            "规则“r0”（东县）的下限由 5,000 万元 降到 1,400 万元",
        ),
        # What is divided by is 0 of everybody: no maximum above 3 would do.
        (("mean: {of: investment, over: 无, max: 3}", COME), ["规则“r0”不超过 3", "规则“r1”不少于 2 个"], "取消规则“r0”的上限 3"),
    ],
    ids=["share", "mean by group", "sum by county", "equal by group", "mean of nothing"],
)
def test_a_contradiction_names_unit_and_group_and_its_repair_makes_a_plan(
    tmp_path: Path, written: tuple[str, ...], said: list[str], repair: str
) -> None:
    tables = own("candidates", "无", 0, 0, 0, 0)
    opened = open_plan(write_city(tmp_path, rules(*written).replace(PLAN, BOTH), tables))
    found = explain(opened)
    assert found.feasible is False
    assert sorted(limit.zh for limit in found.conflicts[0].limits) == sorted(said)
    steps = [[step.text.zh for step in one.steps] for one in found.repairs]
    assert [repair] in steps
    one = found.repairs[steps.index([repair])]
    assert one.confirmed
    assert planned(repaired(opened, found, steps.index([repair]) + 1))[2].rules
