"""A text that begins as a formula does is a text in every workbook that is written, whatever writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from planner import api
from planner.intake.matching.accept import write_accepted
from planner.intake.matching.match import match
from planner.intake.matching.needs_book import write_needs
from planner.intake.matching.suggestions import read_accepted, write_suggestions
from tests.city import PLAN, TABLES, write_city
from tests.table_files import write_csv

TEXTS = [
    "=1+1",
    "@SUM(A1)",
    "+86-551",
    "-2+3",
    '=HYPERLINK("http://a.b","x")',
    "{=A1}",
    "=cmd|'/c calc'!A0",
    "http://a.b/c",
    "\t=1",
]
OWN = re.compile(r"=SUBTOTAL\(109,[A-Z]+\d+(?::[A-Z]+\d+)?\)").fullmatch
"""The one formula that we write ourselves, under columns of amounts."""
HEADER = "=备注"


def texts_of(path: Path) -> set[str]:
    """The texts of a workbook, none of which is a formula or a link."""
    texts = set()
    for sheet in load_workbook(path):
        for cell in (cell for row in sheet for cell in row if cell.value is not None):
            assert cell.data_type != "f" or OWN(str(cell.value)), (path.name, sheet.title, cell.coordinate, cell.value)
            assert cell.hyperlink is None or cell.hyperlink.target is None, (path.name, cell.coordinate)
            if cell.data_type == "s":
                texts.add(str(cell.value).strip())
    return texts


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of which every text that is free begins so, and one header."""
    folder = tmp_path_factory.mktemp("city")
    tables: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    for at, row in enumerate(tables["candidates"]):
        row |= {"name": f"{TEXTS[at]} 公司", HEADER: TEXTS[at + 4], "主营业务": f"={row['link_id']} 座椅 泡棉", "source": "=来源"}
        row["link_id"] = "" if at == 0 else row["link_id"]
        row["chain_id"] = "CAR"
    for at, row in enumerate(tables["parks"]):
        row["name"] = f"{TEXTS[at]} 园"
    tables["links"][0]["name"], tables["incumbents"][0]["name"] = "=座椅", "@老厂"
    return write_city(folder, PLAN, tables)


def test_the_workbook_of_a_run(city: Path, tmp_path: Path) -> None:
    plan = api.solve(api.open_plan(city))
    texts = texts_of(api.publish(plan, tmp_path / "run", ["workbook"]) / "plan.xlsx")
    assert {f"{TEXTS[0]} 园", "=座椅"} <= texts


def test_the_input_sheets_and_the_report_of_an_input(city: Path, tmp_path: Path) -> None:
    texts = texts_of(api.template(tmp_path / "t.xlsx", opened=api.open_plan(city)))
    assert {f"{TEXTS[1]} 公司", f"{TEXTS[0]} 园", "=来源"} <= texts
    texts = texts_of(api.report(api.inspect(city), tmp_path / "r.xlsx"))
    assert {f"{TEXTS[1]} 公司", HEADER, TEXTS[4]} <= texts


def test_suggestions_the_copy_that_was_accepted_and_parts(city: Path, tmp_path: Path) -> None:
    matches = match(city)
    write_suggestions(matches, tmp_path / "s.xlsx")
    assert f"{TEXTS[0]} 公司" in texts_of(tmp_path / "s.xlsx")
    book = load_workbook(tmp_path / "s.xlsx")
    heads = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].cell(2, heads.index("采纳") + 1).value = "是"
    for row in book.worksheets[0]:
        for cell in row:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    book.save(tmp_path / "s.xlsx")
    (copy,) = write_accepted(matches, read_accepted(matches, tmp_path / "s.xlsx"), tmp_path / "c.xlsx")
    assert {*(f"{text} 公司" for text in TEXTS[:4]), HEADER, TEXTS[4]} <= texts_of(copy.path)
    bom = write_csv(tmp_path / "bom.csv", [("部件编号", "部件名称", "数量"), ("1", "=座椅", 2), ("2", "@泡棉", 1)])
    write_needs(api.needs(city, bom), tmp_path / "n.xlsx")
    assert {"=座椅", "@泡棉"} <= texts_of(tmp_path / "n.xlsx")


def test_what_an_intake_writes(tmp_path: Path) -> None:
    rows = [
        ("项目编号", "企业名称", "达产产值(万元)", "主营业务", HEADER),
        *((f"K{n}", f"{text}x公司", 5, text, text) for n, text in enumerate(TEXTS)),
    ]
    taken = api.intake([write_csv(tmp_path / "客商库.csv", rows)], tmp_path / "new")
    books = [texts_of(path) for path in taken.files if path.suffix == ".xlsx"]
    assert len(books) >= 2
    for text in TEXTS:
        assert any(text.strip() in texts for texts in books), text
