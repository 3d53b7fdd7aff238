"""The code of every problem of dossiers."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
F101 没有这个项目 | 没有这个编号或名称的项目 | {near}
     no such candidate | no candidate has this id or name | {near}
F102 名称有歧义 | 有几个项目叫这个名称：{ids} | 改用项目编号
     ambiguous name | several candidates have this name: {ids} | give the id
""",
    quoted=80,
)
problem = CODES.problem
