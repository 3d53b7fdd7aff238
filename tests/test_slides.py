"""Slides: the same content as the pages, its tables and charts editable, read back from the file."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.oxml.ns import qn

from planner.publish.documents.model import Bars, Column, Document, Section, Series, Table, Text, Value, value_of
from planner.publish.documents.slides import write_pptx
from planner.publish.documents.typeset import Typesetter
from planner.publish.reports.chief import chief_slides
from tests.document_files import HOSTILE, MORE, RARE, document, squeezed, viewed
from tests.example_plan import example_plan
from tests.programs import needs


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter() as made:
        yield made


def read(file: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(file))


def shapes(file: bytes) -> list[Any]:
    return [shape for slide in read(file).slides for shape in slide.shapes]


def slides_text(file: bytes) -> str:
    """All text that stands on slides, without blanks."""
    texts = [part.text for slide in read(file).slides for part in slide.element.iter(qn("a:t"))]
    return "".join("".join(text or "" for text in texts).split())


def test_figures_tables_and_charts_are_the_plans(typesetter: Typesetter) -> None:
    plan = example_plan()
    content = chief_slides(viewed(plan), MORE)
    file = write_pptx(content, typesetter)
    text = slides_text(file)
    for wanted in ("9.2*", "16→7.4*", "16.7%→60.2%*", "0.505", "请审定", "每季多1,000万元", "差距0.42%"):
        assert wanted in text, wanted
    (chart,) = [shape.chart for shape in shapes(file) if shape.has_chart]
    values = {series.name: list(series.values) for series in chart.plots[0].series}
    assert values == {
        "计划前": [chain.completeness_before for chain in plan.chains],
        "计划后": [chain.completeness_after for chain in plan.chains],
    }
    assert list(chart.plots[0].categories) == [chain.name for chain in plan.chains]
    wanted_cells = [
        squeezed(value_of(cell).marked)
        for section in content.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    ]
    tables = [shape.table for shape in shapes(file) if shape.has_table]
    cells = [
        squeezed(table.cell(at, n).text) for table in tables for at in range(1, len(table.rows)) for n in range(len(table.columns))
    ]
    assert cells == wanted_cells


def test_a_long_table_goes_on_over_slides_with_its_headings_and_loses_no_row(typesetter: Typesetter) -> None:
    rows = tuple((f"企业{n}", "一二三四五六七八九十" * (n % 5)) for n in range(70))
    content = Document("page", "题", "", "zh", (Section("a", "部分", (Text("前文"), Table((Column("甲"), Column("乙")), rows))),))
    tables = [shape.table for shape in shapes(write_pptx(content, typesetter)) if shape.has_table]
    assert len(tables) > 3
    assert [table.cell(at, 0).text for table in tables for at in range(1, len(table.rows))] == [row[0] for row in rows]
    assert {table.cell(0, 0).text for table in tables} == {"甲"}


def test_nothing_reaches_below_the_foot_or_over_what_stands_above(typesetter: Typesetter) -> None:
    file = read(write_pptx(chief_slides(viewed(example_plan()), MORE), typesetter))
    for slide in file.slides:
        boxes = [(shape.top, shape.top + shape.height, shape.left, shape.left + shape.width) for shape in slide.shapes]
        assert all(
            0 <= top <= bottom <= file.slide_height and 0 <= left <= right <= file.slide_width for top, bottom, left, right in boxes
        )
        for at, (top, bottom, left, right) in enumerate(boxes):
            for other_top, other_bottom, other_left, other_right in boxes[at + 1 :]:
                apart = bottom <= other_top or other_bottom <= top or right <= other_left or other_right <= left
                assert apart, slide.shapes.title.text


def test_text_of_the_input_stays_text_and_chinese_has_its_face(typesetter: Typesetter) -> None:
    series = Series(HOSTILE, (0.5,), (Value("50%", assumed=True),))
    blocks = (Text(HOSTILE), Bars((HOSTILE,), (series,), HOSTILE, form="0%", most=1.0))
    file = write_pptx(document(*blocks, Text(RARE), title=HOSTILE), typesetter)
    text = slides_text(file)
    assert text.count(squeezed(HOSTILE)) >= 2
    assert RARE in text
    slides = read(file).slides
    runs = [run for slide in slides for run in slide.element.iter(qn("a:r"))]
    assert {run.find(f"{qn('a:rPr')}/{qn('a:ea')}").get("typeface") for run in runs} == {"微软雅黑"}
    (chart,) = [shape.chart for shape in shapes(file) if shape.has_chart]
    assert chart.plots[0].series[0].points[0].data_label.text_frame.text == "50%*"
    assert list(chart.plots[0].categories) == [HOSTILE]


def test_pictures_say_what_they_show(typesetter: Typesetter) -> None:
    pictures = [shape for shape in shapes(write_pptx(document(), typesetter)) if shape.shape_type == 13]
    assert [picture._element.nvPicPr.cNvPr.get("descr") for picture in pictures] == ["园区位置"]


def test_the_same_content_gives_the_same_slides(typesetter: Typesetter) -> None:
    content = chief_slides(viewed(example_plan()), MORE)
    first = write_pptx(content, typesetter)
    time.sleep(1.1)  # the workbook behind a chart would else hold the second in which it was written
    assert write_pptx(content, typesetter) == first


def test_bars_on_a_page_have_every_value_and_stay_within_the_picture(typesetter: Typesetter) -> None:
    from planner.publish.documents.bars import LEFT, RIGHT, WIDE, picture_of

    series = (
        Series("前", (0.0, None, 5.0), ("0", "—", "5")),
        Series("后", (10.0, 2.5, 20.0), ("10", "2.5", Value("20", assumed=True))),
    )
    svg = picture_of(Bars(("甲", "很长的名称" * 8, "丙"), series, "图", most=10.0), typesetter.style).svg
    for text in ("5", "—", "2.5", "20*"):
        assert f">{text}</text>" in svg
    widths = [float(found) for found in re.findall(r'<rect x="150.0" y="[\d.]+" width="([\d.]+)"', svg)]
    room = WIDE - LEFT - RIGHT
    assert widths == pytest.approx([0, room, 0, room / 4, room / 2, room]), "what is beyond the axis ends at it"
    assert "".join(re.findall(r">([很长的名称]+)</text>", svg)) == "很长的名称" * 8, "nothing is cut"


@pytest.mark.slow
@pytest.mark.office
@needs(shutil.which("soffice"), "LibreOffice is not installed")
def test_an_office_opens_slides_and_documents(typesetter: Typesetter, tmp_path: Path) -> None:
    office = str(shutil.which("soffice"))
    from planner.publish.documents.word import write_docx

    content = chief_slides(viewed(example_plan()), MORE)
    (tmp_path / "a.pptx").write_bytes(write_pptx(content, typesetter))
    (tmp_path / "b.docx").write_bytes(write_docx(document(), typesetter))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.pptx"),
        str(tmp_path / "b.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = {name: (tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf")}
    counted = subprocess.run(["pdfinfo", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=True).stdout
    assert f"Pages:           {len(read((tmp_path / 'a.pptx').read_bytes()).slides)}" in counted
    assert all(pages.values())
