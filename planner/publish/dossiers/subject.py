"""The firm that a page is about, selected or not: what it states, and the park and quarter that are put to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.plan.facts import known, stated_in, text
from planner.plan.records import LinkResult, ParkResult, Use
from planner.publish.distances import Spot
from planner.publish.dossiers.here import Here
from planner.publish.offers import Asker
from planner.publish.stated import Stated

FIGURES = ("investment", "output", "tax", "jobs", "capacity", "subsidy")


@dataclass(frozen=True, eq=False)
class Subject:
    """One candidate. ``row`` is its row of the table; numbers that no table states are None."""

    candidate_id: str
    name: str
    row: Stated
    link: LinkResult | None
    chain_id: str | None
    chain_name: str | None
    park: ParkResult | None
    """The plan's, else one that is settled, wished for, or open to it; None: none is."""
    quarter: str | None
    """The plan's, else the first that is open to it."""
    in_plan: bool
    """The plan places it there; never said on the page."""
    figures: Mapping[str, float | None]
    """By :data:`FIGURES`; money 万元."""
    needs: Mapping[str, float | None]
    """Resource id → what it needs in that park."""
    assumed: frozenset[str]
    """Columns, resources among them, that rest on an assumption."""
    home: Spot
    preferred: tuple[str, ...]
    refused: tuple[str, ...]
    """Names of parks."""

    @property
    def source(self) -> str | None:
        return self.row.source

    @property
    def supplies(self) -> float | None:
        """万元 a year at its link."""
        return self.figures["capacity"]

    def own_use(self, resource_id: str, quarter: str) -> float:
        """What of a park's use in a quarter is this firm's own."""
        if not self.in_plan or self.quarter is None or quarter < self.quarter:
            return 0.0
        return self.needs.get(resource_id) or 0.0

    def asker(self) -> Asker:
        """As policies ask."""
        return Asker(
            chain_id=self.chain_id,
            link_id=None if self.link is None else self.link.link_id,
            classes=self.row.names("class"),
            county=None if self.park is None else self.park.county,
            quarter=self.quarter,
            bases={name: self.figures[name] for name in ("investment", "output", "tax", "subsidy")},
            assumed=self.assumed,
        )


def subject_of(here: Here, candidate_id: str) -> Subject:
    """The firm as its page shows it. Raises KeyError: there is no such candidate."""
    case, i = here.case, here.position[candidate_id]
    row: dict[Any, Any] = case.candidates.iloc[i].to_dict()
    park, quarter, in_plan = _place(here, candidate_id, i)
    k = -1 if park is None else [str(name) for name in case.parks["park_id"]].index(park.park_id)
    link = None if int(row["link"]) < 0 else here.links[str(case.links["link_id"].iloc[int(row["link"])])]
    chain = None if int(row["chain"]) < 0 else case.chains.iloc[int(row["chain"])]
    at = int(row["row"])
    assumed = set(here.marks.of_row("candidates", at))
    needs, of_pair = _needs(here, i, k)
    names = case.parks["name"].astype(str).to_numpy(object)
    return Subject(
        candidate_id=candidate_id,
        name=str(row["name"]),
        row=Stated(
            {str(name): value for name, value in row.items()},
            text(row.get("source")) or here.marks.source("candidates", at),
            frozenset(assumed),
        ),
        link=link,
        chain_id=None if chain is None else str(chain["chain_id"]),
        chain_name=None if chain is None else str(chain["name"]),
        park=park,
        quarter=quarter,
        in_plan=in_plan,
        figures={name: _figure(here, row, name) for name in FIGURES},
        needs=needs,
        assumed=frozenset(assumed | of_pair),
        home=Spot(_names(candidate_id, row), known(row.get("lon", np.nan)), known(row.get("lat", np.nan))),
        preferred=tuple(names[case.preferred[i]].tolist()),
        refused=tuple(names[case.refused[i]].tolist()),
    )


def _names(candidate_id: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in (candidate_id, text(row["name"]), text(row.get("city"))) if name)


def _figure(here: Here, row: Mapping[str, Any], name: str) -> float | None:
    columns = ("capacity", "output") if name == "capacity" else (name,)  # without a capacity it is the output
    if not any(stated_in(here.case, column, "candidates") for column in columns):
        return None
    return known(row[name])


def _place(here: Here, candidate_id: str, i: int) -> tuple[ParkResult | None, str | None, bool]:
    """Park and quarter to put to the firm, and whether they are the plan's."""
    case, eligible, firm = here.case, here.eligible, here.selected.get(candidate_id)
    if firm is not None:
        return here.parks[firm.park_id], firm.quarter, True
    ids = [str(name) for name in case.parks["park_id"]]
    open_to = eligible.pairs[i]
    fixed = int(case.candidates["fixed_park"].iloc[i])
    wished = np.flatnonzero(case.preferred[i] & open_to)
    left_out = here.left_out.get(candidate_id)
    best = None if left_out is None else left_out.best_park_id
    park_id = ids[fixed] if fixed >= 0 else ids[int(wished[0])] if len(wished) else best
    if park_id is None and open_to.any():
        park_id = ids[int(np.flatnonzero(open_to)[0])]
    quarters = np.flatnonzero(eligible.quarter[i])
    quarter = case.quarters[int(quarters[0])] if len(quarters) else None
    return here.parks.get(park_id or ""), quarter, False


def _needs(here: Here, i: int, k: int) -> tuple[dict[str, float | None], set[str]]:
    """What it needs in park ``k``, and which of that the table of site options assumes."""
    case = here.case
    candidate, park = np.array([i]), np.array([k])
    own = k >= 0 and int(case.own_rows(candidate, park)[0]) >= 0
    needs: dict[str, float | None] = {}
    assumed: set[str] = set()
    for r, supply in enumerate(case.resources):
        name = supply.resource_id
        stated = stated_in(case, name, "candidates", "site_options")
        needs[name] = None if not stated else known(case.need_in(r, candidate, park)[0]) if k >= 0 else known(case.needs[i, r])
        if own and here.marks.column("site_options", name):
            assumed.add(name)
    return needs, assumed


def uses_of(here: Here, park: ParkResult, resource_id: str) -> list[Use]:
    """What is used and what there is of a resource in a park, or in the zone or the region that holds it, quarter by quarter."""
    scope = next(resource.scope for resource in here.plan.resources if resource.resource_id == resource_id)
    if scope == "park":
        return [use for use in park.use if use.resource_id == resource_id]
    areas = [area for area in here.plan.areas if area.scope == scope and (scope == "region" or area.area_id == park.zone)]
    return [use for area in areas for use in area.use if use.resource_id == resource_id]
