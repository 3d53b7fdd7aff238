"""Sensitivity in words: what the console prints and the sheet holds is said here once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, quantity
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, sides, table

PROVED = 1e-6
"""Relative difference below which an interval is a point."""
KINDS: Mapping[str, Words] = {"fund": Words("资金", "Fund"), "resource": Words("资源", "Resource"), "team": Words("专班", "Team")}
MOST_TOLD = 3
"""Additions that a page for a chief has room for."""
CLOSED, OPENED = Words("补齐", "closes"), Words("又出现缺口", "opens")


def what(addition: Addition) -> str:
    """``用地 东城经开区``, with its seasons."""
    place = f" {addition.place}" if addition.place else ""
    return addition.name + place + (f"（{addition.seasons}）" if addition.seasons else "")


def when(addition: Addition, quarters: Sequence[str], language: Language) -> str:
    """In which quarters, where that needs saying."""
    raised, first = addition.quarters, addition.quarters[0] if addition.quarters else ""
    if addition.once:
        return Words("（{q} 一次，结转使用）", " (once, in {q}, carried over)").say(language, q=first)
    if raised == tuple(quarters):
        each = addition.kind != "resource" and len(quarters) > 1
        return Words("（每季）", " (each quarter)").say(language) if each else ""
    if raised and raised == tuple(quarters)[-len(raised) :]:
        return Words("（{q} 起）", " (from {q} on)").say(language, q=first)
    return Words("（{q}）", " ({q})").say(language, q=Words.listed(raised))


def certain(addition: Addition, language: Language) -> str:
    """How sure its worth is."""
    low, high = addition.lowest, addition.highest
    if addition.asked == "worthless":
        words = Words("已证明无价值：全部需求已放得下", "proved worth nothing: all there could be fits already")
    elif addition.asked == "not_asked":
        words = Words("未求解，不作判断", "not solved: nothing is claimed")
    elif low is not None and high is not None and high - low <= PROVED * max(1.0, abs(addition.value or 0.0)):
        words = Words("已证明", "proved")
    elif low is None or low <= 0:
        words = Words("0 至 {high}，在差距之内", "0 to {high}, within the gap")
    else:
        words = Words("{low} 至 {high}", "{low} to {high}")
    return words.say(language, low="" if low is None else figure(low), high=DASH if high is None else figure(high))


def sensitivity_notes(answer: Sensitivity, language: Language) -> list[str]:
    """What the figures are held against, and what was not asked."""
    base = Words("原计划", "the plan")
    if answer.better is not None:
        base = Words("不加任何资源再算得到的计划", "the plan solved once more without any addition")
    notes = [
        Words(
            "价值 = 增加后重新求解的目标值 − {base}（目标值 {value}）；“范围”是两个最优值之差的可能范围。",
            "Worth is the value solved with the addition less that of {base} ({value}); ranges are of the difference of the optima.",
        ).fill(value=figure(answer.value), base=base)
    ]
    if answer.better is not None:
        notes.append(
            Words(
                "原计划未证明最优：不加任何资源再算，目标值已高出 {better}；建议重新运行。",
                "The run's plan was not proved optimal: solving once more without any addition gained {better}; run it again.",
            ).fill(better=figure(answer.better))
        )
    if answer.level is not None:
        notes.append(Words("按优先级求解：以上均为第一优先级的目标值。", "With priorities: all values are those of the first."))
    if left := sum(addition.asked == "not_asked" for addition in answer.additions):
        notes.append(
            Words(
                "另有 {n} 项没有求解（看来价值较小，至多求解 {most} 项）：没有求解不等于没有价值。",
                "{n} more were not solved (less promising; {most} at most are): that does not make them worthless.",
            ).fill(n=left, most=answer.most)
        )
    return [words.say(language) for words in (*notes, *([INTERRUPTED] if answer.interrupted else ()))]


def text_of(plan: Plan, answer: Sensitivity, language: Language) -> str:
    """The console's table, the most valuable first."""
    told = [addition for addition in answer.additions if addition.asked != "not_asked"]
    steps = [
        f"+{quantity(addition.step, addition.unit, language)}{when(addition, plan.plan.quarters, language)}" for addition in told
    ]
    rows = table(
        language,
        (Words("增加", "more of"), [what(addition) for addition in told], False),
        (Words("多少", "how much"), steps, False),
        (Words("价值", "worth"), [DASH if addition.worth is None else figure(addition.worth) for addition in told], True),
        (Words("范围", "range"), [certain(addition, language) for addition in told], False),
        (Words("换来什么", "what it buys"), [_buys(addition, language) or DASH for addition in told], False),
    )
    return "\n".join([rows, *sensitivity_notes(answer, language)])


def next_money(plan: Plan, answer: Sensitivity, language: Language) -> tuple[str, ...]:
    """What more buys, a sentence each, the most valuable first; then how many additions are proved worth nothing, or were not solved."""
    solved = [addition for addition in answer.additions if addition.asked == "solved" and addition.worth is not None]
    worth = sorted((addition for addition in solved if (addition.worth or 0.0) > 0), key=lambda addition: -(addition.worth or 0.0))
    line = Words(
        "{kind}“{what}”加 {step}{when}：目标值 +{worth}（{certain}）{buys}",
        "{step} more of {kind} “{what}”{when}: value +{worth} ({certain}){buys}",
    )
    told = [
        line.say(
            language,
            kind=Words(KINDS[one.kind].zh, KINDS[one.kind].en.lower()),
            what=what(one),
            step=quantity(one.step, one.unit, language),
            when=when(one, plan.plan.quarters, language),
            worth=figure(one.worth or 0.0),
            certain=certain(one, language),
            buys=Words("；换来：{list}", "; it buys: {list}").fill(list=bought) if (bought := _buys(one, language)) else "",
        )
        for one in worth[:MOST_TOLD]
    ]
    proved = sum(one.highest is not None and one.highest <= PROVED * max(1.0, abs(one.value or 0.0)) for one in solved)
    nothing = proved + sum(addition.asked == "worthless" for addition in answer.additions)
    left = sum(addition.asked == "not_asked" for addition in answer.additions)
    rest = [
        (len(worth) - MOST_TOLD, Words("另有 {n} 项也有价值，见工作簿", "{n} more are worth something, see the workbook")),
        (nothing, Words("{n} 项已证明加了也不增值", "{n} are proved to add nothing")),
        (
            len(solved) - len(worth) - proved,
            Words("{n} 项求解未见增值，未证明", "{n} gained nothing when solved, which is no proof"),
        ),
        (left, Words("{n} 项没有求解，不作判断", "{n} were not solved: nothing is claimed of them")),
    ]
    said = [words.say(language, n=count) for count, words in rest if count > 0]
    return (*told, *([Words("；", "; ").say(language).join(said)] if said else []))


def _buys(addition: Addition, language: Language) -> str:
    """Who comes and leaves, which links are closed; who only moves is counted."""
    links = ((CLOSED, addition.closed), (OPENED, addition.opened))
    parts = sides(language, 3, (CAME, addition.came), (LEFT, addition.left), *links)
    if addition.moved:
        parts.append(Words("{n} 个换园区或季度", "{n} move").say(language, n=len(addition.moved)))
    return Words("；", "; ").say(language).join(parts)
