"""Firms matched to links: suggestions with the words that speak for them, and a copy of the table with what a person accepted."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.intake.matching.accept import write_accepted
from planner.intake.matching.asked import accepted
from planner.intake.matching.evidence import LinkText, holds, plain, suggest
from planner.intake.matching.match import Matches, match
from planner.intake.matching.suggestions import read_accepted, write_suggestions
from planner.problems import InputError
from planner.settings.document import read_document
from tests.city import PLAN, TABLES, write_city
from tests.table_files import write_csv, write_xlsx

LINKS = [
    LinkText("L1", "动力电池", (), ("新能源汽车",)),
    LinkText("L2", "电池隔膜", ("锂电隔膜",), ("新能源汽车",)),
    LinkText("L3", "EDA 与设计 IP", (), ("集成电路",)),
    LinkText("L4", "激光雷达", ("LiDAR",), ("智能驾驶",)),
]
NONE = np.full(9, -1)
MAKES = {"A": "主营汽车座椅，兼营泡棉", "B": "=座椅 研发", "C": "聚氨酯泡棉", "D": "只做物业管理"}


def best(text: str) -> list[str]:
    (found,) = suggest([text], LINKS, 4, NONE[:1]).best
    return [LINKS[one.link].link_id for one in found]


@pytest.mark.parametrize(
    ("text", "link", "word"),
    [
        ("研发、生产和销售动力电池及系统", "L1", "动力电池"),
        ("专做锂电隔膜", "L2", "锂电隔膜"),
        ("ＥＤＡ与设计ＩＰ授权", "L3", "eda"),
        ("车载lidar整机", "L4", "LiDAR"),
    ],
)
def test_the_name_or_a_synonym_word_for_word_comes_first_with_the_word(text: str, link: str, word: str) -> None:
    (found,) = suggest([text, "物业管理", "餐饮"], LINKS, 4, NONE[:3]).best[:1]
    assert LINKS[found[0].link].link_id == link
    assert any(word in said for said in found[0].words)
    assert all(0 < one.score <= 1 for one in found)


def test_latin_words_are_whole_words_and_nothing_shared_is_nothing_suggested() -> None:
    assert holds(plain("CPU IP 授权"), "ip")
    assert not holds(plain("chip design"), "ip")
    assert best("物业服务") == []
    assert best("") == []


def test_fragments_score_below_the_whole_name_and_order_of_rows_changes_nothing() -> None:
    texts = ["动力电池", "锂电池隔离膜用基材", "雷达站", "隔膜与电池"]
    whole, fragments = suggest(texts[:2], LINKS, 1, NONE[:2]).best
    assert fragments[0].score < whole[0].score
    expected = {
        text: [(LINKS[one.link].link_id, round(one.score, 9)) for one in row]
        for text, row in zip(texts, suggest(texts, LINKS, 4, NONE[:4]).best, strict=True)
    }
    for seed in range(4):
        mixed, links = random.Random(seed).sample(texts, 4), random.Random(seed).sample(LINKS, 4)
        for text, row in zip(mixed, suggest(mixed, links, 4, NONE[:4]).best, strict=True):
            assert [(links[one.link].link_id, round(one.score, 9)) for one in row] == expected[text]


def test_the_place_of_the_stated_link_is_counted_among_the_links_allowed() -> None:
    text, stated = ["动力电池回收，少量电池隔膜"], np.array([1])
    assert suggest(text, LINKS, 1, stated).rank.tolist() == [2]
    allowed = np.array([[False, True, True, True]])
    assert suggest(text, LINKS, 1, stated, allowed).rank.tolist() == [1]
    assert suggest(["物业"], LINKS, 1, stated).rank.tolist() == [0]


def city(folder: Path, stated: Mapping[str, str] = {}, **cells: Mapping[str, Any]) -> Path:
    """The tiny city whose candidates say what they make and state the links of ``stated`` alone."""
    rows = [
        {
            **row,
            "link_id": stated.get(str(row["candidate_id"]), ""),
            "主营业务": MAKES[str(row["candidate_id"])],
            **cells.get(str(row["candidate_id"]), {}),
        }
        for row in TABLES["candidates"]
    ]
    return write_city(folder, PLAN, {**TABLES, "candidates": rows})


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "data" / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled_in(matches: Matches, path: Path, says: Sequence[tuple[str, str, str]]) -> Path:
    """The suggestions with a word in the column accept where firm and link are these; what is not suggested gets a row of its own."""
    write_suggestions(matches, path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    firm, link, accept = (heads.index(name) + 1 for name in ("项目编号", "建议环节编号", "采纳"))
    for own, wanted, word in says:
        rows = [row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, firm).value) == own]
        row = next(
            (row for row in rows if sheet.cell(row, link).value == wanted and sheet.cell(row, accept).value is None), rows[-1]
        )
        sheet.cell(row, link).value, sheet.cell(row, accept).value = wanted, word
    book.save(path)
    return path


def test_what_is_accepted_and_nothing_else_is_written_into_a_copy_with_mark_and_evidence(tmp_path: Path) -> None:
    path = city(tmp_path, {"C": "SEAT"})
    before = (tmp_path / "data" / "candidates.csv").read_bytes()
    matches = match(path)
    file = filled_in(
        matches, tmp_path / "s.xlsx", [("A", "SEAT", "是"), ("C", "FOAM", "yes"), ("D", "FOAM", "是"), ("B", "SEAT", "否")]
    )
    (copy,) = write_accepted(matches, read_accepted(matches, file))
    assert (tmp_path / "data" / "candidates.csv").read_bytes() == before
    assert copy.path == tmp_path / "data" / "candidates_匹配.xlsx"
    assert (copy.instead_of, copy.links) == ("data/candidates.csv", 3)
    (tmp_path / "data" / "candidates.csv").unlink()
    (tmp_path / "data" / "candidates.xlsx").write_bytes(copy.path.read_bytes())
    table = match(path).firms
    assert table.frame["link_id"].tolist() == ["SEAT", "", "FOAM", "FOAM"]
    assert table.assumed_cells == {(0, "link_id"), (2, "link_id"), (3, "link_id")}
    evidence = table.frame["环节匹配证据"].tolist()
    assert "座椅" in evidence[0]
    assert "s.xlsx[匹配建议]!K3" in evidence[0]
    assert evidence[1] == ""
    assert "原为 SEAT" in evidence[2]
    assert "不在建议之列" in evidence[3]
    for name in ("candidate_id", "capacity", "land", "subsidy", "主营业务"):
        assert table.frame[name].tolist() == matches.firms.frame[name].tolist()


def test_a_sheet_under_a_title_with_merged_cells_and_formats_is_copied_as_it_stands(tmp_path: Path) -> None:
    path = city(tmp_path)
    head, *rows = [list(TABLES["candidates"][0]), *[list(row.values()) for row in TABLES["candidates"]]]
    at = head.index("link_id")
    (tmp_path / "data" / "candidates.csv").unlink()
    write_xlsx(
        tmp_path / "data" / "candidates.xlsx", {"客商库": [["汇总表"], [], head, *rows], "旧表": [["作废"]]}, hidden=["旧表"]
    )
    book = load_workbook(tmp_path / "data" / "candidates.xlsx")
    book["客商库"].merge_cells("A1:C1")
    book.save(tmp_path / "data" / "candidates.xlsx")
    matches = match(path)
    (copy,) = write_accepted(
        matches, read_accepted(matches, filled_in(matches, tmp_path / "s.xlsx", [("A", "SEAT", "是")])), tmp_path / "c.xlsx"
    )
    book = load_workbook(copy.path)
    assert book.sheetnames == ["客商库"]
    assert [str(span) for span in book["客商库"].merged_cells.ranges] == ["A1:C1"]
    assert book["客商库"].cell(4, at + 1).value == "SEAT*"
    assert [cell.value for cell in book["客商库"][5]][: len(head)] == rows[1]


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ([("A", "SEAT", "是"), ("A", "FOAM", "是")], "I161"),
        ([("A", "NONE", "是")], "I158"),
        ([("A", "SEAT", "也许")], "T135"),
        ([("A", "SEAT", "否")], "I162"),
        ([], "I162"),
    ],
)
def test_an_acceptance_that_is_none_is_an_error_at_its_cell(tmp_path: Path, says: list[tuple[str, str, str]], code: str) -> None:
    matches = match(city(tmp_path))
    with pytest.raises(InputError) as error:
        read_accepted(matches, filled_in(matches, tmp_path / "s.xlsx", says))
    assert [problem.code for problem in error.value.problems] == [code]
    assert code == "I162" or error.value.problems[0].place is not None
    assert code == "I162" or (error.value.problems[0].place.cell or "")[:1] in ("E", "K")


def test_evidence_is_that_of_the_suggestions_however_many_there_were_and_of_no_other_column(tmp_path: Path) -> None:
    path = city(tmp_path)
    many = match(path, top=2)
    (second,) = [many.links[one.link].link_id for one in many.scores.best[0][1:]]
    file = filled_in(many, tmp_path / "s.xlsx", [("A", second, "是")])
    said = accepted(path, file, tmp_path / "c.xlsx")[1]
    assert "c.xlsx" in said
    texts = [str(cell) for row in load_workbook(tmp_path / "c.xlsx").worksheets[0].iter_rows(values_only=True) for cell in row]
    assert [text for text in texts if text.startswith("得分")] != []
    by_name = match(path, ["name"])
    with pytest.raises(InputError) as error:
        read_accepted(by_name, file)
    assert [problem.code for problem in error.value.problems] == ["I179"]


def test_ids_that_now_are_another_firm_s_or_nobody_s_are_not_taken(tmp_path: Path) -> None:
    matches = match(city(tmp_path))
    file = filled_in(matches, tmp_path / "s.xlsx", [("A", "SEAT", "是"), ("B", "SEAT", "是")])
    renamed = match(city(tmp_path / "other", A={"name": "别家公司"}, B={"candidate_id": "E"}))
    with pytest.raises(InputError) as error:
        read_accepted(renamed, file)
    assert [problem.code for problem in error.value.problems] == ["I160", "I157"]


def test_a_firm_that_states_its_chain_is_held_against_that_chain_alone(tmp_path: Path) -> None:
    tables = {**TABLES, "links": [*TABLES["links"], {**TABLES["links"][0], "link_id": "OTHER", "chain_id": "ART"}]}
    rows = [{**row, "link_id": "", "chain_id": "CAR", "主营业务": "座椅"} for row in tables["candidates"]]
    matches = match(write_city(tmp_path, PLAN, {**tables, "candidates": rows}))
    assert {matches.links[one.link].link_id for found in matches.scores.best for one in found} == {"SEAT"}
    with pytest.raises(InputError) as error:
        read_accepted(matches, filled_in(matches, tmp_path / "s.xlsx", [("A", "OTHER", "是")]))
    assert [problem.code for problem in error.value.problems] == ["I159"]


def test_yaml_says_the_same_as_the_workbook(tmp_path: Path) -> None:
    matches = match(city(tmp_path))
    write_suggestions(matches, tmp_path / "s.yaml")
    text = (tmp_path / "s.yaml").read_text(encoding="utf-8")
    taken = text.replace("accept: null", "accept: 是", 1)
    (tmp_path / "s.yaml").write_text(taken, encoding="utf-8")
    by_sheet = read_accepted(matches, filled_in(matches, tmp_path / "s.xlsx", [("A", "FOAM", "是")]))
    by_yaml = read_accepted(matches, tmp_path / "s.yaml")
    assert [(one.firm, one.link) for one in by_yaml] == [(one.firm, one.link) for one in by_sheet]
    assert by_yaml[0].place.line == next(n for n, line in enumerate(taken.splitlines(), 1) if "accept: 是" in line)
    (tmp_path / "s.yaml").write_text(text.replace("accept: null", "accept: 3", 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_accepted(matches, tmp_path / "s.yaml")
    assert [problem.code for problem in error.value.problems] == ["I164"]


def test_texts_stay_texts_and_a_file_that_may_hold_decisions_is_never_replaced(tmp_path: Path) -> None:
    matches = match(city(tmp_path, B={"name": "=1+1", "主营业务": "@座椅"}))
    write_suggestions(matches, tmp_path / "s.xlsx")
    cells = [cell for sheet in load_workbook(tmp_path / "s.xlsx").worksheets for row in sheet for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    rows = [
        {("主营业务\nsuggestions: []\nx" if name == "主营业务" else name): cell for name, cell in row.items()}
        for row in rows_of(tmp_path)
    ]
    write_suggestions(
        match(write_city(tmp_path / "b", PLAN, {**TABLES, "candidates": rows}), ["主营业务\nsuggestions: []\nx"]),
        tmp_path / "s.yaml",
    )
    assert len(read_document(tmp_path / "s.yaml", "s.yaml").data["suggestions"]) > 0  # type: ignore[arg-type]
    with pytest.raises(InputError, match="I156"):
        write_suggestions(matches, tmp_path / "s.xlsx")


def test_what_is_asked_of_a_plan_without_links_or_of_a_column_it_has_not(tmp_path: Path) -> None:
    path = city(tmp_path)
    with pytest.raises(InputError, match="I155"):
        match(path, ["主营"])
    assert match(path, ["主营业务"]).read == ("主营业务",)
    (tmp_path / "data" / "links.csv").unlink()
    with pytest.raises(InputError) as error:
        match(path)
    assert "I152" in [problem.code for problem in error.value.problems]


def test_a_plan_whose_links_are_wrong_is_matched_all_the_same_and_told(tmp_path: Path) -> None:
    matches = api.match(city(tmp_path, {"A": "SEET"}))
    assert [problem.code for problem in matches.warnings] == ["I153", "I154"]
    assert [len(found) > 0 for found in matches.scores.best] == [True, True, True, False]


def test_candidates_of_several_files_and_sheets_get_a_copy_of_each_file_that_is_touched(tmp_path: Path) -> None:
    path = city(tmp_path)
    head, *rows = [list(TABLES["candidates"][0]), *[list(row.values()) for row in TABLES["candidates"]]]
    at = head.index("link_id")
    bare = [*head[:at], *head[at + 1 :]]
    a, b, c, d = ([*row[:at], "", *row[at + 1 :]] for row in rows)
    (tmp_path / "data" / "candidates.csv").unlink()
    write_xlsx(tmp_path / "data" / "one.xlsx", {"甲": [head, a], "乙": [["乙表"], head, b]})
    write_csv(tmp_path / "data" / "two.csv", [bare, [*c[:at], *c[at + 1 :]]])
    write_csv(tmp_path / "data" / "three.csv", [head, d])
    names = {table: f"data/{table}.csv" for table in ("links", "link_edges", "parks", "funds", "teams", "incumbents")}
    stack = "[{file: data/one.xlsx, sheet: 甲}, {file: data/one.xlsx, sheet: 乙}, data/two.csv, data/three.csv]"
    lines = [f"  {table}: {file}" for table, file in names.items() if (tmp_path / file).exists()]
    path.write_text(PLAN + "\n".join(["tables:", *lines, f"  candidates: {{stack: {stack}}}"]) + "\n", encoding="utf-8")
    matches = match(path, ["name"])
    file = filled_in(matches, tmp_path / "s.xlsx", [("B", "SEAT", "是"), ("C", "FOAM", "是")])
    copies = write_accepted(matches, read_accepted(matches, file))
    assert [(copy.instead_of, copy.path.name, copy.links) for copy in copies] == [
        ("data/one.xlsx", "one_匹配.xlsx", 1),
        ("data/two.csv", "two_匹配.xlsx", 1),
    ]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("one.xlsx", "one_匹配.xlsx").replace("two.csv", "two_匹配.xlsx"), encoding="utf-8")
    table = match(path, ["name"]).firms
    assert table.frame["link_id"].tolist() == ["", "SEAT", "FOAM", ""]
    assert table.assumed_cells == {(1, "link_id"), (2, "link_id")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_suggests_and_takes_what_was_accepted(tmp_path: Path, language: str) -> None:
    path = city(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", "") + f"\nlanguage: {language}\n", encoding="utf-8")
    runner = CliRunner()
    made = runner.invoke(app, ["match", str(tmp_path)])
    assert made.exit_code == 0
    file = tmp_path / {"zh": "匹配建议.xlsx", "en": "suggestions.xlsx"}[language]
    book = load_workbook(file)
    sheet = book.worksheets[0]
    sheet.cell(2, sheet.max_column).value = {"zh": "是", "en": "yes"}[language]
    assert len(sheet.data_validations.dataValidation) == 1
    book.save(file)
    taken = runner.invoke(app, ["match", str(path), "--accept", str(file), "--out", str(tmp_path / "data" / "c.xlsx")])
    assert taken.exit_code == 0
    assert "data/c.xlsx" in taken.stdout
    assert runner.invoke(app, ["match", str(path)]).exit_code == 2


def test_a_copy_that_was_accepted_is_planned_and_its_links_are_assumptions(tmp_path: Path) -> None:
    path = city(tmp_path)
    matches = match(path)
    says = [("A", "SEAT", "是"), ("B", "SEAT", "是"), ("C", "FOAM", "是")]
    write_accepted(matches, read_accepted(matches, filled_in(matches, tmp_path / "s.xlsx", says)), tmp_path / "data" / "c.xlsx")
    (tmp_path / "data" / "candidates.csv").unlink()
    (tmp_path / "data" / "c.xlsx").rename(tmp_path / "data" / "candidates.xlsx")
    case = api.open_plan(path).case
    assert [case.links["link_id"][link] if link >= 0 else "" for link in case.candidates["link"]] == ["SEAT", "SEAT", "FOAM", ""]
