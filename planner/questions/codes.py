"""The code of every problem of what is asked about a plan, and of runs and scenarios that are to be compared."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
S308 未安装 Dask | 未安装 Dask | 安装：pip install "bulian[cluster]"；或用 backend: joblib
     Dask is not installed | Dask is not installed | pip install "bulian[cluster]", or use backend: joblib
S309 连接不上 Dask 调度器 | 连接不上 Dask 调度器 | 检查地址与端口，并确认 dask scheduler 与 dask worker 已启动；或删去地址，在本机启动
     Dask scheduler does not answer | the Dask scheduler does not answer | check the address, and that dask scheduler and dask worker are running; or leave it out to start one here
S310 没有情景可比较 | 计划中没有写情景，无从比较 | 在 scenarios 下写一个，如 {{name: 多 20 MW, changes: [{{table: parks, column: power, add: 20}}]}}
     no scenarios to compare | the plan has no scenarios to compare | write one under `scenarios`, such as {{name: 20 MW more, changes: [{{table: parks, column: power, add: 20}}]}}
S311 集群中没有合用的工作进程 | Dask 集群中没有合用的工作进程 | 在每台机器上安装与本机相同的版本：pip install bulian，再重启 dask worker
     no worker of the cluster is fit | no worker of the Dask cluster is fit | install the same versions as here on every machine (pip install bulian) and start its dask worker again
S321 集群没有工作进程 | Dask 集群在 {seconds} 秒内没有工作进程 | 启动 dask worker，或用 backend: joblib
     cluster without workers | the Dask cluster has no worker within {seconds} seconds | start a dask worker, or use backend: joblib
S322 求解情景的进程中途消失 | 求解情景的进程中途消失，多因内存不足 | 减小 compare.workers 再试
     processes that solve scenarios died | processes that solve scenarios died, mostly for lack of memory | try again with fewer compare.workers
R110 只有一个运行，无从比较 | 只有一个运行目录，无从比较 | 给出两个以上运行目录，或一个计划文件
     one run has nothing to be compared with | one run has nothing to be compared with | name two or more run folders, or one plan file
R111 不同计划的运行 | 与“{base}”没有任何相同的候选项目：不是同一个计划 | 只比较同一计划的运行
     runs of different plans | has no candidate in common with “{base}”: another plan | compare runs of one plan only
R114 warning 不能使用的答案 | {rule} | 重新提问
     answer that cannot be used | {rule} | ask again
R121 没有这个项目 | 客商库中没有这个编号或名称 | {remedy}
     unknown candidate in a question | no candidate has this id or name | {remedy}
R122 项目名称有多个 | 有 {count} 个项目叫这个名字：{listed} | 改用项目编号
     name of several candidates in a question | {count} candidates have this name: {listed} | give the id
R123 没有这个园区 | 没有这个园区 | {remedy}
     unknown park in a question | there is no such park | {remedy}
R124 没有这个季度 | 不在规划期内 | 可用：{listed}
     unknown quarter in a question | it is outside the plan | there are: {listed}
R125 项目本来就在这个季度 | 计划里它本来就在这个季度 | 给出另一个季度，或不写 --quarter 以问它为何入选
     candidate is in that quarter already | the plan has it in this very quarter | name another quarter, or leave --quarter out to ask why it is in
R131 替代方案的参数超出范围 | {rule} | {remedy}
     option of alternatives out of range | {rule} | {remedy}
R132 取舍边界：没有这个目标项 | 没有这个目标项 | 可用的（最接近者）：{near}
     frontier of an unknown term | no such objective term | use one of (nearest first): {near}
R133 取舍边界：须两个不同的目标项 | 须是两个不同的目标项 | 如 --terms gap,subsidy
     frontier needs two different terms | two different terms are needed | e.g. --terms gap,subsidy
R134 取舍边界：点数超出范围 | 须为 {least} 至 {most} | 如 --points 9
     number of points out of range | must be {least} to {most} | e.g. --points 9
R140 没有这个编号的放宽方案 | 有 {count} 个放宽方案 |
     no repair of that number | there are {count} repairs |
R141 放宽后的计划文件写不出 | 无法在计划文件旁写出新文件 | 检查目录权限，或把工作区复制到别处
     repaired plan file cannot be written | no file can be written beside the plan file | check the folder's permissions, or copy the workspace elsewhere
R142 不知哪一张表是名单 | {listed} | 用 --sheet 写明表名
     which sheet is the list is not known | {listed} | name it with --sheet
R143 名单是空的 | 名单里没有一个项目 | 每行写一个项目：编号或名称、园区、季度
     the list is empty | the list has no project | write a project a row: its id or name, its park, its quarter
R144 名单的表头不明 | {listed} | 每列只留一个表头：项目编号或企业名称、园区、季度
     headers of the list are not clear | {listed} | keep one header a column: candidate id or firm, park, quarter
R145 名单没有项目一列 | 名单须有“项目编号”或“企业名称”一列 | 加上表头；名单在另一张表中时用 --sheet
     the list has no column of projects | a list has a column “candidate id” or “firm” | add the header, or name another sheet with --sheet
R146 这一行没有项目 | 写了园区或季度，而没有项目 | 写上项目的编号或名称，或删去这一行
     a row of the list without a project | it has a park or quarter and no project | write the project's id or name, or delete the row
R147 名单里重复的项目 | 与 {other} 是同一个项目 | 删去其中一行
     project twice in the list | the same project as {other} | delete one of the rows
R148 名单里有同一项目的两个方案 | 与 {other} 的 {version} 是同一项目的两个方案，只能选一个 | 删去其中一行
     two versions of one project in the list | another version of the project of {other}, {version}; only one can come | delete one of the rows
R149 编号与名称不是同一个 | 同一行的编号与名称不是同一个 | 改正其中一个，或只留编号
     id and name are not of one | id and name in this row are not of one | mend one of them, or keep the id alone
R150 所对照的运行不是这个计划的 | 所对照的运行与此计划的设置不同：{listed} | 重新运行 planner run，或不写 --against
     run to compare with is of other settings | the run has other settings than this plan: {listed} | run planner run again, or leave --against out
R190 原计划与本计划没有相同的项目 | 原计划选中的项目没有一个在本计划的项目库中，无从沿用 | 用 --from 指明本计划以前的一次运行；要从头做计划，用 planner run
     earlier plan shares no project with the plan | no project that it selects is a candidate of this plan: there is nothing to keep | name an earlier run of this plan with --from; for a plan from nothing use planner run
R170 分级计划的份额不对 | {rule} | 如 --shares 0.7,0.8,0.9,1
     shares of a ladder are wrong | {rule} | e.g. --shares 0.7,0.8,0.9,1
R171 分级计划：没有这个限制 | 没有这个资金池或资源 | 可用的（最接近者）：{near}；某处的资源写作 园区/资源
     no such limit for a ladder | there is no such fund or resource | use one of (nearest first): {near}; a resource of one place is PLACE/RESOURCE
R172 分级计划：限制的名称有多个 | 有 {count} 个限制叫这个名字：{listed} | 改用编号
     name of several limits | {count} limits have this name: {listed} | give the id
R173 分级计划：限制没有数量 | 没有可按份额缩减的数量：不限量、为 0，或计划没有资金池 | 用 --of 写一个有数量的限制，如 {near}
     limit of a ladder without an amount | there is no amount to take a share of: unlimited, 0, or a plan without funds | name a limit with an amount by --of, such as {near}
R175 分级计划的权重个数不对 | 须与份额同数：{shares} 个 | 改写 ladder.weights，或删去
     number of weights of a ladder | one for each share is needed: {shares} | mend ladder.weights, or remove it
R176 分级计划：优先级目标不能一起求 | objective.mode: priorities 没有可加总的目标值 | 用 --way down 或 up
     joint ladder of priorities | with objective.mode: priorities there is no value to add up | use --way down or up
R177 分级计划：没有这种求法 | 须为 auto、joint、down 或 up | 如 --way down
     no such way of a ladder | it is auto, joint, down or up | e.g. --way down
R192 只有入选企业才有让步的余地 | 计划没有选它 | 为何不选它：planner why
     not selected: nothing is conceded to it | the plan does not select it | planner why tells why not
R193 没有这一项可让 | 可让的是奖补与各项资源：{listed} | 改用其中之一
     no such thing to concede | what can be conceded is the subsidy and the resources: {listed} | name one of these
R194 这一项无从让起 | 表中没有写它要多少，或没有限量 | 在客商库补上它的数，或不问这一项
     nothing to concede here | the tables do not say what it asks, or nothing limits it | fill in its figure, or leave this out of --of
R160 warning 答案没有保存 | {rule} |
     answer not kept | {rule} |
"""
)
problem, refusal = CODES.problem, CODES.refusal
