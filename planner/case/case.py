"""``Case``: the tables validated against each other and against the settings, as typed, linked arrays.

Everything is sorted by id, so the order of rows in a file changes nothing (R8). Links between tables are positions:
``candidates.link`` is a row of ``links``, −1 where there is none. Money 万元, probabilities 0–1, ``NaN`` where a fact is
not known; the programme reads a number only where :mod:`planner.case.link` has made sure that it is known (R1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.case.history import History, Standing
from planner.reading.table import Tables
from planner.settings.schema import Settings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

REGION = "region"
"""Name of the one place of a region-wide resource."""


@dataclass(frozen=True, eq=False)
class Supply:
    """A resource and where how much of it is: P places (parks, zones or the one region) × T quarters."""

    resource_id: str
    name: str
    unit: str
    kind: Literal["stock", "flow"]
    scope: Literal["park", "zone", "region"]
    places: tuple[str, ...]
    place_of_park: Ints
    """Shape (K,): the place that a park belongs to."""
    amount: Floats
    """Shape (P, T): what is available up to (stock) or during (flow) a quarter; inf where unlimited."""
    stated: Floats
    """Shape (P, T): the same as the tables have it, before the settings' seasons."""
    seasons: Bools
    """Shape (S, P, T): where each season of the settings holds."""

    @property
    def lasting(self) -> Floats:
        """Shape (P, T): what is there from a quarter on, until the end of the horizon."""
        return np.minimum.accumulate(self.amount[:, ::-1], axis=1)[:, ::-1]


@dataclass(frozen=True, eq=False)
class Pairs:
    """``site_options``: what differs for a candidate in a park; J rows, sorted by candidate and park."""

    candidate: Ints
    park: Ints
    allowed: Bools
    score: Floats
    """Added to the candidate's own score, 0 where blank."""
    needs: Floats
    """Shape (J, R): replaces the candidate's own need; NaN where it does not."""


@dataclass(frozen=True, eq=False)
class Funds:
    """F funds over the C quarters of the calendar, 万元."""

    ids: tuple[str, ...]
    amount: Floats
    """New money, shape (F, C); inf for a quarter after the horizon that has no row: it limits nothing."""
    carry_over: Bools
    asks: Floats
    """Money asked by each candidate of each fund, shape (I, F)."""

    @property
    def most(self) -> Floats:
        """What may be paid in each quarter or, by a fund that carries over, up to it; inf where nothing limits; shape (F, C)."""
        limited = np.isfinite(self.amount)
        carried = np.where(limited, self.amount, 0.0).cumsum(axis=1)
        return np.where(limited & self.carry_over[:, None], carried, self.amount)

    @property
    def unlimited(self) -> Bools:
        """Quarters in which nothing limits what is paid: without an amount and, where the fund carries over, none later; (F, C)."""
        none = np.isinf(self.amount)
        to_the_end = np.logical_and.accumulate(none[:, ::-1], axis=1)[:, ::-1]
        return np.where(self.carry_over[:, None], to_the_end, none)


@dataclass(frozen=True, eq=False)
class Teams:
    """S teams over the C quarters of the calendar, person-months."""

    ids: tuple[str, ...]
    chain: Ints
    """Chain served; −1: every chain."""
    effort: Floats
    """Shape (S, C); inf for a quarter after the horizon that has no row of its own: it limits nothing."""


@dataclass(frozen=True, eq=False)
class People:
    """R rows of people and offices in their roles, by person, role, chain and scope; the plan itself does not read them.

    ``frame`` has person, role, level, contact (texts, ``""`` where blank), scope (its entries, joined), expertise (tuples) and row.
    """

    frame: pd.DataFrame
    chains: Bools
    """Shape (R, C): serves the chain; who names no chain serves all of them."""
    parks: Bools
    """Shape (R, K): serves the park; who names no place serves all of them."""
    of_chain: Bools
    """Shape (R,): serves some chains by name."""
    capacity: Floats
    """Shape (R,): projects that the person may own in this role; NaN: none; inf: any number."""


@dataclass(frozen=True, eq=False)
class Choice:
    """N selected candidates with their park and quarter, sorted by candidate; positions in the case's tables."""

    candidate: Ints
    park: Ints
    quarter: Ints


@dataclass(frozen=True, eq=False)
class Reference:
    """The projects of an earlier plan that are candidates still, as what later plans are held against; sorted by candidate; shape (A,) each."""

    candidate: Ints
    park: Ints
    """−1: a park that there is no more."""
    quarter: Ints
    """−1: a quarter that is not in the horizon."""
    fallen: Bools
    """Excluded, lost or paused with no day known: that such a project leaves is a fact and no change of the plan's."""
    gone: tuple[str, ...]
    """Ids of projects that are no candidates any more; they have fallen away, too."""

    @property
    def frame(self) -> pd.DataFrame:
        """candidate, park, quarter."""
        return pd.DataFrame({"candidate": self.candidate, "park": self.park, "quarter": self.quarter})

    @property
    def standing(self) -> Reference:
        """Without the fallen."""
        keep = ~self.fallen
        return Reference(self.candidate[keep], self.park[keep], self.quarter[keep], self.fallen[keep], ())


