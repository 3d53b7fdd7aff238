"""What became of projects: how events are read, what they contradict, and what they do to the next plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from planner.api import open_run, publish, solve
from planner.case.following import act, contradictions
from planner.case.history import ASIDE, STAGES, History
from planner.cli import app
from planner.content import content_folder
from planner.plan.open import Opened, open_plan
from planner.problems import InputError, Problem, errors
from planner.publish.stages import landing_changes, stages_text
from planner.settings.changes import Change
from tests.city import PLAN, TABLES, Rows, event, write_city
from tests.sweep import sweep
from tests.table_files import write_xlsx

LANGUAGES = ("zh", "en")


def opened(folder: Path, *events: dict[str, Any], on: str | None = "2027-03-31", tables: Any = TABLES, plan: str = PLAN) -> Opened:
    """The tiny city, of whose projects this became."""
    return open_plan(write_city(folder, plan, {**tables, "status": list(events)}), on=on)


def problems_of(folder: Path, events: Rows, **given: Any) -> tuple[Problem, ...]:
    """What is wrong with these events."""
    try:
        return opened(folder, *(dict(row) for row in events), **given).warnings
    except InputError as error:
        return error.problems


def at(problems: tuple[Problem, ...]) -> list[str]:
    """Code and cell of each."""
    return [f"{problem.code} {problem.place.cell if problem.place else ''}" for problem in problems]


@pytest.mark.parametrize(
    "day", ["2027-03-01", "2027/3/1", "2027.3.1", "2027年3月1日", "20270301", "46447", "２０２７－０３－０１", "2027-03-01 09:30"]
)
def test_a_day_may_be_written_in_many_ways(tmp_path: Path, day: str) -> None:
    history = opened(tmp_path, event("A", day, "在谈")).case.history
    assert history.events["date"].dt.strftime("%Y-%m-%d").tolist() == ["2027-03-01"]


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("27-3-1", ""),
        ("3/4/2027", ""),
        ("03/04/27", ""),
        ("2027-02-30", ""),
        ("2027-13-01", ""),
        ("31/12/2026", "2026-12-31"),
        ("0227-03-01", ""),
    ],
)
def test_what_is_no_clear_day_is_told_at_its_cell(tmp_path: Path, day: str, meant: str) -> None:
    (found,) = problems_of(tmp_path, [event("A", day, "在谈")])
    assert at((found,)) == ["T385 B2"]
    assert meant in found.say("en")


YEAR = (
    event("A", "2027-01-05", "线索"),
    event("A", "2027-01-20", "在谈", problem="没有路", owner="交通局", due="2027-02-10"),
    event("A", "2027-02-05", "在谈", dispatch="修路", closes="2027-01-20"),
    event("A", "2027-02-20", "意向"),
    event("A", "2027-03-10", "签约", park_id="P1"),
    event("A", "2027-04-01", "开工建设"),
    event("B", "2027-01-08", "洽谈"),
    event("B", "2027-02-08", "流失"),
    event("B", "2027-03-08", "线索"),
    event("C", "2027-01-09", "在谈"),
    event("C", "2027-03-09", "暂缓", planned_date="2027-05-20"),
    event("D", "2027-01-11", "已签约", park_id="P2", quarter="2027Q1"),
    event("D", "2027-01-11", "开工"),
)
"""What became of the four projects in five months; A and D keep to the way, B is lost and found again, C waits."""


def test_how_projects_stand_on_a_day(tmp_path: Path) -> None:
    history = opened(tmp_path, *YEAR).case.history

    def stand(on: str) -> list[tuple[int, str, str]]:
        told = history.standing(date.fromisoformat(on))
        return list(zip(told["candidate"], told["stage"], told["since"].dt.strftime("%m-%d"), strict=True))

    assert stand("2027-01-04") == []
    assert stand("2027-01-10") == [(0, "lead", "01-05"), (1, "talks", "01-08"), (2, "talks", "01-09")]
    assert stand("2027-02-10") == [(0, "talks", "01-20"), (1, "lost", "02-08"), (2, "talks", "01-09"), (3, "started", "01-11")]
    assert stand("2027-03-31") == [(0, "signed", "03-10"), (1, "lead", "03-08"), (2, "paused", "03-09"), (3, "started", "01-11")]
    newest = history.standing(date(2027, 2, 10)).iloc[0]
    assert newest["date"] == pd.Timestamp("2027-02-05"), "a row that says the stage again is news, and no new stage"
    deals = history.standing(date(2027, 4, 30))
    assert deals["signed_on"].dt.strftime("%m-%d").tolist()[0::3] == ["03-10", "01-11"]
    assert deals["park"].tolist() == [0, -1, -1, 1]


def test_how_many_come_from_stage_to_stage(tmp_path: Path) -> None:
    history = opened(tmp_path, *YEAR).case.history
    told = history.conversions(date(2027, 4, 30)).set_index("stage")
    shown = told[["projects", "next", "signed", "lost", "paused", "open"]].head(5)
    assert shown.to_dict("split")["data"] == [
        [2, 2, 1, 0, 0, 1],  # lead: A and, found again, B, who had been in talks
        [3, 1, 1, 0, 1, 1],  # talks: A, B, C; D is first heard of when it has signed
        [1, 1, 1, 0, 0, 0],  # intent: A
        [2, 2, 2, 0, 0, 0],
        [2, 0, 2, 0, 0, 0],
    ]
    assert told["days_next"].head(4).tolist() == [15.0, 31.0, 18.0, 11.0]
    assert told["days_signed"].head(3).tolist() == [64.0, 49.0, 18.0]
    assert told.loc["finished", "projects"] == 0
    assert told.loc["finished"].isna()[["share_next", "days_next"]].all()


@pytest.mark.parametrize("seed", sweep(range(30), 3))
def test_a_day_tells_what_the_rows_up_to_it_tell(seed: int) -> None:
    """Whatever comes later: replayed day by day, in any order of rows, a history says the same of each day."""
    draw, empty = np.random.default_rng(seed), History.empty().events
    days, stages, size = pd.date_range("2027-01-01", periods=60), [*STAGES, *ASIDE], 25 + seed
    frame = pd.DataFrame(
        {
            **dict.fromkeys(empty.columns, ""),
            "candidate": draw.integers(0, 5, size),
            "date": days[draw.integers(0, 60, size)],
            "stage": [stages[n] for n in draw.integers(0, len(stages), size)],
            "park": draw.integers(-1, 3, size),
            "quarter": draw.choice(["", "2027Q1"], size),
            **dict.fromkeys(("planned_date", "due", "closes"), pd.NaT),
            "row": np.arange(size),
        }
    ).astype(empty.dtypes)
    whole, told = History.of(frame.sample(frac=1, random_state=seed), None), 0
    for day in days[[5, 25, 55]]:
        then = History.of(frame[frame["date"] <= day], None)
        pd.testing.assert_frame_equal(whole.standing(day.date()), then.standing(), check_dtype=False)
        assert whole.conversions(day.date()).equals(then.conversions())
        assert len(then.events) >= told
        told = len(then.events)
    assert told


FAULTS = (
    event("A", "2027-01-10", "投产", park_id="P1"),
    event("A", "2027-02-10", "竣工"),  # goes back
    event("X", "2027-02-20", "在谈"),  # unknown firm
    event("B", "2027-01-20", "在谈", park_id="P9"),  # unknown park
    event("B", "2027-02-01", "好了"),  # no stage
    event("B", "2027-03-05", "在谈", planned_date="2027-01-01"),  # planned before its day
    event("B", "2031-01-01", "意向"),  # in the future
    event("B", "3/4/2027", "意向"),  # no clear day
    event("C", "2027-02-20", "流失"),
    event("C", "2027-02-21", "意向"),  # lost before
    event("D", "2027-02-21", "在谈", closes="2027-01-01"),  # solves what nobody raised
    event("D", "2027-02-21", "在谈"),  # the same again
    event("D", "2027-03-01", "签约"),  # nobody says where
)


def test_ten_faults_are_told_at_their_cells_in_one_run(tmp_path: Path) -> None:
    rows = [{"park_id": "", "planned_date": "", "closes": "", **row} for row in FAULTS]
    columns = ["candidate_id", "date", "stage", "park_id", "planned_date", "closes"]
    found = problems_of(tmp_path, [{name: row[name] for name in columns} for row in rows])
    wanted = [
        "C350 C3",
        "T153 A4",
        "T153 D5",
        "T136 C6",
        "C356 E7",
        "C353 B8",
        "T385 B9",
        "C351 C11",
        "C366 F12",
        "T152 A13",
        "C357 D14",
    ]
    assert sorted(at(found)) == sorted(wanted)
    assert all(problem.place is not None and problem.place.file == "status.csv" for problem in found)
    assert all(problem.say(language) for problem in found for language in LANGUAGES)


def test_two_rows_of_one_day(tmp_path: Path) -> None:
    """They follow the order of the stages; who stands aside has come no further that day."""
    both = opened(tmp_path, event("A", "2027-02-01", "开工"), event("A", "2027-02-01", "签约", park_id="P1")).case
    assert both.history.standing()["stage"].tolist() == ["started"]
    assert at(problems_of(tmp_path, [event("A", "2027-02-01", "流失"), event("A", "2027-02-01", "签约", park_id="P1")])) == [
        "C352 C3"
    ]


def test_what_is_told_of_deals_that_cannot_or_should_not_be(tmp_path: Path) -> None:
    full = [event(firm, "2027-02-01", "签约", park_id="P2") for firm in "AB"]
    (found,) = problems_of(tmp_path, full)
    assert at((found,)) == ["C361 D3"]
    assert {"A, B", "70", "40", "30 亩"} <= {part for part in ("A, B", "70", "40", "30 亩") if part in found.say("en")}
    tables = {**TABLES, "candidates": [{**row, "refused_parks": "P2"} for row in TABLES["candidates"]]}
    (refused,) = problems_of(tmp_path, full[:1], tables=tables)
    assert (at((refused,)), refused.severity) == (["C362 D2"], "warning")
    plan = solve(opened(tmp_path, full[0], tables=tables))
    assert [(firm.park_id, firm.quarter) for firm in plan.selected if firm.candidate_id == "A"] == [("P2", "2027Q1")]
    moved = [event("A", "2027-02-01", "签约", park_id="P1"), event("A", "2027-03-01", "签约", park_id="P2")]
    (changed,) = problems_of(tmp_path, moved)
    assert (at((changed,)), changed.severity) == (["C360 D3"], "warning")
    assert opened(tmp_path, *moved).case.candidates["fixed_park"].tolist()[0] == 1, "the newest rules"


def by_hand(**cells: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with cells of candidates, by id."""
    return {**TABLES, "candidates": [{**row, **cells.get(row["candidate_id"], {})} for row in TABLES["candidates"]]}


