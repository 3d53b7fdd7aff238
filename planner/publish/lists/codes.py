"""The code of every problem of a list set, beyond those of its YAML (S101–S122)."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
H101 没有这个清单集 | {rule} | {remedy}
     unknown list set | {rule} | {remedy}
H102 没有这个字段 | {kind}没有这个字段 | 最接近的：{near}；全部字段见 docs/list-fields.md
     unknown field | {kind} have no such field | nearest: {near}; every field is in docs/list-fields.md
H103 两张表同一短名 | 前面第 {line} 行的表已用这个 key | 换一个 key
     two sheets of one key | the sheet on line {line} has this key already | give it another key
H104 两张表同名 | 前面第 {line} 行的表已叫这个名称（不分大小写） | 改一个名称
     two sheets of one name | the sheet on line {line} is called so already (case does not matter) | give it another name
H105 Excel 不接受的表名 | {rule} | 改短或改名，中英文都要合适
     sheet name that Excel does not take | {rule} | shorten or change it, in both languages
H106 链到没有的表 | 本清单集没有这个 key 的表；有：{known} | {remedy}
     link to a sheet that is not there | the set has no sheet of this key; there are: {known} | {remedy}
H107 两张表无从对应 | {rule} | {remedy}
     sheets that nothing joins | {rule} | {remedy}
H108 筛选问不了这一列 | {rule} | {remedy}
     filter that the field cannot answer | {rule} | {remedy}
H109 短名的写法 | key 以小写英文字母开头，其后为小写字母、数字、_，至多 40 个字符 | 改写，如 leaders
     key that cannot be one | a key is a small Latin letter, then small letters, digits or _, 40 characters at most | write it so, e.g. leaders
"""
)
problem, refusal = CODES.problem, CODES.refusal
