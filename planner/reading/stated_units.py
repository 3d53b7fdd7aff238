"""In which unit each column of numbers is: everything that the file and the plan say of it, held against each other (R1).

A column's own header, a row of units under it, a column of units beside it and plan.yaml's ``units`` decide. Whatever else
speaks of the same quantity (:mod:`planner.reading.unit_places.notes`) must say the same; the analyst's ``units`` settles it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from planner.language import Words
from planner.problems import Problem
from planner.reading.headers import Layout
from planner.reading.table import Grid, filled
from planner.reading.unit_places.notes import Stated, foreign, notes, of_comments, of_formats, per_other_time
from planner.reading.unit_places.row import UNIT_WORDS, Under, unit_label
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import OF_RESOURCE
from planner.tables.unit_words import SOFT, UnitWord, stated_in, units_in, without_units
from planner.tables.units import (
    UnitError,
    allowed_units,
    family,
    fold_unit,
    known_unit,
    plain_text,
    scale,
    usual_label,
    without_year,
)

_OF_MASS = frozenset({"water per day", "coal equivalent"})
"""Kinds whose units people shorten to 吨."""
_CURRENCY = re.compile(r"人民币|(?<![a-z])(?:rmb|cny)(?![a-z])|[¥￥]").search
"""A currency without a unit: 元, 万元 or 亿元."""


@dataclass(frozen=True)
class Said:
    """What one source says of units: its grid, where its columns are, the rows of its table, the row of units under its
    header if it has one, the notes around it, and which column of units belongs to which column of numbers."""

    grid: Grid
    layout: Layout
    source: TableSource
    body: tuple[int, ...]
    unit_row: int | None
    notes: tuple[Stated, ...]
    beside: Mapping[str, int]
    """Column of numbers: position of the column that has the unit of each of its cells."""
    unclear: frozenset[str] = frozenset()
    """Columns of numbers that a column of units may be about, and none says which."""


def what_is_said(
    grid: Grid, layout: Layout, source: TableSource, spec: TableSpec, body: Sequence[int], under: Under | None
) -> tuple[Said, list[Problem]]:
    """Everything that is said of units, and what is doubtful about rows and columns that say it; ``body`` are the rows of the
    table."""
    problems: list[Problem] = []
    if under is not None and under.units:
        line = ", ".join(f"{name}: {label}" for name, label in under.units.items())
        problems.append(problem("T190", grid.place(under.row), spec.zh, "、".join(under.units.values()), line=line))
    elif under is not None:
        texts = "、".join(str(cell) for cell in grid.rows[under.row] if filled(cell))
        problems.append(problem("T194", grid.place(under.row), spec.zh, texts))
    inside = set(body)
    numeric = {at for name, at in layout.columns.items() if spec.column(name).numeric}
    numeric |= {at for at in layout.extra.values() if _holds_numbers(grid, at, body)}
    around = notes(grid, layout, body, () if under is None else (under.row,), numeric)
    said = Said(grid, layout, source, tuple(body), under.row if under is not None and under.units else None, around, {})
    beside, unclear, of_units, doubtful = _columns_of_units(said, spec)
    doubtful += foreign(grid, layout, spec, body)
    elsewhere = tuple(note for note in around if note.row not in inside or note.columns.start not in of_units)
    return replace(said, notes=elsewhere, beside=beside, unclear=frozenset(unclear)), problems + doubtful


def _holds_numbers(grid: Grid, at: int, body: Sequence[int]) -> bool:
    first = next((grid.rows[row][at] for row in body if at < len(grid.rows[row]) and filled(grid.rows[row][at])), None)
    return first is not None and bool(re.fullmatch(r"[-+]?[\d,.]+%?\*?", str(first).strip()))


def stated_unit(said: Said, column: Column, rows: Collection[int] | None = None) -> str | Problem:
    """The unit that the file has the column in, or why it cannot be told. Number formats are looked at in ``rows`` of the
    grid (all of the table where not given).

    plan.yaml's ``units`` says what a header without a unit means, and may say what one means that cannot stand (吨 for
    a daily use of water); it may not contradict a header that can.
    """
    at, told = said.layout.columns[column.name], _as_unit(said.source.units.get(column.name), column)
    header = said.layout.headers[at]
    own = _own_units(said, column)
    fitting = [unit for unit in dict.fromkeys(own) if _fits(unit, column, said)]
    if len({_scale(unit, column, said) for unit in fitting}) > 1 and (told is None or not _fits(told, column, said)):
        return _report(said, "T191", column, "、".join(fitting), one=fitting[0], other=fitting[-1])
    if told is not None:
        agreeing = [unit for unit in fitting if _fits(told, column, said) and _same(unit, told, column, said)]
        if _fits(told, column, said) and (agreeing or not fitting):
            return told
        plan = f"units: {said.source.units[column.name]}"
        return _refused(said, column, " / ".join(filter(None, (header.unit or "、".join(own), plan))), told)
    if own and not fitting:
        return _refused(said, column, header.unit if header.unit in own else own[0], own[0])
    used = fitting[0] if fitting else column.unit
    return _contradiction(said, column, used, bool(fitting), rows) or used


def units_of_rows(said: Said, column: Column) -> tuple[str, ...] | None:
    """The unit of each row of the table from the column of units that belongs to ``column``, ``""`` where that is blank; None
    where there is none, or plan.yaml's ``units`` speaks instead."""
    at = said.beside.get(column.name)
    if at is None or column.name in said.source.units:
        return None
    rows = (said.grid.rows[row] for row in said.body)
    return tuple((_as_unit(unit_label(row[at]), column) or "") if at < len(row) else "" for row in rows)


