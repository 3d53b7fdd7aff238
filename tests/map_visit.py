"""A page in a browser without network: what tests of maps in Chromium begin with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.programs import needs

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--disable-domain-reliability",
)
IN_BROWSER = [
    pytest.mark.slow,
    pytest.mark.browser,
    needs(CHROMIUM, "no Chromium on this machine"),
    needs(find_spec("playwright"), "playwright is not installed"),
]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser that is closed again."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM is not None, "no Chromium on this machine"
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


class Visit:
    """A page in a browser without network, and everything it did that it should not."""

    def __init__(self, browser: Any, path: Path, size: tuple[int, int] = (1280, 800), scheme: str = "light") -> None:
        self.requests: list[str] = []
        self.troubles: list[str] = []
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        context.route("**/*", lambda route: (self.requests.append(route.request.url), route.continue_()))
        context.set_offline(True)
        self.page = context.new_page()
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type in {"error", "warning"} else None)
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

    def step(self, to: int) -> None:
        """Turn the slider: 0 is before the plan, then the quarters."""
        self.page.locator("#step").fill(str(to))

    def check(self, label: str, wanted: bool) -> None:
        self.page.get_by_label(label, exact=False).first.set_checked(wanted)
