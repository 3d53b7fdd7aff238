"""Which province the plan is of, so that what lies outside it can be told."""

from __future__ import annotations

from functools import lru_cache

from planner.publish.lists.table_fields import Row
from planner.publish.view import View


@lru_cache(maxsize=64)
def province_called(name: str, column: str) -> str | None:
    """The province that a name of a province, city or county lies in, by its full name; None where the name is nobody's or of
    several."""
    from planner.geography.divisions import find

    found = {one.code[:2] for one in find(name, column)}
    if len(found) != 1:
        return None
    (within,) = found
    return next((one.name for one in find(f"{within}0000", "province")), None)


def home_province(view: View) -> str | None:
    """What ``region.province`` says, or else the province of the division that ``region.name`` names; None: not known."""
    region = view.plan.plan.settings.get("region", {})
    if said := region.get("province"):
        return province_called(said, "province") or str(said)
    return province_called(region["name"], "city") if region.get("name") else None


def is_outside(view: View, row: Row | None) -> bool | None:
    """Whether a candidate comes from another province; None: not known of it, or of the plan."""
    home, own = home_province(view), None if row is None else row.raw("province")
    return None if home is None or own is None else (province_called(str(own), "province") or str(own)) != home
