"""In which encoding the text of a file is: the one that the plan states, else the first that decodes; told where another fits better.

Text in Big5 or Shift-JIS nearly always decodes as GB18030 too, into characters that hardly anybody uses; text in EUC-KR or
EUC-JP into ordinary ones that hardly ever stand together. So how many of the characters are common ones, and how many are
among the few hundred that most of any table is written in, is what tells a right reading from a wrong one; the text itself
is never changed by it.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import nan
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, Problem
from planner.settings.base import Encoding
from planner.spelling import simplified
from planner.tables.codes import problem

_CODECS: Mapping[Encoding, str] = MappingProxyType(
    {
        "utf-8": "utf-8",
        "gb18030": "gb18030",
        "big5": "cp950",
        "shift_jis": "cp932",
        "euc-jp": "euc_jp",
        "euc-kr": "cp949",
        "windows-1252": "cp1252",
        "utf-16": "utf-16",
    }
)
_TRIED: tuple[Encoding, ...] = ("utf-8", "gb18030")
_OTHERS: tuple[Encoding, ...] = ("gb18030", "big5", "shift_jis", "windows-1252")
"""Encodings without a mark of their own, which the bytes may also be in."""
_GUESSED: tuple[Encoding, ...] = ("utf-8", *_OTHERS, "utf-16")
_MARKS: Mapping[bytes, Encoding] = MappingProxyType(
    {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
)
_PLAUSIBLE = 0.85
"""Share of common characters that the right reading of a table has at least."""
_HOPELESS = 0.34
"""Share of common characters below which a reading is not even half right."""
_BETTER = 0.15
"""By how much another reading has to be better before it is held against the one taken."""
_STRANGE = 0.45
"""Familiarity below which a reading is doubtful: of tables in Chinese it is 0.7 and more, in a wrong encoding 0.3 at most."""
_FAMILIAR: Mapping[Encoding, float] = MappingProxyType({"euc-kr": 0.9, "euc-jp": 0.6})
"""Familiarity of the reading that is held against one in ordinary characters; six of ten Chinese characters are Hangul as well."""
_SHORT = 8
"""Characters below which a share says nothing."""
_SHIFTS = re.compile(rb"\x1b[$(]|~\{(?:[!-}]{2})+~\}")
"""How encodings of seven bits, which pass for ASCII, change between their sets of characters: ISO-2022, HZ."""
_NARROW = 0.75
"""What a narrow kana counts for: Japanese tables have some, and text in other encodings read as Shift-JIS has little else."""
_LATIN = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][A-Za-z]")
_OTHER_THAN_ASCII = re.compile("[^\0-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, None where it cannot be had; its encoding; and what is wrong or doubtful about it."""

    text: str | None
    encoding: Encoding | None
    fault: Problem | None


def decode(name: str, data: bytes, stated: Encoding | None) -> Decoded:
    """The text of the file ``name``. What the plan has ``stated`` wins, then a byte order mark, then UTF-8, then GB18030; a
    reading that was not stated and that another fits better is refused (``T230``)."""
    if not stated and _SHIFTS.search(data):
        return Decoded(None, None, _undecodable(name, data, _TRIED))
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    tried = (stated,) if stated else (marked,) if marked else _TRIED
    decoded = ((encoding, _text(data, encoding)) for encoding in tried)
    taken, text = next(((encoding, text) for encoding, text in decoded if text is not None), (None, None))
    sure = bool(stated or marked)
    if text is None or taken is None or (taken != "utf-8" and not sure and _is_damaged_utf8(data)):
        return Decoded(None, None, _undecodable(name, data, tried))
    return Decoded(text, taken, None if sure else _doubt(name, data, text, taken))


def best_guess(data: bytes, among: Iterable[Encoding]) -> Encoding | None:
    """The encoding in which bytes read most like a table's text; None where none does."""
    score, encoding = _best(data, among)
    text = None if encoding is None else _text(data, encoding)
    return _more_familiar(data, text or "") or (encoding if score >= _PLAUSIBLE else None)


