"""The tables changed for one plan or scenario: a column in some rows, rows put in, rows taken out (what changes do is
:mod:`planner.reading.changes`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, model_validator

from planner.language import Words
from planner.settings.base import Factor, RefusedError, Section, note
from planner.settings.filters import Amount, Scalar, Where, scalar

_Planned = Literal["chains", "links", "candidates", "parks", "site_options"]
_Given = Literal["resources", "capacities", "funds", "teams", "link_edges", "incumbents"]
_Followed = Literal["status", "people", "calendar", "targets"]
_OnDesk = Literal["policies", "freight", "distances", "technologies", "applications", "indicators"]
TableName = Literal[_Planned, _Given, _Followed, _OnDesk]
Way = Literal["set", "add", "times", "insert", "remove"]
WAYS: tuple[Way, ...] = get_args(Way)
"""What a change may do, of which it does one."""
OF_CELLS = ("set", "add", "times")
"""Those that change a column."""


def _value(value: object) -> object:
    """What a cell may hold: a scalar, a list of these for a column of lists, null for blank."""
    if isinstance(value, (list, tuple)):
        return tuple(scalar(entry, at=(position,)) for position, entry in enumerate(value))
    return None if value is None else scalar(value)


Value = Annotated[Scalar | tuple[Scalar, ...] | None, BeforeValidator(_value)]
_SUCH_A_ROW = Words(
    "如 insert: {candidate_id: X1, link_id: L1, investment: 2 亿元}",
    "e.g. insert: {candidate_id: X1, link_id: L1, investment: 2 亿元}",
)


def _rows(value: object) -> object:
    rows = (value,) if isinstance(value, Mapping) else value
    if not isinstance(rows, (list, tuple)) or not rows:
        raise RefusedError(Words("须为一行，或几行的列表", "one row or a list of rows is needed"), _SUCH_A_ROW)
    return rows


Row = Mapping[str, Value]
Rows = Annotated[tuple[Row, ...], BeforeValidator(_rows, json_schema_input_type=Row | tuple[Row, ...])]


class Change(Section):
    """One change of a table: a column in some rows (``set``, ``add``, ``times``), rows put in (``insert``), or rows taken out
    (``remove``). What was changed or put in counts as an assumption."""

    table: TableName = note("表的规范名")
    """Canonical name of the table."""
    where: Where = note(
        "筛选，写法同规则的 where，列为本表的列，或 link.tier 这样所引用的表的列；须有符合的行；省略即所有行", default_factory=dict
    )
    """The filter, as that of a rule, by columns of this table or of one that it refers to (``link.tier``); some row must match;
    left out: every row."""
    column: str | None = note("要改的列（规范名）；与 set、add、times 同写", default=None, min_length=1)
    """Column that is changed, by its canonical name; with ``set``, ``add`` and ``times``."""
    set: Value = note("改为此值；数值可带单位，如 4 亿元", default=None)
    """New value; a number may carry its unit: ``4 亿元``."""
    add: Amount | None = note("加上此数（可为负）；可带单位，如 20 MW", default=None)
    """Added to what stands there; may be negative; may carry its unit."""
    times: Factor | None = note("乘以此数；可写 5/7、80 %", default=None)
    """Multiplied with what stands there: a number, ``5/7`` or ``80 %``."""
    insert: Rows | None = note("加入的一行或几行，列名: 值；数值可带单位", default=None)
    """A row put in, or several: column: value; numbers may carry their units."""
    remove: bool | None = note("true：删去 where 所指的行，连同只属于它们的行（选址选项、分期能力、供需关系）", default=None)
    """True: the rows that ``where`` takes are taken out, and with them the rows that are theirs alone (site options, capacities,
    supply edges)."""
    reason: str | None = note("为何这样改，随改动进入成果", default=None)
    """Why; travels with the change."""

    @property
    def way(self) -> Way:
        """The one of :data:`WAYS` that is written."""
        return next(way for way in WAYS if getattr(self, way) is not None)

    @model_validator(mode="after")
    def _one_way(self) -> Change:
        ways = [way for way in WAYS if getattr(self, way) is not None]
        if len(ways) != 1:
            rule = Words(f"{'、'.join(WAYS)} 须且只能写一个", f"exactly one of {', '.join(WAYS)} is needed")
            raise RefusedError(rule, Words("如 add: 20，或 set: 是", "e.g. add: 20, or set: true"))
        if ways[0] in OF_CELLS and self.column is None:
            raise RefusedError(Words(f"{ways[0]} 须写明 column", f"{ways[0]} needs a column"))
        if ways[0] not in OF_CELLS and self.column is not None:
            rule = Words(f"{ways[0]} 改的是整行，不写 column", f"{ways[0]} is of whole rows: no column goes with it")
            raise RefusedError(rule, Words("删去 column", "remove the column"), at=("column",))
        empty = [position for position, row in enumerate(self.insert or ()) if not row]
        if empty:
            raise RefusedError(Words("这一行什么也没有写", "the row says nothing"), _SUCH_A_ROW, at=("insert", empty[0]))
        if ways[0] == "insert" and self.where:
            rule = Words("insert 加入新行，不写 where", "insert puts in new rows: no filter goes with it")
            raise RefusedError(rule, Words("删去 where", "remove the filter"), at=("where",))
        if ways[0] == "remove" and not (self.remove and self.where):
            rule = Words("remove 只能写 true，并写明 where", "remove is true, and goes with a filter")
            raise RefusedError(
                rule, Words("如 where: {candidate_id: A}, remove: true", "e.g. where: {candidate_id: A}, remove: true")
            )
        return self
