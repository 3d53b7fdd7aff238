"""Coordinate systems: WGS84, CGCS2000, GCJ-02 and BD-09, in degrees, vectorised.

GCJ-02 is what Chinese map services must use: WGS84 moved by a smooth field of a few hundred metres. BD-09 turns and
stretches GCJ-02 once more. Both have a formula one way only; the other way is solved by fixed-point iteration to far
below a millimetre. CGCS2000 differs from WGS84 by centimetres and counts as the same here.

Source: neither formula was ever published officially. These are the ones that public converters use and agree on;
tests/test_geography.py holds them to points that such converters print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
System = Literal["WGS84", "CGCS2000", "GCJ-02", "BD-09"]

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


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: System) -> tuple[Floats, Floats]:
    """Longitude and latitude in WGS84 of points given in ``system``; NaN stays NaN.

    Raises:
        ValueError: ``system`` is none of the four.
    """
    if system in ("WGS84", "CGCS2000"):
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if system == "GCJ-02":
        return gcj02_to_wgs84(lon, lat)
    if system == "BD-09":
        return bd09_to_wgs84(lon, lat)
    raise ValueError(f"unknown coordinate system: {system}")


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 of WGS84 points; unchanged outside China."""
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    east, north = _shift(x, y)
    inside = _in_china(x, y)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS84 of GCJ-02 points: the inverse of :func:`wgs84_to_gcj02` to 1e-10°; unchanged outside China."""
    return _inverse(_moved, lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02 points; unchanged outside China."""
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    east, north = _turned(x, y)
    inside = _in_china(x, y)
    return np.where(inside, east, x), np.where(inside, north, y)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 of BD-09 points: the inverse of :func:`gcj02_to_bd09` to 1e-10°; unchanged outside China."""
    return _inverse(_turned, lon, lat)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 of WGS84 points; unchanged outside China."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS84 of BD-09 points; unchanged outside China."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """How far GCJ-02 moves a point, in degrees: two polynomials with waves, in metres, scaled by the ellipsoid."""
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
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _moved(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def _turned(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02: a small wave on radius and angle of the point about (0°, 0°), then a fixed shift."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_SHIFT[0], radius * np.sin(angle) + _BAIDU_SHIFT[1]


def _inverse(forward: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """The points that ``forward`` sends to (lon, lat): step by step back by the error that is left.

    Both fields change by under a hundredth of a degree per degree, so each round gains about two digits.
    """
    goal_x, goal_y = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    # Without the box test inside the loop the iteration has no edge to jump over.
    x, y = goal_x.copy(), goal_y.copy()
    for _ in range(_ROUNDS):
        there_x, there_y = forward(x, y)
        error_x, error_y = there_x - goal_x, there_y - goal_y
        x, y = x - error_x, y - error_y
        if not (np.maximum(np.abs(error_x), np.abs(error_y)) > _PRECISION).any():
            break
    inside = _in_china(x, y)
    return np.where(inside, x, goal_x), np.where(inside, y, goal_y)
