"""Charts of the chains: read from the SVG, no box lies over another, no text leaves its box, no line runs over a box."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from planner.publish.charts import write_charts
from planner.publish.charts.docking import docking
from planner.publish.charts.facts import coverage
from planner.publish.charts.lanes import arrange, crossings, depths, tier_order
from planner.publish.charts.listed import applications, technologies
from planner.publish.charts.measure import fit, width, wrap
from planner.publish.charts.origins import origins, origins_of_all
from planner.publish.charts.pages import pages_of
from planner.publish.charts.panorama import gap, panorama, present
from planner.publish.charts.regions import regions, regions_of_all
from planner.publish.charts.roadmap import roadmap
from planner.publish.charts.svg import Svg
from planner.publish.charts.tree import tree, tree_of, walk
from planner.publish.desk import open_desk
from planner.publish.offline import NotOfflineError, assert_offline
from planner.settings.outputs import FOLDERS
from tests.chart_plans import desk, large_chain
from tests.city import PLAN, TABLES
from tests.example_plan import example_plan
from tests.map_plans import HOSTILE, hostile_plan
from tests.quick import finished

SPACE = "{http://www.w3.org/2000/svg}"
ROUNDED = 0.02
"""Coordinates are written with two decimals."""
MARGIN = 0.1


def elements(svg: Svg) -> ElementTree.Element:
    return ElementTree.fromstring(svg.text)


def rectangle(rect: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    x, y, wide, high = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def groups(svg: Svg, kind: str) -> list[ElementTree.Element]:
    return [group for group in elements(svg).iter(f"{SPACE}g") if group.get("class") == kind]


def cards(svg: Svg, kind: str = "link") -> dict[str, tuple[float, float, float, float]]:
    """The boxes of the links of a sheet, or of its rows."""
    found = {}
    for number, group in enumerate(groups(svg, kind)):
        card = next((rect for rect in group.iter(f"{SPACE}rect") if "card" in (rect.get("class") or "").split()), None)
        if card is not None:
            found[group.get(f"data-{kind}", "") + ("" if kind == "link" else f" {number}")] = rectangle(card)
    return found


def extent(text: ElementTree.Element) -> tuple[float, float, float, float]:
    """Where a text stands: Chinese characters are as wide as high; of others the font itself is asked, not the module that sets them."""
    from fontTools.ttLib import TTFont

    from planner.publish.documents.fonts import font_file

    if not hasattr(extent, "of"):
        font = TTFont(font_file(), fontNumber=2, lazy=True)
        extent.of = {weight: font.getGlyphSet(location={"wght": weight}) for weight in (400, 700)}  # type: ignore[attr-defined]
        extent.names = font.getBestCmap()  # type: ignore[attr-defined]
    size, weight = float(text.get("font-size", "0")), int(text.get("font-weight", "400"))
    glyphs, names = extent.of[weight], extent.names  # type: ignore[attr-defined]
    said = text.text or ""
    long = size * sum(1.0 if ord(one) > 0x2E80 or ord(one) not in names else glyphs[names[ord(one)]].width / 1000 for one in said)
    x, base = float(text.get("x", "0")), float(text.get("y", "0"))
    left = {"start": x, "middle": x - long / 2, "end": x - long}[text.get("text-anchor", "start")]
    return left, base - 0.86 * size, left + long, base + 0.1 * size


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float], by: float = ROUNDED) -> bool:
    return a[0] < b[2] - by and b[0] < a[2] - by and a[1] < b[3] - by and b[1] < a[3] - by


def corners(path: str) -> list[tuple[float, float]]:
    """The corners of a line; a rounded one by its control point."""
    return [(float(x), float(y)) for x, y in re.findall(r"[MLQ](-?[\d.]+) (-?[\d.]+)", path)]


def assert_readable(sheet: Svg, least: float, kind: str = "link") -> None:
    """No box over another, each within the sheet; texts within their boxes and not over each other; none smaller than ``least``."""
    boxes = cards(sheet, kind)
    for (a, one), (b, other) in combinations(boxes.items(), 2):
        assert not overlap(one, other), (a, b)
    for key, box in boxes.items():
        assert box[0] >= 0, key
        assert box[2] <= sheet.width, key
        assert box[3] <= sheet.height, key
    for group in groups(sheet, kind):
        texts = [(extent(text), text.text) for text in group.iter(f"{SPACE}text")]
        card = next((rect for rect in group.iter(f"{SPACE}rect") if "card" in (rect.get("class") or "").split()), None)
        box = (0.0, 0.0, sheet.width, sheet.height) if card is None else rectangle(card)
        for (left, top, right, bottom), said in texts:
            assert left >= box[0] - ROUNDED, said
            assert right <= box[2] + ROUNDED, said
            assert top >= box[1] - ROUNDED, said
            assert bottom <= box[3] + ROUNDED, said
        for (one, said), (other, more) in combinations(texts, 2):
            assert not overlap(one, other, 0.3), (said, more)
    for text in elements(sheet).iter(f"{SPACE}text"):
        assert float(text.get("font-size", "0")) >= least, text.text
        left, top, right, bottom = extent(text)
        assert left >= 0, text.text
        assert right <= sheet.width, text.text
        assert top >= 0, text.text
        assert bottom <= sheet.height, text.text


def assert_no_line_over_a_box(sheet: Svg) -> None:
    boxes = cards(sheet)
    for edge in groups(sheet, "edge"):
        line = corners(next(edge.iter(f"{SPACE}path")).get("d", ""))
        for a, b in pairwise(line):
            run = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
            for key, (left, top, right, bottom) in boxes.items():
                inside = run[0] < right - MARGIN and run[2] > left + MARGIN and run[1] < bottom - MARGIN and run[3] > top + MARGIN
                assert not inside, (edge.get("data-from"), edge.get("data-to"), key)


def test_a_chain_as_of_a_city_is_readable_on_one_sheet() -> None:
    plan = large_chain(19, 30)
    for draw in (panorama, present, gap):
        (sheet,) = draw(desk(plan), plan.chains[0])
        assert set(cards(sheet)) == {link.link_id for link in plan.links}
        assert_readable(sheet, 9.0)
        assert_no_line_over_a_box(sheet)
    drawn = {(edge.get("data-from"), edge.get("data-to")) for edge in groups(sheet, "edge")}
    assert drawn == {(edge.from_link, edge.to_link) for edge in plan.link_edges if edge.from_link != edge.to_link}


def test_three_hundred_links_are_readable_whole_and_in_parts() -> None:
    plan = large_chain(300, 450)
    whole, *parts = panorama(desk(plan), plan.chains[0])
    every = {link.link_id for link in plan.links}
    assert set(cards(whole)) == every
    assert_readable(whole, 6.0)
    assert_no_line_over_a_box(whole)
    assert len(parts) >= 2
    in_parts = [key for part in parts for key in cards(part)]
    assert sorted(in_parts) == sorted(every), "each link stands on one of the detailed sheets"
    for part in parts:
        assert_readable(part, 7.0)
        assert_no_line_over_a_box(part)
    named = [text.text or "" for part in parts for group in groups(part, "link") for text in group.iter(f"{SPACE}text")]
    assert any("甲公司" in said for said in named)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_chains_of_every_size_are_readable(seed: int) -> None:
    for links, edges, tiers in ((1, 0, ()), (2, 2, ("制造",)), (45, 120, ("甲", "乙", "丙", "丁")), (120, 40, ("上游", "下游"))):
        plan = large_chain(links, edges, seed, "en" if seed % 2 else "zh", tiers)
        for sheet in panorama(desk(plan), plan.chains[0]):
            assert_readable(sheet, 6.0)
            assert_no_line_over_a_box(sheet)


def test_charts_in_rows_are_readable_too() -> None:
    for plan in (example_plan(), example_plan("en"), large_chain(40, 60)):
        on = desk(plan)
        chain = plan.chains[0]
        charts = [roadmap(on, chain), regions(on, chain), origins(on, chain), docking(on, chain)]
        for sheet in (sheet for sheets in (*charts, regions_of_all(on), origins_of_all(on), tree(on)) for sheet in sheets):
            assert_readable(sheet, 9.0, "row")


@pytest.mark.slow
def test_charts_of_very_many_firms_and_of_none_have_no_block_higher_than_a_sheet() -> None:
    crowded = large_chain(200, 150)
    one = crowded.links[0].link_id
    crowd = [firm.model_copy(update={"link_id": one}) for firm in crowded.incumbents]
    come = [firm.model_copy(update={"link_id": one}) for firm in crowded.selected]
    edges = (crowded.link_edges[0].model_copy(update={"from_link": one, "to_link": one}),)
    crowded = crowded.model_copy(update={"incumbents": tuple(crowd), "selected": tuple(come), "link_edges": edges})
    empty = example_plan().model_copy(update={"links": (), "link_edges": (), "selected": (), "incumbents": ()})
    for plan in (crowded, empty):
        on, chain = desk(plan), plan.chains[0]
        for draw in (roadmap, regions, origins, docking):
            sheets = draw(on, chain)
            assert sheets
            for sheet in sheets:
                assert_readable(sheet, 9.0, "row")
    names = [
        text.text or "" for sheet in regions(desk(crowded), crowded.chains[0]) for text in elements(sheet).iter(f"{SPACE}text")
    ]
    assert len([name for name in names if "甲公司" in name]) == sum("甲公司" in firm.name for firm in (*crowd, *come))


def test_the_same_plan_gives_the_same_bytes() -> None:
    first, again = (pages_of(desk(plan)) for plan in (large_chain(30, 40), large_chain(30, 40)))
    assert first == again
    assert len(first) > 10


def test_tiers_stand_as_goods_flow() -> None:
    assert tier_order({"a": "下游", "b": "上游", "c": "中游"}, []) == ("上游", "中游", "下游")
    assert tier_order({"a": "整车", "b": "矿产", "c": "电池"}, [("b", "c"), ("c", "a"), ("b", "a")]) == ("矿产", "电池", "整车")
    assert tier_order({"a": "Downstream", "b": "Upstream"}, []) == ("Upstream", "Downstream")
    assert tier_order({"a": "?", "b": "下游", "c": "上游"}, [], last="?") == ("上游", "下游", "?")


def test_suppliers_within_a_tier_stand_before_their_buyers_even_around_a_circle() -> None:
    assert depths("abc", [("a", "b"), ("b", "c")]) == {"a": 0, "b": 1, "c": 2}
    assert sorted(depths("abc", [("a", "b"), ("b", "a"), ("b", "c")]).values()) == [0, 1, 2]


def test_the_order_of_rows_takes_crossings_away() -> None:
    tiers = {key: "上游" if key in "abc" else "下游" for key in "abcxyz"}
    edges = [("a", "z"), ("b", "y"), ("c", "x")]
    before = crossings((("a", "b", "c"), ("x", "y", "z")), edges)
    grid = arrange(tiers, edges, 3, ("上游", "下游"))
    columns = [
        tuple(sorted((key for key in tiers if grid.cells[key][0] == at), key=lambda key: grid.cells[key][1])) for at in (0, 1)
    ]
    assert before == 3
    assert crossings(tuple(columns), edges) == 0


def test_texts_are_cut_and_wrapped_by_the_font() -> None:
    assert width("补链", 10) == 20
    assert 5 < width("8", 10) < 6
    assert width("W", 10) < width("W", 10, 700)
    assert fit("产业链全景图", 10, 60) == "产业链全景图"
    assert fit("产业链全景图", 10, 59) == "产业链全…"
    assert fit("产业链", 10, 5) == ""
    assert wrap("需求 245亿→260亿 供给 7亿", 10, 70, 5)[0] == "需求 245亿→"
    assert wrap("Power semiconductors", 10, 80, 3) == ["Power", "semiconductors"]


def test_the_rate_of_a_node_is_weighted_by_demand_and_unknown_stays_unknown() -> None:
    plan = example_plan()
    links = [
        plan.links[0].model_copy(update={"demand_before": 900.0, "supply_before": 2000.0}),
        plan.links[1].model_copy(update={"demand_before": 100.0, "supply_before": 0.0}),
        plan.links[2].model_copy(update={"demand_before": 0.0, "supply_before": 50.0}),
    ]
    assert coverage(links, False) == pytest.approx(0.9)
    assert coverage(links[2:], False) is None
    bare = plan.model_copy(update={"links": (links[2].model_copy(update={"demand_after": 0.0}),)})
    says = {node.kind: node.says for node, _ in walk(tree_of(desk(bare).view))}
    assert says["link"] == says["region"] == "未知"


def test_what_nobody_supplies_and_what_hangs_on_one_source_is_marked() -> None:
    plan = example_plan()
    chain = plan.chains[0]
    inside = [link for link in plan.links if link.chain_id == chain.chain_id]
    update = {"demand_before": 5.0, "demand_after": 5.0, "bottleneck": True}
    first = inside[0].model_copy(update={**update, "sources_before": 0, "sources_after": 1})
    plan = plan.model_copy(update={"links": tuple(first if link.link_id == first.link_id else link for link in plan.links)})
    marks = {}
    for draw in (panorama, present):
        (sheet,) = draw(desk(plan), chain)
        (box,) = (group for group in groups(sheet, "link") if group.get("data-link") == first.link_id)
        marks[draw] = (box.get("data-marks"), [text.text for text in box.iter(f"{SPACE}text")])
    assert marks[panorama][0] == "bottleneck single"
    assert "单" in marks[panorama][1]
    assert marks[present][0] == "bottleneck none"
    assert "断" in marks[present][1]


def said(sheets: tuple[Svg, ...]) -> list[str]:
    return [text.text or "" for sheet in sheets for text in elements(sheet).iter(f"{SPACE}text")]


def test_figures_are_those_of_the_plan() -> None:
    plan = example_plan()
    on, boards = desk(plan), plan.chains[0]
    signed = " ".join(said(roadmap(on, boards)))
    assert "签约 1 家，投资 5亿*；新增预期年供给 6.4亿" in signed  # 0.8 × 80,000
    assert "签约 1 家，投资 1.2亿*；新增预期年供给 1亿" in signed
    assert "缺口 8亿→2.4亿" in signed
    flows = said(origins(on, boards))
    assert "来源城市 → 环节 → 园区 · 2 家，6.2亿*" in flows
    assert {"江苏省 苏州市", "来源城市未提供", "1 家，5亿*", "1 家，1.2亿*", "2 家，6.2亿*"} <= set(flows)
    both = said(regions_of_all(on))
    assert both.count("本地 1 家，目标 2 家") >= 1


def test_many_quarters_and_many_chains_stand_on_several_sheets_with_every_heading_whole() -> None:
    plan = example_plan()
    quarters = tuple(f"{year}Q{quarter}" for year in range(2027, 2032) for quarter in (1, 2, 3, 4))
    names = {f"C{number}": f"第{number}条先进制造产业链" for number in range(24)}
    like = plan.chains[0]
    many = plan.model_copy(
        update={
            "plan": plan.plan.model_copy(update={"quarters": quarters}),
            "chains": (like, *(like.model_copy(update={"chain_id": key, "name": name}) for key, name in names.items())),
        }
    )
    road = said(roadmap(desk(many), like))
    assert [quarter for quarter in quarters if road.count(quarter) != 1] == []
    sheets = regions_of_all(desk(many))
    assert len(sheets) == 3
    assert [name for name in names.values() if said(sheets).count(name) != 1] == []
    for sheet in (*sheets, *roadmap(desk(many), like)):
        assert_readable(sheet, 9.0, "row")


def test_parks_and_chains_of_one_name_stay_apart() -> None:
    plan = example_plan()
    alike = {"name": "开发区", "county": "东县"}
    parks = tuple(park.model_copy(update=alike) for park in plan.parks)
    chains = tuple(chain.model_copy(update={"name": "一条链"}) for chain in plan.chains)
    sheets = regions_of_all(desk(plan.model_copy(update={"parks": parks, "chains": chains})))
    rows = [group.get("data-row") for sheet in sheets for group in groups(sheet, "row")]
    assert {"P1", "P2"} <= set(rows)
    assert said(sheets).count("一条链") == len(chains) == 2
    come = tuple(firm.model_copy(update={"park_name": "开发区", "chain_id": "PCB", "link_name": "材料"}) for firm in plan.selected)
    flows = said(origins(desk(plan.model_copy(update={"parks": parks, "selected": come})), plan.chains[0]))
    assert flows.count("开发区") == len({firm.park_id for firm in come}) == 2
    assert flows.count("材料") == len({firm.link_id for firm in come}) == 3


def test_an_investment_that_is_not_known_is_no_zero() -> None:
    plan = example_plan()
    plan = plan.model_copy(update={"selected": tuple(firm.model_copy(update={"investment": None}) for firm in plan.selected)})
    (sheet,) = origins(desk(plan), plan.chains[0])
    assert "1 家，未知" in said((sheet,))
    assert "虚线：投资额未提供" in said((sheet,))
    dashed = [path for group in groups(sheet, "edge") for path in group.iter(f"{SPACE}path") if path.get("stroke-dasharray")]
    assert len(dashed) == len(groups(sheet, "edge")) > 0


def test_who_could_supply_whom_and_how_far_it_is() -> None:
    plan = example_plan()
    local = [plan.incumbents[0].model_copy(update={"park_id": None, "lon": 117.0, "lat": 31.0}), *plan.incumbents[1:]]
    at = {"P1": 30.0, "P2": 32.0}
    parks = [park.model_copy(update={"lon": 117.0, "lat": at.get(park.park_id, 33.0)}) for park in plan.parks]
    plan = plan.model_copy(update={"incumbents": tuple(local), "parks": tuple(parks)})
    told = "".join(said(docking(desk(plan), plan.chains[0])))
    # One and two degrees of a meridian, 111.2 km each; of the buyer 西山电控 nobody knows where it stands.
    assert "可由示例电路（直线 111 公里）、<script>alert(1)</script> 27Q1（直线 222 公里）供应" in told
    assert "可由示例电路（距离未知）、<script>alert(1)</script> 27Q1（距离未知）供应" in told
    together = plan.model_copy(update={"selected": tuple(firm.model_copy(update={"park_id": "P2"}) for firm in plan.selected)})
    told = "".join(said(docking(desk(together), plan.chains[0])))
    assert "可由<script>alert(1)</script> 27Q1（同一园区）、示例电路（直线 111 公里）供应" in told


def test_nothing_from_the_input_becomes_markup(tmp_path: Path) -> None:
    plan = hostile_plan()
    write_charts(desk(plan), tmp_path)
    plain = tmp_path / "plain"
    plain.mkdir()
    write_charts(desk(example_plan()), plain)
    for page in sorted(tmp_path.glob("*.html")):
        text = page.read_text(encoding="utf-8")
        usual = (plain / page.name).read_text(encoding="utf-8")
        assert text.count("<script") == usual.count("<script")
        assert "<img" not in text
        assert "49 {%" not in text
        assert "://" not in text
    drawn = (tmp_path / "svg" / "00-tree.svg").read_text(encoding="utf-8")
    assert HOSTILE[0] in "".join(ElementTree.fromstring(drawn).itertext())


def test_the_folder_leads_to_itself_alone_and_to_every_file_of_it(tmp_path: Path) -> None:
    plan = example_plan()
    write_charts(desk(plan), tmp_path)
    files = {str(path.relative_to(tmp_path).as_posix()) for path in tmp_path.rglob("*") if path.is_file()}
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    reached = {href.partition("#")[0] for href in re.findall(r'href="([^"]+)"', index)}
    assert reached == files - {"index.html"}
    for page in tmp_path.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert_offline(text, files)
        for page_name, anchor in re.findall(r'href="([^"#]+)#(\w+)"', text):
            assert f'id="{anchor}"' in (tmp_path / page_name).read_text(encoding="utf-8")
    with pytest.raises(NotOfflineError):
        assert_offline(index)
    assert "没有画“技术路线图”" in index
    assert not [file for file in files if "technologies" in file or "applications" in file]


def test_tables_of_technologies_and_uses_are_drawn_with_their_sources(tmp_path: Path) -> None:
    years = [
        {
            "link_id": "SEAT",
            "name": "轻量化骨架",
            "level": "跟跑",
            "from_year": 2025,
            "to_year": 2028,
            "holder": "甲所",
            "source": "省目录",
        },
        {"link_id": "FOAM", "name": "低碳发泡", "level": "", "from_year": "", "to_year": 2030, "holder": "", "source": "省目录"},
        {"link_id": "FOAM", "name": "回收", "level": "", "from_year": "", "to_year": "", "holder": "", "source": ""},
    ]
    far = [{"from_place": "海绵厂", "to_place": "一号园", "mode": "公路", "km": 12.5}]
    local = [*TABLES["incumbents"], {"name": "海绵厂", "link_id": "FOAM", "capacity": 10, "lon": 117.2, "lat": 31.0}]
    uses = [{"link_id": "SEAT", "field": "乘用车", "product": "电动座椅", "customer": "", "demand": 12000, "source": "协会"}]
    run = finished(
        tmp_path, PLAN, (), {**TABLES, "technologies": years, "applications": uses, "distances": far, "incumbents": local}
    )
    on = open_desk(run)
    assert "海绵厂（公路12.5 公里）" in "".join(said(docking(on, on.plan.chains[0])))
    (drawn,) = technologies(on, on.plan.chains[0])
    assert {"2025", "轻量化骨架", "甲所", "年份未提供", "起始年未提供", "来源：省目录"} <= set(said((drawn,)))
    bars = sorted(
        rectangle(rect)
        for group in groups(drawn, "row")
        for rect in group.iter(f"{SPACE}rect")
        if "s-target" in (rect.get("class") or "").split()
    )
    full, open_ended = bars[0], bars[1]
    year = (full[2] - full[0] + 3) / 4
    assert open_ended[2] - full[2] == pytest.approx(2 * year, abs=0.1), "to the end of 2030, two years later"
    assert_readable(drawn, 9.0, "row")
    picture, fields = applications(on, on.plan.chains[0])
    assert {"座椅", "乘用车", "未提供"} <= set(said((picture,)))
    assert_readable(picture, 9.0, "row")
    assert {"乘用车", "电动座椅", "未提供", "1.2亿", "来源：协会"} <= {text.rstrip("*") for text in said((fields,))}
    folder = run / FOLDERS["charts"]
    folder.mkdir()
    write_charts(on, folder)
    assert "没有画" not in (folder / "index.html").read_text(encoding="utf-8")
