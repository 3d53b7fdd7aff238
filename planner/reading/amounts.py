"""Amounts in words, as people keep them in workbooks: 约3亿5千万, 5-10亿元, 300余亩, 125+, 338kVA, 三千万元, 12.5公顷.

Every reading keeps the cell as it stood, the value, and the rules it was read by; what is not clearly one amount is
:class:`Unread` with the reason, never a guess. The tables of a plan are not read so: there such a cell is an error, and
the reading its hint. An intake reads by these rules and records each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, nan
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

from planner.language import Words
from planner.spelling import UNSEEN, half_width
from planner.tables.units import UnitError, known_unit, scale, without_year

Value = TypeVar("Value", covariant=True)
OfRange = Literal["low", "middle", "high"]
"""Which figure of 5–10 is taken."""

RULES: Mapping[str, Words] = MappingProxyType(
    {
        "text": Words("文本数字按数读", "text read as the number it is"),
        "unit": Words("按单元格中的单位换算", "converted from the unit in the cell"),
        "numerals": Words("汉字数字按数读", "Chinese numerals read"),
        "about": Words("“约、左右”等取所写之数", "'about': the figure as written"),
        "at least": Words("“以上、余、多、+”等取所写之数", "'at least', 'more than': the figure as written"),
        "at most": Words("“以内、不超过”等取所写之数", "'at most', 'within': the figure as written"),
        "low": Words("区间取下限", "the low end of the range"),
        "middle": Words("区间取中值", "the middle of the range"),
        "high": Words("区间取上限", "the high end of the range"),
        "power factor": Words("视在功率按所写功率因数换算", "apparent power by the stated power factor"),
        "blank": Words("“无、暂无、—”等当作空白", "a word for nothing is a blank"),
    }
)
"""How a cell was read."""

BLANK_WORDS = frozenset(
    {
        *("不详", "空", "空白", "不适用", "不分组", "#"),
        *("暂不确定", "保密", "na", "n/a", "n.a.", "#n/a", "null", "none", "nil", "nan", "tbd", "unknown"),
    }
)
"""Words that say that nothing is known, folded; ``-``, ``/``, ``…`` and their like say it too."""
DITTO = frozenset({"同上", "同前", "同左", "同上行", "〃", "′′", "''", '"', "”", "ditto", "idem", "same as above", "do."})
"""What says that a cell is as the one above it, folded."""
ANY_WORDS = frozenset(
    {
        "不限",
        "全部",
        "所有",
        "任意",
        "均可",
        "都可以",
        "不限制",
        "不限定",
        "无限制",
        "全部产业链",
        "所有产业链",
        "any",
        "all",
        "unlimited",
    }
)
"""What says of a list that anything will do, folded."""
_SIGNS_OF_NOTHING = re.compile(r"[-−‐-―ー─_/\\|.。·…*×?？、]*").fullmatch
_NOT_THERE = re.compile(
    r"[(\[【]?(?:(?:目前|暂时?|尚|还)?(?:无|没有|未(?=.))(?:统一)?(?:编号|编码|代码|分配|填写?|定|知|明确|确定|提供|报送?|统计|分组|数据)?"
    r"|暂?缺失?|从?略|详?见(?:附件|附表|备注|说明)|待(?:定|补充?|报|填写?|核实?|分配|编号?|确认|明确|统计|提供)|(?:编号|编码|代码)待定)[)\]】]?[。.!！]?"
).fullmatch
"""What people write where there is nothing yet: 未编号, 暂缺, 见附件, （无）。"""
_UNSEEN = re.compile(f"[{UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """What a cell says. ``assumed``: the value is marked as an assumption, or rests on one of the rules that take a figure
    for what is only said roughly."""

    raw: object
    value: Value
    rules: tuple[Words, ...] = ()
    assumed: bool = False

    @property
    def rule(self) -> Words:
        """The rules in one text; empty where the cell was read as it stands."""
        return Words("；".join(rule.zh for rule in self.rules), "; ".join(rule.en for rule in self.rules))


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that cannot be read without a guess, and why."""

    raw: object
    why: Words


