"""Every wish of the cookbook, laid into the demo: it is understood, it takes something, and it can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from planner import api
from planner.content import content_folder
from planner.problems import InputError

DEMO = content_folder("data") / "demo"
PAGE = content_folder("data").parent / "docs" / "cookbook.md"
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the pages stand beside the package in a checkout only")


def wishes() -> list[tuple[str, str]]:
    """(heading, block) of each wish of the page."""
    return re.findall(r"\*\*(\d+\. [^*]+)\*\*[^`]*```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S) if PAGE.is_file() else []


def laid(plan: dict[str, Any], block: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with the block in it, as an analyst would put it there: what is a list of wishes is added to the plan's own."""
    for key, value in block.items():
        own = plan.get(key)
        if key == "relations" or (key == "objective" and "mode" not in value):
            plan[key] = {**own, **value}
        else:
            plan[key] = [*(own or []), *value] if isinstance(value, list) else value
    return plan


EVERY = 24
"""Of so many wishes one is laid in by every run of the tests, and all by the slow ones: reading the demo takes its time."""


@pytest.mark.parametrize(
    ("heading", "block"),
    [pytest.param(*wish, marks=() if number % EVERY == 0 else pytest.mark.slow) for number, wish in enumerate(wishes())],
)
def test_a_wish_is_understood(tmp_path: Path, heading: str, block: str) -> None:
    yaml = YAML(typ="safe")
    plan = laid(yaml.load((DEMO / "plan.yaml").read_text("utf-8")), yaml.load(block))
    (tmp_path / "data").symlink_to(DEMO / "data")
    with (tmp_path / "plan.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(plan, file)
    try:
        opened = api.open_plan(tmp_path / "plan.yaml")
    except InputError as error:
        pytest.fail("\n".join(str(problem) for problem in error.problems))
    for scenario in opened.loaded.settings.scenarios:
        api.open_plan(tmp_path / "plan.yaml", scenario=scenario.name)
    names = {entry["name"] for entry in yaml.load(block).get("rules", ())}
    said = {line.name: line for line in api.echo(opened).lines if line.kind == "rule" and line.name in names}
    assert said.keys() == names
    assert not [(line.name, line.verdict_zh) for line in said.values() if line.verdict in ("nothing", "never", "empty")]


def test_there_are_wishes_enough() -> None:
    assert len(wishes()) >= 40
