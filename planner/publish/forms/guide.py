"""The first and the last sheet of a template: how it is filled in, and an example row of every table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlsxwriter.utility import quote_sheetname

from planner.language import Words
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.exact import digits
from planner.publish.book.table import page_of_one_table, widen, write_table
from planner.publish.forms.cells import written
from planner.publish.forms.examples import example_of
from planner.publish.forms.notes import note_of
from planner.tables import column as tables
from planner.tables.form import header_of

GUIDE, EXAMPLES = Words("填写说明", "How to fill in"), Words("示例与各列说明", "Examples and columns")
_TITLE = Words("补链输入模板：填写说明", "Bulian input template: how to fill it in")
_STEPS = (
    Words(
        "每张表一页，红色页签的两张必填，其余没有就空着。鼠标停在表头上有说明。",
        "One sheet a table: the two with red tabs are needed, the others may stay empty. Hover over a header for what it means.",
    ),
    Words(
        "从表头下一行填起，一行一个项目或园区；不要写合计行、说明行，不要合并单元格。",
        "Begin right below the header, one row each; no totals, no notes, no merged cells.",
    ),
    Words(
        "不知道的数字留空，不要填 0；0 就是没有。整列不填，等于没有这一列。",
        "Leave a number blank where it is not known; 0 means none. A column left wholly blank counts as absent.",
    ),
    Words(
        "假设的数字在后面加 *（如 12.5*）；整列都是假设的，* 加在表头里。",
        "Put * after an assumed number (12.5*), or into the header where the whole column is assumed.",
    ),
    Words(
        "表头括号里是单位；改成别的单位（如 亿元）会自动换算。",
        "The unit stands in the header's brackets; state another one and it is converted. 万元: 10,000 yuan; 亩: a fifteenth of a hectare; 人月: person-months; 吨标煤: tonnes of coal equivalent.",
    ),
    Words(
        "资源由“资源”表定义：增减一种资源，就在“资源”“客商库”“园区”表里增减它的行与列。",
        "Resources are declared in the sheet resources; add a row there, and a column of that name to candidates and parks, for a further one.",
    ),
    Words(
        "填好后放进计划的 data/ 文件夹（plan.yaml 不写 tables 时自动读入），或在 plan.yaml 中写下面几行，再运行 planner check。",
        "Then put the workbook into the plan's folder data/ (it is read where plan.yaml has no tables), or the lines below into plan.yaml, and run planner check.",
    ),
)
_MISSING = Words("必填而未填", "required and blank")
_DOUBTFUL = Words("编号重复，或在所指的表中没有", "an id that stands twice, or is not in the table it refers to")
_HEADINGS = (
    Column(Words("工作表", "Sheet"), room=20),
    Column(Words("是什么", "What it holds"), room=60),
    Column(Words("必需", "Needed"), kind="short"),
    Column(Words("一行由什么区分", "Rows are told apart by"), room=38),
    Column(Words("行数", "Rows"), kind="count"),
)
_ABOUT: Mapping[str, Words] = {
    "resources": Words("用地、用电等要素：单位，归谁，用掉还是占用", "land, power …: their units, whose they are, used up or held"),
    "chains": Words("产业链与链长、牵头单位", "industry chains, their chiefs and offices"),
    "links": Words("各链环节：年需求、本地能力、备份要求", "links of the chains: yearly demand, local supply, backup wanted"),
    "parks": Words("园区：位置、准入、可供要素", "parks: where they are, whom they take, what they have"),
    "candidates": Words("目标企业与项目：补哪个环节，投资、产值、要素需求", "target firms and projects: their link, money, needs"),
    "site_options": Words("某项目在某园区的不同之处", "what differs for a project in a park"),
    "capacities": Words("分期投用的要素能力", "capacity that comes in phases"),
    "funds": Words("各资金池各季度的额度", "money of each fund by quarter"),
    "teams": Words("各专班各季度的人月", "person-months of each team by quarter"),
    "link_edges": Words("环节之间的投入产出关系", "what links buy of each other"),
    "incumbents": Words("本地已有企业及其能力", "firms that are here already, and what they supply"),
    "status": Words("项目进展：哪天到了哪个阶段，有何问题", "what became of projects: the stage reached, by date, and problems"),
    "people": Words(
        "链长、专班负责人等：哪些产业链、哪些地方，可负责几个项目", "chiefs, team leaders …: chains, places, projects they may own"
    ),
    "targets": Words("签约、开工、投产等要达到多少", "how many are to sign, start, produce …, and what they invest"),
    "calendar": Words("放假、调休上班，日期已定的会议", "holidays, weekends that are worked, meetings whose day is settled"),
    "policies": Words(
        "可提供的政策：依据、上限、有效期、合规审查", "what may be offered: its basis, ceiling, dates, and the legal review"
    ),
    "freight": Words("运价与单位产值货运量，来源", "what transport costs, and tonnes for each 万元 of goods"),
    "distances": Words("两地之间的里程与用时", "how far it is between two places, and how long it takes"),
    "technologies": Words("各环节的关键技术、路线、水平、承担单位", "technologies of the links: route, level, holder"),
    "applications": Words("各环节产品的应用领域与用户", "what the links' products are used for, and by whom"),
    "indicators": Words("各链各时期的监测指标", "indicators of the chains by period"),
}
_YES, _OPTIONAL = Words("必需", "needed"), Words("可选", "optional")
_LINES = Words("写入 plan.yaml", "For plan.yaml")
_EXAMPLES_NOTE = Words(
    "补链输入模板：“示例”一栏连起来就是一行，虚构，不会被读入。",
    "Bulian input template: the examples of a sheet together are one row of it; they are invented and never read.",
)
_EXAMPLE_HEADINGS = (
    Column(Words("工作表", "Sheet"), room=18),
    Column(Words("列", "Column"), room=34),
    Column(Words("示例", "Example"), room=30),
    Column(Words("填什么", "What to enter"), room=96),
)


def plan_lines(sources: Mapping[str, Sequence[Mapping[str, object]]]) -> list[str]:
    """The lines of plan.yaml that say where each table is: its sources, each as plan.yaml's keys and values."""
    flow = {table: [json.dumps(source, ensure_ascii=False) for source in told] for table, told in sources.items()}
    return [
        "tables:",
        *(f"  {table}: {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}" for table, told in flow.items()),
    ]


