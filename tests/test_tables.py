"""Reading what bureaus hand over: the same facts from any format, in canonical columns and units, with their places."""

from __future__ import annotations

from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point, box

from planner.reading.read import read_tables
from planner.settings.schema import Settings
from planner.spelling import fold
from planner.tables.dictionary import pages
from planner.tables.spec import RESOURCE_ALIASES, TABLES
from tests.table_files import CANDIDATES, PARKS, Rows, read, said, write_csv, write_layer, write_xlsx

CASE = Path(__file__).resolve().parents[2] / "shared" / "cases" / "anhui"

POWER = {"power": {"unit": "MW", "kind": "flow"}}

FULL: Rows = (
    ("项目编号", "企业名称", "计划投资额*(亿元)", "落地概率", "必选", "意向园区", "用电负荷(kW)", "备注"),
    ("0111", "甲", 1.1, 0.5, "是", "P1；P2", 2500, "一"),
    ("B", "乙", None, 0.25, None, None, None, None),
)


def cells(frame_rows: Rows) -> Rows:
    return [["" if cell is None else cell for cell in row] for row in frame_rows]


def test_every_format_gives_the_same_table(tmp_path: Path) -> None:
    write_csv(tmp_path / "utf8.csv", cells(FULL))
    write_csv(tmp_path / "bom.csv", cells(FULL), "utf-8-sig")
    write_csv(tmp_path / "gb.csv", cells(FULL), "gb18030")
    write_csv(tmp_path / "tab.tsv", cells(FULL), delimiter="\t")
    write_csv(tmp_path / "semicolon.csv", cells(FULL), delimiter=";")
    write_xlsx(tmp_path / "book.xlsx", {"客商库": FULL})
    write_layer(tmp_path / "layer.gpkg", "客商库", FULL, [None, None])
    frames = {}
    for name in ("utf8.csv", "bom.csv", "gb.csv", "tab.tsv", "semicolon.csv", "book.xlsx", "layer.gpkg"):
        tables, problems = read(tmp_path, POWER, candidates=name)
        assert said(problems) == []
        table = tables["candidates"]
        assert table.assumed == {"investment"}
        frames[name] = table.frame.drop(columns=[c for c in ("geometry", "lon", "lat") if c in table.frame])
    for frame in frames.values():
        assert frame.to_dict("records")[0] == {
            "candidate_id": "0111",
            "name": "甲",
            "investment": 11000.0,
            "landing_probability": 0.5,
            "must_include": True,
            "preferred_parks": ("P1", "P2"),
            "power": 2.5,
            "备注": "一",
        }
        assert frame.dtypes.astype(str).tolist() == frames["utf8.csv"].dtypes.astype(str).tolist()
        assert frame.equals(frames["utf8.csv"])


def test_a_blank_number_is_not_known_and_other_blanks_take_their_default(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "book.xlsx", {"客商库": FULL})
    tables, _ = read(tmp_path, POWER, candidates="book.xlsx")
    row = tables["candidates"].frame.iloc[1]
    assert isnan(row["investment"])
    assert isnan(row["power"])
    assert (row["must_include"], row["preferred_parks"], row["备注"]) == (False, (), "")


def test_ids_are_text(tmp_path: Path) -> None:
    """0111 is not 111; what a workbook keeps as the number 111 is the id 111, not 111.0."""
    write_csv(tmp_path / "c.csv", [["candidate_id"], ["0111"], ["111"]])
    write_xlsx(tmp_path / "p.xlsx", {"园区": [["park_id"], ["0111"], [111]]})
    tables, problems = read(tmp_path, candidates="c.csv", parks="p.xlsx")
    assert problems == []
    assert tables["candidates"].frame["candidate_id"].tolist() == ["0111", "111"]
    assert tables["parks"].frame["park_id"].tolist() == ["0111", "111"]


def test_unusual_but_clear_numbers(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "c.csv",
        [["candidate_id", "jobs", "landing_probability"], ["A", "1,200", "35%"], ["B", "１２", "0.5"], ["C", "3e2", " 1 "]],
    )
    tables, problems = read(tmp_path, candidates="c.csv")
    assert problems == []
    assert tables["candidates"].frame["jobs"].tolist() == [1200, 12, 300]
    assert tables["candidates"].frame["landing_probability"].tolist() == [0.35, 0.5, 1.0]


