"""Families of instances: regions whose every knob is drawn, so that a solver is not measured at one point only.

``KNOBS`` is the whole law: a knob is drawn for a seed by dice of its own, so that a knob more changes no other. Odd seeds are for
tuning; even seeds are only looked at in the end, and every table tells the two apart.

    python -m benchmarks.families 7
    python -m benchmarks.families 7 --write FOLDER
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.instances import LAWS, RULES, Region, write_region

Drawn = float | int | str | bool
Draw = Callable[[np.random.Generator], Drawn]


def between(low: float, high: float) -> Draw:
    """A number, uniform."""
    return lambda dice: round(float(dice.uniform(low, high)), 3)


def whole(low: int, high: int) -> Draw:
    """A whole number, uniform, both ends included."""
    return lambda dice: int(dice.integers(low, high + 1))


def spread(low: float, high: float) -> Draw:
    """A number whose logarithm is uniform."""
    return lambda dice: round(float(np.exp(dice.uniform(np.log(low), np.log(high)))), 2)


def one_of(*choices: Any) -> Draw:
    """One of several, each as likely."""
    return lambda dice: choices[int(dice.integers(len(choices)))]


@dataclass(frozen=True)
class Knob:
    """One thing in which instances differ."""

    name: str
    meaning: str
    draw: Draw


KNOBS: tuple[Knob, ...] = (
    Knob("candidates", "firms that ask", spread(150, 800)),
    Knob("density", "share of the pairs of firm and park that are eligible by chain", between(0.05, 0.60)),
    Knob("room", "share of the firms that the parks hold together", between(0.10, 0.60)),
    Knob("firms_per_park", "firms of the mean size that a park holds", spread(3, 30)),
    Knob("chains", "chains", whole(4, 24)),
    Knob("links_per_chain", "links of a chain", whole(2, 8)),
    Knob("quarters", "quarters", whole(1, 12)),
    Knob("resources", "resources", whole(1, 12)),
    Knob("money", "money, as a share of what the firms ask that the parks hold", between(0.25, 1.00)),
    Knob("teams", "a team for each chain, or teams by reach, of several chains or several of one", one_of("by chain", "by reach")),
    Knob("team_firms", "firms that a team lands in a quarter", spread(1, 10)),
    Knob("reach", "firms that all teams land in all quarters, as a share of those that the parks hold", between(0.40, 1.50)),
    Knob("edges", "inputs of a link", one_of("none", "few", "dense")),
    Knob("carry_over", "money that is left may be used later", one_of(True, False)),
    Knob("locked", "share of the firms that have signed", between(0.00, 0.10)),
    Knob("backups", "links ask for a number of sources", one_of(True, False)),
    Knob("rules", "soft rules", whole(0, len(RULES))),
    Knob("phases", "resources come in phases", one_of(True, False)),
    Knob("law", "what the plan is to bring", one_of(*LAWS)),
)
INPUTS = {"none": (0, 0), "few": (1, 2), "dense": (3, 6)}
PREFECTURE = 2_000
MOST_PARKS = 100


@dataclass(frozen=True)
class Family:
    """One instance of the families."""

    seed: int
    region: Region
    knobs: Mapping[str, Drawn]
    """Every knob as the instance has it."""

    @property
    def name(self) -> str:
        """Short, for tables."""
        return f"{'family' if self.region.candidates < PREFECTURE else 'prefecture'} {self.seed}"

    def write(self, folder: Path) -> Path:
        """The workspace; returns its plan file."""
        return write_region(folder, self.region, self.seed, self.name)


def drawn(seed: int) -> dict[str, Drawn]:
    """Every knob as it is drawn."""
    return {knob.name: knob.draw(np.random.default_rng([seed, *knob.name.encode()])) for knob in KNOBS}


def family(seed: int, prefecture: bool = False) -> Family:
    """The instance of a seed; ``prefecture``: with 2,000 firms.

    Knobs that exclude each other meet at the nearest that can be: no chain in less than one park, at most 100 parks, teams and
    parks in whole numbers, no phases within one quarter. The family's ``knobs`` say what became of them.
    """
    told: dict[str, Any] = drawn(seed)
    candidates = PREFECTURE if prefecture else int(told["candidates"])
    per_park = told["firms_per_park"]
    parks = int(np.clip(round(told["room"] * candidates / per_park), 2, MOST_PARKS))
    landed = told["team_firms"] * told["quarters"]
    by_chain = told["teams"] == "by chain"
    teams = told["chains"] if by_chain else max(1, round(told["reach"] * parks * per_park / landed))
    settled = {
        "candidates": candidates,
        "density": round(max(told["density"], 1.0 / parks), 3),
        "room": round(parks * per_park / candidates, 3),
        "reach": round(teams * landed / (parks * per_park), 3),
        "phases": told["phases"] and told["quarters"] > 1,
    }
    knobs = told | settled
    own = {name: knobs[name] for name in knobs if name not in ("room", "reach", "edges", "teams")}
    return Family(seed, Region(**own, parks=parks, teams=None if by_chain else teams, inputs=INPUTS[knobs["edges"]]), knobs)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the knobs of one seed, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("--prefecture", action="store_true", help="2,000 firms")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the workspace")
    told = parser.parse_args(arguments)
    one = family(told.seed, told.prefecture)
    for knob in KNOBS:
        print(f"{knob.name:16} {one.knobs[knob.name]!s:>10}  {knob.meaning}")
    if told.write:
        print(one.write(told.write))


if __name__ == "__main__":
    main()