def write_guide(book: Book, sheets: Sequence[tuple[tables.TableSpec, str, int]], into_plan: Sequence[str]) -> None:
    """``sheets``: each table, the name of its sheet and how many rows it has; ``into_plan``: lines for plan.yaml."""
    language, page = book.language, book.page(GUIDE.say(book.language))
    rows: list[tuple[Cell, ...]] = []
    for spec, name, size in sheets:
        key = "、".join(spec.column(column).zh if language == "zh" else column for column in spec.key)
        needed = (_YES if spec.needed else _OPTIONAL).say(language)
        rows.append((name, _ABOUT[spec.name].say(language), needed, key, size or ""))
    first, *others = with_rows(_HEADINGS, rows)
    links = [f"{quote_sheetname(name)}!A1" for _, name, _ in sheets]
    columns = [replace(first, links=links), *others]
    widen(page, columns)
    last = len(columns) - 1
    page.head(last, _TITLE, *(f"{number}. {page.say(step)}" for number, step in enumerate(_STEPS, start=1)))
    row = len(_STEPS) + 1
    for tone, words in (("error", _MISSING), ("warning", _DOUBTFUL)):
        page.put(row, 0, None, book.style("body", tone))
        page.merged(row, 1, last, page.say(words), book.style("note"))
        row += 1
    lines = write_table(page, row + 1, columns, grow=False).end + 1
    page.section(lines, _LINES)
    for row, line in enumerate(into_plan, start=lines + 1):
        page.text(row, 0, line, book.style("note", font_name="Consolas", text_wrap=False))
    page.finish()
    page.sheet.activate()


def write_examples(book: Book, sheets: Sequence[tuple[tables.TableSpec, str, Sequence[tables.Column]]]) -> None:
    """An example row of each table, its cells one below the other beside what each column is; ``sheets``: each table, its sheet,
    its columns."""
    language, rows, stop = book.language, [], "；" if book.language == "zh" else "; "
    for spec, name, columns in sheets:
        example = example_of(spec.name, language)
        for column in columns:
            value = written(column, example[column.name], language) if column.name in example else ""
            text = digits(value) if isinstance(value, float) else str(value or "")
            rows.append((name, header_of(column, language), text, stop.join(note_of(column, spec.name, language).split("\n")[1:])))
    page_of_one_table(book, EXAMPLES, with_rows(_EXAMPLE_HEADINGS, rows), title=_EXAMPLES_NOTE)[0].finish()