class UnclearError(ValueError):
    """Raised inside the readers; they return it as :class:`Unread`."""

    def __init__(self, zh: str, en: str) -> None:
        self.why = Words(zh, en)
        super().__init__(en)


def plain(cell: object) -> str:
    """A cell's text with full-width forms and blanks at the ends made plain, 2024.0 as 2024; what cannot be seen is taken out."""
    whole = isinstance(cell, float) and cell.is_integer()
    text = "" if cell is None or cell != cell else str(int(cell) if whole else cell)  # type: ignore[call-overload]
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNSEEN.sub("", half_width(text)).strip()


def says_nothing(cell: object) -> bool:
    """Whether a cell holds a word or sign for nothing (无, —, /, N/A), or is blank."""
    if isinstance(cell, (bool, int, float)):
        return cell != cell
    text = "".join(plain(cell).split()).casefold()
    return text in BLANK_WORDS or _SIGNS_OF_NOTHING(text) is not None or _NOT_THERE(text) is not None


def read_amount(
    cell: object, target: str, stated: str | None = None, ranges: OfRange = "middle", power_factor: float | None = None
) -> Reading[float] | Unread:
    """The amount in a cell, in the unit ``target``. ``stated`` is the unit of the column, for cells that name none (default:
    ``target``); ``power_factor`` is kW per kVA. NaN where the cell says that nothing is known."""
    if says_nothing(cell):
        return Reading(cell, nan, (RULES["blank"],) if plain(cell) else ())
    text = plain(cell)
    marked, text = text.endswith("*"), text.rstrip("* ")
    unit = target if stated is None else stated
    rules: dict[str, None] = {}
    try:
        if isinstance(cell, bool):
            raise UnclearError("不是数", "is no amount")
        value = _amount(repr(cell) if isinstance(cell, (int, float)) else text, _Wanted(target, unit, ranges, power_factor), rules)
    except UnclearError as error:
        return Unread(cell, error.why)
    if isinstance(cell, str) and not rules and re.search(r"[^\d.+-]", cell.strip()):
        rules["text"] = None
    rough = rules.keys() & {"about", "at least", "at most", "low", "middle", "high", "power factor"}
    return Reading(cell, value, tuple(RULES[name] for name in rules), marked or bool(rough))


@dataclass(frozen=True, slots=True)
class _Wanted:
    target: str
    stated: str
    ranges: OfRange
    power_factor: float | None


_ROUGH: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("at most", re.compile(r"^(?:不超过|不高于|不多于|至多|最多|低于|少于|≤|<=?)|(?:\(含\))?(?:以内|之内|以下|封顶)$")),
    ("at least", re.compile(r"^(?:超过|超|逾|不低于|不少于|至少|最少|高于|大于|≥|>=?)|(?:\(含\))?(?:以上|之上|起)$")),
    ("about", re.compile(r"^(?:大约|约为|约|大概|大致|将近|接近|近|预计|预估|估计|≈|~)|(?:左右|上下|许)$")),
    ("at least", re.compile(r"(?<=[\d十百千万亿])\s*(?:多|余|\+)(?!\s*\d)|(?<=[^\d\s])\+$")),
)
"""Words that make a figure a rough one: before it, behind it, or between the number and its unit (5亿多元)."""
_BETWEEN = re.compile(r"^(.*[\d十百千万亿\w%])\s*(?:-+|−|[‐-―]+|~+|至|到)\s*(\S.*)$")
_REMARK = re.compile(r"\((?:人民币|RMB|CNY|含|估|预计|暂估|估算)\)", re.I)
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|¥)\s*(?=[\d零〇一二两三四五六七八九十约])", re.I)
_YEARS = re.compile(r"(?:19|20)\d\d").fullmatch


_Tokens = list[re.Match[str]]


