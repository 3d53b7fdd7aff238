"""What is generated of list sets (R10): the schema that editors check them with, and the page of every key, record and field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planner.language import Words
from planner.publish.lists.check import declared_fields
from planner.publish.lists.kinds import KINDS
from planner.publish.lists.schema import ListSet
from planner.settings.generate import GENERATED, both, option_rows, schema_text
from planner.settings.shape import options
from planner.tables.dictionary import escaped

INTRO = Words(
    "写法见 [lists.md](lists.md)。字段名写在 `columns`、`where`、`sort`、`group` 中；所属记录的字段加前缀，如 `link.tier`、`chain.chief`。"
    "计划所设的每种资源另有字段（`need_land`、`land_used` 等），表中自己加的列按表头写。",
    "How they are written: [lists.md](lists.md). Names of fields stand in `columns`, `where`, `sort` and `group`; those of what a record "
    "belongs to have a prefix, `link.tier`, `chain.chief`. Each resource of a plan has fields too (`need_land`, `land_used` …), and columns of "
    "the bureau's own go by their headers.",
)


def list_pages() -> dict[Path, str]:
    """Path in the checkout → text."""
    return {Path("models/lists.schema.json"): schema_text(ListSet), Path("docs/list-fields.md"): _page()}


def _page() -> str:
    lines = [f"<!-- {GENERATED} -->", "# 清单集的键与字段 / Keys and fields of list sets", "", INTRO.zh, "", INTRO.en, ""]
    lines += ["## 键 / Keys", "", *option_rows(options(ListSet)), ""]
    for kind in KINDS:
        lines += [*_fields(kind), ""]
    return "\n".join(lines).rstrip() + "\n"


def _fields(kind: str) -> Iterator[str]:
    of = KINDS[kind]
    prefixes = "、".join(f"`{prefix}.`" for prefix in of.prefixes)
    yield f"## `{kind}`：{of.words.zh} / {of.words.en}"
    yield ""
    if prefixes:
        yield f"前缀 prefixes: {prefixes}"
        yield ""
    yield "| 字段 field | 名称 name | 单位 unit |"
    yield "|---|---|---|"
    for name, one in declared_fields(kind).items():
        if "." not in name:
            yield f"| `{name}` | {escaped(both(one.heading))} | {one.unit} |"
