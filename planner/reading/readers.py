"""From a file to a :class:`~planner.reading.grid.Grid`, by its kind; and the files that a folder ``data/`` offers."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.csv import read_csv
from planner.reading.excel import read_excel
from planner.reading.geo import read_geo
from planner.reading.grid import Grid
from planner.reading.headers import NEAR, fold
from planner.settings.base import path_fault
from planner.settings.schema import TableSource
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec

TEXT_FILES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
LAYERS = (".gpkg", ".geojson")
EXTENSIONS = (*TEXT_FILES, *WORKBOOKS, *LAYERS)


def read_grid(folder: Path, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The raw table that ``source`` names, for the table ``spec``; None, and why, when it cannot be had."""
    path = folder / source.file
    name, kind = path.name, path.suffix.lower()
    if not is_file(path):
        return None, [problem("T101", Place(name), spec.zh, source.file, nearest=_nearest_files(path))]
    if kind not in EXTENSIONS:
        kinds = " ".join(EXTENSIONS)
        return None, [problem("T103", Place(name), spec.zh, path.suffix, kinds=kinds)]
    try:
        if kind in LAYERS:
            return read_geo(path, source, spec)
        data = path.read_bytes()
    except OSError:
        why = Words("被其他程序占用，或没有读取权限", "it is in use elsewhere, or you may not read it")
        return None, [problem("T102", Place(name), name, why=why)]
    if kind in WORKBOOKS:
        return read_excel(name, data, source, spec)
    return read_csv(name, data, source)


def is_file(path: Path) -> bool:
    """Whether a file is there; a path that no file can have leads to none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _nearest_files(path: Path) -> Words:
    """What to do about a missing file: the files of its folder that have nearly this name."""
    if not path.parent.is_dir():
        folder = path.parent.name
        return Words(f"文件夹“{folder}”也不存在，请检查路径", f"the folder {folder} is missing too; check the path")
    files = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    return nearest_words(nearest(path.name, files), Words("检查文件名和所在文件夹", "check the file's name and folder"))


def offered_files(folder: Path, specs: Mapping[str, TableSpec]) -> tuple[dict[str, tuple[TableSource, ...]], list[Problem]]:
    """The files in ``folder/data/`` that are called like a table, by table; and those that nearly are."""
    data = folder / "data"
    files = sorted(data.iterdir()) if data.is_dir() else []
    files = [file for file in files if file.suffix.lower() in EXTENSIONS and not file.name.startswith(("~$", "."))]
    unnamed = [file for file in files if path_fault(file.name) is not None]
    files = [file for file in files if file not in unnamed]
    owners = {fold(known): name for name, spec in specs.items() for known in spec.known_as}
    found: dict[str, list[Path]] = {}
    for file in files:
        if fold(file.stem) in owners:
            found.setdefault(owners[fold(file.stem)], []).append(file)
    problems: list[Problem] = [problem("T178", Place(file.name), "data/", file.name) for file in unnamed]
    for name, several in found.items():
        if len(several) > 1:
            listed = Words.listed(file.name for file in several)
            problems.append(problem("T111", None, specs[name].zh, zh=specs[name].zh, name=name, files=listed))
    for file in files:
        near = _nearly(fold(file.stem), {known: name for known, name in owners.items() if name not in found})
        if fold(file.stem) not in owners and near is not None:
            problems.append(problem("T112", Place(file.name), file.stem, near=near))
    sources: dict[str, tuple[TableSource, ...]] = {
        name: (TableSource(file=several[0].relative_to(folder).as_posix()),) for name, several in found.items()
    }
    return sources, problems


def _nearly(stem: str, owners: Mapping[str, str]) -> str | None:
    """The table whose name ``stem`` nearly is."""
    close = [(SequenceMatcher(None, stem, known).ratio(), name) for known, name in owners.items()]
    best = max(close, default=(0.0, ""))
    return best[1] if best[0] >= NEAR else None
