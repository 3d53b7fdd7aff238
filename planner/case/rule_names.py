"""What an own rule names — columns, values, groups, units, a money term — held against the tables (R1); and blanks that it would read:
whether it counts the row is not known, so neither is whether it is kept."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Ints
from planner.case.columns import BLANK_REMEDY, Findings, of_refused_links
from planner.case.filter_names import check_amounts, check_where, column_named, near_names, values_of_column
from planner.case.filters import TABLE_OF, NamedColumn, column_unit, meant, named_columns, passing, position_of, raw_facts
from planner.case.groups import PER, group_columns, group_count, groups_of, measure
from planner.case.rules import COUNT, bound_unit, first_weights, limits_in, money_term, row_bounds, row_label, sums
from planner.language import Words
from planner.reading.table import RESOURCES
from planner.settings.base import LARGEST
from planner.settings.document import Keys
from planner.settings.filters import asks_of_blanks, conditions
from planner.settings.rules import BOUNDS, PLAN, Price, Rule
from planner.tables.facts import amount_in, possible
from planner.tables.spec import TABLES

MOST_GROUPS = 200_000
"""Groups of one rule; each is a row of the programme."""
_NO_NUMBERS = Words("不是数值列，不能求和", "is not a number column and cannot be summed")
_USE_NUMBERS = Words("换成数值列或资源", "use a number column or a resource")
_TOO_LARGE = Words(f"列中有大于 {LARGEST:g} 的数，不能求和", f"the column has a number above {LARGEST:g} and cannot be summed")
_CHECK_DIGITS = Words("核对这一列的位数", "check the digits in the column")
_NEGATIVE = Words("列中有负数，不能作占比或均值的分母", "the column has a negative number and cannot be what a share or mean is of")
_CHECK_SIGN = Words("核对这一列的正负", "check the signs in the column")
_SHARE = Words("占比", "a share")
_FILL_IN = Words(
    '填写；规则要把空白也算作一个值的，在 where 中写明 "" 或 blank',
    'fill it in; a rule that means blank as a value says so: "" or blank',
)


def check_rule(case: Case, rule: Rule, keys: Keys, money: Collection[str], findings: Findings) -> None:
    """Everything that one rule names. ``money``: terms of the objective by which a price in money can be converted."""
    form = next((form for form in ("share", "mean") if getattr(rule, form) is not None), None)
    check_where(case, rule.where, (*keys, "where"), findings)
    if rule.share is not None:
        check_where(case, rule.share.among, (*keys, "share", "among"), findings)
    upper, lower = sums(rule)
    of = (*keys, *((form, "of") if form else ("sum",)))
    units = sum_unit(case, upper, of, findings, divides=rule.share is not None)
    over = "" if lower is None or rule.mean is None else sum_unit(case, lower, (*keys, "mean", "over"), findings, divides=True)
    grouped = check_groups_of(case, rule.per, keys, findings)
    if findings.doubts.settings.part(*keys):
        return  # what it asks for is not known
    if rule.share is not None or (units is not None and over is not None):
        unit = bound_unit(rule, units or "", over or "")
        subject: str | Words = upper if rule.share is None else _SHARE
        ways = [((*keys, *((form or "count",) if rule.sum is None else ())), rule.limits)] if rule.limits.present else []
        ways += [((*keys, "by_group", at), row_bounds(row)) for at, row in enumerate(rule.by_group)]
        for way, bounds in ways:
            written = [((*way, side), bound) for side in BOUNDS if (bound := getattr(bounds, side)) is not None]
            if check_amounts(case, written, unit, subject, findings) and not (rule.share and _check_parts(written, findings)):
                low, high = limits_in(bounds, unit)
                if low > high:
                    findings.at("C312", way, f"{bounds.min} > {bounds.max}")
    if grouped:
        check_rows(case, rule.per, rule.where, dict(enumerate(rule.by_group)), keys, findings)
    if isinstance(rule.soft, Price):
        check_amounts(case, [((*keys, "soft"), rule.soft.money)], "万元", "soft", findings)
        if money_term(case, rule, money) is None:
            weighed = [name for name in money if first_weights(case).get(name)]
            listed = Words.listed(weighed or money)
            said = {"terms": listed, "weighed": str(len(weighed))}
            findings.at("C317", (*keys, "soft"), rule.soft.term or str(rule.soft.money), rests=[("objective",)], **said)


def _check_parts(bounds: Iterable[tuple[Keys, float | str]], findings: Findings) -> bool:
    """Bounds of a share that no part of a whole is within; whether there are any."""
    before = len(findings.problems)
    for keys, bound in bounds:
        part = amount_in(bound, "1")
        if 0 <= part <= 1:
            continue
        meant = Words("改为 0 % 到 100 % 之间的数", "use a number between 0 % and 100 %")
        if isinstance(bound, float) and 1 < bound <= 100:
            values = {"bound": f"{bound:g}", "part": f"{bound / 100:g}"}
            meant = Words("若指 {bound} %，写 {bound} % 或 {part}", "if {bound} % is meant, write {bound} % or {part}").fill(
                **values
            )
        findings.at("C333", keys, bound if isinstance(bound, str) else f"{bound:g}", percent=f"{part * 100:.12g}", remedy=meant)
    return len(findings.problems) > before


def is_readable(case: Case, rule: Rule) -> bool:
    """Whether every name in a rule is one column's."""
    wheres = [rule.where, *([rule.share.among] if rule.share is not None else [])]
    asked = [name for where in wheres for _, name, _ in conditions(where)]
    summed = [name for name in sums(rule) if name not in (None, COUNT)]
    names = named_columns(case)
    return all(
        len(names.get(str(name), ())) == 1
        for name in (*asked, *summed, *(PER.get(name, name) for name in rule.per if name != PLAN))
    )


