"""What the command line prints: live progress, the diagnosis, how a run ended."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.language import Language, Words
from planner.problems import visible
from planner.publish.later import later_text
from planner.publish.proof import ends_early, level_lines, nearness_words, quality, stamp_of, value_name
from planner.publish.words import GRADES

if TYPE_CHECKING:
    from planner.case.chains import Diagnosis
    from planner.plan.model import Plan
    from planner.reading.table import Tables
    from planner.solvers.protocol import Progress, Termination

PHASES = {
    "check": Words("检查数据", "checking"),
    "build": Words("建立模型", "building the model"),
    "solve": Words("求解", "solving"),
    "publish": Words("核验通过，输出成果", "verified; publishing"),
}
STEPS = {
    "start": Words("准备", "starting"),
    "relaxation": Words("松弛", "relaxation"),
    "first plan": Words("初步方案", "first plan"),
    "search": Words("改进", "improving"),
    "proof": Words("证明", "proving"),
    "finish": Words("核对", "checking"),
    "nearness": Words("少变动", "fewest changes"),
}
"""What a solver is doing; a phase may end in the number of its priority, as in ``search 1/2``."""
HEADINGS = {
    "chain": Words("产业链", "chain"),
    "links": Words("环节数", "links"),
    "link_id": Words("环节", "link"),
    "name": Words("名称", "name"),
    "demand": Words("需求(万元)", "demand"),
    "supply": Words("供给(万元)", "supply"),
    "shortage": Words("缺口(万元)", "shortage"),
    "completeness": Words("完整度", "complete"),
    **GRADES,
    "grade": Words("评级", "grade"),
    "sources": Words("来源", "sources"),
    "min_sources": Words("最少", "min"),
    "single_source": Words("单一来源", "single source"),
    "candidates": Words("可选项目", "candidates"),
}
"""Headings of the diagnosis, by column."""
FIGURES, LAST = ("demand", "supply", "shortage"), ("single_source", "candidates")
NEARER = Words(
    "{seconds:.0f} 秒  少变动  变动计 {cost}，不少于 {least}",
    "{seconds:.0f} s  fewest changes  changes count {cost}, at least {least}",
)
OF_CHAINS = ("chain", "links", *FIGURES, "completeness", "missing", "weak", "adequate", "strong", *LAST)
OF_LINKS = ("link_id", "name", "chain", *FIGURES, "grade", "sources", "min_sources", *LAST)
EVERY = 5.0
"""Seconds between plain progress lines."""
PROGRESS = Words(
    "{seconds:.0f} 秒  {step}  目标值 {value}  上界 {bound}  差距 {gap}",
    "{seconds:.0f} s  {step}  value {value}  bound {bound}  gap {gap}",
)
COLUMNS_LEFT = Words("  剩余 {columns:,} 列", "  {columns:,} columns left")
TIME_UP = Words(
    "时限内没有找到计划（{seconds:.0f} 秒）。请加长 --time-limit，或换求解器。",
    "no plan within the time limit ({seconds:.0f} s); allow more with --time-limit, or try another solver.",
)
NO_PLAN = {
    "failed": Words("求解器没有给出计划：{detail}", "the solver gave no plan: {detail}"),
    "unbounded": Words("目标没有上限，请检查权重：{detail}", "the objective has no upper bound; check the weights: {detail}"),
    "interrupted": Words("中断时还没有找到计划（{seconds:.0f} 秒）。", "interrupted before there was a plan ({seconds:.0f} s)."),
    "work_limit": Words(
        "到工作量上限为止没有找到计划（{seconds:.0f} 秒）。请加大 --work，或换求解器。",
        "no plan within the work limit ({seconds:.0f} s); allow more with --work, or try another solver.",
    ),
}
"""Why a solve ended without a plan, by its reason; otherwise :data:`TIME_UP`."""
NO_MEMORY = Words(
    "。请关闭其他程序、用 --threads 1，或换内存更大的机器。",
    "; close other programs, use --threads 1, or a machine with more memory.",
)
PLAN = Words("计划：{state}；{name} {value}，上界 {bound}", "plan: {state}; {name} {value}, bound {bound}")
SELECTED = Words(
    "选中 {n} 个项目，投资 {investment} 万元；缺口由 {before} 降到 {after} 万元",
    "{n:project}, investment {investment}; shortage from {before} to {after} (CNY 10k)",
)
REPEAT = Words("；如需可复现，请加长 --time-limit 或减小 --work", "; for a repeatable run allow more --time-limit or less --work")


def share(value: float | None) -> str:
    """A share in per cent, or a dash."""
    return "—" if value is None or value != value else f"{value:.2%}"


def number(value: float | None) -> str:
    """A figure, or a dash."""
    if value is None or value != value:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


class ProgressView:
    """One live line in a terminal, plain lines elsewhere; on standard error, so that output can be piped.

    ``emit`` takes every event as a mapping for JSON instead of the moving text; what stays is said as well.
    """

    def __init__(self, language: Language, emit: Callable[[dict[str, object]], None] | None = None) -> None:
        self._language = language
        self._emit = emit
        self._status: Any = None
        self._last = -EVERY
        self._live = emit is None and sys.stderr.isatty()

    def __enter__(self) -> ProgressView:
        if self._live:
            from rich.console import Console

            self._status = Console(stderr=True).status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Take the live line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def phase(self, name: str) -> None:
        if self._emit is not None:
            self._emit({"event": "phase", "phase": name})
        else:
            self._show(PHASES[name].say(self._language) + " …")

    def progress(self, now: Progress) -> None:
        if self._emit is not None:
            figures = {"value": now.value, "bound": now.bound, "gap": now.gap}
            finite = {key: figure if figure is not None and math.isfinite(figure) else None for key, figure in figures.items()}
            when = {"event": "progress", "phase": now.phase, "seconds": now.seconds}
            self._emit({**when, **finite, "columns": now.columns})
            return
        if now.phase == "nearness":  # the value counts changes, at their prices and as a cost
            least = None if now.bound is None else max(-now.bound, 0.0)
            amounts = {"cost": number(None if now.value is None else -now.value), "least": number(least)}
            self._line(NEARER.say(self._language, seconds=now.seconds, **amounts), now.seconds)
            return
        state = {"value": number(now.value), "bound": number(now.bound), "gap": share(now.gap)}
        text = PROGRESS.say(self._language, seconds=now.seconds, step=step_words(now.phase), **state)
        if now.columns is not None:
            text += COLUMNS_LEFT.say(self._language, columns=now.columns)
        self._line(text, now.seconds)

    def _line(self, text: str, seconds: float) -> None:
        if self._live or seconds - self._last >= EVERY:
            self._last = seconds
            self._show(f"  {text}")

    def tell(self, words: Words) -> None:
        """Something to remember: a line that stays."""
        self._show(words.say(self._language), stays=True)

    def _show(self, text: str, stays: bool = False) -> None:
        if self._status is None:
            print(visible(text), file=sys.stderr, flush=True)
            return
        from rich.text import Text

        (self._status.console.print if stays else self._status.update)(Text(visible(text)))


def step_words(phase: str) -> Words:
    """A solver's phase in words; a phase that has none is said as it is."""
    name, _, count = phase.rpartition(" ")
    if not count[:1].isdigit():
        name, count = phase, ""
    words = STEPS.get(name, Words(name, name))
    return Words(f"{words.zh} {count}".strip(), f"{words.en} {count}".strip())


