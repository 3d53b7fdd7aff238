"""What a YAML parser says about broken syntax, in words for somebody who does not know YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from planner.language import Words
from planner.problems import Place, Problem
from planner.settings.codes import problem

COLON = Words("键后用半角冒号并空一格，如 name: 示例市", "write a half-width colon and a space after the key, as in name: value")
"""The remedy for ``name：value`` and ``name:value``, which YAML takes for one text."""

_SLIP = re.compile(r"""\s*(?:-\s+)?[^\s:：#'"\[\]{},]+(?:(：)|(:)(?=[^\s/\\]))""")

_SYNTAX: Mapping[str, tuple[Words, Words]] = {
    "'\\t'": (
        Words("缩进用了制表符（Tab）", "a tab character is used for indentation"),
        Words("缩进只用空格", "indent with spaces only"),
    ),
    "cannot start any token": (
        Words("文字不能以这个符号开头", "text cannot begin with this character"),
        Words("给整段文字加引号", "put the text in quotes"),
    ),
    "mapping values are not allowed": (
        Words(
            "此处不应有冒号：缩进不齐，或文字中的冒号未加引号", "no colon may stand here: wrong indentation, or a text with a colon"
        ),
        Words("与上一行对齐，或给整段文字加引号", "align with the line above, or put the text in quotes"),
    ),
    "sequence entries are not allowed": (
        Words("列表的“-”不能写在键的同一行", "a list's `-` cannot stand on the line of its key"),
        Words("另起一行并缩进", "begin a new line and indent it"),
    ),
    "undefined alias": (
        Words("别名（*）没有对应的锚（&）", "the alias (*) has no anchor (&)"),
        Words("先用 & 定义，或给文字加引号", "define it with & first, or put the text in quotes"),
    ),
    "single document": (
        Words("一个文件只能有一份文档（多了一行 ---）", "a file holds one document; there is a second ---"),
        Words("删去多余的 ---", "remove the second ---"),
    ),
    "escape": (
        Words("双引号内的反斜杠 \\ 是转义符", "a backslash in double quotes is an escape"),
        Words("改用单引号，路径用 / 分隔", "use single quotes, and / in paths"),
    ),
    "quoted scalar": (Words("引号没有配对", "the quotation mark is not closed"), Words("补上右引号", "close it")),
    "flow": (
        Words("方括号或花括号没有配对，或缺少逗号", "a bracket or brace is not closed, or a comma is missing"),
        Words("检查括号与逗号，用半角符号", "check brackets and commas; use half-width characters"),
    ),
    "block end": (
        Words("缩进不齐，或列表与键混在同一层", "the indentation is uneven, or list entries and keys are mixed on one level"),
        Words("同一层的行左端对齐", "align the lines of one level"),
    ),
    "": (
        Words("YAML 写法有误", "this is not valid YAML"),
        Words("检查缩进、冒号、引号与括号", "check indentation, colons, quotes and brackets"),
    ),
}
"""What the parser says → what is wrong, what to do; the first that fits."""


def colon_slip(line: str) -> int | None:
    """The column, from 0, of a full-width colon, or of one without its space, after a line's first word."""
    match = _SLIP.match(line)
    return None if match is None else max(match.start(1), match.start(2))


def syntax_problem(error: MarkedYAMLError | ReaderError, text: str, shown: str) -> Problem:
    """The one thing that stopped the parser; it cannot look beyond."""
    if isinstance(error, ReaderError):
        return _unprintable(error, text, shown)
    said = f"{error.context or ''} {error.problem or ''}"
    line, column = _blamed(error, said)
    lines = text.splitlines()
    for near in (line, line - 1):
        slip = colon_slip(lines[near]) if 0 <= near < len(lines) else None
        if slip is not None:
            place = Place(shown, line=near + 1, column=slip + 1)
            rule = Words("冒号是全角的，或冒号后没有空格", "the colon is full-width, or has no space after it")
            return problem("S103", place, "", lines[near].strip(), rule=rule, remedy=COLON)
    rule, remedy = next(words for phrase, words in _SYNTAX.items() if phrase in said)
    found = lines[line].strip() if line < len(lines) else ""
    return problem("S103", Place(shown, line=line + 1, column=column + 1), "", found, rule=rule, remedy=remedy)


def _blamed(error: MarkedYAMLError, said: str) -> tuple[int, int]:
    """Line and column, from 0: of an opening quote or bracket that its line does not close, else of the stop."""
    opening, stop = error.context_mark, error.problem_mark
    unclosed = "quoted scalar" in said and "escape" not in said
    unclosed |= "flow" in said and opening is not None and stop is not None and stop.line > opening.line
    mark = (opening or stop) if unclosed else (stop or opening)
    return (0, 0) if mark is None else (mark.line, mark.column)


def _unprintable(error: ReaderError, text: str, shown: str) -> Problem:
    character = chr(error.character) if isinstance(error.character, int) else error.character
    before = text.partition(character)[0] if character in text else ""
    place = Place(shown, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    rule = Words("文件中有不可见的控制字符", "the file holds an invisible control character")
    remedy = Words("删去它（常随复制粘贴带入）", "delete it; it often comes with copy and paste")
    return problem("S103", place, "", f"U+{ord(character):04X}", rule=rule, remedy=remedy)
