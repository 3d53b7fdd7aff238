"""Synthetic regions of a stated difficulty, from a seed, as workspaces of our own tables.

Parks hold about ten firms each, sizes are heavy-tailed (lognormal), each chain's team has the effort of a few firms a
quarter, demand is endogenous, backups are asked for, and money covers a bit less than half of what fits. A park takes a
fixed share of the chains: the density of eligible pairs. Firms, parks and figures are random and stand for nobody.

    python -m benchmarks.instances FOLDER --size city --seed 1 --density 0.15
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

QUARTERS = 4


@dataclass(frozen=True)
class Size:
    """How large a region is."""

    candidates: int
    parks: int
    chains: int
    links_per_chain: int
    resources: int


SIZES = {
    "small": Size(60, 5, 4, 5, 3),
    "city": Size(500, 12, 20, 4, 3),
    "prefecture": Size(2_000, 30, 20, 8, 4),
    "province": Size(20_000, 100, 60, 8, 5),
}
FIRMS_PER_PARK = 10
NAMES = ("land", "power", "water", "energy", "heat", "gas")

PLAN = """\
name: {name}
language: zh
quarters: {{start: 2027Q1, count: {quarters}}}
resources:
{resources}
objective:
  normalise: true
  weights: {{gap: 1.0, backup: 0.3, output: 0.2, tax: 0.2, subsidy: -0.1}}
solve: {{time_limit: 60, gap: 0.0, threads: 2, seed: 1}}
"""


def tables(size: Size, seed: int, density: float) -> dict[str, pd.DataFrame]:
    """All tables of one instance by canonical name; ``density`` is the share of pairs that are eligible by chain."""
    dice = np.random.default_rng(seed)
    chains = pd.DataFrame({"chain_id": [f"C{c:02}" for c in range(size.chains)]})
    count = size.chains * size.links_per_chain
    links = pd.DataFrame(
        {
            "link_id": [f"L{n:04}" for n in range(count)],
            "chain_id": np.repeat(chains["chain_id"].to_numpy(object), size.links_per_chain),
            "weight": dice.choice([1.0, 1.5, 2.0, 3.0], count),
            "min_sources": dice.choice([1, 2, 2, 3], count),
        }
    )
    firms = _firms(dice, size, links)
    held = size.parks * FIRMS_PER_PARK
    typical = float(firms["capacity"].mean()) * held / count
    links["demand"] = np.round(typical * dice.lognormal(0.2, 0.6, count), 0)
    links["supply"] = np.round(links["demand"] * dice.choice([0.0, 0.0, 0.2, 0.5], count), 0)
    links["sources"] = (links["supply"] > 0).astype(int)
    parks = _parks(dice, size, firms, chains, density)
    asks = firms["subsidy"].to_numpy(float)
    budget = 0.45 * asks.mean() * held
    quarters = [f"2027Q{t + 1}" for t in range(QUARTERS)]
    funds = pd.DataFrame(
        {
            "fund_id": np.repeat(["F1", "F2"], QUARTERS),
            "quarter": quarters * 2,
            "carry_over": "是",
            "amount": np.round(np.repeat([0.6, 0.4], QUARTERS) * budget / QUARTERS * dice.uniform(0.8, 1.2, 2 * QUARTERS), 0),
        }
    )
    firms["fund_id"] = dice.choice(["F1", "F2"], len(firms), p=[0.6, 0.4])
    team = held / (size.chains * QUARTERS) * float(firms["effort"].mean())
    teams = pd.DataFrame(
        {
            "team_id": [f"T{c:02}" for c in range(size.chains)],
            "chain_id": chains["chain_id"],
            "effort": np.maximum(np.round(team * dice.uniform(0.8, 1.3, size.chains)), 3.0),
        }
    )
    return {
        "chains": chains,
        "links": links,
        "candidates": firms,
        "parks": parks,
        "funds": funds,
        "teams": teams,
        "link_edges": _edges(dice, links, count),
    }


def _firms(dice: np.random.Generator, size: Size, links: pd.DataFrame) -> pd.DataFrame:
    count = size.candidates
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
    for r in range(size.resources):
        frame[NAMES[r]] = np.round(20 * scale * dice.lognormal(0, 0.5, count) + 1, 1)
    frame["lon"] = np.round(dice.uniform(103, 122, count), 4)
    frame["lat"] = np.round(dice.uniform(22, 40, count), 4)
    return frame


def _parks(dice: np.random.Generator, size: Size, firms: pd.DataFrame, chains: pd.DataFrame, density: float) -> pd.DataFrame:
    taken = max(1, round(density * size.chains))
    lists = [dice.choice(chains["chain_id"].to_numpy(object), taken, replace=False) for _ in range(size.parks)]
    # Every chain is taken somewhere, so that no team and no link stands outside the problem.
    for c, chain in enumerate(chains["chain_id"]):
        if not any(chain in names for names in lists):
            lists[c % size.parks] = np.append(lists[c % size.parks], chain)
    frame = pd.DataFrame(
        {
            "park_id": [f"P{k:03}" for k in range(size.parks)],
            "name": [f"园区{k:03}" for k in range(size.parks)],
            "county": [f"县{k % max(size.parks // 4, 1):02}" for k in range(size.parks)],
            "lon": np.round(117 + 2 * dice.random(size.parks), 4),
            "lat": np.round(30 + 3 * dice.random(size.parks), 4),
            "allowed_chains": [";".join(sorted(names)) for names in lists],
        }
    )
    for r in range(size.resources):
        mean = float(firms[NAMES[r]].mean())
        frame[NAMES[r]] = np.round(mean * FIRMS_PER_PARK * dice.uniform(0.7, 1.3, size.parks), 1)
    return frame


def _edges(dice: np.random.Generator, links: pd.DataFrame, count: int) -> pd.DataFrame:
    """About one and a half inputs a link, from its own chain mostly."""
    pairs = {}
    per_chain = links.groupby("chain_id").size().iloc[0]
    for target in range(count):
        for _ in range(int(dice.integers(1, 3))):
            near = (target // per_chain) * per_chain + int(dice.integers(per_chain))
            source = near if dice.random() < 0.8 else int(dice.integers(count))
            if source != target:
                pairs[(source, target)] = round(float(dice.uniform(0.02, 0.15)), 3)
    ids = links["link_id"].to_numpy(object)
    return pd.DataFrame(
        [(ids[a], ids[b], value) for (a, b), value in pairs.items()], columns=["from_link", "to_link", "coefficient"]
    )


def write_instance(folder: Path, size: str, seed: int, density: float = 0.15, excel: bool = False) -> Path:
    """The workspace; candidates in a workbook when ``excel``. Returns the plan file."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, frame in tables(SIZES[size], seed, density).items():
        if excel and name == "candidates":
            frame.to_excel(data / "candidates.xlsx", sheet_name="candidates", index=False, engine="xlsxwriter")
        else:
            frame.to_csv(data / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    resources = "\n".join(
        f"  {name}: {{kind: {'stock' if name == 'land' else 'flow'}, scope: park}}" for name in NAMES[: SIZES[size].resources]
    )
    path = folder / "plan.yaml"
    text = PLAN.format(name=f"{size} {seed} {density:.0%}", quarters=QUARTERS, resources=resources)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


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
