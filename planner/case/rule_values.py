"""What the analyst's own rules come to for a choice, one selected project after the other.

Filters, names, groups, bounds and amounts are read here anew from the settings and the tables, value by value, without the masks
that the programme's rows are made of, so that a mistake in either shows as a difference. Only the table of units is shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import fsum, nan
from typing import Any

from planner.case.case import Case, Choice, Floats
from planner.settings.base import RefusedError, normal_quarter
from planner.settings.filters import Condition, amount_parts
from planner.settings.rules import Bounds, Rule
from planner.spelling import half_width
from planner.tables.spec import TABLES
from planner.tables.units import convert

POSITIONS = frozenset({"row", "link", "chain", "geometry"})
"""Columns of the case's frames that are positions and no facts."""
_OF_CANDIDATE = ("candidate", "link", "chain", "fund")
"""Owners whose facts a candidate has."""
_TABLE = {"candidate": "candidates", "link": "links", "chain": "chains", "fund": "funds", "park": "parks"}
_SHORT = {"chain": "chain_id", "link": "link_id", "park": "park_id", "candidate": "candidate_id"}


@dataclass(frozen=True, eq=False)
class RuleValue:
    """One rule in one group. ``size``: the sum of the absolute amounts, by which rounding is measured."""

    rule: int
    group: str
    """The values of its columns, ``/`` between them; empty for the whole plan."""
    value: float
    """A count or sum, or a ratio; NaN for a ratio of nothing to nothing."""
    low: float | None
    high: float | None
    bound: int
    """The row of ``by_group`` that the bounds come from, −1 for the rule's own."""
    violation: float
    """Of a ratio: by how much its upper sum is short of, or beyond, the bound times its lower sum."""
    size: float

    @property
    def known(self) -> bool:
        """Whether there is a value: a ratio of nothing to nothing has none."""
        return self.value == self.value


@dataclass(frozen=True, slots=True)
class _At:
    """Positions that facts are read at, of a selected project or of one row of a table that makes groups; −1: none."""

    candidate: int = -1
    link: int = -1
    chain: int = -1
    fund: int = -1
    park: int = -1
    quarter: int = -1
    needs: Sequence[float] = ()
    """What a project uses of each resource."""


def rule_values(case: Case, choice: Choice, needs: Floats) -> tuple[RuleValue, ...]:
    """Every rule in every group that it has a bound for. ``needs``: use of each resource by each selected project, (N, R)."""
    tables = _PlainTables(case)
    chosen = zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), needs.tolist(), strict=True)
    projects = [tables.project(i, park, quarter, need) for i, park, quarter, need in chosen]
    return tuple(value for position, rule in enumerate(case.settings.rules) for value in _values(tables, position, rule, projects))


def _values(tables: _PlainTables, position: int, rule: Rule, projects: Sequence[_At]) -> Iterator[RuleValue]:
    form = rule.share or rule.mean
    upper = rule.sum if form is None else form.of
    lower = None if form is None else form.of if rule.share is not None else form.over  # type: ignore[union-attr]
    among = rule.share.among if rule.share is not None else {}
    groups = tables.groups(rule)
    whole = rule.share is not None and rule.share.within == "plan"
    above: dict[tuple[str, ...], list[float]] = {label: [] for label in groups}
    below: dict[tuple[str, ...], list[float]] = {label: [] for label in groups}
    everything: list[float] = []
    for project in projects:
        if not tables.meets(among, project):
            continue
        label, taken = tables.label(rule, project), tables.meets(rule.where, project)
        if lower is not None and (rule.share is not None or taken):
            everything.append(tables.amount(lower, project))
            if label in below:
                below[label].append(tables.amount(lower, project))
        if label in above and taken:
            above[label].append(tables.amount(upper, project))
    total_of, size_of = fsum(everything), fsum(map(abs, everything))
    for label in groups:
        low, high, bound = tables.bounds(rule, label)
        if low is None and high is None:
            continue
        total, parts = fsum(above[label]), above[label]
        name = " / ".join(label)
        if lower is None:
            short, over = (0.0 if low is None else low - total), (0.0 if high is None else total - high)
            size = max(fsum(map(abs, parts)), abs(low or 0.0), abs(high or 0.0))
            yield RuleValue(position, name, total, low, high, bound, max(0.0, short, over), size)
            continue
        divided, width = (total_of, size_of) if whole else (fsum(below[label]), fsum(map(abs, below[label])))
        short = 0.0 if low is None else low * divided - total
        over = 0.0 if high is None else total - high * divided
        size = fsum(map(abs, parts)) + max(abs(low or 0.0), abs(high or 0.0)) * width
        ratio = total / divided if divided else nan
        yield RuleValue(position, name, ratio, low, high, bound, max(0.0, short, over), size)


