"""What ``planner explain`` reckons with when no plan exists: the price of each kind of limit, how many repairs, how long."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import model_validator

from planner.language import Words
from planner.settings.base import Number, RefusedError, Section, Whole, note

MINIMUMS = "rule_minimums"
"""The lower sides of rules, where they are to have another price than ``rules``."""


class Explain(Section):
    """How a conflict is explained."""

    weights: Mapping[str, Number] = note(
        "限制类别: 让出其限额 100 %（或取消一项）的价格；未列出的为 1；rule_minimums 为规则下限，未列出时同 rules",
        default_factory=dict,
    )
    """Kind of limit: price of giving way by 100 % of it, or of dropping one; not named: 1. ``rule_minimums``: as ``rules``."""
    repairs: Whole = note("至多给出几个不同的放宽方案", "repairs", default=3, ge=1, le=10)
    """How many different repairs at most."""
    time_limit: Number = note("解释的总时限", "s", default=45.0, gt=0)
    """Wall-clock limit of the whole explanation."""

    @model_validator(mode="after")
    def _positive(self) -> Explain:
        for name, price in self.weights.items():
            if price <= 0:
                raise RefusedError(
                    Words(f"价格须大于 0，现为 {price:g}", f"a price is above 0, not {price:g}"),
                    Words("写正数；越大越不愿放宽", "write a positive number; the larger, the less it gives way"),
                    at=("weights", name),
                )
        return self

    def price(self, kind: str) -> float:
        """What it costs when a limit of ``kind`` gives way by 100 %."""
        if kind == MINIMUMS and kind not in self.weights:
            kind = "rules"
        return float(self.weights.get(kind, 1.0))
