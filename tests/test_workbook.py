"""``plan.xlsx``: the right figures in the right cells, nothing from the input that runs, words that a bureau understands."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.language import Words
from planner.plan.firm_records import Exclusion
from planner.plan.model import Plan
from planner.publish import fields
from planner.publish.book.text import CELL_LIMIT, clean, sheet_name
from planner.publish.field import Catalogue, Field
from planner.publish.figures import gap_text
from planner.publish.proof import quality
from planner.publish.sentences import Teller
from planner.publish.words import REASONS
from planner.publish.workbook import write_workbook
from tests.example_plan import QUARTERS, example_plan
from tests.programs import needs

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")

CHAINS = ["电子信息·印制·电路板··覆铜", "新能源汽车"]
SHEETS = [
    "要点",
    "总览",
    "招商清单",
    "分季推进",
    "责任分工",
    *CHAINS,
    "环节",
    "供需对接",
    "园区",
    "资源分季",
    "资金与专班",
    "未选原因",
    "附表",
    "目标值的构成",
    "限制与规则",
    "规则一览",
    "数据与假设",
    "设置",
    "核验",
]


def written(plan: Plan, folder: Path) -> openpyxl.Workbook:
    path = folder / "plan.xlsx"
    write_workbook(plan, path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return written(example_plan(), tmp_path_factory.mktemp("zh"))


def heading(cell: object) -> str:
    """A heading without its unit."""
    return str(cell).partition("\n")[0]


def rows_of(sheet: Worksheet, first: str) -> list[dict[str, Any]]:
    """Rows of the first table whose heading row holds ``first``, by bare heading (without unit and mark), to its end."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(n for n, row in enumerate(rows) if first in [heading(cell).rstrip("*") for cell in row])
    names = [heading(cell).rstrip("*") for cell in rows[top]]
    found = []
    for row in rows[top + 1 :]:
        if all(cell is None for cell in row):
            break
        found.append({name: cell for name, cell in zip(names, row, strict=True) if name != "None"})
    return found


def cell_below(sheet: Worksheet, title: str, row: int = 1) -> Any:
    """The cell so many rows below a heading."""
    at = next(cell for line in sheet.iter_rows() for cell in line if heading(cell.value).rstrip("*") == title)
    return sheet.cell(at.row + row, at.column)


def headings() -> set[Words]:
    """Of every field of every sheet, those named by the plan left out."""
    catalogues = [one for one in vars(fields).values() if isinstance(one, Catalogue)]
    found = {field.heading for one in catalogues for field in one.entries if isinstance(field, Field)}
    assert len(found) > 40
    return found


def everything(book: openpyxl.Workbook) -> list[str]:
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_sheets_stand_in_order_under_names_that_excel_takes(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_every_selected_firm_has_its_row_with_its_figures(book: openpyxl.Workbook) -> None:
    plan, rows = example_plan(), rows_of(book["招商清单"], "排名")
    assert [row["企业"] for row in rows[:-1]] == [firm.name for firm in plan.selected]
    for row, firm in zip(rows, plan.selected, strict=False):
        told = (
            row["排名"],
            row["园区"],
            row["季度"],
            row["计划投资"],
            row["用地"],
            row["用电"],
            row["能耗"],
            row["奖补诉求"],
            row["落地概率"],
        )
        assert told == (
            firm.rank,
            firm.park_name,
            firm.quarter,
            firm.investment,
            firm.needs["land"],
            firm.needs["power"],
            firm.needs["energy"],
            firm.subsidy,
            firm.landing_probability,
        )
    assert rows[0]["区县"] == "东县"
    assert rows[0]["环节"] == "覆铜板"
    assert rows[0]["专班"] == "电子专班"
    assert rows[1]["来源城市"] == "—", "what is not known is not invented"


def test_each_chain_has_its_own_firms_links_and_shortages(book: openpyxl.Workbook) -> None:
    sheet = book["电子信息·印制·电路板··覆铜"]
    assert [row["企业"] for row in rows_of(sheet, "企业")] == ["<script>alert(1)</script>", "../../x", "合计"]
    assert [row["环节"] for row in rows_of(sheet, "卡脖子")] == ["覆铜板", "专用设备", "检测服务", "合计"]
    left = rows_of(sheet, "说明")
    assert [row["环节"] for row in left] == ["覆铜板", "专用设备", "合计"], "the largest shortage first; none without one"
    assert left[0]["缺口"] == 24_000


def test_links_show_before_and_after(book: openpyxl.Workbook) -> None:
    laminate = [cell.value for cell in next(row for row in book["环节"].iter_rows() if row[1].value == "覆铜板")]
    assert laminate[5:11] == [100_000, 108_000, 20_000, 84_000, 80_000, 24_000]
    assert laminate[11:13] == [0.2, 84_000 / 108_000]
    assert laminate[13:15] == ["薄弱", "基本满足"]


def test_totals_are_formulas_with_the_right_value(tmp_path: Path, book: openpyxl.Workbook) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(example_plan(), path)
    values = openpyxl.load_workbook(path, data_only=True)
    formula = cell_below(book["招商清单"], "计划投资", 4)
    assert formula.value == f"=SUBTOTAL(109,{formula.column_letter}4:{formula.column_letter}6)"
    assert values["招商清单"][formula.coordinate].value == 92_000
    contribution = cell_below(values["目标值的构成"], "贡献", 7)
    assert contribution.value == pytest.approx(example_plan().objective.value), "contributions less penalties are the value"


def test_a_total_with_unknown_summands_says_so(book: openpyxl.Workbook) -> None:
    total = cell_below(book["未选原因"], "计划投资", 4)
    assert total.number_format.startswith('"≥ "'), "one investment is not known: the sum is at least so much"


def test_nothing_from_the_input_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=SUBTOTAL\(109,[A-Z]+\d+(:[A-Z]+\d+)?\)", str(cell.value)) for cell in formulas)
    firm = cell_below(book["招商清单"], "企业", 3)
    assert (firm.value, firm.data_type) == ("=1+1", "s")
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "http://example.org",
    "<r><t>x</t></r>",
    "a\x00\x0b\x1fb\ufffe",
    "_x0041_",
    "12",
    "名" * 40_000,
    "\U0001f600" * 20_000,
    "\ud800",
    " ",
    "a\r\nb",
)


