"""Two files of one name in two folders are told apart wherever a place is said, and neither is taken for the other."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from planner import api
from planner.problems import InputError
from planner.reading.readers import shown_names
from tests.city import TABLES, write_city
from tests.table_files import read, said, write_csv, write_layer, write_xlsx

HEADER = ("项目编号", "企业名称", "达产产值(万元)")


def test_a_file_is_called_by_as_many_folders_as_tell_it_apart() -> None:
    files = ["甲/客商.xlsx", "乙/客商.xlsx", "丙/园区.csv", "客商.xlsx", "..\\x\\乙\\客商.xlsx", "丙/../丙/园区.csv"]
    assert shown_names(files) == {
        "甲/客商.xlsx": "甲/客商.xlsx",
        "乙/客商.xlsx": "乙/客商.xlsx",
        "丙/园区.csv": "园区.csv",
        "客商.xlsx": "客商.xlsx",
        "..\\x\\乙\\客商.xlsx": "x/乙/客商.xlsx",
        "丙/../丙/园区.csv": "园区.csv",
    }


def test_places_of_stacked_files_of_one_name_say_which(tmp_path: Path) -> None:
    write_csv(tmp_path / "甲" / "客商.csv", [HEADER, ("K1", "一公司", "x"), ("K2", "二公司", 2)])
    write_csv(tmp_path / "乙" / "客商.csv", [HEADER, ("K1", "三公司", 3), ("K3", "二公司", "y")])
    tables, problems = read(tmp_path, candidates={"stack": ["甲/客商.csv", "乙/客商.csv"]})
    assert said(problems) == ["T132 甲/客商.csv!C2", "T152 乙/客商.csv!A2", "T222 乙/客商.csv!B3", "T132 乙/客商.csv!C3"]
    assert "甲/客商.csv!A2" in problems[1].say("zh")
    assert "甲/客商.csv!B3" in problems[2].say("en")
    assert str(tables["candidates"].place(2, "name")) == "乙/客商.csv!B3"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg"])
def test_files_of_two_tables_and_of_any_kind_are_told_apart_too(tmp_path: Path, kind: str) -> None:
    write_csv(tmp_path / "a" / "t.csv", [("park_id", "name"), ("", "一园")])
    rows = [HEADER, ("K1", "一公司", 5), ("K2", "二公司", 5)]
    file = tmp_path / "b" / f"t.{kind}"
    file.parent.mkdir()
    if kind == "gpkg":
        (tmp_path / "a" / "t.csv").unlink()
        write_layer(tmp_path / "b" / "t.gpkg", "t", (("park_id", "name"), ("P1", "一园")), [None])
        write_layer(tmp_path / "a" / "t.gpkg", "t", (HEADER, ("K1", "一公司", "x")), [None])
        told = said(read(tmp_path, parks="b/t.gpkg", candidates="a/t.gpkg")[1])
        assert "T132 a/t.gpkg[t]:1" in told
        return
    write_xlsx(file, {"客商库": rows}) if kind == "xlsx" else write_csv(file, rows)
    told = said(read(tmp_path, parks="a/t.csv", candidates=f"b/t.{kind}")[1])
    assert told == [f"T151 {'a/' if kind == 'csv' else ''}t.csv!A2"]


def test_a_report_of_the_input_has_both_with_their_own_faults(tmp_path: Path) -> None:
    rows = TABLES["candidates"]
    plan = write_city(tmp_path)
    write_csv(tmp_path / "甲" / "c.csv", [tuple(rows[0]), tuple(rows[0].values())])
    write_csv(tmp_path / "乙" / "c.csv", [tuple(rows[0]), tuple((rows[1] | {"output": "x"}).values())])
    text = plan.read_text("utf-8") + "\ntables: {parks: data/parks.csv, candidates: {stack: [甲/c.csv, 乙/c.csv]}}\n"
    plan.write_text(text, "utf-8")
    found = api.inspect(plan)
    assert next(one for one in said(found.problems) if one.startswith("T132")).startswith("T132 乙/c.csv!")
    book = openpyxl.load_workbook(api.report(found, tmp_path / "report.xlsx"))
    texts = {str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None}
    assert {"甲/c.csv", "乙/c.csv"} <= texts
    coloured = {
        sheet.title: [cell.coordinate for row in sheet for cell in row if cell.comment]
        for sheet in book
        if sheet.title.startswith("c")
    }
    assert sorted(map(len, coloured.values())) == [0, 1]


def test_an_intake_takes_both_and_follows_its_map_to_both(tmp_path: Path) -> None:
    for folder, firm in (("甲", "一公司"), ("乙", "二公司")):
        rows = [HEADER, (f"K-{folder}", firm, 5), (f"X-{folder}", firm + "分", "x")]
        write_xlsx_to(tmp_path / folder, rows)
    files = [tmp_path / "甲" / "客商.xlsx", tmp_path / "乙" / "客商.xlsx"]
    for given in (files, [], files[:1]):
        taken = api.intake(given, tmp_path / "new")
        names = {str(row.place.file): row.values.get("name") for row in taken.rows if row.outcome == "taken"}
        assert names == {"甲/客商.xlsx": "一公司", "乙/客商.xlsx": "二公司"}
        refused = [str(problem.place) for problem in taken.problems if problem.code == "I110"]
        assert refused == ["甲/客商.xlsx[客商库]!C3", "乙/客商.xlsx[客商库]!C3"]
    moved = write_xlsx_to(tmp_path / "丙", [HEADER, ("K9", "九公司", 5)])
    told = api.intake([moved], tmp_path / "new").problems
    assert "I107" in {problem.code for problem in told}  # which of the two it stands for is not known


def write_xlsx_to(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write_xlsx(folder / "客商.xlsx", {"客商库": rows})


def test_a_file_that_an_intake_does_not_find_goes_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        api.intake([tmp_path / "园区.xlsx"], tmp_path / "new")
    (problem,) = raised.value.problems
    assert (problem.code, problem.subject) == ("T101", "园区.xlsx")
    assert "客商库" not in problem.say("zh")
