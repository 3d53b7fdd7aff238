"""``planner approve``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.questions.commands import RunFolder, guarded, language_at, say


class Signed(StrEnum):
    """States that a plan is put into."""

    draft = "draft"
    submitted = "submitted"
    approved = "approved"


def approve(
    run: RunFolder,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="谁报送或批准 / who submits or approves")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="日期，如 2027-01-05 / the day")],
    state: Annotated[
        Signed | None,
        typer.Option("--as", help="submitted 报送；approved 批准（默认，含报送）/ approved by default, which includes submitted"),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="说明，如文号 / a note, such as a document number")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="撤回：退回草案，或退回 --as 的状态 / back to draft, or to --as")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="不宜上会的计划也签，须有 --note / also a plan not fit for decision, with a --note")
    ] = False,
) -> None:
    """报送、批准或撤回一次运行的计划：谁、何时、封印 / submit, approve or withdraw the plan of a run: who, when, seal."""
    from planner.tracking.approve.approve import approve as signed
    from planner.tracking.versions.text import signed_text

    language = language_at(run / "settings.yaml")
    version = guarded(language, lambda: signed(run, by, on, None if state is None else state.value, note, withdraw, anyway))
    say(signed_text(version, language))
