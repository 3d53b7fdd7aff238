"""Where a delegation begins, sleeps and goes, and how long the ways take: by the table ``distances``, else by distance and stated speeds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.geography.coordinates import kilometres
from planner.geography.divisions import areas, find, short_name
from planner.language import Language, Words
from planner.problems import did_you_mean, nearest
from planner.publish.delegation.codes import refusal
from planner.publish.desk import Desk
from planner.publish.distances import Distances, Spot
from planner.publish.stated import stated_rows
from planner.settings.following import Travel
from planner.settings.following import Way as Speed
from planner.solvers.protocol import Ints
from planner.spelling import fold_name, half_width

STEP = 5
"""Minutes on the way are rounded up to whole fives: nobody plans by the minute."""
NEAR_KM = 80.0
"""A place so near to where nights are spent counts as of that city."""
MODES: Mapping[str, tuple[Words, str]] = {
    "city": (Words("市内", "in the city"), "市内 城市 市区 出租 出租车 打车 city taxi car"),
    "road": (Words("公路", "road"), "公路 汽车 自驾 高速 大巴 road drive coach"),
    "rail": (Words("铁路", "rail"), "铁路 高铁 动车 火车 城际 rail train"),
    "air": (Words("航空", "air"), "航空 飞机 air plane flight"),
}
"""Ways of travelling, and the words of a table that mean them."""
_NUMBERS = re.compile(r"(?:(?P<name>.*)=)?\s*(?P<lon>[+-]?\d+(?:\.\d+)?)\s*[,，\s]\s*(?P<lat>[+-]?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Point:
    """A place on the way."""

    name: str
    city: str
    """Blank: of no city that matters."""
    lon: float
    lat: float
    exact: bool
    """Otherwise only its city is known."""
    ids: tuple[str, ...] = ()
    """Other names that the table ``distances`` may call it."""

    @property
    def spot(self) -> Spot:
        """By its own names."""
        return Spot((*self.ids, self.name), self.lon, self.lat)

    @property
    def whole(self) -> Spot:
        """By its own names, then by its city's."""
        return Spot((*self.ids, self.name, *((self.city, short_name(self.city)) if self.city else ())), self.lon, self.lat)


@dataclass(frozen=True)
class Leg:
    """How one gets from a place to another."""

    minutes: int
    km: float | None
    mode: str
    assumed: bool
    source: str = ""


class Legs:
    """Every way between places, each worked out once."""

    def __init__(self, points: Sequence[Point], desk: Desk) -> None:
        self.points = tuple(points)
        self._distances = Distances(stated_rows(desk.opened.case.tables, "distances"))
        self._travel, self._language = desk.opened.case.settings.delegation.travel, desk.language
        self._legs = {(a, b): self._leg(one, other) for a, one in enumerate(points) for b, other in enumerate(points)}

    def __getitem__(self, pair: tuple[int, int]) -> Leg:
        return self._legs[pair]

    @property
    def minutes(self) -> Ints:
        """From place to place, shape (p, p)."""
        count = len(self.points)
        return np.array([[self._legs[a, b].minutes for b in range(count)] for a in range(count)], dtype=np.int64).reshape(
            count, count
        )

    def _leg(self, one: Point, other: Point) -> Leg:
        if one is other:
            return Leg(0, 0.0, "", False)
        km = float(kilometres(one.lon, one.lat, other.lon, other.lat))
        within = one.city == other.city and bool(one.city)
        return self._stated(one, other, within) or reckoned(self._travel, km, within, one.exact and other.exact, self._language)

    def _stated(self, one: Point, other: Point, within: bool) -> Leg | None:
        """By the table: the fastest of its modes; where it states kilometres alone, at the speed of the mode."""
        start, end = (one.spot, other.spot) if within else (one.whole, other.whole)
        found = []
        for row in self._distances.stating(start, end, "hours"):
            found.append(
                Leg(
                    _up((row.number("hours") or 0.0) * 60),
                    row.number("km"),
                    row.text("mode"),
                    "hours" in row.assumed,
                    row.source or "",
                )
            )
        for row in () if found else self._distances.stating(start, end, "km"):
            mode, km = mode_of(row.text("mode")) or ("city" if within else "road"), row.number("km") or 0.0
            speed: Speed = getattr(self._travel, mode)
            said = row.text("mode") or MODES[mode][0].say(self._language)
            found.append(Leg(_up(speed.extra + km / speed.speed * 60), km, said, True, row.source or ""))
        return min(found, key=lambda leg: (leg.minutes, leg.mode), default=None)


