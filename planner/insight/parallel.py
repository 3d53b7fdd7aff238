"""Many jobs at once: processes of this machine, or a Dask cluster, by configuration and with the same code.

A task is a function of a module, a job is plain data; results come as they are done. The solvers' own worker processes
are started by the tasks as programs (:mod:`planner.solvers.run`), which any process may do, also one that Dask's nannies
have started as a daemon.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any, TypeVar

from planner.language import Words
from planner.problems import InputError, Place, Problem
from planner.settings.scenarios import Compare

Job = TypeVar("Job")
Result = TypeVar("Result")
CONNECT = 20.0
"""Seconds within which a cluster has to answer."""
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by the workers of our own cluster: a terminal sends Ctrl-C to all processes, and it is the caller's to hear."""


def check_backend(told: Compare, place: Place | None) -> None:
    """See that the backend asked for can be used.

    Raises:
        InputError: Dask is not installed (S308).
    """
    if told.backend == "dask" and (find_spec("dask") is None or find_spec("distributed") is None):
        raise InputError(
            [
                Problem(
                    "S308",
                    place,
                    "compare.backend",
                    "dask",
                    Words("未安装 Dask", "Dask is not installed"),
                    Words(
                        '安装：pip install "bulian[cluster]"；或用 backend: joblib',
                        'pip install "bulian[cluster]", or use backend: joblib',
                    ),
                )
            ]
        )


def workers_of(told: Compare, jobs: int) -> int:
    """How many jobs go at once on this machine."""
    return max(1, min(told.workers or os.cpu_count() or 1, jobs))


def run_jobs(
    task: Callable[[Job], Result], jobs: Sequence[Job], told: Compare, place: Place | None = None
) -> Iterator[tuple[int, Result]]:
    """The position and result of each job as it is done; closing the iterator, or Ctrl-C, ends those that are not.

    Raises:
        InputError: the cluster does not answer (S309).
    """
    if not jobs:
        return
    from joblib import Parallel, delayed

    with _backend(told, workers_of(told, len(jobs)), place):
        parallel = Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="all")
        yield from parallel(delayed(_done)(task, number, job, os.getpid()) for number, job in enumerate(jobs))


def _done(task: Callable[[Job], Result], number: int, job: Job, caller: int) -> tuple[int, Result]:
    """One job, in whatever process. Ctrl-C is the caller's to hear; a solve that is under way hears it too and ends."""
    if os.getpid() != caller and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return number, task(job)


@contextmanager
def _backend(told: Compare, workers: int, place: Place | None) -> Iterator[None]:
    """Where ``joblib.Parallel`` works within the block."""
    from joblib import parallel_config

    with ExitStack() as stack:
        if told.backend == "dask":
            client = stack.enter_context(_client(told, workers, place))
            # Not workers: on a cluster, its size says how many jobs go at once.
            stack.enter_context(parallel_config("dask", client=client))
        else:
            stack.enter_context(parallel_config("loky", n_jobs=workers))
        yield


@contextmanager
def _client(told: Compare, workers: int, place: Place | None) -> Iterator[Any]:
    """A client of the cluster; one of our own ends with the block."""
    from distributed import Client, LocalCluster

    address = told.dask.scheduler
    with ExitStack() as stack:
        if address is None:
            cluster: Any = stack.enter_context(
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=50,
                    preload=DEAF,
                )
            )
        else:
            cluster = address
        try:
            client = stack.enter_context(Client(cluster, timeout=CONNECT, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                [
                    Problem(
                        "S309",
                        place,
                        "compare.dask.scheduler",
                        str(address),
                        Words("连接不上 Dask 调度器", "the Dask scheduler does not answer"),
                        Words(
                            "检查地址与端口，并确认 dask scheduler 与 dask worker 已启动；或删去地址，在本机启动",
                            "check the address, and that dask scheduler and dask worker are running; or leave it out to start one here",
                        ),
                    )
                ]
            ) from error
        yield client
