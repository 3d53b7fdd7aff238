"""What may be offered to one project: every row of the table ``policies`` screened, with the reason for what is not offered.

A row is *offered* where its review found it lawful, it names the document it rests on, it is in force throughout the quarter of the
project, and it applies to the project's chain, link, class and county. It is *refused* where one of these is known to fail, and set
apart *for review* where one of them is not known. Only what is offered counts as value, and never with more than its ceiling.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from planner.language import Words
from planner.publish.stated import Stated
from planner.settings.base import last_day
from planner.spelling import fold

Verdict = Literal["offered", "review", "refused"]

REFUSALS: Mapping[str, Words] = MappingProxyType(
    {
        "forbidden": Words("不合规，不得承诺", "unlawful: it must not be promised"),
        "expired": Words("已于 {day} 失效", "it ended on {day}"),
        "not_yet": Words("{day} 起才生效", "it is in force only from {day}"),
        "chain": Words("不适用于本产业链", "not for this chain"),
        "link": Words("不适用于本环节", "not for this link"),
        "class": Words("只适用于{allowed}", "only for {allowed}"),
        "county": Words("只适用于{allowed}", "only in {allowed}"),
    }
)
"""Why an offer is refused, the first that holds being told first."""
DOUBTS: Mapping[str, Words] = MappingProxyType(
    {
        "not_reviewed": Words("合规审查未完成", "its legal review is not done"),
        "no_basis": Words("未写依据文件", "no document is named as its basis"),
        "part_of_quarter": Words("只在本季部分时间有效（{day}）", "in force for a part of the quarter only ({day})"),
        "quarter_unknown": Words(
            "签约季度未定，无法判断是否有效", "the quarter is not settled, so whether it is in force is not known"
        ),
        "chain_unknown": Words("产业链未知", "the chain is not known"),
        "link_unknown": Words("环节未知", "the link is not known"),
        "class_unknown": Words("企业类别未提供，须核实是否为{allowed}", "the firm's class is not known; it must be {allowed}"),
        "county_unknown": Words("园区未定，须在{allowed}", "the park is not settled; it must be in {allowed}"),
    }
)
"""Why an offer is set apart for review."""


@dataclass(frozen=True)
class Asker:
    """The project that policies are held against; what is not known is None or empty."""

    chain_id: str | None = None
    link_id: str | None = None
    classes: tuple[str, ...] = ()
    county: str | None = None
    quarter: str | None = None
    """In which it is to be signed."""
    bases: Mapping[str, float | None] = field(default_factory=dict)
    """What a rate may be of (investment, output, tax, subsidy), 万元."""
    assumed: Collection[str] = frozenset()
    """Those of them that rest on an assumption."""


@dataclass(frozen=True)
class Reason:
    """Why an offer is refused or set apart."""

    code: str
    words: Words

    @property
    def refuses(self) -> bool:
        return self.code in REFUSALS


@dataclass(frozen=True)
class Offer:
    """A policy with the verdict on it for one project."""

    policy: Stated
    verdict: Verdict
    reasons: tuple[Reason, ...]
    """All of them; those that refuse come first."""
    amount: float | None
    """万元: its rate of what the project states, no more than the ceiling. None where that cannot be reckoned."""
    capped: bool
    """The rate would give more than the ceiling."""
    amount_assumed: bool

    @property
    def basis(self) -> str:
        """What a verdict rests on: the clause of the review where an offer is not lawful, else the document."""
        ground, basis = self.policy.text("ground"), self.policy.text("basis")
        return (ground or basis) if any(reason.code in ("forbidden", "not_reviewed") for reason in self.reasons) else basis

    @property
    def ceiling(self) -> float | None:
        """万元: the most that one project gets; None: none is known."""
        return self.policy.number("ceiling")

    @property
    def of_money(self) -> bool:
        """A sum or a ceiling of one is stated."""
        return self.amount is not None or self.ceiling is not None

    @property
    def value(self) -> float:
        """万元 that may be counted: what can be reckoned of an offer; 0 of what is refused or set apart."""
        return self.amount or 0.0 if self.verdict == "offered" else 0.0


def screened(policies: Iterable[Stated], asker: Asker) -> tuple[Offer, ...]:
    """Every policy with its verdict, in the order of the table."""
    return tuple(_screen(policy, asker) for policy in policies)


def _screen(policy: Stated, asker: Asker) -> Offer:
    found = list(_reasons(policy, asker))
    reasons = tuple(reason for refuses in (True, False) for reason in found if reason.refuses is refuses)
    verdict: Verdict = "offered" if not reasons else "refused" if reasons[0].refuses else "review"
    ceiling, rate, of = policy.number("ceiling"), policy.number("rate"), policy.text("rate_of")
    base = asker.bases.get(of)
    reckoned = None if rate is None or base is None else rate * base
    capped = reckoned is not None and ceiling is not None and reckoned > ceiling
    rests = not policy.assumed.isdisjoint({"rate", "ceiling"}) or of in asker.assumed
    return Offer(policy, verdict, reasons, ceiling if capped else reckoned, capped, reckoned is not None and rests)


def _reasons(policy: Stated, asker: Asker) -> Iterator[Reason]:
    lawful = policy.text("lawful") or "review"
    if lawful == "no":
        yield _reason("forbidden")
    elif lawful != "yes":
        yield _reason("not_reviewed")
    if not policy.text("basis"):
        yield _reason("no_basis")
    yield from _of_time(policy, asker.quarter)
    for what, own in (("chain", asker.chain_id), ("link", asker.link_id)):
        yield from _of_names(what, policy.names(f"{what}_id"), () if own is None else (own,))
    yield from _of_names("class", policy.names("class"), asker.classes)
    yield from _of_names("county", policy.names("county"), () if asker.county is None else (asker.county,))


def _of_names(what: str, allowed: tuple[str, ...], own: tuple[str, ...]) -> Iterator[Reason]:
    """A list that is blank takes everybody."""
    if not allowed:
        return
    if not own:
        yield _reason(f"{what}_unknown", allowed=Words.listed(allowed))
    elif {fold(name) for name in own}.isdisjoint(fold(name) for name in allowed):
        yield _reason(what, allowed=Words.listed(allowed))


def _of_time(policy: Stated, quarter: str | None) -> Iterator[Reason]:
    """From its first day to its last, both included, against the whole quarter."""
    start, end = policy.day("from"), policy.day("until")
    if start is None and end is None:
        return
    if quarter is None:
        yield _reason("quarter_unknown")
        return
    last = last_day(quarter)
    first = dt.date(last.year, last.month - 2, 1)
    if end is not None and end < first:
        yield _reason("expired", day=end.isoformat())
    elif start is not None and start > last:
        yield _reason("not_yet", day=start.isoformat())
    elif (end is not None and end < last) or (start is not None and start > first):
        days = [f"{start.isoformat()} –" if start is not None and start > first else "", f"– {end}" if end and end < last else ""]
        yield _reason("part_of_quarter", day=" ".join(filter(None, days)))


def _reason(code: str, **values: object) -> Reason:
    words = REFUSALS[code] if code in REFUSALS else DOUBTS[code]
    return Reason(code, words.fill(**values))


def of_verdict(offers: Iterable[Offer], verdict: Verdict) -> tuple[Offer, ...]:
    return tuple(offer for offer in offers if offer.verdict == verdict)


def countable(offers: Iterable[Offer]) -> float:
    """万元 of all that is offered and can be reckoned; what is refused or set apart adds nothing."""
    return sum(offer.value for offer in offers)
