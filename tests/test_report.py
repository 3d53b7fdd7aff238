"""The data-quality workbook: every problem in the list, and at its own address on a copy of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError, errors
from tests.table_files import write_csv, write_layer, write_xlsx

RED, YELLOW = "FFF8CBAD", "FFFFE699"
PLAN = """\
name: x
quarters: {start: 2027Q1, count: 2}
resources: {land: {unit: 亩}}
tables:
  links: links.csv
  candidates: {file: firms.xlsx, sheet: 客商库}
  parks: parks.gpkg
  funds: {file: firms.xlsx, sheet: 资金}
rules:
  - {name: r, where: {nowhere: 1}, count: {max: 1}}
"""


def faulty_plan(folder: Path) -> Path:
    """A plan with a fault in each of five places, one of them sixty times."""
    from shapely.geometry import Point

    write_csv(folder / "links.csv", [("link_id", "chain_id", "demand"), ("L", "C", "-5")])
    firms = [("某市客商库", "", "", ""), ("candidate_id", "name", "land", "link_id")]
    firms += [(f"K{row}", "=1+1" if row == 0 else f"甲{row}", "约3亩" if row < 60 else "1", "L") for row in range(70)]
    write_xlsx(folder / "firms.xlsx", {"客商库": firms, "资金": [("fund_id", "quarter", "amount"), ("F", "明年", 5)]})
    book = openpyxl.load_workbook(folder / "firms.xlsx")
    book["客商库"]["B3"].data_type = "s"
    book.save(folder / "firms.xlsx")
    write_layer(folder / "parks.gpkg", "园区", [("park_id", "land"), ("P1", "x"), ("P2", "4")], [Point(117, 31), Point(117, 32)])
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return folder / "plan.yaml"


def coloured(page: Any, colour: str) -> set[str]:
    return {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == colour}


def test_every_fault_is_listed_and_marked_at_its_own_cell_with_what_to_do(tmp_path: Path) -> None:
    path = faulty_plan(tmp_path)
    found = api.inspect(path)
    book = openpyxl.load_workbook(api.report(found, tmp_path / "report.xlsx"))
    expected = {
        "links": {"C2": "T138"},
        "客商库": {f"C{row}": "T132" for row in range(3, 63)},  # all sixty, though a screen shows fewer
        "园区": {"B2": "T132"},
        "资金": {"B2": "T134"},
        "计划文件": {"A10": "C220"},
    }
    for name, cells in expected.items():
        page = book[name]
        marked = coloured(page, RED)
        assert cells.keys() <= marked, name
        for cell, code in cells.items():
            assert code in page[cell].comment.text, (name, cell)
        commented = {cell.coordinate for row in page.iter_rows() for cell in row if cell.comment is not None}
        assert commented == marked, name
    assert (book["客商库"]["A1"].value, book["客商库"]["B3"].value, book["客商库"]["C70"].value) == ("某市客商库", "=1+1", "1")
    listed = [row for row in book["问题清单"].iter_rows(values_only=True) if isinstance(row[0], int) and isinstance(row[1], str)]
    assert [(row[2], row[3]) for row in listed] == [(problem.code, str(problem.place)) for problem in found.problems]
    assert all(row[6] for row in listed)
    assert len(listed) == len(found.problems) > 60


def test_a_report_speaks_the_asked_language_and_is_the_same_bytes_twice(tmp_path: Path) -> None:
    found = api.inspect(faulty_plan(tmp_path))
    first = api.report(found, tmp_path / "a.xlsx", "en").read_bytes()
    assert first == api.report(found, tmp_path / "b.xlsx", "en").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert "Problems" in book.sheetnames
    assert "a number (亩) is needed" in book["客商库"]["C3"].comment.text


@pytest.mark.slow
def test_the_command_writes_it_whatever_it_finds_and_its_exit_code_says_which(tmp_path: Path) -> None:
    path, out = faulty_plan(tmp_path), tmp_path / "report.xlsx"
    asked = ["check", str(path), "--report", str(out)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert out.is_file()
    assert "T134" in result.output
    count = len(errors(api.inspect(path).problems))
    assert f"共 {count} 处问题" in result.output
    assert "另有" in result.output
    assert CliRunner().invoke(app, ["check", "data/demo", "--report", str(out)]).exit_code == 0  # in place of the earlier one
    assert openpyxl.load_workbook(out)["问题清单"]["A2"].value == "没有发现问题"


def test_settings_that_cannot_be_read_have_a_report_too(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("name: x\nquarter: {}\ntables: {parks: p.csv}\n", encoding="utf-8")
    found = api.inspect(tmp_path / "plan.yaml")
    assert found.opened is None
    book = openpyxl.load_workbook(api.report(found, tmp_path / "report.xlsx"))
    assert coloured(book["计划文件"], RED) >= {"A2"}


@pytest.mark.parametrize("name", ["firms.xlsx", "plan.yaml", "links.csv", "notes.xlsx"])
def test_nothing_but_an_earlier_report_is_replaced(tmp_path: Path, name: str) -> None:
    found = api.inspect(faulty_plan(tmp_path))
    (tmp_path / "notes.xlsx").write_bytes(b"not even a workbook")
    before = (tmp_path / name).read_bytes()
    with pytest.raises(InputError):
        api.report(found, tmp_path / name)
    assert (tmp_path / name).read_bytes() == before


def test_of_a_sheet_too_large_to_copy_the_rows_with_problems_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.publish.forms.copies.MOST_CELLS", 20)
    found = api.inspect(faulty_plan(tmp_path))
    page = openpyxl.load_workbook(api.report(found, tmp_path / "report.xlsx"))["客商库"]
    assert page["A2"].value == "candidate_id"
    assert page["A62"].value == "K59"
    assert page["A70"].value is None
