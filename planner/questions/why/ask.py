"""Why a candidate is in the plan, or not: forced in or out, solved again from the plan, and the difference itemised.

Where eligibility keeps it out, the rules are told one after the other, each with its figure and the change of the tables that
would meet it. Eligibility keeps the first rule that speaks against a pair; the next one is found by making that change and asking
the filter again, so that the changes told are known to be enough together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from planner.case.eligibility import CODES, last_open, within_window
from planner.language import Words
from planner.limits.family import same
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reasons import WHOLE
from planner.plan.reopen import Run, run_settings
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent
from planner.plan.stored import SETTINGS_FILE
from planner.plan.whole_folder import RUN, look_at
from planner.problems import InputError
from planner.programme.build import build
from planner.publish.run_folder import write_run
from planner.questions.conflict import Explanation
from planner.questions.difference import difference, verdict
from planner.questions.explain.ask import explain
from planner.questions.variant import Forcing, cell, clash, heard, question, solve_forced, stopping_within, written
from planner.questions.why.record import Ruling, Why
from planner.settings.changes import Change
from planner.settings.write import resolved_yaml
from planner.solvers.caller import called, stopped
from planner.solvers.protocol import Listener, Stopping, StopSign, never

CLASH = Words("不能同时成立：{limits}", "these cannot all hold: {limits}")
MOST = 12
"""Rules followed one after the other; there are fewer kinds of them."""
REPAIR = Words("这样放宽就可以：{steps}", "this would make room: {steps}")


class Answer(NamedTuple):
    """The answer, and the forced plan with its data where there is one."""

    why: Why
    opened: Opened | None = None
    plan: Plan | None = None


@heard
def why(
    run: Run,
    candidate: str,
    park: str | None = None,
    quarter: str | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    out: str | Path | None = None,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Why:
    """Why a candidate is in the plan of a run or what it would cost to force it in.

    Args:
        candidate: id or exact name; ``park`` (id or name) and ``quarter`` say where and when it is to be forced.
        time_limit: seconds; None: that of the run's settings.
        out: write the forced plan there as a run folder of its own.
        tell: hears what could not be written.

    Raises:
        planner.problems.InputError: no such candidate, park or quarter, or nothing can be written to ``out``.
        NoPlan: no plan was found in time.
    """
    target = None if out is None else look_at(Path(out), RUN)
    stopping = stopping_within(run.opened, time_limit)
    tell(announced(1, stopping.time_limit))
    given = answer(run, question(run, candidate, park, quarter), stopping, listen)
    if target is not None and given.plan is not None and given.opened is not None:
        settings = resolved_yaml(run_settings(given.opened, target.real), given.plan.plan.language)
        outputs = given.plan.plan.settings["publish"]["outputs"]
        for problem in write_run(given.plan, target, outputs, {SETTINGS_FILE: settings}, given.opened).failed:
            tell(problem.words)
    return given.why


def why_all(
    run: Run, time_limit: float | None = None, tell: Teller = quiet, listen: Listener = silent, stop: StopSign = never
) -> Iterator[Why]:
    """:func:`why` for every candidate that is not selected, ``time_limit`` seconds each, by id; one for which no plan was found in
    time is left out. ``tell`` hears how far it is."""
    stopping, count, done = stopping_within(run.opened, time_limit), len(run.plan.not_selected), 0
    tell(announced(count, count * stopping.time_limit))
    for firm in run.plan.not_selected:
        with called(stop, listen):
            if stopped():
                return
            try:
                answered = answer(run, question(run, firm.candidate_id), stopping, listen).why
            except NoPlan:
                continue
        done += 1
        yield answered
        tell(same(f"{done}/{count} {answered.candidate_id}"))


def answer(run: Run, asked: Forcing, stopping: Stopping, listen: Listener = silent) -> Answer:
    """The answer to a question. Raises ``NoPlan`` where no plan was found in time, or the solver failed."""
    case = run.opened.case
    park_id = None if asked.park is None else str(case.parks["park_id"].iloc[asked.park])
    quarter = None if asked.quarter is None else case.quarters[asked.quarter]
    same_named = {name: getattr(asked, name) for name in ("candidate_id", "name", "asked", "withdrawn")}
    why = partial(Why, **same_named, park_id=park_id, quarter=quarter, changes=tuple(written(asked.changes)))
    if asked.asked == "in":
        rules, choices = rulings(run.opened, asked.candidate, asked.park, asked.quarter)
        if rules or choices:
            return Answer(why(outcome="ineligible", rules=rules, choices=choices))
    try:
        opened = run.opened.changed(asked.changes)
    except InputError as error:
        return Answer(why(outcome="impossible", conflict=tuple(problem.words for problem in clash(error))))
    if asked.asked == "in" and not opened.eligible.candidates[asked.candidate]:
        # Eligible at its best quarter, and not at the one that was asked for.
        rules, choices = rulings(opened, asked.candidate, asked.park, asked.quarter)
        return Answer(why(outcome="ineligible", rules=rules, choices=choices))
    programme = build(opened.case, opened.eligible)
    try:
        plan = solve_forced(run, opened, programme, asked.candidate, stopping, listen)
    except NoPlan as outcome:
        if outcome.solution.termination.reason != "infeasible":
            raise
        explanation = explain(opened, stopping.time_limit, programme, known=True)
        return Answer(why(outcome="impossible", conflict=tuple(_conflict(explanation))))
    items = difference(run.plan, plan, asked.candidate_id, asked.restricts)
    proved = verdict(run.plan, plan, items, asked.restricts)
    ended: dict[str, Any] = {"reason": plan.status.reason, "gap": plan.objective.gap, "run_gap": run.plan.objective.gap}
    return Answer(why(outcome="solved", difference=items, verdict=proved, **ended), opened, plan)


def _conflict(explanation: Explanation) -> Iterator[Words]:
    yield from (contradiction.text for contradiction in explanation.contradictions)
    yield from (CLASH.fill(limits=_listed(conflict.limits)) for conflict in explanation.conflicts)
    yield from (REPAIR.fill(steps=_listed([step.text for step in repair.steps])) for repair in explanation.repairs)


def _listed(words: Sequence[Words]) -> Words:
    return Words("；".join(text.zh for text in words), "; ".join(text.en for text in words))


def rulings(opened: Opened, i: int, park: int | None, quarter: int | None) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """What keeps candidate ``i`` out of the park and quarter (None: of all): rules one after the other, and what then stands in
    the way park by park, the rules that close most parks first; none when nothing does."""
    rules: list[Ruling] = []
    for _ in range(MOST):
        rule = _next(opened, i, park, quarter)
        if rule is None and park is None and not opened.eligible.pairs[i].any():
            numbers, first, counts = np.unique(opened.eligible.reason[i], return_index=True, return_counts=True)
            each = [_ruling(opened, i, k, CODES[number], None) for k, number in zip(first.tolist(), numbers.tolist(), strict=True)]
            order = np.lexsort((numbers, -counts)).tolist()
            return tuple(rules), tuple(each[n].model_copy(update={"parks": int(counts[n])}) for n in order)
        if rule is None or rule in rules:  # a quarter that is over is no matter of cells
            break
        rules.append(rule)
        try:
            opened = opened.changed([Change.model_validate(rule.change)])
        except InputError:  # the change clashes with another fact: it is told, and what comes after it is not known
            break
    return tuple(rules), ()


def _next(opened: Opened, i: int, park: int | None, quarter: int | None) -> Ruling | None:
    """The first rule in the way; None where the way is free, or each park has its own."""
    eligible, case = opened.eligible, opened.case
    codes = {CODES[number] for number in np.unique(eligible.reason[i]).tolist()}
    if codes and codes <= WHOLE:
        return _ruling(opened, i, 0, next(iter(codes)), quarter)
    if park is not None and (number := int(eligible.reason[i, park])):
        return _ruling(opened, i, park, CODES[number], quarter)
    if quarter is not None and eligible.pairs[i].any() and not eligible.quarter[i, quarter]:
        if not within_window(case)[i, quarter]:
            return _ruling(opened, i, 0, "earliest_quarter" if quarter < case.window[i, 0] else "latest_quarter", quarter)
        change = cell(str(case.candidates["candidate_id"].iloc[i]), "fixed_quarter", case.quarters[quarter])
        fixed = case.quarters[int(case.candidates["fixed_quarter"].iloc[i])]
        return Ruling(code="other_quarter", other=fixed, change=written([change])[0])
    return None


def _ruling(opened: Opened, i: int, k: int, code: str, quarter: int | None) -> Ruling:
    """The rule of that code, which closes park ``k``."""
    case, pair = opened.case, (np.array([i]), np.array([k]))
    row, parks = case.candidates.iloc[i], case.parks["park_id"].astype(str)
    name, park_id = str(row["candidate_id"]), str(parks.iloc[k])
    figures: dict[str, object] = {"parks": len(parks)} if code in WHOLE else {"park_id": park_id}
    if code == "excluded":
        change = cell(name, "exclude", value=False)
    elif code == "lost":
        change = cell(name, "status", "prospect")
    elif code == "paused":
        change = cell(name, "earliest_quarter", case.quarters[0 if quarter is None else quarter])
    elif code in {"earliest_quarter", "latest_quarter"}:
        wanted = quarter if quarter is not None else -1 if code == "earliest_quarter" else 0
        change, figures["other"] = cell(name, code, case.quarters[wanted]), str(row[code])
    elif code == "fixed_elsewhere":
        change, figures["other"] = cell(name, "fixed_park", park_id), str(parks.iloc[int(row["fixed_park"])])
    elif code == "refused_park":
        change = cell(name, "refused_parks", ";".join(park for park in parks[case.refused[i]] if park != park_id))
    elif code == "forbidden_pair":
        change = Change(table="site_options", where={"candidate_id": name, "park_id": park_id}, column="allowed", set=True)
    elif code == "chain_not_allowed":
        chains = case.chains["chain_id"].astype(str)
        takes = ";".join([*chains[case.chain_allowed[k]], str(chains.iloc[int(row["chain"])])])
        change = Change(table="parks", where={"park_id": park_id}, column="allowed_chains", set=takes)
    elif code in {"investment_intensity", "tax_intensity"}:
        column, gate = code.removesuffix("_intensity"), float(case.parks[f"min_{code}"].iloc[k])
        land = float(case.need_in(case.resource(case.settings.gates.land), *pair)[0])
        figures |= {"found": float(row[column]) / land, "allowed": gate, "needed": gate * land}
        change = cell(name, column, gate * land)
    else:  # a need above what the place ever has from the quarter of signing on
        r = int(opened.eligible.resource[i, k])
        supply, signed = case.resources[r], int(last_open(opened.eligible.quarter)[i]) if quarter is None else quarter
        most, need = float(supply.lasting[supply.place_of_park[k], signed]), float(case.need_in(r, *pair)[0])
        figures |= {"found": need, "allowed": most, "needed": most, "resource_id": supply.resource_id}
        change, own = cell(name, supply.resource_id, most), int(case.own_rows(*pair)[0])
        if own >= 0 and not np.isnan(case.pairs.needs[own, r]):
            change = change.model_copy(update={"table": "site_options", "where": {"candidate_id": name, "park_id": park_id}})
    return Ruling.model_validate({"code": code, "change": written([change])[0], **figures})
