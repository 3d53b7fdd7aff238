"""Whether two names are one firm: equal once spelling is folded, or alike, with the evidence; nothing is merged here.

Names are equal when only full-width or traditional forms, case, blanks and the kind of brackets set them apart. All else, a legal form too
(股份有限公司 and 有限公司 are two companies in law), is a suggestion for a person to decide. What stands in brackets (中芯国际（上海）,
中芯国际（北京）), a place and a number have to agree: firms that differ in these are different firms, however alike their names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein
from scipy.sparse import csr_array

from planner.intake.credit_code import fault_of, plain_code
from planner.language import Words
from planner.spelling import fold_name

LEAST = 0.85
"""Likeness of two names from which they are suggested: 6 characters of 7 in common; of 743 listed firms three pairs are that alike."""
COMMON = 200
"""Names that a pair of characters may stand in and still tell firms apart; more make every two firms candidates."""
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_LEGAL = re.compile(
    r"(?:(?:控股)?集团)?(?:股份有限公司|有限责任公司|股份公司|有限公司|总公司|公司)$|集团$"
    r"|[,.]*(?:co\.?,?ltd\.?|ltd\.?|inc\.?|corp\.?|limited|corporation|gmbh|ag|llc|plc)$"
)
_NO_PLACE = frozenset({"集团", "控股", "股份", ""})
_NUMERALS = frozenset("0123456789零〇一二三四五六七八九十百甲乙丙丁")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names that may be one firm, by their positions, the earlier first."""

    first: int
    second: int
    equal: bool
    """Equal once folded: the same name. Otherwise alike, for a person to decide."""
    score: float
    """1 for equal names; the share of characters in common for others."""
    evidence: Words


def same_names(names: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Positions of the names that are equal once folded, two or more in each group; blank names are nobody's."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        groups[fold_name(name)].append(at)
    return tuple(tuple(group) for name, group in groups.items() if name and len(group) > 1)


def alike(names: Sequence[str], codes: Sequence[str] = ()) -> tuple[Likeness, ...]:
    """Every two names that are, or may be, one firm; the likest first. ``codes`` are their credit codes, blank where not known: two
    sound codes decide, whatever the names say."""
    known = {at: plain_code(code) for at, code in enumerate(codes) if code.strip() and fault_of(code) is None}
    firsts = {fold_name(name): at for at, name in reversed(list(enumerate(names))) if fold_name(name)}
    positions = list(firsts.values())
    neighbours = [two for group in same_names(names) for two in pairwise(group)]
    equal = [Likeness(a, b, True, 1.0, _EQUAL) for a, b in neighbours if known.get(a) == known.get(b) or not {a, b} <= known.keys()]
    by_code: dict[str, int] = {}
    suggested = []
    for at in positions:
        if at in known and (earlier := by_code.setdefault(known[at], at)) != at:
            said = Words(f"统一社会信用代码相同：{known[at]}", f"the same credit code: {known[at]}")
            suggested.append(Likeness(min(earlier, at), max(earlier, at), False, 1.0, said))
    told = {(one.first, one.second) for one in suggested}
    parts = {at: _Name(fold_name(names[at])) for at in positions}
    for first, second in _pairs([parts[at].core for at in positions]):
        a, b = sorted((positions[first], positions[second]))
        if (a, b) not in told and not (a in known and b in known) and (found := _compared(parts[a], parts[b])) is not None:
            suggested.append(Likeness(a, b, False, *found))
    return tuple(sorted((*equal, *suggested), key=lambda one: (not one.equal, -one.score, one.first, one.second)))


_EQUAL = Words("名称只差全半角、空格、括号、繁简或大小写", "the names differ in width, blanks, brackets, script or case alone")


class _Name:
    """A folded name in its parts: the core, the legal form, and what brackets say."""

    def __init__(self, name: str) -> None:
        bare = _IN_BRACKETS.sub("", name)
        found = _LEGAL.search(bare)
        self.core, self.form = (bare[: found.start()], found[0]) if found and found.start() >= 2 else (bare, "")
        self.places = {_short(part) for part in _IN_BRACKETS.findall(name)} - _NO_PLACE


def _pairs(cores: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of names that share enough rare pairs of characters to be worth a comparison."""
    rows: list[int] = []
    grams: list[int] = []
    number: dict[str, int] = {}
    for at, core in enumerate(cores):
        own = {core[i : i + 2] for i in range(len(core) - 1)} or {core}
        rows.extend([at] * len(own))
        grams.extend(number.setdefault(gram, len(number)) for gram in sorted(own))
    if not rows:
        return []
    held: csr_array[np.int32] = csr_array((np.ones(len(rows), dtype=np.int32), (rows, grams)), shape=(len(cores), len(number)))
    rare = np.flatnonzero(np.asarray(held.sum(axis=0)).ravel() <= COMMON)
    kept = held[:, rare]
    first, second = (kept @ kept.T).nonzero()
    upper = first < second
    return sorted(zip(first[upper].tolist(), second[upper].tolist(), strict=True))


def _compared(one: _Name, other: _Name) -> tuple[float, Words] | None:
    """Likeness of two names and what speaks for it; None where they are not one firm, or not alike enough."""
    if one.places != other.places:
        return None
    a, b = one.core, other.core
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    score = Indel.normalized_similarity(a, b)
    if score < LEAST and not (longer.endswith(shorter) and _is_place(longer.removesuffix(shorter))):
        return None
    if a == b and one.form == other.form:
        return 0.99, Words("只差括号里的写法", "they differ in what stands in brackets alone")
    if a == b:
        forms = one.form or "∅", other.form or "∅"
        return 0.99, Words(f"只差法律形式：{forms[0]} / {forms[1]}", f"they differ in legal form alone: {forms[0]} / {forms[1]}")
    apart = _differences(a, b)
    if any(_NUMERALS & set(x + y) for x, y in apart):
        return None
    leading = {_short(place) for place in (_leading_place(a), _leading_place(b)) if place}
    if len(leading) > 1:
        return None
    shown = "、".join(f"“{x or '∅'}”/“{y or '∅'}”" for x, y in apart)
    return score, Words(f"名称相近，只差 {shown}", f"the names are alike and differ in {shown}")


def _differences(a: str, b: str) -> list[tuple[str, str]]:
    """The pieces in which two names differ: what stands in the one and in the other, blank where nothing does."""
    edits = Levenshtein.opcodes(a, b)
    return [(a[op.src_start : op.src_end], b[op.dest_start : op.dest_end]) for op in edits if op.tag != "equal"]


def _short(place: str) -> str:
    """A place without 省, 市, 区, 县."""
    return re.sub(r"(?:特别行政区|自治区|自治州|省|市|区|县)$", "", place) or place


def _is_place(text: str) -> bool:
    return _short(text) in _places()


def _leading_place(name: str) -> str:
    """The longest place that a name begins with; blank where it begins with none."""
    return next((name[:size] for size in range(min(8, len(name)), 1, -1) if _is_place(name[:size])), "")


@cache
def _places() -> frozenset[str]:
    """Provinces, cities and districts without their suffix."""
    from planner.geography.boundaries import divisions

    return frozenset(_short(name) for name in divisions())
