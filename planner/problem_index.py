"""What each code of a problem means, for those whose messages stand where they are found (``T…`` have a table of their own).

``docs/problems.md`` is generated from both; a test holds this list against the codes in the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.language import Words
from planner.problems import Code

_SILENT = Words("…", "…")


def _codes(meanings: Mapping[str, str]) -> Mapping[str, Code]:
    return MappingProxyType(
        {code: Code(Words(*text.split(" | ")), _SILENT, _SILENT) for code, text in sorted(meanings.items())}
    )


OTHERS: Mapping[str, Code] = _codes(
    {
        "S201": "没有这个求解器 | unknown solver",
        "S202": "未安装的求解器 | solver is not installed",
        "S203": "求解器不能按工作量停止 | solver cannot stop after counted work",
        "S301": "起点不存在 | start does not exist",
        "S302": "起点不是运行目录 | start is not a run folder",
        "S303": "起点的 plan.json 读不出、不完整或被改动 | plan.json of the start unreadable, incomplete or changed",
        "S304": "起点与本计划没有相同的项目（仅提醒） | start shares no project with the plan (warning)",
        "S308": "未安装 Dask | Dask is not installed",
        "S309": "连接不上 Dask 调度器 | Dask scheduler does not answer",
        "S310": "没有情景可比较 | no scenarios to compare",
        "S311": "集群中没有合用的工作进程 | no worker of the cluster is fit",
        "S321": "集群没有工作进程 | cluster without workers",
        "S322": "求解情景的进程中途消失 | processes that solve scenarios died",
        "R101": "目标目录另有内容 | folder holds something else",
        "R102": "没有这个范例 | unknown example",
        "R103": "工作区目录不为空 | workspace folder is not empty",
        "R104": "不是运行目录 | not a run folder",
        "R105": "plan.json 读不出 | plan.json cannot be read",
        "R106": "plan.json 或设置写出后被改动 | plan.json or settings edited after they were written",
        "R107": "运行目录缺少设置 | run without its settings",
        "R108": "数据在运行之后改过 | data changed since the run",
        "R109": "运行与数据对不上 | run does not fit the data",
        "R110": "只有一个运行，无从比较 | one run has nothing to be compared with",
        "R111": "不同计划的运行 | runs of different plans",
        "R112": "目标目录不是比较结果 | folder is not a comparison",
        "R113": "运行目录缺少封印 | run without its seal",
        "R114": "不能使用的答案（仅提醒） | answer that cannot be used (warning)",
        "R115": "由其他版本写出的运行 | run of another version's schema",
        "R116": "输出目录不能写 | output folder cannot be written",
        "R117": "输出目录是命令所在的目录 | output folder is the one the command runs in",
        "R118": "一项成果没有写出 | an output was not written",
        "R119": "写到了别处 | written elsewhere",
        "R131": "替代方案的参数超出范围 | option of alternatives out of range",
        "R132": "取舍边界：没有这个目标项 | frontier of an unknown term",
        "R133": "取舍边界：须两个不同的目标项 | frontier needs two different terms",
        "R134": "取舍边界：点数超出范围 | number of points out of range",
        "R135": "目标目录另有内容，不是取舍边界 | folder holds something that is not a frontier",
        "R121": "没有这个项目 | unknown candidate in a question",
        "R122": "项目名称有多个 | name of several candidates in a question",
        "R123": "没有这个园区 | unknown park in a question",
        "R124": "没有这个季度 | unknown quarter in a question",
        "R125": "项目本来就在这个季度 | candidate is in that quarter already",
        "R160": "答案没有保存（仅提醒） | answer not kept (warning)",
        "R140": "没有这个编号的放宽方案 | no repair of that number",
        "R141": "放宽后的计划文件写不出 | repaired plan file cannot be written",
    }
)
