"""Input that is broken on purpose or by a machine: a word with its place, within seconds, and never a traceback."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError, Problem, visible
from planner.tables.excel_size import ExcessError, check_size
from tests.city import PLAN, TABLES, added, changed, write_city


def told(folder: Path, plan: str = PLAN, tables: Mapping[str, object] | None = None) -> list[Problem]:
    """Every problem and warning of ``planner check``."""
    path = write_city(folder, plan, tables=tables or TABLES)
    try:
        return list(api.check(path))
    except InputError as error:
        return list(error.problems)


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in problems]


# --- settings ---------------------------------------------------------------------------------------------------------


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def test_aliases_that_explode_are_told_at_the_alias_that_is_too_much(tmp_path: Path) -> None:
    assert said(told(tmp_path, laughs(9) + PLAN)) == [("S121", "plan.yaml:6:35")]


@pytest.mark.parametrize("depth", [100, 3000])
def test_brackets_in_brackets_are_told_at_their_line(tmp_path: Path, depth: int) -> None:
    assert said(told(tmp_path, PLAN + f"x: {'[' * depth}{']' * depth}\n")) == [("S120", "plan.yaml:11:63")]


def test_aliases_may_not_nest_deeper_than_brackets(tmp_path: Path) -> None:
    chain = "b0: &b0 [x]\n" + "".join(f"b{n}: &b{n} [*b{n - 1}]\n" for n in range(1, 90))
    assert {problem.code for problem in told(tmp_path, chain + PLAN)} == {"S120"}


def test_half_a_character_is_refused_where_it_stands(tmp_path: Path) -> None:
    assert said(told(tmp_path, PLAN + 'region: {map_approval: "\\ud800"}\n')) == [("S122", "plan.yaml:11:24")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tables: {{parks: {long}.csv, candidates: data/candidates.csv}}", "S116"),
        ("region: {{boundary: {long}.geojson}}", "S116"),
        ("extends: {long}.yaml", "S108"),
    ],
)
def test_a_name_too_long_for_any_file_is_told_at_its_key(tmp_path: Path, text: str, code: str) -> None:
    problems = told(tmp_path, PLAN + text.format(long="县" * 90) + "\n")
    assert [(problem.code, problem.place is not None and problem.place.line) for problem in problems] == [(code, 11)]


def test_a_plan_file_whose_name_no_file_can_have(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / ("x" * 300))])
    assert (result.exit_code, "S101" in result.stderr) == (2, True)


def test_a_scenario_cannot_set_anything_below_a_single_value(tmp_path: Path) -> None:
    scenarios = "scenarios: [{name: a, settings: {solve.gap.x: 0.1}}, {name: b, settings: {solve: {gap: {a: 1}}}}]\n"
    assert [code for code, _ in said(told(tmp_path, PLAN + scenarios))] == ["S312", "S312"]
    with pytest.raises(InputError) as raised:
        api.open_plan(write_city(tmp_path / "flags"), {"solve.gap.x": 1})
    assert [problem.code for problem in raised.value.problems] == ["S312"]


def test_weights_that_are_all_zero_ask_for_nothing(tmp_path: Path) -> None:
    problems = told(tmp_path, PLAN.replace("gap: 1.0", "gap: 0"))
    assert [(problem.code, problem.severity) for problem in problems] == [("S123", "warning")]


@pytest.mark.parametrize("weight", ["1.0e+308", "1.0e-300"])
def test_a_number_of_no_sensible_size_is_refused(tmp_path: Path, weight: str) -> None:
    assert said(told(tmp_path, PLAN.replace("gap: 1.0", f"gap: {weight}"))) == [("S116", "plan.yaml:9:18")]


def test_thousands_of_unknown_keys_are_told_in_seconds_and_counted(tmp_path: Path) -> None:
    problems = told(tmp_path, PLAN + "".join(f"k{n}: 1\n" for n in range(3000)))
    assert len(problems) == 201
    assert "2800" in problems[0].rule.en + problems[-1].rule.en


# --- the screen -------------------------------------------------------------------------------------------------------

FORGED = "\x1b[2J\x1b[H检查通过\r\u202e\n检查通过"


def test_control_characters_are_shown_and_never_sent(tmp_path: Path) -> None:
    assert visible(FORGED) == "\\x1b[2J\\x1b[H检查通过\\x0d\\u202e\n检查通过"
    bad = changed("candidates", 0, link_id=FORGED)
    output = CliRunner().invoke(app, ["check", str(write_city(tmp_path, tables=bad))]).output
    assert "\x1b" not in output
    assert not any(line.startswith("检查通过") for line in output.splitlines())


def test_every_command_prints_through_the_one_edge(tmp_path: Path) -> None:
    hostile = changed("links", 0, name="座\x1b[2J椅\u009b")
    output = CliRunner().invoke(app, ["diagnose", str(write_city(tmp_path, tables=hostile))]).output
    assert "\\x1b[2J" in output
    assert not {"\x1b", "\u009b"} & set(output)


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["chains", "links", "candidates", "parks"])
def test_a_double_key_does_not_hide_what_is_wrong_elsewhere(tmp_path: Path, table: str) -> None:
    tables = added("chains", {"chain_id": "CAR", "name": "汽车"})
    tables["parks"][0]["allowed_chains"] = "CAR"
    tables["parks"][1]["allowed_chains"] = "CRA"
    tables[table].append({**tables[table][0], "name": "又一个"})
    codes = [problem.code for problem in told(tmp_path, tables=tables)]
    assert codes.count("T152") == 1
    assert set(codes) == {"T152", "T153"}


@pytest.mark.parametrize(("name", "code"), [("name", "T130"), ("county", "T130"), ("gap", "T179"), ("quarter", "T179")])
def test_a_resource_has_a_name_of_its_own(tmp_path: Path, name: str, code: str) -> None:
    plan = PLAN.replace("resources:\n", f"resources:\n  {name}: {{unit: 亩}}\n")
    assert [problem.code for problem in told(tmp_path, plan)] == [code]


@pytest.mark.parametrize(
    ("column", "value"), [("subsidy", "1e11"), ("effort", "1e9"), ("capacity", "1e308"), ("land", "1e-300")]
)
def test_an_amount_of_no_sensible_size_is_refused_at_its_cell(tmp_path: Path, column: str, value: str) -> None:
    problems = told(tmp_path, tables=changed("candidates", 1, **{column: value}))
    at = chr(ord("A") + list(TABLES["candidates"][0]).index(column))
    assert said(problems) == [("T138", f"candidates.csv!{at}3")]


def test_a_number_too_large_for_a_computer_is_not_unlimited(tmp_path: Path) -> None:
    assert [code for code, _ in said(told(tmp_path, tables=changed("parks", 0, land="1e400")))] == ["T132"]


def test_a_unit_that_cannot_be_used_is_the_only_thing_told_of_its_column(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    file = tmp_path / "data" / "parks.csv"
    file.write_text(file.read_text("utf-8-sig").replace("land", "land（含代征地）"), "utf-8")
    with pytest.raises(InputError) as raised:
        api.check(path)
    assert said(list(raised.value.problems)) == [("T126", "parks.csv!G1")]


def workbook(folder: Path, change: Callable[[Path], None]) -> list[Problem]:
    """The tiny city with its parks in a workbook that ``change`` has spoilt."""
    import xlsxwriter

    path = write_city(folder, PLAN + "tables: {parks: parks.xlsx, candidates: data/candidates.csv}\n")
    with xlsxwriter.Workbook(folder / "parks.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([list(TABLES["parks"][0]), *(list(one.values()) for one in TABLES["parks"])]):
            sheet.write_row(row, 0, cells)
    change(folder / "parks.xlsx")
    try:
        return list(api.check(path))
    except InputError as error:
        return list(error.problems)


def stray_cell(file: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(file)
    book.active["XFD1048576"] = 1
    book.save(file)


def without_texts(file: Path) -> None:
    with zipfile.ZipFile(file) as parts:
        kept = {name: parts.read(name) for name in parts.namelist() if name != "xl/sharedStrings.xml"}
    with zipfile.ZipFile(file, "w") as parts:
        for name, content in kept.items():
            parts.writestr(name, content)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:3000])


def bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/media/x", "w") as part:
        for _ in range(1100):
            part.write(bytes(1_000_000))


@pytest.mark.parametrize(
    ("change", "code"), [(stray_cell, "T181"), (without_texts, "T102"), (cut_short, "T102"), (bomb, "T102")]
)
def test_a_workbook_that_is_spoilt_is_told_and_not_opened(
    tmp_path: Path, change: Callable[[Path], None], code: str
) -> None:
    problems = workbook(tmp_path, change)
    assert [problem.code for problem in problems] == [code]
    assert str(problems[0].place).startswith("parks.xlsx")


def test_an_ods_sheet_with_a_stray_cell_is_not_opened() -> None:
    cell, one = '<table:table-cell table:number-columns-repeated="{}"{}/>', " office:value='1'"
    rows = [
        f"<table:table-row>{cell.format(3, one)}</table:table-row>",
        f'<table:table-row table:number-rows-repeated="1048000">{cell.format(16000, "")}</table:table-row>',
        f"<table:table-row>{cell.format(16383, '')}{cell.format(1, one)}</table:table-row>",
    ]
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("table", "office"))

    def sheet(of: list[str]) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as parts:
            parts.writestr("content.xml", f"<x {names}><table:table table:name='t'>{''.join(of)}</table:table></x>")
        return file.getvalue()

    assert check_size(sheet(rows[:2])) is None
    with pytest.raises(ExcessError) as raised:
        check_size(sheet(rows))
    assert raised.value.values["cell"] == "XFD1048002"


# --- shapes -----------------------------------------------------------------------------------------------------------

OUTLINE = [[[117.0, 31.0], [117.1, 31.0], [117.1, 31.1], [117.0, 31.0]]]
BROKEN = [[[117.0, 31.0], [117.1, 31.0], [117.1, 31.1]]]


def layer_of(file: Path, *shapes: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {**row, "lon": None, "lat": None},
            "geometry": None if shape is None else {"type": "Polygon", "coordinates": shape},
        }
        for row, shape in zip(TABLES["parks"], shapes, strict=True)
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


@pytest.mark.parametrize(("shape", "code"), [([], None), (None, None), (BROKEN, "T180")])
def test_an_outline_is_used_missing_or_refused_with_the_number_of_its_feature(
    tmp_path: Path, shape: object, code: str | None
) -> None:
    path = write_city(tmp_path, PLAN + "tables: {parks: parks.geojson, candidates: data/candidates.csv}\n")
    layer_of(tmp_path / "parks.geojson", OUTLINE, shape)
    if code is None:
        plan = api.solve(api.open_plan(path))
        api.publish(plan, tmp_path / "run")
        assert (tmp_path / "run" / "plan.json").exists()
        return
    with pytest.raises(InputError) as raised:
        api.check(path)
    assert said(list(raised.value.problems)) == [(code, "parks.geojson[parks]:2")]


def test_a_boundary_is_refused_with_the_number_of_its_feature(tmp_path: Path) -> None:
    layer_of(tmp_path / "b.geojson", OUTLINE, BROKEN)
    assert said(told(tmp_path, PLAN + "region: {boundary: b.geojson}\n")) == [("G105", "b.geojson[b]:2")]
