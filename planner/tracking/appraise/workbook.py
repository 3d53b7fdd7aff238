"""The workbook of assessments: results and ranks, each step of each sum, deductions and bonuses, the projects that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.language import Language, Words
from planner.plan.model import SHORT, Plan
from planner.plan.whole_folder import whole_file
from planner.problems import Place
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.publish.codes import refusal
from planner.publish.proof import standing_of
from planner.publish.words import unit_words
from planner.tracking.appraise.record import Appraisal, Counted
from planner.tracking.appraise.text import HEAD, LISTS, extra_name, per_words, remark, sum_text

RESULT, STEPS = Words("考核结果", "Results"), Words("计算步骤", "Steps")
EXTRAS, EVIDENCE = Words("扣分加分", "Off and on"), Words("依据", "Evidence")
RANK, GROUP, FORMULA = Words("名次", "Rank"), Words("考核对象", "Assessed"), Words("指标", "Formula")
FULL, SCORE = Words("满分", "Full"), Words("得分", "Score")
OFF, ON, TOTAL = Words("扣分", "Off"), Words("加分", "On"), Words("总分", "Total")
PARTS = Words("各项得分", "Score by formula")
WHOLE = Words("总分", "the total")
ITEM, LIST, DAY = Words("计在", "Counted for"), Words("清单", "List"), Words("日期", "Day")
NOWHERE = Words("（未计入：不知道园区，或没有所属）", "(not counted: no known park, or of none)")
HOW = Words(
    "得分 = 满分 × 计分率 − 扣分 + 加分；完成率 =（数值 − 基数）÷（目标 − 基数），在下限与上限之间即计分率。每个项目在一张清单上只计一次。",
    "Score = full × ratio used − off + on; the ratio is (amount − base) ÷ (target − base), used between its floor and cap. A project counts "
    "once on a list.",
)
BY_PLAN = Words("园区与目标按计划 {seal}：{standing}", "Parks and targets by plan {seal}: {standing}")
NO_PLAN = Words("没有用到计划", "no plan is used")
KEYS = {"item": Words("数值", "amount"), "over": Words("分母", "divided by"), "deduct": OFF, "bonus": ON}
OF_FULL = Words("满分 {full}", "of {full}")
MOST = Words("至多", "At most")
POINTS = Words("分", "points")


def write_appraisals(path: Path, name: str, language: Language, found: Sequence[Appraisal], plan: Plan | None = None) -> Path:
    """Write the workbook, in place of whatever stands there; ``name``: of the plan file. Raises InputError: it is no .xlsx (T240), or
    cannot be written (R116)."""
    if path.suffix.lower() != ".xlsx":
        raise refusal("T240", Place(str(path)), "--out", path.name)
    seal = "" if plan is None else plan.seal[:SHORT]
    standing = None if plan is None else standing_of(plan)
    with whole_file(path) as fresh, Book(fresh, language, name, seal=seal, standing=standing) as book:
        for one in found:
            _write(book, one, len(found) > 1, plan)
    return path


def _write(book: Book, one: Appraisal, several: bool, plan: Plan | None) -> None:
    language = book.language
    names = [f"{one.name}·{page.say(language)}" if several else page.say(language) for page in (RESULT, STEPS, EXTRAS, EVIDENCE)]
    head = HEAD.fill(name=one.name, first=one.first, last=one.last, per=per_words(one.per))
    by_plan = NO_PLAN if plan is None else BY_PLAN.fill(seal=plan.short_seal, standing=standing_of(plan) or Words("", ""))
    page_of_one_table(book, names[0], _results(one), HOW, by_plan, title=head, fixed=2)[0].finish()
    page_of_one_table(book, names[1], _steps(one, language), HOW, title=head, fixed=2)[0].finish()
    page_of_one_table(book, names[2], _extras(one, language), title=head, fixed=2)[0].finish()
    columns, tones = _evidence(one, language)
    page_of_one_table(book, names[3], columns, title=head, fixed=2, tones=tones)[0].finish()


def _called(one: Appraisal) -> dict[str, str]:
    return {total.group: total.name for total in one.totals}


def _results(one: Appraisal) -> list[Column]:
    formulas = list(dict.fromkeys(step.formula for step in one.steps))
    scores = {(step.group, step.formula): step.score for step in one.steps}
    full = {step.formula: step.weight for step in one.steps}
    totals = sorted(one.totals, key=lambda total: (total.rank is None, total.rank or 0, total.group))
    heads = [
        Column(RANK, kind="short"),
        Column(GROUP, room=24),
        *(Column(one, kind="number", decimals=2, unit=OF_FULL.fill(full=f"{full[one]:g}"), group=PARTS) for one in formulas),
        Column(Words("合计", "Sum"), kind="number", decimals=2),
        Column(OFF, kind="number", decimals=2),
        Column(ON, kind="number", decimals=2),
        Column(TOTAL, kind="number", decimals=2),
        Column(FULL, kind="number"),
    ]
    rows: list[Sequence[Cell]] = [
        [
            None if total.rank is None else str(total.rank),
            total.name,
            *(scores.get((total.group, formula)) for formula in formulas),
            total.formulas if total.score is not None else None,
            total.deducted,
            total.added,
            total.score,
            total.full,
        ]
        for total in totals
    ]
    return with_rows(heads, rows)


def _steps(one: Appraisal, language: Language) -> list[Column]:
    called = _called(one)
    heads = (
        Column(GROUP, room=20),
        Column(FORMULA, room=26),
        Column(Words("分子", "Counted"), kind="mixed"),
        Column(Words("分母", "Divided by"), kind="mixed"),
        Column(Words("数值", "Amount"), kind="mixed"),
        Column(Words("单位", "Unit"), kind="short"),
        Column(Words("基数", "Base"), kind="mixed"),
        Column(Words("目标", "Target"), kind="mixed"),
        Column(Words("完成率", "Ratio"), kind="share"),
        Column(Words("下限", "Floor"), kind="share"),
        Column(Words("上限", "Cap"), kind="share"),
        Column(Words("计分率", "Ratio used"), kind="share"),
        Column(FULL, kind="number"),
        Column(OFF, kind="number", decimals=2),
        Column(ON, kind="number", decimals=2),
        Column(SCORE, kind="number", decimals=2),
        Column(Words("算式", "Sum"), room=64),
        Column(Words("备注", "Remark"), room=22),
    )
    rows: list[Sequence[Cell]] = [
        [
            called[step.group],
            step.formula,
            step.upper,
            step.lower,
            step.amount,
            "" if step.unit == "1" else unit_words(step.unit).say(language),
            step.base,
            step.target,
            step.ratio,
            step.floor,
            step.cap,
            step.used,
            step.weight,
            step.deducted,
            step.added,
            step.score,
            sum_text(step, language),
            remark(step).say(language),
        ]
        for step in sorted(one.steps, key=lambda step: step.group)  # formulas in their order
    ]
    return with_rows(heads, rows)


def _extras(one: Appraisal, language: Language) -> list[Column]:
    called = _called(one)
    heads = (
        Column(GROUP, room=20),
        Column(FORMULA, room=26),
        Column(Words("扣或加", "Off or on"), kind="short"),
        Column(Words("事由", "For"), room=24),
        Column(Words("项目数", "Projects"), kind="count"),
        Column(Words("每个", "Each"), kind="number", unit=POINTS),
        Column(MOST, kind="number", unit=POINTS),
        Column(Words("计", "Points"), kind="number", decimals=2, unit=POINTS),
    )
    rows: list[Sequence[Cell]] = [
        [
            called[extra.group],
            extra.formula or WHOLE.say(language),
            (ON if extra.adds else OFF).say(language),
            extra_name(extra).say(language),
            extra.count,
            extra.points,
            extra.most,
            extra.total,
        ]
        for extra in sorted(one.extras, key=lambda extra: extra.group)
        if extra.count
    ]
    return with_rows(heads, rows)


def _evidence(one: Appraisal, language: Language) -> tuple[list[Column], list[str | None]]:
    called = _called(one)
    heads = (
        Column(GROUP, room=20),
        Column(FORMULA, room=26),
        Column(ITEM, kind="short"),
        Column(LIST, room=18),
        Column(Words("项目编号", "Project"), kind="short"),
        Column(Words("名称", "Name"), room=30),
        Column(DAY, kind="date"),
        Column(Words("计入", "Counted"), kind="mixed"),
        Column(Words("单位", "Unit"), kind="short"),
        Column(Words("出处", "Where it says so"), room=36),
    )

    def cells(entry: Counted, group: str) -> Sequence[Cell]:
        key, _, number = entry.part.partition(" ")
        return [
            group,
            entry.formula or WHOLE.say(language),
            f"{KEYS[key].say(language)} {number}",
            LISTS[entry.listed].say(language),
            entry.candidate_id,
            entry.name,
            entry.date,
            entry.amount,
            unit_words(entry.unit).say(language),
            entry.place,
        ]

    rows = [cells(entry, called[entry.group]) for entry in sorted(one.counted, key=lambda entry: entry.group)]
    aside = [cells(entry, NOWHERE.say(language)) for entry in one.unplaced]
    return with_rows(heads, [*rows, *aside]), [*[None] * len(rows), *["warning"] * len(aside)]
