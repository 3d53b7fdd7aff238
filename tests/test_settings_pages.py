"""Shipped content, and what is generated from the schema: both are found, current, and true."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from ruamel.yaml import YAML

import planner
from planner import content
from planner.content import content_folder, model_names
from planner.settings import generate
from planner.settings.load import load_settings
from planner.settings.schema import Settings
from planner.settings.shape import options

ROOT = Path(planner.__file__).parents[1]
PRODUCT_PLAN = Path(__file__).with_name("product_plan.yaml").read_text(encoding="utf-8")


@cache
def editor() -> Draft202012Validator:
    """What an editor holds a plan against."""
    schema = json.loads((content_folder("models") / "plan.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def editor_messages(text: str) -> list[str]:
    """What an editor would underline in a plan."""
    return [error.message for error in editor().iter_errors(YAML(typ="safe").load(StringIO(text)))]


def test_generated_files_are_current_and_say_how_they_are_made() -> None:
    for path, text in generate.pages().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: run python -m planner.generated"
        assert "python -m planner.generated" in text.split("\n", 1)[0]


def test_check_names_the_files_that_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "content_folder", lambda _kind: tmp_path / "models")
    pages = {Path("models/a.yaml"): "a\n", Path("docs/b.md"): "b\n"}
    assert generate.put(pages, ["--check"]) == 1
    assert generate.put(pages, []) == 0
    assert generate.put(pages, ["--check"]) == 0
    (tmp_path / "docs" / "b.md").write_text("edited by hand\n", encoding="utf-8")
    capsys.readouterr()
    assert generate.put(pages, ["--check"]) == 1
    out = capsys.readouterr().out
    assert "docs/b.md" in out
    assert "models/a.yaml" not in out


def test_base_yaml_loads_to_exactly_the_defaults_of_the_schema() -> None:
    assert load_settings(content_folder("models") / "base.yaml").settings == Settings()


def test_base_yaml_explains_every_key_in_both_languages() -> None:
    text = (content_folder("models") / "base.yaml").read_text(encoding="utf-8")
    for option in options():
        assert option.meaning.zh in text, option
        assert option.meaning.en in text, option


@pytest.mark.parametrize("name", model_names())
def test_every_shipped_model_loads_and_passes_in_editors(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"extends: {name}\n", encoding="utf-8")
    assert load_settings(path).problems == ()
    assert editor_messages((content_folder("models") / f"{name}.yaml").read_text(encoding="utf-8")) == []


def test_hefei_inherits_what_it_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("extends: hefei\n", encoding="utf-8")
    result = load_settings(path)
    assert result.settings.objective.mode == "priorities"
    assert result.settings.grades == Settings().grades
    assert [file.name for file in result.files] == ["plan.yaml", "hefei.yaml", "base.yaml"]
    assert result.place("relations", "rivals", "per_link").file == "models/hefei.yaml"


PAGES = [page for page in (*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("README*.md"))) if page.is_file()]


def shown(page: Path) -> list[str]:
    """The pieces of plan files that a page shows; pieces of other files, and of lists, are none."""
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    plans = [(block, YAML(typ="safe").load(StringIO(block))) for block in blocks]
    return [block for block, plan in plans if isinstance(plan, dict) and set(plan) <= {"extends", *Settings.model_fields}]


@pytest.mark.slow
def test_an_editor_accepts_every_plan_that_is_shown() -> None:
    told = {f"{page.name} {block[:60]}": editor_messages(block) for page in PAGES for block in shown(page)}
    assert {block: messages for block, messages in told.items() if messages} == {}
    if PAGES:
        enough = {"cookbook.md": 40, "README.md": 4, "README.zh-CN.md": 4, "changes.md": 1, "time.md": 2}
        assert {page.name: len(shown(page)) for page in PAGES if len(shown(page)) < enough.get(page.name, 0)} == {}
    assert editor_messages((content_folder("data") / "demo" / "plan.yaml").read_text(encoding="utf-8")) == []


RULE = "rules: [{name: 甲, count: {min: 1}, where: "


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("quarters: {start: 2027Q1, cuont: 4}", "cuont"),
        ("quarters: {start: 2027Q1, count: four}", "four"),
        ("quarters: {start: 2027Q1, count: 0}", "minimum"),
        ("solve: {gap: 2}", "maximum"),
        ("objective: {mode: weigthed}", "weigthed"),
        ("objective: {weights: {gap: heavy}}", "heavy"),
        ("rules: {name: 甲, count: {min: 1}}", "array"),
        ("rules: [{count: {min: 1}}]", "name"),
        ("rules: [{name: 甲, count: {mn: 1}}]", "mn"),
        ("rules: [{name: 甲, share: {within: groups, max: 1}}]", "groups"),
        ("rules: [{name: 甲, count: {min: 1}, soft: {mony: 5}}]", "mony"),
        (RULE + "[county]}]", "object"),
        (RULE + "{county: {mim: 1}}}]", "mim"),
        (RULE + "{any: [{county: {mim: 1}}]}}]", "mim"),
        (RULE + "{any: [{tier: 上游}, {any: [{county: {blank: maybe}}]}]}}]", "maybe"),
        ("relations: {exclusive: [{candidates: A}]}", "A"),
        ("relations: {exclusives: []}", "exclusives"),
        ("relations: {implies: [{if: {where: {tier: {contians: 上}}}, then: [A]}]}", "contians"),
        ("seasons: [{resource: power, quarter: 2027Q1}]", "times"),
        ("seasons: [{resource: power, quarter: {form: 2027Q1}, times: 5/7}]", "form"),
        ("resources: {land: {unit: 亩, kind: stocks, scope: park}}", "stocks"),
        ("changes: [{table: candidate, column: land, set: 3}]", "candidate"),
        ("changes: [{table: candidates, column: land, tims: 3}]", "tims"),
        ("tables: {candidates: {file: a.csv, rows: {县: {exculde: [东县]}}}}", "exculde"),
        ("tables: {firms: a.csv}", "firms"),
        ("scenarios: [{name: 甲, change: []}]", "change"),
        ("publish: {outputs: [workbok]}", "workbok"),
        ("language: fr", "fr"),
    ],
)
def test_an_editor_underlines_what_the_loader_refuses(mistake: str, said: str) -> None:
    messages = editor_messages(mistake)
    assert messages
    assert any(said in message for message in messages)
    with pytest.raises(ValidationError):
        Settings.model_validate(YAML(typ="safe").load(StringIO(mistake)))


def test_the_json_schema_accepts_the_plan_of_the_product_page_and_no_unknown_key() -> None:
    assert editor_messages(PRODUCT_PLAN) == []
    assert editor_messages("tables: {parks: [a.csv, {file: b.xlsx, sheet: c}]}") == []
    assert any("time_limt" in message for message in editor_messages("solve: {time_limt: 3}"))
    assert any("shet" in message or "not valid" in message for message in editor_messages("tables: {parks: {file: a, shet: b}}"))
    assert editor_messages("solve: {gap: 3}")
    assert editor_messages("extends: 3")


@pytest.mark.parametrize(
    "source",
    [
        "a.csv",
        "{file: a.csv, encoding: GBK}",
        "[a.csv, {file: b.xlsx, sheet: c, below: true}]",
        "{stack: [a.csv, b.csv]}",
        "{stack: [a.csv, {file: b.xlsx, sheet: 二, header_row: 3}], id: [file, 序号], units: {investment: 亿元}}",
        "[{stack: [a.csv, b.csv], rows: {状态: [在谈, 签约], 市: ''}}, c.csv]",
        "{file: a.csv, unpivot: {value: amount, columns: [2027Q1, 2027Q2]}}",
        "{file: a.csv, unpivot: {value: amount, columns: {一季度: 2027Q1}}, points_from_names: true, coordinates: GCJ-02}",
        "{file: a.csv, power_factor: 0.8, as_of: '2026-09-30', source: 统计局, confidence: 高, layer: x}",
    ],
)
def test_an_editor_and_the_loader_take_the_same_sources(source: str) -> None:
    text = f"tables: {{parks: {source}}}"
    assert editor_messages(text) == []
    assert Settings.model_validate(YAML(typ="safe").load(StringIO(text))).tables["parks"]


@pytest.mark.parametrize(
    "source", ["{stack: []}", "{stack: [a.csv], file: b.csv}", "{stack: [a.csv], shet: b}", "{sheet: b}", "[]"]
)
def test_neither_takes_others(source: str) -> None:
    text = f"tables: {{parks: {source}}}"
    assert editor_messages(text)
    with pytest.raises(ValidationError):
        Settings.model_validate(YAML(typ="safe").load(StringIO(text)))


def test_every_key_of_the_json_schema_is_described_in_both_languages() -> None:
    schema = json.loads(generate.json_schema())
    for name, entry in schema["properties"].items():
        assert " / " in entry["description"], name
    for definition in schema["$defs"].values():
        for name, entry in definition.get("properties", {}).items():
            assert " / " in entry["description"], name
            assert not {"zh", "unit"} & set(entry)


def test_the_options_page_has_every_key_with_default_and_both_meanings() -> None:
    rows = {line.split("`")[1]: line for line in generate.options_page().splitlines() if line.startswith("| `")}
    assert set(rows) == {str(option) for option in options()}
    assert "`60.0`" in rows["solve.time_limit"]
    assert "求解时限" in rows["solve.time_limit"]
    assert "Wall-clock" in rows["solve.time_limit"]
    assert "必填" in rows["rules[].name"]
    for option in options():
        assert option.meaning.zh
        assert option.meaning.en, f"{option} has no docstring"


def test_content_is_found_from_any_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (content_folder("models") / "base.yaml").is_file()
    assert {"base", "hefei"} <= set(model_names())


@pytest.mark.parametrize(("layout", "folder"), [("wheel", "planner/_content/models"), ("checkout", "models")])
def test_content_is_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, layout: str, folder: str) -> None:
    package = tmp_path / "planner"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(content.__file__, package)
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "mine.yaml").touch()
    if layout == "checkout":
        (tmp_path / "pyproject.toml").touch()
    said = subprocess.run(
        [sys.executable, "-c", "from planner.content import *; print(model_names())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "('mine',)"


def test_missing_content_is_an_incomplete_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_PACKAGE", tmp_path / "planner")
    (tmp_path / "models").mkdir()  # another package's folder beside an installed one
    with pytest.raises(FileNotFoundError, match="安装不完整"):
        content_folder("models")
