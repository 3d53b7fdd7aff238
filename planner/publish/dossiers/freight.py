r"""What a firm saves on freight when it stands in the park and trades with the firms that are here, against trading with the same firms
from where it is now:

.. math:: \text{saving} = \text{tonnes} \times (\text{cost of a tonne today} - \text{cost of a tonne from the park})

Tonnes a year are 吨 per 万元 × the goods in 万元: of each link that supplies it the coefficient × its own output, bought of the nearest
local firms up to their capacity; of each link that buys the coefficient × the buyer's capacity, the nearest first, up to what it makes.
With a rate per tonne and km the saving is tonnes × rate × (km today − km here). A line of which rate, tonnage or a distance is not known
has no saving, says what is lacking, and adds nothing to the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from planner.publish.distances import Way
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.partners import Partner, Side
from planner.publish.dossiers.subject import Subject
from planner.publish.dossiers.tariffs import Tariff, Tonnage

Lack = Literal["rate", "tonnage", "today", "here", "amount"]
"""What is not known: a rate for both ways, tonnes per 万元, the distance today or from the park, how much is traded."""


@dataclass(frozen=True)
class Line:
    """Goods that move between the firm and one local firm in a year."""

    partner: Partner
    inbound: bool
    amount: float | None
    """万元."""
    tonnage: Tonnage | None
    tariff: Tariff | None
    """From the park; that of today where both are the same row."""
    today: Way | None
    here: Way | None
    """The ways by the mode of the rate: between the local firm and where the firm is now, and the park."""
    saving: float | None
    """元 a year; below 0 where it costs more."""
    lacks: tuple[Lack, ...]
    assumed: bool

    @property
    def tonnes(self) -> float | None:
        return None if self.tonnage is None or self.amount is None else self.tonnage.tonnes * self.amount


@dataclass(frozen=True)
class Freight:
    """All lines of one firm."""

    lines: tuple[Line, ...]

    def side(self, inbound: bool) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.inbound == inbound)

    def saving(self, inbound: bool) -> float | None:
        """元 a year over the lines that can be reckoned; None where none can."""
        known = [line.saving for line in self.side(inbound) if line.saving is not None]
        return sum(known) if known else None

    @property
    def total(self) -> float | None:
        known = [line.saving for line in self.lines if line.saving is not None]
        return sum(known) if known else None

    def lacking(self, inbound: bool) -> tuple[Lack, ...]:
        """What stands in the way of lines that cannot be reckoned, each once."""
        return tuple(dict.fromkeys(lack for line in self.side(inbound) for lack in line.lacks))


def freight_of(here: Here, subject: Subject, up: Side, down: Side) -> Freight:
    """The lines of both sides."""
    if subject.link is None or subject.park is None:
        return Freight(())
    return Freight(tuple(_line(here, subject, *traded) for traded in (*_bought(subject, up), *_sold(subject, down))))


def _bought(subject: Subject, up: Side) -> Iterator[tuple[Partner, bool, float | None]]:
    for tie in up.ties:
        left = None if subject.supplies is None else tie.coefficient * subject.supplies
        for partner in (partner for partner in up.partners if partner.tie is tie):
            amount = None if left is None or partner.firm.capacity is None else min(left, partner.firm.capacity)
            left = None if left is None else left - (amount or 0.0)
            if amount != 0:
                yield partner, True, amount


def _sold(subject: Subject, down: Side) -> Iterator[tuple[Partner, bool, float | None]]:
    left = subject.supplies
    for partner in sorted(down.partners, key=lambda partner: (partner.km, partner.firm.name)):
        wanted = None if partner.firm.capacity is None else partner.tie.coefficient * partner.firm.capacity
        amount = None if left is None or wanted is None else min(left, wanted)
        left = None if left is None else left - (amount or 0.0)
        if amount != 0:
            yield partner, False, amount


def _line(here: Here, subject: Subject, partner: Partner, inbound: bool, amount: float | None) -> Line:
    assert subject.link is not None
    assert subject.park is not None
    goods = partner.tie.link.link_id if inbound else subject.link.link_id
    spot, park = here.spot_of_local(partner.firm), here.spot_of_park(subject.park)
    rates = [here.tariffs.rate(goods, *((spot, end) if inbound else (end, spot))) for end in (subject.home, park)]
    tonnage = here.tariffs.tonnage(goods)
    modes = ["" if rate is None else rate.mode for rate in rates]
    ways = [here.distances.between(spot, end, mode) for end, mode in zip((subject.home, park), modes, strict=True)]
    costs = [None if rate is None else rate.cost(None if way is None else way.km) for rate, way in zip(rates, ways, strict=True)]
    lacks: list[Lack] = [] if None not in rates else ["rate"]
    lacks += ["tonnage"] if tonnage is None else []
    lacks += ["amount"] if amount is None else []
    per_km = any(rate is not None and rate.per_km for rate in rates)
    lacks += [name for name, way in (("today", ways[0]), ("here", ways[1])) if per_km and way is None]  # type: ignore[misc]
    saving = None
    if not lacks and tonnage is not None and amount is not None and costs[0] is not None and costs[1] is not None:
        saving = tonnage.tonnes * amount * (costs[0] - costs[1])
    marks = (
        "capacity" in subject.assumed or "capacity" in partner.firm.assumed,
        here.basis.column("link_edges", "coefficient"),
        tonnage is not None and tonnage.assumed,
        any(rate is not None and rate.assumed for rate in rates),
        any(way is not None and way.assumed for way in ways),
    )
    return Line(partner, inbound, amount, tonnage, rates[1] or rates[0], ways[0], ways[1], saving, tuple(lacks), any(marks))
