"""The schema, read: which keys a class has, what stands at a key path, which values a field allows.

Messages and generated pages speak from here, so that neither repeats what the schema says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from planner.language import Words
from planner.settings.base import Note
from planner.settings.schema import Settings

ENTRY = "<…>"
"""Stands in an option's keys for a name that the plan chooses, such as a resource's id."""
ITEM = "[]"
"""Stands in an option's keys for a position in a list."""

_UNITS = {
    "": Words("", ""),
    "quarter": Words("季度", "quarter"),
    "quarters": Words("个季度", "quarters"),
    "row": Words("行号", "row number"),
    "ratio": Words("比率", "ratio"),
    "projects": Words("个项目", "projects"),
    "objective per unit": Words("目标值／单位", "objective per unit"),
    "km": Words("公里", "km"),
    "probability": Words("概率", "probability"),
    "share": Words("比例", "share"),
    "degree": Words("度", "degrees"),
    "s": Words("秒", "s"),
    "hours": Words("小时", "hours"),
    "minutes": Words("分钟", "minutes"),
    "km/h": Words("公里/小时", "km/h"),
    "days": Words("天", "days"),
    "threads": Words("个线程", "threads"),
    "processes": Words("个进程", "processes"),
    "units": Words("个单位", "units"),
    "limits": Words("项", "limits"),
    "10,000 yuan": Words("万元", "10,000 yuan"),
    "repairs": Words("个方案", "repairs"),
    "points": Words("分", "points"),
}
_SIGNS = {Ge: "≥", Gt: ">", Le: "≤", Lt: "<"}
_PLAIN_TYPES: Mapping[Any, Words] = {
    str: Words("文字", "text"),
    bool: Words("true 或 false", "true or false"),
    int: Words("整数", "whole number"),
    float: Words("数", "number"),
    Any: Words("任意值", "any value"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One key of the schema, for pages and comments."""

    keys: tuple[str, ...]
    meaning: Words
    unit: Words
    limits: Words
    type: Words
    choices: tuple[str, ...]
    """The values to choose from, or of which a list is made; empty when free."""
    default: Any
    """In plain YAML data; meaningless when ``required``."""
    required: bool

    def below(self, depth: int) -> str:
        """The key path from ``depth`` on, as text: ``rules[].name``."""
        return ".".join(self.keys[depth:]).replace(f".{ITEM}", ITEM)

    def __str__(self) -> str:
        return self.below(0)


@cache
def options(root: type[BaseModel] = Settings) -> tuple[Option, ...]:
    """Every key of the settings, or of another kind of file, parents first, in the schema's order."""
    return tuple(_options_of(root, ()))


def _options_of(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Option]:
    for name, field in model.model_fields.items():
        keys = (*above, name)
        yield Option(
            keys,
            Words(_noted(field).zh, _noted(field).en),
            unit_of(field),
            limits_of(field),
            type_words(field.annotation),
            choices_of(field.annotation),
            None if field.is_required() else plain_data(field.get_default(call_default_factory=True)),
            field.is_required(),
        )
        for below, inner in _classes_in(field.annotation):
            yield from _options_of(inner, (*keys, *below))


def plain_data(value: object) -> Any:
    """Settings, or a part of them, as mappings, lists and scalars."""
    if isinstance(value, BaseModel):
        return {name: plain_data(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {key: plain_data(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_data(entry) for entry in value]
    return value


def unit_of(field: FieldInfo) -> Words:
    """The field's unit; empty for none."""
    return _UNITS[_noted(field).unit]


def _noted(field: FieldInfo) -> Note:
    """What :func:`planner.settings.base.note` says of the field."""
    return cast("Note", field.json_schema_extra)


def limits_of(field: FieldInfo) -> Words:
    """The range of a number, ``≥ 1, ≤ 40``, or the least length; empty when there is none."""
    limits: list[Words] = []
    for limit in field.metadata:
        if isinstance(limit, MinLen) and str in arms(field.annotation):
            limits.append(Words("不为空", "not empty"))
        elif isinstance(limit, MinLen):
            entries = "entry" if limit.min_length == 1 else "entries"
            limits.append(Words(f"至少 {limit.min_length} 项", f"at least {limit.min_length} {entries}"))
        elif isinstance(limit, (Ge, Gt, Le, Lt)):
            (bound,) = asdict(limit).values()
            text = f"{_SIGNS[type(limit)]} {bound}"
            limits.append(Words(text, text))
    return Words("，".join(words.zh for words in limits), ", ".join(words.en for words in limits))


def choices_of(annotation: object) -> tuple[str, ...]:
    """The values of a ``Literal``, also inside ``… | None`` or of which a list is made; empty when there is none."""
    choices: list[str] = []
    for arm in arms(annotation):
        if get_origin(arm) is Literal:
            choices += map(str, get_args(arm))
        elif get_origin(arm) is tuple:
            choices += choices_of(get_args(arm)[0])
    return tuple(choices)


def key_names(annotation: object) -> tuple[str, ...]:
    """The keys that a class, or a mapping with named keys, takes; empty when any key will do."""
    for arm in arms(annotation):
        if _is_class(arm):
            return tuple(arm.model_fields)
        if _is_mapping(arm):
            return choices_of(get_args(arm)[0])
    return ()


def at(keys: tuple[str | int, ...], root: type[BaseModel] = Settings) -> tuple[object, FieldInfo | None]:
    """The annotation at a key path of a plan, or of a file that ``root`` is the schema of, and the field it belongs to; twice ``None`` where the schema has none.

    Of several forms that a value may have, those are followed that have the next key, and the first that has all of them is told.
    """
    forms: list[tuple[object, FieldInfo | None]] = [(root, None)]
    for key in keys:
        forms = [below for annotation, field in forms for arm in arms(annotation) for below in _below(arm, field, key)]
        if not forms:
            return None, None
    return forms[0]


def _below(arm: Any, field: FieldInfo | None, key: str | int) -> Iterator[tuple[object, FieldInfo | None]]:
    if isinstance(key, str) and _is_class(arm):
        if key in arm.model_fields:
            yield arm.model_fields[key].annotation, arm.model_fields[key]
    elif _is_mapping(arm) if isinstance(key, str) else get_origin(arm) is tuple:
        yield _entry(arm), field
    elif arm is Any:  # a filter below ``any``
        yield arm, field


def keys_of(name: str) -> tuple[str, ...]:
    """The key path of a dotted key. A name of the user's own keeps its dots, ``sensitivity.steps.一期.电``; the last part may be
    a field below it: ``resources.一期.电.unit``."""
    parts = name.split(".")
    for size in range(1, len(parts)):
        mapping = next((arm for arm in arms(at(tuple(parts[:size]))[0]) if _is_mapping(arm)), None)
        if mapping is not None:
            end = len(parts) - (len(parts) - size > 1 and parts[-1] in key_names(_entry(mapping)))
            return (*parts[:size], ".".join(parts[size:end]), *parts[end:])
    return tuple(parts)


def takes_keys(annotation: object) -> bool:
    """Whether what stands there may be a mapping."""
    return any(arm is Any or _is_class(arm) or _is_mapping(arm) for arm in arms(annotation))


def arms(annotation: object) -> tuple[Any, ...]:
    """The members of a union, without ``None`` and without annotations; of anything else, itself."""
    bare = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if get_origin(bare) in (Union, UnionType):
        return tuple(arm for member in get_args(bare) for arm in arms(member))
    return () if bare is type(None) else (bare,)


def type_words(annotation: object) -> Words:
    """The type of a value as a plan's author sees it."""
    if get_origin(annotation) is Annotated:
        accepted = [mark.json_schema_input_type for mark in get_args(annotation) if isinstance(mark, BeforeValidator)]
        if accepted and accepted[0] is not PydanticUndefined:
            return type_words(accepted[0])
    members = arms(annotation)
    types = dict.fromkeys(_arm_words(arm) for arm in members if not (arm is int and float in members))
    return Words(" 或 ".join(words.zh for words in types), " or ".join(words.en for words in types))


def _arm_words(arm: Any) -> Words:
    if arm in _PLAIN_TYPES:
        return _PLAIN_TYPES[arm]
    if get_origin(arm) is Literal:
        return Words.listed(f"`{value}`" for value in get_args(arm))
    if get_origin(arm) in (tuple, list):
        inner = type_words(get_args(arm)[0])
        return Words(f"列表（{inner.zh}）", f"list ({inner.en})")
    if _is_mapping(arm):
        key, inner = type_words(get_args(arm)[0]), type_words(_entry(arm))
        return Words(f"映射（{key.zh}: {inner.zh}）", f"mapping ({key.en}: {inner.en})")
    return Words("映射", "mapping")


def _classes_in(annotation: object) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """The classes reached from an annotation, with the keys between."""
    for arm in arms(annotation):
        if _is_class(arm):
            yield (), arm
        elif _is_mapping(arm) or get_origin(arm) is tuple:
            here = ENTRY if _is_mapping(arm) else ITEM
            yield from (((here, *below), inner) for below, inner in _classes_in(_entry(arm)))


def _entry(arm: Any) -> Any:
    """What a mapping or a list is made of."""
    return get_args(arm)[1 if _is_mapping(arm) else 0]


def _is_class(arm: object) -> bool:
    return isinstance(arm, type) and issubclass(arm, BaseModel)


def _is_mapping(arm: object) -> bool:
    origin = get_origin(arm)
    return isinstance(origin, type) and issubclass(origin, Mapping)
