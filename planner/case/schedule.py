"""When what each project costs falls due: which profile holds for it, and its shares by quarters after signing.

Money and effort are looked up apart: of the profiles that the candidate, its chain and its fund name, in this order, the first
that says something of the one holds; where none does, the plan's own ``schedule.payout`` or ``schedule.effort``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planner.case.case import Bools, Floats, Ints
from planner.case.columns import Columns
from planner.language import Words
from planner.problems import nearest
from planner.settings.schedule import LONGEST, Milestone, Profile, Schedule

COLUMN = "schedule_profile"
"""The column of candidates, chains and funds that names a profile."""

Due = tuple[Ints, Ints, Floats]
"""Candidates, how many quarters after signing, and the share of their cost that falls due then."""


def link_shares(
    schedule: Schedule, read: Mapping[str, Columns], candidates: pd.DataFrame, fund: Ints, fund_of_row: Ints
) -> tuple[Floats, Floats]:
    """Shares of each candidate's subsidy, shape (I, A), and of its effort, shape (I, B), by quarters after signing.

    ``fund``: the fund that pays each candidate, −1 for none; ``fund_of_row``: the fund of each row of funds.
    """
    names = tuple(schedule.profiles)
    rows, of_chains, of_funds = (read[table] for table in ("candidates", "chains", "funds"))
    own, by_chain = _named(rows, names), _named(of_chains, names)
    by_fund = _of_funds(of_funds, _named(of_funds, names), fund_of_row, names)
    named = own, np.append(by_chain, -1)[candidates["chain"] if len(by_chain) else -1], np.append(by_fund, -1)[fund]
    levels = [np.broadcast_to(level, len(candidates)) for level in named]
    for at in sorted(set(range(len(names))) - set(np.concatenate([own, by_chain, by_fund]).tolist())):
        rests = [f"{table}.{COLUMN}" for table in ("candidates", "chains", "funds")]
        rows.findings.at("C275", ("schedule", "profiles", names[at]), names[at], rests=rests)
    profiles = tuple(schedule.profiles.values())
    pays = _first(levels, [profile.pays for profile in profiles])
    works = _first(levels, [profile.effort is not None for profile in profiles])
    paid = [*_in_turn(np.flatnonzero(pays < 0), schedule.payout)]
    spent = [*_in_turn(np.flatnonzero(works < 0), schedule.effort)]
    for at, profile in enumerate(profiles):
        paid += _in_turn(np.flatnonzero(pays == at), profile.payout or ())
        paid += _at_milestones(names[at], profile, rows, candidates, np.flatnonzero(pays == at))
        spent += _in_turn(np.flatnonzero(works == at), profile.effort or ())
    return _table(paid, len(candidates)), _table(spent, len(candidates))


def _named(rows: Columns, names: tuple[str, ...]) -> Ints:
    """The profile that each row names, −1 for none; a name that is not known is a problem of its cell."""
    known = {name: position for position, name in enumerate(names)}
    cells = [*map(str, rows.texts(COLUMN))]
    for position, name in enumerate(cells):
        if name and name not in known:
            near = Words.listed(nearest(name, names) or names[:12] or ["—"])
            rows.report("C270", position, COLUMN, name, rests=[("schedule",)], near=near)
    return np.array([known.get(name, -1) for name in cells], dtype=np.int64)


def _of_funds(rows: Columns, named: Ints, fund_of_row: Ints, names: tuple[str, ...]) -> Ints:
    """The one profile of each fund, named in any of its rows."""
    found = np.full(int(fund_of_row.max(initial=-1)) + 1, -1, dtype=np.int64)
    for position in np.flatnonzero(named >= 0).tolist():
        fund, profile = fund_of_row[position], named[position]
        if found[fund] not in (-1, profile):
            rows.report("C271", position, COLUMN, names[profile], rests=["funds.fund_id"], other=names[found[fund]])
        found[fund] = profile
    return found


def _first(levels: Iterable[Ints], states: list[bool]) -> Ints:
    """For each candidate the first profile, level by level, that says something; −1 where none does."""
    says, chosen = np.array([*states, False]), np.array(-1)
    for level in levels:
        chosen = np.where((chosen < 0) & says[level], level, chosen)
    return chosen


def _in_turn(who: Ints, shares: tuple[float, ...]) -> list[Due]:
    """Shares quarter after quarter from signing on."""
    return [(who, np.full(len(who), lag), np.full(len(who), share)) for lag, share in enumerate(shares) if share]


def _at_milestones(name: str, profile: Profile, rows: Columns, candidates: pd.DataFrame, who: Ints) -> list[Due]:
    if not len(who):
        return []
    gone = candidates["exclude"].to_numpy(bool) | (candidates["status"] == "lost").to_numpy(bool)
    needed = (candidates["subsidy"].to_numpy(float) > 0) & ~gone
    due = []
    for called, milestone in profile.milestones.items():
        quarters = _quarters_after((name, called), milestone, rows, who, needed)
        due.append((who, quarters, np.full(len(who), milestone.share)))
    return due


def _quarters_after(called: tuple[str, str], milestone: Milestone, rows: Columns, who: Ints, needed: Bools) -> Ints:
    """How many quarters after signing each candidate of ``who`` reaches the milestone; 0 where that is a problem."""
    default, column, table = milestone.after or 0, milestone.column, rows.table
    if column is None:
        return np.full(len(who), default, dtype=np.int64)
    if rows.findings.doubts.absent("candidates", column):
        return np.full(len(who), default, dtype=np.int64)
    if table is None or not rows.has(column):
        held = [] if table is None else [str(name) for name in table.frame.columns]
        keys = ("schedule", "profiles", called[0], "milestones", called[1], "column")
        rows.findings.at("C272", keys, column, near=Words.listed(nearest(column, held) or held[:12]))
        return np.full(len(who), default, dtype=np.int64)
    cells = rows.series(column).iloc[who]
    number = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    blank = (cells.isna() | (cells.astype(str) == "")).to_numpy(bool)
    whole = (number >= 0) & (number <= LONGEST) & (number == np.floor(number))
    lacking = blank & needed[who] & (milestone.after is None)
    for code, wrong in (("C273", ~blank & ~whole), ("C274", lacking)):
        at = [n for n in np.flatnonzero(wrong).tolist() if (int(rows.order[who[n]]), column) not in table.refused]
        found = [] if code == "C274" else [str(cells.iloc[n]) for n in at]
        where = [int(rows.order[who[n]]) for n in at]
        rows.findings.rows(code, table, column, where, found, profile=called[0], milestone=called[1], most=LONGEST)
    return np.where(whole, np.nan_to_num(number), default).astype(np.int64)


def _table(due: list[Due], size: int) -> Floats:
    """Shares by candidate and quarters after signing; several that fall together add up."""
    who, lag, share = (np.concatenate([part[n] for part in due]) if due else np.zeros(0) for n in range(3))
    shares = np.zeros((size, int(lag.max(initial=0)) + 1))
    np.add.at(shares, (who.astype(np.int64), lag.astype(np.int64)), share)
    return shares
