"""``planner explain``: whether a plan exists, and if none does, why not and what would help."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from planner.language import Words
from planner.questions.commands import (
    DONE,
    INFEASIBLE,
    NO_PLAN,
    PlanFile,
    ProgressAs,
    ShowProgress,
    ended,
    guarded,
    language_at,
    plan_path,
    print_problems,
    progress_view,
    say,
)

APPLY = "--apply"
BEGIN = Words(
    "查找可行计划、冲突和放宽办法，最多约 {seconds} 秒 …",
    "looking for a plan, conflicts and repairs, about {seconds} seconds at most …",
)


class ExplainCommand(TyperCommand):
    """``--apply`` may stand alone: it then means the first repair."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the 1 where it was left out."""
        filled: list[str] = []
        for word, following in zip(args, [*args[1:], ""], strict=True):
            alone = word == APPLY and not following.removeprefix("-").isdigit()
            filled += [word, "1"] if alone else [word]
        return super().parse_args(ctx, filled)


COMMAND = ExplainCommand


def explain(
    path: PlanFile,
    apply: Annotated[
        int | None,
        typer.Option(
            APPLY,
            metavar="[N]",
            help="把第 N 个放宽方案（省略即第 1 个）写成新的计划文件 / write repair N (1 if left out) as a new plan file",
        ),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", min=0.001, help="总秒数 / seconds in all")
    ] = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """有没有可行计划；没有时，谁与谁冲突、最少放宽什么 / is there a plan; if not, the conflict and its cheapest repairs."""
    path = plan_path(path)
    language = language_at(path)

    def work() -> Any:
        from planner.plan.open import open_plan
        from planner.questions.explain import ask
        from planner.questions.explain.text import conflict_text

        opened = open_plan(path)
        print_problems(opened.warnings, language)
        seconds = time_limit or opened.loaded.settings.explain.time_limit
        say(BEGIN.say(language, seconds=f"{seconds:.0f}"), problem=True)
        with progress_view(language) as view:
            explanation = ask.explain(opened, time_limit, listen=view.progress)
        say(conflict_text(explanation, language), problem=not explanation.feasible)
        return explanation, None if apply is None or explanation.feasible else ask.repair(opened, explanation, apply)

    explanation, written = guarded(language, work)
    if written is not None:
        say(Words('已写出：{path}\nplanner run "{path}"', 'written: {path}\nplanner run "{path}"').say(language, path=written))
    code = DONE if written or explanation.feasible else INFEASIBLE if explanation.feasible is False else NO_PLAN
    ended(code, written)
    if code != DONE:
        raise typer.Exit(code)
