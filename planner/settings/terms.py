"""The objective terms that every plan knows, by name and in words; what they count is :mod:`planner.programme.terms`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.language import Words

TERM_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "gap": Words("补齐缺口", "gap closed"),
        "backup": Words("备份来源", "backup sources"),
        "output": Words("预期产值", "expected output"),
        "tax": Words("预期税收", "expected tax"),
        "jobs": Words("预期就业", "expected jobs"),
        "score": Words("评分", "score"),
        "preferred": Words("意向园区", "preferred parks"),
        "early": Words("尽早签约", "early signing"),
        "investment": Words("投资额", "investment"),
        "subsidy": Words("奖补诉求", "subsidy asked"),
    }
)
"""A resource is a term too, its use, by its own name."""

TERMS = tuple(TERM_WORDS)
"""Objective terms that exist in every plan; each resource of a plan is one more term (its use)."""

COSTS = frozenset({"investment", "subsidy"})
"""Terms that are to be small where no weight says otherwise; so is the use of a resource."""
