"""A city as its raw tables say it: facts of candidates, parks and links. It imports nothing of the planner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Choice = Mapping[str, tuple[str, str]]


def number(row: Row, column: str, blank: float = 0.0) -> float:
    """A cell as a number."""
    cell = row.get(column, "")
    return blank if cell in ("", None) else float(cell)


def yes(row: Row, column: str) -> bool:
    """A flag."""
    return row.get(column) == "是"


def names(row: Row, column: str) -> list[str]:
    """A list in a cell."""
    return [name for name in str(row.get(column) or "").split("、") if name]


class RawCity:
    """One city. ``plan`` is plan.yaml as a mapping."""

    def __init__(self, plan: Mapping[str, Any], tables: Mapping[str, list[dict[str, Any]]]) -> None:
        self.plan, self.tables = plan, tables
        start, count = plan["quarters"]["start"], plan["quarters"]["count"]
        year, first = int(start[:4]), int(start[5])
        self.calendar = [f"{year + (first - 1 + t) // 4}Q{(first - 1 + t) % 4 + 1}" for t in range(count + 20)]
        """The horizon, and more quarters after it than anything takes to fall due."""
        self.quarters = self.calendar[:count]
        self.candidates = {row["candidate_id"]: row for row in tables["candidates"]}
        self.parks = {row["park_id"]: row for row in tables["parks"]}
        self.links = {row["link_id"]: row for row in tables["links"]}
        self.chains = {row["chain_id"]: row for row in tables["chains"]}
        self.sites = {(row["candidate_id"], row["park_id"]): row for row in tables.get("site_options", [])}
        self.here: dict[str, set[str]] = {link: set() for link in self.links}
        for row in tables.get("incumbents", []):
            self.here[row["link_id"]].add(row["name"])

    def chain(self, i: str) -> str:
        """The chain of a candidate: of its link, or the one it names itself."""
        row = self.candidates[i]
        return str(self.links[row["link_id"]]["chain_id"] if row["link_id"] else row.get("chain_id", ""))

    def family(self, i: str) -> str:
        """The project that a candidate is a version of."""
        return str(self.candidates[i].get("variant_group") or f"alone {i}")

    def need(self, i: str, k: str, resource: str) -> float:
        """What a candidate uses of a resource in a park."""
        own = self.sites.get((i, k), {}).get(resource, "")
        return float(own) if own != "" else number(self.candidates[i], resource)

    def score(self, i: str, k: str) -> float:
        """Its own score and the site's."""
        return number(self.candidates[i], "score") + number(self.sites.get((i, k), {}), "score")

    def weight(self, link: str) -> float:
        """Weight of a link times its chain's."""
        row = self.links[link]
        return number(row, "weight", 1.0) * number(self.chains[row["chain_id"]], "weight", 1.0)

    def supply(self, link: str) -> float:
        """Stated, or what the firms that are here make."""
        if "supply" in self.links[link]:
            return number(self.links[link], "supply")
        return sum(number(row, "capacity") for row in self.tables.get("incumbents", []) if row["link_id"] == link)

    def existing(self, link: str) -> int:
        """Stated, or the named firms; supply without a name is one."""
        if self.links[link].get("sources", "") != "":
            return int(self.links[link]["sources"])
        return len(self.here[link]) or int(self.supply(link) > 0)
