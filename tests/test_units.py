"""Units and headers: what converts, exactly, and what a header says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.tables.units import UnitError, allowed_units, convert, known_unit, parse_header, scale

MONEY = ("元", "万元", "百万元", "亿元")


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("1.1", "亿元", "万元", 11000.0),
        (1.1, "亿元", "万元", 11000.0),
        ("1", "公顷", "亩", 15.0),
        ("1", "平方公里", "亩", 1500.0),
        ("667", "㎡", "亩", 1.0005),
        ("2670", "kW", "MW", 2.67),
        ("5.3", "万千瓦", "兆瓦", 53.0),
        ("1", "万吨/日", "m³/d", 10000.0),
        ("3.2", "万吨标煤", "tce", 32000.0),
        ("35", "%", "1", 0.35),
        ("3", "亿元/平方公里", "万元/亩", 20.0),
        ("0.35", "百万元每亩", "万元/亩", 35.0),
        ("2", "万人", "人", 20000.0),
    ],
)
def test_converts_exactly(value: str | float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == expected


@pytest.mark.parametrize(("source", "target"), [("kVA", "MW"), ("吨", "吨/日"), ("亩", "万元"), ("万元", "万元/亩"), ("箱", "件")])
def test_what_is_of_another_kind_does_not_convert(source: str, target: str) -> None:
    with pytest.raises(UnitError):
        convert(1, source, target)


def test_an_unknown_unit_is_a_label_that_equals_itself() -> None:
    assert known_unit("标准箱") is None
    assert convert("7", "标准箱", " 标准箱 ") == 7.0
    assert allowed_units("标准箱") == ("标准箱",)


@given(st.decimals(0, 10**7, places=4, allow_nan=False), st.sampled_from(MONEY), st.sampled_from(MONEY))
def test_the_money_unit_changes_nothing(amount: Decimal, one: str, other: str) -> None:
    """The same sum written in either unit, as a text or as the number a workbook keeps, is the same number of 万元."""
    factor = scale("元", one), scale("元", other)
    written = [Decimal(part.numerator) * amount / Decimal(part.denominator) for part in factor]
    results = {convert(f"{value:f}", unit, "万元") for value, unit in zip(written, (one, other), strict=True)}
    results |= {convert(float(value), unit, "万元") for value, unit in zip(written, (one, other), strict=True)}
    assert len(results) == 1


@pytest.mark.parametrize(
    ("text", "name", "unit", "assumed"),
    [
        ("计划投资额*(亿元)", "计划投资额", "亿元", True),
        ("总投资（单位：万元）", "总投资", "万元", False),
        ("投资额/万元", "投资额", "万元", False),
        ("投资强度/万元/亩", "投资强度", "万元/亩", False),
        (" 用地 [亩] ", "用地", "亩", False),
        ("季度工作量(人月)＊", "季度工作量", "人月", True),
        ("投资额\n（亿元）", "投资额", "亿元", False),
        ("投资额（2024年，万元）", "投资额", "万元", False),
        ("落地概率（％）", "落地概率", "%", False),
        ("用电负荷（最大）(kVA)", "用电负荷(最大)", "kVA", False),
        ("占地（㎡）", "占地", "m2", False),
        ("*企业名称", "企业名称", None, True),
        ("备注", "备注", None, False),
    ],
)
def test_what_a_header_says(text: str, name: str, unit: str | None, assumed: bool) -> None:
    header = parse_header(text)
    assert (header.name, header.unit, header.assumed) == (name, unit, assumed)
