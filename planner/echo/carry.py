"""The most that money, effort and the region's resources carry, by the fractional knapsack: the best ratios first, which bounds every plan
(Dantzig, Oper. Res. 5, 1957). A project counts with the most that any of its versions gives and the least that any of them uses,
since either may come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from planner.case.case import Bools, Floats, Ints
from planner.language import Words
from planner.limits import FAMILY_WORDS
from planner.limits.family import same
from planner.programme.build import Programme
from planner.tolerances import FITS


def carrying(programme: Programme, who: Ints, worth: Floats, parks: Bools | None = None) -> Iterator[tuple[str, Words, float]]:
    """(kind, said, most) for the funds, the teams and each resource: the most that they carry of a sum to which each candidate of
    ``who`` adds ``worth``, above 0, each version of a project for itself. ``parks``: where alone that counts, shape (K,); there it
    has what the places of these parks have, and not the whole region."""
    known, project = np.unique(programme.case.project_of[who], return_inverse=True)
    size = len(known)
    value = folded(np.maximum, project, worth, size, 0.0)
    for kind, said, use, payer, have in _means(programme, who, parks):
        uses, first = folded(np.minimum, project, use, size, np.inf), folded(np.minimum, project, payer, size, len(have))
        last = folded(np.maximum, project, payer, size, -1)
        yield kind, said, _knapsack(value, uses, np.where(first == last, first, -1), have)


Mean = tuple[str, Words, Floats, Ints, Floats]
"""(kind, said, least use of each, its owner, amount of each owner)."""
_PAYERS: WeakKeyDictionary[Programme, list[Mean]] = WeakKeyDictionary()


def _payers(programme: Programme) -> list[Mean]:
    """The funds and the teams, of all candidates."""
    if programme in _PAYERS:
        return _PAYERS[programme]
    case, horizon, means = programme.case, len(programme.case.quarters), list[Mean]()

    def least_share(shares: Floats) -> Floats:
        """Of what is spread over quarters, the least that falls inside the horizon."""
        total = np.cumsum(np.pad(shares, ((0, 0), (0, horizon))), axis=1)[:, :horizon]
        inside = total[:, ::-1]  # signed in quarter t: T − t quarters are left
        return np.asarray(np.where(programme.eligible.quarter, inside, np.inf).min(axis=1))

    if case.funds.ids:
        most = case.funds.asks.max(axis=1, initial=0.0)
        owner = np.where(most > 0, case.funds.asks.argmax(axis=1), -1)
        use, have = most * least_share(case.paid_shares), case.funds.amount[:, :horizon].sum(axis=1)
        means.append(("funds", FAMILY_WORDS["funds"], use, owner, have))
    if case.teams.ids:
        effort = case.candidates["effort"].to_numpy(float) * least_share(case.spent_shares)
        owner, have = case.candidates["team"].to_numpy(np.int64), case.teams.effort[:, :horizon].sum(axis=1)
        means.append(("teams", FAMILY_WORDS["teams"], effort, owner, have))
    return _PAYERS.setdefault(programme, means)


def _means(programme: Programme, who: Ints, parks: Bools | None) -> Iterator[Mean]:
    """The funds, the teams and each resource, of the candidates ``who``."""
    case = programme.case
    for kind, said, use, owner, have in _payers(programme):
        yield kind, said, use[who], owner[who], have
    for r, supply in enumerate(case.resources):
        places = np.unique(supply.place_of_park if parks is None else supply.place_of_park[parks])
        have = supply.amount[places, -1].sum(keepdims=True)
        if np.isfinite(have[0]):
            yield supply.kind, same(supply.name), least_need(programme, r, who, parks), np.zeros(len(who), dtype=np.int64), have


def _knapsack(value: Floats, uses: Floats, owner: Ints, have: Floats) -> float:
    """The most value within ``have`` of each owner when projects may be cut: the best ratios first."""
    free = (owner < 0) | (uses <= 0)
    total = float(value[free].sum())
    ratio = np.divide(uses, value, out=np.full(len(value), np.inf), where=value > 0)
    order = np.lexsort((ratio, owner))
    order = order[~free[order] & np.isfinite(uses[order])]
    for payer in np.unique(owner[order]).tolist():
        mine = order[owner[order] == payer]
        spent = np.cumsum(uses[mine])
        room = have[payer] + FITS * (len(mine) + abs(have[payer]))  # what a checked plan may go beyond, at the most
        inside = spent <= room
        total += float(value[mine][inside].sum())
        cut = int(inside.sum())
        if cut < len(mine):
            left = room - (spent[cut - 1] if cut else 0.0)
            total += float(value[mine[cut]] * left / uses[mine[cut]])
    return total


def least_need(programme: Programme, r: int, who: Ints, parks: Bools | None = None) -> Floats:
    """Of a resource, each candidate in its best park, or in the best of ``parks``, shape (K,)."""
    among = slice(None) if parks is None else parks
    open_, need = programme.eligible.pairs[who][:, among], programme.case.need(r)[who][:, among]
    return np.asarray(np.where(open_, need, np.inf).min(axis=1, initial=np.inf))


def folded(pick: np.ufunc, which: Ints, values: NDArray[Any], size: int, start: float) -> NDArray[Any]:
    """The least or greatest of the values of each group, shape (size,)."""
    result = np.full(size, start)
    pick.at(result, which, values)
    return result
