"""Random tiny cities in which every family of limits, every term and every kind of rule comes up; the same seed, the same city."""

from __future__ import annotations

from random import Random
from typing import Any

Tables = dict[str, list[dict[str, Any]]]

FILTERS: tuple[dict[str, Any], ...] = (
    {"chain_id": "C0"},
    {"chain_id": ["C0", "C1"], "tier": "上游"},
    {"link_id": {"exclude": ["L1"]}},
    {"tier": {"exclude": ["下游"]}},
    {"ownership": "外资"},
    {"ownership": {"exclude": ["内资"]}, "investment": {"min": 300}},
    {"investment": {"max": 500}},
    {"park.park_id": "P0"},
    {"county": "东县"},
    {"quarter": "2027Q1"},
    {"quarter": {"exclude": ["2027Q1"]}, "park.park_id": "P1"},
    {"land": {"min": 20}},
    {"link.weight": {"min": 1.2}},
)
PER = ("plan", "plan", "chain", "link", "park", "county", "zone", "quarter")
TERMS = ("gap", "backup", "output", "tax", "jobs", "investment", "subsidy", "score", "preferred", "early", "land", "power")


def rich_city(seed: int) -> tuple[dict[str, Any], Tables]:
    """(plan.yaml as a mapping, tables)."""
    dice = Random(seed)
    size, parks, quarters = dice.choice([(5, 2, 1), (4, 2, 2), (4, 2, 2), (4, 3, 1), (3, 2, 3)])
    times = [f"2027Q{t + 1}" for t in range(quarters)]
    tables: Tables = {"chains": [{"chain_id": f"C{n}", "name": f"链{n}", "weight": dice.choice([1, 1.5])} for n in (0, 1)]}
    tables["links"] = [_link(dice, n) for n in range(3)]
    land = dice.choice(["亩", "亩", "公顷"])
    tables["parks"] = [_park(dice, n, 15 if land == "公顷" else 1) for n in range(parks)]
    tables["candidates"] = [_candidate(dice, n, parks, times) for n in range(size)]
    if dice.random() < 0.5:
        tables["incumbents"] = [
            {"name": f"企业{dice.randint(0, 3)}", "link_id": f"L{dice.randint(0, 2)}", "capacity": 20 * (n + 1)}
            for n in range(dice.randint(1, 3))
        ]
        if len({(row["name"], row["link_id"]) for row in tables["incumbents"]}) < len(tables["incumbents"]):
            tables["incumbents"] = tables["incumbents"][:1]
    if dice.random() < 0.3:
        for row in tables["links"]:
            del row["supply"]
    if dice.random() < 0.3:
        for row in tables["links"]:
            row["sources"] = dice.choice([0, 1, ""])
    if dice.random() < 0.6:
        tables["link_edges"] = [
            {"from_link": "L0", "to_link": "L1", "coefficient": 0.2},
            {"from_link": "L2", "to_link": "L0", "coefficient": 0.5},
            {"from_link": "L0", "to_link": "L2", "coefficient": 0.1},
        ][: dice.randint(1, 3)]
    _means(dice, tables, times)
    _places(dice, tables, times)
    _windows(Random(f"quarters {seed}"), tables, times)
    plan = _plan(dice, seed, quarters, size, land)
    _later(Random(-seed - 1), plan, tables, quarters)
    return plan, tables


