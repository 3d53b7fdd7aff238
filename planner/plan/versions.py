"""Versions of a plan: draft → submitted → approved, in a file of its own beside each ``plan.json``, which never changes.

``approvals.jsonl`` has a line of JSON for each step: the seal of the plan, the state, who, when, and two checksums, of the line before
(of the first: the seal) and of the line itself. The last line says how many there are. So an edit, a line that was taken out, put in
or moved, and a file of another plan are all noticed. What is noticed is a change by hand: whoever can reckon the checksums can forge a
file, as with any that is not signed with a key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from planner.language import Words
from planner.plan.codes import problem, refusal
from planner.plan.model import Plan, Signature, State
from planner.plan.stored import PLAN_FILE, SEAL_FILE, digest_of, read_run
from planner.plan.whole_folder import APPROVALS, PREFIX, alone, cannot_write, whole_file
from planner.problems import InputError, Place, Problem

STATES: tuple[State, ...] = ("draft", "submitted", "approved")
"""From first to last."""
STATE_WORDS = {"draft": Words("草案", "draft"), "submitted": Words("已报送", "submitted"), "approved": Words("已批准", "approved")}
RUNS = "runs"
"""Folder of a workspace in which its runs are."""
DEPTH = 2
"""Folders below that of the runs in which runs are looked for: a comparison has those of its scenarios in folders of its own."""


@dataclass(frozen=True, eq=False)
class Version:
    """A run, with what was signed of it."""

    folder: Path
    plan: Plan
    lines: tuple[Signature, ...] = ()

    @property
    def state(self) -> State:
        """As the last line says; without one it is a draft."""
        return self.lines[-1].state if self.lines else "draft"

    @property
    def signed(self) -> Plan:
        """The plan for outputs that say its state."""
        return self.plan.model_copy(update={"signatures": self.lines})


def read_version(folder: str | Path) -> Version:
    """A run and its state. Raises InputError: as :func:`planner.plan.stored.read_run`, or its approvals were edited (V103)."""
    plan = read_run(folder)
    return Version(Path(folder), plan, _read(Path(folder), plan.seal))


def _read(folder: Path, seal: str) -> tuple[Signature, ...]:
    path = folder / APPROVALS
    if not path.is_file():
        return ()
    lines, before = [], seal
    try:
        written = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise _edited(path, Words("读不出", "it cannot be read")) from error
    for number, text in enumerate(written[:-1], start=1):
        at = Words("第 {n} 行", "line {n}").fill(n=number)
        try:
            body = json.loads(text)
            mark, earlier = body.pop("sha256"), body.pop("before")
            line = Signature.model_validate_json(json.dumps(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _edited(path, Words("{at}读不出", "{at} cannot be read").fill(at=at), number) from error
        if mark != digest_of({**body, "before": earlier}):
            raise _edited(path, Words("{at}写入后被改动", "{at} was changed").fill(at=at), number)
        if line.plan != seal:
            raise _edited(path, Words("{at}属于另一个计划", "{at} belongs to another plan").fill(at=at), number)
        if earlier != before:
            moved = Words("{at}之前少了、多了或换了一行", "before {at} a line was taken out, put in or moved").fill(at=at)
            raise _edited(path, moved, number)
        before = mark
        lines.append(line)
    if not lines or written[-1] != _end(len(lines), before):
        raise _edited(path, Words("末尾少了或改了一行", "a line at its end is missing or was changed"), len(written))
    return tuple(lines)


def _edited(path: Path, why: Words, line: int | None = None) -> InputError:
    return refusal("V103", Place(str(path), line=line), "RUN", why=why)


def _text(lines: Sequence[Signature], seal: str) -> str:
    """The file of these lines."""
    texts, mark = [], seal
    for line in lines:
        body = {**line.model_dump(mode="json"), "before": mark}
        mark = digest_of(body)
        texts.append(json.dumps({**body, "sha256": mark}, ensure_ascii=False))
    return "\n".join([*texts, _end(len(texts), mark)]) + "\n"


def _end(count: int, mark: str) -> str:
    return json.dumps({"lines": count, "sha256": digest_of([count, mark])})


@contextmanager
def signing(folder: str | Path) -> Iterator[Version]:
    """The version of a run, which no other process signs within the block; see :func:`sign`. Raises InputError: as
    :func:`read_version`, or the folder cannot be written (R116)."""
    read_run(folder)  # whatever is wrong with the run comes first
    with _writable(Path(folder)), alone(Path(folder) / SEAL_FILE):
        yield read_version(folder)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, error) from error


def sign(version: Version, line: Signature) -> Version:
    """Add a line; the file is there as it was or with the line, never in between (R7)."""
    signed = Version(version.folder, version.plan, (*version.lines, line))
    with whole_file(version.folder / APPROVALS) as fresh, fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_text(signed.lines, version.plan.seal))
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError):  # Windows opens no folder
        there = os.open(version.folder, os.O_RDONLY)
        try:
            os.fsync(there)
        finally:
            os.close(there)
    return signed


def runs_of(place: Path) -> Path:
    """Where the runs of a workspace are: ``runs/`` beside a plan file, or in the folder; else the folder itself."""
    if place.is_file() and place.name == PLAN_FILE:
        return place.parent
    folder = place.parent if place.is_file() else place
    return folder if (folder / PLAN_FILE).is_file() or not (folder / RUNS).is_dir() else folder / RUNS


def _folders(place: Path) -> list[Path]:
    """Every run there, by name. Raises InputError: there is none (V112)."""
    try:
        runs = runs_of(place)
        below = [path for depth in range(DEPTH + 1) for path in runs.glob("/".join(["*"] * depth + [PLAN_FILE]))]
    except (OSError, ValueError):
        below = []
    found = sorted(path.parent for path in below if not any(part.startswith(PREFIX) for part in path.parts))
    if not found:
        raise refusal("V112", Place(str(place)), "DIR", place.name)
    return found


def versions(place: str | Path) -> tuple[tuple[Version, ...], tuple[Problem, ...]]:
    """The versions of a workspace (its folder, its plan file, or any folder of runs), by the name of the plan, the newest state last, and
    what is wrong with runs that cannot be told. Raises InputError: there is no run (V112)."""
    read: list[Version] = []
    problems: list[Problem] = []
    for folder in _folders(Path(place)):
        try:
            read.append(read_version(folder))
        except InputError as error:
            problems += error.problems
    return tuple(sorted(read, key=lambda one: (one.plan.plan.name, *_age(one)))), tuple(problems)


def _age(version: Version) -> tuple[object, ...]:
    """What orders versions in time; drafts, which have no date, come first."""
    last = version.lines[-1] if version.lines else None
    return (0, version.folder.name) if last is None else (1, last.on, last.written, version.folder.name)


def in_force(found: Sequence[Version]) -> tuple[Version, ...]:
    """Of each plan, by name, the newest that is approved: by its date, then by which was written last."""
    newest = {one.plan.plan.name: one for one in sorted(found, key=_age) if one.state == "approved"}
    return tuple(newest.values())


def approved(place: str | Path, name: str | None = None) -> Version | None:
    """The version in force of a workspace, of the plan of that name where one is given; None: there is none. Raises InputError: a run that
    somebody has signed is not as it was written, so that it cannot be told."""
    found: list[Version] = []
    problems: list[Problem] = []
    with suppress(InputError):  # that there is no run at all
        for folder in _folders(Path(place)):
            if not (folder / APPROVALS).is_file():
                continue
            try:
                found.append(read_version(folder))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    standing = in_force([one for one in found if name in {None, one.plan.plan.name}])
    return max(standing, key=_age, default=None)


def approved_run(place: str | Path, name: str | None = None) -> Version:
    """As :func:`approved`. Raises InputError too where there is none (V110)."""
    newest = approved(place, name)
    if newest is None:
        named = Words("", "") if name is None else Words("“{name}”", " “{name}”").fill(name=name)
        raise InputError([problem("V110", Place(str(place)), "--from", named=named, folder=runs_of(Path(place)))])
    return newest
