"""Two languages, one mechanism: every message, sheet and label is a pair of texts, beside the code that says them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things in English: ``1 project``, ``2 projects``; ``many``: where that is no ``s`` more."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in Chinese and English; it may hold ``{named}`` places, filled by :meth:`say`."""

    zh: str
    en: str

    def say(self, language: Language, /, **values: object) -> str:
        """The text in ``language`` with its ``{named}`` places filled; a :class:`Words` value is said in turn."""
        text = self.zh if language == "zh" else self.en
        texts = {key: value.say(language) if isinstance(value, Words) else value for key, value in values.items()}
        return text.format(**texts) if texts else text

    @staticmethod
    def listed(names: Iterable[object], most: int | None = None) -> Words:
        """Names one after the other, each :class:`Words` among them in its language; of more than ``most`` the first, and an ellipsis."""
        both = [name if isinstance(name, Words) else Words(str(name), str(name)) for name in names]
        both = both if most is None or len(both) <= most else [*both[:most], Words("…", "…")]
        return Words("、".join(name.zh for name in both), ", ".join(name.en for name in both))

    def fill(self, **values: object) -> Words:
        """Both texts with their places filled."""
        return Words(self.say("zh", **values), self.say("en", **values))
