"""The echo for a screen, a log and the sheet 规则一览."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from planner.echo.lines import Echo, EchoLine, Kind
from planner.echo.scenarios import Differing, ScenarioEcho
from planner.language import Language, Words, counted
from planner.limits import FAMILY
from planner.limits.family import amount_text
from planner.problems import visible
from planner.settings.relations import GROUPS
from planner.tables.spec import TABLES
from planner.terms.registry import TERM_WORDS

KINDS: dict[Kind, Words] = {
    "change": Words("改动", "changes"),
    "rule": Words("规则", "rules"),
    "relation": Words("关系", "relations"),
    "lock": Words("锁定", "locks"),
    "gate": Words("准入", "gates"),
    "season": Words("季节", "seasons"),
    "horizon": Words("规划期之后", "after the horizon"),
    "bound": Words("目标项界限", "bounds of terms"),
}
TITLE = Words("规则一览（求解之前）", "What the plan file asks for")


def words_of(line: EchoLine) -> Words:
    """What a line says."""
    return Words(line.zh, line.en)


_NAMES = {
    "signed": Words("已签约", "signed"),
    "lost": Words("已流失", "lost"),
    "rivals.per_link": Words("同一环节的新项目", "new projects at one link"),
    "rivals.per_park_link": Words("同一园区同一环节的新项目", "new projects at one link in one park"),
}
"""What lines are called that no column and no analyst names."""


def name_of(line: EchoLine) -> Words:
    """What a line is called: as the analyst calls it, or else the column, the term or the limit that it is of."""
    if line.kind in ("lock", "gate"):
        columns = (spec.column(line.name) for spec in (TABLES["candidates"], TABLES["parks"]) if spec.has(line.name))
        named = next((Words(column.zh, column.en) for column in columns), None)
        return _NAMES.get(line.name) or named or Words(line.name, line.name)
    if line.kind == "bound":
        return TERM_WORDS.get(line.name, Words(line.name, line.name))
    kind, _, number = line.name.rpartition(" ")
    if line.kind == "relation" and kind in GROUPS and number.isdecimal():  # one without a name
        return Words(f"{FAMILY[kind].title.zh} {number}", f"{FAMILY[kind].title.en} {number}")
    return _NAMES.get(line.name, Words(line.name, line.name))


def touches(line: EchoLine) -> Words:
    """What it touches, and in how many groups it holds; empty where that is no question."""
    if line.kind != "rule":
        return Words("", "")
    candidates, parks, quarters = line.candidates or 0, line.parks or 0, line.quarters or 0
    groups = Words(f"，{line.groups} 组", f", {counted(line.groups, 'group')}") if line.groups != 1 else Words("", "")
    return Words(
        f"涉及 {candidates} 个项目 × {parks} 个园区 × {quarters} 个季度{groups.zh}",
        f"{counted(candidates, 'candidate')} × {counted(parks, 'park')} × {counted(quarters, 'quarter')}{groups.en}",
    )


def reaches(line: EchoLine) -> Words:
    """The least and most that it can come to; empty where that is not known."""
    if line.least is None and line.most is None:
        return Words("", "")
    low, high = (figure(value, line.unit) for value in (line.least, line.most))
    unit = "" if line.unit == "1" else line.unit
    zh, en = f" {unit}" if unit else "", f" {unit}" if unit not in ("", "个") else ""
    return Words(f"可能为 {low} 至 {high}{zh}", f"can be {low} to {high}{en}")


def figure(value: float | None, unit: str) -> str:
    """A figure of a line; a share in per cent, ``—`` where there is none."""
    if value is None:
        return "—"
    return f"{amount_text(round(value * 100, 4))} %" if unit == "1" else amount_text(round(value, 4))


def nowhere_words(said: Echo) -> Words:
    """How many projects fit into no park, and what refuses most of them: the end of a sentence, empty where each fits somewhere."""
    if not said.homeless:
        return Words("", "")
    count, why = said.homeless, said.refusals
    return Words(f"；{count} 个进不了任何园区：{why.zh}", f"; {counted(count, 'fits into no park', 'fit into no park')}: {why.en}")


def echo_text(lines: Sequence[EchoLine], language: Language) -> str:
    """The echo for a screen or a log: what each says, then what it touches, reaches, and what is to be told of it."""
    colon = "：" if language == "zh" else ": "
    text = [f"{TITLE.say(language)}{colon.rstrip()}"]
    for kind, of_kind in groupby(lines, lambda line: line.kind):
        text.append(f"  {KINDS[kind].say(language)}")
        for line in of_kind:
            name = f"{name_of(line).say(language)}{colon}" if kind in ("change", "rule", "relation", "season") else ""
            text.append(visible(f"  - {name}{words_of(line).say(language)}", one_line=True))
            more = [part.say(language) for part in (touches(line), reaches(line)) if part.zh]
            if more:
                text.append(f"      {'；'.join(more) if language == 'zh' else '; '.join(more)}")
            if line.verdict_zh:
                text.append(visible(f"      ! {Words(line.verdict_zh, line.verdict_en).say(language)}", one_line=True))
    return "\n".join(text)


MOST = 12
"""Lines of a scenario that are shown in the check of a whole plan file."""


def scenario_text(said: ScenarioEcho, language: Language, most: int = MOST) -> str:
    """What a scenario changes: counts first, then the rows of each change, then up to ``most`` lines of the echo that are others."""
    head = Words(
        f"情景“{said.name}”：{len(said.changes)} 处改动，共 {said.rows} 行；{len(said.settings)} 项设置；{len(said.differing)} 条与计划不同",
        f"scenario “{said.name}”: {counted(len(said.changes), 'change')} of {counted(said.rows, 'row')}; "
        f"{counted(len(said.settings), 'setting')}; {counted(len(said.differing), 'line')} unlike the plan's",
    )
    nowhere = nowhere_words(said.whole).say(language) if said.whole.homeless != said.plan.homeless else ""
    text = [visible(head.say(language) + nowhere, one_line=True)]
    colon = Words("：", ": ").say(language)
    text += [visible(f"  - {line.name}{colon}{words_of(line).say(language)}", one_line=True) for line in said.changes]
    text += [visible(f"  - {key}", one_line=True) for key in said.settings]
    text += [visible(f"  - {differing_words(one).say(language)}", one_line=True) for one in said.differing[:most]]
    if (more := len(said.differing) - most) > 0:
        text.append(
            Words(f"  另有 {more} 条，见 planner check --scenario", f"  {more} more: see planner check --scenario").say(language)
        )
    return "\n".join(text)


def differing_words(one: Differing) -> Words:
    """One line of the echo under a scenario, and what it was: of what it says, touches and reaches the parts that are others."""
    line = one.line or one.before
    assert line is not None
    kind, name = KINDS[line.kind], name_of(line)
    title = Words(f"{kind.zh} {name.zh}：", f"{kind.en} {name.en}: ")
    if one.line is None or one.before is None:
        how = Words("只在计划中", "in the plan alone") if one.line is None else Words("只在情景中", "in the scenario alone")
        parts = [words_of(line), touches(line), reaches(line)]
        said = Words("；".join(part.zh for part in parts if part.zh), "; ".join(part.en for part in parts if part.en))
        return Words(f"{title.zh}{how.zh}，{said.zh}", f"{title.en}{how.en}, {said.en}")
    pairs = [(part(one.line), part(one.before)) for part in (words_of, touches, reaches, _verdict)]
    told = [(now, before) for now, before in pairs if now != before]
    nothing = Words("无", "none")
    zh = "；".join(f"{now.zh or nothing.zh}（原为：{before.zh or nothing.zh}）" for now, before in told)
    en = "; ".join(f"{now.en or nothing.en} (was: {before.en or nothing.en})" for now, before in told)
    return Words(f"{title.zh}{zh}", f"{title.en}{en}")


def _verdict(line: EchoLine) -> Words:
    return Words(line.verdict_zh, line.verdict_en)
