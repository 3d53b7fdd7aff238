"""Sheets that let every line be defended: data and assumptions, settings, verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.language import Words
from planner.publish.fields import SOURCE
from planner.publish.sentences import Teller, figure
from planner.publish.words import ASSUMED, FAMILIES
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import Column, page_of_one_table, write_table
from planner.settings.shape import ENTRY, ITEM, Option, options
from planner.tables.spec import TABLES

DATA = Words("数据与假设", "Data and assumptions")
SETTINGS = Words("设置", "Settings")
VERIFICATION = Words("核验", "Verification")
MARK_NOTE = Words(
    "带 * 的表头或数字来自输入中以 * 标明的假设，或由其推算得出，不是已核实的事实。整列都是假设的，* 在表头；个别单元格是假设的，* 在数字后。“—”表示未知，不是 0；合计前的“≥”表示有未知项，合计只含已知部分。",
    "A heading or figure with * rests on an assumption that the input marked with *, or is reckoned from one: it is not a verified "
    "fact. The heading bears it where the whole column does, single figures otherwise. “—” is not known, which is not 0; “≥” "
    "before a total says that some figures are not known and are not in it.",
)
INPUTS, ASSUMPTIONS, NOTICES = (
    Words("输入数据", "Inputs"),
    Words("假设清单", "Assumptions"),
    Words("数据提示", "Notices"),
)
TABLE, FILE, SHEET = Words("表", "Table"), Words("文件", "File"), Words("工作表／图层", "Sheet or layer")
ROWS, ENCODING, DIGEST = (
    Words("行数", "Rows"),
    Words("编码", "Encoding"),
    Words("SHA-256（前 12 位）", "SHA-256 (first 12)"),
)
HEADER, FIELD, CELLS, WHOLE = (
    Words("表头", "Heading"),
    Words("字段", "Field"),
    Words("单元格数", "Cells"),
    Words("整列", "Whole column"),
)
CODE, TEXT, LOCATION = Words("编号", "Code"), Words("内容", "Text"), Words("位置", "Place")
KEY, SETTING, CHANGED, MEANING = (
    Words("键", "Key"),
    Words("值", "Value"),
    Words("非默认", "Changed"),
    Words("含义", "Meaning"),
)
YES = Words("是", "yes")
CHECKED, VIOLATED, WORST = Words("核对条数", "Checked"), Words("违反", "Violated"), Words("最大超出", "Worst")
SETTINGS_NOTE = Words(
    "实际使用的全部设置；先后：命令行 > 计划 > 模型 > 默认值。“●”为与默认值不同者；列表中的条目只列与默认值不同的键。",
    "All settings as used: command line > plan > model > default. “●” marks what differs from the default; entries of lists show "
    "only what differs.",
)
VERIFIED = Words(
    "核验通过：独立核验程序只根据输入表（不看求解矩阵）重新计算了全部限制和目标值。目标值 {value}，与求解器所报相差 {difference}。",
    "Verified: a program of its own recomputed every limit and the objective from the tables, without the solver's matrix. Value "
    "{value}; it differs from the solver's by {difference}.",
)
NOT_VERIFIED = Words("核验未通过，不得使用。", "Not verified: do not use.")


def verification_text(teller: Teller) -> str:
    """The line that says that the plan was checked independently."""
    told = teller.plan.verification
    text = VERIFIED if told.passed else NOT_VERIFIED
    return text.say(
        teller.language,
        value=figure(told.value),
        difference="0" if told.difference < 1e-9 else f"{told.difference:.1e}",
    )


def write_data(book: Book, teller: Teller) -> None:
    """Where every fact came from, what was assumed, what the check of the data remarked."""
    page = book.page(DATA.say(book.language))
    plan, row = teller.plan, 2
    notices = [
        Column(CODE, [one.code for one in plan.notices], "short"),
        Column(LOCATION, [one.place or "" for one in plan.notices], room=30),
        Column(TEXT, [one.zh if book.language == "zh" else one.en for one in plan.notices], span=5),
    ]
    for title, columns in ((INPUTS, _inputs(teller)), (ASSUMPTIONS, _assumptions(teller)), (NOTICES, notices)):
        page.section(row, page.say(title))
        row = write_table(page, row + 1, columns).end + 1
    page.head(6, DATA, MARK_NOTE)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _table_name(teller: Teller, name: str) -> str:
    spec = TABLES.get(name)
    return name if spec is None else (spec.zh if teller.language == "zh" else spec.en)


def _inputs(teller: Teller) -> list[Column]:
    inputs = teller.plan.inputs
    return [
        Column(TABLE, [_table_name(teller, one.table) for one in inputs], room=20),
        Column(FILE, [one.file for one in inputs], room=34),
        Column(SHEET, [one.sheet or one.layer or "" for one in inputs], room=18),
        Column(ROWS, [one.rows for one in inputs], "count"),
        Column(ENCODING, [one.encoding or "" for one in inputs], "short"),
        Column(DIGEST, [one.sha256[:12] for one in inputs], "short"),
        Column(SOURCE, [one.source for one in inputs], room=36),
    ]


def _assumptions(teller: Teller) -> list[Column]:
    found = teller.plan.assumptions
    fields = [_field(teller, one.table, one.column) for one in found]
    return [
        Column(TABLE, [_table_name(teller, one.table) for one in found], room=20),
        Column(HEADER, [one.header for one in found], room=34),
        Column(FIELD, fields, room=18),
        Column(CELLS, [one.cells for one in found], "count"),
        Column(WHOLE, [YES.say(teller.language) if one.whole_column else "" for one in found], "short"),
        Column(Words("标记", "Mark"), [ASSUMED for _ in found], "short"),
        Column(SOURCE, [one.source for one in found], room=36),
    ]


def _field(teller: Teller, table: str, name: str) -> str:
    spec = TABLES.get(table)
    for column in spec.columns if spec is not None else ():
        if column.name == name:
            return column.zh if teller.language == "zh" else column.en
    return teller.resource_names.get(name, name)


def write_settings(book: Book, teller: Teller) -> None:
    """Every setting as used, with its meaning."""
    known = {option.keys: option for option in options()}
    rows = list(_flat(teller.plan.plan.settings, (), (), known))
    columns = [
        Column(KEY, [key for key, _, _, _ in rows], room=40),
        Column(SETTING, [value for _, value, _, _ in rows], room=40),
        Column(CHANGED, ["●" if changed else "" for _, _, changed, _ in rows], "short"),
        Column(
            MEANING, [meaning.say(book.language) if meaning is not None else "" for _, _, _, meaning in rows], room=70
        ),
    ]
    page_of_one_table(book, SETTINGS, columns, SETTINGS_NOTE, fixed=1)[0].finish()


Known = Mapping[tuple[str, ...], Option]
Row = tuple[str, str, bool, Words | None]
_NOTHING = object()


def _flat(
    value: Any, path: tuple[str, ...], keys: tuple[str, ...], known: Known, default: Any = _NOTHING
) -> Iterator[Row]:
    """(key path, value as text, differs from the default, meaning) of every leaf.

    ``keys`` are those of the schema, in which names that a plan chooses and positions in lists are placeholders;
    ``default`` is what stands there in a plan that says nothing.
    """
    option = known.get(keys)
    if option is not None and default is _NOTHING and not option.required:
        default = option.default
    if isinstance(value, Mapping) and value:
        for name, entry in value.items():
            inner = (*keys, name) if (*keys, name) in known else (*keys, ENTRY)
            below = default.get(name, _NOTHING) if isinstance(default, Mapping) else _NOTHING
            yield from _flat(entry, (*path, str(name)), inner, known, below)
    elif isinstance(value, Sequence) and any(isinstance(entry, Mapping) for entry in value):
        for number, entry in enumerate(value, start=1):
            below = _flat(entry, (*path[:-1], f"{path[-1]}[{number}]"), (*keys, ITEM), known)
            yield from (row for row in below if row[2])
    elif path:
        told = option if option is not None else known.get(keys[:-1])
        yield ".".join(path), _said(value), default != value, told.meaning if told is not None else None


def _said(value: Any) -> str:
    """A value as plan.yaml would have it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return "、".join(_said(entry) for entry in value) or "[]"
    return "{}" if value == {} else str(value)


def write_verification(book: Book, teller: Teller) -> None:
    """What was recomputed, family by family."""
    page = book.page(VERIFICATION.say(book.language))
    checks = teller.plan.verification.checks
    names = [FAMILIES[one.family].say(book.language) if one.family in FAMILIES else one.family for one in checks]
    columns = [
        Column(Words("限制", "Limits"), names, room=40),
        Column(CHECKED, [one.checked for one in checks], "count", total=True),
        Column(VIOLATED, [one.violated for one in checks], "count", total=True),
        Column(WORST, [one.worst for one in checks], "number"),
    ]
    _wide(page, columns)
    page.head(3, VERIFICATION)
    page.merged(1, 0, 3, verification_text(teller), book.style("state"))
    placed = write_table(page, 3, columns)
    page.sheet.freeze_panes(placed.first, 0)
    page.repeat = placed.head, placed.head
    page.finish()


def _wide(page: Page, columns: Sequence[Column]) -> None:
    """Few columns, given room for the sentence above them."""
    for at in range(len(columns)):
        page.widen(at, 40 if at == 0 else 22)
