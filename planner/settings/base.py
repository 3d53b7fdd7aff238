"""What every settings class is made of: the common base, the note on a field, checked values, a bilingual refusal."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, wraps
from itertools import pairwise
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    Strict,
    model_validator,
)

from planner.language import Words
from planner.spelling import half_width

Whole = Annotated[int, Strict()]
"""A whole number: neither ``true`` nor ``"4"`` nor ``4.0`` passes for one."""
LARGEST, LEAST = 1e12, 1e-12
"""Sizes between which a number that is not 0 makes sense: beyond them the arithmetic of every solver breaks down."""
LONGEST_NAME, LONGEST_PATH = 255, 1000
"""Bytes of one name, and of a path, that every file system takes."""


class RefusedError(ValueError):
    """A value that its type allows and its meaning does not, in both languages.

    ``rule`` says what is allowed, ``remedy`` what to do, ``at`` the keys below the refusing class that are to blame.
    """

    def __init__(self, rule: Words, remedy: Words | None = None, at: tuple[str | int, ...] = ()) -> None:
        self.rule, self.remedy, self.at = rule, remedy or Words("", ""), at
        super().__init__(f"{rule.zh} / {rule.en}")


def sensible(value: float) -> float:
    if value and not LEAST <= abs(value) <= LARGEST:
        rule = Words("数值须为 0，或大小在 {low:g} 与 {high:g} 之间", "a number is 0, or of a size between {low:g} and {high:g}")
        raise RefusedError(rule.fill(low=LEAST, high=LARGEST), Words("核对位数与单位", "check the digits and the unit"))
    return value


def path_fault(text: str) -> Words | None:
    """Why no file can have this path; None when one can."""
    if re.search("[\x00-\x1f\ud800-\udfff]", text):
        return Words("路径中有不可见的字符", "the path holds an invisible character")
    longest = max((len(name.encode()) for name in re.split(r"[/\\]", text)), default=0)
    if longest > LONGEST_NAME or len(text.encode()) > LONGEST_PATH:
        return Words(
            f"太长：一个名称至多 {LONGEST_NAME} 字节，整个路径至多 {LONGEST_PATH} 字节（一个汉字 3 字节）",
            f"too long: a name has at most {LONGEST_NAME} bytes, a path {LONGEST_PATH}",
        )
    return None


def is_path(text: str) -> bool:
    """Whether a text that may be the name of something shipped is a path of a YAML file."""
    return "/" in text or "\\" in text or text.endswith((".yaml", ".yml"))


def _path(text: str) -> str:
    if (fault := path_fault(text)) is not None:
        raise RefusedError(fault, Words("检查路径", "check the path"))
    return text


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    for position, name in enumerate(names):
        if name in names[:position]:
            rule = Words(f"{name} 写了两次", f"{name} is named twice")
            raise RefusedError(rule, Words("删去一个", "remove one"), at=(position,))
    return names


_FACTOR = re.compile(r"(\d+\.?\d*|\.\d+)\s*(?:/\s*(\d+\.?\d*|\.\d+)|(%))")


def _factor(value: object) -> float | str:
    """A number that is not negative, ``5/7`` or ``80 %``, as it is written."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value) and value >= 0:
        return sensible(float(value))
    match = _FACTOR.fullmatch(half_width(value).strip()) if isinstance(value, str) else None
    if match is None or (match[2] is not None and not float(match[2])):
        rule = Words("须为不小于 0 的数，或 5/7、80 %", "a number that is not negative, 5/7 or 80 % is needed")
        raise RefusedError(rule, Words("数不加引号和千分位", "a number has no quotes and no thousands separator"))
    sensible(float(factor_of(match[0])))
    return match[0]


def factor_of(factor: float | str) -> Fraction:
    """The exact value of a :data:`Factor`."""
    match = _FACTOR.fullmatch(factor) if isinstance(factor, str) else None
    if match is None:
        return Fraction(repr(factor))
    return Fraction(match[1]) / (100 if match[3] else Fraction(match[2]))


Factor = Annotated[float | str, BeforeValidator(_factor)]
"""What something is multiplied by; :func:`factor_of` is its value."""
_QUARTER = re.compile(r"([0-9]{4})\s*(?:年\s*|[-./]\s*)?(?:[Qq]\s*([1-4])|第?\s*([1-4一二三四])\s*季度?)")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


def normal_quarter(text: str) -> str:
    """``2027Q1`` from ``2027Q1``, ``2027-q1``, ``2027年Q1``, ``2027年第1季度`` or ``2027年一季度``, in digits of any width.

    Raises:
        RefusedError: the text is none of these.
    """
    match = _QUARTER.fullmatch(half_width(text).strip())
    if match is None:
        raise RefusedError(Words("季度须写作 2027Q1 或 2027年第1季度", "a quarter is written 2027Q1"))
    digit = match[2] or match[3]
    return f"{match[1]}Q{_CHINESE.get(digit) or int(digit)}"


