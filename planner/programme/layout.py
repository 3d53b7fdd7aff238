r"""The columns of the programme, and why most of them need no quarter.

A selected candidate is placed once and scheduled once. Resources of a park whose capacity does not change over the horizon
bind only at its end, so nothing couples *which park* with *which quarter* there. Instead of :math:`x_{ikt}` for each park
and quarter such a park needs only

* a placement :math:`y_{ik}\in\{0,1\}` and
* a schedule :math:`z_{it}\in\{0,1\}`, with :math:`\sum_k y_{ik} = \sum_t z_{it}`.

This is exact, and its linear relaxation is as strong: given fractional :math:`y, z` with equal sums :math:`s`,
:math:`x_{ikt} = y_{ik} z_{it} / s` meets every row that speaks of parks alone or of quarters alone. It saves a factor near
T in columns and all of the symmetry between quarters. Parks whose capacity comes in binding phases, or that a rule ties to
a quarter, are *timed* and keep :math:`x_{ikt}`. With one quarter every park is timed and there is nothing to schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.chains.diagnosis import new_sources
from planner.programme.eligibility import Eligibility, above
from planner.programme.rules import RuleRows, rule_rows
from planner.tables.case import Bools, Case, Choice, Floats, Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """The n columns: choices first, then shortages, backups, firms, slacks.

    For the choices ``candidate``, ``park`` and ``quarter`` say which; −1 in ``park`` marks a schedule z, −1 in ``quarter``
    a placement y, and x has both.
    """

    candidate: Ints
    park: Ints
    quarter: Ints
    timed: Bools
    """Shape (K,)."""
    short_links: Ints
    """Links that have a shortage column, in its order."""
    backup_links: Ints
    """Links that have a backup column."""
    shared_firms: tuple[Ints, ...]
    """Candidates of one firm at one link, two or more: together they are one source."""
    shared_link: Ints
    """The link of each of ``shared_firms``."""
    rules: tuple[RuleRows, ...]

    @property
    def choices(self) -> int:
        """How many choice columns."""
        return len(self.candidate)

    @property
    def shortage(self) -> slice:
        """Shortage columns u."""
        return slice(self.choices, self.choices + len(self.short_links))

    @property
    def backup(self) -> slice:
        """Backup columns b."""
        return slice(self.shortage.stop, self.shortage.stop + len(self.backup_links))

    @property
    def firms(self) -> slice:
        """One column for each of ``shared_firms``: it counts once."""
        return slice(self.backup.stop, self.backup.stop + len(self.shared_firms))

    @cached_property
    def slack(self) -> slice:
        """Violation of each soft rule's group, below and above."""
        soft = sum(2 * len(rows.groups) for rows in self.rules if rows.rule.soft is not None)
        return slice(self.firms.stop, self.firms.stop + soft)

    @property
    def columns(self) -> int:
        """n."""
        return int(self.slack.stop)

    @property
    def placements(self) -> Ints:
        """Columns with a park: each selected candidate has exactly one."""
        return np.flatnonzero(self.park >= 0)

    @property
    def schedules(self) -> Ints:
        """Columns with a quarter: each selected candidate has exactly one."""
        return np.flatnonzero(self.quarter >= 0)

    @property
    def chosen(self) -> Ints:
        """Columns of which each selected candidate has exactly one: placements or schedules, whichever are fewer.

        For rows that ask neither where nor when: the same sums from a fraction of the coefficients.
        """
        return min(self.placements, self.schedules, key=len)


def choice_of(columns: Layout, values: Floats) -> Choice:
    """Read a choice off column values.

    Raises:
        ValueError: a candidate has a park and no quarter, two parks, or two quarters: not a solution of the programme.
    """
    on = values[: columns.choices] > 0.5
    placed = np.flatnonzero(on & (columns.park >= 0))
    scheduled = np.flatnonzero(on & (columns.quarter >= 0))
    candidate = columns.candidate[placed]
    if len(np.unique(candidate)) != len(candidate) or not np.array_equal(candidate, columns.candidate[scheduled]):
        raise ValueError("the values place and schedule different candidates")
    return Choice(candidate, columns.park[placed], columns.quarter[scheduled])


