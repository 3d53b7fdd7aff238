"""Filters, sums and bounds in words, with units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planner.case.case import Case
from planner.case.filters import NamedColumn, column_unit, meant, raw_facts
from planner.case.groups import PER
from planner.case.rules import COUNT, limits_in, row_bounds, rule_unit, sums
from planner.language import Words, counted
from planner.limits.family import full_text
from planner.settings.filters import Condition, amount_parts, is_alternatives
from planner.settings.rules import PLAN, Rule
from planner.tables.facts import amount_in, plain
from planner.tables.spec import TABLES

_OWNERS = {
    "candidate": ("candidates", Words("项目", "project")),
    "link": ("links", Words("环节", "link")),
    "chain": ("chains", Words("产业链", "chain")),
    "fund": ("funds", Words("资金池", "fund")),
    "park": ("parks", Words("园区", "park")),
}
AND, OR = Words("，且", " and "), Words("，或", " or ")
ALL = Words("全部项目", "all projects")
OTHERS = Words("在其他限制之下，", "with the other limits ")
"""Before what holds only because of limits beside the one that is spoken of."""
_EACH = {
    "chain_id": Words("产业链", "chain"),
    "link_id": Words("环节", "link"),
    "park_id": Words("园区", "park"),
    "candidate_id": Words("项目", "project"),
    "quarter": Words("季度", "quarter"),
    "county": Words("区县", "county"),
    "zone": Words("分区", "zone"),
}
"""What groups are called after columns that stand for something."""
_FLAGS = {"true": Words("是", "yes"), "false": Words("否", "no")}
SHOWN = 6
"""Values of a list that a sentence shows."""


def joined(parts: Sequence[Words], between: Words) -> Words:
    """Clauses one after the other."""
    return Words(between.zh.join(part.zh for part in parts), between.en.join(part.en for part in parts))


def column_words(case: Case, named: NamedColumn) -> Words:
    """A column as its table calls it: 投资额; 产业链的名称 where the name alone would not say whose."""
    if named.owner == "quarter":
        return Words("签约季度", "quarter of signing")
    if named.owner == "resource":
        name = case.resources[case.resource(named.column)].name
        return Words(f"{name}用量", f"need of {name}")
    table, owner = _OWNERS[named.owner]
    spec, read = TABLES[table], case.tables.get(table)
    if spec.has(named.column):
        column = spec.column(named.column)
        words = Words(column.zh, column.en)
    else:
        header = read.headers.get(named.column, named.column) if read is not None else named.column
        words = Words(header, header)
    own = named.owner == "candidate" or named.column.startswith(f"{named.owner}_id")
    return words if own else Words(f"{owner.zh}的{words.zh}", f"{words.en} of the {owner.en}")


def amount_words(amount: float | str, unit: str) -> Words:
    """An amount in the unit that it is held against, and as it is written where that is another."""
    value = amount_in(amount, unit)
    number, own = amount_parts(amount)
    text = in_unit(value, unit)
    if own and own != unit:
        return Words(f"{text.zh}（即 {number} {own}）", f"{text.en} ({number} {own})")
    return text


def in_unit(value: float, unit: str) -> Words:
    """A figure with its unit; a share in per cent."""
    if unit == "1":
        text = f"{full_text(float(f'{value * 100:.12g}'))} %"
        return Words(text, text)
    figure = full_text(float(f"{value:.12g}"))
    return Words(f"{figure} {unit}".rstrip(), f"{figure} {'' if unit == '个' else unit}".rstrip())


def where_words(case: Case, where: Mapping[str, Any]) -> Words:
    """A filter in words; empty for one that takes all."""
    parts = []
    for name, wanted in where.items():
        if is_alternatives(wanted):
            either = [where_words(case, entry) for entry in wanted]
            inner = joined(either, OR)
            parts.append(Words(f"（{inner.zh}）", f"({inner.en})"))
        else:
            parts.append(condition_words(case, meant(case, name), wanted))
    return joined(parts, AND)


def condition_words(case: Case, named: NamedColumn, wanted: Any) -> Words:
    """What is asked of one column."""
    column, unit = column_words(case, named), column_unit(case, named)
    if not isinstance(wanted, Condition):
        values = _values(case, named, wanted if isinstance(wanted, tuple) else (wanted,))
        return Words(f"{column.zh}为{values.zh}", f"{column.en} is {values.en}")
    said = []
    for bound, zh, en in ((wanted.min, "不小于", "at least"), (wanted.max, "不大于", "at most")):
        if bound is not None:
            amount = amount_words(bound, unit)
            said.append(Words(f"{zh} {amount.zh}", f"{en} {amount.en}"))
    if wanted.since is not None:
        said.append(Words(f"不早于 {wanted.since}", f"not before {wanted.since}"))
    if wanted.until is not None:
        said.append(Words(f"不晚于 {wanted.until}", f"not after {wanted.until}"))
    if wanted.exclude:
        values = _values(case, named, wanted.exclude)
        said.append(Words(f"不是{values.zh}", f"is not {values.en}"))
    if wanted.contains:
        listed = Words("或".join(f"“{part}”" for part in wanted.contains), " or ".join(f"“{part}”" for part in wanted.contains))
        said.append(Words(f"含{listed.zh}", f"contains {listed.en}"))
    if wanted.blank is not None:
        said.append(Words("空白", "is blank") if wanted.blank else Words("已填", "is filled"))
    clauses = joined(said, AND)
    return Words(f"{column.zh}{clauses.zh}", f"{column.en} {clauses.en}")


def _values(case: Case, named: NamedColumn, values: Sequence[object]) -> Words:
    """Values as they are written, with the id that a name stands for."""
    facts = raw_facts(case, named) if named.owner != "resource" else None
    texts: list[Words] = []
    if all(plain(value) in _FLAGS for value in values) and facts is not None and set(facts.texts) <= {"", *_FLAGS}:
        return joined([_FLAGS[plain(value)] for value in values], Words("或", " or "))
    for value in values[:SHOWN]:
        written = plain(value)
        spelt = facts.spelt(value) if facts is not None else ()
        meaning = Words(f"（{spelt[0]}）", f" ({spelt[0]})") if spelt and spelt[0] != written else Words("", "")
        texts.append(Words(f"“{written}”{meaning.zh}", f"“{written}”{meaning.en}") if written else Words("空白", "blank"))
    more = len(values) - SHOWN
    listed = joined(texts, Words("或", " or "))
    return Words(f"{listed.zh}等 {len(values)} 个值之一", f"{listed.en} or {more} more") if more > 0 else listed


def sum_words(case: Case, name: str) -> Words:
    """What is added up."""
    return Words("项目数", "projects") if name == COUNT else column_words(case, meant(case, name))


def per_words(case: Case, per: Sequence[str]) -> Words:
    """``每个园区、每个季度``; empty for the whole plan."""
    columns = [_EACH.get(PER.get(name, name)) or column_words(case, meant(case, name)) for name in per if name != PLAN]
    if not columns:
        return Words("", "")
    zh, en = "、".join(f"每个{words.zh}" for words in columns), " and ".join(words.en for words in columns)
    return Words(f"{zh}：", f"for each {en}: ")


def form_words(case: Case, rule: Rule) -> Words:
    """What a rule bounds: the count, the sum, the share or the mean of what."""
    upper, lower = (None if name is None else sum_words(case, name) for name in sums(rule))
    assert upper is not None
    if rule.share is not None:
        among = where_words(case, rule.share.among)
        whole = among if among.zh else ALL
        group = Words("（同组内）", " of the same group") if rule.share.within == "group" else Words("", "")
        return Words(f"{upper.zh}占{whole.zh}{group.zh}的比例", f"share of {upper.en} among {whole.en}{group.en}")
    if rule.mean is not None and lower is not None:
        return Words(f"{upper.zh}合计除以{lower.zh}合计", f"total {upper.en} divided by total {lower.en}")
    return upper if rule.sum is None else Words(f"{upper.zh}合计", f"total {upper.en}")


def bounds_words(low: float, high: float, unit: str) -> Words:
    """``不少于 …、不超过 …``."""
    if low == high:
        amount = in_unit(low, unit)
        return Words(f"恰好 {amount.zh}", f"exactly {amount.en}")
    said = []
    for bound, zh, en in ((low, "不少于", "at least"), (high, "不超过", "at most")):
        if np.isfinite(bound):
            amount = in_unit(bound, unit)
            said.append(Words(f"{zh} {amount.zh}", f"{en} {amount.en}"))
    return joined(said, Words("、", ", ")) if said else Words("不限", "no limit")


def _rows_words(case: Case, rule: Rule) -> Words:
    """The bounds of single groups, the first few."""
    unit, said = rule_unit(case, rule), []
    for row in rule.by_group[:SHOWN]:
        label = " / ".join(plain(row[name]) for name in rule.per)
        bounds = bounds_words(*limits_in(row_bounds(row), unit), unit)
        said.append(Words(f"{label}{bounds.zh}", f"{label} {bounds.en}"))
    if not said:
        return Words("", "")
    listed, more = joined(said, Words("，", ", ")), len(rule.by_group) - len(said)
    tail = Words(f" 等 {more + len(said)} 组", f" and {counted(more, 'more group')}") if more else Words("", "")
    return Words(f"；其中{listed.zh}{tail.zh}", f"; of these {listed.en}{tail.en}")


def rule_words(case: Case, rule: Rule, low: float, high: float) -> Words:
    """A whole rule, without its price."""
    where, per = where_words(case, rule.where), per_words(case, rule.per)
    of = where if where.zh else ALL
    form, bounds = form_words(case, rule), bounds_words(low, high, rule_unit(case, rule))
    rows = _rows_words(case, rule)
    return Words(f"{per.zh}{of.zh}的{form.zh}{bounds.zh}{rows.zh}", f"{per.en}{form.en} of {of.en}: {bounds.en}{rows.en}")
