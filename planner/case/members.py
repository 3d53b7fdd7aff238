"""Groups of candidates that relations speak of, as positions: by id, by a name that only one candidate has, or by a filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from planner.case.case import Case, Ints
from planner.case.filters import candidates_meeting, named_columns
from planner.settings.filters import conditions
from planner.settings.relations import Before, Filtered, Group
from planner.tables.units import UnitError

_CALLED: WeakKeyDictionary[Case, Mapping[str, list[int]]] = WeakKeyDictionary()


def called(case: Case) -> Mapping[str, list[int]]:
    """Every id and name of candidates with the candidates that it may mean; an id means its own."""
    if case not in _CALLED:
        meant: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(case.candidates["name"].astype(str)):
            meant[name].append(position)
        meant |= {name: [position] for position, name in enumerate(case.candidates["candidate_id"].astype(str))}
        _CALLED[case] = dict(meant)
    return _CALLED[case]


def are_known(case: Case, group: Group) -> bool:
    """Whether each of its names is one candidate's, or its filter can be read."""
    if not isinstance(group, Filtered):
        return all(len(called(case).get(name, ())) == 1 for name in group)
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
    known = called(case)
    return np.array(sorted({known[name][0] for name in group}), dtype=np.int64)


def sides(case: Case, relation: Before) -> tuple[Ints, Ints]:
    """Who is signed first, and who then; whoever stands on both sides is signed first."""
    first, then = members(case, relation.first), members(case, relation.then)
    return first, np.setdiff1d(then, first)
