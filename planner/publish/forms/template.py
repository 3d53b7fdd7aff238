"""``planner template``: a workbook with every table to be filled in, empty or with the tables of a plan; it is read without a map.

Each sheet is called like its table. Its first row says that it is an input sheet (:mod:`planner.tables.form`), its second is the
header. Drop-downs, comments and colours help whoever fills it in; reading needs none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.language import Language, Words
from planner.plan.whole_folder import whole_file
from planner.problems import InputError, Place
from planner.publish.book.book import Book, Cell
from planner.publish.book.text import sheet_name, width
from planner.publish.codes import problem, refusal
from planner.publish.forms.cells import written
from planner.publish.forms.guide import plan_lines, write_examples, write_guide
from planner.publish.forms.notes import note_of
from planner.publish.forms.proof import unlike
from planner.publish.forms.rules import Bounds, colour, restrict
from planner.reading.table import Table, Tables
from planner.settings.schema import ResourceSettings
from planner.spelling import fold
from planner.tables.column import Column, TableSpec
from planner.tables.form import BANNER, header_of
from planner.tables.provenance import PROVENANCE, provenance_column
from planner.tables.spec import TABLES, resource_columns
from planner.tables.units import known_unit, parse_header

_COMMON = (
    ("land", Words("用地", "land"), "亩", "stock"),
    ("power", Words("用电负荷", "power"), "MW", "flow"),
    ("water", Words("日用水", "water"), "吨/日", "flow"),
    ("energy", Words("年综合能耗", "energy"), "吨标煤", "flow"),
)


def common_resources(language: Language) -> dict[str, ResourceSettings]:
    """Resources that most plans have: what a template without a plan offers columns for."""
    return {
        name: ResourceSettings(name=words.say(language), unit=unit, kind="stock" if kind == "stock" else "flow")
        for name, words, unit, kind in _COMMON
    }


TITLE = Words("补链输入模板", "Bulian input template")
BANNER_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2
SPARE_ROWS = 1000
"""Rows below those with data that have drop-downs and colours too."""
_NEEDED, _OPTIONAL_TAB = "#C00000", "#1F4E79"
_REQUIRED_HEAD = {"bg_color": "#C00000"}
_WIDEST = 36
_LEFT, _RIGHT = {"align": "left", "indent": 1}, {"align": "right"}


@dataclass(frozen=True)
class FormColumn:
    """A column of a sheet: its header, what is declared of it (None: an extra column) and its cells."""

    header: str
    column: Column | None
    cells: Sequence[Cell] = ()

    @property
    def numeric(self) -> bool:
        """Whether numbers stand in it."""
        if self.column is not None:
            return self.column.numeric
        return any(isinstance(cell, float) for cell in self.cells)


@dataclass(frozen=True)
class FormSheet:
    """One table as a sheet: under ``name``, with ``columns``; N rows."""

    spec: TableSpec
    name: str
    columns: Sequence[FormColumn]
    rows: int = 0
    at: Mapping[str, int] = field(default_factory=dict)
    """Canonical column: position."""

    @property
    def known(self) -> frozenset[str]:
        """Every header that the table's own columns are recognised by, folded."""
        return frozenset(fold(name) for column in self.spec.columns for name in column.known_as)

    @property
    def last(self) -> int:
        """The last row that is prepared for entries."""
        return FIRST_ROW + self.rows + SPARE_ROWS - 1


