"""Who answers for what: which roles there are, in which order, and which of them may own projects."""

from __future__ import annotations

from planner.settings.base import Members, Section, note

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
