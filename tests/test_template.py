"""The input workbook: what is written into it is read back as it was, without a map; what is left out counts as absent."""

from __future__ import annotations

from math import inf, nan
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.language import Language
from planner.problems import InputError, errors
from planner.publish.forms.cells import written
from planner.publish.forms.examples import example_of
from planner.publish.forms.template import form_sheets
from planner.reading.cells import convert
from planner.reading.read import read_tables
from planner.reading.table import Tables
from planner.settings.schema import Settings
from planner.tables.spec import TABLES
from tests.sweep import sweep
from tests.table_files import said, write_csv, write_layer
from tests.workbook_files import OFFICE, converted

LANGUAGES: tuple[Language, ...] = ("zh", "en")
SHEETS = {"zh": {name: spec.zh for name, spec in TABLES.items()}, "en": {name: name for name in TABLES}}


def read(path: Path, language: Language, *names: str) -> tuple[Tables, list[str]]:
    """The sheets of those tables, read without a map."""
    sources = {name: {"file": path.name, "sheet": SHEETS[language][name]} for name in names}
    tables, problems = read_tables(Settings.model_validate({"tables": sources}), path.parent)
    return tables, said(problems)


def fill(path: Path, language: Language, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Type rows into the sheets of a template, each cell under the header of its column."""
    book = openpyxl.load_workbook(path)
    for sheet in form_sheets(language):
        for number, row in enumerate(rows.get(sheet.spec.name, ())):
            for name, value in row.items():
                book[sheet.name].cell(3 + number, sheet.at[name] + 1, value)
    book.save(path)


def lines_for_plan(path: Path) -> dict[str, Any]:
    """What the first sheet says of plan.yaml."""
    texts = [str(row[0] or "") for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    return dict(YAML(typ="safe").load("\n".join(texts[texts.index("tables:") :]))["tables"])


@pytest.mark.parametrize("language", sweep(LANGUAGES, 1))
def test_every_example_is_read_from_its_own_sheet_under_its_header(tmp_path: Path, language: Language) -> None:
    path = api.template(tmp_path / "in.xlsx", language)
    examples = {name: dict(example_of(name, language)) for name in TABLES}
    columns = {sheet.spec.name: sheet.spec for sheet in form_sheets(language)}
    rows = {
        name: [{column: written(columns[name].column(column), value, language) for column, value in row.items()}]
        for name, row in examples.items()
    }
    rows["links"].append({"link_id": "NEV07", "chain_id": "NEV"})
    del rows["resources"]  # four common ones stand there already
    fill(path, language, rows)
    tables, problems = read(path, language, *TABLES)
    assert {problem[:4] for problem in problems} == {"T246"}  # of the four resources the examples use one
    for name, row in examples.items():
        first = tables[name].frame.iloc[0]
        assert {column: first[column] for column in row} == row, name
        assert set(tables[name].frame.columns) == set(row), name
        assert tables[name].extra == ()


@pytest.mark.parametrize("language", sweep(LANGUAGES, 1))
def test_the_demo_written_into_a_template_is_read_back_equal(tmp_path: Path, language: Language) -> None:
    opened = api.open_plan(Path("data/demo/plan.yaml"))
    path = api.template(tmp_path / "in.xlsx", language, opened)
    names = [sheet.spec.name for sheet in form_sheets(language, opened.case.tables) if sheet.rows]
    tables, problems = read(path, language, *names)
    assert problems == []
    assert dict(tables.resources) == dict(opened.case.tables.resources)
    for name in opened.case.tables:
        before, after = opened.case.tables[name], tables[name]
        # No cell holds an outline; the lines for plan.yaml keep the layer beside the sheet (below).
        assert before.frame.drop(columns="geometry", errors="ignore").equals(after.frame), name
        assert (before.assumed, before.assumed_cells, before.units) == (after.assumed, after.assumed_cells, after.units)


def test_a_plan_on_its_filled_template_is_the_same_plan_with_outlines_and_marks(tmp_path: Path) -> None:
    from shapely.geometry import box

    write_layer(
        tmp_path / "园区.gpkg", "园区", [("park_id", "land"), ("P1", 1e3 / 7), ("P2", 0.1 + 0.2)], [box(117, 31, 117.1, 31.1), None]
    )
    write_csv(
        tmp_path / "firms.csv",
        [
            (
                "candidate_id",
                "name",
                "计划投资额*(亿元)",
                "用地(公顷)",
                "refused_parks",
                "lon",
                "lat",
                "亩产",
                "营收(亿元)",
                "必选",
            ),
            ("007", "=1+1", "1.1", "0.3*", "P1、P2", "117.05", "31.05", "3", "1.5", "否"),
            ("8", "@甲", "", "0.1", "", "", "", "x*", "", ""),
        ],
    )
    write_csv(tmp_path / "capacities.csv", [("resource_id", "scope_id", "quarter", "amount"), ("land", "P1", "2027Q1", "不限")])
    (tmp_path / "plan.yaml").write_text(
        "name: x\nquarters: {start: 2027Q1, count: 2}\nresources: {land: {unit: 亩}}\ntables:\n  parks: 园区.gpkg\n"
        "  candidates: {file: firms.csv, coordinates: GCJ-02, source: 某处, columns: {亩产: 亩产}}\n  capacities: capacities.csv\n",
        encoding="utf-8",
    )
    opened = api.open_plan(tmp_path / "plan.yaml")
    path = api.template(tmp_path / "in.xlsx", "zh", opened)
    text = YAML(typ="safe").load((tmp_path / "plan.yaml").read_text(encoding="utf-8"))
    again, problems = read_tables(Settings.model_validate({**text, "tables": lines_for_plan(path)}), tmp_path)
    assert said(problems) == []
    for name in ("parks", "candidates", "capacities"):
        before, after = opened.case.tables[name], again[name]
        assert before.frame.equals(after.frame), name
        assert (before.assumed, before.assumed_cells, before.coordinates) == (after.assumed, after.assumed_cells, after.coordinates)
    assert again["candidates"].inputs[0].source == "某处"
    assert list(again["candidates"].frame["name"]) == ["=1+1", "@甲"]


def test_a_column_nobody_filled_in_counts_as_absent_and_one_half_filled_does_not(tmp_path: Path) -> None:
    path = api.template(tmp_path / "in.xlsx")
    parks = [{"park_id": "P1", "land": 5}, {"park_id": "P2", "land": " ", "name": "乙"}]
    fill(path, "zh", {"parks": parks, "candidates": [{"candidate_id": "A", "name": "甲"}, {"name": "乙"}]})
    tables, problems = read(path, "zh", "resources", "parks", "candidates")
    assert list(tables["parks"].frame.columns) == ["park_id", "name", "land"]
    assert tables["parks"].frame["land"].isna().tolist() == [False, True]
    told = [problem for problem in problems if not problem.startswith("T246")]
    assert told == ["T151 in.xlsx[客商库]!A4"]  # a required blank is told, whatever else stands in the row


def test_only_a_sheet_that_says_so_has_columns_that_count_as_absent(tmp_path: Path) -> None:
    write_csv(tmp_path / "parks.csv", [("park_id", "name", "land"), ("P1", "甲", "")])
    write_csv(tmp_path / "candidates.csv", [("candidate_id", "name"), ("A", "甲")])
    settings = {"tables": {"parks": "parks.csv", "candidates": "candidates.csv"}, "resources": {"land": {"unit": "亩"}}}
    tables, _ = read_tables(Settings.model_validate(settings), tmp_path)
    assert list(tables["parks"].frame.columns) == ["park_id", "name", "land"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_fills_it_in_is_helped(tmp_path: Path, language: Language) -> None:
    book = openpyxl.load_workbook(api.template(tmp_path / "in.xlsx", language))
    for sheet in form_sheets(language):
        page = book[sheet.name]
        chosen = {
            area.min_col for rule in page.data_validations.dataValidation if rule.type == "list" for area in rule.sqref.ranges
        }
        coloured = {area.min_col for found in page.conditional_formatting for area in found.sqref.ranges}
        for column in sheet.spec.columns:
            at = sheet.at[column.name] + 1
            comment = page.cell(2, at).comment
            assert comment is not None
            assert column.name in comment.text
            if column.kind in ("flag", "choice") or column.reference is not None:
                assert at in chosen, (sheet.name, column.name)
            if column.required:
                assert at in coloured, (sheet.name, column.name)
        assert all(row[0].value is None for row in page.iter_rows(min_row=3) if sheet.spec.name != "resources")


def test_a_file_that_stands_there_is_never_replaced_and_only_a_workbook_is_written(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_text("filled in by hand")
    for out, code in ((path, "T241"), (tmp_path / "in.csv", "T240"), (tmp_path / "in", "T240")):
        with pytest.raises(InputError) as refused:
            api.template(out)
        assert [problem.code for problem in refused.value.problems] == [code]
    assert path.read_text() == "filled in by hand"
    assert [file.name for file in tmp_path.iterdir()] == ["in.xlsx"]


COLUMNS = [column for sheet in form_sheets("zh") for column in sheet.spec.columns]


@pytest.mark.slow
@given(st.data())
def test_any_value_of_any_column_is_read_back_from_its_cell(data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(COLUMNS))
    language = data.draw(st.sampled_from(LANGUAGES))
    least = max(column.minimum if column.minimum is not None else -column.sense, -column.sense)
    most = min(column.maximum if column.maximum is not None else column.sense, column.sense)
    numbers = (
        st.floats(least, most).filter(lambda x: x == 0 or abs(x) > 1e-9).filter(lambda x: column.above is None or x > column.above)
    )
    texts = st.text(st.characters(codec="utf-8", categories=["L", "N"])).map("甲{}".format)  # 无 and NA are no ids
    values = {
        "flag": st.booleans(),
        "list": st.lists(texts).map(tuple),
        "choice": st.sampled_from(list(column.choices or {"": ()})),
        "quarter": st.sampled_from(["2027Q1", "2030Q4", ""]),
        "date": st.sampled_from(["2027-03-01", "2030-12-31", ""]),
        "integer": st.integers(0, 10**6).map(float),
        "number": numbers | st.just(nan) | (st.just(inf) if column.unlimited else st.just(nan)),
        "lon": numbers,
        "lat": numbers,
    }
    value, assumed = data.draw(values.get(column.kind, texts)), data.draw(st.booleans())
    read = convert(column, [written(column, value, language, assumed)], column.unit)
    assert read.faults == ()
    assert (read.assumed == (0,)) is assumed
    again = read.values[0]
    assert again == value or (value != value and again != again)


def test_a_resource_that_projects_need_is_never_taken_for_unused(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("name: x\nquarters: {start: 2027Q1, count: 2}\n", encoding="utf-8")
    path = api.template(tmp_path / "data" / "in.xlsx")
    fill(path, "zh", {**ROWS, "candidates": [{"candidate_id": "A", "name": "甲", "land": 1, "power": 2}]})
    with pytest.raises(InputError) as refused:
        api.open_plan(tmp_path / "plan.yaml")
    assert {problem.code for problem in refused.value.problems} == {"C211", "T246"}


ROWS = {"parks": [{"park_id": "P1", "land": 5}], "candidates": [{"candidate_id": "A", "name": "甲", "land": 1}]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_nobody_filled_in_counts_as_absent_unless_every_plan_needs_it(tmp_path: Path, language: Language) -> None:
    path = api.template(tmp_path / "in.xlsx", language)
    fill(path, language, {"parks": ROWS["parks"]})
    tables, problems = read(path, language, *TABLES)
    assert set(tables) == {"resources", "parks"}
    assert [told for told in problems if not told.startswith("T246")] == [f"T109 in.xlsx[{SHEETS[language]['candidates']}]"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_template_in_the_data_folder_needs_no_word_in_plan_yaml(tmp_path: Path, language: Language) -> None:
    (tmp_path / "plan.yaml").write_text("name: x\nquarters: {start: 2027Q1, count: 2}\n", encoding="utf-8")
    path = api.template(tmp_path / "data" / "经开区报来 2027.xlsx", language)
    fill(path, language, ROWS)
    write_csv(tmp_path / "data" / "notes.csv", [("a", "b"), (1, 2)])
    (tmp_path / "data" / "broken.xlsx").write_bytes(b"PK nothing")
    opened = api.open_plan(tmp_path / "plan.yaml")
    assert set(opened.case.tables) == {"resources", "parks", "candidates"}
    assert list(opened.case.tables.resources) == ["land"]  # of the four that a template offers, the one that is used
    assert [problem.code for problem in opened.warnings] == ["T246"] * 3
    write_csv(tmp_path / "data" / "园区.csv", [("park_id", "land"), ("P9", 1)])
    with pytest.raises(InputError) as refused:
        api.open_plan(tmp_path / "plan.yaml")
    assert [problem.code for problem in errors(refused.value.problems)] == ["T111"]


@pytest.mark.parametrize("language", sweep(LANGUAGES, 1))
def test_an_intake_takes_the_rows_of_a_filled_template_and_nothing_of_its_help(tmp_path: Path, language: Language) -> None:
    path = api.template(tmp_path / "in.xlsx", language)
    fill(path, language, ROWS)
    assert CliRunner().invoke(app, ["intake", str(path), "--into", str(tmp_path / "ws")]).exit_code == 0
    tables = api.open_plan(tmp_path / "ws" / "plan.yaml").case.tables
    assert [list(tables[name].frame.iloc[:, 0]) for name in ("parks", "candidates")] == [["P1"], ["A"]]
    assert tables["candidates"].frame["land"].tolist() == [1.0]


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=OFFICE) for kind in ("xlsx again", "ods", "xls")])
def test_a_template_saved_by_another_program_is_read_as_before(tmp_path: Path, kind: str) -> None:
    path = api.template(tmp_path / "in.xlsx")
    rows = {**ROWS, "candidates": [{"candidate_id": "007", "name": "@甲", "investment": "1.5*", "status": "在谈", "land": 1.25}]}
    fill(path, "zh", rows)
    before, _ = read(path, "zh", "resources", "parks", "candidates")
    after, problems = read(converted(path, kind), "zh", "resources", "parks", "candidates")
    assert {problem[:4] for problem in problems} == {"T246"}
    for name in before:
        assert before[name].frame.equals(after[name].frame), name
        assert before[name].assumed_cells == after[name].assumed_cells


def plan_with_a_column_of_units(folder: Path) -> api.Opened:
    write_csv(folder / "candidates.csv", [("candidate_id", "name", "land"), ("A", "甲", "10")])
    write_csv(folder / "parks.csv", [("park_id", "name"), ("P1", "一园")])
    write_csv(folder / "cap.csv", [("资源编号", "归属编号", "能力", "单位"), ("land", "P1", "1", "公顷")])
    (folder / "plan.yaml").write_text(
        "name: x\nquarters: {start: 2027Q1, count: 1}\nresources: {land: {unit: 亩}}\n"
        "tables: {candidates: candidates.csv, parks: parks.csv, capacities: cap.csv}\n",
        encoding="utf-8",
    )
    return api.open_plan(folder / "plan.yaml")


def test_amounts_that_a_column_of_units_converted_are_not_converted_again(tmp_path: Path) -> None:
    opened = plan_with_a_column_of_units(tmp_path)
    assert opened.case.tables["capacities"].frame["amount"].tolist() == [15]
    tables, problems = read(
        api.template(tmp_path / "in.xlsx", "zh", opened), "zh", "resources", "parks", "candidates", "capacities"
    )
    assert problems == []
    assert tables["capacities"].frame["amount"].tolist() == [15]


def test_a_template_that_would_be_read_otherwise_is_not_given_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = plan_with_a_column_of_units(tmp_path)
    monkeypatch.setattr("planner.publish.forms.template._tells_units", lambda *_: False)
    with pytest.raises(InputError) as refused:
        api.template(tmp_path / "in.xlsx", "zh", opened)
    assert [(problem.code, str(problem.place), problem.found) for problem in refused.value.problems] == [
        ("T247", "in.xlsx[分期能力]", "amount")
    ]
    assert not (tmp_path / "in.xlsx").exists()
