"""``intake.yaml`` as a type: which sheets are taken, as which table, which header is which column, in which unit.

A first intake proposes it; the analyst corrects it; every later one follows it. Nothing that decides a value is anywhere
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, ValidationError

from planner.intake.codes import problem
from planner.language import Words
from planner.problems import InputError, Problem, did_you_mean, nearest
from planner.reading.amounts import OfRange
from planner.settings.base import Number, PathText, Section, Whole, note
from planner.settings.changes import TableName
from planner.settings.complaints import COMPLAINTS, OTHER, standing
from planner.settings.document import Keys, Spot, dotted, read_document
from planner.settings.sources import CoordinateSystem

Status = Literal["prospect", "negotiating", "signed", "lost"]


class ColumnMap(Section):
    """Where the values of one column come from."""

    header: str = note("表头，照抄文件", min_length=1)
    """The header as it stands in the file."""
    unit: str | None = note("没有写单位的格按此单位读；末尾加 * 即为假设", default=None)
    """Unit of the cells that state none; a ``*`` behind it marks what is read so as an assumption."""
    words: Mapping[str, str] = note("用词: 规范值", default_factory=dict)
    """Words of the file: canonical value; a ``*`` behind the value marks an assumption."""
    without_place: Status | None = note("“已签约”而没有园区和季度的行按此状态读入；null 则拒绝", default=None)
    """Status of a signed deal whose row names no park and quarter; null refuses the row."""


def _column(value: object) -> object:
    return {"header": value} if isinstance(value, str) else value


class SheetMap(Section):
    """One sheet, and what it is taken for."""

    file: PathText = note("文件，相对于本文件所在目录", min_length=1)
    """The file, relative to the folder of this map."""
    sheet: str | None = note("工作表", default=None)
    """Sheet of a workbook."""
    table: TableName | None = note("规范表名；null 即不取", default=None)
    """The table that the sheet is; null: it is not taken."""
    header_row: Whole | None = note("表头所在行（从 1 起）", "row", default=None, ge=1)
    """Row of the header, from 1."""
    columns: Mapping[str, Annotated[ColumnMap, BeforeValidator(_column)]] = note("规范列名: 表头", default_factory=dict)
    """Canonical column name: header, or a mapping with unit and words."""
    keep: tuple[str, ...] = note("另外保留的列（表头）", default=())
    """Further headers that are kept under their own names."""
    joins: bool = note("按编号并入同一张表：只添列，不添行", default=False)
    """Adds columns to the rows of the table's other sheets, by its key, and no rows."""
    skip_rows: tuple[Whole, ...] = note("不取的行号", default=())
    """Rows that are not taken."""
    source: str | None = note("数据来源", default=None)
    """Where the facts come from."""
    coordinates: CoordinateSystem = note("经纬度坐标系", default="WGS84")
    """Coordinate system of the lon and lat columns."""


class IntakeMap(Section):
    """The whole of ``intake.yaml``."""

    ranges: OfRange = note("区间（5-10亿）取 low 下限、middle 中值或 high 上限", default="middle")
    """Which figure of a range is taken; what is read so is marked as an assumption."""
    power_factor: Number | None = note("功率因数：1 kVA 合几 kW（假设）", default=None, gt=0, le=1)
    """kW per kVA, an assumption; null refuses kVA."""
    sheets: tuple[SheetMap, ...] = note("各工作表", default=())
    """Every sheet, in the order in which they are read."""


MAP_FILE = "intake.yaml"


def load_map(path: Path) -> IntakeMap:
    """The map in ``path``.

    Raises:
        InputError: every fault of the file, with its line and column.
    """
    document = read_document(path, path.name)
    if document.problems:
        raise InputError(document.problems)
    try:
        return IntakeMap.model_validate(document.data)
    except ValidationError as error:
        raise InputError(_complaint(detail, document.spots) for detail in error.errors(include_url=False)) from None


def _complaint(detail: Any, spots: Mapping[Keys, Spot]) -> Problem:
    """A fault of the map in our own words."""
    loc: Keys = tuple(detail["loc"])
    place = spots[standing(loc, spots)].value
    if detail["type"] == "extra_forbidden":
        allowed = _keys_beside(loc)
        remedy = did_you_mean(nearest(str(loc[-1]), allowed), Words("删去，或改用其中一个", "remove it, or use one of these"))
        rule = Words(f"没有这个键；可用：{'、'.join(allowed)}", f"there is no such key; there are: {', '.join(allowed)}")
        return problem("I103", spots[standing(loc, spots)].key, dotted(loc), "", rule=rule, remedy=remedy)
    _, rule, remedy = COMPLAINTS.get(detail["type"], OTHER)
    context = detail.get("ctx", {})
    limits = ", ".join(f"{name} {value}" for name, value in context.items() if name in ("ge", "gt", "le", "lt"))
    values = {"name": loc[-1] if loc else "", "limits": limits, "unit": "", "choices": context.get("expected", "")}
    return problem("I103", place, dotted(loc), str(detail["input"])[:60], rule=rule.fill(**values), remedy=remedy.fill(**values))


def _keys_beside(loc: Keys) -> tuple[str, ...]:
    """The keys that could stand where the last of ``loc`` does."""
    owner: type[Section] = IntakeMap if len(loc) == 1 else SheetMap if len(loc) == 3 else ColumnMap
    return tuple(owner.model_fields)


STATUSES = get_args(Status)