def needed_quarters(amount: Floats) -> Bools:
    """Which capacity rows can bind: use only grows, so a quarter with no less later never does. Shape (P, T)."""
    later = np.full(amount.shape, np.inf)
    if amount.shape[1] > 1:
        later[:, :-1] = np.minimum.accumulate(amount[:, :0:-1], axis=1)[:, ::-1]
    return (amount < later) & np.isfinite(amount)


def depends_on_park(case: Case, r: int) -> bool:
    """Some candidate needs another amount of resource ``r`` in another park."""
    return bool((~np.isnan(case.pairs.needs[:, r])).any())


def timed_parks(case: Case, rules: tuple[RuleRows, ...]) -> Bools:
    """Parks in which the quarter matters; see the module's words."""
    size = len(case.parks)
    if len(case.quarters) == 1 or any(rows.park_and_quarter for rows in rules):
        return np.ones(size, dtype=bool)
    timed = np.zeros(size, dtype=bool)
    for r, supply in enumerate(case.resources):
        early: Bools = np.any(needed_quarters(supply.amount)[:, :-1], axis=1)
        if supply.scope == "region" and not depends_on_park(case, r):
            continue  # its rows are held over the schedules alone
        timed |= early[supply.place_of_park]
    return timed


def layout(case: Case, eligible: Eligibility) -> Layout:
    """All columns, from eligible pairs and open quarters, in the order of ids."""
    rules = tuple(rule_rows(case, position) for position in range(len(case.settings.rules)))
    timed = timed_parks(case, rules)
    open_quarter: Bools = np.any(eligible.quarter, axis=1)
    open_pairs = eligible.pairs & open_quarter[:, None]
    placed_i, placed_k = np.nonzero(open_pairs & ~timed)
    x_i, x_k = np.nonzero(open_pairs & timed)
    x_i, x_k, x_t = _timed_columns(case, eligible, x_i, x_k)
    scheduled = np.zeros(len(case.candidates), dtype=bool)
    scheduled[placed_i] = True
    z_i, z_t = np.nonzero(eligible.quarter & scheduled[:, None])
    candidate = np.concatenate([placed_i, x_i, z_i])
    park = np.concatenate([placed_k, x_k, np.full(len(z_i), -1)])
    quarter = np.concatenate([np.full(len(placed_i), -1), x_t, z_t])
    order = np.lexsort((quarter, park, candidate))
    potential = np.unique(candidate)
    return Layout(
        candidate[order],
        park[order],
        quarter[order],
        timed,
        _short_links(case, potential),
        np.flatnonzero(case.links["min_sources"].to_numpy(float) > 0),
        *_shared_firms(case, potential),
        rules,
    )


def _timed_columns(case: Case, eligible: Eligibility, i: Ints, k: Ints) -> tuple[Ints, Ints, Ints]:
    """(i, k, t) for pairs in timed parks, without the quarters from which on the project alone does not fit."""
    open_ = eligible.quarter[i].copy()
    for r, supply in enumerate(case.resources):
        from_then_on = np.minimum.accumulate(supply.amount[:, ::-1], axis=1)[:, ::-1]
        need = case.need(r)[i, k]
        open_ &= ~above(need[:, None], from_then_on[supply.place_of_park[k]])
    pair, t = np.nonzero(open_)
    return i[pair], k[pair], t


def _short_links(case: Case, potential: Ints) -> Ints:
    """Links that have demand, or to which a candidate that may come brings demand."""
    if not len(case.links):
        return np.zeros(0, dtype=np.int64)
    asked = case.links["demand"].to_numpy(float) > 0
    link = case.candidates["link"].to_numpy(np.int64)[potential]
    drawn = np.isin(case.edges["to_link"].to_numpy(np.int64), link) & (case.edges["coefficient"].to_numpy(float) > 0)
    asked[case.edges["from_link"].to_numpy(np.int64)[drawn]] = True
    return np.flatnonzero(asked)


def _shared_firms(case: Case, potential: Ints) -> tuple[tuple[Ints, ...], Ints]:
    rows = new_sources(case, potential)
    rows = rows[case.links["min_sources"].to_numpy(float)[rows["link"].to_numpy(np.int64)] > 0]
    groups, links = [], []
    for (link, _), group in rows.groupby(["link", "firm"], sort=True):
        if len(group) > 1:
            groups.append(group["candidate"].to_numpy(np.int64))
            links.append(int(link))
    return tuple(groups), np.array(links, dtype=np.int64)
