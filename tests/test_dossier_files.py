"""Dossiers as files: one page each whatever the texts, one content in both formats, the same bytes, names that every system bears."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest

from planner import api
from planner.content import content_folder
from planner.problems import InputError, NotAllWritten
from planner.publish.desk import Desk
from planner.publish.documents.model import Document
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word import write_docx
from planner.publish.dossiers import make_dossiers, write_chosen, write_dossiers
from planner.publish.dossiers.cuts import STEPS
from planner.publish.dossiers.files import fullest
from planner.publish.dossiers.here import Here
from planner.questions.keeping import republish
from tests.city import TABLES
from tests.dossier_city import CANDIDATES, CITY, FIRMS, FORBIDDEN, POLICIES, desk, found, rows
from tests.quick import finished

HOSTILE = '<script>alert(1)</script> #let x = 1 $a$ *b* _c_ {{ d }} {% e %} =1+1 @f <g> \\ "h"'
LONG = "内蒙古自治区呼伦贝尔市满洲里进出口资源循环利用与新能源汽车动力电池梯次回收科技集团（控股）股份有限公司"


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def words_of(file: bytes) -> str:
    """Every text of a DOCX, cells within cells too."""
    return "\n".join(node.text or "" for node in docx.Document(io.BytesIO(file)).element.body.iter() if node.tag.endswith("}t"))


def filled(where: Path, **tables: object) -> tuple[Document, bytes]:
    """The page of A as it is written, without its map."""
    city = desk(where, **tables)  # type: ignore[arg-type]
    with Typesetter() as typesetter:
        return fullest(Here(city), found(city, "A"), lambda park: None, typesetter)


@pytest.mark.slow
def test_the_longest_texts_and_many_rows_take_one_page(tmp_path: Path) -> None:
    policies = [{**POLICIES[0], "offer": f"政策{n}：{LONG}", "basis": f"文件{n}，{LONG}"} for n in range(30)]
    policies += [{**POLICIES[1], "offer": f"返还{n}：{LONG}", "ground": LONG} for n in range(9)]
    told = rows(
        CANDIDATES,
        name="",
        wishes=LONG * 6,
        questions="；".join(f"第{n}问：{LONG}" for n in range(25)),
        contact_note=LONG,
        consent="是",
    )
    told = [{**row, "name": f"{LONG}{row['candidate_id']}"} for row in told]
    firms = [
        *FIRMS,
        *({"name": f"{LONG}{n}", "link_id": "FOAM", "capacity": 3, "park_id": "P1", "source": f"{LONG}{n}"} for n in range(9)),
    ]
    document, pdf = filled(tmp_path, policies=policies, candidates=told, incumbents=firms)
    assert pages(pdf) == 1
    said = "\n".join(value.marked for _, value in document.values())
    assert f"{LONG}A" in said  # names of firms are never cut
    assert f"{LONG}0" in said
    assert "另有" in said


def test_text_of_the_input_is_text_in_both_files(tmp_path: Path) -> None:
    told = rows(CANDIDATES, wishes=HOSTILE, questions=HOSTILE, contact_note=HOSTILE, consent="是")
    told = [{**row, "name": HOSTILE} if row["candidate_id"] == "A" else row for row in told]
    firms = [FIRMS[0], {**FIRMS[1], "name": HOSTILE}]
    document, pdf = filled(
        tmp_path, candidates=told, incumbents=firms, policies=[{**POLICIES[0], "offer": HOSTILE, "basis": HOSTILE}]
    )
    assert pages(pdf) == 1
    with Typesetter() as typesetter:
        said = words_of(write_docx(document, typesetter))
    assert said.count(HOSTILE) >= 5


def test_a_character_without_a_glyph_fails_by_its_name(tmp_path: Path) -> None:
    told = [{**row, "name": "甲\U0001f9ff公司"} if row["candidate_id"] == "A" else row for row in CANDIDATES]
    with pytest.raises(InputError) as refused:
        filled(tmp_path, candidates=told)
    assert refused.value.problems[0].code == "D101"
    assert "1F9FF" in refused.value.problems[0].say("zh")


def test_rare_characters_are_printed(tmp_path: Path) -> None:
    told = [{**row, "name": "鄠浉硚镕堃𫖯公司"} if row["candidate_id"] == "A" else row for row in CANDIDATES]
    assert filled(tmp_path, candidates=told)[0].title == "鄠浉硚镕堃𫖯公司"


def test_docx_says_what_the_page_says(tmp_path: Path) -> None:
    document, _ = filled(tmp_path)
    with Typesetter() as typesetter:
        said = words_of(write_docx(document, typesetter))
    for place, value in document.values():
        if place != document.title and value.text and value.text not in {picture.alt for _, picture in document.pictures()}:
            assert value.marked in said or value.text == document.seal
    assert "0.528 万元*" in said


def test_the_fullest_page_that_fits_is_taken(tmp_path: Path) -> None:
    """Nothing is cut where there is room for all of it."""
    document, _ = filled(tmp_path)
    city = desk(tmp_path / "again")
    from planner.publish.dossiers.page import page_of

    assert document == page_of(Here(city), found(city, "A"), STEPS[0], lambda park: None, "zh")


@pytest.mark.slow
def test_selected_firms_and_an_index_are_written_with_the_same_bytes_each_time(tmp_path: Path) -> None:
    odd = [{**row, "name": 'a/b:c*?"<>|' if row["candidate_id"] == "A" else row["name"]} for row in CANDIDATES]
    city = desk(tmp_path, candidates=odd)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_dossiers(city, tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    ids = sorted(firm.candidate_id for firm in city.plan.selected)
    assert len(names) == 2 * len(ids) + 1
    assert all(re.fullmatch(r"[\w（）()-]+\.(pdf|docx|xlsx)", name) for name in names)
    assert sorted({name.split("_")[0] for name in names if not name.endswith(".xlsx")}) == ids
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    (index,) = (tmp_path / "one").glob("*.xlsx")
    sheet = openpyxl.load_workbook(index).active
    assert sheet is not None
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert set(ids) <= cells


def test_one_kind_of_file_may_be_asked_for(tmp_path: Path) -> None:
    written = write_chosen(desk(tmp_path), ["C"], tmp_path, ("docx",)).paths
    assert [path.suffix for path in written] == [".docx"]


def test_a_run_is_published_with_dossiers_and_asked_for_single_ones(tmp_path: Path) -> None:
    run = finished(tmp_path, tables=CITY)  # type: ignore[arg-type]
    warnings, written, failed = republish(run, ["dossiers"])
    assert (warnings, failed) == ((), ())
    assert [path.name for path in written] == ["dossiers"]
    before = {path.name for path in (run / "dossiers").iterdir()}
    (made,) = api.dossier(run, ["丙公司"], kinds=("pdf",))
    assert made.parent == run / "dossiers"
    assert pages(made.read_bytes()) == 1
    assert {path.name for path in made.parent.iterdir()} == before | {made.name}
    with pytest.raises(InputError, match="F101"):
        api.dossier(run, ["没有的公司"])


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_for_word_is_one_page_too(tmp_path: Path, language: str) -> None:
    written = write_chosen(desk(tmp_path, language=language), ["A", "B", "C", "D"], tmp_path, ("docx",)).paths
    files = [str(path) for path in written if path.suffix == ".docx"]
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files], check=True, timeout=300
    )
    assert [pages(path.read_bytes()) for path in sorted(tmp_path.glob("*.pdf"))] == [1, 1, 1, 1]


@pytest.mark.slow
def test_every_selected_firm_of_the_demo_has_one_page_that_gives_nothing_away(tmp_path: Path) -> None:
    opened = api.open_plan(content_folder("data") / "demo" / "plan.yaml", {"solve.time_limit": 20, "solve.gap": 0.05})
    demo = Desk(api.solve(opened), opened)
    write_dossiers(demo, tmp_path)
    papers = sorted(tmp_path.glob("*.pdf"))
    assert len(papers) == len(list(tmp_path.glob("*.docx"))) == len(demo.plan.selected) >= 50
    assert {pages(paper.read_bytes()) for paper in papers} == {1}
    names = {firm.candidate_id: firm.name for firm in (*demo.plan.selected, *demo.plan.not_selected)}
    for paper in tmp_path.glob("*.docx"):
        said, own = words_of(paper.read_bytes()), names[paper.name.split("_")[0]]
        assert own in said
        assert not [word for word in FORBIDDEN if word in said]
        assert not [name for name in names.values() if name != own and name in said]
        assert "年税收三年全额返还——不合规，不得承诺" in said
        assert "零部件企业落户奖励——已于 2026-06-30 失效（依据：示政发〔2023〕40号（虚构））" in said


def test_a_page_that_cannot_be_printed_takes_no_other_with_it(tmp_path: Path) -> None:
    """The page of a firm with a character that no font has is named, and the others stand, with an index that says which is lacking."""
    candidates = [{**row, "name": "甲\U0001f600公司"} if row["candidate_id"] == "A" else row for row in TABLES["candidates"]]
    run = finished(tmp_path, tables={**TABLES, "candidates": candidates})
    _, files, failed = republish(run, ["dossiers"])
    assert files == (run / "dossiers",)
    assert [problem.code for problem in failed] == ["D101"] * len(failed)
    assert failed
    assert sorted(path.stem[0] for path in (run / "dossiers").glob("*.pdf")) == ["B", "D"]
    index = openpyxl.load_workbook(next((run / "dossiers").glob("*.xlsx"))).active
    assert any("没有写出" in str(cell.value) for row in index.iter_rows() for cell in row)
    with pytest.raises(NotAllWritten):
        make_dossiers(run, ["A", "B"], tmp_path / "two", ["pdf"])
    assert [path.stem[0] for path in (tmp_path / "two").glob("*.pdf")] == ["B"]
    with pytest.raises(InputError):
        make_dossiers(run, ["A"], tmp_path / "one", ["pdf"])
