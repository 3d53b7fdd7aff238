"""The firms of a table looked at by name and credit code: wrong codes, and firms that may be one; warnings, with their cells."""

from __future__ import annotations

from collections.abc import Sequence

from planner.intake.codes import problem
from planner.intake.credit_code import fault_of
from planner.intake.same_firm import alike
from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.checks import listed
from planner.reading.headers import fold
from planner.reading.table import Table
from planner.tables.spec import TABLES

CREDIT_CODE = ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "unified social credit code", "credit code", "uscc")
"""Headers of the column of credit codes."""


def column_called(table: Table, names: Sequence[str]) -> str | None:
    """The first column of the table, extra ones too, whose name or header is one of ``names`` once folded."""
    wanted = {fold(name) for name in names}
    return next((name for name in table.frame.columns if {fold(name), fold(table.headers.get(name, name))} & wanted), None)


def check_firms(table: Table) -> list[Problem]:
    """Credit codes that cannot be right, and rows that may be one firm under two names. Rows of one name are none of these: a firm may
    have several projects, and reading speaks of repeated rows itself."""
    column, codes = _codes(table)
    problems = [
        problem("I150", table.place(row, column), table.headers.get(column, column), code, why=why)
        for row, code in enumerate(codes)
        if column is not None and code.strip() and (why := fault_of(code)) is not None
    ]
    header = table.headers.get("name", "name")
    for other, earlier, name, place, _, evidence in same_firms(table):
        problems.append(problem("I151", place, header, name, other=other, place=earlier, evidence=evidence))
    return listed(problems, TABLES[table.name].zh)


def same_firms(table: Table) -> list[tuple[str, Place, str, Place, float, Words]]:
    """Rows that may be one firm under two names: name and place of both, likeness, evidence. Versions of one project are none."""
    if "name" not in table.frame:
        return []
    names = table.frame["name"].astype(str).tolist()
    groups = table.frame["variant_group"].tolist() if "variant_group" in table.frame else [""] * len(table)
    return [
        (names[a], table.place(a, "name"), names[b], table.place(b, "name"), one.score, one.evidence)
        for one in alike(names, _codes(table)[1])
        for a, b in [(one.first, one.second)]
        if not one.equal and not (groups[a] and groups[a] == groups[b])
    ]


def _codes(table: Table) -> tuple[str | None, list[str]]:
    """The column of credit codes, where there is one, and its cells."""
    column = column_called(table, CREDIT_CODE)
    return column, [""] * len(table) if column is None else table.frame[column].astype(str).tolist()
