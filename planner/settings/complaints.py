"""What the schema refuses, in our own words: each pydantic error becomes one :class:`Problem` with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from planner.language import Words
from planner.problems import Problem, did_you_mean, nearest
from planner.settings.base import RefusedError
from planner.settings.codes import problem
from planner.settings.document import Keys, Spot, dotted
from planner.settings.partial import Detail
from planner.settings.schema import Settings
from planner.settings.shape import at, choices_of, key_names, limits_of, options, unit_of
from planner.settings.syntax import COLON, colon_slip

UNKNOWN, MISSING, TYPE, RANGE, CHOICE, ENDLESS = "S110", "S111", "S112", "S113", "S114", "S115"
VALUE, SHORT, CLASH = "S116", "S117", "S118"
"""``VALUE`` is wrong by itself; ``CLASH`` are values that do not go together."""

LISTED = 200
"""Faults of one plan's settings that are listed one by one; finding the key nearest to each takes its time."""

_EXAMPLE = Words("参阅 docs/options.md", "see docs/options.md")
_NUMBER = Words("只写数，不带单位、引号和千分位", "write the number alone: no unit, quotes or thousands separator")

_FLAG = (TYPE, Words("须为 true 或 false", "true or false is needed"), Words("写 true 或 false", "write true or false"))
_MAPPING = (TYPE, Words("须为“键: 值”的映射", "a mapping of `key: value` is needed"), _EXAMPLE)
_LIST = Words("写成 [甲, 乙]，或每项一行以“- ”开头", "write [a, b], or one entry per line after `- `")
_LIMIT = (RANGE, Words("允许 {limits} {unit}", "allowed: {limits} {unit}"), Words("改为允许的值", "use an allowed value"))

COMPLAINTS: Mapping[str, tuple[str, Words, Words]] = {
    "missing": (MISSING, Words("缺少必填项 {name}", "{name} is missing and required"), Words("补上 {name}", "add {name}")),
    "int_type": (TYPE, Words("须为整数", "a whole number is needed"), _NUMBER),
    "float_type": (TYPE, Words("须为数", "a number is needed"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _FLAG),
    "string_type": (TYPE, Words("须为文字", "text is needed"), Words("给它加引号", "put it in quotes")),
    **dict.fromkeys(("dict_type", "model_type"), _MAPPING),
    "tuple_type": (TYPE, Words("须为列表", "a list is needed"), _LIST),
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), _LIMIT),
    "literal_error": (CHOICE, Words("只能是：{choices}", "allowed: {choices}"), Words("选用其一", "use one of them")),
    "finite_number": (ENDLESS, Words("须为有限的数", "a finite number is needed"), _NUMBER),
    "too_short": (SHORT, Words("{limits}", "{limits}"), Words("补足", "add what is missing")),
    "string_too_short": (SHORT, Words("不能为空", "cannot be empty"), Words("填写文字", "write some text")),
}
"""Error type: code, rule, remedy. Unknown keys and refusals by meaning are worded below."""
OTHER = (TYPE, Words("不是允许的值", "is not an allowed value"), _EXAMPLE)


def complaints(details: Sequence[Detail], spots: Mapping[Keys, Spot], root: type[BaseModel] = Settings) -> list[Problem]:
    """One problem for each thing the schema refuses, worded for the author of the plan, or of a file that ``root`` is the schema of."""
    more, details = len(details) - LISTED, details[:LISTED]
    ways = [detail["loc"] for detail in details]
    unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    misspelt = {(*way[:-1], near) for way in unknown for near in nearest(str(way[-1]), _keys_beside(way, root))[:1]}
    problems = []
    for detail in details:
        way, kind = detail["loc"], detail["type"]
        # pydantic counts only the good entries of a list, and so calls a list short because its entries are bad.
        echo = kind == "too_short" and any(other[: len(way)] == way and len(other) > len(way) for other in ways)
        if not echo and not (kind == "missing" and way in misspelt):
            problems.append(_complaint(kind, way, detail.get("ctx", {}), detail["input"], spots, root))
    if more > 0:
        rule = Words(f"另有 {more} 处设置问题，未逐一列出", f"{more} more faults of settings are not listed one by one")
        remedy = Words("改正已列出的后再检查一次", "mend those that are listed and check again")
        problems.append(replace(problems[-1], place=spots[()].value, subject="", found="", rule=rule, remedy=remedy))
    return problems


