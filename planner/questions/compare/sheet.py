"""``compare.xlsx``: figures side by side with a chart, then what was changed, which projects, links and limits differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planner.language import Language, Words
from planner.plan.model import SHORT, Plan
from planner.plan.records import Kpis
from planner.publish.basis import Basis
from planner.publish.fields import CANDIDATE, CAPACITY, GRADE, LINK_NAME, NAME, PARK_NAME, QUARTER, SHORTAGE, UNIT, USED
from planner.publish.proof import unfit
from planner.publish.words import FAMILIES, GRADES, SEAL, STATUS, UNKNOWN, unit_words
from planner.publish.workbook.book import ACCENT, Book, Page
from planner.publish.workbook.charts import bar_chart
from planner.publish.workbook.table import Column, Value, page_of_one_table, write_table
from planner.questions.compare.record import Comparison, Entry, Placement
from planner.questions.compare.text import certainty_words, figure_name, gap_words, is_share, unit_of, value_in, value_names
from planner.questions.compare.words import OUTCOMES

FIGURES_PAGE, CAUSES, PROJECTS = (
    Words("指标对比", "Figures"),
    Words("改动与归因", "Changes and causes"),
    Words("项目变化", "Projects"),
)
LINKS, LIMITS, DIFFERENCES = (Words("环节变化", "Links"), Words("限制变化", "Limits"), Words("设置与数据差异", "Settings and data"))
PLAN, FIGURE, HERE, DELTA = (
    Words("计划", "Plan"),
    Words("指标", "Figure"),
    Words("数值", "Figure"),
    Words("比基准", "Against base"),
)
OUTCOME, PROOF, NOTE = Words("结果", "Outcome"), Words("差距", "Gap"), Words("说明", "Remark")
NUMBER, OVERRIDE, BROUGHT = Words("序号", "No."), Words("改动", "Override"), Words("带来的变化", "What it brings")
CHANGE, BEFORE, AFTER = Words("变化", "Change"), Words("基准", "Base"), Words("此计划", "Here")
COME, LEAVE, MOVE = Words("新增", "comes"), Words("退出", "leaves"), Words("移动", "moves")
BINDS_NOW, BINDS_NO_MORE = Words("新的紧约束", "binds now"), Words("不再紧", "binds no longer")
KEY, DATA = Words("键", "Key"), Words("数据", "data")
PROVED, YES, NO = Words("差别是否已证明", "Difference proved"), Words("是", "yes"), Words("否", "no")
FIELDS = ("investment", "output", "tax", "jobs", "subsidy")
"""Figures that are sums of a field of the firms."""
CHARTED = ("value", "investment", "expected_output", "shortage_after")
"""Figures whose change is drawn, as a share of the base's."""
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


def write_comparison_book(comparison: Comparison, plans: Sequence[Plan], path: Path) -> None:
    """Write the workbook; ``plans`` are those of the entries that have one. Text from the input stays text (R6)."""
    left = iter(plans)
    bases = [Basis(next(left)) if entry.outcome == "plan" else None for entry in comparison.entries]
    with Book(path, plans[0], [entry.seal for entry in comparison.entries if entry.seal]) as book:
        book.stamp = next((stamp for plan in plans if (stamp := unfit(plan.objective.gap))), None)
        _figures(book, comparison, bases)
        _causes(book, comparison, bases)
        others = [entry for entry in comparison.entries[1:] if entry.difference is not None]
        for name, columns in (
            (PROJECTS, _project_columns(book, others)),
            (LINKS, _link_columns(book, others)),
            (LIMITS, _limit_columns(book, others)),
            (DIFFERENCES, _setting_columns(book, others)),
        ):
            page_of_one_table(book, name, columns, fixed=1)[0].finish()


