"""A small, complete plan whose figures can be checked by hand, for the tests of outputs.

Two chains, five links, three parks, six candidates of which three come, four quarters. Names are hostile on purpose
(R6): firms called ``<script>alert(1)</script>``, ``=1+1`` and ``../../x``, a chain whose name no sheet may bear.
"""

from __future__ import annotations

import json
from typing import Any

from planner.echo.lines import EchoLine
from planner.language import Language, Words
from planner.plan.firm_records import Exclusion, Fills, Incumbent, NotSelected, Selected
from planner.plan.limit_records import Limit, RuleResult
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.model import Plan
from planner.plan.records import (
    AreaResult,
    Assumption,
    ChainResult,
    Check,
    InputFile,
    Kpis,
    LinkEdge,
    LinkResult,
    Notice,
    ObjectiveResult,
    ParkResult,
    PlanHead,
    Resource,
    Status,
    Term,
    Use,
    Verification,
)
from planner.settings.schema import Settings

QUARTERS = ("2027Q1", "2027Q2", "2027Q3", "2027Q4")
SOURCE = "客商库 2026 年 9 月版"

BOARDS = Words("电子信息[印制:电路板]/覆铜", "Electronics [boards: PCB]/laminate")
CARS = Words("新能源汽车", "Electric vehicles")
LAMINATE, TOOLS, LAB = Words("覆铜板", "Laminate"), Words("专用设备", "Tools"), Words("检测服务", "Testing")
BATTERY, HEAT = Words("电池管理系统", "Battery management"), Words("热管理", "Heat management")
EAST, WEST, SOUTH = (Words("东城经开区", "East park"), Words("西山高新区", "West park"), Words("南湖产业园", "South park"))

SQUARE = {"type": "Polygon", "coordinates": [[[117.30, 31.80], [117.36, 31.80], [117.36, 31.85], [117.30, 31.85], [117.30, 31.80]]]}
BOUNDARY = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "示例市", "layer": "region"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[117.0, 31.5], [117.6, 31.5], [117.6, 32.1], [117.0, 32.1], [117.0, 31.5]]],
            },
        }
    ],
}


def example_plan(language: Language = "zh") -> Plan:
    """The plan; its own texts in ``language``, as a bureau's tables would have them."""
    selected = _selected(language)
    objective = _objective()
    return Plan(
        plan=_head(language),
        inputs=_inputs(),
        status=Status(reason="gap_reached", proved=False, solver="highs"),
        objective=objective,
        selected=selected,
        not_selected=_not_selected(language),
        chains=_chains(language),
        links=_links(language),
        link_edges=(LinkEdge(from_link="L1", to_link="L4", coefficient=0.2),),
        parks=_parks(language),
        areas=_areas(),
        funds=_funds(),
        teams=_teams(),
        echo=(
            EchoLine(
                kind="rule",
                name="东县不少于两个项目",
                zh="所在区县为“东县”的项目数不少于 2 个；硬约束",
                en="projects of county is “东县”: at least 2; hard",
                unit="个",
                candidates=4,
                parks=1,
                quarters=4,
                minimum=2.0,
                least=0.0,
                most=4.0,
            ),
            EchoLine(
                kind="rule",
                name="=园区占比",
                zh="项目数占全部项目的比例不超过 50 %",
                en="share of projects among all projects: at most 50 %",
                unit="1",
                maximum=0.5,
                least=0.0,
                most=1.0,
                verdict="everything",
                verdict_zh="筛选没有排除任何项目",
                verdict_en="the filter leaves no project out",
            ),
        ),
        rules=_rules(),
        limits=_limits(language),
        incumbents=_incumbents(language),
        resources=(
            Resource(resource_id="land", name=Words("用地", "Land").say(language), unit="亩", kind="stock", scope="park"),
            Resource(resource_id="power", name=Words("用电", "Power").say(language), unit="MW", kind="flow", scope="park"),
            Resource(resource_id="energy", name=Words("能耗", "Energy").say(language), unit="吨标煤", kind="flow", scope="zone"),
        ),
        kpis=_kpis(),
        assumptions=(
            Assumption(
                table="candidates", column="investment", header="计划投资额*(亿元)", cells=6, whole_column=True, source=SOURCE
            ),
            Assumption(table="candidates", column="output", header="达产产值(万元)", cells=1, whole_column=False, source=SOURCE),
            Assumption(table="links", column="demand", header="本地年需求(万元)", cells=1, whole_column=False),
            Assumption(table="parks", column="power", header="可用电力*(MW)", cells=3, whole_column=True),
            Assumption(table="funds", column="amount", header="额度*(万元)", cells=8, whole_column=True),
        ),
        notices=(
            Notice(
                code="T210",
                place="客商库.xlsx[客商库]!N7",
                zh="客商库.xlsx[客商库]!N7 经度：缺所在城市坐标，地图上不画连线",
                en="客商库.xlsx[客商库]!N7 lon: no home coordinates; the map draws no line",
            ),
        ),
        verification=Verification(
            passed=True,
            checks=tuple(
                Check(family=family, checked=checked, violated=0, worst=0.0)
                for family, checked in (
                    ("once", 6),
                    ("must_include", 1),
                    ("eligible", 3),
                    ("stock", 12),
                    ("flow", 20),
                    ("funds", 8),
                    ("teams", 8),
                    ("rivals", 0),
                    ("rules", 1),
                )
            ),
            value=objective.value,
            difference=0.0,
        ),
    )


