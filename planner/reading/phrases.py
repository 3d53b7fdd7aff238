"""Dates, quarters, yes or no, how far talks have come, and lists, in the words that people use in workbooks.

As in :mod:`planner.reading.amounts` each reading keeps the rule it rests on, and what has more than one meaning is
:class:`~planner.reading.amounts.Unread`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from planner.language import Words
from planner.reading.amounts import RULES as AMOUNT_RULES
from planner.reading.amounts import Reading, Unread, plain, says_nothing
from planner.settings.base import LAST_YEAR, normal_day, normal_quarter, quarter_of
from planner.tables.spec import STATUSES

RULES: Mapping[str, Words] = MappingProxyType(
    {
        "date": Words("日期写法统一为 年-月-日", "date written as year-month-day"),
        "first": Words("只写到月：取当月第一天", "only the month is said: its first day"),
        "last": Words("只写到月：取当月最后一天", "only the month is said: its last day"),
        "year": Words("没有写年份：取表上写明的年份", "no year is said: that of the table"),
        "quarter": Words("由日期得出季度", "quarter of the date"),
        "end of year": Words("“年底”取四季度", "'end of the year': the fourth quarter"),
        "start of year": Words("“年初”取一季度", "'start of the year': the first quarter"),
        "flag": Words("按是否词读", "a word for yes or no"),
        "status": Words("进展用语归入状态", "words for progress as a status"),
        "loose status": Words("进展用语不精确，按最接近的状态归入", "loose words for progress: the nearest status"),
    }
)
"""How a cell was read."""

_DAY = r"(?P<day>\d{1,2})\s*[日号]?"
_DATES = tuple(
    map(
        re.compile,
        (
            rf"(?P<year>\d{{4}})\s*(?P<mark>[-./年])\s*(?P<month>\d{{1,2}})\s*[-./月]\s*{_DAY}(?:[ T]\s*[\d:.]+)?",
            r"(?P<year>\d{4})\s*[-./年]\s*(?P<month>\d{1,2})\s*月?份?",
            r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
            r"(?P<year>20(?:1[3-9]|[2-9]\d))(?P<month>\d\d)",
            r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?",
            r"(?P<month>\d{1,2})\s*月份?",
            r"(?P<day>1[3-9]|2\d|3[01])[-./](?P<month>\d{1,2})[-./](?P<year>\d{4})",
            r"(?P<month>\d{1,2})[-./](?P<day>1[3-9]|2\d|3[01])[-./](?P<year>\d{4})",
        ),
    )
)
"""Of six digits (202609) only those are read that cannot be a day of a short year (200912)."""


def read_date(
    cell: object, year: int | None = None, of_month: Literal["first", "last"] = "first"
) -> Reading[dt.date | None] | Unread:
    """The day a cell names: 2026.9.30, 2026/9, 2026年9月30日, 20260930, a date of the workbook; 9月30日 where the table says
    its ``year``. None where the cell says that nothing is known."""
    if isinstance(cell, dt.datetime):
        return Reading(cell, cell.date())
    if isinstance(cell, dt.date):
        return Reading(cell, cell)
    if says_nothing(cell):
        return Reading(cell, None, (AMOUNT_RULES["blank"],) if plain(cell) else ())
    text = plain(cell)
    if isinstance(cell, float) and text[4:] == ".1":
        return Unread(cell, Words("是数值，一月与十月分不清", "is a number: January or October"))
    marked, text = text.endswith("*"), text.rstrip("* ")
    match = next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
    if match is None:
        return Unread(cell, Words("不是清楚的日期（如 2026-09-30）", "is not clearly a date (as 2026-09-30 is)"))
    parts = match.groupdict()
    rules = [RULES["date"]]
    if parts.get("year") is None:
        if year is None:
            return Unread(cell, Words("没有写年份", "says no year"))
        rules.append(RULES["year"])
    try:
        day = dt.date(int(parts.get("year") or year or 0), int(parts["month"]), int(parts.get("day") or 1))
    except ValueError:
        return Unread(cell, Words("没有这一天", "is no day of the calendar"))
    if parts.get("day") is None:
        rules.append(RULES[of_month])
        day = day if of_month == "first" else _next_month(day) - dt.timedelta(days=1)
    assumed = marked or parts.get("year") is None or parts.get("day") is None
    return Reading(cell, day, () if text == day.isoformat() else tuple(rules), assumed)


_EPOCH = dt.date(1899, 12, 30)
"""Day 0 of the serial numbers of workbooks, from March 1900 on."""
SERIALS = ((dt.date(2000, 1, 1) - _EPOCH).days, (dt.date(LAST_YEAR, 12, 31) - _EPOCH).days)
"""Of these numbers the first and the last that are read as days."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?").fullmatch


