"""What every output of a run says of how good its plan is: never more than is proved, and the same everywhere."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner import api
from planner.plan.model import Plan
from planner.plan.records import LevelResult
from planner.publish.console import outcome_text
from planner.publish.figures import gap_text
from planner.publish.proof import quality
from planner.publish.run_folder import writer_of
from planner.publish.sentences import Teller
from planner.questions.compare.text import comparison_text
from planner.questions.compare.two_plans import certainty
from planner.settings.outputs import FILES
from planner.solvers.protocol import Stopping, relative_gap
from planner.solvers.registry import solve
from tests.city import PLAN, TABLES, added, write_city
from tests.matrices import matrix_of
from tests.solving import opened_up

STAMP = {"zh": "不宜上会", "en": "Not fit for decision"}
LEVELS = PLAN.replace(
    "  weights: {gap: 1.0}\n", "  mode: priorities\n  levels: [{weights: {gap: 1.0}, tolerance: 0.1}, {weights: {score: 1.0}}]\n"
)


def texts(folder: Path) -> dict[str, str]:
    """Everything that a reader of each output sees: cells, and the heads of printed sheets; the page; the tables."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            cells = (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
            found[path.name] = "\n".join(cells)
            for sheet in book:
                found[f"{path.name}:{sheet.title}"] = str(sheet.oddHeader.center.text or "")
        elif path.suffix == ".gpkg":
            with closing(sqlite3.connect(path)) as base:
                found[path.name] = "\n".join(str(row) for row in base.execute("select topic, text from about"))
        elif path.suffix == ".html":
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def published(plan: Plan, folder: Path, outputs: tuple[str, ...]) -> dict[str, str]:
    folder.mkdir(parents=True)
    for output in outputs:
        writer_of(output)(plan, folder / FILES[output])
    return texts(folder)


OUTPUTS = ("workbook", "map", "geopackage")


@pytest.mark.parametrize(("gap", "language"), [(0.35, "zh"), (None, "en")])
def test_every_output_of_a_plan_with_a_wide_gap_is_stamped(tmp_path: Path, gap: float | None, language: str) -> None:
    text = PLAN.replace("language: zh", f"language: {language}")
    plan = opened_up(api.solve(api.open_plan(write_city(tmp_path, text, added("candidates")))), gap)
    said = published(plan, tmp_path / "out", OUTPUTS)
    assert len(said) > len(OUTPUTS), "each printed sheet counts by itself"
    said["console"] = outcome_text(plan, tmp_path, {}, plan.plan.language)
    api.publish(plan, tmp_path / "run", ())
    compared = api.compare_runs([tmp_path / "run", tmp_path / "run"])
    said["compare"] = comparison_text(compared, None)
    missing = [name for name, words in said.items() if STAMP[language].lower() not in words.lower()]
    assert not missing
    if gap is not None:
        assert all("35" in words for words in said.values()), "the reason is given"


def test_no_output_of_a_plan_within_a_tenth_is_stamped(tmp_path: Path) -> None:
    plan = opened_up(api.solve(api.open_plan(write_city(tmp_path, PLAN))), 0.1)
    said = published(plan, tmp_path / "out", OUTPUTS) | {"console": outcome_text(plan, tmp_path, {}, "zh")}
    assert not [name for name, words in said.items() if STAMP["zh"] in words]


def open_levels(plan: Plan) -> Plan:
    """Level 1 stands open at 0.11 under 0.56; level 2 is proved."""
    first, second = plan.objective.levels
    first = first.model_copy(update={"value": 0.11, "best": 0.12, "given_up": 0.01, "bound": 0.56, "gap": 44 / 12})
    first = first.model_copy(update={"proved": False})
    told = {"levels": (first, second), "level": 1, "value": 0.11}
    return opened_up(plan, 44 / 12, **told).model_copy(
        update={"objective": plan.objective.model_copy(update={**told, "bound": 0.56, "gap": 44 / 12})}
    )


