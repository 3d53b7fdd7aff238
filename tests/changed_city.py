"""A city with every table, opened with changes; what is refused of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner import api
from planner.plan.open import Opened
from planner.problems import InputError
from planner.programme.build import build
from tests.city import PLAN, TABLES, Rows, write_city

City = Mapping[str, Rows]
CITY: dict[str, list[dict[str, Any]]] = {
    **{name: [dict(row) for row in rows] for name, rows in TABLES.items()},
    "chains": [{"chain_id": "CAR", "name": "汽车", "weight": 1}, {"chain_id": "BUS", "name": "客车", "weight": 2}],
    "capacities": [
        {"resource_id": "power", "scope_id": "P1", "quarter": "2027Q1", "amount": 6},
        {"resource_id": "power", "scope_id": "P1", "quarter": "2027Q2", "amount": 9},
        {"resource_id": "land", "scope_id": "P2", "quarter": "2027Q2", "amount": 60},
    ],
    "site_options": [
        {"candidate_id": "A", "park_id": "P1", "allowed": "否", "score": 1},
        {"candidate_id": "D", "park_id": "P2", "allowed": "是", "score": 2},
    ],
    "teams": [
        {"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 3},
        {"team_id": "T", "chain_id": "CAR", "quarter": "2027Q2", "effort": 4},
    ],
    "incumbents": [
        {"name": "老座椅厂", "link_id": "SEAT", "capacity": 200, "park_id": "P1"},
        {"name": "泡棉二厂", "link_id": "FOAM", "capacity": 10, "park_id": "P2"},
    ],
    "link_edges": [
        {"from_link": "FOAM", "to_link": "SEAT", "coefficient": 0.1},
        {"from_link": "SEAT", "to_link": "FOAM", "coefficient": 0.01},
    ],
}
CITY["links"].append(
    {"link_id": "BODY", "chain_id": "BUS", "name": "车身", "weight": 1, "demand": 10, "supply": 1, "min_sources": 1}
)


def with_changes(folder: Path, *changes: Mapping[str, Any], tables: City = CITY, plan: str = PLAN) -> Path:
    text = "".join(f"  - {json.dumps(change, ensure_ascii=False)}\n" for change in changes)
    return write_city(folder, plan + (f"changes:\n{text}" if changes else ""), tables)


def opened(folder: Path, *changes: Mapping[str, Any], tables: City = CITY, plan: str = PLAN) -> Opened:
    return api.open_plan(with_changes(folder, *changes, tables=tables, plan=plan))


def refused(folder: Path, *changes: Mapping[str, Any], tables: City = CITY, plan: str = PLAN) -> dict[str, str]:
    """Key path → code of every error; a key path has one."""
    with pytest.raises(InputError) as found:
        opened(folder, *changes, tables=tables, plan=plan)
    errors = [one for one in found.value.problems if one.severity == "error"]
    assert len({one.subject for one in errors}) == len(errors), found.value
    return {one.subject: one.code for one in errors}


def column(plan: Opened, table: str, name: str) -> list[Any]:
    return list(plan.case.tables[table].frame[name])


def less(table: str, *rows: int) -> dict[str, list[dict[str, Any]]]:
    """The city without these rows of a table; without the table where none is left."""
    kept = {name: [row for at, row in enumerate(own) if name != table or at not in rows] for name, own in CITY.items()}
    return {name: own for name, own in kept.items() if own}


def filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value != ""}


def same_model(one: Opened, other: Opened) -> None:
    """Both make the same matrix, name by name and number by number."""
    first, second = (build(each.case, each.eligible).matrix for each in (one, other))
    for part in ("objective", "lower", "upper", "row_lower", "row_upper"):
        assert np.array_equal(getattr(first, part), getattr(second, part)), part
    assert (first.rows != second.rows).nnz == 0
    assert first.offset == second.offset
