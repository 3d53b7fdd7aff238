"""Every output of every command on three plans, kept and held against another recording byte by byte.

    python -m benchmarks.outputs record before            # tiny, demo and Anhui; --cases tiny demo for the quick ones
    python -m benchmarks.outputs record after
    python -m benchmarks.outputs compare before after     # exit code 1 and a list when anything differs

For changes of the code that are to change nothing that a user sees: record before the first step and after each. Solves
have a work limit, so that the clock decides nothing; what is recorded in spite of that (seconds, dates, the folder's own
place) is blanked out before two recordings are compared, and so are seals, which only repeat that something differs.
Workbooks and GeoPackages are compared by their parts, so that the list names the sheet or the table.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.city import PLAN, write_city

ROOT = Path(__file__).parents[1]
RUN = "run"
BLANKED = (
    (re.compile(rb"^ +\d+\.\d+ s  \w+  value .*\n", re.MULTILINE), b""),  # the same in run.log
    (re.compile(rb"^ *\d+ (\xe7\xa7\x92|s)  .*\n", re.MULTILINE), b""),  # progress, told as the clock has it
    (re.compile(rb"\d+\.\d+ ?s\b"), b"# s"),
    (re.compile(rb"\d{4}-\d\d-\d\d[T_ ]\d\d:?\d\d:?\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), b"#date"),
)


@dataclass(frozen=True)
class Recorded:
    """One plan: how its workspace is made, and the commands, whose first words after ``planner`` are given."""

    make: Callable[[Path], None]
    commands: Mapping[str, tuple[str, ...]]
    """By the name under which what the command prints is kept."""


SCENARIO = """
scenarios:
  - name: more power
    changes: [{table: parks, where: {park_id: P1}, column: power, add: 4}]
