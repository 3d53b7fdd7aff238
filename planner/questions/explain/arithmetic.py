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

from dataclasses import dataclass

import numpy as np

from planner.case.case import Case
from planner.language import Words
from planner.limits import FAMILY_WORDS, lever_words
from planner.limits.family import amount_text, firm
from planner.limits.selection import SIGNED
from planner.plan.exclusions import exclusions
from planner.programme.build import Programme
from planner.questions.explain.sides import FITS, Sides
from planner.solvers.protocol import Bools, Floats, Ints
from planner.tolerances import rounding

SHOWN = 5
"""Names that a sentence lists."""
CLOSED = {
    "excluded": Words("已标为排除", "marked as excluded"),
    "lost": Words("已流失", "lost"),
    "fixed_elsewhere": Words("已指定其他园区", "another park is fixed"),
    "refused_park": Words("企业不考虑", "refused by the firm"),
    "forbidden_pair": Words("选址选项注明不可落", "ruled out by site_options"),
    "chain_not_allowed": Words("不接纳该产业链", "chain not taken"),
    "investment_intensity": Words("投资强度不够", "investment per land too low"),
    "tax_intensity": Words("亩均税收不够", "tax per land too low"),
    "need_above_capacity": Words("单个项目的需要超过能力", "needs more than there is"),
}
"""Codes of :mod:`planner.case.eligibility` as short clauses."""


@dataclass(frozen=True)
class Contradiction:
    """One sure contradiction. ``kinds``: the kinds of limits that it is between."""

    text: Words
    kinds: tuple[str, ...]


def contradictions(programme: Programme, sides: Sides) -> tuple[Contradiction, ...]:
    """Every contradiction that arithmetic alone shows; empty when there is none, which proves nothing."""
    locked = _locked(programme.case)
    asks = any(one.family in {"rules", "must_include", SIGNED} for one in sides.levers)
    if not asks or not (locked.any() or any(one.family == "rules" for one in sides.levers)):
        return ()
    least = _Least(programme, sides)
    return (
        *_homeless(programme, locked),
        *_forced(sides, least, locked),
        *_together(programme, locked),
        *_out_of_reach(sides, least),
        *_beyond_means(sides, least),
        *_opposed(sides),
    )


def _locked(case: Case) -> Bools:
    return (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)


def reasons(programme: Programme, candidate: int) -> Words:
    """Why no park is open to a candidate: each reason with how many parks it closes."""
    told = exclusions(programme, np.array([candidate]))[0]
    if not told:
        return Words("没有可用的季度", "no quarter is open to it")
    count = len(programme.case.parks)
    said = [(CLOSED.get(one.code, Words(one.code, one.code)), one.parks) for one in told]
    zh = "，".join(words.zh if parks == count else f"{parks} 个园区{words.zh}" for words, parks in said)
    en = ", ".join(words.en if parks == count else f"{words.en} in {parks} parks" for words, parks in said)
    return Words(zh, en)


def _homeless(programme: Programme, locked: Bools) -> list[Contradiction]:
    found = []
    for i in np.flatnonzero(locked & ~programme.eligible.candidates).tolist():
        why = reasons(programme, i)
        name = firm(programme.case, i)
        found.append(
            Contradiction(
                Words(f"必须落地的 {name} 进不了任何园区：{why.zh}", f"{name} must come, and no park is open to it: {why.en}"),
                ("must_include",),
            )
        )
    return found


