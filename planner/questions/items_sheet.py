"""The difference of two plans item by item, as tables of a sheet of six columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from planner.language import Words
from planner.publish.basis import Basis
from planner.publish.book.columns import Column
from planner.publish.fields import GRADE, LINK_NAME, NAME, SHORTAGE, UNIT
from planner.publish.words import GRADES, TERMS, unit_words
from planner.questions.items import Difference
from planner.questions.items_text import CHANGES, NOBODY, Items
from planner.questions.words import decimals

CHANGE, WHAT, ITEM = Words("目标值变化", "Change of value"), Words("变化", "What changes"), Words("项目", "Item")
BY_TERM, BY_FIRM = Words("按目标项", "By term"), Words("按企业", "By firm")
BY_LINK, BY_LIMIT = Words("环节", "Links"), Words("限制", "Limits")
WON, LOST = Words("得到备份", "won"), Words("失去备份", "lost")
BINDS, FREED = Words("新用尽", "binds now"), Words("腾出", "freed")
SHOWN = 40
"""Rows of one table; what lies beyond them is one row."""
Sides = tuple[Words, Words]
"""What the plan before and the plan after are called."""


def tables_of(items: Items, found: Difference, basis: Basis, sides: Sides) -> Iterator[tuple[Words, list[Column]]]:
    """Heading and columns of each table of a difference; ``sides`` are what the two plans are called."""
    yield BY_TERM, _parts(items, found, basis, sides)
    yield BY_FIRM, _firms(items, found, basis, sides)
    yield BY_LINK, _links(items, found, basis, sides)
    effects = [items.say(BINDS)] * len(found.bound) + [items.say(FREED)] * len(found.freed)
    limits = [items.limit(limit) for limit in (*found.bound, *found.freed)]
    yield BY_LIMIT, [Column(BY_LIMIT, limits, span=5), Column(WHAT, effects, "short")]


def _figures(found: Difference, values: Sequence[tuple[float, ...]], assumed: Sequence[bool] | bool) -> Iterator[Column]:
    """The change of the value, a column for each level."""
    for n, level in enumerate(found.levels):
        of_level = Words(f"{CHANGE.zh}（第 {n + 1} 优先级）", f"{CHANGE.en} (priority {n + 1})")
        title, figures = of_level if len(found.levels) > 1 else CHANGE, [row[n] for row in values]
        places = decimals([level.difference, *figures])
        yield Column(title, figures, "number", assumed=assumed, total=True, decimals=places)


def _parts(items: Items, found: Difference, basis: Basis, sides: Sides) -> list[Column]:
    parts = found.parts
    reached, offered = ([part.kind == "term" and basis.term(part.name, offered=of) for part in parts] for of in (False, True))
    return [
        Column(ITEM, [items.part(part) for part in parts], room=30),
        Column(UNIT, [items.say(unit_words(part.unit)) for part in parts], "short"),
        Column(sides[0], [part.before for part in parts], "mixed", assumed=reached),
        Column(sides[1], [part.after for part in parts], "mixed", assumed=reached),
        *_figures(found, [part.values for part in parts], [a or b for a, b in zip(reached, offered, strict=True)]),
    ]


def _firms(items: Items, found: Difference, basis: Basis, sides: Sides) -> list[Column]:
    """Firms up to :data:`SHOWN`; the others, and what belongs to nobody, in rows of their own."""
    shown, rest = found.firms[:SHOWN], found.firms[SHOWN:]
    values = [firm.values for firm in shown]
    names = [items.firm(firm.candidate_id, firm.name) for firm in shown]
    if rest:
        names.append(items.say(Words("其余 {n} 家", "{n} more"), n=len(rest)))
        values.append(tuple(math.fsum(firm.values[n] for firm in rest) for n in range(len(found.levels))))
    if any(found.nobody):
        names.append(items.say(NOBODY))
        values.append(found.nobody)
    blank = [""] * (len(names) - len(shown))
    return [
        Column(NAME, names, room=30),
        Column(WHAT, [*(items.say(CHANGES[firm.change]) for firm in shown), *blank], "short"),
        Column(sides[0], [*(items.stand(firm, after=False) for firm in shown), *blank]),
        Column(sides[1], [*(items.stand(firm, after=True) for firm in shown), *blank]),
        *_figures(found, values, basis.value()),
    ]


def _links(items: Items, found: Difference, basis: Basis, sides: Sides) -> list[Column]:
    links, known = found.links, items.links
    assumed = [link.link_id in known and basis.shortage(known[link.link_id], after=True) for link in links]
    both = [(items.say(GRADES[link.grade_before]), items.say(GRADES[link.grade_after])) for link in links]
    before, after = (Words(f"{SHORTAGE.zh}：{when.zh}", f"{SHORTAGE.en}: {when.en}") for when in sides)
    backups = [
        "" if link.backed_up_before == link.backed_up_after else items.say(WON if link.backed_up_after else LOST) for link in links
    ]
    return [
        Column(LINK_NAME, [link.name for link in links], room=30),
        Column(GRADE, [old if old == new else f"{old} → {new}" for old, new in both], "short"),
        Column(before, [link.shortage_before for link in links], "number", unit_words("万元"), assumed),
        Column(after, [link.shortage_after for link in links], "number", unit_words("万元"), assumed),
        *_figures(found, [link.values for link in links], assumed),
        Column(TERMS["backup"], backups, "short"),
    ]
