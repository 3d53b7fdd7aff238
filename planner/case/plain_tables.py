"""Facts and filters of a case read value by value from its tables, without the masks that the programme's rows are made of.

So a mistake in either shows as a difference. Only the table of units is shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from planner.case.case import Case
from planner.settings.base import RefusedError, normal_quarter
from planner.settings.filters import Condition, amount_of, amount_parts
from planner.spelling import half_width
from planner.tables.spec import TABLES
from planner.tables.units import convert

POSITIONS = frozenset({"row", "link", "chain", "geometry"})
"""Columns of the case's frames that are positions and no facts."""
_TABLE = {"candidate": "candidates", "link": "links", "chain": "chains", "fund": "funds", "park": "parks"}


@dataclass(frozen=True, slots=True)
class At:
    """Positions that facts are read at, of a selected project or of one row of a table that makes groups; −1: none."""

    candidate: int = -1
    link: int = -1
    chain: int = -1
    fund: int = -1
    park: int = -1
    quarter: int = -1
    needs: Sequence[float] = ()
    """What a project uses of each resource."""


class PlainTables:
    """The tables as columns of plain values."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.resources = {supply.resource_id: r for r, supply in enumerate(case.resources)}
        self.frames = {"candidate": case.candidates, "link": case.links, "chain": case.chains, "park": case.parks}
        self.funds = {fund: position for position, fund in enumerate(case.funds.ids)}
        self.column, self.owner = cache(self._column), cache(self._owner)
        self.names, self.texts = cache(self._names), cache(self._texts)
        self.links = self.column("candidate", "link")
        self.chains = self.column("candidate", "chain")

    def project(self, i: int, park: int = -1, quarter: int = -1, needs: Sequence[float] = ()) -> At:
        """A candidate, with its link, chain and fund."""
        return At(i, self.links[i], self.chains[i], self._fund(i), park, quarter, needs)

    def _fund(self, i: int) -> int:
        """The only fund, or the one that a candidate names."""
        if len(self.funds) == 1:
            return 0
        named = self.column("candidate", "fund_id")[i] if "fund_id" in self.case.candidates.columns else ""
        return self.funds.get(text_of(named), -1)

    def _column(self, owner: str, name: str) -> list[Any]:
        """A column as a list; of a link, chain or fund also one that only its table has."""
        named = {"team": self.case.teams.ids, "fixed_park": self.case.parks["park_id"], "fixed_quarter": self.case.quarters}
        if owner == "candidate" and name in named:
            ids = list(named[name])
            return [ids[at] if at >= 0 else "" for at in self.case.candidates[name].tolist()]
        if owner in self.frames and name in self.frames[owner].columns:
            return list(self.frames[owner][name].tolist())
        if (owner, name) == ("link", "chain_id"):
            ids = self.case.chains["chain_id"].tolist()
            return [ids[at] if at >= 0 else "" for at in self.case.links["chain"].tolist()]
        if (owner, name) == ("fund", "fund_id"):
            return list(self.case.funds.ids)
        if (owner, name) == ("fund", "carry_over"):
            return list(self.case.funds.carry_over.tolist())
        table = self.case.tables[_TABLE[owner]].frame
        if name not in table.columns:  # a column whose absence says something
            return [""] * len(self.frames[owner])
        key = f"{owner}_id"
        said: dict[str, Any] = {}
        for own, value in zip(table[key].tolist(), table[name].tolist(), strict=True):
            said.setdefault(text_of(own), value)
        return [said.get(text_of(own)) for own in self.column(owner, key)]

    def _has(self, owner: str, name: str) -> bool:
        """Whether a table has a column, or would have it if any row said something there."""
        spec = TABLES[_TABLE[owner]]
        return name in self.frames[owner].columns or (spec.has(name) and spec.column(name).blank_says != "gap")

    def _written(self, owner: str, name: str) -> bool:
        """Whether a table has a column that speaks where it is absent, too."""
        return _TABLE[owner] in self.case.tables.tables and name in self.case.tables[_TABLE[owner]].frame.columns

    def _further(self, owner: str) -> set[str]:
        """Columns of a table that the case has no frame of."""
        table = self.case.tables.get(_TABLE[owner])
        return set() if table is None else {str(name) for name in table.frame.columns} - {"chain_id", "quarter", "amount"}

    def _owner(self, name: str) -> tuple[str, str]:
        """Whose column a name means: a resource, the quarter, ``park.city``, or that of the one table that has it. Candidates, links
        and parks come before chains, funds and further columns of links; the id of a link, chain or fund is its own."""
        if name == "quarter":
            return "quarter", name
        if name in self.resources:
            return "resource", name
        if name in {"link_id", "chain_id"} or (name == "fund_id" and self.funds):
            return name.removesuffix("_id"), name
        owners = [one for one in ("candidate", "link", "park") if name not in POSITIONS and self._has(one, name)]
        if owners:
            return next((one for one in owners if self._written(one, name)), owners[0]), name
        owner, _, column = name.partition(".")
        if column and owner in _TABLE:
            return owner, column
        held = (owner for owner in ("chain", "link", "fund") if name in self._further(owner) or name in self.frames.get(owner, ()))
        return next(held, "candidate"), name

    def fact(self, name: str, at: At) -> Any:
        """The fact of a column at a position; None where a project has no link, chain or fund that it would be of."""
        owner, column = self.owner(name)
        if owner == "quarter":
            return self.case.quarters[at.quarter]
        if owner == "resource":
            return at.needs[self.resources[column]]
        position = getattr(at, owner)
        return self.column(owner, column)[position] if position >= 0 else None

    def _names(self, owner: str, column: str) -> Mapping[str, frozenset[str]]:
        """Name → ids that have it, for a column that holds ids; word → value, for one of choices."""
        named = {"preferred_parks": "park", "refused_parks": "park", "fixed_park": "park", "allowed_chains": "chain"}
        spec = TABLES[_TABLE[owner]]
        choices = spec.column(column).choices if spec.has(column) else None
        if spec.has(column) and spec.column(column).kind == "flag":
            choices = {"true": ("是", "yes", "y"), "false": ("否", "no", "n")}
        if choices is not None:
            return {loose(word): frozenset({value}) for value, words in choices.items() for word in (value, *words)}
        of = named.get(column, column.removesuffix("_id") if column.endswith("_id") else "")
        if of not in self.frames:
            return {}
        known: dict[str, frozenset[str]] = {}
        for own, name in zip(self.column(of, f"{of}_id"), self.column(of, "name"), strict=True):
            if text_of(name):
                known[loose(text_of(name))] = known.get(loose(text_of(name)), frozenset()) | {text_of(own)}
        return known

    def meets(self, where: Mapping[str, Any], at: At, owners: Sequence[str] | None = None) -> bool:
        """Whether the facts at a position meet a filter; with ``owners`` only what it asks of these is looked at, and the rest may
        be so."""
        for name, wanted in where.items():
            if name == "any" and isinstance(wanted, tuple):
                if not any(self.meets(entry, at, owners) for entry in wanted):
                    return False
            elif (owners is None or self.owner(name)[0] in owners) and not self.holds(name, wanted, self.fact(name, at)):
                return False
        return True

    def holds(self, name: str, wanted: Any, fact: Any) -> bool:
        """Whether a fact of the column is what is asked for."""
        owner, column = self.owner(name)
        names = self.names(owner, column) if owner in _TABLE else {}
        entries = (list(fact) or [""]) if isinstance(fact, (tuple, list)) else [fact]
        if isinstance(wanted, Condition):
            if any(_is(entry, value, names, self, name) for entry in entries for value in wanted.exclude):
                return False
            return any(_within(wanted, entry, self.unit(owner, column)) for entry in entries)
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        return any(_is(entry, value, names, self, name) for entry in entries for value in values)

    def has_text(self, name: str, text: str) -> bool:
        """Whether some row of the column's own table says this."""
        owner, column = self.owner(name)
        if owner == "quarter":
            return text in self.case.quarters
        if owner == "resource":
            return True
        return text in self.texts(owner, column)

    def _texts(self, owner: str, column: str) -> frozenset[str]:
        cells = self.column(owner, column)
        entries = (entry for cell in cells for entry in (cell if isinstance(cell, (tuple, list)) else (cell,)))
        return frozenset(map(text_of, entries))

    def quarterly(self, name: str) -> bool:
        """Whether a column holds quarters."""
        owner, column = self.owner(name)
        spec = TABLES[_TABLE[owner]] if owner in _TABLE else None
        return owner == "quarter" or (spec is not None and spec.has(column) and spec.column(column).kind == "quarter")

    def unit(self, owner: str, column: str) -> str:
        """The unit that a column's numbers are in."""
        if owner == "resource":
            return self.case.resources[self.resources[column]].unit
        if owner not in _TABLE:
            return ""
        spec, table = TABLES[_TABLE[owner]], self.case.tables.get(_TABLE[owner])
        if spec.has(column):
            return spec.column(column).unit
        return "" if table is None else str(table.units.get(column, ""))


