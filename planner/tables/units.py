"""Units, and the headers that state them: ``计划投资额*(亿元)`` is 计划投资额, in 亿元, an assumption.

Factors are exact fractions and cells are converted as decimals, so 1.1 亿元 is exactly 11000 万元 and the unit in which
a bureau keeps its books changes nothing in a plan. What the table does not know is a label: equal to itself only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf
from types import MappingProxyType

from planner.spelling import simplified

_EXACT = Context(prec=50)
_MU = Fraction(10_000, 15)  # ㎡; 15 亩 are one hectare

KINDS: Mapping[str, tuple[tuple[Fraction | int, tuple[str, ...]], ...]] = {
    "money": (
        (1, ("元", "yuan")),
        (10_000, ("万元", "万")),
        (1_000_000, ("百万元", "百万")),
        (10_000_000, ("千万元", "千万")),
        (100_000_000, ("亿元", "亿")),
    ),
    "area": (
        (1, ("平方米", "m2", "平米", "平", "平方", "平方公尺", "sqm", "sq m", "square metres", "square meters", "m^2")),
        (_MU, ("亩", "mu", "市亩", "mou")),
        (10_000, ("公顷", "ha", "hectare", "hectares", "hm2")),
        (1_000_000, ("平方公里", "平方千米", "km2", "sq km", "sqkm", "square kilometres", "square kilometers", "km^2")),
        (100, ("公亩",)),
        (Fraction(40_468_564_224, 10_000_000), ("英亩", "acre", "acres")),
        (Fraction(400, 121), ("坪", "ping")),
        (Fraction(9_290_304, 100_000_000), ("平方英尺", "平方呎", "sq ft", "sqft", "ft2", "square feet", "square foot")),
    ),
    "power": (
        (1, ("kW", "千瓦", "kilowatt", "kilowatts")),
        (1_000, ("MW", "兆瓦", "megawatt", "megawatts")),
        (10_000, ("万千瓦", "万kW")),
        (1_000_000, ("GW", "吉瓦", "百万千瓦")),
        (Fraction(1, 1_000), ("瓦", "W")),
    ),
    "power: apparent": ((1, ("kVA", "千伏安")), (1_000, ("MVA", "兆伏安")), (10_000, ("万kVA", "万千伏安"))),
    "electricity": (
        (1, ("kWh", "千瓦时", "千瓦·时", "kW·h", "千瓦小时")),
        (1_000, ("MWh", "兆瓦时")),
        (10_000, ("万kWh", "万千瓦时", "万度", "万kW·h", "万千瓦·时")),
        (100_000_000, ("亿千瓦时", "亿度", "亿kWh")),
    ),
    "water per day": (
        (1, ("吨/日", "t/d", "吨/天", "t/day", "立方米/日", "立方米/天", "方/日", "方/天")),
        (1, ("m3/d", "m3/日", "m3/天", "m3/day")),
        (10_000, ("万吨/日",)),
    ),
    "water per day: by the hour": ((1, ("吨/小时", "吨/时", "t/h", "m3/h", "立方米/小时", "立方米/时", "方/小时")),),
    "coal equivalent": (
        (1, ("吨标煤", "tce", "吨标准煤", "吨标煤当量")),
        (10_000, ("万吨标煤", "万tce", "万吨标准煤")),
        (Fraction(1, 1_000), ("千克标煤", "kgce", "千克标准煤", "公斤标煤", "公斤标准煤")),
    ),
    "mass": ((1, ("吨", "t", "公吨", "tonnes", "tons")), (10_000, ("万吨",)), (Fraction(1, 1_000), ("千克", "kg", "公斤"))),
    "length": ((1, ("公里", "km", "千米", "kilometres", "kilometers")),),
    "mass moved": ((1, ("吨公里", "吨·公里", "t·km", "tkm", "tonne-km")),),
    "volume": ((1, ("立方米", "m3", "立方", "方")),),
    "people": ((1, ("人", "名", "person", "persons", "people", "jobs")), (10_000, ("万人",)), (1_000, ("千人",)), (100, ("百人",))),
    "person-months": (
        (1, ("人月", "人·月", "person-month", "person-months", "人/月", "man-months")),
        (12, ("人年", "person-years")),
    ),
    "person-months: in days": ((1, ("人天", "人日", "人·天", "人/天", "人/日", "工日", "person-days", "man-days")),),
    "share": ((1, ("1", "比例", "小数")), (Fraction(1, 100), ("%", "百分比", "percent", "per cent")), (Fraction(1, 1000), ("‰",))),
    "count": ((1, ("家", "个", "户", "项", "处", "firms")),),
    "points": ((1, ("分", "points")),),
    "angle": ((1, ("degree", "degrees", "度", "°", "deg")),),
    "time": ((1, ("年", "year", "a", "yr")),),
    "time: part of a year": ((1, ("月", "季", "季度", "日", "天", "周", "小时", "month", "quarter", "week", "day", "hour", "h")),),
    "area: 顷": ((1, ("顷",)),),  # 100 亩 to some, a careless 公顷 to others
}
"""Kind: factor of its base unit and the labels of each unit, the usual one first. Kinds that differ after the colon only
measure the same thing, and nothing converts between them as they stand: kW and kVA, 元 and 美元."""

_CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "money": ("元人民币", "人民币元", "人民币", "RMB yuan", "RMB", "CNY", "yuan", "元", "¥"),
    "money: USD": ("美元", "美金", "USD", "US$", "US dollars", "US dollar", "dollars", "$"),
    "money: HKD": ("港元", "港币", "HKD", "HK$"),
    "money: EUR": ("欧元", "EUR", "euros", "euro", "€"),
    "money: JPY": ("日元", "JPY", "yen"),
    "money: GBP": ("英镑", "GBP", "£"),
    "money: TWD": ("新台币", "台币", "TWD", "NTD", "NT$"),
    "money: SGD": ("新加坡元", "新元", "SGD", "S$"),
    "money: other": ("韩元", "KRW", "澳元", "AUD", "加元", "CAD", "卢布", "卢比", "瑞士法郎", "CHF", "外币"),
}
_UNSTATED = "money: of no stated currency"
_MAGNITUDES: Mapping[str, int] = {
    name: 10**power
    for power, names in {
        1: "十|10",
        2: "百|100",
        3: "千|1000|1,000|10^3",
        4: "万|10000|10,000|10^4",
        5: "十万|100000|100,000",
        6: "百万|1000000|1,000,000|10^6",
        7: "千万",
        8: "亿|100000000|100,000,000|10^8",
        9: "十亿",
        10: "百亿",
        11: "千亿",
        12: "万亿",
    }.items()
    for name in names.split("|")
}
_OF_MONEY: Mapping[str, int] = {
    name: 10**power
    for power, names in {
        3: "thousand|k|'000|'000s|000s",
        4: "ten thousand|10 thousand|10k|w",
        6: "million|mn|mln|m",
        7: "ten million|10 million|10m",
        8: "hundred million|100 million|100 mn|100m",
        9: "billion|bn",
    }.items()
    for name in names.split("|")
}
_BARE = re.compile(r".*[万亿]|(?:hundred|ten)?(?:million|billion)|mn|mln|bn").fullmatch
"""Magnitudes that mean money without a currency too."""
_ENLARGED = frozenset({"area", "power", "power: apparent", "electricity", "water per day", "coal equivalent", "mass", "volume"})
"""Kinds whose units a magnitude may stand before: 万亩, 亿千瓦时."""
_ONE_SIGN = str.maketrans("’‘圆", "''元")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is known: ``factor`` of the kind's base unit make one of it."""

    kind: str
    factor: Fraction


