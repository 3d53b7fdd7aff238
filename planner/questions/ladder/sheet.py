"""``ladder.xlsx`` and the folder of a ladder: values over shares with their chart, who comes with each share, and each step item by item."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.language import Words
from planner.plan.model import SHORT, Plan
from planner.plan.reopen import run_settings
from planner.plan.stored import SETTINGS_FILE
from planner.plan.whole_folder import LADDER, Target, whole_folder
from planner.problems import NotAllWritten
from planner.publish.book.book import ACCENT, BAR, Book, Page
from planner.publish.book.columns import Column
from planner.publish.book.table import Placed, page_of_one_table, write_table
from planner.publish.fields import CANDIDATE, NAME, PARK_NAME, QUARTER
from planner.publish.proof import quality
from planner.publish.run_folder import moved_aside, write_each, write_run
from planner.publish.view import View
from planner.publish.words import SEAL, unit_words
from planner.publish.workbook import plan_book
from planner.questions.items_sheet import tables_of
from planner.questions.ladder.record import Ladder, Step
from planner.questions.ladder.text import CLOSED, PROJECTS, STATE, Told
from planner.settings.write import resolved_yaml

if TYPE_CHECKING:
    from planner.plan.open import Opened

TITLE, STEPS, ITEMS = Words("分级计划", "Ladder"), Words("每级引入", "Who comes"), Words("逐级差异", "Step by step")
SHARE, VALUE = Words("份额", "Share"), Words("分级计划目标值", "Value, nested")
BEST, BOUND = Words("单独最好目标值", "Value, by itself"), Words("上界", "Bound")
LEAST, MOST = Words("代价至少", "Cost of nesting, at least"), Words("代价至多", "Cost of nesting, at most")
NESTED_BOUND = Words("逐级包含时的上界", "Bound, nested")
OTHERWISE = Words("单独最好的计划与之不同处", "The best plan by itself, otherwise")
INVESTMENT, WORTH = Words("投资", "Investment"), Words("目标值", "Value")
AMOUNT, NEED = Words("{name}", "{name}"), Words("{name}：计划所需", "{name}: needed")
FROM, TO = Words("自", "From"), Words("至", "To")
BEFORE, AFTER = Words("较小份额", "Smaller share"), Words("较大份额", "Larger share")
WIDTHS = (34.0, 22.0, 20.0, 20.0, 18.0, 18.0)


def write_ladder(answer: Ladder, made: Sequence[tuple[Opened | None, Plan | None]], target: Target) -> None:
    """The folder of an answer, whole or not at all, with the plan of each share as a run folder. Raises NotAllWritten."""
    plans = [plan for _, plan in made]
    with whole_folder(target) as whole:
        for rung, (opened, plan) in zip(answer.rungs, made, strict=True):
            if rung.folder is not None and opened is not None and plan is not None:
                # Paths in the settings are relative to where the folder will stand.
                settings = resolved_yaml(run_settings(opened, target.real / rung.folder), answer.language)
                log = quality(plan).say(answer.language) + "\n"
                write_run(plan, whole.fresh / rung.folder, (), {SETTINGS_FILE: settings, "run.log": log})
        (whole.fresh / LADDER.file).write_text(answer.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        failed = write_each({"ladder.xlsx": partial(write_book, answer, plans)} if any(plans) else {}, whole.fresh)
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def write_book(answer: Ladder, plans: Sequence[Plan | None], path: Path) -> None:
    """The workbook."""
    told, there = Told(answer, plans, answer.language), [plan for plan in plans if plan is not None]
    with plan_book(path, there[-1], [plan.seal for plan in there]) as book:
        _overview(book, told)
        _who(book, told)
        _items(book, told, there[-1])


def _overview(book: Book, told: Told) -> None:
    answer, rungs = told.answer, told.answer.rungs
    columns = [Column(SHARE, [rung.share for rung in rungs], "share")]
    for n in range(max(len(rung.levels) for rung in rungs)):
        own = [rung.levels[n] if n < len(rung.levels) else None for rung in rungs]
        order = (
            Words(f"（第 {n + 1} 优先级）", f" (priority {n + 1})")
            if max(len(rung.levels) for rung in rungs) > 1
            else Words("", "")
        )
        for words, name in (
            (VALUE, "value"),
            (BEST, "best"),
            (BOUND, "bound"),
            (LEAST, "cost_least"),
            (MOST, "cost_most"),
            (NESTED_BOUND, "nested_bound"),
        ):
            figures = [None if level is None else getattr(level, name) for level in own]
            columns.append(Column(Words(words.zh + order.zh, words.en + order.en), figures, "number", decimals=6))
    columns += [
        Column(PROJECTS, [rung.selected for rung in rungs], "count"),
        Column(CLOSED, [rung.links_closed for rung in rungs], "count"),
        Column(INVESTMENT, [rung.investment for rung in rungs], "number", unit_words("万元")),
        *_amounts(told),
        Column(STATE, [told.state(rung) for rung in rungs], room=30),
        Column(OTHERWISE, [told.others(rung) for rung in rungs], room=50),
        Column(SEAL, ["" if rung.seal is None else rung.seal[:SHORT] for rung in rungs], "short"),
        Column(Words("运行目录", "Run folder"), [rung.folder or "" for rung in rungs], "short"),
    ]
    title = f"{TITLE.say(book.language)}  {answer.plan[:200]}"
    page, placed = page_of_one_table(book, TITLE, columns, *told.notes(), title=title, fixed=1, apart=1)
    _chart(page, placed, [n for n, rung in enumerate(rungs) if rung.levels])
    page.finish()


def _amounts(told: Told) -> list[Column]:
    """What there is of each named limit and what the plan needs of it."""
    rungs = told.answer.rungs
    columns = []
    for amount in next((rung.amounts for rung in rungs if rung.amounts), ()):
        own = [next((one for one in rung.amounts if one.id == amount.id), None) for rung in rungs]
        for words, name in ((AMOUNT, "amount"), (NEED, "need")):
            figures = [None if one is None else getattr(one, name) for one in own]
            columns.append(Column(words.fill(name=amount.name), figures, "mixed", unit_words(amount.unit)))
    return columns


def _chart(page: Page, placed: Placed, shown: Sequence[int]) -> None:
    """Value over share: of the nested plans, of the best ones, and what none exceeds."""
    if not shown:
        return
    chart = page.book.chart(type="scatter", subtype="straight_with_markers")
    first, last = placed.first + shown[0], placed.first + shown[-1]
    for column, name, colour, dash in ((1, VALUE, BAR, "solid"), (2, BEST, ACCENT, "solid"), (3, BOUND, "#9CA3AF", "dash")):
        chart.add_series(
            {
                "name": page.say(name),
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "marker": {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
                "line": {"color": colour, "width": 1.5, "dash_type": dash},
            }
        )
    chart.set_x_axis({"name": page.say(SHARE), "num_format": "0%", "crossing": "min", "label_position": "low"})
    grid = {"visible": True, "line": {"color": "#E5E7EB"}}
    chart.set_y_axis({"name": page.say(WORTH), "major_gridlines": grid, "crossing": "min", "label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 440})
    page.sheet.insert_chart(placed.end + 1, 0, chart, {"object_position": 2, "x_offset": 4})
    page.touch(placed.end + 24, 0)


def _who(book: Book, told: Told) -> None:
    """A row for each firm under the share that brings it."""
    rows = [(step, firm) for step in told.answer.steps for firm in step.firms]
    terms = dict.fromkeys(name for _, firm in rows for name in firm.contribution)
    limits = {amount.id: amount for rung in told.answer.rungs for amount in rung.amounts}
    columns = [
        Column(FROM, [step.share_from for step, _ in rows], "share"),
        Column(TO, [step.share_to for step, _ in rows], "share"),
        Column(CANDIDATE, [firm.candidate_id for _, firm in rows], "short"),
        Column(NAME, [firm.name for _, firm in rows], room=30),
        Column(PARK_NAME, [firm.park_name for _, firm in rows], room=24),
        Column(QUARTER, [firm.quarter for _, firm in rows], "short"),
        Column(INVESTMENT, [firm.investment for _, firm in rows], "number", unit_words("万元")),
        *(
            Column(one.name, [firm.needs.get(name, 0.0) for _, firm in rows], "mixed", unit_words(one.unit))
            for name, one in limits.items()
        ),
        Column(WORTH, [told.worth(firm) for _, firm in rows], "number", decimals=6),
        *(
            Column(_term(told, name), [firm.contribution.get(name, 0.0) for _, firm in rows], "number", decimals=6)
            for name in terms
        ),
    ]
    notes = [f"{told.heading(step)}{told.say(Words('：', ': '))}{told.gain(step)}" for step in told.answer.steps]
    page_of_one_table(book, STEPS, columns, *notes, fixed=4)[0].finish()


def _term(told: Told, name: str) -> Words:
    text = name if told.items is None else told.items.term(name)
    return Words(text, text)


def _items(book: Book, told: Told, plan: Plan) -> None:
    """Each step like any other difference of two plans."""
    page = book.page(ITEMS.say(book.language))
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.head(len(WIDTHS) - 1, ITEMS)
    row = 2
    for step in told.answer.steps:
        row = _step(page, row, told, step, plan)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _step(page: Page, row: int, told: Told, step: Step, plan: Plan) -> int:
    if step.difference is None or told.items is None:
        return row
    page.section(row, told.heading(step))
    page.merged(row + 1, 0, len(WIDTHS) - 1, told.gain(step), page.book.style("state"))
    row += 2
    for title, columns in tables_of(told.items, step.difference, View(plan, page.book.language).basis, (BEFORE, AFTER)):
        if columns[0].values:
            page.merged(row, 0, len(WIDTHS) - 1, page.say(title), page.book.style("body", bold=True, border=0), height=20)
            row = write_table(page, row + 1, columns, grow=False).end
    return row + 1
