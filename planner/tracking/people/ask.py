"""What :mod:`planner.api` offers of responsibility: a plan's responsibility worked out, and written."""

from __future__ import annotations

from pathlib import Path

from planner.language import Language
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.whole_folder import whole_file
from planner.tracking.people.record import Responsibility
from planner.tracking.people.share import responsibility
from planner.tracking.plans import plan_in_force

BOOK, RECORD = "people.xlsx", "people.json"
"""The files that are written."""


def people(opened: Opened, run: str | Path | Plan | None = None) -> Responsibility:
    """Who answers for each chain and each selected project of a plan: of ``run``, a plan or its run folder, or of the newest approved
    one. Raises InputError: there is none, or it cannot be read."""
    loaded = opened.loaded
    plan = run if isinstance(run, Plan) else plan_in_force(loaded.path, loaded.settings.name, None if run is None else Path(run))
    return responsibility(opened.case, plan)


def write_people(found: Responsibility, folder: str | Path, language: Language = "zh") -> tuple[Path, Path]:
    """Write the workbook and the record into a folder, each whole or not at all. Raises InputError: they cannot be written."""
    from planner.tracking.people.sheet import write_book

    book, record = Path(folder) / BOOK, Path(folder) / RECORD
    write_book(found, book, language)
    with whole_file(record) as fresh:
        fresh.write_text(found.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    return book, record
