"""``assess.xlsx`` and the folder of an assessment: the answer, limits with their rows, the list, fewest changes, swaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from planner.language import Words
from planner.plan.limit_records import Limit
from planner.plan.model import SHORT, Plan
from planner.plan.open import Opened
from planner.plan.whole_folder import Target, whole_folder
from planner.problems import NotAllWritten
from planner.publish.basis import Basis
from planner.publish.book.book import Book, Cell, Page
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table, titled_table, write_table
from planner.publish.fields import CANDIDATE, CAPACITY, NAME, PARK_NAME, QUARTER, UNIT, USED
from planner.publish.run_folder import moved_aside, write_each
from planner.publish.view import View
from planner.publish.words import unit_words
from planner.questions.assess.record import Assessment, Swap
from planner.questions.assess.text import BEST, BEST_PART, FIGURE, LIST, OWN_PART, TERM, Told
from planner.questions.assess.text import FIGURES as FIELDS
from planner.questions.items_sheet import tables_of
from planner.questions.items_text import Items

TITLE = Words("名单评估", "Assessment")
BROKEN, NOTHING = Words("违反的限制", "Limits broken"), Words("名单满足全部限制", "The list keeps every limit")
ROWS, CHANGES = Words("名单", "The list"), Words("最少改动", "Fewest changes")
SWAPS, SWAP = Words("换项", "Swaps"), Words("换 {n} 项", "{n} swapped")
LIMIT, SAID, EXCESS = Words("限制", "Limit"), Words("说明", "What is wrong"), Words("超出或不足", "Excess")
PART = Words("其中这一行", "Of this row")
ROW, COMPLETED = Words("行号", "Row"), Words("由程序补上", "Filled in by the planner")
FILLED = {"park": PARK_NAME, "quarter": QUARTER}
KIND, AFTER = Words("改动", "Change"), Words("改为", "Becomes")
DROPPED, ADDED, MOVED = Words("退出", "leaves"), Words("新增", "comes"), Words("改园区或季度", "moves")
BY_TERM, FIGURES = Words("目标值的构成", "What the value is made of"), Words("指标", "Figures")
NOTE = Words(
    "限制由独立核验逐条核算；“其中这一行”为去掉该行后减少的超出量。",
    "Every limit is reckoned by the independent check; “of this row” is what would be gone of the excess without the row.",
)
LISTED, SWAPPED = Words("名单", "List"), Words("换项之后", "Swapped")
WIDTHS = (34.0, 22.0, 20.0, 20.0, 18.0, 18.0)


def write_assessment(answer: Assessment, plan: Plan | None, opened: Opened, target: Target) -> None:
    """The folder of an answer, whole or not at all; ``plan`` is one of the same data, for names. Raises NotAllWritten."""
    resources = {supply.resource_id: supply.name for supply in opened.case.resources}
    told = Told(answer, answer.language, resources)
    with whole_folder(target) as whole:
        (whole.fresh / "assess.json").write_text(answer.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        failed = write_each({"assess.xlsx": partial(_write_book, answer, told, plan)}, whole.fresh)
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def _write_book(answer: Assessment, told: Told, plan: Plan | None, path: Path) -> None:
    seal = "" if answer.best_seal is None else answer.best_seal[:SHORT]
    with Book(path, answer.language, answer.plan, seal=seal) as book:
        basis = None if plan is None else Basis(plan)
        _overview(book, told, basis)
        columns = _limit_columns(told, basis)
        page_of_one_table(book, BROKEN, columns, NOTE)[0].finish()
        page_of_one_table(book, ROWS, with_rows(_row_heads(), list(_listed(told))))[0].finish()
        if answer.repair is not None:
            title, *notes = told.fewest(answer.repair)
            page_of_one_table(book, CHANGES, with_rows(_change_heads(), list(_changes(told))), title, notes[-1])[0].finish()
        if plan is not None and answer.swaps:
            _swaps(book, told, plan)


def _overview(book: Book, told: Told, basis: Basis | None) -> None:
    page, answer = book.page(TITLE.say(book.language)), told.answer
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    last = len(WIDTHS) - 1
    page.head(last, f"{TITLE.say(book.language)}  {answer.plan[:200]}", told.read())
    row = 2
    sentences = [told.verdict(), *told.values(), told.state(), *told.notices()]
    sentences += [*(told.swap(swap) for swap in answer.swaps), told.after_swaps()]
    for n, sentence in enumerate(filter(None, sentences)):
        page.merged(row, 0, last, sentence, book.style("note" if n else "state"))
        row += 1
    terms = [term for term in answer.terms if term.list.weight]
    figures, reached = told.figures(), [basis is not None and basis.term(term.name, offered=False) for term in terms]
    parts = [basis is not None and (own or basis.term(term.name, offered=True)) for term, own in zip(terms, reached, strict=True)]
    headline = [basis is not None and _assumed(basis, name) for name in FIELDS]
    row = titled_table(
        page,
        row + 1,
        BY_TERM,
        [
            Column(TERM, [told.term(term) for term in terms]),
            Column(UNIT, [told.say(unit_words(term.list.unit)) for term in terms], "short"),
            Column(LIST, [term.list.raw for term in terms], "mixed", assumed=reached),
            Column(BEST, [None if term.best is None else term.best.raw for term in terms], "mixed", assumed=reached),
            Column(OWN_PART, [term.list.contribution for term in terms], "number", assumed=parts, decimals=6),
            Column(
                BEST_PART,
                [None if term.best is None else term.best.contribution for term in terms],
                "number",
                assumed=parts,
                decimals=6,
            ),
        ],
        grow=False,
    )
    titled_table(
        page,
        row,
        FIGURES,
        [
            Column(FIGURE, [told.say(words) for words, _, _, _ in figures]),
            Column(UNIT, [told.say(unit_words(unit)) for _, unit, _, _ in figures], "short"),
            Column(LIST, [own for _, _, own, _ in figures], "mixed", assumed=headline),
            Column(BEST, [best for _, _, _, best in figures], "mixed", assumed=headline),
        ],
        grow=False,
    )
    page.finish()


def _assumed(basis: Basis, name: str) -> bool:
    """Whether a headline figure rests on an assumption (R5), by the columns that it is of."""
    if name in ("shortage_after", "links_closed"):
        return basis.links(basis.plan.links, after=True)
    if name == "single_source_after":
        return basis.column("links", "sources", "demand")
    field = name.removeprefix("expected_")
    return basis.column("candidates", field, *(("landing_probability",) if field != name else ()))


def _limit_columns(told: Told, basis: Basis | None) -> list[Column]:
    """A row for each row of the list that a limit comes from; amounts that rest on an assumption are marked."""
    marks = []
    for limit in told.answer.broken:
        name = told.say(limit.limit)
        ids = (limit.family, *limit.ids)
        as_limit = Limit(
            limit_id="", ids=ids, family=limit.family, subject=name, place=None, quarter=None, used=0.0, amount=0.0, unit=limit.unit
        )
        marks += [basis is not None and basis.limit(as_limit)] * max(len(limit.rows), 1)
    columns = with_rows(_limit_heads(), list(_limit_rows(told)))
    return [replace(column, assumed=marks) if column.kind == "mixed" else column for column in columns]


def _limit_heads() -> tuple[Column, ...]:
    return (
        Column(LIMIT, room=44),
        Column(QUARTER, kind="short"),
        Column(SAID, room=40),
        Column(USED, kind="mixed"),
        Column(CAPACITY, kind="mixed"),
        Column(EXCESS, kind="mixed"),
        Column(UNIT, kind="short"),
        Column(ROW, kind="count"),
        Column(CANDIDATE, kind="short"),
        Column(NAME, room=28),
        Column(PARK_NAME, room=18),
        Column(QUARTER, kind="short"),
        Column(PART, kind="mixed"),
    )


def _limit_rows(told: Told) -> Iterator[Sequence[Cell]]:
    """A row for each row of the list that a limit comes from; one alone where none does."""
    for limit in told.answer.broken:
        unit = told.say(unit_words(limit.unit))
        head = (told.name(limit), limit.quarter or "", told.excess(limit), limit.used, limit.allowed, limit.excess, unit)
        yield from ((*head, p.row or None, p.candidate_id, p.name, p.park_name, p.quarter, p.part) for p in limit.rows)
        if not limit.rows:
            yield (*head, None, "", "", "", "", None)


def _row_heads() -> tuple[Column, ...]:
    plain = (Column(NAME, room=30), Column(PARK_NAME, room=24), Column(QUARTER, kind="short"))
    return (Column(ROW, kind="count"), Column(CANDIDATE, kind="short"), *plain, Column(COMPLETED, room=20))


def _listed(told: Told) -> Iterator[Sequence[Cell]]:
    for row in told.answer.rows:
        filled = Words("、", ", ").say(told.language).join(told.say(FILLED[name]) for name in row.completed)
        yield row.row or None, row.candidate_id, row.name, row.park_name, row.quarter, filled


def _change_heads() -> tuple[Column, ...]:
    return (Column(KIND, kind="short"), Column(CANDIDATE, kind="short"), Column(NAME, room=30), Column(AFTER, room=60))


def _changes(told: Told) -> Iterator[Sequence[Cell]]:
    repair = told.answer.repair
    if repair is not None:
        yield from ((told.say(DROPPED), firm.id, firm.name, "") for firm in repair.dropped)
        yield from ((told.say(ADDED), move.candidate_id, move.name, told.move(move)) for move in repair.placed)
        yield from ((told.say(MOVED), move.candidate_id, move.name, told.move(move)) for move in repair.moved)


def _swaps(book: Book, told: Told, plan: Plan) -> None:
    page = book.page(SWAPS.say(book.language))
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.head(len(WIDTHS) - 1, SWAPS, told.after_swaps())
    row, items, view = 3, Items(plan, book.language), View(plan, book.language)
    for swap in told.answer.swaps:
        row = _swap(page, row, told, swap, items, view) + 1
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _swap(page: Page, row: int, told: Told, swap: Swap, items: Items, view: View) -> int:
    page.section(row, page.say(SWAP, n=swap.number))
    page.merged(row + 1, 0, len(WIDTHS) - 1, told.swap(swap), page.book.style("state"))
    row += 2
    for title, columns in tables_of(items, swap.difference, view.basis, (LISTED, SWAPPED)):
        if columns[0].values:
            page.merged(row, 0, len(WIDTHS) - 1, page.say(title), page.book.style("body", bold=True, border=0), height=20)
            row = write_table(page, row + 1, columns, grow=False).end
    return row