def _amount(text: str, wanted: _Wanted, rules: dict[str, None]) -> float:
    """The value of a plain text; adds to ``rules``. Raises UnclearError."""
    text = _without_rough_words(_REMARK.sub("", text), rules)
    if (match := _CURRENCY.match(text)) and _kind(wanted.target) == "money":
        text = _without_rough_words(text[match.end() :], rules)
    if (span := _BETWEEN.match(text)) and not re.fullmatch(r"[\d.]+[eE]", span[1]):
        return _of_range(span[1], span[2], wanted, rules)
    return _rounded(_in_target(*_parts(text, rules), wanted, rules))


def _without_rough_words(text: str, rules: dict[str, None]) -> str:
    for _ in range(3):  # 约3亿元以上
        for name, words in _ROUGH:
            without = words.sub("", text, count=1).strip()
            if without != text:
                rules[name], text = None, without
    return text


def _rounded(value: Fraction) -> float:
    try:
        result = float(value)
    except OverflowError:
        result = inf
    if not isfinite(result):
        raise UnclearError("数太大", "is beyond any amount")
    return result


def _of_range(first: str, second: str, wanted: _Wanted, rules: dict[str, None]) -> float:
    """5-10亿, 5000万至1亿, 300~500亩: the first takes what the second says where it says nothing itself."""
    unclear = UnclearError("像区间，但两端读不出高低", "looks like a range, but its ends are not a low and a high one")
    if _YEARS(first) and _YEARS(second):
        raise UnclearError("像年份而不是数量", "looks like years, not an amount")
    low, low_unit = _parts(first, rules)
    high, high_unit = _parts(_without_rough_words(second, rules), rules)
    if low_unit and not high_unit and not _large(high):
        raise unclear
    if not low_unit and not _large(low) and _large(high):
        shared = [at for at, token in enumerate(high) if at and token["times"]]
        if any(token["times"] for token in low) or shared != list(range(len(high) - len(shared), len(high))):
            raise unclear
        low = [*low, *high[-len(shared) :]]
    ends = [_in_target(low, low_unit or high_unit, wanted, rules), _in_target(high, high_unit, wanted, rules)]
    if not 0 <= ends[0] < ends[1]:
        raise unclear
    rules[wanted.ranges] = None
    return _rounded({"low": ends[0], "middle": (ends[0] + ends[1]) / 2, "high": ends[1]}[wanted.ranges])


def _large(tokens: _Tokens) -> bool:
    return any(token["times"] in ("万", "亿") for token in tokens)


def _in_target(tokens: _Tokens, unit: str, wanted: _Wanted, rules: dict[str, None]) -> Fraction:
    """The number in the unit wanted. 3 亿 without a unit is money where money is wanted, and 1.2 万 is 12,000 of a unit
    that is not itself a multiple. 五千瓦 is 5000 瓦 as well as 5 千瓦; what 三万五千瓦 is nobody can tell."""
    times = "".join(token["times"] or "" for token in tokens)
    if not unit:
        money = _kind(wanted.target) == "money" and _large(tokens)
        if times and not money and ("亿" in times or not _single(wanted.stated)):
            zh = f"不清楚“{times}”是几倍的什么：本列单位是 {wanted.stated}"
            raise UnclearError(zh, f"{times} of what is not said: the column is in {wanted.stated}")
        if not times or not money:
            return _number(tokens) * _factor(wanted.stated, wanted, rules)
        unit = "元"
    if tokens[-1]["times"] == "千" and len(times) > 1 and not tokens[-2]["times"] and unit[:1] in ("瓦", "克", "伏"):
        raise UnclearError(
            f"“千”属于数字还是属于“千{unit[:1]}”，不清楚", "whether 千 belongs to the number or to the unit is not clear"
        )
    refusals: list[UnclearError] = []
    for count in range(len(tokens), 0, -1):
        try:
            value = _number(tokens[:count]) * _factor("".join(token["times"] for token in tokens[count:]) + unit, wanted, rules)
        except UnclearError as refusal:
            refusals.append(refusal)
        else:
            rules["unit"] = None
            return value
        if not tokens[count - 1]["times"]:
            break
    raise refusals[0]


