"""Documents as slides (PPTX), a slide or more for each section: tables and charts stay tables and charts that can be edited.

The same content gives the same bytes (R8). Texts are runs, so nothing in them is markup (R6).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pptx
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Length, Pt

from planner.publish.book.text import lines, width
from planner.publish.documents.model import (
    LEVEL_WORDS,
    MARKED,
    SHAPES,
    Bars,
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
from planner.publish.undated import CREATED

WIDE, HIGH = 13.333, 7.5
LEFT, TOP, BOTTOM, BETWEEN = 0.6, 1.35, 6.85, 0.15
"""Inches: the left and right margins, where content begins and ends, and between blocks."""
BODY, SMALL, CELL = 18.0, 13.0, 12.0
"""Points."""
_ALIGN = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}
_COLOURS = ("line", "accent", "green", "amber")
_LEAST = 1.5
"""Inches that a picture or a table has at least; with less left it goes to a slide of its own."""


def write_pptx(document: Document, typesetter: Typesetter) -> bytes:
    """The document as slides; ``typesetter`` gives the style and draws pictures. Raises InputError: a picture cannot be drawn."""
    return _Writer(document, typesetter).write()


class _Writer:
    def __init__(self, document: Document, typesetter: Typesetter) -> None:
        self.document, self.typesetter, self.style = document, typesetter, typesetter.style
        self.faces = self.style.said["fonts"]["word"]
        self.file = pptx.Presentation()
        self.file.slide_width, self.file.slide_height = Inches(WIDE), Inches(HIGH)
        self.slide: Any = None
        self.y = TOP

    def write(self) -> bytes:
        document, core = self.document, self.file.core_properties
        core.title, core.author, core.last_modified_by = shown(document.title)[:200], "", ""
        core.created = core.modified = CREATED
        self._cover()
        for section in document.sections:
            self._section(section)
        count = len(self.file.slides)
        for number, slide in enumerate(self.file.slides, start=1):
            self._foot(slide, number, count)
        fresh = io.BytesIO()
        self.file.save(fresh)
        return same_bytes(fresh.getvalue())

    def _cover(self) -> None:
        document, slide = self.document, self.file.slides.add_slide(self.file.slide_layouts[5])
        self._title(slide, document.title, 2.4, 40)
        under = "　".join(shown(text) for text in (document.subtitle, document.day) if text)
        frame = self._frame(slide, LEFT, 3.7, WIDE - 2 * LEFT, 1.0)
        self._run(frame.paragraphs[0], under, 20, "grey")
        if document.stamp:
            self._run(frame.add_paragraph(), document.stamp, 16, "amber", bold=True)
        if document.assumed:
            self._run(frame.add_paragraph(), MARKED.say(document.language), SMALL, "grey")

    def _title(self, slide: Any, text: str, top: float, size: float) -> None:
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = Inches(LEFT), Inches(top), Inches(WIDE - 2 * LEFT), Inches(0.8)
        frame = title.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        self._run(paragraph, text, size if width(text) * size / 2 < (WIDE - 2 * LEFT) * 72 else size * 0.6, "accent", bold=True)

    def _new(self, heading: str) -> None:
        self.slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        self._title(self.slide, heading, 0.35, 26)
        self.y = TOP

    def _foot(self, slide: Any, number: int, count: int) -> None:
        language = self.document.language
        left = self.style.words("footer", language, seal=self.document.seal) if self.document.seal else ""
        page = self.style.words("page_numbers", language, page=str(number), pages=str(count))
        said = "　".join(shown(text) for text in (left, self.document.stamp) if text)
        self._run(self._frame(slide, LEFT, 6.98, 9.5, 0.35).paragraphs[0], said, 10, "grey")
        right = self._frame(slide, WIDE - LEFT - 2.5, 6.98, 2.5, 0.35).paragraphs[0]
        right.alignment = PP_ALIGN.RIGHT
        self._run(right, page, 10, "grey")

    def _frame(self, slide: Any, left: float, top: float, wide: float, high: float) -> Any:
        frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(wide), Inches(high)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return frame

    def _run(self, paragraph: Any, text: str, size: float, colour: str, bold: bool = False) -> Any:
        run = paragraph.add_run()
        run.text = shown(text).replace("\n", " ")
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _colour(self.style.colour(colour))
        self._face(run._r.get_or_add_rPr())
        return run

    def _face(self, properties: Any) -> None:
        """Chinese in the Chinese face: python-pptx sets the Latin one alone."""
        for name, face in (("a:latin", "latin"), ("a:ea", "east_asian")):
            for old in properties.findall(qn(name)):
                properties.remove(old)
            entry = etree.SubElement(properties, qn(name))
            entry.set("typeface", self.faces[face])

    def _section(self, section: Section) -> None:
        heading = section.heading or self.document.title
        self._new(heading)
        pictures = [block for block in section.blocks if isinstance(block, Picture)]
        said = [block for block in section.blocks if isinstance(block, (Text, Note))]
        if len(pictures) == 1 and said and len(said) + 1 == len(section.blocks):
            self._picture(pictures[0], WIDE * 0.52, WIDE * 0.48 - LEFT)
            for text in said:
                self._text(text, WIDE * 0.5 - LEFT)
            return
        for block in section.blocks:
            self._block(heading, block)

    def _block(self, heading: str, block: Block) -> None:
        match block:
            case Text() | Note():
                if self.y + self._high(block, WIDE - 2 * LEFT) > BOTTOM:
                    self._new(heading)
                self._text(block, WIDE - 2 * LEFT)
            case Facts():
                self._facts(heading, block)
            case Table():
                self._caption(block.caption)
                self._table(heading, block.columns, block.rows, block.total)
            case Lights():
                self._caption(block.caption)
                self._table(heading, *self._lights(block))
            case Picture():
                if BOTTOM - self.y < _LEAST:
                    self._new(heading)
                self._picture(block, LEFT, WIDE - 2 * LEFT)
            case Bars():
                if BOTTOM - self.y < _LEAST + 1:
                    self._new(heading)
                self._bars(block)

    def _size(self, block: Text | Note) -> float:
        return SMALL if isinstance(block, Note) and block.kind == "note" else BODY + 2 if block.kind == "lead" else BODY

    def _high(self, block: Text | Note, wide: float) -> float:
        size = self._size(block)
        text = value_of(block.value).marked + ("    " if block.kind == "item" else "")
        return lines(text, wide * 72 / (size * 0.52)) * size * 1.3 / 72 + BETWEEN

    def _text(self, block: Text | Note, wide: float) -> None:
        high, value = self._high(block, wide), value_of(block.value)
        frame = self._frame(self.slide, LEFT, self.y, wide, high - BETWEEN)
        colour = "amber" if block.kind == "warning" else "grey" if isinstance(block, Note) else "ink"
        text = ("• " if block.kind == "item" else "") + value.marked
        self._run(frame.paragraphs[0], text, self._size(block), colour, bold=block.kind in ("lead", "warning"))
        self.y += high

    def _caption(self, text: str) -> None:
        if text:
            self._text(Text(text, "lead"), WIDE - 2 * LEFT)

    def _facts(self, heading: str, block: Facts) -> None:
        columns = max(1, min(block.columns, len(block.facts)))
        wide, high = (WIDE - 2 * LEFT - (columns - 1) * BETWEEN) / columns, 1.35 if block.tiles else 0.8
        for at, fact in enumerate(block.facts):
            column = at % columns
            if column == 0 and self.y + high > BOTTOM:
                self._new(heading)
            x = LEFT + column * (wide + BETWEEN)
            shape = self.slide.shapes.add_shape(1, Inches(x), Inches(self.y), Inches(wide), Inches(high))
            shape.shadow.inherit = False
            shape.fill.solid()
            shape.fill.fore_color.rgb = _colour(self.style.colour("pale"))
            shape.line.fill.background()
            frame = shape.text_frame
            frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
            value = value_of(fact.value).marked
            size = 24 if block.tiles else BODY
            size = size if width(value) * size * 0.55 / 72 < wide - 0.3 else size * 0.7
            self._run(frame.paragraphs[0], fact.label, SMALL, "grey")
            self._run(frame.add_paragraph(), value, size, "accent", bold=True)
            if fact.note:
                self._run(frame.add_paragraph(), fact.note, SMALL, "grey")
            for paragraph in frame.paragraphs:
                paragraph.alignment = PP_ALIGN.LEFT
            if column == columns - 1 or at == len(block.facts) - 1:
                self.y += high + BETWEEN

    def _lights(self, block: Lights) -> tuple[tuple[Column, ...], tuple[tuple[Plain, ...], ...], bool]:
        words = (
            f"{SHAPES[light.level]} {light.word or LEVEL_WORDS[light.level].say(self.document.language)}" for light in block.lights
        )
        rows = tuple((word, *light.cells) for word, light in zip(words, block.lights, strict=True))
        return (Column(block.heading), *block.columns), rows, False

    def _table(self, heading: str, columns: Sequence[Column], rows: Sequence[Sequence[Plain]], total: bool) -> None:
        """Rows over as many slides as they need, the headings on each."""
        shares = [column.share for column in columns]
        wides = [(WIDE - 2 * LEFT) * share / sum(shares) for share in shares]
        heads = [shown(column.heading) for column in columns]
        first = True
        for part in self._parts([heads, *([value_of(cell).marked for cell in row] for row in rows)], wides):
            if not first or not part:
                self._new(heading)
            first = False
            if part:
                self._grid(columns, wides, heads, [rows[at] for at in part], total and part[-1] == len(rows) - 1)

    def _parts(self, texts: Sequence[Sequence[str]], wides: Sequence[float]) -> Iterator[list[int]]:
        """Which rows stand on each slide; the first may be none, where the headings and a row do not fit any more."""
        highs = [_row_height(row, wides) for row in texts]
        part, filled = list[int](), self.y + highs[0]
        for at, high in enumerate(highs[1:]):
            if filled + high > BOTTOM:
                yield part
                part, filled = [], TOP + highs[0]
            part.append(at)
            filled += high
        yield part

    def _grid(
        self, columns: Sequence[Column], wides: Sequence[float], heads: list[str], rows: Sequence[Sequence[Plain]], total: bool
    ) -> None:
        texts = [heads, *([value_of(cell).marked for cell in row] for row in rows)]
        highs = [_row_height(row, wides) for row in texts]
        place = (Inches(LEFT), Inches(self.y), Inches(sum(wides)), Inches(sum(highs)))
        table = self.slide.shapes.add_table(len(texts), len(columns), *place).table
        for column, wide in zip(table.columns, wides, strict=True):
            column.width = Inches(wide)
        for at, (row, high) in enumerate(zip(texts, highs, strict=True)):
            table.rows[at].height = Inches(high)
            for number, (text, column) in enumerate(zip(row, columns, strict=True)):
                cell = table.cell(at, number)
                cell.margin_left = cell.margin_right = Inches(0.06)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                last = total and at == len(texts) - 1
                cell.fill.fore_color.rgb = _colour(
                    self.style.colour("accent" if at == 0 else "pale") if at == 0 or last else "#FFFFFF"
                )
                paragraph = cell.text_frame.paragraphs[0]
                paragraph.alignment = PP_ALIGN.CENTER if at == 0 else _ALIGN[column.align]
                run = self._run(paragraph, text, CELL, "ink", bold=at == 0 or last)
                if at == 0:
                    run.font.color.rgb = RGBColor(255, 255, 255)
        self.y += sum(highs) + BETWEEN

    def _picture(self, block: Picture, left: float, wide: float) -> None:
        png = self.typesetter.png(block.svg, 1800)
        drawn = self.slide.shapes.add_picture(io.BytesIO(png), Inches(left), Inches(TOP if left > LEFT else self.y))
        scale = min(Inches(wide) / drawn.width, (Inches(BOTTOM) - drawn.top) / drawn.height)
        drawn.width, drawn.height = Length(int(drawn.width * scale)), Length(int(drawn.height * scale))
        drawn.left = Length(int(Inches(left) + (Inches(wide) - drawn.width) / 2))
        drawn._element.nvPicPr.cNvPr.set("descr", shown(block.alt))
        if left == LEFT:
            self.y = drawn.top / 914_400 + drawn.height / 914_400 + BETWEEN

    def _bars(self, block: Bars) -> None:
        data = CategoryChartData(number_format=block.form)
        data.categories = [shown(name) for name in block.categories]
        for series in block.series:
            data.add_series(shown(series.name), list(series.values))
        high = min(BOTTOM - self.y, max(2.2, 0.9 + 0.42 * len(block.categories) * len(block.series) / 2))
        place = (Inches(LEFT), Inches(self.y), Inches(WIDE - 2 * LEFT), Inches(high))
        framed = self.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
        framed._element.nvGraphicFramePr.cNvPr.set("descr", shown(block.alt))
        chart = framed.chart
        chart.font.size, chart.font.name = Pt(SMALL), self.faces["latin"]
        chart.has_title = False
        chart.has_legend = len(block.series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.category_axis.reverse_order = True  # from above, as they are listed
        axis = chart.value_axis
        axis.minimum_scale, axis.has_major_gridlines, axis.visible = 0, False, False
        if block.most is not None:
            axis.maximum_scale = block.most * 1.1
        plot = chart.plots[0]
        plot.gap_width, plot.overlap, plot.has_data_labels = 60, 0, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = block.form, False
        plot.data_labels.font.size = Pt(SMALL)
        for at, series in enumerate(plot.series):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = _colour(self.style.colour(_COLOURS[at % len(_COLOURS)]))
            self._marks(series, block.series[at].texts)
        for properties in chart._chartSpace.iter(qn("a:defRPr")):
            self._face(properties)
        self.y += high + BETWEEN

    def _marks(self, series: Any, texts: Sequence[Plain]) -> None:
        """A label of its own where a value rests on an assumption."""
        for at, text in enumerate(texts):
            if value_of(text).assumed:
                frame = series.points[at].data_label.text_frame
                frame.text = value_of(text).marked
                for run in frame.paragraphs[0].runs:
                    run.font.size = Pt(SMALL)
                    self._face(run._r.get_or_add_rPr())


def _row_height(texts: Sequence[str], wides: Sequence[float]) -> float:
    """Inches of the lines that the fullest cell takes."""
    most = max(lines(text, (wide - 0.14) * 72 / (CELL * 0.54)) for text, wide in zip(texts, wides, strict=True))
    return 0.1 + most * CELL * 1.22 / 72


def _colour(text: str) -> RGBColor:
    colour: RGBColor = RGBColor.from_string(text.lstrip("#").upper())
    return colour
