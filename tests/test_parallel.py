"""Jobs in other processes and on other machines: nothing outlives its caller, and nobody works who is not fit to."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import __version__, api
from planner.language import Words
from planner.plan.model import read_plan
from planner.problems import InputError
from planner.questions.compare import parallel
from planner.questions.compare.parallel import Job, carry_out, input_files, pack, run_jobs, unfitness, unpack
from planner.settings.questions import Compare
from planner.solvers.caller import called
from tests.city import write_city
from tests.jobs import die, process_of, wait_long
from tests.processes import alive, descendants, scenario_under_way
from tests.test_compare import QUICK, TWO

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[1]
HERE = Compare(workers=2)


@pytest.mark.slow
def test_each_job_is_done_once_elsewhere_and_no_process_stays() -> None:
    before = descendants(os.getpid())
    found = dict(run_jobs(process_of, range(5), HERE))
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert os.getpid() not in found.values()
    time.sleep(0.2)
    assert not {pid for pid in found.values() if alive(pid)}
    assert not {pid for pid in descendants(os.getpid()) - before if alive(pid)} - tracker()


def tracker() -> set[int]:
    """The one process of joblib's that counts temporary files; it ends with this one."""
    own = descendants(os.getpid())
    return {pid for pid in own if b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()}


@pytest.mark.slow
def test_a_process_that_dies_is_named_for_what_it_is() -> None:
    with pytest.raises(InputError) as caught:
        list(run_jobs(die, range(2), HERE))
    assert [one.code for one in caught.value.problems] == ["S322"]


@pytest.mark.slow
def test_the_caller_can_stop_jobs_that_would_take_long() -> None:
    began = time.monotonic()
    with called(lambda: time.monotonic() - began > 1):
        assert list(run_jobs(wait_long, range(3), HERE)) == []
    assert time.monotonic() - began < 40


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_nothing_outlives_a_comparison_that_is_killed(tmp_path: Path) -> None:
    process, below = scenario_under_way(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(200):
        if not any(map(alive, below)):
            break
        time.sleep(0.1)
    assert below
    assert not [pid for pid in below if alive(pid)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with one worker of one thread."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as one:
        yield one.scheduler_address


def on(address: str) -> Compare:
    return Compare.model_validate({"backend": "dask", "dask": {"scheduler": address}})


def test_one_worker_of_one_thread_does_the_work(cluster: str) -> None:
    told: list[Words] = []
    found = dict(run_jobs(process_of, range(3), on(cluster), tell=told.append))
    assert sorted(found) == [0, 1, 2]
    assert len(set(found.values())) == 1
    assert os.getpid() not in found.values()
    assert told[-1].zh == "Dask 集群：1 个工作进程合用"


def test_an_unfit_worker_is_named_and_given_nothing(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "QUESTION", "__import__('a_program_that_is_not_there')")
    told: list[Words] = []
    with pytest.raises(InputError, match="a_program_that_is_not_there") as caught:
        list(run_jobs(process_of, range(3), on(cluster), tell=told.append))
    assert [one.code for one in caught.value.problems] == ["S311"]
    assert "a_program_that_is_not_there" in told[0].en


@pytest.mark.slow
def test_a_cluster_without_workers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(parallel, "CONNECT", 1.5)
    empty = distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50)
    with empty, pytest.raises(InputError) as caught:
        list(run_jobs(process_of, range(3), on(empty.scheduler_address)))
    assert [one.code for one in caught.value.problems] == ["S321"]


def test_fit_means_the_same_program_and_libraries() -> None:
    same = eval(parallel.QUESTION)
    assert unfitness(same) is None
    assert same[0] == __version__
    for position, name in ((0, "planner 0.0.9"), (2, "highspy 0.0.9")):
        other = unfitness((*same[:position], "0.0.9", *same[position + 1 :]))
        assert other is not None
        assert name in other.en
    patch = (same[0], same[1] + "1", *same[2:])
    assert unfitness(patch) is None
    assert unfitness(None) is not None
    broken = unfitness(ModuleNotFoundError("No module named 'planner'"))
    assert broken is not None
    assert "No module named 'planner'" in broken.zh


@pytest.mark.slow
def test_a_job_needs_no_disk_but_its_own(tmp_path: Path) -> None:
    home = tmp_path / "家"
    path = write_city(home, QUICK + TWO)
    opened = api.open_with_scenarios(path)
    files = {file: file.read_bytes() for file in input_files(opened.loaded)}
    folder = home / "out" / "one"
    job = Job(str(path), {}, scenario="钱多", folder=str(folder), home=str(folder))
    parcel = pack(job, files)
    for file in files:
        file.unlink()
    done, returned = carry_out(parcel)
    assert done.outcome == "plan", done.words
    assert not folder.exists()
    unpack(returned, folder)
    assert read_plan(folder / "plan.json").objective.value == pytest.approx(1900)
    assert str(home) not in (folder / "settings.yaml").read_text(encoding="utf-8")
    assert "planner-job-" not in (folder / "settings.yaml").read_text(encoding="utf-8")
    assert ROOT not in folder.parents