def _later(dice: Random, plan: dict[str, Any], tables: Tables, quarters: int) -> None:
    """Profiles of payment and effort, and amounts of funds and teams after the horizon."""
    if dice.random() < 0.5:
        plan.setdefault("schedule", {})["profiles"] = {
            "慢": {"payout": [0.0, 0.5, 0.5], "effort": dice.choice([[0.5, 0.5], [0.0, 0.0, 1.0]])},
            "先干": {"effort": [0.75, 0.25]},
            "节点": {
                "milestones": {
                    "签约": {"share": 0.25, "after": 0},
                    "开工": {"share": 0.25, "column": "开工季数"},
                    "投产": {"share": 0.5, "after": 3, "column": "投产季数"},
                }
            },
        }
        for name in ("candidates", "chains", "funds"):
            for row in tables.get(name, []):
                row["schedule_profile"] = dice.choice(["", "慢", "先干", "节点"])
        for row in tables["candidates"]:
            row["开工季数"], row["投产季数"] = dice.randint(0, 2), dice.choice(["", 1, 4])
        for fund in {row["fund_id"] for row in tables.get("funds", [])}:
            own = [row for row in tables["funds"] if row["fund_id"] == fund]
            for row in own[1:]:
                row["schedule_profile"] = dice.choice(["", own[0]["schedule_profile"]])
    for t in range(quarters, quarters + 5):
        named = f"{2027 + t // 4}Q{t % 4 + 1}"
        for name, key, amount in (("funds", "fund_id", dice.randint(0, 60)), ("teams", "team_id", dice.choice([0.25, 0.5, 1]))):
            one = {(row[key], row.get("chain_id")): row for row in tables.get(name, [])}
            for row in one.values():
                if dice.random() < 0.4:
                    tables[name].append({**row, "quarter": named, ("amount" if name == "funds" else "effort"): amount})


def _link(dice: Random, n: int) -> dict[str, Any]:
    return {
        "link_id": f"L{n}",
        "chain_id": f"C{n % 2}",
        "name": f"环节{n}",
        "tier": dice.choice(["上游", "下游"]),
        "weight": dice.choice([1, 1.5, 2]),
        "demand": dice.choice([0, dice.randint(0, 900)]),
        "supply": dice.choice([0, dice.randint(0, 300)]),
        "min_sources": dice.randint(0, 3),
    }


def _park(dice: Random, n: int, mu: int) -> dict[str, Any]:
    return {
        "park_id": f"P{n}",
        "name": f"园{n}",
        "county": dice.choice(["东县", "西县"]),
        "zone": f"Z{n % 2}",
        "lon": 117 + n / 10,
        "lat": 31,
        "land": dice.randint(30, 110),
        "power": dice.randint(6, 16),
        "min_investment_intensity": dice.choice([0, 0, 0, 10 / mu, 25 / mu]),
        "min_tax_intensity": dice.choice([0, 0, 0, 0.75 / mu]),
        "allowed_chains": dice.choice(["", "", "", "C0", "C0、C1"]),
    }


def _candidate(dice: Random, n: int, parks: int, times: list[str]) -> dict[str, Any]:
    link = dice.choice(["L0", "L0", "L1", "L2", ""])
    row = {
        "candidate_id": f"K{n}",
        "name": f"企业{dice.randint(0, 2)}",
        "link_id": link,
        "chain_id": "" if link else "C1",
        "ownership": dice.choice(["内资", "外资"]),
        "capacity": dice.randint(50, 600),
        "output": dice.randint(50, 600),
        "investment": dice.randint(100, 900),
        "tax": dice.randint(1, 60),
        "jobs": dice.randint(1, 60),
        "score": round(dice.uniform(-2, 5), 2),
        "landing_probability": dice.choice([0.3, 0.5, 0.8, 1.0]),
        "land": dice.choice([0, dice.randint(5, 40), dice.randint(5, 60)]),
        "power": dice.randint(0, 8),
        "water": dice.randint(0, 9),
        "subsidy": dice.randint(0, 90),
        "effort": dice.choice([0.5, 1, 2]),
        "fund_id": dice.choice(["F", "G"]),
        "status": dice.choice(["prospect"] * 12 + ["lost", "signed"]),
        "must_include": dice.choice(["否"] * 12 + ["是"]),
        "exclude": dice.choice(["否"] * 12 + ["是"]),
        "variant_group": dice.choice(["", "", "V"]),
        "preferred_parks": dice.choice(["", "P1"]),
        "refused_parks": dice.choice(["", "", "", "P0"]),
        "fixed_park": dice.choice([""] * 7 + ["P1"]),
        "fixed_quarter": dice.choice([""] * 6 + [times[-1]]),
    }
    if row["status"] == "signed":
        row |= {"fixed_park": "P1", "fixed_quarter": dice.choice(times), "exclude": "否"}
    if row["status"] == "lost" or row["exclude"] == "是":
        row["must_include"] = "否"
    return row


