"""Names that all outputs share, in both languages: grades, reasons, objective terms, statuses, limit families, units.

A publisher adds only the words of its own pages. Sentences built from a whole record, such as why a firm was left out,
are in :mod:`planner.publish.sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.limits import FAMILY_WORDS
from planner.terms.registry import TERM_WORDS

GRADES: Mapping[str, Words] = {
    "missing": Words("缺失", "missing"),
    "weak": Words("薄弱", "weak"),
    "adequate": Words("基本满足", "adequate"),
    "strong": Words("较强", "strong"),
    "no_demand": Words("无需求", "no demand"),
}
"""Grades of a link, the worst first."""

REASONS: Mapping[str, Words] = {
    "excluded": Words("客商库中标为“排除”", "it is marked as excluded in the table of candidates"),
    "lost": Words("状态为“已流失”", "its status is lost"),
    "variant_chosen": Words("同一项目已选另一方案“{other}”", "another version of the same project is selected: {other}"),
    "chain_not_allowed": Words("“{park}”不接纳该产业链", "{park} does not take this chain"),
    "refused_park": Words("企业不考虑“{park}”", "the firm refuses {park}"),
    "fixed_elsewhere": Words("已指定其他园区，不落“{park}”", "another park is fixed for it, not {park}"),
    "forbidden_pair": Words("选址选项中注明不可落“{park}”", "the site options rule out {park}"),
    "investment_intensity": Words(
        "投资强度 {found} 万元/亩，低于“{park}”的门槛 {allowed} 万元/亩",
        "its investment per land, {found} (CNY 10k per mu), is below the {allowed} that {park} asks for",
    ),
    "tax_intensity": Words(
        "亩均税收 {found} 万元/亩，低于“{park}”的门槛 {allowed} 万元/亩",
        "its yearly tax per land, {found} (CNY 10k per mu), is below the {allowed} that {park} asks for",
    ),
    "need_above_capacity": Words(
        "{resource}需 {found}，“{park}”最多只有 {allowed}", "it needs {found} of {resource}; {park} has {allowed} at most"
    ),
    "paused": Words("暂缓，没有写何时恢复", "it is on hold, and no day is known on which it goes on"),
    "earliest_quarter": Words("最早 {quarter} 才能签约", "it cannot be signed before {quarter}"),
    "latest_quarter": Words("{quarter} 之后不能签约", "it cannot be signed after {quarter}"),
}
"""Exclusion codes as clauses; ``found`` and ``allowed`` are figures with their unit where it is the resource's own."""

TERMS: Mapping[str, Words] = TERM_WORDS
"""Objective terms that every plan knows; a resource is a term by its own name."""

STATUS: Mapping[str, Words] = {
    "optimal": Words("已证明最优", "proved optimal"),
    "gap_reached": Words("已达到设定的差距", "the gap asked for was reached"),
    "work_limit": Words("达到工作量上限（可复现）", "work limit reached (repeatable)"),
    "time_limit": Words("到达求解时限", "the time limit was reached"),
    "interrupted": Words("求解被中断", "the solve was interrupted"),
}
"""How a solve ended; how good its plan is says :func:`planner.publish.proof.quality`."""

BROKE = Words("求解器中途退出，这是此前最好的方案", "the solver broke off; this is the best plan it had")
PRECISION = Words("已达到求解器的精度", "the solver's precision was reached")
"""Said of a solver that searched to its end and left less than it can tell apart, though more than was asked for."""
NOT_REPEATABLE = Words("在达到工作量上限之前，因此不可复现", "before the work limit, so it is not repeatable")
"""Said besides when work was limited and something else ended the solve that need not happen again."""

FIRM_STATUS: Mapping[str, Words] = {
    "prospect": Words("意向", "prospect"),
    "negotiating": Words("在谈", "negotiating"),
    "signed": Words("已签约", "signed"),
    "lost": Words("已流失", "lost"),
}

FAMILIES: Mapping[str, Words] = {**FAMILY_WORDS, "objective": Words("目标值与各项之和", "objective against its sum")}
"""Families of limits, as verification and binding limits name them."""

UNITS: Mapping[str, Words] = {
    "万元": Words("万元", "CNY 10k"),
    "亿元": Words("亿元", "CNY 100m"),
    "亩": Words("亩", "mu"),
    "万元/亩": Words("万元/亩", "CNY 10k per mu"),
    "1": Words("", ""),
    "个": Words("个", "projects"),
    "人": Words("人", "people"),
    "人月": Words("人月", "person-months"),
    "吨/日": Words("吨/日", "t/day"),
    "吨标煤": Words("吨标煤", "tce"),
    "吨标准煤": Words("吨标准煤", "tce"),
    "平方米": Words("平方米", "m²"),
}
"""Units as the tables have them; one that is not here is the same in both languages."""

KINDS: Mapping[str, Words] = {"stock": Words("存量", "stock"), "flow": Words("流量", "flow")}
SCOPES: Mapping[str, Words] = {"park": Words("园区", "park"), "zone": Words("分区", "zone"), "region": Words("全域", "region")}

UNKNOWN = Words("—", "—")
"""A figure that is not known: never zero (R1)."""
SEAL = Words("封印", "Seal")
"""Heading of a plan's seal: by it a page is told to be of this plan."""
COMMA, SEMICOLON = Words("、", ", "), Words("；", "; ")
ASSUMED = "*"
"""The mark of an assumption (R5)."""


def unit_words(unit: str) -> Words:
    return UNITS.get(unit, Words(unit, unit))
