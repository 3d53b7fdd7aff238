"""Small random cities with a bit of everything, from a seed: the same seed, the same city."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from tests.city import write_city

Tables = dict[str, list[dict[str, Any]]]


def random_tables(seed: int, candidates: int = 3, parks: int = 2, quarters: int = 2, later: bool = False) -> tuple[str, Tables]:
    """(plan.yaml, tables): phases, variants, locks, edges, backups, rules and relations come and go with the seed. ``later``: money
    and effort fall due by profile, after the horizon too, where amounts limit some of it."""
    dice = Random(seed)
    names = [f"2027Q{t + 1}" for t in range(quarters)]
    links = [
        {
            "link_id": f"L{n}",
            "chain_id": f"C{n % 2}",
            "name": f"环节{n}",
            "weight": dice.choice([1, 1.5, 2]),
            "demand": dice.randint(0, 900),
            "supply": dice.randint(0, 300),
            "min_sources": dice.randint(0, 2),
        }
        for n in range(3)
    ]
    firms = [
        {
            "candidate_id": f"K{n}",
            "name": f"企业{dice.randint(0, 3)}",
            "link_id": dice.choice(links)["link_id"],
            "capacity": dice.randint(50, 600),
            "output": dice.randint(50, 600),
            "investment": dice.randint(100, 900),
            "tax": dice.randint(1, 60),
            "score": round(dice.uniform(-2, 5), 2),
            "landing_probability": dice.choice([0.3, 0.5, 0.8, 1.0]),
            "land": dice.randint(5, 60),
            "power": dice.randint(0, 8),
            "subsidy": dice.randint(0, 90),
            "effort": dice.choice([0.5, 1, 2]),
            "must_include": "否",
            "variant_group": dice.choice(["", "", "V"]),
            "refused_parks": dice.choice(["", "", "P0"]),
            "fixed_quarter": dice.choice(["", "", "", names[-1]]),
        }
        for n in range(candidates)
    ]
    if dice.random() < 0.2:
        firms[0]["must_include"] = "是"
    places = [
        {
            "park_id": f"P{n}",
            "name": f"园{n}",
            "county": dice.choice(["东县", "西县"]),
            "zone": f"Z{n % 2}",
            "lon": 117 + n / 10,
            "lat": 31,
            "land": dice.randint(30, 110),
            "power": dice.randint(4, 14),
            "min_investment_intensity": dice.choice([0, 0, 4]),
        }
        for n in range(parks)
    ]
    tables: Tables = {"links": links, "candidates": firms, "parks": places}
    if dice.random() < 0.6:
        tables["link_edges"] = [
            {"from_link": "L0", "to_link": "L1", "coefficient": 0.2},
            {"from_link": "L2", "to_link": "L0", "coefficient": 0.1},
        ]
    if dice.random() < 0.8:
        carry = dice.choice(["是", "否"])
        tables["funds"] = [{"fund_id": "F", "quarter": q, "amount": dice.randint(30, 140), "carry_over": carry} for q in names]
    if dice.random() < 0.8:
        tables["teams"] = [
            {"team_id": f"T{c}", "chain_id": f"C{c}", "quarter": "", "effort": dice.choice([1, 2, 3])} for c in (0, 1)
        ]
    if dice.random() < 0.5:
        tables["capacities"] = [{"resource_id": "land", "scope_id": "P0", "quarter": names[-1], "amount": dice.randint(30, 160)}]
    if dice.random() < 0.5:
        tables["site_options"] = [
            {
                "candidate_id": "K0",
                "park_id": "P0",
                "allowed": dice.choice(["是", "否"]),
                "score": 1.5,
                "land": dice.randint(1, 80),
            },
            {"candidate_id": "K1", "park_id": "P1", "allowed": "是", "score": -0.5, "land": ""},
        ]
    plan = f"""\
name: 随机小城 {seed}
quarters: {{start: 2027Q1, count: {quarters}}}
resources:
  land: {{unit: 亩, kind: stock, scope: park}}
  power: {{unit: MW, kind: flow, scope: {dice.choice(["park", "zone"])}}}
objective:
  normalise: {dice.choice(["true", "false"])}
  weights: {{gap: 1.0, backup: {dice.choice([0, 20])}, output: 0.2, score: {dice.choice([0, 10])}, subsidy: -0.1, early: 0.01}}
solve: {{gap: 0.0, threads: 1}}
"""
    if dice.random() < 0.5:
        rule = dice.choice(
            [
                "{name: r, count: {max: 2}}",
                "{name: r, per: park, sum: land, max: 45}",
                "{name: r, per: quarter, count: {max: 1}}",
                "{name: r, where: {park.park_id: P0, quarter: 2027Q1}, count: {max: 1}}",
                "{name: r, count: {min: 2}, soft: 3}",
            ]
        )
        plan += f"rules: [{rule}]\n"
    if dice.random() < 0.4:
        relation = dice.choice(
            [
                "rivals: {per_link: 1}",
                "rivals: {per_park_link: 1}",
                "exclusive: [{candidates: [K0, K1]}]",
                "together: [{candidates: [K0, K1], all_or_none: true}]",
                "together: [{candidates: [K0, K1], km: 20}]",
                "apart: [{candidates: [K1, K2]}]",
            ]
        )
        plan += f"relations: {{{relation}}}\n"
    if dice.random() < 0.3:
        plan += "backup: {reliability: 0.6}\n"
    return (plan + _due_later(dice, tables, quarters) if later else plan), tables


def _due_later(dice: Random, tables: Tables, quarters: int) -> str:
    """Profiles for candidates and funds, and rows of funds and teams after the horizon; the ``schedule`` of the plan."""
    for row in tables["candidates"]:
        row |= {"schedule_profile": dice.choice(["", "慢", "节点"]), "季数": dice.randint(0, 4)}
    for row in tables.get("funds", [])[:1]:
        row["schedule_profile"] = dice.choice(["", "慢"])
    for name, amounts in (("funds", range(61)), ("teams", (0, 0.5, 1))):
        for row in tables.get(name, [])[:1]:
            for t in dice.sample(range(quarters, quarters + 4), dice.randint(0, 3)):
                amount = {"amount" if name == "funds" else "effort": dice.choice(amounts)}
                tables[name].append({**row, "quarter": f"{2027 + t // 4}Q{t % 4 + 1}", **amount})
    milestones = "{签约: {share: 0.5, after: 0}, 投产: {share: 0.5, column: 季数}}"
    slow = "{payout: [0.2, 0, 0.8], effort: [0, 1]}"
    return f"schedule: {{payout: [0.5, 0.5], profiles: {{慢: {slow}, 节点: {{milestones: {milestones}}}}}}}\n"


def write_random(folder: Path, seed: int, **sizes: int) -> Path:
    """The workspace of a seed."""
    plan, tables = random_tables(seed, **sizes)
    return write_city(folder, plan, tables)
