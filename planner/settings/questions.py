"""What is asked of a plan: scenarios laid over it and compared, what a little more would bring, why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from pydantic import field_validator, model_validator

from planner.language import Words
from planner.settings.base import Number, Portion, RefusedError, Section, Whole, note
from planner.settings.changes import Change

MINIMUMS = "rule_minimums"
"""The lower sides of rules, where they are to have another price than ``rules``."""
FORBIDDEN = ("extends", "tables", "scenarios", "compare")
"""Keys that a scenario cannot set: it is the same plan over the same files, and one layer deep."""
LONGEST = 40
"""Characters of a scenario's name that its folder bears."""


class Scenario(Section):
    """The plan with some facts and settings changed."""

    name: str = note("情景名称，不可重复", min_length=1)
    """Name of the scenario, unique in the plan."""
    changes: tuple[Change, ...] = note("表中数据的改动，排在计划自己的 changes 之后", default=())
    """Cells changed, after the plan's own ``changes``."""
    settings: Mapping[str, Any] = note(
        "盖在计划之上的设置，写法与 plan.yaml 相同；最外层的键可用点号，如 solve.gap: 0.02；列表整体替换", default_factory=dict
    )
    """Settings laid over the plan, written as in plan.yaml; an outermost key may be dotted: ``solve.gap``; lists replace."""

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, name: str) -> str:
        if not slug(name):
            rule = Words("名称中须有文字或数字", "a name has at least one letter or digit")
            raise RefusedError(rule, Words("起一个看得懂的名称，如 多 20 MW", "give it a telling name, such as 20 MW more"))
        return name

    @model_validator(mode="after")
    def _changes_something(self) -> Scenario:
        if not self.changes and not self.settings:
            remedy = Words("写 changes 或 settings，或删去这个情景", "write changes or settings, or remove it")
            raise RefusedError(Words("情景什么也没有改", "the scenario changes nothing"), remedy)
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

    workers: Whole | None = note("同时求解几个情景；省略即本机核数除以每个情景的线程数", "processes", default=None, ge=1, le=1024)
    """Scenarios solved at once; left out: as many as have cores of their own, each as many as it has threads."""
    backend: Literal["joblib", "dask"] = note("joblib 本机多进程；dask 集群", default="joblib")
    """``joblib``: processes on this machine. ``dask``: a cluster."""
    threads: Whole | None = note(
        "每个情景的求解线程，代替 solve.threads；省略即两个，但不多于 solve.threads；基准先单独求解，仍用 solve.threads",
        "threads",
        default=None,
        ge=1,
        le=256,
    )
    """Threads of each scenario, in place of ``solve.threads``, which the base has, solved alone before them; left out: two, but no more than
    that. Of two searches that a scenario has, one often ends far sooner than the other."""
    attribute: bool = note("情景有多处改动时，逐处求解，算出各处的影响（每多一处多求解一次）", default=True)
    """Solve a scenario of several overrides one override after another, to tell what each brings; one more solve for each."""
    dask: Cluster = note("Dask 集群", default_factory=Cluster)
    """The Dask cluster."""


def _all_above_0(values: Mapping[str, float], key: str, rule: Words, remedy: Words) -> None:
    """Refuse the first value of the setting ``key`` that is not above 0; ``rule`` tells it as ``{value}``."""
    for name, value in values.items():
        if value <= 0:
            raise RefusedError(rule.fill(value=f"{value:g}"), remedy, at=(key, name))


class Sensitivity(Section):
    """How much more of what is asked for."""

    steps: Mapping[str, Number] = note(
        "资源、资金池或专班的编号，或 fund、team（泛指）: 增加多少，按其自己的单位", default_factory=dict
    )
    """Id of a resource, fund or team, or ``fund`` or ``team`` for all others: how much more, in its own unit."""
    share: Portion = note("未在 steps 中写明者，增加现有量的这一比例", "share", default=0.1, gt=0, le=10)
    """For those that ``steps`` does not name: how much more, as a share of what there is."""
    most: Whole = note("至多重新求解几项，先做看来最有价值的", "limits", default=12, ge=1, le=1000)
    """How many are solved anew, the most promising first."""
    time_limit: Number = note("每次重新求解的时限", "s", default=20.0, gt=0)
    """Wall-clock limit of each solve."""

    @model_validator(mode="after")
    def _more(self) -> Sensitivity:
        rule = Words("须大于 0，现为 {value}", "must be above 0, not {value}")
        _all_above_0(self.steps, "steps", rule, Words("写要增加的数量", "write how much more"))
        return self


def share_fault(shares: Sequence[float]) -> Words | None:
    """Why these cannot be the shares of a ladder; None: they can."""
    if len(shares) < 2:
        return Words("至少要两个份额", "two shares at least are needed")
    if not all(0.0 < share <= 1.0 for share in shares):
        return Words("每个份额须大于 0 且不超过 1", "every share is above 0 and at most 1")
    if any(later <= earlier for earlier, later in pairwise(shares)):
        return Words("份额须从小到大，且各不相同", "shares go from small to large, none twice")
    return None


