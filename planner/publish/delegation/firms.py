"""Whom a delegation may visit: the plan's firms whose home is in the cities that are asked for, and how much each matters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.geography.divisions import Division, find, short_name
from planner.language import Words
from planner.plan.firm_records import NotSelected, Selected
from planner.problems import did_you_mean, nearest
from planner.publish.delegation.ask import EVERY, Asked
from planner.publish.delegation.codes import refusal
from planner.publish.delegation.places import Point, point_in
from planner.publish.desk import Desk
from planner.spelling import fold_name

TOP = 10_000
"""Priority of the firm that matters most; the others in proportion, 1 at least."""
CROWD = 3
"""Candidates that share one point: it is that of their city, or of a building that nobody has told apart."""
SHOWN = 12


@dataclass(frozen=True)
class Wanted:
    """A firm that may be visited."""

    projects: tuple[Selected | NotSelected, ...]
    point: Point | None
    """None: nothing says where it is."""
    priority: int
    """Of the house's own: it is in no output."""

    @property
    def name(self) -> str:
        return self.projects[0].name

    @property
    def city(self) -> str:
        return self.projects[0].city or ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(project.candidate_id for project in self.projects)

    @property
    def also(self) -> bool:
        """The plan selects none of its projects."""
        return not any(isinstance(project, Selected) for project in self.projects)


def wanted_firms(desk: Desk, asked: Asked) -> tuple[tuple[Wanted, ...], int]:
    """The firms to visit, the more important first, and how many selected projects have their home elsewhere. Raises InputError: nobody is
    there (J101), a name may mean several cities (J102), a candidate is unknown (J106)."""
    plan = desk.plan
    homes = [firm.city for firm in plan.selected if firm.city]
    within = [_within(name, homes, [firm.city for firm in plan.not_selected if firm.city]) for name in asked.cities]
    here = [firm for firm in plan.selected if firm.city and any(_lies(firm.city, city) for city in within)]
    others = _others(desk, asked, within)
    every: tuple[Selected | NotSelected, ...] = (*here, *others)
    for name, city in zip(asked.cities, within, strict=True):
        if not any(firm.city and _lies(firm.city, city) for firm in every):
            raise _nobody(name, homes)
    groups: defaultdict[tuple[str, str], list[Selected | NotSelected]] = defaultdict(list)
    for firm in every:
        groups[fold_name(firm.name), firm.city or ""].append(firm)
    points = _points(desk, [firm.candidate_id for firm in every])
    worth = {key: sum(map(_worth, firms)) for key, firms in groups.items()}
    most = max(worth.values(), default=0.0)
    found = [
        Wanted(tuple(firms), points.get(firms[0].candidate_id), max(1, round(TOP * worth[key] / most)) if most > 0 else 1)
        for key, firms in groups.items()
    ]
    return tuple(sorted(found, key=lambda firm: (-firm.priority, firm.ids))), len(plan.selected) - len(here)


def _worth(firm: Selected | NotSelected) -> float:
    """What the plan says that it brings, or would bring."""
    return max(0.0, sum(firm.contribution.values()) if isinstance(firm, Selected) else firm.gain or 0.0)


def _within(name: str, homes: Sequence[str], spare: Sequence[str]) -> tuple[Division, ...] | str:
    """The division that a name means: that of the firms' homes, where it may be several; a name that is none is compared as it stands."""
    found = find(name, "city") or find(name, "province")
    held = tuple(one for one in found if any(_lies(home, (one,)) for home in (*homes, *spare)))
    if len(held) > 1:
        kinds = {tuple(sorted(home for home in {*homes, *spare} if _lies(home, (one,)))) for one in held}
        if len(kinds) > 1:
            raise refusal("J102", None, "--city", name, names=Words.listed([one.name for one in held]))
    return held[:1] or found[:1] or name


def _lies(home: str, city: tuple[Division, ...] | str) -> bool:
    if isinstance(city, str):
        return fold_name(short_name(home)) == fold_name(short_name(city))
    return any(one.code.startswith(city[0].prefix) for one in find(home, "city")[:1])


def _nobody(name: str, homes: Sequence[str]) -> Exception:
    counts = Counter(homes).most_common()
    listed = Words.listed([f"{city} {count}" for city, count in counts] or [Words("（无）", "(none)")], SHOWN)
    near = nearest(fold_name(name), [short_name(home) for home in dict(counts)]) or nearest(name, list(dict(counts)))
    return refusal(
        "J101", None, "--city", name, cities=listed, near=did_you_mean(near, Words("改用其中的城市", "use one of these"))
    )


def _others(desk: Desk, asked: Asked, within: Sequence[tuple[Division, ...] | str]) -> list[NotSelected]:
    """Candidates that the plan leaves out: those named, or with ``all`` those in the cities that the plan would gain from; another version
    of what is selected is none of them."""
    spare = {firm.candidate_id: firm for firm in desk.plan.not_selected}
    named = [name.strip() for text in asked.also for name in text.split(",")]
    for name in named:
        if name != EVERY and name not in spare:
            remedy = did_you_mean(nearest(name, spare), Words("见工作簿“未选原因”", "see “Not selected” in the workbook"))
            raise refusal("J106", None, "--also", name, near=remedy)
    taken = {fold_name(firm.name) for firm in desk.plan.selected}
    worth = (firm for firm in spare.values() if (firm.gain or 0.0) > 0 and fold_name(firm.name) not in taken)
    every = [firm for firm in worth if firm.city and any(_lies(firm.city, city) for city in within)] if EVERY in named else []
    chosen = {firm.candidate_id: firm for firm in (*every, *(spare[name] for name in named if name != EVERY))}
    return [chosen[key] for key in sorted(chosen)]


def _points(desk: Desk, ids: Iterable[str]) -> dict[str, Point]:
    """Where firms are: their coordinates, else a point within their city; none for a city that is no division of the country."""
    frame = desk.opened.case.candidates
    at = list(zip(frame["lon"].round(6), frame["lat"].round(6), strict=True))
    shared = Counter(at)
    guessed = dict(zip(desk.table("candidates")["candidate_id"].astype(str), desk.assumed("candidates", "lon"), strict=True))
    row_of = dict(zip(frame["candidate_id"].astype(str), range(len(frame)), strict=True))
    found: dict[str, Point] = {}
    rows: list[dict[Any, Any]] = frame.to_dict("records")
    for key in ids:
        number = row_of[key]
        row, city = rows[number], str(rows[number]["city"] or "")
        exact = bool(np.isfinite(row["lon"]) and np.isfinite(row["lat"]))
        try:
            lon, lat = (float(row["lon"]), float(row["lat"])) if exact else point_in(city)
        except LookupError:
            continue
        alone = exact and not guessed.get(key, False) and shared[at[number]] < CROWD
        found[key] = Point(str(row["name"]), city, lon, lat, alone, (key,))
    return found
