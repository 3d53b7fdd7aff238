"""Sheets of firms: the ranked target list, and those that are not selected with why."""

from __future__ import annotations

from planner.language import Words
from planner.publish.fields import FIRM, LEFT_OUT
from planner.publish.sentences import NO_GAIN, NO_ROOM, RESERVE, RULED_OUT, WITHIN_GAP
from planner.publish.view import View
from planner.publish.workbook.book import Book
from planner.publish.workbook.table import columns_of, page_of_one_table

TARGETS = Words("招商清单", "Target list")
LEFT_OUT_TITLE = Words("未选原因", "Not selected")
RANKED = Words(
    "按对目标值的贡献从大到小排列；金额单位万元；缺口为环节在整个计划前后的缺口，占比为本企业预期供给占原缺口的比例。",
    "Ranked by contribution to the value; money in CNY 10k. The shortage is the link's before and after the whole plan; the "
    "share is this firm's expected supply of the shortage before.",
)
ORDERED = Words(
    "最接近入选的在前。“放不下”：有价值，但受所列限制；“差距之内”：有价值也放得下，但在已证明的差距之内；“备选”：放得下，是否更好未证明；"
    "“不划算”：加入后目标值不增；“不符合条件”：没有园区或季度向它开放。",
    "The nearest to being selected first. “No room”: worth having, but the limits named are in the way; “within the gap”: worth "
    "having and there is room, within the proved gap; “reserve”: there is room, but that it would be better is not proved; “not worth it”: it would not raise the value; “ruled out”: no park or "
    "quarter is open to it.",
)


def write_targets(book: Book, view: View) -> None:
    """All selected firms, in their ranks."""
    firms, note = view.plan.selected, RANKED
    columns = columns_of(view, FIRM, firms)
    sources = {firm.source for firm in firms}
    if len(sources) == 1 and None not in sources:  # said once: in a column of its own it would only make rows tall
        heading = FIRM["source"].heading
        columns = [column for column in columns if column.title is not heading]
        note = Words(f"{RANKED.zh}{heading.zh}：{firms[0].source}", f"{RANKED.en} {heading.en}: {firms[0].source}")
    page_of_one_table(book, TARGETS, columns, note)[0].finish()


def write_left_out(book: Book, view: View) -> None:
    """Every candidate that is not selected, those nearest to it first."""
    rank = {NO_ROOM: 0, WITHIN_GAP: 1, RESERVE: 1, NO_GAIN: 2, RULED_OUT: 3}
    firms = sorted(view.plan.not_selected, key=lambda firm: (rank[view.kind(firm)], -(firm.gain or 0.0), firm.candidate_id))
    page_of_one_table(book, LEFT_OUT_TITLE, columns_of(view, LEFT_OUT, firms), ORDERED)[0].finish()
