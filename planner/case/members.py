"""Candidates that relations and questions speak of, as positions: by id, by a name that only one candidate has, or by a filter."""

from __future__ import annotations

import numpy as np

from planner.case.case import Case, Ints
from planner.case.filters import NamedColumn, Owner, candidates_meeting, named_columns, raw_facts
from planner.settings.filters import conditions
from planner.settings.relations import Before, Filtered, Group
from planner.tables.units import UnitError


def meant_by(case: Case, name: str, owner: Owner = "candidate") -> Ints:
    """Positions of the candidates, or parks, that an id or a name may mean, as a filter of ids reads it; an id means its own."""
    facts = raw_facts(case, NamedColumn(owner, f"{owner}_id"))
    return np.flatnonzero(np.isin(facts.entries, [facts.at[one] for one in facts.spelt(name)]))


def known_names(case: Case) -> set[str]:
    """Every id and name of candidates."""
    return {*case.candidates["candidate_id"].astype(str), *case.candidates["name"].astype(str)}


def are_known(case: Case, group: Group) -> bool:
    """Whether each of its names is one candidate's, or its filter can be read."""
    if not isinstance(group, Filtered):
        return all(len(meant_by(case, name)) == 1 for name in group)
    meant = [named_columns(case).get(name, []) for _, name, _ in conditions(group.where)]
    if not all(len(columns) == 1 and columns[0].side == "candidate" for columns in meant):
        return False
    try:
        candidates_meeting(case, group.where)
    except UnitError:
        return False
    return True


def members(case: Case, group: Group) -> Ints:
    """Positions of the candidates of a group, ascending; its names have been checked (:mod:`planner.case.relation_names`)."""
    if isinstance(group, Filtered):
        return np.flatnonzero(candidates_meeting(case, group.where))
    return np.unique(np.concatenate([meant_by(case, name) for name in group]))


def sides(case: Case, relation: Before) -> tuple[Ints, Ints]:
    """Who is signed first, and who then; whoever stands on both sides is signed first."""
    first, then = members(case, relation.first), members(case, relation.then)
    return first, np.setdiff1d(then, first)
