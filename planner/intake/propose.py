"""``intake.yaml`` as it is proposed: every sheet with its table, every column with its header, how sure that is, and what was
seen. The text that is written is the map that is read: the first intake follows it as any later one does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from planner.intake.codes import problem
from planner.intake.column_units import SheetUnits, UnitProposal, propose_unit, units_of_sheet
from planner.intake.headings import WEAK, Known
from planner.intake.mapping import MAP_FILE
from planner.intake.recognise import Claim, Recognised, recognise
from planner.intake.sheets import Sheet
from planner.language import Language, Words
from planner.problems import Place, Problem, visible
from planner.reading.cells import shown
from planner.reading.headers import Layout
from planner.reading.systems import system_said
from planner.reading.table import Broken, column_letter, filled
from planner.settings.sources import CoordinateSystem
from planner.settings.write import flow, scalar
from planner.spelling import fold, fold_name
from planner.tables.column import Column, TableSpec
from planner.tables.spec import TABLES

POWER_FACTOR = 0.8
"""kW per kVA that is proposed: the rating on which transformers and generators are usually sized. An assumption."""
SAMPLES, LONGEST_SAMPLE = 3, 30
GATES: Mapping[str, str] = {"min_investment_intensity": "investment", "min_tax_intensity": "tax"}
"""Gate of a park: the column of candidates that it asks for."""

_HEAD = Words(
    """导入映射：每张工作表取作哪张表，每个表头是哪一列，没有写单位的格按什么单位读。
请核对后再运行一次 planner intake --into 本目录：有本文件时按本文件导入，不再询问，也不改写本文件。
把握以 0 到 1 表示；“见”是各列前三个不同的值。单位、用词末尾的 * 表示假设，随数据进入所有成果。""",
    """Map of an intake: which table each sheet is, which column each header is, in which unit cells are that state none.
