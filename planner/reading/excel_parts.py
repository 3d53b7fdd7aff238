"""What calamine does not say of a workbook, from the parts of the file: how far its sheets reach, and which cells are broken.

Calamine makes room for every cell up to the farthest one: a stray cell at the far corner would ask for half a terabyte and
end the process, and so would a zip that is small and unpacks without end. It reports a cell that shows an error, or whose
formula was never calculated, as empty. Xlsx and ods are first searched for anything broken, so that an ordinary workbook
costs one search of its bytes; xlrd reads the old xls once more. Formats: ECMA-376 part 1 §18.3.1.4 (xlsx), ODF 1.3 part 3
§19.385 (ods). Positions are (row, column) from 0.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import accumulate
from xml.etree import ElementTree

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.table import Broken, column_letter
from planner.tables.codes import problem

MOST_CELLS = 20_000_000
"""Cells up to the farthest one that a sheet may have: 200,000 rows of 100 columns."""
MOST_BYTES = 1_000_000_000
"""Bytes that a workbook may unpack to."""

BrokenCells = dict[tuple[int, int], Broken]
Extents = Iterable[tuple[str, tuple[int, int]]]
"""For each sheet its name, and rows and columns up to the farthest cell that holds something."""

_ODS_CONTENT = "content.xml"


def check_size(name: str, data: bytes) -> Problem | None:
    """Why a zipped workbook called ``name`` cannot be opened: it is cut short, unpacks to too much, or a sheet reaches too
    far; None when it can, or is no zip. Raises whatever a damaged file leads to."""
    if not data.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
            return problem("T102", Place(name), name, why=Words("解压后过大", "it unpacks to too much"))
        if parts.testzip() is not None:  # reads every part: a size that is not the stated one is damage too
            return problem("T102", Place(name), name, why=Words("文件损坏或不完整", "it is damaged or cut short"))
        ods = _ODS_CONTENT in parts.namelist()
        extents: Extents = _ods_extents(parts.read(_ODS_CONTENT)) if ods else _xlsx_extents(parts)
        for sheet, (rows, columns) in extents:
            if rows * columns > MOST_CELLS:
                said = {"rows": f"{rows:,}", "columns": f"{columns:,}", "most": f"{MOST_CELLS:,}"}
                return problem("T181", Place(name, sheet), name, cell=f"{column_letter(columns - 1)}{rows}", **said)
    return None


def broken_cells(data: bytes, position: int) -> BrokenCells:
    """The broken cells of the sheet at ``position`` (from 0) of a workbook that has been found to open."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # the container of the old xls
        return _broken_in_xls(data, position)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if _ODS_CONTENT in parts.namelist():
            return _broken_in_ods(parts.read(_ODS_CONTENT), position)
        return _broken_in_xlsx(parts.read(_xlsx_sheets(parts)[position][1]))


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _xlsx_sheets(parts: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name of each sheet and the part that holds it, by way of the workbook's relations."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {entry.get("Id"): str(entry.get("Target")) for entry in relations}
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    paths = [targets[sheet.get(_RELATION) or sheet.get(_STRICT)] for sheet in sheets]
    paths = [path.lstrip("/") if path.startswith("/") else f"xl/{path}" for path in paths]
    return [(sheet.get("name", ""), path) for sheet, path in zip(sheets, paths, strict=True)]


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.S
)
_POSITION, _TYPE = (re.compile(rb"\b" + name + rb"""\s*=\s*["']([^"']*)["']""") for name in (b"r", b"t"))
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_ERROR_OR_FORMULA = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f\b""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")


def _xlsx_extents(parts: zipfile.ZipFile) -> Extents:
    for name, path in _xlsx_sheets(parts):
        xml = parts.read(path)
        cells = _REFERENCE.findall(xml)
        columns = max((_column_number(letters) for letters in {letters for letters, _ in cells}), default=0)
        if not cells:  # cells without references follow each other
            columns = len(_CELL.findall(xml))
        rows = [int(row) for _, row in cells] + [int(row) for row in _ROW.findall(xml)]
        yield name, (max(rows, default=0) if columns else 0, columns)


def _column_number(letters: bytes) -> int:
    """3 for ``C``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _broken_in_xlsx(xml: bytes) -> BrokenCells:
    broken: BrokenCells = {}
    row = column = -1
    for match in _ROW_OR_CELL.finditer(xml) if _ERROR_OR_FORMULA.search(xml) else ():
        if match["row"] is not None:
            stated = _POSITION.search(match["row"])
            row, column = (int(stated[1]) - 1 if stated else row + 1), -1
            continue
        stated, kind, inside = _POSITION.search(match["cell"]), _TYPE.search(match["cell"]), match["inside"] or b""
        column = _column_number(stated[1].rstrip(b"0123456789")) - 1 if stated else column + 1
        value = _VALUE.search(inside)
        if kind and kind[1] == b"e":
            broken[row, column] = Broken(value[1].decode() if value else "#", "T140")
        elif not value and _FORMULA.search(inside) and not (kind and kind[1] in (b"str", b"inlineStr")):
            broken[row, column] = Broken("", "T141")
    return broken


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ERROR = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def _ods_rows(xml: bytes) -> Iterator[tuple[int, str, int, ElementTree.Element]]:
    """Position and name of its sheet, position and element of every row; the element is emptied before the next."""
    sheet, name, at = -1, "", 0
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        if (event, element.tag) == ("start", f"{_TABLE}table"):
            sheet, name, at = sheet + 1, element.get(f"{_TABLE}name", ""), 0
        elif (event, element.tag) == ("end", f"{_TABLE}table-row"):
            yield sheet, name, at, element
            at += int(element.get(f"{_TABLE}number-rows-repeated", 1))
            element.clear()


def _ods_columns(row: ElementTree.Element) -> list[int]:
    """The column in which each cell of a row begins, and the one behind the last."""
    return [0, *accumulate(int(cell.get(f"{_TABLE}number-columns-repeated", 1)) for cell in row)]


def _ods_extents(xml: bytes) -> Extents:
    """Repeated cells and rows count as often as they stand there, blank ones at the end not at all."""
    extents: dict[str, tuple[int, int]] = {}
    for _, name, at, row in _ods_rows(xml):
        ends = zip(_ods_columns(row)[1:], row, strict=True)
        width = max((end for end, cell in ends if len(cell) or any(key.startswith(_OFFICE) for key in cell.attrib)), default=0)
        if width:
            repeated = int(row.get(f"{_TABLE}number-rows-repeated", 1))
            extents[name] = (at + repeated, max(width, extents.get(name, (0, 0))[1]))
    return extents.items()


def _broken_in_ods(xml: bytes, position: int) -> BrokenCells:
    if b'calcext:value-type="error"' not in xml:
        return {}
    return {
        (at, column): Broken(cell.findtext(_TEXT) or "#", "T140")
        for sheet, _, at, row in _ods_rows(xml)
        if sheet == position
        for column, cell in zip(_ods_columns(row), row, strict=False)
        if cell.get(_ERROR) == "error"
    }


def _broken_in_xls(data: bytes, position: int) -> BrokenCells:
    from xlrd import XL_CELL_ERROR, error_text_from_code, open_workbook

    sheet = open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True).sheet_by_index(position)
    return {
        (row, column): Broken(error_text_from_code.get(sheet.cell_value(row, column), "#"), "T140")
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == XL_CELL_ERROR
    }
