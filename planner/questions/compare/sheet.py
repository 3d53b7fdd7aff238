"""``compare.xlsx``: figures side by side with a chart, then what was changed, which projects, links and limits differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.language import Language, Words
from planner.plan.model import SHORT, Plan
from planner.publish.basis import Basis
from planner.publish.book.book import ACCENT, Book, Cell, Page
from planner.publish.book.chart import bar_chart
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table, write_table
from planner.publish.fields import CANDIDATE, CAPACITY, GRADE, LINK_NAME, MONEY, NAME, PARK_NAME, QUARTER, SHORTAGE, UNIT, USED
from planner.publish.proof import stamp_of
from planner.publish.words import FAMILIES, GRADES, SEAL, STATUS, UNKNOWN, unit_words
from planner.publish.workbook import plan_book
from planner.questions.compare import text
from planner.questions.compare.record import Comparison, Difference, Entry, Placement

FIGURES_PAGE, CAUSES = Words("指标对比", "Figures"), Words("改动与归因", "Changes and causes")
PLAN, DELTA, CHANGE = Words("计划", "Plan"), Words("比基准", "Against base"), Words("变化", "Change")
BEFORE, AFTER = Words("基准", "Base"), Words("此计划", "Here")
PUT_IN = Words("新增（基准的数据中没有）", "comes, not among the base's data")
TAKEN_OUT = Words("退出（此计划的数据中没有）", "leaves, not among the data here")
COME, LEAVE, MOVE = Words("新增", "comes"), Words("退出", "leaves"), Words("移动", "moves")
BINDS_NOW, BINDS_NO_MORE = Words("新的紧约束", "binds now"), Words("不再紧", "binds no longer")
YES, NO, KEY, DATA = Words("是", "yes"), Words("否", "no"), Words("键", "Key"), Words("数据", "data")
FIELDS = {"investment", "output", "tax", "jobs", "subsidy"}
"""Figures that are sums of a field of the firms."""
CHARTED = ("value", "investment", "expected_output", "shortage_after")
"""Figures whose change is drawn, as a share of the base's."""
COLOURS = (ACCENT, "#8FBBD9", "#B8C2CC", "#D97706")
CAUSED = ("selected", "investment", "expected_output", "expected_tax", "subsidy", "shortage_after")
"""Figures that the effects of overrides are told in, beside the values."""
OF_BASE = Words("比基准变化", "Change against the base")
FIGURES_NOTE = Words(
    "“比基准”为此计划减基准。指标是所得到的计划的指标；只有目标值的差别能由上界证明，见“改动与归因”。",
    "“Against base” is here less base. Figures are those of the plans found; only differences of the value can be proved from bounds, see “Changes and causes”.",
)
CAUSES_NOTE = Words(
    "各处改动按所写次序逐处加上、逐次求解，各行之和即全部差别；换一个次序，各处的份额可能不同。单独求不出计划的改动与其后的合为一行。",
    "Overrides are made one after another in the order written, each solved anew; the lines sum to the whole difference. In another order the "
    "shares may differ. One that leads to no plan by itself is joined with the next.",
)

PROJECTS = (
    Column(PLAN, room=24),
    Column(CHANGE, kind="short"),
    Column(CANDIDATE, kind="short"),
    Column(NAME, room=30),
    *(Column(PARK_NAME, room=20, group=BEFORE), Column(QUARTER, kind="short", group=BEFORE)),
    *(Column(PARK_NAME, room=20, group=AFTER), Column(QUARTER, kind="short", group=AFTER)),
)
LINKS = (
    Column(PLAN, room=24),
    Column(LINK_NAME, room=24),
    *(Column(title, kind="number", unit=MONEY, group=SHORTAGE) for title in (BEFORE, AFTER, DELTA)),
    *(Column(title, kind="short", group=group) for group in (GRADE, Words("来源达标", "Backed up")) for title in (BEFORE, AFTER)),
)
LIMITS = (
    Column(PLAN, room=24),
    Column(CHANGE, kind="short"),
    Column(Words("限制", "Limit"), room=26),
    Column(Words("类别", "Kind"), room=20),
    Column(Words("位置", "Place"), room=20),
    Column(QUARTER, kind="short"),
    Column(USED, kind="mixed"),
    Column(CAPACITY, kind="mixed"),
    Column(UNIT, kind="short"),
)
SETTINGS = (Column(PLAN, room=24), Column(KEY, room=40), *(Column(side, room=36) for side in (BEFORE, AFTER)))
"""The tables of what differs, still without rows."""
Differing = Sequence[tuple[str, Difference]]
"""The plans that differ from the base, by name."""


