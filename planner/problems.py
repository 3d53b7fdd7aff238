"""What is wrong with an input, said all at once (R2): where, what was found, what is allowed, how to mend it.

Codes are stable, and each is declared once, in the ``codes.py`` of its area; messages and docs/problems.md are made from there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from planner.language import Language, Words

Severity = Literal["error", "warning"]

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str, one_line: bool = False) -> str:
    """Text for a screen: control characters, changes of writing direction and halves of characters are shown, never sent. Input
    text could else clear the screen or forge a line of ours (R6). ``one_line``: line breaks are shown too."""
    shown = _UNSEEN.sub(lambda found: f"\\x{ord(found[0]):02x}" if found[0] < "\x80" else f"\\u{ord(found[0]):04x}", text)
    return shown.replace("\n", "\\n").replace("\t", "\\t") if one_line else shown


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: ``plan.yaml:12:8`` or ``客商库.xlsx[客商库]!F17``. ``line`` and ``column`` are for text files and count
    from 1; ``sheet`` and ``cell`` (``F17``; ``F`` for a whole column) are for tables. A CSV has cells too: the row is the line
    a spreadsheet would show."""

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = ((self.sheet, "[{}]"), (self.cell, "!{}"), (self.line, ":{}"), (self.column, ":{}"))
        return self.file + "".join(form.format(part) for part, form in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``subject`` names the field, column or object in the user's own words (a header as it stands in
    the file); ``found`` is what the input says; ``rule`` what is allowed; ``remedy`` what to do."""

    code: str
    place: Place | None
    subject: str
    found: str
    rule: Words
    remedy: Words
    severity: Severity = "error"

    @property
    def words(self) -> Words:
        """What :meth:`say` says, in both languages."""
        return Words(self.say("zh"), self.say("en"))

    def say(self, language: Language) -> str:
        """One line for a person, the code last; what comes from the input cannot break out of it."""
        dash, stop, open_, close = (" — ", "；", "（", "）") if language == "zh" else (" - ", "; ", " (", ")")
        head = " ".join(part for part in (str(self.place or ""), self.subject) if part)
        found, remedy = f": {self.found}" if self.found else "", self.remedy.say(language)
        tail = f"{stop}{remedy}" if remedy else ""
        return visible(f"{head}{found}{dash}{self.rule.say(language)}{tail}{open_}{self.code}{close}", one_line=True)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means, what is allowed, what to do, and whether it stops a run."""

    meaning: Words
    rule: Words
    remedy: Words
    severity: Severity = "error"


class Codes:
    """The codes of one area, each declared once. ``text`` has two lines a code: its number, ``warning`` where it stops no run,
    then ``meaning | rule | remedy`` in Chinese; the same in English below. ``{named}`` places are filled by :meth:`problem`. A
    message quotes at most ``quoted`` characters of what was found."""

    def __init__(self, text: str, quoted: int | None = None) -> None:
        self.quoted = quoted
        lines = text.strip().splitlines()
        self.entries: Mapping[str, Code] = MappingProxyType(dict(map(_declared, lines[::2], lines[1::2])))

    def problem(self, code: str, place: Place | None, subject: str, found: str = "", /, **values: object) -> Problem:
        """The problem of that code, its rule and remedy filled with ``values`` (texts, or :class:`Words`)."""
        entry = self.entries[code]
        shown = found if self.quoted is None or len(found) <= self.quoted else found[: self.quoted - 1] + "…"
        filled = {"": "", **values}  # never empty, so that doubled braces are always undone
        return Problem(code, place, subject, shown, entry.rule.fill(**filled), entry.remedy.fill(**filled), entry.severity)

    def refusal(self, code: str, place: Place | None, subject: str, found: str = "", /, **values: object) -> InputError:
        """The same as an error to raise, alone."""
        return InputError([self.problem(code, place, subject, found, **values)])


def _declared(zh: str, en: str) -> tuple[str, Code]:
    code, zh = zh.split(" ", 1)
    severity: Severity = "warning" if zh.startswith("warning ") else "error"
    parts = zip(zh.removeprefix("warning ").split("|"), en.split("|"), strict=True)
    meaning, rule, remedy = (Words(chinese.strip(), english.strip()) for chinese, english in parts)
    return code, Code(meaning, rule, remedy, severity)


class InputError(Exception):
    """The input cannot be used. ``problems`` holds every problem found, errors and warnings, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.say("en") for problem in self.problems))


class NotAllWritten(Exception):  # noqa: N818  an outcome, not a fault
    """Everything was worked out and kept in ``folder``, but for the outputs that ``problems`` name."""

    def __init__(self, folder: Path, problems: Iterable[Problem]) -> None:
        self.folder, self.problems = folder, tuple(problems)
        super().__init__("\n".join(problem.say("en") for problem in self.problems))


_EVERY = ContextVar("every problem", default=False)


@contextmanager
def every_problem() -> Iterator[None]:
    """Within, no kind of problem is cut short: for a report that marks each cell."""
    token = _EVERY.set(True)
    try:
        yield
    finally:
        _EVERY.reset(token)


def listed_at_most(count: int) -> int:
    """How many problems of one kind are told one by one: ``count``, and all of them within :func:`every_problem`."""
    return sys.maxsize if _EVERY.get() else count


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that stop a run."""
    return tuple(problem for problem in problems if problem.severity == "error")


def nearest(name: str, allowed: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The allowed names nearest to ``name``, best first; empty when none is near."""
    return tuple(get_close_matches(name, list(allowed), n=count, cutoff=0.5))


def did_you_mean(near: Sequence[str], otherwise: Words) -> Words:
    """The remedy that names what was probably meant; ``otherwise`` where nothing is near."""
    return Words(f"是否指 {near[0]}？", f"did you mean {near[0]}?") if near else otherwise
