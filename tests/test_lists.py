"""List sets: filled from plan and tables, linked row to row, checked all at once; what is not known is never taken for none."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import iter_modules
from shutil import copytree
from typing import Any, get_args

import openpyxl
import pytest

from planner import api
from planner.content import content_folder
from planner.language import Words
from planner.publish import lists
from planner.publish.charts.registry import CHARTS
from planner.publish.desk import Desk, open_desk
from planner.publish.lists.check import declared_fields
from planner.publish.lists.ground import Known
from planner.publish.lists.judge import Judged, judge
from planner.publish.lists.kinds import KINDS, Entry
from planner.publish.lists.load import read_set, shipped
from planner.publish.lists.names import folder_name
from planner.publish.lists.schema import Chart, ListSheet, Records
from planner.publish.lists.table_fields import column_fields
from planner.publish.view import View
from planner.tables.dictionary import TABLES as SPECS
from tests.city import PLAN, TABLES
from tests.example_plan import example_plan
from tests.list_city import HOSTILE, REGION, TOLD, column, leads_right, pages_hold_together, words, write
from tests.quick import finished


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with tables that say everything, and its list sets."""
    run = finished(tmp_path_factory.mktemp("told") / "city", REGION, tables=TOLD)
    write(open_desk(run), run / "lists")
    return run


def test_records_of_the_schema_are_the_kinds_of_rows() -> None:
    assert get_args(Records) == tuple(KINDS)
    assert get_args(Chart) == tuple(chart.key for chart in CHARTS)
    assert {kind.table for kind in KINDS.values()} <= {*SPECS}


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_set_is_without_fault_and_says_where_it_comes_from(name: str) -> None:
    content, problems = read_set(Path("models/lists") / f"{name}.yaml", name)
    assert problems == []
    assert content is not None
    assert content.source.zh
    for sheet in content.sheets:
        if sheet.of == "incumbents" and (sheet.where or sheet.besides):
            assert sheet.notes, f"{name}: {sheet.key}: how it is worked out is said"


@pytest.mark.parametrize("name", [name for name in shipped() if name != "shenzhen"])
def test_every_link_of_a_shipped_set_leads_to_the_row_it_names(name: str, told: Path) -> None:
    links = leads_right(told / "lists" / name / "lists.xlsx")
    assert links > 0 or name in {"henan", "jiangsu"}


def test_pages_lead_to_each_other_and_to_their_rows(told: Path) -> None:
    assert pages_hold_together(told / "lists") >= 300


def test_a_set_for_each_chain_is_a_folder_for_each_that_lead_to_each_other(told: Path) -> None:
    folder = told / "lists" / "shenzhen"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [".._船舶".strip(". "), "汽车"]
    car = folder / "汽车"
    page = (car / "index.html").read_text(encoding="utf-8")
    assert (car / "panorama.svg").is_file()
    assert re.findall(r'<a href="#graph-(\d)" aria-label="(..)" style="left', page).count(("0", "泡棉")) == 2, (
        "a box of each chart leads to its row"
    )
    assert leads_right(car / "lists.xlsx") > 5
    policies = openpyxl.load_workbook(car / "lists.xlsx")["一链一策：政策"]
    assert column(policies, "适用环节")[0] == "不限"
    assert column(policies, "政策内容") == ["普惠政策", "汽车专项"], "those of the chain and those of every chain"
    assert "普惠政策" in (car / "policies.html").read_text(encoding="utf-8")
    assert "船舶专项" not in (car / "policies.html").read_text(encoding="utf-8")
    ships = openpyxl.load_workbook(folder / "_船舶" / "lists.xlsx")
    assert "没有一行符合" in words(ships["关键卡点攻关清单"]) or "没有行" in words(ships["关键卡点攻关清单"])


def test_the_ten_lists_are_chosen_by_their_stated_rules(told: Path) -> None:
    book = openpyxl.load_workbook(told / "lists" / "shandong" / "lists.xlsx")
    assert len(book.sheetnames) == 12, "a directory, the graph and ten lists"
    assert column(book["龙头骨干企业清单"], "企业") == ["老座椅厂", HOSTILE], (
        "by class, and as an anchor; the largest output first, blanks last"
    )
    assert column(book["主要配套企业清单"], "企业") == ["小海绵厂"]
    assert column(book["可对接的省外头部企业清单"], "企业名称") == ["甲公司"]
    assert column(book["可对接的社会基金清单"], "企业名称") == ["丙公司"]
    assert column(book["可对接的科研机构清单"], "企业名称") == ["丁公司"]
    graph = book["产业链图谱"]
    assert dict(zip(column(graph, "环节"), column(graph, "龙头骨干"), strict=True)) == {"座椅": 1, "泡棉": 1}
    assert dict(zip(column(graph, "环节"), column(graph, "配套"), strict=True)) == {"座椅": 0, "泡棉": 1}