def test_events_act_as_the_cells_that_a_person_would_edit(tmp_path: Path) -> None:
    """A signed, C lost, D on hold until the second quarter; B may no more sign in the first."""
    events = [
        event("A", "2027-03-01", "签约", park_id="P2"),
        event("C", "2027-03-02", "流失"),
        event("D", "2027-03-03", "暂缓", planned_date="2027-05-01"),
    ]
    told = opened(tmp_path / "told", *events)
    later = {"earliest_quarter": "2027Q2"}
    edited = open_plan(
        write_city(
            tmp_path / "hand",
            tables=by_hand(
                A={"status": "signed", "fixed_park": "P2", "fixed_quarter": "2027Q1"},
                B=later,
                C={"status": "lost", **later},
                D=later,
            ),
        )
    )
    for name in ("status", "fixed_park", "fixed_quarter"):
        assert told.case.candidates[name].tolist() == edited.case.candidates[name].tolist()
    assert told.case.window[1:].tolist() == edited.case.window[1:].tolist()
    assert (told.eligible.pairs == edited.eligible.pairs).all()
    assert (told.eligible.quarter == edited.eligible.quarter).all()
    plan, other = solve(told), solve(edited)
    assert plan.objective.value == other.objective.value
    assert [(f.candidate_id, f.park_id, f.quarter) for f in plan.selected] == [
        (f.candidate_id, f.park_id, f.quarter) for f in other.selected
    ]
    stages = {firm.candidate_id: (firm.stage, firm.stage_since, firm.stage_place) for firm in (*plan.selected, *plan.not_selected)}
    assert stages["A"] == ("signed", "2027-03-01", "status.csv!C2")
    assert stages["B"] == (None, None, None)
    assert plan.plan.on == "2027-03-31"
    assert other.plan.on is None
    assert [found.code for found in told.warnings] == []


