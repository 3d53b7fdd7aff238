"""What became of projects: how events are read, what they contradict, and what they do to the next plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.plan.open import Opened, open_plan
from planner.problems import InputError, Problem
from tests.city import PLAN, TABLES, Rows, write_city


def event(firm: str, day: str, stage: str, **cells: Any) -> dict[str, Any]:
    """A row of the table ``status``."""
    return {"candidate_id": firm, "date": day, "stage": stage, **cells}


def opened(folder: Path, *events: dict[str, Any], on: str | None = "2027-03-31", tables: Any = TABLES, plan: str = PLAN) -> Opened:
    """The tiny city, of whose projects this became."""
    return open_plan(write_city(folder, plan, {**tables, "status": list(events)}), on=on)


def problems_of(folder: Path, events: Rows, **given: Any) -> tuple[Problem, ...]:
    """What is wrong with these events."""
    try:
        return opened(folder, *(dict(row) for row in events), **given).warnings
    except InputError as error:
        return error.problems


def at(problems: tuple[Problem, ...]) -> list[str]:
    """Code and cell of each."""
    return [f"{problem.code} {problem.place.cell if problem.place else ''}" for problem in problems]


@pytest.mark.parametrize(
    "day", ["2027-03-01", "2027/3/1", "2027.3.1", "2027年3月1日", "20270301", "46447", "２０２７－０３－０１", "2027-03-01 09:30"]
)
def test_a_day_may_be_written_in_many_ways(tmp_path: Path, day: str) -> None:
    history = opened(tmp_path, event("A", day, "在谈")).case.history
    assert history.events["date"].dt.strftime("%Y-%m-%d").tolist() == ["2027-03-01"]


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("27-3-1", ""),
        ("3/4/2027", ""),
        ("03/04/27", ""),
        ("2027-02-30", ""),
        ("2027-13-01", ""),
        ("31/12/2026", "2026-12-31"),
        ("0227-03-01", ""),
    ],
)
def test_what_is_no_clear_day_is_told_at_its_cell(tmp_path: Path, day: str, meant: str) -> None:
    (found,) = problems_of(tmp_path, [event("A", day, "在谈")])
    assert at((found,)) == ["T385 B2"]
    assert meant in found.say("en")
