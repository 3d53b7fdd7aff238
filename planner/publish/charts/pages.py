"""The pages of the folder ``charts``: one for each chain, one for all chains together, and the index that leads to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.content import content_folder
from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.charts import words
from planner.publish.charts.facts import chain_facts
from planner.publish.charts.page_words import PAGE, SCRIPT
from planner.publish.charts.registry import CHARTS, REGION_CHARTS
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import NAMESPACE, Svg
from planner.publish.charts.tree import Node, tree_of
from planner.publish.desk import Desk
from planner.publish.fields import LINK
from planner.publish.map.facts import Facts
from planner.publish.offline import assert_offline, html_text, json_text
from planner.publish.webfont import with_rare
from planner.publish.words import GRADES
from planner.tables.spec import TABLES

INDEX, REGION = "index.html", "region.html"
_PLACE = re.compile(r"\{\{ (\w+) \}\}")


@dataclass(frozen=True)
class Drawn:
    """One chart with its sheets, and the files that these stand in."""

    key: str
    name: str
    sheets: Mapping[str, Svg]


def chain_page(position: int) -> str:
    """The page of the chain at a position of the plan, from 0."""
    return f"chain-{position + 1:02d}.html"


def drawn(desk: Desk, position: int, chain: ChainResult) -> list[Drawn]:
    """The charts of one chain."""
    made = []
    for chart in CHARTS:
        if chart.made(desk):
            made.append(
                Drawn(chart.key, chart.name.say(desk.language), _files(f"{position + 1:02d}-{chart.key}", chart.draw(desk, chain)))
            )
    return made


def drawn_of_all(desk: Desk) -> list[Drawn]:
    """The charts of all chains together."""
    return [Drawn(chart.key, chart.name.say(desk.language), _files(f"00-{chart.key}", chart.draw(desk))) for chart in REGION_CHARTS]


def _files(stem: str, sheets: Sequence[Svg]) -> dict[str, Svg]:
    if len(sheets) == 1:
        return {f"svg/{stem}.svg": sheets[0]}
    return {f"svg/{stem}-{number + 1}.svg": sheet for number, sheet in enumerate(sheets)}


def pages_of(desk: Desk) -> dict[str, str]:
    """File → its text, for every file of the folder."""
    chains = [drawn(desk, position, chain) for position, chain in enumerate(desk.plan.chains)]
    whole = drawn_of_all(desk)
    sheets = {name: sheet for charts in (whole, *chains) for chart in charts for name, sheet in chart.sheets.items()}
    beside = {INDEX, REGION, *sheets, *(chain_page(position) for position in range(len(chains)))}
    texts = {
        INDEX: _index(desk, whole, chains),
        REGION: _page(desk, REGION, desk.view.plan.plan.region_name or PAGE["region"].say(desk.language), whole),
    }
    texts[REGION] = texts[REGION].replace("<!--tree-->", _tree(desk), 1)
    for position, (chain, charts) in enumerate(zip(desk.plan.chains, chains, strict=True)):
        texts[chain_page(position)] = _page(desk, chain_page(position), chain.name, charts, _links(desk, chain))
    texts = {name: with_rare(text) for name, text in texts.items()}
    for text in texts.values():
        assert_offline(text, beside)
    for sheet in sheets.values():
        assert_offline(sheet.text.replace(NAMESPACE, "", 1))
    return {**texts, **{name: sheet.text for name, sheet in sheets.items()}}


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its places filled in one pass: what is put in is not looked at again (R6)."""
    text = (content_folder("maps") / "charts" / template).read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: values[place[1]], text)


def _common(desk: Desk, title: str, page: str) -> dict[str, str]:
    folder = content_folder("maps") / "charts"
    dark = re.sub(r"\.[fs]-", lambda rule: f'[data-theme="dark"] {rule[0]}', read_style().dark())
    said = {key: html_text(said.say(desk.language)) for key, said in PAGE.items()}
    return {
        **said,
        "lang": "zh-CN" if desk.language == "zh" else "en",
        "title": html_text(title),
        "plan": html_text(words.standing(desk.plan)),
        "sources": html_text(words.sources(desk.plan)),
        "style": (folder / "charts.css").read_text(encoding="utf-8") + "@media screen{" + dark + "}",
        "script": (folder / "charts.js").read_text(encoding="utf-8"),
        "menu": _menu(desk, page),
    }


def _menu(desk: Desk, here: str) -> str:
    entries = [(INDEX, PAGE["index"].say(desk.language)), (REGION, PAGE["region"].say(desk.language))]
    entries += [(chain_page(position), chain.name) for position, chain in enumerate(desk.plan.chains)]
    return "".join(f'<a href="{page}"{_current(page == here)}>{html_text(name)}</a>' for page, name in entries)


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _page(desk: Desk, page: str, title: str, charts: Sequence[Drawn], links: Mapping[str, Any] | None = None) -> str:
    tabs, views = [], []
    for number, chart in enumerate(charts):
        chosen = 'aria-selected="true"' if number == 0 else 'aria-selected="false" tabindex="-1"'
        tabs.append(
            f'<button type="button" role="tab" id="tab-{chart.key}" aria-controls="{chart.key}" {chosen}>{html_text(chart.name)}</button>'
        )
        sheets = "".join(
            f'<figure class="sheet"><div class="pan" tabindex="0" role="group" aria-label="{html_text(sheet.title)}">'
            f'{sheet.inline().replace(_IMAGE, _GROUP, 1)}</div><figcaption><a href="{name}">{html_text(PAGE["as_svg"].say(desk.language))}</a>'
            "</figcaption></figure>"
            for name, sheet in chart.sheets.items()
        )
        extra = "<!--tree-->" if chart.key == "tree" else ""
        views.append(f'<section role="tabpanel" id="{chart.key}" aria-labelledby="tab-{chart.key}">{extra}{sheets}</section>')
    data = {"links": links or {}, "words": {key: said.say(desk.language) for key, said in SCRIPT.items()}}
    filters = _filters(desk, links) if links else ""
    values = {"tabs": "".join(tabs), "views": "".join(views), "data": json_text(data), "filters": filters}
    return _filled("page.html", {**_common(desk, title, page), **values})


