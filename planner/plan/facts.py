"""What records take from the tables: fields that have a column's name, assumption marks and sources (R5)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.case.case import Case
from planner.plan.records import Assumption, InputFile, Record
from planner.reading.provenance import days_and_confidence
from planner.reading.table import Tables
from planner.tables.following import ASIDE_OF_PLAN

Row = Mapping[Any, Any]


def known(value: Any) -> float | None:
    """A number, or None where it is not known (R1)."""
    number = float(value)
    return number if math.isfinite(number) else None


def text(value: object) -> str | None:
    """A text, or None where there is none."""
    return None if value is None or value != value or value == "" else str(value)


_READ: Mapping[Any, Callable[[Any], Any]] = {str: str, bool: bool, int: int, float: float, str | None: text, float | None: known}
"""Type of a field → how its column is read."""


def stated_in(case: Case, column: str, *tables: str) -> bool:
    """Whether any of the tables has the column; one that is absent is not known, whatever the model assumes."""
    return any((table := case.tables.get(name)) is not None and column in table.frame.columns for name in tables)


def facts_of(
    record: type[Record], case: Case, table: str, columns: Iterable[str], but: Collection[str] = ()
) -> Callable[[Row], dict[str, Any]]:
    """How a record takes from a row of its table each field that is one of its columns, ``but`` those reckoned otherwise. A
    number that may be unknown is told only where the table states it."""
    fields = {name: record.model_fields[name].annotation for name in columns if name in record.model_fields}
    read = {name: _READ[kind] for name, kind in fields.items() if kind in _READ and name not in but}
    unknown = [name for name, how in read.items() if how is known and not stated_in(case, name, table)]
    nothing = dict.fromkeys(unknown)
    return lambda row: {name: how(row[name]) for name, how in read.items()} | nothing


@dataclass(frozen=True, eq=False)
class Marks:
    """What each table marks as assumed."""

    tables: Tables

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[int, set[str]]]:
        """Table → row → columns assumed in that row alone, of the rows that have some."""
        # Gone through once: going through the marks again for each row takes minutes where both are many.
        marked: dict[str, dict[int, set[str]]] = {name: {} for name in self.tables}
        for name, rows in marked.items():
            for row, column in self.tables[name].assumed_cells:
                rows.setdefault(row, set()).add(column)
        return marked

    def of_row(self, table: str, row: int) -> tuple[str, ...]:
        """Columns of a row (as the file has it) that rest on an assumption, sorted."""
        read = self.tables.get(table)
        if read is None:
            return ()
        columns = set(read.assumed) | self._rows[table].get(row, set())
        if table == "candidates" and "output" in columns and "capacity" not in read.frame.columns:
            columns.add("capacity")  # capacity is then the output
        return tuple(sorted(columns))

    @cached_property
    def _days(self) -> Mapping[str, list[dict[str, str | None]]]:
        return {name: days_and_confidence(self.tables[name]) for name in self.tables}

    def day_and_confidence(self, table: str, row: int) -> dict[str, Any]:
        """``as_of`` and ``confidence`` of a row (as the file has it); None where neither it nor its file says them."""
        return dict(self._days[table][row])

    def column(self, table: str, column: str) -> bool:
        """The column is assumed as a whole, or in some cell."""
        read = self.tables.get(table)
        return read is not None and (column in read.assumed or any(name == column for _, name in read.assumed_cells))

    def source(self, table: str, row: int | None = None) -> str | None:
        """Where the facts of a table, or of one row (as the file has it), come from, as plan.yaml says of the files that hold it."""
        read = self.tables.get(table)
        if read is None:
            return None
        held = zip(read.inputs, read.positions, strict=True)
        told = (file.source for file, lines in held if file.source and (row is None or lines[row] >= 0))
        return "；".join(dict.fromkeys(told)) or None

    def assumptions(self) -> tuple[Assumption, ...]:
        """Every assumed column, and every other column with assumed cells, of the tables that the plan rests on."""
        assumptions = []
        for name in sorted(set(self.tables) - ASIDE_OF_PLAN):
            read = self.tables[name]
            whole = {column: int(read.frame[column].notna().sum()) for column in sorted(read.assumed)}
            single = Counter(column for _, column in read.assumed_cells if column not in read.assumed)
            for column, cells in (*whole.items(), *sorted(single.items())):
                header, source = read.headers.get(column, column), self.source(name)
                mark = {"table": name, "column": column, "header": header, "cells": cells, "source": source}
                assumptions.append(Assumption.model_validate({**mark, "whole_column": column in read.assumed}))
        return tuple(assumptions)

    def seasons(self, case: Case) -> tuple[Assumption, ...]:
        """Every season of the settings that touches something: an assumption about what there is of its resource."""
        held = {n: supply for supply in case.resources for n, touched in enumerate(supply.seasons) if touched.any()}
        return tuple(
            Assumption(
                table="capacities",
                column=supply.resource_id,
                header=case.settings.seasons[n].title,
                cells=int(supply.seasons[n].sum()),
                whole_column=False,
                source=case.settings.seasons[n].reason,
            )
            for n, supply in sorted(held.items())
        )

    def inputs(self) -> tuple[InputFile, ...]:
        """Every file that the plan was made from."""
        same = ("sheet", "layer", "rows", "encoding", "sha256", "source", "as_of", "confidence")
        return tuple(
            InputFile(table=name, file=str(file.file), **{key: getattr(file, key) for key in same})
            for name in sorted(set(self.tables) - ASIDE_OF_PLAN)
            for file in self.tables[name].inputs
        )