def _more_familiar(data: bytes, text: str) -> Encoding | None:
    """An encoding in which the bytes make words, where their ``text`` in another is one of ordinary characters but makes none."""
    if text and not familiarity(text) < _STRANGE:
        return None
    read = ((encoding, _text(data, encoding) or "") for encoding in _FAMILIAR)
    shares = {encoding: familiarity(other) for encoding, other in read if other}
    return next((encoding for encoding, share in shares.items() if share >= _FAMILIAR[encoding]), None)


def _best(data: bytes, among: Iterable[Encoding]) -> tuple[float, Encoding | None]:
    """The likeliest encoding, and how likely its text is. Western European decodes nearly everything: it needs a word."""
    texts = ((encoding, _text(data, encoding)) for encoding in among)
    read = [(encoding, text) for encoding, text in texts if text and (encoding != "windows-1252" or _LATIN.search(text))]
    return max(((likeness(text), encoding) for encoding, text in read), key=lambda pair: pair[0], default=(0.0, None))


def _text(data: bytes, encoding: Encoding) -> str | None:
    try:
        text = data.decode(_CODECS[encoding]).removeprefix("\ufeff")
    except UnicodeError:
        return None
    return None if "\0" in text else text


def _undecodable(name: str, data: bytes, tried: tuple[Encoding, ...]) -> Problem:
    """At the line of the first byte that does not fit the first encoding tried."""
    line = None
    try:
        data.decode(_CODECS[tried[0]])
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    damaged = "utf-8" in tried and _is_damaged_utf8(data)
    near = None if damaged else best_guess(data, (encoding for encoding in _GUESSED if encoding not in tried))
    remedy = Words(
        f"像是 {near}：在 plan.yaml 中写 encoding: {near}；或", f"looks like {near}: write encoding: {near} in plan.yaml, or "
    )
    said = {"tried": Words(" 或 ".join(tried), " or ".join(tried)), "remedy": remedy if near else Words("", "")}
    return problem("T104", Place(name, line=line), name, **said)


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes also decodes as GB18030, into nonsense: most of its text is still sound UTF-8."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if ord(character) > 127) - bad
    return good > 10 * bad > 0 or (data.startswith(codecs.BOM_UTF8) and bad > 0)


def _doubt(name: str, data: bytes, text: str, taken: Encoding) -> Problem | None:
    """The problem where the bytes read more like a table's text in another encoding than in the one ``taken``."""
    other = _other_than(data, text, taken)
    if other is None:
        return None
    line = next(at for at, row in enumerate(data.split(b"\n")) if not row.isascii())
    row = data.split(b"\n")[line].strip()
    sides = [_excerpt(row.decode(_CODECS[encoding], errors="replace")) for encoding in (taken, other)]
    said = {"taken": taken, "other": other, "one": sides[0], "two": sides[1]}
    return problem("T230", Place(name, line=line + 1), name, **said)


def _other_than(data: bytes, text: str, taken: Encoding) -> Encoding | None:
    """An encoding in which the bytes read more like a table's text."""
    if text.isascii() or (taken == "utf-8" and not _is_short_utf8(text)):
        return None
    score = likeness(text)
    best, other = _best(data, (encoding for encoding in _OTHERS if encoding != taken)) if score < _PLAUSIBLE else (0.0, None)
    if best >= max(score + _BETTER, _PLAUSIBLE if score > _HOPELESS else 0.5):
        return other
    return _more_familiar(data, text) if taken == "gb18030" else None


def _is_short_utf8(text: str) -> bool:
    """Two-byte sequences alone, which pairs of other encodings also are; three bytes that fit together are UTF-8."""
    return max(text) < "\u0800"