_DAYS = tuple(
    re.compile(form + r"(?:[ T]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?")
    for form in (
        r"([0-9]{4})\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})",
        r"([0-9]{4})\s*(年)\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?",
        r"((?:19|20)[0-9]{2})()([0-9]{2})([0-9]{2})",
    )
)
FIRST_YEAR, LAST_YEAR = 1950, 2099
"""Years that a date can mean."""


def normal_day(text: str) -> str:
    """``2026-09-30`` from ``2026-9-30``, ``2026/9/30``, ``2026.9.30``, ``2026年9月30日`` or ``20260930``, in digits of any width; a time of
    day behind it is left out.

    Raises:
        RefusedError: the text is none of these, or no day of the calendar.
    """
    plain = half_width(text).strip()
    match = next((match for form in _DAYS if (match := form.fullmatch(plain)) is not None), None)
    if match is None:
        raise RefusedError(Words("日期须写作 2026-09-30", "a date is written 2026-09-30"))
    try:
        day = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        raise RefusedError(
            Words("日期写作 2026-09-30，而日历上没有这一天", "a date is written 2026-09-30, and the calendar has no such day")
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        rule = Words("年份须在 {first} 至 {last} 之间", "the year lies between {first} and {last}")
        raise RefusedError(rule.fill(first=FIRST_YEAR, last=LAST_YEAR))
    return day.isoformat()


def quarter_range(start: str, count: int) -> tuple[str, ...]:
    """``count`` quarters from ``start`` on, which is in normal form."""
    first = int(start[:4]) * 4 + int(start[5]) - 1
    return tuple(f"{number // 4}Q{number % 4 + 1}" for number in range(first, first + count))


def last_day(quarter: str) -> date:
    """The last day of a quarter in normal form."""
    year, number = int(quarter[:4]), int(quarter[5])
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)


def quarter_of(day: date) -> str:
    """The quarter that a day lies in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarters_between(first: str, last: str) -> int:
    """How many quarters ``last`` is after ``first``, both in normal form."""
    return (int(last[:4]) - int(first[:4])) * 4 + int(last[5]) - int(first[5])


Quarter = Annotated[str, AfterValidator(normal_quarter)]
"""A quarter, read into normal form: ``2027Q1``."""
Day = Annotated[str, AfterValidator(normal_day)]
"""A day, read into normal form: ``2026-09-30``."""
Number = Annotated[float, Strict(), AfterValidator(sensible)]
"""A number of sensible size: neither ``true`` nor ``"4"`` passes for one."""


def _or_text(read: Callable[[str], Fraction | None], rule: Words, remedy: Words) -> BeforeValidator:
    """In front of a number: text is read, anything else left as it is."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        if (number := read(half_width(value).strip())) is None:
            raise RefusedError(rule, remedy)
        return float(number)

    return BeforeValidator(check, json_schema_input_type=float | str)


def _part(text: str) -> Fraction | None:
    match = _FACTOR.fullmatch(text)
    return None if match is None or (match[2] is not None and not float(match[2])) else factor_of(text)


_PART = Words("须为数，或百分数、分数，如 0.5、50 %、1/2", "a number is needed, or a percentage or fraction: 0.5, 50 %, 1/2")
_PLAIN = Words("数不加引号和千分位", "a number has no quotes and no thousands separator")
Portion = Annotated[Number, _or_text(_part, _PART, _PLAIN)]
"""A part of a whole as a number: ``0.5``, ``50 %``, ``1/2``."""
_LENGTHS = {
    **dict.fromkeys(("km", "公里", "千米", "kilometres", "kilometers"), Fraction(1)),
    **dict.fromkeys(("m", "米", "metres", "meters"), Fraction(1, 1000)),
}
"""Lengths, in kilometres."""
_LENGTH = re.compile(r"(\d+\.?\d*|\.\d+)\s*(\D+)")


def _length(text: str) -> Fraction | None:
    match = _LENGTH.fullmatch(text)
    unit = None if match is None else _LENGTHS.get(match[2].strip().casefold())
    return None if match is None or unit is None else Fraction(match[1]) * unit


