"""An amount in another unit than its column is told by its size, and no other amount is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.sweep import sweep
from tests.table_files import Rows, read, said, write_csv

LAND = {"land": {"name": "用地", "unit": "亩", "kind": "stock", "scope": "park"}}
POWER = {"power": {"name": "用电负荷", "unit": "MW", "kind": "flow", "scope": "park"}}


def told(folder: Path, header: str, cells: list[object], **more: object) -> list[str]:
    rows: Rows = [("项目编号", "企业名称", header), *((f"K{n}", f"企业{n}", cell) for n, cell in enumerate(cells))]
    write_csv(folder / "c.csv", rows)
    return said(read(folder, {**LAND, **POWER}, candidates={"file": "c.csv", **more})[1])


@pytest.mark.parametrize(
    ("header", "cells", "where"),
    [
        ("年税收(亿元)", [6, 5, 8, 60_000], "C5"),
        ("计划投资额(亿元)", [6, 30_000, 8, 5, 4], "C3"),
        ("计划投资额(万元)", [60_000, 50_000, 80_000, 3], "C5"),
        ("计划投资额(元)", [6e7, 5e8, 8e6, 3000], "C5"),
        ("用地(亩)", [30, 25, 20, 20_000], "C5"),
        ("用电负荷(MW)", [1.2, 0.4, 2000, 3], "C4"),
        ("计划投资额(亿元)", [0.6, 0.5, 0.8, 7, 9, 30_000, 6, 50_000], "C7"),
    ],
)
def test_an_amount_in_another_unit_than_its_column_is_told(tmp_path: Path, header: str, cells: list[object], where: str) -> None:
    assert told(tmp_path, header, cells) == [f"T308 c.csv!{where}"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("计划投资额(万元)", [6000, 5000, 8000, 1_000_000]),
        ("计划投资额(亿元)", [6, 300_000_000]),
        ("计划投资额(亿元)", [6, 5, 300_000_000, 400_000_000]),
        ("计划投资额(万元)", [0, 0, 5000, 8000, 6000]),
        ("用工(人)", [5, 6, 7, 90_000]),
        ("产能指数", [5, 6, 7, 90_000]),
        ("计划投资额(万元)", [5000, 6000, 7000, "3亿元"]),
    ],
)
def test_large_firms_blanks_and_counts_are_not(tmp_path: Path, header: str, cells: list[object]) -> None:
    assert [one for one in told(tmp_path, header, cells) if one.startswith("T308")] == []


def test_amounts_of_each_resource_are_compared_among_themselves(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("资源编号", "归属编号", "季度", "能力")]
    rows += [
        (name, park, f"2027Q{q}", amount)
        for name, amount in (("land", 9000), ("power", 9))
        for park in ("P1", "P2")
        for q in (1, 2)
    ]
    write_csv(tmp_path / "caps.csv", rows)
    assert said(read(tmp_path, {**LAND, **POWER}, capacities="caps.csv")[1]) == []
    write_csv(tmp_path / "caps.csv", [*rows[:-1], ("power", "P2", "2027Q2", 9000)])
    assert said(read(tmp_path, {**LAND, **POWER}, capacities="caps.csv")[1]) == ["T308 caps.csv!D9"]


@pytest.mark.parametrize("seed", sweep(range(40), 4))
def test_amounts_as_firms_have_them_give_no_alarm_and_one_in_yuan_does(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    amounts = [round(float(amount), 2) for amount in random.lognormal(9, 1.2, int(random.integers(12, 60)))]
    assert told(tmp_path, "计划投资额(万元)", amounts) == []
    at = int(random.integers(len(amounts)))
    median = sorted(amounts)[len(amounts) // 2]
    assert told(tmp_path, "计划投资额(万元)", [*amounts[:at], median * 10_000, *amounts[at + 1 :]]) == [f"T308 c.csv!C{at + 2}"]
