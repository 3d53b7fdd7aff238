"""Concessions in words: for the console and the workbook."""

from __future__ import annotations

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.words import unit_words
from planner.questions.concede.record import Concession, Concessions, Turn
from planner.questions.words import DASH, decimals, names, plain

TITLE = Words("底线表：{name}（{id}）", "Bottom line: {name} ({id})")
INTERNAL = Words("内部资料，不得外传", "internal: not to be handed out")
MEANING = Words(
    "再让多少，计划就宁可改选次优：把让步加进表格，其余全部重新求解。“已证明”有上界为证；“按已找到的计划”是两个求得的计划相比，上下界尚未分开。",
    "How much more can be given before the plan prefers the next best: the concession goes into the tables and all is solved anew. “Proved” rests on bounds; “by the plans found” compares two plans whose bounds are not yet apart.",
)
HERE = Words("有它的计划：目标值 {value}，上界 {bound}", "The plan with it: value {value}, bound {bound}")
WITHOUT = Words("没有它的最好计划：目标值 {low}，上界 {high}", "The best plan without it: value {low}, bound {high}")
NONE = Words(
    "已证明：没有它就没有计划，计划本身不设底线", "Proved: there is no plan without it, so the plan itself sets no bottom line"
)
NOT_FOUND = Words("时限内没有找到没有它的计划，底线未知", "No plan without it was found in time: the bottom line is not known")
BETTER = Words(
    "没有它的计划更好：先加长时限重新运行，再谈让步", "A plan without it is better: run again for longer before conceding anything"
)
NEXT = Words("次优：引入 {came}", "Next best: {came} instead")
NOBODY = Words("次优：不引入别家", "Next best: nobody instead")
ALSO = Words("，另有 {gone} 随之退出", "; {gone} would leave with it")
MOVES = Words("，{n} 家换园区或季度", "; {n} would move")
LOCK = Words(
    "它已锁定（必选或已签约）：比较的是撤销锁定之后", "It is locked (required or signed): what is compared withdraws the lock"
)
ASKS = Words("{what}：现诉求 {asked}", "{what}: asks {asked}")
KEEPS = Words("再让 {kept}（共 {total}）仍选它，{proof}", "with {kept} more ({total} in all) the plan keeps it, {proof}")
NOTHING = Words("再让一点即不能确定", "nothing above that is known to be kept")
ALL = Words("让到全部可用（{most}）也仍选它，{proof}", "the plan keeps it even with all there is ({most}), {proof}")
LOSES = Words("再让 {lost} 即改选次优，{proof}", "with {lost} more the plan prefers the next best, {proof}")
NO_ROOM = Words("再让 {lost} 即无处可放，{proof}", "with {lost} more there is no room for it, {proof}")
LEFT = Words(
    "不动别家时 {name} 最紧的 {quarter} 还余 {left}",
    "with no other firm touched {name} has {left} left in {quarter}, its tightest quarter",
)
LAW = Words(
    "政策库里能依法承诺的至多 {most}（{offers}）{rest}", "what the policies allow to promise is {most} at the most ({offers}){rest}"
)
NO_LAW = Words(
    "政策库里没有可承诺而写明金额的政策{rest}", "the policies have nothing to promise of which an amount is stated{rest}"
)
UNPRICED, REVIEW = (
    Words("，另有 {n} 项未写金额", ", {n} more without an amount"),
    Words("，待审查 {n} 项不计", ", {n} under review not counted"),
)
NO_TABLE = Words("没有政策表，依法能承诺多少未知", "there is no table of policies: what may be promised by law is not known")
PROVED, SEEMS = Words("已证明", "proved"), Words("按已找到的计划", "by the plans found")
UNASKED = Words(
    "未问：{listed}（表中没有写它要多少，或没有限量）",
    "Not asked: {listed} (the tables do not say what it asks, or nothing limits it)",
)
TURNS: dict[Turn, Words] = {
    "kept": Words("仍选它（已证明）", "kept (proved)"),
    "seems_kept": Words("仍选它（按已找到的计划）", "kept (by the plans found)"),
    "open": Words("未分上下", "not told apart"),
    "seems_lost": Words("改选次优（按已找到的计划）", "next best (by the plans found)"),
    "lost": Words("改选次优（已证明）", "next best (proved)"),
    "no_room": Words("无处可放（已证明）", "no room (proved)"),
    "no_plan": Words("时限内无计划", "no plan in time"),
}
SHOWN = 8


