"""The code of every problem of workbooks taken in, of firms matched to links, and of lists of parts."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
I101 没有可读的文件 | {rule} | {remedy}
     no file to read | {rule} | {remedy}
I102 没有可用的行 | “{table}”表没有一行可以取用 | 按上面列出的问题修改 {map}，或改正原表，再运行一次
     nothing usable | not one row of the table {table} can be taken | mend {map} by the problems above, or the files, and run again
I103 导入映射写法不对 | {rule} | {remedy}
     fault in the map of an intake | {rule} | {remedy}
I104 映射所写表头不在工作表中 | 第 {row} 行没有这个表头；有：{known} | 照抄文件中的表头，或改 header_row
     header of the map is not in the sheet | row {row} has no such header; it has: {known} | copy the header from the file, or change header_row
I105 没有这个规范列 | “{table}”表没有这一列 | {nearest}
     unknown column | the table {name} has no such column | {nearest}
I106 warning 工作表未取 | {why} | 需要时在 {map} 中写明 table 与 columns，再运行一次
     sheet is not taken | {why} | to take it, write table and columns in {map} and run again
I107 文件不在映射中 | {map} 没有写这个文件，没有读入 | 在 {map} 的 sheets 中加上它，或把 {map} 改名后再运行一次，以得到新的映射
     file is not in the map | {map} does not name this file, which was not read | add it under sheets in {map}, or rename {map} and run again for a new one
I108 缺少必需的列 | “{table}”表须有“{column}”（{name}） | 在 {map} 的 columns 中写 {name}: 表头
     a needed column is missing | the table {table} needs the column {name} | write {name}: header under columns in {map}
I109 多个表头对应同一列 | 都可作“{name}”列，暂取第一个 | 在 {map} 的 columns 中写明 {name}: 其中一个，再运行一次
     several headers for one column | each could be the column {name}; the first is not taken for granted | say which under columns in {map} and run again
I110 单元格读不出 | {why} | 改正此格后再运行一次；此行不取
     cell cannot be read | {why} | mend the cell and run again; the row is not taken
I111 所指对象不存在 | “{table}”表中没有这个编号或名称 | {nearest}；此行不取
     dangling reference | the table {table} has no such id or name | {nearest}; the row is not taken
I112 名称对应多个编号 | “{table}”表中有多个叫这个名称：{ids} | 改填编号；此行不取
     one name for several ids | several rows of {table} have this name: {ids} | enter the id; the row is not taken
I113 必填处为空 | 不能为空 | 填写后再运行一次；此行不取
     required cell is blank | may not be blank | fill it and run again; the row is not taken
I114 单位不明 | 表头、表注和此格都没有写明单位 | 在 {map} 的这一列写 unit: 单位（可为 {allowed}）；此行不取
     unit is not known | neither header, note nor cell states a unit | write unit: … for this column in {map} ({allowed}); the row is not taken
I115 同一编号或企业的两行不一致 | 与 {other} 是同一个，而这些列不同：{columns} | 改成一致，或在 {map} 的 skip_rows 中写明不取哪一行；两行都不取
     two rows of one id or firm differ | is the same as {other}, and differs in {columns} | make them agree, or name one under skip_rows in {map}; neither is taken
I116 warning 同一企业有两个项目 | 与 {other} 企业名称相同，而编号和这些列不同：{columns}；两行都取 | 确为同一项目的，在 {map} 的 skip_rows 中写明不取哪一行；是同一项目的两个方案的，加一列“方案组”
     one firm with two projects | has the same name as {other}, another id, and differs in {columns}; both are taken | if they are one project, name one row under skip_rows in {map}; if they are versions of one project, add a variant group
I117 warning 单位由单元格推定 | 没有写单位的 {count} 格按 {unit} 读，标为假设：{why} | 核对 {map} 中这一列的 unit；确认后去掉末尾的 *
     unit inferred from cells | {count} cells without a unit are read as {unit}, an assumption: {why} | check the unit of this column in {map}; take its * off when it is right
I118 warning 已签约而没有园区或季度 | {count} 行“已签约”的没有写明园区和季度，按 {status} 读入并标为假设 | 在表中补上“指定园区”“指定季度”两列，或改 {map} 中的 without_place
     signed without a place | {count} signed deals name no park and quarter; they are read as {status}, an assumption | add the park and the quarter to the table, or change without_place in {map}
I119 warning 计划文件没有用到导入的表 | {plan} 已有，不会改写，而它的 tables 没有写 {file} | 在 {plan} 的 tables 中写：{line}
     the plan does not use what was taken in | {plan} stands already and is not changed, and its tables do not name {file} | write in its tables: {line}
I120 warning 文件写到了别处 | {file} 已有，且不是导入写出的，不会改写；已写到 {other} | 不再需要原文件时移走它
     written under another name | {file} stands already and was not written by an intake; written to {other} | move the old file away if it is not wanted
I121 warning 不是数据的行 | {what} | 若是数据，请补全编号和其他必填列
     row that is no data | {what} | if it is data, fill in its id and its other needed cells
I122 warning 门槛暂不作限制 | 客商库没有“{need}”一列，按此门槛没有一个项目能落地；此列只作附注保留 | 补上“{need}”后，在 {map} 的 columns 中写 {name}: 表头，再运行一次
     gate that cannot be applied | the candidates have no column “{need}”, so that none could pass this gate; it is kept as a remark only | add “{need}”, write {name}: header under columns in {map} and run again
I123 表头重名 | 有几列都叫这个表头，不知道哪一列是“{name}” | 在 {map} 中写明是哪一列：{letters}
     two headers of one name | several columns have this header, and which is “{name}” is not known | say which in {map}: {letters}
I124 映射中的单位与表头矛盾 | 映射写 {unit}，表头写 {header} | 改 {map} 中这一列的 unit，或改表头
     unit of the map contradicts the header | the map says {unit}, the header {header} | change the unit of this column in {map}, or the header
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
I158 没有这个环节 | 环节表中没有这个环节编号 | 改为环节表中的编号
     no such link | the table of links has no such id | use an id of the table of links
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
I166 副本写不全 | 此格没有确定的值（公式错误、没有存下结果的公式、含义不明的数），副本不能照写 | 按 planner check 所说改正后再采纳
     cell that cannot be copied | the cell has no certain value (a formula error, a result never saved, a number of two meanings): it cannot be copied | mend it as planner check says, then accept
I167 项目不在可写的文件中 | 客商库由几个文件组成，写环节的那个文件里没有这一行 | 在该文件中为它补一行，或人工填写环节
     candidate is in no file that can be written | the candidates are several files, and the one with the links has no row of it | add its row there, or enter the link by hand
I168 部件装在自己里面 | 上下级成环，无法展开 | 改正其中一行的上级
     part goes into itself | the assemblies form a circle | mend what one of them goes into
I169 同一部件说法不一 | {what}（另见 {other}） | 改成一种说法：合并成一行，或补全
     part told in two ways | {what} (see {other}) | tell it in one way: make one row of it, or complete the other
I170 不是数量或金额 | 须为数字，数量大于 0，金额不小于 0 | 改为数字；不知道就留空
     no amount | must be a number: a quantity above 0, money of 0 or more | enter a number; blank when it is not known
I171 没有名称的部件 | 此行没有部件名称，也没有编号 | 填写，或删去此行
     part without a name | the row has neither a name nor a number of a part | fill it in, or remove the row
I172 金额的单位不明或不合 | {rule} | 例如 单价（元）、单价（元/kg）、金额（万元）
     money whose unit is not known or does not fit | {rule} | write 单价（元）, unit price (元/kg), value (万元)
I173 上级有几个 | 叫这个名字的部件有几个：{both} | 在“上级”列改写部件编号
     assembly is not clear | several parts are called so: {both} | write the part number of the assembly
I174 没有这个上级 | 清单中没有这个部件 | {nearest}
     no such assembly | the list has no part of this name | {nearest}
I175 层级不对 | 层级须从最上层起，每次至多深一层；写法：1、2、3 或 1.2.1 | 改正层级，或改用“上级”列
     level that does not follow | levels begin at the top and go one deeper at a time: 1, 2, 3 or 1.2.1 | mend the level, or name the assembly in a column 上级
I176 层级与上级矛盾 | 按层级它装在“{above}”中，与“上级”列不同 | 改正一处，或删去其中一列
     level and assembly contradict each other | by its level it goes into “{above}” | mend one of the two, or take one column out
I177 没有数量 | 没有数量，也没有金额；有下级的部件必须有数量，空白不当作 1 | 填写每一个上级用几个
     no quantity | neither a quantity nor money; an assembly needs a quantity, and blank is not taken for 1 | enter how many go into one of what is above
I178 金额与数量×单价不符 | 数量×单价为 {product} 元 | 改正其中一个
     money is not quantity times price | quantity times price is {product} 元 | mend one of them
I179 建议是按别的列作出的 | 建议读的是左边所示的列，这次读的是 {read}：依据会写错 | 用与作建议时相同的 --text 再运行
     suggestions of other columns | the suggestions read the columns shown, this time they are {read}: the evidence would be wrong | use the same --text as for the suggestions
""",
    quoted=120,
)
problem, refusal = CODES.problem, CODES.refusal
