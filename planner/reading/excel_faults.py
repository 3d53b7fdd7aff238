"""Cells that a workbook shows as an error, or whose formula was never calculated: calamine reports both as empty.

Three file formats, one answer: ``{(row, column): Broken}``, counted from 0. Each looks first whether there is anything
to find, so that an ordinary workbook costs one search of its bytes. Formats: ECMA-376 part 1 §18.3.1.4 (xlsx), ODF 1.3
part 3 §19.385 (ods), [MS-XLS] 2.4.127 and 2.4.24 with [MS-CFB] (xls).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
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


_XLSX_CELL = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.S
)
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


_XLS_ERRORS: Mapping[int, str] = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FORMULA_RECORD, _ERROR_RECORD, _SHEET_RECORD, _END_RECORD = 0x0006, 0x0205, 0x0085, 0x000A


def _of_xls(data: bytes, position: int) -> Faults:
    found: Faults = {}
    stream = _xls_stream(data)
    sheets = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _SHEET_RECORD]
    for kind, body in _records(stream, sheets[position]):
        if kind == _FORMULA_RECORD and body[6] == 2 and body[12:14] == b"\xff\xff":
            code = body[8]
        elif kind == _ERROR_RECORD and body[7] == 1:
            code = body[6]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        found[row, column] = Broken(_XLS_ERRORS.get(code, "#"), "T140")
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record up to the end of the substream that begins at ``start``."""
    at = start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        if kind == _END_RECORD:
            return
        at += 4 + size


def _xls_stream(data: bytes) -> bytes:
    """The stream ``Workbook`` (or ``Book``) of a compound file."""
    (shift,), (cutoff,) = struct.unpack_from("<H", data, 0x1E), struct.unpack_from("<I", data, 0x38)
    first_directory, first_mini = struct.unpack_from("<I", data, 0x30)[0], struct.unpack_from("<I", data, 0x3C)[0]
    size = 1 << shift

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", data, 0x4C))
    more = struct.unpack_from("<I", data, 0x44)[0]
    while more < 0xFFFFFFFA:
        entries = struct.unpack(f"<{size // 4}I", sector(more))
        tables.extend(entries[:-1])
        more = entries[-1]
    fat = [entry for table in tables if table < 0xFFFFFFFA for entry in struct.unpack(f"<{size // 4}I", sector(table))]
    directory = b"".join(sector(number) for number in _chain(fat, first_directory))
    entries_of = {
        _entry_name(directory, at): struct.unpack_from("<II", directory, at + 0x74)
        for at in range(0, len(directory), 128)
    }
    start, length = entries_of.get("Workbook") or entries_of["Book"]
    if length >= cutoff:
        return b"".join(sector(number) for number in _chain(fat, start))[:length]
    root = b"".join(sector(number) for number in _chain(fat, entries_of["Root Entry"][0]))
    mini_table = b"".join(sector(number) for number in _chain(fat, first_mini))
    mini = struct.unpack(f"<{len(mini_table) // 4}I", mini_table)
    return b"".join(root[number * 64 : (number + 1) * 64] for number in _chain(list(mini), start))[:length]


def _entry_name(directory: bytes, at: int) -> str:
    length = struct.unpack_from("<H", directory, at + 0x40)[0]
    return directory[at : at + max(length - 2, 0)].decode("utf-16-le", errors="replace")


def _chain(table: list[int], start: int) -> Iterator[int]:
    """Sector numbers from ``start`` on; a chain is never longer than its table, however the file is damaged."""
    number = start
    for _ in range(len(table)):
        if number >= len(table):
            return
        yield number
        number = table[number]