def figure(value: float | None) -> str:
    """A value of the objective, to six figures."""
    return DASH if value is None else plain(value, max(6, decimals([value])))


def amount(value: float, concession: Concession, language: Language) -> str:
    """An amount with its unit, to four figures."""
    text = plain(value, min(2, decimals([value])))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit_words(concession.unit).say(language)}".rstrip()


def text_of(plan: Plan, found: Concessions, language: Language) -> str:
    """The bottom line of one firm for a terminal."""
    head = TITLE.say(language, name=found.name, id=found.candidate_id)
    return "\n".join([f"{head} — {INTERNAL.say(language)}", *sentences(found, language), MEANING.say(language)])


def sentences(found: Concessions, language: Language) -> list[str]:
    """What is compared, who is next best, then each concession."""
    lines = [HERE.say(language, value=figure(found.value), bound=figure(found.bound)), against(found, language)]
    lines += [LOCK.say(language)] if found.locked else []
    lines += [told(one, language) for one in found.concessions]
    if found.unknown:
        lines.append(UNASKED.say(language, listed=Words.listed(found.unknown).say(language)))
    return lines


def against(found: Concessions, language: Language) -> str:
    """The best plan without the firm, and who is next best."""
    if found.irreplaceable or found.without_low is None:
        return (NONE if found.irreplaceable else NOT_FOUND).say(language)
    line = WITHOUT.say(language, low=figure(found.without_low), high=figure(found.without_high))
    if found.without_low > found.value + 1e-6 * max(abs(found.value), 1e-3):
        return f"{line}{STOP.say(language)}{BETTER.say(language)}"
    return f"{line}{STOP.say(language)}{next_best(found, language)}"


STOP = Words("。", ". ")


def next_best(found: Concessions, language: Language) -> str:
    """Who would come instead, who would go with it, and how many would move."""
    text = NEXT.say(language, came=names(found.next_best, language, SHOWN)) if found.next_best else NOBODY.say(language)
    text += ALSO.say(language, gone=names(found.gone_too, language, SHOWN)) if found.gone_too else ""
    return text + (MOVES.say(language, n=found.moved) if found.moved else "")


def told(concession: Concession, language: Language) -> str:
    """One concession in one sentence."""
    one, proof = concession, (PROVED if concession.kept_proved else SEEMS).say(language)
    parts = [ASKS.say(language, what=one.name, asked=amount(one.asked, one, language))]
    if one.kept >= one.most:
        parts.append(ALL.say(language, most=amount(one.most, one, language), proof=proof))
    elif one.kept > 0:
        kept, total = amount(one.kept, one, language), amount(one.asked + one.kept, one, language)
        parts.append(KEEPS.say(language, kept=kept, total=total, proof=proof))
    else:
        parts.append(NOTHING.say(language))
    if one.lost is not None:
        words = NO_ROOM if one.why_lost == "no_room" else LOSES
        sure = (PROVED if one.lost_proved else SEEMS).say(language)
        parts.append(words.say(language, lost=amount(one.lost, one, language), proof=sure))
    parts += [LEFT.say(language, name=room.name, quarter=room.quarter, left=amount(room.left, one, language)) for room in one.room]
    parts += [law_of(one, language)] if one.id == "subsidy" else []
    return Words("；", "; ").say(language).join(parts)


def law_of(concession: Concession, language: Language) -> str:
    """What the policies allow to promise."""
    law = concession.lawful
    if law is None:
        return NO_TABLE.say(language)
    rest = UNPRICED.say(language, n=len(law.unpriced)) if law.unpriced else ""
    rest += REVIEW.say(language, n=law.under_review) if law.under_review else ""
    if not law.offers:
        return NO_LAW.say(language, rest=rest)
    return LAW.say(
        language, most=amount(law.most, concession, language), offers=Words.listed(law.offers, SHOWN).say(language), rest=rest
    )