def check_units_of_rows(
    said: Said, column: Column, used: str, labels: Sequence[str], own: bool, rows: Collection[int] | None = None
) -> list[tuple[int, Problem]]:
    """Cells of a column of units that cannot be used, with the row of the table (one of ``rows``, where given): no unit of the column, none where others
    have another than the one that holds for the column, another than the header itself states (``own``)."""
    at, amounts = said.beside[column.name], said.layout.columns[column.name]
    others = any(label and not _same(label, used, column, said) for label in labels)
    found = []
    for number, (row, label) in enumerate(zip(said.body, labels, strict=True)):
        cells = said.grid.rows[row]
        if rows is not None and number not in rows:
            continue
        if amounts >= len(cells) or not filled(cells[amounts]):
            continue
        wrong = (
            (others and not own) if not label else not _fits(label, column, said) or (own and not _same(label, used, column, said))
        )
        if wrong:
            place, text = said.grid.place(row, at), said.layout.headers[at].text if at < len(said.layout.headers) else ""
            values = {"name": column.name, "header": said.layout.headers[amounts].text, "allowed": allowed_words(column.unit)}
            code = "T195" if _apparent(label) and not said.source.power_factor else "T193"
            found.append((number, problem(code, place, text, label, used=used, **values)))
    return found


def allowed_words(unit: str) -> Words:
    """The units that convert to ``unit``."""
    allowed = allowed_units(unit)
    return Words.listed(allowed) if allowed else Words("无", "none")


def own_unit(said: Said, column: Column) -> bool:
    """Whether the header, the row of units or plan.yaml states a unit for the column."""
    return column.name in said.source.units or bool(_own_units(said, column))


def _own_units(said: Said, column: Column) -> list[str]:
    """Labels that the column's own header and the row of units have for it: what brackets hold, whatever it is, and units of
    the column's kind anywhere. Without any of these, a unit of another kind that stands apart or at the end."""
    at = said.layout.columns[column.name]
    header = said.layout.headers[at]
    if other := per_other_time(column, header):
        return [other]
    aliases = {fold(name) for name in column.known_as}
    named = fold(header.text) in aliases
    bracketed = _as_unit(header.unit, column)
    words = units_in((header.unit or "") if fold(header.name) in aliases else header.text)
    label = "" if said.unit_row is None else unit_label(said.grid.rows[said.unit_row][at])
    whole = known_unit(label) is not None or any(word.standing == "rate" for word in units_in(label))
    found = [label] if whole else [usual_label(word.label) for word in stated_in(label)] or [label]
    below = [unit for unit in (_as_unit(text, column) for text in found if text) if unit]
    text = plain_text((header.unit or "") if fold(header.name) in aliases else header.text)
    spoken = [] if named else [unit for word in words if (unit := _word_for(word, column, text))]
    if bracketed is not None and spoken and known_unit(bracketed) is None and fold_unit(bracketed) != fold_unit(column.unit):
        bracketed = None  # 亩（用地）, 用地（公顷）（2027年）
    own = [unit for unit in (bracketed, *spoken, *below) if unit is not None]
    if own or named or column.unit == "" or column.unit == OF_RESOURCE:
        return own
    if (currency := _CURRENCY(plain_text(header.text))) and _kind(column.unit).startswith("money"):
        return [currency[0]]
    per = f"{_kind(column.unit)} per "
    strange = [word for word in words if family(word.unit.kind) not in SOFT]
    return [
        usual_label(word.label)
        for word in strange
        if word.standing == "apart"
        or family(word.unit.kind).startswith(per)
        or (word.standing in ("inside", "end") and _ends(word, header.text))
    ]


def _kind(label: str) -> str:
    unit = known_unit(label)
    return "" if unit is None else family(unit.kind)


def _ends(word: UnitWord, text: str) -> bool:
    return not any(letter.isalnum() for letter in text[word.end :])


