"""What a YAML file of a list set may say: sheets of records, checklists, and what leads from one to the other.

Names of fields are those of the catalogues of outputs (:mod:`planner.publish.lists.kinds`), filters those of every rule.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from planner.language import Words
from planner.settings.base import Day, RefusedError, Section, note
from planner.settings.filters import Texts, Where
from planner.settings.outputs import OutputName

Records = Literal[
    "chains",
    "links",
    "selected",
    "left_out",
    "candidates",
    "incumbents",
    "parks",
    "link_edges",
    "funds",
    "teams",
    "people",
    "status",
    "calendar",
    "targets",
    "policies",
    "freight",
    "technologies",
    "applications",
    "indicators",
]
"""What the rows of a sheet may be."""


class Label(Section):
    """A text in both languages."""

    zh: str = note("中文", min_length=1)
    """In Chinese."""
    en: str = note("英文", min_length=1)
    """In English."""

    @property
    def words(self) -> Words:
        """The same, as the program says it."""
        return Words(self.zh, self.en)


def _both(value: object) -> object:
    return {"zh": value, "en": value} if isinstance(value, str) else value


Said = Annotated[Label, BeforeValidator(_both, json_schema_input_type=Label | str)]
"""A text that stands in both languages, or ``{zh: …, en: …}``."""
Chart = Literal["panorama", "present", "gap", "roadmap", "regions", "origins", "docking", "technologies", "applications"]
"""A chart of each chain (:mod:`planner.publish.charts.registry`)."""


class ListColumn(Section):
    """One column of a sheet: a field, how many rows of another sheet belong to the row, or a blank to be filled in by hand."""

    field: str | None = note("字段名，见 docs/lists.md；所属的记录写 link.、chain.、park. 等前缀", default=None)
    """A field of the records; of those they belong to with a prefix: ``link.tier``, ``chain.chief``."""
    count: str | None = note("另一张表（key）中属于本行的行数，并链到其中第一行", default=None)
    """The key of another sheet: how many of its rows belong to this one; it leads to the first of them."""
    fill: bool = note("空列，由本单位手工填写；须写 heading", default=False)
    """A blank column that people fill in; needs a heading."""
    heading: Said | None = note("表头；省略时用字段自己的名称", default=None)
    """The heading; left out: the field's own."""
    to: str | None = note("链到另一张表（key）中同一环节、产业链、园区或项目的那一行", default=None)
    """The key of another sheet: each cell leads to the row there of the same link, chain, park or project."""

    @model_validator(mode="after")
    def _one_thing(self) -> ListColumn:
        if (self.field is not None) + (self.count is not None) + self.fill != 1:
            raise RefusedError(Words("field、count、fill 三者写一个", "one of field, count and fill is needed, and no other"))
        if self.field is None and self.to is not None:
            raise RefusedError(Words("to 与 field 同用", "to goes with a field"), at=("to",))
        if self.fill and self.heading is None:
            raise RefusedError(Words("空列须写 heading", "a blank column needs a heading"))
        return self


