"""The demo's other tables, each under the headers its file has. Capacities are set so that every limit bites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.demo import firms
from benchmarks.demo.chains import CHAINS, EDGES, GRANT, GUIDE, LINKS
from benchmarks.demo.firms import FIRST_HERE, SOURCE
from benchmarks.demo.ground import COUNTIES, PARKS
from benchmarks.demo.projects import EFFORT, ENERGY, FUND, GROUP, ID, LAND, LINK, POWER, SUBSIDY, VOCS, WATER, brand

if TYPE_CHECKING:
    from shapely import Polygon

QUARTERS = ("2027Q1", "2027Q2", "2027Q3", "2027Q4")

TIGHT: Mapping[str, float] = {LAND: 0.46, POWER: 0.62, WATER: 0.74, ENERGY: 0.50, VOCS: 0.40, SUBSIDY: 0.43, EFFORT: 0.38}
"""Of everything that candidates ask, how much there is.

Every limit bites, and yet the best plan is proved in seconds. With 0.40 of the money, and 70 % of a team's effort in the
quarter of signing (now 50 %, in ``plan.yaml``), HiGHS had a gap of 0.6–3 % after 15 s of computing. Efforts are whole
person-months: at 0.7 and 0.3 of them quarters of 8–15 person-months cannot be filled without remainder, and half of the gap
of the linear relaxation was such remainders. Money and people scarce alike leave many plans that are nearly as good.
"""
ZONE_ENERGY = {"中部片区": 0.38, "东部片区": 0.36, "西部片区": 0.26}
FUND_SHARES = {GUIDE: (0.15, 0.25, 0.28, 0.32), GRANT: (0.25, 0.25, 0.25, 0.25)}
CARRIES_OVER = {GUIDE: "是", GRANT: "否"}
TEAM_SHARES = (0.22, 0.26, 0.26, 0.26)
"""The Spring Festival falls into the first quarter."""
PHASED = (("land", "P04", LAND, (0.2, 0.2, 1.0, 1.0)), ("power", "P06", POWER, (0.4, 0.4, 0.4, 1.0)))
"""Land that is cleared in the third quarter, a substation that starts in the fourth."""
VOCS_STEPS = (0.7, 0.7, 1.0, 1.0)


ANCHOR = "是否链主"


def asked(candidates: pd.DataFrame, header: str) -> pd.Series:
    """What each project asks under ``header``, its largest variant counted, those that cannot come left out."""
    open_ = candidates[(candidates[firms.EXCLUDE] != "是") & (candidates[firms.STATUS] != "已流失")]
    return open_.groupby(open_[GROUP].fillna(open_[ID]))[header].max()


def available(candidates: pd.DataFrame, header: str) -> float:
    """What there is of it in the whole city."""
    return float(asked(candidates, header).sum()) * TIGHT[header]


def chains(incumbents: pd.DataFrame) -> pd.DataFrame:
    """产业链."""
    largest = strongest(incumbents)
    return pd.DataFrame(
        [
            {
                "产业链编号": chain.chain_id,
                "产业链名称": chain.name,
                "name_en": chain.name_en,
                "权重": chain.weight,
                "链长": chain.chief,
                "牵头单位": chain.lead_office,
                "链主企业": largest[chain.anchor_link],
                "数据来源": SOURCE,
            }
            for chain in CHAINS
        ]
    )


def links() -> pd.DataFrame:
    """环节."""
    return pd.DataFrame(
        [
            {
                LINK: link.link_id,
                "产业链编号": link.chain_id,
                "环节名称": link.name,
                "name_en": link.name_en,
                "位置": link.tier,
                "权重*": link.weight,
                "本地年需求*(亿元)": link.demand,
                "本地配套能力(亿元)": link.supply,
                "最少来源数": link.min_sources,
                "卡脖子": "是" if link.bottleneck else "否",
                "数据来源": SOURCE,
            }
            for link in LINKS
        ]
    ).astype({"最少来源数": "Int64"})


def link_edges() -> pd.DataFrame:
    """供需关系."""
    names = {link.link_id: link.name for link in LINKS}
    return pd.DataFrame(
        [
            {
                "上游环节": one,
                "下游环节": other,
                "消耗系数*": coefficient,
                "说明": f"{names[one]} → {names[other]}",
                "数据来源": SOURCE,
            }
            for one, other, coefficient in EDGES
        ]
    )


def incumbents(seed: int) -> pd.DataFrame:
    """本地企业: the firms whose capacities are the links' supply; in a park, or in a county town."""
    rows: list[dict[str, object]] = []
    for link in LINKS:
        rng = np.random.default_rng([seed, 1000 + len(rows)])
        share = np.array([0.64, 0.36]) if link.incumbents == 2 else np.ones(link.incumbents)
        for number, part in enumerate(share):
            name, name_en = brand(len(rows), FIRST_HERE)
            takes = [park for park in PARKS if not park.chains or link.chain_id in park.chains.split("、")]
            home: dict[str, object] = {"园区编号": takes[int(rng.integers(len(takes)))].park_id}
            in_town = rng.random() < 0.3
            if number == 0 and link.link_id in firms.HOMES:
                home = {"园区编号": firms.HOMES[link.link_id]}
            elif in_town:
                county = COUNTIES[int(rng.integers(len(COUNTIES)))]
                east, north = rng.uniform(-0.03, 0.03, 2)
                home = {"经度": round(county.lon + east, 4), "纬度": round(county.lat + north, 4)}
            rows.append(
                {
                    "企业编号": f"E{len(rows) + 1:02d}",
                    "企业名称": f"{name}{link.trade}有限公司",
                    "name_en": f"{name_en} {link.trade_en} Co., Ltd.",
                    LINK: link.link_id,
                    "环节供给能力(亿元)": round(link.supply * float(part), 2),
                    firms.CLASS: firms.class_of(len(rows)),
                    "营业收入*(亿元)": round(1.2 * link.supply * float(part), 2),
                    **home,
                    "数据来源": SOURCE,
                }
            )
    headers = (
        "企业编号",
        "企业名称",
        "name_en",
        LINK,
        "环节供给能力(亿元)",
        firms.CLASS,
        "营业收入*(亿元)",
        ANCHOR,
        "园区编号",
        "经度",
        "纬度",
        "数据来源",
    )
    table = pd.DataFrame(rows).reindex(columns=list(headers))
    table[ANCHOR] = np.where(table["企业名称"].isin(strongest(table)[[chain.anchor_link for chain in CHAINS]]), "是", "否")
    return table


