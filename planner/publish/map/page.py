"""``map.html``: one page, made with folium, that needs no network.

folium's own page loads Leaflet, jQuery, Bootstrap and icon fonts from the internet. Here the map is folium's, the page
around it is ``maps/map/page.html``, and Leaflet is written into it. The text of the plan enters that template as a
value in one pass: folium renders the parts of its usual page twice, so that a firm called ``{{7*7}}`` would become 49.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.plan.model import Plan
from planner.publish.map import words
from planner.publish.map.captions import headline, sources
from planner.publish.map.ground import ground_of
from planner.publish.map.offline import assert_offline, leaflet, marker_cluster
from planner.publish.map.palette import read_palette
from planner.publish.map.view import CLUSTER_ABOVE, view_of

_FIRST_VIEW = (33.0, 110.0)
"""Centre before the scripts have fitted the view to the region."""
_ZOOM: Mapping[str, Any] = {"zoom_start": 5, "minZoom": 2, "maxZoom": 17}
"""``maxZoom`` is Leaflet's own name: folium hands its ``max_zoom`` to tiles alone, and clusters ask the map."""


def write_map(plan: Plan, path: Path) -> None:
    """Write the plan's map as one HTML file that loads nothing; the same plan gives the same bytes.

    Raises:
        NotOfflineError: the page would reach for something outside itself; nothing is written then.
    """
    page = map_page(plan)
    assert_offline(page)
    path.write_text(page, encoding="utf-8", newline="\n")


def map_page(plan: Plan) -> str:
    """The page as text."""
    import folium
    from branca.element import Figure
    from folium.template import Template

    folder = content_folder("maps") / "map"
    view = view_of(plan, ground_of(plan), read_palette())
    scripts, styles = _libraries(max(len(view["firms"]), len(view["incumbents"])) > CLUSTER_ABOVE)
    language = plan.plan.language

    page: Any = Figure()
    page._template = Template((folder / "page.html").read_text(encoding="utf-8"))
    page.header._children.clear()
    shown = folium.Map(
        location=_FIRST_VIEW,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.1,
        zoom_animation=False,
        fade_animation=False,
        **_ZOOM,
    )
    shown.default_js, shown.default_css = [], []
    # folium names its variables at random; a fixed name keeps the file the same from run to run (R8).
    shown._id = "plan"
    page.add_child(shown)
    page.language = "zh-CN" if language == "zh" else "en"
    page.title = html_text(plan.plan.name)
    page.words = {key: html_text(text.say(language)) for key, text in words.PAGE.items()}
    page.facts = [html_text(fact) for fact in headline(plan)]
    page.sources = [html_text(line) for line in sources(plan)]
    page.data = json_text(view)
    page.scripts, page.styles = scripts, styles
    page.own_scripts = "\n".join(part.read_text(encoding="utf-8") for part in sorted(folder.glob("*.js")))
    page.own_styles = (folder / "map.css").read_text(encoding="utf-8")
    page.map_name = shown.get_name()
    rendered: str = page.render()
    return rendered


def html_text(text: str) -> str:
    """Text as HTML, in which no address can be seen (see :func:`assert_offline`)."""
    return escape(text, quote=True).replace("://", ":&#47;&#47;")


def json_text(value: Any) -> str:
    """JSON that may stand in a script element: no tag, no comment and no address can begin in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("://", ":\\/\\/")


def _libraries(clustered: bool) -> tuple[str, str]:
    """Scripts and styles to write into the page."""
    parts = [leaflet(), *([marker_cluster()] if clustered else [])]
    return "\n".join(script for script, _ in parts), "\n".join(style for _, style in parts)
