"""The commands of the questions; one about a run from end to end: opened, asked, the answer kept and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from planner.questions import Question
from planner.questions.commands import AskedOfRun, ended, guarded, language_at, say, solving
from planner.questions.registry import questions


def commands() -> Iterator[tuple[str, Callable[..., None], Any]]:
    """Name, function, and class (None: the usual one) of the command of each question."""
    for question in questions():
        module = question.part("command")
        yield question.name, _command(question, getattr(module, question.name)), getattr(module, "COMMAND", None)


def _command(question: Question, body: Callable[..., AskedOfRun | None]) -> Callable[..., None]:
    """The command of a question: what it asks of a run, if it does, is asked, kept and printed."""

    @wraps(body)
    def command(*given: Any, **named: Any) -> None:
        asked = body(*given, **named)
        if asked is None:
            return
        language = language_at(asked.plan or asked.folder / "settings.yaml")

        def work() -> Any:
            from planner.plan.reopen import open_run
            from planner.questions.keeping import keeping
            from planner.solvers.process import start_ahead

            start_ahead()
            with solving(language) as view:
                run = open_run(asked.folder, asked.plan)
                answer = keeping(question, asked.function)(run, **asked.options, listen=view.progress, tell=view.tell)
                return run.plan, answer

        plan, answer = guarded(language, work)
        say(question.part("text").text_of(plan, answer, plan.plan.language))
        written = asked.written(answer)
        if written is not None:
            say(str(written))
        ended(folder=written or asked.folder)

    return command
