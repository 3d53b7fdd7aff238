"""Parts of what a vertex of the relaxation of the whole uses and what the plan does: when they come, what is in them, what comes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.solvers import process
from planner.solvers.check import fault, value_of
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Stopping, never
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.lines import LineParameters, Lines
from planner.solvers.search.parts.kinds import NeighbourhoodParameters
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.solving import ordered, solved, take_over
from planner.solvers.search.together import Together
from tests.racing import built, neighbourhoods, small_city
from tests.solving import EXACT


def test_the_first_part_after_the_relaxation_is_known_keeps_a_vertex_of_it_and_what_the_plan_does(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    plan, choices = built(matrix, 1), matrix.periods.block >= 0
    hoods = neighbourhoods(matrix)
    hoods.look_again()
    assert "vertex" not in {hoods.propose(plan).kind for _ in range(40)}, "nobody has said where to look"
    known = np.flatnonzero(choices)[::7]
    hoods.look_at(known)
    part = hoods.propose(plan)
    assert (part.kind, part.by) == ("vertex", "highs")
    assert part.lean > 0.0
    assert part.columns[choices[part.columns]].tolist() == np.union1d(known, np.flatnonzero(choices & (plan > 0.5))).tolist()
    assert hoods.propose(plan).kind == "exchanges", "what no single choice betters is where other parts begin"
    later = [hoods.propose(plan).kind for _ in range(40)]
    assert len(set(later)) > 4, "then both are kinds among others"
    hoods.look_again()
    assert [hoods.propose(plan).kind for _ in range(2)] == ["vertex", "exchanges"]


@pytest.mark.parametrize("seed", [1, 2])
def test_one_such_part_makes_a_built_plan_better(tmp_path: Path, seed: int) -> None:
    """In three seconds from 0.40 to 0.46, where all other parts had led in eleven (family 141); here a plan of some thirty projects."""
    matrix = small_city(tmp_path, seed)
    plan = built(matrix, seed)
    best, hoods = Incumbent(matrix, EXACT, Reporter(lambda _: None), never, "vertex"), neighbourhoods(matrix)
    assert best.adopt(plan)
    hoods.look_at(np.arange(len(plan)))
    part = replace(hoods.propose(plan), seconds=10.0)
    result = solved(ordered(hoods, part, plan, Stopping(20.0, 1e-4, 1, 1)))
    assert result.values is not None
    assert 0.0 < result.relaxed < result.seconds
    take_over(best, hoods, part, plan, result)
    assert best.values is not None
    assert fault(matrix, best.values) == ""
    assert value_of(matrix, best.values) > 1.01 * value_of(matrix, plan)


def test_each_is_at_another_vertex(tmp_path: Path) -> None:
    """The same columns lead to different plans by different dice."""
    matrix = small_city(tmp_path)
    plan, hoods = built(matrix, 1), neighbourhoods(matrix)
    hoods.look_at(np.arange(len(plan)))
    part = replace(hoods.propose(plan), seconds=5.0)
    found = [solved(ordered(hoods, part, plan, Stopping(20.0, 1e-4, 1, seed))).values for seed in range(4)]
    assert len({tuple(np.flatnonzero(values > 0.5)) for values in found if values is not None}) > 1


def test_another_beginning_begins_at_a_vertex_too(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan, hoods = built(matrix, 1), neighbourhoods(matrix)
    hoods.look_at(np.arange(len(plan)))
    best = Incumbent(matrix, EXACT, Reporter(lambda _: None), never, "vertex")
    assert best.adopt(plan)
    lines = Lines(best, hoods, LineParameters(barren=2, parts=3))
    while lines.beside is None:
        hoods.feed(hoods.propose(plan), 0.0, True, 0.1)
        lines.go_on()
    assert lines.beside.values is not None
    assert hoods.propose(lines.beside.values).kind == "vertex"


@pytest.mark.parametrize(("lead", "kinds"), [(0.0, {"vertex", "exchanges"}), (9.0, set[str]())])
def test_where_trees_lead_from_an_earlier_plan_no_part_is_at_a_vertex_or_of_exchanges(
    tmp_path: Path, lead: float, kinds: set[str]
) -> None:
    """They wait for the best plan, and other parts are no later with it."""
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    best = Incumbent(matrix, EXACT, Reporter(lambda _: None), never, "vertex")
    search, lanes = Together(best, matrix.periods, process.solve, lead=lead), Lanes(1)
    try:
        prices, lines = search._prices(lanes)
    finally:
        lanes.close()
    assert prices is not None
    search._learn(lines.hoods, prices, None)
    parts = [lines.hoods.propose(built(matrix, 1)) for _ in range(40)]
    assert {part.kind for part in parts} & {"vertex", "exchanges"} == kinds
    varied = {part.times for part in parts if part.times is not None}
    assert (varied == {1.0}) is (lead > 0.0), "and all are of the size of their kind"


@pytest.mark.parametrize(
    ("limit", "crossed", "core", "vertex"),
    [
        pytest.param(600.0, 3.0, 4.0, 3.0, id="time enough"),
        pytest.param(60.0, 3.0, 4.0, 3.0, id="just enough"),
        pytest.param(30.0, 1.5, 2.0, 3.0, id="half; a vertex is worth more"),
        pytest.param(15.0, 0.75, 1.0, 1.5, id="a quarter"),
        pytest.param(2.0, 0.5, 0.5, 0.5, id="never less than any part has"),
    ],
)
def test_parts_that_are_to_take_seconds_take_less_in_a_short_search(
    limit: float, crossed: float, core: float, vertex: float
) -> None:
    """Of twenty seconds two crossed parts of three took half of what parts had."""
    each = NeighbourhoodParameters(crossed=3.0, core=4.0, vertex=3.0, seconds=0.5).within(limit)
    assert (each.crossed, each.core, each.vertex) == (crossed, core, vertex)
