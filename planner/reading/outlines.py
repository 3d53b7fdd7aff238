"""Points and shapes of one row held against each other, and shapes against the ground that is planned."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from planner.geography.coordinates import kilometres, to_wgs84
from planner.language import Words
from planner.problems import Problem
from planner.reading.table import Table
from planner.settings.schema import Region
from planner.settings.sources import CoordinateSystem
from planner.tables.codes import problem

Floats = NDArray[np.float64]

NEAR_KM, FAR_KM = 0.1, 3.0
"""Up to here a point counts as on its shape (coordinates are rounded); from here on the two speak of different places."""


def check_outlines(table: Table, region: Region) -> list[Problem]:
    """Points far from the shape of their own row (an error), or just outside of it (told); and shapes of which a corner lies
    outside of ``region.bounds``."""
    if "geometry" not in table.frame.columns or "lon" not in table.frame.columns or "lat" not in table.frame.columns:
        return []
    shapes = table.frame["geometry"].to_numpy(object)
    held = np.array([shape is not None and shape == shape for shape in shapes], dtype=bool)
    lon, lat = (table.frame[name].to_numpy(float) for name in ("lon", "lat"))
    rows = np.flatnonzero(held & np.isfinite(lon) & np.isfinite(lat))
    problems = [] if table.name == "candidates" else _reaching_out(table, region, np.flatnonzero(held), (lon, lat))
    if not len(rows) or not {"lon", "lat"} <= table.origins.keys():  # a point on the shape itself
        return problems
    off = _off_km(shapes[rows], *to_wgs84(lon[rows], lat[rows], table.coordinates))
    header = " / ".join(table.headers[name] for name in ("lon", "lat"))
    for row, distance in zip(rows.tolist(), off.tolist(), strict=True):
        if distance > NEAR_KM:
            code = "T234" if distance > FAR_KM else "T235"
            said = {"km": f"{distance:.3g}", "remedy": _remedy(shapes[row], lon[row], lat[row], table.coordinates)}
            problems.append(problem(code, table.place(row, "lon"), header, f"{lon[row]:g}, {lat[row]:g}", **said))
    return problems


def _off_km(shapes: Any, lon: Floats, lat: Floats) -> Floats:
    """From each point to the nearest of its shape, km; 0 inside an area."""
    import shapely

    points = shapely.points(lon, lat)
    ends = shapely.get_coordinates(shapely.shortest_line(points, shapes)).reshape(-1, 2, 2)
    inside = shapely.distance(points, shapes) == 0
    return np.where(inside, 0.0, kilometres(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1]))


def _remedy(shape: Any, lon: float, lat: float, system: CoordinateSystem) -> Words:
    """What to do about a point off its shape: often one of the two is in another system, which moves one onto the other."""
    for other in get_args(CoordinateSystem):
        x, y = to_wgs84([lon], [lat], other)
        if system != other != "CGCS2000" and _off_km(np.array([shape], dtype=object), x, y)[0] <= NEAR_KM:
            return Words(
                f"坐标若是 {other}，此点就在图形上：把经纬度换算成 {system}，或删去这两列（取图形上的点）",
                f"as {other} it would lie on its shape: convert the two columns to {system}, or remove them (a point on the shape is taken)",
            )
    return Words(
        "核对坐标与图形；删去经纬度两列即取图形上的点", "check both; without the two columns a point on the shape is taken"
    )


def _reaching_out(table: Table, region: Region, rows: NDArray[np.int64], point: tuple[Floats, Floats]) -> list[Problem]:
    """Shapes with a corner off the ground, though their point (which has a problem of its own otherwise) is on it."""
    import shapely

    west, south, east, north = region.bounds
    boxes = shapely.bounds(table.frame["geometry"].to_numpy(object)[rows]) if len(rows) else np.zeros((0, 4))
    lon, lat = (axis[rows] for axis in point)
    here = ~((lon < west) | (lon > east) | (lat < south) | (lat > north))
    out = (boxes[:, 0] < west) | (boxes[:, 1] < south) | (boxes[:, 2] > east) | (boxes[:, 3] > north)
    bounds = ", ".join(f"{value:g}" for value in region.bounds)
    found = [", ".join(f"{value:.6g}" for value in box) for box in boxes[here & out].tolist()]
    places = [table.place(row, "geometry") for row in rows[here & out].tolist()]
    return [problem("T232", place, "geometry", text, bounds=bounds) for place, text in zip(places, found, strict=True)]
