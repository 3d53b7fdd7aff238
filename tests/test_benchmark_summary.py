"""What a comparison of solvers says in the end, worked out by hand, and what of a record stands for a solve."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import benchmarks
from benchmarks import known, orlib, records, solvers, summary
from benchmarks.instances import write_instance
from benchmarks.records import Row
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.protocol import Stopping


def row(seed: int, solver: str, value: float | None, bound: float | None, **told: object) -> Row:
    """A verified plan, with the gap that value and bound make; the knob of odd seeds below 4 is low."""
    gap = None if value is None or bound is None else (bound - value) / value
    knobs = {"density": 0.1 * seed, "law": "a" if seed < 4 else "b"}
    blank = Row(
        f"family {seed}", solver, 1.0, value, bound, gap, 0.1, value is not None, seed=seed, time=15.0, threads=2, knobs=knobs
    )
    return replace(blank, model=f"m{seed}", commit="c1", **told)  # type: ignore[arg-type]


RECORD = (
    # 1: gaps 1 % against 4 % and 2 %: 0.5; value as good as the best; bound lower than both.
    *(row(1, "highs", 100.0, 104.0), row(1, "cbc", 100.0, 102.0), row(1, "auto", 100.0, 101.0)),
    # 3: gap 8 % against 4 %: 2; 0.1 % behind in value, and in bound: 107.892 against 104.
    *(row(3, "highs", 100.0, 104.0), row(3, "auto", 99.9, 107.892)),
    # 5: both below 1e-4: 1. No other has a plan that counts but cbc, whose value ours is above by 0.01 %.
    *(row(5, "highs", 120.0, 121.0, verified=False), row(5, "cbc", 100.0, 100.005), row(5, "auto", 100.01, 100.01)),
    # 2, an even seed: no plan of the default. 1,000 % against 10 %: 100.
    *(row(2, "highs", 100.0, 110.0), row(2, "auto", None, 120.0)),
)


@pytest.fixture
def recorded(tmp_path: Path) -> list[Row]:
    path = tmp_path / "rows.jsonl"
    for one in RECORD:
        records.append(path, one)
    return records.read([path])


def test_a_record_is_read_as_it_was_written(recorded: list[Row]) -> None:
    assert tuple(recorded) == RECORD
    assert [[one.solver for one in rows] for rows in records.by_instance(recorded)] == [
        ["highs", "cbc", "auto"],
        ["highs", "auto"],
        ["highs", "cbc", "auto"],
        ["highs", "auto"],
    ]


def test_a_later_attempt_at_the_same_task_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    for one in (row(1, "auto", 90.0, 101.0), row(1, "auto", 100.0, 101.0), row(1, "auto", 80.0, 101.0, time=60.0)):
        records.append(path, one)
    assert [one.value for one in records.read([path])] == [100.0, 80.0]


def test_a_line_that_is_no_row_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"instance": "family 1", "colour": 2}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        records.read([path])


def test_ratios_and_leads_by_hand(recorded: list[Row]) -> None:
    duels = [found for rows in records.by_instance(recorded) if (found := summary.duel(rows))]
    assert [one.ratio for one in duels] == pytest.approx([0.5, 2.0, 1.0, 100.0])
    assert [one.lead for one in duels] == pytest.approx([0.0, -0.001, 0.0001, -1.0])
    assert [one.rival for one in duels][1:] == ["highs", "cbc", "highs"]
    assert [one.bound_lead for one in duels] == pytest.approx([1 / 102, -3.892 / 104, -0.005 / 100.005, -10 / 110])
    odd = summary.summarise(duels[:3])
    assert odd.count == 3
    assert odd.mean_ratio == pytest.approx(1.0)
    assert odd.worst_ratio == pytest.approx(2.0)
    assert odd.worst_lead == pytest.approx(-0.001)
    assert odd.mean_lead == pytest.approx(-0.0003)
    assert (odd.behind, odd.well_behind) == pytest.approx((1 / 3, 1 / 3))
    assert odd.bound_behind == pytest.approx(2 / 3)


def test_gaps_are_floored_and_capped() -> None:
    assert summary.ratio_of_gaps(0.0, 9e-5) == 1.0
    assert summary.ratio_of_gaps(0.0, 1e-3) == pytest.approx(0.01)
    assert summary.ratio_of_gaps(1e-3, 0.0) == pytest.approx(100.0)
    assert summary.ratio_of_gaps(0.5, 37.9) == pytest.approx(0.05)


def test_where_nobody_else_has_a_plan_there_is_no_lead_and_nothing_to_be_behind() -> None:
    alone = summary.duel([row(1, "highs", None, 104.0), row(1, "auto", 100.0, 101.0)])
    assert alone is not None
    assert (alone.lead, alone.rival) == (None, "")
    assert alone.ratio == pytest.approx(0.001)
    assert summary.summarise([alone]).behind == 0.0
    assert summary.duel([row(1, "auto", 100.0, 101.0)]) is None
    assert summary.duel([row(1, "highs", 100.0, 101.0)]) is None


def test_numbers_fall_into_thirds_and_words_into_their_own_groups() -> None:
    duels = [
        summary.Duel(f"family {n}", n, 1.0, 0.0, 0.0, "", {"size": n * n, "law": "ab"[n % 2], "few": n % 3}) for n in range(1, 10)
    ]
    assert [(label, len(members)) for label, members in summary.groups(duels, "size")] == [("1–9", 3), ("16–36", 3), ("49–81", 3)]
    assert [(label, len(members)) for label, members in summary.groups(duels, "law")] == [("a", 4), ("b", 5)]
    assert [(label, len(members)) for label, members in summary.groups(duels, "few")] == [("0", 3), ("1", 3), ("2", 3)]


def test_odd_and_even_seeds_are_told_apart(recorded: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "again.jsonl"
    for one in recorded:
        records.append(path, one)
    solvers.main(["--summarise", str(path)])
    lines = capsys.readouterr().out.splitlines()
    assert "| odd seeds, for tuning | 3 | 1.00 | 2.00 | -0.030% | -0.100% | 33% | 33% | 67% |" in lines
    assert "| even seeds, not tuned on | 1 | 100.00 | 100.00 | -100.000% | -100.000% | 100% | 100% | 100% |" in lines
    assert "- family 3: -0.100% to highs, gap ratio 2.00" in lines
    assert "| law: a | 2 | 1.00 | 2.00 | -0.050% | -0.100% | 50% | 50% | 50% |" in lines
    assert "| law: b | 1 | 1.00 | 1.00 | +0.010% | +0.010% | 0% | 0% | 100% |" in lines


def test_only_another_solvers_rows_are_lent_and_only_this_commits_count_as_done() -> None:
    limits = Stopping(15.0, 0.0, 2, 1)
    others, ours = row(1, "highs", 100.0, 104.0), row(1, "auto", 100.0, 101.0)
    desk = solvers.Desk(("highs", "auto"), limits, None, (), (others, ours), commit="c2")
    assert desk.earlier(replace(others, value=None)) == (others, "REUSED of c1")
    assert desk.earlier(ours) is None
    assert desk.earlier(replace(others, model="another")) is None
    assert desk.earlier(replace(others, time=60.0)) is None
    assert desk.earlier(replace(others, threads=1)) is None
    again = solvers.Desk(("auto",), limits, None, (ours,), (), commit="c1")
    assert again.earlier(ours) == (ours, "earlier in this record")
    assert replace(again, commit="c2").earlier(ours) is None


def test_a_fingerprint_knows_every_number_of_a_model(tmp_path: Path) -> None:
    opened = open_plan(write_instance(tmp_path, "small", 1))
    matrix = build(opened.case, opened.eligible).matrix
    same = records.fingerprint(matrix)
    assert same == records.fingerprint(build(opened.case, opened.eligible).matrix)
    looser = matrix.row_upper.copy()
    looser[np.flatnonzero(np.isfinite(looser))[-1]] += 1.0
    entries = matrix.rows.copy()
    entries.data[0] *= 1.001
    changed = (replace(matrix, row_upper=looser), replace(matrix, rows=entries), replace(matrix, offset=matrix.offset + 1.0))
    assert len({same, *map(records.fingerprint, changed)}) == 4


def test_a_published_file_of_several_instances_is_read_and_one_of_one(tmp_path: Path) -> None:
    one, several, wrong = tmp_path / "one.txt", tmp_path / "several.txt", tmp_path / "wrong.txt"
    numbers = "3 2 0\n 6 5 4\n 3 3 2\n 2 2 2\n 5 4\n"
    one.write_text(numbers, encoding="ascii")
    several.write_text(f"2\n{numbers}{numbers.replace('3 2 0', '3 2 11')}", encoding="ascii")
    wrong.write_text(f"{numbers} 7", encoding="ascii")
    for file, optima in ((one, [np.nan]), (several, [np.nan, 11.0])):
        found = orlib.instances("mknapcb4", file)
        assert [instance.optimum for instance in found] == pytest.approx(optima, nan_ok=True)
        assert all(isinstance(instance, known.Knapsack) for instance in found)
        assert [instance.weight.tolist() for instance in found] == [[[3, 3, 2], [2, 2, 2]]] * len(found)  # type: ignore[union-attr]
        assert [instance.capacity.tolist() for instance in found] == [[5, 4]] * len(found)
    with pytest.raises(ValueError, match="neither"):
        orlib.instances("mknapcb4", wrong)
    one.write_text("2 3\n 1 2 3\n 9 6 8\n 2 2 2\n 3 3 3\n 4 3\n", encoding="ascii")
    (gap,) = orlib.instances("gapd", one)
    assert isinstance(gap, known.Gap)
    assert (gap.cost.tolist(), gap.use.tolist(), gap.capacity.tolist()) == ([[1, 2, 3], [9, 6, 8]], [[2] * 3, [3] * 3], [4, 3])


@pytest.mark.parametrize(("name", "budgets", "items"), [("mknapcb4", 10, 100), ("mknapcb5", 10, 250), ("mknapcb7", 30, 100)])
def test_knapsacks_are_drawn_by_the_published_law(name: str, budgets: int, items: int) -> None:
    every = orlib.instances(name)
    assert len(every) == 30
    for number, instance in enumerate(every):
        assert isinstance(instance, known.Knapsack)
        assert instance.name.endswith("~")
        assert instance.weight.shape == (budgets, items)
        tightness = instance.capacity / instance.weight.sum(axis=1)
        assert tightness == pytest.approx([0.25, 0.5, 0.75][number // 10], abs=1e-4)
        over = instance.profit - instance.weight.mean(axis=0)
        assert over.min() >= -1
        assert 400 < over.max() <= 500


def test_assignments_are_drawn_by_the_published_laws() -> None:
    for name in ("gapd", "gape"):
        for instance, shape in zip(orlib.instances(name), orlib.SHAPES, strict=True):
            assert isinstance(instance, known.Gap)
            assert instance.cost.shape == shape
            assert instance.capacity == pytest.approx(0.8 * instance.use.sum(axis=1) / shape[0], abs=1)
            assert instance.use.min() >= 1
            if name == "gapd":
                assert np.abs(instance.cost - (111 - instance.use)).max() <= 10
            else:
                assert (instance.cost <= 1000 / instance.use).all()
                assert (instance.cost >= 1000 / instance.use - 11).all()


def test_a_drawn_problem_opens_as_a_plan(tmp_path: Path) -> None:
    (*_, instance) = orlib.instances("mknapcb4")
    opened = open_plan(known.write(instance, tmp_path))
    assert build(opened.case, opened.eligible).matrix.rows.shape[1] >= 100


def test_a_comparison_is_recorded_goes_on_and_borrows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, later = tmp_path / "rows.jsonl", tmp_path / "later.jsonl"
    asked = ["--known", "mknapcb4", "--file", str(tmp_path / "tiny.txt"), "--seeds", "1", "--time", "5", "--threads", "1"]
    (tmp_path / "tiny.txt").write_text("4 2 11\n 6 5 5 4\n 3 3 2 2\n 2 2 2 2\n 5 4\n", encoding="ascii")
    solvers.main([*asked, "--solvers", "highs", "scip", "--record", str(record)])
    capsys.readouterr()
    (one, two) = records.read([record])
    assert (one.value, two.bound, one.verified, one.instance) == (11.0, 11.0, True, "mknapcb4-1")
    solvers.main([*asked, "--solvers", "highs", "scip", "--record", str(record)])
    assert capsys.readouterr().out.count("earlier in this record") == 2
    assert len(record.read_text(encoding="utf-8").splitlines()) == 2
    solvers.main([*asked, "--solvers", "highs", "--record", str(later), "--reuse", str(record)])
    assert "REUSED of" in capsys.readouterr().out
    assert records.read([later]) == [one]


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)))
def test_every_benchmark_can_be_started(name: str) -> None:
    """What the planner renames, nobody else would notice here: benchmarks are run by hand."""
    assert importlib.import_module(f"benchmarks.{name}").__doc__
