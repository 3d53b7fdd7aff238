"""Drawings as SVG: a canvas that escapes what it writes, keeps texts in their rooms, and says where its boxes stand.

Lengths are points. Colours stand as attributes, for paper and documents, and are named by class, for pages with a dark ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planner.publish.charts.measure import ASCENT, DESCENT, clean, fit, width
from planner.publish.charts.style import POINTS, Style, read_style
from planner.publish.documents.fonts import BOLD, REGULAR
from planner.publish.offline import html_text

NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
TIGHT = 0.8
"""A text that fills more of its room than this is held to its width, so that it stays there in another font, too."""


@dataclass(frozen=True)
class Box:
    """Where something stands, pt from the upper left."""

    key: str
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Svg:
    """A finished drawing."""

    text: str
    """A whole SVG file."""
    width: float
    height: float
    """pt."""
    title: str
    boxes: tuple[Box, ...] = ()
    """None over another."""

    def inline(self) -> str:
        """As it stands within a page: without the name of the vocabulary, which looks like an address."""
        return self.text.replace(NAMESPACE, "", 1)


def number(value: float) -> str:
    """Two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@dataclass
class Canvas:
    """A drawing in the making."""

    width: float
    height: float
    title: str
    style: Style = field(default_factory=read_style)
    parts: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def done(self) -> Svg:
        """The drawing as a file."""
        mm = [number(side / POINTS) for side in (self.width, self.height)]
        head = (
            f'<svg{NAMESPACE} width="{mm[0]}mm" height="{mm[1]}mm" viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'font-family="{html_text(self.style.font)}" role="img" aria-label="{html_text(clean(self.title))}">'
        )
        return Svg("\n".join([head, *self.parts, "</svg>\n"]), self.width, self.height, self.title, tuple(self.boxes))

    def paint(self, fill: str | None, stroke: str | None = None, line: float = 0.75, more: str = "") -> str:
        """Attributes of colour; ``more``: further classes."""
        classes = " ".join(filter(None, (fill and f"f-{fill}", stroke and f"s-{stroke}", more)))
        said = f' fill="{self.style.colours[fill][0] if fill else "none"}"'
        if stroke:
            said += f' stroke="{self.style.colours[stroke][0]}" stroke-width="{number(line)}"'
        return said + (f' class="{classes}"' if classes else "")

    def rect(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        fill: str | None,
        stroke: str | None = None,
        line: float = 0.75,
        radius: float = 0.0,
        dash: str = "",
        more: str = "",
    ) -> None:
        """A rectangle."""
        rounded = f' rx="{number(radius)}"' if radius else ""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(max(wide, 0.0))}" height="{number(max(high, 0.0))}"'
        self.parts.append(f"<rect {place}{rounded}{dashed}{self.paint(fill, stroke, line, more)}/>")

    def path(
        self, d: str, fill: str | None = None, stroke: str | None = None, line: float = 0.75, dash: str = "", more: str = ""
    ) -> None:
        """A path."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{d}"{dashed}{self.paint(fill, stroke, line, more)}/>')

    def circle(self, x: float, y: float, radius: float, fill: str | None, stroke: str | None = None, line: float = 0.75) -> None:
        self.parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{self.paint(fill, stroke, line)}/>')

    def text(
        self,
        x: float,
        y: float,
        said: str,
        size: float,
        room: float,
        colour: str = "ink",
        bold: bool = False,
        anchor: str = "start",
    ) -> float:
        """One line, ``y`` its upper edge, cut where it has no room; returns how wide it is."""
        weight = BOLD if bold else REGULAR
        shown = fit(clean(said), size, room, weight)
        if not shown:
            return 0.0
        wide = width(shown, size, weight)
        held = f' textLength="{number(wide)}" lengthAdjust="spacingAndGlyphs"' if wide > TIGHT * room and len(shown) > 1 else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        strong = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y + ASCENT * size)}" font-size="{number(size)}"{strong}{at}{held}'
            f"{self.paint(colour)}>{html_text(shown)}</text>"
        )
        return wide

    def lines(
        self,
        x: float,
        y: float,
        said: Iterable[str],
        size: float,
        room: float,
        colour: str = "ink",
        bold: bool = False,
        leading: float = 1.25,
    ) -> float:
        """Lines below each other; returns the lower edge of the last."""
        bottom = y
        for position, line in enumerate(said):
            self.text(x, y + position * size * leading, line, size, room, colour, bold)
            bottom = y + position * size * leading + size * (ASCENT + DESCENT)
        return bottom

    def pill(self, x: float, y: float, said: str, size: float, fill: str, colour: str, room: float = 1e9) -> float:
        """A word on a ground of its own; returns how wide that is."""
        inner = size * 0.35
        wide = width(fit(clean(said), size, room - 2 * inner, BOLD), size, BOLD) + 2 * inner
        if wide <= 2 * inner or wide > room:
            return 0.0
        self.rect(x, y, wide, size * 1.24, fill, radius=size * 0.28)
        self.text(x + inner, y + size * 0.12, said, size, wide - 2 * inner + 0.01, colour, bold=True)
        return wide

    def open(self, key: str, box: Box | None = None, **data: object) -> None:
        """Begin a group that a page can find: ``data`` become ``data-…`` attributes; its box is one of the drawing's."""
        said = "".join(f' data-{name.replace("_", "-")}="{html_text(clean(str(value)))}"' for name, value in data.items())
        self.parts.append(f'<g class="{key}"{said}>')
        if box is not None:
            self.boxes.append(box)

    def close(self) -> None:
        self.parts.append("</g>")


def stacked(parts: Mapping[str, float], whole: float, length: float) -> list[tuple[str, float, float]]:
    """Parts of a bar as (name, from, length): in turn, none beyond its end."""
    at, cut = 0.0, []
    for name, part in parts.items():
        long = min(part / whole * length if whole > 0 else 0.0, length - at)
        if long > 0:
            cut.append((name, at, long))
            at += long
    return cut
