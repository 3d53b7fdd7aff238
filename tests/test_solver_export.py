"""A written model is the same model: other programs find our optimum in it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest

from planner.solvers.adapters.cbc import find_cbc
from planner.solvers.adapters.highs import Highs
from planner.solvers.export import Format, write_model
from planner.solvers.protocol import Matrix
from tests.matrices import INF, matrix_of, random_mixed
from tests.racing import quiet
from tests.solving import CLOSE


def every_kind() -> Matrix:
    """All kinds of rows (≤, ≥, =, range, free, empty) and columns (binary, integer, fixed, free, negative, unused)."""
    matrix = matrix_of(
        [1, 2.5, -3, 1 / 3, 0, 0, 0.5],
        [
            [1, 2, 0.1, 0, 1, 0, 0],
            [1, -1, 0, 3, 0, 0, 0],
            [0, 1, 1, 1 / 3, 0, 0, 0],
            [1, 0, 1, 0, 0, 0, 0],
            [0, 0, 0, 1, 1, 0, 0],
            [0, 0, 0, 0, 0, 0, 0],
        ],
        lower=[-INF, 1, -2, 3, -INF, -1],
        upper=[10, INF, 7, 3, INF, INF],
        least=[0, 0, -INF, -5, 2, -4, -INF],
        most=[1, INF, INF, 8, 2, 3, -1.5],
        whole=[True, True, False, False, True, True, False],
        offset=12.25,
    )
    return replace(matrix, column_names=tuple("abcdfgh"), row_names=("up", "low", "range", "same", "free", "empty"))


def by_highs(path: Path) -> float:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    return float(highs.getInfo().objective_function_value)


def by_cbc(path: Path) -> float:
    cbc = find_cbc()
    assert cbc is not None
    done = subprocess.run([cbc, path.name, "-solve"], cwd=path.parent, capture_output=True, text=True, check=True)
    found = re.search(r"Objective value: +(\S+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


@pytest.mark.parametrize("read", [by_highs, by_cbc])
@pytest.mark.parametrize("kind", ["mps", "lp"])
def test_other_programs_read_back_our_optimum(read, kind: Format, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for matrix in (every_kind(), random_mixed(1), random_mixed(4)):
        ours = Highs().solve(matrix, replace(CLOSE, gap=0.0), quiet).termination.value
        assert ours is not None
        path = tmp_path / f"model.{kind}"
        write_model(matrix, path, kind)
        # MPS has no maximisation that all readers know.
        assert read(path) == pytest.approx(ours if kind == "lp" else -ours, rel=1e-6)


@pytest.mark.parametrize("kind", ["mps", "lp"])
def test_names_are_kept_and_the_sense_is_explained(kind: Format, tmp_path: Path) -> None:
    path = tmp_path / "model"
    write_model(every_kind(), path, kind)
    text = path.read_text(encoding="ascii")
    assert "optimum of this file" in text.splitlines()[0]
    assert " range" in text
    assert re.search(r"\bh\b", text)


def test_names_that_some_reader_would_not_take_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "model.lp"
    for bad in ("e12", "two words", "园区", "a" * 200, "b"):
        write_model(replace(every_kind(), column_names=(bad, *"bcdfgh")), path, "lp")
        assert " c6" in path.read_text(encoding="ascii")
        assert by_highs(path) == pytest.approx(16.0)


def test_numbers_read_back_exactly(tmp_path: Path) -> None:
    matrix = random_mixed(4, decimals=17)
    write_model(matrix, tmp_path / "model.mps", "mps")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(tmp_path / "model.mps"))
    assert (-np.array(highs.getLp().col_cost_)).tolist() == matrix.objective.tolist()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.mps"
    path.write_text("old")
    with pytest.raises(AttributeError):
        write_model(replace(every_kind(), rows=None), path, "mps")  # type: ignore[arg-type]
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("model.mps", "old")]