def encodings_text(tables: Tables, language: Language) -> str | None:
    """In which encoding each text file was read; None where no table has one."""
    read = {held.file: held.encoding for name in tables for held in tables[name].inputs if held.encoding}
    files = ("、" if language == "zh" else ", ").join(f"{file} {encoding}" for file, encoding in read.items())
    return visible(Words("文字编码：{files}", "read as text: {files}").say(language, files=files), one_line=True) if read else None


def diagnosis_text(diagnosis: Diagnosis, language: Language) -> str:
    """The tables of chains and of links, aligned for a terminal with Chinese characters."""
    links = diagnosis.links.copy()
    links["grade"] = [GRADES[grade].say(language) for grade in links["grade"]]
    links["single_source"] = links["single_source"].map({True: "●", False: ""})
    whole = Words("全域产业链完整度", "completeness of all chains").say(language) + f" {share(diagnosis.completeness)}"
    chains = diagnosis.chains.rename(columns={"name": "chain"})
    return "\n\n".join([_table(chains, OF_CHAINS, language), _table(links, OF_LINKS, language), whole])


def _table(frame: pd.DataFrame, columns: Sequence[str], language: Language) -> str:
    from rich.cells import cell_len

    def cell(column: str, value: object) -> str:
        if column == "completeness":
            return share(float(value))  # type: ignore[arg-type]
        if isinstance(value, float):
            return f"{value:,.0f}"
        return str(value)

    def padded(column: str) -> list[str]:
        entries = [HEADINGS[column].say(language), *(cell(column, value) for value in frame[column])]
        width = max(map(cell_len, entries))
        right = pd.api.types.is_numeric_dtype(frame[column])
        spaced = ((" " * (width - cell_len(entry)), entry) for entry in entries)
        return [space + entry if right else entry + space for space, entry in spaced]

    return "\n".join("  ".join(line).rstrip() for line in zip(*map(padded, columns), strict=True))


def no_plan_text(ended: Termination, language: Language) -> str:
    """Why there is no plan, and what helps."""
    cause = ended.detail.split("\n", 1)[0]
    text = NO_PLAN.get(ended.reason, TIME_UP).say(language, detail=cause, seconds=ended.seconds)
    return text + NO_MEMORY.say(language) if ended.reason == "failed" and "out of memory" in cause else text


def outcome_text(plan: Plan, folder: Path, seconds: Mapping[str, float], language: Language) -> str:
    """How good the plan is, what it does, and where it stands."""
    objective, kpis, stamp = plan.objective, plan.kpis, stamp_of(plan)
    state = quality(plan).say(language)
    if language == "en":
        state = state[:1].lower() + state[1:]
    if ends_early(plan) and plan.status.reason == "time_limit":
        state += REPEAT.say(language)
    shortages = {"before": number(kpis.shortage_before), "after": number(kpis.shortage_after)}
    return "\n".join(
        [
            *([Words("【{stamp}】", "[{stamp}]").say(language, stamp=stamp)] if stamp else []),
            PLAN.say(language, state=state, name=value_name(plan), value=number(objective.value), bound=number(objective.bound)),
            *(f"  {line.say(language)}" for line in level_lines(plan)),
            *([near.say(language)] if (near := nearness_words(plan)) else []),
            SELECTED.say(language, n=kpis.selected, investment=number(kpis.investment), **shortages),
            *(notice.zh if language == "zh" else notice.en for notice in plan.notices if notice.about_plan),
            *([later] if (later := later_text(plan, language)) else []),
            "  ".join(f"{PHASES[phase].say(language)} {value:.1f}s" for phase, value in seconds.items()),
            Words("计划封印 {seal}", "seal of the plan {seal}").say(language, seal=plan.short_seal),
            str(folder),
        ]
    )
