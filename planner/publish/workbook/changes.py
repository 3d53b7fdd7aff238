"""The sheet of changes against the earlier plan: what, from where to where, why, and what keeping the word costs."""

from __future__ import annotations

from planner.language import Words
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import write_table
from planner.publish.changed import CAUSES, KINDS, parts_words, report_words, undone_words
from planner.publish.proof import nearness_words
from planner.publish.view import View

TITLE = Words("变动", "Changes")
NOTE = Words(
    "与原计划（{run}）逐项目相比；原因由表中事实和两份计划的限制得出。",
    "Project by project against the earlier plan ({run}); causes follow from facts of the tables and from what bound the two plans.",
)
ALONE = Words("单独照旧的代价", "Cost of keeping it alone")
PARTS = Words("其中", "Of which")
WIDTHS = (12.0, 30.0, 12.0, 22.0, 11.0, 22.0, 11.0, 16.0, 60.0)


def write_changes(book: Book, view: View) -> None:
    """Nothing without an earlier plan."""
    report = view.plan.change_report
    if report is None:
        return
    page = book.page(TITLE.say(book.language))
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.head(len(WIDTHS) - 1, TITLE, NOTE.fill(run=report.run))
    row = 3
    near = nearness_words(view.plan)
    for words in [*([near] if near else []), *report_words(view.plan)]:
        page.merged(row, 0, len(WIDTHS) - 1, page.say(words), book.style("state" if row == 3 else "note"))
        row += 1
    parks = {park.park_id: park.name for park in view.plan.parks}

    def park(name: str | None) -> str:
        return "" if name is None else parks.get(name, name)

    changes = report.changes
    columns = [
        Column(Words("类别", "Kind"), [page.say(KINDS[change.kind]) for change in changes], "short"),
        Column(Words("企业", "Firm"), [change.name for change in changes], "text"),
        Column(Words("编号", "Id"), [change.candidate_id for change in changes], "short"),
        Column(Words("原园区", "Park before"), [park(change.park_before) for change in changes], "text"),
        Column(Words("原季度", "Quarter before"), [change.quarter_before or "" for change in changes], "short"),
        Column(Words("现园区", "Park now"), [park(change.park_after) for change in changes], "text"),
        Column(Words("现季度", "Quarter now"), [change.quarter_after or "" for change in changes], "short"),
        Column(Words("原因", "Cause"), [page.say(CAUSES[change.cause]) for change in changes], "short"),
        Column(Words("说明", "In words"), [page.say(change.why) for change in changes], "text"),
    ]
    if report.undone:
        alone = {one.candidate_id: one for one in report.undone}
        told = [alone.get(change.candidate_id) for change in changes]
        columns += [
            Column(ALONE, ["" if one is None else page.say(undone_words(one)) for one in told], "short"),
            Column(PARTS, ["" if one is None else page.say(parts_words(one)) for one in told], "text"),
        ]
    if changes:
        write_table(page, row + 1, columns, grow=False)
    page.sheet.freeze_panes(2, 0)
    page.finish()
