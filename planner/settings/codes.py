"""The code of every problem of settings: the file, its keys and values, scenarios laid over it."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
S101 计划文件或模型读不出 | {rule} | {remedy}
     plan or model cannot be read | {rule} | {remedy}
S102 文件不是 UTF-8 | YAML 文件须为 UTF-8 编码 | 在编辑器中另存为 UTF-8
     file is not UTF-8 | a YAML file must be in UTF-8 | save it as UTF-8 in your editor
S103 YAML 语法错误 | {rule} | {remedy}
     YAML syntax | {rule} | {remedy}
S104 文件为空 | 文件是空的 | 用 planner new 得到一份可运行的 plan.yaml
     empty file | the file is empty | planner new gives a plan.yaml that runs
S105 应为“键: 值” | 最外层须为“键: 值”的映射 | {remedy}
     not a mapping | the outermost level must be a mapping of `key: value` | {remedy}
S106 重复的键 | 键重复，第 {line} 行已有 | 合为一处，或删去一处
     duplicate key | the key is written twice; it stands on line {line} already | join the two, or remove one
S107 标签、循环引用或非文字的键 | {rule} | 改用普通的文字、数、列表或映射
     tag, circular alias, or key that is not text | {rule} | use plain text, numbers, lists or mappings
S108 extends 所指模型不存在 | {rule} | {remedy}
     unknown model in extends | {rule} | {remedy}
S109 extends 循环 | 继承成环：{way} | 去掉其中一处 extends
     circular extends | the models extend each other in a circle: {way} | remove one of these extends
S110 不认识的键 | 没有这个键；可用：{allowed} | {remedy}
     unknown key | there is no such key; there are: {allowed} | {remedy}
S111 缺少必需的键 | {rule} | {remedy}
     missing key | {rule} | {remedy}
S112 类型不对 | {rule} | {remedy}
     wrong type | {rule} | {remedy}
S113 超出范围 | {rule} | {remedy}
     out of range | {rule} | {remedy}
S114 不在可选值之内 | {rule} | {remedy}
     not one of the choices | {rule} | {remedy}
S115 不是有限数 | {rule} | {remedy}
     not a finite number | {rule} | {remedy}
S116 写法无意义 | {rule} | {remedy}
     value that means nothing | {rule} | {remedy}
S117 太短或为空 | {rule} | {remedy}
     too short or empty | {rule} | {remedy}
S118 互相矛盾的设置 | {rule} | {remedy}
     settings that clash | {rule} | {remedy}
S119 warning 不起作用的权重 | mode: priorities 只用 levels，这里的权重不起作用 | 把权重写进 levels，或删去
     weights without effect | with mode: priorities only levels count, not these weights | move them into levels, or remove them
S120 嵌套过深 | 嵌套超过 {most} 层 | 检查括号与缩进
     nested too deeply | is nested more than {most} levels deep | check brackets and indentation
S121 内容过多 | {rule} | {remedy}
     more than a plan holds | {rule} | {remedy}
S122 不成字的编码 | 含有不成字的编码（半个字符），写不进任何文件 | 删去或改写这段文字
     half a character | holds half a character, which no file can hold | remove or rewrite the text
S123 warning 没有任何要求 | 各权重都为 0：什么也没有要求，任何计划都一样好 | 给至少一个目标项写权重
     nothing is asked for | all weights are 0: nothing is asked for | give at least one term a weight
S305 没有这个情景 | {rule} | {remedy}
     unknown scenario | {rule} | {remedy}
S306 情景名称重复 | 情景名称重复，第 {line} 行已有 | 改一个名称
     two scenarios of one name | two scenarios have this name; the other is on line {line} | rename one of them
S307 情景不能改的键，或同一设置写了两次 | {rule} | {remedy}
     key that a scenario cannot set, or sets twice | {rule} | {remedy}
S312 单个值之下没有可设的键 | {above} 是一个值，其下没有键 | 是否指 {above}？
     key below a setting that is one value | {above} is one value and has no keys below it | did you mean {above}?
"""
)
problem = CODES.problem
