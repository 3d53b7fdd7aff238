"""The one state of a search: it takes over what is checked and better, and knows when that is enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.solvers.progress import Reporter
from planner.solvers.protocol import Progress, never
from planner.solvers.search.incumbent import Incumbent
from tests.matrices import small
from tests.solving import EXACT


def test_only_a_better_plan_that_keeps_every_row_is_adopted() -> None:
    told: list[Progress] = []
    best = Incumbent(small(), EXACT, Reporter(told.append), never, "test")
    assert best.adopt(np.array([1.0, 0.0, 0.0]))
    assert not best.adopt(np.array([1.0, 1.0, 0.0]))  # two of which one may be taken
    assert not best.adopt(np.array([0.0, 0.0, 0.0]))
    assert not best.adopt(None)
    assert best.value == 3.0
    assert best.adopt(np.array([0.0, 1.0, 0.0]))
    assert [one.value for one in told if one.values is not None] == [3.0, 5.0]


def test_the_least_bound_counts_and_what_is_infinite_is_none() -> None:
    best = Incumbent(small(), EXACT, Reporter(lambda _: None), never, "test")
    for bound in (9.0, None, float("inf"), 6.0, 7.0):
        best.lower(bound)
    assert best.bound == 6.0
    best.lower(5.9)  # worths are whole
    assert best.bound == 5.0


def test_the_gap_is_measured_from_what_no_plan_avoids() -> None:
    """5 of at most 6 leaves 20 % of 5 to be won; measured from 1,000 below it, 0.1 %."""
    stopping = replace(EXACT, gap=0.01)
    for reference, enough in ((0.0, False), (-995.0, True)):
        matrix = replace(small(), reference=reference)
        best = Incumbent(matrix, stopping, Reporter(lambda _: None), never, "test")
        best.adopt(np.array([0.0, 1.0, 0.0]))
        best.lower(6.0)
        assert best.good_enough() is enough
        assert best.over() is enough
        assert best.reason() == ("gap_reached" if enough else "time_limit")


def test_who_stops_a_search_is_said() -> None:
    best = Incumbent(small(), EXACT, Reporter(lambda _: None), lambda: True, "test")
    best.adopt(np.array([1.0, 0.0, 0.0]))
    best.lower(9.0)
    assert best.over()
    ended = best.conclude(best.reason(), "by hand").termination
    assert (ended.reason, ended.value, ended.bound) == ("interrupted", 3.0, 9.0)


def test_the_log_says_which_part_of_the_search_earned_what_in_what_time() -> None:
    best = Incumbent(small(), EXACT, Reporter(lambda _: None), never, "test")
    best.adopt(np.array([1.0, 0.0, 0.0]), by="first plan")
    best.adopt(np.array([0.0, 1.0, 0.0]), by="parts")
    best.lower(9.0, by="linear")
    best.lower(6.5, by="highs")
    said = best.conclude("time_limit", "by hand", took={"parts": 2.25, "scip": 4.0}).termination.detail
    assert said == "by hand; first plan +0 −0; parts +2 −0 (2.2 s); linear +0 −0; highs +0 −3; scip +0 −0 (4.0 s)"


def test_who_called_bound_what_a_plan_lies_above_has_proved_nothing() -> None:
    """Not even what lay above the plan: the best one may lie above that as well."""
    for plan_first in (True, False):
        best = Incumbent(small(), EXACT, Reporter(lambda _: None), never, "test")
        best.adopt(np.array([1.0, 0.0, 0.0]))  # worth 3
        best.lower(9.0, by="linear")
        best.lower(4.0, by="clusters")
        assert best.bound == 4.0
        if plan_first:
            best.adopt(np.array([0.0, 1.0, 0.0]))  # worth 5
        else:
            best.lower(2.0, by="clusters")
        assert best.bound == 9.0
        assert not best.good_enough()
        best.lower(6.0, by="clusters")
        assert best.bound == 9.0
        said = best.conclude("time_limit", "by hand").termination.detail
        assert "clusters" in said
        assert said.count("its bounds refuted by a plan") == 1
