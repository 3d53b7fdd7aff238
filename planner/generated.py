"""Everything in the checkout that is generated from the code: ``python -m planner.generated [--check]`` (R10)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from planner.case import codes as case
from planner.echo import codes as echo
from planner.echo.vocabulary import vocabulary_page
from planner.geography import codes as geography
from planner.intake import codes as intake
from planner.language import Words
from planner.plan import codes as plan
from planner.problems import Code
from planner.publish import codes as publish
from planner.publish.delegation import codes as delegation
from planner.publish.documents import codes as documents
from planner.publish.dossiers import codes as dossiers
from planner.publish.lists import codes as lists
from planner.publish.lists.pages import list_pages
from planner.questions import codes as questions
from planner.settings import codes as settings
from planner.settings import generate
from planner.settings.generate import GENERATED
from planner.solvers import codes as solvers
from planner.tables import codes as tables
from planner.tables import dictionary
from planner.tracking import codes as tracking

_AREAS = (
    settings,
    tables,
    geography,
    case,
    echo,
    solvers,
    plan,
    publish,
    documents,
    dossiers,
    delegation,
    lists,
    intake,
    questions,
    tracking,
)
CODES: Mapping[str, Code] = {code: entry for area in _AREAS for code, entry in area.CODES.entries.items()}
"""Every code that a message can carry."""


def pages() -> dict[Path, str]:
    """Every generated file: its path in the checkout and its text."""
    return {
        **generate.pages(),
        **dictionary.pages(),
        **list_pages(),
        Path("docs/problems.md"): problems_page(CODES),
        Path("docs/names.md"): vocabulary_page(GENERATED),
    }


def problems_page(codes: Mapping[str, Code]) -> str:
    """The list of codes: what each means and what to do."""
    lines = [
        "# 问题代码 / Codes of problems",
        "",
        f"<!-- {GENERATED} -->",
        "",
        "`S…` 设置，`T…` 单张表，`B…` 台账与目标，`C…` 表与表、表与设置之间，`D…` 文件，`E…` 回显，`F…` 项目对接单，`G…` 边界，`H…` 清单集，`I…` 导入与匹配，`J…` 小分队，`L…` 责任与日程，`R…` 运行目录，`V…` 版本与考核；`…` 处在实际提示中填有具体内容。/",
        "`S…` settings, `T…` one table, `B…` ledgers and targets, `C…` tables against each other and the settings, `D…` documents, `E…` the echo, `F…` dossiers, `G…` boundaries, `H…` list sets, `I…` intake and matching, `J…` delegations, `L…` responsibility and calendar, `R…` run folders, `V…` versions and assessments;",
        "what stands for `…`, and rules and remedies left out here, are said in the message.",
        "",
        "| 代码 code | 含义 meaning | 规则 rule | 处理 remedy |",
        "|---|---|---|---|",
    ]
    for code, entry in sorted(codes.items()):
        mark = "（仅提醒 warning）" if entry.severity == "warning" else ""
        cells = (f"{entry.meaning.zh}{mark} / {entry.meaning.en}", _said(entry.rule), _said(entry.remedy))
        lines.append(f"| {code} | " + " | ".join(dictionary.escaped(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _said(words: Words) -> str:
    """A rule or remedy with ``…`` for what each message fills in; nothing when it is all filled in."""
    names = {name for text in (words.zh, words.en) for _, name, _, _ in Formatter().parse(text) if name is not None}
    filled = words.fill(**dict.fromkeys((*names, "_"), "…"))  # never empty, so that doubled braces are always undone
    texts = [filled.zh, filled.en]
    return "" if texts in (["…", "…"], ["", ""]) else " / ".join(texts)


if __name__ == "__main__":
    sys.exit(generate.put(pages(), sys.argv[1:]))
