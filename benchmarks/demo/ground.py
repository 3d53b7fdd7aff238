"""The ground of the demo: five counties that tile a city without a seam, and the outlines of eight parks.

Borders are hand-placed nodes joined by seeded midpoint displacement, so that they wander as rivers and ridges do and two
neighbours share every vertex. Coordinates are EPSG:4490 degrees; shapes are drawn in km around :data:`CENTRE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely import Polygon

CENTRE = (117.90, 31.20)
CRS = "EPSG:4490"

NODES: Mapping[str, tuple[float, float]] = {
    "W": (117.46, 31.17),
    "NW": (117.57, 31.45),
    "N": (117.86, 31.57),
    "NE": (118.20, 31.46),
    "E": (118.35, 31.20),
    "SE": (118.22, 30.95),
    "S": (117.90, 30.86),
    "SW": (117.58, 30.96),
    "JN": (117.88, 31.36),
    "JE": (118.06, 31.22),
    "JS": (117.90, 31.09),
    "JW": (117.73, 31.21),
}
OUTER = (("W", "NW"), ("NW", "N"), ("N", "NE"), ("NE", "E"), ("E", "SE"), ("SE", "S"), ("S", "SW"), ("SW", "W"))
"""Pairs of nodes along the city's own border."""
BORDERS = (*OUTER, ("N", "JN"), ("E", "JE"), ("S", "JS"), ("W", "JW"), ("JN", "JE"), ("JE", "JS"), ("JS", "JW"), ("JW", "JN"))
"""Pairs of nodes along every border, the city's own first."""


class County(NamedTuple):
    """A county of the city and its seat."""

    name: str
    name_en: str
    lon: float
    lat: float


COUNTIES = (
    County("云湖区", "Yunhu District", 117.90, 31.22),
    County("东县", "Dong County", 118.14, 31.38),
    County("南渡县", "Nandu County", 118.12, 31.04),
    County("澄溪县", "Chengxi County", 117.70, 31.04),
    County("望岭县", "Wangling County", 117.66, 31.36),
)


class Park(NamedTuple):
    """A park: where it is, whom it takes, what it has. Shares are of the whole city's free land, power and water."""

    park_id: str
    name: str
    name_en: str
    county: str
    zone: str
    lon: float
    lat: float
    area: float
    """km²."""
    chains: str
    """Allowed chains; blank: every chain."""
    investment: float | None
    """Least investment, 万元/亩; None: no gate."""
    tax: float | None
    """Least yearly tax, 万元/亩; None: no gate."""
    land: float
    power: float
    water: float


PARKS = (
    Park(
        "P01",
        "示例经济技术开发区",
        "Shili Economic Development Zone",
        "云湖区",
        "中部片区",
        117.955,
        31.265,
        13.6,
        "NEV、IC",
        420,
        20,
        0.20,
        0.27,
        0.20,
    ),
    Park(
        "P02",
        "云湖高新技术产业开发区",
        "Yunhu High-tech Zone",
        "云湖区",
        "中部片区",
        117.868,
        31.182,
        8.4,
        "IC、BIO",
        480,
        24,
        0.10,
        0.11,
        0.10,
    ),
    Park(
        "P03",
        "东县经济开发区",
        "Dong County Development Zone",
        "东县",
        "东部片区",
        118.095,
        31.425,
        9.7,
        "NEV、IC",
        300,
        14,
        0.14,
        0.12,
        0.13,
    ),
    Park(
        "P04",
        "东县新能源汽车产业园",
        "Dong County New Energy Vehicle Park",
        "东县",
        "东部片区",
        118.190,
        31.325,
        6.8,
        "NEV",
        350,
        15,
        0.13,
        0.10,
        0.09,
    ),
    Park(
        "P05",
        "澄溪生物医药产业园",
        "Chengxi Biomedicine Park",
        "澄溪县",
        "西部片区",
        117.665,
        31.075,
        3.9,
        "BIO",
        400,
        26,
        0.07,
        0.05,
        0.10,
    ),
    Park(
        "P06",
        "澄溪经济开发区",
        "Chengxi Development Zone",
        "澄溪县",
        "西部片区",
        117.755,
        30.985,
        7.3,
        "NEV、BIO",
        280,
        12,
        0.11,
        0.09,
        0.12,
    ),
    Park(
        "P07",
        "望岭经济开发区",
        "Wangling Development Zone",
        "望岭县",
        "西部片区",
        117.645,
        31.345,
        7.9,
        "NEV、IC",
        None,
        None,
        0.10,
        0.11,
        0.06,
    ),
    Park("P08", "南渡临港产业园", "Nandu Harbour Park", "南渡县", "东部片区", 118.115, 31.005, 11.2, "", 320, 15, 0.15, 0.15, 0.20),
)

