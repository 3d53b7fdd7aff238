r"""Who is signed before whom, and whose coming asks for others.

With :math:`z_{it}` 1 when i is signed in quarter t, q the quarters between, F who is first and S who comes then:

.. math::
    \sum_{\tau\le t} z_{b\tau} + \sum_{\tau>t-q} z_{a\tau} \le 1 \quad (a\in F,\ b\in S),\qquad
    n \sum_{\tau\le t} z_{b\tau} \le \sum_{a\in F}\sum_{\tau\le t-q} z_{a\tau} \quad (b\in S).

The first says it of each two that come. The second is of relations that are *needed*: nobody of S is signed in a quarter by which
fewer than n of F were, those that exist already taken off. Both are told of sums up to t and not of each quarter, which makes
their linear relaxation stronger, and both speak of quarters alone, so that no park becomes timed. A row for a quarter in which
nobody of S can be signed follows from an earlier one and is left out. Versions of one project are one in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.members import members, sides
from planner.language import Words, counted
from planner.layout import Layout, Rows, rows_of, stack
from planner.limits.family import LOW, Held, Step
from planner.limits.relations import Group, columns_of, of_each
from planner.settings.relations import Before as Sequence
from planner.settings.relations import Implies as ImpliedBy
from planner.settings.relations import written


class _Loosened(Group):
    """A relation that asks for a number, which a repair lowers to what is reached; where it is still asked too much, it is dropped."""

    fills = False
    dropped: ClassVar[Words]

    def reached(self, accounts: Accounts, position: int) -> tuple[str, int]:
        """The key that asks for a number, and what the plan reaches of it."""
        raise NotImplementedError

    def asks(self, relation: Any) -> Words:
        """What a relation asks for."""
        raise NotImplementedError

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        relation, _ = self.group(case, key[0])
        named, asks = relation.name, self.asks(relation)
        return Words(f"“{named}”：{asks.zh}", f"{named}: {asks.en}") if named else asks

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        relation, name = self.group(case, key[0])
        asking, reached = self.reached(accounts, key[0])
        least = 0 if asking == "quarters" else 1
        if reached < least:
            return Step(self.dropped.fill(name=name), settings=((("relations", self.name, key[0]), None),))
        text = Words("“{name}”的 {asking} 由 {now} 降到 {reached}", "{name}: {asking} {reached} instead of {now}")
        told = text.fill(name=name, asking=asking, now=getattr(relation, asking), reached=reached)
        return Step(told, settings=((("relations", self.name, key[0], asking), reached),))


class Before(_Loosened):
    """Who is signed before whom."""

    name = "before"
    title = Words("签约先后", "signed one before the other")
    formula = r"\sum_{\tau\le t} z_{b\tau} + \sum_{\tau>t-q} z_{a\tau} \le 1"
    dropped = Words("取消“{name}”的先后要求", "drop that {name} come in this order")

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, relation in enumerate(case.settings.relations.before):
            first, then = (_signed(case, layout, group) for group in sides(case, relation))
            # One row for each project that comes then, and each quarter in which it can be signed.
            waiting = then.rename(columns={"since": "by"}).drop_duplicates(["project", "by"])[["project", "by", "candidate"]]
            parts.append((_after_enough if relation.needed else _after_each)(layout, position, relation, first, then, waiting))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        quarter, project = accounts.chosen.quarter_of, accounts.chosen.project
        for position, relation in enumerate(case.settings.relations.before):
            first = accounts.chosen.named(relation.first)
            for then in accounts.chosen.named(relation.then):
                if then in first or then not in quarter:
                    continue
                others = {name: quarter[name] for name in first if name in quarter and project[name] != project[then]}
                if relation.needed:
                    here = sum(since + relation.quarters <= quarter[then] for since in others.values())
                    about = {"other": position, "pair": (then,), "side": LOW}
                    yield Held(relation.count, relation.existing + here, about=about)
                    continue
                for name, since in others.items():
                    yield Held(since + relation.quarters, quarter[then], about={"other": position, "pair": (name, then)})

    def asks(self, relation: Sequence) -> Words:
        values = {"first": written(relation.first), "then": written(relation.then), "quarters": relation.quarters}
        told = Words("{first} 不晚于 {then} 签约", "{first} signed no later than {then}")
        if relation.needed:
            ago = (
                Words(f"签约前 {relation.quarters} 个季度", f" {counted(relation.quarters, 'quarter')} before")
                if relation.quarters
                else Words("签约时", "")
            )
            here = (
                Words(f"，含本地已有 {relation.existing} 个", f", {relation.existing} here already among them")
                if relation.existing
                else Words("", "")
            )
            told = Words(
                f"{{then}} {ago.zh}须已有 {relation.count} 个{here.zh}：{{first}}",
                f"{{then}} only with {relation.count} signed{ago.en}{here.en}: {{first}}",
            )
        elif relation.quarters:
            told = Words(
                "{first} 至少比 {then} 早 {quarters} 个季度签约", "{first} signed at least {quarters:quarter} before {then}"
            )
        return told.fill(**values)

    def reached(self, accounts: Accounts, position: int) -> tuple[str, int]:
        chosen, relation = accounts.chosen, accounts.chosen.case.settings.relations.before[position]
        leading = set(chosen.named(relation.first))
        first, then = (
            [chosen.quarter_of[name] for name in group if name in chosen.quarter_of]
            for group in (leading, set(chosen.named(relation.then)) - leading)
        )
        if not relation.needed:
            return "quarters", min(then) - max(first)
        return "count", relation.existing + sum(since + relation.quarters <= min(then) for since in first)


class Implies(_Loosened):
    """Whoever of some comes, so many of others come."""

    name = "implies"
    title = Words("来了就须有别的来", "coming that asks for others")
    formula = r"n \sum_{i\in P} x_i \le \sum_{j\in S} x_j"
    dropped = Words("取消“{name}”的要求", "drop what {name} asks for")

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, relation in enumerate(case.settings.relations.implies):
            asking, asked = (_coming(case, layout, members(case, group)) for group in (relation.who, relation.then))
            # All of them: a row for each two projects; so many: a row for each that asks.
            own = asking.drop_duplicates("project")[["project", "candidate"]]
            all_asked = np.unique(case.project_of[members(case, relation.then)])
            each = pd.DataFrame({"project": all_asked if relation.at_least == "all" else [-1]})
            rows = own.merge(each, how="cross", suffixes=("", "_asked"))
            rows = rows[rows["project"] != rows["project_asked"]].reset_index(drop=True)
            rows["row"] = np.arange(len(rows))
            least = 1 if relation.at_least == "all" else relation.at_least
            asks = rows.merge(asking[["project", "column"]], on="project")
            if relation.at_least == "all":
                comes = rows.merge(asked[["project", "column"]].rename(columns={"project": "project_asked"}), on="project_asked")
            else:
                comes = rows.merge(asked[["project", "column"]], how="cross", suffixes=("", "_of"))
                comes = comes[comes["project"] != comes["project_of"]]
            about = {"candidate": rows["candidate"].to_numpy(np.int64), **of_each(len(rows), other=position)}
            parts.append(rows_of(layout, _entries((asks, float(least)), (comes, -1.0)), about, upper=0.0))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        here, project = accounts.chosen.park_of, accounts.chosen.project
        for position, relation in enumerate(case.settings.relations.implies):
            asked = accounts.chosen.named(relation.then)
            for name in accounts.chosen.named(relation.who):
                if name in here:
                    others = {project[other] for other in asked} - {project[name]}
                    come = {project[other] for other in asked if other in here} - {project[name]}
                    least = len(others) if relation.at_least == "all" else relation.at_least
                    yield Held(least, len(come), about={"other": position, "pair": (name,), "side": LOW})

    def asks(self, relation: ImpliedBy) -> Words:
        least = (
            Words("全部", "all") if relation.at_least == "all" else Words(f"至少 {relation.at_least} 个", f"{relation.at_least}")
        )
        who, then = written(relation.who), written(relation.then)
        return Words(f"{who.zh} 来则 {then.zh} 中须来{least.zh}", f"if one of {who.en} comes, so must {least.en} of {then.en}")

    def reached(self, accounts: Accounts, position: int) -> tuple[str, int]:
        relation, chosen = accounts.chosen.case.settings.relations.implies[position], accounts.chosen
        asked = {chosen.project[name] for name in chosen.named(relation.then) if name in chosen.park_of}
        asking = [chosen.project[name] for name in chosen.named(relation.who) if name in chosen.park_of]
        return "at_least", min(len(asked - {project}) for project in asking)


def _signed(case: Case, layout: Layout, candidates: Ints) -> pd.DataFrame:
    """The schedule columns of some candidates, with the project, the quarter and the candidate of each."""
    return _columns(case, layout, candidates, layout.schedules).assign(since=lambda frame: layout.quarter[frame["column"]])


def _coming(case: Case, layout: Layout, candidates: Ints) -> pd.DataFrame:
    """A column for each way in which some candidates come, with its project and candidate."""
    return _columns(case, layout, candidates, layout.chosen)


def _columns(case: Case, layout: Layout, candidates: Ints, among: Ints) -> pd.DataFrame:
    at = columns_of(layout, among, candidates)
    return pd.DataFrame({"project": case.project_of[layout.candidate[at]], "candidate": layout.candidate[at], "column": at})


def _entries(*parts: tuple[pd.DataFrame, float]) -> tuple[Ints, Ints, Floats]:
    """Entries (row, column, value) of frames with a row and a column, each with one value."""
    row, column = (np.concatenate([frame[name].to_numpy(np.int64) for frame, _ in parts]) for name in ("row", "column"))
    return row, column, np.repeat([value for _, value in parts], [len(frame) for frame, _ in parts])


def _after_each(
    layout: Layout, position: int, relation: Sequence, first: pd.DataFrame, then: pd.DataFrame, waiting: pd.DataFrame
) -> Rows:
    """Of each two that come, the one before the other; what excludes nothing is left out."""
    rows = waiting.merge(first[["project"]].drop_duplicates(), how="cross", suffixes=("", "_first"))
    rows = rows[rows["project"] != rows["project_first"]].reset_index(drop=True)
    rows["row"] = np.arange(len(rows))
    sooner = rows.merge(then[["project", "since", "column"]], on="project")
    leading = first[["project", "since", "column"]].rename(columns={"project": "project_first"})
    later = rows.merge(leading, on="project_first")
    later = later[later["since"] > later["by"] - relation.quarters]
    entries = _entries((sooner[sooner["since"] <= sooner["by"]], 1.0), (later, 1.0))
    return rows_of(layout, entries, _about(rows, position), upper=1.0).only(np.unique(later["row"].to_numpy(np.int64)))


def _after_enough(
    layout: Layout, position: int, relation: Sequence, first: pd.DataFrame, then: pd.DataFrame, waiting: pd.DataFrame
) -> Rows:
    """Whoever comes then, by each quarter, against how many were signed first; none where enough are here already."""
    needed = relation.count - relation.existing
    rows = (waiting if needed > 0 else waiting[:0]).reset_index(drop=True)
    rows["row"] = np.arange(len(rows))
    sooner = rows.merge(then[["project", "since", "column"]], on="project")
    before = rows.merge(first[["project", "since", "column"]], how="cross", suffixes=("", "_first"))
    before = before[(before["since"] <= before["by"] - relation.quarters) & (before["project"] != before["project_first"])]
    entries = _entries((sooner[sooner["since"] <= sooner["by"]], float(needed)), (before, -1.0))
    return rows_of(layout, entries, _about(rows, position), upper=0.0)


def _about(rows: pd.DataFrame, position: int) -> dict[str, Ints]:
    spoken_of = {"candidate": rows["candidate"], "quarter": rows["by"]}
    return {name: values.to_numpy(np.int64) for name, values in spoken_of.items()} | of_each(len(rows), other=position)
