"""``map.html`` in a browser with the network cut: zero requests, zero errors, and every control does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.publish.map import write_map
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, changed_plan, crowded, hostile_plan, province
from tests.map_visit import IN_BROWSER, Visit, chromium

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map")
    write_map(example_plan(), path / "plan.html")
    write_map(hostile_plan(), path / "hostile.html")
    write_map(province(1200), path / "province.html")
    write_map(crowded(1100), path / "crowded.html")
    return path


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Visit]:
    made = Visit(browser, folder / "plan.html")
    yield made
    assert made.requests == [(folder / "plan.html").as_uri()]
    assert made.troubles == []
    made.page.context.close()


def test_the_map_opens_without_network_and_without_errors(visit: Visit) -> None:
    assert visit.firms() == {"<script>alert(1)</script>", "../../x", "=1+1"}
    assert visit.page.locator("#north").is_visible()
    assert visit.page.locator(".leaflet-control-scale-line").count() == 1  # metric alone
    assert "km" in visit.page.locator(".leaflet-control-scale-line").inner_text()
    assert visit.page.locator(".leaflet-control-attribution").count() == 0
    assert visit.page.locator("#shown").inner_text() == "至 2027Q4 末 · 显示 3 / 3 家企业 · 短缺 16 亿元 → 7.4 亿元"
    assert "没有来源城市坐标" in visit.page.locator("#notes").inner_text()
    visit.page.get_by_role("button", name="全国", exact=True).click()
    assert visit.page.evaluate("map_plan.getBounds().contains([[3.5, 73.6], [53.5, 135.0]])")


def test_chain_and_tier_filters_and_the_slider_act_together(visit: Visit) -> None:
    visit.check("新能源汽车", False)
    assert visit.firms() == {"<script>alert(1)</script>", "../../x"}
    visit.step(2)
    assert visit.firms() == {"<script>alert(1)</script>"}
    visit.check("新能源汽车", True)
    assert visit.firms() == {"<script>alert(1)</script>", "=1+1"}
    assert visit.page.locator("#shown").inner_text().startswith("至 2027Q2 末 · 显示 2 / 3 家企业 · 短缺 16 亿元 → ")
    assert visit.page.locator(".spot.home").count() == 2
    visit.step(1)
    assert visit.page.locator(".spot.home").count() == 1  # home cities follow the filters
    visit.step(0)
    assert visit.firms() == set()


def test_search_by_keyboard_opens_the_firm(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    visit.page.focus("#query")
    visit.page.keyboard.type("k00")
    assert visit.page.locator("#hits [role=option]").count() == 3
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    said = visit.popup()
    assert "../../x" in said
    assert "1.2 亿元 *" in said
    assert "假设值，不是事实" in said
    assert "必选" in said


def test_search_finds_parks_links_and_local_firms(visit: Visit) -> None:
    visit.find("西山高新区")
    assert "落地企业（1）" in visit.popup()
    assert "60 / 300 亩 · 20%" in visit.popup()
    visit.find("热管理")
    assert "卡脖子" in visit.popup()
    visit.find("<b>热管")
    assert visit.popup().startswith("<b>热管</b>")
    assert "8,000 万元 *" in visit.popup()
    visit.page.fill("#query", "没有这一家")
    assert "未入选的项目见 plan.xlsx" in visit.page.locator("#hits").inner_text()


def test_search_brings_a_hidden_firm_back(visit: Visit) -> None:
    visit.step(1)
    assert "=1+1" not in visit.firms()
    visit.find("=1+1")
    assert "西山高新区" in visit.popup()
    assert "=1+1" in visit.firms()


def test_a_firm_in_a_parks_list_leads_to_its_own_popup(visit: Visit) -> None:
    visit.find("东城经开区")
    visit.page.locator(".card li button").first.click()
    visit.page.wait_for_selector(".card h2:has-text('alert(1)')")
    assert "2027Q1" in visit.popup()


def test_marks_open_by_keyboard(visit: Visit) -> None:
    visit.page.locator(".spot.firm").first.focus()
    visit.page.keyboard.press("Enter")
    assert visit.popup()
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector(".leaflet-popup", state="detached")
    park = visit.page.locator("path[role=button]").first
    park.focus()
    visit.page.keyboard.press("Enter")
    assert "资源占用" in visit.popup()


def test_layers_can_be_hidden(visit: Visit) -> None:
    for label, marks in (("本地企业", ".spot.incumbent"), ("入选企业", ".spot.firm"), ("园区", "path[role=button]")):
        assert visit.page.locator(marks).count() > 0
        visit.page.locator("#filters").get_by_label(label, exact=True).uncheck()
        assert visit.page.locator(marks).count() == 0
    assert visit.page.locator(".spot.home").count() == 0  # lines and home cities go with the firms


def test_hostile_names_run_nothing(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "hostile.html")
    assert visit.firms() == set(HOSTILE)
    for name in ("alert(1)", "onerror", "backticks", "7*7", "😀"):
        visit.find(name)
        visit.page.locator(".leaflet-popup h2").first.wait_for()
    for spot in visit.page.locator(".spot, path[role=button]").all():
        spot.dispatch_event("mouseover")
        spot.dispatch_event("click")
    visit.page.wait_for_timeout(200)
    assert visit.troubles == []
    assert visit.requests == [(folder / "hostile.html").as_uri()]
    assert visit.page.locator("img").count() == 0
    visit.page.context.close()


LEADING = 4
"""Pixels at the foot of a line that no letter reaches."""


def no_name_covers_a_number(visit: Visit) -> None:
    boxes = (
        "(kind) => [...document.querySelectorAll(kind)].map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0)"
    )
    names = visit.page.evaluate(f"({boxes})('.name').map((box) => [box.left, box.top, box.right, box.bottom])")
    swarms = visit.page.evaluate(f"({boxes})('.swarm').map((box) => [box.left, box.top, box.right, box.bottom])")
    assert len(names) > 10
    assert len(swarms) > 10
    covered = [
        (name, swarm)
        for name in names
        for swarm in swarms
        if name[0] < swarm[2] and swarm[0] < name[2] and name[1] < swarm[3] and swarm[1] < name[3] - LEADING
    ]
    assert covered == []


def test_many_firms_are_gathered_and_still_found(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "province.html")
    counts = [int(swarm.inner_text()) for swarm in visit.page.locator(".swarm").all()]
    assert 1000 < sum(counts) + len(visit.firms()) <= 1200
    no_name_covers_a_number(visit)
    visit.find("第777号")
    assert "第777号新材料科技股份有限公司" in visit.popup()
    visit.page.get_by_role("button", name="清空").first.click()
    assert visit.page.locator("#shown").inner_text() == "至 2027Q4 末 · 显示 0 / 1200 家企业"
    assert visit.page.locator(".swarm, .spot.firm").count() == 0
    assert visit.troubles == []
    visit.page.context.close()


def test_many_local_firms_are_gathered_and_still_found(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "crowded.html")
    counts = [int(swarm.inner_text()) for swarm in visit.page.locator(".swarm.local").all()]
    alone = visit.page.locator(".spot.incumbent").count()
    assert sum(counts) + 2 * alone == 2200  # firms, not places
    assert len(counts) + alone < 150  # or the map is all symbols, and every filter takes seconds
    no_name_covers_a_number(visit)
    assert len(visit.firms()) > 0  # those that the plan selects are few, and stand singly as ever
    visit.find("第777号老厂乙")
    assert "第777号老厂甲" in visit.popup()
    visit.page.get_by_role("button", name="清空").first.click()
    assert visit.page.locator(".swarm, .spot.incumbent").count() == 0
    assert visit.troubles == []
    visit.page.context.close()


def no_control_covers_another(visit: Visit, width: int) -> None:
    parts = ["header", "footer", "#north", ".leaflet-control-zoom", ".leaflet-control-scale", "#time"]
    boxes = {part: visit.page.locator(part).bounding_box() for part in parts}
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    for part, one in boxes.items():
        for other, two in boxes.items():
            apart = (
                one["x"] + one["width"] <= two["x"]
                or two["x"] + two["width"] <= one["x"]
                or one["y"] + one["height"] <= two["y"]
                or two["y"] + two["height"] <= one["y"]
            )
            assert apart or part == other, (part, other)


def test_on_a_narrow_screen_the_panel_is_a_drawer(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "plan.html", (390, 800))
    no_control_covers_another(visit, 390)
    assert not visit.page.locator("#panel").is_visible()
    visit.page.click("#panel-toggle")
    assert visit.page.locator("#panel").is_visible()
    visit.find("西山高新区")
    assert not visit.page.locator("#panel").is_visible()
    popup = visit.page.locator(".leaflet-popup").bounding_box()
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= 390
    visit.page.context.close()


def test_print_is_one_landscape_page_with_title_legend_and_sources(browser: Any, folder: Path, tmp_path: Path) -> None:
    visit = Visit(browser, folder / "plan.html")
    no_control_covers_another(visit, 1280)
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    shown = {part: visit.page.locator(part).is_visible() for part in ("h1", "#legend", "footer", "#north", "#filters", ".tools")}
    assert shown == {"h1": True, "#legend": True, "footer": True, "#north": True, "#filters": False, ".tools": False}
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator("#filters").is_visible()
    visit.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    content = (tmp_path / "map.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") == 1
    visit.page.context.close()


def test_changes_of_the_earlier_plan_are_drawn_told_and_hidden(browser: Any, folder: Path) -> None:
    path = folder / "changed.html"
    write_map(changed_plan(), path)
    visit = Visit(browser, path)
    badges, arrows = visit.page.locator(".spot.badge"), visit.page.locator(".spot.change:not(.badge)")
    assert (badges.count(), arrows.count()) == (1, 1)
    assert badges.first.inner_text() == "−1"
    badges.first.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".leaflet-popup .card")
    assert HOSTILE[0] in visit.popup()
    assert HOSTILE[1] in visit.popup()
    visit.page.locator('[data-layer="changes"]').set_checked(False)
    assert (badges.count(), arrows.count()) == (0, 0)
    assert visit.troubles == []
    assert visit.requests == [path.as_uri()]
