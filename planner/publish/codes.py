"""The code of every problem of an example that is copied out, and of outputs that could not be written where they were asked for."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
R102 没有这个范例 | 没有这个范例 | 可用的：{known}
     unknown example | no such example | use one of: {known}
R103 工作区目录不为空 | 这里已有内容，不会覆盖 | 换一个目录
     workspace folder is not empty | something stands here already and is not replaced | choose another folder
T240 工作簿须为 .xlsx | 须为 .xlsx 文件 | 写成 名称.xlsx
     a workbook is an .xlsx | an .xlsx file is written | call it NAME.xlsx
T241 文件已存在 | 这里已有文件，不会覆盖：可能已填过数据 | 换一个文件名，或先移走旧文件
     file exists | a file stands here already, maybe filled in, and is not replaced | choose another name, or move the old file away
T247 写进模板后读回不同 | 这一列写进模板后，读回的值与原表不同，因此没有写出模板 | 给此列换一个表头，或从原表中去掉，再重试
     a template would be read otherwise | written into a template, this column is read back otherwise than it stands, so no template was written | give the column another header, or take it out of the table, and try again
M101 没有这个产业链或项目 | 外发地图只能画计划中的产业链和项目 | 可用的：{known}
     unknown chain or candidate | a map to be handed out shows chains and candidates of the plan | use one of: {known}
R118 warning 一项成果没有写出 | {rule} | 其余内容不受影响；排除原因后可用 planner publish 重做运行的成果
     an output was not written | {rule} | all else is kept; mend the cause, then render the outputs of a run again with planner publish
R119 warning 写到了别处 | 不能替换那里的内容（可能正在打开，或被另一次运行占用），已写到 {folder} |
     written elsewhere | what stands there could not be replaced (is it open, or another run's?); written to {folder} |
"""
)
problem, refusal = CODES.problem, CODES.refusal
