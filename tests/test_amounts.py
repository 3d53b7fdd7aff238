"""Amounts, dates, yes or no and progress in words: read by a stated rule, or not read at all."""

from __future__ import annotations

import datetime as dt
import random
from math import isnan

import pytest

from planner.reading.amounts import RULES, OfRange, Reading, Unread, read_amount, says_nothing
from planner.reading.phrases import read_date, read_flag, read_quarter, read_status


def amount(cell: object, target: str, stated: str | None = None, ranges: OfRange = "middle") -> Reading[float]:
    read = read_amount(cell, target, stated, ranges)
    assert isinstance(read, Reading), (cell, read)
    return read


@pytest.mark.parametrize(
    ("cell", "target", "value", "assumed"),
    [
        ("5,000万元", "万元", 5000, False),
        ("０．５公顷", "亩", 7.5, False),
        ("2670kW", "MW", 2.67, False),
        ("3亿元/年", "万元", 30000, False),
        ("人民币3亿元", "万元", 30000, False),
        ("￥5,000万", "万元", 5000, False),
        ("35％", "1", 0.35, False),
        ("3亿5千万", "万元", 35000, False),
        ("3亿5000万元", "万元", 35000, False),
        ("三亿五千万", "万元", 35000, False),
        ("壹仟伍佰万元", "万元", 1500, False),
        ("一亿零五百万元", "万元", 10500, False),
        ("三点五亿", "万元", 35000, False),
        ("三百万千瓦", "MW", 3000, False),
        ("1.2万", "人", 12000, False),
        ("约3亿", "万元", 30000, True),
        ("80亩左右", "亩", 80, True),
        ("三百余亩", "亩", 300, True),
        ("5亿多元", "万元", 50000, True),
        ("125+", "亩", 125, True),
        ("不超过50亩", "亩", 50, True),
        ("12.5*", "亩", 12.5, True),
        ("−7", "亩", -7, False),
        (0, "亩", 0, False),
    ],
)
def test_what_is_clearly_one_amount_is_read(cell: object, target: str, value: float, assumed: bool) -> None:
    read = amount(cell, target)
    assert (read.value, read.assumed, read.raw) == (value, assumed, cell)
    assert bool(read.rules) == isinstance(cell, str)


@pytest.mark.parametrize(("rule", "value"), [("low", 50000), ("middle", 75000), ("high", 100000)])
@pytest.mark.parametrize("cell", ["5-10亿", "5~10亿元", "5至10亿", "5亿—10亿", "五至十亿元", "50000万到10亿", "约5－10亿左右"])
def test_a_range_is_read_by_the_stated_rule_and_is_an_assumption(cell: str, rule: OfRange, value: float) -> None:
    read = amount(cell, "万元", ranges=rule)
    assert (read.value, read.assumed) == (value, True)
    assert RULES[rule] in read.rules


@pytest.mark.parametrize(
    ("cell", "target"),
    [
        *(("10-5亿", "万元"), ("2026-2030", "亩"), ("5百-1千万", "万元"), ("五百至八百万元", "万元")),  # no low and high end
        *(("3亿5", "万元"), ("三万五", "亩"), ("五六亿", "万元"), ("十几亩", "亩"), ("三万五千瓦", "MW")),  # more than one reading
        *(("3千", "万元"), ("3万", "MW"), ("二十", "万元")),  # multiples of a multiple
        *(("5,5亿", "万元"), ("1,23", "亩"), ("1.2.3", "亩"), ("5 10", "亩"), ("100+25亩", "亩")),  # decimal commas, two numbers
        *(("5亿美元", "万元"), ("3亿", "亩"), ("12个月", "亩"), ("338kVA", "MW"), ("338kVA", "亩")),  # another measure
        *(("用地30亩", "亩"), ("30亩，另租20亩", "亩"), ("9月30日", "亩"), ("1e400", "亩"), (True, "亩")),
        *(("23.5²", "亩"), ("310①", "亩"), ("①310", "亩"), ("5½", "亩"), ("240，240", "亩"), ("12₂", "亩")),  # no digits of it
    ],
)
def test_what_has_more_than_one_meaning_is_not_read(cell: object, target: str) -> None:
    read = read_amount(cell, target)
    assert isinstance(read, Unread)
    assert read.raw == cell
    assert read.why.zh
    assert read.why.en


def test_apparent_power_needs_the_stated_power_factor() -> None:
    read = read_amount("338kVA", "MW", power_factor=0.8)
    assert isinstance(read, Reading)
    assert (read.value, read.assumed, read.rules[0]) == (0.2704, True, RULES["power factor"])
    assert amount("338kW", "MW").value == 0.338