def write_template(
    path: Path, language: Language, tables: Tables | None = None, quarters: Sequence[str] = (), folder: Path | None = None
) -> Path:
    """The template at ``path``, which must be a new .xlsx; with the resources and the rows of ``tables``, if given. Fixed quarters
    are chosen among ``quarters``; ``folder`` is that of plan.yaml.

    Raises:
        planner.problems.InputError: something stands there, it is no .xlsx, or it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise refusal("T240", Place(str(path)), "OUT", path.name)
    if path.exists():
        raise refusal("T241", Place(str(path)), "OUT", path.name)
    sheets = form_sheets(language, tables)

    with whole_file(path) as made:
        with Book(made, language, TITLE.say(language)) as book:
            write_guide(
                book,
                [(sheet.spec, sheet.name, sheet.rows) for sheet in sheets],
                plan_lines(form_sources(_relative(path, folder), sheets, tables)),
            )
            bounds = {sheet.spec.name: Bounds(sheet.name, FIRST_ROW, sheet.last, sheet.at) for sheet in sheets}
            for sheet in sheets:
                _write_sheet(book, sheet, bounds, quarters)
            declared = [[entry.column for entry in sheet.columns if entry.column is not None] for sheet in sheets]
            write_examples(book, [(sheet.spec, sheet.name, own) for sheet, own in zip(sheets, declared, strict=True)])
        sheet_of = {sheet.spec.name: sheet.name for sheet in sheets}
        if tables is not None and (wrong := unlike(tables, made, form_sources(made.name, sheets, tables))):
            raise InputError(problem("T247", Place(path.name, sheet_of[name]), name, column) for name, column in wrong)
    return path


def _relative(path: Path, folder: Path | None) -> str:
    """The file as plan.yaml in ``folder`` names it; its name alone where it is elsewhere."""
    near = folder is not None and path.resolve().is_relative_to(folder.resolve())
    return path.resolve().relative_to(folder.resolve()).as_posix() if near and folder is not None else path.name


def form_sources(file: str, sheets: Sequence[FormSheet], tables: Tables | None = None) -> dict[str, list[dict[str, object]]]:
    """What plan.yaml says under ``tables``: each sheet of the workbook ``file``, of a filled one those with rows. A layer stays a
    source for the outlines that no sheet can hold."""
    sources: dict[str, list[dict[str, object]]] = {}
    for sheet in (sheet for sheet in sheets if sheet.rows or tables is None):
        table = None if tables is None else tables.get(sheet.spec.name)
        own: dict[str, object] = {"file": file, "sheet": sheet.name}
        sources[sheet.spec.name] = [own]
        if table is None:
            continue
        if table.coordinates != "WGS84":
            own["coordinates"] = table.coordinates
        for name in ("source", "as_of", "confidence"):
            if said := list(dict.fromkeys(word for told in table.inputs if (word := getattr(told, name)))):
                own[name] = "；".join(said) if name != "as_of" else min(said)
        if kept := {name: name for name in table.extra if fold(name) in sheet.known}:
            own["columns"] = kept
        if "geometry" in table.frame.columns:
            sources[sheet.spec.name] += [_layer(table, sheet, number) for number, told in enumerate(table.inputs) if told.layer]
    return sources


def _layer(table: Table, sheet: FormSheet, number: int) -> dict[str, object]:
    """A layer as a further source, with the map of its headers that no table knows."""
    told, from_it = table.inputs[number], {name for name, origin in table.origins.items() if number in origin.inputs(len(table))}
    own = {name: table.headers[name] for name in sheet.spec.names if name in from_it and name in table.headers}
    mapped = {name: header for name, header in own.items() if fold(parse_header(header).name) not in sheet.known}
    return {"file": told.file, "layer": told.layer, **({"columns": mapped} if mapped else {})}


def form_sheets(language: Language, tables: Tables | None = None) -> list[FormSheet]:
    """Every table with its columns and cells, in the order in which they are read."""
    resources = common_resources(language) if tables is None else tables.resources
    sheets: list[FormSheet] = []
    for name, spec in TABLES.items():
        own = spec.adding(resource_columns(name, resources)) if spec.takes_resources else spec
        table = None if tables is None else tables.get(name)
        columns = [_declared(column, table, language) for column in own.columns]
        if name == "resources" and table is None:
            columns = [_of_resources(column, resources, language) for column in own.columns]
        if name != "resources":
            columns += [FormColumn(header_of(column, language), column) for column in _unsaid(own, table)]
        columns += [_extra(extra, table) for extra in (table.extra if table is not None else ()) if not _tells_units(extra, table)]
        at = {entry.column.name: position for position, entry in enumerate(columns) if entry.column is not None}
        rows = max((len(entry.cells) for entry in columns), default=0)
        sheets.append(FormSheet(own, sheet_name(spec.zh if language == "zh" else name, ()), columns, rows, at))
    return sheets


def _declared(column: Column, table: Table | None, language: Language) -> FormColumn:
    if table is None or column.name not in table.frame.columns:
        return FormColumn(header_of(column, language), column)
    header = header_of(column, language, assumed=column.name in table.assumed)
    cells = [
        written(column, value, language, (row, column.name) in table.assumed_cells)
        for row, value in enumerate(table.frame[column.name].tolist())
    ]
    return FormColumn(header, column, cells)


def _of_resources(column: Column, resources: Mapping[str, ResourceSettings], language: Language) -> FormColumn:
    """The plan's resources as rows of their table, where plan.yaml and no table declares them."""
    values = [name if column.name == "resource_id" else getattr(told, column.name) for name, told in resources.items()]
    return FormColumn(header_of(column, language), column, [written(column, value, language) for value in values])


