"""The code of every problem of a delegation."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
J101 这里没有可拜访的企业 | 入选项目所在的城市：{cities} | {near}
     nobody to visit there | home cities of the selected projects: {cities} | {near}
J102 城市名不明确 | 可指 {names} | 写全称
     it may be one of several | it may mean {names} | write the full name
J103 没有这个专班 | 计划中的专班：{teams} | 改写
     no such team | teams of the plan: {teams} | correct it
J104 找不到这个地点 | 须为“名称=经度,纬度”、“经度,纬度”、区县或城市名，或计划中企业、园区的编号或名称 | {near}
     place not found | it is NAME=LON,LAT, or LON,LAT, a county or city, or an id or name of a firm or park of the plan | {near}
J105 经纬度不对 | 经度在前（−180 至 180），纬度在后（−90 至 90） | 改正
     no coordinates | the longitude comes first (−180 to 180), then the latitude (−90 to 90) | correct them
J106 没有这个项目 | --also 须为计划未选的项目编号，或 all | {near}
     no such candidate | --also names a candidate that the plan leaves out, or all | {near}
J107 写重了 | 起点、终点、日期、时刻各只能写一个 | 删去一个
     said twice | one place, one day and one time each for the beginning and the end | leave one out
J108 天数不对 | 须为 1 至 {most} 天 | 改正
     not a number of days | 1 to {most} days | correct it
J109 一家也访不成 | {why} | {help}
     no visit can be made | {why} | {help}
J110 可拜访时段看不懂 | 须写作 09:00-11:30；周二 14:00-16:00；2027-03-09 10:00-11:00，以分号分开 | 改正；空白即按通常时段
     visiting hours not understood | they are written 09:00-11:30; 周二 14:00-16:00; 2027-03-09 10:00-11:00 | correct them; blank: the usual hours
J111 时刻放不下 | 每天最早 {first} 出发、最晚 {last} 返回 | 改 --start、--end，或改 delegation.day
     time out of the day | nobody sets out before {first} or is back after {last} | change --start or --end, or delegation.day
J112 没有这一天或这个时刻 | 日期写作 2027-03-08，时刻写作 13:30，日历和钟面上须有 | 改正
     no such day or time | a day is written 2027-03-08, a time 13:30, as there are on the calendar and the clock | correct it
"""
)
problem, refusal = CODES.problem, CODES.refusal
