"""How far a sheet reaches, found before it is opened: calamine makes room for every cell up to the farthest one.

A single stray cell at the far corner would ask for half a terabyte and end the process; so would a zip that is small
and unpacks without end.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from planner.language import Words
from planner.reading.excel_faults import xlsx_sheets
from planner.reading.grid import column_letter

MOST_CELLS = 20_000_000
"""Cells up to the farthest one that a sheet may have: 200,000 rows of 100 columns."""
MOST_BYTES = 1_000_000_000
"""Bytes that a workbook may unpack to."""

Extent = tuple[int, int]
"""Rows and columns up to the farthest cell that holds something."""


class ExcessError(Exception):
    """A sheet reaches too far."""

    def __init__(self, sheet: str, extent: Extent) -> None:
        self.sheet, (rows, columns) = sheet, extent
        self.values = {
            "cell": f"{column_letter(columns - 1)}{rows}",
            "rows": f"{rows:,}",
            "columns": f"{columns:,}",
            "most": f"{MOST_CELLS:,}",
        }


def check_size(data: bytes) -> Words | None:
    """Why a zipped workbook cannot be opened: it is cut short, or unpacks to too much; None when it can, or is no zip.

    Raises:
        ExcessError: a sheet reaches too far.
        Exception: whatever a damaged file leads to.
    """
    if not data.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
            return Words("解压后过大", "it unpacks to too much")
        if parts.testzip() is not None:  # reads every part: a size that is not the stated one is damage too
            return Words("文件损坏或不完整", "it is damaged or cut short")
        ods = "content.xml" in parts.namelist()
        extents = _ods_extents(parts.read("content.xml")) if ods else _xlsx_extents(parts)
        for sheet, extent in extents:
            if extent[0] * extent[1] > MOST_CELLS:
                raise ExcessError(sheet, extent)
    return None


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b")


def _xlsx_extents(parts: zipfile.ZipFile) -> Iterator[tuple[str, Extent]]:
    for name, path in xlsx_sheets(parts):
        xml = parts.read(path)
        cells = _REFERENCE.findall(xml)
        letters = {letter.upper() for letter, _ in cells}
        columns = max((_number(letter) for letter in letters), default=0)
        if not cells:  # cells without references follow each other
            columns = len(_CELL.findall(xml))
        rows = [int(row) for _, row in cells] + [int(row) for row in _ROW.findall(xml)]
        yield name, (max(rows, default=0) if columns else 0, columns)


def _number(letters: bytes) -> int:
    """3 for ``C``."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _ods_extents(xml: bytes) -> Iterator[tuple[str, Extent]]:
    """Repeated cells and rows count as often as they stand there, blank ones at the end not at all."""
    rows = columns = passed = 0
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        if element.tag == f"{_TABLE}table-row":
            width = at = 0
            for cell in element:
                at += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
                if len(cell) or any(name.startswith(_OFFICE) for name in cell.attrib):
                    width = at
            passed += int(element.get(f"{_TABLE}number-rows-repeated", 1))
            if width:
                rows, columns = passed, max(columns, width)
            element.clear()
        elif element.tag == f"{_TABLE}table":
            yield element.get(f"{_TABLE}name", ""), (rows, columns)
            rows = columns = passed = 0
            element.clear()
