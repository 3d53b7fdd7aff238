"""Units, and the headers that state them: ``计划投资额*(亿元)`` is 计划投资额, in 亿元, an assumption.

Factors are exact fractions and cells are converted as decimals, so 1.1 亿元 is exactly 11000 万元 and the unit in which
a bureau keeps its books changes nothing in a plan. What the table does not know is a label: equal to itself only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf
from types import MappingProxyType

_EXACT = Context(prec=50)
_MU = Fraction(10_000, 15)  # ㎡; 15 亩 are one hectare

_KINDS: Mapping[str, tuple[tuple[Fraction | int, tuple[str, ...]], ...]] = {
    "money": (
        (1, ("元",)),
        (10_000, ("万元", "万", "万人民币", "万元人民币")),
        (1_000_000, ("百万元",)),
        (10_000_000, ("千万元",)),
        (100_000_000, ("亿元", "亿", "亿元人民币", "亿人民币")),
    ),
    "area": (
        (1, ("平方米", "m2", "平米", "平方", "sqm")),
        (_MU, ("亩", "mu")),
        (10_000, ("公顷", "ha", "hectare", "hectares", "万平方米", "万m2")),
        (1_000_000, ("平方公里", "平方千米", "km2")),
    ),
    "power": (
        (1, ("kW", "千瓦", "KW", "kw", "Kw")),
        (1_000, ("MW", "兆瓦", "Mw", "mw")),
        (10_000, ("万千瓦", "万kW", "万kw", "万KW")),
        (1_000_000, ("GW", "吉瓦", "gw")),
    ),
    "water per day": (
        (1, ("吨/日", "t/d", "吨/天", "t/day", "立方米/日", "立方米/天", "方/日", "方/天")),
        (1, ("m3/d", "m3/日", "m3/天", "m3/day")),
        (10_000, ("万吨/日", "万吨/天", "万立方米/日", "万m3/d", "万m3/日", "万方/日")),
    ),
    "coal equivalent": ((1, ("吨标煤", "tce", "吨标准煤", "吨标煤当量")), (10_000, ("万吨标煤", "万tce", "万吨标准煤"))),
    "mass": ((1, ("吨", "t")), (10_000, ("万吨",))),
    "people": ((1, ("人", "名", "person", "persons", "people", "jobs")), (10_000, ("万人",))),
    "person-months": ((1, ("人月", "人·月", "person-month", "person-months", "人/月")),),
    "share": ((1, ("1", "比例", "小数")), (Fraction(1, 100), ("%", "百分比")), (Fraction(1, 1000), ("‰",))),
    "count": ((1, ("家", "个", "户", "项", "处", "firms")),),
    "points": ((1, ("分", "points")),),
    "angle": ((1, ("degree", "degrees", "度", "°", "deg")),),
    "time": ((1, ("年", "year", "a", "yr")),),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is known: ``factor`` of the kind's base unit make one of it."""

    kind: str
    factor: Fraction


class UnitError(ValueError):
    """Two units between which nothing converts."""


