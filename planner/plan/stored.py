"""The one reader of a finished run: its plan and settings against their seal; also where a solve begins from it.

The seal, ``plan.json.sha256``, is a list as ``sha256sum -c`` reads it: the plan, and the settings where the run has them.
Neither ever changes once it is written; whoever finds them changed refuses the run.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from planner.case.case import Case, Reference
from planner.case.reference import reference_of
from planner.language import Words
from planner.plan.codes import problem, refusal
from planner.plan.model import SCHEMA_VERSION, Plan, read_plan
from planner.plan.whole_folder import RUN, tidy
from planner.problems import InputError, Place, Problem, did_you_mean, nearest

PLAN_FILE = RUN.file
SETTINGS_FILE = "settings.yaml"
SEAL_FILE = "plan.json.sha256"
EDITED = Words(
    "恢复原文件，或重新运行；要改计划请改 plan.yaml 或表格",
    "restore it or run again; to change a plan, change plan.yaml or the tables",
)
AGAIN = Words("重新运行 planner run", "run planner run again")
SUBJECT = "solve.start"
FOREIGN = "S304"
"""The code of the warning that an earlier plan has no project in common with this one."""


def seal_text(contents: Mapping[str, bytes]) -> str:
    """What stands in :data:`SEAL_FILE` for files of these names and contents."""
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())


def digest_of(content: object) -> str:
    """SHA-256 of what JSON can hold, whatever the order of its keys."""
    return sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def read_run(folder: str | Path) -> Plan:
    """The plan of a finished run; its data need not be there. An earlier run that a killed process had set aside is put back
    first. Raises InputError: no run (R104); its plan is unreadable (R105) or of another schema (R115); its seal is missing
    (R113), or its plan or settings were edited (R106)."""
    real = Path(os.path.realpath(folder))
    for place in (real.parent, real):
        tidy(place)
    path = Path(folder) / PLAN_FILE
    if not path.is_file():
        raise refused("R104", path.parent, real.name)
    return read_sealed(path)


def read_sealed(path: Path) -> Plan:
    """The plan in a ``plan.json``, held against the seal beside it. Raises InputError: as :func:`read_run` does, but R104."""
    folder = path.parent
    try:
        content = path.read_bytes()
        plan = read_plan(path)
        schema = plan.schema_version
    except (OSError, ValueError) as error:
        written = re.search(rb'"schema_version": *(\d+)', content[:200]) if isinstance(error, ValidationError) else None
        schema = SCHEMA_VERSION if written is None else int(written[1])
        if schema == SCHEMA_VERSION:
            unreadable = PLAN_FILE
            if isinstance(error, ValidationError):
                at = error.errors(include_url=False, include_input=False)[0]["loc"]
                unreadable = f"{PLAN_FILE} {'.'.join(map(str, at))}".strip()
            raise refused("R105", folder, unreadable, remedy=AGAIN) from error
    if schema != SCHEMA_VERSION:
        raise refused("R115", folder, f"schema_version {schema}", schema=SCHEMA_VERSION, remedy=AGAIN)
    _check_seal(folder, {PLAN_FILE: content})
    seal = sha256(content).hexdigest()
    # Where another version wrote it, with fewer fields, say, its seal is that of the file.
    return plan if plan.seal == seal else plan.model_copy(update={"stored_seal": seal})


def _check_seal(folder: Path, contents: dict[str, bytes]) -> None:
    """The contents, and those of the settings if the folder has them, are what was sealed."""
    try:
        lines = (folder / SEAL_FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise refused("R113", folder, SEAL_FILE) from error
    sealed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if (folder / SETTINGS_FILE).is_file():
        contents[SETTINGS_FILE] = (folder / SETTINGS_FILE).read_bytes()
    edited = [name for name, content in contents.items() if sealed.get(name) != sha256(content).hexdigest()]
    if edited:
        name = "、".join(edited)
        raise refused("R106", folder, name, name=name, remedy=EDITED)


def refused(code: str, folder: Path, found: str, **values: object) -> InputError:
    """One problem of a run folder."""
    return refusal(code, Place(str(folder)), "RUN", found, **values)


@dataclass(frozen=True, eq=False)
class Earlier:
    """A plan, what it is called, and the fingerprint of its ``plan.json``."""

    plan: Plan
    run: str
    """Its path as the settings write it; the plan's name when it came as an object."""
    name: str
    """What messages call it: the name of the run folder or file, or the plan's."""
    sha256: str
    folder: Path | None = None
    """Of the run, where it was read from one."""


def earlier_plan(plan: Plan, folder: Path | None = None) -> Earlier:
    """A plan in memory as one to begin from; ``folder``: of its run, where what that has proved may be kept."""
    return Earlier(plan, plan.plan.name, plan.plan.name, plan.seal, folder)


def read_earlier(written: str, folder: Path, place: Place | None) -> Earlier:
    """The plan of a run, whose folder or ``plan.json`` a person has ``written`` at ``place``, seen from ``folder``. Raises
    InputError: there is nothing (S301), no run (S302), or a plan that is not as it was written (S303)."""
    target = folder / written
    for place_of_runs in (target.parent, target.parent.parent):
        tidy(place_of_runs)
    path = target / PLAN_FILE if target.is_dir() else target
    if not path.is_file():
        raise InputError([_missing(written, target, place)])
    try:
        plan = read_sealed(path)
    except InputError as error:
        reasons = ({"why": why.rule, "found": why.found, "code": why.code} for why in error.problems)
        raise InputError(problem("S303", place, SUBJECT, written, **reason) for reason in reasons) from error
    home = path.absolute().parent
    return Earlier(plan, written, home.name if path.name == PLAN_FILE else path.name, plan.seal, home)


def share_nothing(earlier: Earlier, case: Case, place: Place | None) -> Problem | None:
    """A warning when none of the earlier plan's projects is a candidate any more: most likely another city's plan."""
    ids = {firm.candidate_id for firm in earlier.plan.selected}
    if case.candidates["candidate_id"].isin(ids).any():
        return None
    return problem(FOREIGN, place, SUBJECT, earlier.run, count=len(ids))


def _missing(written: str, target: Path, place: Place | None) -> Problem:
    shown = os.path.abspath(target)  # noqa: PTH100  without .., and no link followed
    if target.is_dir():
        return problem("S302", place, SUBJECT, written, folder=shown)
    try:
        runs = sorted(path.name for path in target.parent.iterdir() if (path / PLAN_FILE).is_file())
    except OSError:
        runs = []
    remedy = Words(
        "给出 planner run 写出的目录，或其中的 plan.json；不需要起点时删去",
        "name a folder that planner run has written, or its plan.json; or leave it out",
    )
    remedy = did_you_mean(nearest(target.name, runs, 1), remedy)
    return problem("S301", place, SUBJECT, written, folder=shown, remedy=remedy)


def places_of(case: Case, plan: Plan) -> Reference:
    """The plan as what others are held against."""
    return reference_of(case, ((firm.candidate_id, firm.park_id, firm.quarter) for firm in plan.selected))
