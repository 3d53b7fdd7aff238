"""By which headers an intake knows the columns of each table: those of the tables, and the heading files of ``models/intake/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.intake.codes import problem
from planner.language import Words
from planner.problems import InputError, Problem, nearest
from planner.reading.headers import fold
from planner.settings.document import read_document
from planner.settings.schema import ResourceSettings
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


Known = Mapping[str, Mapping[str, Heading]]
"""Table → folded header → its column."""


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
    for path in (*sorted((content_folder("models") / "intake").glob("*.yaml")), *files):
        problems += _add(known, specs, path)
    if problems:
        raise InputError(problems)
    return known


def _add(known: dict[str, dict[str, Heading]], specs: Mapping[str, TableSpec], path: Path) -> list[Problem]:
    document = read_document(path, path.name)
    problems = list(document.problems)
    tables: Any = document.data.get("tables", {})
    shape = isinstance(tables, Mapping) and all(isinstance(columns, Mapping) for columns in tables.values())
    if not shape:
        rule = Words("tables 须为 表: {列: [表头…]}", "tables is table: {column: [headers…]}")
        return [*problems, problem("I103", document.spots[()].value, "tables", rule=rule, remedy=Words("改写", "rewrite it"))]
    for table, columns in tables.items():
        for column, texts in columns.items():
            place = document.spots["tables", table, column].key
            if table not in specs or not specs[table].has(column):
                names = specs[table].names if table in specs else tuple(specs)
                hint = nearest_words(nearest(column if table in specs else table, names), Words.listed(names))
                problems.append(problem("I105", place, column, table=table, name=table, nearest=hint))
                continue
            for text in map(str, texts if isinstance(texts, list) else [texts]):
                weak = text.endswith("?")
                known[table].setdefault(fold(text.rstrip("?")), Heading(column, WEAK if weak else LIKELY))
    return problems
