"""Everything around the solve: seconds of each phase, memory, the size of each file, and whether they open.

    python -m benchmarks.around --size province --seed 1
    python -m benchmarks.around --size province --seed 1 --laden

Candidates come from an Excel workbook, the other tables from CSV. There is no solver: the plan places the candidates that
ask least of the limits, one after the other, as long as they fit. It is far from the best and has more projects than a
best plan, which is the harder case for what is measured here. It passes the verification from the tables like any plan.

``--laden`` adds what bureaus hand over beside the bare figures: marks of assumptions on single cells, home cities, wishes,
refusals, versions of one project, sources and remarks row by row, gates of parks, 20,000 local firms, 200,000 site
options, and the region's boundary.

The map is opened in Chromium without network (needs playwright), the workbook in LibreOffice, where these are installed.
Memory is the process's largest so far.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.instances import SIZES, write_instance
from planner.case.chains import diagnose
from planner.plan.build import make_plan
from planner.plan.model import Plan, read_plan
from planner.plan.open import open_plan
from planner.programme.build import Programme, build
from planner.publish.run_folder import PLAN_FILE, writer_of
from planner.settings.outputs import FILES
from planner.settings.write import resolved_yaml
from planner.solvers.protocol import Solution, Termination

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


class Clock:
    """Prints a line for each phase, and adds up those that a run has."""

    def __init__(self) -> None:
        self.total = 0.0

    def __call__(self, phase: str, do: Callable[[], Any], counts: bool = True) -> Any:
        began = time.perf_counter()
        result = do()
        seconds = time.perf_counter() - began
        self.total += seconds if counts else 0.0
        print(f"{phase:34} {seconds:7.2f} s   {_peak():5.2f} GB", flush=True)
        return result


def _peak() -> float:
    """GB of this process at most so far; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def least_first(programme: Programme) -> Floats:
    """Values of a plan: candidates by the share of all limits that they ask, each in the first quarter and park with room.

    Rows that ask for something at least (rules, projects that must come) are not looked at: the instances have none.
    """
    matrix, columns = programme.matrix, programme.layout
    names = [family.name == "once" or family.business for family in programme.families]
    held = np.array(names)[programme.family_of_row]
    limited = matrix.rows[held][:, : columns.choices].tocsc()
    room = matrix.row_upper[held].copy()
    shares = limited.data / np.where(room > 0, room, np.inf)[limited.indices]
    asks = np.add.reduceat(np.append(shares, 0.0), limited.indptr[:-1]) * (np.diff(limited.indptr) > 0)
    candidates = int(columns.candidate.max()) + 1
    price = np.zeros(candidates)
    for kind in (columns.placements, columns.schedules):
        least = np.full(candidates, np.inf)
        np.minimum.at(least, columns.candidate[kind], asks[kind])
        price += least
    first = np.searchsorted(columns.candidate, np.arange(candidates + 1))
    values = np.zeros(columns.columns)

    def fitting(own: range, at: Any) -> int | None:
        for column in own:
            part = slice(limited.indptr[column], limited.indptr[column + 1])
            if at[column] >= 0 and np.all(room[limited.indices[part]] >= limited.data[part]):
                return column
        return None

    for i in np.argsort(price, kind="stable").tolist():
        own = range(first[i], first[i + 1])
        taken = {fitting(own, columns.park), fitting(own, columns.quarter)} if np.isfinite(price[i]) else {None}
        if None in taken:
            continue
        for column in taken:
            part = slice(limited.indptr[column], limited.indptr[column + 1])
            room[limited.indices[part]] -= limited.data[part]
            values[column] = 1.0
    return values