def clear_day(cell: object) -> str:
    """The day of a cell that can mean one day only, as 2026-09-30: what :func:`normal_day` reads, or the serial number of a workbook.

    Raises:
        RefusedError: it is none, or has a short year or the day before the month (3/4/2027).
    """
    text = plain(cell)
    if _SERIAL(text):
        days = int(float(text))
        if SERIALS[0] <= days <= SERIALS[1]:
            return (_EPOCH + dt.timedelta(days=days)).isoformat()
    return normal_day(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text)


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


_EDGE = re.compile(r"(\d{4})\s*年?\s*(?:(底|末|底前)|(初))")


def read_quarter(cell: object, year: int | None = None) -> Reading[str] | Unread:
    """The quarter a cell names, in normal form; also that of a date or month, and 2027年底. Blank text where nothing is known."""
    if says_nothing(cell):
        return Reading(cell, "", (AMOUNT_RULES["blank"],) if plain(cell) else ())
    text = plain(cell.isoformat() if isinstance(cell, dt.date) else cell).rstrip("* ")
    marked = plain(cell).endswith("*")
    try:
        return Reading(cell, normal_quarter(text), (), marked)
    except ValueError:
        pass
    if re.fullmatch(r"\d{4}\s*[-./]\s*[1-4]", text):
        return Unread(cell, Words("分不清是第几季度还是几月", "may be a quarter or a month"))
    if edge := _EDGE.fullmatch(text):
        name = "end of year" if edge[2] else "start of year"
        return Reading(cell, f"{edge[1]}Q{4 if edge[2] else 1}", (RULES[name],), True)
    day = read_date(cell, year)
    if isinstance(day, Unread) or day.value is None:
        return Unread(cell, Words("不是清楚的季度（如 2027Q1）", "is not clearly a quarter (as 2027Q1 is)"))
    no_year = RULES["year"] in day.rules
    rules = (RULES["quarter"], *((RULES["year"],) if no_year else ()))
    return Reading(cell, quarter_of(day.value), rules, marked or no_year)


TRUE_WORDS = frozenset({"是", "√", "✓", "✔", "yes", "y", "true", "1"})
FALSE_WORDS = frozenset({"否", "×", "✗", "✘", "no", "n", "false", "0"})
"""Words that a table may use outright."""
_YES = TRUE_WORDS | {"有", "可", "可以", "能", "需要", "需", "已", "对", "t", "☑", "√是", "是的", "必选", "●", "■"}
_NO = FALSE_WORDS | {"无", "没有", "不可", "不可以", "不能", "不需要", "不需", "未", "不", "不是", "非", "f", "☐", "□", "x", "错"}


def read_flag(cell: object) -> Reading[bool | None] | Unread:
    """Yes or no; None where the cell is blank or says that nothing is known (待定, —). 无 is a no here."""
    word = re.sub(r"\s+", "", plain(cell)).casefold()
    marked, word = word.endswith("*"), word.rstrip("*")
    if word in _YES or word in _NO:
        known = word in TRUE_WORDS or word in FALSE_WORDS
        return Reading(cell, word in _YES, () if known else (RULES["flag"],), marked)
    if says_nothing(cell):
        return Reading(cell, None, (AMOUNT_RULES["blank"],) if word else ())
    return Unread(cell, Words("不是清楚的 是 或 否", "is not clearly yes or no"))


