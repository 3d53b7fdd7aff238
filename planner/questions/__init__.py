"""Questions about a plan, a folder each. What all of them share stands here; none knows another.

A folder holds ``ask.py`` (solves and answers), ``record.py`` (the answer as data), ``text.py`` (the answer in sentences),
``sheet.py`` (in the workbook) and ``command.py`` (on the command line), as far as it needs them; its ``__init__.py`` says
which, in names alone: to know of a question loads nothing of it. :mod:`planner.questions.registry` lists the folders.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Question:
    """A question; its command is the function of ``command.py`` that is called as the folder is."""

    package: str
    """The folder as a package."""
    functions: tuple[str, ...]
    """Functions of ``ask.py`` that :mod:`planner.api` offers. Where answers are kept, each takes the run first and has an argument
    ``tell``; the answers of one that yields them are kept as far as they came."""
    answer: str | None = None
    """The class of ``record.py`` that is kept beside a run, printed by ``text_of(plan, found, language)`` of ``text.py`` and
    shown by ``write_sheet(book, view, answers)`` of ``sheet.py``; None: nothing is kept."""
    notes: bool = False
    """``firm_note(answers, language)`` of ``sheet.py`` says something of single firms, for the table of firms."""
    money: bool = False
    """``next_money(plan, answer, language)`` of ``text.py`` says in sentences what more of something buys, for reports."""

    @property
    def name(self) -> str:
        """What it is called, on the command line too."""
        return self.package.rpartition(".")[2]

    def part(self, module: str) -> Any:
        """A module of the folder."""
        return import_module(f"{self.package}.{module}")