def lade(folder: Path, seed: int, incumbents: int = 20_000, options: int = 200_000) -> None:
    """Add to a workspace of :mod:`benchmarks.instances` what the module's words say of ``--laden``."""
    dice, data = np.random.default_rng(seed), folder / "data"
    firms = pd.read_excel(data / "candidates.xlsx", engine="calamine")
    parks = pd.read_csv(data / "parks.csv")
    links = pd.read_csv(data / "links.csv")["link_id"].to_numpy(object)
    ids, size = parks["park_id"].to_numpy(object), len(firms)

    def some(values: list[str], share: float) -> list[str]:
        return [value if on else "" for value, on in zip(values, dice.random(len(values)) < share, strict=True)]

    def marked(values: Any, share: float) -> list[str]:
        return [f"{value}*" if on else str(value) for value, on in zip(values, dice.random(len(values)) < share, strict=True)]

    firms.loc[dice.random(size) < 0.25, "land"] *= 12  # some find no park large enough
    firms["city"] = [f"城市{n:03}" for n in dice.integers(0, 300, size)]
    firms["preferred_parks"] = some([";".join(dice.choice(ids[::2], 2, replace=False)) for _ in range(size)], 0.3)
    firms["refused_parks"] = some([";".join(dice.choice(ids[1::2], 3, replace=False)) for _ in range(size)], 0.2)
    firms["variant_group"] = [f"G{n // 2}" if n % 10 < 2 else "" for n in range(size)]
    firms["exclude"] = some(["是"] * size, 0.03)
    firms["status"] = dice.choice(["意向", "在谈", "已流失"], size, p=[0.7, 0.25, 0.05])
    firms["source"] = [f"虚构来源第 {n} 号，公开年报与访谈记录" for n in range(size)]
    firms["备注"] = [f"虚构备注 {n}：主营业务、已对接次数与下一步安排" for n in range(size)]
    for column, share in (("investment", 0.4), ("output", 0.3), ("landing_probability", 1.0), ("tax", 0.2), ("land", 0.2)):
        firms[column] = marked(firms[column], share)
    firms.to_excel(data / "candidates.xlsx", sheet_name="candidates", index=False, engine="xlsxwriter")
    parks["min_investment_intensity"] = dice.choice([0, 200, 400], len(parks))
    parks["city"] = [f"市{n % 16:02}" for n in range(len(parks))]
    here = pd.DataFrame(
        {
            "incumbent_id": [f"E{n:05}" for n in range(incumbents)],
            "name": [f"虚构本地企业{n:05}" for n in range(incumbents)],
            "link_id": dice.choice(links, incumbents),
            "capacity": marked(np.round(dice.lognormal(5, 1, incumbents)), 0.5),
            "park_id": some(dice.choice(ids, incumbents).tolist(), 0.5),
            "source": [f"虚构名录第 {n} 页" for n in range(incumbents)],
            "lon": np.round(dice.uniform(116.5, 118.9, incumbents), 5),
            "lat": np.round(dice.uniform(30, 33, incumbents), 5),
        }
    )
    here.loc[here["park_id"] != "", ["lon", "lat"]] = np.nan
    pairs = pd.DataFrame(
        {
            "candidate_id": dice.choice(firms["candidate_id"], options),
            "park_id": dice.choice(ids, options),
            "allowed": dice.choice(["是", "否"], options, p=[0.8, 0.2]),
            "score": np.round(dice.uniform(0, 5, options), 1),
            "land": some(marked(np.round(dice.lognormal(3, 0.5, options), 1), 0.5), 0.3),
        }
    ).drop_duplicates(["candidate_id", "park_id"])
    for name, frame in (("parks", parks), ("incumbents", here), ("site_options", pairs)):
        frame.to_csv(data / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    with (folder / "plan.yaml").open("a", encoding="utf-8", newline="\n") as file:
        file.write("region: {name: 安徽省}\n")


def measure(path: Path, out: Path) -> Plan:
    """All phases of a run but the solve, on one plan file; the files of a run are left in ``out``."""
    clock = Clock()
    opened = clock("read and check", lambda: open_plan(path))
    clock("diagnose", lambda: diagnose(opened.case, opened.eligible.candidates))
    programme: Programme = clock("build the matrix", lambda: build(opened.case, opened.eligible))
    rows, columns = programme.matrix.rows.shape
    values = clock("(a plan without a solver)", lambda: least_first(programme), counts=False)
    solution = Solution(values, Termination("time_limit", None, None, 0.0, "none"))
    plan: Plan = clock("plan, verification, reasons", lambda: make_plan(programme, solution, opened.warnings, path.parent))
    clock(PLAN_FILE, lambda: (out / PLAN_FILE).write_text(plan.to_json(), encoding="utf-8"))
    writers = clock("loading map and workbook libraries", lambda: {name: writer_of(output) for output, name in FILES.items()})
    for name, write in writers.items():
        clock(name, lambda write=write, name=name: write(plan, out / name))
    clock("settings.yaml", lambda: resolved_yaml(opened.loaded.settings, "zh"))
    print(f"{'outside the solver':34} {clock.total:7.2f} s   {_peak():5.2f} GB")
    clock("(reading plan.json again)", lambda: read_plan(out / PLAN_FILE), counts=False)
    print(f"{columns} columns, {rows} rows; {len(plan.selected)} selected, {len(plan.not_selected)} not, {len(plan.limits)} limits")
    return plan


def in_browser(page: Path) -> str:
    """Seconds until the map is drawn and its search answers, in Chromium without network; what it did wrong, if anything."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return "not measured: no Chromium or no playwright"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_offline(True)
        view = context.new_page()
        troubles: list[str] = []
        view.on("pageerror", lambda error: troubles.append(str(error)))
        began = time.perf_counter()
        view.goto(page.absolute().as_uri())
        view.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        drawn = time.perf_counter() - began
        view.fill("#query", "0")
        view.wait_for_selector("#hits [role=option]")
        ready = time.perf_counter() - began
        nodes = view.evaluate("() => document.querySelectorAll('*').length")
        browser.close()
    return f"drawn {drawn:.1f} s, search answers {ready:.1f} s, {nodes} elements" + "".join(f"; {one}" for one in troubles)


def in_office(book: Path, folder: Path) -> str:
    """Seconds in which LibreOffice opens the workbook and saves it as its own."""
    office = shutil.which("soffice")
    if office is None:
        return "not measured: no LibreOffice"
    began = time.perf_counter()
    profile = f"-env:UserInstallation={(folder / 'office').absolute().as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "ods", "--outdir", str(folder), str(book)],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return f"{time.perf_counter() - began:.1f} s, {'saved' if (folder / (book.stem + '.ods')).is_file() else 'not saved'}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="province")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--laden", action="store_true", help="with what bureaus hand over beside the bare figures")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_instance(folder, told.size, told.seed, excel=True)
        if told.laden:
            lade(folder, told.seed)
        out = folder / "run"
        out.mkdir()
        measure(path, out)
        for file in sorted(out.iterdir()):
            print(f"{file.name:34} {file.stat().st_size / 1e6:7.2f} MB")
        print(f"map in Chromium, no network: {in_browser(out / 'map.html')}")
        print(f"workbook in LibreOffice, opened and saved: {in_office(out / 'plan.xlsx', folder)}")


if __name__ == "__main__":
    main()
