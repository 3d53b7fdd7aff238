"""The code of every problem of what is kept beside a plan: of approvals, and of assessments."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
V101 没有写明是谁 | 须写明报送或批准的人 | 写 --by 姓名或职务
     no name | who submits or approves must be named | write --by with a name or an office
V102 日期写法不对 | 日期须写作 2027-01-05 | 改正日期
     not a date | a date is written 2027-01-05 | correct the date
V104 姓名或说明太长，或有不可见的字符 | 至多 {longest} 个字，一行，不含控制字符 | 缩短，或去掉换行
     name or note too long, or with invisible characters | at most {longest} characters, one line, no control characters | shorten it, or take out the line break
V105 状态只能向前 | 这份计划已是“{state}”，不能再成为“{wanted}” | 要退回请加 --withdraw
     states go forward only | the plan is “{state}” already and cannot become “{wanted}” | to go back add --withdraw
V106 计划不宜上会 | {stamp} | 先求得更好的计划；确要签，用 --anyway 并写 --note
     plan is not fit for decision | {stamp} | find a better plan first; to sign it all the same use --anyway with a --note
V107 没有写明理由 | 用 --anyway 须写明理由 | 写 --note
     no reason given | --anyway needs a reason | write a --note
V108 没有可撤回的 | 这份计划是“{state}”，不能退回“{wanted}” | 去掉 --withdraw，或写更前的状态
     nothing to withdraw | the plan is “{state}” and cannot go back to “{wanted}” | leave --withdraw out, or name an earlier state
V111 日期倒退 | 早于上一步的日期 {last} | 改正日期
     date goes back | earlier than the step before it, {last} | correct the date
"""
)
problem, refusal = CODES.problem, CODES.refusal
