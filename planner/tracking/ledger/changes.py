"""What is another on a day than it was on an earlier one: projects, lights, planned days, problems and orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Case
from planner.tracking.counts import clocked, orders, problems
from planner.tracking.ledger.projects import Projects
from planner.tracking.ledger.record import Change, Kind

OF_STAGE: tuple[Kind, ...] = ("new", "moved", "paused", "resumed", "lost", "reopened")
KINDS: tuple[Kind, ...] = (*OF_STAGE, "light", "late", "raised", "closed", "problem_late", "ordered", "order_late", "dropped")
"""In the order in which they are told."""


def changes(case: Case, against: dt.date, on: dt.date) -> tuple[Change, ...]:
    """Everything that differs between the ends of the two days, by kind, then by project. Of a project whose stage passed through several
    rows what stands at the end is told, once."""
    found = [*_of_projects(case, against, on), *_of_matters(case, against, on)]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.candidate_id, one.date or dt.date.min, one.text)))


def _of_projects(case: Case, against: dt.date, on: dt.date) -> Iterator[Change]:
    rules = case.settings.ledger
    projects = Projects(case, on)
    before, after = (
        {int(row["candidate"]): row for row in clocked(case.history, day, rules).to_dict("records")} for day in (against, on)
    )
    for i, now in after.items():
        then = before.get(i)
        base = {
            "candidate_id": projects.id(i),
            "name": projects.name(i),
            "text": "",
            "place": projects.place(int(now["first_row"])),
        }
        was = "" if then is None else str(then["stage"])
        if was != now["stage"]:
            yield Change(kind=_kind(was, now), before=was, after=now["stage"], date=now["since"].date(), **base)
        # That a light goes out, or that of a new project is green, is told with its stage.
        lamp = "" if then is None else str(then["light"])
        if now["light"] not in {"", lamp} and (lamp, now["light"]) != ("", "green"):
            yield Change(kind="light", before=lamp, after=now["light"], date=None, **base)
        if now["overdue"] and not (then is not None and then["overdue"] and then["planned_date"] == now["planned_date"]):
            yield Change(kind="late", before="", after=now["stage"], date=now["planned_date"].date(), **base)


def _kind(was: str, now: dict[Any, Any]) -> Kind:
    if now["stage"] in {"lost", "paused"}:
        return "lost" if now["stage"] == "lost" else "paused"
    return "new" if not was else "reopened" if was == "lost" else "resumed" if was == "paused" else "moved"


def _of_matters(case: Case, against: dt.date, on: dt.date) -> Iterator[Change]:
    projects, since = Projects(case, on), np.datetime64(against)
    then = problems(case.history, against)
    kinds: list[tuple[Kind, pd.DataFrame, str, str]] = []
    now = problems(case.history, on)
    new = now["date"] > since
    closed = now["closed"] > since
    late_before, dropped_before = (now["row"].isin(then["row"][then[name]]) for name in ("overdue", "dropped"))
    kinds += [
        ("raised", now[new], "problem", "date"),
        ("closed", now[closed], "problem", "closed"),
        ("problem_late", now[now["overdue"] & ~late_before], "problem", "due"),
        ("dropped", now[now["dropped"] & ~dropped_before], "problem", ""),
    ]
    given = orders(case.history, on)
    given_then = orders(case.history, against)
    late_before = given["row"].isin(given_then["row"][given_then["overdue"]])
    kinds.append(("ordered", given[given["date"] > since], "dispatch", "date"))
    kinds.append(("order_late", given[given["overdue"] & ~late_before], "dispatch", "due"))
    for kind, rows, column, dated in kinds:
        for row in rows.to_dict("records"):
            i = int(row["candidate"])
            at = int(row["closed_row"]) if kind == "closed" else int(row["row"])
            yield Change(
                kind=kind,
                candidate_id=projects.id(i),
                name=projects.name(i),
                before="",
                after="",
                text=row[column],
                date=row[dated].date() if dated else None,
                place=projects.place(at, "closes" if kind == "closed" else column),
            )