def strongest(incumbents: pd.DataFrame) -> pd.Series:
    """Link → the local firm with the largest capacity."""
    return incumbents.sort_values("环节供给能力(亿元)", ascending=False).drop_duplicates(LINK).set_index(LINK)["企业名称"]


def parks(candidates: pd.DataFrame, outlines: Mapping[str, Polygon]) -> tuple[pd.DataFrame, list[Polygon]]:
    """园区: the attributes of the layer, and its shapes in the same order."""
    land, power, water = (available(candidates, header) for header in (LAND, POWER, WATER))
    table = pd.DataFrame(
        [
            {
                "园区编号": park.park_id,
                "园区名称": park.name,
                "name_en": park.name_en,
                "所在市": "示例市",
                "所在区县": park.county,
                "分区": park.zone,
                "规划面积(平方公里)": park.area,
                "适配产业链": park.chains or None,
                "可供用地(亩)": _round(land * park.land, 5),
                "可用电力(MW)": _round(power * park.power, 1),
                "可供水(吨/日)": _round(water * park.water, 50),
                "最低投资强度(万元/亩)": park.investment,
                "最低亩均税收(万元/亩)": park.tax,
                "数据来源": SOURCE,
            }
            for park in PARKS
        ]
    )
    return table, [outlines[park.park_id] for park in PARKS]


def site_options() -> pd.DataFrame:
    """选址选项."""
    return pd.DataFrame(
        [
            {
                ID: site.candidate_id,
                "园区编号": site.park_id,
                "可落地": site.allowed,
                "用地*(亩)": site.land,
                "评分*": site.score,
                "说明": site.note,
                "数据来源": SOURCE,
            }
            for site in firms.SITES
        ]
    ).astype({"用地*(亩)": "Int64", "评分*": "Int64"})


def capacities(candidates: pd.DataFrame) -> pd.DataFrame:
    """分期能力: phases of two parks, the zones' energy and the city's quota of organic compounds."""
    steps: list[tuple[str, str, str, float]] = []
    for resource, park_id, header, shares in PHASED:
        park = next(park for park in PARKS if park.park_id == park_id)
        whole = available(candidates, header) * (park.land if resource == "land" else park.power)
        steps += [(resource, park_id, quarter, whole * share) for quarter, share in _changes(shares)]
    energy, vocs = available(candidates, ENERGY), available(candidates, VOCS)
    steps += [("energy", zone, QUARTERS[0], energy * share) for zone, share in ZONE_ENERGY.items()]
    steps += [("vocs", "全市", quarter, vocs * share) for quarter, share in _changes(VOCS_STEPS)]
    unit = {"land": 5, "power": 1, "energy": 100, "vocs": 1}
    return pd.DataFrame(
        [
            {"资源编号": resource, "归属编号": place, "季度": quarter, "能力": _round(amount, unit[resource]), "数据来源": SOURCE}
            for resource, place, quarter, amount in steps
        ]
    )


def funds(candidates: pd.DataFrame) -> pd.DataFrame:
    """资金."""
    rows = []
    for fund, shares in FUND_SHARES.items():
        money = float(asked(candidates[candidates[FUND] == fund], SUBSIDY).sum()) * TIGHT[SUBSIDY]
        rows += [
            {
                "资金池": fund,
                "季度": quarter,
                "额度(万元)": _round(money * share, 100),
                "可结转": CARRIES_OVER[fund],
                "数据来源": SOURCE,
            }
            for quarter, share in zip(QUARTERS, shares, strict=True)
        ]
    return pd.DataFrame(rows)


def teams(candidates: pd.DataFrame) -> pd.DataFrame:
    """专班."""
    rows = []
    for chain in CHAINS:
        of_chain = candidates[candidates[LINK].str.startswith(chain.chain_id)]
        effort = float(asked(of_chain, EFFORT).sum()) * TIGHT[EFFORT]
        rows += [
            {
                "专班": chain.team,
                "产业链编号": chain.chain_id,
                "季度": quarter,
                "季度工作量(人月)": _round(effort * share, 1),
                "数据来源": SOURCE,
            }
            for quarter, share in zip(QUARTERS, TEAM_SHARES, strict=True)
        ]
    return pd.DataFrame(rows)


def _changes(shares: tuple[float, ...]) -> list[tuple[str, float]]:
    """The quarters in which a stepwise share changes."""
    return [(QUARTERS[t], share) for t, share in enumerate(shares) if t == 0 or share != shares[t - 1]]


def _round(value: float, step: int) -> int:
    return step * round(value / step)
