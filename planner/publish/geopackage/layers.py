"""The layers of a plan's GeoPackage: fields, values and shapes, before anything is written.

Layer and field names are ASCII and the same in both languages, so that a model built on them in QGIS keeps working;
headings and values are in the plan's language. A place that is not known is a row without a shape, never a missing row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry

from planner.geography.coordinates import kilometres
from planner.geography.geojson import shape_of
from planner.language import Words
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.plan.reference.records import ProjectChange
from planner.publish.changed import CAUSES
from planner.publish.changed import KINDS as CHANGE_KINDS
from planner.publish.field import Catalogue, Kind, R, Shown
from planner.publish.fields import FIRM, HOME, INCUMBENT, LEFT_OUT, LINK, NAME, PARK, SELECTED
from planner.publish.geopackage.spread import Seat, seats_of
from planner.publish.map import words
from planner.publish.map.palette import Palette
from planner.publish.map.places import Ground, Point, homes, park_point
from planner.publish.map.sources import SYSTEM, headline, sources
from planner.publish.view import View
from planner.publish.words import SEMICOLON

GeometryType = Literal["Point", "MultiPolygon", "LineString", "MultiLineString"]
SymbolKind = Literal["marker", "line", "fill"]
FIRMS = Words("入选企业（位置为示意）", "Selected firms (places are schematic)")
OF_PLAN, FROM, GROUND = Words("计划", "Plan"), Words("来源", "Where firms come from"), Words("底图", "Ground")
OF_TABLES = Words("表", "Tables")
CLOSE = 60_000
"""Scale, 1 to so much, from which on firms are labelled."""


@dataclass(frozen=True)
class Column:
    """One field: its name, the heading a reader sees, and a value for each row; None is not known."""

    name: str
    kind: Kind
    heading: Words
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Symbol:
    """One symbol of a layer; ``value`` is the attribute's value that it stands for."""

    fill: str
    stroke: str
    size: float
    """Diameter of a marker or width of a line, mm."""
    value: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Style:
    """How QGIS shows one layer. Without symbols only the headings are set, as for a table."""

    kind: SymbolKind | None = None
    symbols: tuple[Symbol, ...] = ()
    attribute: str | None = None
    """Field whose value chooses the symbol; None: one symbol for all."""
    label: str | None = None
    """Field that is written beside each feature."""
    label_from: int | None = None
    """Scale, 1 to so much, from which on it is written; None: always."""


@dataclass(frozen=True)
class Layer:
    """One layer, or one table when ``geometry`` is None."""

    name: str
    title: Words
    columns: tuple[Column, ...]
    geometry: GeometryType | None = None
    shapes: tuple[BaseGeometry | None, ...] = ()
    style: Style = Style()
    group: Words = OF_TABLES
    """Under which a project lists it."""


def columns_of(view: View, catalogue: Catalogue[R], rows: Sequence[R], where: Shown = Shown.LAYER) -> tuple[Column, ...]:
    """The fields of a catalogue; names are told apart that differ in case alone: SQLite takes ``Land`` for ``land``."""
    columns, seen = [], Counter[str]()
    for field in catalogue.shown(view, where):
        seen[field.name.lower()] += 1
        count = seen[field.name.lower()]
        name = field.name if count == 1 else f"{field.name}_{count}"
        columns.append(Column(name, field.kind, field.full_heading, tuple(field.value(view, row) for row in rows)))
    return tuple(columns)