def reckoned(travel: Travel, km: float, within: bool, exact: bool, language: Language) -> Leg:
    """A way by the great circle and the stated speeds; within a city of which no more is known, the time that the settings say."""
    if within and not exact:
        return Leg(_up(travel.unplaced), None, MODES["city"][0].say(language), True)
    modes = ("city",) if within else ("road", "rail", "air")
    minutes = {mode: way.extra + km * way.detour / way.speed * 60 for mode in modes for way in (getattr(travel, mode),)}
    mode = min(modes, key=lambda one: minutes[one])
    return Leg(_up(minutes[mode]), km, MODES[mode][0].say(language), True)


def mode_of(text: str) -> str | None:
    """A way of travelling by the word that a table has for it; None: another, or none."""
    return next((mode for mode, (_, also) in MODES.items() if fold_name(text) in also.split()), None)


def _up(minutes: float) -> int:
    return STEP * math.ceil(round(minutes, 6) / STEP)


def point_of(text: str, option: str, desk: Desk, cities: Mapping[str, Point]) -> Point:
    """The place that an option names; ``cities``: points of cities that the journey knows, of which a near one is its own. Raises
    InputError (J104, J105)."""
    match = _NUMBERS.fullmatch(half_width(text))
    if match is not None:
        lon, lat = float(match["lon"]), float(match["lat"])
        if abs(lon) > 180 or abs(lat) > 90:
            raise refusal("J105", None, option, text)
        name = (match["name"] or "").strip() or f"{lon:g}, {lat:g}"
        return Point(name, _city_near(lon, lat, cities), lon, lat, exact=True)
    known = {fold_name(one): (name, lon, lat) for names, name, lon, lat in _known(desk) for one in names}
    if fold_name(text) in known:
        name, lon, lat = known[fold_name(text)]
        return Point(name, _city_near(lon, lat, cities), lon, lat, exact=True)
    named = find(text, "county") or find(text, "city")
    if len(named) == 1:
        lon, lat = point_in(named[0].name)
        return Point(named[0].name, _city_near(lon, lat, cities), lon, lat, exact=False)
    otherwise = Words("写作 名称=经度,纬度", "write NAME=LON,LAT")
    raise refusal("J104", None, option, text, near=did_you_mean(nearest(fold_name(text), known), otherwise))


def point_in(city: str) -> tuple[float, float]:
    """A point within a city or county, by name. Raises LookupError: there is no such division."""
    named = find(city, "city") or find(city, "county")
    if not named:
        raise LookupError(city)
    at = next(iter(areas(named[:1]).values())).representative_point()
    return round(at.x, 4), round(at.y, 4)


def _city_near(lon: float, lat: float, cities: Mapping[str, Point]) -> str:
    far = {city: float(kilometres(lon, lat, point.lon, point.lat)) for city, point in cities.items()}
    city = min(far, key=lambda one: (far[one], one), default="")
    return city if city and far[city] <= NEAR_KM else ""


def _known(desk: Desk) -> Iterable[tuple[tuple[str, str], str, float, float]]:
    """Ids and names of firms, parks and local firms that have coordinates."""
    case = desk.opened.case
    for frame, key in ((case.candidates, "candidate_id"), (case.parks, "park_id")):
        for row in frame.to_dict("records"):
            if np.isfinite(row["lon"]) and np.isfinite(row["lat"]):
                yield (str(row[key]), str(row["name"])), str(row["name"]), float(row["lon"]), float(row["lat"])


def middle(points: Sequence[Point]) -> Point:
    """Of some points that from which all others are nearest in sum; the first by name where several are."""
    lon, lat = (np.array([getattr(point, axis) for point in points]) for axis in ("lon", "lat"))
    far = kilometres(lon[:, None], lat[:, None], lon[None], lat[None]).sum(axis=1)
    return points[min(range(len(points)), key=lambda at: (round(float(far[at]), 6), points[at].name))]
