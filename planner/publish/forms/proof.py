"""A filled template is read back before it is given out: what it would say otherwise than the tables is told (R1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planner.reading.read import read_tables
from planner.reading.table import Table, Tables
from planner.settings.schema import Settings
from planner.tables.units import known_unit


def unlike(tables: Tables, made: Path, sources: Mapping[str, Sequence[Mapping[str, object]]]) -> list[tuple[str, str]]:
    """Table and column of whatever the workbook ``made`` does not give back as it stands in ``tables``; outlines, which no sheet
    holds, and columns that are blank throughout or only say units are left aside."""
    sheets = {name: dict(told[0]) for name, told in sources.items()}
    again, _ = read_tables(Settings.model_validate({"tables": sheets}), made.parent)
    return [
        (name, str(column))
        for name in tables
        for column in tables[name].frame.columns
        if column != "geometry" and not _equal(tables[name].frame[column], again.get(name), column)
    ]


def _equal(before: pd.Series[Any], again: Table | None, column: str) -> bool:
    if again is not None and column in again.frame.columns:
        return before.equals(again.frame[column])
    return all(value in ("", ()) or value != value or known_unit(str(value)) is not None for value in before.tolist())
