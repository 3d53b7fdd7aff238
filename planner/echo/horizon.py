"""What falls due after the horizon, said back fund by fund and team by team: which quarters have an amount, which no limit at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.case.case import Bools, Case, Floats
from planner.echo.lines import EchoLine
from planner.echo.words import in_unit
from planner.language import Words
from planner.programme.build import Programme

FUND, TEAM = Words("资金“{name}”", "fund {name}"), Words("专班“{name}”", "team {name}")


def horizon_lines(programme: Programme) -> Iterator[EchoLine]:
    """A line for each fund and team of which something can fall due after the last quarter of the plan."""
    case = programme.case
    team, effort = case.candidates["team"].to_numpy(np.int64), case.candidates["effort"].to_numpy(float)
    funds = zip(case.funds.ids, case.funds.asks.T, case.funds.unlimited, strict=True)
    for name, asked, free in funds:
        yield from _line(programme, name, (FUND, "万元"), asked, case.paid_shares, free)
    for s, name in enumerate(case.teams.ids):
        asked = np.where(team == s, effort, 0.0)
        yield from _line(programme, name, (TEAM, "人月"), asked, case.spent_shares, np.isinf(case.teams.effort[s]))


def _line(
    programme: Programme, name: str, owner: tuple[Words, str], asked: Floats, shares: Floats, free: Bools
) -> Iterator[EchoLine]:
    """``asked``: by each candidate of the fund or team; ``free``: quarters of the calendar in which nothing limits it."""
    case = programme.case
    later = np.arange(len(case.calendar)) >= len(case.quarters)
    able = np.where(programme.eligible.candidates, np.nan_to_num(asked), 0.0)
    due = _can_fall_due(programme, able > 0, shares) & later
    if not due.any():
        return
    most = np.zeros(max(case.projects, 1))
    np.maximum.at(most, case.project_of, able * _most_share(programme, shares, free & later))
    limited, open_ = (_span(case, due & side) for side in (~free, free))
    zh = [f"在 {limited.zh} 到期的受所写额度限制"] if limited.zh else []
    en = [f"limited by their amounts in {limited.en}"] if limited.en else []
    words, total = owner[0].fill(name=name), in_unit(float(most.sum()), owner[1])
    zh += [f"在 {open_.zh} 到期的没有额度，不受限制（至多 {total.zh}）"] if open_.zh else []
    en += [f"without an amount and so without a limit in {open_.en} (at most {total.en})"] if open_.en else []
    yield EchoLine(
        kind="horizon",
        name=name,
        zh=f"{words.zh}：规划期之后{'；'.join(zh)}",
        en=f"{words.en}: after the horizon {'; '.join(en)}",
        candidates=int((able > 0).sum()),
        quarters=int(due.sum()),
    )


def _can_fall_due(programme: Programme, who: Bools, shares: Floats) -> Bools:
    """In which quarters of the calendar something of these candidates can fall due."""
    due = np.zeros(len(programme.case.calendar), dtype=bool)
    for t in range(len(programme.case.quarters)):
        due[t : t + shares.shape[1]] |= (shares[who & programme.eligible.quarter[:, t]] > 0).any(axis=0)
    return due


def _most_share(programme: Programme, shares: Floats, counted: Bools) -> Floats:
    """The largest part of what each candidate costs that can fall due in the quarters ``counted``; shape (I,)."""
    part = np.zeros(len(shares))
    for t in range(len(programme.case.quarters)):
        within = counted[t : t + shares.shape[1]]
        part = np.where(programme.eligible.quarter[:, t], np.maximum(part, shares[:, : len(within)] @ within), part)
    return part


def _span(case: Case, quarters: Bools) -> Words:
    """``2028Q1、2028Q3–2028Q4``; empty for none."""
    at = np.flatnonzero(quarters)
    runs = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(at) else []
    return Words.listed("–".join(dict.fromkeys((case.calendar[run[0]], case.calendar[run[-1]]))) for run in runs)
