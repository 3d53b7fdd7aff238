"""Parts of a DOCX that python-docx has no word for: borders, shades, properties of rows, fields."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor


def rgb(text: str) -> RGBColor:
    return RGBColor.from_string(text.lstrip("#").upper())


def cell_of(paragraph: Any) -> Any:
    return paragraph._parent


def turn_on(properties: Any, name: str) -> None:
    """A property of a row that is on."""
    if properties.find(qn(name)) is None:
        entry = OxmlElement(name)
        entry.set(qn("w:val"), "true")
        properties.append(entry)


def narrow(table: Any) -> None:
    """Cells with less room at their sides."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def rule(table: Any, colour: str) -> None:
    """Thin lines in one colour around all cells."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour.lstrip("#").upper())):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#").upper())):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def drop(style: Any, tag: str) -> None:
    """What python-docx's template gives a style and we do not want: a line below titles, tab stops of a Letter page."""
    for entry in list(style.iter(qn(tag))):
        entry.getparent().remove(entry)


def field(paragraph: Any, code: str) -> None:
    """A field that Word works out: PAGE, NUMPAGES."""
    for kind, text in (("begin", None), (None, code), ("separate", None), ("text", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
