"""In which unit a column's cells are that state none: what header and notes say, held against the cells that do state one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log10
from statistics import median

from planner.language import Words
from planner.problems import Problem
from planner.reading.amounts import RULES, Reading, Unread, read_amount
from planner.reading.headers import Layout
from planner.reading.rows.body import Body, body_of
from planner.reading.stated_units import Said, units_of_rows, what_is_said
from planner.reading.table import Grid
from planner.reading.unit_places.notes import of_comments, of_formats, per_other_time
from planner.reading.unit_places.row import under_header
from planner.reading.workbooks.formats import shown_words
from planner.settings.sources import TableSource
from planner.tables.column import Column, TableSpec
from planner.tables.unit_words import stated_in, units_in
from planner.tables.units import Header, UnitError, allowed_units, family, known_unit, scale

FEW = 3
"""Cells of each sort from which their sizes are compared."""
ALIKE, APART = 0.7, 0.8
"""Powers of ten: medians this near are of one size; the next unit has to be that much further off."""
_NEED_NO_UNIT = frozenset({"people", "count", "points", "angle", "share", "person-months", "time"})
"""Kinds that people count in one unit."""


@dataclass(frozen=True, slots=True)
class UnitProposal:
    """The unit of the cells that state none; None where it cannot be told."""

    unit: str | None
    why: Words
    assumed: bool = False
    plain: int = 0
    """Cells that state no unit."""


@dataclass(frozen=True)
class SheetUnits:
    """What one sheet says of units: its rows, a row of units under the header, notes, and the units of single cells."""

    said: Said
    under: Mapping[str, str]
    """Column: its unit in a row of units."""
    body: Body
    problems: tuple[Problem, ...]

    def noted(self, column: Column) -> list[UnitHere]:
        """The units of what the column measures that notes over it and on its cells, names and number formats state."""
        at, wanted = self.said.layout.columns[column.name], known_unit(column.unit)
        if wanted is None:
            return []
        over = [note for note in self.said.notes if at in note.columns]
        over += [*of_formats(self.said.grid, at, self.said.body), *of_comments(self.said.grid, at, self.said.layout.row)]
        here = [UnitHere(note.label, note.unit.kind) for note in over]
        return [one for one in dict.fromkeys(here) if family(one.kind) == family(wanted.kind)]

    def of_cells(self, column: Column) -> dict[int, str]:
        """Row of the grid: the unit that a column of units, or the cell's own number format, states for it."""
        at, grid = self.said.layout.columns[column.name], self.said.grid
        found: dict[int, str] = {}
        for row in self.said.body:
            words = stated_in(shown_words(grid.formats.get((row, at), "")))
            units = [word.label for word in words if fits(word.label, column)]
            found |= {row: units[0]} if len(units) == 1 else {}
        labels = units_of_rows(self.said, column)
        return found | {row: label for row, label in zip(self.said.body, labels or (), strict=False) if label}


@dataclass(frozen=True, slots=True)
class UnitHere:
    """A unit that is stated, and its kind."""

    label: str
    kind: str


def units_of_sheet(grid: Grid, layout: Layout, spec: TableSpec) -> SheetUnits:
    """What the sheet says of units, and which of its rows are rows of the table."""
    under = under_header(grid, layout, spec)
    body = body_of(grid, layout, spec, () if under is None else (under.row,))
    rows = [row for row in body.rows if row not in body.doubtful]
    said, problems = what_is_said(grid, layout, TableSource(file=grid.file), spec, rows, under)
    return SheetUnits(said, {} if under is None else under.units, body, tuple(problems))


def fits(unit: str, column: Column) -> bool:
    """Whether the unit converts to that of the column, apparent power by a power factor."""
    try:
        scale(unit, column.unit, 1.0)
    except UnitError:
        return False
    return True