def _word_for(word: UnitWord, column: Column, text: str) -> str | None:
    """The unit a word of a header means for the column; None where it is of another kind. One behind a number that is no year
    (108 元) is none that is known."""
    unit = _as_unit(usual_label(word.label), column)
    known, own = (known_unit(label) for label in (unit or "", column.unit))
    if known is None or own is None or family(known.kind) != family(own.kind):
        return None
    number = re.search(r"[\d.,^]+(?=\s*$)", text[: word.start])
    if number and word.standing == "amount" and not re.fullmatch(r"(?:19|20)\d\d", number[0]):
        return f"{number[0]} {unit}"
    return f"{unit}/…" if word.standing == "rate" else unit


def _as_unit(label: str | None, column: Column) -> str | None:
    """The label as a unit of the column: ``万元/年`` of a yearly amount is ``万元``; a remark on a column that has no
    unit is none."""
    if label is None or (column.unit == "" and not column.resource and known_unit(label) is None):
        return None
    plain = without_year(label) if column.yearly else label
    return usual_label(plain) if plain != fold_unit(label) and known_unit(plain) is not None else label


def _scale(unit: str, column: Column, said: Said) -> object:
    return scale(unit, column.unit, said.source.power_factor)


def _fits(unit: str, column: Column, said: Said) -> bool:
    try:
        _scale(unit, column, said)
    except UnitError:
        return False
    return True


def _same(one: str, other: str, column: Column, said: Said) -> bool:
    return _fits(one, column, said) and _fits(other, column, said) and _scale(one, column, said) == _scale(other, column, said)


def _apparent(label: str) -> bool:
    unit = known_unit(label)
    return unit is not None and unit.kind == "power: apparent"


def _refused(said: Said, column: Column, found: str, unit: str) -> Problem:
    """A unit that the column cannot have."""
    own = known_unit(column.unit)
    if _apparent(unit) and own is not None and own.kind == "power":
        return _report(said, "T195", column, found, used=column.unit)
    allowed = allowed_words(column.unit)
    if column.resource and not column.unit:
        allowed = Words("无，资源没有声明 unit", "none, as the resource declares no unit")
    return _report(said, "T126", column, found, allowed=allowed)


def _report(said: Said, code: str, column: Column, found: str, **values: object) -> Problem:
    at = said.layout.columns[column.name]
    header = said.layout.headers[at]
    return problem(code, said.grid.place(said.layout.row, at), header.text, found, name=column.name, header=header.name, **values)


def _contradiction(said: Said, column: Column, used: str, own: bool, rows: Collection[int] | None) -> Problem | None:
    """Something in the file that states another unit of the column's kind than the one that would be ``used``."""
    kind, at = known_unit(column.unit), said.layout.columns[column.name]
    if kind is None or kind.kind in SOFT:
        return None
    formats = of_formats(said.grid, at, frozenset(said.body if rows is None else rows))
    comments = of_comments(said.grid, at, said.layout.row)
    for _, group in groupby((*said.notes, *formats, *comments), key=lambda stated: stated.row):
        about = [stated for stated in group if _speaks_of(stated.label, column)]
        over = [stated for stated in about if at in stated.columns] or about
        if own and any(_same(_meant(stated, column), used, column, said) for stated in over):
            continue
        for stated in over:
            if not _same(_meant(stated, column), used, column, said):
                text, unit = stated.text.strip(), usual_label(stated.label)
                values = {"note": text, "where": str(stated.place), "unit": used, "stated": unit}
                code = "T196" if stated in formats else "T192" if own else "T144"
                fix, keep = (_remedy(said, column, unit, rows is not None) for unit in (usual_label(_meant(stated, column)), used))
                if own:
                    fix = Words("改正表头（或单位行）中的单位", "mend the unit in the header (or the row of units)")
                told = _report(said, code, column, text, fix=fix, keep=keep, **values)
                return replace(told, place=stated.place) if stated in formats else told
    return None


def _remedy(said: Said, column: Column, unit: str, of_rows: bool) -> Words:
    """What settles that the column is in that unit; amounts of several resources have no one unit."""
    if not _fits(unit, column, said):
        return Words(f"换算成 {column.unit} 再填", f"enter the amounts in {column.unit}")
    if of_rows:
        return Words(f"加一列“单位”，逐行写明（{unit}）", f"add a column 单位 that states the unit of each row ({unit})")
    line = f"units: {{{column.name}: {unit}}}"
    return Words(f"在 plan.yaml 的这个表下写 {line}", f"write at this table in plan.yaml {line}")


def _meant(stated: Stated, column: Column) -> str:
    return _as_unit(stated.label, column) or stated.label


