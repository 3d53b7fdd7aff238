"""Every code that a message can carry is declared once, is raised somewhere, and is given all that its words ask for."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import planner
from planner.generated import CODES
from planner.language import Words

SOURCE = [path for path in Path(planner.__file__).parent.rglob("*.py") if "_content" not in path.parts]
DECLARING = [path for path in SOURCE if path.name == "codes.py"]
CODE = re.compile(r"[BCDEFGHIJLMPRSTV]\d{3}")


def test_each_code_is_declared_exactly_once() -> None:
    lines = [line for path in DECLARING for line in path.read_text(encoding="utf-8").splitlines()]
    declared = Counter(line[:4] for line in lines if CODE.fullmatch(line[:4]))
    assert [code for code, times in declared.items() if times > 1] == []
    assert set(declared) == set(CODES)


def test_each_code_that_is_declared_is_raised_and_no_other() -> None:
    raised = {
        node.value
        for path in SOURCE
        if path not in DECLARING
        for node in _nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    assert raised == set(CODES)


def test_each_message_is_given_what_its_words_ask_for() -> None:
    lacking = [
        f"{path.name}:{line}: {code} without {sorted(missing)}"
        for path in SOURCE
        for line, code, given in _calls(path)
        if (missing := _asked(CODES[code].rule) | _asked(CODES[code].remedy)) - given - {""}
    ]
    assert lacking == []


def _nodes(path: Path) -> Iterator[ast.AST]:
    """What a file is made of; of one in which no code stands anywhere, nothing."""
    text = path.read_text(encoding="utf-8")
    return ast.walk(ast.parse(text)) if CODE.search(text) else iter(())


def _calls(path: Path) -> Iterator[tuple[int, str, set[str]]]:
    """Line, code and names of the values of each call that has a code among its first two arguments and spells all its values out."""
    for node in _nodes(path):
        if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
        if (
            name in {"problem", "add", "at", "rows", "report", "refusal", "refused", "_refused"}
            and first
            and CODE.fullmatch(str(first[0]))
        ):
            yield node.lineno, str(first[0]), {str(keyword.arg) for keyword in node.keywords}


def _asked(words: Words) -> set[str]:
    return {name for text in (words.zh, words.en) for _, name, _, _ in Formatter().parse(text) if name is not None}
