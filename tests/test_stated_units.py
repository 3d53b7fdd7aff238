"""The same amounts written in any unit, wherever a unit can stand, are read as the same amounts, or refused; never as others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.problems import Problem, errors
from planner.tables.unit_words import stated_in, units_in, without_units
from planner.tables.units import convert, known_unit, parse_header, scale
from tests.sweep import sweep
from tests.table_files import read, said, write_csv
from tests.workbook_files import FORMATS, converted

RESOURCES = {"land": {"unit": "亩"}, "power": {"unit": "MW"}}
MONEY = [
    "元",
    "千元",
    "万元",
    "百万元",
    "千万元",
    "亿元",
    "億元",
    "人民币亿元",
    "万元人民币",
    "百亿元",
    "RMB10,000",
    "RMB million",
    "100 million yuan",
]
AREA = [
    "亩",
    "畝",
    "公顷",
    "公頃",
    "ha",
    "平方米",
    "㎡",
    "万平方米",
    "平方公里",
    "km²",
    "acre",
    "英亩",
    "坪",
    "mu",
    "万亩",
    "hectares",
    "square feet",
    "sq ft",
]
POWER = ["kW", "千瓦", "MW", "兆瓦", "万千瓦", "GW"]
QUOTIENTS = ["万元/亩", "万元/公顷", "元/㎡", "亿元/平方公里", "万元每亩", "百万元/ha", "万元 per 亩", "RMB million/mu"]
OTHERS = ("万美元", "US$ million", "港元", "顷", "kVA", "million")
"""Units of the same quantities into which nothing converts by itself."""
Truth = Mapping[str, tuple[str, Sequence[str], tuple[str, ...]]]
TRUTH: Truth = {
    "investment": ("投资额", ("30000", "12500"), tuple(MONEY)),
    "land": ("用地", ("150", "37.5"), tuple(AREA)),
    "power": ("用电负荷", ("2.5", "0.4"), tuple(POWER)),
    "tax": ("年税收", ("1200", "87.5"), tuple(MONEY)),
}
"""Column of candidates: its header, what the two firms have in its own unit, and units it can be written in."""
OWN = {"investment": "万元", "land": "亩", "power": "MW", "tax": "万元"}
HEADERS = [
    "{name}({unit})",
    "{name}（{unit}）",
    "{name}/{unit}",
    "{name} {unit}",
    "{name}{unit}",
    "{name}_{unit}",
    "{name}：{unit}",
    "{name}:{unit}",
    "{name}，{unit}",
    "{name}-{unit}",
    "{name}·{unit}",
    "{unit}（{name}）",
    "{name}【{unit}】",
    "{name}[{unit}]",
    "{name}（单位：{unit}）",
    "{name} 单位：{unit}",
    "{name}（以{unit}计）",
    "{name}\n（{unit}）",
    "{name}*（{unit}）",
    "{name}（2027年，{unit}）",
    "{name}〔{unit}〕",
    "{name}《{unit}》",
    "（{unit}）{name}",
    "{name};{unit}",
    "{name}  （ {unit} ） ",
    "{name} in {unit}",
    "{name}, {unit}",
    "{name}（{unit}）（2027年）",
    "{name}({unit}，含税)",
    "{name}<{unit}>",
    "{name}({unit})合计",
    "{name}——{unit}",
    "{name}＿{unit}",
    "{name}／{unit}",
    "{unit} {name}",
    "{name}「{unit}」",
    "{name}（计量单位:{unit}）",
]


MORE_THAN_THE_NAME = ("{name}（{unit}）（2027年）", "{name}({unit})合计")
"""Headers that must be mapped to be known."""


def each_with_another(form: str, unit: str) -> bool:
    """One unit for every header, so that each header has one and each unit several."""
    return OTHERS[HEADERS.index(form) % len(OTHERS)] == unit


def written(amount: str, own: str, unit: str) -> str:
    """An amount of the ``own`` unit as someone writes it in ``unit``."""
    exact = Fraction(amount) * scale(own, unit)
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"


def sheet(units: Mapping[str, str], headers: Mapping[str, str] | None = None) -> list[list[str]]:
    """The table of candidates with each column's amounts in the unit given, its own where none is."""
    heads = [(headers or {}).get(name, told[0]) for name, told in TRUTH.items()]
    rows = [["项目编号", "企业名称", *heads]]
    for at, (code, firm) in enumerate((("K1", "甲公司"), ("K2", "乙公司"))):
        rows.append([code, firm, *(written(told[1][at], OWN[name], units.get(name, OWN[name])) for name, told in TRUTH.items())])
    return rows


