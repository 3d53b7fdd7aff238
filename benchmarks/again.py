"""Second solves: how soon a changed plan has a verified plan and a gap as before, from an earlier run; and questions, side by side.

    python -m benchmarks.again --size demo|city|prefecture|province [--seed 1] [--time 60] [--gap 0.001] [--against CHECKOUT]
        [--only solves|questions] [--rounds 1]

A plan is solved once, then again with one cell, one rule and one weight changed and with a limit relaxed, each from that run. Seconds
are from the call on, with reading, checking and building: of the first plan that satisfies today's model, until the gap is within
1.5 × that of the first run (or 0.01 %), and in all. With ``--against``, a second checkout of the program has the same table before this
one, and answers the questions about the same run in turn with it, as many times as --rounds says, in the other order every second time;
means of the wall clock, and of the processor seconds of the command and its children.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import SIZES, write_instance
from planner.plan.model import Plan
from planner.questions.plans import run
from planner.solvers.protocol import Progress, relative_gap

DEMO = Path(__file__).resolve().parent.parent / "data" / "demo"
WIDER = 1.5
"""Times the first run's gap within which a second solve is to be."""
QUESTIONS = ("sensitivity", "why", "compare")
FINE = 1e-4
"""The gap that is asked for where the first run was proved better than this: 1.5 × 0 is no gap to come back to."""


@dataclass
class Watch:
    """When what was known of a solve."""

    began: float = field(default_factory=time.monotonic)
    heard: list[tuple[float, float | None, float | None]] = field(default_factory=list)

    def hear(self, now: Progress) -> None:
        """A moment of the solve; what comes of nearness is no longer about its value."""
        if now.phase != "nearness":
            self.heard.append((time.monotonic() - self.began, now.value, now.bound))

    def first(self) -> float | None:
        """Seconds to the first plan."""
        return next((at for at, value, _ in self.heard if value is not None), None)

    def within(self, gap: float, plan: Plan, ended: float) -> float | None:
        """Seconds until the gap was so small; ``ended``: when the plan was there."""
        best, least = float("-inf"), float("inf")
        for at, value, bound in self.heard:
            best, least = max(best, value if value is not None else best), min(least, bound if bound is not None else least)
            if (relative_gap(best, least) or 0.0) <= gap and least < float("inf"):
                return at
        last = plan.objective.gap
        return ended if last is not None and last <= gap else None


def solved(path: Path, out: Path, overrides: Mapping[str, object]) -> tuple[Plan, Watch, float]:
    """The plan, what was heard of it, and the seconds until it was there."""
    watch = Watch()
    done = run(path, out, {"publish.outputs": [], **overrides}, watch.hear)
    return done.plan, watch, time.monotonic() - watch.began


