"""A filled list set as pages that need no network: the graph, every list, and links from row to row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from planner.content import content_folder
from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.book.columns import Column, title_of
from planner.publish.figures import figure, percent
from planner.publish.lists.content import Box, Filled, Leads, Outside, SetContent, SheetContent, Target
from planner.publish.lists.pictures import Picture
from planner.publish.lists.workbook import SOURCE
from planner.publish.offline import assert_offline, html_text
from planner.publish.proof import stamp_of, standing_of
from planner.publish.webfont import with_rare
from planner.publish.words import ASSUMED, UNKNOWN

MOST = 2_000
"""Rows of a list that a page shows: more of them would not open in good time."""
FIRST = Words("网页列前 {n} 行，全部 {all} 行见工作簿。", "The page has the first {n} rows; the workbook has all {all}.")
WORKBOOK = Words("清单工作簿", "Workbook of the lists")
PAGES, SETS, LISTS, CHAINS, FURTHER = (
    Words("单页", "Pages"),
    Words("全部清单集", "All list sets"),
    Words("清单", "Lists"),
    Words("各产业链", "Chains"),
    Words("图与报告", "Pictures and reports"),
)
ROWS = Words("{n} 行", "{n:row}")
NOT_THERE = Words("（用 planner publish 生成）", " (made by planner publish)")
SEAL = Words("封印 {seal}", "Seal {seal}")


@dataclass(frozen=True)
class Way:
    """A link of a page: what it says, and the file it leads to, as a path from the page; empty: it is this page."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Around:
    """What stands around the lists of a page."""

    up: str
    """The way from the page to the run folder: ``../../``."""
    workbook: str = ""
    """The workbook beside the page; empty: none."""
    ways: tuple[tuple[Words, tuple[Way, ...]], ...] = ()
    """Bars of links, each under its heading."""
    pictures: tuple[Picture, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)
    """Sheet → its page of its own, beside this one."""


def page_of(content: SetContent, plan: Plan, around: Around, only: str | None = None) -> str:
    """The page of a set; ``only``: of one of its sheets alone, the others being on the page ``index.html`` beside it."""
    language = plan.plan.language
    sheets = [sheet for sheet in content.sheets if only in (None, sheet.key)]
    title = content.title if only is None else f"{sheets[0].name}　{content.title}"
    writer = _Writer(content, language, around, only)
    parts = [
        f"<h1>{html_text(title)}</h1>",
        f'<p class="quiet">{html_text(SOURCE.say(language, source=content.source))}</p>',
        *(f'<p class="quiet">{html_text(said)}</p>' for said in content.notes),
        f'<p class="quiet">{html_text(_about(plan))}</p>',
        *writer.bars(content.sheets if only is None else ()),
        *(
            f'<h2>{html_text(one.heading)}</h2><div class="picture wide" tabindex="0" role="region" aria-label="{html_text(one.heading)}">{one.html}</div>'
            for one in around.pictures
            if only is None
        ),
        *(part for sheet in sheets for part in writer.sheet(sheet)),
    ]
    return whole_page(title, parts, language, writer.beside)


def whole_page(title: str, parts: Iterable[str], language: Language, beside: Iterable[str]) -> str:
    """A page of these parts, in the style of ``maps/lists/lists.css``. Raises NotOfflineError: it would load something."""
    style = (content_folder("maps") / "lists" / "lists.css").read_text(encoding="utf-8").replace("</", "<\\/")
    html = "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"zh-CN" if language == "zh" else "en"}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html_text(title)}</title>",
            f"<style>{style}</style></head>",
            "<body><main>",
            *parts,
            "</main></body></html>",
            "",
        ]
    )
    html = with_rare(html)
    assert_offline(html, frozenset(beside))
    return html


def _about(plan: Plan) -> str:
    language = plan.plan.language
    said = [words.say(language) for words in (standing_of(plan), stamp_of(plan)) if words is not None]
    return "　".join([plan.plan.name, *said, SEAL.say(language, seal=plan.short_seal)])


