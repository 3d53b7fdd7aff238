"""Relations between projects, said back; pairs that must share a park, or be near, and that nothing holds together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from planner.case.case import Bools, Case, Ints
from planner.case.eligibility import above
from planner.case.members import members, sides
from planner.echo.entry import refusals
from planner.echo.lines import EchoLine, Verdict, with_verdict
from planner.echo.reach import locked_candidates
from planner.echo.words import joined
from planner.language import Words, counted
from planner.limits import FAMILY
from planner.limits.family import firm
from planner.limits.relations import near_parks
from planner.programme.build import Programme
from planner.settings.relations import GROUPS

SHOWN = 4
"""Projects, or pairs of them, that a sentence names."""
Keys = tuple[str | int, ...]


def relation_lines(programme: Programme) -> Iterator[tuple[Keys, EchoLine]]:
    """(key path of plan.yaml, line) of each relation."""
    yield from _rivals(programme)
    case = programme.case
    for kind in GROUPS:
        for position, relation in enumerate(getattr(case.settings.relations, kind)):
            groups = [members(case, getattr(relation, key)) for key in GROUPS[kind]]
            if kind == "before":
                groups = list(sides(case, relation))
            own = relation.name or f"{kind} {position + 1}"
            of = joined([_named(case, group) for group in groups], Words(" → ", " → "))
            said = FAMILY[kind].lever_words(case, (position,))
            line = EchoLine(
                kind="relation",
                name=own,
                zh=f"{said.zh}（{of.zh}）；硬约束",
                en=f"{said.en} ({of.en}); hard",
                candidates=len(np.unique(np.concatenate(groups))),
            )
            yield ("relations", kind, position), with_verdict(line, *_verdict(programme, kind, relation, groups))


def _named(case: Case, group: Ints) -> Words:
    """The projects of a group by name, the first few."""
    names, more = Words.listed(firm(case, i) for i in group[:SHOWN].tolist()), len(group) - SHOWN
    return Words(f"{names.zh} 等 {len(group)} 个", f"{names.en} and {more} more") if more > 0 else names


def _verdict(programme: Programme, kind: str, relation: object, groups: list[Ints]) -> tuple[Verdict, Words]:
    able = programme.eligible.candidates
    coming = [group[able[group]] for group in groups]
    gone = np.concatenate([group[~able[group]] for group in groups])
    lost = Words("", "")
    if len(gone):
        why = refusals(programme, gone)
        names = _named(programme.case, gone)
        lost = Words(f"{names.zh} 进不了任何园区（{why.zh}）", f"no park for {names.en} ({why.en})")
    if kind in ("before", "implies") and (waits := _waits(programme.case, kind, relation, coming)) is not None:
        return "open", Words(f"{waits.zh}{lost.zh and '；'}{lost.zh}", f"{waits.en}{lost.en and '; '}{lost.en}")
    if any(not len(group) for group in coming) or (kind in ("exclusive", "together", "apart") and len(coming[0]) < 2):
        return "always", Words(f"没有可约束的：{lost.zh}", f"it binds nothing: {lost.en}") if lost.zh else Words(
            "没有可约束的", "it binds nothing"
        )
    if kind == "exclusive" and len(np.unique(programme.case.project_of[coming[0]])) <= relation.max:  # type: ignore[attr-defined]
        return "always", Words(f"可落地的只有 {len(coming[0])} 个", f"only {len(coming[0])} of them could come")
    if kind in ("together", "apart"):
        return _pairs(programme, kind, relation.km, coming[0], lost)  # type: ignore[attr-defined]
    return "open", lost


def _waits(case: Case, kind: str, relation: Any, coming: list[Ints]) -> Words | None:
    """Whether fewer projects could come than others wait for or ask for, so that these never do."""
    there = [len(np.unique(case.project_of[group])) for group in coming]
    if kind == "before":
        short = relation.needed and there[0] + relation.existing < relation.count and there[1] > 0
        waiting, asked = coming[1], relation.count - relation.existing
    else:
        asked = len(np.unique(case.project_of[members(case, relation.then)])) if relation.at_least == "all" else relation.at_least
        short, waiting = there[1] < asked and there[0] > 0, coming[0]
        there = there[::-1]
    if not short:
        return None
    names = _named(case, waiting)
    return Words(
        f"要的 {asked} 个里可落地的只有 {there[0]} 个，{names.zh} 因此来不了",
        f"only {there[0]} of the {asked} that it asks for could come, so {names.en} cannot",
    )


def _pairs(programme: Programme, kind: str, km: float, group: Ints, lost: Words) -> tuple[Verdict, Words]:
    """Pairs of a group that no parks hold as it is asked: both never come; and whether somebody of them must."""
    case = programme.case
    near = near_parks(case, km, unknown=kind == "apart")
    allowed = near if kind == "together" else ~near
    never = [pair for pair in combinations(group.tolist(), 2) if not _both_fit(programme, *pair, allowed)]
    if not never:
        return "open", lost
    locked = locked_candidates(case)
    both_of = [(firm(case, a), firm(case, b)) for a, b in never[:SHOWN]]
    named = joined([Words(f"{a.zh} 与 {b.zh}", f"{a.en} and {b.en}") for a, b in both_of], Words("；", "; "))
    more = len(never) - SHOWN
    tail = Words(f" 等 {len(never)} 对" if more > 0 else "", f" and {counted(more, 'more pair')}" if more > 0 else "")
    both = any(locked[a] and locked[b] for a, b in never)
    so = (
        Words("两者都必须落地，因此没有计划", "both must come, so there is no plan")
        if both
        else Words("两者不会同时入选", "they are never both selected")
    )
    how = (
        Words("没有园区同时容得下", "no park holds both")
        if kind == "together"
        else Words("没有能分开安放的园区", "no parks keep them apart")
    )
    return "never", Words(f"{named.zh}{tail.zh}：{how.zh}，{so.zh}", f"{named.en}{tail.en}: {how.en}; {so.en}")


def _both_fit(programme: Programme, a: int, b: int, allowed: Bools) -> bool:
    """Whether two projects can stand in an allowed pair of parks, as far as these two alone are concerned: each may go there, and places
    that both are in have room for both at the end of the horizon."""
    case, pairs = programme.case, programme.eligible.pairs
    open_ = allowed & pairs[a][:, None] & pairs[b][None, :]
    if case.project_of[a] == case.project_of[b]:
        return True  # versions of one project are never both selected anyhow
    for r, supply in enumerate(case.resources):
        need = case.need(r)
        shared = supply.place_of_park[:, None] == supply.place_of_park[None, :]
        room = supply.amount[:, -1][supply.place_of_park]
        too_much = above(need[a][:, None] + need[b][None, :], room[:, None])
        open_ &= ~(shared & too_much)
    return bool(open_.any())


def _rivals(programme: Programme) -> Iterator[tuple[Keys, EchoLine]]:
    case = programme.case
    link = case.candidates["link"].to_numpy(np.int64)
    able = np.flatnonzero(programme.eligible.candidates & (link >= 0))
    count = np.bincount(link[able], minlength=len(case.links)) if len(able) else np.zeros(len(case.links), dtype=np.int64)
    for setting, where in (("per_link", Words("", "")), ("per_park_link", Words("同一园区", " in one park"))):
        most = getattr(case.settings.relations.rivals, setting)
        if most is None:
            continue
        crowded = int((count > most).sum())
        line = EchoLine(
            kind="relation",
            name=f"rivals.{setting}",
            zh=f"{where.zh}同一环节至多 {most} 个新项目；硬约束；{crowded} 个环节的可选项目多于此数",
            en=f"at most {counted(most, 'new project')} at one link{where.en}; hard; more candidates than that at {counted(crowded, 'link')}",
            candidates=int(np.isin(link[able], np.flatnonzero(count > most)).sum()),
            maximum=float(most),
            unit="个",
        )
        if not crowded:
            line = with_verdict(line, "always", Words("没有一个环节有这么多可选项目", "no link has so many candidates"))
        yield ("relations", "rivals", setting), line