def test_words_for_flags_quarters_choices_and_lists(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "c.csv",
        [
            ["candidate_id", "must_include", "exclude", "fixed_quarter", "status", "refused_parks"],
            ["A", "√", "no", "2027年一季度", "在谈", "P1、P2"],
            ["B", "1", "否", "2027q2", "signed", "P1, P2"],
            ["C", "FALSE", "Y", "", "", ""],
        ],
    )
    tables, problems = read(tmp_path, candidates="c.csv")
    assert problems == []
    frame = tables["candidates"].frame
    assert frame["must_include"].tolist() == [True, True, False]
    assert frame["exclude"].tolist() == [False, False, True]
    assert frame["fixed_quarter"].tolist() == ["2027Q1", "2027Q2", ""]
    assert frame["status"].tolist() == ["negotiating", "signed", "prospect"]
    assert frame["refused_parks"].tolist() == [("P1", "P2"), ("P1", "P2"), ()]


def test_assumption_marks_of_single_cells(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["candidate_id", "jobs"], ["A", "20*"], ["B", "30"]])
    table = read(tmp_path, candidates="c.csv")[0]["candidates"]
    assert table.frame["jobs"].tolist() == [20, 30]
    assert table.assumed_cells == {(0, "jobs")}
    assert table.assumed == frozenset()


def test_the_header_is_found_under_a_title_and_places_are_real(tmp_path: Path) -> None:
    rows: Rows = [["2027年客商库"], [], [None, "项目编号", "用工"], [None, "A", 3], [], [None, "B", 4]]
    write_xlsx(tmp_path / "book.xlsx", {"客商库": rows})
    table = read(tmp_path, candidates="book.xlsx")[0]["candidates"]
    assert table.frame["jobs"].tolist() == [3, 4]
    assert str(table.place(1, "jobs")) == "book.xlsx[客商库]!C6"
    assert str(table.place(None, "jobs")) == "book.xlsx[客商库]!C"
    assert str(table.place(1, "tax")) == "book.xlsx[客商库]!6"


def test_the_plan_may_say_where_the_header_is(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["candidate_id", "jobs"], ["candidate_id", "tax"], ["A", "1"]])
    table = read(tmp_path, candidates={"file": "c.csv", "header_row": 2})[0]["candidates"]
    assert table.frame.to_dict("records") == [{"candidate_id": "A", "tax": 1.0}]


def test_a_column_map_wins_and_one_header_may_serve_several_columns(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["企业名称", "产值", "投资额", "投资额(调整后)(亿元)"], ["甲", "5", "6", "0.0007"]])
    columns = {"candidate_id": "企业名称", "capacity": "产值", "investment": "投资额(调整后)(亿元)"}
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "columns": columns})
    assert problems == []
    table = tables["candidates"]
    assert table.frame.to_dict("records") == [
        {"candidate_id": "甲", "name": "甲", "capacity": 5.0, "investment": 7.0, "output": 5.0, "投资额": 6.0}
    ]
    assert table.headers["investment"] == "投资额(调整后)(亿元)"


def test_extra_columns_keep_their_headers(tmp_path: Path) -> None:
    rows = [
        ["candidate_id", "证券代码", "营业收入2024(亿元)", "备注", "备注"],
        ["A", "000001", "3.5", "x", "y"],
        ["B", "600000", "", "", "z"],
    ]
    write_csv(tmp_path / "c.csv", rows)
    table = read(tmp_path, candidates="c.csv")[0]["candidates"]
    assert table.extra == ("证券代码", "营业收入2024", "备注 (D)", "备注 (E)")
    assert table.frame["证券代码"].tolist() == ["000001", "600000"]
    assert table.frame["营业收入2024"].tolist()[0] == 3.5
    assert isnan(table.frame["营业收入2024"].tolist()[1])
    assert table.units["营业收入2024"] == "亿元"


def test_units_from_the_plan_for_headers_that_state_none_or_what_cannot_stand(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["candidate_id", "投资额", "日用水(吨)"], ["A", "2", "9"]])
    tables, problems = read(
        tmp_path, {"water": {"unit": "吨/日"}}, candidates={"file": "c.csv", "units": {"investment": "亿元", "water": "立方米/日"}}
    )
    assert problems == []
    assert tables["candidates"].frame.iloc[0, 1:].tolist() == [20000.0, 9.0]


