"""What an assessment stands on: the days, where each project is, the groups, and the projects of each thing that is counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum

import numpy as np
import pandas as pd

from planner.case.case import Case, Ints
from planner.case.filters import NamedColumn, meant, owner_frame, selection
from planner.case.groups import PER, groups_of, measure
from planner.plan.model import Plan
from planner.problems import Problem
from planner.settings.appraisal import EVERYONE, OWNER, REACHED, Assessment, Tally
from planner.settings.base import quarter_of
from planner.tracking.codes import problem
from planner.tracking.counts import on_list, parks_of


@dataclass(frozen=True, eq=False)
class Tallied:
    """What one thing comes to. ``rows``: the projects that are counted, with candidate, date, row, group and amount; ``unplaced``: those of
    which it is not known whether, or in which group."""

    rows: pd.DataFrame
    unplaced: pd.DataFrame
    unit: str

    @cached_property
    def sums(self) -> Mapping[int, float]:
        """By group, of groups in which something is counted."""
        parts: dict[int, list[float]] = defaultdict(list)
        for group, amount in zip(self.rows["group"].tolist(), self.rows["amount"].tolist(), strict=True):
            parts[group].append(amount)
        return {group: fsum(amounts) for group, amounts in parts.items()}

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """Projects by group."""
        groups, sizes = np.unique(self.rows["group"].to_numpy(np.int64), return_counts=True)
        return dict(zip(groups.tolist(), sizes.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Ground:
    """One assessment over one case up to a day; ``plan`` says where projects are that no event has placed, and what was wanted."""

    case: Case
    assessment: Assessment
    first: dt.date
    last: dt.date
    plan: Plan | None
    problems: list[Problem] = field(default_factory=list)
    """Blanks that would have to be counted."""
    _lists: dict[tuple[str, dt.date | None], pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {str(name): at for at, name in enumerate(self.case.candidates["candidate_id"])}

    @cached_property
    def _standing(self) -> pd.DataFrame:
        return self.case.history.standing(self.last)

    @cached_property
    def planned(self) -> pd.DataFrame:
        """What the plan has of the case: ``candidate``, ``park``, ``quarter``."""
        firms = [] if self.plan is None else self.plan.selected
        parks = {str(name): at for at, name in enumerate(self.case.parks["park_id"])}
        rows = [(self._at.get(firm.candidate_id, -1), parks.get(firm.park_id, -1), firm.quarter) for firm in firms]
        frame = pd.DataFrame(rows, columns=["candidate", "park", "quarter"]).astype({"candidate": np.int64, "park": np.int64})
        return frame[frame["candidate"] >= 0].sort_values("candidate", ignore_index=True)

    @cached_property
    def parks(self) -> Ints:
        """The park of each candidate, −1: not known; shape (I,)."""
        return parks_of(self.case, self.last, self.plan)

    @cached_property
    def _owners(self) -> list[str]:
        owners = [""] * len(self.case.candidates)
        for candidate, owner in zip(self._standing["candidate"].tolist(), self._standing["owner"].tolist(), strict=True):
            owners[candidate] = str(owner)
        return owners

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The groups, by their ids."""
        per = self.assessment.per
        if per == EVERYONE:
            return ("",)
        if per == OWNER:
            wanted = {str(row[OWNER]) for formula in self.assessment.formulas for row in formula.by_group}
            return tuple(sorted({*filter(None, self._owners), *wanted}))
        return tuple(label for (label,) in groups_of(self.case, (per,), {}).labels)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The groups as they are called."""
        per = self.assessment.per
        if per == EVERYONE:
            return (self.case.settings.name,)
        named = None if per == OWNER else meant(self.case, PER.get(per, per))
        if named is None or named.column != f"{named.owner}_id":
            return self.labels
        frame = owner_frame(self.case, named.owner)
        if "name" not in frame.columns:
            return self.labels
        called = dict(zip(frame[named.column].astype(str), frame["name"].astype(str), strict=True))
        return tuple(called.get(label) or label for label in self.labels)

    def _groups(self, candidate: Ints, park: Ints) -> Ints:
        """The group of each candidate in the park beside it, −1: none."""
        per = self.assessment.per
        if per == EVERYONE:
            return np.zeros(len(candidate), dtype=np.int64)
        if per == OWNER:
            at = {label: position for position, label in enumerate(self.labels)}
            return np.array([at.get(self._owners[i], -1) for i in candidate.tolist()], dtype=np.int64)
        groups = groups_of(self.case, (per,), {})
        known = park >= 0 if "park" in groups.sides else np.ones(len(candidate), dtype=bool)
        group = np.full(len(candidate), -1, dtype=np.int64)
        group[known] = groups.of(candidate[known], park[known], np.zeros(int(known.sum()), dtype=np.int64))
        return group

    def tallied(self, tally: Tally, where: str) -> Tallied:
        """What one thing of the assessment counts; ``where`` it stands, for what is said of a blank."""
        first = self.first if tally.listed in REACHED and not tally.ever else None
        key = tally.listed, first
        if key not in self._lists:
            rows = on_list(self.case.history, tally.listed, first, self.last, self.case.settings.ledger)
            self._lists[key] = rows.assign(park=self.parks[rows["candidate"].to_numpy(np.int64)])
        return self._counted(tally, self._lists[key], where)

    def wanted(self, tally: Tally, where: str) -> Tallied:
        """What the plan has for it: signings of the period."""
        between = self.planned["quarter"].between(quarter_of(self.first), quarter_of(self.last))
        rows = self.planned[between]
        return self._counted(tally, rows.assign(date=np.full(len(rows), np.datetime64("NaT", "s")), row=-1), where)

    def _counted(self, tally: Tally, rows: pd.DataFrame, where: str) -> Tallied:
        chosen, summed = selection(self.case, tally.where), measure(self.case, tally.sum or "count")
        candidate, park = rows["candidate"].to_numpy(np.int64), rows["park"].to_numpy(np.int64)
        lacking = np.full(len(rows), chosen.uses_park or summed.uses_park) & (park < 0)
        taken = np.zeros(len(rows), dtype=bool)
        taken[~lacking] = chosen.takes(candidate[~lacking], park[~lacking], np.zeros(int((~lacking).sum()), dtype=np.int64))
        group = self._groups(candidate, park)
        counts = taken & (group >= 0)
        amount = np.full(len(rows), np.nan)
        amount[counts] = summed.at(candidate[counts], park[counts]) * tally.times
        for i in candidate[counts & np.isnan(amount)].tolist():
            self._blank(tally.sum or "", i, where)
        rows = rows.assign(group=group, amount=amount)
        return Tallied(rows[counts], rows[lacking | (taken & (group < 0))], summed.unit)

    def _blank(self, name: str, i: int, where: str) -> None:
        named: NamedColumn = meant(self.case, name)
        table, row = self.case.tables.get("candidates"), int(self.case.candidates["row"].iloc[i])
        own = table is not None and named.column in table.frame.columns
        place = table.place(row, named.column) if table is not None and own else None
        project = str(self.case.candidates["candidate_id"].iloc[i])
        found = problem("V152", place, name, where=where, project=project)
        if found not in self.problems:
            self.problems.append(found)