_DISTANCE = Words(
    "须为公里数，或带单位的长度，如 30 公里、3000 米", "a number of km is needed, or a length with its unit: 30 km, 3000 m"
)
_UNITS = Words("单位可写：{units}", "units to write: {units}").fill(units=Words.listed(_LENGTHS))
Kilometres = Annotated[Number, _or_text(_length, _DISTANCE, _UNITS)]
"""A distance in km; may be written with its unit."""
PathText = Annotated[str, AfterValidator(_path)]
"""A path as it is written, which a file can have."""
Encoding = Literal["utf-8", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "windows-1252", "utf-16"]
ENCODINGS: Mapping[Encoding, str] = MappingProxyType(
    {
        "utf-8": "utf8 utf8sig utf8bom 65001",
        "gb18030": "gbk gb2312 cp936 936 windows936",
        "big5": "cp950 950 big5hkscs",
        "shift_jis": "shiftjis sjis cp932 932",
        "euc-jp": "eucjp ujis 51932",
        "euc-kr": "euckr cp949 949 uhc ksc56011987 51949",
        "windows-1252": "windows1252 cp1252 1252 latin1 iso88591",
        "utf-16": "utf16 utf16le utf16be unicode",
    }
)
"""Each encoding, and other names that programs have for it, without case, blanks and hyphens."""


def usual_encoding(value: object) -> object:
    """The usual name of an encoding that is known by another; anything else as it is."""
    plain = re.sub(r"[\s_\-]", "", str(value)).lower()
    others = ((name, {re.sub(r"[_\-]", "", name), *also.split()}) for name, also in ENCODINGS.items())
    return next((name for name, known in others if plain in known), value)


Members = Annotated[tuple[str, ...], AfterValidator(_distinct)]
"""Ids, each once."""


@cache
def _docstrings(file: str) -> Mapping[int, str]:
    """Line → docstring, for every line of an annotated assignment that has one below it; empty where the source is not at hand."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except OSError:
        return {}
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    found: dict[int, str] = {}
    for field, below in (pair for body in bodies for pair in pairwise(body)):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found |= dict.fromkeys(range(field.lineno, (field.end_lineno or field.lineno) + 1), str(below.value.value))
    return found


@dataclass(frozen=True, slots=True)
class Note:
    """What :func:`note` says of a field. The English is read from the source when somebody asks for it: pydantic, which can do so too,
    would do it for every class whenever the planner starts, and that takes a third as long as all else."""

    zh: str
    unit: str
    written: str
    file: str
    line: int

    @property
    def en(self) -> str:
        """The meaning in English."""
        text = self.written or _docstrings(self.file).get(self.line, "")
        return " ".join(text.replace("``", "`").split())

    def __call__(self, schema: dict[str, Any]) -> None:
        """Describe the field in a JSON Schema, in place."""
        schema["description"] = f"{self.zh} / {self.en}" + (f" [{self.unit}]" if self.unit else "")


def note(zh: str, unit: str = "", description: str = "", **limits: Any) -> Any:
    """A pydantic field that carries its unit and its meaning in Chinese; the docstring below it is the English, or ``description`` where
    there can be none."""
    caller = sys._getframe(1)
    return Field(json_schema_extra=Note(zh, unit, description, caller.f_globals["__file__"], caller.f_lineno), **limits)


class Cut(dict[str, Any]):
    """A section as written, less what was refused in it. Of the fields ``gone`` nothing is known; ``clash``: its fields were
    found not to go together already."""

    gone: frozenset[str] = frozenset()
    clash = False


_HIDDEN = "\0hidden"


def _of_what_is_known(together: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A rule that the fields of a section must meet together, asked of a section that was cut: where it reads a field of which
    nothing is known, it says nothing."""

    @wraps(together)
    def asked(section: Section) -> Any:
        if _HIDDEN not in section.__dict__:
            return together(section)
        try:
            return together(section)
        except AttributeError:
            return section

    return asked


class Section(BaseModel):
    """The common ground: frozen, no unknown key, a number is text where text is due."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True, coerce_numbers_to_str=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for rule in vars(cls).values():
            declared = getattr(rule, "decorator_info", None)
            if getattr(declared, "mode", "") == "after" and not hasattr(declared, "fields"):  # a rule of the whole section
                rule.wrapped = _of_what_is_known(rule.wrapped)

    @model_validator(mode="wrap")
    @classmethod
    def _hide_what_is_not_known(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        section = handler(value)
        if isinstance(value, Cut):
            fields = section.__dict__
            hidden = [*fields] if value.clash else value.gone & fields.keys()
            fields[_HIDDEN] = {name: fields.pop(name) for name in hidden}
        return section

    def show_hidden(self) -> None:
        """The fields of a section that was cut are there again, those of which nothing is known as if they were left out."""
        for name, value in self.__dict__.pop(_HIDDEN, {}).items():
            self.__dict__[name] = value
