"""What of a condition a column cannot answer: one place for every filter of a plan, whatever rows it chooses. Who asks gives the codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from planner.language import Words
from planner.problems import nearest
from planner.settings.filters import Condition, values_of
from planner.tables.codes import nearest_words
from planner.tables.facts import ColumnFacts, amount_in, plain
from planner.tables.units import UnitError, allowed_units

LISTED = 10
"""Values, ids and words that a message names at most."""
_FRACTION = Words("不带单位的小数，如 0.3", "none, for a fraction such as 0.3")
_ALONE = Words("这一列没有单位，只能写数", "the column has no unit: write the number alone")

Kind = Literal["value", "ids", "quarter", "number", "words", "unit", "order"]
"""A value that no row has, a name of several ids, quarters asked of what are none, numbers of what are quarters, bounds on text, an amount
in a unit that does not convert, bounds upside down."""


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
    if facts is not None:
        yield from _of_values(facts, values_of(wanted), [replace(facts, unit=unit) for unit in units or ()] or [facts])
    if not isinstance(wanted, Condition):
        return
    if (wanted.since is not None or wanted.until is not None) and not (facts is not None and facts.quarterly):
        yield Misfit("quarter")
    bounds = {side: bound for side in ("min", "max") if (bound := getattr(wanted, side)) is not None}
    if not bounds or units is None:
        return
    if facts is not None and facts.quarterly:
        found = ", ".join(f"{side}: {bound}" for side, bound in bounds.items())
        yield Misfit("number", found, said={"instead": wanted.in_quarters})
        return
    if facts is not None and facts.words:
        yield Misfit("words", said={"words": Words.listed(facts.words[:LISTED])})
        return
    strange = {side: bound for side, bound in bounds.items() if not converts(bound, units)}
    for side, bound in strange.items():
        yield Misfit("unit", str(bound), (side,), units_said(units))
    if len(bounds) == 2 and not strange and len(units) <= 1:  # amounts in several units are compared nowhere
        low, high = (amount_in(bound, units[0] if units else "") for bound in bounds.values())
        if low > high:
            yield Misfit("order", f"{bounds['min']} > {bounds['max']}")


def _of_values(facts: ColumnFacts, values: Sequence[object], by_unit: Sequence[ColumnFacts]) -> Iterator[Misfit]:
    """The same of values. ``by_unit``: the column in each of its units."""
    for value in values:
        spelt = [one.spelt(value) for one in by_unit]
        amount = next((amount for one in by_unit if (amount := one.amount(value)) is not None), None)
        units = [one.unit for one in by_unit]
        if several := next((texts for texts in spelt if len(texts) > 1), None):
            yield Misfit("ids", str(value), said={"ids": Words.listed(several[:LISTED])})
        elif any(spelt) or plain(value) == "":
            continue
        elif amount is not None and not converts(amount, units):
            yield Misfit("unit", str(value), said=units_said(units))
        else:
            yield Misfit("value", str(value), said={"nearest": near_words(value, {*facts.texts, *facts.names})})


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
    shown = [Words("%（或小数）", "% (or a fraction)") if unit == "1" else unit for unit in units if unit]
    labels = dict.fromkeys(_FRACTION if label == "1" else label for unit in units for label in allowed_units(unit))
    return {"unit": Words.listed(shown or ["—"]), "allowed": Words.listed(labels) if labels else _ALONE}


def near_words(value: object, known: Collection[str]) -> Words:
    """What to write in place of a value that no row has: what is near it, else the first of all that there are."""
    names = sorted({*known} - {""})
    some = Words.listed(names[:LISTED] + ["…"] * (len(names) > LISTED))
    return nearest_words(nearest(str(value), names), Words(f"有：{some.zh}", f"there are: {some.en}"))
