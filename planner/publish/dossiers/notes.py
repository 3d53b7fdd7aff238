"""What the cells of a dossier share: sources as numbered footnotes, amounts of money, lists that say what they leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.language import Language, Words
from planner.publish.book.text import width
from planner.publish.dossiers import words
from planner.publish.figures import figure
from planner.publish.words import SEMICOLON


@dataclass
class Sources:
    """Sources of one page, numbered as they come."""

    language: Language
    texts: list[str] = field(default_factory=list)

    def mark(self, *sources: str | None) -> str:
        """``[1][3]``; empty where none is stated."""
        marks = []
        for text in dict.fromkeys(source for source in sources if source):
            if text not in self.texts:
                self.texts.append(text)
            marks.append(f"[{self.texts.index(text) + 1}]")
        return "".join(marks)

    def listed(self, most: int) -> str:
        """All of them, each cut to ``most`` characters; empty where the page has none."""
        told = SEMICOLON.say(self.language).join(f"[{n}] {cut(text, most)}" for n, text in enumerate(self.texts, start=1))
        return words.SOURCES.say(self.language, list=told) if told else ""


def cut(text: str, most: int) -> str:
    """A text as wide as so many Chinese characters at most, with … where something is missing; on one line."""
    text = " ".join(text.split())
    if width(text) <= 2 * most:
        return text
    while width(text) > 2 * most - 2:
        text = text[:-1]
    return text.rstrip() + "…"


def cash(value: float | None, language: Language) -> str:
    """万元 as money of a size to be read: ``3.2 亿元``, ``850 万元``; ``未提供`` where it is not known."""
    if value is None:
        return words.UNKNOWN.say(language)
    if abs(value) < 10_000:
        return Words(f"{figure(value)} 万元", f"CNY {figure(value / 100)} m").say(language)
    return Words(f"{figure(value / 10_000)} 亿元", f"CNY {figure(value / 100)} m").say(language)


def shortened(texts: Sequence[str], most: int, more: Words, language: Language) -> list[str]:
    """The first of a list and, where there are more, how many."""
    rest = len(texts) - most
    return [*texts[:most], *([more.say(language, n=rest)] if rest > 0 else [])]
