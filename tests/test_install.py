"""What somebody gets who follows the README: the commands, the version, and nothing of a library's on standard output."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import __version__
from planner.cli import app
from planner.version import COMMIT_FILE, commit_of
from tests.programs import needs

ROOT = Path(__file__).resolve().parents[1]
CI = ROOT / ".ci"


@pytest.mark.skipif(not CI.is_dir(), reason="a source archive has no .ci")
def test_what_is_checked_is_what_the_readme_says() -> None:
    commands = runpy.run_path(str(CI / "readme.py"))["commands"]
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        told = commands(text)
        assert told == ["pip install . && planner run data/demo/plan.yaml", 'pip install ".[test]" && pytest']
        assert len(commands(text.replace("pip install . &&", "pip install -e . &&"))) == 1
    done = subprocess.run([sys.executable, CI / "readme.py"], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines() == told


def test_a_missing_program_is_a_skip_and_a_failure_where_it_was_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for build_machine, skipped in (("", True), ("true", False)):
        monkeypatch.setenv("CI", build_machine)
        assert needs(None, "no office").args == (skipped,)
        assert needs("/usr/bin/office", "no office").args == (False,)


def test_the_version_names_the_commit(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout.startswith(f"planner {__version__} (commit ")
    assert commit_of(tmp_path) is None
    (tmp_path / "planner").mkdir()
    (tmp_path / "planner" / COMMIT_FILE).write_text("0123456789ab\n")
    assert commit_of(tmp_path) == "0123456789ab"


def test_a_command_line_is_told_nothing_by_the_one_before_it() -> None:
    """After JSON lines on standard output, in one process, the version is on standard output again."""
    CliRunner().invoke(app, ["run", "no plan here", "--progress", "json"])
    done = CliRunner().invoke(app, ["--version"])
    assert done.stdout.startswith(f"planner {__version__}")


def test_the_commit_of_a_checkout_says_whether_files_differ_from_it(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=n", "-c", "user.email=e@e", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    try:
        git("init")
    except OSError:
        pytest.skip("git is not installed")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-m", "one")
    clean = commit_of(tmp_path)
    (tmp_path / "a").write_text("2")
    assert clean is not None
    assert commit_of(tmp_path) == f"{clean}-dirty"
    assert commit_of(tmp_path / "inside") is None


def test_highs_prints_nothing_where_a_command_answers() -> None:
    body = "from tests.matrices import small; from planner.solvers.lp import relaxation_bound\n"
    body += "print(relaxation_bound(small(), 5.0))"
    done = subprocess.run([sys.executable, "-c", body], capture_output=True, text=True, cwd=ROOT, check=True)
    assert (done.stdout, done.stderr) == ("5.0\n", "")
