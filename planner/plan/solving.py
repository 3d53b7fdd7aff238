"""One plan solved and verified: the step that a run, a question and a scenario share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from planner.language import Words
from planner.plan.build import make_plan
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.proof import bound_of, read_proof, solve_below
from planner.plan.reference.nearness import Near, nearest_plan
from planner.plan.start import SHARE, Start, carry_over
from planner.plan.stored import FOREIGN, Earlier, earlier_plan, read_earlier, share_nothing
from planner.problems import Place, Problem
from planner.programme.build import Programme, build
from planner.solvers.check import Claim, conclude, value_of
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Solution, Stopping, Termination
from planner.solvers.registry import solve
from planner.solvers.search.lexicographic import LEAST_TIME, solve_levels

PRICE_SHARE = 0.1
"""Part of the time, or of the work, in which the least price of soft rules is sought."""
PRICE_COLUMNS = 300_000
"""In larger programmes it is not sought, and the gap is measured on the whole value."""

Teller = Callable[[Words], None]
"""Hears what a user should know, in both languages."""


class NoPlan(Exception):  # noqa: N818  an outcome, not a fault
    """The solver ended without a plan; ``solution`` says why. Its reason is ``infeasible`` when there is none."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        super().__init__(f"{solution.termination.reason}: {solution.termination.detail}")


def silent(_: Progress) -> None:
    """A listener that does nothing."""


def quiet(_: Words) -> None:
    """A teller that says nothing."""


def announced(solves: int, seconds: float) -> Words:
    """What a long command says before it begins: how many solves, and the most they take together."""
    most, zh, en = (seconds, "秒", "seconds") if seconds < 120 else (seconds / 60, "分钟", "minutes")
    solves_en = "1 solve" if solves == 1 else f"{solves} solves"
    return Words(f"将求解 {solves} 次，最多约 {most:.0f} {zh}", f"{solves_en}, about {most:.0f} {en} at most")


def stopping_of(opened: Opened) -> Stopping:
    """The limits that the settings give a solve."""
    written = opened.loaded.settings.solve
    return Stopping(written.time_limit, written.gap, written.threads, written.seed, written.work)


def solve_plan(
    opened: Opened,
    programme: Programme | None = None,
    start: Plan | Earlier | str | Path | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stopping: Stopping | None = None,
    near: Near = Near(),
) -> Plan:
    """The best plan found within ``stopping`` (None: that of the settings), verified. ``programme`` is that of ``opened``, if it
    is built already; ``start`` an earlier plan to begin from, in place of ``solve.start``; ``near`` what the plan stays near to, of plans equally good; see :func:`planner.api.solve`. Raises
    InputError: ``start`` names no run that can be read. NoPlan: there is none, none was found in time, or the solver failed."""
    stopping = stopping_of(opened) if stopping is None else stopping
    programme = programme or build(opened.case, opened.eligible)
    earlier, warnings = _earlier(opened, start)
    for problem in (problem for problem in warnings if problem.code == FOREIGN):
        tell(problem.words)
    begun = None if earlier is None else carry_over(programme, earlier, stopping, listen)
    if begun is not None:
        tell(begun.words())
        if begun.values is not None:  # before anything else is looked at
            listen(Progress("start", begun.seconds, value_of(programme.matrix, begun.values), None, begun.values))
    kept = earlier if near.plan is None else earlier_plan(near.plan, near.folder)
    share = opened.loaded.settings.nearness.share if near.sought and kept is not None else 0.0
    first = _part_of(stopping, 1.0 - share)
    looked = time.monotonic()
    known = _known(programme, (earlier, kept), stopping)
    if begun is not None:
        begun = replace(begun, seconds=begun.seconds + time.monotonic() - looked)
    solution, ends = _search(programme, opened.loaded.settings.solve.solver, first, listen, begun, known)
    if solution.values is None:
        raise NoPlan(solution)
    before = begun.seconds if begun else 0.0
    for ended in ends or (solution.termination,):  # which part of the search earned what, where it is told
        listen(Progress("finish", before + ended.seconds, ended.value, ended.bound, note=ended.detail))
    if solution.termination.reason == "failed":
        cause = solution.termination.detail.split("\n", 1)[0]
        tell(Words(f"求解器中途退出：{cause}", f"the solver broke off: {cause}"))
    nearness = None
    if kept is not None and share and solution.termination.reason not in ("interrupted", "failed"):
        spent = before + solution.termination.seconds
        part = near.limits(_part_of(stopping, share), spent)
        found = nearest_plan(programme, solution, kept, near, part, stopping.gap, _after(spent, listen))
        (solution, ends), nearness = found.concluded(solution, ends), found.record
    use = begun.use if begun else None
    plan = make_plan(programme, solution, warnings, opened.loaded.folder, ends, use, opened.loaded.place, nearness)
    scenario = opened.loaded.scenario
    return plan if scenario is None else plan.model_copy(update={"plan": plan.plan.model_copy(update={"scenario": scenario})})