def _head(language: Language) -> PlanHead:
    settings = Settings.model_validate(
        {
            "name": Words("示例市 2027 年度招商计划", "Example City investment plan 2027").say(language),
            "language": language,
            "resources": {
                "land": {"unit": "亩"},
                "power": {"unit": "MW", "kind": "flow"},
                "energy": {"unit": "吨标煤", "kind": "flow", "scope": "zone"},
            },
            "rules": (
                {"name": "东县不少于两个项目", "where": {"county": "东县"}, "count": {"min": 2}},
                {"name": "单链用地上限", "sum": "land", "max": 140.0, "per": "chain", "soft": 0.0005},
            ),
        }
    )
    return PlanHead(
        name=settings.name,
        language=language,
        quarters=QUARTERS,
        planner_version="0.1.0",
        settings=json.loads(settings.model_dump_json()),
        region_name="示例市",
        boundary=BOUNDARY,
        map_approval=None,
    )


def _inputs() -> tuple[InputFile, ...]:
    return (
        InputFile(table="candidates", file="data/客商库.xlsx", sheet="客商库", rows=6, sha256="ab" * 32, source=SOURCE),
        InputFile(table="links", file="data/links.csv", rows=5, encoding="gb18030", sha256="cd" * 32),
        InputFile(table="parks", file="data/parks.gpkg", layer="parks", rows=3, sha256="ef" * 32, source="自然资源局"),
        InputFile(table="funds", file="data/funds.csv", rows=8, encoding="utf-8", sha256="01" * 32),
    )


def _objective() -> ObjectiveResult:
    """gap: L1 80,000 → 24,000, twice L2 30,000 → 20,000, L4 50,000 → 30,000; the rest sums over the three firms."""
    told = {
        "gap": (1.0, 96_000.0, "万元", 190_000.0),
        "backup": (0.3, 1.0, "", 3.0),
        "output": (0.2, 96_500.0, "万元", 200_000.0),
        "tax": (0.2, 5_050.0, "万元", 10_000.0),
        "subsidy": (-0.1, 4_500.0, "万元", 8_000.0),
    }
    terms = {
        name: Term(weight=weight, raw=raw, unit=unit, normaliser=total, normalised=raw / total, contribution=weight * raw / total)
        for name, (weight, raw, unit, total) in told.items()
    }
    penalties = 0.0005 * 10
    value = sum(term.contribution for term in terms.values()) - penalties
    return ObjectiveResult(
        value=value, bound=value * 1.00412, gap=0.00412, mode="weighted", normalise=True, terms=terms, penalties=penalties
    )


