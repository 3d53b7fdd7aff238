"""What falls due after the horizon, fund by fund and team by team, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from planner.language import Language, Words
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.model import Plan
from planner.publish.figures import quantity
from planner.publish.sentences import Teller
from planner.publish.words import SEMICOLON

SHOWN = 6
"""Funds and teams named before the rest is counted."""
LATER = Words("规划期（至 {last}）之后到期：", "due after the horizon (which ends in {last}): ")
OF_FUND, OF_TEAM = Words("资金“{name}”{due}", "{due} of fund {name}"), Words("专班“{name}”{due}", "{due} of team {name}")
FREE, PARTLY = (
    Words("（不受额度限制）", " (no amount limits it)"),
    Words("（其中 {free}不受额度限制）", " ({free} of it limited by no amount)"),
)
UNASKED = Words("奖补 {due}（没有资金表）", "{due} of subsidies (there is no table of funds)")
REST = Words("另有 {n} 项", "{n} more")


def later_text(plan: Plan, language: Language) -> str | None:
    """``规划期（至 2027Q4）之后到期：资金“F1”1,200 万元（不受额度限制）；…``; None where nothing falls due then."""
    say = Teller(plan, language).money
    parts = [
        *_parts(plan.funds, OF_FUND, say, language),
        *_parts(plan.teams, OF_TEAM, lambda effort: quantity(effort, "人月", language), language),
    ]
    if not plan.funds and plan.kpis.subsidy_after_horizon:
        parts.insert(0, UNASKED.say(language, due=say(plan.kpis.subsidy_after_horizon)))
    if not parts:
        return None
    shown = parts if len(parts) <= SHOWN else [*parts[:SHOWN], REST.say(language, n=len(parts) - SHOWN)]
    return LATER.say(language, last=plan.plan.quarters[-1]) + SEMICOLON.say(language).join(shown)


def _parts(uses: Sequence[FundUse | TeamUse], words: Words, say: Callable[[float], str], language: Language) -> Iterator[str]:
    for name, own in groupby(uses, lambda use: use.fund_id if isinstance(use, FundUse) else use.team_id):
        later = [(use.used, use.left is None) for use in own if use.after_horizon]
        due, free = sum(used for used, _ in later), sum(used for used, unlimited in later if unlimited)
        if not due:
            continue
        told = words.say(language, name=name, due=say(due))
        if free == due:
            told += FREE.say(language)
        elif free:
            told += PARTLY.say(language, free=say(free))
        yield told
