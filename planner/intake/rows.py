"""The rows of one sheet, read by the map: what each says, how its cells were corrected, why it is not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from planner.intake.codes import problem
from planner.intake.column_units import fits, units_of_sheet
from planner.intake.mapping import MAP_FILE, ColumnMap, IntakeMap, SheetMap
from planner.intake.sheets import Sheet
from planner.intake.values import NO_UNIT, UNCLEAR, Reader, read_text
from planner.language import Words
from planner.problems import Place, Problem, errors, nearest
from planner.reading.amounts import Reading, Unread
from planner.reading.beside import scaled, unseen
from planner.reading.cells import doubtful_comma, has_decimal_comma
from planner.reading.headers import Layout, parse_headers
from planner.reading.rows.void import void_rows
from planner.reading.stated_units import allowed_words
from planner.reading.systems import apart, check_system
from planner.reading.table import Broken, Grid, column_letter, filled
from planner.reading.unit_places.notes import per_other_time
from planner.spelling import fold
from planner.tables.codes import nearest_words
from planner.tables.codes import problem as table_problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import OF_RESOURCE
from planner.tables.units import Header, scale, without_year

Outcome = Literal["taken", "repeat", "no data", "skipped", "refused"]


@dataclass(frozen=True, slots=True)
class CellNote:
    """A cell that was not taken as it stands."""

    place: Place
    column: str
    header: str
    raw: object
    value: object
    rule: Words
    assumed: bool


@dataclass(eq=False)
class Row:
    """One row of a sheet."""

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    """By canonical name, or header of an extra column; blanks are left out."""
    assumed: set[str] = field(default_factory=set)
    notes: list[CellNote] = field(default_factory=list)
    outcome: Outcome = "taken"
    why: Words | None = None
    problems: list[Problem] = field(default_factory=list)
    places: Mapping[str, Place] = field(default_factory=dict)
    raw: dict[str, object] = field(default_factory=dict)
    """What the cells hold, beside ``values``."""

    def refuse(self, found: Problem) -> None:
        """Not taken, because of that."""
        self.problems.append(found)
        self.outcome = "refused"

    def leave(self, outcome: Outcome, why: Words) -> None:
        """Not taken, and nothing wrong with that."""
        self.outcome, self.why = outcome, why


class _Places(Mapping[str, Place]):
    """Where the cells of a row stand, each worked out when it is asked for: of most cells nobody asks."""

    def __init__(self, grid: Grid, row: int, columns: Mapping[str, int]) -> None:
        self._grid, self._row, self._columns = grid, row, columns

    def __getitem__(self, name: str) -> Place:
        return self._grid.place(self._row, self._columns[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, eq=False)
class ReadSheet:
    """A sheet with its rows, from the header down."""

    sheet: Sheet
    told: SheetMap
    spec: TableSpec
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    """Column: its header; extra ones under their own names."""
    assumed: frozenset[str]
    """Columns whose header is marked."""
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    @property
    def taken(self) -> list[Row]:
        """The rows that are taken."""
        return [row for row in self.rows if row.outcome == "taken"]


_SAY_SYSTEM = Words(
    f"在 {MAP_FILE} 的这张表下写 coordinates: 坐标系（WGS84、GCJ-02、BD-09），经度与纬度取同一坐标系的两列；写明以前不取坐标",
    f"write coordinates: and the system (WGS84, GCJ-02, BD-09) at this sheet in {MAP_FILE}, and take two columns of one; until then "
    "the coordinates are not taken",
)

_SKIP = Words(
    f"作废的删除，或把行号写进 {MAP_FILE} 这张表的 skip_rows；仍有效的，去掉这几个字或改正状态",
    f"delete it if it is void, or name its row under skip_rows of this sheet in {MAP_FILE}; if it is in force, take the words out or mend the state",
)


def read_rows(sheet: Sheet, told: SheetMap, spec: TableSpec, settings: IntakeMap) -> ReadSheet:
    """Every row below the header."""
    at = (told.header_row or 1) - 1
    headers = parse_headers(sheet.grid.rows[at]) if at < len(sheet.grid.rows) else ()
    columns, problems = _positions(sheet, told, spec, headers, at)
    extra = _kept(told, headers)
    rows = {number: Row(sheet.grid.place(number)) for number in range(at + 1, len(sheet.grid.rows))}
    names = {**columns, **extra}
    told_of: list[Problem] = []
    layout = Layout(at, headers, columns, extra)
    units = units_of_sheet(sheet.grid, layout, spec)
    body = units.body
    foreign = {found.place: found for found in units.problems if found.code == "T198"}
    told_of += [found for found in units.problems if found.code != "T198"]
    if doubts := check_system(sheet.grid, layout, "coordinates" in told.model_fields_set, body.rows):
        told_of += [replace(found, remedy=_SAY_SYSTEM) for found in doubts]
    if errors(doubts):
        columns = {name: position for name, position in columns.items() if name not in ("lon", "lat")}
        names = {**columns, **extra}
    for number, row in rows.items():
        cells = sheet.grid.rows[number]
        if not any(map(filled, cells)):
            row.leave("no data", Words("空行", "a blank row"))
        elif number + 1 in told.skip_rows:
            row.leave("skipped", Words("映射写明不取", "the map says to skip it"))
        elif (width := _shifted(sheet, headers, cells)) is not None:
            row.refuse(problem("I110", row.place, "", why=width))
        elif foreign and (
            here := next((foreign[at] for at in (sheet.grid.place(number, one) for one in extra.values()) if at in foreign), None)
        ):
            row.refuse(here)
        elif number in body.doubtful:
            row.refuse(body.doubtful[number])
        elif number not in body.rows and number not in body.left_out:
            row.leave("no data", Words("单位行", "a row of units"))
        elif number in body.left_out or all(isinstance(cell, Broken) for cell in cells if filled(cell)):
            left = body.left_out.get(number)
            what = left.rule if left is not None else Words("只有公式而无内容", "formulas without a value only")
            row.leave("no data", what)
            told_of.append(problem("I121", row.place, "", what=what))
    open_rows = {number: row for number, row in rows.items() if row.outcome == "taken"}
    numbers = list(open_rows)
    told_of += unseen(sheet.grid, numbers, names)
    for number, void in void_rows(sheet.grid, layout, spec, numbers):
        if void.severity == "warning":
            told_of.append(replace(void, remedy=_SKIP))
        else:
            open_rows[number].refuse(replace(void, remedy=_SKIP))
    merged = dict(_filled_down(sheet))
    amounts = [position for name, position in columns.items() if spec.column(name).numeric]
    commas = any(has_decimal_comma(_cell(sheet, number, position)) for number in numbers for position in amounts)
    for number, row in open_rows.items():
        row.places = _Places(sheet.grid, number, names)
    for name, position in names.items():
        column = spec.column(name) if name in columns else None
        header = headers[position]
        cells = [_cell(sheet, number, position) for number in open_rows]
        if merged:
            cells = [merged.get((number, position), cell) for number, cell in zip(open_rows, cells, strict=True)]
        if commas and position in amounts:
            cells = [doubtful_comma(cell, points=False) for cell in cells]
        reader = _reader(column, told.columns[name], header, settings) if column is not None else None
        if column is None or reader is None:
            read = [_extra(cell) for cell in cells]
        else:
            if (clash := _clash(reader, header)) is not None:
                problems.append(
                    problem("I124", sheet.grid.place(at, position), header.text, unit=reader.unit, header=clash, map=MAP_FILE)
                )
            of_cells = units.of_cells(column) if column.numeric else {}
            unclear = name in units.said.unclear
            read = reader.read(cells, [UNCLEAR if unclear else of_cells.get(number, "") for number in open_rows])
        for (number, row), cell, one in zip(open_rows.items(), cells, read, strict=True):
            if (number, position) in merged and isinstance(one, Reading):
                one = _of_merged(one, cell, column)
            _take(row, name, column, header, one)
        numeric = column if column is not None and column.numeric else None
        for at, found in scaled(sheet.grid, numbers, position, header.text, numeric.unit == "1") if numeric is not None else ():
            open_rows[numbers[at]].refuse(found)
    if not problems:
        _check_required(open_rows.values(), spec, columns, headers, told)
    assumed = frozenset(name for name, position in names.items() if headers[position].assumed)
    texts = {name: headers[position].text for name, position in names.items()}
    return ReadSheet(sheet, told, spec, names, texts, assumed, tuple(rows.values()), (*problems, *told_of))


def refuse_other_systems(own: Sequence[ReadSheet]) -> None:
    """One table has its points in one system of coordinates: rows of sheets in another than the first are not taken."""
    located = [sheet for sheet in own if "lon" in sheet.columns]
    for sheet in located[1:]:
        one, other = located[0].told.coordinates, sheet.told.coordinates
        if apart(one, other):
            for row in sheet.taken:
                row.refuse(table_problem("T236", row.places.get("lon", row.place), sheet.headers["lon"], one=one, other=other))


def _shifted(sheet: Sheet, headers: Sequence[Header], cells: Sequence[object]) -> Words | None:
    """Why the cells of a row of a CSV may stand in the wrong columns; None where they do not."""
    width = len(headers)
    if sheet.grid.sheet is not None or len(cells) == width or not any(map(filled, cells if len(cells) < width else cells[width:])):
        return None
    return Words(
        f"此行有 {len(cells)} 格，表头有 {width} 格，各格可能错位",
        f"the row has {len(cells)} cells, the header {width}: they may be shifted",
    )


def _cell(sheet: Sheet, row: int, column: int) -> object:
    cells = sheet.grid.rows[row]
    return cells[column] if column < len(cells) else None


def _positions(
    sheet: Sheet, told: SheetMap, spec: TableSpec, headers: Sequence[Header], row: int
) -> tuple[dict[str, int], list[Problem]]:
    """Where the columns of the map stand."""
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    for name, column in told.columns.items():
        if not spec.has(name):
            hint = nearest_words(nearest(name, spec.names), Words.listed(spec.names))
            problems.append(problem("I105", Place(MAP_FILE), name, table=spec.zh, name=spec.name, nearest=hint))
            continue
        found = _named(column.header, headers)
        position = found[0] if found else None
        if len(found) > 1:
            letters = Words.listed(f"{column.header} ({column_letter(at)})" for at in found)
            problems.append(
                problem("I123", sheet.grid.place(row, found[1]), column.header, name=name, map=MAP_FILE, letters=letters)
            )
        elif position is None:
            texts = [header.text for header in headers if header.text]
            hint = nearest_words(nearest(column.header, texts), Words.listed(texts))
            known = Words.listed(texts)
            problems.append(problem("I104", sheet.grid.place(row), name, column.header, row=row + 1, known=known))
        else:
            columns[name] = position
    for wanted in spec.columns:
        needed = wanted.name in spec.key if told.joins else True
        if wanted.required and needed and wanted.name not in told.columns:
            said = {"table": spec.zh, "column": wanted.zh, "name": wanted.name, "map": MAP_FILE}
            problems.append(problem("I108", sheet.grid.place(row), wanted.zh, **said))
    return columns, problems


def _named(wanted: str, headers: Sequence[Header]) -> list[int]:
    """Positions of the headers of that name; ``用地 (G)`` is the one in column G."""
    texts = {
        at: (fold(header.text), fold(f"{header.text} ({column_letter(at)})")) for at, header in enumerate(headers) if header.text
    }
    exact = [at for at, (text, _) in texts.items() if text == fold(wanted)]
    return exact or [at for at, (_, lettered) in texts.items() if lettered == fold(wanted)]


def _kept(told: SheetMap, headers: Sequence[Header]) -> dict[str, int]:
    """Extra columns that the map keeps, under their own names without blanks; they never take the name of a column."""
    wanted = {fold(text): text for text in told.keep}
    kept: dict[str, int] = {}
    for at, header in enumerate(headers):
        if header.text and fold(header.text) in wanted:
            name = read_text(header.text.replace("*", "").replace("＊", "")).value
            kept[name if name not in kept else f"{name} {at + 1}"] = at
    return kept


def _reader(column: Column, told: ColumnMap, header: Header, settings: IntakeMap) -> Reader:
    if column.unit == OF_RESOURCE and header.unit is None:
        column = replace(column, unit="")  # each amount is in the unit of its row's resource
    unit, marked = (told.unit or "").rstrip("*＊ "), (told.unit or "").endswith(("*", "＊"))
    if not unit and header.unit and (fits(header.unit, column) or fits(without_year(header.unit), column)):
        unit = header.unit
    if unit and not fits(unit, column) and fits(without_year(unit), column):
        unit = without_year(unit)
    return Reader(column, told, unit or None, marked, header.assumed, settings)


def _clash(reader: Reader, header: Header) -> str | None:
    """The unit of the header, where the map says another that it cannot be."""
    if reader.unit is not None and (other := per_other_time(reader.column, header)):
        return other
    stated = header.unit
    if stated is None or reader.unit is None or not fits(stated, reader.column) or not fits(reader.unit, reader.column):
        return None
    same = scale(stated, reader.column.unit, 1.0) == scale(reader.unit, reader.column.unit, 1.0)
    return None if same else stated


def _filled_down(sheet: Sheet) -> Iterator[tuple[tuple[int, int], object]]:
    """(row, column) below the first of each vertically merged range, and what the range says."""
    for (top, left), (bottom, right) in sheet.grid.merged:
        for row in range(top + 1, min(bottom + 1, len(sheet.grid.rows))):
            for column in range(left, right + 1):
                yield (row, column), _cell(sheet, top, left)


def _of_merged(read: Reading[Any], cell: object, column: Column | None) -> Reading[Any] | Unread:
    """A merged text stands for every row; whether a merged amount is each row's or the sum of all is not known."""
    if column is not None and column.numeric and read.value is not None:
        return Unread(
            cell,
            Words("合并单元格中的数是各行的还是合计的，不清楚", "whether a merged amount is each row's or their sum is not known"),
        )
    return Reading(cell, read.value, (*read.rules, Words("取合并单元格的值", "the value of the merged cells")), read.assumed)