def fold_unit(label: str) -> str:
    """A unit's label with full-width forms, superscripts and blanks made plain: ``㎡`` and ``m²`` are ``m2``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)).replace("⁄", "/")


_UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        fold_unit(label): Unit(kind, Fraction(factor))
        for kind, entries in _KINDS.items()
        for factor, labels in entries
        for label in labels
    }
)


@lru_cache(maxsize=1024)
def known_unit(label: str) -> Unit | None:
    """The unit of that label, or None. ``万元/亩`` and ``亿元每平方公里`` are quotients of units that are known."""
    plain = fold_unit(label)
    if plain in _UNITS:
        return _UNITS[plain]
    over, slash, under = plain.replace("每", "/").partition("/")
    if not slash or over not in _UNITS or under not in _UNITS:
        return None
    numerator, denominator = _UNITS[over], _UNITS[under]
    return Unit(f"{numerator.kind} per {denominator.kind}", numerator.factor / denominator.factor)


def allowed_units(target: str) -> tuple[str, ...]:
    """Labels of the units that convert to ``target``; itself alone when it is only a label."""
    unit = known_unit(target)
    if unit is None:
        return (target,) if target else ()
    if unit.kind in _KINDS:
        return _labels(unit.kind)
    over, _, under = unit.kind.partition(" per ")
    base = "亩" if under == "area" else _labels(under)[0]
    money = "万元" if over == "money" else _labels(over)[0]
    return tuple(dict.fromkeys([f"{label}/{base}" for label in _labels(over)] + [f"{money}/{label}" for label in _labels(under)]))


def _labels(kind: str) -> tuple[str, ...]:
    """The usual label of each unit of a kind."""
    return tuple(labels[0] for _, labels in _KINDS[kind])


def scale(source: str, target: str) -> Fraction:
    """How many ``target`` make one ``source``; UnitError where the two are of different kinds, or labels that differ."""
    if fold_unit(source) == fold_unit(target):
        return Fraction(1)
    one, other = known_unit(source), known_unit(target)
    if one is None or other is None or one.kind != other.kind:
        raise UnitError(f"{source} → {target}")
    return one.factor / other.factor


def without_year(label: str) -> str:
    """``万元/年`` as ``万元``, for amounts that are yearly anyhow."""
    return re.sub(r"(?:/|每)(?:年|a|yr|year)$", "", fold_unit(label))


def scaled(value: str | int | float, factor: Fraction) -> float:
    """``value`` times ``factor``, worked in decimals from the value as it is written, then rounded once."""
    text = value if isinstance(value, str) else repr(value)
    try:
        product = _EXACT.multiply(Decimal(text), Decimal(factor.numerator))
        return float(product if factor.denominator == 1 else _EXACT.divide(product, Decimal(factor.denominator)))
    except ArithmeticError:  # beyond any number that a column can hold
        return inf


def convert(value: str | int | float, source: str, target: str) -> float:
    """``value`` in ``source`` as a number of ``target``: 1.1 亿元 are exactly 11000.0 万元; UnitError as in :func:`scale`."""
    return scaled(value, scale(source, target))


@dataclass(frozen=True, slots=True)
class Header:
    """A header as it is written, and what it says: the name, the unit in brackets if any, and the assumption mark."""

    text: str
    name: str
    unit: str | None
    assumed: bool


_OPEN, _CLOSE = "([{【〔", ")]}】〕"
_BRACKET = re.compile(rf"^(.+?)\s*[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]$", re.S)
_PREFIX = re.compile(r"^(?:计量)?单位\s*[:为]?\s*|^units?\s*:?\s*", re.I)


def parse_header(text: str) -> Header:
    """Read ``计划投资额*(亿元)``, ``总投资（单位：万元）``, ``投资额/万元``, ``用地 [亩]`` … over one or several lines.

    A ``*`` anywhere marks an assumption. The unit is what the last brackets hold; among several things said there
    (``（2024年，万元）``) it is the one that is a unit.
    """
    plain = unicodedata.normalize("NFKC", text)
    name, unit = _name_and_unit(re.sub(r"\s+", " ", plain.replace("*", " ")).strip())
    return Header(text.strip(), name, unit, "*" in plain)


def _name_and_unit(text: str) -> tuple[str, str | None]:
    """The two parts of a header without its mark; the unit is None where there is none."""
    text = re.sub(r"\s+(?=[(\[【〔])", "", text)
    if match := _BRACKET.match(text):
        return match[1].strip(), _unit_among(match[2])
    name, _, unit = text.rpartition("/")
    over, _, numerator = name.rpartition("/")
    if name and known_unit(unit) is not None:
        if over and known_unit(f"{numerator}/{unit}") is not None:
            return over.strip(), f"{numerator}/{unit}"
        return name.strip(), unit.strip()
    return text, None


def _unit_among(text: str) -> str | None:
    """The unit in what brackets hold; the whole text when none of its parts is a unit, None when it is empty."""
    text = _PREFIX.sub("", text.strip())
    parts = (_PREFIX.sub("", part.strip()) for part in re.split(r"[,;、:]", text))
    known = [part for part in parts if part and known_unit(part) is not None]
    return known[0] if len(known) == 1 else text or None


_ABOUT = re.compile(
    r"^(?:约|大约|大概|近|超|超过|不低于|不少于|≥|>|~|≈)?(?P<number>[+-]?\d[\d,]*(?:\.\d+)?)"
    r"(?P<unit>[^\d左多余以]*)(?:左右|多|余|以上|以内)?$"
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch


def suggestion(text: str, target: str) -> str | None:
    """What ``约3亿`` would be in ``target``, for a clerk to confirm; None when the text is not clearly one amount."""
    match = _ABOUT.match(fold_unit(text))
    if match is None or ("," in match["number"] and not _GROUPED(match["number"])):
        return None
    number, unit = match["number"].replace(",", ""), match["unit"] or target
    try:
        value = Decimal(repr(convert(number, without_year(unit), target)))
    except UnitError:
        return None
    return f"{value.normalize():f}"