def propose_unit(column: Column, header: Header, units: SheetUnits, cells: Sequence[object]) -> UnitProposal:
    """What the plain cells of a numeric column are in. The header or a row of units decides; a note decides where the sizes of
    cells that state a unit do not speak against it; else the sizes decide, as an assumption."""
    stated, plain = _split(column, cells)

    def proposal(unit: str | None, zh: str, en: str, assumed: bool = False) -> UnitProposal:
        return UnitProposal(unit, Words(zh, en), assumed, len(plain))

    if other := per_other_time(column, header):
        return proposal(None, f"表头写 {other}，而此列按年计", f"the header says {other}, and the column is per year")
    own, strange = _units_of_header(column, header, units.under.get(column.name))
    if own and _one_size(own, column):
        return proposal(own[0], "表头写明", "the header says so")
    if own:
        return proposal(None, f"表头写了几种单位：{'、'.join(own)}", f"the header states several units: {', '.join(own)}")
    daily = f"{header.unit}/日" if header.unit else ""
    if daily and fits(daily, column):
        why = f"表头写 {header.unit}，此列按日计", f"the header says {header.unit}, and the column is per day"
        return proposal(daily, *why, True)
    if strange:
        why = f"表头写 {strange}，不能换算成 {column.unit}", f"the header says {strange}, which does not convert to {column.unit}"
        return proposal(None, *why)
    kind = getattr(known_unit(column.unit), "kind", "")
    if not column.unit or kind in _NEED_NO_UNIT:
        return proposal(column.unit or None, "此列只有一种单位", "the column has one unit")
    notes = units.noted(column)
    noted = [note.label for note in notes if fits(note.label, column)]
    if len(noted) < len(notes):
        other = next(note.label for note in notes if not fits(note.label, column))
        return proposal(None, f"表注写 {other}，不能换算", f"a note says {other}, which does not convert")
    inferred = _by_size(column, stated, plain, noted)
    if noted and _one_size(noted, column):
        if inferred is None or _one_size([inferred, noted[0]], column):
            return proposal(noted[0], "表注写明", "a note says so")
        why = (
            f"表注写 {noted[0]}，而写明单位的 {len(stated)} 格与之不是一个量级",
            f"a note says {noted[0]}, but the {len(stated)} cells that state a unit are of another size",
        )
        return proposal(inferred, *why, True)
    if inferred is not None:
        why = (
            f"没有写明；与写明单位的 {len(stated)} 格量级相同",
            f"nothing says so; of the size of the {len(stated)} cells that state a unit",
        )
        return proposal(inferred, *why, True)
    if noted:
        return proposal(None, f"表注写了几种单位：{'、'.join(noted)}", f"notes state several units: {', '.join(noted)}")
    return proposal(None, "没有写明，也推不出", "nothing says so, nor can it be inferred")


def _one_size(labels: Sequence[str], column: Column) -> bool:
    return len({scale(label, column.unit, 1.0) for label in labels}) == 1


def _units_of_header(column: Column, header: Header, under: str | None) -> tuple[list[str], str | None]:
    """The units of the column that its header, or the row below it, states; and one that it states and that is none of its."""
    words = [word for word in units_in(header.text) if word.standing in ("apart", "inside", "end")]
    labels = [label for label in (under, header.unit, *(word.label for word in words)) if label]
    wanted = known_unit(column.unit)
    kin = [word.label for word in words if wanted is not None and family(word.unit.kind) == family(wanted.kind)]
    own = [label for label in dict.fromkeys(labels) if fits(label, column)]
    return own, next(iter(kin), None) if not own else None


def _split(column: Column, cells: Iterable[object]) -> tuple[list[float], list[float]]:
    """The amounts of cells that state a unit, in that of the column, and the numbers of those that state none."""
    stated: list[float] = []
    plain: list[float] = []
    read_texts: dict[str, Reading[float] | Unread] = {}
    for cell in cells:
        if type(cell) in (int, float):
            plain += [float(cell)] if 0 < cell < inf else []  # type: ignore[operator, arg-type]
            continue
        text = cell if isinstance(cell, str) else ""
        if text not in read_texts:
            read_texts[text] = read_amount(text, column.unit, power_factor=1.0)
        read = read_texts[text]
        if isinstance(read, Reading) and isfinite(read.value) and read.value > 0:
            has_unit = {RULES["unit"], RULES["power factor"]} & {*read.rules}
            (stated if has_unit else plain).append(read.value)
    return stated, plain


def _by_size(column: Column, stated: Sequence[float], plain: Sequence[float], noted: Sequence[str]) -> str | None:
    """The unit in which the plain numbers are of the size of the stated amounts, when no other is nearly so."""
    if len(stated) < FEW or len(plain) < FEW:
        return None
    off: dict[float, tuple[float, str]] = {}
    for unit in (*noted, column.unit, *allowed_units(column.unit)):
        factor = float(scale(unit, column.unit, 1.0))
        off.setdefault(factor, (abs(log10(median(plain) * factor / median(stated))), unit))
    ranked = sorted(off.values())
    if ranked[0][0] > ALIKE or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < APART):
        return None
    return ranked[0][1]
