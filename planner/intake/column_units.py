"""In which unit a column's cells are that state none: what header and notes say, held against the cells that do state one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, log10
from statistics import median

from planner.language import Words
from planner.reading.amounts import RULES, Reading, read_amount
from planner.reading.table import Grid
from planner.tables.column import Column
from planner.tables.unit_words import stated_in, units_in
from planner.tables.units import Header, UnitError, allowed_units, known_unit, scale

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


def fits(unit: str, column: Column) -> bool:
    """Whether the unit converts to that of the column."""
    try:
        scale(unit, column.unit)
    except UnitError:
        return False
    return True


def propose_unit(column: Column, header: Header, notes: Sequence[str], cells: Iterable[object]) -> UnitProposal:
    """What the plain cells of a numeric column are in. A header decides; a note decides where the sizes of cells that state a
    unit do not speak against it; else the sizes decide, as an assumption."""
    stated, plain = _split(column, cells)
    own = _units_of_header(column, header)
    if len({scale(unit, column.unit) for unit in own}) == 1:
        return UnitProposal(own[0], Words("表头写明", "the header says so"), plain=len(plain))
    daily = f"{header.unit}/日" if header.unit else ""
    if daily and fits(daily, column):
        why = Words(f"表头写 {header.unit}，此列按日计", f"the header says {header.unit}, and the column is per day")
        return UnitProposal(daily, why, True, len(plain))
    kind = getattr(known_unit(column.unit), "kind", "")
    if not column.unit or kind in _NEED_NO_UNIT:
        return UnitProposal(column.unit or None, Words("此列只有一种单位", "the column has one unit"), plain=len(plain))
    noted = list(dict.fromkeys(word.label for note in notes for word in stated_in(note) if word.unit.kind == kind))
    inferred = _by_size(column, stated, plain, noted)
    if len({scale(unit, column.unit) for unit in noted}) == 1:
        if inferred is None or scale(inferred, column.unit) == scale(noted[0], column.unit):
            return UnitProposal(noted[0], Words("表注写明", "a note says so"), plain=len(plain))
        why = Words(
            f"表注写 {noted[0]}，而写明单位的 {len(stated)} 格与之不是一个量级",
            f"a note says {noted[0]}, but the {len(stated)} cells that state a unit are of another size",
        )
        return UnitProposal(inferred, why, True, len(plain))
    if inferred is not None:
        why = Words(
            f"没有写明；与写明单位的 {len(stated)} 格量级相同",
            f"nothing says so; of the size of the {len(stated)} cells that state a unit",
        )
        return UnitProposal(inferred, why, True, len(plain))
    return UnitProposal(None, Words("没有写明，也推不出", "nothing says so, nor can it be inferred"), plain=len(plain))


def notes_of(grid: Grid, header_row: int) -> list[str]:
    """What stands around a table and may state units: the rows above the header, the names of file and sheet."""
    above = [cell for row in grid.rows[:header_row] for cell in row if isinstance(cell, str) and cell.strip()]
    return [*above, grid.sheet or "", grid.file.rsplit(".", 1)[0]]


def _units_of_header(column: Column, header: Header) -> list[str]:
    labels = [header.unit] if header.unit else []
    labels += [word.label for word in units_in(header.text) if word.standing in ("apart", "inside", "end")]
    return [label for label in dict.fromkeys(labels) if fits(label, column)]


def _split(column: Column, cells: Iterable[object]) -> tuple[list[float], list[float]]:
    """The amounts of cells that state a unit, in that of the column, and the numbers of those that state none."""
    stated: list[float] = []
    plain: list[float] = []
    for cell in cells:
        read = read_amount(cell, column.unit, power_factor=1.0)
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
        factor = float(scale(unit, column.unit))
        off.setdefault(factor, (abs(log10(median(plain) * factor / median(stated))), unit))
    ranked = sorted(off.values())
    if ranked[0][0] > ALIKE or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < APART):
        return None
    return ranked[0][1]
