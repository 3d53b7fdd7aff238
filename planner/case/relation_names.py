"""Candidates that relations name, held against the table; relations that hold for nobody, or never can (R1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from planner.case.case import Case, Ints
from planner.case.columns import Findings
from planner.case.filter_names import near_names
from planner.case.members import are_known, called, members, sides
from planner.settings.document import Keys
from planner.settings.relations import GROUPS

SHOWN = 5
"""Candidates that a message lists at most."""


def check_groups(case: Case, findings: Findings) -> None:
    """Names in relations that no candidate has, or several have; relations that hold for nobody, or never can."""
    known, sound = called(case), set[Keys]()
    for kind, keys in GROUPS.items():
        for position, relation in enumerate(getattr(case.settings.relations, kind)):
            for key in keys:
                for at, name in enumerate(getattr(relation, key)):
                    _check_name(case, name, known, ("relations", kind, position, key, at), findings)
            readable = all(are_known(case, getattr(relation, key)) for key in keys)
            if readable and not findings.doubts.settings.part("relations", kind, position):
                sound.add((kind, position))
    _check_sense(case, sound, findings)


def _check_name(case: Case, name: str, known: Mapping[str, list[int]], keys: Keys, findings: Findings) -> None:
    meant = known.get(name, [])
    if not meant:
        rests = ["candidates.candidate_id", "candidates.name"]
        findings.at("C221", keys, name, rests=rests, near=near_names(name, known))
    elif len(meant) > 1:
        ids = case.candidates["candidate_id"].astype(str).iloc[meant].tolist()
        findings.at("C293", keys, name, count=len(ids), ids="、".join(ids[:SHOWN]) + ("…" if len(ids) > SHOWN else ""))


def _check_sense(case: Case, sound: Collection[Keys], findings: Findings) -> None:
    """Relations that say nothing, or more than can be; of those that are ``sound``."""

    def projects(group: Ints) -> int:
        return len(np.unique(case.project_of[group]))

    for position, relation in enumerate(case.settings.relations.before):
        if ("before", position) not in sound:
            continue
        keys, (first, then) = ("relations", "before", position), sides(case, relation)
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
        if ("implies", position) not in sound:
            continue
        most = projects(members(case, implied.then))
        if implied.at_least != "all" and implied.at_least > most:
            findings.at("C297", ("relations", "implies", position, "at_least"), str(implied.at_least), most=most)