_IMAGE, _GROUP = 'role="img"', 'role="group"'
"""On a page the parts of a drawing are reached by keyboard; an image has no parts."""


def _filters(desk: Desk, links: Mapping[str, Any]) -> str:
    """Grades, tiers and marks by which links are shown."""
    language = desk.language

    def group(name: str, legend: Words, entries: Mapping[str, str]) -> str:
        boxes = "".join(
            f'<label><input type="checkbox" data-filter="{name}" value="{html_text(key)}"> {html_text(said)}</label>'
            for key, said in entries.items()
        )
        return f"<fieldset><legend>{html_text(legend.say(language))}</legend>{boxes}</fieldset>"

    tiers = dict.fromkeys(str(link["tier"]) for link in links.values() if link["tier"])
    return "".join(
        [
            group("grade", PAGE["grade"], {key: said.say(language) for key, said in GRADES.items()}),
            group("tier", PAGE["tier"], {tier: tier for tier in tiers}),
            group("marks", PAGE["marks"], {key: said[1].say(language) for key, said in words.MARKS.items()}),
        ]
    )


def _links(desk: Desk, chain: ChainResult) -> dict[str, Any]:
    """What the details say of each link of a chain."""
    view = desk.view
    told, facts = chain_facts(view, chain), Facts(view)
    headings = facts.labels()
    names = {link.link_id: link.name for link in view.plan.links}
    details = {}
    for each in told.links:
        link = each.link
        rows = [(headings[row[0]], row[1] + ("*" if len(row) > 2 else "")) for row in facts.rows(LINK, link)]
        edges = view.plan.link_edges
        details[link.link_id] = {
            "name": link.name,
            "tier": link.tier or "",
            "rows": rows,
            "local": [[firm.name, words.amount(firm.capacity, desk.language, "capacity" in firm.assumed)] for firm in each.local],
            "targets": [[firm.name, f"{firm.quarter} {firm.park_name}"] for firm in each.targets],
            "from": [[names[edge.from_link], edge.from_link] for edge in edges if edge.to_link == link.link_id],
            "to": [[names[edge.to_link], edge.to_link] for edge in edges if edge.from_link == link.link_id],
        }
    return details


def _tree(desk: Desk) -> str:
    """The tree as nested lists that open and close."""
    note = html_text(words.COVERAGE_IS.say(desk.language))
    buttons = "".join(
        f'<button type="button" data-tree="{key}">{html_text(PAGE[key].say(desk.language))}</button>'
        for key in ("open_all", "close_all")
    )
    return f'<div class="tree"><p class="note">{note}</p><p>{buttons}</p>{_branch(tree_of(desk.view), 0)}</div>'


def _branch(node: Node, depth: int) -> str:
    name, says = html_text(node.name), html_text(node.says)
    if not node.under:
        return f'<p class="leaf of-{node.kind}"><b>{name}</b> <span>{says}</span></p>'
    bar = "".join(
        f'<i class="{colour}" style="width:{min(part or 0.0, 1.0):.1%}"></i>'
        for colour, part in (("target", node.after), ("local", node.before))
    )
    inside = "".join(_branch(under, depth + 1) for under in node.under)
    return (
        f'<details class="of-{node.kind}"{" open" if depth < 2 else ""}><summary><b>{name}</b> <span>{says}</span>'
        f'<span class="rate" aria-hidden="true">{bar}</span></summary>{inside}</details>'
    )


def _index(desk: Desk, whole: Sequence[Drawn], chains: Sequence[Sequence[Drawn]]) -> str:
    language, view = desk.language, desk.view
    rows = [_index_row(REGION, PAGE["region"].say(language), "", whole)]
    for position, (chain, charts) in enumerate(zip(desk.plan.chains, chains, strict=True)):
        short = words.arrow(
            *(
                words.amount(value, language, view.basis.chain(chain, after))
                for value, after in ((chain.shortage_before, False), (chain.shortage_after, True))
            )
        )
        said = PAGE["chain_says"].say(language, links=chain.links, n=chain.selected, short=short)
        rows.append(_index_row(chain_page(position), chain.name, said, charts))
    missing = [
        PAGE["missing"].say(language, chart=chart.name, table=Words(TABLES[chart.table].zh, chart.table), name=chart.table)
        for chart in CHARTS
        if chart.table is not None and not chart.made(desk)
    ]
    notes = "".join(f"<li>{html_text(text)}</li>" for text in missing)
    values = {"rows": "".join(rows), "notes": f"<ul class=notes>{notes}</ul>" if notes else ""}
    return _filled("index.html", {**_common(desk, PAGE["index"].say(language), INDEX), **values})


def _index_row(page: str, name: str, says: str, charts: Sequence[Drawn]) -> str:
    links = "".join(f'<li><a href="{page}#{chart.key}">{html_text(chart.name)}</a>{_svgs(chart)}</li>' for chart in charts)
    return (
        f'<section class="card"><h2><a href="{page}">{html_text(name)}</a></h2><p>{html_text(says)}</p><ul>{links}</ul></section>'
    )


def _svgs(chart: Drawn) -> str:
    several = len(chart.sheets) > 1
    return "".join(
        f' <a class="file" href="{file}">SVG{f" {number + 1}" if several else ""}</a>' for number, file in enumerate(chart.sheets)
    )
