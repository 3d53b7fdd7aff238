"""The pages of the charts in a browser with the network cut: no request but their own, no error, and every control does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.publish.charts import write_charts
from tests.chart_plans import NAMES, desk, large_chain
from tests.example_plan import example_plan
from tests.map_plans import hostile_plan
from tests.map_visit import IN_BROWSER, chromium

pytestmark = IN_BROWSER
PAGE_OF_PDF = rb"/Type\s*/Page\b(?!s)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("charts")
    for name, plan in (("plan", example_plan()), ("hostile", hostile_plan()), ("large", large_chain(60, 80))):
        (path / name).mkdir()
        write_charts(desk(plan), path / name)
    return path


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Any]:
    """Opens a page of the folder in a window of a size; afterwards it must have asked for nothing else and complained of nothing."""
    opened: list[tuple[Any, list[str], list[str]]] = []

    def go(page: str, width: int = 1280, height: int = 800) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
        asked: list[str] = []
        troubles: list[str] = []
        context.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
        context.set_offline(True)
        made = context.new_page()
        made.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
        made.on("pageerror", lambda error: troubles.append(str(error)))
        made.on("dialog", lambda dialog: (troubles.append("dialog " + dialog.message), dialog.dismiss()))
        name, _, anchor = page.partition("#")
        made.goto((folder / name).as_uri() + (f"#{anchor}" if anchor else ""))
        opened.append((made, asked, troubles))
        return made

    yield go
    for made, asked, troubles in opened:
        assert [url for url in asked if not url.startswith(folder.as_uri())] == []
        assert troubles == []
        made.context.close()


def shown(page: Any) -> list[str]:
    return [part.get_attribute("id") for part in page.locator('[role="tabpanel"]').all() if part.is_visible()]


@pytest.mark.parametrize("width", [1280, 1920, 390])
def test_every_page_opens_within_the_width_of_its_window(visit: Any, folder: Path, width: int) -> None:
    for path in sorted((folder / "plan").glob("*.html")):
        page = visit(f"plan/{path.name}", width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_one_chart_is_shown_and_tabs_go_by_keyboard(visit: Any) -> None:
    page = visit("plan/chain-01.html#gap")
    assert shown(page) == ["gap"]
    assert page.evaluate("scrollY") == 0, "tabs and search are in sight"
    page.locator("#tab-gap").focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["roadmap"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == ["present"]
    assert page.locator("#filters").is_visible()
    page.locator("#tab-docking").click()
    assert not page.locator("#filters").is_visible()


def test_the_index_leads_to_the_charts(visit: Any) -> None:
    page = visit("plan/index.html")
    assert "没有画“技术路线图”" in page.locator(".notes").inner_text()
    page.locator('a[href="chain-02.html#roadmap"]').click()
    page.wait_for_url("**/chain-02.html#roadmap")
    assert shown(page) == ["roadmap"]


def test_a_link_tells_its_details_and_lights_its_lines(visit: Any) -> None:
    page = visit("large/chain-01.html")
    link = page.locator('.link[data-link="L016"]').first
    link.focus()
    said = page.locator("#details dl").inner_text()
    assert page.locator("#details h2").inner_text() == f"{NAMES[16 % len(NAMES)]}16"
    lit = page.locator("#panorama .edge.on").all()
    ends = {(edge.get_attribute("data-from"), edge.get_attribute("data-to")) for edge in lit}
    assert ends
    assert all("L016" in pair for pair in ends)
    page.keyboard.press("Enter")
    page.locator('.link[data-link="L003"]').first.hover()
    assert page.locator("#details dl").inner_text() == said, "held"
    way = page.locator("#details .way").first
    there = way.inner_text()
    way.click()
    assert page.locator("#details h2").inner_text() == there, "and leads on along the lines"
    page.keyboard.press("Escape")
    page.locator('.link[data-link="L003"]').first.focus()
    assert page.locator("#details h2").inner_text() == f"{NAMES[3]}3"


def test_search_and_filters_let_the_others_step_back(visit: Any) -> None:
    page = visit("large/chain-01.html")
    page.fill("#query", "acme advanced")
    hits = page.locator("#panorama .link.hit").count()
    assert 0 < hits < 60
    assert page.locator("#panorama .link.away").count() == 60 - hits
    assert page.locator("#found").inner_text() == f"找到 {hits} 处"
    told = []
    for _ in range(2):
        page.locator("#query").press("Enter")
        told.append(page.locator("#details h2").inner_text())
    assert told[0] != told[1], "Enter goes from hit to hit"
    page.fill("#query", "")
    page.get_by_label("上游", exact=True).check()
    assert page.locator("#panorama .link:not(.away)").count() == 20
    assert "20" in page.locator("#found").inner_text()
    page.get_by_label("下游", exact=True).check()
    assert page.locator("#panorama .link:not(.away)").count() == 40


def test_the_tree_opens_and_is_searched(visit: Any) -> None:
    page = visit("large/region.html")
    closed = page.locator(".tree details:not([open])").count()
    assert closed > 3
    page.get_by_role("button", name="全部展开").click()
    assert page.locator(".tree details:not([open])").count() == 0
    page.get_by_role("button", name="全部收起").click()
    page.fill("#query", "甲公司")
    assert page.locator(".tree .leaf.hit").first.is_visible(), "what holds a hit is opened"
    assert not page.locator(".tree .leaf.away").first.is_visible()


def test_zoom_by_buttons_and_keys(visit: Any) -> None:
    page = visit("plan/chain-01.html")
    svg = page.locator("#panorama svg").first
    before = svg.bounding_box()["width"]
    page.get_by_role("button", name="放大").click()
    assert svg.bounding_box()["width"] == pytest.approx(before * 1.25, rel=0.03)
    page.locator("#panorama .pan").first.focus()
    page.keyboard.press("0")
    assert svg.bounding_box()["width"] == pytest.approx(before, rel=0.01)


def test_texts_stay_in_their_boxes_in_another_font(visit: Any) -> None:
    page = visit("large/chain-01.html")
    outside = page.evaluate(
        """() => {
          document.querySelectorAll("svg text").forEach((text) => {
            text.style.fontFamily = "monospace";
            text.style.letterSpacing = "0.06em";
          });
          return [...document.querySelectorAll("#panorama .link")].flatMap((link) => {
            const card = link.querySelector(".card").getBBox();
            return [...link.querySelectorAll("text")].filter((text) => {
              const box = text.getBBox();
              return box.x < card.x - 0.5 || box.x + box.width > card.x + card.width + 0.5;
            }).map((text) => text.textContent);
          });
        }"""
    )
    assert outside == []


def test_dark_ground_changes_the_drawing_too(visit: Any) -> None:
    page = visit("plan/chain-01.html")
    card = "getComputedStyle(document.querySelector('.link .card')).fill"
    light = page.evaluate(card)
    page.locator("#theme").click()
    assert page.evaluate(card) != light
    page.locator("#theme").click()
    assert page.evaluate(card) == light


def test_paper_is_a3_one_sheet_a_page(visit: Any) -> None:
    page = visit("plan/chain-01.html")
    page.emulate_media(media="print")
    one = page.pdf(prefer_css_page_size=True)
    page.evaluate("document.body.classList.add('everything')")
    everything = page.pdf(prefer_css_page_size=True)
    width, height = (float(side) for side in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", one)[0])
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (420, 297)
    assert len(re.findall(PAGE_OF_PDF, one)) == 1
    assert len(re.findall(PAGE_OF_PDF, everything)) == page.locator(".sheet").count()


def test_names_run_nothing(visit: Any, folder: Path) -> None:
    for path in sorted((folder / "hostile").glob("*.html")):
        page = visit(f"hostile/{path.name}")
        page.wait_for_timeout(50)
        for link in page.locator(".link").all()[:3]:
            link.focus()
        assert page.locator("img").count() == 0
