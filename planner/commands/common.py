"""What the commands share: exit codes, arguments, and outcomes turned into plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from planner.language import Language, Words

if TYPE_CHECKING:
    from planner.problems import Problem

DONE, BUG, BAD_INPUT, INFEASIBLE, NO_PLAN = 0, 1, 2, 3, 4
Result = TypeVar("Result")

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="计划文件 plan.yaml / the plan file")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="运行目录 / a run folder")]
DataOf = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="PLAN", help="运行目录搬走后，原计划文件在哪里 / the plan file, when the run was moved"
    ),
]


def say(text: str, problem: bool = False) -> None:
    """Print; problems go to standard error."""
    typer.echo(text, err=problem)


def plan_path(path: Path) -> Path:
    """A folder stands for the plan.yaml in it."""
    return path / "plan.yaml" if path.is_dir() else path


def language_at(path: Path) -> Language:
    """The language a plan file, or a run's settings, ask for."""
    from planner.settings.load import language_of

    return language_of(path)


def guarded(language: Language, work: Callable[[], Result]) -> Result:
    """Turn outcomes into exit codes and plain words."""
    from planner.problems import InputError

    try:
        return work()
    except InputError as error:
        print_problems(error.problems, language)
        raise typer.Exit(BAD_INPUT) from None


def print_problems(problems: tuple[Problem, ...], language: Language) -> None:
    """Every problem, one a line, and how many stop the work."""
    from planner.problems import errors

    for problem in problems:
        mark = "" if problem.severity == "error" else Words("提醒 ", "note ").say(language)
        say(mark + problem.say(language), problem=True)
    count = len(errors(problems))
    if count:
        say(
            Words(f"共 {count} 处问题，未写出任何文件", f"{count} problem(s); nothing was written").say(language),
            problem=True,
        )