def test_hostile_names_are_text_wherever_they_stand(tmp_path: Path) -> None:
    plan = example_plan()
    firm, chain = plan.selected[0], plan.chains[0]
    firms = [firm.model_copy(update={"name": name, "city": name, "source": name}) for name in HOSTILE]
    chains = [chain.model_copy(update={"name": name, "chief": name}) for name in HOSTILE]
    head = plan.plan.model_copy(update={"name": HOSTILE[0]})
    book = written(plan.model_copy(update={"selected": tuple(firms), "chains": tuple(chains), "plan": head}), tmp_path)
    assert not any(cell.data_type == "f" and "SUBTOTAL" not in cell.value for sheet in book for row in sheet for cell in row)
    for row, name in enumerate(HOSTILE, 1):
        told = cell_below(book["招商清单"], "企业", row)
        assert told.data_type in {"s", "inlineStr"}
        assert len(str(told.value).encode("utf-16-le")) // 2 <= CELL_LIMIT
        assert re.sub(r"\s", "", str(told.value))[:3] == re.sub(r"\s", "", clean(name))[:3]


def test_sheet_names_are_legal_unlike_and_whole() -> None:
    taken: list[str] = []
    for wanted in ("a/b", "A?B", "History", "'quoted'", "", "链" * 40, "链" * 40, "[]:*?/\\", "总览\n表"):
        name = sheet_name(wanted, taken)
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\\n")
        assert name[0] != "'"
        assert name[-1] != "'"
        assert name.casefold() not in {other.casefold() for other in taken} | {"history"}
        taken.append(name)
    assert taken[1] == "A·B (2)"
    assert taken[6].endswith(" (2)")


def test_a_chain_may_be_called_like_a_sheet(tmp_path: Path) -> None:
    plan = example_plan()
    chains = tuple(chain.model_copy(update={"name": "总览"}) for chain in plan.chains)
    assert written(plan.model_copy(update={"chains": chains}), tmp_path).sheetnames[5:7] == ["总览 (2)", "总览 (3)"]


def test_assumptions_are_marked_in_the_heading_or_in_the_cell(book: openpyxl.Workbook) -> None:
    targets = book["招商清单"]
    headings = {heading(cell.value) for cell in targets[3]}
    assert "计划投资*" in headings, "the whole column is assumed"
    assert "达产年产值" in headings
    assert "年税收" in headings
    output, certain = cell_below(targets, "达产年产值", 1), cell_below(targets, "达产年产值", 2)
    assert output.value == 80_000, "marked, and still a number"
    assert output.number_format.endswith('"*"')
    assert '"*"' not in certain.number_format
    assert cell_below(targets, "达产年产值", 4).number_format.endswith('"*"'), "the total rests on it too"
    demand = next(row for row in book["环节"].iter_rows() if row[1].value == "专用设备")
    assert all(cell.number_format.endswith('"*"') for cell in (demand[5], demand[9], demand[10]))
    assert demand[13].value == "缺失 *", "a grade reckoned from an assumed demand"
    assert any("核实的事实" in text for text in everything(book)), "the mark is explained"


