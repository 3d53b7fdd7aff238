"""The names under which systems of coordinates go in headers, notes and names of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from planner.spelling import simplified

_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "GCJ-02": r"gcj[-_\s]*(?:20)?02|gcj|国测局|火星坐标|火星",
        "BD-09": r"bd[-_\s]*(?:20)?09(?:ll|mc)?|百度坐标|百度经纬度",
        "WGS84": r"wgs[-_\s]*(?:19)?84|gps",
        "CGCS2000": r"cgcs[-_\s]*2000|大地2000|2000(?:国家)?大地坐?标?系?|国家2000|epsg:?4490|(?:转|至|到)2000",
        "Xian 1980": r"西安[-_\s]*(?:19)?80|xi'?an[-_\s]*(?:19)?80|(?:19)?80年?西安|1980年?国家大地|epsg:?4610",
        "Beijing 1954": r"北京[-_\s]*(?:19)?54|(?:beijing|bj)[-_\s]*(?:19)?54|(?:19)?54年?北京|新54|epsg:?4214",
        "a local system": r"(?:地方|独立|城建|城市)(?:独立)?坐标|独立(?:坐标)?系统?|local (?:grid|coordinate|datum)",
    }
)
"""What stands for a system wherever it is written; shifted ones first, and those of old last: ``WGS84转GCJ02`` is GCJ-02,
``西安80转CGCS2000`` is CGCS2000."""
UNCONVERTED = frozenset({"Xian 1980", "Beijing 1954", "a local system"})
"""Systems on a datum of their own, from which no conversion is public: as WGS84 their points are 50 to 150 m off, or anywhere."""
_SERVICES: Mapping[str, str] = MappingProxyType(
    {"GCJ-02": r"高德|腾讯|amap|autonavi|gaode|tencent", "BD-09": r"百度|baidu|(?<![a-z])bd", "WGS84": r"天地图|google ?earth"}
)
"""Services whose coordinates are in a system. They are firms too, so they count beside coordinates only."""
_ANYWHERE = {system: re.compile(words, re.I) for system, words in _SYSTEMS.items()}
_BESIDE_COORDINATES = {system: re.compile(f"{words}|{_SERVICES.get(system, words)}", re.I) for system, words in _SYSTEMS.items()}
_OF_COORDINATES = re.compile(r"坐标|经纬|经度|纬度|coordinate|\blon|\blat", re.I)


def of_coordinates(text: str) -> bool:
    """Whether a text speaks of coordinates."""
    return _OF_COORDINATES.search(simplified(text)) is not None or system_named(text, of_coordinates=False) is not None


def system_named(text: str, of_coordinates: bool = True) -> str | None:
    """The system that a text names, by the name of a service too where it speaks ``of_coordinates``; None where it names none."""
    known = _BESIDE_COORDINATES if of_coordinates else _ANYWHERE
    text = simplified(text)
    return next((system for system, words in known.items() if words.search(text)), None)


def without_system(header: str) -> str:
    """A header without the system that it names: ``经度（GCJ-02）`` and ``GCJ02_经度`` are 经度."""
    header = simplified(header)
    for words in _BESIDE_COORDINATES.values():
        header = words.sub("", header)
    return re.sub(r"坐标系?|[()（）\[\]【】:：/、,，]", "", header)