def write_comparison_book(comparison: Comparison, plans: Sequence[Plan], path: Path) -> None:
    """Write the workbook; ``plans`` are those of the entries that have one. Text from the input stays text (R6)."""
    left, entries = iter(plans), comparison.entries
    bases = [Basis(next(left)) if entry.outcome == "plan" else None for entry in entries]
    with plan_book(path, plans[0], [entry.seal for entry in entries if entry.seal]) as book:
        book.stamp = next((stamp for plan in plans if (stamp := stamp_of(plan))), None)
        _figures(book, comparison, bases)
        _causes(book, entries, bases)
        others = [(entry.name, entry.difference) for entry in entries[1:] if entry.difference is not None]
        for name, columns in (
            (Words("项目变化", "Projects"), _projects),
            (Words("环节变化", "Links"), _links),
            (Words("限制变化", "Limits"), _limits),
            (Words("设置与数据差异", "Settings and data"), _settings),
        ):
            page_of_one_table(book, name, columns(book.language, others), fixed=1)[0].finish()


def _figures(book: Book, comparison: Comparison, bases: Sequence[Basis | None]) -> None:
    """Every figure of every plan, and a chart of the main ones."""
    language, entries = book.language, comparison.entries
    # The value stands above; where there is no plan there is nothing.
    known = [{**dict(entry.kpis or ()), **{f"term:{name}": term.raw for name, term in entry.terms.items()}} for entry in entries]
    names = list(dict.fromkeys(name for figures in known for name in figures))
    marks = [[_assumed(name, basis) for name in names] for basis in bases]
    columns = [
        Column(Words("指标", "Figure"), [text.figure_name(name).say(language) for name in names], room=30),
        Column(UNIT, [text.unit_of(name, language) for name in names], "short"),
    ]
    for at, (entry, here) in enumerate(zip(entries, known, strict=True)):
        group, value = Words(entry.name, entry.name), Words("数值", "Figure")
        columns.append(Column(value, [_cell(name, here.get(name)) for name in names], "mixed", assumed=marks[at], group=group))
        if at:
            change, either = text.deltas(entry), [own or first for own, first in zip(marks[at], marks[0], strict=True)]
            columns.append(Column(DELTA, [_cell(name, change.get(name)) for name in names], "mixed", assumed=either, group=group))
    page = book.page(FIGURES_PAGE.say(language))
    state = _state(entries, [_assumed("value", basis) for basis in bases], language)
    page.section(2, page.say(PLAN))
    for at in range(10):
        page.widen(at, 15 if at else 30)
    end = write_table(page, 3, state, grow=False).end
    page.section(end + 1, page.say(FIGURES_PAGE))
    placed = write_table(page, end + 2, columns)
    page.head(max(sum(column.span for column in columns) - 1, 8), comparison.name[:300], FIGURES_NOTE)
    _chart(page, placed.end + 1, entries)
    page.sheet.freeze_panes(2, 1)
    page.finish()


