"""What a product needs as a workbook, and in a few lines for the console."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from planner.intake.matching.book import new_file, write_notes
from planner.intake.matching.needs import LinkNeed, Needs, PartNeed
from planner.language import Language, Words
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.publish.fields import MONEY
from planner.publish.words import GRADES

SHOWN = 8
"""Names that a cell or a line lists before it only counts."""
YUAN = Words("元", "yuan")
FILE = Words("{stem}_补链.xlsx", "{stem}_needs.xlsx")
_LINKS = (
    Column(Words("环节编号", "link id"), room=16),
    Column(Words("环节", "link"), room=24),
    Column(Words("产业链", "chain"), room=18),
    Column(Words("零部件", "parts"), room=30),
    Column(Words("需要数量", "quantity needed"), room=18),
    Column(Words("价值", "value"), kind="number", unit=YUAN),
    Column(Words("本地供应商", "suppliers here"), room=34),
    Column(Words("现有来源数", "sources"), kind="count"),
    Column(Words("年需求", "yearly demand"), kind="number", unit=MONEY),
    Column(Words("年供给", "yearly supply"), kind="number", unit=MONEY),
    Column(Words("缺口", "gap"), kind="number", unit=MONEY),
    Column(Words("评级", "grade"), kind="short"),
    Column(Words("目标企业数", "targets"), kind="count"),
    Column(Words("可招引的目标企业", "targets that could make it"), room=60),
    Column(Words("结论", "finding"), room=26),
)
_PARTS = (
    Column(Words("零部件", "part"), room=28),
    Column(Words("零部件编号", "part number"), room=18),
    Column(Words("总数量", "quantity in all"), kind="mixed"),
    Column(Words("单位", "unit"), kind="short"),
    Column(Words("价值", "value"), kind="number", unit=YUAN),
    Column(Words("性质", "kind"), kind="short"),
    Column(Words("环节编号", "link id"), room=16),
    Column(Words("环节", "link"), room=24),
    Column(Words("怎样对上", "matched by"), room=18),
    Column(Words("建议的环节（未采用）", "links suggested (not taken)"), room=44),
    Column(Words("业务中点名此部件的企业", "firms whose own words name it"), room=44),
)
_HOW = {
    "stated": Words("清单写明", "stated in the list"),
    "name": Words("名称相同", "the same name"),
    "synonym": Words("同义词相同", "a synonym"),
    "several": Words("几个环节同名，未对上", "several links of this name: none"),
    "none": Words("未对上", "none"),
}
PRODUCT, ASSEMBLY, PART = Words("产品", "product"), Words("组件", "assembly"), Words("零件", "part")
_FINDINGS = {
    (True, True): Words("本地没有，有目标企业可补", "not made here; there are targets"),
    (True, False): Words("本地没有，也没有目标企业", "not made here; no target either"),
    (False, True): Words("本地有，可再补备份", "made here; targets would back it up"),
    (False, False): Words("本地有", "made here"),
}
_NOTES = Words(
    "清单：{file}，按 {count} 件产品展开；数量逐级相乘，同一环节的部件按单位相加，装在本环节另一部件之内的不重复计。|"
    "环节按名称、同义词或清单里写明的编号对上；其余只给建议，不计入。要采用，就在清单的“环节编号”列写上。|"
    "年需求、年供给、缺口、来源数取自计划，与本清单的数量无关。目标企业为计划中至少有一个园区可落的项目，按产能×落地概率排列。|"
    "带 * 的数量或价值依据清单中的假设。",
    "List: {file}, for {count} products; quantities multiply from level to level and add up by unit within a link, a part inside another"
    " part of the link once.|"
    "A part is of a link by its name, a synonym, or the id that the list states; for all others there are suggestions, which are not"
    " counted. To take one, write its id in the column 环节编号 of the list.|"
    "Yearly demand, supply, gap and sources are the plan's and do not depend on the list. Targets are candidates that at least one park"
    " can take, by capacity × probability.|"
    "Quantities and values with * rest on assumptions of the list.",
)
_SAID = Words(
    "{file}：{parts} 种零部件对上 {links} 个环节，其中 {missing} 个环节本地没有供应商；{unplaced} 种未对上环节。",
    "{file}: {parts} parts of {links} links, of which {missing} have no supplier here; {unplaced} parts are of no link.",
)
_LINE = Words("  {name}：需要 {quantity}；{finding}{targets}", "  {name}: {quantity} needed; {finding}{targets}")
_UNPLACED = Words("未对上：{names}", "of no link: {names}")
_WRITTEN = Words("写在 {path}", "written to {path}")
SHEETS = (Words("缺什么补什么", "links needed"), Words("零部件", "parts"), Words("说明", "about"))


def write_needs(needs: Needs, path: Path) -> None:
    """A workbook of links, parts and notes. Raises InputError: a file stands there (I156), or it cannot be written (R116)."""
    language = needs.opened.loaded.settings.language
    notes = _NOTES.say(language, file=needs.file, count=needs.count).split("|")
    links, parts = [_link_row(need, language) for need in needs.links], [_part_row(needs, one, language) for one in needs.parts]
    # Which figures rest on an assumption of the list.
    of_links = {5: [need.assumed for need in needs.links]}
    of_parts = {at: [one.part.assumed for one in needs.parts] for at in (2, 4)}
    with new_file(path) as fresh, Book(fresh, language, FILE.say(language, stem=Path(needs.file).stem)) as book:
        for name, heads, rows, assumed in ((SHEETS[0], _LINKS, links, of_links), (SHEETS[1], _PARTS, parts, of_parts)):
            columns = [replace(column, assumed=assumed.get(at, False)) for at, column in enumerate(with_rows(heads, rows))]
            page_of_one_table(book, name, columns, headed=False)[0].finish()
        write_notes(book, SHEETS[2], notes)


def text_of(needs: Needs, path: Path) -> str:
    """What the console says: how many, then each link without a supplier."""
    language = needs.opened.loaded.settings.language
    missing = [need for need in needs.links if need.missing]
    placed = sum(one.link >= 0 for one in needs.parts)
    sizes = {"parts": placed, "links": len(needs.links), "missing": len(missing), "unplaced": len(needs.unplaced)}
    lines = [_SAID.say(language, file=needs.file, **sizes)]
    for need in missing[:SHOWN]:
        names = listed([target.name for target in need.targets], language)
        said = {
            "quantity": quantity_text(need) or "—",
            "finding": finding(need).say(language),
            "targets": f": {names}" if names else "",
        }
        lines.append(_LINE.say(language, name=need.name, **said))
    lines += ["  …"] * (len(missing) > SHOWN)
    if needs.unplaced:
        lines.append(_UNPLACED.say(language, names=listed([one.part.name for one in needs.unplaced], language)))
    return "\n".join([*lines, _WRITTEN.say(language, path=path)])


def _link_row(need: LinkNeed, language: Language) -> tuple[Cell, ...]:
    targets = [f"{one.candidate_id} {one.name}" for one in need.targets]
    plan = (need.sources, need.demand, need.supply, need.gap, GRADES[need.grade].say(language))
    own = (need.link_id, need.name, need.chain, "、".join(need.parts), quantity_text(need), _number(need.value))
    return (*own, listed(need.local, language), *plan, len(targets), listed(targets, language), finding(need).say(language))


def _part_row(needs: Needs, one: PartNeed, language: Language) -> tuple[Cell, ...]:
    part = one.part
    kind = PRODUCT if part.product else ASSEMBLY if part.assembly else PART
    link = needs.texts[one.link] if one.link >= 0 else None
    suggested = [f"{needs.texts[found.link].link_id} {needs.texts[found.link].name} {found.score:.2f}" for found in one.suggested]
    how = "" if part.product else _HOW[one.how].say(language)
    own = (part.name, part.number, _number(part.quantity), part.unit, _number(part.value), kind.say(language))
    of = (link.link_id if link else "", link.name if link else "", how)
    return (*own, *of, "；".join(suggested), listed(one.named_by, language))


def finding(need: LinkNeed) -> Words:
    """Whether a link is made here, and whether somebody could bring it."""
    return _FINDINGS[need.missing, bool(need.targets)]


def quantity_text(need: LinkNeed) -> str:
    """How many are needed, unit by unit; ≥ where the list gives some parts in money alone."""
    mark, least = "*" if need.assumed else "", "≥ " if need.uncounted else ""
    return "；".join(least + f"{figure(amount)} {unit}".strip() + mark for unit, amount in need.quantities)


def listed(names: tuple[str, ...] | list[str], language: Language) -> str:
    """The first names, and how many there are when there are more."""
    more = Words(" 等 {count} 家", " … {count} in all").say(language, count=len(names)) if len(names) > SHOWN else ""
    return ("、" if language == "zh" else ", ").join(names[:SHOWN]) + more


def figure(value: Fraction) -> str:
    """An exact number in digits: all of them where they end, else twelve."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
