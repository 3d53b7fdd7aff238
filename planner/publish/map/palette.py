"""Colours and symbols of the map, read from ``maps/palette.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from planner.content import content_folder
from planner.language import Language, Words
from planner.publish.figures import percent
from planner.publish.map import words


@dataclass(frozen=True)
class Palette:
    """What ``maps/palette.yaml`` says."""

    levels: tuple[tuple[str, Words], ...]
    """Colour and name of each class of fullness, in the order of the legend: unused, the classes from light to dark, unknown."""
    starts: tuple[float, ...]
    """Where each class between these two begins, ascending from 0."""
    chain_colours: tuple[str, ...]
    chain_shapes: tuple[str, ...]
    """SVG paths in a box of 16 × 16."""
    no_chain: str
    incumbent: str
    home: str
    line: str
    ground: Mapping[str, str]
    ground_dark: Mapping[str, str]
    """The same for a dark page."""
    heat: tuple[str, ...]
    """Classes of shortage, the least first."""
    heat_dark: tuple[str, ...]

    def level(self, fullness: float | None, selected: int) -> int:
        """Position in :attr:`levels` of a park: 0 unused, then the classes, last unknown."""
        if fullness is None:
            return len(self.starts) + 1
        if selected == 0 and fullness <= 0:
            return 0
        return 1 + max(at for at, start in enumerate(self.starts) if fullness >= start or at == 0)

    def chain(self, position: int) -> tuple[str, str]:
        """Colour and shape of the chain at a position; neighbours differ in both."""
        return (self.chain_colours[position % len(self.chain_colours)], self.chain_shapes[position % len(self.chain_shapes)])

    def names(self, language: Language) -> tuple[str, ...]:
        """Names of :attr:`levels` in one language."""
        return tuple(name.say(language) for _, name in self.levels)


def _range(start: float, end: float | None) -> Words:
    """``低于 50%``, ``50%–80%``, ``95% 及以上``."""
    if end is None:
        return words.FROM.fill(start=percent(start))
    if start <= 0:
        return words.BELOW.fill(end=percent(end))
    return words.BETWEEN.fill(start=percent(start), end=percent(end))


@cache
def read_palette() -> Palette:
    """The shipped palette."""
    from ruamel.yaml import YAML

    said = YAML(typ="safe").load((content_folder("maps") / "palette.yaml").read_text(encoding="utf-8"))
    fullness, classes = said["fullness"], said["fullness"]["classes"]
    starts = tuple(float(entry["from"]) for entry in classes)
    ranges = [(entry["colour"], _range(start, end)) for entry, start, end in zip(classes, starts, (*starts[1:], None), strict=True)]
    return Palette(
        levels=((fullness["unused"], words.UNUSED), *ranges, (fullness["unknown"], words.UNKNOWN)),
        starts=starts,
        chain_colours=tuple(said["chains"]["colours"]),
        chain_shapes=tuple(said["chains"]["shapes"]),
        no_chain=said["chains"]["none"],
        incumbent=said["incumbent"],
        home=said["home"],
        line=said["line"],
        ground=dict(said["ground"]),
        ground_dark=dict(said["ground_dark"]),
        heat=tuple(said["heat"]),
        heat_dark=tuple(said["heat_dark"]),
    )
