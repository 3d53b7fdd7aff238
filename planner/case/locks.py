"""Locks that contradict each other: said before any solve, with both sides (R1)."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.case.case import Bools, Case
from planner.case.columns import Columns, Findings
from planner.language import Words

Pair = tuple[str, str]


def check_locks(case: Case, rows: Columns, findings: Findings) -> None:
    """Each pair of locks on one candidate, or on variants of one project, that cannot both hold."""
    frame = case.candidates
    must = frame["must_include"].to_numpy(bool)
    signed = (frame["status"] == "signed").to_numpy(bool)
    lost = (frame["status"] == "lost").to_numpy(bool)
    exclude = frame["exclude"].to_numpy(bool)
    park = frame["fixed_park"].to_numpy(np.int64)
    quarter = frame["fixed_quarter"].to_numpy(np.int64)
    at = np.arange(len(frame))
    fixed = park >= 0
    refused_fixed = np.zeros(len(frame), dtype=bool)
    refused_fixed[fixed] = case.refused[at[fixed], park[fixed]]
    clashes: tuple[tuple[Any, Pair, Words], ...] = (
        (must & exclude, ("must_include", "exclude"), Words("既必选又排除", "is both must_include and exclude")),
        (must & lost, ("must_include", "status"), Words("必选，但状态为已流失", "is must_include, but its status is lost")),
        (signed & exclude, ("status", "exclude"), Words("已签约，但又排除", "is signed, but also exclude")),
        (refused_fixed, ("fixed_park", "refused_parks"), Words("固定的园区正是其拒绝的园区", "its fixed park is one it refuses")),
        (
            (case.preferred & case.refused).any(axis=1),
            ("preferred_parks", "refused_parks"),
            Words("同一园区既在意向又在拒绝之列", "one park is both preferred and refused"),
        ),
        (
            (must | signed) & case.refused.all(axis=1),
            ("must_include", "refused_parks"),
            Words("必须落地，但拒绝了所有园区", "must come, but refuses every park"),
        ),
    )
    for clash, (one, other), what in clashes:
        for position in np.flatnonzero(clash):
            _clash(case, rows, int(position), one, other, what, findings)
    for position in np.flatnonzero(signed & ((park < 0) | (quarter < 0))):
        missing = "fixed_park" if park[position] < 0 else "fixed_quarter"
        rows.report("C231", int(position), "status", str(frame["candidate_id"].iloc[position]), column=missing)
    _variants(case, rows, must | signed, findings)
    _fixed_pairs(case, rows)


def _clash(case: Case, rows: Columns, position: int, one: str, other: str, what: Words, findings: Findings) -> None:
    both = f"{rows.header(one)} × {rows.header(other)}"
    where = rows.place(position, one)
    if (second := rows.place(position, other)) is not None and second.cell is not None:
        both += f"（{second.cell}）"
    findings.add("C230", where, both, str(case.candidates["candidate_id"].iloc[position]), what=what)


def _variants(case: Case, rows: Columns, locked: Bools, findings: Findings) -> None:
    """Two variants of one project cannot both be locked in."""
    project = case.project_of
    ids = case.candidates["candidate_id"].to_numpy(object)
    for group in np.flatnonzero(np.bincount(project[locked], minlength=1) > 1):
        members = np.flatnonzero(locked & (project == group))
        names = "、".join(str(name) for name in ids[members])
        findings.add("C232", rows.place(int(members[1]), "must_include"), rows.header("variant_group"), names)


def _fixed_pairs(case: Case, rows: Columns) -> None:
    """A fixed park that site_options forbids, or that does not take the candidate's chain."""
    frame = case.candidates
    park = frame["fixed_park"].to_numpy(np.int64)
    chain = frame["chain"].to_numpy(np.int64)
    barred = ~case.pairs.allowed
    forbidden = set(zip(case.pairs.candidate[barred].tolist(), case.pairs.park[barred].tolist(), strict=True))
    for position in np.flatnonzero(park >= 0):
        both = f"{frame['candidate_id'].iloc[position]} → {case.parks['park_id'].iloc[park[position]]}"
        if (int(position), int(park[position])) in forbidden:
            rows.report("C233", int(position), "fixed_park", both)
        if chain[position] >= 0 and not case.chain_allowed[park[position], chain[position]]:
            name = str(case.chains["name"].iloc[chain[position]])
            rows.report("C234", int(position), "fixed_park", both, chain=name)
