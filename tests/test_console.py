"""What a run says while it goes on."""

from __future__ import annotations

import pytest

from planner.language import Language, Words
from planner.publish.console import ProgressView
from planner.solvers.protocol import Progress


@pytest.mark.parametrize(
    ("phase", "zh", "en"),
    [
        ("relaxation", "松弛", "relaxation"),
        ("first plan", "初步方案", "first plan"),
        ("search", "改进", "improving"),
        ("proof", "证明", "proving"),
        ("finish", "核对", "checking"),
        ("search 1/2", "改进 1/2", "improving 1/2"),
        ("first plan 2/2", "初步方案 2/2", "first plan 2/2"),
        ("polish", "polish", "polish"),
    ],
)
def test_the_phase_is_said_in_words(phase: str, zh: str, en: str, capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("zh", zh), ("en", en)):
        assert f"  {word}  " in said(language, Progress(phase, 3.0, 10.0, 11.0), capsys)  # type: ignore[arg-type]


def test_the_columns_left_are_said_where_they_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    now = Progress("proof", 3.0, 10.0, 11.0, columns=12345)
    assert said("zh", now, capsys).endswith("差距 10.00%  剩余 12,345 列\n")
    assert said("en", now, capsys).endswith("gap 10.00%  12,345 columns left\n")
    assert said("en", Progress("proof", 3.0, 10.0, 11.0), capsys).endswith("gap 10.00%\n")


def said(language: Language, now: Progress, capsys: pytest.CaptureFixture[str]) -> str:
    """The line about one moment; and nothing goes to standard output, which may be piped."""
    with ProgressView(language) as view:
        view.progress(now)
    out, error = capsys.readouterr()
    assert out == ""
    return error


def test_what_is_told_stays(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressView("zh") as view:
        view.tell(Words("沿用 [b]{甲}[/b]", "from"))
    assert capsys.readouterr().err == "沿用 [b]{甲}[/b]\n"
