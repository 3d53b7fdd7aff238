"""Replacement costs in words: for the console and the workbook."""

from __future__ import annotations

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.questions.importance.record import FirmImportance, Importance
from planner.questions.words import bracketed, decimals, plain

HOW = {
    "exact": Words("恰好", "exactly"),
    "between": Words("介于", "between"),
    "at_most": Words("至多", "at most"),
    "unknown": Words("未知", "unknown"),
}
IRREPLACEABLE = Words("不可替换：没有它就没有计划", "irreplaceable: there is no plan without it")
NOT_FOUND = Words("时限内没有找到不含它的计划", "no plan without it was found in time")
BETTER = Words("没有它反而好 {gain}", "better by {gain} without it")
LOCKED = Words("锁定", "locked")
SOLVED, QUICK = Words("全部重排", "all planned anew"), Words("只补空位", "its room filled again")
MEANING = Words(
    "替换代价：没有这家企业、其余全部重排时，目标值比本计划少多少。“恰好”已证明；“介于”上下限都已证明；“至多”是已找到的替代方案，实际可能更小。",
    "Replacement cost: how much less the value is without the firm when all else is planned anew. “Exactly” is proved; “between”: both ends are proved; “at most”: that is what a plan at hand loses, and the cost may be less.",
)
MORE = Words("其余 {n} 家见工作簿", "{n} more, see the workbook")
IMPROVABLE = Words(
    "有企业去掉后反而更好：本计划可以改进，请加长 --time-limit 重新运行，以本次运行为 --start",
    "some firms are better left out: the plan can be improved; run again for longer, from this run with --start",
)
SHOWN = 30


def cost(firm: FirmImportance, places: int, language: Language) -> str:
    """``至多 0.0123``, ``0.0100–0.0123``, ``0.0100``."""
    if firm.irreplaceable or firm.most is None:
        return (IRREPLACEABLE if firm.irreplaceable else NOT_FOUND).say(language)
    least, most = plain(firm.least, places), plain(firm.most, places)
    return f"{least}–{most}" if firm.how == "between" else most if firm.how == "exact" else f"{HOW['at_most'].say(language)} {most}"


def places_of(found: Importance) -> int:
    """Decimals for all costs."""
    return decimals([firm.most or 0.0 for firm in found.firms])


def better(firm: FirmImportance, value: float) -> bool:
    """Whether the plan is better without it by more than rounding."""
    return firm.better > 1e-6 * max(abs(value), 1e-3)


def remark(firm: FirmImportance, value: float, language: Language) -> str:
    """What else is to be said of the figure."""
    parts = [LOCKED.say(language)] if firm.locked else []
    if better(firm, value):
        parts.append(BETTER.say(language, gain=plain(firm.better, decimals([firm.better]))))
    return Words("；", "; ").say(language).join(parts)


def text_of(plan: Plan, found: Importance, language: Language) -> str:
    """The ranking for a terminal."""
    places, parks = places_of(found), {firm.candidate_id: firm.park_name for firm in plan.selected}
    lines = [MEANING.say(language)]
    for firm in found.firms[:SHOWN]:
        share = "" if firm.most is None or not found.value else f"{firm.most / abs(found.value):.1%}"
        figure = cost(firm, places, language) + bracketed(share, language)
        how, note = (SOLVED if firm.solved else QUICK).say(language), remark(firm, found.value, language)
        cells = [f"{firm.rank:>4}", firm.candidate_id, firm.name, parks.get(firm.candidate_id, ""), figure, how]
        lines.append("  ".join([*cells, note] if note else cells))
    if len(found.firms) > SHOWN:
        lines.append(MORE.say(language, n=len(found.firms) - SHOWN))
    if any(better(firm, found.value) and not firm.locked for firm in found.firms):
        lines.append(IMPROVABLE.say(language))
    return "\n".join(lines)
