"""Pages that need no network: text of a plan as HTML and as data of scripts, and the check that a page loads nothing (R6)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from html import escape
from html.parser import HTMLParser
from typing import Any

_LOADING = re.compile("src|srcset|href|xlink:href|data|action|formaction|poster|background|cite|manifest|ping|codebase|archive")
"""Attributes through which a page loads or leads somewhere."""
_LOADERS = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|\bimport\s*\(|new\s+(?:Shared)?Worker\b"
    r"|sourceMappingURL|document\.write"
)
_SCHEME = re.compile(r"[\w.+-]{1,20}\Z").search
_ADDRESS = re.compile(r"[\w.+-]{1,20}://[^\s;\"]{0,60}").match
_STYLE_LOADS = re.compile(r"@import|url\(\s*(?:['\"](?!data:|#)|(?!['\"]|data:|#|\s))", re.IGNORECASE)


def html_text(text: str) -> str:
    """Text as HTML, in which no address can be seen (see :func:`assert_offline`)."""
    return escape(text, quote=True).replace("://", ":&#47;&#47;")


def json_text(value: Any) -> str:
    """JSON that may stand in a script element: no tag, no comment and no address can begin in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("://", ":\\/\\/")


class NotOfflineError(RuntimeError):
    """The page would reach for something outside itself: a mistake of this program, never of the input."""


def assert_offline(html: str, beside: Collection[str] = (), hosts: Collection[str] = ()) -> None:
    """Make sure that a page loads nothing and leads nowhere but to files ``beside`` it, named as it names them.

    Text of a plan is written so that it holds no ``://`` (see :func:`json_text`), which leaves
    the simplest of all checks: an address anywhere in the page is a mistake. Only a page whose plan asks for an online base map names
    ``hosts``: then the addresses in it, those from which its policy lets a browser take pictures, are these and no other.

    Raises:
        NotOfflineError: naming each reference found.
    """
    page = _References(beside)
    page.feed(html)
    page.close()
    at = (mark.start() for mark in re.finditer("://", html))  # looked for first: a scheme might begin at every letter
    schemes = (scheme for end in at if (scheme := _SCHEME(html, max(end - 20, 0), end)) is not None)
    addresses = {_ADDRESS(html, scheme.start())[0] for scheme in schemes}  # type: ignore[index]
    wanted = {f"https://{host}" for host in hosts}
    references = page.found + [f"address {address}" for address in sorted(addresses - wanted)]
    references += [f"{address} is not named" for address in sorted(wanted - addresses)]
    if references:
        raise NotOfflineError("the page is not self-contained: " + "; ".join(references[:10]))


class _References(HTMLParser):
    """Collects what a page would load, by attribute, style and script."""

    def __init__(self, beside: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.beside = beside
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        data = values.get("type", "").endswith("json")
        self.inside = tag if tag == "style" or (tag == "script" and not data) else ""
        for name, value in values.items():
            leads = tag == "a" and name == "href" and value.partition("#")[0] in self.beside
            if _LOADING.fullmatch(name) and not leads and not value.lstrip().startswith(("#", "data:")):
                self.found.append(f"<{tag} {name}={value[:40]}>")
            if name == "style" and _STYLE_LOADS.search(value):
                self.found.append(f"<{tag} style>")
        if tag in ("link", "iframe", "object", "embed", "base", "frame"):
            self.found.append(f"<{tag}>")
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta refresh>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        pattern = {"style": _STYLE_LOADS, "script": _LOADERS}.get(self.inside)
        if pattern is not None:
            self.found += [f"{self.inside}: {match.group()}" for match in pattern.finditer(data)]