def _factor(unit: str, wanted: _Wanted, rules: dict[str, None]) -> Fraction:
    """How many of the unit wanted make one ``unit``; kVA by the power factor. Raises UnclearError."""
    apparent = _kind(unit) == "power: apparent" and _kind(wanted.target) == "power"
    if apparent and wanted.power_factor is None:
        zh = f"{unit} 是视在功率，没有功率因数不能换算成 {wanted.target}"
        raise UnclearError(zh, f"{unit} is apparent power: without a power factor it cannot be converted to {wanted.target}")
    for form in (unit, without_year(unit)):
        try:
            factor = scale(form, wanted.target, wanted.power_factor)
        except UnitError:
            continue
        rules |= {"power factor": None} if apparent else {}
        return factor
    raise UnclearError(f"“{unit}”不能换算成 {wanted.target}", f"'{unit}' does not convert to {wanted.target}")


def _kind(unit: str) -> str:
    known = known_unit(unit)
    return "" if known is None else known.kind


def _single(unit: str) -> bool:
    """Whether people say 万 and 千 of this unit: of 亩, 人, 吨, not of 万元 or MW."""
    known = known_unit(unit)
    return unit == "亩" or (known is not None and known.factor == 1 and not set(unit) & set("十百千万亿"))


_DIGITS = {**dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True)), "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億兩貳參陸點", "一二三四五六七八九十百千万亿两二三六点")
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NUMERAL = "零〇一二两三四五六七八九"
_ARABIC = r"[+−-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)"
_TOKEN = re.compile(
    rf"\s*(?:(?P<arabic>{_ARABIC})|(?P<point>点)(?P<tenths>[{_NUMERAL}]+)|(?P<digit>[{_NUMERAL}])|(?P<times>[十百千万亿]))"
)


def _parts(text: str, rules: dict[str, None]) -> tuple[_Tokens, str]:
    """A text as the tokens of its number and its unit: 3 亿 5 千 万 · 元. Raises UnclearError."""
    text = text.translate(_FORMAL)
    at, tokens = 0, []
    while match := _TOKEN.match(text, at):
        tokens.append(match)
        at = match.end()
    unit = text[at:].strip()
    if not tokens or re.search(rf"[\d{_NUMERAL}]", re.sub("(?<=m)\\^?[23]", "", unit, flags=re.I)) or unit[:1] in (",", "."):
        raise UnclearError("不是清楚的一个数量", "is not clearly one amount")
    if any(token["digit"] or token["point"] for token in tokens) or not any(token["arabic"] for token in tokens):
        rules["numerals"] = None
    return tokens, unit


def _number(tokens: _Tokens) -> Fraction:
    """The tokens as one number. 三万五, 3亿5 and 五六亿 are not clearly one. Raises UnclearError."""
    unclear = UnclearError("数字读法不止一种", "the numerals can be read in more than one way")
    total = section = Fraction(0)
    number: Fraction | None = None
    last, least, zero, exact = 1, 10**16, False, False
    for token in tokens:
        if token["times"]:
            times = _TIMES[token["times"]]
            if times < 10**4:
                if (number is None and (section or times != 10)) or times >= last > 1:
                    raise unclear
                section, last = section + (1 if number is None else number) * times, times
            else:
                if (number is None and not section) or times >= least:
                    raise unclear
                total, section, last, least = total + (section + (number or 0)) * times, Fraction(0), times, times
            number, zero, exact = None, False, False
        elif token["point"]:
            if number is None and not section:
                raise unclear
            tenths = "".join(str(_DIGITS[digit]) for digit in token["tenths"])
            number, exact = (number or Fraction(0)) + Fraction(f"0.{tenths}"), number is None or not section
        elif token["digit"] and _DIGITS[token["digit"]] == 0 and (section or total):
            zero = True
        elif number is not None:
            raise unclear
        else:
            number = (
                Fraction(re.sub("[, ]", "", token["arabic"]).replace("−", "-"))
                if token["arabic"]
                else Fraction(_DIGITS[token["digit"]])
            )
    if number is not None and last > 10 and not (zero or exact):
        raise unclear
    return total + section + (number or 0)
