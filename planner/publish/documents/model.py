"""What a document says, apart from how it looks: frozen, in plain texts, the one source of PDF, DOCX and slides.

A text is data (R6): no writer reads markup in it. A value that rests on an assumption carries a mark and is printed with ``*`` (R5).
Content that is made twice from the same plan is equal, so it can be compared in tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.language import Language, Words
from planner.problems import visible
from planner.publish.book.text import clean

MARK = "*"
"""Stands behind a value that rests on an assumption."""
MARKED = Words("* 为假设值，或由假设值算得。", "* an assumption, or worked out from one.")

Align = Literal["left", "right", "center"]
Level = Literal["green", "amber", "red", "unknown"]
"""How well a need is met, and that it is not known."""
TextKind = Literal["plain", "lead", "item"]
"""A paragraph, the one that says the most, and a line of a list."""
NoteKind = Literal["note", "warning"]

SHAPES: dict[Level, str] = {"green": "●", "amber": "▲", "red": "■", "unknown": "○"}
"""Told apart in grey print, too."""
LEVEL_WORDS: dict[Level, Words] = {
    "green": Words("满足", "met"),
    "amber": Words("需落实", "to be settled"),
    "red": Words("不足", "not met"),
    "unknown": Words("未知", "not known"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A text as it is printed, and whether it rests on an assumption."""

    text: str
    assumed: bool = False

    @property
    def marked(self) -> str:
        """The text as it is printed, with its mark."""
        return shown(self.text) + (MARK if self.assumed and self.text else "")


Plain = Value | str
"""A value; a text alone is one that rests on no assumption."""


def value_of(plain: Plain) -> Value:
    return plain if isinstance(plain, Value) else Value(plain)


def shown(text: str) -> str:
    """A text of the input as it is printed: line breaks as they are, other control characters visible."""
    return clean(visible("\n".join(text.replace("\ufeff", "").splitlines())).replace("\t", " "))


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    value: Plain
    kind: TextKind = "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a figure is called, and the figure."""

    label: str
    value: Plain
    note: str = ""
    """Said below it in small type."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values side by side; ``tiles``: few large figures."""

    facts: tuple[Fact, ...]
    columns: int = 2
    tiles: bool = False
    shares: tuple[float, ...] = ()
    """Of the width, one for each column; empty: all alike."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``share`` of the width among the others."""

    heading: str
    align: Align = "left"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, which are repeated on each page. ``total``: the last row is a sum."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Plain, ...], ...]
    caption: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Light:
    """One row of :class:`Lights`: the level, which is printed as a shape and a word, and the cells beside it."""

    level: Level
    cells: tuple[Plain, ...]
    word: str = ""
    """Instead of the level's own word."""


@dataclass(frozen=True, slots=True)
class Lights:
    """Needs as red, amber and green: the first column holds the level, ``columns`` those beside it."""

    heading: str
    """Over the levels."""
    columns: tuple[Column, ...]
    lights: tuple[Light, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG; ``alt`` says in words what it shows. ``share``: of the width of the text; ``height``: at most so many mm.

    ``sheet``: width and height in mm of a sheet of its own that it fills, such as A3; None: it stands in the text.
    """

    svg: str
    alt: str
    caption: str = ""
    share: float = 1.0
    height: float | None = None
    sheet: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one colour: a value for each category, None where it is not known, and how it is written."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, a group for each category; slides have them as a chart that can be edited, pages as a picture.

    ``form``: how an office writes the values (``0.0%``); ``most``: where the axis ends, None: at the largest value.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    caption: str = ""
    form: str = "#,##0.##"
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark beside the text: smaller, or in a frame where it warns."""

    value: Plain
    kind: NoteKind = "note"


Block = Text | Facts | Table | Lights | Picture | Bars | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading; ``key`` is the name by which templates place it."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document. ``template``: the name of its template and of its entry in style.yaml, which says how many pages it may take."""

    template: str
    title: str
    subtitle: str
    language: Language
    sections: tuple[Section, ...]
    day: str = ""
    """The day it speaks of, as it is printed."""
    stamp: str = ""
    """At the head of each page: a draft, not approved, for internal use."""
    seal: str = ""
    """Short form of the plan's seal, at the foot of each page."""

    def section(self, key: str) -> Section | None:
        """The section of that key; None where the document has no such section."""
        return next((section for section in self.sections if section.key == key), None)

    @property
    def assumed(self) -> bool:
        """Whether any value bears a mark, so that the document says what it means."""
        return any(value.assumed for _, value in self.values())

    def values(self) -> Iterator[tuple[str, Value]]:
        """Every text that is printed with the name of the place where it stands, in reading order; not those inside pictures."""
        head = (self.title, self.subtitle, self.day, self.stamp, self.seal)
        yield from ((self.title, Value(text)) for text in head)
        for section in self.sections:
            yield section.heading, Value(section.heading)
            for block in section.blocks:
                yield from ((section.heading or self.title, value_of(plain)) for plain in _plains(block))

    def pictures(self) -> Iterator[tuple[str, Picture]]:
        """Every picture with the heading it stands under."""
        for section in self.sections:
            yield from ((section.heading or self.title, block) for block in section.blocks if isinstance(block, Picture))


def _plains(block: Block) -> Sequence[Plain]:
    match block:
        case Text() | Note():
            return [block.value]
        case Facts():
            return [plain for fact in block.facts for plain in (fact.label, fact.value, fact.note)]
        case Table():
            heads = [block.caption, *(column.heading for column in block.columns)]
            return [*heads, *(cell for row in block.rows for cell in row)]
        case Lights():
            heads = [block.caption, block.heading, *(column.heading for column in block.columns)]
            return [*heads, *(cell for light in block.lights for cell in (light.word, *light.cells))]
        case Picture():
            return [block.caption, block.alt]
        case Bars():
            each = [plain for series in block.series for plain in (series.name, *series.texts)]
            return [block.caption, block.alt, *block.categories, *each]