def _speaks_of(label: str, column: Column) -> bool:
    """Whether a unit is of the column's quantity: of a yearly one by the month too, of a daily one without the day (万吨)."""
    unit, own = known_unit(_as_unit(label, column) or label), known_unit(column.unit)
    if unit is None or own is None:
        return False
    said, kind = family(unit.kind), family(own.kind)
    if kind in _OF_MASS and said in ("mass", "volume"):
        return unit.factor != 1
    return said == kind or (column.yearly and said == f"{kind} per time")


def _columns_of_units(said: Said, spec: TableSpec) -> tuple[dict[str, int], set[str], set[int], list[Problem]]:
    """Which column of units belongs to which column of numbers, where that is clear: by its header (投资额单位), as the only
    one of its kind, or each right beside its own; else a problem, unless it says nothing that is not so anyhow."""
    if spec.has("unit"):
        return {}, set(), set(), []
    amounts = [column for column in spec.columns if column.name in said.layout.columns and column.numeric]
    amounts = [column for column in amounts if column.unit and column.name not in said.source.units]
    of_units: set[int] = set()
    asked: dict[int, tuple[list[Column], list[str]]] = {}
    for at in said.layout.extra.values():
        labels = [unit_label(said.grid.rows[row][at]) if at < len(said.grid.rows[row]) else "" for row in said.body]
        candidates = _could_be_of(said.layout.headers[at].name, [label for label in labels if label], amounts)
        if candidates:
            of_units.add(at)
        if _of_another(said, at, candidates):
            continue
        if candidates:
            asked[at] = candidates, labels
    beside: dict[str, int] = {}
    unclear: set[str] = set()
    problems = []
    for at, (candidates, labels) in asked.items():
        rivals = [other for other, (theirs, _) in asked.items() if theirs == candidates]
        owner = _owner(said, at, candidates, rivals)
        if owner is not None and owner.name not in beside:
            beside[owner.name] = at
        elif not all(_says_nothing_new(said, column, labels) for column in candidates):
            unclear |= {column.name for column in candidates}
            names = Words.listed(said.layout.headers[said.layout.columns[column.name]].text for column in candidates)
            line = ", ".join(f"{column.name}: …" for column in candidates)
            problems.append(
                problem("T197", said.grid.place(said.layout.row, at), said.layout.headers[at].text, names=names, line=line)
            )
    return beside, unclear, of_units, problems


def _could_be_of(header: str, labels: Sequence[str], amounts: Sequence[Column]) -> list[Column]:
    """The columns of numbers that a column with these texts could hold the units of; none when it is no column of units."""
    units = [unit for unit in map(known_unit, labels) if unit is not None]
    named = fold(header) in UNIT_WORDS or fold(header).endswith(("单位", "單位", "unit", "units"))
    of_resources = [column for column in amounts if column.unit == OF_RESOURCE]
    if of_resources and labels and (named or len(units) == len(labels)):
        return of_resources
    if not units or (len(units) < len(labels) and not named) or all(unit.kind in SOFT for unit in units):
        return []
    return [column for column in amounts if any(_speaks_of(label, column) for label in labels)]


def _subject(said: Said, at: int) -> str:
    """Its name without 单位."""
    name = re.sub(r"(?:单位|單位)|units?$", "", fold(said.layout.headers[at].name))
    return "" if name in ("计量", "金额", "面积", "货币", "数量") else name


def _of_another(said: Said, at: int, candidates: Sequence[Column]) -> bool:
    """Whether a column of units is called by a column that is none of the candidates: 产能单位 beside 年产能."""
    subject, header = _subject(said, at), fold(said.layout.headers[at].name)
    theirs = {said.layout.columns[column.name] for column in candidates}
    others = (fold(told.name) for other, told in enumerate(said.layout.headers) if other not in theirs and other != at)
    return (
        bool(subject) and subject != header and not _named(said, subject, candidates) and any(subject in other for other in others)
    )


def _named(said: Said, subject: str, candidates: Sequence[Column]) -> list[Column]:
    return [column for column in candidates if subject and subject in {*map(fold, column.known_as), fold(_header(said, column))}]


def _owner(said: Said, at: int, candidates: Sequence[Column], rivals: Sequence[int]) -> Column | None:
    by_name = _named(said, _subject(said, at), candidates)
    if len(by_name) == 1:
        return by_name[0]
    if len(candidates) == 1 and len(rivals) == 1:
        return candidates[0]
    left = {said.layout.columns[column.name]: column for column in candidates}
    each_beside = len(rivals) == len(candidates) and all(other - 1 in left for other in rivals)
    return left[at - 1] if each_beside else None


def _header(said: Said, column: Column) -> str:
    header = said.layout.headers[said.layout.columns[column.name]]
    return without_units(header.text) or header.name


def _says_nothing_new(said: Said, column: Column, labels: Sequence[str]) -> bool:
    used = stated_unit(said, column)
    return isinstance(used, str) and all(not label or _same(label, used, column, said) for label in labels)
