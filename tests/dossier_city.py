"""The tiny city with what dossiers are written from: firms here, freight, distances, policies; figures to be added up by hand.

A  seats, 600 a year, home 宁波市; selected in P2 (as are B and D) or not, as the plan has it
泡棉厂 makes FOAM in P2, 100 a year; 老座椅厂 makes SEAT in P1, 200 a year
1 of SEAT needs 0.1 of FOAM; FOAM weighs 0.5 t for each 万元, SEAT 0.2 t; road 0.4 元/t km
宁波市 is 500 km from P1 and 480 km from P2; P1 and P2 are 40 km apart
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from planner import api
from planner.plan.model import Plan
from planner.publish.desk import Desk
from planner.publish.documents.model import Document
from planner.publish.dossiers.cuts import STEPS
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.page import Findings, findings, page_of
from tests.city import PLAN, TABLES, settled, write_city

Rows = Sequence[Mapping[str, Any]]
HOME = {"A": ("宁波市", 121.55, 29.88), "B": ("苏州市", 120.59, 31.30), "C": ("", "", ""), "D": ("宁波市", 121.55, 29.88)}
CANDIDATES: Rows = [
    {
        **row,
        "city": HOME[str(row["candidate_id"])][0],
        "lon": HOME[str(row["candidate_id"])][1],
        "lat": HOME[str(row["candidate_id"])][2],
    }
    for row in settled(TABLES["candidates"])
]
FIRMS: Rows = [
    {"name": "老座椅厂", "link_id": "SEAT", "capacity": 200, "park_id": "P1", "source": "统计局"},
    {"name": "泡棉厂", "link_id": "FOAM", "capacity": 100, "park_id": "P2", "source": "统计局"},
]
FREIGHT: Rows = [
    {
        "link_id": "FOAM",
        "from_place": "",
        "to_place": "",
        "mode": "公路",
        "rate": 0.4,
        "rate_per_ton": "",
        "tonnage": 0.5,
        "source": "物流协会",
    },
    {
        "link_id": "SEAT",
        "from_place": "",
        "to_place": "",
        "mode": "公路",
        "rate": 0.4,
        "rate_per_ton": "",
        "tonnage": 0.2,
        "source": "物流协会",
    },
]
DISTANCES: Rows = [
    {"from_place": "宁波市", "to_place": "P1", "mode": "", "km": 500},
    {"from_place": "宁波市", "to_place": "P2", "mode": "", "km": 480},
    {"from_place": "P1", "to_place": "P2", "mode": "", "km": 40},
]
POLICIES: Rows = [
    {
        "offer": "投资补助",
        "kind": "资金",
        "basis": "示政发1号",
        "ceiling": 50,
        "rate": 0.1,
        "rate_of": "investment",
        "lawful": "yes",
        "until": "",
        "ground": "",
    },
    {
        "offer": "税收返还",
        "kind": "税收",
        "basis": "旧文",
        "ceiling": "",
        "rate": 1,
        "rate_of": "tax",
        "lawful": "no",
        "until": "",
        "ground": "条例第十条",
    },
    {
        "offer": "落户奖",
        "kind": "资金",
        "basis": "示政发9号",
        "ceiling": 90,
        "rate": "",
        "rate_of": "",
        "lawful": "yes",
        "until": "2026-06-30",
        "ground": "",
    },
    {
        "offer": "优惠电价",
        "kind": "用电",
        "basis": "征求意见稿",
        "ceiling": "",
        "rate": "",
        "rate_of": "",
        "lawful": "review",
        "until": "",
        "ground": "",
    },
]
CITY: dict[str, Rows] = {
    **TABLES,
    "candidates": CANDIDATES,
    "incumbents": FIRMS,
    "freight": FREIGHT,
    "distances": DISTANCES,
    "policies": POLICIES,
}
FORBIDDEN = ("底线", "目标值", "增益", "边际", "次优", "对偶", "reduced", "gain", "bound", "影子价格", "落选", "未选", "入选理由")
"""Words that no page may say."""

_KEPT = TemporaryDirectory(prefix="bulian-dossiers-", ignore_cleanup_errors=True)


@cache
def plan_of(language: str = "zh") -> Plan:
    """The city's plan; what lies beside it changes nothing of it."""
    return api.solve(api.open_plan(write_city(Path(_KEPT.name, language), _plan(language), CITY)))


def _plan(language: str) -> str:
    return PLAN.replace("language: zh", f"language: {language}")


def desk(folder: Path, language: str = "zh", **tables: Rows) -> Desk:
    """The city with some tables in place of its own; with other firms here its plan is made anew."""
    opened = api.open_plan(write_city(folder, _plan(language), {**CITY, **tables}))
    return Desk(api.solve(opened) if "incumbents" in tables else plan_of(language), opened)


def found(desk: Desk, candidate: str) -> Findings:
    return findings(Here(desk), candidate, desk.language)


def page(desk: Desk, candidate: str, step: int = 0) -> Document:
    """The page as content, without its map."""
    here = Here(desk)
    return page_of(here, findings(here, candidate, desk.language), STEPS[step], lambda park: None, desk.language)


def text_of(document: Document) -> str:
    """Every text of the page, those of pictures too."""
    return "\n".join([*(value.marked for _, value in document.values()), *(picture.svg for _, picture in document.pictures())])


def rows(base: Rows, **cells: Any) -> Rows:
    """The rows, each with these cells."""
    return [{**row, **cells} for row in base]
