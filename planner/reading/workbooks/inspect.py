"""Whether a workbook can be opened at all, and what its sheets say beside their cells.

Calamine makes room for every cell up to the farthest one: a stray cell at the far corner would ask for half a terabyte and
end the process, and so would a zip that is small and unpacks without end. It reports a cell that shows an error, or whose
formula was never calculated, as empty, and knows nothing of hidden rows, number formats and the like. A workbook with ten
tables is asked ten times: the last one is remembered.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from functools import lru_cache

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.table import column_letter
from planner.reading.workbooks.content import PASSWORD, SAVE_AGAIN, UNLOCK, WORKBOOK_KINDS, content_of, unreadable
from planner.reading.workbooks.facts import MOST_CELLS, SheetFacts
from planner.reading.workbooks.xlsx import Xlsx
from planner.tables.codes import problem

MOST_BYTES = 1_000_000_000
"""Bytes that a workbook may unpack to."""
BOMB_BYTES, BOMB_RATIO = 50_000_000, 200
"""A workbook that unpacks to more than the first, and to more than so many times its size, holds nothing a person wrote."""
_TOO_MUCH = Words("解压后过大", "it unpacks to too much")
_SMALLER = Words(
    "确是数据的，把要用的工作表复制到新工作簿再导入；来历不明的文件不要打开",
    "copy the sheets that are needed into a new workbook; do not open a file of unknown origin",
)
_NO_DATA = Words("重新取一份有内容的文件", "get the file again, with what should be in it")
_DAMAGED = Words("文件损坏或不完整", "it is damaged or cut short")
_ODS_CONTENT, _ODS_STYLES = "content.xml", "styles.xml"


def unfit(name: str, data: bytes) -> Problem | None:
    """Why the workbook called ``name`` cannot be opened: it is something else, has a password, is cut short or unpacks to too
    much; None when it can. Raises whatever a damaged file leads to."""
    if content_of(data) is None:
        return unreadable(name, _DAMAGED) if data else unreadable(name, Words("文件是空的", "it is empty"), _NO_DATA)
    if (misnamed := not_what_it_says(name, data, WORKBOOK_KINDS)) is not None:
        return misnamed
    why = _spoilt(data) if data.startswith(b"PK") else None
    return unreadable(name, why, _SMALLER if why == _TOO_MUCH else SAVE_AGAIN) if why else None


def not_what_it_says(name: str, data: bytes, kinds: Collection[str]) -> Problem | None:
    """The problem of a file that is known to be something other than the ``kinds`` its name allows, or has a password."""
    content = content_of(data)
    if content is None or content.kind in kinds:
        return None
    if content == PASSWORD:
        return unreadable(name, content.what, UNLOCK)
    return problem("T200", Place(name), "", what=content.what, remedy=content.remedy)


@lru_cache(maxsize=1)
def _spoilt(data: bytes) -> Words | None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES or (size > BOMB_BYTES and size > BOMB_RATIO * len(data)):
            return _TOO_MUCH
        return None if parts.testzip() is None else _DAMAGED  # reads every part: a size that is not the stated one is damage too


def too_large(name: str, facts: SheetFacts) -> Problem | None:
    """The problem of a sheet that reaches too far, or nearly empty as far as it reaches."""
    if not facts.too_large:
        return None
    (rows, columns), place = facts.extent, Place(name, facts.name)
    said = {"cell": f"{column_letter(columns - 1)}{rows}", "rows": f"{rows:,}", "columns": f"{columns:,}"}
    if rows * columns > MOST_CELLS:
        return problem("T181", place, name, most=f"{MOST_CELLS:,}", **said)
    return problem("T201", place, name, held=f"{facts.held:,}", **said)


def loaded_whole(data: bytes) -> tuple[SheetFacts, ...]:
    """The sheets that opening the workbook loads: every one of .ods and .xls, none of .xlsx, whose sheets are loaded singly."""
    return () if data.startswith(b"PK") and not _is_ods(data) else _every(data)


def sheet_facts(data: bytes, position: int, name: str) -> SheetFacts:
    """Of the sheet called ``name``, at ``position`` (from 0) of a workbook that is fit; xlrd does not count sheets of charts."""
    if data.startswith(b"PK") and not _is_ods(data):
        return _of_xlsx(data, position)
    sheets = _every(data)
    return next((facts for facts in sheets if facts.name == name), sheets[min(position, len(sheets) - 1)])


@lru_cache(maxsize=2)
def _of_xlsx(data: bytes, position: int) -> SheetFacts:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return Xlsx(parts).facts(position)


@lru_cache(maxsize=1)
def _every(data: bytes) -> tuple[SheetFacts, ...]:
    if not data.startswith(b"PK"):
        from planner.reading.workbooks.xls import facts_of as facts_of_xls

        return facts_of_xls(data)
    from planner.reading.workbooks.ods import facts_of as facts_of_ods

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        styles = parts.read(_ODS_STYLES) if _ODS_STYLES in parts.namelist() else b""
        return facts_of_ods(parts.read(_ODS_CONTENT), styles)


def _is_ods(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "xl/workbook.xml" not in parts.namelist()


def forget() -> None:
    """Lets go of the workbook that is remembered."""
    for remembered in (_spoilt, _of_xlsx, _every):
        remembered.cache_clear()
