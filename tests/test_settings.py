"""plan.yaml: what is refused and where, what comes out of layers, and that it writes back equal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.language import Language
from planner.problems import InputError, Problem
from planner.settings.base import RefusedError, normal_day, normal_quarter
from planner.settings.complaints import COMPLAINTS
from planner.settings.filters import Condition
from planner.settings.layers import REPLACED_WHOLE
from planner.settings.load import Loaded, language_of, load_settings
from planner.settings.rules import Rule
from planner.settings.schema import Settings
from planner.settings.shape import options
from planner.settings.sources import TableSource
from planner.settings.write import resolved_yaml
from tests.sweep import sweep

PRODUCT_PLAN = Path(__file__).with_name("product_plan.yaml").read_text(encoding="utf-8")

Plan = Callable[..., Path]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Writes a file of this text into the test's own folder."""

    def write(text: str, name: str = "plan.yaml", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    return write


def refused(path: Path, **overrides: object) -> list[Problem]:
    with pytest.raises(InputError) as raised:
        load_settings(path, overrides)
    return list(raised.value.problems)


def where(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in problems]


def loaded(path: Path, **overrides: object) -> Loaded:
    return load_settings(path, overrides)


# --- a good plan ------------------------------------------------------------------------------------------------------


def test_the_plan_of_the_product_page_loads_as_written(plan: Plan) -> None:
    path = plan(PRODUCT_PLAN)
    result = loaded(path)
    settings = result.settings
    assert settings.name == "示例市 2027 年度招商计划"
    assert settings.tables["parks"] == (TableSource(file="data/园区.xlsx", sheet="园区"),)
    assert settings.tables["candidates"][0].columns == {"investment": "计划投资额*(亿元)"}
    assert settings.rules[0].limits.min == 2
    assert settings.rules[1].where == {"chain_id": "PCB"}
    assert result.folder == path.parent
    assert [file.name for file in result.files] == ["plan.yaml", "base.yaml"]
    assert result.problems == ()


def test_places_are_known_for_every_key_and_fall_back_to_the_nearest_parent(plan: Plan) -> None:
    result = loaded(plan(PRODUCT_PLAN))
    assert str(result.place("tables", "candidates", "columns", "investment")) == "plan.yaml:8:58"
    assert str(result.place("tables", "candidates", 0, "columns", "investment")) == "plan.yaml:8:58"
    assert str(result.place("rules", 1, "where", "chain_id")) == "plan.yaml:18:38"
    assert str(result.place("rules", 1, "where", "park_id")) == "plan.yaml:18:20"
    assert str(result.place("resources", "power", "name")) == "plan.yaml:11:3"
    assert result.place("grades", "weak").file == "models/base.yaml"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_loads_with_and_without_a_byte_order_mark(plan: Plan, encoding: str) -> None:
    assert loaded(plan("name: 示例市\n", encoding=encoding)).settings.name == "示例市"


def test_codes_keep_their_zeros_and_numbers_become_text_where_text_is_due(plan: Plan) -> None:
    text = """\
name: 2027
resources: {0111: {name: 1.50, unit: 0x1F}}
relations: {exclusive: [{candidates: [0111, 12, 1e5, 2027-01-01, yes]}]}
rules: [{name: no, where: {park_id: [0111, 12], must_include: true, tax: 1.5}, count: {max: 1}}]
"""
    settings = loaded(plan(text)).settings
    assert settings.name == "2027"
    assert settings.resources["0111"].name == "1.50"
    assert settings.resources["0111"].unit == "0x1F"
    assert settings.relations.exclusive[0].candidates == ("0111", "12", "1e5", "2027-01-01", "yes")
    assert settings.rules[0].name == "no"
    assert settings.rules[0].where == {"park_id": ("0111", 12), "must_include": True, "tax": 1.5}


def test_yes_and_no_serve_as_truth_values_only_where_one_is_due(plan: Plan) -> None:
    assert loaded(plan("objective: {normalise: no}")).settings.objective.normalise is False


def test_parts_and_distances_are_read_exactly_with_their_units(plan: Plan) -> None:
    text = """schedule:
  payout: [50 %, 1/4, 0.25]
  effort: [７０％, 30%]
  profiles: {a: {milestones: {开工: {share: 33.3 %, after: 1}, 投产: {share: 0.667, after: 4}}}}
sensitivity: {share: 12.5 %}
relations:
  apart: [{candidates: [A, B], km: 30 公里}, {candidates: [A, B], km: 1500 米}]
  together: [{candidates: [A, B], km: 7.5km}, {candidates: [A, B], km: 3000 m}, {candidates: [A, B], km: 0}]
"""
    found = loaded(plan(text)).settings
    assert (found.schedule.payout, found.schedule.effort) == ((0.5, 0.25, 0.25), (0.7, 0.3))
    assert [one.share for one in found.schedule.profiles["a"].milestones.values()] == [0.333, 0.667]
    assert found.sensitivity.share == 0.125
    assert [one.km for one in (*found.relations.apart, *found.relations.together)] == [30.0, 1.5, 7.5, 3.0, 0.0]


@pytest.mark.parametrize(
    ("text", "at", "remedy"),
    [
        ("schedule: {payout: [五成, 50 %]}", "schedule.payout[0]", "thousands separator"),
        ("schedule: {payout: [50, 50 %]}", "schedule", ""),  # 5050 %
        ("schedule: {profiles: {a: {effort: [1/0]}}}", "schedule.profiles.a.effort[0]", "thousands separator"),
        (
            "schedule: {profiles: {a: {milestones: {m: {share: 120 %, after: 0}}}}}",
            "schedule.profiles.a.milestones.m.share",
            "allowed",
        ),
        ("relations: {apart: [{candidates: [A, B], km: 3 亩}]}", "relations.apart[0].km", "km, 公里"),
        ("relations: {apart: [{candidates: [A, B], km: 3 miles}]}", "relations.apart[0].km", "km, 公里"),
        ("relations: {apart: [{candidates: [A, B], km: -3 km}]}", "relations.apart[0].km", "km, 公里"),
        ("relations: {apart: [{candidates: [A, B], km: '3'}]}", "relations.apart[0].km", "km, 公里"),
    ],
)
def test_a_part_or_distance_that_cannot_be_read_says_what_can_be_written(plan: Plan, text: str, at: str, remedy: str) -> None:
    (one,) = refused(plan(text))
    assert one.subject.startswith(at)
    assert remedy in one.remedy.en


def test_anchors_and_merge_keys_say_a_thing_once(plan: Plan) -> None:
    text = "resources:\n  land: &here {unit: 亩, scope: zone}\n  power: {<<: *here, unit: MW}\n  water: *here\n"
    resources = loaded(plan(text)).settings.resources
    assert [(resources[key].unit, resources[key].scope) for key in ("power", "water")] == [("MW", "zone"), ("亩", "zone")]


# --- every kind of error, with its exact place ------------------------------------------------------------------------

FILES = {
    "empty": ("", "S104", "plan.yaml:1:1"),
    "only comments": ("# 备注\n\n", "S104", "plan.yaml:1:1"),
    "not a mapping": ("- name: a\n", "S105", "plan.yaml:1:1"),
    "one long text": ("name：示例市\n", "S105", "plan.yaml:1:1"),
    "open bracket": ("name: a\nrules: [1, 2\nsolve: 3\n", "S103", "plan.yaml:2:8"),
    "open quote": ('name: "a\nsolve: 3\n', "S103", "plan.yaml:1:7"),
    "tab": ("quarters:\n\tcount: 4\n", "S103", "plan.yaml:2:1"),
    "indentation": ("quarters:\n  start: 2027Q1\n count: 4\n", "S103", "plan.yaml:3:2"),
    "full-width colon": ("name：示例市\nlanguage: zh\n", "S103", "plan.yaml:1:5"),
    "colon without space": ("name:示例市\nlanguage: zh\n", "S103", "plan.yaml:1:5"),
    "undefined alias": ("name: *a\n", "S103", "plan.yaml:1:7"),
    "two documents": ("name: a\n---\nname: b\n", "S103", "plan.yaml:2:1"),
    "control character": ("name: a\nlanguage: z\x08h\n", "S103", "plan.yaml:2:12"),
    "tag": ("name: !!binary aGk=\n", "S107", "plan.yaml:1:7"),
    "circular alias": ("rules: &a [*a]\n", "S107", "plan.yaml:1:8"),
    "key without text": ("language: zh\n: 3\n", "S107", "plan.yaml:2:1"),
    "duplicate key": ("solve: {seed: 1}\nname: a\nsolve: {threads: 1}\n", "S106", "plan.yaml:3:1"),
    "unknown model": ("name: a\nextends: bsae\n", "S108", "plan.yaml:2:10"),
    "unknown model path": ("extends: models/ours.yaml\n", "S108", "plan.yaml:1:10"),
    "model not text": ("extends: [base]\n", "S108", "plan.yaml:1:1"),
    "unknown key": ("solve:\n  seed: 1\n  time_limt: 3\n", "S110", "plan.yaml:3:3"),
    "unknown table": ("tables:\n  candidate: a.csv\n", "S110", "plan.yaml:2:3"),
    "unknown key in a source": ("tables: {parks: {file: a, shet: b}}\n", "S110", "plan.yaml:1:27"),
    "unknown key in a filter": ("rules: [{name: a, count: {max: 1}, where: {t: {mn: 1}}}]\n", "S110", "plan.yaml:1:48"),
    "misspelt required key": ("rules:\n  - {nme: a, count: {min: 2}}\n", "S110", "plan.yaml:2:6"),
    "missing key": ("rules:\n  - count: {min: 2}\n", "S111", "plan.yaml:2:5"),
    "missing file of a table": ("tables:\n  parks:\n    sheet: a\n", "S111", "plan.yaml:2:3"),
    "text for a number": ("solve: {time_limit: 60秒}\n", "S112", "plan.yaml:1:21"),
    "quoted number": ('solve: {time_limit: "60"}\n', "S112", "plan.yaml:1:21"),
    "flag for a number": ("quarters: {count: true}\n", "S112", "plan.yaml:1:19"),
    "fraction for a whole number": ("quarters: {count: 4.5}\n", "S112", "plan.yaml:1:19"),
    "code for a number": ("solve: {seed: 007}\n", "S112", "plan.yaml:1:15"),
    "text for a flag": ("objective: {normalise: maybe}\n", "S112", "plan.yaml:1:24"),
    "list for a text": ("name: [a]\n", "S112", "plan.yaml:1:1"),
    "nothing for a list": ("rules:\n#  - name: a\n", "S112", "plan.yaml:1:1"),
    "text for a mapping": ("solve:\n  time_limit：30\n", "S112", "plan.yaml:2:3"),
    "text for a list": ("rules: none\n", "S112", "plan.yaml:1:8"),
    "out of range": ("quarters: {count: 41}\n", "S113", "plan.yaml:1:19"),
    "not above": ("solve: {time_limit: 0}\n", "S113", "plan.yaml:1:21"),
    "wrong choice": ("resources:\n  land:\n    kind: stok\n", "S114", "plan.yaml:3:11"),
    "not a number": ("solve: {gap: .nan}\n", "S115", "plan.yaml:1:14"),
    "infinite": ("objective: {weights: {gap: 1e999}}\n", "S115", "plan.yaml:1:28"),
    "infinite filter": ("rules: [{name: a, count: {max: 1}, where: {tax: .inf}}]\n", "S116", "plan.yaml:1:49"),
    "mapping in a list": ("rules: [{name: a, count: {max: 1}, where: {a: [1, {b: 2}]}}]\n", "S116", "plan.yaml:1:51"),
    "no quarter": ("quarters: {start: 2027Q5}\n", "S116", "plan.yaml:1:19"),
    "a source that is none": ("tables: {parks: 3}\n", "S116", "plan.yaml:1:17"),
    "no source": ("tables: {parks: []}\n", "S116", "plan.yaml:1:10"),
    "shares": ("schedule:\n  payout: [0.5, 0.4]\n", "S118", "plan.yaml:2:3"),
    "grades": ("grades: {weak: 0.9}\n", "S118", "plan.yaml:1:1"),
    "box": ("region: {bounds: [119, 29, 114, 34]}\n", "S116", "plan.yaml:1:10"),
    "count and sum": ("rules: [{name: a, count: {min: 1}, sum: land, max: 3}]\n", "S118", "plan.yaml:1:9"),
    "levels without mode": ("objective: {levels: [{weights: {gap: 1}}]}\n", "S118", "plan.yaml:1:1"),
    "empty text": ('name: ""\n', "S117", "plan.yaml:1:1"),
    "too few": ("relations: {apart: [{candidates: [K1]}]}\n", "S116", "plan.yaml:1:22"),
    "bad entry of a list": ("relations: {apart: [{candidates: [K1, [K2]]}]}\n", "S112", "plan.yaml:1:39"),
}


@pytest.mark.parametrize("case", FILES)
def test_one_mistake_gives_one_message_at_its_place(plan: Plan, case: str) -> None:
    text, code, place = FILES[case]
    problems = refused(plan(text))
    assert where(problems) == [(code, place)]
    for language in ("zh", "en"):
        said = problems[0].say(language)
        assert code in said
        assert not any(raw in said for raw in ("pydantic", "Input should", "type=", "Extra inputs", "valid "))


def test_a_missing_file_a_folder_and_a_wrong_encoding_are_told_apart(plan: Plan, tmp_path: Path) -> None:
    assert where(refused(tmp_path / "nothing.yaml")) == [("S101", "nothing.yaml")]
    assert "文件夹" in refused(tmp_path)[0].say("zh")
    for encoding, named in (("gb18030", "GB18030"), ("utf-16", "UTF-16")):
        (problem,) = refused(plan("name: 示例市\n", encoding=encoding))
        assert problem.code == "S102"
        assert named in problem.found
        assert "另存为 UTF-8" in problem.say("zh")


def test_messages_name_what_is_allowed_and_what_is_near(plan: Plan) -> None:
    text = "solve: {time_limt: 3, threads: 500}\nresources: {land: {kind: stok}}\nextends: bas\ntime_limit: 30\n"
    threads, unknown, kind, extends, misplaced = sorted(refused(plan(text)), key=lambda p: p.code != "S113")
    assert "≥ 1，≤ 256 个线程" in threads.say("zh")
    assert "≥ 1, ≤ 256 threads" in threads.say("en")
    assert "是否指 time_limit" in unknown.say("zh")
    assert "solver、time_limit、work、gap、threads、seed" in unknown.say("zh")
    assert "did you mean stock?" in kind.say("en")
    assert "did you mean base?" in extends.say("en")
    assert "it belongs at solve.time_limit" in misplaced.say("en")


def test_problems_of_yaml_and_of_the_schema_come_together_in_reading_order(plan: Plan) -> None:
    text = """\
nam: 示例市
quarters: {start: 2027Q1, count: 4, count: 5}
objective: {weights: {gap: 高}}
solve: {gap: 2}
solve: {time_limit: 10, thread: 1}
extends: nowhere
"""
    assert where(refused(plan(text))) == [
        ("S110", "plan.yaml:1:1"),
        ("S106", "plan.yaml:2:37"),
        ("S112", "plan.yaml:3:28"),
        ("S113", "plan.yaml:4:14"),
        ("S106", "plan.yaml:5:1"),
        ("S110", "plan.yaml:5:25"),
        ("S108", "plan.yaml:6:10"),
    ]


@pytest.mark.slow
def test_no_wrong_value_anywhere_meets_an_error_type_without_words() -> None:
    wrong: tuple[object, ...] = (None, True, 3, -7.5, float("nan"), "", "x", [], [None], {}, {"x": None}, ["x", {"y": []}])
    kinds = set()
    for option in options():
        for value in wrong:
            data: object = value
            for key in reversed(option.keys):
                data = [data] if key == "[]" else {key: data}
            try:
                Settings.model_validate(data)
            except ValidationError as error:
                kinds |= {detail["type"] for detail in error.errors()}
    assert kinds - {"extra_forbidden", "value_error"} <= set(COMPLAINTS)
    assert len(kinds) > 10


# --- layers -----------------------------------------------------------------------------------------------------------


def test_command_line_beats_plan_beats_model_beats_default(plan: Plan) -> None:
    plan("extends: grand.yaml\nsolve: {seed: 3, threads: 3, gap: 0.3}\n", "parent.yaml")
    plan("solve: {seed: 2, threads: 2, gap: 0.2, time_limit: 2}\n", "grand.yaml")
    path = plan("extends: ./parent.yaml\nsolve: {seed: 4, threads: 4}\n")
    result = loaded(path, **{"solve.seed": 5})
    solve = result.settings.solve
    assert (solve.seed, solve.threads, solve.gap, solve.time_limit, solve.solver) == (5, 4, 0.3, 2, "auto")
    places = [str(result.place("solve", key)) for key in ("seed", "threads", "gap", "time_limit", "solver")]
    assert places == ["--seed", "plan.yaml:2:27", "./parent.yaml:2:35", "grand.yaml:1:52", "plan.yaml:2:1"]
    assert [file.name for file in result.files] == ["plan.yaml", "parent.yaml", "grand.yaml"]


def test_lists_and_weights_replace_the_model_while_mappings_merge(plan: Plan) -> None:
    plan(
        "objective: {normalise: false, weights: {gap: 1, tax: 1}}\nresources: {land: {unit: 亩}}\n"
        "rules: [{name: a, count: {max: 1}}, {name: b, count: {max: 1}}]\n",
        "model.yaml",
    )
    path = plan(
        "extends: model.yaml\nobjective: {weights: {tax: 2}}\nresources: {power: {unit: MW}}\nrules: [{name: c, count: {max: 1}}]\n"
    )
    result = loaded(path)
    assert result.settings.objective.weights == {"tax": 2}
    assert result.settings.objective.normalise is False
    assert set(result.settings.resources) == {"land", "power"}
    assert [rule.name for rule in result.settings.rules] == ["c"]
    assert result.place("rules", 1).file == "plan.yaml"
    assert all(any(option.keys == keys for option in options()) for keys in REPLACED_WHOLE)


def test_a_circle_of_models_is_named(plan: Plan) -> None:
    plan("extends: plan.yaml\n", "a.yaml")
    (problem,) = refused(plan("extends: a.yaml\n"))
    assert (problem.code, str(problem.place)) == ("S109", "a.yaml:1:10")
    assert "plan.yaml → a.yaml → plan.yaml" in problem.say("zh")


def test_a_mistake_in_a_model_is_shown_in_the_model_beside_those_of_the_plan(plan: Plan) -> None:
    plan("solve:\n  gap: 7\n", "models/ours.yaml")
    problems = refused(plan("extends: models/ours.yaml\nlanguage: fr\n"))
    assert where(problems) == [("S114", "plan.yaml:2:11"), ("S113", "models/ours.yaml:2:8")]


def test_a_model_that_cannot_be_read_hides_nothing_of_the_plan_and_invents_nothing(plan: Plan) -> None:
    plan("tables: {parks: {file: a.csv}\n", "ours.yaml")
    problems = refused(plan("extends: ours.yaml\ntables: {parks: {sheet: a}}\nlanguage: fr\nquarters: {start: a}\n"))
    assert where(problems) == [("S114", "plan.yaml:3:11"), ("S116", "plan.yaml:4:19"), ("S103", "ours.yaml:1:9")]


def test_a_wrong_flag_is_named_as_the_flag_and_hides_no_mistake_of_the_plan(plan: Plan) -> None:
    (problem,) = refused(plan("name: a\n"), **{"solve.time_limit": -3})
    assert problem.say("en").startswith("--time-limit solve.time_limit: -3 - allowed: > 0 s")
    assert where(refused(plan("solve: fast\n"), **{"solve.time_limit": 3})) == [("S112", "plan.yaml:1:8")]


def test_weights_that_do_not_count_are_warned_of(plan: Plan) -> None:
    result = loaded(plan("objective:\n  mode: priorities\n  weights: {gap: 1}\n  levels: [{weights: {tax: 1}}]\n"))
    assert where(list(result.problems)) == [("S119", "plan.yaml:3:3")]
    assert result.problems[0].severity == "warning"


def test_the_language_is_known_even_of_a_broken_file(plan: Plan, tmp_path: Path) -> None:
    assert language_of(plan("name: [\nlanguage: en  # English\n")) == "en"
    assert language_of(plan("language: fr\n")) == "zh"
    assert language_of(tmp_path / "nothing.yaml") == "zh"


# --- round trip -------------------------------------------------------------------------------------------------------

_texts = st.text(max_size=12) | st.sampled_from(["0111", "yes", "null", "1e5", "2027Q1", "~", "a: b", " #x", "-", "\x85\u2028"])
_sizes = st.floats(1e-12, 1e12)
_numbers = st.just(0.0) | _sizes | _sizes.map(lambda size: -size) | st.integers(-(10**12), 10**12)
_filters = st.one_of(
    _texts,
    st.booleans(),
    _numbers,
    st.lists(_texts | st.booleans() | _numbers, min_size=1, max_size=3).map(tuple),
    st.builds(Condition, exclude=st.tuples(_texts)),
)


@pytest.mark.parametrize("language", sweep(["zh", "en"], 1))
@effort(max_examples=15)
@given(
    name=_texts.filter(bool),
    rule=_texts.filter(bool),
    where_=st.dictionaries(_texts.filter(bool), _filters, max_size=4),
    columns=st.dictionaries(_texts.filter(bool), _texts, max_size=3),
    weights=st.dictionaries(_texts.filter(bool), _numbers, max_size=3),
)
def test_resolved_settings_load_again_to_equal_settings(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    rule: str,
    where_: dict[str, object],
    columns: dict[str, str],
    weights: dict[str, float],
    language: Language,
) -> None:
    settings = Settings.model_validate(
        {
            "name": name,
            "tables": {"parks": [{"file": "a.csv"}, {"file": "b.xlsx", "columns": columns}]},
            "rules": [Rule.model_validate({"name": rule, "where": where_, "count": {"max": 3}})],
            "objective": {"weights": weights},
            "publish": {"outputs": []},
        }
    )
    path = tmp_path_factory.mktemp("run") / "settings.yaml"
    path.write_text(resolved_yaml(settings, language), encoding="utf-8", newline="\n")
    assert loaded(path).settings == settings


def test_resolved_settings_explain_themselves_in_the_language_asked_for(plan: Plan) -> None:
    settings = loaded(plan(PRODUCT_PLAN)).settings
    assert "  # Wall-clock limit of the solve. [s; > 0]\n  time_limit: 60.0\n" in resolved_yaml(settings, "en")
    assert "  # 求解时限（秒；> 0）\n  time_limit: 60.0\n" in resolved_yaml(settings, "zh")


@pytest.mark.parametrize("text", ["2026-09-1²", "2026-0①-11", "2026年9月1日③"])
def test_a_footnote_s_mark_is_no_digit_of_a_day(text: str) -> None:
    with pytest.raises(RefusedError):
        normal_day(text)
    assert normal_day("２０２６．９．１１") == "2026-09-11"


@pytest.mark.parametrize("text", ["2027Q①", "2027年第²季度", "202⑦Q1"])
def test_a_footnote_s_mark_is_no_digit_of_a_quarter(text: str) -> None:
    with pytest.raises(RefusedError):
        normal_quarter(text)
    assert normal_quarter("２０２７Ｑ１") == "2027Q1"
