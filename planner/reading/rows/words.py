"""The words by which rows that are none give themselves away, in both languages, in any width and spacing.

The patterns are held against :func:`bare` texts, without blanks and brackets.
"""

from __future__ import annotations

import re
from math import isfinite

from planner.reading.amounts import plain
from planner.spelling import fold, simplified

_SUMS = "合计|总计|小计|共计|总和|总数|汇总|累计|总共|合并计|总量|总额|∑|Σ|grandtotal|sub-?total|totals?|sum|inall"
_MEANS = "平均|平均值|平均数|均值|加权平均|[户园人亩]均|中位数|最大值|最小值|标准差|average|avg\\.?|mean|median|max(?:imum)?|min(?:imum)?"
_COUNTS = "计数|个数|家数|户数|项目数|企业数|园区数|项数|count"
_COMPARED = (
    "剩余|结余|余量|(?:上年|去年|上月|上季)(?:同期|末|底)?数?|(?:同比|环比)(?:增[长速减幅]|变[化动])?率?|增[长速]率?|占比|比重"
)
_CORE = f"(?:{_SUMS}|{_MEANS}|{_COUNTS}|{_COMPARED})"
_TAIL = r"(?:数|额|值|量|行|项)?[:：]?(?:共?约?[\d,.]+[\u4e00-\u9fff]{0,3})?(?:[(\[【〔][^)\]】〕]*[)\]】〕])?[:：]?"
is_total = re.compile(rf"{_CORE}{_TAIL}|共(?:计|有)?\d+[家个户项条行人].{{0,4}}", re.I).fullmatch
"""The text is the word for a total, a mean or a count, and nothing more."""
ends_in_total = re.compile(
    r".{1,16}(?:合计|总计|小计|共计|总和|汇总|累计|平均值?|均值)(?:数|额)?[:：]?(?:[(\[【〔][^)\]】〕]*[)\]】〕])?|其中[:：]?.{0,16}"
).fullmatch
"""全市合计, 新能源小计, 其中：工业: a name could in principle end so."""
is_total_of = re.compile(
    r".{1,30}\s(?:grand |sub-?)?total[s:]?|(?:grand )?(?:(?:sub-?)?total|sum|average) (?:of|for|all)\s.{1,30}", re.I
).fullmatch
is_whole = re.compile(r"全(?:市|省|国|县|区|域|州|部|体|园区|链)(?:总体|整体)?|总体|整体|overall|all", re.I).fullmatch
is_note = re.compile(
    r"[*※#●·(（\[【]*(?:"
    r"(?:注|备注|附注|注释|注意|说明|提示|(?:填表|填报|编制|指标|补充)说明|(?:数据|资料|信息)?来源|填[表报](?:人|单位|部门|日期|时间)"
    r"|制表(?:人|单位|日期)?|编制(?:人|单位)?|[审复]核(?:人)?|审批(?:人)?|(?:单位)?负责人|联系人|(?:联系)?电话|(?:打印|更新|统计|报送|数据|制表)(?:日期|时间)"
    r"|日期|计量单位|金额单位|单位|notes?|sources?|remarks?|preparedby|checkedby|updated|asof)"
    r"(?:\d{0,2}[:：.、,，;；)）\]】].*|[①-⑨\d]{0,2})"
    r"|(?:数据|统计|情况|资料|信息|以上数据)?截[至止].*|[以下]下(?:空白|无正文|无内容).*|(?:[本此上该]表|以上(?:数据|各项|项目|园区|企业)).{3,}"
    r"|(?:notes?|sources?|remarks?|preparedby|asof)[:：].*|(?:数据|资料)来源于.*)",
    re.I,
).fullmatch
"""A note, a source, who filled the table in: with its colon, or as a whole cell."""
is_example = re.compile(r"(?:填写|填报)?(?:示例|样例|范例|举例|例|example|sample)(?:行|\d{1,2})?(?:[:：].*)?", re.I).fullmatch
is_sentence = re.compile(r".{9,}[,。;:].*|.{12,}[。!.]|\d{1,2}[、.．)）]\D.{5,}").fullmatch
is_heading = re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）].+|[一二三四五六七八九十]{1,3}[、.．].+").fullmatch
"""一、东县: the heading of the rows below it, where nothing else stands in its row."""
SERIAL = frozenset(map(fold, ("序号", "序", "编码", "行号", "no", "no.", "#", "nr", "s/n", "index")))
HINT = re.compile(
    "[合总小共累平均]|[计∑Σ全注例]|其中|说明|备注|提示|来源|截[至止]|填|制|[审复]核|人|日期|时间|单位|电话|空白|无正文|[本此上该]表|最[大小]"
    r"|^[\W_]*$|total|sum|average|avg|mean|median|max|min|count|all|note|source|remark|prepared|checked|updated|as of|example|sample|[，。；：;:]",
    re.I,
)
"""What some word of a row that is none holds."""
_IN_BRACKETS = re.compile(r"[(\[【〔<《](.*)[)\]】〕>》][:：]?").fullmatch
WORDS = (
    is_total,
    ends_in_total,
    is_total_of,
    is_whole,
    is_note,
    is_example,
    is_sentence,
    is_heading,
    re.compile(r"[\W_]*").fullmatch,
)
_BRACKETS = re.compile(r"^[\[【〔(（<《\-—=*~_.·…\s]+|[\]】〕>》\-—=*~_.·…\s]+$")


def bare(text: str) -> str:
    """``（合 计）`` as 合计."""
    text = simplified("".join(plain(text).split()))
    inner = _IN_BRACKETS(text)
    return _BRACKETS.sub("", inner[1] if inner else text) or text


_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?\*?").fullmatch


def unspaced(text: str) -> str:
    return simplified("".join(text.split()))


def as_number(cell: object) -> float | None:
    if isinstance(cell, (int, float)):
        return float(cell) if not isinstance(cell, bool) and isfinite(cell) else None
    text = plain(cell) if isinstance(cell, str) else ""
    return float(text.rstrip("*").replace(",", "")) if len(text) < 40 and _NUMBER(text) else None