"""


def _tiny(folder: Path) -> None:
    write_city(folder, PLAN + SCENARIO)


def _demo(folder: Path) -> None:
    shutil.copytree(ROOT / "data" / "demo", folder, ignore=shutil.ignore_patterns("runs"))


def _anhui(folder: Path) -> None:
    """The plan stays where it is, since its tables do; only its runs are kept here."""
    folder.mkdir(parents=True)


def _commands(plan: str, work: int, candidate: str, terms: str, *, questions: bool = True) -> dict[str, tuple[str, ...]]:
    asked = {
        "why": ("why", RUN, candidate),
        "why_out": ("why", RUN, candidate, "--out", "forced"),
        "importance": ("importance", RUN),
        "sensitivity": ("sensitivity", RUN),
        "alternatives": ("alternatives", RUN, "--count", "2"),
        "frontier": ("frontier", plan, "--terms", terms, "--points", "4", "--out", "frontier"),
        "compare": ("compare", plan, "--out", "compare"),
        "compare_runs": ("compare", RUN, RUN, "--out", "compare_runs"),
    }
    return {
        "check": ("check", plan),
        "diagnose": ("diagnose", plan),
        "export": ("export", plan, "--out", "model.mps"),
        "run": ("run", plan, "--out", RUN, "--work", str(work), "--time-limit", "3600"),
        **(asked if questions else {}),
        "explain": ("explain", plan),
        "publish": ("publish", RUN),
    }


CASES: Mapping[str, Recorded] = {
    "tiny": Recorded(_tiny, _commands("workspace/plan.yaml", 20, "D", "gap,subsidy")),
    "demo": Recorded(_demo, _commands("workspace/plan.yaml", 20, "K031", "gap,subsidy")),
    "anhui": Recorded(_anhui, _commands(str(ROOT / "benchmarks/anhui/plan.yaml"), 20, "K0031", "gap,subsidy", questions=False)),
}


def record(target: Path, cases: list[str]) -> None:
    """Run every command of each case into ``target/<case>``; what it prints and its exit code stand in ``said/``."""
    for case in cases:
        folder = target / case
        if folder.exists():
            shutil.rmtree(folder)
        (folder / "said").mkdir(parents=True)
        CASES[case].make(folder / "workspace")
        for name, words in CASES[case].commands.items():
            done = subprocess.run(
                [sys.executable, "-m", "planner", *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL
            )
            said = done.stdout + b"\n-- stderr\n" + done.stderr + f"\n-- exit {done.returncode}\n".encode()
            (folder / "said" / f"{name}.txt").write_bytes(said)
            print(f"{case:8} {name:14} exit {done.returncode}", flush=True)


def compare(before: Path, after: Path) -> list[str]:
    """What differs, a line each; empty when nothing does."""
    first, second = dict(parts(before)), dict(parts(after))
    lines = [f"only before: {name}" for name in sorted(first.keys() - second.keys())]
    lines += [f"only after:  {name}" for name in sorted(second.keys() - first.keys())]
    for name in sorted(first.keys() & second.keys()):
        if first[name] != second[name]:
            lines.append(f"differs:     {name}{_where(name, first[name], second[name])}")
    return lines


def parts(root: Path) -> Iterator[tuple[str, bytes]]:
    """Name and blanked bytes of each file, and of each part of a workbook or table of a GeoPackage."""
    seals = _seals(root)
    for name, data in _read(root):
        yield name, seals.sub(b"#seal", _blank(data))


def _seals(root: Path) -> re.Pattern[bytes]:
    """The seals of all runs and answers, whole and in short: one figure that differs on purpose would change every page."""
    seals = {line[:64] for path in root.rglob("*.sha256") for line in path.read_bytes().splitlines()}
    for path in root.rglob("answers/*.json"):
        seals.update(re.findall(rb'^ "sha256": "([0-9a-f]{64})"', path.read_bytes(), re.MULTILINE))
    return re.compile(b"|".join(seal[:8] + b"(" + seal[8:] + b")?" for seal in sorted(seals)) or rb"(?!)")


def _read(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            continue
        if path.suffix == ".xlsx" and "workspace/" not in name:
            with zipfile.ZipFile(path) as book:
                yield from ((f"{name}!{part}", book.read(part)) for part in sorted(book.namelist()))
        elif path.suffix == ".gpkg" and "workspace/" not in name:
            yield from ((f"{name}!{table}", rows) for table, rows in _tables(path))
        elif not path.name.endswith(".sha256"):
            yield name, path.read_bytes()


def _tables(path: Path) -> Iterator[tuple[str, bytes]]:
    with sqlite3.connect(path) as base:
        names = [row[0] for row in base.execute("select name from sqlite_master where type = 'table' order by name")]
        for name in names:
            rows = [repr(row) for row in base.execute(f'select * from "{name}"')]
            yield name, "\n".join(rows).encode()


def _blank(data: bytes) -> bytes:
    for pattern, instead in BLANKED:
        data = pattern.sub(instead, data)
    return data


def _where(name: str, first: bytes, second: bytes) -> str:
    """The first key of a JSON file, or line of another, that differs."""
    if name.endswith(".json"):
        keys = list(_keys(json.loads(first), json.loads(second)))
        return "  at " + ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
    pairs = zip(first.split(b"\n"), second.split(b"\n"), strict=False)
    for number, (one, other) in enumerate(pairs, start=1):
        if one != other:
            at = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
            cut = slice(max(0, at - 40), at + 60)
            return f"  line {number}: …{one[cut].decode(errors='replace')}… → …{other[cut].decode(errors='replace')}…"
    return "  in length"


def _keys(first: object, second: object, at: str = "") -> Iterator[str]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in first | second:
            if key not in first or key not in second:
                yield f"{at}.{key}"
            else:
                yield from _keys(first[key], second[key], f"{at}.{key}")
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, (one, other) in enumerate(zip(first, second, strict=True)):
            yield from _keys(one, other, f"{at}[{number}]")
    elif first != second:
        yield at


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    recording = verbs.add_parser("record")
    recording.add_argument("folder", type=Path)
    recording.add_argument("--cases", nargs="+", choices=sorted(CASES), default=list(CASES))
    comparing = verbs.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.verb == "record":
        record(given.folder, given.cases)
        return 0
    lines = compare(given.before, given.after)
    print("\n".join(lines) or "no difference")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
