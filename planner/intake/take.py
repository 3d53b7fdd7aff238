"""``planner intake``: from files as people keep them to the clean tables of a workspace, with a report of every row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.intake.clean import ORIGIN, columns_of, write_table, written_by_us
from planner.intake.codes import problem, refusal
from planner.intake.combine import merge_repeats, resolve, settle_signed
from planner.intake.headings import USUAL, known_headings, specs_of
from planner.intake.mapping import MAP_FILE, IntakeMap, SheetMap, load_map
from planner.intake.plan_file import PLAN_FILE, Written, plan_text
from planner.intake.propose import propose
from planner.intake.report import REPORT_FILE, write_report
from planner.intake.rows import ReadSheet, Row, read_rows
from planner.intake.sheets import Sheet, read_sheet, read_sheets
from planner.language import Language, Words
from planner.plan.whole_folder import cannot_write, workplace
from planner.problems import InputError, Place, Problem
from planner.reading.readers import EXTENSIONS
from planner.settings.load import load_settings
from planner.settings.schema import ResourceSettings, Settings
from planner.settings.write import flow
from planner.tables.column import TableSpec
from planner.tables.spec import TABLES


@dataclass(frozen=True)
class Intake:
    """What an intake did."""

    workspace: Path
    sheets: tuple[ReadSheet, ...]
    problems: tuple[Problem, ...]
    """Errors are of rows and cells that are not taken."""
    files: tuple[Path, ...]
    """Everything that was written."""
    proposed: bool
    """The map was proposed by this intake; otherwise it was there and was followed."""

    @property
    def rows(self) -> list[Row]:
        """Every row below a header."""
        return [row for sheet in self.sheets for row in sheet.rows]


def take_in(files: Sequence[Path], workspace: Path, language: Language = "zh") -> Intake:
    """Read the files by the map of the workspace, or by one that is proposed, and write clean tables, a report and a plan.

    Raises:
        InputError: the map has faults, no file can be read, nothing usable is left, or the workspace cannot be written.
    """
    map_path = workspace / MAP_FILE
    plan = load_settings(workspace / PLAN_FILE).settings if (workspace / PLAN_FILE).is_file() else None
    resources = dict(plan.resources) if plan is not None and plan.resources else dict(USUAL)
    specs = specs_of(resources)
    proposed = not map_path.is_file()
    problems: list[Problem] = []
    text = ""
    if proposed:
        sheets, problems = _given(files, workspace, plan)
        known = known_headings(specs, sorted((workspace / "intake").glob("*.yaml")))
        text, doubts = propose(sheets, specs, known, workspace, language)
        problems += doubts
        told = _parsed(text, workspace)
    else:
        told = load_map(map_path)
        sheets, problems = _mapped(told, files, workspace)
    read = _read(told, sheets, specs, workspace)
    tables: dict[str, list[ReadSheet]] = defaultdict(list)
    for sheet in read:
        tables[sheet.spec.name].append(sheet)
    ordered = {name: tables[name] for name in TABLES if name in tables}
    for spec_name, own in ordered.items():
        problems += merge_repeats(specs[spec_name], own)
    resolve(ordered)
    problems += [found for sheet in read if (found := settle_signed(sheet)) is not None]
    problems += [found for sheet in read for found in sheet.problems]
    problems += [found for sheet in read for row in sheet.rows for found in row.problems]
    kept = {name: [sheet for sheet in own if sheet.taken] for name, own in ordered.items()}
    problems += [problem("I102", None, specs[name].zh, table=specs[name].zh, map=MAP_FILE) for name, own in kept.items() if not own]
    if not read:
        rule = Words("没有认出一张表", "no table is recognised in any sheet")
        remedy = Words(
            f"在 {MAP_FILE} 中写明各工作表的 table、header_row 与 columns",
            f"write table, header_row and columns of each sheet in {MAP_FILE}",
        )
        problems.append(problem("I101", Place(str(workspace)), "", rule=rule, remedy=remedy))
    usable = {name: own for name, own in kept.items() if own}
    result = _write(workspace, text, read, usable, problems, specs, resources, plan, language)
    if not read or any(found.code == "I102" for found in problems):
        raise InputError(problems)
    return Intake(workspace, tuple(read), tuple(problems), tuple(result), proposed)


def _parsed(text: str, workspace: Path) -> IntakeMap:
    """The proposed map, read back as any later intake reads it."""
    with workplace(workspace) as own:
        path = own / MAP_FILE
        path.write_text(text, encoding="utf-8")
        return load_map(path)


def _given(files: Sequence[Path], workspace: Path, plan: Settings | None) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of the files that are named, and of those that lie in ``data/`` where no plan uses them yet."""
    data = workspace / "data"
    lying = sorted(data.iterdir()) if plan is None and data.is_dir() else []
    named = {path.resolve() for path in files}
    extra = [
        path for path in lying if path.suffix.lower() in EXTENSIONS and path.resolve() not in named and not written_by_us(path)
    ]
    extra = [path for path in extra if not path.name.startswith(("~$", "."))]
    if not files:
        rule = Words("没有给出文件，工作区中也没有映射", "no file is named, and the workspace has no map")
        raise refusal(
            "I101", Place(str(workspace)), "FILE", rule=rule, remedy=Words("写明要导入的文件", "name the files to take in")
        )
    sheets, problems = read_sheets([*files, *extra])
    if not sheets:
        raise InputError(problems)
    return [replace(sheet, lying=sheet.path in extra) for sheet in sheets], problems


