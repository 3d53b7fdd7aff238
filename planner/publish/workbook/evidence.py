"""Sheets that let every line be defended: data and assumptions, settings, verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.language import Words
from planner.plan.records import Assumption, ChangeMade, Check, InputFile, Notice
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.paper import A4_UPRIGHT
from planner.publish.book.table import page_of_one_table, page_of_tables, write_table
from planner.publish.field import Catalogue, Field
from planner.publish.fields import SHEET, SOURCE
from planner.publish.figures import figure
from planner.publish.view import View
from planner.publish.words import ASSUMED
from planner.publish.workbook.records import columns_of
from planner.reading.table import RowLabel
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
SHOWN_ROWS = 20
"""Rows of a change that are named."""
KEY, SETTING = Words("键", "Key"), Words("值", "Value")
CHANGED, MEANING = Words("非默认", "Changed"), Words("含义", "Meaning")
SETTINGS_NOTE = Words(
    "实际使用的全部设置；先后：命令行 > 计划 > 模型 > 默认值。“●”为与默认值不同者，排在前面，只有这些会打印；列表中的条目只列与默认值不同的键。",
    "All settings as used: command line > plan > model > default. “●” marks what differs from the default; that comes first, and is all that "
    "is printed. Entries of lists show only what differs.",
)
VERIFIED = Words(
    "核验通过：独立核验程序只根据输入表（不看求解矩阵）重新计算了全部限制和目标值。目标值 {value}，与求解器所报相差 {difference}。",
    "Verified: a program of its own recomputed every limit and the objective from the tables, without the solver's matrix. Value "
    "{value}; it differs from the solver's by {difference}.",
)
NOT_VERIFIED = Words("核验未通过，不得使用。", "Not verified: do not use.")


def verification_text(view: View) -> str:
    """The line that says that the plan was checked independently."""
    checked = view.plan.verification
    difference = "0" if checked.difference < 1e-9 else f"{checked.difference:.1e}"
    return (VERIFIED if checked.passed else NOT_VERIFIED).say(view.language, value=figure(checked.value), difference=difference)


def _table(view: View, record: InputFile | Assumption | ChangeMade) -> str:
    spec = TABLES.get(record.table)
    return record.table if spec is None else Words(spec.zh, spec.en).say(view.language)


def _column(view: View, assumption: Assumption) -> str:
    spec, name = TABLES.get(assumption.table), assumption.column
    columns = () if spec is None else spec.columns
    known = (Words(column.zh, column.en).say(view.language) for column in columns if column.name == name)
    return next(known, view.resource_names.get(name, name))


TABLE: Field[Any] = Field("table", "text", Words("表", "Table"), SHEET, get=_table, room=20)
INPUT: Catalogue[InputFile] = Catalogue(
    TABLE,
    Field("file", "text", Words("文件", "File"), SHEET, room=34),
    Field(
        "sheet", "text", Words("工作表／图层", "Sheet or layer"), SHEET, get=lambda _, read: read.sheet or read.layer or "", room=18
    ),
    Field("rows", "count", Words("行数", "Rows"), SHEET),
    Field("encoding", "short", Words("编码", "Encoding"), SHEET, get=lambda _, read: read.encoding or ""),
    Field("sha256", "short", Words("SHA-256（前 12 位）", "SHA-256 (first 12)"), SHEET, get=lambda _, read: read.sha256[:12]),
    Field("source", "text", SOURCE, SHEET, room=36),
    Field("as_of", "short", Words("数据日期", "As of"), SHEET, get=lambda _, read: read.as_of or ""),
    Field("confidence", "short", Words("可信度", "Confidence"), SHEET, get=lambda _, read: read.confidence or ""),
)
ASSUMPTION: Catalogue[Assumption] = Catalogue(
    TABLE,
    Field("header", "text", Words("表头", "Heading"), SHEET, room=34),
    Field("column", "text", Words("字段", "Field"), SHEET, get=_column, room=18),
    Field("cells", "count", Words("单元格数", "Cells"), SHEET),
    Field("whole_column", "tick", Words("整列", "Whole column"), SHEET),
    Field("mark", "short", Words("标记", "Mark"), SHEET, get=lambda *_: ASSUMED),
    Field("source", "text", SOURCE, SHEET, room=36),
)
CHANGE: Catalogue[ChangeMade] = Catalogue(
    TABLE,
    Field("what", "text", Words("改动", "Change"), SHEET, get=lambda view, made: getattr(made, view.language), room=34),
    Field("key", "text", Words("位置", "Place"), SHEET, room=18),
    Field("count", "count", Words("行数", "Rows"), SHEET),
    Field("rows", "text", Words("所涉的行", "Rows concerned"), SHEET, get=lambda view, made: _rows(view, made), span=2),
    Field("reason", "text", Words("理由", "Reason"), SHEET, get=lambda _, made: made.reason or "", room=36),
)
NOTICE: Catalogue[Notice] = Catalogue(
    Field("code", "short", Words("编号", "Code"), SHEET),
    Field("place", "text", Words("位置", "Place"), SHEET, get=lambda _, notice: notice.place or "", room=30),
    Field("text", "text", Words("内容", "Text"), SHEET, get=lambda view, notice: getattr(notice, view.language), span=5),
)
CHECK: Catalogue[Check] = Catalogue(
    Field("family", "text", Words("限制", "Limits"), SHEET, get=View.family, room=40),
    Field("checked", "count", Words("核对条数", "Checked"), SHEET, total=True),
    Field("violated", "count", Words("违反", "Violated"), SHEET, total=True),
    Field("worst", "number", Words("最大超出", "Worst"), SHEET),
)


def write_data(book: Book, view: View) -> None:
    """Where every fact came from, what was assumed, what the check of the data remarked."""
    plan = view.plan
    tables = [
        (Words("输入数据", "Inputs"), columns_of(view, INPUT, plan.inputs), None),
        (Words("假设清单", "Assumptions"), columns_of(view, ASSUMPTION, plan.assumptions), None),
        (Words("改动", "Changes"), columns_of(view, CHANGE, plan.changes), None),
        (Words("提示", "Notices"), columns_of(view, NOTICE, plan.notices), None),
    ]
    page_of_tables(book, DATA, [one for one in tables if one[1][0].values or one[0].zh != "改动"], MARK_NOTE).finish()


def _rows(view: View, made: ChangeMade) -> str:
    """The rows of a change, the first of many; those of another table with its name."""
    labels = [RowLabel(one.table, one.row, one.name, one.column) for one in made.rows]
    rows, cells = (
        Words.listed([one.within(made.table) for one in labels if bool(one.column) is cell], SHOWN_ROWS) for cell in (False, True)
    )
    return (Words.listed([rows, cells]) if cells.zh else rows).say(view.language)


def write_settings(book: Book, view: View) -> None:
    """Every setting as used, with its meaning."""
    known = {option.keys: option for option in options()}
    rows = sorted(_flat(view.plan.plan.settings, (), (), known), key=lambda row: not row[2])
    columns = [
        Column(KEY, [key for key, _, _, _ in rows], room=40),
        Column(SETTING, [value for _, value, _, _ in rows], room=40),
        Column(CHANGED, ["●" if changed else "" for _, _, changed, _ in rows], "short"),
        Column(MEANING, [meaning.say(book.language) if meaning is not None else "" for _, _, _, meaning in rows], room=70),
    ]
    page, placed = page_of_one_table(book, SETTINGS, columns, SETTINGS_NOTE, fixed=1)
    page.last_row = placed.first + max(sum(changed for _, _, changed, _ in rows), 1) - 1
    page.finish()


Known = Mapping[tuple[str, ...], Option]
Row = tuple[str, str, bool, Words | None]
_NOTHING = object()


def _flat(value: Any, path: tuple[str, ...], keys: tuple[str, ...], known: Known, default: Any = _NOTHING) -> Iterator[Row]:
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
        explained = option or known.get(keys[:-1])
        yield ".".join(path), _said(value), default != value, explained.meaning if explained else None


def _said(value: Any) -> str:
    """A value as plan.yaml would have it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(entry) for entry in value) or "[]"
    return "{}" if value == {} else str(value)


def write_verification(book: Book, view: View) -> None:
    """What was recomputed, family by family."""
    page = book.page(VERIFICATION.say(book.language))
    page.papers = (A4_UPRIGHT,)
    for at in range(4):  # few columns, given room for the sentence above them
        page.widen(at, 20 if at else 40)
    page.head(3, VERIFICATION)
    page.merged(1, 0, 3, verification_text(view), book.style("state"))
    placed = write_table(page, 3, columns_of(view, CHECK, view.plan.verification.checks))
    page.repeat = placed.head, placed.head
    page.finish(frozen=(placed.first, 0))