def write_table(
    folder: Path, kind: str, rows: Sequence[Sequence[Any]], file: str = "客商库", title: str = "客商库", **shape: Any
) -> str:
    """Amounts are numbers in a workbook, texts in a CSV. ``merged``: ranges; ``formats``: number format by cell."""
    import openpyxl

    folder.mkdir(parents=True, exist_ok=True)
    if kind == "csv":
        width = max(map(len, rows))
        write_csv(folder / f"{file}.csv", [[*row, *[""] * (width - len(row))] for row in rows])
        return f"{file}.csv"
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append([float(cell) if cell.replace(".", "", 1).isdecimal() else cell or None for cell in row])
    for span in shape.get("merged", ()):
        page.merge_cells(span)
    for cell, text in shape.get("formats", {}).items():
        page[cell].number_format = text
    book.save(folder / f"{file}.xlsx")
    return f"{file}.xlsx"


def outcome(folder: Path, file: str, **told: Any) -> list[str]:
    """``wrong`` where a column has other amounts than were written, or none and nothing says so; else the codes of the
    errors, none for amounts that are all right."""
    tables, problems = read(folder, RESOURCES, candidates={"file": file, **told})
    refused = errors(problems)
    for name, (_, amounts, _) in TRUTH.items():
        column = tables["candidates"].frame.get(name) if "candidates" in tables else None
        values = [np.nan, np.nan] if column is None else column[:2].tolist()
        pairs = zip(values, map(float, amounts), strict=True)
        if not all(np.isclose(value, amount, rtol=1e-12, atol=0) or (np.isnan(value) and refused) for value, amount in pairs):
            return ["wrong", name, str(values)]
    return [problem.code for problem in refused]


@pytest.mark.parametrize("form", sweep(HEADERS, 6))
def test_a_unit_anywhere_in_its_header_is_read_or_refused(tmp_path: Path, form: str) -> None:
    """Every column in another unit, with the headers mapped, and with the headers to be recognised."""
    read_right = 0
    for number in range(max(len(told[2]) for told in TRUTH.values())):
        units = {name: told[2][number % len(told[2])] for name, told in TRUTH.items()}
        headers = {name: form.format(name=told[0], unit=units[name]) for name, told in TRUTH.items()}
        file = write_table(tmp_path / str(number), "csv", sheet(units, headers))
        found = outcome(tmp_path / str(number), file, columns=headers if number % 2 or form in MORE_THAN_THE_NAME else {})
        assert found[:1] != ["wrong"], (headers, found)
        read_right += not found
    assert read_right > number / 2  # refusing everything would be no reading


@pytest.mark.parametrize(
    ("form", "unit"), sweep(sorted(product(HEADERS, OTHERS), key=lambda pair: not each_with_another(*pair)), len(HEADERS))
)
def test_a_unit_that_does_not_convert_is_refused_in_any_header(tmp_path: Path, form: str, unit: str) -> None:
    name = {"顷": "land", "kVA": "power"}.get(unit, "investment")
    header = form.format(name=TRUTH[name][0], unit=unit)
    file = write_table(tmp_path, "csv", sheet({}, {name: header}))
    assert outcome(tmp_path, file, columns={name: header}) in (["T126"], ["T195"]), header


KINDS = [(name, kind) for name in TRUTH for kind in ("csv", "xlsx")]