def _selected(language: Language) -> tuple[Selected, ...]:
    def firm(**given: Any) -> Selected:
        rest: dict[str, Any] = {
            "score": None,
            "status": "prospect",
            "must_include": False,
            "fixed_park": False,
            "fixed_quarter": False,
            "preferred_park": False,
            "province": "江苏省",
            "source": SOURCE,
            "fund_id": "产业扶持资金",
        }
        return Selected(**{**rest, **given})

    boards = {"chain_id": "PCB", "chain_name": BOARDS.say(language)}
    cars = {"chain_id": "EV", "chain_name": CARS.say(language)}
    return (
        firm(
            rank=1,
            candidate_id="K001",
            name="<script>alert(1)</script>",
            park_id="P1",
            park_name=EAST.say(language),
            quarter="2027Q1",
            link_id="L1",
            link_name=LAMINATE.say(language),
            **boards,
            team_id="电子专班",
            investment=50_000.0,
            output=80_000.0,
            tax=4_000.0,
            jobs=300.0,
            capacity=80_000.0,
            subsidy=3_000.0,
            landing_probability=0.8,
            effort=6.0,
            needs={"land": 120.0, "power": 8.0, "energy": 2_000.0},
            preferred_park=True,
            city="苏州市",
            lon=120.585,
            lat=31.299,
            source_counts=True,
            parks_possible=2,
            assumed=("investment", "output"),
            as_of="2026-09-30",
            confidence="高",
            stage="talks",
            stage_since="2026-09-12",
            stage_place="进展.csv!C2",
            fills=Fills(link_id="L1", shortage_before=80_000.0, shortage_after=24_000.0, expected_supply=64_000.0),
            contribution={"gap": 64_000 / 190_000, "backup": 0.1, "output": 0.064, "tax": 0.064, "subsidy": -0.0375},
        ),
        firm(
            rank=2,
            candidate_id="K003",
            name="../../x",
            park_id="P1",
            park_name=EAST.say(language),
            quarter="2027Q3",
            link_id="L2",
            link_name=TOOLS.say(language),
            **boards,
            team_id="电子专班",
            investment=12_000.0,
            output=10_000.0,
            tax=600.0,
            jobs=None,
            capacity=10_000.0,
            subsidy=0.0,
            landing_probability=1.0,
            effort=4.0,
            needs={"land": 30.0, "power": 2.0, "energy": 300.0},
            status="signed",
            must_include=True,
            fixed_park=True,
            fixed_quarter=True,
            city=None,
            province=None,
            lon=None,
            lat=None,
            source_counts=True,
            parks_possible=1,
            assumed=("investment",),
            fund_id=None,
            fills=Fills(link_id="L2", shortage_before=30_000.0, shortage_after=20_000.0, expected_supply=10_000.0),
            contribution={"gap": 20_000 / 190_000, "backup": 0.0, "output": 0.01, "tax": 0.012, "subsidy": 0.0},
        ),
        firm(
            rank=3,
            candidate_id="K002",
            name="=1+1",
            park_id="P2",
            park_name=WEST.say(language),
            quarter="2027Q2",
            link_id="L4",
            link_name=BATTERY.say(language),
            **cars,
            team_id="综合专班",
            investment=30_000.0,
            output=45_000.0,
            tax=2_500.0,
            jobs=150.0,
            capacity=40_000.0,
            subsidy=1_500.0,
            landing_probability=0.5,
            effort=3.0,
            needs={"land": 60.0, "power": 5.0, "energy": 900.0},
            city="深圳市",
            province="广东省",
            lon=114.057,
            lat=22.543,
            source_counts=True,
            parks_possible=3,
            assumed=("investment",),
            fills=Fills(link_id="L4", shortage_before=50_000.0, shortage_after=30_000.0, expected_supply=20_000.0),
            contribution={"gap": 12_000 / 190_000, "backup": 0.0, "output": 0.0225, "tax": 0.025, "subsidy": -0.01875},
        ),
    )


