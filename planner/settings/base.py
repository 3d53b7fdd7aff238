"""What every settings class is made of: the common base, the note on a field, strict numbers, a bilingual refusal."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict

from planner.language import Words

Whole = Annotated[int, Strict()]
"""A whole number: neither ``true`` nor ``"4"`` nor ``4.0`` passes for one."""
Number = Annotated[float, Strict()]
"""A finite number: neither ``true`` nor ``"4"`` passes for one."""


class RefusedError(ValueError):
    """A value that its type allows and its meaning does not, in both languages.

    ``rule`` says what is allowed, ``remedy`` what to do, ``at`` the keys below the refusing class that are to blame.
    """

    def __init__(self, rule: Words, remedy: Words | None = None, at: tuple[str | int, ...] = ()) -> None:
        self.rule, self.remedy, self.at = rule, remedy or Words("", ""), at
        super().__init__(f"{rule.zh} / {rule.en}")


def note(zh: str, unit: str = "", **limits: Any) -> Any:
    """A pydantic field that carries its unit and its meaning in Chinese; the docstring below it is the English."""
    return Field(json_schema_extra={"zh": zh, "unit": unit}, **limits)


class Section(BaseModel):
    """The common ground: frozen, no unknown key, docstrings become descriptions, a number is text where text is due."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
        coerce_numbers_to_str=True,
    )
