"""Answers in files of their own, ``RUN/answers/<question>.json``: a finished plan never changes.

Each carries the seal of the plan it belongs to and a fingerprint of itself; what was edited or belongs to another plan is left
out, with a word. A question of many answers has one file for each, named by a fingerprint: names never come from the input (R6).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from planner.language import Words
from planner.plan.records import Record
from planner.plan.stored import digest_of
from planner.plan.whole_folder import workplace
from planner.problems import Place, Problem
from planner.questions.codes import problem

ANSWERS = "answers"
SCHEMA = 1
BROKEN = (OSError, ValueError, KeyError, TypeError)
"""What a file raises that is unreadable, edited, or by another version."""
UNREADABLE = Words("读不出、被改动，或由其他版本写出", "unreadable, edited, or by another version")
OF_ANOTHER = Words("属于另一个计划", "belongs to another plan")


class Answer(Record):
    """An answer that is kept."""

    @property
    def key(self) -> object:
        """What tells answers to the same question apart; None: the newest stands in place of the one before."""
        return None


Kept = Mapping[str, tuple[Any, ...]]
"""Question → its answers, the newest last; without a question that was not asked."""


def read_answers(folder: Path, seal: str, kinds: Mapping[str, type[Answer]]) -> tuple[Kept, tuple[Problem, ...]]:
    """The answers about the plan with this seal, and a warning for each file that is left out (R114). ``kinds`` says what the answer
    to each question is."""
    read: list[tuple[int, str, str, Answer]] = []
    problems = []
    for path, body in _bodies(folder):
        try:
            answer = kinds[body["question"]].model_validate_json(json.dumps(body["answer"]))
            rule = None if body["seal"] == seal else OF_ANOTHER
        except BROKEN:
            rule = UNREADABLE
        if rule is None:
            read.append((body["number"], path.name, body["question"], answer))
        else:
            problems.append(problem("R114", Place(str(path)), ANSWERS, rule=rule))
    kept: dict[str, tuple[Answer, ...]] = {}
    for _, _, question, answer in sorted(read, key=itemgetter(0, 1)):
        kept[question] = (*kept.get(question, ()), answer)
    return kept, tuple(problems)


def write_answers(folder: Path, seal: str, question: str, answers: Sequence[Answer]) -> None:
    """Keep answers about the plan with this seal, each in place of an earlier one with the same key. Raises ``OSError`` where they
    cannot be written."""
    (folder / ANSWERS).mkdir(exist_ok=True)
    number = max((body.get("number", 0) for _, body in _bodies(folder)), default=0)
    with workplace(folder) as own:
        for at, answer in enumerate(answers, start=number + 1):
            record = json.loads(answer.model_dump_json())
            body = {"schema_version": SCHEMA, "question": question, "seal": seal, "number": at, "answer": record}
            name = f"{question}.json" if answer.key is None else f"{question}-{digest_of(answer.key)[:16]}.json"
            text = json.dumps({**body, "sha256": digest_of(body)}, ensure_ascii=False, indent=1)
            (own / name).write_text(text, encoding="utf-8", newline="\n")
            os.replace(own / name, folder / ANSWERS / name)  # noqa: PTH105  replaces on Windows too


def _bodies(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each file of answers and what it holds: nothing, if it is not as it was written."""
    for path in sorted((folder / ANSWERS).glob("*.json")):
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            whole = body.pop("sha256") == digest_of(body) and body["schema_version"] == SCHEMA and isinstance(body["number"], int)
        except BROKEN:
            whole = False
        yield path, body if whole else {}
