"""Great-circle distances in kilometres."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""


def kilometres(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    r"""Great-circle distance between WGS84 points, km, on the mean sphere (within 0.6 % of the ellipsoid).

    The haversine form keeps its precision for near points:
    :math:`d = 2R\arcsin\sqrt{\sin^2\frac{\Delta\varphi}{2} + \cos\varphi_1\cos\varphi_2\sin^2\frac{\Delta\lambda}{2}}`.
    The arguments broadcast against each other; NaN gives NaN.

    Source: Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984).
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(value, dtype=np.float64)) for value in (lon1, lat1, lon2, lat2))
    half = np.sin((y2 - y1) / 2.0) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2.0) ** 2
    distance: Floats = 2.0 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def distance_matrix(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Distances between K points, km: shape (K, K), symmetric, 0 on the diagonal."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return kilometres(x[:, None], y[:, None], x[None, :], y[None, :])
