"""Fields of the layers and tables of a plan's GeoPackage. Money 万元, shares and probabilities 0–1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner.language import Words
from planner.plan.model import Plan
from planner.publish.field import Catalogue, Kind, R, Shown
from planner.publish.map import words as map_words
from planner.publish.map.captions import headline, sources
from planner.publish.map.ground import Ground
from planner.publish.view import View


@dataclass(frozen=True)
class Column:
    """One field: its name, the heading a reader sees, and a value for each row; None is not known."""

    name: str
    kind: Kind
    heading: Words
    values: tuple[Any, ...]

    def only(self, rows: Sequence[int]) -> Column:
        """The same field for some of the rows."""
        return replace(self, values=tuple(self.values[row] for row in rows))


def columns_of(view: View, catalogue: Catalogue[R], rows: Sequence[R], where: Shown = Shown.LAYER) -> tuple[Column, ...]:
    """The fields of a catalogue."""
    return _distinct(
        [
            Column(field.name, field.kind, field.full_heading, tuple(field.value(view, row) for row in rows))
            for field in catalogue.shown(view, where)
        ]
    )


def about_columns(plan: Plan, ground: Ground) -> tuple[Column, ...]:
    """What the file is, as topic and text."""
    language = plan.plan.language
    rows = [
        (Words("计划", "Plan"), plan.plan.name),
        (Words("概要", "Summary"), map_words.SEMICOLON.say(language).join(headline(plan))),
        (Words("坐标系", "Coordinate system"), _SYSTEM.say(language)),
        *((Words("来源", "Sources"), line) for line in sources(plan)),
    ]
    if ground.unknown_region is not None:
        rows.append((Words("提示", "Note"), map_words.NOTE_REGION.say(language, name=ground.unknown_region)))
    return (
        Column("topic", "text", Words("项", "Topic"), tuple(topic.say(language) for topic, _ in rows)),
        Column("text", "text", Words("内容", "Text"), tuple(text for _, text in rows)),
    )


_SYSTEM = Words("CGCS2000（EPSG:4490），与 WGS84 视为相同", "CGCS2000 (EPSG:4490), taken as equal to WGS84")


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Field names told apart where they differ in case alone or not at all: SQLite takes ``Land`` for ``land``."""
    seen: dict[str, int] = {}
    told = []
    for column in columns:
        key = column.name.lower()
        seen[key] = seen.get(key, 0) + 1
        told.append(column if seen[key] == 1 else replace(column, name=f"{column.name}_{seen[key]}"))
    return tuple(told)