class _PlainTables:
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

    def project(self, i: int, park: int = -1, quarter: int = -1, needs: Sequence[float] = ()) -> _At:
        """A candidate, with its link, chain and fund."""
        return _At(i, self.links[i], self.chains[i], self._fund(i), park, quarter, needs)

    def _fund(self, i: int) -> int:
        """The only fund, or the one that a candidate names."""
        if len(self.funds) == 1:
            return 0
        named = self.column("candidate", "fund_id")[i] if "fund_id" in self.case.candidates.columns else ""
        return self.funds.get(_text(named), -1)

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
        key = f"{owner}_id"
        said: dict[str, Any] = {}
        for own, value in zip(table[key].tolist(), table[name].tolist(), strict=True):
            said.setdefault(_text(own), value)
        return [said.get(_text(own)) for own in self.column(owner, key)]

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
        owners = [one for one in ("candidate", "link", "park") if name in self.frames[one].columns and name not in POSITIONS]
        if owners:
            return next((one for one in owners if self._written(one, name)), owners[0]), name
        owner, _, column = name.partition(".")
        if column and owner in _TABLE:
            return owner, column
        held = (owner for owner in ("chain", "link", "fund") if name in self._further(owner) or name in self.frames.get(owner, ()))
        return next(held, "candidate"), name

    def fact(self, name: str, at: _At) -> Any:
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
            return {_loose(word): frozenset({value}) for value, words in choices.items() for word in (value, *words)}
        of = named.get(column, column.removesuffix("_id") if column.endswith("_id") else "")
        if of not in self.frames:
            return {}
        known: dict[str, frozenset[str]] = {}
        for own, name in zip(self.column(of, f"{of}_id"), self.column(of, "name"), strict=True):
            if _text(name):
                known[_loose(_text(name))] = known.get(_loose(_text(name)), frozenset()) | {_text(own)}
        return known

    def meets(self, where: Mapping[str, Any], at: _At, owners: Sequence[str] | None = None) -> bool:
        """Whether the facts at a position meet a filter; with ``owners`` only what it asks of these is looked at, and the rest may
        be so."""
        for name, wanted in where.items():
            if name == "any" and isinstance(wanted, tuple):
                if not any(self.meets(entry, at, owners) for entry in wanted):
                    return False
            elif (owners is None or self.owner(name)[0] in owners) and not self._holds(name, wanted, self.fact(name, at)):
                return False
        return True

    def _holds(self, name: str, wanted: Any, fact: Any) -> bool:
        owner, column = self.owner(name)
        names = self.names(owner, column) if owner in _TABLE else {}
        entries = (list(fact) or [""]) if isinstance(fact, (tuple, list)) else [fact]
        if isinstance(wanted, Condition):
            if any(_is(entry, value, names, self, name) for entry in entries for value in wanted.exclude):
                return False
            return any(_within(wanted, entry, lambda amount: self._amount_of(owner, column, amount)) for entry in entries)
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
        return frozenset(map(_text, entries))

    def quarterly(self, name: str) -> bool:
        """Whether a column holds quarters."""
        owner, column = self.owner(name)
        spec = TABLES[_TABLE[owner]] if owner in _TABLE else None
        return owner == "quarter" or (spec is not None and spec.has(column) and spec.column(column).kind == "quarter")

    def _amount_of(self, owner: str, column: str, amount: float | str) -> float:
        return _number_in(amount, self.unit(owner, column))

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

    def amount(self, name: str | None, at: _At) -> float:
        """What one project adds: 1 where projects are counted."""
        return 1.0 if name in (None, "count") else float(self.fact(str(name), at))

    def bounds(self, rule: Rule, label: tuple[str, ...]) -> tuple[float | None, float | None, int]:
        """Least, most and where they are written: the row of ``by_group`` that names the group, or −1 for the rule itself."""
        for position, row in enumerate(rule.by_group):
            named = zip(rule.per, label, strict=True)
            if all(self._holds(_SHORT.get(name, name), row[name], text) for name, text in named):
                own = {key: row[key] for key in ("min", "max", "equal") if key in row}
                return *self._limits(rule, Bounds.model_validate(own)), position
        nested = rule.count or rule.share or rule.mean
        return *self._limits(rule, nested if nested is not None else rule), -1

    def _limits(self, rule: Rule, bounds: Bounds) -> tuple[float | None, float | None]:
        if rule.share is not None:
            unit = "1"
        elif rule.mean is not None:
            unit = self._unit_named(rule.mean.of)
            if rule.mean.over != "count":
                over = self._unit_named(rule.mean.over)
                unit = f"{unit}/{over}" if unit and over else ""
        else:
            unit = self._unit_named(rule.sum or "count")
        low = bounds.min if bounds.equal is None else bounds.equal
        high = bounds.max if bounds.equal is None else bounds.equal
        return (None if low is None else _number_in(low, unit)), (None if high is None else _number_in(high, unit))

    def _unit_named(self, name: str) -> str:
        return "个" if name == "count" else self.unit(*self.owner(name))

    def label(self, rule: Rule, at: _At) -> tuple[str, ...]:
        """The group that a position is in, by what its columns say; () for the whole plan."""
        columns = (_SHORT.get(name, name) for name in rule.per if name != "plan")
        return tuple(_text(self.fact(name, at)) for name in columns)

    def groups(self, rule: Rule) -> list[tuple[str, ...]]:
        """Groups that a rule speaks of: every combination of what rows of the tables say that may meet its filter.

        Candidates do not make groups of links and chains: a chain without a single candidate falls short of "at least one per
        chain".
        """
        columns = [_SHORT.get(name, name) for name in rule.per if name != "plan"]
        owners = {name: self.owner(name)[0] for name in columns}
        of_candidate = [name for name in columns if owners[name] in _OF_CANDIDATE]
        sides: list[tuple[list[str], list[_At], Sequence[str]]] = []
        if of_candidate and all(owners[name] in ("link", "chain") for name in of_candidate):
            rows = [_At(link=link, chain=chain) for link, chain in enumerate(self.column("link", "chain"))]
            rows += [_At(chain=chain) for chain in range(len(self.case.chains))]
            sides.append((of_candidate, rows, ("link", "chain")))
        elif of_candidate:
            sides.append((of_candidate, [self.project(i) for i in range(len(self.case.candidates))], _OF_CANDIDATE))
        of_park = [name for name in columns if owners[name] == "park"]
        if of_park:
            sides.append((of_park, [_At(park=park) for park in range(len(self.case.parks))], ("park",)))
        if "quarter" in columns:
            sides.append((["quarter"], [_At(quarter=t) for t in range(len(self.case.quarters))], ("quarter",)))
        said: list[list[dict[str, str]]] = []
        for names, rows, looked_at in sides:
            labels = {
                tuple(_text(self.fact(name, row)) for name in names) for row in rows if self.meets(rule.where, row, looked_at)
            }
            said.append([dict(zip(names, label, strict=True)) for label in sorted(labels) if all(label)])
        combined = ({name: text for part in parts for name, text in part.items()} for parts in product(*said))
        return [tuple(texts[name] for name in columns) for texts in combined]