Check it and run planner intake --into this folder again: where this file is, it is followed and not changed.
"sure" runs from 0 to 1; "seen" are the first three different values. A * behind a unit or a word marks an assumption.""",
)
_RANGES = Words(
    "区间（如 5-10亿）取 low 下限、middle 中值、high 上限；如此读入的标 *",
    "low, middle or high of a range (5-10亿); marked as an assumption",
)
_POWER_FACTOR = Words("1 kVA 合几 kW：* 假设；删去此行则拒绝 kVA", "kW per kVA: * an assumption; without this line kVA is refused")
_SURE, _SEEN = Words("把握", "sure"), Words("见", "seen")
_NOT_TAKEN = Words("不取", "not taken")
_KEPT = Words("另外保留的列，照原表头", "kept under their own headers")


def propose(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec], known: Known, language: Language) -> tuple[str, list[Problem]]:
    """The map as text, and what in it is doubtful."""
    problems: list[Problem] = []
    lines = [*(f"# {line}" for line in _HEAD.say(language).splitlines()), ""]
    lines += [
        f"ranges: middle            # {_RANGES.say(language)}",
        f"power_factor: {POWER_FACTOR}         # {_POWER_FACTOR.say(language)}",
    ]
    lines += ["", "sheets:"]
    found = _named_first([recognise(sheet, specs, known) for sheet in sheets])
    found = _without_gates(found, problems)
    joins = _joining(found, specs)
    serials = _serials(found, specs)
    for number, one in enumerate(found):
        lines += _sheet_lines(one, specs, language, number in joins, serials, problems)
    return "\n".join(lines) + "\n", problems


def _named_first(found: Sequence[Recognised]) -> list[Recognised]:
    """A file that lies in ``data/`` is taken for a table only where no file that is named is that table."""
    named = {one.table for one in found if not one.sheet.lying and not one.sheet.hidden}
    return [replace(one, table=None, superseded=True) if one.sheet.lying and one.table in named else one for one in found]


def _without_gates(found: Sequence[Recognised], problems: list[Problem]) -> list[Recognised]:
    """The sheets without the gates of parks that no candidate could pass, because no sheet of candidates has what they ask for."""
    asked = [one for one in found if one.table == "candidates" and not one.sheet.hidden]
    shut = {gate: need for gate, need in GATES.items() if asked and not any(need in one.claims for one in asked)}
    kept = []
    for one in found:
        claims = {name: claimed for name, claimed in one.claims.items() if one.table != "parks" or name not in shut}
        for name in one.claims.keys() - claims.keys():
            at = one.claims[name][0].at
            zh = TABLES["candidates"].column(shut[name]).zh
            problems.append(
                problem("I122", one.sheet.grid.place(one.row, at), one.headers[at].text, need=zh, map=MAP_FILE, name=name)
            )
        kept.append(replace(one, claims=claims))
    return kept


def _joining(found: Sequence[Recognised], specs: Mapping[str, TableSpec]) -> set[int]:
    """Positions of sheets that only add columns to an earlier sheet of their table: they share its key and nothing else, and lack a
    column that every row needs."""
    bases: dict[str, set[str]] = {}
    joins: set[int] = set()
    for number in sorted(range(len(found)), key=lambda at: len(_lacking(found[at], specs))):
        one = found[number]
        if one.table is None or one.sheet.hidden:
            continue
        columns, key = set(one.columns), set(specs[one.table].key)
        base = bases.setdefault(one.table, columns)
        if base is not columns and _lacking(one, specs) and not (columns & base) - key and key <= columns:
            joins.add(number)
    return joins


def _lacking(one: Recognised, specs: Mapping[str, TableSpec]) -> list[str]:
    spec = None if one.table is None else specs[one.table]
    return [] if spec is None else [column.name for column in spec.columns if column.required and column.name not in one.columns]


def _sheet_lines(
    one: Recognised,
    specs: Mapping[str, TableSpec],
    language: Language,
    joins: bool,
    serials: Collection[str],
    problems: list[Problem],
) -> Iterator[str]:
    sheet = one.sheet
    yield f"  - file: {scalar(sheet.file)}"
    if sheet.name is not None:
        yield f"    sheet: {scalar(sheet.name)}"
    why = _why_not(one)
    if why is not None or one.table is None:
        yield f"    table: null               # {_NOT_TAKEN.say(language)}：{(why or _NOT_TAKEN).say(language)}"
        said = why or _NOT_TAKEN
        if any(any(map(filled, row)) for row in sheet.grid.rows):
            problems.append(problem("I106", sheet.grid.place(), sheet.name or sheet.grid.file, why=said, map=MAP_FILE))
        return
    spec = specs[one.table]
    like = Words(f"；像“{one.platform}”的导出", f"; looks like an export of {one.platform}") if one.platform else Words("", "")
    yield f"    table: {one.table}          # {spec.zh}；{_SURE.say(language)} {one.sure:.2f}{like.say(language)}"
    yield f"    header_row: {one.row + 1}"
    if joins:
        yield "    joins: true"
    layout = Layout(one.row, one.headers, one.columns, {})
    units = units_of_sheet(sheet.grid, layout, spec)
    heard = system_said(sheet.grid, layout, units.body.rows)
    if heard is not None and heard[2] in get_args(CoordinateSystem):
        yield f"    coordinates: {heard[2]}   # {heard[0].cell or heard[0]} {_short(heard[1])}"
    yield "    columns:"
    one = replace(one, body=tuple(row for row in units.body.rows if row not in units.body.doubtful))
    chosen = _chosen(one, spec, serials, problems)
    for name in (column.name for column in spec.columns if column.name in chosen):
        yield _column_line(one, spec.column(name), chosen[name], units, language, problems)
    contested = {claim.at for name, claims in one.claims.items() if name not in chosen for claim in claims}
    used = contested | {claim.at for claim in chosen.values()}
    rest = [at for at, header in enumerate(one.headers) if header.text and at not in used]
    rest = [at for at in rest if any(filled(cell) for cell in _below(one, at))]
    if rest:
        yield f"    keep: {flow([one.headers[at].text for at in rest])}   # {_KEPT.say(language)}"


def _why_not(one: Recognised) -> Words | None:
    if one.sheet.hidden:
        return Words("隐藏的工作表", "a hidden sheet")
    if not any(any(map(filled, row)) for row in one.sheet.grid.rows):
        return Words("空表", "an empty sheet")
    if one.superseded:
        return Words("写明要导入的文件已是这张表", "a file that was named is this table")
    return Words("认不出是哪张表", "no table is recognised in it") if one.table is None else None


def _chosen(one: Recognised, spec: TableSpec, serials: Collection[str], problems: list[Problem]) -> dict[str, Claim]:
    """One header for each column. Several that are equally likely are told; of several names the one that tells rows apart is
    taken; a serial number is an id only where it tells rows apart, else the name is."""
    chosen = {name: claims[0] for name, claims in one.claims.items()}
    for name, claims in one.claims.items():
        if name == "name" and len(claims) > 1:
            chosen[name] = max(claims, key=lambda claim: len({str(cell) for cell in _below(one, claim.at)}))
        elif len(claims) > 1 and claims[1].confidence == claims[0].confidence:
            texts = "、".join(one.headers[claim.at].text for claim in claims)
            problems.append(problem("I109", one.sheet.grid.place(one.row, claims[1].at), texts, name=name, map=MAP_FILE))
            del chosen[name]
    key = spec.key[0]
    if len(spec.key) == 1 and "name" in chosen and spec.column(key).required and (key not in chosen or spec.name in serials):
        chosen[key] = Claim(chosen["name"].at, WEAK)
    return chosen


def _serials(found: Sequence[Recognised], specs: Mapping[str, TableSpec]) -> set[str]:
    """Tables of which the ids are serial numbers that do not tell firms apart, in one sheet or between two: there the name is
    the id."""
    serials = set()
    for table in {one.table for one in found if one.table is not None}:
        key, pairs, weak = specs[table].key[0], set(), True
        for one in (one for one in found if one.table == table and not one.sheet.hidden):
            if {key, "name"} <= one.claims.keys():
                weak &= one.claims[key][0].confidence <= WEAK
                rows = zip(_below(one, one.columns[key]), _below(one, one.columns["name"]), strict=True)
                pairs |= {(str(number), fold_name(str(text))) for number, text in rows if filled(number) and filled(text)}
        if weak and len({number for number, _ in pairs}) < len(pairs):
            serials.add(table)
    return serials


def _below(one: Recognised, at: int) -> list[object]:
    rows = one.sheet.grid.rows
    return [rows[row][at] if at < len(rows[row]) else None for row in one.body or range(one.row + 1, len(rows))]


def _column_line(
    one: Recognised, column: Column, claim: Claim, units: SheetUnits, language: Language, problems: list[Problem]
) -> str:
    header, cells = one.headers[claim.at], _below(one, claim.at)
    same = sum(fold(other.text) == fold(header.text) for other in one.headers) > 1
    told: dict[str, object] = {"header": f"{header.text} ({column_letter(claim.at)})" if same else header.text}
    why = Words("", "")
    if column.numeric and column.kind not in ("lon", "lat"):
        unit = propose_unit(column, header, units, cells)
        told |= (
            {} if unit.unit is None and not column.unit else {"unit": None if unit.unit is None else unit.unit + "*" * unit.assumed}
        )
        why = unit.why
        problems += _doubt(one, claim.at, unit)
    if column.name == "status":
        told["without_place"] = "negotiating"
    seen = list(dict.fromkeys(shown(cell) for cell in cells if filled(cell) and not isinstance(cell, Broken)))[:SAMPLES]
    note = f"{_SURE.say(language)} {claim.confidence:.2f}；{_SEEN.say(language)} {'、'.join(_short(text) for text in seen)}"
    note += f"；{why.say(language)}" if why.zh else ""
    value = flow(told) if len(told) > 1 else scalar(str(told["header"]))
    return f"      {column.name}: {value}   # {column.zh}；{note}".replace("\n", " ").replace("\r", " ")


def _short(text: str) -> str:
    """A sample as a comment may hold it: on one line, without what a YAML file cannot hold."""
    seen = re.sub("[\ufffe\uffff]", "", visible(text, one_line=True))
    return seen if len(seen) <= LONGEST_SAMPLE else seen[: LONGEST_SAMPLE - 1] + "…"


def _doubt(one: Recognised, at: int, unit: UnitProposal) -> list[Problem]:
    if not unit.assumed or not unit.plain or unit.unit is None:
        return []
    place: Place = one.sheet.grid.place(one.row, at)
    return [problem("I117", place, one.headers[at].text, unit=unit.unit, count=unit.plain, why=unit.why, map=MAP_FILE)]
