"""The folder of the list sets: a page over all of them; for each its workbook and page, or a folder for each chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from planner.language import Words
from planner.plan.records import ChainResult
from planner.problems import InputError, errors
from planner.publish.lists.content import SetContent
from planner.publish.lists.fill import fill
from planner.publish.lists.ground import Ground
from planner.publish.lists.load import Chosen, chosen_sets
from planner.publish.lists.names import folder_name
from planner.publish.lists.page import CHAINS, FURTHER, PAGES, SETS, Around, Way, page_of, whole_page
from planner.publish.lists.pictures import further, pictures_of
from planner.publish.lists.schema import ListSet
from planner.publish.lists.workbook import write_book
from planner.publish.offline import html_text

if TYPE_CHECKING:
    from planner.publish.desk import Desk

INDEX, BOOK = "index.html", "lists.xlsx"
TITLE = Words("清单集", "List sets")
OF_CHAINS = Words("{n} 条产业链，每链一个文件夹", "{n:chain}, a folder for each")
JOINED = Words("{chain}（供需关系 {n} 条）", "{chain} ({n:supply edge})")
OF_LISTS = Words("{n} 张表", "{n:list}")


def write_lists(desk: Desk, folder: Path) -> None:
    """Write every list set that the plan asks for. The same plan and tables give the same bytes (R8).

    Raises:
        InputError: with every problem of every set, before anything is written.
    """
    sets, problems = chosen_sets(desk.opened.loaded, desk.opened.case.tables)
    if errors(problems):
        raise InputError(problems)
    ground, taken = Ground(desk), set[str]()
    places = [(one, folder_name(one.name, taken)) for one in sets]
    for one, name in places:
        (folder / name).mkdir()
        if one.content.per == "chain":
            _write_chains(ground, one.content, folder / name)
        else:
            _write(
                ground,
                one.content,
                fill(ground, one.content),
                folder / name,
                "../../",
                [(SETS, (Way(TITLE.say(desk.language), f"../{INDEX}"),))],
            )
    (folder / INDEX).write_text(_index(desk, places), encoding="utf-8", newline="\n")


def _write(
    ground: Ground,
    asked: ListSet,
    content: SetContent,
    folder: Path,
    up: str,
    ways: Sequence[tuple[Words, tuple[Way, ...]]],
    chain: ChainResult | None = None,
) -> None:
    """One workbook with its pages."""
    desk, plan = ground.desk, ground.desk.plan
    write_book(content, plan, folder / BOOK, up)
    outside = tuple(Way(name, path) for name, path in further(desk, asked, up))
    bars = (*ways, *([(FURTHER, outside)] if outside else []))
    pictures = () if chain is None else tuple(pictures_of(desk, asked, content, chain))
    for picture in pictures:
        (folder / picture.file).write_text(picture.svg, encoding="utf-8", newline="\n")
    pages = {sheet.key: f"{sheet.key}.html" for sheet in content.sheets if sheet.page}
    own = tuple(Way(sheet.name, pages[sheet.key]) for sheet in content.sheets if sheet.page)
    around = Around(up, BOOK, (*bars, *([(PAGES, own)] if own else [])), pictures=pictures, pages=pages)
    (folder / INDEX).write_text(page_of(content, plan, around), encoding="utf-8", newline="\n")
    for key, name in pages.items():
        back = (Words("本链", "This chain"), (Way(content.title, INDEX),))
        alone = page_of(content, plan, Around(up, BOOK, (back, *bars), pages=pages), only=key)
        (folder / name).write_text(alone, encoding="utf-8", newline="\n")


def _write_chains(ground: Ground, asked: ListSet, folder: Path) -> None:
    """A folder for each chain, that lead to each other, and a page over them."""
    desk, taken = ground.desk, {INDEX}
    language = desk.language
    names = {chain.chain_id: folder_name(chain.name, taken) for chain in desk.plan.chains}
    between = _edges_between(desk)
    for chain in desk.plan.chains:
        others = tuple(
            Way(_joined(desk, between, chain, other), "" if other is chain else f"../{names[other.chain_id]}/{INDEX}")
            for other in desk.plan.chains
        )
        up = (SETS, (Way(TITLE.say(language), f"../../{INDEX}"), Way(asked.name.words.say(language), f"../{INDEX}")))
        place = folder / names[chain.chain_id]
        place.mkdir()
        _write(ground, asked, fill(ground, asked, chain.chain_id), place, "../../../", [up, (CHAINS, others)], chain)
    title = asked.name.words.say(language)
    entries = [
        (f"{names[chain.chain_id]}/{INDEX}", chain.name, "　".join([chain.chief or "", *_neighbours(desk, between, chain)]))
        for chain in desk.plan.chains
    ]
    (folder / INDEX).write_text(
        _page(desk, title, entries, [asked.source.words.say(language)], f"../{INDEX}"), encoding="utf-8", newline="\n"
    )


def _edges_between(desk: Desk) -> Counter[frozenset[str]]:
    """Two chains → the supply edges from a link of one to a link of the other."""
    chain_of = {link.link_id: link.chain_id for link in desk.plan.links}
    pairs = (frozenset((chain_of[edge.from_link], chain_of[edge.to_link])) for edge in desk.plan.link_edges)
    return Counter(pair for pair in pairs if len(pair) > 1)


def _joined(desk: Desk, between: Counter[frozenset[str]], here: ChainResult, there: ChainResult) -> str:
    """The name of another chain, with how many supply edges join it to this one."""
    edges = between[frozenset((here.chain_id, there.chain_id))]
    return JOINED.say(desk.language, chain=there.name, n=edges) if edges else there.name


def _neighbours(desk: Desk, between: Counter[frozenset[str]], chain: ChainResult) -> list[str]:
    others = [other for other in desk.plan.chains if between[frozenset((chain.chain_id, other.chain_id))] and other is not chain]
    return [_joined(desk, between, chain, other) for other in others]


def _index(desk: Desk, places: Sequence[tuple[Chosen, str]]) -> str:
    chains = len(desk.plan.chains)

    def size(content: ListSet) -> str:
        words = OF_CHAINS.fill(n=chains) if content.per == "chain" else OF_LISTS.fill(n=len(content.sheets))
        return words.say(desk.language)

    entries = [(f"{name}/{INDEX}", one.content.name.words.say(desk.language), size(one.content)) for one, name in places]
    return _page(desk, TITLE.say(desk.language), entries, [desk.plan.plan.name], "")


def _page(desk: Desk, title: str, entries: Sequence[tuple[str, str, str]], said: Sequence[str], up: str) -> str:
    """A page that leads to others: path, name, remark."""
    back = f'<nav><ul><li><a href="{up}">{html_text(TITLE.say(desk.language))}</a></li></ul></nav>' if up else ""
    ways = [(("/".join(map(quote, path.split("/")))), name, remark) for path, name, remark in entries]
    lines = "".join(
        f'<li><a href="{path}">{html_text(name)}</a> <span class="quiet">{html_text(remark)}</span></li>'
        for path, name, remark in ways
    )
    parts = [f"<h1>{html_text(title)}</h1>", *(f'<p class="quiet">{html_text(one)}</p>' for one in said), back, f"<ul>{lines}</ul>"]
    return whole_page(title, parts, desk.language, {*(path for path, _, _ in ways), up})
