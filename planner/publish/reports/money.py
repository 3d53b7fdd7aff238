"""What answers to questions give to reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """What more of something buys, as an answer to a question says it; of a finished run."""

    lines: tuple[str, ...] = ()
    """The most valuable first, each a sentence."""
