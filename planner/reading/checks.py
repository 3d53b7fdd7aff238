"""What a table must hold as a whole: keys, references to other tables, coordinates on the ground that is planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Place, Problem, listed_at_most, nearest
from planner.reading.amounts import says_nothing
from planner.reading.cells import GROUPED
from planner.reading.join import row_keys, shown_key
from planner.reading.phrases import whole_ids
from planner.reading.table import Cell, Table
from planner.settings.partial import Refused
from planner.settings.schema import Region
from planner.spelling import fold_name
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import TABLES

Bounds = tuple[float, float, float, float]

LISTED = 50
"""Problems of one code in one table that are listed one by one; the rest are counted in one line."""


def check_keys(spec: TableSpec, table: Table) -> list[Problem]:
    """Blank keys, and rows whose key an earlier row has; one whose first part is blank has no key."""
    key = [name for name in spec.key if name in table.frame.columns]
    problems: list[Problem] = []
    for name in (name for name in key if spec.column(name).required):
        values, header = table.frame[name], table.headers[name]
        blank = [row for row, value in enumerate(values.tolist()) if value == "" and (row, name) not in table.refused]
        problems += [problem("T151", table.place(row, name), header, key=header) for row in blank]
    if not key:
        return problems
    header = " + ".join(table.headers[name] for name in key)
    if doubles := _doubles(table, key):
        keys = row_keys(table, key)
        for row, earlier in doubles.items():
            place, other = table.place(row, key[0]), table.place(earlier, key[0])
            problems.append(problem("T152", place, header, shown_key(keys[row]), other=_seen_from(place, other)))
    return problems


def _doubles(table: Table, key: Sequence[str]) -> dict[int, int]:
    """The rows whose key an earlier row has, with the first that has it; one whose first part is blank has no key."""
    first: dict[tuple[object, ...], int] = {}
    rows = enumerate(zip(*(table.frame[name].tolist() for name in key), strict=True))
    return {row: earlier for row, parts in rows if parts[0] != "" and (earlier := first.setdefault(parts, row)) != row}


def without_doubles(spec: TableSpec, table: Table) -> Table:
    """The table without the rows whose key an earlier row has (:func:`check_keys` has told them), so that what is linked
    has one row for each key and everything else can still be checked."""
    key = [name for name in spec.key if name in table.frame.columns]
    doubles = _doubles(table, key) if key else {}
    return table.rows(np.array([row for row in range(len(table)) if row not in doubles], dtype=np.int64)) if doubles else table


def with_blank_keys_refused(spec: TableSpec, table: Table) -> Table:
    """The table with the blank cells of its key refused (:func:`check_keys` has told them)."""
    names = [name for name in spec.key if name in table.frame.columns and spec.column(name).required]
    blank = {(row, name) for name in names for row, value in enumerate(table.frame[name].tolist()) if value == ""}
    return replace(table, refused=table.refused | blank) if blank else table


def known_ids(tables: Mapping[str, Table], resources: Iterable[str]) -> dict[str, frozenset[str]]:
    """The ids that each table has: those of its first key column."""
    keys = {name: TABLES[name].key[0] for name in tables}
    ids = {name: frozenset(tables[name].frame[key]) - {""} for name, key in keys.items() if key in tables[name].frame.columns}
    return {**ids, "resources": frozenset(resources)}


def _ids_called(table: Table | None, name: str) -> tuple[str, ...]:
    """Ids of the rows that bear that name: somebody wrote it where the id belongs."""
    if table is None or "name" not in table.frame.columns:
        return ()
    return tuple(dict.fromkeys(table.frame[TABLES[table.name].key[0]][table.frame["name"] == name].astype(str)))[:LISTED]


def check_references(
    spec: TableSpec, table: Table, ids: Mapping[str, frozenset[str]], doubtful: Collection[str], tables: Mapping[str, Table]
) -> tuple[list[Problem], frozenset[Cell]]:
    """Ids that the table they refer to, one of ``tables``, does not have, of those that are there; and the cells in which they stand.
    Tables that are ``doubtful`` may have further ids: nothing is told of those that refer to them."""
    problems: list[Problem] = []
    cells: set[Cell] = set()
    for column in spec.columns:
        target = column.reference
        if column.name not in table.frame.columns:
            continue
        if target in doubtful and target is not None:
            cells.update((row, column.name) for row, _ in _dangling(table, column, ids.get(target, frozenset())))
            continue
        if column.kind in ("id", "list") and not column.required and (target is None or target not in ids):
            zeros = [row for row, value in enumerate(table.frame[column.name].tolist()) if value == "0" or value == ("0",)]
            problems += [problem("T220", table.place(row, column.name), table.headers[column.name], "0") for row in zeros]
            cells.update((row, column.name) for row in zeros)
        if target is None or target not in ids:
            continue
        zh, header = TABLES[target].zh, table.headers[column.name]
        enter = Words(f"先在“{zh}”表中登记，或改正编号", f"enter it in {target} first, or mend the id")
        for count, (row, unknown) in enumerate(_dangling(table, column, ids[target])):
            # Likeness costs a comparison with every id; what is only counted needs none.
            near = (_ids_called(tables.get(target), unknown) or nearest(unknown, ids[target])) if count < LISTED else ()
            problems.append(
                problem(
                    "T153",
                    table.place(row, column.name),
                    header,
                    unknown,
                    table=Words(zh, target),
                    nearest=nearest_words(near, enter),
                )
            )
            cells.add((row, column.name))
    return problems, frozenset(cells)


def _dangling(table: Table, column: Column, known: frozenset[str]) -> list[tuple[int, str]]:
    """(row, id) of every id that is not known."""
    values = table.frame[column.name]
    if column.kind == "list":
        return [(row, name) for row, names in enumerate(whole_ids(values, known)) for name in names if name not in known]
    return [(row, str(name)) for row, name in enumerate(values.tolist()) if name != "" and name not in known]


def check_alike(spec: TableSpec, table: Table) -> list[Problem]:
    """Ids, and names of groups, that differ in how they are written only; firms and parks of one name under two ids."""
    problems: list[Problem] = []
    for column in (
        one
        for one in spec.columns
        if one.name in table.headers and (one.kind == "id" or (one.kind == "text" and one.name in GROUPED))
    ):
        values = table.frame[column.name]
        first = {value: row for row, value in reversed(list(enumerate(values.tolist()))) if value != ""}
        earlier: dict[str, tuple[int, str]] = {}
        for value, row in sorted(first.items(), key=itemgetter(1)):
            at, same = earlier.setdefault(fold_name(value), (row, value))
            if at != row:
                place = table.place(row, column.name)
                said = {"same": same, "other": _seen_from(place, table.place(at, column.name))}
                problems.append(problem("T221", place, table.headers[column.name], value, **said))
    return problems + _one_name(spec, table)


def _one_name(spec: TableSpec, table: Table) -> list[Problem]:
    """Rows that have the name of an earlier row, its ids apart; of firms that are here already only at the same link."""
    if spec.name not in ("candidates", "parks", "incumbents") or "name" not in table.headers:
        return []
    frame = table.frame
    links = frame["link_id"] if spec.name == "incumbents" and "link_id" in frame else [""] * len(frame)
    groups = frame["variant_group"].tolist() if "variant_group" in frame else [""] * len(frame)
    earlier: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    for row, (name, link) in enumerate(zip(frame["name"].tolist(), links, strict=True)):
        at = earlier.setdefault((fold_name(name), str(link)), row)
        if at != row and not says_nothing(name) and not (groups[row] and groups[row] == groups[at]):
            place = table.place(row, "name")
            problems.append(problem("T222", place, table.headers["name"], name, other=_seen_from(place, table.place(at, "name"))))
    return problems


def _seen_from(place: Place, other: Place) -> str:
    """The other place as a message at ``place`` names it: its cell, with file and sheet where these are others."""
    same = (place.file, place.sheet) == (other.file, other.sheet)
    return other.cell if same and other.cell else str(other)


def check_coordinates(table: Table, region: Region) -> list[Problem]:
    """Coordinates that are exchanged, alone, or off the ground: ``region.world`` for candidates, else ``bounds``."""
    if not {"lon", "lat"} <= set(table.frame.columns):
        return []
    setting = "world" if table.name == "candidates" else "bounds"
    bounds: Bounds = getattr(region, setting)
    # A firm may be anywhere on earth; but one whose exchanged coordinates lie in the country is not in the Arctic.
    home: Bounds = Region.model_fields["bounds"].default if setting == "world" else bounds
    lon, lat = table.frame["lon"].to_numpy(float), table.frame["lat"].to_numpy(float)
    outside = ~np.isnan(lon) & ~np.isnan(lat) & ~_within(lon, lat, bounds)
    home_when_swapped = _within(lat, lon, home)
    swapped = (~_within(lon, lat, home) & home_when_swapped) | (outside & _within(lat, lon, bounds))
    header = " / ".join(table.headers.get(name, name) for name in ("lon", "lat"))

    def off(code: str, row: int, wanted: Bounds, **values: object) -> Problem:
        shown = ", ".join(f"{value:g}" for value in wanted)
        return problem(code, table.place(row, "lon"), header, f"{lon[row]:g}, {lat[row]:g}", bounds=shown, **values)

    problems = [off("T161", row, home if home_when_swapped[row] else bounds) for row in np.flatnonzero(swapped).tolist()]
    problems += [off("T162", row, bounds, setting=setting) for row in np.flatnonzero(outside & ~swapped).tolist()]
    for name, own, other in (("lon", lon, lat), ("lat", lat, lon)):
        alone = [row for row in np.flatnonzero(np.isnan(own) & ~np.isnan(other)).tolist() if (row, name) not in table.refused]
        problems += [problem("T163", table.place(row, name), table.headers.get(name, name)) for row in alone]
    return problems


_OF_BOUNDS = frozenset({"T161", "T162", "T232"})
"""The codes of what lies outside the bounds that the settings give."""


def on_known_ground(problems: list[Problem], refused: Refused) -> list[Problem]:
    """The problems of coordinates and outlines, where the settings say what the ground is."""
    unknown = any(refused.part("region", key) for key in ("bounds", "world"))
    return [found for found in problems if not (unknown and found.code in _OF_BOUNDS)]


def _within(lon: NDArray[np.float64], lat: NDArray[np.float64], bounds: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def listed(problems: Iterable[Problem], subject: str) -> list[Problem]:
    """The problems of the table or column ``subject``: the first :data:`LISTED` of each code, and how many more."""
    counts: Counter[str] = Counter()
    beyond: dict[str, Problem] = {}
    kept: list[Problem] = []
    most = listed_at_most(LISTED)
    for fault in problems:
        counts[fault.code] += 1
        if counts[fault.code] <= most:
            kept.append(fault)
        else:
            beyond[fault.code] = fault
    for code, last in beyond.items():
        more = counts[code] - LISTED
        place = replace(last.place, cell=None, line=None) if last.place is not None else None
        rule = Words(f"同类问题还有 {more} 处，未逐一列出", f"{more} more of this kind are not listed one by one")
        remedy = Words("改正已列出的后再检查一次", "mend those that are listed and check again")
        kept.append(Problem(code, place, subject, "", rule, remedy, last.severity))
    return kept
