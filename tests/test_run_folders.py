"""A run on disk: sealed, whole or not at all, found again after a kill, and never lost to an output that fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan import whole_folder
from planner.plan.model import Plan
from planner.plan.reopen import open_run
from planner.plan.stored import read_run
from planner.plan.whole_folder import RUN, look_at, workplace
from planner.problems import NotAllWritten
from planner.publish import run_folder
from planner.publish.run_folder import write_run
from planner.questions.keeping import keep, kept_answers, republish
from planner.questions.kept import write_answers
from tests.asked import kept, why
from tests.city import PLAN, write_city
from tests.quick import finished
from tests.run_folders import codes, hidden, killed, needs_fork
from tests.solving import EXACT
from tests.sweep import sweep


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of a city with less money."""
    path = write_city(tmp_path_factory.mktemp("other"), PLAN + "changes: [{table: funds, column: amount, times: 0.5}]\n")
    return api.solve(api.open_plan(path))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run without outputs that may be changed, where its settings still lead to the data."""
    return finished(tmp_path / "place")


# --- one checked reader ---


def without(path: Path, text: str) -> None:
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if text not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def more(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


EDITS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "plan": ("R106", lambda run: more(run / "plan.json", "\n")),
    "settings": ("R106", lambda run: more(run / "settings.yaml", "# gap: 1\n")),
    "settings out of the seal": ("R106", lambda run: without(run / "plan.json.sha256", "settings.yaml")),
    "no seal": ("R113", lambda run: (run / "plan.json.sha256").unlink()),
    "schema": (
        "R115",
        lambda run: (run / "plan.json").write_text(
            (run / "plan.json").read_text(encoding="utf-8").replace('"schema_version": 1', '"schema_version": 7'), encoding="utf-8"
        ),
    ),
}
COMMANDS = ("publish {run}", "why {run} C", "why {run} --all", "importance {run}", "sensitivity {run}", "alternatives {run}")
COMMANDS += ("compare {run} {run}", "run {run}/../plan.yaml --start {run} --out {run}/../never")
COMMANDS += ("run {run}/../plan.yaml --start {run}/plan.json --out {run}/../never",)


@pytest.mark.parametrize("edit", sweep(EDITS, 2))
def test_an_edited_run_is_refused_by_every_reader(run: Path, edit: str) -> None:
    code, change = EDITS[edit]
    change(run)
    for command in COMMANDS:
        done = CliRunner().invoke(app, command.format(run=run).split())
        assert (done.exit_code, code in done.stderr) == (2, True), (command, done.output)
    opened = api.open_plan(run.parent / "plan.yaml")
    for read in (lambda: api.open_run(str(run)), lambda: open_run(run), lambda: read_run(run)):
        assert codes(read) == [code]
    if code != "R113":  # a plan.json by itself is read as it is
        assert codes(lambda: api.read_plan(run / "plan.json")) == [code]
    assert codes(lambda: api.solve(opened, start=str(run))) == ["S303"]
    assert not (run.parent / "never").exists()


def test_a_run_is_read_by_its_name_as_text(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.open_run(str(run)).plan.selected
    monkeypatch.chdir(run)
    assert api.open_run(".").plan.selected


def test_the_seal_is_what_sha256sum_checks(run: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    done = subprocess.run(["sha256sum", "-c", "plan.json.sha256"], cwd=run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("OK")) == (0, 2)


# --- answers beside the plan ---


def test_a_finished_plan_never_changes(run: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    for words in (["why", str(run), "C"], ["why", str(run), "A"], ["importance", str(run), "--quick"]):
        assert CliRunner().invoke(app, words).exit_code == 0
    assert {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()} == before
    assert [one.candidate_id for one in kept(run)] == ["C", "A"]
    assert len(kept(run, "importance")) == 1
    names = sorted(path.name for path in (run / "answers").iterdir())
    assert (len(names), names[0]) == (3, "importance.json")
    assert all(set(name) <= set("why-0123456789abcdef.json") for name in names[1:])


def _asked(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["answer"]["candidate_id"])


def test_answers_that_were_edited_or_are_another_plans_are_left_out_with_a_word(run: Path, other: Plan) -> None:
    asked = open_run(run)
    write_answers(run, asked.plan.seal, "why", [why(asked, name, limits=EXACT).why for name in ("A", "C")])
    path = next(path for path in (run / "answers").iterdir() if _asked(path) == "A")
    path.write_text(path.read_text(encoding="utf-8").replace('"甲公司"', '"乙公司"'), encoding="utf-8")
    answers, warnings = kept_answers(run, asked.plan)
    assert [one.candidate_id for one in answers["why"]] == ["C"]
    assert [(one.code, Path(str(one.place)).name) for one in warnings] == [("R114", path.name)]
    done = CliRunner().invoke(app, ["publish", str(run), "--only", "workbook"])
    assert (done.exit_code, "R114" in done.stderr) == (0, True)
    folder = shutil.copytree(run / "answers", run.parent / "kept")
    write_run(other, run, (), {})
    assert not (run / "answers").exists()  # they went with their plan
    shutil.copytree(folder, run / "answers")
    answers, warnings = kept_answers(run, read_run(run))
    assert answers == {}
    assert [one.code for one in warnings] == ["R114", "R114"]
    # Asked of the plan that stood there, answered when another one does: told, and not kept.
    assert [one.code for one in keep(run, asked.plan, "why", [why(asked, "B", limits=EXACT).why])] == ["R160"]
    assert len(list((run / "answers").iterdir())) == 2


# --- killed at every step ---


def every_kill(work: Callable[[], object], check: Callable[[], object]) -> None:
    step = 1
    while killed(step, work):
        check()
        step += 1
    assert step > 5


@needs_fork
def test_a_run_killed_at_any_step_leaves_the_earlier_or_the_new_one(run: Path, other: Plan) -> None:
    earlier, stood = read_run(run).seal, []

    def check() -> None:
        stood.append(read_run(run).seal)
        assert hidden(run.parent) == []
        write_run(api.read_plan(run / "plan.json") if stood[-1] == earlier else first_plan, run, (), {})
        assert read_run(run).seal == earlier

    first_plan = api.read_plan(run / "plan.json")
    every_kill(lambda: write_run(other, run, (), {"run.log": ""}), check)
    assert set(stood) == {earlier, other.seal}


@needs_fork
def test_the_earlier_run_is_found_by_whatever_reads_it_next(run: Path, other: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the two renames, nothing stands in the run's place."""
    for command in ("publish {run} --only workbook", "why {run} C", "compare {run} {run}", "alternatives {run} --count 1"):
        assert killed(2, lambda: write_run(other, run, (), {}), ["rename"])
        assert not run.exists()
        done = CliRunner().invoke(app, command.format(run=run).split())
        assert done.exit_code == 0, (command, done.output)
        assert hidden(run.parent) == []


