"""How what is kept beside a plan is read: who answers for what, and when the ledgers light a lamp."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from planner.language import Words
from planner.settings.base import Members, RefusedError, Section, Whole, note

ROLES = (
    "总链长",
    "副总链长",
    "总群链长",
    "群长",
    "链长",
    "副链长",
    "盟长",
    "校长",
    "行长",
    "链主",
    "链长办",
    "牵头部门",
    "牵头园区",
    "专班负责人",
    "专家",
)


class People(Section):
    """How the table ``people`` is read."""

    roles: Members = note("角色的次序，从上到下；表中另有的角色排在其后", default=ROLES)
    """Roles from the highest down; others that the table has come after them."""
    levels: Members = note("层级的次序，从上到下；表中另有的层级排在其后", default=("国家", "省", "市", "区县", "园区"))
    """Levels from the highest down; others that the table has come after them."""
    chiefs: Members = note(
        "站在项目之上的角色，列在每个项目的责任人之后", default=("总链长", "副总链长", "总群链长", "群长", "链长", "副链长")
    )
    """Roles that stand above projects; they are listed beside the owner of each."""
    owners: Members = note("可以负责项目的角色；省略即填了容量（项目数）的人都可以", default=())
    """Roles that may own projects; left out: whoever has a number of projects under capacity."""
    needed: Members = note("每条产业链须有的角色，没有的列为空缺；省略即表中任何一条产业链设过的角色与层级", default=())
    """Roles that every chain is to have, else it is told as vacant; left out: every role and level that some chain has by name."""


Reached = Literal["lead", "talks", "intent", "signed", "started", "finished", "producing", "full"]
"""A stage on the way of a project."""
LAMPS = ("yellow", "red", "out")
"""In the order in which they come on."""


class Lights(Section):
    """Days without progress from which a light is on."""

    yellow: Whole = note("满多少天无进展亮黄灯", "days", default=60, ge=1, le=3650)
    """Days without progress from which the light is yellow."""
    red: Whole = note("满多少天亮红灯", "days", default=90, ge=1, le=3650)
    """Days from which it is red."""
    out: Whole = note("满多少天出库", "days", default=180, ge=1, le=3650)
    """Days from which the project is out of the list of those that are counted on."""

    @model_validator(mode="after")
    def _ascending(self) -> Lights:
        if not self.yellow < self.red < self.out:
            raise RefusedError(Words("须 yellow < red < out", "yellow < red < out is needed"))
        return self


class Ledger(Section):
    """How long a project may stand still."""

    lights: Lights = note("各灯的天数", default_factory=Lights)
    """Days of each light."""
    by_stage: Mapping[Reached, Lights] = note("某些阶段另有天数，如在建的放宽", default_factory=dict)
    """Other days for projects that have come as far as a stage, such as more of them while it is built."""
    progress: Literal["stage", "any"] = note("什么算进展：stage 到了更后的阶段；any 进展表有新的一行", default="stage")
    """What counts as progress: ``stage`` a later stage, ``any`` any new row of the table ``status``."""
    done: Reached = note("到了哪个阶段起不再亮灯", default="finished")
    """The stage from which on a project has no light any more."""

    def lights_at(self, stage: str) -> Lights:
        """The days of projects that have come as far as a stage."""
        return {str(code): lights for code, lights in self.by_stage.items()}.get(stage, self.lights)
