"""Settings as YAML that reads back equal: for the run folder, and for ``models/base.yaml``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from planner.language import Language, Words
from planner.settings.document import read_plain
from planner.settings.schema import Settings
from planner.settings.shape import Option, options, plain_data

_PLAIN = re.compile(r"(?:[0-9]+[G-WYZ\u4e00-\u9fff]|[^\W\d])[\w./-]*(?: [\w./-]+)*")
_OTHERS_READ = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Texts that YAML 1.1, which other tools still follow, takes for truth values."""
_INVISIBLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_RESOLVED = Words(
    "本次运行的全部设置：命令行 > 计划 > 模型 > 默认值。路径相对于本文件：planner run 此文件即可重做。",
    "Every setting of this run: command line > plan > model > default. Paths are relative to this file: planner run it again.",
)


def resolved_yaml(settings: Settings, language: Language) -> str:
    """All settings, defaults too, as annotated YAML that loads again to equal settings."""
    return annotated_yaml(settings, [_RESOLVED.say(language)], lambda option: [comment(option, language)])


def annotated_yaml(settings: Settings, head: Sequence[str], notes: Callable[[Option], Sequence[str]]) -> str:
    """All settings as YAML under the comment lines ``head``; the ``notes`` on an option stand above its key."""
    comments = {option.keys: notes(option) for option in options()}
    lines = [f"# {line}".rstrip() for line in head]
    return "\n".join([*lines, *_yaml_lines(plain_data(settings), comments)]) + "\n"


def comment(option: Option, language: Language) -> str:
    """One line on an option: meaning, unit, range, and the values to choose from."""
    meaning = option.meaning.say(language)
    unsaid = option.choices if not all(choice in meaning for choice in option.choices) else ()
    hints = [option.unit.say(language), option.limits.say(language), " | ".join(unsaid)]
    opening, stop, closing = ("（", "；", "）") if language == "zh" else (" [", "; ", "]")
    hinted = stop.join(hint for hint in hints if hint)
    return meaning + (f"{opening}{hinted}{closing}" if hinted else "")


def _yaml_lines(
    data: dict[str, Any], comments: Mapping[tuple[str, ...], Sequence[str]], keys: tuple[str, ...] = ()
) -> Iterator[str]:
    """A mapping in block style, with the comments on each key above it, at its depth."""
    indent = "  " * len(keys)
    for key, value in data.items():
        way = (*keys, key)
        if not keys:
            yield ""
        yield from (f"{indent}# {line}" for line in comments.get(way, ()))
        head = f"{indent}{scalar(key)}:"
        if isinstance(value, dict) and value:
            yield head
            yield from _yaml_lines(value, comments, way)
        elif isinstance(value, list) and any(isinstance(entry, (dict, list)) for entry in value):
            yield head
            yield from (f"{indent}  - {flow(entry)}" for entry in value)
        else:
            yield f"{head} {flow(value)}"


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    return scalar(value)


def scalar(value: str | bool | int | float | None) -> str:
    """A scalar that reads back as itself: text is quoted unless it can be taken for nothing but text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if _PLAIN.fullmatch(value) and isinstance(read_plain(value), str) and value.lower() not in _OTHERS_READ:
        return value
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