def test_an_open_first_level_is_the_headline_of_every_output(tmp_path: Path) -> None:
    solved = api.solve(api.open_plan(write_city(tmp_path, LEVELS, added("candidates"))))
    assert [level.proved for level in solved.objective.levels] == [True, True]
    assert "逐级" in quality(solved).zh
    plan = open_levels(solved)
    said = published(plan, tmp_path / "out", OUTPUTS)
    said = {name: words for name, words in said.items() if ":" not in name}
    said["console"] = outcome_text(plan, tmp_path, {}, "zh")
    for name in ("one", "two"):
        api.publish(plan, tmp_path / name, ())
    said["compare"] = comparison_text(api.compare_runs([tmp_path / "one", tmp_path / "two"]), None)
    for name, words in said.items():
        assert "366.67%" in words, name
        assert "第 1 级" in words, name
        assert not re.search(r"已证明最优(?!；|\b)", words.replace("未证明最优", "")) or name in {"console", "plan.xlsx"}
    console = said["console"].splitlines()
    assert any("第 1 级" in line and "0.56" in line and "未证明最优" in line and "让出 0.01" in line for line in console)
    assert any("第 2 级" in line and "，已证明最优" in line for line in console)


def test_parts_of_different_levels_are_never_added(tmp_path: Path) -> None:
    plan = api.solve(api.open_plan(write_city(tmp_path, LEVELS, added("candidates"))))
    for level in plan.objective.levels:
        assert sum(level.contributions.values()) == pytest.approx(level.value)
    published(plan, tmp_path / "out", ("workbook",))
    sheet = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")["目标值的构成"]
    sums = [str(cell.value) for row in sheet.iter_rows() for cell in row if "SUBTOTAL" in str(cell.value)]
    heads = [cell.row for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("目标值的构成：第")]
    assert len(heads) == 2, "one table for each level"
    for formula in sums:
        rows = [int(number) for number in re.findall(r"[A-Z]+(\d+)", formula.removeprefix("=SUBTOTAL"))]
        assert not any(min(rows) <= head <= max(rows) for head in heads), formula


def test_firms_are_ranked_by_the_first_level(tmp_path: Path) -> None:
    """Scores of 1 to 4 come before shortages of hundreds, which would outweigh them in a sum."""
    text = LEVELS.replace("{gap: 1.0}, tolerance: 0.1", "{score: 1.0}").replace("{score: 1.0}}]", "{gap: 1.0}}]")
    plan = api.solve(api.open_plan(write_city(tmp_path, text, added("candidates"))))
    assert [level.weights for level in plan.objective.levels] == [{"score": 1.0}, {"gap": 1.0}]
    scores = [firm.score or 0.0 for firm in plan.selected]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_no_gain_is_called_within_the_gap_that_is_not(tmp_path: Path) -> None:
    plan = api.solve(api.open_plan(write_city(tmp_path, PLAN, added("candidates"))))
    left = plan.not_selected[0].model_copy(update={"reason": "not_worth_it", "exclusions": (), "binding": ()})
    for gap, word in ((0.5, "差距之内"), (0.0, "备选"), (None, "备选")):
        teller = Teller(opened_up(plan, gap), "zh")
        assert teller.kind(left.model_copy(update={"gain": plan.objective.value / 4})).zh == word
        assert ("已证明" in teller.why_not(left.model_copy(update={"gain": plan.objective.value / 4}))) == (gap == 0.5)


def test_levels_are_compared_with_levels(tmp_path: Path) -> None:
    path = write_city(tmp_path / "a", LEVELS, added("candidates"))
    one = api.solve(api.open_plan(path))
    other = api.solve(api.open_plan(path, {"gates.land": "land"}))
    told = certainty(one, other)
    assert told.comparable, "neither weights nor divisors differ"
    assert told.level == 2, "equal at level 1, so the second decides"
    assert told.sure
    opened = certainty(one, open_levels(other))
    assert (opened.level, opened.comparable) == (1, True)
    heavier = LEVELS.replace("{weights: {score: 1.0}}", "{weights: {score: 2.0}}")
    told = certainty(one, api.solve(api.open_plan(write_city(tmp_path / "b", heavier, added("candidates")))))
    assert told.differs == ("weights",)
    weighted = api.solve(api.open_plan(write_city(tmp_path / "c", PLAN, added("candidates"))))
    assert certainty(one, weighted).differs == ("mode",)


PRICED = PLAN.replace("weights: {gap: 1.0}", "weights: {score: 1.0}") + (
    "rules: [{name: 用地上限, sum: land, max: 10, soft: 1000.0}]\n"
)