Points = NDArray[np.float64]


def _degrees(km: Points) -> Points:
    scale = np.array([111.32 * np.cos(np.radians(CENTRE[1])), 110.9])
    rounded: Points = np.round(np.asarray(CENTRE) + km / scale, 5)
    return rounded


def _kilometres(degrees: Points) -> Points:
    scale = np.array([111.32 * np.cos(np.radians(CENTRE[1])), 110.9])
    shifted: Points = (degrees - np.asarray(CENTRE)) * scale
    return shifted


def wander(start: Points, end: Points, rough: float, depth: int, rng: np.random.Generator) -> Points:
    """A line from ``start`` to ``end`` whose midpoints were moved sideways ``depth`` times; shape (2**depth + 1, 2)."""
    line = np.vstack([start, end])
    for _ in range(depth):
        along = np.diff(line, axis=0)
        aside = np.column_stack([-along[:, 1], along[:, 0]]) * rng.uniform(-rough, rough, (len(along), 1))
        middle = (line[:-1] + line[1:]) / 2 + aside
        mixed = np.empty((len(line) + len(middle), 2))
        mixed[0::2], mixed[1::2] = line, middle
        line = mixed
    return line


def counties(seed: int) -> tuple[Polygon, dict[str, Polygon]]:
    """The city and its counties by name; the counties cover the city and do not overlap."""
    import shapely

    at = {name: _kilometres(np.array(node)) for name, node in NODES.items()}
    lines = [
        shapely.LineString(_degrees(wander(at[one], at[other], 0.17, 6, np.random.default_rng([seed, number]))))
        for number, (one, other) in enumerate(BORDERS)
    ]
    faces = shapely.get_parts(shapely.polygonize(lines))
    found = {
        county.name: next(face for face in faces if face.contains(shapely.Point(county.lon, county.lat))) for county in COUNTIES
    }
    if len(faces) != len(COUNTIES) or len({shapely.to_wkb(face) for face in found.values()}) != len(COUNTIES):
        raise ValueError("the borders cross: choose another seed or smoother borders")
    outer = lines[: len(OUTER)]
    return next(iter(shapely.get_parts(shapely.polygonize(outer)))), found


def outline(park: Park, seed: int) -> Polygon:
    """The park's border: a few straight roads and, on one side, the bank of a river; its area is ``park.area``."""
    import shapely

    rng = np.random.default_rng([seed, int(park.park_id[1:])])
    corners = int(rng.integers(7, 10))
    turn = np.sort((np.arange(corners) + rng.uniform(-0.32, 0.32, corners)) * 2 * np.pi / corners)
    reach = rng.uniform(0.7, 1.15, corners)
    stretch = np.array([rng.uniform(1.15, 1.5), 1.0])
    ring = np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None] * stretch
    tilt = rng.uniform(0, np.pi)
    ring = ring @ np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    bank = wander(ring[0], ring[1], 0.12, 4, rng)[1:-1]
    ring = np.vstack([ring[:1], bank, ring[1:]])
    shape = shapely.Polygon(ring)
    ring = ring * np.sqrt(park.area / shape.area) + _kilometres(np.array([park.lon, park.lat]))
    return shapely.Polygon(_degrees(ring))
