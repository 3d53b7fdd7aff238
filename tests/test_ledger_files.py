"""What the ledgers leave: workbook, bulletin and record; whole or not at all, and harmless whatever texts they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError
from planner.tracking.ledger.bulletin import LEAST, LINES, bulletin_html, sections
from planner.tracking.ledger.text import ledger_text
from tests.city import PLAN, TABLES, write_city
from tests.ledger_year import CANDIDATES, DAY, EVENTS, city, event, firm, listed, made
from tests.map_visit import CHROMIUM
from tests.programs import needs
from tests.quick import finished


def test_assumptions_and_sources_travel(tmp_path: Path) -> None:
    marked = [{("investment*" if key == "investment" else key): value for key, value in row.items()} for row in CANDIDATES]
    for row in marked:
        row["source"] = "企业申报"
    found = made(city(tmp_path, candidates=marked))
    assert all("investment" in one.project.assumed and one.project.source == "企业申报" for one in found.progress)
    assert found.reached[0].year.assumed
    api.write_ledger(found, tmp_path / "out")
    book = load_workbook(tmp_path / "out" / "ledger.xlsx")
    heads = [str(cell.value) for row in book["新签约"].iter_rows(max_row=6) for cell in row if cell.value]
    assert any(head.startswith("投资额*") for head in heads)
    assert any("企业申报" in head for head in heads)
    page = (tmp_path / "out" / "bulletin.html").read_text(encoding="utf-8")
    assert "万元*" in page
    assert "* 含假设值" in page


def test_a_project_that_only_its_own_row_says_has_signed_is_told_and_not_counted(tmp_path: Path) -> None:
    rows = [
        {**row, "status": "已签约" if row["candidate_id"] == "H" else "", "fixed_park": "P1", "fixed_quarter": "2027Q1"}
        for row in CANDIDATES
    ]
    rows = [row if row["candidate_id"] == "H" else {**row, "fixed_park": "", "fixed_quarter": ""} for row in rows]
    events = [row for row in EVENTS if row["candidate_id"] != "H"]
    found = made(city(tmp_path, events, candidates=rows))
    assert found.untold == ("H H公司",)
    assert "H 2027-01-01" not in listed(found)["signed"]


def test_the_bulletin_never_has_more_lines_than_its_page(tmp_path: Path) -> None:
    many = [firm(f"K{n:02}", n) for n in range(60)]
    rows = [event(f"K{n:02}", "2027-03-01", "签约", "P1", planned_date="2027-04-01") for n in range(60)]
    rows += [event(f"K{n:02}", "2027-07-01", "签约", problem="缺地", dispatch="供地", due="2027-07-05") for n in range(60)]
    found = made(city(tmp_path, rows, candidates=many), "2027-07-10", None, "2027-02-01")
    shown = tuple(sections(found))
    assert [len(one.lines) for one in shown] == list(LEAST.values())
    assert bulletin_html(found).count("<tr>") == LINES
    assert all("60" in one.heading.zh or "项" in one.heading.zh for one in shown)
    few = tuple(sections(made(city(tmp_path / "few"), DAY)))
    assert sum(len(one.lines) for one in few) <= LINES


@pytest.mark.slow
@needs(CHROMIUM, "no Chromium")
def test_a_full_bulletin_is_one_page_and_asks_for_nothing(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    many = [{**firm(f"K{n:02}", 1234567), "name": "某某智能装备精密制造科技股份有限公司" * 2} for n in range(60)]
    rows = [event(f"K{n:02}", "2027-03-01", "签约", "P1", planned_date="2027-04-01", owner="发展改革委" * 9) for n in range(60)]
    rows += [
        event(f"K{n:02}", "2027-07-01", "签约", problem="缺地" * 99, dispatch="供地" * 99, due="2027-07-05") for n in range(60)
    ]
    targets = [
        {"stage": stage, "quarter": "", "projects": 9, "investment": ""} for stage in ("签约", "开工", "竣工", "投产", "达产")
    ]
    found = made(city(tmp_path, rows, candidates=many, targets=targets), "2027-07-10", None, "2027-02-01")
    page_file = api.write_ledger(found, tmp_path / "out") / "bulletin.html"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        ends = "[...document.querySelectorAll('table')].at(-1).getBoundingClientRect().bottom"
        last, foot = page.evaluate(f"[{ends}, document.querySelector('footer').getBoundingClientRect().top]")
        printed = page.pdf(prefer_css_page_size=True)
        browser.close()
    assert asked == [page_file.as_uri()]
    assert last < foot
    assert printed.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_say_everything(tmp_path: Path, language: str) -> None:
    path = city(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")
    found = made(path, "2027-06-30", None, "2027-05-31")
    text = ledger_text(found, found.language)
    assert "{" not in text
    if language == "en":
        own = "甲乙丙丁公司用地指标招工难环评未批核对进度架设专线电不足一二号园东西县李王科长供专班小城"
        assert [one for one in text if "\u4e00" <= one <= "\u9fff" and one not in own] == []
    api.write_ledger(found, tmp_path / "out")


def test_the_command_writes_workbook_bulletin_and_record(tmp_path: Path) -> None:
    path = city(tmp_path)
    done = CliRunner().invoke(
        app, ["ledger", str(path), "--on", "2027-06-30", "--against", "2027-05-31", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert "与 2027-05-31 相比：13 处变化" in done.stdout
    book = load_workbook(tmp_path / "out" / "ledger.xlsx")
    lists = ["新签约", "新开工", "未开工", "新竣工", "新投产", "新达产"]
    ledgers = ["进展台账", "问题台账", "调度台账", "目标", "合计与转化", "分组", "变化"]
    assert book.sheetnames == ["快报", *lists, *ledgers]
    record = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))
    assert len(record["changes"]) == book["变化"].max_row - 3
    again = CliRunner().invoke(app, ["ledger", str(path), "--on", "2027-06-30", "--out", str(tmp_path / "out")])
    assert again.exit_code == 0, again.output
    assert "变化" not in load_workbook(tmp_path / "out" / "ledger.xlsx").sheetnames


def test_what_cannot_be_written_leaves_the_earlier_ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = city(tmp_path)
    out = api.write_ledger(made(path, "2027-06-30"), tmp_path / "out")
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.tracking.ledger.bulletin.write_bulletin", full)
    with pytest.raises(InputError) as failed:
        api.write_ledger(made(path), tmp_path / "out")
    assert [one.code for one in failed.value.problems] == ["R116"]
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "out", "plan.yaml"]


def test_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    done = CliRunner().invoke(app, ["ledger", str(city(tmp_path)), "--on", DAY, "--out", str(tmp_path / "mine")])
    assert done.exit_code == 2
    assert "B107" in done.output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_texts_of_the_input_are_no_markup_of_the_bulletin(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    rows = [*EVENTS, event("H", "2027-12-30", "线索", problem=evil, owner='"><img src=x>', due="2028-01-05")]
    page = bulletin_html(made(city(tmp_path, rows), period=None))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_deal_that_no_row_places_is_where_the_plan_has_it(tmp_path: Path) -> None:
    run = finished(tmp_path)
    firm_ = api.read_plan(run / "plan.json").selected[0]
    path = write_city(tmp_path, PLAN, {**TABLES, "status": [event(firm_.candidate_id, "2027-01-15", "签约")]})
    done = CliRunner().invoke(app, ["ledger", str(path), "--on", "2027-03-31", "--from", str(run), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    (one,) = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))["lists"]["unstarted"]
    assert one["project"]["park_id"] == firm_.park_id


def test_without_a_folder_they_are_beside_the_plan_and_no_run(tmp_path: Path) -> None:
    path = city(tmp_path)
    for _ in range(2):
        done = CliRunner().invoke(app, ["ledger", str(path), "--on", DAY])
        assert done.exit_code == 0, done.output
    assert sorted(one.name for one in (tmp_path / "runs" / "ledger").iterdir()) == ["bulletin.html", "ledger.json", "ledger.xlsx"]
    assert CliRunner().invoke(app, ["versions", str(path)]).exit_code == 2  # there is no run
