"""Assessments worked out: amounts against targets, weights, caps, deductions and bonuses, totals and ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from math import fsum

import numpy as np
import pandas as pd

from planner.case.appraisal_names import amount_unit
from planner.case.rules import row_label
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.problems import InputError
from planner.settings.appraisal import OWNER, PLANNED, Extra, Formula
from planner.tables.facts import amount_in
from planner.tracking.appraise.ground import Ground, Tallied
from planner.tracking.appraise.record import Appraisal, Counted, ExtraStep, Step, Total
from planner.tracking.codes import problem
from planner.tracking.plans import of_other_projects

DIGITS = 9
"""Decimals to which scores are equal: below them is rounding."""


def appraise(opened: Opened, plan: Plan | None = None) -> tuple[Appraisal, ...]:
    """Every assessment of the plan file, on the day up to which its table ``status`` counts.

    Args:
        plan: where projects are that no event has placed, and what ``target: plan`` means.

    Raises:
        planner.problems.InputError: no assessment (V150), no events (V151), a blank that would be counted (V152), ``target: plan``
            without a plan (V153), a plan of other projects (B106), a period that has not begun (V154); all at once.
    """
    case, place = opened.case, opened.loaded.place
    if not case.settings.appraisal:
        raise InputError([problem("V150", place(), "appraisal")])
    on = case.history.on
    if on is None:
        raise InputError([problem("V151", place("appraisal"), "status")])
    problems = of_other_projects(plan, case)
    grounds = []
    for position, assessment in enumerate(case.settings.appraisal):
        until, since = assessment.period.until, assessment.period.first
        last = on if until is None else min(on, dt.date.fromisoformat(until))
        first = dt.date(last.year, 1, 1) if since is None else dt.date.fromisoformat(since)
        if first > last:
            problems.append(problem("V154", place("appraisal", position, "period"), "period", first.isoformat(), on=on))
        asks = [
            (n, f) for n, f in enumerate(assessment.formulas) if PLANNED in {f.target, *(row.get("target") for row in f.by_group)}
        ]
        problems += [problem("V153", place("appraisal", position, "formulas", n), f.name) for n, f in asks if plan is None]
        grounds.append(Ground(case, assessment, first, last, plan))
    if problems:
        raise InputError(problems)
    found = tuple(map(_appraisal, grounds))
    if blanks := [one for ground in grounds for one in ground.problems]:
        raise InputError(blanks)
    return found


class _Counts:
    """What was counted, kept for the evidence."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.counted: list[Counted] = []
        self.unplaced: list[Counted] = []

    def keep(self, formula: str, part: str, listed: str, found: Tallied) -> Tallied:
        """Note the projects of one thing."""
        self.counted += self._records(formula, part, listed, found.rows, found.unit)
        self.unplaced += self._records(formula, part, listed, found.unplaced, found.unit)
        return found

    def _records(self, formula: str, part: str, listed: str, rows: pd.DataFrame, unit: str) -> Iterator[Counted]:
        candidates, table = self.ground.case.candidates, self.ground.case.tables.get("status")
        columns = (rows[name].tolist() for name in ("candidate", "group", "date", "row", "amount"))
        for i, group, day, row, amount in zip(*columns, strict=True):
            yield Counted(
                formula=formula,
                part=part,
                group=self.ground.labels[group] if group >= 0 else "",
                candidate_id=str(candidates["candidate_id"].iloc[i]),
                name=str(candidates["name"].iloc[i]),
                listed=listed,
                date=None if pd.isna(day) else day.date(),
                place=str(table.place(row, "stage")) if table is not None and row >= 0 else "",
                amount=None if amount != amount else amount,
                unit=unit,
            )


def _appraisal(ground: Ground) -> Appraisal:
    assessment, counts = ground.assessment, _Counts(ground)
    steps: list[Step] = []
    extras: list[ExtraStep] = []
    for formula in assessment.formulas:
        own = _extras(ground, counts, formula.name, formula.deduct, formula.bonus)
        extras += own
        steps += _steps(ground, counts, formula, own)
    whole = _extras(ground, counts, "", assessment.deduct, assessment.bonus)
    totals = [_total(ground, at, steps, whole, counts.counted) for at in range(len(ground.labels))]
    ranked = _ranked(totals)
    seal = None if ground.plan is None else ground.plan.seal
    return Appraisal(
        name=assessment.name,
        per=assessment.per,
        first=ground.first,
        last=ground.last,
        plan=seal,
        totals=tuple(ranked),
        steps=tuple(steps),
        extras=(*extras, *whole),
        counted=tuple(counts.counted),
        unplaced=tuple(counts.unplaced),
    )


def _extras(ground: Ground, counts: _Counts, formula: str, deduct: Sequence[Extra], bonus: Sequence[Extra]) -> list[ExtraStep]:
    steps = []
    for key, extras in (("deduct", deduct), ("bonus", bonus)):
        for number, extra in enumerate(extras, start=1):
            found = counts.keep(formula, f"{key} {number}", extra.count, ground.tallied(extra.tally, formula))
            for at, label in enumerate(ground.labels):
                count = found.counts.get(at, 0)
                total = min(count * extra.points, np.inf if extra.most is None else extra.most)
                step = ExtraStep(
                    formula=formula,
                    group=label,
                    name=extra.name or "",
                    listed=extra.count,
                    adds=key == "bonus",
                    count=count,
                    points=extra.points,
                    most=extra.most,
                    total=total,
                )
                steps.append(step)
    return steps


