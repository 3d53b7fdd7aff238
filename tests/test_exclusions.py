"""Why a candidate has no park: each reason with its figures, the site option's figure before the candidate's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import Region
from benchmarks.loads import Load, write_load
from planner.layout import choice_of
from planner.plan import reasons
from planner.plan.firm_records import Exclusion
from planner.plan.open import open_plan
from planner.plan.reasons import SHOWN_LIMITS, exclusions, left_out
from planner.programme.build import build
from planner.solvers.search.construct import construct
from planner.terms.registry import reckon
from tests.city import PLAN, Rows, added, changed, write_city
from tests.solving import planned


def ruled_out(folder: Path, tables: Mapping[str, Rows], candidate: str, plan: str = PLAN) -> tuple[Exclusion, ...]:
    opened = open_plan(write_city(folder, plan, tables))
    ids = opened.case.candidates["candidate_id"].tolist()
    return exclusions(build(opened.case, opened.eligible), np.array([ids.index(candidate)]))[0]


def test_a_need_is_told_as_it_is_in_the_park_it_is_too_large_for(tmp_path: Path) -> None:
    own, tables = {"code": "need_above_capacity", "parks": 1, "resource_id": "land"}, changed("candidates", 2)
    assert ruled_out(tmp_path / "own", tables, "C") == (
        Exclusion.model_validate({**own, "example_park_id": "P2", "found": 50, "allowed": 40}),
    )
    # A site option for P1 says nothing of P2; one for P2 replaces the candidate's own 50 mu there.
    tables = added(
        "site_options", {"candidate_id": "C", "park_id": "P1", "land": 60}, {"candidate_id": "C", "park_id": "P2", "land": 45}
    )
    assert ruled_out(tmp_path / "option", tables, "C") == (
        Exclusion.model_validate({**own, "example_park_id": "P2", "found": 45, "allowed": 40}),
    )


def test_a_gate_is_told_with_the_intensity_that_misses_it(tmp_path: Path) -> None:
    # C invests 700 on 50 mu: 14 a mu; A invests 900 on 40: 22.5.
    tables = changed("parks", 0, min_investment_intensity=20)
    gate = {"code": "investment_intensity", "parks": 1, "example_park_id": "P1", "found": 14, "allowed": 20}
    found = ruled_out(tmp_path / "C", tables, "C")
    assert Exclusion.model_validate(gate) in found
    assert [one.code for one in found] == ["investment_intensity", "need_above_capacity"]
    assert ruled_out(tmp_path / "A", tables, "A") == ()


def test_the_reason_that_closes_most_parks_comes_first(tmp_path: Path) -> None:
    tables = added(
        "parks",
        {"park_id": "P3", "name": "三号园", "county": "西县", "zone": "北区", "lon": 117.6, "lat": 31.0, "land": 10, "power": 10},
    )
    tables["candidates"][2]["refused_parks"] = "P1"
    found = ruled_out(tmp_path, tables, "C")
    assert [(one.code, one.parks, one.example_park_id) for one in found] == [
        ("need_above_capacity", 2, "P2"),
        ("refused_park", 1, "P1"),
    ]


def test_an_excluded_candidate_is_ruled_out_everywhere_and_no_park_is_an_example(tmp_path: Path) -> None:
    found = ruled_out(tmp_path, changed("candidates", 0, exclude="是"), "A")
    assert found == (Exclusion(code="excluded", parks=2),)


def test_a_plan_without_land_has_reasons_too(tmp_path: Path) -> None:
    plan = PLAN.replace("  land: {unit: 亩, kind: stock, scope: park}\n", "")
    assert plan != PLAN
    found = ruled_out(tmp_path, changed("candidates", 2, refused_parks="P2"), "C", plan)
    assert found == (Exclusion(code="refused_park", parks=1, example_park_id="P2"),)


@pytest.mark.parametrize(("firm", "assumed"), [("A", ("capacity",)), ("B", ()), ("C", ("investment", "output"))])
def test_each_firm_bears_the_marks_of_its_own_row(tmp_path: Path, firm: str, assumed: tuple[str, ...]) -> None:
    tables = changed("candidates", 0, capacity="600*")
    tables["candidates"][2].update(investment="700*", output="500*")
    _, _, plan = planned(write_city(tmp_path, tables=tables))
    marks = {one.candidate_id: one.assumed for one in (*plan.selected, *plan.not_selected)}
    assert marks[firm] == assumed


def test_whoever_is_left_out_is_told_the_best_way_in_and_what_is_in_the_way_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against every way by itself: fewest rows in the way, then most value, then the first park and quarter; and the same however
    little of the matrix is looked at together."""
    region = Region(60, 5, 4, 5, 2, phases=True)
    opened = open_plan(write_load("rules", tmp_path, load=Load(region, rules=40)))
    programme = build(opened.case, opened.eligible)
    matrix, layout = programme.matrix, programme.layout
    values = construct(matrix, 1)
    assert values is not None
    accounts = reckon(opened.case, choice_of(layout, values), [term.name for term in programme.terms])
    told = left_out(programme, accounts)
    monkeypatch.setattr(reasons, "PIECE", 50)
    assert left_out(programme, accounts) == told
    chosen = values * (np.arange(layout.columns) < layout.choices)
    held, used, table = programme.business_rows & programme.hard_rows, matrix.rows @ chosen, matrix.rows.toarray()
    in_the_way = 0
    for i in set(layout.candidate.tolist()) - set(accounts.choice.candidate.tolist()):
        own = np.flatnonzero(layout.candidate == i).tolist()
        ways = [(at, at) for at in own if layout.park[at] >= 0 and layout.quarter[at] >= 0]
        ways += [(y, z) for y in own for z in own if layout.quarter[y] < 0 and layout.park[z] < 0]

        def rated(way: tuple[int, int]) -> tuple[float, ...]:
            columns = list(dict.fromkeys(way))
            over = (held[:, None] & (used[:, None] + table[:, columns] > matrix.row_upper[:, None] + 1e-6)).sum()
            return (over, -matrix.objective[columns].sum(), layout.park[way[0]], max(layout.quarter[at] for at in way))

        best = min(ways, key=rated)
        _, park, rows = told[i]
        assert park == layout.park[best[0]]
        over = [np.flatnonzero(held & (used + table[:, at] > matrix.row_upper + 1e-6)).tolist() for at in dict.fromkeys(best)]
        assert rows == tuple(dict.fromkeys(row for some in over for row in some))[:SHOWN_LIMITS]
        in_the_way += bool(rows)
    assert in_the_way
