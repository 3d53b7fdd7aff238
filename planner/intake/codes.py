"""The code of every problem of workbooks taken in, of firms matched to links, and of lists of parts."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
I150 warning 统一社会信用代码有误 | {why} | 对照营业执照改正；代码有误时不据以判断是否同一企业
     wrong credit code | {why} | mend it from the business licence; a wrong code is no evidence that two firms are one
I151 warning 可能是同一企业 | 与“{other}”（{place}）可能是同一企业：{evidence} | 由人判断：同一企业的几个方案写同一方案组，重复的删去一行；程序不自行合并
     two firms may be one | may be the same firm as “{other}” ({place}): {evidence} | decide it: give versions of one project one variant group, remove a row that is repeated; nothing is merged by itself
""",
    quoted=120,
)
problem, refusal = CODES.problem, CODES.refusal