def _excerpt(row: str) -> str:
    """The first words of a row that are not plain ASCII."""
    at = next((found.start() for found in _OTHER_THAN_ASCII.finditer(row)), 0)
    return row[at : at + 16]


def likeness(text: str) -> float:
    """Share of the characters beyond ASCII that are common in Chinese or Japanese tables, or Latin letters in a word; 1 where
    there are none."""
    counted = Counter(_OTHER_THAN_ASCII.findall(text))
    if not (total := sum(counted.values())):
        return 1.0
    known = _common()
    common = sum(count for character, count in counted.items() if character in known) + len(_LATIN.findall(text))
    narrow = sum(count for character, count in counted.items() if "\uff66" <= character <= "\uff9f")
    return min((common + _NARROW * narrow) / total, 1.0)


def familiarity(text: str) -> float:
    """Share of the letters beyond ASCII that are Hangul, or else kana or among the characters in which most of any table is
    written, in either script; NaN where there are too few to tell."""
    letters = [sign for sign in simplified(text) if sign > "\x7f" and sign.isalpha()]
    if len(letters) < _SHORT:
        return nan
    hangul = sum(sign in _hangul() for sign in letters)
    return max(hangul, sum(sign in _FREQUENT or "\u3041" <= sign <= "\u30fe" for sign in letters)) / len(letters)


_FREQUENT = frozenset(
    "企业名称编号投资额亩园区产达税收用工项目落地城市省县镇乡招商谈签约环节链规模集团控股份限科技的电能有务数主示发不公智品与"
    "司游器一中是机生行体否车设上表列写源据成营新备件为药开和导要制汽医或物构个半经网高显在文系例虚人单子及路安计没济联服视料"
    "位化材光可销研作片统同售超频等这合清动下字装度头改提明术信芯元值造录池政出州通标其徽包运以应力分类府于空江东广金全内测方"
    "入供解划加填重本线括北多格读相专理射海核对范时所从大量型域械醒学部山季自按试处组案苏只整并无京都图选求此样映原领错码伏来"
    "肥后取各键误配关剂保建说深客每已零之管万到白存级知晶层程疗代仅事容基家板南圳息定换进围种接最国率而式检期含外属道两阳他法"
    "义算正就次湖删气需日特像须储面硅消必会功它认端决去性了注软平封另哪精少先院结心流前过变现复仪置点络班风即照交里台副门库膜"
    "坐传终天未驱权补浙给再纬极也农比果间感微食确具亿口寓三纺些除西引至几景实缺别套密锂耗户如由液压该长边把艺织形盖断拟界小健"
    "圆太块宁离色费默么指向验得影则胶采淮留纳架者余输当场速被水防站轻情张着准第催维负素起镜氢符覆总黄芜何铜略效移议厂逐藏创放"
)
"""The characters most frequent in lists of firms, products, parks and what is said of them."""


def _characters(codec: str, leads: range, *trails: range) -> str:
    pairs = bytes(byte for lead in leads for trail in trails for last in trail for byte in (lead, last))
    return pairs.decode(codec, errors="ignore")


@cache
def _hangul() -> frozenset[str]:
    """The syllables in use, those of KS X 1001: of the others most are only possible."""
    return frozenset(_characters("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)))


@cache
def _common() -> frozenset[str]:
    """The characters of GB 2312, the frequent ones of Big5, kana, and full-width signs and letters."""
    mainland = _characters("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    traditional = _characters("cp950", range(0xA4, 0xC7), range(0x40, 0x7F), range(0xA1, 0xFF))
    signs = [*range(0x3000, 0x3020), *range(0x3041, 0x30FF), *range(0xFF01, 0xFF5F), *range(0x2010, 0x2030), 0xB7, 0xB2, 0xB3]
    others = "㎡℃％±×÷≤≥≈～·°①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ＊√✓✔✗✘－—…“”‘’"
    return frozenset(mainland) | frozenset(traditional) | frozenset(map(chr, signs)) | frozenset(others)
