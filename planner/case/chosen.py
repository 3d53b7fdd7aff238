"""The selected projects one by one, as plain values, and the links as they leave them: what checks add up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from planner.case.case import Case, Choice, Floats
from planner.case.chains import TOLERANCE as NO_SHORTAGE
from planner.tolerances import rounding

FACTS = [
    *("candidate_id", "name", "link", "chain", "status", "exclude", "fixed_park", "fixed_quarter"),
    *("capacity", "landing_probability", "output", "tax", "jobs", "investment", "subsidy", "score"),
]


@dataclass(frozen=True, eq=False)
class Link:
    """One link after a choice. ``firms``: new sources by name; ``missing``: 1 − π of each project of theirs."""

    demand: float
    supply: float
    existing: int
    needed: float
    firms: frozenset[str]
    missing: tuple[float, ...]

    @property
    def shortage(self) -> float:
        """What supply is short of demand, 0 where it is less than the diagnosis takes for none."""
        short = self.demand - self.supply
        return short if short >= NO_SHORTAGE else 0.0

    @property
    def sources(self) -> int:
        """Distinct firms, those that were here and new ones."""
        return self.existing + len(self.firms)

    def backed_up(self, reliability: float | None) -> bool:
        """Enough sources, and where newcomers are needed for that, one of them lands with the probability asked for."""
        if self.sources < self.needed or reliability is None or self.existing >= self.needed:
            return self.sources >= self.needed
        return bool(reliability - (1.0 - prod(self.missing)) <= rounding(1.0))


@dataclass(frozen=True, eq=False)
class Chosen:
    """A choice over a case. ``needs``: use of each resource by each selected project, shape (N, R)."""

    case: Case
    choice: Choice
    needs: Floats

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The facts of each project, with ``park`` and ``quarter`` as positions."""
        frame = self.case.candidates.iloc[self.choice.candidate]
        choice = self.choice
        positions = {"position": choice.candidate, "park": choice.park, "quarter": choice.quarter}
        positions["project"] = self.case.project_of[choice.candidate]
        columns = {name: frame[name].tolist() for name in FACTS} | {name: at.tolist() for name, at in positions.items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    @cached_property
    def park_of(self) -> dict[str, int]:
        """Candidate id → park."""
        return {str(row["candidate_id"]): row["park"] for row in self.rows}

    @cached_property
    def site_scores(self) -> dict[tuple[int, int], float]:
        """What ``site_options`` add to a candidate's score in a park."""
        pairs = self.case.pairs
        return dict(zip(zip(pairs.candidate.tolist(), pairs.park.tolist(), strict=True), pairs.score.tolist(), strict=True))

    @cached_property
    def before(self) -> list[Link]:
        """The links as they are today."""
        links = self.case.links
        columns = [links[name].tolist() for name in ("demand", "supply", "sources", "min_sources")]
        return [Link(d, s, int(n), float(least), frozenset(), ()) for d, s, n, least in zip(*columns, strict=True)]

    @cached_property
    def after(self) -> list[Link]:
        """Demand with what newcomers need, supply with what they are expected to make, sources by distinct firm."""
        demand, supply = [one.demand for one in self.before], [one.supply for one in self.before]
        new: list[list[tuple[str, float]]] = [[] for _ in self.before]
        edges: dict[int, list[tuple[int, float]]] = {}
        columns = (self.case.edges[name].tolist() for name in ("from_link", "to_link", "coefficient"))
        for source, served, coefficient in zip(*columns, strict=True):
            edges.setdefault(served, []).append((source, coefficient))
        firms = zip(self.case.incumbents["link"].tolist(), self.case.incumbents["name"].tolist(), strict=True)
        here = {(link, str(name)) for link, name in firms}
        for row in self.rows:
            if (link := row["link"]) < 0:
                continue
            supply[link] += row["capacity"] * row["landing_probability"]
            for source, coefficient in edges.get(link, ()):
                demand[source] += coefficient * row["capacity"]
            if (link, str(row["name"])) not in here:
                new[link].append((str(row["name"]), 1.0 - row["landing_probability"]))
        return [
            Link(d, s, one.existing, one.needed, frozenset(f for f, _ in who), tuple(q for _, q in who))
            for one, d, s, who in zip(self.before, demand, supply, new, strict=True)
        ]
