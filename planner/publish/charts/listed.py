"""技术路线图 and 应用领域图: what the tables ``technologies`` and ``applications`` say of the links of a chain, with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from planner.language import Language, Words
from planner.plan.records import ChainResult
from planner.publish.charts import words
from planner.publish.charts.facts import chain_facts
from planner.publish.charts.flow import LEADING, PAD, Block, Part, Text, draw_texts, flowed, height_of, row
from planner.publish.charts.frame import Legend, begin, swatch
from planner.publish.charts.streams import Stream, draw_streams, gathered
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.desk import Desk
from planner.publish.stated import Stated, stated_rows
from planner.publish.view import View
from planner.publish.words import ASSUMED, SEMICOLON

TITLES = {
    "technologies": Words("{chain}产业链技术路线图", "{chain}: technologies"),
    "applications": Words("{chain}产业链应用领域图", "{chain}: fields of use"),
}
LINK, NAME = Words("环节", "Link"), Words("技术", "Technology")
USES = (
    LINK,
    Words("应用领域", "Field of use"),
    Words("产品", "Product"),
    Words("主要用户", "Customers"),
    Words("年需求", "Demand a year"),
)
NO_YEARS, OPEN_START, OPEN_END = (
    Words("年份未提供", "years not given"),
    Words("起始年未提供", "start not given"),
    Words("完成年未提供", "end not given"),
)
SOURCE = Words("来源：{names}", "Source: {names}")
COUNT = Words("{n} 项，涉及 {links} 个环节", "{n:entry|entries} of {links:link}")
NOTHING = Words("表中没有该链的内容", "The table says nothing of this chain")
NOT_GIVEN = Words("未提供", "not given")
SPAN = Words("起止年份", "years")
WAY = Words("环节 → 应用领域 → 主要用户，带宽为年需求", "link → field of use → customer; bands are as wide as the demand")
PARTLY = Words("{money}，另 {n} 项未提供", "{money}, {n} not given")
NO_FIGURE = Words("虚线：年需求未提供", "dashed: demand not given")


@dataclass(frozen=True)
class Listed:
    """The rows of a table that belong to a chain, those of a link together, in the order of flow."""

    view: View
    rows: tuple[Stated, ...]
    links: Mapping[str, str]
    """Link → name."""

    def sources(self) -> str:
        """Where its rows come from."""
        named = dict.fromkeys(row.source for row in self.rows if row.source)
        return SOURCE.say(self.view.language, names=self.view.listed(named) if named else NOT_GIVEN.say(self.view.language))

    def count(self) -> str:
        return COUNT.say(self.view.language, n=len(self.rows), links=len({row.text("link_id") for row in self.rows}))


def _said(row: Stated, column: str) -> str:
    """A cell with its mark; blank: not given."""
    said = row.text(column)
    return said + (ASSUMED if said and column in row.assumed else "")


def listed(desk: Desk, chain: ChainResult, table: str) -> Listed:
    """What a table says of a chain."""
    facts = chain_facts(desk.view, chain)
    tier_of = facts.tier_of(words.NO_TIER.say(desk.language))
    order = {link: (facts.tiers.index(tier), position) for position, (link, tier) in enumerate(tier_of.items())}
    rows = [row for row in stated_rows(desk.opened.case.tables, table) if row.text("link_id") in order]
    rows.sort(key=lambda row: order[row.text("link_id")])
    return Listed(desk.view, tuple(rows), {each.link.link_id: each.link.name for each in facts.links})


def technologies(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """技术路线图: the technologies of each link over the years."""
    said, language, style = listed(desk, chain, "technologies"), desk.language, read_style()
    years = [int(year) for entry in said.rows for column in ("from_year", "to_year") if (year := entry.number(column)) is not None]
    first, last = (min(years), max(years)) if years else (0, 0)
    blocks = []
    before = ""
    for entry in said.rows:
        link = entry.text("link_id")
        blocks.append(_technology(said, entry, said.links[link] if link != before else "", first, last))
        before = link
    head = _years_head(language, first, last, bool(years)) if len(said.rows) else None
    if not blocks:
        blocks.append(row([[Text(NOTHING.say(language), "soft")]], [1], style.text, "note", "band"))
    facts = [said.count(), *([f"{SPAN.say(language)} {first}–{last}"] if years else [])]
    legend = [
        Legend(swatch("target"), SPAN.say(language)),
        Legend(swatch(None, "target", "3 2"), f"{OPEN_START.say(language)} / {OPEN_END.say(language)}"),
    ]
    title = TITLES["technologies"].say(language, chain=chain.name)
    return flowed(desk.view, title, facts, legend, [said.sources(), words.ASSUMED_IS.say(language)], [Part(blocks, head)])


MOST_YEARS = 40
"""With more the sheet has no room for a line at each."""
LABEL, TOLD = 0.14, 0.32
"""Parts of the width: the link, and what is told of the technology; the years have the rest."""


def _years_head(language: Language, first: int, last: int, known: bool) -> Block:
    style = read_style()
    size = style.text

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", None)
        canvas.rect(box.x, box.y, box.width, box.height, "head", radius=2.5, more="card")
        y, x = box.y + PAD, box.x + LABEL * box.width
        canvas.text(box.x + PAD, y, LINK.say(language), size, LABEL * box.width - 2 * PAD, "on_head", True)
        canvas.text(x + PAD, y, NAME.say(language), size, TOLD * box.width - 2 * PAD, "on_head", True)
        step = max(1, -(-(last - first + 1) // 16))
        wide = (1 - LABEL - TOLD) * box.width / (last - first + 1)
        for year in range(first, last + 1, step) if known else ():
            at = box.x + (LABEL + TOLD) * box.width + (year - first) * wide
            canvas.text(at + 2, y, str(year), size, wide * min(step, last + 1 - year) - 2, "on_head", True)
        canvas.close()

    return Block(size * LEADING + 2 * PAD, draw)


def _technology(said: Listed, entry: Stated, link: str, first: int, last: int) -> Block:
    style, language = read_style(), said.view.language
    size, whole = style.text, style.inner
    label = [Text(link, bold=True)] if link else []
    told = [Text(_said(entry, "name"), bold=True)]
    for columns in (("route", "level"), ("holder", "status")):
        shown = " · ".join(filter(None, (_said(entry, column) for column in columns)))
        told += [Text(shown, "soft", most=2)] if shown else []
    start, end = entry.number("from_year"), entry.number("to_year")
    high = max(height_of(label, LABEL * whole - 2 * PAD, size), height_of(told, TOLD * whole - 2 * PAD, size)) + 2 * PAD

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", box, row=entry.text("link_id"))
        canvas.rect(box.x, box.y, box.width, box.height, "box", "line", 0.6, 2.5, more="card")
        draw_texts(canvas, box.x + PAD, box.y + PAD, label, LABEL * box.width - 2 * PAD, size)
        draw_texts(canvas, box.x + LABEL * box.width + PAD, box.y + PAD, told, TOLD * box.width - 2 * PAD, size)
        x0, room = box.x + (LABEL + TOLD) * box.width, (1 - LABEL - TOLD) * box.width
        wide = room / (last - first + 1)
        middle = box.y + box.height / 2
        for year in range(first, last + 1) if last - first < MOST_YEARS else ():
            canvas.path(f"M{x0 + (year - first) * wide:.2f} {box.y + 1:.2f}v{box.height - 2:.2f}", None, "bar", 0.6)
        if start is None and end is None:
            canvas.text(x0 + PAD, middle - size * 0.52, NO_YEARS.say(language), size, room - 2 * PAD, "soft")
        else:
            a, b = (start if start is not None else end), (end if end is not None else start)
            left, right = x0 + (float(a or 0) - first) * wide, x0 + (float(b or 0) - first + 1) * wide
            open_ended = start is None or end is None
            canvas.rect(
                left + 1.5,
                middle - 4,
                right - left - 3,
                8,
                None if open_ended else "target",
                "target",
                1.0,
                3,
                "3 2" if open_ended else "",
            )
            if open_ended:
                note = OPEN_START if start is None else OPEN_END
                before = left - x0 > x0 + room - right
                canvas.text(
                    left - 4 if before else right + 4,
                    middle - size * 0.52,
                    note.say(language),
                    size,
                    max(left - x0, x0 + room - right) - 6,
                    "soft",
                    anchor="end" if before else "start",
                )
        canvas.close()

    return Block(high, draw, f"technology {entry.text('link_id')} {entry.text('name')}")


def applications(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """应用领域图: what the products of each link are used for, by whom."""
    said, language, style = listed(desk, chain, "applications"), desk.language, read_style()
    widths = [1.6, 2.0, 2.6, 2.6, 1.0]
    head = row([[Text(name.say(language), "on_head", True)] for name in USES], widths, style.text, ground="head")
    blocks = []
    for link, rows in groupby(said.rows, key=lambda entry: entry.text("link_id")):
        blocks += _uses(said, said.links[link], list(rows), widths)
    if not blocks:
        blocks.append(row([[Text(NOTHING.say(language), "soft")]], [1], style.text, "note", "band"))
    fields = len({entry.text("field") for entry in said.rows})
    facts = [said.count(), Words("{n} 个应用领域", "{n:field} of use").say(language, n=fields)]
    title = TITLES["applications"].say(language, chain=chain.name)
    notes = [said.sources(), SEMICOLON.say(language).join(note.say(language) for note in (words.MONEY_IS, words.ASSUMED_IS))]
    picture = _streams(said, title, facts, notes) if said.rows else ()
    return (*picture, *flowed(desk.view, title, facts, [], notes, [Part(blocks, head)]))


def _streams(said: Listed, title: str, facts: Sequence[str], notes: Sequence[str]) -> tuple[Svg, ...]:
    """From links by fields of use to customers, as wide as the demand."""
    view, language = said.view, said.view.language
    legend = [Legend(swatch("target"), WAY.say(language))]
    if any(entry.number("demand") is None for entry in said.rows):
        legend.append(Legend(swatch(None, "target", "3 2"), NO_FIGURE.say(language)))
    canvas, room = begin(view, title, facts, legend, notes)
    none = NOT_GIVEN.say(language)
    flows = [
        Stream(
            (said.links[entry.text("link_id")], entry.text("field"), entry.text("customer") or none),
            entry.number("demand"),
            "target",
        )
        for entry in said.rows
    ]
    flows = gathered(view, flows, room.height)
    says = {}
    for at in range(3):
        for name in dict.fromkeys(flow.through[at] for flow in flows):
            mine = [entry for entry, flow in zip(said.rows, flows, strict=True) if flow.through[at] == name]
            known = [value for entry in mine if (value := entry.number("demand")) is not None]
            money = words.amount(sum(known), language, any("demand" in entry.assumed for entry in mine))
            partly = PARTLY.say(language, money=money, n=len(mine) - len(known))
            says[at, name] = (name, none if not known else money if len(known) == len(mine) else partly)
    draw_streams(canvas, flows, Box("", room.x, room.y + 4, room.width, room.height - 8), says)
    return (canvas.done(),)


def _uses(said: Listed, link: str, rows: Sequence[Stated], widths: Sequence[float]) -> list[Block]:
    language = said.view.language
    blocks = []
    for position, entry in enumerate(rows):
        demand = entry.number("demand")
        told = [_said(entry, column) or NOT_GIVEN.say(language) for column in ("field", "product", "customer")]
        money = words.amount(demand, language, "demand" in entry.assumed) if demand is not None else NOT_GIVEN.say(language)
        cells = [
            [Text(link if position == 0 else "", bold=True)],
            [Text(told[0], "head", True)],
            [Text(told[1])],
            [Text(told[2])],
            [Text(money)],
        ]
        blocks.append(
            row(cells, widths, read_style().text, f"use {entry.text('link_id')} {entry.text('field')} {entry.text('product')}")
        )
    return blocks
