"""Documents as PDF, and pictures as PNG, by Typst: one compiler for many documents, offline, the same bytes for the same content.

PDFs are PDF/A-2u with their font embedded, so a glyph that is missing is an error instead of an empty box.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Any

import typst

from planner.language import Words
from planner.problems import InputError, Problem
from planner.publish.documents import fonts
from planner.publish.documents.bars import with_pictures
from planner.publish.documents.codes import problem, refusal
from planner.publish.documents.model import (
    LEVEL_WORDS,
    MARKED,
    SHAPES,
    Block,
    Document,
    Facts,
    Lights,
    Note,
    Picture,
    Plain,
    Section,
    Table,
    Text,
    shown,
    value_of,
)
from planner.publish.documents.style import Style, copy_templates
from planner.publish.undated import CREATED

_PAGE = re.compile(rb"/Type\s*/Page\b")
_OVERFULL = re.compile(r'"?overfull"?, (\d+), (\d+)')


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF and the number of its pages."""

    pdf: bytes
    pages: int


class Typesetter:
    """Typesets documents with the shipped templates, or with those of ``templates`` laid over them; a context manager."""

    def __init__(self, templates: Path | None = None) -> None:
        """Raises InputError: the folder of templates cannot be used (D103, D104)."""
        self._folder = tempfile.TemporaryDirectory(prefix="planner-documents-")
        self._root = Path(self._folder.name)
        self._drawn: dict[tuple[str, int], bytes] = {}
        try:
            self.style: Style = copy_templates(templates, self._root)
            (self._root / "picture.typ").write_text(_PICTURE, encoding="utf-8")
            self._compiler = typst.Compiler(
                root=str(self._root), font_paths=[str(fonts.font_file().parent)], ignore_system_fonts=True
            )
        except BaseException:
            self._folder.cleanup()
            raise

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._folder.cleanup()

    def pdf(self, document: Document) -> Typeset:
        """The document as PDF.

        Raises:
            InputError: characters without a glyph (D101), more pages than the template allows (D102), a template that fails (D105),
                a picture that is no SVG (D106).
        """
        lacking = tuple(unprintable(document))
        if lacking:
            raise InputError(lacking)
        template, allowed = self.style.template(document.template)
        inputs = {
            "document": json.dumps(content_of(with_pictures(document, self.style)), ensure_ascii=False),
            "style": json.dumps(self.style.of(document.template).in_language(document.language), ensure_ascii=False),
        }
        try:
            made = self._compiler.compile(
                str(self._root / template),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-2u"],
                timestamp=int(CREATED.replace(tzinfo=UTC).timestamp()),
            )
        except typst.TypstError as error:
            raise self._refused(document, template, allowed, error) from error
        pdf = bytes(made) if isinstance(made, bytes) else b"".join(made or ())
        pages = len(_PAGE.findall(pdf))
        if allowed is not None and pages > allowed:
            section = document.sections[-1].heading if document.sections else document.title
            raise refusal(
                "D102",
                None,
                document.title,
                document=document.title,
                pages=allowed,
                over=Words("{n} 页", "{n:page}").fill(n=pages - allowed),
                section=section,
            )
        return Typeset(pdf, pages)

    def png(self, svg: str, width: int = 1600) -> bytes:
        """An SVG as PNG of so many pixels across, with the font of the documents.

        Raises InputError: it is no SVG that can be drawn (D106), or a glyph is missing (D101).
        """
        if (svg, width) not in self._drawn:  # many documents have the same map, or the same place in a chain
            self._drawn[svg, width] = self._png(svg, width)
        return self._drawn[svg, width]

    def _png(self, svg: str, width: int) -> bytes:
        lacking = tuple(_lacking("SVG", [("SVG", text) for text in fonts.svg_texts(svg)]))
        if lacking:
            raise InputError(lacking)
        try:
            made = self._compiler.compile(
                str(self._root / "picture.typ"),
                format="png",
                ppi=width / _PICTURE_INCHES,
                sys_inputs={"svg": fonts.with_weights(svg)},
            )
        except typst.TypstError as error:
            raise refusal("D106", None, "SVG", str(error), picture="SVG") from error
        return bytes(made) if isinstance(made, bytes) else b"".join(made or ())

    def _refused(self, document: Document, template: str, allowed: int | None, error: typst.TypstError) -> InputError:
        said = str(error)
        if (overfull := _OVERFULL.search(said)) is not None:
            over, at = map(int, overfull.groups())
            names = [document.title, *(section.heading or document.title for section in document.sections), document.title]
            section = names[min(at, len(names) - 1)]
            return refusal(
                "D102", None, document.title, pages=allowed or 1, over=Words(f"约 {over} 毫米", f"about {over} mm"), section=section
            )
        if "SVG" in said:
            bad = next((picture.alt for _, picture in document.pictures()), "")
            return refusal("D106", None, document.title, said, picture=bad)
        if (lost := re.search(r'text `"(.+?)"` could not be displayed|codepoint `"(.+?)"`', said)) is not None:
            character = lost[1] or lost[2]
            return refusal("D101", None, document.title, said, place="", character=character, code="")
        return refusal("D105", None, document.title, said, template=template)