def _not_selected(language: Language) -> tuple[NotSelected, ...]:
    return (
        NotSelected(
            candidate_id="K004",
            name="华星电子",
            link_id="L1",
            link_name=LAMINATE.say(language),
            chain_id="PCB",
            chain_name=BOARDS.say(language),
            city="东莞市",
            investment=18_000.0,
            subsidy=900.0,
            reason="excluded",
            exclusions=(
                Exclusion(code="investment_intensity", parks=1, example_park_id="P1", found=120.0, allowed=200.0),
                Exclusion(
                    code="need_above_capacity", parks=1, example_park_id="P2", found=360.0, allowed=300.0, resource_id="land"
                ),
                Exclusion(code="chain_not_allowed", parks=1, example_park_id="P3"),
            ),
            assumed=("investment",),
            stage="lead",
            stage_since="2026-09-15",
            stage_place="进展.csv!C3",
        ),
        NotSelected(
            candidate_id="K005",
            name="恒远热控",
            link_id="L4",
            link_name=BATTERY.say(language),
            chain_id="EV",
            chain_name=CARS.say(language),
            city="宁波市",
            investment=26_000.0,
            subsidy=2_000.0,
            reason="not_worth_it",
            exclusions=(Exclusion(code="refused_park", parks=1, example_park_id="P3"),),
            gain=0.0312,
            best_park_id="P1",
            binding=("stock:land:P1:2027Q3", "funds:产业扶持资金:2027Q2"),
            assumed=("investment",),
        ),
        NotSelected(
            candidate_id="K006",
            name="远航检测",
            link_id="L3",
            link_name=LAB.say(language),
            chain_id="PCB",
            chain_name=BOARDS.say(language),
            city=None,
            investment=None,
            subsidy=None,
            reason="not_worth_it",
            exclusions=(),
            gain=-0.002,
            best_park_id="P3",
            assumed=(),
        ),
    )


def _chains(language: Language) -> tuple[ChainResult, ...]:
    return (
        ChainResult(
            chain_id="PCB",
            name=BOARDS.say(language),
            weight=1.0,
            chief="张副市长",
            lead_office="市经信局",
            anchor_firm="示例电路",
            links=3,
            completeness_before=20_000 / 160_000,
            completeness_after=104_000 / 168_000,
            shortage_before=110_000.0,
            shortage_after=44_000.0,
            selected=2,
            investment=62_000.0,
        ),
        ChainResult(
            chain_id="EV",
            name=CARS.say(language),
            weight=1.0,
            chief=None,
            lead_office=None,
            anchor_firm=None,
            links=2,
            completeness_before=18_000 / 68_000,
            completeness_after=38_000 / 68_000,
            shortage_before=50_000.0,
            shortage_after=30_000.0,
            selected=1,
            investment=30_000.0,
        ),
    )


