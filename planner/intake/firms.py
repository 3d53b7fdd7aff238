"""The firms of a table looked at by name and credit code: wrong codes, and firms that may be one; warnings, with their cells."""

from __future__ import annotations

from collections.abc import Sequence

from planner.intake.codes import problem
from planner.intake.credit_code import fault_of
from planner.intake.same_firm import alike
from planner.problems import Problem
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
    """Credit codes that cannot be right, and rows of different projects that may be one firm. Rows of one name, or of one variant
    group, are told apart already: one firm may have several projects, and reading speaks of repeated rows itself."""
    header = {name: table.headers.get(name, name) for name in table.frame.columns}
    column = column_called(table, CREDIT_CODE)
    codes = [""] * len(table) if column is None else table.frame[column].astype(str).tolist()
    problems = [
        problem("I150", table.place(row, column), header[column], code, why=why)
        for row, code in enumerate(codes)
        if column is not None and code.strip() and (why := fault_of(code)) is not None
    ]
    names = table.frame["name"].astype(str).tolist()
    groups = table.frame["variant_group"].tolist() if "variant_group" in table.frame else [""] * len(table)
    for found in alike(names, codes):
        if found.equal or (groups[found.first] and groups[found.first] == groups[found.second]):
            continue
        place, other, earlier = table.place(found.second, "name"), names[found.first], table.place(found.first, "name")
        told = problem("I151", place, header["name"], names[found.second], other=other, place=earlier, evidence=found.evidence)
        problems.append(told)
    return listed(problems, TABLES[table.name].zh)
