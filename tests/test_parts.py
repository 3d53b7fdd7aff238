"""A list of parts taken apart into what a product needs of each link, who makes it here and who could bring it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.intake.matching.needs import explode
from planner.intake.matching.parts import Parts, read_parts
from planner.problems import InputError
from tests.city import PLAN, TABLES, changed, write_city
from tests.table_files import write_csv, write_xlsx

Rows = Sequence[Sequence[object]]
BY_PARENT: Rows = (
    ("零部件", "上级", "数量", "单位"),
    ("汽车", "", "", ""),
    ("座椅", "汽车", 5, "把"),
    ("泡棉", "座椅", 2, "块"),
    ("泡棉", "汽车", 0.1, "块"),
    ("螺栓", "座椅", 8, "个"),
)
BY_LEVEL: Rows = (
    ("层级", "物料名称", "用量", "计量单位"),
    (0, "汽车", "", ""),
    (1, "座椅", 5, "把"),
    (2, "泡棉", 2, "块"),
    (2, "螺栓", 8, "个"),
    (1, "泡棉", 0.1, "块"),
)


def parts(folder: Path, rows: Rows, count: int = 1) -> Parts:
    return read_parts(write_csv(folder / "bom.csv", [[*row] for row in rows]), count)


def needed(found: Parts) -> dict[str, Fraction | None]:
    return {part.name: part.quantity for part in found.parts.values() if not part.product}


def replaced(rows: Rows, column: str, values: Sequence[object], header: str | None = None) -> Rows:
    at = list(rows[0]).index(column)
    cells = (header or column, *values)
    return [(*row[:at], cell, *row[at + 1 :]) for row, cell in zip(rows, cells, strict=True)]


@pytest.mark.parametrize(
    "rows",
    [
        BY_PARENT,
        [row for row in BY_PARENT if row[0] != "汽车"],
        [tuple("" if cell == "汽车" else cell for cell in row) for row in BY_PARENT if row[0] != "汽车"],
        [BY_PARENT[0], *reversed(BY_PARENT[1:])],
        [tuple("—" if cell == "汽车" else cell for cell in row) for row in BY_PARENT if row[0] != "汽车"],
        BY_LEVEL,
        replaced(BY_LEVEL, "层级", ["1", "1.1", "1.1.1", "1.1.2", "1.2"]),
        replaced(BY_LEVEL, "层级", [".1", "..2", "...3", "...3", "..2"]),
        [("BOM层级", "Part", "Qty", "UOM"), *BY_LEVEL[1:]],
    ],
    ids=[
        "parent",
        "product without a row",
        "no product",
        "rows upside down",
        "signs for nothing",
        "levels",
        "outline",
        "dots",
        "English",
    ],
)
def test_quantities_multiply_from_level_to_level_however_the_list_says_it(tmp_path: Path, rows: Rows) -> None:
    """5 seats of 2 foams and 8 bolts, and a tenth of a foam besides: 10.1 foams and 40 bolts a car, ten times that for ten cars."""
    found = parts(tmp_path, rows, 10)
    assert needed(found) == {"座椅": 50, "泡棉": 101, "螺栓": 400}
    assert {part.name: part.unit for part in found.parts.values()}["泡棉"] == "块"
    assert found.warnings == ()


def test_a_workbook_says_the_same_as_a_csv(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bom.xlsx", {"BOM": [["产品结构表"], [], *map(list, BY_PARENT)]})
    assert needed(read_parts(path)) == needed(parts(tmp_path, BY_PARENT))


def test_figures_are_exact_and_money_is_in_the_unit_of_its_header(tmp_path: Path) -> None:
    rows = replaced([(*row, "") for row in BY_PARENT], "", ["", 100, "0.3", "0.3", "1,000"], "单价（元）")
    found = {part.name: part.value for part in parts(tmp_path, rows, 10).parts.values()}
    assert found == {"汽车": None, "座椅": 5000, "泡棉": Fraction("30.3"), "螺栓": 400_000}
    rows = replaced(rows, "单价（元）", ["", 0.01, "0.00003", "0.00003", "0.1"], "单价(万元)")
    assert {part.name: part.value for part in parts(tmp_path, rows, 10).parts.values()} == found


def test_a_part_that_has_money_alone_has_no_quantity_and_its_money_multiplies(tmp_path: Path) -> None:
    rows = [("零部件", "上级", "数量", "金额（元）"), ("座椅", "", 4, ""), ("泡棉", "座椅", "", 30)]
    found = parts(tmp_path, rows, 2).parts
    assert [(part.quantity, part.value) for part in found.values()] == [(8, None), (None, 240)]


@pytest.mark.parametrize(
    ("column", "row", "cell", "code", "at"),
    [
        ("数量", 3, "若干", "I170", "C4"),
        ("数量", 3, "-2", "I170", "C4"),
        ("数量", 3, 0, "I170", "C4"),
        ("数量", 2, "", "I177", "A3"),
        ("数量", 5, "", "I177", "A6"),
        ("上级", 5, "座倚", "I174", "B6"),
        ("上级", 2, "泡棉", "I168", "A3"),
        ("单位", 4, "米", "I169", "A5"),
        ("上级", 4, "座椅", "I169", "A5"),
        ("零部件", 5, "", "I171", "A6"),
    ],
)
def test_a_fault_of_the_list_is_an_error_at_its_cell(
    tmp_path: Path, column: str, row: int, cell: object, code: str, at: str
) -> None:
    rows = [list(line) for line in BY_PARENT]
    rows[row][rows[0].index(column)] = cell
    with pytest.raises(InputError) as error:
        parts(tmp_path, rows)
    assert f"{code} bom.csv!{at}" in [f"{problem.code} {problem.place}" for problem in error.value.problems]


@pytest.mark.parametrize(
    "levels", [[0, 1, 3, 2, 1], [1, 0, 1, 1, 1], [0, 1, "", 2, 1], [0, 1, "二", 2, 1], ["1", "1.1", "1.1.1.1", "1.1.2", "1.2"]]
)
def test_a_level_that_does_not_follow_is_an_error(tmp_path: Path, levels: Sequence[object]) -> None:
    with pytest.raises(InputError, match="I175"):
        parts(tmp_path, replaced(BY_LEVEL, "层级", levels))


def test_levels_and_assemblies_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    rows = [(*row, above) for row, above in zip(BY_LEVEL, ("上级", "", "汽车", "座椅", "汽车", "汽车"), strict=True)]
    with pytest.raises(InputError) as error:
        parts(tmp_path, rows)
    assert [f"{problem.code} {problem.place}" for problem in error.value.problems] == ["I176 bom.csv!E5"]


def test_an_assembly_whose_parts_stand_in_one_of_two_places_is_an_error(tmp_path: Path) -> None:
    rows = [*BY_LEVEL, (1, "车门", 4, "扇"), (2, "座椅", 1, "把")]
    with pytest.raises(InputError, match="I169"):
        parts(tmp_path, rows)


@pytest.mark.parametrize(("header", "value"), [("单价(元/kg)", 15), ("单价（万元/kg）", 150_000), ("单价(元每kg)", 15)])
def test_a_price_for_a_unit_is_held_against_the_unit_of_the_quantity(tmp_path: Path, header: str, value: int) -> None:
    head = ("零部件", "数量", "单位", header)
    assert parts(tmp_path, [head, ("泡棉", 3, "kg", 5)]).parts["泡棉"].value == value
    with pytest.raises(InputError, match="I172"):
        parts(tmp_path, [head, ("泡棉", 3, "块", 5)])


@pytest.mark.parametrize("header", ["单价", "金额", "单价(个)", "金额(元/个)", "单价(美元)"])
def test_money_without_a_unit_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match="I172"):
        parts(tmp_path, [("零部件", "数量", header), ("座椅", 1, 5)])


def test_a_total_that_is_not_quantity_times_price_is_refused(tmp_path: Path) -> None:
    head = ("零部件", "数量", "单价(元)", "金额(元)")
    assert parts(tmp_path, [head, ("座椅", 3, 33.33, 100)]).parts["座椅"].value == 100
    with pytest.raises(InputError, match="I178"):
        parts(tmp_path, [head, ("座椅", 3, 33.33, 1000)])


def test_an_assembly_of_two_numbers_needs_its_number(tmp_path: Path) -> None:
    rows = [("编号", "零部件", "上级", "数量"), ("P1", "支架", "", 1), ("P2", "支架", "", 1), ("P3", "螺栓", "支架", 4)]
    with pytest.raises(InputError, match="I173"):
        parts(tmp_path, rows)
    assert needed(parts(tmp_path, [*rows[:3], ("P3", "螺栓", "P2", 4)]))["螺栓"] == 4


def test_random_trees_come_to_the_same_by_levels_by_assemblies_and_by_going_through_them(tmp_path: Path) -> None:
    for seed in range(12):
        dice = random.Random(seed)
        tree: list[tuple[int, int, str]] = []  # level, parent row, quantity

        def grow(level: int, parent: int, dice: random.Random = dice, tree: list[tuple[int, int, str]] = tree) -> None:
            for _ in range(dice.randint(1, 3) if level < 4 else 0):
                tree.append((level, parent, dice.choice(["1", "2", "0.1", "3.7"])))
                if dice.random() < 0.5:
                    grow(level + 1, len(tree) - 1)

        grow(1, -1)
        tree.append((1, -1, "1"))  # two at the top: none of them is the product

        def through(row: int, tree: list[tuple[int, int, str]] = tree) -> Fraction:
            return Fraction(tree[row][2]) * (through(tree[row][1]) if tree[row][1] >= 0 else 7)

        names = [f"部件甲{row}" for row in range(len(tree))]
        by_level = [("层级", "零部件", "数量"), *((level, names[row], text) for row, (level, _, text) in enumerate(tree))]
        by_parent = [
            ("零部件", "上级", "数量"),
            *((names[row], names[above] if above >= 0 else "", text) for row, (_, above, text) in enumerate(tree)),
        ]
        expected = {names[row]: through(row) for row in range(len(tree))}
        assert needed(parts(tmp_path, by_level, 7)) == expected
        assert needed(parts(tmp_path, by_parent, 7)) == expected


def city(folder: Path, tables: Mapping[str, Any] = TABLES) -> Path:
    return write_city(folder, PLAN, tables)


def test_links_that_nobody_here_serves_come_first_with_gap_and_targets(tmp_path: Path) -> None:
    needs = api.needs(city(tmp_path), write_csv(tmp_path / "bom.csv", [list(row) for row in BY_PARENT]), 10)
    foam, seat = needs.links
    assert (foam.link_id, foam.missing, foam.local, foam.gap) == ("FOAM", True, (), 500)
    assert (seat.link_id, seat.missing, seat.local, seat.gap) == ("SEAT", False, ("老座椅厂",), 800)
    assert foam.quantities == (("块", Fraction(101)),)
    assert [target.candidate_id for target in foam.targets] == ["C", "D"]  # 500 × 0.8 before 300 × 1
    assert [one.part.name for one in needs.unplaced] == ["螺栓"]
    assert needs.unplaced[0].how == "none"


def test_a_name_that_is_only_alike_is_suggested_and_counts_nowhere(tmp_path: Path) -> None:
    bom = write_csv(tmp_path / "bom.csv", [["零部件", "数量", "环节编号"], ["座椅骨架", 1, ""], ["棉", 2, "FOAM"]])
    needs = explode(city(tmp_path), bom)
    assert [need.link_id for need in needs.links] == ["FOAM"]
    (frame,) = needs.unplaced
    assert [needs.texts[one.link].link_id for one in frame.suggested] == ["SEAT"]
    write_csv(tmp_path / "bom.csv", [["零部件", "数量", "环节编号"], ["棉", 2, "FAOM"]])
    with pytest.raises(InputError) as error:
        explode(tmp_path / "plan.yaml", bom)
    assert [f"{problem.code} {problem.place}" for problem in error.value.problems] == ["I158 bom.csv!A2"]


def test_a_synonym_serves_and_a_name_of_two_links_does_not(tmp_path: Path) -> None:
    links = [{**row, "同义词": "海绵、发泡件" if row["link_id"] == "FOAM" else ""} for row in TABLES["links"]]
    bom = write_csv(tmp_path / "bom.csv", [["零部件", "数量"], ["发泡件", 3]])
    needs = explode(city(tmp_path, {**TABLES, "links": links}), bom)
    assert ([need.link_id for need in needs.links], needs.parts[0].how) == (["FOAM"], "synonym")
    both = [*links, {**links[1], "link_id": "FOAM2"}]
    needs = explode(city(tmp_path, {**TABLES, "links": both}), bom)
    assert (needs.links, needs.parts[0].how) == ((), "several")
    assert {needs.texts[one.link].link_id for one in needs.parts[0].suggested} == {"FOAM", "FOAM2"}


def test_a_part_inside_another_part_of_its_link_is_counted_once_and_marks_travel(tmp_path: Path) -> None:
    rows = [
        ["零部件", "上级", "数量*", "金额(元)", "环节编号"],
        ["座椅", "", 2, 300, ""],
        ["头枕", "座椅", 1, 40, "SEAT"],
        ["泡棉", "", 1, 5, ""],
    ]
    needs = explode(city(tmp_path), write_csv(tmp_path / "bom.csv", rows))
    seat = next(need for need in needs.links if need.link_id == "SEAT")
    assert (seat.parts, seat.quantities, seat.value) == (("座椅", "头枕"), (("", Fraction(2)),), 300)
    assert seat.assumed


def test_who_is_out_of_the_question_is_no_target_and_firms_that_name_the_part_are_shown(tmp_path: Path) -> None:
    tables = changed("candidates", 2, exclude="是")
    tables["candidates"] = [
        {**row, "主营业务": "生产螺栓、螺母" if row["candidate_id"] == "B" else ""} for row in tables["candidates"]
    ]
    needs = explode(city(tmp_path, tables), write_csv(tmp_path / "bom.csv", [list(row) for row in BY_PARENT]))
    assert [target.candidate_id for target in needs.links[0].targets] == ["D"]
    assert next(one.named_by for one in needs.parts if one.part.name == "螺栓") == ("乙公司",)


def test_the_command_writes_links_parts_and_notes_and_keeps_what_stands_there(tmp_path: Path) -> None:
    path, bom = city(tmp_path), write_csv(tmp_path / "bom.csv", [list(row) for row in BY_PARENT])
    runner = CliRunner()
    done = runner.invoke(app, ["match", str(path), "--bom", str(bom), "--count", "10"])
    assert done.exit_code == 0
    assert "泡棉" in done.stdout
    assert "101 块" in done.stdout
    book = load_workbook(tmp_path / "bom_补链.xlsx")
    assert book.sheetnames == ["缺什么补什么", "零部件", "说明"]
    rows = list(book["缺什么补什么"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["FOAM", "SEAT"]
    assert (rows[1][4], rows[1][10], rows[1][12]) == ("101 块", 500, 2)
    assert runner.invoke(app, ["match", str(path), "--bom", str(bom)]).exit_code == 2
    write_csv(bom, [["零部件", "数量"], ["座椅", "几个"]])
    assert runner.invoke(app, ["match", str(path), "--bom", str(bom), "--out", str(tmp_path / "x.xlsx")]).exit_code == 2
    assert not (tmp_path / "x.xlsx").exists()
