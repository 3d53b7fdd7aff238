"""Rare characters in pages: embedded, and nothing where there are none."""

from __future__ import annotations

from pathlib import Path

from planner.publish.map.page import write_map
from planner.publish.offline import assert_offline
from planner.publish.webfont import FAMILY, with_rare
from tests.example_plan import example_plan
from tests.map_visit import IN_BROWSER, Visit, chromium

PAGE = "<html><head><title>{0}</title></head><body>{0}</body></html>"
RARE = "鄠浉硚镕堃𫖯"


def test_only_characters_that_common_fonts_may_lack_are_embedded() -> None:
    common = PAGE.format("安徽示例电池有限公司 ABC é 😀")
    assert with_rare(common) == common
    page = with_rare(PAGE.format(f"{RARE}公司"))
    assert_offline(page)
    assert page.count("@font-face") == 1
    for one in RARE:
        assert f"U+{ord(one):X}" in page
    assert f"U+{ord('公'):X}" not in page
    assert page == with_rare(PAGE.format(f"{RARE}公司")), "the same bytes"
    assert with_rare(PAGE.format(f"</title><script>{RARE}")).count("<style>") == 1


def test_a_browser_draws_them_with_it(tmp_path: Path) -> None:
    plan = example_plan()
    named = plan.model_copy(update={"plan": plan.plan.model_copy(update={"name": f"{RARE}计划"})})
    write_map(named, tmp_path / "map.html")
    with chromium() as browser:
        visit = Visit(browser, tmp_path / "map.html")
        loaded = visit.page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(face => [face.family, face.status]))")
        first = visit.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert visit.troubles == []
    assert [[family.strip('"'), status] for family, status in loaded] == [[FAMILY, "loaded"]]
    assert first.replace('"', "").startswith(FAMILY)


for _mark in IN_BROWSER:
    test_a_browser_draws_them_with_it = _mark(test_a_browser_draws_them_with_it)
