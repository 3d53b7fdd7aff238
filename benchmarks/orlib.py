"""Problems of the literature that are no part of the project: read from a published file, or drawn by the law it was drawn by.

Files of the OR-Library (J E Beasley), with many instances each, and files of one instance of the same form are read:

* ``mknapcb4``, ``mknapcb5``, ``mknapcb7``: multidimensional knapsacks (Chu & Beasley 1998), 10 × 100, 10 × 250 and 30 × 100.
* ``gapd``, ``gape``: generalised assignment of types d and e (Chu & Beasley 1997; Laguna et al. 1995), the jobs that no agent does cheaply.

Nothing of them is shipped. Without a file, instances are drawn by the published law from seeds of our own: not the published ones, and
their names end in ``~``. Optima are not known here: these compare solvers.

``gap`` and ``mknap`` are the sets with known optima of :mod:`benchmarks.known`.

Capacitated facility location is left out: no table of ours has a price for opening a park, and our projects are whole, while
its published optima serve a customer from several facilities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from types import MappingProxyType

import numpy as np

from benchmarks import known
from benchmarks.known import Floats, Gap, Instance, Knapsack, read_gap, read_knapsack

Dice = np.random.Generator


@dataclass(frozen=True)
class Public:
    """A published set: how its files are read, and the law by which one of its instances is drawn, from its number."""

    read: Callable[[str, Floats, int], tuple[Instance, int]]
    """Name, all numbers of the file, where the instance begins → the instance, and where it ends."""
    draw: Callable[[str, Dice, int], Instance]
    count: int


def draw_knapsack(name: str, dice: Dice, number: int, budgets: int, items: int) -> Knapsack:
    """Chu & Beasley 1998: weights 0 to 1,000, profits that follow them, a quarter, a half, then three quarters fit."""
    weight = dice.integers(0, 1001, (budgets, items)).astype(float)
    profit = np.floor(weight.sum(axis=0) / budgets + 500 * dice.random(items))
    tightness = 0.25 * (1 + (number - 1) // 10 % 3)
    return Knapsack(name, profit, weight, np.floor(tightness * weight.sum(axis=1)), nan)


SHAPES = ((5, 100), (5, 200), (10, 100), (10, 200), (20, 100), (20, 200))
"""Agents and jobs of the published instances of types d and e, in their order."""


def draw_gap_d(name: str, dice: Dice, number: int) -> Gap:
    """Chu & Beasley 1997: what is cheap takes much of the capacity."""
    shape = SHAPES[(number - 1) % len(SHAPES)]
    use = dice.integers(1, 101, shape).astype(float)
    cost: Floats = 111.0 - use + dice.integers(-10, 11, shape)
    return Gap(name, cost, use, np.floor(0.8 * use.sum(axis=1) / shape[0]), nan)


def draw_gap_e(name: str, dice: Dice, number: int) -> Gap:
    """Laguna, Kelly, González-Velarde & Glover 1995: cost falls with the use, which is exponential."""
    shape = SHAPES[(number - 1) % len(SHAPES)]
    use = np.floor(1 - 10 * np.log(1 - dice.random(shape)))
    cost = np.floor(1000 / use - 10 * dice.random(shape))
    return Gap(name, cost, use, np.floor(0.8 * use.sum(axis=1) / shape[0]), nan)


def _knapsacks(budgets: int, items: int) -> Public:
    return Public(read_knapsack, lambda name, dice, number: draw_knapsack(name, dice, number, budgets, items), 30)


PUBLIC: Mapping[str, Public] = MappingProxyType(
    {
        "mknapcb4": _knapsacks(10, 100),
        "mknapcb5": _knapsacks(10, 250),
        "mknapcb7": _knapsacks(30, 100),
        "gapd": Public(read_gap, draw_gap_d, len(SHAPES)),
        "gape": Public(read_gap, draw_gap_e, len(SHAPES)),
    }
)
SETS = (*PUBLIC, "gap", "mknap")


def instances(name: str, file: Path | None = None) -> Sequence[Instance]:
    """The instances of a set, from its published file where there is one.

    Raises:
        ValueError: the file has numbers left over, or too few, or the set is not read from a file.
        FileNotFoundError: there is no such file, or no reference data beside the project.
    """
    match name:
        case "gap" | "mknap":
            if file is not None:
                raise ValueError(f"{name} lies beside the project and is not read from {file}")
            return known.instances(name)
    public = PUBLIC[name]
    if file is not None:
        return _read(name, public, np.array(file.read_text(encoding="ascii").split(), dtype=float))
    return [
        public.draw(f"{name}-{number}~", np.random.default_rng([number, *name.encode()]), number)
        for number in range(1, public.count + 1)
    ]


def _read(name: str, public: Public, numbers: Floats) -> list[Instance]:
    """A file of one instance; or of several, after their number."""
    for count, at in ((1, 0), (int(numbers[0]), 1)):
        found: list[Instance] = []
        try:
            for number in range(1, count + 1):
                instance, at = public.read(f"{name}-{number}", numbers, at)
                found.append(instance)
        except (ValueError, IndexError):  # too few numbers for that form
            continue
        if at == numbers.size:
            return found
    raise ValueError(f"{name}: {numbers.size} numbers are neither one instance nor {numbers[0]:g}")
