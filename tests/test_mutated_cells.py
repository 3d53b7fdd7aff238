"""A hundred thousand rewritten cells of the demo: none is read as an amount that nobody wrote, nothing crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutated_cells import demo_tables, mutated, wrong_amounts, read_grids
from tests.sweep import sweep

CELLS = 400
"""Of about 2,000 amounts in a round."""


def test_the_demo_as_texts_is_read_without_a_word() -> None:
    tables = demo_tables()
    assert len(tables["candidates"]) > 100
    assert not any(table.refused for table in tables.tables.values())


@pytest.mark.parametrize("seed", sweep(range(250), first=4))
def test_no_cell_is_read_as_an_amount_that_nobody_wrote(tmp_path: Path, seed: int) -> None:
    grids, mutations = mutated(seed, CELLS)
    assert len(mutations) == CELLS
    assert wrong_amounts(read_grids(tmp_path, grids), mutations) == []
