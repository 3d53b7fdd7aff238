"""The command ``planner``: parse, call, print; nothing else (R9). Everything heavy is imported inside the commands."""

from __future__ import annotations

import gc
import os
import sys
import warnings as python_warnings
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner import tracking
from planner.language import Language, Words
from planner.questions.answering import commands
from planner.questions.commands import (
    BAD_INPUT,
    DataOf,
    OnDay,
    PlanFile,
    ProgressAs,
    RunFolder,
    ShowProgress,
    StatusFile,
    ended,
    guarded,
    language_at,
    leave,
    left_out,
    not_written,
    plan_path,
    print_problems,
    say,
    show_progress,
    solving,
    unbroken,
)
from planner.settings.outputs import OUTPUTS, chosen_outputs
from planner.usage import BilingualGroup

app = typer.Typer(
    name="planner",
    cls=BilingualGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Tongue(StrEnum):
    """Languages of what is written."""

    zh = "zh"
    en = "en"


class Paper(StrEnum):
    """Kinds of file of a dossier."""

    pdf = "pdf"
    docx = "docx"


class ModelFormat(StrEnum):
    """File formats of other solvers."""

    mps = "mps"
    lp = "lp"


def main() -> None:
    """Entry point; text is UTF-8 whatever the terminal's code page is, and work goes on when nobody reads it any more."""
    sys.stdout, sys.stderr = (unbroken(stream) for stream in (sys.stdout, sys.stderr))
    if not sys.warnoptions:
        python_warnings.simplefilter("ignore")  # in a library's own words
    # The cells of a large file are millions of objects in no cycle: looking through them for cycles is a sixth of reading them.
    gc.set_threshold(100_000, 20, 100)
    app()


def _begin(version: bool) -> None:
    """What every command line begins with: progress as text, whatever the one before it was told, and the version if that is asked for."""
    show_progress(ProgressAs.text)
    if version:
        from planner.version import version_text

        say(version_text())
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_begin, is_eager=True, help="版本与提交 / version and commit")
    ] = False,
) -> None:
    """Bulian 补链：产业链招商计划 / plans investment targeting for industry chains."""


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新工作区目录 / the new workspace")],
    source: Annotated[str, typer.Option("--from", metavar="NAME", help="范例名 / example to copy")] = "demo",
) -> None:
    """新建工作区：plan.yaml 与 data/，可直接运行 / a workspace, ready to run."""
    from planner.publish.workspace import new_workspace

    made = guarded("zh", lambda: new_workspace(folder, source))
    say(f"{made}\n" + f'planner run "{made / "plan.yaml"}"')


@app.command()
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="要写的工作簿 / the workbook to write")],
    lang: Annotated[Tongue, typer.Option("--lang", help="语言 / language")] = Tongue.zh,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="PLAN", help="填入此计划的数据 / filled with the tables of this plan")
    ] = None,
) -> None:
    """输入模板：各表一页，有下拉、单位、说明和示例 / an input workbook: drop-downs, units, notes, examples."""
    from planner import api

    path = None if source is None else plan_path(source)
    language = lang.value if path is None else language_at(path)
    opened = None if path is None else guarded(language, lambda: api.open_plan(path))
    say(str(guarded(lang.value, lambda: api.template(out, lang.value, opened))))


@app.command()
def intake(
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="工作区 / the workspace")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="杂乱的工作簿或 CSV / messy workbooks or CSV")] = None,
    lang: Annotated[Tongue, typer.Option("--lang", help="提示与报告的语言 / language of messages and report")] = Tongue.zh,
) -> None:
    """导入杂乱的工作簿：识别、提出映射、改读，逐行出报告 / take messy workbooks in, with a report of every row."""
    from planner.intake.take import lacking_text, problem_lines, refused_text, summary, take_in
    from planner.problems import InputError

    plan = into / "plan.yaml"
    language: Language = language_at(plan) if plan.is_file() else lang.value
    try:
        result = take_in(files or [], into, language)
    except InputError as error:
        raise leave(BAD_INPUT, refused_text(error.problems, into, language)) from None
    for line in problem_lines(result.problems, language):
        say(line, problem=True)
    say(summary(result, language))
    if lacking := result.lacking:
        say(lacking_text(lacking, into, language))
    elif plan in result.files:
        say(f'planner run "{plan}"')