def test_yearly_amounts_may_be_headed_per_year(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [["candidate_id", "年产值(亿元/年)"], ["A", "2"]])
    assert read(tmp_path, candidates="c.csv")[0]["candidates"].frame["output"].tolist() == [20000.0]


def test_a_label_is_a_unit_of_a_resource(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [["park_id", "箱位(标准箱)"], ["P1", "不限"], ["P2", "8"]])
    tables, problems = read(tmp_path, {"slots": {"unit": "标准箱", "name": "箱位"}}, parks="p.csv")
    assert problems == []
    assert tables["parks"].frame["slots"].tolist() == [inf, 8.0]


def test_resources_of_a_table_are_columns_of_the_others(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "r.csv",
        [["资源编号", "名称", "单位", "类型"], ["land", "土地", "亩", "存量"], ["steam", "蒸汽", "吨/日", "流量"]],
    )
    write_csv(tmp_path / "p.csv", [["park_id", "可供用地(公顷)", "蒸汽"], ["P1", "2", "7"]])
    write_csv(tmp_path / "candidates.csv", CANDIDATES)
    settings = Settings.model_validate({"tables": {"resources": "r.csv", "parks": "p.csv", "candidates": "candidates.csv"}})
    tables, problems = read_tables(settings, tmp_path)
    assert problems == ()
    assert tables["parks"].frame[["land", "steam"]].to_numpy().tolist() == [[30.0, 7.0]]
    assert tables.resources["steam"].kind == "flow"


def test_phased_capacities_are_in_the_unit_of_their_resource(tmp_path: Path) -> None:
    write_csv(tmp_path / "k.csv", [["resource_id", "scope_id", "季度", "能力(kW)"], ["power", "P1", "2027Q2", "2500"]])
    tables, problems = read(tmp_path, POWER, capacities="k.csv")
    assert problems == []
    assert tables["capacities"].frame["amount"].tolist() == [2.5]


def test_sources_of_one_table_are_joined_on_its_key(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["link_id", "chain_id", "name"], ["L1", "C", "一"], ["L2", "C", "二"]])
    write_csv(tmp_path / "b.csv", [["环节编号", "年需求*(亿元)", "name"], ["L2", "3", "二"]])
    tables, problems = read(tmp_path, links=["a.csv", {"file": "b.csv", "source": "统计局"}])
    assert problems == []
    table = tables["links"]
    assert table.frame["link_id"].tolist() == ["L1", "L2"]
    assert np.array_equal(table.frame["demand"].to_numpy(), [np.nan, 30000.0], equal_nan=True)
    assert table.assumed == {"demand"}
    assert str(table.place(1, "demand")) == "b.csv!B2"
    assert str(table.place(1, "name")) == "a.csv!C3"
    assert [told.source for told in table.inputs] == [None, "统计局"]


def test_shapes_of_a_layer_are_wgs84_and_give_a_park_its_point(tmp_path: Path) -> None:
    import geopandas

    shape = box(117.0, 31.0, 117.2, 31.2)
    projected = geopandas.GeoSeries([shape], crs=4490).to_crs(4527).iloc[0]  # CGCS2000, 3-degree zone 39
    write_layer(tmp_path / "p.gpkg", "园区", [["park_id"], ["P1"]], [projected], crs=4527)
    tables, problems = read(tmp_path, parks="p.gpkg")
    assert problems == []
    row = tables["parks"].frame.iloc[0]
    assert row["geometry"].symmetric_difference(shape).area < 1e-9
    assert shape.contains(Point(row["lon"], row["lat"]))
    assert str(tables["parks"].place(0, "park_id")) == "p.gpkg[园区]:1"


def test_the_only_visible_sheet_or_the_one_called_like_the_table(tmp_path: Path) -> None:
    other = [["说明"], ["请填写"]]
    write_xlsx(tmp_path / "one.xlsx", {"数据": CANDIDATES, "旧": other}, hidden=["旧"])
    write_xlsx(tmp_path / "two.xlsx", {"填表说明": other, "客商库(2026年三季度)": CANDIDATES, "园区": PARKS})
    assert read(tmp_path, candidates="one.xlsx")[0]["candidates"].inputs[0].sheet == "数据"
    tables, problems = read(tmp_path, candidates="two.xlsx", parks="two.xlsx")
    assert problems == []
    assert tables["candidates"].inputs[0].sheet == "客商库(2026年三季度)"
    assert tables["parks"].frame["name"].tolist() == ["东区", "西区"]


