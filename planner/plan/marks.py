"""Assumption marks and sources, carried from the tables to every record (R5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.plan.records import Assumption, InputFile
from planner.reading.table import Tables


@dataclass(frozen=True, eq=False)
class Marks:
    """What each table marks as assumed."""

    tables: Tables

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[int, set[str]]]:
        """Table → row → columns assumed in that row alone, of the rows that have some."""
        # Gone through once: going through the marks again for each row takes minutes where both are many.
        found: dict[str, dict[int, set[str]]] = {name: {} for name in self.tables}
        for name, rows in found.items():
            for row, column in self.tables[name].assumed_cells:
                rows.setdefault(row, set()).add(column)
        return found

    def of_row(self, table: str, row: int) -> tuple[str, ...]:
        """Columns of a row (as the file has it) that rest on an assumption, sorted."""
        read = self.tables.get(table)
        if read is None:
            return ()
        found = set(read.assumed) | self._rows[table].get(row, set())
        if table == "candidates" and "output" in found and "capacity" not in read.frame.columns:
            found.add("capacity")  # capacity is then the output
        return tuple(sorted(found))

    def column(self, table: str, column: str) -> bool:
        """The column is assumed as a whole, or in some cell."""
        read = self.tables.get(table)
        return read is not None and (column in read.assumed or any(name == column for _, name in read.assumed_cells))

    def source(self, table: str) -> str | None:
        """Where the table's facts come from, as plan.yaml says."""
        read = self.tables.get(table)
        told = [one.source for one in read.inputs if one.source] if read is not None else []
        return "；".join(dict.fromkeys(told)) or None

    def assumptions(self) -> tuple[Assumption, ...]:
        """Every assumed column and every column with assumed cells."""
        found = []
        for name in sorted(self.tables):
            read = self.tables[name]
            for column in sorted(read.assumed):
                found.append(self._one(name, column, int(read.frame[column].notna().sum()), whole=True))
            cells: dict[str, int] = {}
            for _, column in read.assumed_cells:
                cells[column] = cells.get(column, 0) + 1
            for column, count in sorted(cells.items()):
                if column not in read.assumed:
                    found.append(self._one(name, column, count, whole=False))
        return tuple(found)

    def _one(self, table: str, column: str, cells: int, whole: bool) -> Assumption:
        read = self.tables.get(table)
        header = read.headers.get(column, column) if read is not None else column
        return Assumption(table=table, column=column, header=header, cells=cells, whole_column=whole, source=self.source(table))

    def inputs(self) -> tuple[InputFile, ...]:
        """Every file that was read."""
        found = []
        for name in sorted(self.tables):
            for one in self.tables[name].inputs:
                found.append(
                    InputFile(
                        table=name,
                        file=str(one.file),
                        sheet=one.sheet,
                        layer=one.layer,
                        rows=one.rows,
                        encoding=one.encoding,
                        sha256=one.sha256,
                        source=one.source,
                    )
                )
        return tuple(found)