def _extra(cell: object) -> Reading[Any] | Unread:
    """A cell of a column that no table declares, as it stands."""
    if isinstance(cell, Broken):
        if cell.text.startswith("="):
            return Reading(
                cell.text, cell.text, (Words("公式没有算出的值，按文字保留", "a formula without a value: kept as text"),)
            )
        return Reading(cell.text, None, (Words("公式出错，留空", "a formula that failed: left blank"),))
    if cell is None or cell == "" or cell != cell:
        return Reading(cell, None)
    return Reading(cell, cell)


def _take(row: Row, name: str, column: Column | None, header: Header, read: Reading[Any] | Unread) -> None:
    if isinstance(read, Unread):
        place, found = row.places[name], str(read.raw)
        if read.why is NO_UNIT and column is not None:
            said = {"map": MAP_FILE, "allowed": allowed_words(column.unit)}
            row.refuse(problem("I114", place, header.text, found, **said))
        else:
            row.refuse(problem("I110", place, header.text, found, why=read.why))
        return
    if read.rules or (read.assumed and not header.assumed):
        rule = read.rule if read.rules else Words("单元格标有 *", "the cell is marked")
        row.notes.append(CellNote(row.places[name], name, header.text, read.raw, read.value, rule, read.assumed))
    if read.value is not None:
        row.values[name], row.raw[name] = read.value, read.raw
        if read.assumed:
            row.assumed.add(name)


def _check_required(
    rows: Iterator[Row] | Sequence[Row] | Any,
    spec: TableSpec,
    columns: Mapping[str, int],
    headers: Sequence[Header],
    told: SheetMap,
) -> None:
    unread = {(id(row), found.subject) for row in rows for found in row.problems}
    for row in rows:
        for column in spec.columns:
            if column.required and column.name in columns and column.name not in row.values:
                header = headers[columns[column.name]].text
                if (id(row), header) not in unread:
                    row.refuse(problem("I113", row.places[column.name], header))