def _figures(book: Book, comparison: Comparison, bases: Sequence[Basis | None]) -> None:
    """Every figure of every plan, and a chart of the main ones."""
    language, entries = book.language, comparison.entries
    known = [_known(entry) for entry in entries]
    names = list(dict.fromkeys(name for one in known for name in one))
    columns = [
        Column(FIGURE, [figure_name(name).say(language) for name in names], room=30),
        Column(UNIT, [unit_of(name, language) for name in names], "short"),
    ]
    for entry, here, basis in zip(entries, known, bases, strict=True):
        group, marks = Words(entry.name, entry.name), _marks(names, basis)
        columns.append(Column(HERE, [_cell(name, here.get(name)) for name in names], "mixed", assumed=marks, group=group))
        if entry is entries[0]:
            continue
        told = entry.difference.figures if entry.difference else {}
        deltas = [_cell(name, told[name].difference) if name in told else None for name in names]
        either = [one or other for one, other in zip(marks, _marks(names, bases[0]), strict=True)]
        columns.append(Column(DELTA, deltas, "mixed", assumed=either, group=group))
    own = [bool(basis and basis.value()) for basis in bases]
    page = book.page(FIGURES_PAGE.say(language))
    places = 5 if all(abs(entry.value or 0.0) < 100 for entry in entries) else None
    state = [
        Column(PLAN, [entry.name for entry in entries], room=30),
        Column(
            OUTCOME,
            [
                OUTCOMES[entry.outcome].say(language) if entry.status is None else STATUS[entry.status.reason].say(language)
                for entry in entries
            ],
            "short",
            room=22,
        ),
        Column(PROOF, [gap_words(entry).say(language) for entry in entries], "short", room=22),
        *(
            column
            for name in value_names(entries)
            for column in (
                Column(figure_name(name), [value_in(entry, name) for entry in entries], "number", assumed=own, decimals=places),
                Column(
                    DELTA,
                    [_difference(entry, name) for entry in entries],
                    "number",
                    assumed=[own[0] or mark for mark in own],
                    decimals=places,
                ),
            )
        ),
        Column(SEAL, [(entry.seal or "")[:SHORT] for entry in entries], "short"),
        Column(NOTE, [_remark(entry, language) for entry in entries], span=4),
    ]
    page.section(2, page.say(PLAN))
    page.widen(0, 30)
    for at in range(1, 10):
        page.widen(at, 15)
    end = write_table(page, 3, state, grow=False).end
    page.section(end + 1, page.say(FIGURES_PAGE))
    placed = write_table(page, end + 2, columns)
    last = sum(column.span for column in columns) - 1
    page.head(max(last, 8), comparison.name[:300], FIGURES_NOTE)
    _chart(page, placed.end + 1, entries)
    page.sheet.freeze_panes(2, 1)
    page.finish()


def _difference(entry: Entry, name: str) -> float | None:
    """A figure less the base's; None where either is not known."""
    figures = entry.difference.figures if entry.difference else {}
    return figures[name].difference if name in figures else None


def _known(entry: Entry) -> dict[str, float | None]:
    """Every figure of a plan but its value, which stands above; nothing where there is no plan."""
    if entry.kpis is None:
        return {}
    kpis = {name: getattr(entry.kpis, name) for name in Kpis.model_fields}
    return {**kpis, **{f"term:{name}": term.raw for name, term in entry.terms.items()}}


def _marks(names: Sequence[str], basis: Basis | None) -> list[bool]:
    """Which figures of a plan rest on an assumption (R5)."""
    return [basis is not None and _assumed(name, basis) for name in names]


def _assumed(name: str, basis: Basis) -> bool:
    if name == "value" or name.startswith("level:"):
        return basis.value()
    if name.startswith("term:"):
        return basis.term(name.removeprefix("term:"), offered=False)
    if name.startswith(("shortage", "completeness", "links_")):
        return basis.links(basis.plan.links, after=not name.endswith("_before"))
    field = name.removeprefix("expected_")
    return field in FIELDS and basis.any_firm(field, *(("landing_probability",) if field != name else ()))


def _cell(name: str, value: float | None) -> Value:
    return f"{value:.2%}" if value is not None and is_share(name) else value


def _remark(entry: Entry, language: Language) -> str:
    if entry.explanation is not None:
        return entry.explanation.zh if language == "zh" else entry.explanation.en
    if entry.difference is None:
        return ""
    return certainty_words(entry.difference.certainty).say(language)


