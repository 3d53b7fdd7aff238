"""What documents are written from: a plan, and the tables that it was made from and that lie beside it.

Figures of the plan come from its records, of which ``plan.json`` holds every one; the tables add what no plan needs: who here
makes what a firm buys, what is on offer, what transport costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from planner.language import Language
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import reopened
from planner.plan.versions import read_version
from planner.publish.view import View
from planner.tables.column import Column, TableSpec
from planner.tables.spec import TABLES, resource_columns


@dataclass(frozen=True, eq=False)
class Desk:
    """A plan with its tables."""

    plan: Plan
    opened: Opened

    @property
    def language(self) -> Language:
        """Of every document."""
        return self.plan.plan.language

    @cached_property
    def view(self) -> View:
        """The plan in its language."""
        return View(self.plan, self.language)

    @property
    def templates(self) -> Path | None:
        """The bureau's own folder of templates; None: the shipped ones alone."""
        own = self.opened.loaded.settings.publish.templates
        return None if own is None else self.opened.loaded.folder / own

    def has(self, name: str) -> bool:
        """Whether the plan has that table; one that it has may be empty."""
        return name in self.opened.case.tables

    def says(self, name: str, column: str) -> bool:
        """Whether the plan has that column: where it does not, nothing in it is known, and a list of its rows would be no answer."""
        return self.has(name) and column in self.opened.case.tables[name].frame.columns

    def table(self, name: str) -> pd.DataFrame:
        """A table by its canonical name, N rows in the order of the file, index 0 … N−1, with every column that may stand in it:
        a column or a table that the plan does not have is blank (NaN, ``""``, ``()``, False, or the declared default). Then the
        columns of the bureau's own."""
        spec, table = self._spec(name), self.opened.case.tables.get(name)
        frame = pd.DataFrame(index=pd.RangeIndex(0)) if table is None else table.frame
        missing = {column.name: _blanks(column, len(frame)) for column in spec.columns if column.name not in frame.columns}
        return frame.assign(**missing)[[*spec.names, *(name for name in frame.columns if not spec.has(str(name)))]]

    def assumed(self, name: str, column: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """For each row of a table whether its value in a column is an assumption (marked ``*``), shape (N,)."""
        table = self.opened.case.tables.get(name)
        rows = 0 if table is None else len(table)
        if table is None or column in table.assumed:
            return np.full(rows, table is not None)
        marked = [(row, column) in table.assumed_cells for row in range(rows)]
        return np.array(marked, dtype=np.bool_)

    def _spec(self, name: str) -> TableSpec:
        spec = TABLES[name]
        return spec.adding(resource_columns(name, self.opened.case.tables.resources)) if spec.takes_resources else spec


def _blanks(column: Column, rows: int) -> pd.Series:
    kind = np.float64 if column.numeric else np.bool_ if column.kind == "flag" else object
    return pd.Series([column.blank] * rows, dtype=kind)


def open_desk(folder: str | Path, plan_file: str | Path | None = None) -> Desk:
    """The desk of a finished run, its plan with what was signed of it. Raises InputError: as :func:`planner.plan.reopen.open_run`;
    tables that no plan is made from may have changed since."""
    plan = read_version(folder).signed
    return Desk(plan, reopened(Path(folder), plan, plan_file))
