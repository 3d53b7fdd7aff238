"""Projects and their investment by stage: of the period, of the year, ever; by chain, county and team; against targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import fsum

import numpy as np
import pandas as pd

from planner.case.history import STAGES
from planner.settings.base import last_day, quarter_range
from planner.tracking.counts import reached
from planner.tracking.ledger.projects import Projects
from planner.tracking.ledger.record import Group, Reached, Sums, Target

COUNTED = ("signed", "started", "finished", "producing", "full")
"""Stages that are totalled."""
GROUPED = ("signed", "started", "producing")
"""Stages that are totalled by group."""


def sums(projects: Projects, who: list[int]) -> Sums:
    """How many, and what they invest."""
    known = [value for i in who if (value := projects.investment[i]) is not None]
    assumed = any(projects.assumed(i) for i in who)
    return Sums(projects=len(who), investment=fsum(known), unknown=len(who) - len(known), assumed=assumed)


def _who(projects: Projects, stage: str, first: dt.date | None, last: dt.date) -> list[int]:
    found: list[int] = reached(projects.reaches, stage, first, last)["candidate"].tolist()
    return found


def totals(projects: Projects, first: dt.date, last: dt.date) -> Iterator[Reached]:
    """Each stage."""
    for stage in COUNTED:
        period, year, ever = (
            sums(projects, _who(projects, stage, since, last)) for since in (first, last.replace(month=1, day=1), None)
        )
        yield Reached(stage=stage, period=period, year=year, ever=ever)


def groups(projects: Projects, last: dt.date) -> Iterator[Group]:
    """Each chain, county and team in which some project reached a stage since the first of the year; those of none last."""
    names = [*projects.case.chains["name"].astype(str), ""]
    chains = [names[chain] for chain in projects.chains.tolist()]
    year = {stage: _who(projects, stage, last.replace(month=1, day=1), last) for stage in GROUPED}
    for kind, of in (("chain", chains), ("county", projects.counties), ("team", projects.teams)):
        if not any(of):
            continue
        for name in sorted({of[i] for who in year.values() for i in who}, key=lambda name: (not name, name)):
            for stage, who in year.items():
                own = sums(projects, [i for i in who if of[i] == name])
                yield Group.model_validate({"kind": kind, "name": name, "stage": stage, "sums": own})


def targets(projects: Projects) -> Iterator[Target]:
    """Each row of the table against what was reached within its days, by stage and quarter."""
    case = projects.case
    quarters = case.quarters
    order = case.targets.assign(rank=[STAGES.index(stage) for stage in case.targets["stage"]])
    for row in order.sort_values(["rank", "quarter", "chain", "county", "team"], kind="stable").to_dict("records"):
        quarter = row["quarter"]
        whole = (quarter, quarter) if quarter else (quarters[0], quarters[-1])
        first = last_day(quarter_range(whole[0], 1)[0]).replace(day=1)
        first = first.replace(month=first.month - 2)
        last = last_day(whole[1])
        who = np.array(_who(projects, row["stage"], first, min(last, projects.on)), dtype=np.int64)
        if row["chain"] >= 0:
            who = who[projects.chains[who] == row["chain"]]
        if row["team"]:
            who = who[[projects.teams[i] == row["team"] for i in who.tolist()]] if len(who) else who
        unplaced = 0
        if row["county"]:
            counties = [projects.counties[i] for i in who.tolist()]
            unplaced = sum(projects.parks[i] < 0 for i in who.tolist())
            who = who[[county == row["county"] for county in counties]] if len(who) else who
        days = (last - first).days + 1
        yield Target(
            stage=row["stage"],
            chain_name="" if row["chain"] < 0 else str(case.chains["name"].iloc[row["chain"]]),
            county=row["county"],
            team=row["team"],
            quarter=quarter,
            first=first,
            last=last,
            elapsed=min(max((projects.on - first).days + 1, 0) / days, 1.0),
            projects=None if pd.isna(row["projects"]) else float(row["projects"]),
            investment=None if pd.isna(row["investment"]) else float(row["investment"]),
            reached=sums(projects, who.tolist()),
            unplaced=int(unplaced),
            place=str(case.tables["targets"].place(int(row["row"]), "stage")),
            assumed=projects.marks.of_row("targets", int(row["row"])),
        )
