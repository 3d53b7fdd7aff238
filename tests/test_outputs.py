"""Outputs of a run: one line and a module, and settings, command line and README know of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest

from planner import api
from planner.plan.model import Plan
from planner.publish.run_folder import writers
from planner.settings.outputs import OUTPUTS
from planner.settings.schema import Publish
from tests.example_plan import example_plan

ROOT = Path(__file__).parents[1]


def test_every_output_has_what_writes_it() -> None:
    assert {name: file for name, (file, _) in writers().items()} == OUTPUTS
    assert all(callable(write) for _, write in writers().values())


def test_the_choices_of_settings_are_the_outputs() -> None:
    choices, _ = get_args(get_type_hints(Publish)["outputs"])
    assert get_args(choices) == tuple(OUTPUTS)
    assert Publish().outputs == tuple(OUTPUTS)


def test_the_command_line_offers_the_outputs_and_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "planner", "publish", ".", "--only", "no-such-output"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert all(f"'{name}'" in done.stderr for name in OUTPUTS)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_both_readmes_name_every_file_of_a_run(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [file for file in OUTPUTS.values() if f"`{file}`" not in text] == []


def test_a_module_and_a_line_make_an_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_list(plan: Plan, path: Path) -> None:
        path.write_text(str(plan.kpis.selected), encoding="utf-8")

    module: Any = ModuleType("planner.publish.list")
    module.write_list = write_list
    monkeypatch.setitem(sys.modules, "planner.publish.list", module)
    monkeypatch.setitem(OUTPUTS, "list", "list.txt")  # type: ignore[arg-type]
    api.publish(example_plan(), tmp_path / "run", ["list"])
    assert (tmp_path / "run" / "list.txt").read_text(encoding="utf-8") == "3"
