r"""Contradictions that adding up shows, before anything is solved. Each is sure: no plan exists when one is said.

* A project that must come and that no park, or no quarter, is open to.
* The least that the projects which must come use of a limit, each at its best choice, is above the limit:
  :math:`\sum_{i\in M} \min_{j\in J_i} a_j > b`; and of a resource, above what all places have together.
* The most that a rule could ever count, each project at its best, is below what it asks for:
  :math:`\sum_i \max_{j\in J_i} a_j < b`; within the money, the effort and the resources of the whole region by the fractional
  knapsack (the best ratios first), which bounds every plan (Dantzig, Oper. Res. 5, 1957). A project counts there with the most
  that any of its versions gives and the least that any of them uses, since either may come.
* Two limits that count the same columns and ask for more than they allow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.case.case import Case
from planner.echo.carry import carrying, folded, least_need
from planner.echo.entry import CLOSED
from planner.language import Words
from planner.limits import lever_words
from planner.limits.family import amount_text, firm, same
from planner.limits.selection import SIGNED
from planner.plan.reasons import exclusions
from planner.programme.build import Programme
from planner.questions.conflict import Contradiction
from planner.questions.explain.sides import Sides, sides_of
from planner.solvers.protocol import Bools, Floats, Ints
from planner.tolerances import FITS, rounding

SHOWN = 5
"""Names that a sentence lists."""


def at_once(programme: Programme) -> tuple[Contradiction, ...]:
    """Every contradiction that arithmetic alone shows; empty when there is none, which proves nothing."""
    case = programme.case
    locked = (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)
    if not locked.any() and all(rule.soft is not None for rule in case.settings.rules):
        return ()
    sides = sides_of(programme)
    amounts = _Amounts(sides)
    return (
        *_homeless(programme, locked),
        *_forced(sides, amounts, locked),
        *_together(programme, locked),
        *_out_of_reach(sides, amounts),
        *_beyond_means(sides, amounts),
        *_opposed(sides),
    )


def reasons(programme: Programme, candidate: int) -> Words:
    """Why no park is open to a candidate: each reason with how many parks it closes."""
    ruled_out = exclusions(programme, np.array([candidate]))[0]
    if not ruled_out:
        return Words("没有可用的季度", "no quarter is open to it")
    all_parks = len(programme.case.parks)
    told = [CLOSED.get(reason.code, same(reason.code)) for reason in ruled_out]
    own = [
        Words("", "") if reason.quarter is None else Words(f"（{reason.quarter}）", f" ({reason.quarter})") for reason in ruled_out
    ]
    told = [Words(words.zh + quarter.zh, words.en + quarter.en) for words, quarter in zip(told, own, strict=True)]
    clauses = list(zip(told, (reason.parks for reason in ruled_out), strict=True))
    zh = "，".join(words.zh if parks == all_parks else f"{parks} 个园区{words.zh}" for words, parks in clauses)
    en = ", ".join(words.en if parks == all_parks else f"{words.en} in {parks} parks" for words, parks in clauses)
    return Words(zh, en)


def _homeless(programme: Programme, locked: Bools) -> Iterator[Contradiction]:
    for i in np.flatnonzero(locked & ~programme.eligible.candidates).tolist():
        name, why = firm(programme.case, i), reasons(programme, i)
        text = Words(f"必须落地的 {name.zh} 进不了任何园区：{why.zh}", f"{name.en} must come, and no park is open to it: {why.en}")
        yield Contradiction(text, ("must_include",))


class _Amounts:
    """What each candidate adds to each row at the ``least``; ``row`` and ``candidate`` say whose: shape (E,), an entry where a
    candidate has one in a row. A selected candidate has exactly one column with a park and exactly one with a quarter; a row
    speaks of the one or the other."""

    def __init__(self, sides: Sides) -> None:
        columns = sides.programme.layout
        held = np.flatnonzero(sides.lever >= 0)
        part = sides.rows[held][:, : columns.choices].tocoo()
        size = max(int(columns.candidate.max(initial=-1)) + 1, 1)
        codes, entry = np.unique(held[part.row] * size + columns.candidate[part.col], return_inverse=True)
        self.row, self.candidate = codes // size, codes % size
        by_quarter = np.zeros(len(codes), dtype=bool)
        by_quarter[entry[columns.park[part.col] < 0]] = True
        placed, timed = (np.bincount(columns.candidate[at], minlength=size) for at in (columns.placements, columns.schedules))
        ways = np.where(by_quarter, timed[self.candidate], placed[self.candidate])
        low = folded(np.minimum, entry, part.data, len(codes), np.inf)
        self.least = np.where(np.bincount(entry, minlength=len(codes)) < ways, np.minimum(low, 0.0), low)
        sure = (sides.lever >= 0) & np.isneginf(sides.lower)
        sure[held[np.diff(sides.rows[held][:, columns.choices :].indptr) > 0]] = False
        self.allowing, self.asking = sure & (sides.upper >= 0), sure & (sides.upper < 0)
        """Rows, shape (m,), that limit nothing but choices: to an amount, or to no less than one."""

    def reach(self) -> tuple[Ints, Ints, Floats]:
        """(row, candidate, most that it can add) of every asking row, each version of a project for itself."""
        counts = self.asking[self.row] & (self.least < 0)
        return self.row[counts], self.candidate[counts], -self.least[counts]


def _forced(sides: Sides, amounts: _Amounts, locked: Bools) -> Iterator[Contradiction]:
    """Limits that the locked projects alone go beyond."""
    case, least = sides.programme.case, amounts.least
    mine = locked[amounts.candidate] & (least > 0)
    total = np.bincount(amounts.row[mine], least[mine], len(sides.lever))
    over = amounts.allowing & (total - sides.upper > rounding(np.maximum(total, np.abs(sides.upper))))
    over[amounts.row[least < 0]] = False
    seen = set()
    for row in np.flatnonzero(over)[np.argsort(-(total - sides.upper)[over], kind="stable")].tolist():
        lever = sides.levers[int(sides.lever[row])]
        # Whom relations pair off, and pairs that admission could open, are for the solver.
        if lever in seen or lever.family in {"together", "apart", "before", "implies", "must_include", "admission", SIGNED}:
            continue
        seen.add(lever)
        of_row = mine & (amounts.row == row)
        count, what = int(of_row.sum()), lever_words(case, lever)
        names = _names(case, amounts.candidate[of_row], least[of_row])
        needed, has = amount_text(round(float(total[row]), 4)), amount_text(float(sides.upper[row]))
        if needed == has:  # with so many digits that they differ
            needed, has = f"{total[row]:.12g}", f"{sides.upper[row]:.12g}"
        text = Words(
            f"必须落地的 {count} 个项目至少要用 {needed}，而限额是 {has}：{what.zh}（{names.zh}）",
            f"the {count} projects that must come use {needed} at least, the limit is {has}: {what.en} ({names.en})",
        )
        yield Contradiction(text, ("must_include", lever.family))


def _names(case: Case, candidates: Ints, amounts: Floats) -> Words:
    """The largest few by name with their amounts."""
    order = np.argsort(-amounts, kind="stable")[:SHOWN]
    named = [(firm(case, int(candidates[n])), amount_text(round(float(amounts[n]), 4))) for n in order.tolist()]
    largest = Words.listed(Words(f"{name.zh} {amount}", f"{name.en} {amount}") for name, amount in named)
    more = len(candidates) - len(order)
    return Words(f"{largest.zh} 等另 {more} 个", f"{largest.en} and {more} more") if more else largest


def _together(programme: Programme, locked: Bools) -> Iterator[Contradiction]:
    """What the locked projects need, each in its best park, against all places together at the end of the horizon."""
    case = programme.case
    who = np.flatnonzero(locked & programme.eligible.candidates)
    for r, supply in enumerate(case.resources):
        have = float(supply.amount[:, -1].sum())
        if len(supply.places) < 2 or not np.isfinite(have) or not len(who):
            continue
        needs = least_need(programme, r, who)
        if needs.sum() - have > FITS * (len(supply.places) + have):
            names, needed, has = _names(case, who, needs), amount_text(float(needs.sum())), amount_text(have)
            text = Words(
                f"必须落地的 {len(who)} 个项目至少要用{supply.name} {needed} {supply.unit}，而各处合计只有 {has} {supply.unit}（{names.zh}）",
                f"the {len(who)} projects that must come use {needed} {supply.unit} of {supply.name} at least, and all places together have {has} ({names.en})",
            )
            yield Contradiction(text, ("must_include", supply.kind))


def _out_of_reach(sides: Sides, amounts: _Amounts) -> Iterator[Contradiction]:
    """Rules that ask for more than all open projects together could give."""
    case, (row, candidate, worth) = sides.programme.case, amounts.reach()
    entries, entry = np.unique(row * max(case.projects, 1) + case.project_of[candidate], return_inverse=True)
    of_project = folded(np.maximum, entry, worth, len(entries), 0.0)
    most = np.bincount(entries // max(case.projects, 1), of_project, len(sides.lever))
    short = amounts.asking & (-sides.upper - most > FITS * np.maximum(1.0, np.abs(sides.upper)))
    seen = set()
    for at in np.flatnonzero(short).tolist():
        lever = sides.levers[int(sides.lever[at])]
        if lever.family == "rules" and lever.key not in seen:
            seen.add(lever.key)
            what, has = lever_words(case, lever), amount_text(float(most[at]))
            zh, en = (
                f"{what.zh}，而有园区可落的项目全选也只有 {has}",
                f"{what.en}; all projects that some park is open to come to {has}",
            )
            yield Contradiction(Words(zh, en), ("rules",))


def _beyond_means(sides: Sides, amounts: _Amounts) -> Iterator[Contradiction]:
    """Rules that ask for more than the money, the effort or a resource of the whole region can carry."""
    case, (row, candidate, worth) = sides.programme.case, amounts.reach()
    for number, lever in enumerate(sides.levers):
        rows = np.flatnonzero((sides.lever == number) & amounts.asking)
        if lever.family != "rules" or not rows.size:
            continue
        quarters = sides.programme.layout.rules[lever.key[0]].groups.sides == {"quarter"}
        every = Words("（各季合计）", " (all quarters together)") if quarters else Words("", "")
        # Each quarter's share is added up: against the means of the whole horizon.
        for asking in rows[np.newaxis] if quarters else rows[:, np.newaxis]:
            asked, counted = float(-sides.upper[asking].sum()), np.isin(row, asking)
            for kind, said, most in carrying(sides.programme, candidate[counted], worth[counted]):
                if case.settings.rules[lever.key[0]].count is not None:
                    most = float(np.floor(most + FITS))
                if asked - most > FITS * max(1.0, asked):
                    what, needed, has = lever_words(case, lever), amount_text(asked), amount_text(round(most, 4))
                    text = Words(
                        f"{what.zh}{every.zh}要 {needed}，而{said.zh}至多够 {has}",
                        f"{what.en}{every.en} asks for {needed}; {said.en} carries {has} at most",
                    )
                    yield Contradiction(text, ("rules", kind))


def _opposed(sides: Sides) -> Iterator[Contradiction]:
    """Two rules over the very same columns, one asking for more than the other allows."""
    rows, of_rules = sides.rows, np.array([*(lever.family == "rules" for lever in sides.levers), False])[sides.lever]

    def content(row: int, sign: float) -> tuple[bytes, bytes]:
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        order = np.argsort(rows.indices[part])
        return rows.indices[part][order].tobytes(), (sign * rows.data[part][order]).tobytes()

    tightest: dict[tuple[bytes, bytes], tuple[float, int]] = {}
    for row in np.flatnonzero(of_rules & (sides.upper >= 0)).tolist():
        key = content(row, 1.0)
        if key not in tightest or sides.upper[row] < tightest[key][0]:
            tightest[key] = (float(sides.upper[row]), int(sides.lever[row]))
    seen = set()
    for row in np.flatnonzero(of_rules & (sides.upper < 0)).tolist():
        most, other = tightest.get(content(row, -1.0), (np.inf, -1))
        pair = (int(sides.lever[row]), other)
        if -sides.upper[row] - most > 3 * FITS * max(1.0, abs(most)) and pair not in seen:
            seen.add(pair)
            asks, allows = (lever_words(sides.programme.case, sides.levers[n]) for n in pair)
            yield Contradiction(Words(f"{asks.zh}，而{allows.zh}", f"{asks.en}, but {allows.en}"), ("rules",))
