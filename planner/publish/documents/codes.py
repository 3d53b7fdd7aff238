"""The code of every problem of a document: what cannot be printed, and templates that cannot be used."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
D101 字体中没有这个字 | 这里（“{place}”）有随附字体印不出的字 {character}（{code}） | 在输入表中改用可印的字，或改用通行写法
     character without a glyph | at “{place}” stands a character that the font cannot print: {character} ({code}) | write it in the input with a character that can be printed
D102 超出规定页数 | 按模板应为 {pages} 页，最小字号仍多出{over}，从“{section}”起排不下 | 缩短该部分的文字，或在模板文件夹的 style.yaml 中放宽页数或字号
     more pages than allowed | it is to take {pages:page} by its template; in the smallest type it is still {over} too long, from “{section}” on | shorten the texts there, or allow more pages or smaller type in style.yaml of the template folder
D103 模板文件夹不可用 | 模板文件夹中只能有 style.yaml 与 .typ 模板；与随附的同名者取代随附的 | {remedy}
     template folder cannot be used | a template folder holds style.yaml and .typ templates and nothing else; those called like shipped ones take their place | {remedy}
D104 样式不可用 | {rule} | 参照随附的 maps/documents/style.yaml
     style cannot be used | {rule} | compare it with the shipped maps/documents/style.yaml
D105 模板排版出错 | 模板 {template} 排版这份文件时出错 | 改正模板，或从模板文件夹中移走它，改用随附的模板
     template fails | the template {template} fails to typeset this document | mend the template, or take it out of the template folder so that the shipped one is used
D106 图片不可用 | 图片“{picture}”不是可排版的 SVG | 重做这张图
     picture cannot be used | picture “{picture}” is no SVG that can be typeset | make the picture again
""",
    quoted=160,
)
problem, refusal = CODES.problem, CODES.refusal