def test_figures_are_those_of_the_plan_and_sources_and_marks_travel(tmp_path: Path) -> None:
    tables = {**TOLD, "links": [{**row, "demand*": row["demand"]} for row in TABLES["links"]]}
    for row in tables["links"]:
        row.pop("demand")
    run = finished(tmp_path / "city", f"{REGION}lists: [shandong]\n", tables=tables)
    plan = api.read_plan(run / "plan.json")
    write(open_desk(run), run / "lists")
    book = openpyxl.load_workbook(run / "lists" / "shandong" / "lists.xlsx")
    projects, graph = book["重点项目清单"], book["产业链图谱"]
    assert column(projects, "计划投资") == [firm.investment for firm in plan.selected]
    assert column(graph, "年需求") == [link.demand_before for link in plan.links]
    heads = [str(cell.value) for row in graph.iter_rows() for cell in row if str(cell.value).startswith("年需求")]
    assert heads == ["年需求\n计划前 *\n万元"] or heads == ["年需求\n计划前*\n万元"]
    assert "带 * 的为假设" in words(graph)
    assert plan.short_seal in str(graph.oddFooter.right.text)


def test_what_is_not_known_is_said_and_is_no_empty_list(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", f"{PLAN}lists: [shandong]\n")
    write(open_desk(run), run / "lists")
    book = openpyxl.load_workbook(run / "lists" / "shandong" / "lists.xlsx")
    said = words(book["龙头骨干企业清单"])
    assert "无法列出" in said
    assert "（anchor）" in said
    assert "无法列出" in words(book["主要配套企业清单"]), "what is no leading firm is not known either"
    assert "technologies" in words(book["关键产品技术攻关清单"])
    assert "region.province" in words(book["可对接的省外头部企业清单"])
    assert column(book["产业链图谱"], "龙头骨干") == ["—", "—"], "a count of what cannot be listed is not 0"
    page = (run / "lists" / "shandong" / "index.html").read_text(encoding="utf-8")
    assert "（anchor）" in page


def test_what_a_paper_does_not_itemise_is_left_to_the_bureau(told: Path) -> None:
    book = openpyxl.load_workbook(told / "lists" / "henan" / "lists.xlsx")
    unnamed = [name for name in book.sheetnames if "待命名" in name]
    assert len(unnamed) == 4
    assert all("待本单位命名" in words(book[name]) for name in unnamed)
    eight = openpyxl.load_workbook(told / "lists" / "jiangsu" / "lists.xlsx")["八个一清单"]
    assert sum("待本单位命名" in str(name) for name in column(eight, "事项")) == 6 * 2, "of each chain"


def test_text_of_the_input_is_text(told: Path) -> None:
    book = openpyxl.load_workbook(told / "lists" / "shandong" / "lists.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    for page in (told / "lists").rglob("*.html"):
        assert "<script" not in page.read_text(encoding="utf-8")


def test_the_same_plan_gives_the_same_bytes(told: Path, tmp_path: Path) -> None:
    write(open_desk(told), tmp_path / "again")
    files = sorted(path.relative_to(told / "lists") for path in (told / "lists").rglob("*") if path.is_file())
    assert files
    assert [path for path in files if (tmp_path / "again" / path).read_bytes() != (told / "lists" / path).read_bytes()] == []


def test_english_sets_are_english(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", f"{REGION}lists: [shandong]\n".replace("language: zh", "language: en"), tables=TOLD)
    write(open_desk(run), run / "lists")
    book = openpyxl.load_workbook(run / "lists" / "shandong" / "lists.xlsx")
    assert book.sheetnames[:3] == ["Contents", "Graph of the chains", "Leading firms"]
    heads = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.font.b}
    assert not [head for head in heads if re.search("[\u4e00-\u9fff]", head)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/b", "a_b"),
        ("..", "_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("汽车", "汽车"),
        ("A", "A-2"),
        ("x" * 300, "x" * 80),
        ("\u202eabc", "_abc"),
    ],
)
def test_folders_have_names_that_every_system_takes(text: str, name: str) -> None:
    assert folder_name(text, {"a"}) == name


def test_all_that_lists_say_can_be_said_in_both_languages() -> None:
    for module in iter_modules(lists.__path__, "planner.publish.lists."):
        for name, said in vars(import_module(module.name)).items():
            for one in said if isinstance(said, tuple) else [said]:
                if isinstance(one, Words):
                    places = {*re.findall(r"\{(\w+)", one.zh + one.en)}
                    for language in ("zh", "en"):
                        assert "{" not in one.say(language, **dict.fromkeys(places, 2)), name


def test_what_is_blank_decides_nothing_that_filling_it_in_could_turn() -> None:
    """A row is taken when it passes whatever its blanks are, left out when it fails whatever they are, and open otherwise."""
    values: dict[str, list[Any]] = {"anchor": [True, False], "class": ["甲", "乙"], "output": [50.0, 150.0]}
    wheres: list[Any] = [
        {"anchor": True},
        {"anchor": True, "class": "甲"},
        {"any": [{"anchor": True}, {"class": "甲"}]},
        {"output": {"min": 100}, "any": [{"anchor": True}, {"class": {"exclude": ["甲"]}}]},
        {"any": [{"anchor": True, "class": "甲"}, {"output": {"max": 60}}]},
    ]
    rows = [dict(zip(values, row, strict=True)) for row in product(*([None, *held] for held in values.values()))]

    def judged(where: Any, rows: list[dict[str, Any]]) -> Judged:
        sheet = ListSheet.model_validate({"key": "x", "name": "x", "of": "incumbents", "columns": ["name"], "where": where})
        columns = {column.name: column for column in SPECS["incumbents"].columns}
        known = {
            name: Known(
                column_fields([columns[name]])[name],
                lambda entry, name=name: entry.record[name],
                columns[name].unit,
                columns[name],
                Words("", ""),
            )  # type: ignore[misc]
            for name in values
        }
        view = View(example_plan(), "zh")
        return judge(view, sheet.where, [Entry("", row, None, {}) for row in rows], known)

    for where in wheres:
        found = judged(where, rows)
        for at, row in enumerate(rows):
            filled = [
                dict(zip(values, one, strict=True))
                for one in product(*([row[name]] if row[name] is not None else values[name] for name in values))
            ]
            passes = judged(where, filled).taken
            assert bool(found.taken[at]) == bool(passes.all()), (where, row)
            assert bool(found.open[at]) == bool(passes.any() and not passes.all()), (where, row)


def test_a_state_may_be_how_far_the_projects_are(told: Path, tmp_path: Path) -> None:
    desk = open_desk(told)
    firms = tuple(
        firm.model_copy(update={"stage": stage})
        for firm, stage in zip(desk.plan.selected, ("started", "signed", "signed"), strict=False)
    )
    write(Desk(desk.plan.model_copy(update={"selected": firms}), desk.opened), tmp_path / "lists")
    nine = openpyxl.load_workbook(tmp_path / "lists" / "zhejiang" / "lists.xlsx")["九个一清单"]
    states = dict(zip(zip(column(nine, "产业链"), column(nine, "事项"), strict=True), column(nine, "状态"), strict=True))
    assert states["汽车", "一个产业链年度工作计划"] == "签约 2、开工 1"
    assert not states["../船舶", "一个产业链年度工作计划"]


@pytest.mark.slow
def test_every_shipped_set_of_the_demo_leads_to_the_rows_it_names(tmp_path: Path) -> None:
    copytree(content_folder("data") / "demo", tmp_path / "demo")
    run = api.run(
        tmp_path / "demo" / "plan.yaml", tmp_path / "demo" / "run", {"solve.time_limit": 20, "publish.outputs": ["lists"]}
    ).folder
    books = sorted((run / "lists").rglob("lists.xlsx"))
    assert len(books) == len(shipped()) - 1 + 3, "one for each set, and of Shenzhen's one for each chain"
    assert sum(map(leads_right, books)) > 1_000
    assert pages_hold_together(run / "lists") > 2_000


def test_a_long_list_is_whole_in_the_workbook_and_begun_on_the_page(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.publish.lists.page.MOST", 2)
    write(open_desk(told), tmp_path / "lists")
    page = (tmp_path / "lists" / "changsha" / "index.html").read_text(encoding="utf-8")
    assert "全部 4 行见工作簿" in page
    assert len(column(openpyxl.load_workbook(tmp_path / "lists" / "changsha" / "lists.xlsx")["产业客商库"], "企业名称")) == 4
    assert pages_hold_together(tmp_path / "lists") > 100


def test_every_declared_field_can_be_read(told: Path) -> None:
    from planner.publish.lists.ground import Ground

    desk = open_desk(told)
    ground = Ground(desk)
    for kind in KINDS:
        missing = declared_fields(kind, desk.opened.case.tables).keys() - ground.known(kind).keys()
        assert not missing, (kind, sorted(missing))
        for entry in ground.entries(kind):
            for known in ground.known(kind).values():
                known.field.value(desk.view, entry)
                known.raw(entry)
