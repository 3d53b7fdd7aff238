"""A command line that cannot be read is said in Chinese and in English, and nothing is done."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.usage import _in_chinese

WRONG = [
    ("run plan.yaml --time-limit zehn", "--time-limit 的值须是数", "Invalid value for '--time-limit'"),
    ("run plan.yaml --time-limit 十", "--time-limit 的值须是数", "Invalid value for '--time-limit'"),
    ("run plan.yaml --threads 1.5", "--threads 的值须是整数", "Invalid value for '--threads'"),
    ("run plan.yaml --treads 2", "没有选项 --treads", "did you mean: --threads"),
    ("run plan.yaml --time 2", "没有选项 --time", "did you mean: --time-limit"),
    ("run plan.yaml --gap", "选项 --gap 后面要写值", "Option '--gap' requires an argument"),
    ("run plan.yaml another", "多写了 another", "unexpected extra argument"),
    ("run", "缺 PLAN", "Missing argument 'PLAN'"),
    ("rum plan.yaml", "没有命令 rum", "No such command 'rum'"),
    ("dossier run --all=3", "选项 --all 后面不写值", "Option '--all' does not take a value"),
    ("check plan.yaml --older-than -3", "--older-than 的值须不小于 0", "Invalid value for '--older-than'"),
    ("match plan.yaml --top 99", "--top 的值须不大于 50", "Invalid value for '--top'"),
    ("export plan.yaml --format foo", "--format 的值须是 'mps', 'lp' 之一", "'foo' is not one of 'mps', 'lp'"),
    ("publish run --only foo", "--only: 没有这种成果", "there is no such output: foo"),
]


@pytest.mark.parametrize(("line", "chinese", "english"), WRONG, ids=[line for line, *_ in WRONG])
def test_what_cannot_be_read_is_said_in_both_languages(line: str, chinese: str, english: str) -> None:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert chinese in result.stderr
    assert english in result.stderr


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("Invalid value for '--gap': 'x' is not a valid float.", "--gap 的值须是数"),
        ("Invalid value for '--seed': 'x' is not a valid integer.", "--seed 的值须是整数"),
        ("Invalid value for '--older-than': -3 is not in the range x>=0.", "--older-than 的值须不小于 0"),
        ("Invalid value for '--lang': 'fr' is not one of 'zh', 'en'.", "--lang 的值须是 'zh', 'en' 之一"),
        ("Invalid value for 'PLAN': something new", "PLAN 的值不能用"),
        ("something new", ""),
    ],
)
def test_what_other_versions_of_the_library_say_is_known_too(said: str, chinese: str) -> None:
    assert _in_chinese(said) == chinese


def test_no_command_at_all_shows_what_there_is() -> None:
    result = CliRunner().invoke(app, [])
    assert [
        command.name
        for command in app.registered_commands
        if f"\n  {command.name or command.callback.__name__} " not in result.output
    ] == []
