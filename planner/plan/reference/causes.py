"""Each project that is not where, or when, an earlier plan had it, with the cause: a fact of the tables, or what bound the two plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.case.case import Case, Floats
from planner.case.eligibility import CODES, Eligibility
from planner.language import Words
from planner.plan.diff import came, moved
from planner.plan.firm_records import Selected
from planner.plan.limit_records import Limit
from planner.plan.model import Plan
from planner.plan.reference.records import Cause, ProjectChange

GONE = Words("客商库中已没有这个项目", "it is no candidate any more")
LOST = Words("已流失{when}", "lost{when}")
SINCE = Words("（{day}）", " ({day})")
EXCLUDED = Words("客商库中标为“排除”", "marked as excluded in the table of candidates")
SIGNED = Words("已签约，锁定在 {park} {quarter}", "signed: held in {park}, {quarter}")
PAUSED = Words("已暂缓{when}", "on hold{when}")
UNTIL = Words("（{day} 起，计划 {planned} 恢复）", " (since {day}, to go on {planned})")
OVER = Words("{quarter} 已过而尚未签约", "{quarter} is over, and it has not signed")
SHUT = Words("{quarter} 已不能签约", "{quarter} is not open to it any more")
NO_PARK = Words("{park} 已不能落：{why}", "{park} is not open to it any more: {why}")
NONE = Words("已没有这个园区", "there is no such park any more")
CLOSED = {
    "fixed_elsewhere": Words("已指定其他园区", "another park is fixed for it"),
    "refused_park": Words("企业不考虑", "the firm refuses it"),
    "forbidden_pair": Words("选址选项注明不可", "the site options rule it out"),
    "chain_not_allowed": Words("不接纳该产业链", "it does not take this chain"),
    "investment_intensity": Words("投资强度低于门槛", "the investment per land is below what it asks for"),
    "tax_intensity": Words("亩均税收低于门槛", "the tax per land is below what it asks for"),
    "need_above_capacity": Words("所需超过园区所有", "more is needed than it has"),
}
"""Why one park is not open to a firm; what rules out every park speaks of the firm or the quarters."""
NOWHERE = Words("{why}；现在没有园区或季度可落", "{why}; no park or quarter is open to it now")
UNWORTHY = Words("{why}；换到别处不如现在的安排", "{why}; elsewhere it would be worth less than the plan as it is")
ROOM = Words(
    "原计划中余量不足：{limits}；{firms}腾出", "too little was left for it in the earlier plan of {limits}; {firms} left room there"
)
LINK = Words("接替同一环节的{firms}", "takes the place of {firms} at the same link")
NEW = Words("原计划时还没有这个项目", "it was no candidate then")
OPEN = Words("原计划时没有园区或季度可落，现在有了", "no park or quarter was open to it then; now there is")
BETTER = Words("在现有数据下更好", "better by today's data")
LISTED = 3
"""Names that one cause lists at most."""
LEAST = 1e-9
"""Relative size of what a limit has left that is nothing."""


class Causes:
    """The changes of two plans."""

    def __init__(self, case: Case, eligible: Eligibility, before: Plan, after: Plan) -> None:
        self.case, self.eligible, self.before, self.after = case, eligible, before, after
        ids = case.candidates["candidate_id"].astype(str).tolist()
        self.at = {name: position for position, name in enumerate(ids)}
        self.park_at = {str(name): position for position, name in enumerate(case.parks["park_id"].tolist())}
        self.stood_by = {firm.candidate_id: firm for firm in before.not_selected}
        self.stages = case.history.standing().set_index("candidate")
        self.draws = Draws(case, before, self.at)
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
            return True, "fact", LOST.fill(when=self._since(at, "lost"))
        if row["exclude"]:
            return True, "fact", EXCLUDED
        found = self._closed(at, firm)
        if found is None:
            return False, "better", BETTER
        cause, why = found
        open_ = self.eligible.pairs[at].any() and self.eligible.quarter[at].any()
        waits = bool(self.case.standing.waiting[at])  # paused until nobody knows when: nothing that the plan could keep
        return waits, cause, (UNWORTHY if open_ else NOWHERE).fill(why=why)

    def _closed(self, at: int, old: Selected, park: str | None = None, quarter: str | None = None) -> tuple[Cause, Words] | None:
        """Why its old place is not open any more; None: it is. ``park`` and ``quarter``: those that it has now, which need no reason."""
        old_park = self.park_at.get(old.park_id, -1)
        if old.park_id != park and (old_park < 0 or not self.eligible.pairs[at, old_park]):
            why = NONE if old_park < 0 else CLOSED.get(CODES[int(self.eligible.reason[at, old_park])])
            if why is not None:
                return "closed", NO_PARK.fill(park=old.park_name, why=why)
        if old.quarter == quarter or self._open(at, old.quarter):
            return None
        if at in self.stages.index and self.stages["stage"].at[at] == "paused":
            return "fact", PAUSED.fill(when=self._since(at, "paused"))
        over = old.quarter not in self.case.quarters or self.case.quarters.index(old.quarter) < self.case.standing.over
        return "closed", (OVER if over else SHUT).fill(quarter=old.quarter)

    def _since(self, at: int, stage: str) -> Words:
        """The day from which events have it so, and that on which it is to go on; nothing where a cell of the candidates says it."""
        if at not in self.stages.index or self.stages["stage"].at[at] != stage:
            return Words("", "")
        day, planned = (str(self.stages[name].at[at])[:10] for name in ("since", "planned_date"))
        return SINCE.fill(day=day) if stage != "paused" or planned == "NaT" else UNTIL.fill(day=day, planned=planned)

    def _moving(self, old: Selected, new: Selected) -> tuple[Cause, Words]:
        at = self.at[new.candidate_id]
        if self.case.candidates["status"].iloc[at] == "signed":
            return "fact", SIGNED.fill(park=new.park_name, quarter=new.quarter)
        return self._closed(at, old, new.park_id, new.quarter) or self._room(new) or ("better", BETTER)

    def _open(self, at: int, quarter: str) -> bool:
        return quarter in self.case.quarters and bool(self.eligible.quarter[at, self.case.quarters.index(quarter)])

    def _coming(self, firm: Selected) -> tuple[Cause, Words]:
        earlier = self.stood_by.get(firm.candidate_id)
        if earlier is None:
            return "new", NEW
        if earlier.reason == "excluded":
            return "new", OPEN
        room = self._room(firm) if earlier.binding else None  # without, it would have found a place as things stood
        if room is not None:
            return room
        mates = [other for other in self.left if other.link_id is not None and other.link_id == firm.link_id]
        return ("link", LINK.fill(firms=_named(mates))) if mates else ("better", BETTER)

    def _room(self, firm: Selected) -> tuple[Cause, Words] | None:
        """What of the earlier plan's limits had too little left for the firm where and when it comes, and who has left some since."""
        gone = [*self.left, *(old for old, new in self.shifted if new.candidate_id != firm.candidate_id)]
        freed, by = [], []
        for limit in self.before.limits:
            if self.draws(limit, firm) <= limit.amount - limit.used + LEAST * max(abs(limit.amount), 1.0):
                continue
            users = [other for other in gone if self.draws(limit, other) > 0]
            if users:
                freed.append(limit)
                by += users
        if not freed:
            return None
        return "room", ROOM.fill(limits=_listed([_limit_words(limit) for limit in freed]), firms=_named(by))


