"""The whole command on real files: what a run leaves, what it never leaves, and what hostile names do (nothing)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from planner.cli import app
from planner.content import content_folder
from planner.plan.model import read_plan
from tests.city import PLAN, changed, hard_city, write_city

OUTPUTS = {"plan.json", "plan.json.sha256", "proof.npz", "plan.xlsx", "map.html", "plan.gpkg", "settings.yaml", "run.log"}
HERE = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
HOSTILE = ("<script>alert(1)</script>", "=1+1", "../../x")


def planner(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a user has it, in a process of its own."""
    command = [sys.executable, "-m", "planner", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300, env=HERE)


def here(*words: object) -> Result:
    """The command in this process; it ends well."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def solving(path: Path, out: Path, until: Callable[[str], bool]) -> subprocess.Popen[str]:
    """A run in a process of its own, as soon as a line of it is as asked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "run", str(path), "--out", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=HERE,
    )
    assert process.stderr is not None
    assert any(until(line) for line in process.stderr)
    return process


def test_a_run_leaves_everything_and_the_same_input_the_same_plan(tmp_path: Path, tiny: Path) -> None:
    done = planner("run", str(tiny / "plan.yaml"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == OUTPUTS
    assert "已证明最优" in done.stdout
    text = (tmp_path / "out" / "plan.json").read_bytes()
    assert text == (tiny / "run" / "plan.json").read_bytes()
    plan = json.loads(text)
    assert plan["objective"]["value"] == pytest.approx(1800)
    assert plan["status"] == {"reason": "optimal", "proved": True, "solver": plan["status"]["solver"]}
    assert set(plan) >= {"schema_version", "plan", "inputs", "selected", "not_selected", "links", "parks", "funds"}
    assert set(plan) >= {"teams", "kpis", "verification"}
    assert all({"file", "sha256"} <= set(one) for one in plan["inputs"])


def test_the_settings_of_a_run_are_a_plan_file_of_their_own(tmp_path: Path, tiny: Path) -> None:
    here("run", tiny / "run" / "settings.yaml", "--out", tmp_path / "again")
    assert read_plan(tmp_path / "again" / "plan.json").selected == read_plan(tiny / "run" / "plan.json").selected


def test_options_of_the_command_line_win(tmp_path: Path, tiny: Path) -> None:
    here("run", tiny / "plan.yaml", "--out", tmp_path / "out", "--solver", "cbc", "--gap", "0.5", "--seed", "7")
    plan = read_plan(tmp_path / "out" / "plan.json")
    solve = plan.plan.settings["solve"]
    assert (solve["solver"], solve["gap"], solve["seed"]) == ("cbc", 0.5, 7)
    assert "cbc" in plan.status.solver.lower()


def test_publish_renders_again_without_solving(tiny_copy: Path) -> None:
    out = tiny_copy / "run"
    before = (out / "plan.json").read_bytes()
    for name in ("plan.xlsx", "map.html"):
        (out / name).unlink()
    here("publish", out, "--only", "map")
    assert (out / "map.html").is_file()
    assert not (out / "plan.xlsx").exists()
    here("publish", out)
    assert {file.name for file in out.iterdir()} == OUTPUTS - {"proof.npz"}  # which only a run can give
    assert (out / "plan.json").read_bytes() == before


@pytest.mark.parametrize(
    "change", [lambda text: text[: len(text) // 2], lambda text: text.replace('"verification"', '"verificaton"')]
)
def test_a_changed_plan_is_refused(tiny_copy: Path, change: Callable[[str], str]) -> None:
    path = tiny_copy / "run" / "plan.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = CliRunner().invoke(app, ["publish", str(path.parent)])
    assert done.exit_code == 2
    assert "R105" in done.stderr


def test_a_folder_that_is_no_run_is_not_replaced(tiny_copy: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(tiny_copy / "plan.yaml"), "--out", str(tiny_copy / "data")])
    assert done.exit_code == 2
    assert (tiny_copy / "data" / "parks.csv").is_file()


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    tables = changed("candidates", 0, name=HOSTILE[0])
    tables["candidates"][1]["name"] = HOSTILE[1]
    tables["candidates"][3]["name"] = HOSTILE[2]
    tables["candidates"][3]["candidate_id"] = HOSTILE[2]
    path = write_city(tmp_path, PLAN.replace("小城", HOSTILE[0]), tables)
    out = tmp_path / "runs" / "out"
    here("run", path, "--out", out)
    assert {file.name for file in out.iterdir()} == OUTPUTS
    assert {file.name for file in tmp_path.iterdir()} == {"data", "plan.yaml", "runs"}
    assert HOSTILE[0] not in (out / "map.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(out / "plan.xlsx") as book:
        sheets = [book.read(name).decode("utf-8") for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>1+1" in sheet for sheet in sheets)
    assert {one.name for one in read_plan(out / "plan.json").selected} == set(HOSTILE)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9; TerminateProcess is the same to the folder")
def test_kill_during_a_run_leaves_the_last_run_alone(tmp_path: Path, tiny_copy: Path) -> None:
    out = tiny_copy / "run"
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    process = solving(hard_city(tmp_path / "hard"), out, lambda line: "上界" in line)
    process.kill()
    process.communicate()
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = solving(hard_city(tmp_path), out, lambda line: "目标值" in line and "目标值 —" not in line)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "中断" in stdout
    plan = read_plan(out / "plan.json")
    assert plan.status.reason == "interrupted"
    assert not plan.status.proved
    assert plan.selected


def test_no_plan_in_time_is_said(tmp_path: Path) -> None:
    """A time limit that ends before anything can be found: exit 4 and a clear word, or (on a fast machine) a plan."""
    words = ["run", str(hard_city(tmp_path)), "--out", str(tmp_path / "out"), "--time-limit", "0.000001"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code in {0, 4}
    assert (tmp_path / "out").exists() == (done.exit_code == 0)
    assert done.exit_code == 0 or "时限" in done.stderr


@pytest.mark.parametrize("kind", ["mps", "lp"])
def test_export_gives_other_solvers_the_same_model(tmp_path: Path, tiny: Path, kind: str) -> None:
    import highspy

    target = tmp_path / f"model.{kind}"
    here("export", tiny / "plan.yaml", "--format", kind, "--out", target)
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.readModel(str(target))
    other.run()
    assert abs(other.getInfo().objective_function_value) == pytest.approx(1800)


def test_new_workspace_can_be_checked_and_is_not_overwritten(tmp_path: Path) -> None:
    made = tmp_path / "工作区"
    here("new", made)
    here("check", made / "plan.yaml")
    again = CliRunner().invoke(app, ["new", str(made)])
    assert again.exit_code == 2
    assert "R103" in again.stderr
    unknown = CliRunner().invoke(app, ["new", str(tmp_path / "x"), "--from", "dmeo"])
    assert unknown.exit_code == 2
    assert "demo" in unknown.stderr
    assert (content_folder("data") / "demo" / "plan.yaml").is_file()


def test_diagnose_prints_chains_and_links(tiny: Path) -> None:
    done = here("diagnose", tiny / "plan.yaml")
    assert "座椅" in done.stdout
    # (200 · 2) of (1000 · 2 + 500 · 1): 16 %.
    assert "16.00%" in done.stdout


def test_help_needs_no_heavy_library() -> None:
    script = (
        "import sys; from planner.cli import app; from typer.testing import CliRunner; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        "print([name for name in ('pandas', 'numpy', 'geopandas', 'folium', 'highspy', 'ortools', 'pulp', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=HERE)
    assert done.stdout.strip() == "[]"
