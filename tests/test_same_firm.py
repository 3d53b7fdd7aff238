"""Firms by name and credit code: what is one firm, what may be, and what is never taken for it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from planner import api
from planner.intake.credit_code import ALPHABET, check_character, fault_of, plain_code
from planner.intake.firms import check_firms, firms_of
from planner.intake.same_firm import alike, same_names
from planner.spelling import fold_name
from tests.city import TABLES, write_city
from tests.table_files import read, said, write_csv

SOUND = "91350100M000100Y43"
"""The example of GB 32100-2015."""


def test_the_code_of_the_standard_is_sound_and_so_are_those_that_begin_with_letters() -> None:
    assert fault_of(SOUND) is None
    for beginning in ("N2", "Y1", "A9", "52"):
        start = beginning + "340100MB0001234"
        assert fault_of(start + check_character(start)) is None


def test_any_single_character_changed_and_any_two_neighbours_exchanged_are_found() -> None:
    for at in range(18):
        for other in set(ALPHABET) - {SOUND[at]}:
            assert fault_of(SOUND[:at] + other + SOUND[at + 1 :]) is not None
    for at in range(17):
        if SOUND[at] != SOUND[at + 1]:
            assert fault_of(SOUND[:at] + SOUND[at + 1] + SOUND[at] + SOUND[at + 2 :]) is not None


@pytest.mark.parametrize(
    "code", ["91350100M000100Y4", "91350100M000100Y430", "9135O100M000100Y43", "统一社会信用代码暂无信息待核实处", ""]
)
def test_what_is_no_code_says_why(code: str) -> None:
    fault = fault_of(code)
    assert fault is not None
    assert fault.zh != fault.en


def test_blanks_width_and_case_do_not_matter_to_a_code() -> None:
    assert fault_of(" 9135 0100-ｍ000100y43\u200b ") is None
    assert plain_code("９１３５0100M000100Y43") == SOUND


@pytest.mark.parametrize(
    "spelling",
    [
        "中芯国际（上海）有限公司",
        " 中芯国际 (上海)有限公司\u3000",
        "中芯国际【上海】有限公司",
        "中芯国际〔上海〕\u200b有限公司\ufeff",
    ],
)
def test_width_blanks_and_brackets_make_no_other_firm(spelling: str) -> None:
    (one,) = alike(["中芯国际(上海)有限公司", spelling])
    assert (one.first, one.second, one.equal) == (0, 1, True)


def test_names_are_grouped_however_many_there_are_and_blanks_are_nobody() -> None:
    names = ["甲 公司", "", "乙公司", "甲公司", "  ", "甲公司\u3000"]
    assert same_names(names) == ((0, 3, 5),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中芯国际（上海）有限公司", "中芯国际（北京）有限公司"),
        ("中芯国际（上海）有限公司", "中芯国际有限公司"),
        ("苏州晶瑞电子化学材料股份有限公司", "杭州晶瑞电子化学材料股份有限公司"),
        ("湖北省广播电视信息网络股份有限公司", "贵州省广播电视信息网络股份有限公司"),
        ("虚构第一汽车零部件制造有限公司", "虚构第二汽车零部件制造有限公司"),
        ("样本动力电池二号工厂有限公司", "样本动力电池工厂有限公司"),
        ("虚川正极材料科技有限公司", "若晖正极材料科技有限公司"),
    ],
)
def test_a_place_a_number_or_another_name_makes_another_firm(one: str, other: str) -> None:
    assert alike([one, other]) == ()
    assert alike([other, one]) == ()


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("虚川新能源科技股份有限公司", "虚川新能源科技有限公司", "法律形式"),
        ("虚川国际（上海）有限公司", "虚川国际（上海市）有限公司", "括号"),
        ("虚川国际集团有限公司", "虚川国际（集团）有限公司", "法律形式"),
        ("Xuchuan Cathode Co., Ltd.", "XUCHUAN CATHODE Inc.", "法律形式"),
        ("深圳市虚疆创新科技有限公司", "虚疆创新科技有限公司", "深圳市"),
        ("云南虚捷新材料股份有限公司", "云南虚杰新材料股份有限公司", "“捷”/“杰”"),
    ],
)
def test_a_legal_form_a_place_more_or_a_slip_is_suggested_with_evidence_and_never_equal(one: str, other: str, said: str) -> None:
    (found,) = alike([one, "别的公司", other])
    assert (found.first, found.second, found.equal) == (0, 2, False)
    assert said in found.evidence.zh


def test_two_sound_codes_decide_and_an_unsound_one_says_nothing() -> None:
    start = "91340100MA2N00001"
    other = start + check_character(start)
    near = ["云南虚捷新材料股份有限公司", "云南虚杰新材料股份有限公司"]
    far = ["甲乙丙有限公司", "完全不同的名字"]
    assert alike(near, [SOUND, other]) == ()
    assert alike(near[:1] * 2, [SOUND, other]) == ()
    assert alike(near[:1] * 2, [SOUND, ""])[0].equal
    assert len(alike(near, [SOUND, SOUND[:-1] + "0"])) == 1
    assert SOUND in alike(far, [SOUND, f" {SOUND.lower()}"])[0].evidence.en
    assert alike(far, [SOUND[:-1] + "0"] * 2) == ()


def test_what_is_found_does_not_hang_on_the_order_of_the_rows() -> None:
    names = [
        "虚川新能源科技股份有限公司",
        "虚川新能源科技有限公司",
        "样帆制药有限公司",
        "样帆制药集团有限公司",
        "样帆 制药有限公司",
    ]
    pairs = {frozenset((fold_name(names[one.first]), fold_name(names[one.second]))) for one in alike(names)}
    for seed in range(5):
        mixed = random.Random(seed).sample(names, len(names))
        assert {frozenset((fold_name(mixed[one.first]), fold_name(mixed[one.second]))) for one in alike(mixed)} == pairs
    assert len(pairs) == 3


ROWS = [
    ("candidate_id", "name", "统一社会信用代码"),
    ("A", "虚川新能源科技股份有限公司", SOUND[:-1] + "9"),
    ("B", "虚川新能源科技有限公司", SOUND),
    ("C", "样帆制药", "—"),
]


def test_a_table_is_told_its_wrong_codes_and_its_firms_that_may_be_one(tmp_path: Path) -> None:
    write_csv(tmp_path / "firms.csv", ROWS)
    tables, _ = read(tmp_path, candidates="firms.csv")
    assert said(check_firms(firms_of(tables))) == ["I150 firms.csv!C2", "I151 firms.csv!B3"]


def test_a_candidate_that_is_here_under_another_spelling_is_told(tmp_path: Path) -> None:
    write_csv(tmp_path / "firms.csv", [("candidate_id", "name"), ("A", "虚川（集团）公司"), ("B", "样帆制药公司")])
    write_csv(tmp_path / "here.csv", [("name", "link_id"), ("虚川(集团)公司", "L"), ("样帆制药公司", "L")])
    tables, _ = read(tmp_path, candidates="firms.csv", incumbents="here.csv")
    assert said(check_firms(firms_of(tables))) == ["I151 here.csv!A2"]


def test_check_and_intake_tell_both_as_warnings(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    rows = [{**row, "统一社会信用代码": ""} for row in TABLES["candidates"]]
    rows[0] |= {"name": ROWS[1][1], "统一社会信用代码": ROWS[1][2]}
    rows[1] |= {"name": ROWS[2][1]}
    write_city(tmp_path, tables={**TABLES, "candidates": rows})
    column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(rows[0]) - 1]
    found = api.inspect(path)
    assert found.opened is not None
    assert [one for one in said(found.problems) if one.startswith("I1")] == [
        f"I150 candidates.csv!{column}2",
        "I151 candidates.csv!B3",
    ]
    write_csv(tmp_path / "客商库.csv", [("项目编号", "企业名称", "统一社会信用代码"), *ROWS[1:]])
    taken = api.intake([tmp_path / "客商库.csv"], tmp_path / "new")
    told = {problem.code: problem.severity for problem in taken.problems}
    assert (told["I150"], told["I151"]) == ("warning", "warning")
    assert len([row for row in taken.rows if row.outcome == "taken"]) == len(ROWS) - 1


def test_a_report_has_every_wrong_code_and_the_screen_the_first(tmp_path: Path) -> None:
    row = TABLES["candidates"][0]
    rows = [{**row, "candidate_id": f"K{n}", "name": f"企业{n}", "统一社会信用代码": "X"} for n in range(70)]
    path = write_city(tmp_path, tables={**TABLES, "candidates": rows})
    every, short = (api.inspect(path, every=wanted).problems for wanted in (True, False))
    assert len([problem for problem in every if problem.code == "I150"]) == 70
    assert len([problem for problem in short if problem.code == "I150"]) < 70
