"""One YAML file as data with the place of every key and value, and **all** of its problems (R1, R2).

A YAML constructor stops at the first duplicate key, makes 111 of ``0111`` and forgets where things stood. So the node
graph, which the parser composes without judging, is walked here instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from planner.language import Words
from planner.problems import InputError, Place, Problem
from planner.settings.codes import CODES, problem
from planner.settings.syntax import COLON, colon_slip, syntax_problem

Keys = tuple[str | int, ...]
"""The way to a value: ``("rules", 0, "where")``."""

DEEPEST, MOST = 60, 120_000
"""Levels of nesting and number of values (an alias counts as what it stands for) from which a file is no plan."""
LARGEST_FILE = 20_000_000
"""Bytes from which a file is no plan."""

UNREADABLE = "S107"
"""The code of a value that YAML allows and a plan does not: tags, aliases to themselves, keys that are no text."""

NOT_KNOWN = frozenset({UNREADABLE, "S122"})
"""The codes that leave open what a key's value is."""
TWICE = "S106"
"""The code of a key that is written twice: of two values neither is known to be meant."""

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"(?=.*[.eE])[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_HALF = re.compile("[\ud800-\udfff]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TAG = "tag:yaml.org,2002:"
_UNQUOTED = frozenset(_TAG + name for name in ("int", "float", "bool", "null", "timestamp", "value"))
"""Tags that a parser may find in an unquoted scalar; :func:`read_plain` judges anew."""


class _Written:
    """A number that remembers how it was written, for where the schema wants text."""

    text: str

    def __str__(self) -> str:
        return self.text


class _WrittenInt(_Written, int): ...


class _WrittenFloat(_Written, float): ...


def read_plain(text: str) -> object:
    """What an unquoted scalar means, by the core of YAML 1.2 less what bureaus' tables would suffer from.

    ``0111`` is a code and stays text, as do ``yes``, ``0x1F``, ``1_000``, dates, and digits too many for a number.
    """
    if text in _NULLS:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    number: _WrittenInt | _WrittenFloat
    if _WHOLE.fullmatch(text):
        number = _WrittenInt(text)
    elif _DECIMAL.fullmatch(text) or _ENDLESS.fullmatch(text):
        number = _WrittenFloat(re.sub(r"\.(?=[a-z])", "", text.lower()))
    else:
        return text
    number.text = text
    return number


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a key and its value stand, and the value as written (empty for a mapping or a list)."""

    key: Place
    value: Place
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: plain data, a spot for every key path, and what is wrong on the YAML level."""

    data: Mapping[str, object]
    spots: Mapping[Keys, Spot]
    problems: tuple[Problem, ...] = ()


def read_document(path: Path, shown: str) -> Document:
    """The file at ``path``, which messages call ``shown``. What cannot be read at all comes back as empty data."""
    text = ""
    try:
        text = _text(path, shown)
        return _read(text, shown)
    except InputError as error:
        return Document({}, {}, error.problems)
    except (MarkedYAMLError, ReaderError) as error:
        return Document({}, {}, (syntax_problem(error, text, shown),))
    except _ExcessError as error:
        place = _at(error.mark, shown)
        if error.deep:
            return Document({}, {}, (problem("S120", place, "", most=DEEPEST),))
        rule = Words(
            f"文件所含的值超过 {MOST:,} 个（别名按所指内容计）",
            f"the file holds more than {MOST:,} values, each alias counted as what it stands for",
        )
        remedy = Words("删去重复的别名（*）；数据放入表中", "remove repeated aliases (*); put data into tables")
        return Document({}, {}, (problem("S121", place, "", rule=rule, remedy=remedy),))


class _ExcessError(Exception):
    """The file nests deeper, or holds more, than any plan does; raised at the ``mark`` of the first value too many."""

    def __init__(self, mark: Any, deep: bool) -> None:
        self.mark, self.deep = mark, deep