def _is(fact: Any, value: Any, names: Mapping[str, frozenset[str]], tables: PlainTables, column: str) -> bool:
    """Whether a fact is a value: the same text, the same amount in another unit, the same quarter, or the id whose name it is where no id
    is spelt so."""
    own, asked = text_of(fact), text_of(value)
    if own == asked:
        return True
    if tables.has_text(column, asked):
        return False
    if own in names.get(loose(asked), frozenset()):
        return True
    if (unit := tables.unit(*tables.owner(column))) and (amount := amount_of(asked)) is not None:
        return _number(fact) == number_in(amount, unit)
    try:
        return tables.quarterly(column) and own == normal_quarter(asked)
    except RefusedError:
        return False


def _within(wanted: Condition, fact: Any, unit: str) -> bool:
    """Whether a fact is in the range, the quarters and the text that are asked for; one that is not known meets none of them."""
    text = text_of(fact)
    if wanted.blank is not None and wanted.blank != (text == ""):
        return False
    if wanted.min is not None or wanted.max is not None:
        number = _number(fact)
        if number is None or (wanted.min is not None and number < number_in(wanted.min, unit)):
            return False
        if wanted.max is not None and number > number_in(wanted.max, unit):
            return False
    if (wanted.since is not None and not wanted.since <= text) or (wanted.until is not None and not "" < text <= wanted.until):
        return False
    return not wanted.contains or any(loose(part) in loose(text) for part in wanted.contains)


def number_in(amount: float | str, unit: str) -> float:
    """An amount as a number of a unit."""
    number, own = amount_parts(amount)
    return convert(number, own, unit) if own else float(number)


def _number(value: object) -> float | None:
    """A value as a number; None for a flag, a word and what is not known."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return None if number != number else number


def loose(text: str) -> str:
    """A text as names are compared: no matter of width or case."""
    return half_width(text).casefold().strip()


def text_of(value: object) -> str:
    """A value as text: 3.0 is 3, a flag true or false, what is not known blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
