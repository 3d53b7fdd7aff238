"""What a plan changes of an earlier one, and what keeping everything would have been worth."""

from __future__ import annotations

import numpy as np

from planner.case.case import Case
from planner.case.rules import first_weights
from planner.plan.model import Plan
from planner.plan.reference.causes import Causes
from planner.plan.reference.records import ChangeReport
from planner.plan.start import columns_of, complete_point, plan_point
from planner.plan.stored import Earlier, places_of
from planner.programme.build import Programme
from planner.solvers.protocol import Floats
from planner.terms.changes import COUNTED, KINDS
from planner.terms.registry import MONEY_TERMS, exchange
from planner.terms.term import Term


def change_report(programme: Programme, earlier: Earlier, plan: Plan) -> ChangeReport:
    """Without the cost of keeping, which takes a solve of its own."""
    values = kept_point(programme, earlier)
    chargeless, weights = _without_charge(programme), first_weights(programme.case)
    return ChangeReport(
        run=earlier.run,
        sha256=earlier.sha256,
        on=plan.plan.on,
        changes=tuple(Causes(programme.case, programme.eligible, earlier.plan, plan).changes()),
        value=worth(plan),
        kept_value=None
        if values is None
        else float(chargeless @ values) + programme.levels[0].offset - _charge_constant(programme),
        not_keepable=tuple(_not_keepable(programme, earlier)),
        prices=_prices(programme.case),
        money={name: 1.0 / exchange(programme.case, name, Term.scale) for name in MONEY_TERMS if weights.get(name)},
    )


def _prices(case: Case) -> dict[str, float]:
    """What the first level charges for one change of each kind, where it does."""
    weights = first_weights(case)
    prices = {kind: -weights.get(kind, 0.0) - weights.get("changes", 0.0) for kind in KINDS}
    return {kind: price for kind, price in prices.items() if price > 0}


def worth(plan: Plan) -> float:
    """The value of a plan at its first level, without what the objective charges for changes."""
    first = plan.objective.levels[0] if plan.objective.levels else None
    weights = first.weights if first else {name: term.weight for name, term in plan.objective.terms.items()}
    value = first.value if first else plan.objective.value
    return value - sum(
        weights.get(name, 0.0) * plan.objective.terms[name].normalised for name in COUNTED if name in plan.objective.terms
    )


def _without_charge(programme: Programme) -> Floats:
    weights = first_weights(programme.case)
    vector = programme.levels[0].objective.copy()
    for term in programme.terms:
        if term.name in COUNTED:
            vector -= weights.get(term.name, 0.0) / term.normaliser * term.coefficients
    return vector


def _charge_constant(programme: Programme) -> float:
    weights = first_weights(programme.case)
    return sum(weights.get(term.name, 0.0) / term.normaliser * term.constant for term in programme.terms if term.name in COUNTED)


def kept_point(programme: Programme, earlier: Earlier) -> Floats | None:
    """The earlier plan with the fallen taken out and nothing else changed; None: that is no plan."""
    standing = places_of(programme.case, earlier.plan).standing
    mapped = columns_of(programme.layout, standing.frame)
    same = mapped.loc[mapped["same"]]
    if same["candidate"].nunique() < len(standing.candidate):
        return None
    return complete_point(programme.matrix, plan_point(programme, same["column"].to_numpy(np.int64)))


def _not_keepable(programme: Programme, earlier: Earlier) -> list[str]:
    standing = places_of(programme.case, earlier.plan).standing
    mapped = columns_of(programme.layout, standing.frame)
    possible = set(mapped.loc[mapped["same"], "candidate"].tolist())
    ids = programme.case.candidates["candidate_id"].astype(str)
    return [ids.iloc[candidate] for candidate in standing.candidate.tolist() if candidate not in possible]
