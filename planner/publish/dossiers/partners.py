"""Who here would supply a firm and buy from it: along the supply edges, the firms that are here already, with their distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import inf

from planner.plan.firm_records import Incumbent
from planner.publish.distances import Distances, Spot, Way
from planner.publish.dossiers.here import Here, Tie
from planner.publish.dossiers.subject import Subject


@dataclass(frozen=True)
class Partner:
    """A local firm at a link that supplies or buys."""

    firm: Incumbent
    tie: Tie
    here: Way | None
    """Between it and the park."""
    today: Way | None
    """Between it and where the firm is now."""

    @property
    def km(self) -> float:
        return inf if self.here is None else self.here.km


@dataclass(frozen=True)
class Side:
    """Upstream or downstream of a firm."""

    ties: tuple[Tie, ...]
    partners: tuple[Partner, ...]
    """The nearest of each link first: one of each link in turn, the link with the largest coefficient first."""


def suppliers(here: Here, subject: Subject) -> Side:
    return _side(here, subject, here.suppliers_of(_link(subject)))


def buyers(here: Here, subject: Subject) -> Side:
    return _side(here, subject, here.buyers_of(_link(subject)))


def _link(subject: Subject) -> str | None:
    return None if subject.link is None else subject.link.link_id


def _side(here: Here, subject: Subject, ties: Sequence[Tie]) -> Side:
    park = None if subject.park is None else here.spot_of_park(subject.park)
    of_links = [_partners(here, tie, park, subject) for tie in ties]
    in_turn = [partner for row in zip_longest(*of_links) for partner in row if partner is not None]
    return Side(tuple(ties), tuple(in_turn))


def _partners(here: Here, tie: Tie, park: Spot | None, subject: Subject) -> list[Partner]:
    found = []
    for firm in here.locals.get(tie.link.link_id, ()):
        if firm.name != subject.name:
            spot = here.spot_of_local(firm)
            found.append(Partner(firm, tie, _way(here.distances, spot, park), _way(here.distances, spot, subject.home)))
    return sorted(found, key=lambda partner: (partner.km, -(partner.firm.capacity or 0.0), partner.firm.name))


def _way(distances: Distances, start: Spot, end: Spot | None) -> Way | None:
    return None if end is None else distances.between(start, end)
