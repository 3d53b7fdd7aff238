"""A list held against the limits and the proof.

Limits, value and figures are reckoned from the tables alone, whatever the list breaks. What no plan can exceed comes from a solve of
the plan file, begun from the list where that is a plan, or from a finished run of it. Fewest changes and best swaps are solves over the
same columns and rows with a few rows more (:mod:`planner.questions.assess.near`); every plan they give is verified as any other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner.case.case import Choice, Ints
from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Near
from planner.plan.reopen import same_inputs
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, solve_plan
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.plan.stored import read_run
from planner.plan.whole_folder import ASSESSMENT, look_at
from planner.problems import Place
from planner.programme.build import Programme, build
from planner.questions.assess.listing import FREE, Listing, read_listing
from planner.questions.assess.near import Fewest, fewest, swapped
from planner.questions.assess.record import Assessment, Swap
from planner.questions.assess.sheet import write_assessment
from planner.questions.assess.told import Standing, assessment, repair_of, swap_of
from planner.questions.codes import refusal
from planner.questions.difference import better
from planner.questions.variant import LEAST, MOST_SECONDS, NEAREST, heard, nearby, stopping_within
from planner.questions.within import choice_in, plan_at, plan_of
from planner.settings.shape import plain_data
from planner.solvers.protocol import Floats, Listener, Stopping, StopSign, never

SWAPS = 3
"""Swaps that are looked for, at most, where nothing else is asked."""
STEERING = ("quarters", "resources", "seasons", "objective", "rules", "relations", "backup", "schedule", "gates", "changes")
"""Sections of the settings that a bound rests on."""


def assess(
    opened: Opened,
    listing: str | Path | Listing,
    swaps: int = SWAPS,
    sheet: str | None = None,
    against: str | Path | None = None,
    out: str | Path | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Assessment:
    """What a list breaks, what it is worth, how far it is from the proved bound, the fewest changes that make it keep every limit,
    and the best 1, 2, … swaps until no more is gained.

    Args:
        listing: a file that tables are read from: a project a row, its park and its quarter.
        swaps: how many at most; 0: none.
        sheet: of a workbook with several.
        against: a finished run of the same plan file, whose bound is taken instead of solving.
        out: a folder for the answer, ``assess.json`` and ``assess.xlsx``.
        time_limit: seconds of each solve; None: that of the settings.

    Raises:
        planner.problems.InputError: the list cannot be used, with everything that is wrong with it; ``against`` is no run of this
            plan; ``out`` holds something else.
        planner.problems.NotAllWritten: something could not be written to ``out``.
    """
    return assessed(opened, listing, swaps, sheet, against, out, time_limit, listen, tell, stop)[0]


@heard
def assessed(
    opened: Opened,
    listing: str | Path | Listing,
    swaps: int = SWAPS,
    sheet: str | None = None,
    against: str | Path | None = None,
    out: str | Path | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> tuple[Assessment, Plan | None]:
    """:func:`assess`, and the best plan or, where none was found, one near the list."""
    target = None if out is None else look_at(Path(out), ASSESSMENT)
    listing = listing if isinstance(listing, Listing) else read_listing(opened, listing, sheet)
    run = None if against is None else _run_of(opened, Path(against))
    stopping = stopping_within(opened, time_limit)
    work = _Work(opened, build(opened.case, opened.eligible), stopping, listen, tell)
    solves = swaps + (run is None) + 2
    tell(announced(solves, solves * stopping.time_limit))
    answer, plan = work.answer(listing, swaps, run, None if against is None else str(against))
    if target is not None:
        write_assessment(answer, plan, opened, target)
    return answer, plan


def _run_of(opened: Opened, folder: Path) -> Plan:
    """The plan of a finished run of this plan file. Raises InputError: no run, other data (R108), other settings (R150)."""
    plan = read_run(folder)
    same_inputs(folder, plan, opened)
    then, now = plan.plan.settings, plain_data(opened.case.settings)
    other = [section for section in STEERING if then.get(section) != now.get(section)]
    if other:
        raise refusal("R150", Place(str(folder)), "--against", listed=Words.listed(other))
    return plan


@dataclass(frozen=True, eq=False)
class _Work:
    """What all solves of an assessment share."""

    opened: Opened
    programme: Programme
    stopping: Stopping
    listen: Listener
    tell: Teller

    def answer(self, listing: Listing, swaps: int, run: Plan | None, against: str | None) -> tuple[Assessment, Plan | None]:
        """The answer, and a plan for names and styles."""
        standing = Standing(self.opened, listing, self.programme) if listing.whole else None
        start = None if standing is None else self._as_plan(standing)
        best, impossible = (run, False) if run is not None else self._best(start)
        repair, repaired = None, None
        if standing is None or standing.broken:
            near = None if impossible else self._fewest(listing.choice, best)
            repaired = None if near is None else self._best_within(near)
            if standing is None:
                standing = Standing(self.opened, self._completed(listing, repaired), self.programme)
            if near is not None and repaired is not None and standing.broken:
                repair = repair_of(self.opened.case, standing.listing, repaired, near.changes, near.least)
        base = self._as_plan(standing) or repaired
        found, settled = ([], False) if base is None else self._swaps(base, swaps, best)
        return assessment(listing, standing, best, against, impossible, repair, found, settled), best or base

    def _as_plan(self, standing: Standing) -> Plan | None:
        """The list as a plan; None where it breaks a limit."""
        return None if standing.broken else plan_at(self.opened, self.programme, standing.listing.choice)

    def _best(self, start: Plan | None) -> tuple[Plan | None, bool]:
        """(the best plan that was found, whether there is none at all)."""
        self.tell(Words("求最好的计划及其上界 …", "looking for the best plan and its bound …"))
        try:
            return solve_plan(self.opened, self.programme, start, self.listen, self.tell, self.stopping), False
        except NoPlan as none:
            return None, none.solution.termination.reason == "infeasible"

    def _fewest(self, choice: Choice, best: Plan | None) -> Fewest | None:
        self.tell(Words("求使名单可行的最少改动 …", "looking for the fewest changes that make the list keep every limit …"))
        start = None if best is None else self._point(best)
        solver = self.opened.loaded.settings.solve.solver
        return fewest(self.programme, choice, solver, self.stopping, self.listen, start)

    def _best_within(self, near: Fewest) -> Plan:
        """The best plan that was found with no more changes than these."""
        begun = plan_of(self.opened, self.programme, near.values)
        try:  # how near it is to what it begins from says nothing: it is as near to the list as can be
            return solve_plan(self.opened, near.within, begun, self.listen, stopping=self.stopping, near=Near(sought=False))
        except NoPlan:
            return begun

    def _completed(self, listing: Listing, near: Plan | None) -> Listing:
        """The list with what it leaves open as the nearest plan has it, or else where each project alone is worth most."""
        case, layout = self.opened.case, self.programme.layout
        placed = {} if near is None else {row[0]: row for row in wanted_places(case, near).itertuples(index=False, name=None)}
        worth_of = self.programme.levels[0].objective
        rows = []
        for row in listing.rows:
            own = np.flatnonzero(layout.candidate == row.candidate)
            own = own[np.argsort(-worth_of[own], kind="stable")]
            _, park, quarter = placed.get(row.candidate, (row.candidate, FREE, FREE))
            if row.park not in (FREE, park) or row.quarter not in (FREE, quarter):
                park = quarter = FREE
            rows.append(
                replace(
                    row,
                    park=_first(row.park, park, layout.park[own], case.candidates["fixed_park"].iloc[row.candidate]),
                    quarter=_first(row.quarter, quarter, layout.quarter[own], case.candidates["fixed_quarter"].iloc[row.candidate]),
                )
            )
        return replace(listing, rows=tuple(rows))

    def _swaps(self, base: Plan, most: int, best: Plan | None) -> tuple[list[Swap], bool]:
        """Swap by swap until no more is gained; whether that is proved."""
        choice = choice_in(self.opened.case, base)
        found, last = list[Swap](), base
        for number in range(1, most + 1):
            if best is not None and _reaches(last, best):
                return found, True
            self.tell(Words("求最好的 {n} 组换项 …", "looking for the best {n} swap(s) …").fill(n=number))
            programme, began = swapped(self.programme, choice, number), time.monotonic()
            start = self._exchanged(programme, base)
            start = start if start is not None and better(start, last) else last
            left = max(self.stopping.time_limit - (time.monotonic() - began), LEAST * self.stopping.time_limit)
            stopping = replace(self.stopping, time_limit=left)
            try:
                plan = solve_plan(self.opened, programme, start, self.listen, stopping=stopping, near=Near(base))
            except NoPlan:
                break
            if not better(plan, last):
                return found, plan.status.proved
            found.append(swap_of(number, base, plan))
            last = plan
            if plan.status.reason == "interrupted":
                break
        return found, best is not None and _reaches(last, best)

    def _exchanged(self, programme: Programme, base: Plan) -> Plan | None:
        """The best found in which all who stay keep their park and quarter: a small model."""
        layout, point = programme.layout, self._point(base)
        if point is None:
            return None
        own = point[: layout.choices] > 0.5
        others = ~np.isin(layout.candidate, layout.candidate[own])
        values = nearby(programme.matrix, own, own | others, min(MOST_SECONDS, NEAREST * self.stopping.time_limit), point)
        return None if values is None else plan_of(self.opened, self.programme, values)

    def _point(self, plan: Plan) -> Floats | None:
        """A plan as a point of the programme."""
        wanted = columns_of(self.programme.layout, wanted_places(self.opened.case, plan))
        chosen = wanted.loc[wanted["same"], "column"].to_numpy(np.int64)
        return complete_point(self.programme.matrix, plan_point(self.programme, chosen))


def _first(said: int, near: int, open_: Ints, fixed: int) -> int:
    """What the list says, else the nearest plan, else the best that is open, else what is fixed, else the first of all."""
    told = [said, near, *open_[open_ >= 0][:1].tolist(), int(fixed), 0]
    return int(next(position for position in told if position >= 0))


def _reaches(plan: Plan, best: Plan) -> bool:
    """Whether no plan at all is worth more than this one: the best is proved, and no better."""
    return best.status.proved and not better(best, plan)