@dataclass(frozen=True, eq=False)
class Case:
    """One planning problem. I candidates, K parks, L links, C chains, R resources, T quarters."""

    settings: Settings
    tables: Tables
    quarters: tuple[str, ...]
    calendar: tuple[str, ...]
    """The T quarters of the horizon, then those in which something that was signed within it still falls due."""
    chains: pd.DataFrame
    """chain_id, name, weight, chief, lead_office, anchor_firm."""
    links: pd.DataFrame
    """link_id, name, chain (position), tier, weight (own × chain's), demand, supply, sources, min_sources, bottleneck."""
    candidates: pd.DataFrame
    """The table's columns and extra columns, with link, chain, team (positions, −1: none), fixed_park and
    fixed_quarter as positions (−1: free), row (row in the file)."""
    project_of: Ints
    """Shape (I,): number of the project that a candidate is a version of; versions of one project share it."""
    window: Ints
    """Shape (I, 2): the first and the last quarter in which a candidate may be signed, as positions; a first of T lies after the
    horizon, a last of −1 before it."""
    parks: pd.DataFrame
    """The table's columns and extra columns, with row."""
    chain_allowed: Bools
    """Shape (K, C): the park takes the chain."""
    preferred: Bools
    """Shape (I, K)."""
    refused: Bools
    """Shape (I, K)."""
    resources: tuple[Supply, ...]
    needs: Floats
    """Shape (I, R): the candidate's own need; NaN where only site_options know it."""
    pairs: Pairs
    funds: Funds
    teams: Teams
    paid_shares: Floats
    """Share of each candidate's subsidy that is paid so many quarters after it signs; shape (I, some)."""
    spent_shares: Floats
    """Share of each candidate's effort that is spent so many quarters after it signs; shape (I, some)."""
    edges: pd.DataFrame
    """from_link, to_link (positions), coefficient."""
    incumbents: pd.DataFrame
    """name, link (position, −1), capacity, park (position, −1), city, lon, lat, source."""
    history: History
    """What became of each project so far."""
    standing: Standing
    """What that does to each candidate; what it locks stands in ``candidates`` and ``window`` already."""
    people: People
    days: pd.DataFrame
    """Days that the table ``calendar`` tells of, by date: date, until (``datetime.date``), kind (rest, work, meeting), name, half_day
    (morning, afternoon, whole), who (tuples), place, row."""
    targets: pd.DataFrame
    """What is to be reached: stage, quarter (``""``: the horizon), chain (position, −1: every one), county, team (``""``: every one),
    projects, investment (NaN: no such target), row."""
    reference: Reference | None = None
    """The earlier plan that changes are counted against."""

    @property
    def projects(self) -> int:
        """How many different projects there are, versions of one counted once."""
        return int(self.project_of.max(initial=-1)) + 1

    def resource(self, resource_id: str) -> int:
        """Position of a resource; raises ``KeyError`` when there is none."""
        return {supply.resource_id: position for position, supply in enumerate(self.resources)}[resource_id]

    def need(self, r: int) -> Floats:
        """What each candidate needs of resource ``r`` in each park: shape (I, K)."""
        need = np.repeat(self.needs[:, r, None], len(self.parks), axis=1)
        own = ~np.isnan(self.pairs.needs[:, r])
        need[self.pairs.candidate[own], self.pairs.park[own]] = self.pairs.needs[own, r]
        return need

    def own_rows(self, candidate: Ints, park: Ints) -> Ints:
        """For each pair of positions its row of ``pairs``, −1 where there is none."""
        known = self.pairs.candidate * len(self.parks) + self.pairs.park
        order = np.argsort(known, kind="stable")
        wanted = np.asarray(candidate * len(self.parks) + park, dtype=np.int64)
        row = np.append(order, -1)[np.searchsorted(known, wanted, sorter=order)]
        return np.where(np.append(known, -1)[row] == wanted, row, -1)

    def need_in(self, r: int, candidate: Ints, park: Ints) -> Floats:
        """What each candidate needs of resource ``r`` in the park beside it; positions, one shape."""
        own = np.append(self.pairs.needs[:, r], np.nan)[self.own_rows(candidate, park)]
        return np.where(np.isnan(own), self.needs[candidate, r], own)

    def score(self) -> Floats:
        """Score of each candidate in each park: shape (I, K)."""
        score = np.repeat(self.candidates["score"].to_numpy(float)[:, None], len(self.parks), axis=1)
        score[self.pairs.candidate, self.pairs.park] += self.pairs.score
        return score
