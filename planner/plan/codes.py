"""The code of every problem of a run folder, of what stands where one is to be written, and of the run that a solve starts from."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
S301 起点不存在 | 没有 {folder} | {remedy}
     start does not exist | there is no {folder} | {remedy}
S302 起点不是运行目录 | 不是运行目录，其中没有 plan.json：{folder} | 给出 planner run 写出的目录
     start is not a run folder | not a run folder, there is no plan.json in {folder} | name a folder that planner run has written
S303 起点的 plan.json 读不出、不完整或被改动 | {why}（{found}，{code}） | 换一次完好的运行，或删去起点从头求解
     plan.json of the start unreadable, incomplete or changed | {why} ({found}, {code}) | name a sound run, or leave the start out
S304 warning 起点与本计划没有相同的项目 | 它选中的 {count} 个项目都不在本计划的项目库中，不作为起点 | 核对路径是否指向同一计划以前的运行
     start shares no project with the plan | none of the {count} projects it selects is a candidate of this plan; not used as a start | see that the path names an earlier run of the same plan
R191 warning 计较变动，却没有原计划 | 目标中有变动的价格或界限（{names}），却没有原计划可比，这些都不起作用 | 用 planner replan，或用 --start 指明原计划
     changes are counted without an earlier plan | the objective prices or bounds changes ({names}), but there is no earlier plan: nothing is counted | use planner replan, or name the earlier plan with --start
R101 目标目录另有内容 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder holds something else | something that is not {what} stands here and is not replaced | choose another folder
R104 不是运行目录 | 不是运行目录：没有 plan.json | 给出 planner run 写出的目录
     not a run folder | not a run folder: there is no plan.json | name a folder that planner run has written
R105 plan.json 读不出 | 内容不完整、被改动，或由其他版本写出 | {remedy}
     plan.json cannot be read | incomplete, changed, or written by another version | {remedy}
R106 plan.json 或设置写出后被改动 | {name} 在写出之后被改动过 | {remedy}
     plan.json or settings edited after they were written | {name} was edited after it was written | {remedy}
R107 运行目录缺少设置 | 运行目录里没有这次运行的设置 | 用 --plan 指明原计划文件，或重新运行
     run without its settings | the run folder lacks the settings of the run | name the plan file with --plan, or run again
R195 找不到运行所用的数据 | 运行的设置所指的文件一个也不在那里：{files}；运行目录或数据搬走过 | 用 --plan 指明原计划文件，或把运行目录放回原处
     data of the run are not found | none of the files that the run's settings name is there: {files}; the run or its data were moved | name the plan file with --plan, or put the run back where it was
R108 数据在运行之后改过 | 这些数据在这次运行之后改过，已不是这个计划所依据的数据 | 先重新运行 planner run，再提问
     data changed since the run | these data have changed since the run: the plan does not rest on them any more | run planner run again, then ask
R109 运行与数据对不上 | plan.json 与这些数据、设置对不上：所选项目、园区、季度或目标值不符 | 这不是本计划的运行目录，或 plan.json 被改动；重新运行 planner run
     run does not fit the data | plan.json does not fit these data and settings: projects, parks, quarters or values differ | the run is of another plan, or plan.json was edited; run planner run again
R112 目标目录不是比较结果 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder is not a comparison | something that is not {what} stands here and is not replaced | choose another folder
R113 运行目录缺少封印 | 缺少封印文件，无从核对计划是否原样 | 复制整个运行目录，或重新运行
     run without its seal | the seal is missing: whether the plan is as written cannot be told | copy the whole run folder, or run again
R115 由其他版本写出的运行 | 由其他版本的 planner 写出，本版本读取第 {schema} 版格式 | {remedy}
     run of another version's schema | written by another version of planner; this one reads schema {schema} | {remedy}
R116 输出目录不能写 | 这里不能写 | 换一个目录
     output folder cannot be written | nothing can be written here | choose another folder
R117 输出目录是命令所在的目录 | 命令正在这个目录之内运行，不能替换它 | 换一个目录
     output folder is the one the command runs in | the command runs inside this folder, which it would replace | choose another folder
R135 目标目录另有内容，不是取舍边界 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder holds something that is not a frontier | something that is not {what} stands here and is not replaced | choose another folder
R151 目标目录另有内容，不是名单评估 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder holds something that is not an assessment | something that is not {what} stands here and is not replaced | choose another folder
B107 目标目录另有内容，不是台账 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder holds something that is not a set of ledgers | something that is not {what} stands here and is not replaced | choose another folder
R174 目标目录另有内容，不是分级计划 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     folder holds something that is not a ladder | something that is not {what} stands here and is not replaced | choose another folder
J113 目标目录另有内容，不是小分队资料 | 这里已有内容，且不是{what}，不会覆盖 | 换一个目录
     target folder holds other things than a delegation's pack | something else than {what} is there and is not replaced | choose another folder
V103 批准记录被改动 | 批准记录与写入时不符：{why} | 恢复原文件；删去整个文件，这份计划就是草案
     approvals were edited | not as it was written: {why} | restore the file; without the whole file the plan is a draft
V109 目标目录里有已报送或已批准的计划 | 这里的计划已报送或批准（其中有 approvals.jsonl），不会覆盖 | 换一个目录
     folder holds a plan that was submitted or approved | a plan that was submitted or approved stands here (approvals.jsonl) and is not replaced | choose another folder
V110 没有已批准的计划 | {folder} 下没有已批准的计划{named} | 先用 planner approve 批准一次运行，或用 --from 指明运行目录
     no approved plan | no approved plan{named} in {folder} | approve a run with planner approve, or name one with --from
V112 找不到运行目录 | 没有这个目录，或其中没有 planner run 写出的运行 | 给出工作区、plan.yaml 或放运行的目录
     no runs found | there is no such folder, or no run of planner run in it | name a workspace, a plan.yaml, or a folder of runs
"""
)
problem, refusal = CODES.problem, CODES.refusal
