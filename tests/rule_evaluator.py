"""Filters and rules judged by docs/rules.md alone: plain Python over the raw tables as dictionaries.

It imports nothing of the planner. A rule's verdict is, for each group, its value (None where it has none) and by how much it is
violated; groups are named by the texts of their columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple
from unicodedata import normalize

from tests.raw_city import Choice, RawCity, Row, names

OWN_TABLE = {"chain": "chain", "link": "link", "park": "park", "candidate": "candidate"}
OF_CANDIDATE = ("candidate", "link", "chain", "fund")
IDS = {"chain": "chain_id", "link": "link_id", "park": "park_id", "candidate": "candidate_id"}
NAMED = {
    "candidate_id": "candidate",
    "link_id": "link",
    "chain_id": "chain",
    "park_id": "park",
    "allowed_chains": "chain",
    **dict.fromkeys(("fixed_park", "preferred_parks", "refused_parks"), "park"),
}
LISTS = {"preferred_parks", "refused_parks", "allowed_chains"}
NOBODY_HAS_ONE = {"preferred_parks", "refused_parks", "fixed_park", "fixed_quarter"}
"""Columns of candidates whose blanks say that there is none."""
FLAGS = {"must_include", "exclude", "bottleneck", "carry_over"}
QUARTERS = {"quarter", "fixed_quarter"}
MONEY = {"investment", "tax", "subsidy"}
CHOICES = {"意向": "prospect", "在谈": "negotiating", "已签约": "signed", "已流失": "lost"}
YES, NO = {"是", "yes", "true", True}, {"否", "no", "false", False, ""}
UNITS = {
    "": 1.0,
    "万元": 1.0,
    "亿元": 1e4,
    "元": 1e-4,
    "亩": 1.0,
    "公顷": 15.0,
    "MW": 1.0,
    "kW": 1e-3,
    "人": 1.0,
    "万人": 1e4,
    "%": 0.01,
    "万元/亩": 1.0,
    "亿元/公顷": 1e4 / 15,
    "亿元/亩": 1e4,
    "元/亩": 1e-4,
    "亿元/家": 1e4,
    "万元/家": 1.0,
}
_NEVER = 1e99


class Verdict(NamedTuple):
    """What a group of a rule comes to."""

    value: float | None
    violation: float


def amount(written: Any) -> float:
    """A number with or without a unit, in the canonical one."""
    if isinstance(written, str):
        number, unit = re.fullmatch(r"([-+\d.eE]+)\s*(.*)", normalize("NFKC", written).strip()).groups()  # type: ignore[union-attr]
        return float(number) * UNITS[unit]
    return float(written)


def quarter(written: Any) -> str:
    """A quarter however it is spelled."""
    text = normalize("NFKC", str(written))
    found = re.fullmatch(r"(\d{4})\s*(?:年\s*(?:第)?([一二三四1-4])季度|Q([1-4]))", text)
    return f"{found[1]}Q{found[3] or '0一二三四'.find(found[2]) if not (found[2] or '').isdigit() else found[2]}" if found else text


def plain(value: Any) -> Any:
    """A value to be compared: numbers as numbers."""
    if value is None:
        return ""
    try:
        return float(value) if not isinstance(value, bool) else value
    except ValueError:
        return str(value)


class Rules(RawCity):
    """One city. What filters take and what rules come to."""

    def payer(self, i: str) -> str:
        """The fund that pays a candidate: the one it names, or the only one."""
        ids = sorted({row["fund_id"] for row in self.tables.get("funds", [])})
        return ids[0] if len(ids) == 1 else str(self.candidates[i].get("fund_id", "")) if ids else ""

    # What a column says

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, with the facts that belong to each."""
        if table == "candidate":
            return [
                {**row, "link_id": row["link_id"], "chain_id": self.chain(i), "fund_id": self.payer(i)}
                for i, row in self.candidates.items()
            ]
        if table == "link":
            return [{**row, "weight": self.weight(link)} if "weight" in row else row for link, row in self.links.items()]
        if table == "fund":
            return list({row["fund_id"]: row for row in self.tables.get("funds", [])}.values())
        if table == "quarter":
            return [{"quarter": name} for name in self.quarters]
        return list({"park": self.parks, "chain": self.chains}[table].values())

    def table_of(self, column: str) -> tuple[str, str]:
        """The table that a column is of, and its name there."""
        prefix, dot, name = column.partition(".")
        if dot and prefix in ("candidate", "link", "park", "chain", "fund"):
            return prefix, name
        if column in ("quarter", "link_id", "chain_id", "fund_id"):
            return column.removesuffix("_id"), column
        if column in self.plan["resources"]:
            return "resource", column
        for table in ("candidate", "link", "park", "chain", "fund"):
            if any(column in row for row in self.rows(table)):
                return table, column
        if column in NOBODY_HAS_ONE:
            return "candidate", column
        raise KeyError(column)

    def facts(self, i: str, k: str, q: str) -> dict[str, Row]:
        """The rows of every table that speak of a project in a park from a quarter on."""
        mine = {row["candidate_id"]: row for row in self.rows("candidate")}[i]
        return {
            "candidate": mine,
            "link": next((row for row in self.rows("link") if row["link_id"] == mine["link_id"]), {}),
            "chain": self.chains.get(mine["chain_id"], {}),
            "fund": next((row for row in self.rows("fund") if row["fund_id"] == mine["fund_id"]), {}),
            "park": self.parks[k],
            "quarter": {"quarter": q},
            "resource": {name: self.need(i, k, name) for name in self.plan["resources"]},
        }

    # Filters

    def meets(self, where: Mapping[str, Any], facts: Mapping[str, Row]) -> bool:
        """Whether a filter takes a project; what is said of tables that ``facts`` does not have is taken to hold."""
        for column, wanted in where.items():
            if column == "any":
                if not any(self.meets(one, facts) for one in wanted):
                    return False
            else:
                table, name = self.table_of(column)
                if table in facts and not self._asked(name, facts[table].get(name, ""), wanted):
                    return False
        return True

    def _id(self, name: str, value: Any) -> Any:
        """An id, or the one that has it for a name."""
        if name not in NAMED or value == "":
            return value
        ids = {str(row[IDS[NAMED[name]]]): str(row.get("name", "")) for row in self.rows(NAMED[name])}
        if str(value) in ids:
            return str(value)
        (only,) = [one for one, called in ids.items() if called == str(value)]
        return only

    def _same(self, name: str, cell: Any, value: Any) -> bool:
        if name in FLAGS:
            return (cell in YES) == (value in YES)
        if name in QUARTERS:
            return quarter(cell) == quarter(value)
        if name == "status":
            cell, value = CHOICES.get(cell, cell or "prospect"), CHOICES.get(value, value)
        if name in MONEY and value not in ("", None):
            return bool(plain(cell) == amount(value))
        return bool(plain(cell) == plain(self._id(name, value)))

    def _asked(self, name: str, cell: Any, wanted: Any) -> bool:
        cells = (names({name: cell}, name) or [""]) if name in LISTS else [cell]
        if not isinstance(wanted, Mapping):
            return any(
                self._same(name, one, value) for one in cells for value in (wanted if isinstance(wanted, list) else [wanted])
            )
        blank = cells == [""]
        return all(
            (
                "blank" not in wanted or wanted["blank"] == blank,
                not any(self._same(name, one, value) for one in cells for value in wanted.get("exclude", [])),
                "contains" not in wanted or any(self._holds(one, wanted["contains"]) for one in cells),
                not {"min", "max"} & set(wanted) or self._within(cell, wanted),
                not {"from", "until"} & set(wanted)
                or (not blank and quarter(wanted.get("from", "0")) <= quarter(cell) <= quarter(wanted.get("until", "9"))),
            )
        )

    @staticmethod
    def _holds(cell: Any, parts: Any) -> bool:
        text = normalize("NFKC", str(cell)).casefold()
        return any(normalize("NFKC", one).casefold() in text for one in ([parts] if isinstance(parts, str) else parts))

    @staticmethod
    def _within(cell: Any, wanted: Mapping[str, Any]) -> bool:
        number = plain(cell)
        return isinstance(number, float) and amount(wanted.get("min", -_NEVER)) <= number <= amount(wanted.get("max", _NEVER))

    # Groups

    def _per(self, rule: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(table, column) of each column of per; none for the whole plan."""
        written = rule.get("per", "plan")
        columns = [written] if isinstance(written, str) else list(written)
        if columns == ["plan"]:
            return []
        return [(OWN_TABLE[one], IDS[OWN_TABLE[one]]) if one in OWN_TABLE else self.table_of(one) for one in columns]

    def _own_rows(self, side: str, only_links: bool) -> list[dict[str, Row]]:
        """Rows that make groups. A candidate is one row with its link, chain and fund; groups by links and chains come from the
        table of links, and that of chains."""
        if side != "candidate":
            return [{side: row} for row in self.rows(side)]
        if only_links:
            linked = [{"link": row, "chain": self.chains[row["chain_id"]]} for row in self.rows("link")]
            return [*linked, *({"link": {}, "chain": row} for row in self.rows("chain"))]
        place, time = next(iter(self.parks)), self.quarters[0]
        return [{name: row for name, row in self.facts(i, place, time).items() if name in OF_CANDIDATE} for i in self.candidates]

    def groups(self, rule: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Values of the rows that the filter does not rule out by columns of their own table; all combinations of tables."""
        per = self._per(rule)
        side = {table: "candidate" if table in OF_CANDIDATE else table for table, _ in per}
        only_links = not {"candidate", "fund"} & set(side)
        found: dict[str, list[tuple[Any, ...]]] = {}
        for own in dict.fromkeys(side.values()):
            columns = [(table, name) for table, name in per if side[table] == own]
            kept = [facts for facts in self._own_rows(own, only_links) if self.meets(rule.get("where", {}), facts)]
            found[own] = list(dict.fromkeys(tuple(plain(facts[table].get(name, "")) for table, name in columns) for facts in kept))
        made = []
        for combination in product(*found.values()):
            parts = {own: iter(values) for own, values in zip(found, combination, strict=True)}
            group = tuple(next(parts[side[table]]) for table, _ in per)
            if "" not in group:
                made.append(group)
        return made

    def group_of(self, rule: Mapping[str, Any], facts: Mapping[str, Row]) -> tuple[Any, ...]:
        """The group that a project is in."""
        return tuple(plain(facts[table].get(name, "")) for table, name in self._per(rule))

    # Values

    def verdicts(self, rule: Mapping[str, Any], choice: Choice) -> dict[tuple[Any, ...], Verdict]:
        """The value and violation of every group that has a bound."""
        form = next(name for name in ("count", "sum", "share", "mean") if name in rule)
        told: Mapping[str, Any] = rule if form == "sum" else rule[form]
        projects = [(i, self.facts(i, *at)) for i, at in choice.items()]
        where, among = rule.get("where", {}), told.get("among", {}) if form == "share" else {}
        taken = {i for i, facts in projects if self.meets(where, facts)}
        whole = {i for i, facts in projects if self.meets(among, facts)}
        within = {i: self.group_of(rule, facts) for i, facts in projects}
        by_id = dict(projects)

        def total(column: str, ids: set[str]) -> float:
            return sum(1.0 if column == "count" else self._number(column, by_id[i]) for i in ids)

        found = {}
        for group in self.groups(rule):
            here = {i for i in taken if within[i] == group}
            lower: float | None = None
            if form == "count":
                upper = total("count", here)
            elif form == "sum":
                upper = total(rule["sum"], here)
            elif form == "share":
                upper = total(told.get("of", "count"), here & whole)
                base = {i for i in whole if within[i] == group} if told.get("within") == "group" else whole
                lower = total(told.get("of", "count"), base)
            else:
                upper, lower = total(told["of"], here), total(told.get("over", "count"), here)
            bounds = self._bounds(rule, told, group)
            if bounds:
                factor = 1.0 if lower is None else lower
                violation = max([0.0, *self._beyond(bounds, upper, factor)])
                value = upper if lower is None else upper / lower if lower else None
                found[group] = Verdict(value, violation)
        return found

    def _number(self, column: str, facts: Mapping[str, Row]) -> float:
        table, name = self.table_of(column)
        return float(facts[table][name])

    def _bounds(self, rule: Mapping[str, Any], told: Mapping[str, Any], group: tuple[Any, ...]) -> dict[str, float]:
        given = told
        columns = [rule["per"]] if isinstance(rule.get("per", "plan"), str) and "per" in rule else list(rule.get("per", []))
        for row in rule.get("by_group", []):
            named = tuple(
                plain(self._id(IDS[OWN_TABLE[one]] if one in OWN_TABLE else one.rpartition(".")[2], row[one])) for one in columns
            )
            if named == group:
                given = row
        return {key: amount(given[key]) for key in ("min", "max", "equal") if key in given}

    @staticmethod
    def _beyond(bounds: Mapping[str, float], upper: float, factor: float) -> Iterator[float]:
        for key, bound in bounds.items():
            if key != "max":
                yield bound * factor - upper
            if key != "min":
                yield upper - bound * factor

    # The objective

    def worth(self, choice: Choice) -> float | None:
        """Weighted sums of columns less the price of soft rules; None where a hard rule is broken."""
        objective, value = self.plan["objective"], 0.0
        offered = {name: sum(float(row[name]) for row in self.candidates.values()) or 1.0 for name in objective["weights"]}
        scale = {name: offered[name] if objective["normalise"] else 1.0 for name in offered}
        for name, weight in objective["weights"].items():
            value += weight * sum(float(self.candidates[i][name]) for i in choice) / scale[name]
        for rule in self.plan["rules"]:
            violation, soft = sum(told.violation for told in self.verdicts(rule, choice).values()), rule.get("soft")
            if soft is None:
                if violation > 1e-7:
                    return None
                continue
            if not isinstance(soft, (int, float)):
                money, term = (soft["money"], soft["term"]) if isinstance(soft, Mapping) else (soft, "")
                (term,) = [term] if term else [name for name, weight in objective["weights"].items() if weight]
                soft = amount(money) * abs(objective["weights"][term]) / scale[term]
            value -= soft * violation
        return value

    def best(self) -> float | None:
        """The most over all choices."""
        places = [None, *product(self.parks, self.quarters)]
        plans = product(places, repeat=len(self.candidates))
        every = ({i: at for i, at in zip(self.candidates, plan, strict=True) if at is not None} for plan in plans)
        return max((value for choice in every if (value := self.worth(choice)) is not None), default=None)
