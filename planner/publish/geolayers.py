"""The layers of a plan's GeoPackage: fields, values and shapes, before anything is written.

Layer and field names are ASCII and the same in both languages, so that a model built on them in QGIS keeps working;
headings and values are in the plan's language. A place that is not known is a row without a shape, never a missing row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from planner.geography.coordinates import kilometres
from planner.geography.geojson import shape_of
from planner.language import Language, Words
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.publish.field import Shown
from planner.publish.fields import FIRM, HOME, INCUMBENT, LEFT_OUT, LINK, PARK
from planner.publish.geofields import Column, about_columns, columns_of
from planner.publish.map.ground import Ground
from planner.publish.map.palette import Palette
from planner.publish.map.places import Point, homes, park_point
from planner.publish.qgis import PLAIN, Style, Symbol
from planner.publish.view import View

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GeometryType = Literal["Point", "MultiPolygon", "LineString", "MultiLineString"]


@dataclass(frozen=True)
class Layer:
    """One layer, or one table when ``geometry`` is None."""

    name: str
    title: Words
    columns: tuple[Column, ...]
    geometry: GeometryType | None = None
    shapes: tuple[BaseGeometry | None, ...] = ()
    style: Style = PLAIN


def layers_of(plan: Plan, ground: Ground, palette: Palette) -> tuple[Layer, ...]:
    """All layers of a plan, the ones drawn on top first."""
    language = plan.plan.language
    points = {park.park_id: park_point(park) for park in plan.parks}
    place = {park_id: _point(at) for park_id, at in points.items()}
    view = View(plan, language)
    parks = (*columns_of(view, PARK, plan.parks), _fullness_class(plan, palette))
    areas = [park for park in plan.parks if _is_area(park)]
    within = [position for position, park in enumerate(plan.parks) if _is_area(park)]
    firms = columns_of(view, FIRM, plan.selected)
    return (
        Layer(
            "selected_firms",
            Words("入选企业（位于园区点）", "Selected firms, at their park's point"),
            firms,
            "Point",
            tuple(place.get(firm.park_id) for firm in plan.selected),
            Style("marker", _chain_symbols(plan, palette), attribute="chain_name"),
        ),
        _incumbents(view, place, palette),
        Layer(
            "park_points",
            Words("园区点", "Park points"),
            parks,
            "Point",
            tuple(place[p.park_id] for p in plan.parks),
            Style("marker", _park_symbols(palette, language, 4.2), attribute="fullness_class", label="name"),
        ),
        Layer(
            "park_areas",
            Words("园区范围", "Park areas"),
            tuple(field.only(within) for field in parks),
            "MultiPolygon",
            tuple(_many(shape_of(park.geometry or {})) for park in areas),
            Style("fill", _park_symbols(palette, language, 0.3), attribute="fullness_class"),
        ),
        _home_lines(view, points, palette),
        *_boundaries(ground, palette),
        Layer("links", Words("环节", "Links"), columns_of(view, LINK, plan.links)),
        Layer("selected", Words("入选企业表", "Table of selected firms"), firms),
        Layer(
            "not_selected", Words("未入选项目与原因", "Candidates left out, and why"), columns_of(view, LEFT_OUT, plan.not_selected)
        ),
        Layer("about", Words("说明与来源", "About and sources"), about_columns(plan, ground)),
    )


def _fullness_class(plan: Plan, palette: Palette) -> Column:
    """Class by which parks are coloured."""
    names = palette.names(plan.plan.language)
    classes = tuple(names[palette.level(park.fullness, park.selected)] for park in plan.parks)
    return Column("fullness_class", "text", Words("满度分级", "Class of fullness"), classes)


def _incumbents(view: View, place: Mapping[str, BaseGeometry | None], palette: Palette) -> Layer:
    shapes, plan = [], view.plan
    for firm in plan.incumbents:
        own = (firm.lat, firm.lon) if firm.lat is not None and firm.lon is not None else None
        shapes.append(_point(own) if own is not None else place.get(firm.park_id or ""))
    style = Style("marker", (Symbol(palette.incumbent, "#ffffff", 2.6),))
    return Layer(
        "incumbents", Words("本地企业", "Local firms"), columns_of(view, INCUMBENT, plan.incumbents), "Point", tuple(shapes), style
    )


def _home_lines(view: View, points: Mapping[str, Point | None], palette: Palette) -> Layer:
    """A straight line from home city to park for every firm of which both places are known."""
    from shapely.geometry import LineString

    plan = view.plan
    cities, home_of = homes(plan)
    rows: list[tuple[Selected, str, Point, Point]] = []
    for firm, home in zip(plan.selected, home_of, strict=True):
        park = points.get(firm.park_id)
        if home is not None and park is not None:
            rows.append((firm, cities[home][0], cities[home][1], park))
    distances = [float(kilometres(a[1], a[0], b[1], b[0])) for _, _, a, b in rows]
    columns = (
        *columns_of(view, FIRM, [firm for firm, *_ in rows], Shown.LINES),
        Column("home", "text", HOME, tuple(name for _, name, _, _ in rows)),
        Column("kilometres", "number", Words("直线距离(km)", "Distance (km)"), tuple(round(d, 1) for d in distances)),
    )
    shapes = tuple(LineString([(a[1], a[0]), (b[1], b[0])]) for _, _, a, b in rows)
    style = Style("line", (Symbol("", palette.line, 0.25),))
    return Layer("home_lines", Words("来源连线", "Lines from home cities"), columns, "LineString", shapes, style)


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
        return Layer(name, title, columns, geometry, tuple(shapes[at] for at in chosen), style)

    return (
        part("boundary_lines", Words("界线", "Boundary lines"), "MultiLineString", "line"),
        part("boundary_areas", Words("行政区", "Administrative areas"), "MultiPolygon", "fill"),
    )


def _park_symbols(palette: Palette, language: Language, size: float) -> tuple[Symbol, ...]:
    names = palette.names(language)
    last = len(names) - 1
    return tuple(
        Symbol(colour, "#1b3b57", size, value=name, dashed=position == last)
        for position, ((colour, _), name) in enumerate(zip(palette.levels, names, strict=True))
    )


def _chain_symbols(plan: Plan, palette: Palette) -> tuple[Symbol, ...]:
    """A colour for each chain, and one for firms without."""
    symbols = [Symbol(palette.chain(position)[0], "#ffffff", 3.0, value=chain.name) for position, chain in enumerate(plan.chains)]
    return (*symbols, Symbol(palette.no_chain, "#ffffff", 3.0))


def _is_area(park: ParkResult) -> bool:
    return park.geometry is not None and "Polygon" in str(park.geometry["type"])


def _point(at: Point | None) -> BaseGeometry | None:
    """A point from latitude and longitude."""
    from shapely.geometry import Point as ShapelyPoint

    return None if at is None else ShapelyPoint(at[1], at[0])


def _many(geometry: BaseGeometry) -> BaseGeometry:
    """A single area or line as a collection of one: a layer has one geometry type."""
    from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    return MultiLineString([geometry]) if isinstance(geometry, LineString) else geometry
