"""The ledgers of a case on a day, from its events: pure functions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from planner.case.case import Case
from planner.case.history import STAGES
from planner.plan.facts import known
from planner.plan.model import Plan
from planner.settings.base import quarter_of
from planner.tracking.counts import clocked, orders, problems, reached
from planner.tracking.ledger.changes import changes
from planner.tracking.ledger.projects import Projects
from planner.tracking.ledger.record import LISTS, Conversion, Ledgers, Listed, Matter, Planned, Progress, Source, State
from planner.tracking.ledger.totals import groups, targets, totals


def ledgers_of(
    case: Case, on: dt.date, first: dt.date, last: dt.date, against: dt.date | None = None, plan: Plan | None = None
) -> Ledgers:
    """Everything on the day ``on``, the lists of the days from ``first`` to ``last``; ``against``: what changed since that day is told;
    ``plan``: what is held against the facts, and says where projects are that nothing else has placed."""
    projects, rules = Projects(case, on, plan), case.settings.ledger
    told = clocked(case.history, on, rules)
    at_end = told if last == on else clocked(case.history, last, rules)
    raised, given = matters(projects)
    return Ledgers(
        plan=case.settings.name,
        language=case.settings.language,
        on=on,
        first=first,
        last=last,
        against=against,
        seal=None if plan is None else plan.seal,
        rules=rules.model_dump(mode="json"),
        lists={name: tuple(_list(projects, at_end, name, first, last)) for name in LISTS},
        progress=tuple(_progress(projects, told)),
        problems=raised,
        orders=given,
        conversions=tuple(_conversions(case, on)),
        reached=tuple(totals(projects, first, last)),
        groups=tuple(groups(projects, last)),
        targets=tuple(targets(projects)),
        planned=() if plan is None else tuple(_planned(projects, plan)),
        changes=() if against is None else changes(case, against, on),
        untold=tuple(_untold(projects)),
        sources=tuple(_sources(case)),
    )


def day(value: Any) -> dt.date | None:
    """A day of a frame, None for none."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _list(projects: Projects, at_end: pd.DataFrame, name: str, first: dt.date, last: dt.date) -> Iterator[Listed]:
    """One of the six: the projects that reached a stage within the period; of 未开工 those that stand so at its end. What is planned and
    overdue is as it stood ``at_end``."""
    if name == "unstarted":
        rows = reached(projects.reaches, "signed", None, last)
        begun = reached(projects.reaches, "started", None, last)["candidate"]
        rows = rows[~rows["candidate"].isin(begun)]
    else:
        rows = reached(projects.reaches, name, first, last)
    standing = {int(row["candidate"]): row for row in at_end.to_dict("records")}
    for row in rows.sort_values(["date", "candidate"], kind="stable").to_dict("records"):
        i, date = int(row["candidate"]), row["date"].date()
        now = standing[i]
        yield Listed(
            project=projects.of(i, int(row["row"])),
            date=date,
            said=row["said"],
            place=projects.place(int(row["row"])),
            days=(last - date).days,
            planned=day(now["planned_date"]),
            overdue=bool(now["overdue"]),
            paused=now["stage"] == "paused",
        )


def _progress(projects: Projects, told: pd.DataFrame) -> Iterator[Progress]:
    """Every project that events tell of, the furthest first."""
    notes = projects.case.history.until(projects.on)
    note_of = notes[notes["note"] != ""].groupby("candidate")["note"].last().to_dict()
    order = told.assign(aside=told["stage"] == "lost").sort_values(
        ["aside", "reached", "since", "candidate"], ascending=[True, False, True, True], kind="stable"
    )
    for row in order.to_dict("records"):
        i, come = int(row["candidate"]), int(row["reached"])
        more = row["stage"] != "lost" and come < len(STAGES) - 1
        yield Progress(
            project=projects.of(i, int(row["row"])),
            stage=row["stage"],
            since=row["since"].date(),
            next=STAGES[come + 1] if more else None,
            planned=day(row["planned_date"]) if more else None,
            overdue=bool(row["overdue"]),
            progress=row["progress"].date(),
            days=int(row["days"]),
            light=row["light"],
            place=projects.place(int(row["row"])),
            note=note_of.get(i, ""),
        )


