"""Why a candidate that could come is not in the plan: it is not worth it, or these limits bind.

*Gain* is what the candidate would add to the objective if it came into this very plan and nothing else changed: its own
terms in its best park, the shortage it would close less the demand it would bring, a backup it would complete. What binds
is read off the rows: those that the plan, with the candidate added, would break.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chains import new_sources, reliability_weight
from planner.programme.build import Programme
from planner.tolerances import rounding

SHOWN_LIMITS = 6


@dataclass(frozen=True, eq=False)
class Left:
    """What keeps candidates out; arrays over candidates that could come (positions in ``candidate``)."""

    candidate: Ints
    gain: Floats
    best_park: Ints
    binding: tuple[tuple[int, ...], ...]
    """Rows of the matrix that are in the way, empty when it would fit in."""


def left_out(programme: Programme, accounts: Accounts) -> Left:
    """Gain and binding rows of every candidate that is eligible somewhere and is not selected."""
    case, layout = programme.case, programme.layout
    chosen = np.zeros(len(case.candidates), dtype=bool)
    chosen[accounts.choice.candidate] = True
    at = np.flatnonzero(~chosen[layout.candidate])
    candidate = np.unique(layout.candidate[at])
    if not len(candidate):
        return Left(candidate, np.zeros(0), np.zeros(0, dtype=np.int64), ())
    blocking = _blocked(programme, accounts, at)
    own = np.append(_shared_gain(programme, accounts), 0.0)
    value = programme.levels[0].objective[at]
    rows = pd.DataFrame(
        {
            "column": at,
            "candidate": layout.candidate[at],
            "park": layout.park[at],
            "quarter": layout.quarter[at],
            "value": value,
            "blocked": np.diff(blocking.indptr),
        }
    )
    best = _best(rows)
    gain = best["value"].to_numpy(float) + own[best["candidate"].to_numpy(np.int64)]
    first = {column: number for number, column in enumerate(at.tolist())}

    def rows_of(column: int) -> list[int]:
        number = first[column]
        return blocking.indices[blocking.indptr[number] : blocking.indptr[number + 1]].tolist() if column >= 0 else []

    binding = []
    for placed, scheduled in zip(best["placed"].tolist(), best["scheduled"].tolist(), strict=True):
        both = dict.fromkeys([*rows_of(placed), *(rows_of(scheduled) if scheduled != placed else [])])
        binding.append(tuple(list(both)[:SHOWN_LIMITS]))
    return Left(best["candidate"].to_numpy(np.int64), gain, best["park"].to_numpy(np.int64), tuple(binding))


def _best(rows: pd.DataFrame) -> pd.DataFrame:
    """For each candidate its best way in: fewest rows in the way, then most value; a y goes with its best z."""
    order = ["candidate", "blocked", "value", "park", "quarter"]
    ascending = [True, True, False, True, True]
    ranked = rows.sort_values(order, ascending=ascending, kind="stable")
    timed = ranked[(ranked["park"] >= 0) & (ranked["quarter"] >= 0)].drop_duplicates("candidate").set_index("candidate")
    placed = ranked[(ranked["park"] >= 0) & (ranked["quarter"] < 0)].drop_duplicates("candidate").set_index("candidate")
    scheduled = ranked[ranked["park"] < 0].drop_duplicates("candidate").set_index("candidate")
    pairs = placed.join(scheduled.add_suffix("_z"), how="inner")
    two = pd.DataFrame(
        {
            "placed": pairs["column"],
            "scheduled": pairs["column_z"],
            "park": pairs["park"],
            "value": pairs["value"] + pairs["value_z"],
            "blocked": pairs["blocked"] + pairs["blocked_z"],
        }
    )
    one = timed.assign(placed=timed["column"], scheduled=timed["column"])[["placed", "scheduled", "park", "value", "blocked"]]
    both = pd.concat([two, one]).reset_index()
    ranked = both.sort_values(["candidate", "blocked", "value", "park"], ascending=[True, True, False, True], kind="stable")
    return ranked.drop_duplicates("candidate").reset_index(drop=True)


def full_values(programme: Programme, accounts: Accounts) -> Floats:
    """Values of all choice columns for a choice; other columns 0. Rows that speak of choices alone are exact with it."""
    layout, choice = programme.layout, accounts.choice
    values = np.zeros(layout.columns)
    size_k, size_t = len(programme.case.parks) + 1, len(programme.case.quarters) + 1
    key = ((layout.candidate * size_k) + layout.park + 1) * size_t + layout.quarter + 1
    timed = layout.timed[choice.park]
    wanted = np.concatenate(
        [
            ((choice.candidate * size_k) + choice.park + 1) * size_t + np.where(timed, choice.quarter + 1, 0),
            (choice.candidate[~timed] * size_k) * size_t + choice.quarter[~timed] + 1,
        ]
    )
    order = np.argsort(key, kind="stable")
    values[order[np.searchsorted(key[order], wanted)]] = 1.0
    return values


def _blocked(programme: Programme, accounts: Accounts, at: Ints) -> csc_array:
    """For each column in ``at`` the rows that it would break: a boolean matrix (m, len(at)), by column."""
    matrix = programme.matrix
    activity = matrix.rows @ full_values(programme, accounts)
    part = csc_array(matrix.rows[:, at]).tocoo()
    # Rows of what the model is follow a newcomer by themselves, or (once) are told as ``variant_chosen``.
    held = programme.business_rows & programme.hard_rows
    after = activity[part.row] + part.data
    room = rounding(np.maximum(np.abs(activity[part.row]), np.abs(after)))
    over = (after > matrix.row_upper[part.row] + room) | (after < matrix.row_lower[part.row] - room)
    over &= held[part.row]
    broken = csc_array((np.ones(int(over.sum())), (part.row[over], part.col[over])), shape=part.shape)
    broken.sort_indices()
    return broken


def _shared_gain(programme: Programme, accounts: Accounts) -> Floats:
    """What each candidate, alone and added, would change in the gap and backup terms; shape (I,)."""
    case, frame = programme.case, programme.case.candidates
    level = case.settings.objective.levels[0].weights if case.settings.objective.levels else case.settings.objective.weights
    scales = {term.name: level.get(term.name, 0.0) / term.normaliser for term in programme.terms}
    weight = case.links["weight"].to_numpy(float)
    link = frame["link"].to_numpy(np.int64)
    placed = link >= 0
    gain = np.zeros(len(frame))
    if scales.get("gap"):
        rest = np.append(accounts.after.demand - accounts.after.supply, 0.0)
        output = frame["capacity"].to_numpy(float)
        expected = output * frame["landing_probability"].to_numpy(float)
        closed = np.maximum(rest[link], 0) - np.maximum(rest[link] - expected, 0)
        gain += np.where(placed, np.append(weight, 0.0)[link] * closed, 0.0)
        edges = pd.DataFrame({"link": link, "i": np.arange(len(frame))}).merge(
            case.edges, left_on="link", right_on="to_link", how="inner"
        )
        source, i = edges["from_link"].to_numpy(np.int64), edges["i"].to_numpy(np.int64)
        drawn = edges["coefficient"].to_numpy(float) * output[i]
        opened = np.maximum(rest[source] + drawn, 0) - np.maximum(rest[source], 0)
        np.subtract.at(gain, i, weight[source] * opened)
        gain *= scales["gap"]
    if scales.get("backup"):
        gain += scales["backup"] * _backup_gain(case, accounts)
    return gain


def _backup_gain(case: Case, accounts: Accounts) -> Floats:
    """Weight of the link for a candidate that would complete its backup, alone."""
    gain = np.zeros(len(case.candidates))
    new = new_sources(case, np.arange(len(case.candidates)))
    link, i = new["link"].to_numpy(np.int64), new["candidate"].to_numpy(np.int64)
    needed = case.links["min_sources"].to_numpy(float)
    completes = ~accounts.after.backed_up[link] & (accounts.after.sources[link] + 1 >= needed[link])
    reliability = case.settings.backup.reliability
    if reliability is not None:
        weights = reliability_weight(case.candidates["landing_probability"].to_numpy(float), reliability)
        chosen = new[new["candidate"].isin(accounts.choice.candidate)]
        gathered = np.bincount(chosen["link"].to_numpy(np.int64), weights[chosen["candidate"].to_numpy(np.int64)], len(needed))
        completes &= gathered[link] + weights[i] >= -np.log1p(-reliability) - 1e-9
    gain[i[completes]] = case.links["weight"].to_numpy(float)[link[completes]]
    return gain
