"""A list of parts taken apart: how many of each part one product needs, and what they cost, over all levels, in exact arithmetic.

A list says what goes into what by the name or number of the assembly above (上级), or by levels (层级: 1, 2, 2, 3 … or 1.2.1), or not
at all. A quantity is how many go into one of what is above. Nothing is taken for 1, or for 0, that the list does not say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from planner.intake.codes import problem
from planner.language import Words
from planner.problems import InputError, Place, Problem, errors, nearest
from planner.reading.amounts import says_nothing
from planner.reading.readers import read_grid
from planner.reading.source import read_source
from planner.reading.table import Table
from planner.settings.sources import TableSource
from planner.spelling import fold_name, half_width
from planner.tables.codes import nearest_words
from planner.tables.column import Column, Kind, TableSpec
from planner.tables.units import fold_unit, known_unit, parse_header, scale

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?").fullmatch
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch
MONEY = "元"
FIGURES = frozenset({"quantity", "price", "value"})


def _column(name: str, headers: str, kind: Kind = "text") -> Column:
    zh, en, *aliases = headers.split("|")
    return Column(name=name, kind=kind, zh=zh, en=en, aliases=tuple(aliases))


SPEC = TableSpec(
    name="parts",
    zh="零部件清单",
    en="list of parts",
    key=("part",),
    aliases=("bom", "物料清单", "产品结构", "零部件"),
    columns=(
        _column(
            "part",
            "零部件|part|部件|零件|零部件名称|部件名称|零件名称|物料名称|物料|名称|品名|组件|子件|子件名称|name|component|item|description",
        ),
        _column(
            "part_id", "零部件编号|part number|部件编号|物料编码|物料编号|料号|子件编码|编号|part no|item no|item number|code", "id"
        ),
        _column("quantity", "数量|quantity|用量|单机用量|单台用量|单位用量|单耗|qty|usage"),
        _column("unit", "单位|unit|计量单位|uom"),
        _column("price", "单价|unit price|价格|price"),
        _column("value", "金额|value|价值|价值量|成本|总价|cost|amount"),
        _column("parent", "上级|parent|上级部件|上级编号|父件|父项|父件名称|父件编码|父级|所属部件|所属总成|assembly"),
        _column("level", "层级|level|层次|阶次|阶层|bom层级|级别"),
        _column("link_id", "环节编号|link id|环节|所属环节|link", "id"),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list. Numbers are exact; None where the cell is blank. Money is in 元."""

    name: str
    number: str
    quantity: Fraction | None
    unit: str
    price: Fraction | None
    value: Fraction | None
    link_id: str
    place: Place
    assumed: bool
    """A figure of the row bears ``*``."""
    node: str = ""
    """Rows of one node are the same thing in the product: the part, or in a list by levels the row."""
    above: str = ""
    """The node that it goes into; blank for the product itself."""

    @property
    def key(self) -> str:
        """What makes two rows the same part."""
        return self.number or fold_name(self.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A part over the whole list: how many go into ``count`` products, and what they cost together (None: not said)."""

    key: str
    name: str
    number: str
    quantity: Fraction | None
    unit: str
    value: Fraction | None
    link_id: str
    rows: tuple[int, ...]
    inside: frozenset[str]
    """Keys of all assemblies that it goes into."""
    assembly: bool
    product: bool
    """What is made of the list as a whole: nothing has to be found for it."""
    assumed: bool


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a list by key, in the order of their first rows; the rows; and what was doubtful."""

    parts: Mapping[str, Part]
    places: tuple[Place, ...]
    warnings: tuple[Problem, ...]


def read_parts(path: Path, count: int = 1) -> Parts:
    """A list of parts exploded, for ``count`` products.

    Raises:
        planner.problems.InputError: with every fault of the list: cells that are no number, money without a unit, blanks where a
            number is needed, an assembly that there is not or is two, parts that go into themselves, levels that skip one.
    """
    source = TableSource.model_construct(file=path.name)
    grid, problems = read_grid(path.parent, source, SPEC)
    table = None
    if grid is not None:
        table, faults = read_source(grid, SPEC, source)
        problems += faults
    if table is None or errors(problems):
        raise InputError(problems)
    lines, faults = _lines(table)
    problems += faults
    if not errors(problems):
        lines, faults = _placed(table, lines)
        problems += faults
    if not errors(problems):
        problems += _checked(lines)
    if errors(problems):
        raise InputError(problems)
    return Parts(_exploded(lines, Fraction(count)), tuple(line.place for line in lines), tuple(problems))


def _lines(table: Table) -> tuple[list[Line], list[Problem]]:
    """Every row with its own figures; ``above`` is not known yet."""
    problems: list[Problem] = []
    factors: dict[str, Fraction] = {}
    per: dict[str, str] = {}
    for name in ("price", "value"):
        if name in table.frame:
            factors[name], per[name], fault = _money(table, name)
            problems += [] if fault is None else [fault]
    stated = parse_header(table.headers["quantity"]).unit or "" if "quantity" in table.frame else ""

    def cell(row: int, name: str) -> str:
        return _said(table, row, name)

    def number(row: int, name: str, allowed: Callable[[Fraction], bool]) -> Fraction | None:
        text = cell(row, name)
        if not text or (row, name) in table.refused:
            return None
        found = exact(text)
        if found is None or not allowed(found):
            problems.append(problem("I170", table.place(row, name), table.headers[name], text))
            return None
        return found * factors.get(name, Fraction(1))

    lines = []
    for row in range(len(table)):
        if not cell(row, "part") and not cell(row, "part_id"):
            problems.append(problem("I171", table.place(row, "part"), table.headers.get("part", "part")))
        quantity = number(row, "quantity", lambda value: value > 0)
        price, value = (number(row, name, lambda value: value >= 0) for name in ("price", "value"))
        marked = any((row, name) in table.assumed_cells or name in table.assumed for name in ("quantity", "price", "value"))
        name, unit = cell(row, "part") or cell(row, "part_id"), cell(row, "unit") or stated
        place = table.place(row, "part")
        if price is not None and per["price"] and fold_unit(unit) != per["price"]:
            rule = _OTHER_UNIT.fill(per=per["price"], unit=unit or "∅")
            problems.append(problem("I172", table.place(row, "price"), table.headers["price"], rule=rule))
        lines.append(Line(name, cell(row, "part_id"), quantity, unit, price, value, cell(row, "link_id"), place, marked))
    return lines, problems


def _said(table: Table, row: int, name: str) -> str:
    """A cell as text; blank where the list has no such column, or a sign for nothing stands there (—, 无)."""
    text = str(table.frame[name][row]) if name in table.frame else ""
    return "" if name not in FIGURES and says_nothing(text) else text


def exact(text: str) -> Fraction | None:
    """A number as it is written, exactly; None for anything else."""
    plain = half_width(text).replace("−", "-").strip()
    plain = plain.replace(",", "") if GROUPED(plain) else plain
    return Fraction(plain) if NUMBER(plain) else None


def _money(table: Table, name: str) -> tuple[Fraction, str, Problem | None]:
    """How many 元 one of the column's unit is, and for how much a price is (元/kg: ``kg``). A header that names no money is refused:
    元 and 万元 are both usual."""
    unit = parse_header(table.headers[name]).unit or ""
    money, _, per = fold_unit(unit).replace("每", "/").partition("/")
    found = known_unit(money)
    if found is not None and found.kind == "money" and not (per and name == "value"):
        return scale(money, MONEY), per, None
    return Fraction(1), "", problem("I172", table.place(None, name), table.headers[name], unit, rule=_NO_MONEY)


_NO_MONEY = Words(
    "表头须写明金额的单位：元与万元都常见，不作猜测",
    "the header has to say the unit: 元 and 万元 are both usual, nothing is guessed",
)
_OTHER_UNIT = Words("单价按“{per}”计，数量按“{unit}”计", "the price is for one {per}, the quantity is in {unit}")


def _placed(table: Table, lines: Sequence[Line]) -> tuple[list[Line], list[Problem]]:
    """The rows with what they are in the product and what is above each: by levels where the list has them."""
    if "level" in table.frame and (table.frame["level"] != "").any():
        return _by_level(table, lines)
    above = [_said(table, row, "parent") for row in range(len(lines))]
    known: dict[str, dict[str, Place]] = defaultdict(dict)
    for line in lines:
        for name in {fold_name(line.number), fold_name(line.name)} - {""}:
            known[name].setdefault(line.key, line.place)
    unknown = {fold_name(name): name for name in above if name and fold_name(name) not in known}
    product = next(iter(unknown)) if len(unknown) == 1 and all(above) else None  # what everything goes into needs no row of its own
    placed, problems = [], []
    for row, (line, wanted) in enumerate(zip(lines, above, strict=True)):
        meant = known.get(fold_name(wanted), {}) if wanted else {}
        place = table.place(row, "parent") if "parent" in table.frame else line.place
        if len(meant) > 1:
            problems.append(problem("I173", place, line.name, wanted, both=Words.listed(meant.values())))
        elif wanted and not meant and fold_name(wanted) != product:
            near = nearest_words(nearest(wanted, [own.name for own in lines]), _ENTER)
            problems.append(problem("I174", place, line.name, wanted, nearest=near))
        placed.append(replace(line, node=line.key, above=next(iter(meant), "")))
    return placed, problems


_ENTER = Words(
    "为它补一行；它若就是产品，最上层各行的上级都写它", "give it a row; if it is the product, name it above every row of the top"
)


def _by_level(table: Table, lines: Sequence[Line]) -> tuple[list[Line], list[Problem]]:
    """By the row before that is one level up. Levels are whole numbers, dots before a number, or an outline (1.2.1)."""
    levels = [str(level).strip().rstrip(".") for level in table.frame["level"]]
    outline = any(re.fullmatch(r"\d+(?:[.\-]\d+)+", level) for level in levels)
    form = re.compile(r"\d+(?:[.\-]\d+)*" if outline else r"[.·+\- ]*\d\d?")
    placed, problems, path = list(lines), list[Problem](), list[int]()
    first = None
    for row, (line, level) in enumerate(zip(lines, levels, strict=True)):
        numbers = re.findall(r"\d+", level) if form.fullmatch(level) else []
        depth = len(numbers) if outline else int(numbers[0]) if numbers else 0
        first = depth if first is None and numbers else first
        if not numbers or first is None or not first <= depth <= first + len(path):
            problems.append(problem("I175", table.place(row, "level"), line.name, level or "∅"))
            continue
        del path[depth - first :]
        over = lines[path[-1]] if path else None
        named = _said(table, row, "parent")
        if named and over is not None and fold_name(named) not in {fold_name(over.name), fold_name(over.number)}:
            problems.append(problem("I176", table.place(row, "parent"), line.name, named, above=over.name))
        placed[row] = replace(line, node=f"{row}", above=f"{path[-1]}" if path else "")
        path.append(row)
    return placed, problems


def _products(lines: Sequence[Line]) -> frozenset[str]:
    """Nodes that are what is made: the only one at the top, or one there that has parts and no quantity."""
    tops = {line.node for line in lines if not line.above}
    full = {line.above for line in lines}
    alone = tops & full if len(tops) == 1 else set()
    return frozenset(alone | {line.node for line in lines if not line.above and line.node in full and line.quantity is None})


def _checked(lines: Sequence[Line]) -> list[Problem]:
    """Blanks where a number is needed, figures that contradict each other, parts told in two ways, parts that go into themselves."""
    problems: list[Problem] = []
    products, full = _products(lines), {line.above for line in lines}
    whole = {line.key for line in lines if line.node in full}
    told: dict[str, Line] = {}
    seen: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line.quantity is None and line.node not in products and (line.node in full or line.value is None):
            problems.append(problem("I177", line.place, line.name))
        priced = None if line.quantity is None or line.price is None else line.quantity * line.price
        if priced is not None and line.value is not None and abs(priced - line.value) > max(Fraction(1, 100), priced / 200):
            product, said = f"{float(priced):g}", f"{float(line.value):g}"
            problems.append(problem("I178", line.place, line.name, said, product=product))
        if fold_unit((other := told.setdefault(line.key, line)).unit) != fold_unit(line.unit):
            problems.append(problem("I169", line.place, line.name, line.unit or "∅", what=_TWO_UNITS, other=other.place))
        if other.link_id and line.link_id and other.link_id != line.link_id:
            problems.append(problem("I169", line.place, line.name, line.link_id, what=_TWO_LINKS, other=other.place))
        if fold_name(other.name) != fold_name(line.name):
            problems.append(problem("I169", line.place, line.name, line.number, what=_TWO_NAMES, other=other.place))
        if (other := seen.setdefault((line.above, line.key), line)) is not line:
            problems.append(problem("I169", line.place, line.name, what=_TWICE, other=other.place))
        if line.key in whole and line.node not in full:
            other = next(own for own in lines if own.key == line.key and own.node in full)
            problems.append(problem("I169", line.place, line.name, what=_NOT_WHOLE, other=other.place))
    try:
        _order(lines)
    except CycleError as circle:
        ring = [next(line for line in lines if line.node == node) for node in circle.args[1][:0:-1]]
        first = min(range(len(ring)), key=lambda at: lines.index(ring[at]))
        names = [line.name for line in (*ring[first:], *ring[: first + 1])]
        problems.append(problem("I168", ring[first].place, names[0], " → ".join(names)))
    return problems


_TWO_UNITS = Words("两行的单位不同", "the two rows have different units")
_TWO_LINKS = Words("两行的环节不同", "the two rows have different links")
_TWO_NAMES = Words("编号相同而名称不同", "the number is the same and the name is not")
_TWICE = Words("同一上级下出现两次", "it goes into the same assembly twice")
_NOT_WHOLE = Words("一处有下级，另一处没有", "its parts stand in one place and not in the other")


def _order(lines: Sequence[Line]) -> list[str]:
    """Nodes, each after those it goes into."""
    into: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        into[line.node] |= {line.above} - {""}
    return list(TopologicalSorter(into).static_order())


def _exploded(lines: Sequence[Line], count: Fraction) -> dict[str, Part]:
    """Each part over the whole list."""
    of_node: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_node[line.node].append(line)
    products, full = _products(lines), {line.above for line in lines}
    needed: dict[str, Fraction | None] = {"": count}
    inside: dict[str, frozenset[str]] = {"": frozenset()}
    for node in _order(lines):
        rows = of_node[node]
        each = [_times(needed[line.above], line.quantity or (Fraction(1) if node in products else None)) for line in rows]
        needed[node] = _sum(each)
        inside[node] = frozenset().union(*(inside[line.above] | {of_node[line.above][0].key} for line in rows if line.above))
    parts: dict[str, Part] = {}
    for row, line in enumerate(lines):
        times = needed[line.above]
        quantity = _times(times, line.quantity or (Fraction(1) if line.node in products else None))
        value = _times(times, line.value if line.value is not None else _times(line.quantity, line.price))
        own = Part(
            line.key,
            line.name,
            line.number,
            quantity,
            line.unit,
            value,
            line.link_id,
            (row,),
            inside[line.node],
            line.node in full,
            line.node in products,
            line.assumed,
        )
        parts[line.key] = own if line.key not in parts else _joined(parts[line.key], own)
    return parts


def _joined(one: Part, other: Part) -> Part:
    """A part that stands in several places."""
    return replace(
        one,
        quantity=_sum([one.quantity, other.quantity]),
        value=_sum([one.value, other.value]),
        link_id=one.link_id or other.link_id,
        rows=(*one.rows, *other.rows),
        inside=one.inside | other.inside,
        assembly=one.assembly or other.assembly,
        assumed=one.assumed or other.assumed,
    )


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    """The sum; None where one of them is not known."""
    return None if None in values else sum((value for value in values if value is not None), Fraction(0))
