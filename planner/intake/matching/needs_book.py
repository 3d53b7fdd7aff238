"""What a product needs as a workbook, and in a few lines for the console."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from planner.intake.matching.book import Heading, add_notes, add_sheet, workbook
from planner.intake.matching.needs import LinkNeed, Needs, PartNeed
from planner.language import Language, Words
from planner.publish.words import GRADES

SHOWN = 8
"""Names that a cell or a line lists before it only counts."""
FILE = Words("{stem}_补链.xlsx", "{stem}_needs.xlsx")
_LINKS = (
    Heading(Words("环节编号", "link id"), 12),
    Heading(Words("环节", "link"), 24),
    Heading(Words("产业链", "chain"), 18),
    Heading(Words("零部件", "parts"), 30),
    Heading(Words("需要数量", "quantity needed"), 16),
    Heading(Words("价值(元)", "value (元)"), 14, "#,##0.##"),
    Heading(Words("本地供应商", "suppliers here"), 34),
    Heading(Words("现有来源数", "sources"), 10),
    Heading(Words("年需求(万元)", "yearly demand (万元)"), 13, "#,##0.##"),
    Heading(Words("年供给(万元)", "yearly supply (万元)"), 13, "#,##0.##"),
    Heading(Words("缺口(万元)", "gap (万元)"), 13, "#,##0.##"),
    Heading(Words("评级", "grade"), 10),
    Heading(Words("目标企业数", "targets"), 10),
    Heading(Words("可招引的目标企业", "targets that could make it"), 60),
    Heading(Words("结论", "finding"), 26),
)
_PARTS = (
    Heading(Words("零部件", "part"), 28),
    Heading(Words("零部件编号", "part number"), 14),
    Heading(Words("总数量", "quantity in all"), 14),
    Heading(Words("单位", "unit"), 8),
    Heading(Words("价值(元)", "value (元)"), 14, "#,##0.##"),
    Heading(Words("性质", "kind"), 10),
    Heading(Words("环节编号", "link id"), 12),
    Heading(Words("环节", "link"), 24),
    Heading(Words("怎样对上", "matched by"), 16),
    Heading(Words("建议的环节（未采用）", "links suggested (not taken)"), 44),
    Heading(Words("业务中点名此部件的企业", "firms whose own words name it"), 44),
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
    links, parts, about = (sheet.say(language) for sheet in SHEETS)
    with workbook(path) as book:
        add_sheet(book, links, _LINKS, [_link_row(need, language) for need in needs.links], language)
        add_sheet(book, parts, _PARTS, [_part_row(needs, one, language) for one in needs.parts], language)
        add_notes(book, about, _NOTES.say(language, file=needs.file, count=needs.count).split("|"))


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


def _link_row(need: LinkNeed, language: Language) -> tuple[object, ...]:
    targets = [f"{one.candidate_id} {one.name}" for one in need.targets]
    plan = (need.sources, need.demand, need.supply, need.gap, GRADES[need.grade].say(language))
    own = (need.link_id, need.name, need.chain, "、".join(need.parts), quantity_text(need), _money(need.value, need.assumed))
    return (*own, listed(need.local, language), *plan, len(targets), listed(targets, language), finding(need).say(language))


def _part_row(needs: Needs, one: PartNeed, language: Language) -> tuple[object, ...]:
    part = one.part
    kind = PRODUCT if part.product else ASSEMBLY if part.assembly else PART
    link = needs.texts[one.link] if one.link >= 0 else None
    suggested = [f"{needs.texts[found.link].link_id} {needs.texts[found.link].name} {found.score:.2f}" for found in one.suggested]
    amount = None if part.quantity is None else _number(part.quantity, part.assumed)
    how = "" if part.product else _HOW[one.how].say(language)
    own = (part.name, part.number, amount, part.unit, _money(part.value, part.assumed), kind.say(language))
    of = (link.link_id if link else None, link.name if link else None, how)
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


def _number(value: Fraction, assumed: bool) -> object:
    return f"{figure(value)}*" if assumed else float(value)


def _money(value: Fraction | None, assumed: bool) -> object:
    return None if value is None else _number(value, assumed)