def test_unselected_firms_say_why_with_figures(book: openpyxl.Workbook) -> None:
    why = {row["企业"]: (row["类别"], row["未选原因"]) for row in rows_of(book["未选原因"], "项目编号")}
    kind, text = why["华星电子"]
    assert kind == "不符合条件"
    assert "投资强度 120 万元/亩，低于“东城经开区”的门槛 200 万元/亩" in text
    assert "用地需 360 亩，“西山高新区”最多只有 300 亩" in text
    assert "“南湖产业园”不接纳该产业链" in text
    kind, text = why["恒远热控"]
    assert kind == "放不下"
    assert "0.0312" in text
    assert "东城经开区 2027Q3 用地（150/150 亩）" in text
    assert "产业扶持资金" in text
    assert why["远航检测"][0] == "不划算"
    assert "-0.002" in why["远航检测"][1]


def test_a_selected_firm_says_what_it_brings(book: openpyxl.Workbook) -> None:
    rows = [row for chain in CHAINS for row in rows_of(book[chain], "入选理由")]
    why = {row["企业"]: row["入选理由"] for row in rows}
    first, signed = (firm.name for firm in example_plan().selected[:2])
    assert "新增预期年供给 6.4 亿元" in why[first]
    assert "由 8 补到 2.4 亿元" in why[first]
    assert "第二来源（备份）" in why[first]
    assert "意向园区" in why[first]
    assert why[signed].startswith("已签约")
    assert "首个本地来源" in why[signed]
    assert rows_of(book["招商清单"], "排名")[0]["补什么"] == "覆铜板：8→2.4 亿元，占 80%"


def test_every_exclusion_code_has_a_sentence() -> None:
    teller = Teller(example_plan("en"), "en")
    for code in REASONS:
        one = Exclusion.model_validate(
            {
                "code": code,
                "parks": 2,
                "example_park_id": "P1",
                "found": 1.5,
                "allowed": 3.0,
                "resource_id": "land",
                "other_id": "K001",
            }
        )
        text = teller.exclusion(one)
        assert "{" not in text
        assert text.endswith("(so in 2 parks)")
    assert set(REASONS) == set(Exclusion.model_fields["code"].annotation.__args__)  # type: ignore[union-attr]


def test_optimal_is_only_said_when_proved(book: openpyxl.Workbook, tmp_path: Path) -> None:
    assert not any("已证明最优" in text for text in everything(book))
    state = str(book["总览"]["A3"].value)
    assert "相差不超过 0.42%" in state
    assert "已达到设定的差距" in state
    plan = example_plan()
    proved = plan.model_copy(update={"status": plan.status.model_copy(update={"reason": "optimal", "proved": True})})
    assert str(written(proved, tmp_path)["总览"]["A3"].value).startswith("已证明最优")
    unknown = plan.model_copy(update={"objective": plan.objective.model_copy(update={"gap": None, "bound": None})})
    assert "未经证明" in quality(unknown).zh
    assert gap_text(0.004101) == "0.42%", "rounded up: no more is claimed than was proved"


def test_an_english_plan_gives_an_english_workbook(tmp_path: Path) -> None:
    book = written(example_plan("en"), tmp_path)
    assert book.sheetnames[:6] == [
        "In brief",
        "Overview",
        "Target list",
        "By quarter",
        "By owner",
        "Electronics ·boards· PCB··lamin",
    ]
    rows = rows_of(book["Target list"], "Rank")
    assert "CNY 640 m" in rows_of(book[book.sheetnames[5]], "Why")[0]["Why"]
    assert rows[0]["Investment"] == 50_000
    left = rows_of(book["Not selected"], "Id")
    assert left[2]["Why not"].startswith("Its investment per land, 120 (CNY 10k per mu), is below the 200 that East park asks for")
    own = {text for text in everything(book) if re.search("[\u4e00-\u9fff]", text)}
    words = {words.zh for words in headings()} | {"合计", "是", "否"}
    assert not own & words, "headings and our own words are English; only names from the tables are not"


