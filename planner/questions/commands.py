"""What the commands share: exit codes, arguments, and outcomes turned into plain words."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from planner.language import Language, Words, counted
from planner.problems import InputError, NotAllWritten, Problem, errors, visible

if TYPE_CHECKING:
    from planner.plan.model import Plan
    from planner.publish.console import ProgressView

DONE, BUG, BAD_INPUT, INFEASIBLE, NO_PLAN = 0, 1, 2, 3, 4
STOPPED = 130
"""By Ctrl-C before there was anything to keep; what shells call it."""
INTERRUPTED = Words(
    "已中断：没有做完的不写出，原有的文件不变", "interrupted: what was not done is not written, earlier files stay as they were"
)
SHOWN = 50
"""Problems of one code in one file that are printed where a report has them all."""
Result = TypeVar("Result")

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="计划文件 plan.yaml / the plan file")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="运行目录 / a run folder")]
DataOf = Annotated[
    Path | None,
    typer.Option("--plan", metavar="PLAN", help="运行目录搬走后，原计划文件在哪里 / the plan file, when the run was moved"),
]
SecondsOfEachSolve = Annotated[
    float | None, typer.Option("--time-limit", metavar="S", min=0.001, help="每次求解的秒数 / seconds of each solve")
]
StatusFile = Annotated[
    Path | None,
    typer.Option(
        "--status",
        metavar="FILE",
        help="项目进展表（csv、xlsx，或 xlsx[工作表]），代替计划中的 status 表 / the table status, in place of the plan's",
    ),
]
OnDay = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="项目进展算到哪一天，如 2027-03-31 / the day up to which events count")
]
_SHOWN = ContextVar("progress", default="text")


class ProgressAs(StrEnum):
    """How progress is shown."""

    text = "text"
    json = "json"


def show_progress(shown: ProgressAs) -> ProgressAs:
    """What the rest of this command goes by."""
    _SHOWN.set(shown.value)
    return shown


ShowProgress = Annotated[
    ProgressAs,
    typer.Option(
        "--progress",
        callback=show_progress,
        help="text 给人看；json 逐行写到标准输出，给人看的文字改到标准错误 / json: JSON lines on standard output, text on standard error",
    ),
]


def _json_lines() -> bool:
    return _SHOWN.get() == "json"


@dataclass(frozen=True)
class AskedOfRun:
    """What a command asks of a run: a function of the question's ``ask.py``, and its arguments beside the run. ``plan`` is the plan
    file, when the run was moved away from it."""

    folder: Path
    plan: Path | None
    function: str
    options: Mapping[str, Any]
    written: Callable[[Any], Path | None] = lambda _: None
    """The folder that the answer was written to, if it was to be."""


class _Unbroken(io.FileIO):
    """A pipe or file that is written to until that fails, and then takes everything and keeps nothing."""

    broken = False

    def write(self, text: Any) -> int:
        if not self.broken:
            try:
                return super().write(text) or 0
            except OSError:  # closed by its reader (``| head``), or a full disk: only the printing ends
                self.broken = True
        return len(text)


def unbroken(stream: Any) -> Any:
    """A standard stream as UTF-8; one that is no terminal does not end the work when it can be written to no more."""
    if not hasattr(stream, "reconfigure"):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)  # itself, where Python was told not to buffer
    if stream.isatty() or not isinstance(raw, io.FileIO):
        stream.reconfigure(encoding="utf-8", errors="replace")
        return stream
    buffer, at_once = io.BufferedWriter(_Unbroken(raw.fileno(), "w", closefd=False)), stream.line_buffering or stream.write_through
    return io.TextIOWrapper(buffer, encoding="utf-8", errors="replace", line_buffering=at_once)


def say(text: str, problem: bool = False) -> None:
    """Print; problems go to standard error, and everything does where standard output is for JSON lines. All that a command prints
    goes through here: text of the input never reaches the terminal as it is."""
    typer.echo(visible(text), err=problem or _json_lines())


def _line(event: dict[str, object]) -> None:
    typer.echo(json.dumps(event, ensure_ascii=False, allow_nan=False))


def progress_view(language: Language) -> ProgressView:
    """The view of progress that was asked for."""
    from planner.publish.console import ProgressView

    return ProgressView(language, _line if _json_lines() else None)


@contextmanager
def solving(language: Language) -> Iterator[ProgressView]:
    """A view of progress for the block; that there is no plan, or none was found, ends the command in words."""
    from planner.plan.solving import NoPlan
    from planner.publish.console import no_plan_text
    from planner.questions.conflict import Infeasible

    with progress_view(language) as view:
        try:
            yield view
        except Infeasible as outcome:
            view.close()
            raise leave(INFEASIBLE, outcome.words.say(language)) from None
        except NoPlan as outcome:
            view.close()
            raise leave(NO_PLAN, no_plan_text(outcome.solution.termination, language)) from None


def ended(code: int = DONE, folder: Path | None = None, plan: Plan | None = None) -> None:
    """The last of the JSON lines: the exit code, the folder that was written and how good its plan is."""
    if not _json_lines():
        return
    last: dict[str, object] = {"event": "end", "code": code, "folder": None if folder is None else str(folder)}
    if plan is not None:
        last |= {"status": plan.status.reason, "proved": plan.status.proved}
        last |= {"value": plan.objective.value, "bound": plan.objective.bound, "gap": plan.objective.gap}
    _line(last)


def leave(code: int, text: str) -> typer.Exit:
    """Say why there is no result; the exception to raise."""
    say(text, problem=True)
    ended(code)
    return typer.Exit(code)


def plan_path(path: Path) -> Path:
    """A folder stands for the plan.yaml in it."""
    try:
        return path / "plan.yaml" if path.is_dir() else path
    except OSError:  # a name that no file can have: reading it will say so
        return path


def language_at(path: Path) -> Language:
    """The language a plan file, or a run's settings, ask for."""
    from planner.settings.load import language_of

    return language_of(path)


