"""Synthetic regions of a stated difficulty, from a seed, as workspaces of our own tables.

One generator with knobs: a :class:`Region` says how large and how tight everything is. The sizes below are points of it, in
which parks hold about ten firms each, each chain's team has the effort of a few firms a quarter and money covers a bit less
than half of what fits; :mod:`benchmarks.families` draws other points. Sizes of firms are heavy-tailed (lognormal) and demand is
endogenous. Firms, parks and figures are random and stand for nobody.

    python -m benchmarks.instances FOLDER --size city --seed 1 --density 0.15
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from benchmarks.promises import promise


@dataclass(frozen=True)
class Region:
    """How large a region is and what is scarce in it: the knobs of the generator."""

    candidates: int
    parks: int
    chains: int
    links_per_chain: int
    resources: int
    density: float = 0.15
    """The share of pairs of firm and park that are eligible by chain."""
    firms_per_park: float = 10
    """How many firms of the mean size a park holds of each resource."""
    quarters: int = 4
    money: float = 0.45
    """What the funds can pay, as a share of what the firms ask that the parks hold."""
    carry_over: bool = True
    """What a quarter leaves of its money may be used later."""
    teams: int | None = None
    """How many teams there are, each firm with one of them; None: one for each chain."""
    team_firms: float | None = None
    """How many firms of the mean effort a team lands in a quarter; None: what the parks hold, over teams and quarters."""
    inputs: tuple[int, int] = (1, 2)
    """The least and the greatest number of inputs of a link."""
    locked: float = 0.0
    """The share of the candidates that have signed, in a park and a quarter."""
    backups: bool = True
    """Links ask for a number of sources."""
    phases: bool = False
    """In half of the parks a part of what there is comes in a later quarter."""
    rules: int = 0
    """How many soft rules the plan file has, of those in ``RULES``."""
    law: str = "balanced"
    """What the plan is to bring, of ``LAWS``."""

    @property
    def held(self) -> float:
        """How many firms of the mean size all parks hold together."""
        return self.parks * self.firms_per_park

    @property
    def calendar(self) -> list[str]:
        """The quarters."""
        return [f"{2027 + t // 4}Q{t % 4 + 1}" for t in range(self.quarters)]


SIZES = {
    "small": Region(60, 5, 4, 5, 3),
    "city": Region(500, 12, 20, 4, 3),
    "prefecture": Region(2_000, 30, 20, 8, 4),
    "province": Region(20_000, 100, 60, 8, 5),
    # A tenth of a province: parks that are full of all that they have. With --density 0.8 a firm may go to as many as there.
    "packed": Region(2_000, 10, 6, 8, 5),
}
NAMES = ("land", "power", "water", "energy", "heat", "gas", "sewage", "steam", "carbon", "freight", "housing", "data")
"""Resources, as many as a region has; land is used up, the others are used while a firm operates."""


@dataclass(frozen=True)
class Law:
    """What a plan is to bring: the weights of the objective."""

    weights: Mapping[str, float]
    normalise: bool = True


LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "balanced": Law({"gap": 1.0, "backup": 0.3, "output": 0.2, "tax": 0.2, "subsidy": -0.1}),
        "chains": Law({"gap": 1.0, "backup": 1.0}),
        "revenue": Law({"gap": 0.2, "output": 1.0, "tax": 0.6}),
        "thrift": Law({"gap": 0.5, "output": 0.5, "land": -0.3, "subsidy": -0.5}),
        "haste": Law({"gap": 0.6, "output": 0.4, "early": 0.5}),
        "raw sums": Law({"output": 1.0, "tax": 4.0}, normalise=False),
    }
)

RULES = (
    "{{name: 县00的项目数, where: {{county: 县00}}, count: {{min: {some}}}, soft: {firm}}}",
    "{{name: 首链用地, where: {{chain_id: C00}}, sum: land, max: {land}, soft: {area}}}",
    "{{name: 园区每季项目数, per: [park, quarter], count: {{max: {few}}}, soft: {firm}}}",
    "{{name: 首季项目数, where: {{quarter: {first}}}, count: {{min: {share}}}, soft: {firm}}}",
    "{{name: 每链项目数, per: chain, count: {{max: {most}}}, soft: {firm}}}",
)
"""Soft rules of a plan file, as templates; :func:`_rules` says what stands in them."""

PLAN = """\
name: {name}
language: zh
quarters: {{start: 2027Q1, count: {quarters}}}
resources:
{resources}
objective:
  normalise: {normalise}
  weights: {{{weights}}}
{rules}solve: {{time_limit: 60, gap: 0.0, threads: 2, seed: 1}}
"""


def tables(region: Region, seed: int) -> dict[str, pd.DataFrame]:
    """All tables of one instance by canonical name."""
    # What a size of above does not have is drawn by dice of its own, so that the sizes stay what they are.
    dice, more = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    chains = pd.DataFrame({"chain_id": [f"C{c:02}" for c in range(region.chains)]})
    count = region.chains * region.links_per_chain
    links = pd.DataFrame(
        {
            "link_id": [f"L{n:04}" for n in range(count)],
            "chain_id": np.repeat(chains["chain_id"].to_numpy(object), region.links_per_chain),
            "weight": dice.choice([1.0, 1.5, 2.0, 3.0], count),
            "min_sources": dice.choice([1, 2, 2, 3], count),
        }
    )
    firms = _firms(dice, region, links)
    typical = float(firms["capacity"].mean()) * region.held / count
    links["demand"] = np.round(typical * dice.lognormal(0.2, 0.6, count), 0)
    links["supply"] = np.round(links["demand"] * dice.choice([0.0, 0.0, 0.2, 0.5], count), 0)
    links["sources"] = (links["supply"] > 0).astype(int)
    parks = _parks(dice, region, firms, chains)
    every = {
        "chains": chains,
        "links": links if region.backups else links.drop(columns="min_sources"),
        "candidates": firms,
        "parks": parks,
        "funds": _funds(dice, region, firms),
        "teams": _teams(dice, more, region, firms, links, chains),
        "link_edges": _edges(dice, region, links, count),
    }
    if not len(every["link_edges"]):
        del every["link_edges"]
    if region.phases:
        every["capacities"] = _capacities(more, region, parks)
    return promise(every, round(region.locked * region.candidates), region.calendar, NAMES[: region.resources], more)


def _funds(dice: np.random.Generator, region: Region, firms: pd.DataFrame) -> pd.DataFrame:
    """Two funds by quarter; ``firms`` are told which pays them."""
    budget = region.money * firms["subsidy"].to_numpy(float).mean() * region.held
    count = region.quarters
    funds = pd.DataFrame(
        {
            "fund_id": np.repeat(["F1", "F2"], count),
            "quarter": region.calendar * 2,
            "carry_over": "是" if region.carry_over else "否",
            "amount": np.round(np.repeat([0.6, 0.4], count) * budget / count * dice.uniform(0.8, 1.2, 2 * count), 0),
        }
    )
    firms["fund_id"] = dice.choice(["F1", "F2"], len(firms), p=[0.6, 0.4])
    return funds


def _teams(
    dice: np.random.Generator,
    more: np.random.Generator,
    region: Region,
    firms: pd.DataFrame,
    links: pd.DataFrame,
    chains: pd.DataFrame,
) -> pd.DataFrame:
    """A team for each chain, or as many as there are to be; then ``firms`` are told theirs, those of a chain where possible."""
    count = region.teams or region.chains
    landed = region.team_firms or region.held / (count * region.quarters)
    effort = landed * float(firms["effort"].mean())
    teams = pd.DataFrame({"team_id": [f"T{c:02}" for c in range(count)]})
    if region.teams is None:
        teams["chain_id"] = chains["chain_id"]
    else:
        chain = firms["link_id"].map(links.set_index("link_id")["chain_id"]).str[1:].astype(int).to_numpy()
        several = np.maximum(1, (count - 1 - chain) // region.chains + 1)
        firms["team"] = [f"T{t:02}" for t in (chain + region.chains * more.integers(several)) % count]
    teams["effort"] = np.maximum(np.round(effort * dice.uniform(0.8, 1.3, count)), 3.0)
    return teams


def _capacities(more: np.random.Generator, region: Region, parks: pd.DataFrame) -> pd.DataFrame:
    """In half of the parks a part of every resource is there from the first quarter, all of it from a later one."""
    rows = []
    for at in np.sort(more.choice(len(parks), (len(parks) + 1) // 2, replace=False)):
        later, part = region.calendar[int(more.integers(1, region.quarters))], float(more.uniform(0.3, 0.7))
        for name in NAMES[: region.resources]:
            amount = float(parks[name].iloc[at])
            rows.append((name, parks["park_id"].iloc[at], region.calendar[0], round(part * amount, 1)))
            rows.append((name, parks["park_id"].iloc[at], later, amount))
    return pd.DataFrame(rows, columns=["resource_id", "scope_id", "quarter", "amount"])


def _firms(dice: np.random.Generator, region: Region, links: pd.DataFrame) -> pd.DataFrame:
    count = region.candidates
    scale = dice.lognormal(0.0, 0.9, count)
    frame = pd.DataFrame(
        {
            "candidate_id": [f"K{n:05}" for n in range(count)],
            "name": [f"虚构企业{n:05}" for n in range(count)],
            "link_id": dice.choice(links["link_id"].to_numpy(object), count),
            "capacity": np.round(8_000 * scale * dice.lognormal(0, 0.4, count), 0),
        }
    )
    frame["output"] = np.round(frame["capacity"] * dice.uniform(1.0, 1.4, count), 0)
    frame["investment"] = np.round(frame["output"] * dice.uniform(0.5, 1.2, count), 0)
    frame["tax"] = np.round(frame["output"] * dice.uniform(0.02, 0.07, count), 0)
    frame["subsidy"] = np.round(frame["investment"] * dice.uniform(0.01, 0.08, count), 0)
    frame["landing_probability"] = np.round(dice.uniform(0.2, 0.9, count), 2)
    frame["effort"] = dice.choice([1.0, 2.0, 3.0], count, p=[0.4, 0.4, 0.2])
    for r in range(region.resources):
        frame[NAMES[r]] = np.round(20 * scale * dice.lognormal(0, 0.5, count) + 1, 1)
    frame["lon"] = np.round(dice.uniform(103, 122, count), 4)
    frame["lat"] = np.round(dice.uniform(22, 40, count), 4)
    return frame


def _parks(dice: np.random.Generator, region: Region, firms: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    taken = max(1, round(region.density * region.chains))
    lists = [dice.choice(chains["chain_id"].to_numpy(object), taken, replace=False) for _ in range(region.parks)]
    # Every chain is taken somewhere, so that no team and no link stands outside the problem.
    for c, chain in enumerate(chains["chain_id"]):
        if not any(chain in names for names in lists):
            lists[c % region.parks] = np.append(lists[c % region.parks], chain)
    frame = pd.DataFrame(
        {
            "park_id": [f"P{k:03}" for k in range(region.parks)],
            "name": [f"园区{k:03}" for k in range(region.parks)],
            "county": [f"县{k % max(region.parks // 4, 1):02}" for k in range(region.parks)],
            "lon": np.round(117 + 2 * dice.random(region.parks), 4),
            "lat": np.round(30 + 3 * dice.random(region.parks), 4),
            "allowed_chains": [";".join(sorted(names)) for names in lists],
        }
    )
    for r in range(region.resources):
        mean = float(firms[NAMES[r]].mean())
        frame[NAMES[r]] = np.round(mean * region.firms_per_park * dice.uniform(0.7, 1.3, region.parks), 1)
    return frame


def _edges(dice: np.random.Generator, region: Region, links: pd.DataFrame, count: int) -> pd.DataFrame:
    """The inputs of each link, from its own chain mostly."""
    pairs = {}
    per_chain = region.links_per_chain
    for target in range(count):
        for _ in range(int(dice.integers(region.inputs[0], region.inputs[1] + 1))):
            near = (target // per_chain) * per_chain + int(dice.integers(per_chain))
            source = near if dice.random() < 0.8 else int(dice.integers(count))
            if source != target:
                pairs[(source, target)] = round(float(dice.uniform(0.02, 0.15)), 3)
    ids = links["link_id"].to_numpy(object)
    return pd.DataFrame(
        [(ids[a], ids[b], value) for (a, b), value in pairs.items()], columns=["from_link", "to_link", "coefficient"]
    )


def _rules(region: Region, firms: pd.DataFrame, seed: int) -> str:
    """The section of soft rules, in random order as many as there are to be; a firm too many or too few costs about half of what
    a firm brings, and land as much as a firm of the mean size."""
    if not region.rules:
        return ""
    law = LAWS[region.law]
    brings = float(firms["output"].mean()) if not law.normalise else 1.0 / region.candidates
    land = float(firms["land"].mean())
    filled = {
        "some": max(1, round(0.3 * region.held)),
        "land": round(0.5 * land * region.held / region.chains, 1),
        "few": max(1, round(0.6 * region.firms_per_park / region.quarters)),
        "first": region.calendar[0],
        "share": max(1, round(0.4 * region.held)),
        "most": max(1, round(0.8 * region.held / region.chains)),
        "firm": f"{0.5 * brings:.6g}",
        "area": f"{0.5 * brings / land:.6g}",
    }
    chosen = np.random.default_rng([seed, 2]).permutation(len(RULES))[: region.rules]
    return "rules:\n" + "".join(f"  - {RULES[at].format(**filled)}\n" for at in chosen)


def write_region(folder: Path, region: Region, seed: int, name: str, excel: bool = False) -> Path:
    """The workspace; candidates in a workbook when ``excel``. Returns the plan file."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    every = tables(region, seed)
    for table, frame in every.items():
        if excel and table == "candidates":
            frame.to_excel(data / "candidates.xlsx", sheet_name="candidates", index=False, engine="xlsxwriter")
        else:
            frame.to_csv(data / f"{table}.csv", index=False, encoding="utf-8", lineterminator="\n")
    law = LAWS[region.law]
    weights = {term: weight for term, weight in law.weights.items() if region.backups or term != "backup"}
    text = PLAN.format(
        name=name,
        quarters=region.quarters,
        resources="\n".join(
            f"  {name}: {{kind: {'stock' if name == 'land' else 'flow'}, scope: park}}" for name in NAMES[: region.resources]
        ),
        normalise=str(law.normalise).lower(),
        weights=", ".join(f"{term}: {weight}" for term, weight in weights.items()),
        rules=_rules(region, every["candidates"], seed),
    )
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_instance(folder: Path, size: str, seed: int, density: float = 0.15, excel: bool = False) -> Path:
    """The workspace of one of the sizes; candidates in a workbook when ``excel``. Returns the plan file."""
    return write_region(folder, replace(SIZES[size], density=density), seed, f"{size} {seed} {density:.0%}", excel)


def main() -> None:
    """Write one instance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--density", type=float, default=0.15)
    parser.add_argument("--excel", action="store_true", help="candidates as a workbook")
    told = parser.parse_args()
    print(write_instance(told.folder, told.size, told.seed, told.density, told.excel))


if __name__ == "__main__":
    main()
