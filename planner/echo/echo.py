"""The whole echo of a programme, and what it warns of."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from planner.echo.codes import problem
from planner.echo.entry import MANY, SHOWN, bound_line, bound_reach, entry_lines, nowhere
from planner.echo.horizon import horizon_lines
from planner.echo.lines import Echo, EchoLine, with_verdict
from planner.echo.refine import refined
from planner.echo.relations import relation_lines
from planner.echo.rules import rule_line, rule_reach
from planner.language import Words, counted
from planner.problems import Place, Problem
from planner.programme.build import Programme
from planner.reading.changes.words import words_of
from planner.reading.table import Made
from planner.settings.filters import bounds_of, conditions

FEW = 3
"""Rows of a table below which it says nothing that a filter takes all."""
_CODES = {
    ("change", "everything"): "E115",
    ("rule", "nothing"): "E101",
    ("rule", "everything"): "E102",
    ("rule", "always"): "E103",
    ("rule", "never"): "E104",
    ("rule", "empty"): "E104",
    ("rule", "shut"): "E110",
    ("relation", "never"): "E105",
    ("relation", "always"): "E106",
    ("relation", "nothing"): "E106",
    ("lock", "never"): "E107",
    ("gate", "never"): "E107",
    ("bound", "never"): "E109",
    ("bound", "always"): "E109",
}
"""What a line of a kind with a verdict is warned of as."""

Setting = Callable[..., Place | None]


_SAID: WeakKeyDictionary[Programme, tuple[Setting, Echo]] = WeakKeyDictionary()


def echo(programme: Programme, setting: Setting) -> Echo:
    """Everything the plan file asks for, in words, with what it touches and can come to. ``setting`` gives the place of a key path of
    plan.yaml. Said before a solve and in its plan, and worked out once."""
    if programme not in _SAID or _SAID[programme][0] != setting:
        _SAID[programme] = setting, _echo(programme, setting)
    return _SAID[programme][1]


def _echo(programme: Programme, setting: Setting) -> Echo:
    made = programme.case.tables.made
    lines: list[tuple[EchoLine, Place | None]] = [(change_line(one), setting("changes", n)) for n, one in enumerate(made)]
    rules, terms = programme.layout.rules, len(programme.case.settings.objective.bounded_terms)
    sums = [rule_reach(programme, rows) for rows in rules] + [bound_reach(programme, position) for position in range(terms)]
    known = refined(programme, sums)
    for rows, reached in zip(rules, known.reached, strict=False):
        lines.append((rule_line(programme, rows, reached), setting("rules", rows.position)))
    for keys, line in relation_lines(programme):
        lines.append((line, setting(*keys)))
    lines += [(line, None) for line in entry_lines(programme)]
    lines += [(line, None) for line in horizon_lines(programme)]
    for position, reached in enumerate(known.reached[len(rules) :]):
        line = bound_line(programme, position, reached)
        side = "floors" if line.minimum is not None else "ceilings"
        lines.append((line, setting("objective", side, line.name)))
    warnings = [_warning(line, place) for line, place in lines if (line.kind, line.verdict) in _CODES]
    soft = {rows.rule.name for rows in rules if rows.rule.soft is not None}
    hopeless = any(
        line.verdict == "never" and line.kind in ("rule", "bound", "lock") and line.name not in soft for line, _ in lines
    )
    if known.contradiction.zh and not hopeless:
        warnings.append(problem("E111", None, "rules", what=known.contradiction))
    homeless, why = nowhere(programme)
    if homeless > MANY * len(programme.case.candidates):
        what = Words(
            f"{len(programme.case.candidates)} 个项目中有 {homeless} 个进不了任何园区：{why.zh}",
            f"no park for {homeless} of {counted(len(programme.case.candidates), 'project')}: {why.en}",
        )
        warnings.append(problem("E108", None, "candidates", what=what))
    return Echo(tuple(line for line, _ in lines), tuple(warnings), homeless, why)


def change_line(made: Made) -> EchoLine:
    """A change of the tables in words, and in which rows it was made."""
    words = words_of(made.change)
    rows = [row.words for row in made.rows if row.table == made.change.table and not row.column]
    cells = [row.words for row in made.rows if row.column]
    some, lost = Words.listed(rows, SHOWN), Words.listed(cells, SHOWN)
    text = Words(f"{words.zh}：{made.count} 行（{some.zh}）", f"{words.en}: {counted(made.count, 'row')} ({some.en})")
    if cells:
        text = Words(f"{text.zh}；随之去掉：{lost.zh}", f"{text.en}; what names it there is gone with it: {lost.en}")
    line = EchoLine(kind="change", name=made.key, zh=text.zh, en=text.en)
    bare = any(isinstance(bound, (int, float)) for _, _, wanted in conditions(made.change.where) for bound in bounds_of(wanted))
    # Bounds without a unit that leave nothing out have been told already.
    if not made.change.where or bare or made.change.insert is not None or made.of < FEW or made.count < made.of:
        return line
    return with_verdict(line, "everything", Words(f"全部 {made.of} 行都符合", f"all {made.of} rows meet it"))


def _warning(line: EchoLine, place: Place | None) -> Problem:
    return problem(_CODES[line.kind, line.verdict], place, line.name, what=Words(line.verdict_zh, line.verdict_en))