def _column(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class ListItem(Section):
    """One thing of a checklist that is to be there or to be done."""

    name: Said = note("要有或要做的事")
    """What is to be there, or to be done."""
    owner: Said | None = note("谁负责；省略时按 role 查", default=None)
    """Who answers for it; left out: whoever has the ``role``."""
    role: Texts = note("责任人的角色，依次在 people 表（或产业链表的链长、牵头单位）中找", default=())
    """Roles in the table people, the first that somebody has; chiefs and lead offices also come from the table chains."""
    due: Day | None = note("何时完成，如 2027-06-30；省略时按 meeting 查", default=None)
    """By when, as 2027-06-30; left out: the day of the ``meeting``."""
    meeting: str | None = note("以日历表中名称含有此文字的会议日期为期", default=None)
    """The day of the first meeting in the table calendar whose name has this text in it."""
    state: Said | None = note("现在如何，如 进行中；省略即待填", default=None)
    """How far it is; left out: to be filled in."""
    stages: bool = note("状态取入选项目的进展：签约几个、开工几个（进展表）；state 省略时用", default=False)
    """The state is how far the selected projects are, by the table status, where ``state`` is left out."""
    sheet: str | None = note("可见于哪张表（key）", default=None)
    """The key of the sheet in which it is to be seen."""
    output: OutputName | None = note("可见于哪项成果", default=None)
    """The output of the run in which it is to be seen."""
    remark: Said | None = note("说明", default=None)
    """A remark."""
    placeholder: bool = note("文件没有逐项列出，待本单位命名", default=False)
    """The paper does not itemise it: the bureau is to name it."""


class ListSheet(Section):
    """One sheet: records under a filter, a checklist, or a place that the bureau is to name."""

    key: str = note("短名，供链接使用：小写英文字母开头，其后为小写字母、数字、_，至多 40 个字符", min_length=1)
    """What links, pages and anchors go by: a small Latin letter, then small letters, digits or ``_``, 40 characters at most."""
    name: Said = note("表名，至多 31 个字符")
    """Name of the sheet, 31 characters at most."""
    of: Records | None = note("每行是什么", default=None)
    """What each row is."""
    where: Where = note("筛选，写法同规则（docs/rules.md），列名即字段名", default_factory=dict)
    """A filter as rules have it, over the fields of the records."""
    besides: str | None = note("不列已在另一张表（key，同一种记录）中的行", default=None)
    """The key of another sheet of the same records: what stands there is not listed."""
    columns: tuple[Annotated[ListColumn, BeforeValidator(_column, json_schema_input_type=ListColumn | str)], ...] = note(
        "各列：字段名，或 {field, heading, to}、{count, heading}、{fill, heading}", default=()
    )
    """Columns: a field's name, or ``{field, heading, to}``, ``{count, heading}``, ``{fill, heading}``."""
    sort: tuple[str, ...] = note("排序的字段，依次；前加 - 为从大到小；空白在后", default=())
    """Fields to sort by, in order; with a ``-`` the largest first; blanks last."""
    group: str | None = note("分组的字段：同组的行排在一起，组名在第一列", default=None)
    """A field by which rows stand together; it is the first column."""
    items: tuple[ListItem, ...] = note("清单各项，代替 of", default=())
    """The things of a checklist, in place of ``of``."""
    per: Literal["plan", "chain"] = note("清单：plan 一份；chain 每条产业链一份", default="plan")
    """Of a checklist: once, or for each chain."""
    notes: tuple[Said, ...] = note("表上的说明；怎样算的写在这里", default=())
    """What is said above the table: how it is worked out."""
    graph: bool = note("网页上另画成图谱：每个环节一框，按产业链、位置排列，框中是各 count 列；只用于 of: links", default=False)
    """Pages draw it as a graph too: a box for each link, by chain and tier, with the columns ``count``; of ``links`` alone."""
    page: bool = note("另出一页网页（每链一夹的清单集）", default=False)
    """It is a page of its own too, of a set with a folder for each chain."""
    placeholder: bool = note("文件没有列出这张表的名称与内容，待本单位命名", default=False)
    """The paper does not name it: the bureau is to."""

    @model_validator(mode="after")
    def _one_content(self) -> ListSheet:
        said = (self.of is not None) + bool(self.items) + self.placeholder
        if said != 1:
            raise RefusedError(
                Words("of、items、placeholder 三者写一个", "one of of, items and placeholder is needed, and no other")
            )
        if self.of is not None and not self.columns:
            raise RefusedError(Words("须写 columns", "columns are needed"))
        if self.graph and self.of != "links":
            raise RefusedError(Words("graph 只用于 of: links", "a graph is of links"), at=("graph",))
        if self.of is None and (self.where or self.columns or self.sort or self.group or self.besides):
            rule = Words("where、besides、columns、sort、group 只与 of 同用", "where, besides, columns, sort and group go with of")
            raise RefusedError(rule)
        return self


class ListPicture(Section):
    """A picture, map or report that belongs to the set and is an output of its own."""

    name: Said = note("图或报告的名称")
    """What it is called."""
    output: OutputName | None = note("运行的哪项成果", default=None)
    """The output of the run that it is."""
    chart: Chart | None = note("产业链图之一：网页链到该图；每链一夹的清单集把它放进各夹，图中的环节链到各表", default=None)
    """One of the charts of the chains: pages lead to it; a set with a folder for each chain has it there, its links leading to the lists."""

    @model_validator(mode="after")
    def _one_of_both(self) -> ListPicture:
        if (self.output is None) == (self.chart is None):
            raise RefusedError(Words("output、chart 写一个", "output or chart is needed, and not both"))
        return self


class ListSet(Section):
    """A list set: what a paper asks for, as sheets with links between them."""

    name: Said = note("清单集名称")
    """Name of the set."""
    source: Said = note("出处：哪份文件、怎样写的")
    """The paper that asks for it, and in which words."""
    per: Literal["plan", "chain"] = note("plan 一个工作簿；chain 每条产业链一个文件夹，互相链接", default="plan")
    """One workbook, or a folder for each chain, with links between them."""
    notes: tuple[Said, ...] = note("清单集的说明", default=())
    """What is said of the whole set."""
    pictures: tuple[ListPicture, ...] = note("属于本清单集的图、地图与报告", default=())
    """Pictures, maps and reports that belong to it."""
    sheets: tuple[ListSheet, ...] = note("各张表", min_length=1)
    """The sheets."""
