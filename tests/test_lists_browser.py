"""The pages of list sets in a browser with the network cut: nothing is asked for, nothing complains, links lead to rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.publish.desk import open_desk
from tests.list_city import HOSTILE, REGION, TOLD, write
from tests.map_visit import IN_BROWSER, Visit, chromium
from tests.quick import finished

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = finished(tmp_path_factory.mktemp("lists") / "city", f"{REGION}lists: [shandong, shenzhen]\n", tables=TOLD)
    write(open_desk(run), run / "lists")
    return run / "lists"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_every_page_opens_without_network_and_without_errors(browser: Any, folder: Path, width: int, scheme: str) -> None:
    for page in sorted(folder.rglob("*.html")):
        visit = Visit(browser, page, (width, 900), scheme)
        assert visit.requests == [page.as_uri()]
        assert visit.troubles == []
        wide = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.name}: only tables scroll sideways"
        visit.page.context.close()


def test_a_link_of_the_graph_leads_to_the_row_of_a_list_and_back(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "shandong" / "index.html")
    visit.page.locator(".box", has_text="座椅").get_by_role("link", name="龙头骨干 1").click()
    row = visit.page.locator("tr:target")
    assert row.locator("td").first.inner_text() == "老座椅厂"
    assert row.is_visible()
    row.get_by_role("link", name="座椅", exact=True).click()
    assert visit.page.locator("tr:target td").first.inner_text() == "座椅"
    assert HOSTILE in visit.page.locator("body").inner_text()
    assert visit.troubles == []


def test_a_box_of_the_chart_leads_to_its_row_and_a_chain_to_the_others(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "shenzhen" / "汽车" / "index.html")
    visit.page.locator(".drawn a[aria-label='泡棉']").first.click()
    assert visit.page.locator("tr:target td").first.inner_text() == "泡棉"
    visit.page.get_by_role("navigation", name="各产业链").get_by_role("link", name="../船舶").click()
    assert "_%E8%88%B9%E8%88%B6/index.html" in visit.page.url
    assert visit.page.locator("h1").inner_text().startswith("../船舶")


def test_a_page_prints(browser: Any, folder: Path) -> None:
    visit = Visit(browser, folder / "shandong" / "index.html")
    assert visit.page.pdf(format="A4", landscape=True).startswith(b"%PDF")
