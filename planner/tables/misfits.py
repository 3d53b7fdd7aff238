"""What of a condition a column cannot answer: one place for every filter of a plan, whatever rows it chooses. Who asks gives the codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from planner.language import Words
from planner.problems import nearest
from planner.settings.filters import Condition, values_of
from planner.tables.codes import nearest_words
from planner.tables.facts import ColumnFacts, amount_in, plain
from planner.tables.units import UnitError, allowed_units

LISTED = 10
"""Values, ids and words that a message names at most."""
_ALONE = Words("这一列没有单位，只能写数", "the column has no unit: write the number alone")

Kind = Literal["value", "ids", "quarter", "words", "unit", "order"]
"""A value that no row has, a name of several ids, quarters asked of what are none, bounds on text, in a unit that does not convert, or
upside down."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that a column cannot answer: what was found, at which key below the column's (none: at the column's own)."""

    kind: Kind
    found: str = ""
    way: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)
    """What fills the message: ``nearest``, ``ids``, ``words``, ``unit`` and ``allowed``."""


def misfits(facts: ColumnFacts | None, wanted: Any, units: Sequence[str] | None) -> Iterator[Misfit]:
    """What of a condition a column cannot answer. ``facts``: of the column; None for one of numbers alone. ``units``: of its numbers,
    several where rows differ; None where that is not known, and bounds are not judged."""
    units = None if units is None else tuple(dict.fromkeys(units))
    for value in values_of(wanted) if facts is not None else ():
        spelt = facts.spelt(value)  # type: ignore[union-attr]
        if len(spelt) > 1:
            yield Misfit("ids", str(value), said={"ids": Words.listed(spelt[:LISTED])})
        elif not spelt and plain(value) != "":
            yield Misfit("value", str(value), said={"nearest": near_words(value, {*facts.texts, *facts.names})})  # type: ignore[union-attr]
    if not isinstance(wanted, Condition):
        return
    if (wanted.since is not None or wanted.until is not None) and not (facts is not None and facts.quarterly):
        yield Misfit("quarter")
    bounds = {side: bound for side in ("min", "max") if (bound := getattr(wanted, side)) is not None}
    if not bounds or units is None:
        return
    if facts is not None and facts.words:
        yield Misfit("words", said={"words": "、".join(facts.words[:LISTED])})
        return
    strange = {side: bound for side, bound in bounds.items() if not converts(bound, units)}
    for side, bound in strange.items():
        yield Misfit("unit", str(bound), (side,), units_said(units))
    if len(bounds) == 2 and not strange and len(units) <= 1:  # amounts in several units are compared nowhere
        low, high = (amount_in(bound, units[0] if units else "") for bound in bounds.values())
        if low > high:
            yield Misfit("order", f"{bounds['min']} > {bounds['max']}")


def converts(amount: float | str, units: Sequence[str]) -> bool:
    """Whether an amount has no unit of its own, or one that converts to some of these."""

    def does(unit: str) -> bool:
        try:
            amount_in(amount, unit)
        except UnitError:
            return False
        return True

    return any(map(does, units or [""]))


def units_said(units: Sequence[str]) -> dict[str, Any]:
    """What a message says of the units that an amount may have."""
    allowed = list(dict.fromkeys(label for unit in units for label in allowed_units(unit)))
    return {"unit": "、".join(filter(None, units)) or "—", "allowed": Words.listed(allowed) if allowed else _ALONE}


def near_words(value: object, known: Collection[str]) -> Words:
    """What to write in place of a value that no row has: what is near it, else the first of all that there are."""
    names = sorted({*known} - {""})
    some = Words.listed(names[:LISTED] + ["…"] * (len(names) > LISTED))
    return nearest_words(nearest(str(value), names), Words(f"有：{some.zh}", f"there are: {some.en}"))
