"""What a plan changes of an earlier one, project by project, each with its cause; what keeping everything would have been worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from planner.case.case import Case
from planner.case.eligibility import CODES, Eligibility
from planner.language import Words
from planner.plan.diff import came, moved
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.reference.records import Cause, ChangeReport, ProjectChange
from planner.plan.start import columns_of, complete_point, plan_point
from planner.plan.stored import Earlier, places_of
from planner.programme.build import Programme
from planner.solvers.protocol import Floats
from planner.terms.changes import KINDS

GONE = Words("客商库中已没有这个项目", "it is no candidate any more")
LOST = Words("已流失{when}", "lost{when}")
SINCE = Words("（{day}）", " ({day})")
EXCLUDED = Words("客商库中标为“排除”", "marked as excluded in the table of candidates")
SIGNED = Words("已签约，锁定在 {park} {quarter}", "signed: held in {park}, {quarter}")
OVER = Words("{quarter} 已过或已不能签约", "{quarter} is over, or not open to it any more")
NO_PARK = Words("{park} 已不能落（{code}）", "{park} is not open to it any more ({code})")
NOWHERE = Words("现在没有园区或季度可落", "no park or quarter is open to it now")
ROOM = Words("原计划中受限于{limits}；{firms}腾出", "held back in the earlier plan by {limits}; {firms} left room there")
LINK = Words("接替同一环节的{firms}", "takes the place of {firms} at the same link")
NEW = Words("原计划时还没有这个项目", "it was no candidate then")
OPEN = Words("原计划时没有园区或季度可落，现在有了", "no park or quarter was open to it then; now there is")
BETTER = Words("在现有数据下更好", "better by today's data")
LISTED = 3
"""Names that one cause lists at most."""


def change_report(programme: Programme, earlier: Earlier, plan: Plan) -> ChangeReport:
    """Without the cost of keeping, which takes a solve of its own."""
    values = kept_point(programme, earlier)
    chargeless = _without_charge(programme)
    return ChangeReport(
        run=earlier.run,
        sha256=earlier.sha256,
        on=plan.plan.on,
        changes=tuple(_Causes(programme.case, programme.eligible, earlier.plan, plan).changes()),
        value=worth(plan),
        kept_value=None
        if values is None
        else float(chargeless @ values) + programme.levels[0].offset - _charge_constant(programme),
        not_keepable=tuple(_not_keepable(programme, earlier)),
    )


def worth(plan: Plan) -> float:
    """The value of a plan at its first level, without what the objective charges for changes."""
    first = plan.objective.levels[0] if plan.objective.levels else None
    weights = first.weights if first else {name: term.weight for name, term in plan.objective.terms.items()}
    value = first.value if first else plan.objective.value
    return value - sum(
        weights.get(name, 0.0) * plan.objective.terms[name].normalised for name in CHARGED if name in plan.objective.terms
    )


CHARGED = (*KINDS, "changes")
"""Terms that count changes."""


def _without_charge(programme: Programme) -> Floats:
    weights = _weights(programme)
    vector = programme.levels[0].objective.copy()
    for term in programme.terms:
        if term.name in CHARGED:
            vector -= weights.get(term.name, 0.0) / term.normaliser * term.coefficients
    return vector


def _charge_constant(programme: Programme) -> float:
    weights = _weights(programme)
    return sum(weights.get(term.name, 0.0) / term.normaliser * term.constant for term in programme.terms if term.name in CHARGED)


def _weights(programme: Programme) -> Mapping[str, float]:
    objective = programme.case.settings.objective
    return objective.levels[0].weights if objective.levels else objective.weights


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


class _Causes:
    """Each change with its cause."""

    def __init__(self, case: Case, eligible: Eligibility, before: Plan, after: Plan) -> None:
        self.case, self.eligible, self.before, self.after = case, eligible, before, after
        ids = case.candidates["candidate_id"].astype(str).tolist()
        self.at = {name: position for position, name in enumerate(ids)}
        self.park_at = {str(name): position for position, name in enumerate(case.parks["park_id"].tolist())}
        self.stood_by = {firm.candidate_id: firm for firm in before.not_selected}
        self.limits = {limit.limit_id: limit for limit in before.limits}
        self.left = came(after, before)
        self.shifted = moved(before, after)

    def changes(self) -> Iterator[ProjectChange]:
        """Those that left, that came, that moved; by id."""
        for firm in self.left:
            fallen, cause, why = self._leaving(firm)
            kind = "fallen" if fallen else "dropped"
            yield _change(firm, kind, cause, why, park_before=firm.park_id, quarter_before=firm.quarter)
        for firm in came(self.before, self.after):
            cause, why = self._coming(firm)
            yield _change(firm, "added", cause, why, park_after=firm.park_id, quarter_after=firm.quarter)
        for old, new in self.shifted:
            cause, why = self._moving(old, new)
            places = {
                "park_before": old.park_id,
                "park_after": new.park_id,
                "quarter_before": old.quarter,
                "quarter_after": new.quarter,
            }
            yield _change(new, "moved", cause, why, **places)

    def _leaving(self, firm: Selected) -> tuple[bool, Cause, Words]:
        at = self.at.get(firm.candidate_id)
        if at is None:
            return True, "fact", GONE
        row = self.case.candidates.iloc[at]
        if row["status"] == "lost":
            return True, "fact", LOST.fill(when=self._since(at))
        if row["exclude"]:
            return True, "fact", EXCLUDED
        if not (self.eligible.pairs[at].any() and self.eligible.quarter[at].any()):
            return False, "closed", NOWHERE
        return False, "better", BETTER

    def _since(self, at: int) -> Words:
        standing = self.case.history.standing()
        days = standing.loc[standing["candidate"] == at, "since"].astype(str).tolist()
        return SINCE.fill(day=days[0][:10]) if days else Words("", "")

    def _moving(self, old: Selected, new: Selected) -> tuple[Cause, Words]:
        at, park = self.at[new.candidate_id], self.park_at.get(old.park_id, -1)
        row = self.case.candidates.iloc[at]
        if row["status"] == "signed":
            return "fact", SIGNED.fill(park=new.park_name, quarter=new.quarter)
        if old.park_id != new.park_id and (park < 0 or not self.eligible.pairs[at, park]):
            code = "—" if park < 0 else CODES[int(self.eligible.reason[at, park])]
            return "closed", NO_PARK.fill(park=old.park_name, code=code)
        if old.quarter != new.quarter and not self._open(at, old.quarter):
            return "closed", OVER.fill(quarter=old.quarter)
        return self._room(new.candidate_id, new) or ("better", BETTER)

    def _open(self, at: int, quarter: str) -> bool:
        return quarter in self.case.quarters and bool(self.eligible.quarter[at, self.case.quarters.index(quarter)])

    def _coming(self, firm: Selected) -> tuple[Cause, Words]:
        earlier = self.stood_by.get(firm.candidate_id)
        if earlier is None:
            return "new", NEW
        if earlier.reason == "excluded":
            return "new", OPEN
        room = self._room(firm.candidate_id, firm)
        if room is not None:
            return room
        mates = [other for other in self.left if other.link_id is not None and other.link_id == firm.link_id]
        return ("link", LINK.fill(firms=_named(mates))) if mates else ("better", BETTER)

    def _room(self, candidate: str, firm: Selected) -> tuple[Cause, Words] | None:
        """The limits that held it back then and that others have left since."""
        earlier = self.stood_by.get(candidate)
        binding = [self.limits[name] for name in (earlier.binding if earlier else ()) if name in self.limits]
        gone = [*self.left, *(old for old, new in self.shifted if new.candidate_id != candidate)]
        freed, by = [], []
        for limit in binding:
            users = [
                other for other in gone if {*limit.ids} & _uses(other) and limit.quarter in (None, other.quarter, limit.quarter)
            ]
            if users:
                freed.append(limit)
                by += users
        if not freed:
            return None
        return "room", ROOM.fill(limits=_listed([_limit_words(limit) for limit in freed]), firms=_named(by))


def _uses(firm: Selected) -> set[str]:
    """Ids of what limits a firm may draw on."""
    return {name for name in (firm.park_id, firm.fund_id, firm.team_id, firm.link_id) if name is not None}


def _limit_words(limit: Any) -> Words:
    parts = [part for part in (limit.place, limit.subject, limit.quarter) if part]
    return Words("".join(parts), " ".join(parts))


def _named(firms: Sequence[Selected]) -> Words:
    names = list(dict.fromkeys(f"{firm.name}（{firm.candidate_id}）" for firm in firms))
    english = list(dict.fromkeys(f"{firm.name} ({firm.candidate_id})" for firm in firms))
    return Words(
        "、".join(names[:LISTED]) + (" 等" if len(names) > LISTED else ""),
        ", ".join(english[:LISTED]) + (" …" if len(names) > LISTED else ""),
    )


def _listed(words: Sequence[Words]) -> Words:
    return Words("、".join(word.zh for word in words[:LISTED]), ", ".join(word.en for word in words[:LISTED]))


def _change(firm: Selected, kind: Any, cause: Cause, why: Words, **places: str) -> ProjectChange:
    return ProjectChange(
        candidate_id=firm.candidate_id, name=firm.name, kind=kind, investment=firm.investment, cause=cause, why=why, **places
    )