def test_files_in_data_are_found_by_their_names(tmp_path: Path) -> None:
    write_csv(tmp_path / "data" / "parks.csv", PARKS)
    write_csv(tmp_path / "data" / "客商库.csv", CANDIDATES, "gb18030")
    write_csv(tmp_path / "data" / "会议纪要.csv", [["x"], ["y"]])
    tables, problems = read_tables(Settings(), tmp_path)
    assert problems == ()
    assert sorted(tables) == ["candidates", "parks"]
    told = tables["candidates"].inputs[0]
    assert (told.file, told.encoding, told.rows, len(told.sha256)) == ("data/客商库.csv", "gb18030", 2, 64)


def test_no_two_columns_of_a_table_are_known_by_one_header() -> None:
    for spec in TABLES.values():
        seen = [fold(known) for column in spec.columns for known in {fold(known) for known in column.known_as}]
        if spec.takes_resources:
            seen += [fold(known) for aliases in RESOURCE_ALIASES.values() for known in aliases]
        assert len(seen) == len(set(seen)), spec.name


def test_the_generated_pages_stand_in_the_checkout() -> None:
    root = Path(__file__).resolve().parents[1]
    for path, text in pages().items():
        assert (root / path).read_text(encoding="utf-8") == text, f"{path}: python -m planner.generated"


@pytest.mark.skipif(not CASE.is_dir(), reason="the Anhui case lies beside the project and is not shipped")
def test_the_anhui_case_reads_through_a_column_map() -> None:
    settings = Settings.model_validate(
        {
            "resources": {
                "land": {"unit": "亩"},
                "power": {"unit": "MW"},
                "water": {"unit": "吨/日"},
                "energy": {"unit": "吨标煤"},
            },
            "tables": {
                "links": [{"file": "环节.csv", "columns": {"name": "子环节"}}, "环节供需.csv"],
                "parks": "园区.csv",
                "candidates": {"file": "客商库.csv", "columns": {"investment": "计划投资额*(亿元)"}, "units": {"water": "吨/日"}},
                "incumbents": {"file": "本地企业.csv", "columns": {"capacity": "营业收入2024(亿元)"}},
                "funds": "资金.csv",
                "teams": "专班.csv",
            },
        }
    )
    tables, problems = read_tables(settings, CASE)
    assert problems == ()
    rows = {name: len(tables[name]) for name in tables}
    assert rows == {"links": 304, "parks": 111, "candidates": 743, "funds": 4, "teams": 6, "incumbents": 36}
    firms = tables["candidates"]
    assert firms.frame["investment"].iloc[0] == 5000.0  # 0.5 亿元
    assert {"investment", "land", "power", "water", "landing_probability"} <= firms.assumed
    assert not {"name", "lon", "link_id"} & firms.assumed
    assert tables["funds"].assumed_cells == {(row, "fund_id") for row in range(4)}


@pytest.mark.skipif(not CASE.is_dir(), reason="the Anhui case lies beside the project and is not shipped")
def test_the_anhui_workbook_as_a_bureau_keeps_it_has_all_its_faults_named() -> None:
    """Units inside cells, firms entered twice, a total row without a saved result, and a unit only in the title."""
    settings = Settings.model_validate(
        {
            "resources": {"power": {"unit": "MW"}},
            "tables": {"candidates": {"file": "客商库_原始.xlsx", "columns": {"candidate_id": "企业全称"}}, "parks": "园区.csv"},
        }
    )
    problems = read_tables(settings, CASE)[1]
    found = set(said(problems))
    sheet = "客商库_原始.xlsx[客商库(2026年三季度)]"
    assert f"T144 {sheet}!F3" in found
    assert f"T132 {sheet}!I5" in found
    assert f"T152 {sheet}!B22" in found
    assert f"T155 {sheet}!A177" in found
    assert any("2.67" in problem.say("zh") for problem in problems if str(problem.place) == f"{sheet}!I5")
