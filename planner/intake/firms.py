"""The firms of a plan looked at by name and credit code: wrong codes, and firms that may be one; warnings, with their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.intake.codes import problem
from planner.intake.credit_code import fault_of
from planner.intake.rows import ReadSheet
from planner.intake.same_firm import alike
from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.amounts import says_nothing
from planner.reading.checks import listed
from planner.reading.table import Table, Tables
from planner.spelling import fold
from planner.tables.spec import TABLES

CREDIT_CODE = ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "unified social credit code", "credit code", "uscc")
"""Headers of the column of credit codes."""
HOLDERS = ("candidates", "incumbents")
"""Tables of firms."""
MOST = 5_000
"""Firms among which a check looks for two that may be one: seconds of work; ``planner match`` looks among any number."""


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm in a row of a table."""

    name: str
    place: Place
    header: str
    table: str
    group: str = ""
    """Versions of one project share it."""
    code: str = ""
    """As it is written; blank where none is."""
    code_place: Place | None = None
    code_header: str = ""


def column_called(table: Table, names: Sequence[str]) -> str | None:
    """The first column of the table, extra ones too, whose name or header is one of ``names`` once folded."""
    wanted = {fold(name) for name in names}
    return next((name for name in table.frame.columns if {fold(name), fold(table.headers.get(name, name))} & wanted), None)


def firms_of(tables: Tables) -> list[Firm]:
    """Every firm of a plan's tables."""
    return [firm for name in HOLDERS if (table := tables.get(name)) is not None for firm in _firms_of(table)]


def _firms_of(table: Table) -> Iterable[Firm]:
    if "name" not in table.frame:
        return
    column = column_called(table, CREDIT_CODE)
    groups = table.frame["variant_group"] if "variant_group" in table.frame else [""] * len(table)
    codes = [""] * len(table) if column is None else table.frame[column].astype(str)
    for row, (name, group, code) in enumerate(zip(table.frame["name"], groups, codes, strict=True)):
        place = None if column is None else table.place(row, column)
        own = str(name), table.place(row, "name"), table.headers.get("name", "name"), table.name
        yield Firm(*own, str(group), code, place, "" if column is None else table.headers.get(column, column))


def firms_taken(sheets: Iterable[ReadSheet]) -> list[Firm]:
    """The firms of the rows that an intake takes."""
    wanted = {fold(name) for name in CREDIT_CODE}
    firms = []
    for sheet in (sheet for sheet in sheets if sheet.spec.name in HOLDERS and not sheet.told.joins):
        column = next((name for name, header in sheet.headers.items() if {fold(name), fold(header)} & wanted), "")
        for row in (row for row in sheet.taken if "name" in row.values):
            own = str(row.values["name"]), row.places.get("name", row.place), sheet.headers.get("name", "name"), sheet.spec.name
            code = str(row.values.get(column, ""))
            rest = row.places.get(column, row.place), sheet.headers.get(column, column)
            firms.append(Firm(*own, str(row.values.get("variant_group", "")), code, *rest))
    return firms


def check_firms(firms: Sequence[Firm], most: int | None = None) -> list[Problem]:
    """Credit codes that cannot be right, and firms that may be one under two names; the latter among ``most`` at most."""
    problems = [
        problem("I150", firm.code_place, firm.code_header, firm.code, why=why)
        for firm in firms
        if firm.code.strip() and not says_nothing(firm.code) and (why := fault_of(firm.code)) is not None
    ]
    for one, other, _, evidence in same_firms(firms) if most is None or len(firms) <= most else ():
        problems.append(problem("I151", other.place, other.header, other.name, other=one.name, place=one.place, evidence=evidence))
    return listed(problems, TABLES["candidates"].zh)


def same_firms(firms: Sequence[Firm]) -> list[tuple[Firm, Firm, float, Words]]:
    """Firms that may be one: both, their likeness, the evidence. Versions of one project are none; nor are rows of one table that have
    the same name, which reading speaks of itself."""
    found = alike([firm.name for firm in firms], ["" if says_nothing(firm.code) else firm.code for firm in firms])
    pairs = [(firms[one.first], firms[one.second], one) for one in found]
    return [
        (a, b, one.score, one.evidence)
        for a, b, one in pairs
        if not (a.group and a.group == b.group)
        and not says_nothing(a.name)
        and not (one.equal and (a.table == b.table or a.name == b.name))
    ]
