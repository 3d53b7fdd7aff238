"""The words in which tables are declared (:mod:`planner.tables.spec`, :mod:`planner.tables.following`), and the columns that several
of them have.

A column is a line: its canonical name; its Chinese name, English name and further headers, between ``|``; the unit of an
amount; then what else is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from planner.language import Words
from planner.tables.column import Column, Kind, TableSpec


def table_of(names: str, key: str, *columns: Column, notes: Mapping[str, str] = MappingProxyType({}), **rest: bool) -> TableSpec:
    """``names``: canonical, Chinese, English, then further names of the file or sheet; ``key``: columns, between blanks;
    ``notes``: what the data dictionary says of a column, in Chinese and English."""
    name, zh, en, *aliases = names.split("|")
    by_name = {column.name: column for column in columns}
    by_name |= {column: replace(by_name[column], note=Words(*note.split(" | "))) for column, note in notes.items()}
    return TableSpec(
        name=name, zh=zh, en=en, aliases=tuple(aliases), key=tuple(key.split()), columns=tuple(by_name.values()), **rest
    )


def column_of(kind: Kind, name: str, headers: str, **rest: Any) -> Column:
    """``headers``: its Chinese name, its English name, then further headers."""
    zh, en, *aliases = headers.split("|")
    return Column(name=name, kind=kind, zh=zh, en=en, aliases=tuple(aliases), **rest)


id_, text, list_, quarter, date = (partial(column_of, kind) for kind in ("id", "text", "list", "quarter", "date"))
flag, choice, number = (partial(column_of, kind) for kind in ("flag", "choice", "number"))
count = partial(column_of, "integer", unit="家", minimum=0, sense=1e6)

SENSE: Mapping[str, float] = {"万元": 1e9, "万元/亩": 1e6, "人月": 1e6, "人": 1e8, "1": 1e6}
"""The size above which an amount can only be a slip, by unit: ten times the yearly output of a large province, say."""


def amount(name: str, headers: str, unit: str, **rest: Any) -> Column:
    """A number that is not negative."""
    return number(name, headers, unit=unit, minimum=0, sense=SENSE.get(unit, 1e10), **rest)


CHAIN = "产业链编号|chain id|产业链|产业链代码|所属产业链|chain"
LINK = "环节编号|link id|环节代码|所属环节编号|所属环节|link"
CANDIDATE = "项目编号|candidate id|客商编号|项目代码|企业编号"
PARK = "园区编号|park id|园区代码|园区ID"
PROFILE = id_("schedule_profile", "进度方案|schedule profile|兑付方案|兑付进度方案")
PROFILE_NOTE = "plan.yaml 中 schedule.profiles 的名称 | a name of schedule.profiles in plan.yaml"
SOURCE = text("source", "数据来源|source of the facts|来源|资料来源|source")
CITY = text("city", "所在市|city|所在城市|所在地市|城市|地市|市")
POINT = (
    column_of("lon", "lon", "经度|longitude|lng|东经", unit="degree", minimum=-180, maximum=180),
    column_of("lat", "lat", "纬度|latitude|北纬", unit="degree", minimum=-90, maximum=90),
)
