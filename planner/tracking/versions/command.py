"""``planner versions``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from planner.language import Language
from planner.questions.commands import BAD_INPUT, guarded, language_at, print_problems, say


def versions(
    place: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", help="工作区、plan.yaml 或放运行的目录 / a workspace, its plan.yaml, or a folder of runs"),
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """列出工作区里各次运行的计划：草案、已报送、已批准，哪一份现行 / the plans of a workspace: drafts, submitted, approved, in force."""
    from planner.plan.versions import versions as listed
    from planner.tracking.versions.text import records_of, versions_text

    language = _language(place)
    found, problems = guarded(language, lambda: listed(place))
    say(json.dumps(records_of(found), ensure_ascii=False, indent=1) if as_json else versions_text(found, language))
    print_problems(problems, language)
    if problems:
        raise typer.Exit(BAD_INPUT)


def _language(place: Path) -> Language:
    """That of the plan file, or of the first run."""
    if place.is_file():
        return language_at(place)
    files = [place / "plan.yaml", place / "settings.yaml", *sorted(place.glob("*/settings.yaml"))]
    return language_at(next((file for file in files if file.is_file()), files[0]))
