"""The facts that popups show: rows of heading key, text and whether the figure is an assumption (R5).

Text from the plan stays plain text here; the page makes it a text node, never markup (R6). A fact that is not known has
no row (R1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.language import Words
from planner.plan.records import ParkResult, Use
from planner.publish.field import Catalogue, Field, R, Shown
from planner.publish.fields import FIRM, INCUMBENT, LINK, MONEY, NOT_LIMITED, PARK
from planner.publish.figures import figure, money, percent, quantity
from planner.publish.view import View

Row = tuple[int, str] | tuple[int, str, int]
"""Position of the heading among the labels, text, and 1 where the figure is an assumption."""
CATALOGUES: tuple[Catalogue[Any], ...] = (FIRM, PARK, LINK, INCUMBENT)
"""Of the records that have popups."""


@dataclass(frozen=True)
class Facts:
    """Writes the rows of one plan's popups."""

    view: View

    @cached_property
    def headings(self) -> dict[Words, int]:
        """Each heading and its position."""
        fields = (field for catalogue in CATALOGUES for field in catalogue.shown(self.view, Shown.POPUP))
        return {heading: at for at, heading in enumerate(dict.fromkeys(field.heading for field in fields))}

    def labels(self) -> list[str]:
        """Row headings."""
        return [heading.say(self.view.language) for heading in self.headings]

    def rows(self, catalogue: Catalogue[R], record: R) -> list[Row]:
        """The rows of a record."""
        return list(self._rows(catalogue, record))

    def _rows(self, catalogue: Catalogue[R], record: R) -> Iterable[Row]:
        for field in catalogue.shown(self.view, Shown.POPUP):
            value = field.value(self.view, record)
            if value is not None:
                at, text = self.headings[field.heading], self._text(field, value)
                yield (at, text, 1) if field.is_assumed(self.view, record) else (at, text)

    def _text(self, field: Field[R], value: Any) -> str:
        if isinstance(value, str):
            return value
        if field.kind == "share":
            return percent(value)
        if field.unit == MONEY:
            return money(value, self.view.language)
        return f"{figure(value)} {field.unit.say(self.view.language) if field.unit else ''}".rstrip()

    def use(self, park: ParkResult) -> list[tuple[str, str, float | None, int]]:
        """Resource name, text, share, assumed: for each resource at the end of the last quarter."""
        basis, told = self.view.basis, []
        for resource in self.view.plan.resources:
            name, use = resource.resource_id, self.view.use(park, resource.resource_id)
            if use is not None:
                assumed = basis.use([park.park_id], name) or basis.park_capacity(park, name)
                share = None if use.share is None else round(use.share, 4)
                told.append((resource.name, self._amount(use, resource.unit), share, int(assumed)))
        return told

    def _amount(self, use: Use, unit: str) -> str:
        if use.capacity is None:
            return f"{quantity(use.used, unit, self.view.language)} · {NOT_LIMITED.say(self.view.language)}"
        text = f"{figure(use.used)} / {quantity(use.capacity, unit, self.view.language)}"
        return text if use.share is None else f"{text} · {percent(use.share)}"
