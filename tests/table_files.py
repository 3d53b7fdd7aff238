"""Small tables in any file format, for the tests of reading them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.problems import Problem
from planner.reading.read import read_tables
from planner.reading.table import Tables
from planner.settings.schema import Settings

Rows = Sequence[Sequence[Any]]

PARKS: Rows = (("park_id", "name"), ("P1", "东区"), ("P2", "西区"))
CANDIDATES: Rows = (("candidate_id", "name"), ("A", "甲公司"), ("B", "乙公司"))


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """A workbook; a cell ``"=…"`` is a formula without a saved result."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def write_layer(path: Path, layer: str, rows: Rows, shapes: Sequence[Any], crs: Any = 4326) -> Path:
    import geopandas

    data = {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
    geopandas.GeoDataFrame(data, geometry=list(shapes), crs=crs).to_file(path, layer=layer, engine="pyogrio")
    return path


def read(
    folder: Path, resources: Mapping[str, Any] | None = None, region: Any = None, **tables: Any
) -> tuple[Tables, list[Problem]]:
    """The tables named (parks and candidates of two rows each where not named), and the problems."""
    named: dict[str, Any] = {}
    for name, rows in (("parks", PARKS), ("candidates", CANDIDATES)):
        if name not in tables:
            write_csv(folder / f"{name}.csv", rows)
            named[name] = f"{name}.csv"
    settings = {"tables": {**named, **tables}, "resources": resources or {}, "region": region or {}}
    found, problems = read_tables(Settings.model_validate(settings), folder)
    return found, list(problems)


def said(problems: Sequence[Problem]) -> list[str]:
    """Code and place of each problem, for comparing."""
    return [f"{problem.code} {problem.place}" for problem in problems]