def _mapped(told: IntakeMap, files: Sequence[Path], workspace: Path) -> tuple[list[Sheet], list[Problem]]:
    """The sheets that the map names; a file that is named on the command line stands for the one of its name in the map."""
    given = {path.name: path for path in files}
    names = {Path(sheet.file).name for sheet in told.sheets}
    problems = [problem("I107", Place(path.name), path.name, map=MAP_FILE) for name, path in given.items() if name not in names]
    sheets = []
    for entry in told.sheets:
        if entry.table is None:
            continue
        path = given.get(Path(entry.file).name, workspace / entry.file)
        grid, faults = read_sheet(path, entry.sheet)
        problems += faults
        if grid is not None:
            sheets.append(Sheet(path, grid, False))
    return sheets, problems


def _read(told: IntakeMap, sheets: Sequence[Sheet], specs: Mapping[str, TableSpec], workspace: Path) -> list[ReadSheet]:
    """Each sheet that the map takes, read by its entry."""
    entries = {(Path(entry.file).name, entry.sheet): entry for entry in told.sheets if entry.table is not None}
    read = []
    for sheet in sheets:
        entry: SheetMap | None = entries.get((sheet.path.name, sheet.name)) or entries.get((sheet.path.name, None))
        if entry is not None and entry.table is not None:
            read.append(read_rows(sheet, entry, specs[entry.table], told))
    return read


def _write(
    workspace: Path,
    text: str,
    read: Sequence[ReadSheet],
    tables: Mapping[str, Sequence[ReadSheet]],
    problems: list[Problem],
    specs: Mapping[str, TableSpec],
    resources: Mapping[str, ResourceSettings],
    plan: Settings | None,
    language: Language,
) -> list[Path]:
    """Everything into a workplace first, then each file to its place."""
    written: list[Written] = []
    try:
        with workplace(workspace) as own:
            made: dict[Path, Path] = {}
            (own / "data").mkdir()
            for name, sheets in tables.items():
                for number, group in enumerate(_groups(sheets), start=1):
                    target = _free(workspace / "data", specs[name].zh + (f"_{number}" if number > 1 else ""), problems)
                    without = () if number == 1 else {ORIGIN, *columns_of(specs[name], sheets[:1])} - {*specs[name].key}
                    write_table(own / "data" / target.name, specs[name], group, without)
                    made[own / "data" / target.name] = target
                    written.append(Written(name, f"data/{target.name}", tuple(group)))
            problems += _unused(plan, written)
            report = own / REPORT_FILE.say(language)
            untaken = [found.words for found in problems if found.code == "I106"]
            write_report(report, read, untaken, problems, language)
            made[report] = workspace / report.name
            if text:
                (own / MAP_FILE).write_text(text, encoding="utf-8")
                made[own / MAP_FILE] = workspace / MAP_FILE
            if plan is None and written and all(found.code != "I102" for found in problems):
                (own / PLAN_FILE).write_text(plan_text(written, resources, language), encoding="utf-8")
                made[own / PLAN_FILE] = workspace / PLAN_FILE
            (workspace / "data").mkdir(exist_ok=True)
            for fresh, target in made.items():
                fresh.replace(target)
    except OSError as error:
        raise cannot_write(workspace, error) from error
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


def summary(result: Intake, language: Language) -> str:
    """What the console says at the end."""
    rows = result.rows
    counts = {name: sum(row.outcome == name for row in rows) for name in ("taken", "repeat", "no data", "refused")}
    notes = sum(len(row.notes) for row in rows if row.outcome == "taken")
    words = Words(
        "取用 {taken} 行，并入重复 {repeat} 行，不是数据 {none} 行，拒绝 {refused} 行；改读 {notes} 格（见报告）",
        "{taken} rows taken, {repeat} repeats merged, {none} rows that are no data, {refused} refused; {notes} cells read otherwise (see the report)",
    )
    said = {
        "taken": counts["taken"],
        "repeat": counts["repeat"],
        "none": counts["no data"],
        "refused": counts["refused"],
        "notes": notes,
    }
    files = [str(path) for path in result.files]
    return "\n".join([words.say(language, **said), *files])
