"""What the things that limits speak of are called."""

from __future__ import annotations

from collections.abc import Mapping

from planner.case.case import REGION, Case
from planner.language import Words
from planner.limits.family import Subject, same

EVERYWHERE = Words("全域", "the region")


def place_name(case: Case, resource: int, place: int) -> Words:
    """A park's name, a zone, or the whole region."""
    supply = case.resources[resource]
    if supply.scope == "park":
        return same(case.parks["name"].iloc[place])
    name = supply.places[place]
    return EVERYWHERE if name == REGION else same(name)


def group_name(case: Case, kind: str, position: int) -> str:
    """The name of a group of ``relations``, or its candidates."""
    group = getattr(case.settings.relations, kind)[position]
    return group.name or "、".join(group.candidates)


def candidate_subject(case: Case, about: Mapping[str, int]) -> Subject:
    """A candidate."""
    row = case.candidates.iloc[about["candidate"]]
    return Subject(same(row["name"]), (str(row["candidate_id"]),))


def link_subject(case: Case, about: Mapping[str, int]) -> Subject:
    """A link, in a park where the row is about one."""
    row = case.links.iloc[about["link"]]
    ids, place = [str(row["link_id"])], None
    if about.get("park", -1) >= 0:
        park = case.parks.iloc[about["park"]]
        ids, place = [*ids, str(park["park_id"])], same(park["name"])
    return Subject(same(row["name"]), tuple(ids), place)