class _Writer:
    """Writes parts of one page, and remembers which files it leads to."""

    def __init__(self, content: SetContent, language: Language, around: Around, only: str | None) -> None:
        self.content, self.language, self.around, self.only = content, language, around, only
        self.beside: set[str] = set()

    def way(self, text: str, path: str, anchor: str = "") -> str:
        """A link to a file, or to a place of this page where the path is empty."""
        path, _, place = path.partition("#")
        href = "/".join(quote(part) for part in path.split("/")) + (f"#{anchor or place}" if anchor or place else "")
        self.beside.add(href.partition("#")[0])
        return f'<a href="{href}">{html_text(text)}</a>'

    def bars(self, sheets: Sequence[SheetContent]) -> Iterator[str]:
        """Bars of links: whole sets and chains, this page's lists, its workbook."""
        bars = list(self.around.ways)
        for words, ways in bars:
            entries = [
                self.way(one.text, one.path) if one.path else f'<span class="here">{html_text(one.text)}</span>' for one in ways
            ]
            yield self._bar(words, entries)
        own = [self.way(f"{sheet.name}（{self._size(sheet)}）", "", sheet.key) for sheet in sheets]
        if self.around.workbook:
            own.append(self.way(WORKBOOK.say(self.language), self.around.workbook))
        if own:
            yield self._bar(LISTS, own)

    def _bar(self, words: Words, entries: Sequence[str]) -> str:
        label = html_text(words.say(self.language))
        return (
            f'<nav aria-label="{label}"><p class="bar">{label}</p><ul>'
            + "".join(f"<li>{entry}</li>" for entry in entries)
            + "</ul></nav>"
        )

    def _size(self, sheet: SheetContent) -> str:
        return ROWS.say(self.language, n=sheet.rows) if sheet.known else UNKNOWN.say(self.language)

    def sheet(self, sheet: SheetContent) -> Iterator[str]:
        """One list under its heading, drawn as a graph too where it is one."""
        name = html_text(sheet.name)
        own = self.around.pages.get(sheet.key) if self.only is None else None
        more = f" {self.way('↗', own)}" if own else ""
        yield f'<h2 id="{sheet.key}">{name}{more}</h2>'
        if sheet.notes:
            yield '<ul class="notes">' + "".join(f"<li>{html_text(note)}</li>" for note in sheet.notes) + "</ul>"
        if sheet.instead:
            yield f'<p class="instead">{html_text(sheet.instead)}</p>'
            return
        if sheet.rows > MOST:
            yield f'<p class="quiet">{html_text(FIRST.say(self.language, n=MOST, all=sheet.rows))}</p>'
        if sheet.boxes:
            yield from self._graph(sheet)
        yield '<div class="wide" tabindex="0" role="region" aria-label="' + name + '"><table><thead><tr>'
        yield "".join(f'<th scope="col">{html_text(title_of(one.column, self.language))}</th>' for one in sheet.columns)
        yield "</tr></thead><tbody>"
        for row in range(min(sheet.rows, MOST)):
            cells = "".join(self._cell(one, row) for one in sheet.columns)
            yield f'<tr id="{sheet.key}-{row}">{cells}</tr>'
        yield "</tbody></table></div>"

    def _cell(self, filled: Filled, row: int) -> str:
        column = filled.column
        value = column.values[row]
        if column.tones or (column.choices and not value):
            return f'<td class="fill">{html_text(str(value or ""))}</td>'
        text = said(column, row, self.language)
        shown = html_text(text) if not filled.leads else self.lead(text, filled.leads[row])
        if value is None:
            return f'<td class="short">{shown}</td>'
        look = "number" if isinstance(value, (int, float)) else "short" if column.kind == "short" else ""
        return f'<td class="{look}">{shown}</td>' if look else f"<td>{shown}</td>"

    def lead(self, text: str, lead: Leads) -> str:
        """A text that leads to a row or to an output of the run."""
        if isinstance(lead, Target):
            there = self.content.by_key[lead.sheet]
            anchor = lead.sheet if there.instead or lead.row >= MOST else f"{lead.sheet}-{lead.row}"
            return self.way(text, "" if self.only in (None, lead.sheet) else "index.html", anchor)
        return self.way(text, self.around.up + lead.path) if isinstance(lead, Outside) else html_text(text)

    def _graph(self, sheet: SheetContent) -> Iterator[str]:
        """Links in boxes, by chain and tier; each leads to its row, and to the rows of other lists that belong to it."""
        chains = dict.fromkeys(box.chain for box in sheet.boxes)
        for chain in chains:
            own = [box for box in sheet.boxes if box.chain == chain]
            tiers = list(dict.fromkeys(box.tier for box in own))
            yield f'<h3>{html_text(chain)}</h3><div class="graph">'
            for tier in tiers:
                boxes = "".join(self._box(sheet, box) for box in own if box.tier == tier)
                yield f'<div class="tier"><h4>{html_text(tier)}</h4><div class="boxes">{boxes}</div></div>'
            yield "</div>"

    def _box(self, sheet: SheetContent, box: Box) -> str:
        counts = "".join(f"<span>{self.lead(f'{name} {number}', lead)}</span>" for name, number, lead in box.counts)
        return (
            f'<div class="box {box.grade}">{self.way(box.name, "", f"{sheet.key}-{box.row}")}<span class="quiet">{html_text(box.said)}</span>'
            f'<div class="counts">{counts}</div></div>'
        )


def said(column: Column, row: int, language: Language) -> str:
    """A cell as a page shows it; what is not known is a dash."""
    value = column.values[row]
    if value is None:
        return UNKNOWN.say(language)
    star = f" {ASSUMED}" if column.marks[row] and not column.wholly_assumed else ""
    if isinstance(value, (int, float)):
        text = percent(float(value)) if column.kind == "share" else f"{value:,}" if column.kind == "count" else figure(float(value))
        return text + star
    return f"{value}{star}"
