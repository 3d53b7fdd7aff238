"""The section ``appraisal`` of a plan file: every fault is told at once, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.problems import InputError
from tests.city import PLAN, TABLES, write_city

PARKS = [{**row, "county": county} for row, county in zip(TABLES["parks"], ("东县", "西县"), strict=True)]
FAULTY = """
appraisal:
  name: 上半年考核
  per: county
  period: {from: 2027-07-01, until: 2027-06-30}
  formulas:
    - {name: 甲, item: {count: sgned}, target: 4, weight: 20}
    - {name: 甲, item: {count: signed}, target: 4, weight: -20}
    - {name: 乙, item: {sum: investment}, target: 4, weight: 20}
    - {name: 丙, item: {count: signed}, target: 0, weight: 20}
    - {name: 丁, item: {count: signed}, weight: 20}
    - {name: 戊, item: {sum: investment, of: signed}, target: 30 MW, weight: 20}
    - {name: 己, item: {sum: invesment, of: signed}, target: 30, weight: 20}
    - {name: 庚, item: {count: signed, where: {county: 南县}}, target: 30, weight: 20}
    - {name: 辛, item: {count: signed}, target: 3, weight: 20, by_group: [{county: 北县, target: 3}, {county: 东县, target: 多}, {target: 3}]}
    - {name: 壬, item: [{count: signed}, {sum: investment, of: signed}], target: 3, weight: 20}
    - {name: 癸, item: {count: started}, target: plan, weight: 20, floor: 1, cap: 0.5}
    - {name: 子, item: {count: signed}, target: 3, weight: 20, deduct: [{count: red, points: 0}]}
"""
TOLD = [
    "S118 appraisal.period",
    "S114 appraisal.formulas[0].item.count",
    "S113 appraisal.formulas[1].weight",
    "S118 appraisal.formulas[1].name",
    "S118 appraisal.formulas[2].item",
    "S118 appraisal.formulas[3].target",
    "S118 appraisal.formulas[4]",
    "C311 appraisal[0].formulas[5].target",
    "C220 appraisal[0].formulas[6].item[0].sum",
    "C224 appraisal[0].formulas[7].item[0].where.county",
    "C316 appraisal[0].formulas[8].by_group[0].county",
    "S118 appraisal.formulas[8].by_group[1].target",
    "V143 appraisal[0].formulas[8].by_group[2]",
    "V140 appraisal[0].formulas[9].item",
    "S118 appraisal.formulas[10].floor",
    "V142 appraisal[0].formulas[10].target",
    "S113 appraisal.formulas[11].deduct[0].points",
]


def test_every_fault_of_the_section_is_told_at_once_at_its_place(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN + FAULTY, {**TABLES, "parks": PARKS})
    with pytest.raises(InputError) as found:
        api.open_plan(path)
    told = {f"{one.code} {one.subject}": one for one in found.value.problems}
    assert sorted(f"{one.code} {one.subject}" for one in found.value.problems) == sorted(TOLD)
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, one in told.items():
        assert one.place is not None
        assert one.place.line is not None
        assert one.place.file == "plan.yaml", key
    assert "{sum: invesment" in lines[(told["C220 appraisal[0].formulas[6].item[0].sum"].place.line or 0) - 1]  # type: ignore[union-attr]
    assert "investment" in told["C220 appraisal[0].formulas[6].item[0].sum"].say("en")


def test_a_section_without_a_fault_is_read_also_where_points_are_taken_off_and_added_to_the_total(tmp_path: Path) -> None:
    section = """
appraisal:
  - {name: 甲, formulas: [{name: 签约, item: {count: signed}, target: 3, weight: 20}], bonus: [{count: full, points: 1}]}
  - {name: 乙, per: chain, formulas: [{name: 督查, weight: 20, deduct: [{count: red, points: 1}]}], deduct: [{count: lost, points: 1}]}
"""
    opened = api.open_plan(write_city(tmp_path, PLAN + section))
    assert [one.name for one in opened.case.settings.appraisal] == ["甲", "乙"]