def _state(entries: Sequence[Entry], assumed: Sequence[bool], language: Language) -> list[Column]:
    """How each plan came out: its values, how good they are, and what else is to be said."""
    places = 5 if all(abs(entry.value or 0.0) < 100 for entry in entries) else None
    ended = [text.OUTCOMES[entry.outcome] if entry.status is None else STATUS[entry.status.reason] for entry in entries]
    either = [assumed[0] or mark for mark in assumed]
    remarks = [text.certainty_words(entry.difference.certainty) if entry.difference else Words("", "") for entry in entries]
    remarks = [entry.explanation or words for entry, words in zip(entries, remarks, strict=True)]
    values = []
    for name in text.value_names(entries):
        here, change = [text.values_of(entry).get(name) for entry in entries], [text.deltas(entry).get(name) for entry in entries]
        values.append(Column(text.figure_name(name), here, "number", assumed=assumed, decimals=places))
        values.append(Column(DELTA, change, "number", assumed=either, decimals=places))
    return [
        Column(PLAN, [entry.name for entry in entries], room=30),
        Column(Words("结果", "Outcome"), [words.say(language) for words in ended], "short", room=22),
        Column(Words("差距", "Gap"), [text.gap_words(entry).say(language) for entry in entries], "short", room=22),
        *values,
        Column(SEAL, [(entry.seal or "")[:SHORT] for entry in entries], "short"),
        Column(Words("说明", "Remark"), [words.say(language) for words in remarks], span=4),
    ]


def _assumed(name: str, basis: Basis | None) -> bool:
    """Whether a figure of a plan rests on an assumption (R5)."""
    if basis is None:
        return False
    if text.is_value(name):
        return basis.value()
    if name.startswith("term:"):
        return basis.term(name.removeprefix("term:"), offered=False)
    if name.startswith(("shortage", "completeness", "links_")):
        return basis.links(basis.plan.links, after=not name.endswith("_before"))
    field = name.removeprefix("expected_")
    return field in FIELDS and basis.any_firm(field, *(("landing_probability",) if field != name else ()))


def _cell(name: str, value: float | None) -> Cell:
    return f"{value:.2%}" if value is not None and text.is_share(name) else value


def _chart(page: Page, row: int, entries: Sequence[Entry]) -> None:
    """Changes of the main figures as shares of the base's, as bars below the table they are drawn from."""
    others = [entry for entry in entries[1:] if entry.difference is not None]
    ratios = {name: [_ratio(entry, name) for entry in others] for name in CHARTED}
    drawn = {name: shares for name, shares in ratios.items() if None not in shares}
    if not others or not drawn:
        return  # nothing is a share of a base that is 0
    columns = [Column(PLAN, [entry.name for entry in others], room=30)]
    columns += [Column(text.figure_name(name), shares, "share") for name, shares in drawn.items()]
    page.section(row, page.say(OF_BASE))
    placed = write_table(page, row + 1, columns, grow=False)
    series = [(at, text.figure_name(name), colour) for at, (name, colour) in enumerate(zip(drawn, COLOURS, strict=False), 1)]
    points = 110 + 22 * len(drawn) * min(len(others), 40)
    axes: dict[str, Any] = {"values": {"num_format": "0.0%"}, "labels": {"label_position": "low"}, "width": 900}
    bar_chart(page, placed.end + 1, OF_BASE, placed, len(others), series, points, **axes)


def _ratio(entry: Entry, name: str) -> float | None:
    told = entry.difference.figures.get(name) if entry.difference else None
    if told is None or told.base is None or told.here is None or told.base <= 0:
        return None
    return told.here / told.base - 1.0


def _causes(book: Book, entries: Sequence[Entry], bases: Sequence[Basis | None]) -> None:
    """Every override of every scenario and what it brings, the whole difference last."""
    names, language = (*text.value_names(entries), *CAUSED), book.language
    marks = {entry.name: [_assumed(name, basis) for name in names] for entry, basis in zip(entries, bases, strict=True)}
    first = marks[entries[0].name]
    rows = [(entry.name, *row) for entry in entries[1:] for row in _caused(entry, language)]
    columns = [
        Column(PLAN, [plan for plan, *_ in rows], room=22),
        Column(Words("序号", "No."), [number for _, number, *_ in rows], "short"),
        Column(Words("改动", "Override"), [override for _, _, override, *_ in rows], room=48),
    ]
    for at, name in enumerate(names):
        unit = MONEY if text.unit_of(name, language) else None
        changes, assumed = [figures.get(name) for *_, figures, _ in rows], [first[at] or marks[plan][at] for plan, *_ in rows]
        group = Words("带来的变化", "What it brings")
        columns.append(Column(text.figure_name(name), changes, "mixed", unit, assumed, group=group))
    columns.append(Column(Words("差别是否已证明", "Difference proved"), [sure for *_, sure in rows], room=36))
    page_of_one_table(book, CAUSES, columns, CAUSES_NOTE, fixed=1)[0].finish()


