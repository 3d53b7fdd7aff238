r"""Land, power, water … of parks, zones and the region.

.. math::
    \sum_{i}\sum_{k\in p}\sum_{t'\le t} n_{ikr}\, x_{ikt'} \le A_{prt}

Stock is used up and flow is used from the quarter of signing on; nobody leaves within the horizon, so both are cumulative.
A row whose capacity is not below that of every later quarter can never bind and is left out.
"""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block, stack
from planner.programme.layout import Layout, needed_quarters
from planner.tables.case import Case, Ints


def _resource(case: Case, columns: Layout, r: int) -> Block:
    supply = case.resources[r]
    needed = needed_quarters(supply.amount)
    last = len(case.quarters) - 1
    parts = []
    for t in np.flatnonzero(needed.any(axis=0)):
        places = np.flatnonzero(needed[:, t])
        at = _columns_until(columns, int(t), last)
        # Before the last quarter the rows of untimed parks never bind, except for a region-wide resource whose needs do
        # not depend on the park: there the quarter alone is enough.
        if t < last and supply.scope == "region" and not columns.timed.all():
            at = columns.schedules[columns.quarter[columns.schedules] <= t]
            need = case.needs[columns.candidate[at], r]
            place = np.zeros(len(at), dtype=np.int64)
        else:
            need = case.need(r)[columns.candidate[at], columns.park[at]]
            place = supply.place_of_park[columns.park[at]]
        row_of = np.full(len(supply.places), -1, dtype=np.int64)
        row_of[places] = np.arange(len(places))
        kept = row_of[place] >= 0
        size = len(places)
        parts.append(
            block(
                (size, columns.columns),
                row_of[place[kept]],
                at[kept],
                need[kept],
                -np.inf,
                supply.amount[places, t],
                {"resource": np.full(size, r), "place": places, "quarter": np.full(size, t)},
            )
        )
    return stack(parts, columns.columns)


def _columns_until(columns: Layout, t: int, last: int) -> Ints:
    """Placements signed by quarter t: all of them at the end, the timed ones before."""
    at = columns.placements
    quarter = columns.quarter[at]
    return at if t == last else at[(quarter >= 0) & (quarter <= t)]


def _of_kind(case: Case, columns: Layout, kind: str) -> Block:
    wanted = [r for r, supply in enumerate(case.resources) if supply.kind == kind]
    return stack([_resource(case, columns, r) for r in wanted], columns.columns)


STOCK = Family(
    "stock",
    Words("存量资源", "stock resources"),
    r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}",
    Words("{place}的{resource}到{quarter}不超过{amount}", "{resource} of {place} by {quarter} within {amount}"),
    lambda case, columns: _of_kind(case, columns, "stock"),
)
FLOW = Family(
    "flow",
    Words("流量资源", "flow resources"),
    r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}\ \text{(in operation at } t)",
    Words("{place}的{resource}在{quarter}不超过{amount}", "{resource} of {place} in {quarter} within {amount}"),
    lambda case, columns: _of_kind(case, columns, "flow"),
)