def layers_of(plan: Plan, ground: Ground, palette: Palette) -> tuple[Layer, ...]:
    """All layers of a plan, the ones drawn on top first."""
    view, firms, classes = View(plan, plan.plan.language), plan.selected, palette.names(plan.plan.language)
    points = {park.park_id: park_point(park) for park in plan.parks}
    place = {park_id: _point(at) for park_id, at in points.items()}
    areas = [park for park in plan.parks if park.geometry is not None and "Polygon" in str(park.geometry["type"])]
    of_firms, of_incumbents = columns_of(view, FIRM, firms), columns_of(view, INCUMBENT, plan.incumbents)

    def of_parks(parks: Sequence[ParkResult]) -> tuple[Column, ...]:
        fullness = tuple(classes[palette.level(park.fullness, park.selected)] for park in parks)
        return *columns_of(view, PARK, parks), Column("fullness_class", "text", Words("满度分级", "Class of fullness"), fullness)

    def by_fullness(size: float, stroke: str) -> tuple[Symbol, ...]:
        drawn = zip(palette.levels, classes, strict=True)
        return tuple(Symbol(colour, stroke, size, value=name, dashed=name == classes[-1]) for (colour, _), name in drawn)

    chains = [Symbol(palette.chain(position)[0], "#ffffff", 3.0, value=chain.name) for position, chain in enumerate(plan.chains)]
    other = Symbol(palette.no_chain, "#ffffff", 3.0)
    by_chain = Style("marker", (*chains, other), attribute="chain_name", label="name", label_from=CLOSE)
    seats, present = seats_of(plan)
    local = Style("marker", (Symbol(palette.incumbent, "#ffffff", 2.6),), label="name", label_from=CLOSE)
    by_point = Style("marker", by_fullness(4.2, "#ffffff"), attribute="fullness_class", label="name")
    by_area = Style("fill", by_fullness(0.3, "#1b3b57"), attribute="fullness_class")
    outlines = tuple(_many(shape_of(park.geometry or {})) for park in areas)
    left_out = columns_of(view, LEFT_OUT, plan.not_selected)
    return (
        *_changes(view, points),
        Layer("selected_firms", FIRMS, (*of_firms, *_at(seats)), "Point", _points(seats), by_chain, OF_PLAN),
        Layer(
            "incumbents",
            Words("本地企业", "Local firms"),
            (*of_incumbents, *_at(present)),
            "Point",
            _points(present),
            local,
            OF_PLAN,
        ),
        Layer(
            "park_points", Words("园区点", "Park points"), of_parks(plan.parks), "Point", tuple(place.values()), by_point, OF_PLAN
        ),
        Layer("park_areas", Words("园区范围", "Park areas"), of_parks(areas), "MultiPolygon", outlines, by_area, OF_PLAN),
        _home_cities(view, palette),
        _home_lines(view, points, palette),
        *_boundaries(ground, palette),
        Layer("links", Words("环节", "Links"), columns_of(view, LINK, plan.links)),
        Layer("selected", Words("入选企业表", "Table of selected firms"), of_firms),
        Layer("not_selected", Words("未入选项目与原因", "Candidates left out, and why"), left_out),
        Layer("about", Words("说明与来源", "About and sources"), _about(view, ground)),
    )


def _about(view: View, ground: Ground) -> tuple[Column, ...]:
    """What the file is, as topic and text."""
    language = view.language
    system = Words("CGCS2000（EPSG:4490），与 WGS84 视为相同", "CGCS2000 (EPSG:4490), taken as equal to WGS84")
    rows = [
        (Words("计划", "Plan"), view.plan.plan.name),
        (Words("概要", "Summary"), SEMICOLON.say(language).join(headline(view.plan))),
        (Words("坐标系", "Coordinate system"), system.say(language)),
        *((Words(heading, heading), text) for heading, text in sources(view.plan) if heading != SYSTEM.say(language)),
    ]
    if ground.unknown_region is not None:
        rows.append((Words("提示", "Note"), words.NOTE_REGION.say(language, name=ground.unknown_region)))
    return (
        Column("topic", "text", Words("项", "Topic"), tuple(topic.say(language) for topic, _ in rows)),
        Column("text", "text", Words("内容", "Text"), tuple(text for _, text in rows)),
    )


