"""Rows that are no rows of a table are left out and told, real rows stay; signs for nothing are no ids; spellings are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from planner.problems import Problem
from planner.reading.table import Table
from tests.sweep import sweep
from tests.table_files import Rows, read, said, write_csv, write_layer, write_xlsx

PARKS: list[list[Any]] = [
    ["园区编号", "园区名称", "所在区县", "用地"],
    ["P1", "一园", "东县", 60],
    ["P2", "二园", "西县", 70],
    ["P3", "三园", "东县", 50],
]
LAND = {"land": {"name": "用地", "unit": "亩", "kind": "stock", "scope": "park"}}


def parks_of(folder: Path, rows: Rows, kind: str = "csv") -> tuple[Table, list[Problem]]:
    if kind == "csv":
        write_csv(folder / "p.csv", rows)
    else:
        write_xlsx(folder / "p.xlsx", {"园区": rows})
    tables, problems = read(folder, LAND, parks=f"p.{kind}")
    return tables["parks"], problems


TOTALS = (
    *(
        "合计",
        "总计",
        "小计",
        "共计",
        "合 计",
        " 总　计 ",
        "（合计）",
        "【小计】",
        "合计：",
        "合计（亩）",
        "合計",
        "總計",
        "汇总",
        "累计",
        "总数",
    ),
    *(
        "平均",
        "平均值",
        "均值",
        "共3个",
        "合计3家",
        "总计：3",
        "Σ",
        "∑",
        "Total",
        "TOTAL",
        "Ｔｏｔａｌ",
        "Sub-total",
        "Grand Total",
        "Sum",
        "Average",
    ),
)
NOTES = (
    *(
        "注：数据截至2026年底",
        "注:甲",
        "※注：甲",
        "注1：甲",
        "备注：甲",
        "備註：甲",
        "说明：面积为净面积",
        "数据来源：统计局",
        "资料来源: 统计局",
        "来源：年报",
    ),
    *(
        "截至2026年底",
        "数据截至2026年9月",
        "填表人：张三",
        "制表：李四",
        "审核：王五",
        "填报日期：2026-9-30",
        "单位：亩",
        "以下空白",
        "（以下无正文）",
    ),
    *("本表由投资促进局提供", "Note: net areas", "Source: yearbook", "1、以上数据为初步统计，以年报为准。"),
)


@pytest.mark.parametrize(
    ("word", "kind"), sweep([(word, ("csv", "xlsx")[(at + turn) % 2]) for turn in (0, 1) for at, word in enumerate(TOTALS)], 16)
)
def test_a_total_is_left_out_and_told_wherever_the_word_stands(tmp_path: Path, word: str, kind: str) -> None:
    for number, (row, at) in enumerate(
        [([word, "", "", 180], 4), (["", word, "", 180], 4), ([word, word, "", 180], 1), ([word, "", "", ""], 4)]
    ):
        rows = [*PARKS[:at], row, *PARKS[at:]]
        (folder := tmp_path / str(number)).mkdir()
        table, problems = parks_of(folder, rows, kind)
        assert table.frame["park_id"].tolist() == ["P1", "P2", "P3"]
        assert [(problem.code, problem.severity) for problem in problems] == [("T155", "warning")]
        assert str(problems[0].place).endswith(str(at + 1))


@pytest.mark.parametrize("word", NOTES)
def test_a_note_is_left_out_and_told(tmp_path: Path, word: str) -> None:
    for number, row in enumerate([[word, "", "", ""], ["", word, "", ""], [word]]):
        (folder := tmp_path / str(number)).mkdir()
        table, problems = parks_of(folder, [*PARKS, [], row])
        assert table.frame["park_id"].tolist() == ["P1", "P2", "P3"]
        assert [problem.code for problem in problems] == ["T213"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["全市合计", "", "", 180], "T155"),  # sums decide
        (["", "东县小计", "", 110], "T210"),  # neither the sum of all above nor of a block
        (["其中：工业", "", "", 30], "T210"),
        (["合计", "", "", 999], "T155"),  # says that it does not agree
        (["P9", "合计", "", 999], "T210"),
        (["P9", "合计", "", 180], "T155"),
        (["合计", "", "东县", 180], "T210"),
        (["全市", "", "", 180], "T155"),
        (["全市", "", "", 181], ""),
        (["P9", "合计科技园", "", 180], ""),
        (["P9", "总计", "东县", 75], ""),
        (["P9", "TOTAL", "", 75], ""),
        (["P9", "设计园（共青城）", "", 75], ""),
        (["P9", "注册园", "", 75], ""),
        (["P9", "说明书印刷园", "东县", 75], ""),
        (["说明", "", "", 75], "T217"),
        (["甲乙丙园区管理委员会、丁戊园区", "", "", ""], ""),
        (["甲乙丙园区管理委员会，以及丁戊园区", "", "", ""], "T217"),
        (["园区编号", "园区名称", "所在区县", "用地"], "T214"),
        (["park id", "park name", "county", "land"], "T214"),
        (["园区编号", "园区名称", "所在区县", "用地（公顷）"], "T218"),
        (["示例", "某园", "某县", 100], "T223"),
        (["", "—", "", 0], "T216"),
        (["—", "某园", "", 5], "T220"),
        (["暂无", "某园", "", 5], "T220"),
    ],
)
def test_what_may_be_a_real_row_is_an_error_and_what_is_one_stays(tmp_path: Path, row: list[Any], code: str) -> None:
    table, problems = parks_of(tmp_path, [*PARKS, row])
    assert [problem.code for problem in problems if problem.code not in ("T144", "T221")] == ([code] if code else [])
    dropped = code in ("T155", "T213", "T214", "T216", "T218")
    assert len(table) == (3 if dropped or not row[0] else 4)
    assert ("之和不符" in "".join(problem.say("zh") for problem in problems)) == (row[3] == 999 and code == "T155")


def test_totals_at_the_top_and_of_blocks_are_held_against_their_rows(tmp_path: Path) -> None:
    rows = [PARKS[0], ["全市合计", "", "", 180], ["东县小计", "", "", 110], PARKS[1], PARKS[3], ["西县小计", "", "", 70], PARKS[2]]
    table, problems = parks_of(tmp_path, rows)
    assert said(problems) == ["T155 p.csv!A2", "T155 p.csv!A3", "T155 p.csv!A6"]
    assert table.frame["land"].tolist() == [60, 50, 70]


def test_a_point_before_three_digits_is_doubtful_where_its_own_column_has_decimal_commas(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", "计划投资额(万元)", "用工"], ["A", "1.234", "1.234"], ["B", "1.234,56", "7"]])
    assert said(read(tmp_path, candidates="c.csv")[1]) == ["T183 c.csv!B2", "T132 c.csv!B3"]


def test_a_word_in_one_part_of_a_key_is_a_total_only_where_the_sums_say_so(tmp_path: Path) -> None:
    header = ["资金池", "季度", "额度"]
    for amount, code in ((300, "T155"), (299, "T210")):
        write_csv(
            tmp_path / "t.csv", [["专班", "产业链", "工作量"], ["甲", "链一", 100], ["乙", "链二", 200], ["全部", "合计", amount]]
        )
        assert [problem.code for problem in read(tmp_path, teams="t.csv")[1] if problem.code != "T153"] == [code]
    write_csv(tmp_path / "f.csv", [header, ["产业基金", "2027Q1", 100], ["产业基金", "2027Q2", 200], ["合计", "", 300]])
    assert said(read(tmp_path, funds="f.csv")[1]) == ["T155 f.csv!A4"]


def test_figures_of_many_digits_are_no_sentence(tmp_path: Path) -> None:
    write_csv(tmp_path / "e.csv", [["上游环节", "下游环节", "消耗系数"], ["L1", "L2", "0.1"], ["", "", "0.30000000000000004"]])
    assert said(read(tmp_path, link_edges="e.csv")[1]) == ["T151 e.csv!A3", "T151 e.csv!B3"]


def test_a_word_somewhere_in_the_remarks_of_a_row_says_nothing_of_the_row(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "i.csv",
        [["企业编号", "企业名称", "环节编号", "备注"], ["", "甲公司", "L", "合计"], ["E2", "乙公司", "L", "注：已搬迁"]],
    )
    tables, problems = read(tmp_path, incumbents="i.csv")
    assert not problems
    assert len(tables["incumbents"]) == 2


def test_words_in_two_cells_and_in_a_column_of_serial_numbers(tmp_path: Path) -> None:
    rows = [["序号", *PARKS[0]], ["（1）", "（2）", "（3）", "（4）", "（5）"], *([n, *row] for n, row in enumerate(PARKS[1:], 1))]
    rows += [[4, "", "", "", 0], ["合", "计", "", "", 180], ["合计", "", "", "", 180], ["填表人：张三", "", "审核：李四", "", ""]]
    table, problems = parks_of(tmp_path, rows)
    assert said(problems) == ["T215 p.csv!A2", "T216 p.csv!A6", "T155 p.csv!A7", "T155 p.csv!A8", "T213 p.csv!A9"]
    assert table.frame["land"].tolist() == [60, 70, 50]


def test_figures_that_are_the_sums_of_all_others_give_a_total_away(tmp_path: Path) -> None:
    header = ["项目编号", "企业名称", "所在市", "计划投资额(万元)", "用工"]
    firms = [[f"K{n}", f"甲{n}", "合肥市", 10 * n + 1, n * n] for n in range(1, 6)]
    sums = [sum(row[at] for row in firms) for at in (3, 4)]
    for key, code, count in (("K99", "T211", 6), ("", "T155", 5)):
        write_csv(tmp_path / "c.csv", [header, *firms, [key, "", "", *sums]])
        tables, problems = read(tmp_path, candidates="c.csv")
        assert [problem.code for problem in problems] == [code]
        assert len(tables["candidates"]) == count
    write_csv(tmp_path / "c.csv", [header, *firms, ["K99", "甲99", "合肥市", *sums]])
    assert not read(tmp_path, candidates="c.csv")[1]


SIGNS = ["无", "暂无", "待定", "-", "--", "—", "–", "/", "\\", ".", "NA", "n/a", "N/A", "NULL", "None", "空", "　无 ", "－"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_for_nothing_is_no_id_no_group_and_no_place(tmp_path: Path, sign: str) -> None:
    header = ["项目编号", "企业名称", "方案组", "环节编号", "产业链", "专班", "意向园区", "所在市"]
    write_csv(
        tmp_path / "c.csv",
        [header, ["A", "甲", *[sign] * 6], ["B", "乙", *[sign] * 6], ["C", "丙", "G", "L", "链", "T", "P1", "合肥"]],
    )
    tables, problems = read(tmp_path, candidates="c.csv")
    assert said(problems) == [f"T219 c.csv!{letter}2" for letter in "CDEFGH"]
    assert all("共 2 格" in problem.say("zh") for problem in problems)
    frame = tables["candidates"].frame
    for name, blank in (
        ("variant_group", ""),
        ("link_id", ""),
        ("chain_id", ""),
        ("team", ""),
        ("preferred_parks", ()),
        ("city", ""),
    ):
        assert frame[name].tolist()[:2] == [blank, blank]


def test_signs_for_nothing_among_numbers_of_a_further_column_are_blanks(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", "碳排放", "评级"], ["A", "—", "—"], ["B", "60", "甲"], ["C", "暂无", "乙"]])
    tables, problems = read(tmp_path, candidates="c.csv")
    frame = tables["candidates"].frame
    assert said(problems) == ["T219 c.csv!B2"]
    assert frame["碳排放"].isna().tolist() == [True, False, True]
    assert frame["评级"].tolist() == ["—", "甲", "乙"]


def test_a_nought_is_no_group_but_may_be_an_id_that_is_there(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", "方案组", "指定园区"], [0, 0, 0], [1, 1, 1]])
    write_csv(tmp_path / "p.csv", [["园区编号", "园区名称"], [0, "零园"], [1, "一园"]])
    assert said(read(tmp_path, candidates="c.csv", parks="p.csv")[1]) == ["T220 c.csv!B2"]


def test_spellings_of_one_id_and_one_name_under_two_ids_are_told(tmp_path: Path) -> None:
    header = ["项目编号", "企业名称", "产业链", "方案组"]
    firms = [
        ["K001", "甲公司", "AI", ""],
        ["k001", "甲公司 ", "ＡＩ", ""],
        ["Ｋ001", "甲(皖)", "ai", "G"],
        ["K\u200b001", "甲（皖）", "AI", "G"],
        ["K 001", "乙", "BI", ""],
    ]
    write_csv(tmp_path / "c.csv", [header, *firms])
    problems = read(tmp_path, candidates="c.csv")[1]
    assert [p for p in said(problems) if "T221" in p] == [f"T221 c.csv!{cell}" for cell in ("A3", "C3", "A4", "C4", "A5", "A6")]
    assert [p for p in said(problems) if "T221" not in p] == ["T222 c.csv!B3"]
    assert all(problem.severity == "warning" and "A2" in problem.say("zh") for problem in problems if problem.subject == "项目编号")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_decimals_with_a_comma_make_every_comma_of_the_table_doubtful(tmp_path: Path, kind: str) -> None:
    """Mending 10,5 alone would leave 1,234 to be read as 1234, which is 1.234 to whoever writes so."""
    header = ["项目编号", "企业名称", "计划投资额(万元)", "用工"]
    for commas, expected in (("10,5", ["T183", "T132", "T183"]), ("10.5", [])):
        rows = [header, ["A", "甲 1,234", "1,234", commas], ["B", "乙", "12.345", "1,234"], ["C", "丙", "1234", "7"]]
        write_csv(tmp_path / "c.csv", rows)
        write_xlsx(tmp_path / "c.xlsx", {"客商库": rows})
        tables, problems = read(tmp_path, candidates=f"c.{kind}")
        assert [problem.code for problem in problems] == expected
        assert tables["candidates"].frame["investment"].tolist()[1:] == [12.345, 1234]
        assert not any("105" in problem.say("zh") for problem in problems)


@pytest.mark.parametrize(
    ("header", "cell", "hint"),
    [
        ("指定季度", "2027年9月", "若指 2027Q3，请写 2027Q3"),
        ("指定季度", "2027-09-30", "若指 2027Q3，请写 2027Q3"),
        ("指定季度", "明年", "2027Q1"),
        ("必选", "有", "若指 是，请写 是"),
        ("必选", "部分", "写 是 或 否"),
        ("状态", "已开工", "若指 已签约"),
        ("用工", "三百余人", "若确为 300 人，请写 300"),
        ("用工", "300-500人", "像区间（300"),
        ("用工", "10,5", "不带文字"),
    ],
)
def test_a_refusal_says_what_to_write_where_the_cell_says_it_clearly(tmp_path: Path, header: str, cell: str, hint: str) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", header], ["A", cell]])
    (problem,) = read(tmp_path, candidates="c.csv")[1]
    assert problem.severity == "error"
    assert hint in problem.say("zh")


def test_cells_merged_over_rows_are_told_in_every_column_and_not_where_only_notes_are_merged(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ["项目编号", "企业名称", "产业链", "批次"],
        ["A", "甲", "链", "一"],
        ["B", "乙", None, None],
        ["C", "丙", "链", "二"],
        ["注：本表为初稿"],
        [],
    ]:
        sheet.append(row)
    for span in ("C2:C3", "D2:D3", "A5:D6"):
        sheet.merge_cells(span)
    book.save(tmp_path / "c.xlsx")
    tables, problems = read(tmp_path, candidates="c.xlsx")
    assert [(p.code, p.severity, p.place.cell) for p in problems if p.place] == [
        *(("T142", "error", "C2"), ("T142", "warning", "D2"), ("T213", "warning", "A5"))
    ]
    assert tables["candidates"].refused == {(0, "chain_id"), (1, "chain_id")}


def test_cells_merged_over_columns_are_told_unless_nothing_stands_in_them(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    header = ["项目编号", "企业名称", "环节编号", "产业链", "备注", "备注二"]
    for row in [header, ["A", "甲", "电池", None, "同左", None], ["B", "乙", None, None, None, None], ["注：本表为初稿"]]:
        sheet.append(row)
    for span in ("C2:D2", "E2:F2", "C3:D3", "A4:F4"):
        sheet.merge_cells(span)
    book.save(tmp_path / "c.xlsx")
    problems = read(tmp_path, candidates="c.xlsx")[1]
    assert [(p.code, p.severity, p.place.cell) for p in problems if p.place] == [
        *(("T226", "error", "D2"), ("T226", "warning", "F2"), ("T213", "warning", "A4"))
    ]


def test_a_row_that_a_layer_does_not_have_has_no_shape(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [["园区编号", "经度", "纬度"], ["P1", 117.05, 31.05], ["P2", 117.5, 31.5]])
    write_layer(tmp_path / "s.gpkg", "范围", [["园区编号", "备注"], ["P1", "一期"]], [shapely.box(117, 31, 117.1, 31.1)])
    tables, problems = read(tmp_path, parks=["p.csv", "s.gpkg"])
    assert not problems
    assert [shape is None for shape in tables["parks"].frame["geometry"]] == [False, True]


@pytest.mark.parametrize(
    ("above", "key"),
    [
        (False, lambda county, at: [county, ""]),
        (True, lambda county, at: ["一二"[at], county]),
        (True, lambda county, at: ["", county]),
    ],
)
@pytest.mark.parametrize("right", [True, False])
def test_a_row_called_like_its_group_is_the_groups_total(tmp_path: Path, above: bool, key: Any, right: bool) -> None:
    rows: list[list[Any]] = [PARKS[0]]
    for at, (county, parks) in enumerate((("东县", [PARKS[1], PARKS[3]]), ("西县", [PARKS[2]]))):
        total = [*key(county, at), "", sum(park[3] for park in parks) + (0 if right else 7)]
        rows += [total, *parks] if above else [*parks, total]
    table, problems = parks_of(tmp_path, rows)
    assert [problem.code for problem in problems if problem.code in ("T155", "T210")] == ["T155" if right else "T210"] * 2
    if right:
        assert table.frame["park_id"].tolist() == ["P1", "P3", "P2"]


def test_a_park_that_has_the_name_of_a_county_stays_a_park(tmp_path: Path) -> None:
    rows = [*PARKS, ["P4", "东县", "东县", 35], ["P5", "北县", "", 60]]
    table, problems = parks_of(tmp_path, rows)
    assert (len(table), said(problems)) == (5, [])


@pytest.mark.parametrize("heading", ["一、东县", "（二）西县", "十一.高新区"])
def test_a_heading_of_some_rows_is_no_row(tmp_path: Path, heading: str) -> None:
    table, problems = parks_of(tmp_path, [PARKS[0], [heading, "", "", ""], *PARKS[1:]])
    assert (len(table), said(problems)) == (3, ["T213 p.csv!A2"])


@pytest.mark.parametrize("word", ["同上", "〃", "″", "Ditto"])
def test_as_above_is_no_group_no_place_and_no_id(tmp_path: Path, word: str) -> None:
    header = ["项目编号", "企业名称", "方案组", "产业链", "意向园区", "所在市"]
    write_csv(tmp_path / "c.csv", [header, ["A", "甲", "G", "链", "P1", "合肥"], ["B", "乙", *[word] * 4]])
    assert said(read(tmp_path, candidates="c.csv")[1]) == [f"T224 c.csv!{letter}3" for letter in "CDEF"]


@pytest.mark.parametrize("word", ["不限", "全部", "ANY"])
def test_any_is_no_entry_of_a_list(tmp_path: Path, word: str) -> None:
    write_csv(tmp_path / "p.csv", [["园区编号", "园区名称", "适配产业链"], ["P1", "一园", word], ["P2", "二园", ""]])
    problems = read(tmp_path, parks="p.csv")[1]
    assert said(problems) == ["T225 p.csv!C2"]
    assert "留空" in problems[0].say("zh")


@pytest.mark.parametrize("sign", ["#", "待确认", "未分组", "不分组"])
def test_more_words_for_no_group(tmp_path: Path, sign: str) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", "方案组"], ["A", sign], ["B", sign]])
    tables, problems = read(tmp_path, candidates="c.csv")
    assert (tables["candidates"].frame["variant_group"].tolist(), said(problems)) == (["", ""], ["T219 c.csv!B2"])


@pytest.mark.parametrize("word", ["总量", "园均", "剩余", "上年同期", "同比增长", "占比"])
def test_a_row_that_compares_the_others_is_no_row(tmp_path: Path, word: str) -> None:
    table, problems = parks_of(tmp_path, [*PARKS, [word, "", "", 33]])
    assert (len(table), said(problems)) == (3, ["T155 p.csv!A5"])
