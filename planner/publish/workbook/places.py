"""The sheet of parks: who comes, how full each is, every resource at the end and by quarter, zones and the region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.plan.records import ParkResult, Resource, Use
from planner.publish.sentences import Teller
from planner.publish.words import COLUMNS, KINDS, SCOPES, unit_words
from planner.publish.workbook.basis import Basis
from planner.publish.workbook.book import Book
from planner.publish.workbook.table import Column, write_table

PARKS = Words("园区", "Parks")
USE_BY_QUARTER = Words("资源分季", "Use by quarter")
PARKS_TITLE = Words("园区与资源占用", "Parks and their use of resources")
BY_QUARTER_TITLE = Words(
    "园区、分区与全域的资源占用（分季）", "Use of resources of parks, zones and the region, by quarter"
)
PARKS_NOTE = Words(
    "资源占用为 {quarter} 末；满度取占用最多的一项资源；“—”为能力不限或未知。",
    "Use at the end of {quarter}. Fullness is the share of the fullest resource; “—” is unlimited or not known.",
)
BY_QUARTER_NOTE = Words(
    "存量资源（如土地）用掉即减少，流量资源（如电力）在运行期间占用；占用率＝已用 ÷ 当季能力。",
    "A stock such as land is used up; a flow such as power is used in every quarter of operation. Share is used ÷ capacity "
    "of the quarter.",
)
FULLNESS, PLACE, RESOURCE = Words("满度", "Fullness"), Words("地方", "Place"), Words("资源", "Resource")
KIND, SCOPE, CHAINS = Words("类型", "Kind"), Words("范围", "Scope"), Words("适配产业链", "Chains taken")
ALL_CHAINS, REGION = Words("不限", "all"), Words("全域", "the region")


@dataclass(frozen=True)
class _Series:
    """Use of one resource at one place over the quarters."""

    scope: str
    place: str
    resource: Resource
    uses: Mapping[str, Use]
    used_assumed: bool
    capacity_assumed: bool


def write_parks(book: Book, teller: Teller, basis: Basis) -> None:
    """One row per park, three columns per resource; below it zones and the region."""
    page = book.page(PARKS.say(book.language))
    plan, last = teller.plan, teller.plan.plan.quarters[-1]
    parks = plan.parks
    chain_names = {chain.chain_id: chain.name for chain in plan.chains}
    takes = [
        "、".join(chain_names.get(name, name) for name in park.allowed_chains) or page.say(ALL_CHAINS) for park in parks
    ]
    full = [
        any(basis.park_capacity(park, one.resource_id) for one in plan.resources if one.scope == "park")
        for park in parks
    ]
    columns = [
        Column(
            COLUMNS["park"], [park.name for park in parks], assumed=["name" in park.assumed for park in parks], room=28
        ),
        Column(COLUMNS["county"], [park.county for park in parks], room=10),
        Column(COLUMNS["zone"], [park.zone for park in parks], room=10),
        Column(COLUMNS["selected"], [park.selected for park in parks], "count", total=True),
        Column(
            COLUMNS["investment"],
            [park.investment for park in parks],
            "number",
            unit_words("万元"),
            [basis.use([park.park_id], "investment") for park in parks],
            total=True,
        ),
        Column(FULLNESS, [park.fullness for park in parks], "share", assumed=full, bar=True),
        *(column for one in plan.resources if one.scope == "park" for column in _at_end(one, parks, last, basis)),
        Column(CHAINS, takes, room=24),
    ]
    placed = write_table(page, 2, columns, filter_rows=True)
    wide = len(columns)
    areas = [series for series in _all_series(teller, basis) if series.scope != "park"]
    if areas:
        page.section(placed.end + 1, page.say(Words("分区与全域", "Zones and the region")))
        write_table(page, placed.end + 2, _area_columns(areas, last, book), grow=True)
    page.merged(0, 0, wide - 1, page.say(PARKS_TITLE), book.style("title"), height=30)
    page.merged(1, 0, wide - 1, page.say(PARKS_NOTE, quarter=last), book.style("note"))
    page.sheet.freeze_panes(placed.first, 1)
    page.finish(repeat=(placed.head - 1, placed.head))


def _at_end(resource: Resource, parks: Sequence[ParkResult], quarter: str, basis: Basis) -> list[Column]:
    """Used, capacity and share of one resource at the end of the horizon."""
    at = [
        next((use for use in park.use if use.resource_id == resource.resource_id and use.quarter == quarter), None)
        for park in parks
    ]
    group = Words(
        f"{resource.name}（{unit_words(resource.unit).zh}）", f"{resource.name} ({unit_words(resource.unit).en})"
    )
    if not resource.unit:
        group = Words(resource.name, resource.name)
    used = [basis.use([park.park_id], resource.resource_id) for park in parks]
    has = [basis.park_capacity(park, resource.resource_id) for park in parks]
    return [
        Column(
            COLUMNS["used"], [use.used if use else None for use in at], "number", assumed=used, total=True, group=group
        ),
        Column(COLUMNS["amount"], [use.capacity if use else None for use in at], "number", assumed=has, group=group),
        Column(
            COLUMNS["share"],
            [use.share if use else None for use in at],
            "share",
            assumed=[a or b for a, b in zip(used, has, strict=True)],
            bar=True,
            group=group,
        ),
    ]


def _all_series(teller: Teller, basis: Basis) -> list[_Series]:
    plan = teller.plan
    found = []
    for resource in plan.resources:
        name = resource.resource_id
        if resource.scope == "park":
            for park in plan.parks:
                uses = {use.quarter: use for use in park.use if use.resource_id == name}
                found.append(
                    _Series(
                        "park",
                        park.name,
                        resource,
                        uses,
                        basis.use([park.park_id], name),
                        basis.park_capacity(park, name),
                    )
                )
            continue
        for area in plan.areas:
            if area.scope == resource.scope:
                uses = {use.quarter: use for use in area.use if use.resource_id == name}
                place = REGION.say(teller.language) if area.scope == "region" else area.area_id
                found.append(
                    _Series(
                        area.scope, place, resource, uses, basis.use(basis.parks_of(area), name), basis.area_capacity()
                    )
                )
    return found


def _area_columns(areas: Sequence[_Series], quarter: str, book: Book) -> list[Column]:
    at = [series.uses.get(quarter) for series in areas]
    either = [series.used_assumed or series.capacity_assumed for series in areas]
    return [
        Column(PLACE, [series.place for series in areas], room=28),
        Column(SCOPE, [SCOPES[series.scope].say(book.language) for series in areas], "short"),
        Column(RESOURCE, [series.resource.name for series in areas], room=14),
        Column(COLUMNS["unit"], [unit_words(series.resource.unit).say(book.language) for series in areas], "short"),
        Column(
            COLUMNS["used"],
            [use.used if use else None for use in at],
            "mixed",
            assumed=[series.used_assumed for series in areas],
        ),
        Column(
            COLUMNS["amount"],
            [use.capacity if use else None for use in at],
            "mixed",
            assumed=[series.capacity_assumed for series in areas],
        ),
        Column(COLUMNS["share"], [use.share if use else None for use in at], "share", assumed=either, bar=True),
    ]


def write_use_by_quarter(book: Book, teller: Teller, basis: Basis) -> None:
    """One row per place and resource; used and share for each quarter."""
    page = book.page(USE_BY_QUARTER.say(book.language))
    series = _all_series(teller, basis)
    quarters = teller.plan.plan.quarters
    columns = [
        Column(PLACE, [one.place for one in series], room=28),
        Column(SCOPE, [SCOPES[one.scope].say(book.language) for one in series], "short"),
        Column(RESOURCE, [one.resource.name for one in series], room=14),
        Column(KIND, [KINDS[one.resource.kind].say(book.language) for one in series], "short"),
        Column(COLUMNS["unit"], [unit_words(one.resource.unit).say(book.language) for one in series], "short"),
    ]
    for quarter in quarters:
        at = [one.uses.get(quarter) for one in series]
        group = Words(quarter, quarter)
        columns += [
            Column(
                COLUMNS["used"],
                [use.used if use else None for use in at],
                "mixed",
                assumed=[one.used_assumed for one in series],
                group=group,
            ),
            Column(
                COLUMNS["amount"],
                [use.capacity if use else None for use in at],
                "mixed",
                assumed=[one.capacity_assumed for one in series],
                group=group,
            ),
            Column(
                COLUMNS["share"],
                [use.share if use else None for use in at],
                "share",
                assumed=[one.used_assumed or one.capacity_assumed for one in series],
                bar=True,
                group=group,
            ),
        ]
    placed = write_table(page, 2, columns, filter_rows=True)
    page.merged(0, 0, len(columns) - 1, page.say(BY_QUARTER_TITLE), book.style("title"), height=30)
    page.merged(1, 0, len(columns) - 1, page.say(BY_QUARTER_NOTE), book.style("note"))
    page.sheet.freeze_panes(placed.first, 3)
    page.finish(repeat=(placed.head - 1, placed.head))
