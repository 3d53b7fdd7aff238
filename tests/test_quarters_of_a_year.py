"""The story of docs/replan.md is what the demo gives."""

from __future__ import annotations

import pytest

from benchmarks.quarters import DAYS, rows, written


def test_the_page_has_a_row_for_each_quarter() -> None:
    assert [line.split(" | ")[0].strip("| ") for line in written()] == list(DAYS)


@pytest.mark.slow
def test_the_figures_of_the_page_are_those_of_the_demo() -> None:
    assert rows() == written()
