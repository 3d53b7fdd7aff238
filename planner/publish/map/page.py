"""``map.html``: one page, made with folium, that needs no network.

folium's own page loads Leaflet, jQuery, Bootstrap and icon fonts from the internet. Here the map is folium's, the page
around it is ``maps/map/page.html``, and Leaflet is written into it, from the packages ``XStatic-leaflet`` (BSD) and
``XStatic-leaflet-markercluster`` (MIT); a check makes sure that no reference to anywhere is left. The text of the plan enters that template as a
value in one pass: folium renders the parts of its usual page twice, so that a firm called ``{{7*7}}`` would become 49.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.language import Language
from planner.plan.model import Plan
from planner.publish.map import sources, words
from planner.publish.map.base import in_system
from planner.publish.map.palette import Palette, read_palette
from planner.publish.map.places import ground_of
from planner.publish.map.view import CLUSTER_ABOVE, view_of
from planner.publish.offline import NotOfflineError, assert_offline, html_text, json_text
from planner.publish.webfont import with_rare

_MAP: Mapping[str, Any] = {
    "location": (33.0, 110.0),  # before the scripts have fitted the view to the region
    "tiles": None,
    "zoom_start": 5,
    "zoom_control": False,
    "attribution_control": False,
    "zoom_snap": 0.1,
    "zoom_animation": False,
    "fade_animation": False,
    "minZoom": 2,
    "maxZoom": 17,  # Leaflet's own name: folium hands its max_zoom to tiles alone, and clusters ask the map
}
_STYLE_URL = re.compile(r"url\([^)]*\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """What a page shows: plain texts, and the view that its scripts read."""

    title: str
    language: Language
    facts: Sequence[str]
    """Below the title, in one line."""
    sources: Sequence[sources.Source]
    view: Mapping[str, Any]


def write_map(plan: Plan, path: Path) -> None:
    """Write the plan's map as one HTML file that loads nothing; the same plan gives the same bytes.

    Raises:
        NotOfflineError: the page would reach for something outside itself; nothing is written then.
    """
    write_page(sheet_of(plan), path)


def write_page(sheet: Sheet, path: Path) -> None:
    """Write a page once it is sure that it loads nothing. Raises NotOfflineError."""
    page = with_rare(page_of(sheet))
    base = sheet.view["base"]
    assert_offline(page, hosts=base["hosts"] if base else ())
    path.write_text(page, encoding="utf-8", newline="\n")


def sheet_of(plan: Plan) -> Sheet:
    """The whole plan, for those who made it."""
    view = in_system(plan, view_of(plan, ground_of(plan), read_palette()))
    return Sheet(plan.plan.name, plan.plan.language, sources.headline(plan), sources.sources(plan), view)


def page_of(sheet: Sheet) -> str:
    """The page as text."""
    import folium
    from branca.element import Figure
    from folium.template import Template

    folder, view = content_folder("maps") / "map", sheet.view
    clustered = max(len(view["firms"]), len(view["incumbents"])) > CLUSTER_ABOVE
    libraries = [leaflet(), *([marker_cluster()] if clustered else [])]

    page: Any = Figure()
    page._template = Template((folder / "page.html").read_text(encoding="utf-8"))
    page.header._children.clear()
    shown = folium.Map(**_MAP)
    shown.default_js, shown.default_css = [], []
    # folium names its variables at random; a fixed name keeps the file the same from run to run (R8).
    shown._id = "plan"
    page.add_child(shown)
    page.language = "zh-CN" if sheet.language == "zh" else "en"
    page.title = html_text(sheet.title)
    page.words = {key: html_text(text.say(sheet.language)) for key, text in words.PAGE.items()}
    page.facts = [html_text(fact) for fact in sheet.facts]
    page.sources = [(html_text(heading), html_text(text)) for heading, text in sheet.sources]
    page.hosts = [f"https://{host}" for host in (view["base"] or {"hosts": ()})["hosts"]]
    page.themes = _themes(read_palette())
    page.data = json_text(view)
    page.scripts, page.styles = ("\n".join(texts) for texts in zip(*libraries, strict=True))
    page.own_scripts = "\n".join(part.read_text(encoding="utf-8") for part in sorted(folder.glob("*.js")))
    page.own_styles = (folder / "map.css").read_text(encoding="utf-8")
    page.map_name = shown.get_name()
    rendered: str = page.render()
    return rendered


def _themes(palette: Palette) -> str:
    """Colours of ground and shortage as variables of the style, light and dark."""
    themes = ((":root", palette.ground, palette.heat), ('html[data-theme="dark"]', palette.ground_dark, palette.heat_dark))
    rules = []
    for where, ground, heat in themes:
        shades = {**ground, **{f"heat-{at}": colour for at, colour in enumerate(heat)}}
        rules.append(f"{where} {{ {' '.join(f'--{name}: {colour};' for name, colour in shades.items())} }}")
    return "\n".join(rules)


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
    from xstatic.pkg import leaflet_markercluster as package

    folder = Path(package.BASE_DIR)
    script = (folder / "leaflet.markercluster.js").read_text(encoding="utf-8")
    licence = "/* Leaflet.markercluster 1.4.1, (c) 2012 Dave Leaver, MIT licence */\n"
    return licence + _quiet_script(script), _quiet_style((folder / "MarkerCluster.css").read_text(encoding="utf-8"))


def _quiet_script(script: str) -> str:
    """Without source map; names of XML vocabularies, which are never fetched, spelled so that no address is seen."""
    quiet = _SOURCE_MAP.sub("", script).replace("https://leafletjs.com", "leafletjs.com")
    return quiet.replace("http://www.w3.org/", "http:\\u002f\\u002fwww.w3.org/").strip()


def _quiet_style(style: str) -> str:
    """Without comments, which cite web pages, and without picture files: the page draws its own symbols."""
    return _STYLE_URL.sub("none", _COMMENT.sub("", style))