class UnitError(ValueError):
    """Two units between which nothing converts."""


def plain_text(text: str) -> str:
    """A text with full-width and traditional forms, superscripts and case made plain, and ``/`` for 每 and "per"."""
    text = re.sub("10([³⁴⁵⁶⁷⁸⁹])", lambda power: f"10^{unicodedata.digit(power[1])}", text)
    apart = re.sub(r"(?<=[a-z]{3})(?=[A-Z])", " ", text)
    plain = simplified(unicodedata.normalize("NFKC", apart)).translate(_ONE_SIGN).casefold()
    return re.sub(r"(?<![a-z])per(?![a-z]|\s*cent)|每|⁄|÷", "/", plain)


@lru_cache(maxsize=4096)
def fold_unit(label: str) -> str:
    """A unit's label made plain, without blanks: ``㎡`` and ``m²`` are ``m2``, ``畝`` is ``亩``, ``万元每亩`` is ``万元/亩``."""
    return re.sub("/+", "/", re.sub(r"\s+", "", plain_text(label)))


_UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        fold_unit(label): Unit(kind, Fraction(factor))
        for kind, entries in KINDS.items()
        for factor, labels in entries
        for label in labels
    }
)
_CURRENCY_OF: Mapping[str, str] = {fold_unit(name): kind for kind, names in _CURRENCIES.items() for name in names}
_FACTORS: Mapping[str, int] = {fold_unit(word): factor for word, factor in {**_MAGNITUDES, **_OF_MONEY}.items()}


