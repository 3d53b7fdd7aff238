"""The pages generated from the tables' declarations and codes (R10): the data dictionary and the list of problems."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from pathlib import Path

from planner.language import Words
from planner.settings.generate import GENERATED
from planner.tables.column import Column, TableSpec
from planner.tables.spec import OF_RESOURCE, RESOURCE_ALIASES, TABLES
from planner.tables.units import allowed_units

KINDS: Mapping[str, Words] = {
    "id": Words("编号", "id"),
    "text": Words("文字", "text"),
    "number": Words("数值", "number"),
    "integer": Words("整数", "whole number"),
    "flag": Words("是/否", "yes/no"),
    "list": Words("列表", "list"),
    "quarter": Words("季度", "quarter"),
    "date": Words("日期", "date"),
    "lon": Words("经度", "longitude"),
    "lat": Words("纬度", "latitude"),
    "choice": Words("选项", "choice"),
}

_INTRODUCTION = """\
每张表可以是 CSV（UTF-8 或 GB18030）、Excel 工作表或 GeoPackage 图层，位置写在 `plan.yaml` 的 `tables` 中。
表头可用规范列名、中文名或别名；其他表头用 `columns: {规范列名: 表头}` 对应；未声明的列按其表头保留，可用于规则。
表头中的单位会换算（docs/units.md）；不写单位即为“单位”一栏的单位。表头或单元格带 `*` 表示假设，一直带到所有成果。
数值为空表示不知道，不当作 0。列表用 `;`、`、` 或 `,` 分隔。每张表另可有说明一行的三列：数据来源、数据日期、可信度（docs/forms.md）。

A table is a CSV (UTF-8 or GB18030), a sheet or a layer; `tables` in `plan.yaml` says where. A header is a canonical
name, its Chinese name or an alias; any other is mapped by `columns: {canonical: header}`; columns that are not
declared are kept under their headers, for rules. A unit in a header is converted (docs/units.md); without one the unit
is the one below. A `*` on a header or a cell marks an assumption, which every output shows. A blank number is not known,
and is never 0. Lists are separated by `;`, `、` or `,`. Every table may have three columns more that speak
of the row: source, as_of and confidence (docs/forms.md).
"""

_RESOURCE_NOTE = Words(
    "每种资源另有一列：列名为资源编号或名称，单位为资源的单位{unlimited}。/",
    "One more column for every resource, headed by its id or its name, in its unit{unlimited}.",
)


def pages() -> dict[Path, str]:
    """The data dictionary, table by table and column by column: its path in the checkout and its text."""
    resources = [f"| `{name}` | {'、'.join(aliases)} |" for name, aliases in RESOURCE_ALIASES.items()]
    units = {column.unit for spec in TABLES.values() for column in spec.columns} - {"", OF_RESOURCE}
    conversions = [f"| {unit} | {'、'.join(allowed_units(unit))} |" for unit in sorted(units | {"亩", "MW", "吨/日", "吨标煤"})]
    parts = [
        "# 数据字典 / Data dictionary",
        f"<!-- {GENERATED} -->",
        _INTRODUCTION.rstrip(),
        *map(_table_section, TABLES.values()),
        "## 常见资源的表头 / Headers of common resources",
        "\n".join(["| 资源编号 resource id | 认得的表头 known headers |", "|---|---|", *resources]),
        "## 单位 / Units",
        "\n".join(["| 单位 unit | 可写作 may be stated as |", "|---|---|", *conversions]),
    ]
    return {Path("docs/data-dictionary.md"): "\n\n".join(parts) + "\n"}


def _table_section(spec: TableSpec) -> str:
    needed = "必需 / needed" if spec.needed else "可选 / optional"
    key = " + ".join(f"`{name}`" for name in spec.key)
    known = "、".join(spec.known_as)
    lines = [
        f"## {spec.name} {spec.zh}",
        "",
        f"{spec.en}. {needed}; 主键 / key: {key}; 文件或工作表名 / file or sheet: {known}.",
        "",
        "| 列 column | 中文 | English | 类型 kind | 单位 unit | 必填 required | 空白 blank | 范围 range "
        "| 引用 reference | 其他表头 other headers | 说明 note |",
        "|---" * 11 + "|",
    ]
    lines += ["| " + " | ".join(map(escaped, _row(column))) + " |" for column in spec.columns]
    if spec.takes_resources:
        unlimited = Words("，可写“不限”", "; may say unlimited") if spec.name == "parks" else ""
        note = _RESOURCE_NOTE.fill(unlimited=unlimited)
        lines += ["", note.zh, note.en]
    return "\n".join(lines)


def _row(column: Column) -> tuple[str, ...]:
    kind = KINDS[column.kind]
    note = f"{column.note.zh} / {column.note.en}" if column.note is not None else ""
    unit = "该行资源的单位 / of its resource" if column.unit == OF_RESOURCE else column.unit
    return (
        f"`{column.name}`",
        column.zh,
        column.en,
        f"{kind.zh} {kind.en}",
        unit,
        "是 yes" if column.required else "",
        _blank(column),
        _range(column),
        column.reference or "",
        "、".join(column.aliases),
        note,
    )


def _blank(column: Column) -> str:
    """What a blank cell means."""
    if column.required:
        return "错误 error"
    if column.default_from is not None:
        return f"= `{column.default_from}`"
    blank = column.blank
    if isinstance(blank, bool):
        return "是 yes" if blank else "否 no"
    if isinstance(blank, float) and isnan(blank):
        return "不知道 unknown"
    return str(blank) if blank not in ("", ()) else ""


def _range(column: Column) -> str:
    if column.choices is not None:
        return "；".join(f"{name}（{'、'.join(words)}）" for name, words in column.choices.items())
    sense = column.sense if column.kind in ("number", "integer") and column.maximum is None else None
    bounds = (("≥", column.minimum), (">", column.above), ("≤", column.maximum), ("≤", sense))
    said = ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
    return f"{said}, 不限 unlimited" if column.unlimited else said


def escaped(cell: str) -> str:
    """Text as it may stand in a cell of a page's table."""
    return cell.replace("|", "\\|").replace("\n", " ")