def sum_unit(case: Case, name: str, keys: Keys, findings: Findings, divides: bool) -> str | None:
    """The unit of what is summed; None where it cannot be. ``divides``: something is divided by the sum."""
    if name == COUNT:
        return "个"
    if (named := column_named(case, name, keys, findings)) is None:
        return None
    if named.owner == "quarter" or (named.owner != "resource" and not _is_number(case, named)):
        findings.at("C226", keys, name, rests=RESOURCES, rule=_NO_NUMBERS, remedy=_USE_NUMBERS)
        return None
    if named.owner == "resource" and findings.doubts.settings.part("resources", named.column):
        return None
    values = measure(case, name).values
    if named.owner != "resource" and (largest := float(np.nanmax(np.abs(values), initial=0.0))) > LARGEST:
        findings.at("C226", keys, f"{name}: {largest:g}", rule=_TOO_LARGE, remedy=_CHECK_DIGITS)
        return None
    if divides and float(np.nanmin(values, initial=0.0)) < 0:
        findings.at("C226", keys, name, rule=_NEGATIVE, remedy=_CHECK_SIGN)
        return None
    return column_unit(case, named)


def _is_number(case: Case, named: NamedColumn) -> bool:
    facts = raw_facts(case, named)
    return facts.rows is None and not facts.words and bool((~np.isnan(facts.numbers)).any()) and not facts.quarterly


def check_groups_of(case: Case, per: tuple[str, ...], keys: Keys, findings: Findings) -> bool:
    """Columns by which groups are made, named by ``per`` below the keys; whether all are good."""
    good = True
    for at, name in enumerate(per):
        way = (*keys, "per", at) if len(per) > 1 else (*keys, "per")
        if name == PLAN:
            continue
        named = column_named(case, PER.get(name, name), way, findings)
        if named is not None and (named.owner == "resource" or raw_facts(case, named).rows is not None):
            findings.at("C315", way, name)
        good &= named is not None and named.owner != "resource"
    sizes = [len(raw_facts(case, column).texts) for column in group_columns(case, per)] if good else []
    if good and prod(sizes) > MOST_GROUPS and (count := group_count(case, per, {})) > MOST_GROUPS:
        findings.at("C318", (*keys, "per"), f"{count}", most=MOST_GROUPS)
        return False
    return good


def check_rows(
    case: Case,
    per: tuple[str, ...],
    where: Mapping[str, Any],
    by_group: Mapping[int, Mapping[str, Any]],
    keys: Keys,
    findings: Findings,
) -> None:
    """Groups that rows of ``by_group`` name, by position; one that the filter rules out would have its bounds in vain."""
    known = set(groups_of(case, per, where).labels) if by_group else set()
    seen: dict[tuple[str, ...], int] = {}
    for at, row in by_group.items():
        label = row_label(case, per, row)
        if label is None:
            for name in per:
                facts = raw_facts(case, meant(case, PER.get(name, name)))
                spelt = facts.spelt(row[name])
                if len(spelt) != 1:
                    near = (
                        Words.listed(spelt)
                        if spelt
                        else near_names(str(row[name]), {text for text in facts.texts if text} | set(facts.names))
                    )
                    rests = values_of_column(case, meant(case, PER.get(name, name)))
                    findings.at("C316", (*keys, "by_group", at, name), str(row[name]), rests=rests, near=near)
        elif label not in known:
            shown = near_names(" / ".join(label), {" / ".join(one) for one in known})
            rests = [one for column in group_columns(case, per) for one in values_of_column(case, column)]
            findings.at("C316", (*keys, "by_group", at), " / ".join(label), rests=[*rests, (*keys, "where")], near=shown)
        elif label in seen:
            findings.at("C319", (*keys, "by_group", at), " / ".join(label), first=seen[label] + 1)
        else:
            seen[label] = at


