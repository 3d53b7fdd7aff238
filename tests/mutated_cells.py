"""The demo's tables with cells rewritten, and what each rewritten cell may be read as: an oracle that knows the mutation.

A rewriting is *neutral* when the amount stays what it was (full width, thousands separators, blanks around), *another amount*
when the cell plainly says a different one, and *doubtful* when it says no plain amount. A doubtful cell is refused or blank,
or, where it is clear, the amount that ``meant`` gives; anything else is an amount that nobody wrote.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, isclose, isnan
from pathlib import Path

import pyogrio
import python_calamine

from planner.content import content_folder
from planner.problems import Problem
from planner.reading.read import read_tables
from planner.reading.table import Table, Tables
from planner.settings.load import load_settings

Grid = list[list[str]]

SHEETS = {"candidates": ("客商库.xlsx", "客商库"), "funds": ("资金与专班.xlsx", "资金"), "teams": ("资金与专班.xlsx", "专班")}
FILES = {"chains": "产业链", "links": "环节", "link_edges": "供需关系", "site_options": "选址选项", "capacities": "分期能力"}
PLAN = """
name: 示例
quarters: {start: 2027Q1, count: 4}
resources:
  land:   {name: 用地, unit: 亩, kind: stock, scope: park}
  power:  {name: 用电负荷, unit: MW, kind: flow, scope: park}
  water:  {name: 日用水, unit: 吨/日, kind: flow, scope: park}
  energy: {name: 年综合能耗, unit: 吨标煤, kind: flow, scope: zone}
  vocs:   {name: 挥发性有机物, unit: 吨, kind: flow, scope: region}
