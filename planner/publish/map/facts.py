"""Rows of facts as the popups of a map show them, from the catalogue of fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.language import Words
from planner.plan.records import ParkResult
from planner.publish.field import Catalogue, Field, R, Shown
from planner.publish.fields import FIRM, INCUMBENT, LINK, MONEY, PARK
from planner.publish.figures import figure, percent, quantity
from planner.publish.view import NOT_LIMITED, View

Row = tuple[int, str] | tuple[int, str, int]
"""Position of the heading among the labels, text, and 1 where the figure is an assumption."""
CATALOGUES: tuple[Catalogue[Any], ...] = (FIRM, PARK, LINK, INCUMBENT)
"""Of the records that have popups."""


@dataclass(frozen=True)
class Facts:
    """Writes the rows of one plan's popups. A fact that is not known has no row (R1); text of the plan stays plain text, of
    which the page makes text nodes, never markup (R6)."""

    view: View
    where: Shown = Shown.POPUP
    """Which fields stand there: those of the popups, or the few that may be handed out."""

    @cached_property
    def headings(self) -> dict[Words, int]:
        """Each heading and its position."""
        fields = (field for catalogue in CATALOGUES for field in catalogue.shown(self.view, self.where))
        return {heading: at for at, heading in enumerate(dict.fromkeys(field.heading for field in fields))}

    def labels(self) -> list[str]:
        return [heading.say(self.view.language) for heading in self.headings]

    def rows(self, catalogue: Catalogue[R], record: R) -> list[Row]:
        rows: list[Row] = []
        for field in catalogue.shown(self.view, self.where):
            value = field.value(self.view, record)
            if value is not None:
                at, text = self.headings[field.heading], self._text(field, value)
                rows.append((at, text, 1) if field.is_assumed(self.view, record) else (at, text))
        return rows

    def _text(self, field: Field[R], value: Any) -> str:
        if isinstance(value, str):
            return value
        if field.kind == "share":
            return percent(value)
        if field.unit == MONEY:
            return self.view.money(value)
        return f"{figure(value)} {field.unit.say(self.view.language) if field.unit else ''}".rstrip()

    def use(self, park: ParkResult) -> list[tuple[str, str, float | None, int]]:
        """Resource name, text, share, assumed: for each resource at the end of the last quarter."""
        basis, language, rows = self.view.basis, self.view.language, []
        for resource in self.view.plan.resources:
            name = resource.resource_id
            use = self.view.uses.get((park.park_id, name))
            if use is None:
                continue
            if use.capacity is None:
                text = f"{quantity(use.used, resource.unit, language)} · {NOT_LIMITED.say(language)}"
            else:
                text = f"{figure(use.used)} / {quantity(use.capacity, resource.unit, language)}"
                text += "" if use.share is None else f" · {percent(use.share)}"
            share = None if use.share is None else round(use.share, 4)
            assumed = basis.use([park.park_id], name) or basis.park_capacity(park, name)
            rows.append((resource.name, text, share, int(assumed)))
        return rows
