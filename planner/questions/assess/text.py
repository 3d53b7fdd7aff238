"""An assessment in plain sentences: what is broken and by whom, the value beside the best plan's, fewest changes, swaps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from planner.language import Language, Words
from planner.plan.diff import least_difference
from planner.plan.model import Plan
from planner.publish.figures import percent, quantity
from planner.publish.words import FAMILIES, REASONS, STATUS, TERMS, UNKNOWN
from planner.questions.assess.record import Assessment, BrokenLimit, Move, Repair, RowPart, Swap, TermValue
from planner.questions.items_text import Items
from planner.questions.words import DASH, bracketed, decimals, names, plain, table

SHOWN = 12
"""Rows of the list that the console names for one limit."""
FIGURES: Mapping[str, tuple[Words, str]] = {
    "selected": (Words("项目数", "projects"), ""),
    "investment": (Words("计划投资", "investment"), "万元"),
    "expected_output": (Words("预期产值", "expected output"), "万元"),
    "expected_tax": (Words("预期税收", "expected tax"), "万元"),
    "jobs": (Words("就业", "jobs"), "人"),
    "subsidy": (Words("奖补", "subsidy"), "万元"),
    "shortage_after": (Words("剩余缺口", "shortage left"), "万元"),
    "links_closed": (Words("补齐的环节", "links closed"), ""),
    "single_source_after": (Words("单一来源环节", "links with a single source"), ""),
}
"""Headline figures that are told beside those of the best plan, and their units."""
COMPLETED = Words(
    "{n} 行没有写园区或季度，由程序补成改动最少、目标值最高的一种",
    "{n} rows without a park or quarter are completed with the fewest changes and the highest value",
)
READ = Words("名单 {file}：{n} 个项目", "list {file}: {n} projects")
FEASIBLE = Words("名单满足全部限制。", "The list keeps every limit.")
BROKEN = Words("名单违反 {n} 条限制：", "The list breaks {n} limits:")
MOST = Words("{used}，至多 {allowed}，超出 {excess}", "{used}, at most {allowed}: {excess} too much")
LEAST = Words("{used}，至少 {allowed}，还差 {excess}", "{used}, at least {allowed}: {excess} short")
OVER = Words("{ratio}，至多 {bound}：多了 {excess}", "{ratio}, at most {bound}: {excess} too much")
SHORT = Words("{ratio}，至少 {bound}：少了 {excess}", "{ratio}, at least {bound}: {excess} too little")
NOT_KNOWN = Words("有一项数据未知，无法核算", "a figure is not known, so it cannot be reckoned")
MISSING = Words("{name} 不在名单里", "{name} is not in the list")
CLAUSES: Mapping[str, Words] = {
    "other_quarter": Words("已指定其他季度：{other}", "another quarter is fixed for it: {other}"),
    "fixed_elsewhere": Words("已指定园区“{other}”，不落“{park}”", "{other} is fixed for it, not {park}"),
    "investment_intensity": Words("投资额低于“{park}”的投资强度门槛", "its investment is below the gate of {park}"),
    "tax_intensity": Words("年税收低于“{park}”的亩均税收门槛", "its yearly tax is below the gate of {park}"),
}
"""Entry conditions and locks, where what a list says differs from what keeps a candidate out of a park at all."""
PAIRS: Mapping[str, Words] = {
    "together": Words("须在一起的没有在一起", "not together"),
    "apart": Words("须分开的靠得太近", "too near each other"),
    "before": Words("签约先后不合", "signed in the wrong order"),
}
QUARTERS = Words("（{first} 至 {last}，共 {n} 季；以 {worst} 为最）", " ({first} to {last}, {n} quarters; most in {worst})")
ROWS = Words("来自名单：", "from rows of the list: ")
ROW = Words("第 {row} 行 {name}", "row {row} {name}")
MORE = Words("另有 {n} 行", "{n} more rows")
NOBODY = Words("来的太少：没有哪一行是原因", "too little comes: no row is the cause")
VALUE = Words(
    "目标值{level} {value}；最好的计划 {best}，上界 {bound}；与上界相差 {distance}{share}",
    "value{level} {value}; best plan {best}, bound {bound}; {distance} below the bound{share}",
)
BEYOND = Words(
    "目标值{level} {value}；最好的计划 {best}，上界 {bound}；高出上界 {distance}：只因违反限制",
    "value{level} {value}; best plan {best}, bound {bound}; {distance} above the bound, only because it breaks limits",
)
LEVEL = Words("（第 {n} 优先级）", " (priority {n})")
UNREACHABLE = Words("名单违反限制，这个目标值无法实现。", "The list breaks limits: nobody can have this value.")
BETTER = Words("名单比求得的最好的计划还好。", "The list is better than the best plan that was found.")
IMPOSSIBLE = Words(
    "没有任何计划能满足全部限制：用 planner explain 查看原因。", "No plan keeps every limit: planner explain tells why."
)
NO_BEST = Words("在时限内没有求得计划，上界未知。", "No plan was found in time; no bound is known.")
OF_RUN = Words("上界取自 {run}（{state}）", "the bound is that of {run} ({state})")
OF_SOLVE = Words("上界：{state}", "bound: {state}")
TERM, LIST, BEST = Words("目标项", "term"), Words("名单", "list"), Words("最好的计划", "best plan")
OWN_PART, BEST_PART = Words("名单得分", "list's part"), Words("最好得分", "best plan's part")
FIGURE, SOFT = Words("指标", "figure"), Words("软规则的代价", "price of soft rules")
FEWEST = Words("最少改动：改 {n} 处，名单即满足全部限制（{proof}）", "fewest changes: {n} make the list keep every limit ({proof})")
LEAST_PROVED = Words("已证明最少", "proved the fewest")
AT_MOST = Words("至多还能少 {n} 处", "at most {n} too many")
DROP, ADD, MOVE = Words("退出：", "leave: "), Words("新增：", "come: "), Words("改动：", "move: ")
WORTH = Words("改后目标值 {values}", "value then {values}")
SWAPS = Words("换 {n} 项：", "{n} swapped: ")
OUT, IN = Words("退出", "out"), Words("换入", "in")
SETTLED = Words("再多换一项，目标值也不会更高（已证明）。", "One swap more brings nothing (proved).")
BEST_ALREADY = Words("换哪一项，目标值都不会更高（已证明）。", "No swap brings anything (proved).")
OPEN = Words("没有找到更好的换项，但未证明没有。", "No better swap was found; that there is none is not proved.")
FROM_REPAIRED = Words("以下换项从改动后的名单算起。", "The swaps start from the list with these changes.")
ROOM = Words("未证明最优：目标值至多还可高 {room}", "not proved the best: the value could be higher by {room} at most")
PROOF = (Words("未证明最优", "not proved the best"), Words("已证明最优", "proved the best"))


class Told:
    """Sentences about one assessment."""

    def __init__(self, answer: Assessment, language: Language, resources: Mapping[str, str]) -> None:
        self.answer, self.language, self.resources = answer, language, resources

    def say(self, words: Words, **values: object) -> str:
        return words.say(self.language, **values)

    def amount(self, value: float | None, unit: str) -> str:
        return self.say(UNKNOWN) if value is None else quantity(value, unit, self.language)

    def share(self, ratio: float | None, unit: str) -> str:
        """A share in per cent, a mean in its unit."""
        return percent(ratio) if ratio is not None and unit == "1" else self.amount(ratio, unit)

    def read(self) -> str:
        """Which list it was."""
        file = self.answer.list.file + (f"[{self.answer.list.sheet}]" if self.answer.list.sheet else "")
        return self.say(READ, file=file, n=len(self.answer.rows))

    def notices(self) -> list[str]:
        """What was filled in."""
        open_ = sum(bool(row.completed) for row in self.answer.rows)
        return [*map(self.say, self.answer.notices), *([self.say(COMPLETED, n=open_)] if open_ else [])]

    def verdict(self) -> str:
        """Whether it keeps the limits."""
        return self.say(FEASIBLE) if self.answer.feasible else self.say(BROKEN, n=len(self.answer.broken))

    def name(self, limit: BrokenLimit) -> str:
        """``存量资源 东城经开区 用地``."""
        if limit.family == "admission":
            return self.say(limit.limit)
        if limit.family == "must_include":
            return self.say(FAMILIES[limit.family])
        where = "" if limit.place is None else self.say(limit.place)
        return " ".join(part for part in (self.say(FAMILIES[limit.family]), where, self.say(limit.limit)) if part)

    def when(self, limit: BrokenLimit) -> str:
        """The quarters in which it is broken."""
        if len(limit.quarters) > 1:
            first, last = limit.quarters[0].quarter, limit.quarters[-1].quarter
            return self.say(QUARTERS, first=first, last=last, n=len(limit.quarters), worst=limit.quarter)
        return bracketed(limit.quarter or "", self.language)

    def excess(self, limit: BrokenLimit) -> str:
        """By how much, in its unit; of who goes with whom what is wrong."""
        if limit.excess is None:
            return self.say(NOT_KNOWN)
        figures = {name: self.amount(getattr(limit, name), limit.unit) for name in ("used", "allowed", "excess")}
        if limit.family == "must_include":
            return self.say(MISSING, name=limit.limit)
        if limit.family in PAIRS and not limit.least:
            return self.say(PAIRS[limit.family])
        if limit.bound is not None:
            sides = {"ratio": self.share(limit.ratio, limit.ratio_unit), "bound": self.share(limit.bound, limit.ratio_unit)}
            return self.say(SHORT if limit.least else OVER, **sides, excess=figures["excess"])
        if limit.family != "admission":
            return self.say(LEAST if limit.least else MOST, **figures)
        clause = CLAUSES.get(limit.reason) or REASONS[limit.reason]
        told = self.say(clause, park=limit.place or "", quarter=limit.other, other=limit.other)
        return told + (self.say(Words("：", ": ")) + self.say(LEAST, **figures) if limit.least else "")

    def row(self, part: RowPart, limit: BrokenLimit) -> str:
        """A row of the list with its part."""
        name = self.say(ROW, row=part.row, name=part.name) if part.row else part.name
        amount = "" if part.part is None or not limit.unit else f" {self.amount(part.part, limit.unit)}"
        return name + amount

    def limit(self, limit: BrokenLimit) -> Iterator[str]:
        """A broken limit, and the rows that it comes from."""
        colon = self.say(Words("：", ": "))
        yield f"· {self.name(limit)}{self.when(limit)}{colon}{self.excess(limit)}"
        if limit.rows and limit.family != "admission":
            rows = [self.row(part, limit) for part in limit.rows[:SHOWN]]
            rows += [self.say(MORE, n=len(limit.rows) - SHOWN)] if len(limit.rows) > SHOWN else []
            yield "    " + self.say(ROWS) + self.say(Words("；", "; ")).join(rows)
        elif limit.least and limit.family not in {"admission", "must_include"} and not limit.rows:
            yield "    " + self.say(NOBODY)

    def state(self) -> str:
        """What the bound is from."""
        answer = self.answer
        if answer.impossible:
            return self.say(IMPOSSIBLE)
        if answer.best_reason is None:
            return self.say(NO_BEST)
        words = OF_SOLVE if answer.against is None else OF_RUN
        return self.say(words, run=answer.against or "", state=STATUS[answer.best_reason])

    def values(self) -> Iterator[str]:
        """The value at each level and its distance to the bound."""
        for n, level in enumerate(self.answer.levels, start=1):
            places = _places(one for one in (level.value, level.best, level.bound) if one is not None)
            shown = {
                name: self.say(UNKNOWN) if value is None else plain(value, places)
                for name, value in (("value", level.value), ("best", level.best), ("bound", level.bound))
            }
            beyond = level.distance is not None and level.distance < 0
            distance = self.say(UNKNOWN) if level.distance is None else plain(abs(level.distance), places)
            share = "" if not level.distance or not level.bound or beyond else percent(level.distance / abs(level.bound))
            title = self.say(LEVEL, n=n) if len(self.answer.levels) > 1 else ""
            words = BEYOND if beyond else VALUE
            yield self.say(words, level=title, distance=distance, share=bracketed(share, self.language), **shown)
        first = self.answer.levels[0]
        if not self.answer.feasible:
            yield self.say(UNREACHABLE)
        elif first.best is not None and first.value - first.best > least_difference(first.value, first.best):
            yield self.say(BETTER)

    def term(self, term: TermValue) -> str:
        """A term by name; a resource by its own."""
        return self.say(TERMS[term.name]) if term.name in TERMS else self.resources.get(term.name, term.name)

    def terms(self) -> str:
        """The value by term, beside the best plan's."""
        terms = [term for term in self.answer.terms if term.list.weight]
        parts = [term.list.contribution for term in terms] + [term.best.contribution for term in terms if term.best]
        places = decimals([*parts, self.answer.penalties])

        def column(best: bool) -> list[str]:
            return [DASH if (one := term.best if best else term.list) is None else self.amount(one.raw, one.unit) for term in terms]

        def part(best: bool) -> list[str]:
            sides = [term.best if best else term.list for term in terms]
            return [DASH if one is None else plain(one.contribution, places) for one in sides]

        soft = [self.say(SOFT)] if self.answer.penalties else []
        more = [DASH] * len(soft)
        return table(
            self.language,
            (TERM, [*map(self.term, terms), *soft], False),
            (LIST, [*column(best=False), *more], True),
            (BEST, [*column(best=True), *more], True),
            (OWN_PART, [*part(best=False), *(plain(-self.answer.penalties, places) for _ in soft)], True),
            (BEST_PART, [*part(best=True), *more], True),
        )

    def figures(self) -> list[tuple[Words, str, float | None, float | None]]:
        """Headline figures: name, unit, of the list, of the best plan."""
        own, best = self.answer.kpis, self.answer.best_kpis
        return [
            (words, unit, getattr(own, name), None if best is None else getattr(best, name))
            for name, (words, unit) in FIGURES.items()
        ]

    def kpis(self) -> str:
        rows = self.figures()
        return table(
            self.language,
            (FIGURE, [self.say(words) for words, _, _, _ in rows], False),
            (LIST, [self.amount(own, unit) for _, unit, own, _ in rows], True),
            (BEST, [self.amount(best, unit) for _, unit, _, best in rows], True),
        )

    def move(self, move: Move) -> str:
        """``甲公司（K001）东城 2027Q1 → 西城 2027Q2``."""
        park = move.park_after if move.park_before in ("", move.park_after) else f"{move.park_before} → {move.park_after}"
        quarter = move.quarter_after
        if move.quarter_before not in ("", move.quarter_after):
            quarter = f"{move.quarter_before} → {move.quarter_after}"
        return f"{move.name}{bracketed(move.candidate_id, self.language)} {park} {quarter}"

    def fewest(self, repair: Repair) -> Iterator[str]:
        """The fewest changes, by name."""
        proof = self.say(LEAST_PROVED) if repair.proved else self.say(AT_MOST, n=repair.changes - repair.least)
        yield self.say(FEWEST, n=repair.changes, proof=proof)
        stop = self.say(Words("；", "; "))
        for words, told in (
            (DROP, [names([one], self.language) for one in repair.dropped]),
            (ADD, [self.move(one) for one in repair.placed]),
            (MOVE, [self.move(one) for one in repair.moved]),
        ):
            if told:
                yield "  " + self.say(words) + stop.join(told)
        values = stop.join(plain(value, _places([value])) for value in repair.value)
        yield "  " + self.say(WORTH, values=values)

    def swap(self, swap: Swap) -> str:
        """Who is exchanged, in a line."""
        sides = [(OUT, names(swap.dropped, self.language)), (IN, names(swap.added, self.language))]
        told = [f"{self.say(words)} {firms}" for words, firms in sides if firms]
        told += [self.say(MOVE) + self.say(Words("、", ", ")).join(map(self.move, swap.moved))] if swap.moved else []
        proof = PROOF[swap.proved]
        if not swap.proved and swap.bound is not None and len(swap.difference.levels) == 1:
            room = max(swap.bound - swap.difference.levels[0].after, 0.0)
            proof = ROOM.fill(room=plain(room, _places([swap.bound])))
        head = self.say(SWAPS, n=swap.number)
        return head + self.say(Words("；", "; ")).join(told) + bracketed(self.say(proof), self.language)

    def after_swaps(self) -> str:
        """What one swap more would bring."""
        answer = self.answer
        if answer.settled:
            return self.say(SETTLED if answer.swaps else BEST_ALREADY)
        return "" if answer.swaps else self.say(OPEN)


def text_of(answer: Assessment, plan: Plan | None, swaps: int, resources: Mapping[str, str], language: Language) -> str:
    """What the console prints."""
    return "\n".join(_lines(Told(answer, language, resources), plan, swaps))


def _lines(told: Told, plan: Plan | None, swaps: int) -> Iterator[str]:
    answer = told.answer
    yield told.read()
    yield from (f"  {notice}" for notice in told.notices())
    yield told.verdict()
    for limit in answer.broken:
        yield from told.limit(limit)
    yield from told.values()
    yield told.state()
    yield told.terms()
    yield told.kpis()
    if answer.repair is not None:
        yield from told.fewest(answer.repair)
    if not swaps or answer.impossible:
        return
    if answer.repair is not None and answer.swaps:
        yield told.say(FROM_REPAIRED)
    for swap in answer.swaps:
        yield told.swap(swap)
        if plan is not None:
            yield from _indented(Items(plan, told.language).items(swap.difference))
    yield from filter(None, [told.after_swaps()])


def _places(values: Iterable[float]) -> int:
    """Decimals that tell the largest of the values to six figures."""
    largest = max(map(abs, values), default=0.0)
    return 6 if largest == 0 else min(9, max(0, 5 - math.floor(math.log10(largest))))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
