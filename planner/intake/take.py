"""``planner intake``: from files as people keep them to the clean tables of a workspace, with a report of every row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.intake.clean import written_by_us
from planner.intake.codes import problem, refusal
from planner.intake.combine import leave_unused_resources, merge_repeats, resolve, settle_signed
from planner.intake.firms import MOST, check_firms, firms_taken
from planner.intake.headings import USUAL, known_headings, specs_of
from planner.intake.mapping import MAP_FILE, IntakeMap, SheetMap, load_map
from planner.intake.output import Workspace, write_all
from planner.intake.plan_file import PLAN_FILE
from planner.intake.propose import propose
from planner.intake.rows import ReadSheet, Row, read_rows, refuse_other_systems
from planner.intake.sheets import Sheet, read_sheet, read_sheets, relative
from planner.language import Language, Words
from planner.plan.whole_folder import workplace
from planner.problems import InputError, Place, Problem
from planner.reading.checks import listed
from planner.reading.read import read_tables
from planner.reading.readers import EXTENSIONS, shown_names
from planner.reading.table import Table
from planner.settings.load import load_settings
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

    lacking: tuple[TableSpec, ...] = ()
    """Tables that every plan needs, and that neither this intake nor the plan has."""

    @property
    def rows(self) -> list[Row]:
        """Every row below a header."""
        return [row for sheet in self.sheets for row in sheet.rows]


def take_in(files: Sequence[Path], folder: Path, language: Language = "zh") -> Intake:
    """Read the files by the map of the workspace ``folder``, or by one that is proposed, and write clean tables, a report, a plan.

    Raises:
        InputError: the map has faults, no file can be read, of some table no row is left, or the workspace cannot be written.
    """
    workspace = _workspace(folder, language)
    proposal, told, sheets, problems = _map_and_sheets(_files(files), workspace)
    read = _read(told, sheets, workspace.specs)
    tables = {name: own for name in TABLES if (own := [sheet for sheet in read if sheet.spec.name == name])}
    for name, own in tables.items():
        refuse_other_systems(own)
        problems += merge_repeats(workspace.specs[name], own)
    problems += leave_unused_resources(tables)
    problems += check_firms(firms_taken(read), MOST)
    resolve(tables, _planned(workspace, tables))
    problems += [found for sheet in read if (found := settle_signed(sheet)) is not None]
    problems += [found for sheet in read for found in sheet.problems]
    problems += [found for sheet in read for row in sheet.rows for found in row.problems]
    kept = {name: [sheet for sheet in own if sheet.taken] for name, own in tables.items()}
    empty = [problem("I102", None, name, table=workspace.specs[name].zh, map=MAP_FILE) for name, own in kept.items() if not own]
    if not read:
        rule = Words("没有认出一张表", "no table is recognised in any sheet")
        remedy = Words(f"在 {MAP_FILE} 中写明 table、header_row 与 columns", f"write table, header_row and columns in {MAP_FILE}")
        empty.append(problem("I101", Place(str(folder)), "", rule=rule, remedy=remedy))
    problems += empty
    faults = [found for sheet in read for found in sheet.problems if found.code.startswith("I") and found.severity == "error"]
    usable = {name: own for name, own in kept.items() if own}
    written = write_all(workspace, proposal, read, usable, problems, not (empty or faults))
    if empty or faults:
        raise InputError(problems)
    there = usable.keys() | (workspace.plan.tables.keys() if workspace.plan is not None else set())
    lacking = tuple(spec for name, spec in TABLES.items() if spec.needed and name not in there)
    return Intake(folder, tuple(read), tuple(problems), tuple(written), bool(proposal), lacking)


def _workspace(folder: Path, language: Language) -> Workspace:
    plan = load_settings(folder / PLAN_FILE).settings if (folder / PLAN_FILE).is_file() else None
    resources = {**USUAL, **(plan.resources if plan is not None else {})}
    return Workspace(folder, plan, specs_of(resources), resources, language)


def _map_and_sheets(files: Sequence[Path], workspace: Workspace) -> tuple[str, IntakeMap, list[Sheet], list[Problem]]:
    """The proposal (blank where a map is there), the map, the sheets it is about, and what is wrong or doubtful so far."""
    folder = workspace.folder
    if (folder / MAP_FILE).is_file():
        told = load_map(folder / MAP_FILE)
        return "", told, *_mapped(told, files, folder)
    sheets, problems = _given(files, workspace)
    known = known_headings(workspace.specs, sorted((folder / "intake").glob("*.yaml")))
    proposal, doubts = propose(sheets, workspace.specs, known, workspace.language)
    return proposal, _parsed(proposal, folder), sheets, problems + doubts


def _planned(workspace: Workspace, taken: Collection[str]) -> dict[str, Table]:
    """The tables of the plan that is there, for the ids and names in them, as far as they can be read and are not taken in now."""
    if workspace.plan is None:
        return {}
    tables, _ = read_tables(workspace.plan, workspace.folder)
    return {name: table for name, table in tables.tables.items() if name not in taken}


def _files(named: Sequence[Path]) -> list[Path]:
    """The files that are named, each once; of a folder those in it that can be read."""
    found = [path for entry in named for path in (sorted(entry.iterdir()) if entry.is_dir() else [entry])]
    kept = [
        path for path in found if path in named or (path.suffix.lower() in EXTENSIONS and not path.name.startswith(("~$", ".")))
    ]
    return list({path.resolve(): path for path in kept}.values())


def _parsed(text: str, folder: Path) -> IntakeMap:
    """The proposed map, read back as any later intake reads it."""
    with workplace(folder) as own:
        path = own / MAP_FILE
        path.write_text(text, encoding="utf-8")
        return load_map(path)


def _given(files: Sequence[Path], workspace: Workspace) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of the files that are named, and of those that lie in ``data/`` where no plan uses them yet."""
    data = workspace.folder / "data"
    lying = sorted(data.iterdir()) if workspace.plan is None and data.is_dir() else []
    named = {path.resolve() for path in files}
    extra = [
        path for path in lying if path.suffix.lower() in EXTENSIONS and path.resolve() not in named and not written_by_us(path)
    ]
    extra = [path for path in extra if not path.name.startswith(("~$", "."))]
    if not files:
        rule = Words("没有给出文件，工作区中也没有映射", "no file is named, and the workspace has no map")
        raise refusal(
            "I101", Place(str(workspace.folder)), "FILE", rule=rule, remedy=Words("写明要导入的文件", "name the files to take in")
        )
    sheets, problems = read_sheets({path: relative(path, workspace.folder) for path in (*files, *extra)})
    if not sheets:
        raise InputError(problems)
    return [replace(sheet, lying=sheet.path in extra) for sheet in sheets], problems


