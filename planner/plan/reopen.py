"""A finished run opened again: its settings, its tables and its plan, and that the three still belong together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.language import Words
from planner.layout import choice_of
from planner.plan.model import Plan
from planner.plan.open import Opened, open_plan
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.plan.stored import PLAN_FILE, SETTINGS_FILE, read_run, refused
from planner.problems import InputError
from planner.programme.build import Programme, build
from planner.reading.readers import sources_of
from planner.settings.base import is_path
from planner.settings.schema import Settings
from planner.settings.shape import plain_data
from planner.solvers.protocol import Floats
from planner.tables.following import ASIDE_OF_PLAN
from planner.terms.registry import reckon

SAME = 1e-6
"""Relative difference of two sums of the same figures."""


@dataclass(frozen=True, eq=False)
class Run:
    """A run that can be asked about."""

    folder: Path
    plan: Plan
    opened: Opened
    programme: Programme
    values: Floats
    """The plan as a point of the programme, shape (n,)."""


def run_settings(opened: Opened, folder: Path) -> Settings:
    """The settings of a run as a plan file of its own: every table named, every path relative to the run's ``folder``."""
    loaded = opened.loaded
    data = plain_data(loaded.settings)
    offered = sources_of(loaded.settings, loaded.folder)[0]
    data["tables"] = {name: [plain_data(source) for source in sources] for name, sources in offered.items()}
    for sources in data["tables"].values():
        for source in sources:
            source["file"] = moved(source["file"], loaded.folder, folder)
    for section, key in (("region", "boundary"), ("solve", "start"), ("publish", "templates")):
        if data[section][key] is not None:
            data[section][key] = moved(data[section][key], loaded.folder, folder)
    data["lists"] = [moved(name, loaded.folder, folder) if is_path(name) else name for name in data["lists"]]
    return Settings.model_validate(data)


def moved(path: str, origin: Path, folder: Path) -> str:
    """A path that is relative to ``origin``, relative to ``folder``; an absolute one stays as it is."""
    written = Path(path.replace("\\", "/"))
    if written.is_absolute():
        return path
    try:
        return Path(os.path.relpath(origin / written, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        return (origin / written).absolute().as_posix()


def open_run(folder: str | Path, plan_file: str | Path | None = None) -> Run:
    """A run folder with the data it was made from; ``plan_file`` says where these are, when the run was moved away from them.

    Raises:
        InputError: it cannot be read (see :func:`planner.plan.stored.read_run`); its settings are missing (R107); the data
            have changed since (R108), or the plan is none of these data (R109).
    """
    folder = Path(folder)
    plan = read_run(folder)
    opened = reopened(folder, plan, plan_file)
    programme = build(opened.case, opened.eligible)
    return Run(folder, plan, opened, programme, _point(folder, plan, programme))


def reopened(folder: Path, plan: Plan, plan_file: str | Path | None = None) -> Opened:
    """The settings and tables of a run, or of ``plan_file``. Raises InputError: its settings are missing (R107), none of its files is where they say
    (R195), or the data have changed since (R108)."""
    settings = folder / SETTINGS_FILE if plan_file is None else Path(plan_file)
    if not settings.is_file():
        raise refused("R107", folder, SETTINGS_FILE)
    try:
        opened = open_plan(settings)
    except InputError as error:
        lost = dict.fromkeys(str(problem.found) for problem in error.problems if problem.code == "T101")
        read = {_name(file.file) for file in plan.inputs}
        if plan_file is None and lost and read <= {_name(file) for file in lost}:
            raise refused("R195", folder, SETTINGS_FILE, files=Words.listed(lost, 3)) from error
        raise
    same_inputs(folder, plan, opened)
    return opened


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def same_inputs(folder: Path, plan: Plan, opened: Opened) -> None:
    """Every table is the file that the plan was made from. Raises InputError: R108."""
    then = {(file.table, file.sheet, file.layer): file.sha256 for file in plan.inputs}
    tables = opened.case.tables.tables
    read = [(name, file) for name in tables.keys() - ASIDE_OF_PLAN for file in tables[name].inputs]
    now = {(name, file.sheet, file.layer): (file.sha256, file.file) for name, file in read}
    changed = sorted({file for key, (digest, file) in now.items() if then.get(key) != digest})
    gone = sorted({file.file for file in plan.inputs if (file.table, file.sheet, file.layer) not in now})
    if changed or gone:
        names = "、".join(Path(file.replace("\\", "/")).name for file in (*changed, *gone))
        raise refused("R108", folder, names)


def _point(folder: Path, plan: Plan, programme: Programme) -> Floats:
    """The plan's columns; refused when it is no plan of these data, or not worth what it says."""
    wanted = wanted_places(programme.case, plan)
    mapped = columns_of(programme.layout, wanted)
    chosen = mapped.loc[mapped["same"], "column"].to_numpy(np.int64)
    whole = len(wanted) == len(plan.selected) and mapped.loc[mapped["same"], "candidate"].nunique() == len(wanted)
    values = complete_point(programme.matrix, plan_point(programme, chosen)) if whole else None
    if values is not None:
        names, terms = [term.name for term in programme.terms], plan.objective.terms
        raw = reckon(programme.case, choice_of(programme.layout, values), names).raw
        if set(raw) == set(terms) and all(abs(raw[name] - terms[name].raw) <= SAME * max(1.0, abs(raw[name])) for name in names):
            return values
    raise refused("R109", folder, PLAN_FILE)