class _Least:
    """For each row, what each candidate adds to it at the least and at the most.

    A selected candidate has exactly one column with a park and exactly one with a quarter; a row speaks of the one or the
    other. ``entries`` (E,): row, candidate, least and most of each candidate in a row that it has an entry in.
    """

    def __init__(self, programme: Programme, sides: Sides) -> None:
        columns = programme.layout
        held = np.flatnonzero(sides.lever >= 0)
        part = sides.rows[held][:, : columns.choices].tocoo()
        outside = np.diff(sides.rows[held][:, columns.choices :].indptr) > 0
        self.negative = np.zeros(len(sides.lever), dtype=bool)
        self.negative[held[outside]] = True
        row, column, value = held[part.row], part.col, part.data
        negated = np.isneginf(sides.lower) & (sides.upper < 0)
        size = int(columns.candidate.max(initial=-1)) + 1
        placed = np.bincount(columns.candidate[columns.placements], minlength=size)
        timed = np.bincount(columns.candidate[columns.schedules], minlength=size)
        code = row * max(size, 1) + columns.candidate[column]
        codes, entry = np.unique(code, return_inverse=True)
        self.row, self.candidate = codes // max(size, 1), codes % max(size, 1)
        by_quarter = np.zeros(len(codes), dtype=bool)
        by_quarter[entry[columns.park[column] < 0]] = True
        ways = np.where(by_quarter, timed[self.candidate], placed[self.candidate])
        count = np.bincount(entry, minlength=len(codes))
        low = np.full(len(codes), np.inf)
        high = np.full(len(codes), -np.inf)
        np.minimum.at(low, entry, value)
        np.maximum.at(high, entry, value)
        self.least = np.where(count < ways, np.minimum(low, 0.0), low)
        self.most = np.where(count < ways, np.maximum(high, 0.0), high)
        self.asking = negated
        self.size = size


def _forced(sides: Sides, least: _Least, locked: Bools) -> list[Contradiction]:
    """Limits that the locked projects alone go beyond."""
    bad = np.zeros(len(sides.lever), dtype=bool)
    bad[least.row[least.least < 0]] = True
    mine = locked[least.candidate] & (least.least > 0)
    total = np.bincount(least.row[mine], least.least[mine], len(sides.lever))
    over = total - sides.upper > rounding(np.maximum(total, np.abs(sides.upper)))
    over &= (sides.lever >= 0) & ~bad & ~least.negative & np.isneginf(sides.lower) & (sides.upper >= 0)
    found, told = [], set()
    for row in np.flatnonzero(over)[np.argsort(-(total - sides.upper)[over], kind="stable")].tolist():
        number = int(sides.lever[row])
        lever = sides.levers[number]
        # Whom relations pair off, and pairs that admission could open, are for the solver.
        if number in told or lever.family in {"together", "apart", "must_include", "admission", SIGNED}:
            continue
        told.add(number)
        of_row = mine & (least.row == row)
        case = sides.programme.case
        names = _names(case, least.candidate[of_row], least.least[of_row])
        what = lever_words(case, lever)
        needed, has = _apart(float(total[row]), float(sides.upper[row]))
        found.append(
            Contradiction(
                Words(
                    f"必须落地的 {int(of_row.sum())} 个项目至少要用 {needed}，而限额是 {has}：{what.zh}（{names.zh}）",
                    f"the {int(of_row.sum())} projects that must come use {needed} at least, the limit is {has}: {what.en} ({names.en})",
                ),
                ("must_include", lever.family),
            )
        )
    return found


def _apart(needed: float, has: float) -> tuple[str, str]:
    """Both amounts, with so many digits that they differ."""
    short = amount_text(round(needed, 4)), amount_text(has)
    return short if short[0] != short[1] else (f"{needed:.12g}", f"{has:.12g}")


def _names(case: Case, candidates: Ints, amounts: Floats) -> Words:
    """The largest few by name with their amounts."""
    order = np.argsort(-amounts, kind="stable")[:SHOWN]
    said = [f"{firm(case, int(candidates[n]))} {amount_text(round(float(amounts[n]), 4))}" for n in order.tolist()]
    more = len(candidates) - len(said)
    return Words("、".join(said) + (f" 等另 {more} 个" if more else ""), ", ".join(said) + (f" and {more} more" if more else ""))


def _together(programme: Programme, locked: Bools) -> list[Contradiction]:
    """What the locked projects need, each in its best park, against all places together at the end of the horizon."""
    case, able = programme.case, programme.eligible
    who = np.flatnonzero(locked & able.candidates)
    found: list[Contradiction] = []
    for r, supply in enumerate(case.resources):
        have = float(supply.amount[:, -1].sum())
        if len(supply.places) < 2 or not np.isfinite(have) or not len(who):
            continue
        needs = np.where(able.pairs[who], case.need(r)[who], np.inf).min(axis=1)
        if needs.sum() - have > FITS * (len(supply.places) + have):
            names = _names(case, who, needs)
            found.append(
                Contradiction(
                    Words(
                        f"必须落地的 {len(who)} 个项目至少要用{supply.name} {amount_text(float(needs.sum()))} {supply.unit}，而各处合计只有 {amount_text(have)} {supply.unit}（{names.zh}）",
                        f"the {len(who)} projects that must come use {amount_text(float(needs.sum()))} {supply.unit} of {supply.name} at least, and all places together have {amount_text(have)} ({names.en})",
                    ),
                    ("must_include", supply.kind),
                )
            )
    return found


