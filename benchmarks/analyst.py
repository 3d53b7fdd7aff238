"""Ten changes that an analyst makes in a quarter, on the Anhui case, each in at most six lines of YAML.

    python -m benchmarks.analyst --time 20 [--only 6 8]

Each is laid into benchmarks/anhui/plan.yaml, run, and held against plan.json and the raw tables with pandas alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

PLAN = Path(__file__).parent / "anhui" / "plan.yaml"
MOST_LINES = 6
FITS = 1e-6
Plan = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A wish, what is written for it, and whether a plan keeps it."""

    wish: str
    yaml: str
    kept: Callable[[Plan, pd.DataFrame, Mapping[str, pd.DataFrame]], str]
    """The figure by which it is seen, for the report; an AssertionError where the plan does not keep it."""


def _budget(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    spent = float(chosen.loc[chosen["quarter"] == "2027Q3", "奖补诉求*(万元)"].sum())
    assert spent <= 40_000 + FITS
    return f"2027Q3 {spent:,.0f} ≤ 40,000 万元"


def _no_chain_there(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    there = chosen[(chosen["产业链"] == "智能网联汽车") & (chosen["所在区县"] == "蜀山区")]
    assert there.empty
    return f"0 of {(chosen['产业链'] == '智能网联汽车').sum()} in 蜀山区"


def _one_a_link(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    most = int(chosen.groupby(["环节编号", "park_id"]).size().max())
    assert most == 1
    return f"most in one park at one link: {most}"


def _together(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    pair = chosen[chosen["企业名称"].isin(["深圳市宝明科技股份有限公司", "深圳市洲明科技股份有限公司"])]
    assert len(pair) == 2
    assert pair["park_id"].nunique() == 1
    return f"both in {pair['park_id'].iloc[0]}"


def _not_before(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    quarter = chosen.set_index("项目编号").loc["K0031", "quarter"]
    assert quarter >= "2027Q3"
    return f"K0031 in {quarter}"


def _a_fifth(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    money = chosen["奖补诉求*(万元)"]
    share = float(money[chosen["产业链"] == "生物医药"].sum() / money.sum())
    assert share >= 0.2 - FITS
    return f"{share:.1%} of the money to 生物医药"


def _labour(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    signed = chosen.groupby("quarter")["用工*(人)"].sum().reindex(plan["plan"]["quarters"], fill_value=0).cumsum()
    assert (signed <= pd.Series([40_000, 40_000, 60_000, 60_000], index=signed.index) + FITS).all()
    return " ".join(f"{quarter} {used:,.0f}" for quarter, used in signed.items())


def _power(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    parks = tables["园区"].set_index("园区编号")["可用电力*(MW)"]
    used = chosen[chosen["quarter"] <= "2027Q3"].groupby("park_id")["用电负荷*(MW)"].sum()
    share = (used / parks.reindex(used.index)).max()
    assert share <= 5 / 7 + FITS
    return f"most {share:.3f} of a park's power in Q3, 5/7 = {5 / 7:.3f}"


def _levels(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    levels = plan["objective"]["levels"]
    assert len(levels) >= 1
    tax = float((chosen["年税收*(万元)"] * chosen["落地概率*"]).sum())
    return f"{len(levels)} levels told, expected tax {tax:,.0f} 万元"


def _soft(plan: Plan, chosen: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    count = int((chosen["所在省"] == "广东").sum())
    (told,) = [rule for rule in plan["rules"] if rule["name"] == "广东企业"]
    money = tables["客商库"]["奖补诉求*(万元)"].sum()
    assert told["value"] == count
    assert abs(told["violation"] - max(0, 60 - count)) <= FITS
    assert abs(told["soft"] - 50 * 0.1 / money) <= FITS * told["soft"]  # 50 万元 × weight ÷ what is asked in all
    return f"{count} of 60, price {told['soft']:.3g} each"


CHANGES = (
    Change("budget of 2027Q3: 4 亿元", "changes: [{table: funds, where: {quarter: 2027Q3}, column: amount, set: 4 亿元}]", _budget),
    Change(
        "none of a chain in 蜀山区",
        "rules: [{name: 不进蜀山区, where: {chain_id: 智能网联汽车, county: 蜀山区}, count: {max: 0}}]",
        _no_chain_there,
    ),
    Change("one firm of a link in a park", "relations: {rivals: {per_park_link: 1}}", _one_a_link),
    Change(
        "two named firms in one park",
        "relations: {together: [{candidates: [深圳市宝明科技股份有限公司, 深圳市洲明科技股份有限公司], all_or_none: true}]}\n"
        "changes: [{table: candidates, where: {name: 深圳市宝明科技股份有限公司}, column: must_include, set: 是}]",
        _together,
    ),
    Change(
        "a firm not before 2027Q3",
        "changes:\n"
        "  - {table: candidates, where: {candidate_id: K0031}, column: earliest_quarter, set: 2027Q3}\n"
        "  - {table: candidates, where: {candidate_id: K0031}, column: must_include, set: 是}",
        _not_before,
    ),
    Change(
        "a fifth of the money to one chain",
        "rules: [{name: 两成给生物医药, where: {chain_id: 生物医药}, share: {of: subsidy, min: 20 %}}]",
        _a_fifth,
    ),
    Change(
        "labour, region-wide, more from Q3",
        "tables: {candidates: {columns: {labour: 用工*(人)}}}\n"
        "resources: {labour: {name: 劳动力, unit: 人, kind: flow, scope: region}}\n"
        "changes:\n"
        "  - {table: capacities, insert: {resource_id: labour, scope_id: region, quarter: 2027Q1, amount: 40000}}\n"
        "  - {table: capacities, insert: {resource_id: labour, scope_id: region, quarter: 2027Q3, amount: 60000}}",
        _labour,
    ),
    Change("power of every park at 5/7 in Q3", "seasons: [{resource: power, quarter: 2027Q3, times: 5/7}]", _power),
    Change(
        "priorities",
        "objective:\n  mode: priorities\n  weights: {}\n  levels: [{weights: {gap: 1}, tolerance: 0.01}, {weights: {tax: 1}}]",
        _levels,
    ),
    Change(
        "a soft rule, priced in money",
        "rules:\n  - {name: 广东企业, where: {province: 广东}, count: {min: 60}, soft: {money: 50 万元, term: subsidy}}",
        _soft,
    ),
)


def laid(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``change`` in it: mappings are joined, anything else replaces."""
    joined = dict(base)
    for key, value in change.items():
        own = joined.get(key)
        joined[key] = laid(own, value) if isinstance(own, Mapping) and isinstance(value, Mapping) and key != "weights" else value
    return joined


def _outcome(change: Change, seconds: float, folder: Path) -> str:
    yaml = YAML(typ="safe")
    assert len(change.yaml.splitlines()) <= MOST_LINES
    plan = laid(yaml.load(PLAN.read_text("utf-8")), yaml.load(change.yaml))
    for table in plan["tables"].values():
        for source in table if isinstance(table, list) else [table]:
            source["file"] = str((PLAN.parent / source["file"]).resolve())
    with (folder / "plan.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(plan, file)
    command = [sys.executable, "-m", "planner", "run", str(folder / "plan.yaml"), "--out", str(folder / "run")]
    done = subprocess.run([*command, "--time-limit", str(seconds)], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"exit {done.returncode}: {done.stderr[-400:]}"
    told: Plan = json.loads((folder / "run" / "plan.json").read_text("utf-8"))
    raw = (PLAN.parent / "../../../shared/cases/anhui").resolve()
    tables = {name: pd.read_csv(raw / f"{name}.csv") for name in ("客商库", "园区")}
    chosen = pd.DataFrame(told["selected"])[["candidate_id", "park_id", "quarter"]]
    chosen = chosen.merge(tables["客商库"], left_on="candidate_id", right_on="项目编号")
    chosen = chosen.merge(tables["园区"][["园区编号", "所在区县"]], left_on="park_id", right_on="园区编号")
    return f"{len(chosen)} projects; {change.kept(told, chosen, tables)}"


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--time", type=float, default=20.0)
    parser.add_argument("--only", type=int, nargs="*")
    asked = parser.parse_args()
    for number, change in enumerate(CHANGES, start=1):
        if asked.only and number not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            print(f"{number:2}  {change.wish}: {_outcome(change, asked.time, Path(folder))}", flush=True)


if __name__ == "__main__":
    main()
