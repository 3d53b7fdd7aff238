"""Answers kept beside a run and shown in its workbook: the one module that puts plan, answers and sheets together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from inspect import isgeneratorfunction, signature
from pathlib import Path
from typing import Any

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.reopen import Run, reopened
from planner.plan.stored import read_run
from planner.plan.versions import read_version
from planner.problems import InputError, Place, Problem
from planner.publish.reports.money import Money
from planner.publish.run_folder import refuse_faults, render_again
from planner.publish.view import Supplement
from planner.questions import Question
from planner.questions.codes import problem
from planner.questions.kept import Answer, Kept, read_answers, write_answers
from planner.questions.registry import questions
from planner.settings.outputs import FOLDERS, OUTPUTS


def functions() -> Mapping[str, Callable[..., Any]]:
    """What :mod:`planner.api` offers of the questions, by name; an answer about a run is kept in its folder."""
    return {name: keeping(question, name) for question in questions() for name in question.functions}


def keeping(question: Question, name: str) -> Callable[..., Any]:
    """The function of that name of a question, which keeps its answers, where the question has such, and tells what could not be kept.
    Nothing of other questions is loaded."""
    ask: Callable[..., Any] = getattr(question.part("ask"), name)
    if question.answer is None:
        return ask

    @wraps(ask)
    def kept(run: Run, *given: Any, **named: Any) -> Any:
        bound = signature(ask).bind(run, *given, **named)
        bound.apply_defaults()
        answers: list[Answer] = []
        try:
            answer = ask(run, *given, **named)
            if not isgeneratorfunction(ask):
                answers.append(answer)
                return answer
            answers.extend(answer)  # one by one: those that came before an interrupt are there
            return tuple(answers)
        finally:  # what is answered is kept, also when Ctrl-C ends the rest
            for problem in keep(run.folder, run.plan, question.name, answers) if answers else ():
                bound.arguments["tell"](problem.words)

    return kept


def kept_answers(folder: Path, plan: Plan) -> tuple[Kept, tuple[Problem, ...]]:
    """The answers about the plan of a run, and a warning for each that cannot be used."""
    kinds = {question.name: getattr(question.part("record"), question.answer) for question in questions() if question.answer}
    return read_answers(folder, plan.seal, kinds)


def keep(folder: Path, plan: Plan, question: str, answers: Sequence[Answer]) -> tuple[Problem, ...]:
    """Keep what was answered about the plan of a run beside it, and render again what shows it and is there: the workbook, reports.

    Returns:
        Why the answers are not kept (R160), or an output is not anew (R118); an answer is never lost to that.
    """
    unkept = partial(problem, "R160", Place(str(folder)), "RUN")
    try:
        if read_run(folder).seal != plan.seal:
            moved = Words("此目录已换成另一个计划，没有保存答案", "another plan stands there by now; the answer is not kept")
            return (unkept(rule=moved),)
        warnings = kept_answers(folder, plan)[1]
        write_answers(folder, plan.seal, question, answers)
        shown = [output for output in _showing(question) if (folder / OUTPUTS[output]).exists()]
        return (*warnings, *republish(folder, shown)[2]) if shown else warnings
    except InputError as error:
        return error.problems
    except OSError as error:
        return (unkept(str(error), rule=Words("没有保存答案", "the answer is not kept")),)


def _showing(question: str) -> Sequence[str]:
    """Outputs that show the answers to a question."""
    money = any(one.name == question and one.money for one in questions())
    return ("workbook", "brief", "report") if money else ("workbook",)


def republish(folder: Path, outputs: Sequence[str] | None) -> tuple[tuple[Problem, ...], tuple[Path, ...], tuple[Problem, ...]]:
    """Render outputs of a finished run again with its answers; all outputs that its settings ask for when None.

    Returns:
        Answers that could not be used, the files written, and the outputs that could not be written.

    Raises:
        InputError: ``folder`` is not a run, or is not as it was written; an output needs its tables, and these have changed, or what is
            said of it in files of its own is wrong.
    """
    plan = read_version(folder).signed
    answers, warnings = kept_answers(folder, plan)
    wanted = plan.plan.settings["publish"]["outputs"] if outputs is None else outputs
    supplements: dict[str, Callable[[], Any]] = {}
    if answers:
        money = partial(next_money, plan, answers)
        supplements = {"workbook": partial(supplement, plan, answers), "brief": money, "report": money}
    opened = reopened(folder, plan) if FOLDERS.keys() & set(wanted) else None
    if opened is not None:
        refuse_faults(wanted, opened)
    return warnings, *render_again(folder, plan, wanted, supplements, opened)


def next_money(plan: Plan, kept: Kept) -> Money:
    """What answers say that more of something buys, the newest answer to each question."""
    asked = [
        (question.part("text"), kept[question.name][-1]) for question in questions() if question.money and question.name in kept
    ]
    return Money(tuple(line for text, answer in asked for line in text.next_money(plan, answer, plan.plan.language)))


def supplement(plan: Plan, kept: Kept) -> Supplement:
    """What answers add to the workbook of their plan, in the order of the questions."""
    asked = [(question, question.part("sheet"), kept[question.name]) for question in questions() if question.name in kept]
    return Supplement(
        sheets=tuple(partial(sheet.write_sheet, answers=answers) for _, sheet, answers in asked),
        notes=tuple(sheet.firm_note(answers, plan.plan.language) for one, sheet, answers in asked if one.notes),
    )
