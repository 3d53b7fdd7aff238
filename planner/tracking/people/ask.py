"""What :mod:`planner.api` offers of responsibility: a plan's responsibility worked out, and written."""

from __future__ import annotations

from pathlib import Path

from planner.language import Language
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.whole_folder import whole_file
from planner.problems import InputError, Place
from planner.tracking.codes import refusal
from planner.tracking.people.record import Responsibility
from planner.tracking.people.share import responsibility
from planner.tracking.plans import of_other_projects, plan_in_force

BOOK, RECORD = "people.xlsx", "people.json"
"""The files that are written."""


def people(opened: Opened, run: str | Path | Plan | None = None, keep: str | Path | Responsibility | None = None) -> Responsibility:
    """Who answers for each chain and each selected project of a plan: of ``run``, a plan or its run folder, or of the newest approved
    one. ``keep``: an earlier answer, its ``people.json`` or the folder of that: its owners stay where the tables name no other and rules
    allow it. Raises InputError: one of them is not there, cannot be read, or is of other projects (B106)."""
    loaded = opened.loaded
    plan = run if isinstance(run, Plan) else plan_in_force(loaded.path, loaded.settings.name, None if run is None else Path(run))
    if found := of_other_projects(plan, opened.case):
        raise InputError(found)
    earlier = keep if isinstance(keep, Responsibility) or keep is None else read_people(keep)
    return responsibility(opened.case, plan, earlier)


def read_people(path: str | Path) -> Responsibility:
    """An earlier answer from its ``people.json``, or the folder of that. Raises InputError: it is none (L110)."""
    file = Path(path) / RECORD if Path(path).is_dir() else Path(path)
    try:
        return Responsibility.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refusal("L110", Place(str(file)), "--keep", file.name) from error


def write_people(found: Responsibility, folder: str | Path, language: Language = "zh") -> tuple[Path, Path]:
    """Write the workbook and the record into a folder, each whole or not at all. Raises InputError: they cannot be written."""
    from planner.tracking.people.sheet import write_book

    book, record = Path(folder) / BOOK, Path(folder) / RECORD
    write_book(found, book, language)
    with whole_file(record) as fresh:
        fresh.write_text(found.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    return book, record
