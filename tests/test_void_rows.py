"""Rows that say of themselves that they are void are asked about or told, and nothing else is taken for one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from planner import api
from planner.spelling import _ALSO_IN_GB2312, fold, fold_name, simplified
from tests.table_files import Rows, read, said, write_csv, write_xlsx

HEADER = ("项目编号", "企业名称", "备注")


def told(folder: Path, table: Rows, **source: object) -> list[str]:
    write_csv(folder / "c.csv", table)
    return said(read(folder, candidates={"file": "c.csv", **source})[1])


@pytest.mark.parametrize(
    "cell", ["作废", "K9（作废）", "K9-已取消", "K9_VOID", "作廢", "【停用】K9", "~~K9~~", "K\u03369\u0336", "本行删除"]
)
def test_an_id_that_says_void_is_asked_about(tmp_path: Path, cell: str) -> None:
    assert told(tmp_path, [HEADER, ("K1", "乙公司", ""), (cell, "甲公司", "")]) == ["T305 c.csv!A3"]


@pytest.mark.parametrize("cell", ["甲公司（作废）", "作废-甲公司", "甲公司 已取消", "ACME (cancelled)", "废"])
def test_so_is_a_name(tmp_path: Path, cell: str) -> None:
    assert told(tmp_path, [HEADER, ("K1", "乙公司", ""), ("K2", cell, "")]) == ["T305 c.csv!B3"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026年3月已取消",
        "项目已取消，改投外地",
        "重复录入作废",
        "This project is void.",
        "企业已破产",
        "不再推进",
        "原项目作废，以K4为准",
        "与K1重复",
    ],
)
def test_a_remark_is_told_once_for_its_column(tmp_path: Path, cell: str) -> None:
    rows = [HEADER, ("K1", "乙公司", ""), ("K2", "甲公司", cell), ("K3", "丙公司", cell)]
    assert told(tmp_path, rows) == ["T307 c.csv!C3"]


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("作废电池回收有限公司", ""),
        ("Cancelled Stamps Ltd", ""),
        ("甲公司", "取消审批后可开工"),
        ("甲公司", "注销手续办理中"),
        ("甲公司", "废钢利用"),
        ("甲公司", "可取消"),
        ("甲公司", "重复利用余热"),
        ("甲公司", "暂停"),
    ],
)
def test_firms_and_remarks_that_only_speak_of_such_things_are_left_alone(tmp_path: Path, name: str, remark: str) -> None:
    assert told(tmp_path, [HEADER, ("K1", "乙公司", ""), ("K2", name, remark)]) == []


@pytest.mark.parametrize(
    ("header", "valid", "void"),
    [
        ("经营状态", "存续", "注销"),
        ("是否有效", "是", "否"),
        ("is_active", "1", "0"),
        ("作废", "", "√"),
        ("是否纳入", "是", "否"),
        ("del_flag", "0", "1"),
        ("登记状态", "存续", "停业"),
        ("是否作廢", "否", "是"),
        ("注销日期", "", "2025-01-03"),
        ("Record status", "ok", "Deleted"),
    ],
)
def test_a_column_of_states_is_asked_about_until_the_plan_chooses_by_it(tmp_path: Path, header: str, valid: str, void: str) -> None:
    rows = [("项目编号", "企业名称", header), ("K1", "乙公司", valid), ("K2", "甲公司", void)]
    assert told(tmp_path, rows) == ["T306 c.csv!C3"]
    assert told(tmp_path, rows, rows={header: valid}) == []
    assert read(tmp_path, candidates={"file": "c.csv", "rows": {header: valid}})[0]["candidates"].frame["name"].tolist() == [
        "乙公司"
    ]
    assert told(tmp_path, rows, rows={header: [valid, void]}) == []
    assert told(tmp_path, [rows[0], rows[1]]) == []
    told(tmp_path, rows)
    (asked,) = read(tmp_path, candidates="c.csv")[1]
    line = re.search(r"rows: (\{.+?\})，只取", asked.remedy.zh)
    assert line is not None
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "rows": YAML(typ="safe").load(line[1])})
    assert (tables["candidates"].frame["name"].tolist(), problems) == (["乙公司"], [])


def test_a_note_that_hangs_on_a_cell_is_told(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.comments import Comment

    file = write_xlsx(tmp_path / "c.xlsx", {"客商库": [HEADER, ("K1", "乙公司", ""), ("K2", "甲公司", "")]})
    book = openpyxl.load_workbook(file)
    book.active["B2"].comment, book.active["B3"].comment = Comment("重点企业", "张三"), Comment("张三:\n已取消", "张三")
    book.save(file)
    assert said(read(tmp_path, candidates="c.xlsx")[1]) == ["T307 c.xlsx[客商库]!B3"]


def test_an_intake_does_not_take_such_a_row_and_says_why(tmp_path: Path) -> None:
    rows = [("项目编号", "企业名称", "达产产值(万元)", "经营状态"), ("K1", "乙公司", 5, "存续"), ("K2", "甲公司", 6, "注销")]
    taken = api.intake([write_csv(tmp_path / "客商库.csv", rows)], tmp_path / "new")
    assert [row.outcome for row in taken.rows] == ["taken", "refused"]
    assert [problem.code for problem in taken.rows[1].problems] == ["T306"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲電子有限公司", "甲电子有限公司"),
        ("甲电子(上海)有限公司", "甲电子【上海】有限公司"),
        ("ABC—1", "ａｂｃ-1"),
        ("甲“小”公司", '甲"小" 公司'),
        ("乾通電子", "乾通电子"),
    ],
)
def test_two_writings_of_one_name_or_id_are_told(tmp_path: Path, one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)
    assert told(tmp_path, [HEADER, ("K1", one, ""), ("K2", other, "")]) == ["T222 c.csv!B3"]
    assert told(tmp_path, [HEADER, (one, "子公司", ""), (other, "丑公司", "")]) == ["T221 c.csv!A3"]


def test_headers_in_traditional_characters_are_known(tmp_path: Path) -> None:
    rows = [("項目編號", "企業名稱", "計劃投資額（億元）"), ("K1", "甲公司", 3), ("K2", "乙公司", 4)]
    assert told(tmp_path, rows) == []
    frame = read(tmp_path, candidates={"file": "c.csv"})[0]["candidates"].frame
    assert frame["investment"].tolist() == [30_000, 40_000]


def test_the_traditional_characters_that_gb_2312_has_are_all_known_here() -> None:
    level = (bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF))
    assert [sign for sign in level if sign and simplified("臺" + sign)[1:] != sign] == sorted(
        _ALSO_IN_GB2312.pattern.strip("[]"), key=lambda sign: sign.encode("gb2312")
    )
    assert simplified("後") == "后"
    assert (simplified("Taipei 台北"), simplified("臺灣"), fold("產業鏈 編號")) == ("Taipei 台北", "台湾", "产业链编号")