def matters(projects: Projects) -> tuple[tuple[Matter, ...], tuple[Matter, ...]]:
    """The problems and the orders, the overdue first, then by due day."""
    history = projects.case.history
    raised, given = problems(history, projects.on), orders(history, projects.on)
    about: dict[tuple[int, pd.Timestamp], list[str]] = defaultdict(list)
    for row in given[given["about"].notna()].to_dict("records"):
        about[int(row["candidate"]), row["about"]].append(row["dispatch"])
    rank = {"overdue": 0, "open": 1, "closed": 2, "dropped": 3}
    both: list[tuple[Matter, ...]] = []
    for rows, column in ((raised, "problem"), (given, "dispatch")):
        found = [_matter(projects, row, column, about) for row in rows.to_dict("records")]
        key = lambda one: (rank[one.state], one.due or dt.date.max, one.date, one.project.candidate_id)  # noqa: E731
        both.append(tuple(sorted(found, key=key)))
    return both[0], both[1]


def _matter(projects: Projects, row: Mapping[Any, Any], column: str, about: Mapping[tuple[int, Any], list[str]]) -> Matter:
    i, date, closed = int(row["candidate"]), row["date"].date(), day(row["closed"])
    project = projects.of(i, int(row["row"]))
    state: State = "closed" if closed else "dropped" if row["dropped"] else "overdue" if row["overdue"] else "open"
    return Matter(
        project=project,
        text=row[column],
        date=date,
        owner=row["owner"] or project.owner,
        due=day(row["due"]),
        state=state,
        closed=closed,
        days=((closed or projects.on) - date).days,
        place=projects.place(int(row["row"]), column),
        closed_place=projects.place(int(row["closed_row"]), "closes"),
        about=day(row["about"]) if "about" in row else None,
        orders=tuple(about.get((i, row["date"]), ())) if column == "problem" else (),
    )


def _conversions(case: Case, on: dt.date) -> Iterator[Conversion]:
    for row in case.history.conversions(on).to_dict("records"):
        counts = {name: int(row[name]) for name in ("projects", "next", "lost", "paused")}
        yield Conversion(stage=row["stage"], share=known(row["share_next"]), days=known(row["days_next"]), **counts)


def _planned(projects: Projects, plan: Plan) -> Iterator[Planned]:
    """Each project of the plan by quarter, then those that signed without it."""
    wanted = {firm.candidate_id: firm for firm in plan.selected}
    signed = reached(projects.reaches, "signed", None, projects.on)
    days = {int(i): pd.Timestamp(date).date() for i, date in zip(signed["candidate"], signed["date"], strict=True)}
    lost = set(projects.standing.loc[projects.standing["stage"] == "lost", "candidate"])
    standing = {int(row["candidate"]): row for row in projects.standing.to_dict("records")}
    first = plan.plan.quarters[0]
    now = quarter_of(projects.on)
    for firm in sorted(plan.selected, key=lambda firm: (firm.quarter, firm.candidate_id)):
        i = projects.position.get(firm.candidate_id)
        if i is None:
            continue
        on = days.get(i)
        if i in lost:
            state = "lost"
        elif on is None:
            state = "overdue" if firm.quarter < now else "due"
        else:
            of = max(standing[i]["quarter"] or quarter_of(on), first)  # earlier deals count in the first quarter
            state = "early" if of < firm.quarter else "late" if of > firm.quarter else "signed"
        park = standing[i]["park"] if on is not None else -1
        moved = park >= 0 and str(projects.case.parks["park_id"].iloc[park]) != firm.park_id
        row = {"project": projects.of(i), "quarter": firm.quarter, "park_name": firm.park_name, "signed": on}
        yield Planned.model_validate({**row, "state": state, "moved": moved})
    for i, on in sorted(days.items()):
        if projects.id(i) not in wanted and quarter_of(on) >= first:
            yield Planned(project=projects.of(i), quarter="", park_name="", signed=on, state="unplanned", moved=False)


def _untold(projects: Projects) -> Iterable[str]:
    """Projects that the table of candidates has as signed, and events do not tell of by the day."""
    table = projects.case.tables["candidates"]
    if "status" not in table.frame.columns:
        return []
    own = table.frame["status"].tolist()
    known_ = set(projects.standing["candidate"])
    rows = projects.case.candidates["row"].tolist()
    return [f"{projects.id(i)} {projects.name(i)}" for i, row in enumerate(rows) if own[row] == "signed" and i not in known_]


def _sources(case: Case) -> Iterator[Source]:
    for name in ("status", "targets"):
        table = case.tables.get(name)
        for file in () if table is None else table.inputs:
            yield Source(file=file.name, source=file.source or "")
