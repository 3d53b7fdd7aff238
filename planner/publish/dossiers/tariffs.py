"""What moving a tonne costs, from the table ``freight``: its narrowest row for the goods and the two places; where none fits there is
no rate, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.publish.distances import Spot
from planner.publish.stated import Stated
from planner.spelling import fold_name


@dataclass(frozen=True)
class Tariff:
    """A rate: 元 per tonne and km, or 元 per tonne whatever the way."""

    rate: float
    per_km: bool
    mode: str
    source: str | None
    assumed: bool

    def cost(self, km: float | None) -> float | None:
        """元 for one tonne over ``km``; None where the way is needed and not known."""
        if not self.per_km:
            return self.rate
        return None if km is None else self.rate * km


@dataclass(frozen=True)
class Tonnage:
    """Tonnes for each 万元 of the goods."""

    tonnes: float
    source: str | None
    assumed: bool


class Tariffs:
    """The rows of ``freight``."""

    def __init__(self, rows: Iterable[Stated]) -> None:
        self.rows = tuple(rows)

    def rate(self, link_id: str, start: Spot, end: Spot) -> Tariff | None:
        """For goods of a link from ``start`` to ``end``. A row of the link goes before one of every link, one that names both places
        before one that names fewer; among equals the lowest rate, so that no saving is said to be larger than it need be."""
        places = tuple({fold_name(name) for name in spot.names} for spot in (start, end))
        found: list[tuple[tuple[float, float, str], Tariff]] = []
        for row in self.rows:
            named = [fold_name(row.text(column)) for column in ("from_place", "to_place")]
            there, back = (
                [not name or name in known for name, known in zip(named, order, strict=True)] for order in (places, places[::-1])
            )
            if row.text("link_id") not in ("", link_id) or not (all(there) or all(back)):
                continue
            known = 4 * bool(row.text("link_id")) + sum(map(bool, named)) + all(there) / 2
            for column, per_km in (("rate", True), ("rate_per_ton", False)):
                if (rate := row.number(column)) is not None:
                    tariff = Tariff(rate, per_km, row.text("mode"), row.source, column in row.assumed)
                    found.append(((-known, rate, tariff.mode), tariff))
                    break
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def tonnage(self, link_id: str) -> Tonnage | None:
        """Of the goods of a link: the smallest that its own rows state, else the rows of every link."""
        for wanted in (link_id, ""):
            rows = [row for row in self.rows if row.text("link_id") == wanted and row.number("tonnage") is not None]
            if rows:
                row = min(rows, key=lambda row: row.number("tonnage") or 0.0)
                return Tonnage(row.number("tonnage") or 0.0, row.source, "tonnage" in row.assumed)
        return None
