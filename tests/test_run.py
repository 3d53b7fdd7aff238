"""The whole command on real files: what a run leaves, what it never leaves, and what hostile names do (nothing)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.content import content_folder
from planner.plan.model import read_plan
from tests.city import PLAN, changed, write_city

OUTPUTS = {"plan.json", "plan.json.sha256", "plan.xlsx", "map.html", "plan.gpkg", "settings.yaml", "run.log"}
HOSTILE = ("<script>alert(1)</script>", "=1+1", "../../x")


def planner(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    """The command as a user has it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "planner", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        **more,
    )


def test_a_run_leaves_everything(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    done = planner("run", str(path), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == OUTPUTS
    assert "已证明最优" in done.stdout
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert plan["objective"]["value"] == pytest.approx(1800)
    assert plan["status"] == {"reason": "optimal", "proved": True, "solver": plan["status"]["solver"]}
    for key in (
        "schema_version",
        "plan",
        "inputs",
        "selected",
        "not_selected",
        "links",
        "parks",
        "funds",
        "teams",
        "kpis",
        "verification",
    ):
        assert key in plan
    assert all({"file", "sha256"} <= set(one) for one in plan["inputs"])
    # The settings of a run are a plan file of their own, where they stand.
    again = planner("run", str(tmp_path / "out" / "settings.yaml"), "--out", str(tmp_path / "again"))
    assert again.returncode == 0, again.stderr
    assert read_plan(tmp_path / "again" / "plan.json").selected == read_plan(tmp_path / "out" / "plan.json").selected


def test_the_same_input_gives_the_same_plan(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    for out in ("one", "two"):
        assert planner("run", str(path), "--out", str(tmp_path / out)).returncode == 0
    one, two = (tmp_path / out / "plan.json" for out in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_options_of_the_command_line_win(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    done = planner("run", str(path), "--out", str(tmp_path / "out"), "--solver", "cbc", "--gap", "0.5", "--seed", "7")
    assert done.returncode == 0, done.stderr
    plan = read_plan(tmp_path / "out" / "plan.json")
    solve = plan.plan.settings["solve"]
    assert (solve["solver"], solve["gap"], solve["seed"]) == ("cbc", 0.5, 7)
    assert "cbc" in plan.status.solver.lower()


def test_publish_renders_again_without_solving(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    out = tmp_path / "out"
    assert planner("run", str(path), "--out", str(out)).returncode == 0
    before = (out / "plan.json").read_bytes()
    for name in ("plan.xlsx", "map.html"):
        (out / name).unlink()
    assert planner("publish", str(out), "--only", "map").returncode == 0
    assert (out / "map.html").is_file()
    assert not (out / "plan.xlsx").exists()
    assert planner("publish", str(out)).returncode == 0
    assert {file.name for file in out.iterdir()} == OUTPUTS
    assert (out / "plan.json").read_bytes() == before


@pytest.mark.parametrize(
    "change", [lambda text: text[: len(text) // 2], lambda text: text.replace('"verification"', '"verificaton"')]
)
def test_a_changed_plan_is_refused(tmp_path: Path, change: object) -> None:
    out = tmp_path / "out"
    assert planner("run", str(write_city(tmp_path)), "--out", str(out)).returncode == 0
    text = (out / "plan.json").read_text(encoding="utf-8")
    (out / "plan.json").write_text(change(text), encoding="utf-8")  # type: ignore[operator]
    done = CliRunner().invoke(app, ["publish", str(out)])
    assert done.exit_code == 2
    assert "R105" in done.stderr


def test_a_folder_that_is_no_run_is_not_replaced(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    done = planner("run", str(path), "--out", str(tmp_path / "data"))
    assert done.returncode == 2
    assert (tmp_path / "data" / "parks.csv").is_file()


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    tables = changed("candidates", 0, name=HOSTILE[0])
    tables["candidates"][1]["name"] = HOSTILE[1]
    tables["candidates"][3]["name"] = HOSTILE[2]
    tables["candidates"][3]["candidate_id"] = HOSTILE[2]
    path = write_city(tmp_path, PLAN.replace("小城", HOSTILE[0]), tables)
    out = tmp_path / "runs" / "out"
    assert planner("run", str(path), "--out", str(out)).returncode == 0
    assert {file.name for file in out.iterdir()} == OUTPUTS
    assert {file.name for file in tmp_path.iterdir()} == {"data", "plan.yaml", "runs"}
    assert HOSTILE[0] not in (out / "map.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(out / "plan.xlsx") as book:
        sheets = [book.read(name).decode("utf-8") for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>1+1" in sheet for sheet in sheets)
    assert {one.name for one in read_plan(out / "plan.json").selected} == set(HOSTILE)


HARD = """\
name: 慢
quarters: {start: 2027Q1, count: 4}
resources: {a: {scope: park}, b: {scope: park}, c: {scope: park}}
objective: {normalise: false, weights: {score: 1.0}}
solve: {gap: 0.0, time_limit: 120, threads: 1}
"""


def hard_city(folder: Path) -> Path:
    """Knapsacks that keep any solver busy for minutes."""
    from random import Random

    dice = Random(1)
    rows = [
        {
            "candidate_id": f"K{n:03}",
            "score": (a := dice.randint(20, 100)) + dice.randint(0, 9),
            "a": a,
            "b": dice.randint(20, 100),
            "c": dice.randint(20, 100),
        }
        for n in range(150)
    ]
    parks = [{"park_id": f"P{k}", "lon": 117, "lat": 31, "a": 420 + k, "b": 430 - k, "c": 425} for k in range(8)]
    return write_city(folder, HARD, {"candidates": rows, "parks": parks})


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no kill -9; TerminateProcess is the same to the folder"
)
def test_kill_during_a_run_leaves_the_last_run_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert planner("run", str(write_city(tmp_path / "small")), "--out", str(out)).returncode == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    path = hard_city(tmp_path / "hard")
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "run", str(path), "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "上界" in line:  # it is solving
            break
    process.kill()
    process.wait()
    process.stderr.close()
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "run", str(hard_city(tmp_path)), "--out", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "目标值" in line and "目标值 —" not in line:
            break
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
    done = planner("run", str(hard_city(tmp_path)), "--out", str(tmp_path / "out"), "--time-limit", "0.000001")
    assert done.returncode in {0, 4}
    assert (tmp_path / "out").exists() == (done.returncode == 0)
    assert done.returncode == 0 or "时限" in done.stderr


@pytest.mark.parametrize("kind", ["mps", "lp"])
def test_export_gives_other_solvers_the_same_model(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"model.{kind}"
    done = planner("export", str(write_city(tmp_path)), "--format", kind, "--out", str(target))
    assert done.returncode == 0, done.stderr
    script = (
        "import highspy, sys; h = highspy.Highs(); h.setOptionValue('output_flag', False); h.readModel(sys.argv[1]); h.run(); "
        "print(abs(h.getInfo().objective_function_value))"
    )
    solved = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=True)
    assert float(solved.stdout.split()[-1]) == pytest.approx(1800)


def test_new_workspace_can_be_checked_and_is_not_overwritten(tmp_path: Path) -> None:
    made = tmp_path / "工作区"
    assert planner("new", str(made)).returncode == 0
    assert planner("check", str(made / "plan.yaml")).returncode == 0
    again = planner("new", str(made))
    assert again.returncode == 2
    assert "R103" in again.stderr
    unknown = planner("new", str(tmp_path / "x"), "--from", "dmeo")
    assert unknown.returncode == 2
    assert "demo" in unknown.stderr
    assert (content_folder("data") / "demo" / "plan.yaml").is_file()


def test_diagnose_prints_chains_and_links(tmp_path: Path) -> None:
    done = planner("diagnose", str(write_city(tmp_path)))
    assert done.returncode == 0, done.stderr
    assert "座椅" in done.stdout
    # (200 · 2) of (1000 · 2 + 500 · 1): 16 %.
    assert "16.00%" in done.stdout


def test_help_needs_no_heavy_library() -> None:
    script = (
        "import sys; from planner.cli import app; from typer.testing import CliRunner; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        "print([name for name in ('pandas', 'numpy', 'geopandas', 'folium', 'highspy', 'ortools', 'pulp', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]"
