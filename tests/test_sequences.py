"""Who is signed before whom, and whose coming asks for others: by hand, against an evaluator of its own, named and explained."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from planner import api
from planner.limits import FAMILY
from planner.plan.open import Opened, open_plan
from planner.plan.verify import broken, held
from planner.problems import InputError, errors
from planner.programme.build import Programme, build
from planner.questions.explain.ask import applied, explain, repair
from planner.settings.relations import GROUPS
from planner.settings.write import resolved_yaml
from planner.terms.registry import reckon
from tests.brute import positions
from tests.city import EARLY, SCORE, wide, wide_candidates, write_city
from tests.evaluator import Evaluator
from tests.raw_city import Choice as Named
from tests.rich_city import rich_city
from tests.solving import planned
from tests.sweep import sweep


def signed(folder: Path, relations: str, plan: str = EARLY, **tables: Any) -> dict[str, str]:
    """The quarter in which each selected project of the wide city is signed."""
    _, _, found = planned(write_city(folder, f"{plan}relations: {{{relations}}}\n", tables.get("tables") or wide()))
    return {one.candidate_id: one.quarter[-1] for one in found.selected}


@pytest.mark.parametrize(
    ("relation", "quarters"),
    [
        ("{first: [A], then: [D]}", {"A": "1", "D": "1"}),  # no later than: both at once
        ("{first: [A], then: [D], quarters: 1}", {"A": "1", "D": "2"}),
        ("{first: [甲公司], then: [丁公司], quarters: 1}", {"A": "1", "D": "2"}),  # by name
        ("{first: [A, B], then: [D], quarters: 1}", {"A": "1", "B": "1", "D": "2"}),  # both of them before D
        ("{first: [A], then: [A, D], quarters: 1}", {"A": "1", "D": "2"}),  # A is not held against itself
        ("{first: [A], then: [D], quarters: 1, needed: true}", {"A": "1", "D": "2"}),
        ("{first: [A], then: [D], quarters: 1, needed: true, existing: 1}", {"A": "1", "D": "1"}),  # one is here already
    ],
)
def test_one_before_the_other(tmp_path: Path, relation: str, quarters: dict[str, str]) -> None:
    found = signed(tmp_path, f"before: [{relation}]")
    assert found == {"A": "1", "B": "1", "C": "1", "D": "1"} | quarters


def test_who_is_needed_must_come_and_who_only_goes_before_need_not(tmp_path: Path) -> None:
    """A is worth −9: without it D comes all the same, unless it is needed."""
    tables = wide_candidates((0, {"score": -9}))
    assert set(signed(tmp_path / "free", "before: [{first: [A], then: [D]}]", tables=tables)) == {"B", "C", "D"}
    assert set(signed(tmp_path / "needed", "before: [{first: [A], then: [D], needed: true}]", tables=tables)) == {"B", "C"}


def test_more_quarters_than_there_are_keep_the_two_from_coming_both(tmp_path: Path) -> None:
    path = write_city(tmp_path, EARLY + "relations: {before: [{first: [C], then: [D], quarters: 2}]}\n", wide())
    opened, _, plan = planned(path)
    assert {one.candidate_id for one in plan.selected} == {"A", "B", "D"}
    assert [one.code for one in opened.warnings if one.code.startswith("C29")] == ["C296"]


@pytest.mark.parametrize(
    ("relation", "selected"),
    [
        ("{if: [D], then: [A]}", "BC"),  # A −5 and D 4
        ("{if: [A], then: [D]}", "BCD"),  # not the other way round
        ("{if: [D], then: [A, B]}", "BCD"),  # B will do
        ("{if: [D], then: [A, B], at_least: all}", "BC"),
        ("{if: [D], then: [B, C], at_least: 2}", "BCD"),
        ("{if: [B, D], then: [A]}", "ABCD"),  # 2 + 4 for −5
        ("{if: [C], then: [C, D], at_least: all}", "BCD"),  # it does not ask for itself
        ("{if: [C], then: [C, D], at_least: 2}", "BD"),  # only D counts
    ],
)
def test_coming_that_asks_for_others(tmp_path: Path, relation: str, selected: str) -> None:
    tables = wide_candidates((0, {"score": -5}))
    assert "".join(sorted(signed(tmp_path, f"implies: [{relation}]", SCORE, tables=tables))) == selected


def test_versions_of_one_project_are_one(tmp_path: Path) -> None:
    """C and D are versions: D (4) comes. It is what B asks for, whether by the name of the one or the other, and all is both."""
    tables = wide_candidates((2, {"variant_group": "V"}), (3, {"variant_group": "V"}))
    asked = "implies: [{if: [B], then: [C, D], at_least: all}], before: [{first: [C], then: [D], quarters: 1, needed: true}]"
    assert set(signed(tmp_path, asked, tables=tables)) == {"A"} | {"B", "C"}


@pytest.mark.parametrize(
    ("relations", "codes"),
    [
        ("exclusive: [{candidates: [A, 丙]}]", ["C221"]),
        ("implies: [{if: [甲公司], then: [B]}]", ["C293"]),  # two are called so
        ("implies: [{if: [A], then: [B]}]", []),  # an id is an id, though another is called A
        ("before: [{first: [A, B], then: [B, A]}]", ["C295"]),
        ("before: [{first: [A], then: [B], count: 2}]", ["S118"]),  # a count of what is not needed
        ("before: [{first: [A], then: [B], existing: 1}]", ["S118"]),
        ("implies: [{if: [A], then: [B], at_least: 0}]", ["S116"]),
        ("implies: [{if: [A], then: [B], at_least: 1.5}]", ["S116"]),
        ("implies: [{if: [], then: [B]}]", ["S116"]),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, relations: str, codes: list[str]) -> None:
    tables = wide_candidates((1, {"name": "甲公司"}), (2, {"name": "A"}))
    path = write_city(tmp_path, f"{SCORE}relations: {{{relations}}}\n", tables)
    if not codes:
        assert open_plan(path).case is not None
        return
    with pytest.raises(InputError) as refused:
        open_plan(path)
    told = errors(refused.value.problems)
    assert [one.code for one in told] == codes
    assert all(one.place is not None and one.place.line == 11 for one in told)


@pytest.mark.parametrize(
    ("relations", "code"),
    [
        ("before: [{first: [A], then: [A, B]}]", "C294"),
        ("before: [{first: [A], then: [B], needed: true, count: 3, existing: 1}]", "C297"),
        ("implies: [{if: [A], then: [B, C], at_least: 3}]", "C297"),
    ],
)
def test_what_says_little_or_too_much_is_told(tmp_path: Path, relations: str, code: str) -> None:
    opened = open_plan(write_city(tmp_path, f"{SCORE}relations: {{{relations}}}\n", wide()))
    assert [one.code for one in opened.warnings if one.code.startswith("C29")] == [code]


@pytest.mark.parametrize(
    ("relations", "selected"),
    [
        ("exclusive: [{candidates: {where: {link_id: FOAM}}}]", "ABD"),
        ("exclusive: [{candidates: {where: {link_id: 泡棉}}}]", "ABD"),  # by the link's name
        ("exclusive: [{candidates: {where: {tier: 上游, score: {max: 3}}}, max: 1}]", "BCD"),
        ("exclusive: [{candidates: {where: {any: [{score: {min: 4}}, {candidate.name: {contains: 丙}}]}}}]", "ABD"),
        ("exclusive: [{candidates: {where: {chain_id: CAR}}, max: 2}]", "CD"),
        ("implies: [{if: {where: {link_id: FOAM}}, then: {where: {investment: {min: 0.09 亿元}}}}]", "ABCD"),  # A has 900 万元
        (
            "implies: [{if: {where: {score: {min: 3}}}, then: {where: {score: {max: 1}}}, at_least: all}], exclusive: [{candidates: [A, B]}]",
            "ACD",
        ),
        ("rivals: {per_link: 1, candidates: {where: {score: {max: 3}}}}", "BCD"),  # D is no rival of C
        ("rivals: {per_link: 1, candidates: [A, B]}", "BCD"),
    ],
)
def test_groups_by_a_filter(tmp_path: Path, relations: str, selected: str) -> None:
    tables = wide()
    for row, tier in zip(tables["links"], ("下游", "下游"), strict=True):
        row["tier"] = tier
    tables["links"][0]["tier"] = "上游"
    assert "".join(sorted(signed(tmp_path, relations, SCORE, tables=tables))) == selected


@pytest.mark.parametrize(
    ("relations", "code", "found"),
    [
        ("exclusive: [{candidates: {where: {link_id: STEEL}}}]", "C224", "STEEL"),
        ("exclusive: [{candidates: {where: {colour: red}}}]", "C220", "colour"),
        ("exclusive: [{candidates: {where: {county: 东县}}}]", "C310", "county"),  # a park's
        ("exclusive: [{candidates: {where: {score: {min: 100}}}}]", "C298", "score: {min: 100.0}"),
        ("implies: [{if: {where: {score: {min: 3}}}, then: {where: {grade: 甲}}}]", "C201", ""),  # C's grade is blank
        ("exclusive: [{candidates: {wher: {score: 1}}}]", "S110", ""),
        ("exclusive: [{candidates: [A]}]", "S116", "[…]"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(tmp_path: Path, relations: str, code: str, found: str) -> None:
    tables = wide_candidates((0, {"grade": "甲"}), (1, {"grade": "乙"}), (2, {"grade": ""}), (3, {"grade": "甲"}))
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path, f"{SCORE}relations: {{{relations}}}\n", tables))
    assert (code, found) in [(one.code, one.found) for one in errors(refused.value.problems)]


MUST = ((0, {"must_include": "是"}), (3, {"must_include": "是"}))
Setting = tuple[tuple[str | int, ...], Any]


@pytest.mark.parametrize(
    ("relation", "cells", "setting"),
    [
        # A only in the second quarter, D only in the first: in no order; a quarter apart is one too many for both in the second.
        ("before: [{first: [A], then: [D]}]", ("2027Q2", "2027Q1"), (("relations", "before", 0), None)),
        ("before: [{first: [A], then: [D], quarters: 1}]", ("2027Q2", "2027Q2"), (("relations", "before", 0, "quarters"), 0)),
        ("before: [{first: [A], then: [D], needed: true}]", ("2027Q2", "2027Q1"), (("relations", "before", 0), None)),
        (
            "before: [{first: [A, B], then: [D], needed: true, count: 2}], exclusive: [{candidates: [A, B]}]",
            ("", ""),
            (("relations", "before", 0, "count"), 1),
        ),
        (
            "implies: [{if: [D], then: [B, C], at_least: 2}], exclusive: [{candidates: [B, C]}]",
            ("", ""),
            (("relations", "implies", 0, "at_least"), 1),
        ),
        ("implies: [{if: [D], then: [B]}], exclusive: [{candidates: [A, B]}]", ("", ""), (("relations", "implies", 0), None)),
    ],
)
def test_a_relation_in_the_way_gives_way_by_as_little_as_will_do(
    tmp_path: Path, relation: str, cells: tuple[str, str], setting: Setting
) -> None:
    tables = wide_candidates(*MUST, (0, {"fixed_quarter": cells[0]}), (3, {"fixed_quarter": cells[1]}))
    opened = open_plan(write_city(tmp_path, f"{EARLY}relations: {{{relation}}}\n", tables))
    found = explain(opened, 20.0)
    assert found.feasible is False
    own = [one for one in found.repairs if one.settings == (setting,)]
    assert [one.confirmed for one in own] == [True]
    changed = applied(opened, own[0])
    assert {"A", "D"} <= {one.candidate_id for one in api.solve(changed).selected}
    kinds = {kind for conflict in found.conflicts for kind in conflict.kinds}
    assert str(setting[0][1]) in kinds


def test_a_relation_that_keeps_a_firm_out_is_named(tmp_path: Path) -> None:
    tables = wide_candidates((0, {"exclude": "是"}))
    plan = EARLY + "relations: {before: [{name: 链主先行, first: [A], then: [D], needed: true}]}\n"
    _, _, found = planned(write_city(tmp_path, plan, tables))
    left_out = next(one for one in found.not_selected if one.candidate_id == "D")
    limits = {one.limit_id: one for one in found.limits}
    assert [(limits[name].family, limits[name].subject) for name in left_out.binding] == [("before", "链主先行")]


@pytest.mark.parametrize(
    ("relation", "verdict", "who"),
    [
        ("before: [{first: [A], then: [D]}]", "always", ""),  # A never comes: nothing waits
        ("before: [{first: [A], then: [D], needed: true}]", "open", "丁公司"),
        ("before: [{first: [A], then: [D], needed: true, existing: 1}]", "always", ""),
        ("implies: [{if: [D], then: [A]}]", "open", "丁公司"),
        ("implies: [{if: [A], then: [D]}]", "always", ""),
        ("implies: [{if: [D], then: [A, B]}]", "open", ""),
    ],
)
def test_the_echo_tells_who_never_comes_for_a_relation(tmp_path: Path, relation: str, verdict: str, who: str) -> None:
    tables = wide_candidates((0, {"exclude": "是"}))
    opened = open_plan(write_city(tmp_path, f"{SCORE}relations: {{{relation}}}\n", tables))
    (line,) = (one for one in api.echo(opened).lines if one.kind == "relation")
    assert line.verdict == verdict
    assert ("来不了" in line.verdict_zh) == bool(who)
    assert who in line.verdict_zh


DOCS = Path(__file__).parents[1]
BLOCKS = re.findall(r"```yaml\n(.*?)```", (DOCS / "docs" / "time.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_of_the_page_is_a_plan(tmp_path: Path, block: str) -> None:
    opened = open_plan(write_city(tmp_path, SCORE + block, wide()))
    assert opened.warnings == ()
    assert api.solve(opened).selected


def test_different_parks_are_one_row_a_park_and_no_limit_that_is_full(tmp_path: Path) -> None:
    """C 3 and D 4 in a park each; A and B keep out of the way. A row that pairs projects off is nothing that is used up."""
    plan = SCORE + "relations: {apart: [{candidates: [A, B, C, D]}], before: [{first: [A, B, C], then: [D]}]}\n"
    _, programme, found = planned(write_city(tmp_path, plan, wide()))
    assert {one.candidate_id for one in found.selected} == {"C", "D"}
    rows = {family.name: part.size for family, part in zip(programme.families, programme.rows, strict=True)}
    assert (rows["apart"], rows["before"]) == (2, 3)  # D in the first quarter after A, B and C; in the second all were
    left_out = next(one for one in found.not_selected if one.candidate_id == "B")
    assert {name.split(":")[0] for name in left_out.binding} == {"apart"}
    assert {one.family for one in found.limits} == {"apart"}  # named because it keeps B out


def test_a_relation_of_too_many_pairs_is_refused(tmp_path: Path) -> None:
    firm = wide()["candidates"][0]
    tables = wide(candidates=[{**firm, "candidate_id": f"K{n}", "name": f"企业{n}", "score": n % 2} for n in range(300)])
    everyone = "implies: [{if: {where: {score: 0}}, then: {where: {score: 1}}, at_least: ASKED}]"
    plan = f"{SCORE}relations: {{{everyone}}}\n"
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path / "all", plan.replace("ASKED", "all"), tables))
    assert [(one.code, one.found) for one in errors(refused.value.problems)] == [("C299", "22500")]
    assert open_plan(write_city(tmp_path / "some", plan.replace("ASKED", "3"), tables)).case is not None


# 200 random relations, random plans: one verdict of the check, of the rows, and of an evaluator that knows neither.


FILTERS: tuple[dict[str, Any], ...] = (
    {"ownership": "外资"},
    {"chain_id": "C0"},
    {"link_id": {"exclude": ["L1"]}},
    {"tier": "上游", "investment": {"max": 700}},
    {"candidate.score": {"min": 0.5}},
    {"link.weight": {"min": 1.2}},
)


def random_relation(dice: Random, kind: str, ids: list[str]) -> dict[str, Any]:
    def some(least: int) -> Any:
        if dice.random() < 0.3:
            return {"where": dice.choice(FILTERS)}
        return dice.sample(ids, dice.randint(least, min(4, len(ids))))

    relation: dict[str, Any] = {key: some(2 if key == "candidates" else 1) for key in GROUPS[kind]}
    if kind == "exclusive":
        relation |= dice.choice([{}, {"max": 2}])
    elif kind in ("together", "apart"):
        relation |= dice.choice([{}, {"km": 12}]) | dice.choice([{}, {"all_or_none": True}] if kind == "together" else [{}])
    elif kind == "before":
        relation |= dice.choice([{}, {"quarters": dice.randint(1, 3)}])
        relation |= dice.choice([{}, {"needed": True, "count": dice.randint(1, 3), "existing": dice.randint(0, 1)}])
    else:
        relation |= dice.choice([{}, {"at_least": dice.choice(["all", 2])}])
    return relation


def point(programme: Programme, opened: Opened, named: Named) -> np.ndarray:
    """The choice columns of a choice by ids."""
    layout, choice = programme.layout, positions(opened, named)
    column = {
        key: at for at, key in enumerate(zip(layout.candidate.tolist(), layout.park.tolist(), layout.quarter.tolist(), strict=True))
    }
    values = np.zeros(layout.columns)
    for i, k, t in zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), strict=True):
        for key in [(i, k, t)] if layout.timed[k] else [(i, k, -1), (i, -1, t)]:
            values[column[key]] = 1.0
    return values


def open_city(seed: int) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """A random city of three quarters in which nothing keeps anybody from anywhere: every plan is one of the programme."""
    plan, tables = rich_city(seed)
    for row in tables["candidates"]:
        row |= dict.fromkeys(("fixed_park", "fixed_quarter", "refused_parks", "earliest_quarter", "latest_quarter"), "")
        row |= {"status": "prospect", "exclude": "否", "must_include": "否", "land": 0, "power": 0, "water": 0}
    for row in tables["parks"]:
        row |= {"min_investment_intensity": 0, "min_tax_intensity": 0, "allowed_chains": ""}
    for name in ("site_options", "funds", "teams"):
        tables.pop(name, None)
    return plan | {"quarters": {"start": "2027Q1", "count": 3}, "rules": []}, tables


@pytest.mark.parametrize("seeds", sweep([range(7), range(7, 200)], 1))
def test_200_random_relations_have_one_verdict(tmp_path: Path, seeds: range) -> None:
    verdicts: Counter[tuple[str, bool]] = Counter()
    for seed in seeds:
        dice = Random(f"relation {seed}")
        kind = ("before", "implies", "before", "implies", "exclusive", "together", "apart")[seed % 7]
        plan, tables = open_city(dice.choice([4, 7, 9, 21, 33]))
        own = Evaluator(plan, tables)
        while True:  # until each side is somebody
            relation = random_relation(dice, kind, list(own.candidates))
            sides = [set(own.called(relation[key])) for key in GROUPS[kind]]
            if all(sides) and (kind != "before" or sides[1] - sides[0]):
                break
        plan["relations"] = {kind: [relation]}
        opened = open_plan(write_city(tmp_path / str(seed), json.dumps(plan, ensure_ascii=False), tables))
        programme = build(opened.case, opened.eligible)
        rows = programme.rows[programme.families.index(FAMILY[kind])]
        for _ in range(12):
            named = {i: (dice.choice(list(own.parks)), dice.choice(own.quarters)) for i in own.candidates if dice.random() < 0.6}
            if len({own.family(i) for i in named}) < len(named):
                continue  # two versions of one project
            says = kind not in own.broken(named)
            checked = kind not in [one.family for one in broken(held(opened.case, reckon(opened.case, positions(opened, named))))]
            activity = rows.matrix @ point(programme, opened, named) if rows.size else np.zeros(0)
            kept = bool((activity <= rows.upper + 1e-9).all() and (activity >= rows.lower - 1e-9).all())
            assert (says, checked, kept) == (says,) * 3, (seed, plan["relations"], named)
            verdicts[kind, says] += 1
    assert all(verdicts[kind, says] >= len(seeds) // 21 for kind in GROUPS for says in (True, False)), verdicts


def test_names_stand_for_ids_whatever_their_width_and_case(tmp_path: Path) -> None:
    """In rows and in their independent check alike."""
    tables = wide()
    tables["candidates"] = [{**row, "name": f"Firm {row['candidate_id']} 公司"} for row in tables["candidates"]]
    loosely = signed(tmp_path / "a", "before: [{first: [Ｆirm B 公司], then: [FIRM A 公司], quarters: 1}]", tables=tables)
    assert loosely == signed(tmp_path / "b", "before: [{first: [B], then: [A], quarters: 1}]", tables=tables)
    assert loosely["A"] > loosely["B"]


def test_what_is_written_reads_back_equal(tmp_path: Path) -> None:
    """The settings that a run keeps, and a plan that a repair writes: groups by filters, a span of quarters, a fraction."""
    extra = (
        (
            "relations:\n"
            "  implies: [{name: 要两个, if: {where: {any: [{score: {min: 4}}, {candidate.name: {contains: 丁}}]}}, then: [B, C], at_least: 2}]\n"
            "  exclusive: [{candidates: {where: {link_id: {exclude: [STEEL]}, investment: {min: 0.05 亿元, max: 800}}}}]\n"
            "seasons: [{resource: power, quarter: {from: 2027Q2}, times: 5/7, where: {county: [东县]}}]\n"
        )
        .replace("link_id: {exclude: [STEEL]}, ", "link_id: {exclude: [FOAM]}, score: {min: 0}, ")
        .replace("max: 800", "max: 900")
    )
    tables = wide_candidates((3, {"must_include": "是"}), (0, {"must_include": "是"}), (1, {"must_include": "是"}))
    opened = open_plan(write_city(tmp_path, SCORE + extra, tables))
    kept = tmp_path / "kept.yaml"
    kept.write_text(resolved_yaml(opened.loaded.settings, "zh"), encoding="utf-8")
    assert open_plan(kept).loaded.settings == opened.loaded.settings
    found = explain(opened, 20.0)
    number = next(n for n, one in enumerate(found.repairs, start=1) if one.settings and one.confirmed)
    assert api.solve(open_plan(repair(opened, found, number))).selected
