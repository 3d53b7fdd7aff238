"""The lines of the echo, as ``plan.json`` keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from planner.language import Words
from planner.problems import Problem

Kind = Literal["change", "rule", "relation", "lock", "gate", "season", "bound", "horizon"]
Verdict = Literal["open", "nothing", "everything", "always", "never", "empty", "shut"]
"""``open``: it may hold or not. ``nothing``: it touches nothing. ``everything``: its filter leaves nothing out. ``always``: every plan keeps
it. ``never``: no plan does. ``empty``: only plans that select nothing of what a ratio is taken over.
``shut``: no single project fits under its most."""


class EchoLine(BaseModel):
    """One thing that the plan file asks for, in words, with what it can come to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    name: str
    zh: str
    """What it says, in Chinese."""
    en: str
    """The same in English."""
    unit: str = ""
    """Of ``least``, ``most`` and the bounds."""
    groups: int = 1
    """How many groups it holds in."""
    candidates: int | None = None
    """Candidates that it touches; None where that is no question."""
    parks: int | None = None
    quarters: int | None = None
    minimum: float | None = None
    """Its own lower bound, in ``unit``; None where there is none or groups differ."""
    maximum: float | None = None
    least: float | None = None
    """No plan brings any of its groups below this; None where it is not known."""
    most: float | None = None
    """No plan brings any of its groups above this."""
    verdict: Verdict = "open"
    verdict_zh: str = ""
    """What is to be told about it; empty where there is nothing."""
    verdict_en: str = ""


@dataclass(frozen=True)
class Echo:
    """All lines, and what is to be warned of."""

    lines: tuple[EchoLine, ...]
    warnings: tuple[Problem, ...]
    homeless: int
    """Projects, neither excluded nor lost, that fit into no park."""
    refusals: Words
    """What refuses most of these."""


def with_verdict(line: EchoLine, verdict: Verdict, words: Words) -> EchoLine:
    """The line with a verdict."""
    return line.model_copy(update={"verdict": verdict, "verdict_zh": words.zh, "verdict_en": words.en})