def places(name: str, unit: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place beside a column's own header where its unit may stand: (what it is, how to write the file)."""
    rows, at = sheet({name: unit}), 2 + list(TRUTH).index(name)
    letter, header = "ABCDEF"[at], TRUTH[name][0]
    alone = [[""] * 6 for _ in range(4)]
    alone[0][0], alone[1][5], alone[2][0], alone[3][at] = (
        f"项目表（{unit}）",
        f"金额、面积单位：{unit}",
        f"注：{header}以{unit}计",
        f"（{unit}）",
    )
    for number, line in enumerate(alone):
        yield f"above {number}", {"rows": [["2027年项目表", *[""] * 5], line, *rows]}
    yield "two above", {"rows": [["单位：" + unit, *[""] * 5], ["填报单位：投资促进局", *[""] * 5], *rows]}
    group = [""] * 6
    group[at] = f"{header}情况（{unit}）"
    yield "group", {"rows": [group, *rows], "merged": [f"{letter}1:{letter}1"] if kind == "xlsx" else []}
    yield "below", {"rows": [*rows, ["", "", "", "", "", ""], [f"注：{header}单位：{unit}", *[""] * 5]]}
    yield "below, plain", {"rows": [*rows, ["", f"单位：{unit}", "", "", "", ""]]}
    yield "beside", {"rows": [[*rows[0], ""], [*rows[1], f"单位：{unit}"], [*rows[2], ""]]}
    yield "header of nothing", {"rows": [[*rows[0], f"单位：{unit}"], [*rows[1], ""], [*rows[2], ""]]}
    below = [""] * 6
    below[at] = unit
    yield "row of units", {"rows": [rows[0], below, *rows[1:]]}
    yield "row of units, named", {"rows": [rows[0], ["单位", "", *below[2:]], *rows[1:]]}
    yield "row of units in brackets", {"rows": [rows[0], [cell and f"（{cell}）" for cell in below], *rows[1:]]}
    for title in ("单位", f"{header}单位", "计量单位", "备注"):
        yield f"column {title}", {"rows": [[*rows[0], title], [*rows[1], unit], [*rows[2], unit]]}
        yield (
            f"column {title} beside it",
            {"rows": [[*row[: at + 1], title if not n else unit, *row[at + 1 :]] for n, row in enumerate(rows)]},
        )
    yield "file", {"rows": rows, "file": f"客商库（{unit.replace('/', '每')}）"}
    yield "units", {"rows": rows, "units": {name: unit}}
    if kind == "xlsx":
        for form in ('0.00"{}"', '#,##0.0_ "{}"', '[Red]0.00" {}";-0.00" {}"', "0.00\\ [${}]"):
            code = form.replace("{}", unit)
            yield f"format {form}", {"rows": rows, "formats": {f"{letter}{row}": code for row in (2, 3)}}
        yield "sheet", {"rows": rows, "title": f"客商库（{unit.replace('/', '每')}）"}


@pytest.mark.parametrize(
    ("name", "kind", "every"), [(*one, 99) for one in KINDS[::4] + KINDS[3::4]] + sweep([(*one, 1) for one in KINDS], 0)
)
def test_a_unit_that_stands_elsewhere_is_used_or_told(tmp_path: Path, name: str, kind: str, every: int) -> None:
    some = TRUTH[name][2] if kind == "csv" else TRUTH[name][2][::3]
    for number, unit in enumerate(some[::every]):
        for place, shape in places(name, unit, kind):
            folder = tmp_path / f"{number} {place}"
            told = {"units": shape.pop("units")} if "units" in shape else {}
            found = outcome(folder, write_table(folder, kind, **shape), **told)
            assert found[:1] != ["wrong"], (place, unit, found)
            if place.startswith(("units", "row of units")) or (place.startswith("column") and header_says(place, name)):
                assert found == [], (place, unit)


def header_says(place: str, name: str) -> bool:
    return TRUTH[name][0] in place or name in ("land", "power")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_units_in_several_places_at_once_never_change_an_amount(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Every column in a unit of its own, stated in any header, by ``units`` or in a row of units; a note that may be wrong."""
    units = {name: data.draw(st.sampled_from(told[2])) for name, told in TRUTH.items()}
    way = {name: data.draw(st.sampled_from(["header", "units", "row"])) for name in TRUTH}
    forms = {name: data.draw(st.sampled_from(HEADERS)) for name in TRUTH}
    heads = {name: forms[name].format(name=TRUTH[name][0], unit=units[name]) for name in TRUTH if way[name] == "header"}
    rows = sheet(units, heads)
    if "row" in way.values():
        rows.insert(1, ["", "", *(units[name] if way[name] == "row" else "" for name in TRUTH)])
    if data.draw(st.booleans()):
        rows.insert(0, [f"单位：{data.draw(st.sampled_from(MONEY + AREA))}", *[""] * 5])
    folder = tmp_path_factory.mktemp("units")
    told = {"columns": heads, "units": {name: units[name] for name in TRUTH if way[name] == "units"}}
    found = outcome(folder, write_table(folder, "csv", rows), **told)
    assert found[:1] != ["wrong"], (heads, rows, found)


def test_what_plan_yaml_says_settles_every_other_statement(tmp_path: Path) -> None:
    """The remedy of each error leads to the right amounts, not into another error."""
    rows = [["单位：万元、亩", *[""] * 5], *sheet({"investment": "亿元", "land": "公顷"})]
    file = write_table(tmp_path, "csv", rows)
    told = {"investment": "亿元", "land": "公顷"}
    assert outcome(tmp_path, file, units=told) == []
    silent = [["单位：亿元、公顷", *[""] * 5], *sheet({"investment": "亿元", "land": "公顷", "tax": "亿元"})]
    file = write_table(tmp_path, "csv", silent)
    _tables, problems = read(tmp_path, RESOURCES, candidates=file)
    assert said(problems) == ["T144 客商库.csv!C2", "T144 客商库.csv!D2", "T144 客商库.csv!F2"]
    lines = [problem.say("zh") for problem in problems]
    assert all(
        f"units: {{{name}: {unit}}}" in line for line, (name, unit) in zip(lines, (*told.items(), ("tax", "亿元")), strict=True)
    )
    assert outcome(tmp_path, file, units={**told, "tax": "亿元"}) == []


def of_parks(folder: Path, header: str, cell: str, **told: Any) -> tuple[Any, list[Problem]]:
    write_csv(folder / "p.csv", [["园区编号", header], ["P1", cell], ["P2", cell]])
    tables, problems = read(folder, RESOURCES, parks={"file": "p.csv", **told})
    return (tables["parks"].frame["min_investment_intensity"].tolist() if not errors(problems) else None), problems


@pytest.mark.parametrize(
    ("unit", "forms"),
    [(unit, HEADERS[at :: len(QUOTIENTS)]) for at, unit in enumerate(QUOTIENTS)]
    + sweep([(unit, HEADERS) for unit in QUOTIENTS], 0),
)
def test_a_quotient_converts_by_its_parts(tmp_path: Path, unit: str, forms: list[str]) -> None:
    cell = written("300", "万元/亩", unit)
    for form in forms:
        header = form.format(name="最低投资强度", unit=unit)
        if "/" in unit and form in ("{unit} {name}", "{name}-{unit}"):
            continue
        values, _ = of_parks(tmp_path, header, cell, columns={"min_investment_intensity": header})
        assert values is None or np.allclose(values, 300), header
    assert np.allclose(of_parks(tmp_path, f"最低投资强度（{unit}）", cell)[0], 300)


def test_apparent_power_needs_a_stated_power_factor_and_is_then_an_assumption(tmp_path: Path) -> None:
    file = write_table(tmp_path, "csv", sheet({}, {"power": "用电负荷 kVA"}))
    assert outcome(tmp_path, file) == ["T195"]
    tables, problems = read(tmp_path, RESOURCES, candidates={"file": file, "power_factor": 0.8})
    assert problems == []
    assert tables["candidates"].frame["power"].tolist() == [0.002, 0.00032]
    assert "power" in tables["candidates"].assumed


CAPACITIES = [
    ["资源编号", "归属编号", "能力", "单位"],
    ["land", "P1", "2", "公顷"],
    ["power", "P1", "1500", "kW"],
    ["land", "P2", "6", "亩"],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_row_of_capacities_is_in_the_unit_beside_it(tmp_path: Path, kind: str) -> None:
    file = write_table(tmp_path, kind, CAPACITIES, "分期能力")
    tables, problems = read(tmp_path, RESOURCES, capacities=file)
    assert problems == []
    assert tables["capacities"].frame["amount"].tolist() == [30.0, 1.5, 6.0]


@pytest.mark.parametrize(
    ("column", "units", "codes"),
    [
        ("单位", ("公顷", "kW", ""), ["T193 分期能力.csv!D4"]),
        ("单位", ("公顷", "公顷", "亩"), ["T193 分期能力.csv!D3"]),
        ("计量单位", ("公顷", "kVA", "亩"), ["T195 分期能力.csv!D3"]),
    ],
)
def test_a_unit_beside_an_amount_that_cannot_be_used_is_told_at_its_cell(
    tmp_path: Path, column: str, units: Sequence[str], codes: list[str]
) -> None:
    rows = [[*CAPACITIES[0][:3], column], *([*row[:3], unit] for row, unit in zip(CAPACITIES[1:], units, strict=True))]
    assert said(read(tmp_path, RESOURCES, capacities=write_table(tmp_path, "csv", rows, "分期能力"))[1]) == codes


def test_a_column_of_units_that_could_be_of_two_columns_is_told(tmp_path: Path) -> None:
    rows = [[*row, unit] for row, unit in zip(sheet({"tax": "亿元"}), ("单位", "亿元", "亿元"), strict=True)]
    assert outcome(tmp_path, write_table(tmp_path, "csv", rows)) == ["T197"]
    same = [[*row, unit] for row, unit in zip(sheet({}), ("单位", "万元", "万元"), strict=True)]
    assert outcome(tmp_path, write_table(tmp_path, "csv", same)) == []
    each = [
        [*row[:3], one, *row[3:], two]
        for row, one, two in zip(
            sheet({"tax": "亿元", "investment": "元"}), ("单位", "元", "元"), ("单位", "亿元", "亿元"), strict=True
        )
    ]
    assert outcome(tmp_path, write_table(tmp_path, "csv", each)) == []


def test_a_column_of_that_name_that_holds_organisations_is_no_column_of_units(tmp_path: Path) -> None:
    rows = [[*row, text] for row, text in zip(sheet({}), ("单位", "市投资促进局", "市发改委"), strict=True)]
    file = write_table(tmp_path, "csv", rows)
    assert outcome(tmp_path, file) == []
    assert "单位" in read(tmp_path, RESOURCES, candidates=file)[0]["candidates"].extra


def test_a_header_of_two_rows_is_told(tmp_path: Path) -> None:
    rows = sheet({})
    file = write_table(tmp_path, "csv", [rows[0], ["", "", "总额", "总量", "", ""], *rows[1:]])
    assert said(read(tmp_path, RESOURCES, candidates=file)[1]) == ["T194 客商库.csv!2"]


def test_a_header_of_two_rows_whose_first_row_has_the_group_alone_is_told(tmp_path: Path) -> None:
    file = write_table(
        tmp_path, "csv", [["项目编号", "企业名称", "规模（亿元、公顷）", ""], ["", "", "投资额", "用地"], ["K1", "甲", 3, 1]]
    )
    assert "T194 客商库.csv!2" in said(read(tmp_path, RESOURCES, candidates=file)[1])


@pytest.mark.parametrize("currency", ["美元", "USD", "欧元", "港币", "日元"])
@pytest.mark.parametrize("header", ["币种", "货币", "Currency"])
def test_a_row_in_another_currency_is_told_at_its_cell(tmp_path: Path, header: str, currency: str) -> None:
    rows = [[*row, text] for row, text in zip(sheet({}), (header, "人民币", currency), strict=True)]
    assert "T198 客商库.csv!G3" in said(read(tmp_path, RESOURCES, candidates=write_table(tmp_path, "csv", rows))[1])
    same = [[*row, text] for row, text in zip(sheet({}), (header, "人民币", "CNY"), strict=True)]
    assert outcome(tmp_path, write_table(tmp_path, "csv", same)) == []


@pytest.mark.parametrize(("code", "codes"), [("[$$-409]#,##0", ["T196"]), ('"€"0', ["T196"]), ('"¥"#,##0', []), ("[$¥-804]0", [])])
def test_a_number_shown_with_the_sign_of_another_currency_is_told(tmp_path: Path, code: str, codes: list[str]) -> None:
    file = write_table(tmp_path, "xlsx", sheet({}), formats={"C2": code})
    assert [problem.code for problem in read(tmp_path, RESOURCES, candidates=file)[1]] == codes


@pytest.mark.parametrize(
    "header", ["年税收(万元/月)", "年税收（万元/季度）", "年税收 万元/月", "年税收（每月万元）", "税收（月均，万元）"]
)
def test_an_amount_of_a_month_or_quarter_is_no_amount_of_a_year(tmp_path: Path, header: str) -> None:
    file = write_table(tmp_path, "csv", sheet({}, {"tax": header}))
    told = read(tmp_path, RESOURCES, candidates={"file": file, "columns": {"tax": header}})[1]
    assert [problem.code for problem in told] == ["T126"]
    assert outcome(tmp_path, write_table(tmp_path, "csv", sheet({}, {"tax": "年税收(万元/年)"}))) == []


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("note", "cell", "codes"),
    [
        ("单位：亿元", "C2", ["T144"]),
        ("Unit: RMB million", "C2", ["T144"]),
        ("填表人:\n亿元", "C2", ["T144"]),
        ("金额单位：亿元", "A1", ["T144"]),
        ("单位：亿元", "C3", ["T144"]),
        ("此列为亿元", "C3", ["T144"]),
        ("单位：万元", "C2", []),
        ("张三：含设备", "C2", []),
        ("共3亿元", "C3", []),
    ],
)
def test_a_note_that_hangs_on_a_cell_states_its_unit(tmp_path: Path, kind: str, note: str, cell: str, codes: list[str]) -> None:
    import openpyxl
    from openpyxl.comments import Comment

    file = tmp_path / write_table(tmp_path, "xlsx", [["招商项目表"], *sheet({})])
    book = openpyxl.load_workbook(file)
    book.active[cell].comment = Comment(note, "填表人")
    book.save(file)
    told = [problem.code for problem in read(tmp_path, RESOURCES, candidates=str(converted(file, kind).relative_to(tmp_path)))[1]]
    assert list(dict.fromkeys(told)) == codes


def test_a_row_of_units_is_named_and_says_what_plan_yaml_would(tmp_path: Path) -> None:
    rows = sheet({"investment": "亿元", "land": "公顷"})
    file = write_table(tmp_path, "xlsx", [rows[0], ["", "", "亿元", "公顷", "", ""], *rows[1:]])
    _, problems = read(tmp_path, RESOURCES, candidates=file)
    assert said(problems) == ["T190 客商库.xlsx[客商库]!2"]
    assert "units: {investment: 亿元, land: 公顷}" in problems[0].say("zh")
    assert outcome(tmp_path, write_table(tmp_path, "xlsx", rows), units={"investment": "亿元", "land": "公顷"}) == []


@pytest.mark.parametrize("rows", [["", "", "亿元", "公顷", "", ""], ["注：金额单位：亿元", *[""] * 5]])
def test_a_filter_of_rows_does_not_take_away_what_is_said_of_units(tmp_path: Path, rows: list[str]) -> None:
    plain = sheet({"investment": "亿元", "land": "公顷"})
    table = [plain[0], rows, *plain[1:]] if not rows[0] else [*plain, rows]
    file = write_table(tmp_path, "csv", table)
    tables, problems = read(tmp_path, RESOURCES, candidates={"file": file, "rows": {"企业名称": "甲公司"}})
    if errors(problems):
        assert {problem.code for problem in errors(problems)} == {"T144"}
    else:
        assert tables["candidates"].frame[["investment", "land"]].to_numpy().tolist() == [[30000, 150]]


@pytest.mark.parametrize(
    ("header", "unit_row", "code"),
    [
        ("用地公顷（亩）", "", "T191"),
        ("用地（亩）", "公顷", "T191"),
        ("日用地（亿元）", "", "T126"),
        ("用地 亿元", "", "T126"),
        ("用地 吨", "", "T126"),
    ],
)
def test_two_units_or_one_of_another_kind_are_refused(tmp_path: Path, header: str, unit_row: str, code: str) -> None:
    rows = sheet({}, {"land": header})
    if unit_row:
        rows.insert(1, ["", "", "", unit_row, "", ""])
    assert outcome(tmp_path, write_table(tmp_path, "csv", rows), columns={"land": header}) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "2027年亿元以上项目表",
        "百亿元产业集群项目库",
        "10亿元以上项目",
        "投资5亿元的企业",
        "多元化产业",
        "千人计划企业",
        "万华化学项目",
        "填报单位：投资促进局",
        "单位：万元、亩",
    ],
)
def test_a_title_that_states_no_other_unit_changes_nothing(tmp_path: Path, text: str) -> None:
    assert outcome(tmp_path, write_table(tmp_path, "csv", [[text, *[""] * 5], *sheet({})])) == []


def test_a_table_looks_the_same_however_it_is_laid_out(tmp_path: Path) -> None:
    """Rows above, columns between, columns exchanged, blanks around the headers: the same columns are found."""
    rng = random.Random(7)
    plain = sheet({"investment": "亿元", "land": "公顷"}, {"investment": "投资额（亿元）", "land": "用地 公顷"})
    for number in range(25):
        order = rng.sample(range(6), 6)
        rows = [[f" {row[at]}  " if not line and rng.random() < 0.5 else row[at] for at in order] for line, row in enumerate(plain)]
        for _ in range(rng.randrange(3)):
            at = rng.randrange(7)
            for line, row in enumerate(rows):
                row.insert(
                    at,
                    ""
                    if rng.random() < 0.3 and line
                    else rng.choice(["附注", "联系人", "甲"]) + str(number) * (line == 0) + str(at),
                )
        for _ in range(rng.randrange(6)):
            rows.insert(0, [rng.choice(["", "2027年项目表", "填报单位：投资促进局", "截至6月底"]), *[""] * 5])
        folder = tmp_path / str(number)
        assert outcome(folder, write_table(folder, rng.choice(["csv", "xlsx"]), rows)) == [], rows


UNITS = st.sampled_from(
    [*MONEY, *AREA, *POWER, *QUOTIENTS, *OTHERS, "吨标煤", "万吨/日", "tce", "吨/天", "m³/d", "万人", "人月", "%", "万千瓦时"]
)


@given(
    UNITS,
    st.sampled_from(["单位：{}", "（{}）", "以{}计", "金额单位:{}", "注：表中数据单位为{}。", "单位：{}、家", "Unit: {}", " {} "]),
)
def test_a_note_on_a_unit_states_that_unit(unit: str, form: str) -> None:
    assert known_unit(unit) in {word.unit for word in stated_in(form.format(unit))}


@given(UNITS, st.sampled_from(["投资额", "用地", "日用水", "Land", "年产值"]), st.sampled_from(HEADERS))
def test_a_header_without_its_unit_is_the_name(unit: str, name: str, form: str) -> None:
    header = form.format(name=name, unit=unit)
    if (
        form not in ("{name}（{unit}）（2027年）", "{name}（2027年，{unit}）", "{name}({unit}，含税)", "{name}({unit})合计")
        and len(unit) > 1
    ):
        assert without_units(header).replace(" ", "") == name.lower() or parse_header(header).name.replace(" ", "") == name, header


@given(UNITS, st.decimals(0, 10**6, places=3))
def test_there_and_back_is_the_same_amount(unit: str, amount: Decimal) -> None:
    kind = known_unit(unit)
    assert kind is not None
    for other in (label for label in [*MONEY, *AREA, *POWER, *QUOTIENTS] if known_unit(label).kind == kind.kind):  # type: ignore[union-attr]
        there = convert(f"{amount:f}", unit, other)
        assert np.isclose(convert(there, other, unit), float(amount), rtol=1e-12)


@given(st.text("投资额用地亿元万公顷亩单位：（）()/ _-每计年度分人家0123kWmhaV·", max_size=14))
def test_any_text_is_read_without_fault_and_positions_are_its_own(text: str) -> None:
    last = 0
    for word in units_in(text):
        assert word.start >= last or word.start == word.end
        last = max(last, word.end)
        assert known_unit(word.label) == word.unit
    without_units(text)


@pytest.mark.parametrize(
    ("header", "read_as"),
    [
        ("投资额 10⁸元", 30000.0),
        ("投资额 CNY '000", 0.3),
        ("investmentMn RMB", 300.0),
        ("投资额（万元/件）", None),
        ("投资额 亿元每项目", None),
        ("投资额 人民币", None),
        ("投资额 108元", None),
        ("投资额（亿元/公顷/MW）", 30000.0),
        ("投资额2026亿元", 30000.0),
        ("投资额（单位：万元/亩）", None),
        ("总投资 ¥bn", 300000.0),
    ],
)
def test_magnitudes_rates_and_currencies_in_a_header(tmp_path: Path, header: str, read_as: float | None) -> None:
    write_csv(tmp_path / "c.csv", [["项目编号", header], ["K", "3"]])
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "columns": {"investment": header}})
    if read_as is None:
        assert [problem.code for problem in problems] == ["T126"]
    else:
        assert problems == []
        assert tables["candidates"].frame["investment"].tolist() == [read_as]


@pytest.mark.parametrize("unit", ["万元/月", "亿元/季", "万元每日", "亿元/项目"])
def test_a_yearly_amount_by_another_time_is_refused_wherever_it_is_stated(tmp_path: Path, unit: str) -> None:
    column = "本地年需求"
    for number, rows in enumerate(
        (
            [["环节编号", "产业链", f"{column}（{unit}）"], ["L", "C", "3"]],
            [["环节编号", "产业链", f"{column} {unit}"], ["L", "C", "3"]],
            [[f"单位：{unit}", "", ""], ["环节编号", "产业链", column], ["L", "C", "3"]],
            [["环节编号", "产业链", column], ["", "", unit], ["L", "C", "3"]],
        )
    ):
        write_csv(tmp_path / f"{number}.csv", rows)
        problems = errors(read(tmp_path, links=f"{number}.csv")[1])
        assert {problem.code for problem in problems} <= {"T125", "T126", "T132", "T144", "T151"}
        assert problems, rows


@pytest.mark.parametrize("text", ["（单位：亿元）", "（金额单位：亿元）", "，单位：亿元/公顷/MW"])
def test_a_unit_in_the_header_of_a_column_of_texts_is_a_note(tmp_path: Path, text: str) -> None:
    rows = sheet({"investment": "亿元", "tax": "亿元"})
    named = [[*row, cell] for row, cell in zip(rows, ("备注" + text, "在谈", ""), strict=True)]
    assert set(outcome(tmp_path, write_table(tmp_path, "csv", named))) == {"T144"}
    rows[0][1] += text
    assert set(outcome(tmp_path, write_table(tmp_path, "csv", rows), columns={"name": rows[0][1]})) == {"T144"}


@pytest.mark.parametrize(
    ("header", "times"), [("投资额（W元）", 1), ("投资额（k元）", 0.1), ("投资额(RMB'000)", 0.1), ("投资额（B元）", None)]
)
def test_a_letter_before_a_unit_is_part_of_it(tmp_path: Path, header: str, times: float | None) -> None:
    write_csv(tmp_path / "c.csv", [("项目编号", "企业名称", header), ("K1", "甲公司", 30)])
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "columns": {"investment": header}})
    if times is None:
        assert [problem.code for problem in problems] == ["T126"]
    else:
        assert (tables["candidates"].frame["investment"].tolist(), problems) == ([pytest.approx(30 * times)], [])


@pytest.mark.parametrize("header", ["投资额_亿元_2026", "2026年投资额亿元", "2026年度计划投资额（亿元）"])
def test_a_header_with_a_year_in_it_is_asked_about(tmp_path: Path, header: str) -> None:
    write_csv(tmp_path / "c.csv", [("项目编号", "企业名称", header), ("K1", "甲公司", 3)])
    assert [problem.code for problem in read(tmp_path, candidates="c.csv")[1]] == ["T125"]
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "columns": {"investment": header}})
    assert (tables["candidates"].frame["investment"].tolist(), problems) == ([30_000], [])