@app.command()
def check(
    path: PlanFile,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.xlsx", help="核对报告：标出有问题的单元格 / a workbook that marks the cells"),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="核对日期：列出到这一天已旧的数据 / tell facts grown old by this day"),
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="超过多少天算旧，默认 180 / days after which, 180 by default"),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="NAME", help="只看这个情景，规则一览照它说 / this scenario alone, said back in full"),
    ] = None,
    status: StatusFile = None,
    on: OnDay = None,
) -> None:
    """检查设置与数据，一次列出全部问题；说回规则和各情景 / print every problem at once; say rules and scenarios back."""
    from planner import api
    from planner.plan.inspection import OLD
    from planner.publish.console import encodings_text
    from planner.publish.echo import MOST, echo_text, nowhere_words, scenario_text
    from planner.publish.stages import stages_text

    path = plan_path(path)
    language = language_at(path)
    if older_than is not None and as_of is None:
        raise typer.BadParameter("须与 --as-of 同用 / goes with --as-of", param_hint="--older-than")
    day = None if as_of is None else _day(as_of)
    older = OLD if older_than is None else older_than
    found = api.inspect(path, day, older, report is not None, scenario, status, on)
    if report is not None:
        target = report
        guarded(language, lambda: api.report(found, target, language))
        say(str(target))
    opened = found.opened
    said = None if opened is None else api.echo(opened)
    under = api.scenario_echoes(found, said)
    told = [warning for one in (said, *under) if one is not None for warning in one.warnings]
    print_problems((*found.problems, *told), language, report)
    if opened is None or said is None:
        ended(BAD_INPUT)
        raise typer.Exit(BAD_INPUT)
    if scenario is not None:
        opened, said = found.scenarios[0], under[0].whole
    if said.lines:
        say(echo_text(said.lines, language))
    for one in under:
        say(scenario_text(one, language, MOST if scenario is None else len(one.differing)))
    case, eligible = opened.case, opened.eligible
    if stages := stages_text(case, language):
        say(stages)
    passed = Words(
        "检查通过：{candidates} 个项目、{parks} 个园区、{links} 个环节、{quarters} 个季度；可行的“项目×园区”组合 {pairs} 个，"
        "{able} 个项目至少有一个园区可落",
        "check passed: {candidates:candidate}, {parks:park}, {links:link}, {quarters:quarter}; {pairs:eligible pair}, "
        "{able:candidate} with at least one park",
    )
    sizes = {name: len(getattr(case, name)) for name in ("candidates", "parks", "links", "quarters")}
    summary = passed.say(language, **sizes, pairs=int(eligible.pairs.sum()), able=int(eligible.candidates.sum()))
    say(summary + nowhere_words(said).say(language))
    if encodings := encodings_text(case.tables, language):
        say(encodings)


def _day(text: str) -> date:
    from planner.settings.base import RefusedError, normal_day

    try:
        return date.fromisoformat(normal_day(text))
    except RefusedError:
        raise typer.BadParameter(f"{text}：须写作 2026-09-30 / is written 2026-09-30", param_hint="--as-of") from None


@app.command()
def diagnose(path: PlanFile) -> None:
    """诊断产业链：需求、供给、缺口、来源、评级 / what the chains lack today."""
    from planner import api
    from planner.publish.console import diagnosis_text

    path = plan_path(path)
    language = language_at(path)
    opened = guarded(language, lambda: api.open_plan(path))
    print_problems(opened.warnings, language)
    say(diagnosis_text(api.diagnose(opened), language))


@app.command()
def run(
    path: PlanFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="运行目录 / run folder")] = None,
    time_limit: Annotated[float | None, typer.Option("--time-limit", metavar="S", help="求解秒数 / seconds")] = None,
    work: Annotated[int | None, typer.Option("--work", metavar="N", help="工作量上限，可复现 / work limit, repeatable")] = None,
    gap: Annotated[float | None, typer.Option("--gap", metavar="G", help="相对差距 / relative gap")] = None,
    threads: Annotated[int | None, typer.Option("--threads", metavar="N", help="线程 / threads")] = None,
    solver: Annotated[str | None, typer.Option("--solver", metavar="NAME", help="求解器 / solver")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="随机种子 / random seed")] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", metavar="RUN", help="以前的运行目录或其 plan.json，作为起点 / earlier run to begin from"),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="计划中的一个情景 / a scenario of the plan")
    ] = None,
    status: StatusFile = None,
    on: OnDay = None,
    progress: ShowProgress = ProgressAs.text,
) -> None:
    """检查、诊断、求解、核验、出成果 / check, diagnose, solve, verify, publish."""
    from planner import api
    from planner.publish.console import outcome_text

    path = plan_path(path)
    language = language_at(path)
    given = {"time_limit": time_limit, "work": work, "gap": gap, "threads": threads, "solver": solver, "seed": seed}
    overrides: dict[str, object] = {f"solve.{key}": value for key, value in given.items() if value is not None}

    def steps() -> api.Outcome:
        with solving(language) as view:
            return api.run(path, out, overrides, view.progress, view.phase, start, view.tell, scenario, status=status, on=on)

    outcome = guarded(language, steps)
    say(outcome_text(outcome.plan, outcome.folder, outcome.seconds, language))
    ended(left_out(outcome.failed), outcome.folder, outcome.plan)
    not_written(outcome.failed, language)