def changes(plan: Plan) -> dict[str, dict[str, object]]:
    """What is changed: the subsidy that a chosen firm asks; how many projects there are; what tax is worth; the money that there is."""
    firm = plan.selected[len(plan.selected) // 2].candidate_id
    cell = {"table": "candidates", "where": {"candidate_id": firm}, "column": "subsidy", "times": 1.2}
    more = {"table": "funds", "column": "amount", "times": 1.02}
    rules = [*plan.plan.settings.get("rules", []), {"name": "fewer", "count": {"max": len(plan.selected) - 1}}]
    weights = plan.plan.settings["objective"]["weights"]
    return {
        "cell": {"changes": [*plan.plan.settings.get("changes", []), cell]},
        "rule": {"rules": rules},
        "relaxed": {"changes": [*plan.plan.settings.get("changes", []), more]},
        "weight": {"objective.weights": {**weights, "tax": 1.2 * (weights.get("tax") or 0.1)}},
    }


def second_solves(path: Path, folder: Path, limit: Mapping[str, object]) -> Path:
    """Print the table; the folder of the first run."""
    plan, watch, whole = solved(path, folder / "first", limit)
    gap = plan.objective.gap or 0.0
    print("| solve | first plan | gap as before | share of the first run | in all | value | bound | gap |")
    print("|---|---|---|---|---|---|---|---|")
    print(_row("first", watch.first(), None, whole, whole, plan))
    for name, change in changes(plan).items():
        again, heard, ended = solved(path, folder / name, {**limit, **change, "solve.start": str(folder / "first")})
        print(_row(name, heard.first(), heard.within(max(WIDER * gap, FINE), again, ended), ended, whole, again), flush=True)
    return folder / "first"


def _row(name: str, first: float | None, within: float | None, ended: float, whole: float, plan: Plan) -> str:
    told = plan.objective
    figures = (_seconds(first), _seconds(within), "–" if within is None else f"{within / whole:.0%}", _seconds(ended))
    bound = "–" if told.bound is None else f"{told.bound:.6f}"
    return f"| {name} | {' | '.join(figures)} | {told.value:.6f} | {bound} | {'–' if told.gap is None else f'{told.gap:.3%}'} |"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"


def questions(path: Path, kept: Path, folder: Path, against: Path, rounds: int, ask: Collection[str] = QUESTIONS) -> None:
    """Print how long each checkout takes for each question."""
    out = sorted(firm for firm in (one.candidate_id for one in _plan(kept).not_selected))
    inside = [firm.candidate_id for firm in _plan(kept).selected]
    asked = {
        "sensitivity": ("sensitivity", "RUN"),
        f"why {inside[len(inside) // 2]}": ("why", "RUN", inside[len(inside) // 2]),
        f"why {out[len(out) // 2]}": ("why", "RUN", out[len(out) // 2]),
        "compare": ("compare", str(path), "--out", "OUT"),
    }
    here = Path(__file__).resolve().parent.parent
    for checkout in (against, here):
        subprocess.run([sys.executable, "-m", "compileall", "-q", "planner"], cwd=checkout, env=_as_installed(checkout), check=True)
    # Each asks of a run of its own: an older program cannot read the settings of a newer one.
    own = {here: kept, against: folder / "before"}
    _planner(against, ("run", str(path), "--out", str(own[against])), folder)
    print("| question | before | now | before ÷ now | processor before | processor now | before ÷ now |")
    print("|---|---|---|---|---|---|---|")
    for name, words in asked.items():
        if words[0] not in ask:
            continue
        spent: dict[Path, list[tuple[float, float]]] = {here: [], against: []}
        for number in range(rounds):
            for checkout in (against, here)[:: -1 if number % 2 else 1]:
                spent[checkout].append(_asked(checkout, words, own[checkout], folder))
        (wall, cpu), (now, mine) = (tuple(sum(each) / rounds for each in zip(*spent[one], strict=True)) for one in (against, here))
        figures = (f"{wall:.1f} s", f"{now:.1f} s", f"{wall / now:.1f}", f"{cpu:.1f} s", f"{mine:.1f} s", f"{cpu / mine:.1f}")
        print(f"| {name} | {' | '.join(figures)} |", flush=True)


def _plan(kept: Path) -> Plan:
    from planner.plan.stored import read_run

    return read_run(kept)


def _as_installed(checkout: Path) -> dict[str, str]:
    """The environment of a command of that checkout, whose modules are compiled once, as those of an installed program are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(checkout)}


def _planner(checkout: Path, command: Sequence[str], folder: Path) -> None:
    """One command of that checkout; what it prints goes into the folder."""
    with (folder / "words.txt").open("w") as said:
        whole = [sys.executable, "-m", "planner", *command]
        subprocess.run(whole, cwd=checkout, env=_as_installed(checkout), stdout=said, stderr=said, check=True)


def _asked(checkout: Path, words: tuple[str, ...], kept: Path, folder: Path) -> tuple[float, float]:
    """Wall clock and processor seconds of one question, asked of a copy of the run."""
    place, out = folder / "asked", folder / "compared"
    for used in (place, out):
        shutil.rmtree(used, ignore_errors=True)
    shutil.copytree(kept, place)
    command = [{"RUN": str(place), "OUT": str(out)}.get(word, word) for word in words]
    began, before = time.monotonic(), os.times()
    _planner(checkout, command, folder)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, spent


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=["demo", *SIZES], default="demo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time", type=float, help="seconds of each solve; none: what the plan file says")
    parser.add_argument("--gap", type=float, help="gap that ends a solve; none: what the plan file says")
    parser.add_argument("--against", type=Path, help="another checkout of the program, for the questions")
    parser.add_argument("--only", choices=["solves", "questions"], help="second solves alone; questions alone, of a first run")
    parser.add_argument("--ask", nargs="+", choices=QUESTIONS, default=QUESTIONS, help="which questions")
    parser.add_argument("--rounds", type=int, default=1, help="how often each question is asked")
    told = parser.parse_args()
    if told.against is not None and told.only != "questions":
        print(f"{told.against.name}:\n", flush=True)
        given = sys.argv[1:]
        at = given.index("--against")
        environment = {**os.environ, "PYTHONPATH": str(told.against.resolve())}
        # This file, with the program of the other checkout.
        subprocess.run([sys.executable, __file__, *given[:at], *given[at + 2 :]], env=environment, check=True)
        print("\nthis one:\n", flush=True)
    with TemporaryDirectory(prefix="again-") as name:
        folder = Path(name)
        if told.size == "demo":
            path = Path(shutil.copytree(DEMO, folder / "plan")) / "plan.yaml"
        else:
            path = write_instance(folder / "plan", told.size, told.seed)
        limits = {"solve.time_limit": told.time, "solve.gap": told.gap}
        limits = {key: limit for key, limit in limits.items() if limit is not None}
        kept = folder / "first" if told.only == "questions" else second_solves(path, folder, limits)
        if told.only == "questions":
            solved(path, kept, limits)
        if told.against is not None and told.only != "solves":
            print()
            questions(path, kept, folder, told.against.resolve(), told.rounds, told.ask)


if __name__ == "__main__":
    main()
