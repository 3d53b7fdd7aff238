"""Two languages, one mechanism: every message, sheet and label is a pair of texts, beside the code that says them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


_COUNTED = re.compile(r"\{(\w+):([a-z][^}\d.]+)\}")
"""A place for a number of things."""


def _noun(place: re.Match[str], number: object) -> str:
    one, _, many = place[2].partition("|")
    return f"{{{place[1]}}} {one if str(number) == '1' else many or f'{one}s'}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things in English: ``1 project``, ``2 projects``; ``many``: where that is no ``s`` more."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in Chinese and English; it may hold ``{named}`` places, filled by :meth:`say`.

    A place with a noun is a number of things: ``{rows:row}`` is ``1 row`` or ``2 rows``, ``{n:match|matches}`` says how more than one is
    called.
    """

    zh: str
    en: str

    def say(self, language: Language, /, **values: object) -> str:
        """The text in ``language`` with its ``{named}`` places filled; a :class:`Words` value is said in turn."""
        text = self.zh if language == "zh" else self.en
        texts = {key: value.say(language) if isinstance(value, Words) else value for key, value in values.items()}
        return _COUNTED.sub(lambda place: _noun(place, texts.get(place[1])), text).format(**texts) if texts else text

    @staticmethod
    def listed(names: Iterable[object], most: int | None = None) -> Words:
        """Names one after the other, each :class:`Words` among them in its language; of more than ``most`` the first, and an ellipsis."""
        both = [name if isinstance(name, Words) else Words(str(name), str(name)) for name in names]
        both = both if most is None or len(both) <= most else [*both[:most], Words("…", "…")]
        return Words("、".join(name.zh for name in both), ", ".join(name.en for name in both))

    def fill(self, **values: object) -> Words:
        """Both texts with their places filled."""
        return Words(self.say("zh", **values), self.say("en", **values))
