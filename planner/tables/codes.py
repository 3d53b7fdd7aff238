"""The code of every problem that one table can have: files, headers, cells, keys and references, coordinates, changes."""

from __future__ import annotations

from planner.language import Words
from planner.problems import Codes

CODES = Codes(
    """
T101 文件不存在 | 找不到文件 | {nearest}
     file is missing | the file does not exist | {nearest}
T102 文件读不出 | 无法读取：{why} | {remedy}
     file cannot be read | cannot be read: {why} | {remedy}
T103 不支持的文件类型 | 可用的类型：{kinds} | 另存为其中一种
     file type is not supported | supported types: {kinds} | save it as one of these
T104 编码错误 | 不能按 {tried} 解码 | {remedy}在 Excel 或 WPS 中另存为“CSV UTF-8”
     wrong encoding | cannot be decoded as {tried} | {remedy}save it as 'CSV UTF-8'
T105 没有这张工作表或图层 | 文件中没有；文件中有：{known} | {nearest}
     sheet or layer is missing | not in the file, which has: {known} | {nearest}
T106 未说明用哪张工作表或图层 | 文件中有多个（{known}），没有一个叫“{wanted}” | 在 plan.yaml 中写明 {key}: 名称
     sheet or layer is not named | the file has several ({known}) and none is called {wanted} | name it in plan.yaml: {key}: …
T107 行列不齐或引号不配对 | {what} | 检查该行多余或缺少的分隔符与引号；含逗号的文字要加引号
     ragged row or broken quotes | {what} | look for a delimiter or quote too many or too few; quote texts that hold commas
T108 图层没有坐标系 | 图层未定义坐标系，无法得知坐标含义 | 在 QGIS 中为图层指定坐标系后重新导出
     layer has no coordinate system | the layer does not say what its coordinates are | set the layer's CRS in QGIS and export it again
T109 空表 | 没有数据行 | 填入数据；本计划不用此表时，从 plan.yaml 或 data/ 中移走
     empty table | has no rows of data | fill it, or take it out of plan.yaml or data/ if the plan does not use it
T110 缺少必需的表 | 每个计划都需要“{zh}”表 | {how}
     a needed table is missing | every plan needs the table {name} | {how}
T111 一张表有多个文件 | data/ 中有多个文件都是“{zh}”表：{files} | 只留一个，或在 plan.yaml 的 tables 中写明
     several files for one table | data/ has several files for the table {name}: {files} | keep one, or name it under tables in plan.yaml
T112 文件名与表名只差一点 | 不是表名，但很像“{near}” | 改名为 {near}；若与计划无关，移出 data/
     file name is nearly that of a table | is not the name of a table, but nearly {near} | rename it {near}, or move it out of data/ if the plan does not use it
T121 缺列 | “{table}”表必须有此列 | 补上该列（可用表头：{aliases}），或在 plan.yaml 的 columns 中写 {name}: 你的表头
     column is missing | the table {table} must have this column | add the column (headers: {aliases}), or map yours in plan.yaml: columns: {{{name}: …}}
T122 columns 所写表头不在文件中 | plan.yaml 的 columns 写了这个表头，文件中没有 | {nearest}
     header named in columns is not in the file | plan.yaml names this header under columns, and the file has none such | {nearest}
T123 columns 或 units 写了不存在的列 | “{table}”表没有这个规范列 | {nearest}
     unknown column in columns or units | the table {table} has no such column | {nearest}
T124 多个表头对应同一列 | 都可作“{name}”列，无法判断用哪个 | 在 plan.yaml 的 columns 中写明 {name}: 其中一个
     several headers for one column | each could be the column {name} | say which in plan.yaml: columns: {{{name}: …}}
T125 表头与规范列只差一点 | 不是“{table}”表的列，但很像“{near}”（{name}） | 若就是它，在 plan.yaml 的 columns 中写 {name}: {header}；若另有含义，写 {own}: {header} 以保留为附加列
     header is nearly that of a column | is not a column of {table}, but nearly {near} ({name}) | if meant, write columns: {{{name}: {header}}}; to keep it as a column of its own: {{{own}: {header}}}
T126 单位不可用 | 此列的单位可为：{allowed} | 改表头中的单位，或在 plan.yaml 的 units 中写 {name}: 单位
     unit cannot be used | units of this column: {allowed} | change the unit in the header, or write units: {{{name}: …}} in plan.yaml
T127 warning 有数据的列没有表头 | 此列有数据但没有表头，未读入 | 补上表头，或清空该列
     data under no header | the column has data but no header and was not read | give it a header, or clear it
T128 同一列在两个来源中 | “{first}”中已有此列 | 只在一个文件中保留
     one column in two sources | {first} has this column too | keep it in one of the files
T129 warning 像资源而未声明 | 计划没有声明资源“{resource}”，此列不作为限制 | 需要时在 plan.yaml 的 resources 中写 {resource}: {{unit: …, kind: …, scope: park}}
     looks like a resource that is not declared | the plan declares no resource {resource}: the column limits nothing | declare it in plan.yaml if wanted: resources: {{{resource}: …}}
T130 资源编号与规范列重名 | “{table}”表已有名为“{name}”的列 | 给资源换一个编号
     resource id is a column's name | the table {table} has a column {name} | give the resource another id
T131 必填处为空 | 不能为空 | 填写；没有这一行就整行删除
     required cell is blank | may not be blank | fill it, or delete the whole row
T132 数值列中有文字 | 须为数字{unit} | {hint}
     text in a number | a number{unit} is needed | {hint}
T133 日期出现在不该有的地方 | 须为{what}，Excel 把它当成了日期 | 把单元格格式改为文本或数值后重新填写
     a date where none belongs | {what} is needed; Excel took it for a date | set the cell's format to text or number and enter it again
T134 季度写法不对 | 季度须写作 2027Q1 或 2027年一季度 | {hint}
     bad quarter | a quarter is written 2027Q1 | {hint}
T385 不是清楚的日期 | {why} | {hint}
     no clear date | {why} | {hint}
T135 是否列写法不对 | 须为 是 或 否（也可 √、1、0、yes、no） | {hint}
     bad flag | yes or no is needed (also 是, 否, √, 1, 0) | {hint}
T136 不在可选值之内 | 可选：{allowed} | {nearest}
     not one of the choices | one of: {allowed} | {nearest}
T137 不是整数 | 须为整数 | 改为整数
     not a whole number | a whole number is needed | make it whole
T138 超出范围 | 须{range}{unit} | 核对后改正
     out of range | must be {range}{unit} | check and mend it
T139 长编号被存成数值 | 超过 15 位的编号被存成小数型数值，末位已丢失 | 把该列设为文本后重新填写
     long id stored as a number | an id of over 15 digits stored as a number has lost its last digits | set the column to text and enter it again
T140 公式错误 | 单元格是公式错误值 | 改正公式或改填数值
     formula error | the cell holds a formula error | mend the formula or enter the value
T141 公式没有算出的值 | 公式没有保存计算结果（有的程序一律存 0，由 Excel 打开时再算） | 用 Excel 打开并保存一次；结果确实是 0 的，改填数值 0
     formula without a value | the formula has no saved result (some programs write 0 for every formula and leave it to Excel) | open it in Excel and save it; enter a plain 0 where that is the result
T142 纵向合并单元格 | 合并单元格（{range}）跨了多行，只有首行有值 | 取消合并，每行各填
     cells merged over rows | merged over several rows ({range}): only the first has the value | unmerge and fill every row
T143 百分数含义不明 | 表头单位是 %，而值不大于 1：可能是 {value}%，也可能是比例 {value} | 比例请从表头去掉 %；确为不足 1% 的，去掉表头的 % 并填比例
     doubtful percentage | the header says %, and the value is not above 1: {value} % or the share {value}? | take % out of the header and enter shares
T144 单位写在表头之外 | 表头没有写单位，{where} 写着“{note}”，其中的 {stated} 与默认单位 {unit} 不同 | 确为 {stated}：{fix}，或写进表头，如 {header}({stated})；确为 {unit}：{keep}
     unit is stated outside the header | the header states no unit, and {where} says '{note}': {stated} is not the default {unit} | if {stated} is meant: {fix}, or state it in the header, as {header}({stated}); if {unit} is: {keep}
T151 编号为空 | “{key}”标识一行，不能为空（NaN） | 填写编号；合计行、说明行请删除
     blank in a key | {key} identifies the row and may not be blank (NaN) | fill it; delete total and note rows
T152 编号重复 | 与 {other} 重复 | 改其中一个，或删除重复的行
     duplicate id | is the same as {other} | change one, or delete the duplicate row
T153 引用不存在 | “{table}”表中没有 | {nearest}
     dangling reference | is not in the table {table} | {nearest}
T154 附加来源的编号不在主表 | “{first}”中没有这一行；后列的文件只给已有的行补充列，不能增加行 | {nearest}；要接在下面成为新的行，在 plan.yaml 的这个来源下写 below: true
     key of a further source is unknown | {first} has no such row; a further source adds columns to the rows there are, and no rows | {nearest}; if its rows are to come below, write below: true at this source in plan.yaml
T155 warning 合计行 | 是合计、平均或计数行，不是“{table}”的一行，未读入{sums} | 可删去此行
     total row | is a total, mean or count and no row of {table}: it was not read{sums} | the row may be deleted
T161 经纬度颠倒 | 经度与纬度像是填反了：对调后落在 {bounds} 之内 | 对调两列；表头反了就改表头
     longitude and latitude swapped | look swapped: exchanged they lie within {bounds} | exchange the two; mend the headers if they are what is wrong
T162 坐标在区域之外 | 须在 {bounds} 之内（西、南、东、北） | 核对坐标；区域不同就改 plan.yaml 的 region.{setting}
     outside the region | must lie within {bounds} (west, south, east, north) | check it, or change region.{setting} in plan.yaml
T163 经纬度只有一个 | 经度、纬度须同时填写 | 补上另一个，或两个都清空
     one coordinate alone | longitude and latitude go together | fill in the other, or clear both
T230 编码有疑 | 按 {taken} 读是“{one}”，按 {other} 读是“{two}”，后者更像表中的文字 | 在 plan.yaml 的这个表下写 encoding: {other}；前者才对的写 encoding: {taken}
     doubtful encoding | read as {taken} it says '{one}', as {other} '{two}', which is more like the text of a table | write encoding: {other} at this table in plan.yaml, or encoding: {taken} if the first is right
T231 图层的编码未写明 | 属性表中有非英文文字，而没有 .cpg 文件说明其编码 | 在 plan.yaml 的这个表下写 encoding: {near}（看来是它；也可为 utf-8、gb18030、big5、shift_jis、euc-kr）
     encoding of a shapefile is not stated | the attributes hold texts beyond ASCII, and no .cpg file says their encoding | write encoding: {near} at this table in plan.yaml (so it seems; or utf-8, gb18030, big5, shift_jis, euc-kr)
T232 图形超出区域 | 图形须全部在 {bounds} 之内（西、南、东、北） | 在 QGIS 中改正图形；区域不同就改 plan.yaml 的 region.bounds
     shape reaches out of the region | must lie within {bounds} (west, south, east, north) as a whole | mend the shape in QGIS, or change region.bounds in plan.yaml
T233 图层与声明的坐标系不符 | 图层自己的坐标系是 {crs}，不可能是 plan.yaml 所写的 {system} | 图层的坐标系对的，删去 coordinates: {system}（以及该坐标系的经纬度列）；错的，在 QGIS 中改正
     layer contradicts the coordinate system declared | the layer is in {crs}, which cannot be the {system} of plan.yaml | remove coordinates: {system} (and columns of lon and lat in it) if the layer is right, else set its system in QGIS
T234 经纬度与图形矛盾 | 离本行的图形 {km} 公里，两者不会都对 | {remedy}
     coordinates contradict the shape | {km} km from the shape of the same row: both cannot be right | {remedy}
T235 warning 点在自己的图形之外 | 在本行的图形之外 {km} 公里 | {remedy}
     point outside its own shape | {km} km outside of the shape of the same row | {remedy}
T236 同一张表的坐标系不同 | 一处写的是 {one}，另一处写的是 {other} | 经度与纬度取同一坐标系的两列；各行不同的，先换算到同一坐标系
     coordinates of one table in different systems | one is said to be {one}, another {other} | take the two columns of one system; convert rows that differ to one system first
T237 不是行政区划 | {why} | {remedy}
     no administrative division | {why} | {remedy}
T238 warning 地点与所写的行政区划不符 | {why} | 核对名称与坐标；坐标系不是 WGS84 的，在 plan.yaml 的这个表下写 coordinates
     place contradicts the division that is named | {why} | check names and coordinates; write coordinates at this table in plan.yaml if they are not in WGS84
T239 warning 同一行政区有两种写法 | 与 {others} 是同一处，都读作 {name} | 统一写成 {name}；plan.yaml 中的筛选条件也写 {name}
     one division written in two ways | is the same as {others}; both are read as {name} | write {name} throughout, also in the conditions of plan.yaml
T171 要改的表不存在 | 本计划没有这张表；有：{names} | 核对表名；要新加行就用 insert
     table of a change is missing | the plan has no such table; it has: {names} | check the name; insert puts rows into a new one
T172 改动中写了不存在的列 | “{table}”表没有这一列 | {nearest}
     unknown column in a change | the table {name} has no such column | {nearest}
T173 不能改编号 | 标识一行的编号不能改 | 改其他列；要换编号请改原表
     key of a table changed | what identifies a row cannot be changed | change another column, or the table itself
T174 没有要改的行 | “{table}”表没有符合 where 的行 | 核对 where 的值
     no row to change | no row of {name} matches | check the values in where
T175 非数值列不能加减乘 | add、times 只用于数值列 | 改用 set
     text cannot be added to | add and times are for numbers only | use set
T176 空白不能加减乘 | {where} 为空，不知道原值 | 先填原值，或改用 set
     blank cell cannot be added to | {where} is blank: what stands there is not known | fill it in first, or use set
T177 改动后的值不可用 | {column}：{rule}{rows} | 改这一处的值
     value of a change is refused | {column}: {rule}{rows} | change the value
T178 不成字的编码 | 含有不成字的编码（半个字符），写不进任何文件 | 删去或改写这段文字
     half a character | holds half a character, which no file can hold | remove or rewrite the text
T179 资源编号另有含义 | “{name}”在目标、规则或敏感性分析中另有含义 | 给资源换一个编号
     resource id is a word of the settings | {name} means something else in objectives, rules or sensitivity | give the resource another id
T180 图形不可用 | 第 {number} 个要素的图形{why} | 在 QGIS 中修复或重画该要素；没有范围就删去其图形
     shape cannot be used | the shape of feature {number} {why} | mend or redraw it in QGIS; remove the shape if there is none
T181 工作表过大 | 有内容的单元格直到 {cell}，即 {rows} 行 × {columns} 列，超过 {most} 格 | 删去远处零散的单元格（选中多余的行与列，删除后保存）
     sheet is too large | cells reach as far as {cell}: {rows} rows × {columns} columns, more than {most} cells | delete the stray cells far away (select the surplus rows and columns, delete them and save)
T183 逗号含义不明 | 文件以分号分隔，或表中有“10,5”这样的小数：这里的逗号或点可能是小数点，也可能是千分位 | 小数写作 1.5，千位写作 1234，都不用逗号
     comma of two meanings | the file is delimited by semicolons, or has decimals like 10,5: this comma or point may be a decimal point or a thousands separator | write 1.5 or 1234, without commas
T184 坐标系未写明 | 文件说是 {system} 坐标，而 plan.yaml 没有写明坐标系，会被当作 WGS84（相差约 500 米） | 在 plan.yaml 的这个表下写 coordinates: {system}；确为 WGS84 的写 coordinates: WGS84
     coordinate system is not stated | the file speaks of {system}, and plan.yaml does not: it would be read as WGS84, some 500 m off | write coordinates: {system} at this table in plan.yaml, or coordinates: WGS84 if it is
T190 warning 单位行 | 这一行是单位行，不是数据：已按它的单位读数 | 也可删去这一行，并在 plan.yaml 的这个表下写 units: {{{line}}}
     row of units | this row states units and is no row of data; the numbers were read in its units | it may be deleted if plan.yaml says at this table: units: {{{line}}}
T191 一列写了两个单位 | 表头（与单位行）既写 {one} 又写 {other}，无法判断用哪个 | 只留一个；或在 plan.yaml 的这个表下写 units: {{{name}: 其中一个}}
     two units for one column | the header (and the row of units) says both {one} and {other}; which is meant? | keep one of them, or write at this table in plan.yaml: units: {{{name}: one of them}}
T192 别处的单位与表头不同 | 表头写明 {unit}，而 {where} 写着“{note}”，其中的 {stated} 与之不同 | 表头对：{keep}；{stated} 对：改正表头中的单位
     another unit than the header's | the header states {unit}, and {where} says '{note}': {stated} is another | if the header is right: {keep}; if {stated} is, mend the unit in the header
T193 单位列的单位不可用 | 须写明“{header}”这一格的单位，可为：{allowed}；表头另写明单位的须相同（{used}） | 改正或填写这一格；整列同一单位的，可删去单位列，在 plan.yaml 的这个表下写 units: {{{name}: 单位}}
     unit of a cell cannot be used | the unit of this cell of {header} is needed, one of: {allowed}; the same as the header's where that states one ({used}) | mend or fill the cell; if the whole column has one unit, delete the column of units and write at this table in plan.yaml: units: {{{name}: …}}
T194 表头有两行 | 这一行像是表头的第二行，没有读入；只有一行可作表头 | 把两行合成一行（单位写在括号内）；表头只是其中一行的，在 plan.yaml 中写 header_row: 行号
     header of two rows | this row looks like the second row of the header, and was not read; one row is the header | make one row of the two, with units in brackets; if only one of them is the header, say which: header_row: …
T195 视在功率没有功率因数 | kVA 是视在功率，换成 {used} 须有功率因数 | 在 plan.yaml 的这个表下写 power_factor: 0 到 1 之间的数，如 0.8；或改填 {used}
     apparent power without a power factor | kVA is apparent power; {used} follow from it by a power factor | write at this table in plan.yaml power_factor: a number up to 1, as 0.8; or enter {used}
T196 单元格格式中的单位不同 | 此列按 {unit} 读，而 {where} 的格式显示 {stated} | 确为 {stated}：{fix}；确为 {unit}：{keep}
     unit of a number format | the column is read in {unit}, and the format of {where} shows {stated} | if {stated} is meant: {fix}; if {unit} is: {keep}
T197 单位列不知属于哪一列 | 可属于：{names}，无法判断 | 把单位写进各列表头；或把单位列改名为“列名+单位”；或在 plan.yaml 的这个表下写 units: {{{line}}}
     column of units of no clear column | could be that of: {names} | state the units in the headers; or call it by its column's name and 单位; or write at this table in plan.yaml: units: {{{line}}}
T210 可能是合计行 | 像是合计行，也可能是“{table}”的一行 | 是合计行就删除；确是一行的，写全编号与名称
     perhaps a total row | looks like a total, but may be a row of {table} | delete it if it is a total; else give it its full id and name
T211 数字恰为其余各行之和 | 各数恰为其余各行之和，而其他栏空白，像是没有写明的合计行 | 是合计行就删除；确是“{table}”的一行，填上其他栏
     figures are the sums of all other rows | its figures are the sums of all other rows, and its other cells are blank: a total without the word | delete it if it is a total; fill in its other cells if it is a row of {table}
T213 warning 说明行 | 是注释、来源或填表人等说明，不是“{table}”的一行，未读入 | 可移到表外
     row of notes | is a note, a source or a signature and no row of {table}: it was not read | it may be moved out of the table
T214 warning 重复的表头 | 又写了一遍表头，不是“{table}”的一行，未读入 | 可删去此行
     header said again | says the header again and is no row of {table}: it was not read | the row may be deleted
T215 warning 栏次行 | 是栏目序号，不是“{table}”的一行，未读入 | 可删去此行
     row of column numbers | numbers the columns and is no row of {table}: it was not read | the row may be deleted
T216 warning 没有内容的行 | 只有序号、0 或“无、—”之类，不是“{table}”的一行，未读入 | 可删去此行
     row with nothing in it | holds no more than a serial number, zeros or signs for nothing, and is no row of {table}: it was not read | the row may be deleted
T217 可能是说明行 | 像是说明文字，也可能是“{table}”的一行 | 是说明就移到表外；确是一行的，写全编号与名称
     perhaps a note | looks like a note, but may be a row of {table} | move it out of the table if it is a note; else give it its full id and name
T218 重复的表头单位不同 | 又写了一遍表头，而单位与前面的“{header}”不同，其下的数不知按哪个单位 | 换成同一单位，删去此行
     header said again in another unit | says the header again in another unit than {header}: of the numbers below it the unit is not known | convert them to one unit and delete the row
T219 warning 占位符当作空白 | 本列共 {count} 格是表示“没有”的占位符，不是编号、名称或数，按空白读 | 也可留空；确是编号的换一种写法
     placeholder read as blank | {count} cells of this column say that there is none, which is no id, name or number: read as blank | they may be left blank; if it is an id, write it otherwise
T220 占位符不是编号 | 像是表示“没有”的占位符，不能作编号 | 没有就留空（标识一行的编号须填写）；确是编号的换一种写法，如 A0
     placeholder in the place of an id | looks like a sign for nothing, which is no id | leave it blank if there is none (what identifies a row must be filled in); if it is an id, write it otherwise, as A0
T221 warning 只差写法的编号 | 与 {other} 的“{same}”只差大小写、全半角、空白、繁简或括号，现作两个不同的编号 | 是同一个就写成一样
     ids that differ in writing only | differs from '{same}' in {other} by case, width, blanks, script or brackets only, and is read as another id | write them alike if they are one
T222 warning 同名而不同编号 | 与 {other} 同名而编号不同，也不在同一方案组：现作两项，可能都被选中 | 是同一项目就删去一行，或填同一方案组
     one name under two ids | has the name of {other} under another id, and no variant group in common: both may be selected | delete one, or give them one variant group, if they are one
T223 可能是示例行 | 像是填写示例，也可能是“{table}”的一行 | 是示例就删除；确是一行的，写全编号与名称
     perhaps an example | looks like an example of how to fill in, but may be a row of {table} | delete it if it is an example; else give it its full id and name
T224 “同上”不是编号或名称 | 只说与上面的一格相同；行一旦排序或删去就不是那一格了 | 逐行写明上面那一格的内容
     as above is no id and no name | says only that it is as the cell above, which another order of the rows changes | write in each row what the cell above holds
T225 “不限”不是编号 | 须写编号；不限定的留空，一律按不限定读 | 不限定就留空；确有这个编号的，换一种写法
     any is no id | ids are needed here; a blank cell restricts nothing | leave it blank where anything will do; if there is such an id, write it otherwise
T305 写着作废的行 | 这一行自己写着已作废、取消或停用，却仍在“{table}”表中 | 作废的删除此行，或在 plan.yaml 的这个表下写 rows: {{列: 有效的值}} 只取有效的行；仍有效的，去掉这几个字
     row that says it is void | the row says of itself that it is void or cancelled, and still stands in {table} | delete it if it is; or write rows: {{column: value}} at this table in plan.yaml, so that only rows in force are read; else take the words out
T306 状态写着作废 | 此列说这一行已作废、注销或无效 | 在 plan.yaml 的这个表下写 {line}，只取有效的行；照样要读的，不排除它，或写出要读的值的列表
     state of a row that is void | by this column the row is void, cancelled or not in force | write at this table in plan.yaml {line}, so that only rows in force are read; to read it all the same do not exclude it, or list the values to be read
T307 warning 备注写着作废 | 有 {count} 行在此列写着作废、取消之类，照样读入：第 {rows} 行 | 作废的删除这些行，或在 plan.yaml 的这个表下用 rows 只取有效的行
     remark that a row is void | {count} rows say in this column that they are void or cancelled, and were read like the others: {rows} | delete those that are, or read only rows in force by rows: at this table in plan.yaml
T308 warning 数量级与同列其余不同 | 有 {count} 格（{cells}）与其余各格（{rest}）相差悬殊；按 {label} 读才是 {meant}，像是写错了单位 | 核对这几格；确为另一单位的，把单位写进单元格或换算后填写
     size unlike the rest of its column | {count:cell} ({cells}) far from all others ({rest}); read in {label} the first would be {meant}, so the unit may be another | check these cells; write the unit into the cell, or the amount in the unit of the column
T309 一列写着两个坐标 | 这一列同时写着经度和纬度，而表中没有经度、纬度两列：没有读入 | 在 plan.yaml 的这个表下写 columns: {{lon: {header}, lat: {header}}}，按数值分出经纬度；不用的写 columns: {{{header}: {header}}}；或拆成“经度”“纬度”两列
     both coordinates in one column | the column holds longitude and latitude, and the table has no two columns for them: they were not read | write at this table in plan.yaml columns: {{lon: {header}, lat: {header}}} and they are told apart by their size; columns: {{{header}: {header}}} if they are not wanted; or make two columns of it
T310 经纬度读不出 | {why} | 写作“117.25,31.85”或“东经117.25 北纬31.85”（小数的度，或度分秒）；没有就留空
     coordinates cannot be read | {why} | write 117.25,31.85 or E117.25 N31.85 (degrees with decimals, or with minutes and seconds); leave it blank if not known
T311 warning 一列读作经度和纬度 | {count} 格按 plan.yaml 所写分出经度与纬度，如“{cell}”读作经度 {lon}、纬度 {lat} | 抽查几格
     one column read as two coordinates | {count} cells were told apart as plan.yaml says: '{cell}' is longitude {lon} and latitude {lat} | check a few
T312 坐标系没有公开的换算 | 文件说是 {system} 坐标，它与 WGS84 之间没有公开的换算；照原数读会差 50–150 米或更多 | 请测绘部门换算到 CGCS2000 后使用；能接受这一误差的，在 plan.yaml 的这个表下写 coordinates: WGS84
     no public conversion of the coordinate system | the file speaks of {system}, from which no conversion to WGS84 is public: read as they stand, points are 50 to 150 m off, or more | have them converted to CGCS2000 by the surveying office; write coordinates: WGS84 at this table in plan.yaml if that error does no harm
T313 warning 坐标有误差 | {system} 的坐标{how} | 要更准的，请测绘部门换算到 CGCS2000
     coordinates are uncertain | the coordinates in {system} {how} | have them converted to CGCS2000 by the surveying office where that matters
T198 金额不是人民币 | 此行的币种是 {currency}，而金额一律按人民币读 | 换算成人民币填写，并写明币种为人民币；金额已是人民币的，改正币种
     amounts are of another currency | the row states {currency}, and amounts are read in yuan | enter the amounts in yuan and state CNY; mend the currency if they already are
T226 横向合并单元格 | 合并单元格（{range}）跨了多列，只有首列有值 | 取消合并，每列各填；确实没有的留空
     cells merged over columns | merged over several columns ({range}): only the first has the value | unmerge and fill every column; leave blank what there is none of
T242 warning 数据已旧 | {key} 的数据到 {on} 已 {age} 天，超过 {days} 天 | 向原来源核对，更新数据和数据日期
     facts have grown old | the facts of {key} are {age} days old on {on}, more than {days} | ask their source again; renew facts and date
T243 warning 数据日期晚于核对日期 | {key} 的数据日期晚于 {on} | 核对日期
     facts of a later day | the facts of {key} are of a day after {on} | check the date
T244 warning 数据日期看不懂 | 须为清楚的日期，如 2026-09-30；此行按没有日期处理 | 改写日期
     day of the facts cannot be read | a clear date such as 2026-09-30 is needed; the row counts as undated | rewrite it
T245 warning 不知道数据是哪一天的 | {rows} 行没有数据日期，无法判断新旧 | 加一列“数据日期”，或在 plan.yaml 的 tables.{name} 下写 as_of: 日期
     day of the facts is not known | {rows:row} without a day, so of an age that is not known | add a column as_of, or write as_of: at tables.{name} in plan.yaml
T246 warning 没有数据的资源 | 各表都没有这种资源的数据，不作为限制 | 用到就填写各表中它的列；不用可删去这一行
     resource without data | no table says anything of this resource: it limits nothing | fill in its columns if it is used; the row may be deleted if not
T182 where 中的值没有对应的行 | “{table}”表的“{column}”列没有这个值，改动不会作用于它 | {nearest}
     value of a change that no row has | no row of {name} has this value in {column}: the change would not reach it | {nearest}
T355 名称不止一个编号 | 有几行叫这个名称：{ids} | 改写编号
     name of several ids | several rows have this name: {ids} | write the id
T356 单位不能换算 | “{column}”列的单位是 {unit}；可写：{allowed} | 改正单位，或只写数
     unit does not convert | the column {column} is in {unit}; allowed: {allowed} | mend the unit, or write the number alone
T357 文字列不能按范围筛选 | 这一列中有文字（{words}），min、max 只用于数 | 改按值筛选，或用 contains
     range of a column of text | the column holds text ({words}); min and max are for numbers | filter by values, or by contains
T358 不是季度列 | from、until 只用于季度列 | 改用 min、max，或按值筛选
     no column of quarters | from and until are for columns of quarters | use min and max, or values
T380 季度列写了 min、max | 这一列是季度：季度的范围写 from、until，min、max 只用于数 | 写作 {instead}
     min and max on a column of quarters | the column holds quarters: a range of quarters is written from and until; min and max are for numbers | write {instead}
T359 范围颠倒 | 换算到同一单位后 min 大于 max | 核对两个数与单位
     range the wrong way round | in one unit min is above max | check the two numbers and their units
T361 不限乘以 0 | 有的格是“不限”，乘以 0 不知是多少 | 用 set 写明数值
     unlimited times 0 | some of these cells are unlimited, which times 0 is no known amount | use set to say how much
T362 加入的行缺少必填列 | 缺少必填列 {column} | 补上这一列
     row put in lacks a column | the column {column} is required | add it
T363 一列写了两次 | 与 {other} 是同一列 | 删去一个
     column written twice | is the same column as {other} | remove one
T364 不能删光 | “{table}”表会一行不剩，而计划不能没有它 | 缩小 where
     nothing would be left | no row of {name} would be left, which a plan cannot do without | narrow the filter
T365 仍有行引用删去的行 | “{table}”表“{column}”列仍引用：{rows} | 先用另一项改动改写或删去这些行，次序不限
     rows still name what is removed | the column {column} of {name} still names it: {rows} | change or remove these rows by another change, in any order
T366 资源不在 changes 中改 | 资源决定各表怎样读入，先于改动 | 写在 plan.yaml 的 resources 之下；情景中写 settings: {{resources: …}}
     resources are not changed here | resources say how tables are read, which is before any change | write resources: in plan.yaml; in a scenario settings: {{resources: …}}
T367 列名属于几张表 | 可以是 {both} | 写明是哪张表
     column of several tables | may be {both} | write which table's
T368 warning 界限没有筛去任何数 | “{column}”列的数（{span} {unit}）全部符合：不带单位的界限按 {unit} 读 | 核对单位；界限可带单位，如 2 亿元
     bound that leaves nothing out | every number of {column} ({span} {unit}) meets it: a bound without a unit is in {unit} | check the unit; a bound may carry one, as 2 亿元
T200 扩展名与内容不符 | 内容是{what} | {remedy}
     content is not what the name says | the content is {what} | {remedy}
T201 工作表几乎全空 | 有内容的单元格直到 {cell}，即 {rows} 行 × {columns} 列，其中只有 {held} 格有内容 | 删去远处零散的单元格（选中多余的行与列，删除后保存）
     sheet is nearly empty | cells reach as far as {cell}: {rows} rows × {columns} columns, of which {held} cells hold anything | delete the stray cells far away (select the surplus rows and columns, delete them and save)
T202 warning 隐藏的行 | 有 {count} 行被隐藏或筛选掉，照样读入：第 {rows} 行 | 不该计入的请删除这些行；该计入的取消隐藏或清除筛选
     hidden rows | {count} rows are hidden or filtered out, and were read like the others: {rows} | delete those that are not meant; unhide the others or clear the filter
T203 warning 划掉的行 | 有 {count} 行带删除线，照样读入：第 {rows} 行 | 作废的请删除这些行；有效的去掉删除线
     rows struck out | {count} rows have text struck out, and were read like the others: {rows} | delete those that are void; take the line off the others
T204 warning 隐藏的列 | 此列被隐藏，照样读入 | 核对后取消隐藏；不该用的删除该列
     hidden column | the column is hidden and was read like the others | check it and unhide it; delete it if it is not meant
T205 显示的数与存的数不同 | 单元格格式是 {format}：存的是 {held}，显示的是它的 {times}，无法判断以哪个为准 | 把格式改为常规，按表头的单位重新填写
     number is not shown as it is held | the number format is {format}: {held} is held, and {times} is shown; which is meant? | set the format to General and enter the number in the unit of the header
T206 warning 读的是隐藏的工作表 | 这张工作表是隐藏的，照样读入 | 核对它是不是现行的一张；是就取消隐藏
     the sheet that is read is hidden | this sheet is hidden and was read like any other | check that it is the one in force, and unhide it
T207 warning 有隐藏的工作表未读 | 这些工作表是隐藏的，没有读；读的是“{sheet}” | 要用就取消隐藏，或在 plan.yaml 中写 sheet: 名称
     hidden sheets were not read | these sheets are hidden and were not read; {sheet} was | unhide what is wanted, or name it in plan.yaml: sheet: …
T185 没有这一列 | plan.yaml 写了这一列，文件中没有 | {nearest}
     no such column | plan.yaml names this column, and the file has none such | {nearest}
T186 没有要取的行 | 没有一行符合 | {nearest}
     no rows to be read | no row meets it | {nearest}
T187 上下相接的列单位不同 | 与 {other} 上下相接，而单位不同：{units} | 统一单位，或在 plan.yaml 中把它对应到规范列
     stacked columns in two units | stands below {other}, in another unit: {units} | use one unit, or map it to a canonical column in plan.yaml
T188 没有可以变成行的列 | 没有一个表头能作“{into}”列的值 | 在 unpivot 中写明 columns: {{表头: 值}}
     no column to turn into rows | no header can be a value of the column {into} | write columns: {{header: value}} under unpivot
T189 图层不能这样用 | 图层的要素不能用 {found} 筛选 | 在 QGIS 中筛选后导出，或改用 CSV
     not for layers | features of a layer cannot be filtered by {found} | filter them in QGIS and export, or use a CSV
""",
    quoted=60,
)
problem = CODES.problem


def nearest_words(near: tuple[str, ...], otherwise: Words) -> Words:
    """The remedy "did you mean", or another where nothing is near."""
    return Words("是否指：{near}", "did you mean: {near}").fill(near=Words.listed(near)) if near else otherwise
