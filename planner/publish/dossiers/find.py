"""Which candidates a command means: by id, else by name as names are compared."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.problems import InputError, Problem, did_you_mean, nearest
from planner.publish.desk import Desk
from planner.publish.dossiers.codes import problem
from planner.spelling import fold_name

CHECK = Words("写项目编号，或与客商库一字不差的名称", "give an id, or a name as the table of candidates has it")


def find(desk: Desk, names: Sequence[str]) -> list[str]:
    """Ids of the candidates named, each once. Raises InputError: F101, F102."""
    frame = desk.opened.case.candidates
    ids = frame["candidate_id"].astype(str).tolist()
    by_name: dict[str, list[str]] = {}
    for name, candidate_id in zip(frame["name"].astype(str), ids, strict=True):
        by_name.setdefault(fold_name(name), []).append(candidate_id)
    found: list[str] = []
    problems: list[Problem] = []
    for name in names:
        called = [name] if name in ids else by_name.get(fold_name(name), [])
        if len(called) == 1:
            found += called
        elif called:
            problems.append(problem("F102", None, "CANDIDATE", name, ids=Words.listed(called)))
        else:
            near = nearest(name, [*ids, *frame["name"].astype(str)])
            problems.append(problem("F101", None, "CANDIDATE", name, near=did_you_mean(near, CHECK)))
    if problems:
        raise InputError(problems)
    return list(dict.fromkeys(found))
