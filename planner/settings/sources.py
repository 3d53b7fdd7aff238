"""Where the tables of a plan are and how they are read: the entries of ``tables:``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Field, create_model

from planner.language import Words
from planner.settings.base import Day, Encoding, Members, Number, PathText, RefusedError, Section, Whole, note, usual_encoding
from planner.settings.filters import Where

CoordinateSystem = Literal["WGS84", "CGCS2000", "GCJ-02", "BD-09"]


def _named(value: object) -> object:
    """A list of headers as a mapping of each to itself."""
    return {str(name): str(name) for name in value} if isinstance(value, (list, tuple)) else value


class Unpivot(Section):
    """Columns of a table that are really rows: a quarter each, say."""

    into: str = note("这些列的表头成为哪一列的值（规范列名）", default="quarter", min_length=1)
    """Column that the headers become values of."""
    value: str = note("这些列的值属于哪一列（规范列名）", min_length=1)
    """Column that the cells are values of."""
    columns: Annotated[Mapping[str, str], BeforeValidator(_named, json_schema_input_type=Mapping[str, str] | list[str])] = note(
        "表头: 值，或表头列表；省略时取所有写作季度的表头", default_factory=dict
    )
    """Header: value, or a list of headers; left out: every header that is a quarter."""


class TableSource(Section):
    """Where one table is, and what its columns are called there."""

    file: PathText = note("文件，相对于计划文件所在目录", min_length=1)
    """A CSV, Excel workbook or GeoPackage; relative to the plan file."""
    sheet: str | None = note("工作表名；只有一张表时可省略", default=None)
    """Sheet of a workbook; may be left out when the workbook has one visible sheet."""
    layer: str | None = note("GeoPackage 图层名", default=None)
    """Layer of a GeoPackage; may be left out when it has one."""
    header_row: Whole | None = note("表头所在行（从 1 起）；省略时取前 20 行中认得的表头最多的一行", "row", default=None, ge=1)
    """Row of the header, from 1; left out: the one of the first 20 rows that has most of the table's headers."""
    encoding: Annotated[Encoding | None, BeforeValidator(usual_encoding, json_schema_input_type=Encoding | str | None)] = note(
        "CSV 或 Shapefile 的编码；省略时 CSV 先试 UTF-8 再试 GB18030，Shapefile 以 .cpg 为准", default=None
    )
    """Encoding of a CSV or shapefile; left out: UTF-8 with or without BOM, then GB18030; of a shapefile what its .cpg says."""
    columns: Mapping[str, str] = note("规范列名: 本表表头", default_factory=dict)
    """Canonical column name: header in this file. A header may serve several columns."""
    units: Mapping[str, str] = note("规范列名: 单位，用于表头未写单位、或所写单位不可用的列", default_factory=dict)
    """Canonical column name: unit, for headers that state none, or one the column cannot have."""
    power_factor: Number | None = note("功率因数，把以 kVA 计的负荷换算为有功功率", default=None, gt=0, le=1)
    """Power factor by which loads in kVA become power; a load in kVA is refused without it."""
    source: str | None = note("数据来源说明，随数据进入所有成果", default=None)
    """Where the facts come from; travels to every output."""
    as_of: Day | None = note("数据是哪一天的，如 2026-09-30；行内的数据日期列优先", default=None)
    """The day of which the facts are; a row's own column as_of goes before."""
    confidence: str | None = note("数据可信度，如 高、中、低；行内的可信度列优先", default=None)
    """How sure the facts are, in words; a row's own column confidence goes before."""
    coordinates: CoordinateSystem = note("经纬度及图形的坐标系", default="WGS84")
    """Coordinate system of the lon and lat columns, and of shapes in degrees."""
    points_from_names: bool = note("没有经纬度的行，按所在区县、市、省的名称或代码取其中一点，并标为假定", default=False)
    """Rows without lon and lat get a point in the county, city or province that they name, marked as an assumption."""
    below: bool = note("各行接在前一来源之下，而不是按编号并入", default=False)
    """Its rows come below those of the source before it, instead of being joined on the key."""
    rows: Where = note("只取这些行：筛选，写法同规则的 where，列写规范列名或表头，数照文件所写、不带单位", default_factory=dict)
    """Only these rows are read: a filter, as that of a rule, by canonical names or headers, of numbers as the file has them."""
    id: Members = note("由这些列合成编号；sheet、file 即工作表名、文件名", default=())
    """Columns that make the id together; ``sheet`` and ``file`` are their names."""
    unpivot: Unpivot | None = note("把若干列（如各季度）变成行", default=None)
    """Columns, a quarter each say, that are turned into rows."""


def _unstacked(entry: Mapping[str, Any]) -> list[object]:
    """``stack: [a.xlsx, {file: b.xlsx, sheet: 二}]`` as its files, each but the first below the one before."""
    parts, rest = entry["stack"], {key: value for key, value in entry.items() if key != "stack"}
    if not isinstance(parts, (list, tuple)) or not parts or "file" in rest or not all(isinstance(p, (str, Mapping)) for p in parts):
        rule = Words(
            "stack 须为文件或 {file, sheet} 的列表，且不再写 file",
            "stack is a list of files or {file, sheet}, without file beside it",
        )
        raise RefusedError(rule, Words("例如 stack: [data/一.xlsx, data/二.xlsx]", "e.g. stack: [data/a.xlsx, data/b.xlsx]"))
    files = [{"file": part} if isinstance(part, str) else dict(part) for part in parts]
    return [{**rest, **part, **({"below": True} if number else {})} for number, part in enumerate(files)]


def _sources(value: object) -> object:
    """A path, a mapping, or a list of either: always a tuple of mappings."""
    entries = value if isinstance(value, (list, tuple)) else [value]
    if not entries or not all(isinstance(entry, (str, Mapping, TableSource)) for entry in entries):
        rule = Words(
            "须为文件路径、映射（file、sheet …）或由它们组成的列表", "a path, a mapping (file, sheet …) or a list of these"
        )
        remedy = Words(
            "例如 data/园区.xlsx，或 {file: data/园区.xlsx, sheet: 园区}",
            "e.g. data/parks.csv, or {file: data/parks.xlsx, sheet: parks}",
        )
        raise RefusedError(rule, remedy)
    sources: list[object] = []
    for entry in entries:
        if isinstance(entry, Mapping) and "stack" in entry:
            sources += _unstacked(entry)
        else:
            sources.append({"file": entry} if isinstance(entry, str) else entry)
    return tuple(sources)


_STACK = "文件、{file, sheet} 或其列表：各文件、各工作表的行上下相接；其余的键是它们共有的"
_STACK_EN = "Files, or {file, sheet}: their rows come below each other. What else is said holds for all of them."
_SHARED: dict[str, Any] = {name: (told.annotation, told) for name, told in TableSource.model_fields.items() if name != "file"}
Stack: Any = create_model(
    "Stack",
    __base__=Section,
    __doc__="Several files, or sheets, as one source: rows below each other.",
    stack=(list[PathText | TableSource], note(_STACK, min_length=1, description=_STACK_EN)),
    **_SHARED,
)
"""How a stack is written, for the schema; it is read as its files (:func:`_unstacked`)."""
_Source = Union[str, TableSource, Stack]  # noqa: UP007  a class that is made cannot stand beside a bar
TableSources = Annotated[
    tuple[TableSource, ...],
    BeforeValidator(_sources, json_schema_input_type=Union[str, TableSource, Stack, Annotated[list[_Source], Field(min_length=1)]]),  # noqa: UP007
]
"""One source, or several that are joined on the table's key: the first holds the rows, the others add columns."""
