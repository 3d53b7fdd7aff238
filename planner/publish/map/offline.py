"""A page that loads nothing: libraries written into it, and the check that no reference to anywhere is left.

The libraries are the files of the packages ``XStatic-leaflet`` (BSD) and ``XStatic-leaflet-markercluster`` (MIT).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

_LOADING = frozenset(
    [
        "src",
        "srcset",
        "href",
        "xlink:href",
        "data",
        "action",
        "formaction",
        "poster",
        "background",
        "cite",
        "manifest",
        "ping",
        "codebase",
        "archive",
    ]
)
"""Attributes through which a page loads or leads somewhere."""
_LOADERS = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|\bimport\s*\(|new\s+(?:Shared)?Worker\b"
    r"|sourceMappingURL|document\.write"
)
_STYLE_LOADS = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
_STYLE_URL = re.compile(r"url\([^)]*\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


class NotOfflineError(RuntimeError):
    """The page would reach for something outside itself: a mistake of this program, never of the input."""


def leaflet() -> tuple[str, str]:
    """Leaflet's script and style, changed only so that they name no address and no picture file."""
    from xstatic.pkg import leaflet as package

    folder = Path(package.BASE_DIR)
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    # The default credit line leads to a web site; the map has its own line of sources instead.
    script, changed = re.subn(r"prefix:'<a href=.*?Leaflet</a>\"", "prefix:!1", script, count=1)
    if not changed:
        raise NotOfflineError("the credit line of this Leaflet is not where it was in 1.9.3")
    return _quiet_script(script), _quiet_style((folder / "leaflet.css").read_text(encoding="utf-8"))


def marker_cluster() -> tuple[str, str]:
    """Script and style of Leaflet.markercluster."""
    from xstatic.pkg import leaflet_markercluster as package

    folder = Path(package.BASE_DIR)
    script = (folder / "leaflet.markercluster.js").read_text(encoding="utf-8")
    licence = "/* Leaflet.markercluster 1.4.1, (c) 2012 Dave Leaver, MIT licence */\n"
    return licence + _quiet_script(script), _quiet_style((folder / "MarkerCluster.css").read_text(encoding="utf-8"))


def assert_offline(html: str) -> None:
    """Make sure that a page loads nothing and leads nowhere.

    Text of a plan is written so that it holds no ``://`` (see :func:`planner.publish.map.page.json_text`), which leaves
    the simplest of all checks: an address anywhere in the page is a mistake.

    Raises:
        NotOfflineError: naming each reference found.
    """
    page = _References()
    page.feed(html)
    page.close()
    found = list(page.found)
    found += [f"address {match.group()}" for match in re.finditer(r"[\w.+-]{1,20}://\S{0,40}", html)]
    if found:
        raise NotOfflineError("map.html is not self-contained: " + "; ".join(found[:10]))


class _References(HTMLParser):
    """Collects what a page would load, by attribute, style and script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): value or "" for name, value in attrs}
        self.inside = tag if tag in ("style", "script") else ""
        if tag == "script" and values.get("type", "").endswith("json"):
            self.inside = ""
        for name, value in values.items():
            if name in _LOADING and not value.lstrip().startswith(("#", "data:")):
                self.found.append(f"<{tag} {name}={value[:40]}>")
            if name == "style" and _STYLE_LOADS.search(value):
                self.found.append(f"<{tag} style>")
        if tag in ("link", "iframe", "object", "embed", "base", "frame"):
            self.found.append(f"<{tag}>")
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta refresh>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.inside = ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        pattern = {"style": _STYLE_LOADS, "script": _LOADERS}.get(self.inside)
        if pattern is not None:
            self.found += [f"{self.inside}: {match.group()}" for match in pattern.finditer(data)]


def _quiet_script(script: str) -> str:
    """Without source map; names of XML vocabularies, which are never fetched, spelled so that no address is seen."""
    quiet = _SOURCE_MAP.sub("", script).replace("https://leafletjs.com", "leafletjs.com")
    return quiet.replace("http://www.w3.org/", "http:\\u002f\\u002fwww.w3.org/").strip()


def _quiet_style(style: str) -> str:
    """Without comments, which cite web pages, and without picture files: the page draws its own symbols."""
    return _STYLE_URL.sub("none", _COMMENT.sub("", style))
