"""What an intake writes, all of it or nothing: clean tables, the report, the map it proposed, a plan where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.intake.clean import ORIGIN, columns_of, write_table, written_by_us
from planner.intake.codes import problem
from planner.intake.mapping import MAP_FILE
from planner.intake.plan_file import PLAN_FILE, Written, plan_text
from planner.intake.report import REPORT_FILE, write_report
from planner.intake.rows import ReadSheet
from planner.language import Language
from planner.plan.whole_folder import cannot_write, workplace
from planner.problems import Place, Problem
from planner.settings.schema import ResourceSettings, Settings
from planner.settings.write import flow
from planner.tables.column import TableSpec


@dataclass(frozen=True)
class Workspace:
    """Where an intake writes, and what is there already."""

    folder: Path
    plan: Settings | None
    """That of the plan.yaml which stands there."""
    specs: Mapping[str, TableSpec]
    resources: Mapping[str, ResourceSettings]
    language: Language


def write_all(
    workspace: Workspace,
    proposal: str,
    read: Sequence[ReadSheet],
    tables: Mapping[str, Sequence[ReadSheet]],
    problems: list[Problem],
    usable: bool,
) -> list[Path]:
    """Everything is made in a workplace first and then put in its place. ``tables`` are the sheets with rows that are taken;
    ``problems`` grows by what is found on the way and is in the report. A plan is written only where all is ``usable``."""
    folder, written = workspace.folder, []
    try:
        with workplace(folder) as own:
            made: dict[Path, Path] = {}
            (own / "data").mkdir()
            for name, sheets in tables.items():
                spec = workspace.specs[name]
                for number, group in enumerate(_groups(sheets), start=1):
                    target = _free(folder / "data", spec.zh + (f"_{number}" if number > 1 else ""), problems)
                    without = () if number == 1 else {ORIGIN, *columns_of(spec, sheets[:1])} - {*spec.key}
                    write_table(own / "data" / target.name, spec, group, without)
                    made[own / "data" / target.name] = target
                    written.append(Written(name, f"data/{target.name}", tuple(group)))
            problems += _unused(workspace.plan, written)
            report = own / REPORT_FILE.say(workspace.language)
            untaken = [found.words for found in problems if found.code == "I106"]
            write_report(report, read, untaken, problems, workspace.language)
            made[report] = folder / report.name
            texts = {MAP_FILE: proposal}
            if workspace.plan is None and written and usable:
                texts[PLAN_FILE] = plan_text(written, workspace.resources, workspace.language)
            for name, text in texts.items():
                if text:
                    (own / name).write_text(text, encoding="utf-8", newline="\n")
                    made[own / name] = folder / name
            (folder / "data").mkdir(exist_ok=True)
            for fresh, target in made.items():
                fresh.replace(target)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return list(made.values())


def _groups(sheets: Sequence[ReadSheet]) -> list[list[ReadSheet]]:
    """Sheets whose rows stand in one file: those that hold the rows; each that joins by itself."""
    rows = [sheet for sheet in sheets if not sheet.told.joins]
    return [*([rows] if rows else []), *([sheet] for sheet in sheets if sheet.told.joins)]


def _free(data: Path, stem: str, problems: list[Problem]) -> Path:
    """Where a table is written: never over a file that no intake wrote."""
    target = data / f"{stem}.xlsx"
    if not target.exists() or written_by_us(target):
        return target
    other = data / f"{stem}_导入.xlsx"
    problems.append(problem("I120", Place(f"data/{target.name}"), target.name, file=target.name, other=other.name))
    return other


def _unused(plan: Settings | None, written: Sequence[Written]) -> list[Problem]:
    """Tables that a plan which stands already does not name."""
    if plan is None or not plan.tables:
        return []
    named = {Path(source.file).as_posix() for sources in plan.tables.values() for source in sources}
    lines = {one.file: f"{one.table}: {flow(one.entry)}" for one in written if one.file not in named}
    return [problem("I119", Place(PLAN_FILE), "tables", plan=PLAN_FILE, file=file, line=line) for file, line in lines.items()]
