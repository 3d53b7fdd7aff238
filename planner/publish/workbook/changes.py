"""The sheet of changes against the earlier plan: what, from where to where, why, and what keeping the word costs."""

from __future__ import annotations

from planner.language import Words
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import widen, write_table
from planner.publish.changed import ALONE, CAUSES, KINDS, parts_words, report_words, undone_words
from planner.publish.proof import nearness_words, run_name
from planner.publish.view import View

TITLE = Words("变动", "Changes")
NOTE = Words(
    "与原计划（{run}）逐项目相比；原因由表中事实和两份计划的限制得出。",
    "Project by project against the earlier plan ({run}); causes follow from facts of the tables and from what bound the two plans.",
)
PARTS = Words("其中", "Of which")


def write_changes(book: Book, view: View) -> None:
    """Nothing without an earlier plan."""
    report = view.plan.change_report
    if report is None:
        return
    page = book.page(TITLE.say(book.language))
    parks = {park.park_id: park.name for park in view.plan.parks}

    def park(name: str | None) -> str:
        return "" if name is None else parks.get(name, name)

    changes = report.changes
    columns = [
        Column(Words("类别", "Kind"), [page.say(KINDS[change.kind]) for change in changes], "short"),
        Column(Words("企业", "Firm"), [change.name for change in changes], room=24),
        Column(Words("编号", "Id"), [change.candidate_id for change in changes], "short"),
        Column(Words("原园区", "Park before"), [park(change.park_before) for change in changes], room=18),
        Column(Words("原季度", "Quarter before"), [change.quarter_before or "" for change in changes], "short"),
        Column(Words("现园区", "Park now"), [park(change.park_after) for change in changes], room=18),
        Column(Words("现季度", "Quarter now"), [change.quarter_after or "" for change in changes], "short"),
        Column(Words("原因", "Cause"), [page.say(CAUSES[change.cause]) for change in changes], "short"),
        Column(Words("说明", "In words"), [page.say(change.why) for change in changes], room=48),
    ]
    if report.undone:
        alone = {one.candidate_id: one for one in report.undone}
        told = [alone.get(change.candidate_id) for change in changes]
        columns += [
            Column(ALONE, ["" if one is None else page.say(undone_words(one)) for one in told], "short"),
            Column(PARTS, ["" if one is None else page.say(parts_words(one)) for one in told], room=40),
        ]
    widen(page, columns)
    top = 4
    last = len(columns) - 1
    page.head(last, TITLE, NOTE.fill(run=run_name(report.run)))
    near = nearness_words(view.plan)
    for row, words in enumerate([*([near] if near else []), *report_words(view.plan)], start=3):
        page.merged(row, 0, last, page.say(words), book.style("state" if row == 3 else "note"))
        top = row + 2
    placed = write_table(page, top, columns, filter_rows=bool(changes))
    page.sheet.freeze_panes(placed.first, 2)
    page.repeat = placed.head, placed.head
    page.finish()