@pytest.mark.slow
@needs_fork
def test_an_answer_killed_at_any_step_damages_nothing(run: Path) -> None:
    asked = open_run(run)
    republish(run, ["workbook"])
    assert keep(run, asked.plan, "why", [why(asked, "A", limits=EXACT).why]) == ()
    before, told = (run / "plan.json").read_bytes(), why(asked, "C", limits=EXACT).why

    def check() -> None:
        answers, warnings = kept_answers(run, read_run(run))
        assert (warnings, (run / "plan.json").read_bytes()) == ((), before)
        assert answers["why"][0].candidate_id == "A"
        assert (run / "plan.xlsx").is_file()
        assert hidden(run.parent) == []

    every_kill(lambda: keep(run, asked.plan, "why", [told]), check)
    assert [one.candidate_id for one in kept(run)] == ["A", "C"]


class Stop(BaseException):
    """Whatever ends a process."""


@pytest.mark.parametrize("error", [Stop, OSError])
@pytest.mark.parametrize("for_ever", [False, True])
def test_a_rename_that_fails_loses_nothing(
    run: Path, other: Plan, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], for_ever: bool
) -> None:
    earlier = read_run(run).seal
    for step in (1, 2, 3):
        calls, real = [0], os.rename

        def rename(*words: str, step: int = step, calls: list[int] = calls, real: Callable[..., None] = real) -> None:
            calls[0] += 1
            if calls[0] == step or (for_ever and calls[0] > step):
                raise error("no")
            real(*words)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", rename)
            try:
                written = write_run(other, run, (), {})
            except Stop:
                written = None
        if written is not None:  # wherever it was put, the new plan is kept, and it is said where
            assert read_run(written.folder).seal == other.seal
            assert [one.code for one in written.failed] == ([] if written.folder == run else ["R119"])
        stands = read_run(run).seal
        assert stands == earlier or step > 2 or (written is not None and written.folder == run)
        assert hidden(run.parent) == []
        if stands == other.seal:
            break


