"""What an assessment names — columns, groups, units — held against the tables (R1)."""

from __future__ import annotations

from collections.abc import Mapping

from planner.case.case import Case
from planner.case.columns import Findings
from planner.case.filter_names import check_amounts, check_where
from planner.case.filters import Side, meant
from planner.case.groups import PER
from planner.case.rule_names import check_groups_of, check_rows, sum_unit
from planner.case.rules import COUNT
from planner.language import Words
from planner.settings.appraisal import AIM, EVERYONE, OWNER, PLANNED, Assessment, Formula
from planner.settings.document import Keys
from planner.tables.facts import amount_in

SIDES: tuple[Side, ...] = ("candidate", "park", "pair")
"""What a filter of an assessment may look at: the period says when."""


def check_assessment(case: Case, position: int, findings: Findings) -> None:
    """Everything that one assessment names."""
    assessment, keys = case.settings.appraisal[position], ("appraisal", position)
    if findings.doubts.settings.whole(*keys):
        return
    units: dict[Keys, str | None] = {}
    for way, tally in assessment.tallies:
        check_where(case, tally.where, (*keys, *way, "where"), findings, SIDES)
        unit = sum_unit(case, tally.sum or COUNT, (*keys, *way, "sum"), findings, divides="over" in way)
        units[way] = None if findings.doubts.settings.part(*keys, *way) else unit
    grouped = _check_per(case, assessment, keys, findings)
    for n, formula in enumerate(assessment.formulas):
        _check_formula(
            case,
            formula,
            (*keys, "formulas", n),
            {way[2:]: unit for way, unit in units.items() if way[:2] == ("formulas", n)},
            findings,
        )
        if not grouped and assessment.per not in {OWNER, EVERYONE}:
            continue  # of groups that nobody knows nothing can be said
        whole = (*keys, "formulas", n)
        rows = {
            at: row
            for at, row in enumerate(formula.by_group)
            if _has_group(assessment.per, row, (*whole, "by_group", at), findings)
        }
        if grouped:
            check_rows(case, (assessment.per,), {}, rows, whole, findings)


def _check_per(case: Case, assessment: Assessment, keys: Keys, findings: Findings) -> bool:
    """Whether groups are made by a column of the tables, and it can be done."""
    if assessment.per in {OWNER, EVERYONE} or findings.doubts.settings.whole(*keys, "per"):
        return False
    good = check_groups_of(case, (assessment.per,), keys, findings)
    if good and meant(case, PER.get(assessment.per, assessment.per)).side not in SIDES:
        findings.at("V144", (*keys, "per"), assessment.per)
        return False
    return good


def _has_group(per: str, row: Mapping[str, object], keys: Keys, findings: Findings) -> bool:
    names = set(row)
    if findings.doubts.settings.part(*keys) or (per in names and per != EVERYONE and names <= {per, *AIM}):
        return not findings.doubts.settings.part(*keys)
    findings.at("V143", keys, "、".join(sorted(names)), per=Words("组", "a group") if per == EVERYONE else per)
    return False


def _check_formula(case: Case, formula: Formula, keys: Keys, units: dict[Keys, str | None], findings: Findings) -> None:
    """Units of what is added up, and of target and base."""
    sides: dict[str, str | None] = {}
    for side in ("item", "over"):
        said = [unit for way, unit in units.items() if way[0] == side]
        if None in said:
            return
        if len(set(said)) > 1:
            findings.at("V140", (*keys, side), "", units=Words.listed(said))
            return
        sides[side] = said[0] if said else None
    if sides["item"] is None:
        return
    unit, doubts, own = amount_unit(sides["item"], sides["over"]), findings.doubts.settings, True
    for way, row in ((keys, {}), *(((*keys, "by_group", at), row) for at, row in enumerate(formula.by_group))):
        if any(doubts.part(*way, key) for key in AIM):
            own &= bool(row)
            continue
        target, base = formula.aim(row)
        aims = zip(AIM, (target, base), strict=True)
        written = [((*way, key), aim) for key, aim in aims if (key in row or not row) and aim is not None and aim != PLANNED]
        fits = check_amounts(case, written, unit, formula.name, findings)
        own &= fits or bool(row)
        if target == PLANNED and (formula.over or any(one.listed != "signed" for one in formula.item)):
            findings.at("V142", (*way, "target"), PLANNED)
        elif fits and own and target not in {None, PLANNED} and amount_in(target, unit) == amount_in(base, unit):
            findings.at("V141", (*way, "target"), str(target), target=target, base=base)


def amount_unit(upper: str, lower: str | None) -> str:
    """The unit of an amount: that of its parts, of a ratio ``1`` where both are of one kind."""
    return upper if lower is None else "1" if upper == lower else f"{upper}/{lower}"
