"""Answers in files of their own, ``RUN/answers/<question>.json``: a finished plan never changes.

Each carries the seal of the plan it belongs to and a fingerprint of itself; what was edited or belongs to another plan is left
out, with a word. ``why`` has one file for each thing asked, named by a fingerprint: names never come from the input (R6).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from planner.language import Words
from planner.plan.insights import Insights
from planner.plan.insights.alternatives import Alternatives
from planner.plan.insights.importance import Importance
from planner.plan.insights.sensitivity import Sensitivity
from planner.plan.insights.why import Why
from planner.plan.whole_folder import workplace
from planner.problems import Place, Problem

Answer = Why | Importance | Sensitivity | Alternatives
QUESTIONS: Mapping[str, type[Answer]] = {
    "why": Why,
    "importance": Importance,
    "sensitivity": Sensitivity,
    "alternatives": Alternatives,
}
ANSWERS = "answers"
SCHEMA = 1


def read_answers(folder: Path, seal: str) -> tuple[Insights, tuple[Problem, ...]]:
    """The answers about the plan with this seal, and a warning for each file that is left out (R114)."""
    found: list[tuple[int, str, str, Answer]] = []
    problems = []
    for path in sorted((folder / ANSWERS).glob("*.json")):
        try:
            number, question, answer, of = _read(path)
        except (OSError, ValueError, KeyError, TypeError):
            problems.append(
                _left_out(path, Words("读不出、被改动，或由其他版本写出", "unreadable, edited, or by another version"))
            )
            continue
        if of == seal:
            found.append((number, path.name, question, answer))
        else:
            problems.append(_left_out(path, Words("属于另一个计划", "belongs to another plan")))
    said: dict[str, Any] = {}
    for _, _, question, answer in sorted(found, key=lambda one: one[:2]):
        said[question] = (*said.get("why", ()), answer) if question == "why" else answer
    return Insights(**said), tuple(problems)


def write_answers(folder: Path, seal: str, answers: Sequence[Answer]) -> None:
    """Keep answers about the plan with this seal, each in place of an earlier one to the same question.

    Raises:
        OSError: they cannot be written.
    """
    if not answers:
        return
    (folder / ANSWERS).mkdir(exist_ok=True)
    number = max(_numbers(folder), default=0)
    with workplace(folder) as own:
        for at, answer in enumerate(answers, start=number + 1):
            question = next(name for name, kind in QUESTIONS.items() if isinstance(answer, kind))
            said = json.loads(answer.model_dump_json())
            body = {"schema_version": SCHEMA, "question": question, "seal": seal, "number": at, "answer": said}
            name = f"why-{_digest(answer.key)[:16]}.json" if isinstance(answer, Why) else f"{question}.json"
            text = json.dumps({**body, "sha256": _digest(body)}, ensure_ascii=False, indent=1)
            (own / name).write_text(text, encoding="utf-8", newline="\n")
            os.replace(own / name, folder / ANSWERS / name)  # noqa: PTH105  replaces on Windows too


def _read(path: Path) -> tuple[int, str, Answer, str]:
    """Number, question, answer, and the seal of the plan it belongs to."""
    body = json.loads(path.read_text(encoding="utf-8"))
    if body.pop("sha256") != _digest(body) or body["schema_version"] != SCHEMA:
        raise ValueError(path.name)
    answer = QUESTIONS[body["question"]].model_validate_json(json.dumps(body["answer"]))
    return body["number"], body["question"], answer, body["seal"]


def _numbers(folder: Path) -> Iterator[int]:
    for path in (folder / ANSWERS).glob("*.json"):
        try:
            yield _read(path)[0]
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _digest(content: object) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _left_out(path: Path, rule: Words) -> Problem:
    again = Words("重新提问", "ask again")
    return Problem("R114", Place(str(path)), ANSWERS, "", rule, again, "warning")