def _steps(ground: Ground, counts: _Counts, formula: Formula, extras: Sequence[ExtraStep]) -> Iterator[Step]:
    """One formula in every group."""
    sides: dict[str, list[Tallied]] = {"item": [], "over": []}
    for key, side in sides.items():
        for number, tally in enumerate(getattr(formula, key), start=1):
            side.append(counts.keep(formula.name, f"{key} {number}", tally.listed, ground.tallied(tally, formula.name)))
    wanted = (
        [ground.wanted(tally, formula.name) for tally in formula.item] if ground.plan is not None and _asks_plan(formula) else []
    )
    units = [side[0].unit if side else None for side in sides.values()]
    unit = "" if units[0] is None else amount_unit(units[0], units[1])
    aims = _aims(ground, formula)
    for at, label in enumerate(ground.labels):
        upper, lower = (fsum(one.sums.get(at, 0.0) for one in side) if side else None for side in sides.values())
        target, base = aims.get(label, formula.aim({}))
        step = _ratio(formula, upper, lower, fsum(one.sums.get(at, 0.0) for one in wanted), (target, base), unit)
        yield _scored(formula, label, step, [extra for extra in extras if extra.group == label])


def _asks_plan(formula: Formula) -> bool:
    return PLANNED in {formula.target, *(row.get("target") for row in formula.by_group)}


def _aims(ground: Ground, formula: Formula) -> Mapping[str, tuple[float | str | None, float | str]]:
    """Target and base of the groups that have their own."""
    per = ground.assessment.per
    labels = [str(row[OWNER]) if per == OWNER else (row_label(ground.case, (per,), row) or ("",))[0] for row in formula.by_group]
    return dict(zip(labels, map(formula.aim, formula.by_group), strict=True))


def _ratio(
    formula: Formula,
    upper: float | None,
    lower: float | None,
    wanted: float,
    aim: tuple[float | str | None, float | str],
    unit: str,
) -> Step:
    """The step as far as the ratio."""
    amount = upper if lower is None or upper is None else upper / lower if lower else None
    planned = aim[0] == PLANNED
    target = wanted if planned else None if aim[0] is None else amount_in(aim[0], unit)
    base = amount_in(aim[1], unit)
    remark, ratio = "", None
    if upper is not None:
        remark = "no_target" if target is None else "no_plan" if target == base else "nothing" if amount is None else ""
        if target is not None and amount is not None and not remark:
            ratio = (amount - base) / (target - base)
    used: float | None = 1.0 if upper is None else None
    if ratio is not None:
        used = min(formula.cap, max(formula.floor, ratio))
    elif upper is not None:
        used = {"skip": None, "zero": 0.0, "full": 1.0}[formula.without]
    return Step(
        formula=formula.name,
        group="",
        upper=upper,
        lower=lower,
        amount=amount,
        unit=unit,
        base=None if upper is None else base,
        target=target,
        ratio=ratio,
        used=used,
        floor=formula.floor,
        cap=formula.cap,
        weight=formula.weight,
        points=None if used is None else formula.weight * used,
        deducted=0.0,
        added=0.0,
        score=None,
        remark=remark,
    )


def _scored(formula: Formula, label: str, step: Step, extras: Sequence[ExtraStep]) -> Step:
    """The step to its end."""
    if step.points is None:
        return step.model_copy(update={"group": label})
    off, on = (fsum(extra.total for extra in extras if extra.adds is adds) for adds in (False, True))
    off = off if formula.negative else min(off, max(0.0, step.points))
    return step.model_copy(update={"group": label, "deducted": off, "added": on, "score": fsum((step.points, -off, on))})


def _total(ground: Ground, at: int, steps: Sequence[Step], extras: Sequence[ExtraStep], counted: Sequence[Counted]) -> Total:
    assessment, label = ground.assessment, ground.labels[at]
    own = [step for step in steps if step.group == label and step.score is not None]
    formulas = fsum(step.score or 0.0 for step in own)
    off, on = (fsum(extra.total for extra in extras if extra.group == label and extra.adds is adds) for adds in (False, True))
    off = off if assessment.negative else min(off, max(0.0, formulas))
    score = min(fsum((formulas, -off, on)), np.inf if assessment.most is None else assessment.most)
    return Total(
        group=label,
        name=ground.names[at],
        projects=len({one.candidate_id for one in counted if one.group == label}),
        full=fsum(step.weight for step in own),
        formulas=formulas,
        deducted=off,
        added=on,
        score=score if own else None,
        rank=None,
    )


def _ranked(totals: Sequence[Total]) -> list[Total]:
    """With ranks: equal scores have the same, the next one is as many further."""
    scores = [None if total.score is None else round(total.score, DIGITS) for total in totals]
    known = [score for score in scores if score is not None]
    ranks = [None if score is None else 1 + sum(other > score for other in known) for score in scores]
    return [total.model_copy(update={"rank": rank}) for total, rank in zip(totals, ranks, strict=True)]
