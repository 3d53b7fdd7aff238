"""Documents: the same content as PDF and DOCX, read back; text is data; one page is one page; no empty boxes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from planner.problems import InputError
from planner.publish.documents import fonts
from planner.publish.documents.model import Column, Document, Fact, Facts, Light, Lights, Note, Picture, Section, Table, Text, Value
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word import write_docx
from tests.document_files import HOSTILE, RARE, SVG, document, docx_text, pdf_text, squeezed


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter() as made:
        yield made


def test_each_text_of_the_content_is_read_back_from_both_formats(typesetter: Typesetter) -> None:
    content = document()
    in_pdf, in_docx = pdf_text(typesetter.pdf(content).pdf), docx_text(write_docx(content, typesetter))
    wanted = [
        squeezed(value.marked) for _, value in content.values() if value.text not in {"", "园区位置", content.stamp, content.seal}
    ]
    assert len(wanted) > 25
    assert [text for text in wanted if text not in in_docx] == []
    assert [text for text in [*wanted, "草案", "ab12cd34", "第1页，共1页", "图中文字"] if text not in in_pdf] == []
    for text in (in_pdf, in_docx):
        assert "12.5亿元*" in text, "an assumption bears its mark"
        assert "*为假设值" in text, "and the mark is explained"
        assert "●满足" in text, "a level is told apart without its colour"
        assert "■不足" in text
        assert "○无数据" in text


def test_without_an_assumption_nothing_is_said_of_the_mark(typesetter: Typesetter) -> None:
    plain = Document("page", "题", "", "zh", (Section("a", "部分", (Text("文字"),)),))
    assert "假设" not in pdf_text(typesetter.pdf(plain).pdf) + docx_text(write_docx(plain, typesetter))


def test_text_of_the_input_is_never_markup(typesetter: Typesetter) -> None:
    cell = (HOSTILE, Value(HOSTILE, assumed=True))
    content = Document(
        "report",
        HOSTILE,
        HOSTILE,
        "zh",
        (
            Section(
                "a",
                HOSTILE,
                (
                    Text(HOSTILE),
                    Facts((Fact(HOSTILE, HOSTILE, HOSTILE),), 1),
                    Table((Column(HOSTILE), Column(HOSTILE)), (cell,), HOSTILE),
                    Lights(HOSTILE, (Column(HOSTILE),), (Light("amber", (HOSTILE,), HOSTILE),)),
                    Picture(SVG, HOSTILE, HOSTILE, 0.3),
                    Note(HOSTILE),
                ),
            ),
        ),
        HOSTILE,
        HOSTILE,
        HOSTILE,
    )
    in_docx = docx_text(write_docx(content, typesetter))
    assert in_docx.count(squeezed(HOSTILE)) >= 16
    in_pdf = pdf_text(typesetter.pdf(content).pdf)
    for part in ('#panic("x")', "$x^2$", "<script>", "{{", "=1+1", "`raw`"):
        assert in_pdf.count(squeezed(part)) >= 12, part


def test_rare_characters_of_names_are_printed(typesetter: Typesetter) -> None:
    content = document(Text(RARE))
    assert RARE in pdf_text(typesetter.pdf(content).pdf)
    assert RARE in docx_text(write_docx(content, typesetter))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_missing_glyph_is_a_problem_that_names_character_document_and_text(typesetter: Typesetter, language: str) -> None:
    content = document(Text("公司 \U0001f600 与 ☑"), Picture(SVG.replace("图中文字", "图\U0001f680"), "图"), language=language)
    with pytest.raises(InputError) as found:
        typesetter.pdf(content)
    assert [problem.code for problem in found.value.problems] == ["D101"] * 3
    first, second, third = (problem.say("zh") for problem in found.value.problems)
    for part in ("测试企业", "另外的", "\U0001f600", "U+1F600", "公司"):
        assert part in first
    assert "☑" in second
    assert "U+1F680" in third


def test_characters_that_cannot_be_seen_do_no_harm(typesetter: Typesetter) -> None:
    content = document(Text("甲\ufeff乙\x00丙\u200b丁\u202e戊\r\n己\t庚\ufe0f\ud800"))
    typesetter.pdf(content)
    assert "甲乙\\x00丙" in docx_text(write_docx(content, typesetter))


def test_what_is_to_take_one_page_takes_one_page(typesetter: Typesetter) -> None:
    rows = tuple((f"企业{n}", str(n)) for n in range(60))
    for count in range(0, 13, 4):
        table = Table((Column("企业"), Column("数", "right")), rows[:count])
        assert typesetter.pdf(document(table)).pages == 1
    with pytest.raises(InputError) as found:
        typesetter.pdf(document(Table((Column("企业"), Column("数", "right")), rows)))
    (problem,) = found.value.problems
    assert problem.code == "D102"
    assert "“另外的”" in problem.say("zh")
    over = int(re.search(r"约 (\d+) 毫米", problem.say("zh"))[1])  # type: ignore[index]
    assert 60 < over < 240


def test_a_report_takes_the_pages_it_needs_and_repeats_the_headings_of_its_tables(typesetter: Typesetter) -> None:
    rows = tuple((f"企业{n}", str(n)) for n in range(120))
    content = document(Table((Column("名称之列"), Column("数", "right")), rows), template="report")
    made = typesetter.pdf(content)
    assert made.pages >= 3
    assert pdf_text(made.pdf).count("名称之列") >= made.pages - 1
    file = docx.Document(io.BytesIO(write_docx(content, typesetter)))
    assert all(
        table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in file.tables if table.style.name == "Table Grid"
    )


def test_a_picture_may_have_a_sheet_of_its_own_behind_all_text(typesetter: Typesetter) -> None:
    content = document(template="report")
    chart = Section("charts", "", (Picture(SVG, "大图", sheet=(420.0, 297.0)), Picture(SVG, "又一张", sheet=(420.0, 297.0))))
    made = typesetter.pdf(replace(content, sections=(*content.sections, chart)))
    sizes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", made.pdf)
    assert [round(float(wide)) for wide, _ in sizes] == [595, 1191, 1191], (
        "no page behind the sheets, for the footnote stands before them"
    )
    file = docx.Document(io.BytesIO(write_docx(replace(content, sections=(*content.sections, chart)), typesetter)))
    assert [round(section.page_width.mm) for section in file.sections] == [210, 420]
    assert [one.get("descr") for one in file.element.body.iter(qn("wp:docPr"))] == ["园区位置", "大图", "又一张"]
    assert file.paragraphs[-1].paragraph_format.page_break_before


def test_the_same_content_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for zone in ("Asia/Shanghai", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        with Typesetter() as typesetter:
            made.append((typesetter.pdf(document()).pdf, write_docx(document(), typesetter), typesetter.png(SVG)))
    assert made[0] == made[1]


def test_a_word_file_has_the_styles_the_paper_and_the_faces_that_an_office_expects(typesetter: Typesetter) -> None:
    file = docx.Document(io.BytesIO(write_docx(document(), typesetter)))
    used = {paragraph.style.name for paragraph in file.paragraphs}
    assert used >= {"Title", "Subtitle", "Heading 1", "Normal", "List Bullet"}
    assert (round(file.sections[0].page_width.mm), round(file.sections[0].page_height.mm)) == (210, 297)
    faces = {run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in file.element.body.iter(qn("w:r"))}
    assert faces == {"微软雅黑"}
    assert {file.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title", "Heading 1")} == {"微软雅黑"}
    codes = [part.text.strip() for part in file.sections[0].footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert [one.get("descr") for one in file.element.body.iter(qn("wp:docPr"))] == ["园区位置"]
    assert "草案" in file.sections[0].header.paragraphs[0].text


def test_a_bureau_changes_look_and_order_without_code(tmp_path: Path) -> None:
    (tmp_path / "style.yaml").write_text("documents: {page: {pages: 2}}\nfooter: {zh: 某市招商局}\n", encoding="utf-8")
    (tmp_path / "page.typ").write_text(
        '#import "parts.typ": *\n#show: sheet\n#section("two")\n#pagebreak()\n#section("one")\n', encoding="utf-8"
    )
    with Typesetter(tmp_path) as typesetter:
        made = typesetter.pdf(document(Text("后来的")))
    assert made.pages == 2
    text = pdf_text(made.pdf)
    assert text.index("后来的") < text.index("缺口80万套")
    assert "某市招商局" in text


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("style.yaml", "colors: {}", "D104", "colours"),
        ("style.yaml", "colours: {ink: blue}", "D104", "#1F2A37"),
        ("style.yaml", "sizes: {body: -1}", "D104", "10.5"),
        ("style.yaml", "documents: {page: {pages: 0}}", "D104", "null"),
        ("style.yaml", "documents: {own: {template: own.typ}}", "D104", "own.typ"),
        ("style.yaml", "sizes: [", "D104", "YAML"),
        ("logo.png", "x", "D103", "logo.png"),
    ],
)
def test_a_folder_of_templates_that_cannot_be_used_is_refused(tmp_path: Path, name: str, text: str, code: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as found:
        Typesetter(tmp_path)
    assert found.value.problems[0].code == code
    assert said in found.value.problems[0].say("zh")


def test_a_template_without_a_fit_is_held_to_its_pages_too(tmp_path: Path) -> None:
    (tmp_path / "page.typ").write_text('#import "parts.typ": *\n#show: sheet\n#others()\n', encoding="utf-8")
    rows = tuple((f"企业{n}",) for n in range(80))
    with Typesetter(tmp_path) as typesetter:
        assert typesetter.pdf(document()).pages == 1
        with pytest.raises(InputError) as found:
            typesetter.pdf(document(Table((Column("企业"),), rows)))
    assert [problem.code for problem in found.value.problems] == ["D102"]
    with pytest.raises(InputError, match="D103"):
        Typesetter(tmp_path / "nowhere")


def test_a_template_that_fails_and_a_picture_that_is_none_are_named(tmp_path: Path, typesetter: Typesetter) -> None:
    (tmp_path / "page.typ").write_text('#import "parts.typ": *\n#nonsense\n', encoding="utf-8")
    with Typesetter(tmp_path) as broken, pytest.raises(InputError) as found:
        broken.pdf(document())
    assert found.value.problems[0].code == "D105"
    assert "page.typ" in found.value.problems[0].say("en")
    for attempt in (lambda: typesetter.pdf(document(Picture("<svg", "坏图"))), lambda: typesetter.png("no svg")):
        with pytest.raises(InputError) as found:
            attempt()
        assert found.value.problems[0].code == "D106"


@pytest.mark.slow
def test_the_subset_for_pages_holds_the_characters_asked_for_and_no_others() -> None:
    from fontTools.ttLib import TTFont

    made = fonts.subset_woff2([RARE, "补链"])
    assert made == fonts.subset_woff2(["链补", RARE])
    assert len(made) < 100_000
    font = TTFont(io.BytesIO(made))
    assert "fvar" in font, "bold is real"
    assert {*map(ord, RARE + "补链a1%")} <= set(font.getBestCmap())
    assert ord("招") not in font.getBestCmap()


def test_text_of_a_picture_has_the_weight_it_asks_for() -> None:
    svg = '<svg><text x="1">a</text><text font-weight="bold" style="fill:red">b<tspan>c</tspan><tspan font-weight="600">d</tspan></text><text/></svg>'
    assert re.findall("'wght' (\\d+)", fonts.with_weights(svg)) == ["400", "700", "700", "400"]
    assert fonts.with_weights(fonts.with_weights(svg)) == fonts.with_weights(svg)
