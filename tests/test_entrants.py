"""Trees that take part in a search: how many threads each has, how long its first turn is, and when the model is written down for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from planner.solvers.explicit import Explicit, explicit
from planner.solvers.protocol import Matrix
from planner.solvers.search import entrants
from planner.solvers.search.entrants import EntrantParameters, trees
from tests.matrices import small
from tests.racing import QUICK, incumbent


@pytest.mark.parametrize(("threads", "cbc"), [(1, 1), (2, 1), (8, 4)])
@pytest.mark.parametrize("small_first", [False, True])
def test_a_tree_leaves_room_for_parts_of_the_plan(threads: int, cbc: int, small_first: bool) -> None:
    """Of two threads nobody takes both; of many CBC has half on a small model."""
    best = incumbent(small(), replace(QUICK, threads=threads))
    each = trees(best, small_first, 0.0, lambda *_: None, EntrantParameters())
    taken = {entrant.name: entrant.threads for entrant in each}
    assert taken == {"highs": 1, "scip": 1, "cbc": cbc if small_first else 1}


def test_how_a_model_is_written_for_trees_is_worked_out_when_one_begins_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with three million entries takes three seconds, which everybody waited for."""
    made = list[Matrix]()

    def write(matrix: Matrix, steps: bool = True) -> Explicit:
        made.append(matrix)
        time.sleep(0.1)
        return explicit(matrix, steps)

    monkeypatch.setattr(entrants, "explicit", write)
    each = list(trees(incumbent(small()), False, 0.0, lambda *_: None, EntrantParameters()))
    assert made == []
    with ThreadPoolExecutor(len(each)) as threads:
        models = list(threads.map(lambda entrant: entrant.model(), each))
    assert len(models) == 3
    assert len(made) == 1
    assert all(model is models[0] for model in models)


@pytest.mark.parametrize("small_first", [True, False])
def test_cbc_which_dives_at_first_has_the_longest_first_turn_on_a_small_model(small_first: bool) -> None:
    each = trees(incumbent(small()), small_first, 0.0, lambda *_: None, EntrantParameters())
    probes = {entrant.name: entrant.probe for entrant in each}
    others = 0.5 if small_first else 1.0
    assert probes == {"highs": others, "scip": others, "cbc": 2.0}
