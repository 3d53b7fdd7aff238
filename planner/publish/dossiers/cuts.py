"""How much of each list a page shows: the fullest page first; where it does not fit, lists grow shorter in the order declared here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cuts:
    """Most entries of lists, and Chinese characters of free texts. Names of firms and parks are never cut."""

    partners: int = 8
    offers: int = 5
    aside: int = 4
    """Offers that are refused or set apart, each kind."""
    questions: int = 7
    links: int = 4
    """Links in the diagram on each side."""
    text: int = 120
    source: int = 60


STEPS = (
    Cuts(),
    Cuts(offers=4, aside=3, questions=6, links=3, text=90, source=40),
    Cuts(partners=6, offers=3, aside=2, questions=5, links=3, text=60, source=30),
    Cuts(partners=6, offers=3, aside=2, questions=4, links=2, text=50, source=24),
    Cuts(partners=4, offers=3, aside=2, questions=4, links=2, text=44, source=24),
    Cuts(partners=4, offers=2, aside=2, questions=3, links=2, text=36, source=18),
    Cuts(partners=2, offers=1, aside=2, questions=2, links=2, text=24, source=12),
)
"""One after the other until the page holds what is shown. Few, since each may have to be tried: a third of the demo's firms take the
fourth or the fifth, the others the first."""
