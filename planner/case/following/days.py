"""The table ``calendar``: days of rest, weekends that are worked, meetings whose day is settled; codes ``L15x``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner.case.columns import Columns
from planner.settings.meetings import Calendar

LONGEST = 60
"""Days from which a range can only be a slip: the longest holiday is one of 9."""
HALVES = {"morning": ("morning",), "afternoon": ("afternoon",), "whole": ("morning", "afternoon")}
"""What of a day a meeting takes."""


def link_days(rows: Columns, settings: Calendar) -> pd.DataFrame:
    """The days (:attr:`planner.case.case.Case.days`); what they contradict is a problem at its cell. Rows without a day, or of no
    kind, are left out: their cells were refused."""
    told = [one for at in range(rows.rows) if (one := _row(rows, at)) is not None]
    kept: list[dict[str, Any]] = []
    seen: dict[dt.date, dict[str, Any]] = {}
    met: dict[tuple[dt.date, str], dict[str, Any]] = {}
    for one in told:
        if one["kind"] == "meeting":
            _check_meeting(rows, one, met)
        else:
            _check_range(rows, one, seen)
        kept.append(one)
    years = {date.year for date in seen}
    for n, year in enumerate(settings.settled):
        if year not in years:
            rests = ["calendar.date", "calendar.until", "calendar.kind"]
            rows.findings.at("L157", ("calendar", "settled", n), str(year), rests=rests, year=year)
    return pd.DataFrame(kept, columns=["date", "until", "kind", "name", "half_day", "who", "place", "row", "at"], dtype=object)


def _row(rows: Columns, at: int) -> dict[str, Any] | None:
    date, until, kind = (str(rows.text(name).iloc[at]) for name in ("date", "until", "kind"))
    if not date or not kind:
        return None
    first = dt.date.fromisoformat(date)
    texts = {name: str(rows.text(name).iloc[at]) for name in ("name", "place")}
    half = str(rows.text("half_day").iloc[at]) or "whole"
    last = dt.date.fromisoformat(until) if until else first
    return {
        "date": first,
        "until": last,
        "kind": kind,
        **texts,
        "half_day": half,
        "who": rows.lists("who")[at],
        "row": int(rows.order[at]),
        "at": at,
    }


def _check_meeting(rows: Columns, one: dict[str, Any], met: dict[tuple[dt.date, str], dict[str, Any]]) -> None:
    at = one["at"]
    if rows.text("until").iloc[at]:
        rows.report("L152", at, "until", str(one["until"]))
    if not one["name"]:
        rows.report("L154", at, "name" if rows.has("name") else "kind")
    for half in HALVES[one["half_day"]]:
        other = met.setdefault((one["date"], half), one)
        if other is not one:
            place = rows.place(other["at"], "date")
            rows.report("L156", at, "date", str(one["date"]), other=str(place), name=other["name"], date=str(one["date"]))
            return


def _check_range(rows: Columns, one: dict[str, Any], seen: dict[dt.date, dict[str, Any]]) -> None:
    at, days = one["at"], (one["until"] - one["date"]).days + 1
    if days < 1:
        rows.report("L151", at, "until", str(one["until"]), beside=("date",), first=str(one["date"]))
        return
    if days > LONGEST:
        rows.report("L155", at, "until", str(one["until"]), beside=("date",), days=days, most=LONGEST)
        return
    for date in _days(one):
        other = seen.setdefault(date, one)
        if other["kind"] != one["kind"]:
            place = rows.place(other["at"], "kind")
            rows.report("L153", at, "kind", one["kind"], beside=("date", "until"), date=str(date), other=str(place))
            return


def _days(one: dict[str, Any]) -> Iterator[dt.date]:
    return (one["date"] + dt.timedelta(n) for n in range((one["until"] - one["date"]).days + 1))
