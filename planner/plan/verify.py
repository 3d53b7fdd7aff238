"""The independent check that every plan passes before anything is written (formulation.md, Solving, 7).

It sees a choice and the case, and nothing of the programme: every limit is held against :mod:`planner.plan.accounts`, and
the objective is compared with what the solver said. A plan that fails is an internal error, never an output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from planner.geography.distances import kilometres
from planner.plan.accounts import Accounts
from planner.plan.records import Check, Verification
from planner.tables.case import Case

TOLERANCE = 1e-6
"""Relative to the limit: what adding decimals in binary may cost."""


class VerificationError(RuntimeError):
    """A plan that breaks a limit or whose objective is not what the solver said: a bug, said with its family."""


def verify(case: Case, accounts: Accounts, value: float, claimed: float, bound: float | None) -> Verification:
    """Hold every limit. ``value`` is recomputed from the tables, ``claimed`` is the solver's.

    Raises:
        VerificationError: a limit is broken, the value is below what was claimed, or above the bound.
    """
    checks = tuple(
        check(family, pairs)
        for family, pairs in (
            ("once", _once(case, accounts)),
            ("must_include", _must(case, accounts)),
            ("eligible", _eligible(case, accounts)),
            ("stock", _resources(case, accounts, "stock")),
            ("flow", _resources(case, accounts, "flow")),
            ("funds", _funds(case, accounts)),
            ("teams", _within(accounts.spent, case.teams.effort)),
            ("rivals", _rivals(case, accounts)),
            ("exclusive", _exclusive(case, accounts)),
            ("together", _neighbours(case, accounts, "together")),
            ("apart", _neighbours(case, accounts, "apart")),
            ("rules", _rules(case, accounts)),
            ("term_bounds", _term_bounds(case, accounts)),
        )
    )
    scale = max(abs(value), abs(claimed), 1.0)
    difference = abs(value - claimed) / scale
    broken = [found.family for found in checks if found.violated]
    if broken:
        raise VerificationError("the plan breaks: " + ", ".join(broken))
    # A solver may leave a shortage column above the shortage when the objective is indifferent: more value is no harm.
    if value < claimed - TOLERANCE * scale:
        raise VerificationError(f"the plan is worth {value:.9g} by the tables, the solver said {claimed:.9g}")
    if bound is not None and value > bound + TOLERANCE * scale:
        raise VerificationError(f"the plan is worth {value:.9g}, above the solver's bound {bound:.9g}")
    return Verification(passed=True, checks=checks, value=value, difference=difference)


def check(family: str, pairs: Iterable[tuple[float, float]]) -> Check:
    """Count pairs (used, allowed) in which used is above allowed."""
    table = np.array(list(pairs), dtype=float).reshape(-1, 2)
    over = np.maximum(table[:, 0] - table[:, 1], 0.0)
    over[~np.isfinite(table[:, 1])] = 0.0
    over[over <= TOLERANCE * np.maximum(1.0, np.abs(table[:, 1]))] = 0.0
    return Check(family=family, checked=len(table), violated=int((over > 0).sum()), worst=float(over.max(initial=0.0)))


def _within(
    used: np.ndarray[tuple[int, ...], np.dtype[np.float64]], allowed: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> Iterable[tuple[float, float]]:
    return zip(used.ravel().tolist(), allowed.ravel().tolist(), strict=True)


def _once(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    family = case.candidates["family"].to_numpy(np.int64)[accounts.choice.candidate]
    return ((float(count), 1.0) for count in np.bincount(family, minlength=case.families))


def _must(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    chosen = set(accounts.choice.candidate.tolist())
    locked = case.candidates["must_include"] | (case.candidates["status"] == "signed")
    return ((0.0 if position in chosen else 1.0, 0.0) for position in np.flatnonzero(locked.to_numpy(bool)).tolist())


def _eligible(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    """Each selected project: 1 where some lock, list or gate speaks against its park or quarter."""
    forbidden = {
        (i, k)
        for i, k, ok in zip(
            case.pairs.candidate.tolist(), case.pairs.park.tolist(), case.pairs.allowed.tolist(), strict=True
        )
        if not ok
    }
    land = {supply.resource_id: r for r, supply in enumerate(case.resources)}.get(case.settings.gates.land)
    columns = ("exclude", "status", "fixed_park", "fixed_quarter", "chain", "investment", "tax")
    rows = case.candidates.loc[accounts.choice.candidate, list(columns)].to_dict("records")
    for n, row in enumerate(rows):
        i, k, t = (
            int(array[n]) for array in (accounts.choice.candidate, accounts.choice.park, accounts.choice.quarter)
        )
        signed = row["status"] == "signed"
        wrong = row["exclude"] or row["status"] == "lost" or bool(case.refused[i, k]) or (i, k) in forbidden
        wrong = wrong or row["fixed_park"] not in (-1, k) or row["fixed_quarter"] not in (-1, t)
        wrong = wrong or (row["chain"] >= 0 and not case.chain_allowed[k, row["chain"]] and not signed)
        acres = float(accounts.needs[n, land]) if land is not None else 0.0
        if acres > 0 and not signed:
            for column, gate in (("investment", "min_investment_intensity"), ("tax", "min_tax_intensity")):
                floor = float(case.parks[gate].iloc[k])
                wrong = wrong or (floor > 0 and row[column] / acres < floor * (1 - TOLERANCE))
        yield (1.0 if wrong else 0.0, 0.0)


def _resources(case: Case, accounts: Accounts, kind: str) -> Iterable[tuple[float, float]]:
    for supply, used in zip(case.resources, accounts.used, strict=True):
        if supply.kind == kind:
            yield from _within(used, supply.amount)


def _funds(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    for f in range(len(case.funds.ids)):
        paid, money = accounts.paid[f], case.funds.amount[f]
        if case.funds.carry_over[f]:
            paid, money = paid.cumsum(), money.cumsum()
        yield from _within(paid, money)


def _rivals(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    rivals = case.settings.relations.rivals
    link = case.candidates["link"].to_numpy(np.int64)[accounts.choice.candidate]
    for keys, most in (
        (link, rivals.per_link),
        (np.where(link >= 0, accounts.choice.park * max(len(case.links), 1) + link, -1), rivals.per_park_link),
    ):
        if most is not None:
            yield from ((float(n), float(most)) for n in np.unique(keys[keys >= 0], return_counts=True)[1])


def _places(case: Case, accounts: Accounts) -> Mapping[str, int]:
    ids = case.candidates["candidate_id"].astype(str).to_numpy(object)[accounts.choice.candidate]
    return dict(zip(ids.tolist(), accounts.choice.park.tolist(), strict=True))


def _exclusive(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    placed = _places(case, accounts)
    for group in case.settings.relations.exclusive:
        yield (float(sum(name in placed for name in group.candidates)), float(group.max))


def _neighbours(case: Case, accounts: Accounts, kind: str) -> Iterable[tuple[float, float]]:
    """1 for a pair that stands apart though it belongs together, or near though it must keep apart."""
    placed = _places(case, accounts)
    lon, lat = case.parks["lon"].to_numpy(float), case.parks["lat"].to_numpy(float)
    for group in getattr(case.settings.relations, kind):
        if kind == "together" and group.all_or_none:
            missing = sum(name not in placed for name in group.candidates)
            yield (0.0 if missing in (0, len(group.candidates)) else 1.0, 0.0)
        parks = [placed[name] for name in group.candidates if name in placed]
        for position, a in enumerate(parks):
            for b in parks[position + 1 :]:
                near = a == b
                if not near and group.km > 0:
                    near = bool(kilometres(lon[a], lat[a], lon[b], lat[b]) <= group.km)
                yield (1.0 if near == (kind == "apart") else 0.0, 0.0)


def _rules(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    for value in accounts.rules:
        if case.settings.rules[value.rule].soft is None:
            scale = max(1.0, abs(value.value))
            yield (value.violation / scale, 0.0)


def _term_bounds(case: Case, accounts: Accounts) -> Iterable[tuple[float, float]]:
    """What each bounded term falls short of its floor or goes beyond its ceiling, by the size of what it is made of."""
    weight = case.links["weight"].to_numpy(float)
    for sign, bounds in ((-1.0, case.settings.objective.floors), (1.0, case.settings.objective.ceilings)):
        for term, bound in bounds.items():
            whole = float((weight * accounts.before.shortage).sum()) if term == "gap" else 0.0
            scale = max(1.0, abs(bound), abs(accounts.raw[term]), whole)
            yield (sign * (accounts.raw[term] - bound) / scale, 0.0)
