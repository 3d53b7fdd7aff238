"""A finished run opened again; cells changed by a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner import api
from planner.plan.reopen import open_run
from planner.plan.stored import seal_text
from planner.problems import InputError
from planner.settings.changes import Change
from tests.city import write_city
from tests.quick import finished

REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"table": "upgrades", "column": "x", "set": 1}, "S114"),
    ({"table": "capacities", "column": "amount", "add": 1}, "T171"),
    ({"table": "parks", "column": "landd", "add": 1}, "T172"),
    ({"table": "parks", "column": "park_id", "set": "X"}, "T173"),
    ({"table": "parks", "where": {"park_id": "nowhere"}, "column": "land", "add": 1}, "T182"),
    ({"table": "parks", "column": "name", "add": 1}, "T175"),
    ({"table": "candidates", "column": "jobs", "add": 1}, "T176"),
    ({"table": "parks", "column": "land", "set": "三十亩"}, "T177"),
    ({"table": "parks", "column": "land", "add": -1e9}, "T177"),
    ({"table": "parks", "column": "land", "add": 1, "set": 2}, "S118"),
    ({"table": "candidates", "column": "fixed_park", "set": "nowhere"}, "T153"),
)
"""Changes that cannot be made, and the code of each."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finished(tmp_path)


def refused(folder: Path, plan: Path | None = None) -> list[str]:
    with pytest.raises(InputError) as found:
        open_run(folder, plan)
    return [one.code for one in found.value.problems]


def test_a_run_opens_with_its_plan_as_a_point(run: Path) -> None:
    opened = open_run(run)
    matrix = opened.programme.matrix
    assert float(matrix.objective @ opened.values) + matrix.offset == pytest.approx(opened.plan.objective.value)


def test_a_moved_run_asks_for_its_plan(run: Path, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere" / "deep" / "run"
    there.parent.mkdir(parents=True)
    run.rename(there)
    assert refused(there) == ["R195"], "once, not once a table"
    assert open_run(there, tmp_path / "plan.yaml").plan.selected


def test_an_edited_plan_is_found_out(run: Path) -> None:
    path = run / "plan.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["objective"]["bound"] = data["objective"]["value"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert refused(run) == ["R106"]


def test_a_plan_with_another_choice_is_none_of_these_data(run: Path) -> None:
    """Even when its fingerprint was made anew."""
    path = run / "plan.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["selected"] = data["selected"][1:]
    text = json.dumps(data)
    path.write_text(text, encoding="utf-8", newline="\n")
    contents = {name: (run / name).read_bytes() for name in ("plan.json", "settings.yaml")}
    (run / "plan.json.sha256").write_text(seal_text(contents), encoding="utf-8")
    assert refused(run) == ["R109"]


def test_changed_data_and_missing_parts(run: Path, tmp_path: Path) -> None:
    table = next(tmp_path.rglob("candidates.csv"))
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text + "\n", encoding="utf-8")
    assert refused(run) == ["R108"]
    (run / "settings.yaml").unlink()
    assert refused(run) == ["R107"]
    (run / "plan.json").unlink()
    assert refused(run) == ["R104"]


def test_a_change_of_the_plan_is_a_change_of_the_table(tmp_path: Path) -> None:
    """``changes`` in plan.yaml, ``changed`` in memory and an edited table: the same case; each changed cell is marked."""
    plain = api.open_plan(write_city(tmp_path / "plain"))
    park = str(plain.case.parks["park_id"].iloc[0])
    change = Change(table="parks", where={"park_id": park}, column="land", add=7.0)
    written = tmp_path / "plain" / "plan.yaml"
    text = written.read_text(encoding="utf-8")
    written.write_text(
        text + f"\nchanges: [{{table: parks, where: {{park_id: {park}}}, column: land, add: 7}}]\n", encoding="utf-8"
    )
    for opened in (plain.changed([change]), api.open_plan(written)):
        land = opened.case.resource("land")
        more = opened.case.resources[land].amount - plain.case.resources[land].amount
        assert more.sum() == 7.0 * len(plain.case.quarters)
        assert (0, "land") in opened.case.tables["parks"].assumed_cells


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_a_change_that_cannot_be_made(tmp_path: Path, change: dict[str, object], code: str) -> None:
    path = write_city(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write("\nchanges: " + json.dumps([change]) + "\n")
    with pytest.raises(InputError) as found:
        api.open_plan(path)
    assert code in {one.code for one in found.value.problems}