def _reach(sides: Sides, least: _Least) -> tuple[Ints, Ints, Floats]:
    """(row, candidate, most that it can add) of every asking row, each version of a project for itself."""
    asking = least.asking[least.row] & (sides.lever[least.row] >= 0) & ~least.negative[least.row] & (least.least < 0)
    return least.row[asking], least.candidate[asking], -least.least[asking]


def _projects(case: Case, candidate: Ints) -> tuple[Ints, Ints]:
    """The projects that these versions are of, and which of them each version is."""
    return np.unique(case.project_of[candidate], return_inverse=True)


def _out_of_reach(sides: Sides, least: _Least) -> list[Contradiction]:
    """Rules that ask for more than all open projects together could give."""
    row, candidate, worth = _reach(sides, least)
    known, which = _projects(sides.programme.case, candidate)
    entries, entry = np.unique(row * max(len(known), 1) + which, return_inverse=True)
    of_project = np.zeros(len(entries))
    np.maximum.at(of_project, entry, worth)
    most = np.bincount(entries // max(len(known), 1), of_project, len(sides.lever))
    short = -sides.upper - most > FITS * np.maximum(1.0, np.abs(sides.upper))
    short &= least.asking & (sides.lever >= 0) & ~least.negative
    found, told = [], set()
    for at in np.flatnonzero(short).tolist():
        lever = sides.levers[int(sides.lever[at])]
        if lever.family != "rules" or lever.key in told:
            continue
        told.add(lever.key)
        what = lever_words(sides.programme.case, lever)
        found.append(
            Contradiction(
                Words(
                    f"{what.zh}，而有园区可落的项目全选也只有 {amount_text(float(most[at]))}",
                    f"{what.en}; all projects that some park is open to come to {amount_text(float(most[at]))}",
                ),
                ("rules",),
            )
        )
    return found


def _beyond_means(sides: Sides, least: _Least) -> list[Contradiction]:
    """Rules that ask for more than the money, the effort or a resource of the whole region can carry."""
    case, programme = sides.programme.case, sides.programme
    row, candidate, worth = _reach(sides, least)
    rules = [n for n, one in enumerate(sides.levers) if one.family == "rules"]
    found: list[Contradiction] = []
    for number in rules:
        rows = np.flatnonzero((sides.lever == number) & least.asking & ~least.negative)
        if not rows.size:
            continue
        groups = programme.layout.rules[sides.levers[number].key[0]]
        quarters = groups.group_owner == "quarter"
        for at in rows.tolist() if not quarters else rows[:1].tolist():
            asked = float(-sides.upper[rows].sum()) if quarters else float(-sides.upper[at])
            # Each quarter's share is added up: against the means of the whole horizon.
            counted = np.isin(row, rows) if quarters else row == at
            who = candidate[counted]
            known, which = _projects(case, who)
            value = np.zeros(len(known))
            np.maximum.at(value, which, worth[counted])
            for kind, said, use, payer, have in _means(sides, who):
                uses, owner, other = (np.full(len(known), np.inf), np.full(len(known), len(have)), np.full(len(known), -1))
                np.minimum.at(uses, which, use)
                np.minimum.at(owner, which, payer)
                np.maximum.at(other, which, payer)
                most = _knapsack(value, uses, np.where(owner == other, owner, -1), have)
                if case.settings.rules[sides.levers[number].key[0]].count is not None:
                    most = float(np.floor(most + FITS))
                if asked - most > FITS * max(1.0, asked):
                    what = lever_words(case, sides.levers[number])
                    every = Words("（各季合计）", " (all quarters together)") if quarters else Words("", "")
                    found.append(
                        Contradiction(
                            Words(
                                f"{what.zh}{every.zh}要 {amount_text(asked)}，而{said.zh}至多够 {amount_text(round(most, 4))}",
                                f"{what.en}{every.en} asks for {amount_text(asked)}; {said.en} carries {amount_text(round(most, 4))} at most",
                            ),
                            ("rules", kind),
                        )
                    )
    return found


def _means(sides: Sides, who: Ints) -> list[tuple[str, Words, Floats, Ints, Floats]]:
    """(kind, said, least use of each, its owner, amount of each owner) of the funds, the teams and each resource."""
    programme = sides.programme
    case, able = programme.case, programme.eligible
    found: list[tuple[str, Words, Floats, Ints, Floats]] = []
    shares = case.settings.schedule

    def least_share(parts: tuple[float, ...]) -> Floats:
        """Of what is spread over quarters, the least that falls inside the horizon."""
        total = np.cumsum(np.pad(np.asarray(parts), (0, max(len(case.quarters) - len(parts), 0))))[: len(case.quarters)]
        inside = total[::-1]  # signed in quarter t: T − t quarters are left
        return np.asarray(np.where(able.quarter[who], inside[None, :], np.inf).min(axis=1))

    if case.funds.ids:
        asks = case.funds.asks[who]
        owner = np.where(asks.max(axis=1, initial=0.0) > 0, asks.argmax(axis=1), -1)
        uses = asks.max(axis=1, initial=0.0) * least_share(shares.payout)
        found.append(("funds", FAMILY_WORDS["funds"], uses, owner, case.funds.amount.sum(axis=1)))
    if case.teams.ids:
        effort = case.candidates["effort"].to_numpy(float)[who]
        owner = case.candidates["team"].to_numpy(np.int64)[who]
        found.append(("teams", FAMILY_WORDS["teams"], effort * least_share(shares.effort), owner, case.teams.effort.sum(axis=1)))
    for r, supply in enumerate(case.resources):
        have = float(supply.amount[:, -1].sum())
        if np.isfinite(have):
            needs = np.where(able.pairs[who], case.need(r)[who], np.inf).min(axis=1)
            found.append(
                (supply.kind, Words(supply.name, supply.name), needs, np.zeros(len(who), dtype=np.int64), np.array([have]))
            )
    return found


def _knapsack(value: Floats, uses: Floats, owner: Ints, have: Floats) -> float:
    """The most value within ``have`` of each owner when projects may be cut: the best ratios first."""
    free = (owner < 0) | (uses <= 0)
    total = float(value[free].sum())
    ratio = np.divide(uses, value, out=np.full(len(value), np.inf), where=value > 0)
    order = np.lexsort((ratio, owner))
    order = order[~free[order] & np.isfinite(uses[order])]
    for one in np.unique(owner[order]).tolist():
        mine = order[owner[order] == one]
        spent = np.cumsum(uses[mine])
        room = have[one] + FITS * (len(mine) + abs(have[one]))  # what a checked plan may go beyond, at the most
        inside = spent <= room
        total += float(value[mine][inside].sum())
        cut = int(inside.sum())
        if cut < len(mine):
            left = room - (spent[cut - 1] if cut else 0.0)
            total += float(value[mine[cut]] * left / uses[mine[cut]])
    return total


def _opposed(sides: Sides) -> list[Contradiction]:
    """Two rules over the very same columns, one asking for more than the other allows."""
    rules = [n for n, one in enumerate(sides.levers) if one.family == "rules"]
    seen: dict[tuple[bytes, bytes], tuple[float, int]] = {}
    rows = sides.rows
    asking = np.isin(sides.lever, rules) & (sides.upper < 0)
    allowing = np.isin(sides.lever, rules) & (sides.upper >= 0)

    def content(row: int, sign: float) -> tuple[bytes, bytes]:
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        order = np.argsort(rows.indices[part])
        return rows.indices[part][order].tobytes(), (sign * rows.data[part][order]).tobytes()

    for row in np.flatnonzero(allowing).tolist():
        key = content(row, 1.0)
        if key not in seen or sides.upper[row] < seen[key][0]:
            seen[key] = (float(sides.upper[row]), int(sides.lever[row]))
    found, told = [], set()
    for row in np.flatnonzero(asking).tolist():
        most, other = seen.get(content(row, -1.0), (np.inf, -1))
        pair = (int(sides.lever[row]), other)
        if -sides.upper[row] - most > 3 * FITS * max(1.0, abs(most)) and pair not in told:
            told.add(pair)
            one, two = (lever_words(sides.programme.case, sides.levers[n]) for n in pair)
            found.append(Contradiction(Words(f"{one.zh}，而{two.zh}", f"{one.en}, but {two.en}"), ("rules",)))
    return found
