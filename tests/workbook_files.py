"""Workbooks in each format, for the tests of what a file says beside its cells and of what a file is."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from planner.problems import Problem
from planner.reading.excel import read_excel
from planner.reading.table import Grid
from planner.settings.sources import TableSource
from planner.tables.spec import TABLES
from tests.programs import needs

OFFICE = (pytest.mark.slow, pytest.mark.office, needs(shutil.which("libreoffice"), "LibreOffice is not installed"))
FORMATS = ("xlsx", *(pytest.param(kind, marks=OFFICE) for kind in ("xls", "ods", "xlsx again")))


def converted(file: Path, kind: str) -> Path:
    """The workbook in another format, as LibreOffice saves it."""
    if kind == "xlsx":
        return file
    kind, out = kind.split()[0], file.parent / "saved"
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    subprocess.run(
        ["libreoffice", profile, "--headless", "--convert-to", kind, "--outdir", out, file],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return out / f"{file.stem}.{kind}"


def written(folder: Path, fill: Callable[[Any, Any], None], kind: str = "xlsx") -> Path:
    """A workbook whose only sheet 客商库 is filled with XlsxWriter."""
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        fill(book, book.add_worksheet("客商库"))
    return converted(folder / "a.xlsx", kind)


def grid_of(file: Path) -> tuple[Grid, list[Problem]]:
    grid, problems = read_excel(file.name, file.read_bytes(), TableSource(file=file.name), TABLES["candidates"])
    assert grid is not None, problems
    return grid, problems


def rewritten(file: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The zip with some of its parts changed."""
    with zipfile.ZipFile(file) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in kept.items():
            parts.writestr(name, changes.get(name, bytes)(content))
    return file


CANDIDATE_ROWS = [["项目编号", "企业名称", "用工", "投资额"], *[[f"K{n}", f"企业{n}", n, 100] for n in range(1, 10)]]


def table_of(change: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def fill(book: Any, sheet: Any) -> None:
        for row, cells in enumerate(CANDIDATE_ROWS):
            sheet.write_row(row, 0, cells)
        change(book, sheet)

    return fill


def formulas(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["项目编号", "用工", "产值"])
    for row in (1, 2):
        sheet.write_row(row, 0, [f"K{row}", 5, 7])
    sheet.write_formula("B2", "=C2+1")
    sheet.write_formula("B3", "=C3+1")
