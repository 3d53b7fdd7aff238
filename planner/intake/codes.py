"""The code of every problem of workbooks taken in, of firms matched to links, and of lists of parts."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
I150 warning 统一社会信用代码有误 | {why} | 对照营业执照改正；代码有误时不据以判断是否同一企业
     wrong credit code | {why} | mend it from the business licence; a wrong code is no evidence that two firms are one
I151 warning 可能是同一企业 | 与“{other}”（{place}）可能是同一企业：{evidence} | 由人判断：同一企业的几个方案写同一方案组，重复的删去一行；程序不自行合并
     two firms may be one | may be the same firm as “{other}” ({place}): {evidence} | decide it: give versions of one project one variant group, remove a row that is repeated; nothing is merged by itself
I152 没有环节表，无从匹配 | 计划没有“环节”表，不知道有哪些环节 | 在 plan.yaml 的 tables 中写明 links
     no table of links to match with | the plan has no table links: there is nothing to match firms with | name one under tables in plan.yaml
I153 warning 表中另有错误 | 表中另有 {count} 处错误（第一处见左），匹配只用名称、业务与环节 | 运行 planner check 逐一改正
     other errors in the tables | {count} errors stand elsewhere in the tables (the first is named); matching uses names, business and links alone | run planner check and mend them
I154 warning 没有建议的企业 | 有 {count} 家企业的文字与任何环节都没有相同的词，未作建议 | 补充主营业务，或在环节表的“同义词”列补充说法
     firms without a suggestion | {count} firms share no word with any link; nothing is suggested for them | say more of what they make, or give links their synonyms in a column 同义词
I155 没有这一列 | 客商库中没有这一列 | {nearest}
     no such column | the candidates have no such column | {nearest}
I156 文件已存在 | 此文件已存在，其中可能有人填过的内容，不覆盖 | 换一个 --out，或先移走它
     file exists already | the file is there already and may hold somebody's decisions; it is not replaced | choose another --out, or move it away
I157 采纳了不在客商库中的项目 | 客商库中没有这个项目编号 | 重新生成建议文件：planner match 计划
     accepted for an unknown candidate | the candidates have no such id | make the suggestions again: planner match PLAN
I158 采纳了不在环节表中的环节 | 环节表中没有这个环节编号 | 改为环节表中的编号
     accepted an unknown link | the table of links has no such id | use an id of the table of links
I159 采纳的环节属于另一产业链 | 此环节属于产业链“{chain}”，客商库中该企业写明的是另一条 | 先在客商库改正产业链，再重新生成建议
     accepted link is of another chain | the link is of the chain {chain}, and the candidates state another for this firm | mend the chain among the candidates first, then make the suggestions again
I160 项目编号与企业名称不符 | 此编号在客商库中是“{name}” | 客商库已改动：重新生成建议文件，再采纳
     id and firm do not go together | in the candidates this id is “{name}” | the candidates were changed: make the suggestions again, then accept
I161 一家企业采纳了两个环节 | 已在 {other} 采纳了另一个环节：{both} | 只留一个“是”；确有两个项目的，在客商库中分成两行
     two links accepted for one firm | another link was accepted at {other}: {both} | leave one yes; where there are two projects, give each a row among the candidates
I162 没有采纳任何建议 | 没有一行写“是” | 在要采纳的行写“是”，存盘后再运行
     nothing accepted | no row says yes | say yes in the rows that are to be taken, save the file and run this again
I163 建议文件缺少一列 | 没有“{header}” | 用 planner match 生成的文件，只改“采纳”与“建议环节编号”
     suggestions lack a column | there is no {header} | use the file that planner match has written, and change nothing but accept and link_id
I164 采纳须是或否 | 须为 是、否 或空白 | 改为 是 或 否
     accept is yes or no | must be yes, no, or blank | write yes or no
I165 客商库是图层 | 匹配结果写入客商库的副本，而客商库是图层，不能这样写 | 在 QGIS 中另存为 xlsx，并在 plan.yaml 中改用它
     candidates are a layer | what is accepted is written into a copy of the candidates, and a layer cannot be copied like that | save it as xlsx in QGIS and name that in plan.yaml
I166 副本写不全 | 此格是公式错误，或公式没有存下结果，副本写不出它的值 | 在 Excel 中改正、重新计算并存盘
     cell that cannot be copied | a formula error, or a formula whose result was never saved: the copy would have no value | mend it in Excel, calculate and save
I167 项目不在可写的文件中 | 客商库由几个文件组成，写环节的那个文件里没有这一行 | 在该文件中为它补一行，或人工填写环节
     candidate is in no file that can be written | the candidates are several files, and the one with the links has no row of it | add its row there, or enter the link by hand
""",
    quoted=120,
)
problem, refusal = CODES.problem, CODES.refusal