def test_the_gap_is_measured_on_what_can_still_be_won(tmp_path: Path) -> None:
    """A must come: 40 of land over a limit of 10, at 1000 each, whatever else is done; further land costs as much."""
    tables = added("candidates")
    tables["candidates"] = [{**row, "must_include": "是" if row["candidate_id"] == "A" else "否"} for row in tables["candidates"]]
    plan = api.solve(api.open_plan(write_city(tmp_path, PRICED, tables)))
    told = plan.objective
    assert told.unavoidable == pytest.approx(30_000)
    assert [firm.candidate_id for firm in plan.selected] == ["A"]
    assert told.value == pytest.approx(-29_999)
    assert (plan.status.proved, told.gap) == (True, 0.0)
    half = plan.model_copy(update={"objective": told.model_copy(update={"gap": 0.5, "bound": told.value + 0.5})})
    half = half.model_copy(update={"status": plan.status.model_copy(update={"proved": False, "reason": "time_limit"})})
    assert "50.00%" in quality(half).zh
    assert "软规则" in quality(half).zh
    assert "soft rules" in quality(half).en


@pytest.mark.parametrize("solver", ["highs", "auto", "cbc", "cpsat", "scip"])
def test_a_solver_stops_by_the_gap_from_the_reference(solver: str) -> None:
    """Ten choices worth 1 each under a loss of 10,000: within a tenth of a per cent of the whole is any of them."""
    matrix = replace(matrix_of([1] * 10, [[1] * 10], upper=7, offset=-10_000.0), reference=-10_000.0)
    start = np.eye(10)[0]
    found = solve(matrix, solver, Stopping(30.0, 0.001, 1, 1), lambda _: None, start).termination
    assert found.value == pytest.approx(-9_993.0)
    assert found.gap == pytest.approx(0.0, abs=1e-6)


def test_gaps_as_text() -> None:
    assert relative_gap(-9_999.0, -9_993.0, -10_000.0) == pytest.approx(6.0)
    assert gap_text(3e-7) == "0.00%", "what is proved has no gap"
    assert gap_text(2e-6) == "0.01%", "rounded up"
    assert gap_text(1564.06) == ">1,000%", "of a value near 0 a percentage says no more"


def test_a_figure_without_a_source_is_absent(tmp_path: Path) -> None:
    """Not one number is written for a column that no table has."""
    dropped = ("score", "output", "tax", "jobs", "investment", "subsidy", "effort")
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items() if name not in ("funds", "teams")}
    for row in tables["candidates"]:
        for column in dropped:
            row.pop(column, None)
    text = re.sub(r"  (funds|teams): .*\n", "", PLAN)
    plan = api.solve(api.open_plan(write_city(tmp_path, text, tables)))
    told = json.loads(plan.to_json())
    assert told["selected"]
    for firm in (*told["selected"], *told["not_selected"]):
        assert not [column for column in dropped if firm.get(column) is not None]
    kpis = ("investment", "output", "tax", "jobs", "expected_output", "expected_tax", "subsidy")
    assert not [name for name in kpis if told["kpis"][name] is not None]
    for place in (*told["parks"], *told["chains"]):
        assert place["investment"] is None
    said = published(plan, tmp_path / "out", ("workbook", "map"))
    assert "计划投资" not in said["map.html"].split('id="plan-data"')[0]


def test_links_are_counted_by_their_sources(tmp_path: Path) -> None:
    """SEAT has one source and asks for two, FOAM has none; a city with room for all backs both up."""
    kpis = api.solve(api.open_plan(write_city(tmp_path, PLAN, added("candidates")))).kpis
    assert (kpis.no_source_before, kpis.single_source_before, kpis.backed_up_before) == (1, 1, 0)
    after = (kpis.no_source_after, kpis.single_source_after, kpis.backed_up_after)
    assert sum(number or 0 for number in after) == 2
    assert kpis.no_source_after == 0


def test_levels_of_an_earlier_version_are_still_read() -> None:
    level = LevelResult.model_validate(
        {"weights": {"gap": 1.0}, "tolerance": 0.0, "value": 1.0, "best": 1.0, "bound": 2.0, "gap": 1.0}
    )
    assert not level.proved