def _means(dice: Random, tables: Tables, times: list[str]) -> None:
    if dice.random() < 0.7:
        funds = dice.choice([["F"], ["F", "G"]])
        carry = {fund: dice.choice(["是", "否"]) for fund in funds}
        tables["funds"] = [
            {"fund_id": fund, "quarter": q, "amount": dice.randint(20, 140), "carry_over": carry[fund]}
            for fund in funds
            for q in times
            if q == times[0] or dice.random() < 0.8
        ]
    if len({row["fund_id"] for row in tables.get("funds", [])}) < 2:
        for row in tables["candidates"]:
            row["fund_id"] = ""
    if dice.random() < 0.7:
        tables["teams"] = [
            {"team_id": f"T{chain}", "chain_id": chain, "quarter": q, "effort": dice.choice([1, 1.5, 2, 3])}
            for chain in dice.choice([["C0", "C1"], ["C0"], [""], ["C1", ""]])
            for q in dice.choice([[""], times])
        ]


def _places(dice: Random, tables: Tables, times: list[str]) -> None:
    tables["capacities"] = [{"resource_id": "water", "scope_id": "", "quarter": "", "amount": dice.randint(8, 30)}]
    if dice.random() < 0.5:
        for q in dice.sample(times, dice.randint(1, len(times))):
            amount = dice.randint(20, 160)
            tables["capacities"].append({"resource_id": "land", "scope_id": "P0", "quarter": q, "amount": amount})
    if dice.random() < 0.4 and len(times) > 1:
        tables["capacities"].append({"resource_id": "water", "scope_id": "", "quarter": times[-1], "amount": dice.randint(8, 30)})
    if dice.random() < 0.5:
        first = {"candidate_id": "K0", "park_id": "P0", "allowed": dice.choice(["是", "否"]), "score": 1.5}
        second = {"candidate_id": "K1", "park_id": "P1", "allowed": "是", "score": dice.choice([-0.5, ""])}
        tables["site_options"] = [
            first | {"land": dice.randint(1, 80), "power": dice.choice(["", 2])},
            second | {"land": "", "power": dice.choice(["", 9])},
        ]


def _windows(dice: Random, tables: Tables, times: list[str]) -> None:
    """Some may be signed from one quarter on, or until one, that may lie outside the horizon."""
    for row in tables["candidates"]:
        first, last = sorted([dice.choice(["2026Q3", *times, times[-1], "2028Q2"]) for _ in range(2)])
        window = dice.choice(
            [{}, {}, {}, {"earliest_quarter": first}, {"latest_quarter": last}, {"earliest_quarter": first, "latest_quarter": last}]
        )
        row |= {"earliest_quarter": "", "latest_quarter": ""} | window


def _plan(dice: Random, seed: int, quarters: int, size: int, land: str) -> dict[str, Any]:
    weights: dict[str, float] = {"gap": 1.0}
    for term in dice.sample(TERMS[1:], 4):
        weights[term] = dice.choice([-0.3, 0.2, 1.0]) if term not in ("backup", "preferred") else 0.5
    objective: dict[str, Any] = {"normalise": dice.random() < 0.5, "weights": weights}
    if dice.random() < 0.25:
        objective["ceilings"] = {dice.choice(["subsidy", "land", "output"]): dice.randint(40, 400)}
    if dice.random() < 0.2:
        objective["floors"] = {dice.choice(["gap", "jobs", "score", "backup"]): dice.choice([0.5, 1, 3])}
    plan: dict[str, Any] = {
        "name": f"随机小城 {seed}",
        "quarters": {"start": "2027Q1", "count": quarters},
        "resources": {
            "land": {"unit": land, "kind": "stock", "scope": "park"},
            "power": {"unit": "MW", "kind": "flow", "scope": dice.choice(["park", "zone", "region"])},
            "water": {"unit": "吨/日", "kind": "flow", "scope": "region"},
        },
        "objective": objective,
        "rules": [_rule(dice, n) for n in range(dice.choice([0, 1, 1, 2]))],
        "solve": {"gap": 0.0, "threads": 1},
    }
    ids = [f"K{n}" for n in range(size)]
    relations = _relations(dice, ids) | _sequences(Random(f"sequences {seed}"), ids)
    if relations:
        plan["relations"] = relations
    plan |= _seasons(Random(f"seasons {seed}"), plan["resources"]["power"]["scope"], [f"2027Q{t + 1}" for t in range(quarters)])
    if dice.random() < 0.4:
        plan["backup"] = {"reliability": dice.choice([0.4, 0.6, 0.75, 0.9])}
    if dice.random() < 0.4:
        plan["schedule"] = {
            "payout": dice.choice([[1.0], [0.5, 0.5], [0.2, 0.3, 0.5]]),
            "effort": dice.choice([[1.0], [0.25, 0.75]]),
        }
    return plan