_WORDS_OF: Mapping[str, str] = {
    "prospect": "有意向 初步意向 意向项目 潜在 潜在客商 储备项目 谋划 摸排 未接触 未对接 未洽谈 尚未接触 待对接 待接触 拟洽谈 拟接触 跟踪 跟踪中 关注",
    "negotiating": "在谈项目 正在洽谈 正在对接 对接 已对接 深入洽谈 深度洽谈 初步洽谈 初步接触 初步对接 接触中 已接触 商谈 商谈中 谈判 谈判中 考察 考察中 "
    "已考察 跟进 跟进中 拟签约 待签约 即将签约 拟签 推进中 正在推进",
    "signed": "已签 签约项目 正式签约 签约落地 已落地 落地 已注册 注册 已立项 已供地 已拿地 已开工 开工 在建 建设中 正在建设 施工中 已竣工 竣工 试生产 "
    "已投产 投产 已达产 达产 运营中 签约未开工 已签约未开工",
    "lost": "已放弃 放弃 已取消 取消 谈崩 洽谈失败 落户外地 已落户外地 不再跟进 停止跟进 中止 已中止 作废",
}
_LOOSE: Mapping[str, str] = {
    "prospect": "暂缓 暂停 搁置 暂缓推进 缓",
    "negotiating": "未开工 尚未开工 未签约 尚未签约 未落地 尚未落地",
}
"""Words that fit no status exactly: what is on hold is not lost, what is not begun may or may not be signed."""
_STATUS_OF: Mapping[str, str] = MappingProxyType(
    {word: status for status, words in _WORDS_OF.items() for word in words.split()}
    | {word: status for status, words in STATUSES.items() for word in (status, *words)}
)
_LOOSE_STATUS_OF: Mapping[str, str] = MappingProxyType({word: status for status, words in _LOOSE.items() for word in words.split()})
_DECORATION = re.compile(r"^(?:目前|现|当前|项目|处于)|(?:阶段|状态|项目|中)$")


def read_status(cell: object) -> Reading[str] | Unread:
    """The status of a candidate that a word for progress says; blank text where the cell says nothing. A sentence is not read:
    it may speak of what was and of what is to be."""
    if says_nothing(cell):
        return Reading(cell, "", (AMOUNT_RULES["blank"],) if plain(cell) else ())
    word = re.sub(r"\s+", "", plain(cell)).casefold()
    marked, word = word.endswith("*"), word.rstrip("*。.")
    for form in (word, _DECORATION.sub("", word)):
        if form in _STATUS_OF:
            exact = form == word and any(word in (status, *words) for status, words in STATUSES.items())
            return Reading(cell, _STATUS_OF[form], () if exact else (RULES["status"],), marked)
        if form in _LOOSE_STATUS_OF:
            return Reading(cell, _LOOSE_STATUS_OF[form], (RULES["loose status"],), True)
    known = Words("、".join(f"{status}（{words[0]}）" for status, words in STATUSES.items()), ", ".join(STATUSES))
    return Unread(cell, Words("不清楚属于哪个状态：{known}", "which status this is, is not clear: {known}").fill(known=known))


_SEPARATORS = re.compile(r"[;；、,，\n]")


def split_list(text: str) -> tuple[str, ...]:
    """The entries of a cell that holds several."""
    return tuple(part for part in (part.strip() for part in _SEPARATORS.split(text)) if part)


def whole_ids(lists: Iterable[tuple[str, ...]], known: Iterable[str]) -> list[tuple[str, ...]]:
    """Entries of cells as ids of ``known``: an id that holds a separator itself was split and is put together again, the
    longest first."""
    parts = {split_list(name): name for name in known if _SEPARATORS.search(name)}
    sizes = range(max(map(len, parts), default=1), 1, -1)

    def put_together(entries: tuple[str, ...]) -> tuple[str, ...]:
        ids: list[str] = []
        while entries:
            size = next((size for size in sizes if entries[:size] in parts), 1)
            ids.append(parts[entries[:size]] if size > 1 else entries[0])
            entries = entries[size:]
        return tuple(ids)

    return [put_together(entries) for entries in lists] if parts else list(lists)
