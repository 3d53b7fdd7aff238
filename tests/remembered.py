"""What is worked out once for all tests of a process, since the same input gives the same: tables and plan
files of the same text, the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import pytest
import typer.main
import typer.testing
from openpyxl.worksheet.merge import MergedCellRange

from planner.problems import Problem
from planner.reading import read
from planner.reading.readers import _KEPT
from planner.reading.table import Table
from planner.settings import document
from planner.settings.schema import ResourceSettings
from planner.settings.sources import TableSource
from planner.tables.column import TableSpec

Read = tuple[Table | None, list[Problem]]


def _bytes(file: Path) -> bytes | None:
    """What a CSV holds; None of other files and of one that cannot be read."""
    try:
        return file.read_bytes() if file.suffix == ".csv" and file.is_file() else None
    except (OSError, ValueError):
        return None


def remembering(read_table: Callable[..., Read]) -> Callable[..., Read]:
    """The reader of one table, which reads each CSV once: most tests change one table of a city, or none. Not where the cells are kept for a
    report, which reading does by the way."""
    known: dict[object, tuple[TableSpec, Read]] = {}

    def reader(
        folder: Path,
        spec: TableSpec,
        sources: Sequence[TableSource],
        names: Mapping[str, str],
        resources: Mapping[str, ResourceSettings] = read._read_table.__defaults__[0],  # type: ignore[index]
    ) -> Read:
        held = None if _KEPT.get() is not None else [_bytes(folder / source.file) for source in sources]
        if held is None or None in held:
            return read_table(folder, spec, sources, names, resources)
        # What is set counts too where it is the default: a plan that says WGS84 has said it.
        told = [(source.model_dump_json(exclude_unset=True), names[source.file]) for source in sources]
        units = [(name, resource.model_dump_json(exclude_unset=True)) for name, resource in resources.items()]
        declared = read.TABLES[spec.name]
        key = (id(declared), spec.names, *told, *held, *units)
        if key not in known:
            known[key] = declared, read_table(folder, spec, sources, names, resources)
        table, problems = known[key][1]
        return table, list(problems)

    return reader


def remember(patch: pytest.MonkeyPatch) -> None:
    """From now on, until ``patch`` is undone."""
    patch.setattr(read, "_read_table", remembering(read._read_table))
    patch.setattr(document, "_read", lru_cache(maxsize=500)(document._read.__wrapped__))
    patch.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
    # Where a workbook is read, the border of a merged area would be drawn anew around each of its cells: a quarter of the reading.
    patch.setattr(MergedCellRange, "format", lambda _area: None)
