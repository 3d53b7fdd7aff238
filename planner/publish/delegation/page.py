"""The page that leads to everything that is taken along: one HTML file that loads nothing, for a screen, a phone or paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from planner.content import content_folder
from planner.language import Words
from planner.problems import visible
from planner.publish.delegation.agenda import Line, agenda
from planner.publish.delegation.record import Delegation
from planner.publish.delegation.words import ELSEWHERE, HELPS, MARKED, WHYS, day_heading, hours_text, remarks, span, title
from planner.publish.desk import Desk
from planner.publish.offline import assert_offline, html_text
from planner.publish.webfont import with_rare

_WHOLE = Words("资料", "Files")
_LEFT, _NOTES = Words("未列入行程", "Not visited"), Words("说明", "Notes")
_DOSSIER = Words("对接单", "dossier")


def write_index(desk: Desk, found: Delegation, path: Path, files: Sequence[tuple[str, Words]], dossiers: Mapping[str, str]) -> None:
    """Write the page. ``files``: names beside it and what they are; ``dossiers``: candidate id → file of its dossier."""
    language = found.language
    parts = [f"<h1>{_text(title(found))}</h1>", f'<p class="sub">{_text(span(found))}　{_text(found.plan)}</p>']
    links = "".join(f'<li><a href="{name}">{_text(words.say(language))}</a></li>' for name, words in files)
    parts.append(f'<nav aria-label="{_text(_WHOLE.say(language))}"><ul>{links}</ul></nav>')
    for day in found.days:
        rows = "".join(_row(line, found, dossiers) for line in agenda(day, language))
        parts.append(f"<h2>{_text(day_heading(found, day))}</h2><ol>{rows}</ol>")
    if found.left_out:
        rows = "".join(f"<li>{_text(one.name)}：{_text(WHYS[one.why].say(language))}</li>" for one in found.left_out)
        helps = [HELPS[one.kind].say(language, n=one.visits, more=Words.listed(one.more, 5)) for one in found.helps]
        helps += [ELSEWHERE.say(language, n=found.elsewhere)] if found.elsewhere else []
        parts.append(f"<h2>{_text(_LEFT.say(language))}</h2><ul>{rows}</ul>{_paragraphs(helps)}")
    notes = [line.say(language) for line in (*remarks(found, desk.opened.case.settings.delegation), MARKED)]
    parts.append(f"<h2>{_text(_NOTES.say(language))}</h2>{_paragraphs(notes)}")
    frame = (content_folder("maps") / "documents" / "delegation.html").read_text(encoding="utf-8")
    filled = {"LANGUAGE": "zh-CN" if language == "zh" else "en", "TITLE": _text(title(found)), "SEAL": desk.plan.short_seal}
    for name, value in filled.items():
        frame = frame.replace(f"<!--{name}-->", value)
    before, after = frame.split("<!--BODY-->")
    page = with_rare(before + "\n".join(parts) + after)
    assert_offline(page, {*(name for name, _ in files), *dossiers.values()})
    path.write_text(page, encoding="utf-8", newline="\n")


def _row(line: Line, found: Delegation, dossiers: Mapping[str, str]) -> str:
    time = f"{line.begins:%H:%M}" if line.ends is None else hours_text(line.begins, line.ends)
    keys = line.call.firm.candidate_ids if line.call is not None else ()
    leads = "".join(f' <a href="{dossiers[key]}">{_text(_DOSSIER.say(found.language))}</a>' for key in keys if key in dossiers)
    lines = [text for text in (line.where + ("*" if line.assumed else ""), line.matters, line.contact) if text]
    kind = "visit" if line.call is not None else "way"
    told = "".join(f"<span>{_text(text)}</span>" for text in lines)
    return f'<li class="{kind}"><time>{time}</time><div><b>{_text(line.what)}</b>{leads}{told}</div></li>'


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{_text(text)}</p>" for text in texts)


def _text(text: str) -> str:
    return html_text(visible(text)).replace("\n", "<br>")
