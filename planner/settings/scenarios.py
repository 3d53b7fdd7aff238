"""What a plan may become: named scenarios laid over it, and how many of them are solved at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator, model_validator

from planner.language import Words
from planner.settings.base import RefusedError, Section, Whole, note
from planner.settings.changes import CellChange

FORBIDDEN = ("extends", "tables", "scenarios", "compare")
"""Keys that a scenario cannot set: it is the same plan over the same files, and one layer deep."""
LONGEST = 40
"""Characters of a scenario's name that its folder bears."""


class Scenario(Section):
    """The plan with some facts and settings changed."""

    name: str = note("情景名称，不可重复", min_length=1)
    """Name of the scenario, unique in the plan."""
    changes: tuple[CellChange, ...] = note("表中数据的改动，排在计划自己的 changes 之后", default=())
    """Cells changed, after the plan's own ``changes``."""
    settings: Mapping[str, Any] = note(
        "盖在计划之上的设置，写法与 plan.yaml 相同；最外层的键可用点号，如 solve.gap: 0.02；列表整体替换", default_factory=dict
    )
    """Settings laid over the plan, written as in plan.yaml; an outermost key may be dotted: ``solve.gap``; lists replace."""

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, name: str) -> str:
        if not slug(name):
            raise RefusedError(
                Words("名称中须有文字或数字", "a name has at least one letter or digit"),
                Words("起一个看得懂的名称，如 多 20 MW", "give it a telling name, such as 20 MW more"),
            )
        return name

    @model_validator(mode="after")
    def _changes_something(self) -> Scenario:
        if not self.changes and not self.settings:
            raise RefusedError(
                Words("情景什么也没有改", "the scenario changes nothing"),
                Words("写 changes 或 settings，或删去这个情景", "write changes or settings, or remove it"),
            )
        return self


class Cluster(Section):
    """A Dask cluster."""

    scheduler: str | None = note(
        "调度器地址，如 tcp://10.0.0.8:8786；省略即在本机启动；各机只需安装相同版本，不需要共享磁盘（写成绝对路径的文件除外）",
        default=None,
        min_length=1,
    )
    """Address of the scheduler, such as tcp://10.0.0.8:8786; left out: one is started here. Every machine needs the same versions; none has to see another one's disk, but for files written with an absolute path."""


class Compare(Section):
    """How scenarios are solved and compared."""

    workers: Whole | None = note("同时求解几个情景；省略即本机核数", "processes", default=None, ge=1, le=1024)
    """Scenarios solved at once; left out: one for each core."""
    backend: Literal["joblib", "dask"] = note("joblib 本机多进程；dask 集群", default="joblib")
    """``joblib``: processes on this machine. ``dask``: a cluster."""
    threads: Whole = note("每个情景的求解线程，代替 solve.threads", "threads", default=1, ge=1, le=256)
    """Threads of each solve, in place of ``solve.threads``; several solves at once leave one core to each."""
    attribute: bool = note("情景有多处改动时，逐处求解，算出各处的影响（每多一处多求解一次）", default=True)
    """Solve a scenario of several overrides one override after another, to tell what each brings; one more solve for each."""
    dask: Cluster = note("Dask 集群", default_factory=Cluster)
    """The Dask cluster."""


def slug(name: str) -> str:
    """A scenario's name as part of a folder's name: letters, digits and hyphens of any script, nothing a path could mean (R6)."""
    return re.sub(r"[\W_]+", "-", name).strip("-")[:LONGEST].strip("-")
