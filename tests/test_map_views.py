"""The map as it is read: time, shortage by county, lists, names, keys, screens, paper, and what an online base map may load."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from planner.publish.map import write_handout_map, write_map
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, province, small_plan
from tests.map_visit import IN_BROWSER, Visit, chromium
from tests.programs import needs

pytestmark = IN_BROWSER
SCREENS = [(1280, 800), (1920, 1080), (390, 800)]
ROUTE = [("甲厂", 114.05, 22.54, "9 月 1 日", "09:00", "11:00"), (HOSTILE[0], 114.3, 22.7, "9 月 2 日", None, None)]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6260000000000500010d0a2db40000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("views")
    write_map(small_plan(), path / "small.html")
    write_map(example_plan("en"), path / "plan.html")
    write_map(province(300), path / "province.html")
    write_handout_map(example_plan(), path / "handout.html", route=ROUTE, title="小分队")
    return path


@pytest.fixture
def open_page(browser: Any, folder: Path) -> Iterator[Any]:
    """Opens pages, and looks afterwards that none loaded anything or complained."""
    visits: list[tuple[str, Visit]] = []

    def visit(name: str, size: tuple[int, int] = (1280, 800), scheme: str = "light") -> Visit:
        visits.append((name, Visit(browser, folder / name, size, scheme)))
        return visits[-1][1]

    yield visit
    for name, made in visits:
        assert made.requests == [(folder / name).as_uri()]
        assert made.troubles == []
        made.page.context.close()


BOXES = """(kinds) => [...document.querySelectorAll(kinds)].filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => { const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom, one.textContent.slice(0, 20)]; })
  .filter(([left, top, right, bottom]) => right > left && bottom > top)"""


def overlapping(boxes: list[list[Any]], slack: float = 1.0) -> list[tuple[str, str]]:
    return [
        (one[4], two[4])
        for at, one in enumerate(boxes)
        for two in boxes[:at]
        if one[0] + slack < two[2] and two[0] + slack < one[2] and one[1] + slack < two[3] and two[1] + slack < one[3]
    ]


def test_the_slider_is_turned_by_keys_and_played(open_page: Any) -> None:
    visit = open_page("small.html")
    page = visit.page
    assert visit.page.locator(".spot.firm").count() == 2
    page.focus("#step")
    page.keyboard.press("Home")
    assert page.locator(".spot.firm").count() == 0
    assert page.locator("#shown").inner_text().startswith("规划前 · 显示 0 / 2 家企业")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("#step").get_attribute("aria-valuetext") == "至 2027Q2 末"
    assert "短缺 800 万元 → 850 万元" in page.locator("#shown").inner_text()
    assert page.locator(".spot.firm").count() == 2
    page.get_by_label("只看当季").check()
    assert page.locator(".spot.firm").count() == 1
    page.get_by_label("只看当季").uncheck()
    page.keyboard.press("Home") if page.evaluate("document.activeElement.id === 'step'") else visit.step(0)
    page.get_by_role("button", name="播放").click()
    page.wait_for_function("() => document.getElementById('step').value === '1'", timeout=20_000)
    page.get_by_role("button", name="暂停").click()
    page.get_by_role("button", name="播放").wait_for()


def test_shortage_by_county_is_the_figure_worked_out_by_hand(open_page: Any) -> None:
    visit = open_page("small.html")
    page = visit.page
    visit.step(0)
    page.locator("#heat-legend summary").click()
    rows = dict(line.split("\t") for line in page.locator("#heat-legend table").inner_text().splitlines())
    assert rows == {"东县": "240 万元", "西县": "80 万元"}
    assert "另有 480 万元 不能落到区县" in page.locator("#heat-legend").inner_text()
    assert "产能 × 投入系数" in page.locator("#heat-legend").inner_text()
    filled = "[...document.querySelectorAll('path.heat')].filter((one) => one.getAttribute('fill') !== 'none').length"
    assert page.evaluate(filled) == 2
    page.locator("#filters").get_by_label("区县短缺").uncheck()
    assert page.locator("path.heat").count() == 0
    assert not page.locator("#heat-legend").is_visible()


def test_a_row_leads_to_the_map_and_the_map_to_its_row(open_page: Any) -> None:
    page = open_page("plan.html").page
    page.get_by_role("tab", name="Firms").click()
    second = page.locator("#tab-firms .list button").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup .card")
    assert page.locator(".leaflet-popup h2").inner_text() == second.locator(".t").evaluate("(one) => one.firstChild.textContent")
    assert second.get_attribute("aria-current") == "true"
    assert page.locator(".spot.firm.chosen").count() == 1
    assert page.locator("path.line.lit").count() <= 1
    page.keyboard.press("Escape")
    assert page.locator(".list [aria-current]").count() == 0
    page.locator(".spot.firm").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".list [aria-current]").count() == 1
    page.get_by_role("tab", name="Firms").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-links .list button").count() == page.evaluate(
        "JSON.parse(document.getElementById('plan-data').textContent).links.length"
    )
    page.locator("#tab-links .list button").first.click()
    page.wait_for_selector(".leaflet-popup .card")


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("name", ["plan.html", "province.html", "handout.html"])
def test_no_text_lies_on_text_at_any_zoom(open_page: Any, name: str, size: tuple[int, int]) -> None:
    page = open_page(name, size).page
    seen = 0
    for _ in range(7):
        boxes = page.evaluate(f"({BOXES})('.name, .swarm, .spot.home .mark, .badge .mark, .stop .mark, .leaflet-control, #time')")
        names = page.evaluate(f"({BOXES})('.name')")
        seen = max(seen, len(names))
        labels = {tuple(box) for box in names}
        covered = [pair for pair in overlapping(boxes) if any(pair[0] == box[4] or pair[1] == box[4] for box in labels)]
        assert covered == []
        page.evaluate("void map_plan.setZoom(map_plan.getZoom() + 0.9, {animate: false})")
    assert seen >= 2


def test_lines_fade_the_nearer_one_looks(open_page: Any) -> None:
    page = open_page("province.html").page
    strength = "Math.max(...[...document.querySelectorAll('path.line')].map((one) => Number(one.getAttribute('stroke-opacity'))))"
    shown = [page.evaluate(strength)]
    for _ in range(3):
        page.evaluate("void map_plan.setZoom(map_plan.getZoom() + 1, {animate: false})")
        shown.append(page.evaluate(strength))
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] < shown[0] / 2


def test_symbols_are_as_large_as_the_legend_says(open_page: Any) -> None:
    page = open_page("plan.html").page
    data = page.evaluate("JSON.parse(document.getElementById('plan-data').textContent)")
    sizes = {firm["name"]: firm["size"] for firm in data["firms"]}
    for mark in page.locator(".spot.firm").all():
        width = float(mark.locator("svg").get_attribute("width"))
        investment = sizes[mark.get_attribute("aria-label")]
        share = max(data["sizes"]["smallest"], ((investment or 0) / data["sizes"]["top"]) ** 0.5)
        assert width == pytest.approx(19 * min(1, share), abs=0.06)
    assert page.locator("#size-legend li").count() == 3


@pytest.mark.parametrize("name", ["plan.html", "handout.html"])
def test_everything_is_reached_by_keys_in_order(open_page: Any, name: str) -> None:
    page = open_page(name).page
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(one => one.id || one.className.toString() || one.tagName)(document.activeElement)"))
    assert reached[:2] == ["skip", "skip"]
    places = [
        next((at for at, one in enumerate(reached) if part in one), None) for part in ("theme", "query", "for-", "map_plan", "spot")
    ]
    assert None not in places
    assert places == sorted(places)  # type: ignore[type-var]
    page.keyboard.press("Shift+Tab")
    page.evaluate("document.querySelector('.skip').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"


@needs(find_spec("axe_playwright_python"), "axe-playwright-python is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("name", ["plan.html", "handout.html"])
def test_no_serious_barrier_for_anybody(open_page: Any, name: str, size: tuple[int, int], scheme: str) -> None:
    import axe_playwright_python

    page = open_page(name, size, scheme).page
    if size[0] < 760:
        page.click("#panel-toggle")
    page.evaluate((Path(axe_playwright_python.__file__).with_name("axe.min.js")).read_text(encoding="utf-8") + ";void 0")
    for tab in page.get_by_role("tab").all():
        tab.click()
        found = page.evaluate("axe.run().then((told) => told.violations)")
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_whole_header(open_page: Any, scheme: str) -> None:
    page = open_page("province.html", (390, 800), scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for part in ("h1", ".facts li", ".tools button", "#shown", "#turn"):
        for one in page.locator(part).all():
            if not one.is_visible():
                continue
            box = one.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
            assert one.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 1
    boxes = page.evaluate(f"({BOXES})('header, #time, .leaflet-control, #north, footer')")
    assert overlapping(boxes) == []


def test_dark_and_light_change_places(open_page: Any) -> None:
    page = open_page("plan.html", scheme="dark").page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(ground) != dark


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("name", ["province.html", "handout.html"])
def test_paper_has_one_page_with_a_title_block_of_which_nothing_is_cut(
    open_page: Any, tmp_path: Path, name: str, paper: str
) -> None:
    page = open_page(name, scheme="dark").page
    page.evaluate("window.print = () => {}")
    page.locator(f'[data-paper="{paper}"]').click()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    blocks = page.evaluate(f"({BOXES})('header, #panel, footer, #stage')")
    assert overlapping(blocks) == []
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(
        "[...document.querySelectorAll('header, #panel, footer')].every((one) => one.scrollHeight <= one.clientHeight + 2)"
    )
    said = page.locator("#about").inner_text()
    for part in ("本图审图号", "GS(2024)0650号", "数据截至", "WGS84", "计划封印", "比例（图幅中央）", "1:", "打印日期"):
        assert part in said
    assert page.locator("#north").is_visible()
    assert page.locator(".leaflet-control-scale-line").is_visible()
    assert page.locator("#legend").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", tmp_path / "map.pdf"], capture_output=True, text=True, check=False).stdout
    content = (tmp_path / "map.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") == 1
    if told:
        assert f"({paper})" in told


def test_a_journey_is_numbered_listed_and_read(open_page: Any) -> None:
    visit = open_page("handout.html")
    page = visit.page
    assert [mark.inner_text() for mark in page.locator(".spot.stop").all()] == ["1", "2"]
    rows = page.locator("#tab-route .list button")
    assert "9 月 1 日 · 09:00 到，11:00 离" in rows.first.inner_text()
    rows.nth(1).click()
    page.wait_for_selector(".leaflet-popup .card")
    assert HOSTILE[0] in visit.popup()
    assert rows.nth(1).get_attribute("aria-current") == "true"
    assert page.locator("#turn").count() == 0


@pytest.mark.parametrize(("kind", "moved"), [("tianditu", False), ("amap", True)])
def test_an_online_base_map_loads_from_its_hosts_alone_and_only_when_asked(
    browser: Any, tmp_path: Path, kind: str, moved: bool
) -> None:
    plan = example_plan()
    asked = {**plan.plan.settings, "map": {"base": kind, "key": "MY KEY&x"}}
    plan = plan.model_copy(update={"plan": plan.plan.model_copy(update={"settings": asked})})
    write_map(plan, tmp_path / "online.html")
    page = browser.new_context().new_page()
    requests: list[str] = []

    def answer(route: Any) -> None:
        requests.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.fulfill(body=PIXEL, content_type="image/png")

    page.route("**/*", answer)
    page.goto((tmp_path / "online.html").as_uri())
    page.wait_for_timeout(300)
    assert requests == [(tmp_path / "online.html").as_uri()]
    page.get_by_label("在线底图").check()
    page.wait_for_function("() => document.querySelectorAll('img.leaflet-tile-loaded').length > 3")
    hosts = {url.split("/")[2] for url in requests[1:]}
    data = page.evaluate("JSON.parse(document.getElementById('plan-data').textContent)")
    assert hosts <= set(data["base"]["hosts"])
    assert hosts
    assert ("GCJ-02" in page.locator("#about").inner_text()) == moved
    lat, lon = data["parks"][0]["at"]
    off = abs(lat - plan.parks[0].lat) + abs(lon - plan.parks[0].lon)  # type: ignore[operator]
    assert (off > 0.003) == moved
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert json.dumps(sorted(set(policy.split("img-src")[1].split()[1:]))) == json.dumps(
        sorted(f"https://{host}" for host in data["base"]["hosts"])
    )
    page.context.close()


def test_a_province_of_twenty_thousand_firms_is_light_and_opens_soon(browser: Any, tmp_path: Path) -> None:
    write_map(province(20_000), tmp_path / "large.html")
    assert (tmp_path / "large.html").stat().st_size < 15_000_000
    visit = Visit(browser, tmp_path / "large.html")
    visit.page.wait_for_function("() => document.querySelectorAll('.swarm').length > 5")
    spent = visit.page.evaluate("performance.now()")
    assert visit.troubles == []
    assert spent < 20_000  # under 5 s on a machine that does nothing else
    visit.page.context.close()
