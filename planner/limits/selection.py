"""Each project once, the promised ones surely, every placement with its quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Ints
from planner.language import Words
from planner.layout.columns import Layout
from planner.layout.rows import Rows, number, numbering, rows_of
from planner.limits.family import LOW, Family, Held, Lever, Step, Subject, firm
from planner.limits.names import candidate_subject
from planner.settings.changes import CellChange

SIGNED = "signed"
"""Family of the lever of a signed deal, which never gives way."""


class Once(Family):
    """A project, with all its versions, at most once."""

    name = "once"
    title = Words("每个项目至多落地一次", "each project at most once")
    formula = r"\sum_{i\in V}\sum_{k,t} x_{ikt} \le 1"
    sentence = Words("项目“{subject}”（含其各方案）至多选一次", "{subject}, with its variants, is selected at most once")
    business = False

    def rows(self, case: Case, layout: Layout) -> Rows:
        at = layout.placements
        row, projects = number(case.project_of[layout.candidate[at]])
        first = np.full(len(projects), -1, dtype=np.int64)
        first[row[::-1]] = layout.candidate[at][::-1]
        return rows_of(layout, (row, at, np.ones(len(at))), {"candidate": first}, upper=1.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for count in Counter(row["project"] for row in accounts.chosen.rows).values():
            yield Held(count, 1.0)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return candidate_subject(case, about)


class MustInclude(Family):
    """Whoever must come, or has signed, comes."""

    name = "must_include"
    title = Words("必选与已签约项目", "projects that must come")
    formula = r"\sum_{k,t} x_{ikt} = 1"
    sentence = Words("项目“{subject}”必须落地", "{subject} must come")
    levered = (LOW,)

    def rows(self, case: Case, layout: Layout) -> Rows:
        locked = (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)
        candidates = np.flatnonzero(locked)
        at = layout.placements[locked[layout.candidate[layout.placements]]]
        row = numbering(candidates, len(locked))[layout.candidate[at]]
        return rows_of(layout, (row, at, np.ones(len(at))), {"candidate": candidates}, 1.0, 1.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        here = set(accounts.choice.candidate.tolist())
        must, status = case.candidates["must_include"].tolist(), case.candidates["status"].tolist()
        for i in range(len(must)):
            if must[i] or status[i] == "signed":
                yield Held(0.0 if i in here else 1.0, 0.0)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return candidate_subject(case, about)

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return about["candidate"][:, None]

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        if str(case.candidates["status"].iloc[key[0]]) == "signed":
            return Lever(SIGNED, key, None, 1.0, whole=True)
        return Lever(self.name, key, self.price(case), 1.0, whole=True)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name = firm(case, key[0])
        if str(case.candidates["status"].iloc[key[0]]) == "signed":
            return Words(f"已签约项目 {name}", f"{name} is signed")
        return Words(f"必选项目 {name}", f"{name} must come")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        where, name = {"candidate_id": str(case.candidates["candidate_id"].iloc[key[0]])}, firm(case, key[0])
        cell = CellChange(table="candidates", where=where, column="must_include", set=False)
        return Step(Words(f"取消必选：{name}", f"drop must_include: {name}"), cells=(cell,))


class Schedule(Family):
    """A selected project stands in one park and in one quarter."""

    name = "schedule"
    title = Words("落位与排期一致", "placed and scheduled alike")
    formula = r"\sum_{k} y_{ik} = \sum_t z_{it}"
    sentence = Words("项目“{subject}”选了园区就要有季度", "{subject} has a quarter when it has a park")
    business = False

    def rows(self, case: Case, layout: Layout) -> Rows:
        placed = np.flatnonzero((layout.park >= 0) & (layout.quarter < 0))
        scheduled = np.flatnonzero((layout.park < 0) & (layout.quarter >= 0))
        at = np.concatenate([placed, scheduled])
        sign = np.concatenate([np.ones(len(placed)), -np.ones(len(scheduled))])
        row, candidates = number(layout.candidate[at])
        return rows_of(layout, (row, at, sign), {"candidate": candidates}, 0.0, 0.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        times = Counter(accounts.choice.candidate.tolist())
        for row in accounts.chosen.rows:
            known = 0 <= row["park"] < len(case.parks) and 0 <= row["quarter"] < len(case.quarters)
            yield Held(times[row["position"]] if known else 2.0, 1.0)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return candidate_subject(case, about)
