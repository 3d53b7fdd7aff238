"""Who must come, who may go where, and bounds of objective terms, said back; and who fits nowhere, with what refuses most of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.case.case import Bools, Case, Ints
from planner.case.eligibility import CODES as REASONS
from planner.echo.lines import EchoLine, Verdict, with_verdict
from planner.echo.reach import Reached, contributions, in_steps, reach
from planner.echo.words import OTHERS, bounds_words, in_unit, joined
from planner.language import Words, counted
from planner.limits.family import firm, place_name
from planner.programme.build import Programme
from planner.terms.registry import term_of
from planner.tolerances import FITS

SHOWN = 5
"""Projects that a sentence names."""
MANY = 0.5
"""Share of the projects above which it is a warning that they fit nowhere."""
GATES = {
    "min_investment_intensity": ("investment_intensity", Words("投资强度门槛", "gate of investment per land")),
    "min_tax_intensity": ("tax_intensity", Words("亩均税收门槛", "gate of tax per land")),
}
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
    "paused": Words("暂缓，没有写何时恢复", "on hold, and not known until when"),
    "earliest_quarter": Words("最早可签约季度在规划期之后", "earliest quarter after the horizon"),
    "latest_quarter": Words("最晚可签约季度在规划期之前", "latest quarter before the horizon"),
}
"""Codes of :mod:`planner.case.eligibility` as short clauses."""


def entry_lines(programme: Programme) -> Iterator[EchoLine]:
    """Locks, gates and seasons."""
    yield from _locks(programme)
    yield from _gates(programme)
    yield from _seasons(programme.case)


def _locks(programme: Programme) -> Iterator[EchoLine]:
    case = programme.case
    frame, able = case.candidates, programme.eligible.candidates
    signed = (frame["status"] == "signed").to_numpy(bool)
    must, last = frame["must_include"].to_numpy(bool) & ~signed, len(case.quarters) - 1
    kinds: list[tuple[str, Words, Bools, bool]] = [
        ("signed", Words("已签约，须在所定的园区和季度", "signed: they keep their park and quarter"), signed, True),
        ("must_include", Words("必须落地", "must come"), must, True),
        ("exclude", Words("已排除", "excluded"), frame["exclude"].to_numpy(bool), False),
        ("lost", Words("已流失", "lost"), (frame["status"] == "lost").to_numpy(bool), False),
        ("fixed_park", Words("指定了园区", "with a fixed park"), (frame["fixed_park"] >= 0).to_numpy(bool), False),
        ("fixed_quarter", Words("指定了季度", "with a fixed quarter"), (frame["fixed_quarter"] >= 0).to_numpy(bool), False),
        (
            "earliest_quarter",
            Words("不能在首季签约", "that cannot be signed in the first quarter"),
            ~signed & (case.window[:, 0] > 0),
            False,
        ),
        (
            "latest_quarter",
            Words("不能在末季签约", "that cannot be signed in the last quarter"),
            ~signed & (case.window[:, 1] < last),
            False,
        ),
        ("refused_parks", Words("有不考虑的园区", "that refused some parks"), np.asarray(case.refused.any(axis=1)), False),
    ]
    for name, words, held, comes in kinds:
        count = int(held.sum())
        if not count:
            continue
        line = EchoLine(
            kind="lock", name=name, zh=f"{count} 个项目{words.zh}", en=f"{counted(count, 'project')} {words.en}", candidates=count
        )
        homeless = np.flatnonzero(held & ~able)
        if comes and len(homeless):
            names = Words.listed(firm(case, i) for i in homeless[:SHOWN].tolist())
            why = refusals(programme, homeless)
            text = Words(
                f"其中 {len(homeless)} 个进不了任何园区：{names.zh}（{why.zh}）",
                f"no park for {len(homeless)} of them: {names.en} ({why.en})",
            )
            line = with_verdict(line, "never", text)
        yield line


def _seasons(case: Case) -> Iterator[EchoLine]:
    """What each season leaves of which resource, where and when."""
    for number, season in enumerate(case.settings.seasons):
        for supply in case.resources:
            if not (touched := supply.seasons[number]).any():
                continue
            places, quarters = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
            r = case.resource(supply.resource_id)
            named = joined([place_name(case, r, place) for place in places[:SHOWN].tolist()], Words("、", ", "))
            more = Words("…", " …") if len(places) > SHOWN else Words("", "")
            when = Words.listed(case.quarters[t] for t in quarters.tolist())
            yield EchoLine(
                kind="season",
                name=season.title,
                zh=f"{supply.name}，{when.zh}，{len(places)} 处（{named.zh}{more.zh}）",
                en=f"{supply.name} in {when.en}, {counted(len(places), 'place')} ({named.en}{more.en})",
                parks=int(np.isin(supply.place_of_park, places).sum()),
                quarters=len(quarters),
            )


def _gates(programme: Programme) -> Iterator[EchoLine]:
    case, reason = programme.case, programme.eligible.reason
    for column, (code, words) in GATES.items():
        floors = case.parks[column].to_numpy(float)
        gated = floors > 0
        if not gated.any():
            continue
        closed = reason == REASONS.index(code)
        low, high = (in_unit(float(value), "万元/亩") for value in (floors[gated].min(), floors[gated].max()))
        span = low if low == high else Words(f"{low.zh} 至 {high.zh}", f"{low.en} to {high.en}")
        parks, pairs, all_pairs = int(gated.sum()), int(closed.sum()), int(gated.sum()) * len(case.candidates)
        line = EchoLine(
            kind="gate",
            name=column,
            zh=f"{parks} 个园区有{words.zh}（{span.zh}），挡住 {pairs}/{all_pairs} 个“项目×园区”",
            en=f"{counted(parks, 'park')} with a {words.en} ({span.en}); it keeps out {pairs} of {counted(all_pairs, 'pair')}",
            unit="万元/亩",
            candidates=int(closed.any(axis=1).sum()),
            parks=parks,
        )
        # Of pairs that nothing before it closes.
        open_before = ((reason == 0) | (reason >= REASONS.index(code)))[:, gated]
        if pairs and pairs == int(open_before.sum()):
            text = Words("没有一个项目过得了这道门槛", "no project passes this gate")
            line = with_verdict(line, "never", text)
        yield line
    lists = ~case.chain_allowed.all(axis=1)
    if lists.any():
        closed = reason == REASONS.index("chain_not_allowed")
        yield EchoLine(
            kind="gate",
            name="allowed_chains",
            zh=f"{int(lists.sum())} 个园区只接纳某些产业链，挡住 {int(closed.sum())} 个“项目×园区”",
            en=f"{counted(int(lists.sum()), 'park')} for some chains only; that keeps out {counted(int(closed.sum()), 'pair')}",
            candidates=int(closed.any(axis=1).sum()),
            parks=int(lists.sum()),
        )


def bound_reach(programme: Programme, position: int) -> Reached:
    """What a bounded term can come to, less its constant: number ``position`` of those with a floor or ceiling."""
    case, layout = programme.case, programme.layout
    at, values, _ = term_of(case, case.settings.objective.bounded_terms[position]).coefficients(case, layout)
    of_choices = at < layout.choices
    each = contributions(programme, (np.zeros(int(of_choices.sum()), np.int64), at[of_choices], values[of_choices]), 1)
    least, most = reach(programme, each)
    rest = values[~of_choices] * programme.matrix.upper[at[~of_choices]]
    ends = least + np.minimum(rest, 0.0).sum(), most + np.maximum(rest, 0.0).sum()
    entries, one = (np.zeros(len(at), np.int64), at, values), np.ones(1, dtype=bool)
    return Reached(*in_steps(programme, entries, *ends), entries, one, one, ("term_bounds", "term", position))


def bound_line(programme: Programme, position: int, reached: Reached) -> EchoLine:
    """The floor and the ceiling of a bounded term."""
    case, objective = programme.case, programme.case.settings.objective
    name = objective.bounded_terms[position]
    term = term_of(case, name)
    constant = term.coefficients(case, programme.layout)[2]
    low, high = objective.floors.get(name, -np.inf), objective.ceilings.get(name, np.inf)
    least, most = _ends(reached, constant)
    said = bounds_words(low, high, term.unit)
    line = EchoLine(
        kind="bound",
        name=name,
        zh=f"目标项“{term.words.zh}”{said.zh}；硬约束",
        en=f"objective term {term.words.en}: {said.en}; hard",
        unit=term.unit,
        minimum=low if np.isfinite(low) else None,
        maximum=high if np.isfinite(high) else None,
        least=least if np.isfinite(least) else None,
        most=most if np.isfinite(most) else None,
    )
    verdict = _of_bounds(low, high, least, most)
    if verdict == "open":
        return line
    given = Words("", "") if verdict == _of_bounds(low, high, *_ends(reached.by_itself, constant)) else OTHERS
    between = Words(*(f"{in_unit(least, term.unit).say(lang)} – {in_unit(most, term.unit).say(lang)}" for lang in ("zh", "en")))
    text = Words(f"总是成立：{given.zh}只会在 {between.zh}", f"always holds: {given.en}it is in {between.en}")
    if verdict == "never":
        text = Words(f"不可能成立：{given.zh}只会在 {between.zh}", f"cannot hold: {given.en}it is in {between.en}")
    return with_verdict(line, verdict, text)


def _ends(reached: Reached, constant: float) -> tuple[float, float]:
    return float(reached.least[0]) + constant, float(reached.most[0]) + constant


def _of_bounds(low: float, high: float, least: float, most: float) -> Verdict:
    margin = FITS * max(1.0, *(abs(side) for side in (low, high) if np.isfinite(side)))
    if low > most + margin or high < least - margin:
        return "never"
    return "always" if low <= least and most <= high else "open"


def nowhere(programme: Programme) -> tuple[int, Words]:
    """How many projects that are neither excluded nor lost fit into no park, and what refuses most of them."""
    case = programme.case
    gone = (case.candidates["exclude"] | (case.candidates["status"] == "lost")).to_numpy(bool)
    homeless = np.flatnonzero(~programme.eligible.candidates & ~gone)
    return len(homeless), refusals(programme, homeless)


def refusals(programme: Programme, candidates: Ints) -> Words:
    """What closes most parks to each of these candidates, by how many of them: ``土地超过能力 92 个，…``."""
    if not len(candidates):
        return Words("", "")
    reason, resource = programme.eligible.reason[candidates], programme.eligible.resource[candidates]
    # A reason, and for capacity which resource is too short.
    kinds = reason.astype(np.int64) * (len(programme.case.resources) + 1) + np.where(resource >= 0, resource + 1, 0)
    known, code = np.unique(kinds, return_inverse=True)
    counts = np.zeros((len(candidates), len(known)), dtype=np.int64)
    np.add.at(counts, (np.repeat(np.arange(len(candidates)), reason.shape[1]), code.ravel()), 1)
    counts[:, known // (len(programme.case.resources) + 1) == 0] = 0
    none = counts.sum(axis=1) == 0
    main = np.where(none, -1, counts.argmax(axis=1))
    parts = []
    for at, count in sorted(zip(*np.unique(main, return_counts=True), strict=True), key=lambda entry: -entry[1]):
        parts.append(_refusal(programme, -1 if at < 0 else int(known[at]), int(count)))
    return joined(parts[:3], Words("，", ", "))


def _refusal(programme: Programme, kind: int, count: int) -> Words:
    if kind < 0:
        return Words(f"没有可用的季度 {count} 个", f"no open quarter ({count})")
    number, resource = divmod(kind, len(programme.case.resources) + 1)
    words = CLOSED.get(REASONS[number], Words(REASONS[number], REASONS[number]))
    if resource:
        name = programme.case.resources[resource - 1].name
        words = Words(f"{name}超过园区能力", f"more {name} than a park has")
    return Words(f"{words.zh} {count} 个", f"{words.en} ({count})")
