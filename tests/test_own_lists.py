"""List sets of one's own: YAML alone, checked all at once with places and what is near."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.problems import InputError
from tests.list_city import FIRMS, REGION, TOLD, asked, column, leads_right, words
from tests.quick import finished

OWN = """\
name: 本市企业台账
source: 市府办通知
sheets:
  - key: firms
    name: {zh: 企业台账, en: Firms}
    of: incumbents
    where: {output: {min: 0.005 亿元}}
    sort: [-output]
    columns: [name, {field: link_name, to: links}, {field: output, heading: 营收}, 走访人, {fill: true, heading: 批示}]
  - key: links
    name: {zh: 环节, en: Links}
    of: links
    where: {grade_before: [缺失, weak]}
    columns: [name, {count: firms}]
  - key: duties
    name: {zh: 责任, en: Duties}
    per: chain
    items:
      - {name: 年度方案, role: [链长, 牵头部门], meeting: 年度, sheet: firms}
      - {name: 对接会, role: 盟长, due: 2027-3-1, state: 已开}
      - {name: 待定事项, placeholder: true}
"""


def test_a_set_of_one_s_own_needs_no_code(tmp_path: Path) -> None:
    tables = {**TOLD, "incumbents": [{**row, "走访人": f"干部{number}"} for number, row in enumerate(FIRMS)]}
    run = finished(tmp_path / "city", REGION, tables=tables)
    folder = asked(run, OWN, "tongcheng")
    assert sorted(path.name for path in (run / "lists").iterdir()) == ["index.html", "own", "tongcheng"]
    book = openpyxl.load_workbook(folder / "lists.xlsx")
    firms = book["企业台账"]
    assert column(firms, "企业") == ["老座椅厂", "小海绵厂"], "50 万元 is 0.005 亿元; one whose output is blank is not judged"
    assert "另有 1 行" in words(firms)
    assert column(firms, "营收") == [900, 50]
    assert column(firms, "走访人") == ["干部0", "干部1"], "a column of the bureau's own"
    assert {*column(book["环节"], "环节")} == {"座椅", "泡棉"}, "grades in words or by their codes"
    assert leads_right(folder / "lists.xlsx") >= 4
    duties = book["责任"]
    assert column(duties, "责任人")[:3] == ["张市长", "王盟长", "待定"]
    assert column(duties, "责任人")[3] == "李市长", "from the table of chains, where people say nothing; never the county's chief"
    assert column(duties, "期限")[:3] == ["2027-05-20", "2027-03-01", "待定"]
    assert column(duties, "状态")[1] == "已开"
    assert column(duties, "事项")[2] == "待定事项（待本单位命名）"


def test_who_has_not_consented_is_not_named(tmp_path: Path) -> None:
    told = [
        {**row, "contact_note": f"138{n}", "home_people": f"李{n}", "consent": "是" if n else ""}
        for n, row in enumerate(TOLD["candidates"])
    ]
    run = finished(tmp_path / "city", REGION, tables={**TOLD, "candidates": told})
    sheet = "{key: firms, name: 客商, of: candidates, columns: [name, contact_note, home_people], sort: [candidate_id]}"
    folder = asked(run, f"name: 客商\nsource: 本单位\nsheets:\n  - {sheet}\n")
    firms = openpyxl.load_workbook(folder / "lists.xlsx")["客商"]
    assert column(firms, "对接联系方式") == ["未授权", "1381", "1382", "1383"]
    assert column(firms, "本地籍人员")[:2] == ["未授权", "李1"]
    assert "1380" not in (folder / "index.html").read_text(encoding="utf-8")


BAD = """\
name: 错误的清单集
source: 通知
sheets:
  - key: firms
    name: {zh: 企业, en: Firms}
    of: incumbents
    where: {outputs: {min: 1}, anchor: 也许, name: {min: 3}, output: {min: 3 亩}}
    columns: [nmae, {field: link_name, to: nowhere}, {count: people}]
    sort: [-capcity]
  - key: firms
    name: {zh: 企业, en: Others}
    of: firmz
    columns: [name]
  - key: people
    name: {zh: 名称长得任何一张工作表都放不下因为一张表的名称至多三十一个字符而它更长, en: "A/B"}
    of: people
    besides: firms
    columns: [person]
  - key: last
    name: 末
    columns: [name]
  - {key: Bad Key, name: 坏, placeholder: true, colour: red}
"""


def test_every_fault_of_a_set_is_told_at_once_with_its_place_and_what_is_near(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", REGION, tables=TOLD)
    with pytest.raises(InputError) as refused:
        asked(run, BAD)
    found = [(problem.code, problem.place.line if problem.place else 0) for problem in refused.value.problems]
    assert found == sorted(found, key=lambda one: one[1]), "in reading order"
    assert {*found} >= {
        ("H102", 7),  # outputs
        ("H108", 7),  # a flag that is no flag; numbers of a text; 亩 of money
        ("H102", 8),  # nmae
        ("H106", 8),  # nowhere
        ("H107", 8),  # people belong to chains, not to firms
        ("H102", 9),  # capcity
        ("H103", 10),  # a key twice
        ("H104", 11),  # a name twice
        ("S114", 12),  # firmz
        ("H105", 15),  # too long; and a character that Excel refuses
        ("H107", 17),  # besides what is of another kind
        ("S118", 19),  # columns of nothing
        ("S110", 22),
    }
    assert len([one for one in found if one == ("H108", 7)]) == 3
    assert len([one for one in found if one == ("H105", 15)]) == 2
    said = "\n".join(problem.say("zh") for problem in refused.value.problems)
    assert "output" in said
    assert "是否指 firms" in said or "nowhere" in said
    assert not (run / "lists" / "own").exists()


def test_check_and_publish_refuse_a_bad_set_and_say_why(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", REGION, tables=TOLD)
    plan = run.parent / "plan.yaml"
    (run.parent / "own.yaml").write_text(BAD, encoding="utf-8")
    plan.write_text(f"{plan.read_text(encoding='utf-8')}lists: [own.yaml, shandon, nowhere.yaml]\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(plan)])
    assert done.exit_code == 2
    for code in ("H101", "H102", "H105", "H107", "S114"):
        assert code in done.output
    assert "shandong" in done.output


def test_own_files_are_found_again_from_the_run_folder(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", f"{REGION}lists: [own/台账.yaml, henan]\n", tables=TOLD)
    (run.parent / "own").mkdir()
    (run.parent / "own" / "台账.yaml").write_text(OWN.replace("走访人, ", ""), encoding="utf-8")
    done = CliRunner().invoke(app, ["publish", str(run), "--only", "lists"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (run / "lists").iterdir()) == ["henan", "index.html", "台账"]
    (run.parent / "own" / "台账.yaml").write_text(BAD, encoding="utf-8")
    done = CliRunner().invoke(app, ["publish", str(run), "--only", "lists"])
    assert done.exit_code == 2
    assert "H103" in done.output
    assert (run / "lists" / "台账").is_dir(), "the earlier one stands as it was"
