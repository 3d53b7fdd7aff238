"""What a column and a table are: the types in which :mod:`planner.tables.spec` declares every table once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import nan
from types import MappingProxyType
from typing import Literal

from planner.language import Words

LEAST = 1e-9
"""Size below which a number that is not 0 makes no sense in any column."""
Kind = Literal["id", "text", "number", "integer", "flag", "list", "quarter", "date", "lon", "lat", "choice"]
NUMERIC: frozenset[Kind] = frozenset({"number", "integer", "lon", "lat"})
"""Kinds held as float64, NaN where the cell is blank (R1)."""
_BLANK: Mapping[Kind, object] = MappingProxyType({"flag": False, "list": (), **dict.fromkeys(NUMERIC, nan)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: what it is called, what may stand in it, and what a blank cell means.

    ``zh`` and ``en`` are its names for people; ``aliases`` are the further headers it is recognised by. ``unit`` is the
    unit of the values in the frame, whatever the file's header says. ``reference`` names the table whose ids the cells
    hold. ``minimum`` and ``maximum`` are inclusive, ``above`` is exclusive, and above the size ``sense`` a number can only
    be a slip, all in ``unit``. ``choices`` maps each canonical value to its other spellings. ``default_from`` names the
    column that fills a blank cell. ``blank_says`` is what filters take a blank cell for: a gap in what is known, that there is none (no
    preference, no fixed park), or that anything will do (every chain). ``unlimited`` columns accept 不限 as infinity. ``yearly`` amounts may be headed ``万元/年`` as well as ``万元``.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    required: bool = False
    reference: str | None = None
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    sense: float = 1e10
    choices: Mapping[str, tuple[str, ...]] | None = None
    default: object = None
    default_from: str | None = None
    aliases: tuple[str, ...] = ()
    blank_says: Literal["gap", "none", "any"] = "gap"
    unlimited: bool = False
    yearly: bool = False
    resource: bool = False
    note: Words | None = None

    @property
    def blank(self) -> object:
        """What a blank cell becomes: the declared default, else NaN, ``False``, ``()`` or ``""`` by kind."""
        return self.default if self.default is not None else _BLANK.get(self.kind, "")

    @property
    def numeric(self) -> bool:
        """Whether the values are float64."""
        return self.kind in NUMERIC

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every header this column is recognised by, the canonical name first."""
        return tuple(dict.fromkeys((self.name, self.zh, self.en, *self.aliases)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One table: its names, its key, its columns.

    ``key`` columns together are unique; those of them that are not ``required`` may be blank. ``needed`` tables must be
    there; one that ``may_be_empty`` may have a header and no row. ``takes_resources`` tables have one more column for every resource of the plan.
    """

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    needed: bool = False
    takes_resources: bool = False
    may_be_empty: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def known_as(self) -> tuple[str, ...]:
        """The names by which a file or sheet is taken for this table."""
        return (self.name, self.zh, *self.aliases)

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that canonical name; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    def has(self, name: str) -> bool:
        """Whether a column of that canonical name is declared."""
        return name in self.names

    def adding(self, columns: Iterable[Column]) -> TableSpec:
        """The same table with further columns."""
        return replace(self, columns=(*self.columns, *columns))