SUCH_SHARES = Words("如 0.7, 0.8, 0.9, 1", "e.g. 0.7, 0.8, 0.9, 1")


class Ladder(Section):
    """Plans that contain each other for growing shares of some limits."""

    shares: tuple[Portion, ...] = note("份额，从小到大", default=(0.7, 0.8, 0.9, 1.0))
    """Shares of the limits, from small to large."""
    of: tuple[str, ...] = note(
        "哪些限制：资金池、资源（各处），或 园区/资源、分区/资源，按编号或名称；省略即全部资金池", default=()
    )
    """Which limits: funds, resources (everywhere), or ``park/resource``, ``zone/resource``, by id or name; left out: every fund."""
    way: Literal["auto", "joint", "down", "up"] = note(
        "joint 各级一起求；down 从最大份额往下，每级在上一级之内最好；up 从最小份额往上；auto 小规模用 joint，否则 down",
        default="auto",
    )
    """``joint``: all at once; ``down``: from the largest share on, each the best within the one above; ``up``: from the smallest on;
    ``auto``: joint where that is small enough, otherwise down."""
    joint: Whole = note("auto 时，联合模型至多多少个 0-1 变量", default=10_000, ge=0)
    """With ``auto``: binaries of the joint model, at most."""
    weights: tuple[Number, ...] = note("joint 时各级目标值的权重，与份额同数；省略即都为 1", default=())
    """With ``joint``: what the value of each plan weighs, one for each share; left out: 1 each."""

    @model_validator(mode="after")
    def _in_order(self) -> Ladder:
        if (fault := share_fault(self.shares)) is not None:
            raise RefusedError(fault, SUCH_SHARES, at=("shares",))
        if any(weight <= 0 for weight in self.weights):
            raise RefusedError(
                Words("权重须大于 0", "weights are above 0"), Words("如 [1, 1, 2]", "e.g. [1, 1, 2]"), at=("weights",)
            )
        return self


class Explain(Section):
    """How a conflict is explained."""

    weights: Mapping[str, Number] = note(
        "限制类别: 让出其限额 100 %（或取消一项）的价格；未列出的为 1；rule_minimums 为规则下限，未列出时同 rules",
        default_factory=dict,
    )
    """Kind of limit: price of giving way by 100 % of it, or of dropping one; not named: 1. ``rule_minimums``: as ``rules``."""
    repairs: Whole = note("至多给出几个不同的放宽方案", "repairs", default=3, ge=1, le=10)
    """How many different repairs at most."""
    time_limit: Number = note("解释的总时限", "s", default=45.0, gt=0)
    """Wall-clock limit of the whole explanation."""

    @model_validator(mode="after")
    def _positive(self) -> Explain:
        rule = Words("价格须大于 0，现为 {value}", "a price is above 0, not {value}")
        remedy = Words("写正数；越大越不愿放宽", "write a positive number; the larger, the less it gives way")
        _all_above_0(self.weights, "weights", rule, remedy)
        return self

    def price(self, kind: str) -> float:
        """What it costs when a limit of ``kind`` gives way by 100 %; the minimums of rules cost what rules cost."""
        return self.weights.get(kind, self.weights.get("rules", 1.0) if kind == MINIMUMS else 1.0)


def slug(name: str) -> str:
    """A scenario's name as part of a folder's name: letters, digits and hyphens of any script, nothing a path could mean (R6)."""
    return re.sub(r"[\W_]+", "-", name).strip("-")[:LONGEST].strip("-")


class Nearness(Section):
    """Among plans equally good, the one nearest to an earlier plan: what a change of each kind counts, and how long is sought."""

    dropped: Number = note("原计划项目退出，每个计", default=1.0, ge=0)
    """One project of the earlier plan that leaves."""
    added: Number = note("新项目进入，每个计", default=1.0, ge=0)
    """One project that is new."""
    park_moves: Number = note("换园区，每个计", default=1.0, ge=0)
    """One project in another park."""
    quarter_moves: Number = note("换季度，每个计", default=1.0, ge=0)
    """One project in another quarter."""
    tolerance: Number | None = note(
        "为少变动可让出的目标值（相对）；省略：差距为 0 时不让，否则不超过求解差距所容许的", "ratio", default=None, ge=0, le=1
    )
    """Value that may be given up for fewer changes, relatively; left out: nothing where the plan is proved, otherwise no more than
    ``solve.gap`` leaves open."""
    share: Number = note("占求解时限的份额；0 即不寻找", "ratio", default=0.2, ge=0, le=0.9)
    """Share of the time, or work, of a solve; 0: not sought."""

    @property
    def prices(self) -> dict[str, float]:
        """Kind of change to what one counts."""
        return {kind: getattr(self, kind) for kind in ("dropped", "added", "park_moves", "quarter_moves")}
