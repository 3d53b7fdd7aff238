"""Which units a text speaks of: a header in any punctuation, a title, a note, a number format.

A label of two characters or more counts wherever it stands; a short one (元, 亩, 万, t) only where it stands apart, as it
is also part of other words (单元, 万华). A number before it makes an amount of it (5亿元以上), which states no unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from planner.tables.units import LABELS, Unit, family, known_unit, plain_text

Standing = Literal["apart", "inside", "end", "amount", "class", "rate"]
_SHORT = re.compile(r"[一-鿿]|[a-z·%‰°]|[十百千万亿]+|ping|新元|加元|澳元").fullmatch
_NAMES = frozenset({"比例", "小数", "百分比"})
"""Labels that are also what a column of shares is called: units only where they stand apart."""
_BEFORE = re.compile(r"(?:单位|units?|均?为|以|按|\bin)[\s:]*$")
_AFTER = re.compile(r"\s*(?:为单位|计算?(?![划一-鿿])|计$)")
_LIST_BEFORE = re.compile(r"^(?!.*(?:强度|均|率|价)).*(?:单位|units?|计量|[:(])[\s:为]*$", re.S)
_RATE = re.compile(r"\s*/\s*[^\W\d_]")
_LETTER_BEFORE = re.compile(r"(?<![a-z])[a-z]$")
"""What stands there makes another unit of it, known or not: B元."""
_UNIT_BEFORE = re.compile(r"(?:单位|units?)[\s:为]*$")
_NUMBER_BEFORE = re.compile(r"(?:[\d.]|[一二三四五六七八九十百千万亿两几数多余])\s*$")
_CLASS_AFTER = re.compile(r"\s*(?:及?以[上下内]|级|大?项目|重大|产业|企业|园区|集群|工程|俱乐部|楼宇|计划|产值)")
_LEFT_OVER = re.compile(r"(?:计量|金额|面积)?单位\s*[:为]?|以\s*计算?|以\s*为|(?<![a-z])units?\s*:?|(?<![a-z])in\s*(?=[)\]:]|$)")
_EMPTY = re.compile(r"[(\[{<【〔《「『]\s*[)\]}>】〕》」』]")
_AROUND = " \t\n:,、;/|·-_—–~=*。."


SOFT = frozenset({"count", "time", "share", "points", "angle"})
"""Kinds whose short labels end many names: 评分, 季度."""


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A unit that a text speaks of, and how it stands there: between separators, inside other words, as a short label at
    the very end (用地亩), behind a number, before a class of things (亿元项目), or per something that is not known (万元/件)."""

    label: str
    unit: Unit
    standing: Standing
    start: int
    end: int


@lru_cache(maxsize=4096)
def units_in(text: str) -> tuple[UnitWord, ...]:
    """All units that a text speaks of, from left to right; positions are those of the plain text."""
    plain = plain_text(text)
    words: list[UnitWord] = []
    at = 0
    while at < len(plain):
        label = _label_at(plain, at)
        unit = known_unit(label) if label else None
        standing = _standing(plain, label, at) if unit is not None else None
        if unit is None or standing is None or family(unit.kind) == "time" or (label in _NAMES and standing != "apart"):
            at += 1
            continue
        per = re.compile(r"\s*/\s*\w+").match(plain, at + len(label)) if standing == "rate" else None
        end = per.end() if per else at + len(label)
        words.append(UnitWord(label, unit, standing, at, end))
        at = end
    return tuple(words)


def _label_at(plain: str, at: int) -> str:
    """The longest label of a unit, or of a quotient of two, that begins there; ``""`` where none does."""
    over = _one_at(plain, at)
    slash = re.compile(r"\s*/\s*").match(plain, at + len(over)) if over else None
    under = _under_at(plain, slash.end()) if slash else ""
    third = re.compile(r"\s*/\s*").match(plain, slash.end() + len(under)) if slash and under else None
    if third and _one_at(plain, third.end()):
        return over  # 亿元/公顷/MW is a list
    whole = plain[at : slash.end() + len(under)] if slash and under else over
    return whole if known_unit(whole) is not None else over


def _under_at(plain: str, at: int) -> str:
    """What a unit is divided by; a short label that is part of a longer word (每项目) is none."""
    label = _one_at(plain, at)
    return "" if _SHORT(label) and plain[at + len(label) : at + len(label) + 1].isalnum() else label


def _one_at(plain: str, at: int) -> str:
    if plain[at : at + 1].isspace() or (_latin(plain, at) and _latin(plain, at - 1)):
        return ""
    found = (match[0].rstrip() for match in (pattern.match(plain, at) for pattern in LABELS) if match)
    whole = (label for label in found if label and label != "1" and not _cut(plain, at + len(label)))
    return max((label for label in whole if known_unit(label) is not None), key=len, default="")


def _latin(plain: str, at: int) -> bool:
    return 0 <= at < len(plain) and "a" <= plain[at] <= "z"


def _cut(plain: str, end: int) -> bool:
    """Whether a label that ends there would be cut out of a word or a number."""
    digits = plain[end - 1].isdigit() and plain[end : end + 1].isdigit()
    return digits or (_latin(plain, end - 1) and _latin(plain, end))


def _standing(plain: str, label: str, start: int) -> Standing | None:
    before, after = plain[:start], plain[start + len(label) :]
    apart = not (before[-1:].isalnum() or after[:1].isalnum())
    told = bool(_BEFORE.search(before) or _AFTER.match(after))
    if _NUMBER_BEFORE.search(before) and not _UNIT_BEFORE.search(re.sub(r"[\d.\s]+$", "", before)):
        return "amount"
    if (per := _RATE.match(after)) and not _under_at(after, per.end() - 1):
        return "rate"
    if apart or told:
        return "class" if not told and _CLASS_AFTER.match(after) else "apart"
    if _SHORT(label):
        ends = not after.strip(_AROUND) and before[-1:].isalnum() and not _LETTER_BEFORE.search(before)
        return "end" if ends else None
    return "class" if _CLASS_AFTER.match(after) else "inside"


def stated_in(text: str) -> tuple[UnitWord, ...]:
    """The units that a title, a note or a name states; amounts and parts of other words are none. Of 单位：亿元/亩 also its
    two parts, as a list is meant as often as a quotient."""
    stated = [word for word in units_in(text) if word.standing in ("apart", "inside", "rate")]
    lists = [word for word in stated if "/" in word.label and _LIST_BEFORE.search(plain_text(text)[: word.start])]
    parts = ((part.strip(), known_unit(part)) for word in lists for part in word.label.split("/"))
    return (
        *stated,
        *(UnitWord(part, unit, "apart", 0, 0) for part, unit in parts if unit is not None and family(unit.kind) != "time"),
    )


def without_units(text: str) -> str:
    """A header without the units it speaks of and what leads to them: 可供用地 of ``可供用地：公顷``; ``""`` when it speaks
    of none."""
    words = [word for word in units_in(text) if word.standing != "amount" and word.end > word.start]
    words = [word for word in words if word.standing != "end" or family(word.unit.kind) not in SOFT]
    if not words:
        return ""
    rest = plain_text(text)
    for word in reversed(words):
        rest = rest[: word.start] + rest[word.end :]
    rest = _EMPTY.sub("", _LEFT_OVER.sub("", rest.replace("*", " "))).strip(_AROUND)
    while len(rest) > 2 and _EMPTY.fullmatch(rest[0] + rest[-1]):
        rest = rest[1:-1].strip(_AROUND)
    return rest
