"""Codes of what the echo warns of: settings that are well-formed and surely not meant."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
E101 warning 规则什么也没有选中 | {what} | 核对筛选的列、值和单位
     rule that takes nothing | {what} | check the columns, values and units of its filter
E102 warning 筛选没有排除任何一个 | {what} | 核对值和单位；本来就要全部的，删去这个条件
     filter that leaves nothing out | {what} | check its values and units; leave the condition out if all are meant
E103 warning 规则总是成立 | {what} | 核对界限和单位；不需要就删去
     rule that always holds | {what} | check its bounds and units, or leave it out
E104 warning 规则不可能成立 | {what} | 核对界限和单位；都对就放宽它
     rule that cannot hold | {what} | check its bounds and units; if they are meant, loosen it
E105 warning 没有园区同时容得下 | {what} | 核对园区的能力与准入；改写 km，或撤销其中一条
     pair that no park holds together | {what} | check what the parks have and ask for; change km, or drop the relation
E106 warning 关系总是成立 | {what} | 核对项目；不需要就删去
     relation that always holds | {what} | check its projects, or leave it out
E107 warning 必须落地而进不了任何园区 | {what} | 放宽所说的条件，或撤销必选
     must come, and no park is open | {what} | loosen what stands in the way, or withdraw must_include
E108 warning 许多项目进不了任何园区 | {what} | 核对所说的条件和单位
     many projects fit nowhere | {what} | check what stands in the way, and its units
E109 warning 目标项的界限总是成立或不可能成立 | {what} | 核对界限和单位
     bound of a term that always or never holds | {what} | check the bound and its unit
E110 warning 规则一个项目也放不进 | {what} | 核对界限和单位；本来就不要的写 count: {{max: 0}}
     rule under which no project fits | {what} | check the bound and its unit; for none at all write count: {{max: 0}}
E111 warning 几条限制合在一起没有计划 | {what} | 核对各条的界限和单位；都对就放宽其中一条（planner explain 说怎样最省）
     limits that no plan keeps together | {what} | check their bounds and units; if all are meant, loosen one (planner explain says which way is cheapest)
E115 warning 改动的筛选没有排除任何一行 | {what} | 核对 where 的值；本来就要改全部的，删去 where
     change whose filter leaves no row out | {what} | check the values of where; leave it out if all rows are meant
"""
)
problem = CODES.problem
