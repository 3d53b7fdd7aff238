"""The code of every problem of tables held against each other and against the settings."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
C201 计划要用的数值为空 | 此处为空，而本计划要用到它；空白不当作 0 | {remedy}
     a fact that the plan uses is blank | is blank, and this plan uses it; blank is not taken for 0 | {remedy}
C202 引用的编号不存在 | 没有这个{what} | {remedy}
     reference to an unknown id | no such {what} | {remedy}
C203 同一环节属于不同产业链 | 同一环节写了不同的产业链 | 统一产业链，或提供 links 表
     one link in different chains | one link stands in different chains | give it one chain, or provide the table links
C204 项目与环节的产业链不同 | 产业链与其环节所属的产业链不同 | 改正产业链或环节
     chains of candidate and link differ | the chain differs from the chain of its link | mend the chain or the link
C205 固定季度在规划期之外 | 不在规划期 {horizon} 内 | 改季度或规划期；已在此前落地的项目应列入本地企业
     fixed quarter outside the horizon | lies outside the horizon {horizon} | change it or the horizon; a firm that came earlier is an incumbent
C206 未写明由哪个资金池出资 | 有多个资金池，但未写明由哪一个出资 | 在 fund_id（资金池）列写明：{funds}
     no fund is named to pay | there are several funds and none is named to pay | name one in the column fund_id: {funds}
C207 warning 规划期之外的季度 | 不在规划期 {horizon} 内，而款项与工作量只在 {due} 到期；此行不用 |
     quarter outside the horizon | lies outside the horizon {horizon}, and things fall due in {due} alone; the row is not used |
C208 专班缺少某季工作量 | 这一季没有工作量 | 补一行；确实没有就写 0
     team without effort for a quarter | has no effort for this quarter | add a row; write 0 when there is none
C209 未写明由哪个专班负责 | 这条产业链有多个专班，未写明由谁负责 | 在 team（专班）列写明
     no team is named | the chain has several teams and none is named | name one in the column team
C210 warning 没有专班的项目 | 个项目没有对应的专班，不受工作量限制 | 如应受限，请为其产业链增设专班
     candidates without a team | candidates have no team, so no effort limits them | add a team for their chain if one should
C211 没有资源能力 | 没有“{resource}”的能力 | 在园区表或 capacities 表中填写；没有写 0，不限写“不限”
     resource without a capacity | no capacity of {resource} is given | enter it in parks or in capacities; write 0 for none, 'unlimited' for no limit
C212 园区没有分区 | 资源按分区计，但此园区没有分区 | 填写 zone（分区）列
     park without a zone | a resource is counted by zone and this park has none | fill in the column zone
C213 不知道资源需要量 | 不知道此项目需要多少“{resource}”；空白不当作 0 | 填写需要量，不需要写 0；或在 site_options 中逐个园区写明
     need of a resource is not known | how much {resource} it needs is not known; blank is not taken for 0 | enter the need, 0 for none; or give it for each park in site_options
C214 门槛所用的用地资源不存在 | 园区有投资强度或亩均税收门槛，但没有这个用地资源 | 在 resources 中声明用地，或改 gates.land
     gates without a land resource | parks have intensity gates, but there is no such land resource | declare the land resource, or change gates.land
C215 同一资金池结转写法不一 | 同一资金池各行的结转写得不一样 | 各行写成一样
     carry_over differs within a fund | the rows of one fund differ in whether it carries over | write the same in each row
C220 规则中没有这一列 | 没有这一列 | 可用的（最接近者）：{near}
     rule on an unknown column | no such column | use one of (nearest first): {near}
C221 关系中没有这个项目 | 没有这个项目编号或名称 | 可用的（最接近者）：{near}
     unknown candidate in a relation | no such candidate id or name | use one of (nearest first): {near}
C222 没有这个目标项 | 没有这个目标项 | 可用的（最接近者）：{near}
     unknown objective term | no such objective term | use one of (nearest first): {near}
C223 缺口、备份权重为负 | 缺口与备份的权重不能为负：那会奖励缺口 | 写 0 或正数
     negative weight of gap or backup | this weight cannot be negative: it would reward shortage | write 0 or more
C224 规则中没有这个值 | {rule} | {remedy}
     rule on a value that no row has | {rule} | {remedy}
C225 资源只能按范围筛选 | 资源只能按 {{min, max}} 筛选 | 改写
     a resource is filtered by a range | a resource is filtered by {{min, max}} | rewrite it
C226 求和的列不是数值 | {rule} | {remedy}
     sum of a column that is no number | {rule} | {remedy}
C227 多张表都有这一列 | 多张表都有这一列 | 写明是哪一个：{both}
     column of several tables | several tables have this column | say which: {both}
C228 缺口、备份设了上限 | 补齐的缺口与备份不能设上限：那是要求留下缺口 | 改用 floors，或删去
     ceiling on gap or backup | gap and backup take no ceiling: it would ask for shortage | use floors, or remove it
C229 敏感性分析中没有这个资源、资金池或专班 | 没有这个资源、资金池或专班 | 可用的（最接近者）：{near}
     unknown resource, fund or team in sensitivity | no such resource, fund or team | use one of (nearest first): {near}
C310 这里的筛选不能用这一列 | 这里只能筛选：{allowed} | 换一列
     column that this filter cannot look at | here a filter looks at: {allowed} | use another column
C311 单位不能换算 | “{name}”的单位是 {unit}；可写的单位：{allowed} | 改写单位，或换算后直接写数
     unit that does not convert | {name} is in {unit}; units to write: {allowed} | change the unit, or write the number in that unit
C312 下限高于上限 | 换算后 min 大于 max | 改其中一个
     lower bound above the upper one | in one unit, min is above max | change one of them
C313 from、until 只用于季度 | 这一列不是季度 | 数值用 min、max
     from and until are for quarters | the column holds no quarters | use min and max for numbers
C314 名称不止一个 | 有几个都叫这个名称：{ids} | 写编号
     name of several | several have this name: {ids} | write the id
C315 不能按这一列分组 | 资源和列表列不能用来分组 | 换一列
     column that makes no groups | a resource or a column of lists makes no groups | use another column
C316 没有这一组 | 规则没有这一组 | 可用的（最接近者）：{near}
     no such group | the rule has no such group | use one of (nearest first): {near}
C317 金额代价无从折算 | 需要恰好一个在目标第一级有权重的金额项，现有 {weighed} 个 | 在 soft 中写 {{money: …, term: …}}，term 为 {terms} 之一，并在 objective 中给它权重
     price in money without a rate | exactly one money term with a weight in the first level of the objective is needed; there are {weighed} | write soft: {{money: …, term: …}} with one of {terms}, and give it a weight
C318 分组太多 | 一条规则至多 {most} 组 | 减少 per 的列
     too many groups | a rule has at most {most} groups | use fewer columns in per
C319 同一组写了两行 | 第 {first} 行已是这一组 | 删去一行
     group written twice | row {first} is this group | remove one
C333 占比不在 0 到 100 % 之间 | 即 {percent} %；部分占全部的比例在 0 % 与 100 % 之间 | {remedy}
     share outside 0 to 100 % | is {percent} %; a part of a whole is between 0 % and 100 % of it | {remedy}
C334 季度列写了 min、max | 这一列是季度：季度的范围写 from、until，min、max 只用于数 | 写作 {instead}
     min and max on a column of quarters | the column holds quarters: a range of quarters is written from and until; min and max are for numbers | write {instead}
C230 互相矛盾的锁定 | {what} | 撤销其中一个
     locks that contradict each other | {what} | withdraw one of the two
C231 已签约而无园区或季度 | 已签约的项目须写明园区和季度 | 填写 {column}
     signed without park or quarter | a signed deal needs its park and its quarter | fill in {column}
C232 同一项目的两个方案都锁定 | 同一项目的两个方案不能都必选 | 撤销其中一个
     two variants of one project locked in | two variants of one project cannot both be locked in | withdraw one of the two
C233 固定的园区不被允许 | 固定的园区在 site_options 中不允许 | 撤销其中一个
     fixed in a forbidden park | the fixed park is not allowed in site_options | withdraw one of the two
C234 固定的园区不收该产业链 | 固定的园区不接收产业链“{chain}” | 撤销其中一个
     fixed in a park that does not take the chain | the fixed park does not take the chain {chain} | withdraw one of the two
C235 门槛所用资源的单位不是面积 | 园区有按万元/亩计的门槛，此资源的单位不是面积，无法换算为亩 | 写明单位：{units}；或改 gates.land
     the unit of the gates' land is not one of area | parks have gates in 万元/亩 and the unit of this resource is not one of area: it does not convert to 亩 | state its unit: {units}; or change gates.land
C240 没有这个行政区 | 随附的行政区划中没有这个名称 | 最接近的是：{near}
     unknown administrative division | the administrative divisions that come along have no such name | nearest: {near}
C241 规则按其分组的单元格为空 | 此处为空，而规则要按它分组 | 填写，或用 where 把它排除在规则之外
     blank cell that a rule groups by | is blank, and a rule is counted in groups of it | fill it in, or leave it out of the rule by `where`
C242 产业链不明的项目与只收某些产业链的园区 | 产业链不明，而有园区只收某些产业链 | 填写产业链或环节，或在 refused_parks 中写明这些园区
     candidate of unknown chain, park that takes some chains only | its chain is not known, and there are parks that take some chains only | fill in the chain or link, or refuse these parks
C243 按距离的关系涉及没有坐标的园区 | 这些园区没有坐标，不知道距离 | 在园区表填写经度、纬度，或改为 km: 0（同一园区）
     relation by distance on parks without coordinates | these parks have no coordinates: their distance is not known | give their lon and lat, or write km: 0 (the same park)
C244 写明的专班不服务该产业链 | 写明的专班没有服务这条产业链的行 | 在专班表为它补上这条产业链，或改由别的专班负责；空白的产业链即服务所有产业链
     named team that does not serve the chain | the team that is named has no row for this chain | add a row for this chain to the teams, or name another team; a blank chain serves every chain
C245 warning 没有项目写明的资金池 | 没有项目由这个资金池出资，它的钱用不上 | 核对名称，或在客商库的资金池列写明
     fund that no candidate names | no project is paid by this fund: its money serves nothing | check the name, or name it in the candidates' fund column
C246 没有这类限制 | 没有这类限制 | 可用的（最接近者）：{near}
     no such kind of limit | no such kind of limit | use one of (nearest first): {near}
C247 门槛要用的列不存在 | 园区有此门槛，而客商库没有“{column}”一列：没有一个项目能算 | 在客商库补上“{column}”；不设此门槛就清空园区表的这一列
     gate on a column that is not there | parks have this gate, but candidates have no column {column}: no project can be judged | add {column} to the candidates, or empty this column of parks
C248 warning 有额度而没有诉求 | 有“{table}”，而客商库没有“{column}”一列：按 0 计，额度不起作用 | 在客商库补上“{column}”，确实没有的填 0
     amounts that nobody asks for | there are {table}, but candidates have no column {column}: it counts as 0, and they limit nothing | add {column} to the candidates, 0 where there is none
C270 没有这个进度方案 | schedule.profiles 中没有这个名称 | 可用的（最接近者）：{near}；或在 plan.yaml 的 schedule.profiles 中写明
     unknown schedule profile | schedule.profiles has none of this name | use one of (nearest first): {near}; or add it to schedule.profiles in plan.yaml
C271 同一资金池写了两个进度方案 | 同一资金池另有一行写的是 {other} | 各行写成一样，或只写一行
     two profiles for one fund | another row of the same fund names {other} | name the same one, or name it in one row only
C272 里程碑的列不存在 | 客商库没有这一列 | 可用的（最接近者）：{near}；或在里程碑中改写 after
     column of a milestone is not there | the candidates have no such column | use one of (nearest first): {near}; or give the milestone `after`
C273 里程碑的季数不可用 | 方案“{profile}”的里程碑“{milestone}”要用：须为签约后第几季，0 到 {most} 的整数 | 改成整数；不是季度日期
     quarters to a milestone cannot be used | milestone {milestone} of profile {profile} reads it: quarters after signing, a whole number from 0 to {most} | write a whole number; a date will not do
C274 里程碑的季数为空 | 方案“{profile}”的里程碑“{milestone}”要用，不知道何时到期；空白不当作 0 | 填写签约后第几季；或在里程碑中写 after，作为空白格的值
     quarters to a milestone are blank | milestone {milestone} of profile {profile} needs it: when it falls due is not known; blank is not taken for 0 | enter the quarters after signing; or give the milestone `after` for blank cells
C275 warning 没有用到的进度方案 | 没有项目、产业链或资金池写它，不起作用 | 核对名称，或在 schedule_profile（进度方案）列写明
     profile that nothing names | no candidate, chain or fund names it: it does nothing | check the name, or name it in a column schedule_profile
C276 warning 最后一季集中签约，因为便宜 | 签约 {own} 个项目，其他季平均 {others} 个；其中由计划选定季度的项目，{what}有 {cheap} 在规划期之后到期，届时没有额度限制 | 在资金、专班表写明规划期之后各季的额度，或加长规划期；或给目标项 early 权重（现为 {weight}）：每个项目按签约时还剩的规划期计分，首季 1、末季 {least}，权重每 0.1，一个项目早一季多得 {worth}
     last quarter is crowded because it is cheap | {own} projects sign in it, {others} on average in the others; of the {what} of those whose quarter the plan chose, {cheap} falls due after the horizon, where no amount limits it | give amounts for quarters after the horizon in funds and teams, or plan more quarters; or weigh the term early (now {weight}): a project counts the part of the horizon left when it signs, 1 in the first quarter and {least} in the last; for each 0.1 of weight, one project one quarter earlier gains {worth}
C285 最早季度晚于最晚季度 | 早于同一项目的最早季度 {earliest} | 改其中一个
     earliest quarter after the latest | lies before the earliest quarter of the project, {earliest} | change one of the two
C350 阶段倒退 | “{stage}”排在 {cell} 已到的“{other}”之前 | 改正阶段或日期；合同作废的先记一行“流失”，再以“线索”或“在谈”重新开始
     stage goes back | {stage} comes before {other}, which it had reached in {cell} | mend the stage or the date; if the deal is off, enter that it was lost, then 线索 or 在谈 to open it again
C351 流失之后还有进展 | {cell} 已流失，其后只能以“线索”或“在谈”重新开始，这里是“{stage}” | 改正阶段或日期；重新开始的先补一行“线索”或“在谈”
     event of a project that was lost | it was lost in {cell}; only 线索 or 在谈 opens it again, and this is {stage} | mend the stage or the date; enter 线索 or 在谈 first if it was opened again
C352 同一天的两行相互矛盾 | 与 {cell} 的“{other}”同一天，而“{stage}”不能同时成立 | 删去一行，或改正日期
     two rows of one day contradict each other | is of the same day as {other} in {cell}, and {stage} cannot hold beside it | delete one, or mend a date
C353 日期在将来 | 在 {on} 之后，也在规划期末 {end} 之后 | 改正日期；计划中的事写在 planned_date（计划日期）
     date in the future | lies after {on} and after the end of the horizon, {end} | mend the date; what is planned goes into planned_date
C354 warning 晚于所算日期的进展 | 有 {count} 行晚于 {on}，不计：{cells} | 要计入就把 --on（或 plan.yaml 的 on）改晚
     events later than the day | {count} rows are later than {on} and do not count: {cells} | give a later --on (or on in plan.yaml) to count them
C355 warning 进展算到表中最晚的日期 | 没有写算到哪一天，而这一行晚于今天：算到这一天 | 用 --on 写明日期，如 --on 2027-03-31；日期写错的改正
     events count up to the newest day of the table | no day is given, and this row is later than today: events count up to its day | give --on, as --on 2027-03-31; mend the date if it is wrong
C356 早于这一行的日期 | 早于这一行事情发生的日期 | 改正其中一个
     earlier than the day of its row | lies before the day of the row | mend one of the two
C357 已签约而不知落在哪个园区 | 签约起须有园区：本表、项目表的指定园区、上一次计划都没有写 | 在此填写园区
     signed, and nobody says where | from signing on the park must be known: neither this table nor fixed_park nor the earlier plan says it | enter the park here
C358 签约季度在规划期之后 | 不在规划期 {horizon} 内 | 改正季度或日期；或加长 quarters.count
     signed after the horizon | lies outside the horizon {horizon} | mend the quarter or the date; or plan more quarters
C359 warning 规划期之前签约的计入首季 | 有 {count} 个项目在规划期之前签约，计入首季 {first}：{firms} | 已建成、不再占用本期资源的，改列本地企业
     signed before the horizon counts in its first quarter | {count} projects signed before the horizon and count in {first}: {firms} | those that are built and use nothing of what this plan gives are incumbents
C360 warning 签约后改了园区或季度 | 与 {cell} 写的不同；以此行为准 | 写错的改正
     park or quarter changed after signing | differs from what {cell} says; this row rules | mend it if it is a slip
C361 签约的总量超过园区所有 | {quarter} 时签约在此的“{resource}”共 {used}，只有 {has}，超出 {excess}：{firms} | 改正园区、季度或需要量；或补足能力
     more has signed than a place can hold | by {quarter} what has signed here needs {used} of {resource}, and there is {has}: {excess} too much: {firms} | mend park, quarter or needs; or enter what there really is
C362 warning 签约的园区本不接纳它 | 已签约，照此执行；但项目不考虑此园区，或选址选项、准入产业链不允许 | 核对园区；无误的改选址选项或园区表
     signed into a park that does not take it | it has signed and stays; but the firm refuses the park, or site_options or the chains taken rule it out | check the park; mend the tables if it is right
C363 warning 暂缓而不知何时恢复 | 没有计划日期：规划期内不再考虑 | 知道何时恢复的，填计划日期
     on hold, and not known until when | has no planned date: it is out of this horizon | enter the day on which it is to go on, where that is known
C364 warning 项目表与进展不同 | 有 {count} 个项目与最新进展不同，以进展为准：{cells} | 更正或清空项目表的这一列
     candidates differ from what happened | {count} projects say otherwise than their newest event, which rules: {cells} | mend this column of the candidates, or clear it
C365 指定的季度已过而没有签约 | 到 {on} 这一季已过，而没有它签约的进展 | 已签约的在 status 表记一行；否则改或清空指定季度
     fixed quarter is over, and it has not signed | the quarter is over on {on}, and no event says that it has signed | enter the event in the table status; else change or clear the fixed quarter
C366 没有所销号的问题 | 本项目那一天没有提出问题或交办事项，或晚于此行；有问题或事项的日期：{days} | 写提出问题那一行的日期
     no such problem to close | the project has no row of that day with a problem or an order, or it is later than this row; days with one: {days} | write the day of the row that raised the problem
C367 warning 规划期已全部过去 | 到这一天规划期（至 {last}）已过：没有签约的项目都不能再来 | 核对日期，或改规划期
     the horizon is over | on this day the horizon, which ends with {last}, is over: nobody who has not signed can come any more | check the day, or plan later quarters
C368 warning 签约后暂缓 | 已签约，仍按所定的园区和季度保留 | 不再来的，记一行“流失”
     on hold after it signed | it has signed, and keeps its park and quarter | enter that it was lost if it will not come
C369 warning 没有 status 表 | 没有项目进展（status）表，这个日期不起作用 | 补上表，或删去 on
     no table of events | there is no table status, so the day does nothing | add the table, or leave the day out
C370 warning 原计划已过季度的项目没有进展记录 | {count} 个项目按原计划早该签约，status 表却没有记录：仍按原计划保留：{firms} | 已签约的补记一行；没有签约的记下现在的阶段
     projects of quarters that are over without an event | by the earlier plan {count:project} should have signed by now, and the table tells nothing of them; they are kept as that plan has them: {firms} | enter the signing of those that signed, and the stage of the others
C286 季节中没有这个资源 | 没有这个资源 | 可用的（最接近者）：{near}
     season of an unknown resource | no such resource | use one of (nearest first): {near}
C287 存量资源不能有季节 | 是存量资源：用掉即减少，一季的系数没有意义 | 改用流量资源；存量的分期写在 capacities 表
     season of a stock resource | is a stock, used up for good: a factor on one quarter means nothing | use a flow resource; phases of a stock go into the table capacities
C288 季节的筛选没有一个园区符合 | 没有一个园区符合 | 核对列与值
     filter of a season that takes no park | no park meets it | check the columns and values
C289 季节只及分区或全域的一部分 | “{resource}”按分区或全域计，这里只有其中一部分园区符合筛选 | 改筛选，使分区的园区都符合；全域资源不写 where
     season of a part of a zone or of the region | {resource} is counted by zone or region, and only some of its parks meet the filter | let all parks of a zone meet it; for a region-wide resource leave out where
C290 warning 季节在规划期之外 | 不在规划期 {horizon} 内，不起作用 | 核对季度
     season outside the horizon | lies outside the horizon {horizon}: it does nothing | check the quarters
C291 warning 几条季节落在同一处 | {count} 处同时有几条季节，系数相乘：{seasons} = {product} | 只应有一条时删去其他的
     several seasons at one place | several hold at {count} of its places and quarters, and multiply: {seasons} = {product} | where one is meant, remove the others
C292 warning 不限的能力没有季节 | 能力为不限，季节不改变它 | 填写能力，或在筛选中去掉这里
     season of what is unlimited | what is there is unlimited, and stays so | enter an amount, or leave the place out by the filter
C293 项目名称不止一个项目有 | {count} 个项目都叫这个名称 | 改写编号：{ids}
     name that several candidates have | {count} candidates have this name | write the id instead: {ids}
C294 warning 项目同在先后两方 | 同在先后两方，只算在先的一方 |
     candidate on both sides of a sequence | stands in first and in then; it counts in first alone |
C295 在后的项目都在先的一方 | 在后的项目全都也在先的一方，没有剩下的 | 改其中一方
     nobody is left to come after | all of then stand in first, too: nobody is left | change one of the two
C296 warning 要求早的季度数不少于规划期 | 规划期只有 {count} 个季度，先后双方在规划期内不能都来 | 核对季度数
     more quarters between than the horizon has | the horizon has {count} quarters: no two of the two sides can both come within it | check the number
C297 warning 要求的项目数多于能有的 | 至多只有 {most} 个，因此永远达不到：受此要求的项目来不了 | 核对数目
     more projects asked for than there are | there are {most} at most, so it can never be met: those whom it asks this of cannot come | check the number
C298 关系中的筛选没有一个项目符合 | 没有一个项目符合 | 核对列与值
     filter of a relation that takes nobody | no candidate meets it | check the columns and values
C299 关系中的项目对太多 | 共 {count} 对项目，至多 {most} 对 | 缩小其中一组；implies 只要其中一些时写 at_least 的数
     relation of too many pairs | it holds for {count} pairs of projects, {most} at most | make a group smaller; where some are enough give implies a number for at_least
V140 相加的几项单位不同 | 几项相加须单位相同，现为 {units} | 分成几项指标，或都用数目、都用同一列
     parts added up in different units | what is added up must have one unit, not {units} | make several formulas of it
V141 目标等于基数 | 目标 {target} 等于基数 {base}，完成率要除以 0 | 改目标；目标本来就是 0 的，写起点为 base
     target equals the base | the target {target} equals the base {base}: the ratio would be divided by 0 | change the target; where it is 0 write where it starts as base
V142 计划没有这样的目标 | target: plan 只用于 signed 的 count 或 sum：计划只定了签约 | 写出目标值
     the plan has no such target | target: plan is for a count or sum of signed alone: signings are what a plan has | write the target
V143 一行没有写组 | 每行须写 {per}，此外只有 target、base | 补上或删去
     a row without its group | each row has {per}, beside it only target and base | add it, or remove what is beside
V144 考核不能按此分组 | 考核的是 chain、county、team、park、owner、一列或 plan，不能按季度 | 换一个
     assessed by what is no group | chains, counties, teams, parks, owners, values of a column or the plan are assessed, not quarters | use another
B120 目标没有数 | 项目数、投资额至少填一个 | 填写目标
     target without a number | the number of projects or the investment is needed | enter what is to be reached
B121 园区都不在这个区县 | 园区表中没有这个区县 | {remedy}
     county without a park | the table parks has no such county | {remedy}
B122 目标季度不在规划期内 | 不在规划期 {horizon} 内 | 改正季度；空白即整个规划期
     quarter of a target outside the horizon | lies outside the horizon {horizon} | mend it; blank: the whole horizon
L101 没有这个范围 | 计划中没有这个园区、分区、区县、市或产业链 | {remedy}
     unknown scope | the plan has no such park, zone, county, city or chain | {remedy}
L102 范围有几种意思 | 既可以是：{both}，所指的园区或产业链不同 | 改写园区编号或产业链编号
     scope of several meanings | may be one of {both}, which are not the same parks or chains | write ids of parks or of chains
L103 同一人的容量写得不一样 | 与 {other} 不同；一个人的容量是各角色合计的 | 写成一样，或只写一处
     capacities of one person differ | differs from {other}; a person has one capacity for all roles | write the same, or write it once
L104 没有写可负责几个项目 | people.owners 说这个角色负责项目，而容量为空；空白不当作不限 | 填写项目数，不限写“不限”，不负责写 0
     no capacity of an owner | by people.owners this role owns projects, and no capacity is given; blank is not unlimited | enter a number, 'unlimited', or 0
L105 warning 没有人担任这个角色 | people 表中没有人担任这个角色 | {remedy}
     role that nobody has | nobody in the table people has this role | {remedy}
L106 warning 责任人不在 people 表中 | people 表中没有这个人或单位，须另派责任人 | {remedy}
     owner who is not among the people | the table people has no such person or office: another owner is assigned | {remedy}
L107 warning 专长与计划无关 | 计划中没有一条产业链、一个环节或项目的名称中有它，因此不起作用 | {remedy}
     expertise in nothing of the plan | no chain, link or project of the plan has it in its name: it does nothing | {remedy}
L151 截止日期早于日期 | 早于日期 {first} | 改正其中一个
     until is before the day | is before the day it begins, {first} | mend one of them
L152 会议不写截止日期 | 会议一行一天 | 几天的会议写几行
     meeting with an until | a meeting has a row for each of its days | write a row for each day
L153 同一天既休息又上班 | {date} 在 {other} 写作另一种 | 改正其中一处
     day of both rest and work | {date} is the other in {other} | mend one of them
L154 会议没有名称 | 会议须有名称 | 填写名称
     meeting without a name | a meeting has a name | fill it in
L155 时间太长 | 共 {days} 天，至多 {most} 天 | 核对两个日期
     range is too long | has {days} days, {most} at most | check both dates
L156 warning 两个会议在同一个半天 | 与 {other} 的“{name}”同在 {date} 的同一个半天；日期已定的会议不移动 | 核对日期
     two meetings in one half day | meets {name} of {other} in one half day of {date}; meetings whose day is settled are not moved | check the dates
L157 这一年没有填放假安排 | 写明 {year} 年已填全，而 calendar 表中没有这一年的休息日或上班日 | 填入放假安排，或从 settled 中删去
     year without holidays | is said to be complete, and the table calendar has no day of rest or work of {year} | enter the arrangement, or take the year out of settled
"""
)
problem = CODES.problem
