"""Which table a sheet is, on which row its header stands, and which header is which column: a proposal, with how sure it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.geography.named_systems import without_system
from planner.intake.headings import LIKELY, Heading, Known
from planner.intake.sheets import Sheet
from planner.reading.headers import YEAR, forms, parse_headers
from planner.reading.points import holds_pairs, names_pair
from planner.reading.table import filled
from planner.spelling import fold
from planner.tables.column import TableSpec
from planner.tables.units import Header

DEEPEST_HEADER = 60
"""Rows from the top in which a header is looked for."""
LEAST = 2
"""Columns that a sheet must share with a table to be taken for it."""
NAMED = 3.0
"""What a file or sheet called like a table is worth, in columns."""


@dataclass(frozen=True)
class Claim:
    """A header that may be a column."""

    at: int
    """Position in the row, from 0."""
    confidence: float


@dataclass(frozen=True)
class Recognised:
    """What a sheet is taken for."""

    sheet: Sheet
    table: str | None = None
    row: int = 0
    """Of the header, from 0."""
    headers: tuple[Header, ...] = ()
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    """Column: the headers that may be it, the likeliest first."""
    score: float = 0.0
    body: tuple[int, ...] = ()
    """Its rows, where they are known; else every row below the header may be one."""
    superseded: bool = False
    """Another file is this table."""
    platform: str | None = None
    """Whose export the sheet looks like."""
    sure: float = 0.0
    """Confidence in the table, from 0 to 1."""

    @property
    def columns(self) -> dict[str, int]:
        """The likeliest header of each column."""
        return {name: claims[0].at for name, claims in self.claims.items()}

    def rest(self) -> tuple[int, ...]:
        """Headers that are no column of the table."""
        taken = set(self.columns.values())
        return tuple(at for at, header in enumerate(self.headers) if header.text and at not in taken)


def recognise(sheet: Sheet, specs: Mapping[str, TableSpec], known: Known) -> Recognised:
    """The likeliest table and header row of a sheet; no table where too little of any is there."""
    rows = [(at, parse_headers(row)) for at, row in enumerate(sheet.grid.rows[:DEEPEST_HEADER])]
    each = [_of_table(sheet, spec, known, rows) for spec in specs.values()]
    ranked = sorted((found for found in each if found.score > 0), key=lambda found: -found.score)
    if not ranked:
        return Recognised(sheet)
    best, second = ranked[0], ranked[1].score if len(ranked) > 1 else 0.0
    share = len(best.columns) / sum(bool(header.text) for header in best.headers)
    return replace(best, sure=round(min(0.99, best.score / (best.score + second) * (1 + share) / 2 + share / 4), 2))


def _of_table(sheet: Sheet, spec: TableSpec, known: Known, rows: Sequence[tuple[int, tuple[Header, ...]]]) -> Recognised:
    """The sheet as that table, with the header on the row that has most of its columns, the first such."""
    scored = (_on_row(sheet, spec, known, row, headers) for row, headers in rows)
    return max(scored, key=lambda found: found.score, default=Recognised(sheet))


def _on_row(sheet: Sheet, spec: TableSpec, known: Known, row: int, headers: tuple[Header, ...]) -> Recognised:
    headings, platform = known.of(spec.name, (header.text for header in headers))
    claims: dict[str, list[Claim]] = {}
    for at, header in enumerate(headers):
        heading = heading_of(header, headings) if header.text else None
        if heading is not None:
            claims.setdefault(heading.column, []).append(Claim(at, heading.confidence))
    if spec.has("lon") and not {"lon", "lat"} & claims.keys():
        for at in (at for at, header in enumerate(headers) if header.text and names_pair(header.text)):
            if holds_pairs(cells[at] for cells in sheet.grid.rows[row + 1 :] if at < len(cells)):
                claims |= {"lon": [Claim(at, LIKELY)], "lat": [Claim(at, LIKELY)]}
                break
    ranked = {name: tuple(sorted(claimed, key=lambda claim: -claim.confidence)) for name, claimed in claims.items()}
    needed = [column.name for column in spec.columns if column.required and column.name not in spec.key]
    subject = {spec.key[0], "name", *needed} & ranked.keys()
    if len(ranked) < LEAST or not subject or not any(any(map(filled, cells)) for cells in sheet.grid.rows[row + 1 :]):
        return Recognised(sheet)
    score = sum(claimed[0].confidence for claimed in ranked.values()) - sum(name not in ranked for name in needed)
    score += NAMED if _called(sheet, spec) else 0.0
    return Recognised(sheet, spec.name, row, headers, ranked, max(score, 0.0), platform=platform)


def heading_of(header: Header, known: Mapping[str, Heading]) -> Heading | None:
    """The column of a header: as it is written, without its unit wherever that stands, without a year in it, or without the
    system of coordinates that it names."""
    own = forms(header)
    found = next((known[form] for form in (*own, *(YEAR.sub("", form) for form in own)) if form in known), None)
    point = known.get(fold(without_system(header.text)))
    return found if found is not None or point is None or point.column not in ("lon", "lat") else point


def _called(sheet: Sheet, spec: TableSpec) -> bool:
    """Whether the file or the sheet has the table's name in its own."""
    names = [fold(re.sub(r"[(（\[].*?[)）\]]", "", text)) for text in (sheet.path.stem, sheet.name or "")]
    return any(fold(known) in name for known in spec.known_as for name in names if name)