def _caused(entry: Entry, language: Language) -> Iterator[tuple[str, str, Mapping[str, float | None], str]]:
    """Number and text of each override, what it brings, and how sure that is."""
    said = [override.say(language) for override in entry.overrides]
    effects = entry.attribution.effects if entry.attribution else ()
    if entry.attribution is None or not said:
        for number, override in enumerate(said, start=1):
            yield str(number), override, {}, text.OUTCOMES[entry.outcome].say(language)
    for effect in effects:
        numbers = "+".join(str(position + 1) for position in effect.overrides)
        overrides = "\n".join(said[position] for position in effect.overrides)
        yield numbers, overrides, effect.figures, text.certainty_words(effect.certainty).say(language)
    if entry.difference is not None and (entry.attribution is None or len(effects) > 1):
        sure = text.certainty_words(entry.difference.certainty).say(language)
        yield "Σ", Words("合计", "All together").say(language), text.deltas(entry), sure


def _projects(language: Language, others: Differing) -> list[Column]:
    rows: list[Sequence[Cell]] = []
    for plan, told in others:
        only_here, only_base = told.projects.only_here, told.projects.only_base
        changes: list[tuple[Words, Placement, Placement | None, Placement | None]] = [
            *((PUT_IN if one.candidate_id in only_here else COME, one, None, one) for one in told.projects.come),
            *((TAKEN_OUT if one.candidate_id in only_base else LEAVE, one, one, None) for one in told.projects.leave),
            *((MOVE, move.base, move.base, move.here) for move in told.projects.move),
        ]
        for words, project, before, after in changes:
            places = [(place.park, place.quarter) if place else (None, None) for place in (before, after)]
            rows.append((plan, words.say(language), project.candidate_id, project.name, *places[0], *places[1]))
    return with_rows(PROJECTS, rows)


def _links(language: Language, others: Differing) -> list[Column]:
    grades = {name: words.say(language) for name, words in GRADES.items()}
    backed_up = {None: None, True: YES.say(language), False: NO.say(language)}
    rows: list[Sequence[Cell]] = []
    for plan, told in others:
        for link in told.links:
            shortage = (link.shortage.base, link.shortage.here, link.shortage.difference)
            grade = [None if name is None else grades.get(name, name) for name in (link.grade_base, link.grade_here)]
            rows.append((plan, link.name, *shortage, *grade, backed_up[link.backed_up_base], backed_up[link.backed_up_here]))
    return with_rows(LINKS, rows)


def _limits(language: Language, others: Differing) -> list[Column]:
    rows: list[Sequence[Cell]] = []
    for plan, told in others:
        now, no_more = told.limits.only_here, told.limits.only_base
        for words, limit in (*((BINDS_NOW, limit) for limit in now), *((BINDS_NO_MORE, limit) for limit in no_more)):
            family = FAMILIES.get(limit.family, Words(limit.family, limit.family))
            where = (words.say(language), limit.subject, family.say(language), limit.place or "", limit.quarter or "")
            rows.append((plan, *where, limit.used, limit.amount, unit_words(limit.unit).say(language)))
    return with_rows(LIMITS, rows)


def _settings(language: Language, others: Differing) -> list[Column]:
    rows: list[Sequence[Cell]] = []
    dash, data = UNKNOWN.say(language), DATA.say(language)
    for plan, told in others:
        rows += [(plan, one.key, *(dash if side is None else str(side) for side in (one.base, one.here))) for one in told.settings]
        rows += [
            (plan, f"{data} {one.table} ({one.file})", (one.base or dash)[:12], (one.here or dash)[:12]) for one in told.inputs
        ]
    return with_rows(SETTINGS, rows)
