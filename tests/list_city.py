"""A city whose tables say everything that list sets ask for, and how their workbooks and pages are read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from planner.publish.desk import Desk, open_desk
from planner.publish.lists import write_lists
from tests.city import PLAN, TABLES

HOSTILE = "=1+1<script>alert(1)</script>"
FIRMS = [
    {
        "incumbent_id": "E1",
        "name": "老座椅厂",
        "link_id": "SEAT",
        "capacity": 200,
        "park_id": "P1",
        "class": "省级龙头企业",
        "anchor": "否",
        "output": 900,
    },
    {
        "incumbent_id": "E2",
        "name": "小海绵厂",
        "link_id": "FOAM",
        "capacity": 20,
        "park_id": "P2",
        "class": "",
        "anchor": "否",
        "output": 50,
    },
    {
        "incumbent_id": "E3",
        "name": HOSTILE,
        "link_id": "FOAM",
        "capacity": 10,
        "park_id": "P2",
        "class": "专精特新",
        "anchor": "是",
        "output": "",
    },
]
TOLD: dict[str, list[dict[str, Any]]] = {
    **TABLES,
    "chains": [
        {"chain_id": "CAR", "name": "汽车", "chief": "张市长", "lead_office": "经信局", "maturity": "一定基础", "class": "支柱"},
        {"chain_id": "SHIP", "name": "../船舶", "chief": "李市长", "lead_office": "", "maturity": "", "class": ""},
    ],
    "candidates": [
        {**row, "kind": kind, "province": province, "class": "上市公司", "energy": 5}
        for row, kind, province in zip(
            TABLES["candidates"], ("企业", "企业", "基金", "高校"), ("江苏省", "安徽省", "江苏省", ""), strict=True
        )
    ],
    "incumbents": FIRMS,
    "capacities": [{"resource_id": "energy", "scope_id": "北区", "quarter": "", "amount": 90}],
    "people": [
        {"person": "张市长", "role": "链长", "chain_id": "CAR", "scope": ""},
        {"person": "王盟长", "role": "盟长", "chain_id": "", "scope": ""},
        {"person": "县里的链长", "role": "链长", "chain_id": "", "scope": "东县"},
    ],
    "policies": [
        {"offer": "汽车专项", "kind": "资金", "basis": "市政〔2027〕1 号", "chain_id": "CAR", "lawful": "是"},
        {"offer": "普惠政策", "kind": "服务", "basis": "市政〔2027〕2 号", "chain_id": "", "lawful": ""},
        {"offer": "船舶专项", "kind": "资金", "basis": "市政〔2027〕3 号", "chain_id": "SHIP", "lawful": "是"},
    ],
    "technologies": [{"link_id": "FOAM", "name": "慢回弹", "route": "聚醚", "level": "跟跑"}],
    "calendar": [
        {"date": "2027-11-20", "kind": "会", "name": "年度总结会"},
        {"date": "2027-05-20", "kind": "会", "name": "年度启动会"},
    ],
}
REGION = (
    PLAN.replace("objective:", "  energy: {unit: 吨标煤, kind: flow, scope: zone}\nobjective:", 1) + "region: {province: 安徽省}\n"
)


def write(desk: Desk, folder: Path) -> None:
    folder.mkdir()
    write_lists(desk, folder)


def asked(run: Path, text: str, *more: str) -> Path:
    """The run's lists of one set of one's own, by way of plan.yaml and the command line alone; the folder of the set."""
    plan = run.parent / "plan.yaml"
    (run.parent / "own.yaml").write_text(text, encoding="utf-8")
    names = ", ".join(["own.yaml", *more])
    plan.write_text(f"{plan.read_text(encoding='utf-8')}lists: [{names}]\n", encoding="utf-8")
    desk = open_desk(run, plan)
    write(desk, run / "lists")
    return run / "lists" / "own"


def texts(sheet: Worksheet, row: int) -> list[str]:
    return [str(cell.value) for cell in sheet[row] if cell.value is not None]


def column(sheet: Worksheet, heading: str) -> list[Any]:
    """What stands below a heading."""
    heads = (cell for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FF1F4E79")
    head = next(cell for cell in heads if str(cell.value).split("\n", 1)[0].rstrip(" *") == heading)
    return [sheet.cell(row, head.column).value for row in range(head.row + 1, sheet.max_row + 1)]


def words(sheet: Worksheet) -> str:
    return "\n".join(text for row in range(1, sheet.max_row + 1) for text in texts(sheet, row))


def follow(path: Path) -> Iterator[tuple[str, str, list[str], str, list[str]]]:
    """Every link of a workbook between rows of lists: sheet, text of the cell, its row, and the sheet and row it leads to."""
    book = openpyxl.load_workbook(path)
    home = book.sheetnames[0]
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is None or not cell.hyperlink.location:
                    continue
                name, _, place = cell.hyperlink.location.rpartition("!")
                there = book[name.strip("'")]
                assert there[place].value is not None, (sheet.title, cell.coordinate)
                if sheet.title != home and there.title != home and there[place].row > 1:
                    yield sheet.title, str(cell.value), texts(sheet, cell.row), there.title, texts(there, there[place].row)


def leads_right(path: Path) -> int:
    """Follows every link to the row it names; how many there were."""
    count = 0
    for sheet, text, here, title, there in follow(path):
        count += 1
        names = {one for one in here if not re.fullmatch(r"[\d,.—%-]+|是|否|上游|中游|下游", one)}
        told = {part for cell in there for part in (cell, *cell.split("、"))}
        assert text in there or names & told or text.startswith(f"{title}："), (sheet, text, here, there)
    return count


def pages_hold_together(folder: Path) -> int:
    """Every link of every page leads to a page and a place that are there; how many there were."""
    count = 0
    ids = {page: {*re.findall(r'id="([^"]+)"', page.read_text(encoding="utf-8"))} for page in folder.rglob("*.html")}
    for page in ids:
        for href in re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8")):
            path, _, place = unquote(href).partition("#")
            target = (page.parent / path).resolve() if path else page.resolve()
            if not target.is_relative_to(folder.resolve()):
                continue  # another output of the run
            count += 1
            assert target.is_file(), (page.name, href)
            assert not place or place in {page.resolve(): held for page, held in ids.items()}[target], (page.name, href)
    return count
