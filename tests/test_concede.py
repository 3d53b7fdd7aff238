"""What can be conceded to a firm: thresholds by hand and by brute force, and what is known told from what is proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.reopen import open_run
from planner.problems import InputError
from planner.questions.concede.ask import Known, turn_of
from planner.questions.concede.record import KEPT, Turn
from planner.questions.concede.text import text_of
from planner.settings.changes import Change
from tests import brute
from tests.asked import kept
from tests.city import PLAN, TABLES
from tests.quick import finished, ran


def test_money_above_what_the_fund_has_left_makes_the_plan_prefer_the_next_best(tmp_path: Path) -> None:
    """220 of money: A 100, B 60 and D 50 are worth 1800; without B C comes for D, 1540. With 10 more for B all fit in still; with
    more one of the others has to go, and then the plan without B is better."""
    found = api.concede(ran(tmp_path), "乙公司", of=["subsidy"], steps=4)
    (money,) = found.concessions
    assert (found.value, found.without_low, found.without_high) == pytest.approx((1800, 1540, 1540))
    assert [firm.id for firm in found.next_best] == ["C"]
    assert [firm.id for firm in found.gone_too] == ["D"]
    assert (money.asked, money.most) == (60, 160)
    assert (money.kept, money.lost) == (10, 47.5)
    assert (money.kept_proved, money.lost_proved, money.why_lost) == (True, True, "lost")
    assert [(room.name, room.left) for room in money.room] == [("FUND", 10)]
    assert [probe.more for probe in money.probes] == [0, 10, 47.5, 85, 160]
    said = text_of(api.read_plan(tmp_path / "run" / "plan.json"), found, "zh")
    assert "内部资料，不得外传" in said
    assert "再让 10 万元（共 70 万元）仍选它，已证明；再让 47.5 万元 即改选次优，已证明" in said
    assert "FUND 最紧的 2027Q2 还余 10 万元" in said
    assert "没有政策表" in said


@pytest.mark.parametrize(
    ("known", "without", "turn"),
    [
        ((10, 10), (9, 9), "kept"),
        ((10, 11), (9, 10), "kept"),
        ((10, 12), (9, 11), "seems_kept"),
        ((9, 9.5), (10, 11), "lost"),
        ((9, 10.5), (10, 11), "seems_lost"),
        ((9, None), (10, None), "seems_lost"),
        ((None, 9), (10, 10), "no_plan"),
        ((10, 10), (None, None), "open"),
    ],
)
def test_proved_is_what_bounds_tell_apart(
    known: tuple[float | None, float | None], without: tuple[float | None, float | None], turn: Turn
) -> None:
    assert turn_of(Known(*known), Known(*without), none=False) == turn


def test_who_is_not_selected_or_not_known_is_refused_all_at_once(tiny: Path) -> None:
    run = open_run(tiny / "run")
    with pytest.raises(InputError, match="R192"):
        api.concede(run, "C")
    with pytest.raises(InputError, match="R193") as error:
        api.concede(run, "A", of=["lamd", "money"])
    assert len(error.value.problems) == 2
    with pytest.raises(InputError, match="R121"):
        api.concede(run, "Z")


def test_what_nothing_limits_is_no_concession(tmp_path: Path) -> None:
    tables = {**TABLES, "parks": [{**park, "power": "不限"} for park in TABLES["parks"]]}
    run = open_run(finished(tmp_path, tables=tables))
    with pytest.raises(InputError, match="R194"):
        api.concede(run, "A", of=["power"])


def test_the_command_keeps_the_answer_and_the_workbook_has_its_sheet(tiny_copy: Path) -> None:
    done = CliRunner().invoke(app, ["concede", str(tiny_copy / "run"), "D", "--of", "land", "--steps", "1"])
    assert done.exit_code == 0, done.output
    assert "让到全部可用（60 亩）" not in done.output
    assert "再让 60 亩 即" in done.output
    (answer,) = kept(tiny_copy / "run", "concede")
    assert answer.candidate_id == "D"
    import openpyxl

    book = openpyxl.load_workbook(tiny_copy / "run" / "plan.xlsx")
    cells = [str(cell.value) for row in book["底线表"].iter_rows() for cell in row]
    assert any("不得外传" in text for text in cells)
    assert "丁公司" in cells


def test_the_law_is_told_beside_the_plan_and_only_what_may_be_promised_counts(tmp_path: Path) -> None:
    policies = [
        {"offer": "设备补助", "basis": "〔2026〕1号", "ceiling": 30, "lawful": "是"},
        {"offer": "税收返还", "basis": "无", "ceiling": 500, "lawful": "否"},
        {"offer": "贴息", "basis": "〔2026〕2号", "ceiling": 20},
    ]
    run = open_run(finished(tmp_path, tables={**TABLES, "policies": policies}))
    found = api.concede(run, "D", of=["subsidy"], steps=1)
    law = found.concessions[0].lawful
    assert law is not None
    assert (law.most, law.offers, law.unpriced, law.under_review) == (30, ("设备补助",), (), 1)
    assert "能依法承诺的至多 30 万元（设备补助），待审查 1 项不计" in text_of(run.plan, found, "zh")


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["{gap: 1.0}", "{gap: 1.0, subsidy: -2.0}", "{gap: 1.0, output: 0.2}"])
@pytest.mark.parametrize("what", ["subsidy", "land", "power"])
def test_every_probe_is_the_best_plan_there_is(tmp_path: Path, weights: str, what: str) -> None:
    run = ran(tmp_path, PLAN.replace("{gap: 1.0}", weights))
    for firm in run.plan.selected:
        found = api.concede(run, firm.candidate_id, of=[what], steps=4)
        where = {"candidate_id": firm.candidate_id}
        out = run.opened.changed([Change(table="candidates", where=where, column="exclude", set=True)])
        without = brute.best(out)[0]
        assert found.without_low == pytest.approx(without)
        for probe in found.concessions[0].probes:
            forced = Change(table="candidates", where=where, column="must_include", set=True)
            opened = run.opened.changed([forced, Change(table="candidates", where=where, column=what, add=probe.more)])
            best = brute.best(opened)[0]
            assert probe.low == (None if best is None else pytest.approx(best))
            assert (probe.turn in KEPT) == (best is not None and without is not None and best >= without - 1e-6)