def test_parks_funds_teams_limits_and_rules_are_all_there(book: openpyxl.Workbook) -> None:
    park = next(row for row in book["园区"].iter_rows() if row[0].value == "东城经开区")
    assert [cell.value for cell in park[3:12]] == [2, 62_000, 1.0, 150, 150, 1.0, 10, 12, 10 / 12]
    bars = [rule for rules in book["园区"].conditional_formatting for rule in rules.rules if rule.type == "dataBar"]
    assert len(bars) >= 3
    zones = rows_of(book["园区"], "地方")
    assert (zones[0]["地方"], zones[0]["已用"], zones[0]["总量"]) == ("东区", 2_300, 4_000)
    funds = rows_of(book["资金与专班"], "资金池")
    assert [row["季度"] for row in funds[:4]] == list(QUARTERS)
    assert [row["已用"] for row in funds[:3]] == [3_000, 1_500, 0]
    said = rows_of(book["规则一览"], "类别")
    assert [(row["最大可能"], row["单位"]) for row in said] == [(4, "个"), (100, "%")]
    assert said[1]["提示"] == "筛选没有排除任何项目"
    assert {row["限制"] for row in rows_of(book["限制与规则"], "限制")} == {"用地", "产业扶持资金", "电子专班"}
    assert [row["结果"] for row in rows_of(book["限制与规则"], "规则")] == ["满足", "软规则，已超出", "满足"]


def test_the_evidence_is_there(book: openpyxl.Workbook) -> None:
    inputs = rows_of(book["数据与假设"], "文件")
    assert inputs[0]["文件"] == "data/客商库.xlsx"
    assert inputs[0]["SHA-256（前 12 位）"] == "ab" * 6
    assert {row["表头"] for row in rows_of(book["数据与假设"], "表头")} >= {"计划投资额*(亿元)", "可用电力*(MW)"}
    settings = {row["键"]: row for row in rows_of(book["设置"], "键")}
    assert settings["quarters.count"]["值"] == "4"
    assert settings["rules[1].name"]["值"] == "东县不少于两个项目"
    assert settings["resources.land.unit"]["非默认"] == "●"
    assert settings["quarters.count"]["非默认"] == ""
    assert settings["solve.time_limit"]["含义"] == "求解时限"
    checks = {row["限制"]: row["核对条数"] for row in rows_of(book["核验"], "限制")}
    assert checks["存量资源"] == 12


def test_pages_say_what_they_are_and_their_headings_stay_in_sight(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert "示例市 2027 年度招商计划" in str(sheet.oddFooter.left.text)
        assert "&P" in str(sheet.oddFooter.right.text)
        assert sheet.title in str(sheet.oddHeader.right.text)
        assert sheet.print_area
    assert book["招商清单"].print_title_rows == "$3:$3"
    assert book["招商清单"].freeze_panes == "D4"
    assert book["未选原因"].auto_filter.ref == "A3:N6"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(example_plan(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_plan_with_nothing_but_parks_and_candidates(tmp_path: Path) -> None:
    plan = example_plan().model_copy(
        update=dict.fromkeys(
            (
                "selected",
                "not_selected",
                "chains",
                "links",
                "link_edges",
                "areas",
                "funds",
                "teams",
                "rules",
                "limits",
                "incumbents",
                "resources",
                "assumptions",
                "notices",
            ),
            (),
        )
    )
    parks = tuple(park.model_copy(update={"use": (), "fullness": None}) for park in plan.parks)
    book = written(plan.model_copy(update={"parks": parks}), tmp_path)
    assert book.sheetnames == [name for name in SHEETS if name not in (*CHAINS, "供需对接")]
    assert "没有资金限额" in everything(book)


def test_thousands_of_firms_that_are_not_selected(tmp_path: Path) -> None:
    plan = example_plan()
    many = tuple(plan.not_selected[n % 3].model_copy(update={"candidate_id": f"K{n:05d}"}) for n in range(4_000))
    write_workbook(plan.model_copy(update={"not_selected": many}), tmp_path / "plan.xlsx")
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as file:
        assert b"K03999" in file.read("xl/sharedStrings.xml")


@pytest.mark.slow
@pytest.mark.office
@needs(shutil.which("libreoffice"), "LibreOffice is not installed")
def test_libreoffice_opens_it_and_reckons_the_same_totals(tmp_path: Path) -> None:
    write_workbook(example_plan(), tmp_path / "plan.xlsx")
    without_values(tmp_path / "plan.xlsx", tmp_path / "bare.xlsx")
    subprocess.run(
        [
            "libreoffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path / "back"),
            str(tmp_path / "bare.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    ours = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    formulas = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    theirs = openpyxl.load_workbook(tmp_path / "back" / "bare.xlsx", data_only=True)
    totals = [
        (sheet.title, cell.coordinate) for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert len(totals) > 20
    for sheet, at in totals:
        assert theirs[sheet][at].value == pytest.approx(ours[sheet][at].value), f"{sheet}!{at}"


def without_values(source: Path, target: Path) -> None:
    """The workbook without the values of its formulas, so that whoever opens it has to reckon."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", old.read(name)))


def test_shared_words_come_in_both_languages() -> None:
    for words in (*headings(), *REASONS.values()):
        assert isinstance(words, Words)
        assert words.zh
        assert words.en
        assert not re.search("[\u4e00-\u9fff]", words.en)
