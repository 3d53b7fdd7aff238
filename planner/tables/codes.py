"""The code of every problem one table can have, with the rule and the remedy in both languages.

The messages and ``docs/problems.md`` are both made from :data:`CODES`. ``{named}`` places are filled by the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, Problem, Severity

FOUND_LENGTH = 60
"""Characters of a cell that a message quotes."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means, what is allowed, what to do, and whether it stops a run."""

    meaning: Words
    rule: Words
    remedy: Words
    severity: Severity = "error"


def _code(*texts: str, severity: Severity = "error") -> Code:
    """Meaning, rule and remedy, each in Chinese and in English."""
    return Code(Words(*texts[0:2]), Words(*texts[2:4]), Words(*texts[4:6]), severity)


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # Files
        "T101": _code(
            "文件不存在", "file is missing", "找不到文件", "the file does not exist", "{nearest}", "{nearest}"
        ),
        "T102": _code(
            "文件读不出",
            "file cannot be read",
            "无法读取：{why}",
            "cannot be read: {why}",
            "用原来的软件打开、另存后重试；有密码的先去掉密码，正被打开的先关闭",
            "open it in its own program, save it again and retry; remove a password; close it where it is open",
        ),
        "T103": _code(
            "不支持的文件类型",
            "file type is not supported",
            "可用的类型：{kinds}",
            "supported types: {kinds}",
            "另存为其中一种",
            "save it as one of these",
        ),
        "T104": _code(
            "编码错误",
            "wrong encoding",
            "不能按 {tried} 解码",
            "cannot be decoded as {tried}",
            "在 Excel 或 WPS 中另存为“CSV UTF-8”，或在 plan.yaml 中改 encoding（utf-8 或 gb18030）",
            "save it as 'CSV UTF-8', or set encoding (utf-8 or gb18030) in plan.yaml",
        ),
        "T105": _code(
            "没有这张工作表或图层",
            "sheet or layer is missing",
            "文件中没有；文件中有：{known}",
            "not in the file, which has: {known}",
            "{nearest}",
            "{nearest}",
        ),
        "T106": _code(
            "未说明用哪张工作表或图层",
            "sheet or layer is not named",
            "文件中有多个（{known}），没有一个叫“{wanted}”",
            "the file has several ({known}) and none is called {wanted}",
            "在 plan.yaml 中写明 {key}: 名称",
            "name it in plan.yaml: {key}: …",
        ),
        "T107": _code(
            "行列不齐或引号不配对",
            "ragged row or broken quotes",
            "{what}",
            "{what}",
            "检查该行多余或缺少的分隔符与引号；含逗号的文字要加引号",
            "look for a delimiter or quote too many or too few; quote texts that hold commas",
        ),
        "T108": _code(
            "图层没有坐标系",
            "layer has no coordinate system",
            "图层未定义坐标系，无法得知坐标含义",
            "the layer does not say what its coordinates are",
            "在 QGIS 中为图层指定坐标系后重新导出",
            "set the layer's CRS in QGIS and export it again",
        ),
        "T109": _code(
            "空表",
            "empty table",
            "没有数据行",
            "has no rows of data",
            "填入数据；本计划不用此表时，从 plan.yaml 或 data/ 中移走",
            "fill it, or take it out of plan.yaml or data/ if the plan does not use it",
        ),
        "T110": _code(
            "缺少必需的表",
            "a needed table is missing",
            "每个计划都需要“{zh}”表",
            "every plan needs the table {name}",
            "在 plan.yaml 的 tables 中写明，或把 {name}.csv（或 {zh}.xlsx）放入 data/{nearest}",
            "name it under tables in plan.yaml, or put {name}.csv (or {zh}.xlsx) into data/{nearest}",
        ),
        "T111": _code(
            "一张表有多个文件",
            "several files for one table",
            "data/ 中有多个文件都是“{zh}”表：{files}",
            "data/ has several files for the table {name}: {files}",
            "只留一个，或在 plan.yaml 的 tables 中写明",
            "keep one, or name it under tables in plan.yaml",
        ),
        "T112": _code(
            "文件名与表名只差一点",
            "file name is nearly that of a table",
            "不是表名，但很像“{near}”",
            "is not the name of a table, but nearly {near}",
            "改名为 {near}；若与计划无关，移出 data/",
            "rename it {near}, or move it out of data/ if the plan does not use it",
        ),
        # Headers
        "T121": _code(
            "缺列",
            "column is missing",
            "“{table}”表必须有此列",
            "the table {table} must have this column",
            "补上该列（可用表头：{aliases}），或在 plan.yaml 的 columns 中写 {name}: 你的表头",
            "add the column (headers: {aliases}), or map yours in plan.yaml: columns: {{{name}: …}}",
        ),
        "T122": _code(
            "columns 所写表头不在文件中",
            "header named in columns is not in the file",
            "plan.yaml 的 columns 写了这个表头，文件中没有",
            "plan.yaml names this header under columns, and the file has none such",
            "{nearest}",
            "{nearest}",
        ),
        "T123": _code(
            "columns 或 units 写了不存在的列",
            "unknown column in columns or units",
            "“{table}”表没有这个规范列",
            "the table {table} has no such column",
            "{nearest}",
            "{nearest}",
        ),
        "T124": _code(
            "多个表头对应同一列",
            "several headers for one column",
            "都可作“{name}”列，无法判断用哪个",
            "each could be the column {name}",
            "在 plan.yaml 的 columns 中写明 {name}: 其中一个",
            "say which in plan.yaml: columns: {{{name}: …}}",
        ),
        "T125": _code(
            "表头与规范列只差一点",
            "header is nearly that of a column",
            "不是“{table}”表的列，但很像“{near}”（{name}）",
            "is not a column of {table}, but nearly {near} ({name})",
            "若就是它，在 plan.yaml 的 columns 中写 {name}: {header}；若另有含义，写 {own}: {header} 以保留为附加列",
            "if meant, write columns: {{{name}: {header}}}; to keep it as a column of its own: {{{own}: {header}}}",
        ),
        "T126": _code(
            "单位不可用",
            "unit cannot be used",
            "此列的单位可为：{allowed}",
            "units of this column: {allowed}",
            "改表头中的单位，或在 plan.yaml 的 units 中写 {name}: 单位",
            "change the unit in the header, or write units: {{{name}: …}} in plan.yaml",
        ),
        "T127": _code(
            "有数据的列没有表头",
            "data under no header",
            "此列有数据但没有表头，未读入",
            "the column has data but no header and was not read",
            "补上表头，或清空该列",
            "give it a header, or clear it",
            severity="warning",
        ),
        "T128": _code(
            "同一列在两个来源中",
            "one column in two sources",
            "“{first}”中已有此列",
            "{first} has this column too",
            "只在一个文件中保留",
            "keep it in one of the files",
        ),
        "T129": _code(
            "像资源而未声明",
            "looks like a resource that is not declared",
            "计划没有声明资源“{resource}”，此列不作为限制",
            "the plan declares no resource {resource}: the column limits nothing",
            "需要时在 plan.yaml 的 resources 中写 {resource}: {{unit: …, kind: …, scope: park}}",
            "declare it in plan.yaml if wanted: resources: {{{resource}: …}}",
            severity="warning",
        ),
        "T130": _code(
            "资源编号与规范列重名",
            "resource id is a column's name",
            "“{table}”表已有名为“{name}”的列",
            "the table {table} has a column {name}",
            "给资源换一个编号",
            "give the resource another id",
        ),
        # Cells
        "T131": _code(
            "必填处为空",
            "required cell is blank",
            "不能为空",
            "may not be blank",
            "填写；没有这一行就整行删除",
            "fill it, or delete the whole row",
        ),
        "T132": _code(
            "数值列中有文字", "text in a number", "须为数字{unit}", "a number{unit} is needed", "{hint}", "{hint}"
        ),
        "T133": _code(
            "日期出现在不该有的地方",
            "a date where none belongs",
            "须为{what}，Excel 把它当成了日期",
            "{what} is needed; Excel took it for a date",
            "把单元格格式改为文本或数值后重新填写",
            "set the cell's format to text or number and enter it again",
        ),
        "T134": _code(
            "季度写法不对",
            "bad quarter",
            "季度须写作 2027Q1 或 2027年一季度",
            "a quarter is written 2027Q1",
            "写作“年份Q季度”，如 2027Q1",
            "write the year, Q and 1 to 4, as in 2027Q1",
        ),
        "T135": _code(
            "是否列写法不对",
            "bad flag",
            "须为 是 或 否（也可 √、1、0、yes、no）",
            "yes or no is needed (also 是, 否, √, 1, 0)",
            "改写",
            "rewrite it",
        ),
        "T136": _code(
            "不在可选值之内", "not one of the choices", "可选：{allowed}", "one of: {allowed}", "{nearest}", "{nearest}"
        ),
        "T137": _code(
            "不是整数", "not a whole number", "须为整数", "a whole number is needed", "改为整数", "make it whole"
        ),
        "T138": _code(
            "超出范围", "out of range", "须{range}{unit}", "must be {range}{unit}", "核对后改正", "check and mend it"
        ),
        "T139": _code(
            "长编号被存成数值",
            "long id stored as a number",
            "超过 15 位的编号被 Excel 存成数值，末位已丢失",
            "an id of over 15 digits stored as a number has lost its last digits",
            "把该列设为文本后重新填写",
            "set the column to text and enter it again",
        ),
        "T140": _code(
            "公式错误",
            "formula error",
            "单元格是公式错误值",
            "the cell holds a formula error",
            "改正公式或改填数值",
            "mend the formula or enter the value",
        ),
        "T141": _code(
            "公式没有算出的值",
            "formula without a value",
            "公式没有保存计算结果",
            "the formula has no saved result",
            "用 Excel 打开并保存一次",
            "open it in Excel and save it",
        ),
        "T142": _code(
            "纵向合并单元格",
            "cells merged over rows",
            "合并单元格（{range}）跨了多行，只有首行有值",
            "merged over several rows ({range}): only the first has the value",
            "取消合并，每行各填",
            "unmerge and fill every row",
        ),
        "T143": _code(
            "百分数含义不明",
            "doubtful percentage",
            "表头单位是 %，而值不大于 1：可能是 {value}%，也可能是比例 {value}",
            "the header says %, and the value is not above 1: {value} % or the share {value}?",
            "比例请从表头去掉 %；确为不足 1% 的，去掉表头的 % 并填比例",
            "take % out of the header and enter shares",
        ),
        "T144": _code(
            "单位写在表头之外",
            "unit is stated outside the header",
            "表头没有写单位，而表头之上写着“{note}”，与默认单位 {unit} 不同",
            "the header states no unit, and above it stands '{note}', which is not the default {unit}",
            "把单位写进表头，如 {header}({stated})，或在 plan.yaml 的 units 中写 {name}: 单位",
            "state it in the header, as {header}({stated}), or in plan.yaml: units: {{{name}: …}}",
        ),
        # Keys and references
        "T151": _code(
            "编号为空",
            "blank in a key",
            "“{key}”标识一行，不能为空（NaN）",
            "{key} identifies the row and may not be blank (NaN)",
            "填写编号；合计行、说明行请删除",
            "fill it; delete total and note rows",
        ),
        "T152": _code(
            "编号重复",
            "duplicate id",
            "与 {other} 重复",
            "is the same as {other}",
            "改其中一个，或删除重复的行",
            "change one, or delete the duplicate row",
        ),
        "T153": _code(
            "引用不存在",
            "dangling reference",
            "“{table}”表中没有",
            "is not in the table {table}",
            "{nearest}",
            "{nearest}",
        ),
        "T154": _code(
            "附加来源的编号不在主表",
            "key of a further source is unknown",
            "“{first}”中没有这一行",
            "{first} has no such row",
            "{nearest}",
            "{nearest}",
        ),
        "T155": _code(
            "合计行",
            "total row",
            "像是合计行，会被当成一个{table}条目",
            "looks like a total, and would count as one more row of {table}",
            "删除合计行",
            "delete the row",
        ),
        # Coordinates
        "T161": _code(
            "经纬度颠倒",
            "longitude and latitude swapped",
            "经度与纬度像是填反了：对调后落在 {bounds} 之内",
            "look swapped: exchanged they lie within {bounds}",
            "对调两列；表头反了就改表头",
            "exchange the two; mend the headers if they are what is wrong",
        ),
        "T162": _code(
            "坐标在区域之外",
            "outside the region",
            "须在 {bounds} 之内（西、南、东、北）",
            "must lie within {bounds} (west, south, east, north)",
            "核对坐标；区域不同就改 plan.yaml 的 region.{setting}",
            "check it, or change region.{setting} in plan.yaml",
        ),
        "T163": _code(
            "经纬度只有一个",
            "one coordinate alone",
            "经度、纬度须同时填写",
            "longitude and latitude go together",
            "补上另一个，或两个都清空",
            "fill in the other, or clear both",
        ),
        # Changes
        "T171": _code(
            "要改的表不存在",
            "table of a change is missing",
            "本计划没有这张表；有：{names}",
            "the plan has no such table; it has: {names}",
            "核对表名",
            "check the name",
        ),
        "T172": _code(
            "改动中写了不存在的列",
            "unknown column in a change",
            "“{table}”表没有这一列",
            "the table {name} has no such column",
            "{nearest}",
            "{nearest}",
        ),
        "T173": _code(
            "不能改编号",
            "key of a table changed",
            "标识一行的编号不能改",
            "what identifies a row cannot be changed",
            "改其他列；要换编号请改原表",
            "change another column, or the table itself",
        ),
        "T174": _code(
            "没有要改的行",
            "no row to change",
            "“{table}”表没有符合 where 的行",
            "no row of {name} matches",
            "核对 where 的值",
            "check the values in where",
        ),
        "T175": _code(
            "非数值列不能加减乘",
            "text cannot be added to",
            "add、times 只用于数值列",
            "add and times are for numbers only",
            "改用 set",
            "use set",
        ),
        "T176": _code(
            "空白不能加减乘",
            "blank cell cannot be added to",
            "{where} 为空，不知道原值",
            "{where} is blank: what stands there is not known",
            "先填原值，或改用 set",
            "fill it in first, or use set",
        ),
        "T177": _code(
            "改动后的值不可用",
            "value of a change is refused",
            "{column}：{rule}",
            "{column}: {rule}",
            "改这一处的值",
            "change the value",
        ),
        "T178": _code(
            "不成字的编码",
            "half a character",
            "含有不成字的编码（半个字符），写不进任何文件",
            "holds half a character, which no file can hold",
            "删去或改写这段文字",
            "remove or rewrite the text",
        ),
        "T179": _code(
            "资源编号另有含义",
            "resource id is a word of the settings",
            "“{name}”在目标、规则或敏感性分析中另有含义",
            "{name} means something else in objectives, rules or sensitivity",
            "给资源换一个编号",
            "give the resource another id",
        ),
        "T180": _code(
            "图形不可用",
            "shape cannot be used",
            "第 {number} 个要素的图形{why}",
            "the shape of feature {number} {why}",
            "在 QGIS 中修复或重画该要素；没有范围就删去其图形",
            "mend or redraw it in QGIS; remove the shape if there is none",
        ),
        "T181": _code(
            "工作表过大",
            "sheet is too large",
            "有内容的单元格直到 {cell}，即 {rows} 行 × {columns} 列，超过 {most} 格",
            "cells reach as far as {cell}: {rows} rows × {columns} columns, more than {most} cells",
            "删去远处零散的单元格（选中多余的行与列，删除后保存）",
            "delete the stray cells far away (select the surplus rows and columns, delete them and save)",
        ),
        "T183": _code(
            "逗号含义不明",
            "comma of two meanings",
            "文件以分号分隔，逗号可能是小数点，也可能是千分位",
            "in a file delimited by semicolons the comma may be a decimal point or a thousands separator",
            "小数写作 1.234，千位写作 1234",
            "write 1.234 or 1234",
        ),
        "T184": _code(
            "坐标系未写明",
            "coordinate system is not stated",
            "表头像是 {system} 坐标，而 plan.yaml 没有写明坐标系，会被当作 WGS84（相差约 500 米）",
            "the header speaks of {system}, and plan.yaml does not: it would be read as WGS84, some 500 m off",
            "在 plan.yaml 的这个表下写 coordinates: {system}；确为 WGS84 的写 coordinates: WGS84",
            "write coordinates: {system} at this table in plan.yaml, or coordinates: WGS84 if it is",
        ),
        "T182": _code(
            "where 中的值没有对应的行",
            "value of a change that no row has",
            "“{table}”表的“{column}”列没有这个值，改动不会作用于它",
            "no row of {name} has this value in {column}: the change would not reach it",
            "{nearest}",
            "{nearest}",
        ),
    }
)


def problem(code: str, place: Place | None, subject: str, found: str = "", /, **values: object) -> Problem:
    """The problem of that code, its rule and remedy filled with ``values`` (texts, or :class:`Words`)."""
    entry = CODES[code]
    shown = found if len(found) <= FOUND_LENGTH else found[: FOUND_LENGTH - 1] + "…"
    filled = {"": "", **values}  # never empty, so that doubled braces are always undone
    return Problem(code, place, subject, shown, entry.rule.fill(**filled), entry.remedy.fill(**filled), entry.severity)


def nearest_words(near: tuple[str, ...], otherwise: Words) -> Words:
    """The remedy "did you mean", or another where nothing is near."""
    if not near:
        return otherwise
    return Words("是否指：" + "、".join(near), "did you mean: " + ", ".join(near))
