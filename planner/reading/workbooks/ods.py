"""Facts of every sheet of .ods, from its content (ODF 1.3 part 3 §9, §19): its tags are gone through once, repeated rows and
cells counted as often as they stand there. The words that a number shows are those of its displayed text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from planner.reading.table import Broken, Merged
from planner.reading.workbooks.facts import At, SheetFacts, uncalculated
from planner.reading.workbooks.formats import shown_words

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MOST_REPEATED = 10_000
"""A fact of a row or cell is told of so many repetitions of it: blank ones at the end are repeated a million times."""
_BESIDE = re.compile(rb"<(office:annotation|draw:[\w-]+)\b[^>]*(?<!/)>.*?</\1>", re.S)
"""Notes and drawings that hang on a cell."""
_NOTE = re.compile(rb"<office:annotation(?![\w-])[^>]*(?<!/)>(.*?)</office:annotation>", re.S)
_PARAGRAPH = re.compile(rb"<text:p(?![\w-])[^>]*(?<!/)>(.*?)</text:p>", re.S)
_TEXT = re.compile(rb"<[^>]*>")
_SIMPLE = re.compile(rb"<text:p>[-+0-9.,eE ]*</text:p></")
_DIGITS = re.compile(r"[-+(]*\d[\d,.\s'  ]*(?:[Ee][-+]?\d+)?\)?")
_NUMERIC = (b"float", b"currency", b"percentage")


def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rf"""(?<![\w:-]){name}\s*=\s*["']([^"']*)["']""".encode())


_REPEATED_ROWS, _REPEATED, _ROWS_SPANNED, _COLUMNS_SPANNED, _NAME, _VISIBILITY, _STYLED, _TYPE, _VALUE = (
    _attribute(rf"\w+:{name}")
    for name in (
        "number-rows-repeated",
        "number-columns-repeated",
        "number-rows-spanned",
        "number-columns-spanned",
        "name",
        "visibility",
        "style-name",
        "value-type",
        "value",
    )
)
_FAILED = re.compile(rb"""calcext:value-type\s*=\s*["']error["']""")


@dataclass
class _Sheet:
    """One sheet as it grows; lives only while the tags are gone through."""

    name: str
    rows: int = 0
    columns: int = 0
    held: int = 0
    broken: dict[At, Broken] = field(default_factory=dict)
    zeros: list[At] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formats: dict[At, str] = field(default_factory=dict)
    comments: dict[At, str] = field(default_factory=dict)


def facts_of(content: bytes, styles: bytes) -> tuple[SheetFacts, ...]:
    """Of every sheet, in their order. ``styles`` is the part of the named styles. Raises what a damaged file leads to."""
    scaled, noted = b"display-factor" in content or b"display-factor" in styles, _NOTE.search(content) is not None
    walk = _Walk(_struck_styles(content, styles), scaled, noted)
    prefix = re.search(rb"""xmlns:([\w.-]+)\s*=\s*["']urn:oasis:names:tc:opendocument:xmlns:table:1\.0["']""", content)
    tag = re.compile(
        rb"<%s:(table-row|table-cell|covered-table-cell|table-column|table)(?![\w-])" % (prefix[1] if prefix else b"table")
        + rb"""([^>"]*+(?:"[^"]*+"[^>"]*+)*+)>"""
    )
    for found in tag.finditer(content):
        walk.take(found[1], found[2], content, found.end())
    return walk.facts()


def _struck_styles(content: bytes, styles: bytes) -> frozenset[bytes]:
    """Names of the styles whose text is struck out, by themselves or by what they are made from."""
    if b"line-through" not in content and b"line-through" not in styles:
        return frozenset()
    parent: dict[str, str] = {}
    own: dict[str, bool] = {}
    head = content.split(b"<office:body", 1)[0]
    for xml in (styles, head + b"</office:document-content>" if head != content else content):
        for style in ElementTree.fromstring(xml).iter(f"{_STYLE}style") if xml else ():
            name = style.get(f"{_STYLE}name", "")
            parent[name] = style.get(f"{_STYLE}parent-style-name", "")
            for marks in style.iter(f"{_STYLE}text-properties"):
                line = marks.get(f"{_STYLE}text-line-through-style"), marks.get(f"{_STYLE}text-line-through-type")
                if line != (None, None):
                    own[name] = "none" not in line

    def struck(name: str, depth: int = 0) -> bool:
        return own[name] if name in own else depth < 20 and name in parent and struck(parent[name], depth + 1)

    return frozenset(name.encode() for name in parent if struck(name))


class _Walk:
    """Goes through the tags of a content."""

    def __init__(self, struck: frozenset[bytes], scaled: bool, noted: bool) -> None:
        self.sheets: list[_Sheet] = []
        self.struck, self.scaled, self.noted, self.calculated = struck, scaled, noted, False
        self.any_struck = bool(struck)
        self.row = self.next_row = self.column = self.repeated = self.header = 0

    def take(self, kind: bytes, attributes: bytes, content: bytes, end: int) -> None:
        if kind == b"table":
            name = _NAME.search(attributes)
            self.sheets.append(_Sheet(_unescaped(name[1]) if name else ""))
            self.next_row = self.header = 0
        elif kind == b"table-row":
            self.row, self.column, self.repeated = self.next_row, 0, _count(_REPEATED_ROWS, attributes)
            self.next_row += self.repeated
            if b"visibility" in attributes and _hidden(attributes):
                self.sheets[-1].hidden.update(self._rows())
        elif kind == b"table-column":
            first, self.header = self.header, self.header + _count(_REPEATED, attributes)
            if b"visibility" in attributes and _hidden(attributes):
                self.sheets[-1].hidden_columns.update(range(first, min(self.header, first + _MOST_REPEATED)))
        else:
            repeated = _count(_REPEATED, attributes) if b"repeated" in attributes else 1
            open_ = not attributes.endswith(b"/") and content[end : end + 2] != b"</"
            if kind == b"table-cell" and (open_ or b"value" in attributes or b"formula" in attributes):
                self._cell(attributes, content, end, repeated)
            self.column += repeated

    def _rows(self) -> range:
        return range(self.row, self.row + min(self.repeated, _MOST_REPEATED))

    def _cell(self, attributes: bytes, content: bytes, end: int, repeated: int) -> None:
        sheet, at = self.sheets[-1], (self.row, self.column)
        sheet.rows, sheet.columns = max(sheet.rows, self.row + self.repeated), max(sheet.columns, self.column + repeated)
        sheet.held += repeated * self.repeated
        if b"spanned" in attributes:
            over = _count(_ROWS_SPANNED, attributes), _count(_COLUMNS_SPANNED, attributes)
            if over != (1, 1):
                sheet.merged.append((at, (at[0] + over[0] - 1, at[1] + over[1] - 1)))
        if self.noted and (note := _NOTE.search(content[end : content.find(b"table-cell>", end)])):
            sheet.comments[at] = "\n".join(map(_displayed, _PARAGRAPH.findall(note[1])))
        failed, formula = b"error" in attributes and _FAILED.search(attributes), b"formula" in attributes
        looked_at = failed or formula or self.any_struck or self.scaled
        if not looked_at and (b'"string"' in attributes or _SIMPLE.match(content, end)):
            return
        found = _TYPE.search(attributes)
        kind = found[1] if found else b""
        close = end if attributes.endswith(b"/") else content.rfind(b"<", end, content.find(b"table-cell>", end))
        after = _BESIDE.sub(b"", content[end:close])
        styled = self.any_struck and (style := _STYLED.search(attributes)) and style[1] in self.struck
        cells = [(row, self.column + step) for row in self._rows() for step in range(min(repeated, _MOST_REPEATED))]
        if failed:
            sheet.broken.update(dict.fromkeys(cells, Broken(_displayed(after) or "#", "T140")))
        elif formula and not kind:
            sheet.broken.update(dict.fromkeys(cells, Broken("", "T141")))
        elif formula:
            value = _VALUE.search(attributes)
            zero = kind in _NUMERIC and value is not None and float(value[1]) == 0
            sheet.zeros.extend(cells if zero else ())
            self.calculated |= not zero
        if styled or (self.any_struck and any(name in self.struck for name in _STYLED.findall(after))):
            sheet.struck.update(self._rows())
        if kind in _NUMERIC and (code := self._format(attributes, _displayed(after))):
            sheet.formats.update(dict.fromkeys(cells, code))

    def _format(self, attributes: bytes, displayed: str) -> str:
        """The format as Excel would write it: ``0"亿元"``, a comma for each division by 1000."""
        words = _DIGITS.sub("", displayed, count=1).strip()
        divided = ""
        if self.scaled and (value := _VALUE.search(attributes)) and (digits := _DIGITS.search(displayed)):
            shown, held = _number(digits[0]), abs(float(value[1]))
            near = (times for times in (3, 2, 1) if shown and 0.5 < held / 1000**times / shown < 2)
            divided = "," * next(near, 1 if held >= 1 > 2 * shown else 0)
        if displayed.endswith("%"):
            return "0%"
        code = f'0{divided}"{words}"' if words else f"0{divided}"
        return code if divided or shown_words(code) else ""

    def facts(self) -> tuple[SheetFacts, ...]:
        doubtful = not self.calculated
        return tuple(
            SheetFacts(
                sheet.name,
                (sheet.rows, sheet.columns),
                sheet.held,
                {**sheet.broken, **uncalculated(sheet.zeros, doubtful)},
                tuple(sheet.merged),
                frozenset(sheet.hidden),
                frozenset(sheet.struck),
                frozenset(sheet.hidden_columns),
                sheet.formats,
                sheet.comments,
            )
            for sheet in self.sheets
        )


def _count(name: re.Pattern[bytes], attributes: bytes) -> int:
    found = name.search(attributes)
    return int(found[1]) if found else 1


def _hidden(attributes: bytes) -> bool:
    found = _VISIBILITY.search(attributes)
    return found is not None and found[1] in (b"collapse", b"filter")


def _number(digits: str) -> float:
    """The size of a number as it is displayed, with commas between its thousands; 0 where it is none."""
    try:
        return abs(float(re.sub(r"[^\d.eE+-]", "", digits)))
    except ValueError:
        return 0.0


def _displayed(inside: bytes) -> str:
    return _unescaped(_TEXT.sub(b"", inside)).strip()


def _unescaped(text: bytes) -> str:
    return "".join(ElementTree.fromstring(b"<x>" + text + b"</x>").itertext())