def test_a_project_on_hold_without_a_day_is_out_of_the_horizon(tmp_path: Path) -> None:
    told = opened(tmp_path, event("B", "2027-01-03", "暂缓"), on="2027-01-31")
    assert at(told.warnings) == ["C363 C2"]
    plan = solve(told)
    (firm,) = [firm for firm in plan.not_selected if firm.candidate_id == "B"]
    assert [reason.code for reason in firm.exclusions] == ["paused"]


def test_where_and_when_a_deal_is_settled(tmp_path: Path) -> None:
    """Park: the row, the candidate's own, that of the earlier plan; quarter: the row, that of the day, the first for one before it."""
    tables = by_hand(A={"fixed_park": "P1"})
    told = opened(
        tmp_path, event("A", "2026-11-03", "签约"), event("B", "2027-02-03", "签约", park_id="P2", quarter="2027Q2"), tables=tables
    )
    assert told.case.candidates["fixed_park"].tolist()[:2] == [0, 1]
    assert told.case.candidates["fixed_quarter"].tolist()[:2] == [0, 1]
    assert [found.code for found in told.warnings] == ["C359"]
    before = solve(open_plan(write_city(tmp_path / "before")))
    publish(before, tmp_path / "run", outputs=())
    where = {firm.candidate_id: firm.park_id for firm in before.selected}
    firm = min(where)
    path = write_city(tmp_path / "next", tables={**TABLES, "status": [event(firm, "2027-02-03", "签约")]})
    case = open_plan(path, {"solve.start": "../run"}, on="2027-02-28").case
    settled = case.candidates.set_index("candidate_id").loc[firm, "fixed_park"]
    assert case.parks["park_id"].iloc[settled] == where[firm]


