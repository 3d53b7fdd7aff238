"""Cells that a workbook shows as an error, or whose formula was never calculated: calamine reports both as empty.

Three file formats, one answer: ``{(row, column): Broken}``, counted from 0. Xlsx and ods are looked through first for anything
to find, so that an ordinary workbook costs one search of its bytes; xlrd reads the old xls once more. Formats: ECMA-376
part 1 §18.3.1.4 (xlsx), ODF 1.3 part 3 §19.385 (ods).
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

from planner.reading.grid import Broken

Faults = dict[tuple[int, int], Broken]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def broken_cells(data: bytes, position: int) -> Faults:
    """The broken cells of the sheet at ``position`` (from 0) of a workbook that has been found to open."""
    if data.startswith(_OLE):
        return _of_xls(data, position)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if "content.xml" in parts.namelist():
            return _of_ods(parts.read("content.xml"), position)
        return _of_xlsx(parts.read(xlsx_sheets(parts)[position][1]))


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def xlsx_sheets(parts: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name of each sheet and the part that holds it, by way of the workbook's relations."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {entry.get("Id"): str(entry.get("Target")) for entry in relations}
    found = []
    for sheet in (element for element in book.iter() if element.tag.endswith("}sheet")):
        target = targets[sheet.get(_RELATION) or sheet.get(_STRICT)]
        found.append((sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"))
    return found


_XLSX_CELL = re.compile(rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.S)
_ATTRIBUTE = {name: re.compile(rb"\b" + name.encode() + rb"""\s*=\s*["']([^"']*)["']""") for name in ("r", "t")}
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")


def _of_xlsx(xml: bytes) -> Faults:
    found: Faults = {}
    if not re.search(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f\b""", xml):
        return found
    row = column = -1
    for match in _XLSX_CELL.finditer(xml):
        if match["row"] is not None:
            stated = _ATTRIBUTE["r"].search(match["row"])
            row, column = (int(stated[1]) - 1 if stated else row + 1), -1
            continue
        stated, inside = _ATTRIBUTE["r"].search(match["cell"]), match["inside"] or b""
        column = _column_number(stated[1]) if stated else column + 1
        kind, value = _ATTRIBUTE["t"].search(match["cell"]), _VALUE.search(inside)
        if kind and kind[1] == b"e":
            found[row, column] = Broken(value[1].decode() if value else "#", "T140")
        elif not value and _FORMULA.search(inside) and not (kind and kind[1] in (b"str", b"inlineStr")):
            found[row, column] = Broken("", "T141")
    return found


def _column_number(reference: bytes) -> int:
    """2 for ``C17``."""
    number = 0
    for letter in reference.decode().upper():
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ERROR = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def _of_ods(xml: bytes, position: int) -> Faults:
    found: Faults = {}
    if b'calcext:value-type="error"' not in xml:
        return found
    table = list(ElementTree.fromstring(xml).iter(f"{_TABLE}table"))[position]
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            if cell.get(_ERROR) == "error":
                found[row, column] = Broken(cell.findtext(_TEXT) or "#", "T140")
            column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        row += int(line.get(f"{_TABLE}number-rows-repeated", 1))
    return found


def _of_xls(data: bytes, position: int) -> Faults:
    from xlrd import XL_CELL_ERROR, error_text_from_code, open_workbook

    sheet = open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True).sheet_by_index(position)
    return {
        (row, column): Broken(error_text_from_code.get(sheet.cell_value(row, column), "#"), "T140")
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == XL_CELL_ERROR
    }
