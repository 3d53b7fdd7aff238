"""A workbook as a bureau keeps it, made by hand: every kind of mess once or twice, and what is right beside it."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

HEADERS = (
    "序号",
    "企业全称",
    "所在城市",
    "所属产业链",
    "环节",
    "拟投资额",
    "用地需求",
    "用电需求",
    "对接进展",
    "奖补诉求",
    "预计产值",
    "备 注",
)
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "甲座椅有限公司", "芜湖市", "汽车", "座椅", 0.5, 11, 0.2, "在谈", 375, 0.9, None),
    (2, " 乙座椅有 限公司", "芜湖", "汽车", "座椅", "5,000万元", "0.5公顷", "2670kW", "已签约", "236万", 0.9, "@测试"),
    (3, "丙泡棉（南方）有限公司", "苏州市", "汽车", "泡棉", "约1.5亿元", "30亩", "338kVA", "暂缓", "364万", 0.9, "=2+3"),
    (),
    (4, "丁泡棉有限公司", "上海", "汽车", "泡棉", "0.6亿", 12, "1.0兆瓦", None, 390, 0.9, "２０２６年底前落地"),
    (4, "丁泡棉有限公司", "上海", "汽车", "泡棉", "0.6亿", 12, "1.0兆瓦", None, 390, 0.9, "２０２６年底前落地"),
    (5, "戊座椅有限公司", "南京市", "汽车", "座椅", "1-2亿", "20亩", 1.5, "线索", "300万", 0.9, None),
    (6, "己座椅有限公司", "南京市", "汽车", "座椅", 0.8, 16, 1.1, "线索", 280, 0.9, None),
)
MONEY = {"1": 5000.0, "2": 5000.0, "3": 15000.0, "4": 6000.0, "5": 15000.0, "6": 8000.0}
"""拟投资额 in 万元, by 序号; 5 is the middle of 1 to 2 亿."""
LAND = {"1": 11.0, "2": 7.5, "3": 30.0, "4": 12.0, "5": 20.0, "6": 16.0}
POWER = {"1": 0.2, "2": 2.67, "3": 0.2704, "4": 1.0, "5": 1.5, "6": 1.1}
SUBSIDY = {"1": 375.0, "2": 236.0, "3": 364.0, "4": 390.0, "5": 300.0, "6": 280.0}
FIRST_ROW = 4
"""Row of the first firm, as a spreadsheet counts."""


def messy_book(
    path: Path,
    rows: tuple[tuple[object, ...], ...] = ROWS,
    note: str = "填报单位:投资促进局    单位:亿元、亩",
    left: int = 0,
    above: int = 0,
    firms_last: bool = False,
) -> Path:
    """The workbook: a merged title, a note, the header in row 3, a formula total, a sheet of remarks and a hidden one; with so many
    blank columns ``left`` of the table and rows ``above`` it, with blanks around headers where there are such columns."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        remarks = book.add_worksheet("填表说明") if firms_last else None
        page = book.add_worksheet("客商库(三季度)")
        remarks = book.add_worksheet("填表说明") if remarks is None else remarks
        page.merge_range(above, left, above, left + len(HEADERS) - 1, "招商客商库汇总表(内部资料)")
        page.write(above + 1, left, note)
        heads = tuple(f" {head} " for head in HEADERS) if left else HEADERS
        for line, row in enumerate([heads, *rows], start=above + 2):
            for at, cell in enumerate(row, start=left):
                if cell == "=2+3":
                    page.write_formula(line, at, "=2+3", None, "")
                elif cell is not None:
                    page.write(line, at, cell)
        total = above + len(rows) + 3
        page.write(total, left, "合计")
        page.write_formula(total, left + 5, f"=SUM(F4:F{total})", None, "")
        remarks.write(0, 0, "拟投资额填亿元;用地填亩。")
        hidden = book.add_worksheet("旧表")
        hidden.write(0, 0, "作废")
        hidden.hide()
    return path


def other_files(folder: Path) -> list[Path]:
    """Parks and links of the same city as CSV."""
    texts = {
        "园区.csv": "园区编号,园区名称,所在市,可供用地(亩),可用电力(MW),可供水(吨/日)\nP1,东区,示例市,80,6,9\nP2,西区,示例市,40,10,9\n",
        "环节.csv": "环节编号,产业链,位置,子环节\nSEAT,汽车,中游,座椅\nFOAM,汽车,上游,泡棉\n",
        "环节供需.csv": "环节编号,本地年需求(亿元),本地配套能力(亿元)\nSEAT,3,0\nFOAM,2,0.1\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