def _either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; blanks in them may be left out."""
    return "|".join(r"\s*".join(map(re.escape, word.casefold().split())) for word in sorted(words, key=len, reverse=True))


def _labels_of(enlarged: bool) -> str:
    return _either(
        label for kind, entries in KINDS.items() if (kind in _ENLARGED) is enlarged for _, labels in entries for label in labels
    )


_CURRENCY = _either(name for names in _CURRENCIES.values() for name in names)
_TIMES, _TIMES_MONEY, _LARGE = _either(_MAGNITUDES), _either([*_MAGNITUDES, *_OF_MONEY]), _labels_of(True)
_ENLARGED_LABEL = re.compile(rf"({_TIMES})({_LARGE})").fullmatch
_SUM = re.compile(rf"({_CURRENCY})?({_TIMES_MONEY})?(元?(?:{_CURRENCY})|元)?").fullmatch
LABELS = (
    re.compile(rf"(?:{_TIMES})?\s*(?:{_LARGE})"),
    re.compile(_labels_of(False)),
    re.compile(rf"(?:{_CURRENCY})?\s*(?:{_TIMES_MONEY})?\s*(?:元?(?:{_CURRENCY})|元)?"),
)
"""Patterns for what may be the label of one unit in a plain text (:func:`plain_text`); :func:`known_unit` says if it is."""


@lru_cache(maxsize=4096)
def known_unit(label: str) -> Unit | None:
    """The unit of that label, or None. ``万元/亩`` and ``亿元每平方公里`` are quotients of units that are known."""
    plain = fold_unit(label)
    over, slash, under = plain.partition("/")
    unit = _single(plain)
    if unit is not None or not slash:
        return unit
    numerator, denominator = _single(over), _single(under)
    if numerator is None or denominator is None:
        return None
    return Unit(f"{numerator.kind} per {denominator.kind}", numerator.factor / denominator.factor)


def _single(plain: str) -> Unit | None:
    """The unit of a folded label that is no quotient of two: 亩, 万亩, 人民币亿元, US$ million."""
    if plain in _UNITS:
        return _UNITS[plain]
    if match := _ENLARGED_LABEL(plain):
        unit = _UNITS[match[2]]
        return Unit(unit.kind, unit.factor * _FACTORS[match[1]])
    match = _SUM(plain)
    before, magnitude, after = match.groups() if match else (None, None, None)
    names = {_CURRENCY_OF.get(name) or _CURRENCY_OF[name.removeprefix("元")] for name in (before, after) if name}
    if len(names - {"money"}) > 1 or (magnitude is None and names <= {"money"}):
        return None  # 人民币 alone is a currency and no unit
    if not names and not _BARE(magnitude or ""):
        return None
    kind = next(iter(names - {"money"}), "money") if names or magnitude in _MAGNITUDES else _UNSTATED
    return Unit(kind, Fraction(_FACTORS[magnitude] if magnitude else 1))


def family(kind: str) -> str:
    """What is measured: money in any currency, power apparent or not."""
    return " per ".join(part.partition(":")[0] for part in kind.split(" per "))


def allowed_units(target: str) -> tuple[str, ...]:
    """Labels of the units that convert to ``target``; itself alone when it is only a label."""
    unit = known_unit(target)
    if unit is None:
        return (target,) if target else ()
    if unit.kind in KINDS:
        return usual_labels(unit.kind)
    over, _, under = unit.kind.partition(" per ")
    if not {over, under} <= KINDS.keys():
        return (target,)
    base = "亩" if under == "area" else usual_labels(under)[0]
    money = "万元" if over == "money" else usual_labels(over)[0]
    return tuple(
        dict.fromkeys([f"{label}/{base}" for label in usual_labels(over)] + [f"{money}/{label}" for label in usual_labels(under)])
    )


def usual_labels(kind: str) -> tuple[str, ...]:
    """The usual label of each unit of a kind."""
    return tuple(labels[0] for _, labels in KINDS[kind])


def usual_label(label: str) -> str:
    """The usual label of the same unit: 亿元 for 人民币億元; the label itself where there is none."""
    unit = known_unit(label)
    entries = KINDS.get(unit.kind, ()) if unit is not None else ()
    return next((labels[0] for factor, labels in entries if unit is not None and factor == unit.factor), label)


@lru_cache(maxsize=4096)
def scale(source: str, target: str, power_factor: float | None = None) -> Fraction:
    """How many ``target`` make one ``source``; UnitError where the two are of different kinds, or labels that differ.
    Apparent power is power by a stated ``power_factor`` only: 1 kVA at 0.9 is 0.9 kW."""
    if fold_unit(source) == fold_unit(target):
        return Fraction(1)
    one, other = known_unit(source), known_unit(target)
    if one is None or other is None:
        raise UnitError(f"{source} → {target}")
    if power_factor is not None and (one.kind, other.kind) == ("power: apparent", "power"):
        return one.factor * Fraction(repr(power_factor)) / other.factor
    if one.kind != other.kind:
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


@lru_cache(maxsize=4096)
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
    parts = (_PREFIX.sub("", part.strip()) for part in re.split(r",(?!\d{3})|[;、:]", text))
    known = [part for part in parts if part and known_unit(part) is not None]
    return known[0] if len(known) == 1 else text or None
