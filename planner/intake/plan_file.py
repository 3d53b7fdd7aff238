"""A ``plan.yaml`` for the tables that were taken in, where the workspace has none; and what one that is there should say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.intake.clean import extra_columns
from planner.intake.rows import ReadSheet
from planner.language import Language, Words
from planner.settings.schema import ResourceSettings
from planner.settings.write import flow, scalar

PLAN_FILE = "plan.yaml"
_HEAD = Words(
    "由 planner intake 写出，供起步；以后由你修改，再次导入不会改写。各键的含义与默认值见 docs/options.md。",
    "Written by planner intake as a start; it is yours to change, and no later intake writes over it. Keys: docs/options.md.",
)
_NAME = Words("招商计划", "Investment plan")


@dataclass(frozen=True)
class Written:
    """A clean table that was written."""

    table: str
    file: str
    """Relative to the workspace."""
    sheets: tuple[ReadSheet, ...]

    @property
    def entry(self) -> dict[str, object]:
        """As plan.yaml names it."""
        sources = dict.fromkeys(sheet.told.source or sheet.sheet.grid.file for sheet in self.sheets)
        systems = dict.fromkeys(sheet.told.coordinates for sheet in self.sheets if "lon" in sheet.columns)
        coordinates = {} if set(systems) <= {"WGS84"} else {"coordinates": next(iter(systems))}
        alike = {name: name for name in extra_columns(self.sheets[0].spec, self.sheets)}
        columns = {"columns": alike} if alike else {}
        return {"file": self.file, **columns, "source": "、".join(sources), **coordinates}


def plan_text(written: Sequence[Written], resources: Mapping[str, ResourceSettings], language: Language) -> str:
    """The plan: its tables, the resources that both parks and candidates speak of, and the quarters of the funds."""
    by_table: dict[str, list[Written]] = {}
    for one in written:
        by_table.setdefault(one.table, []).append(one)
    lines = [f"# {_HEAD.say(language)}", "", "extends: base", f"name: {scalar(_NAME.say(language))}", f"language: {language}"]
    lines += [*_quarters(by_table), "", "tables:"]
    for table, files in by_table.items():
        entries = [one.entry for one in files]
        lines.append(f"  {table}: {flow(entries[0] if len(entries) == 1 else entries)}")
    used = {name: resource for name, resource in resources.items() if _is_used(by_table, name)}
    if used and "resources" not in by_table:
        lines += ["", "resources:"]
        lines += [f"  {name}: {flow(resource.model_dump(exclude_none=True))}" for name, resource in used.items()]
    return "\n".join(lines) + "\n"


def _is_used(by_table: Mapping[str, Sequence[Written]], resource: str) -> bool:
    """Whether both parks and candidates have a column of the resource, or amounts of it are given by quarter."""
    phases = (
        row.values.get("resource_id") for one in by_table.get("capacities", ()) for sheet in one.sheets for row in sheet.taken
    )
    return all(_speaks(by_table, table, resource) for table in ("candidates", "parks")) or resource in phases


def _speaks(by_table: Mapping[str, Sequence[Written]], table: str, column: str) -> bool:
    return any(column in row.values for one in by_table.get(table, ()) for sheet in one.sheets for row in sheet.taken)


def _quarters(by_table: Mapping[str, Sequence[Written]]) -> list[str]:
    """From the first to the last quarter that funds or teams name; the default where none does."""
    rows = [row for table in ("funds", "teams") for one in by_table.get(table, ()) for sheet in one.sheets for row in sheet.taken]
    named = sorted({str(row.values["quarter"]) for row in rows if "quarter" in row.values})
    if not named:
        return []
    first, last = (int(quarter[:4]) * 4 + int(quarter[5]) for quarter in (named[0], named[-1]))
    return [f"quarters: {{start: {named[0]}, count: {min(last - first + 1, 40)}}}"]
