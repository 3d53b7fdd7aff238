"""Plans that try the charts: a chain of many links with long names, and desks without tables beside the plan."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any, cast

from planner.language import Language
from planner.plan.model import Plan
from planner.plan.records import LinkEdge
from planner.publish.desk import Desk
from tests.example_plan import example_plan

NAMES = (
    "光刻胶",
    "芯片设计（车规与显示驱动）",
    "EDA 与设计 IP",
    "高压线束与连接器",
    "一次性生物工艺耗材与培养基、层析介质及其配套的无菌检测服务",
    "MEMS",
    "Wide-bandgap power semiconductors (SiC, GaN)",
)
FIRMS = ("深圳市某某新能源汽车零部件科技股份有限公司", "甲公司", "ACME Advanced Materials (Suzhou) Co., Ltd.")
TIERS = ("上游", "中游", "下游")


def desk(plan: Plan, **tables: Any) -> Desk:
    """A plan on a desk, with no tables but the given ones."""
    return Desk(plan, cast(Any, SimpleNamespace(case=SimpleNamespace(tables=tables))))


def large_chain(links: int, edges: int, seed: int = 0, language: Language = "zh", tiers: tuple[str, ...] = TIERS) -> Plan:
    """One chain of so many links and supply edges, most of them forward; every third link has firms here, every fourth targets."""
    plan, dice = example_plan(language), random.Random(seed)
    like, chain = plan.links, plan.chains[0]
    made = [
        like[at % len(like)].model_copy(
            update={
                "link_id": f"L{at:03}",
                "name": f"{NAMES[at % len(NAMES)]}{at}",
                "chain_id": chain.chain_id,
                "tier": tiers[at * len(tiers) // links] if tiers else None,
                "demand_before": 1000.0 * at,
                "demand_after": 1234.5 * at,
                "supply_before": 300.0 * (at % 5),
                "supply_after": 400.0 * (at % 7),
            }
        )
        for at in range(links)
    ]
    starts = [dice.randrange(links) for _ in range(edges)]
    ends = [min(links - 1, max(0, start + dice.randrange(-6, 60))) for start in starts]
    pairs = dict.fromkeys(zip(starts, ends, strict=True))
    local = [
        plan.incumbents[0].model_copy(
            update={"name": FIRMS[(at + more) % 3], "link_id": f"L{at:03}", "chain_id": chain.chain_id, "lon": 117 + more}
        )
        for at in range(0, links, 3)
        for more in range(at % 4)
    ]
    come = [
        plan.selected[at % 3].model_copy(
            update={"candidate_id": f"K{at}", "name": FIRMS[at % 3], "link_id": f"L{at:03}", "chain_id": chain.chain_id}
        )
        for at in range(0, links, 4)
    ]
    return plan.model_copy(
        update={
            "links": tuple(made),
            "chains": (chain.model_copy(update={"links": links}),),
            "link_edges": tuple(LinkEdge(from_link=f"L{a:03}", to_link=f"L{b:03}", coefficient=0.1) for a, b in pairs),
            "incumbents": tuple(local),
            "selected": tuple(come),
        }
    )