def _is(fact: Any, value: Any, names: Mapping[str, frozenset[str]], tables: _PlainTables, column: str) -> bool:
    """Whether a fact is a value: the same text, the same quarter, or the id whose name it is where no id is spelt so."""
    own, asked = _text(fact), _text(value)
    if own == asked:
        return True
    if tables.has_text(column, asked):
        return False
    if own in names.get(_loose(asked), frozenset()):
        return True
    try:
        return tables.quarterly(column) and own == normal_quarter(asked)
    except RefusedError:
        return False


def _within(wanted: Condition, fact: Any, amount: Any) -> bool:
    """Whether a fact is in the range, the quarters and the text that are asked for; one that is not known meets none of them."""
    text = _text(fact)
    if wanted.blank is not None and wanted.blank != (text == ""):
        return False
    if wanted.min is not None or wanted.max is not None:
        number = _number(fact)
        if number is None or (wanted.min is not None and number < amount(wanted.min)):
            return False
        if wanted.max is not None and number > amount(wanted.max):
            return False
    if (wanted.since is not None and not wanted.since <= text) or (wanted.until is not None and not "" < text <= wanted.until):
        return False
    return not wanted.contains or any(_loose(part) in _loose(text) for part in wanted.contains)


def _number_in(amount: float | str, unit: str) -> float:
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


def _loose(text: str) -> str:
    return half_width(text).casefold().strip()


def _text(value: object) -> str:
    """A value as text: 3.0 is 3, a flag true or false, what is not known blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
