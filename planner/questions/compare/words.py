"""Scenarios and their outcomes in words: what an override says, how a plan came out."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.plan.open import Opened
from planner.questions.compare.record import Outcome
from planner.settings.document import dotted
from planner.settings.overlay import CHANGES, Override
from planner.tables.spec import TABLES

OUTCOMES: Mapping[Outcome, Words] = {
    "plan": Words("有计划", "plan"),
    "infeasible": Words("无解", "infeasible"),
    "no_plan": Words("时限内没有找到计划", "no plan in time"),
    "refused": Words("数据或设置有误", "wrong input"),
    "interrupted": Words("未求解：已中断", "not solved: interrupted"),
}


def override_words(opened: Opened, one: Override) -> Words:
    """What an override says, for people; values as they were written (R6: text, wherever it goes)."""
    if one.keys == (CHANGES,) and isinstance(one.value, Mapping):
        return _change_words(one.value)
    before: object = opened.loaded.settings
    for key in one.keys:
        before = before.get(key) if isinstance(before, Mapping) else getattr(before, str(key), None)
    key = dotted(one.keys)
    old, new = _short(before), _short(one.value)
    return Words(f"{key}：{old} → {new}", f"{key}: {old} → {new}")


def _change_words(change: Mapping[str, object]) -> Words:
    table, column = str(change.get("table")), str(change.get("column"))
    where = change.get("where")
    rows = ", ".join(f"{key}={_short(value)}" for key, value in where.items()) if isinstance(where, Mapping) else ""
    way = next((key for key in ("set", "add", "times") if change.get(key) is not None), "set")
    amount = _short(change.get(way))
    verb = {"set": Words("改为", "set to"), "add": Words("加", "plus"), "times": Words("乘以", "times")}[way]
    spec = TABLES.get(table)
    zh, en = (spec.zh, spec.en) if spec is not None else (table, table)
    reason = f"（{change['reason']}）" if change.get("reason") else ""
    said = f" ({change['reason']})" if change.get("reason") else ""
    return Words(
        f"{zh}{f'（{rows}）' if rows else '全部'}的 {column} {verb.zh} {amount}{reason}",
        f"{en}{f' ({rows})' if rows else ', all rows'}: {column} {verb.en} {amount}{said}",
    )


def _short(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_short(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_short, value)) + "]"
    text = "—" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