def _links(language: Language) -> tuple[LinkResult, ...]:
    def link(link_id: str, name: Words, chain: str, tier: str, told: dict[str, tuple[Any, Any]], **rest: Any) -> LinkResult:
        both = {f"{key}_{moment}": pair[at] for key, pair in told.items() for at, moment in enumerate(("before", "after"))}
        return LinkResult(link_id=link_id, name=name.say(language), chain_id=chain, tier=tier, **both, **{"weight": 1.0, **rest})

    return (
        link(
            "L1",
            LAMINATE,
            "PCB",
            "中游",
            {
                "demand": (100_000.0, 108_000.0),
                "supply": (20_000.0, 84_000.0),
                "shortage": (80_000.0, 24_000.0),
                "sources": (1, 2),
                "grade": ("weak", "adequate"),
            },
            bottleneck=False,
            min_sources=2,
            backed_up=True,
            candidates=1,
            selected=1,
        ),
        link(
            "L2",
            TOOLS,
            "PCB",
            "上游",
            {
                "demand": (30_000.0, 30_000.0),
                "supply": (0.0, 10_000.0),
                "shortage": (30_000.0, 20_000.0),
                "sources": (0, 1),
                "grade": ("missing", "weak"),
            },
            weight=2.0,
            bottleneck=True,
            min_sources=2,
            backed_up=False,
            candidates=1,
            selected=1,
            assumed=("demand",),
        ),
        link(
            "L3",
            LAB,
            "PCB",
            "下游",
            {
                "demand": (0.0, 0.0),
                "supply": (0.0, 0.0),
                "shortage": (0.0, 0.0),
                "sources": (0, 0),
                "grade": ("no_demand", "no_demand"),
            },
            bottleneck=False,
            min_sources=0,
            backed_up=True,
            candidates=1,
            selected=0,
        ),
        link(
            "L4",
            BATTERY,
            "EV",
            "中游",
            {
                "demand": (60_000.0, 60_000.0),
                "supply": (10_000.0, 30_000.0),
                "shortage": (50_000.0, 30_000.0),
                "sources": (1, 2),
                "grade": ("weak", "weak"),
            },
            bottleneck=False,
            min_sources=3,
            backed_up=False,
            candidates=2,
            selected=1,
        ),
        link(
            "L5",
            HEAT,
            "EV",
            "中游",
            {
                "demand": (8_000.0, 8_000.0),
                "supply": (8_000.0, 8_000.0),
                "shortage": (0.0, 0.0),
                "sources": (1, 1),
                "grade": ("strong", "strong"),
            },
            bottleneck=True,
            min_sources=1,
            backed_up=True,
            candidates=0,
            selected=0,
        ),
    )


def _uses(resource: str, used: tuple[float, ...], capacity: float | None) -> tuple[Use, ...]:
    return tuple(
        Use(resource_id=resource, quarter=quarter, used=amount, capacity=capacity, share=amount / capacity if capacity else None)
        for quarter, amount in zip(QUARTERS, used, strict=True)
    )


def _parks(language: Language) -> tuple[ParkResult, ...]:
    return (
        ParkResult(
            park_id="P1",
            name=EAST.say(language),
            city="示例市",
            county="东县",
            zone="东区",
            lon=117.33,
            lat=31.825,
            geometry=SQUARE,
            allowed_chains=(),
            fullness=1.0,
            selected=2,
            investment=62_000.0,
            assumed=("power",),
            use=_uses("land", (120.0, 120.0, 150.0, 150.0), 150.0) + _uses("power", (8.0, 8.0, 10.0, 10.0), 12.0),
        ),
        ParkResult(
            park_id="P2",
            name=WEST.say(language),
            city="示例市",
            county="西县",
            zone="西区",
            lon=117.12,
            lat=31.9,
            geometry=None,
            allowed_chains=("EV", "PCB"),
            fullness=0.2,
            selected=1,
            investment=30_000.0,
            assumed=("power",),
            use=_uses("land", (0.0, 60.0, 60.0, 60.0), 300.0) + _uses("power", (0.0, 5.0, 5.0, 5.0), None),
        ),
        ParkResult(
            park_id="P3",
            name=SOUTH.say(language),
            city="示例市",
            county="东县",
            zone=None,
            lon=117.4,
            lat=31.6,
            geometry=None,
            allowed_chains=("EV",),
            fullness=0.0,
            selected=0,
            investment=0.0,
            assumed=("power",),
            use=_uses("land", (0.0, 0.0, 0.0, 0.0), 80.0) + _uses("power", (0.0, 0.0, 0.0, 0.0), 0.0),
        ),
    )


def _areas() -> tuple[AreaResult, ...]:
    return (
        AreaResult(scope="zone", area_id="东区", use=_uses("energy", (2_000.0, 2_000.0, 2_300.0, 2_300.0), 4_000.0)),
        AreaResult(scope="zone", area_id="西区", use=_uses("energy", (0.0, 900.0, 900.0, 900.0), 1_000.0)),
    )