def _rule(dice: Random, n: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"name": f"规则{n}", "per": dice.choice(PER)}
    if dice.random() < 0.6:
        rule["where"] = dice.choice(FILTERS)
    bounds = dice.choice([{"max": 1}, {"max": 2}, {"min": 1}, {"equal": 1}, {"min": 1, "max": 2}])
    if dice.random() < 0.5:
        rule["count"] = bounds
    else:
        what = dice.choice(["land", "power", "investment", "score"])
        scale = {"land": 25, "power": 4, "investment": 400, "score": 2}[what]
        rule |= {"sum": what} | {side: amount * scale for side, amount in bounds.items()}
    if dice.random() < 0.4 or (bounds.keys() - {"max"} and dice.random() < 0.6):
        rule["soft"] = dice.choice([0.05, 3])
    return rule


def _relations(dice: Random, ids: list[str]) -> dict[str, Any]:
    some = dice.sample(ids, 2)
    kinds: list[dict[str, Any]] = [
        {},
        {"rivals": {"per_link": 1}},
        {"rivals": {"per_park_link": 1}},
        {"exclusive": [{"candidates": some}]},
        {"together": [{"candidates": some, "all_or_none": True}]},
        {"together": [{"candidates": some, "km": 12}]},
        {"apart": [{"candidates": ids[:3]}]},
        {"apart": [{"candidates": some, "km": 12}]},
    ]
    found: dict[str, Any] = {}
    for one in dice.sample(kinds, 2):
        found |= one
    return found


def _sequences(dice: Random, ids: list[str]) -> dict[str, Any]:
    """Some before others, some that ask for others, in a third of the cities each; sides may share a project."""

    def some() -> list[str]:
        return dice.sample(ids, dice.randint(1, 2))

    found: dict[str, Any] = {}
    if dice.random() < 0.35:
        one: dict[str, Any] = {"first": some(), "then": some()}
        if set(one["then"]) <= set(one["first"]):
            one["then"] = [name for name in ids if name not in one["first"]][:1]
        one |= dice.choice([{}, {"quarters": dice.randint(1, 2)}])
        one |= dice.choice([{}, {"needed": True}, {"needed": True, "count": 2, "existing": dice.randint(0, 2)}])
        found["before"] = [one]
    if dice.random() < 0.35:
        found["implies"] = [{"if": some(), "then": some()} | dice.choice([{}, {"at_least": "all"}, {"at_least": 2}])]
    return found


def _seasons(dice: Random, scope: str, times: list[str]) -> dict[str, Any]:
    """In some cities a quarter in which there is less power, in one park or everywhere."""
    one: dict[str, Any] = {"resource": "power", "quarter": dice.choice(times), "times": dice.choice(["1/2", 0.75, "5/7"])}
    if scope == "park" and dice.random() < 0.5:
        one["where"] = {"park.park_id": dice.choice(["P0", "P1"])}
    return {"seasons": [one]} if dice.random() < 0.3 else {}