def _changes(view: View, points: Mapping[str, Point | None]) -> tuple[Layer, ...]:
    """What differs from the earlier plan, nothing without one: all of it at its place now (before, of those that leave), and a line
    from the old park to the new for those that move."""
    report, language = view.plan.change_report, view.language
    if report is None:
        return ()

    def columns(changes: Sequence[ProjectChange]) -> tuple[Column, ...]:
        parks = {park.park_id: park.name for park in view.plan.parks}
        texts: tuple[tuple[str, Words, list[str | None]], ...] = (
            ("kind", Words("类别", "Kind"), [CHANGE_KINDS[change.kind].say(language) for change in changes]),
            ("candidate_id", Words("编号", "Id"), [change.candidate_id for change in changes]),
            ("name", Words("企业", "Firm"), [change.name for change in changes]),
            (
                "park_before",
                Words("原园区", "Park before"),
                [parks.get(change.park_before or "", change.park_before) for change in changes],
            ),
            ("quarter_before", Words("原季度", "Quarter before"), [change.quarter_before for change in changes]),
            (
                "park_after",
                Words("现园区", "Park now"),
                [parks.get(change.park_after or "", change.park_after) for change in changes],
            ),
            ("quarter_after", Words("现季度", "Quarter now"), [change.quarter_after for change in changes]),
            ("cause", Words("原因", "Cause"), [CAUSES[change.cause].say(language) for change in changes]),
            ("why", Words("说明", "In words"), [change.why.say(language) for change in changes]),
        )
        return tuple(Column(name, "text", heading, tuple(values)) for name, heading, values in texts)

    ends = [(change, points.get(change.park_before or ""), points.get(change.park_after or "")) for change in report.changes]
    moves = [(change, a, b) for change, a, b in ends if a is not None and b is not None and a != b]
    lines = tuple(LineString([(a[1], a[0]), (b[1], b[0])]) for _, a, b in moves)
    colours = {"fallen": "#5f6b76", "dropped": "#b3261e", "added": "#1b7f3b", "moved": "#7a1fa2"}
    symbols = tuple(Symbol(colour, "#ffffff", 3.4, value=CHANGE_KINDS[kind].say(language)) for kind, colour in colours.items())
    at = tuple(_point(a if b is None else b) for _, a, b in ends)
    return (
        Layer(
            "changes",
            Words("变动", "Changes"),
            columns(report.changes),
            "Point",
            at,
            Style("marker", symbols, attribute="kind", label="name", label_from=CLOSE),
            OF_PLAN,
        ),
        Layer(
            "change_lines",
            Words("换园区连线（由原园区到现园区）", "Moves, from the old park to the new"),
            columns([change for change, _, _ in moves]),
            "LineString",
            lines,
            Style("line", (Symbol("", "#7a1fa2", 0.6),)),
            OF_PLAN,
        ),
    )


def _home_lines(view: View, points: Mapping[str, Point | None], palette: Palette) -> Layer:
    """A straight line from home city to park for every firm of which both places are known."""
    cities, home_of = homes(view.plan)
    ends = ((firm, home, points.get(firm.park_id)) for firm, home in zip(view.plan.selected, home_of, strict=True))
    lines = [(firm, *cities[home], park) for firm, home, park in ends if home is not None and park is not None]
    distances = (float(kilometres(a[1], a[0], b[1], b[0])) for _, _, a, b in lines)
    columns = (
        *columns_of(view, FIRM, [firm for firm, *_ in lines], Shown.LINES),
        Column("home", "text", HOME, tuple(city for _, city, _, _ in lines)),
        Column("kilometres", "number", Words("直线距离(km)", "Distance (km)"), tuple(round(distance, 1) for distance in distances)),
    )
    shapes = tuple(LineString([(a[1], a[0]), (b[1], b[0])]) for _, _, a, b in lines)
    style = Style("line", (Symbol("", palette.line, 0.25),))
    return Layer("home_lines", Words("来源连线", "Lines from home cities"), columns, "LineString", shapes, style, FROM)


