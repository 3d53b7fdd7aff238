"""What a user gets for bad input: one clear message with its place, exit 2, nothing written; all problems at once.

Every case is the tiny city with one thing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.reading.checks import LISTED
from tests.city import PLAN, TABLES, added, changed, without, write_city

Spoil = Callable[[Path], Path]


def run(path: Path) -> tuple[int, list[str]]:
    """Exit code and the lines of problems of ``planner run``; nothing may be left behind."""
    before = {file for file in path.parent.rglob("*") if file.is_file()}
    result = CliRunner().invoke(app, ["run", str(path), "--out", str(path.parent / "out")])
    after = {file for file in path.parent.rglob("*") if file.is_file()}
    assert after == before
    return result.exit_code, [line for line in result.stderr.splitlines() if re.search(r"[（(][A-Z]\d{3}[）)]$", line)]


def cells(table: str, row: int, **values: object) -> Spoil:
    return lambda folder: write_city(folder, tables=changed(table, row, **values))


def plan(old: str, new: str) -> Spoil:
    return lambda folder: write_city(folder, PLAN.replace(old, new))


def file(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(folder: Path) -> Path:
        path = write_city(folder)
        target = folder / "data" / name
        target.write_bytes(change(target.read_bytes()))
        return path

    return spoil


def wrong_sheet(folder: Path) -> Path:
    import openpyxl

    path = write_city(folder, PLAN + "tables: {parks: {file: 园区.xlsx, sheet: 园区表}, candidates: data/candidates.csv}\n")
    book = openpyxl.Workbook()
    book.active.title = "园区"
    book.save(folder / "园区.xlsx")
    return path


BAD: dict[str, tuple[Spoil, str]] = {
    "missing file": (plan("resources:", "tables: {parks: data/园区.csv, candidates: data/candidates.csv}\nresources:"), "园区.csv"),
    "missing sheet": (wrong_sheet, "园区.xlsx"),
    "missing column": (file("parks.csv", lambda text: text.replace(b"park_id", b"xyz")), "parks.csv"),
    "text in a number": (cells("candidates", 0, capacity="约3亿"), "candidates.csv!D2"),
    "unknown unit": (file("candidates.csv", lambda text: text.replace(b"power", b"power(kVA)")), "candidates.csv!I1"),
    "blank in a key": (cells("candidates", 1, candidate_id=""), "candidates.csv!A3"),
    "duplicate id": (cells("candidates", 1, candidate_id="A"), "candidates.csv!A3"),
    "dangling reference": (cells("candidates", 1, link_id="SEATS"), "candidates.csv!C3"),
    "negative capacity": (cells("parks", 0, land=-5), "parks.csv!G2"),
    "lon and lat swapped": (cells("parks", 0, lon=31, lat=117), "parks.csv"),
    "outside the region": (cells("parks", 0, lon=10), "parks.csv!E2"),
    "empty table": (
        lambda folder: write_city(folder, tables={**TABLES, "parks": [dict.fromkeys(TABLES["parks"][0], "")]}),
        "parks.csv",
    ),
    "wrong encoding": (file("parks.csv", lambda text: b"\xff\xfe\x00\xd8" + text), "parks.csv"),
    "unknown key": (plan("normalise", "normalize"), "plan.yaml:8:3"),
    "duplicate key": (lambda folder: write_city(folder, PLAN + "language: en\n"), "plan.yaml:11:1"),
    "rule on an unknown column": (
        lambda folder: write_city(folder, PLAN + "rules: [{name: r, where: {countyy: 东县}, count: {max: 1}}]\n"),
        "plan.yaml:11:",
    ),
    "rule on an unknown value": (
        lambda folder: write_city(folder, PLAN + "rules: [{name: r, where: {county: 东线}, count: {max: 1}}]\n"),
        "plan.yaml:11:",
    ),
    "contradicting locks": (cells("candidates", 0, must_include="是", exclude="是"), "candidates.csv"),
    "fixed in a refused park": (cells("candidates", 0, fixed_park="P1", refused_parks="P1;P2"), "candidates.csv"),
    "unknown term": (plan("{gap: 1.0}", "{gapp: 1.0}"), "plan.yaml:9:"),
    "blank that is used": (cells("candidates", 0, subsidy=""), "candidates.csv!J2"),
    "blank need": (cells("candidates", 0, land=""), "candidates.csv!H2"),
    "quarter outside the horizon": (cells("candidates", 0, fixed_quarter="2031Q1"), "candidates.csv"),
    "unknown solver": (plan("solve: {", "solve: {solver: gurobii, "), "solve"),
    "no such plan": (lambda folder: folder / "nirgends.yaml", "nirgends.yaml"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_clear_message_with_its_place(tmp_path: Path, name: str) -> None:
    spoil, place = BAD[name]
    code, problems = run(spoil(tmp_path))
    assert code == 2
    assert len(problems) == 1, problems
    assert place in problems[0]


@pytest.mark.parametrize(
    ("column", "wrong", "code"),
    [("link_id", "SITZ", "T153"), ("preferred_parks", "P8、P9", "T153"), ("fixed_quarter", "2031Q1", "C205")],
)
def test_what_is_wrong_in_every_row_is_not_told_in_every_row(tmp_path: Path, column: str, wrong: str, code: str) -> None:
    """One wrong habit in a table of thousands: the first fifty and how many more, and nothing said twice."""
    firms = [{**TABLES["candidates"][0], "candidate_id": f"K{n:03}", "name": f"企业{n}", column: wrong} for n in range(80)]
    exit_code, problems = run(write_city(tmp_path, tables={**TABLES, "candidates": firms}))
    assert exit_code == 2
    assert {problem[-5:-1] for problem in problems} == {code}
    assert len(problems) == LISTED + 1
    entries = len(re.split("、", wrong)) * len(firms)
    assert f"还有 {entries - LISTED} 处" in problems[-1]


def test_five_problems_in_one_file_come_in_one_run(tmp_path: Path) -> None:
    tables = changed("candidates", 0, capacity="三亿", landing_probability=1.5)
    tables["candidates"][1].update(link_id="SITZ", land=-3)
    tables["candidates"][2].update(candidate_id="D")
    code, problems = run(write_city(tmp_path, tables=tables))
    assert code == 2
    assert len(problems) == 5, problems


def test_settings_and_tables_are_reported_together(tmp_path: Path) -> None:
    """A wrong name in a rule, a lock that contradicts another, text in a number: one run says all three."""
    tables = changed("candidates", 0, must_include="是", exclude="是")
    tables["parks"][1].update(power="很多")
    code, problems = run(write_city(tmp_path, PLAN + "rules: [{name: r, where: {countyy: x}, count: {max: 1}}]\n", tables))
    assert code == 2
    assert {problem[-5:-1] for problem in problems} >= {"C220"}
    assert len(problems) >= 2


def test_an_absent_optional_table_is_no_error(tmp_path: Path) -> None:
    path = write_city(tmp_path, tables=without("funds", "teams", "incumbents", "link_edges"))
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 0, result.stderr


def test_infeasible_names_the_conflict(tmp_path: Path) -> None:
    """C and D must come: together they need 130 of money, and there are 120."""
    tables = changed("candidates", 2, must_include="是")
    tables["candidates"][3]["must_include"] = "是"
    tables["funds"] = [{"fund_id": "FUND", "quarter": "2027Q1", "amount": 120, "carry_over": "是"}]
    path = write_city(tmp_path, tables=tables)
    result = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "FUND" in result.stderr
    assert "10" in result.stderr  # of money is missing
    assert "必选" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_must_that_no_park_can_take_is_infeasible_with_its_reason(tmp_path: Path) -> None:
    path = write_city(tmp_path, tables=changed("candidates", 0, must_include="是", land=500))
    result = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "甲公司" in result.stderr


def test_warnings_do_not_stop_a_check(tmp_path: Path) -> None:
    tables = added("funds", {"fund_id": "FUND", "quarter": "2029Q1", "amount": 5, "carry_over": "是"})
    result = CliRunner().invoke(app, ["check", str(write_city(tmp_path, tables=tables))])
    assert result.exit_code == 0
    assert "C207" in result.stderr


@pytest.mark.parametrize(
    ("table", "wrong", "place"),
    [("links", {"chain_id": "CARS"}, "links.csv!B2"), ("candidates", {"link_id": "SEATS"}, "candidates.csv!C2")],
)
@pytest.mark.parametrize("rule", ["{name: R, where: {chain_id: CAR}, count: {max: 9}}", "{name: R, count: {max: 9}, per: chain}"])
def test_a_firm_whose_chain_a_refused_cell_would_name_is_no_second_problem(
    tmp_path: Path, table: str, wrong: dict[str, str], place: str, rule: str
) -> None:
    tables = {**changed(table, 0, **wrong), "chains": [{"chain_id": "CAR", "name": "汽车"}]}
    code, problems = run(write_city(tmp_path, PLAN + f"rules:\n  - {rule}\n", tables))
    assert code == 2
    assert [line.split(" ")[0] for line in problems] == [place]


def test_a_remedy_names_no_unit_where_there_is_none(tmp_path: Path) -> None:
    _, problems = run(write_city(tmp_path, tables=changed("links", 0, weight="约3")))
    assert "若确为 3，请写 3" in problems[0]


def test_a_gate_on_a_column_that_nobody_has_is_told_and_not_taken_for_a_floor_that_nobody_reaches(tmp_path: Path) -> None:
    tables = changed("parks", 0, min_tax_intensity=5)
    tables["candidates"] = [{name: value for name, value in row.items() if name != "tax"} for row in tables["candidates"]]
    code, problems = run(write_city(tmp_path, tables=tables))
    assert code == 2
    assert [line[-5:-1] for line in problems] == ["C247"]
    assert "年税收" in problems[0]


def test_funds_that_no_project_asks_anything_of_are_told(tmp_path: Path) -> None:
    tables = added("funds", {"fund_id": "F", "quarter": "2027Q1", "amount": 10})
    tables["candidates"] = [{name: value for name, value in row.items() if name != "subsidy"} for row in tables["candidates"]]
    result = CliRunner().invoke(app, ["check", str(write_city(tmp_path, tables=tables))])
    assert result.exit_code == 0
    assert "C248" in result.output


@pytest.mark.parametrize("header", ["投资额（含税）亿元", "计划投资额（一期）", "投资额【估】"])
def test_a_known_header_with_a_remark_in_it_is_asked_about_and_not_left_out(tmp_path: Path, header: str) -> None:
    code, problems = run(file("candidates.csv", lambda text: text.replace(b"investment", header.encode()))(tmp_path))
    assert code == 2
    assert [line[-5:-1] for line in problems] in (["T125"], ["T126"])  # is it this column; which unit does it have