"""


@dataclass(frozen=True)
class Mutation:
    """One cell rewritten. ``allowed`` are the values, in the unit of its header, that it may be read as beside being refused;
    a ``must`` cell has to be read."""

    table: str
    row: int
    column: int
    written: str
    allowed: tuple[float, ...]
    must: bool


@cache
def demo_grids() -> Mapping[str, Grid]:
    """Every table of the demo as texts, the header first; parks without their outlines."""
    data = content_folder("data") / "demo" / "data"
    grids = {}
    for name, stem in FILES.items():
        with (data / f"{stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            grids[name] = [list(row) for row in csv.reader(file)]
    for name, (file_name, sheet) in SHEETS.items():
        rows = python_calamine.CalamineWorkbook.from_path(data / file_name).get_sheet_by_name(sheet).to_python()
        grids[name] = [[_text(cell) for cell in row] for row in rows]
    parks = pyogrio.read_dataframe(data / "园区.gpkg", layer="园区")
    points = parks.geometry.representative_point()
    parks = parks.drop(columns="geometry").assign(经度=points.x, 纬度=points.y)
    grids["parks"] = [list(parks.columns), *[[_text(cell) for cell in row] for row in parks.itertuples(index=False)]]
    return grids


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return "" if isnan(cell) else repr(int(cell)) if cell.is_integer() else repr(cell)
    return "" if cell is None else str(cell)


def read_grids(folder: Path, grids: Mapping[str, Grid]) -> tuple[Tables, Sequence[Problem]]:
    """The tables as a plan reads them, and the problems."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    for name, grid in grids.items():
        text = io.StringIO(newline="")
        csv.writer(text).writerows(grid)
        (folder / "data" / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    loaded = load_settings(folder / "plan.yaml")
    return read_tables(loaded.settings, loaded.folder, loaded.place)


FULL_WIDTH = str.maketrans("0123456789.,+-", "０１２３４５６７８９．，＋－")
NEUTRAL: Sequence[Callable[[str], str]] = (
    lambda text: f"  {text} ",
    lambda text: f"\u3000{text}\u00a0",
    lambda text: f"{text}\u200b",
    lambda text: text.translate(FULL_WIDTH),
    lambda text: f"{float(text):,.6f}" if float(text) >= 1000 else f"{text} ",
    lambda text: f"{text}*",
    lambda text: f"{text} ＊",
    lambda text: f"+{text}",
    lambda text: f"{text}e0",
    lambda text: f"{text}000" if "." in text else f"{text}.0000",
)
CLEAR = [
    "约{}",
    "{}左右",
    "{}+",
    "≥{}",
    "<{}",
    "{}余",
    "近{}",
    "{}以上",
    "{}?",
    "{}？",
    "{}个",
    "（{}）",
    "={}",
    "'{}",
    '"{}"',
    "{}（含税）",
    "{}(其中一期一半)",
    "一期{}",
]
"""One amount in words, the same as without them."""
OTHER: Mapping[str, float] = {"{}%": 0.01, "-{}": -1, "－{}": -1, "{}e3": 1000}
UNCLEAR = (
    *[
        "{}元",
        "{}万",
        "{}亿",
        "{}亿元",
        "{}万元",
        "{}亩",
        "{}公顷",
        "{}MW",
        "{}kW",
        "{}吨",
        "{}千",
        "{}k",
        "{}‰",
        "${}",
        "￥{}",
        "USD{}",
        "{}-{}",
        "{}~{}",
        "{}至{}",
        "{}/{}",
        "{};{}",
    ],
    *[
        "{}、{}",
        "{}，{}",
        "({})",
        "—{}",
        "=1+{}",
        "@{}",
        "0x{}",
        "{}_000",
        "{}e400",
        "{}.1.2",
        "{},1",
        "{},12",
        "O{}",
        "l{}",
        "{}o",
        "{}²",
        "{}①",
        "³{}",
        "½{}",
        "{}₂",
    ],
    *("{} {}", "{}\n{}", "{}\t{}", "USD {}"),
)
WORDS = (
    *[
        "无",
        "-",
        "--",
        "—",
        "/",
        "待定",
        "暂无",
        "未定",
        "NA",
        "N/A",
        "NULL",
        "None",
        "nan",
        "inf",
        "-inf",
        "∞",
        "TRUE",
        "是",
        "否",
        "三",
        "三十",
        "二千",
        "壹佰",
        "2026-09-30",
        "2026年",
        "2027Q1",
        "#REF!",
    ],
    *[
        "#N/A",
        "#DIV/0!",
        "合计",
        "同上",
        "〃",
        "…",
        "abc",
        "½",
        "１，２",
        "٣",
        ".",
        ",",
        "+",
        "e5",
        "1e",
        "0,5",
        "=A1",
        "=SUM(A1:A9)",
        "@x",
    ],
    *("1 2", "\u200b", "\ufeff"),
)


def mutated(seed: int, count: int) -> tuple[dict[str, Grid], list[Mutation]]:
    """The demo with ``count`` amounts rewritten, no cell twice."""
    draw, base = random.Random(seed), demo_tables()
    grids = {name: [list(row) for row in grid] for name, grid in demo_grids().items()}
    cells = [
        (name, int(row), origin.column)
        for name, table in base.tables.items()
        for column, origin in table.origins.items()
        if column in table.frame and table.frame[column].dtype == float
        for row in table.positions[0]
        if grids[name][int(row)][origin.column] != ""
    ]
    made = []
    for name, row, column in draw.sample(cells, min(count, len(cells))):
        text = grids[name][row][column]
        written, allowed, must = _rewritten(draw, text)
        grids[name][row][column] = written
        made.append(Mutation(name, row, column, written, allowed, must))
    return grids, made


def _rewritten(draw: random.Random, text: str) -> tuple[str, tuple[float, ...], bool]:
    kind, value = draw.random(), float(text)
    if kind < 0.4:
        return draw.choice(NEUTRAL)(text), (value,), True
    if kind < 0.5:
        other = str(draw.randrange(1, 10)) + "".join(draw.choice("0123456789") if sign.isdigit() else sign for sign in text[1:])
        return other, (float(other),), False
    if kind < 0.85:
        shape = draw.choice((*CLEAR, *OTHER, *UNCLEAR))
        times = 1 if shape in CLEAR else OTHER.get(shape, 0 if value == 0 else None)
        return shape.format(*[text] * shape.count("{}")), () if times is None else (value * times,), False
    word = draw.choice(WORDS)
    return word, {"٣": (3.0,), "inf": (inf,)}.get(word, ()), False


@cache
def demo_tables() -> Tables:
    """The demo's tables as they are."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return read_grids(Path(folder), demo_grids())[0]


@cache
def _scale(table: str, column: str, at: int) -> float:
    """What one unit of the file's column is in the unit of the frame."""
    amounts = demo_tables()[table].frame[column].to_numpy()
    texts = [demo_grids()[table][row][at] for row in demo_tables()[table].positions[0].tolist()]
    return next(
        float(amount) / float(text)
        for amount, text in zip(amounts, texts, strict=True)
        if text and float(text) and amount == amount
    )


def with_words(seed: int, count: int) -> dict[str, Grid]:
    """The demo with ``count`` cells that hold no amount (ids, names, quarters, lists, yes and no) overwritten by words."""
    draw, base = random.Random(seed), demo_tables()
    grids = {name: [list(row) for row in grid] for name, grid in demo_grids().items()}
    cells = [
        (name, int(row), origin.column)
        for name, table in base.tables.items()
        for column, origin in table.origins.items()
        if column in table.frame and table.frame[column].dtype != float
        for row in table.positions[0]
    ]
    for name, row, column in draw.sample(cells, count):
        text = grids[name][row][column]
        others = (f"{text}①", f" {text}\u200b", text.lower(), text.translate(FULL_WIDTH), f"{text};{text}", f"注：{text}", "=1+1")
        grids[name][row][column] = draw.choice((*WORDS, *others))
    return grids


def wrong_amounts(tables: Tables, mutations: Sequence[Mutation], told: Collection[tuple[str, int]] = ()) -> list[str]:
    """Amounts in the frames that nobody wrote, and neutral rewritings that were not read; empty when all is well. Rows of the
    file that are ``told`` of may be left out."""
    by_cell = {(change.table, change.row, change.column): change for change in mutations}
    found = []
    for name, before in demo_tables().tables.items():
        after = tables.get(name)
        if after is None:
            found.append(f"{name} is not read at all")
            continue
        rows = {int(row): at for at, row in enumerate(after.positions[0])}
        for column, origin in before.origins.items():
            if column in before.extra or column not in before.frame or before.frame[column].dtype != float:
                continue
            if column not in after.frame or after.frame[column].dtype != float:
                found.append(f"{name}.{column} is no column of amounts")
                continue
            old, new = before.frame[column].to_numpy(), after.frame[column].to_numpy()
            for at, row in enumerate(before.positions[0].tolist()):
                change = by_cell.get((name, row, origin.column))
                if row not in rows and (name, row) in told:
                    continue
                if row not in rows:
                    found.append(f"{name} row {row} is gone")
                elif fault := _fault(before, after, at, rows[row], column, float(old[at]), float(new[rows[row]]), change):
                    found.append(f"{name}.{column} row {row}: {fault}")
    return found


def _fault(
    before: Table, after: Table, at: int, now: int, column: str, old: float, new: float, change: Mutation | None
) -> str | None:
    same = old == new or (isnan(old) and isnan(new))
    refused = (now, column) in after.refused
    if change is None:
        return None if same else f"{old} was not touched and is {new}"
    if change.must:
        return None if same and not refused else f"{change.written!r} is {old}, read {new}"
    scale = _scale(change.table, column, change.column)
    plain = any(isclose(new, value * scale, rel_tol=1e-9) for value in change.allowed)
    return None if isnan(new) or plain else f"{change.written!r} was read as {new} (before {old})"