class Draws:
    """What a firm, in its park and quarter, takes of a limit of the earlier plan; 0 where that is not known for certain."""

    def __init__(self, case: Case, before: Plan, at: Mapping[str, int]) -> None:
        self.case, self.at = case, at
        self.quarter = {name: number for number, name in enumerate(before.plan.quarters)}
        self.zone = {park.park_id: park.zone for park in before.parks}
        self.carries = {name: bool(carries) for name, carries in zip(case.funds.ids, case.funds.carry_over.tolist(), strict=True)}
        self.unfiltered = {rule.name for rule in case.settings.rules if not rule.where and rule.count is not None}

    def __call__(self, limit: Limit, firm: Selected) -> float:
        lag = self.quarter.get(limit.quarter or "", 0) - self.quarter.get(firm.quarter, 0) if limit.quarter else 0
        if lag < 0 or firm.quarter not in self.quarter:
            return 0.0
        family, *ids = limit.ids or ("",)
        if family in ("stock", "flow"):
            return firm.needs.get(ids[0], 0.0) if ids[1] in (firm.park_id, self.zone.get(firm.park_id), "region") else 0.0
        if family == "funds":
            shares = self._until(self.case.paid_shares, firm, lag, self.carries.get(ids[0], False))
            return shares * (firm.subsidy or 0.0) if ids[0] == firm.fund_id else 0.0
        if family == "teams":
            return self._until(self.case.spent_shares, firm, lag, False) * (firm.effort or 0.0) if ids[0] == firm.team_id else 0.0
        if family == "rivals":
            return float(ids[0] == firm.link_id and {*ids[1:]} <= {firm.park_id})
        if family == "rules" and ids[0] in self.unfiltered and len(ids) > 1:
            return float({*ids[1:]} <= {firm.park_id, firm.quarter})
        return 0.0

    def _until(self, shares: Floats, firm: Selected, lag: int, carries: bool) -> float:
        """The share that falls due ``lag`` quarters after signing or, of a fund that carries over, up to then."""
        at = self.at.get(firm.candidate_id)
        if at is None:  # no profile of its own any more
            return float(carries or lag == 0)
        row = shares[at]
        return float(row[: lag + 1].sum()) if carries else float(row[lag]) if lag < len(row) else 0.0


def _limit_words(limit: Limit) -> Words:
    parts = [part for part in (limit.place, limit.subject, limit.quarter) if part]
    return Words(" ".join(parts), " ".join(parts))


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