class _Composer(Composer):
    """Composes nodes while there are not too many of them, nor too many in each other."""

    nodes = levels = 0
    second: ComposerError | None = None
    """Where a second document begins, which is told; the first one is read."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.sizes: dict[int, int] = {}

    def get_single_node(self) -> Any:
        node = self.get_node() if self.check_node() else None
        if self.check_node():
            self.second = ComposerError("expected a single document", None, "", self.parser.peek_event().start_mark)
        return node

    def compose_node(self, parent: Any, index: Any) -> Any:
        event, before = self.parser.peek_event(), self.nodes
        self.nodes, self.levels = self.nodes + 1, self.levels + 1
        if self.levels <= DEEPEST and self.nodes <= MOST:
            node = super().compose_node(parent, index)
            if isinstance(event, AliasEvent):
                self.nodes += self.sizes.get(id(node), 0)
            elif event.anchor is not None:
                self.sizes[id(node)] = self.nodes - before
        if self.levels > DEEPEST or self.nodes > MOST:
            raise _ExcessError(event.start_mark, self.levels > DEEPEST)
        self.levels -= 1
        return node


@lru_cache(maxsize=16)
def _read(text: str, shown: str) -> Document:
    """The document of a text that can be parsed; raises what :func:`read_document` catches. The last few are kept: a question
    opens the same plan, and every plan the same model, again and again; nobody changes what a document holds."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer = _Composer
    root, top = yaml.compose(text), Place(shown, line=1, column=1)
    if root is None or (isinstance(root, ScalarNode) and root.value in _NULLS):
        raise CODES.refusal("S104", top, "")
    if not isinstance(root, MappingNode):
        found = root.value if isinstance(root, ScalarNode) else ""
        remedy = COLON if colon_slip(found) else Words("每行写成“键: 值”", "write each line as `key: value`")
        raise CODES.refusal("S105", _at(root.start_mark, shown), "", found, remedy=remedy)
    walk = _Walk(shown)
    if (second := yaml.composer.second) is not None:
        walk.problems.append(syntax_problem(second, text, shown))
    walk.spots[()] = Spot(top, top, "")
    data = walk.mapping(root, (), ())
    return Document(data, walk.spots, tuple({(p.code, p.place): p for p in reversed(walk.problems)}.values())[::-1])


def _text(path: Path, shown: str) -> str:
    """The file's text; InputError when it cannot be read, or is no text."""

    def refusal(rule: Words, remedy: Words, code: str = "S101") -> InputError:
        return CODES.refusal(code, Place(shown), "", rule=rule, remedy=remedy)

    try:
        if path.is_dir():
            inside = Words("请给出其中的 YAML 文件，如 plan.yaml", "name the YAML file in it, such as plan.yaml")
            raise refusal(Words("是文件夹，不是文件", "is a folder, not a file"), inside)
        if path.stat().st_size > LARGEST_FILE:
            large = Words(f"文件超过 {LARGEST_FILE:,} 字节", f"the file has more than {LARGEST_FILE:,} bytes")
            raise refusal(large, Words("数据放入表中", "put data into tables"), "S121")
        content = path.read_bytes()
    except FileNotFoundError:
        absent = Words("没有这个文件", "there is no such file")
        raise refusal(absent, Words("检查路径与文件名", "check the path and the name")) from None
    except OSError:
        access = Words("检查权限，或关闭占用它的程序", "check permissions, or close the program that holds it")
        raise refusal(Words("文件无法读取", "the file cannot be read"), access) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CODES.refusal("S102", Place(shown, line=line), "", _encoding(content)) from None


