"""The sheet of parks: who comes, how full each is, every resource at the end and by quarter, zones and the region."""

from __future__ import annotations

from planner.language import Words
from planner.publish.field import Shown
from planner.publish.fields import PARK, USE
from planner.publish.view import View
from planner.publish.workbook.book import Book
from planner.publish.workbook.table import columns_of, page_of_one_table, write_table

PARKS = Words("园区", "Parks")
USE_BY_QUARTER = Words("资源分季", "Use by quarter")
PARKS_TITLE = Words("园区与资源占用", "Parks and their use of resources")
BY_QUARTER_TITLE = Words("园区、分区与全域的资源占用（分季）", "Use of resources of parks, zones and the region, by quarter")
PARKS_NOTE = Words(
    "资源占用为 {quarter} 末；满度取占用最多的一项资源；“—”为能力不限或未知。",
    "Use at the end of {quarter}. Fullness is the share of the fullest resource; “—” is unlimited or not known.",
)
BY_QUARTER_NOTE = Words(
    "存量资源（如土地）用掉即减少，流量资源（如电力）在运行期间占用；占用率＝已用 ÷ 当季能力。",
    "A stock such as land is used up; a flow such as power is used in every quarter of operation. Share is used ÷ capacity "
    "of the quarter.",
)
AREAS = Words("分区与全域", "Zones and the region")


def write_parks(book: Book, view: View) -> None:
    """One row per park, three columns per resource; below it zones and the region."""
    columns, note = columns_of(view, PARK, view.plan.parks), PARKS_NOTE.fill(quarter=view.last)
    page, placed = page_of_one_table(book, PARKS, columns, note, title=PARKS_TITLE, fixed=1)
    areas = [series for series in view.series if series.scope != "park"]
    if areas:
        page.section(placed.end + 1, page.say(AREAS))
        write_table(page, placed.end + 2, columns_of(view, USE, areas, Shown.BRIEF))
    page.finish()


def write_use_by_quarter(book: Book, view: View) -> None:
    """One row per place and resource; used and share for each quarter."""
    columns = columns_of(view, USE, view.series)
    page, _ = page_of_one_table(book, USE_BY_QUARTER, columns, BY_QUARTER_NOTE, title=BY_QUARTER_TITLE, fixed=3)
    page.finish()