@app.command()
def publish(
    folder: RunFolder,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar=f"[{'|'.join(OUTPUTS)}]", help="只重做这些成果，可用逗号分隔 / only these outputs, between commas"
        ),
    ] = None,
) -> None:
    """不求解，重做一次运行的成果 / render a finished run again without solving."""
    from planner.questions.keeping import republish

    try:
        outputs = chosen_outputs(only) if only else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--only") from error
    language = language_at(folder / "settings.yaml")
    warnings, written, failed = guarded(language, lambda: republish(folder, outputs))
    print_problems(warnings, language)
    for path in written:
        say(str(path))
    not_written(failed, language)


@app.command()
def dossier(
    folder: RunFolder,
    candidates: Annotated[
        list[str] | None,
        typer.Argument(metavar="CANDIDATE…", help="项目编号或名称，入选与否均可 / ids or exact names, selected or not"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="客商库的每个项目 / every candidate")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="写到此目录，默认为运行目录的 dossiers / by default dossiers of the run"),
    ] = None,
    only: Annotated[Paper | None, typer.Option("--only", help="只写这一种文件 / only this kind of file")] = None,
    plan: DataOf = None,
) -> None:
    """项目对接单：每家企业一页 A4（PDF 与可编辑的 DOCX）/ firm dossiers: one page each, as PDF and editable DOCX."""
    from planner.publish.dossiers import make_dossiers

    language = language_at(plan or folder / "settings.yaml")
    if every == bool(candidates):
        raise leave(BAD_INPUT, Words("写出项目，或只写 --all", "name candidates, or give --all alone").say(language))
    kinds = [kind.value for kind in Paper] if only is None else [only.value]
    for path in guarded(language, lambda: make_dossiers(folder, candidates or (), out, kinds, plan)):
        say(str(path))


@app.command()
def export(
    path: PlanFile,
    format: Annotated[ModelFormat, typer.Option("--format", help="文件格式 / file format")] = ModelFormat.mps,  # noqa: A002
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写到此文件 / file to write")] = None,
) -> None:
    """写出同一数学模型，供其他求解器使用 / write the same model for other solvers."""
    from planner import api
    from planner.plan.whole_folder import cannot_write
    from planner.solvers.export import write_model

    path = plan_path(path)
    target = out or Path(f"{path.stem}.{format.value}")

    def work() -> None:
        named = api.build_programme(api.open_plan(path)).named()
        try:
            write_model(named, target, format.value)
        except OSError as error:
            raise cannot_write(target, error) from error

    guarded(language_at(path), work)
    say(os.fspath(target))


@app.command()
def match(
    path: PlanFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写到此文件 / file to write")] = None,
    accept: Annotated[
        Path | None, typer.Option("--accept", metavar="FILE", help="采纳此建议文件中写“是”的行 / take the rows that say yes")
    ] = None,
    bom: Annotated[Path | None, typer.Option("--bom", metavar="FILE", help="零部件清单：缺什么补什么 / a list of parts")] = None,
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="与 --bom：几件产品 / of --bom: products")] = 1,
    text: Annotated[list[str] | None, typer.Option("--text", metavar="COLUMN", help="说明企业做什么的列 / what firms make")] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, max=50, help="每家企业建议几个环节 / links for each firm")] = 3,
) -> None:
    """按主营业务把企业对到环节：只建议，由人采纳；拆零部件清单 / firms to links: suggestions only; a list of parts to links."""
    from planner.intake.matching.asked import accepted, exploded, suggested

    path = plan_path(path)
    language = language_at(path)
    if bom is not None:
        warnings, said = guarded(language, lambda: exploded(path, bom, count, out))
    elif accept is not None:
        warnings, said = guarded(language, lambda: accepted(path, accept, out, text or ()))
    else:
        warnings, said = guarded(language, lambda: suggested(path, out, text or (), top))
    print_problems(warnings, language)
    say(said)


for _name, _question, _class in commands():
    app.command(_name, cls=_class)(_question)
for _name, _tracking in tracking.commands():
    app.command(_name)(_tracking)
