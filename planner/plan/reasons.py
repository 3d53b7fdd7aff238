"""Why a candidate is not in the plan: every park is ruled out; or it is not worth it, or these limits bind.

*Gain* is what the candidate would add to the objective if it came into this very plan and nothing else changed: its own
terms in its best park, the shortage it would close less the demand it would bring, a backup it would complete. What binds
is read off the rows: those that the plan, with the candidate added, would break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csc_array

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.case.chains import drawing, new_sources, reliability_weight
from planner.case.eligibility import CODE, last_open
from planner.plan.firm_records import Exclusion
from planner.plan.limit_records import Limit
from planner.programme.build import Programme
from planner.solvers.protocol import Indices
from planner.tolerances import rounding

SHOWN_LIMITS = 6
FULL = 1e-6
"""A limit with less than this share left binds."""
PIECE = 4_000_000
"""Entries of a matrix that are looked at together."""
WHOLE = frozenset({"excluded", "lost", "paused", "earliest_quarter", "latest_quarter"})
"""Reasons that speak of the candidate alone, so that no park is an example of them."""


def left_out(programme: Programme, accounts: Accounts) -> dict[int, tuple[float, int, tuple[int, ...]]]:
    """Of every candidate that is eligible somewhere and is not selected: its gain, its best park, and the rows of the matrix that
    are in the way, none when it would fit in."""
    layout = programme.layout
    at = np.flatnonzero(~_is_in(layout.candidate, accounts.choice.candidate))
    if not len(at):
        return {}
    blocking = _blocked(programme, accounts, at)
    worth, blocked = programme.levels[0].objective[at], np.diff(blocking.indptr)
    ways = _best(layout.candidate[at], layout.park[at], layout.quarter[at], worth, blocked)
    gain = ways.value + _shared_gain(programme, accounts)[ways.candidate]

    def in_the_way(line: int) -> list[int]:
        return list(blocking.indices[blocking.indptr[line] : blocking.indptr[line + 1]].tolist())

    told = zip(*(values.tolist() for values in (gain, ways.candidate, ways.park, ways.placed, ways.scheduled)), strict=True)
    return {
        candidate: (own, park, tuple(dict.fromkeys([*in_the_way(placed), *in_the_way(scheduled)]))[:SHOWN_LIMITS])
        for own, candidate, park, placed, scheduled in told
    }


class _Ways(NamedTuple):
    """A way in for each of some candidates: its columns ``placed`` and ``scheduled`` (the same one for an x), park and value."""

    candidate: Ints
    park: Ints
    placed: Ints
    scheduled: Ints
    value: Floats


def _best(candidate: Ints, park: Ints, quarter: Ints, value: Floats, blocked: Ints) -> _Ways:
    """For each candidate its best way in: fewest rows in the way, then most value, then the first; a y goes with its best z. All are
    by column, in the order of candidates, then parks, then quarters."""

    def first(kind: Bools) -> Ints:
        """The best column of that kind of each candidate that has one."""
        columns = np.flatnonzero(kind)
        if not len(columns):
            return columns
        begins = np.flatnonzero(np.diff(candidate[columns], prepend=-1))
        many = np.diff(begins, append=len(columns))
        fewest = np.repeat(np.minimum.reduceat(blocked[columns], begins), many)
        worth = np.where(blocked[columns] == fewest, value[columns], -np.inf)
        best = np.flatnonzero(worth == np.repeat(np.maximum.reduceat(worth, begins), many))
        return columns[best[np.unique(candidate[columns[best]], return_index=True)[1]]]

    has_park, has_quarter = park >= 0, quarter >= 0
    timed, placed, scheduled = (first(kind) for kind in (has_park & has_quarter, has_park & ~has_quarter, ~has_park))
    _, of_placed, of_scheduled = np.intersect1d(candidate[placed], candidate[scheduled], assume_unique=True, return_indices=True)
    one, two = (np.concatenate(pair) for pair in ((placed[of_placed], timed), (scheduled[of_scheduled], timed)))
    twice = one != two  # a y and a z; an x counts once
    worth, ways = value[one] + value[two] * twice, blocked[one] + blocked[two] * twice
    ranked = np.lexsort((park[one], -worth, ways, candidate[one]))
    best = ranked[np.unique(candidate[one][ranked], return_index=True)[1]]
    return _Ways(candidate[one][best], park[one][best], one[best], two[best], worth[best])


def _activity(programme: Programme, accounts: Accounts) -> Floats:
    """What a choice comes to in each row, columns that are no choice being 0, but totals what they are; shape (m,)."""
    layout, choice = programme.layout, accounts.choice
    values = np.zeros(layout.columns)
    size_k, size_t = len(programme.case.parks) + 1, len(programme.case.quarters) + 1
    chosen = np.flatnonzero(_is_in(layout.candidate, choice.candidate))
    key = ((layout.candidate[chosen] * size_k) + layout.park[chosen] + 1) * size_t + layout.quarter[chosen] + 1
    timed = layout.timed[choice.park]
    wanted = np.concatenate(
        [
            ((choice.candidate * size_k) + choice.park + 1) * size_t + np.where(timed, choice.quarter + 1, 0),
            (choice.candidate[~timed] * size_k) * size_t + choice.quarter[~timed] + 1,
        ]
    )
    order = np.argsort(key, kind="stable")
    values[chosen[order[np.searchsorted(key[order], wanted)]]] = 1.0
    defined, totals = _totals(programme)
    values[totals] = programme.matrix.rows[defined] @ values
    activity: Floats = programme.matrix.rows @ values
    return activity


def _is_in(candidate: Ints, some: Ints) -> Bools:
    """Whether each candidate is one of some."""
    marked = np.zeros(int(max(candidate.max(initial=-1), some.max(initial=-1))) + 1, dtype=bool)
    marked[some] = True
    return marked[candidate]


def _totals(programme: Programme) -> tuple[Ints, Ints]:
    """The rows that say what totals are, and the columns of these: sum − total = 0."""
    named = [number for number, family in enumerate(programme.families) if family.name == "rule_totals"]
    return np.flatnonzero(np.isin(programme.family_of_row, named)), programme.layout.positions("totals")


def tight_rows(programme: Programme, accounts: Accounts) -> list[int]:
    """Rows of business limits with nothing left, whether or not a firm asks for more of them."""
    used, lower, upper = _activity(programme, accounts), programme.matrix.row_lower.copy(), programme.matrix.row_upper.copy()
    fills = np.array([family.fills for family in programme.families], dtype=bool)[programme.family_of_row]
    held = programme.business_rows & fills & np.isfinite(upper) & (upper != lower)
    for row in np.flatnonzero(held & (upper == 0.0)).tolist():  # such are the rows of ratios, too
        family, part, number = programme.row(row)
        figures = family.figures(programme.layout, accounts, {key: int(values[number]) for key, values in part.about.items()})
        if figures is not None:
            used[row], upper[row] = figures
    return np.flatnonzero(held & (used > 0) & (upper - used <= FULL * np.maximum(1.0, np.abs(upper)))).tolist()


def limits_of(programme: Programme, accounts: Accounts, rows: Iterable[int]) -> dict[int, Limit]:
    """The given rows of the matrix as limits that a plan can name, by row."""
    activity, case, language = _activity(programme, accounts), programme.case, programme.case.settings.language
    limits = {}
    for row in sorted(rows):
        family, part, number = programme.row(row)
        about = {key: int(values[number]) for key, values in part.about.items()}
        subject, upper = family.subject(case, programme.layout, about), float(part.upper[number])
        of_row = (float(activity[row]), upper if np.isfinite(upper) else float(part.lower[number]))
        used, amount = family.figures(programme.layout, accounts, about) or of_row
        quarter = case.calendar[about["quarter"]] if "quarter" in about else None
        ids = (family.name, *subject.ids)
        limits[row] = Limit(
            limit_id=":".join(name.replace("\\", "\\\\").replace(":", "\\:") for name in (*ids, quarter) if name is not None),
            ids=ids,
            family=family.name,
            subject=subject.name.say(language),
            place=subject.place.say(language) if subject.place is not None else None,
            quarter=quarter,
            used=used + subject.constant,
            amount=amount + subject.constant,
            unit=subject.unit,
        )
    return limits


def _blocked(programme: Programme, accounts: Accounts, at: Ints) -> csc_array:
    """For each column in ``at`` the rows that it would break: a boolean matrix (m, len(at)), by column. The matrix is gone through
    a piece at a time, and looked at closely only where an entry is above the room of its row."""
    matrix = programme.matrix
    rows, activity = matrix.rows, _activity(programme, accounts)
    # Rows of what the model is follow a newcomer by themselves, or (once) are told as ``variant_chosen``.
    held = programme.business_rows & programme.hard_rows
    place = np.full(rows.shape[1], -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    moves, added = _moves(programme, activity, place)
    up, down = (np.where(held, side, np.inf) for side in (matrix.row_upper - activity, activity - matrix.row_lower))
    moved = np.any([each != 0.0 for each, _ in moves], axis=0) if moves else np.zeros(len(held), dtype=bool)
    found = [added]
    for first in range(0, rows.nnz, PIECE):
        value = rows.data[first : first + PIECE]
        row = _row_of(rows.indptr, first, len(value))
        near = np.flatnonzero((value > up[row]) | (-value > down[row]) | moved[row])
        row, column, change = row[near], place[rows.indices[first + near]], value[near]
        there = column >= 0
        row, column, change = row[there], column[there], change[there]
        for each, taken in moves:
            change = change + each[row] * taken[column]
        found.append((row, column, change))
    row, column, change = (np.concatenate(part) for part in zip(*found, strict=True))
    after = activity[row] + change
    room = rounding(np.maximum(np.abs(activity[row]), np.abs(after)))
    over = held[row] & ((after > matrix.row_upper[row] + room) | (after < matrix.row_lower[row] - room))
    broken = csc_array((np.ones(int(over.sum())), (row[over], column[over])), shape=(len(held), len(at)))
    broken.sort_indices()
    return broken


def _row_of(begins: Indices, first: int, many: int) -> Ints:
    """The row of each of so many entries of a matrix by rows, from the ``first`` on."""
    low, high = np.searchsorted(begins, [first, first + many - 1], side="right") - 1
    inside = np.clip(begins[low : high + 2], first, first + many)
    return np.repeat(np.arange(low, high + 1), np.diff(inside))


Moves = list[tuple[Floats, Floats]]
"""Of each total what one unit of it does in each row, and what each column adds to it."""


def _moves(programme: Programme, activity: Floats, place: Ints) -> tuple[Moves, tuple[Ints, Ints, Floats]]:
    """What columns (``place``: their number, −1 for those not asked about) do in rows by what they add to a total that a row is held
    against; and (row, column, change) for rows that they change by the total alone. Of these only the one that a column would break first is there: a rule may have a row for each
    project, and each project changes the total of all."""
    matrix, asked = programme.matrix, np.flatnonzero(place >= 0)
    row, column, change = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    moves: Moves = []
    for defined, total in zip(*_totals(programme), strict=True):
        added = matrix.rows[[defined]].toarray()[0][asked]
        each = matrix.rows[:, [total]].toarray()[:, 0]
        each[defined] = 0.0
        change = change + each[row] * added[column]
        for sign, side in ((-1.0, matrix.row_lower), (1.0, matrix.row_upper)):
            moved, left = np.flatnonzero((sign * each > 0) & np.isfinite(side)), np.flatnonzero(added)
            room = (side - activity)[moved] / each[moved]
            for first in moved[np.argsort(room, kind="stable")[:2]].tolist():  # the second for columns that the first counts itself
                own = place[matrix.rows[[first]].indices]
                itself = np.isin(left, np.append(column[row == first], own))
                new = left[~itself]
                row, column = np.append(row, np.full(len(new), first)), np.append(column, new)
                change, left = np.append(change, each[first] * added[new]), left[itself]
        moves.append((each, added))
    return moves, (row, column, change)


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
        i, edge = drawing(case, link)
        source = case.edges["from_link"].to_numpy(np.int64)[edge]
        drawn = case.edges["coefficient"].to_numpy(float)[edge] * output[i]
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


def exclusions(programme: Programme, candidates: Ints) -> tuple[tuple[Exclusion, ...], ...]:
    """For each candidate the reasons for every park that is ruled out, most parks first; ties in the order of codes."""
    reasons, ids = programme.eligible.reason[candidates], programme.case.parks["park_id"].astype(str).tolist()
    counted: list[list[tuple[int, int, Exclusion]]] = [[] for _ in range(len(candidates))]

    @cache  # most candidates are kept out of as many parks as all others of their chain, the same one first
    def told(code: str, count: int, park: int, own: tuple[tuple[str, Any], ...]) -> Exclusion:
        example = None if code in WHOLE else ids[park]
        return Exclusion.model_validate({"code": code, "parks": count, "example_park_id": example, **dict(own)})

    for code, number in CODE.items():
        if not number or number not in reasons:
            continue
        held = reasons == number
        counts, first = held.sum(axis=1), held.argmax(axis=1)
        at = np.flatnonzero(counts)
        figures = _figures(programme, candidates[at], first[at], code)
        for n, count, park, own in zip(at.tolist(), counts[at].tolist(), first[at].tolist(), figures, strict=True):
            counted[n].append((-count, number, told(code, count, park, tuple(own.items()))))
    return tuple(tuple(exclusion for _, _, exclusion in sorted(rows, key=lambda entry: entry[:2])) for rows in counted)


def _figures(programme: Programme, candidate: Ints, park: Ints, code: str) -> list[Mapping[str, Any]]:
    """What each candidate has or needs in its example park, and what the park allows."""
    case = programme.case
    if code in {"investment_intensity", "tax_intensity"}:
        have = case.candidates[code.removesuffix("_intensity")].to_numpy(float)[candidate]
        per_land = have / case.need_in(case.resource(case.settings.gates.land), candidate, park)
        floors = case.parks[f"min_{code}"].to_numpy(float)[park]
        return [{"found": has, "allowed": floor} for has, floor in zip(per_land.tolist(), floors.tolist(), strict=True)]
    if code in {"earliest_quarter", "latest_quarter"}:
        return [{"quarter": quarter} for quarter in case.candidates[code].iloc[candidate]]
    if code != "need_above_capacity":
        return [{}] * len(candidate)
    short = programme.eligible.resource[candidate, park].astype(np.int64)
    needed, most = np.zeros(len(candidate)), np.zeros(len(candidate))
    for r, supply in enumerate(case.resources):
        at = np.flatnonzero(short == r)
        lasting = supply.lasting[supply.place_of_park[park[at]], last_open(programme.eligible.quarter)[candidate[at]]]
        needed[at], most[at] = case.need_in(r, candidate[at], park[at]), lasting
    names = [case.resources[r].resource_id for r in short.tolist()]
    figures = zip(needed.tolist(), most.tolist(), names, strict=True)
    return [{"found": need, "allowed": capacity, "resource_id": name} for need, capacity, name in figures]
