"""One layer of a GeoPackage or GeoJSON, with the shapes that cannot be used told apart and nothing said on the console."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.language import Words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

NOT_READ = Words("损坏，或是不支持的类型（如曲面）", "is damaged, or of a kind that is not supported")
NOT_FINITE = Words("含有不是数的坐标", "has a coordinate that is no number")


def layers_of(path: Path) -> list[tuple[str, str | None]]:
    """Name and kind of geometry of each layer; no geometry: None. Raises as :func:`read_layer`."""
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [(str(name), kind) for name, kind in pyogrio.list_layers(path)]


def read_layer(path: Path, layer: str) -> tuple[GeoDataFrame, dict[int, Words]]:
    """The layer, and what is wrong with shapes that cannot be used, by position; such a shape is None.

    Raises:
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError: it cannot be read.
    """
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore")
        unusable: dict[int, Words] = {}
        if "geometry" in frame.columns and frame.geometry.isna().any():
            held = pyogrio.raw.read(path, layer=layer)[2]
            missing = np.flatnonzero(frame.geometry.isna()).tolist()
            unusable = {at: NOT_READ for at in missing if held[at] is not None}
    return frame, unusable


def finite(shapes: Any) -> NDArray[np.bool_]:
    """Whether each shape has finite coordinates only; one that is missing or empty has."""
    import shapely

    points, of = shapely.get_coordinates(np.asarray(shapes, dtype=object), return_index=True)
    found = np.ones(len(shapes), dtype=bool)
    found[of[~np.isfinite(points).all(axis=1)]] = False
    return found