_PICTURE_INCHES = 8
_PICTURE = f"#set page(width: {_PICTURE_INCHES}in, height: auto, margin: 0pt, fill: white)\n" + (
    '#set text(font: "Noto Sans CJK SC")\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)\n'
)


def unprintable(document: Document) -> Iterator[Problem]:
    """A problem for each text of the document with characters that the font cannot print, those in pictures too (D101)."""
    texts = [(place, shown(value.text)) for place, value in document.values()]
    texts += [(place, text) for place, picture in document.pictures() for text in fonts.svg_texts(picture.svg)]
    yield from _lacking(document.title, texts)


def _lacking(document: str, texts: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for place, text in dict.fromkeys(texts):
        for character in fonts.missing(text):
            yield problem("D101", None, document, text, place=place, character=character, code=f"U+{ord(character):04X}")


def content_of(document: Document) -> dict[str, Any]:
    """The document as templates read it: plain data, texts as they are printed."""
    return {
        **{name: shown(getattr(document, name)) for name in ("title", "subtitle", "language", "day", "stamp", "seal")},
        "assumed": document.assumed,
        "marked": MARKED.say(document.language),
        "sections": [_section(document, section) for section in document.sections],
    }


def _section(document: Document, section: Section) -> dict[str, Any]:
    return {"key": section.key, "heading": shown(section.heading), "blocks": [_block(document, block) for block in section.blocks]}


def _value(plain: Plain) -> dict[str, Any]:
    value = value_of(plain)
    return {"text": shown(value.text), "assumed": value.assumed and bool(value.text)}


def _block(document: Document, block: Block) -> dict[str, Any]:
    """Bars have become pictures before."""
    match block:
        case Text() | Note():
            return {"kind": "text" if isinstance(block, Text) else "note", "style": block.kind, "value": _value(block.value)}
        case Facts():
            facts = [{"label": shown(fact.label), "value": _value(fact.value), "note": shown(fact.note)} for fact in block.facts]
            shares = list(block.shares or (1.0,) * block.columns)
            return {"kind": "facts", "columns": block.columns, "tiles": block.tiles, "shares": shares, "facts": facts}
        case Table():
            rows = [list(map(_value, row)) for row in block.rows]
            return {
                "kind": "table",
                "caption": shown(block.caption),
                "columns": _columns(block),
                "rows": rows,
                "total": block.total,
            }
        case Lights():
            lights = [
                {
                    "level": light.level,
                    "shape": SHAPES[light.level],
                    "word": shown(light.word or LEVEL_WORDS[light.level].say(document.language)),
                    "cells": list(map(_value, light.cells)),
                }
                for light in block.lights
            ]
            heading = {"caption": shown(block.caption), "heading": shown(block.heading)}
            return {"kind": "lights", **heading, "columns": _columns(block), "lights": lights}
        case Picture():
            said = {
                "alt": shown(block.alt),
                "caption": shown(block.caption),
                "share": block.share,
                "height": block.height,
                "sheet": block.sheet,
            }
            return {"kind": "picture", "svg": fonts.with_weights(block.svg), **said}
    raise TypeError(type(block).__name__)


def _columns(block: Table | Lights) -> list[dict[str, Any]]:
    return [{"heading": shown(column.heading), "align": column.align, "share": column.share} for column in block.columns]