def _mapped(told: IntakeMap, files: Sequence[Path], folder: Path) -> tuple[list[Sheet], list[Problem]]:
    """The sheets that the map names; a file that is named on the command line stands for the one of its name in the map, where there
    is one of that name."""
    paths = {entry.file: folder / entry.file for entry in told.sheets}
    known = {path.resolve() for path in paths.values()}
    problems = []
    for given in (path for path in files if path.resolve() not in known):
        meant = [file for file in paths if Path(file).name == given.name]
        if len(meant) == 1 and sum(other.name == given.name for other in files) == 1:
            paths[meant[0]] = given
        else:
            problems.append(problem("I107", Place(given.name), str(given), map=MAP_FILE))
    shown = shown_names(paths)
    sheets = []
    for entry in (entry for entry in told.sheets if entry.table is not None):
        grid, faults = read_sheet(paths[entry.file], entry.sheet, shown[entry.file])
        problems += faults
        if grid is not None:
            sheets.append(Sheet(paths[entry.file], entry.file, grid, False))
    return sheets, problems


def _read(told: IntakeMap, sheets: Sequence[Sheet], specs: Mapping[str, TableSpec]) -> list[ReadSheet]:
    """Each sheet that the map takes, read by its entry."""
    entries = {(entry.file, entry.sheet): entry for entry in told.sheets if entry.table is not None}
    read = []
    for sheet in sheets:
        entry: SheetMap | None = entries.get((sheet.file, sheet.name)) or entries.get((sheet.file, None))
        if entry is not None and entry.table is not None:
            read.append(read_rows(sheet, entry, specs[entry.table], told))
    return read


def problem_lines(problems: Sequence[Problem], language: Language) -> list[str]:
    """Each problem on a line, at most so many of one kind; all are in the report."""
    note = Words("提醒 ", "note ").say(language)
    return [("" if one.severity == "error" else note) + one.say(language) for one in listed(problems, "")]


def refused_text(problems: Sequence[Problem], folder: Path, language: Language) -> str:
    """What the console says where some table has no row left, or nothing could be read."""
    there = folder / MAP_FILE
    words = Words(
        "映射在 {map}，每一行的结果在导入报告中；改好后再运行一次", "the map is {map}, the report has every row; mend and run again"
    )
    after = [words.say(language, map=there)] if there.is_file() else []
    return "\n".join([*problem_lines(problems, language), *after])


def lacking_text(lacking: Sequence[TableSpec], folder: Path, language: Language) -> str:
    """What is needed before there can be a plan."""
    words = Words(
        "还缺{tables}表，有了才能求解：把它的文件和这次的文件一起导入另一个文件夹，或在 {plan} 的 tables 下写 {line}",
        "still needed for a plan: {tables}. Take its file in together with these, into another folder, or write {line} under tables "
        "in {plan}",
    )
    tables = Words("、".join(f"“{spec.zh}”" for spec in lacking), ", ".join(spec.name for spec in lacking))
    line = Words(*(" / ".join(f"{spec.name}: {file}" for spec in lacking) for file in ("文件", "FILE")))
    return words.say(language, tables=tables, plan=folder / PLAN_FILE, line=line)


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
