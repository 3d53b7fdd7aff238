"""The page of every name that a plan may use: terms of the objective, columns of filters and groups with their prefixes, units."""

from __future__ import annotations

from collections.abc import Iterator

from planner.case.filters import TABLE_OF, Owner
from planner.case.groups import PER
from planner.language import Words
from planner.tables.spec import TABLES
from planner.tables.units import KINDS, usual_labels
from planner.terms.registry import MONEY_TERMS, TERMS

_FIRST: tuple[Owner, ...] = ("candidate", "link", "park")
"""Owners whose columns are meant by a name alone before those of others."""


def vocabulary_page(mark: str) -> str:
    """The page in both languages; ``mark`` says that it is generated."""
    return "\n".join([f"<!-- {mark} -->", *_terms(), *_columns(), *_units()]) + "\n"


def _terms() -> Iterator[str]:
    yield "# 名称：目标项、列、单位 / Names: terms, columns, units"
    yield ""
    yield "## 目标项 / Terms of the objective"
    yield ""
    yield "`objective.weights`、`levels`、`floors`、`ceilings` 可用这些名称；每种资源的编号也是一项（其用量，代价）。/"
    yield "These names go into `objective.weights`, `levels`, `floors` and `ceilings`; so does the id of each resource (its use, a cost)."
    yield ""
    yield "| 名称 name | 含义 meaning | 单位 unit | 代价 cost | 金额代价可按它折算 money |"
    yield "|---|---|---|---|---|"
    for name, term in TERMS.items():
        cost, money = ("✓" if held else "" for held in (term.cost, name in MONEY_TERMS))
        yield f"| `{name}` | {term.words.zh} / {term.words.en} | {term.unit or '—'} | {cost} | {money} |"
    yield ""


def _columns() -> Iterator[str]:
    names: dict[Owner, list[str]] = {owner: [column.name for column in TABLES[table].columns] for owner, table in TABLE_OF.items()}
    yield "## 筛选与分组可用的列 / Columns of filters and groups"
    yield ""
    yield "写法一栏是 where 与 per 里的写法：只有一张表有的列直接写，几张表都有的写明表。自己加的列写表头；`quarter` 是签约季度，资源编号是用量。"
    yield f"per 另有短名：{'、'.join(f'`{short}`' for short in PER)}、`plan`。/"
    yield "What to write in where and per: the name alone where one table has it, else with its table. Further columns go by their header;"
    yield f"`quarter` is the quarter of signing, a resource's id its need. Short names in per: {', '.join(f'`{short}`' for short in PER)}, `plan`."
    yield ""
    yield "| 写法 write | 表 table | 含义 meaning | 单位 unit | 类型 kind |"
    yield "|---|---|---|---|---|"
    for owner, table in TABLE_OF.items():
        spec = TABLES[table]
        for column in spec.columns:
            if owner == "fund" and column.name in {"quarter", "amount"}:
                continue
            written = _written(owner, column.name, names)
            if written is not None:
                unit = column.unit or "—"
                yield f"| `{written}` | {spec.zh} / {spec.name} | {column.zh} / {column.en} | {unit} | {column.kind} |"
    yield ""


def _written(owner: Owner, name: str, names: dict[Owner, list[str]]) -> str | None:
    """How a filter names a column; None for the id of another table, which is that table's own column."""
    if name in {"link_id", "chain_id", "fund_id"}:
        return name if owner == name.removesuffix("_id") else None
    among = _FIRST if owner in _FIRST else tuple(names)
    others = [other for other in among if other != owner and name in names[other]]
    return f"{owner}.{name}" if others else name


def _units() -> Iterator[str]:
    yield "## 单位 / Units"
    yield ""
    yield "界限、筛选、改动里的数可带单位；同一行的互相换算，也可写商（万元/亩）。/"
    yield "Amounts of bounds, filters and changes may carry a unit; units of one row convert into each other, quotients too (万元/亩)."
    yield ""
    yield "| 种类 kind | 单位 units |"
    yield "|---|---|"
    words = {"money": Words("金额", "money"), "area": Words("面积", "area"), "power": Words("功率", "power")}
    for kind in KINDS:
        said = words.get(kind, Words(kind, kind))
        yield f"| {said.zh if said.zh == said.en else f'{said.zh} / {said.en}'} | {'、'.join(usual_labels(kind))} |"
