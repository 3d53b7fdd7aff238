"""The code of every problem of what is kept beside a plan: of approvals, assessments, ledgers, and the year's meetings."""

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
B101 没有项目进展 | 台账由项目进展表（status）得出 | 填写进展表，写明日期与阶段；用 --on 写明算到哪一天
     no events | ledgers are made from the table status | enter what happened, with day and stage; give the day with --on
B102 日期写法不对 | 日期须写作 2027-03-31 | 改正日期
     not a date | a date is written 2027-03-31 | correct the date
B103 看不懂的时期 | 须写 week、month、quarter、year，或 2027-03-01..2027-03-31、2027Q1、2027-03、2027 | 改正
     unknown period | it is week, month, quarter or year, or 2027-03-01..2027-03-31, 2027Q1, 2027-03 or 2027 | correct it
B104 时期在所算日期之后 | 进展只算到 {on} | 改早，或把 --on 改晚
     period after the day | events count up to {on} | name an earlier one, or give a later --on
B105 对比的日期不早于所算日期 | 须早于 {on} | 改正 --against 或 --on
     no earlier day to compare with | it must be before {on} | correct --against or --on
B106 计划与这里的项目无关 | 计划中没有一个项目在项目表中 | 用 --from 写本计划的运行目录
     plan of other projects | none of its projects is among the candidates | give --from a run of this plan
L110 不是以前的责任表 | 须为 planner people 写出的 people.json，或它所在的目录 | 改路径；没有以前的就不写 --keep
     no earlier responsibility | the people.json that planner people wrote is needed, or its folder | change the path, or leave --keep out
L160 会议在休息日 | “{name}”的日期已定，而这一天休息 | 改日期；这一天确要上班的，在 calendar 表中另写一行“班”
     meeting on a day of rest | the day of {name} is settled, and is one of rest | change it; if that day is worked, add a row of work to the table calendar
L161 年份太远 | 年份须在 {first} 至 {last} 之间 | 改年份
     year out of reach | the year lies between {first} and {last} | change it
L162 会议太多 | 全年的半天不够排 | 少开一些，写 held: false
     too many meetings | there are more than the year has half days | hold fewer: held: false
L163 文件名须以 .ics 结尾 | 日程写成 .ics 文件，旁边另写 .xlsx | 改文件名
     name of no calendar file | the calendar is written as .ics, and as .xlsx beside it | change the name
V150 没有写考核 | plan.yaml 里没有 appraisal，没有可算的 | 写 appraisal，写法见 docs/appraise.md
     no assessment | plan.yaml has no appraisal: nothing is to be worked out | write one, see docs/appraise.md
V151 没有项目进展表 | 考核按项目进展（status 表）计，这里没有 | 用 planner template 取空表填写，或用 tables 指明
     no table of what happened | assessments count what the table status says, and there is none | fill in the sheet of planner template, or name it under tables
V152 要计入的数为空白 | “{where}”要计入项目 {project}，这一格却是空白：空白不是 0 | 填写；确实没有就写 0
     a blank that would be counted | “{where}” counts project {project}, of which this cell is blank: a blank is not 0 | fill it in; write 0 where there is none
V153 目标取自计划，却没有计划 | target: plan 要有计划：没有给出 --from，工作区里也没有已批准的 | 用 --from 指明运行目录，或先 planner approve
     the target is the plan's, and there is no plan | target: plan needs a plan: --from is not given, and none is approved in the workspace | name a run with --from, or approve one
V154 考核期还没有开始 | 考核期的首日在 {on} 之后 | 改 period 或 --on
     the period has not begun | its first day is after {on} | change period or --on
"""
)
problem, refusal = CODES.problem, CODES.refusal
