"""Outputs of a run: one line and a module, and settings, command line and README know of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.model import Plan
from planner.problems import InputError
from planner.publish.desk import Desk, open_desk
from planner.publish.run_folder import writer_of
from planner.questions.keeping import republish
from planner.settings.outputs import FILES, FOLDERS, OUTPUTS, chosen_outputs
from planner.settings.schema import Publish
from tests.example_plan import example_plan

ROOT = Path(__file__).parents[1]


def test_every_output_has_what_writes_it() -> None:
    assert all(callable(writer_of(output)) for output in OUTPUTS)


def test_the_libraries_of_other_outputs_are_not_loaded() -> None:
    """Documents and slides bring tens of megabytes of libraries, which a workbook has no use for."""
    code = (
        "import sys; from planner.publish.run_folder import writer_of; writer_of('workbook');"
        "print([name for name in ('docx', 'pptx', 'typst', 'PIL', 'fontTools', 'folium') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]"]


def test_the_choices_of_settings_are_the_outputs() -> None:
    choices, _ = get_args(get_type_hints(Publish)["outputs"])
    assert get_args(choices) == tuple(OUTPUTS)
    assert Publish().outputs == tuple(FILES)


def test_the_command_line_offers_the_outputs_and_no_other() -> None:
    done = CliRunner().invoke(app, ["publish", ".", "--only", "no-such-output"])
    assert done.exit_code == 2
    assert f"no-such-output（{'、'.join(OUTPUTS)}）" in done.stderr


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


def test_several_outputs_may_stand_between_commas() -> None:
    assert chosen_outputs(["workbook,map", "map", "geopackage ，workbook"]) == ("workbook", "map", "geopackage")
    with pytest.raises(ValueError, match="no-such"):
        chosen_outputs(["workbook,no-such"])


def test_an_output_that_is_a_folder_is_written_from_the_tables_and_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_copy: Path
) -> None:
    run, written = tiny_copy / "run", ["a.txt"]

    def write_pages(desk: Desk, folder: Path) -> None:
        for name in written:
            (folder / name).write_text(f"{desk.plan.kpis.selected} {len(desk.table('links'))}", encoding="utf-8")
        if not written:
            raise RuntimeError("nothing to write")

    module: Any = ModuleType("planner.publish.pages")
    module.write_pages = write_pages
    monkeypatch.setitem(sys.modules, "planner.publish.pages", module)
    for table in (OUTPUTS, FOLDERS):
        monkeypatch.setitem(table, "pages", "pages")  # type: ignore[arg-type]

    assert republish(run, ["pages"])[1:] == ((run / "pages",), ())
    plan = api.read_plan(run / "plan.json")
    assert (run / "pages" / "a.txt").read_text(encoding="utf-8") == f"{plan.kpis.selected} {len(plan.links)}"
    written[:] = ["b.txt"]
    republish(run, ["pages"])
    assert [path.name for path in (run / "pages").iterdir()] == ["b.txt"], "nothing of the earlier one is left"
    written[:] = []
    _, files, failed = republish(run, ["pages"])
    assert files == ()
    assert [problem.code for problem in failed] == ["R118"]
    assert [path.name for path in (run / "pages").iterdir()] == ["b.txt"], "the earlier one stands as it was"

    links = tiny_copy / "data" / "links.csv"
    links.write_text(links.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(InputError, match="R108"):
        republish(run, ["pages"])


def test_a_table_that_the_plan_does_not_have_is_empty_and_says_nothing(tiny: Path) -> None:
    desk = open_desk(tiny / "run")
    assert list(desk.table("policies").columns[:2]) == ["offer", "kind"]
    assert len(desk.table("policies")) == 0
    assert not desk.says("candidates", "wishes")
    candidates = desk.table("candidates")
    assert set(candidates["wishes"]) == {""}
    assert not candidates["consent"].any()
    assert candidates["land"].notna().any(), "resources are columns too"