def _funds() -> tuple[FundUse, ...]:
    """The first carries over what a quarter leaves, the second does not."""
    told = (
        ("产业扶持资金", (3_000.0, 1_500.0, 500.0, 500.0), (3_000.0, 1_500.0, 500.0, 1_000.0), (3_000.0, 1_500.0, 0.0, 0.0)),
        ("科技专项", (800.0,) * 4, (800.0,) * 4, (0.0,) * 4),
    )
    return tuple(
        FundUse(
            fund_id=fund,
            quarter=quarter,
            amount=amount[t],
            available=available[t],
            used=used[t],
            left=available[t] - used[t],
            assumed=True,
        )
        for fund, amount, available, used in told
        for t, quarter in enumerate(QUARTERS)
    )


def _teams() -> tuple[TeamUse, ...]:
    told = (("电子专班", "PCB", 6.0, (6.0, 0.0, 4.0, 0.0)), ("综合专班", None, 5.0, (0.0, 3.0, 0.0, 0.0)))
    return tuple(
        TeamUse(team_id=team, chain_id=chain, quarter=quarter, effort=effort, used=used[t], left=effort - used[t])
        for team, chain, effort, used in told
        for t, quarter in enumerate(QUARTERS)
    )


def _rules() -> tuple[RuleResult, ...]:
    return (
        RuleResult(name="东县不少于两个项目", group=None, value=2.0, minimum=2.0, maximum=None, soft=None, violation=0.0),
        RuleResult(name="单链用地上限", group="PCB", value=150.0, minimum=None, maximum=140.0, soft=0.0005, violation=10.0),
        RuleResult(name="单链用地上限", group="EV", value=60.0, minimum=None, maximum=140.0, soft=0.0005, violation=0.0),
    )


def _limits(language: Language) -> tuple[Limit, ...]:
    return (
        Limit(
            limit_id="stock:land:P1:2027Q3",
            family="stock",
            subject=Words("用地", "Land").say(language),
            place=EAST.say(language),
            quarter="2027Q3",
            used=150.0,
            amount=150.0,
            unit="亩",
        ),
        Limit(
            limit_id="funds:产业扶持资金:2027Q2",
            family="funds",
            subject="产业扶持资金",
            place=None,
            quarter="2027Q2",
            used=4_500.0,
            amount=4_500.0,
            unit="万元",
        ),
        Limit(
            limit_id="teams:电子专班:PCB:2027Q1",
            family="teams",
            subject="电子专班",
            place=None,
            quarter="2027Q1",
            used=6.0,
            amount=6.0,
            unit="人月",
        ),
    )


def _incumbents(language: Language) -> tuple[Incumbent, ...]:
    return (
        Incumbent(
            name="示例电路",
            link_id="L1",
            link_name=LAMINATE.say(language),
            chain_id="PCB",
            capacity=20_000.0,
            park_id="P1",
            city="示例市",
            lon=117.33,
            lat=31.825,
            source="年鉴",
            as_of="2025-12-31",
            confidence="中",
        ),
        Incumbent(
            name="<b>热管</b>",
            link_id="L5",
            link_name=HEAT.say(language),
            chain_id="EV",
            capacity=8_000.0,
            park_id=None,
            city="示例市",
            lon=117.25,
            lat=31.75,
            assumed=("capacity",),
            source="年鉴",
        ),
        Incumbent(
            name="西山电控",
            link_id="L4",
            link_name=BATTERY.say(language),
            chain_id="EV",
            capacity=10_000.0,
            park_id=None,
            city=None,
            lon=None,
            lat=None,
            source=None,
        ),
    )


def _kpis() -> Kpis:
    return Kpis(
        selected=3,
        investment=92_000.0,
        output=135_000.0,
        tax=7_100.0,
        jobs=None,
        expected_output=96_500.0,
        expected_tax=5_050.0,
        subsidy=4_500.0,
        shortage_before=160_000.0,
        shortage_after=74_000.0,
        links_short_before=3,
        links_short_after=3,
        links_closed=0,
        single_source_before=3,
        single_source_after=2,
        no_source_before=1,
        no_source_after=0,
        backed_up_before=2,
        backed_up_after=4,
        completeness_before=38_000 / 228_000,
        completeness_after=142_000 / 236_000,
        parks_used=2,
    )
