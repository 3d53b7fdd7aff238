"""The sheets of the files that are given, each as a grid; hidden ones too, which a person may not know of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from planner.intake.codes import problem
from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.excel import open_workbook, sheets_of
from planner.reading.readers import EXTENSIONS, LAYERS, WORKBOOKS, read_grid, shown_names
from planner.reading.table import Grid
from planner.settings.base import path_fault
from planner.settings.sources import TableSource
from planner.tables.form import is_help
from planner.tables.spec import TABLES

_OF_SHEETS = frozenset({"T206", "T207"})
"""What reading says of hidden sheets: an intake looks at every sheet and says itself which it takes."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a file."""

    path: Path
    file: str
    """The file as the map of the intake has it."""
    grid: Grid
    hidden: bool
    lying: bool = False
    """Nobody named the file: it lies in ``data/`` of the workspace."""

    @property
    def name(self) -> str | None:
        """Of a sheet in a workbook; None for a CSV."""
        return self.grid.sheet


def read_sheets(files: Mapping[Path, str]) -> tuple[list[Sheet], list[Problem]]:
    """Every sheet of the files, in their order, and what could not be read. ``files``: each as the map has it."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    shown = shown_names(files.values())
    for path, file in files.items():
        for name, hidden in _names(path):
            grid, faults = read_sheet(path, name, shown[file])
            problems += [found for found in faults if found.code not in _OF_SHEETS]
            if grid is not None and not is_help(grid.rows):
                sheets.append(Sheet(path, file, grid, hidden))
    return sheets, problems


def read_sheet(path: Path, name: str | None, shown: str) -> tuple[Grid | None, list[Problem]]:
    """One sheet of a file as a grid; ``shown``: as messages call the file."""
    if (fault := path_fault(path.name)) is not None or path.suffix.lower() in LAYERS:
        kinds = Words.listed(kind for kind in EXTENSIONS if kind not in LAYERS)
        rule = fault or Words("图层不经导入", "layers need no intake")
        remedy = Words(
            f"可导入的类型：{kinds.zh}；图层直接写在 plan.yaml 的 tables 中", f"kinds: {kinds.en}; name a layer in plan.yaml"
        )
        return None, [problem("I101", Place(shown), shown, rule=rule, remedy=remedy)]
    spec = TABLES["candidates"]  # any: which table the sheet is, is not known yet
    grid, faults = read_grid(path.parent, TableSource(file=path.name, sheet=name), spec, shown)
    return grid, [replace(found, subject=shown) if found.subject == spec.zh else found for found in faults]


def _names(path: Path) -> list[tuple[str | None, bool]]:
    """Sheets of a workbook, and whether each is hidden. A file that does not open gives one without a name: reading it tells why."""
    if path.suffix.lower() not in WORKBOOKS:
        return [(None, False)]
    try:
        book = open_workbook(path.name, path.read_bytes())
    except OSError:
        return [(None, False)]
    return [(None, False)] if isinstance(book, Problem) else list(sheets_of(book).items())


def relative(path: Path, folder: Path) -> str:
    """The path as seen from ``folder``, with forward slashes; absolute where it is on another drive."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()
