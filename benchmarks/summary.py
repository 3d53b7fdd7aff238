"""How the default did against the best of the others over many instances, and knob by knob where it is weak.

* **Ratio of gaps**: the default's gap ÷ the smallest gap of the others. Both below 1e-4 (``SMALL``) count as 1: neither matters.
  Otherwise gaps count as 1e-5 (``FLOOR``) at least and as 10 (``CEILING``, 1,000 %) at most, and no gap as that.
* **Lead**: how far the default's value lies above the best verified value of the others, relative to that; −1 where only others
  have a plan, not counted where nobody else has one. **Lead of the bound**: how far its bound lies below the lowest of theirs.
* **Behind**: a lead below −1e-6 (``EQUAL``); **well behind**: below −0.05 % (``MUCH``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.records import OTHERS, OURS, Row

SMALL, FLOOR, CEILING = 1e-4, 1e-5, 10.0
EQUAL, MUCH = 1e-6, 5e-4
MOST_GROUPS = 3
"""Numbers that take more values than this are split at their terciles."""


@dataclass(frozen=True)
class Duel:
    """The default against the others on one instance."""

    instance: str
    seed: int
    ratio: float
    lead: float | None
    bound_lead: float | None
    rival: str
    """Who had the best value of the others."""
    knobs: Mapping[str, float | int | str | bool] = field(default_factory=dict)


def duel(rows: Sequence[Row]) -> Duel | None:
    """The rows of one instance; None: the default, or every other, was not asked."""
    ours = next((row for row in rows if row.solver == OURS), None)
    others = [row for row in rows if row.solver in OTHERS]
    if ours is None or not others:
        return None
    plans = [(row.plan, row.solver) for row in others if row.plan is not None]
    best, rival = max(plans) if plans else (None, "")
    return Duel(
        ours.instance,
        ours.seed,
        ratio_of_gaps(_gap(ours), min(_gap(row) for row in others)),
        _lead(ours.plan, best),
        _lead(_negative(ours.bound), max((-row.bound for row in others if row.bound is not None), default=None)),
        rival,
        ours.knobs,
    )


def ratio_of_gaps(ours: float, other: float) -> float:
    """As the head of this module says."""
    if ours < SMALL and other < SMALL:
        return 1.0
    mine, theirs = np.clip([ours, other], FLOOR, CEILING).tolist()
    return float(mine / theirs)


def _gap(row: Row) -> float:
    return row.gap if row.gap is not None and row.verified else CEILING


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _lead(ours: float | None, best: float | None) -> float | None:
    """How far ours lies above the best, relatively."""
    if best is None:
        return None
    return -1.0 if ours is None else (ours - best) / max(abs(best), 1e-10)


@dataclass(frozen=True)
class Summary:
    """Many duels."""

    count: int
    mean_ratio: float
    """Geometric mean."""
    worst_ratio: float
    mean_lead: float
    worst_lead: float
    behind: float
    """Share of the instances."""
    well_behind: float
    bound_behind: float


def summarise(duels: Sequence[Duel]) -> Summary:
    """One line for several instances, of which there is at least one."""
    ratios = np.array([one.ratio for one in duels])
    leads = np.array([one.lead for one in duels if one.lead is not None] or [0.0])
    bounds = np.array([one.bound_lead for one in duels if one.bound_lead is not None] or [0.0])
    count = len(duels)
    return Summary(
        count,
        float(np.exp(np.log(ratios).mean())),
        float(ratios.max()),
        float(leads.mean()),
        float(leads.min()),
        float((leads < -EQUAL).sum() / count),
        float((leads < -MUCH).sum() / count),
        float((bounds < -EQUAL).sum() / count),
    )


HEAD = """\
| {} | instances | gap ratio, geometric mean | worst | lead in value, mean | worst | behind | by > 0.05 % | bound behind |
|---|---|---|---|---|---|---|---|---|"""


def line(label: str, found: Summary) -> str:
    """One line of a table, as Markdown."""
    cells = (
        label,
        str(found.count),
        f"{found.mean_ratio:.2f}",
        f"{found.worst_ratio:.2f}",
        f"{found.mean_lead:+.3%}",
        f"{found.worst_lead:+.3%}",
        f"{found.behind:.0%}",
        f"{found.well_behind:.0%}",
        f"{found.bound_behind:.0%}",
    )
    return "| " + " | ".join(cells) + " |"


def groups(duels: Sequence[Duel], knob: str) -> list[tuple[str, list[Duel]]]:
    """The duels by a knob: its values where they are few or no numbers, else thirds from the least to the greatest."""
    told = [(one.knobs[knob], one) for one in duels if knob in one.knobs]
    values = sorted({value for value, _ in told}, key=lambda value: (isinstance(value, str), value))
    if len(values) <= MOST_GROUPS or any(isinstance(value, (str, bool)) for value in values):
        return [(str(value), [one for own, one in told if own == value]) for value in values]
    numbers = np.array([float(value) for value, _ in told])
    ends = np.quantile(numbers, [1 / 3, 2 / 3])
    third = np.searchsorted(ends, numbers)  # a value at an end is of the lower third
    split = [[one for at, (_, one) in zip(third, told, strict=True) if at == group] for group in range(3)]
    spans = [numbers[third == group] for group in range(3)]
    return [(f"{span.min():g}–{span.max():g}", members) for span, members in zip(spans, split, strict=True) if members]


PARITY: tuple[tuple[str, Callable[[Duel], bool]], ...] = (
    ("odd seeds, for tuning", lambda one: one.seed % 2 == 1),
    ("even seeds, not tuned on", lambda one: one.seed > 0 and one.seed % 2 == 0),
    ("no family", lambda one: one.seed == 0),
)


def report(tables: Iterable[Sequence[Row]]) -> str:
    """Everything as Markdown: a line for each kind of seeds, the instances on which the default is behind, then knob by knob."""
    duels = [found for rows in tables if (found := duel(rows)) is not None]
    kinds = [(label, [one for one in duels if kind(one)]) for label, kind in PARITY]
    kinds = [(label, members) for label, members in kinds if members]
    if not kinds:
        return "nothing to compare: no instance on which both the default and another solver ran"
    parts = [HEAD.format("seeds"), *(line(label, summarise(members)) for label, members in kinds)]
    for label, members in kinds:
        behind = sorted((one for one in members if one.lead is not None and one.lead < -EQUAL), key=lambda one: one.lead or 0.0)
        parts += ["", f"{label}: behind in value on {len(behind)} of {len(members)}"]
        parts += [f"- {one.instance}: {one.lead:+.3%} to {one.rival}, gap ratio {one.ratio:.2f}" for one in behind]
    for label, members in kinds:
        names = list(dict.fromkeys(name for one in members for name in one.knobs))
        if not names:
            continue
        parts += ["", f"{label}, knob by knob", "", HEAD.format("knob")]
        parts += [line(f"{name}: {group}", summarise(own)) for name in names for group, own in groups(members, name)]
    return "\n".join(parts)
