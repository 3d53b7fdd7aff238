"""From a file to a :class:`~planner.reading.table.Grid`, by its kind; and the files that a folder ``data/`` offers."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.encodings import decode
from planner.reading.excel import input_sheets, read_excel
from planner.reading.headers import NEAR
from planner.reading.layer import read_geo
from planner.reading.shapefile import SHAPEFILE
from planner.reading.table import Broken, Grid
from planner.reading.workbooks.content import unreadable
from planner.reading.workbooks.inspect import not_what_it_says
from planner.settings.base import path_fault
from planner.settings.schema import Settings
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec
from planner.tables.following import FOLLOWED
from planner.tables.spec import TABLES

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
LAYERS = (".gpkg", ".geojson", SHAPEFILE)
EXTENSIONS = (*TEXTS, *WORKBOOKS, *LAYERS)
UNREAD = frozenset(
    (
        ".xlsb",
        ".et",
        ".ett",
        ".wps",
        ".xlt",
        ".xltx",
        ".xltm",
        ".numbers",
        ".fods",
        ".xml",
        ".html",
        ".htm",
        ".mht",
        ".doc",
        ".docx",
        ".pdf",
        ".dbf",
    )
)
"""Kinds in which tables are kept too, and that are not read: a table that is there in no other kind is told."""

_AMBIGUOUS = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*").fullmatch
"""1.234 or 1234, where a semicolon and not a comma delimits."""


@dataclass(frozen=True, eq=False)
class GridRead:
    """A file (sheet, layer) as it was read for the table ``spec``."""

    grid: Grid
    source: TableSource
    spec: TableSpec


_KEPT: ContextVar[list[GridRead] | None] = ContextVar("grids", default=None)


@contextmanager
def keeping_grids() -> Iterator[list[GridRead]]:
    """Within, every grid that is read is kept in the list, for a report that shows its cells."""
    kept: list[GridRead] = []
    token = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(token)


def shown_names(files: Iterable[str]) -> dict[str, str]:
    """How messages call each file: its name, with as many folders before it as tell files of one name apart."""
    parts = {file: posixpath.normpath(file.replace("\\", "/")).split("/") for file in files}
    names = {}
    for file, own in parts.items():
        others = [other for other in parts.values() if other != own and other[-1] == own[-1]]
        enough = (size for size in range(1, len(own)) if all(other[-size:] != own[-size:] for other in others))
        names[file] = "/".join(own[-next(enough, len(own)) :])
    return names


def read_grid(folder: Path, source: TableSource, spec: TableSpec, name: str = "") -> tuple[Grid | None, list[Problem]]:
    """The raw table that ``source`` names, for the table ``spec``; None, and why, when it cannot be had. ``name``: as messages call
    the file, if not by its name alone."""
    grid, problems = _read_grid(folder, source, spec, name)
    if grid is not None and (kept := _KEPT.get()) is not None:
        kept.append(GridRead(grid, source, spec))
    return grid, problems


def _read_grid(folder: Path, source: TableSource, spec: TableSpec, shown: str) -> tuple[Grid | None, list[Problem]]:
    path = folder / source.file
    name, kind = shown or path.name, path.suffix.lower()
    try:
        there = path.is_file()
    except (OSError, ValueError):  # a path that no file can have
        there = False
    if not there:
        return None, [problem("T101", Place(name), spec.zh, source.file, nearest=_nearest_files(path))]
    if kind not in EXTENSIONS:
        return None, [problem("T103", Place(name), spec.zh, path.suffix, kinds=" ".join(EXTENSIONS))]
    try:
        if kind in LAYERS:
            return read_geo(path, source, spec, name)
        data = path.read_bytes()
    except OSError:
        why = Words("被其他程序占用，或没有读取权限", "it is in use elsewhere, or you may not read it")
        return None, [
            unreadable(
                name, why, Words("关闭正打开它的软件，或改正权限后重试", "close it where it is open, or mend its permissions")
            )
        ]
    if kind in WORKBOOKS:
        return read_excel(name, data, source, spec)
    if (misnamed := not_what_it_says(name, data, TEXTS)) is not None:
        return None, [misnamed]
    return _read_csv(name, data, source)


def _read_csv(name: str, data: bytes, source: TableSource) -> tuple[Grid | None, list[Problem]]:
    """The grid of a CSV; None when it cannot be decoded. ``source.encoding`` wins over what the bytes look like."""
    decoded = decode(name, data, source.encoding)
    if decoded.text is None:
        return None, [decoded.fault] if decoded.fault else []
    text = decoded.text
    rows: list[list[object]] = []
    problems = [decoded.fault] if decoded.fault else []
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([Broken(cell, "T183") if _AMBIGUOUS(cell) else cell for cell in row] if delimiter == ";" else [*row])
    except csv.Error:
        what = Words("引号不配对，或单元格过长", "a quote without its pair, or a cell too long")
        problems.append(problem("T107", Place(name, cell=str(len(rows) + 1)), name, what=what))
    return Grid(name, None, rows, sha256(data).hexdigest(), decoded.encoding), problems


def _delimiter(text: str) -> str:
    """The delimiter met most often, outside quotes, in the first line that has one."""
    for line in text.splitlines()[:20]:
        outside = "".join(line.split('"')[::2])
        delimiter = max(",\t;", key=outside.count)
        if delimiter in outside:
            return delimiter
    return ","


def _nearest_files(path: Path) -> Words:
    """What to do about a missing file: the files of its folder that have nearly this name."""
    if not path.parent.is_dir():
        folder = path.parent.name
        return Words(f"文件夹“{folder}”也不存在，请检查路径", f"the folder {folder} is missing too; check the path")
    files = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    return nearest_words(nearest(path.name, files), Words("检查文件名和所在文件夹", "check the file's name and folder"))


def offered_files(folder: Path) -> tuple[dict[str, tuple[TableSource, ...]], list[Problem]]:
    """The files in ``folder/data/`` that are called like a table, by table, and the filled-in sheets of input templates there; and
    what is doubtful: several for one table, names that are nearly a table's."""
    data = folder / "data"
    owners = {fold(known): name for name, spec in TABLES.items() for known in spec.known_as}
    offered: dict[str, list[TableSource]] = {}
    others: list[Path] = []
    unread: list[Path] = []
    problems: list[Problem] = []
    for file in sorted(data.iterdir()) if data.is_dir() else ():
        if file.suffix.lower() not in EXTENSIONS or file.name.startswith(("~$", ".")):
            unread += [file] if file.suffix.lower() in UNREAD and fold(file.stem) in owners else []
            continue
        if path_fault(file.name) is not None:
            problems.append(problem("T178", Place(file.name), "data/", file.name))
        elif fold(file.stem) in owners:
            offered.setdefault(owners[fold(file.stem)], []).append(_source(folder, file))
        elif sheets := _own_sheets(file, owners):
            for sheet in sheets:
                offered.setdefault(owners[fold(sheet)], []).append(_source(folder, file, sheet))
        else:
            others.append(file)
    for file in unread:
        if (name := owners[fold(file.stem)]) not in offered:
            problems.append(problem("T103", Place(file.name), TABLES[name].zh, file.suffix, kinds=" ".join(EXTENSIONS)))
    for name, named in offered.items():
        if len(named) > 1:
            names = Words.listed(f"{Path(told.file).name}[{told.sheet}]" if told.sheet else Path(told.file).name for told in named)
            problems.append(problem("T111", None, TABLES[name].zh, zh=TABLES[name].zh, name=name, files=names))
    wanting = {known: name for known, name in owners.items() if name not in offered}
    for file in others:
        alike = ((SequenceMatcher(None, fold(file.stem), known).ratio(), name) for known, name in wanting.items())
        likeness, name = max(alike, default=(0.0, ""))
        if likeness >= NEAR:
            problems.append(problem("T112", Place(file.name), file.stem, near=name))
    return {name: (named[0],) for name, named in offered.items()}, problems


def sources_of(settings: Settings, folder: Path, known: bool = True) -> tuple[dict[str, tuple[TableSource, ...]], list[Problem]]:
    """Where each table is: as the settings name them or, where they name none but tables of follow-up, as :func:`offered_files` finds
    those that they do not name; only as they name them where not all of that is ``known``."""
    named = {str(name): told for name, told in settings.tables.items()}
    if not known or named.keys() - FOLLOWED:
        return named, []
    offered, problems = offered_files(folder)
    return {**offered, **named}, problems


def _source(folder: Path, file: Path, sheet: str | None = None) -> TableSource:
    return TableSource(file=file.relative_to(folder).as_posix(), sheet=sheet)


def _own_sheets(file: Path, owners: Mapping[str, str]) -> list[str]:
    """The input sheets of ours in a workbook that somebody filled in, which need no word in plan.yaml."""
    if file.suffix.lower() not in WORKBOOKS:
        return []
    try:
        return [sheet for sheet in input_sheets(file.name, file.read_bytes()) if fold(sheet) in owners]
    except OSError:
        return []
