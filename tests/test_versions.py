"""Draft, submitted, approved: who signs a plan and when stands beside it, goes forward only, and cannot be changed unseen."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.stored import read_run
from planner.plan.versions import read_version
from planner.plan.whole_folder import APPROVALS, RUN, look_at, whole_folder
from planner.problems import InputError
from planner.publish.run_folder import write_run
from planner.questions.keeping import republish
from planner.questions.replan.ask import replan
from tests.city import PLAN
from tests.quick import finished
from tests.run_folders import STEPS, codes, hidden, killed, needs_fork
from tests.solving import opened_up


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The run of a workspace, where the tool puts it by itself."""
    folder = finished(tmp_path / "place")
    return shutil.move(folder, tmp_path / "place" / "runs" / "first")


def called(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def copied(run: Path, name: str) -> Path:
    return Path(shutil.copytree(run, run.parent / name))


def states(run: Path) -> list[str]:
    return [line.state for line in read_version(run).lines]


# --- the way of a plan ---


def test_a_plan_is_submitted_approved_and_withdrawn_and_plan_json_never_changes(run: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    seal = read_run(run).short_seal
    assert read_version(run).state == "draft"
    code, out, _ = called("approve", run, "--by", "李科长", "--on", "2027/1/5", "--as", "submitted")
    assert (code, out.splitlines()[0]) == (0, f"已报送：李科长，2027-01-05；计划编号 {seal}")
    code, out, _ = called("approve", run, "--by", "王主任", "--on", "2027年1月8日", "--note", "〔2027〕3号")
    assert (code, out.splitlines()[0]) == (0, f"已批准：王主任，2027-01-08；计划编号 {seal}")
    assert states(run) == ["submitted", "approved"]
    api.approve(run, "王主任", "2027-01-08", "submitted", withdraw=True)
    api.approve(run, "王主任", "2027-01-09", withdraw=True)
    assert states(run) == ["submitted", "approved", "submitted", "draft"]
    api.approve(run, "王主任", "2027-01-10")  # which includes the submission
    version = read_version(run)
    assert (version.state, version.lines[-1].by, version.lines[1].note) == ("approved", "王主任", "〔2027〕3号")
    assert {path.name: path.read_bytes() for path in run.iterdir() if path.name != APPROVALS} == before
    assert hidden(run.parent) == []


REFUSED: dict[str, tuple[Sequence[str], list[str]]] = {
    "submitted again": (["--by", "李", "--on", "2027-02-01", "--as", "submitted"], ["V105"]),
    "back without withdrawing": (["--by", "李", "--on", "2027-02-01", "--as", "draft"], ["V105"]),
    "forward by withdrawing": (["--by", "李", "--on", "2027-02-01", "--as", "approved", "--withdraw"], ["V108"]),
    "before the step before": (["--by", "李", "--on", "2027-01-04"], ["V111"]),
    "no such day": (["--by", "李", "--on", "2027-02-30"], ["V102"]),
    "day and month in doubt": (["--by", "李", "--on", "03/04/27"], ["V102"]),
    "nobody": (["--by", " ", "--on", "2027-02-01"], ["V101"]),
    "two lines": (["--by", "李\n已批准：王", "--on", "2027-02-01"], ["V104"]),
    "a reason that is none": (["--by", "李", "--on", "2027-02-01", "--anyway", "--note", " "], ["V107"]),
    "everything at once": (
        ["--by", "", "--on", "2027-01-04", "--as", "submitted", "--anyway", "--note", "长" * 201],
        ["V101", "V104", "V105", "V111"],
    ),
}


def test_what_cannot_be_signed_is_told_all_at_once_and_nothing_is_written(run: Path) -> None:
    api.approve(run, "李科长", "2027-01-05", "submitted")
    before = (run / APPROVALS).read_bytes()
    for case, (words, expected) in REFUSED.items():
        code, _, err = called("approve", run, *words)
        assert (code, [one for one in (f"V{n}" for n in range(101, 140)) if one in err]) == (2, expected), (case, err)
    assert (run / APPROVALS).read_bytes() == before
    code, _, err = called("approve", run.parent, "--by", "李", "--on", "2027-02-01")
    assert (code, "R104" in err) == (2, True)


def test_a_plan_that_nobody_should_decide_by_is_signed_only_with_a_reason(run: Path) -> None:
    other = run.parent / "unfit"
    write_run(opened_up(read_run(run), 0.11), other, (), {})
    for state in ("submitted", "approved"):
        with pytest.raises(InputError) as found:
            api.approve(other, "王主任", "2027-01-05", state)
        assert [one.code for one in found.value.problems] == ["V106"]
        assert "11.0" in found.value.problems[0].say("zh")
        assert "不宜上会" in found.value.problems[0].say("zh")
    version = api.approve(other, "王主任", "2027-01-05", anyway=True, note="市委专题会议要求")
    assert version.lines[0].despite is not None
    republish(other, ["workbook"])
    assert "虽不宜上会，另有说明：市委专题会议要求" in page(other)
    assert "不宜上会" in called("versions", run.parent)[1]
    write_run(opened_up(read_run(run), 0.10), run.parent / "fit", (), {})
    assert api.approve(run.parent / "fit", "王主任", "2027-01-05", anyway=True, note="不必").lines[0].despite is None


# --- what cannot be changed unseen ---


def edited(run: Path, change: Callable[[list[str]], list[str]]) -> list[str]:
    path = run / APPROVALS
    before = path.read_text(encoding="utf-8")
    path.write_text("".join(line + "\n" for line in change(before.splitlines())), encoding="utf-8")
    found = codes(lambda: read_version(run))
    path.write_text(before, encoding="utf-8")
    return found


def test_an_edited_removed_added_or_moved_line_is_noticed_by_every_command(run: Path) -> None:
    for state, day in (("submitted", "2027-01-05"), ("approved", "2027-01-08")):
        api.approve(run, "王主任", day, state)
    other = copied(run, "other")
    api.approve(other, "王主任", "2027-01-09", withdraw=True)
    more = (other / APPROVALS).read_text(encoding="utf-8").splitlines()
    changes: list[Callable[[list[str]], list[str]]] = [
        lambda lines: [lines[0].replace("2027-01-05", "2026-12-31"), *lines[1:]],
        lambda lines: [lines[0].replace("王主任", "李主任"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[:2],
        lambda lines: lines[:1],
        lambda lines: [],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines[:2], lines[1], lines[2]],
        lambda lines: [*lines[:2], more[2], lines[2]],
        lambda lines: [*lines[:2], lines[2].replace('"lines": 2', '"lines": 3')],
        lambda lines: ["{}", *lines[1:]],
        lambda lines: ["[]", *lines[1:]],
        lambda lines: ["草案", *lines[1:]],
        lambda lines: [*lines, ""],
    ]
    for number, change in enumerate(changes):
        assert edited(run, change) == ["V103"], number
    path = run / APPROVALS
    path.write_text(path.read_text(encoding="utf-8").replace("王主任", "李主任"), encoding="utf-8")
    for words in (["publish", run], ["versions", run.parent.parent], ["approve", run, "--by", "李", "--on", "2027-02-01"]):
        code, _, err = called(*words)
        assert (code, "V103" in err) == (2, True), words
    assert codes(lambda: api.approved_run(run.parent.parent)) == ["V103"]


def test_a_file_of_another_plan_and_an_edited_plan_are_refused(run: Path) -> None:
    api.approve(run, "王主任", "2027-01-05")
    other = run.parent / "other"
    write_run(opened_up(read_run(run), 0.05), other, (), {})
    shutil.copy(run / APPROVALS, other)
    assert codes(lambda: read_version(other)) == ["V103"]
    path = run / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace("甲公司", "乙公司"), encoding="utf-8")
    assert codes(lambda: api.approve(run, "王主任", "2027-01-06", withdraw=True)) == ["R106"]


# --- killed, and at once ---


@needs_fork
def test_killed_at_any_step_of_approving_the_old_version_stands(run: Path) -> None:
    api.approve(run, "李科长", "2027-01-05", "submitted")
    before, stood, step = (run / APPROVALS).read_bytes(), [], 1
    while killed(step, lambda: api.approve(run, "王主任", "2027-01-08"), (*STEPS, "open", "fsync")):
        stood.append(states(run)[-1])
        assert hidden(run.parent) == []
        (run / APPROVALS).write_bytes(before)
        step += 1
    assert step > 5
    # Once the new file stands in its place the approval holds; until then, the old one.
    assert stood == sorted(stood, reverse=True)
    assert stood[0] == "submitted"
    assert states(run) == ["submitted", "approved"]


def test_a_disk_that_is_full_leaves_the_old_version(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api.approve(run, "李科长", "2027-01-05", "submitted")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert codes(lambda: api.approve(run, "王主任", "2027-01-08")) == ["R116"]
    assert states(run) == ["submitted"]
    assert hidden(run.parent) == []


def _sign(run: Path, name: str, state: str, told: multiprocessing.SimpleQueue[str]) -> None:
    try:
        told.put(f"{name} {api.approve(run, name, '2027-01-05', state).state}")  # type: ignore[arg-type]
    except InputError as error:
        told.put(f"{name} {error.problems[0].code}")


@needs_fork
def test_of_two_who_approve_at_once_one_does_and_the_other_is_told(run: Path) -> None:
    context = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    both = [context.Process(target=_sign, args=(run, name, "approved", told)) for name in ("甲", "乙")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    answers = sorted(told.get().split()[1] for _ in both)
    assert answers == ["V105", "approved"]
    assert states(run) == ["approved"]


# --- a workspace ---


def test_the_newest_approved_version_is_in_force_by_the_name_of_its_plan(run: Path) -> None:
    place = run.parent.parent
    assert codes(lambda: api.approved_run(place)) == ["V110"]
    assert codes(lambda: api.approved_run(place / "nowhere")) == ["V110"]
    second, third = copied(run, "second"), copied(run, "third")
    other = run.parent / "compare_x" / "other"
    named = opened_up(read_run(run), 0.01)
    write_run(named.model_copy(update={"plan": named.plan.model_copy(update={"name": "另一计划"})}), other, (), {})
    api.approve(run, "王主任", "2027-03-01")
    api.approve(second, "王主任", "2027-02-01")
    api.approve(third, "王主任", "2027-03-01")  # of the same day, but written later
    api.approve(other, "王主任", "2027-04-01")
    name = read_run(run).plan.name
    for where in (place, place / "plan.yaml", place / "runs"):
        assert api.approved_run(where, name).folder.name == "third"
        assert api.approved_run(where).folder.name == "other"
    assert api.approved_run(place, "另一计划").folder.name == "other"
    assert codes(lambda: api.approved_run(place, "没有")) == ["V110"]
    api.approve(third, "王主任", "2027-03-02", withdraw=True)
    assert api.approved_run(place, name).folder.name == "first"
    code, out, _ = called("versions", place, "--json")
    listed = {Path(one["folder"]).name: (one["state"], one["in_force"], len(one["signatures"])) for one in json.loads(out)}
    expected = {"first": ("approved", True, 1), "second": ("approved", False, 1), "third": ("draft", False, 2)}
    assert (code, listed) == (0, {**expected, "other": ("approved", True, 1)})
    out = called("versions", place / "plan.yaml")[1]
    assert [line.split()[-3].rsplit("/")[-1] for line in out.splitlines() if "现行" in line] == ["other", "first"]


def test_a_replan_begins_from_the_approved_plan_of_its_own_plan_file(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, named = run.parent / "other", read_run(run)
    write_run(named.model_copy(update={"plan": named.plan.model_copy(update={"name": "另一计划"})}), other, (), {})
    api.approve(run, "王主任", "2027-03-01")
    api.approve(other, "王主任", "2027-04-01")
    begun: list[Path] = []
    monkeypatch.setattr("planner.questions.replan.ask.run", lambda *words, **_: begun.append(words[5]))
    replan(run.parent.parent / "plan.yaml")
    assert [path.name for path in begun] == ["first"]


def test_versions_of_nothing_are_told_and_drafts_are_listed(run: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "nowhere", tmp_path / "no\0name"):
        assert codes(lambda place=place: api.versions(place)) == ["V112"]  # type: ignore[misc]
    code, out, _ = called("versions", run)
    assert (code, "草案" in out, "现行" in out) == (0, True, False)


def test_a_run_that_is_signed_is_never_replaced(run: Path) -> None:
    target = look_at(run, RUN)
    api.approve(run, "李科长", "2027-01-05", "submitted")
    assert codes(lambda: look_at(run, RUN)) == ["V109"]
    code, _, err = called("run", run.parent.parent / "plan.yaml", "--out", run)
    assert (code, "V109" in err) == (2, True)
    with whole_folder(target) as whole:  # signed while that run was being solved
        (whole.fresh / "plan.json").write_text("{}", encoding="utf-8")
    assert whole.place.name == "first-2"
    assert states(run) == ["submitted"]


# --- on the outputs ---


def page(run: Path) -> str:
    book = load_workbook(run / "plan.xlsx")
    assert len({str(sheet.oddHeader.left.text) for sheet in book.worksheets}) == 1
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    return " | ".join([str(book.worksheets[0].oddHeader.left.text), *cells])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "draft", "approved"),
    [
        ("zh", "草案，未经批准", "已批准：王&主任，2027-01-05；计划编号 {seal}"),
        pytest.param("en", "Draft, not approved", "Approved by 王&主任 on 2027-01-05; plan {seal}", marks=pytest.mark.slow),
    ],
)
def test_outputs_say_the_state_of_the_plan_when_they_were_rendered(
    tmp_path: Path, language: str, draft: str, approved: str
) -> None:
    plan = PLAN if language == "zh" else PLAN.replace("language: zh", "language: en")
    run = finished(tmp_path, plan, ("workbook", "map"))
    assert page(run).count(draft) == 2
    assert draft in (run / "map.html").read_text(encoding="utf-8")
    api.approve(run, "王&主任", "2027-01-05")
    assert republish(run, None)[2] == ()
    said = approved.format(seal=read_run(run).short_seal)
    assert page(run).count(said) + page(run).count(said.replace("&", "&&")) == 2, page(run)
    assert said.replace("&", "&amp;") in (run / "map.html").read_text(encoding="utf-8")
    assert draft not in (run / "map.html").read_text(encoding="utf-8")
