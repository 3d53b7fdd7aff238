r"""Land, power, water … of parks, zones and the region.

.. math::
    \sum_{i}\sum_{k\in p}\sum_{t'\le t} n_{ikr}\, x_{ikt'} \le A_{prt}

Stock is used up and flow is used from the quarter of signing on; nobody leaves within the horizon, so both are cumulative.
A row whose capacity is not below that of every later quarter can never bind and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import REGION, Bools, Case, Floats, Ints
from planner.case.means import REGION_NAMES
from planner.language import Words
from planner.layout.choices import needed_quarters
from planner.layout.columns import Layout
from planner.layout.rows import Rows, numbering, rows_of, stack
from planner.limits.family import Family, Held, Lever, Step, Subject, enough, full_size, full_text, same
from planner.limits.names import place_name
from planner.settings.changes import CellChange

Cell = tuple[Bools, str, Mapping[str, str], str]
"""(quarters that it rules, table, where, column)."""


class Resource(Family):
    """Resources of one ``kind``: what is used at a place by a quarter within what there is."""

    kind: ClassVar[str]

    def rows(self, case: Case, layout: Layout) -> Rows:
        wanted = [r for r, supply in enumerate(case.resources) if supply.kind == self.kind]
        return stack(layout, [part for r in wanted for part in _rows(case, layout, r)])

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for supply, used in zip(case.resources, accounts.used, strict=True):
            if supply.kind == self.kind:
                for place, amounts in enumerate(supply.amount.tolist()):
                    yield from (Held(float(used[place, t]), present) for t, present in enumerate(amounts))

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        supply, place = case.resources[about["resource"]], about["place"]
        ids = (supply.resource_id, supply.places[place])
        return Subject(same(supply.name), ids, place_name(case, about["resource"], place), supply.unit)

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return np.stack([about["resource"], about["place"]], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        amounts = case.resources[key[0]].amount
        own = amounts[key[1]][np.isfinite(amounts[key[1]])].max(initial=0.0)
        return Lever(self.name, key, self.price(case), full_size(own, amounts, case.needs[:, key[0]]))

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        supply, where = case.resources[key[0]], place_name(case, key[0], key[1])
        amounts = supply.amount[key[1]]
        told = full_text(float(amounts[-1])) if (amounts == amounts[-1]).all() else by_quarter(case, amounts)
        return Words(
            f"{where.zh}的{supply.name} {told} {supply.unit}".strip(), f"{supply.name} of {where.en}: {told} {supply.unit}".strip()
        )

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        r, place = key
        supply, where = case.resources[r], place_name(case, r, place)
        over = accounts.used[r][place] - supply.amount[place]
        cells, said = [], []
        for quarters, table, row, column in resource_cells(case, r, place):
            more = enough(float(over[quarters].max(initial=0.0)))
            if more > 0:
                cells.append(CellChange(table=table, where=row, column=column, add=more))  # type: ignore[arg-type]
                said.append(_more(case, quarters, more, float(supply.amount[place][quarters].min()), supply.unit))
        text = Words(
            f"{where.zh}的{supply.name}{'；'.join(w.zh for w in said)}",
            f"{supply.name} of {where.en}: {'; '.join(w.en for w in said)}",
        )
        return Step(text, enough(float(over.max())), supply.unit, tuple(cells))


class Stock(Resource):
    """Resources that are used up."""

    name = kind = "stock"
    title = Words("存量资源", "stock resources")
    formula = r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}"
    sentence = Words("{place}的{subject}到{quarter}不超过{amount}{unit}", "{subject} of {place} by {quarter} within {amount}{unit}")


class Flow(Resource):
    """Resources that are used quarter by quarter."""

    name = kind = "flow"
    title = Words("流量资源", "flow resources")
    formula = r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}\ \text{(in operation at } t)"
    sentence = Words("{place}的{subject}在{quarter}不超过{amount}{unit}", "{subject} of {place} in {quarter} within {amount}{unit}")


def _rows(case: Case, layout: Layout, r: int) -> Iterator[Rows]:
    supply = case.resources[r]
    needed = needed_quarters(supply.amount)
    last = len(case.quarters) - 1
    for t in np.flatnonzero(needed.any(axis=0)).tolist():
        places = np.flatnonzero(needed[:, t])
        at = _columns_until(layout, t, last)
        # Before the last quarter the rows of untimed parks never bind, except for a region-wide resource whose needs do
        # not depend on the park: there the quarter alone is enough.
        if t < last and supply.scope == "region" and not layout.timed.all():
            at = layout.schedules[layout.quarter[layout.schedules] <= t]
            need = case.needs[layout.candidate[at], r]
            place = np.zeros(len(at), dtype=np.int64)
        else:
            need = case.need(r)[layout.candidate[at], layout.park[at]]
            place = supply.place_of_park[layout.park[at]]
        row = numbering(places, len(supply.places))[place]
        kept, size = row >= 0, len(places)
        about = {"resource": np.full(size, r), "place": places, "quarter": np.full(size, t)}
        yield rows_of(layout, (row[kept], at[kept], need[kept]), about, upper=supply.amount[places, t])


def _columns_until(layout: Layout, t: int, last: int) -> Ints:
    """Placements signed by quarter t: all of them at the end, the timed ones before."""
    at = layout.placements
    quarter = layout.quarter[at]
    return at if t == last else at[(quarter >= 0) & (quarter <= t)]


def by_quarter(case: Case, amounts: Floats) -> str:
    """Amounts with their quarters."""
    return "、".join(f"{quarter} {full_text(float(value))}" for quarter, value in zip(case.quarters, amounts, strict=True))


def _more(case: Case, quarters: Bools, more: float, now: float, unit: str) -> Words:
    """``自 2027Q3 起增加 12 亩（现为 80 亩）``; the quarters are said when it is not all of them."""
    at = np.flatnonzero(quarters)
    names = case.quarters[at[0]], case.quarters[at[-1]]
    zh = en = ""
    if len(at) < len(case.quarters):
        zh = f"在 {names[0]} " if names[0] == names[1] else f"在 {names[0]} 至 {names[1]} "
        en = f" in {names[0]}" if names[0] == names[1] else f" from {names[0]} to {names[1]}"
    added, has = f"{full_text(more)} {unit}".rstrip(), f"{full_text(now)} {unit}".rstrip()
    return Words(f"{zh}增加 {added}（现为 {has}）", f"{added} more{en} (now {has})")


def resource_cells(case: Case, r: int, place: int) -> list[Cell]:
    """The cells that say how much of a resource a place has, and the quarters that each rules (none twice)."""
    supply, count = case.resources[r], len(case.quarters)
    starts: dict[int, Mapping[str, str]] = {}
    table = case.tables.get("capacities")
    if table is not None:
        keys = [name for name in ("resource_id", "scope_id", "quarter") if name in table.frame.columns]
        for row in table.frame[keys].astype(str).to_dict("records"):
            scope, quarter = str(row.get("scope_id", "")), str(row.get("quarter", ""))
            here = scope == supply.places[place] or (supply.places[place] == REGION and scope in {*REGION_NAMES, ""})
            if row["resource_id"] == supply.resource_id and here and quarter <= case.quarters[-1]:
                starts[case.quarters.index(quarter) if quarter in case.quarters else 0] = {
                    str(key): str(value) for key, value in row.items()
                }
    first = sorted(starts)
    cells: list[Cell] = []
    parks = np.flatnonzero(supply.place_of_park == place)
    if supply.resource_id in case.parks.columns and (not first or first[0] > 0):
        own = np.nan_to_num(case.parks[supply.resource_id].to_numpy(float)[parks])
        park = str(case.parks["park_id"].iloc[int(parks[int(own.argmax())])])
        quarters = np.arange(count) < (first[0] if first else count)
        cells.append((quarters, "parks", {"park_id": park}, supply.resource_id))
    for begin, end in zip(first, [*first[1:], count][: len(first)], strict=True):
        quarters = (np.arange(count) >= begin) & (np.arange(count) < end)
        cells.append((quarters, "capacities", starts[begin], "amount"))
    return cells
