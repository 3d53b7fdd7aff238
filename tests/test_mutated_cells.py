"""A hundred thousand rewritten cells of the demo: none is read as an amount that nobody wrote, nothing crashes."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase

import pytest

from tests.mutated_cells import demo_tables, mutated, read_grids, with_words, wrong_amounts
from tests.sweep import sweep

CELLS = 400
"""Of about 2,000 amounts in a round."""


def test_the_demo_as_texts_is_read_without_a_word() -> None:
    tables = demo_tables()
    assert len(tables["candidates"]) > 100
    assert not any(table.refused for table in tables.tables.values())


@pytest.mark.parametrize("seed", sweep(range(250), first=2))
def test_no_cell_is_read_as_an_amount_that_nobody_wrote(tmp_path: Path, seed: int) -> None:
    grids, mutations = mutated(seed, CELLS)
    assert len(mutations) == CELLS
    assert wrong_amounts(read_grids(tmp_path, grids)[0], mutations) == []


@pytest.mark.parametrize("seed", sweep(range(50), first=1))
def test_words_in_other_cells_change_no_amount_and_take_away_no_row_in_silence(tmp_path: Path, seed: int) -> None:
    tables, problems = read_grids(tmp_path, with_words(seed, CELLS))
    places = [problem.place for problem in problems if problem.place is not None and problem.place.cell is not None]
    told = {(place.file.removesuffix(".csv"), int(place.cell.lstrip(ascii_uppercase)) - 1) for place in places if place.cell}
    assert wrong_amounts(tables, (), told) == []