def _earlier(opened: Opened, start: Plan | Earlier | str | Path | None) -> tuple[Earlier | None, tuple[Problem, ...]]:
    """The plan to begin from, and the warnings of the plan file with that of a start which is another city's plan."""
    if start is None:
        return opened.start, opened.warnings
    place = Place("start")
    if isinstance(start, (str, Path)):
        earlier = read_earlier(str(start), Path(), place)
    else:
        earlier = earlier_plan(start) if isinstance(start, Plan) else start
    rest = tuple(problem for problem in opened.warnings if problem.code != FOREIGN)
    foreign = share_nothing(earlier, opened.case, place)
    return (earlier, rest) if foreign is None else (None, (*rest, foreign))


def _known(programme: Programme, earlier: Iterable[Earlier | None], stopping: Stopping) -> float | None:
    """A bound by what earlier runs have proved; None where nothing of it holds."""
    folders = {one.folder: one.plan for one in earlier if one is not None and one.folder is not None}
    kept = [proof for folder, plan in folders.items() if (proof := read_proof(folder, plan)) is not None]
    seconds = {} if stopping.work is not None else {"seconds": SHARE * stopping.time_limit}
    bounds = [bound for proof in kept if (bound := bound_of(proof, programme, **seconds)) is not None]
    return min(bounds, default=None)


def _search(
    programme: Programme, solver: str, stopping: Stopping, listen: Listener, begun: Start | None, known: float | None
) -> tuple[Solution, tuple[Termination, ...]]:
    """The solution, and with ``mode: priorities`` how each level ended; in the time that the start has left. Gaps are measured
    from the least price of soft rules, as far as that is proved: no plan has that to win. ``known`` is a bound from before."""
    prioritised = bool(programme.case.settings.objective.levels)
    values, spent = (begun.values, begun.seconds) if begun else (None, 0.0)
    stopped, matrix, work = begun is not None and begun.interrupted, programme.matrix, 0
    pays = values is None or bool((programme.layout.prices * values > 0.0).any())  # a start that pays none is the least
    if not stopped and pays and (least := _least_price(programme, stopping)) is not None:
        ended = least.termination
        spent, work, stopped = spent + ended.seconds, ended.work or 0, ended.reason == "interrupted"
        values = least.values if stopped and values is None else values
        matrix = replace(matrix, reference=min(ended.bound or 0.0, 0.0))
    if stopped:
        solution = conclude(matrix, stopping, "highs", Claim("interrupted", values, None, "before the search"), spent)
        return solution, (solution.termination,) if prioritised else ()
    left = _cut(stopping, stopping.time_limit - spent, (stopping.work or 0) - work)

    def search(model: Matrix, share: Stopping, hear: Listener, begin: Floats | None) -> Solution:
        if known is None or prioritised:
            return solve(model, solver, share, hear, begin)
        return solve_below(known, model, solver, share, hear, begin)

    if values is not None:
        value = value_of(matrix, values)
        listen(Progress("start", spent, value, known if known is not None and value <= known else None, values))
    if prioritised:
        levels = [(level.objective, level.offset, level.tolerance) for level in programme.levels]
        return solve_levels(matrix, levels, search, left, _after(spent, listen), values)
    return search(matrix, left, _after(spent, listen), values), ()


def _least_price(programme: Programme, stopping: Stopping) -> Solution | None:
    """The plan with the least price of violated soft rules, whatever else it is worth; None where there is no such rule. Its
    bound is what no plan avoids: the proof of a search that ends in :data:`PRICE_SHARE` of ``stopping``."""
    prices = programme.layout.prices
    if not prices.any() or prices.size > PRICE_COLUMNS:
        return None
    share = _cut(replace(stopping, gap=0.0), PRICE_SHARE * stopping.time_limit, int(PRICE_SHARE * (stopping.work or 0)))
    return solve(replace(programme.matrix, objective=-prices, offset=0.0), "highs", share, silent)


def _after(spent: float, listen: Listener) -> Listener:
    """A listener to what begins ``spent`` seconds later."""
    return lambda progress: listen(replace(progress, seconds=progress.seconds + spent))


def _part_of(stopping: Stopping, share: float) -> Stopping:
    """A share of the time or, where that is limited, of the work; the clock is then for the whole solve (R8)."""
    if stopping.work is None:
        return replace(stopping, time_limit=share * stopping.time_limit)
    return replace(stopping, work=max(int(share * stopping.work), 1))


def _cut(stopping: Stopping, seconds: float, work: int) -> Stopping:
    """A part of the time and of the work, where that is limited; never less than a search can begin with."""
    least = min(LEAST_TIME, stopping.time_limit)
    return replace(stopping, time_limit=max(seconds, least), work=None if stopping.work is None else max(work, 1))
