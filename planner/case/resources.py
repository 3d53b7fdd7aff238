"""Resources: who has how much of them (:class:`~planner.case.case.Supply`) and who needs how much."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.case.case import REGION, Floats, Ints, Supply
from planner.case.columns import Columns
from planner.language import Language, Words
from planner.settings.schema import ResourceSettings

NAMES: Mapping[str, Words] = {
    "land": Words("用地", "land"),
    "power": Words("电力", "power"),
    "water": Words("用水", "water"),
    "energy": Words("能耗", "energy"),
    "floor_area": Words("厂房面积", "floor area"),
}
"""Names of common resources, for plans that give none."""

REGION_NAMES = frozenset({REGION, "全域", "全市", "全区", "全省", "all", "*"})


def link_resources(
    told: Mapping[str, ResourceSettings],
    language: Language,
    read: Mapping[str, Columns],
    parks: pd.DataFrame,
    quarters: tuple[str, ...],
) -> tuple[tuple[Supply, ...], Floats, Floats]:
    """Supplies, needs of candidates (I, R), needs of site options (J, R); resources in the order of their ids."""
    declared = {
        name: one.model_copy(update={"name": one.name or NAMES.get(name, Words(name, name)).say(language)})
        for name, one in sorted(told.items())
    }
    for position, name in enumerate(read["capacities"].text("resource_id").tolist()):
        if name not in declared:
            read["capacities"].unknown(position, "resource_id", str(name), declared, Words("资源", "resource"))
    supplies = tuple(_supply(name, told, read, parks, quarters) for name, told in declared.items())
    own, pair = read["candidates"], read["site_options"]
    needs = np.full((own.rows, len(declared)), np.nan)
    pair_needs = np.full((pair.rows, len(declared)), np.nan)
    for r, name in enumerate(declared):
        needs[:, r] = own.number(name, np.nan, used=False)
        pair_needs[:, r] = pair.number(name, np.nan, used=False)
    return supplies, needs, pair_needs


def _supply(
    name: str, told: ResourceSettings, read: Mapping[str, Columns], parks: pd.DataFrame, quarters: tuple[str, ...]
) -> Supply:
    places, place_of_park = _places(told, read["parks"], parks)
    amount = np.full((len(places), len(quarters)), np.nan)
    rows = read["parks"]
    if rows.has(name):
        column = rows.number(name, np.nan, used=False)
        amount[:] = np.bincount(place_of_park, column, len(places))[:, None]
        if told.scope == "park":
            amount[:] = column[:, None]
    _phases(name, told, read["capacities"], places, quarters, amount)
    for place in np.flatnonzero(np.isnan(amount).any(axis=1)):
        at = int(place) if told.scope == "park" else 0
        cell = rows.place(at, name) if rows.has(name) else None
        rows.findings.add("C211", cell, rows.header(name), places[place], resource=told.name or name)
        if place > 20:
            break
    return Supply(name, told.name or name, told.unit, told.kind, told.scope, places, place_of_park, amount)


def _places(told: ResourceSettings, rows: Columns, parks: pd.DataFrame) -> tuple[tuple[str, ...], Ints]:
    if told.scope == "park":
        return tuple(parks["park_id"].astype(str)), np.arange(len(parks))
    if told.scope == "region":
        return (REGION,), np.zeros(len(parks), dtype=np.int64)
    zones = parks["zone"]
    for position in np.flatnonzero(zones.isna()):
        cell = rows.place(int(position), "zone" if rows.has("zone") else "park_id")
        rows.findings.add("C212", cell, rows.header("zone"))
    codes, names = pd.factorize(zones.fillna("").astype(str), sort=True)
    return tuple(names), codes.astype(np.int64)


def _phases(
    name: str, told: ResourceSettings, rows: Columns, places: tuple[str, ...], quarters: tuple[str, ...], amount: Floats
) -> None:
    """Lay ``capacities`` over the parks' own column: a row holds from its quarter until the next one of its place."""
    known_places = {place: position for position, place in enumerate(places)}
    values = rows.number("amount", np.nan)
    steps: dict[int, list[tuple[int, float]]] = {}
    for position, resource in enumerate(rows.text("resource_id").tolist()):
        if resource != name:
            continue
        place = str(rows.text("scope_id")[position])
        at = 0 if told.scope == "region" and (place in REGION_NAMES or place == "") else known_places.get(place, -1)
        if at < 0:
            what = {"park": Words("园区", "park"), "zone": Words("分区", "zone"), "region": Words("区域", "region")}
            rows.unknown(position, "scope_id", place, known_places, what[told.scope])
            continue
        quarter = str(rows.text("quarter")[position] or "")
        first = 0
        if quarter and quarter in quarters:
            first = quarters.index(quarter)
        elif quarter > quarters[-1]:
            continue  # a phase after the horizon changes nothing inside it
        steps.setdefault(at, []).append((first, values[position]))
    for at, phases in steps.items():
        phases.sort(key=lambda step: step[0])
        if np.isnan(amount[at, 0]) and phases[0][0] > 0:
            amount[at, : phases[0][0]] = 0.0  # nothing is there before its first phase
        for first, value in phases:
            amount[at, first:] = value
