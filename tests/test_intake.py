"""``planner intake``: a bureau's own workbook becomes tables that plan, and every row of it is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.intake.take import Intake, take_in
from planner.problems import InputError
from tests.messy_book import FIRST_ROW, HEADERS, LAND, MONEY, POWER, ROWS, SUBSIDY, messy_book, other_files
from tests.sweep import sweep


def sheet(path: Path, name: str | int = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    found = book.get_sheet_by_name(name) if isinstance(name, str) else book.get_sheet_by_index(name)
    return found.to_python()


def table(path: Path) -> dict[str, dict[str, Any]]:
    """Rows of a clean table by their first column."""
    head, *rows = sheet(path)
    return {str(row[0]): dict(zip(head, row, strict=True)) for row in rows}


def column(rows: dict[str, dict[str, Any]], header: str) -> dict[str, float]:
    """A column of numbers, without the marks."""
    return {name: float(str(row[header]).rstrip("*")) for name, row in rows.items()}


@pytest.fixture
def city(tmp_path: Path) -> Callable[..., Intake]:
    def take(*files: Path, into: str = "W", **how: Any) -> Intake:
        given = files or (messy_book(tmp_path / "客商库_原始.xlsx", **how), *other_files(tmp_path))
        return take_in(given, tmp_path / into)

    return take


def test_every_amount_is_read_in_its_own_unit_and_every_firm_is_there_once(city: Callable[..., Intake]) -> None:
    folder = city().workspace
    rows = table(folder / "data" / "客商库.xlsx")
    assert [row["企业名称"] for row in rows.values()] == [
        *("甲座椅有限公司", "乙座椅有限公司", "丙泡棉（南方）有限公司", "丁泡棉有限公司", "戊座椅有限公司", "己座椅有限公司")
    ]
    assert column(rows, "计划投资额(万元)") == MONEY
    assert column(rows, "用地(亩)") == LAND
    assert column(rows, "用电负荷(MW)") == POWER
    assert column(rows, "奖补诉求(万元)") == SUBSIDY
    assert [row["环节编号"] for row in rows.values()] == ["SEAT", "SEAT", "FOAM", "FOAM", "SEAT", "SEAT"]


def test_a_clean_table_speaks_the_words_of_its_headers(city: Callable[..., Intake]) -> None:
    rows = table(city().workspace / "data" / "客商库.xlsx")
    assert {row["状态"].rstrip("*") for row in rows.values()} <= {"意向", "在谈", "已签约", "落地", "搁置", ""}


def test_what_is_assumed_is_marked_cell_by_cell_and_nothing_else_is(city: Callable[..., Intake]) -> None:
    rows = table(city().workspace / "data" / "客商库.xlsx")
    marked = {(name, header) for name, row in rows.items() for header, cell in row.items() if str(cell).endswith("*")}
    money = {("3", "计划投资额(万元)"), ("5", "计划投资额(万元)")}  # 约 and a range
    power = {(name, "用电负荷(MW)") for name in ("1", "3", "5", "6")}  # no unit stated, and one in kVA
    subsidy = {(name, "奖补诉求(万元)") for name in ("1", "4", "6")}  # the note says 亿元, the other cells 万
    assert marked == money | power | subsidy | {("2", "状态"), ("3", "状态")}  # signed without a park; on hold


def test_texts_stay_texts(city: Callable[..., Intake]) -> None:
    rows = table(city().workspace / "data" / "客商库.xlsx")
    assert [row["备注"] for row in rows.values()] == ["", "@测试", "=2+3", "２０２６年底前落地", "", ""]


def test_the_report_has_every_row_below_the_header_and_says_what_became_of_it(city: Callable[..., Intake]) -> None:
    folder = city().workspace
    head, *rows = sheet(folder / "导入报告.xlsx", "各行")
    own = [row for row in rows if row[0].startswith("客商库_原始.xlsx")]
    assert len(own) == len(ROWS) + 1  # and the total
    outcomes = [row[head.index("结果")] for row in own]
    assert outcomes == ["取用"] * 3 + ["不是数据", "取用", "重复，并入前一行", "取用", "取用", "不是数据"]
    assert f"!{FIRST_ROW + 4}" in own[5][head.index("原因")]
    cells = {row[0].rpartition("!")[2]: row for row in sheet(folder / "导入报告.xlsx", "改读的格")[1:]}
    assert cells["F5"][2:5] == ["5,000万元", "5000", "万元"]
    assert "功率因数" in cells["H6"][5]
    assert cells["H6"][6] == "是"
    assert "F4" in cells  # 0.5 亿元 by the note is 5000 万元


def test_what_was_taken_in_can_be_planned_with_no_edit(city: Callable[..., Intake], tmp_path: Path) -> None:
    folder = city().workspace
    outcome = api.run(folder / "plan.yaml", tmp_path / "run")
    assert outcome.plan.status.proved
    assert {chosen.candidate_id for chosen in outcome.plan.selected}
    assert {link.link_id: link.demand_before for link in outcome.plan.links} == {"SEAT": 30000.0, "FOAM": 20000.0}


def test_a_second_intake_follows_the_map_and_leaves_it_alone(city: Callable[..., Intake], tmp_path: Path) -> None:
    first = city()
    path = first.workspace / "intake.yaml"
    text = (
        path.read_text(encoding="utf-8").replace("power_factor: 0.8", "power_factor: 0.9").replace("ranges: middle", "ranges: low")
    )
    text = text.replace('unit: "万元*"', "unit: 万元")
    path.write_text(text, encoding="utf-8")
    (first.workspace / "plan.yaml").write_text((first.workspace / "plan.yaml").read_text(encoding="utf-8") + "# 我的\n", "utf-8")
    again = take_in([], first.workspace)
    assert path.read_text(encoding="utf-8") == text
    assert not again.proposed
    assert (first.workspace / "plan.yaml").read_text(encoding="utf-8").endswith("# 我的\n")
    rows = table(first.workspace / "data" / "客商库.xlsx")
    assert rows["3"]["用电负荷(MW)"] == "0.3042*"
    assert rows["5"]["计划投资额(万元)"] == "10000*"
    assert rows["1"]["奖补诉求(万元)"] == 375  # confirmed, no longer an assumption


def test_what_cannot_be_read_refuses_its_row_at_the_cell_and_leaves_the_others(city: Callable[..., Intake]) -> None:
    bad = (7, "庚座椅有限公司", "南京市", "汽车", "座椅", "若干亿", 16, 1.1, "线索", 280, 0.9, None)
    nowhere = (8, "辛座椅有限公司", "南京市", "汽车", "轮毂", 0.8, 16, 1.1, "线索", 280, 0.9, None)
    result = city(rows=(*ROWS, bad, nowhere))
    refused = {(found.code, found.place.cell if found.place else None) for found in result.problems if found.severity == "error"}
    assert refused == {("I110", f"F{FIRST_ROW + 8}"), ("I111", f"E{FIRST_ROW + 9}")}
    assert len(table(result.workspace / "data" / "客商库.xlsx")) == 6


def test_plain_numbers_of_no_stated_unit_are_refused_with_the_line_to_write(city: Callable[..., Intake], tmp_path: Path) -> None:
    plain = tuple((*row[:5], 0.5, 10, 1.0, "线索", 300, 1, None) if row else row for row in ROWS[:4])
    with pytest.raises(InputError) as refused:
        city(rows=plain, note="投资促进局")
    assert (tmp_path / "W" / "intake.yaml").is_file()
    assert not (tmp_path / "W" / "plan.yaml").exists()
    units = [found for found in refused.value.problems if found.code == "I114"]
    assert {found.place.cell for found in units if found.place} >= {"F4", "G4", "H4", "J4", "K4"}
    assert "unit" in units[0].remedy.zh
    assert "亿元" in units[0].remedy.zh


def test_two_rows_of_one_id_that_differ_are_both_refused_with_both_sides(city: Callable[..., Intake]) -> None:
    other = (6, "己座椅有限公司", "南京市", "汽车", "座椅", 0.9, 16, 1.1, "线索", 280, 0.9, None)
    result = city(rows=(*ROWS, other))
    told = [found for found in result.problems if found.code == "I115"]
    assert [found.place.cell for found in told if found.place] == [f"{FIRST_ROW + 7}", f"{FIRST_ROW + 8}"]
    assert "计划投资额" in told[0].rule.zh
    assert "6" not in table(result.workspace / "data" / "客商库.xlsx")


@pytest.mark.parametrize("above", [0, 1, 7, 30])
def test_the_header_is_found_on_any_row(city: Callable[..., Intake], tmp_path: Path, above: int) -> None:
    lines = (
        ["说明,,,"] * above
        + ["企业全称 ,投资金额（亿元）,所属产业链,占地面积/亩"]
        + ["甲公司,1,汽车,20", "乙公司,2,汽车,30", "小计,3,,50"]
    )
    path = tmp_path / "客商库.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = table(city(path).workspace / "data" / "客商库.xlsx")
    assert column(rows, "计划投资额(万元)") == {"甲公司": 10000, "乙公司": 20000}
    assert column(rows, "用地(亩)") == {"甲公司": 20, "乙公司": 30}


def test_the_command_says_what_it_did_and_refused(tmp_path: Path) -> None:
    bad = (7, "庚座椅有限公司", "南京市", "汽车", "座椅", "若干亿", 16, 1.1, "线索", 280, 0.9, None)
    files = [messy_book(tmp_path / "客商库_原始.xlsx", (*ROWS, bad)), *other_files(tmp_path)]
    done = CliRunner().invoke(app, ["intake", *map(str, files), "--into", str(tmp_path / "W")])
    assert done.exit_code == 0
    assert "拒绝 1 行" in done.output
    assert "!F12" in done.output
    assert HEADERS[5] in done.output
    assert CliRunner().invoke(app, ["intake", "--into", str(tmp_path / "空")]).exit_code == 2


def test_an_intake_without_parks_says_that_they_are_lacking_and_not_to_run(tmp_path: Path) -> None:
    asked = ["intake", str(messy_book(tmp_path / "a.xlsx")), "--into", str(tmp_path / "W"), "--lang", "en"]
    told = CliRunner().invoke(app, asked)
    assert (told.exit_code, "planner run" in told.output) == (0, False)
    assert "still needed for a plan: parks" in told.output


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_serial_numbers_that_begin_anew_in_each_sheet_are_no_ids(city: Callable[..., Intake], tmp_path: Path) -> None:
    east = csv(tmp_path / "东县客商.csv", "序号,企业名称,投资额(亿元)", "1,甲公司,1", "2,乙公司,2")
    west = csv(tmp_path / "西县客商.csv", "序号,企业名称,投资额(万元)", "1,丙公司,300", "2, 乙 公司,20000", "3,丁公司,7")
    result = city(east, west)
    rows = table(result.workspace / "data" / "客商库.xlsx")
    assert column(rows, "计划投资额(万元)") == {"甲公司": 10000, "乙公司": 20000, "丙公司": 300, "丁公司": 7}
    assert [str(row.place) for row in result.rows if row.outcome == "repeat"] == ["西县客商.csv!3"]
    told = [found for found in result.problems if found.severity == "error"]
    assert told == []


def test_shifted_rows_of_a_csv_and_ids_that_lost_their_digits_are_refused(city: Callable[..., Intake], tmp_path: Path) -> None:
    path = csv(tmp_path / "客商.csv", "项目编号,企业名称,投资额(万元),用地(亩)", "A,甲,12,3", "B,乙,1,200,30", "C,丙,5,4")
    result = city(path)
    assert [(found.code, str(found.place)) for found in result.problems if found.severity == "error"] == [("I110", "客商.csv!3")]
    assert list(table(result.workspace / "data" / "客商库.xlsx")) == ["A", "C"]


def test_two_columns_of_one_name_are_not_chosen_between(city: Callable[..., Intake], tmp_path: Path) -> None:
    path = csv(tmp_path / "客商.csv", "项目编号,企业名称,用地(亩),用地(亩)", "A,甲,12,3")
    result = city(path)
    assert [found.code for found in result.problems] == ["I109"]
    assert "用地(亩)" not in table(result.workspace / "data" / "客商库.xlsx")["A"]
    written = result.workspace / "intake.yaml"
    text = written.read_text(encoding="utf-8").replace("    columns:", '    columns:\n      land: "用地(亩) (D)"')
    written.write_text(text, encoding="utf-8")
    take_in([], result.workspace)
    assert table(result.workspace / "data" / "客商库.xlsx")["A"]["用地(亩)"] == 3


def test_an_export_of_a_platform_is_known_by_its_own_headers(city: Callable[..., Intake], tmp_path: Path) -> None:
    heads = "序号,企业名称,登记状态,法定代表人,注册资本,统一社会信用代码,所属省份,所属城市"
    path = csv(tmp_path / "名单.csv", "某平台导出", heads, "1,甲公司,存续,张三,5000万元人民币,91340100MA2MR1A77B,安徽省,合肥市")
    result = city(path)
    row = table(result.workspace / "data" / "客商库.xlsx")["91340100MA2MR1A77B"]
    assert (row["所在市"], row["注册资本"]) == ("合肥市", "5000万元人民币")
    other = csv(tmp_path / "客商.csv", "企业名称,统一社会信用代码,用工", "甲公司,91340100MA2MR1A77B,3")
    assert "甲公司" in table(city(other, into="W2").workspace / "data" / "客商库.xlsx")


def test_headings_of_the_workspace_are_known_too(city: Callable[..., Intake], tmp_path: Path) -> None:
    (tmp_path / "W" / "intake").mkdir(parents=True)
    (tmp_path / "W" / "intake" / "本市.yaml").write_text("tables:\n  candidates:\n    tax: [地方贡献]\n", encoding="utf-8")
    path = csv(tmp_path / "客商.csv", "企业名称,地方贡献（万元）", "甲,12")
    assert table(city(path).workspace / "data" / "客商库.xlsx")["甲"]["年税收(万元)"] == 12
    (tmp_path / "W2" / "intake").mkdir(parents=True)
    (tmp_path / "W2" / "intake" / "本市.yaml").write_text("tables:\n  candidates:\n    taxes: [地方贡献]\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        city(path, into="W2")
    assert [(found.code, str(found.place)) for found in refused.value.problems] == [("I105", "本市.yaml:3:5")]


def test_a_plan_that_is_there_is_not_changed_and_its_links_are_known(city: Callable[..., Intake], tmp_path: Path) -> None:
    folder = city().workspace
    plan = (folder / "plan.yaml").read_text(encoding="utf-8")
    (folder / "intake.yaml").unlink()
    csv(folder / "data" / "客商库.csv", "项目编号,企业名称", "Z,旧")
    (folder / "data" / "客商库.xlsx").unlink()
    (folder / "plan.yaml").write_text(plan.replace("data/客商库.xlsx", "data/客商库.csv"), encoding="utf-8")
    path = csv(tmp_path / "新客商.csv", "企业名称,所属产业链,细分环节,投资额(亿元)", "新公司,汽车,泡棉,1", "外公司,汽车,轮胎,1")
    result = take_in([path], folder)
    assert table(folder / "data" / "客商库.xlsx")["新公司"]["环节编号"] == "FOAM"
    codes = [found.code for found in result.problems]
    assert codes.count("I111") == 1
    assert "I119" in codes
    line = next(found.remedy.zh for found in result.problems if found.code == "I119")
    assert "candidates: {file: data/客商库.xlsx" in line


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("sheets: [{file: a.csv, tabel: candidates}]", "intake.yaml:1:24", "table"),
        ("sheets: [{file: a.csv, table: firms}]", "intake.yaml:1:31", "candidates"),
        ("power_factor: 1.2", "intake.yaml:1:15", "1"),
    ],
)
def test_faults_of_the_map_are_told_where_they_stand(tmp_path: Path, text: str, place: str, said: str) -> None:
    (tmp_path / "intake.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        take_in([], tmp_path)
    assert [str(found.place) for found in refused.value.problems] == [place]
    assert said in refused.value.problems[0].say("zh")


def test_the_same_files_give_the_same_bytes_in_both_languages(tmp_path: Path) -> None:
    files = [messy_book(tmp_path / "客商库_原始.xlsx"), *other_files(tmp_path)]
    for name in ("a", "b"):
        take_in(files, tmp_path / name, "en")
    for file in ("data/客商库.xlsx", "intake-report.xlsx", "intake.yaml", "plan.yaml"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


AMOUNTS = {"投资额": ("万元", {"元": 1e-4, "万元": 1, "亿元": 1e4}), "用地": ("亩", {"亩": 1, "公顷": 15, "平方米": 0.0015})}
AMOUNTS |= {"用电负荷": ("MW", {"kW": 1e-3, "MW": 1, "千瓦": 1e-3})}


PLACES = ["brackets", "slash", "blank", "colon", "reversed", "cells", "title", "nowhere"]
PLACES += ["row of units", "column of units", "note below", "note above", "header above"]


def stated_at(place: str, header: str, unit: str, amounts: list[float]) -> list[list[Any]]:
    """A table of four firms with amounts under ``header``, and the unit stated at a place."""
    heads = ["项目编号", "企业名称", header]
    rows: list[list[Any]] = [[f"K{at}", f"{at}号公司", amount] for at, amount in enumerate(amounts)]
    if place in ("brackets", "slash", "blank", "colon", "reversed"):
        forms = {"brackets": "{0}（{1}）", "slash": "{0}/{1}", "blank": "{0} {1}", "colon": "{0}：{1}", "reversed": "{1}（{0}）"}
        heads[2] = forms[place].format(header, unit)
    elif place == "row of units":
        rows.insert(0, ["", "", unit])
    elif place == "column of units":
        heads.append("单位")
        rows = [[*row, unit] for row in rows]
    elif place == "cells":
        rows = [[*row[:2], f"{row[2]}{unit}"] for row in rows]
    elif place == "note below":
        rows.append([f"注：{header}单位为{unit}", "", ""])
    above = {
        "note above": [[f"单位：{unit}"]],
        "title": [[f"目标企业一览表（单位：{unit}）"]],
        "header above": [["", "", f"需求（{unit}）"]],
    }
    return [*above.get(place, []), heads, *rows]


def every_statement() -> list[tuple[str, str, str]]:
    """Place, header and unit: first every header at every place in one of its units, the units by turns; then in the others."""
    places = [(at, place, header) for at, place in enumerate(PLACES) for header in AMOUNTS]
    units = {header: list(AMOUNTS[header][1]) for header in AMOUNTS}
    return [(place, header, units[header][(at + turn) % 3]) for turn in range(3) for at, place, header in places]


@pytest.mark.parametrize(("place", "header", "unit"), sweep(every_statement(), len(PLACES) * len(AMOUNTS)))
def test_an_amount_is_the_same_wherever_its_unit_stands_or_is_refused(tmp_path: Path, place: str, header: str, unit: str) -> None:
    base, units = AMOUNTS[header]
    amounts = [6000.0, 12000.0, 4500.0, 30000.0]
    rows = stated_at(place, header, unit, [amount / units[unit] for amount in amounts])
    path = csv(tmp_path / "名单.csv", *(",".join(map(str, row)) for row in rows))
    if place == "nowhere":
        with pytest.raises(InputError) as refused:
            take_in([path], tmp_path / "W")
        assert {"I102"} < {found.code for found in refused.value.problems}
        return
    found = table(take_in([path], tmp_path / "W").workspace / "data" / "客商库.xlsx")
    named = next(name for name in found["K0"] if f"({base})" in name)
    assert list(column(found, named).values()) == pytest.approx(amounts)


def test_a_second_intake_of_what_is_not_changed_finds_nothing_new(city: Callable[..., Intake]) -> None:
    first = city()
    before = table(first.workspace / "data" / "客商库.xlsx")
    again = take_in([], first.workspace)
    assert [found for found in again.problems if found.severity == "error"] == []
    assert table(first.workspace / "data" / "客商库.xlsx") == before
    assert table(first.workspace / "data" / "园区.xlsx")["P1"]["用地(亩)"] == 80


@pytest.mark.parametrize("how", [{"left": 2}, {"above": 5}, {"firms_last": True}, {"left": 1, "above": 17, "firms_last": True}])
def test_inserted_rows_and_columns_blanks_and_other_orders_of_sheets_change_nothing(
    city: Callable[..., Intake], how: dict[str, Any]
) -> None:
    rows = table(city(**how).workspace / "data" / "客商库.xlsx")
    assert column(rows, "计划投资额(万元)") == MONEY
    assert column(rows, "用地(亩)") == LAND
    assert column(rows, "用电负荷(MW)") == POWER
    assert column(rows, "奖补诉求(万元)") == SUBSIDY


def test_amounts_of_resources_by_quarter_stay_as_they_are_and_their_resource_is_declared(
    city: Callable[..., Intake], tmp_path: Path
) -> None:
    files = [messy_book(tmp_path / "客商库_原始.xlsx"), *other_files(tmp_path)]
    phases = csv(tmp_path / "分期能力.csv", "资源编号,归属编号,季度,能力", "water,P1,2027年二季度,5", "land,P2,2027Q3,12")
    result = city(*files, phases)
    found = table(result.workspace / "data" / "分期能力.xlsx")
    assert {name: (row["季度"], row["能力"]) for name, row in found.items()} == {"water": ("2027Q2", 5), "land": ("2027Q3", 12)}
    assert "water: {name: 日用水" in (result.workspace / "plan.yaml").read_text(encoding="utf-8")


def test_a_map_that_names_a_header_that_is_gone_takes_nothing(city: Callable[..., Intake]) -> None:
    first = city()
    path = first.workspace / "intake.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("header: 拟投资额", "header: 投资总额数"), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        take_in([], first.workspace)
    told = [found for found in refused.value.problems if found.code == "I104"]
    assert [(found.subject, found.found) for found in told] == [("investment", "投资总额数")]
    path.write_text(
        path.read_text(encoding="utf-8").replace("header: 投资总额数, unit: 亿元", "header: 拟投资额, unit: 亩"), encoding="utf-8"
    )
    rows = {found.place.cell for found in _problems(first.workspace) if found.severity == "error" and found.place}
    assert {"F4", "F11"} <= rows  # plain numbers: 亩 is no money


def _problems(folder: Path) -> list[Any]:
    try:
        return list(take_in([], folder).problems)
    except InputError as refused:
        return list(refused.problems)


def test_shares_under_a_percent_sign_and_commas_of_two_meanings_are_refused(city: Callable[..., Intake], tmp_path: Path) -> None:
    heads = "项目编号;企业名称;落地概率(%);投资额(万元)"
    path = csv(tmp_path / "客商.csv", heads, "A;甲;60;12,5", "B;乙;0.6;13", "C;丙;30%;1,234", "D;丁;45;7")
    result = city(path)
    refused = {str(found.place) for found in result.problems if found.severity == "error"}
    assert {"客商.csv!C3", "客商.csv!D4"} <= refused
    assert column(table(result.workspace / "data" / "客商库.xlsx"), "落地概率")["D"] == 0.45


def small_book(path: Path, rows: list[list[Any]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [["单位：亿元、亩"], *rows]:
        book.active.append(row)
    book.save(path)
    return path


def test_a_row_in_another_currency_is_not_taken(city: Callable[..., Intake], tmp_path: Path) -> None:
    rows = [["企业名称", "拟投资额", "用地需求", "币种"], ["甲公司", 1, 10, "人民币"], ["乙公司", 2, 20, "美元"]]
    taken = city(small_book(tmp_path / "客商库.xlsx", rows))
    firms = table(taken.workspace / "data" / "客商库.xlsx").values()
    assert [row["企业名称"] for row in firms] == ["甲公司"]
    assert any(problem.code == "T198" and str(problem.place).endswith("!D4") for problem in taken.problems)


def test_an_amount_of_a_month_is_not_read_by_a_note_on_amounts(city: Callable[..., Intake], tmp_path: Path) -> None:
    rows = [["企业名称", "拟投资额", "用地需求", "年产值（万元/月）"], ["甲公司", 1, 10, 5], ["乙公司", 2, 20, None]]
    taken = city(small_book(tmp_path / "客商库.xlsx", rows))
    assert [row["企业名称"] for row in table(taken.workspace / "data" / "客商库.xlsx").values()] == ["乙公司"]
    assert any(problem.code == "I114" and str(problem.place).endswith("!D3") for problem in taken.problems)


def test_the_report_is_printed_one_page_wide_with_its_header_on_every_page(city: Callable[..., Intake]) -> None:
    import openpyxl

    for page in openpyxl.load_workbook(city().workspace / "导入报告.xlsx").worksheets:
        assert (page.page_setup.orientation, page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == ("landscape", 1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        top = int(page.print_title_rows.strip("$").split(":")[0])
        assert page.cell(top, 1).fill.fgColor.rgb == "FF1F4E79"
        assert page.freeze_panes == f"A{top + 1}"


def test_the_report_quotes_what_the_cell_holds_for_a_signed_deal_without_a_place(city: Callable[..., Intake]) -> None:
    signed = (9, "壬座椅有限公司", "南京市", "汽车", "座椅", 0.8, 16, 1.1, "已签约", 280, 0.9, None)
    folder = city(rows=(*ROWS, signed)).workspace
    told = [row for row in sheet(folder / "导入报告.xlsx", "改读的格") if row[0].endswith(f"I{FIRST_ROW + 8}")]
    assert [(row[2], row[3]) for row in told] == [("已签约", "negotiating")]