def test_quarters_that_are_over_are_closed_to_who_has_not_signed(tmp_path: Path) -> None:
    tables = by_hand(B={"fixed_quarter": "2027Q1"})
    assert at(problems_of(tmp_path, [event("A", "2027-01-03", "在谈")], tables=tables)) == ["C365 M3"]
    assert at(problems_of(tmp_path, [event("A", "2027-01-03", "在谈")], tables=tables, on="2027-03-30")) == []
    closed = opened(tmp_path, event("A", "2027-01-03", "在谈"), on="2027-07-01")
    assert [found.code for found in closed.warnings] == ["C367"]
    assert not closed.eligible.candidates.any()


def test_the_day_up_to_which_events_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [event("A", "2027-01-05", "在谈"), event("A", "2027-02-05", "流失")]

    def on_day(now: str, on: str | None) -> tuple[str, list[str]]:
        for module in (act, contradictions):
            monkeypatch.setattr(module, "today", lambda: date.fromisoformat(now))
        told = opened(tmp_path, *rows, on=on)
        return str(told.case.settings.on), at(told.warnings)

    assert on_day("2027-03-01", None) == ("2027-03-01", [])
    assert on_day("2027-01-20", None) == ("2027-02-05", ["C355 B3"])
    assert on_day("2027-03-01", "2027-01-31") == ("2027-01-31", ["C354 B3"])
    assert opened(tmp_path, *rows, on="2027-01-31").case.candidates["status"].tolist()[0] == "negotiating"


def test_an_empty_table_says_nothing(tmp_path: Path) -> None:
    plain = solve(open_plan(write_city(tmp_path)))
    for text in ("candidate_id,date,stage\n", ""):
        (tmp_path / "none.csv").write_text(text, encoding="utf-8")
        told = open_plan(tmp_path / "plan.yaml", status=tmp_path / "none.csv")
        assert (told.warnings, told.case.history.on) == ((), None)
        assert solve(told).selected == plain.selected
    (nothing,) = open_plan(tmp_path / "plan.yaml", on="2027-03-31").warnings
    assert nothing.code == "C369"


def test_what_the_candidates_say_otherwise_is_told_with_both_cells(tmp_path: Path) -> None:
    tables = by_hand(A={"status": "在谈"}, B={"status": "已签约", "fixed_park": "P1", "fixed_quarter": "2027Q1"})
    told = opened(tmp_path, event("A", "2027-01-09", "在谈"), event("B", "2027-01-09", "流失"), tables=tables)
    (found,) = told.warnings
    assert (found.code, str(found.place)) == ("C364", "candidates.csv!M3")
    assert "candidates.csv!M3 × status.csv!C3" in found.say("en")
    assert told.case.candidates["status"].tolist()[:2] == ["negotiating", "lost"]


