"""The demo's candidates: about 140 projects drawn around the profile of their link, heavy-tailed in size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.demo import firms
from benchmarks.demo.chains import CHAINS, LINKS, PROFILES, Link, Profile
from benchmarks.demo.firms import SECOND, SOURCE, SPECIALS, VARIANTS

LAND, POWER, WATER, ENERGY, VOCS = ("用地*(亩)", "用电负荷*(MW)", "日用水*(吨/日)", "年综合能耗*(吨标煤)", "挥发性有机物*(吨/年)")
RESOURCES = (LAND, POWER, WATER, ENERGY, VOCS)
INVESTMENT, OUTPUT, CAPACITY = "计划投资额*(亿元)", "达产产值*(亿元)", "环节供给能力*(亿元)"
SUBSIDY, EFFORT, PROBABILITY, FUND = "奖补诉求*(万元)", "洽谈工作量*(人月)", "落地概率*", "资金池"
ID, GROUP, LINK, NOTE = "项目编号", "方案组", "环节编号", "备注"

HEADERS = (
    ID,
    "企业名称",
    "name_en",
    "项目内容",
    LINK,
    GROUP,
    "主体类型",
    firms.CLASS,
    firms.STATUS,
    firms.MUST,
    firms.EXCLUDE,
    firms.FIXED_PARK,
    firms.FIXED_QUARTER,
    firms.PREFERS,
    firms.REFUSES,
    "所在省",
    "所在市",
    "经度",
    "纬度",
    INVESTMENT,
    OUTPUT,
    CAPACITY,
    "年税收*(万元)",
    "用工*(人)",
    *RESOURCES,
    SUBSIDY,
    FUND,
    PROBABILITY,
    "评分*",
    EFFORT,
    NOTE,
    "数据来源",
)
TALKING = 0.35
"""Share of candidates that are already being negotiated with."""


def brand(number: int, first: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """The number-th invented name, in Chinese and in English; no two alike below ``len(first)`` × 23."""
    head = first[number % len(first)]
    tail = SECOND[(7 * number + number // len(first)) % len(SECOND)]
    return head[0] + tail[0], f"{head[1]}-{tail[1]}"  # hyphened: 似川 is not Sichuan


def candidates(seed: int) -> pd.DataFrame:
    """The table 客商库, one row for each project or variant of one, under :data:`HEADERS`."""
    rows = [row for number, link in _numbered() for row in _project(number, link, seed)]
    for candidate_id, column, value, note in SPECIALS:
        of_it = [row for row in rows if candidate_id in (row[ID], row.get(GROUP))]
        if not of_it:
            raise ValueError(f"no project {candidate_id}")
        for row in of_it:
            row |= {column: value, NOTE: note} if note else {column: value}
    return pd.DataFrame(rows).reindex(columns=list(HEADERS))


def _numbered() -> Iterator[tuple[int, Link]]:
    number = 0
    for link in LINKS:
        for _ in range(link.projects):
            yield number, link
            number += 1


def _project(number: int, link: Link, seed: int) -> Iterator[dict[str, object]]:
    """The project as one row, or as one row for each of its variants."""
    rng = np.random.default_rng([seed, number])
    spread = rng.standard_normal(12)
    profile = PROFILES[link.profile]
    heavy = 1.0 + rng.pareto(3.2)
    investment = link.investment * np.exp(0.42 * spread[0]) * heavy / 1.3
    project_id = f"K{number + 1:03d}"
    told = _told(number, link, project_id, rng)
    sizes = VARIANTS.get(project_id)
    if sizes is None:
        yield {**told, ID: project_id, "项目内容": f"{link.name}项目", **_figures(investment, profile, spread)}
        return
    for letter, (what, size) in zip("ABC", sizes, strict=False):
        yield {
            **told,
            ID: project_id + letter,
            GROUP: project_id,
            "项目内容": f"{link.name}项目（{what}）",
            **_figures(link.investment * size * np.exp(0.15 * spread[0]), profile, spread),
        }


def _told(number: int, link: Link, project_id: str, rng: np.random.Generator) -> dict[str, object]:
    """Who it is and where it comes from."""
    name, name_en = brand(number, firms.FIRST)
    form, form_en = firms.FORMS[int(rng.integers(len(firms.FORMS)))]
    if link.trade.endswith(("科技", "技术")):
        form, form_en = form.removeprefix("科技"), form_en.removeprefix("Technology ")
    chain = next(chain for chain in CHAINS if chain.chain_id == link.chain_id)
    city = chain.cities[int(rng.integers(len(chain.cities)))]
    province, lon, lat = firms.CITIES[city]
    return {
        "企业名称": name + link.trade + form,
        "name_en": f"{name_en} {link.trade_en} {form_en}",
        LINK: link.link_id,
        "主体类型": "企业",
        firms.CLASS: firms.class_of(number),
        firms.STATUS: "在谈" if rng.random() < TALKING else "意向",
        firms.MUST: "否",
        firms.EXCLUDE: "否",
        "所在省": province,
        "所在市": city,
        "经度": lon,
        "纬度": lat,
        "数据来源": SOURCE,
    }


def _figures(investment: float, profile: Profile, spread: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, object]:
    """What a project of ``investment`` 亿元 brings, needs and asks; ``spread`` are its twelve standard normals."""

    def around(middle: float, sigma: float, which: int) -> float:
        return float(middle * np.exp(sigma * spread[which]))

    investment = round(investment, 1 if investment >= 10 else 2)
    output = investment * around(profile.turnover, 0.20, 1)
    land = investment * 1e4 / around(profile.intensity, 0.22, 2)
    chance = 1 / (1 + np.exp(-(0.05 + 0.85 * spread[8] - 0.28 * np.log(investment / 4))))
    return {
        INVESTMENT: investment,
        OUTPUT: round(output, 2),
        CAPACITY: round(output * (0.72 + 0.25 / (1 + np.exp(-spread[9]))), 2),
        "年税收*(万元)": round(output * 1e4 * around(profile.tax, 0.25, 3)),
        "用工*(人)": 5 * round(output * around(profile.jobs, 0.25, 4) / 5 + 1),
        LAND: max(3, round(land)),
        POWER: round(output * around(profile.power, 0.25, 5), 2),
        WATER: 5 * round(output * around(profile.water, 0.25, 6) / 5 + 0.5),
        ENERGY: 10 * round(output * around(profile.energy, 0.25, 7) / 10 + 0.5),
        VOCS: round(output * around(profile.vocs, 0.30, 6), 1),
        SUBSIDY: 10 * round(investment * 1e4 * around(0.05, 0.35, 10) / 10),
        FUND: profile.fund,
        PROBABILITY: round(float(np.clip(chance, 0.1, 0.92)), 2),
        "评分*": round(float(np.clip(76 + 7 * spread[11] + 3 * spread[8], 55, 97))),
        EFFORT: int(np.clip(round(1.4 + 0.9 * np.log1p(investment) + 0.5 * spread[11]), 1, 8)),
    }