@pytest.mark.parametrize(
    "cell",
    [
        "",
        None,
        float("nan"),
        "无",
        "暂无",
        "—",
        "--",
        " / ",
        "\\",
        "N/A",
        "NULL",
        "待定",
        "·",
        "\u200b",
        "未编号",
        "暂缺",
        "见附件",
        "无。",
        "（无）",
        "略",
        "暂无编号",
    ],
)
def test_a_word_for_nothing_is_a_blank_and_never_0(cell: object) -> None:
    assert says_nothing(cell)
    assert isnan(amount(cell, "万元").value)
    assert not says_nothing("0")
    assert not says_nothing(0)
    assert not any(map(says_nothing, ("无锡", "未来城", "略阳", "缺口", "待业", "无人机", "见山", "未")))


def numeral(number: int) -> str:
    """A whole number as it is written in Chinese: 305 is 三百零五."""
    text, zero = "", False
    for name, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        four, number = divmod(number, size)
        if four >= 10**4:
            text += numeral(four) + name
            continue
        for word, unit in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
            digit, four = divmod(four, unit)
            if digit:
                text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + word
            zero = (not digit and bool(text)) if digit or not zero else True
        text += name if text and (not name or text[-1] not in "亿万") else ""
    return text


def test_numerals_and_mixed_forms_say_the_same_as_digits() -> None:
    assert [numeral(number) for number in (305, 3005, 350000000, 12)] == ["三百零五", "三千零五", "三亿五千万", "一十二"]
    draw = random.Random(5)
    for _ in range(500):
        number = draw.choice([draw.randint(1, 99), draw.randint(1, 9999), draw.randint(1, 10**8), draw.randint(1, 10**11)])
        assert amount(f"{numeral(number)}元", "元").value == number, numeral(number)
        tenths = draw.randint(1, 10**6)
        assert amount(f"{tenths / 10}亿元", "元").value == tenths * 10**7
        assert amount(f"{tenths:,}亩", "亩").value == amount(f"{tenths}", "亩").value == tenths


@pytest.mark.parametrize(
    "cell", ["2026.9.30", "2026/9/30", "2026年9月30日", "20260930", 20260930.0, "30/09/2026", dt.datetime(2026, 9, 30)]
)
def test_a_day_is_read_in_each_habit(cell: object) -> None:
    read = read_date(cell)
    assert isinstance(read, Reading)
    assert (read.value, read.assumed) == (dt.date(2026, 9, 30), False)
    quarter = read_quarter(cell)
    assert isinstance(quarter, Reading)
    assert quarter.value == "2026Q3"


def test_a_month_is_a_day_by_a_stated_rule_and_a_day_without_a_year_needs_one() -> None:
    for cell in ("2026/9", "2026年9月", "202609"):
        first, last = read_date(cell), read_date(cell, of_month="last")
        assert isinstance(first, Reading)
        assert (first.value, first.assumed) == (dt.date(2026, 9, 1), True)
        assert isinstance(last, Reading)
        assert last.value == dt.date(2026, 9, 30)
    assert isinstance(read_date("9月30日"), Unread)
    told = read_date("9月30日", year=2026)
    assert isinstance(told, Reading)
    assert (told.value, told.assumed) == (dt.date(2026, 9, 30), True)


@pytest.mark.parametrize("cell", ["03/04/2026", "26.9.30", "200912", "2026-13-01", 46295.0, 2026.1, "三季度", "2026年上半年"])
def test_a_date_of_two_meanings_is_not_read(cell: object) -> None:
    assert isinstance(read_date(cell), Unread)


def test_quarters_flags_and_progress() -> None:
    quarter = read_quarter("2027年底")
    assert isinstance(quarter, Reading)
    assert (quarter.value, quarter.assumed) == ("2027Q4", True)
    assert [isinstance(read_quarter(cell), Unread) for cell in ("2027.3", "2027-3", "2027/1", "2027.03", "2027.9")] == [
        True
    ] * 3 + [False] * 2
    flags = {word: read_flag(word) for word in ("是", "有", "√", "无", "不需要", "", "待定")}
    assert [read.value for read in flags.values() if isinstance(read, Reading)] == [True, True, True, False, False, None, None]
    assert isinstance(read_flag("部分"), Unread)
    known = {
        "在谈": "negotiating",
        "洽谈阶段": "negotiating",
        "已开工": "signed",
        "投产": "signed",
        "拟签约": "negotiating",
        "": "",
    }
    loose = {"暂缓": "prospect", "未开工": "negotiating", "未签约": "negotiating"}
    for word, status in {**known, **loose}.items():
        read = read_status(word)
        assert isinstance(read, Reading), word
        assert (read.value, read.assumed) == (status, word in loose), word
    assert isinstance(read_status("10月已签约，预计明年开工"), Unread)
    assert isinstance(read_status("未成"), Unread)
