"""The sheets that go on the table: the first page in sentences, the list, quarter by quarter, owner by owner, who supplies whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner import api
from planner.plan.model import Plan, read_plan
from planner.plan.records import LinkEdge
from planner.publish.figures import money
from planner.publish.proof import quality
from planner.publish.view import View
from planner.publish.workbook import BEHIND, write_workbook
from planner.publish.workbook.points import points
from planner.publish.workbook.supply import new_demand, touched
from tests.city import PLAN, changed, write_city
from tests.example_plan import example_plan
from tests.printed import printed

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")


def with_setting(plan: Plan, **sections: Mapping[str, Any]) -> Plan:
    return plan.model_copy(update={"plan": plan.plan.model_copy(update={"settings": {**plan.plan.settings, **sections}})})


def written(plan: Plan, folder: Path) -> openpyxl.Workbook:
    write_workbook(plan, folder / "plan.xlsx")
    return openpyxl.load_workbook(folder / "plan.xlsx")


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def tables(sheet: Worksheet) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table under its heading, without headings and totals."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    heading = ""
    for row in sheet.iter_rows():
        if row[0].font.sz == 13 and row[0].value:
            heading = str(row[0].value)
            found[heading] = []
        elif heading and row[0].value is not None and row[0].fill.fgColor.rgb == "00000000" and not row[0].font.b:
            found[heading].append(tuple(cell.value for cell in row))
    return found


def test_the_first_page_tells_the_figures_of_the_plan_in_the_unit_that_is_set() -> None:
    plan = example_plan()
    kpis = plan.kpis
    for unit in ("亿元", "万元"):
        told = {
            heading.zh[2:]: " ".join(sentences)
            for heading, sentences in points(View(with_setting(plan, display={"money": unit}), "zh"))
        }
        assert f"选定 {kpis.selected} 个" in told["定什么"]
        assert f"计划投资 {money(kpis.investment or 0, 'zh', unit)}*" in told["定什么"], "assumed, and marked"
        assert money(kpis.shortage_before, "zh", unit) in told["带来什么"]
        assert f"从 {len(plan.selected) + len(plan.not_selected)} 个候选项目" in told["定什么"]
        assert quality(plan).zh in told["证明到哪一步"], "the words of the headline, no others"
        assert "上界" in told["证明到哪一步"]
        assert "差距 0.42%" in told["证明到哪一步"]
        assert "挡住 1 个有价值的项目" in told["卡在哪里"]
    assert money(92_000, "zh", "亿元") == "9.2 亿元"
    assert money(9_999, "zh", "亿元") == "9,999 万元"
    assert money(92_000, "zh", "万元") == "92,000 万元"
    assert (money(92_000, "en", "亿元"), money(238_040, "en", "亿元")) == ("CNY 920 m", "CNY 2.38 bn")


def test_what_is_to_be_watched_is_named() -> None:
    plan = example_plan()
    unlikely = plan.selected[0].model_copy(update={"landing_probability": 0.3})
    plan = plan.model_copy(update={"selected": (unlikely, *plan.selected[1:])})
    watch = " ".join(points(View(plan, "zh"))[4][1])
    assert "落地概率不足 50% 的 1 个，计划投资 5 亿元" in watch
    assert "3 个项目责任人未定" in watch
    assert "覆铜板 2.4 亿元" in watch, "a shortage that is left"
    owned = plan.model_copy(update={"selected": tuple(firm.model_copy(update={"owner": "张三"}) for firm in plan.selected)})
    assert "责任人" not in " ".join(points(View(owned, "zh"))[4][1])


def test_a_plan_without_links_or_projects_has_its_first_page_too() -> None:
    nothing = dict.fromkeys(("selected", "chains", "links", "limits", "funds", "teams", "assumptions"), ())
    kpis = example_plan().kpis.model_copy(update={"selected": 0, "investment": None, "jobs": None})
    plan = example_plan().model_copy(update={**nothing, "kpis": kpis})
    told = points(View(plan, "en"))
    assert all(sentences for _, sentences in told)
    assert "Investment —" in told[0][1][1]
    assert "{" not in str(told)


def test_the_first_page_stays_one_page_with_long_names(tmp_path: Path) -> None:
    plan = example_plan()
    chains = tuple(plan.chains[0].model_copy(update={"chain_id": f"c{n}", "name": "名字很长的产业链" * 12}) for n in range(12))
    notices = tuple(plan.notices[0].model_copy(update={"about_plan": True, "zh": "很长的提示" * 200}) for _ in range(9))
    head = plan.plan.model_copy(update={"name": "示例市" * 150})
    sheet = written(plan.model_copy(update={"chains": chains, "notices": notices, "plan": head}), tmp_path)["要点"]
    found = printed(sheet)
    assert len(found.tops) == 1
    assert found.smallest >= 9
    assert any(text.endswith("…") for text in texts(sheet))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_stand_on_the_first_page_whole(language: Any, tmp_path: Path) -> None:
    plan = example_plan(language)
    book = written(plan, tmp_path)
    sheet = book.worksheets[0]
    told = [sentence for _, sentences in points(View(plan, language)) for sentence in sentences]
    assert [str(row[1].value) for row in sheet.iter_rows() if row[0].value == "•"] == told
    found = printed(sheet)
    assert (len(found.tops), found.smallest >= 9) == (1, True)


def test_the_list_has_id_status_and_owner(tmp_path: Path) -> None:
    plan = example_plan()
    first, *others = plan.selected
    sheet = written(plan.model_copy(update={"selected": (first.model_copy(update={"owner": "=张三"}), *others)}), tmp_path)[
        "招商清单"
    ]
    heads = [str(cell.value).rstrip("*") for cell in sheet[3]]
    at = {name: heads.index(name) for name in ("项目编号", "状态", "项目责任人")}
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=6)]
    assert [row[at["项目编号"]] for row in rows] == [firm.candidate_id for firm in plan.selected]
    assert [row[at["状态"]] for row in rows] == [View(plan, "zh").status(firm) for firm in plan.selected]
    assert [row[at["项目责任人"]] for row in rows] == ["=张三", "市经信局（牵头单位）", "未定"]


def test_every_project_stands_once_under_its_quarter_and_once_under_its_owner(tmp_path: Path) -> None:
    plan = example_plan()
    owners = ("李四", None, "李四")
    firms = tuple(firm.model_copy(update={"owner": owner}) for firm, owner in zip(plan.selected, owners, strict=True))
    plan = plan.model_copy(update={"selected": firms})
    book = written(plan, tmp_path)
    quarters = tables(book["分季推进"])
    for quarter in plan.plan.quarters:
        (heading,) = [name for name in quarters if name.startswith(quarter)]
        own = {firm.candidate_id for firm in firms if firm.quarter == quarter}
        assert {row[0] for row in quarters[heading] if len(own)} == own
        assert f"签约 {len(own)} 个" in heading
        paid = sum(use.used for use in plan.funds if use.quarter == quarter and not use.after_horizon)
        assert f"到期兑付 {money(paid, 'zh', '亿元')}" in heading
    owned = tables(book["责任分工"])
    first, *_, last = owned
    assert first.startswith("李四：2 个项目")
    assert {row[0] for rows in owned.values() for row in rows} == {firm.candidate_id for firm in firms}
    assert last.startswith("未定"), "those without an owner come last, and are named"


def test_what_falls_due_after_the_horizon_stands_below_the_quarters(tmp_path: Path) -> None:
    plan = example_plan()
    later = plan.funds[0].model_copy(
        update={"quarter": "2028Q1", "after_horizon": True, "amount": None, "available": None, "used": 700.0, "left": None}
    )
    sheet = written(plan.model_copy(update={"funds": (*plan.funds, later)}), tmp_path)["分季推进"]
    (row,) = tables(sheet)["规划期之后到期的资金"]
    assert [cell for cell in row if cell is not None][:3] == [later.fund_id, "2028Q1", 700.0]
    assert "规划期之后没有到期的" in texts(sheet), "of teams"


def test_tables_of_those_who_made_the_plan_stand_behind_a_page_that_lists_them(tmp_path: Path) -> None:
    book = written(example_plan(), tmp_path)
    at = book.sheetnames.index("附表")
    assert book.sheetnames[at + 1 :] == [title.zh for title, _, _ in BEHIND]
    assert [row[0].value for row in book["附表"].iter_rows(min_row=5)] == [title.zh for title, _, _ in BEHIND]


def test_edges_in_use_name_both_ends_and_what_new_buyers_ask_for(tmp_path: Path) -> None:
    plan = example_plan()
    (edge,) = plan.link_edges
    assert touched(View(plan, "zh")) == [edge]
    buyers = [firm for firm in plan.selected if firm.link_id == edge.to_link]
    asked = edge.coefficient * sum(firm.capacity or 0 for firm in buyers)
    upstream = next(link for link in plan.links if link.link_id == edge.from_link)
    assert new_demand(View(plan, "zh"), edge) == pytest.approx(asked)
    assert asked == pytest.approx(upstream.demand_after - upstream.demand_before), "as the plan reckons it"
    sheet = written(plan, tmp_path)["供需对接"]
    row = [cell.value for cell in next(row for row in sheet.iter_rows() if row[6].value == edge.coefficient)]
    names = {link.link_id: link.name for link in plan.links}
    assert (row[0], row[3]) == (names[edge.from_link], names[edge.to_link])
    assert row[5] == "、".join(firm.name for firm in buyers)
    assert row[1] == "、".join(firm.name for firm in plan.incumbents if firm.link_id == edge.from_link)
    unknown = tuple(firm.model_copy(update={"capacity": None}) for firm in plan.selected)
    assert new_demand(View(plan.model_copy(update={"selected": unknown}), "zh"), edge) is None, "not known is not zero"
    far = plan.model_copy(update={"link_edges": (LinkEdge(from_link="no", to_link="where", coefficient=1.0),)})
    assert touched(View(far, "zh")) == []


def test_owners_edges_and_marks_are_in_the_plan_as_the_tables_say_and_read_back_equal(tmp_path: Path) -> None:
    """The table of links has SEAT before FOAM, a plan has them by id; of the demands only that of SEAT is assumed."""
    tables = changed("links", 0, demand="1000*")
    tables["candidates"] = [{**row, "owner": "王五" if row["candidate_id"] == "A" else ""} for row in tables["candidates"]]
    tables["link_edges"] = [{"from_link": "SEAT", "to_link": "FOAM", "coefficient": "0.001*"}, *tables["link_edges"]]
    plan = api.solve(api.open_plan(write_city(tmp_path, PLAN, tables)))
    assert {link.link_id: "demand" in link.assumed for link in plan.links} == {"SEAT": True, "FOAM": False}
    assert {(edge.from_link, edge.assumed) for edge in plan.link_edges} == {("SEAT", ("coefficient",)), ("FOAM", ())}
    assert {firm.owner for firm in plan.selected if firm.candidate_id == "A"} == {"王五"}
    assert all(firm.owner is None for firm in plan.selected if firm.candidate_id != "A"), "blank is not known"
    (tmp_path / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    assert read_plan(tmp_path / "plan.json") == plan
    told = json.loads(plan.to_json())
    for record in told["selected"]:
        del record["owner"]
    for record in told["link_edges"]:
        del record["source"], record["assumed"]
    (tmp_path / "old.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    old = read_plan(tmp_path / "old.json")
    assert old.link_edges[0].source is None, "a plan of an earlier version"
    assert "未定" in str([View(old, "zh").owner_words(firm) for firm in old.selected])
