"""The one reader of a finished run: its plan and settings against their seal.

The seal, ``plan.json.sha256``, is a list as ``sha256sum -c`` reads it: the plan, and the settings where the run has them.
Neither ever changes once it is written; whoever finds them changed refuses the run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from planner.language import Words
from planner.plan.codes import refusal
from planner.plan.model import SCHEMA_VERSION, Plan, read_plan
from planner.plan.whole_folder import RUN, tidy
from planner.problems import InputError, Place

PLAN_FILE = RUN.file
SETTINGS_FILE = "settings.yaml"
SEAL_FILE = "plan.json.sha256"
EDITED = Words(
    "恢复原文件，或重新运行；要改计划请改 plan.yaml 或表格",
    "restore it or run again; to change a plan, change plan.yaml or the tables",
)
AGAIN = Words("重新运行 planner run", "run planner run again")


def seal_text(contents: Mapping[str, bytes]) -> str:
    """What stands in :data:`SEAL_FILE` for files of these names and contents."""
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())


def read_run(folder: str | Path) -> Plan:
    """The plan of a finished run; its data need not be there. An earlier run that a killed process had set aside is put back first.

    Raises:
        InputError: no run (R104); its plan is unreadable (R105) or of another schema (R115); its seal is missing (R113), or
            its plan or settings were edited (R106).
    """
    folder = Path(folder)
    real = Path(os.path.realpath(folder))
    for place in (real.parent, real):
        tidy(place)
    path = folder / PLAN_FILE
    if not path.is_file():
        raise refused("R104", folder, real.name)
    return read_sealed(path)


def read_sealed(path: Path) -> Plan:
    """The plan in a ``plan.json``, held against the seal beside it.

    Raises:
        InputError: as :func:`read_run` does, but R104.
    """
    folder = path.parent
    try:
        content = path.read_bytes()
        plan = read_plan(path)
        schema = plan.schema_version
    except (OSError, ValueError) as error:
        found = re.search(rb'"schema_version": *(\d+)', content[:200]) if isinstance(error, ValidationError) else None
        schema = SCHEMA_VERSION if found is None else int(found[1])
        if schema == SCHEMA_VERSION:
            raise refused("R105", folder, _where(error), remedy=AGAIN) from error
    if schema != SCHEMA_VERSION:
        raise refused("R115", folder, f"schema_version {schema}", schema=SCHEMA_VERSION, remedy=AGAIN)
    _check_seal(folder, {PLAN_FILE: content})
    seal = sha256(content).hexdigest()
    if plan.seal == seal:
        return plan
    # Another version wrote it, with fewer fields, say: its seal is that of the file.
    return plan.model_copy(update={"stored_seal": seal})


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


def _where(error: Exception) -> str:
    """What is unreadable, in short."""
    if isinstance(error, ValidationError):
        at = ".".join(str(key) for key in error.errors(include_url=False, include_input=False)[0]["loc"])
        return f"{PLAN_FILE} {at}".strip()
    return PLAN_FILE


def refused(code: str, folder: Path, found: str, **values: object) -> InputError:
    """One problem of a run folder."""
    return refusal(code, Place(str(folder)), "RUN", found, **values)