def check_blanks(case: Case, rules: Iterable[Rule], findings: Findings) -> None:
    """C201 for each blank that a filter or sum of a rule reads, C241 for each that a rule's groups read."""
    blanks: dict[tuple[str, str, str], set[int]] = {}
    for rule in rules:
        for code, name, column, rows in _blanks(case, rule):
            blanks.setdefault((code, name, column), set()).update(rows.tolist())
    for (code, name, column), numbers in sorted(blanks.items()):
        if not numbers:
            continue
        table = case.tables[name]
        if (name, column) == ("candidates", "chain_id"):
            numbers -= of_refused_links(case)
        numeric = column in table.frame.columns and table.frame[column].dtype.kind == "f"
        findings.rows(code, table, column, sorted(numbers), remedy=BLANK_REMEDY if numeric else _FILL_IN)


def _blanks(case: Case, rule: Rule) -> Iterator[tuple[str, str, str, Ints]]:
    """Code, table, column and rows of blanks that decide whether, or for which group, the rule counts something."""
    candidates, parks = case.candidates, case.parks
    gone = candidates["exclude"].to_numpy(bool) | (candidates["status"] == "lost").to_numpy(bool)
    counted: _Counted = {"candidate": ~gone, "park": np.ones(len(parks), dtype=bool)}
    # A share's whole is taken over projects that the rule's own filter leaves out, too.
    among = (yield from _filtered(case, rule.share.among, counted)) if rule.share is not None else counted
    counted = yield from _filtered(case, rule.where, among)
    whole = among if rule.share is not None else counted
    for summed in sorted({name for name in sums(rule) if name is not None} - {COUNT}):
        named = meant(case, summed)
        if named.side in whole:
            lacking = np.isnan(measure(case, summed).values) & whole[named.side]
            yield "C201", *_cells(case, named, lacking)
            if named.owner in {"link", "chain", "fund"}:  # nothing is known to add up where there is none
                nobody = lacking & (position_of(case, named.owner) < 0)
                yield "C201", "candidates", f"{named.owner}_id", candidates["row"].to_numpy(np.int64)[nobody]
    grouped = whole if rule.share is not None and rule.share.within == "group" else counted
    for column in group_columns(case, rule.per):
        if column.side == "park":
            yield "C241", *_cells(case, column, _blank(case, column) & grouped["park"])
        elif column.owner == "chain" or column.owner == "candidate":
            yield "C241", *_cells(case, column, _blank(case, column) & grouped["candidate"])


_Counted = Mapping[str, Bools]
"""Candidates and parks that a rule may count, by side."""


def _filtered(case: Case, where: Mapping[str, Any], counted: _Counted) -> Generator[tuple[str, str, str, Ints], None, _Counted]:
    """The blanks that decide whether a filter takes something, and what it may take."""
    left = {}
    for side, sure in counted.items():

        def look(name: str, wanted: object, blank_is: bool, side: str = side) -> Bools | None:
            named = meant(case, name)
            if named.side != side:
                return None
            held = passing(case, named, wanted)
            return held if asks_of_blanks(wanted) else np.where(_blank(case, named), blank_is, held)

        may = possible(where, lambda name, wanted: look(name, wanted, True), len(sure))
        must = possible(where, lambda name, wanted: look(name, wanted, False), len(sure))
        for _, name, wanted in conditions(where):
            named = meant(case, name)
            if named.side == side and not asks_of_blanks(wanted):
                lacking = _blank(case, named) & may & ~must & sure
                if lacking.any():
                    yield "C201", *_cells(case, named, lacking)
        left[side] = sure & may
    return left


def _blank(case: Case, named: NamedColumn) -> Bools:
    """Rows of the column's side for which it says nothing."""
    blank = raw_facts(case, named).blank
    spec = TABLES[TABLE_OF[named.owner]] if named.owner in TABLE_OF else None
    if spec is not None and spec.has(named.column) and spec.column(named.column).blank_says == "none":
        return np.zeros_like(blank)  # that there is none is a fact
    return np.append(blank, True)[position_of(case, named.owner)] if named.owner in {"link", "chain", "fund"} else blank


def _cells(case: Case, named: NamedColumn, blank: Bools) -> tuple[str, str, Ints]:
    """Table, column and rows where facts of candidates or parks would stand; of a link none where a candidate has none."""
    if named.owner == "park":
        return "parks", named.column, case.parks["row"].to_numpy(np.int64)[blank]
    if named.owner == "candidate" or named.column in {"chain_id", "fund_id"}:
        return "candidates", named.column, case.candidates["row"].to_numpy(np.int64)[blank]
    if named.owner == "fund":
        return "candidates", "fund_id", case.candidates["row"].to_numpy(np.int64)[blank & (position_of(case, "fund") < 0)]
    name, key = f"{named.owner}s", f"{named.owner}_id"
    frame = case.links if named.owner == "link" else case.chains
    at, table = position_of(case, named.owner)[blank], case.tables.get(name)
    ids = pd.Series(dtype=str) if table is None else table.frame[key].astype(str)
    lacking = ids.isin(frame[key].iloc[at[at >= 0]].astype(str)) & ~ids.duplicated()
    return name, named.column, np.flatnonzero(lacking)