def _encoding(content: bytes) -> str:
    """The encoding that text other than UTF-8 seems to be in; empty when none fits."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GB18030 (GBK)"


def _at(mark: Any, shown: str) -> Place:
    return Place(shown, line=mark.line + 1, column=mark.column + 1)


@dataclass
class _Walk:
    """One walk over a node graph, gathering spots and problems."""

    shown: str
    spots: dict[Keys, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: Node, keys: Keys, above: tuple[Node, ...]) -> object:
        """The data of one node; ``above`` are the collections it stands in."""
        if any(node is other for other in above):
            self._refuse(node, keys, Words("别名引用了自身", "the alias refers to itself"))
            return None
        if len(above) > DEEPEST:  # by aliases of aliases
            raise _ExcessError(node.start_mark, deep=True)
        if isinstance(node, ScalarNode) and self._is_half(node, keys):
            return ""
        tag = str(node.tag)
        if isinstance(node, MappingNode) and tag == _TAG + "map":
            return self.mapping(node, keys, above)
        if isinstance(node, SequenceNode) and tag == _TAG + "seq":
            return self.entries(node, keys, above)
        if isinstance(node, ScalarNode) and tag == _TAG + "str":
            return str(node.value)
        if isinstance(node, ScalarNode) and tag in _UNQUOTED and node.style is None:
            return read_plain(node.value)
        self._refuse(node, keys, Words("不支持 YAML 标签（! 开头）", "YAML tags, written with !, are not supported"))
        return None

    def entries(self, node: SequenceNode, keys: Keys, above: tuple[Node, ...], first: int = 0) -> list[object]:
        """The entries of a list, the positions of which count from ``first``."""
        entries = []
        for position, entry in enumerate(node.value, first):
            way, place = (*keys, position), _at(entry.start_mark, self.shown)
            self.spots[way] = Spot(place, place, _written(entry))
            entries.append(self.value(entry, way, (*above, node)))
        return entries

    def mapping(self, node: MappingNode, keys: Keys, above: tuple[Node, ...]) -> dict[str, object]:
        """A mapping. Of a key written twice, mappings and lists are joined and else the first stays, so that all is checked."""
        inside = (*above, node)
        data = self._merged([value for key, value in node.value if str(key.tag) == _TAG + "merge"], keys, inside)
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if str(key_node.tag) == _TAG + "merge":
                continue
            place = _at(key_node.start_mark, self.shown)
            if not isinstance(key_node, ScalarNode) or key_node.value == "":
                self._refuse(key_node, keys, Words("键须为文字", "a key must be text"))
                continue
            if self._is_half(key_node, keys):
                continue
            name = str(key_node.value)
            way, before = (*keys, name), data.get(name)
            if name in lines:
                self.problems.append(problem(TWICE, place, dotted(way), line=lines[name]))
                if isinstance(value_node, MappingNode) and isinstance(before, dict):
                    known = dict(self.spots)
                    data[name] = {**self.mapping(value_node, way, inside), **before}
                    self.spots |= known
                elif isinstance(value_node, SequenceNode) and isinstance(before, list):
                    before += self.entries(value_node, way, inside, len(before))
                continue
            lines[name] = key_node.start_mark.line + 1
            scalar = isinstance(value_node, ScalarNode) and value_node.value != ""
            value_place = _at(value_node.start_mark, self.shown) if scalar else place
            self.spots[way] = Spot(place, value_place, _written(value_node))
            data[name] = self.value(value_node, way, inside)
        return data

    def _merged(self, nodes: list[Node], keys: Keys, above: tuple[Node, ...]) -> dict[str, object]:
        """What ``<<: *anchor`` brings in; the mapping's own keys replace it."""
        targets = [target for node in nodes for target in (node.value if isinstance(node, SequenceNode) else [node])]
        data: dict[str, object] = {}
        for target in reversed(targets):
            if isinstance(target, MappingNode) and not any(target is other for other in above):
                data |= self.mapping(target, keys, above)
            else:
                self._refuse(target, keys, Words("<< 只能引入另一个映射", "<< takes another mapping"))
        return data

    def _is_half(self, node: ScalarNode, keys: Keys) -> bool:
        """Whether a text holds half a character; a problem then."""
        half = _HALF.search(str(node.value)) is not None
        if half:
            self._refuse(node, keys, code="S122")
        return half

    def _refuse(self, node: Node, keys: Keys, rule: Words | str = "", code: str = UNREADABLE) -> None:
        self.problems.append(problem(code, _at(node.start_mark, self.shown), dotted(keys), _written(node), rule=rule))


def _written(node: Node) -> str:
    """A scalar as it stands, cut to one line; empty for a mapping or a list."""
    if not isinstance(node, ScalarNode):
        return ""
    line = str(node.value).split("\n", 1)[0]
    return line if len(line) <= 60 else line[:59] + "…"


def dotted(keys: Keys) -> str:
    """Keys as messages write them: ``rules[0].where.county``."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
