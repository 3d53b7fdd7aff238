"""``planner appraise``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.questions.commands import OnDay, PlanFile, StatusFile, guarded, language_at, plan_path, print_problems, say
from planner.tracking.plans import FromRun, plan_if_any

if TYPE_CHECKING:
    from planner.plan.open import Opened
    from planner.tracking.appraise.record import Appraisal


def appraise(
    path: PlanFile,
    on: OnDay = None,
    status: StatusFile = None,
    run: FromRun = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx", help="写出工作簿 / write a workbook")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """考核：各区县、产业链、专班按加权指标计分，逐步列出 / assess counties, chains, teams by weighted formulas, each step shown."""
    from planner.plan.open import open_plan
    from planner.tracking.appraise.appraise import appraise as appraised
    from planner.tracking.appraise.text import appraisal_text
    from planner.tracking.appraise.workbook import write_appraisals

    path = plan_path(path)
    language = language_at(path)

    def work() -> tuple[Opened, tuple[Appraisal, ...]]:
        opened = open_plan(path, status=status, on=on)
        plan = plan_if_any(path, opened.case.settings.name, run)
        found = appraised(opened, plan)
        if out is not None:
            write_appraisals(out, opened.case.settings.name, language, found, plan)
        return opened, found

    opened, found = guarded(language, work)
    print_problems(opened.warnings, language)
    say(
        json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=1)
        if as_json
        else appraisal_text(found, language)
    )
    if out is not None and not as_json:
        say(str(out))