def _chart(page: Page, row: int, entries: Sequence[Entry]) -> None:
    """Changes of the main figures as shares of the base's, as bars below the table they are drawn from."""
    others = [entry for entry in entries[1:] if entry.difference is not None]
    names = [name for name in CHARTED if all(_ratio(entry, name) is not None for entry in others)]
    if not others or not names:
        return  # nothing is a share of a base that is 0
    columns = [Column(PLAN, [entry.name for entry in others], room=30)]
    columns += [Column(figure_name(name), [_ratio(entry, name) for entry in others], "share") for name in names]
    page.section(row, page.say(OF_BASE))
    placed = write_table(page, row + 1, columns, grow=False)
    colours = (ACCENT, "#8FBBD9", "#B8C2CC", "#D97706")
    series = [(at, figure_name(name), colour) for at, (name, colour) in enumerate(zip(names, colours, strict=False), 1)]
    points = 110 + 22 * len(names) * min(len(others), 40)
    axes: dict[str, Any] = {"values": {"num_format": "0.0%"}, "labels": {"label_position": "low"}, "width": 900}
    bar_chart(page, placed.end + 1, OF_BASE, placed, len(others), series, points, **axes)


def _ratio(entry: Entry, name: str) -> float | None:
    told = entry.difference.figures.get(name) if entry.difference else None
    if told is None or told.base is None or told.here is None or told.base <= 0:
        return None
    return told.here / told.base - 1.0


def _causes(book: Book, comparison: Comparison, bases: Sequence[Basis | None]) -> None:
    """Every override of every scenario and what it brings, the whole difference last."""
    rows = list(_cause_rows(comparison, book))
    names = (*value_names(comparison.entries), "selected", "investment", "expected_output", "expected_tax", "subsidy")
    names = (*names, "shortage_after")
    language = book.language
    first = _marks(names, bases[0])
    own = {entry.name: _marks(names, basis) for entry, basis in zip(comparison.entries, bases, strict=True)}
    columns = [
        Column(PLAN, [row[0] for row in rows], room=22),
        Column(NUMBER, [row[1] for row in rows], "short"),
        Column(OVERRIDE, [row[2] for row in rows], room=48),
        *(
            Column(
                figure_name(name),
                [row[3].get(name) for row in rows],
                "mixed",
                unit=unit_words("万元") if unit_of(name, language) else None,
                assumed=[first[at] or own[row[0]][at] for row in rows],
                group=BROUGHT,
            )
            for at, name in enumerate(names)
        ),
        Column(PROVED, [row[4] for row in rows], room=36),
    ]
    page_of_one_table(book, CAUSES, columns, CAUSES_NOTE, fixed=1)[0].finish()


def _cause_rows(comparison: Comparison, book: Book) -> Iterator[tuple[str, str, str, dict[str, float | None], str]]:
    language = book.language
    for entry in comparison.entries[1:]:
        said = [one.words.say(language) for one in entry.overrides]
        if entry.attribution is None or len(entry.overrides) == len(entry.attribution.effects) == 0:
            for number, text in enumerate(said, start=1):
                yield entry.name, str(number), text, {}, OUTCOMES[entry.outcome].say(language)
        for effect in entry.attribution.effects if entry.attribution else ():
            numbers = "+".join(str(position + 1) for position in effect.overrides)
            text = "\n".join(said[position] for position in effect.overrides)
            yield entry.name, numbers, text, dict(effect.figures), certainty_words(effect.certainty).say(language)
        if entry.difference is not None and (entry.attribution is None or len(entry.attribution.effects) > 1):
            whole = {name: one.difference for name, one in entry.difference.figures.items()}
            yield (
                entry.name,
                "Σ",
                Words("合计", "All together").say(language),
                whole,
                certainty_words(entry.difference.certainty).say(language),
            )


