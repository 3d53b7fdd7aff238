"""CSV files: encodings, delimiters, broken quotes."""

from __future__ import annotations

import csv
import io
import re
from hashlib import sha256

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.grid import Broken, Grid
from planner.settings.schema import TableSource
from planner.tables.codes import problem

_AMBIGUOUS = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*").fullmatch
"""1.234 or 1234, where a semicolon and not a comma delimits."""
DELIMITERS = (",", "\t", ";")
_BOM = b"\xef\xbb\xbf"


def read_csv(name: str, data: bytes, source: TableSource) -> tuple[Grid | None, list[Problem]]:
    """The grid of a CSV; None when it cannot be decoded. ``source.encoding`` wins over what the bytes look like."""
    text, encoding, problems = _decode(name, data, source.encoding)
    if text is None:
        return None, problems
    rows: list[list[object]] = []
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([Broken(cell, "T183") if _AMBIGUOUS(cell) else cell for cell in row] if delimiter == ";" else [*row])
    except csv.Error:
        what = Words("引号不配对，或单元格过长", "a quote without its pair, or a cell too long")
        place = Place(name, cell=str(len(rows) + 1))
        problems.append(problem("T107", place, name, what=what))
    return Grid(name, None, rows, sha256(data).hexdigest(), encoding), problems


def _decode(name: str, data: bytes, wanted: str | None) -> tuple[str | None, str, list[Problem]]:
    """Text and encoding; a problem that names what was tried, and where the first byte is that does not fit."""
    failures: list[UnicodeDecodeError] = []
    tried = (wanted,) if wanted else ("utf-8", "gb18030")
    for encoding in tried:
        try:
            text = data.removeprefix(_BOM).decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(error)
            if encoding == "utf-8" and not wanted and _is_damaged_utf8(data):
                break
        else:
            if "\0" not in text:
                return text, encoding, []
    line = data[: failures[0].start].count(b"\n") + 1 if failures else None
    shown = " 或 ".join(tried), " or ".join(tried)
    return None, "", [problem("T104", Place(name, line=line), name, tried=Words(*shown))]


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes also decodes as GB18030, into nonsense: most of its text is still sound UTF-8."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if ord(character) > 127) - bad
    return data.startswith(_BOM) or good > 10 * bad


def _delimiter(text: str) -> str:
    """The delimiter met most often, outside quotes, in the first line that has one."""
    for line in text.splitlines()[:20]:
        outside = "".join(line.split('"')[::2])
        counts = {delimiter: outside.count(delimiter) for delimiter in DELIMITERS}
        if any(counts.values()):
            return max(DELIMITERS, key=lambda delimiter: counts[delimiter])
    return ","
