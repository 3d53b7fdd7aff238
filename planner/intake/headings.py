"""By which headers an intake knows the columns of each table: those of the tables, and the heading files of ``models/intake/``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.intake.codes import problem
from planner.language import Words
from planner.problems import InputError, Problem, nearest
from planner.settings.document import Document, read_document
from planner.settings.schema import ResourceSettings
from planner.spelling import fold
from planner.tables.codes import nearest_words
from planner.tables.column import TableSpec
from planner.tables.spec import TABLES, resource_columns

SURE, LIKELY, WEAK = 0.95, 0.85, 0.6
"""Confidence in a header that a table declares, that a heading file lists, and that it lists for want of a better one."""
USUAL: Mapping[str, ResourceSettings] = {
    "land": ResourceSettings(name="用地", unit="亩", kind="stock"),
    "power": ResourceSettings(name="用电负荷", unit="MW", kind="flow"),
    "water": ResourceSettings(name="日用水", unit="吨/日", kind="flow"),
    "energy": ResourceSettings(name="年综合能耗", unit="吨标煤", kind="flow"),
}
"""The resources that most plans have; a plan that is there says its own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header may be."""

    column: str
    confidence: float


Columns = Mapping[str, Mapping[str, Heading]]
"""Table → folded header → its column."""
FEWEST = 2
"""Headers of a platform's own from which a sheet is taken for its export."""


@dataclass(frozen=True)
class Known:
    """The headers that are known: everywhere, and in the exports of platforms, which are told by headers of their own."""

    columns: Columns
    platforms: tuple[tuple[str, frozenset[str], Columns], ...] = ()

    def of(self, table: str, headers: Iterable[str]) -> tuple[Mapping[str, Heading], str | None]:
        """The headings of a table for a row of headers, and the platform that they are of, if any."""
        texts = {fold(header) for header in headers}
        for name, own, columns in self.platforms:
            if len(own & texts) >= FEWEST:
                return {**self.columns[table], **columns.get(table, {})}, name
        return self.columns[table], None


def specs_of(resources: Mapping[str, ResourceSettings]) -> dict[str, TableSpec]:
    """Every table with the columns of the resources."""
    return {name: spec.adding(resource_columns(name, resources)) if spec.takes_resources else spec for name, spec in TABLES.items()}


def known_headings(specs: Mapping[str, TableSpec], files: Sequence[Path] = ()) -> Known:
    """The headings of the tables, of ``models/intake/`` and of further ``files``, the later ones winning.

    Raises:
        InputError: a heading file names a table or column that there is not.
    """
    known: dict[str, dict[str, Heading]] = {}
    for name, spec in specs.items():
        own = known[name] = {}
        for column in spec.columns:
            for text in column.known_as:
                own.setdefault(fold(text), Heading(column.name, SURE))
    problems: list[Problem] = []
    platforms = []
    for path in (*sorted((content_folder("models") / "intake").glob("*.yaml")), *files):
        document = read_document(path, path.name)
        columns, faults = _columns(document, specs)
        problems += faults
        told_by: Any = document.data.get("known_by")
        if told_by:
            name = str(document.data.get("name", path.stem))
            platforms.append((name, frozenset(fold(str(text)) for text in told_by), columns))
            continue
        for table, headings in columns.items():
            for text, heading in headings.items():
                known[table].setdefault(text, heading)
    if problems:
        raise InputError(problems)
    return Known(known, tuple(platforms))


def _columns(document: Document, specs: Mapping[str, TableSpec]) -> tuple[dict[str, dict[str, Heading]], list[Problem]]:
    """What one heading file knows, and what in it names nothing."""
    problems = list(document.problems)
    known: dict[str, dict[str, Heading]] = {}
    tables: Any = document.data.get("tables", {})
    if not isinstance(tables, Mapping) or not all(isinstance(columns, Mapping) for columns in tables.values()):
        rule = Words("tables 须为 表: {列: [表头…]}", "tables is table: {column: [headers…]}")
        place = document.spots[()].value
        return {}, [*problems, problem("I103", place, "tables", rule=rule, remedy=Words("改写", "rewrite it"))]
    for table, columns in tables.items():
        for column, texts in columns.items():
            if table not in specs or not specs[table].has(column):
                names = specs[table].names if table in specs else tuple(specs)
                hint = nearest_words(nearest(column if table in specs else table, names), Words.listed(names))
                place = document.spots["tables", table, column].key
                problems.append(problem("I105", place, column, table=table, name=table, nearest=hint))
                continue
            for text in map(str, texts if isinstance(texts, list) else [texts]):
                heading = Heading(column, WEAK if text.endswith("?") else LIKELY)
                known.setdefault(table, {}).setdefault(fold(text.rstrip("?")), heading)
    return known, problems