@needs_fork
def test_only_what_the_dead_left_is_removed(run: Path) -> None:
    """A workplace whose process lives, and a folder that is none of ours, stay."""
    mine = run.parent / ".bulian-notes"
    mine.mkdir()
    (mine / "owner").write_text("me", encoding="utf-8")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with workplace(run.parent) as own:
            os.write(writer, own.name.encode())
            time.sleep(600)
    name = os.read(reader, 100).decode()
    read_run(run)
    assert (run.parent / name).is_dir()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    read_run(run)
    assert hidden(run.parent) == [".bulian-notes"]


def test_two_runs_begun_at_once_do_not_share_a_folder(run: Path, other: Plan) -> None:
    plan = read_run(run)
    targets = [look_at(run.parent / "同时", RUN, named) for named in (True, True, False)]
    written = [write_run(one, target, (), {}) for one, target in zip((plan, other, plan), targets, strict=True)]
    assert [one.folder.name for one in written] == ["同时", "同时-2", "同时-3"]
    assert [[problem.code for problem in one.failed] for one in written] == [[], ["R119"], []]
    assert [read_run(one.folder).seal for one in written] == [plan.seal, other.seal, plan.seal]


# --- tried before the solve ---


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_told_before_the_solve(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> Plan:
        raise AssertionError("solved before --out was looked at")

    place = run.parent
    for name in ("plans.solve", "frontier.ask._Search.ends", "compare.ask._compare_plan"):
        monkeypatch.setattr(f"planner.questions.{name}", never)
    (place / "dangling").symlink_to(place / "nowhere" / "at all")
    (place / "file").write_text("", encoding="utf-8")
    (place / "empty").mkdir()
    bad = {
        "dangling": "R116",
        "长" * 90: "R116",
        "file/run": "R116",
        "file": "R101",
        "data": "R101",
        "/".join(["deep" * 40] * 40): "R116",
        "empty": "R117",
        "../empty": "R117",
    }
    before = sorted(place.rglob("*"))
    monkeypatch.chdir(place / "empty")
    for name, code in bad.items():
        out = name if name.startswith("..") else str(place / name)
        for command, kind in (("run", "R101"), ("compare", "R112"), ("frontier", "R135")):
            words = [command, str(place / "plan.yaml"), "--out", out]
            done = CliRunner().invoke(app, [*words, *(["--terms", "gap,subsidy"] if command == "frontier" else [])])
            assert done.exit_code == 2, (words, done.output, done.exception)
            assert (kind if code == "R101" else code) in done.stderr, (words, done.output)
    for words in (["export", str(place / "plan.yaml"), "--out"], ["new"]):
        done = CliRunner().invoke(app, [*words, str(place / ("长" * 90))])
        assert (done.exit_code, "R116" in done.stderr) == (2, True), (words, done.output, done.exception)
    done = CliRunner().invoke(app, ["run", str(place / "plan.yaml"), "--out", "."])
    assert (done.exit_code, "R117" in done.stderr) == (2, True)
    monkeypatch.setattr(whole_folder, "LEAST_FREE", 2**80)
    assert codes(lambda: look_at(place / "full", RUN)) == ["R116"]
    assert sorted(place.rglob("*")) == before


def test_a_link_to_a_run_is_followed(run: Path, other: Plan) -> None:
    link = run.parent / "link"
    link.symlink_to(run, target_is_directory=True)
    write_run(other, link, (), {})
    assert link.is_symlink()
    assert read_run(run).seal == other.seal
    assert hidden(run.parent) == []


# --- a plan is never lost to an output ---


def spoilt(monkeypatch: pytest.MonkeyPatch, **bad: Callable[..., None]) -> None:
    """Writers of one line each, some of which fail."""

    def good(plan: Plan, path: Path, *_: object) -> None:
        path.write_text(plan.short_seal, encoding="utf-8")

    monkeypatch.setattr(run_folder, "writer_of", lambda output: bad.get(output, good))


def breaks(plan: Plan, path: Path, *_: object) -> None:
    path.write_text("half of it", encoding="utf-8")
    raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")


def interrupted(plan: Plan, path: Path, *_: object) -> None:
    raise KeyboardInterrupt


def test_a_command_that_is_stopped_says_so_and_leaves_what_there_was(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    (run / "dossiers").mkdir()
    (run / "dossiers" / "earlier.pdf").write_text("earlier", encoding="utf-8")
    monkeypatch.setattr("planner.publish.dossiers.make_dossiers", stopped)
    done = CliRunner().invoke(app, ["dossier", str(run), "A"])
    assert (done.exit_code, done.stdout) == (130, "")
    assert "已中断" in done.stderr
    assert (run / "dossiers" / "earlier.pdf").read_text(encoding="utf-8") == "earlier"


def test_an_output_that_fails_takes_nothing_with_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt(monkeypatch, map=breaks)
    done = CliRunner().invoke(app, ["run", str(run.parent / "plan.yaml"), "--out", str(run.parent / "new")])
    assert (done.exit_code, "map.html" in done.stderr, "R118" in done.stderr) == (1, True, True)
    files = {path.name for path in (run.parent / "new").iterdir()}
    assert files == {"plan.json", "plan.json.sha256", "settings.yaml", "run.log", "plan.xlsx", "plan.gpkg", "proof.npz"}
    assert open_run(run.parent / "new").plan.seal[:8] in done.stdout
    for path in (run / "map.html", run / "plan.xlsx"):
        path.write_text("earlier", encoding="utf-8")
    done = CliRunner().invoke(app, ["publish", str(run)])
    assert (done.exit_code, "R118" in done.stderr) == (1, True)
    assert (run / "map.html").read_text(encoding="utf-8") == "earlier"
    assert (run / "plan.xlsx").read_text(encoding="utf-8") != "earlier"
    with pytest.raises(NotAllWritten) as found:
        api.publish(read_run(run), run.parent / "again")
    assert found.value.folder == run.parent / "again"
    assert hidden(run.parent) == []


def test_ctrl_c_while_publishing_keeps_the_plan(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt(monkeypatch, map=interrupted)
    plan = read_run(run)
    written = write_run(plan, run.parent / "new", ("workbook", "map", "geopackage"), {})
    assert [str(one.place) for one in written.failed] == ["map.html", "plan.gpkg"]
    assert (run.parent / "new" / "plan.xlsx").is_file()
    assert read_run(run.parent / "new").seal == plan.seal

    def writer_of(output: str) -> None:  # pressed while the libraries of an output are loaded
        raise KeyboardInterrupt

    monkeypatch.setattr(run_folder, "writer_of", writer_of)
    written = write_run(plan, run.parent / "newer", ("workbook",), {})
    assert [one.code for one in written.failed] == ["R118"]
    monkeypatch.setattr(Plan, "storable", pressed_once(Plan.storable))
    written = write_run(plan, run.parent / "newest", ("workbook",), {})
    assert read_run(written.folder) == plan


def pressed_once(real: Callable[[Plan], Plan]) -> Callable[[Plan], Plan]:
    calls: list[Plan] = []

    def call(plan: Plan) -> Plan:
        calls.append(plan)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(plan)

    return call


def test_an_answer_is_told_when_it_cannot_be_kept(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (run / "answers").write_text("in the way", encoding="utf-8")
    done = CliRunner().invoke(app, ["why", str(run), "C"])
    assert (done.exit_code, "R160" in done.stderr, "260" in done.stdout) == (0, True, True)
    (run / "answers").unlink()
    (run / "plan.xlsx").write_text("open in Excel", encoding="utf-8")
    spoilt(monkeypatch, workbook=breaks)
    done = CliRunner().invoke(app, ["why", str(run), "C"])
    assert (done.exit_code, "R118" in done.stderr, "260" in done.stdout) == (0, True, True)
    assert (run / "plan.xlsx").read_text(encoding="utf-8") == "open in Excel"
    assert [one.candidate_id for one in kept(run)] == ["C"]


def test_halves_of_a_surrogate_pair_do_not_lose_the_plan(run: Path) -> None:
    plan = read_run(run)
    firm = plan.selected[0].model_copy(update={"name": "甲\ud800"})
    odd = plan.model_copy(update={"selected": (firm, *plan.selected[1:])})
    written = write_run(odd, run.parent / "odd", ("workbook", "geopackage"), {"run.log": "\udfff"})
    assert written.failed == ()
    assert read_run(written.folder).selected[0].name == "甲?"


def test_when_the_folder_is_gone_the_plan_is_kept_elsewhere(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = read_run(run)
    target = look_at(run.parent / "gone" / "run", RUN)
    (run.parent / "gone").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written = write_run(plan, target, (), {})
    assert [one.code for one in written.failed] == ["R119"]
    assert written.folder.parent == tmp_path
    assert read_run(written.folder).seal == plan.seal


@pytest.mark.slow
def test_a_closed_pipe_ends_the_printing_only(run: Path) -> None:
    path = run.parent / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "publish: {outputs: []}\n", encoding="utf-8")
    words = [sys.executable, "-m", "planner", "run", str(path), "--out", str(run.parent / "new")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    reader, writer = os.pipe()
    process = subprocess.Popen(words, stdout=writer, stderr=writer, env=environment)
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    assert process.wait(timeout=300) == 0
    assert read_run(run.parent / "new").selected


# --- the seal on every page ---


def test_every_output_shows_the_seal_of_its_plan(run: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    short = read_run(run).short_seal
    assert (run / "plan.json.sha256").read_text(encoding="utf-8").startswith(short)
    odd = shutil.copytree(run, tmp_path / "a!b" / ("long" * 50) / ("long" * 50) / ("long" * 50) / "run")
    assert republish(odd, None)[2] == ()  # GDAL and SQLite stumble over such a place
    book = load_workbook(odd / "plan.xlsx")
    assert any(short in str(cell.value) for row in book.worksheets[0].iter_rows(max_row=3) for cell in row)
    assert all(short in str(sheet.oddFooter.right.text) for sheet in book.worksheets)
    assert short in (odd / "map.html").read_text(encoding="utf-8")
    with closing(sqlite3.connect(shutil.copy(odd / "plan.gpkg", tmp_path / "plan.gpkg"))) as base:
        said = {text for (text,) in base.execute("SELECT description FROM gpkg_contents")}
    assert said == {f"Bulian {short}"}
    done = CliRunner().invoke(app, ["compare", str(run), str(odd), "--out", str(tmp_path / "out")])
    assert done.stdout.count(short) == 2, done.output
    book = load_workbook(tmp_path / "out" / "compare.xlsx")
    assert sum(short in str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row) == 2
