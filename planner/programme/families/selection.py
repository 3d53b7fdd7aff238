"""Each project once, the promised ones surely, every placement with its quarter."""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block, number
from planner.programme.layout import Layout
from planner.tables.case import Case


def _once(case: Case, columns: Layout) -> Block:
    at = columns.placements
    row, families = number(case.candidates["family"].to_numpy(np.int64)[columns.candidate[at]])
    first = np.full(len(families), -1, dtype=np.int64)
    first[row[::-1]] = columns.candidate[at][::-1]
    return block((len(families), columns.columns), row, at, np.ones(len(at)), -np.inf, 1.0, {"candidate": first})


def _must(case: Case, columns: Layout) -> Block:
    locked = (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)
    candidates = np.flatnonzero(locked)
    row_of = np.full(len(locked), -1, dtype=np.int64)
    row_of[candidates] = np.arange(len(candidates))
    at = columns.placements[locked[columns.candidate[columns.placements]]]
    row = row_of[columns.candidate[at]]
    return block((len(candidates), columns.columns), row, at, np.ones(len(at)), 1.0, 1.0, {"candidate": candidates})


def _schedule(case: Case, columns: Layout) -> Block:
    placed = np.flatnonzero((columns.park >= 0) & (columns.quarter < 0))
    scheduled = np.flatnonzero((columns.park < 0) & (columns.quarter >= 0))
    at = np.concatenate([placed, scheduled])
    sign = np.concatenate([np.ones(len(placed)), -np.ones(len(scheduled))])
    row, candidates = number(columns.candidate[at])
    return block((len(candidates), columns.columns), row, at, sign, 0.0, 0.0, {"candidate": candidates})


ONCE = Family(
    "once",
    Words("每个项目至多落地一次", "each project at most once"),
    r"\sum_{i\in V}\sum_{k,t} x_{ikt} \le 1",
    Words("项目“{candidate}”（含其各方案）至多选一次", "{candidate}, with its variants, is selected at most once"),
    _once,
    business=False,
)
MUST = Family(
    "must_include",
    Words("必选与已签约项目", "projects that must come"),
    r"\sum_{k,t} x_{ikt} = 1",
    Words("项目“{candidate}”必须落地", "{candidate} must come"),
    _must,
)
SCHEDULE = Family(
    "schedule",
    Words("落位与排期一致", "placed and scheduled alike"),
    r"\sum_{k} y_{ik} = \sum_t z_{it}",
    Words("项目“{candidate}”选了园区就要有季度", "{candidate} has a quarter when it has a park"),
    _schedule,
    business=False,
)
