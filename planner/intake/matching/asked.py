"""What ``planner match`` does: the file it writes and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.intake.matching.accept import write_accepted
from planner.intake.matching.match import MOST, TOP, match
from planner.intake.matching.needs import explode
from planner.intake.matching.needs_book import FILE as NEEDS
from planner.intake.matching.needs_book import text_of, write_needs
from planner.intake.matching.suggestions import FILE, about, read_accepted, write_suggestions
from planner.language import Words
from planner.problems import Problem

_SUGGESTED = Words(
    "{firms} 家企业、{links} 个环节。{about}\n建议写在 {path}：在“采纳”列选“是”后运行 planner match {plan} --accept {path}",
    "{firms} firms, {links} links. {about}\nsuggestions are in {path}: say yes in the column accept, then planner match {plan} --accept {path}",
)
_ACCEPTED = Words(
    "采纳 {links} 家企业的环节，写入副本 {path}（带 *，依据另成一列）；原表未动。\n要用它，在 plan.yaml 的 tables.candidates 中把 {old} 改为 {path}",
    "{links} links written into the copy {path} (with *, the evidence in a column); the table is as it was.\n"
    "to use it, replace {old} by {path} under tables.candidates in plan.yaml",
)
Said = tuple[tuple[Problem, ...], str]
"""Warnings, and what the command prints."""


def suggested(path: Path, out: Path | None = None, columns: Sequence[str] = (), top: int = TOP) -> Said:
    """Suggestions written beside the plan file, or to ``out``."""
    matches = match(path, columns, top)
    language = matches.loaded.settings.language
    target = out or matches.loaded.folder / FILE.say(language)
    write_suggestions(matches, target)
    sizes = {"firms": len(matches.ids), "links": len(matches.links)}
    return matches.warnings, _SUGGESTED.say(language, about=about(matches), path=target, plan=path, **sizes)


def accepted(path: Path, file: Path, out: Path | None = None, columns: Sequence[str] = ()) -> Said:
    """What ``file`` accepts, written into a copy of the candidates."""
    matches = match(path, columns, MOST)
    own, language = matches.loaded.folder.resolve(), matches.loaded.settings.language
    said = []
    for copy in write_accepted(matches, read_accepted(matches, file), out):
        real = copy.path.resolve()
        shown = real.relative_to(own).as_posix() if real.is_relative_to(own) else real
        said.append(_ACCEPTED.say(language, links=copy.links, path=shown, old=copy.instead_of))
    return (), "\n".join(said)


def exploded(path: Path, bom: Path, count: int = 1, out: Path | None = None) -> Said:
    """What ``count`` products need by a list of parts, written beside the plan file, or to ``out``."""
    needs = explode(path, bom, count)
    target = out or needs.opened.loaded.folder / NEEDS.say(needs.opened.loaded.settings.language, stem=bom.stem)
    write_needs(needs, target)
    return needs.warnings, text_of(needs, target)
