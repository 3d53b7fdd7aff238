"""Facts of a sheet of .xlsx and .xlsm, from the parts of the file (ECMA-376 part 1 §18). Cells are gone through one by one only
where the sheet has something to look for, so that an ordinary one costs a few searches of its bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from itertools import product
from posixpath import normpath
from xml.etree import ElementTree

from planner.reading.table import Broken, Merged
from planner.reading.workbooks.facts import At, SheetFacts, uncalculated
from planner.reading.workbooks.formats import told

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _attribute(name: str, value: str = r"""[^"']*""") -> re.Pattern[bytes]:
    return re.compile(rf"""(?<![\w:]){name}\s*=\s*["']({value})["']""".encode())


_R, _S, _T, _REF, _MIN, _MAX = map(_attribute, ("r", "s", "t", "ref", "min", "max"))
_WIDTH, _HIDDEN = _attribute("width", r"0(?:\.0*)?"), _attribute("hidden", "1|true")
_FLAT = _attribute("ht", r"0(?:\.0*)?")
_RECALCULATED = re.compile(rb"""\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']|\bcalcCompleted\s*=\s*["'](?:0|false)["']""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_HOLDING = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b([^>]*)>")
_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.S
)
_USUAL_START = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?(?: t="[a-zA-Z]+")?/?>')
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?:/>|>(.*?)</c>)', re.S)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b([^>]*)>?([^<]*)")
_VALUE = re.compile(rb"[<:]v(?:\s[^>]*)?>([^<]+)<")
_STRIKE = re.compile(rb"""<(?:\w+:)?strike\b(?!\s+val\s*=\s*["'](?:0|false)["'])""")
_PIECE = 1 << 24
_NUMBERS, _TEXTS = (None, b"n"), (b"str", b"inlineStr")
_EMPTY = re.compile(rb"<(?:\w+:)?v\b")
"""Excel writes a result that is an empty text as a value that is there and empty."""
_WORTH_A_LOOK = (b'"e"', b"'e'", b"<f", b":f", b"strike")
"""An error, a formula or a line through text is where one of these is."""


@lru_cache(maxsize=1024)
def column_number(letters: bytes) -> int:
    """3 for ``C``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


_PERCENT = {"9": "0%", "10": "0.00%"}
"""Formats of percentages that a workbook names by number alone."""


def _at(reference: bytes) -> At:
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters) - 1


def _place(at: At | bytes) -> At:
    """A position as it is, a reference as the position it is of."""
    return _at(at) if isinstance(at, bytes) else at


def _range(reference: bytes) -> Merged:
    first, _, last = reference.replace(b"$", b"").partition(b":")
    return _at(first), _at(last or first)


@dataclass(frozen=True)
class Xlsx:
    """An opened workbook; what several sheets need of it is looked up once."""

    parts: zipfile.ZipFile

    def _relations(self) -> list[tuple[str, str, str]]:
        """Id, kind and part of everything the workbook refers to."""
        entries = ElementTree.fromstring(self.parts.read("xl/_rels/workbook.xml.rels"))
        found = []
        for entry in entries:
            target = str(entry.get("Target"))
            kind = entry.get("Type", "").rsplit("/", 1)[-1]
            found.append((entry.get("Id", ""), kind, normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")))
        return found

    def _part(self, kind: str) -> bytes:
        """The part of a kind; nothing where there is none."""
        names = {name.lower(): name for name in self.parts.namelist()}
        found = (names.get(path.lower()) for _, of, path in self._relations() if of == kind)
        return next((self.parts.read(name) for name in found if name is not None), b"")

    @cached_property
    def sheets(self) -> list[tuple[str, str]]:
        """Name of each sheet and the part that holds it."""
        paths = {name: path for name, _, path in self._relations()}
        book = ElementTree.fromstring(self._book)
        sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
        return [(sheet.get("name", ""), paths[str(sheet.get(_RELATION) or sheet.get(_STRICT))]) for sheet in sheets]

    @cached_property
    def _book(self) -> bytes:
        return self.parts.read("xl/workbook.xml")

    @cached_property
    def styles(self) -> tuple[Mapping[bytes, str], frozenset[bytes]]:
        """By number (as it is written) the cell styles whose number format says something, and those struck out."""
        xml = self._part("styles")
        root = ElementTree.fromstring(xml) if xml else ElementTree.Element("none")
        lists = {element.tag.rpartition("}")[2]: list(element) for element in root}
        codes = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in lists.get("numFmts", [])}
        off = {"0", "false"}
        struck_fonts = {
            str(number)
            for number, font in enumerate(lists.get("fonts", []))
            if any(mark.tag.endswith("}strike") and mark.get("val") not in off for mark in font)
        }
        formats, struck = {}, set()
        for number, style in enumerate(lists.get("cellXfs", [])):
            code = codes.get(style.get("numFmtId"), _PERCENT.get(style.get("numFmtId", ""), ""))
            if told(code):
                formats[b"%d" % number] = code
            if style.get("fontId") in struck_fonts:
                struck.add(b"%d" % number)
        return formats, frozenset(struck)

    @cached_property
    def struck_texts(self) -> frozenset[bytes]:
        """Numbers of the shared texts that have a part struck out."""
        xml = self._part("sharedStrings")
        if not _STRIKE.search(xml):
            return frozenset()
        texts = re.findall(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", xml, re.S)
        return frozenset(b"%d" % number for number, text in enumerate(texts) if _STRIKE.search(text))

    def facts(self, position: int) -> SheetFacts:
        """Of the sheet at ``position``. Raises whatever a damaged file leads to."""
        name, path = self.sheets[position]
        xml = self.parts.read(path)
        extent, held = _extent(xml)
        facts = SheetFacts(name, extent, held)
        if facts.too_large:
            return facts
        head, _, rest = xml.partition(b"sheetData")
        tail = rest.rpartition(b"sheetData")[2]
        seen = self._seen(xml)
        doubtful = bool(seen.zeros) and (self.unsettled or not self._calculated(seen, position))
        return SheetFacts(
            name,
            extent,
            held,
            {**seen.broken, **uncalculated(seen.zeros, doubtful)},
            tuple(_range(found[1]) for entry in _MERGE.findall(tail) if (found := _REF.search(entry))),
            frozenset(_hidden_rows(xml)),
            frozenset(seen.struck),
            frozenset(_hidden_columns(head)),
            seen.formats,
            self._comments(path),
        )

    def _comments(self, sheet: str) -> dict[At, str]:
        """The notes that hang on the cells of a sheet."""
        folder, _, name = sheet.rpartition("/")
        links = f"{folder}/_rels/{name}.rels"
        if links not in self.parts.namelist():
            return {}
        targets = [
            str(link.get("Target"))
            for link in ElementTree.fromstring(self.parts.read(links))
            if link.get("Type", "").endswith("/comments")
        ]
        paths = [target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}") for target in targets]
        found = {}
        for path in sorted({*paths} & {*self.parts.namelist()}):
            for entry in ElementTree.fromstring(self.parts.read(path)).iter():
                if entry.tag.endswith("}comment"):
                    found[_at(str(entry.get("ref")).encode())] = "".join(
                        part.text or "" for part in entry.iter() if part.tag.endswith("}t")
                    )
        return found

    def _calculated(self, seen: _Seen, position: int) -> bool:
        """Whether any formula of the workbook has a result that is not 0."""
        others = (path for at, (_, path) in enumerate(self.sheets) if at != position and path in self.parts.namelist())
        return seen.calculated or any(self._seen(self.parts.read(path)).calculated for path in others)

    def _seen(self, xml: bytes) -> _Seen:
        """What the cells of a sheet show when they are gone through one by one."""
        seen = _Seen(*self.styles, self.struck_texts, self.unsettled)
        wanted = b"|".join([*seen.styles, *seen.struck_styles])
        styled = bool(wanted) and re.search(rb"""\bs\s*=\s*["'](?:""" + wanted + rb""")["']""", xml)
        if styled or self.struck_texts or any(mark in xml for mark in _WORTH_A_LOOK):
            for cell in _cells(xml):
                seen.take(*cell)
        return seen

    @cached_property
    def unsettled(self) -> bool:
        """Whether the workbook says of itself that its formulas are still to be calculated."""
        return _RECALCULATED.search(self._book) is not None


@dataclass
class _Seen:
    """What has been seen of a sheet's cells; lives only while they are gone through."""

    styles: Mapping[bytes, str]
    struck_styles: frozenset[bytes]
    struck_texts: frozenset[bytes]
    unsettled: bool
    broken: dict[At, Broken] = field(default_factory=dict)
    zeros: list[At] = field(default_factory=list)
    """Cells with a formula whose result is 0."""
    calculated: bool = False
    formats: dict[At, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    spread: set[At] = field(default_factory=set)
    """Cells that a formula of another cell fills."""

    def take(self, at: At | bytes, style: bytes | None, kind: bytes | None, inside: bytes) -> None:
        """One cell; ``at`` is its position or its reference."""
        formula = b"<f" in inside or b":f" in inside
        void = style in self.struck_styles or b"strike" in inside or (kind == b"s" and bool(self.struck_texts))
        if not (formula or void or kind == b"e" or self.spread or style in self.styles):
            return
        held = _VALUE.search(inside)
        value = held[1].strip() if held else b""
        if kind == b"e":
            self.broken[_place(at)] = Broken(value.decode() or "#", "T140")
        if formula or self.spread:
            self._formula(at, kind, value, inside)
        if style in self.styles and style is not None and value and kind in _NUMBERS:
            self.formats[_place(at)] = self.styles[style]
        shared = kind == b"s" and value in self.struck_texts
        if void and inside and (shared or style in self.struck_styles or _STRIKE.search(inside)):
            self.struck.add(_place(at)[0])

    def _formula(self, at: At | bytes, kind: bytes | None, value: bytes, inside: bytes) -> None:
        formula = _FORMULA.search(inside)
        if formula and b"ref" in formula[1] and b"shared" not in formula[1] and (over := _REF.search(formula[1])):
            (top, left), (bottom, right) = _range(over[1])
            self.spread.update(product(range(top, bottom + 1), range(left, right + 1)))
        if not formula and _place(at) not in self.spread:
            return
        if kind in _NUMBERS and value and float(value) == 0:
            self.zeros.append(_place(at))
        elif value:
            self.calculated |= kind != b"e"
        elif formula and (self.unsettled or kind not in _TEXTS or not _EMPTY.search(inside)):
            text = unescape(formula[2].decode(errors="replace")).strip()
            self.broken[_place(at)] = Broken(f"={text}" if text else "", "T141")


def _cells(xml: bytes) -> Iterator[tuple[At | bytes, bytes | None, bytes | None, bytes]]:
    """Reference (or position), style, type and inside of every cell; those without a reference follow each other. Cells as
    Excel writes them are found with one expression; whether all are so is known once they are counted."""
    plain = xml.count(b"<c ") if b":c " not in xml and b"<c>" not in xml and b"<c/>" not in xml else -1
    if plain == sum(len(_USUAL_START.findall(piece)) for piece in _pieces(xml)):
        for match in _USUAL_CELL.finditer(xml):
            yield match[1], match[2], match[3], match[4] or b""
        return
    row = column = -1
    for match in _ROW_OR_CELL.finditer(xml):
        attributes = match["row"] if match["row"] is not None else match["cell"]
        stated = _R.search(attributes)
        if match["row"] is not None:
            row, column = (int(stated[1]) - 1 if stated else row + 1), -1
            continue
        column = _at(stated[1])[1] if stated else column + 1
        style, kind = _S.search(attributes), _T.search(attributes)
        yield (row, column), style[1] if style else None, kind[1] if kind else None, match["inside"] or b""


def _extent(xml: bytes) -> tuple[At, int]:
    """Rows and columns up to the farthest cell, and the number of cells; counted exactly, without those that hold nothing,
    only where they would be too many."""
    extent, held = _reach(_pieces(xml))
    if not held:  # cells without references follow each other
        held = len(_CELL.findall(xml))
        return (len(_ROW.findall(xml)), held) if held else (0, 0), held
    if SheetFacts("", extent, held).too_large:
        return _reach(b" ".join(_HOLDING.findall(piece)) for piece in _pieces(xml))
    return extent, held


def _pieces(xml: bytes) -> Iterator[bytes]:
    """The text in pieces that break no tag, so that what is found in it need not be held all at once."""
    start = 0
    while start < len(xml):
        end = xml.find(b"<", start + _PIECE)
        end = len(xml) if end < 0 else end
        yield xml[start:end]
        start = end


def _reach(texts: Iterable[bytes]) -> tuple[At, int]:
    """Rows and columns up to the farthest reference in the texts, and how many references there are."""
    rows, letters, count = 0, set[bytes](), 0
    for text in texts:
        found = _REFERENCE.findall(text)
        rows, count = max(rows, max((int(row) for _, row in found), default=0)), count + len(found)
        letters |= {name for name, _ in found}
    return (rows, max(map(column_number, letters), default=0)), count


def _hidden_rows(xml: bytes) -> Iterator[int]:
    """Rows that are hidden, by a filter or by hand, or have no height."""
    row = -1
    for attributes in _ROW.findall(xml) if b"hidden" in xml or b'ht="0' in xml or b"ht='0" in xml else ():
        stated = _R.search(attributes)
        row = int(stated[1]) - 1 if stated else row + 1
        if _HIDDEN.search(attributes) or _FLAT.search(attributes):
            yield row


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for attributes in _COLUMN.findall(xml):
        first, last = _MIN.search(attributes), _MAX.search(attributes)
        if first and last and (_HIDDEN.search(attributes) or _WIDTH.search(attributes)):
            yield from range(int(first[1]) - 1, int(last[1]))
