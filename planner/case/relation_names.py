"""Candidates that relations name, held against the table; relations that hold for nobody, or never can (R1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import prod

import numpy as np

from planner.case.case import Case, Ints
from planner.case.columns import Findings
from planner.case.filter_names import check_where, near_names
from planner.case.filters import Side
from planner.case.members import are_known, known_names, meant_by, members, sides
from planner.case.rule_names import check_blanks
from planner.language import Words
from planner.settings.document import Keys
from planner.settings.relations import GROUPS, Filtered, Group, written
from planner.settings.rules import Count, Rule

OF_CANDIDATES: tuple[Side, ...] = ("candidate",)
"""What filters of groups may look at."""
MOST_PAIRS = 20_000
"""Pairs of projects that one relation holds for; each has a row or several in the programme."""
SHOWN = 5
"""Candidates that a message lists at most."""


def check_groups(case: Case, findings: Findings) -> None:
    """Names in relations that no candidate has, or several have; filters that take nobody, or read blanks; relations that hold for
    nobody, or never can."""
    unsound, filters = set[Keys](), list[Filtered]()
    for keys, group in _groups(case):
        before = len(findings.problems)
        if isinstance(group, Filtered):
            check_where(case, group.where, (*keys, "where"), findings, OF_CANDIDATES)
        else:
            for at, name in enumerate(group):
                _check_name(case, name, (*keys, at), findings)
        if len(findings.problems) > before or not are_known(case, group) or findings.doubts.settings.part(*keys[:-1]):
            unsound.add(keys[:-1])
        elif isinstance(group, Filtered):
            filters.append(group)
            if not len(members(case, group)):
                findings.at("C298", (*keys, "where"), written(group).zh, rests=["candidates.*"])
    _check_sizes(case, unsound, findings)
    # A candidate of which it is not known whether it belongs to a group is a blank as any rule would read it.
    check_blanks(case, [Rule(name=written(group).zh, where=group.where, count=Count(min=0)) for group in filters], findings)
    _check_sense(case, unsound, findings)


def _groups(case: Case) -> Iterator[tuple[Keys, Group]]:
    """Every group that a relation names, with the way to it."""
    relations = case.settings.relations
    if relations.rivals.candidates is not None:
        yield ("relations", "rivals", "candidates"), relations.rivals.candidates
    for kind, names in GROUPS.items():
        for position, relation in enumerate(getattr(relations, kind)):
            yield from ((("relations", kind, position, key), getattr(relation, key)) for key in names)


def _check_name(case: Case, name: str, keys: Keys, findings: Findings) -> None:
    meant = meant_by(case, name)
    if not len(meant):
        rests = ["candidates.candidate_id", "candidates.name"]
        findings.at("C221", keys, name, rests=rests, near=near_names(name, known_names(case)))
    elif len(meant) > 1:
        ids = case.candidates["candidate_id"].astype(str).iloc[meant].tolist()
        findings.at("C293", keys, name, count=len(ids), ids=Words.listed(ids, SHOWN))


def _check_sizes(case: Case, unsound: set[Keys], findings: Findings) -> None:
    """Relations of more pairs than a programme can hold."""
    for kind, names in GROUPS.items():
        for position, relation in enumerate(getattr(case.settings.relations, kind)):
            keys: Keys = ("relations", kind, position)
            if keys in unsound or kind == "exclusive" or (kind == "apart" and relation.km <= 0):
                continue
            sizes = [len(members(case, getattr(relation, name))) for name in names]
            paired = kind != "implies" or relation.at_least == "all"
            pairs = prod(sizes) if len(sizes) > 1 else sizes[0] * (sizes[0] - 1) // 2
            if paired and pairs > MOST_PAIRS:
                findings.at("C299", keys, str(pairs), count=pairs, most=MOST_PAIRS)
                unsound.add(keys)


def _check_sense(case: Case, unsound: Collection[Keys], findings: Findings) -> None:
    """Relations that say nothing, or more than can be; those that are ``unsound`` left out."""

    def projects(group: Ints) -> int:
        return len(np.unique(case.project_of[group]))

    for position, relation in enumerate(case.settings.relations.before):
        keys: Keys = ("relations", "before", position)
        if keys in unsound:
            continue
        first, then = sides(case, relation)
        both = np.intersect1d(first, members(case, relation.then))
        if len(both):
            ids = case.candidates["candidate_id"].astype(str).iloc[both[:SHOWN]]
            findings.at("C294" if len(then) else "C295", (*keys, "then"), "、".join(ids) + ("…" if len(both) > SHOWN else ""))
        if relation.quarters >= len(case.quarters):
            at, count = (*keys, "quarters"), len(case.quarters)
            findings.at("C296", at, str(relation.quarters), rests=[("quarters",)], count=count)
        if relation.needed and relation.count > relation.existing + projects(first):
            findings.at("C297", (*keys, "count"), str(relation.count), most=relation.existing + projects(first))
    for position, implied in enumerate(case.settings.relations.implies):
        if ("relations", "implies", position) in unsound:
            continue
        most = projects(members(case, implied.then))
        if implied.at_least != "all" and implied.at_least > most:
            findings.at("C297", ("relations", "implies", position, "at_least"), str(implied.at_least), most=most)
