"""Coordinate systems (WGS84, CGCS2000, GCJ-02 and BD-09, in degrees) and distances, vectorised.

GCJ-02 is what Chinese map services must use: WGS84 moved by a smooth field of a few hundred metres. BD-09 turns and
stretches GCJ-02 once more. Both have a formula one way only; the other way is solved by fixed-point iteration to far
below a millimetre. CGCS2000 differs from WGS84 by centimetres and counts as the same here.

Source: neither formula was ever published officially. These are the ones that public converters use and agree on;
tests/test_geography.py holds them to points that such converters print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from planner.settings.sources import CoordinateSystem

Floats = NDArray[np.float64]

_AXIS = 6_378_245.0
"""Semi-major axis of the Krasovsky ellipsoid, m."""
_ECCENTRICITY = 0.00669342162296594323
"""Its squared first eccentricity."""
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the box in which the services shift; outside it GCJ-02 is WGS84."""
_BAIDU_SHIFT = (0.0065, 0.006)
_BAIDU_WAVE = np.pi * 3000.0 / 180.0
_PRECISION = 1e-10
"""Degrees; about 0.01 mm."""
_ROUNDS = 50
_EARTH_RADIUS = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""


def gcj02_of_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 of WGS84 points in China: moved by two polynomials with waves, in metres, scaled by the ellipsoid."""
    x, y = lon - 105.0, lat - 35.0
    mixed, root = 0.1 * x * y, np.sqrt(np.abs(x))
    short = 20.0 * (np.sin(6.0 * np.pi * x) + np.sin(2.0 * np.pi * x))
    along_x = 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)
    far_x = 150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)
    along_y = 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)
    far_y = 160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + mixed + 0.1 * root + (short + along_x + far_x) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + mixed + 0.2 * root + (short + along_y + far_y) * 2.0 / 3.0
    latitude = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY * np.sin(latitude) ** 2
    meridian = _AXIS * (1.0 - _ECCENTRICITY) / magic**1.5
    parallel = _AXIS / np.sqrt(magic) * np.cos(latitude)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def bd09_of_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02 points in China: a small wave on radius and angle about (0°, 0°), then a fixed shift."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_SHIFT[0], radius * np.sin(angle) + _BAIDU_SHIFT[1]


Formula = Callable[[Floats, Floats], tuple[Floats, Floats]]
_UNDONE: Mapping[str, tuple[Formula, ...]] = MappingProxyType(
    {"WGS84": (), "CGCS2000": (), "GCJ-02": (gcj02_of_wgs84,), "BD-09": (bd09_of_gcj02, gcj02_of_wgs84)}
)
"""What has been done to WGS84 in each system, the last first."""
SHIFTED = frozenset(system for system, done in _UNDONE.items() if done)
"""The systems that are off WGS84 by hundreds of metres."""


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: CoordinateSystem) -> tuple[Floats, Floats]:
    """Longitude and latitude in WGS84 of points given in ``system``, to 1e-10°; NaN stays NaN, points abroad as they are.
    ValueError where ``system`` is none of the four."""
    if system not in _UNDONE:
        raise ValueError(f"unknown coordinate system: {system}")
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    for formula in _UNDONE[system]:
        x, y = _inverse(formula, x, y)
    return x, y


def from_wgs84(lon: ArrayLike, lat: ArrayLike, system: CoordinateSystem) -> tuple[Floats, Floats]:
    """WGS84 points as ``system`` has them: what :func:`to_wgs84` undoes; points abroad stay as they are."""
    there_x, there_y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    x, y = there_x, there_y
    for formula in reversed(_UNDONE[system]):
        x, y = formula(x, y)
    inside = _in_china(there_x, there_y)
    return np.where(inside, x, there_x), np.where(inside, y, there_y)


def _in_china(x: Floats, y: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _inverse(formula: Formula, goal_x: Floats, goal_y: Floats) -> tuple[Floats, Floats]:
    """The points that ``formula`` sends to the goal: step by step back by the error that is left.

    Both fields change by under a hundredth of a degree per degree, so each round gains about two digits.
    """
    # Without the box test inside the loop the iteration has no edge to jump over.
    x, y = goal_x, goal_y
    for _ in range(_ROUNDS):
        there_x, there_y = formula(x, y)
        error_x, error_y = there_x - goal_x, there_y - goal_y
        x, y = x - error_x, y - error_y
        if not (np.maximum(np.abs(error_x), np.abs(error_y)) > _PRECISION).any():
            break
    inside = _in_china(x, y)
    return np.where(inside, x, goal_x), np.where(inside, y, goal_y)


def kilometres(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    r"""Great-circle distance between WGS84 points, km, on the mean sphere (within 0.6 % of the ellipsoid).

    The haversine form keeps its precision for near points:
    :math:`d = 2R\arcsin\sqrt{\sin^2\frac{\Delta\varphi}{2} + \cos\varphi_1\cos\varphi_2\sin^2\frac{\Delta\lambda}{2}}`.
    The arguments broadcast against each other; NaN gives NaN.

    Source: Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984).
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(value, dtype=np.float64)) for value in (lon1, lat1, lon2, lat2))
    half = np.sin((y2 - y1) / 2.0) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2.0) ** 2
    distance: Floats = 2.0 * _EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance
