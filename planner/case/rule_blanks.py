"""Blanks that an own rule would read: whether the rule counts the row is not known, so neither is the rule kept (R1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planner.case.case import Bools, Case
from planner.case.columns import BLANK_REMEDY, Findings
from planner.case.rule_columns import ColumnFacts, RuleColumn, Vocabulary, plain
from planner.language import Words
from planner.settings.rules import Filter, Range, Rule

Cell = tuple[str, int, str]
"""Table, row of its file, column."""

_TEXT_REMEDY = Words(
    '填写；规则要把空白也算作一个值的，在 where 中写明 ""', 'fill it in; a rule that means blank as a value says so: ""'
)


def check_blanks(case: Case, vocabulary: Vocabulary, findings: Findings) -> None:
    """C201 for each blank that a filter or sum of a rule reads, C241 for each that a rule's groups read."""
    blanks: dict[tuple[str, str, str], set[int]] = {}
    for rule in case.settings.rules:
        for code, (name, row, column) in _blanks(case, vocabulary, rule):
            blanks.setdefault((code, name, column), set()).add(row)
    for (code, name, column), rows in sorted(blanks.items()):
        table = case.tables[name]
        numeric = column in table.frame.columns and table.frame[column].dtype.kind == "f"
        findings.rows(code, table, column, sorted(rows), remedy=BLANK_REMEDY if numeric else _TEXT_REMEDY)


def _blanks(case: Case, vocabulary: Vocabulary, rule: Rule) -> Iterator[tuple[str, Cell]]:
    """Code and cell of each blank that decides whether, or for which group, the rule counts a row."""
    filters: dict[str, list[tuple[RuleColumn, ColumnFacts, Filter]]] = {"candidate": [], "park": []}
    for name, wanted in rule.where.items():
        named = vocabulary.names[name][0]
        if named.owner in ("candidate", "link", "park"):
            side = "park" if named.owner == "park" else "candidate"
            filters[side].append((named, vocabulary.facts(case, named), wanted))
    frame = case.candidates
    sides = {
        "candidate": ~(frame["exclude"].to_numpy(bool) | (frame["status"] == "lost").to_numpy(bool)),
        "park": np.ones(len(case.parks), dtype=bool),
    }
    for side, own in filters.items():
        unknown = [facts.blank & (not _names_blank(wanted)) for _, facts, wanted in own]
        maybe = [facts.passes(wanted) | blank for (_, facts, wanted), blank in zip(own, unknown, strict=True)]
        for passing in maybe:
            sides[side] = sides[side] & passing
        for (named, _, _), blank in zip(own, unknown, strict=True):
            for at in np.flatnonzero(blank & sides[side]).tolist():
                if (cell := _cell(case, named, at)) is not None:
                    yield "C201", cell
    if rule.sum is not None and (named := vocabulary.names[rule.sum][0]).owner == "candidate":
        for at in np.flatnonzero(np.isnan(vocabulary.facts(case, named).numbers) & sides["candidate"]).tolist():
            yield "C201", ("candidates", int(frame["row"].iloc[at]), named.column)
    yield from (("C241", cell) for cell in _ungrouped(case, rule.per, sides))


def _ungrouped(case: Case, per: str, sides: dict[str, Bools]) -> Iterator[Cell]:
    """Cells that leave a row without the group that a rule counts it in."""
    if per in ("county", "zone"):
        blank: NDArray[np.bool_] = (case.parks[per].fillna("") == "").to_numpy(bool)
        for at in np.flatnonzero(blank & sides["park"]).tolist():
            yield "parks", int(case.parks["row"].iloc[at]), per
    if per == "chain":
        for at in np.flatnonzero((case.candidates["chain"].to_numpy(np.int64) < 0) & sides["candidate"]).tolist():
            yield "candidates", int(case.candidates["row"].iloc[at]), "chain_id"


def _names_blank(wanted: Filter) -> bool:
    """Whether a filter speaks of blank cells itself."""
    listed = wanted.exclude if isinstance(wanted, Range) else wanted if isinstance(wanted, tuple) else (wanted,)
    return any(plain(value) == "" for value in listed)


def _cell(case: Case, named: RuleColumn, at: int) -> Cell | None:
    """Where the fact of a candidate or park would stand; None for facts of a link that a candidate without one has not."""
    if named.owner == "park":
        return "parks", int(case.parks["row"].iloc[at]), named.column
    row = int(case.candidates["row"].iloc[at])
    if named.owner == "candidate":
        return "candidates", row, named.column
    if named.column == "chain_id":
        return "candidates", row, "chain_id"
    link, links = int(case.candidates["link"].iloc[at]), case.tables.get("links")
    if link < 0 or links is None:
        return None
    ids = links.frame["link_id"].astype(str).to_numpy(object)
    return "links", int(np.flatnonzero(ids == str(case.links["link_id"].iloc[link]))[0]), named.column