def _home_cities(view: View, palette: Palette) -> Layer:
    """Every city that selected firms come from, where it is known, with how many and what they invest."""
    cities, home_of = homes(view.plan)
    firms: list[list[Selected]] = [[] for _ in cities]
    for firm, home in zip(view.plan.selected, home_of, strict=True):
        if home is not None:
            firms[home].append(firm)
    amounts = [[firm.investment for firm in own] for own in firms]
    sums = tuple(None if None in each else sum(amount for amount in each if amount is not None) for each in amounts)
    counted = Words("{city} {n} 家", "{city}: {n:firm}")
    columns = (
        Column("name", "text", HOME, tuple(city for city, _ in cities)),
        Column("selected", "count", SELECTED, tuple(map(len, firms))),
        Column("investment", "number", FIRM["investment"].full_heading, sums),
        Column("firms", "text", NAME, tuple(view.listed(firm.name for firm in own) for own in firms)),
        Column(
            "label",
            "text",
            Words("标注", "Label"),
            tuple(counted.say(view.language, city=city, n=len(own)) for (city, _), own in zip(cities, firms, strict=True)),
        ),
    )
    style = Style("marker", (Symbol("#ffffff", palette.line, 2.8),), label="label")
    title = Words("来源城市", "Home cities")
    return Layer("home_cities", title, columns, "Point", tuple(_point(at) for _, at in cities), style, FROM)


def _boundaries(ground: Ground, palette: Palette) -> tuple[Layer, Layer]:
    """Areas and lines of the ground, each in a layer of its own type."""
    features = [*ground.region, *ground.country]
    shapes = [_many(shape_of(feature["geometry"])) for feature in features]
    colours = {
        "region": (palette.ground["outline"], 0.6),
        "city": (palette.ground["city"], 0.35),
        "district": (palette.ground["district"], 0.25),
        "country": (palette.ground["border"], 0.3),
        "province": (palette.ground["province"], 0.25),
        "border": (palette.ground["border"], 0.4),
    }

    def part(name: str, title: Words, geometry: GeometryType, kind: Literal["fill", "line"]) -> Layer:
        chosen = [at for at, drawn in enumerate(shapes) if drawn.geom_type == geometry]
        values = [features[at]["properties"] for at in chosen]
        columns = (
            Column("name", "text", Words("名称", "Name"), tuple(str(value["name"]) for value in values)),
            Column("layer", "text", Words("层级", "Level"), tuple(str(value["layer"]) for value in values)),
        )
        symbols = tuple(Symbol("", stroke, width, value=layer) for layer, (stroke, width) in colours.items())
        style = Style(kind, symbols, attribute="layer")
        return Layer(name, title, columns, geometry, tuple(shapes[at] for at in chosen), style, GROUND)

    return (
        part("boundary_lines", Words("界线", "Boundary lines"), "MultiLineString", "line"),
        part("boundary_areas", Words("行政区", "Administrative areas"), "MultiPolygon", "fill"),
    )


def _at(seats: Sequence[Seat]) -> tuple[Column, ...]:
    """What tells that a place is no fact, and where the park is that is one."""
    parks = [seat.park or (None, None) for seat in seats]
    return (
        Column("schematic", "flag", Words("位置为示意", "Place is schematic"), tuple(seat.schematic for seat in seats)),
        Column("park_lon", "number", Words("园区经度", "Park longitude"), tuple(lon for _, lon in parks)),
        Column("park_lat", "number", Words("园区纬度", "Park latitude"), tuple(lat for lat, _ in parks)),
    )


def _points(seats: Sequence[Seat]) -> tuple[BaseGeometry | None, ...]:
    return tuple(_point(seat.at) for seat in seats)


def _point(at: Point | None) -> BaseGeometry | None:
    """A point from latitude and longitude."""
    return None if at is None else ShapelyPoint(at[1], at[0])


def _many(geometry: BaseGeometry) -> BaseGeometry:
    """A single area or line as a collection of one: a layer has one geometry type."""
    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    return MultiLineString([geometry]) if isinstance(geometry, LineString) else geometry
