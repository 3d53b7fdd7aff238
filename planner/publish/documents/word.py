"""Documents as DOCX that a bureau goes on editing: styles of Word, headings, tables with repeated header rows, fields for page numbers.

The same content gives the same bytes (R8). Texts are runs, so nothing in them is a field or markup (R6).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from planner.publish.documents.bars import with_pictures
from planner.publish.documents.model import (
    LEVEL_WORDS,
    MARKED,
    SHAPES,
    Align,
    Block,
    Column,
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
from planner.publish.documents.office import same_bytes
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word_parts import cell_of, drop, field, narrow, rgb, rule, shade, turn_on
from planner.publish.undated import CREATED

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
PIXELS, SHEET_PIXELS = 9, 3000
"""For each millimetre of a picture, about 230 an inch; across a picture with a sheet of its own."""
_LEADING = 1.22
"""Height of lines of what is to take few pages, in sizes of its type."""
_INSIDE = 4.0
"""Millimetres of a column that are its edges."""
SHEET_MARGIN = 12.0
"""Millimetres about a picture that has a sheet of its own."""


def write_docx(document: Document, typesetter: Typesetter) -> bytes:
    """The document as DOCX; ``typesetter`` gives the style and draws pictures. Raises InputError: a picture cannot be drawn."""
    return _Writer(document, typesetter).write()


class _Writer:
    def __init__(self, document: Document, typesetter: Typesetter) -> None:
        self.typesetter, self.style = typesetter, typesetter.style.of(document.template)
        self.document = with_pictures(document, self.style)
        self.file = docx.Document()
        self.body: Any = self.file
        """What is written into: the document, or a cell of a table that holds sections beside each other."""
        self.tight = self.style.template(document.template)[1] is not None
        """It is to take few pages: Word breaks lines by its own faces, so it begins a size smaller, its lines of one height in every face."""
        self.body_size = max(self.style.size("smallest"), self.style.size("body") - self.tight)
        self.fonts = self.style.said["fonts"]["word"]
        margins, paper = self.style.said["margins"], self.style.said["paper"]
        self.width = paper["width"] - margins["left"] - margins["right"]
        """Of the text, in mm."""
        self.sheet: tuple[float, float] | None = None
        """The paper that is written on; None: that of the document."""

    def write(self) -> bytes:
        document = self.document
        self._prepare()
        self._paragraph("Title", shown(document.title))
        under = "　".join(shown(text) for text in (document.subtitle, document.day) if text)
        if under:
            self._paragraph("Subtitle", under)
        columns = self.style.beside(document.template)
        held = [key for column in columns for key in column]
        text = [section.key for section in document.sections if not _only_sheets(section)]
        for section in document.sections:
            if section.key not in held:
                self._section(section)
            elif section.key == held[0]:
                self._beside([[one for key in column if (one := document.section(key)) is not None] for column in columns])
            if document.assumed and text[-1:] == [section.key]:
                self._paragraph("Remark", MARKED.say(document.language))
        for run in self.file.element.body.iter(qn("w:r")):
            self._east_asian(run.get_or_add_rPr())
        fresh = io.BytesIO()
        self.file.save(fresh)
        return same_bytes(fresh.getvalue())

    def _section(self, section: Section) -> None:
        if section.heading:
            self._turn(None)
            self._paragraph("Heading 1", shown(section.heading))
        for block in section.blocks:
            self._block(block)

    def _beside(self, columns: Sequence[Sequence[Section]]) -> None:
        """Sections in columns, each in a cell of a table without lines."""
        table, whole = self._grid(1, len(columns), (1.0,) * len(columns)), self.width
        self.width = whole / len(columns) - _INSIDE
        for cell, sections in zip(table.rows[0].cells, columns, strict=True):
            self.body, empty = cell, cell.paragraphs[0]
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
            for section in sections:
                self._section(section)
            empty._p.getparent().remove(empty._p)
            if not cell.paragraphs:  # a cell holds one at least, and ends with it
                self._after()
        self.body, self.width = self.file, whole
        self._after()

    def _prepare(self) -> None:
        document, file, style = self.document, self.file, self.style
        core = file.core_properties
        core.title, core.author, core.last_modified_by, core.comments = shown(document.title)[:200], "", "", ""
        core.created = core.modified = CREATED
        core.language = "zh-CN" if document.language == "zh" else "en-GB"
        page, paper, margins = file.sections[0], style.said["paper"], style.said["margins"]
        page.page_width, page.page_height = Mm(paper["width"]), Mm(paper["height"])
        page.top_margin, page.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
        page.left_margin, page.right_margin = Mm(margins["left"]), Mm(margins["right"])
        page.header_distance = page.footer_distance = Mm(8)
        body = self.body_size
        small = max(style.size("smallest"), body * 0.9)
        looks: tuple[tuple[str, float, str, bool, float, float], ...] = (
            ("Normal", body, "ink", False, 0, 4),
            ("Title", style.size("title"), "accent", True, 0, 2),
            ("Subtitle", style.size("subtitle"), "grey", False, 0, 6),
            ("Heading 1", style.size("heading"), "accent", True, 10, 4),
            ("List Bullet", body, "ink", False, 0, 2),
            ("Caption", body, "ink", True, 6, 3),
            ("Remark", small, "grey", False, 2, 4),
            ("Warning", body, "amber", True, 2, 4),
            ("Header", style.size("smallest"), "grey", False, 0, 0),
            ("Footer", style.size("smallest"), "grey", False, 0, 0),
        )
        names = {one.name for one in file.styles}
        for name, size, colour, bold, before, after in looks:
            look = file.styles[name] if name in names else file.styles.add_style(name, 1)
            if name not in names:
                look.base_style = file.styles["Normal"]
            look.font.name, look.font.size, look.font.bold, look.font.italic = self.fonts["latin"], Pt(size), bold, False
            look.font.color.rgb = rgb(style.colour(colour))
            air = 0.35 if self.tight else 1.0
            look.paragraph_format.space_before, look.paragraph_format.space_after = Pt(before * air), Pt(after * air)
            if self.tight:
                look.paragraph_format.line_spacing = Pt(size * _LEADING)
            self._east_asian(look.element.get_or_add_rPr())
        for name, tag in (("Title", "w:pBdr"), ("Header", "w:tabs"), ("Footer", "w:tabs")):
            drop(file.styles[name].element, tag)
        self.ids = {look.name: look.style_id for look in file.styles}
        for spoken in file.styles.element.iter(qn("w:lang")):
            spoken.set(qn("w:eastAsia"), "zh-CN")
        self._head_and_foot()

    def _head_and_foot(self) -> None:
        document, style, page = self.document, self.style, self.file.sections[0]
        head = page.header.paragraphs[0]
        head.text = style.words("header", document.language, title=shown(document.title))
        if document.stamp:
            head.add_run(f"\t{shown(document.stamp)}").bold = True
        foot = page.footer.paragraphs[0]
        foot.text = (style.words("footer", document.language, seal=shown(document.seal)) if document.seal else "") + "\t"
        for paragraph in (head, foot):
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        line = style.words("page_numbers", document.language)
        for part in line.replace("{pages}", "\0NUMPAGES\0").replace("{page}", "\0PAGE\0").split("\0"):
            if part in {"PAGE", "NUMPAGES"}:
                field(foot, part)
            else:
                foot.add_run(part)
        for paragraph in (head, foot):
            for run in paragraph.runs:
                self._east_asian(run._r.get_or_add_rPr())

    def _east_asian(self, properties: Any) -> None:
        """Chinese in the Chinese face: python-docx sets the Latin one alone."""
        faces = properties.find(qn("w:rFonts"))
        if faces is None:
            faces = OxmlElement("w:rFonts")
            properties.insert(0, faces)
        for name in list(faces.attrib):
            if "Theme" in name:
                del faces.attrib[name]
        for name, face in (("ascii", "latin"), ("hAnsi", "latin"), ("eastAsia", "east_asian"), ("cs", "latin")):
            faces.set(qn(f"w:{name}"), self.fonts[face])

    def _turn(self, sheet: tuple[float, float] | None) -> None:
        """Go on on paper of this size; None: that of the document."""
        if sheet == self.sheet:
            return
        page, margins = self.file.add_section(WD_SECTION.NEW_PAGE), self.style.said["margins"]
        paper = sheet or (self.style.said["paper"]["width"], self.style.said["paper"]["height"])
        page.orientation = WD_ORIENT.LANDSCAPE if paper[0] > paper[1] else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = Mm(paper[0]), Mm(paper[1])
        sides = (SHEET_MARGIN,) * 4 if sheet else tuple(margins[side] for side in ("top", "bottom", "left", "right"))
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(Mm, sides)
        self.sheet = sheet

    def _on_sheet(self, block: Picture, sheet: tuple[float, float]) -> None:
        """A picture that fills a sheet."""
        again = self.sheet == sheet
        self._turn(sheet)
        paragraph = self.file.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.page_break_before = WD_ALIGN_PARAGRAPH.CENTER, again
        paragraph.paragraph_format.space_after = Pt(0)
        scale = min((side - 2 * SHEET_MARGIN - 4) / side for side in sheet)
        drawn = paragraph.add_run().add_picture(
            io.BytesIO(self.typesetter.png(block.svg, SHEET_PIXELS)), width=Mm(sheet[0] * scale)
        )
        said = drawn._inline.docPr
        said.set("descr", shown(block.alt))
        said.set("name", shown(block.alt)[:60])

    def _paragraph(self, style: str = "", text: str = "", into: Any = None) -> Any:
        """A paragraph in a style, by its name; python-docx looks a style up anew for each, which takes longer than all else."""
        paragraph = (self.body if into is None else into).add_paragraph(text)
        if style:
            paragraph._p.style = self.ids[style]
        return paragraph

    def _block(self, block: Block) -> None:
        if isinstance(block, Picture) and block.sheet is not None:
            self._on_sheet(block, block.sheet)
            return
        self._turn(None)
        match block:
            case Text():
                paragraph = self._paragraph("List Bullet" if block.kind == "item" else "")
                paragraph.add_run(value_of(block.value).marked).bold = block.kind == "lead"
            case Note():
                self._paragraph("Warning" if block.kind == "warning" else "Remark", value_of(block.value).marked)
            case Facts():
                self._facts(block)
            case Table():
                self._caption(block.caption)
                self._table(block.columns, block.rows, bold_last=block.total)
            case Lights():
                self._lights(block)
            case Picture():
                self._picture(block)

    def _caption(self, text: str) -> None:
        if text:
            self._paragraph("Caption", shown(text)).paragraph_format.keep_with_next = True

    def _facts(self, block: Facts) -> None:
        columns = max(1, min(block.columns, len(block.facts)))
        lines = -(-len(block.facts) // columns)
        shares = block.shares or (1.0,) * columns
        if not block.tiles:  # a label takes a third
            label = sum(shares) / len(shares) / 3 if columns > 1 else 0.22
            shares = tuple(part for share in shares for part in (label, share - label))
        table = self._grid(lines, len(shares), shares)
        cells = [list(row.cells) for row in table.rows]
        for at, fact in enumerate(block.facts):
            row, column = divmod(at, columns)
            if block.tiles:
                cell = cells[row][column]
                shade(cell, self.style.colour("pale"))
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
                label, figure = cell.paragraphs[0], cell.add_paragraph()
                size: float | None = self.style.size("tile")
            else:
                label, figure = (cell.paragraphs[0] for cell in cells[row][2 * column : 2 * column + 2])
                size = None
            label.add_run(shown(fact.label)).font.color.rgb = rgb(self.style.colour("grey"))
            run = figure.add_run(value_of(fact.value).marked)
            if size is not None:
                figure.paragraph_format.line_spacing = Pt(size * _LEADING)
                run.font.size, run.bold, run.font.color.rgb = Pt(size), True, rgb(self.style.colour("accent"))
            if fact.note:
                self._paragraph("Remark", shown(fact.note), cell_of(figure))
        self._after()

    def _lights(self, block: Lights) -> None:
        self._caption(block.caption)
        columns = (Column(block.heading, "left", 1.0), *block.columns)
        words = [
            f"{SHAPES[light.level]} {shown(light.word or LEVEL_WORDS[light.level].say(self.document.language))}"
            for light in block.lights
        ]
        table = self._table(columns, [(word, *light.cells) for word, light in zip(words, block.lights, strict=True)])
        for row, light in zip(list(table.rows)[1:], block.lights, strict=True):
            for run in row.cells[0].paragraphs[0].runs:
                run.bold, run.font.color.rgb = True, rgb(self.style.colour(light.level))

    def _grid(self, rows: int, columns: int, shares: Sequence[float], ruled: bool = False) -> Any:
        table = self.body.add_table(rows, columns)
        if self.body is not self.file:
            self.body._tc.remove(self.body.paragraphs[-1]._p)  # which python-docx puts behind each table in a cell
        table.style = "Table Grid" if ruled else None
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if ruled:
            rule(table, self.style.colour("line"))
        if self.tight:
            narrow(table)
        widths = [Mm(self.width * share / sum(shares)) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            turn_on(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
                cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(
                    0.5 if self.tight else 1.5
                )
        return table

    def _table(self, columns: Sequence[Column], rows: Sequence[Sequence[Plain]], bold_last: bool = False) -> Any:
        table = self._grid(len(rows) + 1, len(columns), [column.share for column in columns], ruled=True)
        cells = [list(row.cells) for row in table.rows]
        turn_on(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for cell, column in zip(cells[0], columns, strict=True):
            shade(cell, self.style.colour("accent"))
            run = self._say(cell, shown(column.heading), "center")
            run.bold, run.font.color.rgb = True, RGBColor(255, 255, 255)
        for at, row in enumerate(rows, start=1):
            last = bold_last and at == len(rows)
            for cell, column, plain in zip(cells[at], columns, row, strict=True):
                run = self._say(cell, value_of(plain).marked, column.align)
                if last:
                    run.bold = True
                    shade(cell, self.style.colour("pale"))
        self._after()
        return table

    def _say(self, cell: Any, text: str, align: Align) -> Any:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _ALIGN[align]
        return paragraph.add_run(text)

    def _after(self) -> None:
        """Two tables in a row would else become one."""
        paragraph = self._paragraph()
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(2 if self.tight else 6)

    def _picture(self, block: Picture) -> None:
        png = self.typesetter.png(block.svg, round(self.width * block.share * PIXELS))
        paragraph = self._paragraph()
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        drawn = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(self.width * block.share))
        if block.height is not None and drawn.height > Mm(block.height):
            drawn.width, drawn.height = round(drawn.width * Mm(block.height) / drawn.height), Mm(block.height)
        said = drawn._inline.docPr
        said.set("descr", shown(block.alt))
        said.set("name", shown(block.caption or block.alt)[:60])
        if block.caption:
            under = self._paragraph("Remark", shown(block.caption))
            under.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _only_sheets(section: Section) -> bool:
    """Whether the section has nothing but pictures with sheets of their own."""
    return all(isinstance(block, Picture) and block.sheet is not None for block in section.blocks)
