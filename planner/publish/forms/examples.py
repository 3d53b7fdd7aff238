"""One example row of every table, in canonical values; ``Chinese|English`` where the two languages differ.

They hang together (the project supplies the link, may go into the park …), so that together they are a plan that can be checked.
They stand on a sheet of their own, which no table is read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.language import Language

Row = Mapping[str, object]

_SOURCE = "示例，请替换|example, to be replaced"
_ROWS: Mapping[str, Row] = {
    "resources": {"resource_id": "land", "name": "用地|land", "unit": "亩", "scope": "park", "kind": "stock"},
    "chains": {
        "chain_id": "NEV",
        "name": "新能源汽车|New energy vehicles",
        "weight": 1.2,
        "chief": "市长|the mayor",
        "lead_office": "市经信局|Bureau of Industry",
        "anchor_firm": "示例汽车有限公司|Example Motors Ltd.",
    },
    "links": {
        "link_id": "NEV03",
        "chain_id": "NEV",
        "name": "电池隔膜|Battery separators",
        "tier": "上游|upstream",
        "weight": 2.8,
        "demand": 46000.0,
        "supply": 8000.0,
        "sources": 1.0,
        "min_sources": 2.0,
        "bottleneck": True,
    },
    "parks": {
        "park_id": "P01",
        "name": "示例经开区|Example Development Zone",
        "city": "示例市|Example City",
        "county": "东县|East County",
        "zone": "东区|east",
        "lon": 117.92,
        "lat": 31.25,
        "allowed_chains": ("NEV",),
        "min_investment_intensity": 300.0,
        "min_tax_intensity": 15.0,
        "land": 320.0,
    },
    "candidates": {
        "candidate_id": "K001",
        "name": "示例隔膜有限公司|Example Separators Ltd.",
        "link_id": "NEV03",
        "chain_id": "NEV",
        "capacity": 20000.0,
        "investment": 50000.0,
        "output": 36000.0,
        "tax": 1800.0,
        "jobs": 220.0,
        "score": 85.0,
        "landing_probability": 0.6,
        "must_include": False,
        "exclude": False,
        "preferred_parks": ("P01",),
        "province": "江苏省|Jiangsu",
        "city": "苏州市|Suzhou",
        "lon": 120.62,
        "lat": 31.32,
        "status": "negotiating",
        "effort": 3.0,
        "team": "T1",
        "owner": "经开区招商一组（示例）|Investment team 1 (example)",
        "subsidy": 1500.0,
        "fund_id": "F1",
        "source": _SOURCE,
        "land": 60.0,
    },
    "site_options": {"candidate_id": "K001", "park_id": "P01", "allowed": True, "score": 2.0, "land": 55.0},
    "capacities": {"resource_id": "land", "scope_id": "P01", "quarter": "2027Q3", "amount": 400.0},
    "funds": {"fund_id": "F1", "quarter": "2027Q1", "amount": 8000.0, "carry_over": True},
    "teams": {"team_id": "T1", "chain_id": "NEV", "quarter": "2027Q1", "effort": 6.0},
    "status": {
        "candidate_id": "K001",
        "date": "2027-03-15",
        "stage": "signed",
        "park_id": "P01",
        "quarter": "2027Q1",
        "planned_date": "2027-06-30",
        "problem": "进场道路未通|no road to the site yet",
        "owner": "示例经开区管委会|Example Development Zone",
        "due": "2027-04-30",
        "note": _SOURCE,
    },
    "link_edges": {"from_link": "NEV03", "to_link": "NEV07", "coefficient": 0.05},
    "incumbents": {
        "incumbent_id": "E01",
        "name": "示例正极有限公司|Example Cathodes Ltd.",
        "link_id": "NEV03",
        "capacity": 8000.0,
        "park_id": "P01",
        "city": "示例市|Example City",
        "source": _SOURCE,
    },
    "people": {
        "person": "经开区招商一组（示例）|Investment team 1 (example)",
        "role": "专班负责人|team leader",
        "chain_id": ("NEV",),
        "scope": ("P01",),
        "level": "市|city",
        "capacity": 6.0,
        "expertise": ("NEV03",),
    },
    "targets": {
        "stage": "signed",
        "quarter": "2027Q1",
        "chain_id": "NEV",
        "projects": 3.0,
        "investment": 100000.0,
        "source": _SOURCE,
    },
    "calendar": {"date": "2027-02-06", "kind": "rest", "name": "春节（示例）|Spring Festival (example)", "until": "2027-02-12"},
    "policies": {
        "offer": "设备投资补助（示例）|Grant towards equipment (example)",
        "kind": "奖补|grant",
        "basis": "示例市〔2026〕1号|Example City 2026 no. 1",
        "ceiling": 1000.0,
        "rate": 0.05,
        "rate_of": "investment",
        "from": "2026-01-01",
        "until": "2028-12-31",
        "chain_id": ("NEV",),
        "lawful": "review",
        "source": _SOURCE,
    },
    "freight": {
        "link_id": "NEV03",
        "from_place": "苏州市|Suzhou",
        "to_place": "P01",
        "mode": "公路|road",
        "rate": 0.45,
        "tonnage": 0.2,
        "source": _SOURCE,
    },
    "distances": {
        "from_place": "苏州市|Suzhou",
        "to_place": "P01",
        "mode": "公路|road",
        "km": 310.0,
        "hours": 3.8,
        "source": _SOURCE,
    },
    "technologies": {
        "link_id": "NEV03",
        "name": "湿法隔膜（示例）|Wet-process separators (example)",
        "route": "湿法|wet process",
        "level": "并跑|level",
        "from_year": 2026.0,
        "to_year": 2028.0,
        "holder": "示例大学|Example University",
        "source": _SOURCE,
    },
    "applications": {
        "link_id": "NEV03",
        "field": "动力电池|traction batteries",
        "product": "基膜|base film",
        "demand": 46000.0,
        "source": _SOURCE,
    },
    "indicators": {
        "chain_id": "NEV",
        "indicator": "规上工业产值|output of large firms",
        "period": "2026",
        "value": 120.0,
        "target": 150.0,
        "unit": "亿元",
        "source": _SOURCE,
    },
}


def example_of(table: str, language: Language) -> Row:
    """The example row of a table, canonical column: value, texts in one language."""
    row = _ROWS.get(table, {})
    return MappingProxyType({name: _said(value, language) for name, value in row.items()})


def _said(value: object, language: Language) -> object:
    if not isinstance(value, str) or "|" not in value:
        return value
    zh, _, en = value.partition("|")
    return zh if language == "zh" else en
