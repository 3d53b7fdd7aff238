"""What is said of a column on its header: what it is, what may stand in it, what a blank means."""

from __future__ import annotations

from math import isnan

from planner.language import Language, Words
from planner.publish.forms.cells import NO, UNLIMITED, YES, choice_words
from planner.tables.column import Column
from planner.tables.dictionary import KINDS
from planner.tables.spec import OF_RESOURCE, TABLES
from planner.tables.units import allowed_units

_REQUIRED = Words("必填", "required")
_OPTIONAL = Words("可不填", "optional")
_UNIT = Words(
    "单位：{unit}。表头改为其他单位时自动换算（{others}）",
    "unit: {unit}; state another in the header and it is converted ({others})",
)
_PLAIN_UNIT = Words("单位：{unit}", "unit: {unit}")
_OF_RESOURCE = Words("单位：该行资源的单位", "unit: that of the row's resource")
_REFERENCE = Words("填“{sheet}”表中的编号", "an id of the sheet {sheet}")
_LIST = Words("可填多个，用顿号或分号分隔", "several, separated by a semicolon")
_QUARTER = Words("写作 2027Q1", "written 2027Q1")
_DATE = Words("写作 2027-03-01", "written 2027-03-01")
_CHOICE = Words("可选：{choices}", "one of: {choices}")
_FLAG = Words("填 {yes} 或 {no}", "{yes} or {no}")
_UNLIMITED = Words("可写“{word}”", "may say {word}")
_BLANK = Words("空白：{meaning}", "blank: {meaning}")
_UNKNOWN = Words("不知道（不当作 0）", "not known (never 0)")
_LIKE = Words("同“{other}”", "the same as {other}")


def note_of(column: Column, table: str, language: Language) -> str:
    """The comment on a header, a line for each thing that is said."""
    lines = [f"{column.zh if language == 'zh' else column.en}（{column.name}）", _must(column, language)]
    lines += [words.say(language) for words in _allowed(column, language)]
    if column.note is not None:
        lines.append(column.note.say(language))
    if not column.required and (meaning := _blank(column, table)) is not None:
        lines.append(_BLANK.say(language, meaning=meaning))
    return "\n".join(lines)


def _must(column: Column, language: Language) -> str:
    return f"{(_REQUIRED if column.required else _OPTIONAL).say(language)} · {KINDS[column.kind].say(language)}"


def _allowed(column: Column, language: Language) -> list[Words]:
    said: list[Words] = []
    if column.unit == OF_RESOURCE:
        said.append(_OF_RESOURCE)
    elif column.unit not in ("", "1"):
        others = [unit for unit in allowed_units(column.unit) if unit != column.unit]
        said.append((_UNIT if others else _PLAIN_UNIT).fill(unit=column.unit, others=Words.listed(others)))
    if column.reference is not None:
        spec = TABLES[column.reference]
        said.append(_REFERENCE.fill(sheet=Words(spec.zh, spec.name)))
    if column.choices is not None:
        said.append(_CHOICE.fill(choices=Words.listed(choice_words(column, language).values())))
    by_kind = {"list": _LIST, "quarter": _QUARTER, "date": _DATE, "flag": _FLAG.fill(yes=YES, no=NO)}
    if column.kind in by_kind:
        said.append(by_kind[column.kind])
    bounds = (("≥", column.minimum), (">", column.above), ("≤", column.maximum))
    if texts := [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]:
        said.append(Words.listed(texts))
    if column.unlimited:
        said.append(_UNLIMITED.fill(word=UNLIMITED))
    return said


def _blank(column: Column, table: str) -> Words | None:
    if column.default_from is not None:
        other = TABLES[table].column(column.default_from)
        return _LIKE.fill(other=Words(other.zh, other.en))
    blank = column.blank
    if isinstance(blank, bool):
        return YES if blank else NO
    if isinstance(blank, float) and isnan(blank):
        return _UNKNOWN if column.note is None else None
    if column.choices is not None and isinstance(blank, str):
        zh, en = choice_words(column, "zh"), choice_words(column, "en")
        return Words(zh.get(blank, blank), en.get(blank, blank)) if blank else None
    return None