def _unsaid(spec: TableSpec, table: Table | None) -> list[Column]:
    """Columns about a row's facts that the table has under no header of its own."""
    there = (*spec.names, *(table.extra if table is not None else ()))
    return [column for meaning, column in PROVENANCE.items() if provenance_column(meaning, there) is None]


def _tells_units(name: str, table: Table | None) -> bool:
    """Whether an extra column says the units of its rows: the values are converted by it already, and must not be again."""
    cells = [] if table is None else [cell for cell in table.frame[name].tolist() if isinstance(cell, str) and cell]
    return bool(cells) and all(known_unit(cell) is not None for cell in cells)


def _extra(name: str, table: Table | None) -> FormColumn:
    assert table is not None
    unit = f"({table.units[name]})" if name in table.units else ""
    values = enumerate(table.frame[name].tolist())
    cells = [written(None, value, "zh", (row, name) in table.assumed_cells) for row, value in values]
    return FormColumn(f"{name}{'*' if name in table.assumed else ''}{unit}", None, cells)


def _write_sheet(book: Book, sheet: FormSheet, bounds: Mapping[str, Bounds], quarters: Sequence[str]) -> None:
    page, spec = book.page(sheet.name), sheet.spec
    note = book.style("note", text_wrap=False, valign="vcenter")
    page.sheet.set_tab_color(_NEEDED if spec.needed else _OPTIONAL_TAB)
    banner = page.say(BANNER, table=f"{sheet.name}（{spec.name}）")
    page.text(BANNER_ROW, 0, banner, note)
    page.sheet.set_row(BANNER_ROW, 22, note)
    page.high(HEADER_ROW, 24)
    # Few columns are as wide as the line above them, so that paper shows all of it.
    narrow = min(_WIDEST, width(banner) / len(sheet.columns)) if sum(map(_width, sheet.columns)) < width(banner) else 0.0
    for position, entry in enumerate(sheet.columns):
        column = entry.column
        text = not entry.numeric
        body = book.style("body", num_format="@" if text else "General", **_LEFT if text else _RIGHT)
        page.widen(position, max(_width(entry), narrow))
        if column is not None:
            page.prepared[position] = body
        must = column is not None and column.required
        page.text(HEADER_ROW, position, entry.header, book.style("head", **(_REQUIRED_HEAD if must else {})))
        for row, cell in enumerate(entry.cells):
            page.put(FIRST_ROW + row, position, cell, body)
        if column is not None:
            page.comment(HEADER_ROW, position, note_of(column, spec.name, book.language))
            restrict(page, column, position, bounds[spec.name], bounds, quarters)
    colour(page, spec, bounds[spec.name], bounds)
    page.touch(FIRST_ROW + max(sheet.rows, 30), len(sheet.columns) - 1)
    page.repeat = BANNER_ROW, HEADER_ROW
    page.finish(frozen=(FIRST_ROW, min(2, len(sheet.columns))))


def _width(entry: FormColumn) -> float:
    """Characters: those of the header and of the cells, within reason."""
    cells = max((width(cell) for cell in entry.cells if isinstance(cell, str)), default=0)
    return float(min(_WIDEST, max(9, width(entry.header) + 4, cells + 3)))
