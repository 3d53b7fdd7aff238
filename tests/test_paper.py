"""The workbook on paper: nothing too small to read, headings on every page, the first page a page."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.records import Resource
from planner.publish.book.book import ACCENT, Book
from planner.publish.book.columns import Column
from planner.publish.book.paper import A3, A4, LEAST, printing
from planner.publish.book.table import page_of_one_table, page_of_tables
from planner.publish.workbook import write_workbook
from tests.example_plan import example_plan
from tests.printed import printed

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")


def many(language: str = "zh") -> Plan:
    """A plan of ninety firms in two chains with thirty resources and long names: wide and long."""
    plan = example_plan("en" if language == "en" else "zh")
    more = tuple(Resource(resource_id=f"r{n}", name=f"第{n}种资源", unit="吨标煤", kind="stock", scope="park") for n in range(30))
    needs = {one.resource_id: 123_456.5 for one in (*plan.resources, *more)}
    firms = tuple(
        plan.selected[n % 3].model_copy(
            update={
                "candidate_id": f"K{n:03d}",
                "rank": n + 1,
                "name": f"第{n}家名字相当长的先进装备与关键零部件制造股份有限公司",
                "needs": needs,
                "owner": ("张三", "李四", None)[n % 3],
                "quarter": plan.plan.quarters[n % 4],
            }
        )
        for n in range(90)
    )
    links = tuple(
        link.model_copy(update={"link_id": f"{link.link_id}{n}", "name": f"{link.name}{n}"})
        for link in plan.links
        for n in range(30)
    )
    return plan.model_copy(update={"resources": (*plan.resources, *more), "selected": firms, "links": (*plan.links, *links)})


@pytest.fixture(scope="module", params=["example", "many", pytest.param("en", marks=pytest.mark.slow)])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    plan = {"example": example_plan(), "many": many(), "en": many("en")}[request.param]
    path = tmp_path_factory.mktemp(request.param) / "plan.xlsx"
    write_workbook(plan, path)
    return openpyxl.load_workbook(path)


def test_no_letter_is_printed_smaller_than_nine_points(book: openpyxl.Workbook) -> None:
    small = {sheet.title: round(found.smallest, 2) for sheet in book if (found := printed(sheet)).smallest < LEAST}
    assert small == {}


def test_no_column_runs_over_the_edge_of_its_page(book: openpyxl.Workbook) -> None:
    assert {sheet.title: found.widest for sheet in book if (found := printed(sheet)).widest > 1} == {}


def heads(sheet: Worksheet, row: int) -> bool:
    """The row has headings of a table, or is the title of a section or of the sheet."""
    first = next((cell for cell in sheet[row] if cell.value is not None), None)
    return first is None or first.fill.fgColor.rgb == f"FF{ACCENT[1:]}" or (first.font.b and first.font.sz >= 12)


def test_every_page_begins_with_headings(book: openpyxl.Workbook) -> None:
    long = 0
    for sheet in book:
        tops = printed(sheet).tops
        long += len(tops) > 1
        bare = [row for row in tops[1:] if sheet.print_title_rows is None and not heads(sheet, row)]
        assert bare == [], sheet.title
        if sheet.print_title_rows is not None:
            assert heads(sheet, int(sheet.print_title_rows.replace("$", "").split(":")[0])), sheet.title
    assert long or len(list(book["招商清单"].rows if "招商清单" in book.sheetnames else [])) < 20


def test_the_first_sheets_are_one_page_whatever_the_plan(book: openpyxl.Workbook) -> None:
    assert [len(printed(sheet).tops) for sheet in book.worksheets[:1]] == [1]


def test_a_wide_list_is_parted_into_blocks_that_repeat_what_a_row_is(tmp_path: Path) -> None:
    write_workbook(many(), tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["招商清单"]
    found = printed(sheet)
    assert len(found.across) > 1
    assert sheet.print_title_cols == "$A:$C"
    assert sheet.print_title_rows is not None
    merged = [area for area in sheet.merged_cells.ranges if any(area.min_col <= at < area.max_col for at in found.across[1:])]
    assert merged == [], "no cell is cut by the end of a page"


def test_paper_grows_before_letters_shrink() -> None:
    assert (printing([20.0] * 5, 11).paper, printing([20.0] * 5, 11).scale) == (A4, 100)
    narrow = printing([20.0] * 8, 11)
    assert (narrow.paper, narrow.scale >= 82) == (A4, True)
    wider = printing([20.0] * 10, 11)
    assert (wider.paper, wider.blocks) == (A3, (0,))
    blocks = printing([20.0] * 30, 11, fixed=2, joined={8, 9, 10})
    assert (blocks.paper, blocks.scale, blocks.repeated) == (A3, 82, 2)
    assert len(blocks.blocks) == 3
    assert not set(blocks.blocks) & {8, 9, 10}


def test_a_table_that_goes_on_has_its_headings_again_and_its_sum_stays_right(tmp_path: Path) -> None:
    heading, amounts = Column(Words("企业", "firm")), [float(n) for n in range(200)]
    columns = [
        Column(heading.title, [f"企业{n}" for n in range(200)]),
        Column(Words("投资", "investment"), amounts, "number", total=True),
    ]
    with Book(tmp_path / "a.xlsx", "zh", "表") as book:
        page_of_tables(book, Words("两表", "two"), [("甲", columns, None), ("乙", columns, None)]).finish()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    again = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "企业"]
    found = printed(sheet)
    assert len(again) > 4
    assert all(heads(sheet, row) for row in found.tops)
    totals = [str(cell.value) for cell in sheet["B"] if str(cell.value).startswith("=")]
    assert len(totals) == 2
    assert sum(cell.value for cell in sheet["B"] if isinstance(cell.value, (int, float))) == 2 * sum(amounts)
    assert [sheet.cell(int(one.split(":")[0].split("B")[-1]), 2).value for one in totals] == [0, 0]


def test_a_sheet_of_another_workbook_keeps_the_smaller_paper(tmp_path: Path) -> None:
    rows = [f"企业{n}" for n in range(300)]
    with Book(tmp_path / "a.xlsx", "zh", "表") as book:
        page_of_one_table(book, Words("表", "table"), [Column(Words("企业", "firm"), rows)])[0].finish()
    assert printed(openpyxl.load_workbook(tmp_path / "a.xlsx").active).smallest >= LEAST  # type: ignore[arg-type]