def standing(keys: Keys, spots: Mapping[Keys, Spot]) -> Keys:
    """The longest way into the file that follows ``keys``.

    A single table source stands without the list that the schema makes of it, so a position the file lacks is passed.
    """
    way = _as_written(keys, spots)
    return next(way[:size] for size in range(len(way), -1, -1) if way[:size] in spots)


def _as_written(keys: Keys, spots: Mapping[Keys, Spot]) -> Keys:
    way: Keys = ()
    for key in keys:
        if isinstance(key, str) or (*way, key) in spots:
            way = (*way, key)
    return way


def _complaint(
    kind: str, loc: Keys, context: Mapping[str, Any], value: object, spots: Mapping[Keys, Spot], root: type[BaseModel]
) -> Problem:
    if kind == "extra_forbidden" or loc[-1:] == ("[key]",):
        return _unknown_key(loc[:-1] if loc[-1] == "[key]" else loc, spots, root)
    if isinstance(refused := context.get("error"), RefusedError):
        code, loc = CLASH if isinstance(value, Mapping) else VALUE, (*loc, *refused.at)
        spot = spots[standing(loc, spots)]
        for key in refused.at:
            value = value[key] if isinstance(value, Mapping) and key in value else value
        subject, found = dotted(_as_written(loc, spots)), _found(value, spot)
        return problem(code, spot.value, subject, found, rule=refused.rule, remedy=refused.remedy)
    code, rule, remedy = COMPLAINTS.get(kind, OTHER)
    spot = spots[standing(loc, spots)]
    annotation, field = at(loc, root)
    choices = choices_of(annotation)
    if kind == "literal_error":
        remedy = did_you_mean(nearest(str(value), choices), remedy)
    if value is None and kind != "missing":
        remedy = Words("填写，或删去这一行", "fill it in, or remove the line")
    elif colon_slip(spot.text) is not None and kind in ("dict_type", "model_type"):
        remedy = COLON
    limits, unit = (limits_of(field), unit_of(field)) if field else ("", "")
    values = {"name": loc[-1] if loc else "", "limits": limits, "unit": unit, "choices": Words.listed(choices)}
    rule, remedy = rule.fill(**values), remedy.fill(**values)
    rule = Words(rule.zh.strip(), rule.en.strip())
    found = "" if kind == "missing" else _found(value, spot)
    return problem(code, spot.value, dotted(_as_written(loc, spots)), found, rule=rule, remedy=remedy)


def _unknown_key(loc: Keys, spots: Mapping[Keys, Spot], root: type[BaseModel]) -> Problem:
    name, allowed = str(loc[-1]), _keys_beside(loc, root)
    near = nearest(name, allowed)
    remedy = Words("删去，或改用其中一个", "remove it, or use one of these")
    # A key of the same name in another section is another thing, unless it stands in none.
    elsewhere = [str(option) for option in options(root) if option.keys[-1] == name and (len(loc) == 1 or option.keys[0] == loc[0])]
    if colon_slip(name) is not None:
        remedy = COLON
    elif 0 < len(elsewhere) <= 3:
        remedy = Words(f"应写在 {'、'.join(elsewhere)}", f"it belongs at {' or '.join(elsewhere)}")
    elif near:
        remedy = Words(f"是否指 {'、'.join(near)}？", f"did you mean {' or '.join(near)}?")
    place, subject = spots[standing(loc, spots)].key, dotted(_as_written(loc, spots))
    return problem(UNKNOWN, place, subject, allowed=Words.listed(allowed), remedy=remedy)


def _keys_beside(loc: Keys, root: type[BaseModel]) -> tuple[str, ...]:
    """The keys that could stand where the last of ``loc`` does."""
    return key_names(at(loc[:-1], root)[0])


def _found(value: object, spot: Spot) -> str:
    """What stands there, as written; brackets for a list or a mapping."""
    if isinstance(value, (Mapping, list, tuple)):
        return "{…}" if isinstance(value, Mapping) else "[…]"
    return spot.text or ("null" if value is None else '""' if value == "" else str(value))
