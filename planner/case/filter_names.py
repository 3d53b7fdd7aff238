"""What a filter names — columns, values, units — held against the tables (R1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from planner.case.case import Case
from planner.case.columns import Findings
from planner.case.filters import TABLE_OF, NamedColumn, Side, column_unit, named_columns, raw_facts
from planner.language import Words
from planner.problems import nearest
from planner.reading.table import RESOURCES
from planner.settings.document import Keys
from planner.settings.filters import Condition, conditions
from planner.tables.misfits import Kind, converts, misfits, units_said

_NO_ROW = Words("这一列没有这个值", "no row has this value in the column")
_TEXT_RULE = Words("这一列中有文字，不能按 min、max 筛选", "the column holds text and cannot be filtered by min and max")
_TEXT_REMEDY = Words("把这些单元格改为数，或改按值筛选", "make these cells numbers, or filter by values")
_CODES: Mapping[Kind, str] = {
    "value": "C224",
    "words": "C224",
    "ids": "C314",
    "unit": "C311",
    "order": "C312",
    "quarter": "C313",
    "number": "C334",
}
_SIDES: Mapping[Side, Words] = {
    "candidate": Words("项目（及其环节、产业链、资金池）", "candidates (their links, chains, funds)"),
    "park": Words("园区", "parks"),
    "quarter": Words("季度", "the quarter"),
    "pair": Words("项目在园区的用量", "needs in a park"),
}


def near_names(name: str, known: Iterable[str]) -> Words:
    """The known names nearest to one that is not known; the first few where none is near."""
    return Words.listed(nearest(name, sorted(known)) or sorted(known)[:12])


def check_where(
    case: Case, where: Mapping[str, Any], keys: Keys, findings: Findings, sides: Collection[Side] = tuple(_SIDES)
) -> bool:
    """Unknown columns, values and units of a filter, and columns of what it cannot look at. Whether nothing was found."""
    before = len(findings.problems)
    for way, name, wanted in conditions(where, keys):
        named = column_named(case, name, way, findings)
        if named is None:
            continue
        if named.side not in sides:
            allowed = Words.listed([_SIDES[side] for side in sides])
            findings.at("C310", way, name, allowed=allowed)
        elif named.owner == "resource" and not (isinstance(wanted, Condition) and wanted.bounded):
            findings.add("C225", findings.setting(*way), name, str(wanted), rests=[way])
        elif not findings.doubts.settings.part(*way):  # what is asked of the column was found to clash
            _check_condition(case, named, wanted, way, findings)
    return len(findings.problems) == before


def column_named(case: Case, name: str, keys: Keys, findings: Findings) -> NamedColumn | None:
    """The one column of that name; a problem where there is none, or several."""
    names = named_columns(case)
    columns = names.get(name, [])
    if len(columns) > 1:
        findings.at("C227", keys, name, rests=RESOURCES, both=Words.listed(columns))
    elif not columns:
        bare = name.partition(".")[2] or name
        if not any(findings.doubts.absent(table, bare) for table in TABLE_OF.values()):
            findings.at("C220", keys, name, rests=RESOURCES, near=near_names(name, names))
    return columns[0] if len(columns) == 1 else None


def values_of_column(case: Case, named: NamedColumn) -> list[str | Keys]:
    """What it rests on that a column has, or has not, some value."""
    if named.owner == "quarter":
        return [("quarters",)]
    table = TABLE_OF[named.owner]
    if case.tables.get(table) is None and named.owner in ("link", "chain"):  # then others say which there are
        return [f"{table}.*", "candidates.link_id", "candidates.chain_id", "links.chain_id"]
    also: list[str | Keys] = [("quarters",)] if named.column == "fixed_quarter" else []
    return [f"{table}.{named.column}", *([f"{table}.name"] if named.column == f"{named.owner}_id" else []), *also]


def check_amounts(
    case: Case, amounts: Iterable[tuple[Keys, float | str]], unit: str, subject: str | Words, findings: Findings
) -> bool:
    """Units of amounts that are held against something in ``unit``; whether all convert."""
    strange = [(keys, amount) for keys, amount in amounts if not converts(amount, [unit])]
    for keys, amount in strange:
        findings.at("C311", keys, str(amount), name=subject, **units_said([unit]))
    return not strange


def _check_condition(case: Case, named: NamedColumn, wanted: Any, keys: Keys, findings: Findings) -> None:
    of_resource = named.owner == "resource"
    unknown = of_resource and findings.doubts.settings.part("resources", named.column)
    facts, units = None if of_resource else raw_facts(case, named), None if unknown else [column_unit(case, named)]
    for one in misfits(facts, wanted, units):
        code, way, said = _CODES[one.kind], (*keys, *one.way), {"name": named.column, **one.said}
        if one.kind == "value":
            rests = values_of_column(case, named)
            findings.at(code, way, one.found, rests=rests, rule=_NO_ROW, remedy=one.said["nearest"])
        elif one.kind == "words":
            findings.at(code, way, str(said["words"]), rests=[keys], rule=_TEXT_RULE, remedy=_TEXT_REMEDY)
        else:
            findings.at(code, way, one.found or named.column, **said)
