"""What a change says, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.language import Words
from planner.settings.changes import OF_CELLS, WAYS, Change
from planner.tables.spec import TABLES

LONGEST = 80
"""Characters of a value in a sentence."""
_VERBS: Mapping[str, Words] = {
    "set": Words("改为", "set to"),
    "add": Words("加", "plus"),
    "times": Words("乘以", "times"),
    "insert": Words("加入", "put in"),
    "remove": Words("删去", "taken out"),
}


def words_of(change: Change) -> Words:
    """What a change says, without what stands at its default."""
    return change_words(change.model_dump(mode="json", exclude_defaults=True))


def change_words(change: Mapping[str, Any]) -> Words:
    """What a change says, as it is written (R6: text, wherever it goes)."""
    table, where, reason = str(change.get("table")), change.get("where"), change.get("reason")
    way = next((key for key in WAYS if change.get(key) is not None), "set")
    verb, spec = _VERBS[way], TABLES.get(table)
    title = Words(table, table) if spec is None else Words(spec.zh, spec.en)
    rows = short(where)[1:-1] if isinstance(where, Mapping) and where else ""
    why = Words(f"（{reason}）", f" ({reason})") if reason else Words("", "")
    if way in OF_CELLS:
        column, amount = str(change.get("column")), short(change.get(way))
        of = Words(f"（{rows}）" if rows else "全部", f" ({rows})" if rows else ", all rows")
        return Words(
            f"{title.zh}{of.zh}的 {column} {verb.zh} {amount}{why.zh}", f"{title.en}{of.en}: {column} {verb.en} {amount}{why.en}"
        )
    if way == "insert":
        told = change.get("insert")
        listed = [told] if isinstance(told, Mapping) else list(told) if isinstance(told, (list, tuple)) else []
        rows = "; ".join(short(row) for row in listed[:3]) + ("; …" if len(listed) > 3 else "")
    return Words(f"{title.zh}{verb.zh} {rows}{why.zh}", f"{title.en}: {verb.en} {rows}{why.en}")


def short(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {short(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(short, value)) + "]"
    text = "—" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = text.removesuffix(".0") if isinstance(value, float) else text
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
