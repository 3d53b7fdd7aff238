"""Small random cities in which anything may go anywhere, and random rules of every form about them; the same seed, the same city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.raw_city import Choice
from tests.rule_evaluator import Rules

Tables = dict[str, list[dict[str, Any]]]
FORMS = ("count", "sum", "share", "mean")
LARGE = 9999


def rule_tables(dice: Random, quarters: int = 3, most: int = 6) -> Tables:
    """Tables with chains and links that have no candidate, candidates without a link, and columns of the analyst's own."""
    times = [f"2027Q{t + 1}" for t in range(quarters)]
    chains = [{"chain_id": f"C{n}", "name": f"链{n}", "weight": dice.choice([1, 2]), "lead_office": f"局{n % 2}"} for n in range(3)]
    links = [
        {
            "link_id": f"L{n}",
            "chain_id": f"C{n % 3 if n < 3 else 0}",
            "name": f"环节{n}",
            "tier": "上游" if n == 0 else dice.choice(["上游", "下游"]),
            "weight": dice.choice([1, 1.5]),
            "demand": 500,
            "supply": 0,
            "类别": dice.choice(["材料", "整机"]),
            "难度": dice.randint(1, 5),
        }
        for n in range(4)
    ]
    firms = [
        {
            "candidate_id": f"K{n}",
            "name": ["锂电池厂", "ＡＢ材料", "ab整机", "新能源", "电池壳", "重工"][n],
            "link_id": ((link := dice.choice([*links[:3], *links[:3], None])) and link["link_id"]) or "",
            "chain_id": link["chain_id"] if link else dice.choice(["C0", "C1"]),
            "capacity": 100,
            "investment": dice.choice([5000, 10000, 20000, 35000]),
            "tax": dice.randint(0, 9) * 50,
            "landing_probability": 1.0,
            "land": dice.choice([0, 15, 30, 45]),
            "power": dice.choice([0, 0.5, 2]),
            "subsidy": dice.choice([0, 300, 800]),
            "province": dice.choice(["皖", "苏"]),
            "owner": dice.choice(["张三", "李四"]),
            "星级": dice.randint(1, 3),
            "备注": dice.choice(["", "重点", "一般"]),
            "preferred_parks": dice.choice(["", "P0", "P0、P1"]) or ("P0" if n == 0 else ""),  # somebody prefers P0
            "fixed_quarter": "",
            "status": dice.choice(["意向", "在谈"]),
            "must_include": "是" if n == 0 else "否",
            "fund_id": f"F{n}" if n < 2 else dice.choice(["F0", "F1"]),
        }
        for n in range(dice.randint(3, most))
    ]
    parks = [
        {
            "park_id": f"P{n}",
            "name": f"园{n}",
            "city": f"市{n % 2}",
            "county": dice.choice(["东县", "西县"]),
            "zone": f"Z{n % 2}",
            "lon": 117 + n / 10,
            "lat": 31,
            "land": LARGE,
            "power": LARGE,
            "级别": dice.choice(["国家级", "省级"]),
            "面积": dice.choice([100, 250.5]),
        }
        for n in range(dice.choice([2, 3]))
    ]
    funds = [
        {"fund_id": f"F{n}", "quarter": q, "amount": LARGE * 10, "carry_over": "否是"[n], "来源": ["省", "市"][n]}
        for n in range(2)
        for q in times
    ]
    tables: Tables = {"chains": chains, "links": links, "candidates": firms, "parks": parks, "funds": funds}
    if dice.random() < 0.7:
        tables["site_options"] = [
            {"candidate_id": i, "park_id": k, "allowed": "是", "land": dice.choice(["", 5, 60])}
            for i, k in dict.fromkeys((dice.choice(firms)["candidate_id"], dice.choice(parks)["park_id"]) for _ in range(3))
        ]
    return tables


def _some(dice: Random, values: Sequence[Any]) -> Any:
    """One of the values, or a list of some."""
    distinct = list(dict.fromkeys(values))
    return dice.choice(distinct) if dice.random() < 0.5 else dice.sample(distinct, dice.randint(1, len(distinct)))


