"""Paper, sizes and colours of the charts, read from ``maps/charts/style.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from planner.content import content_folder

POINTS = 72.0 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True)
class BoxSize:
    """One size of the boxes of links, pt."""

    name: float
    text: float
    width: float
    height: float
    """These two at least."""
    gutter: float
    gap: float
    """Between columns, and between rows, where no line runs."""
    wider: float
    """These two grow with their lines up to so many times that."""


@dataclass(frozen=True)
class Style:
    """What ``style.yaml`` says; lengths in points."""

    width: float
    height: float
    margin: float
    font: str
    title: float
    heading: float
    text: float
    small: float
    boxes: tuple[BoxSize, ...]
    split: BoxSize
    colours: Mapping[str, tuple[str, str]]
    """Name → on light and on dark ground."""

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    def dark(self) -> str:
        """Rules by which elements that name their colours by class are shown on dark ground."""
        rules = (f".f-{name}{{fill:{dark}}}.s-{name}{{stroke:{dark}}}" for name, (_, dark) in self.colours.items())
        return "".join(rules)


@cache
def read_style() -> Style:
    """The shipped style."""
    from ruamel.yaml import YAML

    said: Mapping[str, Any] = YAML(typ="safe").load((content_folder("maps") / "charts" / "style.yaml").read_text(encoding="utf-8"))
    paper = {key: float(value) * POINTS for key, value in said["paper"].items()}
    boxes = tuple(BoxSize(**{key: float(value) for key, value in box.items()}) for box in said["boxes"])
    return Style(
        width=paper["width"],
        height=paper["height"],
        margin=paper["margin"],
        font=str(said["font"]),
        **{key: float(said[key]) for key in ("title", "heading", "text", "small")},
        boxes=boxes,
        split=boxes[int(said["split"])],
        colours={name: (str(light), str(dark)) for name, (light, dark) in said["colours"].items()},
    )
