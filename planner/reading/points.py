"""Points as people write them: both coordinates in one cell (117.25,31.85 · 东经117.25 北纬31.85 · POINT(117.25 31.85)), degrees,
minutes and seconds (117°15′0″E). Which of two is the longitude is told by what stands beside it, else by its size, never by order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Literal

from planner.geography.named_systems import without_system
from planner.language import Words
from planner.reading.amounts import Reading, Unread, plain, says_nothing
from planner.spelling import fold

Axis = Literal["lon", "lat"]
RULES: Mapping[str, Words] = MappingProxyType(
    {
        "pair": Words("一格中的经纬度分作经度与纬度", "both coordinates of one cell, told apart"),
        "degrees": Words("度分秒换算为度", "degrees, minutes and seconds as degrees"),
    }
)
"""How a cell was read."""
_PAIRED = frozenset(
    map(
        fold,
        (
            *(
                "经纬度",
                "经纬",
                "坐标",
                "经纬度坐标",
                "地理坐标",
                "位置坐标",
                "中心坐标",
                "中心点坐标",
                "坐标点",
                "坐标位置",
                "定位",
            ),
            *("经度纬度", "经度,纬度", "纬度,经度", "经度/纬度", "纬度经度", "点位", "地图坐标", "gps", "gps坐标", "经纬度（度）"),
            *(
                "lonlat",
                "latlon",
                "lnglat",
                "latlng",
                "lon,lat",
                "lat,lon",
                "lon/lat",
                "lat/lon",
                "coordinates",
                "coordinate",
                "wkt",
            ),
        ),
    )
)
_LON, _LAT = r"东经|西经|经度|longitude|lng|lon", r"北纬|南纬|纬度|latitude|lat"
_ONE = re.compile(
    rf"\s*(?P<before>{_LON}|{_LAT}|[EWNS])?\s*[:=]?\s*(?P<degrees>[+-]?\d{{1,3}}(?:\.\d+)?)"
    r"\s*(?:(?:°|度|deg)\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*(?:'|′|’|‘|分)\s*"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:''|′′|\"|”|“|秒)?\s*)?)?)?\s*(?(before)|(?P<behind>[EWNS](?![a-z]))?)\s*",
    re.I,
)
_BETWEEN = re.compile(r"\s*[,，;、/|]\s*|\s+")
_AROUND = re.compile(r"^\s*(?:point|点|坐标)?\s*[:：]?\s*[(\[{【]?|[)\]}】]?\s*$", re.I)
_CHINA: Mapping[Axis, tuple[float, float]] = MappingProxyType({"lon": (73.0, 136.0), "lat": (3.0, 54.0)})
_MOST: Mapping[Axis, float] = MappingProxyType({"lon": 180.0, "lat": 90.0})


def _text(cell: object) -> str:
    text = str(cell).replace("º", "°").replace("˚", "°").replace("″", '"')
    return _AROUND.sub("", plain(text))


def _part(text: str, at: int) -> tuple[float, Axis | None, bool, int] | None:
    """The coordinate that begins there: its degrees, its axis where that is said, whether it is more than a whole number, its end."""
    found = _ONE.match(text, at)
    if found is None:
        return None
    sides = [(found[name] or "").lower() for name in ("before", "behind")]
    axes: set[Axis] = {"lon" if re.fullmatch(f"{_LON}|[ew]", side) else "lat" for side in sides if side}
    minutes, seconds = (float(found[name] or 0) for name in ("minutes", "seconds"))
    if len(axes) > 1 or minutes >= 60 or seconds >= 60:
        return None
    value = abs(float(found["degrees"])) + minutes / 60 + seconds / 3600
    south_or_west = any(side in ("w", "s", "西经", "南纬") for side in sides)
    signed = -value if south_or_west or found["degrees"].startswith("-") else value
    exact = "." in found["degrees"] or found["minutes"] is not None or bool(axes)
    return round(signed, 9), next(iter(axes), None), exact, found.end()


def read_pair(cell: object) -> Reading[tuple[float, float]] | Unread:
    """Longitude and latitude of a cell that holds both."""
    text = _text(cell) if isinstance(cell, str) else ""
    marked, text = text.endswith("*"), _AROUND.sub("", text.rstrip("* "))
    first = _part(text, 0)
    between = _BETWEEN.match(text, first[3]) if first else None
    second = _part(text, between.end() if between else first[3]) if first else None
    if first is None or second is None or second[3] != len(text) or not (first[2] and second[2]):
        return Unread(cell, Words("不是写清楚的一对经纬度", "is not clearly a pair of coordinates"))
    if between is None and text[first[3] - 1 : first[3]].isdigit() and first[1] is None and second[1] is None:
        return Unread(cell, Words("不是写清楚的一对经纬度", "is not clearly a pair of coordinates"))
    ways = [
        (one[0], other[0]) for one, other in ((first, second), (second, first)) if _can_be(one, "lon") and _can_be(other, "lat")
    ]
    if len(ways) > 1:
        ways = [(lon, lat) for lon, lat in ways if _in_china(lon, "lon") and _in_china(lat, "lat")]
    if len(ways) != 1:
        return Unread(cell, Words("分不出哪个是经度、哪个是纬度", "which is the longitude cannot be told"))
    return Reading(cell, ways[0], (RULES["pair"],), marked)


def _can_be(part: tuple[float, Axis | None, bool, int], axis: Axis) -> bool:
    return part[1] in (None, axis) and abs(part[0]) <= _MOST[axis]


def _in_china(value: float, axis: Axis) -> bool:
    return _CHINA[axis][0] <= value <= _CHINA[axis][1]


def read_degrees(cell: object, axis: Axis) -> Reading[float] | Unread:
    """One coordinate with its degrees, minutes and seconds, or with words beside it; of a cell that holds both, its own."""
    text = _text(cell) if isinstance(cell, str) else ""
    part = _part(text, 0)
    if part is not None and part[3] == len(text) and part[2] and _can_be(part, axis):
        return Reading(cell, part[0], (RULES["degrees"],))
    pair = read_pair(cell)
    return pair if isinstance(pair, Unread) else Reading(cell, pair.value[axis == "lat"], pair.rules, pair.assumed)


def names_pair(header: str) -> bool:
    """Whether a header is one of a column that holds both coordinates."""
    return bool({fold(header), fold(without_system(header))} & _PAIRED)


_ENOUGH = 50
"""Cells by which it is told what a column holds."""


def holds_degrees(cells: Iterable[object]) -> bool:
    """Whether numbers with decimals or degrees stand in most of the first cells that hold anything, in whatever form."""
    held = list(islice((cell for cell in cells if not says_nothing(cell)), _ENOUGH))
    return 2 * sum(bool(re.search(r"\d\.\d|\d\s*[°度]", str(cell))) for cell in held) > len(held) > 0


def holds_pairs(cells: Iterable[object]) -> bool:
    """Whether a pair stands in most of the first cells that hold anything."""
    held = list(islice((cell for cell in cells if not says_nothing(cell)), _ENOUGH))
    return 2 * sum(isinstance(read_pair(cell), Reading) for cell in held) > len(held) > 0