def test_a_change_asks_what_would_be_if_it_were_otherwise(tmp_path: Path) -> None:
    told = opened(tmp_path, event("A", "2027-02-03", "签约", park_id="P1"), event("C", "2027-02-03", "流失"))
    cells = [{"candidate_id": "C"}, {"candidate_id": "A"}]
    back = told.changed([Change.model_validate({"table": "candidates", "where": cells[0], "column": "status", "set": "在谈"})])
    assert back.case.candidates["status"].tolist() == ["signed", "prospect", "negotiating", "prospect"]
    free = told.changed([Change.model_validate({"table": "candidates", "where": cells[1], "column": "status", "set": "在谈"})])
    assert free.case.candidates["status"].tolist()[0] == "negotiating"
    assert free.eligible.candidates[0], "what signed in a quarter that is over may still be asked about"
    assert [found.code for found in back.warnings] == []
    row = {"candidate_id": "D", "date": "2027-02-09", "stage": "lost"}
    gone = told.changed([Change.model_validate({"table": "status", "insert": row})])
    assert gone.case.candidates["status"].tolist() == ["signed", "prospect", "lost", "lost"]


def test_a_run_with_events_can_be_done_again(tmp_path: Path) -> None:
    path = write_city(tmp_path / "city", PLAN + "publish: {outputs: []}\n")
    write_xlsx(
        tmp_path / "进展.xlsx",
        {"一": [["说明"]], "二": [["项目编号", "日期", "阶段", "园区编号"], ["A", "2027年3月1日", "签约", "P2"]]},
    )
    done = CliRunner().invoke(
        app, ["run", str(path), "--status", f"{tmp_path / '进展.xlsx'}[二]", "--on", "2027-03-31", "--out", str(tmp_path / "run")]
    )
    assert done.exit_code == 0, done.output
    again = open_run(tmp_path / "run")
    assert again.opened.case.settings.on == "2027-03-31"
    assert again.plan.plan.on == "2027-03-31"
    firm = next(firm for firm in again.plan.selected if firm.candidate_id == "A")
    assert (firm.stage, firm.stage_place) == ("signed", "进展.xlsx[二]!C2")
    assert firm.assumed == (), "facts"


def test_shares_that_signed_are_offered_and_not_taken(tmp_path: Path) -> None:
    firms = [{**TABLES["candidates"][0], "candidate_id": f"K{n}", "name": f"企业{n}", "land": 1} for n in range(6)]
    tables = {**TABLES, "candidates": firms}
    rows = [event(f"K{n}", "2027-01-05", "在谈") for n in range(6)]
    rows += [event(f"K{n}", "2027-02-05", "签约", park_id="P1") for n in range(3)]
    told = opened(tmp_path, *rows, tables=tables)
    assert set(told.case.candidates["landing_probability"]) == {1.0}
    (change,) = landing_changes(told.case).values()
    text = stages_text(told.case, "en")
    assert "not taken by itself" in text
    written = text.partition("      - ")[2].splitlines()[0]
    taken = told.changed([Change.model_validate(yaml.safe_load(written))])
    assert yaml.safe_load(written) == change
    assert taken.case.candidates["landing_probability"].tolist() == [1.0] * 3 + [0.5] * 3
    assert len(stages_text(opened(tmp_path, *rows[:4], tables=tables).case, "en").splitlines()) == 2, "four projects are too few"


@pytest.mark.parametrize("on", ["2027-03-31", pytest.param("2027-12-31", marks=pytest.mark.slow)])
def test_the_year_of_the_demo_holds_together(on: str) -> None:
    demo = content_folder("data") / "demo"
    told = open_plan(demo / "plan.yaml", status=demo / "status" / "2027.csv", on=on)
    assert {found.code for found in told.warnings} <= {"C354", "C359", "C364", "C367"}
    status_of = told.case.candidates.set_index("candidate_id")["status"]
    assert status_of["K023"] == "lost"
    assert status_of["K008"] == "signed"


FAULTY = (
    event("A", "27/2/1", "流失"),
    event("Z9", "2027-02-10", "签约"),
    event("B", "2027-02-30", "开工"),
    event("C", "2027-02-10", "好了", park_id="P99"),
    event("", "2027-02-11", "在谈"),
    event("D", "", "在谈"),
)


@pytest.mark.parametrize("on", sweep(["2027-02-10", None, "2026-01-01"], 1))
def test_whatever_rows_are_refused_it_is_told_and_never_raised(tmp_path: Path, on: str | None) -> None:
    """With and without a day: also where the day of the plan is that of a row that is refused."""
    for n, rows in enumerate((*((fault,) for fault in FAULTY), FAULTY, (*FAULTY, event("A", "2027-01-05", "在谈")))):
        told = errors(problems_of(tmp_path / f"{n}", rows, on=on))
        assert len(told) >= (len(FAULTY) if len(rows) > 1 else 1), (n, [problem.code for problem in told])
