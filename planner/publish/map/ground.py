"""The ground of a plan: the country, and the region with what lies in it; shared by map and GeoPackage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from planner.geography.boundaries import country_outline, region_boundary
from planner.geography.geojson import Features
from planner.plan.model import Plan

REGION_LAYERS = ("region", "city", "district")
"""How a region's boundary is drawn, from the strongest line to the faintest."""


@dataclass(frozen=True)
class Ground:
    """GeoJSON features, each with ``name`` and ``layer``."""

    country: tuple[Features, ...]
    """Layers country, province and border."""
    region: tuple[Features, ...]
    """Layers of :data:`REGION_LAYERS`; empty when the plan names no region."""
    unknown_region: str | None
    """A region name that no administrative unit has."""


def ground_of(plan: Plan) -> Ground:
    """The country and, from the plan's own boundary file or else by its region's name, the region."""
    country = tuple(country_outline()["features"])
    head = plan.plan
    if head.boundary is not None:
        return Ground(country, _graded(head.boundary["features"]), None)
    if head.region_name is None:
        return Ground(country, (), None)
    region = region_boundary(head.region_name)
    return Ground(country, (), head.region_name) if region is None else Ground(country, tuple(region["features"]), None)


def _graded(features: Sequence[Features]) -> tuple[Features, ...]:
    """The features of an own file by the layers of a map: the layer with the fewest features is the strongest line.

    A file may call its layers as it likes. Only areas can be a region's outline; a layer of lines is drawn as a line.
    """
    sizes = Counter(str(feature["properties"]["layer"]) for feature in features)
    ordered = sorted(sizes, key=lambda layer: (sizes[layer], layer))
    if len(ordered) == 1 and len(features) > 1:
        names: tuple[str, ...] = ("district",)
    else:
        names = ("region", "district") if len(ordered) == 2 else REGION_LAYERS
    grades = {layer: names[min(at, len(names) - 1)] for at, layer in enumerate(ordered)}
    return tuple(
        {**feature, "properties": {**feature["properties"], "layer": grades[str(feature["properties"]["layer"])]}}
        for feature in features
    )