def _project_columns(book: Book, others: Sequence[Entry]) -> list[Column]:
    rows: list[tuple[str, Words, Placement | None, Placement | None]] = []
    for entry in others:
        assert entry.difference is not None
        told = entry.difference.projects
        rows += [(entry.name, COME, None, one) for one in told.come]
        rows += [(entry.name, LEAVE, one, None) for one in told.leave]
        rows += [(entry.name, MOVE, one.base, one.here) for one in told.move]
    either = [before or after for _, _, before, after in rows]
    return [
        Column(PLAN, [row[0] for row in rows], room=24),
        Column(CHANGE, [row[1].say(book.language) for row in rows], "short"),
        Column(CANDIDATE, [one.candidate_id if one else "" for one in either], "short"),
        Column(NAME, [one.name if one else "" for one in either], room=30),
        Column(PARK_NAME, [one.park if one else None for _, _, one, _ in rows], room=20, group=BEFORE),
        Column(QUARTER, [one.quarter if one else None for _, _, one, _ in rows], "short", group=BEFORE),
        Column(PARK_NAME, [one.park if one else None for _, _, _, one in rows], room=20, group=AFTER),
        Column(QUARTER, [one.quarter if one else None for _, _, _, one in rows], "short", group=AFTER),
    ]


def _link_columns(book: Book, others: Sequence[Entry]) -> list[Column]:
    rows = [(entry.name, one) for entry in others if entry.difference for one in entry.difference.links]

    def grade(value: str | None) -> str | None:
        return GRADES[value].say(book.language) if value is not None and value in GRADES else value

    def backed(value: bool | None) -> str | None:
        return None if value is None else (YES if value else NO).say(book.language)

    money, shortage, mark = unit_words("万元"), SHORTAGE, GRADE
    backup = Words("来源达标", "Backed up")
    return [
        Column(PLAN, [name for name, _ in rows], room=24),
        Column(LINK_NAME, [one.name for _, one in rows], room=24),
        Column(BEFORE, [one.shortage.base for _, one in rows], "number", money, group=shortage),
        Column(AFTER, [one.shortage.here for _, one in rows], "number", money, group=shortage),
        Column(DELTA, [one.shortage.difference for _, one in rows], "number", money, group=shortage),
        Column(BEFORE, [grade(one.grade_base) for _, one in rows], "short", group=mark),
        Column(AFTER, [grade(one.grade_here) for _, one in rows], "short", group=mark),
        Column(BEFORE, [backed(one.backed_up_base) for _, one in rows], "short", group=backup),
        Column(AFTER, [backed(one.backed_up_here) for _, one in rows], "short", group=backup),
    ]


def _limit_columns(book: Book, others: Sequence[Entry]) -> list[Column]:
    rows = [
        (entry.name, words, one)
        for entry in others
        if entry.difference
        for words, limits in ((BINDS_NOW, entry.difference.limits.only_here), (BINDS_NO_MORE, entry.difference.limits.only_base))
        for one in limits
    ]
    return [
        Column(PLAN, [row[0] for row in rows], room=24),
        Column(CHANGE, [row[1].say(book.language) for row in rows], "short"),
        Column(Words("限制", "Limit"), [row[2].subject for row in rows], room=26),
        Column(
            Words("类别", "Kind"),
            [FAMILIES[one.family].say(book.language) if one.family in FAMILIES else one.family for _, _, one in rows],
            room=20,
        ),
        Column(Words("位置", "Place"), [row[2].place or "" for row in rows], room=20),
        Column(QUARTER, [row[2].quarter or "" for row in rows], "short"),
        Column(USED, [row[2].used for row in rows], "mixed"),
        Column(CAPACITY, [row[2].amount for row in rows], "mixed"),
        Column(UNIT, [unit_words(row[2].unit).say(book.language) for row in rows], "short"),
    ]


def _setting_columns(book: Book, others: Sequence[Entry]) -> list[Column]:
    rows: list[tuple[str, str, str, str]] = []
    dash = UNKNOWN.say(book.language)
    for entry in others:
        assert entry.difference is not None
        rows += [(entry.name, one.key, _text(one.base, dash), _text(one.here, dash)) for one in entry.difference.settings]
        rows += [
            (entry.name, f"{DATA.say(book.language)} {one.table} ({one.file})", (one.base or dash)[:12], (one.here or dash)[:12])
            for one in entry.difference.inputs
        ]
    return [
        Column(PLAN, [row[0] for row in rows], room=24),
        Column(KEY, [row[1] for row in rows], room=40),
        Column(BEFORE, [row[2] for row in rows], room=36),
        Column(AFTER, [row[3] for row in rows], room=36),
    ]


def _text(value: object, dash: str) -> str:
    return dash if value is None else str(value)