def guarded(language: Language, work: Callable[[], Result]) -> Result:
    """Turn outcomes into exit codes and plain words."""
    try:
        return work()
    except InputError as error:
        print_problems(error.problems, language)
        ended(BAD_INPUT)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        raise leave(STOPPED, INTERRUPTED.say(language)) from None
    except NotAllWritten as outcome:
        say(str(outcome.folder))
        ended(left_out(outcome.problems), outcome.folder)
        not_written(outcome.problems, language)
        raise typer.Exit(BUG) from None


def left_out(problems: Sequence[Problem]) -> int:
    """The exit code where these kept something from being written: bad input, where the words of a table or a template did, and
    nothing else; a bug, where anything else went wrong."""
    if not problems:
        return DONE
    other = any(problem.code == "R118" and problem.found for problem in problems)
    return BAD_INPUT if errors(problems) and not other else BUG


def not_written(problems: Sequence[Problem], language: Language) -> None:
    """Tell what could not be written, if anything, and end with its exit code: all else is kept."""
    for problem in problems:
        say(problem.say(language), problem=True)
    if problems:
        raise typer.Exit(left_out(problems))


def print_problems(problems: Sequence[Problem], language: Language, kept: Path | None = None) -> None:
    """Every problem, one a line, and how many stop the work. Where all are ``kept`` in a report, at most :data:`SHOWN` of a code in
    a file are printed, and the others counted."""
    shown = problems if kept is None else _cut_short(problems)
    for problem in shown:
        mark = "" if problem.severity == "error" else Words("提醒 ", "note ").say(language)
        say(mark + problem.say(language), problem=True)
    if more := len(problems) - len(shown):
        say(Words(f"另有 {more} 处同类问题，见报告", f"{more} more of these kinds are in the report").say(language), problem=True)
    if count := len(errors(problems)):
        rest = Words("未写出任何文件", "nothing was written") if kept is None else Words(f"见 {kept}", f"see {kept}")
        say(Words(f"共 {count} 处问题，{rest.zh}", f"{counted(count, 'problem')}; {rest.en}").say(language), problem=True)


def _cut_short(problems: Sequence[Problem]) -> list[Problem]:
    seen: Counter[tuple[object, ...]] = Counter()
    kept: list[Problem] = []
    for problem in problems:
        place = problem.place
        key = (problem.code, *(() if place is None else (place.file, place.sheet)))
        seen[key] += 1
        if seen[key] <= SHOWN:
            kept.append(problem)
    return kept