def _in_a_unit(dice: Random, money: int) -> Any:
    """万元 as a number, or as a text with one of its units."""
    return dice.choice([money, f"{money} 万元", f"{money / 10000:g}亿元", f"{money * 10000} 元"])


def _listed(dice: Random, values: Sequence[Any]) -> list[Any]:
    chosen = _some(dice, values)
    return chosen if isinstance(chosen, list) else [chosen]


def atom(dice: Random, own: Rules) -> dict[str, Any]:
    """One column and what is asked of it, by values that rows have."""
    firms, parks, links = own.tables["candidates"], own.tables["parks"], own.tables["links"]

    def said(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
        return [row[name] for row in rows]

    def either(ids: Sequence[Any], called: Sequence[Any]) -> list[Any]:
        return list(ids if dice.random() < 0.5 else called)

    link_ids = either(said(links, "link_id"), said(links, "name"))
    chain_ids = either(["C0", "C1"], ["链0", "链1"])
    park_ids = either(said(parks, "park_id"), said(parks, "name"))
    quarters = list(own.quarters)
    since, until = sorted(dice.choices(quarters, k=2))
    choices: list[Any] = [
        lambda: {"chain_id": _some(dice, chain_ids)},
        lambda: {"chain_id": {"exclude": _listed(dice, chain_ids)}},
        lambda: {"link_id": _some(dice, link_ids)},
        lambda: {"link_id": {"exclude": _listed(dice, [*link_ids, ""])}},
        lambda: {"link_id": {"blank": dice.random() < 0.5}},
        lambda: {"tier": _some(dice, said(links, "tier"))},
        lambda: {"link.tier": {"exclude": _listed(dice, said(links, "tier"))}},
        lambda: {"tier": {"contains": dice.choice(["上", ["上", "下"]])}},
        lambda: {"类别": _some(dice, said(links, "类别"))},
        lambda: {"难度": {"min": 2, "max": dice.choice([3, 5])}},
        lambda: {"link.weight": {"min": 1.5}},
        lambda: {"chain.name": {"contains": ["0", "2"]}},
        lambda: {"lead_office": _some(dice, ["局0", "局1"])},
        lambda: {"candidate.name": {"contains": dice.choice([["电池", "AB"], "aB", "ｂ", ["整机", "重"]])}},
        lambda: {"investment": {"min": dice.choice([10000, "1 亿元", "10000 万元", "0.2亿元"])}},
        lambda: {"investment": {"min": "1亿元", "max": dice.choice([20000, "2 亿元"])}},
        lambda: {"investment": _some(dice, [_in_a_unit(dice, one) for one in said(firms, "investment")])},
        lambda: {"investment": {"exclude": [_in_a_unit(dice, one) for one in _listed(dice, said(firms, "investment"))]}},
        lambda: {"subsidy": {"max": dice.choice([300, "0.03 亿元", "3000000 元"])}},
        lambda: {"tax": {"min": 100, "exclude": _listed(dice, said(firms, "tax"))}},
        lambda: {"province": _some(dice, said(firms, "province"))},
        lambda: {"owner": _some(dice, said(firms, "owner"))},
        lambda: {"星级": _some(dice, [float(one) if dice.random() < 0.5 else one for one in said(firms, "星级")])},
        lambda: {"星级": {"exclude": _listed(dice, said(firms, "星级"))}},
        lambda: {"备注": {"blank": dice.random() < 0.5}},
        lambda: {"备注": ["", *_listed(dice, said(firms, "备注"))]},
        lambda: {"备注": {"exclude": ["", *said(firms, "备注")[:1]]}},
        lambda: {"备注": {"contains": "重", "blank": False}},
        lambda: {"preferred_parks": dice.choice([["", "P0"], {"blank": dice.random() < 0.5}, {"exclude": ["", park_ids[0]]}])},
        lambda: {"preferred_parks": dice.choice([{"exclude": park_ids[:1]}, "", {"blank": True}])},
        lambda: {dice.choice(["refused_parks", "fixed_park"]): dice.choice(["", {"blank": True}])},
        lambda: {"status": _some(dice, said(firms, "status"))},
        lambda: {"must_include": dice.choice(["是", True, "是"])},
        lambda: {"fund_id": _some(dice, said(firms, "fund_id"))},
        lambda: {"fund.来源": dice.choice(["省", ["市", "省"]])},
        lambda: {"carry_over": dice.choice(["是", False])},
        lambda: {"quarter": _some(dice, quarters)},
        lambda: {"quarter": dice.choice([{"from": since, "until": until}, {"from": since}, {"until": "2027年二季度"}])},
        lambda: {"county": _some(dice, said(parks, "county"))},
        lambda: {"park.park_id": _some(dice, park_ids)},
        lambda: {"面积": {"min": 200}} if dice.random() < 0.5 else {"级别": {"exclude": said(parks, "级别")[:1]}},
        lambda: {"land": dice.choice([{"min": "1 公顷"}, {"min": 15, "max": 45}, {"max": 30}])},
    ]
    made: dict[str, Any] = dice.choice(choices)()
    return made


def where(dice: Random, own: Rules, depth: int = 0) -> dict[str, Any]:
    """A filter of up to two columns, with alternatives now and then."""
    made: dict[str, Any] = {}
    for _ in range(dice.choice([0, 1, 1, 1, 2])):
        made |= atom(dice, own)
    if depth < 2 and dice.random() < 0.25:
        made["any"] = [where(dice, own, depth + 1) or atom(dice, own) for _ in range(dice.randint(1, 3))]
    return made


PER: tuple[str | list[str], ...] = (
    *("plan", "plan", "plan", "chain", "link", "park", "candidate", "quarter", "county", "zone", "owner", "province", "tier"),
    *("级别", "chain.name", "fund_id", "fund.来源", "星级", "link_id", "park.city", "lead_office"),
    *(
        ["park", "quarter"],
        ["quarter", "county"],
        ["chain", "tier"],
        ["owner", "chain"],
        ["owner", "county"],
        ["candidate", "quarter"],
    ),
)
MONEY = ("investment", "tax", "subsidy")
SUMS = (*MONEY, "land", "power", "星级", "面积", "难度")
LINKED = {"link_id": {"blank": False}}
"""Projects without a link have no facts of one to be added up."""


def rule(dice: Random, own: Rules, form: str, number: int, tried: Sequence[Choice]) -> dict[str, Any]:
    """A rule whose bounds lie near what some random plan comes to."""
    made: dict[str, Any] = {"name": f"规则{number}", "where": where(dice, own)}
    per = dice.choice(PER)
    if per != "plan" or dice.random() < 0.3:
        made["per"] = per
    told: dict[str, Any] = {}
    if form == "sum":
        made["sum"] = dice.choice(SUMS)
        told = made
    else:
        made[form] = told
        if form == "share":
            told |= {"of": dice.choice(["count", *SUMS])} if dice.random() < 0.8 else {}
            told |= {"among": where(dice, own)} if dice.random() < 0.5 else {}
            told |= {"within": dice.choice(["plan", "group"])} if dice.random() < 0.6 else {}
        elif form == "mean":
            told |= {"of": dice.choice(SUMS)}
            told |= {"over": dice.choice(["count", "land", "power", "investment", "面积"])} if dice.random() < 0.7 else {}
    if "难度" in (made.get("sum"), told.get("of"), told.get("over")):
        made["where"] = {**made["where"], **LINKED}
        if form == "share":
            told["among"] = {**told.get("among", {}), **LINKED}
    told |= _bounds(dice, own, made, form, tried)
    groups = own.groups(made)
    if made.get("per", "plan") != "plan" and groups and dice.random() < 0.4:
        made["by_group"] = [_row(dice, own, made, form, group, tried) for group in dice.sample(groups, min(len(groups), 2))]
        if dice.random() < 0.3:
            for key in ("min", "max", "equal"):
                told.pop(key, None)
    if not made["where"] and dice.random() < 0.5:
        del made["where"]
    if dice.random() < 0.4:
        made["soft"] = dice.choice([0.01, 2, {"money": "50 万元", "term": "subsidy"}, {"money": "0.0003亿元", "term": "subsidy"}])
    return made


def _row(
    dice: Random, own: Rules, made: dict[str, Any], form: str, group: tuple[Any, ...], tried: Sequence[Choice]
) -> dict[str, Any]:
    columns = [made["per"]] if isinstance(made["per"], str) else made["per"]
    named: dict[str, Any] = {}
    for column, value in zip(columns, group, strict=True):
        called = {"park": own.parks, "chain": own.chains, "link": own.links}.get(column, {}).get(value, {}).get("name", value)
        named[column] = dice.choice([value, called])
    return {**named, **_bounds(dice, own, made, form, tried)}


def _bounds(dice: Random, own: Rules, made: dict[str, Any], form: str, tried: Sequence[Choice]) -> dict[str, Any]:
    free = {**made, form: {**made[form], "min": -1}} if form != "sum" else {**made, "min": -1}
    free.pop("by_group", None)
    values = [told.value for choice in tried for told in own.verdicts(free, choice).values() if told.value is not None] or [1.0]
    low, high = sorted(round(dice.choice(values) + dice.choice([0, 0, 0.1, 1]) * dice.choice([-1, 1]), 6) for _ in range(2))
    if form == "share":
        low, high = (min(max(one, 0.0), 1.0) for one in (low, high))
    keys = dice.choice([("min",), ("max",), ("min", "max"), ("equal",)])
    return {key: _written(dice, own, made, form, low if key == "min" else high) for key in keys}


def _written(dice: Random, own: Rules, made: dict[str, Any], form: str, value: float) -> Any:
    """The bound as a number, or with a unit."""
    summed = made["sum"] if form == "sum" else "" if form == "count" else made[form].get("of", "")
    over = made[form].get("over", "count") if form == "mean" else ""
    if dice.random() < 0.5:
        if form == "share":
            return f"{round(value * 100, 4)} %"
        if summed in MONEY and over in ("", "count"):
            return f"{round(value / 10000, 10)} 亿元"
        if summed == "land" and over in ("", "count"):
            return f"{round(value / 15, 10)}公顷"
        if summed in MONEY and over == "land":
            return f"{round(value * 15 / 10000, 10)} 亿元/公顷"
    return value


def rule_plan(rules: Sequence[Mapping[str, Any]], quarters: int = 3, **more: Any) -> dict[str, Any]:
    """plan.yaml as a mapping."""
    return {
        "name": "规则小城",
        "quarters": {"start": "2027Q1", "count": quarters},
        "resources": {
            "land": {"unit": "亩", "kind": "stock", "scope": "park"},
            "power": {"unit": "MW", "kind": "flow", "scope": "park"},
        },
        "objective": {"normalise": True, "weights": {"tax": 1.0, "subsidy": -0.5}},
        "solve": {"gap": 0.0, "threads": 1},
        "rules": list(rules),
        **more,
    }


def random_choice(dice: Random, own: Rules) -> Choice:
    """Some candidates, anywhere."""
    share = dice.choice([0.3, 0.6, 0.9])
    return {i: (dice.choice(list(own.parks)), dice.choice(own.quarters)) for i in own.candidates if dice.random() < share}


def rule_city(seed: int, forms: Sequence[str], small: bool = False) -> tuple[Rules, list[Choice]]:
    """A city with one rule of each of ``forms``, and random plans of it; a small one has up to 12 choices to be made."""
    dice = Random(seed)
    quarters = dice.choice([1, 2]) if small else 3
    tables = rule_tables(dice, quarters, 3 if small else 6)
    plan = rule_plan([], quarters)
    if small:
        tables["parks"] = tables["parks"][:2]
        tables["candidates"][0]["must_include"] = "否"
        sites = [row for row in tables.pop("site_options", []) if row["park_id"] != "P2"]
        tables |= {"site_options": sites} if sites else {}
        weights = dice.choice([{"tax": 1.0, "subsidy": -0.5}, {"tax": -1.0, "subsidy": 0.3}, {"subsidy": 1.0}])
        plan["objective"] = {"normalise": dice.random() < 0.5, "weights": weights}
    own = Rules(plan, tables)
    tried = [{}, *(random_choice(dice, own) for _ in range(4))]
    plan["rules"] = [rule(dice, own, form, number, tried) for number, form in enumerate(forms)]
    return own, tried
